load helpers
load network
load mail-server

# due: the one command for cron (O3). What it does to invites, sales and tasks is tested
# with them.

# yearly: an invite that expires, a task that comes again and one to be reminded of, and
# mails that wait, at a time when all of it is due.
yearly() {
	network
	ok invite send $BETA --email x@beta.example
	ok task add T --company $BETA --every month --day 2 --competence 2027-01 --assignee dora@office.example
	at 2027-03-01T12:00:00Z
}

states() {
	sql "SELECT state || ' ' || count(*) FROM outbox GROUP BY state" | paste -sd' '
}

@test "O3 due does all of it and sends what came of it, silently, and then nothing" {
	yearly
	ok -q due
	is "$out" ""
	is "$(sql "SELECT status FROM invite")" cancelled
	is "$(sql "SELECT count(*) FROM task")" 2
	is "$(mailed task_reminder)" "dora@office.example dora@office.example"
	is "$(states)" "cancelled 3 sent $(find portal.db.mail -type f | wc -l)"
	ok status --json
	holds '.data | "\(.due_count) \(.outbox_queued)"' "0 0"
	untouched ok due --json
	holds '"\(.changed) \(.data.messages_sent)"' "false 0"
	ok due
	is "$out" "nothing was due"
}

@test "O3 due says what it did" {
	yearly
	sql "UPDATE outbox SET state = 'cancelled', next_attempt_at = NULL"
	ok due
	is "$out" "invites expired: 1, tasks made: 1, reminders of tasks: 2, messages sent: $(find portal.db.mail -type f | wc -l)"
}

@test "O3 a rehearsal of due says what it would do and send, what it would queue first among it" {
	yearly
	sql "UPDATE outbox SET state = 'cancelled', next_attempt_at = NULL WHERE template = 'invite_sent'"
	queued=$(sql "SELECT count(*) FROM outbox WHERE state = 'queued'")
	rehearses due
	json '.data | tostring' >rehearsed.txt
	[ "$(json .data.messages_sent)" -gt "$queued" ]
	[ ! -e portal.db.mail ]
	ok due -n
	has "$out" "messages to be sent: $(jq .messages_sent rehearsed.txt)"
	ok due --json
	is "$(json '.data | tostring')" "$(cat rehearsed.txt)"
}

@test "O3 a channel that can't work is told of in one line, and the rest is done" {
	yearly
	server auth-535
	portalctl due --json
	is "$status" 8 "$err"
	holds '.data | "\(.invites_expired) \(.tasks_made) \(.messages_sent) \(.channels_stopped)"' "1 1 0 1"
	is "$(jq -r .code err.txt)" remote
	sql "DELETE FROM channel_hold"
	portalctl -q due
	is "$status" 8
	is "$out" ""
	one_sentence
	has "$err" "535"
}

@test "O3 a password that is not there stops mails alone" {
	yearly
	PASSWORD_FILE=none.txt server ok
	portalctl due --json
	is "$status" 1 "$err"
	has "$err" "can't read the smtp.password"
	holds .data.invites_expired 1
	is "$(sql "SELECT count(*) FROM outbox WHERE state = 'sent'")" 0
}

@test "O3 a token that is not there stops WhatsApp alone, and only where something waits for it" {
	yearly
	printf 'whatsapp:\n  phone_number_id: "4242"\n  token_file: %s\n' "$PWD/none.txt" >config.yaml
	export PORTALCTL_CONFIG=$PWD/config.yaml
	ok due
	ok invite send $GAMA --email x@gama.example
	sql "INSERT INTO outbox (channel, recipient, template, language, arguments, state, attempts, next_attempt_at,
		cause_kind, cause_id, created_at)
		VALUES ('whatsapp', '+5531999990001', 'wa_start', 'pt_BR', '{}', 'queued', 0, 1, 'message', 1, 1)"
	for command in due deliver; do
		portalctl "$command"
		is "$status" 1 "$command: $err"
		has "$err" "can't read the whatsapp.token from '$PWD/none.txt'"
	done
	is "$(sql "SELECT channel || ' ' || recipient FROM outbox WHERE state = 'queued'")" "whatsapp +5531999990001"
	echo "whatsapp: {phone_number_id: \"4242\"}" >config.yaml
	portalctl deliver
	is "$status" 1 "no token is set: $err"
	has "$err" "whatsapp.token_file"
}

@test "O3 what fails in due keeps no message from being sent" {
	yearly
	touch portal.db.files
	refused 1 "" due
	one_sentence
	has "$err" portal.db.files
	is "$(sql "SELECT count(*) FROM outbox WHERE state = 'queued'")" 0
}

@test "O3 messages that were refused for good are told of, those that come again are not" {
	yearly
	server rcpt-550
	portalctl -q due
	is "$status" 8
	has "$err" "550"
	one_sentence
	kill "$server"
	ok -q due
	rm -f port.txt
	ok invite send $GAMA --email y@gama.example
	server rcpt-450
	ok -q due
	has "$(states)" queued
}

@test "O3 due sends no longer than it may" {
	yearly
	TIMEOUT=20 server greet-silent
	SECONDS=0
	ok due --max-seconds 1
	[ "$SECONDS" -le 6 ]
	has "$(states)" queued
}

@test "O3 a signal ends due between two messages, and says so" {
	yearly
	TIMEOUT=20 server dot-silent good --hold 2
	"$PORTALCTL" -q due >out.txt 2>err.txt 3>&- &
	pid=$!
	for _ in $(seq 100); do grep -q '"ev": "accepted"' smtp.log && break; sleep 0.05; done
	kill -TERM "$pid"
	status=0
	wait "$pid" || status=$?
	has "$(states)" "unknown 1"
	has "$(states)" "queued"
	[ "$status" -ne 0 ]
}

@test "O3 a password may be a credential of a systemd unit" {
	yearly
	# shellcheck disable=SC2016 # it stands so in the settings
	PASSWORD_FILE='$CREDENTIALS_DIRECTORY/smtp-password' server ok
	portalctl due
	is "$status" 1
	has "$err" 'from '"'"'$CREDENTIALS_DIRECTORY/smtp-password'"'"': No such file'
	mkdir credentials
	mv password.txt credentials/smtp-password
	CREDENTIALS_DIRECTORY=$PWD/credentials ok -q due
	is "$(states)" "cancelled 3 sent $(grep -c '"ev": "accepted"' smtp.log)"
	has "$(cat smtp.log)" '"auth": true'
}

@test "O3 whoever may not do what is due sends nothing either" {
	yearly
	denied due --as ana@alfa.example
	is "$(sql "SELECT count(*) FROM outbox WHERE state = 'sent'")" 0
}

# spoken TICKET USER PHONE IDENTITY WROTE: the ticket is spoken of with who wrote last then.
spoken() {
	ok contact set "$2" --phone "$3"
	ok ticket open --contact "$2" --subject "Dúvida"
	sql "UPDATE contact_identity SET client_at = $(date -d "$5" +%s)000 WHERE identity = '$4'"
	ok wa start "$1"
}

# unread FROM AT: a web hook that nobody has read yet.
unread() {
	printf '{"object":"whatsapp_business_account","entry":[{"id":"77","changes":[{"field":"messages","value":{"metadata":{"phone_number_id":"4242"},"messages":[{"id":"w1","from":"%s","timestamp":"%s","type":"text","text":{"body":"Oi"}}]}}]}]}' \
		"$1" "$(date -d "$2" +%s)" >body.json
	sql "INSERT INTO webhook (received_at, sha256, verified, state, body)
		VALUES ($(date -d "$2" +%s)000, 'x', 1, 'received', CAST(readfile('body.json') AS TEXT))"
}

@test "O3 due reads what clients wrote, and then ends what is over and warns of what is about to be" {
	network
	(umask 077; echo EAAstandin >token.txt)
	printf 'whatsapp:\n  phone_number_id: "4242"\n  token_file: token.txt\n' >config.yaml
	export PORTALCTL_CONFIG=$PWD/config.yaml
	spoken 260301-001 ana@alfa.example '(31) 99999-0001' 553199990001 2026-02-28T13:20:00Z
	spoken 260301-002 bia@beta.example '(31) 99999-0002' 553199990002 2026-02-28T13:00:00Z
	spoken 260301-003 gil@gama.example '(31) 99999-0003' 553199990003 2026-02-28T13:30:00Z
	unread 553199990001 2026-03-01T12:59:00Z
	at 2026-03-01T13:00:00Z
	ok due --json
	holds '.data | "\(.webhooks_read) \(.conversations_ended) \(.conversations_warned)"' "1 1 1"
	is "$(sql "SELECT status || COALESCE(end_reason, '') FROM conversation ORDER BY id" | paste -sd' ')" \
		"active endedinactivity active"
	is "$(notified wa_closing)" $OFFICE
	ok due --now 2026-03-01T13:29:59Z --json
	holds '"\(.changed) \(.data.conversations_ended) \(.data.conversations_warned)"' "false 0 0"
	ok due --now 2026-03-01T13:30:00Z --json
	holds '"\(.changed) \(.data.conversations_ended) \(.data.messages_sent)"' "true 1 0"
}
