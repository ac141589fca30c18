load helpers

# The statements and the schema without comments, each line with its place.
sql() {
	grep -nH '' lib/store/queries/*.sql lib/store/schema/*.sql | grep -vE '^[^:]*:[0-9]+:[ \t]*--'
}

@test "statements say only what every engine understands" {
	[ "$(sql | wc -l)" -gt 100 ]
	sql | grep -iE '\bINSERT +OR\b|\bREPLACE +INTO\b|\bifnull *\(|\bGLOB\b|\bstrftime\b|\bdatetime *\(|\bjulianday\b' |
		none "of one engine"
	sql | grep -iE '\bTEMP(ORARY)?\b|\bLIMIT +-1\b|\b(o?id|rowid|_rowid_)\b *(=|<|>).*\browid\b|\browid\b|\bOFFSET\b' |
		none "not portable"
	sql | grep -E '\$[0-9]|[?]([^0-9]|$)|:[a-z]+\b *[,)]' | none "parameters other than ?1"
	sql | grep -iE '\bAUTOINCREMENT\b|\bWITHOUT +ROWID\b|\bINTEGER\b|\bPRAGMA\b' |
		grep -v 'CAST' | none "say @ID@ and @INT@"
	sql | sed -E 's/"(user|as)"//g' | grep '"' | none "double quotes"
}

@test "the store alone writes SQL" {
	# shellcheck disable=SC2046 # names without blanks
	grep -nE '"(SELECT|INSERT|UPDATE|DELETE|CREATE|DROP|ALTER|PRAGMA|BEGIN|COMMIT) ' \
		$(sources lib cmd | grep -v '^lib/store/') | none "SQL outside lib/store"
}

@test "every statement is used" {
	local name
	# shellcheck disable=SC2046 # names without blanks
	grep -ohw 'Q_[A-Z_0-9]*' $(sources lib) | tr '[:upper:]' '[:lower:]' | sort -u >"$BATS_TEST_TMPDIR/used"
	sed -n 's/^--! \([a-z_0-9]*\)(.*/q_\1/p' lib/store/queries/*.sql | sort | comm -23 - "$BATS_TEST_TMPDIR/used" |
		while IFS= read -r name; do
			# What completes a noun's ids is found by the noun's name.
			case $name in q_complete_*) [ -e "cmd/${name#q_complete_}.c" ] && continue ;; esac
			echo "$name"
		done | none "statements without a use"
}

@test "schema files are numbered without a gap" {
	find lib/store/schema -name '*.sql' -printf '%f\n' | sort |
		awk 'substr($0, 1, 4) + 0 != NR' | none "files"
}
