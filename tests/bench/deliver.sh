# shellcheck shell=sh disable=SC2154 # read by run
# Sending, beside the curl command that sends the same bytes over one connection, to a
# server that keeps nothing and does no TLS: whatever waits less for it shows.

deliver_count=$((1000 / divisor > 20 ? 1000 / divisor : 20))

# sink smtp|http [FOLDER]: a server of its own; its port in $port, the settings to reach it.
sink() {
	rm -f sink.port
	"$dir/sink" "$1" sink.port ${2:+"$2"} &
	sink=$!
	while [ ! -s sink.port ]; do sleep 0.01; done
	port=$(cat sink.port)
	if [ "$1" = smtp ]; then
		printf 'smtp:\n  host: localhost\n  port: %s\n  security: none\n' "$port"
		echo '  from: portal@modelo.example'
	else
		printf 'whatsapp:\n  phone_number_id: "1"\n  token_file: deliver.token\n'
		printf '  api_url: http://localhost:%s/v25.0\n' "$port"
	fi >deliver.yaml
}

# messages CHANNEL RECIPIENT TEMPLATE: so many that wait; of RECIPIENT an expression of i.
messages() {
	${CC:-cc} -O2 -std=gnu11 -D_GNU_SOURCE -o "$dir/sink" "$here/sink.c"
	(umask 077 && echo token >deliver.token)
	new_portal deliver.db
	sql deliver.db "UPDATE outbox SET state = 'cancelled', next_attempt_at = NULL;
		WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $deliver_count)
		INSERT INTO outbox (channel, recipient, template, language, arguments, state, attempts,
			next_attempt_at, cause_kind, cause_id, created_at)
		SELECT '$1', $2, '$3', 'pt_BR', '{\"office\":\"Escritório Modelo\",\"number\":\"260301.' || i ||
			'\",\"subject\":\"Guia do mês\",\"contact_name\":\"Ana\"}', 'queued', 0, 1, 'ticket', i, 1 FROM n"
}

# What portalctl sent, into the folder sent.
record() { # smtp|http
	rm -rf sent
	mkdir sent
	sink "$1" sent
	copy deliver.db work.db
	"$portalctl" --db work.db --config deliver.yaml deliver >/dev/null
	kill "$sink"
	[ "$(find sent -type f | wc -l)" = "$deliver_count" ] ||
		{ echo "run: $(find sent -type f | wc -l) of $deliver_count were sent" >&2; exit 1; }
	sink "$1"
}

smtp_request() {
	printf 'url = smtp://localhost:%s/modelo.example\nmail-from = portal@modelo.example\n' "$port"
	printf 'mail-rcpt = pessoa%s@exemplo.example\nupload-file = sent/%s\nsilent\n' "$1" "$1"
}

http_request() {
	printf 'url = http://localhost:%s/v25.0/1/messages\nheader = "Authorization: Bearer token"\n' "$port"
	printf 'header = "Content-Type: application/json"\ndata-binary = @sent/%s\nsilent\n' "$1"
}

curl_requests() { # smtp|http
	for i in $(seq "$deliver_count"); do
		[ "$i" = 1 ] || echo next
		"$1_request" "$i"
	done >deliver.curl
}

# shellcheck disable=SC2034 # read by compare
deliver_by() { # smtp|http NAME LIMIT
	record "$1"
	curl_requests "$1"
	begin
	for _ in $(seq $((runs * 3))); do
		copy deliver.db work.db
		one ours /dev/null "$portalctl" --db work.db --config deliver.yaml deliver
		one theirs /dev/null curl -q -K deliver.curl
	done
	kill "$sink"
	compare "$2" "$3"
	rm -rf sent work.db*
}

deliver() {
	command -v curl >/dev/null || { echo "deliver: there is no curl to compare with"; return; }
	messages email "'pessoa' || i || '@exemplo.example'" ticket_closed
	deliver_by smtp "deliver of $deliver_count mails, and curl" 1.5
	messages whatsapp "'+55319' || (10000000 + i)" ticket_closed
	deliver_by http "deliver of $deliver_count by WhatsApp" 1.5
}
