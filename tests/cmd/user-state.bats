load helpers
load network

ANA="ana@alfa.example" CAIO="caio@alfa.example"

# change ACTION: what the audit log says of the last such change.
change() {
	sql "SELECT changes FROM audit WHERE action = '$1' ORDER BY id DESC LIMIT 1"
}

# session EMAIL: puts an open session of that user into the database.
session() {
	sql "INSERT INTO session (user_id, digest, remember, idle_ms, created_at, expires_at,
		last_used_at) SELECT id, 'd' || id, 0, 1, 1, 9999999999999, 1 FROM user
		WHERE email = '$1'"
}

# ended EMAIL: why that user's sessions ended.
ended() {
	sql "SELECT end_reason FROM session s JOIN user u ON u.id = s.user_id
		WHERE u.email = '$1' AND ended_at IS NOT NULL"
}

@test "U5 an admin deactivates, blocks and activates again, and each ends the sessions" {
	local verb state
	network
	for verb in deactivate:inactive block:blocked activate:active; do
		state=${verb#*:} verb=${verb%:*}
		session $CAIO
		rehearses user $verb $CAIO
		ok --as $ANA user $verb Caio@ALFA.example --json
		holds '"\(.changed) \(.action | .[0:5]) \(.data.status)"' "true ${verb:0:5} $state"
		is "$(ended $CAIO)" "user.$verb"
		sql "DELETE FROM session"
		untouched ok user $verb $CAIO --json
		holds '"\(.changed) \(.action)"' "false unchanged"
	done
	is "$(change user.block)" '{"status":["inactive","blocked"]}'
	is "$(sql "SELECT DISTINCT acting_as FROM audit WHERE action = 'user.block'")" "$ANA/$ALFA"
	ok user block $CAIO
	fails 4 --as $CAIO invite list
	ok user deactivate $CAIO --json
	holds '.data | "\(.role) \(.status)"' "collaborator inactive"
}

@test "U4 a company keeps its last active admin whatever is tried" {
	local words
	network
	for words in "deactivate $ANA" "block $ANA" "set-role $ANA collaborator" "remove $ANA" \
		"remove $ANA --ignore-missing"; do
		# shellcheck disable=SC2086 # words are words
		untouched code last_admin user $words
		is "$status" 5 "status of $words"
		# shellcheck disable=SC2086
		untouched fails 5 --as $ANA user $words
	done
	ok user add eva@alfa.example --company $ALFA --name Eva --role admin
	untouched fails 5 user block $ANA
	ok user set-role $CAIO admin
	ok user block $ANA
	untouched fails 5 user set-role $CAIO collaborator
	ok user activate eva@alfa.example
	ok user set-role $CAIO collaborator
	untouched fails 5 user remove eva@alfa.example
}

@test "U4 in one batch the last admin stays too" {
	network
	portalctl user remove bia@beta.example beto@beta.example --json
	is "$status" 7
	holds '.items | map("\(.ok) \(.error.code)") | join(", ")' "true null, false last_admin"
	ok user list --company $BETA --role admin --format count
	is "$out" 1
}

@test "U5 nobody of a disabled company is activated or mailed a way in" {
	local verb
	network
	ok user deactivate $CAIO
	ok company disable $ALFA
	for verb in "activate $CAIO" "send-area-link $CAIO" "send-area-link $ANA" \
		"passwd $ANA --send-link"; do
		# shellcheck disable=SC2086 # words are words
		untouched refused 5 "is disabled" user $verb
		has "$err" "portalctl company enable"
	done
	untouched refused 5 "is disabled" contact allow $CAIO
	untouched ok user activate $ANA
	ok company enable $ALFA
	ok user activate $CAIO
	ok user send-area-link $CAIO
	is "$(mailed user_activated) $(mailed area_link)" "$CAIO $CAIO"
}

# undone VERB: Beto does it to himself in a batch, then to Bruna, which is denied.
undone() {
	rm -f portal.db*
	network
	portalctl --as beto@beta.example user "$1" bruna@beta.example beto@beta.example \
		bruna@beta.example --format ndjson
	is "$status" 7 "status of $1"
	is "$(jq -r 'select(.kind == "result") | "\(.ok) \(.error.code)"' out.txt | paste -sd,)" \
		"true null,true null,false denied" "results of $1"
	is "$(sql "SELECT count(*) FROM audit WHERE action = 'denied'")" 1 "denials of $1"
}

@test "U5 who takes their own rights away has none for the rest of the batch" {
	local verb
	for verb in deactivate block remove; do
		undone $verb
	done
	rm portal.db*
	network
	portalctl --as beto@beta.example user set-role bruna@beta.example beto@beta.example \
		bia@beta.example collaborator --json
	is "$status" 7
	holds '.items | map("\(.ok) \(.error.code)") | join(", ")' \
		"true null, true null, false denied"
	ok user show bia@beta.example --json
	holds .data.role admin
}

@test "U4 U5 admins make users admins and collaborators, several at once" {
	network
	session $CAIO
	rehearses user set-role $CAIO admin
	ok user set-role $CAIO admin --json
	holds '"\(.changed) \(.action) \(.data.role)"' "true changed admin"
	is "$(change user.set-role)" '{"role":["collaborator","admin"]}'
	is "$(ended $CAIO)" user.set-role
	untouched ok user set-role $CAIO admin --json
	holds .changed false
	ok --as bia@beta.example user set-role beto@beta.example bruna@beta.example collaborator --json
	holds '[.items[] | "\(.changed) \(.data.role)"] | join(", ")' \
		"true collaborator, false collaborator"
	echo '{"email":"beto@beta.example","role":"admin"}' | ok user set-role --batch - --json
	holds '.items[0].data.role' admin
	untouched fails 2 user set-role $CAIO
	untouched fails 2 user set-role $CAIO boss
	untouched fails 2 user set-role
	untouched fails 3 user set-role nobody@alfa.example admin
}

@test "U1 a removed user is gone, the contact stays, and the e-mail may come back" {
	local contact id
	network
	ok user show $CAIO --json
	contact=$(json .data.contact_id) id=$(json .data.id)
	session $CAIO
	rehearses user remove $CAIO
	ok --as $ANA user remove $CAIO --json
	holds '"\(.changed) \(.action) \(.data.email)"' "true removed $CAIO"
	is "$(ended $CAIO)" user.remove
	is "$(change user.remove)" \
		"{\"email\":[\"$CAIO\",null],\"role\":[\"collaborator\",null],\"status\":[\"active\",null]}"
	fails 4 --as $CAIO invite list
	for verb in show activate deactivate block remove "passwd --send-link" send-area-link; do
		# shellcheck disable=SC2086
		untouched fails 3 user $verb $CAIO
		# shellcheck disable=SC2086
		untouched fails 3 user $verb "$id"
	done
	untouched fails 3 user set $CAIO --name X
	untouched fails 3 user set-role $CAIO admin
	untouched ok user remove $CAIO --ignore-missing --json
	holds '"\(.changed) \(.action) \(.data.id) \(.data.email)"' "false unchanged null $CAIO"
	untouched ok user remove $CAIO nobody@alfa.example --ignore-missing --json
	holds '[.items[] | "\(.ok) \(.changed)"] | join(", ")' "true false, true false"
	ok user list --company $ALFA --format count
	is "$out" 1
	is "$(sql "SELECT name, removed_at IS NULL FROM contact WHERE id = $contact")" "Caio|1"
	ok user add $CAIO --company $ALFA --json
	holds ".data | \"\(.contact_id) \(.name) \(.id != $id) \(.role) \(.status)\"" \
		"$contact Caio true collaborator inactive"
}

@test "U5 collaborators, strangers and plain staff change no user" {
	local verb
	network
	ok user add caco@office.example --company $OFFICE --name Caco --active
	for verb in activate deactivate block remove send-area-link "passwd --send-link"; do
		# shellcheck disable=SC2086
		fails 4 --as $CAIO user $verb $ANA
		# shellcheck disable=SC2086
		fails 4 --as caco@office.example user $verb $ANA
		# shellcheck disable=SC2086
		fails 3 --as gil@gama.example user $verb $ANA
	done
	fails 4 --as $CAIO user set-role $ANA collaborator
	fails 4 --as $CAIO user set $ANA --name Outra
	fails 3 --as gil@gama.example user set $ANA --name Outra
	is "$(sql "SELECT count(*) FROM audit WHERE action LIKE 'user.%' AND action <> 'user.add'")" 0
	ok --as dora@office.example user set-role $CAIO admin
	ok --as dora@office.example user remove $CAIO
}

@test "U3 who is activated is mailed so, with the link where there is no password" {
	network
	ok user add lia@alfa.example --company $ALFA --name Lia
	ok --as $ANA user activate lia@alfa.example
	is "$(mailed user_activated)" lia@alfa.example
	is "$(mailed access_link)" lia@alfa.example
	is "$(sql "SELECT access_expires_at FROM user WHERE email = 'lia@alfa.example'")" \
		"$(date -u -d 2026-03-08T12:00:00Z +%s)000"
	ok user activate lia@alfa.example
	is "$(mailed user_activated)" lia@alfa.example "mailed once"
	ok user block lia@alfa.example
	sql "UPDATE user SET password = 'x' WHERE email = 'lia@alfa.example'"
	ok user activate lia@alfa.example
	is "$(mailed user_activated)" "lia@alfa.example lia@alfa.example"
	is "$(mailed access_link)" lia@alfa.example
	for language in en pt_BR; do
		ok config set language $language
		ok user block lia@alfa.example
		ok user activate lia@alfa.example
		ok outbox show "$(sql "SELECT max(id) FROM outbox")" --body --json
		has "$(json .data.body)" lia@alfa.example
	done
}

@test "U1 a user's name, phones and e-mail are changed, and the contact's with them" {
	local contact
	network
	ok user show $CAIO --json
	contact=$(json .data.contact_id)
	session $CAIO
	rehearses user set $CAIO --name "Caio Sá" --email c@alfa.example --phone 11987654321
	ok --as $ANA user set $CAIO --name " Caio Sá " --phone "(11) 98765-4321" \
		--phone 1133334444 --phone +5511987654321 --json
	holds '"\(.changed) \(.action) \(.data.name)"' "true changed Caio Sá"
	is "$(sql "SELECT name, name_norm, replace(phones, char(10), ' ') FROM contact
		WHERE id = $contact")" "Caio Sá|caio sa|+5511987654321 +551133334444"
	is "$(ended $CAIO)" "" "a name ends no session"
	is "$(change user.set)" \
		'{"name":["Caio","Caio Sá"],"phones":[null,"+5511987654321, +551133334444"]}'
	untouched ok user set $CAIO --name "Caio Sá" --phone 11987654321 --phone 1133334444 --json
	holds .changed false
	untouched ok user set $CAIO --email CAIO@alfa.example --json
	holds .changed false
	ok user set $CAIO --phone "" --json
	is "$(sql "SELECT phones FROM contact WHERE id = $contact")" ""
	ok user set $CAIO --email c.sa@alfa.example --json
	holds '"\(.changed) \(.data.email)"' "true c.sa@alfa.example"
	is "$(sql "SELECT email FROM contact WHERE id = $contact")" c.sa@alfa.example
	is "$(ended c.sa@alfa.example)" user.set
	is "$(mailed email_changed)" $CAIO
	is "$(sql "SELECT arguments FROM outbox WHERE template = 'email_changed'" | grep -c c.sa)" 0 \
		"the old address is not told the new one"
	fails 3 user show $CAIO
	ok --as c.sa@alfa.example invite list
}

@test "U1 a batch gives each user an e-mail of its own" {
	network
	cat >new.ndjson <<-END
		{"user":"bia@beta.example","email":"bia.lima@beta.example"}
		{"user":"beto@beta.example","email":"roberto@beta.example","name":"Roberto"}
	END
	ok user set --batch new.ndjson --json
	holds '[.items[].data.email] | join(" ")' "bia.lima@beta.example roberto@beta.example"
	printf 'user,email\nroberto@beta.example,beto@beta.example\n' |
		ok user set --batch - --batch-format csv --json
	holds '.items[0].data | "\(.name) \(.email)"' "Roberto beto@beta.example"
	echo beto@beta.example | ok user set --batch - --batch-format ids --name Beto
}

@test "U1 what is no name, phone or e-mail of a user's own is refused" {
	network
	ok user add lia@alfa.example --company $ALFA --name Lia
	untouched fails 6 user set $CAIO --name "  "
	untouched fails 6 user set $CAIO --email nobody
	untouched fails 6 user set $CAIO --phone 123
	untouched fails 6 user set $CAIO --name "$(printf 'a\tb')"
	untouched code already_exists user set $CAIO --email LIA@alfa.example
	ok user remove lia@alfa.example
	untouched fails 5 user set $CAIO --email lia@alfa.example
	# shellcheck disable=SC2046 # many words
	untouched fails 6 user set $CAIO $(printf -- '--phone 1133334%03d ' $(seq 0 20))
	ok user set $CAIO --email bia@beta.example
	ok user show bia@beta.example --company $ALFA
}

@test "U5 one's own name is one's own, one's own e-mail an admin's" {
	network
	ok --as $CAIO user set $CAIO --name "Caio Luz" --phone 1133334444
	forbidden user 3 --as $CAIO user set $CAIO --email novo@alfa.example
	forbidden user 3 --as $CAIO user set $CAIO --name X --email $CAIO
	ok --as $ANA user set $ANA --email ana.l@alfa.example
	is "$(mailed email_changed)" $ANA
}

@test "D3 the office sends the link to the client's area, and the flag is set" {
	network
	ok user add lia@alfa.example --company $ALFA --name Lia
	rehearses user send-area-link lia@alfa.example
	ok --as dora@office.example user send-area-link lia@alfa.example --json
	holds '"\(.changed) \(.action) \(.data.area_access) \(.data.status) \(.data.role)"' \
		"true sent true inactive collaborator"
	is "$(change user.send-area-link)" '{"area_access":["false","true"]}'
	is "$(mailed area_link)" lia@alfa.example
	ok user send-area-link lia@alfa.example bia@beta.example
	is "$(mailed area_link)" "bia@beta.example lia@alfa.example lia@alfa.example"
	is "$(sql "SELECT count(*) FROM audit WHERE action = 'user.send-area-link'")" 3
	ok outbox show "$(sql "SELECT max(id) FROM outbox")" --body --json
	has "$(json .data.body)" "área do cliente"
	ok user block lia@alfa.example
	untouched fails 5 user send-area-link lia@alfa.example
}

@test "U10 an admin of the main company administers the users of the members" {
	network
	ok user add eva@alfa.example --company $ALFA --name Eva
	sql "UPDATE company SET main_company_id = 3 WHERE id IN (2, 3)"
	ok --as bia@beta.example user list --format tsv --fields email
	is "$(wc -l <out.txt)" 6 "users of both companies"
	ok --as bia@beta.example user list --company $ALFA --format count
	is "$out" 3
	ok --as bia@beta.example user show $CAIO
	ok --as bia@beta.example user activate eva@alfa.example
	ok --as bia@beta.example user block $CAIO
	fails 3 --as bruna@beta.example user show eva@alfa.example
	fails 3 --as $ANA user block bruna@beta.example
	ok --as $ANA user list --format count
	is "$out" 3
	fails 3 --as bia@beta.example user show gil@gama.example
	sql "UPDATE company SET main_company_id = NULL"
	fails 3 --as bia@beta.example user activate $CAIO
	ok --as bia@beta.example user list --format count
	is "$out" 3
}
