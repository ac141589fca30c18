load helpers

# upload FILE MIME [NAME]
upload() {
	api POST /v25.0/$phone/media -F messaging_product=whatsapp -F "type=$2" \
		-F "file=@$1;filename=${3:-$1};type=$2"
}

# voice FILE CHANNELS: what begins as OGG with OPUS does.
voice() {
	# shellcheck disable=SC2059 # the channels are an octal escape
	printf "OggS\\0\\2\\0\\0\\0\\0\\0\\0\\0\\0OpusHead\\1\\$2\\0\\0" >"$1"
}

sha256_base64() {
	python3 -c 'import base64, hashlib, sys
print(base64.b64encode(hashlib.sha256(open(sys.argv[1], "rb").read()).digest()).decode())' "$1"
}

# document of the client; its id is in $media, what the webhook said in ./said.
from_client() {
	printf '%%PDF-1.7\n\0\r\n\377' >guia.pdf
	control client/say "{\"from\":\"$client\",\"type\":\"document\",\"document\":{
		\"base64\":\"$(base64 -w0 guia.pdf)\",\"mime\":\"application/pdf\",\"filename\":\"guia.pdf\"}}"
	jq .document answer >said
	media=$(jq -r .id said)
}

@test "a file goes up byte by byte, and comes down in two hops" {
	printf '%%PDF-1.7\r\n--x\r\n\r\n\0\377\n' >guia.pdf
	upload guia.pdf application/pdf
	is "$status" 200 upload
	like api/media-upload-response.json
	local number
	number=$(jq -r .id answer)
	api GET "/v25.0/$number?phone_number_id=$phone"
	like api/media-get-response.json
	says .sha256 "$(sha256sum guia.pdf | cut -d' ' -f1)"
	says .file_size "$(wc -c <guia.pdf)"
	curl -s -H "Authorization: Bearer $token" -o back "$(jq -r .url answer)"
	cmp guia.pdf back
	api GET "/v25.0/$number?phone_number_id=123"
	refused 400 100 33
	api DELETE "/v25.0/$number"
	says .success true
	api GET "/v25.0/$number"
	refused 400 100 33
}

@test "a file in chunks and after a 100 goes up as well" {
	head -c 2000000 /dev/zero | tr '\0' 'x' >big.txt
	api POST /v25.0/$phone/media -H 'Transfer-Encoding: chunked' -H 'Expect: 100-continue' \
		-F messaging_product=whatsapp -F 'file=@big.txt;type=text/plain'
	is "$status" 200 upload
	api GET "/v25.0/$(jq -r .id answer)"
	says .file_size 2000000
}

@test "an upload is refused for its type, its name, its size or a missing part" {
	printf 'x' >a.txt
	upload a.txt audio/opus a.opus
	refused 400 100
	upload a.txt video/webm a.webm
	refused 400 100
	upload a.txt audio/ogg a.mp4
	refused 400 131053
	upload a.txt text/plain a.txt
	is "$status" 200 "one byte"
	: >empty.txt
	upload empty.txt text/plain
	refused 400 131053
	head -c $((5 << 20)) /dev/zero >a.png
	upload a.png image/png
	is "$status" 200 "5 MB"
	echo >>a.png
	upload a.png image/png
	refused 400 131053
	head -c $((500 << 10)) /dev/zero >a.webp && echo >>a.webp
	upload a.webp image/webp
	refused 400 131053
	api POST /v25.0/$phone/media -F messaging_product=whatsapp
	refused 400 100
	api POST /v25.0/$phone/media -F 'file=@a.txt;type=text/plain'
	refused 400 100
	api POST /v25.0/$phone/media -H 'Content-Type: application/json' -d '{}'
	refused 400 100
}

# sent_as TYPE MORE: the last upload, as a message; says how it ended.
sent_as() {
	local number
	number=$(jq -r .id answer)
	send "{\"to\":\"+$client\",\"type\":\"$1\",\"$1\":{\"id\":\"$number\"$2}}"
	is "$status" 200 "sent as $1"
	control messages
	ended=$(jq -r '.messages[-1].statuses | last | .status + " " + (.errors[0].code // "" | tostring)' answer)
}

@test "what a file is shows only after it was accepted" {
	opened
	voice a.ogg 1
	upload a.ogg audio/ogg
	sent_as audio ',"voice":true'
	is "$ended" "delivered " "a voice message"
	voice b.ogg 2
	upload b.ogg audio/ogg
	sent_as audio ',"voice":true'
	is "$ended" "failed 131053" "in stereo"
	printf 'OggS\1vorbis' >c.ogg
	upload c.ogg audio/ogg
	sent_as audio ''
	is "$ended" "failed 131053" vorbis
	upload a.ogg audio/mp4 a.m4a
	sent_as audio ''
	is "$ended" "failed 131053" "ogg named m4a"
	printf '#!AMR\n' >d.amr
	upload d.amr audio/amr
	sent_as audio ',"voice":true'
	is "$ended" "failed 131053" "a voice message of AMR"
	upload a.ogg audio/ogg
	sent_as image ''
	is "$ended" "failed 131053" "audio as image"
}

@test "uploads live 30 days, and what a message needs has to be there" {
	opened
	printf x >a.txt
	upload a.txt text/plain
	local number
	number=$(jq -r .id answer)
	control clock "{\"add\":$((30 * 86400 - 1))}"
	api GET "/v25.0/$number"
	is "$status" 200 "in time"
	control clock '{"add":1}'
	api GET "/v25.0/$number"
	refused 400 100 33
	send "{\"to\":\"+$client\",\"type\":\"document\",\"document\":{\"id\":\"$number\"}}"
	refused 400 100 33
}

@test "the download's url lives five minutes; a new one can be asked for" {
	from_client
	api GET "/v25.0/$media"
	local url
	url=$(jq -r .url answer)
	url=${url#"$host"}
	control clock '{"add":299}'
	api GET "$url"
	is "$status" 200 "in time"
	control clock '{"add":1}'
	api GET "$url"
	is "$status" 404 "too late"
	api GET "/v25.0/$media"
	api GET "$(jq -r ".url | ltrimstr(\"$host\")" answer)"
	cmp guia.pdf answer
	token=wrong
	api GET "$url"
	is "$status" 401 "with a wrong token"
	token=EAAstandin
	api GET "${url/hash=/hash=0}"
	is "$status" 404 "with a wrong hash"
}

@test "a client's file lives seven days; the webhook tells its hash in base64, and a url" {
	from_client
	is "$(jq -r .sha256 said)" "$(sha256_base64 guia.pdf)" sha256
	api GET "$(jq -r ".url | ltrimstr(\"$host\")" said)"
	cmp guia.pdf answer
	control clock "{\"add\":$((7 * 86400 - 1))}"
	api GET "/v25.0/$media"
	is "$status" 200 "in time"
	control clock '{"add":1}'
	api GET "/v25.0/$media"
	refused 400 100 33
	control settings '{"webhook_media_url":false}'
	from_client
	is "$(jq 'has("url")' said)" false url
}

@test "hash and size come in either form, the bytes from another host" {
	from_client
	control settings '{"media_sha256":"base64","media_size":"string","media_base":"http://other.example"}'
	api GET "/v25.0/$media"
	says .sha256 "$(sha256_base64 guia.pdf)"
	says '.file_size | type' string
	says '.url | startswith("http://other.example/")' true
}

@test "a file is lost, or is not what was announced" {
	from_client
	control media "{\"id\":\"$media\",\"base64\":\"eA==\"}"
	api GET "$(jq -r ".url | ltrimstr(\"$host\")" said)"
	is "$(cat answer)" x bytes
	control media "{\"id\":\"$media\",\"gone\":true}"
	api GET "/v25.0/$media"
	refused 400 100 33
	like api/error-100-http400-missing-object.json
}
