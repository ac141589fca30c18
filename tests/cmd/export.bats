load helpers
load network

# yaml FILTER: of the last standard output as YAML, through a reader that is not ours.
yaml() {
	python3 -c 'import json, sys, yaml; json.dump(yaml.safe_load(sys.stdin), sys.stdout)' \
		<out.txt | jq -r "$1"
}

need_yaml() {
	python3 -c 'import yaml' 2>/dev/null || skip "there is no python3-yaml"
}

# What is exported as JSON, with the names of companies and users in order.
names() {
	ok export --json "$@"
	json '[.companies[] | .name, .users[]?.email] | join(" ")'
}

@test "O1 export writes companies with their people, settings, groups and connections" {
	network
	no_settings
	connect $ALFA $BETA
	ok group create $ALFA --name "Grupo Alfa"
	ok group link $ALFA $GAMA
	ok config set session_days 3
	ok company set $GAMA --trade-name Gama --phone "11 3333-4444" --sections tasks
	ok export --json
	holds 'keys_unsorted | join(" ")' "portalctl settings companies groups connections"
	holds .portalctl 1
	holds '.settings | tojson' '{"session_days":"3"}'
	holds '[.companies[].tax_id] | join(" ")' "$OFFICE $ALFA $BETA $GAMA"
	holds '.companies[3] | tojson' "$(jq -cn '{tax_id: "33000167000101", country: "BR",
		name: "Gama ME", trade_name: "Gama", phone: "+551133334444", relation: "none",
		role: "head_office", status: "registered", document_login: "inherit",
		sections: ["tasks"], signup: "on", users: [{email: "gil@gama.example", name: "Gil",
		role: "admin", status: "active"}]}')"
	holds '.groups | tojson' \
		"[{\"main\":\"BR:$ALFA\",\"name\":\"Grupo Alfa\",\"members\":[\"BR:$GAMA\"]}]"
	holds '.connections | tojson' \
		"[{\"from\":\"BR:$ALFA\",\"to\":\"BR:$BETA\",\"status\":\"active\"}]"
}

@test "O1 a portal with nothing in it is its office" {
	export PORTALCTL_DB=$PWD/portal.db
	ok init --office $OFFICE --name Modelo
	ok export
	is "$out" "portalctl: 1
companies:
  - tax_id: \"$OFFICE\"
    country: \"BR\"
    name: \"Modelo\"
    relation: \"none\"
    role: \"head_office\"
    status: \"registered\"
    document_login: \"inherit\"
    sections:
      - \"documents\"
      - \"projects\"
      - \"tasks\"
      - \"sales\"
      - \"support\"
    signup: \"on\""
}

@test "O1 what has ended or was only heard of is not exported" {
	network
	no_settings
	connect $ALFA $BETA
	ok connection end 1 --yes
	ok invite send 60746948000112 --email novo@banco.example
	ok user remove bruna@beta.example
	ok user block beto@beta.example
	ok company disable $GAMA
	ok group create $ALFA
	ok group dissolve $ALFA
	ok export --json
	holds 'keys_unsorted | join(" ")' "portalctl companies"
	holds '[.companies[].tax_id] | join(" ")' "$OFFICE $ALFA $BETA $GAMA"
	holds '.companies[3].status' disabled
	holds '[.companies[2].users[] | "\(.email) \(.status)"] | join(" ")' \
		"bia@beta.example active beto@beta.example blocked"
}

@test "O1 contacts are exported when they are no users, or have phones" {
	network
	ok user set gil@gama.example --phone "11 98765-4321"
	sql "INSERT INTO contact (company_id, name, name_norm, email, phones, created_at, updated_at)
		VALUES (4, 'Davi', 'davi', 'davi@gama.example', '', 1, 1), (4, 'Eva', 'eva', NULL, '', 1, 1),
		(4, 'Eva', 'eva', NULL, '+5511987654322', 1, 1), (4, 'Fia', 'fia', NULL, '', 1, 1),
		(3, 'Eva', 'eva', NULL, '', 1, 1)"
	sql "UPDATE contact SET removed_at = 2 WHERE name = 'Fia'"
	ok export --json
	holds '[.companies[] | select(.contacts) | .name] | join(" ")' "Beta S.A. Gama ME"
	holds '.companies[3].contacts | tojson' "$(jq -cn '[{email: "gil@gama.example", name: "Gil",
		phones: ["+5511987654321"]}, {email: "davi@gama.example", name: "Davi"}, {name: "Eva"}]')"
}

@test "O1 passwords, links and history stay inside" {
	network
	no_settings
	echo 'uma senha longa 27' >password
	ok user passwd ana@alfa.example --password-file password
	for format in table json; do
		ok export --format $format
		is "$(grep -ciE 'password|senha|scrypt|token|serial|access' out.txt)" 0 "secrets"
	done
}

@test "O1 the YAML says what the JSON says" {
	need_yaml
	network
	connect $ALFA $BETA
	ok group create $ALFA
	ok company add 60746948000112 --name no --trade-name "\"a\": #b \\ 'c' 🦊 ç" --sections ""
	for name in '~' null 010 '- a' '1e3' 'yes' '2026-03-01' '{a: b}' '*a' '!a' '%' '@' '=' '<<'; do
		ok user add "u$((count += 1))@b.example" --company 60746948000112 --name "$name"
	done
	ok config set host_name ""
	ok export --json
	json tojson >want
	ok export
	is "$(yaml tojson)" "$(cat want)" "YAML"
	is "$(yaml '[.companies[4].users[].name] | join(" ")')" \
		"~ null 010 - a 1e3 yes 2026-03-01 {a: b} *a !a % @ = <<"
}

@test "O1 one company is exported with its people, and by any of its names" {
	network
	connect $ALFA $BETA
	ok config set session_days 3
	is "$(names --company 11.222.333/0001-81)" "Alfa Ltda. ana@alfa.example caio@alfa.example"
	holds 'keys_unsorted | join(" ")' "portalctl companies"
	is "$(names --company 2)" "Alfa Ltda. ana@alfa.example caio@alfa.example"
	fails 3 export --company 60746948000112
	fails 6 export --company 65635571000149
	ok invite send 60746948000112 --email novo@banco.example
	code wrong_state export --company 60746948000112
}

@test "O1 a manifest may have the name of a set" {
	network
	ok export --set office.2026 --json
	holds .set office.2026
	ok export --set office.2026
	is "$(sed -n 2p out.txt)" 'set: "office.2026"'
	for name in Office "a b" "" "$(printf 'a%.0s' {1..65})"; do
		fails 6 export --set "$name"
	done
}

@test "O1 two exports are equal, and an export changes nothing" {
	network
	untouched ok export
	cp out.txt first
	ok export
	cmp first out.txt
}

@test "O1 a portal that is made from an export exports the same" {
	network
	connect $ALFA $BETA
	ok group create $ALFA --name "Grupo Alfa"
	ok group link $ALFA $BETA
	ok config set session_days 3
	ok company set $BETA --trade-name "\"a\": #b \\ 'c' ~ 🦊" --phone "11 3333-4444" --sections ""
	ok company set $ALFA --signup off --document-login on --relation client
	ok user set bia@beta.example --phone "11 98765-4321" --phone "11 3333-4444"
	ok user block beto@beta.example
	ok contact add --company $GAMA --name "010" --phone "11 98765-4322"
	ok group link $ALFA $GAMA
	connect $BETA $GAMA
	ok company disable $GAMA
	ok export
	cp out.txt all.yaml
	rm -f portal.db*
	ok init --office $OFFICE --name Outro --allow-clock-override
	ok apply -f all.yaml --json
	holds ".items[] | select(.data.name == \"$GAMA\") | .data.changes.status[1]" disabled
	is "$(mailed access_link | tr ' ' '\n' | grep -c gama)" 0 "links into a disabled company"
	ok export
	diff all.yaml out.txt
	ok diff -f all.yaml --exit-code
}

@test "O1 the office's admins export, nobody else" {
	network
	ok user add davi@office.example --company $OFFICE --name Davi --active
	ok export --as dora@office.example
	cp out.txt first
	ok export
	cmp first out.txt
	for user in davi@office.example ana@alfa.example caio@alfa.example; do
		denied export --as $user
		denied export --as $user --company $ALFA
	done
}

@test "export has two formats and no fields" {
	network
	for format in csv tsv ids count; do
		fails 2 export --format $format
		has "$err" "table, json"
	done
	fails 2 export --fields name
	fails 2 export --dry-run
	ok -q export
	is "$(head -1 out.txt)" "portalctl: 1"
}

@test "an export that can't be written fails" {
	network
	local status=0
	"$PORTALCTL" export >/dev/full 2>err.txt || status=$?
	is "$status" 1
	one_sentence
}

@test "the JSON is what the manifest's schema says" {
	network
	connect $ALFA $BETA
	ok group create $ALFA
	"$PORTALCTL" schema | grep -qx manifest || skip "there is no schema of manifests yet"
	python3 -c 'import jsonschema' 2>/dev/null || skip "there is no python3-jsonschema"
	ok export --json --set a
	"$PORTALCTL" schema manifest >schema.json
	python3 -c 'import json, jsonschema
jsonschema.validate(json.load(open("out.txt")), json.load(open("schema.json")))'
}

# Adds companies 1000 to 1000 + N - 1, each with a contact and a user.
many() {
	sqlite3 "$PORTALCTL_DB" "
		WITH RECURSIVE n (i) AS (SELECT 1000 UNION ALL SELECT i + 1 FROM n WHERE i < 999 + $1)
		INSERT INTO company (id, country, tax_id, name, name_norm, relation, role, status,
			document_login, sections, signup_serial, created_at, updated_at)
		SELECT i, 'AR', 'X' || i, 'Nome ' || i, 'nome', 'client', 'unknown', 'registered', 'inherit',
			'documents' || char(10) || 'tasks', 1, 1, 1 FROM n;
		INSERT INTO contact (id, company_id, name, name_norm, email, phones, created_at, updated_at)
		SELECT id, id, 'Ana', 'ana', 'a' || id || '@x.example',
			'+5511987654321' || char(10) || '+5511987654322', 1, 1 FROM company WHERE id >= 1000;
		INSERT INTO contact (company_id, name, name_norm, phones, created_at, updated_at)
		SELECT id, 'Bia', 'bia', '', 1, 1 FROM company WHERE id >= 1000;
		INSERT INTO \"user\" (company_id, contact_id, email, role, status, must_change_password,
			area_access, created_via, access_serial, is_first, created_at, updated_at)
		SELECT company_id, id, email, 'admin', 'active', 0, 0, 'add', 1, 1, 1, 1
			FROM contact WHERE id >= 1000 AND email IS NOT NULL"
}

# Kilobytes that an export had at most when its last 100,000 bytes were to come: a
# pipe that nobody reads holds it there.
peak() {
	"$PORTALCTL" export --json >out.txt
	python3 -c 'import re, subprocess, sys
export = subprocess.Popen(sys.argv[2:], stdout=subprocess.PIPE)
export.stdout.read(int(sys.argv[1]) - 100000)
print(re.search(r"VmHWM:\s*(\d+)", open(f"/proc/{export.pid}/status").read())[1])
export.stdout.read()
sys.exit(export.wait())' "$(wc -c <out.txt)" "$PORTALCTL" export --json
}

# The page cache of the database is about full with the smaller one.
@test "O1 an export takes no more memory for 30,000 companies than for 10,000" {
	local small large
	network
	many 10000
	small=$(peak)
	holds '.companies | length' 10004
	rm -f portal.db*
	for file in "$BATS_RUN_TMPDIR"/network/portal.db*; do cp -p "$file" .; done
	many 30000
	large=$(peak)
	holds '[.companies | length, (map(.users // [] | length) | add), (map(.contacts // [] | length) | add)]
		| join(" ")' "30004 30007 60000"
	[ $((large - small)) -lt 1000 ] || is "$small $large" "at most 1000 kilobytes apart"
}
