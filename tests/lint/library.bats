load helpers

@test "libportal does not print, exit, or read the environment" {
	[ -e "$B/libportal.a" ]
	# __assert_fail and abort are for faults of the program itself.
	nm -u "$B/libportal.a" | awk '$1 == "U" { print $2 }' | sort -u |
		grep -xE '(v|f|vf|d|__v?f?)?printf(_chk)?|puts|f?putc|putchar|fputs|fwrite|perror|psignal|syslog|warnx?|errx?|stdout|stderr|_?_?exit|_Exit|quick_exit|(secure_)?getenv|(un|__un)?setenv|putenv|environ|setlocale|newlocale|uselocale|tzset|isatty' |
		none "symbols in libportal.a"
}

@test "nothing that is banned is called" {
	local banned='strcpy|strcat|sprintf|vsprintf|strtok|atoi|atol|atof|gmtime|localtime|ctime|asctime|system|popen|alloca|rand|srand|gets|mktemp|tmpnam'
	# shellcheck disable=SC2046 # names without blanks
	nm -u $(objects) | awk '$1 == "U" { print $2 }' | sort -u | sed 's/^__\(.*\)_chk$/\1/' |
		grep -xE "$banned" | none "called"
	# shellcheck disable=SC2046 # names without blanks
	code $(sources lib cmd include) | grep -wE "(goto|(($banned)\())" | none "written"
}

# The sources without comments and texts, each line with its file.
code() {
	local file
	for file; do
		sed -E 's/"([^"\\]|\\.)*"/""/g' "$file" |
			awk -v file="$file" '
			{ gsub(/\/\*([^*]|\*[^\/])*\*\//, "") }
			comment { if (!sub(/^.*\*\//, "")) next; comment = 0 }
			sub(/\/\*.*/, "") { comment = 1 }
			{ print file ": " $0 }'
	done
}

@test "there are no comments to the end of the line" {
	# shellcheck disable=SC2046 # names without blanks
	code $(sources lib cmd include tests) | grep -F '//' | none "// in"
}

@test "what libportal.so exports is what the public headers declare" {
	make -s "$B/libportal.so.0"
	nm -D --defined-only "$B/libportal.so.0" | awk '$2 != "A" { sub(/@.*/, "", $3); print $3 }' |
		sort >"$BATS_TEST_TMPDIR/exported"
	functions px %N include | sort -u >"$BATS_TEST_TMPDIR/declared"
	[ -s "$BATS_TEST_TMPDIR/declared" ]
	diff "$BATS_TEST_TMPDIR/declared" "$BATS_TEST_TMPDIR/exported" |
		none "declared (<), exported (>)"
}

@test "every header compiles alone" {
	local header
	sources lib cmd include | grep '\.h$' | while IFS= read -r header; do
		echo "#include \"$PWD/$header\"" | "${CC:-cc}" -std=gnu11 -D_GNU_SOURCE -fsyntax-only \
			-Wall -Iinclude -Ilib "-I$B" -x c - 2>&1 | grep -m1 error: || :
	done | none "headers"
}

@test "no state outlives its function at file scope" {
	# shellcheck disable=SC2046 # names without blanks
	nm -A -f sysv $(objects) | awk -F'|' '
		{ gsub(/ /, "", $1); gsub(/ /, "", $NF) }
		$NF ~ /^\.data\.rel\.ro/ { next }
		$NF ~ /^\.t?(data|bss)($|\.)/ || $NF ~ /COM/ { print $1 }' |
		none "symbols that can be changed"
}

@test "the program links nothing that a read does not need" {
	local need
	for need in libcurl libpq; do
		! readelf -d "$B/bin/portalctl" | grep "NEEDED.*$need" || return 1
	done
	[ "$(readelf -d "$B/bin/portalctl" | grep -c NEEDED)" -ge 1 ]
}
