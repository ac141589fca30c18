load helpers
load network

# A password costs half a second: the tests that need one are few.

PASSWORD="cavalo correto bateria" ANA="ana@alfa.example" CAIO="caio@alfa.example"
INVALID="portalctl: this access link is not valid"

# phc EMAIL: what is stored of the password.
phc() {
	sql "SELECT password FROM user WHERE email = '$1'"
}

# passwd ARGS...: sets a password.
passwd() {
	portalctl user passwd --password-stdin "$@" < <(echo "$PASSWORD")
}

# link EMAIL [ARGS...]: mails a link; its token is in the file "token".
link() {
	ok user passwd --send-link --show-token --json "$@"
	json .data.token >token
}

# by_link [ARGS...]: uses the link.
by_link() {
	passwd --access-token-file token "$@"
}

# invalid WHAT: the link gives the one answer, byte for byte, and one denial.
invalid() {
	local before
	before=$(sql "SELECT count(*) FROM audit")
	by_link
	is "$status|$out|$err" "4||$INVALID" "answer to $1"
	is "$(sql "SELECT action FROM audit WHERE id > $before")" denied "audit of $1"
	by_link --json
	is "$out" ""
	[ -e first.txt ] || cp err.txt first.txt
	cmp err.txt first.txt
}

@test "U7 a password is set by hand, which ends sessions and voids the link" {
	network
	link $CAIO
	sql "INSERT INTO session (user_id, digest, remember, idle_ms, created_at, expires_at,
		last_used_at) SELECT id, 'd', 0, 1, 1, 9999999999999, 1 FROM user WHERE email = '$CAIO'"
	sql "UPDATE user SET must_change_password = 1 WHERE email = '$CAIO'"
	untouched passwd $CAIO --dry-run
	is "$status" 0
	passwd $CAIO --json
	is "$status|$err" "0|"
	holds '"\(.changed) \(.action) \(.data.must_change_password)"' "true changed false"
	is "$(phc $CAIO | cut -c1-8)" '$scrypt$'
	is "$(sql "SELECT must_change_password, access_expires_at IS NULL FROM user
		WHERE email = '$CAIO'")" "0|1"
	is "$(sql "SELECT end_reason FROM session")" user.passwd
	is "$(sql "SELECT action, changes FROM audit ORDER BY id DESC LIMIT 1")" \
		'user.passwd|{"password":[null,"set"]}'
	invalid "a link before the password was set by hand"
}

@test "U5 U7 passwords are set by the user, admins and the office, and nobody else" {
	network
	ok user add caco@office.example --company $OFFICE --name Caco --active
	echo "$PASSWORD" >password
	denied --as $CAIO user passwd $ANA --password-file password
	denied --as caco@office.example user passwd $ANA --password-file password
	fails 3 --as gil@gama.example user passwd $ANA --password-file password
	fails 3 user passwd nobody@alfa.example --password-file password
	is "$(phc $ANA)" ""
	ok --as $CAIO user passwd $CAIO --password-file password
	ok --as $ANA user passwd $CAIO --password-file password
	ok --as dora@office.example user passwd $CAIO --password-file password
	sql "UPDATE company SET main_company_id = 3 WHERE id IN (2, 3)"
	ok --as bia@beta.example user passwd $CAIO --password-file password
	fails 3 --as bruna@beta.example user passwd $CAIO --password-file password
	is "$(sql "SELECT count(DISTINCT acting_as) FROM audit WHERE action = 'user.passwd'")" 4
}

@test "U7 weak and missing passwords are refused, and ways that contradict" {
	network
	PASSWORD=12345678 untouched passwd $CAIO
	is "$status" 6
	PASSWORD=curta27 untouched passwd $CAIO
	is "$status" 6
	is "$(grep -c curta27 err.txt)" 0
	link $CAIO
	PASSWORD=curta27 untouched by_link
	is "$status" 6
	untouched fails 2 user passwd $CAIO --no-input
	untouched refused 2 EMAIL user passwd --password-file token
	untouched refused 2 EMAIL user passwd --send-link
	untouched fails 2 user passwd --no-input --send-link
	untouched fails 2 user passwd $CAIO --show-token --password-file token
	untouched fails 2 user passwd $CAIO --send-link --password-file token
	untouched fails 2 user passwd $CAIO --access-token-file token --password-file token
	untouched fails 2 user passwd --access-token-file token --company $ALFA --password-file token
	untouched fails 2 user passwd --access-token-file token --send-link
	untouched fails 2 user passwd $CAIO $ANA --password-file token
	untouched fails 2 user passwd $CAIO $ANA
	has "$err" "one record"
	untouched fails 2 user passwd $CAIO --password "$PASSWORD"
}

@test "U7 the mailed link sets a password once, and its token is shown once on request" {
	network
	untouched ok user passwd $CAIO --send-link --show-token --dry-run --json
	holds .data.token null
	link $CAIO
	has "$(cat token)" a
	holds '"\(.changed) \(.action)"' "true changed"
	is "$(mailed access_link)" $CAIO
	is "$(sql "SELECT changes FROM audit ORDER BY id DESC LIMIT 1")" '{"access_link":[null,"shown"]}'
	untouched by_link --dry-run
	is "$status" 0
	by_link --json
	is "$status|$err" "0|"
	holds '.data | "\(.email) \(has("token"))"' "$CAIO false"
	is "$(phc $CAIO | cut -c1-8)" '$scrypt$'
	is "$(sql "SELECT acting_as, action FROM audit ORDER BY id DESC LIMIT 1")" \
		"$CAIO/$ALFA|user.passwd"
	invalid "a used link"
	ok user passwd $CAIO --send-link --json
	holds .data.token null
}

@test "U7 the mail of a link says how long it works, and fits a password that was forgotten" {
	local language days
	network
	for days in 7 1; do
		ok config set access_link_days $days
		for language in en pt_BR; do
			ok config set language $language
			link $CAIO
			ok outbox show "$(sql "SELECT max(id) FROM outbox")" --body --json
			json .data.body | tr '\n' ' ' >$language.$days
			is "$(grep -c 'can now use\|liberado\|{{' $language.$days)" 0
		done
	done
	has "$(cat en.7)" "only once, within 7 days."
	has "$(cat en.1)" "only once, within one day."
	has "$(cat pt_BR.7)" "só funciona uma vez e vale por 7 dias."
	has "$(cat pt_BR.1)" "só funciona uma vez e vale por um dia."
}

@test "U7 a link sent again voids the one before" {
	network
	link $CAIO
	cp token old
	link $CAIO
	mv token new && mv old token
	invalid "the first link"
	mv new token
	by_link
	is "$status" 0
	is "$(mailed access_link)" "$CAIO $CAIO"
}

@test "U7 a link ends after the days that are set, to the millisecond" {
	network
	link $CAIO
	at 2026-03-08T12:00:00Z
	invalid "a link of seven days"
	at 2026-03-08T11:59:59Z
	by_link --dry-run
	is "$status" 0
	at 2026-03-01T12:00:00Z
	ok config set access_link_days 1
	link $CAIO
	at 2026-03-02T12:00:00Z
	invalid "a link of one day"
	at 2026-03-02T11:59:59Z
	by_link
	is "$status" 0
}

@test "P9 U8 forged, inactive, blocked, removed, renamed, disabled: one answer" {
	local good last verb
	network
	link $CAIO
	good=$(cat token)
	last=A
	[ "${good: -2:1}" = A ] && last=B
	for bad in "${good%??}$last${good: -1}" "a2${good#a3}" "a99${good#a3}" "s${good#a}" nonsense; do
		echo "$bad" >token
		invalid "$bad"
	done
	echo "$good" >token
	ok company disable $ALFA
	invalid "the link of a disabled company"
	ok company enable $ALFA
	by_link --dry-run
	is "$status" 0
	for verb in deactivate block; do
		ok user $verb $CAIO
		invalid "the link of one whom an admin did $verb"
		ok user activate $CAIO
	done
	link $CAIO
	ok user set $CAIO --email outro@alfa.example
	invalid "the link to the address before"
	link outro@alfa.example
	ok user remove outro@alfa.example
	invalid "the link of one who was removed"
}

@test "U7 a link is mailed only to who may come in" {
	network
	ok user add lia@alfa.example --company $ALFA --name Lia
	untouched code wrong_state user passwd lia@alfa.example --send-link
	ok user block $CAIO
	untouched fails 5 user passwd $CAIO --send-link
	ok company disable $GAMA
	untouched fails 5 user passwd gil@gama.example --send-link
	ok user passwd $ANA bia@beta.example --send-link
	is "$(mailed access_link)" "$ANA bia@beta.example"
	ok --as $ANA user passwd $ANA --send-link
	denied --as bruna@beta.example user passwd bruna@beta.example --send-link --show-token
	ok --as bruna@beta.example user passwd bruna@beta.example --send-link
	echo '{"email":"ana@alfa.example","send_link":true}' |
		ok user passwd --batch - --json
	echo '{"email":"ana@alfa.example"}' >batch
	untouched portalctl user passwd --batch batch
	is "$status" 6
}

@test "P7 neither password nor token stands in output, mails, log or database" {
	local token
	network
	link $CAIO
	token=$(cut -d. -f2 token)
	by_link -v
	cat out.txt err.txt >seen.txt
	by_link --json
	cat out.txt err.txt >>seen.txt
	for words in "outbox list" "audit list" "user list" "outbox show 1 --body" "notification list"; do
		# shellcheck disable=SC2086
		ok $words --json
		cat out.txt >>seen.txt
	done
	[ -s seen.txt ] && [ ${#token} -gt 40 ]
	is "$(grep -c "$PASSWORD\|$token\|scrypt" seen.txt)" 0
	is "$(cat portal.db portal.db-wal | grep -ac "$PASSWORD\|$token")" 0
}

@test "U7 the mail of a link that is void, and was not sent yet, is cancelled" {
	network
	links() {
		sql "SELECT recipient || ' ' || state FROM outbox WHERE template = 'access_link'
			ORDER BY id" | paste -sd,
	}
	ok user passwd $CAIO --send-link
	ok user passwd $CAIO --send-link
	is "$(links)" "$CAIO cancelled,$CAIO queued"
	untouched ok user set $CAIO --email caio.novo@alfa.example --dry-run
	ok user set $CAIO --email caio.novo@alfa.example
	is "$(links)" "$CAIO cancelled,$CAIO cancelled"
	ok user passwd caio.novo@alfa.example --send-link
	is "$(links)" "$CAIO cancelled,$CAIO cancelled,caio.novo@alfa.example queued"
	ok user block caio.novo@alfa.example
	is "$(links | cut -d, -f3)" "caio.novo@alfa.example cancelled"
}

@test "U7 a password is not mailed to the address of before, nor is a link that is held" {
	network
	ok contact add --company $ALFA --name Rui --email rui@alfa.exmple
	ok contact allow rui@alfa.exmple --send-password
	ok user passwd $CAIO --send-link
	ok outbox hold "$(sql "SELECT max(id) FROM outbox")"
	ok user set rui@alfa.exmple --email rui@alfa.example
	ok user set $CAIO --email caio.novo@alfa.example
	is "$(sql "SELECT template || ':' || state FROM outbox WHERE template IN ('access_link', 'temporary_password')
		ORDER BY id" | paste -sd' ')" "temporary_password:cancelled access_link:cancelled"
	ok contact allow rui@alfa.example --send-password
	is "$(sql "SELECT recipient || ':' || state FROM outbox WHERE template = 'temporary_password' ORDER BY id DESC LIMIT 1")" \
		"rui@alfa.example:queued"
}
