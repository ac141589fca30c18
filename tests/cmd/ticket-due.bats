load helpers
load network

# Rules: tax forms are Dora's and due in four hours of business, people's in nine. It is
# Wednesday, 9 o'clock in São Paulo.
with_rules() {
	network
	at 2026-11-18T12:00:00Z
	ok category add Fiscal --department Impostos --word darf --word nfs-e --word imposto \
		--menu 1 --assignee dora@office.example --sla-minutes 240
	ok category add Pessoal --word folha --word férias --menu 2 --sla-minutes 540
	ok category add Geral --menu 3
}

# client SUBJECT [BODY]: Ana opens a ticket.
client() {
	ok --as ana@alfa.example ticket open --subject "$1" --body "${2:-Bom dia.}" --json
}

@test "S4 words of the first message give category, department, assignee and due time" {
	with_rules
	client "Dúvida" "Preciso do DARF, por favor"
	holds '.data | "\(.category) \(.department) \(.assignee_email) \(.status) \(.due_at)"' \
		"Fiscal Impostos dora@office.example in_progress 2026-11-18T16:00:00Z"
	ok ticket messages 1 --json
	holds '.items[1] | "\(.event) \(.event_to) \(.automatic) \(.author_name)"' \
		"assigned Dora true null"
	is "$(mailed ticket_opened)" dora@office.example
	ok ticket count --json
	holds .data.count 0 "the rule has given it to somebody"
	ok --as dora@office.example ticket reply 1 --body Sim
	ok ticket show 1 --json
	holds .data.status in_progress
}

@test "S4 words count whole, without case and accents, in subject and message" {
	with_rules
	client "A NFS-e" "darfs, desdarf e darfx não"
	holds .data.category Fiscal
	client "Impostor" "folhas e folhagem"
	holds '.data | "\(.category) \(.due_at) \(.assignee_email)"' "null null null"
	client "Olá" "as FERIAS: (férias)!"
	holds '.data | "\(.category) \(.department) \(.due_at)"' "Pessoal null 2026-11-18T21:00:00Z"
	client "Olá" "O darf-avulso e a nfs-e, ou «imposto»…"
	holds .data.category Fiscal
	client "Folha e férias" "e um darf"
	holds .data.category Pessoal "the one with more of its words"
	client "folha" "e darf"
	holds .data.category Fiscal "of equals the older"
}

@test "S4 an answer to the menu, or a name, is the whole message" {
	with_rules
	client "Via menu" " 2 "
	holds .data.category Pessoal
	client "Via menu" "geral"
	holds '.data | "\(.category) \(.due_at)"' "Geral null"
	client "Via menu" "3 darf"
	holds .data.category Fiscal
	client "Via menu" "12"
	holds .data.category null
}

@test "S4 what is given counts before the rule, which then gives the due time alone" {
	with_rules
	ok ticket open --company $ALFA --contact ana@alfa.example --subject darf --category fiscal --json
	holds '.data | "\(.category) \(.department) \(.assignee_email) \(.due_at)"' \
		"Fiscal null null 2026-11-18T16:00:00Z"
	ok ticket open --company $ALFA --contact ana@alfa.example --subject darf --department Meu --json
	holds '.data | "\(.category) \(.department) \(.assignee_email)"' "Fiscal Meu dora@office.example"
	is "$(mailed ticket_assigned)" dora@office.example
	ok ticket open --company $ALFA --contact ana@alfa.example --subject darf --category Outra --json
	holds '.data | "\(.category) \(.due_at)"' "Outra null"
	ok ticket open --company $ALFA --contact ana@alfa.example --subject x --json
	holds .data.category null
	ok user add eva@office.example --company $OFFICE --name Eva --role admin --active
	ok user block dora@office.example
	client darf
	holds '.data | "\(.category) \(.assignee_email)"' "Fiscal null"
}

@test "S4 rules hold for tickets that are opened from then on" {
	with_rules
	client darf
	ok category set fiscal --sla-minutes 60 --name Tributos
	ok ticket show 1 --json
	holds '.data | "\(.category) \(.due_at)"' "Fiscal 2026-11-18T16:00:00Z"
	client darf
	holds '.data | "\(.category) \(.due_at)"' "Tributos 2026-11-18T13:00:00Z"
	ok category remove tributos
	client darf
	holds .data.category null
}

@test "S14 due times go by the office's hours and days off" {
	with_rules
	at 2026-11-19T20:00:00Z
	client darf
	holds .data.due_at 2026-11-23T15:00:00Z "20 November and the weekend are off"
	ok config set holidays 2026-11-23
	client darf
	holds .data.due_at 2026-11-24T15:00:00Z
	ok config set business_hours "mon-fri 09:00-12:00,13:00-18:00; sat 09:00-12:00"
	client darf
	holds .data.due_at 2026-11-21T15:00:00Z
	ok config set time_zone America/Manaus
	at 2026-11-17T12:00:00Z
	client darf
	holds .data.due_at 2026-11-17T18:00:00Z
}

@test "S14 the clock stands while the ticket is pending" {
	with_rules
	client darf
	at 2026-11-18T14:00:00Z
	ok ticket set 1 --status pending --json
	holds .data.due_at 2026-11-18T16:00:00Z
	at 2026-11-19T13:30:00Z
	ok --as ana@alfa.example ticket reply 1 --body Aqui
	ok ticket show 1 --json
	holds '.data | "\(.status) \(.due_at)"' "in_progress 2026-11-19T15:30:00Z" "two hours are left"
	at 2026-11-19T14:30:00Z
	ok ticket set 1 --status pending
	at 2026-11-19T15:00:00Z
	ok ticket close 1 --json
	holds .data.due_at 2026-11-19T16:00:00Z
	is "$(sql "SELECT paused_at IS NULL, paused_ms / 60000 FROM ticket")" "1|540"
}

@test "S14 a pause out of hours moves nothing, and one that began late leaves it late" {
	with_rules
	client darf
	at 2026-11-18T21:30:00Z
	ok ticket set 1 --status pending
	at 2026-11-19T11:59:00Z
	ok ticket set 1 --status in_progress --json
	holds .data.due_at 2026-11-18T16:00:00Z
	at 2026-11-19T13:00:00Z
	ok ticket set 1 --status pending
	at 2026-11-19T14:00:00Z
	ok ticket set 1 --status in_progress --json
	holds .data.due_at 2026-11-18T17:00:00Z
}

@test "S14 another category has another due time, from the opening on" {
	with_rules
	client darf
	at 2026-11-18T14:00:00Z
	ok ticket set 1 --status pending
	at 2026-11-18T15:00:00Z
	ok ticket set 1 --status in_progress
	ok ticket set 1 --category Pessoal --json
	holds .data.due_at 2026-11-19T13:00:00Z "nine hours and the one it was pending"
	ok ticket set 1 --category Geral --json
	holds .data.due_at null
	ok ticket set 1 --category FISCAL --json
	holds .data.due_at 2026-11-18T17:00:00Z
	ok ticket set 1 --category "" --json
	holds .data.due_at null
	ok ticket list --sort due_at --format ids
	is "$out" 1
}
