# For every file in tests/lint: load helpers. Tests run at the top of the tree;
# what they find wrong, one a line, goes to none.

setup() {
	cd "$BATS_TEST_DIRNAME/../.." || return 1
	B=${B:-build/plain}
	export LC_ALL=C
}

# none WHAT < FINDINGS: passes when nothing comes in.
none() {
	local found
	found=$(cat)
	[ -z "$found" ] && return 0
	printf '%s:\n%s\n' "$1" "$found"
	return 1
}

# tracked PATTERN...: the files under version control, or all where there is none.
tracked() {
	if [ -e .git ]; then
		git -c safe.directory='*' ls-files --cached --others --exclude-standard -- "$@" |
			while IFS= read -r file; do [ -e "$file" ] && echo "$file"; done
	else
		local pattern
		for pattern; do find . -path ./build -prune -o -name "${pattern##*/}" -type f -print; done |
			sed 's|^\./||'
	fi
}

# sources FOLDER...: the C files there.
sources() {
	tracked '*.c' '*.h' | grep -E "^($(IFS='|' && echo "$*"))/"
}

# includes FILE...: "FILE HEADER" for each, HEADER with its quotes or brackets.
includes() {
	grep -HoE '^[ \t]*#[ \t]*include[ \t]+("[^"]*"|<[^>]*>)' "$@" |
		sed -E 's/:[ \t]*#[ \t]*include[ \t]+/ /'
}

# functions KIND FORMAT FOLDER...: what ctags knows of each (f definition, p prototype).
functions() {
	local kind=$1 format=$2
	shift 2
	# shellcheck disable=SC2046 # names without blanks
	ctags -x --_xformat="$format" --langmap=C:+.h --languages=C --kinds-C="$kind" \
		$(sources "$@")
}

objects() {
	find "$B/lib" "$B/cmd" -name '*.o' | while IFS= read -r object; do
		local source=${object#"$B/"}
		[ -e "${source%.o}.c" ] && echo "$object"
	done
}

need() {
	command -v "$1" >/dev/null || skip "there is no $1"
}
