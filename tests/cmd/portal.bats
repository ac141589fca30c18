load helpers
load network

# make ARGS...: init at the usual place.
make_portal() {
	export PORTALCTL_DB=$BATS_TEST_TMPDIR/deep/er/portal.db
	ok init --office 65.635.571/0001-48 --name "Escritório Modelo" "$@"
}

@test "init makes directory, database, key and the office, and no user" {
	make_portal --json
	holds '"\(.kind) \(.changed) \(.action)"' "status true made"
	holds '.data | "\(.office_tax_id) \(.office_name)"' "$OFFICE Escritório Modelo"
	is "$(stat -c %a deep/er deep/er/portal.db deep/er/portal.db.key | paste -sd' ')" \
		"700 600 600"
	is "$(stat -c %s deep/er/portal.db.key)" 32
	ok company show $OFFICE --json
	holds .data.status registered
	is "$(sql 'SELECT count(*) FROM "user"')" 0
	is "$(sql "SELECT group_concat(action) FROM audit")" "init,company.add"
}

@test "init where there is a portal is 5, or 0 with --if-not-exists" {
	make_portal
	untouched fails 5 init --office $OFFICE --name Outro
	code already_exists init --office $OFFICE --name Outro
	untouched ok init --office $OFFICE --name Outro --if-not-exists --json
	holds '"\(.changed) \(.data.office_name)"' "false Escritório Modelo"
}

@test "many inits at once make one portal" {
	export PORTALCTL_DB=$BATS_TEST_TMPDIR/portal.db
	for i in 1 2 3 4; do
		{
			status=0
			"$PORTALCTL" init --office $OFFICE --name "E$i" >/dev/null 2>&1 3>&- || status=$?
			echo $status >status.$i
		} &
	done
	wait
	is "$(sort status.? | paste -sd' ')" "0 5 5 5"
	ok status
}

@test "init with bad input leaves nothing behind" {
	export PORTALCTL_DB=$BATS_TEST_TMPDIR/deep/portal.db
	fails 6 init --office 65635571000149 --name X
	fails 6 init --office $OFFICE --name ""
	fails 6 init --office $OFFICE --name X --time-zone Mars/Olympus
	fails 2 init --office $OFFICE --name X --language klingon
	fails 2 init --office $OFFICE
	fails 2 init --name X
	ok init --office $OFFICE --name X --dry-run --json
	holds .dry_run true
	is "$(ls -d deep 2>&1 | grep -c 'No such')" 1
}

# small ARGS...: where no file may grow over 8 KiB, a key fits and a database does not.
small() {
	(ulimit -f 8 && exec "$PORTALCTL" "$@") >out.txt 2>err.txt </dev/null
}

@test "an init that fails leaves nothing of its own behind" {
	export PORTALCTL_DB=$BATS_TEST_TMPDIR/deep/er/portal.db
	! small init --office $OFFICE --name X || return 1
	one_sentence
	is "$(ls -d deep 2>&1 | grep -c 'No such')" 1
	mkdir -p deep/er/portal.db.key
	fails 1 init --office $OFFICE --name X
	is "$(ls -A deep/er)" portal.db.key
	rmdir deep/er/portal.db.key
	ok init --office $OFFICE --name X
}

@test "init takes no name of a directory, and leaves none behind" {
	local name
	for name in deep/er/ deep/. deep/er/..; do
		fails 1 init --office $OFFICE --name X --db "$name"
		has "$err" "is a directory"
		is "$(ls -d deep 2>&1 | grep -c 'No such')" 1
	done
}

@test "init blames the file that is to blame" {
	ln -s nowhere portal.db.key
	fails 4 init --office $OFFICE --name X --db portal.db
	has "$err" "portal.db.key"
	fails 1 init --office $OFFICE --name X --db "$(printf 'x%.0s' {1..250})"
	is "$(find . -name 'x*')" ""
}

@test "an init that did not get the lock leaves it to the one that has it" {
	command -v strace >/dev/null || skip "needs strace"
	strace -o /dev/null -e trace=flock -e inject=flock:error=EAGAIN:when=1 "$PORTALCTL" \
		init --office $OFFICE --name X --db portal.db --wait 0 2>err.txt || status=$?
	is "$status" 9
	is "$(ls portal.db*)" portal.db.lock
}

@test "an init that fails leaves what was there as it was" {
	export PORTALCTL_DB=$BATS_TEST_TMPDIR/deep/portal.db
	mkdir deep
	touch deep/portal.db.lock
	(umask 077 && head -c 32 /dev/urandom >deep/portal.db.key)
	cp -a deep before
	! small init --office $OFFICE --name X || return 1
	diff -r before deep
	ok init --office $OFFICE --name X
	cmp before/portal.db.key deep/portal.db.key
}

@test "the clock can be set only where the portal was made for it" {
	export PORTALCTL_DB=$BATS_TEST_TMPDIR/portal.db
	fails 4 init --office $OFFICE --name X --now 2020-01-01T00:00:00Z
	is "$(ls portal.db 2>&1 | grep -c 'No such')" 1
	ok init --office $OFFICE --name X
	at 2020-01-01T00:00:00Z
	untouched fails 4 company add $BETA --name Beta
	code clock_denied company add $BETA --name Beta
	untouched ok company add $BETA --name Beta --dry-run
	ok company list
	unset PORTALCTL_NOW
	ok company add $BETA --name Beta
	for words in "invite expire" due; do
		# shellcheck disable=SC2086 # words are words
		refused 4 "does not let the clock be set" $words --now 2027-03-02T12:00:00Z
		# shellcheck disable=SC2086 # words are words
		ok $words --now 2027-03-02T12:00:00Z -n
	done
}

@test "status tells whose portal it is and what waits" {
	network
	ok invite send $BETA --email x@beta.example
	ok status --json
	holds '"\(.kind) \(has("changed"))"' "status false"
	for key in office_tax_id office_name schema_version engine due_count outbox_queued \
		pending_invites new_tickets; do
		holds ".data | has(\"$key\")" true
	done
	holds '.data | "\(.office_tax_id) \(.engine) \(.due_count) \(.outbox_queued)"' \
		"$OFFICE sqlite 0 3"
	holds '.data | "\(.pending_invites) \(.new_tickets)"' "1 0"
	ok status
	has "$out" "Escritório Modelo"
}

@test "status counts what the next due would do, and new tickets" {
	network
	ok sale add --company $BETA --item "Item;1;1.00" --valid-until 2026-03-05
	ok sale send 1
	ok task add T --company $BETA --every month --day 5 --competence 2026-02 \
		--assignee dora@office.example
	ok task add T --company $BETA --due 2026-03-02
	ok ticket open --contact ana@alfa.example --subject A
	ok ticket open --contact ana@alfa.example --subject B
	ok ticket assign 2 --to dora@office.example
	ok status --json
	holds '.data | "\(.due_count) \(.new_tickets)"' "0 1"
	at 2026-03-04T12:00:00Z
	ok status --json
	holds .data.due_count 1 "a reminder"
	at 2026-04-02T12:00:00Z
	ok status --json
	holds .data.due_count 3 "the sale, the next task, and the last one which is overdue"
	ok due
	ok status --json
	holds .data.due_count 0
}

@test "O3 due does all that is due, twice without harm, and silently" {
	network
	ok invite send $BETA --email x@beta.example
	at 2027-03-01T12:00:00Z
	ok due --json
	holds '"\(.kind) \(.changed) \(.data.invites_expired)"' "due true 1"
	untouched ok due --json
	holds '"\(.changed) \(.data.invites_expired)"' "false 0"
	ok -q due
	is "$out" ""
}

@test "a missing portal is 1, never 3, for every verb" {
	export PORTALCTL_DB=$BATS_TEST_TMPDIR/none.db
	for words in status due "company list" "company show 1" "invite send $BETA --email a@b.example" \
		"invite expire" "user list" "config list" "db check" "db migrate"; do
		# shellcheck disable=SC2086 # words are words
		fails 1 $words
		code no_portal $words
	done
	is "$(find . -name 'none.db*')" ""
}

@test "the database is named by option, environment or its usual place" {
	ok init --office $OFFICE --name Usual
	[ -f .local/share/portalctl/portal.db ]
	ok --db a.db init --office $OFFICE --name A
	PORTALCTL_DB=a.db ok status --json
	holds .data.office_name A
	XDG_DATA_HOME=$PWD/data ok init --office $OFFICE --name Data
	[ -f data/portalctl/portal.db ]
	PORTALCTL_DB=a.db ok --db .local/share/portalctl/portal.db status --json
	holds .data.office_name Usual
}
