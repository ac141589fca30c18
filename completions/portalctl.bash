# bash completion of portalctl: every answer comes from the program itself.

# bash takes "AR:30" and "--status=open" apart; the program wants them whole, and
# bash wants back the part behind the last break.
_portalctl() {
	local rest=$COMP_LINE words=() word value answers whole i
	COMPREPLY=()
	for ((i = 0; i <= COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		if ((i > 0)) && [[ $rest != [[:space:]]* ]]; then
			words[-1]+=$word
		else
			rest=${rest#"${rest%%[![:space:]]*}"}
			words+=("$word")
		fi
		rest=${rest#"$word"}
	done
	whole=${words[-1]}
	answers=$("${words[0]}" __complete -- "${words[@]:1}" 2>/dev/null) || return 0
	if [[ $answers == $'\tfiles' ]]; then
		compopt -o default 2>/dev/null
		return 0
	fi
	while IFS= read -r value; do
		value=${value%%$'\t'*}
		[[ $value ]] && COMPREPLY+=("${value#"${whole%"$2"}"}")
	done <<<"$answers"
}

complete -F _portalctl portalctl
