load helpers
load network

# three: a pending invite each for Beta (1), Gama (2) and, from Alfa, Beta (3).
three() {
	network
	ok invite send $BETA --email novo@beta.example --name Novo
	ok invite send $GAMA --email novo@gama.example
	ok invite send $BETA --from $ALFA --email novo@beta.example
}

@test "N7 accepting connects the two companies" {
	three
	at 2026-04-01T12:00:00Z
	ok --as bia@beta.example invite accept 1 --json
	holds '"\(.changed) \(.action) \(.data.status) \(.data.reason)"' "true accepted accepted null"
	holds '.data | "\(.ended_at) \(.ended_by) \(.updated_at)"' \
		"2026-04-01T12:00:00Z bia@beta.example/$BETA 2026-04-01T12:00:00Z"
	is "$(sql "SELECT from_id, to_id, invite_id, status FROM connection")" "1|3|1|active"
	is "$(sql "SELECT actor <> '', acting_as, action FROM audit ORDER BY id DESC LIMIT 2" |
		paste -sd' ')" \
		"1|bia@beta.example/$BETA|connection.make 1|bia@beta.example/$BETA|invite.accept"
}

@test "N7 a second pending invite accepted later makes no second connection" {
	network
	ok invite send $BETA --email a@beta.example
	ok invite send $BETA --email b@beta.example
	ok invite accept 1
	ok invite accept 2
	is "$(sql "SELECT count(*) FROM connection")" 1
	is "$(sql "SELECT count(*) FROM \"user\" WHERE company_id = 3")" 3
}

@test "N7 an invite of a disabled company is not accepted" {
	three
	ok company disable $ALFA
	untouched fails 5 invite accept 3
	ok company enable $ALFA
	ok invite accept 3
}

@test "N7 accepting needs a registered company with an active admin" {
	network
	ok invite send 11444777000161 --email x@novo.example
	untouched fails 5 invite accept 1
	has "$err" "hint: "
	ok company add 11444777000161 --name "Novo"
	untouched fails 5 invite accept 1
	ok user add x@novo.example --company 11444777000161 --name X
	# No command takes the last admin away, nor does the schema let it.
	sql "DROP TRIGGER user_last_admin; UPDATE user SET status = 'inactive' WHERE email = 'x@novo.example'"
	untouched fails 5 invite accept 1
	sql "UPDATE \"user\" SET status = 'active' WHERE email = 'x@novo.example'"
	ok invite accept 1
	ok invite send $GAMA --email x@gama.example
	ok company disable $GAMA
	untouched fails 5 invite accept 2
}

@test "N7 accepting a forwarded invite lets the person in" {
	network
	connect $OFFICE $BETA
	ok invite send $BETA --email nina@beta.example --name Nina
	ok invite accept 2 --json
	holds .data.status accepted
	ok user show nina@beta.example --json
	holds '.data | "\(.role) \(.status) \(.name) \(.created_via)"' "collaborator active Nina invite"
	is "$(mailed access_link)" nina@beta.example
	is "$(sql "SELECT count(*) FROM connection")" 1
	ok --as nina@beta.example invite list
}

@test "N7 a forwarded invite lets in somebody who waited for activation meanwhile" {
	network
	connect $OFFICE $BETA
	ok invite send $BETA --email nina@beta.example
	ok user add nina@beta.example --company $BETA --name Nina
	ok invite accept 2
	ok user show nina@beta.example --json
	holds '.data | "\(.role) \(.status)"' "collaborator active"
	is "$(mailed access_link)" nina@beta.example
}

@test "N7 a forwarded invite leaves a user as an admin made it meanwhile" {
	network
	connect $OFFICE $BETA
	ok invite send $BETA --email nina@beta.example
	ok user add nina@beta.example --company $BETA --name Nina --role admin --active
	sql "UPDATE \"user\" SET status = 'blocked' WHERE email = 'nina@beta.example'"
	untouched fails 5 invite accept 2
	has "$err" "is blocked"
	sql "UPDATE \"user\" SET status = 'active' WHERE email = 'nina@beta.example'"
	ok invite accept 2
	ok user show nina@beta.example --json
	holds '.data | "\(.role) \(.status)"' "admin active"
	is "$(mailed access_link)" ""
	is "$(sql "SELECT count(*) FROM audit WHERE action = 'user.activate'")" 0
}

@test "N4 N7 refusing keeps who, when and why" {
	three
	at 2026-04-01T12:00:00Z
	ok --as beto@beta.example invite refuse 1 --reason "  não é nosso fornecedor " --json
	holds '.data | "\(.status) \(.reason) \(.reason_text)"' "refused null não é nosso fornecedor"
	holds .data.ended_by "beto@beta.example/$BETA"
	is "$(sql "SELECT count(*) FROM connection")" 0
	ok invite show 1 --json
	holds '.data | "\(.ended_at) \(.updated_at) \(.ended_by) \(.reason_text)"' \
		"2026-04-01T12:00:00Z 2026-04-01T12:00:00Z beto@beta.example/$BETA não é nosso fornecedor"
	ok invite list --status refused --format ids
	is "$out" 1
}

@test "N7 a refused forwarded invite lets nobody in" {
	network
	connect $OFFICE $BETA
	ok invite send $BETA --email nina@beta.example
	ok invite refuse 2
	fails 3 user show nina@beta.example
}

@test "N4 cancelling is the issuer's, with its reason" {
	three
	untouched ok --as ana@alfa.example invite cancel 3 --dry-run
	ok --as ana@alfa.example invite cancel 3 --reason "duplicado" --json
	holds '.data | "\(.status) \(.reason) \(.reason_text)"' "cancelled issuer duplicado"
	ok invite cancel 1 --json
	holds '.data | "\(.reason_text) \(.ended_by)"' "null operator"
}

@test "N4 repeated answers change nothing, others are a conflict" {
	three
	ok invite accept 1
	ok invite refuse 2
	ok invite cancel 3
	untouched ok invite accept 1 --json
	holds '"\(.changed) \(.action)"' "false unchanged"
	untouched ok invite refuse 2 --reason other --json
	holds '"\(.changed) \(.data.reason_text)"' "false null"
	untouched ok invite cancel 3
	untouched fails 5 invite refuse 1
	untouched fails 5 invite cancel 1
	untouched fails 5 invite accept 2
	untouched fails 5 invite accept 3
	code wrong_state invite accept 3
	ok invite list --status any --format count
	is "$out" 3
}

@test "N5 an overdue invite can't be answered but may be cancelled" {
	three
	at 2027-03-01T11:59:59.999Z
	ok invite accept 3
	at 2027-03-01T12:00:00Z
	untouched fails 5 invite accept 1
	untouched fails 5 invite refuse 1
	code invite_expired invite accept 1
	is "$(jq -r .hint err.txt)" \
		"portalctl invite expire && portalctl invite send $BETA --email novo@beta.example"
	fails 5 --as bia@beta.example invite accept 1
	has "$err" "hint: ask 'Escritório Modelo' for a new invite"
	code invite_expired invite refuse 2
	ok invite cancel 1 --json
	holds '.data | "\(.status) \(.reason)"' "cancelled issuer"
}

@test "N11 the issuer hears of acceptance and refusal" {
	three
	ok user add ana2@alfa.example --company $ALFA --name Ana2 --role admin --active
	ok invite accept 1
	is "$(mailed invite_accepted)" dora@office.example
	is "$(notified invite_accepted)" $OFFICE
	ok invite refuse 3
	is "$(mailed invite_refused)" "ana2@alfa.example ana@alfa.example"
	is "$(notified invite_refused)" $ALFA
}

@test "N11 an issuer without users hears at the company's address" {
	network
	ok company add 11444777000161 --name Delta --email delta@delta.example
	ok invite send $BETA --from 11444777000161 --email x@beta.example
	ok invite accept 1
	is "$(mailed invite_accepted)" delta@delta.example
}

@test "N11 the invited side hears of cancellation: the contact and the admins" {
	three
	ok invite cancel 1
	is "$(mailed invite_cancelled)" "beto@beta.example bia@beta.example novo@beta.example"
	is "$(notified invite_cancelled)" $BETA
}

@test "N9 many are accepted by their ids, each with its result" {
	three
	ok invite accept 1 2 3 --json
	holds .kind result.list
	holds '[.items[] | "\(.line) \(.ok) \(.data.id) \(.data.status)"] | join(",")' \
		"1 true 1 accepted,2 true 2 accepted,3 true 3 accepted"
	holds '.summary | "\(.ok) \(.failed)"' "3 0"
}

@test "N9 mixed success is exit 7, and common failure the common status" {
	three
	portalctl invite accept 1 99 2 --json
	is "$status" 7
	holds '[.items[] | "\(.ok) \(.error.code)"] | join(",")' \
		"true null,false not_found,true null"
	untouched portalctl invite accept 98 99 --json
	is "$status" 3
	untouched portalctl invite refuse 1 2
	is "$status" 5
	untouched portalctl invite cancel 3 99 --atomic
	is "$status" 3
}

@test "N9 a filter stands in for ids" {
	three
	ok invite accept --to $BETA --json
	holds '[.items[].data.id] | join(" ")' "1 3"
	ok invite refuse --search gama --json
	holds '[.items[].data.id] | join(" ")' 2
	ok invite refuse --all --json
	holds '.items | length' 0
}

@test "N9 filters narrow together, and forwarded ones count as waiting" {
	network
	connect $OFFICE $BETA
	ok invite send $BETA --email nina@beta.example
	ok invite send $GAMA --email x@gama.example
	ok invite cancel --status forwarded --dry-run --json
	holds '[.items[].data.to_tax_id] | join(" ")' $BETA
	ok invite cancel --from $OFFICE --to $GAMA --json
	holds '[.items[].data.email] | join(" ")' x@gama.example
	ok invite accept --all --format ids
	is "$out" 2
}

@test "N7 what only a token gives a meaning is refused without one" {
	network
	echo "rua das flores" >password
	for words in "--company-name X" "--name X" "--password-file password"; do
		# shellcheck disable=SC2086 # two words
		untouched refused 2 "has no use without '--invite-token'" invite accept 1 $words
		# shellcheck disable=SC2086 # two words
		untouched refused 2 "has no use without '--invite-token'" invite accept --all $words
	done
}

@test "N9 without ids and without a filter nothing is meant" {
	three
	untouched fails 2 invite accept
	untouched fails 2 invite cancel
	untouched fails 2 invite accept 1 --all
	untouched fails 2 invite accept 1 --to $BETA
	untouched fails 3 invite accept --to 34028316000103
}

@test "N9 ids come from a file or a pipe" {
	three
	printf '1\n2\n' >ids
	portalctl invite refuse --batch - --batch-format ids --reason "em lote" --json < <(cat ids)
	is "$status" 0
	holds '[.items[].data.reason_text] | unique | join(" ")' "em lote"
}

@test "a rehearsed answer leaves nothing behind" {
	three
	rehearses invite accept 1
	holds .data.status accepted
	rehearses invite refuse 1 --reason R
	rehearses invite cancel 1
	rehearses invite accept --all
	holds '[.items[].data.status] | unique | join(" ")' accepted
	connect $ALFA $GAMA
	ok invite send $GAMA --from $ALFA --email n@gama.example --json
	rehearses invite accept "$(json .data.id)"
}
