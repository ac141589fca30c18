load helpers
load network

# portal_in ZONE: a portal with Beta in it, whose days begin in that zone.
portal_in() {
	export PORTALCTL_DB=$BATS_TEST_TMPDIR/portal.db
	ok init --office $OFFICE --name "Escritório" --allow-clock-override --time-zone "$1"
	ok company add $BETA --name "Beta S.A."
}

# sent AT EMAIL: an invite to Beta, sent then.
sent() {
	at "$1"
	ok invite send $BETA --email "$2"
}

# expires COUNT: a run now ends so many.
expires() {
	ok invite expire --json && holds '"\(.changed) \(.data.expired)"' \
		"$([ "$1" -gt 0 ] && echo true || echo false) $1"
}

@test "N5 a year-old invite is cancelled as expired" {
	network
	ok invite send $BETA --email novo@beta.example
	at 2027-03-01T12:00:00Z
	ok invite expire --json
	holds .kind invite.expire
	holds '.data | "\(.expired) \(.remaining)"' "1 0"
	ok invite show 1 --json
	holds '.data | "\(.status) \(.reason) \(.reason_text)"' "cancelled expired null"
	holds '.data | "\(.ended_at) \(.ended_by)"' "2027-03-01T12:00:00Z expiry"
	is "$(sql "SELECT count(*) FROM audit WHERE action = 'invite.expire' AND target_id = 1")" 1
}

@test "N5 due is the very second of the next year, not one before" {
	portal_in America/Sao_Paulo
	sent 2026-03-01T12:00:00Z a@beta.example
	at 2027-02-28T12:00:00Z
	expires 0
	at 2027-03-01T11:59:59Z
	expires 0
	at 2027-03-01T11:59:59.999Z
	expires 0
	at 2027-03-01T12:00:00Z
	expires 1
}

@test "N5 milliseconds count" {
	portal_in America/Sao_Paulo
	sent 2026-03-01T12:00:00.500Z a@beta.example
	at 2027-03-01T12:00:00.499Z
	expires 0
	at 2027-03-01T12:00:00.500Z
	expires 1
}

@test "N5 sent on the leap day, it lasts to the first of March" {
	portal_in UTC
	sent 2028-02-29T08:15:30Z a@beta.example
	ok invite show 1 --json
	holds .data.expires_at 2029-03-01T08:15:30Z
	at 2029-02-28T23:59:59Z
	expires 0
	at 2029-03-01T08:15:29Z
	expires 0
	at 2029-03-01T08:15:30Z
	expires 1
}

@test "N5 a year with a leap day in it is a year all the same" {
	portal_in UTC
	sent 2027-06-01T12:00:00Z a@beta.example
	ok invite show 1 --json
	holds .data.expires_at 2028-06-01T12:00:00Z
	sent 2028-02-28T12:00:00Z b@beta.example
	ok invite show 2 --json
	holds .data.expires_at 2029-02-28T12:00:00Z
}

@test "N5 the day is that of the portal's time zone" {
	portal_in America/Sao_Paulo
	sent 2028-02-29T02:30:00Z a@beta.example
	ok invite show 1 --json
	holds .data.expires_at 2029-03-01T02:30:00Z
	sent 2028-03-01T02:30:00Z b@beta.example
	ok invite show 2 --json
	holds .data.expires_at 2029-03-02T02:30:00Z
}

@test "N5 the same instants in UTC are other days" {
	portal_in UTC
	sent 2028-02-29T02:30:00Z a@beta.example
	ok invite show 1 --json
	holds .data.expires_at 2029-03-01T02:30:00Z
	sent 2028-03-01T02:30:00Z b@beta.example
	ok invite show 2 --json
	holds .data.expires_at 2029-03-01T02:30:00Z
}

@test "N5 the same time of day comes later where the clock was changed in between" {
	portal_in America/Sao_Paulo
	sent 2018-11-10T12:00:00Z a@beta.example
	ok invite show 1 --json
	holds .data.expires_at 2019-11-10T13:00:00Z
}

@test "N5 the process's own zone makes no difference" {
	portal_in UTC
	TZ=Pacific/Kiritimati sent 2028-02-29T12:00:00Z a@beta.example
	PORTALCTL_LANG=pt_BR ok invite send $BETA --email b@beta.example --tz Asia/Tokyo
	is "$(sql "SELECT DISTINCT expires_at FROM invite")" 1867060800000
}

@test "N5 a second run finds nothing to do" {
	portal_in UTC
	sent 2026-01-01T00:00:00Z a@beta.example
	at 2027-06-01T00:00:00Z
	expires 1
	untouched expires 0
}

@test "N5 two runs at once expire each invite once" {
	portal_in UTC
	at 2026-01-01T00:00:00Z
	seq -f '{"to-tax-id":"'$BETA'","email":"p%.0f@beta.example"}' 200 >in.ndjson
	ok invite send --batch in.ndjson --format count
	at 2027-06-01T00:00:00Z
	for run in 1 2 3; do
		"$PORTALCTL" invite expire --json >run$run.json 3>&- &
	done
	wait
	is "$(jq -s '[.[].data.expired] | add' run?.json)" 200
	is "$(sql "SELECT count(*), count(DISTINCT target_id) FROM audit
		WHERE action = 'invite.expire'")" "200|200"
	is "$(sql "SELECT count(*) FROM outbox WHERE template = 'invite_expired'
		GROUP BY cause_id HAVING count(*) <> 1")" ""
}

@test "N5 forwarded invites expire too, and answered ones don't" {
	network
	connect $OFFICE $BETA
	ok invite send $BETA --email nina@beta.example
	ok invite send $GAMA --email a@gama.example
	ok invite refuse 3
	at 2027-06-01T00:00:00Z
	expires 1
	ok invite list --status any --json
	holds '[.items[] | "\(.status)/\(.reason)"] | join(" ")' \
		"accepted/null cancelled/expired refused/null"
}

@test "N5 an overdue invite lists as pending until the run" {
	portal_in UTC
	sent 2026-01-01T00:00:00Z a@beta.example
	at 2027-06-01T00:00:00Z
	ok invite list --format ids
	is "$out" 1
	ok status --json
	holds '.data | "\(.due_count) \(.pending_invites)"' "1 1"
	ok invite expire
	ok invite list --format ids
	is "$out" ""
	ok status --json
	holds '.data | "\(.due_count) \(.pending_invites)"' "0 0"
}

@test "N5 --limit leaves the rest for the next run" {
	portal_in UTC
	for name in a b c; do sent 2026-01-01T00:00:00Z $name@beta.example; done
	at 2027-06-01T00:00:00Z
	ok invite expire --limit 2 --json
	holds '.data | "\(.expired) \(.remaining)"' "2 1"
	ok invite expire --limit 2 --json
	holds '.data | "\(.expired) \(.remaining)"' "1 0"
	untouched fails 2 invite expire --limit -1
	untouched fails 2 invite expire --limit many
}

@test "N5 a --limit below 1 is none, and refused" {
	network
	untouched refused 2 "'--limit' counts from 1" invite expire --limit 0
	untouched fails 2 invite expire --limit -1
}

@test "N5 an expired invite makes room for a new one" {
	portal_in UTC
	sent 2026-01-01T00:00:00Z a@beta.example
	at 2027-06-01T00:00:00Z
	fails 5 invite send $BETA --email a@beta.example
	expires 1
	ok invite send $BETA --email a@beta.example --json
	holds '.data | "\(.id) \(.expires_at)"' "2 2028-06-01T00:00:00Z"
}

@test "N11 both sides hear that an invite expired" {
	network
	ok invite send $BETA --from $ALFA --email novo@beta.example
	at 2027-06-01T00:00:00Z
	expires 1
	is "$(mailed invite_expired)" \
		"ana@alfa.example beto@beta.example bia@beta.example novo@beta.example"
	is "$(notified invite_expired)" "$BETA $ALFA"
}

@test "N5 from cron it is silent when all is well" {
	portal_in UTC
	sent 2026-01-01T00:00:00Z a@beta.example
	at 2027-06-01T00:00:00Z
	ok -q invite expire
	is "$out" ""
	ok -q invite expire
	is "$out" ""
}

@test "N5 a rehearsal counts and changes nothing" {
	portal_in UTC
	sent 2026-01-01T00:00:00Z a@beta.example
	at 2027-06-01T00:00:00Z
	rehearses invite expire
	holds .data.expired 1
	rehearses due
	holds .data.invites_expired 1
}
