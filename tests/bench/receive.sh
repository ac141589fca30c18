# shellcheck shell=sh disable=SC2154 # read by run
# Web hooks of WhatsApp: one message, beside the shell keeping its body durably; and a batch,
# beside the shell writing the same rows, which lie ready in another database.

receive_count=$((1000 / divisor > 20 ? 1000 / divisor : 20))
receive_tables="webhook contact contact_identity ticket_day ticket ticket_word conversation message outbox
	notification audit"

# web_hook FIRST COUNT CLIENTS: a body with so many messages of so many clients.
web_hook() {
	awk -v first="$1" -v count="$2" -v clients="$3" 'BEGIN {
		printf "{\"object\":\"whatsapp_business_account\",\"entry\":[{\"id\":\"1\",\"changes\":[{\"field\":"
		printf "\"messages\",\"value\":{\"metadata\":{\"phone_number_id\":\"4242\"},\"messages\":["
		for (i = first; i < first + count; i++) {
			printf "%s{\"from\":\"55119%08d\",\"id\":\"wamid.%d\",", (i > first) ? "," : "", 70000000 + i % clients, i
			printf "\"timestamp\":\"1763812800\",\"type\":\"text\",\"text\":{\"body\":"
			printf "\"Bom dia, preciso da guia de impostos deste m\\u00eas, por favor.\"}}"
		}
		print "]}}]}]}"
	}'
}

receive_one() {
	copy receive.db work.db
	web_hook 1 1 1 >hook.json
	one first hook.json "$portalctl" --db work.db --config receive.yaml --now $now wa receive
	copy work.db shell.db
	begin
	for i in $(seq 2 51); do
		web_hook "$i" 1 1 >hook.json
		echo "$pragmas INSERT INTO webhook (received_at, sha256, verified, body, state)
			VALUES (1, '$i', 0, '$(cat hook.json)', 'received');" >hook.sql
		one ours hook.json "$portalctl" -q --db work.db --config receive.yaml --now $now wa receive
		one theirs hook.sql sqlite3 -batch shell.db
	done
	compare "wa receive of one message" 2.0
}

receive_rows() { # what the shell writes: all that is not as it was
	rm -f rows.db
	for table in $receive_tables; do
		sql rows.db "PRAGMA journal_mode=OFF; ATTACH 'work.db' AS ours; ATTACH 'receive.db' AS before;
			CREATE TABLE $table AS SELECT * FROM ours.$table EXCEPT SELECT * FROM before.$table" >/dev/null
	done
	{
		echo "$bulk ATTACH 'rows.db' AS rows; BEGIN IMMEDIATE;"
		for table in $receive_tables; do echo "INSERT INTO $table SELECT * FROM rows.$table;"; done
		echo 'COMMIT;'
	} >rows.sql
	sync -f rows.db
}

receive_batch() { # CLIENTS NAME
	web_hook 1 "$receive_count" "$1" >hook.json
	copy receive.db work.db
	one first hook.json "$portalctl" -q --db work.db --config receive.yaml --now $now wa receive
	[ "$(sql work.db "SELECT messages FROM webhook")" = "$receive_count" ] ||
		{ echo "run: not all messages were received" >&2; exit 1; }
	receive_rows
	begin
	for _ in $(seq $((runs * 3))); do
		copy receive.db work.db
		one ours hook.json "$portalctl" -q --db work.db --config receive.yaml --now $now wa receive
		copy receive.db shell.db
		one theirs rows.sql sqlite3 -batch shell.db
	done
	compare "$2" 3.0
	[ "$(sql work.db "SELECT count(*) FROM message")" = "$(sql shell.db "SELECT count(*) FROM message")" ] ||
		{ echo "run: the shell wrote other rows" >&2; exit 1; }
}

receive() {
	new_portal receive.db
	printf 'whatsapp:\n  phone_number_id: "4242"\n' >receive.yaml
	receive_one
	receive_batch 1 "wa receive of $receive_count of a client"
	receive_batch "$receive_count" "wa receive of $receive_count clients"
	rm -f work.db* shell.db* rows.db
}
