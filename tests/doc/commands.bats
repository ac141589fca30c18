load fresh

@test "every example of every command runs in a fresh portal" {
	local record line
	portalctl help --json | jq -c '.commands[] | . as $c | .examples[] |
		["\($c.noun) \($c.verb)", .line]' >examples
	[ "$(wc -l <examples)" -ge 30 ]
	while IFS= read -r record; do
		line=$(jq -r '.[1]' <<<"$record")
		mkdir run && cd run || return 1
		PORTALCTL_DB=$PWD/portal.db fresh_portal
		PORTALCTL_DB=$PWD/portal.db sh -c "$line" >../out 2>../err </dev/null ||
			printf '%s: %s\n%s\n' "$(jq -r '.[0]' <<<"$record")" "$line" "$(cat ../out ../err)"
		cd .. && rm -rf run
	done <examples >failed
	is "$(cat failed)" "" "examples that fail"
}

@test "every command has help that names it and shows its examples" {
	local words
	portalctl help --json | jq -r '.commands[] | "\(.noun) \(.verb)"' >commands
	while read -r words; do
		# shellcheck disable=SC2086 # one word or two
		portalctl $words --help >out 2>err || { echo "$words: $(cat err)"; return 1; }
		grep -q "portalctl $words" out || { echo "$words: $(cat out)"; return 1; }
		grep -q '^Examples:' out || { echo "$words has no examples"; return 1; }
		[ ! -s err ] || return 1
	done <commands
}

@test "help names every option of the table" {
	local words options option
	portalctl help --json >help.json
	portalctl help >one.txt
	for option in $(jq -r '.global_options[].name' help.json); do
		grep -qE -- "--$option(\$|[^a-z])" one.txt || { echo "--$option"; return 1; }
	done
	jq -r '.commands[] | "\(.noun) \(.verb)\t" + ([.options[] |
		if .type == "secret" then .name + "-file" else .name end] | join(" "))' help.json >commands
	while IFS=$'\t' read -r words options; do
		# shellcheck disable=SC2086 # one word or two
		portalctl $words --help >one.txt
		for option in $options; do
			grep -qE -- "--$option(\$|[^a-z])" one.txt || { echo "$words --$option"; return 1; }
		done
	done <commands
}

@test "in a batch no two words of a command have one key" {
	portalctl help --json | jq -r '.commands[] | . as $c |
		[.operands[], .options[]] | map(select(.batch_key).name | ascii_downcase | gsub("-"; "_")) |
		select(length != (unique | length)) | "\($c.noun) \($c.verb): \(.)"' >twice
	is "$(cat twice)" ""
}
