load helpers
load network

# A ticket of Alfa (id 1), asked by Ana herself.
with_ticket() {
	network
	ok --as ana@alfa.example ticket open --subject "Certidão negativa" --department Fiscal \
		--category Certidões --body "Preciso até sexta."
	N=260301-001
}

staff() {
	ok --as dora@office.example "$@"
}

client() {
	ok --as ana@alfa.example "$@"
}

# events N: what happened in the ticket, oldest first.
events() {
	sql "SELECT event || ':' || COALESCE(event_from, '') || '>' || COALESCE(event_to, '')
		FROM message WHERE ticket_id = $1 AND event IS NOT NULL ORDER BY id" | paste -sd' '
}

status_of() {
	sql "SELECT status FROM ticket WHERE id = $1"
}

@test "people are shown times, and give dates, in the office's zone unless TZ names one" {
	unset TZ
	export PORTALCTL_DB=$BATS_TEST_TMPDIR/portal.db
	ok init --office $OFFICE --name E --time-zone America/Manaus --allow-clock-override
	ok company add $ALFA --name Alfa
	ok contact add --company $ALFA --name Ana --email ana@alfa.example
	at 2026-03-06T03:30:00Z
	ok ticket open --contact ana@alfa.example --subject A --json
	holds .data.number 260305-001
	ok ticket list --fields number,opened_at
	has "$out" "260305-001  2026-03-05 23:30"
	ok ticket messages 260305-001
	has "$out" "2026-03-05 23:30"
	ok ticket list --since 2026-03-06 --format count
	is "$out" 0
	ok ticket list --since 2026-03-05 --format count
	is "$out" 1
	ok ticket list --since 2026-03-06 --format count --tz UTC
	is "$out" 1
	for zone in UTC America/Sao_Paulo; do
		TZ=$zone ok ticket list --fields opened_at
		has "$out" "2026-03-06 0"
	done
	TZ=BRT3 ok ticket list --fields opened_at
	has "$out" "2026-03-05 23:30"
	echo '{"name":"f","since":"2026-03-07"}' | ok filter add --batch - --json
	holds ".items[0].data.since_at" 2026-03-07T04:00:00Z
	sql "UPDATE setting SET value = 'Mars/Olympus' WHERE key = 'time_zone'"
	ok ticket list --fields opened_at
	has "$out" "2026-03-06 03:30"
	code damaged ticket list --since 2026-03-06
}

@test "the conversations of several tickets come one after the other" {
	with_ticket
	client ticket open --subject Outro --body "Segundo."
	ok ticket messages 2 $N --format tsv --fields ticket_number,body
	is "$(grep -v '\s$' out.txt)" $'260301-002\tSegundo.\n260301-001\tPreciso até sexta.'
	fails 3 ticket messages $N 9
	code not_found ticket messages $N 9
	for words in "--limit 1" "--since 1" "--after x"; do
		# shellcheck disable=SC2086 # two words
		refused 2 "go with one ticket" ticket messages 1 2 $words
	done
	ok ticket messages 1 --limit 9
}

@test "S1 numbers are the local day and a count within it" {
	network
	at 2026-03-02T02:59:59Z # 23:59:59 of the day before in São Paulo
	ok ticket open --contact ana@alfa.example --subject A --json
	holds .data.number 260301-001
	ok ticket open --contact ana@alfa.example --subject B --json
	holds .data.number 260301-002
	at 2026-03-02T03:00:00Z
	ok ticket open --contact ana@alfa.example --subject C --json
	holds .data.number 260302-001
	at 2026-03-01T12:00:00Z
	ok ticket open --contact ana@alfa.example --subject D --json
	holds .data.number 260301-003
	ok config set time_zone UTC
	at 2026-03-02T00:00:00Z
	ok ticket open --contact ana@alfa.example --subject E --json
	holds .data.number 260302-002
}

@test "S1 1000 follows 999, and what fails or is rehearsed takes no number" {
	with_ticket
	sql "UPDATE ticket_day SET last = 998"
	untouched fails 6 ticket open --contact ana@alfa.example --subject "  "
	rehearses ticket open --contact ana@alfa.example --subject X
	ok ticket open --contact ana@alfa.example --subject X --json
	holds .data.number 260301-999
	ok ticket open --contact ana@alfa.example --subject X --json
	holds .data.number 260301-1000
	ok ticket show 260301-1000 --json
	holds .data.id 3
	for number in 260301-01 260301-0001 260301-001x 26031-001 260301 ""; do
		untouched fails 3 ticket show "$number"
	done
	fails 1 --db /nowhere/p.db ticket show 260301-001
}

@test "S1 day and count are unique in the schema too" {
	with_ticket
	run sqlite3 "$PORTALCTL_DB" "INSERT INTO ticket SELECT 9, day, n, company_id, contact_id, subject,
		department, category, tags, origin, status, assignee_id, due_at, merged_into_id, rating,
		office_unread, client_unread, opened_at, updated_at, closed_at, paused_at,
		paused_ms, rating_comment, project_id, task_id, late FROM ticket"
	[ "$status" -ne 0 ]
	has "$output" "UNIQUE constraint failed: ticket.day, ticket.n"
	run sqlite3 "$PORTALCTL_DB" "UPDATE ticket SET status = 'done'"
	has "$output" ticket_end_is_known
}

@test "S2 a ticket has every documented field" {
	with_ticket
	ok contact set ana@alfa.example --phone "(11) 98765-4321" --phone "(11) 3333-4444"
	ok ticket show $N --json
	holds .kind ticket
	is "$(json '.data | keys_unsorted | join(" ")')" \
		"id number subject company_tax_id company_name contact_name contact_email contact_phone department category tags due_at origin status assignee_email assignee_name opened_at updated_at closed_at wa_status rating rating_comment merged_into project_id task_id unread_count messages messages_truncated"
	holds '.data | del(.messages) | [.[] | tostring] | join(" ")' \
		"1 $N Certidão negativa $ALFA Alfa Ltda. Ana ana@alfa.example +5511987654321 Fiscal Certidões [] null app new null null 2026-03-01T12:00:00Z 2026-03-01T12:00:00Z null null null null null null null 1 false"
	ok ticket show 1 $N --format ids
	is "$out" $'1\n1'
	is "$(sql "SELECT action, target_kind, target_id, changes FROM audit ORDER BY id DESC LIMIT 1 OFFSET 1")" \
		"ticket.open|ticket|1|{\"number\":[null,\"$N\"],\"company_tax_id\":[null,\"$ALFA\"],\"origin\":[null,\"app\"],\"status\":[null,\"new\"]}"
}

@test "S2 the subject of what came by WhatsApp has the tag, in the portal's language" {
	network
	ok ticket open --contact ana@alfa.example --subject Legalização --origin whatsapp --json
	holds '.data | "\(.subject) / \(.origin)"' "Legalização Atendimento iniciado via WhatsApp / whatsapp"
	ok config set language en
	ok ticket open --contact ana@alfa.example --subject A --origin whatsapp --json --lang pt_BR
	holds .data.subject "A Service started via WhatsApp"
}

@test "S2 a new subject of what came by WhatsApp has the tag, once" {
	network
	ok ticket open --contact ana@alfa.example --subject "Oi" --origin whatsapp
	ok ticket set 1 --subject "Certidão" --json
	holds .data.subject "Certidão Atendimento iniciado via WhatsApp"
	untouched ok ticket set 1 --subject "Certidão Atendimento iniciado via WhatsApp" --json
	holds .changed false
	untouched fails 6 ticket set 1 --subject ""
	ok ticket open --contact ana@alfa.example --subject "Oi"
	ok ticket set 2 --subject "Certidão" --json
	holds .data.subject "Certidão"
}

@test "what is said with a change is kept where nothing else changes" {
	with_ticket
	staff ticket transfer $N --to dora@office.example
	staff ticket transfer $N --to dora@office.example --comment "Ligue antes" --json
	holds '"\(.changed) \(.data.assignee_email)"' "true dora@office.example"
	staff ticket cancel $N
	staff ticket cancel $N --reason "Aberto por engano" --json
	holds '"\(.changed) \(.data.status)"' "true cancelled"
	ok ticket messages 1 --json
	holds '[.items[] | select(.direction == "internal") | "\(.internal) \(.body)"] | join("|")' \
		"true Ligue antes|true Aberto por engano"
	untouched staff ticket cancel $N --json
	holds .changed false
	untouched refused 6 "a tag needs a text" ticket set $N --tag ""
	untouched fails 6 ticket set $N --untag " "
	untouched fails 6 ticket open --contact ana@alfa.example --subject A --tag ""
}

@test "S3 S4 the first answer of the staff starts work and takes the ticket over" {
	with_ticket
	staff ticket reply $N --body "Claro."
	is "$(events 1)" "opened:> assigned:>Dora status:new>in_progress"
	ok ticket show $N --json
	holds '.data | "\(.status) \(.assignee_email) \(.assignee_name)"' "in_progress dora@office.example Dora"
	ok user add rui@office.example --company $OFFICE --name Rui --active
	ok --as rui@office.example ticket reply $N --body "Também ajudo."
	ok ticket show $N --json
	holds .data.assignee_email dora@office.example
}

@test "S5 the operator is no person: an answer without one assigns nobody" {
	with_ticket
	ok ticket reply $N --body "Claro." --json
	holds '.data | "\(.direction) \(.via) \(.author_name) \(.author_email)"' \
		"out office Escritório Modelo null"
	is "$(events 1)" "opened:> status:new>in_progress"
}

@test "S4 a client's answer moves a pending ticket on, and no other" {
	with_ticket
	client ticket reply $N --body "Mais um detalhe."
	is "$(status_of 1)" new
	staff ticket set $N --status pending
	staff ticket reply $N --body "Falta a procuração."
	is "$(status_of 1)" pending
	client ticket reply $N --body "Segue." --json
	holds '.data | "\(.direction) \(.via) \(.author_email)"' "in app ana@alfa.example"
	is "$(status_of 1)" in_progress
}

@test "S4 a client's answer reopens what is done, and not what was cancelled" {
	with_ticket
	staff ticket close $N
	untouched refused 5 "is done" --as dora@office.example ticket reply $N --body X
	client ticket reply $N --body "Ainda não."
	is "$(status_of 1)" in_progress
	is "$(sql "SELECT closed_at FROM ticket")" ""
	staff ticket cancel $N
	untouched fails 5 --as ana@alfa.example ticket reply $N --body X
	has "$err" "hint: portalctl ticket reopen $N"
	code wrong_state ticket reply $N --body X
}

@test "S5 assigning is an event, starts work, mails the assignee, and is idempotent" {
	with_ticket
	ok user add rui@office.example --company $OFFICE --name Rui --active
	staff ticket assign $N --to RUI@office.example --json
	holds '"\(.changed) \(.action) \(.data.status) \(.data.assignee_email)"' \
		"true assigned in_progress rui@office.example"
	is "$(mailed ticket_assigned)" rui@office.example
	untouched ok ticket assign $N --to rui@office.example --json
	holds '"\(.changed) \(.action)"' "false unchanged"
	staff ticket assign $N --to dora@office.example
	is "$(mailed ticket_assigned)" rui@office.example
	ok ticket assign $N --none
	is "$(events 1)" "opened:> assigned:>Rui status:new>in_progress assigned:Rui>Dora assigned:Dora>"
	untouched fails 2 ticket assign $N
	untouched fails 2 ticket assign $N --none --to dora@office.example
	untouched fails 3 ticket assign $N --to ana@alfa.example
	untouched fails 3 ticket assign $N --to nobody@office.example
	ok user block rui@office.example
	untouched fails 3 ticket assign $N --to rui@office.example
	ok ticket close $N
	untouched fails 5 ticket assign $N --to dora@office.example
}

@test "S6 a transfer goes to another of the staff, with a comment the client never sees" {
	with_ticket
	ok user add rui@office.example --company $OFFICE --name Rui --active
	staff ticket transfer $N --to rui@office.example --comment "Cliente bravo" --json
	holds '"\(.action) \(.data.assignee_name)"' "transferred Rui"
	untouched staff ticket transfer $N --to rui@office.example --json
	holds .changed false
	ok ticket messages $N --json
	holds '[.items[] | select(.internal) | .body] | join("|")' "Cliente bravo"
	untouched fails 2 ticket transfer $N
}

# updated WANT: when a client sees the ticket as updated.
updated() {
	client ticket show $N --json
	holds .data.updated_at "2026-03-01T$1:00:00Z"
}

@test "S6 what is internal does not show through the time of the last change" {
	with_ticket
	staff ticket reply $N --body "Vejo já"
	at 2026-03-01T13:00:00Z
	staff ticket comment $N --body "Cliente bravo"
	staff ticket set $N --tag urgente
	staff ticket set $N --untag urgente
	updated 12
	staff ticket set $N --tag urgente --subject "Certidão" --json
	holds .data.updated_at 2026-03-01T13:00:00Z
	updated 13
	at 2026-03-01T14:00:00Z
	staff ticket set $N --untag urgente --status pending
	updated 14
}

# rendered ADDRESS: all mails to it as they are sent go to mails.txt; there are some.
rendered() {
	local id
	: >mails.txt
	for id in $(sql "SELECT id FROM outbox WHERE recipient = '$1'"); do
		ok outbox show "$id" --body
		[ -n "$out" ]
		cat out.txt >>mails.txt
	done
	[ -s mails.txt ]
}

@test "S6 nothing internal is in anything that a client is given" {
	local words canary=xiquexique
	with_ticket
	ok user add rui@office.example --company $OFFICE --name Rui --active
	echo $canary >$canary.txt
	staff ticket comment $N --body "$canary um" --file $canary.txt
	staff ticket transfer $N --to rui@office.example --comment "$canary dois"
	staff ticket set $N --tag $canary
	staff ticket cancel $N --reason "$canary três"
	staff ticket reopen $N
	staff ticket reply $N --body "Pronto."
	staff ticket close $N
	ok ticket messages $N --format count
	is "$out" 13
	for words in "show $N" "show 1 $N" "messages $N" "messages $N --sort -id" "list --status any" \
		"count --status any"; do
		for format in table json ndjson csv tsv count; do
			# shellcheck disable=SC2086 # words are words
			portalctl --as ana@alfa.example ticket $words --format $format
			is "$(grep -ci $canary out.txt err.txt)" $'out.txt:0\nerr.txt:0' "$words $format"
		done
	done
	client ticket messages $N --format count
	is "$out" 9
	client ticket reply $N --body "Obrigada" --json
	is "$(grep -c $canary out.txt)" 0
	for words in "--search $canary" "--search xique" "--tag $canary"; do
		# shellcheck disable=SC2086 # words are words
		client ticket list --status any $words --format count
		is "$out" 0 "$words of the client"
		# shellcheck disable=SC2086 # words are words
		staff ticket list --status any $words --format count
		is "$out" 1 "$words of the staff"
	done
	refused 3 "has no file" --as ana@alfa.example ticket fetch $N 1
	staff ticket fetch $N 1
	is "$out" $canary
	client notification list --json
	is "$(grep -c $canary out.txt)" 0
	is "$(sql "SELECT count(*) FROM outbox WHERE arguments LIKE '%$canary%'")" 0
	rendered ana@alfa.example
	is "$(grep -c $canary mails.txt)" 0
	is "$(sql "SELECT count(*) FROM notification WHERE text LIKE '%$canary%'")" 0
	is "$(sql "SELECT count(*) FROM audit WHERE changes LIKE '%$canary%'")" 0
	ok export
	is "$(grep -c $canary out.txt)" 0
}

@test "S6 S7 messages have every documented field" {
	with_ticket
	staff ticket reply $N --body "Olá!" --via email --json
	holds '"\(.kind) \(.changed) \(.action)"' "message true replied"
	is "$(json '.data | keys_unsorted | join(" ")')" \
		"id ticket_number at direction via author_name author_email automatic internal body event event_from event_to delivery wamid attachments"
	holds '.data | [.[] | tostring] | join(" ")' \
		"3 $N 2026-03-01T12:00:00Z out email Dora dora@office.example false false Olá! null null null queued null []"
	ok ticket messages $N --since 3 --limit 1 --json
	holds '"\(.kind) \(.count) \(.truncated) \(.items[0].id)"' "message.list 1 true 3"
	ok ticket messages $N --since 3 --after "$(json .next)" --json
	holds '[.items[].event] | join(" ")' "assigned status"
	ok ticket messages $N --sort -id --limit 1 --json
	holds '.items[0].id' 5
	ok ticket messages $N --sort -id --limit 1 --after "$(json .next)" --json
	holds '.items[0].id' 4
}

@test "S7 the conversation has two sides, and colours where there is colour" {
	with_ticket
	staff ticket reply $N --body $'Olá!\nTudo bem?'
	staff ticket comment $N --body "Ligar"
	sql "UPDATE message SET via = 'whatsapp', delivery = 'read' WHERE id = 3"
	ok --lang pt_BR --tz America/Sao_Paulo ticket messages $N
	is "$(grep -c "^Ana · via aplicativo · 01/03/2026 09:00$" out.txt)" 1
	is "$(grep -c "^Preciso até sexta.$" out.txt)" 1
	is "$(grep -c "^ \{20,\}Dora · via WhatsApp · 01/03/2026 09:00$" out.txt)" 1
	is "$(grep -c "^ \{20,\}✓✓ lida$" out.txt)" 1
	is "$(wc -L <out.txt)" 80
	grep -q "^ \+Responsável alterado para Dora por Dora · 01/03/2026 09:00$" out.txt
	ok ticket set $N --status pending
	ok --lang pt_BR ticket messages $N
	has "$out" " pelo escritório · "
	ok ticket messages $N --color always
	is "$(grep -c $'^\e\[97mPreciso' out.txt)" 1
	is "$(grep -c $'^ *\e\[32mTudo bem?' out.txt)" 1
	is "$(grep -c $'^ *\e\[33mLigar' out.txt)" 1
	staff ticket reply $N --body Azul
	ok ticket messages $N --color always
	is "$(grep -c $'^ *\e\[34mAzul' out.txt)" 1
	ok ticket show $N
	has "$out" "Preciso até sexta."
	is "$(grep -c '^NUMBER: ' out.txt)" 1
}

@test "S7 what people write deceives no terminal and breaks no table" {
	with_ticket
	client ticket reply $N --body $'a\xe2\x80\xaeb\nc\xe2\x80\x8bd'
	ok ticket messages $N
	is "$(grep -c $'\xe2\x80\xae\|\xe2\x80\x8b' out.txt)" 0
	has "$out" 'a\u202eb'
	client ticket reply $N --body "$(printf '%0500d' 0)"
	ok ticket messages $N --since 4
	is "$(grep -c '^0\{60\}$' out.txt)" 8
	untouched fails 6 ticket reply $N --body $'a\x1bb'
	untouched fails 6 ticket reply $N --body ""
	untouched fails 6 ticket reply $N --body $' \n '
	printf 'x%.0s' {1..65536} >big
	ok ticket reply $N --body-file big
	printf 'x' >>big
	untouched fails 6 ticket reply $N --body-file big
	printf 'a\0b' >nul
	untouched fails 6 ticket reply $N --body-file nul
	printf 'linha 1\r\nlinha 2\r\n\r\n' | (portalctl ticket reply $N --body-file - --json && holds .data.body $'linha 1\nlinha 2')
	untouched fails 1 ticket reply $N --body-file nowhere
	untouched fails 2 ticket reply $N --body-file big --body x
}

@test "S8 files come out again byte for byte" {
	with_ticket
	head -c 300000 /dev/urandom >foto.bin
	printf '%%PDF-1.4\n' >"nota fiscal.pdf"
	client ticket attach $N foto.bin "nota fiscal.pdf" --json
	holds '.action' attached
	holds '.data | "\(.direction) \(.body) \(.attachments | length)"' "in null 2"
	holds '.data.attachments[1] | "\(.id) \(.name) \(.media_type) \(.size_bytes)"' \
		"2 nota fiscal.pdf application/pdf 9"
	holds '.data.attachments[0].sha256' "$(sha256sum <foto.bin | cut -d' ' -f1)"
	staff ticket fetch $N 1
	cmp foto.bin out.txt
	staff ticket fetch $N 1 --output copia --json
	cmp foto.bin copia
	holds '"\(.kind) \(.data.size_bytes)"' "ticket.attachment 300000"
	ok ticket messages $N
	has "$out" "[file 2] nota fiscal.pdf"
	refused 3 "has no file" ticket fetch $N 9
	ok ticket open --contact ana@alfa.example --subject B
	refused 3 "has no file" ticket fetch 2 1
	untouched fails 1 ticket attach $N nowhere.pdf
	code usage ticket fetch $N 1
	rm -rf portal.db.files/*
	refused 1 "" ticket fetch $N 1
	code damaged ticket fetch $N 2 --output x
}

@test "S8 bytes that were changed are not given out" {
	with_ticket
	echo recibo >recibo.txt
	client ticket attach $N recibo.txt
	kept=$(find portal.db.files -type f)
	sed -i s/recibo/recibO/ "$kept"
	fails 1 --as ana@alfa.example ticket fetch $N 1 --output copia.txt
	has "$err" "is not what it was"
	[ ! -e copia.txt ]
	fails 1 ticket fetch $N 1 --output -
	echo recibo e mais >"$kept"
	fails 1 ticket fetch $N 1 --output copia.txt
	rm "$kept"
	fails 1 ticket fetch $N 1 --output copia.txt
	[ ! -e copia.txt ]
	client ticket attach $N recibo.txt
	ok ticket fetch $N 1 --output copia.txt
	cmp recibo.txt copia.txt
}

@test "S8 what is no file is written to, and a link leads to one" {
	with_ticket
	echo recibo >recibo.txt
	client ticket attach $N recibo.txt
	mkfifo pipe
	timeout 10 cat pipe >copy &
	timeout 10 "$PORTALCTL" -q ticket fetch $N 1 --output pipe
	wait
	cmp recibo.txt copy
	[ -p pipe ]
	ok ticket fetch $N 1 --output /dev/null
	[ -c /dev/null ]
	is "$("$PORTALCTL" -q ticket fetch $N 1 --output /dev/stdout | head -n 1)" recibo
	"$PORTALCTL" -q ticket fetch $N 1 --output /dev/stdout >redirected
	cmp recibo.txt redirected
	echo velho >target
	ln -s target link
	ok ticket fetch $N 1 --output link
	[ -L link ]
	cmp recibo.txt target
	mkdir folder
	fails 1 ticket fetch $N 1 --output folder
}

@test "S8 a ticket is opened with its files" {
	network
	echo recibo >r.txt
	client ticket open --subject A --body Segue --file r.txt --json
	client ticket messages 1 --json
	holds '[.items[] | .attachments[].name] | join(" ")' r.txt
}

@test "S9 the badge counts what is new, and status does" {
	with_ticket
	ok ticket open --contact bia@beta.example --subject B
	ok ticket count
	is "$out" 2
	ok status --json
	holds .data.new_tickets 2
	staff ticket reply $N --body x
	ok ticket count --json
	holds '"\(.kind) \(.data.count)"' "ticket.count 1"
	ok ticket count --status open
	is "$out" 2
	client ticket count --status any
	is "$out" 1
}

@test "S12 a client opens for itself alone" {
	network
	client ticket open --subject A --json
	holds '.data | "\(.contact_email) \(.company_tax_id) \(.origin) \(.status)"' \
		"ana@alfa.example $ALFA app new"
	client ticket open --subject B --company $ALFA --contact ana@alfa.example --json
	denied --as ana@alfa.example ticket open --subject C --contact caio@alfa.example
	denied --as ana@alfa.example ticket open --subject C --company $BETA
	denied --as ana@alfa.example ticket open --subject C --origin whatsapp
	denied --as ana@alfa.example ticket open --subject C --tag x
	untouched fails 3 ticket open --company $ALFA --contact bia@beta.example --subject X
	untouched fails 2 ticket open --company $ALFA --subject X
	untouched fails 2 ticket open --contact ana@alfa.example
	untouched fails 6 ticket open --contact ana@alfa.example --subject "$(printf '%0301d' 0)"
	is "$(notified ticket_opened)" "$OFFICE $OFFICE"
	is "$(mailed ticket_opened)" ""
}

# discussed: a project (id 1) and two tasks (1, and 2 which is hidden) of Alfa; a task of
# Beta (3). Dora takes care of task 1.
discussed() {
	network
	ok project add "Abertura" --company $ALFA
	ok task add "Balancete" --company $ALFA --visible --assignee dora@office.example
	ok task add "Por dentro" --company $ALFA
	ok task add "De Beta" --company $BETA --visible
}

@test "S12 a client discusses a project or a task that it sees" {
	discussed
	client ticket open --subject "Sobre o balancete" --task 1 --json
	holds '.data | "\(.company_tax_id) \(.project_id) \(.task_id)"' "$ALFA null 1"
	client ticket open --subject "Sobre a abertura" --project 1 --json
	holds '.data | "\(.project_id) \(.task_id)"' "1 null"
	is "$(sql "SELECT changes FROM audit WHERE action = 'ticket.open'" | grep -o '"[a-z]*_id".*')" \
		$'"task_id":[null,"1"]}\n"project_id":[null,"1"]}'
	for id in 2 3 9; do
		untouched_but_audit refused 3 "there is no task '$id'" --as ana@alfa.example ticket open \
			--subject X --task $id
	done
	refused 3 "there is no project '9'" --as ana@alfa.example ticket open --subject X --project 9
	fails 2 --as ana@alfa.example ticket open --subject X --project 1 --task 1
	ok company set $ALFA --sections support
	fails 3 --as caio@alfa.example ticket open --subject X --task 1
}

# untouched_but_audit ARGS...: no ticket more after it.
untouched_but_audit() {
	local before
	before=$(sql "SELECT count(*) FROM ticket")
	"$@" && is "$(sql "SELECT count(*) FROM ticket")" "$before" "tickets"
}

@test "S12 the company of a ticket is that of what it discusses" {
	discussed
	ok contact add --company $ALFA --name Zeca --email bia@beta.example
	ok ticket open --subject S --task 3 --contact bia@beta.example --json
	holds '.data | "\(.company_tax_id) \(.task_id)"' "$BETA 3"
	untouched fails 6 ticket open --subject S --task 3 --company $ALFA --contact ana@alfa.example
	has "$err" "task '3' is of another company"
	untouched fails 6 ticket open --subject S --project 1 --company $BETA --contact bia@beta.example
	untouched fails 3 ticket open --subject S --task 3 --contact ana@alfa.example
	ok group create $ALFA
	ok group link $ALFA $BETA
	fails 6 --as ana@alfa.example ticket open --subject S --task 3
}

@test "S12 tickets are listed by what they discuss, and a hidden task by the office alone" {
	discussed
	ok ticket open --subject A --task 1 --contact ana@alfa.example
	ok ticket open --subject B --task 2 --contact ana@alfa.example
	ok ticket open --subject C --project 1 --contact ana@alfa.example
	for sort in id -number; do
		ok ticket list --task 1 --format ids --sort $sort
		is "$out" 1
		ok ticket list --project 1 --format ids --sort $sort
		is "$out" 3
		client ticket list --task 1 --format ids --sort $sort
		is "$out" 1
	done
	ok ticket list --task 2 --json
	holds '[.items[].task_id] | tostring' "[2]"
	client ticket list --json
	holds '[.items[].task_id] | tostring' "[1,null,null]"
	client ticket show 2 --json
	holds .data.task_id null
	fails 3 --as ana@alfa.example ticket list --task 2
	fails 3 --as gil@gama.example ticket list --project 1
	fails 3 ticket list --task 9
	fails 2 ticket list --task 1 --project 1
}

@test "S12 whoever takes care of the task hears of its ticket, until somebody has that" {
	discussed
	client ticket open --subject A --task 1
	is "$(mailed ticket_opened)" dora@office.example
	client ticket reply 1 --body oi
	is "$(mailed ticket_answered)" dora@office.example
	ok user add rui@office.example --company $OFFICE --name Rui --active
	ok ticket assign 1 --to rui@office.example
	client ticket reply 1 --body oi
	is "$(mailed ticket_answered)" "dora@office.example rui@office.example"
	client ticket open --subject B --project 1
	is "$(mailed ticket_opened)" dora@office.example
}

@test "S12 the other side is told, by mails without what was said" {
	with_ticket
	is "$(notified ticket_opened)" $OFFICE
	staff ticket reply $N --body "xiquexique"
	is "$(mailed ticket_reply)" ana@alfa.example
	is "$(notified ticket_reply)" $ALFA
	client ticket reply $N --body "xiquexique"
	is "$(mailed ticket_answered)" dora@office.example
	is "$(notified ticket_answered)" $OFFICE
	is "$(sql "SELECT count(*) FROM outbox WHERE arguments LIKE '%xique%'")" 0
	ok ticket open --company $ALFA --contact caio@alfa.example --subject B
	is "$(mailed ticket_started)" caio@alfa.example
	has "$(sql "SELECT arguments FROM outbox WHERE template = 'ticket_started'")" 260301-002
}

@test "S12 who has left the office gets no mail, and their tickets are found" {
	with_ticket
	ok user add rui@office.example --company $OFFICE --name Rui --active
	ok ticket assign $N --to rui@office.example
	client ticket reply $N --body "Primeira"
	is "$(mailed ticket_answered)" rui@office.example
	ok user block rui@office.example
	client ticket reply $N --body "Segunda"
	ok user remove rui@office.example
	client ticket reply $N --body "Terceira"
	is "$(mailed ticket_answered)" rui@office.example
	is "$(notified ticket_answered)" "$OFFICE $OFFICE $OFFICE"
	ok ticket list --assignee rui@office.example --json
	holds '.items[0].number + " " + .items[0].assignee_email' "$N rui@office.example"
	ok user add rui@office.example --company $OFFICE --name "Rui II" --active
	for words in "--assignee rui@office.example" "--as rui@office.example --assignee me" \
		"--assignee rui@office.example --sort number" "--assignee rui@office.example --status any"; do
		# shellcheck disable=SC2086 # words are words
		ok ticket list $words --format count
		is "$out" 1 "$words"
	done
	ok ticket list --assignee dora@office.example --status any --format count
	is "$out" 0
	fails 3 ticket list --assignee eva@office.example
}

@test "S12 a contact who was removed or blocked gets no mail, and their tickets are found" {
	network
	ok contact add --company $ALFA --name Zé --email ze@alfa.example
	ok ticket open --contact ze@alfa.example --subject Um
	ok ticket open --contact caio@alfa.example --subject Dois
	ok user block caio@alfa.example
	ok contact remove ze@alfa.example
	ok ticket reply 1 --body Olá --json
	holds .data.delivery null
	ok ticket reply 2 --body Olá
	ok ticket close 1
	is "$(mailed ticket_started)" "caio@alfa.example ze@alfa.example"
	is "$(mailed ticket_reply)$(mailed ticket_closed)" ""
	is "$(notified ticket_reply)" "$ALFA $ALFA"
	ok user activate caio@alfa.example
	ok ticket reply 2 --body Olá
	is "$(mailed ticket_reply)" caio@alfa.example
	for words in ze@alfa.example "ZE@alfa.example --company $ALFA" \
		"$(sql "SELECT id FROM contact WHERE email = 'ze@alfa.example'")"; do
		# shellcheck disable=SC2086 # words are words
		ok --as dora@office.example ticket list --status any --format ids --contact $words
		is "$out" 1
	done
	fails 3 ticket list --contact ze@alfa.example --company $BETA
	fails 3 --as ana@alfa.example ticket list --contact ze@alfa.example
	ok contact add --company $ALFA --name "Zé II" --email ze@alfa.example
	ok ticket list --status any --format count --contact ze@alfa.example
	is "$out" 0 "tickets of who has the e-mail now"
}

@test "an empty idempotency key is no key" {
	with_ticket
	untouched fails 2 ticket reply $N --body X --idempotency-key ""
	untouched fails 2 invite send $BETA --from $ALFA --email novo@beta.example --idempotency-key ""
}

@test "a filter that is empty, or an id of 0, is refused rather than left out" {
	network
	for words in "ticket list --category" "task list --search" "sale list --search" "invite list --search" \
		"company list --search" "ticket list --after"; do
		# shellcheck disable=SC2086 # words are words
		fails 2 $words ""
		has "$err" "'--${words##*--}'"
	done
	for words in "task list --project" "task list --process" "ticket list --limit" "task list --limit" \
		"document open 1 --attachment" "document open 1 --port" "sale sign 1 --port" \
		"task add T --company $BETA --every month --day"; do
		# shellcheck disable=SC2086 # words are words
		untouched fails 2 $words 0
		has "$err" "'--${words##*--}'"
	done
}

@test "S13 concluding tells the client the number, once" {
	with_ticket
	staff ticket close $N --json
	holds '"\(.changed) \(.action) \(.data.status) \(.data.closed_at)"' \
		"true closed done 2026-03-01T12:00:00Z"
	is "$(sql "SELECT body || automatic || direction FROM message WHERE automatic = 1")" \
		"O atendimento foi concluído sob o número $N.1out"
	is "$(mailed ticket_closed)" ana@alfa.example
	untouched staff ticket close $N --json
	holds '"\(.changed) \(.action)"' "false unchanged"
	untouched fails 5 ticket cancel $N
	untouched fails 5 ticket set $N --status cancelled --category X
	client ticket reopen $N --json
	holds '"\(.action) \(.data.status) \(.data.closed_at)"' "reopened in_progress null"
	is "$(notified ticket_reopened)" $OFFICE
	untouched client ticket reopen $N --json
	holds .changed false
	staff ticket set $N --status "done"
	is "$(sql "SELECT count(*) FROM message WHERE automatic = 1")" 2
	is "$(sql "SELECT count(*) FROM outbox WHERE template = 'ticket_closed'")" 2
}

@test "S13 cancelling tells the client nothing" {
	with_ticket
	staff ticket cancel $N --reason Engano --json
	holds '"\(.action) \(.data.status)"' "cancelled cancelled"
	is "$(sql "SELECT count(*) FROM outbox")" 0
	untouched fails 5 ticket close $N
	staff ticket reopen $N
	is "$(events 1)" "opened:> status:new>cancelled status:cancelled>in_progress"
}

@test "fields change with an event each, and unchanged ones with none" {
	with_ticket
	staff ticket set $N --subject "CND federal" --department "" --category Certidões --json
	holds '.data | "\(.subject) \(.department) \(.category)"' "CND federal null Certidões"
	is "$(events 1)" "opened:> subject:Certidão negativa>CND federal department:Fiscal>"
	is "$(sql "SELECT changes FROM audit WHERE action = 'ticket.set'")" \
		'{"fields":[null,"subject, department"]}'
	untouched staff ticket set $N --subject "CND federal" --json
	holds .changed false
	staff ticket set $N --tag Urgente --tag "IR 2026" --tag URGENTE --json
	holds '.data.tags | join("|")' "Urgente|IR 2026"
	staff ticket set $N --untag urgente --json
	holds '.data.tags | join("|")' "IR 2026"
	client ticket show $N --json
	holds .data.tags '[]'
	untouched fails 6 ticket set $N --subject ""
	untouched fails 2 ticket set $N --status nope
	untouched fails 6 ticket set $N --tag "$(printf '%061d' 0)"
	untouched fails 6 ticket set $N $(printf -- '--tag t%d ' {1..20})
}

@test "unread are the other side's messages since one's own last" {
	with_ticket
	ok ticket show $N --json
	holds .data.unread_count 1
	client ticket show $N --json
	holds .data.unread_count 0
	staff ticket read $N --json
	holds '"\(.action) \(.data.unread_count)"' "read 0"
	untouched staff ticket read $N --json
	holds .changed false
	client ticket reply $N --body a
	client ticket reply $N --body b
	ok ticket list --format tsv --fields unread_count
	is "$out" 2
	staff ticket comment $N --body interno
	ok ticket list --format tsv --fields unread_count
	is "$out" 2
	staff ticket reply $N --body c
	ok ticket list --format tsv --fields unread_count
	is "$out" 0
	client ticket list --format tsv --fields unread_count
	is "$out" 1
}

@test "the same key and answer is the same message" {
	with_ticket
	staff ticket reply $N --body Olá --idempotency-key k --json
	id=$(json .data.id)
	untouched staff ticket reply 1 --body Olá --idempotency-key k --json
	holds '"\(.changed) \(.data.id)"' "false $id"
	untouched fails 5 --as dora@office.example ticket reply $N --body Outra --idempotency-key k
	staff ticket close $N
	untouched staff ticket reply 1 --body Olá --idempotency-key k --json
	holds .changed false
}

@test "one key serves several tickets, each once" {
	with_ticket
	ok ticket open --contact ana@alfa.example --subject Outro
	staff ticket reply 1 2 --body Aviso --idempotency-key k --json
	holds '[.items[].data.ticket_number] | join(" ")' "260301-001 260301-002"
	untouched staff ticket reply 2 1 --body Aviso --idempotency-key k --json
	holds '[.items[] | "\(.changed) \(.data.ticket_number)"] | join(" ")' \
		"false 260301-002 false 260301-001"
	untouched fails 5 --as dora@office.example ticket reply 2 --body Outra --idempotency-key k
	ok ticket open --contact ana@alfa.example --subject Mais
	untouched fails 5 --as dora@office.example ticket reply 3 --body Outra --idempotency-key k
}

@test "a key stands for what was typed, whatever became of the answer and the ticket" {
	with_ticket
	ok ticket open --contact ana@alfa.example --subject Outro
	ok answer add oi --body "Olá, {contact_name}"
	staff ticket reply $N --answer oi --idempotency-key k --json
	id=$(json .data.id)
	ok answer remove oi
	untouched staff ticket reply $N --answer oi --idempotency-key k --json
	holds '"\(.changed) \(.data.id)"' "false $id"
	ok ticket merge $N --into 2
	untouched staff ticket reply $N --answer oi --idempotency-key k --json
	holds '"\(.changed) \(.data.id) \(.data.ticket_number)"' "false $id 260301-002"
	fails 3 --as dora@office.example ticket reply $N --answer oi --idempotency-key other
}

@test "lists filter by everything that tickets have, the open ones by themselves" {
	with_ticket
	at 2026-03-02T12:00:00Z
	ok ticket open --contact bia@beta.example --subject "Folha" --origin email --department RH --tag "Mês 13"
	at 2026-03-03T12:00:00Z
	ok ticket open --company $ALFA --contact caio@alfa.example --subject "Boleto" --category Cobrança
	staff ticket reply 2 --body x
	staff ticket close 3
	lists() {
		ok ticket list "${@:2}" --format ids
		is "$(paste -sd, out.txt)" "$1" "tickets of ${*:2}"
		ok ticket list "${@:2}" --format ids --sort number
		is "$(paste -sd, out.txt)" "$1" "sorted tickets of ${*:2}"
	}
	lists 1,2
	lists 1,2,3 --status any
	lists 1,2 --status open
	lists 3 --status "done"
	lists 1,3 --status new,done
	lists "" --status cancelled
	lists 2 --assignee dora@office.example
	lists 2 --assignee dora@office.example --status any
	lists 1,3 --assignee none --status any
	lists 1,3 --company $ALFA --status any
	lists 3 --contact caio@alfa.example --status any
	lists 1 --category Certidões
	lists 3 --category Cobrança --status any
	lists 2 --department RH --status any
	lists 2 --tag "mes 13"
	lists 2 --origin email
	lists 2,3 --since 2026-03-02 --status any
	lists 1 --until 2026-03-02 --status any
	lists 2 --since 2026-03-02 --until 2026-03-03 --status any
	staff ticket list --assignee me --format ids
	is "$out" 2
	fails 3 ticket list --assignee nobody@office.example
	client ticket list --assignee nobody@office.example --format ids
	is "$out" ""
	fails 2 ticket list --status nope
	ok ticket list --status any --sort -updated_at --limit 2 --json
	holds '[.items[].id] | join(" ")' "3 2"
	ok ticket list --status any --sort -updated_at --limit 2 --after "$(json .next)" --json
	holds '[.items[].id] | join(" ")' 1
}

# Tickets 2 to 7, two of them late: the clock was set back before them.
with_late_tickets() {
	local day

	with_ticket
	for day in 02 05 03 06 06 04; do
		at 2026-03-${day}T12:00:00Z
		ok ticket open --contact ana@alfa.example --subject "Guia do dia $day"
	done
}

# lists_by_time OPTION...: each part of the days there are, whole and by pages.
lists_by_time() {
	local from to want page

	for from in 01 02 03 04 05 06 07; do
		for to in $(seq -w "$from" 07) 31; do
			want=$(sql "SELECT id FROM ticket WHERE opened_at >= 1000 * strftime('%s', '2026-03-$from')
				AND opened_at < 1000 * strftime('%s', '2026-03-$to') ORDER BY id" | paste -sd,)
			ok ticket list --since 2026-03-$from --until 2026-03-$to --format ids "$@"
			is "$(paste -sd, out.txt)" "$want" "from $from to $to $*"
		done
	done
}

@test "a list since and until a day has the tickets that are late, too" {
	with_late_tickets
	ok config set time_zone UTC
	is "$(sql "SELECT group_concat(id) FROM ticket WHERE late = 1")" 4,7
	lists_by_time
	lists_by_time --status any
	lists_by_time --company $ALFA --status new
}

@test "a list until a day goes on when a ticket came late meanwhile" {
	with_late_tickets
	ok ticket list --until 2026-03-04 --limit 2 --json
	holds '[.items[].id] | join(" ")' "1 2"
	next=$(json .next)
	at 2026-03-01T12:00:00Z
	ok ticket open --contact ana@alfa.example --subject Folha
	ok ticket list --until 2026-03-04 --limit 3 --after "$next" --json
	holds '[.items[].id, .truncated] | join(" ")' "4 8 false"
}

@test "a portal of before knows after db migrate which tickets are late" {
	with_late_tickets
	sql "UPDATE ticket SET late = 0;
		$(sed -n '/^UPDATE/,/;$/p' "$BATS_TEST_DIRNAME/../../lib/store/schema/0022_ticket-late.sql")"
	is "$(sql "SELECT group_concat(id) FROM ticket WHERE late = 1")" 4,7
}

@test "words of subject and messages find a ticket, by their beginnings" {
	with_ticket
	ok ticket open --contact bia@beta.example --subject "Certificado e-CPF" --body "Vence na sexta-feira"
	finds() {
		ok ticket list --status any --search "${@:2}" --format ids
		is "$(paste -sd, out.txt)" "$1" "tickets with ${*:2}"
	}
	finds 1,2 certi
	finds 1,2 SEXTA
	finds 1 "certidao sexta"
	finds 2 "cpf vence"
	finds 2 "e-cpf"
	finds "" "ertidão"
	finds "" "certidao vence"
	finds 1 260301-001
	finds 1 ate --company $ALFA
	finds "" cpf --company $ALFA
	staff ticket set 2 --subject "Outro assunto"
	finds 2 assunto
	fails 2 ticket list --search "..."
	fails 2 ticket list --search "a b c d e f g"
	fails 2 ticket list --search ""
	ok --as gil@gama.example ticket list --status any --search sexta --format ids
	is "$out" ""
}

# Of 12000 tickets all have one word, half have another; the two halves meet in one.
with_many_tickets() {
	network
	sql "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12000)
		INSERT INTO ticket (day, n, contact_id, subject, tags, origin, status, office_unread,
			client_unread, opened_at, updated_at)
		SELECT '260301', i, k.id, 'Guia', '', 'email', 'new', 0, 0, i, i FROM n, contact k
		WHERE k.email = 'ana@alfa.example';
		INSERT INTO ticket_word SELECT id, 'guia', 0 FROM ticket
		UNION ALL SELECT id, iif(id % 2, 'impar' || (id % 3), 'par' || (id % 5)), 0 FROM ticket
		UNION ALL SELECT 9000, 'impar', 0"
}

# pages LIMIT OPTION...: all ids, page after page.
pages() {
	local next='' limit=$1
	shift
	while [ "$next" != null ]; do
		ok ticket list --limit "$limit" ${next:+--after "$next"} --json "$@" || return 1
		next=$(json .next)
		jq -r '.items[].id' out.txt
	done
}

@test "a word is found whatever sign it touches" {
	local word
	with_ticket
	ok ticket open --contact ana@alfa.example --subject "«Boleto» vencido" \
		--body "🔥urgente … §artigo ✅feito €500 ´agudo´ ¿que? São"
	for word in boleto urgente artigo feito 500 agudo que «boleto» sao; do
		ok ticket list --status any --search "$word" --format ids
		is "$out" 2 "$word"
	done
	refused 2 "has no word to look for" ticket list --search "🔥 § €"
}

@test "a search gives the same by pages, however common its words are" {
	with_many_tickets
	for limit in 1500 7000; do
		is "$(pages $limit --search "guia par" --status any | sha256sum)" "$(seq 2 2 12000 | sha256sum)"
		is "$(pages $limit --search "impar guia" --status new | sha256sum)" \
			"$({ seq 1 2 11999; echo 9000; } | sort -n | sha256sum)"
	done
	for status in new any open; do
		is "$(pages 2 --search "impar par guia" --status $status)" 9000
	done
	is "$(pages 2 --search "par impar" --sort -id)" 9000
}

@test "lists sorted by id and by times go on where the page before ended" {
	with_late_tickets
	at 2026-03-08T12:00:00Z
	staff ticket reply 3 --body x
	staff ticket reply 1 --body y
	for key in id opened_at updated_at; do
		for filter in "--status any" "--status open" "--company $ALFA" "--since 2026-03-02"; do
			is "$(pages 2 --sort $key $filter)" "$(sql "SELECT id FROM ticket
				WHERE id > 1 OR '$filter' NOT LIKE '--since%' ORDER BY $key, id")" "by $key of $filter"
			is "$(pages 2 --sort -$key $filter)" "$(sql "SELECT id FROM ticket
				WHERE id > 1 OR '$filter' NOT LIKE '--since%' ORDER BY $key DESC, id DESC")" \
				"by -$key of $filter"
		done
	done
	is "$(pages 1 --sort -id --until 2026-03-04)" "$(printf '%s\n' 4 2 1)"
}

@test "a list sorted by number goes on where the page before ended" {
	local size
	with_late_tickets
	sql "UPDATE ticket SET day = '260306', n = 1000 WHERE id = 2;
		UPDATE ticket SET day = '991231' WHERE id = 3;
		UPDATE ticket SET n = 999 WHERE id = 5"
	for size in 1 2 3 7; do
		is "$(pages $size --status any --sort number)" \
			"$(sql "SELECT id FROM ticket ORDER BY day, n")" "pages of $size"
		is "$(pages $size --status any --sort -number)" \
			"$(sql "SELECT id FROM ticket ORDER BY day DESC, n DESC")" "pages of $size, down"
		is "$(pages $size --sort number)" "$(sql "SELECT id FROM ticket ORDER BY day, n")"
	done
}

@test "U10 a group shares its tickets, until it is unlinked" {
	with_ticket
	ok --as gil@gama.example ticket list --format ids
	is "$out" ""
	ok group create $ALFA
	ok group link $ALFA $GAMA
	ok --as gil@gama.example ticket list --format ids
	is "$out" 1
	ok --as gil@gama.example ticket reply $N --body "Sou da filial"
	ok group unlink $ALFA $GAMA
	fails 3 --as gil@gama.example ticket show $N
}

@test "U5 a collaborator without the section support knows no ticket" {
	with_ticket
	ok --as caio@alfa.example ticket show $N
	ok company set $ALFA --sections documents,tasks
	fails 3 --as caio@alfa.example ticket show $N
	fails 4 --as caio@alfa.example ticket list
	fails 4 --as caio@alfa.example ticket open --subject X
	client ticket show $N
}

@test "U5 a collaborator reads no id of what is switched off" {
	network
	ok project add Obra --company $ALFA
	ok task add Folha --company $ALFA --visible
	ok ticket open --contact ana@alfa.example --subject A --project 1
	ok ticket open --contact ana@alfa.example --subject B --task 1
	for sections in support,projects,tasks:1:1 support,tasks:null:1 support,projects:1:null; do
		ok company set $ALFA --sections "${sections%%:*}"
		ok --as caio@alfa.example ticket list --json
		holds '"\(.items[0].project_id):\(.items[1].task_id)"' "${sections#*:}"
		project=$(json '.items[0].project_id')
		ok --as caio@alfa.example ticket show 1 --json
		holds .data.project_id "$project"
		ok --as ana@alfa.example ticket list --json
		holds '"\(.items[0].project_id):\(.items[1].task_id)"' 1:1 "an admin"
	done
	ok --as caio@alfa.example ticket show 2 --json
	holds .data.task_id null
}

@test "S7 events and names of fields read as sentences in Portuguese" {
	with_ticket
	ok ticket open --contact ana@alfa.example --subject Outro
	ok ticket merge 2 --into 1
	ok ticket close 1
	client ticket rate 1 5
	ok --lang pt_BR ticket show 1
	for text in "Atendimento 260301-002 unido a este pelo escritório" "Avaliado com nota 5 de 5 por Ana" \
		"ABERTO EM:" "PRAZO:" "Status alterado para Concluído"; do
		has "$out" "$text"
	done
	ok --lang en ticket messages 1
	has "$out" "ticket 260301-002 merged into this one by the office"
	has "$out" "rated 5 of 5 by Ana"
}

@test "a batch opens, answers and ends; what fails has written nothing" {
	network
	printf '{"contact":"ana@alfa.example","subject":"T%d","body":"b"}\n' 1 2 3 >in
	echo '{"contact":"nobody@x.example","subject":"T"}' >>in
	echo '{"contact":"ana@alfa.example","subject":"T4"}' >>in
	portalctl ticket open --batch in --json
	is "$status" 7
	holds '[.items[] | .data.number // .error.code] | join(" ")' \
		"260301-001 260301-002 260301-003 not_found 260301-004"
	ok ticket cancel 2
	portalctl ticket close 1 2 260301-003 --json
	is "$status" 7
	holds '[.items[] | .ok | tostring] | join(" ")' "true false true"
	printf '{"ticket":"4","body":"a"}\n{"ticket":"2","body":"b"}\n' >in
	portalctl ticket reply --batch in --json
	is "$status" 7
	is "$(sql "SELECT count(*) FROM message WHERE body IN ('a', 'b')")" $((3 + 1))
	rehearses ticket close 4
	rehearses ticket reply 4 --body x
	rehearses ticket assign 4 --to dora@office.example
}


@test "ten thousand messages are shown in the memory of a few" {
	local few many
	with_ticket
	few=$(peak ticket messages $N)
	sql "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
		INSERT INTO message (ticket_id, at, direction, via, automatic, internal, body)
		SELECT 1, 1, 'in', 'app', 0, 0, printf('%0500d', i) FROM n"
	many=$(peak ticket messages $N)
	[ "$many" -lt $((few + 2000)) ]
	ok ticket messages $N --format count
	is "$out" 10002
	ok ticket show $N --json
	holds '"\(.data.messages | length) \(.data.messages_truncated)"' "100 true"
	holds '.data.messages | [.[0].id, .[-1].id] | tostring' "[9903,10002]"
}

@test "S8 a conversation with files is shown in the memory of a few" {
	local few many format
	with_ticket
	sql "INSERT INTO file VALUES (printf('%064d', 0), 1, 'text/plain', 1);
		WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
		INSERT INTO message (ticket_id, at, direction, via, automatic, internal, body)
		SELECT 1, 1, 'in', 'app', 0, 0, 'b' FROM n;
		WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10)
		INSERT INTO attachment (target_kind, target_id, position, sha256, name, created_at)
		SELECT 'message', m.id, i, printf('%064d', 0), printf('%0100d.txt', i), 1
			FROM message m, n WHERE m.body = 'b'"
	for format in ndjson table; do
		few=$(peak ticket messages $N --limit 10 --format $format)
		many=$(peak ticket messages $N --format $format)
		[ "$many" -lt $((few + 2000)) ] || is "$many" "about $few" $format
	done
	many=$(peak ticket show $N --format html)
	[ "$many" -lt $((few + 2000)) ] || is "$many" "about $few" html
	ok ticket messages $N --sort -id --limit 1 --json
	holds '.items[0].attachments | [length, .[0].position, .[9].position] | tostring' "[10,1,10]"
}

# peak ARGS...: how much memory a command takes, in KiB.
peak() {
	python3 -c 'import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)' "$PORTALCTL" "$@"
}
