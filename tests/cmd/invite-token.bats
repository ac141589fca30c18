load helpers
load network

# A password costs half a second: the tests that need one are few.

NEW=11444777000161

# invited: the office invited a company nobody knew; its token is in the file "token".
invited() {
	export PORTALCTL_DB=$BATS_TEST_TMPDIR/portal.db PORTALCTL_NOW=2026-03-01T12:00:00Z
	ok init --office $OFFICE --name "Escritório Modelo" --allow-clock-override
	ok invite send $NEW --email nova@novo.example --name Nova --show-token --json
	json .data.token >token
}

# take ARGS...: accepts with the token and a password.
take() {
	portalctl invite accept --invite-token-file token --password-stdin "$@" \
		< <(echo "cavalo correto bateria")
}

@test "N7 the token registers company and first admin and accepts, and only once" {
	invited
	before=$(sql "SELECT count(*) FROM audit")
	take --company-name "Novo Ltda." --json
	is "$status" 0
	holds '.data | "\(.status) \(.ended_by) \(.to_name)"' "accepted nova@novo.example Novo Ltda."
	ok company show $NEW --json
	holds '.data | "\(.status) \(.name)"' "registered Novo Ltda."
	ok user list --company $NEW --json
	holds '.items[] | "\(.email) \(.name) \(.role) \(.status) \(.created_via)"' \
		"nova@novo.example Nova admin active invite"
	is "$(sql "SELECT status FROM connection")" active
	is "$(sql "SELECT DISTINCT acting_as FROM audit WHERE id > $before")" "nova@novo.example/$NEW"
	is "$(sql "SELECT group_concat(action) FROM (SELECT action FROM audit WHERE id > $before)")" \
		"company.register,user.add,invite.accept,connection.make"
	is "$(grep -c "cavalo correto" portal.db portal.db-wal | grep -vc ':0$')" 0 "password in clear"
	is "$(mailed access_link)" ""
	is "$(sql "SELECT password LIKE '\$scrypt\$%' FROM \"user\"")" 1
	take
	is "$status" 4
	is "$err" "portalctl: this invite token is not valid"
	denied invite refuse --invite-token-file token
}

@test "N7 whatever is wrong with a token, the answer is the same" {
	invited
	good=$(cat token)
	last=A
	[ "${good: -2:1}" = A ] && last=B
	for bad in "${good%??}$last${good: -1}" "i2${good#i1}" "i1.x" nonsense "${good}x"; do
		echo "$bad" >bad
		denied invite refuse --invite-token-file bad
		is "$err" "portalctl: this invite token is not valid" "answer to $bad"
	done
	ok company add $NEW --name "Novo"
	ok user add chefe@novo.example --company $NEW --name Chefe
	denied invite refuse --invite-token-file token
	is "$err" "portalctl: this invite token is not valid"
}

@test "N7 the holder of the token may refuse" {
	invited
	rehearses invite refuse --invite-token-file token
	ok invite refuse --invite-token-file token --reason "não conheço" --json
	holds '.data | "\(.status) \(.reason_text) \(.ended_by)"' \
		"refused não conheço nova@novo.example"
	is "$(notified invite_refused)" $OFFICE
	is "$(sql 'SELECT count(*) FROM "user"')" 0
	untouched ok invite refuse --invite-token-file token --json
	holds .changed false
}

@test "N7 N5 an overdue or cancelled invite's token opens nothing" {
	invited
	at 2027-03-01T12:00:00Z
	code invite_expired invite refuse --invite-token-file token
	at 2027-02-01T12:00:00Z
	ok invite cancel 1
	untouched fails 5 invite refuse --invite-token-file token
}

@test "N7 a new company needs a name, its admin a name and a good password" {
	invited
	untouched take
	is "$status" 6
	has "$err" "name"
	untouched portalctl invite accept --invite-token-file token --password-stdin \
		--company-name N < <(echo short)
	is "$status" 6
	is "$out" ""
	ok invite send 34028316000103 --email sem@nome.example --show-token --json
	json .data.token >token
	untouched portalctl invite accept --invite-token-file token --company-name N
	is "$status" 6
	untouched portalctl invite accept --invite-token-file token --password-stdin --json \
		< <(echo short)
	is "$(jq -r '[.errors[].field] | join(" ")' err.txt)" "company_name name password"
	echo nonsense >bad
	portalctl invite accept --invite-token-file bad --password-stdin < <(echo short)
	is "$status" 4 "a bad password with a bad token"
}

@test "N7 the company's and the person's names are kept without blanks around them" {
	invited
	ok invite accept --invite-token-file token --company-name " Novo  " --name "  Nova Lima "
	is "$(sql "SELECT name FROM company WHERE id = 2")" "Novo"
	is "$(sql "SELECT name FROM contact")" "Nova Lima"
	is "$(mailed access_link)" nova@novo.example "who gave no password"
}

@test "a token and ids are not given together, and a missing token file is told" {
	invited
	untouched fails 2 invite refuse 1 --invite-token-file token
	untouched fails 2 invite refuse --all --invite-token-file token
	untouched portalctl invite refuse --invite-token-file nowhere
	[ "$status" -ne 0 ]
	is "$out" ""
	one_sentence
}
