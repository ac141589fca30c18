load helpers
load network
load browser

# Something of every section for Alfa, Beta and Gama, and for each what no client may see.
# Alfa is a member of Beta's group; Gama is a stranger.
worked() {
	local tax name mail
	network
	ok group create $BETA --name Grupo
	ok group link $BETA $ALFA
	printf 'guia' >guia.pdf
	for tax in $ALFA $BETA $GAMA; do
		case $tax in
		"$ALFA") name=alfa mail=ana@alfa.example ;;
		"$BETA") name=beta mail=bia@beta.example ;;
		*) name=gama mail=gil@gama.example ;;
		esac
		ok project add "Projeto de $name" --company $tax --json
		project=$(json .data.id)
		ok project comment "$project" --internal --body "CANARIO-$name interno do projeto"
		ok project add "Antigo de $name" --company $tax --json
		ok project close "$(json .data.id)"
		ok task add "Tarefa de $name" --company $tax --project "$project" --visible \
			--check-item "Passo de $name" --check-item "Outro passo" --due 2026-03-20 --json
		task=$(json .data.id)
		ok task check "$task" 1
		ok task comment "$task" --body "Aviso a $name"
		ok task comment "$task" --internal --body "CANARIO-$name interno da tarefa"
		ok task add "CANARIO-$name tarefa oculta" --company $tax --project "$project"
		ok sale add --company $tax --item "Serviço para $name;2;1234,56" --json
		ok sale send "$(json .data.number)"
		ok sale add --company $tax --item "CANARIO-$name rascunho;1;9.00"
		ok --as $mail ticket open --subject "Ajuda a $name" --body "Bom dia" --json
		ticket=$(json .data.number)
		ok --as dora@office.example ticket reply "$ticket" --body "Boa tarde"
		ok ticket comment "$ticket" --body "CANARIO-$name interno do chamado"
		ok document publish guia.pdf --company $tax --title "Guia de $name" \
			--due 2026-03-25 --amount 987,65
		ok document publish guia.pdf --company $tax --title "Retirado de $name" --kind X --json
		ok document withdraw "$(json .data.id)"
	done
}

# shown ARGS...: the panel in every format, one after the other, in all.txt.
shown() {
	local format
	: >all.txt
	for format in table json ndjson csv html; do
		ok "$@" panel show --format $format
		cat out.txt >>all.txt
	done
}

@test "a page has no fields to choose" {
	network
	refused 2 "contradict" panel --company $ALFA --format html --fields company_name
	ok ticket open --contact ana@alfa.example --subject A
	refused 2 "contradict" ticket show 260301-001 --format html --fields number
}

@test "P1 a panel has every documented field" {
	worked
	ok --as gil@gama.example panel show --json
	holds .kind panel
	is "$(json '.data | keys_unsorted | join(" ")')" "company_tax_id company_name whole_group at \
projects project_count tasks task_count sales sale_count tickets ticket_count documents document_count"
	holds '.data | [.company_tax_id, .company_name, .whole_group, .at] | tostring' \
		"[\"$GAMA\",\"Gama ME\",false,\"2026-03-01T12:00:00Z\"]"
	holds '.data | [.projects, .tasks, .sales, .tickets, .documents] | map(length) | tostring' "[1,1,1,1,1]"
	holds '.data | [.project_count, .task_count, .sale_count, .ticket_count, .document_count] | tostring' \
		"[1,1,1,1,1]"
	holds '.data.projects[0] | "\(.name) \(.status)"' "Projeto de gama open"
	holds '.data.tasks[0] | [.title, .progress_percent, .checklist[0].done, (.comments | length)] | tostring' \
		'["Tarefa de gama",50,true,1]'
	holds '.data.sales[0] | [.total_cents, .status] | tostring' '[246912,"sent"]'
	holds '.data.tickets[0] | [.subject, .status, .unread_count] | tostring' '["Ajuda a gama","in_progress",1]'
	holds '.data.documents[0] | [.title, .due_on, .amount_cents, .opened_count] | tostring' \
		'["Guia de gama","2026-03-25",98765,0]'
}

@test "P1 what a panel shows is what the lists show" {
	local noun key
	worked
	ok --as caio@alfa.example panel show --json
	cp out.txt panel.json
	for noun in task:tasks sale:sales ticket:tickets project:projects document:documents; do
		key=${noun#*:}
		case $key in
		tickets) ok --as caio@alfa.example ticket list --status any --json ;;
		projects) ok --as caio@alfa.example project list --status open --json ;;
		documents) ok --as caio@alfa.example document list --status published --json ;;
		*) ok --as caio@alfa.example "${noun%:*}" list --json ;;
		esac
		is "$(jq -c ".data.$key" panel.json)" "$(json '.items | reverse | tojson')" "$key"
	done
}

@test "P1 the verb of the panel may be left out" {
	worked
	ok panel show --company $GAMA --json
	cp out.txt want.json
	for words in "--company $GAMA --json" "--json --company=$GAMA" "--json show --company $GAMA"; do
		# shellcheck disable=SC2086 # options are words
		ok panel $words
		cmp out.txt want.json
	done
	ok --as gil@gama.example panel --format html
	has "$out" "Tarefa de gama"
	refused 2 "whose panel" panel
	refused 2 "has no option '--colour'" panel --colour
	refused 2 "has no verb 'list'" panel list
	refused 2 "needs a verb" task
	ok panel --help
	has "$out" "show"
	ok __complete -- panel --comp
	has "$out" "--company"
	ok __complete -- panel ""
	has "$out" "show"
}

@test "P1 the newest 20 are shown, and how many there are" {
	network
	for i in {1..25}; do echo "{\"title\":\"T$i\",\"company\":\"$GAMA\",\"visible\":true}"; done >tasks
	ok task add --batch tasks
	ok --as gil@gama.example panel show --json
	holds '.data | [.task_count, (.tasks | length), .tasks[0].title, .tasks[19].title] | tostring' \
		'[25,20,"T25","T6"]'
	holds '.data | [.sales, .sale_count] | tostring' '[[],0]'
	ok --as gil@gama.example panel show --lang en
	has "$out" "Tasks (the newest 20 of 25)"
	has "$out" "Sales (0)"
	is "$(grep -c '^T[0-9]* ' out.txt)" 20
}

@test "P1 people read sections with headings, in their language" {
	worked
	ok --as gil@gama.example panel show --lang pt_BR
	for part in "Projetos (1)" "Tarefas (1)" "Vendas (1)" "Atendimento (1)" "Documentos (1)" \
		"2.469,12" "987,65" "Em andamento"; do
		grep -qi -- "$part" out.txt || { echo "no $part"; cat out.txt; return 1; }
	done
	ok --as gil@gama.example panel show --lang en
	has "$out" "BRL 2,469.12"
	ok panel show --company $GAMA --format tsv --fields company_name,task_count
	is "$(tail -1 out.txt)" $'Gama ME\t1'
}

@test "P1 no client sees internal comments, hidden tasks, drafts or another company's records" {
	local who
	worked
	for who in ana@alfa.example caio@alfa.example bia@beta.example bruna@beta.example; do
		shown --as $who
		is "$(grep -c 'CANARIO' all.txt)" 0 "canaries to $who"
		is "$(grep -ciE "gama|$GAMA" all.txt)" 0 "Gama to $who"
		is "$(grep -c 'Retirado\|Antigo' all.txt)" 0 "what is over to $who"
	done
	shown --as gil@gama.example
	is "$(grep -c 'CANARIO' all.txt)" 0 "canaries to gil"
	is "$(grep -ciE "alfa|beta|$ALFA|$BETA" all.txt)" 0 "others to gil"
	ok ticket list --company $GAMA --json
	ok task list --company $GAMA --json
	has "$out" "CANARIO-gama interno"
}

@test "P1 the office sees what the client sees, and must say whose" {
	local who
	worked
	for who in "" dora@office.example; do
		refused 2 "whose panel" ${who:+--as $who} panel show
		for format in table json html; do
			ok ${who:+--as $who} panel show --company $ALFA --format $format
			has "$out" "Tarefa de alfa"
			is "$(grep -cE 'CANARIO|de beta|de gama' out.txt)" 0 "$format to the office"
		done
	done
	ok panel show --company $GAMA --json
	jq .data out.txt >office.json
	ok --as gil@gama.example panel show --json
	is "$(jq .data out.txt | diff - office.json)" "" "the client's and the office's"
}

@test "P1 a stranger's panel is as if it were not there" {
	worked
	refused 3 "there is no company '$ALFA'" --as gil@gama.example panel show --company $ALFA
	refused 3 "there is no company '33683111000107'" --as gil@gama.example panel show --company 33683111000107
	refused 3 "there is no company" --as caio@alfa.example panel show --company $GAMA --format html
	refused 3 "there is no company" --as dora@office.example panel show --company 33683111000107
}

@test "U5 a section that is switched off is left out for collaborators alone" {
	local before
	worked
	ok company set $ALFA --sections tasks,support
	before=$(fingerprint)
	ok --as caio@alfa.example panel show --json
	holds '.data | [.projects, .project_count, .sales, .sale_count, .documents, .document_count] | tostring' \
		"[null,null,null,null,null,null]"
	holds '.data | [.task_count, .ticket_count] | tostring' "[2,2]"
	shown --as caio@alfa.example
	is "$(grep -c 'Guia de\|Serviço\|Projeto de' all.txt)" 0 "what is switched off"
	ok --as caio@alfa.example panel show --lang en
	is "$(grep -c 'Documents\|Sales\|Projects' out.txt)" 0 "headings"
	ok --as ana@alfa.example panel show --json
	holds '.data | [.project_count, .sale_count, .document_count] | tostring' "[2,2,2]"
	is "$(fingerprint)" "$before" "nothing is recorded as denied"
	ok company set $ALFA --sections ""
	ok --as caio@alfa.example panel show --lang en
	has "$out" "no section is switched on for you"
}

@test "U10 a user sees the panel of the group, or of one company of it" {
	worked
	ok --as caio@alfa.example panel show --json
	holds '.data | "\(.company_tax_id) \(.whole_group)"' "$ALFA true"
	holds '[.data.documents[].company_tax_id] | tostring' "[\"$BETA\",\"$ALFA\"]"
	ok --as caio@alfa.example panel show --company $BETA --json
	holds '.data | "\(.company_tax_id) \(.whole_group)"' "$BETA false"
	for key in projects tasks sales tickets documents; do
		holds "[.data.${key}[].company_tax_id] | tostring" "[\"$BETA\"]"
	done
	ok --as caio@alfa.example panel show --lang en
	has "$out" "Company"
	ok group unlink $BETA $ALFA
	ok --as caio@alfa.example panel show --json
	holds '[.data | .whole_group, .documents[].company_tax_id] | tostring' "[false,\"$ALFA\"]"
	refused 3 "there is no company" --as caio@alfa.example panel show --company $BETA
}

# hostile: texts of people who mean no good, in every place a panel has for texts.
hostile() {
	local rlo=$'\xe2\x80\xae' evil='<script>document.title="taken"</script><img src=http://127.0.0.1:9/x onerror=alert(1)>"'"'"
	network
	ok project add "P $evil" --company $GAMA
	ok task add "T $evil abc${rlo}fdp.exe" --company $GAMA --visible --check-item "I $evil" --project 1
	ok --as gil@gama.example task comment 1 --body "</li></ul></table></main><style>*{display:none}</style>"
	ok sale add --company $GAMA --item "S $evil;1;1.00" --json
	ok sale send "$(json .data.number)"
	ok --as gil@gama.example ticket open --subject "A $evil" --body "B $evil"
	echo guia >guia.pdf
	ok document publish guia.pdf --company $GAMA --title "D $evil"
	ok --as gil@gama.example panel show --format html
	cp out.txt page.html
}

@test "P1 a panel is one page with its language, headings and tables" {
	worked
	ok --as caio@alfa.example panel show --format html --lang pt_BR
	cp out.txt page.html
	python3 - page.html <<-'END'
		import html.parser, sys
		VOID = {"meta"}
		class Check(html.parser.HTMLParser):
		    open, seen, text = [], [], {}
		    def handle_starttag(self, tag, attrs):
		        self.seen.append((tag, dict(attrs)))
		        if tag not in VOID: self.open.append(tag)
		    def handle_endtag(self, tag):
		        assert self.open.pop() == tag, tag
		    def handle_data(self, data):
		        if self.open: self.text.setdefault(self.open[-1], []).append(data)
		page = Check()
		page.feed(open(sys.argv[1], encoding="utf-8").read())
		assert not page.open, page.open
		tags = [tag for tag, _ in page.seen]
		assert dict(page.seen)["html"]["lang"] == "pt-BR"
		assert tags.count("h1") == tags.count("main") == 1
		assert page.text["h1"] == ["Área do cliente · Alfa Ltda."], page.text["h1"]
		assert page.text["h2"] == ["Projetos", "Tarefas", "Vendas", "Atendimento", "Documentos"]
		assert tags.count("table") == tags.count("thead") == 5
		assert [a["aria-label"] for t, a in page.seen if t == "table"] == page.text["h2"]
		assert all(a.get("scope") in ("col", "row") for t, a in page.seen if t == "th")
		assert sum(a.get("scope") == "row" for t, a in page.seen if t == "th") == 10
		assert {"R$ 2.469,12", "R$ 987,65"} <= set(page.text["td"]), page.text["td"]
		items = "".join(page.text["li"])
		for part in ("Passo de alfa (feito)", "Outro passo (em aberto)", "Aviso a alfa"):
		    assert part in items, (part, items)
		for part in ("01/03/2026 09:00", "20/03/2026", "25/03/2026"):
		    assert part in page.text["time"], (part, page.text["time"])
		when = {a["datetime"] for t, a in page.seen if t == "time"}
		assert {"2026-03-01T12:00:00Z", "2026-03-20"} <= when, when
		assert not {"script", "img", "link", "a", "form", "iframe"} & set(tags), tags
	END
	has "$(cat page.html)" "default-src 'none'"
	ok --as caio@alfa.example panel show --format html --lang en
	has "$out" '>2026-03-01 09:00</time>'
	has "$out" '>2026-03-20</time>'
}

@test "P12 a browser shows a hostile panel as text, and asks nobody for anything" {
	hostile
	is "$(grep -cE '<(script|img|b|link|iframe|object|form|a|base|svg)\b' page.html)" 0
	is "$(grep -o '<style' page.html | wc -l)" 1
	has "$(cat page.html)" 'abc\u202efdp.exe'
	browse
	harmless
}
