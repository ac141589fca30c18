# shellcheck shell=sh disable=SC2154 # read by run
# Sending, beside the curl command that sends the same bytes over one connection, to a
# server that keeps nothing and does no TLS: whatever waits less for it shows.

deliver_count=$((1000 / divisor > 20 ? 1000 / divisor : 20))

# sink [FOLDER]: a server of its own; its port in $port.
sink() {
	rm -f sink.port
	"$dir/smtp-sink" sink.port "$@" &
	sink=$!
	while [ ! -s sink.port ]; do sleep 0.01; done
	port=$(cat sink.port)
	printf 'smtp:\n  host: localhost\n  port: %s\n  security: none\n  from: portal@modelo.example\n' \
		"$port" >deliver.yaml
}

prepare_deliver() {
	${CC:-cc} -O2 -std=gnu11 -D_GNU_SOURCE -o "$dir/smtp-sink" "$here/smtp-sink.c"
	new_portal deliver.db
	sql deliver.db "UPDATE outbox SET state = 'cancelled', next_attempt_at = NULL;
		WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $deliver_count)
		INSERT INTO outbox (channel, recipient, template, language, arguments, state, attempts,
			next_attempt_at, cause_kind, cause_id, created_at)
		SELECT 'email', 'pessoa' || i || '@exemplo.example', 'ticket_closed', 'pt_BR',
			'{\"office\":\"Escritório Modelo\",\"number\":\"260301.' || i ||
			'\",\"subject\":\"Guia do mês\"}', 'queued', 0, 1, 'ticket', i, 1 FROM n"
}

# What portalctl sent, for curl to send again.
curl_requests() {
	rm -rf mails
	mkdir mails
	sink mails
	copy deliver.db work.db
	"$portalctl" --db work.db --config deliver.yaml deliver >/dev/null
	kill "$sink"
	[ "$(find mails -type f | wc -l)" = "$deliver_count" ] ||
		{ echo "run: $(find mails -type f | wc -l) of $deliver_count mails were sent" >&2; exit 1; }
	sink
	for i in $(seq "$deliver_count"); do
		[ "$i" = 1 ] || echo next
		printf 'url = smtp://localhost:%s/modelo.example\nmail-from = portal@modelo.example\n' "$port"
		printf 'mail-rcpt = pessoa%s@exemplo.example\nupload-file = mails/%s.eml\nsilent\n' "$i" "$i"
	done >deliver.curl
}

# shellcheck disable=SC2034 # read by compare
deliver() {
	command -v curl >/dev/null || { echo "deliver: there is no curl to compare with"; return; }
	prepare_deliver
	curl_requests
	begin
	for _ in $(seq $((runs * 3))); do
		copy deliver.db work.db
		one ours /dev/null "$portalctl" --db work.db --config deliver.yaml deliver
		one theirs /dev/null curl -q -K deliver.curl
	done
	kill "$sink"
	compare "deliver of $deliver_count mails, and curl" 1.5
	rm -rf mails work.db*
}
