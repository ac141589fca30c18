load helpers
load network

# Ana has the phones A and B; a ticket of hers is 260301-001. The office's number is 4242.
two_phones() {
	network
	printf 'whatsapp:\n  phone_number_id: "4242"\n' >config.yaml
	export PORTALCTL_CONFIG=$PWD/config.yaml
	ok contact set ana@alfa.example --phone +$A --phone +$B
	ok ticket open --contact ana@alfa.example --subject Certidão
}

A=551131110001 B=551131110002 N=260301-001 NOON=2026-03-01T12:00:00Z ALREADY=2026-03-01T11:00:00Z

# wrote NUMBER WHEN: what web hooks of before have left.
wrote() {
	sql "UPDATE contact_identity SET client_at = $(date -d "$2" +%s)000 WHERE identity = '$1'"
}

# hook MEMBERS [FIELD]: receives a body with these members of a value.
hook() {
	printf '{"object":"whatsapp_business_account","entry":[{"id":"77","changes":[{"field":"%s","value":{"metadata":{"phone_number_id":"4242"},%s}}]}]}' \
		"${2:-messages}" "$1" >body.json
	"$PORTALCTL" wa receive --json <body.json >out.txt 2>err.txt && status=0 || status=$?
	is "$status" 0 "status of wa receive: $(<err.txt)"
	out=$(<out.txt)
	holds '.data | "\(.state) \(.set_aside)"' "done 0"
}

# said ID TIME NAMES: a text of whoever has these names, '"from":"…"', '"from_user_id":"…"' or both.
said() {
	hook "\"messages\":[{\"id\":\"$1\",$3,\"timestamp\":\"$(date -d "$2" +%s)\",\"type\":\"text\",\"text\":{\"body\":\"$1\"}}]"
}

# conversation: the newest, as people see it.
conversation() {
	ok wa show $N --json
	json '.data | "\(.status) \(.phone) \(.window_closes_at)"'
}

# calls: the texts for WhatsApp, and where they go.
calls() {
	sql "SELECT o.template || ':' || o.state || ':' || o.recipient FROM outbox o WHERE o.channel = 'whatsapp' ORDER BY id" |
		paste -sd' '
}

@test "W3 what the client wrote from one number opens no window of another" {
	two_phones
	wrote $A $ALREADY
	ok wa start $N --phone +$B
	is "$(conversation)" "awaiting_client +$B null"
	ok wa send $N --body Espera --json
	holds .data.delivery awaiting_client
	is "$(calls)" "wa_start:queued:+$B"
	ok wa end $N
	ok wa start $N --phone +$A
	is "$(conversation)" "active +$A 2026-03-02T11:00:00Z"
}

@test "W3 W4 the 24 hours are those of the conversation's own number, to the second" {
	two_phones
	wrote $A 2026-02-28T12:30:00Z
	wrote $B 2026-03-01T11:59:00Z
	ok wa start $N --phone +$A
	ok wa can-reply $N --now 2026-03-01T12:29:59Z --json
	holds '.data | "\(.phone) \(.window_closes_at)"' "+$A 2026-03-01T12:30:00Z"
	portalctl wa can-reply $N --now 2026-03-01T12:29:59Z
	is "$status" 0
	ok wa list --sort window_closes_at --now 2026-03-01T12:29:59Z --json
	holds '.items[0].window_closes_at' 2026-03-01T12:30:00Z
	ok wa expire --now 2026-03-01T12:29:59Z --json
	holds '.data | "\(.ended) \(.warned)"' "0 1"
	for list in "wa list --format count" "wa list --status active --format count"; do
		# shellcheck disable=SC2086 # words
		ok $list --now 2026-03-01T12:29:59Z && is "$out" 1
		# shellcheck disable=SC2086 # words
		ok $list --now 2026-03-01T12:30:00Z && is "$out" 0
	done
	fails 5 wa send $N --body Tarde --now 2026-03-01T12:30:00Z
	ok ticket show $N --now 2026-03-01T12:29:59Z --json
	holds .data.wa_status active
	ok ticket show $N --now 2026-03-01T12:30:00Z --json
	holds .data.wa_status ended
	ok wa expire --now 2026-03-01T12:30:00Z --json
	holds .data.ended 1
}

@test "W3 a message that waits its turn is not sent once its own number's window is over" {
	two_phones
	(umask 077; echo EAAstandin >token.txt)
	printf 'whatsapp:\n  phone_number_id: "4242"\n  token_file: token.txt\n  api_url: http://127.0.0.1:9/v25.0\n' >config.yaml
	wrote $A 2026-02-28T12:30:00Z
	ok wa start $N --phone +$A
	ok wa send $N --body Um
	wrote $B 2026-03-01T12:00:00Z
	portalctl deliver --channel whatsapp --now 2026-03-01T12:30:00Z
	is "$(calls)" "wa_message:cancelled:+$A"
	is "$(sql "SELECT delivery FROM message WHERE body = 'Um'")" awaiting_client
}

@test "W10 without a number a conversation starts where the client wrote from last" {
	two_phones
	wrote $A 2026-02-20T12:00:00Z
	wrote $B 2026-03-01T11:00:00Z
	sql "UPDATE contact SET wa_ids = '$A' WHERE email = 'ana@alfa.example'"
	ok wa can-reply --contact ana@alfa.example --json
	holds '.data | "\(.phone) \(.window_closes_at)"' "+$B 2026-03-02T11:00:00Z"
	portalctl wa can-reply $N
	is "$status" 0
	ok wa start $N
	is "$(conversation)" "active +$B 2026-03-02T11:00:00Z"
	ok wa end $N
	wrote $A 2026-03-01T11:30:00Z
	ok wa start $N
	is "$(conversation)" "active +$A 2026-03-02T11:30:00Z"
}

@test "W10 of a ticket that is being spoken of, can-reply tells of the conversation's own number" {
	two_phones
	wrote $A $ALREADY
	ok wa start $N --phone +$B
	portalctl wa can-reply $N --json
	is "$status" 5
	holds '.data | "\(.phone) \(.ticket_number) \(.last_client_message_at)"' "+$B $N null"
	ok wa can-reply --contact ana@alfa.example --json
	holds '.data | "\(.phone) \(.ticket_number) \(.last_client_message_at)"' "+$A $N $ALREADY"
}

@test "W9 the address is spelled as WhatsApp did last, with or without the ninth digit" {
	two_phones
	ok contact set ana@alfa.example --phone '(31) 99999-0001' --phone +$B
	said w1 $NOON '"from":"553199990001"'
	ok wa end $N
	ok wa start $N
	is "$(conversation)" "active +553199990001 2026-03-02T12:00:00Z"
	ok wa end $N
	ok wa start $N --phone '31 99999-0001'
	is "$(conversation)" "active +553199990001 2026-03-02T12:00:00Z"
}

@test "W2 W9 a conversation goes on at the number that the client writes from, with all that waits" {
	two_phones
	ok wa start $N --phone +$B
	ok wa send $N --body Um
	ok wa send $N --body Dois
	said w1 $NOON '"from":"'$A'"'
	is "$(conversation)" "active +$A 2026-03-02T12:00:00Z"
	is "$(calls)" "wa_start:cancelled:+$A wa_message:queued:+$A wa_message:queued:+$A"
	ok wa send $N --body Tres
	is "$(sql "SELECT DISTINCT recipient FROM outbox WHERE channel = 'whatsapp'")" +$A
	is "$(sql "SELECT event_from || ' ' || event_to FROM message WHERE event = 'number'")" "+$B +$A"
	is "$(sql "SELECT address || ' ' || identity FROM conversation")" "+$A $A"
	is "$(sql "SELECT count(*) FROM audit WHERE action = 'wa.receive' AND target_kind = 'conversation' AND changes LIKE '%$B%$A%'")" 1
	ok audit verify
}

@test "W9 what was queued goes along, and what has gone stays gone" {
	two_phones
	wrote $B $ALREADY
	ok wa start $N --phone +$B
	for text in Um Dois; do ok wa send $N --body $text; done
	sql "UPDATE outbox SET state = 'sent', wamid = 'x', sent_at = 1, next_attempt_at = NULL
		WHERE id = (SELECT min(id) FROM outbox WHERE channel = 'whatsapp')"
	ok ticket open --contact bia@beta.example --subject Outra
	ok contact set bia@beta.example --phone +$B
	sql "INSERT INTO outbox (channel, recipient, template, language, arguments, state, attempts, next_attempt_at, cause_kind,
		cause_id, created_at) VALUES ('whatsapp', '+$B', 'wa_message', 'pt_BR', '{}', 'queued', 0, 1, 'document', 1, 1)"
	said w1 $NOON '"from":"'$A'"'
	is "$(calls)" "wa_message:sent:+$B wa_message:queued:+$A wa_message:queued:+$B"
}

@test "W9 O2 what was queued before the window closed goes in order to where the client writes from next" {
	two_phones
	wrote $A $ALREADY
	ok wa start $N --phone +$A
	for text in Um Dois; do ok wa send $N --body $text; done
	sql "UPDATE outbox SET state = 'sending', lease = 'x' WHERE id = (SELECT min(id) FROM outbox WHERE channel = 'whatsapp')"
	export PORTALCTL_NOW=2026-03-02T12:00:00Z
	said w1 2026-03-02T11:59:00Z '"from":"'$B'"'
	is "$(conversation)" "active +$B 2026-03-03T11:59:00Z"
	ok wa send $N --body Tres
	is "$(calls)" "wa_message:sending:+$B wa_message:queued:+$B wa_message:queued:+$B"
}

@test "W3 O2 what is found queued for an address whose window is over goes where the client is spoken with" {
	two_phones
	wrote $B $ALREADY
	ok wa start $N --phone +$B
	for text in Um Dois; do ok wa send $N --body $text; done
	sql "UPDATE outbox SET recipient = '+$A' WHERE id = (SELECT min(id) FROM outbox WHERE channel = 'whatsapp')"
	(umask 077; echo EAAstandin >token.txt)
	printf '  token_file: token.txt\n  api_url: http://127.0.0.1:9/v25.0\n' >>config.yaml
	portalctl deliver --channel whatsapp
	is "$(calls)" "wa_message:cancelled:+$A wa_message:queued:+$B wa_message:queued:+$B"
	is "$(conversation)" "active +$B 2026-03-02T11:00:00Z"
	is "$(sql "SELECT group_concat(delivery) FROM message WHERE body IN ('Um', 'Dois')")" queued,queued
	is "$(sql "SELECT count(*) FROM notification WHERE kind = 'wa_waiting'")" 0
}

@test "W3 an old message that comes late moves no conversation" {
	two_phones
	wrote $B 2026-03-01T11:30:00Z
	ok wa start $N
	said w1 2026-03-01T11:29:59Z '"from":"'$A'"'
	is "$(conversation)" "active +$B 2026-03-02T11:30:00Z"
	said w2 2026-03-01T11:30:00Z '"from":"'$A'"'
	is "$(conversation)" "active +$B 2026-03-02T11:30:00Z"
	is "$(sql "SELECT count(*) FROM message WHERE event = 'number'")" 0
	said w3 2026-03-01T11:30:01Z '"from":"'$A'"'
	is "$(conversation)" "active +$A 2026-03-02T11:30:01Z"
	said w4 2026-03-01T11:30:00Z '"from":"'$B'"'
	is "$(conversation)" "active +$A 2026-03-02T11:30:01Z"
}

@test "W3 a message whose window is over moves no conversation that waits" {
	two_phones
	ok wa start $N --phone +$B
	said w1 2026-02-28T12:00:00Z '"from":"'$A'"'
	is "$(conversation)" "awaiting_client +$B null"
	said w2 2026-02-28T12:00:01Z '"from":"'$A'"'
	is "$(conversation)" "active +$A 2026-03-01T12:00:01Z"
	ok wa end $N
	ok wa start $N --phone +$B
	said w3 2026-02-28T12:00:00Z '"from":"'$A'"'
	is "$(conversation)" "awaiting_client +$B null" "older than what came from there"
}

@test "W1 what comes from a number where another conversation is going on is that one's" {
	two_phones
	ok contact add --company $BETA --name Rui --email rui@beta.example --phone +$A
	ok ticket open --contact rui@beta.example --subject Outra
	wrote $B $ALREADY
	ok wa start $N --phone +$B
	ok wa start 260301-002
	said w1 $NOON '"from":"'$A'"'
	is "$(conversation)" "active +$B 2026-03-02T11:00:00Z"
	is "$(sql "SELECT ticket_id || ':' || status || ':' || address FROM conversation ORDER BY id" | paste -sd' ')" \
		"1:active:+$B 2:active:+$A"
	is "$(sql "SELECT ticket_id FROM message WHERE wamid = 'w1'")" 2
}

@test "W9 a number and the id of its user are one account, whichever of them a web hook tells" {
	two_phones
	said w1 2026-03-01T10:00:00Z '"from":"'$A'","from_user_id":"BR.1"'
	is "$(conversation)" "active +$A 2026-03-02T10:00:00Z"
	said w2 2026-03-01T11:00:00Z '"from_user_id":"BR.1"'
	is "$(conversation)" "active +$A 2026-03-02T11:00:00Z" "the id alone"
	ok wa end $N
	ok wa start $N
	is "$(conversation)" "active +$A 2026-03-02T11:00:00Z" "the number before the id"
	sql "UPDATE conversation SET address = 'BR.1', identity = 'BR.1' WHERE status <> 'ended'"
	said w3 $NOON '"from":"'$A'"'
	is "$(conversation)" "active BR.1 2026-03-02T12:00:00Z" "the number alone"
	is "$(sql "SELECT count(*) FROM message WHERE event = 'number'")" 0
	is "$(sql "SELECT client_at FROM contact_identity WHERE identity = '$B'")" ""
}

@test "W9 a status that tells number and user says that they are one account" {
	two_phones
	wrote $A $ALREADY
	ok wa start $N --phone +$B
	sql "UPDATE outbox SET state = 'sent', wamid = 'x1', sent_at = 1, next_attempt_at = NULL WHERE channel = 'whatsapp'"
	hook '"statuses":[{"id":"x1","status":"delivered","timestamp":"1772366400","recipient_user_id":"BR.2"}]'
	is "$(conversation)" "awaiting_client +$B null"
	said w1 $NOON '"from_user_id":"BR.2"'
	is "$(conversation)" "active +$B 2026-03-02T12:00:00Z"
}

@test "W9 a number that WhatsApp spells otherwise is one account with it, by the user of both" {
	two_phones
	ok wa start $N --phone +$B
	sql "UPDATE outbox SET state = 'sent', wamid = 'x1', sent_at = 1, next_attempt_at = NULL WHERE channel = 'whatsapp'"
	hook '"statuses":[{"id":"x1","status":"delivered","timestamp":"1772366400","recipient_id":"5215500000001","recipient_user_id":"BR.2"}]'
	said w1 $NOON '"from":"5215500000001"'
	is "$(conversation)" "active +$B 2026-03-02T12:00:00Z"
}

@test "W9 W3 the number of a user who wrote without one has the user's window once it is told" {
	two_phones
	said w1 $ALREADY '"from_user_id":"BR.7"'
	N=260301-002
	is "$(conversation)" "active BR.7 2026-03-02T11:00:00Z"
	sql "UPDATE outbox SET state = 'sent', wamid = 'x1', sent_at = 1, next_attempt_at = NULL WHERE channel = 'whatsapp'"
	hook '"statuses":[{"id":"x1","status":"delivered","timestamp":"1772366400","recipient_id":"551131110009"}]'
	ok wa end $N
	ok wa start $N
	is "$(conversation)" "active +551131110009 2026-03-02T11:00:00Z"
}

@test "W9 W3 a number that is another user's now has the window of that user alone" {
	two_phones
	said w1 2026-03-01T10:00:00Z '"from":"'$A'","from_user_id":"BR.1"'
	ok wa end $N
	ok wa start $N
	ok wa send $N --body Um
	sql "UPDATE outbox SET state = 'sent', wamid = 'x1', sent_at = 1, next_attempt_at = NULL
		WHERE channel = 'whatsapp' AND state = 'queued'"
	hook '"statuses":[{"id":"x1","status":"delivered","timestamp":"1772366400","recipient_id":"'$A'","recipient_user_id":"BR.5"}]'
	is "$(sql "SELECT identity || ':' || COALESCE(client_at, '') FROM contact_identity WHERE identity <> '$B' ORDER BY identity" | paste -sd' ')" \
		"$A: BR.1:1772359200000 BR.5:"
	hook '"messages":[{"id":"s2","timestamp":"1772366400","type":"system","system":{"type":"user_changed_user_id","user_id":"BR.6","body":"User Ana changed from BR.5 to BR.6"}}]'
	said w2 $NOON '"from_user_id":"BR.6"'
	is "$(sql "SELECT client_at FROM contact_identity WHERE identity = '$A'")" 1772366400000
}

@test "W3 a refusal of the number of before does not stop what goes on at another" {
	two_phones
	wrote $B 2026-03-01T11:00:00Z
	ok wa start $N --phone +$B
	ok wa send $N --body Um
	sql "UPDATE outbox SET state = 'sent', wamid = 'x1', sent_at = 1772366400000, next_attempt_at = NULL WHERE channel = 'whatsapp'"
	said w1 2026-03-01T11:30:00Z '"from":"'$A'"'
	refused='"errors":[{"code":131047,"title":"Re-engagement message"}]'
	hook '"statuses":[{"id":"x1","status":"failed","timestamp":"1772366400","recipient_id":"'$B'",'"$refused"'}]'
	is "$(conversation)" "active +$A 2026-03-02T11:30:00Z"
	is "$(calls)" "wa_message:failed:+$B wa_message:queued:+$A"
	sql "UPDATE outbox SET state = 'sent', wamid = 'x2', sent_at = 1772366400000, next_attempt_at = NULL WHERE state = 'queued' AND channel = 'whatsapp'"
	hook '"statuses":[{"id":"x2","status":"failed","timestamp":"1772366400","recipient_id":"'$A'",'"$refused"'}]'
	is "$(calls)" "wa_message:failed:+$B wa_message:failed:+$A" "once"
	ok wa show $N --json
	holds '.data | "\(.status) \(.waiting_count)"' "awaiting_client 1"
}

@test "W9 a number that is not the contact's is refused, and nobody is known by it" {
	two_phones
	before=$(fingerprint)
	fails 6 wa start $N --phone '(31) 98888-0002'
	has "$err" "is not among the phones of 'ana@alfa.example'"
	has "$err" "--phone +$A --phone +$B --phone +5531988880002"
	is "$(fingerprint)" "$before"
	eval "ok $(sed -n "s/.*\(contact set [0-9]* .*[0-9]\).*/\1/p" <<<"$err" | head -n 1)"
	ok wa start $N --phone '(31) 98888-0002'
	is "$(conversation)" "awaiting_client +5531988880002 null"
	ok contact show ana@alfa.example --json
	holds '.data.phones | join(" ")' "+$A +$B +5531988880002"
}

@test "W9 who is given a phone whose user is known has the window of that account" {
	two_phones
	said w1 2026-03-01T10:00:00Z '"from":"'$A'","from_user_id":"BR.1"'
	ok wa end $N
	ok contact set bia@beta.example --phone +$A
	ok ticket open --contact bia@beta.example --subject Outra
	ok wa start 260301-002
	said w2 $ALREADY '"from_user_id":"BR.1"'
	N=260301-002
	is "$(conversation)" "active +$A 2026-03-02T11:00:00Z"
}

# number_changed ID WAS NOW [TIME]
number_changed() {
	hook "\"messages\":[{\"id\":\"$1\",\"from\":\"$2\",\"timestamp\":\"$(date -d "${4:-$NOON}" +%s)\",\"type\":\"system\",\"system\":{\"type\":\"user_changed_number\",\"wa_id\":\"$3\",\"body\":\"User changed from $2 to $3\"}}]"
}

# whose BODY: who said that, and in which ticket.
whose() {
	sql "SELECT k.name || ' ' || t.n FROM message m JOIN ticket t ON t.id = m.ticket_id
		JOIN contact k ON k.id = t.contact_id WHERE m.direction = 'in' AND m.body = '$1'"
}

@test "W3 W10 of a number that two contacts have there is one window, whoever has written" {
	two_phones
	ok contact set ana@alfa.example --phone +$A
	ok contact set caio@alfa.example --phone +$B
	ok ticket open --contact caio@alfa.example --subject Outra
	said w1 $ALREADY '"from":"'$A'"'
	number_changed s1 $A $B
	ok wa end $N
	ok wa can-reply --contact caio@alfa.example
	ok wa start 260301-002
	N=260301-002
	is "$(conversation)" "active +$B 2026-03-02T11:00:00Z"
	ok wa send $N --body Oi --json
	holds .data.delivery queued
	ok wa expire --json
	holds .data.ended 0
	is "$(sql "SELECT DISTINCT client_at FROM contact_identity WHERE identity = '$B'")" 1772362800000
}

@test "W1 W9 an account is spoken with in one ticket, whichever of its names a web hook tells" {
	two_phones
	said w1 $ALREADY '"from":"551131110005","from_user_id":"BR.1"'
	ok wa end 260301-002
	ok contact set ana@alfa.example --phone +551131110005
	ok wa start $N
	said w2 2026-03-01T11:55:00Z '"from_user_id":"BR.1"'
	is "$(whose w2)" "Ana 1"
	is "$(sql "SELECT count(*) FROM conversation WHERE status <> 'ended'")" 1
	is "$(conversation)" "active +551131110005 2026-03-02T11:55:00Z"
	ok wa end $N
	sql "UPDATE conversation SET status = 'active', end_reason = NULL, ended_at = NULL, address = 'BR.1', identity = 'BR.1' WHERE id = 1"
	sql "DELETE FROM contact_identity WHERE identity = '551131110005' AND contact_id <> (SELECT contact_id FROM ticket WHERE id = 1)"
	said w3 $NOON '"from":"551131110005"'
	is "$(whose w3)" "+55 11 3111-0005 2" "the number of a user who is spoken with by the id"
}

# two_of_one: Ana has the number A, and B; who wrote under the id BR.1, in ticket 2, has A too.
two_of_one() {
	two_phones
	said w1 $ALREADY '"from_user_id":"BR.1"'
	said w2 $ALREADY '"from":"'$A'","from_user_id":"BR.1"'
	is "$(whose w2)" "BR.1 2"
	is "$(sql "SELECT address FROM conversation")" BR.1
}

@test "W1 W9 a second conversation of one account is refused, under whichever of its names" {
	two_of_one
	fails 5 wa start $N --phone +$A
	has "$err" "is being spoken with over WhatsApp in ticket '260301-002'"
	ok wa start $N --phone +$B
	ok wa end $N
	ok wa end 260301-002
	ok wa start $N --phone +$A
	is "$(conversation)" "active +$A 2026-03-02T11:00:00Z"
	sql "UPDATE contact SET wa_ids = '' WHERE name = 'BR.1'"
	sql "DELETE FROM contact_identity WHERE identity = '$A' AND contact_id <> (SELECT contact_id FROM ticket WHERE id = 1)"
	fails 5 wa start 260301-002
	has "$err" "'Ana' is being spoken with over WhatsApp in ticket '$N'"
}

@test "W1 W4 what is past its window makes way at every name of the account" {
	two_of_one
	export PORTALCTL_NOW=2026-03-02T11:00:00Z
	ok wa start $N --phone +$A
	is "$(sql "SELECT status || COALESCE(end_reason, '') FROM conversation ORDER BY id" | paste -sd' ')" \
		"endedinactivity awaiting_client"
}

# two_live: Ana was asked at the number A in ticket 1, where a text waits; who wrote under the id BR.1
# is spoken with in ticket 2.
two_live() {
	two_phones
	ok contact set ana@alfa.example --phone +$A
	ok wa start $N
	ok wa send $N --body Espera
	said w1 $ALREADY '"from_user_id":"BR.1"'
}

# live: the conversations, and what became of the text of the office.
live() {
	sql "SELECT ticket_id || status || COALESCE(end_reason, '') FROM conversation ORDER BY id
		" | paste -sd' '
	sql "SELECT delivery FROM message WHERE body = 'Espera'"
}

@test "W1 W2 W9 of two conversations whose names turn out to be one account one ends, and says so" {
	two_live
	said w2 $NOON '"from":"'$A'","from_user_id":"BR.1"'
	is "$(whose w2)" "BR.1 2"
	is "$(live | paste -sd'|')" "1endedended 2active|cancelled"
	is "$(sql "SELECT event || automatic FROM message WHERE ticket_id = 1 ORDER BY id DESC LIMIT 1")" conversation_ended1
	fails 5 wa send $N --body Mais
	fails 5 wa start $N
	has "$err" "is being spoken with over WhatsApp in ticket '260301-002'"
	said w3 $NOON '"from":"'$A'"'
	is "$(whose w3)" "BR.1 2"
	ok audit verify
}

@test "W1 W9 a number that changes takes no conversation to an account that is spoken with" {
	two_of_one
	ok contact set ana@alfa.example --phone +$B
	ok wa start $N
	number_changed s1 $B $A
	is "$(sql "SELECT status || COALESCE(end_reason, '') || address FROM conversation ORDER BY id" | paste -sd' ')" \
		"activeBR.1 endedended+$B"
}

# overdue_one: Ana, who has the number A, was spoken with there, more than a day ago; Caio has it
# too, and was spoken with last, at B.
overdue_one() {
	two_phones
	ok contact set ana@alfa.example --phone +$A
	said w1 2026-03-01T11:00:00Z '"from":"'$A'"'
	ok contact set caio@alfa.example --phone +$A --phone +$B
	ok ticket open --contact caio@alfa.example --subject Outra
	said w2 2026-03-01T11:30:00Z '"from":"'$B'"'
	export PORTALCTL_NOW=2026-03-02T11:10:00Z
}

@test "W4 W9 whose a message is does not depend on whether the end by inactivity was written down" {
	overdue_one
	said w3 2026-03-02T11:09:00Z '"from":"'$A'"'
	is "$(whose w3)" "Caio 2"
	sql "SELECT id || status || address || COALESCE(end_reason, '') FROM conversation" >lazy.txt
	is "$(tail -n 1 lazy.txt)" "2active+$A"
	rm -f portal.db*
	export PORTALCTL_NOW=$NOON
	overdue_one
	ok wa expire
	said w3 2026-03-02T11:09:00Z '"from":"'$A'"'
	sql "SELECT id || status || address || COALESCE(end_reason, '') FROM conversation" | diff - lazy.txt
}

@test "W9 a phone that was corrected meanwhile is nobody's" {
	two_phones
	ok contact set ana@alfa.example --phone +$A
	ok wa start $N
	ok contact set ana@alfa.example --phone +$B
	is "$(sql "SELECT identity FROM contact_identity")" $B
	ok wa end $N
	said w1 $NOON '"from":"'$A'"'
	is "$(whose w1)" "+55 11 3111-0001 2"
	ok wa start $N
	ok wa end $N
	is "$(sql "SELECT count(*) FROM contact_identity WHERE identity = '$B'")" 1 "what is the contact's stays"
}

@test "W4 W9 a conversation goes on at a corrected number where another's window has closed" {
	two_phones
	ok contact set ana@alfa.example --phone +$A
	ok contact set bia@beta.example --phone +$B
	said w1 $ALREADY '"from":"'$B'"'
	export PORTALCTL_NOW=2026-03-02T11:00:00Z
	ok wa start $N
	ok contact set ana@alfa.example --phone +$B
	is "$(sql "SELECT address || status || COALESCE(end_reason, '') FROM conversation ORDER BY id")" \
		"+${B}endedinactivity"$'\n'"+${B}awaiting_client"
}

@test "W9 a status that names the number of another client makes nobody that client" {
	two_phones
	ok contact set ana@alfa.example --phone +$A
	ok contact set bia@beta.example --phone +$B
	ok wa start $N
	sql "UPDATE outbox SET state = 'sent', wamid = 'x1', sent_at = 1, next_attempt_at = NULL WHERE channel = 'whatsapp'"
	hook '"statuses":[{"id":"x1","status":"delivered","timestamp":"1772366400","recipient_id":"'$B'","recipient_user_id":"BR.2"}]'
	is "$(sql "SELECT wa_ids || wa_user_ids FROM contact WHERE email = 'ana@alfa.example'")" BR.2
	is "$(sql "SELECT count(*) FROM contact_identity WHERE identity = '$B' AND user_id IS NULL")" 1
	said w1 $NOON '"from":"'$B'"'
	is "$(whose w1)" "Bia 2"
	ok contact set caio@alfa.example --phone '(31) 99999-0001'
	ok contact set bia@beta.example --phone '(31) 99999-0001'
	ok ticket open --contact caio@alfa.example --subject Dois
	ok wa start 260301-003
	sql "UPDATE outbox SET state = 'sent', wamid = 'x2', sent_at = 1, next_attempt_at = NULL
		WHERE channel = 'whatsapp' AND recipient = '+5531999990001'"
	hook '"statuses":[{"id":"x2","status":"delivered","timestamp":"1772366400","recipient_id":"553199990001"}]'
	is "$(sql "SELECT wa_ids FROM contact WHERE email = 'caio@alfa.example'")" 553199990001 "a twin is learned"
}

@test "W9 a status that names the user of another client makes nobody that client" {
	two_phones
	ok contact set ana@alfa.example --phone +$A
	said w1 2026-03-01T10:00:00Z '"from":"'$A'","from_user_id":"BR.1"'
	ok wa send $N --body Um
	sql "UPDATE outbox SET state = 'sent', wamid = 'x1', sent_at = 1, next_attempt_at = NULL WHERE channel = 'whatsapp'"
	number_changed s1 $A $B 2026-03-01T11:00:00Z
	said w2 $ALREADY '"from":"'$A'","from_user_id":"BR.9"'
	sql "SELECT * FROM contact_identity" >before.txt
	hook '"statuses":[{"id":"x1","status":"delivered","timestamp":"1772366400","recipient_id":"'$A'","recipient_user_id":"BR.1"}]'
	sql "SELECT * FROM contact_identity" | diff before.txt -
	is "$(sql "SELECT wa_ids || ' ' || wa_user_ids FROM contact WHERE wa_ids <> '' ORDER BY id" | paste -sd'|')" "$B BR.1|$A BR.9"
	ok wa end $N
	said w3 $NOON '"from_user_id":"BR.1"'
	is "$(whose w3)" "Ana 1"
}

@test "W9 whatever waits for a number goes to the one that it became, in a conversation or not" {
	two_phones
	ok contact set ana@alfa.example --phone '(31) 99999-0001'
	echo x >guia.txt
	ok document publish guia.txt --company $ALFA --title Guia
	ok document send 1 --to ana@alfa.example --channel whatsapp
	ok document send 1 --to ana@alfa.example --channel whatsapp
	sql "UPDATE outbox SET state = 'held', next_attempt_at = NULL WHERE channel = 'whatsapp' AND id % 2 = 0"
	number_changed s1 553199990001 $B
	is "$(sql "SELECT DISTINCT template || ':' || recipient FROM outbox WHERE channel = 'whatsapp'")" "document_link:+$B"
	is "$(sql "SELECT count(DISTINCT state) FROM outbox WHERE channel = 'whatsapp'")" 2
	ok contact show ana@alfa.example --json
	holds '.data.phones | join(" ")' "+$B"
}

@test "W1 W4 W9 a conversation ends with its number where another is going on at the new one" {
	two_phones
	ok contact set ana@alfa.example --phone +$A
	ok contact set caio@alfa.example --phone +$B
	ok ticket open --contact caio@alfa.example --subject Outra
	said w1 $ALREADY '"from":"'$A'"'
	said w2 $ALREADY '"from":"'$B'"'
	ok wa send $N --body Antes
	number_changed s1 $A $B
	is "$(sql "SELECT ticket_id || status || COALESCE(end_reason, '') || address FROM conversation ORDER BY 1")" "1endedended+$A
2active+$B"
	is "$(sql "SELECT delivery FROM message WHERE body = 'Antes'")" cancelled
	is "$(calls)" "wa_message:cancelled:+$A"
	is "$(sql "SELECT event || automatic FROM message WHERE ticket_id = 1 ORDER BY id DESC LIMIT 2" | paste -sd' ')" \
		"number1 conversation_ended1"
	fails 5 wa send $N --body Depois
	said w3 $NOON '"from":"'$A'"'
	is "$(whose w3)" "+55 11 3111-0001 3"
	said w4 $NOON '"from":"'$B'"'
	is "$(whose w4)" "Caio 2"
	ok contact show ana@alfa.example --json
	holds '.data | [.phones, .wa_ids] | tojson' '[["+'$B'"],["'$B'"]]'
	fails 5 wa start $N
	ok wa end 260301-002
	ok wa start $N
	is "$(conversation)" "active +$B 2026-03-02T12:00:00Z"
}

@test "W9 W3 a change of a number that its user has not told yet takes nobody's window" {
	two_phones
	ok contact set ana@alfa.example --phone +551131110003
	ok contact set caio@alfa.example --phone +$B
	ok ticket open --contact caio@alfa.example --subject Outra
	said w1 $ALREADY '"from":"'$B'"'
	said w2 $ALREADY '"from_user_id":"BR.1"'
	hook '"messages":[{"id":"s1","from":"'$A'","from_user_id":"BR.1","timestamp":"1772366400","type":"system","system":{"type":"user_changed_number","wa_id":"'$B'"}}]'
	is "$(sql "SELECT identity || ':' || client_at FROM contact_identity WHERE contact_id = (SELECT id FROM contact WHERE name = 'BR.1')
		ORDER BY identity" | paste -sd' ')" "$B:1772362800000 BR.1:1772362800000"
	N=260301-002
	is "$(conversation)" "active +$B 2026-03-02T11:00:00Z"
}

@test "W9 O2 what is tried again goes to the number that came of the one before, whatever became of it" {
	local state
	two_phones
	ok contact set ana@alfa.example --phone +$A
	echo x >guia.txt
	ok document publish guia.txt --company $ALFA --title Guia
	for state in failed cancelled unknown sending; do
		ok document send 1 --to ana@alfa.example --channel whatsapp
		sql "UPDATE outbox SET state = '$state', next_attempt_at = NULL, lease = 'x' WHERE channel = 'whatsapp' AND state = 'queued'"
	done
	ok wa start $N
	sql "UPDATE outbox SET state = 'sent', wamid = 'x9', sent_at = 1, created_at = created_at - 1 WHERE template = 'wa_start';
		UPDATE outbox SET created_at = created_at - 1 WHERE state = 'cancelled'"
	number_changed s1 $A $B
	is "$(calls)" "document_link:failed:+$B document_link:cancelled:+$A document_link:unknown:+$B document_link:sending:+$B wa_start:sent:+$A"
	hook '"statuses":[{"id":"x9","status":"failed","timestamp":"1772366400","recipient_id":"'$A'","errors":[{"code":131026}]}]'
	ok outbox retry "$(sql "SELECT id FROM outbox WHERE template = 'wa_start'")" \
		"$(sql "SELECT id FROM outbox WHERE template = 'document_link' AND state = 'cancelled'")"
	is "$(sql "SELECT DISTINCT recipient FROM outbox WHERE channel = 'whatsapp'")" +$B
	hook '"statuses":[{"id":"x9","status":"delivered","timestamp":"1772366400","recipient_id":"'$A'"}]'
	is "$(sql "SELECT phones || ' ' || wa_ids FROM contact WHERE phones <> ''")" "+$B $B"
	is "$(sql "SELECT group_concat(identity) FROM contact_identity")" $B
}

@test "W9 a number that changes changes for all who have it" {
	two_phones
	ok contact set ana@alfa.example --phone +$A
	ok contact set caio@alfa.example --phone +$A
	ok ticket open --contact caio@alfa.example --subject Outra
	said w1 $ALREADY '"from":"'$A'"'
	number_changed s1 $A $B
	is "$(sql "SELECT phones || ' ' || wa_ids FROM contact WHERE phones <> '' ORDER BY id" | paste -sd'|')" "+$B $B|+$B $B"
	is "$(sql "SELECT DISTINCT identity FROM contact_identity")" $B
	is "$(sql "SELECT group_concat(ticket_id) FROM message WHERE event = 'number'")" "2,1"
	is "$(sql "SELECT count(DISTINCT target_id) FROM audit WHERE action = 'contact.identity' AND changes LIKE '%$B%'")" 2
	ok wa can-reply --contact ana@alfa.example
	number_changed s1 $A $B
	is "$(sql "SELECT count(*) FROM message WHERE event = 'number'")" 2 "once"
	ok audit verify
}

@test "W9 a number that is told anew with or without its ninth digit is the same" {
	two_phones
	ok contact set ana@alfa.example --phone '(31) 99999-0001'
	number_changed s1 5531999990001 553199990001 2026-03-01T10:00:00Z
	ok contact show ana@alfa.example --json
	holds '.data | [.phones, .wa_ids] | tojson' '[["+5531999990001"],["553199990001"]]'
	is "$(sql "SELECT identity FROM contact_identity")" 553199990001
	said w1 $ALREADY '"from":"553199990001"'
	is "$(whose w1)" "Ana 1"
	said w2 $ALREADY '"from":"5531988880001"'
	ok wa end 260301-002
	number_changed s2 553188880001 5531988880001
	number_changed s3 5531988880001 553188880001
	said w3 $NOON '"from":"553188880001"'
	is "$(whose w3)" "+55 31 98888-0001 2"
	is "$(sql "SELECT count(*) FROM identity_former")" 0
}

@test "W9 what was written before a number changed, and comes late, is the same person's" {
	two_phones
	ok contact set ana@alfa.example --phone +$A
	said w1 2026-03-01T11:50:00Z '"from":"'$A'"'
	number_changed s1 $A $B 2026-03-01T11:55:00Z
	said w2 2026-03-01T11:54:59Z '"from":"'$A'"'
	is "$(whose w2)" "Ana 1"
	is "$(conversation)" "active +$B 2026-03-02T11:54:59Z"
	is "$(sql "SELECT wa_ids FROM contact WHERE email = 'ana@alfa.example'")" $B
	is "$(calls)" ""
	said w3 2026-03-01T11:55:00Z '"from":"'$A'"'
	is "$(whose w3)" "+55 11 3111-0001 2" "the number is another's now"
	number_changed s2 $B 551131110007 2026-03-01T11:56:00Z
	number_changed s3 551131110007 $B 2026-03-01T11:57:00Z
	said w4 2026-03-01T11:54:58Z '"from":"'$A'"'
	is "$(whose w4)" "Ana 1" "after two changes more"
	said w5 $NOON '"from":"'$B'"'
	is "$(whose w5)" "Ana 1"
}

# names: who is known by what, what was whose, and where the conversations are.
names() {
	sql "SELECT name || ' ' || phones || ' ' || wa_ids || ' ' || wa_user_ids FROM contact
		UNION ALL SELECT contact_id || ' ' || identity || ' ' || since || ' ' || COALESCE(client_at, 0) || ' ' || COALESCE(user_id, '') FROM contact_identity
		UNION ALL SELECT identity || ' ' || until || ' ' || address FROM identity_former
		UNION ALL SELECT contact_id || ' ' || address || ' ' || status FROM conversation" | sort
}

# told ID WAS NOW TIME: the same as number_changed, of a name that perhaps nobody has.
told() {
	number_changed "$@" || holds '.data | "\(.state) \(.reason)"' "done no_contact"
}

# in_any_order "WAS NOW MINUTE"...: those two or three changes leave the same names in whatever order
# they are told, and told once more by other web hooks they change nothing.
in_any_order() {
	local order i n=0
	printf '%s\n' "1 2 3" "1 3 2" "2 1 3" "2 3 1" "3 1 2" "3 2 1" >orders.txt
	[ $# -eq 3 ] || printf '%s\n' "1 2" "2 1" >orders.txt
	rm -f names.txt
	while read -ra order; do
		rm -f portal.db*
		two_phones
		ok contact set ana@alfa.example --phone +$A
		said w1 2026-03-01T10:00:00Z '"from":"'$A'","from_user_id":"BR.1"'
		for i in "${order[@]}" "${order[@]}"; do
			# shellcheck disable=SC2046 # words
			told "s$((n += 1))" $(cut -d' ' -f1,2 <<<"${!i}") "2026-03-01T11:${!i##* }:00Z"
		done
		names >now.txt
		[ -e names.txt ] || cp now.txt names.txt
		[ "$(wc -l <now.txt)" -gt 5 ]
		diff names.txt now.txt || is "$(<now.txt)" "$(<names.txt)" "in the order ${order[*]}"
	done <orders.txt
}

@test "W9 changes of a number that are told late, twice or in another order end alike" {
	in_any_order "$A $B 10" "$B 551131110003 20"
	is "$(sql "SELECT phones || wa_ids FROM contact WHERE name = 'Ana'")" +551131110003551131110003
	is "$(sql "SELECT DISTINCT contact_id || ' ' || address FROM conversation")" "2 +551131110003"
	said w2 2026-03-01T11:09:59Z '"from":"'$A'"'
	said w3 2026-03-01T11:19:59Z '"from":"'$B'"'
	is "$(whose w2), $(whose w3)" "Ana 1, Ana 1"
	in_any_order "$A $B 10" "$B 551131110003 20" "551131110003 551131110004 30"
	is "$(sql "SELECT phones FROM contact WHERE name = 'Ana'")" +551131110004
	in_any_order "$A $B 10" "$B $A 20"
	is "$(sql "SELECT phones FROM contact WHERE name = 'Ana'")" +$A
	in_any_order "$A $B 10" "$B $A 20" "$A 551131110003 30"
	is "$(sql "SELECT phones FROM contact WHERE name = 'Ana'")" +551131110003
	in_any_order "$A $B 10" "$A 551131110003 20"
	is "$(sql "SELECT phones FROM contact WHERE name = 'Ana'")" +$B "the second is another's"
}

@test "W9 a change that is told again takes nothing from who has the old number since" {
	two_phones
	ok contact set ana@alfa.example --phone +$A
	said w1 2026-03-01T10:00:00Z '"from":"'$A'","from_user_id":"BR.1"'
	number_changed s1 $A $B 2026-03-01T11:00:00Z
	said w2 2026-03-01T11:30:00Z '"from":"'$A'","from_user_id":"BR.9"'
	ok wa send 260301-002 --body Ola
	sql "SELECT id, recipient FROM outbox" >queued.txt
	names >names.txt
	number_changed s2 $A $B 2026-03-01T11:00:00Z
	holds .data.duplicates 1
	told s3 $A 551131110003 2026-03-01T11:00:00Z
	names | diff names.txt -
	sql "SELECT id, recipient FROM outbox" | diff queued.txt -
	is "$(sql "SELECT count(*) FROM message WHERE event = 'number'")" 1
	number_changed s4 $A 551131110004 2026-03-01T10:50:00Z
	said w3 $NOON '"from":"'$A'"'
	is "$(whose w3)" "+55 11 3111-0001 2" "nor one of before that is told late"
	is "$(sql "SELECT wa_ids FROM contact WHERE name = 'Ana'")" 551131110004
	said w4 $NOON '"from_user_id":"BR.1"'
	is "$(whose w4)" "Ana 1"
}

# two_changes ORDER: Ana, whose text is queued, had the number A, and Caio, whose link is, B; A became
# B, and a moment before that B became C. They are told in that order.
two_changes() {
	local told
	rm -rf portal.db*
	two_phones
	export PORTALCTL_NOW=2026-03-01T09:00:00Z
	ok contact set ana@alfa.example --phone +$A
	ok contact add --company $BETA --name Caio --email caio@beta.example --phone +$B
	echo x >guia.txt
	ok document publish guia.txt --company $BETA --title Guia
	ok document send 1 --to caio@beta.example --channel whatsapp
	export PORTALCTL_NOW=$NOON
	said w1 2026-03-01T10:00:00Z '"from":"'$A'"'
	ok wa send $N --body Ola
	for told in $1; do
		case $told in
		first) number_changed s1 $B 551131110003 2026-03-01T10:59:00Z ;;
		second) number_changed s2 $A $B 2026-03-01T11:00:00Z ;;
		esac
	done
	{ names && calls; } >"$2"
}

@test "W9 O2 a change that is told late is of who had the number then, and of nobody who came to it" {
	two_changes "first second" order.txt
	two_changes "second first" other.txt
	diff order.txt other.txt
	is "$(conversation)" "active +$B 2026-03-02T10:00:00Z"
	is "$(calls)" "document_link:queued:+551131110003 wa_message:queued:+$B"
	is "$(sql "SELECT name || phones FROM contact WHERE phones <> '' ORDER BY name" | paste -sd' ')" "Ana+$B Caio+551131110003"
	said w2 2026-03-01T11:30:00Z '"from":"'$B'"'
	is "$(whose w2)" "Ana 1"
}

@test "W9 W3 who was spoken with at a number keeps the window, and no account of who came to it" {
	two_phones
	export PORTALCTL_NOW=2026-03-01T09:00:00Z
	ok contact set ana@alfa.example --phone +$A
	ok contact set caio@alfa.example --phone +$B
	ok ticket open --contact caio@alfa.example --subject Outra
	export PORTALCTL_NOW=$NOON
	said w1 2026-03-01T10:30:00Z '"from":"'$A'","from_user_id":"BR.1"'
	said w2 2026-03-01T10:10:00Z '"from":"'$B'","from_user_id":"BR.2"'
	number_changed s1 $A $B 2026-03-01T11:00:00Z
	number_changed s2 $B 551131110003 2026-03-01T10:59:00Z
	said w3 2026-03-01T11:30:00Z '"from_user_id":"BR.1"'
	is "$(whose w3)" "Ana 1"
	N=260301-002
	is "$(conversation)" "active +551131110003 2026-03-02T10:10:00Z"
}

@test "W9 a change that is told late takes nothing from who was given the old number since" {
	two_phones
	export PORTALCTL_NOW=2026-03-01T10:00:00Z
	ok contact set ana@alfa.example --phone +$A
	export PORTALCTL_NOW=2026-03-01T11:30:00Z
	ok contact set ana@alfa.example --phone +551131110003
	ok contact add --company $BETA --name Caio --email caio@beta.example --phone +$A
	ok ticket open --contact caio@beta.example --subject Outra
	export PORTALCTL_NOW=$NOON
	said w1 2026-03-01T11:40:00Z '"from":"'$A'"'
	ok wa send 260301-002 --body Segredo
	names >names.txt
	told s1 $A 551131110003 $ALREADY
	is "$(calls)" "wa_message:queued:+$A"
	names | sed '/^'$A' .* 551131110003$/d' | diff names.txt -
}

@test "W9 a number that two had, one of them since it changed, changes for the one alone" {
	two_phones
	export PORTALCTL_NOW=2026-03-01T10:00:00Z
	ok contact set ana@alfa.example --phone +$A
	ok wa start $N
	export PORTALCTL_NOW=2026-03-01T11:30:00Z
	ok wa end $N
	ok contact set caio@alfa.example --phone +$A
	ok ticket open --contact caio@alfa.example --subject Outra
	ok wa start 260301-002
	export PORTALCTL_NOW=$NOON
	said w1 2026-03-01T11:40:00Z '"from":"'$A'"'
	is "$(whose w1)" "Caio 2"
	ok wa send 260301-002 --body Segredo
	number_changed s1 $A $B $ALREADY
	is "$(sql "SELECT name || phones FROM contact WHERE phones <> '' ORDER BY name" | paste -sd' ')" "Ana+$B Caio+$A"
	is "$(sql "SELECT DISTINCT recipient FROM outbox WHERE channel = 'whatsapp' AND state = 'queued'")" +$A
	is "$(sql "SELECT ticket_id FROM message WHERE event = 'number'")" 1
}

@test "W9 what the office wrote from its phone before a number changed is said to the same person" {
	two_phones
	ok contact set ana@alfa.example --phone +$A
	said w1 2026-03-01T10:00:00Z '"from":"'$A'"'
	number_changed s1 $A $B $ALREADY
	said w2 2026-03-01T11:30:00Z '"from":"'$A'"'
	is "$(whose w2)" "+55 11 3111-0001 2"
	for at in 2026-03-01T10:59:59Z $ALREADY; do
		hook "\"message_echoes\":[{\"id\":\"e$at\",\"from\":\"4242\",\"to\":\"$A\",\"timestamp\":\"$(date -d $at +%s)\",\"type\":\"text\",\"text\":{\"body\":\"x\"}}]" smb_message_echoes
		sql "SELECT ticket_id FROM message WHERE wamid = 'e$at'"
	done | paste -sd' ' >said.txt
	is "$(<said.txt)" "1 2"
}

@test "W9 O2 nothing is sent to who was removed, but to who has the phone in the company too" {
	two_phones
	echo x >guia.txt
	ok document publish guia.txt --company $ALFA --title Guia
	ok contact add --company $ALFA --name Rui --email rui@alfa.example --phone '(31) 99999-0001' --phone +551131110007
	for i in 1 2; do ok document send 1 --to rui@alfa.example --channel whatsapp; done
	sql "UPDATE outbox SET state = 'held' WHERE id = (SELECT max(id) FROM outbox)"
	ok document send 1 --to ana@alfa.example --channel whatsapp
	ok contact add --company $BETA --name Rui --email rui@beta.example --phone '(31) 99999-0001'
	ok document publish guia.txt --company $BETA --title Guia
	ok document send 2 --to rui@beta.example --channel whatsapp
	ok contact remove rui@alfa.example
	links() { sql "SELECT group_concat(cause_id || state) FROM (SELECT * FROM outbox WHERE channel = 'whatsapp' ORDER BY id)"; }
	is "$(links)" 1cancelled,1cancelled,1queued,2queued
	is "$(sql "SELECT DISTINCT last_error FROM outbox WHERE state = 'cancelled'")" "the contact was removed"
	ok contact add --company $BETA --name Lia --email lia@beta.example --phone '(31) 99999-0001'
	ok contact remove rui@beta.example
	is "$(links)" 1cancelled,1cancelled,1queued,2queued
	ok contact remove lia@beta.example
	is "$(links)" 1cancelled,1cancelled,1queued,2cancelled
}

# late: a delivery after every window has closed, to nobody who would answer.
late() {
	(umask 077; echo EAAnone >token.txt)
	printf 'whatsapp:\n  phone_number_id: "4242"\n  token_file: token.txt\n  api_url: http://127.0.0.1:9/v25.0\n' >config.yaml
	portalctl deliver --channel whatsapp --now 2026-03-02T12:00:00Z
}

@test "S13 W9 a closing message whose window ends goes as a template to the number of now, or to nobody" {
	two_phones
	ok contact set ana@alfa.example --phone +$A
	said w1 $ALREADY '"from":"'$A'"'
	ok ticket close $N
	number_changed s1 $A $B
	late
	is "$(calls)" "wa_message:cancelled:+$B ticket_closed:queued:+$B"
	rm -f portal.db*
	two_phones
	said w1 $ALREADY '"from":"551131110007"'
	N=260301-002
	sql "UPDATE outbox SET state = 'cancelled', next_attempt_at = NULL"
	ok ticket close $N
	ok outbox hold "$(sql "SELECT max(id) FROM outbox")"
	ok contact remove "$(sql "SELECT contact_id FROM ticket WHERE id = 2")"
	sql "UPDATE outbox SET state = 'queued', next_attempt_at = 1 WHERE id = (SELECT max(id) FROM outbox);
		UPDATE message SET delivery = 'queued' WHERE delivery = 'cancelled'"
	late
	is "$(calls)" "wa_message:cancelled:+551131110007 wa_message:cancelled:+551131110007"
	is "$(notified wa_failed)" $OFFICE
}

# corrected [SENT]: Ana was asked at A, and something waits for her answer, when her phone is corrected to B.
corrected() {
	rm -f portal.db*
	two_phones
	ok contact set ana@alfa.example --phone +$A
	ok wa start $N
	ok wa send $N --body Segredo
	[ $# = 0 ] || sql "UPDATE outbox SET state = 'sent', sent_at = 1, next_attempt_at = NULL WHERE template = 'wa_start'"
	ok contact set ana@alfa.example --phone +$B
}

@test "W9 O2 what is queued for a phone that is corrected goes to the one of now, with the conversation" {
	corrected
	is "$(calls)" "wa_start:queued:+$B"
	is "$(conversation)" "awaiting_client +$B null"
	is "$(notified wa_waiting)" ""
	is "$(sql "SELECT event_from || event_to FROM message WHERE event = 'number'")" "+$A+$B"
	said w1 $NOON '"from":"'$A'"'
	is "$(whose w1)" "+55 11 3111-0001 2"
	is "$(sql "SELECT delivery FROM message WHERE body = 'Segredo'")" awaiting_client
	said w2 $NOON '"from":"'$B'"'
	is "$(sql "SELECT recipient FROM outbox o JOIN message m ON m.id = o.cause_id WHERE m.body = 'Segredo'")" +$B
	ok audit verify
	corrected sent
	is "$(calls)" "wa_start:sent:+$A"
	is "$(conversation)" "awaiting_client +$B null"
	is "$(notified wa_waiting)" $OFFICE
	ok wa start $N --again
	is "$(calls)" "wa_start:sent:+$A wa_start:queued:+$B"
}

@test "W9 what WhatsApp called a phone that nobody wrote from goes with the phone" {
	local wrong=5531987650001 spelled=553187650001 right=5531987650002
	two_phones
	ok contact set ana@alfa.example --phone +$wrong
	ok wa start $N
	sql "UPDATE outbox SET state = 'sent', wamid = 'x1', sent_at = 1, next_attempt_at = NULL WHERE channel = 'whatsapp'"
	hook '"statuses":[{"id":"x1","status":"delivered","timestamp":"1772366400","recipient_id":"'$spelled'","recipient_user_id":"BR.7"}]'
	is "$(sql "SELECT wa_ids || ' ' || wa_user_ids FROM contact WHERE phones <> ''")" "$spelled BR.7"
	ok wa end $N
	ok wa start $N
	ok wa send $N --body Segredo
	is "$(conversation)" "awaiting_client +$spelled null"
	ok contact set ana@alfa.example --phone +$right
	is "$(sql "SELECT phones || ' ' || wa_ids || ' ' || wa_user_ids FROM contact WHERE phones <> ''")" "+$right  "
	is "$(sql "SELECT group_concat(identity) FROM contact_identity")" 553187650002
	is "$(conversation)" "awaiting_client +$right null"
	is "$(calls)" "wa_start:sent:+$wrong wa_start:queued:+$right"
	said w1 $NOON '"from":"'$spelled'"'
	is "$(whose w1)" "+55 31 98765-0001 2"
	said w2 $NOON '"from_user_id":"BR.7"'
	is "$(whose w2)" "BR.7 3"
	is "$(sql "SELECT delivery FROM message WHERE body = 'Segredo'")" awaiting_client
	is "$(sql "SELECT count(*) FROM audit WHERE action = 'contact.identity' AND changes LIKE '%BR.7%' AND target_id = 2")" 2
	ok audit verify
}

@test "W9 a number that the client wrote from stays the client's, and the id of a user that has another number too" {
	two_phones
	said w1 $ALREADY '"from":"'$A'","from_user_id":"BR.7"'
	ok contact set ana@alfa.example --phone +551131110003
	is "$(sql "SELECT wa_ids || ' ' || wa_user_ids FROM contact WHERE phones <> ''")" "$A BR.7"
	is "$(conversation)" "active +$A 2026-03-02T11:00:00Z"
	rm -f portal.db*
	two_phones
	sql "UPDATE contact_identity SET user_id = 'BR.7'; UPDATE contact SET wa_user_ids = 'BR.7' WHERE phones <> ''"
	ok contact set ana@alfa.example --phone +$B
	is "$(sql "SELECT wa_user_ids FROM contact WHERE phones <> ''")" BR.7
	ok contact set ana@alfa.example --phone +551131110003
	is "$(sql "SELECT wa_user_ids FROM contact WHERE phones <> ''")" ""
}

@test "W9 O2 what people try again of a ticket goes to where its contact is reached now, or nowhere" {
	local id
	corrected
	id=$(sql "SELECT id FROM outbox WHERE channel = 'whatsapp'")
	sql "UPDATE outbox SET state = 'failed', next_attempt_at = NULL WHERE id = $id"
	ok contact set ana@alfa.example --phone +551131110003
	is "$(calls)" "wa_start:failed:+$B"
	ok outbox retry "$id"
	is "$(calls)" "wa_start:queued:+551131110003"
	ok contact set ana@alfa.example --phone ''
	is "$(calls)" "wa_start:cancelled:+551131110003"
	fails 5 outbox retry "$id"
	has "$err" "nobody for whom message '$id' was is reached at '+551131110003' any more"
	has "$err" "hint: portalctl contact set 2 --phone NUMBER"
	ok contact set ana@alfa.example --phone +$A
	ok outbox retry "$id"
	is "$(calls)" "wa_start:queued:+$A"
	ok outbox hold "$id"
	sql "UPDATE outbox SET recipient = '+551131110003' WHERE id = $id"
	ok outbox release "$id"
	is "$(calls)" "wa_start:queued:+$A"
}

@test "W9 O2 a number that was another's before is not taken for one that changed since" {
	two_phones
	ok contact set ana@alfa.example --phone +$A
	ok contact set caio@alfa.example --phone +$B
	said w1 $ALREADY '"from":"'$A'"'
	ok wa send $N --body Segredo
	sql "UPDATE outbox SET state = 'failed', next_attempt_at = NULL WHERE channel = 'whatsapp'"
	export PORTALCTL_NOW=2026-03-01T14:00:00Z
	number_changed s1 $B 551131110003 2026-03-01T13:00:00Z
	number_changed s2 $A $B $PORTALCTL_NOW
	ok outbox retry "$(sql "SELECT id FROM outbox WHERE channel = 'whatsapp'")"
	is "$(calls)" "wa_message:queued:+$B"
}

@test "W9 O2 links to documents go to the address of now, whatever became of them, and to nobody else" {
	local state channel
	two_phones
	ok contact set ana@alfa.example --phone +$A
	ok contact add --company $ALFA --name Eva --email errado@alfa.example
	echo x >guia.txt
	ok document publish guia.txt --company $ALFA --title Guia
	for state in failed unknown cancelled sending; do
		ok document send 1 --to errado@alfa.example
		ok document send 1 --to ana@alfa.example --channel whatsapp
		sql "UPDATE outbox SET state = '$state', next_attempt_at = NULL, lease = 'x' WHERE state = 'queued' AND template = 'document_link'"
	done
	ok contact set ana@alfa.example --phone +$B
	ok contact set errado@alfa.example --email certo@alfa.example
	is "$(sql "SELECT group_concat(DISTINCT recipient) FROM outbox WHERE template = 'document_link'")" "certo@alfa.example,+$B"
	for channel in email whatsapp; do
		id=$(sql "SELECT id FROM outbox WHERE template = 'document_link' AND state = 'failed' AND channel = '$channel'")
		ok outbox retry "$id"
	done
	ok contact set ana@alfa.example --phone ''
	ok contact set certo@alfa.example --email ''
	ok contact set ana@alfa.example --phone +551131110003
	for channel in email whatsapp; do
		id=$(sql "SELECT min(id) FROM outbox WHERE template = 'document_link' AND state = 'cancelled' AND channel = '$channel'")
		fails 5 outbox retry "$id"
		has "$err" "nobody for whom message '$id' was is reached at "
		has "$err" "hint: portalctl document send 1 --to"
	done
}

@test "W9 O2 what is on its way as a phone is corrected goes to the one of now when it is tried again" {
	corrected
	sql "UPDATE outbox SET state = 'sending', lease = 'x', lease_until = 1, boot = NULL WHERE channel = 'whatsapp'"
	ok contact set ana@alfa.example --phone +551131110003
	is "$(calls)" "wa_start:sending:+551131110003"
	hook '"statuses":[{"id":"x1","status":"delivered","timestamp":"1772366400","recipient_id":"'$B'","recipient_user_id":"BR.7","biz_opaque_callback_data":"'"$(sql "SELECT id FROM outbox WHERE channel = 'whatsapp'")"'"}]'
	is "$(calls)" "wa_start:sent:+551131110003"
	is "$(sql "SELECT wa_ids || wa_user_ids FROM contact WHERE phones <> ''")" ""
}

@test "W9 W1 a conversation at a phone that is corrected ends where the one of now is spoken with, or there is none" {
	corrected
	ok contact set caio@alfa.example --phone +551131110007
	ok ticket open --contact caio@alfa.example --subject Dois
	ok wa start 260301-002
	ok contact set ana@alfa.example --phone +551131110007
	is "$(conversation)" "ended +$B null"
	is "$(sql "SELECT delivery FROM message WHERE body = 'Segredo'")" cancelled
	is "$(calls)" "wa_start:cancelled:+551131110007 wa_start:queued:+551131110007"
	ok wa show 260301-002 --json
	holds .data.status awaiting_client
	corrected
	ok contact set ana@alfa.example --phone ''
	is "$(conversation)" "ended +$B null"
	is "$(calls)" "wa_start:cancelled:+$B"
}

@test "W9 W3 in the open window of the number of now what waits goes at once, in a closed one it waits" {
	rm -f portal.db*
	two_phones
	ok contact set caio@alfa.example --phone +$B
	ok contact set ana@alfa.example --phone +$A
	wrote $B $ALREADY
	ok wa start $N
	ok wa send $N --body Segue
	ok contact set ana@alfa.example --phone +$B
	is "$(conversation)" "active +$B 2026-03-02T11:00:00Z"
	is "$(calls)" "wa_start:cancelled:+$B wa_message:queued:+$B"
	ok contact set ana@alfa.example --phone +551131110007
	is "$(conversation)" "awaiting_client +551131110007 null"
	is "$(calls)" "wa_start:cancelled:+$B wa_message:cancelled:+551131110007"
	is "$(sql "SELECT delivery FROM message WHERE body = 'Segue'")" awaiting_client
	is "$(notified wa_waiting)" $OFFICE
}

@test "W9 D1 a link to a document goes where the contact is reached by now, by either way" {
	local channel
	two_phones
	ok contact set ana@alfa.example --phone +$A
	ok contact add --company $ALFA --name Rui --email rui@alfa.example --phone '(31) 99999-0001'
	echo x >guia.txt
	ok document publish guia.txt --company $ALFA --title Guia
	for channel in email whatsapp; do ok document send 1 --to rui@alfa.example --channel $channel; done
	ok document send 1 --to rui@alfa.example --channel email
	sql "UPDATE outbox SET state = 'held', next_attempt_at = NULL WHERE id = (SELECT max(id) FROM outbox)"
	links() { sql "SELECT recipient || ':' || state FROM outbox WHERE template = 'document_link' ORDER BY id" | paste -sd' '; }
	ok contact set rui@alfa.example --email ruy@alfa.example --phone +$B
	is "$(links)" "ruy@alfa.example:queued +$B:queued ruy@alfa.example:held"
	ok contact add --company $ALFA --name Lia --phone +$B
	ok contact set ruy@alfa.example --email contato@alfa.example
	ok contact set contato@alfa.example --email '' --phone ''
	is "$(links)" "contato@alfa.example:queued +$B:queued contato@alfa.example:held" "it is the company's e-mail, and Lia's phone"
	ok document send 1 --to "$(sql "SELECT id FROM contact WHERE name = 'Lia'")" --channel whatsapp
	ok contact set "$(sql "SELECT id FROM contact WHERE name = 'Lia'")" --email lia@alfa.example
	ok document send 1 --to lia@alfa.example
	ok contact set lia@alfa.example --email '' --phone ''
	is "$(links)" "contato@alfa.example:queued +$B:cancelled contato@alfa.example:held +$B:cancelled lia@alfa.example:cancelled"
}

@test "D1 U10 nothing is mailed to who was removed, whichever company of the group it was of" {
	two_phones
	ok group create $ALFA
	ok group link $ALFA $BETA
	ok contact add --company $BETA --name Rui --email rui@beta.example --phone +$B
	echo x >guia.txt
	ok document publish guia.txt --company $ALFA --title Guia
	for channel in email whatsapp; do ok document send 1 --to "$(sql "SELECT id FROM contact WHERE name = 'Rui'")" --channel $channel; done
	ok document send 1 --to contato@alfa.example
	ok contact set ana@alfa.example --phone +$A
	ok contact remove rui@beta.example
	is "$(sql "SELECT recipient || ':' || state || ':' || COALESCE(last_error, '') FROM outbox WHERE template = 'document_link' ORDER BY id" | paste -sd' ')" \
		"rui@beta.example:cancelled:the contact was removed +$B:cancelled:the contact was removed contato@alfa.example:queued:"
}
