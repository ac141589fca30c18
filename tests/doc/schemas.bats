load fresh

validate() {
	python3 "$BATS_TEST_DIRNAME/validate.py" schema.json
}

# fits KIND ARGS...: what the command prints with --json fits the schema of KIND.
fits() {
	local kind=$1 status=0
	shift
	portalctl schema "$kind" >schema.json
	portalctl "$@" --json >out.json 2>err.json || status=$?
	[ -s out.json ] || cp err.json out.json
	is "$(jq -r .kind out.json)" "$kind" "kind of $*" || return 1
	validate <out.json || { echo "$*: $(cat out.json)"; return 1; }
}

a_busy_portal() {
	fresh_portal
	portalctl -q invite send 02919305000127 --email contato@modelo.example
	portalctl -q user add ana@office.example --company 65635571000148 --name Ana
}

@test "each kind that is named has a schema, and it is one" {
	local kind
	portalctl schema >kinds
	[ "$(wc -l <kinds)" -ge 15 ]
	while read -r kind; do
		portalctl schema "$kind" >schema.json
		echo '{}' | validate >out && { echo "$kind takes anything"; return 1; }
		grep -q required out || { echo "$kind: $(cat out)"; return 1; }
	done <kinds
}

@test "the token that is shown once is in the schema" {
	for kind in invite company.signup_link user contact session; do
		portalctl schema "$kind" >schema.json
		is "$(jq -c .properties.data.properties.token.type schema.json)" '["string","null"]'
	done
	portalctl schema invite.list >schema.json
	is "$(jq -r '.properties.items.items.properties' schema.json)" null
}

@test "every kind that a command prints has a schema" {
	local kind
	portalctl help --json | jq -r '.commands[] | select(.prints) |
		if .lists then .prints + ".list" else .prints end' | sort -u >kinds
	portalctl schema | sort | comm -23 kinds - >missing
	is "$(cat missing)" "" "kinds without a schema"
}

@test "what commands show fits its schema" {
	a_busy_portal
	fits status status
	fits company company show 65635571000148
	fits company.list company list
	fits invite invite show 1
	fits invite.list invite list --status any
	fits user user show ana@office.example
	fits user.list user list
	fits contact.list contact list
	fits config.list config list
	fits version version
	fits schema.list schema
	fits help help
	fits config config get time_zone
	fits taxid taxid check 65635571000148
	fits phone phone check '(21) 98765-4321'
	fits outbox.list outbox list
	fits audit.list audit list
	fits notification.list notification list
}

@test "what changes leave behind fits its schema" {
	a_busy_portal
	fits invite invite resend 1
	fits invite invite cancel 1
	fits invite.expire invite expire
	fits due due
	fits company company add 11222333000181 --name Um
	fits result.list taxid check 65635571000148 1
	fits user user passwd ana@office.example --send-link --show-token
	fits company.signup_link company signup-link 65635571000148
	portalctl -q contact add --company 65635571000148 --name Bia --email bia@office.example
	fits contact contact allow bia@office.example --show-token
	fits contact contact show bia@office.example
	fits contact contact remove nobody@office.example --ignore-missing
	fits user user show bia@office.example
	fits user user remove nobody@office.example --ignore-missing
	fits config config set base_url https://portal.escritorio.example
}

@test "errors fit their schema" {
	fresh_portal
	fits error invite show 99
	fits error nonsense
	fits error invite send 123 --email a@b.example
}

@test "a document with a member too few, or one of another type, does not fit" {
	fresh_portal
	portalctl schema status >schema.json
	portalctl status --json >out.json
	validate <out.json
	if jq 'del(.data.engine)' out.json | validate; then return 1; fi
	if jq '.data.due_count = "1"' out.json | validate; then return 1; fi
}
