load helpers
load network

DORA=dora@office.example

# opening: the file of a template with three steps, the last after both others.
opening() {
	cat >opening.yaml <<-'YAML'
		name: Abertura
		steps:
		  - title: Documentos
		    offset_days: 2
		    days: working
		    assignee: dora@office.example
		    visible: yes
		    checklist: [RG, CPF]
		  - title: Nome
		    offset_days: 5
		    roll: next
		    calendar: banking
		  - title: Registro
		    after: [Documentos, Nome]
	YAML
}

with_opening() {
	network
	opening
	ok process template add opening.yaml
}

# started ARGS...: a process for Beta; its id is in $process.
started() {
	ok process start Abertura --company $BETA "$@" --json
	process=$(json .data.id)
}

# shows FILTER WANT ARGS...
shows() {
	ok process show "$process" "${@:3}" --json
	holds "$1" "$2"
}

# misfit PLACE PART: the template on standard input is refused there, with that sentence.
misfit() {
	cat >bad.yaml
	untouched portalctl process template-add bad.yaml --json
	is "$(jq -r '(if .errors == [] then . else (.errors[] | select(.message | contains("'"$2"'"))) end)
		| .source | "\(.line):\(.column)"' err.txt | head -1)" "$1" "place of $2" &&
		has "$err" "$2" && is "$status" 6
}

@test "T8 several templates are added at once, each whole or not at all" {
	network
	for name in Abertura Baixa; do
		printf 'name: %s\nsteps:\n- title: Um\n' $name >$name.yaml
	done
	printf 'name: [\n' >bad.yaml
	portalctl process template-add Abertura.yaml bad.yaml ./nothing Baixa.yaml --json
	is "$status" 7
	holds '[.items[] | "\(.ok) \(.data.name)"] | join(",")' \
		"true Abertura,false null,false null,true Baixa"
	untouched portalctl process template-add Abertura.yaml Baixa.yaml
	is "$status" 5
	ok process template-remove Abertura Baixa
	untouched portalctl process template-add Abertura.yaml bad.yaml --atomic
	is "$status" 6
	rehearses process template-add Abertura.yaml Baixa.yaml
}

@test "S11 a template is added, shown, listed and removed" {
	with_opening
	ok process template show Abertura --json
	holds '"\(.kind) \(.data.name) \(.data.steps | length)"' "process.template Abertura 3"
	holds '.data.steps[0] | tostring' \
		'{"title":"Documentos","offset_days":2,"days":"working","calendar":"national","roll":"none","assignee":"dora@office.example","checklist":["RG","CPF"],"visible":true,"after":[]}'
	holds '.data.steps[2] | tostring' \
		'{"title":"Registro","offset_days":null,"days":"calendar","calendar":"national","roll":"none","assignee":null,"checklist":[],"visible":false,"after":["Documentos","Nome"]}'
	untouched fails 5 process template-add opening.yaml
	untouched ok process template-add opening.yaml --if-not-exists --json
	holds '"\(.changed) \(.data.id)"' "false 1"
	ok process template list --search ABERT --format tsv --fields name
	is "$out" Abertura
	ok process template list --search fecha --format count
	is "$out" 0
	ok process template remove 1
	fails 3 process template show Abertura
	fails 3 process template remove Abertura
	ok process template remove Abertura --ignore-missing --json
	holds .changed false
	is "$(sql "SELECT group_concat(action, ' ') FROM audit WHERE target_kind = 'process.template'")" \
		"process.template-add process.template-remove"
}

@test "S11 a template may be JSON, from standard input" {
	network
	printf '{"name":"J","steps":[{"title":"A","offset_days":3,"visible":true}]}' |
		"$PORTALCTL" process template-add - --json >out.txt
	holds '.data.steps[0] | "\(.title) \(.offset_days) \(.visible)"' "A 3 true"
}

@test "S11 every fault of a template is told with its line and column" {
	network
	misfit 3:5 "there is no key 'titel' here; did you mean 'title'?" <<<$'name: A\nsteps:\n  - titel: X'
	misfit 3:5 "'title' is missing" <<<$'name: A\nsteps:\n  - offset_days: 1'
	misfit 4:18 "'-1' is not a number of days" <<<$'name: A\nsteps:\n  - title: X\n    offset_days: -1'
	misfit 4:11 "'work' is not one of the choices of 'days'" <<<$'name: A\nsteps:\n  - title: X\n    days: work'
	misfit 4:12 "no step 'Y' before this one" <<<$'name: A\nsteps:\n  - title: X\n    after: Y'
	misfit 4:12 "no step 'X' before this one" <<<$'name: A\nsteps:\n  - title: X\n    after: X'
	misfit 4:12 "two steps 'X'" <<<$'name: A\nsteps:\n  - title: X\n  - title: X'
	misfit 4:15 "e-mail" <<<$'name: A\nsteps:\n  - title: X\n    assignee: dora'
	misfit 1:1 "'steps' is missing" <<<$'name: A'
	misfit 2:8 "a process needs a step" <<<$'name: A\nsteps: []'
	misfit 1:7 "'name' must be a text" <<<$'name: [A]\nsteps:\n  - title: X'
	misfit 4:5 "'title' is there twice" <<<$'name: A\nsteps:\n  - title: X\n    title: Y'
	misfit 1:1 "a template has a 'name' and 'steps'" <<<'- A'
	misfit 2:5 "a step must be a mapping" <<<$'steps:\n  - A\nname: A'
	printf 'name: A\nsteps:\n  - titel: X\n    days: never\n  - title: Y\n    roll: 1\n' >bad.yaml
	untouched portalctl process template-add bad.yaml --json
	is "$(jq -r '[.errors[] | .source | "\(.file):\(.line):\(.column)"] | join(" ")' err.txt)" \
		"bad.yaml:3:5 bad.yaml:4:11 bad.yaml:3:5 bad.yaml:6:11"
	printf 'name: &a A\nsteps: *a\n' >bad.yaml
	untouched fails 6 process template-add bad.yaml
	{ echo 'name: A'; echo 'steps:'; for i in $(seq 101); do echo "  - title: T$i"; done; } >bad.yaml
	untouched fails 6 process template-add bad.yaml
	head -c 300000 /dev/zero | tr '\0' ' ' >bad.yaml
	untouched fails 6 process template-add bad.yaml
}

@test "S11 a template is found whatever the case and accents, and new ones have no id for a name" {
	with_opening
	sed 's/^name: Abertura/name: Abértura/' opening.yaml >same.yaml
	refused 5 "there is a template 'Abertura' already" process template add same.yaml
	ok process template show ABÉRTURA --json
	holds .data.name Abertura
	ok process start abertura --company $BETA --json
	holds .data.template Abertura
	sed 's/^name: Abertura/name: "1"/' opening.yaml >digits.yaml
	untouched refused 6 "'1' can't be a name: digits alone are an id" process template add digits.yaml
	sql "INSERT INTO process_template (name, name_norm, source, created_at)
		SELECT '1', '1', source, 1 FROM process_template UNION SELECT 'ABERTURA', 'abertura', source, 1 FROM process_template"
	ok process template show 1 --json
	holds .data.name 1 "one of before is found by its name"
	ok process template show ABERTURA --json
	holds .data.name ABERTURA "the very name first"
}

@test "S11 starting makes a task of each step" {
	with_opening
	started --start 2026-11-18
	holds '"\(.kind) \(.action)"' "process started"
	is "$(json '.data | keys_unsorted | join(" ")')" "id template company_tax_id company_name ticket_number \
status progress_percent steps started_at ended_at updated_at"
	holds '.data | "\(.template) \(.company_tax_id) \(.status) \(.progress_percent) \(.ended_at)"' \
		"Abertura $BETA running 0 null"
	holds '.data.steps[] | "\(.task_id) \(.title) \(.status) \(.due_on) \(.assignee_email) \(.waits_for)"' \
		"1 Documentos todo 2026-11-23 $DORA []
2 Nome todo 2026-11-23 null []
3 Registro todo null null [1,2]"
	ok task show 1 --json
	holds '.data | "\(.process_id) \(.visible_to_client) \([.checklist[].text] | join(","))"' "$process true RG,CPF"
	is "$(mailed task_assigned)" $DORA
	ok task list --process "$process" --format ids
	is "$(paste -sd, out.txt)" 1,2,3
	ok user add caco@office.example --company $OFFICE --name Caco --role admin --active
	untouched fails 3 process start Fechamento --company $BETA
	untouched fails 6 process start Abertura --company $BETA --start 2026-02-30
	ok user block $DORA
	untouched fails 6 process start Abertura --company $BETA
}

@test "S11 a day that is counted in working days is one" {
	network
	printf 'name: A\nsteps:\n  - {title: W, offset_days: 0, days: working}\n  - {title: C, offset_days: 0}\n%s\n' \
		'  - {title: P, offset_days: 0, days: working, roll: previous}' >a.yaml
	ok process template add a.yaml
	ok process start A --company $BETA --start 2026-11-22 --json
	holds '[.data.steps[].due_on] | tostring' '["2026-11-23","2026-11-22","2026-11-19"]'
	ok process start A --company $BETA --start 2026-11-23 --json
	holds '[.data.steps[].due_on] | unique | tostring' '["2026-11-23"]'
}

@test "S11 S14 the days off of the state or town are no working days" {
	with_opening
	ok config set holidays 2026-11-19,2026-11-23
	started --start 2026-11-18
	holds '[.data.steps[].due_on] | tostring' '["2026-11-25","2026-11-24",null]'
}

@test "S11 a step waits for those before it, and the last one ends the process" {
	with_opening
	started
	untouched fails 5 task start 3
	has "$err" "waits for task '1'"
	untouched fails 5 task "done" 3
	ok task check 1 1
	ok task check 1 2
	shows .data.progress_percent 0
	ok task "done" 1
	untouched fails 5 task start 3
	ok task cancel 2
	shows '.data | "\(.progress_percent) \(.status) \(.steps[2].waits_for)"' "50 running []"
	ok task start 3
	ok task "done" 3
	shows '.data | "\(.progress_percent) \(.status) \(.ended_at)"' "100 done 2026-03-01T12:00:00Z"
	is "$(sql "SELECT group_concat(action, ' ') FROM audit WHERE target_kind = 'process'")" \
		"process.start process.settle"
	ok task set 3 --status todo
	shows '.data | "\(.progress_percent) \(.status) \(.ended_at)"' "50 running null"
	ok task cancel 3
	shows '.data | "\(.progress_percent) \(.status)"' "100 done"
	ok task set 3 --status todo
	ok process cancel "$process"
	shows '.data | "\(.progress_percent) \(.status)"' "33 cancelled"
	ok process list --json
	holds '.items[0].progress_percent' 33
}

@test "S11 whoever has a step is mailed once when it waits no more" {
	with_opening
	started
	ok task set 3 --assignee $DORA
	ok task "done" 1
	is "$(mailed task_free)" "" "it waits for the other one"
	ok task cancel 2
	is "$(mailed task_free)" $DORA
	ok outbox show "$(sql "SELECT id FROM outbox WHERE template = 'task_free'")" --json
	holds .data.subject "Tarefa 3 pode começar: Registro"
	ok task set 2 --status todo
	ok task "done" 2
	is "$(mailed task_free)" $DORA "once"
	started
	ok task set 6 --assignee $DORA
	ok --as $DORA task "done" 4
	ok --as $DORA task "done" 5
	is "$(mailed task_free)" $DORA "nobody is mailed what they did"
	started
	ok task set 9 --assignee $DORA
	ok process cancel "$process"
	is "$(mailed task_free)" $DORA "nothing begins in a process that is cancelled"
}

@test "S11 of a step that waits no more the next one responsible hears where nobody was" {
	with_opening
	ok user add rui@office.example --company $OFFICE --name Rui --role admin --active
	started
	ok task "done" 1
	ok task "done" 2
	is "$(mailed task_free)" ""
	ok task set 3 --assignee $DORA
	is "$(mailed task_free)" $DORA
	ok task set 3 --assignee rui@office.example
	is "$(mailed task_free)" $DORA "once"
	started
	ok task set 6 --assignee $DORA
	ok user block $DORA
	ok task "done" 4
	ok task "done" 5
	is "$(mailed task_free)" $DORA "who is blocked is told nothing"
	ok task set 6 --assignee rui@office.example
	is "$(mailed task_free)" "$DORA rui@office.example"
	ok task set 5 --status todo
	ok task "done" 5
	is "$(mailed task_free)" "$DORA rui@office.example" "once"
}

@test "S11 a process is opened from a ticket" {
	with_opening
	ok ticket open --company $BETA --contact bia@beta.example --subject "Abrir filial"
	ok process start Abertura --ticket 260301-001 --json
	holds '.data | "\(.ticket_number) \(.company_tax_id)"' "260301-001 $BETA"
	ok process start Abertura --company $ALFA
	ok process list --ticket 260301-001 --format ids
	is "$out" 1
	ok task list --ticket 1 --format count
	is "$out" 3
	untouched fails 2 process start Abertura
	untouched fails 6 process start Abertura --ticket 1 --company $ALFA
}

@test "S11 a process is cancelled with its open steps" {
	with_opening
	started
	ok task "done" 1
	ok process cancel "$process" --json
	holds '"\(.changed) \(.action) \(.data.status) \([.data.steps[].status] | join(","))"' \
		"true cancelled cancelled done,cancelled,cancelled"
	untouched ok process cancel "$process" --json
	holds .changed false
	untouched fails 5 task set 2 --status todo
	has "$err" "process '$process' was cancelled"
	started
	for id in 4 5 6; do ok task "done" $id; done
	untouched fails 5 process cancel "$process"
	rehearses process start Abertura --company $BETA
	started
	for id in 7 8 9; do ok task cancel $id; done
	shows .data.status cancelled
}

@test "S11 a process whose steps were all cancelled runs again with one of them, unless it was cancelled itself" {
	with_opening
	started
	for id in 1 2 3; do ok task cancel $id; done
	shows '"\(.data.status) \(.data.ended_at)"' "cancelled 2026-03-01T12:00:00Z"
	ok task set 1 --status todo
	shows '"\(.data.status) \(.data.ended_at)"' "running null"
	ok task cancel 1
	ok process cancel "$process" --json
	holds '"\(.changed) \(.data.status)"' "true cancelled"
	untouched ok process cancel "$process" --json
	holds .changed false
	untouched fails 5 task set 1 --status todo
	has "$err" "process '$process' was cancelled"
}

@test "S11 P1 a client sees of a process the steps that are visible" {
	with_opening
	started
	ok task "done" 2
	shows '.data | "\(.progress_percent) \([.steps[].title] | join(","))"' "0 Documentos" --as bruna@beta.example
	ok task set 3 --visible yes
	shows '[.data.steps[] | "\(.title) \(.waits_for)"] | join("; ")' "Documentos []; Registro [1]" \
		--as bruna@beta.example
	ok --as bia@beta.example process list --format ids
	is "$out" "$process"
	fails 3 --as gil@gama.example process show "$process"
	forbidden process "$process" --as bia@beta.example process cancel "$process"
	fails 4 --as bia@beta.example process template list
	ok task set 1 --visible no
	ok task set 3 --visible no
	fails 3 --as bia@beta.example process show "$process"
	ok --as bia@beta.example process list --format count
	is "$out" 0
}

@test "S11 processes are listed and searched" {
	with_opening
	started
	ok process start 1 --company $ALFA
	ok process cancel 2
	ok process list --status running --format ids
	is "$out" 1
	ok process list --company $ALFA --format ids
	is "$out" 2
	ok process list --search abert --sort -started_at --format ids
	is "$(paste -sd, out.txt)" 2,1
	fails 2 process list --status late
}

@test "a verb of two words may be written as two" {
	network
	ok process template list --format count
	ok process template-list --format count
	fails 2 process template
	fails 2 process template lst
	fails 2 process start list
}
