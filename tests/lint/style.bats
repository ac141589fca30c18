load helpers

lengths() {
	functions f '%{end} %n %F:%N' lib cmd | awk '{ print $1 - $2 + 1, $3 }' | sort -n
}

@test "functions are short: median 10 lines, 95 of 100 at most 35, none over 60" {
	lengths >"$BATS_TEST_TMPDIR/lengths"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/lengths")" -gt 100 ]
	awk '$1 > 60' "$BATS_TEST_TMPDIR/lengths" | none "over 60 lines"
	awk '{ length_of[NR] = $1 } END {
		median = length_of[int((NR + 1) / 2)]; p95 = length_of[int(NR * 0.95 + 0.5)]
		if (median > 10) print "median", median
		if (p95 > 35) print "95 of 100", p95 }' "$BATS_TEST_TMPDIR/lengths" | none "too long"
}

@test "functions take at most six parameters" {
	functions fp '%N	%S' lib cmd include | awk -F'\t' '{
		depth = 0; count = 1
		for (i = 2; i < length($2); i++) {
			c = substr($2, i, 1)
			depth += (c == "(") - (c == ")"); count += c == "," && !depth
		}
		if (count > 6) print count, $1 }' | sort -u | none "parameters"
}

@test "files have at most 500 lines, the Makefile 150" {
	# shellcheck disable=SC2046 # names without blanks
	awk 'FNR > 500 { print FILENAME; nextfile }' $(sources lib cmd | grep '\.c$') | none "over 500"
	[ "$(wc -l <Makefile)" -le 150 ]
}

@test "no line is wider than 100 columns" {
	# shellcheck disable=SC2046 # names without blanks
	python3 - $(sources lib cmd include) <<-'END' | none "over 100 columns"
		import sys
		for name in sys.argv[1:]:
		    for number, line in enumerate(open(name, encoding='utf-8'), 1):
		        if len(line.rstrip('\n').expandtabs(8)) > 100:
		            print(f'{name}:{number}')
	END
}

@test "half of every public header is the contract" {
	local header
	for header in include/portal/*.h; do
		awk -v header="$header" '
		/^$/ || /^#(include|ifndef|endif)/ || /^\tX\(/ || /^#define [A-Z]+_H$/ { next }
		{ all++ }
		/\/\*/ { inside = 1 }
		inside { comments++ }
		/\*\// { inside = 0 }
		END { if (comments * 2 < all) print header ": " comments " of " all }' "$header"
	done | none "too few lines of comment"
}

@test "clang-format has nothing to change" {
	need clang-format
	# shellcheck disable=SC2046 # names without blanks
	clang-format --dry-run $(sources lib cmd include tests examples) 2>&1 | grep warning: |
		none "clang-format"
}

@test "shellcheck has nothing to say" {
	need shellcheck
	tracked '*' | while IFS= read -r file; do
		case $file in
		tests/data/* | completions/* | man/*) ;;
		*.sh | *.bash | *.bats) echo "$file" ;;
		*.*) ;;
		*) head -c 20 "$file" | grep -aqE '^#!/bin/(ba)?sh' && echo "$file" || : ;;
		esac
	done >"$BATS_TEST_TMPDIR/scripts"
	echo .ci/run >>"$BATS_TEST_TMPDIR/scripts"
	# Of bats, warnings: tests cut corners that a program may not.
	grep '\.bats$\|^tests/bench/' "$BATS_TEST_TMPDIR/scripts" |
		xargs shellcheck -S warning -e SC2154,SC2034,SC2030,SC2031,SC2153,SC2238,SC2010,SC2046 -f gcc | none "shellcheck"
	# Helpers give variables to the tests; awk, jq and sed have dollars of their own.
	grep -v '\.bats$\|^tests/bench/' "$BATS_TEST_TMPDIR/scripts" |
		xargs shellcheck -e SC2154,SC2034,SC2016,SC1091,SC2238 -f gcc | none "shellcheck"
}

@test "no file names a machine's own paths" {
	tracked '*' | grep -v '^tests/data/' | xargs grep -nIE '/(home|root|work|Users|mnt)/[a-z]' |
		grep -vE '^[^:]*\.bats:[0-9]+:.*tracked' | none "paths of a machine"
}

@test "the top level has the agreed folders and nothing else" {
	tracked '*' | sed 's|/.*||' | sort -u | grep -v '^\.' |
		grep -vxE 'Makefile|README\.md|LICENSE|include|lib|cmd|completions|man|tests|examples' |
		none "at the top level"
}

@test "the shell makes no characters of code points: without a locale it can't" {
	tracked '*.bats' '*.bash' | xargs grep -nE "\\$'[^']*\\\\[uU]" | none "code points"
}

@test "SHARED=1 is a knob of make, SHARED as a folder is none" {
	built() {
		env -u MAKEFLAGS -u CC -u SAN SHARED="$1" make -np print-packages | grep '^B := '
	}
	[ "$(built 1)" = "B := build/shared" ]
	[ "$(built ../shared)" = "B := build/plain" ]
}

@test "the README's table of packages is the Makefile's list" {
	make -s print-packages | tr ' ' '\n' | sed '/^$/d' | sort -u >"$BATS_TEST_TMPDIR/make"
	sed -n 's/^| `\([a-z0-9.-]*\)` |.*/\1/p' README.md | sort -u >"$BATS_TEST_TMPDIR/readme"
	diff "$BATS_TEST_TMPDIR/make" "$BATS_TEST_TMPDIR/readme" | none "Makefile (<), README (>)"
}
