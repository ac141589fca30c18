load helpers
load network

client=+5531999990001 other=+5531999990002

# The stand-in of the Cloud API, the settings to reach it, and a ticket to say something in.
ready() {
	network
	sql "UPDATE outbox SET state = 'cancelled', next_attempt_at = NULL"
	"$BATS_TEST_DIRNAME/../cloud/cloud" --port-file port.txt >cloud.txt 2>&1 3>&- 4>&- &
	cloud=$!
	for _ in $(seq 300); do [ -s port.txt ] && break; sleep 0.1; done
	host=http://127.0.0.1:$(cat port.txt)
	(umask 077; echo EAAstandin >token.txt)
	printf 'whatsapp:\n  phone_number_id: "%s"\n  token_file: token.txt\n  api_url: %s/v25.0\n  timeout_seconds: 2\n' \
		106540352242922 "$host" >config.yaml
	export PORTALCTL_CONFIG=$PWD/config.yaml
	sql "INSERT INTO ticket (id, day, n, contact_id, subject, tags, origin, status, office_unread, client_unread,
		opened_at, updated_at) SELECT 1, '260301', 1, min(id), 'S', '', 'whatsapp', 'new', 0, 0, 1, 1 FROM contact"
}

teardown() {
	[ -z "${cloud:-}" ] || kill "$cloud"
}

control() {
	curl -s ${2:+-d "$2"} "$host/_control/$1"
}

opened() {
	control client/say "{\"from\":\"${1#+}\",\"text\":\"oi\"}" >/dev/null
	known "$1" 1772366000000
}

# known PHONE WHEN: a contact has it, and wrote last then.
known() {
	sql "INSERT INTO contact_identity (identity, contact_id, client_at)
		SELECT '${1:1:4}${1:6}', min(id), $2 FROM contact WHERE true
		ON CONFLICT DO UPDATE SET client_at = excluded.client_at"
}

# queue RECIPIENT TEMPLATE ARGUMENTS [CAUSE]
queue() {
	sql "INSERT INTO outbox (channel, recipient, template, language, arguments, state, attempts, next_attempt_at,
		cause_kind, cause_id, created_at) VALUES ('whatsapp', '$1', '$2', 'pt_BR', '$3', 'queued', 0, 1,
		'${4:-message}', ${5:-1}, 1)"
}

# text RECIPIENT BODY
text() {
	sql "INSERT INTO message (ticket_id, at, direction, via, automatic, internal, delivery, body)
		VALUES (1, 1, 'out', 'whatsapp', 0, 0, 'queued', '$2')"
	queue "$1" wa_message '{}' message "(SELECT max(id) FROM message)"
}

states() {
	sql "SELECT state FROM outbox WHERE state <> 'cancelled' ORDER BY id" | paste -sd' '
}

bodies() {
	control messages | jq -r '[.messages[].request | .text.body // .template.name] | join(" ")'
}

@test "W1 texts go out in the order of each client, and say what became of them" {
	ready
	opened $client
	opened $other
	text $client um
	text $client dois
	text $other outro
	text $client tres
	ok deliver --json
	holds '.data | "\(.sent) \(.deferred) \(.failed)"' "4 0 0"
	is "$(bodies)" "um outro dois tres"
	is "$(states)" "sent sent sent sent"
	is "$(sql "SELECT count(DISTINCT wamid) FROM outbox WHERE wamid LIKE 'wamid.%'")" 4
	is "$(sql 'SELECT group_concat(DISTINCT delivery) FROM message')" sent
	ok deliver --json
	holds .data.sent 0
}

@test "W1 an approved template is called as the settings say" {
	ready
	queue $client wa_start '{"contact_name":"Ana"}' conversation 42
	ok deliver
	is "$(control messages | jq -c '.messages[0].request.template | [.name, .language.code,
		.components[0].parameters[0].text]')" '["conversar_agora","pt_BR","Ana"]'
	is "$(control messages | jq -r '.messages[0].request.template.components[1].parameters[0].payload')" \
		"portalctl:start:42"
	printf '  templates:\n    start: atendimento_concluido\n' >>config.yaml
	queue $other wa_start '{"contact_name":"Bia"}' conversation 43
	portalctl deliver
	has "$(control messages | jq -r '.messages[-1].request.template.name') $err" "atendimento_concluido"
}

@test "W2 without an open window a text waits for the client again" {
	ready
	known $client 1772280000000
	text $client um
	ok deliver
	is "$(states)" ""
	is "$(sql 'SELECT delivery FROM message')" awaiting_client
	is "$(bodies)" ""
}

@test "W2 what WhatsApp refuses as the window is closed waits for the client, and all that is behind it" {
	ready
	known $client 1772366000000
	text $client um
	text $client dois
	control faults '{"faults":[{"mode":"error","code":131047,"status":400}]}' >/dev/null
	portalctl deliver
	is "$status" 8
	is "$(states)" failed
	is "$(sql 'SELECT group_concat(delivery) FROM message WHERE body IS NOT NULL')" awaiting_client,awaiting_client
	is "$(sql "SELECT count(*) FROM notification WHERE kind = 'wa_waiting'")" 1
	is "$(bodies)" ""
}

@test "O2 without a number of WhatsApp its messages stay where they are, and nothing is said" {
	ready
	text $client um
	PORTALCTL_CONFIG=/dev/null ok deliver
	is "$out" "sent: 0, to be tried again: 0"
	is "$(states)" queued
	PORTALCTL_CONFIG=/dev/null ok deliver -n --json
	holds .data.deferred 0
}

@test "O2 a channel that stops leaves the other to go on" {
	ready
	echo EAAanother >token.txt
	opened $client
	text $client um
	ok invite send $GAMA --email nova@gama.example
	portalctl deliver --json
	is "$status" 8 "$out"
	holds '.data | "\(.sent > 0) \(.deferred) \(.stopped)"' "true 1 1"
	is "$(sql "SELECT state || attempts FROM outbox WHERE channel = 'whatsapp'")" queued0
	is "$(sql "SELECT count(*) FROM outbox WHERE channel = 'email' AND state = 'queued'")" 0
	rm token.txt
	printf 'whatsapp:\n  phone_number_id: "1"\n' >config.yaml
	ok invite send $GAMA --email outra@gama.example
	portalctl deliver --now 2026-03-01T13:00:00Z
	is "$status" 1
	has "$err" "need a number and a token"
	is "$(sql "SELECT count(*) FROM outbox WHERE channel = 'email' AND state = 'queued'")" 0
}

@test "O2 a token that can't be read leaves the summary, and status 1" {
	ready
	opened $client
	text $client um
	rm token.txt
	ok invite send $GAMA --email nova@gama.example
	portalctl deliver --json
	is "$status" 1 "$err"
	holds '.data | "\(.sent > 0) \(.stopped)"' "true 1"
	has "$(json .data.reason)" "can't read the whatsapp.token"
	holds '.data | has("unopened")' false
	is "$(states)" "queued sent sent"
	is "$(sql "SELECT attempts FROM outbox WHERE channel = 'whatsapp' AND state = 'queued'")" 0
}

@test "O2 a loop goes on without a token, says so once, and sends when it is there" {
	ready
	opened $client
	mv token.txt away.txt
	text $client um
	text $client dois
	"$PORTALCTL" deliver --loop --json >loop.txt 2>loop-err.txt 3>&- 4>&- &
	pid=$!
	for _ in $(seq 100); do [ -s loop-err.txt ] && break; sleep 0.05; done
	ok invite send $GAMA --email nova@gama.example
	for _ in $(seq 100); do [ "$(states)" = "queued queued sent sent" ] && break; sleep 0.05; done
	is "$(states)" "queued queued sent sent"
	mv away.txt token.txt
	ok invite send $GAMA --email outra@gama.example
	for _ in $(seq 100); do [[ "$(states)" != *queued* && "$(states)" != *sending* ]] && break; sleep 0.05; done
	is "$(bodies)" "um dois"
	kill -TERM "$pid"
	status=0
	wait "$pid" || status=$?
	is "$status" 143
	is "$(grep -c . loop-err.txt) $(jq -r .data.stopped loop.txt)" "1 1"
	has "$(<loop-err.txt)" "can't read the whatsapp.token"
}

@test "O2 a loop takes up a token that has been replaced" {
	ready
	opened $client
	(umask 077; echo EAAother >token.txt)
	text $client um
	text $client dois
	"$PORTALCTL" deliver --loop --channel whatsapp >loop.txt 2>loop-err.txt 3>&- 4>&- &
	pid=$!
	for _ in $(seq 100); do [ -s loop-err.txt ] && break; sleep 0.05; done
	(umask 077; echo EAAstandin >new.txt; mv new.txt token.txt)
	sqlite3 -cmd '.timeout 10000' portal.db \
		"DELETE FROM channel_hold; UPDATE outbox SET next_attempt_at = 1 WHERE state = 'queued'"
	for _ in $(seq 100); do [ "$(states)" = "sent sent" ] && break; sleep 0.05; done
	kill -TERM "$pid"
	wait "$pid" || status=$?
	is "$(bodies)" "um dois"
	is "$status $(grep -c . loop-err.txt)" "143 1"
	has "$(<loop-err.txt)" "nothing more can be sent: (#190)"
}

@test "O2 of two secrets that can't be read both are named" {
	ready
	opened $client
	text $client um
	rm token.txt
	printf 'smtp:\n  host: 127.0.0.1\n  user: u\n  password_file: %s/none.txt\n' "$PWD" >>config.yaml
	ok invite send $GAMA --email nova@gama.example
	portalctl deliver --json
	is "$status $(json .data.stopped)" "1 2"
	has "$err" "can't read the whatsapp.token"
	has "$err" "can't read the smtp.password"
}

@test "P5 an answer that never came over WhatsApp is never tried again by itself" {
	ready
	opened $client
	text $client um
	control faults '{"faults":[{"mode":"lost"}]}' >/dev/null
	portalctl deliver
	is "$status" 8 "$out"
	is "$(states)" unknown
	ok deliver --now 2026-03-03T12:00:00Z
	is "$(bodies)" um
	is "$(states)" unknown
}
