load helpers
load network

# watching [ARGS...]: begins to watch in the background; news come into the file news.
watching() {
	"$PORTALCTL" ticket watch "$@" >news 2>news.err 3>&- &
	watch=$!
	sleep 0.3
}

# comes COUNT: so many lines of news are there within three seconds.
comes() {
	local i
	for i in {1..60}; do
		[ "$(wc -l <news)" -ge "$1" ] && break
		sleep 0.05
	done
	is "$(wc -l <news)" "$1" "lines of news"
}

# stopped [SIGNAL [STATUS]]: ends the watch; that is its exit status.
stopped() {
	kill -s "${1:-TERM}" "$watch"
	status=0
	wait "$watch" || status=$?
	is "$status" "${2:-143}" "status of the watch: $(cat news.err)"
}

teardown() {
	[ -z "$watch" ] || kill -KILL "$watch" 2>/dev/null || :
}

# news FILTER: of each line.
news() {
	jq -r "$1" news | paste -sd'|'
}

@test "S9 new tickets and messages are told within a second" {
	network
	watching
	ok --as ana@alfa.example ticket open --subject "Dúvida" --body "Bom dia"
	comes 2
	is "$(news '"\(.id) \(.kind) \(.ticket_number) \(.body)"')" \
		"1 ticket 260301-001 null|2 message 260301-001 Bom dia"
	is "$(head -1 news | jq -r 'keys_unsorted | join(" ")')" \
		"id kind at ticket_number subject company_tax_id company_name contact_name department category status assignee_email direction via author_name automatic internal body"
	ok --as dora@office.example ticket reply 1 --body Oi
	local began=${EPOCHREALTIME/./}
	comes 3
	[ $((${EPOCHREALTIME/./} - began)) -lt 1000000 ]
	is "$(tail -1 news | jq -r '"\(.direction) \(.via) \(.author_name) \(.status)"')" \
		"out office Dora new" || is "$(tail -1 news | jq -r .status)" in_progress
	ok ticket set 1 --status pending
	ok ticket set 1 --subject Outra
	sleep 0.4
	comes 3
	stopped TERM 143
	is "$(cat news.err)" ""
}

@test "S9 who watches ends by a signal, with its number" {
	network
	watching
	stopped INT 130 || { watching && stopped HUP 129; }
	watching
	stopped HUP 129
	watching --format ids
	ok --as ana@alfa.example ticket open --subject x
	comes 1
	stopped
	is "$(cat news)" 1
}

@test "S9 a watch goes on after the last id that was printed" {
	network
	ok --as ana@alfa.example ticket open --subject x --body um
	ok --as ana@alfa.example ticket reply 1 --body dois
	ok ticket set 1 --status pending
	ok ticket watch --since 0 --once
	is "$(jq -r .id out.txt | paste -sd' ')" "1 2 3"
	ok ticket watch --since 2 --once --format ids
	is "$out" 3
	ok ticket watch --since 3 --once
	is "$out" ""
	ok ticket watch --once
	is "$out" ""
	ok ticket watch --since 0 --once --fields id,body
	is "$(tail -1 out.txt)" '{"id":3,"body":"dois"}'
	untouched refused 2 "is not a format of this command, which has: ndjson, tsv, ids" \
		ticket watch --once --format table
	untouched fails 2 ticket watch --once --json --since x || :
}

@test "S9 hundreds that came in one go are told, each once and in order" {
	network
	for i in {1..250}; do
		printf '{"subject":"t%s","company":"%s","contact":"ana@alfa.example"}\n' "$i" $ALFA
	done >batch
	watching --format ids
	ok ticket open --batch batch --format ndjson
	comes 250
	is "$(sort -n news | uniq | wc -l)" 250
	is "$(sort -nc news 2>&1)" ""
	stopped
}

@test "S6 P8 a client who watches sees its own group, and no internal comment" {
	network
	ok --as ana@alfa.example ticket open --subject Alfa --body a
	ok --as bia@beta.example ticket open --subject Beta --body b
	ok ticket comment 1 --body segredo
	ok ticket comment 1 --body "outro segredo"
	ok ticket watch --since 0 --once
	is "$(jq -r '.body // .kind' out.txt | paste -sd'|')" "ticket|a|ticket|b|segredo|outro segredo"
	ok --as caio@alfa.example ticket watch --since 0 --once
	is "$(jq -r '.body // .kind' out.txt | paste -sd'|')" "ticket|a"
	is "$(grep -c segredo out.txt)" 0
	ok group create $BETA
	ok group link $BETA $ALFA
	ok --as caio@alfa.example ticket watch --since 0 --once
	is "$(jq -r '.body // .kind' out.txt | paste -sd'|')" "ticket|a|ticket|b"
	ok company set $ALFA --sections documents
	denied --as caio@alfa.example ticket watch --once
}

@test "P8 whoever loses access while watching is denied" {
	network
	PORTALCTL_AS=caio@alfa.example watching
	ok --as ana@alfa.example ticket open --subject x
	comes 1
	ok user block caio@alfa.example
	for i in {1..60}; do kill -0 "$watch" 2>/dev/null || break; sleep 0.05; done
	status=0
	wait "$watch" || status=$?
	is "$status" 4 "$(cat news.err)"
}

@test "S9 a program is run for each, without a shell and without secrets" {
	network
	cat >hook.sh <<-'END'
		#!/bin/sh
		printf '%s|' "$0" "$@" >>told
		cat >>told
		env | grep -c PORTALCTL_TOKEN >>env.txt
		echo noise
	END
	chmod +x hook.sh
	export PORTALCTL_TOKEN=
	unset PORTALCTL_TOKEN
	watching --exec ./hook.sh
	ok --as ana@alfa.example ticket open --subject '$(touch broken); "x"' --body "um"
	comes 2
	stopped
	is "$(cut -d'|' -f2-4 told | paste -sd' ')" "ticket|260301-001|1 message|260301-001|2"
	is "$(sed 's/.*|//' told | jq -r '.subject' | sort -u)" '$(touch broken); "x"'
	is "$(diff <(sed 's/.*|//' told) news)" "" "what the program reads is what is printed"
	[ ! -e broken ]
	is "$(sort -u env.txt)" 0
	is "$(grep -c noise news.err)" 2 "what it prints is not news"
}

@test "P7 the token of a session is in no program's environment" {
	network
	printf 'cinco ratos roxos' >password
	ok user passwd dora@office.example --password-file password
	ok session login --company $OFFICE --email dora@office.example --password-file password --json
	json .data.token >token
	printf '#!/bin/sh\ntr "\\0" "\\n" </proc/$PPID/environ >>seen\nenv >>seen\n' >hook.sh
	chmod +x hook.sh
	PORTALCTL_TOKEN=$(cat token) watching --exec ./hook.sh
	ok --as ana@alfa.example ticket open --subject x
	comes 1
	stopped
	[ -s seen ]
	is "$(grep -c "$(cat token)" seen)" 0
}

@test "S9 a program that fails, reads nothing or is gone holds up no news" {
	network
	printf '#!/bin/sh\nexit 3\n' >hook.sh
	chmod +x hook.sh
	watching --exec "$PWD/hook.sh"
	head -c 60000 /dev/zero | tr '\0' x >big
	ok --as ana@alfa.example ticket open --subject x --body-file big
	comes 2
	has "$(cat news.err)" "failed for event 1: exit status 3"
	rm hook.sh
	ok --as ana@alfa.example ticket reply 1 --body dois
	comes 3
	has "$(cat news.err)" "failed for event 3: exit status 127"
	stopped
	untouched refused 2 "'./hook.sh' is not a program that can be run" ticket watch --exec ./hook.sh
	untouched fails 2 ticket watch --exec /etc/passwd
	untouched fails 2 ticket watch --exec ""
}

@test "S9 a look with a program that fails is a failure, once all is told" {
	network
	printf '#!/bin/sh\ncat >>told\n[ "$3" != 2 ] || exit 3\n' >hook.sh
	chmod +x hook.sh
	ok --as ana@alfa.example ticket open --subject x --body um
	ok --as ana@alfa.example ticket reply 1 --body dois
	portalctl ticket watch --since 0 --once --exec ./hook.sh
	is "$status $(wc -l <out.txt) $(wc -l <told)" "1 3 3"
	is "$err" "portalctl: './hook.sh' failed for event 2: exit status 3"
	one_sentence
	ok ticket watch --since 2 --once --exec ./hook.sh
	printf '#!/nowhere/sh\n' >hook.sh
	portalctl ticket watch --since 0 --once --exec ./hook.sh --format ndjson
	is "$status $(wc -l <out.txt) $(wc -l <err.txt)" "1 3 1"
	is "$(jq -r '"\(.code) \(.exit) \(.errors | length)"' err.txt)" "failure 1 3"
	is "$(jq -r '.errors[2].message' err.txt)" "'./hook.sh' failed for event 3: exit status 127"
}

@test "S9 an event whose program was interrupted is told again" {
	network
	printf '#!/bin/sh\ntrap "echo gone >>trapped; exit 0" TERM\ntouch began\nsleep 60 &\nwait\n' >hook.sh
	chmod +x hook.sh
	watching --exec ./hook.sh
	ok --as ana@alfa.example ticket open --subject x
	for i in {1..60}; do [ -e began ] && break; sleep 0.05; done
	stopped
	is "$(cat trapped)" gone
	is "$(cat news)" "" "it was not told"
	ok ticket watch --since 0 --once --format ids
	is "$out" 1
}

@test "S9 nothing is done while nothing happens" {
	network
	watching
	sleep 6
	local ticks
	ticks=$(awk '{ print $14 + $15 }' "/proc/$watch/stat")
	[ "$ticks" -le 3 ] || { echo "$ticks ticks"; return 1; }
	touch another 'file of the folder'
	strace -f -c -p "$watch" -o "$BATS_RUN_TMPDIR/calls" 2>/dev/null 3>&- &
	local tracer=$!
	sleep 2
	kill -INT "$tracer" 2>/dev/null || :
	wait "$tracer" 2>/dev/null || :
	is "$(awk '$NF ~ /^[a-z_0-9]+$/ && $4 > 0 { sum += $4 } END { print sum + 0 }' "$BATS_RUN_TMPDIR/calls" | head -1 |
		awk '{ print ($1 <= 5) }')" 1 "system calls in two seconds: $(cat "$BATS_RUN_TMPDIR/calls")"
	stopped
}

@test "S9 a reader that goes away ends the watch" {
	network
	status=0
	mkfifo pipe
	"$PORTALCTL" ticket watch >pipe 2>news.err 3>&- &
	watch=$!
	head -1 pipe >first &
	sleep 0.3
	ok --as ana@alfa.example ticket open --subject x
	for i in {1..60}; do kill -0 "$watch" 2>/dev/null || break; sleep 0.05; done
	wait "$watch" || status=$?
	is "$status" 1
	has "$(cat news.err)" "the output could not be written"
	is "$(jq -r .kind first)" ticket
}

@test "S9 the title of a terminal has the number of new tickets" {
	network
	command -v script >/dev/null || skip "there is no script(1)"
	ok --as ana@alfa.example ticket open --subject x
	TERM=xterm timeout 10 script -qec "timeout -s TERM 1 '$PORTALCTL' --lang en ticket watch" typed \
		>/dev/null </dev/null 3>&- || :
	has "$(cat -v typed)" '^[]2;1 new ticket^G'
	has "$(cat -v typed)" '^[[23;2t'
	TERM=dumb timeout 10 script -qec "timeout -s TERM 1 '$PORTALCTL' ticket watch" typed \
		>/dev/null </dev/null 3>&- || :
	is "$(grep -c 2t typed)" 0
}

@test "S9 a portal that was replaced under a watch ends it" {
	network
	watching
	cp portal.db other.db
	mv other.db portal.db
	for i in {1..60}; do kill -0 "$watch" 2>/dev/null || break; sleep 0.05; done
	status=0
	wait "$watch" || status=$?
	is "$status" 1
	has "$(cat news.err)" "was replaced or removed meanwhile"
}

@test "S9 a ticket that was merged is no new one of the other's number" {
	network
	ok --as ana@alfa.example ticket open --subject a --body um
	at 2026-03-01T13:00:00Z
	ok --as ana@alfa.example ticket open --subject b --body dois
	ok ticket merge 2 --into 1
	ok ticket watch --since 0 --once
	is "$(jq -r '"\(.kind) \(.ticket_number) \(.body)"' out.txt | paste -sd'|')" \
		"ticket 260301-001 null|message 260301-001 um|message 260301-001 dois"
	at 2026-03-01T14:00:00Z
	ok --as ana@alfa.example ticket open --subject c
	ok ticket merge 1 --into 3
	ok ticket watch --since 0 --once
	is "$(jq -r 'select(.kind == "ticket") | .id' out.txt)" "$(sql "SELECT id FROM message WHERE event = 'opened'
		ORDER BY id DESC LIMIT 1")"
}
