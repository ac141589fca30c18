# For every file in tests/cloud: a stand-in for the file, as new for each test.

bats_require_minimum_version 1.5.0

phone=106540352242922 account=102290129340398
client=5531999990001

need() {
	command -v "$1" >/dev/null || skip "there is no $1"
}

setup_file() {
	# One stand-in serves a file: its tests take turns.
	export BATS_NO_PARALLELIZE_WITHIN_FILE=true
	start_cloud "$BATS_FILE_TMPDIR/port"
	echo "$!" >"$BATS_FILE_TMPDIR/pid"
}

# start_cloud PORT_FILE OPTION...: ready once this returns; $! is its process.
start_cloud() {
	local port=$1
	shift
	"$BATS_TEST_DIRNAME/cloud" --port-file "$port" "$@" >"$port.out" 2>"$port.err" 3>&- 4>&- &
	for _ in $(seq 300); do
		[ -e "$port" ] && return 0
		sleep 0.1
	done
	cat "$port.err"
	return 1
}

# another PORT_FILE OPTION...: one more, for the test alone.
another() {
	start_cloud "$@"
	echo "$!" >>others
}

teardown_file() {
	kill "$(cat "$BATS_FILE_TMPDIR/pid")"
}

setup() {
	need curl
	cd "$BATS_TEST_TMPDIR" || return 1
	host=http://127.0.0.1:$(cat "$BATS_FILE_TMPDIR/port")
	token=EAAstandin
	control reset '{}'
}

# A fault of the stand-in itself fails the test it happened in.
teardown() {
	[ ! -e others ] || xargs kill <others
	[ ! -s "$BATS_FILE_TMPDIR/port.err" ] || { cat "$BATS_FILE_TMPDIR/port.err" && return 1; }
}

# api METHOD PATH OPTION...: asks as a program would; the body goes to ./answer, the head to
# ./head, the HTTP status to $status, curl's exit status to $left.
api() {
	local method=$1 path=$2
	shift 2
	: >answer
	left=0
	status=$(curl -s --max-time 20 -X "$method" -H "Authorization: Bearer $token" -o answer -D head \
		-w '%{http_code}' "$@" "$host$path") || left=$?
}

# send MESSAGE [VERSION]: JSON without messaging_product.
send() {
	api POST "/${2:-v25.0}/$phone/messages" -H 'Content-Type: application/json' \
		-d "{\"messaging_product\":\"whatsapp\",${1#\{}"
}

# text TO [BODY]
text() {
	send "{\"to\":\"$1\",\"type\":\"text\",\"text\":{\"body\":\"${2:-Bom dia}\"}}"
}

# control WORDS JSON, or control WORDS: POST, or GET; the answer goes to ./answer.
control() {
	if [ $# -gt 1 ]; then
		status=$(curl -s -o answer -w '%{http_code}' -d "$2" "$host/_control/$1")
	else
		status=$(curl -s -o answer -w '%{http_code}' "$host/_control/$1")
	fi
	[ "$status" = 200 ] || { cat answer && return 1; }
}

# opened: the client has just written.
opened() {
	control client/say "{\"from\":\"$client\",\"text\":\"oi\"}"
}

is() {
	[ "$1" = "$2" ] || { printf '%s: %s, not %s\n' "${3-}" "$1" "$2" && return 1; }
}

# says FILTER WANTED: what jq finds in ./answer.
says() {
	is "$(jq -r "$1" answer)" "$2" "$1 in $(head -c 600 answer)"
}

# refused STATUS CODE [SUBCODE]: a Graph error, in its envelope.
refused() {
	is "$status" "$1" "HTTP status of $(cat answer)" && says .error.code "$2" &&
		says '.error.error_subcode // ""' "${3-}" && says .error.type OAuthException &&
		says '.error.message | length > 0' true && says '.error.fbtrace_id | length > 20' true
}

# accepted N: so many messages are held as accepted.
accepted() {
	control messages
	says '.messages | length' "$1"
}

# like FIXTURE [FILTER]: what FILTER finds in ./answer has the fields of the published one,
# and all of the same type.
like() {
	local fixture=${SHARED:-$BATS_TEST_DIRNAME/../../../shared}/data/whatsapp/$1
	[ -e "$fixture" ] || skip "there is no ../shared/data/whatsapp"
	local shape='[paths(scalars) as $p | {p: ($p | map(numbers |= "#")), t: (getpath($p) | type)}]
		| unique[] | "\(.p | join(".")) \(.t)"'
	diff <(jq -r "$shape" "$fixture") <(jq "${2:-.}" answer | jq -r "$shape")
}
