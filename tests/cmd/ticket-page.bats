load helpers
load network
load browser

# Texts of people who mean no good, in every place a page has for texts.
hostile() {
	network
	local rlo=$'\xe2\x80\xae' evil='<script>document.title="taken"</script><img src=http://127.0.0.1:9/x onerror=alert(1)>"'"'"
	ok contact add --company $ALFA --name "Mal $evil" --email mal@alfa.example
	ok ticket open --company $ALFA --contact mal@alfa.example --subject "Nota $evil" \
		--category "C$evil" --body $'Linha um\nLinha <b>dois</b> '"$evil abc${rlo}fdp.exe"
	ok --as ana@alfa.example ticket reply 1 --body "</li></ol></main><style>*{display:none}</style>"
	ok ticket comment 1 --body "segredo </p>"
	ok ticket set 1 --status pending
}

# page ARGS...: the page of ticket 1 in page.html.
page() {
	ok "$@" ticket show 1 --format html
	cp out.txt page.html
}

@test "S7 a conversation is one page with its language, headings and lists" {
	network
	ok --as ana@alfa.example ticket open --subject "Nota fiscal" --body "Bom dia"
	ok --as dora@office.example ticket reply 1 --body "Já vai"
	ok ticket comment 1 --body "só nós"
	ok ticket close 1
	page --lang pt_BR
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
		assert tags.count("h1") == tags.count("h2") == tags.count("main") == 1
		assert tags.count("li") == 8 and tags.count("h3") == 4, (tags.count("li"), tags.count("h3"))
		assert page.text["h1"] == ["260301-001 · Nota fiscal"], page.text["h1"]
		assert "Conversa" in page.text["h2"][0], page.text["h2"]
		assert page.text["time"][0] == "01/03/2026 09:00", page.text["time"]
		ways = "".join(page.text["p"])
		for part in ("via aplicativo", "comentário interno", "mensagem automática"):
		    assert part in ways, (part, ways)
		kinds = [a.get("class") for t, a in page.seen if t == "li"]
		assert kinds[1] == "in" and "out office" in kinds and "internal" in kinds, kinds
	END
	page --lang en
	has "$(head -2 page.html)" '<html lang="en">'
	has "$(<page.html)" ">2026-03-01 09:00</time>"
	refused 2 "a page is of one record alone" ticket show 1 1 --format html
	refused 2 "is not a format of this command" ticket list --format html
	refused 3 "there is no ticket" ticket show 9 --format html
}

@test "S5 S7 a page says of events and of what was sent what the terminal says" {
	local line
	network
	ok --as ana@alfa.example ticket open --subject "Nota fiscal" --body "Bom dia"
	ok --as dora@office.example ticket reply 1 --body "Já vai"
	ok ticket set 1 --subject "Nota fiscal 7"
	sql "INSERT INTO message (ticket_id, at, direction, via, automatic, internal, body, delivery)
		VALUES (1, 1, 'out', 'whatsapp', 0, 0, 'lida', 'read'), (1, 1, 'out', 'whatsapp', 0, 0, 'foi', 'sent')"
	for lang in en pt_BR; do
		page --lang $lang
		sed 's/<[^>]*>//g' page.html >text
		ok --lang $lang ticket messages 1
		grep -oE '✓.*|waits to be sent|na fila de envio' out.txt >said
		[ "$(wc -l <said)" -ge 3 ]
		grep ' [0-9/-]* 12:00$' out.txt | grep -v "via " | sed 's/^ *//; s/ · [^·]*$//' >>said
		[ "$(wc -l <said)" -ge 7 ]
		while IFS= read -r line; do
			has "$(<text)" " · $line" || has "$(<text)" "$line · "
		done <said
	done
	ok --lang en ticket show 1
	has "$out" "assignee changed to Dora by Dora"
}

@test "S6 a client's page has no internal comment" {
	hostile
	page
	has "$(cat page.html)" segredo
	page --as ana@alfa.example
	is "$(grep -c segredo page.html)" 0
	refused 3 "there is no ticket" --as bia@beta.example ticket show 1 --format html
}

@test "P12 what people write is text on a page, and nothing else" {
	hostile
	page
	is "$(grep -cE '<(script|img|b|link|iframe|object|form|a|base|svg)\b' page.html)" 0
	is "$(grep -o '<style' page.html | wc -l)" 1
	is "$(grep -c 'Linha &lt;b&gt;dois&lt;/b&gt;' page.html)" 1
	is "$(grep -c 'abc\\u202efdp.exe' page.html)" 1
	is "$(LC_ALL=C grep -c $'\xe2\x80\xae' page.html)" 0
	is "$(sed 's/&lt;[^<]*//g' page.html | grep -oE ' (src|href|on[a-z]+)="' | wc -l)" 0
	has "$(cat page.html)" "default-src 'none'"
}

@test "P12 a browser shows hostile text as text, and asks nobody for anything" {
	hostile
	page
	browse
	harmless
	is "$(grep -o '<title>[^<]*' dom.html | head -c 31)" "<title>260301-001 · Nota &lt;s"
}
