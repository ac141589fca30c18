load helpers
load network
load mail-server

# Two mails wait: the first to carla@beta.example, the second to a user of Beta.
waiting() {
	network
	sql "UPDATE outbox SET state = 'cancelled', next_attempt_at = NULL"
	ok config set base_url https://portal.example
	ok invite send $BETA --email carla@beta.example --now 2026-03-01T12:00:00Z
}

# mails: every mail in the Maildir, the oldest first.
mails() {
	find portal.db.mail -type f | sort -V
}

state() {
	sql "SELECT state FROM outbox WHERE state <> 'cancelled' ORDER BY id" | paste -sd' '
}

accepted() {
	grep -c '"ev": "accepted"' smtp.log || :
}

@test "O2 without a server mails go into a Maildir, once" {
	waiting
	ok deliver --json
	holds '.data | "\(.sent) \(.deferred) \(.failed) \(.unknown) \(.stopped) \(.reason)"' \
		"$(json .data.sent) 0 0 0 0 null"
	holds .action delivered
	count=$(mails | wc -l)
	is "$(json .data.sent)" "$count"
	is "$(state | tr ' ' '\n' | sort -u)" sent
	is "$(stat -c %a portal.db.mail portal.db.mail/new | paste -sd' ')" "700 700"
	ok deliver --json
	holds '"\(.changed) \(.data.sent)"' "false 0"
	is "$(mails | wc -l)" "$count"
}

@test "P7 a mail has the link that the database has not, and it works" {
	waiting
	ok deliver
	mail=$(grep -l 'To: carla@beta.example' $(mails))
	python3 - "$mail" >mail.txt <<-'END'
		import email, email.policy, sys
		m = email.message_from_binary_file(open(sys.argv[1], 'rb'), policy=email.policy.default)
		print(m['Subject'], m['Auto-Submitted'], m['Message-ID'], sep='\n')
		print(m.get_body(('plain',)).get_content())
	END
	has "$(cat mail.txt)" "Escritório Modelo convida Beta S.A."
	has "$(cat mail.txt)" auto-generated
	token=$(sed -n 's|.*https://portal.example/invite#||p' mail.txt)
	if [ -n "$token" ]; then
		is "$(sqlite3 portal.db .dump | grep -c "$token")" 0
	fi
	ok outbox show "$(sql "SELECT max(id) FROM outbox WHERE state = 'sent'")" --json
	holds '.data | "\(.attempts) \(.next_attempt_at)"' "1 null"
}

@test "O2 a mail goes through SMTP with TLS and a login, and arrives whole" {
	server ok good --save "$PWD"
	waiting
	ok deliver --json
	is "$(accepted)" "$(json .data.sent)"
	has "$(cat smtp.log)" "carla@beta.example"
	is "$(grep '"tls": false' smtp.log | grep -c 'AUTH\|MAIL')" 0
}

@test "O2 what a certificate does not prove gets neither password nor mail" {
	local kind
	for kind in wronghost untrusted expired selfsigned weak; do
		server ok "$kind"
		[ -f portal.db ] || waiting
		sql "UPDATE channel_hold SET until = 1"
		portalctl deliver --json
		is "$status" 8 "$kind"
		is "$(accepted)" 0 "$kind"
		is "$(grep -c 'AUTH\|MAIL' smtp.log)" 0 "$kind"
		holds '.data | "\(.sent) \(.stopped)"' "0 1"
		kill "$server"
	done
	is "$(state | tr ' ' '\n' | sort -u)" queued
	is "$(sql 'SELECT max(attempts) FROM outbox')" 0
	is "$(notified channel_stopped)" $OFFICE
}

@test "O2 a channel that stopped goes on by itself" {
	server auth-535
	waiting
	portalctl deliver
	is "$status" 8 "$err"
	has "$err" "535"
	has "$err" "config check"
	kill "$server"
	is "$(sql "SELECT count(*) FROM outbox WHERE first_attempt_at IS NOT NULL AND attempts = 0")" 0
	server ok
	ok deliver --json --now 2026-03-01T12:04:59Z
	holds .data.sent 0
	ok deliver --json --now 2026-03-01T12:05:00Z
	is "$(state | tr ' ' '\n' | sort -u)" sent
	is "$(sql 'SELECT count(*) FROM channel_hold')" 0
}

@test "O2 a refusal for now is tried again later, one for good is not, and neither holds up others" {
	server rcpt-450
	waiting
	portalctl deliver
	is "$status" 0 "$err"
	is "$(state | tr ' ' '\n' | sort -u)" queued
	next=$(sql "SELECT max(next_attempt_at) FROM outbox WHERE state = 'queued'")
	[ "$next" -ge $((1772366400000 + 240000)) ]
	[ "$next" -le $((1772366400000 + 360000)) ]
	kill "$server"
	server ok
	ok deliver --now 2026-03-01T12:10:00Z
	is "$(state | tr ' ' '\n' | sort -u)" sent
}

@test "O2 the waits of a mail double, from five minutes to 67" {
	local attempts seconds waited
	server mail-451
	waiting
	sql "UPDATE outbox SET state = 'cancelled', next_attempt_at = NULL WHERE recipient <> 'carla@beta.example'"
	for attempts in 0:300 1:600 2:1200 3:2400 4:4020 9:4020; do
		seconds=${attempts#*:}
		sql "UPDATE outbox SET attempts = ${attempts%:*}, next_attempt_at = 1 WHERE state = 'queued'"
		ok deliver
		waited=$(sql "SELECT next_attempt_at - 1772366400000 FROM outbox WHERE state = 'queued'")
		[ "$waited" -ge $((seconds * 800)) ] && [ "$waited" -le $((seconds * 1200)) ]
	done
}

@test "O2 mails go out in the order in which they were written" {
	server ok
	waiting
	many 8
	sql "UPDATE outbox SET next_attempt_at = 1 WHERE state = 'queued'"
	sql "SELECT recipient FROM outbox WHERE state = 'queued' ORDER BY id" >wanted.txt
	ok deliver
	grep -o 'RCPT TO:<[^>]*' smtp.log | cut -d'<' -f2 >got.txt
	is "$(cat got.txt)" "$(cat wanted.txt)"
}

@test "O2 five days are enough" {
	server mail-451
	waiting
	ok deliver
	ok deliver --now 2026-03-06T11:59:59Z
	is "$(state | tr ' ' '\n' | sort -u)" queued
	sql "UPDATE outbox SET next_attempt_at = 1 WHERE state = 'queued'"
	portalctl deliver --now 2026-03-06T12:00:00Z
	is "$status" 8 "$err"
	has "$err" "451"
	is "$(state | tr ' ' '\n' | sort -u)" failed
}

@test "P5 an answer that never came: once more, under the same Message-ID, and no more" {
	server dot-rst
	waiting
	sql "UPDATE outbox SET state = 'cancelled', next_attempt_at = NULL WHERE recipient <> 'carla@beta.example'"
	portalctl deliver
	is "$status" 8 "$err"
	is "$(state)" unknown
	ok deliver --now 2026-03-01T12:10:00Z
	is "$(accepted)" 1
	portalctl deliver --now 2026-03-01T12:16:00Z
	is "$(accepted)" 2
	is "$(state)" unknown
	ok deliver --now 2026-04-01T12:00:00Z
	is "$(accepted)" 2
	is "$(grep -o '"msgid": "[^"]*"' smtp.log | sort -u | wc -l)" 1
	ok outbox retry "$(sql "SELECT id FROM outbox WHERE state = 'unknown'")"
	is "$(state)" queued
}

@test "P4 what a process that died had claimed is not sent by others, nor lost" {
	waiting
	sql "UPDATE outbox SET state = 'cancelled', next_attempt_at = NULL WHERE recipient <> 'carla@beta.example'"
	sql "UPDATE outbox SET state = 'sending', lease = 'x', lease_until = 1772366500000, next_attempt_at = NULL,
		attempts = 1, first_attempt_at = 1772366400000 WHERE state = 'queued'"
	ok deliver
	is "$(state)" sending
	ok deliver --now 2026-03-01T12:02:00Z
	is "$(state)" unknown
	ok deliver --now 2026-03-01T12:30:00Z
	is "$(state)" sent
}

# claimed SQL: the mail to carla@beta.example as a process that died left it, but for what SQL sets.
claimed() {
	sql "UPDATE outbox SET state = 'sending', lease = 'x', lease_until = 1772366500000, attempts = 0,
		boot = '$(cat /proc/sys/kernel/random/boot_id)' WHERE recipient = 'carla@beta.example';
		UPDATE outbox SET $1 WHERE lease = 'x'"
}

@test "P5 what a process that died had claimed but not begun waits again, and no attempt counts" {
	waiting
	claimed "lease = 'x'"
	ok deliver --channel whatsapp
	is "$(sql "SELECT state || ' ' || attempts FROM outbox WHERE recipient = 'carla@beta.example'")" "queued 0"
	ok deliver
	is "$(sql "SELECT state || ' ' || attempts FROM outbox WHERE recipient = 'carla@beta.example'")" "sent 1"
}

states() {
	sql "SELECT state, attempts, count(*) FROM outbox WHERE state <> 'cancelled' GROUP BY 1, 2 ORDER BY 1, 2" |
		paste -sd' '
}

@test "P5 what a process has claimed is left to it while it lives, and not a moment longer" {
	server dot-silent
	waiting
	rest=$(($(sql "SELECT count(*) FROM outbox WHERE state = 'queued'") - 1))
	"$PORTALCTL" deliver >/dev/null 2>&1 3>&- &
	pid=$!
	while [ "$(accepted)" = 0 ]; do sleep 0.02; done
	is "$(states)" "sending|0|$rest sending|1|1"
	ok deliver
	is "$(states)" "sending|0|$rest sending|1|1"
	kill -KILL "$pid"
	wait "$pid" || :
	kill "$server"
	server ok
	ok deliver
	is "$(states)" "sent|1|$rest unknown|1|1"
	is "$(accepted)" $((rest + 1))
}

@test "P5 what was claimed before the machine started anew is never taken for one that did not leave" {
	waiting
	claimed "boot = 'another'"
	ok deliver --now 2026-03-01T12:02:00Z
	is "$(sql "SELECT state || ' ' || attempts FROM outbox WHERE recipient = 'carla@beta.example'")" "unknown 0"
	claimed "boot = NULL"
	ok deliver --now 2026-03-01T12:02:00Z
	is "$(sql "SELECT state FROM outbox WHERE recipient = 'carla@beta.example'")" unknown
	claimed "started_at = 1"
	ok deliver --now 2026-03-01T12:02:00Z
	is "$(sql "SELECT state FROM outbox WHERE recipient = 'carla@beta.example'")" unknown
}

@test "O2 a mail that a server took is sent, though its process died before it wrote so, and not sent again" {
	waiting
	claimed "started_at = 1, sent_at = 1772366400000"
	ok deliver --now 2026-03-01T12:02:00Z
	is "$(sql "SELECT state, sent_at, next_attempt_at IS NULL FROM outbox WHERE recipient = 'carla@beta.example'")" \
		"sent|1772366400000|1"
	is "$(grep -l 'To: carla@beta.example' $(mails) | wc -l)" 0
}

@test "P5 what was in doubt once is not tried a third time by itself" {
	waiting
	claimed "started_at = 1"
	ok deliver --now 2026-03-01T12:02:00Z
	is "$(sql "SELECT next_attempt_at FROM outbox WHERE recipient = 'carla@beta.example'")" 1772367420000
	claimed "started_at = 1"
	ok deliver --now 2026-03-01T12:20:00Z
	is "$(sql "SELECT state, next_attempt_at IS NULL FROM outbox WHERE recipient = 'carla@beta.example'")" "unknown|1"
	id=$(sql "SELECT id FROM outbox WHERE recipient = 'carla@beta.example'")
	claimed "lease = 'x'"
	ok deliver --now 2026-03-01T12:00:00Z
	ok outbox list --state sending
	ok deliver --channel whatsapp --now 2026-03-01T12:20:00Z
	is "$(sql "SELECT state FROM outbox WHERE id = $id")" unknown
	ok outbox retry "$id"
	ok deliver --now 2026-03-01T12:20:00Z
	is "$(sql "SELECT state, in_doubt FROM outbox WHERE id = $id")" "sent|0"
}

# many N: so many mails that wait.
many() {
	sql "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1)
		INSERT INTO outbox (channel, recipient, template, language, arguments, state, attempts, next_attempt_at,
			cause_kind, cause_id, created_at)
		SELECT 'email', 'p' || i || '@muitos.example', template, language, arguments, 'queued', 0,
			next_attempt_at - 1000000 + i, cause_kind, cause_id, created_at
		FROM n, (SELECT * FROM outbox WHERE template = 'request_sent' OR template = 'invite_sent' ORDER BY id DESC LIMIT 1)"
}

@test "O2 a run that ends gives back what it had claimed and not begun" {
	server dot-silent
	waiting
	many 20
	count=$(sql "SELECT count(*) FROM outbox WHERE state = 'queued'")
	portalctl deliver --max-seconds 1
	is "$(sql "SELECT state, attempts, count(*) FROM outbox WHERE state <> 'cancelled' GROUP BY 1, 2 ORDER BY 3")" \
		"$(printf 'unknown|1|1\nqueued|0|%d' $((count - 1)))"
	is "$(sql "SELECT count(*) FROM outbox WHERE lease IS NOT NULL")" 0
	kill "$server"
	server ok
	ok deliver
	is "$(accepted)" "$count"
}

@test "O2 a message nobody can send does not hold up the others" {
	waiting
	many 299
	sql "UPDATE outbox SET arguments = '[' WHERE recipient = 'p100@muitos.example'"
	portalctl deliver --json
	is "$status" 7 "$out $err"
	holds '.data | "\(.sent) \(.failed)"' "$(($(sql "SELECT count(*) FROM outbox WHERE state <> 'cancelled'") - 1)) 1"
	is "$(sql "SELECT state FROM outbox WHERE recipient = 'p100@muitos.example'")" failed
	is "$(mails | wc -l)" "$(json .data.sent)"
}

@test "O2 the exit status tells a server's fault from one on this side" {
	server rcpt-550
	waiting
	cp config.yaml right.yaml
	cp portal.db before.db
	portalctl deliver --json
	is "$status" 8 "$err"
	is "$(jq -r '"\(.code) \(.exit) \(.retryable)"' err.txt)" "remote 8 true"
	holds '.data | has("ours")' false
	for fault in "/ca_file/s/: .*/: none.pem/" "s/password_file: .*/password_file: none.txt/"; do
		cp before.db portal.db
		sed "$fault" right.yaml >config.yaml
		portalctl deliver
		is "$status" 1 "$fault: $err"
		is "$(sql "SELECT count(*) FROM outbox WHERE state = 'queued'")" "$(sqlite3 before.db "SELECT count(*) FROM outbox WHERE state = 'queued'")"
	done
	cp before.db portal.db
	sql "UPDATE outbox SET arguments = '[' WHERE state = 'queued'"
	PORTALCTL_CONFIG=right.yaml portalctl deliver
	is "$status" 1 "$err"
	kill "$server"
	cp before.db portal.db
	PORTALCTL_CONFIG=right.yaml ok deliver
	has "$(state)" queued "a server that is not there is asked again"
}

@test "O2 what is rehearsed is not done in a loop" {
	waiting
	untouched refused 2 "--loop" deliver --loop --dry-run
}

@test "P5 many at once send each message once" {
	local i
	waiting
	for i in 1 2 3 4 5 6 7 8; do ok invite send $GAMA --email "p$i@gama.example"; done
	count=$(sql "SELECT count(*) FROM outbox WHERE state = 'queued'")
	server ok
	for i in 1 2 3 4; do "$PORTALCTL" deliver >/dev/null 3>&- & pids="${pids:-} $!"; done
	# shellcheck disable=SC2086 # several
	wait $pids
	is "$(accepted)" "$count"
	is "$(grep -o '"msgid": "[^"]*"' smtp.log | sort -u | wc -l)" "$count"
	is "$(sql 'SELECT max(attempts) FROM outbox')" 1
}

@test "O2 a loop sends what comes, and ends cleanly with a signal" {
	waiting
	"$PORTALCTL" deliver --loop >loop.txt 2>loop-err.txt 3>&- &
	pid=$!
	for _ in $(seq 100); do [ "$(state | tr ' ' '\n' | sort -u)" = sent ] && break; sleep 0.05; done
	ok invite send $GAMA --email nova@gama.example
	for _ in $(seq 100); do [ "$(state | tr ' ' '\n' | sort -u)" = sent ] && break; sleep 0.05; done
	is "$(state | tr ' ' '\n' | sort -u)" sent
	kill -TERM "$pid"
	status=0
	wait "$pid" || status=$?
	is "$status" 143
	is "$(cat loop-err.txt)" ""
}

# looping [OPTION...]: a loop in the background.
looping() {
	"$PORTALCTL" "$@" deliver --loop >loop.txt 2>loop-err.txt 3>&- 4>&- &
	pid=$!
}

# loop_ends STATUS SENTENCE: by itself, as the loop is woken.
loop_ends() {
	for _ in $(seq 200); do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
	status=0
	wait "$pid" || status=$?
	is "$status" "$1"
	has "$(<loop-err.txt)" "$2"
}

@test "O2 a loop outlasts whoever has the database to himself for longer than it waits" {
	waiting
	(echo "BEGIN IMMEDIATE;"; while [ ! -e enough ]; do sleep 0.1; done; echo "COMMIT;") | sqlite3 portal.db 3>&- 4>&- &
	sleep 0.5
	looping --wait 1
	for _ in $(seq 100); do [ -s loop-err.txt ] && break; sleep 0.1; done
	has "$(<loop-err.txt)" "database is locked"
	sleep 0.5
	kill -0 "$pid"
	touch enough
	kill -TERM "$pid"
	loop_ends 143 "database is locked"
	is "$(grep -c . loop-err.txt)" 1
}

@test "P5 a loop ends where another database has come in the place of its own" {
	waiting
	looping
	for _ in $(seq 100); do [ "$(state | tr ' ' '\n' | sort -u)" = sent ] && break; sleep 0.05; done
	cp portal.db other.db
	mv other.db portal.db
	loop_ends 1 "was replaced or removed meanwhile"
}

@test "P11 a loop ends where a newer program has changed the database" {
	waiting
	looping
	for _ in $(seq 100); do [ "$(state | tr ' ' '\n' | sort -u)" = sent ] && break; sleep 0.05; done
	sqlite3 -cmd ".timeout 5000" portal.db "PRAGMA user_version = 999; UPDATE outbox SET state = 'queued', next_attempt_at = 1"
	loop_ends 1 "made by a newer portalctl"
	is "$(state | tr ' ' '\n' | sort -u)" queued
}

@test "O2 a rehearsal sends nothing" {
	waiting
	before=$(fingerprint)
	ok deliver -n --json
	[ "$(json .data.deferred)" -gt 0 ]
	is "$(fingerprint)" "$before"
	[ ! -e portal.db.mail ]
}

@test "O2 a message can be held back, released, cancelled and tried again" {
	waiting
	id=$(sql "SELECT max(id) FROM outbox WHERE state = 'queued'")
	ok outbox hold "$id" --json
	holds '"\(.action) \(.data.state) \(.data.next_attempt_at)"' "held held null"
	ok outbox hold "$id" --json
	holds .changed false
	refused 5 "held" outbox retry "$id"
	ok deliver
	is "$(sql "SELECT state FROM outbox WHERE id = $id")" held
	ok outbox release "$id"
	ok outbox cancel "$id"
	ok deliver
	is "$(sql "SELECT state FROM outbox WHERE id = $id")" cancelled
	ok outbox retry "$id"
	ok deliver
	is "$(sql "SELECT state FROM outbox WHERE id = $id")" sent
	refused 5 "sent" outbox cancel "$id"
	refused 3 "there is no message '999'" outbox cancel 999
	is "$(sql "SELECT group_concat(action, ' ') FROM (SELECT action FROM audit WHERE target_kind = 'outbox' ORDER BY id)")" \
		"outbox.hold outbox.release outbox.cancel outbox.retry"
}

# decides: what each decision makes of a message in each state; "-": it is refused.
decides() {
	cat <<-END
		queued    retry:queued    hold:held  release:queued  cancel:cancelled
		held      retry:-         hold:held  release:queued  cancel:cancelled
		sending   retry:-         hold:-     release:-       cancel:-
		sent      retry:-         hold:-     release:-       cancel:-
		failed    retry:queued    hold:-     release:-       cancel:cancelled
		unknown   retry:queued    hold:-     release:-       cancel:cancelled
		cancelled retry:queued    hold:-     release:-       cancel:cancelled
	END
}

@test "O2 what people may decide of a message goes by its state, in every state" {
	local was decision to words
	waiting
	id=$(sql "SELECT max(id) FROM outbox WHERE state = 'queued'")
	while read -r was words; do
		for decision in $words; do
			to=${decision#*:}
			sql "UPDATE outbox SET state = '$was', next_attempt_at = 1 WHERE id = $id"
			if [ "$to" = - ]; then
				untouched code wrong_state outbox "${decision%:*}" "$id"
			else
				ok outbox "${decision%:*}" "$id" --json
				holds '"\(.data.state) \(.changed)"' "$to $([ "$was" = "$to" ] && echo false || echo true)"
			fi
		done
	done < <(decides)
}

@test "O2 one that waits for its time is tried at once when somebody says so" {
	waiting
	id=$(sql "SELECT max(id) FROM outbox WHERE state = 'queued'")
	sql "UPDATE outbox SET next_attempt_at = 1772370000000 WHERE id = $id"
	ok outbox retry "$id" --json
	holds '"\(.changed) \(.data.next_attempt_at)"' "true 2026-03-01T12:00:00Z"
	ok deliver
	is "$(sql "SELECT state FROM outbox WHERE id = $id")" sent
}

@test "O2 mails leave without TLS for this machine alone" {
	waiting
	printf 'smtp:\n  host: mail.example\n  security: none\n' >config.yaml
	PORTALCTL_CONFIG=$PWD/config.yaml portalctl deliver
	is "$status $(state | tr ' ' '\n' | sort -u)" "6 queued"
	has "$err" "without TLS"
}

@test "O2 no text breaks out of a mail, and each arrives as it was" {
	waiting
	sql "UPDATE outbox SET state = 'cancelled', next_attempt_at = NULL"
	server ok good --save saved
	"$BATS_TEST_DIRNAME/../net/mail-cases.py" portal.db smtp.log saved -- "$PORTALCTL" deliver >said.txt || :
	is "$(cat said.txt)" "19 bodies, 20 headers"
}

@test "O2 nothing turns the checks of certificates off" {
	cd "$BATS_TEST_DIRNAME/../.."
	is "$(grep -rnE 'VERIFY(PEER|HOST) *, *0|--insecure' lib cmd include man completions examples)" ""
	is "$(grep -c 'VERIFYPEER, 1L\|VERIFYHOST, 2L' lib/net/curl.c)" 2
}
