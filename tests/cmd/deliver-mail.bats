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
