load helpers
load network

# A portal that a web server can serve. The examples are filled in with its paths, and
# nothing else of them is changed.
served() {
	local top
	top=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	network
	(umask 077; echo 'segredo do app' >app-secret; echo 'token & 100%' >verify-token)
	cat >config.yaml <<-END
		whatsapp:
		  phone_number_id: "4242"
		  app_secret_file: $PWD/app-secret
		  verify_token_file: $PWD/verify-token
	END
	cp "$PORTALCTL" portalctl
	sed "s|/usr/local/bin/portalctl|$PWD/portalctl|; s|/var/lib/portalctl/portal.db|$PWD/portal.db|
		s|/etc/portalctl/config.yaml|$PWD/config.yaml|; s|^export |export PORTALCTL_NOW=$PORTALCTL_NOW |" \
		"$top/examples/webhook.cgi" >webhook.cgi
	chmod 755 webhook.cgi
	lighttpd=$top/examples/webhook-lighttpd.conf nginx=$top/examples/webhook-nginx.conf
}

# Everything belongs to a user who is not root, and to a port that is free.
handed_over() {
	port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
	user=()
	if [ "$(id -u)" = 0 ]; then
		user=(setpriv --reuid=65534 --regid=65534 --clear-groups)
		chown -R 65534:65534 .
		reach "$PWD"
	fi
}

# reach FOLDER: others than root may pass through it.
reach() {
	local folder=$1
	while [ "$folder" != / ] && [ "$folder" != /tmp ]; do
		chmod o+x "$folder"
		folder=${folder%/*}
		folder=${folder:-/}
	done
}

# The programs of the server may be about to close the database.
sql() {
	sqlite3 -cmd ".timeout 10000" portal.db "$1"
}

# start COMMAND...: a server in the background.
start() {
	"${user[@]}" "$@" </dev/null >>server.log 2>&1 3>&- &
	servers+=($!)
}

answering() {
	for _ in {1..200}; do
		python3 -c "import socket; socket.create_connection(('127.0.0.1', $port)).close()" 2>/dev/null && return
		sleep 0.05
	done
	cat server.log
	return 1
}

with_lighttpd() {
	need lighttpd
	served
	handed_over
	sed "s|/usr/local/lib/portalctl|$PWD|" "$lighttpd" >webhook.conf
	cat >lighttpd.conf <<-END
		server.document-root = "$PWD"
		server.port = $port
		server.bind = "127.0.0.1"
		server.errorlog = "$PWD/error.log"
		server.upload-dirs = ( "$PWD" )
		include "webhook.conf"
	END
	start lighttpd -D -f "$PWD/lighttpd.conf"
	answering
}

with_nginx() {
	need nginx
	need fcgiwrap
	served
	handed_over
	sed "s|/usr/local/lib/portalctl|$PWD|; s|/run/portalctl|$PWD|" "$nginx" >webhook.conf
	cat >nginx.conf <<-END
		daemon off;
		worker_processes 1;
		pid $PWD/nginx.pid;
		error_log $PWD/error.log;
		events { }
		http {
			access_log off;
			client_body_temp_path $PWD/client;
			fastcgi_temp_path $PWD/fastcgi;
			proxy_temp_path $PWD/proxy;
			scgi_temp_path $PWD/scgi;
			uwsgi_temp_path $PWD/uwsgi;
			server {
				listen 127.0.0.1:$port;
				include $PWD/webhook.conf;
			}
		}
	END
	start fcgiwrap -f -c 4 -s "unix:$PWD/fcgiwrap.socket"
	start nginx -e "$PWD/error.log" -c "$PWD/nginx.conf"
	answering
}

need() {
	PATH=$PATH:/usr/sbin:/sbin
	command -v "$1" >/dev/null || skip "there is no $1"
}

teardown() {
	local server
	for server in "${servers[@]}"; do
		kill "$server" 2>/dev/null || :
	done
}

ask() {
	python3 "$BATS_TEST_DIRNAME/../net/web-hook.py" "$port" "$@"
}

body() {
	printf '{"object":"whatsapp_business_account","entry":[{"id":"77","changes":[{"field":"messages",'
	printf '"value":{"metadata":{"phone_number_id":"4242"},"messages":[{"id":"%s",' "$1"
	printf '"from":"5531999990001","timestamp":"1772366400","type":"text","text":{"body":"%s"}}]}}]}]}' "$2"
}

# done_within SECONDS COUNT: so many bodies are read, soon.
done_within() {
	for _ in $(seq $((10 * $1))); do
		[ "$(sql "SELECT count(*) FROM webhook WHERE state = 'done'")" = "$2" ] && return
		sleep 0.1
	done
	is "$(sql "SELECT id, state FROM webhook")" "$2 done"
}

shakes_hands() {
	local asks='hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=token+%26%20100%25'
	is "$(ask GET --query "$asks")" "200 1158201444" "handshake"
	is "$(ask GET --query "${asks//./%2E}")" "200 1158201444" "with names encoded"
	for wrong in "${asks%?}" "${asks%hub.verify*}" "${asks/subscribe/unsubscribe}" "${asks/token+/Token+}" \
		"${asks/1158201444/}" "${asks/1158201444/a%20b}" "x" ""; do
		is "$(ask GET --query "$wrong")" "403 no" "handshake '$wrong'"
	done
}

takes_bodies() {
	body w1 'Ol\u00e1 \/ \u003C ção' >body.json
	is "$(ask POST --body body.json --secret 'segredo do app')" "200 ok" "signed"
	done_within 5 1
	is "$(sql "SELECT verified, messages, sha256 FROM webhook")" "1|1|$(sha256sum body.json | cut -d' ' -f1)"
	is "$(ask POST --body body.json --secret 'segredo do app')" "200 ok" "again"
	is "$(sql "SELECT count(*) FROM webhook")" 1
}

refuses() {
	local refused="the signature is missing or wrong"
	body w9 X >other.json
	is "$(ask POST --body other.json --secret 'outro')" "401 $refused"
	is "$(ask POST --body other.json)" "401 $refused"
	is "$(ask POST --body other.json --signature '')" "401 $refused"
	is "$(ask POST --body other.json --signature sha256=00)" "401 $refused"
	is "$(sql "SELECT count(*) FROM audit WHERE action = 'denied'")" 4
	printf '\xff' >other.json
	is "$(ask POST --body other.json --secret 'segredo do app')" "400 the body is not UTF-8"
	body w9 X >other.json
	has "$(ask HEAD)" "405"
	for method in PUT DELETE; do
		has "$(ask $method --body other.json --secret 'segredo do app')" "405"
	done
	is "$(sql "SELECT count(*) FROM webhook")" 1
}

takes_large_ones() {
	body w2 "$(head -c 3000000 /dev/zero | tr '\0' x)" >large.json
	is "$(ask POST --body large.json --secret 'segredo do app')" "200 ok" "3 MB"
	done_within 10 2
	is "$(sql "SELECT length(body), messages FROM webhook WHERE id = 2")" "$(stat -c %s large.json)|1"
	head -c 4194305 /dev/zero | tr '\0' ' ' >large.json
	has "$(ask POST --body large.json --secret 'segredo do app')" "413"
}

# The answer does not wait for what is done afterwards, here a second and more.
answers_at_once() {
	local seconds
	sql "CREATE TRIGGER slow BEFORE UPDATE OF messages ON webhook BEGIN
		SELECT (WITH RECURSIVE many (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM many WHERE n < 4000000)
			SELECT max(n) FROM many); END"
	body w3 A >body.json
	seconds=$(ask POST --body body.json --secret 'segredo do app' --seconds)
	is "$(sql "SELECT state FROM webhook WHERE id = 3")" received "after $seconds s"
	is "$((${seconds%.*} < 2))" 1 "$seconds s"
	done_within 60 3
	sql "DROP TRIGGER slow"
}

says_when_it_cannot() {
	local db=$PORTALCTL_DB
	mv portal.db away.db
	body w4 A >body.json
	is "$(ask POST --body body.json --secret 'segredo do app')" "503 try again later"
	mv away.db "$db"
	: >app-secret
	is "$(ask POST --body body.json --secret '')" "503 try again later" "no secret"
	: >verify-token
	is "$(ask GET --query 'hub.mode=subscribe&hub.challenge=1&hub.verify_token=')" "503 try again later" "no token"
	is "$(sql "SELECT count(*) FROM webhook")" 19
}

# Sixteen at once, each its own message.
takes_many_at_once() {
	for i in {1..16}; do
		body "m$i" A >"m$i.json"
		ask POST --body "m$i.json" --secret 'segredo do app' >"m$i.txt" &
		asking+=($!)
	done
	wait "${asking[@]}"
	is "$(cat m*.txt | sort | uniq -c | sed 's/^ *//')" "16 200 ok"
	done_within 10 19
}

@test "W8 lighttpd passes web hooks on, set up as in the example" {
	with_lighttpd
	shakes_hands
	takes_bodies
	refuses
	takes_large_ones
	answers_at_once
	takes_many_at_once
	says_when_it_cannot
}

@test "W8 nginx passes web hooks on through fcgiwrap, set up as in the example" {
	with_nginx
	shakes_hands
	takes_bodies
	refuses
	takes_large_ones
	answers_at_once
	takes_many_at_once
	says_when_it_cannot
}

# cgi METHOD [VARIABLE=VALUE...] < BODY: as a web server would run it.
cgi() {
	status=0
	env REQUEST_METHOD="$1" "${@:2}" "$PORTALCTL" wa cgi >out.txt 2>err.txt || status=$?
	out=$(tr -d '\r' <out.txt)
	err=$(<err.txt)
}

directly() {
	served
	export PORTALCTL_CONFIG=$PWD/config.yaml
}

@test "W8 the answer is a CGI answer, and the exit status and standard error tell of failures" {
	directly
	cgi GET QUERY_STRING='hub.mode=subscribe&hub.verify_token=token+%26%20100%25&hub.challenge=9' </dev/null
	is "$status" 0 && is "$err" ""
	is "$(head -1 <<<"$out")" "Status: 200 OK" && is "$(tail -1 <<<"$out")" 9
	has "$out" "Content-Type: text/plain" && has "$out" $'\n\n9'
	cgi GET QUERY_STRING='hub.mode=subscribe&hub.verify_token=no&hub.challenge=9' </dev/null
	is "$status" 4 && has "$out" "Status: 403" && has "$err" "verify token"
	for challenge in 'a%0D%0AX-Evil:1' '%00' '%C3%A7' "$(printf 'x%.0s' {1..1001})"; do
		cgi GET QUERY_STRING="hub.mode=subscribe&hub.verify_token=token+%26%20100%25&hub.challenge=$challenge" </dev/null
		is "$status" 4 && has "$out" "Status: 403" && is "${out//Evil/}" "$out"
	done
	cgi PATCH </dev/null
	is "$status" 2 && has "$out" "Status: 405" && has "$out" "Allow: GET, POST"
}

@test "W8 a request is read to its length, and no further" {
	directly
	body w1 A >body.json
	signature=$(python3 -c 'import hmac
print("sha256=" + hmac.new(b"segredo do app", open("body.json", "rb").read(), "sha256").hexdigest())')
	length=$(stat -c %s body.json)
	(cat body.json && echo more) |
		cgi POST CONTENT_LENGTH="$length" HTTP_X_HUB_SIGNATURE_256="$signature"
	has "$(cat out.txt)" "Status: 200"
	is "$(sql "SELECT state, length(body) FROM webhook")" "done|$length"
	cgi POST CONTENT_LENGTH=$((length + 1)) HTTP_X_HUB_SIGNATURE_256="$signature" <body.json
	is "$status" 6 && has "$out" "Status: 400"
	for wrong in '' -1 0x10 ' 5' 1e3; do
		cgi POST CONTENT_LENGTH="$wrong" <body.json
		is "$status" 2 && has "$out" "Status: 411"
	done
	for long in 4194305 99999999999999999999999999; do
		cgi POST CONTENT_LENGTH=$long <body.json
		is "$status" 6 && has "$out" "Status: 413"
	done
	is "$(sql "SELECT count(*) FROM webhook")" 1
}

@test "P8 who serves requests is the operator, and a person runs something else" {
	directly
	fails 2 wa cgi
	has "$err" "wa receive"
	body w1 A >body.json
	REQUEST_METHOD=POST denied wa cgi --as dora@office.example
	is "$out" ""
	refused 2 "dry-run" wa cgi --dry-run
}

@test "W8 where the portal is not there, WhatsApp is to come again" {
	directly
	body w1 A >body.json
	PORTALCTL_DB=$PWD/none.db cgi POST CONTENT_LENGTH=5 HTTP_X_HUB_SIGNATURE_256=sha256=0 <body.json
	is "$status" 1 && has "$out" "Status: 503" && has "$err" "none.db"
	env -u PORTALCTL_DB -u HOME REQUEST_METHOD=POST CONTENT_LENGTH=5 HTTP_X_HUB_SIGNATURE_256=sha256=0 \
		"$PORTALCTL" wa cgi <body.json >out.txt 2>err.txt || status=$?
	is "$status" 1 && has "$(cat out.txt)" "Status: 503"
}

@test "W8 a server that ends the program once it has the answer loses nothing" {
	directly
	sql "CREATE TRIGGER slow BEFORE UPDATE OF messages ON webhook BEGIN
		SELECT (WITH RECURSIVE many (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM many WHERE n < 5000000)
			SELECT max(n) FROM many); END"
	body w1 A >body.json
	signature=$(python3 -c 'import hmac
print("sha256=" + hmac.new(b"segredo do app", open("body.json", "rb").read(), "sha256").hexdigest())')
	REQUEST_METHOD=POST CONTENT_LENGTH=$(stat -c %s body.json) HTTP_X_HUB_SIGNATURE_256=$signature \
		"$PORTALCTL" wa cgi <body.json >out.txt 2>err.txt 3>&- &
	while [ ! -s out.txt ]; do sleep 0.02; done
	kill -TERM $!
	kill -HUP $!
	wait $!
	is "$(sql "SELECT state FROM webhook")" "done"
	has "$(cat out.txt)" "200 OK"
}
