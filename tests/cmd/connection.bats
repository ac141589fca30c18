load helpers
load network

@test "N12 an accepted invite makes a connection that says since when and from which invite" {
	network
	connect $ALFA $BETA
	ok connection show 1 --json
	is "$(json .kind)" connection
	is "$(json '.data | keys_unsorted | join(" ")')" \
		"id from_tax_id from_name to_tax_id to_name invite_id status since_at ended_at ended_by"
	is "$(json '.data | map_values(tostring) | join("|")')" \
		"1|$ALFA|Alfa Ltda.|$BETA|Beta S.A.|1|active|2026-03-01T12:00:00Z|null|null"
}

@test "N12 either side ends it, and it says when and by whom" {
	network
	local by
	connect $ALFA $BETA
	connect $GAMA $ALFA
	export PORTALCTL_NOW=2026-05-01T09:00:00Z
	ok connection end 1 --as ana@alfa.example --json
	is "$(json '.changed, .action, .data.status' | paste -sd' ')" "true ended ended"
	ok connection end 2 --as ana@alfa.example
	for by in 1 2; do
		ok connection show $by --json
		is "$(json '.data | "\(.status) \(.ended_at) \(.ended_by)"')" \
			"ended 2026-05-01T09:00:00Z ana@alfa.example/$ALFA"
	done
	is "$(sql "SELECT target_kind, target_id FROM audit WHERE action = 'connection.end'" |
		paste -sd' ')" "connection|1 connection|2"
}

@test "N12 the other side hears of the end, by notification and e-mail" {
	network
	connect $ALFA $BETA
	ok connection end 1 --as ana@alfa.example
	is "$(mailed connection_ended)" "beto@beta.example bia@beta.example"
	is "$(notified connection_ended)" $BETA
	is "$(sql "SELECT text FROM notification WHERE kind = 'connection_ended'")" \
		"Alfa Ltda. encerrou a conexão entre Alfa Ltda. e Beta S.A."
}

@test "N12 the inviting side hears of it when the invited one ends it" {
	network
	connect $ALFA $BETA
	ok connection end 1 --as bia@beta.example
	is "$(mailed connection_ended)" "ana@alfa.example"
	is "$(notified connection_ended)" $ALFA
	has "$(sql "SELECT text FROM notification WHERE kind = 'connection_ended'")" "Beta S.A. encerrou"
}

@test "N12 both sides hear of it when the operator ends it" {
	network
	connect $ALFA $BETA
	ok connection end 1 --json
	is "$(json .data.ended_by)" operator
	is "$(mailed connection_ended)" "ana@alfa.example beto@beta.example bia@beta.example"
	is "$(notified connection_ended)" "$BETA $ALFA"
	has "$(sql "SELECT DISTINCT text FROM notification WHERE kind = 'connection_ended'")" \
		"Escritório Modelo encerrou a conexão entre Alfa Ltda. e Beta S.A."
}

@test "N12 ending is done once, and the first end stands" {
	network
	connect $ALFA $BETA
	ok connection end 1 --as ana@alfa.example
	export PORTALCTL_NOW=2026-05-01T09:00:00Z
	ok connection end 1 --as bia@beta.example --json
	is "$(json '.changed, .action, .data.ended_at, .data.ended_by' | paste -sd' ')" \
		"false unchanged 2026-03-01T12:00:00Z ana@alfa.example/$ALFA"
	is "$(notified connection_ended)" $BETA
	is "$(sql "SELECT count(*) FROM audit WHERE action = 'connection.end'")" 1
}

@test "N12 after an end a new invite is pending and connects the two anew" {
	network
	connect $ALFA $BETA
	ok connection end 1
	export PORTALCTL_NOW=2026-06-01T09:00:00Z
	ok invite send $ALFA --from $BETA --email novo@contato.example --json
	is "$(json .data.status)" pending
	ok invite accept 2
	ok connection list --status any --fields id,status,from_tax_id,invite_id,since_at --format csv
	is "$(sed 1d out.txt | tr -d '\r' | paste -sd' ')" \
		"1,ended,$ALFA,1,2026-03-01T12:00:00Z 2,active,$BETA,2,2026-06-01T09:00:00Z"
	ok invite send $ALFA --from $BETA --email outro@contato.example --json
	is "$(json .data.status)" forwarded
}

@test "N7 N12 approving a forwarded invite after an end gives access and connects nobody" {
	network
	connect $ALFA $BETA
	ok invite send $BETA --from $ALFA --email nina@beta.example --json
	is "$(json .data.status)" forwarded
	ok connection end 1 --as ana@alfa.example
	ok request send --from $ALFA --to $BETA --email ana@alfa.example
	ok invite accept 2 --as bia@beta.example --json
	is "$(json .data.status)" accepted
	ok user show nina@beta.example --json
	is "$(json .data.status)" active
	is "$(sql "SELECT status FROM connection")" ended
	is "$(sql "SELECT status FROM request")" open
	ok invite send $ALFA --from $BETA --email novo@alfa.example --json
	is "$(json .data.status)" pending
}

@test "N3 N12 after an end one may ask for an invite again" {
	network
	connect $ALFA $BETA
	refused 5 "are connected already" request send --from $ALFA --to $BETA --email ana@alfa.example
	ok connection end 1
	ok request send --from $ALFA --to $BETA --email ana@alfa.example
}

@test "N12 whoever is no party finds the connection as absent, byte for byte" {
	network
	local verb
	for verb in show end; do
		refused 3 "there is no connection '1'" connection $verb 1 --as gil@gama.example
		cp err.txt absent.$verb
	done
	connect $ALFA $BETA
	for verb in show end; do
		refused 3 "" connection $verb 1 --as gil@gama.example
		cmp err.txt absent.$verb
	done
	is "$(sql "SELECT status FROM connection")" active
	is "$(sql "SELECT count(*) FROM audit WHERE action = 'denied' AND target_kind = 'connection'")" 2
	ok connection list --as gil@gama.example --format count
	is "$out" 0
}

@test "N12 the users of both sides and the office's staff see a connection" {
	network
	local user
	connect $ALFA $BETA
	for user in caio@alfa.example bruna@beta.example dora@office.example; do
		ok connection show 1 --as $user
		ok connection list --as $user --format ids
		is "$out" 1 "list of $user"
	done
}

@test "N12 only an admin of either side ends it" {
	network
	connect $ALFA $BETA
	forbidden connection 1 connection end 1 --as caio@alfa.example
	forbidden connection 1 connection end 1 --as bruna@beta.example
	forbidden connection 1 connection end 1 --as dora@office.example
	is "$(sql "SELECT status FROM connection")" active
}

@test "a dry run of connection end shows the same and leaves the database as it was" {
	network
	local before
	connect $ALFA $BETA
	before=$(fingerprint)
	ok connection end 1 --dry-run --json
	is "$(json '.dry_run, .changed, .data.status, .data.ended_by' | paste -sd' ')" \
		"true true ended operator"
	is "$(fingerprint)" "$before"
}

@test "N12 connection list filters by state, company and text" {
	network
	local words want
	connect $ALFA $BETA
	connect $GAMA $ALFA
	connect $GAMA $BETA
	ok connection end 3
	while IFS='|' read -r want words; do
		ok connection list --format ids $words
		is "$(paste -sd' ' out.txt)" "$want" "list $words"
	done <<-'E'
		1 2|
		3|--status ended
		1 2 3|--status any
		1 2|--company 11.222.333/0001-81
		1|--company 02919305000127
		2 3|--company 33000167000101 --status any
		2|--company 33000167000101 --as ana@alfa.example --status any
		1 3|--as bia@beta.example --status any
		1|--search BETA
		2|--search 33000167
		|--search ninguém
	E
	refused 3 "there is no company" connection list --company 60746948000112
	refused 2 "active" connection list --status open
}

@test "connection list sorts and goes on where it was cut" {
	network
	connect $ALFA $BETA
	connect $GAMA $ALFA
	export PORTALCTL_NOW=2026-05-01T09:00:00Z
	connect $GAMA $BETA
	ok connection end 2
	ok connection list --status any --sort -since_at --limit 2 --json
	is "$(json '"\(.truncated) \([.items[].id] | join(" "))"')" "true 3 2"
	ok connection list --status any --sort -since_at --after "$(json .next)" --format ids
	is "$out" 1
	ok connection list --status any --sort ended_at --format ids
	is "$(paste -sd' ' out.txt)" "1 3 2"
	ok connection list --company $GAMA --status any --limit 1 --json
	is "$(json '.items[0].id')" 2
	ok connection list --company $GAMA --status any --after "$(json .next)" --format ids
	is "$out" 3
	refused 2 "id, since_at, ended_at" connection list --sort name
}

@test "connection list comes in each format" {
	network
	connect $ALFA $BETA
	portalctl connection list
	has "$out" "INVITED COMPANY"
	ok connection list --json
	is "$(json '.kind, .count, .truncated' | paste -sd' ')" "connection.list 1 false"
	ok connection list --format ndjson
	is "$(json '"\(.id) \(.ended_at)"')" "1 null"
	ok connection list --format csv --fields id,to_name
	is "$(tr -d '\r' <out.txt)" $'id,to_name\n1,Beta S.A.'
	ok connection list --format tsv --fields id,status
	is "$out" $'1\tactive'
	ok connection list --format ids
	is "$out" 1
	ok connection list --format count
	is "$out" 1
}

@test "connection end takes many, and each one's result is told" {
	network
	connect $ALFA $BETA
	connect $GAMA $BETA
	portalctl connection end 2 99 1 --json
	is "$status" 7
	is "$(json '.items | map(.ok | tostring) | join(" ")')" "true false true"
	is "$(json '.items[1].error.code')" not_found
	is "$(sql "SELECT count(*) FROM connection WHERE status = 'ended'")" 2
	printf '1\n2\n' >ids
	ok connection end --batch ids --batch-format ids --format ndjson
	is "$(jq -r 'select(.kind == "result") | .changed' out.txt | paste -sd' ')" "false false"
}
