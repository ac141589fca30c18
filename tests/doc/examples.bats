load fresh

# A portal with an invite that is over since long ago.
portal_with_an_old_invite() {
	fresh_portal
	portalctl -q --now 2020-03-01T12:00:00Z invite send 02919305000127 --email contato@modelo.example
}

pending() {
	portalctl invite list --format count
}

@test "the demo runs and all is as expected" {
	"$top/examples/demo" "$program/portalctl" >out 2>&1 || { cat out; return 1; }
	is "$(tail -1 out)" "demo: all as expected" "last line"
}

@test "the demo fails where a count differs" {
	sed 's/expect 5 "$(count accepted)"/expect 6 "$(count accepted)"/' "$top/examples/demo" >demo
	if cmp -s demo "$top/examples/demo"; then return 1; fi
	mkdir -p tests/data examples && mv demo examples
	cp "$top/tests/data/fornecedores-import.csv" tests/data
	if bash examples/demo "$program/portalctl" >out 2>&1; then return 1; fi
	grep -q 'NOT AS EXPECTED: accepted' out
}

@test "the cron line expires invites, silently" {
	portal_with_an_old_invite
	local line
	line=$(grep -E '^[0-9*]' "$top/examples/portalctl.cron")
	is "$(awk '{ print $6, $7 }' <<<"$line")" "portalctl portalctl" "user and command"
	sh -c "$(sed -E 's/^([^ ]+ +){5}portalctl +//' <<<"$line")" >out 2>&1
	is "$(cat out)" "" "what cron would mail"
	is "$(pending)" 0 "pending"
}

@test "the systemd service expires invites, and both units are sound" {
	portal_with_an_old_invite
	local run unit
	run=$(sed -n 's/^ExecStart=//p' "$top/examples/portalctl-due.service")
	sh -c "exec portalctl${run#*/portalctl}" >out 2>&1
	is "$(cat out)" "" "what the journal gets"
	is "$(pending)" 0 "pending"
	command -v systemd-analyze >/dev/null || skip "there is no systemd-analyze"
	for unit in service timer; do
		sed "s|/usr/local/bin/portalctl|$program/portalctl|" "$top/examples/portalctl-due.$unit" \
			>portalctl-due.$unit
	done
	systemd-analyze verify --man=no ./portalctl-due.service ./portalctl-due.timer >out 2>&1 || :
	is "$(grep portalctl-due out)" "" "what systemd says"
}

@test "invite-all invites every line of a table and is safe to run twice" {
	fresh_portal
	printf '%s\n' to_tax_id,email,name 02919305000127,contato@modelo.example,Ana \
		11222333000181,um@example.com,'"Silva, Bia"' >table.csv
	is "$("$top/examples/invite-all" table.csv)" "2 invited, 0 before, 0 failed" "first run"
	is "$("$top/examples/invite-all" table.csv)" "0 invited, 2 before, 0 failed" "second run"
	is "$(pending)" 2 "pending"
	is "$(portalctl invite show 2 --json | jq -r .data.contact_name)" "Silva, Bia" "name"
}

@test "invite-all says which lines failed and invites the others" {
	fresh_portal
	printf '%s\n' to_tax_id,email 02919305000128,contato@modelo.example \
		11222333000181,um@example.com >table.csv
	status=0
	"$top/examples/invite-all" table.csv >out || status=$?
	is "$status" 7 "exit status"
	is "$(tail -1 out)" "1 invited, 0 before, 1 failed" "summary"
	grep -q "line 2: .*02919305000128" out
}

@test "the pipeline tells who waits and since when" {
	portal_with_an_old_invite
	portalctl -q --now 2026-03-01T12:00:00Z invite send 11222333000181 --email um@example.com
	"$top/examples/pipeline" >out
	is "$(wc -l <out)" 2 "lines"
	is "$(head -1 out | jq -r .since)" "2020-03-01T12:00:00Z" "the oldest first"
	is "$(tail -1 out | jq -r .waiting)" 1 "how many"
}

@test "the README's session is what the program prints" {
	sed -n '/^```console$/,/^```$/p' "$top/README.md" | sed '/^```/d' >session
	[ -s session ]
	export PORTALCTL_NOW=2026-03-02T12:00:00Z
	unset PORTALCTL_DB
	grep '^[$] ' session | while IFS= read -r line; do
		printf '%s\n' "$line"
		eval "${line#\$ }" 2>&1 || :
	done >played
	diff session played
}
