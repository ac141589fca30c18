load helpers
load network

# The stand-in of the Cloud API, which writes its web hooks into a folder, and a portal.
ready() {
	network
	"$BATS_TEST_DIRNAME/../cloud/cloud" --port-file port.txt --now 2026-03-01T12:00:00Z >cloud.txt 2>&1 3>&- 4>&- &
	cloud=$!
	for _ in $(seq 300); do [ -s port.txt ] && break; kill -0 $cloud; sleep 0.05; done
	host=http://127.0.0.1:$(cat port.txt)
	(umask 077; echo EAAstandin >token.txt; printf standin-secret >secret.txt)
	printf 'whatsapp:\n  phone_number_id: "106540352242922"\n  token_file: %s/token.txt\n  app_secret_file: %s/secret.txt\n  api_url: %s/v25.0\n  timeout_seconds: 2\n' \
		"$PWD" "$PWD" "$host" >config.yaml
	export PORTALCTL_CONFIG=$PWD/config.yaml
	ok contact set ana@alfa.example --phone '(31) 99999-0001'
	mkdir hooks
	control settings "{\"webhook_dir\":\"$PWD/hooks\"}" >/dev/null
}

teardown() {
	[ -z "${cloud:-}" ] || kill "$cloud"
}

control() {
	curl -s ${2:+-d "$2"} "$host/_control/$1"
}

# sends NAME: Ana sends a file of that name, and the portal receives the web hook.
sends() {
	printf '%%PDF-1.7\n\0\r\n\377' >guia.pdf
	control client/say "{\"from\":\"553199990001\",\"type\":\"document\",\"document\":{
		\"base64\":\"$(base64 -w0 guia.pdf)\",\"mime\":\"application/pdf\",\"filename\":\"$1\"}}" >said.json
	media=$(jq -r .document.id said.json)
	control webhooks/flush '{}' >/dev/null
	for body in hooks/*.json; do
		"$PORTALCTL" wa receive --signature "$(cat "${body%.json}.sig" 2>/dev/null || signature "$body")" <"$body" >/dev/null
	done
}

signature() {
	echo "sha256=$(openssl dgst -sha256 -hmac standin-secret -r "$1" | cut -d' ' -f1)"
}

files() {
	sql "SELECT state || ':' || attempts FROM wa_media" | paste -sd' '
}

@test "W8 a file that a client sent is missing until it is fetched, and then byte for byte the same" {
	ready
	sends guia.pdf
	ok wa media --json
	holds '.items[] | "\(.ticket_number) \(.file_name) \(.media_type) \(.state)"' \
		"260301-001 guia.pdf application/pdf missing"
	ok deliver --channel whatsapp --json
	holds .data.fetched 1
	is "$(files)" fetched:1
	ok ticket messages 260301-001 --format ndjson
	id=$(json 'select(.direction == "in") | .attachments[0].id')
	ok ticket fetch 260301-001 "$id" --output back.pdf
	cmp guia.pdf back.pdf
	ok deliver --channel whatsapp --json
	holds .data.fetched 0
	ok wa media
	ok wa media --state any --format count
	is "$out" 1
}

@test "W8 what can't be fetched now is tried again later, for seven days" {
	ready
	sends guia.pdf
	control faults '{"faults":[{"mode":"error","code":131016,"status":500,"method":"GET"}]}' >/dev/null
	ok deliver --channel whatsapp --json
	is "$(files)" missing:1
	ok wa media --json
	[ "$(json '.items[0].last_error')" != null ]
	ok deliver --channel whatsapp --json
	is "$(files)" missing:1
	ok due --now 2026-03-01T12:02:00Z --json
	holds .data.files_fetched 1
	is "$(files)" fetched:2
}

@test "W8 what is gone is not asked for again" {
	ready
	sends guia.pdf
	control media "{\"id\":\"$media\",\"gone\":true}" >/dev/null
	ok deliver --channel whatsapp
	is "$(files)" failed:1
	ok wa media --state failed --format count
	is "$out" 1
}

@test "W8 O2 whoever sends hears that files of clients can't be fetched, though nothing else waits" {
	ready
	sends guia.pdf
	sql "UPDATE outbox SET state = 'cancelled', next_attempt_at = NULL"
	mv token.txt away.txt
	portalctl deliver --channel whatsapp --json
	is "$status $(json .data.stopped)" "1 1"
	has "$err" "can't read the whatsapp.token"
	(umask 077; echo EAAother >token.txt)
	portalctl due
	is "$status" 8
	has "$err" "what clients sent can't be fetched: (#190)"
	is "$(files)" missing:0
	mv away.txt token.txt
	ok deliver --channel whatsapp
	is "$(files)" fetched:1
}

@test "W8 bytes that are not those that were sent are not taken" {
	ready
	sends guia.pdf
	sql "UPDATE wa_media SET sha256 = '0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef'"
	ok deliver --channel whatsapp --json
	holds .data.fetched 0
	is "$(files)" missing:1
	is "$(sql 'SELECT count(*) FROM attachment')" 0
}

@test "P5 two that fetch at once attach a file once" {
	ready
	sends guia.pdf
	"$PORTALCTL" deliver --channel whatsapp >/dev/null &
	"$PORTALCTL" deliver --channel whatsapp >/dev/null
	wait $!
	is "$(sql 'SELECT count(*) FROM attachment')" 1
}

@test "a day of an office over WhatsApp, against the Cloud API" {
	ready
	control settings '{"window":"off"}' >/dev/null
	mkdir day
	PATH=${PORTALCTL%/*}:$PATH HOME=$PWD/day bash -c 'unset PORTALCTL_DB PORTALCTL_NOW
		exec "$0" day' "$BATS_TEST_DIRNAME/../../examples/whatsapp-day.sh" >day.txt 2>&1
	is "$(control messages | jq -r '[.messages[].request | .type + ":" + (.text.body // .template.name // .document.filename // "")
		| split("\n")[0] | .[0:40]] | join("|")')" \
		"text:Olá, Ana Lima! Recebemos sua mensag|text:Bom dia, Ana! Em que posso ajudar?|template:conversar_agora|text:Segue a guia.|document:guia.txt|text:O atendimento foi concluído sob o n"
	PORTALCTL_DB=$PWD/day/portal.db ok outbox list --channel whatsapp --state queued --format count
	is "$out" 0
}
