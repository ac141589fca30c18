load helpers
load network

# Mails through a real mail server: Debian's Postfix, as it comes but for where it listens.

setup_file() {
	export BATS_NO_PARALLELIZE_WITHIN_FILE=true # they share the server, and read its log
	local net=$BATS_TEST_DIRNAME/../net
	[ "$(id -u)" = 0 ] || skip "Postfix starts for root alone"
	command -v postfix >/dev/null || skip "there is no postfix"
	POSTFIX=$(mktemp -d)
	export POSTFIX
	chmod 711 "$POSTFIX"
	"$net/make-certificates" "$POSTFIX/certificates" >/dev/null 2>&1
	"$net/postfix" start "$POSTFIX" "$POSTFIX/certificates"
}

teardown_file() {
	[ -n "${POSTFIX:-}" ] || return 0
	"$BATS_TEST_DIRNAME/../net/postfix" stop "$POSTFIX"
	rm -rf "$POSTFIX"
}

# port KIND WAY: where it listens with that certificate.
port() {
	awk -v kind="$1" -v field="$([ "$2" = tls ] && echo 3 || echo 2)" '$1 == kind { print $field }' "$POSTFIX/ports"
}

# server KIND WAY: the settings to reach it.
server() {
	(umask 077; echo 'uma senha' >password.txt)
	cat >config.yaml <<-END
		smtp:
		  host: localhost
		  port: $(port "$1" "$2")
		  security: $2
		  user: portal
		  password_file: password.txt
		  from: portal@modelo.example
		  reply_to: contato@modelo.example
		  bounce_to: bounce@modelo.example
		  ca_file: $POSTFIX/certificates/ca.pem
		  timeout_seconds: 10
	END
	export PORTALCTL_CONFIG=$PWD/config.yaml
}

# waiting: no mail waits in the portal.
waiting() {
	network
	ok config set base_url https://portal.example
	sql "UPDATE outbox SET state = 'cancelled', next_attempt_at = NULL"
}

# arrived BOX COUNT: so many mails come to be in the mailbox.
arrived() {
	local new=$POSTFIX/box/$1/new
	for _ in $(seq 200); do
		[ "$(find "$new" -type f 2>/dev/null | wc -l)" -ge "$2" ] && break
		sleep 0.05
	done
	is "$(find "$new" -type f 2>/dev/null | wc -l)" "$2" "mails for $1"
}

# sorted_bodies FOLDER: the mails there, without what a server puts in front, by what they say.
sorted_bodies() {
	python3 - "$1" <<-'END'
		import pathlib, re, sys
		trace = re.compile(rb"(?:(?:Return-Path|X-Original-To|Delivered-To|Received):.*\n(?:[ \t].*\n)*)*")
		mails = [trace.sub(b"", p.read_bytes(), count=1) for p in pathlib.Path(sys.argv[1]).iterdir()]
		sys.stdout.buffer.write(b"\0".join(sorted(mails)))
	END
}

@test "O2 a real server whose certificate does not prove it gets nothing" {
	local kind way
	waiting
	ok invite send 12345678000195 --name Nova --email carla@beta.example
	for kind in wronghost untrusted expired selfsigned; do
		for way in starttls tls; do
			server $kind $way
			sql "DELETE FROM channel_hold"
			portalctl deliver --json
			is "$status" 8 "$kind $way"
			holds '.data | "\(.sent) \(.stopped)"' "0 1"
		done
	done
	is "$(sql "SELECT DISTINCT state || attempts FROM outbox WHERE recipient = 'carla@beta.example'")" queued0
	has "$(cat "$POSTFIX/log/mail.log")" "disconnect from localhost"
	is "$(grep -c ' \(auth\|mail\|data\)=' "$POSTFIX/log/mail.log")" 0
}

@test "O2 a real server gets every byte that was composed, and the reader every byte that was meant" {
	local way
	for way in starttls tls; do
		rm -rf portal.db* "$POSTFIX/box/carla"
		waiting
		server good $way
		head -c 6900000 /dev/urandom >grande.bin
		printf '.\r\n..\n\nFrom you\n.' >pontos.txt
		ok invite send 12345678000195 --name Nova --email carla@beta.example --message '. <https://x.example/a.> .'
		ok contact add --company $BETA --name Carla --email carla@beta.example
		ok ticket open --contact carla@beta.example --company $BETA --subject 'Ünïcode 日本 "<&>"'
		ok ticket reply 1 --file grande.bin --file pontos.txt
		sql "UPDATE outbox SET state = 'cancelled', next_attempt_at = NULL WHERE recipient <> 'carla@beta.example'"
		mkdir copy
		for file in portal.db*; do cp -pR "$file" copy; done
		ok deliver --json
		holds .data.sent 3
		arrived carla 3
		"$BATS_TEST_DIRNAME/../net/read-mail.py" "$POSTFIX"/box/carla/new/* >mails.txt
		is "$(jq -r '.files[].sha256' mails.txt | paste -sd' ')" \
			"$(sha256sum grande.bin pontos.txt | cut -d' ' -f1 | paste -sd' ')" "$way"
		is "$(jq -rs 'map(select(.headers.Subject | contains("Ünïcode 日本 \"<&>\""))) | length' mails.txt)" 2
		printf 'smtp:\n  from: portal@modelo.example\n  reply_to: contato@modelo.example\n' >config.yaml
		(cd copy && PORTALCTL_DB=$PWD/portal.db ok deliver)
		sorted_bodies "$POSTFIX/box/carla/new" >by-server.txt
		sorted_bodies copy/portal.db.mail/new >by-maildir.txt
		cmp by-server.txt by-maildir.txt
		rm -rf copy
	done
}

@test "O2 a real server that knows no such login gets no mail, and the next run tries again" {
	waiting
	server good starttls
	(umask 077; echo 'outra senha' >password.txt)
	ok invite send 12345678000195 --name Nova --email carla@beta.example
	portalctl deliver
	is "$status" 8 "$err"
	has "$err" "535"
	is "$(sql "SELECT DISTINCT state || attempts FROM outbox WHERE recipient = 'carla@beta.example'")" queued0
}

@test "O2 a mail that a server can't deliver comes back to the address for that" {
	waiting
	server good starttls
	ok invite send 12345678000195 --name Nova --email lost@beta.example
	ok deliver
	is "$(sql "SELECT state FROM outbox WHERE recipient = 'lost@beta.example'")" sent
	arrived bounce 1
	has "$(cat "$POSTFIX"/box/bounce/new/*)" "Final-Recipient: rfc822; lost@beta.example"
	has "$(cat "$POSTFIX"/box/bounce/new/*)" "Message-ID: <$(sql "SELECT max(id) FROM outbox").$(sql "SELECT portal_id FROM portal")@modelo.example>"
}
