load helpers
load network

# A password costs half a second: the tests that need one are few.

LIA="lia@beta.example" PASSWORD="cavalo correto bateria"

# A contact of Beta without access.
with_lia() {
	network
	ok contact add --company $BETA --name "Lia Sá" --email $LIA --phone "(11) 98765-4321"
}

id_of() {
	sql "SELECT id FROM contact WHERE email = '$1'"
}

# user_of EMAIL: role, status, origin, and whether there is a password to be changed.
user_of() {
	sql "SELECT role, status, created_via, password IS NOT NULL, must_change_password
		FROM user WHERE email = '$1'"
}

# lists WANT ARGS...: the list gives these contacts.
lists() {
	ok contact list "${@:2}" --format tsv --fields name
	is "$(paste -sd, out.txt)" "$1" "contacts of ${*:2}"
}

@test "U1 a contact has every documented field" {
	network
	ok contact add --company 02.919.305/0001-27 --name " Lia Sá " --email Lia@Beta.example \
		--phone "(11) 98765-4321" --phone "+5491156121008" --phone "11 98765 4321" --json
	holds '"\(.kind) \(.changed) \(.action)"' "contact true added"
	is "$(json '.data | keys_unsorted | join(" ")')" \
		"id company_tax_id company_name name email phones wa_ids wa_user_ids access created_at updated_at"
	holds '.data | "\(.company_tax_id) \(.company_name) \(.name) \(.email) \(.access)"' \
		"$BETA Beta S.A. Lia Sá lia@beta.example none"
	holds '.data.phones | join(" ")' "+5511987654321 +5491156121008"
	holds '.data | [.wa_ids, .wa_user_ids, .created_at, .updated_at] | tostring' \
		'[[],[],"2026-03-01T12:00:00Z","2026-03-01T12:00:00Z"]'
	is "$(sql "SELECT action, target_kind, target_id, changes FROM audit ORDER BY id DESC LIMIT 1")" \
		"contact.add|contact|$(json .data.id)|{\"company_tax_id\":[null,\"$BETA\"],\"name\":[null,\"Lia Sá\"],\"email\":[null,\"lia@beta.example\"],\"phones\":[null,\"+5511987654321, +5491156121008\"]}"
	ok contact show LIA@beta.example --json
	holds '.data.name' "Lia Sá"
	ok contact show "$(json .data.id)" --json
	holds '.data.email' $LIA
}

@test "U1 a contact without e-mail is never the same as another" {
	network
	ok contact add --company $BETA --name Zé --json
	holds '.data | "\(.email) \(.phones)"' "null []"
	first=$(json .data.id)
	ok contact add --company $BETA --name Zé --email "" --if-not-exists --json
	holds '"\(.changed) \(.data.id > '"$first"')"' "true true"
	ok contact show "$first" --json
	holds .data.name Zé
}

@test "U1 one contact a company and e-mail" {
	with_lia
	untouched fails 5 contact add --company $BETA --name Outra --email LIA@beta.example
	code already_exists contact add --company $BETA --name Outra --email $LIA
	is "$(jq -c .target err.txt)" "{\"kind\":\"contact\",\"id\":$(id_of $LIA)}"
	untouched ok contact add --company $BETA --name Outra --email $LIA --if-not-exists --json
	holds '"\(.changed) \(.action) \(.data.name)"' "false unchanged Lia Sá"
	untouched fails 5 contact add --company $BETA --name Bia --email bia@beta.example
	ok contact add --company $GAMA --name Lia --email $LIA
	fails 2 contact show $LIA
	has "$err" "--company"
	ok contact show $LIA --company $GAMA --json
	holds .data.company_tax_id $GAMA
	ok --as gil@gama.example contact show $LIA --json
	holds .data.company_tax_id $GAMA
}

@test "what is no contact is refused, all faults at once" {
	local i many=()
	network
	untouched fails 2 contact add --name X
	untouched fails 2 contact add --company $BETA
	untouched fails 3 contact add --company 34028316000103 --name X
	untouched fails 6 contact add --company $BETA --name "  "
	untouched fails 6 contact add --company $BETA --name X --email nobody
	untouched fails 6 contact add --company $BETA --name X --phone 123
	untouched fails 6 contact add --company $BETA --name X --phone "4004-1234"
	untouched fails 6 contact add --company $BETA --name "$(printf '%0201d' 0)"
	code invalid contact add --company $BETA --name "" --email x --phone y
	is "$(jq -r '[.errors[].field] | join(" ")' err.txt)" "name email phone"
	for i in {10..30}; do many+=(--phone "(11) 98765-43$i"); done
	untouched fails 6 contact add --company $BETA --name X "${many[@]}"
	has "$err" "at most 20 phones"
	ok contact add --company $BETA --name X "${many[@]:2}"
	untouched fails 3 contact allow ""
	for words in "show nobody@beta.example" "show 999" "set 999 --name X" "remove 999" \
		"allow 999" "deny nobody@beta.example"; do
		# shellcheck disable=SC2086 # words are words
		untouched fails 3 contact $words
	done
}

@test "a phone without an area code gets the portal's" {
	with_lia
	untouched fails 6 contact set $LIA --phone 3333-4444
	ok config set default_area_code 11
	ok contact set $LIA --phone 3333-4444 --json
	holds '.data.phones | join(" ")' "+551133334444"
}

@test "contacts are listed by company, access, name, e-mail and phone" {
	network
	ok contact add --company $BETA --name "João" --phone "(21) 98765-4321"
	ok contact add --company $GAMA --name "Zélia" --email zelia@gama.example
	ok user add ivo@gama.example --company $GAMA --name Ivo
	lists "Bia,Beto,Bruna,João" --company $BETA
	lists "João,Zélia" --access none
	lists "Ivo" --access inactive
	lists "Zélia" --access none --company $GAMA
	lists "João" --search JOAO
	lists "Zélia" --search zelia@
	lists "João" --search "98765-4321"
	lists "João" --search "(21) 9876"
	lists "" --search "21 x"
	lists "Ivo,Zélia,Gil" --sort -id --company $GAMA --search gama
	lists "Gil,Ivo,Zélia" --sort email --company $GAMA
	lists "Zélia,Ivo,Gil" --sort -name --company $GAMA
	ok contact list --sort name --limit 2 --json
	first=$(json '[.items[].id] | join(" ")')
	ok contact list --sort name --after "$(json .next)" --format ids
	is "$(echo $first $(cat out.txt) | tr ' ' '\n' | sort -u | wc -l)" 10
	fails 2 contact list --access any
	fails 3 contact list --company 34028316000103
	untouched fails 2 contact list --sort phones
}

@test "U1 a contact is changed, and only what is given" {
	with_lia
	at 2026-03-02T12:00:00Z
	ok contact set $LIA --name "Lia Souza" --json
	holds '"\(.changed) \(.action) \(.data.name) \(.data.email) \(.data.updated_at)"' \
		"true changed Lia Souza $LIA 2026-03-02T12:00:00Z"
	holds '.data.phones | join(" ")' "+5511987654321"
	is "$(sql "SELECT name_norm FROM contact WHERE email = '$LIA'")" "lia souza"
	is "$(sql "SELECT changes FROM audit WHERE action = 'contact.set'")" \
		'{"name":["Lia Sá","Lia Souza"]}'
	untouched ok contact set $LIA --name "Lia Souza" --phone "11 98765-4321" --json
	holds '"\(.changed) \(.action)"' "false unchanged"
	ok contact set $LIA --phone "(11) 3333-4444" --phone "(21) 98888-7777" --json
	holds '.data.phones | join(" ")' "+551133334444 +5521988887777"
	ok contact set $LIA --phone "" --email lia@nova.example --json
	holds '.data | "\(.email) \(.phones)"' "lia@nova.example []"
	id=$(json .data.id)
	ok contact set "$id" --email "" --json
	holds .data.email null
	untouched fails 6 contact set "$id" --name ""
	untouched fails 6 contact set "$id" --email nobody
	code invalid contact set "$id" --name "" --email nobody
}

@test "U1 an e-mail that another contact has, or that is a login, is not taken" {
	with_lia
	untouched fails 5 contact set $LIA --email bruna@beta.example
	code already_exists contact set $LIA --email bruna@beta.example
	ok contact set $LIA --email ana@alfa.example
	untouched fails 5 contact set bruna@beta.example --email b@beta.example
	has "$err" "portalctl user set bruna@beta.example --email"
	untouched fails 5 contact set bruna@beta.example --email ""
	ok contact set bruna@beta.example --email BRUNA@beta.example --name "Bruna Reis"
	ok user show bruna@beta.example --json
	holds .data.name "Bruna Reis"
}

@test "U1 a contact is removed by a mark, and its e-mail is free again" {
	with_lia
	id=$(id_of $LIA)
	untouched fails 5 contact remove bruna@beta.example
	has "$err" "portalctl user remove bruna@beta.example"
	code conflict contact remove bruna@beta.example
	ok contact remove $LIA --json
	holds '"\(.changed) \(.action) \(.data.name)"' "true removed Lia Sá"
	is "$(sql "SELECT removed_at IS NOT NULL FROM contact WHERE id = $id")" 1
	is "$(sql "SELECT target_id FROM audit WHERE action = 'contact.remove'")" "$id"
	untouched fails 3 contact show $LIA
	untouched fails 3 contact show "$id"
	untouched fails 3 contact remove $LIA
	untouched ok contact remove $LIA --ignore-missing --json
	holds '"\(.changed) \(.action) \(.data.email)"' "false unchanged $LIA"
	lists "" --search lia@
	ok contact add --company $BETA --name Nova --email $LIA --json
	holds ".data.id > $id" true
	ok contact remove $LIA
}

@test "U7 a contact that is allowed becomes an active user and is mailed a link" {
	with_lia
	ok contact allow $LIA --json
	holds '"\(.changed) \(.action) \(.data.access)"' "true allowed active"
	holds '.data | has("token")' false
	is "$(user_of $LIA)" "collaborator|active|contact|0|0"
	is "$(sql "SELECT contact_id FROM user WHERE email = '$LIA'")" "$(id_of $LIA)"
	is "$(mailed access_link)" "$LIA"
	is "$(sql "SELECT (access_expires_at - 1772366400000) / 86400000, access_serial FROM user
		WHERE email = '$LIA'")" "7|2"
	is "$(sql "SELECT action, target_kind, changes FROM audit ORDER BY id DESC LIMIT 1")" \
		"contact.allow|user|{\"email\":[null,\"$LIA\"],\"name\":[null,\"Lia Sá\"],\"role\":[null,\"collaborator\"],\"status\":[null,\"active\"]}"
	is "$(sql "SELECT max(id) FROM user WHERE email = '$LIA'")" \
		"$(sql "SELECT target_id FROM audit WHERE action = 'contact.allow'")"
	untouched ok contact allow $LIA --json
	holds '"\(.changed) \(.action) \(.data.access)"' "false unchanged active"
}

@test "U2 U7 the first one of a company is its admin" {
	network
	ok company add 34028316000103 --name Delta
	ok contact add --company 34028316000103 --name Duda --email d@delta.example
	ok contact add --company 34028316000103 --name Davi --email e@delta.example
	ok contact allow d@delta.example
	ok contact allow e@delta.example
	is "$(user_of d@delta.example) $(user_of e@delta.example)" \
		"admin|active|contact|0|0 collaborator|active|contact|0|0"
}

@test "U7 who was inactive or blocked is active again in the role of before" {
	local state
	with_lia
	for state in inactive blocked; do
		sql "UPDATE user SET status = '$state' WHERE email = 'beto@beta.example'"
		ok contact allow beto@beta.example --json
		holds '"\(.changed) \(.data.access)"' "true active"
		is "$(user_of beto@beta.example)" "admin|active|add|0|0"
		is "$(sql "SELECT changes FROM audit WHERE action = 'contact.allow' ORDER BY id DESC LIMIT 1")" \
			"{\"status\":[\"$state\",\"active\"]}"
	done
	is "$(mailed access_link)" "beto@beta.example beto@beta.example"
}

@test "U7 access needs an e-mail and a registered company" {
	with_lia
	ok contact add --company $BETA --name Zé --json
	id=$(json .data.id)
	untouched fails 6 contact allow "$id"
	has "$err" "portalctl contact set $id --email"
	code invalid contact allow "$id"
	is "$(jq -r .field err.txt)" email
	ok invite send 34028316000103 --email x@delta.example
	ok contact add --company 34028316000103 --name D --email d@delta.example
	untouched fails 5 contact allow d@delta.example
	code wrong_state contact allow d@delta.example
	ok company disable $BETA
	untouched fails 5 contact allow $LIA
	ok contact deny $LIA
	sql "INSERT INTO contact (name, name_norm, email, phones, created_at, updated_at)
		VALUES ('Só', 'so', 'so@x.example', '', 1, 1)"
	ok contact show so@x.example --json
	holds '.data | "\(.company_tax_id) \(.company_name)"' "null null"
	untouched fails 5 contact allow so@x.example
	fails 3 --as ana@alfa.example contact show so@x.example
}

@test "U7 a password that is given is set, and nothing is mailed" {
	with_lia
	portalctl contact allow $LIA --password-stdin --json < <(echo "$PASSWORD")
	is "$status|$err" "0|"
	is "$(user_of $LIA)" "collaborator|active|contact|1|0"
	is "$(sql "SELECT count(*) FROM outbox")" 0
	was=$(sql "SELECT password FROM user WHERE email = '$LIA'")
	sql "INSERT INTO session (user_id, digest, remember, idle_ms, created_at, expires_at,
		last_used_at) SELECT id, 'd', 0, 1, 1, 9999999999999, 1 FROM user WHERE email = '$LIA'"
	echo "outra senha boa" >password
	ok contact allow $LIA --password-file password --json
	holds '"\(.changed) \(.data.access)"' "true active"
	[ "$(sql "SELECT password FROM user WHERE email = '$LIA'")" != "$was" ]
	is "$(sql "SELECT ended_at IS NOT NULL FROM session")" 1
	is "$(grep -c 'scrypt\|cavalo\|outra senha' out.txt)" 0
	is "$(cat portal.db portal.db-wal 2>/dev/null | grep -c 'cavalo correto\|outra senha')" 0
}

@test "U7 passwords that are weak, or do not go together with what is asked, are refused" {
	with_lia
	echo curta27 >short
	echo "$PASSWORD" >password
	untouched fails 6 contact allow $LIA --password-file short
	is "$(grep -c curta27 err.txt)" 0
	untouched fails 2 contact allow $LIA --password-file password --send-password
	untouched fails 2 contact allow $LIA --password-file password --show-token
	untouched fails 2 contact allow $LIA --password "$PASSWORD"
	untouched fails 2 contact allow $LIA bruna@beta.example --password-file password
	untouched portalctl contact allow $LIA bruna@beta.example --send-password --json
	is "$status" 2
	holds '[.items[].error.code] | join(" ")' "usage usage"
	untouched fails 5 --as beto@beta.example contact allow beto@beta.example --send-password
	has "$err" "portalctl user passwd"
	untouched ok --as beto@beta.example contact allow beto@beta.example
	ok outbox list --format count
	is "$out" 0
}

@test "U7 a random password is mailed, shown once on request, and changed at the first login" {
	with_lia
	untouched ok contact allow $LIA --send-password --show-token --dry-run --json
	holds '.data | "\(.access) \(has("token"))"' "active true"
	holds .data.token null
	ok contact allow $LIA --send-password --show-token --json
	password=$(json .data.token)
	[[ $password =~ ^[a-z2-9]{4}(-[a-z2-9]{4}){3}$ ]]
	is "$(user_of $LIA)" "collaborator|active|contact|1|1"
	is "$(mailed temporary_password) $(mailed access_link)" "$LIA "
	is "$(sql "SELECT json_extract(arguments, '$.password_nonce') IS NOT NULL,
		json_extract(arguments, '$.password') FROM outbox")" "1|"
	ok outbox show 1 --body --json
	has "$(json .data.body)" "Senha provisória: …"
	ok contact allow $LIA --send-password --json
	holds '"\(.changed) \(.data | has("token"))"' "true false"
	is "$(sql "SELECT count(DISTINCT arguments) FROM outbox")" 2
	ok user show $LIA --json
	holds .data.must_change_password true
}

@test "P7 no secret is stored, said or logged" {
	with_lia
	ok contact allow $LIA --send-password --show-token --json
	json .data.token >canaries
	ok contact add --company $BETA --name Rui --email rui@beta.example
	ok contact allow rui@beta.example --show-token --json
	json .data.token >>canaries
	is "$(wc -l <canaries)" 2
	sqlite3 portal.db .dump >dump.txt
	ok outbox list --json
	cat out.txt >>dump.txt
	ok audit list --json
	cat out.txt >>dump.txt
	ok contact allow rui@beta.example --json
	cat out.txt >>dump.txt
	is "$(grep -cFf canaries dump.txt)" 0
	is "$(cat portal.db portal.db-wal 2>/dev/null | grep -acFf canaries)" 0
}

@test "U7 the token that is shown is the mailed link's" {
	with_lia
	untouched ok contact allow $LIA --show-token --dry-run --json
	holds .data.token null
	ok contact allow $LIA --show-token
	has "$out" "TOKEN: a"
	ok contact deny $LIA
	ok contact allow $LIA --show-token --json
	is "$(json '.data.token | split(".")[0]')" "a$(sql "SELECT id FROM user WHERE email = '$LIA'")"
	untouched ok contact allow $LIA --show-token --json
	holds .data.token null
	untouched fails 2 contact allow $LIA --show-token --format ids
}

@test "U7 access that is denied ends with its sessions, and can come back" {
	with_lia
	untouched ok contact deny $LIA --json
	holds '"\(.changed) \(.action) \(.data.access)"' "false unchanged none"
	sql "INSERT INTO session (user_id, digest, remember, idle_ms, created_at, expires_at,
		last_used_at) SELECT id, 'd', 0, 1, 1, 9999999999999, 1 FROM user
		WHERE email = 'bruna@beta.example'"
	ok contact deny bruna@beta.example --json
	holds '"\(.changed) \(.action) \(.data.access)"' "true denied inactive"
	is "$(sql "SELECT end_reason, ended_at FROM session")" "contact.deny|1772366400000"
	is "$(sql "SELECT changes FROM audit WHERE action = 'contact.deny'")" \
		'{"status":["active","inactive"]}'
	is "$(user_of bruna@beta.example)" "collaborator|inactive|add|0|0"
	fails 4 --as bruna@beta.example contact list
	untouched ok contact deny bruna@beta.example
	sql "UPDATE user SET status = 'blocked' WHERE email = 'bruna@beta.example'"
	untouched ok contact deny bruna@beta.example --json
	holds '"\(.changed) \(.data.access)"' "false blocked"
	ok contact allow bruna@beta.example
}

@test "U4 the last active admin keeps the access" {
	network
	untouched fails 5 contact deny ana@alfa.example
	code last_admin contact deny ana@alfa.example
	ok contact deny bia@beta.example
	untouched fails 5 contact deny beto@beta.example
}

@test "U5 U7 staff see and change contacts, admins alone give access and remove" {
	local who
	with_lia
	ok user add caco@office.example --company $OFFICE --name Caco --active
	id=$(id_of $LIA)
	for who in caco@office.example bruna@beta.example; do
		ok --as $who contact show $LIA
		forbidden contact "$id" --as $who contact allow $LIA
		forbidden contact "$id" --as $who contact deny $LIA
		forbidden contact "$id" --as $who contact remove $LIA
	done
	ok --as caco@office.example contact set $LIA --name Lia
	ok --as caco@office.example contact add --company $BETA --name Ari
	forbidden contact "$id" --as bruna@beta.example contact set $LIA --name X
	forbidden company 3 --as bruna@beta.example contact add --company $BETA --name X
	forbidden company 3 --as ana@alfa.example contact add --company $BETA --name X
	for words in show set remove allow deny; do
		untouched_but_denied fails 3 --as ana@alfa.example contact $words $LIA
		untouched_but_denied fails 3 --as ana@alfa.example contact $words "$id"
	done
	ok --as bia@beta.example contact set $LIA --name "Lia Sá"
	ok --as bia@beta.example contact allow $LIA
	ok --as dora@office.example contact deny $LIA
	ok --as bia@beta.example contact add --company $BETA --name X --email x@beta.example
	ok --as bia@beta.example contact remove x@beta.example
	ok --as bruna@beta.example contact list --format tsv --fields company_tax_id
	is "$(sort -u out.txt)" $BETA
	ok --as caco@office.example contact list --format tsv --fields company_tax_id
	is "$(sort -u out.txt | wc -l)" 4
}

# Nothing but the audit log changes.
untouched_but_denied() {
	local before
	before=$(sqlite3 portal.db .dump | grep -v audit | sha256sum)
	"$@" && is "$(sqlite3 portal.db .dump | grep -v audit | sha256sum)" "$before" "rest after $*"
}

@test "U10 admins of the main company have the contacts of the whole group" {
	with_lia
	ok group create $ALFA
	ok group link $ALFA $BETA
	ok --as ana@alfa.example contact allow $LIA
	ok --as ana@alfa.example contact add --company $BETA --name Ari
	ok --as ana@alfa.example contact list --format count
	is "$out" 7
	ok --as ana@alfa.example contact list --company $BETA --format count
	is "$out" 5
	ok --as caio@alfa.example contact list --format count
	is "$out" 2
	fails 3 --as caio@alfa.example contact show $LIA
	fails 3 --as bia@beta.example contact show caio@alfa.example
	fails 3 --as ana@alfa.example contact show gil@gama.example
	ok group unlink $ALFA $BETA
	fails 3 --as ana@alfa.example contact show $LIA
}

@test "P8 what is another's looks as if it were not there" {
	local verb
	with_lia
	id=$(id_of $LIA)
	for verb in show remove allow deny; do
		fails 3 --as gil@gama.example contact $verb "$id"
		sed "s/'$id'/'ID'/" err.txt >hidden.txt
		fails 3 --as gil@gama.example contact $verb 999
		sed "s/'999'/'ID'/" err.txt | cmp - hidden.txt
	done
}

@test "U1 rehearsals and batches of contacts" {
	network
	rehearses contact add --company $BETA --name L --email $LIA
	holds '.data | "\(.id) \(.email)"' "null $LIA"
	printf '{"company":"%s","name":"%s","email":"%s","phone":["11 98765-4321"]}\n' \
		$BETA Lia $LIA $BETA Rui rui@beta.example $BETA Bia bia@beta.example >people
	portalctl contact add --batch people --json
	is "$status" 7
	holds '.summary | "\(.ok) \(.failed)"' "2 1"
	for words in "set $LIA --name X" "remove $LIA" "allow $LIA" "deny bruna@beta.example"; do
		# shellcheck disable=SC2086 # words are words
		rehearses contact $words
	done
	ok contact allow $LIA rui@beta.example --json
	holds '[.items[].data.access] | join(" ")' "active active"
	is "$(mailed access_link)" "$LIA rui@beta.example"
	portalctl contact deny $LIA nobody@beta.example bia@beta.example --json
	is "$status" 7
	holds '.summary | "\(.ok) \(.failed)"' "2 1"
	ok contact show $LIA rui@beta.example --format ids
	is "$(wc -l <out.txt)" 2
}

@test "ids of contacts are offered with their access" {
	with_lia
	ok __complete -- contact allow "$(id_of $LIA)"
	is "$out" "$(id_of $LIA)	no access, Lia Sá $LIA"
}
