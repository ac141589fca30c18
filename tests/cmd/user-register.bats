load helpers
load network

# A password costs half a second: the tests that need one are few.

PASSWORD="cavalo correto bateria" NEW=34028316000103

# signup_token TAX-ID [ARGS...]: the token of that company's link, into the file "token".
signup_token() {
	ok company signup-link "$@" --json
	json .data.token >token
}

# register EMAIL [ARGS...]: registers with the token in the file "token".
register() {
	local email=$1
	shift
	portalctl user register --signup-token-file token --email "$email" --password-stdin "$@" \
		< <(echo "$PASSWORD")
}

@test "U2 U6 the first who registers by the link is the active admin" {
	network
	ok company add $NEW --name "Delta Ltda."
	signup_token $NEW
	untouched register d@delta.example --name Dani --dry-run --json
	is "$status" 0
	holds '"\(.dry_run) \(.data.id)"' "true null"
	register Dani@Delta.example --name " Dani Sá " --phone "(21) 98765-4321" --phone 2133334444 --json
	is "$status" 0
	is "$err" ""
	holds '"\(.kind) \(.changed) \(.action)"' "user true registered"
	holds '.data | "\(.email) \(.name) \(.role) \(.status) \(.created_via) \(.company_tax_id)"' \
		"dani@delta.example Dani Sá admin active signup $NEW"
	is "$(sql "SELECT replace(phones, char(10), ' ') FROM contact WHERE email = 'dani@delta.example'")" \
		"+5521987654321 +552133334444"
	is "$(sql "SELECT action, acting_as, changes FROM audit ORDER BY id DESC LIMIT 1")" \
		"user.register|dani@delta.example/$NEW|{\"email\":[null,\"dani@delta.example\"],\"name\":[null,\"Dani Sá\"],\"role\":[null,\"admin\"],\"status\":[null,\"active\"]}"
	is "$(mailed user_registered)$(notified user_registered)" ""
	is "$(sql "SELECT password LIKE '\$scrypt\$%' FROM user WHERE email = 'dani@delta.example'")" 1
	ok --as dani@delta.example invite list
}

@test "U3 who registers later waits, and the admins are mailed and notified" {
	network
	signup_token $BETA
	register lia@beta.example --name Lia
	is "$status" 0
	has "$out" "waits for an admin"
	ok user show lia@beta.example --json
	holds '.data | "\(.role) \(.status) \(.created_via)"' "collaborator inactive signup"
	is "$(mailed user_registered)" "beto@beta.example bia@beta.example"
	is "$(notified user_registered)" $BETA
	ok --as bia@beta.example notification list --json
	has "$(json '.items[0].text')" "Lia"
	fails 4 --as lia@beta.example invite list
	ok --as bia@beta.example user activate lia@beta.example
	is "$(mailed user_activated)" lia@beta.example
	is "$(mailed access_link)" ""
	ok --as lia@beta.example invite list
	for language in en pt_BR; do
		ok config set language $language
		ok outbox show "$(sql "SELECT min(id) FROM outbox WHERE template = 'user_registered'")" \
			--body --json
		has "$(json .data.body)" lia@beta.example
	done
}

@test "U6 a contact that registers keeps the name and phones the company knows" {
	network
	ok user add lia@alfa.example --company $ALFA --name "Lia Lima"
	ok user set lia@alfa.example --phone 1133334444
	ok user remove lia@alfa.example
	signup_token $ALFA
	register lia@alfa.example --name Outra --phone 1155556666 --json
	is "$status" 0
	holds .data.name "Lia Lima"
	is "$(sql "SELECT count(*), max(phones) FROM contact WHERE email = 'lia@alfa.example'")" \
		"1|+551133334444"
}

@test "U6 rotated, switched off, forged: whatever is wrong with a link, one answer" {
	local good last
	network
	ok company add $NEW --name "Delta Ltda."
	signup_token $NEW
	good=$(cat token)
	last=A
	[ "${good: -2:1}" = A ] && last=B
	for bad in "${good%??}$last${good: -1}" "s2${good#s?}" "s99${good#s?}" s5.x nonsense "${good}x" \
		"i${good#s}"; do
		echo "$bad" >token
		answer "$bad"
	done
	echo "$good" >token
	ok company set $NEW --signup off
	answer "switched off"
	ok company set $NEW --signup on
	ok company disable $NEW
	answer disabled
	ok company enable $NEW
	ok company signup-link $NEW --rotate
	answer rotated
	ok invite send 11444777000161 --email x@outro.example
	is "$(sql 'SELECT status FROM company WHERE id = 6')" unregistered
	signup_token $NEW
	register d@delta.example --name Dani
	is "$status" 0
}

# answer WHAT: the token in the file "token" gives the one answer, and one denial.
answer() {
	local before
	before=$(sql "SELECT count(*) FROM audit")
	register d@delta.example --name Dani
	is "$status" 4 "status of $1"
	is "$out" ""
	[ -e first.txt ] || cp err.txt first.txt
	cmp err.txt first.txt
	is "$err" "portalctl: this signup link is not valid" "answer to $1"
	is "$(sql "SELECT action, json_extract(changes, '\$.action[1]') FROM audit WHERE id > $before")" \
		"denied|user.register" "audit of $1"
	is "$(sql "SELECT count(*) FROM user WHERE email = 'd@delta.example'")" 0
}

@test "U6 to ask by the link whether somebody is a user leaves a trace, in a rehearsal too" {
	local option id
	network
	signup_token $BETA
	id=$(sql "SELECT id FROM user WHERE email = 'bia@beta.example'")
	sql "CREATE TABLE before AS SELECT max(id) AS id FROM audit"
	for option in --json "--json --dry-run"; do
		register bia@beta.example --name Bia $option
		is "$status" 5
		is "$(jq -r .code err.txt)" already_exists
	done
	is "$(sql "SELECT action, target_kind, target_id, json_extract(changes, '\$.action[1]')
		FROM audit WHERE id > (SELECT id FROM before)" | sort | uniq -c | sed 's/^ *//')" \
		"2 denied|user|$id|user.register"
	is "$(sql "SELECT count(*) FROM user WHERE email = 'bia@beta.example'")" 1
}

@test "U6 what is no new person is refused, and nothing is changed" {
	network
	signup_token $BETA
	untouched register nobody --name X
	is "$status" 6
	untouched register x@beta.example --name "  "
	is "$status" 6
	untouched register x@beta.example --name X --phone 12
	is "$status" 6
	PASSWORD=curta27 untouched register x@beta.example --name X
	is "$status" 6
	is "$(grep -c curta27 err.txt)" 0
	untouched fails 2 user register --signup-token-file token --email x@beta.example --name X \
		--no-input
	untouched fails 2 user register --email x@beta.example --name X --password-file token
	untouched fails 2 user register --signup-token-file token --name X --password-file token
	untouched fails 2 user register --signup-token-file token --email x@beta.example \
		--password-file token
	untouched fails 2 user register someone --signup-token-file token --email x@beta.example \
		--name X --password-file token
}

@test "P7 registering leaves neither token nor password in output, mails, log or database" {
	local token
	network
	signup_token $BETA
	token=$(cat token)
	register lia@beta.example --name Lia -v
	cat out.txt err.txt >>seen.txt
	register lia@beta.example --name Lia --json
	cat out.txt err.txt >>seen.txt
	ok outbox list --json
	cat out.txt >>seen.txt
	ok audit list --json
	cat out.txt >>seen.txt
	is "$(grep -c "$PASSWORD\|${token#s?.}\|scrypt" seen.txt)" 0
	is "$(cat portal.db portal.db-wal | grep -ac "$PASSWORD\|${token#s?.}")" 0
}
