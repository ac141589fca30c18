# For every file in tests/cmd: load helpers. Each test has a directory of its own
# ($BATS_TEST_TMPDIR), a home in it, and nothing of the user's environment.

setup() {
	local root
	root=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	PORTALCTL=${PORTALCTL:-$root/build/plain/bin/portalctl}
	[ -x "$PORTALCTL" ] || skip "there is no $PORTALCTL"
	cd "$BATS_TEST_TMPDIR" || return 1
	# A failure names the line of the test. To keep count of the lines of all
	# functions that it calls, too, takes as long as all commands do.
	set +T
	declare -ft "$BATS_TEST_NAME"
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
	out=$(<out.txt)
	err=$(<err.txt)
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

# holds FILTER WANT: a value of the last answer.
holds() {
	is "$(json "$1")" "$2" "$1"
}

# fails STATUS ARGS...: exit status, nothing on stdout, one sentence on stderr (and a
# hint, and the single faults where there are several), none of it a control character.
fails() {
	local want=$1
	shift
	portalctl "$@"
	is "$status" "$want" "status of $*" && is "$out" "" "stdout of $*" && one_sentence
}

one_sentence() {
	local LC_ALL=C line first=${err%%$'\n'*} count=0

	while IFS= read -r line; do
		[[ $line == "hint: "* || $line == "  "* ]] || count=$((count + 1))
	done <err.txt
	is $count 1 "sentences" && is "${first##portalctl: *[^.]}" "" "sentence" &&
		is "${err//[^[:cntrl:]]/}" "${err//[^$'\n']/}" "control characters"
}

# code WORD ARGS...: fails with that word as the JSON error's code.
code() {
	local want=$1
	shift
	portalctl "$@" --json
	is "$(jq -r .code err.txt)" "$want" "code of $*" && is "$(wc -l <err.txt)" 1 "lines" &&
		is "$(jq -r .exit err.txt)" "$status" "exit in JSON"
}

# untouched CHECK ARGS...: the check holds and the database is the same as before.
untouched() {
	local before
	before=$(fingerprint)
	"$@" && is "$(fingerprint)" "$before" "database after $*"
}

# denied ARGS...: denied (4), and all that is left of it is one row in the audit log.
denied() {
	local count="SELECT count(*) FROM audit" before rows
	rows=$(sql "$count")
	before=$(sqlite3 portal.db .dump | grep -v audit | sha256sum)
	fails 4 "$@" && is "$(sql "$count")" $((rows + 1)) "audit rows after $*" &&
		is "$(sql "SELECT action FROM audit ORDER BY id DESC LIMIT 1")" denied &&
		is "$(sqlite3 portal.db .dump | grep -v audit | sha256sum)" "$before" "rest after $*"
}

# rehearses ARGS...: a dry run succeeds, says so and changes nothing.
rehearses() {
	untouched ok "$@" --dry-run --json && holds ".dry_run // .summary.dry_run" true
}

# at TIME: sets the clock of what follows.
at() {
	export PORTALCTL_NOW=$1
}
