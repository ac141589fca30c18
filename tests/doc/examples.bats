load fresh

# A portal with an invite that is over since long ago.
portal_with_an_old_invite() {
	fresh_portal
	portalctl -q --now 2020-03-01T12:00:00Z invite send 02919305000127 --email contato@modelo.example
}

pending() {
	portalctl invite list --format count
}

@test "the demo runs and all is as expected" {
	"$top/examples/demo" "$program/portalctl" >out 2>&1 || { cat out; return 1; }
	is "$(tail -1 out)" "demo: all as expected" "last line"
}

@test "the demo fails where a count differs" {
	sed 's/expect 5 "$(count accepted)"/expect 6 "$(count accepted)"/' "$top/examples/demo" >demo
	if cmp -s demo "$top/examples/demo"; then return 1; fi
	mkdir -p tests/data examples && mv demo examples
	cp "$top/tests/data/fornecedores-import.csv" tests/data
	if bash examples/demo "$program/portalctl" >out 2>&1; then return 1; fi
	grep -q 'NOT AS EXPECTED: accepted' out
}

@test "the cron line expires invites, silently" {
	portal_with_an_old_invite
	local line
	line=$(grep -E '^[0-9*]' "$top/examples/portalctl.cron")
	is "$(awk '{ print $6, $7 }' <<<"$line")" "portalctl portalctl" "user and command"
	sh -c "$(sed -E 's/^([^ ]+ +){5}portalctl +//' <<<"$line")" >out 2>&1
	is "$(cat out)" "" "what cron would mail"
	is "$(pending)" 0 "pending"
}

@test "the systemd service expires invites and sends mails, silently" {
	portal_with_an_old_invite
	local run
	run=$(sed -n 's/^ExecStart=//p' "$top/examples/portalctl-due.service")
	sh -c "exec portalctl${run#*/portalctl}" >out 2>&1
	is "$(cat out)" "" "what the journal gets"
	is "$(pending)" 0 "pending"
	is "$(portalctl status --json | jq .data.outbox_queued)" 0 "queued"
}

@test "the service that sends ends cleanly when systemd says so" {
	portal_with_an_old_invite
	local run status=0
	run=$(sed -n 's/^ExecStart=//p' "$top/examples/portalctl-deliver.service")
	sh -c "exec portalctl${run#*/portalctl}" >out 2>&1 3>&- &
	for _ in $(seq 100); do
		[ "$(portalctl status --json | jq .data.outbox_queued)" = 0 ] && break
		sleep 0.05
	done
	kill -TERM $!
	wait $! || status=$?
	is "$status" "$(sed -n 's/^SuccessExitStatus=//p' "$top/examples/portalctl-deliver.service")"
	is "$(cat out)" "" "what the journal gets"
	is "$(portalctl status --json | jq .data.outbox_queued)" 0 "queued"
}

@test "the systemd units are sound, and get their secrets as credentials" {
	local unit
	command -v systemd-analyze >/dev/null || skip "there is no systemd-analyze"
	for unit in portalctl-due.service portalctl-due.timer portalctl-deliver.service; do
		sed "s|/usr/local/bin/portalctl|$program/portalctl|" "$top/examples/$unit" >$unit
	done
	systemd-analyze verify --man=no ./portalctl-*.service ./portalctl-due.timer >out 2>&1 || :
	is "$(grep portalctl- out)" "" "what systemd says"
	for unit in portalctl-due portalctl-deliver; do
		grep -q '^LoadCredential=smtp-password:' $unit.service
		systemd-analyze security --offline=true --threshold=30 ./$unit.service >out 2>&1 || { tail -1 out; return 1; }
	done
}

@test "invite-all invites every line of a table and is safe to run twice" {
	fresh_portal
	printf '%s\n' to_tax_id,email,name 02919305000127,contato@modelo.example,Ana \
		11222333000181,um@example.com,'"Silva, Bia"' >table.csv
	is "$("$top/examples/invite-all" table.csv)" "2 invited, 0 before, 0 failed" "first run"
	is "$("$top/examples/invite-all" table.csv)" "0 invited, 2 before, 0 failed" "second run"
	is "$(pending)" 2 "pending"
	is "$(portalctl invite show 2 --json | jq -r .data.contact_name)" "Silva, Bia" "name"
}

@test "invite-all says which lines failed and invites the others" {
	fresh_portal
	printf '%s\n' to_tax_id,email 02919305000128,contato@modelo.example \
		11222333000181,um@example.com >table.csv
	status=0
	"$top/examples/invite-all" table.csv >out || status=$?
	is "$status" 7 "exit status"
	is "$(tail -1 out)" "1 invited, 0 before, 1 failed" "summary"
	grep -q "line 2: .*02919305000128" out
}

@test "the pipeline tells who waits and since when" {
	portal_with_an_old_invite
	portalctl -q --now 2026-03-01T12:00:00Z invite send 11222333000181 --email um@example.com
	"$top/examples/pipeline" >out
	is "$(wc -l <out)" 2 "lines"
	is "$(head -1 out | jq -r .since)" "2020-03-01T12:00:00Z" "the oldest first"
	is "$(tail -1 out | jq -r .waiting)" 1 "how many"
}

@test "the README's session is what the program prints" {
	sed -n '/^```console$/,/^```$/p' "$top/README.md" | sed '/^```/d' >session
	[ -s session ]
	export PORTALCTL_NOW=2026-03-02T12:00:00Z
	unset PORTALCTL_DB
	grep '^[$] ' session | while IFS= read -r line; do
		printf '%s\n' "$line"
		eval "${line#\$ }" 2>&1 || :
	done >played
	diff session played
}

# onboard PASSWORD: the example with a client of ours; $status and the files out and err.
onboard() {
	status=0
	"$top/examples/onboard-client.sh" 99.120.450/0001-85 "Padaria Estrela" antonio@padaria.example \
		"Antônio Esteves" <<<"$1" >out 2>err || status=$?
}

@test "onboard-client takes a client from nothing to the first login" {
	fresh_portal
	onboard "cavalo correto bateria"
	is "$status $(cat err)" "0 " "status and complaints"
	is "$(wc -l <out)" 1 "lines"
	is "$(portalctl --token-file out session check --json | jq -r '.data.user_email')" \
		antonio@padaria.example "whose session it is"
	is "$(portalctl user show antonio@padaria.example --json | jq -r '.data | "\(.name) \(.role)"')" \
		"Antônio Esteves admin" "user"
	is "$(portalctl outbox list --format ndjson | jq -r .recipient)" antonio@padaria.example "mails"
}

@test "onboard-client is safe to run twice, and knows a wrong password" {
	fresh_portal
	onboard "cavalo correto bateria"
	onboard "cavalo correto bateria"
	is "$status $(cat err)" "0 " "status and complaints"
	is "$(portalctl outbox list --format count)" 1 "mails"
	onboard "outra senha qualquer"
	is "$status $(cat out)" "4 " "status and output"
}

need_apply() {
	portalctl help apply >/dev/null 2>&1 || skip "there is no apply yet"
}

# The manifests stand where the lines of the CI files look for them.
with_manifests() {
	fresh_portal
	cp -R "$top/examples/manifests" .
}

# ci_line FILE VERB: the line of a CI file that runs it.
ci_line() {
	sed -nE "s/^ *- (run: )?(portalctl $2 .*)/\2/p" "$top/examples/ci/$1"
}

# ci FILE VERB: runs it; $status, and the file out.
ci() {
	status=0
	sh -c "$(ci_line "$1" "$2")" >out 2>err || status=$?
}

@test "the CI files have one line for a merge request and one for what is merged" {
	for file in gitlab-ci.yml github-actions.yml; do
		is "$(ci_line $file diff | grep -c -- '--exit-code')" 1 "diff in $file"
		is "$(ci_line $file apply | wc -l)" 1 "apply in $file"
		is "$(sed -nE 's/.*portalctl ([a-z]+) .*/\1/p' "$top/examples/ci/$file" | paste -sd' ')" \
			"diff apply" "commands of $file"
	done
	python3 -c 'import yaml' 2>/dev/null || skip "there is no python3-yaml"
	is "$(python3 -c 'import sys, yaml; print(yaml.safe_load(open(sys.argv[1]))["diff"]["allow_failure"])' \
		"$top/examples/ci/gitlab-ci.yml")" "{'exit_codes': [10]}" "what a job may say"
}

@test "the manifests make an office with its clients, and a second time change nothing" {
	need_apply
	with_manifests
	portalctl apply -f manifests >out
	is "$(portalctl company list --format count)" 22 "companies"
	is "$(portalctl company list --status disabled --format count)" 2 "disabled"
	is "$(portalctl group list --format count)" 5 "groups"
	is "$(portalctl contact list --company 2Q.F7J.H6C/0001-85 --json | jq -r '.items[].phones[]')" \
		+5585987654315 "a phone in full"
	portalctl apply -f manifests --exit-code >out
}

@test "the GitLab job tells of changes, which the merge makes" {
	need_apply
	with_manifests
	ci gitlab-ci.yml diff
	is "$status" 10 "changes"
	is "$(portalctl company list --format count)" 1 "companies"
	ci gitlab-ci.yml apply
	is "$status" 0 "apply"
	ci gitlab-ci.yml diff
	is "$status" 0 "no changes"
}

@test "the GitHub job shows changes, which the merge makes, and fails for a fault" {
	need_apply
	with_manifests
	ci github-actions.yml diff
	is "$status" 0 "changes"
	grep -q "Padaria" out
	is "$(portalctl company list --format count)" 1 "companies"
	ci github-actions.yml apply
	is "$status" 0 "apply"
	is "$(portalctl company list --format count)" 22 "companies"
	printf 'portalctl: 1\ncompanies:\n  - tax_id: 1\n' >manifests/fault.yaml
	ci github-actions.yml diff
	is "$status" 1 "a fault"
	ci github-actions.yml apply
	is "$status" 6 "a fault"
}

@test "what the manifests made comes back by export" {
	need_apply
	with_manifests
	portalctl apply -f manifests >out
	portalctl export --set clientes >all.yaml
	portalctl diff -f all.yaml --exit-code
}

# guides: runs the example on the folder of that name; $status, and the file err.
guides() {
	status=0
	"$top/examples/publish-guides.sh" guides DAS 2026-10 2026-11-23 >out 2>err || status=$?
}

@test "publish-guides publishes a folder, mails what is new, and is safe to run twice" {
	fresh_portal
	portalctl -q company add 02919305000127 --name Modelo --email contato@modelo.example
	portalctl -q company add 11222333000181 --name Alfa
	portalctl -q contact add --company 11222333000181 --name Ana --email ana@alfa.example
	mkdir guides
	echo um >"guides/DAS 02.919.305_0001-27.pdf"
	echo dois >guides/11222333000181-das.pdf
	guides
	is "$status $(cat err)" "0 " "status and complaints"
	is "$(portalctl outbox list --format ndjson | jq -r .recipient | sort | paste -sd' ')" \
		"ana@alfa.example contato@modelo.example" "mails"
	guides
	is "$status $(cat err)" "0 " "status and complaints of the second run"
	is "$(portalctl document list --format count) $(portalctl outbox list --format count)" "2 2" \
		"documents and mails"
	echo tres >guides/leiame.txt
	guides
	is "$status $(cat err)" "7 the name 'leiame.txt' has no valid CNPJ or CPF" "a stray file"
	is "$(portalctl document list --format count)" 2 "documents"
}

# from_ticket: the example with the first ticket; the file out.
from_ticket() {
	"$top/examples/process-from-ticket.sh" 1 "$top/examples/processes/abertura-de-empresa.yaml" >out
}

@test "process-from-ticket opens a process from a ticket, once" {
	fresh_portal
	export PORTALCTL_NOW=2026-11-18T12:00:00Z
	portalctl -q company add 02919305000127 --name Modelo
	portalctl -q contact add --company 02919305000127 --name Bia --email bia@modelo.example
	portalctl -q ticket open --company 02919305000127 --contact bia@modelo.example --subject "Abrir empresa"
	from_ticket
	is "$(head -1 out)" "1	2026-11-24	todo	Reunir documentos dos sócios" "first step"
	is "$(wc -l <out)" 5 "steps"
	cp out first
	from_ticket
	diff first out
	is "$(portalctl process list --ticket 261118-001 --format count)" 1 "processes"
	is "$(portalctl task list --ticket 261118-001 --status open --format count)" 5 "tasks"
	is "$(portalctl ticket messages 1 --json | jq '[.items[] | select(.internal)] | length')" 1 "comments"
}

# mail SUBJECT ID: the mail of a job that failed.
mail() {
	printf 'From: cron@host.example\r\nSubject: %s\r\n  on host\r\nMessage-ID: <%s@host.example>\r\n\r\n' "$1" "$2"
	printf 'backup: \033[31mno space left\033[0m\r\n$(touch broken) "quoted"\r\n'
}

@test "ticket-from-mail opens a ticket from the mail of a job, once" {
	fresh_portal
	portalctl -q contact add --company 65635571000148 --name Plantão --email ops@office.example
	mail "Cron failed" 1 | "$top/examples/ticket-from-mail.sh" ops@office.example >first
	mail "Cron failed" 1 | "$top/examples/ticket-from-mail.sh" ops@office.example >second
	is "$(cat second)" "$(cat first)" "the same ticket"
	mail "Cron failed" 2 | "$top/examples/ticket-from-mail.sh" ops@office.example 65635571000148 >third
	is "$(portalctl ticket list --format count)" 2 "tickets"
	is "$(portalctl ticket show "$(cat first)" --json | jq -r '.data | "\(.subject) \(.origin)"')" \
		"Cron failed on host email" "subject"
	is "$(portalctl ticket messages "$(cat first)" --json | jq -r '.items[] | .body // empty')" \
		$'backup: [31mno space left[0m\n$(touch broken) "quoted"' "body"
	[ ! -e broken ]
	printf 'no head at all' | "$top/examples/ticket-from-mail.sh" ops@office.example >fourth
	is "$(portalctl ticket show "$(cat fourth)" --json | jq -r .data.subject)" "(no subject)" "subject"
	status=0
	mail x 3 | "$top/examples/ticket-from-mail.sh" ninguem@office.example >out 2>err || status=$?
	is "$status $(cat out)" "3 " "status and output"
}

# opened SUBJECT [HEADER...] < BODY: the mail, from UTF-8 and under C; the ticket's number in out.
opened() {
	local locale
	mails=$((mails + 1))
	{
		printf 'Subject: %s\r\nMessage-ID: <t%s@host.example>\r\n' "$1" "$mails"
		[ $# -eq 1 ] || printf '%s\r\n' "${@:2}"
		printf '\r\n'
		cat
	} >mail.eml
	for locale in C.UTF-8 C; do
		LC_ALL=$locale "$top/examples/ticket-from-mail.sh" ops@office.example <mail.eml >out 2>err ||
			{ cat err; return 1; }
		is "$(cat err)" "" "complaints"
	done
	portalctl ticket show "$(cat out)" --json >ticket.json
	subject=$(jq -r .data.subject ticket.json)
	body=$(jq -r '.data.messages[] | .body // empty' ticket.json)
}

@test "ticket-from-mail loses no mail for its letters" {
	local long subject body mails=0
	fresh_portal
	portalctl -q contact add --company 65635571000148 --name Plantão --email ops@office.example
	long=$(printf 'a%.0s' {1..289})
	opened "${long}ção" <<<oi
	is "$subject" "$long" "a subject cut within a letter"
	opened "$(printf '🔥%.0s' {1..200})" <<<oi
	is "$subject" "$(printf '🔥%.0s' {1..72})" "a subject of long letters"
	opened longo < <(printf 'x%.0s' {1..59999}; printf 'ção\nfim\n')
	is "$(wc -c <<<"$body")" 60000 "a body cut within a letter"
	opened $'Relat\xf3rio conclu\xeddo' < <(printf 'Aten\xe7\xe3o: servi\xe7o conclu\xed')
	is "$subject|$body" "Relatório concluído|Atenção: serviço concluí" "Latin-1 that nothing tells of"
	opened ação < <(printf 'ação n\xe3')
	is "$subject|$body" "ação|ação n" "a byte that is none of UTF-8"
	opened $'\xc2\xa0' < <(printf '\xc2\x85a\xc2\xa0b\x00\x1b\r\n')
	is "$subject|$body" "(no subject)|a b" "blanks and controls"
	opened grande < <(head -c 3000000 /dev/zero | tr '\0' x)
	is "$(wc -c <<<"$body")" 60001 "a body of 3 MB"
}

@test "ticket-from-mail reads encoded subjects and bodies" {
	local subject body mails=0
	fresh_portal
	portalctl -q contact add --company 65635571000148 --name Plantão --email ops@office.example
	opened '=?UTF-8?Q?Cota=C3=A7=C3=A3o_n=C2=BA_7?= - urgente' <<<oi
	is "$subject" "Cotação nº 7 - urgente" "Q"
	opened 'Re: =?ISO-8859-1?B?UmVsYXTzcmlv?=' <<<oi
	is "$subject" "Re: Relatório" "B"
	opened $'=?utf-8?q?Servi=C3?=\r\n =?utf-8?q?=A7o?= =?iso-8859-1*pt?Q?_conclu=EDdo?= =?x-none?Q?ol=C3=A1?= 1=?2' <<<oi
	is "$subject" "Serviço concluídoolá 1=?2" "several, folded, one of a charset nobody knows"
	opened '=?UTF-8?B?8J+UpSBDYWl1IG8=?= =?UTF-8?B?IHNlcnZpZG9y?=' <<<oi
	is "$subject" "🔥 Caiu o servidor" "two of base64"
	opened '=?UTF-8?Q?a=00=0Ab=1B=?= =?UTF-8?B?!!!?= =?UTF-8?Q?=5?=' <<<oi
	is "$subject" "ab==5" "controls and what is no code"
	opened x 'Content-Type: text/plain; charset="iso-8859-1"; format=flowed' \
		'Content-Transfer-Encoding: quoted-printable' \
		< <(printf 'Servi=E7o =\r\nparado: 1=3D1 a_b\r\n100=%%\r\n')
	is "$body" $'Serviço parado: 1=1 a_b\n100=%' "a quoted body"
	opened x 'Content-Type: text/plain; charset=utf-8' 'Content-Transfer-Encoding: base64' \
		< <(printf 'Olá, caiu.\nAção!' | base64 -w 12)
	is "$body" $'Olá, caiu.\nAção!' "a body in base64"
}
