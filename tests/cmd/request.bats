load helpers
load network

FIELDS="id status from_tax_id from_name to_tax_id to_name email contact_name invite_id created_at updated_at"

# ask [ARGS...]: Alfa asks Beta.
ask() {
	ok request send --from $ALFA --to $BETA --email ana@alfa.example "$@"
}

@test "N3 a request is open and has all its fields" {
	network
	ask --name "Ana Lima" --json
	is "$(json '.kind, .changed, .action' | paste -sd' ')" "request true sent"
	is "$(json '.data | keys_unsorted | join(" ")')" "$FIELDS"
	is "$(json '.data | map_values(tostring) | join("|")')" \
		"1|open|$ALFA|Alfa Ltda.|$BETA|Beta S.A.|ana@alfa.example|Ana Lima|null|2026-03-01T12:00:00Z|2026-03-01T12:00:00Z"
	is "$(sql "SELECT action, target_kind, target_id FROM audit ORDER BY id DESC LIMIT 1")" \
		"request.send|request|1"
}

@test "N3 the admins of the other company get a notification and an e-mail, the contact none" {
	network
	ask
	is "$(mailed request_sent)" "beto@beta.example bia@beta.example"
	is "$(notified request_sent)" $BETA
	has "$(sql "SELECT text FROM notification")" "Alfa Ltda. quer se conectar com Beta S.A."
}

@test "N3 a company without an admin hears of it at its own address" {
	network
	ok company add 60746948000112 --name Delta --email contato@delta.example
	ok request send --from $ALFA --to 60746948000112 --email ana@alfa.example
	is "$(mailed request_sent)" "contato@delta.example"
}

@test "N3 a request makes no connection and no invite" {
	network
	ask
	is "$(sql "SELECT (SELECT count(*) FROM connection) + (SELECT count(*) FROM invite)")" 0
}

@test "N3 a second open request is a conflict that names the first" {
	network
	ask
	refused 5 "in request '1'" request send --from $ALFA --to $BETA --email outra@alfa.example
	refused 5 '"target":{"kind":"request","id":1}' \
		request send --from $ALFA --to $BETA --email outra@alfa.example --json
	has "$err" '"code":"already_exists"'
	is "$(sql "SELECT count(*) FROM request")" 1
}

@test "N3 --if-not-exists gives the open request and tells nobody again" {
	network
	ask
	ask --if-not-exists --json
	is "$(json '.changed, .action, .data.id' | paste -sd' ')" "false unchanged 1"
	is "$(mailed request_sent)" "beto@beta.example bia@beta.example"
}

@test "N3 the other direction is a request of its own" {
	network
	ask
	ok request send --from $BETA --to $ALFA --email bia@beta.example --json
	is "$(json .data.id)" 2
	is "$(notified request_sent)" "$BETA $ALFA"
}

@test "N3 a company that is connected already can't be asked, from either side" {
	network
	connect $BETA $ALFA
	refused 5 "are connected already" request send --from $ALFA --to $BETA --email ana@alfa.example
	refused 5 '"code":"conflict"' \
		request send --from $BETA --to $ALFA --email bia@beta.example --json
}

@test "N3 only a registered company is asked" {
	network
	refused 3 "there is no company '60746948000112'" \
		request send --from $ALFA --to 60746948000112 --email ana@alfa.example
	ok invite send 60746948000112 --email novo@delta.example
	refused 5 "is not registered" \
		request send --from $ALFA --to 60746948000112 --email ana@alfa.example
	ok company disable $BETA
	refused 5 '"code":"wrong_state"' \
		request send --from $ALFA --to $BETA --email ana@alfa.example --json
	has "$err" '"field":"to"'
}

@test "N3 only a registered company asks" {
	network
	ok company disable $ALFA
	refused 5 "11.222.333/0001-81" request send --from $ALFA --to $BETA --email a@alfa.example
	refused 3 "there is no company" request send --from 60746948000112 --to $BETA --email a@b.example
}

@test "N3 asking oneself is invalid" {
	network
	refused 6 "a company can't ask itself" \
		request send --from $ALFA --to 11.222.333/0001-81 --email ana@alfa.example
}

@test "N3 the faults of e-mail and name come at once" {
	network
	refused 6 '"field":"email"' request send --to $BETA --email nobody \
		--name "$(printf 'x%.0s' {1..201})" --json
	has "$err" '"field":"name"'
	refused 6 "" request send --from $ALFA --to 11222333000180 --email ana@alfa.example
	refused 2 "--to" request send --email ana@alfa.example
	refused 2 "--email" request send --to $BETA
}

@test "N3 the asking company is one's own, and the operator's is the office" {
	network
	ok request send --to $BETA --email dora@office.example --json
	is "$(json .data.from_tax_id)" $OFFICE
	ok request send --to $BETA --email ana@alfa.example --as ana@alfa.example --json
	is "$(json .data.from_tax_id)" $ALFA
}

@test "N3 an invite of the other company answers the request" {
	network
	ask
	export PORTALCTL_NOW=2026-03-02T12:00:00Z
	ok invite send $ALFA --from $BETA --email ana@alfa.example --json
	is "$(json .data.request_id)" 1
	ok request show 1 --json
	is "$(json '.data | "\(.status) \(.invite_id) \(.updated_at)"')" "invited 1 2026-03-02T12:00:00Z"
	is "$(sql "SELECT target_kind, target_id, changes FROM audit WHERE action = 'request.invited'")" \
		'request|1|{"status":["open","invited"],"invite_id":[null,"1"]}'
	refused 5 "was answered with an invite" request dismiss 1
	has "$err" "portalctl invite show 1"
	refused 5 '"code":"wrong_state"' request dismiss 1 --json
}

@test "N3 an invite of the asking company leaves its request open until it is accepted" {
	network
	ask
	ok invite send $BETA --from $ALFA --email bia@beta.example
	ok request show 1 --json
	is "$(json .data.status)" open
	ok invite accept 1
	ok request show 1 --json
	is "$(json '.data | "\(.status) \(.invite_id)"')" "invited 1"
}

@test "N3 dismissing is done once, and a new request may follow" {
	network
	ask
	export PORTALCTL_NOW=2026-03-02T12:00:00Z
	ok request dismiss 1 --as bia@beta.example --json
	is "$(json '.changed, .action, .data.status, .data.updated_at' | paste -sd' ')" \
		"true dismissed dismissed 2026-03-02T12:00:00Z"
	ok request show 1 --json
	is "$(json '.data | "\(.status) \(.updated_at)"')" "dismissed 2026-03-02T12:00:00Z"
	export PORTALCTL_NOW=2026-03-03T12:00:00Z
	ok request dismiss 1 --json
	is "$(json '.changed, .action, .data.updated_at' | paste -sd' ')" \
		"false unchanged 2026-03-02T12:00:00Z"
	is "$(sql "SELECT actor || ' ' || acting_as FROM audit WHERE action = 'request.dismiss'" |
		sed 's/^[^ ]* //')" "bia@beta.example/$BETA"
	ask --json
	is "$(json .data.id)" 2
}

@test "N3 whoever is no party finds the request as absent, byte for byte" {
	network
	local verb
	for verb in show dismiss; do
		refused 3 "there is no connection request '1'" request $verb 1 --as gil@gama.example
		cp err.txt absent.$verb
	done
	ask
	for verb in show dismiss; do
		refused 3 "" request $verb 1 --as gil@gama.example
		cmp err.txt absent.$verb
	done
	is "$(sql "SELECT status FROM request")" open
	is "$(sql "SELECT count(*) FROM audit WHERE action = 'denied' AND target_kind = 'request'")" 2
	ok request list --as gil@gama.example --format count
	is "$out" 0
}

@test "N3 the users of both parties and the office's staff see a request" {
	network
	local user
	ask
	for user in ana@alfa.example caio@alfa.example bruna@beta.example dora@office.example; do
		ok request show 1 --as $user
		ok request list --as $user --format ids
		is "$out" 1 "list of $user"
	done
}

@test "N3 only an admin of the asked company dismisses" {
	network
	ask
	forbidden request 1 request dismiss 1 --as bruna@beta.example
	forbidden request 1 request dismiss 1 --as ana@alfa.example
	forbidden request 1 request dismiss 1 --as dora@office.example
	is "$(sql "SELECT status FROM request")" open
	ok request dismiss 1 --as beto@beta.example
}

@test "N3 only an admin of the asking company asks" {
	network
	local alfa
	alfa=$(sql "SELECT id FROM company WHERE tax_id = '$ALFA'")
	forbidden company "$alfa" request send --to $BETA --email a@alfa.example --as caio@alfa.example
	forbidden company "$alfa" request send --from $ALFA --to $BETA --email a@alfa.example \
		--as gil@gama.example
	forbidden company "$alfa" request send --from $ALFA --to $BETA --email a@alfa.example \
		--as dora@office.example
	is "$(sql "SELECT count(*) FROM request")" 0
}

@test "N3 a company that is only known by name is absent for a client, byte for byte" {
	network
	local send="request send --to 60746948000112 --email ana@alfa.example --as ana@alfa.example"
	refused 3 "there is no company" $send
	cp err.txt absent
	ok invite send 60746948000112 --email novo@delta.example
	refused 3 "" $send
	cmp err.txt absent
}

@test "a dry run of request shows the same and leaves the database as it was" {
	network
	local before
	before=$(fingerprint)
	ask --dry-run --json
	is "$(json '.dry_run, .action, .data.status, .data.email' | paste -sd' ')" \
		"true sent open ana@alfa.example"
	is "$(fingerprint)" "$before"
	ask
	before=$(fingerprint)
	ok request dismiss 1 -n --json
	is "$(json '.dry_run, .changed, .data.status' | paste -sd' ')" "true true dismissed"
	is "$(fingerprint)" "$before"
}

@test "request list filters by state, companies and text" {
	network
	ask
	ok request send --from $GAMA --to $BETA --email gil@gama.example
	ok request send --from $GAMA --to $ALFA --email gil@gama.example
	ok request dismiss 3
	local words want
	while IFS='|' read -r want words; do
		ok request list --format ids $words
		is "$(paste -sd' ' out.txt)" "$want" "list $words"
	done <<-'E'
		1 2|
		3|--status dismissed
		|--status invited
		1 2 3|--status any
		2|--from 33.000.167/0001-01
		2 3|--from 33000167000101 --status any
		1 2|--to 02919305000127
		1|--search ALFA
		2|--search gil@
		1|--search 1222333
		1|--search 11.222.333/
	E
	refused 3 "there is no company" request list --from 60746948000112
	refused 2 "dismissed" request list --status closed
}

@test "request list sorts and goes on where it was cut" {
	network
	ask
	ok request send --from $GAMA --to $BETA --email abc@gama.example
	ok request list --sort email --format ids
	is "$(paste -sd' ' out.txt)" "2 1"
	ok request list --sort -email --limit 1 --json
	is "$(json '"\(.truncated) \(.items[0].id)"')" "true 1"
	ok request list --sort -email --after "$(json .next)" --format ids
	is "$out" 2
	refused 2 "id, created_at, updated_at, email" request list --sort name
}

@test "request list comes in each format" {
	network
	ask --name "Ana; Lima"
	portalctl request list
	has "$out" "ASKED COMPANY"
	ok request list --json
	is "$(json '.kind, .count, .truncated' | paste -sd' ')" "request.list 1 false"
	is "$(json '.items[0] | keys_unsorted | join(" ")')" "$FIELDS"
	ok request list --format ndjson
	is "$(json .contact_name)" "Ana; Lima"
	ok request list --format csv --csv-dialect excel-br
	has "$out" '"Ana; Lima"'
	ok request list --format tsv --fields id,status
	is "$out" $'1\topen'
	ok request list --format ids
	is "$out" 1
	ok request list --format count
	is "$out" 1
}

@test "request dismiss takes many, and each one's result is told" {
	network
	ask
	ok request send --from $GAMA --to $BETA --email gil@gama.example
	portalctl request dismiss 2 99 1 --json
	is "$status" 7
	is "$(json '.items | map(.ok | tostring) | join(" ")')" "true false true"
	is "$(json '.items[1].error.code')" not_found
	is "$(sql "SELECT count(*) FROM request WHERE status = 'dismissed'")" 2
}

@test "request send takes a batch, and one bad record stops none of the others" {
	network
	cat >batch <<-E
		{"from":"$ALFA","to":"$BETA","email":"ana@alfa.example"}
		{"from":"$ALFA","to":"$ALFA","email":"ana@alfa.example"}
		{"from":"$GAMA","to":"$BETA","email":"gil@gama.example","name":"Gil"}
	E
	portalctl request send --batch batch --format ndjson
	is "$status" 7
	is "$(jq -r 'select(.kind == "result") | .ok' out.txt | paste -sd' ')" "true false true"
	is "$(sql "SELECT from_id <> to_id, contact_name FROM request" | paste -sd' ')" "1| 1|Gil"
	portalctl request send --batch batch --atomic
	is "$status" 5
	is "$(sql "SELECT count(*) FROM request")" 2
}
