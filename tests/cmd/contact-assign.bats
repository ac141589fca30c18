load helpers
load network

RUI=5511988880002 NOON=2026-03-01T12:00:00Z

# hook ID FROM NAME TEXT: what tells that somebody wrote over WhatsApp.
hook() {
	printf '{"object":"whatsapp_business_account","entry":[{"id":"77","changes":[{"field":"messages","value":{"metadata":{"phone_number_id":"4242"},"contacts":[{"profile":{"name":"%s"},"wa_id":"%s"}],"messages":[{"id":"%s","from":"%s","timestamp":"%s","type":"text","text":{"body":"%s"}}]}}]}]}' \
		"$3" "$2" "$1" "$2" "$(date -d $NOON +%s)" "$4"
}

# said ID FROM NAME TEXT: that is received.
said() {
	portalctl wa receive --json < <(hook "$@")
	is "$status" 0 "status of wa receive" && holds .data.state 'done'
}

# Rui, whom nobody knows, has asked for something; he is contact $R, his ticket 260301-001.
stranger() {
	network
	printf 'whatsapp:\n  phone_number_id: "4242"\n' >config.yaml
	export PORTALCTL_CONFIG=$PWD/config.yaml
	said w1 $RUI Rui 'Preciso da certidao'
	R=$(contact_called Rui)
}

contact_called() {
	sql "SELECT max(id) FROM contact WHERE name = '$1'"
}

# tickets: their companies and how many events of those they have, in one line.
tickets() {
	sql "SELECT t.n || ':' || COALESCE(c.tax_id, '') || ':' || (SELECT count(*) FROM message m
			WHERE m.ticket_id = t.id AND m.event = 'company' AND m.event_to = c.name)
		FROM ticket t LEFT JOIN company c ON c.id = t.company_id ORDER BY t.id" | paste -sd' '
}

# torn: tickets that are not of their contact's company.
torn() {
	sql "SELECT t.id FROM ticket t JOIN contact k ON k.id = t.contact_id
		WHERE t.company_id IS NOT k.company_id"
}

# audited: what the log has of assigning, in one line.
audited() {
	sql "SELECT target_kind || target_id || changes FROM audit WHERE action = 'contact.assign'
		ORDER BY id" | paste -sd' '
}

@test "W6 contact assign ties a contact without a company to one, with all its tickets" {
	stranger
	ok ticket close 260301-001
	said w2 $RUI Rui 'Outra coisa'
	ok ticket open --contact "$R" --subject "Por telefone"
	ok ticket merge 260301-003 --into 260301-002
	said w3 5511977770003 Eva Oi
	is "$(tickets)" "1::0 2::0 3::0 4::0"
	export PORTALCTL_NOW=2026-03-01T13:00:00Z
	ok contact assign "$R" --company 02.919.305/0001-27 --json
	holds '"\(.kind) \(.changed) \(.action)"' "contact true assigned"
	holds '.data | "\(.id) \(.company_tax_id) \(.company_name) \(.name) \(.updated_at)"' \
		"$R $BETA Beta S.A. Rui 2026-03-01T13:00:00Z"
	holds '.data.wa_ids[0]' $RUI
	is "$(tickets)" "1:$BETA:1 2:$BETA:1 3:$BETA:0 4::0" "what is merged has its event in the other"
	is "$(torn)" ""
	company="{\"company_tax_id\":[null,\"$BETA\"]}"
	is "$(audited)" "contact$R$company ticket1$company ticket2$company ticket3$company"
	ok audit verify
	ok contact list --company $BETA --search rui --format ids
	is "$out" "$R"
	ok ticket show 260301-001 --json
	holds '.data | "\(.company_name) \(.status) \(.updated_at)"' "Beta S.A. done 2026-03-01T13:00:00Z"
	ok ticket list --company $BETA --status any --format count
	is "$out" 3
}

@test "W6 a conversation goes on behind contact assign, and later tickets are the company's" {
	stranger
	ok contact assign "$R" --company $BETA
	said w2 $RUI Rui 'Mais uma'
	is "$(tickets)" "1:$BETA:1"
	ok wa show 260301-001 --json
	holds '.data | "\(.status) \(.contact_name)"' "active Rui"
	ok ticket close 260301-001
	said w3 $RUI Rui 'De novo'
	is "$(tickets)" "1:$BETA:1 2:$BETA:0" && is "$(torn)" ""
	is "$(sql "SELECT count(*) FROM contact WHERE name = 'Rui'")" 1
}

@test "W6 due time, category and what hangs on a ticket stay as they are" {
	stranger
	ok category add Certidao --word pressa --sla-minutes 240
	said w2 5511977770003 Eva 'Tenho pressa'
	ok task add Emitir --company $BETA --ticket 260301-002 --visible
	sql "SELECT due_at, category, office_unread FROM ticket WHERE id = 2" >before
	[[ $(cat before) == 1*"|Certidao|1" ]]
	ok contact assign "$(contact_called Eva)" --company $BETA
	is "$(sql "SELECT due_at, category, office_unread FROM ticket WHERE id = 2")" "$(cat before)"
	ok --as bia@beta.example task list --ticket 260301-002 --format count
	is "$out" 1
}

@test "W6 P1 U10 the company's users and its group see the tickets then, and not before" {
	local who
	stranger
	ok ticket comment 260301-001 --body 'Quem sera?'
	ok group create $GAMA
	ok group link $GAMA $BETA
	for who in bruna@beta.example gil@gama.example; do
		ok --as $who ticket list --status any --format count
		is "$out" 0
		fails 3 --as $who ticket show 260301-001
	done
	ok --as dora@office.example contact assign "$R" --company $BETA
	for who in bruna@beta.example gil@gama.example; do
		ok --as $who ticket list --search certidao --format tsv --fields number,company_tax_id
		is "$(tail -1 out.txt)" "260301-001	$BETA"
		ok --as $who ticket count --json
		holds .data.count 1
		ok --as $who ticket messages 260301-001 --json
		holds '[.items[] | select(.event == "company") | .event_from, .event_to, .author_name] | tojson' \
			'[null,"Beta S.A.","Dora"]'
		holds '[.items[] | select(.internal)] | length' 0
		ok --as $who panel show --json
		has "$out" 260301-001
	done
	ok --as bruna@beta.example ticket reply 260301-001 --body Obrigada
	ok --as bia@beta.example contact show "$R"
	fails 3 --as ana@alfa.example ticket show 260301-001
	ok --lang pt_BR ticket messages 260301-001
	has "$out" "Empresa alterada para Beta S.A. por Dora"
	ok --lang en ticket messages 260301-001
	has "$out" "company changed to Beta S.A. by Dora"
}

@test "W6 contact assign is safe to run twice" {
	stranger
	ok contact assign "$R" --company $BETA
	is "$out" "contact 'Rui' assigned to 'Beta S.A.'"
	untouched ok contact assign "$R" --company $BETA --json
	holds '"\(.changed) \(.action) \(.data.company_tax_id)"' "false unchanged $BETA"
	untouched ok contact assign "$R" --company $BETA
	is "$out" "contact 'Rui' is assigned to 'Beta S.A.' already"
	untouched ok --lang pt_BR contact assign "$R" --company $BETA
	is "$out" "o contato 'Rui' já está vinculado a 'Beta S.A.'"
	untouched ok contact assign bia@beta.example --company $BETA --quiet
	is "$out" ""
	ok company disable $BETA
	untouched ok contact assign "$R" --company $BETA
}

@test "W6 a contact of another company is refused, and stays where it is" {
	stranger
	ok contact assign "$R" --company $BETA
	untouched fails 5 contact assign "$R" --company $ALFA
	has "$err" "contact 'Rui' belongs to 'Beta S.A.'"
	code wrong_state contact assign "$R" --company $ALFA
	is "$(jq -c .target err.txt)" "{\"kind\":\"contact\",\"id\":$R}"
	untouched code wrong_state contact assign ana@alfa.example --company $BETA
	has "$(jq -r .hint err.txt)" "a contact of each"
	is "$(tickets)" "1:$BETA:1"
}

@test "W6 contact assign to what is unknown, disabled or not registered is refused" {
	stranger
	untouched fails 3 contact assign 99999 --company $BETA
	has "$err" "there is no contact '99999'"
	untouched fails 3 contact assign nobody@nowhere.example --company $BETA
	untouched fails 3 contact assign "$R" --company 34028316000103
	untouched fails 6 contact assign "$R" --company 34028316000104
	untouched fails 2 contact assign "$R"
	untouched fails 2 contact assign --company $BETA
	ok invite send 34028316000103 --email x@vaga.example
	untouched code wrong_state contact assign "$R" --company 34028316000103
	has "$(jq -r .message err.txt)" "is not registered"
	ok company disable $BETA
	untouched code wrong_state contact assign "$R" --company $BETA
	has "$(jq -r .message err.txt)" "is disabled"
	ok contact remove "$R"
	untouched fails 3 contact assign "$R" --company $ALFA
}

@test "W6 a contact of the company with the same e-mail is in the way, one with the same phone is not" {
	stranger
	ok contact add --company $BETA --name Rui --email rui@beta.example --phone +5511988880002
	ok contact set "$R" --email rui@beta.example
	untouched fails 5 contact assign "$R" --company $BETA
	has "$err" "'rui@beta.example' is a contact of 'Beta S.A.' already"
	has "$err" "portalctl contact set $R --email ''"
	code already_exists contact assign "$R" --company $BETA
	is "$(jq -r .target.id err.txt)" "$(contact_called Rui)"
	untouched fails 2 contact assign rui@beta.example --company $BETA
	has "$err" "name the contact by its id"
	is "$(tickets)" "1::0"
	ok contact set "$R" --email ""
	ok contact assign "$R" --company $BETA
	is "$(tickets)" "1:$BETA:1"
	said w2 $RUI Rui 'Ainda eu'
	is "$(sql "SELECT count(DISTINCT contact_id) FROM ticket")" 1
}

@test "W6 a task of another company that hangs on a ticket has to end first" {
	stranger
	ok task add Adivinhar --company $GAMA --ticket 260301-001
	untouched fails 5 contact assign "$R" --company $BETA
	has "$err" "task '1' of ticket '260301-001' is of another company"
	code conflict contact assign "$R" --company $BETA
	is "$(jq -c .target err.txt)" '{"kind":"task","id":1}'
	has "$(jq -r .hint err.txt)" "portalctl task cancel 1"
	ok contact assign "$R" --company $GAMA --dry-run
	ok task cancel 1
	ok contact assign "$R" --company $BETA
	is "$(tickets)" "1:$BETA:1"
}

@test "W6 contact assign rehearses, is quiet, and takes many" {
	stranger
	said w2 5511977770003 Eva Oi
	untouched ok contact assign "$R" --company $BETA --dry-run --json
	holds '"\(.dry_run) \(.changed) \(.data.company_tax_id)"' "true true $BETA"
	untouched ok contact assign "$R" "$(contact_called Eva)" --company $BETA --dry-run --json
	holds '.summary | "\(.ok) \(.failed)"' "2 0"
	printf '{"contact":"%s","company":"%s"}\n' "$R" $BETA "$(contact_called Eva)" 34028316000103 >b.ndjson
	untouched fails 7 contact assign --batch b.ndjson --atomic --quiet || true
	portalctl contact assign --batch b.ndjson --format ndjson
	is "$status" 7
	is "$(json 'select(.kind == "result") | .ok' | paste -sd' ')" "true false"
	is "$(tickets)" "1:$BETA:1 2::0"
	ok -q contact assign "$(contact_called Eva)" --company $ALFA
	is "$out" "" && is "$(tickets)" "1:$BETA:1 2:$ALFA:1"
}

@test "W6 U5 the office's staff assign contacts, and nobody else" {
	local who
	stranger
	ok user add caco@office.example --company $OFFICE --name Caco --active
	ana=$(sql "SELECT id FROM contact WHERE email = 'ana@alfa.example'")
	for who in ana@alfa.example caio@alfa.example; do
		fails 3 --as $who contact assign "$R" --company $ALFA
		forbidden contact "$ana" --as $who contact assign ana@alfa.example --company $ALFA
	done
	is "$(tickets)" "1::0"
	ok --as caco@office.example contact assign "$R" --company $ALFA
	ok audit list --action contact.assign --json
	holds '[.items[].as] | unique | join(" ")' caco@office.example/$OFFICE
}

# held COMMAND...: what is begun by COMMAND, several at once, waits for one lock, and goes
# on when all wait.
held() {
	flock portal.db.lock sh -c 'echo held >held; sleep 0.5' 3>&- &
	until [ -e held ]; do sleep 0.02; done
	"$@"
	wait
	rm held
}

to_both() {
	for tax_id in $ALFA $BETA; do
		(
			status=0
			"$PORTALCTL" contact assign "$R" --company "$tax_id" --json >"$tax_id.out" \
				2>"$tax_id.err" || status=$?
			echo $status >"$tax_id.status"
		) </dev/null 3>&- &
	done
}

@test "W6 of two that assign a contact to different companies at once one is told of the other" {
	local round winner loser
	stranger
	for round in 2 3 4 5 6; do
		said "w$round" "551197777000$round" "Rui $round" Oi
		R=$(contact_called "Rui $round")
		held to_both
		is "$(sort $ALFA.status $BETA.status | paste -sd' ')" "0 5"
		winner=$(sql "SELECT c.tax_id FROM contact k JOIN company c ON c.id = k.company_id
			WHERE k.id = $R")
		loser=$ALFA && [ "$winner" = $BETA ] || loser=$BETA
		is "$(jq -r '"\(.changed) \(.data.company_tax_id)"' "$winner.out")" "true $winner"
		is "$(cat $winner.status)$(jq -r .code $loser.err)" "0wrong_state"
		is "$(torn)" ""
	done
	is "$(sql "SELECT count(*) FROM message WHERE event = 'company'")" 5
	ok audit verify
}

# Each is first in the queue of every other round: to keep what came and to read it are two
# turns, and the assigning falls before, between or behind them.
assign_and_hear() {
	[ $((round % 2)) = 1 ] || { sleep 0.1; hear; }
	sleep 0.1
	"$PORTALCTL" contact assign "$R" --company $BETA >/dev/null 2>assign.err </dev/null 3>&- &
	[ $((round % 2)) = 0 ] || { sleep 0.1; hear; }
}
hear() {
	"$PORTALCTL" wa receive <next.json >/dev/null 2>hear.err 3>&- &
}

@test "W6 what a client writes while being assigned comes into a ticket of the company" {
	local round
	stranger
	for round in 2 3 4 5; do
		said "w$round" "551197777000$round" "Rui $round" Oi
		R=$(contact_called "Rui $round")
		ok ticket close "$(sql "SELECT max(id) FROM ticket")"
		hook "next$round" "551197777000$round" "Rui $round" 'Mais uma' >next.json
		held assign_and_hear
		is "$(cat assign.err hear.err)" ""
		is "$(sql "SELECT count(*), count(DISTINCT company_id) FROM ticket WHERE contact_id = $R")" "2|1"
		is "$(torn)" ""
	done
	ok audit verify
}
