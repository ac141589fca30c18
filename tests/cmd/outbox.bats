load helpers

FIELDS="id channel recipient subject state attempts next_attempt_at last_error cause created_at sent_at body"
OFFICE=65635571000148 ALFA=11222333000181 BETA=02919305000127

# Alfa was invited (1 to the contact, 2 to the admin), then Beta, which has no
# user (3 to the contact).
portal() {
	export PORTALCTL_DB=$BATS_TEST_TMPDIR/portal.db PORTALCTL_NOW=2026-03-01T12:00:00Z
	ok init --office $OFFICE --name "Escritório Modelo" --allow-clock-override "$@"
	ok company add $ALFA --name "Alfa Ltda." --email contato@alfa.example
	ok user add ana@alfa.example --company $ALFA --name Ana
	ok user add dora@office.example --company $OFFICE --name Dora
	ok user add davi@office.example --company $OFFICE --name Davi --active
	ok invite send $ALFA --email caio@alfa.example --message "Bem-vindos!"
	ok invite send $BETA --email bia@beta.example --now 2026-03-02T12:00:00Z
}

sql() {
	sqlite3 "$PORTALCTL_DB" "$1"
}

ids() {
	ok outbox list --format ids "$@"
	paste -sd' ' out.txt
}

@test "O2 a message has all its fields" {
	portal
	ok outbox list --json
	is "$(json .kind)" outbox.list
	is "$(json '.items[0] | keys_unsorted | join(" ")')" "$FIELDS"
	is "$(json '.items[0] | map_values(tostring) | join("|")')" \
		"1|email|caio@alfa.example|Escritório Modelo convida Alfa Ltda. para o portal de Escritório Modelo|queued|0|2026-03-01T12:00:00Z|null|invite:1|2026-03-01T12:00:00Z|null|null"
}

@test "O2 the subject is in the language the mail goes out in" {
	portal --language en
	ok outbox list --recipient caio@alfa.example --format tsv --fields subject --lang pt_BR
	has "$out" "Escritório Modelo invites Alfa Ltda. to the portal"
}

@test "O2 the list goes by id, in pages, and by recipient and time" {
	portal
	is "$(ids)" "1 2 3"
	is "$(ids --sort recipient)" "2 3 1"
	is "$(ids --sort -created_at)" "3 2 1"
	ok outbox list --limit 2 --sort recipient --json
	is "$(json .truncated)" true
	is "$(ids --sort recipient --after "$(json .next)")" 1
	refused 2 "'subject' is not one of the choices of 'sort': id, created_at, recipient" outbox list --sort subject
}

@test "O2 the list is cut by state, channel, recipient and cause" {
	portal
	sql "UPDATE outbox SET state = 'sent', sent_at = 1772366400000 WHERE id = 2"
	is "$(ids --state queued)" "1 3"
	ok outbox list --state queued --limit 1 --json
	is "$(ids --state queued --after "$(json .next)")" 3
	is "$(ids --state sent)" 2
	is "$(ids --state any)" "1 2 3"
	is "$(ids --state held)" ""
	is "$(ids --channel email)" "1 2 3"
	is "$(ids --channel whatsapp)" ""
	is "$(ids --recipient Ana@Alfa.Example)" 2
	is "$(ids --recipient ana)" ""
	is "$(ids --cause invite:1)" "1 2"
	is "$(ids --cause invite)" "1 2 3"
	is "$(ids --cause invite:1 --state queued)" 1
	is "$(ids --cause user)" ""
	is "$(ids --cause invite:2 --sort recipient)" 3
	refused 2 "not one of the choices" outbox list --state lost
	refused 2 "not one of the choices" outbox list --channel fax
	refused 2 "'invite:x' does not name a record" outbox list --cause invite:x
}

@test "O2 the list in every format" {
	portal
	ok outbox list --recipient bia@beta.example
	has "$out" "bia@beta.example"
	has "$out" "invite:2"
	ok outbox list --recipient bia@beta.example --format ndjson
	is "$(json '[.id, .cause] | map(tostring) | join(" ")')" "3 invite:2"
	ok outbox list --recipient bia@beta.example --format csv
	is "$(head -n 1 out.txt)" "${FIELDS// /,}"
	ok outbox list --recipient bia@beta.example --format tsv --fields id,state
	has "$out" $'3\tqueued'
	is "$(ids --recipient bia@beta.example)" 3
	ok outbox list --format count
	is "$out" 3
}

@test "O2 a message whose subject can't be rendered is still listed" {
	portal
	sql "UPDATE outbox SET template = 'gone' WHERE id = 1"
	sql "UPDATE outbox SET arguments = '[' WHERE id = 2"
	ok outbox list --json
	is "$(json '[.items[].subject] | map(type) | join(" ")')" "null null string"
	refused 1 "there is no template 'gone'" outbox show 1 --body
	ok outbox show 1
}

@test "O2 a message is shown with its text on request" {
	portal
	ok outbox show 1 --json
	is "$(json '.data | keys_unsorted | join(" ")')" "$FIELDS"
	is "$(json .data.body)" null
	ok outbox show 1 --body --json
	is "$(json .kind)" outbox
	has "$(json .data.body)" "Bem-vindos!"
	has "$(json .data.body)" "Atenciosamente,"
	is "$(json .data.subject)" "Escritório Modelo convida Alfa Ltda. para o portal de Escritório Modelo"
	ok outbox show 1 --body
	has "$out" "Bem-vindos!"
	ok outbox show 1 3 --format ndjson
	is "$(jq -r 'select(.kind == "result") | .data.id' out.txt | paste -sd' ')" "1 3"
}

@test "P7 the text shows an ellipsis for a secret link, never a token" {
	portal
	ok invite resend 2 --show-token --json
	token=$(json .data.token)
	[ -n "$token" ]
	for id in $(ids --recipient bia@beta.example); do
		ok outbox show "$id" --body --json
		is "$(grep -cF -e "${token#*.}" out.txt)" 0
		has "$(json .data.body)" $'\n…\n'
	done
}

@test "P7 a link that somebody stored is not shown either" {
	portal
	sql "UPDATE outbox SET arguments = json_set(arguments, '\$.link', 'https://x/SECRET') WHERE id = 3"
	ok outbox show 3 --body
	has "$out" …
	is "$(grep -c SECRET out.txt)" 0
	ok outbox list --json
	is "$(grep -c SECRET out.txt)" 0
}

@test "there is no message that does not exist" {
	portal
	refused 3 "there is no message '99'" outbox show 99
	refused 2 "" outbox show
	refused 2 "" outbox show x
}

@test "P8 only the operator and admins of the office read the outbox" {
	portal
	for user in ana@alfa.example davi@office.example; do
		refused 4 "may not do this (outbox.list)" outbox list --as $user
		refused 3 "there is no message '1'" outbox show 1 --as $user
		mine=$err
		refused 3 "" outbox show 9 --as $user
		is "${err//9/1}" "$mine" "not yours and not there"
	done
	ok outbox list --as dora@office.example
	ok outbox show 1 --body --as dora@office.example
	is "$(sql "SELECT count(*) FROM audit WHERE action = 'denied'")" 4
}
