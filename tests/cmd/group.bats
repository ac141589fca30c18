load helpers
load network

# A group of Alfa (main) and Beta; Gama is outside.
grouped() {
	network
	ok group create $ALFA --name "Grupo Alfa"
	ok group link $ALFA $BETA
}

@test "U10 a group begins with its main company, and companies are linked to it" {
	network
	ok group create $ALFA --json
	is "$(json '"\(.kind) \(.changed) \(.action)"')" "group true created"
	is "$(json '.data | keys_unsorted | join(" ")')" \
		"id main_country main_tax_id name members created_at updated_at"
	holds '.data | "\(.id) \(.main_country) \(.main_tax_id) \(.name) \(.members | join(" "))"' \
		"1 BR $ALFA Alfa Ltda. $ALFA"
	ok company add "AR 30-94537838-3" --name Rosario
	ok group link $ALFA $GAMA $BETA "AR 30-94537838-3" --format ndjson
	ok group show $ALFA --json
	is "$(json '.data.members | join(" ")')" "$ALFA AR:30945378383 $BETA $GAMA"
	ok company show $BETA --json
	holds .data.main_tax_id $ALFA
	ok company show $ALFA --json
	holds .data.main_tax_id $ALFA
	is "$(sql "SELECT action, target_kind, target_id FROM audit WHERE action LIKE 'group.%' LIMIT 3" |
		paste -sd' ')" "group.create|group|1 group.link|company|2 group.link|company|4"
}

@test "U10 making, linking and unlinking are done once" {
	grouped
	untouched fails 5 group create $ALFA
	untouched ok group create $ALFA --if-not-exists --json
	holds '"\(.changed) \(.data.id)"' "false 1"
	untouched ok group link $ALFA $BETA --json
	holds '"\(.changed) \(.action)"' "false unchanged"
	untouched ok group link $ALFA $ALFA --json
	holds .changed false
	ok group unlink $ALFA $BETA --json
	holds '"\(.changed) \(.data.members | join(" "))"' "true $ALFA"
	untouched ok group unlink $ALFA $BETA --json
	holds .changed false
	untouched ok group unlink $ALFA $GAMA
	ok group dissolve $ALFA --json
	holds '"\(.action) \(.data.name)"' "dissolved Grupo Alfa"
	untouched fails 3 group dissolve $ALFA
	untouched ok group dissolve $ALFA --ignore-missing --json
	holds '"\(.changed) \(.action) \(.data.id)"' "false unchanged null"
	untouched ok group dissolve $ALFA --ignore-missing
	is "$out" "there is no group of '$ALFA'"
	untouched fails 3 group dissolve 45997418000153 --ignore-missing
	ok company show $ALFA --json
	holds .data.main_tax_id null
	ok group create $ALFA --json
	holds .data.id 2 "an id is never used again"
}

@test "U10 a company is in at most one group" {
	grouped
	ok group create $GAMA
	untouched fails 5 group link $GAMA $BETA
	has "$err" "is in the group of '11.222.333/0001-81' already"
	untouched fails 5 group create $BETA
	untouched fails 5 group link $GAMA $ALFA
	untouched fails 5 group unlink $ALFA $ALFA
	has "$err" "group dissolve $ALFA"
	untouched fails 5 group link $ALFA $OFFICE
	untouched fails 5 group create $OFFICE
	untouched fails 3 group link $BETA $GAMA
	untouched fails 3 group show $BETA
	refused 3 "there is no group" group show $BETA
}

@test "U10 only registered companies are grouped" {
	grouped
	ok invite send 34028316000103 --email x@novo.example
	untouched fails 5 group link $ALFA 34028316000103
	untouched fails 5 group create 34028316000103
	code wrong_state group create 34028316000103
	ok company disable $GAMA
	untouched fails 5 group link $ALFA $GAMA
	ok group unlink $ALFA $BETA
}

@test "U10 admins of the main company administer the users of all, those of a member its own" {
	grouped
	ok user add duda@beta.example --company $BETA --name Duda
	ok user add gabi@gama.example --company $GAMA --name Gabi
	forbidden user "$(sql "SELECT id FROM user WHERE email = 'duda@beta.example'")" \
		--as bruna@beta.example user activate duda@beta.example
	fails 3 --as caio@alfa.example user activate duda@beta.example
	ok --as ana@alfa.example user activate duda@beta.example
	ok --as ana@alfa.example user add edu@beta.example --company $BETA --name Edu --active
	fails 3 --as ana@alfa.example user activate gabi@gama.example
	fails 3 --as bia@beta.example user show caio@alfa.example
	ok --as ana@alfa.example user list --format ids
	is "$(wc -l <out.txt)" 7 "users of Alfa and Beta"
	ok --as caio@alfa.example user list --format ids
	is "$(wc -l <out.txt)" 2 "users of Alfa"
	ok --as bia@beta.example user list --format tsv --fields company_tax_id
	is "$(sort -u out.txt)" $BETA
	ok --as ana@alfa.example user list --company $BETA --format count
	is "$out" 5
}

@test "U10 admins of the main company see the members as those see themselves" {
	local fields='[.email, .phone, .relation, .main_tax_id, .document_login, .signup, .sections]'
	grouped
	ok company set $BETA --relation client
	ok --as bia@beta.example company show $BETA --json
	json ".data | $fields" >own
	ok --as ana@alfa.example company show $BETA --json
	json ".data | $fields" | cmp - own
	ok --as ana@alfa.example company list --tax-id $BETA --json
	json ".items[0] | $fields" | cmp - own
	ok --as ana@alfa.example company list --relation client --format ids
	is "$out" 3
	ok --as ana@alfa.example company show $GAMA --json
	is "$(json ".data | $fields | flatten | map(values) | length")" 0 "fields of a stranger"
	ok --as caio@alfa.example company show $BETA --json
	is "$(json ".data | $fields | flatten | map(values) | length")" 0 "fields for a collaborator"
	ok --as bia@beta.example company show $ALFA --json
	is "$(json ".data | $fields | flatten | map(values) | length")" 0 "fields of the main company"
	ok company disable $BETA
	ok --as ana@alfa.example company show $BETA --json
	holds .data.status disabled
	ok --as ana@alfa.example company list --status disabled --format ids
	is "$out" 3
	fails 3 --as caio@alfa.example company show $BETA
	ok group unlink $ALFA $BETA
	fails 3 --as ana@alfa.example company show $BETA
	ok --as ana@alfa.example company list --status disabled --format count
	is "$out" 0
}

@test "U10 unlinking takes the view away at once" {
	grouped
	ok --as ana@alfa.example user show bruna@beta.example
	ok group unlink $ALFA $BETA
	fails 3 --as ana@alfa.example user show bruna@beta.example
	ok --as ana@alfa.example user list --format count
	is "$out" 2
	fails 3 --as bruna@beta.example group show $ALFA
}

@test "U10 the users of its companies and the staff see a group, the office changes it" {
	local who
	grouped
	ok group create $GAMA
	for who in ana@alfa.example bruna@beta.example; do
		ok --as $who group show $ALFA
		ok --as $who group list --format ids
		is "$out" 1
		forbidden company 2 --as $who group link $ALFA $GAMA
		forbidden company 2 --as $who group dissolve $ALFA
	done
	fails 3 --as bruna@beta.example group show $GAMA
	ok --as dora@office.example group list --sort -name --format tsv --fields name
	is "$(paste -sd' ' out.txt)" "Grupo Alfa Gama ME"
	ok group unlink $ALFA $BETA
	ok --as bruna@beta.example group list --format count
	is "$out" 0
}

@test "groups are listed by company and name" {
	grouped
	ok group create $GAMA
	ok group list --company $BETA --format ids
	is "$out" 1
	ok group list --search ALFA --json
	holds '.items[0].members | length' 2
	ok company add 34028316000103 --name Nova
	ok group list --company 34028316000103 --format count
	is "$out" 0
	ok group list --limit 1 --json
	holds .truncated true
	ok group list --after "$(json .next)" --format ids
	is "$out" 2
}

@test "U10 rehearsals and batches of groups" {
	network
	rehearses group create $ALFA
	ok group create $ALFA
	rehearses group link $ALFA $BETA
	printf '{"main-tax-id":"%s","member-tax-id":"%s"}\n' $ALFA $BETA $ALFA $GAMA >members
	ok group link --batch members --format ndjson
	ok group show $ALFA --json
	holds '.data.members | length' 3
	portalctl group link $ALFA $BETA 99120450000185 --json
	is "$status" 7
	untouched fails 6 group create 11222333000182
	untouched fails 2 group link $ALFA
}
