load helpers
load network

# all_fail STATUS PART: reading and writing commands alike.
all_fail() {
	for words in status "company list" "company add $BETA --name B" "invite expire" \
		"invite send $BETA --email a@b.example"; do
		# shellcheck disable=SC2086 # words are words
		fails "$1" $words && has "$err" "$2" || return 1
	done
}

@test "check finds nothing wrong in a sound portal" {
	network
	ok db check --json
	holds '[.items[] | select(.severity != "notice")] | length' 0
	ok db check --full
	ok db migrate --json
	holds '"\(.changed) \(.data.from_version == .data.to_version)"' "false true"
}

@test "a trigger or an index that somebody took away is told" {
	network
	sql "DROP TRIGGER sale_signature_removed; DROP INDEX user_login;
		CREATE INDEX user_login ON user (company_id, email)"
	portalctl db check --format ndjson
	is "$status" 1
	is "$(json 'select(.finding == "schema") | .detail')" \
		"the trigger sale_signature_removed is missing, or another one
the index user_login is missing, or another one"
}

@test "a directory is no database" {
	export PORTALCTL_DB=$BATS_TEST_TMPDIR/dir
	mkdir dir
	all_fail 1 "is a directory"
	fails 5 init --office $OFFICE --name X
	code not_a_portal status
}

@test "a text file, an empty one, another program's database are no portals" {
	export PORTALCTL_DB=$BATS_TEST_TMPDIR/x.db
	echo "not a database, but long enough to look at" >x.db
	all_fail 1 "is not a portal database"
	is "$(cat x.db)" "not a database, but long enough to look at"
	: >x.db
	all_fail 1 "is not a portal database"
	is "$(stat -c %s x.db)" 0
	rm x.db
	sqlite3 x.db "CREATE TABLE a (b); PRAGMA user_version = 5"
	before=$(sha256sum x.db)
	all_fail 1 "not a portal"
	is "$(sha256sum x.db)" "$before"
	is "$(find . -name 'x.db?*')" "" "files left beside it"
}

@test "a portal of a newer program is left alone" {
	network
	sql "PRAGMA user_version = 999"
	untouched all_fail 1 "newer"
	code schema_new status
	untouched fails 1 db migrate
	is "$(sql "PRAGMA user_version")" 999
}

@test "a portal of an older program waits for db migrate" {
	network
	sql "PRAGMA user_version = 1"
	untouched all_fail 1 "older"
	has "$err" "db migrate"
	code schema_old status
	has "$(jq -r .hint err.txt)" "portalctl db migrate"
}

@test "a truncated or scribbled database is told to be damaged" {
	network
	sql "PRAGMA wal_checkpoint(TRUNCATE)"
	cp portal.db whole.db
	truncate -s 40000 portal.db
	portalctl company list
	is "$status" 1
	one_sentence
	cp whole.db portal.db
	dd if=/dev/urandom of=portal.db bs=4096 seek=3 count=4 conv=notrunc status=none
	portalctl db check
	[ "$status" -ne 0 ] || grep -q "error" out.txt
}

@test "the key of another portal changes nothing, and check tells" {
	network
	cp portal.db.key right.key
	head -c 32 /dev/urandom >portal.db.key
	untouched refused 1 "belongs to another portal" \
		invite send $BETA --email a@b.example --show-token
	ok company list
	portalctl db check --json
	is "$status" 1
	holds '.items[] | select(.severity == "error") | .finding' key_wrong
	rm portal.db.key
	portalctl db check --json
	is "$status" 1
	holds '.items[] | select(.severity == "error") | .finding' key_missing
	install -m 644 right.key portal.db.key
	portalctl db check --json
	is "$status" 0
	holds '.items[] | select(.finding == "key_mode") | .severity' warning
	chmod 600 portal.db.key
	ok invite send $BETA --email a@b.example
	ok audit verify
}

@test "a read-only database can be read by nobody but not written" {
	[ "$(id -u)" = 0 ] && command -v setpriv >/dev/null || skip "needs root and setpriv"
	network
	chmod 755 "$BATS_TEST_TMPDIR" "$BATS_RUN_TMPDIR" "$BATS_SUITE_TMPDIR" "$BATS_FILE_TMPDIR" \
		2>/dev/null || true
	install -m 755 "$PORTALCTL" portalctl
	sql "PRAGMA wal_checkpoint(TRUNCATE)"
	rm -f portal.db-wal portal.db-shm
	chmod 644 portal.db portal.db.key portal.db.lock
	before=$(sha256sum portal.db)
	as_nobody 12 company add 34028316000103 --name D
	one_sentence
	has "$err" "may not write '$PORTALCTL_DB'"
	as_nobody 0 company list --format count
	is "$out" 4
	as_nobody 0 status
	as_nobody 0 db check --json
	is "$(json '[.items[] | select(.severity == "error")] | length')" 0
	is "$(sha256sum portal.db)" "$before"
	is "$(find . -name 'portal.db-*')" ""
}

# as_nobody STATUS WORDS...: what somebody else than root gets.
as_nobody() {
	local want=$1
	shift
	status=0
	setpriv --reuid=65534 --regid=65534 --clear-groups ./portalctl "$@" \
		>out.txt 2>err.txt </dev/null || status=$?
	err=$(cat err.txt)
	out=$(cat out.txt)
	is "$status" "$want" "status of $*"
}

# A portal that belongs to nobody, with what a writer that was killed leaves.
owned_by_nobody() {
	[ "$(id -u)" = 0 ] && command -v setpriv >/dev/null || skip "needs root and setpriv"
	network
	chmod 755 "$BATS_TEST_TMPDIR" "$BATS_RUN_TMPDIR" "$BATS_SUITE_TMPDIR" "$BATS_FILE_TMPDIR" \
		2>/dev/null || true
	install -m 755 "$PORTALCTL" portalctl
	mkdir live kept
	mv portal.db* live
	export PORTALCTL_DB=$BATS_TEST_TMPDIR/live/portal.db
	sqlite3 "$PORTALCTL_DB" "UPDATE company SET name = 'Novo' WHERE id = 2" \
		".shell cp live/portal.db* kept/" >/dev/null
	cp kept/* live
	chown 65534:65534 live live/*
	chmod 600 live/*
}

@test "a read in a directory that can't be written works, or says which" {
	owned_by_nobody
	chown root live
	rm live/portal.db-shm
	as_nobody 12 company show 2
	has "$err" "may not write '$BATS_TEST_TMPDIR/live'"
	has "$err" "hint: "
	one_sentence
	sqlite3 live/portal.db "PRAGMA wal_checkpoint(TRUNCATE)"
	is "$(find live -name 'portal.db-*')" ""
	as_nobody 0 company show 2 --fields name --format csv
	has "$out" Novo
	as_nobody 12 company set $ALFA --name Outro
	has "$err" "may not write '$BATS_TEST_TMPDIR/live'"
}

@test "a log or its index that can't be written is named" {
	owned_by_nobody
	for file in portal.db-shm portal.db-wal; do
		chmod 400 live/$file
		as_nobody 0 company show 2 --fields name --format csv
		has "$out" Novo
		as_nobody 12 company set $ALFA --name Outro
		has "$err" "may not write '$BATS_TEST_TMPDIR/live/$file'"
		has "$err" "hint: chmod u+w '$BATS_TEST_TMPDIR/live/$file'"
		chmod 600 live/$file
	done
	as_nobody 0 company set $ALFA --name Outro
}

@test "a full disk is told, and nothing is half done" {
	[ "$(id -u)" = 0 ] || skip "needs root"
	mkdir small
	mount -t tmpfs -o size=3m tmpfs small 2>/dev/null || skip "mount does not work here"
	export PORTALCTL_DB=$BATS_TEST_TMPDIR/small/portal.db
	full_disk || { umount small; return 1; }
	umount small
}

full_disk() {
	ok init --office $OFFICE --name "Escritório" &&
		ok company add $BETA --name Beta || return 1
	dd if=/dev/zero of=small/ballast bs=4096 2>/dev/null || true
	before=$(sql "SELECT count(*), max(id) FROM audit" 2>/dev/null)
	for try in $(seq 40); do
		portalctl invite send $BETA --email "p$try@beta.example" --message "$(printf '%01900d' 0)"
		[ "$status" = 0 ] || break
	done
	is "$status" 12 "status" && is "$out" "" && one_sentence || return 1
	rm small/ballast
	sqlite3 "$PORTALCTL_DB" "PRAGMA integrity_check" | grep -qx ok &&
		is "$(sql "SELECT count(*) FROM invite")" $((try - 1)) "invites" &&
		is "$(sql "SELECT count(*) FROM audit WHERE action = 'invite.send'")" $((try - 1)) &&
		ok invite send $BETA --email "p$try@beta.example"
}

@test "a writer that may have no thread waits all the same" {
	command -v strace >/dev/null || skip "needs strace"
	network
	flock portal.db.lock sh -c 'echo held >held; sleep 1' 3>&- &
	until [ -e held ]; do sleep 0.02; done
	strace -f -o /dev/null -e trace=clone,clone3 -e inject=clone,clone3:error=EAGAIN \
		"$PORTALCTL" company add 34028316000103 --name D --wait 20
	wait
}

@test "writers that wait in vain give up with 9" {
	network
	(
		exec 9<portal.db.lock
		flock 9
		echo held >held
		sleep 3
	) 3>&- &
	holder=$!
	until [ -e held ]; do sleep 0.02; done
	fails 9 company add 34028316000103 --name D --wait 0
	code busy company add 34028316000103 --name D --wait 0
	is "$(jq -r .retryable err.txt)" true
	ok company list
	kill $holder
	wait $holder || true
}

@test "what check found is told whole in Portuguese, too" {
	network
	chmod 640 portal.db
	portalctl --lang pt_BR db check --json
	holds '[.items[].finding] - ["file_mode", "sqlite_version"] | length' 0
	holds '.items[] | select(.finding == "file_mode") | .detail' \
		"o modo 640 permite acesso a outros; chmod 600"
	# Of a library of today nothing is told.
	holds '[.items[] | select(.finding == "sqlite_version") | .detail
		| endswith("gravadores em fila: não gravar com mais nada")] | all' true
	sql "DROP INDEX user_login; DROP TRIGGER sale_signature_removed"
	portalctl --lang pt_BR db check --json
	holds '[.items[] | select(.finding == "schema") | .detail | test("user_login|removed")] | all' true
}

# A link to the portal, in another folder and without a key of its own.
linked() {
	network
	mkdir real far
	mv portal.db* real
	ln -s ../real/portal.db far/alias.db
	real=$PWD/real/portal.db
	export PORTALCTL_DB=$PWD/far/alias.db
}

@test "a link to a portal has the portal's key, files and password lock" {
	linked
	echo "a note" >note.txt
	ok --as ana@alfa.example ticket open --subject S --body B --file note.txt
	ok ticket fetch 1 1 --output -
	is "$out" "a note"
	echo "uma senha longa 27" | ok user passwd ana@alfa.example --company $ALFA --password-stdin
	is "$(ls far)" alias.db
	is "$(find real/portal.db.files -type f | wc -l)" 1
	[ -e real/portal.db.kdf ] && [ -e real/portal.db.lock ]
	ok db check --full
	ok --db "$real" db check --full
	mv real/portal.db.key real/kept
	fails 1 company add 34028316000103 --name D
	has "$err" "real/portal.db.key"
	portalctl db check --json
	holds 'any(.items[]; .finding == "key_missing")' true
}

@test "who writes by a link waits for who writes without, and names what was typed" {
	linked
	flock real/portal.db.lock sh -c 'echo held >held; sleep 3' 3>&- &
	holder=$!
	until [ -e held ]; do sleep 0.02; done
	fails 9 company add 34028316000103 --name D --wait 0
	has "$err" "'$PORTALCTL_DB'"
	kill $holder
	wait $holder || true
}

@test "a link to a portal of an older program has its copy beside the portal" {
	mkdir real far
	PYTHONPATH=$BATS_TEST_DIRNAME/../fault python3 -c 'import bases
bases.make_old_portal("real")'
	ln -s ../real/p.db far/alias.db
	ok --db far/alias.db db migrate --json
	[ -e "$(json .data.backup)" ]
	is "$(find real -name "p.db.before-*" | wc -l)" 1
	is "$(ls far)" alias.db
	ok --db far/alias.db status
}

@test "a link that leads nowhere is no portal, and no place for one" {
	export PORTALCTL_DB=$PWD/alias.db
	ln -s nowhere/portal.db alias.db
	fails 1 status
	has "$err" "'$PORTALCTL_DB' is a link that leads nowhere"
	for more in "" --dry-run --if-not-exists; do
		# shellcheck disable=SC2086 # no word, or one
		fails 1 init --office $OFFICE --name X $more
		has "$err" "is a link that leads nowhere"
	done
	is "$(ls -A | grep -v txt$)" alias.db
	ln -sf alias.db alias.db
	fails 1 status
}

@test "P8 who is not the operator makes and changes no database, and the denial is kept" {
	network
	denied --as ana@alfa.example db migrate
	has "$err" "'ana@alfa.example/$ALFA' may not do this (db.migrate)"
	denied --as dora@office.example init --office $OFFICE --name X
	denied --as dora@office.example init --office $OFFICE --name X --if-not-exists
	is "$(sql "SELECT DISTINCT acting_as || ' ' || changes FROM audit
		WHERE action = 'denied' AND changes LIKE '%init%'")" \
		"dora@office.example/$OFFICE {\"action\":[null,\"portal.init\"]}"
	sql "PRAGMA user_version = 1"
	fails 4 --as ana@alfa.example db migrate
	fails 4 --db none.db --as ana@alfa.example init --office $OFFICE --name X
	[ ! -e none.db ]
}
