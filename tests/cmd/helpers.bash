# For every file in tests/cmd: load helpers. Each test has a directory of its own
# ($BATS_TEST_TMPDIR), a home in it, and nothing of the user's environment.

setup() {
	local root
	root=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	PORTALCTL=${PORTALCTL:-$root/build/plain/bin/portalctl}
	[ -x "$PORTALCTL" ] || skip "there is no $PORTALCTL"
	cd "$BATS_TEST_TMPDIR" || return 1
	export HOME=$BATS_TEST_TMPDIR LC_ALL=C.UTF-8 TZ=UTC
	unset PORTALCTL_DB PORTALCTL_CONFIG PORTALCTL_AS PORTALCTL_TOKEN PORTALCTL_LANG \
		PORTALCTL_NOW XDG_DATA_HOME XDG_CONFIG_HOME NO_COLOR CI LANGUAGE
}

# Runs portalctl: $status, $out and $err are what came of it. No terminal is there
# to ask on, and standard input is empty unless it is a pipe.
portalctl() {
	status=0
	if [ -p /dev/stdin ]; then
		"$PORTALCTL" "$@" >out.txt 2>err.txt || status=$?
	else
		"$PORTALCTL" "$@" >out.txt 2>err.txt </dev/null || status=$?
	fi
	out=$(cat out.txt)
	err=$(cat err.txt)
}

# is GOT WANT [WHAT]
is() {
	[ "$1" = "$2" ] && return 0
	printf '%s\n  got:  %s\n  want: %s\n' "${3:-differs}" "$1" "$2"
	[ -n "$err" ] && printf '  stderr: %s\n' "$err"
	return 1
}

# has TEXT PART
has() {
	case $1 in *"$2"*) return 0 ;; esac
	printf 'got:  %s\nwant: …%s…\n' "$1" "$2"
	return 1
}

# ok ARGS...: must succeed and say nothing on standard error.
ok() {
	portalctl "$@"
	is "$status" 0 "status of $*" && is "$err" "" "stderr of $*"
}

# refused STATUS PART ARGS...: fails with that status and sentence; stdout is empty.
refused() {
	local want=$1 part=$2
	shift 2
	portalctl "$@"
	is "$status" "$want" "status of $*" && has "$err" "$part" && is "$out" "" "stdout of $*"
}

# json FILTER: of the last standard output.
json() {
	jq -r "$1" out.txt
}
