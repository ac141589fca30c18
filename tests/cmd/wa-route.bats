load helpers
load network

WEBHOOKS=${SHARED:-$BATS_TEST_DIRNAME/../../../shared}/data/whatsapp/webhooks

# The office's number at WhatsApp is 4242, and Ana of Alfa has a phone.
reachable() {
	network
	printf 'whatsapp:\n  phone_number_id: "4242"\n' >config.yaml
	export PORTALCTL_CONFIG=$PWD/config.yaml
	ok contact set ana@alfa.example --phone '(31) 99999-0001'
}

# hook MEMBERS: receives a body with these members of a value.
hook() {
	printf '{"object":"whatsapp_business_account","entry":[{"id":"77","changes":[{"field":"messages","value":{"metadata":{"phone_number_id":"4242"},%s}}]}]}' \
		"$1" >body.json
	"$PORTALCTL" wa receive --json <body.json >out.txt 2>err.txt && status=0 || status=$?
	err=$(<err.txt)
	is "$status" 0 "status of wa receive"
}

# part ID FROM TIME MEMBERS: a message.
part() {
	printf '{"id":"%s","from":"%s","timestamp":"%s",%s}' "$1" "$2" "$(date -d "$3" +%s)" "$4"
}

# said ID FROM TIME TEXT [MORE]: receives a text.
said() {
	hook "\"messages\":[$(part "$1" "$2" "$3" "\"type\":\"text\",\"text\":{\"body\":\"$4\"}${5:-}")]"
}

ANA=553199990001 RUI=5511988880002 NOON=2026-03-01T12:00:00Z

# tickets, conversations, messages: what there is, in one line.
tickets() {
	sql "SELECT day || '-' || n || ':' || status || ':' || origin FROM ticket ORDER BY id" | paste -sd' '
}
conversations() {
	sql "SELECT ticket_id || ':' || status || ':' || COALESCE(end_reason, '') FROM conversation ORDER BY id" | paste -sd' '
}
messages() {
	sql "SELECT replace(body, char(10), '/') FROM message WHERE direction = 'in' ORDER BY id" | paste -sd'|'
}
calls() {
	sql "SELECT template || ':' || state FROM outbox WHERE channel = 'whatsapp' ORDER BY id" | paste -sd' '
}

@test "W5 a client who writes first gets a ticket, a conversation and a greeting with the number" {
	reachable
	said w1 $ANA $NOON 'Bom dia!\nPreciso da certid\u00e3o.'
	holds '.data | [.state, .messages, .set_aside] | join(" ")' "done 1 0"
	ok ticket show 260301-001 --json
	holds '.data | [.subject, .origin, .status, .contact_name, .company_tax_id, .wa_status, .unread_count] | map(tostring) | join("|")' \
		"Bom dia! Atendimento iniciado via WhatsApp|whatsapp|new|Ana|$ALFA|active|1"
	ok ticket messages 260301-001 --format ndjson
	is "$(json 'select(.event == null) | "\(.direction) \(.via) \(.author_name) \(.automatic) \(.at) \(.wamid) \(.delivery)"')" \
"in whatsapp Ana false 2026-03-01T12:00:00Z w1 null
out whatsapp Escritório Modelo true 2026-03-01T12:00:00Z null queued"
	is "$(messages)" "Bom dia!/Preciso da certidão."
	has "$(sql "SELECT body FROM message WHERE automatic = 1 AND direction = 'out'")" "número 260301-001"
	is "$(conversations)" "1:active:" && is "$(calls)" "wa_message:queued"
	is "$(notified ticket_opened)" $OFFICE
	ok wa show 260301-001 --json
	holds '.data | "\(.phone) \(.window_closes_at)"' "+$ANA 2026-03-02T12:00:00Z"
}

@test "W5 a message goes on in the live conversation, and in the newest ticket while that is open" {
	reachable
	said w1 $ANA $NOON Um
	said w2 $ANA $NOON Dois
	is "$(tickets)" "260301-1:new:whatsapp" && is "$(calls)" "wa_message:queued"
	ok wa end 260301-001
	said w3 $ANA $NOON Tres
	is "$(conversations)" "1:ended:ended 1:active:" && is "$(tickets)" "260301-1:new:whatsapp"
	ok ticket close 260301-001
	said w4 $ANA $NOON Quatro
	is "$(tickets)" "260301-1:done:whatsapp 260301-2:new:whatsapp"
	is "$(conversations)" "1:ended:ended 1:ended:done 2:active:"
	is "$(messages)" "Um|Dois|Tres|Quatro"
	ok ticket messages 260301-002 --format ndjson
	is "$(json 'select(.direction == "in") | .body')" Quatro "no message of the ticket before"
	is "$(mailed ticket_answered)$(notified ticket_answered)" "$OFFICE $OFFICE"
}

@test "W5 a pending ticket is in progress again when the client writes" {
	reachable
	said w1 $ANA $NOON Um
	ok ticket set 260301-001 --status pending
	said w2 $ANA $NOON Dois
	is "$(tickets)" "260301-1:in_progress:whatsapp"
}

@test "S2 the subject of a ticket is the first line that shows something" {
	reachable
	local text want n=0
	while IFS='|' read -r text want; do
		n=$((n + 1))
		said "w$n" 55119888800$((10 + n)) $NOON "$text"
		is "$(sql "SELECT subject FROM ticket ORDER BY id DESC LIMIT 1")" "$want Atendimento iniciado via WhatsApp" "$text"
	done <<-'END'
		\u200b\n\u2060 \u00ad\nPreciso de ajuda\nObrigada|Preciso de ajuda
		\u200b\u200d|Mensagem sem texto
		\u2800\n \u3164|Mensagem sem texto
		\n\n  Oi|Oi
		\ufeffOi\u200bAna|Oi​Ana
	END
	said w9 55119888800$((20 + n)) $NOON "$(printf '\\u200b%.0s' {1..60})Depois"
	has "$(sql "SELECT subject FROM ticket ORDER BY id DESC LIMIT 1")" "Depois Atendimento"
}

@test "W9 digits that are no number are nobody's address: the event is set aside" {
	reachable
	before=$(sql "SELECT (SELECT count(*) FROM contact), (SELECT count(*) FROM ticket), (SELECT count(*) FROM audit)")
	for from in 1234567 1234567890123456; do
		said "w$from" $from $NOON Oi
		holds '.data | "\(.state) \(.reason) \(.messages) \(.set_aside)"' "done bad_number 0 1"
	done
	is "$(sql "SELECT (SELECT count(*) FROM contact), (SELECT count(*) FROM ticket), (SELECT count(*) FROM audit)")" "$before"
	for from in 12345678 123456789012345; do
		said "w$from" $from $NOON Oi
		holds '.data | "\(.messages) \(.set_aside)"' "1 0"
	done
	ok --lang pt_BR wa log
	has "$out" "número"
}

@test "W6 an unknown sender gets a contact without a company" {
	reachable
	hook "\"contacts\":[{\"profile\":{\"name\":\"Rui \u202eMoreira\"},\"wa_id\":\"$RUI\",\"user_id\":\"BR.2\"}],
		\"messages\":[$(part w1 $RUI $NOON '"type":"text","text":{"body":"Oi"}')]"
	ok ticket show 260301-001 --json
	holds '.data | "\(.contact_name) \(.company_tax_id)"' "Rui ‮Moreira null"
	is "$(sql "SELECT wa_ids, wa_user_ids FROM contact ORDER BY id DESC LIMIT 1")" "$RUI|BR.2"
	said w2 5511977770003 $NOON 'Ol\u00e1'
	ok ticket show 260301-002 --json
	holds .data.contact_name "+55 11 97777-0003"
	is "$(sql "SELECT count(*) FROM audit WHERE action = 'contact.add' AND changes LIKE '%97777%'")" 1
}

@test "W9 a mobile number is one with and without the ninth digit, and a user id is the same person" {
	reachable
	said w1 553199990001 $NOON Um
	said w2 5531999990001 $NOON Dois
	is "$(sql "SELECT count(DISTINCT contact_id) FROM ticket")" 1 && is "$(tickets)" "260301-1:new:whatsapp"
	said w3 5531999990001 $NOON Tres ',"from_user_id":"BR.77"'
	hook "\"contacts\":[{\"user_id\":\"BR.77\"}],\"messages\":[{\"id\":\"w4\",\"from_user_id\":\"BR.77\",
		\"timestamp\":\"1772366400\",\"type\":\"text\",\"text\":{\"body\":\"Quatro\"}}]"
	is "$(tickets)" "260301-1:new:whatsapp" && is "$(messages)" "Um|Dois|Tres|Quatro"
	ok contact show ana@alfa.example --json
	holds '.data | [.wa_ids, .wa_user_ids] | tojson' '[["553199990001","5531999990001"],["BR.77"]]'
}

@test "W9 a number that changed, and a user id, are the same person's from then on" {
	reachable
	said w1 $ANA $NOON Um ',"from_user_id":"BR.77"'
	ok wa send 260301-001 --body Certo
	hook "\"messages\":[$(part s1 $ANA $NOON '"type":"system","system":{"type":"user_changed_number","wa_id":"553188880009","body":"User Ana changed from 553199990001 to 553188880009"}')]"
	holds '.data | [.other, .set_aside] | join(" ")' "1 0"
	said w2 553188880009 $NOON Dois
	is "$(tickets)" "260301-1:in_progress:whatsapp"
	ok wa show 260301-001 --json
	holds .data.phone +553188880009
	is "$(sql "SELECT DISTINCT recipient FROM outbox WHERE channel = 'whatsapp'")" +553188880009
	hook "\"messages\":[{\"id\":\"s2\",\"timestamp\":\"1772366400\",\"type\":\"system\",\"system\":{\"type\":
		\"user_changed_user_id\",\"user_id\":\"BR.88\",\"body\":\"User Ana changed from BR.77 to BR.88\"}}]"
	hook "\"messages\":[{\"id\":\"w3\",\"from_user_id\":\"BR.88\",\"timestamp\":\"1772366400\",\"type\":\"text\",\"text\":{\"body\":\"Tres\"}}]"
	is "$(messages)" "Um|Dois|Tres" && is "$(tickets)" "260301-1:in_progress:whatsapp"
	portalctl --lang pt_BR ticket messages 260301-001
	has "$out" "+553188880009"
	said w4 $ANA $NOON Outro
	is "$(sql "SELECT count(DISTINCT contact_id) FROM ticket")" 2 "the number is somebody else's now"
	hook "\"messages\":[$(part s9 5599999999999 $NOON '"type":"system","system":{"type":"user_changed_number","wa_id":"5511"}')]"
	holds '.data.reason' no_change
	hook "\"messages\":[$(part s8 5521977771111 $NOON '"type":"system","system":{"type":"user_changed_number","wa_id":"5521977772222"}')]"
	holds '.data.reason' no_contact
}

@test "W9 the user that a changed number is told with is the same person from then on" {
	reachable
	said w1 $ANA $NOON Um
	hook "\"messages\":[$(part s1 $ANA $NOON '"type":"system","system":{"type":"user_changed_number","wa_id":"553188880009","user_id":"BR.99"}')]"
	ok contact show ana@alfa.example --json
	holds '.data | [.wa_ids, .wa_user_ids] | tojson' '[["553188880009"],["BR.99"]]'
	hook "\"messages\":[{\"id\":\"w2\",\"from_user_id\":\"BR.99\",\"timestamp\":\"1772366400\",\"type\":\"text\",\"text\":{\"body\":\"Dois\"}}]"
	is "$(tickets)" "260301-1:new:whatsapp" && is "$(messages)" "Um|Dois"
}

@test "W2 the client's answer opens the window, and what waited goes out in order, once" {
	reachable
	ok ticket open --contact ana@alfa.example --subject Certidão
	ok wa start 260301-001
	for text in Um Dois Tres; do ok wa send 260301-001 --body $text; done
	is "$(calls)" "wa_start:queued"
	hook "\"messages\":[$(part w1 $ANA $NOON '"type":"button","button":{"payload":"portalctl:start:1","text":"Conversar agora"},"context":{"id":"x"}')]"
	is "$(calls)" "wa_start:cancelled wa_message:queued wa_message:queued wa_message:queued"
	is "$(sql "SELECT m.body FROM outbox o JOIN message m ON m.id = o.cause_id WHERE o.template = 'wa_message'
		ORDER BY o.id" | paste -sd' ')" "Um Dois Tres"
	is "$(conversations)" "1:active:"
	hook "\"messages\":[$(part w2 $ANA $NOON '"type":"button","button":{"payload":"portalctl:start:1","text":"Conversar agora"}')]"
	is "$(sql "SELECT count(*) FROM outbox WHERE template = 'wa_message'")" 3
	is "$(messages)" "Conversar agora|Conversar agora"
}

@test "W3 the window is the client's own last message, to the second, and a late retry opens nothing" {
	reachable
	said w1 $ANA $NOON Um
	at 2026-03-02T11:59:59Z
	portalctl wa can-reply 260301-001
	is "$status" 0
	at 2026-03-02T12:00:00Z
	portalctl wa can-reply 260301-001
	is "$status" 5
	said w0 $ANA 2026-03-01T11:00:00Z Atrasada
	holds .data.messages 1
	portalctl wa can-reply 260301-001
	is "$status" 5 "after a late retry"
	is "$(conversations)" "1:ended:inactivity"
	said w2 $ANA 2026-03-02T11:59:58Z Dois
	is "$(conversations)" "1:ended:inactivity 1:active:"
	ok wa can-reply 260301-001 --json
	holds .data.window_closes_at 2026-03-03T11:59:58Z
	said w3 $ANA 2026-03-01T18:00:00Z Velha
	ok wa can-reply 260301-001 --json
	holds .data.window_closes_at 2026-03-03T11:59:58Z
	said w4 $ANA 2026-03-09T12:00:00Z Futuro
	ok wa can-reply 260301-001 --json
	holds .data.window_closes_at 2026-03-03T12:00:00Z
}

@test "W2 W3 of a first message that comes too late the client is asked once, and greeted with the answer" {
	reachable
	ok config set wa_menu on
	ok category add Fiscal --department Impostos
	at 2026-03-02T12:00:00Z
	hook "\"messages\":[$(part w1 $RUI $NOON '"type":"text","text":{"body":"De ontem"}'),$(part w2 $RUI 2026-03-01T11:00:00Z '"type":"text","text":{"body":"1"}')]"
	said w3 $RUI 2026-03-01T11:30:00Z "E mais"
	is "$(messages)" "De ontem|1|E mais" && is "$(conversations)" "1:awaiting_client:"
	is "$(calls)" "wa_start:queued" && is "$(tickets)" "260302-1:new:whatsapp"
	has "$(sql "SELECT arguments FROM outbox WHERE template = 'wa_start'")" 260302-001
	is "$(sql "SELECT at FROM message WHERE wamid = 'w1'")" "$(date -d $NOON +%s)000"
	is "$(sql "SELECT delivery FROM message WHERE direction = 'out' ORDER BY id" | paste -sd' ')" "queued awaiting_client"
	ok ticket show 260302-001 --json
	holds '.data | "\(.wa_status) \(.unread_count) \(.category)"' "awaiting_client 3 null"
	is "$(notified ticket_opened)" $OFFICE
	hook "\"messages\":[$(part w4 $RUI 2026-03-01T12:00:01Z '"type":"button","button":{"payload":"portalctl:start:1","text":"Conversar agora"}')]"
	is "$(calls)" "wa_start:cancelled wa_message:queued"
	is "$(conversations)" "1:active:"
	has "$(sql "SELECT m.body FROM outbox o JOIN message m ON m.id = o.cause_id WHERE o.template = 'wa_message'")" "1. Fiscal"
	said w5 $RUI 2026-03-02T11:59:00Z 1
	is "$(calls)" "wa_start:cancelled wa_message:queued"
	ok ticket show 260302-001 --json
	holds .data.category Fiscal
	ok audit verify
}

@test "W3 to the second, a first message is greeted at once or the client is asked" {
	reachable
	at 2026-03-02T12:00:00Z
	said w1 $RUI 2026-03-01T12:00:01Z "Na hora"
	said w2 $ANA $NOON "Tarde"
	is "$(conversations)" "1:active: 2:awaiting_client:" && is "$(calls)" "wa_message:queued wa_start:queued"
}

@test "W5 W3 a late message to an open ticket stands there, and begins no conversation" {
	reachable
	said w1 $ANA $NOON Um
	sql "DELETE FROM outbox; DELETE FROM notification"
	ok ticket set 260301-001 --status pending
	at 2026-03-03T12:00:00Z
	said w2 $ANA 2026-03-01T13:00:00Z Dois
	said w3 $ANA 2026-03-01T14:00:00Z Tres
	is "$(messages)" "Um|Dois|Tres" && is "$(conversations)" "1:ended:inactivity" && is "$(calls)" ""
	is "$(tickets)" "260301-1:in_progress:whatsapp" && has "$(notified ticket_answered)" $OFFICE
	ok wa start 260301-001
	is "$(conversations)" "1:ended:inactivity 1:awaiting_client:" && is "$(calls)" "wa_start:queued"
}

@test "S5 S7 what the client's own message brought about is not told as done by the office" {
	reachable
	ok config set wa_menu on
	ok category add Pessoal --assignee dora@office.example
	said w1 $ANA $NOON Oi
	said w2 $ANA $NOON 1
	ok ticket set 260301-001 --status pending
	ok wa end 260301-001
	said w3 $ANA $NOON Voltei
	"$PORTALCTL" ticket messages 260301-001 --format ndjson >m.txt
	is "$(jq -r 'select(.event) | "\(.event) \(.event_to) \(.author_name) \(.automatic)"' m.txt)" \
		"opened null Ana false
conversation_started active Ana false
category Pessoal Ana false
assigned Dora null true
status in_progress null true
status pending null false
conversation_ended ended null false
conversation_started active Ana false
status in_progress Ana false"
	for how in "--lang en ticket messages" "--lang en ticket show --format html"; do
		# shellcheck disable=SC2086 # several words
		ok $how 260301-001
		has "$out" "conversation opened by Ana" && has "$out" "conversation over WhatsApp started by Ana"
		has "$out" "category changed to Pessoal by Ana" && has "$out" "assignee changed to Dora automatically"
		is "$(grep -o '[a-z]* by the office' <<<"$out" | paste -sd,)" 'hold by the office,ended by the office' "what the office did"
	done
	ok --lang pt_BR ticket messages 260301-001
	has "$out" "automaticamente"
}

@test "S5 S7 who fed the body by hand did none of what the client did" {
	reachable
	(umask 077; printf s >secret)
	printf '  app_secret_file: secret\n' >>config.yaml
	said w0 $RUI $NOON Oi
	body=$(printf '{"object":"whatsapp_business_account","entry":[{"id":"77","changes":[{"field":"messages","value":{"metadata":{"phone_number_id":"4242"},"messages":[%s]}}]}]}' \
		"$(part w1 $ANA $NOON '"type":"text","text":{"body":"Oi"}')")
	signed=$(printf %s "$body" | openssl dgst -sha256 -hmac s -r | cut -d' ' -f1)
	printf %s "$body" | "$PORTALCTL" wa receive --as dora@office.example --signature "sha256=$signed"
	ok ticket messages 260301-002 --format ndjson
	is "$(json .author_name | sort -u | paste -sd' ')" "Ana Escritório Modelo"
}

@test "S5 an end by inactivity is nobody's doing" {
	reachable
	said w1 $ANA $NOON Oi
	ok wa expire --as dora@office.example --now 2026-03-02T12:00:00Z
	ok ticket messages 260301-001 --format ndjson
	is "$(json 'select(.event == "conversation_ended") | "\(.author_name) \(.automatic)"')" "null true"
}

@test "W4 an active conversation past its window has ended, whoever comes first" {
	reachable
	said w1 $ANA $NOON Um
	at 2026-03-02T13:00:00Z
	said w2 $ANA 2026-03-02T13:00:00Z Dois
	is "$(conversations)" "1:ended:inactivity 1:active:"
	is "$(tickets)" "260301-1:new:whatsapp"
}

@test "W8 a message that comes in another body too is stored once" {
	reachable
	said w1 $ANA $NOON Um
	hook "\"messages\":[$(part w1 $ANA $NOON '"type":"text","text":{"body":"Um"}'),$(part w2 $ANA $NOON '"type":"text","text":{"body":"Dois"}')]"
	holds '.data | [.messages, .duplicates] | join(" ")' "1 1"
	is "$(messages)" "Um|Dois"
}

@test "W8 every kind of message says in words what it was" {
	reachable
	while IFS='|' read -r members want; do
		n=$((n + 1))
		hook "\"messages\":[$(part "w$n" $ANA $NOON "$members")]"
		is "$(sql "SELECT replace(body, char(10), '/') FROM message WHERE direction = 'in' ORDER BY id DESC LIMIT 1")" "$want"
	done <<-'END'
		"type":"image","image":{"id":"9","mime_type":"image/jpeg"}|Imagem
		"type":"image","image":{"id":"9","mime_type":"image/jpeg","caption":"Recibo"}|Recibo
		"type":"audio","audio":{"id":"9","mime_type":"audio/ogg","voice":true}|Mensagem de voz
		"type":"audio","audio":{"id":"9","mime_type":"audio/mpeg"}|Áudio
		"type":"document","document":{"id":"9","filename":"guia.pdf"}|Documento: guia.pdf
		"type":"sticker","sticker":{"id":"9"}|Figurinha
		"type":"location","location":{"latitude":-19.9,"longitude":0.0,"name":"Sede"}|Localização:/Sede/-19.9, 0.0
		"type":"contacts","contacts":[{"name":{"formatted_name":"Bia"},"phones":[{"phone":"+55 31 1"}]}]|Contato:/Bia: +55 31 1
		"type":"order","order":{"product_items":[{"product_retailer_id":"a","quantity":2}]}|Pedido:/2 x a
		"type":"interactive","interactive":{"type":"list_reply","list_reply":{"id":"x","title":"Fiscal"}}|Fiscal
		"type":"unsupported","errors":[{"code":131051,"error_data":{"details":"Not supported."}}]|Mensagem de um tipo que só o WhatsApp mostra/(Not supported.)
		"type":"text","text":{"body":"  \u0007 \n"}|Mensagem sem texto
	END
	ok config set language en
	hook "\"messages\":[$(part wx $ANA $NOON '"type":"sticker","sticker":{"id":"9"}')]"
	has "$(messages)" Sticker
}

@test "W8 files of clients are listed as missing" {
	reachable
	hook "\"messages\":[$(part w1 $ANA $NOON '"type":"document","document":{"id":"123","mime_type":"application/pdf","filename":"a\u0000b.pdf","sha256":"47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="}')]"
	is "$(sql "SELECT m.wamid, x.media_id, x.media_type, x.sha256, x.file_name, x.state FROM wa_media x JOIN message m ON m.id = x.message_id")" \
		"w1|123|application/pdf|e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855|a�b.pdf|missing"
}

@test "W8 what quotes, reacts, edits or takes back is tied to its message, and opens nothing" {
	reachable
	said w1 $ANA $NOON Um
	said w2 $ANA $NOON Dois ',"context":{"id":"w1"}'
	is "$(sql "SELECT reply_to_id FROM message WHERE wamid = 'w2'")" "$(sql "SELECT id FROM message WHERE wamid = 'w1'")"
	ok ticket set 260301-001 --status pending
	at 2026-03-02T13:00:00Z
	for members in '"type":"reaction","reaction":{"message_id":"w1","emoji":"👍"}' '"type":"reaction","reaction":{"message_id":"w1"}' \
		'"type":"edit","edit":{"original_message_id":"w1","message":{"type":"text","text":{"body":"Um!"}}}' \
		'"type":"revoke","revoke":{"original_message_id":"w2"}'; do
		n=$((n + 1))
		hook "\"messages\":[$(part "r$n" $ANA 2026-03-02T12:59:00Z "$members")]"
		holds .data.messages 1
	done
	is "$(messages)" "Um|Dois|👍|Reação retirada|Mensagem editada:/Um!|Mensagem apagada"
	is "$(tickets)" "260301-1:pending:whatsapp"
	portalctl wa can-reply 260301-001
	is "$status" 5
	hook "\"messages\":[$(part r9 $ANA $NOON '"type":"reaction","reaction":{"message_id":"nada","emoji":"👍"}')]"
	holds '.data | [.reason, .set_aside] | join(" ")' "no_subject 1"
}

# sent: Ana has written, and message 1 of the office is on its way under the id of ours.
on_its_way() {
	reachable
	said w1 $ANA $NOON Um
	sql "DELETE FROM outbox WHERE channel = 'whatsapp'; DELETE FROM message WHERE automatic = 1 AND direction = 'out'"
	ok wa send 260301-001 --body Certo --json
	M=$(json .data.id)
	O=$(sql "SELECT id FROM outbox WHERE channel = 'whatsapp'")
	sql "UPDATE outbox SET state = '$1', next_attempt_at = NULL, wamid = $2 WHERE id = $O"
}

# status WORD [MORE]
reports() {
	hook "\"statuses\":[{\"id\":\"wamid.A\",\"status\":\"$1\",\"timestamp\":\"1772366401\",\"recipient_id\":\"$ANA\"${2:-}}]"
}

delivery() {
	sql "SELECT o.state || ' ' || COALESCE(o.delivery, '') || ' ' || COALESCE(m.delivery, '') FROM outbox o JOIN message m ON m.id = o.cause_id WHERE o.id = $O"
}

@test "W7 what became of a message only moves forward, in any order of arrival" {
	local order word
	for order in "sent delivered read played" "played read delivered sent" "read sent" "failed delivered" "delivered failed" "sent failed sent"; do
		rm -f portal.db*
		on_its_way sent "'wamid.A'"
		for word in $order; do reports "$word"; done
		case $order in
		*played*) is "$(delivery)" "sent played played" "$order" ;;
		"read sent") is "$(delivery)" "sent read read" "$order" ;;
		*delivered*) is "$(delivery)" "sent delivered delivered" "$order" ;;
		*) is "$(delivery)" "failed failed failed" "$order" ;;
		esac
	done
	hook '"statuses":[{"id":"wamid.Z","status":"read","timestamp":"1"}]'
	holds '.data | [.statuses, .set_aside, .reason] | join(" ")' "0 1 no_subject"
}

@test "P5 a message nobody knew the end of is settled by what WhatsApp reports under our id" {
	on_its_way unknown NULL
	reports sent ",\"biz_opaque_callback_data\":\"$O\",\"recipient_user_id\":\"BR.5\""
	is "$(delivery)" "sent sent sent" && is "$(sql "SELECT wamid FROM outbox WHERE id = $O")" wamid.A
	reports sent ",\"biz_opaque_callback_data\":\"$O\""
	holds .data.duplicates 1
	reports delivered
	is "$(delivery)" "sent delivered delivered"
	ok contact show ana@alfa.example --json
	holds '.data.wa_user_ids | join(" ")' BR.5
	for strange in 0 99999 -1 1x ''; do
		hook "\"statuses\":[{\"id\":\"wamid.Q\",\"status\":\"read\",\"timestamp\":\"1\",\"biz_opaque_callback_data\":\"$strange\"}]"
		holds .data.reason no_subject
	done
}

@test "W7 a failure keeps what WhatsApp said, and the office hears of it once" {
	on_its_way sent "'wamid.A'"
	reports failed ',"errors":[{"code":131026,"title":"Undeliverable","error_data":{"details":"No WhatsApp"}}]'
	reports failed ',"errors":[{"code":131026,"title":"Undeliverable"}],"x":1'
	is "$(delivery)" "failed failed failed" && is "$(sql "SELECT last_error FROM outbox WHERE id = $O")" "131026 No WhatsApp"
	is "$(notified wa_failed)" $OFFICE
}

@test "W7 what was refused for the closed window waits for the client again" {
	on_its_way sent "'wamid.A'"
	reports failed ',"errors":[{"code":131047,"title":"Re-engagement message"}]'
	is "$(delivery)" "failed failed awaiting_client"
	is "$(conversations)" "1:awaiting_client:" && is "$(notified wa_waiting)" $OFFICE
	said w2 $ANA $NOON Oi
	is "$(conversations)" "1:active:"
	is "$(sql "SELECT state FROM outbox WHERE cause_id = $M ORDER BY id" | paste -sd' ')" "failed queued"
}

@test "S4 the answer to the menu gives the category, and any other is just said" {
	reachable
	ok config set wa_menu on
	ok category add Fiscal --department Impostos
	ok category add Pessoal --assignee dora@office.example
	said w1 $ANA $NOON "Bom dia"
	has "$(sql "SELECT body FROM message WHERE automatic = 1 AND direction = 'out'")" $'1. Fiscal\n2. Pessoal'
	said w2 $ANA $NOON " 2 "
	ok ticket show 260301-001 --json
	holds '.data | "\(.category) \(.assignee_email) \(.status)"' "Pessoal dora@office.example in_progress"
	said w3 $ANA $NOON 1
	ok ticket show 260301-001 --json
	holds .data.category Pessoal
	said x1 $RUI $NOON "Oi"
	said x2 $RUI $NOON "não sei"
	said x3 $RUI $NOON "fiscal"
	ok ticket show 260301-002 --json
	holds '.data | "\(.category) \(.department)"' "null null"
	said y1 5521977770001 $NOON "Oi"
	said y2 5521977770001 $NOON "FISCAL"
	ok ticket show 260301-003 --json
	holds '.data | "\(.category) \(.department)"' "Fiscal Impostos"
}

@test "W8 what the office writes from its phone stands in the ticket" {
	reachable
	said w1 $ANA $NOON Um
	sed 's/"field":"messages"/"field":"smb_message_echoes"/; s/"messages":\[/"message_echoes":[/; s/"from":"553199990001"/"from":"4242","to":"553199990001"/; s/w1/e1/; s/Um/Do telefone/' \
		body.json >echo.json
	"$PORTALCTL" wa receive --json <echo.json >out.txt
	"$PORTALCTL" wa receive --json <echo.json >out.txt
	is "$(sql "SELECT direction, via, delivery, body FROM message WHERE wamid = 'e1'")" "out|whatsapp|sent|Do telefone"
}

@test "W3 neither what the office writes from its phone nor what has no time opens a window" {
	reachable
	said w1 $ANA $NOON Um
	at 2026-03-01T18:00:00Z
	sed 's/"field":"messages"/"field":"smb_message_echoes"/; s/"messages":\[/"message_echoes":[/; s/"from":"553199990001"/"from":"4242","to":"553199990001"/; s/w1/e1/; s/"timestamp":"[0-9]*"/"timestamp":"1772384400"/' \
		body.json >echo.json
	"$PORTALCTL" wa receive --json <echo.json >out.txt
	hook "\"messages\":[{\"id\":\"w2\",\"from\":\"$ANA\",\"type\":\"text\",\"text\":{\"body\":\"Sem hora\"}}]"
	is "$(sql "SELECT group_concat(wamid, ' ') FROM (SELECT wamid FROM message WHERE wamid IS NOT NULL ORDER BY id)")" "w1 e1 w2"
	ok wa can-reply 260301-001 --json
	holds .data.last_client_message_at $NOON
}

@test "O4 what reacts, edits, takes back or echoes stands in the audit log, once" {
	reachable
	said w1 $ANA $NOON Um
	before=$(sql "SELECT max(id) FROM audit")
	for members in '"type":"reaction","reaction":{"message_id":"w1","emoji":"👍"}' \
		'"type":"edit","edit":{"original_message_id":"w1","message":{"type":"text","text":{"body":"Um!"}}}' \
		'"type":"revoke","revoke":{"original_message_id":"w1"}'; do
		n=$((n + 1))
		for more in '' ',"x":1'; do hook "\"messages\":[$(part "r$n" $ANA $NOON "$members$more")]"; done
	done
	said e0 5531 $NOON Eco
	sed "s/\"field\":\"messages\"/\"field\":\"smb_message_echoes\"/; s/\"messages\":\[/\"message_echoes\":[/; s/\"from\":\"5531\"/\"from\":\"4242\",\"to\":\"$ANA\"/" \
		body.json >echo.json
	"$PORTALCTL" wa receive --json <echo.json >out.txt
	ok audit list --action wa.receive --format ndjson
	is "$(jq -r "select(.id > $before) | \"\(.action) \(.target_kind) \(.changes.type[1])\"" <<<"$out" | head -3 | paste -sd,)" \
		"wa.receive ticket reaction,wa.receive ticket edit,wa.receive ticket revoke"
	is "$(sql "SELECT count(*) FROM audit WHERE changes LIKE '%\"type\"%\"echo\"%'")" 1
	is "$(sql "SELECT count(*) FROM message m WHERE m.wamid IS NOT NULL AND NOT EXISTS (SELECT 1 FROM audit a
		WHERE a.action = 'wa.receive' AND a.changes LIKE '%\"message_id\":[null,\"' || m.id || '\"]%')")" 0 "messages nobody noted"
	ok audit verify
}

@test "W8 bad news about templates and the account reach the office" {
	reachable
	cat >body.json <<-END
		{"object":"whatsapp_business_account","entry":[{"id":"77","changes":[
		{"field":"message_template_status_update","value":{"event":"REJECTED","reason":"INVALID_FORMAT","message_template_name":"conversar_agora"}},
		{"field":"message_template_status_update","value":{"event":"APPROVED","message_template_name":"x"}},
		{"field":"account_update","value":{"event":"ACCOUNT_VIOLATION","violation_info":{"violation_type":"ADULT"}}}]}]}
	END
	"$PORTALCTL" wa receive <body.json
	is "$(sql "SELECT text FROM notification WHERE kind = 'wa_notice'")" \
		$'WhatsApp, modelo conversar_agora: REJECTED (INVALID_FORMAT)\nWhatsApp: ACCOUNT_VIOLATION (ADULT)'
}

@test "W8 every published payload is taken as ours, and in whatever body it comes again changes nothing" {
	local file before
	[ -d "$WEBHOOKS" ] || skip "the payloads are not here"
	reachable
	for file in "$WEBHOOKS"/*.json; do
		sed -E 's/("phone_number_id": ?)"[^"]*"/\1"4242"/' "$file" >body.json
		"$PORTALCTL" wa receive --json <body.json >out.txt
		is "$(jq -r '"\(.data.state) \(.data.reason)"' out.txt | grep -vE 'done (null|no_sender|no_subject|no_change|no_contact|other_number)')" "" \
			"${file##*/}"
	done
	is "$(sql "SELECT count(*) FROM webhook WHERE reason = 'failed'")" 0
	before=$(sqlite3 portal.db .dump | grep -v "INTO webhook\|sqlite_sequence" | sha256sum)
	for file in "$WEBHOOKS"/*.json; do
		(sed -E 's/("phone_number_id": ?)"[^"]*"/\1"4242"/' "$file" && echo ' ') >body.json
		"$PORTALCTL" wa receive -q <body.json
		case $file in */tpl-* | */acc-*) sql "DELETE FROM notification WHERE kind = 'wa_notice' AND target_id = (SELECT max(id) FROM webhook)" ;; esac
	done
	is "$(sqlite3 portal.db .dump | grep -v "INTO webhook\|sqlite_sequence" | sha256sum)" "$before" "database"
}

@test "P6 sixty-four messages of a new contact at once: one contact, one ticket, one conversation" {
	reachable
	contacts=$(sql "SELECT count(*) FROM contact")
	for i in {1..64}; do
		hook_body="{\"object\":\"whatsapp_business_account\",\"entry\":[{\"id\":\"77\",\"changes\":[{\"field\":\"messages\",\"value\":{\"metadata\":{\"phone_number_id\":\"4242\"},\"messages\":[$(part "m$i" $RUI $NOON "\"type\":\"text\",\"text\":{\"body\":\"$i\"}")]}}]}]}"
		"$PORTALCTL" wa receive <<<"$hook_body" >/dev/null 2>>errors.txt &
	done
	wait
	is "$(cat errors.txt)" ""
	is "$(sql "SELECT count(*) FROM contact") $(sql "SELECT count(*) FROM ticket") $(sql "SELECT count(*) FROM conversation") \
$(sql "SELECT count(*) FROM message WHERE direction = 'in'")" "$((contacts + 1)) 1 1 64"
	is "$(calls)" "wa_message:queued" "greetings"
	ok audit verify
}

@test "W9 W8 whose phone is corrected meanwhile answers from the one of now, and another from that of before" {
	reachable
	ok ticket open --contact ana@alfa.example --subject S
	ok wa start 260301-001
	ok contact set ana@alfa.example --phone '(31) 98888-0009'
	ok contact set bia@beta.example --phone '(31) 99999-0001'
	said w1 $ANA $NOON 'Quem fala?'
	holds '.data | "\(.state) \(.messages) \(.set_aside)"' "done 1 0"
	is "$(conversations)" "1:awaiting_client: 2:active:"
	said w2 553188880009 $NOON 'Sim, quero'
	is "$(conversations)" "1:active: 2:active:"
	is "$(sql "SELECT ticket_id || body FROM message WHERE direction = 'in' ORDER BY id" | paste -sd'|')" "2Quem fala?|1Sim, quero"
}

@test "W9 whom a message went to is who is known by the name it was delivered under" {
	reachable
	ok contact add --company $ALFA --name Caio --email cc@alfa.example --phone '(31) 99999-0002'
	ok ticket open --contact ana@alfa.example --subject A
	ok ticket open --contact cc@alfa.example --subject B
	ok wa start 260301-001
	ok wa start 260301-002
	sql "UPDATE outbox SET state = 'sent', wamid = 'x' || id, sent_at = 1 WHERE channel = 'whatsapp'"
	ok ticket merge 260301-002 --into 260301-001
	hook "\"statuses\":[{\"id\":\"x$(sql "SELECT max(id) FROM outbox WHERE wamid IS NOT NULL")\",\"status\":\"delivered\",\"timestamp\":\"$(date -d $NOON +%s)\",\"recipient_id\":\"553199990002\"}]"
	is "$(sql "SELECT wa_ids FROM contact WHERE email = 'ana@alfa.example'")" ""
	is "$(sql "SELECT wa_ids FROM contact WHERE email = 'cc@alfa.example'")" 553199990002
	ok wa show 260301-001 --json
	holds '.data | "\(.contact_name) \(.status)"' "Ana awaiting_client"
	ok wa end 260301-001 --json
	holds .changed true
}

@test "W3 a refusal of before the client wrote again is of the past: the message goes at once" {
	reachable
	said w1 $ANA 2026-02-28T12:30:00Z Oi
	ok wa send 260301-001 --body um
	sql "UPDATE outbox SET state = 'sent', wamid = 'x1', sent_at = $(date -d $NOON +%s)000, next_attempt_at = NULL
		WHERE cause_id = (SELECT id FROM message WHERE body = 'um')"
	export PORTALCTL_NOW=2026-03-01T13:00:00Z
	said w2 $ANA 2026-03-01T12:58:00Z 'Estou aqui'
	hook '"statuses":[{"id":"x1","status":"failed","timestamp":"1772369700","recipient_id":"553199990001","errors":[{"code":131047,"title":"Re-engagement message"}]}]'
	ok wa show 260301-001 --json
	holds .data.status active
	is "$(sql "SELECT delivery FROM message WHERE body = 'um'")" queued
}

@test "W9 a number that changes takes the window along, and no conversation is left over" {
	reachable
	said w1 $ANA $NOON Oi
	hook "\"messages\":[$(part w2 $ANA $NOON '"type":"system","system":{"type":"user_changed_number","body":"User Ana changed from 553199990001 to 553188880009","wa_id":"553188880009"}')]"
	ok wa show 260301-001 --json
	holds '.data | "\(.status) \(.phone) \(.window_open)"' "active +553188880009 true"
	ok wa expire --now 2026-03-02T12:00:00Z --json
	holds .data.ended 1
}

# parts: what the outbox holds of message $M.
parts() {
	sql "SELECT state FROM outbox WHERE cause_id = $M AND cause_kind = 'message' ORDER BY id" | paste -sd' '
}

# half_gone: a text of the office has gone, its file was refused as the window was closed.
half_gone() {
	reachable
	ok ticket open --contact ana@alfa.example --subject Um
	ok ticket open --contact ana@alfa.example --subject Dois
	said w1 $ANA 2026-03-01T11:58:00Z Oi
	echo um >um.txt
	ok wa send 260301-002 --body Segue --file um.txt --json
	M=$(json .data.id)
	sql "UPDATE outbox SET state = 'sent', wamid = 'x' || id, sent_at = $(date -d $NOON +%s)000, next_attempt_at = NULL
		WHERE cause_id = $M AND cause_kind = 'message'"
	hook "\"statuses\":[{\"id\":\"x$(sql 'SELECT max(id) FROM outbox')\",\"status\":\"failed\",\"timestamp\":\"1772366401\",\"recipient_id\":\"$ANA\",\"errors\":[{\"code\":131047,\"title\":\"Re-engagement message\"}]}]"
	is "$(parts)" "sent failed"
}

@test "O2 W2 a part of a message that has gone does not go again after its ticket was merged" {
	half_gone
	ok ticket merge 260301-002 --into 260301-001
	said w2 $ANA 2026-03-01T12:00:00Z Sim
	is "$(parts)" "sent failed queued"
	is "$(sql "SELECT delivery FROM message WHERE id = $M")" queued
	fails 5 outbox retry "$(sql "SELECT min(id) + 1 FROM outbox WHERE cause_id = $M AND cause_kind = 'message'")"
	has "$err" "goes out as"
}

@test "O2 each file of a message is a part of its own" {
	reachable
	said w1 $ANA 2026-03-01T11:58:00Z Oi
	for file in um dois; do echo $file >$file.txt; done
	ok wa send 260301-001 --body Seguem --file um.txt --file dois.txt --json
	M=$(json .data.id)
	sql "UPDATE outbox SET state = 'cancelled', next_attempt_at = NULL WHERE cause_id = $M AND cause_kind = 'message' AND arguments LIKE '%dois%';
		UPDATE outbox SET state = 'sent', next_attempt_at = NULL WHERE cause_id = $M AND cause_kind = 'message' AND state = 'queued';
		UPDATE message SET delivery = 'awaiting_client' WHERE id = $M"
	said w2 $ANA $NOON Sim
	is "$(parts)" "sent sent cancelled queued"
	has "$(sql 'SELECT arguments FROM outbox ORDER BY id DESC LIMIT 1')" dois.txt
}

# before WORD: told of the attempt wamid.A, of which the row has our id.
before() {
	reports "$1" ",\"biz_opaque_callback_data\":\"$O\",\"errors\":[{\"code\":131047,\"title\":\"Re-engagement message\"}]"
	holds '.data | [.state, .set_aside] | join(" ")' "done 0"
}

@test "W7 O2 a failure of an attempt before the one that counts changes nothing, an arrival counts" {
	local state
	for state in "'sent', wamid = 'wamid.B'" "'sending', accepted_as = 'wamid.B'" "'sending', wamid = 'wamid.A'" \
		"'unknown', wamid = 'wamid.A'"; do
		rm -f portal.db*
		on_its_way sending NULL
		sql "UPDATE outbox SET state = $state WHERE id = $O; UPDATE message SET delivery = 'sent' WHERE id = $M"
		was=$(sql "SELECT state, delivery, wamid, accepted_as FROM outbox WHERE id = $O")
		for word in failed sent; do
			before $word
			is "$(sql "SELECT state, delivery, wamid, accepted_as FROM outbox WHERE id = $O")" "$was" "$state $word"
		done
		is "$(parts)" "${was%%|*}"
		before delivered
		is "$(delivery)" "sent delivered delivered" "$state"
		before failed
		is "$(delivery)" "sent delivered delivered" "$state"
		case $state in
		*wamid.B*) is "$(sql "SELECT wamid, accepted_as FROM outbox WHERE id = $O")" "wamid.B|" ;;
		esac
	done
	is "$(notified wa_waiting)$(notified wa_failed)" ""
}

@test "W7 what is told of a message that was accepted a moment ago is told of that" {
	on_its_way sending NULL
	sql "UPDATE outbox SET accepted_as = 'wamid.A', sent_at = $(date -d $NOON +%s)000 WHERE id = $O"
	before failed
	is "$(delivery)" "failed failed awaiting_client"
}

@test "W7 a message that was cancelled and had arrived says what WhatsApp says" {
	on_its_way unknown NULL
	ok outbox cancel "$O"
	is "$(delivery)" "cancelled  cancelled"
	before read
	is "$(delivery)" "sent read read"
}

@test "W7 a message of which one part was cancelled was not read" {
	reachable
	said w1 $ANA $NOON Oi
	echo um >um.txt
	ok wa send 260301-001 --body Segue --file um.txt --json
	M=$(json .data.id)
	O=$(sql "SELECT min(id) FROM outbox WHERE cause_id = $M AND cause_kind = 'message'")
	sql "UPDATE outbox SET state = 'sent', wamid = 'wamid.A', next_attempt_at = NULL WHERE id = $O"
	ok outbox cancel $((O + 1))
	reports read
	is "$(delivery)" "sent read cancelled"
}

@test "W7 where all of a message has gone after all it does not wait for the client" {
	on_its_way sent "'wamid.A'"
	before failed
	is "$(delivery)" "failed failed awaiting_client"
	reports delivered
	is "$(delivery)" "sent delivered delivered"
	said w2 $ANA $NOON Oi
	is "$(delivery)" "sent delivered delivered"
	is "$(parts)" sent
}

@test "W7 O2 a part that went and waits with the others is not queued again when the client answers" {
	on_its_way sent "'wamid.A'"
	sql "UPDATE message SET delivery = 'awaiting_client' WHERE id = $M; UPDATE outbox SET delivery = 'read' WHERE id = $O"
	said w2 $ANA $NOON Oi
	is "$(delivery)" "sent read read"
}

@test "W2 an answer calls off the question that was put off, and what waits goes at once" {
	local state
	for state in queued held; do
		rm -f portal.db*
		reachable
		ok ticket open --contact ana@alfa.example --subject Um
		ok wa start 260301-001
		ok wa send 260301-001 --body Um
		sql "UPDATE outbox SET state = '$state', next_attempt_at = 9e12 WHERE template = 'wa_start';
			UPDATE message SET delivery = '$state' WHERE automatic = 1"
		said w1 $ANA $NOON Oi
		is "$(calls)" "wa_start:cancelled wa_message:queued"
		is "$(sql 'SELECT delivery FROM message WHERE automatic = 1 AND event IS NULL')" cancelled
	done
}

@test "S13 a closing text that WhatsApp refuses as the window is closed goes as a template, once" {
	on_its_way cancelled NULL
	ok ticket close 260301-001
	for wamid in wamid.A wamid.T; do
		O=$(sql "SELECT max(id) FROM outbox WHERE channel = 'whatsapp'")
		sql "UPDATE outbox SET state = 'sent', wamid = '$wamid', sent_at = $(date -d $NOON +%s)000 WHERE id = $O"
		hook "\"statuses\":[{\"id\":\"$wamid\",\"status\":\"failed\",\"timestamp\":\"1772366401\",\"errors\":[{\"code\":131047,\"title\":\"x\"}]}]"
		case $wamid in
		wamid.A) is "$(calls)" "wa_message:cancelled wa_message:failed ticket_closed:queued" ;;
		*) is "$(calls)" "wa_message:cancelled wa_message:failed ticket_closed:failed" ;;
		esac
	done
	is "$(sql "SELECT delivery FROM message WHERE automatic = 1 AND event IS NULL")" cancelled
	is "$(notified wa_failed)" $OFFICE
	is "$(conversations)" "1:ended:done"
}
