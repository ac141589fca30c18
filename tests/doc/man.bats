load helpers

pages() {
	find "$(dirname "$PORTALCTL")/../share/man" -name '*.[1357]' | sort
}

# The page of a noun; commands without one have a page each, or stand in portalctl(1).
page() {
	local folder
	folder=$(dirname "$PORTALCTL")/../share/man/man1
	if [ -n "$1" ]; then
		echo "$folder/portalctl-$1.1"
	elif [ -e "$folder/portalctl-$2.1" ]; then
		echo "$folder/portalctl-$2.1"
	else
		echo "$folder/portalctl.1"
	fi
}

# Options that a page's source describes in lists, or names anywhere.
listed() {
	sed -n 's/ | Fl Fl /\n.It Fl Fl /; /^\.It Fl Fl/p' "$1" | sed -n 's/^\.It Fl Fl \([a-z-]*\).*/\1/p' | sort -u
}
named() {
	grep -oE '(Fl|,) Fl [a-z][a-z-]+|Fl Fl [a-z][a-z-]+' "$1" | sed 's/.* //' | sort -u
}

# The options of a noun's commands in the table, as they are typed.
table() {
	jq -r --arg noun "$1" --arg verb "$2" '.commands[]
		| select(.noun == $noun and ($noun != "" or .verb == $verb)) | .options[]
		| if .type == "secret" then "\(.name)-file", (if .stdin then "\(.name)-stdin" else empty end)
			else .name end' help.json | sort -u
}

@test "the pages are clean" {
	[ -n "$(pages)" ]
	for page in $(pages); do
		MANPATH=$(dirname "$PORTALCTL")/../share/man mandoc -T lint -W style "$page" 2>/dev/null
	done | grep -v 'referenced manual not found: Xr \(crontab 5\|jq 1\)' >lint.txt || true
	is "$(cat lint.txt)" ""
}

@test "every command has its page, and is explained in it" {
	ok help --json
	json '.commands[] | "\(.noun)|\(.verb)"' >commands.txt
	[ -s commands.txt ]
	while IFS='|' read -r noun verb; do
		[ -f "$(page "$noun" "$verb")" ] || is "no page" "a page of $noun $verb"
		grep -qx ".Ss ${noun:+$noun }$verb" "$(page "$noun" "$verb")" ||
			is "not explained" "$noun $verb"
		grep -q "^\.Cm .*${noun:+$noun }$verb" "$(page "$noun" "$verb")" ||
			grep -q "^\.Nm .*$verb" "$(page "$noun" "$verb")" || [ -z "$noun" ] ||
			is "not in the synopsis" "$noun $verb"
	done <commands.txt
}

@test "the options of a page are those of the table, both ways" {
	ok help --json
	cp out.txt help.json
	for page in $(pages | grep 'portalctl-.*\.1$'); do
		name=$(basename "$page" .1)
		name=${name#portalctl-}
		if jq -e --arg n "$name" '[.commands[].noun] | index($n)' help.json >/dev/null; then
			table "$name" '' >want.txt
		else
			table '' "$name" >want.txt
		fi
		is "$(listed "$page")" "$(cat want.txt)" "options of $page"
	done
	listed "$(page '' help)" >got.txt
	jq -r '(.global_options, .batch_options, .bulk_options)[].name' help.json | sort -u >want.txt
	is "$(cat got.txt)" "$(cat want.txt)" "options of all commands"
}

@test "prose names no option that does not exist" {
	ok help --json
	jq -r '(.global_options, .batch_options, .bulk_options)[].name,
		(.commands[].options[] | .name, "\(.name)-file", "\(.name)-stdin")' out.txt |
		sort -u >known.txt
	for page in $(pages); do
		named "$page"
	done | sort -u >named.txt
	[ -s named.txt ]
	is "$(comm -23 named.txt known.txt)" ""
}

@test "cross references lead to pages that exist" {
	for page in $(pages); do
		grep -ohE 'Xr (portalctl|libportal)[a-z-]* [0-9]' "$page" || true
	done | sort -u >references.txt
	[ -s references.txt ]
	while read -r _ name section; do
		[ -f "$(dirname "$PORTALCTL")/../share/man/man$section/$name.$section" ] ||
			is "no $name($section)" "a page"
	done <references.txt
}

@test "portalctl-json(7) has every code of the table and every field of every record" {
	ok help --json
	page=$(dirname "$PORTALCTL")/../share/man/man7/portalctl-json.7
	for code in $(json '.exit_statuses[] | select(.exit > 0) | .code'); do
		grep -q "^\.It $code Ta" "$page" || is "no $code" "all codes"
	done
	for kind in $("$PORTALCTL" schema); do
		case $kind in *.list) continue ;; esac
		grep -qx "\.Ss $kind" "$page" || is "no $kind" "all kinds"
		sed -n "/^\.Ss $kind\$/,/^\.El/s/^\.It Li \(\\\\&\)\{0,1\}//p" "$page" | sort >got.txt
		"$PORTALCTL" schema "$kind" |
			jq -r '(.["$defs"].record.properties // .properties) | keys[]' | sort >want.txt
		is "$(cat got.txt)" "$(cat want.txt)" "fields of $kind"
	done
}

@test "portalctl-config(5) has every setting, and names no other" {
	page=$(dirname "$PORTALCTL")/../share/man/man5/portalctl-config.5
	portal
	{
		"$PORTALCTL" config list --format tsv --fields key
		sed -n '/global_keys\[\] = {/,/NULL/p' "$root/cmd/cli/settings.c" |
			grep -oE '"[a-z_.]+"' | tr -d '"'
		sed -n '/struct type types\[\] = {/,/^};/s/^[^"]*"\([a-z_.]*\)".*/\1/p' "$root/lib/settings-check.c"
	} | sort -u >want.txt
	sed -n 's/^\.It Cm //p' "$page" | tr -d ',' | tr ' ' '\n' | grep . | sort -u >got.txt
	is "$(cat got.txt)" "$(cat want.txt)"
}

@test "libportal(3) names every header" {
	page=$(dirname "$PORTALCTL")/../share/man/man3/libportal.3
	for header in "$root"/include/portal/*.h; do
		grep -qx "\.It In portal/$(basename "$header")" "$page"
	done
}

@test "portalctl(1) leads to the page of every command" {
	pages | sed -n 's|.*/\(portalctl-.*\)\.1$|\1|p' | while read -r page; do
		grep -q "Xr $page 1" "$(page "" "")" || echo "$page"
	done >missing.txt
	is "$(cat missing.txt)" "" "pages that portalctl(1) does not name"
}
