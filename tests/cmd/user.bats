load helpers
load network

@test "U1 a user has every documented field, and a contact" {
	network
	ok user add Lia@Beta.example --company $BETA --name " Lia Sá " --json
	holds '"\(.kind) \(.changed) \(.action)"' "user true added"
	for key in id company_tax_id company_name contact_id name email role status \
		must_change_password area_access created_via last_login_at created_at; do
		holds ".data | has(\"$key\")" true
	done
	holds '.data | "\(.email) \(.name) \(.company_tax_id) \(.company_name)"' \
		"lia@beta.example Lia Sá $BETA Beta S.A."
	holds '.data | "\(.must_change_password) \(.area_access) \(.created_via) \(.last_login_at)"' \
		"false false add null"
	is "$(sql "SELECT name, name_norm, email, company_id FROM contact
		WHERE id = $(json .data.contact_id)")" "Lia Sá|lia sa|lia@beta.example|3"
}

@test "U1 a contact the company has already becomes the user's" {
	network
	sql "INSERT INTO contact (company_id, name, name_norm, email, phones, created_at, updated_at)
		SELECT id, 'Lia Sá', 'lia sa', 'lia@beta.example', '', 0, 0
		FROM company WHERE tax_id = '$BETA'"
	known=$(sql "SELECT max(id) FROM contact")
	ok user add lia@beta.example --company $GAMA --name Lia --json
	holds ".data.contact_id == $known" false
	ok user add lia@beta.example --company $BETA --json
	holds '.data | "\(.contact_id) \(.name)"' "$known Lia Sá"
}

@test "U2 the first user is admin and active, whatever is asked" {
	network
	ok company add 34028316000103 --name Delta
	untouched fails 5 user add d@delta.example --company 34028316000103 --name D \
		--role collaborator
	code first_user user add d@delta.example --company 34028316000103 --name D \
		--role collaborator
	ok user add d@delta.example --company 34028316000103 --name D --json
	holds '.data | "\(.role) \(.status)"' "admin active"
}

@test "U2 of many that register at one instant exactly one is first" {
	network
	ok company add 34028316000103 --name Delta
	for i in 1 2 3 4 5 6; do
		"$PORTALCTL" user add u$i@delta.example --company 34028316000103 --name U$i \
			>u$i.txt 2>&1 3>&- &
	done
	wait
	is "$(sql "SELECT role, status, count(*) FROM \"user\" WHERE company_id = 5
		GROUP BY role, status ORDER BY role" | paste -sd' ')" \
		"admin|active|1 collaborator|inactive|5"
}

@test "U3 later users are inactive collaborators unless they are made active" {
	network
	ok user add l@beta.example --company $BETA --name L --json
	holds '.data | "\(.role) \(.status)"' "collaborator inactive"
	fails 4 --as l@beta.example invite list
	ok --as bia@beta.example user add m@beta.example --company $BETA --name M --active --json
	holds '.data | "\(.role) \(.status)"' "collaborator active"
	ok user add n@beta.example --company $BETA --name N --role admin --json
	holds '.data | "\(.role) \(.status)"' "admin inactive"
}

@test "U4 a company may have several admins and any number of collaborators" {
	network
	ok user list --company $BETA --role admin --format count
	is "$out" 2
	ok --as beto@beta.example user add l@beta.example --company $BETA --name L
	ok --as bia@beta.example user activate l@beta.example
}

@test "activate works once and may be repeated" {
	network
	ok user add l@beta.example --company $BETA --name L
	rehearses user activate l@beta.example
	ok user activate L@BETA.example --json
	holds '"\(.changed) \(.action) \(.data.status)"' "true activated active"
	is "$(sql "SELECT changes FROM audit WHERE action = 'user.activate'")" \
		'{"status":["inactive","active"]}'
	untouched ok user activate l@beta.example --json
	holds '"\(.changed) \(.action)"' "false unchanged"
	untouched fails 3 user activate nobody@beta.example
}

@test "one user a company and e-mail" {
	network
	untouched fails 5 user add BIA@beta.example --company $BETA --name Bia
	code already_exists user add bia@beta.example --company $BETA --name Bia
	untouched ok user add bia@beta.example --company $BETA --if-not-exists --json
	holds '"\(.changed) \(.data.id)"' "false 4"
	ok user add bia@beta.example --company $GAMA --name Bia
	fails 2 user show bia@beta.example
	has "$err" "--company"
	ok user show bia@beta.example --company $GAMA --json
	holds .data.company_tax_id $GAMA
	ok --as bia@beta.example invite list
	ok user activate bia@beta.example --company $GAMA
	fails 4 --as bia@beta.example invite list
	has "$err" "--as bia@beta.example/TAX-ID"
}

@test "what is no user is refused" {
	network
	untouched fails 6 user add nobody --company $BETA --name X
	untouched fails 6 user add x@beta.example --company $BETA
	untouched fails 6 user add x@beta.example --company $BETA --name "  "
	untouched fails 3 user add x@beta.example --company 34028316000103 --name X
	untouched fails 2 user add x@beta.example --name X
	untouched fails 2 user add x@beta.example --company $BETA --name X --role boss
	ok invite send 34028316000103 --email x@delta.example
	untouched fails 5 user add x@delta.example --company 34028316000103 --name X
}

@test "a password is stored hashed, and a weak one is refused" {
	network
	portalctl user add p@beta.example --company $BETA --name P --password-stdin --json \
		< <(echo "cavalo correto bateria")
	is "$status" 0
	is "$(sql "SELECT password LIKE '\$scrypt\$%' FROM \"user\" WHERE email = 'p@beta.example'")" 1
	is "$(cat portal.db portal.db-wal 2>/dev/null | grep -c 'cavalo correto')" 0
	is "$(grep -c 'scrypt\|cavalo' out.txt)" 0
	untouched portalctl user add q@beta.example --company $BETA --name Q --password-stdin \
		< <(echo "123")
	is "$status" 6
	one_sentence
	is "$(grep -c 123 err.txt)" 0
	fails 2 user add q@beta.example --company $BETA --name Q --password secret
}

# faults FIELDS ARGS...: refused with 6, and these fields are at fault, told at once.
faults() {
	local fields=$1
	shift
	untouched portalctl "$@" --json
	is "$status" 6 "status of $*"
	is "$(jq -r '[.errors[].field] | join(" ")' err.txt)" "$fields" "faults of $*"
}

@test "all faults of one user are told at once" {
	network
	echo 123 >weak
	faults "email name password" user add nobody --company $BETA --name " " --password-file weak
	faults "email name phone phone" user set bia@beta.example --email nobody --name " " \
		--phone 12 --phone 2133334444 --phone 13
	faults "name email phone phone" contact add --company $BETA --name " " --email nobody \
		--phone 12 --phone 13
	ok company signup-link $BETA --json
	json .data.token >token
	faults "email name phone phone password" user register --signup-token-file token \
		--email nobody --name " " --phone 12 --phone 13 --password-file weak
	faults email user add nobody --company $BETA --name X
	is "$(jq -r '"\(.code) \(.field)"' err.txt)" "invalid_email email"
}

@test "users are listed by company, state, role and name" {
	network
	ok user add joao@beta.example --company $BETA --name "João"
	ok user list --company $BETA --status inactive --json
	holds '[.items[].email] | join(" ")' joao@beta.example
	ok user list --search joao --format count
	is "$out" 1
	ok user list --sort -email --format tsv --fields email
	is "$(head -3 out.txt | paste -sd' ')" "joao@beta.example gil@gama.example dora@office.example"
	ok user list --sort name --limit 2 --json
	first=$(json '[.items[].id] | join(" ")')
	ok user list --sort name --after "$(json .next)" --format ids
	is "$(echo $first $(cat out.txt) | tr ' ' '\n' | sort -u | wc -l)" 8
	fails 3 user list --company 34028316000103
}

@test "U1 rehearsals and batches of users" {
	network
	rehearses user add l@beta.example --company $BETA --name L
	holds '.data | "\(.id) \(.contact_id) \(.email)"' "null null l@beta.example"
	ok contact add --company $BETA --name L --email l@beta.example --json
	known=$(json .data.id)
	rehearses user add l@beta.example --company $BETA
	holds '.data | "\(.id) \(.contact_id)"' "null $known"
	ok user show 1 dora@office.example --format ids
	is "$(paste -sd' ' out.txt)" "1 1"
}

# refuses STATEMENT PART: the database itself refuses it, and says so.
refuses() {
	! sql "$1" 2>said.txt || is allowed refused "$1"
	has "$(cat said.txt)" "$2"
}

@test "U2 U4 the schema itself keeps a company's first and last admin" {
	local ana="WHERE email = 'ana@alfa.example'" kept="keeps an active admin" new
	network
	refuses "UPDATE user SET role = 'collaborator' $ana" "$kept"
	refuses "UPDATE user SET status = 'blocked' $ana" "$kept"
	refuses "UPDATE user SET removed_at = 1 $ana" "$kept"
	refuses "UPDATE user SET company_id = 1 $ana" "$kept"
	refuses "UPDATE user SET is_first = 1 WHERE email = 'caio@alfa.example'" UNIQUE
	refuses "DELETE FROM user WHERE email = 'caio@alfa.example'" "are not deleted"
	new="INSERT INTO user (company_id, contact_id, email, role, status, must_change_password,
		area_access, created_via, access_serial, is_first, created_at, updated_at)
		SELECT company_id, contact_id, 'x@alfa.example', 'admin', 'active', 0, 0, 'add', 1"
	refuses "$new, 1, 1, 1 FROM user $ana" "first user"
	ok company add 34028316000103 --name Nova
	new="${new/SELECT company_id/SELECT (SELECT max(id) FROM company)}"
	refuses "$new, 0, 1, 1 FROM user $ana" "first user"
	refuses "${new/admin/collaborator}, 1, 1, 1 FROM user $ana" "first user"
	sql "$new, 1, 1, 1 FROM user $ana"
	ok user add eva@alfa.example --company $ALFA --name Eva --role admin --active
	sql "UPDATE user SET role = 'collaborator' $ana"
}
