load helpers
load network

# a_project: a project of Beta; its id is in $project.
a_project() {
	ok project add "Abertura da filial" --company $BETA "$@" --json
	project=$(json .data.id)
}

# names WANT ARGS...: the list gives these projects.
names() {
	ok project list "${@:2}" --format tsv --fields name
	is "$(paste -sd, out.txt)" "$1" "projects of ${*:2}"
}

# progress WANT ARGS...: of the project.
progress() {
	ok project show "$project" "${@:2}" --json
	holds .data.progress_percent "$1"
}

@test "S10 a project has every documented field" {
	network
	a_project --description $'Junta\ne CNPJ'
	holds '"\(.kind) \(.changed) \(.action)"' "project true added"
	is "$(json '.data | keys_unsorted | join(" ")')" "id name description company_tax_id company_name \
status progress_percent comments created_at updated_at closed_at"
	holds '.data | "\(.name) \(.company_tax_id) \(.status) \(.progress_percent) \(.comments) \(.closed_at)"' \
		"Abertura da filial $BETA open 0 [] null"
	is "$(sql "SELECT action, target_kind, target_id FROM audit ORDER BY id DESC LIMIT 1")" \
		"project.add|project|$project"
	untouched fails 6 project add " " --company $BETA
	untouched fails 6 project add $'a\tb' --company $BETA
	untouched fails 3 project add P --company 33683111000107
}

@test "S10 the progress of a project is that of its tasks" {
	network
	a_project
	ok task add A --company $BETA --project "$project" --check-item a --check-item b --visible
	ok task add B --company $BETA --project "$project"
	ok task add C --company $BETA --project "$project"
	ok task cancel 3
	ok task check 1 1
	progress 25
	ok task "done" 2
	progress 75
	progress 50 --as bia@beta.example
	ok --as bia@beta.example project list --json
	holds '.items[0].progress_percent' 50
	ok task list --project "$project" --format count
	is "$out" 3
	untouched fails 6 task add D --company $ALFA --project "$project"
	untouched fails 3 task set 1 --title D --project 99
	ok task set 2 --project "" --json
	holds .data.project_id null
}

@test "S10 a project is closed when its tasks have ended, and can be opened again" {
	network
	a_project
	ok task add A --company $BETA --project "$project"
	untouched fails 5 project close "$project"
	has "$err" "1 open tasks"
	ok task "done" 1
	ok project close "$project" --json
	holds '"\(.changed) \(.action) \(.data.status) \(.data.closed_at)"' "true closed closed 2026-03-01T12:00:00Z"
	untouched ok project close "$project" --json
	holds .changed false
	untouched fails 5 task add B --company $BETA --project "$project"
	ok project set "$project" --status open --name Outro --json
	holds '"\(.data.status) \(.data.closed_at) \(.data.name)"' "open null Outro"
	untouched ok project set "$project" --name Outro --json
	holds .changed false
	untouched fails 6 project set "$project" --name ""
	ok task add B --company $BETA --project "$project"
	untouched fails 5 project set "$project" --status closed
	untouched fails 3 project close 99
}

@test "S10 a closed project gets no open task back" {
	network
	ok project add Obra --company $BETA --json
	project=$(json .data.id)
	ok task add Planta --company $BETA --project "$project" --json
	task=$(json .data.id)
	ok task "done" "$task"
	ok project close "$project"
	untouched refused 5 "project '$project' is closed" task set "$task" --status todo
	untouched fails 5 task set "$task" --status doing
	ok task set "$task" --status cancelled
	ok task set "$task" --project "" --status todo
}

@test "S10 projects are listed and searched" {
	network
	a_project
	ok project add "Férias coletivas" --company $ALFA
	ok project close 2
	names "Abertura da filial,Férias coletivas"
	names "Férias coletivas" --status closed
	names "Férias coletivas" --search ferias
	names "Abertura da filial" --company $BETA
	names "Férias coletivas,Abertura da filial" --sort -name
	names "Abertura da filial" --as bruna@beta.example
	names "" --as gil@gama.example
	fails 3 --as gil@gama.example project show 1
}

@test "S12 P1 project comments are told to the other side, internal ones to nobody" {
	network
	a_project
	ok project comment "$project" --body "Protocolado"
	ok project comment "$project" --internal --body "Cobrar taxa"
	is "$(mailed project_commented)" "beto@beta.example bia@beta.example"
	ok --as bruna@beta.example project comment "$project" --body "Ótimo" --json
	holds '[.data.comments[].body] | join(",")' "Protocolado,Ótimo"
	is "$(notified project_commented)" "$BETA $OFFICE"
	is "$(mailed project_commented)" "beto@beta.example bia@beta.example dora@office.example"
	forbidden project "$project" --as bruna@beta.example project comment "$project" --internal --body X
	forbidden project "$project" --as bia@beta.example project close "$project"
	is "$(sql "SELECT count(*) FROM outbox WHERE arguments LIKE '%taxa%'")" 0
	ok project show "$project" --json
	holds '[.data.comments[].internal] | tostring' "[false,true,false]"
}
