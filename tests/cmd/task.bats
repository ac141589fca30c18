load helpers
load network

DORA=dora@office.example

# a_task ARGS...: a task for Beta; its id is in $task.
a_task() {
	ok task add "Enviar o balancete" --company $BETA "$@" --json
	task=$(json .data.id)
}

# titles WANT ARGS...: the list gives these tasks.
titles() {
	ok task list "${@:2}" --format tsv --fields title
	is "$(paste -sd, out.txt)" "$1" "tasks of ${*:2}"
}

# updated WANT: when a client sees the task as updated.
updated() {
	ok --as bia@beta.example task show "$task" --json
	holds .data.updated_at "$1"
}

# due ROWS: `due` makes so many tasks and reminders.
due() {
	ok due --json
	holds '.data | "\(.tasks_made) \(.tasks_reminded)"' "$1"
}

@test "S10 a task has every documented field" {
	network
	a_task --due 2026-11-20 --roll next --calendar banking --assignee $DORA --visible \
		--check-item " Conferir " --check-item Enviar --description $'Do mês.\nTudo.\n'
	holds '"\(.kind) \(.changed) \(.action)"' "task true added"
	is "$(json '.data | keys_unsorted | join(" ")')" "id title description company_tax_id company_name \
ticket_number project_id process_id due_on assignee_email assignee_name status progress_percent checklist \
waits_for comments attachments visible_to_client recurrence_id competence created_at updated_at started_at ended_at"
	holds '.data | "\(.title) \(.company_tax_id) \(.company_name) \(.due_on) \(.assignee_email) \(.assignee_name)"' \
		"Enviar o balancete $BETA Beta S.A. 2026-11-23 $DORA Dora"
	holds '.data.checklist | tostring' \
		'[{"number":1,"text":"Conferir","done":false},{"number":2,"text":"Enviar","done":false}]'
	holds '.data | "\(.status) \(.progress_percent) \(.visible_to_client) \(.description)"' \
		$'todo 0 true Do mês.\nTudo.'
	holds '.data | [.ticket_number, .project_id, .waits_for, .comments, .attachments, .ended_at] | tostring' \
		'[null,null,[],[],[],null]'
	is "$(sql "SELECT action, target_kind, target_id, changes FROM audit ORDER BY id DESC LIMIT 1")" \
		"task.add|task|$task|{\"company_tax_id\":[null,\"$BETA\"],\"title\":[null,\"Enviar o balancete\"],\"due_on\":[null,\"2026-11-23\"],\"assignee\":[null,\"$DORA\"],\"visible\":[null,\"yes\"]}"
	is "$(mailed task_assigned)" $DORA
	ok task show "$task" --json
	holds .data.title "Enviar o balancete"
	ok task list --lang pt_BR
	has "$out" 23/11/2026
	ok task list
	has "$out" 2026-11-23
}

@test "S10 what is no task is refused, all faults at once" {
	network
	untouched fails 6 task add "  " --company $BETA
	untouched fails 6 task add T --company $BETA --due 2026-02-30
	code invalid_time task add T --company $BETA --due 20/11/2026
	untouched fails 2 task add T --company $BETA --due 2026-11-20 --roll forward
	untouched fails 2 task add T --company $BETA --roll next
	untouched fails 2 task add T --company $BETA --day 5
	untouched fails 2 task add T --company $BETA --every month
	untouched fails 2 task add T --company $BETA --every month --day 5 --working-day 2
	untouched fails 2 task add T --company $BETA --every month --day 5 --due 2026-11-20
	untouched fails 6 task add T --company $BETA --every month --day 32
	untouched fails 6 task add T --company $BETA --every month --working-day 24
	untouched fails 6 task add T --company $BETA --every month --day 5 --competence 2026-13
	untouched fails 6 task add T --company $BETA --every month --day 5 --competence 2026-10 --until 2026-09
	untouched fails 6 task add T --company $BETA --assignee bia@beta.example
	untouched fails 3 task add T --company $BETA --project 9
	untouched fails 6 task add T --company $BETA --check-item ""
	untouched fails 3 task add T --company 33683111000107
	portalctl task add " " --company $BETA --due never --assignee nobody@office.example --json
	is "$(jq -r '[.errors[].field] | join(" ")' err.txt)" "title assignee due"
}

@test "S10 a task begins, is done and is cancelled, and each verb may be said twice" {
	network
	a_task
	ok task start "$task" --json
	holds '"\(.changed) \(.action) \(.data.status) \(.data.started_at)"' \
		"true started doing 2026-03-01T12:00:00Z"
	untouched ok task start "$task" --json
	holds '"\(.changed) \(.action)"' "false unchanged"
	ok task "done" "$task" --json
	holds '"\(.data.status) \(.data.progress_percent) \(.data.ended_at)"' "done 100 2026-03-01T12:00:00Z"
	untouched ok task "done" "$task" --json
	holds .changed false
	untouched fails 5 task cancel "$task"
	code wrong_state task start "$task"
	ok task set "$task" --status todo --json
	holds '"\(.data.status) \(.data.progress_percent) \(.data.ended_at) \(.data.started_at)"' "todo 0 null null"
	ok task cancel "$task"
	untouched ok task cancel "$task"
	untouched fails 5 task "done" "$task"
	untouched fails 3 task "done" 99
	rehearses task set "$task" --status doing
	is "$(sql "SELECT group_concat(action, ' ') FROM audit WHERE target_kind = 'task'")" \
		"task.add task.start task.done task.set task.cancel"
}

@test "S10 the checklist makes the progress" {
	network
	a_task --check-item a --check-item b --check-item c
	ok task check "$task" 2 --json
	holds '"\(.data.progress_percent) \([.data.checklist[].done] | tostring)"' "33 [false,true,false]"
	untouched ok task check "$task" 2 --json
	holds .changed false
	ok task check "$task" 1 3 --json
	holds '"\(.kind) \(.items[1].data.progress_percent)"' "result.list 100"
	ok task uncheck "$task" 1 --json
	holds '"\(.data.progress_percent) \(.data.status)"' "66 todo"
	ok task set "$task" --check-item d --json
	holds '"\(.data.progress_percent) \(.data.checklist[3] | tostring)"' \
		'50 {"number":4,"text":"d","done":false}'
	fails 3 task check "$task" 9
	ok task "done" "$task" --json
	holds .data.progress_percent 100
	untouched fails 5 task check "$task" 1
	untouched fails 5 task set "$task" --check-item e
}

@test "S10 what a task says can be changed" {
	network
	a_task --assignee $DORA --due 2026-03-10
	ok task set "$task" --title "Novo título" --due 2026-04-21 --roll previous --visible yes --json
	holds '.data | "\(.title) \(.due_on) \(.visible_to_client)"' "Novo título 2026-04-20 true"
	untouched ok task set "$task" --title "Novo título" --visible yes --assignee $DORA --json
	holds .changed false
	ok task set "$task" --assignee "" --due "" --json
	holds '.data | "\(.assignee_email) \(.due_on)"' "null null"
	ok user add caco@office.example --company $OFFICE --name Caco --active
	ok task set "$task" --assignee Caco@office.example
	is "$(mailed task_assigned)" "caco@office.example $DORA"
	untouched fails 6 task set "$task" --title "" --until 2026-10
	untouched fails 2 task set "$task" --roll next
	untouched fails 3 task set "$task" --project x
}

@test "S10 a change that is refused in part is refused as a whole" {
	network
	a_task --check-item a
	ok task cancel "$task"
	untouched fails 5 task set "$task" --title Outro --check-item b
	printf '{"id":%s,"title":"X","check-item":["b"]}\n{"id":%s,"title":"Y"}\n' "$task" "$task" >batch.json
	portalctl task set --batch batch.json --json
	is "$status" 7
	holds '[.items[] | .ok] | tostring' "[false,true]"
	ok task show "$task" --json
	holds '"\(.data.title) \(.data.checklist | length)"' "Y 1"
}

@test "S10 tasks are listed and searched" {
	network
	ok task add "Balanço anual" --company $BETA --due 2026-03-10 --assignee $DORA --visible
	ok task add "DAS" --company $ALFA --due 2026-03-20
	ok task add "Reunião" --company $BETA
	ok task "done" 3
	titles "Balanço anual,DAS,Reunião"
	titles "Balanço anual,Reunião" --company $BETA
	titles "Balanço anual,DAS" --status open
	titles "Reunião" --status "done"
	titles "Balanço anual" --assignee DORA@office.example
	titles "Balanço anual" --due-before 2026-03-20
	titles "DAS" --due-after 2026-03-10
	titles "Balanço anual" --visible yes
	titles "Balanço anual" --search balanco
	titles "DAS,Balanço anual" --sort -due_on --status open
	titles "Reunião,DAS,Balanço anual" --sort -title
	ok task list --sort title --limit 1 --json
	holds '"\(.items[0].title) \(.truncated)"' "Balanço anual true"
	ok task list --sort title --limit 2 --after "$(json .next)" --format tsv --fields title
	is "$(paste -sd, out.txt)" "DAS,Reunião"
	fails 6 task list --due-before tomorrow
	fails 2 task list --status late
}

@test "S10 P1 a client sees the tasks that are visible, and of the others nothing" {
	network
	a_task --visible
	ok task add Oculta --company $BETA
	titles "Enviar o balancete" --as bruna@beta.example
	titles "" --as gil@gama.example
	titles "" --as bia@beta.example --visible no
	ok --as bruna@beta.example task show "$task"
	for id in 2 99; do
		fails 3 --as bia@beta.example task show $id
		sed "s/'$id'/'ID'/" err.txt >"answer-$id.txt"
	done
	cmp answer-2.txt answer-99.txt
	for verb in start "done" cancel; do
		forbidden task "$task" --as bia@beta.example task $verb "$task"
		fails 3 --as bia@beta.example task $verb 2
		fails 3 --as gil@gama.example task $verb "$task"
	done
	forbidden task "$task" --as bia@beta.example task set "$task" --title X
	ok task set "$task" --visible no
	fails 3 --as bia@beta.example task show "$task"
}

@test "U10 a group shares the tasks of its companies" {
	network
	ok group create $BETA
	ok group link $BETA $GAMA
	a_task --visible
	titles "Enviar o balancete" --as gil@gama.example
	ok --as gil@gama.example task show "$task"
	ok group unlink $BETA $GAMA
	titles "" --as gil@gama.example
	fails 3 --as gil@gama.example task show "$task"
}

@test "U5 collaborators see tasks and projects as far as their admin lets them" {
	network
	a_task --visible
	ok project add P --company $BETA
	ok company set $BETA --sections documents,projects
	fails 4 --as bruna@beta.example task list
	fails 3 --as bruna@beta.example task show "$task"
	fails 3 --as bruna@beta.example task comment "$task" --body X
	ok --as bruna@beta.example project show 1
	ok --as bia@beta.example task show "$task"
	ok company set $BETA --sections tasks
	ok --as bruna@beta.example task show "$task"
	fails 4 --as bruna@beta.example project list
	fails 3 --as bruna@beta.example project show 1
	fails 3 --as bruna@beta.example project comment 1 --body X
}

@test "S10 S14 the days off of the state or town count for due dates" {
	network
	ok config set holidays 2026-07-09,2026-07-10
	a_task --due 2026-07-09 --roll next
	holds .data.due_on 2026-07-13
	ok task set "$task" --due 2026-07-10 --roll previous --calendar labour --json
	holds .data.due_on 2026-07-08
	a_task --every month --competence 2026-06 --day 9 --roll next
	holds .data.due_on 2026-07-13
	a_task --every month --competence 2026-06 --working-day 7
	holds .data.due_on 2026-07-13
	a_task --due 2026-07-09
	holds .data.due_on 2026-07-09
	ok config set holidays ""
	a_task --every month --competence 2026-06 --working-day 7
	holds .data.due_on 2026-07-09
}

@test "S6 an internal comment does not show through the time of the last change" {
	network
	a_task --visible
	local made
	made=$(json .data.updated_at)
	at 2026-03-01T13:00:00Z
	ok task comment "$task" --internal --body "Cliente atrasou"
	updated "$made"
	ok task comment "$task" --body "Falta o extrato"
	updated "${made/T12/T13}"
}

@test "S6 S12 comments go to the other side, internal ones to nobody outside the office" {
	network
	a_task --visible --assignee $DORA
	ok task comment "$task" --internal --body "Cliente atrasou"
	ok task comment "$task" --body "Falta o extrato"
	is "$(mailed task_commented)" "beto@beta.example bia@beta.example"
	is "$(notified task_commented)" $BETA
	ok --as bruna@beta.example task comment "$task" --body "Segue hoje" --json
	holds '[.data.comments[] | "\(.author_name) \(.internal) \(.body)"] | join("; ")' \
		"Escritório Modelo false Falta o extrato; Bruna false Segue hoje"
	is "$(mailed task_commented)" "beto@beta.example bia@beta.example $DORA"
	ok --as bia@beta.example task list --json
	holds '.items[0].comments | length' 2
	ok --as $DORA task show "$task" --json
	holds '[.data.comments[].internal] | tostring' "[true,false,false]"
	is "$(sql "SELECT count(*) FROM outbox WHERE arguments LIKE '%atrasou%'")" 0 "mails"
	is "$(sql "SELECT count(*) FROM audit WHERE changes LIKE '%extrato%' OR changes LIKE '%atrasou%'")" 0 "audit"
	forbidden task "$task" --as bia@beta.example task comment "$task" --internal --body X
	ok task set "$task" --assignee ""
	ok --as bruna@beta.example task comment "$task" --body "Alguém?"
	is "$(notified task_commented)" "$BETA $OFFICE"
}

@test "S12 of a task whose assignee has left, the office's admins hear" {
	network
	ok user add rui@office.example --company $OFFICE --name Rui --role collaborator --active
	a_task --visible --assignee rui@office.example
	ok user block rui@office.example
	ok --as bruna@beta.example task comment "$task" --body "Segue hoje"
	is "$(mailed task_commented)" $DORA
	ok user remove rui@office.example
	ok --as bruna@beta.example task comment "$task" --body "Seguiu?"
	is "$(mailed task_commented)" "$DORA $DORA"
	is "$(notified task_commented)" "$OFFICE $OFFICE"
	titles "Enviar o balancete" --assignee rui@office.example
}

@test "S10 a comment has a text, of a file or of the line" {
	network
	a_task
	printf 'um\ndois\n' >body.txt
	ok task comment "$task" --body-file body.txt --json
	holds '.data.comments[0].body' $'um\ndois'
	untouched fails 6 task comment "$task" --body " "
	untouched fails 2 task comment "$task"
	untouched fails 2 task comment "$task" --body x --body-file body.txt
	untouched fails 1 task comment "$task" --body-file none.txt
	head -c 70000 /dev/zero | tr '\0' x >body.txt
	untouched fails 6 task comment "$task" --body-file body.txt
	printf 'a\0b' >body.txt
	untouched fails 6 task comment "$task" --body-file body.txt
	is "$(sql "SELECT count(*) FROM outbox WHERE template = 'task_commented'")" 0 "mails of a hidden task"
}

@test "O3 whoever is responsible is reminded the day before, on the day and once overdue" {
	network
	a_task --assignee $DORA --due 2026-03-10
	ok task add Ninguém --company $BETA --due 2026-03-10
	at 2026-03-08T12:00:00Z && due "0 0"
	at 2026-03-09T12:00:00Z && due "0 1" && due "0 0"
	is "$(sql "SELECT arguments FROM outbox WHERE template = 'task_reminder'" | jq -c '[.tomorrow, .today, .overdue, .due_on]')" \
		'["1","","","10/03/2026"]'
	at 2026-03-10T12:00:00Z && due "0 1" && due "0 0"
	at 2026-03-11T02:59:59Z && due "0 0"
	at 2026-03-11T03:00:00Z && due "0 1" && due "0 0"
	at 2026-06-01T12:00:00Z && due "0 0"
	is "$(mailed task_reminder)" "$DORA $DORA $DORA"
	is "$(sql "SELECT count(*) FROM audit WHERE action = 'task.remind'")" 3
	ok outbox list --json
	holds '.items[-1].subject' "Atrasada: Enviar o balancete (Beta S.A.)"
	ok task set "$task" --due 2026-06-02
	due "0 1"
	ok task "done" "$task"
	at 2026-06-03T12:00:00Z && due "0 0"
}

@test "S10 O3 an empty due date is none, and nobody is reminded of it" {
	network
	ok task add T --company $BETA --assignee $DORA --due "" --json
	holds .data.due_on null
	due "0 0"
}

@test "O3 two runs at once remind once" {
	network
	for i in $(seq 20); do
		printf '{"title":"T%s","company":"%s","assignee":"%s","due":"2026-03-02"}\n' "$i" $BETA $DORA
	done >tasks.json
	ok task add --batch tasks.json --json
	for i in 1 2 3 4; do "$PORTALCTL" -q due >/dev/null 2>&1 & done
	wait
	is "$(sql "SELECT count(*), count(DISTINCT cause_id) FROM outbox WHERE template = 'task_reminder'")" "20|20"
}

@test "O3 a person who has left is not reminded" {
	network
	ok user add caco@office.example --company $OFFICE --name Caco --active
	a_task --assignee caco@office.example --due 2026-03-02
	ok user block caco@office.example
	due "0 0"
	ok user activate caco@office.example
	due "0 1"
}

# obligations: the table's lines, as code, competence, due date and the rule's options.
obligations() {
	tail -n +2 "$BATS_TEST_DIRNAME/../data/obrigacoes-exemplo.csv" | tr -d '\r' |
		awk -F';' '{
		rule["DAS"] = rule["DAS-MEI"] = "--day 20 --roll next --calendar banking"
		rule["FGTS"] = rule["DARF-INSS"] = rule["DARF-IRRF"] = "--day 20 --roll previous --calendar banking"
		rule["DARF-PIS"] = rule["DARF-COFINS"] = "--day 25 --roll previous --calendar banking"
		rule["DARF-IRPJ"] = rule["DARF-CSLL"] = "--working-day last --calendar banking"
		rule["FOLHA"] = "--working-day 5 --calendar labour"
		rule["ESOCIAL"] = rule["REINF"] = "--day 15 --roll next --calendar banking"
		rule["DCTFWEB"] = "--working-day last --calendar banking"
		rule["EFD-CONTRIB"] = "--working-day 10 --months-after 2 --calendar banking"
		rule["BALANCETE"] = "--day 25 --roll next --calendar national"
		print $1, $5, $6, rule[$1] }'
}

@test "S10 the obligations of six months fall due when the table says" {
	network
	at 2026-08-15T12:00:00Z
	obligations >all.txt
	is "$(wc -l <all.txt)" 82 "lines of the table"
	sort -u -k1,1 all.txt | while read -r code first _ rule; do
		every=month
		case $code in DARF-IRPJ | DARF-CSLL) every=quarter ;; esac
		first=$(awk -v c="$code" '$1 == c { print $2 }' all.txt | sort | head -1)
		# shellcheck disable=SC2086 # options are words
		ok task add "$code {competence}" --company $BETA --every $every --competence "$first" \
			--until 2027-01 $rule
	done
	at 2027-03-01T12:00:00Z
	ok due
	awk '{ print $1, $2, $3 }' all.txt | sort >want.txt
	ok task list --format tsv --fields title,due_on
	sed '/^title/d; s/\t/ /' out.txt | sort >got.txt
	diff got.txt want.txt
	is "$(grep -c . got.txt)" 82
	grep -qx "DAS 2026-10 2026-11-23" got.txt
	grep -qx "FGTS 2026-10 2026-11-19" got.txt
}

@test "S10 the next task is made when its month is over, once, however often due runs" {
	network
	at 2026-10-10T12:00:00Z
	ok task add "DAS {competence}" --company $BETA --every month --day 20 --assignee $DORA --visible \
		--check-item Apurar --until 2026-12 --json
	holds '.data | "\(.title) \(.competence) \(.due_on) \(.recurrence_id)"' "DAS 2026-10 2026-10 2026-11-20 1"
	at 2026-11-30T12:00:00Z && due "0 1"
	at 2026-12-01T02:59:00Z && due "0 0"
	at 2026-12-01T03:00:00Z && due "1 0" && due "0 0"
	ok task show 2 --json
	holds '.data | "\(.title) \(.due_on) \(.checklist[0].text) \(.assignee_email) \(.visible_to_client)"' \
		"DAS 2026-11 2026-12-20 Apurar $DORA true"
	at 2027-06-01T12:00:00Z
	for i in 1 2 3 4; do "$PORTALCTL" -q due >/dev/null 2>&1 & done
	wait
	titles "DAS 2026-10,DAS 2026-11,DAS 2026-12"
	due "0 0"
	is "$(sql "SELECT count(*) FROM task")" "$(sql "SELECT count(*) FROM audit WHERE action = 'task.add'")"
	ok task add "DAS {competence}, guia {competence}{competence}" --company $BETA --every month --day 20 --json
	holds .data.title "DAS 2027-06, guia 2027-062027-06"
	if sql "INSERT INTO task SELECT NULL, company_id, ticket_id, project_id, process_id, step, recurrence_id,
		competence, assignee_id, title, title_norm, description, due_on, status, progress_percent,
		visible_to_client, reminded, created_at, updated_at, started_at, ended_at FROM task WHERE id = 1"; then
		return 1
	fi
}

# first PERIOD: the first competence of a task that comes again so often.
first() {
	ok task add T --company $BETA --every "$1" --day 20 "${@:2}" --json
	json '.data | "\(.competence) \(.due_on)"'
}

@test "S10 the competence of a quarter or a year is its last month" {
	network
	at 2026-11-22T12:00:00Z
	is "$(first month)" "2026-11 2026-12-20"
	is "$(first quarter)" "2026-12 2027-01-20"
	is "$(first year)" "2026-12 2027-01-20"
	is "$(first quarter --competence 2026-03)" "2026-03 2026-04-20"
	untouched fails 6 task add T --company $BETA --every quarter --day 20 --competence 2026-02
	has "$err" "'2026-02' is not the last month of a period"
	has "$err" "--competence 2026-03"
	untouched fails 6 task add T --company $BETA --every year --day 20 --competence 2026-09
	untouched fails 6 task add T --company $BETA --every quarter --day 20 --until 2026-11
	at 2027-04-01T12:00:00Z
	ok due
	is "$(sql "SELECT group_concat(competence, ' ') FROM task WHERE recurrence_id = 2")" "2026-12 2027-03"
}

@test "S10 a task that falls due early is made a week before" {
	network
	at 2026-10-01T12:00:00Z
	ok task add "Fechar {competence}" --company $BETA --every month --day 31 --months-after 0 \
		--competence 2026-10 --json
	holds .data.due_on 2026-10-31
	at 2026-11-22T12:00:00Z && due "0 0"
	at 2026-11-23T12:00:00Z && due "1 0"
	ok task show 2 --json
	holds '.data | "\(.title) \(.due_on)"' "Fechar 2026-11 2026-11-30"
}

@test "S10 a task that comes again can be ended, and go on" {
	network
	at 2026-10-10T12:00:00Z
	ok task add DAS --company $BETA --every month --day 20
	ok task set 1 --until 2026-10 --json
	holds .changed true
	untouched ok task set 1 --until 2026-10
	at 2027-01-05T12:00:00Z && due "0 0"
	ok task set 1 --until 2026-11
	due "1 0"
	ok task set 1 --until ""
	due "1 0"
	untouched fails 6 task set 1 --until next
	titles "DAS,DAS,DAS"
}

@test "S10 what comes again goes on without the person who left and the closed project" {
	network
	at 2026-10-10T12:00:00Z
	ok user add caco@office.example --company $OFFICE --name Caco --active
	ok project add P --company $BETA
	ok task add DAS --company $BETA --every month --day 20 --assignee caco@office.example --project 1
	ok task "done" 1
	ok project close 1
	ok user block caco@office.example
	at 2026-12-01T12:00:00Z && due "1 0"
	ok task show 2 --json
	holds '.data | "\(.assignee_email) \(.project_id)"' "null null"
}

@test "S10 nothing comes again for a disabled company, and afterwards no flood" {
	network
	at 2026-10-10T12:00:00Z
	ok task add "DAS {competence}" --company $BETA --every month --day 20 --assignee $DORA
	ok task add "Fim {competence}" --company $BETA --every month --day 20 --until 2026-11
	ok task add "DAS {competence}" --company $ALFA --every month --day 20 --until 2026-11
	ok company disable $BETA
	at 2026-12-05T12:00:00Z
	ok status --json
	holds .data.due_count 2
	due "1 1"
	at 2027-03-10T12:00:00Z
	ok task set 1 --until 2027-12
	due "0 0"
	ok company enable $BETA
	due "2 0"
	titles "DAS 2026-10,Fim 2026-10,DAS 2026-10,DAS 2026-11,Fim 2026-11,DAS 2027-02"
	is "$(sql "SELECT changes FROM audit WHERE action = 'task.resume'" | jq -c .)" \
		'{"competence":["2026-11","2027-02"]}'
	ok company disable $BETA
	ok company enable $BETA
	due "0 0"
	at 2027-04-01T12:00:00Z && due "1 1"
	ok audit verify
}

@test "S10 due is the office's, and a rehearsal makes nothing" {
	network
	at 2026-10-10T12:00:00Z
	ok task add DAS --company $BETA --every month --day 20
	at 2026-12-01T12:00:00Z
	fails 4 --as bia@beta.example due
	ok task set 1 --assignee $DORA --due 2026-12-01
	untouched ok due --dry-run --json
	holds '.data | "\(.tasks_made) \(.tasks_reminded)"' "1 1"
}

@test "O3 a rehearsal reminds of what it makes, as the real run does" {
	network
	at 2026-11-20T12:00:00Z
	for i in 1 2 3; do
		ok task add "T$i" --company $BETA --every month --day 10 --competence 2026-10 --assignee $DORA
	done
	at 2027-01-20T12:00:00Z
	untouched ok due --dry-run --json
	json '.data | tostring' >rehearsed
	ok due --json
	is "$(cat rehearsed)" "$(json '.data | tostring')"
	holds '.data | "\(.tasks_made) \(.tasks_reminded)"' "6 9"
}

@test "S10 tasks come from a ticket, whose company they are for" {
	network
	ok ticket open --company $BETA --contact bia@beta.example --subject "Abrir filial"
	ok task add "Ligar para Bia" --ticket 260301-001 --json
	holds '.data | "\(.ticket_number) \(.company_tax_id)"' "260301-001 $BETA"
	ok task add Outra --ticket 1 --company $BETA --visible
	ok task add Sozinha --company $BETA
	titles "Ligar para Bia,Outra" --ticket 260301-001
	titles "Outra" --as bia@beta.example --ticket 260301-001
	untouched fails 6 task add T --ticket 1 --company $ALFA
	untouched fails 3 task add T --ticket 260301-009
	untouched fails 2 task add T
	untouched fails 2 task add T --ticket 1 --every month --day 5
	fails 3 --as gil@gama.example task list --ticket 260301-001
}

@test "S10 S8 files of a task come out again byte for byte" {
	network
	a_task --visible
	head -c 100000 /dev/urandom >scan.pdf
	printf '%%PDF-1.4 x' >guia.pdf
	ok task attach "$task" scan.pdf guia.pdf --json
	holds '"\(.action) \([.data.attachments[] | "\(.position) \(.name) \(.size_bytes)"] | join(", "))"' \
		"attached 1 scan.pdf 100000, 2 guia.pdf 10"
	holds '.data.attachments[1] | "\(.media_type) \(.sha256)"' \
		"application/pdf $(sha256sum guia.pdf | cut -d' ' -f1)"
	ok --as bruna@beta.example task attach "$task" guia.pdf
	ok --as bia@beta.example task fetch "$task" 1 --output copia.pdf --json
	cmp copia.pdf scan.pdf
	holds '"\(.kind) \(.data.name) \(.data.task_id)"' "task.attachment scan.pdf $task"
	ok --as bia@beta.example task fetch "$task" 1 --output -
	cmp out.txt scan.pdf
	[ ! -e ./- ]
	code usage --as bia@beta.example task fetch "$task" 1 --output -
	ok task list --json
	holds '.items[0].attachments | length' 3
	fails 3 task fetch "$task" 4 --output nothing.pdf
	[ ! -e nothing.pdf ]
	untouched fails 1 task attach "$task" none.pdf
	untouched fails 6 task attach "$task" .
	ok task set "$task" --visible no
	fails 3 --as bia@beta.example task fetch "$task" 1 --output copia2.pdf
	fails 3 --as bia@beta.example task attach "$task" guia.pdf
	fails 3 --as gil@gama.example task attach "$task" guia.pdf
	is "$(sql "SELECT count(*) FROM audit WHERE action = 'task.attach'")" 3
}

@test "P1 a disabled company gets nothing new, and nothing is sent to it" {
	local sentence="company '02.919.305/0001-27' is disabled"
	network
	printf guia >guia.txt
	printf outra >outra.txt
	ok document publish guia.txt --company $BETA
	ok sale add --company $BETA --item "a;1;1"
	ok sale add --company $BETA --item "b;1;1"
	ok sale send 2
	ok sale add --company $BETA --item "c;1;1" --valid-until 2026-03-05
	ok sale send 3
	ok ticket open --contact bia@beta.example --subject Oi
	ok ticket open --contact bia@beta.example --subject Dois
	ok company disable $BETA
	untouched refused 5 "$sentence" project add Reforma --company $BETA
	untouched refused 5 "$sentence" sale add --company $BETA --item "a;1;1"
	untouched refused 5 "$sentence" sale send 1
	untouched refused 5 "$sentence" document publish outra.txt --company $BETA
	untouched refused 5 "$sentence" document send 1 --to bia@beta.example
	untouched refused 5 "$sentence" task add Folha --ticket 1
	untouched refused 5 "$sentence" task add Folha --company $BETA --every month --day 5
	untouched refused 5 "is disabled" task add Folha --company $BETA
	untouched refused 5 "is disabled" ticket open --company $BETA --contact bia@beta.example \
		--subject Oi --body oi
	untouched refused 5 "is disabled" ticket open --contact bia@beta.example --subject Oi
	code wrong_state task add Folha --company $BETA
	printf '{"name":"Baixa","steps":[{"title":"Encerrar"}]}' >baixa.json
	ok process template-add baixa.json
	untouched refused 5 "is disabled" process start Baixa --company $BETA
	mails=$(sql "SELECT count(*) FROM outbox")
	ok ticket reply 1 --body oi
	ok ticket close 1
	ok sale cancel 2
	PORTALCTL_NOW=2026-03-10T12:00:00Z ok due
	is "$(sql "SELECT group_concat(status, ' ') FROM sale")" "draft cancelled expired"
	is "$(sql "SELECT count(*) FROM outbox WHERE id > $mails AND recipient LIKE '%beta%'")" 0 mails
	ok company enable $BETA
	ok ticket reply 2 --body oi
	[ "$(sql "SELECT count(*) FROM outbox WHERE recipient LIKE '%beta%'")" -gt 0 ]
	ok project add Reforma --company $BETA
	ok sale send 1
	ok document send 1 --to bia@beta.example
}
