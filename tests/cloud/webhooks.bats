load helpers

setup_file() {
	export BATS_NO_PARALLELIZE_WITHIN_FILE=true
	start_cloud "$BATS_FILE_TMPDIR/port"
	echo "$!" >"$BATS_FILE_TMPDIR/pid"
	start_cloud "$BATS_FILE_TMPDIR/site"
	echo "$!" >>"$BATS_FILE_TMPDIR/pid"
}

teardown_file() {
	xargs kill <"$BATS_FILE_TMPDIR/pid"
}

# site: from now on webhooks go to another stand-in, that answers as it is told.
site() {
	site=http://127.0.0.1:$(cat "$BATS_FILE_TMPDIR/site")
	curl -s -o /dev/null -d '{}' "$site/_control/reset"
	control settings "{\"webhook_url\":\"$site/hook\"}"
}

# takes N: it says 200 to so many.
takes() {
	curl -s -o /dev/null -d "{\"mode\":\"body\",\"count\":$1}" "$site/_control/faults"
}

# got: what it got, to ./answer.
got() {
	curl -s -o answer "$site/_control/log"
}

# say JSON: the client, with these parts.
say() {
	control client/say "{\"from\":\"$client\",${1#\{}"
}

# only_update: the one that waits, to ./answer, in its envelope.
only_update() {
	control webhooks/flush '{}'
	control webhooks
	is "$(jq '.batches | length' answer)" 1 batches
	jq -r '.batches[0].body' answer >only && mv only answer
	control_forget
}

control_forget() {
	curl -s -o /dev/null -X DELETE "$host/_control/webhooks"
}

@test "what clients send has the fields that Meta's has" {
	control settings '{"user_ids":false,"webhook_media_url":false}'
	say '{"text":"Olá"}'
	only_update
	like webhooks/in-text--meta-openapi.json
	says '.entry[0].changes[0].value.messages[0].text.body' Olá
	say '{"type":"image","image":{"data":"x","mime":"image/jpeg","caption":"x"}}'
	only_update
	like webhooks/in-image-caption--meta-openapi.json
	say '{"type":"reaction","reaction":{"message_id":"wamid.A","emoji":"x"}}'
	only_update
	like webhooks/in-reaction--meta-openapi.json
	say '{"type":"location","location":{"latitude":0.5,"longitude":-1.5,"name":"a","address":"b","url":"c"}}'
	only_update
	like webhooks/in-location-named--meta-openapi.json
	say '{"type":"unsupported","errors":[{"code":131051,"title":"x","message":"x","error_data":{"details":"x"}}],"unsupported":{"type":"poll"}}'
	only_update
	says '.entry[0].changes[0].value.messages[0].unsupported.type' poll
}

@test "people with user ids are told by them, and those with a username by nothing else" {
	control people "{\"who\":\"$client\",\"parent_user_id\":\"BR.ENT.1\",\"name\":\"Ana\"}"
	say '{"type":"audio","audio":{"data":"OggS","mime":"audio/ogg; codecs=opus","voice":true}}'
	control_forget
	control settings '{"webhook_media_url":false}'
	say '{"type":"sticker","sticker":{"data":"x","mime":"image/webp"}}'
	only_update
	says '.entry[0].changes[0].value.contacts[0] | keys | join(" ")' \
		'parent_user_id profile user_id wa_id'
	says '.entry[0].changes[0].value.messages[0] | keys | join(" ")' \
		'from from_parent_user_id from_user_id id sticker timestamp type'
	control people '{"who":"5531988887777","hides_phone":true,"username":"@bia","parent_user_id":"BR.ENT.2"}'
	client=5531988887777 say '{"text":"oi"}'
	only_update
	like webhooks/in-text-username-bsuid-only--meta-docs.json
	text +5531988887777
	control webhooks
	says '.updates[1].value.statuses[0].recipient_id' 5531988887777
	control_forget
	control clock "{\"add\":$((30 * 86400))}"
	client=5531988887777 say '{"text":"oi"}'
	says 'has("from")' false
}

@test "a tap on the template's button brings back its payload" {
	send "{\"to\":\"+$client\",\"type\":\"template\",\"template\":{\"name\":\"conversar_agora\",\"language\":{\"code\":\"pt_BR\"},
		\"components\":[{\"type\":\"body\",\"parameters\":[{\"type\":\"text\",\"text\":\"Ana\"}]},
		{\"type\":\"button\",\"sub_type\":\"quick_reply\",\"index\":0,\"parameters\":[{\"type\":\"payload\",\"payload\":\"go:42\"}]}]}}"
	local wamid
	is "$status" 200 "template: $(cat answer)"
	wamid=$(jq -r '.messages[0].id' answer)
	control_forget
	control settings '{"user_ids":false}'
	say '{"type":"button"}'
	says .button.payload go:42
	says .button.text "Conversar agora"
	says .context.id "$wamid"
	control people "{\"who\":\"$client\",\"user_id\":null}"
	control_forget
	say '{"type":"button"}'
	only_update
	like webhooks/in-button-template-quick-reply--meta-openapi.json
	say "{\"type\":\"button\",\"button\":{\"of\":\"$wamid\",\"context\":false}}"
	says 'has("context")' false
	text +$client
	control messages
	says '.messages[-1].statuses[0].status' sent
	run ! say '{"type":"button","button":{"index":1}}'
}

@test "replies, forwarded messages, shared contacts, the same message again" {
	say '{"text":"um"}'
	local wamid
	wamid=$(jq -r .id answer)
	say "{\"text\":\"dois\",\"reply_to\":\"$wamid\",\"forwarded\":true}"
	says '.context | "\(.id) \(.from) \(.forwarded)"' "$wamid $client true"
	say '{"type":"contacts","contacts":[{"origin":"contact_request","phones":[{"phone":"+55 31 99999-0001"}]}]}'
	says '.contacts[0].origin' contact_request
	say "{\"text\":\"um\",\"id\":\"$wamid\"}"
	control inbound
	says '.messages | length' 3
}

@test "number and user id change by system messages without contacts" {
	control settings '{"user_ids":false}'
	say '{"text":"um"}'
	control_forget
	control client/change "{\"from\":\"$client\",\"phone\":\"5531977776666\"}"
	only_update
	like webhooks/sys-user-changed-number-no-contacts--pywa.json
	says '.entry[0].changes[0].value.messages[0] | .from + " " + .system.wa_id' "$client 5531977776666"
	control client/change '{"from":"5531977776666","user_id":"BR.99"}'
	only_update
	like webhooks/sys-user-changed-user-id--meta-docs.json
	send '{"recipient":"BR.99","text":{"body":"x"}}'
	is "$status" 200 "to the new user id"
	control client/change '{"from":"BR.99","user_id":"BR.100"}'
	send '{"recipient":"BR.99","text":{"body":"x"}}'
	refused 400 131026
}

@test "statuses come in any order, repeated, with or without delivered, failed at last" {
	opened
	control settings '{"ladder":[],"user_ids":false}'
	control_forget
	send "{\"to\":\"+$client\",\"text\":{\"body\":\"x\"},\"biz_opaque_callback_data\":\"7\"}"
	control statuses '{"status":["read","sent","sent","played","delivered"]}'
	control statuses '{"status":["failed"],"error":131049}'
	control webhooks
	says '[.updates[].value.statuses[0].status] | join(" ")' "read sent sent played delivered failed"
	says '[.updates[].value.statuses[0].biz_opaque_callback_data] | unique[]' 7
	says '[.updates[].value.statuses[0] | has("pricing")] | map(tostring) | join(" ")' \
		"true true true false false false"
	says '.updates[5].value | has("contacts")' false
	says '.updates[5].value.statuses[0] | has("recipient_user_id")' false
	control_forget
	text +$client
	control statuses '{"status":["failed"],"error":131049}'
	only_update
	like webhooks/st-failed-131049-no-contacts--meta-docs.json
	run ! control statuses '{"status":["lost"]}'
}

@test "a status says a conversation before v24.0, and a price" {
	control templates '{"name":"oferta","language":"pt_BR","status":"APPROVED","category":"MARKETING","components":[{"type":"BODY","text":"x"}]}'
	control settings '{"webhook_version":"v23.0","ladder":["sent"]}'
	send "{\"to\":\"+$client\",\"type\":\"template\",\"template\":{\"name\":\"oferta\",\"language\":{\"code\":\"pt_BR\"}}}"
	only_update
	like webhooks/st-sent-pmp-conversation-v23--meta-docs.json \
		'del(.entry[].changes[].value.contacts, .entry[].changes[].value.statuses[].recipient_user_id)'
	says '.entry[0].changes[0].value.statuses[0].pricing | "\(.billable) \(.category)"' "true marketing"
	control people "{\"who\":\"$client\",\"parent_user_id\":\"BR.ENT.1\",\"username\":\"@ana\"}"
	control settings '{"webhook_version":"v25.0","ladder":["delivered"]}'
	send "{\"to\":\"+$client\",\"type\":\"template\",\"template\":{\"name\":\"oferta\",\"language\":{\"code\":\"pt_BR\"}}}"
	only_update
	like webhooks/st-delivered-pmp-username-phone-and-bsuid--meta-docs.json
}

@test "a template's status and any field, known or not" {
	control templates '{"name":"conversar_agora","language":"pt_BR","status":"PAUSED","announce":true}'
	only_update
	like webhooks/tpl-status-approved--pywa.json '.entry[0] |= {time: 1} + .'
	control webhooks/update '{"field":"new_in_2027","value":{"x":[1]}}'
	only_update
	says '.entry[0].changes[0] | "\(.field) \(.value.x[0])"' "new_in_2027 1"
	control client/call "{\"from\":\"$client\"}"
	control people "{\"who\":\"$client\",\"parent_user_id\":\"BR.ENT.1\"}"
	only_update
	says '.entry[0].changes[0].field' calls
}

@test "the App Dashboard's test is as it was seen" {
	control webhooks/test '{}'
	jq -r .body answer >only && mv only answer
	like webhooks/dashboard-test-button-text--meta.json
	says '.entry[0].id' 0
}

# signed BODY SIGNATURE: openssl finds the same.
signed() {
	need openssl
	is "$2" "sha256=$(openssl dgst -sha256 -hmac standin-secret -r "$1" | cut -d' ' -f1)" signature
}

@test "bodies are written with Meta's escapes, and signed as they are written" {
	site
	takes 1
	say '{"text":"ção a@b </x> 100% 🎉"}'
	control webhooks/flush '{}'
	got
	jq -rj '.requests[0].body' answer >body
	grep -qF '\u00e7\u00e3o a\u0040b \u003C\/x> 100\u0025 \ud83c\udf89' body
	run ! grep -q '[^ -~]' body
	signed body "$(jq -r '.requests[0].headers[] | select(.[0] == "X-Hub-Signature-256")[1]' answer)"
	is "$(jq -r '.entry[0].changes[0].value.messages[0].text.body' body)" 'ção a@b </x> 100% 🎉' text
}

@test "wrong, altered and missing signatures" {
	local sign
	for sign in wrong altered none; do
		say '{"text":"x"}'
		control webhooks/flush "{\"sign\":\"$sign\"}"
		control webhooks
		jq -rj '.batches[0].body' answer >body
		if [ $sign = none ]; then
			says '.batches[0].signature' null
		else
			run ! signed body "$(jq -r '.batches[0].signature' answer)"
		fi
		control_forget
	done
}

@test "what is not taken is tried at once, then ever more rarely, for seven days" {
	site
	say '{"text":"x"}'
	control webhooks/flush '{}'
	says '.batches[0].tries | length' 2
	control webhooks/flush '{}'
	says '.batches | length' 0
	control clock '{"add":10}'
	control webhooks/flush '{}'
	says '.batches[0].tries | length' 3
	control clock '{"add":59}'
	control webhooks/flush '{}'
	says '.batches | length' 0
	takes 1
	control clock '{"add":1}'
	control webhooks/flush '{}'
	says '.batches[0] | "\(.state) \(.tries[-1].status) \(.tries | length)"' "delivered 200 4"
	got
	says '[.requests[].body] | unique | length' 1
	control_forget
	say '{"text":"y"}'
	control webhooks/flush '{}'
	for _ in $(seq 30); do
		control clock '{"add":43200}'
		control webhooks/flush '{}'
	done
	control webhooks
	says '.batches[0] | "\(.state) \([.tries[-1].at - .tries[0].at <= 604800, (.tries | length > 15)] | all)"' \
		"dropped true"
}

@test "where nobody answers, it is tried again" {
	control settings '{"webhook_url":"http://127.0.0.1:9/hook"}'
	say '{"text":"x"}'
	control webhooks/flush '{}'
	says '.batches[0] | "\(.state) \(.tries[0].status)"' "waiting ConnectionRefusedError"
}

@test "batches of entries, changes or values, up to 1,000 updates and 3 MB" {
	local group
	for group in entry change value; do
		opened
		say '{"text":"um"}'
		text +$client
		control webhooks/flush "{\"batch\":1000,\"group\":\"$group\"}"
		says '.batches | length' 1
		control webhooks
		jq -r '.batches[0].body' answer >answer.$group
		control_forget
	done
	count='"\(.entry | length) \([.entry[].changes[]] | length) \([.entry[].changes[].value | .messages[]?, .statuses[]?] | length)"'
	is "$(jq -r "$count" answer.entry)" "4 4 4" entries
	is "$(jq -r "$count" answer.change)" "1 4 4" changes
	is "$(jq -r "$count" answer.value)" "1 1 4" values
	is "$(jq '.entry[0].changes[0].value.contacts | length' answer.value)" 1 contacts
	control webhooks/update "{\"times\":1001,\"field\":\"messages\",\"value\":{\"x\":\"$(printf '\303\247%.0s' $(seq 560))\"}}"
	control webhooks/flush '{"batch":1000}'
	says '[.batches[].updates] | add' 1001
	says '[.batches[].bytes] | max <= 3145728 and max > 1500000' true
	run ! control webhooks/flush '{"batch":1001}'
}

@test "batches come repeated, reversed or mixed, some at once" {
	site
	takes 100
	local i
	for i in $(seq 8); do say "{\"text\":\"$i\"}"; done
	control webhooks/flush '{"order":"reverse","repeat":2}'
	got
	says '[.requests[].body | fromjson.entry[0].changes[0].value.messages[0].text.body] | join("")' \
		8877665544332211
	for i in $(seq 8); do say "{\"text\":\"$i\"}"; done
	control webhooks/flush '{"order":"shuffle","parallel":4}'
	got
	says '[.requests[16:][].body | fromjson.entry[0].changes[0].value.messages[0].text.body]
		| "\(sort | join("")) \(. == sort)"' "12345678 false"
}

@test "webhooks as files" {
	control settings "{\"webhook_dir\":\"$PWD\"}"
	say '{"text":"x"}'
	control webhooks/flush '{}'
	says '.batches[0].state' delivered
	signed 00001-1.json "$(cat 00001-1.signature)"
	is "$(jq -r '.entry[0].changes[0].value.messages[0].text.body' 00001-1.json)" x text
	control webhooks/raw '{"text":"{\"a\":\"\u00e7\"}"}'
	control webhooks/flush '{}'
	signed 00002-1.json "$(cat 00002-1.signature)"
	is "$(cat 00002-1.json)" '{"a":"ç"}' "a body of one's own"
}

@test "webhooks at once, and again as the clock moves" {
	site
	takes 1
	control settings '{"webhook_auto":true}'
	opened
	text +$client
	for _ in $(seq 100); do
		got
		[ "$(jq '.requests | length' answer)" = 5 ] && break
		sleep 0.05
	done
	says '.requests | length' 5
	takes 2
	control clock '{"add":10}'
	for _ in $(seq 100); do
		control webhooks
		[ "$(jq '[.batches[] | select(.state == "delivered")] | length' answer)" = 3 ] && break
		sleep 0.05
	done
	says '[.batches[].state] | unique[]' delivered
}

@test "the handshake is passed with the challenge alone" {
	local challenge
	control webhooks/handshake '{}'
	challenge=$(jq -r .challenge answer)
	says .query "hub.mode=subscribe&hub.challenge=$challenge&hub.verify_token=standin-verify"
	control reset '{}'
	site
	curl -s -o /dev/null -d "{\"mode\":\"body\",\"text\":\"$challenge\"}" "$site/_control/faults"
	control webhooks/handshake '{}'
	says .verified true
	got
	says '.requests[0].query | ."hub.challenge"' "$challenge"
	says '[.requests[0].headers[][0] | select(startswith("X-Hub"))] | length' 0
	control reset '{}'
	site
	curl -s -o /dev/null -d "{\"mode\":\"body\",\"text\":\"$challenge \"}" "$site/_control/faults"
	control webhooks/handshake '{}'
	says .verified false
	control webhooks/handshake '{"verify_token":"guess"}'
	says '"\(.verified) \(.query | endswith("guess"))"' "false true"
}

@test "every published payload goes out again, as Meta would write it" {
	local folder=${SHARED:-$BATS_TEST_DIRNAME/../../../shared}/data/whatsapp/webhooks
	[ -d "$folder" ] || skip "there is no ../shared/data/whatsapp"
	jq -s '{payloads: .}' "$folder"/*.json | curl -s -o answer -d @- "$host/_control/webhooks/raw"
	control webhooks
	says '.batches | length > 100' true
	says '.batches[].body | select(test("[^ -~]|[<%@]|[^\\\\]/"))' ""
	jq -r '.batches[].body' answer | jq -s . >sent
	jq -s . "$folder"/*.json | cmp - sent
}
