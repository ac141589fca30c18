load helpers
load network

# panel: invites 1 to 6: pending (2), accepted, forwarded, cancelled, refused.
panel() {
	network
	ok company set $GAMA --name "Gâma Comércio"
	ok invite send $BETA --email um@beta.example
	ok invite send $GAMA --email dois@gama.example
	at 2026-03-02T12:00:00Z
	ok invite send $GAMA --from $ALFA --email tres@gama.example
	ok invite accept 1
	ok invite send $BETA --email quatro@beta.example
	ok invite send $BETA --from $ALFA --email cinco@beta.example
	ok invite send $BETA --from $GAMA --email seis@beta.example
	ok invite cancel 5
	ok invite refuse 6
}

# ids WANT ARGS...: the list gives these ids.
ids() {
	ok invite list "${@:2}" --format ids && is "$(paste -sd' ' out.txt)" "$1" "ids of ${*:2}"
}

@test "N8 the panel shows what is pending, any state on request" {
	panel
	ids "2 3"
	ids "1 2 3 4 5 6" --status any
	ids "1" --status accepted
	ids "4" --status forwarded
	ids "5" --status cancelled
	ids "6" --status refused
	ids "2 3" --status pending
	fails 2 invite list --status lost
}

@test "N8 it narrows to what a company sent or received" {
	panel
	ids "1 2 4" --status any --from $OFFICE
	ids "1 4 5 6" --status any --to 02.919.305/0001-27
	ids "5" --status any --from $ALFA --to $BETA
	ids "" --from $BETA
	fails 3 invite list --from 34028316000103
	fails 6 invite list --to 02919305000128
}

@test "N8 search looks at names, tax ids and e-mails, without case or accents" {
	panel
	ids "2 3 6" --status any --search gama
	ids "2 3 6" --status any --search GÂMA
	ids "2 3 6" --status any --search comercio
	ids "4" --status any --search QUATRO@beta
	ids "1 4 5 6" --status any --search 02919
	ids "1 4 5 6" --status any --search 02.919.305/0001
	ids "" --status any --search %
	ids "" --status any --search nada
}

@test "N8 the table has the panel's columns, labels in the user's language, and the count" {
	panel
	ok invite list --status any
	has "$(head -1 out.txt)" "STATUS"
	for word in "TAX ID" COMPANY "INVITED COMPANY" E-MAIL CREATED UPDATED; do
		has "$(head -1 out.txt)" "$word"
	done
	has "$out" "pending acceptance"
	has "$(tail -1 out.txt)" "6 "
	ok invite list --status any --lang pt_BR
	ok invite list --format count --status any
	is "$out" 6
	ok invite list --json
	holds '"\(.kind) \(.count) \(.truncated)"' "invite.list 2 false"
	holds .items[0].status pending
}

@test "N8 an empty panel is no failure" {
	network
	ok invite list
	ok invite list --json
	holds '"\(.items | length) \(.count)"' "0 0"
	ok invite list --format ids
	is "$out" ""
	ok invite list --format count
	is "$out" 0
}

@test "a page goes on where the last ended, whatever the order" {
	panel
	for sort in "" id -created_at created_at -email email updated_at -expires_at; do
		walk "$sort"
	done
}

# walk SORT: page by page the list is the same as in one piece.
walk() {
	local sort=() after=() whole pages=
	[ -z "$1" ] || [ "$1" = id ] || sort=(--sort "$1")
	ok invite list --status any "${sort[@]}" --format ids
	whole=$(paste -sd' ' out.txt)
	is "$(tr ' ' '\n' <<<"$whole" | sort -u | wc -l)" 6
	for ((page = 0; page < 9; page++)); do
		ok invite list --status any "${sort[@]}" --limit 2 "${after[@]}" --json
		pages+="$(json '[.items[].id] | join(" ")') "
		[ "$(json .truncated)" = true ] || break
		after=(--after "$(json .next)")
	done
	is "$page" 2 "pages by $1"
	is "${pages% }" "$whole" "pages by $1"
}

@test "times sort as numbers, however many digits they have" {
	local when id=0 sort
	export PORTALCTL_DB=$BATS_TEST_TMPDIR/portal.db
	at 1990-01-01T00:00:00Z
	ok init --office $OFFICE --name "Escritório Modelo" --allow-clock-override
	# Milliseconds since 1970 have twelve to fourteen digits here.
	for when in 2001-09-09T01:46:40Z 1999-12-31T23:59:59Z 2290-01-01T00:00:00Z \
		1995-06-01T00:00:00Z 2001-09-09T01:46:39Z 1990-01-02T00:00:00Z; do
		at $when
		ok invite send $BETA --email "p$((id += 1))@beta.example"
	done
	for sort in created_at updated_at expires_at; do
		ok invite list --status any --sort $sort --format ids
		is "$(paste -sd' ' out.txt)" "6 4 2 5 1 3" "$sort"
		ok invite list --status any --sort -$sort --limit 2 --json
		ok invite list --status any --sort -$sort --after "$(json .next)" --format ids
		is "$(paste -sd' ' out.txt)" "5 2 4 6" "pages of -$sort"
	done
	ok audit list --action invite.send --sort at --limit 3 --json
	is "$(json '[.items[].target_id] | join(" ")')" "6 4 2"
	ok audit list --action invite.send --sort at --after "$(json .next)" --json
	is "$(json '[.items[].target_id] | join(" ")')" "5 1 3"
	ok outbox list --sort created_at --json
	is "$(json '[.items[].cause] | join(" ")' | sed 's/invite://g')" "6 4 2 5 1 3"
}

@test "a cursor that is none, or of another order, is refused" {
	panel
	ok invite list --limit 1 --json
	next=$(json .next)
	fails 2 invite list --after nonsense
	fails 2 invite list --after "$next" --sort email
	fails 2 invite list --sort colour
	fails 2 invite list --limit -1
}

@test "every format tells of the same invites" {
	panel
	ok invite list --format ndjson
	is "$(jq -c '[.id, .email]' out.txt | paste -sd' ')" \
		'[2,"dois@gama.example"] [3,"tres@gama.example"]'
	ok invite list --format csv --fields id,email
	is "$(tr -d '\r' <out.txt | paste -sd' ')" "id,email 2,dois@gama.example 3,tres@gama.example"
	ok invite list --format tsv --fields email,id
	is "$out" $'dois@gama.example\t2\ntres@gama.example\t3'
	ok invite list --json --fields id
	is "$(jq -c .items out.txt)" '[{"id":2},{"id":3}]'
	fails 2 invite list --fields nothing
	ok invite show 2 --format csv --fields status
	is "$(tr -d '\r' <out.txt | paste -sd' ')" "status pending"
	ok invite show 2 3 --format ids
	is "$(paste -sd' ' out.txt)" "2 3"
	ok invite show 2 --format ndjson
	is "$(jq -r .id out.txt)" 2
}

@test "show of what is not there is 3" {
	network
	fails 3 invite show 1
	fails 3 invite show 0
	fails 2 invite show one
	fails 2 invite show 99999999999999999999
	code not_found invite show 1
}
