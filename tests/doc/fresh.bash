# For the tests that begin with a fresh portal: load fresh. A directory of its own for each test,
# with portalctl on the path.

setup() {
	top=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	program=$(dirname "${PORTALCTL:-$top/${B:-build/plain}/bin/portalctl}")
	cd "$BATS_TEST_TMPDIR" || return 1
	unset PORTALCTL_AS PORTALCTL_TOKEN PORTALCTL_CONFIG PORTALCTL_NOW XDG_DATA_HOME \
		XDG_CONFIG_HOME NO_COLOR CI LANGUAGE
	export HOME=$BATS_TEST_TMPDIR LC_ALL=C.UTF-8 TZ=UTC PORTALCTL_LANG=en \
		PORTALCTL_DB=$BATS_TEST_TMPDIR/portal.db PATH=$program:$PATH
}

# A copy of one that is made once in a run of the tests; passwords are hashed cheaply there.
fresh_portal() {
	local made=$BATS_RUN_TMPDIR/fresh file
	(
		flock 8
		[ -d "$made" ] && exit
		mkdir "$made.new"
		portalctl -q --db "$made.new/portal.db" init --office 65635571000148 \
			--name "Escritório Modelo" --allow-clock-override
		sqlite3 "$made.new/portal.db" "INSERT INTO setting VALUES ('password_cost', '10', 1)"
		mv "$made.new" "$made"
	) 8>"$made.lock"
	rm -rf portal.db*
	for file in "$made"/portal.db*; do cp -p "$file" .; done
}

# is GOT WANT WHAT
is() {
	[ "$1" = "$2" ] && return 0
	printf '%s\n  got:  %s\n  want: %s\n' "$3" "$1" "$2"
	return 1
}
