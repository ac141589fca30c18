load helpers
load network

@test "S7 a canned answer is kept with the words it has to be filled in with" {
	network
	ok answer add "Bom dia" --json \
		--body "Bom dia, {contact_name}! {} nem { Braces }: {contact_name}, {ticket_number}."
	is "$(json '"\(.kind) \(.changed) \(.action)"')" "answer true added"
	is "$(json '.data | keys_unsorted | join(" ")')" "id name body placeholders created_at"
	holds '.data.placeholders | join(" ")' "contact_name ticket_number"
	ok answer show "bóm  DIA" --json
	holds '.data | "\(.id) \(.name) \(.placeholders | length)"' "1 Bom dia 2"
	is "$(sql "SELECT action, changes FROM audit ORDER BY id DESC LIMIT 1")" \
		'answer.add|{"name":[null,"Bom dia"]}'
}

@test "S7 a placeholder that is none is refused when the answer is added" {
	network
	untouched fails 6 answer add x --body "Olá {contact_nome}"
	has "$err" "'{contact_nome}' is not a placeholder; there are: contact_name, company_name"
	has "$err" "did you mean 'contact_name'?"
	untouched fails 6 answer add 12 --body ""
	portalctl answer add 12 --body "" --json
	is "$(jq -r '[.errors[].field] | join(" ")' err.txt)" "name body"
	untouched fails 6 answer add x --body $'a\033[2J'
	untouched fails 6 answer add x --body $' \n\t'
	untouched fails 6 answer add x
	ok answer add x --body $'Duas\nlinhas\te um tab'
}

@test "S7 canned answers are told apart without case and accents, listed and removed" {
	network
	ok answer add Férias --body a
	untouched fails 5 answer add FERIAS --body b
	code already_exists answer add ferias --body b
	untouched ok answer add ferias --body b --if-not-exists --json
	holds '"\(.changed) \(.data.body)"' "false a"
	ok answer add Abertura --body "{office_name}"
	ok answer list --sort name --json
	holds '[.items[] | "\(.name):\(.placeholders | join(","))"] | join(" ")' \
		"Abertura:office_name Férias:"
	ok answer list --search FÉR --format ids
	is "$out" 1
	rehearses answer remove ferias
	ok answer remove ferias --json
	holds '"\(.action) \(.data.name)"' "removed Férias"
	untouched fails 3 answer remove ferias
	untouched fails 3 answer show 1
	ok answer show 2
}

@test "S7 the office alone has canned answers" {
	network
	ok user add eva@office.example --company $OFFICE --name Eva --active
	ok --as eva@office.example answer add x --body y
	ok --as dora@office.example answer remove x --dry-run
	denied --as ana@alfa.example answer add z --body z
	denied --as ana@alfa.example answer list
	refused 3 "there is no answer 'x'" --as ana@alfa.example answer show x
	refused 3 "there is no answer 'x'" --as ana@alfa.example answer remove x
}

@test "S7 an answer is filled in for the ticket and who answers" {
	network
	ok answer add tudo --body \
		"{contact_name}|{company_name}|{ticket_number}|{ticket_subject}|{assignee_name}|{user_name}|{office_name}|{x y}"
	ok ticket open --company $ALFA --contact ana@alfa.example --subject "Nota {office_name}"
	ok --as dora@office.example ticket reply 1 --answer TUDO --json
	holds .data.body \
		"Ana|Alfa Ltda.|260301-001|Nota {office_name}|Dora|Dora|Escritório Modelo|{x y}"
	ok ticket reply 1 --answer tudo --json
	has "$(json .data.body)" "|Dora|Escritório Modelo|Escritório Modelo|"
	untouched fails 2 ticket reply 1 --answer tudo --body x
	untouched fails 3 ticket reply 1 --answer nada
}

@test "S7 no answer leaves with a gap where a name should be" {
	network
	ok answer add quem --body "Fale com {assignee_name}."
	ok ticket open --company $ALFA --contact ana@alfa.example --subject x
	untouched refused 5 "there is nothing to put for '{assignee_name}'" ticket reply 1 --answer quem
	ok ticket assign 1 --to dora@office.example
	ok ticket reply 1 --answer quem --json
	holds .data.body "Fale com Dora."
}

@test "S7 a key makes an answer that is filled in safe to repeat" {
	network
	ok answer add quem --body "{ticket_subject}"
	ok ticket open --company $ALFA --contact ana@alfa.example --subject x
	ok ticket reply 1 --answer quem --idempotency-key k
	ok ticket set 1 --subject y
	untouched ok ticket reply 1 --answer quem --idempotency-key k --json
	holds '"\(.changed) \(.data.body)"' "false x"
}

@test "P8 a client has no canned answers to answer with" {
	network
	ok answer add x --body y
	ok --as ana@alfa.example ticket open --subject x
	refused 3 "there is no answer 'x'" --as ana@alfa.example ticket reply 1 --answer x
	refused 3 "there is no answer 'z'" --as ana@alfa.example ticket reply 1 --answer z
}

@test "what is gone may be removed again where that is fine" {
	network
	untouched fails 3 answer remove nada
	untouched ok answer remove nada --ignore-missing --json
	holds '"\(.changed) \(.action)"' "false unchanged"
	ok answer add nada --body oi
	denied --as ana@alfa.example answer remove nada --ignore-missing
	ok answer remove nada --ignore-missing --json
	holds '"\(.changed) \(.data.name)"' "true nada"
}
