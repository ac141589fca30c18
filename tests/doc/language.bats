load helpers

# said MSGID: what a Brazilian reads for it.
said() {
	TEXTDOMAINDIR=$(dirname "$PORTALCTL")/../share/locale LANGUAGE=pt_BR LC_ALL=C.UTF-8 \
		gettext -d portalctl "$1"
}

@test "the Portuguese catalogue is complete, and its formats fit" {
	run msgfmt --check-format --check-domain --statistics -o /dev/null \
		"$root/lib/text/po/pt_BR.po"
	is "$status" 0 "$output"
	has "$output" "translated messages."
	case $output in *untranslated* | *fuzzy*) is "$output" "all translated" ;; esac
}

@test "the catalogue has the messages of the sources, no more and no less" {
	run "$root/lib/text/po/update" check
	is "$status" 0 "$output"
}

@test "N4 the states of an invite read as people know them" {
	for pair in 'pending acceptance=Pendente de Aceite' 'accepted=Aceito' \
		'forwarded (access request)=Encaminhado (Solicitação de Acesso)' \
		'cancelled=Cancelado' 'refused=Recusado'; do
		is "$(said "${pair%%=*}")" "${pair#*=}"
	done
	portal
	ok invite list --lang pt_BR
	has "$out" "Pendente de Aceite"
	has "$out" "EMPRESA CONVIDADA"
	has "$out" "1 registro"
}

# reads STATUS ARGS...: the first record of that list is in that status, as people read it.
reads() {
	ok "${@:2}" --lang pt_BR --format table --fields status
	is "$(sed -n 2p out.txt | xargs)" "$1" "${*:2}"
}

@test "a status agrees with what it is of" {
	portal
	local office=65635571000148
	ok project add P --company $office
	ok task add T --company $office
	ok sale add --company 02919305000127 --item "Honorários;1;9.00"
	printf 'name: A\nsteps: [{title: X}]\n' >a.yaml
	ok process template add a.yaml
	ok process start A --company $office
	reads aberto project list
	reads "a fazer" task list
	reads "em andamento" process list
	reads rascunho sale list
	ok task start 1
	reads "em andamento" task list
	ok task "done" 1
	reads "concluída" task list
	refused 5 "o status da tarefa '1' é: concluída" task cancel 1 --lang pt_BR
	ok process cancel 1
	reads cancelado process list
	reads cancelada task list --process 1
	ok sale cancel 1
	reads cancelada sale list --status any
	ok project close 1
	reads encerrado project list
	ok task list --lang en --fields status
	is "$(sed -n 2p out.txt | xargs)" "done"
	ok __complete -- --lang en task list --status ""
	has "$out" $'cancelled\tcancelled'
}

@test "what a verb does is told in the infinitive" {
	local summary
	ok help --json
	json '.commands[] | select(.noun + .verb != "invitelist") | .summary' >summaries
	while read -r summary; do said "$summary"; echo; done <summaries | grep . >said
	is "$(wc -l <said)" "$(wc -l <summaries)"
	is "$(grep -vE '^[^ ]+r(-se)? ' said)" "" "neither Incluir nor Mostrar"
}

@test "the operator has a name in tables, and none in JSON" {
	portal
	ok invite cancel 1
	ok invite show 1 --lang pt_BR
	has "$out" "operador"
	ok invite list --status any --fields id,ended_by --lang pt_BR
	has "$out" "operador"
	ok invite show 1 --lang pt_BR --json
	holds .data.ended_by operator
	ok invite list --status any --format csv --fields ended_by --lang pt_BR
	has "$out" operator
	ok schema invite
	is "$(jq -c '.["$defs"].record.properties.ended_by' out.txt)" '{"type":["string","null"]}'
	ok company signup-link 65635571000148 --lang pt_BR
	has "$out" "TOKEN:"
}

@test "Portuguese needs no locale of the system" {
	portal
	LC_ALL=C ok invite list --lang pt_BR
	has "$out" "Pendente de Aceite"
	unset LC_ALL
	LANG=pt_BR.UTF-8 ok invite list
	has "$out" "Pendente de Aceite"
	PORTALCTL_LANG=pt_BR ok invite list
	has "$out" "Pendente de Aceite"
	run env -i PORTALCTL_DB="$PORTALCTL_DB" "$PORTALCTL" invite list --lang pt_BR
	has "$output" "Pendente de Aceite"
	run env -i PORTALCTL_DB="$PORTALCTL_DB" "$PORTALCTL" invite list
	has "$output" "pending acceptance"
}

@test "errors, hints and plurals are translated, their codes are not" {
	portal
	refused 3 "não existe convite '99'" invite show 99 --lang pt_BR
	refused 2 "seria 'invite'?" invit --lang pt_BR
	refused 3 '"code":"not_found"' invite show 99 --lang pt_BR --json
	has "$err" "não existe convite"
	ok invite expire --lang pt_BR
	has "$out" "0 convite expirado"
	ok help --lang pt_BR
	has "$out" "Código de saída:"
	has "$out" "registro que não existe"
}

@test "letters with accents stay whole in tables whatever the locale" {
	portal
	for locale in C C.UTF-8 pt_BR.UTF-8 ''; do
		LC_ALL=$locale ok company list
		has "$out" "João e Irmãos Ltda."
		# Columns behind such a name begin where they do in the other rows.
		is "$(grep -c 'João e Irmãos Ltda\.  contato' out.txt)" 1
	done
}

@test "machines read the same bytes in every language" {
	portal
	for command in "invite list --status any" "company list" "user list" "status" "config list" \
		"taxid check 65635571000148" "schema invite"; do
		for format in json ndjson csv tsv; do
			[ "$command" = status ] && [ $format != json ] && continue
			[ "${command%% *}" = schema ] && [ $format != json ] && continue
			# shellcheck disable=SC2086
			LC_ALL=C "$PORTALCTL" $command --format $format >en.txt
			for language in pt_BR.UTF-8 de_DE tr_TR.UTF-8; do
				# shellcheck disable=SC2086
				LC_ALL=$language "$PORTALCTL" $command --format $format >other.txt
				cmp en.txt other.txt
			done
			# shellcheck disable=SC2086
			"$PORTALCTL" $command --format $format --lang pt_BR >other.txt
			cmp en.txt other.txt
		done
	done
}
