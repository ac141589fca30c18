load helpers
load network

# lists WANT ARGS...: the list gives these tax ids.
lists() {
	ok company list "${@:2}" --format tsv --fields tax_id
	is "$(paste -sd' ' out.txt)" "$1" "tax ids of ${*:2}"
}

@test "N1 a company has every documented field" {
	network
	ok company add 34.028.316/0001-03 --name "Delta Comércio Ltda." --trade-name Delta \
		--email Contato@Delta.example --phone "(11) 3333-4444" --relation supplier --json
	holds '"\(.kind) \(.changed) \(.action)"' "company true added"
	for key in id country tax_id tax_id_formatted kind name trade_name email phone relation role \
		status main_tax_id document_login sections created_at updated_at; do
		holds ".data | has(\"$key\")" true
	done
	holds '.data | "\(.country) \(.tax_id) \(.tax_id_formatted) \(.kind)"' \
		"BR 34028316000103 34.028.316/0001-03 cnpj"
	holds '.data | "\(.name)/\(.trade_name)/\(.email)/\(.phone)"' \
		"Delta Comércio Ltda./Delta/contato@delta.example/+551133334444"
	holds '.data | "\(.relation) \(.role) \(.status) \(.document_login) \(.main_tax_id)"' \
		"supplier head_office registered inherit null"
	holds '.data.sections | join(" ")' "documents projects tasks sales support"
	holds '.data | "\(.created_at) \(.updated_at)"' "2026-03-01T12:00:00Z 2026-03-01T12:00:00Z"
}

@test "N1 CNPJ, alphanumeric CNPJ, CPF and foreign ids are taken" {
	network
	ok company add 12.ABC.345/01DE-35 --name A --json
	holds '.data | "\(.tax_id) \(.kind)"' "12ABC34501DE35 cnpj"
	ok company add 529.982.247-25 --name B --json
	holds '.data | "\(.tax_id) \(.kind) \(.role)"' "52998224725 cpf unknown"
	ok company add "AR 30-94537838-3" --name C --json
	holds '.data | "\(.country) \(.tax_id) \(.kind)"' "AR 30945378383 cuit"
	ok company add --country us 12-3456789 --name D --json
	holds '.data | "\(.country) \(.tax_id) \(.tax_id_formatted)"' "US 123456789 12-3456789"
	ok company add "de 12/345-6 a" --name E --json
	holds '.data | "\(.country) \(.tax_id) \(.kind)"' "DE 12/345-6 A other"
}

@test "N1 a role that is given counts before the one the tax id tells" {
	network
	ok company add 34028316000103 --name Delta --role branch --json
	holds .data.role branch
	ok company add 11444777000242 --name Novo --json
	holds .data.role branch
}

@test "U6 a signup link stays until it is rotated, which is in the audit log" {
	network
	ok company signup-link $BETA --json
	first=$(json .data.token)
	untouched ok company signup-link $BETA --json
	holds '"\(.changed) \(.data.token)"' "false $first"
	ok company signup-link $BETA --rotate --json
	second=$(json .data.token)
	[ -n "$first" ] && [ "$second" != "$first" ]
	is "$(sql "SELECT target_kind, target_id FROM audit WHERE action = 'company.signup-link'")" \
		"company|3"
	ok company signup-link $BETA --json
	holds .data.token "$second"
}

@test "N1 one tax id is one company, however it is written" {
	network
	untouched fails 5 company add 02.919.305/0001-27 --name Outra
	untouched fails 5 company add "BR:02919305000127" --name Outra
	code already_exists company add 02919305000127 --name Outra
	is "$(jq -c .target err.txt)" '{"kind":"company","id":3}'
	untouched ok company add $BETA --name Outra --if-not-exists --json
	holds '"\(.changed) \(.data.name)"' "false Beta S.A."
	ok company add "AR 02919305000127" --name "Argentina" || ok company add "PT 509442013" --name P
}

@test "N1 a company is of a country that there is" {
	network
	code invalid_tax_id company add XX:123 --name N
	has "$err" "'XX' is not the code of any country"
	ok company add PT:509442013 --name N
}

@test "N1 wrong check digits are refused, with every other fault of the line" {
	network
	untouched fails 6 company add 02919305000128 --name X
	code invalid_tax_id company add 02919305000128 --name X
	untouched portalctl company add 02919305000128 --email nobody --phone 1 --json
	is "$status" 6
	is "$(jq -r '[.errors[].field] | join(" ")' err.txt)" "tax_id email phone name"
	untouched fails 6 company add 34028316000103
	untouched fails 6 company add 34028316000103 --name "  "
	untouched fails 2 company add 34028316000103 --name X --relation friend
	untouched refused 2 "choices of 'sections': documents, projects, tasks, sales, support" \
		company add 34028316000103 --name X --sections documents,parties
	untouched refused 2 "stands in 'sections' twice" \
		company set $BETA --sections documents,documents
	untouched fails 6 company add 34028316000103 --name X --country BRA
}

@test "N1 adding registers a company that was only known by name" {
	network
	ok invite send 34028316000103 --email x@delta.example
	untouched fails 6 company add 34028316000103
	ok company add 34028316000103 --name Delta --trade-name D --email d@delta.example \
		--phone 1133334444 --relation client --role branch --sections tasks --json
	holds '"\(.changed) \(.data.id) \(.data.status)"' "true 5 registered"
	ok company show 5 --json
	holds '.data | "\(.name) \(.trade_name) \(.email) \(.phone)"' \
		"Delta D d@delta.example +551133334444"
	holds '.data | "\(.relation) \(.role) \(.sections)"' 'client branch ["tasks"]'
	is "$(sql "SELECT action FROM audit ORDER BY id DESC LIMIT 1")" company.register
}

@test "N2 companies are found by country, part of the name and tax id" {
	network
	ok company add "AR 30-94537838-3" --name "Maderas Ñandú" --trade-name "São João"
	ok company add "DE 12/345-6" --name "Foo GmbH"
	lists "$OFFICE $ALFA $BETA $GAMA 30945378383 12/345-6"
	lists "30945378383" --country AR
	lists "30945378383" --country ar
	lists "" --country UY
	lists "30945378383" --search nandu
	lists "30945378383" --search ÑANDÚ
	lists "30945378383" --search "SAO JOAO"
	lists "$OFFICE" --search ESCRITORIO
	lists "" --search 100%
	lists "" --search _
	lists "" --search "$(printf '%02000d' 1)"
	lists "" --search "$(printf 'a%.0s' {1..1022})"
	lists "" --search "$(printf 'a%.0s' {1..1023})"
	lists "$BETA" --search 919305
	lists "$BETA" --search 02.919.305/
	lists "$BETA" --tax-id 02.919.305
	lists "$BETA" --tax-id "BR 02.919.305/0001-27"
	lists "30945378383" --tax-id "AR:30-94"
	lists "" --tax-id "AR:02919305"
	lists "$BETA" --tax-id $'\tBR\xc2\xa002.919.305'
	lists "12/345-6" --tax-id "de: 12/34"
	lists "12/345-6" --tax-id 12/3
	lists "12/345-6" --search /345-
	lists "" --tax-id 99
	ok company add "PT 029" --name "Outro país"
	lists "$BETA 029" --tax-id 02
	ok company list --tax-id 02 --limit 1 --json
	lists "029" --tax-id 02 --after "$(json .next)"
	lists "029" --tax-id 02 --country PT
	ok company set $ALFA --name "Ômega"
	lists "$ALFA" --search omega
	lists "" --search alfa
	fails 6 company list --country Brasil
	code invalid_tax_id company list --tax-id "$(printf '%065d' 1)"
	is "$(jq -r .field err.txt)" tax_id field
	fails 2 company list --country ""
}

@test "N2 they are listed by state and by what they are to the office" {
	network
	ok invite send 34028316000103 --email x@delta.example
	ok company disable $GAMA
	ok company set $ALFA --relation supplier
	lists 34028316000103 --status unregistered
	lists "$GAMA" --status disabled
	lists "$ALFA" --relation supplier
	fails 2 company list --status gone
}

@test "N2 a page goes on where the last ended, whatever the order" {
	network
	ok company add 34028316000103 --name "Beta S.A."
	for sort in id -id name -name tax_id -tax_id -created_at updated_at; do
		ok company list --sort "$sort" --format ids
		whole=$(paste -sd' ' out.txt)
		ok company list --sort "$sort" --limit 2 --json
		pages=$(json '[.items[].id] | join(" ")')
		ok company list --sort "$sort" --limit 9 --after "$(json .next)" --format ids
		is "$pages $(paste -sd' ' out.txt)" "$whole" "pages by $sort"
	done
	lists "$ALFA $BETA 34028316000103 $OFFICE $GAMA" --sort name
	lists "34028316000103 $GAMA $BETA $ALFA $OFFICE" --sort -id
}

@test "O4 the audit log tells sections in one line" {
	network
	ok company set $BETA --sections tasks,documents
	ok audit list --sort -id --limit 1 --json
	holds '.items[0].changes.sections | join(" > ")' \
		"documents, projects, tasks, sales, support > documents, tasks"
}

@test "a cursor goes on with the list, order and filters it came from" {
	network
	ok company list --status registered --limit 2 --json
	cursor=$(json .next)
	ok company list --status registered --after "$cursor"
	refused 2 "is not a cursor of this list" company list --after "$cursor"
	refused 2 "is not a cursor of this list" \
		company list --status registered --sort -id --after "$cursor"
	refused 2 "is not a cursor of this list" user list --after "$cursor"
	refused 2 "is not a cursor of this list" audit list --after "$cursor"
}

@test "O4 a change keeps before and after, and no change leaves no row" {
	network
	at 2026-03-05T12:00:00Z
	ok company set $BETA --email novo@beta.example --phone "" --json
	holds '.data | "\(.email) \(.name) \(.updated_at)"' \
		"novo@beta.example Beta S.A. 2026-03-05T12:00:00Z"
	is "$(sql "SELECT changes FROM audit ORDER BY id DESC LIMIT 1")" \
		'{"email":["contato@beta.example","novo@beta.example"]}'
	untouched ok company set $BETA --email NOVO@beta.example --json
	holds '"\(.changed) \(.action)"' "false unchanged"
}

@test "set clears with an empty value, but a company keeps its name" {
	network
	ok company set $BETA --email "" --document-login on --sections tasks,documents --json
	holds '.data | "\(.email) \(.document_login) \(.sections | join(" "))"' \
		"null on documents tasks"
	untouched fails 6 company set $BETA --name ""
	ok company disable $BETA
	untouched fails 6 company set $BETA --name ""
	has "$err" "needs a name"
	code invalid company set $BETA --name " "
	untouched fails 3 company set 34028316000103 --name X
}

@test "disable and enable may be repeated; the office stays" {
	network
	ok company disable $BETA --json
	holds '"\(.changed) \(.data.status)"' "true disabled"
	untouched ok company disable $BETA --json
	holds .changed false
	fails 4 --as bia@beta.example invite list
	ok company enable 3 --json
	holds '"\(.changed) \(.data.status)"' "true registered"
	untouched ok company enable $BETA
	untouched fails 5 company disable $OFFICE
	ok invite send 34028316000103 --email x@delta.example
	untouched fails 5 company enable 34028316000103
}

@test "a company is named by tax id or by id, and a missing one is 3" {
	network
	ok company show 3 --json
	holds '"\(.kind) \(.data.tax_id) \(has("changed"))"' "company $BETA false"
	ok company show "BR 02.919.305/0001-27" $ALFA --format ids
	is "$(paste -sd' ' out.txt)" "3 2"
	fails 3 company show 34028316000103
	fails 3 company show 99
	fails 6 company show 34028316000104
}

@test "--fields decides whether a signup link comes with its token" {
	network
	ok company signup-link $BETA --json
	token=$(json .data.token)
	has "$token" .
	ok company signup-link $BETA --fields url,company_name
	case $out in *"$token"* | *TOKEN*) false ;; esac
	ok company signup-link $BETA --fields url --json
	holds '.data | keys | join(",")' url
	ok company signup-link $BETA --format tsv --fields token
	is "$out" "$token"
	ok company signup-link $BETA
	has "$out" "$token"
}

@test "rehearsals of every verb change nothing" {
	network
	rehearses company add 34028316000103 --name Delta
	holds '.data | "\(.id) \(.name)"' "null Delta"
	rehearses company set $BETA --name Outra
	holds .data.name Outra
	rehearses company disable $BETA
	rehearses company enable $BETA
	rehearses company signup-link $BETA --rotate
	is "$(grep -c "\.[A-Za-z0-9_-]\{20\}" out.txt)" 0 "tokens in a rehearsal"
	rehearses company add --batch - < <(echo '{"tax-id":"34028316000103","name":"D"}') ||
		is "$status" 0
}

@test "U6 an admin switches signup off and on, and the signup link says which" {
	network
	ok company show $ALFA --json
	holds .data.signup on
	rehearses company set $ALFA --signup off
	ok --as ana@alfa.example company set $ALFA --signup off --json
	holds '"\(.changed) \(.data.signup)"' "true off"
	is "$(sql "SELECT changes FROM audit ORDER BY id DESC LIMIT 1")" '{"signup":["on","off"]}'
	ok --as ana@alfa.example company signup-link $ALFA --json
	holds '.data | "\(.signup) \(.token | .[0:2])"' "off s2"
	ok company signup-link $ALFA --lang pt_BR
	has "$out" "desligado"
	untouched ok company set $ALFA --signup off --json
	holds .changed false
	ok --as dora@office.example company set $ALFA --signup on --json
	holds .data.signup on
	ok company add 34028316000103 --name Delta --signup off --json
	holds .data.signup off
	untouched fails 2 company set $ALFA --signup maybe
	forbidden company 2 --as caio@alfa.example company set $ALFA --signup off
	forbidden company 2 --as bia@beta.example company set $ALFA --signup off
	ok --as bia@beta.example company show $ALFA --json
	holds .data.signup null
}

@test "U7 U10 a company that is disabled is said to be so, not to be unregistered" {
	local words
	load network
	network
	ok contact add --company $GAMA --name Lia --email lia@gama.example
	ok invite send $GAMA --email x@y.example
	ok invite send $BETA --from $GAMA --email x@y.example
	ok company disable $GAMA
	for words in "contact allow lia@gama.example" "user add rui@gama.example --company $GAMA --name R" \
		"group create $GAMA" "company signup-link $GAMA" "invite accept 1" "invite accept 2" \
		"invite resend 1" "invite send $GAMA --email z@y.example" \
		"invite send $ALFA --from $GAMA --email z@y.example" \
		"request send --from $ALFA --to $GAMA --email z@y.example" \
		"request send --from $GAMA --to $ALFA --email z@y.example"; do
		# shellcheck disable=SC2086 # words are words
		untouched fails 5 $words
		is "$err" "portalctl: company '33.000.167/0001-01' is disabled
hint: portalctl company enable"
		# shellcheck disable=SC2086 # words are words
		code wrong_state $words
	done
}
