load helpers

@test "the version is one line, or one JSON document" {
	ok version
	has "$out" "portalctl "
	ok -V --json
	is "$(json .kind)" version
	is "$(json .schema)" portalctl/1
}

@test "help shows commands, options and exit statuses" {
	ok help
	has "$out" "--dry-run"
	has "$out" "Exit status:"
	ok help version
	has "$out" "portalctl version"
	ok version --help
	has "$out" "portalctl version"
}

@test "help --json is the command table" {
	ok help --json
	is "$(json .kind)" help
	is "$(json '.commands[] | select(.verb == "schema") | .operands[0].optional')" true
	is "$(json '.global_options[] | select(.name == "color") | .words | join(",")')" \
		"auto,always,never"
	is "$(json '[.exit_statuses[] | .exit] | unique | join(" ")')" "0 1 2 3 4 5 6 7 8 9 10 11 12"
}

@test "an unknown word exits 2 and names the nearest" {
	refused 2 "did you mean 'help'?" hepl
	refused 2 "did you mean '--json'?" help --jsno
	refused 2 "did you mean '--json'?" help --js
	refused 2 "did you mean 'json'?" help --format jsn
	refused 2 "portalctl help"
}

@test "abbreviations stay refused and options may come last under POSIXLY_CORRECT" {
	export POSIXLY_CORRECT=1
	ok help version --json
	refused 2 "no option '--vers'" --vers
}

@test "with --json a usage error is one JSON line" {
	refused 2 '"code":"usage"' nonsense --json
	is "$(wc -l <err.txt)" 1
	is "$(jq -r .exit err.txt)" 2
	refused 2 '"code":"usage"' nonsense --format=ndjson
}

@test "control characters of an argument never reach the terminal" {
	refused 6 '\x1b[31m' $'\033[31m'
	refused 6 '\xff' $'\xff'
	! grep -q $'\033' err.txt
}

@test "output that can't be written is exit 1" {
	status=0
	"$PORTALCTL" help >/dev/full 2>err.txt || status=$?
	is "$status" 1
	status=0
	"$PORTALCTL" help >&- 2>err.txt || status=$?
	is "$status" 1
	"$PORTALCTL" help | head -1 >out.txt
	is "$(wc -l <out.txt)" 1
}

@test "the environment stands in for options and is checked like them" {
	PORTALCTL_LANG=xx refused 2 "PORTALCTL_LANG" version
	PORTALCTL_NOW=today refused 6 "today" version
	PORTALCTL_NOW=2026-01-01T00:00:00Z ok version
	refused 6 "time zone" version --tz Mars/Olympus
}

@test "options that contradict or do nothing are refused" {
	refused 2 "contradict" version --json --format csv
	refused 2 "csv-dialect" version --csv-dialect excel-br
	refused 2 "rehearse" version --dry-run
	refused 2 "twice" version --lang en --lang en
	refused 2 "no use" version --fields a
	refused 2 "contradict" version -q -v
	refused 2 "names nobody" status --as ""
	refused 2 "no use" version --as ana@x.example
	refused 2 "no use" taxid check 02919305000127 --now 2026-01-01T00:00:00Z
	PORTALCTL_AS=ana@x.example ok taxid check 02919305000127
}

@test "a variable that is empty names neither the operator nor the usual portal" {
	mkdir -p .local/share/portalctl
	ok --db .local/share/portalctl/portal.db init --office 65635571000148 --name X
	ok status
	PORTALCTL_AS='' refused 2 "PORTALCTL_AS is empty" status
	PORTALCTL_DB='' refused 2 "PORTALCTL_DB is empty" status
	PORTALCTL_AS='' refused 4 "ana@x.example" status --as ana@x.example
	PORTALCTL_DB='' ok status --db .local/share/portalctl/portal.db
	PORTALCTL_AS='' PORTALCTL_DB='' ok taxid check 02919305000127
	PORTALCTL_AS='' PORTALCTL_DB='' ok help status
}

@test "one record shows dates as lists do" {
	export PORTALCTL_DB=$BATS_TEST_TMPDIR/portal.db PORTALCTL_LANG=pt_BR PORTALCTL_NOW=2026-03-01T12:00:00Z
	ok init --office 65635571000148 --name Horizonte --allow-clock-override
	ok company add 02919305000127 --name Modelo
	ok sale add --company 02919305000127 --item "a;1;1" --valid-until 2026-03-04
	echo x >x.txt
	ok document publish x.txt --company 02919305000127 --due 2026-03-04
	ok task add T --company 02919305000127 --due 2026-03-04
	for noun in sale document task; do
		ok $noun list
		has "$out" 04/03/2026
		ok $noun show 1
		has "$out" 04/03/2026
	done
}

@test "each fault of a record of a batch has its line" {
	export PORTALCTL_DB=$BATS_TEST_TMPDIR/portal.db
	ok init --office 65635571000148 --name Horizonte
	printf '{"tax-id":"02919305000127","name":"M"}\n\n{"tax-id":"1","email":"x"}\n' >b.ndjson
	portalctl company add --batch b.ndjson --json
	is "$status" 7
	is "$(json '.items[1].error | [.source, .errors[].source] | map("\(.file):\(.line)") | unique | join(" ")')" \
		b.ndjson:3
	[ "$(json '.items[1].error.errors | length')" -gt 1 ]
}

# on_terminal COLUMNS WORDS: what a terminal that wide shows.
on_terminal() {
	TERM=dumb script -qec "stty cols $1; $PORTALCTL $2" typed </dev/null | tr -d '\r'
}

@test "a terminal shortens texts with a mark, and nothing else" {
	local columns shown wide
	export PORTALCTL_DB=$BATS_TEST_TMPDIR/portal.db PORTALCTL_NOW=2026-03-01T12:00:00Z
	ok init --office 65635571000148 --name "Escritório Modelo de Contabilidade e Consultoria" \
		--allow-clock-override
	ok invite send 02919305000127 --email contato.financeiro@modelo.example --name "Pessoa Um"
	ok invite list --fields status,from_tax_id,from_name,to_tax_id,email,created_at
	for columns in 80 120; do
		shown=$(on_terminal $columns \
			"invite list --fields status,from_tax_id,from_name,to_tax_id,email,created_at")
		for part in "pending acceptance" 65635571000148 02919305000127 \
			contato.financeiro@modelo.example "2026-03-01 12:00"; do
			has "$shown" "$part"
		done
		has "$shown" "Escritório Mode…"
	done
	shown=$(on_terminal 160 "invite list --fields status,from_tax_id,from_name,to_tax_id,email,created_at")
	has "$shown" "Escritório Modelo de Contabilidade e"
	wide=$(awk '{ if (length($0) > most) most = length($0) } END { print most }' <<<"$shown")
	[ "$wide" -le 160 ]
}

@test "a rehearsal is told in every format" {
	export PORTALCTL_DB=$BATS_TEST_TMPDIR/portal.db
	ok init --office 65635571000148 --name Horizonte
	ok company add 02919305000127 --name M --dry-run --format ndjson
	holds .dry_run true
	for format in csv tsv ids count; do
		portalctl company add 02919305000127 --name M -n --format "$format"
		is "$status" 0 && is "$err" "portalctl: dry run: nothing was changed"
		ok company add 02919305000127 --name M -n -q --format "$format"
	done
	ok company add 02919305000127 --name M --format ndjson
	holds .dry_run null
}

@test "a failure tells which record it is about, and where it stands" {
	export PORTALCTL_DB=$BATS_TEST_TMPDIR/portal.db
	ok init --office 65635571000148 --name Horizonte
	portalctl invite accept 99 --json
	is "$(jq -c .target err.txt)" '{"kind":"invite","id":99}'
	portalctl company show 99 --json
	is "$(jq -c .target err.txt)" '{"kind":"company","id":99}'
	portalctl company show 02919305000127 --json
	is "$(jq -c .target err.txt)" null
	printf '{"id":99}\n' >ids.ndjson
	portalctl invite accept --batch ids.ndjson --json
	holds '.items[0].error.source | "\(.file):\(.line)"' ids.ndjson:1
	portalctl taxid check 1 --json
	is "$(jq -r .field err.txt)" id
}

@test "help tells defaults and what each exit status means" {
	ok help invite list
	has "$out" "default: pending"
	ok help
	has "$out" "there is no portal at the path given"
	has "$out" "the database or its disk can't be written"
	has "$out" "128+N"
}

@test "the fields a list is sorted by are told wherever its options are" {
	ok help invite list
	has "$out" "id | created_at | updated_at | expires_at | email"
	ok help --json
	is "$(json '.commands[] | select(.noun == "company" and .verb == "list") | .options[]
		| select(.name == "sort") | .words | join(" ")')" "id name tax_id created_at updated_at"
	is "$(json '[.commands[].options[] | select(.name == "sort" and (.words | length) < 2)] | length')" 0
	refused 2 "'colour' is not one of the choices of 'sort': id, at" audit list --sort colour
	refused 2 "did you mean 'created_at'?" invite list --sort -creatd_at
}

@test "an answer of figures is not counted" {
	export PORTALCTL_DB=$BATS_TEST_TMPDIR/portal.db
	ok init --office 65635571000148 --name Horizonte
	refused 2 "not a format" due --format count
	refused 2 "not a format" invite expire --format count
	refused 2 "not a format" status --format count
	ok company show 65635571000148 --format count
	is "$out" 1
}

@test "a closed standard input is no empty batch" {
	"$PORTALCTL" taxid check --batch - >out.txt 2>err.txt <&- || status=$?
	is "$status" 1
}

@test "words of tables are in the user's language, those of lists too" {
	export PORTALCTL_DB=$BATS_TEST_TMPDIR/portal.db
	ok init --office 65635571000148 --name Horizonte
	ok company add 02919305000127 --name M --sections documents,tasks
	ok --lang pt_BR company show 02919305000127
	has "$out" "documentos, tarefas"
	ok --lang pt_BR config list
	has "$out" "padrão"
	ok --lang pt_BR help
	has "$out" "SUBSTANTIVO VERBO"
}

@test "nobody but the operator makes a portal" {
	refused 4 "may not do this" --as ana@x.example --db p.db init --office 65635571000148 --name X
	PORTALCTL_AS=ana@x.example refused 4 "may not" --db p.db init --office 65635571000148 --name X
	[ ! -e p.db ] && [ ! -e p.db.key ]
}

@test "completion answers with what may come next" {
	ok __complete -- he
	has "$out" $'help\t'
	ok __complete -- version --color a
	is "$out" $'auto\nalways'
	ok __complete -- version --col
	has "$out" "--color"
	ok __complete -- nonsense nonsense --nothing ""
}

@test "records of a batch that failed are told on standard error, quiet or not" {
	export PORTALCTL_DB=$BATS_TEST_TMPDIR/portal.db
	ok init --office 65635571000148 --name Horizonte
	portalctl --quiet invite accept 998 999
	is "$status" 3 && is "$err" "portalctl: 2 of 2 records failed"
	portalctl invite accept 998 999 --json
	is "$(jq -c '[.kind, .code, .exit]' err.txt)" '["error","not_found",3]'
	printf 'CNPJ;Nome\n02919305000127;Modelo\n1;Nada\n' >two.csv
	portalctl --quiet company import two.csv --format ndjson
	is "$status" 7 && is "$(jq -c '[.code, .exit]' err.txt)" '["partial",7]'
	ok --quiet taxid check 02919305000127 65635571000148
}

# answered WORD ARGS...: portalctl on a terminal where somebody types WORD.
answered() {
	local word=$1
	shift
	status=0
	echo "$word" | script -qec "$PORTALCTL $*" said.txt >out.txt || status=$?
	err=$(tr -d '\r' <said.txt)
}

@test "what is meant for all is asked for on a terminal, unless --yes or --no-input is said" {
	export PORTALCTL_DB=portal.db
	ok init --office 65635571000148 --name Modelo
	ok company add 02919305000127 --name Beta
	ok user add bia@beta.example --company 02919305000127 --name Bia
	ok invite send 02919305000127 --email bia@outra.example
	answered no invite refuse --all --lang en
	is "$status" 2
	has "$err" "'invite refuse' for all there are, without a filter? [y/N]"
	has "$err" "nothing was done"
	answered '' invite refuse --all --lang en
	is "$status" 2
	ok invite list --format count
	is "$out" 1
	answered no invite refuse --all --dry-run
	is "$status" 0
	answered sim invite refuse --all
	is "$status" 0
	ok invite list --format count
	is "$out" 0
	answered no invite refuse --all --yes
	is "$status" 0
	answered no invite refuse --all --no-input
	is "$status" 0
	ok invite refuse --all
}

@test "of a long answer on a terminal nothing is left for the shell" {
	export PORTALCTL_DB=portal.db
	ok init --office 65635571000148 --name Modelo
	printf '%s\n' "no, this is not what I meant" next |
		script -qec "$PORTALCTL invite refuse --all; read -r rest; echo rest=\$rest" said.txt \
			>out.txt
	has "$(tr -d '\r' <out.txt)" "rest=next"
}
