load helpers
load network

# manifest [NAME]: writes standard input, behind the version, to NAME (m.yaml).
manifest() {
	{
		echo 'portalctl: 1'
		cat
	} >"${1:-m.yaml}"
}

# results: "KIND NAME RESULT CHANGES" of what differs, a line each.
results() {
	json '.items[].data | select(.result != "unchanged")
		| "\(.target_kind) \(.name) \(.result) \(.changes | tojson)"'
}

DELTA=45723174000110

everything() {
	manifest <<-END
		settings:
		  access_link_days: 3
		companies:
		- tax_id: $ALFA
		  trade_name: Alfa
		- tax_id: $DELTA
		  name: Delta Ltda.
		  sections: [tasks, documents]
		  contacts:
		  - {email: Caio@delta.example, name: Caio, phones: ["11 98765-4321"]}
		  - {name: Portaria}
		  users:
		  - {email: bia@delta.example, name: Bia}
		  - {email: ana@delta.example, name: Ana, role: admin}
		  - {email: caio@delta.example, access: none}
		groups:
		- {main: $ALFA, name: Grupo, members: [$DELTA, $BETA]}
		connections:
		- {from: $ALFA, to: $GAMA}
	END
}

@test "O1 a manifest creates and updates settings, companies, people, groups, connections" {
	network
	everything
	ok apply -f m.yaml --json
	is "$(results | grep -v ' \(company\|user\|contact\) ' | grep -v delta)" \
		"setting access_link_days updated {\"value\":[\"7\",\"3\"]}
company $ALFA updated {\"trade_name\":[null,\"Alfa\"]}
company $DELTA created $(json ".items[] | select(.data.name == \"$DELTA\") | .data.changes | tojson")
contact Portaria/$DELTA created {\"name\":[null,\"Portaria\"]}
group $ALFA created {\"name\":[null,\"Grupo\"],\"members\":[null,\"$ALFA, $BETA, $DELTA\"]}
connection $ALFA $GAMA created {\"status\":[null,\"active\"]}"
	is "$(results | grep caio@)" \
		"contact caio@delta.example/$DELTA created {\"name\":[null,\"Caio\"],\"email\":[null,\"caio@delta.example\"],\"phones\":[null,\"+5511987654321\"]}
user caio@delta.example/$DELTA created {\"name\":[null,\"Caio\"],\"email\":[null,\"caio@delta.example\"],\"role\":[null,\"collaborator\"],\"status\":[null,\"active\"]}"
	holds '.summary | "\(.ok) \(.changed) \(.failed)"' "10 10 0"
	holds '.items[0] | "\(.line) \(.action) \(.data.target_id)"' "3 applied null"
	ok company show $DELTA --json
	holds '.data | "\(.status) \(.sections | join(" "))"' "registered documents tasks"
	ok user show ana@delta.example --json
	holds '.data | "\(.role) \(.status) \(.created_via)"' "admin active manifest"
	ok db check
	ok audit verify
}

@test "O1 applying twice gives no change, and says so" {
	network
	everything
	ok apply -f m.yaml
	untouched ok apply -f m.yaml --json
	is "$(results)" ""
	holds .summary.changed 0
	untouched ok diff -f m.yaml --exit-code --json
	holds '.items | length' 0
	ok apply -f m.yaml
	is "$(tail -1 out.txt)" "0 created, 0 updated, 10 unchanged, 0 removed"
}

@test "O1 what is absent is left alone, and null clears" {
	network
	manifest <<-END
		companies:
		- tax_id: $BETA
		  phone: 11 3333-4444
		  relation: client
		  users:
		  - {email: bia@beta.example}
	END
	ok apply -f m.yaml --json
	is "$(results)" \
		"company $BETA updated {\"phone\":[null,\"+551133334444\"],\"relation\":[\"none\",\"client\"]}"
	is "$(sql "SELECT count(*) FROM user")" 7 "users that are not named stay"
	manifest <<-END
		settings: {access_link_days: }
		companies:
		- tax_id: $BETA
		  phone: null
		  email: ''
		  relation: ~
		  sections: []
	END
	ok config set access_link_days 9
	ok apply -f m.yaml --json
	is "$(results | cut -d' ' -f1-3)" "setting access_link_days updated
company $BETA updated"
	ok company show $BETA --json
	holds '.data | "\(.phone) \(.email) \(.relation) \(.sections | length) \(.name)"' \
		"null null none 0 Beta S.A."
	ok config get access_link_days --json
	holds .data.value 7
}

@test "O1 every fault of several files comes at once, with its place, and nothing is written" {
	network
	manifest a.yaml <<-END
		companies:
		- tax_id: $BETA
		  phone: nenhum
		  name: null
		  contacts:
		  - {name: Rui, phones: [abc]}
		  users:
		  - {email: bia@beta.example, role: collaborator}
		  - {email: beto@beta.example, status: blocked}
		- tax_id: $ALFA
		  users:
		  - {email: ana@alfa.example, role: collaborator}
		- tax_id: $DELTA
		  users:
		  - {email: x@delta.example, name: X}
	END
	manifest b.yaml <<-END
		settings:
		  base_url: ftp://x
		groups:
		- {main: $DELTA}
		- {main: $GAMA, members: [45997418000153]}
		- {main: $ALFA, members: [$DELTA]}
		connections:
		- {from: $ALFA, to: 45997418000153}
	END
	untouched refused 6 "faults" apply -f a.yaml -f b.yaml --json
	is "$(jq -r '.errors[] | "\(.source.file):\(.source.line):\(.source.column) \(.code) \(.field)"' \
		err.txt | sort -V)" "a.yaml:4:10 invalid_phone phone
a.yaml:5:9 invalid name
a.yaml:7:25 invalid_phone phones
a.yaml:13:37 last_admin role
a.yaml:14:3 invalid name
b.yaml:3:13 invalid base_url
b.yaml:6:36 not_found members
b.yaml:9:30 not_found to"
}

@test "O1 what a user can't be without is told with the faults of the language" {
	network
	manifest <<-END
		companies:
		- tax_id: $ALFA
		  users:
		  - {email: ana@alfa.example, role: null, access: ""}
		  - {email: caio@alfa.example, status: null}
		  - {email: nada}
	END
	untouched refused 6 "faults" apply -f m.yaml --json
	is "$(jq -r '[.errors[] | "\(.source.line) \(.field)"] | join(", ")' err.txt)" \
		"5 role, 5 access, 6 status, 7 email"
}

@test "O1 a dry run and diff leave the database byte for byte as it was" {
	network
	everything
	cp portal.db before.db
	untouched ok apply -f m.yaml --dry-run --json
	holds .summary.dry_run true
	holds '[.items[].data.target_id | numbers] | length' 1 "ids of new records"
	untouched ok diff -f m.yaml --json
	holds '[.items[].data | select(.result == "unchanged")] | length' 0
	holds '.items | length' 10
	holds '.summary | "\(.changed) \(.dry_run)"' "10 true"
	cmp portal.db before.db
}

@test "O1 --exit-code tells a difference by 10, others by 0" {
	network
	everything
	portalctl diff -f m.yaml --exit-code
	is "$status" 10
	is "$(cat err.txt)" "portalctl: 10 objects differ"
	has "$out" "company "
	portalctl apply -f m.yaml --exit-code --json
	is "$status" 10
	is "$(jq -r '"\(.code) \(.exit)"' err.txt)" "changes 10"
	holds .summary.changed 10
	ok apply -f m.yaml --exit-code
	ok diff -f m.yaml
}

@test "O1 a manifest comes as JSON, from standard input, and as a folder in order of names" {
	network
	mkdir d
	manifest d/2.yaml <<<"companies: [{tax_id: $DELTA, name: Delta}]"
	echo '{"portalctl":"1","settings":{"access_link_days":"5"}}' >d/1.json
	echo "no: manifest" >d/notes.txt
	echo "no: manifest" >d/.hidden.yaml
	ok diff -f d --json
	is "$(json '.items[].data.name' | paste -sd' ')" "access_link_days $DELTA"
	"$PORTALCTL" apply -f - --json <d/1.json >out.txt
	holds '.items[0].data.result' updated
	ok diff -f d --json
	is "$(json '.items[].data.name' | paste -sd' ')" "$DELTA"
	mkdir empty
	untouched fails 2 apply -f empty
	untouched fails 1 apply -f absent.yaml
	untouched fails 2 apply
	manifest d/3.yaml <<<"companies: [{tax_id: $DELTA}]"
	untouched refused 6 "is there twice, first at d/2.yaml:2:13" apply -f d
}

@test "U2 the first user of a company is the one said to be its admin" {
	network
	manifest <<-END
		companies:
		- tax_id: $DELTA
		  name: Delta
		  users:
		  - {email: a@delta.example, name: A, role: collaborator}
		  - {email: b@delta.example, name: B, status: inactive}
		  - {email: c@delta.example, name: C}
		  - {email: d@delta.example, name: D}
	END
	ok apply -f m.yaml
	is "$(sql "SELECT email, role, status, is_first FROM user WHERE email LIKE '%delta%' ORDER BY id" |
		paste -sd' ')" "c@delta.example|admin|active|1 a@delta.example|collaborator|active|0 b@delta.example|collaborator|inactive|0 d@delta.example|collaborator|active|0"
	untouched ok apply -f m.yaml
	manifest <<-END
		companies:
		- tax_id: 45997418000153
		  name: Epsilon
		  users:
		  - {email: a@epsilon.example, name: A, role: collaborator}
		  - {email: b@epsilon.example, name: B, role: admin, status: blocked}
	END
	untouched refused 5 "m.yaml:6:47" apply -f m.yaml
	code first_user apply -f m.yaml
}

@test "U4 admins may change places in one manifest, but the last one stays" {
	network
	manifest <<-END
		companies:
		- tax_id: $ALFA
		  users:
		  - {email: ana@alfa.example, role: collaborator}
		  - {email: caio@alfa.example, role: admin}
	END
	ok apply -f m.yaml --json
	is "$(results)" "user ana@alfa.example/$ALFA updated {\"role\":[\"admin\",\"collaborator\"]}
user caio@alfa.example/$ALFA updated {\"role\":[\"collaborator\",\"admin\"]}"
	manifest <<<"companies: [{tax_id: $ALFA, users: [{email: caio@alfa.example, status: inactive}]}]"
	untouched refused 5 "is the last active admin" apply -f m.yaml
	code last_admin apply -f m.yaml
	ok audit verify
}

@test "U7 new active users are mailed a link, unless access is none or they have a password" {
	network
	printf 'uma-senha-segura\n' >senha.txt
	mkdir d
	printf 'outra-senha-boa\n' >d/senha.txt
	manifest d/m.yaml <<-END
		companies:
		- tax_id: $DELTA
		  name: Delta
		  users:
		  - {email: ana@delta.example, name: Ana, role: admin, password_file: senha.txt}
		  - {email: bia@delta.example, name: Bia}
		  - {email: caio@delta.example, name: Caio, access: none}
		  - {email: duda@delta.example, name: Duda, status: inactive}
	END
	ok apply -f d/m.yaml
	is "$(mailed access_link)" bia@delta.example
	ok session login --company $DELTA --email ana@delta.example --password-file d/senha.txt
	is "$(grep -c outra-senha portal.db)" 0
	printf 'curta' >d/senha.txt
	ok apply -f d/m.yaml --json
	holds .summary.changed 0
	manifest d/m.yaml <<-END
		companies:
		- tax_id: $DELTA
		  users:
		  - {email: eva@delta.example, name: Eva, password_file: senha.txt}
		  - {email: fabi@delta.example, name: Fabi, password_file: nada.txt}
	END
	printf 'settings: {access_link_days: 0}\ngroups: [{main: 45997418000153}]\n' >>d/m.yaml
	untouched refused 6 "4 faults" apply -f d/m.yaml
	has "$err" "d/m.yaml:7:"
	has "$err" "d/m.yaml:8:"
	has "$err" "d/m.yaml:5:"
	has "$err" "d/m.yaml:6:"
	untouched fails 6 diff -f d/m.yaml
}

@test "O1 status of users and companies changes as the commands change it" {
	network
	manifest <<-END
		companies:
		- {tax_id: $BETA, status: disabled}
		- tax_id: $ALFA
		  users:
		  - {email: caio@alfa.example, status: blocked, name: Caio Silva}
	END
	ok apply -f m.yaml --json
	is "$(results)" "company $BETA updated {\"status\":[\"registered\",\"disabled\"]}
user caio@alfa.example/$ALFA updated {\"name\":[\"Caio\",\"Caio Silva\"],\"status\":[\"active\",\"blocked\"]}"
	is "$(sql "SELECT action FROM audit ORDER BY id DESC LIMIT 3" | paste -sd' ')" \
		"company.disable user.block contact.set"
	sed -i s/blocked/active/ m.yaml
	ok apply -f m.yaml
	is "$(mailed user_activated)" caio@alfa.example
	ok user deactivate caio@alfa.example
	sed -i 's/status: active/&, role: admin/' m.yaml
	ok apply -f m.yaml
	is "$(sql "SELECT action || changes FROM audit ORDER BY id DESC LIMIT 2")" \
		'user.activate{"status":["inactive","active"]}
user.set-role{"role":["collaborator","admin"]}'
	manifest <<<"companies: [{tax_id: $OFFICE, status: disabled}]"
	untouched refused 5 "the office can't be disabled" apply -f m.yaml
}

@test "O1 nobody is let into a disabled company, nor is it joined to others" {
	network
	ok user block beto@beta.example
	ok company disable $BETA
	manifest <<-END
		companies:
		- tax_id: $BETA
		  users:
		  - {email: beto@beta.example, status: active}
		  - {email: novo@beta.example, name: Novo, status: inactive}
		groups: [{main: $ALFA, members: [$BETA]}]
		connections: [{from: $ALFA, to: $BETA}]
	END
	untouched refused 5 "company '02.919.305/0001-27' is disabled" apply -f m.yaml --json
	is "$(jq -r '.errors[] | "\(.source.line) \(.code) \(.field)"' err.txt)" "5 wrong_state status
6 wrong_state email
7 wrong_state members
8 wrong_state to"
	sed -i "s/- tax_id: $BETA/&\n  status: registered/" m.yaml
	ok apply -f m.yaml
}

@test "O1 groups get exactly the members named, also from each other; connections end" {
	network
	connect $ALFA $GAMA
	ok group create $ALFA
	ok group link $ALFA $BETA
	manifest <<-END
		groups:
		- {main: $GAMA, members: [$BETA]}
		- {main: $ALFA, name: Novo, members: []}
		connections:
		- {from: $GAMA, to: $ALFA, status: ended}
	END
	ok apply -f m.yaml --json
	is "$(results)" "group $GAMA created {\"name\":[null,\"Gama ME\"],\"members\":[null,\"$GAMA, $BETA\"]}
group $ALFA updated {\"name\":[\"Alfa Ltda.\",\"Novo\"],\"members\":[\"$ALFA, $BETA\",\"$ALFA\"]}
connection $GAMA $ALFA updated {\"status\":[\"active\",\"ended\"]}"
	is "$(notified connection_ended)" "$ALFA $GAMA"
	untouched ok apply -f m.yaml
	manifest <<<"groups: [{main: $ALFA, members: [$BETA]}]"
	untouched refused 5 "is in the group of" apply -f m.yaml
}

@test "O1 all members of a group that can't be are told at once, each at its place" {
	network
	ok group create $GAMA
	ok group link $GAMA $BETA
	manifest <<-END
		groups:
		- main: $ALFA
		  members:
		  - $DELTA
		  - $BETA
		  - "45997418000153"
	END
	untouched refused 3 "3 faults" apply -f m.yaml
	is "$(grep -o '^  .*m.yaml:[0-9:]*: .*' err.txt)" \
		"  m.yaml:5:5: there is no company '$DELTA'
  m.yaml:6:5: company '02.919.305/0001-27' is in the group of '33.000.167/0001-01' already
  m.yaml:7:5: there is no company '45997418000153'"
	manifest <<-END
		groups:
		- main: $ALFA
		  members: [$BETA, $ALFA, "02.919.305/0001-27"]
	END
	untouched refused 6 "2 faults" apply -f m.yaml
	has "$err" "m.yaml:4:29: 'BR:$ALFA' is the main company, and no member besides"
	has "$err" "m.yaml:4:45: 'BR:$BETA' is there twice, first at m.yaml:4:13"
}

# A set of two companies, of which one has a user and a contact.
set_of_two() {
	manifest <<-END
		set: base
		companies:
		- tax_id: $ALFA
		  contacts: [{email: zeca@alfa.example, name: Zeca}]
		  users: [{email: zora@alfa.example, name: Zora}]
		- tax_id: $DELTA
		  name: Delta
		  contacts: [{name: Portaria}]
		  users: [{email: dalva@delta.example, name: Dalva}]
		groups: [{main: $DELTA}]
		connections: [{from: $ALFA, to: $DELTA}]
	END
	ok apply -f m.yaml
}

@test "O1 pruning takes away what the same set made and no file names" {
	network
	set_of_two
	manifest other.yaml <<-END
		set: other
		companies: [{tax_id: 45997418000153, name: Outra}]
	END
	ok apply -f other.yaml
	manifest <<<"set: base"
	untouched ok diff -f m.yaml --prune --json
	ok apply -f m.yaml --prune --json
	is "$(results)" "connection $ALFA $DELTA removed {\"status\":[\"active\",\"ended\"]}
group $DELTA removed {\"name\":[\"Delta\",null]}
company $DELTA removed {\"status\":[\"registered\",\"disabled\"]}
user zora@alfa.example/$ALFA removed {\"status\":[\"active\",\"inactive\"]}
contact zeca@alfa.example/$ALFA removed {\"name\":[\"Zeca\",null]}"
	is "$(sql "SELECT status FROM company WHERE tax_id = '45997418000153'")" registered
	is "$(sql "SELECT status FROM user WHERE email = 'dalva@delta.example'")" active
	untouched ok apply -f m.yaml --prune --json
	holds '.items | length' 0
	ok audit verify
}

@test "O1 pruning needs a set, has a limit, and keeps last admins" {
	network
	set_of_two
	untouched ok apply -f m.yaml --prune
	manifest <<<"set: base"
	untouched refused 5 "5 objects of the set 'base'" apply -f m.yaml --prune --max-prune 4
	has "$err" "diff --prune --max-prune 5"
	untouched refused 2 "no use without '--prune'" apply -f m.yaml --max-prune 3
	untouched refused 2 "no use without '--prune'" diff -f m.yaml --max-prune 3
	untouched refused 2 "counts from 0" apply -f m.yaml --prune --max-prune -1
	untouched refused 5 "at most 0 may be" apply -f m.yaml --prune --max-prune 0
	untouched ok apply -f m.yaml
	manifest <<<"settings: {language: en}"
	untouched fails 2 apply -f m.yaml --prune
	manifest <<-END
		set: base
		companies: [{tax_id: $DELTA}]
		groups: [{main: $DELTA}]
	END
	untouched refused 5 "'dalva@delta.example' is the last active admin" apply -f m.yaml --prune
}

@test "O1 P2 pruning that can't read what a set made fails, and says so" {
	network
	set_of_two
	manifest <<<"set: base"
	sqlite3 portal.db "ALTER TABLE manifest_object RENAME TO unreadable"
	untouched fails 1 apply -f m.yaml --prune
}

@test "O1 one person has one name" {
	network
	manifest <<-END
		companies:
		- tax_id: $ALFA
		  contacts: [{email: zeca@alfa.example, name: Zeca}]
		  users: [{email: zeca@alfa.example, name: José}]
	END
	untouched refused 6 "m.yaml:5:44" apply -f m.yaml
}

@test "O1 only admins of the office and the operator apply and compare" {
	network
	everything
	ok user add eva@office.example --company $OFFICE --name Eva --active
	local who
	for who in ana@alfa.example eva@office.example; do
		denied apply -f m.yaml --as $who
		denied diff -f m.yaml --as $who
	done
	ok diff -f m.yaml --as dora@office.example
	ok apply -f m.yaml --as dora@office.example
	is "$(sql "SELECT acting_as FROM audit WHERE action = 'company.add' ORDER BY id DESC LIMIT 1")" \
		dora@office.example/$OFFICE
}

@test "O1 the schema of manifests is printed" {
	network
	ok schema manifest
	is "$(jq -r '."$schema"' out.txt)" "https://json-schema.org/draft/2020-12/schema"
	is "$(jq -r '.properties | has("companies")' out.txt)" true
	ok schema
	is "$(grep -cx manifest out.txt)" 1
}

@test "O1 P12 output that ends among unchanged objects still says that the change was made" {
	local count=0
	network
	{
		echo 'companies:'
		while [ "$count" -lt 2000 ]; do
			printf -- '- {country: US, tax_id: "9%06d", name: "Company number %d"}\n' "$count" "$count"
			count=$((count + 1))
		done
	} | manifest
	ok apply -f m.yaml
	printf -- '- {country: US, tax_id: "8000000", name: New}\n' >>m.yaml
	status=0
	"$PORTALCTL" apply -f m.yaml --format ndjson >/dev/full 2>err.txt || status=$?
	is "$status" 1
	has "$(cat err.txt)" "the change was made all the same"
	is "$(sqlite3 portal.db "select count(*) from company where name = 'New'")" 1
}
