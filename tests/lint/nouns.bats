load helpers

setup_file() {
	cd "$BATS_TEST_DIRNAME/../.." || return 1
	"${B:-build/plain}/bin/portalctl" help --json >"$BATS_FILE_TMPDIR/help.json"
}

commands() {
	jq -r ".commands[] | $1" "$BATS_FILE_TMPDIR/help.json"
}

# Words without a noun stand in portal; cmd/help is part of the command line.
nouns() {
	commands .noun | sort -u | sed '/^$/d'
	echo portal
}

@test "every noun has a header, rules and commands of its name" {
	local noun
	for noun in $(nouns); do
		for file in include/portal/"$noun".h lib/"$noun".c cmd/"$noun".c; do
			[ -e "$file" ] || echo "$file"
		done
	done | none "missing"
}

@test "every noun has tests of its name" {
	local noun
	for noun in $(nouns); do
		[ -e "tests/cmd/$noun.bats" ] || ls "tests/cmd/$noun"-*.bats >/dev/null 2>&1 ||
			echo "tests/cmd/$noun.bats"
	done | none "missing"
}

@test "every noun has a page of its name" {
	local noun
	ls man/*.in >/dev/null 2>&1 || skip "there are no pages yet"
	for noun in $(nouns | grep -vx portal); do
		[ -e "man/portalctl-$noun.1.in" ] || echo "man/portalctl-$noun.1.in"
	done | none "missing"
}

@test "every file of cmd is a noun, or a verb that has none" {
	{ nouns && commands 'select(.noun == "") | .verb'; } | sort -u >"$BATS_TEST_TMPDIR/nouns"
	ls cmd/*.c | sed 's|cmd/\(.*\)\.c|\1|; s/-.*//' | grep -vxE 'main|commands' | sort -u |
		comm -23 - "$BATS_TEST_TMPDIR/nouns" | none "no such noun"
}

@test "every command has a summary and an example with its reason" {
	commands 'select((.summary // "") == "" or (.examples | length) == 0
		or any(.examples[]; (.line // "") == "" or (.why // "") == ""))
		| "\(.noun) \(.verb)"' | none "commands"
}

@test "an example runs the command it stands at" {
	commands '("portalctl .*" + (if .noun == "" then "" else .noun + " " end) + .verb + "\\b") as $it
		| .noun as $n | .verb as $v | .examples[] | select(.line | test($it) | not)
		| "\($n) \($v): \(.line)"' | none "commands"
}

@test "every command that opens a portal has a rule of permission" {
	commands 'select(.needs != "nothing" and .permission == null) | "\(.noun) \(.verb)"' |
		none "without permission"
	sed -n 's/^\t{ "\([a-z.-]*\)",.*/\1/p' lib/policy.c | sort >"$BATS_TEST_TMPDIR/rules"
	[ -s "$BATS_TEST_TMPDIR/rules" ]
	commands '.permission // empty' | sort -u >"$BATS_TEST_TMPDIR/asked"
	comm -23 "$BATS_TEST_TMPDIR/asked" "$BATS_TEST_TMPDIR/rules" | none "not in lib/policy.c"
	uniq -d "$BATS_TEST_TMPDIR/rules" | none "twice in lib/policy.c"
}

@test "a permission is called by its noun and verb" {
	commands 'select(.permission) | select(.permission != (if .noun == "" then "portal" else .noun end)
		+ "." + .verb) | "\(.noun) \(.verb): \(.permission)"' | none "permissions"
}

@test "every command that changes something says what it did" {
	commands 'select(.needs == "write" and .action == null) | "\(.noun) \(.verb)"' |
		none "without an action"
}
