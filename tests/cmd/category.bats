load helpers
load network

# A rule for tax forms, taken care of by Dora.
with_rule() {
	network
	ok category add Fiscal --department Fiscal --word darf --word NFS-e --word Guia --menu 1 \
		--assignee dora@office.example --sla-minutes 240
}

@test "S4 a category is added with its rule, and shown" {
	network
	ok category add "Depto. Fiscal" --department Fiscal --word darf --word NFS-e --word DARF \
		--menu 1 --assignee Dora@office.example --sla-minutes 240 --json
	is "$(json '"\(.kind) \(.changed) \(.action)"')" "category true added"
	is "$(json '.data | keys_unsorted | join(" ")')" \
		"id name department words menu assignee_email assignee_name sla_minutes created_at updated_at"
	holds '.data | "\(.name) \(.department) \(.words | join(",")) \(.menu) \(.sla_minutes)"' \
		"Depto. Fiscal Fiscal darf,NFS-e 1 240"
	ok category show "depto. físcal" --json
	holds '.data | "\(.id) \(.assignee_email) \(.assignee_name)"' "1 dora@office.example Dora"
	is "$(sql "SELECT action, target_kind, target_id FROM audit ORDER BY id DESC LIMIT 1")" \
		"category.add|category|1"
	ok category add Geral --json
	holds '.data | "\(.words | length) \(.menu) \(.assignee_email) \(.sla_minutes)"' "0 null null 0"
}

@test "S4 names and answers of categories are told apart without case and accents" {
	with_rule
	untouched fails 5 category add FISCÁL
	code already_exists category add fiscal
	untouched ok category add fiscal --if-not-exists --json
	holds '"\(.changed) \(.data.name)"' "false Fiscal"
	untouched fails 5 category add Pessoal --menu 1
	has "$err" "'1' is the answer of category 'Fiscal' already"
	ok category add Pessoal --menu 2
	untouched fails 5 category set Pessoal --menu 1
	untouched fails 5 category set Pessoal --name fiscal
	ok category set Pessoal --name PESSOAL --json
	holds '"\(.changed) \(.data.name)"' "true PESSOAL"
}

@test "S4 a category is changed where something is given, and cleared by an empty text" {
	with_rule
	untouched ok category set fiscal --sla-minutes 240 --json
	holds '"\(.changed) \(.action)"' "false unchanged"
	ok category set fiscal --sla-minutes 60 --json
	holds '.data | "\(.words | join(",")) \(.assignee_email) \(.sla_minutes)"' \
		"darf,NFS-e,Guia dora@office.example 60"
	ok category set fiscal --word irpf --json
	holds '.data.words | join(",")' irpf
	is "$(sql "SELECT changes FROM audit ORDER BY id DESC LIMIT 1")" \
		'{"words":["darf, NFS-e, Guia","irpf"]}'
	ok category set fiscal --word "" --menu "" --assignee "" --sla-minutes "" --department "" --json
	holds '.data | "\(.words | length) \(.menu) \(.assignee_email) \(.sla_minutes) \(.department)"' \
		"0 null null 0 null"
	ok category set 1 --menu 1
	rehearses category set 1 --menu 2
}

@test "S4 what is not given of a category stays, who was blocked too" {
	network
	ok category add Fiscal --assignee dora@office.example
	ok user add eva@office.example --company $OFFICE --name Eva --active --role admin
	ok user block dora@office.example
	ok category set Fiscal --department Impostos --json
	holds '.data | "\(.department) \(.assignee_email)"' "Impostos null"
	ok user activate dora@office.example
	ok category show Fiscal --json
	holds .data.assignee_email dora@office.example
	ok user block dora@office.example
	ok category set Fiscal --assignee "" --json
	holds .changed true
	ok user activate dora@office.example
	ok category show Fiscal --json
	holds .data.assignee_email null
}

@test "S4 a ticket has the name of its category as the rule writes it" {
	network
	ok category add Certidões --sla-minutes 60
	ok ticket open --contact ana@alfa.example --subject A --category CERTIDOES --json
	holds .data.category Certidões
	ok ticket open --contact ana@alfa.example --subject B --category outra --json
	holds .data.category outra
	ok ticket set 2 --category certidões --json
	holds '.data | "\(.category) \(.due_at != null)"' "Certidões true"
	untouched ok ticket set 2 --category certidoes --json
	holds .changed false
	for name in Certidões certidoes; do
		ok ticket list --category $name --format count
		is "$out" 2 "$name"
	done
	ok ticket messages 2 --json
	holds '.items[-1] | "\(.event_from) \(.event_to)"' "outra Certidões"
}

@test "S4 faults of a rule are told at once" {
	network
	portalctl category add 123 --word "duas palavras" --word ok --assignee x --sla-minutes 0 --json
	is "$status" 6
	is "$(jq -r '[.errors[].field] | join(" ")' err.txt)" "name words assignee sla_minutes"
	untouched fails 6 category add ""
	untouched fails 6 category add F --sla-minutes 525601
	untouched fails 6 category add F --word "a,b"
	untouched fails 6 category add F --word -e
	untouched fails 6 category add F --word "$(printf 'a%.0s' {1..61})"
	untouched fails 6 category add $'a\nb'
	untouched fails 3 category add F --assignee ana@alfa.example
	ok user add eva@office.example --company $OFFICE --name Eva
	untouched fails 6 category add F --assignee eva@office.example
	untouched fails 3 category set nada --menu 1
	untouched fails 3 category show nada
	untouched fails 3 category remove 7
}

@test "S4 categories are listed, searched and removed" {
	with_rule
	ok category add "Departamento Pessoal" --department Pessoal
	ok category add Abertura --department Legal
	ok category list --sort name --format tsv --fields name
	is "$(paste -sd' ' out.txt)" "Abertura Departamento Pessoal Fiscal"
	ok category list --sort -name --limit 1 --json
	holds '"\(.items[0].name) \(.truncated)"' "Fiscal true"
	ok category list --search PÊSS --format ids
	is "$out" 2
	ok category list --department Legal --format ids
	is "$out" 3
	ok category remove fiscal --json
	holds '"\(.action) \(.data.name)"' "removed Fiscal"
	untouched fails 3 category remove fiscal
	ok category add Fiscal --menu 1 --json
	holds .data.id 4 "an id is never used again"
}

@test "S4 the office alone sees and makes rules, every one of its staff" {
	with_rule
	ok user add eva@office.example --company $OFFICE --name Eva --active
	ok --as eva@office.example category set fiscal --menu 9
	ok --as eva@office.example category list --format count
	is "$out" 1
	denied --as ana@alfa.example category list
	denied --as ana@alfa.example category add X
	refused 3 "there is no category 'fiscal'" --as ana@alfa.example category show fiscal
	ok user block dora@office.example --dry-run || :
	ok user set-role eva@office.example admin
	ok user block dora@office.example
	ok category show fiscal --json
	holds .data.assignee_email null "of one who is active no more"
}

@test "what is gone may be removed again where that is fine" {
	network
	untouched fails 3 category remove nada
	untouched ok category remove nada --ignore-missing --json
	holds '"\(.changed) \(.action)"' "false unchanged"
	ok category add nada
	denied --as ana@alfa.example category remove nada --ignore-missing
	ok category remove nada --ignore-missing --json
	holds '"\(.changed) \(.data.name)"' "true nada"
}
