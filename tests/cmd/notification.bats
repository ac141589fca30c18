load helpers

FIELDS="id company_tax_id kind target_kind target_id text read_at created_at"
OFFICE=65635571000148 ALFA=11222333000181 BETA=02919305000127

# Notifications: 1 and 3 of Alfa (invited, cancelled), 2 of Beta, 4 of the office.
portal() {
	export PORTALCTL_DB=$BATS_TEST_TMPDIR/portal.db PORTALCTL_NOW=2026-03-01T12:00:00Z
	ok init --office $OFFICE --name "Escritório Modelo" --allow-clock-override
	ok company add $ALFA --name "Alfa Ltda."
	ok company add $BETA --name "Beta S.A."
	ok user add dora@office.example --company $OFFICE --name Dora
	ok user add davi@office.example --company $OFFICE --name Davi --active
	ok user add ana@alfa.example --company $ALFA --name Ana
	ok user add caio@alfa.example --company $ALFA --name Caio --active
	ok user add bia@beta.example --company $BETA --name Bia
	ok invite send $ALFA --email x@alfa.example
	ok invite send $BETA --email x@beta.example
	ok invite cancel 1
	ok invite accept 2 --now 2026-03-02T12:00:00Z
}

sql() {
	sqlite3 "$PORTALCTL_DB" "$1"
}

ids() {
	ok notification list --format ids "$@"
	paste -sd' ' out.txt
}

unread() {
	sql "SELECT id FROM notification WHERE read_at IS NULL ORDER BY id" | paste -sd' '
}

fingerprint() {
	sqlite3 "$PORTALCTL_DB" .dump | sha256sum
}

@test "N11 a notification has all its fields" {
	portal
	ok notification list --company $BETA --json
	is "$(json .kind)" notification.list
	is "$(json '.items[0] | keys_unsorted | join(" ")')" "$FIELDS"
	is "$(json '.items[0] | map_values(tostring) | join("|")')" \
		"2|$BETA|invite_sent|invite|2|Escritório Modelo convida Beta S.A. para o portal de Escritório Modelo|null|2026-03-01T12:00:00Z"
}

@test "N11 the list goes by id, in pages, and by time" {
	portal
	is "$(ids)" "1 2 3 4"
	is "$(ids --sort -created_at)" "4 3 2 1"
	ok notification list --limit 3 --json
	is "$(ids --after "$(json .next)")" 4
	ok notification list --company $ALFA --limit 1 --json
	is "$(ids --company $ALFA --after "$(json .next)")" 3
	refused 2 "'text' is not one of the choices of 'sort': id, created_at" notification list --sort text
}

@test "N11 the list is cut by company, kind and what is unread" {
	portal
	is "$(ids --company $ALFA)" "1 3"
	is "$(ids --company 11.222.333/0001-81)" "1 3"
	is "$(ids --kind invite_sent)" "1 2"
	is "$(ids --kind invite_sent --company $ALFA)" 1
	ok notification read 1
	is "$(ids --unread)" "2 3 4"
	is "$(ids --unread --company $ALFA)" 3
	refused 3 "there is no company" notification list --company 33000167000101
}

@test "N11 the list in every format" {
	portal
	ok notification list --company $BETA
	has "$out" "convida Beta"
	ok notification list --company $BETA --format ndjson
	is "$(json .id)" 2
	ok notification list --company $BETA --format csv
	is "$(head -n 1 out.txt)" "${FIELDS// /,}"
	ok notification list --company $BETA --format tsv --fields id,kind
	has "$out" $'2\tinvite_sent'
	ok notification list --format count
	is "$out" 4
}

@test "N11 the unread ones are counted" {
	portal
	ok notification count --json
	is "$(json .kind)" notification.count
	is "$(json '.data | tojson')" '{"unread":4}'
	ok notification count --company $ALFA --json
	is "$(json .data.unread)" 2
	ok notification read 1
	ok notification count --company $ALFA --json
	is "$(json .data.unread)" 1
	ok notification count --as ana@alfa.example --json
	is "$(json .data.unread)" 1
	ok notification count --as dora@office.example --json
	is "$(json .data.unread)" 1
	ok notification count
	has "$out" 3
}

@test "N11 reading one marks it, once, and twice is no change" {
	portal
	ok notification read 1 --json --now 2026-03-05T12:00:00Z
	is "$(json '.kind, .changed, .action, .data.read_at' | paste -sd' ')" \
		"notification true read 2026-03-05T12:00:00Z"
	ok notification read 1 --json
	is "$(json '.changed, .action, .data.read_at' | paste -sd' ')" \
		"false unchanged 2026-03-05T12:00:00Z"
	is "$(sql "SELECT count(*) FROM audit WHERE action = 'notification.read'")" 1
	is "$(unread)" "2 3 4"
}

@test "O4 reading is in the audit log" {
	portal
	ok notification read 1 --as ana@alfa.example
	ok audit list --target notification:1 --json
	is "$(json '.items[0] | [.as, .action, .changes.read_at[1]] | join(" ")')" \
		"ana@alfa.example/$ALFA notification.read 2026-03-01T12:00:00Z"
	ok audit verify
}

@test "reading all, or those of a filter, needs to be said" {
	portal
	refused 2 "--all" notification read
	ok notification read --company $ALFA
	is "$(unread)" "2 4"
	ok notification read --kind invite_sent --json
	is "$(json '.items[].data.id')" 2
	ok notification read --all
	is "$(unread)" ""
	ok notification read --all --json
	is "$(json .summary.ok)" 0
}

@test "a batch reads each, tells each result, and exits 7 when some are not there" {
	portal
	portalctl notification read 1 99 3 --json
	is "$status" 7
	is "$(json '[.items[] | .ok] | join(" ")')" "true false true"
	is "$(unread)" "2 4"
	printf '{"id":2}\n{"id":4}\n' >ids.ndjson
	ok notification read --batch ids.ndjson --format ndjson
	is "$(jq -r 'select(.kind == "result") | .data.id' out.txt | paste -sd' ')" "2 4"
	is "$(unread)" ""
}

@test "a batch that is atomic reads all or none" {
	portal
	portalctl notification read 1 99 --atomic
	[ "$status" != 0 ]
	is "$(unread)" "1 2 3 4"
}

@test "a dry run marks nothing" {
	portal
	before=$(fingerprint)
	ok notification read 1 --dry-run --json
	is "$(json '.changed, .dry_run' | paste -sd' ')" "true true"
	ok notification read --all --dry-run
	is "$(fingerprint)" "$before"
}

@test "P8 admins see and read their own company's, and nobody else's" {
	portal
	is "$(ids --as ana@alfa.example)" "1 3"
	is "$(ids --as bia@beta.example)" 2
	is "$(ids --as dora@office.example)" 4
	is "$(ids --as ana@alfa.example --sort -created_at)" "3 1"
	ok notification read 2 --as bia@beta.example
	ok notification read 4 --as dora@office.example
	refused 3 "there is no notification '1'" notification read 1 --as bia@beta.example
	refused 3 "there is no notification '1'" notification read 1 --as dora@office.example
	ok notification read --all --as ana@alfa.example
	is "$(unread)" ""
	is "$(sql "SELECT count(*) FROM audit WHERE action = 'notification.read' AND acting_as LIKE 'ana@%'")" 2
}

@test "P8 a notification of others and one that is not there look the same" {
	portal
	refused 3 "" notification read 2 --as ana@alfa.example --json
	mine=$err
	refused 3 "" notification read 9 --as ana@alfa.example --json
	is "${err//9/2}" "$mine" "not yours and not there"
	is "$(unread)" "1 2 3 4"
}

@test "P8 another company's list is denied, and a company nobody may know does not exist" {
	portal
	ok invite send 33000167000101 --email x@gama.example
	for verb in "list" "count" "read"; do
		refused 4 "may not do this" notification $verb --company $BETA --as ana@alfa.example
		refused 3 "there is no company" notification $verb --company 33000167000101 --as ana@alfa.example
		refused 3 "there is no company" notification $verb --company 60746948000112 --as ana@alfa.example
	done
	is "$(unread)" "1 2 3 4 5"
}

@test "P8 collaborators are denied" {
	portal
	for user in caio@alfa.example davi@office.example; do
		refused 4 "may not do this" notification list --as $user
		refused 4 "may not do this" notification count --as $user
		refused 4 "may not do this" notification read --all --as $user
		refused 3 "there is no notification '1'" notification read 1 --as $user
	done
	is "$(unread)" "1 2 3 4"
}
