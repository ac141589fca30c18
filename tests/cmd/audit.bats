load helpers

FIELDS="id at actor as action target_kind target_id changes hash"
OFFICE=65635571000148 ALFA=11222333000181

# A portal whose log has eight rows.
portal() {
	export PORTALCTL_DB=$BATS_TEST_TMPDIR/portal.db PORTALCTL_NOW=2026-03-01T12:00:00Z
	ok init --office $OFFICE --name "Escritório Modelo" --allow-clock-override
	ok company add $ALFA --name "Alfa Ltda." --email contato@alfa.example
	ok user add dora@office.example --company $OFFICE --name Dora
	ok user add davi@office.example --company $OFFICE --name Davi --active
	ok user add ana@alfa.example --company $ALFA --name Ana
	ok invite send $ALFA --email ana@alfa.example --as dora@office.example --now 2026-03-02T12:00:00Z
	ok invite cancel 1 --now 2026-03-03T12:00:00Z
}

sql() {
	sqlite3 "$PORTALCTL_DB" "$1"
}

# ids ARGS...: of the rows listed, in one line.
ids() {
	ok audit list --format ids "$@"
	paste -sd' ' out.txt
}

@test "O4 a row has all its fields, and says who did what to which record" {
	portal
	ok audit list --target invite:1 --json
	is "$(json .kind)" audit.list
	is "$(json '.items[0] | keys_unsorted | join(" ")')" "$FIELDS"
	is "$(json '.items[0] | [.id, .at, .as, .action, .target_kind, .target_id] | map(tostring) | join(" ")')" \
		"7 2026-03-02T12:00:00Z dora@office.example/$OFFICE invite.send invite 1"
	is "$(json '.items[0].actor')" "uid:$(id -u)"
	is "$(json '.items[1].changes.status | join(" ")')" "pending cancelled"
	is "$(json '.items[1].as')" null
	is "$(json '.items[0].hash | length')" 64
}

@test "O4 the first row is the portal's own" {
	portal
	ok audit list --limit 1 --json
	is "$(json '.items[0] | [.id, .action, .target_kind, .target_id] | map(tostring) | join(" ")')" \
		"1 init null null"
	is "$(json '.items[0].changes.portal_id[1]')" "$(sql "SELECT portal_id FROM portal")"
}

@test "an action that there is none of is refused, not an empty list" {
	portal
	refused 2 "'bogus' is not an action of the audit log" audit list --action bogus
	refused 2 "(invite.send)" audit list --action invite.sent
	refused 2 "" audit list --action ''
	ok audit list --action invite --format count
	for action in $(sql "SELECT DISTINCT action FROM audit"); do
		ok audit list --action "$action" --format count
		[ "$out" -gt 0 ]
	done
}

@test "O4 the list goes by id, in pages, and newest first when asked" {
	portal
	is "$(ids)" "1 2 3 4 5 6 7 8"
	is "$(ids --sort -at)" "8 7 6 5 4 3 2 1"
	is "$(ids --sort -id)" "8 7 6 5 4 3 2 1"
	ok audit list --limit 3 --json
	is "$(json .truncated)" true
	is "$(ids --after "$(json .next)")" "4 5 6 7 8"
	refused 2 "'hash' is not one of the choices of 'sort': id, at" audit list --sort hash
}

@test "O4 the list is cut by time, the first moment inside and the last outside" {
	portal
	is "$(ids --since 2026-03-02T12:00:00Z)" "7 8"
	is "$(ids --until 2026-03-02T12:00:00Z)" "1 2 3 4 5 6"
	is "$(ids --since 2026-03-02 --until 2026-03-03 --tz UTC)" 7
	refused 6 "" audit list --since yesterday
}

@test "O4 the list is cut by action, actor and record" {
	portal
	is "$(ids --action invite.cancel)" 8
	is "$(ids --action invite)" "7 8"
	fails 2 audit list --action inv
	is "$(ids --actor dora@office.example)" 7
	is "$(ids --actor dora@office.example/$OFFICE)" 7
	is "$(ids --actor dora)" ""
	is "$(ids --actor "uid:$(id -u)" --action company)" "2 3"
	is "$(ids --target user)" "4 5 6"
	is "$(ids --target user:2)" 5
	is "$(ids --target user:2 --action invite)" ""
}

@test "O4 a record that can't be one is refused, not an empty list" {
	portal
	refused 2 "'--target' is empty" audit list --target ""
	for target in invite: invite:0 invite:x invite:-1 :1 Invite "invite 1" \
		invite:9999999999999999999; do
		refused 2 "does not name a record" audit list --target "$target"
	done
}

# Each kind of record that a portal with everything in it names, with an id, and
# whatever else the sources write.
kinds() {
	sqlite3 busy/p.db "SELECT max(target_kind || ':' || target_id) FROM audit
		WHERE target_kind > '' GROUP BY target_kind"
	sed -n -E 's/.*audit_add\(&?w, [^,]+, "([a-z._]+)".*/\1/p;
		s/.*policy_object.*\.kind = "([a-z._]+)".*/\1/p' "$BATS_TEST_DIRNAME"/../../lib/*.c
}

@test "O4 every kind of record the program writes can be asked for" {
	PYTHONPATH=$BATS_TEST_DIRNAME/../fault python3 -c 'import bases, os
os.mkdir("busy"); bases.make_desk_portal("busy")'
	export PORTALCTL_DB=busy/p.db
	kinds | sort -u >kinds.txt
	grep -qx ticket kinds.txt && grep -q ^task: kinds.txt
	while read -r target; do
		ok audit list --target "$target" --limit 1 --json
		[ "$target" = "${target%:*}" ] || holds ".items[0].target_kind" "${target%:*}"
	done <kinds.txt
	sqlite3 busy/p.db "SELECT max(cause_kind || ':' || cause_id) FROM outbox
		GROUP BY cause_kind" >causes.txt
	grep -q ^ticket: causes.txt
	while read -r cause; do
		ok outbox list --cause "$cause" --limit 1 --json
		holds ".items[0].cause" "$cause"
	done <causes.txt
}

@test "O4 the list in every format" {
	portal
	ok audit list --action init
	has "$out" "ID  AT"
	has "$out" init
	ok audit list --action init --format ndjson
	is "$(json '[.id, .action] | map(tostring) | join(" ")')" "1 init"
	ok audit list --action init --format csv
	is "$(head -n 1 out.txt)" "${FIELDS// /,}"
	ok audit list --action init --format tsv --fields id,action
	has "$out" $'1\tinit'
	is "$(ids --action init)" 1
	ok audit list --format count
	is "$out" 8
}

@test "P10 a log that holds is proved, and -q says nothing" {
	portal
	ok audit verify
	is "$out" "the audit log is whole: 8 rows"
	ok audit verify --json
	is "$(json .kind)" audit.verify
	is "$(json '.data | keys_unsorted | join(" ")')" "rows last_id last_hash erased"
	is "$(json '.data | [.rows, .last_id, .erased] | join(" ")')" "8 8 0"
	is "$(json .data.last_hash)" "$(sql "SELECT hash FROM audit WHERE id = 8")"
	ok -q audit verify
	is "$out" ""
}

@test "P10 a row that was altered is named, with exit 1" {
	portal
	sql "UPDATE audit SET actor = 'uid:0x' WHERE id = 4"
	refused 1 "audit row '4' was altered" audit verify
	refused 1 '"code":"damaged"' audit verify --json
	is "$(jq -r '.target | "\(.kind) \(.id)"' err.txt)" "audit 4"
	portalctl -q audit verify
	is "$status" 1
	is "$(grep -c . err.txt)" 2
}

@test "P10 a row that is missing is named" {
	portal
	sql "DELETE FROM audit WHERE id = 4"
	refused 1 "audit row '4' is missing" audit verify
	refused 1 "has 7 rows, but the last of them is row '8'" audit checkpoint
}

@test "P10 bytes behind a NUL are found" {
	portal
	sql "UPDATE audit SET actor = actor || char(0) || 'x' WHERE id = 4"
	refused 1 "NUL byte" audit verify
}

@test "P10 an empty log is a fault" {
	portal
	sql "DELETE FROM audit"
	refused 1 "the audit log is empty" audit verify
	refused 1 "has 0 rows" audit checkpoint
}

@test "P10 without the portal's key nothing is proved" {
	portal
	head -c 32 /dev/urandom >"$PORTALCTL_DB.key"
	refused 1 "belongs to another portal" audit verify
	rm "$PORTALCTL_DB.key"
	portalctl audit verify
	is "$status" 1
}

@test "P10 a checkpoint is one line, and shows a tail that was cut" {
	portal
	ok audit checkpoint
	is "$(wc -l <out.txt)" 1
	is "$out" "portalctl-checkpoint 1 $(sql "SELECT portal_id FROM portal") 8 $(sql "SELECT hash FROM audit WHERE id = 8") 2026-03-01T12:00:00Z"
	cp out.txt kept.txt
	ok company add 02919305000127 --name Beta
	ok audit verify --checkpoint kept.txt
	cat kept.txt | ok audit verify --checkpoint -
	sql "DELETE FROM audit WHERE id > 6"
	ok audit verify
	refused 1 "a checkpoint tells of row '8'" audit verify --checkpoint kept.txt
	cat kept.txt | refused 1 "a checkpoint tells of row '8'" audit verify --checkpoint -
}

@test "P10 a log cut and grown again is found with a checkpoint" {
	portal
	ok audit checkpoint
	cp out.txt kept.txt
	sql "DELETE FROM audit WHERE id > 6"
	ok company add 02919305000127 --name Beta
	ok company add 33000167000101 --name Gama
	ok audit verify
	refused 1 "audit row '8' is not the one that the checkpoint tells of" \
		audit verify --checkpoint kept.txt
}

@test "P10 an older copy of the whole portal is found with a checkpoint" {
	portal
	sqlite3 "$PORTALCTL_DB" ".backup yesterday.db"
	ok company add 02919305000127 --name Beta
	ok audit checkpoint
	cp out.txt kept.txt
	rm -f "$PORTALCTL_DB"-wal "$PORTALCTL_DB"-shm
	cp yesterday.db "$PORTALCTL_DB"
	ok audit verify
	refused 1 "a checkpoint tells of row '9'" audit verify --checkpoint kept.txt
}

@test "a checkpoint as JSON has its parts" {
	portal
	ok audit checkpoint --json
	is "$(json .kind)" audit.checkpoint
	is "$(json '.data | keys_unsorted | join(" ")')" "checkpoint portal_id rows hash at"
	json .data.checkpoint >kept.txt
	ok audit verify --checkpoint kept.txt
}

@test "a file that is no checkpoint is refused" {
	portal
	echo nothing >kept.txt
	refused 6 "there is no checkpoint" audit verify --checkpoint kept.txt
	: >kept.txt
	refused 6 "there is no checkpoint" audit verify --checkpoint kept.txt
	printf 'a\nportalctl-checkpoint 1 x\n' >kept.txt
	refused 6 "not whole" audit verify --checkpoint kept.txt
	portalctl audit verify --checkpoint kept.txt --json
	is "$(jq -r '.source | "\(.file):\(.line)"' err.txt)" kept.txt:2
	printf 'a\0b\n' >kept.txt
	refused 6 "zero byte" audit verify --checkpoint kept.txt
	head -c 2000000 /dev/zero | tr '\0' x >kept.txt
	refused 6 "over 1048576 bytes" audit verify --checkpoint kept.txt
	refused 1 "can't read 'absent.txt'" audit verify --checkpoint absent.txt
	refused 1 "can't read '.'" audit verify --checkpoint .
}

@test "a checkpoint of another portal is refused" {
	portal
	ok --db other.db init --office $ALFA --name Alfa --allow-clock-override
	ok --db other.db audit checkpoint
	cp out.txt kept.txt
	refused 6 "of another portal" audit verify --checkpoint kept.txt
}

@test "P10 rows that somebody blanked are no erased ones" {
	portal
	sql "UPDATE audit SET nonce = NULL, changes = NULL WHERE id IN (6, 7)"
	refused 1 "the changes of audit row '6' were removed, and no erasure names it" audit verify
	refused 1 '"code":"damaged"' audit verify --json
	is "$(jq -r '.target | "\(.kind) \(.id)"' err.txt)" "audit 6"
	ok audit list --target user:3 --json
	is "$(json '.items[0].changes')" null
	sql "UPDATE audit SET changes = '{}' WHERE id = 6"
	refused 1 "the changes of audit row '6' were altered" audit verify
}

@test "O4a what a row said can't be guessed when it is erased: each has a nonce of its own" {
	portal
	is "$(sql "SELECT count(DISTINCT nonce), min(length(nonce)), max(length(nonce)) FROM audit")" \
		"8|32|32"
}

@test "P8 only the operator and admins of the office read the audit log" {
	portal
	for verb in list verify checkpoint; do
		refused 4 "may not do this (audit.$verb)" audit $verb --as ana@alfa.example
		refused 4 "may not do this (audit.$verb)" audit $verb --as davi@office.example
		ok audit $verb --as dora@office.example
	done
	is "$(sql "SELECT count(*) FROM audit WHERE action = 'denied'")" 6
}
