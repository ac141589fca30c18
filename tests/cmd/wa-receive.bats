load helpers
load network

WEBHOOKS=${SHARED:-$BATS_TEST_DIRNAME/../../../shared}/data/whatsapp/webhooks

# reachable: the network, and a machine that web hooks can reach.
reachable() {
	network
	(umask 077; printf 'segredo do app\n' >app-secret)
	cat >config.yaml <<-END
		whatsapp:
		  phone_number_id: "4242"
		  app_secret_file: app-secret
	END
	export PORTALCTL_CONFIG=$PWD/config.yaml
}

# body EVENTS [NUMBER]: a body with these members of a value, as WhatsApp sends it.
body() {
	printf '{"object":"whatsapp_business_account","entry":[{"id":"77","changes":[{"field":"messages",'
	printf '"value":{"metadata":{"phone_number_id":"%s"},%s}}]}]}' "${2:-4242}" "$1"
}

# text ID TEXT: a message of Ana.
text() {
	printf '{"id":"%s","from":"5531999990001","timestamp":"1772366400","type":"text","text":{"body":"%s"}}' "$@"
}

# feed [ARGS...] < BODY
feed() {
	"$PORTALCTL" wa receive "$@" >out.txt 2>err.txt <body.json && status=0 || status=$?
	out=$(<out.txt)
	err=$(<err.txt)
}

sign() {
	python3 -c 'import hmac, sys
print("sha256=" + hmac.new(sys.argv[1].encode(), open("body.json", "rb").read(), "sha256").hexdigest())' \
		"${1-segredo do app}"
}

kept() {
	sql "SELECT count(*) FROM webhook"
}

@test "W8 a body is kept as it came, and read" {
	reachable
	body "\"messages\":[$(text w1 'Ol\u00e1 \/ \u003Cb\u003E ç')],\"statuses\":[]" >body.json
	feed --json
	is "$status" 0
	holds '[.kind, .action, .changed] | join(" ")' "webhook received true"
	holds '.data | [.id, .state, .reason, .messages, .statuses, .other, .set_aside] | join(" ")' "1 done  1 0 0 0"
	holds .data.sha256 "$(sha256sum body.json | cut -d' ' -f1)"
	ok wa log --format ndjson --fields body
	json .body | cmp - <(cat body.json; echo)
	feed
	has "$out" "had come before"
}

@test "W8 P4 where the portal has no number nothing is taken, and what was for another is read again by hand" {
	reachable
	cp config.yaml right.yaml
	body "\"messages\":[$(text w1 A)]" >body.json
	sed -i /phone_number_id/d config.yaml
	untouched feed --signature "$(sign)"
	is "$status" 1 && has "$err" "no number that web hooks could be about"
	has "$err" "whatsapp.phone_number_id"
	sed 's/4242/4343/' right.yaml >config.yaml
	feed
	ok wa log --json
	holds '.items[0] | "\(.state) \(.reason) \(.set_aside)"' "done other_number 1"
	cp right.yaml config.yaml
	feed --json
	holds '"\(.changed) \(.data.state) \(.data.reason) \(.data.messages)"' "true done null 1"
	is "$(sql "SELECT body FROM message WHERE direction = 'in'")" A
}

@test "W8 P4 what was kept is not set aside because a later program finds no number" {
	reachable
	body "\"messages\":[$(text w1 A)]" >body.json
	feed
	sql "DELETE FROM message WHERE direction = 'in'"
	sql "UPDATE webhook SET state = 'received', processed_at = NULL, received_at = 1"
	cp config.yaml right.yaml
	sed -i /phone_number_id/d config.yaml
	refused 1 "whatsapp.phone_number_id is not set" due
	is "$(sql "SELECT state FROM webhook")" received
	cp right.yaml config.yaml
	at 2026-03-02T12:00:00Z
	portalctl due # what it sends has no token
	is "$(sql "SELECT body FROM message WHERE direction = 'in'")" A
}

@test "W8 the same body again changes nothing" {
	reachable
	body "\"messages\":[$(text w1 Bom)]" >body.json
	feed
	before=$(fingerprint)
	feed --json
	is "$status" 0 && holds .changed false && holds .data.id 1
	is "$(fingerprint)" "$before" "database"
}

@test "W8 a body is signed over its bytes as they came" {
	reachable
	body "\"messages\":[$(text w1 'Ol\u00e1 \/ \u0040 ção')]" >body.json
	feed --signature "$(sign)" --json
	is "$status" 0 && holds .data.verified true
	body "\"messages\":[$(text w2 B)]" >body.json
	feed --signature "sha256=$(sign | cut -d= -f2 | tr a-f A-F)" --json
	is "$status" 0
}

@test "W8 a signature that is not that of the body is denied, and nothing is kept" {
	reachable
	body "\"messages\":[$(text w1 A)]" >body.json
	good=$(sign)
	for wrong in "$(sign outro)" "${good%?}" "${good}0" "${good#sha256=}" "sha1=${good#*=}" "" "sha256=" \
		"sha256=$(printf 'z%.0s' {1..64})"; do
		denials=$(sql "SELECT count(*) FROM audit WHERE action = 'denied'")
		feed --signature "$wrong"
		is "$status" 4 "status of '$wrong'" && has "$err" "the signature is not that of the body" && is "$out" ""
		is "$(sql "SELECT count(*) FROM audit WHERE action = 'denied'")" $((denials + 1)) "denials"
	done
	printf ' ' >>body.json
	feed --signature "$good"
	is "$status" 4
	is "$(kept)" 0
}

@test "W8 where there is no secret no signature is good" {
	reachable
	body "\"messages\":[$(text w1 A)]" >body.json
	: >app-secret
	feed --signature "$(sign '')"
	is "$status" 2 && has "$err" "is empty"
	sed -i /app_secret/d config.yaml
	feed --signature "$(sign '')"
	is "$status" 1 && has "$err" "no app secret" && has "$err" "whatsapp.app_secret_file"
	is "$(kept)" 0
}

@test "P8 the operator alone feeds bodies that are not signed, admins of the office those that are" {
	reachable
	body "\"messages\":[$(text w1 A)]" >body.json
	ok user add caco@office.example --company $OFFICE --name Caco --active
	for who in dora@office.example caco@office.example ana@alfa.example; do
		feed --as $who
		is "$status" 4 "status as $who"
	done
	feed --as caco@office.example --signature "$(sign)"
	is "$status" 4
	is "$(kept)" 0
	feed --as dora@office.example --signature "$(sign)"
	is "$status" 0
	is "$(kept)" 1
	fails 4 wa log --as caco@office.example
	ok wa log --as dora@office.example
}

@test "W8 what is no text is refused and not kept" {
	reachable
	printf '{"a":"\xff"}' >body.json
	feed
	is "$status" 6 && has "$err" "not UTF-8"
	printf '{"a":"\0"}' >body.json
	feed
	is "$status" 6 && has "$err" "NUL"
	head -c 4194305 /dev/zero | tr '\0' ' ' >body.json
	feed
	is "$status" 6 && has "$err" "over 4194304 bytes"
	is "$(kept)" 0
	body "\"messages\":[$(text w1 A)]" >body.json
	head -c $((4194304 - $(stat -c %s body.json))) /dev/zero | tr '\0' ' ' >>body.json
	feed
	is "$status" 0
	is "$(sql "SELECT state, messages FROM webhook")" "done|1"
}

@test "W8 what can't be read is kept with the reason, and holds up nothing" {
	reachable
	for bad in '' '{' '[]' '{"object":"page","entry":[]}' '{"object":"x","object":"x"}'; do
		printf %s "$bad" >body.json
		feed --json
		is "$status" 0 && holds '.data | [.state, .reason] | join(" ")' "failed unreadable"
		[ -n "$(json .data.detail)" ]
	done
	body "\"messages\":[$(text w1 A)]" >body.json
	feed --json
	holds .data.state "done"
	ok wa log --state failed --format ids
	is "$out" "$(seq 5)" "failed ones"
	ok wa log --state "done" --format ids
	is "$out" 6
	refused 2 "received" wa log --state lost
}

@test "W8 of a body that can't be read the admins of the office hear once, and it is read again by hand" {
	reachable
	printf '{' >body.json
	feed
	feed --json
	holds '"\(.changed) \(.data.state)"' "true failed"
	is "$(notified webhook_failed)" $OFFICE "once"
	has "$(sql "SELECT text FROM notification WHERE kind = 'webhook_failed'")" "O web hook 1 do WhatsApp não pôde ser aproveitado: "
	is "$(kept)" 1
	body "\"messages\":[$(text w1 A)]" >body.json
	feed
	is "$(notified webhook_failed)" $OFFICE "none of what can be read"
}

@test "W8 an event that broke a rule is told of, and used when the body is fed again after the mending" {
	reachable
	ok contact set ana@alfa.example --phone '(31) 99999-0001'
	body "\"messages\":[$(text w1 A)]" >body.json
	feed
	ok category add Fiscal
	# So that the menu is longer than a message may be.
	sql "UPDATE category SET name = printf('%05000d', id)"
	ok config set wa_menu on
	body "\"messages\":[$(text w1 A),{\"id\":\"x\",\"type\":\"text\"},$(text w2 B | sed s/553199/551199/),$(text w3 C)]" >body.json
	feed --json
	holds '.data | "\(.state) \(.reason) \(.messages) \(.duplicates) \(.set_aside)"' "done failed 1 1 2"
	is "$(notified webhook_failed)" $OFFICE
	feed --json --signature "$(sign)" --as dora@office.example
	holds '.data | "\(.state) \(.reason) \(.messages) \(.duplicates) \(.set_aside)"' "done failed 0 2 2"
	is "$(notified webhook_failed)" $OFFICE
	ok config set wa_menu off
	ok wa log --format ndjson --fields id,reason,body
	jq -j 'select(.reason == "failed").body' <<<"$out" >again.json
	cmp again.json body.json
	feed --json
	holds '.data | "\(.id) \(.state) \(.reason) \(.messages) \(.duplicates) \(.set_aside)"' "2 done no_sender 1 2 1"
	is "$(sql "SELECT wamid FROM message WHERE direction = 'in' ORDER BY wamid" | paste -sd' ')" "w1 w2 w3"
	before=$(fingerprint)
	feed --json
	holds .changed false
	is "$(fingerprint)" "$before" "database"
}

@test "W8 events of another number and broken ones are set aside, the others used" {
	reachable
	body "\"messages\":[$(text w1 A),{\"id\":\"w2\",\"type\":\"text\"},$(text w3 C)],\"statuses\":[
		{\"id\":\"x\",\"status\":\"sent\",\"timestamp\":1772366400},{\"id\":\"y\"}]" >body.json
	feed --json
	holds '.data | [.state, .reason, .messages, .statuses, .other, .set_aside] | join(" ")' \
		"done no_sender 2 0 0 3"
	body "\"messages\":[$(text w4 A)]" 123456123 >body.json
	feed --json
	holds '.data | [.state, .reason, .messages, .set_aside] | join(" ")' "done other_number 0 1"
	portalctl wa log --lang pt_BR
	has "$out" "de outro número"
}

@test "W8 notices about templates and the account are ours without a number" {
	reachable
	cat >body.json <<-END
		{"object":"whatsapp_business_account","entry":[{"id":"77","changes":[
		{"field":"message_template_status_update","value":{"event":"PAUSED","message_template_name":"x"}},
		{"field":"account_update","value":{"event":"ACCOUNT_VIOLATION"}},
		{"field":"flows","value":{}}]}]}
	END
	feed --json
	holds '.data | [.other, .set_aside, .reason] | join(" ")' "2 1 other_number"
}

# lost ID AGE_SECONDS: as if the process had died before the second transaction.
lost() {
	sql "UPDATE webhook SET state = 'received', processed_at = NULL,
		received_at = received_at - 1000 * $2 WHERE id = $1"
}

@test "P1 a body whose reading was lost is read with the next one" {
	reachable
	body "\"messages\":[$(text w1 A)]" >body.json && feed
	body "\"messages\":[$(text w2 A)]" >body.json && feed
	lost 1 10
	lost 2 9
	body "\"messages\":[$(text w3 A)]" >body.json && feed
	is "$(sql "SELECT id, state FROM webhook" | paste -sd' ')" "1|done 2|received 3|done" \
		"older than ten seconds"
	body "\"messages\":[$(text w2 A)]" >body.json
	feed --json
	holds '.data | [.id, .state, .duplicates] | join(" ")' "2 done 1"
}

@test "P4 what three processes died over is set aside and holds up nothing" {
	reachable
	body "\"messages\":[$(text w1 A)]" >body.json && feed
	lost 1 60
	sql "UPDATE webhook SET attempts = 2, tried_at = received_at"
	sql "CREATE TRIGGER deadly BEFORE UPDATE OF messages ON webhook WHEN old.id = 1 BEGIN
		SELECT RAISE (ABORT, 'dead'); END"
	body "\"messages\":[$(text w2 A)]" >body.json
	feed --json
	is "$status" 0 && holds '.data | [.id, .state] | join(" ")' "2 done"
	is "$(sql "SELECT state, attempts FROM webhook WHERE id = 1")" "received|3"
	body "\"messages\":[$(text w3 A)]" >body.json
	feed
	is "$(sql "SELECT state FROM webhook WHERE id = 1")" received "within ten seconds"
	PORTALCTL_NOW=2026-03-01T12:00:10Z
	body "\"messages\":[$(text w4 A)]" >body.json
	feed --json
	holds .data.state "done"
	is "$(sql "SELECT state, reason FROM webhook WHERE id = 1")" "failed|crashed"
}

@test "W8 what can't be read now is kept, and that is no failure" {
	reachable
	sql "CREATE TRIGGER full BEFORE UPDATE OF messages ON webhook BEGIN SELECT RAISE (ABORT, 'no'); END"
	body "\"messages\":[$(text w1 A)]" >body.json
	feed --json
	is "$status" 0 && holds '.data | [.id, .state] | join(" ")' "1 received"
	[ -n "$(json '.data.detail // empty')" ]
	sql "DROP TRIGGER full"
	feed --json
	holds '.data | [.id, .state] | join(" ")' "1 done"
}

@test "P2 a rehearsal reads the body and keeps nothing" {
	reachable
	body "\"messages\":[$(text w1 A)]" >body.json
	before=$(fingerprint)
	feed --dry-run --json
	is "$status" 0 && holds '[.dry_run, .data.id, .data.state, .data.messages] | map(tostring) | join(" ")' \
		"true null done 1"
	is "$(fingerprint)" "$before" "database"
}

@test "W8 a batch of a thousand and three megabytes is read at once, in little memory" {
	reachable
	python3 - >body.json <<-'END'
		import json
		print(json.dumps({"object": "whatsapp_business_account", "entry": [{"id": "77", "changes": [
		    {"field": "messages", "value": {"metadata": {"phone_number_id": "4242"}, "contacts": [
		        {"profile": {"name": "Cliente"}, "wa_id": f"5531{i:08d}"}], "messages": [
		        {"id": f"w{i}", "from": f"5531{i:08d}", "timestamp": "1772366400", "type": "text",
		         "text": {"body": "ç" * 450}}]}} for i in range(1000)]}]}))
	END
	[ "$(stat -c %s body.json)" -gt 2900000 ]
	python3 - "$PORTALCTL" >out.txt 2>cost.txt <<-'END'
		import resource, subprocess, sys, time
		start = time.monotonic()
		subprocess.run([sys.argv[1], "wa", "receive", "--json"], stdin=open("body.json"), check=True)
		print(int(1000 * (time.monotonic() - start)),
		      resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
	END
	holds '.data | [.state, .messages, .set_aside] | join(" ")' "done 1000 0"
	read -r ms kilobytes <cost.txt
	[ "$ms" -lt 5000 ] && [ "$kilobytes" -lt 65536 ] || is "$ms ms, $kilobytes kB" "5000 ms, 65536 kB"
}

@test "P6 sixty-four times the same body at once is one" {
	reachable
	body "\"messages\":[$(text w1 A)]" >body.json
	for _ in {1..64}; do
		"$PORTALCTL" wa receive <body.json >/dev/null 2>>errors.txt &
	done
	wait
	is "$(cat errors.txt)" ""
	is "$(sql "SELECT count(*), min(state), max(attempts) FROM webhook")" "1|done|0"
}

@test "P6 sixty-four bodies at once are each read once" {
	reachable
	for i in {1..64}; do
		body "\"messages\":[$(text "w$i" A)]" >"body$i.json"
		"$PORTALCTL" wa receive <"body$i.json" >/dev/null 2>>errors.txt &
	done
	wait
	is "$(cat errors.txt)" ""
	is "$(sql "SELECT count(*), min(state), max(state), sum(messages) FROM webhook")" "64|done|done|64"
}

@test "W8 every published payload is taken, and twice it changes nothing" {
	local file before
	[ -d "$WEBHOOKS" ] || skip "the payloads are not here"
	reachable
	for file in "$WEBHOOKS"/*.json; do
		cp "$file" body.json
		feed --json
		is "$status" 0 "status of ${file##*/}" && is "$err" "" "${file##*/}"
		holds .data.state "done"
	done
	is "$(kept)" "$(find "$WEBHOOKS" -name '*.json' | wc -l)"
	before=$(fingerprint)
	for file in "$WEBHOOKS"/*.json; do
		cp "$file" body.json
		feed -q
		is "$status$out$err" 0
	done
	is "$(fingerprint)" "$before" "database"
}

@test "W8 the log tells what came, in either order" {
	reachable
	for i in 1 2 3; do
		at "2026-03-01T12:00:0$((4 - i))Z"
		body "\"messages\":[$(text "w$i" A)]" >body.json && feed
	done
	ok wa log --sort received_at --format ids
	is "$out" $'3\n2\n1'
	ok wa log --sort -received_at --limit 2 --json
	holds '[.items[].id, .truncated] | map(tostring) | join(" ")' "1 2 true"
	ok wa log --sort -received_at --limit 2 --after "$(json .next)" --format ids
	is "$out" 3
}
