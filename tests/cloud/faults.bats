load helpers

# fault JSON, then a text. Its ends are in $status, $left and ./answer.
fault() {
	control faults "$1"
	text +$client
}

@test "an error of any code, for so many requests, after so many others" {
	opened
	control faults '{"mode":"error","code":131000,"count":2,"skip":1}'
	text +$client
	is "$status" 200 "skipped"
	text +$client
	refused 500 131000
	like api/error-131000-http500.json
	text +$client
	refused 500 131000
	text +$client
	is "$status" 200 "afterwards"
	fault '{"mode":"transient"}'
	refused 503 2
	like api/error-2-http503-transient.json
	fault '{"mode":"error","code":131056,"status":429,"retry_after":"Wed, 21 Oct 2037 07:28:00 GMT"}'
	refused 429 131056
	grep -q '^Retry-After: Wed, 21 Oct 2037 07:28:00 GMT' head
	fault '{"mode":"error","code":80007,"regain_minutes":5}'
	refused 400 80007
	grep -q '"estimated_time_to_regain_access": 5' head
	run ! grep -q Retry-After head
	accepted 2
}

@test "faults are for the paths and methods they name, in their order" {
	control faults '{"faults":[{"mode":"html","path":"/media$"},{"mode":"html","method":"GET","status":504},
		{"mode":"error","code":1},{"mode":"error","code":131016}]}'
	text +$client
	refused 500 1
	text +$client
	refused 503 131016
	api GET /v25.0/$phone
	is "$status" 504 GET
	api POST /v25.0/$phone/media
	is "$status" 502 media
	text +$client
	is "$status" 200 "once they are used up"
	control faults
	says '.faults | length' 0
}

@test "a page of HTML instead of JSON, refused or accepted" {
	fault '{"mode":"html","status":503}'
	is "$status" 503 status
	grep -qi '^content-type: text/html' head
	grep -q '<html>' answer
	accepted 0
	fault '{"mode":"html","accepted":true}'
	is "$status" 502 status
	accepted 1
}

@test "an answer that never comes" {
	control faults '{"mode":"hang","seconds":30}'
	api POST /v25.0/$phone/messages --max-time 1 -H 'Content-Type: application/json' -d '{}'
	is "$left" 28 "curl's exit status"
	accepted 0
	control faults '{"mode":"hang","accepted":true,"seconds":0.1}'
	text +$client
	is "$left" 52 "curl's exit status"
	accepted 1
}

@test "a reset before the body, before the message is accepted, after it" {
	fault '{"mode":"reset","read":false}'
	is "$left" 56 "curl's exit status"
	fault '{"mode":"reset"}'
	is "$left" 56 "curl's exit status"
	control log
	says '[.requests[].body | length > 0] | map(tostring) | join(" ")' "false true"
	accepted 0
	fault '{"mode":"reset","accepted":true}'
	is "$left" 56 "curl's exit status"
	accepted 1
}

@test "the message is accepted, its answer lost: a status says which it was" {
	opened
	control webhooks/flush '{}'
	control faults '{"mode":"lost"}'
	send "{\"to\":\"+$client\",\"text\":{\"body\":\"x\"},\"biz_opaque_callback_data\":\"outbox-42\"}"
	is "$left" 52 "curl's exit status"
	accepted 1
	says '.messages[0].biz_opaque_callback_data' outbox-42
	control webhooks
	says '.updates[0].value.statuses[0] | "\(.status) \(.biz_opaque_callback_data)"' "sent outbox-42"
	control log
	says '.requests[0] | "\(.fault) \(.accepted)"' "lost true"
}

@test "an answer drop by drop, cut off, of a wrong type, or with a megabyte of blanks" {
	opened
	fault '{"mode":"slow","chunk":20,"interval":0.01}'
	is "$left $(jq '.messages | length' answer)" "0 1" slow
	control faults '{"mode":"slow","interval":1}'
	api POST /v25.0/$phone/messages --max-time 1 -H 'Content-Type: application/json' \
		-d "{\"messaging_product\":\"whatsapp\",\"to\":\"+$client\",\"text\":{\"body\":\"x\"}}"
	is "$left" 28 "curl's exit status"
	fault '{"mode":"cut"}'
	is "$left" 18 "curl's exit status"
	[ -s answer ]
	fault '{"mode":"content-type"}'
	grep -qi '^content-type: text/html' head
	is "$(jq '.messages | length' answer)" 1 "of a wrong type"
	fault '{"mode":"huge"}'
	[ "$(wc -c <answer)" -gt 1048576 ]
	accepted 5
	run ! control faults '{"mode":"cut","accepted":false}'
}

@test "a status 200 that says nothing" {
	fault '{"mode":"body"}'
	is "$status $(wc -c <answer)" "200 0" empty
	fault '{"mode":"body","text":"{\"messages\":[]}"}'
	is "$status" 200 status
	says '.messages | length' 0
	accepted 0
}

@test "a redirect to another host shows there whether the token follows" {
	local other
	another other
	other=http://127.0.0.1:$(cat other)
	for code in 302 307; do
		control faults "{\"mode\":\"redirect\",\"status\":$code,\"to\":\"$other/v25.0/$phone\"}"
		api GET /v25.0/$phone
		is "$status" $code status
	done
	is "$(curl -s "$other/_control/log" | jq '.requests | length')" 0 "followed by none"
	control faults "{\"mode\":\"redirect\",\"count\":2,\"to\":\"$other/v25.0/$phone\"}"
	api GET /v25.0/$phone --location
	api GET /v25.0/$phone --location-trusted
	curl -s "$other/_control/log" >answer
	says '.requests | map([.headers[][0] | ascii_downcase] | any(. == "authorization")) | join(" ")' \
		"false true"
}

@test "a fault may hit the download of a file alone" {
	control client/say "{\"from\":\"$client\",\"type\":\"image\",\"image\":{\"data\":\"x\",\"mime\":\"image/png\"}}"
	local url number
	url=$(jq -r ".image.url | ltrimstr(\"$host\")" answer)
	number=$(jq -r .image.id answer)
	control faults '{"mode":"error","code":131052,"status":404,"path":"attachments"}'
	api GET "/v25.0/$number"
	is "$status" 200 "first hop"
	api GET "$url"
	is "$status" 404 "second hop"
	api GET "$url"
	is "$(cat answer)" x bytes
}

@test "many at once are each held once" {
	opened
	control settings '{"pair_burst":0}'
	seq 64 | xargs -P 8 -I{} curl -s -o /dev/null -H "Authorization: Bearer $token" \
		-H 'Content-Type: application/json' "$host/v25.0/$phone/messages" \
		-d "{\"messaging_product\":\"whatsapp\",\"to\":\"+$client\",\"text\":{\"body\":\"{}\"}}"
	accepted 64
	says '[.messages[].id] | unique | length' 64
	says '[.messages[].request.text.body | tonumber] | add' 2080
	control log
	says '[.requests[].n] == [range(1; 65)]' true
}

@test "TLS with a certificate of the test, resets in it as well" {
	need openssl
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem -out cert.pem \
		-days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost 2>/dev/null
	another tls --cert cert.pem --key key.pem
	host=https://localhost:$(cat tls)
	api GET /v25.0/$phone
	is "$left" 60 "curl's exit status without the certificate"
	api GET /v25.0/$phone --cacert cert.pem
	says .id $phone
	curl -s --cacert cert.pem -d '{"faults":[{"mode":"reset"},{"mode":"lost"},{"mode":"hang","seconds":0.1}]}' \
		"$host/_control/faults" >/dev/null
	for want in '(35|56)' '(52|56)' '(52|56)'; do
		api GET /v25.0/$phone --cacert cert.pem
		echo "$left" | grep -qxE "$want"
	done
	api GET /v25.0/$phone --cacert cert.pem
	is "$status" 200 afterwards
	curl -s --cacert cert.pem -d "{\"from\":\"$client\",\"type\":\"image\",\"image\":{\"data\":\"x\",\"mime\":\"image/png\"}}" \
		"$host/_control/client/say" >answer
	says '.image.url | startswith("https://localhost:")' true
}
