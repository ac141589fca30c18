load fresh

# fits KIND ARGS...: what the command prints with --json will have to fit the schema of
# KIND, when judge is called.
fits() {
	local kind=$1 file
	shift
	file=documents/$kind-$(find documents -name '*.schema' 2>/dev/null | wc -l)
	mkdir -p documents
	portalctl schema "$kind" >"$file.schema"
	portalctl "$@" --json >"$file.json" 2>err.json || :
	[ -s "$file.json" ] || cp err.json "$file.json"
	is "$(jq -r .kind "$file.json")" "$kind" "kind of $*"
}

judge() {
	python3 "$BATS_TEST_DIRNAME/validate.py" documents
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
	mkdir documents
	while read -r kind; do
		portalctl schema "$kind" >"documents/$kind.schema"
		echo '{}' >"documents/$kind.json"
		: >"documents/$kind.misfit"
	done <kinds
	judge
}

@test "the token that is shown once is in the schema" {
	for kind in invite company.signup_link user contact session document.link; do
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
	judge
}

@test "documents and their log fit their schemas" {
	fresh_portal
	echo guia >guia.txt
	fits document document publish guia.txt --company 65635571000148 --kind DAS --competence 2026-10 \
		--due 2026-11-23 --amount 123.45 --attach guia.txt
	fits document document show 1
	fits access document open 1 --ip 203.0.113.7 --port 50123
	fits document.link document link 1 --show-token
	fits document.list document list
	fits access.list document log 1
	fits document document withdraw 1 --reason errado
	fits document document show 1
	mkdir guides && cp guia.txt guides/65635571000148.txt && echo x >guides/x.txt
	fits result.list document publish --folder guides
	judge
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
	judge
}

@test "errors fit their schema" {
	fresh_portal
	fits error invite show 99
	fits error nonsense
	fits error invite send 123 --email a@b.example
	judge
}

@test "a document with a member too few, or one of another type, does not fit" {
	fresh_portal
	fits status status
	judge
	jq 'del(.data.engine)' documents/status-0.json >out.json
	cp out.json documents/status-0.json
	if judge; then return 1; fi
	portalctl status --json | jq '.data.due_count = "1"' >documents/status-0.json
	if judge; then return 1; fi
}
