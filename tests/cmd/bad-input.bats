load helpers
load network

HOSTILE="x'; rm -rf ~; \$(touch pwned) \`touch pwned\` | cat"

@test "unknown words, missing and extra values are usage errors" {
	network
	for words in "invites list" "invite lst" "invite list --stats any" "invite send" "--json" \
		"invite send $BETA" "invite send $BETA --email" "invite list extra" "company add" \
		"invite cancel 1 --reason" "invite expire --limit" "company list --limit x" \
		"invite accept one" "invite list --status PENDING" "user add a@b.example" \
		"invite send $BETA --email a@b.example --email c@d.example" "db vacuum" "due now"; do
		# shellcheck disable=SC2086 # words are words
		portalctl $words
		is "$status" 2 "status of $words" && is "$out" ""
	done
	untouched fails 2 invite lst
	has "$err" "did you mean"
	fails 2 company add $BETA --nme X
	has "$err" "did you mean"
}

@test "line ends and other control characters get into no field" {
	network
	for bad in $'a\nb' $'a\rb' $'a\tb' $'a\033[31mb' $'a\177b' $'a\302\205b'; do
		untouched fails 6 company add 34028316000103 --name "$bad"
		untouched fails 6 company set $BETA --trade-name "$bad"
		untouched fails 6 invite send $BETA --email "x$bad@y.example"
		untouched fails 6 invite send $BETA --email x@y.example --name "$bad"
		untouched fails 6 user add x@beta.example --company $BETA --name "$bad"
		untouched fails 6 company add "34028316000103$bad" --name X
	done
	untouched fails 6 invite send $BETA --email $'x@y.example\r\nBcc: z@y.example'
}

@test "invalid UTF-8 is refused wherever it stands" {
	network
	for bad in $'\377' $'a\303' $'\355\240\200' $'\300\257'; do
		untouched fails 6 company add 34028316000103 --name "$bad"
		untouched fails 6 company list --search "$bad"
		untouched fails 6 invite send $BETA --email "$bad@y.example"
		untouched fails 6 config set mail_from "$bad"
	done
}

@test "shell words in every field stay plain text" {
	network
	ok company add 34028316000103 --name "$HOSTILE" --trade-name "$HOSTILE" --json
	holds .data.name "$HOSTILE"
	ok user add x@delta.example --company 34028316000103 --name "$HOSTILE" --json
	holds .data.name "$HOSTILE"
	ok invite send $BETA --email y@beta.example --name "$HOSTILE" --message "$HOSTILE" --json
	holds .data.contact_name "$HOSTILE"
	ok invite cancel 1 --reason "$HOSTILE" --json
	holds .data.reason_text "$HOSTILE"
	ok company list --search "$HOSTILE" --format ids
	is "$out" 5
	untouched fails 6 invite send $BETA --email "$HOSTILE"
	untouched fails 6 company add "$HOSTILE" --name X
	is "$(wc -l <err.txt)" 1 "one fault is one line"
	is "$(find . -name pwned)" ""
	is "$(sql "SELECT json_extract(arguments, '\$.message') FROM outbox LIMIT 1")" "$HOSTILE"
}

@test "SQL in a field is text" {
	network
	sqlish="Robert'); DROP TABLE company;--"
	ok company set $BETA --name "$sqlish" --json
	holds .data.name "$sqlish"
	ok company list --search "$sqlish" --format count
	is "$out" 1
	ok company list --search "' OR 1=1 --" --format count
	is "$out" 0
}

@test "escape sequences reach no stream raw" {
	network
	esc=$'\033]0;gotcha\007'
	sql "UPDATE company SET name = 'Beta' || char(27) || '[31m' || char(8238) || 'x' WHERE id = 3"
	for words in "company list" "company show 3" "user list" "company disable 3"; do
		# shellcheck disable=SC2086 # words are words
		ok $words
		is "$(LC_ALL=C grep -c $'\033' out.txt)" 0 "raw escapes of $words"
		is "$(grep -c $'\342\200\256' out.txt)" 0 "marks of writing direction of $words"
	done
	ok company list --json
	is "$(LC_ALL=C grep -c $'\033' out.txt)" 0
	for words in "company show" "company add" "user show" "invite show" "invite list --status" \
		"config get" "--as" "--db" "--format" "$esc"; do
		# shellcheck disable=SC2086 # words are words
		portalctl $words "$esc"
		[ "$status" -ne 0 ]
		is "$(LC_ALL=C grep -c $'\033\|\007' err.txt)" 0 "raw escapes of $words"
	done
}

@test "very long values are refused in a short sentence" {
	network
	long=$(printf '%0100000d' 1)
	untouched fails 6 company add 34028316000103 --name "$long"
	untouched fails 6 company add "$long" --name X
	untouched fails 6 invite send $BETA --email "$long@y.example"
	untouched fails 6 invite send $BETA --email x@y.example --name "$long"
	untouched fails 6 invite send $BETA --email x@y.example --message "$long"
	untouched fails 6 invite send $BETA --email x@y.example --idempotency-key "$long"
	ok invite send $BETA --email x@y.example
	untouched fails 6 invite cancel 1 --reason "$long"
	untouched fails 6 user add x@beta.example --company $BETA --name "$long"
	untouched fails 6 config set base_url "https://$long"
	for words in "company list --search" "company list --after" "invite list --sort" \
		"invite show" "--as" "user show"; do
		# shellcheck disable=SC2086 # words are words
		portalctl $words "$long"
		is "$(wc -c <err.txt | awk '{ print $1 < 1500 }')" 1 "length of what $words says"
	done
}

@test "a write that fails on standard output is 1, and says whether the change was made" {
	network
	status=0
	"$PORTALCTL" company list >/dev/full 2>err.txt || status=$?
	is "$status" 1
	one_sentence
	status=0
	"$PORTALCTL" company list >&- 2>err.txt || status=$?
	is "$status" 1
	one_sentence
	status=0
	"$PORTALCTL" invite send $BETA --email x@beta.example >/dev/full 2>err.txt || status=$?
	is "$status" 1
	one_sentence
	has "$(cat err.txt)" "the change was made all the same"
	is "$(sql "SELECT count(*) FROM invite")" 1
	status=0
	"$PORTALCTL" invite list --status nothing 2>&- >out.txt || status=$?
	is "$status" 2
	is "$(wc -c <out.txt)" 0
}

@test "a fault of a record names the key it is about" {
	network
	echo '{"role":"admin"}' >in.ndjson
	portalctl user set-role --batch in.ndjson --json
	holds '.items[0].error.field' email
	echo '{"id":"x"}' >in.ndjson
	portalctl invite show --batch in.ndjson --json
	holds '.items[0].error.field' id
}

@test "what can't be a batch is told with its line" {
	network
	printf '%s\n' '{"to-tax-id":"'$BETA'","email":"a@beta.example"}' '{"email":' >in.ndjson
	portalctl invite send --batch in.ndjson --json
	[ "$status" -ne 0 ]
	printf '%s\n' '{"to-tax-id":"'$BETA'","email":"b@beta.example","colour":"red"}' >in.ndjson
	untouched portalctl invite send --batch in.ndjson --json
	[ "$status" -ne 0 ]
	fails 1 invite send --batch nowhere.ndjson
	untouched fails 2 invite send $BETA --email a@b.example --batch in.ndjson
}

@test "numbers that are none or too large are refused" {
	network
	for bad in 0x10 1.5 "1 " 9223372036854775808 "" 1e3; do
		untouched fails 2 invite accept -- "$bad"
		untouched fails 2 invite expire --limit="$bad"
	done
	untouched fails 2 invite expire --limit=-1
	untouched fails 3 invite accept -- -1
}

@test "a filter by a word that is none is a usage error, not an empty list" {
	network
	untouched fails 2 outbox list --cause bogus:1
	untouched fails 2 audit list --target bogus
	untouched fails 2 notification list --kind bogus
}

@test "what is no path of a file is no database" {
	for db in sqlite:x :memory: file:x postgresql://h/x; do
		PORTALCTL_DB="" fails 2 --db "$db" status
		PORTALCTL_DB="" fails 2 --db "$db" init --office 65635571000148 --name X
	done
	is "$(ls)" "$(printf 'err.txt\nout.txt')"
}
