load helpers

@test "a text is answered as Meta does, by any version, and ids are never the same" {
	local version
	opened
	for version in v20.0 v25.0 v99.1; do
		send '{"to":"+55 (31) 99999-0001","text":{"body":"Bom dia"}}' $version
		is "$status" 200 status
		says '.contacts[0].input' '+55 (31) 99999-0001'
		says '.contacts[0].wa_id' $client
		jq -r '.messages[0].id' answer >>ids
	done
	like api/send-response-phone.json
	is "$(grep -c '^wamid\.' ids)" 3 ids
	is "$(sort -u ids | wc -l)" 3 "different ids"
	api GET "/$phone/messages"
	refused 400 2500
}

@test "the same seed gives the same ids, another seed others" {
	local seed
	for seed in 1 1 2; do
		rm -f port
		another port --seed $seed
		(
			host=http://127.0.0.1:$(cat port)
			opened && text +$client && jq -r '.messages[0].id' answer >>ids
		)
	done
	is "$(sort -u ids | wc -l)" 2 "different ids"
	is "$(head -2 ids | sort -u | wc -l)" 1 "ids of one seed"
}

@test "tokens: none, wrong, expired, revoked, without permission" {
	is "$(curl -s "$host/v25.0/$phone" | jq .error.code)" 104 "without"
	token=wrong
	text +$client
	refused 401 190
	grep -qi '^www-authenticate: OAuth' head
	token=EAAstandin
	control settings '{"token_state":"expired"}'
	text +$client
	refused 401 190 463
	like api/error-190-http401-expired.json
	control settings '{"token_state":"revoked"}'
	text +$client
	refused 401 190 460
	control settings '{"token_state":"forbidden"}'
	text +$client
	refused 403 10
	accepted 0
}

@test "another's phone number is an object that does not exist" {
	api POST /v25.0/123/messages -H 'Content-Type: application/json' -d '{}'
	refused 400 100 33
	like api/error-100-http400-missing-object.json
}

# good MESSAGE: accepted. bad CODE MESSAGE: refused.
good() {
	send "$1"
	is "$status" 200 "status of $1: $(cat answer)"
}

bad() {
	send "$2"
	is "$status $(jq .error.code answer)" "400 $1" "refusal of $2: $(cat answer)"
}

@test "each type of message is taken, and refused where Meta refuses it" {
	local to='"to":"+5531999990001"' long wamid
	long=$(printf 'x%.0s' $(seq 4097))
	opened
	wamid=$(jq -r .id answer)
	good "{$to,\"type\":\"text\",\"text\":{\"body\":\"${long:1}\",\"preview_url\":true}}"
	bad 100 "{$to,\"type\":\"text\",\"text\":{\"body\":\"$long\"}}"
	bad 131008 "{$to,\"type\":\"text\",\"text\":{\"body\":\"\"}}"
	bad 100 "{$to,\"type\":\"text\",\"text\":{\"boddy\":\"x\"}}"
	bad 100 "{$to,\"type\":\"text\",\"text\":{}}"
	bad 100 "{$to,\"type\":\"text\"}"
	bad 100 "{$to,\"type\":\"letter\",\"letter\":{}}"
	bad 100 "{\"type\":\"text\",\"text\":{\"body\":\"x\"}}"
	bad 131009 "{\"to\":\"ana\",\"type\":\"text\",\"text\":{\"body\":\"x\"}}"
	bad 131021 "{\"to\":\"+551140028922\",\"type\":\"text\",\"text\":{\"body\":\"x\"}}"
	good "{$to,\"type\":\"text\",\"text\":{\"body\":\"x\"},\"context\":{\"message_id\":\"$wamid\"}}"
	bad 131009 "{$to,\"type\":\"text\",\"text\":{\"body\":\"x\"},\"context\":{\"message_id\":\"7\"}}"
	bad 100 "{$to,\"type\":\"text\",\"text\":{\"body\":\"x\"},\"biz_opaque_callback_data\":\"${long:0:513}\"}"
	good "{$to,\"type\":\"image\",\"image\":{\"link\":\"https://a.example/b.png\",\"caption\":\"x\"}}"
	bad 100 "{$to,\"type\":\"image\",\"image\":{\"link\":\"https://a.example/b\",\"id\":\"1\"}}"
	bad 100 "{$to,\"type\":\"image\",\"image\":{}}"
	bad 100 "{$to,\"type\":\"image\",\"image\":{\"link\":\"https://a.example/b\",\"caption\":\"${long:0:1025}\"}}"
	bad 131009 "{$to,\"type\":\"image\",\"image\":{\"link\":\"file:///b\"}}"
	bad 100 "{$to,\"type\":\"image\",\"image\":{\"id\":\"1234567\"}}"
	bad 100 "{$to,\"type\":\"audio\",\"audio\":{\"link\":\"https://a.example/b\",\"caption\":\"x\"}}"
	good "{$to,\"type\":\"document\",\"document\":{\"link\":\"https://a.example/b\",\"filename\":\"b.pdf\"}}"
	good "{$to,\"type\":\"location\",\"location\":{\"latitude\":0.0,\"longitude\":-43.9}}"
	bad 100 "{$to,\"type\":\"location\",\"location\":{\"latitude\":0.0}}"
	good "{$to,\"type\":\"contacts\",\"contacts\":[{\"name\":{\"formatted_name\":\"Ana\"},\"phones\":[{\"phone\":\"+55\"}]}]}"
	bad 131009 "{$to,\"type\":\"contacts\",\"contacts\":[]}"
	good "{$to,\"type\":\"reaction\",\"reaction\":{\"message_id\":\"$wamid\",\"emoji\":\"\"}}"
	bad 100 "{$to,\"type\":\"reaction\",\"reaction\":{\"message_id\":\"$wamid\"}}"
	accepted 7
}

@test "buttons and lists have their limits" {
	local to='"to":"+5531999990001","type":"interactive"' rows buttons
	buttons='{"type":"reply","reply":{"id":"1","title":"Sim"}}'
	rows='{"id":"1","title":"Um","description":"x"}'
	opened
	good "{$to,\"interactive\":{\"type\":\"button\",\"body\":{\"text\":\"?\"},\"action\":{\"buttons\":[$buttons,$buttons,$buttons]}}}"
	bad 131009 "{$to,\"interactive\":{\"type\":\"button\",\"body\":{\"text\":\"?\"},\"action\":{\"buttons\":[$buttons,$buttons,$buttons,$buttons]}}}"
	bad 100 "{$to,\"interactive\":{\"type\":\"button\",\"body\":{\"text\":\"?\"},\"action\":{\"buttons\":[${buttons/Sim/123456789012345678901}]}}}"
	good "{$to,\"interactive\":{\"type\":\"list\",\"body\":{\"text\":\"?\"},\"action\":{\"button\":\"Ver\",\"sections\":[{\"rows\":[$rows,$rows]}]}}}"
	rows=$rows,$rows,$rows,$rows,$rows,$rows
	bad 131009 "{$to,\"interactive\":{\"type\":\"list\",\"body\":{\"text\":\"?\"},\"action\":{\"button\":\"Ver\",\"sections\":[{\"rows\":[$rows]},{\"rows\":[$rows]}]}}}"
}

@test "without messaging_product, JSON or its type nothing is understood" {
	local type
	for type in application/json text/plain; do
		api POST /v25.0/$phone/messages -H "Content-Type: $type" -d '{"messaging_product":'
		refused 400 100
	done
	api POST /v25.0/$phone/messages -H 'Content-Type: application/json' -d '{"messaging_product":"sms"}'
	refused 400 100
}

@test "a Brazilian wa_id loses the ninth digit on demand, and is the same person" {
	control settings '{"ninth_digit":"drop"}'
	text +5531999990001
	says '.contacts[0] | "\(.input) \(.wa_id)"' '+5531999990001 553199990001'
	like api/send-response-br-ninth-digit-dropped.json
	text +553199990001
	says '.contacts[0].wa_id' 553199990001
	text +5511941234567
	says '.contacts[0].wa_id' 5511941234567
	text +551141234567
	says '.contacts[0].wa_id' 551141234567
	control people
	says '.people | length' 3
	control settings '{"ninth_digit":"keep"}'
	text +5531977776666
	text +553177776666
	says '.contacts[0].wa_id' 5531977776666
	control people '{"who":"5521988887777","wa_id":"552188887777"}'
	text +5521988887777
	says '.contacts[0].wa_id' 552188887777
}

@test "without + the country of the business comes in front" {
	text 31999990001
	says '.contacts[0] | "\(.input) \(.wa_id)"' '31999990001 5531999990001'
	text 5531999990001
	says '.contacts[0].wa_id' 555531999990001
	control settings '{"country_code":""}'
	text 5531999990001
	says '.contacts[0].wa_id' 5531999990001
}

@test "a message to a user id is answered with it; 'to' wins" {
	local user
	opened
	user=$(jq -r .from_user_id answer)
	send "{\"recipient\":\"$user\",\"type\":\"text\",\"text\":{\"body\":\"x\"}}"
	says '.contacts[0].user_id' "$user"
	says '.contacts[0] | has("wa_id")' false
	like api/send-response-bsuid.json
	send "{\"recipient\":\"$user\",\"to\":\"+5531988887777\",\"type\":\"text\",\"text\":{\"body\":\"x\"}}"
	says '.contacts[0].wa_id' 5531988887777
	bad 131026 '{"recipient":"BR.99","type":"text","text":{"body":"x"}}'
	bad 131009 '{"recipient":"br.99","type":"text","text":{"body":"x"}}'
	control templates '{"name":"codigo","language":"pt_BR","status":"APPROVED","category":"AUTHENTICATION","components":[{"type":"BODY","text":"x"}]}'
	bad 131062 "{\"recipient\":\"$user\",\"type\":\"template\",\"template\":{\"name\":\"codigo\",\"language\":{\"code\":\"pt_BR\"}}}"
}

# last_status: how the last message ended.
last_status() {
	control messages
	jq -r '.messages[-1].statuses | map(.status + " " + (.errors[0].code // "" | tostring)) | join(",")' answer
}

@test "the 24 hours end to the second, by a status" {
	opened
	control clock '{"add":86399}'
	text +$client
	is "$status $(last_status)" "200 sent ,delivered " "in time"
	control clock '{"add":1}'
	text +$client
	is "$status $(last_status)" "200 failed 131047" "too late"
}

@test "the 24 hours end to the second, at once" {
	control settings '{"window":"sync"}'
	opened
	control clock '{"add":86399}'
	text +$client
	is "$status" 200 "in time"
	control clock '{"add":1}'
	text +$client
	refused 400 131047
	like api/error-131047-http400.json
	control settings '{"window":"off"}'
	text +$client
	is "$status" 200 "without a window"
}

@test "an old message that comes late opens nothing, a call does, a reaction does not" {
	local now
	control ""
	now=$(jq .now answer)
	control settings '{"window":"sync"}'
	control client/say "{\"from\":\"$client\",\"text\":\"oi\",\"timestamp\":$((now - 86400))}"
	text +$client
	refused 400 131047
	control client/say "{\"from\":\"$client\",\"type\":\"reaction\",\"reaction\":{\"message_id\":\"wamid.A\",\"emoji\":\"x\"}}"
	text +$client
	refused 400 131047
	control client/say "{\"from\":\"$client\",\"text\":\"oi\",\"timestamp\":$((now - 86399))}"
	text +$client
	is "$status" 200 "one second left"
	control client/say "{\"from\":\"$client\",\"text\":\"oi\",\"timestamp\":$((now - 90000))}"
	text +$client
	is "$status" 200 "after an older one"
	control clock '{"add":1}'
	control client/call "{\"from\":\"$client\"}"
	text +$client
	is "$status" 200 "after a call"
}

template='"type":"template","template":{"name":"conversar_agora","language":{"code":"pt_BR"},"components":'
body='{"type":"body","parameters":[{"type":"text","text":"Maria"}]}'
button='{"type":"button","sub_type":"quick_reply","index":"0","parameters":[{"type":"payload","payload":"portalctl:start:42"}]}'

@test "an approved template goes out whenever it fits" {
	good "{\"to\":\"+$client\",${template}[$body,$button]}}"
	like api/send-response-template-accepted.json
	is "$(last_status)" "sent ,delivered " statuses
	control settings '{"message_status":"held_for_quality_assessment"}'
	good "{\"to\":\"+$client\",${template}[$body]}}"
	says '.messages[0].message_status' held_for_quality_assessment
	bad 132000 "{\"to\":\"+$client\",${template}[]}}"
	like api/error-132000-http400.json
	bad 132018 "{\"to\":\"+$client\",${template}[$body,${button/\"0\"/\"1\"}]}}"
	bad 132018 "{\"to\":\"+$client\",${template}[$body,${button/quick_reply/url}]}}"
	bad 132018 "{\"to\":\"+$client\",${template}[$body,${button/portalctl:start:42/}]}}"
	bad 132018 "{\"to\":\"+$client\",${template}[${body/Maria/Maria\\nJo\\u00e3o}]}}"
	send "{\"to\":\"+$client\",${template}[${body/Maria/a\\tb}]}}" v22.0
	refused 400 100
}

@test "a template that is not there, not approved, paused or disabled" {
	send "{\"to\":\"+$client\",${template/pt_BR/pt}[$body]}}"
	refused 404 132001
	like api/error-132001-http404.json
	local state
	for state in "PAUSED 400 132015" "DISABLED 400 132016" "REJECTED 404 132001" "PENDING 404 132001"; do
		control templates "{\"name\":\"conversar_agora\",\"language\":\"pt_BR\",\"status\":\"${state%% *}\"}"
		send "{\"to\":\"+$client\",${template}[$body]}}"
		# shellcheck disable=SC2086 # two words
		refused ${state#* }
	done
}

@test "named parameters need their names" {
	control templates '{"name":"conversar_agora","language":"pt_BR","components":[{"type":"BODY","text":"Oi {{nome}}"}]}'
	bad 132018 "{\"to\":\"+$client\",${template}[$body]}}"
	good "{\"to\":\"+$client\",${template}[${body/\"text\":/\"parameter_name\":\"nome\",\"text\":}]}}"
}

@test "templates are listed page by page, created and removed" {
	api GET "/v25.0/$account/message_templates?fields=name,status&limit=1"
	says '.data[0] | keys | join(" ")' 'id name status'
	says '.paging | has("next")' true
	local next
	next=$(jq -r .paging.next answer)
	api GET "${next#"$host"}"
	says '.paging | has("next")' false
	says '.data | length' 1
	api POST /v25.0/$account/message_templates -H 'Content-Type: application/json' \
		-d '{"name":"aviso","language":"pt_BR","category":"UTILITY","components":[{"type":"BODY","text":"x"}]}'
	says .status PENDING
	api POST /v25.0/$account/message_templates -H 'Content-Type: application/json' -d '{"name":"x"}'
	refused 400 100
	api DELETE "/v25.0/$account/message_templates?name=aviso"
	says .success true
	api DELETE "/v25.0/$account/message_templates?name=aviso"
	refused 400 100
}

@test "the pair rate holds one recipient, not another, and pays back" {
	opened
	control settings '{"pair_burst":3}'
	text +$client && text +$client && text +$client
	is "$status" 200 third
	text +$client
	refused 400 131056
	like api/error-131056-http400.json
	text +5531988887777
	is "$status" 200 "to another"
	control clock '{"add":5}'
	text +$client
	refused 400 131056
	control clock '{"add":1}'
	text +$client
	is "$status" 200 "six seconds later"
	text +$client
	refused 400 131056
}

@test "more than so many a second are too many" {
	control settings '{"throughput":2}'
	text +5531988880001 && text +5531988880002
	is "$status" 200 second
	text +5531988880003
	refused 429 130429
	like api/error-130429-http429.json
	run ! grep -qi 'retry-after\|usage' head
	control settings '{"retry_after":7,"regain_minutes":3}'
	text +5531988880003
	grep -qi '^retry-after: 7' head
	grep -i '^x-business-use-case-usage: ' head | sed 's/^[^{]*//' >usage
	is "$(jq ".\"$account\"[0].estimated_time_to_regain_access" usage)" 3 minutes
	control clock '{"add":1}'
	text +5531988880003
	is "$status" 200 "a second later"
}

@test "numbers that are not allowed, and people who get nothing" {
	control settings '{"allowed_numbers":["5531988887777"]}'
	text +$client
	refused 400 131030
	like api/error-131030-http400.json
	control settings '{"allowed_numbers":null}'
	control people "{\"who\":\"$client\",\"answers\":131026}"
	text +$client
	is "$status $(last_status)" "200 failed 131026" "to who has no WhatsApp"
}

@test "a message is marked as read, with typing or without" {
	local wamid
	opened
	wamid=$(jq -r .id answer)
	send "{\"status\":\"read\",\"message_id\":\"$wamid\"}"
	says .success true
	like api/success-true.json
	send "{\"status\":\"read\",\"message_id\":\"$wamid\",\"typing_indicator\":{\"type\":\"text\"}}"
	says .success true
	bad 131009 '{"status":"read","message_id":"wamid.none"}'
	control messages
	says '[.read[].typing] | join(" ")' 'false true'
}

@test "the log has every request, and what is held as accepted is another list" {
	opened
	text +$client Um
	token=wrong
	text +$client Dois
	control log
	says '.requests | map(.status) | join(" ")' "200 401"
	says '.requests[1].headers | map(select(.[0] == "Authorization"))[0][1]' "Bearer wrong"
	says '.requests[0].body | fromjson.text.body' Um
	control "log?since=1"
	says '.requests[0].n' 2
	accepted 1
	says '.messages[0].request.text.body' Um
}

@test "a word a test misspells is an error" {
	run ! control settings '{"windoe":"sync"}'
	run ! control settings '{"window":"maybe"}'
	run ! control faults '{"mode":"strange"}'
	run ! control faults '{"mode":"hang","sekonds":1}'
	run ! control nothing '{}'
	run ! control statuses '{"status":["sent"]}'
}
