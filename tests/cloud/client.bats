load helpers

setup_file() {
	export BATS_NO_PARALLELIZE_WITHIN_FILE=true
	start_cloud "$BATS_FILE_TMPDIR/port"
	echo "$!" >"$BATS_FILE_TMPDIR/pid"
	client_program=$(realpath "$BATS_TEST_DIRNAME/../../${B:-build/plain}/net/whatsapp")
	export client_program
}

# calls LINE...: what our client does; the last outcome is in ./answer, all in ./answers.
calls() {
	printf '%b\n' "$@" >calls
	"$client_program" "$host/v25.0" "$phone" "" 5 20000 <calls >answers
	[ "$(wc -l <answers)" = $# ]
	tail -1 answers >answer
}

# ended CLASS [FILTER WANTED]
ended() {
	says .class "$1"
	[ $# -lt 2 ] || says "$2" "$3"
}

# ogg NAME CHANNELS MAGIC
ogg() {
	printf 'OggS\0\002%b%.0s' '\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\001\023' 1 >"$1"
	printf "$3\001$2%b" '\0\0\0\0\0\0\0\0\0' >>"$1"
}

@test "a text goes out with the id that its statuses will say" {
	opened
	calls "text\t+$client\tBom dia ç \"x\"" "text\t+$client\tE mais\t-"
	ended sent '.wamid | test("^wamid[.]")' true
	says .wa_id "$client"
	says .said ""
	control messages
	says '.messages | length' 2
	says '.messages[0].request.text.body' 'Bom dia ç "x"'
	says '.messages[0].request.text.preview_url' false
	says '.messages[1].request.biz_opaque_callback_data' 2
}

@test "an answer to a message says which, and a mark that it was read reaches the client" {
	opened
	control inbound
	inbound=$(jq -r '.messages[0].id' answer)
	calls "text\t+$client\tPois não\t$inbound" "read\t$inbound"
	ended sent .wamid ""
	control messages
	says '.messages[0].request.context.message_id' "$inbound"
	says '.read[0].message_id' "$inbound"
	calls "read\twamid.nobody"
	ended failed
}

@test "one connection serves many calls" {
	opened
	strace=$(command -v strace) || skip "there is no strace"
	! nm "$client_program" | grep -q __asan || skip "sanitizers don't work under strace"
	printf 'text\t+%s\ta\n' "$client" "$client" "$client" >calls
	"$strace" -f -e trace=connect -o trace "$client_program" "$host/v25.0" "$phone" "" 5 20000 \
		<calls >answers
	is "$(jq -r .class answers | paste -sd ' ')" "sent sent sent"
	is "$(grep -c "sin_port=htons(${host##*:})" trace)" 1
}

@test "whom WhatsApp takes the number for is told, and user ids are written to" {
	control settings '{"ninth_digit":"drop"}'
	calls "template\t+5531999990001\tconversar_agora\tpt_BR\t-\tMaria"
	ended sent .wa_id 553199990001
	control people '{"who":"553199990001"}'
	calls "template\t$(jq -r .user_id answer)\tconversar_agora\tpt_BR\t-\tMaria"
	ended sent .wa_id ""
	control messages
	says '.messages[1].request | has("to")' false
}

@test "a template has its parameters, and a button that says what it is for" {
	calls "template\t+$client\tconversar_agora\tpt_BR\tportalctl:start:42\tMaria da Silva"
	ended sent
	control messages
	says '.messages[0].request.template.components[1].parameters[0].payload' portalctl:start:42
	calls "template\t+$client\tnone\tpt_BR\t-\tMaria"
	ended failed '.said | test("^\\(#132001\\)")' true
	control templates '{"name":"conversar_agora","language":"pt_BR","status":"PAUSED"}'
	calls "template\t+$client\tconversar_agora\tpt_BR\t-\tMaria"
	ended retry .retry_after 14400
}

@test "files go up under a name that Meta knows, and out as what they are" {
	opened
	printf '%%PDF-1.4' >a.pdf
	printf '\xff\xd8\xff' >a.jpg
	printf '<?xml version="1.0"?><nfe/>' >a.xml
	ogg voice.ogg '\001' OpusHead
	printf 'ID3' >a.mp3
	calls "file\t+$client\tapplication/pdf\ta.pdf\tveja\tGuia março.pdf" \
		"file\t+$client\timage/jpeg\ta.jpg\tveja" "file\t+$client\taudio/ogg\tvoice.ogg\tveja" \
		"file\t+$client\taudio/mpeg\ta.mp3" "file\t+$client\tapplication/xml\ta.xml\t-\tnota.xml"
	is "$(jq -r .class answers | sort -u)" sent
	control messages
	says '[.messages[].type] | join(" ")' "document image audio audio document"
	says '.messages[0].request.document | "\(.filename) \(.caption)"' "Guia março.pdf veja"
	says '.messages[1].request.image.caption' veja
	says '.messages[2].request.audio | "\(.voice) \(has("caption"))"' "true false"
	says '.messages[3].request.audio | has("voice")' false
	says '.messages[4].request.document.filename' nota.xml
	says '[.messages[].statuses[].status] | unique | join(" ")' "delivered sent"
}

@test "what WhatsApp does not take is not even asked for" {
	opened
	printf 'GIF89a' >a.gif
	truncate -s 5242881 big.jpg
	: >empty.pdf
	ogg stereo.ogg '\002' OpusHead
	ogg vorbis.ogg '\001' '\001vorbis '
	control log >/dev/null
	local before
	before=$(jq '.requests | length' answer)
	calls "file\t+$client\timage/gif\ta.gif" "file\t+$client\timage/jpeg\tbig.jpg" \
		"file\t+$client\tapplication/pdf\tempty.pdf" "file\t+$client\taudio/ogg\tstereo.ogg" \
		"file\t+$client\taudio/ogg\tvorbis.ogg"
	is "$(jq -r .class answers | sort -u)" failed
	control log
	says '.requests | length' "$before"
}

@test "a big file goes up whole" {
	opened
	{ printf '%%PDF-1.4' && head -c 20000000 /dev/urandom; } >big.pdf
	calls "file\t+$client\tapplication/pdf\tbig.pdf"
	ended sent
	control messages
	id=$(jq -r '.messages[0].request.document.id' answer)
	calls "download\t$id\tback.pdf\t100000000"
	ended sent .size 20000008
	cmp big.pdf back.pdf
	says .sha256 "$(sha256sum big.pdf | cut -d ' ' -f 1)"
}

# sent_by_client: an image; its id is in $id.
sent_by_client() {
	control client/say "{\"from\":\"$client\",\"type\":\"image\",\"image\":{\"base64\":\"/9j/4A==\",\"mime\":\"image/jpeg\"}}"
	control inbound
	id=$(jq -r '.messages[-1].image.id' answer)
}

@test "a client's file comes down in two hops, whichever way its hash and size are written" {
	sent_by_client
	printf '\xff\xd8\xff\xe0' >want
	control settings '{"media_sha256":"hex","media_size":"number"}'
	calls "download\t$id\tgot\t100"
	ended sent .sha256 "$(sha256sum want | cut -d ' ' -f 1)"
	says .media_type image/jpeg
	says .size 4
	control settings '{"media_sha256":"base64","media_size":"string"}'
	echo "what was there before" >got
	calls "download\t$id\tgot\t100"
	ended sent .sha256 "$(sha256sum want | cut -d ' ' -f 1)"
	says .size 4
	cmp want got
}

@test "an address that is too old is asked for again, once" {
	sent_by_client
	control faults '{"mode":"body","status":404,"path":"attachments"}'
	calls "download\t$id\tgot\t100"
	ended sent
	control log
	says '[.requests[] | select(.method == "GET")] | length' 4
	control faults '{"mode":"body","status":404,"path":"attachments","count":3}'
	calls "download\t$id\tgot\t100"
	ended failed .code 404
	control log
	says '[.requests[] | select(.method == "GET")] | length' 8
}

@test "a file that is gone, too big, cut off or nobody's is told apart" {
	sent_by_client
	calls "download\t$id\tgot\t3"
	ended failed '.said | test("more than 3 bytes")' true
	control faults '{"mode":"cut","path":"attachments"}'
	calls "download\t$id\tgot\t100"
	ended retry
	control faults '{"mode":"html","path":"attachments"}'
	calls "download\t$id\tgot\t100"
	ended retry .code 502
	control faults '{"mode":"huge","path":"attachments","bytes":1000000}'
	calls "download\t$id\tgot\t100"
	ended failed
	[ "$(stat -c %s got)" -le 100 ]
	control media "{\"id\":\"$id\",\"gone\":true}"
	calls "download\t$id\tgot\t100"
	ended failed '.said | test("^\\(#100\\)")' true
	calls "download\t../me\tgot\t100"
	ended failed
}

@test "P7 the token is not shown to whoever an answer names" {
	another other.port
	sent_by_client
	control settings "{\"media_base\":\"http://127.0.0.1:$(cat other.port)\"}"
	calls "download\t$id\tgot\t100"
	ended failed
	host=http://127.0.0.1:$(cat other.port) control log
	says '.requests | length' 0
}

@test "a token that is no good stops everything" {
	opened
	local state
	for state in expired revoked forbidden; do
		control settings "{\"token_state\":\"$state\"}"
		calls "text\t+$client\ta"
		ended stop
	done
	calls "download\t1\tgot\t100"
	ended stop
	WHATSAPP_TOKEN=wrong calls "text\t+$client\ta"
	ended stop '.said | test("^\\(#190\\)")' true
	control settings '{"token_state":"valid","phone_number_id":"1"}'
	calls "text\t+$client\ta"
	ended stop
}

@test "W3 that the 24 hours are over is told apart" {
	control settings '{"window":"sync"}'
	calls "text\t+$client\ta"
	ended failed .window_closed 1
	opened
	calls "text\t+$client\ta"
	ended sent .window_closed 0
}

@test "limits hold up one client, all templates or the whole number, for as long as is asked" {
	opened
	control faults '{"faults":[{"mode":"error","code":131056},
		{"mode":"error","code":131048},{"mode":"error","code":80007,"regain_minutes":9},
		{"mode":"error","code":4},{"mode":"error","code":130429,"retry_after":7},
		{"mode":"error","code":131049,"retry_after":7},
		{"mode":"error","code":131000}]}'
	calls "text\t+$client\ta" "text\t+$client\ta" "text\t+$client\ta" "text\t+$client\ta" \
		"text\t+$client\ta" "text\t+$client\ta" "text\t+$client\ta"
	is "$(jq -r '"\(.class) \(.scope) \(.retry_after) \(.limited)"' answers | paste -sd ,)" \
		"retry this 0 0,retry templates 14400 0,retry channel 540 0,retry channel 300 0,retry channel 7 0,retry this 86400 0,retry this 0 1"
}

@test "P5 what may have been accepted is not known, and sent but once" {
	opened
	local fault
	for fault in '"lost"' '"reset"' '"cut"' '"huge"' '"html"' '"body","text":"{}"'; do
		control reset '{}'
		opened
		control faults "{\"mode\":$fault,\"skip\":1}"
		calls "text\t+$client\ta" "text\t+$client\tb"
		ended unknown
		control log
		is "$(jq '[.requests[] | select(.path | endswith("/messages"))] | length' answer)" 2 "$fault"
	done
}

@test "an upload that fails is tried again later, whatever the answer was" {
	opened
	printf '%%PDF-1.4' >a.pdf
	local fault
	for fault in lost reset cut html; do
		control faults "{\"mode\":\"$fault\",\"path\":\"/media\"}"
		calls "file\t+$client\tapplication/pdf\ta.pdf"
		ended retry
	done
	accepted 0
}
