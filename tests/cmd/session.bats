load helpers
load network

PASSWORD='cinco ratos roxos'

# accounts [COST]: the network, and all its users have that password, which is hashed
# once at each cost in a run of the tests.
accounts() {
	local cost=${1:-10} hashed=$BATS_RUN_TMPDIR/hashed-${1:-10}
	network
	ok config set password_cost "$cost"
	printf '%s\n' "$PASSWORD" >password && chmod 600 password
	(
		flock 8
		[ -s "$hashed" ] || hash_once "$cost" >"$hashed"
	) 8>"$hashed.lock"
	sql "UPDATE user SET password = '$(cat "$hashed")'"
}

hash_once() {
	mkdir hashing
	local PORTALCTL_DB=$PWD/hashing/portal.db
	ok init --office $OFFICE --name E --allow-clock-override
	ok config set password_cost "$1"
	ok user add a@office.example --company $OFFICE --name A --password-file password
	sql "SELECT password FROM user"
	rm -rf hashing
}

# login EMAIL COMPANY [OPTION...]: logs in with the right password.
login() {
	local email=$1 company=$2
	shift 2
	ok session login --company "$company" --email "$email" --password-file password "$@"
}

# log_in NAME EMAIL COMPANY [OPTION...]: and keeps the token in the file NAME.
log_in() {
	local name=$1
	shift
	login "$@"
	(umask 077 && cp out.txt "$name")
	rm -f out.txt
}

# try EMAIL COMPANY PASSWORD [OPTION...]
try() {
	local email=$1 company=$2 password=$3
	shift 3
	portalctl session login --company "$company" --email "$email" --password-stdin "$@" \
		< <(printf '%s\n' "$password")
}

# hashes: how often the last command under strace entered the queue for hashing.
hashes() {
	grep -c 'openat(.*portal\.db\.kdf' trace.txt || :
}

# watched ARGS...: as try, and hashes tells what it cost.
watched() {
	local real=$PORTALCTL
	printf '#!/bin/sh\nexec strace -f -qq -e trace=openat -o "%s/trace.txt" "%s" "$@"\n' \
		"$PWD" "$real" >watch && chmod 755 watch
	PORTALCTL=$PWD/watch try "$@"
}

# over TOKEN: the token gives no rights, and the answer says no more than that.
over() {
	fails 4 session check --token-file "$1"
	is "$err" "portalctl: this session is not valid, or has ended
hint: portalctl session login"
	fails 4 invite list --token-file "$1"
	is "$err" "portalctl: this session is not valid, or has ended
hint: portalctl session login"
}

denials() {
	sql "SELECT count(*) FROM audit WHERE action = 'denied'"
}

@test "U8 a login with company, e-mail and password gives a token, and its session every field" {
	accounts
	login Ana@Alfa.example 11.222.333/0001-81 --json
	holds '"\(.kind) \(.changed) \(.action)"' "session true logged_in"
	for key in id user_email user_name company_tax_id company_name role status remember \
		must_change_password created_at expires_at idle_seconds last_used_at ended_at end_reason; do
		holds ".data | has(\"$key\")" true
	done
	holds '.data.token | test("^k[A-Za-z0-9_-]{43}$")' true
	holds '.data | "\(.id) \(.user_email) \(.user_name) \(.company_tax_id) \(.role) \(.status)"' \
		"1 ana@alfa.example Ana $ALFA admin live"
	holds '.data | "\(.remember) \(.must_change_password) \(.created_at) \(.expires_at)"' \
		"false false 2026-03-01T12:00:00Z 2026-03-02T12:00:00Z"
	holds '.data | "\(.idle_seconds) \(.last_used_at) \(.ended_at) \(.end_reason)"' \
		"1800 2026-03-01T12:00:00Z null null"
	is "$(sql "SELECT last_login_at FROM user WHERE email = 'ana@alfa.example'")" 1772366400000
	is "$(sql "SELECT acting_as, action, target_kind, target_id, changes FROM audit
		ORDER BY id DESC LIMIT 1")" "ana@alfa.example/$ALFA|session.login|session|1|$(:
	)"'{"user_email":[null,"ana@alfa.example"],"remember":[null,"false"]}'
}

@test "U8 people get the token alone on a line, quiet or not" {
	accounts
	login ana@alfa.example $ALFA
	is "$(wc -l <out.txt) $(grep -cE '^k[A-Za-z0-9_-]{43}$' out.txt)" "1 1"
	login ana@alfa.example $ALFA -q --lang pt_BR
	is "$(wc -l <out.txt) $(grep -cE '^k[A-Za-z0-9_-]{43}$' out.txt)" "1 1"
	login ana@alfa.example $ALFA --format csv --fields id,token
	is "$(head -1 out.txt | tr -d '\r')" id,token
}

@test "U8 a login that would not show its token is none" {
	accounts
	for words in "--fields id,status" "--format ids" "--format count"; do
		# shellcheck disable=SC2086 # two words
		untouched refused 2 "the answer" session login --company $ALFA \
			--email ana@alfa.example --password-file password $words
	done
	login ana@alfa.example $ALFA --fields token,id --format csv
	is "$(head -n 1 out.txt)" "token,id"
}

@test "U8 who has users in several companies logs in to the one that is named" {
	accounts
	ok user add ana@alfa.example --company $BETA --name Ana --active
	sql "UPDATE user SET password = (SELECT password FROM user WHERE id = 1)"
	log_in alfa ana@alfa.example $ALFA
	log_in beta ana@alfa.example $BETA
	ok session check --token-file alfa --json
	holds .data.company_tax_id $ALFA
	ok session check --token-file beta --json
	holds '.data | "\(.company_tax_id) \(.role)"' "$BETA collaborator"
}

@test "U8 who has a token acts as that user, no more and no less" {
	accounts
	ok invite send $BETA --from $ALFA --email novo@beta.example
	ok invite send $GAMA --email novo@gama.example
	log_in ana ana@alfa.example $ALFA
	ok invite list --token-file ana --format ids
	is "$out" 1
	PORTALCTL_TOKEN=$(cat ana) ok invite list --format ids
	is "$out" 1
	ok session check --token-file - --json < <(cat ana)
	holds .data.user_email ana@alfa.example
	fails 3 invite show 2 --token-file ana
	fails 4 status --token-file ana
	ok company set $ALFA --trade-name Alfinha --token-file ana
	is "$(sql "SELECT acting_as FROM audit WHERE action = 'company.set'")" "ana@alfa.example/$ALFA"
	fails 4 init --office $OFFICE --name X --token-file ana
	fails 4 db migrate --token-file ana
}

@test "U8 P9 every way to fail gives the same bytes after the same work" {
	accounts
	ok company add 34028316000103 --name Nova
	ok user add nova@nova.example --company 34028316000103 --name Nova
	ok user add lia@alfa.example --company $ALFA --name Lia
	sql "UPDATE user SET password = (SELECT password FROM user WHERE id = 1) WHERE email LIKE 'lia@%'"
	sql "UPDATE user SET status = 'blocked' WHERE email = 'caio@alfa.example'"
	sql "UPDATE user SET removed_at = 1 WHERE email = 'bruna@beta.example'"
	ok company disable $GAMA
	[ "$(denials)" = 0 ]
	local cases=0 email company password
	while IFS='|' read -r email company password; do
		cases=$((cases + 1))
		watched "$email" "$company" "$password"
		is "$status $(hashes)" "4 1" "status and hashes of $email $company"
		is "$out" "" "stdout"
		[ -f first.txt ] || cp err.txt first.txt
		cmp first.txt err.txt
		is "$(denials)" "$cases" "denials"
	done <<-END
		ana@alfa.example|$ALFA|outra senha qualquer
		ana@alfa.example|$BETA|$PASSWORD
		ana@alfa.example|33683111000107|$PASSWORD
		ana@alfa.example|11222333000182|$PASSWORD
		ana@alfa.example|nonsense|$PASSWORD
		nobody@alfa.example|$ALFA|$PASSWORD
		nonsense|$ALFA|$PASSWORD
		nova@nova.example|34028316000103|$PASSWORD
		lia@alfa.example|$ALFA|$PASSWORD
		caio@alfa.example|$ALFA|$PASSWORD
		bruna@beta.example|$BETA|$PASSWORD
		gil@gama.example|$GAMA|$PASSWORD
	END
	is "$cases" 12
	has "$err" "company, e-mail or password is wrong"
	is "$(sql "SELECT count(*) FROM session")" 0
	watched bia@beta.example $BETA "$PASSWORD"
	is "$status $(hashes)" "0 1" "a login that succeeds costs as much"
}

@test "U8 P9 the JSON of a failure is the same too, and as dear" {
	accounts 17
	local times=()
	for who in ana@alfa.example nobody@alfa.example; do
		local TIMEFORMAT=%U
		times+=("$({ time try $who $ALFA "wrong password" --json; } 2>&1 | tail -1)")
		mv err.txt "$who.json"
		is "$(jq -r '"\(.code) \(.exit) \(.retryable) \(.target)"' "$who.json")" "denied 4 false null"
	done
	cmp ana@alfa.example.json nobody@alfa.example.json
	# The decoy is a real hash: a quarter of a second of computing at the very least on
	# any machine of today, and about the same for both.
	awk -v a="${times[0]}" -v b="${times[1]}" 'BEGIN { exit !(a > 0.1 && b > 0.1 && a < 3 * b && b < 3 * a) }' ||
		is "${times[*]}" "about equal"
}

@test "U8 after three tries in vain waits grow to five minutes, for anybody, and never stay" {
	accounts
	local who from now=1772366400000
	for who in ana@alfa.example nobody@alfa.example; do
		for _ in 1 2 3; do
			try $who $ALFA "wrong password"
			is "$status" 4 && has "$err" "password is wrong"
		done
		watched $who $ALFA "$PASSWORD"
		is "$status $(hashes)" "4 0" "a try inside the wait is not looked at"
		is "$err" "portalctl: too many logins failed; try again in 1 second"
		try $who $ALFA "$PASSWORD" --json
		is "$(jq -r '"\(.code) \(.exit) \(.retryable)"' err.txt)" "login_wait 4 true"
		mv err.txt "$who.wait"
	done
	cmp ana@alfa.example.wait nobody@alfa.example.wait
	for pair in 3:2 4:4 10:256 11:300 500:300; do
		sql "UPDATE login_failure SET failures = ${pair%:*}, next_at = $now"
		try ana@alfa.example $ALFA "wrong password"
		has "$err" "password is wrong"
		is "$(sql "SELECT max(next_at) - $now FROM login_failure")" $((${pair#*:} * 1000)) \
			"wait after ${pair%:*}"
	done
	try ana@alfa.example $ALFA "$PASSWORD"
	has "$err" "try again in 300 seconds"
	at 2026-03-01T12:04:59Z
	try ana@alfa.example $ALFA "$PASSWORD"
	has "$err" "try again in 1 second"
	at 2026-03-01T12:05:00Z
	login ana@alfa.example $ALFA
	is "$(sql "SELECT count(*) FROM login_failure")" 1 "nobody's tries are left"
}

@test "U8 tries in vain are forgotten after a day, and a clock set back locks nobody out" {
	accounts
	for _ in 1 2 3; do try ana@alfa.example $ALFA "wrong password"; done
	at 2026-02-01T12:00:00Z
	try ana@alfa.example $ALFA "wrong password"
	has "$err" "password is wrong"
	is "$(sql "SELECT failures, last_at, next_at FROM login_failure")" "4|1769947200000|1769947202000"
	at 2026-02-02T12:00:01Z
	try ana@alfa.example $ALFA "wrong password"
	is "$(sql "SELECT failures, next_at - last_at FROM login_failure")" "1|0"
	sql "INSERT INTO login_failure SELECT 'old' || value, 9, 1, 1 FROM
		(WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < 90)
		SELECT value FROM n)"
	try bia@beta.example $BETA "wrong password"
	is "$(sql "SELECT count(*) FROM login_failure")" 2
}

@test "U8 many tries at a time get no more than one after the other" {
	accounts
	for i in 1 2 3 4 5 6 7 8; do
		"$PORTALCTL" session login --company $ALFA --email ana@alfa.example --password-stdin \
			<<<"wrong password" >"o$i" 2>"e$i" 3>&- &
	done
	wait
	is "$(cat o?)" ""
	is "$(cat e? | grep -c 'password is wrong')" 3
	is "$(cat e? | grep -c 'try again in 1 second')" 5
}

# hold_hashing: nobody's turn to hash comes until the process $held ends.
hold_hashing() {
	python3 -c 'import fcntl, os, time
fd = os.open("portal.db.kdf", os.O_RDWR | os.O_CREAT, 0o600)
fcntl.lockf(fd, fcntl.LOCK_EX, 3)
open("held", "w").close()
time.sleep(60)' 3>&- &
	held=$!
	until [ -e held ]; do sleep 0.05; done
}

@test "U8 a user who is blocked while the password is proven does not come in" {
	accounts
	local change held right
	right=$(sql "SELECT password FROM user WHERE email = 'caio@alfa.example'")
	for change in "status = 'blocked'" "password = 'another'"; do
		rm -f held
		hold_hashing
		"$PORTALCTL" session login --company $ALFA --email caio@alfa.example \
			--password-file password >out.txt 2>err.txt 3>&- &
		until [ "$(sql "SELECT count(*) FROM login_failure")" = 1 ]; do sleep 0.05; done
		sql "UPDATE user SET $change WHERE email = 'caio@alfa.example'"
		kill $held
		status=0
		wait $! || status=$?
		is "$status $(cat out.txt)" "4 " "after $change"
		has "$(cat err.txt)" "password is wrong"
		is "$(sql "SELECT count(*) FROM session")" 0
		sql "DELETE FROM login_failure;
			UPDATE user SET status = 'active', password = '$right'"
	done
	login caio@alfa.example $ALFA
}

@test "U8 a login that counts as failed while it is proven does not stay so" {
	accounts
	for _ in 1 2 3 4; do login ana@alfa.example $ALFA; done
	is "$(sql "SELECT count(*) FROM login_failure")" 0
	is "$(denials)" 0
}

@test "U8 a session ends to the second when it is not used" {
	accounts
	log_in ana ana@alfa.example $ALFA
	at 2026-03-01T12:29:59Z
	ok session check --token-file ana --json
	at 2026-03-01T12:59:58Z
	ok session check --token-file ana --json
	holds '.data.last_used_at' "2026-03-01T12:29:59Z"
	at 2026-03-01T13:29:58Z
	over ana
	ok session list --status ended --json
	holds '.items[0] | "\(.status) \(.ended_at) \(.end_reason)"' "ended 2026-03-01T13:29:58Z idle"
	ok session list --format count
	is "$out" 0
	login ana@alfa.example $ALFA
	is "$(sql "SELECT ended_at, end_reason FROM session WHERE id = 1")" "1772371798000|idle"
}

@test "U8 a session ends to the second when its time is over, used or not" {
	accounts
	ok config set session_idle_minutes 2000
	log_in ana ana@alfa.example $ALFA
	at 2026-03-02T11:59:59Z
	ok session check --token-file ana
	at 2026-03-02T12:00:00Z
	over ana
	ok session list --status any --json
	holds '.items[0] | "\(.ended_at) \(.end_reason)"' "2026-03-02T12:00:00Z expired"
}

@test "U8 a session to be remembered lasts for its days without use" {
	accounts
	log_in ana ana@alfa.example $ALFA --remember
	at 2026-03-31T11:59:59Z
	ok session check --token-file ana --json
	holds '.data | "\(.remember) \(.expires_at) \(.idle_seconds)"' "true 2026-03-31T12:00:00Z 2592000"
	at 2026-03-31T12:00:00Z
	over ana
	ok config set session_remember_days 2
	ok config set session_days 3
	ok config set session_idle_minutes 1
	login ana@alfa.example $ALFA --remember --json
	holds '.data | "\(.expires_at) \(.idle_seconds)"' "2026-04-02T12:00:00Z 172800"
	login ana@alfa.example $ALFA --json
	holds '.data | "\(.expires_at) \(.idle_seconds)"' "2026-04-03T12:00:00Z 60"
}

@test "U8 use is written down once a minute at most, and not by rehearsals" {
	accounts
	log_in ana ana@alfa.example $ALFA
	at 2026-03-01T12:00:59Z
	untouched ok invite list --token-file ana
	at 2026-03-01T12:01:00Z
	untouched ok company set $ALFA --trade-name A --dry-run --token-file ana
	ok invite list --token-file ana
	is "$(sql "SELECT last_used_at FROM session")" 1772366460000
	at 2026-03-01T12:01:59Z
	untouched ok invite list --token-file ana
	at 2026-03-01T12:02:00Z
	fails 4 status --token-file ana
	is "$(sql "SELECT last_used_at FROM session")" 1772366520000
}

@test "U8 nobody makes a session last by setting the clock" {
	export PORTALCTL_DB=$PWD/portal.db
	printf '%s\n' "$PASSWORD" >password
	ok init --office $OFFICE --name Modelo
	ok user add ana@office.example --company $OFFICE --name Ana --password-file password
	log_in ana ana@office.example $OFFICE
	ok session check --token-file ana
	sql "UPDATE session SET expires_at = created_at + 1, last_used_at = created_at"
	over ana
	at 2020-01-01T00:00:00Z
	over ana
	unset PORTALCTL_NOW
	try ana@office.example $OFFICE "wrong password" --now 2030-01-01T00:00:00Z --json
	is "$(jq -r .code err.txt)" clock_denied
}

@test "U8 a logout ends the session of the token, and may be repeated" {
	accounts
	log_in ana ana@alfa.example $ALFA
	log_in too ana@alfa.example $ALFA
	rehearses session logout --token-file ana
	ok session logout --token-file ana --json
	holds '"\(.kind) \(.changed) \(.action)"' "session true logged_out"
	holds '.data | "\(.id) \(.status) \(.ended_at) \(.end_reason)"' \
		"1 ended 2026-03-01T12:00:00Z session.logout"
	over ana
	untouched ok session logout --token-file ana --json
	holds '"\(.changed) \(.action) \(.data.id)"' "false unchanged 1"
	ok session check --token-file too
	is "$(sql "SELECT acting_as, target_id FROM audit WHERE action = 'session.logout'")" \
		"ana@alfa.example/$ALFA|1"
	printf 'k%043d\n' 0 >bad && chmod 600 bad
	fails 4 session logout --token-file bad
	fails 2 session logout
	fails 2 session logout --as ana@alfa.example
	fails 2 session logout 1 --user ana@alfa.example
}

@test "U8 a logout by a session that had ended for want of use does not wake it" {
	accounts
	log_in ana ana@alfa.example $ALFA
	at 2026-03-01T12:30:00Z
	over ana
	untouched ok session logout --token-file ana --json
	holds '"\(.changed) \(.data.end_reason)"' "false idle"
	over ana
	ok session list --format count
	is "$out" 0
}

@test "U8 sessions are logged out by id, by user, by company, or all" {
	accounts
	for who in ana caio; do log_in $who $who@alfa.example $ALFA; done
	log_in bia bia@beta.example $BETA
	log_in dora dora@office.example $OFFICE
	ok session logout 1 --json
	holds '"\(.changed) \(.data.user_email)"' "true ana@alfa.example"
	ok session logout 1 1 --format ndjson
	is "$(jq -r 'select(.kind == "summary") | "\(.ok) \(.changed)"' out.txt)" "2 0"
	log_in ana ana@alfa.example $ALFA
	ok session logout --company $ALFA --json
	holds '[.items[].data.id] | join(" ")' "2 5"
	over ana
	over caio
	ok session logout --user bia@beta.example --json
	holds '.items[0].data | "\(.id) \(.end_reason)"' "3 session.logout"
	over bia
	fails 3 session logout --user nobody@beta.example
	ok session logout --all --json
	holds '.summary.changed' 1
	over dora
}

@test "U8 P8 one ends one's own sessions, admins those of their company's users" {
	accounts
	for who in ana caio; do log_in $who $who@alfa.example $ALFA; done
	log_in bia bia@beta.example $BETA
	fails 3 session logout 1 --token-file caio
	sed "s/'1'/'ID'/; s/:1}/:ID}/" err.txt >hidden
	fails 3 session logout 99 --token-file caio
	sed "s/'99'/'ID'/; s/:99}/:ID}/" err.txt >absent
	cmp hidden absent
	fails 3 session logout 2 --token-file bia
	fails 3 session logout 2 --as bruna@beta.example
	ok session logout 2 --token-file ana
	over caio
	ok session logout 3 --as dora@office.example
	over bia
	ok session logout 1 --token-file ana
	over ana
}

@test "U8 whoever ends all their sessions begins with the one they act by" {
	accounts
	log_in first ana@alfa.example $ALFA
	log_in second ana@alfa.example $ALFA
	ok session logout --user ana@alfa.example --token-file first --json
	holds '[.items[] | "\(.data.id) \(.changed)"] | join(", ")' "1 true, 2 true"
	over first
	over second
}

@test "U8 U10 admins of a main company end the sessions of the whole group" {
	accounts
	sql "UPDATE company SET main_company_id = (SELECT id FROM company WHERE tax_id = '$ALFA')
		WHERE tax_id IN ('$ALFA', '$BETA')"
	log_in bia bia@beta.example $BETA
	log_in ana ana@alfa.example $ALFA
	ok session list --token-file ana --format ids
	is "$(paste -sd' ' out.txt)" "1 2"
	ok session list --token-file bia --format ids
	is "$out" 1
	fails 3 session logout 2 --token-file bia
	ok session logout 1 --token-file ana
	over bia
}

@test "U8 P8 a list shows what is one's own to see, live unless asked otherwise" {
	accounts
	for who in ana caio ana; do log_in $who $who@alfa.example $ALFA; done
	log_in bia bia@beta.example $BETA
	log_in dora dora@office.example $OFFICE
	ok session logout 1
	for pair in "ana:2 3" "caio:2" "bia:4" "dora:2 3 4 5"; do
		ok session list --token-file "${pair%%:*}" --format ids
		is "$(paste -sd' ' out.txt)" "${pair#*:}" "seen by $pair"
	done
	for pair in "--status any:1 2 3 4 5" "--status ended:1" "--user ana@alfa.example:3" \
		"--user ana@alfa.example --status any:1 3" "--company $ALFA:2 3" \
		"--sort -user_email --limit 2 -q:5 2" "--user caio@alfa.example --company $ALFA:2"; do
		# shellcheck disable=SC2086 # words are words
		ok session list ${pair%%:*} --format ids
		is "$(paste -sd' ' out.txt)" "${pair#*:}" "of ${pair%%:*}"
	done
	fails 4 session list --user ana@alfa.example --token-file caio
	fails 3 session list --user bia@beta.example --token-file caio
	fails 3 session list --user nobody@beta.example
	fails 2 session list --sort role
}

@test "U8 a list goes on where it was cut while the clock goes on" {
	accounts
	for _ in 1 2 3; do login ana@alfa.example $ALFA; done
	ok session list --limit 2 --json
	local next
	next=$(json .next)
	at 2026-03-01T12:10:00Z
	ok session list --limit 2 --after "$next" --format ids
	is "$out" 3
	fails 2 session list --status any --after "$next"
}

@test "U8 no token that gives no rights says why" {
	accounts
	log_in good ana@alfa.example $ALFA
	log_in ended ana@alfa.example $ALFA
	ok session logout 2
	sed 's/^k\(.*\)$/x\1/' good >letter
	printf 'k%043d\n' 0 >unknown
	printf 'k\n' >short
	(cat good | tr -d '\n' && echo x) >long
	chmod 600 letter unknown short long
	for token in letter unknown short long ended; do
		before=$(denials)
		over $token
		is "$(denials)" $((before + 2))
	done
	PORTALCTL_TOKEN='' fails 4 invite list
	PORTALCTL_TOKEN=$(printf '%3000s' x) fails 4 invite list
	code denied session check --token-file unknown
	ok session check --token-file good
	fails 2 session check
	fails 2 session check --as ana@alfa.example
}

# over_after NAME VERB...: the portal's own way to change a user ends that user's sessions.
over_after() {
	local token=$1 status_before
	shift
	"$PORTALCTL" help user "$2" >/dev/null 2>&1 || { echo "# no user $2 yet" >&3; return 0; }
	log_in "$token" caio@alfa.example $ALFA
	ok session check --token-file "$token"
	portalctl "$@" < <(printf '%s\n' "$PASSWORD")
	is "$status" 0 "$*"
	over "$token"
}

@test "U8 a change of the user's password, role, status or e-mail ends the sessions at once" {
	accounts
	over_after a user set-role caio@alfa.example admin
	over_after b user passwd caio@alfa.example --password-stdin
	over_after c user deactivate caio@alfa.example
	"$PORTALCTL" user activate caio@alfa.example >/dev/null
	over_after d user block caio@alfa.example
	"$PORTALCTL" user activate caio@alfa.example >/dev/null
	over_after e user remove caio@alfa.example
}

@test "U8 a user who is not active any more has no session, whoever wrote it" {
	accounts
	log_in caio caio@alfa.example $ALFA
	ok session check --token-file caio
	for change in "status = 'blocked'" "status = 'inactive'" "removed_at = 1"; do
		sql "UPDATE user SET $change WHERE email = 'caio@alfa.example'"
		over caio
		sql "UPDATE user SET status = 'active', removed_at = NULL WHERE email = 'caio@alfa.example'"
		ok session check --token-file caio
	done
}

@test "U8 a disabled company has no sessions, not even when it is enabled again" {
	accounts
	log_in ana ana@alfa.example $ALFA
	log_in bia bia@beta.example $BETA
	ok company disable $ALFA
	over ana
	ok company enable $ALFA
	over ana
	ok session list --status ended --json
	holds '.items[0] | "\(.id) \(.end_reason)"' "1 company.disable"
	ok session check --token-file bia
}

@test "U7 U8 who has a temporary password may change it, and nothing else" {
	accounts
	ok invite send $BETA --from $ALFA --email novo@beta.example
	sql "UPDATE user SET must_change_password = 1 WHERE email IN ('ana@alfa.example', 'gil@gama.example')"
	login ana@alfa.example $ALFA --json
	holds .data.must_change_password true
	(umask 077 && json .data.token >ana)
	log_in gil gil@gama.example $GAMA
	ok session check --token-file ana
	for words in "invite list" "invite show 1" "company show $ALFA" "user list" "session list" \
		"invite send $GAMA --email x@gama.example" "notification read --all"; do
		before=$(denials)
		# shellcheck disable=SC2086 # words are words
		fails 4 $words --token-file ana
		has "$err" "hint: change the temporary password first: portalctl user passwd"
		is "$(denials)" $((before + 1)) "denials of $words"
	done
	fails 3 invite show 1 --token-file gil
	sed "s/'1'/'ID'/" err.txt >hidden
	fails 3 invite show 9 --token-file gil
	sed "s/'9'/'ID'/" err.txt >absent
	cmp hidden absent
	sql "UPDATE user SET must_change_password = 0 WHERE email = 'ana@alfa.example'"
	ok invite list --token-file ana
	log_in caio caio@alfa.example $ALFA
	sql "UPDATE user SET must_change_password = 1 WHERE email = 'ana@alfa.example'"
	fails 3 session logout 3 --token-file ana
	ok session check --token-file caio
	ok session logout --token-file ana
	over ana
}

@test "U7 a temporary password is changed to another one, not to itself" {
	accounts
	sql "UPDATE user SET must_change_password = 1 WHERE email = 'ana@alfa.example'"
	log_in ana ana@alfa.example $ALFA
	untouched refused 6 "the new password is the one before" user passwd ana@alfa.example \
		--token-file ana --current-password-file password --password-file password
	is "$(sql "SELECT must_change_password FROM user WHERE email = 'ana@alfa.example'")" 1
}

@test "U7 a wrong password is not called the one before, and counts as a try" {
	accounts
	log_in ana ana@alfa.example $ALFA
	echo "palavra que ninguém usou" >wrong
	fails 4 user passwd ana@alfa.example --token-file ana --current-password-file wrong \
		--password-file wrong
	has "$err" "the current password is not right"
	is "$(sql "SELECT count(*) FROM audit WHERE action = 'denied'")" 1
	fails 6 user passwd ana@alfa.example --token-file ana --current-password-file password \
		--password-file password
	for _ in 1 2 3; do
		fails 4 user passwd ana@alfa.example --token-file ana \
			--current-password-file wrong --password-file wrong
		has "$err" "the current password is not right"
	done
	fails 4 user passwd ana@alfa.example --token-file ana --current-password-file wrong \
		--password-file wrong
	has "$err" "try again in"
}

@test "U7 what a password can't be is exit 6, be it short, long or with a NUL byte" {
	network
	printf '%01025d' 0 >long
	printf '%01024d' 0 >whole
	printf 'cavalo\0correto bateria' >nul
	echo ab >short
	untouched refused 6 "the password has more than 1024 bytes" user passwd ana@alfa.example \
		--password-file long
	untouched refused 6 "the password holds a NUL byte" user passwd ana@alfa.example \
		--password-file nul
	untouched fails 6 user passwd ana@alfa.example --password-file short
	untouched fails 2 user passwd ana@alfa.example --password-file /dev/null
	ok user passwd ana@alfa.example --password-file whole
}

@test "U8 P9 a hash of a lower cost takes as long as a name that nobody knows" {
	accounts
	ok config set password_cost 13
	watched ana@alfa.example $ALFA "wrong password"
	is "$status $(hashes)" "4 4" "costs 10, 10, 11 and 12 are as much as one of 13"
	watched nobody@alfa.example $ALFA "wrong password"
	is "$status $(hashes)" "4 1"
}

@test "U8 an admin with a temporary password ends no session but the own" {
	accounts
	log_in caio caio@alfa.example $ALFA
	log_in ana ana@alfa.example $ALFA
	sql "UPDATE user SET must_change_password = 1 WHERE email = 'ana@alfa.example'"
	fails 3 session logout 1 --token-file ana
	fails 4 user passwd caio@alfa.example --send-link --token-file ana
	ok session check --token-file caio
	sql "UPDATE user SET must_change_password = 0 WHERE email = 'ana@alfa.example'"
	ok session logout 1 --token-file ana
}

@test "P7 U8 a password hashed at another cost is hashed again when it has proven right" {
	accounts
	log_in other ana@alfa.example $ALFA
	ok config set password_cost 11
	try ana@alfa.example $ALFA "wrong password"
	is "$(stored_cost ana@alfa.example)" 10
	login ana@alfa.example $ALFA
	is "$(stored_cost ana@alfa.example)" 11
	has "$(sql "SELECT changes FROM audit WHERE action = 'session.login' ORDER BY id DESC LIMIT 1")" \
		'"password":[null,"hashed again"]'
	login ana@alfa.example $ALFA
	ok session check --token-file other
}

# stored_cost EMAIL: of the PHC string, scrypt's N as a power of two.
stored_cost() {
	sql "SELECT password FROM user WHERE email = '$1'" |
		sed -n 's/^\$scrypt\$ln=\([0-9]*\),r=8,p=1\$.*/\1/p'
}

@test "P7 of a token the database has a digest, and nothing else has anything" {
	accounts
	log_in ana ana@alfa.example $ALFA
	local token
	token=$(cat ana)
	is "$(sql "SELECT length(digest), digest LIKE '%$token%' FROM session")" "64|0"
	mkdir said
	local n=0
	for words in "session check" "session check --json" "invite list -v" "invite show 7" "status" \
		"session list --json" "session logout --dry-run" "nonsense" "invite list --as x" \
		"session login --company 1" "config get no_such_key --json"; do
		n=$((n + 1))
		# shellcheck disable=SC2086 # words are words
		PORTALCTL_TOKEN=$token "$PORTALCTL" $words >said/$n.a 2>&1 </dev/null || :
		# shellcheck disable=SC2086 # words are words
		"$PORTALCTL" $words --token-file ana >said/$n.b 2>&1 </dev/null || :
		# shellcheck disable=SC2086 # words are words
		"$PORTALCTL" $words --token-file password >said/$n.c 2>&1 </dev/null || :
	done
	"$PORTALCTL" session login --company $ALFA --email nobody@alfa.example \
		--password-file password >said/wrong 2>&1 || :
	ok audit list --json
	ok session list --status any --json
	rm -f watch trace.txt
	is "$(grep -rlF -e "$token" -e "${token#k}" . | sort | paste -sd' ')" "./ana" "where the token stands"
	is "$(grep -rlF -e "$PASSWORD" . | sort | paste -sd' ')" "./password" "where the password stands"
	is "$(grep -rlF "$(printf %s "$PASSWORD" | base64)" . | wc -l)" 0
}

@test "P7 the token is out of the environment before anything is done" {
	accounts
	log_in dora dora@office.example $OFFICE
	mkfifo pipe
	PORTALCTL_TOKEN=$(cat dora) "$PORTALCTL" company import pipe >imported.txt 2>&1 3>&- &
	local pid=$!
	exec 7>pipe
	local i
	for i in $(seq 50); do
		tr '\0' '\n' <"/proc/$pid/environ" >environ.txt 2>/dev/null && [ -s environ.txt ] &&
			! grep -qF "$(cat dora)" environ.txt && break
		sleep 0.02
	done
	printf 'CNPJ;Nome\n34028316000103;Nova\n' >&7
	exec 7>&-
	wait $pid || { cat imported.txt; return 1; }
	[ -s environ.txt ] || skip "the environment of a process can't be read here"
	grep -q '^PORTALCTL_DB=' environ.txt
	is "$(grep -cF "$(cat dora)" environ.txt)" 0
	is "$(sql "SELECT acting_as FROM audit WHERE action = 'company.add' ORDER BY id DESC LIMIT 1")" \
		"dora@office.example/$OFFICE"
}

@test "P7 a token file that others may read is used, and people are told" {
	accounts
	log_in ana ana@alfa.example $ALFA
	ok session check --token-file ana
	for mode in 640 604; do
		chmod $mode ana
		portalctl session check --token-file ana
		is "$status" 0
		is "$err" "portalctl: others may read 'ana'; run: chmod 600 'ana'"
	done
	ok session check --token-file ana -q
	ok session check --token-file ana --json
	: >empty && chmod 600 empty
	fails 2 session check --token-file empty
	fails 1 session check --token-file nowhere
}

@test "a token and --as exclude each other, and where nobody acts neither is taken" {
	accounts
	log_in ana ana@alfa.example $ALFA
	fails 2 invite list --token-file ana --as ana@alfa.example
	PORTALCTL_TOKEN=$(cat ana) fails 2 invite list --as ana@alfa.example
	PORTALCTL_AS=ana@alfa.example fails 2 invite list --token-file ana
	PORTALCTL_TOKEN=x ok invite list --token-file ana
	fails 2 taxid check 65635571000148 --token-file ana
	PORTALCTL_TOKEN=x ok taxid check 65635571000148
	PORTALCTL_TOKEN=x ok help session
	fails 2 session login --company $ALFA --email ana@alfa.example --password-file password \
		--token-file ana
	fails 2 session login --company $ALFA --email ana@alfa.example --password-file password \
		--as bia@beta.example
	PORTALCTL_TOKEN=x PORTALCTL_AS=bia@beta.example login ana@alfa.example $ALFA --json
	holds .data.user_email ana@alfa.example
	fails 2 session login --company $ALFA --email ana@alfa.example --password-stdin --token-file -
}

@test "U8 a login can't be rehearsed, so that it can't be guessed by rehearsals" {
	accounts
	untouched fails 2 session login --company $ALFA --email ana@alfa.example \
		--password-file password --dry-run
	untouched fails 2 session login --company $ALFA --email ana@alfa.example \
		--password-file password --batch x
	untouched fails 2 session login --company $ALFA --email ana@alfa.example
}

# guess WORD [OPTION...]: to set one's own password with that current one.
guess() {
	printf '%s\n' "$1" >current
	printf 'outra senha longa\n' >new
	chmod 600 current new
	shift
	portalctl --token-file session user passwd ana@alfa.example --current-password-file current \
		--password-file new "$@"
}

@test "U8 one's own password is changed in a session by the current one, and guesses count" {
	local i
	accounts
	log_in session ana@alfa.example $ALFA
	portalctl --token-file session user passwd ana@alfa.example --password-file password
	is "$status" 2 "without the current one"
	guess "$PASSWORD" --dry-run
	is "$status" 2 "a rehearsal"
	portalctl --token-file session user passwd caio@alfa.example \
		--current-password-file current --password-file new
	is "$status" 2 "a current password for another's"
	for i in 1 2 3; do
		guess "senha errada $i"
		is "$status" 4 "guess $i"
		has "$err" "the current password is not right"
	done
	guess "$PASSWORD"
	is "$status" 4
	has "$err" "try again in"
	is "$(sql "SELECT failures FROM login_failure")" 3
	export PORTALCTL_NOW=2026-03-01T12:00:10Z
	guess "$PASSWORD"
	is "$status" 0
	is "$(sql "SELECT count(*) FROM login_failure")" 0
	portalctl --token-file session session check
	is "$status" 4 "the session after the change"
}

@test "U8 a new password that is too weak is no guess of the current one" {
	local i
	accounts
	log_in session ana@alfa.example $ALFA
	printf 'senha errada\n' >current
	printf 'curta\n' >new
	chmod 600 current new
	for i in 1 2 3 4; do
		untouched fails 6 --token-file session user passwd ana@alfa.example \
			--current-password-file current --password-file new
	done
	guess "$PASSWORD"
	is "$status" 0
}

# stranger EMAIL: somebody registers at Beta with another's address.
stranger() {
	ok company signup-link $BETA --json
	(umask 077 && json .data.token >link)
	ok user register --signup-token-file link --email "$1" --name X --password-file password
	sql "UPDATE user SET password = (SELECT password FROM user LIMIT 1) WHERE email = '$1'"
}

@test "U7 N7 who registers with another's address has no way in when that person is let in" {
	accounts
	stranger lia@beta.example
	ok contact allow lia@beta.example --as bia@beta.example
	is "$(mailed access_link)" lia@beta.example
	fails 4 session login --company $BETA --email lia@beta.example --password-file password
	ok invite send $BETA --from $ALFA --email bia@beta.example
	ok invite accept 1
	ok invite send $BETA --from $ALFA --email rui@beta.example
	stranger rui@beta.example
	ok invite accept 2
	is "$(mailed access_link)" "lia@beta.example rui@beta.example"
	fails 4 session login --company $BETA --email rui@beta.example --password-file password
	ok user add leo@beta.example --company $BETA --name Leo --password-file password
	ok contact allow leo@beta.example
	login leo@beta.example $BETA
}
