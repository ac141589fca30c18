load helpers

# allow PATTERN < "FILE HEADER" lines: those whose header does not match.
allow() {
	grep -vE " ($1)\$" || :
}

@test "a third party's headers are included in one folder each" {
	local rule header folder
	for rule in 'sqlite3\.h lib/store' 'libpq.* lib/store' 'cjson/.* lib/text' 'yaml\.h lib/text' \
		'openssl/.* lib/seal' 'curl/.* lib/net' 'libsmartcols/.* cmd/cli'; do
		header=${rule% *} folder=${rule#* }
		# shellcheck disable=SC2046 # names without blanks
		includes $(sources lib cmd include) | grep -E " <$header>\$" | grep -v "^$folder/" |
			none "<$header> belongs into $folder"
	done
}

@test "every other header between brackets is ours or the system's" {
	# shellcheck disable=SC2046 # names without blanks
	includes $(sources lib cmd include) |
		allow '".*"|<portal/[a-z-]+\.h>|<(sqlite3|yaml)\.h>|<(cjson|openssl|libsmartcols|curl)/.*>' |
		sed -E 's/^(.*) <(.*)>$/\2 \1/' | while read -r header file; do
		for folder in /usr/include /usr/include/*-linux-gnu /usr/lib/gcc/*/*/include; do
			[ -e "$folder/$header" ] && continue 2
		done
		echo "$file: <$header>"
	done | none "unknown headers"
}

@test "commands see the public headers and cli/ alone" {
	# shellcheck disable=SC2046 # names without blanks
	includes $(sources cmd | grep -v ^cmd/cli/) |
		allow '"(cli/[a-z_]+|[a-z]+)\.h"|<portal/[a-z-]+\.h>|<[a-z/0-9]+\.h>' | none "includes in cmd"
	# shellcheck disable=SC2046 # names without blanks
	includes $(sources cmd/cli) |
		allow '"[a-z_]+\.(h|inc)"|<portal/[a-z-]+\.h>|<[a-z/0-9]+\.h>' | none "includes in cmd/cli"
	{ find cmd/cli -name '*.h' -printf '%f\n' && echo completions.inc; } | sort >"$BATS_TEST_TMPDIR/own"
	# shellcheck disable=SC2046 # names without blanks
	includes $(sources cmd/cli) | sed -n 's/.* "\(.*\)"$/\1/p' | sort -u |
		comm -23 - "$BATS_TEST_TMPDIR/own" | none "not in cmd/cli"
}

@test "public headers see each other and the language alone" {
	# shellcheck disable=SC2046 # names without blanks
	includes $(sources include) | allow '<portal/[a-z-]+\.h>|<std(arg|bool|def|int)\.h>' |
		none "includes in include/portal"
}

@test "lib/base knows nothing of portals" {
	# shellcheck disable=SC2046 # names without blanks
	includes $(sources lib/base) |
		allow '"base/[a-z0-9-]+\.h"|<portal/(error|record|arena|secret)\.h>|<(sys/)?[a-z0-9]+\.h>' |
		none "includes in lib/base"
}

@test "store, text, seal and net see lib/base and no layer above, and beside net's JSON none" {
	local layer beside
	for layer in store text seal net; do
		[ -d lib/$layer ] || continue
		beside=
		[ $layer != net ] || beside='"text/(json|writer)\.h"|'
		# shellcheck disable=SC2046 # names without blanks
		includes $(sources lib/$layer) |
			allow "$beside\"($layer|base)/[a-z0-9_-]+\\.(h|inc)\"|\"[a-z]+\\.inc\"|<[^>]*>" |
			none "includes in lib/$layer"
		# shellcheck disable=SC2046 # names without blanks
		includes $(sources lib/$layer) | grep '<portal/' |
			allow '<portal/(error|record|arena|secret|text|time|reader|writer|settings)\.h>' |
			none "nouns in lib/$layer"
	done
}

@test "the rules see no command" {
	# shellcheck disable=SC2046 # names without blanks
	includes $(sources lib) | grep -E '"(\.\./|cmd/|cli/)' | none "includes in lib"
}
