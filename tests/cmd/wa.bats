load helpers
load network

# A ticket of Ana's, who has a phone.
with_ticket() {
	network
	ok contact set ana@alfa.example --phone '(31) 99999-0001'
	ok ticket open --contact ana@alfa.example --subject "Certidão negativa"
	N=260301-001
}

# wrote AT: Ana's last message over WhatsApp, by the provider's clock.
wrote() {
	sql "UPDATE contact_identity SET client_at = $(date -d "$1" +%s)000 WHERE identity = '553199990001'"
}

# calls: what the outbox holds for WhatsApp.
calls() {
	sql "SELECT template || ':' || state FROM outbox WHERE channel = 'whatsapp' ORDER BY id" | paste -sd' '
}

# messages: of the conversation, as they were delivered.
messages() {
	sql "SELECT body || ':' || COALESCE(delivery, '') FROM message WHERE via = 'whatsapp' AND automatic = 0
		ORDER BY id" | paste -sd'|'
}

events() {
	sql "SELECT event || ':' || COALESCE(event_to, '') FROM message WHERE event LIKE 'conversation%' ORDER BY id" |
		paste -sd' '
}

@test "W2 with an open window a conversation is active, and messages go at once" {
	with_ticket
	wrote 2026-03-01T11:00:00Z
	ok wa start $N --json
	holds '.data | "\(.status) \(.window_open) \(.window_closes_at) \(.phone) \(.waiting_count)"' \
		"active true 2026-03-02T11:00:00Z +5531999990001 0"
	holds '.action, .changed' $'started\ntrue'
	ok wa send $N --body "Segue a certidão." --json
	holds '.data | "\(.via) \(.direction) \(.delivery)"' "whatsapp out queued"
	is "$(calls)" "wa_message:queued"
	is "$(events)" "conversation_started:active"
	ok ticket show $N --json
	holds .data.wa_status active
}

@test "W2 a conversation goes on with the number that it began with, whatever number another start names" {
	with_ticket
	ok contact set ana@alfa.example --phone +5531999990001 --phone +5531999990002
	ok wa start $N --phone +5531999990001
	ok wa start $N --phone "31 99999-0001"
	for again in "" --again; do
		untouched refused 5 "is spoken of with +5531999990001" wa start $N $again --phone +5531999990002
		has "$err" "portalctl wa end $N"
		untouched refused 6 "holds no digit" wa start $N $again --phone garbage
	done
}

@test "W10 hints name commands that can be given, and none where none can" {
	with_ticket
	portalctl wa can-reply $N
	is "$status" 5 && has "$err" "portalctl wa start $N"
	refused 3 "never spoken of" wa show $N
	has "$err" "portalctl wa start $N"
	ok ticket close $N
	refused 3 "never spoken of" wa show $N
	is "${err/hint/}" "$err"
}

@test "W2 without an open window a template asks, and what is written waits for the answer" {
	with_ticket
	ok wa start $N --json
	holds '.data | "\(.status) \(.window_open) \(.window_closes_at)"' "awaiting_client false null"
	is "$(calls)" "wa_start:queued"
	ok wa send $N --body "Primeira" --json
	holds .data.delivery awaiting_client
	ok ticket reply $N --body "Segunda"
	ok wa show $N --json
	holds .data.waiting_count 2
	is "$(messages)" "Primeira:awaiting_client|Segunda:awaiting_client"
	is "$(calls)" "wa_start:queued"
	portalctl --lang pt_BR ticket messages $N
	has "$(echo $out)" "Aguardando resposta do cliente para ser entregue via WhatsApp"
}

@test "W2 only an open ticket is spoken of" {
	with_ticket
	ok ticket close $N
	fails 5 wa start $N
	has "$err" "ticket reopen"
	is "$(calls)" ""
	ok ticket open --contact ana@alfa.example --subject "Outra"
	ok ticket cancel 260301-002
	untouched fails 5 wa start 260301-002
	ok ticket open --contact ana@alfa.example --subject "Mais uma"
	ok ticket set 260301-003 --status pending
	ok wa start 260301-003
}

@test "W2 a start in an open window sends what waited since the last one, but for the parts that have gone" {
	with_ticket
	wrote 2026-03-01T11:00:00Z
	ok wa start $N
	echo um >um.txt
	ok wa send $N --body "Segue" --file um.txt
	sql "UPDATE outbox SET state = 'sent', sent_at = 1, next_attempt_at = NULL WHERE id = (SELECT min(id) FROM outbox
			WHERE channel = 'whatsapp');
		UPDATE outbox SET state = 'failed', next_attempt_at = NULL WHERE channel = 'whatsapp' AND state = 'queued';
		UPDATE message SET delivery = 'awaiting_client' WHERE body = 'Segue'"
	at 2026-03-02T12:00:00Z
	ok wa expire
	is "$(messages)" "Segue:awaiting_client"
	wrote 2026-03-02T11:00:00Z
	ok wa start $N --json
	holds '.data | "\(.status) \(.waiting_count)"' "active 0"
	is "$(messages)" "Segue:queued"
	is "$(calls)" "wa_message:sent wa_message:failed wa_message:queued"
	is "$(sql "SELECT json_extract(arguments, '$.name') FROM outbox ORDER BY id DESC LIMIT 1")" um.txt
}

@test "W2 a start that was done is not done again" {
	with_ticket
	ok wa start $N --idempotency-key a
	ok wa start $N --json
	holds .changed false
	is "$(calls)" "wa_start:queued"
	ok wa start $N --again --json
	holds .changed true
	is "$(calls)" "wa_start:queued wa_start:queued"
	ok wa end $N
	ok wa start $N --idempotency-key a --json
	holds '.changed, .data.status' $'false\nended'
}

@test "W1 a second conversation of a contact names the ticket that holds the first" {
	with_ticket
	ok ticket open --contact ana@alfa.example --subject "Outra"
	ok wa start $N
	before=$(fingerprint)
	fails 5 wa start 260301-002
	has "${err%%hint:*}" "260301-001"
	is "$(fingerprint)" "$before"
	code conflict wa start 260301-002
	ok wa end $N
	ok wa start 260301-002
}

@test "W1 another number of the same contact makes no second conversation" {
	local state
	with_ticket
	ok contact set ana@alfa.example --phone '(31) 99999-0001' --phone '(31) 98888-0003'
	ok ticket open --contact ana@alfa.example --subject "Outra"
	for state in active awaiting_client; do
		[ $state = awaiting_client ] || wrote 2026-03-01T11:00:00Z
		ok wa start $N --phone '(31) 99999-0001' --json
		holds .data.status $state
		untouched code conflict wa start 260301-002 --phone '(31) 98888-0003'
		has "$(jq -r .message err.txt)" "260301-001"
		ok wa end $N
		sql "UPDATE contact_identity SET client_at = NULL"
	done
}

@test "W1 two contacts with one number are not spoken with at once, however it is spelled" {
	with_ticket
	ok contact add --company $BETA --name Outra --email outra@beta.example --phone '+55 31 9999-0001'
	ok ticket open --contact outra@beta.example --subject "Outra"
	ok wa start $N
	fails 5 wa start 260301-002
	has "$err" "260301-001"
}

# second TICKET CONTACT IDENTITY STATUS COLUMN: a conversation beside the one that there is, which
# the index of that column refuses.
second() {
	run sql "INSERT INTO conversation (ticket_id, contact_id, address, identity, status, started_at)
		SELECT $1, $2, address, $3, '$4', 1 FROM conversation"
	[ "$status" -ne 0 ]
	has "$output" "UNIQUE constraint failed: conversation.$5"
}

@test "W1 the schema itself holds one live conversation a contact, a ticket and a number" {
	local state
	with_ticket
	ok ticket open --contact bia@beta.example --subject "Outra"
	ok wa start $N
	for state in active awaiting_client; do
		second 2 contact_id "'x'" $state contact_id
		second ticket_id 1 "'x'" $state ticket_id
		second 2 1 identity $state identity
	done
	is "$(sql "SELECT contact_id = 1 FROM conversation")" 0
}

@test "W3 W4 the 24 hours run from the client's message to the second" {
	with_ticket
	wrote 2026-02-28T12:30:00Z
	ok wa start $N
	ok wa can-reply $N --now 2026-03-01T12:29:59Z --json
	holds '.data | "\(.window_open) \(.window_closes_at) \(.last_client_message_at)"' \
		"true 2026-03-01T12:30:00Z 2026-02-28T12:30:00Z"
	portalctl wa can-reply $N --now 2026-03-01T12:30:00Z --json
	is "$status" 5
	holds .data.window_open false
	has "$err" "24 hours"
	ok wa send $N --body "Ainda" --now 2026-03-01T12:29:59Z
	fails 5 wa send $N --body "Tarde" --now 2026-03-01T12:30:00Z
	has "$err" "wa start"
}

@test "W4 what is past its window counts as ended before the job has run, and the job ends it once" {
	with_ticket
	wrote 2026-02-28T13:00:00Z
	ok wa start $N
	ok wa show $N --now 2026-03-01T13:00:00Z --json
	holds '.data | "\(.status) \(.end_reason) \(.ended_at)"' "ended inactivity 2026-03-01T13:00:00Z"
	ok ticket show $N --now 2026-03-01T13:00:00Z --json
	holds .data.wa_status ended
	ok wa list --now 2026-03-01T13:00:00Z --format count
	is "$out" 0
	ok wa list --status ended --now 2026-03-01T13:00:00Z --format count
	is "$out" 1
	ok wa expire --now 2026-03-01T12:59:59Z --json
	holds '.data.ended' 0
	ok wa expire --now 2026-03-01T13:00:00Z --dry-run --json
	holds '.data.ended' 1
	ok wa expire --now 2026-03-01T13:00:00Z --json
	holds '.data.ended, .changed' $'1\ntrue'
	is "$(events)" "conversation_started:active conversation_ended:inactivity"
	ok wa expire --now 2026-03-01T14:00:00Z --json
	holds '.data.ended, .changed' $'0\nfalse'
	ok wa start $N --now 2026-03-01T14:00:00Z --json
	holds .data.status awaiting_client
}

@test "W4 a start after the window closed ends the old one by itself" {
	with_ticket
	wrote 2026-02-28T13:00:00Z
	ok wa start $N
	ok wa start $N --now 2026-03-01T14:00:00Z --json
	holds .data.status awaiting_client
	is "$(events)" \
		"conversation_started:active conversation_ended:inactivity conversation_started:awaiting_client"
}

@test "W4 a start on another ticket after the window closed ends the old one by inactivity" {
	with_ticket
	wrote 2026-02-28T13:00:00Z
	ok wa start $N
	ok ticket open --contact ana@alfa.example --subject "Outra"
	ok wa start 260301-002 --now 2026-03-01T14:00:00Z
	is "$(sql "SELECT ticket_id || status || COALESCE(end_reason, '') FROM conversation ORDER BY id" | paste -sd' ')" \
		"1endedinactivity 2awaiting_client"
	is "$(sql "SELECT event_to FROM message WHERE ticket_id = 1 AND event = 'conversation_ended'")" inactivity
}

@test "W4 what has ended by inactivity keeps that reason when its ticket ends" {
	with_ticket
	wrote 2026-02-28T13:00:00Z
	ok wa start $N
	ok ticket cancel $N --now 2026-03-01T14:00:00Z
	is "$(sql "SELECT status || ' ' || end_reason FROM conversation")" "ended inactivity"
	is "$(events)" "conversation_started:active conversation_ended:inactivity"
}

@test "W4 O3 inactivity ends active conversations only, and of others nobody is warned" {
	with_ticket
	ok wa start $N
	ok wa expire --now 2027-01-01T12:00:00Z --json
	holds '.data | "\(.ended) \(.warned)"' "0 0"
	ok wa show $N --now 2027-01-01T12:00:00Z --json
	holds .data.status awaiting_client
	ok wa list --now 2027-01-01T12:00:00Z --format count
	is "$out" 1
	ok wa list --status ended --now 2027-01-01T12:00:00Z --format count
	is "$out" 0
	ok ticket show $N --now 2027-01-01T12:00:00Z --json
	holds .data.wa_status awaiting_client
	ok status --now 2027-01-01T12:00:00Z --json
	holds .data.due_count 0
}

@test "W4 the office ends it without a word to the client, and what waited is cancelled" {
	with_ticket
	ok wa start $N
	ok wa send $N --body "Nunca"
	ok wa end $N --json
	holds '.data | "\(.status) \(.end_reason) \(.waiting_count)"' "ended ended 0"
	is "$(messages)" "Nunca:cancelled"
	is "$(calls)" "wa_start:cancelled"
	is "$(sql "SELECT status FROM ticket WHERE id = 1")" in_progress
	ok wa end $N --json
	holds .changed false
	fails 5 wa send $N --body "Oi"
	ok ticket open --contact ana@alfa.example --subject "Outra"
	fails 5 wa end 260301-002
}

@test "W4 S13 a ticket that is done says so first, as a text or as a template, and ends it" {
	with_ticket
	wrote 2026-03-01T11:00:00Z
	ok wa start $N
	ok ticket close $N
	is "$(calls)" "wa_message:queued"
	is "$(mailed ticket_closed | grep -c ana@alfa.example)" 0
	is "$(sql "SELECT group_concat(x, ' ') FROM (SELECT COALESCE(event, body) AS x FROM message
		WHERE event LIKE 'conversation_ended' OR body LIKE '%conclu%' ORDER BY id)")" \
		"O atendimento foi concluído sob o número $N. conversation_ended"
	ok wa show $N --json
	holds .data.end_reason "done"
	ok ticket open --contact ana@alfa.example --subject "Outra"
	ok wa start 260301-002
	ok ticket close 260301-002 --now 2026-03-03T12:00:00Z
	is "$(calls)" "wa_message:queued ticket_closed:queued"
}

@test "S13 over WhatsApp with a closed window it is a template" {
	with_ticket
	ok wa start $N
	ok wa send $N --body "Espera"
	ok ticket set $N --status "done"
	is "$(calls)" "wa_start:cancelled ticket_closed:queued"
	is "$(messages)" "Espera:cancelled"
}

@test "W4 cancelling the ticket ends it silently" {
	with_ticket
	wrote 2026-03-01T11:00:00Z
	ok wa start $N
	ok ticket cancel $N
	ok wa show $N --json
	holds .data.end_reason cancelled
	is "$(calls)" ""
}

@test "W4 a client who answers through the app is not written to over WhatsApp" {
	with_ticket
	wrote 2026-03-01T11:00:00Z
	ok wa start $N
	ok --as ana@alfa.example ticket reply $N --body "Pelo aplicativo"
	ok wa show $N --json
	holds .data.end_reason app
	ok ticket reply $N --body "Resposta" --json
	holds .data.via office
	is "$(calls)" ""
}

@test "S7 a reply goes over WhatsApp where the client is being spoken with, unless said otherwise" {
	with_ticket
	wrote 2026-03-01T11:00:00Z
	ok ticket reply $N --body "Por e-mail" --json
	holds .data.via office
	fails 5 ticket reply $N --body x --via whatsapp
	ok wa start $N
	ok ticket reply $N --body "Por aqui" --json
	holds .data.via whatsapp
	ok ticket reply $N --body "De novo por e-mail" --via email --json
	holds .data.via email
	is "$(calls)" "wa_message:queued"
	fails 2 --as ana@alfa.example ticket reply $N --body x --via whatsapp
}

@test "W2 a file is a call of its own, behind the text" {
	with_ticket
	wrote 2026-03-01T11:00:00Z
	ok wa start $N
	echo um >um.txt
	echo dois >dois.txt
	ok wa send $N --body "Seguem" --file um.txt --file dois.txt
	is "$(sql "SELECT group_concat(COALESCE(json_extract(arguments, '$.name'), '-'), ' ') FROM outbox
		WHERE channel = 'whatsapp'")" "- um.txt dois.txt"
	ok outbox list --channel whatsapp --json
	holds '.items[0].subject' "Mensagem do atendimento $N"
	ok outbox show "$(json '.items[1].id')" --body --json
	has "$(json .data.body)" um.txt
}

@test "W2 a text that is longer than WhatsApp takes is refused, in characters" {
	with_ticket
	wrote 2026-03-01T11:00:00Z
	ok wa start $N
	printf 'é%.0s' {1..4096} >long.txt
	ok wa send $N --body-file long.txt
	printf 'é' >>long.txt
	before=$(fingerprint)
	fails 6 wa send $N --body-file long.txt
	has "$err" 4096
	is "$(fingerprint)" "$before"
}

@test "W2 a message may quote another of the same ticket" {
	with_ticket
	wrote 2026-03-01T11:00:00Z
	ok wa start $N
	ok wa send $N --body "Um" --json
	id=$(json .data.id)
	ok wa send $N --body "Dois" --reply-to "$id"
	is "$(sql "SELECT reply_to_id FROM message WHERE body = 'Dois'")" "$id"
	ok ticket open --contact bia@beta.example --subject "Outra"
	ok ticket reply 260301-002 --body "Fora" --json
	fails 3 wa send $N --body "Três" --reply-to "$(json .data.id)"
}

@test "W2 the same key and message are sent once" {
	with_ticket
	wrote 2026-03-01T11:00:00Z
	ok wa start $N
	ok wa send $N --body "Um" --idempotency-key k
	ok wa send $N --body "Um" --idempotency-key k --json
	holds .changed false
	fails 5 wa send $N --body "Outro" --idempotency-key k
	is "$(calls)" "wa_message:queued"
}

@test "W1 of tickets that are merged the conversation goes along" {
	with_ticket
	ok ticket open --contact ana@alfa.example --subject "Outra"
	ok wa start 260301-002
	ok wa send 260301-002 --body "Espera"
	ok ticket merge 260301-002 --into $N
	ok wa show $N --json
	holds '.data | "\(.ticket_number) \(.status) \(.waiting_count)"' "$N awaiting_client 1"
}

@test "W10 the window of a contact, without a ticket" {
	with_ticket
	portalctl wa can-reply --contact ana@alfa.example --json
	is "$status" 5
	holds '.data | "\(.window_open) \(.ticket_number) \(.phone) \(.last_client_message_at)"' \
		"false null +5531999990001 null"
	wrote 2026-03-01T11:00:00Z
	ok wa can-reply --contact ana@alfa.example --company $ALFA
	fails 2 wa can-reply
	fails 2 wa can-reply $N --contact ana@alfa.example
	fails 3 wa can-reply --contact ninguem@alfa.example
}

@test "W9 who has no number can't be written to" {
	with_ticket
	ok ticket open --contact bia@beta.example --subject "Sem telefone"
	fails 6 wa start 260301-002
	has "$err" "contact set"
	ok contact set bia@beta.example --phone '31 98888-0002'
	ok wa start 260301-002 --phone '31 98888-0002' --json
	holds .data.phone +5531988880002
}

@test "W9 a contact's names follow its phones" {
	with_ticket
	identities() {
		sql "SELECT group_concat(identity, ' ') FROM (SELECT identity FROM contact_identity
			WHERE contact_id = (SELECT id FROM contact WHERE email = 'ana@alfa.example') ORDER BY identity)"
	}
	is "$(identities)" 553199990001
	ok contact set ana@alfa.example --phone '+55 31 9999-0001' --phone '(11) 3123-4567'
	is "$(identities)" "551131234567 553199990001"
	ok contact set ana@alfa.example --phone '(11) 94123-4567'
	is "$(identities)" 5511941234567
	ok contact set ana@alfa.example --phone ''
	is "$(identities)" ""
	ok contact add --company $ALFA --name Sai --email sai@alfa.example --phone 31988887777
	is "$(sql "SELECT count(*) FROM contact_identity")" 1
	ok contact remove sai@alfa.example
	is "$(sql "SELECT count(*) FROM contact_identity")" 0
}

@test "W4 whoever is removed is not spoken with" {
	with_ticket
	ok contact add --company $ALFA --name Sai --email sai@alfa.example --phone 31988887777
	ok ticket open --contact sai@alfa.example --subject "Outra"
	ok wa start 260301-002
	ok contact remove sai@alfa.example
	ok wa show 260301-002 --json
	holds .data.end_reason ended
}

@test "O3 the office is warned once before a window closes" {
	with_ticket
	wrote 2026-03-01T11:00:00Z
	ok wa start $N
	ok wa expire --now 2026-03-02T09:59:59Z --json
	holds .data.warned 0
	ok wa expire --now 2026-03-02T10:00:00Z --json
	holds .data.warned 1
	ok wa expire --now 2026-03-02T10:30:00Z --json
	holds .data.warned 0
	is "$(sql "SELECT count(*) FROM notification WHERE kind = 'wa_closing'")" 1
	ok config set wa_warn_minutes 0
	sql "UPDATE conversation SET warned_at = NULL"
	ok wa expire --now 2026-03-02T10:30:00Z --json
	holds .data.warned 0
	fails 6 config set wa_warn_minutes 1440
}

@test "O3 of a conversation that goes on the office is warned before each of its windows closes" {
	with_ticket
	wrote 2026-03-01T11:00:00Z
	ok wa start $N
	ok wa expire --now 2026-03-02T10:00:00Z --json
	holds .data.warned 1
	wrote 2026-03-02T10:30:00Z
	ok wa expire --now 2026-03-02T11:00:00Z --json
	holds '.data | "\(.ended) \(.warned)"' "0 0"
	ok wa expire --now 2026-03-03T09:29:59Z --json
	holds .data.warned 0
	ok wa expire --now 2026-03-03T09:30:00Z --json
	holds .data.warned 1
	ok wa expire --now 2026-03-03T10:29:59Z --json
	holds .data.warned 0
	is "$(sql "SELECT count(*) FROM notification WHERE kind = 'wa_closing'")" 2
}

@test "O3 the longest notice is given once" {
	with_ticket
	ok config set wa_warn_minutes 1439
	wrote 2026-03-01T11:59:00Z
	ok wa start $N
	ok wa expire --json
	holds .data.warned 1
	ok wa expire --now 2026-03-02T11:58:59Z --json
	holds .data.warned 0
}

@test "O3 the office is warned again also where the client's message arrived after the warning" {
	with_ticket
	wrote 2026-03-01T11:00:00Z
	ok wa start $N
	ok wa expire --now 2026-03-02T10:00:00Z --json
	holds .data.warned 1
	wrote 2026-03-02T09:59:30Z
	ok wa expire --now 2026-03-03T09:00:00Z --json
	holds .data.warned 1
}

@test "W10 conversations are the office's alone" {
	with_ticket
	ok wa start $N
	denied --as ana@alfa.example wa send $N --body x
	denied --as ana@alfa.example wa list
	fails 3 --as bia@beta.example wa show $N
	ok --as dora@office.example wa show $N
}

@test "W4 what waited since the window closed ends with the ticket" {
	with_ticket
	wrote 2026-03-01T11:00:00Z
	ok wa start $N
	ok wa send $N --body "Antiga"
	sql "UPDATE message SET delivery = 'awaiting_client' WHERE body = 'Antiga'"
	ok wa expire --now 2026-03-02T11:00:00Z
	is "$(messages)" "Antiga:awaiting_client"
	ok ticket close $N --now 2026-03-02T11:00:00Z
	is "$(messages)" "Antiga:cancelled"
}

@test "W4 whoever was removed is sent nothing that waits to go" {
	with_ticket
	ok contact add --company $ALFA --name Sai --email sai@alfa.example --phone 31988887777
	ok ticket open --contact sai@alfa.example --subject "Outra"
	ok wa start 260301-002
	ok contact remove sai@alfa.example
	is "$(calls)" "wa_start:cancelled"
}

@test "W4 a call that is on its way to whoever is removed is not tried again" {
	with_ticket
	ok contact add --company $ALFA --name Sai --email sai@alfa.example --phone 31988887777
	ok ticket open --contact sai@alfa.example --subject "Outra"
	ok wa start 260301-002
	sql "UPDATE conversation SET status = 'ended', end_reason = 'inactivity', ended_at = 1;
		UPDATE outbox SET state = 'sending' WHERE channel = 'whatsapp'; UPDATE message SET delivery = 'sending' WHERE automatic = 1"
	ok contact remove sai@alfa.example
	sql "UPDATE outbox SET state = 'queued', next_attempt_at = 1 WHERE channel = 'whatsapp'"
	sending
	portalctl deliver --channel whatsapp
	is "$(calls) $(automatic)" "wa_start:cancelled cancelled"
}

@test "O2 what people decide of a call is what becomes of its message" {
	local decision
	with_ticket
	wrote 2026-03-01T11:00:00Z
	ok wa start $N
	ok wa send $N --body "Um"
	id=$(sql "SELECT max(id) FROM outbox")
	for decision in hold:held release:queued cancel:cancelled retry:queued; do
		ok outbox "${decision%:*}" "$id"
		is "$(messages)" "Um:${decision#*:}"
	done
}

@test "P5 a part that goes out in another row is not sent by the one of before" {
	with_ticket
	wrote 2026-03-01T11:00:00Z
	ok wa start $N
	ok wa send $N --body "Um"
	old=$(sql "SELECT id FROM outbox WHERE template = 'wa_message'")
	sql "UPDATE outbox SET state = 'failed', next_attempt_at = NULL WHERE id = $old;
		INSERT INTO outbox (channel, recipient, template, language, arguments, state, attempts, cause_kind, cause_id,
			created_at, sent_at) SELECT channel, recipient, template, language, arguments, 'sent', 1, cause_kind,
			cause_id, 1, 1 FROM outbox WHERE id = $old"
	fails 5 outbox retry "$old"
	has "$err" "goes out as"
}

# automatic: what the program wrote over WhatsApp, as it was delivered.
automatic() {
	sql "SELECT delivery FROM message WHERE via = 'whatsapp' AND automatic = 1 ORDER BY id" | paste -sd' '
}

@test "W4 what is queued is cancelled with the conversation, however it ends" {
	local end
	for end in "wa end 260301-001" "ticket cancel 260301-001" "--as ana@alfa.example ticket reply 260301-001 --body App"; do
		rm -f portal.db*
		with_ticket
		ok wa start $N
		sql "UPDATE outbox SET state = 'held' WHERE template = 'wa_start'; UPDATE message SET delivery = 'held' WHERE automatic = 1"
		# shellcheck disable=SC2086 # words
		ok $end
		is "$(calls)" "wa_start:cancelled" "$end"
		is "$(automatic)" cancelled
		rm -f portal.db*
		with_ticket
		wrote 2026-03-01T11:00:00Z
		ok wa start $N
		ok wa send $N --body Um
		# shellcheck disable=SC2086 # words
		ok $end
		is "$(calls)" "wa_message:cancelled" "$end"
		is "$(messages)" "Um:cancelled"
	done
}

@test "W4 what was queued in a conversation that ended by inactivity ends with the ticket" {
	with_ticket
	wrote 2026-03-01T11:00:00Z
	ok wa start $N
	ok wa send $N --body Um
	ok wa expire --now 2026-03-02T11:00:00Z
	is "$(calls)" "wa_message:queued"
	ok ticket cancel $N --now 2026-03-02T11:00:00Z
	is "$(calls)" "wa_message:cancelled"
	is "$(messages)" "Um:cancelled"
}

@test "W4 a call that is on its way when the conversation ends is not tried again" {
	with_ticket
	ok wa start $N
	sql "UPDATE outbox SET state = 'sending' WHERE template = 'wa_start'; UPDATE message SET delivery = 'sending' WHERE automatic = 1"
	ok wa end $N
	sql "UPDATE outbox SET state = 'queued', next_attempt_at = 1 WHERE template = 'wa_start'"
	sending
	portalctl deliver --channel whatsapp
	is "$(calls)" "wa_start:cancelled"
	is "$(automatic)" cancelled
}

# two_parts FIRST SECOND: a message with a file, whose calls are in these states.
two_parts() {
	rm -rf portal.db*
	with_ticket
	wrote 2026-03-01T11:00:00Z
	ok wa start $N
	echo um >um.txt
	ok wa send $N --body Um --file um.txt
	sql "UPDATE outbox SET state = '$1', next_attempt_at = NULL, started_at = 1, lease = 'x', lease_until = 1
			WHERE id = (SELECT min(id) FROM outbox WHERE channel = 'whatsapp');
		UPDATE outbox SET state = '$2' WHERE id = (SELECT max(id) FROM outbox WHERE channel = 'whatsapp');
		UPDATE message SET delivery = CASE '$2' WHEN 'queued' THEN 'queued' ELSE '$1' END WHERE body = 'Um'"
}

@test "W7 O2 what may have gone is not told as cancelled, however its conversation ends" {
	local end
	for end in "wa end 260301-001" "ticket cancel 260301-001" "--as ana@alfa.example ticket reply 260301-001 --body App"; do
		two_parts sending cancelled
		# shellcheck disable=SC2086 # words
		ok $end
		is "$(messages)" Um:cancelled "$end, and is on its way"
		sending
		portalctl deliver --channel whatsapp
		is "$(calls)" "wa_message:unknown wa_message:cancelled" "$end"
		is "$(messages)" Um:unknown "$end"
		two_parts unknown queued
		# shellcheck disable=SC2086 # words
		ok $end
		is "$(calls)" "wa_message:unknown wa_message:cancelled" "$end"
		is "$(messages)" Um:unknown "$end"
	done
}

@test "W7 O2 of a message that may have gone in part the rest can be cancelled" {
	two_parts unknown queued
	ok outbox cancel "$(sql "SELECT max(id) FROM outbox WHERE channel = 'whatsapp'")"
	is "$(messages)" Um:unknown
	ok outbox cancel "$(sql "SELECT min(id) FROM outbox WHERE channel = 'whatsapp'")"
	is "$(messages)" Um:cancelled
}

# sending: there is a number to send from, and nobody who takes it.
sending() {
	(umask 077; echo EAAnone >token.txt)
	printf 'whatsapp:\n  phone_number_id: "4242"\n  token_file: token.txt\n  api_url: http://127.0.0.1:9/v25.0\n' >config.yaml
	export PORTALCTL_CONFIG=$PWD/config.yaml
	sql "UPDATE outbox SET state = 'cancelled', next_attempt_at = NULL WHERE channel = 'email' AND state = 'queued'"
}

@test "S13 what was said before a ticket is done goes, with the closing message behind it" {
	with_ticket
	wrote 2026-03-01T11:00:00Z
	ok wa start $N
	ok wa send $N --body Segue
	ok ticket close $N
	is "$(calls)" "wa_message:queued wa_message:queued"
	is "$(messages) $(automatic)" "Segue:queued queued"
}

@test "S13 a closing message whose window ends before it is sent goes as a template, and no other message waits" {
	with_ticket
	wrote 2026-03-01T11:00:00Z
	ok wa start $N
	ok wa send $N --body Segue
	ok ticket close $N
	sending
	export PORTALCTL_NOW=2026-03-02T11:00:00Z
	portalctl deliver --channel whatsapp
	is "$(calls)" "wa_message:cancelled wa_message:cancelled ticket_closed:queued"
	is "$(messages) $(automatic)" "Segue:cancelled queued"
	is "$(sql "SELECT json_extract(arguments, '$.number') FROM outbox WHERE template = 'ticket_closed' AND channel = 'whatsapp'")" $N
	is "$(notified wa_failed) $(notified wa_waiting)" "$OFFICE "
	fails 5 outbox retry "$(sql "SELECT max(id) FROM outbox WHERE template = 'wa_message'")"
	has "$err" "goes out as"
}

@test "S13 that a ticket was concluded is not said once it is open again" {
	with_ticket
	wrote 2026-03-01T11:00:00Z
	ok wa start $N
	ok wa send $N --body Segue
	ok ticket close $N
	ok ticket reopen $N
	is "$(calls)" "wa_message:queued wa_message:cancelled"
	is "$(messages) $(automatic)" "Segue:queued cancelled"
	ok ticket close $N --now 2026-03-02T11:00:00Z
	is "$(automatic)" "cancelled queued"
	ok ticket reopen $N --now 2026-03-02T11:00:00Z
	is "$(automatic)" "cancelled cancelled"
	ok wa start $N --now 2026-03-02T11:00:00Z
	ok ticket close $N --now 2026-03-02T11:00:00Z
	ok ticket reopen $N --now 2026-03-02T11:00:00Z
	is "$(calls)" "wa_message:queued wa_message:cancelled ticket_closed:cancelled wa_start:cancelled ticket_closed:cancelled"
	is "$(automatic)" "cancelled cancelled cancelled cancelled"
}

@test "S13 a ticket that is done while the client is awaited says so as a template, whatever the window" {
	local now
	for now in 2026-03-01T12:00:00Z 2026-03-02T12:00:00Z; do
		rm -f portal.db*
		with_ticket
		wrote 2026-03-01T11:00:00Z
		ok wa start $N
		sql "UPDATE conversation SET status = 'awaiting_client'"
		ok ticket close $N --now $now
		is "$(calls)" "ticket_closed:queued"
		is "$(automatic)" queued
	done
}

@test "W4 W1 a conversation past its window has ended before its ticket is merged" {
	local from
	for from in 1 2; do
		rm -f portal.db*
		with_ticket
		ok user add dino@alfa.example --company $ALFA --name Dino --active
		ok contact set dino@alfa.example --phone '(31) 99999-0002'
		ok ticket open --contact dino@alfa.example --subject Outra
		wrote 2026-03-01T11:00:00Z
		ok wa start $N
		ok wa start 260301-002 --now 2026-03-02T11:30:00Z
		ok ticket merge $from --into $((3 - from)) --now 2026-03-02T11:30:00Z
		is "$(sql "SELECT group_concat(end_reason, ' ') FROM (SELECT COALESCE(end_reason, status) AS end_reason
			FROM conversation ORDER BY id)")" "inactivity $([ $from = 1 ] && echo awaiting_client || echo ended)"
		is "$(sql "SELECT count(*) FROM message WHERE event = 'conversation_ended' AND event_to = 'inactivity'")" 1
	done
}

# two_clients: Ana has the ticket 260301-001, Dino of the same company 260301-002.
two_clients() {
	with_ticket
	ok user add dino@alfa.example --company $ALFA --name Dino --active
	ok contact set dino@alfa.example --phone '(31) 99999-0002'
	ok ticket open --contact dino@alfa.example --subject Outra
}

@test "W1 what was to be said to the contact of a ticket that is merged is said to nobody else" {
	local end
	for end in queued waiting inactivity; do
		rm -f portal.db*
		two_clients
		[ $end = waiting ] || wrote 2026-03-01T11:00:00Z
		ok wa start $N
		ok wa send $N --body "Para Ana"
		[ $end != inactivity ] || ok wa expire --now 2026-03-02T11:00:00Z
		ok wa start 260301-002 --now 2026-03-02T11:00:00Z
		ok wa send 260301-002 --body "Para Dino" --now 2026-03-02T11:00:00Z
		ok ticket merge $N --into 260301-002 --now 2026-03-02T11:00:00Z
		is "$(messages)" "Para Ana:cancelled|Para Dino:awaiting_client" $end
		is "$(sql "SELECT group_concat(DISTINCT state) FROM outbox WHERE recipient = '+5531999990001'")" cancelled $end
		is "$(sql "SELECT state FROM outbox WHERE recipient = '+5531999990002'")" queued $end
	done
}

@test "W1 what went to the contact of a ticket before it was merged, and is refused, waits for nobody" {
	two_clients
	printf 'whatsapp:\n  phone_number_id: "4242"\n' >config.yaml
	export PORTALCTL_CONFIG=$PWD/config.yaml
	wrote 2026-03-01T11:00:00Z
	ok wa start $N
	ok wa send $N --body "Para Ana"
	sql "UPDATE outbox SET state = 'sent', wamid = 'x1', sent_at = 1, next_attempt_at = NULL WHERE channel = 'whatsapp';
		UPDATE message SET delivery = 'sent' WHERE body = 'Para Ana'"
	ok wa start 260301-002
	ok ticket merge $N --into 260301-002
	printf '{"object":"whatsapp_business_account","entry":[{"id":"77","changes":[{"field":"messages","value":{"metadata":{"phone_number_id":"4242"},"statuses":[{"id":"x1","status":"failed","timestamp":"1772366400","recipient_id":"553199990001","errors":[{"code":131047,"title":"Re-engagement message"}]}]}}]}]}' >body.json
	"$PORTALCTL" wa receive <body.json >/dev/null
	is "$(messages)" "Para Ana:cancelled"
	is "$(notified wa_failed) $(notified wa_waiting)" "$OFFICE "
}

@test "W1 O2 what was for the contact of a ticket before it was merged is not tried again in another's" {
	two_clients
	wrote 2026-03-01T11:00:00Z
	ok wa start $N
	ok wa send $N --body "Para Ana"
	ok ticket merge $N --into 260301-002
	id=$(sql "SELECT id FROM outbox WHERE template = 'wa_message'")
	sql "UPDATE outbox SET recipient = '+5531999990009' WHERE id = $id"
	fails 5 outbox retry "$id"
	has "$err" "message '$id' was for the contact of ticket '$N', which was merged into one of another contact"
	has "$err" "hint: portalctl ticket open --contact 2"
	ok wa start 260301-002
	is "$(sql "SELECT state || recipient FROM outbox WHERE id = $id")" "cancelled+5531999990009"
}

# told: where the closing message goes, by which way.
told() {
	sql "SELECT channel || ':' || recipient || ':' || state FROM outbox WHERE template = 'ticket_closed' ORDER BY id" | paste -sd' '
}

# past: Ana's conversation has ended by inactivity.
past() {
	rm -f portal.db*
	with_ticket
	wrote 2026-03-01T11:00:00Z
	ok wa start $N
	export PORTALCTL_NOW=2026-03-02T11:00:00Z
	ok wa expire
}

@test "S13 of tickets that were merged the ticket's own contact hears that it is done" {
	two_clients
	wrote 2026-03-01T11:00:00Z
	ok wa start $N
	ok wa expire --now 2026-03-02T11:00:00Z
	ok ticket merge $N --into 260301-002 --now 2026-03-02T11:00:00Z
	ok ticket close 260301-002 --now 2026-03-02T11:00:00Z
	is "$(told)" "email:dino@alfa.example:queued"
	ok wa show 260301-002 --json
	holds .data.contact_name Ana
	rm -f portal.db*
	two_clients
	ok wa start 260301-002
	wrote 2026-03-01T11:00:00Z
	ok wa start $N
	ok ticket merge $N --into 260301-002
	ok ticket close 260301-002
	is "$(told)" "whatsapp:+5531999990002:queued"
}

@test "S13 W9 after its conversation has ended the client hears that a ticket is done at the number of now" {
	past
	ok ticket close $N
	is "$(told)" "whatsapp:+5531999990001:queued"
	past
	ok contact set ana@alfa.example --phone '(31) 99999-0003'
	ok ticket close $N
	is "$(told)" "whatsapp:+5531999990003:queued"
	past
	ok contact set ana@alfa.example --phone ''
	ok ticket close $N
	is "$(told)" "email:ana@alfa.example:queued"
}

@test "S13 whoever was removed after the conversation ended is told of nothing" {
	with_ticket
	ok contact add --company $ALFA --name Sai --email sai@alfa.example --phone 31988887777
	ok ticket open --contact sai@alfa.example --subject "Outra"
	sql "UPDATE contact_identity SET client_at = $(date -d 2026-03-01T11:00:00Z +%s)000 WHERE identity = '553188887777'"
	ok wa start 260301-002
	ok wa expire --now 2026-03-02T11:00:00Z
	ok contact remove sai@alfa.example
	ok ticket close 260301-002 --now 2026-03-02T11:00:00Z
	is "$(told)" ""
}

@test "S13 W4 whoever answers through the app after the conversation ended is not told over WhatsApp" {
	past
	ok --as ana@alfa.example ticket reply $N --body Oi --now 2026-03-02T11:00:01Z
	ok ticket close $N --now 2026-03-02T11:00:02Z
	is "$(told)" "email:ana@alfa.example:queued"
	ok ticket reopen $N --now 2026-03-02T11:00:03Z
	wrote 2026-03-02T11:00:03Z
	ok wa start $N --now 2026-03-02T11:00:04Z
	ok ticket close $N --now 2026-03-02T11:00:05Z
	is "$(calls)" "wa_message:queued"
	ok --as ana@alfa.example ticket reply $N --body Ainda --now 2026-03-02T11:00:06Z
	ok ticket close $N --now 2026-03-02T11:00:07Z
	is "$(calls)" "wa_message:cancelled"
	is "$(told)" "email:ana@alfa.example:queued email:ana@alfa.example:queued"
}

@test "S13 a ticket that is closed, reopened and closed again says so over WhatsApp, once" {
	with_ticket
	wrote 2026-03-01T11:00:00Z
	ok wa start $N
	ok ticket close $N
	ok ticket reopen $N
	ok ticket close $N
	is "$(calls)" "wa_message:cancelled wa_message:queued"
	is "$(automatic)" "cancelled queued"
	is "$(told)" ""
	sending
	portalctl deliver --channel whatsapp --now 2026-03-02T11:00:00Z
	is "$(told)" "whatsapp:+5531999990001:queued"
	is "$(automatic)" "cancelled queued"
}
