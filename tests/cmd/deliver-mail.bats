load helpers
load network

# What a mail is: text and HTML of one template, its header, the files that go with it.

# waiting: a portal of which no mail waits.
waiting() {
	network
	sql "UPDATE outbox SET state = 'cancelled', next_attempt_at = NULL"
	ok config set base_url https://portal.example
}

# read_mails: every mail in the Maildir, the oldest first, as a line of JSON each.
read_mails() {
	find portal.db.mail -type f | sort -V | xargs -r "$BATS_TEST_DIRNAME/../net/read-mail.py" >mails.txt
}

# mails FILTER WANT: a value of all mails that were read, as one list.
mails() {
	is "$(jq -rs "$1" mails.txt)" "$2" "$1"
}

# queue_all VALUE [BODY]: a mail of every template and language that needs no record. Each
# value of it is that one, with its name before it; where its subject has none of it, BODY.
queue_all() {
	python3 - "$BATS_TEST_DIRNAME/../../lib/text/templates" "$1" "${2-$1}" <<-'END'
		import json, pathlib, re, sqlite3, sys
		db = sqlite3.connect("portal.db")
		with db:
		    for path in sorted(pathlib.Path(sys.argv[1]).glob("*.txt")):
		        name, language, _ = path.name.split(".")
		        subject, body = (set(re.findall(r"\{\{[#^]?(\w+)\}\}", t)) for t in path.read_text().split("\n", 1))
		        names = subject | body
		        if names & {"link", "password"}:
		            continue
		        values = json.dumps({n: f"{n} {sys.argv[2 if n in subject else 3]}" for n in names}, ensure_ascii=False)
		        db.execute("INSERT INTO outbox (channel, recipient, template, language, arguments, state, attempts,"
		                   " next_attempt_at, cause_kind, cause_id, created_at) VALUES ('email', 'a@b.example', ?, ?, ?,"
		                   " 'queued', 0, 0, 'company', 1, 0)", (name, language, values))
	END
}

@test "O2 every mail is text and HTML of the same words" {
	waiting
	queue_all "São Paulo"
	ok invite send 12345678000195 --name Nova --email carla@beta.example --message '1 < 2 & "3": https://beta.example/?a=1&b=2.'
	ok deliver --json
	holds .data.failed 0
	read_mails
	is "$(wc -l <mails.txt)" "$(json .data.sent)"
	[ "$(wc -l <mails.txt)" -gt 40 ]
	mails 'map(.order | join(" ")) | unique[]' "multipart/alternative text/plain text/html"
	mails 'map(.lang) | unique | join(" ")' "en pt-BR"
	mails 'map(select(.title != .headers.Subject)) | length' 0
	mails '.[] | select(.headers.To == "carla@beta.example") | .links[0]' "https://beta.example/?a=1&b=2"
	mails '.[] | select(.headers.To == "carla@beta.example") | .links[1] | startswith("https://portal.example/invite#i")' true
}

@test "O2 what people call themselves is neither markup nor a field of the header" {
	waiting
	sql "UPDATE company SET name = '<b>\"Zoë\"</b> & Cia' WHERE id = (SELECT office_id FROM portal)"
	queue_all $'</p><script>alert(1)</script> <img src=x onerror=y> "&amp;\' \u202e\u2066\x07\x1b[1m\u2028 {{office}} =?utf-8?q?x?='
	ok deliver --json
	holds .data.failed 0
	read_mails
	is "$(wc -l <mails.txt)" "$(json .data.sent)"
	mails 'map(.office) | unique[]' '<b>"Zoë"</b> & Cia'
	mails 'map(.links | length) | add' 0
	mails 'map(.text | contains("<script>alert(1)</script> <img src=x onerror=y> \"&amp;")) | all' true
}

@test "O2 a line break in a value is one in the text alone, and ends no header" {
	waiting
	queue_all "fine" $'a\r\nBcc: evil@evil.example\r\n\r\n<b>x</b>\n.\nFrom me'
	ok deliver --json
	read_mails
	is "$(wc -l <mails.txt)" "$(json .data.sent)"
	mails 'map(select(.headers | has("Bcc"))) | length' 0
	mails 'map(select(.text | contains("Bcc: evil@evil.example\n\n<b>x</b>\n.\nFrom me"))) | length > 30' true
}

@test "O2 a subject is one line, or the mail does not go out" {
	waiting
	queue_all $'a\r\nBcc: evil@evil.example'
	portalctl deliver
	is "$(sql "SELECT DISTINCT last_error FROM outbox WHERE state = 'failed'")" "the subject of a mail is a single line"
	read_mails
	mails 'map(select(.headers | has("Bcc"))) | length' 0
	is "$(grep -rlx 'Bcc:.*' portal.db.mail | wc -l)" 0
}

@test "O2 the header says who, when, to which list and by whom, the same at every attempt" {
	waiting
	ok invite send 12345678000195 --name Nova --email carla@beta.example
	cat >config.yaml <<-END
		smtp:
		  from: Portal@Modelo.example
		  reply_to: contato@modelo.example
	END
	export PORTALCTL_CONFIG=$PWD/config.yaml
	sql "UPDATE outbox SET state = 'unknown', first_attempt_at = 1772366400000 WHERE state = 'queued'"
	ok deliver --now 2026-03-01T12:30:00Z
	read_mails
	mail=$(jq -c '.headers | [.Date, .From, ."Reply-To", .To, ."List-Id", ."Auto-Submitted", ."Message-ID"]' mails.txt)
	id=$(sql "SELECT id FROM outbox WHERE state = 'sent'").$(sql "SELECT portal_id FROM portal")
	is "$mail" "$(jq -nc --arg id "<$id@modelo.example>" '["Sun, 01 Mar 2026 09:00:00 -0300",
		"Escritório Modelo <portal@modelo.example>", "contato@modelo.example", "carla@beta.example",
		"<portal.modelo.example>", "auto-generated", $id]')"
}

@test "O2 a portal without an address has one that nobody answers to, and shows it to no server" {
	waiting
	ok invite send 12345678000195 --name Nova --email carla@beta.example
	printf 'smtp:\n  host: localhost\n' >config.yaml
	PORTALCTL_CONFIG=$PWD/config.yaml portalctl deliver
	is "$status" 6
	has "$err" "need an address that they come from"
	is "$(sql "SELECT state || attempts FROM outbox WHERE recipient = 'carla@beta.example'")" queued0
	ok deliver
	read_mails
	mails '.[0].headers.From' "Escritório Modelo <nao-responda@portalctl.invalid>"
	mails '.[0].headers | has("Reply-To")' false
}

# with_files NAME SIZE...: files of random bytes in this directory; a portal with a ticket
# of caio@alfa.example, of which no mail waits.
with_files() {
	waiting
	ok ticket open --contact caio@alfa.example --company $ALFA --subject Balanço
	sql "UPDATE outbox SET state = 'cancelled', next_attempt_at = NULL"
	while [ $# -gt 0 ]; do
		head -c "$2" /dev/urandom >"$1"
		shift 2
	done
}

# files_of_mails: their hashes, in one line.
files_of_mails() {
	jq -r '.files[].sha256' mails.txt | paste -sd' '
}

# hashes FILE...: the same of these.
hashes() {
	sha256sum "$@" | cut -d' ' -f1 | paste -sd' '
}

@test "S8 files of an answer go with its mail, byte for byte" {
	with_files boleto.pdf 100001 $'relatório <1> & "2".txt' 1 vazio.bin 0
	printf '%%PDF-1.4\n' | dd of=boleto.pdf conv=notrunc status=none
	ok ticket reply 1 --body "xiquexique" --file boleto.pdf --file $'relatório <1> & "2".txt' --file vazio.bin
	is "$(sql "SELECT count(*) FROM outbox WHERE arguments LIKE '%boleto%'")" 0
	ok deliver
	read_mails
	mails '.[0].order | join(" ")' "multipart/mixed multipart/alternative text/plain text/html application/pdf $(
		sql "SELECT f.media_type FROM attachment a JOIN file f ON f.sha256 = a.sha256 WHERE a.position > 1 ORDER BY a.position" |
			paste -sd' ')"
	is "$(files_of_mails)" "$(hashes boleto.pdf $'relatório <1> & "2".txt' vazio.bin)"
	mails '.[0].files[1].name' $'relatório <1> & "2".txt'
	mails '.[0].headers.To' caio@alfa.example
	mails '.[0].text | contains("anexados a este e-mail:\n\n- boleto.pdf\n- relatório <1> & \"2\".txt\n- vazio.bin\n")' true
	mails '.[0].text | contains("xiquexique")' false
	ok ticket open --contact caio@alfa.example --company $ALFA --subject Dois --body Olá --file vazio.bin
	ok deliver
	read_mails
	mails '.[1].files[0].name' vazio.bin
}

@test "S8 what is too much for a mail stays in the portal, and the mail names it" {
	with_files sete.bin 6999999 um.bin 1 dois.bin 2
	ok ticket reply 1 --file sete.bin --file um.bin
	ok ticket reply 1 --file sete.bin --file dois.bin
	ok deliver
	read_mails
	mails '.[0].files | length' 2
	mails '.[1].files | length' 0
	mails '.[1].text | contains("grandes demais para um e-mail; estão no portal:\n\n- sete.bin\n- dois.bin\n")' true
	[ "$(find portal.db.mail -type f -size +9M -exec stat -c %s {} +)" -lt 10000000 ]
}

@test "S6 a file of an internal comment goes with no mail, nor one of the client's" {
	with_files segredo.bin 1000 cliente.bin 1000
	ok ticket assign 1 --to dora@office.example
	ok ticket comment 1 --body segredo --file segredo.bin
	ok ticket reply 1 --body Olá
	ok ticket transfer 1 --to dora@office.example --comment segredo || :
	ok --as caio@alfa.example ticket reply 1 --body Oi --file cliente.bin
	ok ticket close 1
	ok deliver
	read_mails
	mails 'map(.headers.To) | unique | join(" ")' "caio@alfa.example dora@office.example"
	mails 'map(.files | length) | add' 0
	is "$(grep -rl segredo portal.db.mail | wc -l)" 0
}

@test "S8 files go to whom they were for, or to nobody" {
	local change
	for change in "user block caio@alfa.example" "company disable $ALFA" \
		"user set caio@alfa.example --email outra@alfa.example"; do
		rm -rf portal.db* out.txt
		with_files a.bin 1000
		ok ticket reply 1 --file a.bin
		ok ticket reply 1 --body Olá
		# shellcheck disable=SC2086 # words are words
		ok $change
		portalctl deliver
		is "$(sql "SELECT state FROM outbox WHERE template = 'ticket_reply' ORDER BY id" | paste -sd' ')" "failed sent" "$change"
		is "$(sql "SELECT last_error FROM outbox WHERE state = 'failed'")" \
			"its files are not for 'caio@alfa.example' any more"
		read_mails
		mails 'map(.files | length) | add' 0
	done
}

@test "S8 a mail whose file is damaged waits for people, and holds up no other" {
	with_files a.bin 1000 b.bin 1000
	ok ticket reply 1 --file a.bin
	ok ticket reply 1 --file b.bin
	sum=$(hashes a.bin)
	mv "portal.db.files/${sum:0:2}/${sum:2}" kept
	portalctl deliver
	is "$status" 7 "$err"
	has "$err" "is missing"
	is "$(sql "SELECT state FROM outbox WHERE template = 'ticket_reply' ORDER BY id" | paste -sd' ')" "failed sent"
	mv kept "portal.db.files/${sum:0:2}/${sum:2}"
	ok outbox retry "$(sql "SELECT id FROM outbox WHERE state = 'failed'")"
	ok deliver
	read_mails
	is "$(files_of_mails | tr ' ' '\n' | sort | paste -sd' ')" "$(hashes a.bin b.bin | tr ' ' '\n' | sort | paste -sd' ')"
}

@test "S8 a ticket that was merged meanwhile loses no file" {
	with_files a.bin 1000
	ok ticket reply 1 --file a.bin
	ok ticket open --contact caio@alfa.example --company $ALFA --subject Outro
	ok ticket merge 1 --into 2
	ok deliver
	read_mails
	is "$(files_of_mails)" "$(hashes a.bin)"
}
