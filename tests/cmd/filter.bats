load helpers
load network

# Four tickets: of Ana two, one of them done; of Bia one; of Caio one, which is Dora's.
with_tickets() {
	network
	ok user add eva@office.example --company $OFFICE --name Eva --active
	ok ticket open --company $ALFA --contact ana@alfa.example --subject Um --tag urgente
	ok ticket open --company $ALFA --contact ana@alfa.example --subject Dois
	ok ticket close 2
	ok ticket open --company $BETA --contact bia@beta.example --subject Tres --category Fiscal
	ok ticket open --company $ALFA --contact caio@alfa.example --subject Quatro
	ok ticket assign 4 --to dora@office.example
}

# listed WANT WORDS...: the ids that ticket list gives.
listed() {
	local want=$1
	shift
	ok "$@" --format ids
	is "$(paste -sd' ' out.txt)" "$want" "ids of $*"
}

@test "S9 a filter is the options of ticket list under a name" {
	with_tickets
	ok filter add "Alfa tudo" --company $ALFA --status any --sort -id --shared --json
	is "$(json '"\(.kind) \(.changed) \(.action)"')" "filter true added"
	is "$(json '.data | keys_unsorted | join(" ")')" \
		"id name owner_email shared status assignee company contact category department tag origin search since_at until_at sort created_at"
	holds '.data | "\(.name) \(.shared) \(.status | join(",")) \(.company) \(.sort) \(.owner_email)"' \
		"Alfa tudo true any $ALFA -id null"
	listed "4 2 1" ticket list --filter "ALFA TUDO"
	listed "4 2 1" ticket list --filter 1
	listed "2" ticket list --filter 1 --status "done"
	listed "1 2 4" ticket list --filter 1 --sort id
	ok filter add meus --assignee me
	ok filter add f --category Fiscal --status new,pending
	listed 3 ticket list --filter f
	ok filter add u --tag urgente --search um --origin office --contact ana@alfa.example --since 2026-01-01
	listed 1 ticket list --filter u
	listed "" ticket list --filter u --until 2026-02-01
	untouched fails 3 ticket list --filter nada
}

@test "S9 a filter is private to who made it, or shared" {
	with_tickets
	ok --as dora@office.example filter add meus --assignee me --json
	holds '.data | "\(.owner_email) \(.shared)"' "dora@office.example false"
	listed 4 --as dora@office.example ticket list --filter meus
	fails 3 --as eva@office.example ticket list --filter meus
	fails 3 --as eva@office.example filter show 1
	fails 3 filter show meus
	fails 3 --as eva@office.example filter remove meus
	ok --as eva@office.example filter add meus --status new
	listed "1 3" --as eva@office.example ticket list --filter meus
	ok --as dora@office.example filter add MEUS --shared --status "done"
	listed 4 --as dora@office.example ticket list --filter meus
	listed 2 ticket list --filter meus
	ok --as dora@office.example filter list --format ids
	is "$(paste -sd' ' out.txt)" "1 3"
	ok --as eva@office.example filter list --format ids
	is "$(paste -sd' ' out.txt)" "2 3"
	ok --as eva@office.example filter remove 3 --json
	holds .action removed
	untouched fails 5 --as dora@office.example filter add méus --status any
	code already_exists --as dora@office.example filter add meus --status any
	untouched ok --as dora@office.example filter add meus --status any --if-not-exists --json
	holds '"\(.changed) \(.data.assignee)"' "false me"
}

@test "S9 a filter that says nothing, or what tickets do not have, is refused" {
	network
	untouched fails 2 filter add x
	untouched fails 2 filter add x --shared
	for option in search category tag contact company assignee; do
		untouched refused 2 "'--$option' is empty" filter add x --status any --$option ""
	done
	untouched fails 2 filter add x --status nova
	untouched fails 2 filter add x --sort subject
	untouched fails 2 filter add x --origin pombo
	untouched fails 6 filter add 42 --status any
	untouched fails 6 filter add "" --status any
	untouched fails 6 filter add x --search $'a\nb'
}

@test "P8 a filter shows nobody more than they may see" {
	with_tickets
	ok filter add tudo --status any --shared
	listed "1 2 3 4" ticket list --filter tudo
	refused 3 "there is no filter 'tudo'" --as ana@alfa.example ticket list --filter tudo
	refused 3 "there is no filter 'tudo'" --as ana@alfa.example filter show tudo
	denied --as ana@alfa.example filter list
	denied --as ana@alfa.example filter add x --status any
}

@test "what is gone may be removed again where that is fine" {
	network
	untouched fails 3 filter remove nada
	untouched ok filter remove nada --ignore-missing --json
	holds '"\(.changed) \(.action)"' "false unchanged"
	ok filter add nada --tag x
	denied --as ana@alfa.example filter remove nada --ignore-missing
	ok filter remove nada --ignore-missing --json
	holds '"\(.changed) \(.data.name)"' "true nada"
}

@test "S7 a filter is of somebody there is" {
	network
	untouched refused 6 "is not a user of the office" filter add a --assignee nobody@office.example
	untouched fails 6 filter add a --assignee ana@alfa.example
	ok filter add a --assignee dora@office.example
}

@test "S9 a filter that no list could use is not saved" {
	network
	untouched refused 2 "at most 6 words" filter add f --search "um dois tres quatro cinco seis sete"
	untouched fails 2 filter add f --search "--- ..."
	untouched refused 3 "there is no company" filter add f --company 11444777000161
	untouched fails 3 filter add f --contact eva@nowhere.example
	ok filter add f --company $ALFA --contact ana@alfa.example --search "um dois"
	ok ticket list --filter f
}
