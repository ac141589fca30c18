load helpers
load network

# Two tickets of Alfa, one of Beta. The second one of Alfa has a comment.
with_two() {
	network
	ok --as ana@alfa.example ticket open --subject Primeiro --body "uma pergunta"
	ok --as caio@alfa.example ticket open --subject Segundo --body "a mesma pergunta"
	ok ticket comment 2 --body "segredo interno"
	ok --as bia@beta.example ticket open --subject Outro --body "nada a ver"
}

@test "S7 the messages of a merged ticket are read in the other one" {
	with_two
	ok --as dora@office.example ticket merge 260301-002 --into 260301-001 --json
	is "$(json '"\(.kind) \(.changed) \(.action)"')" "ticket true merged"
	holds '.data | "\(.number) \(.status) \(.unread_count)"' "260301-001 new 2"
	ok ticket messages 1 --json
	holds '[.items[] | .body // .event] | join("|")' \
		"opened|uma pergunta|opened|a mesma pergunta|segredo interno|merged"
	holds '[.items[].ticket_number] | unique | join(" ")' 260301-001
	holds '.items[-1] | "\(.event_from) \(.author_name)"' "260301-002 Dora"
	ok --as caio@alfa.example ticket messages 1 --json
	holds '[.items[] | .body // .event] | join("|")' \
		"opened|uma pergunta|opened|a mesma pergunta|merged"
	ok ticket list --search segredo --format ids
	is "$out" 1
	ok --as ana@alfa.example ticket list --search segredo --status any --format ids
	is "$out" ""
	ok --as ana@alfa.example ticket list --search mesma --format ids
	is "$out" 1
}

@test "S7 the number of a merged ticket names the other one in every verb" {
	with_two
	ok ticket merge 2 --into 1
	for words in "show" "messages" "read" "reply --body x" "comment --body x" \
		"set --status pending" "assign --to dora@office.example" "close" "reopen" "cancel"; do
		# shellcheck disable=SC2086 # words of a command
		ok ticket ${words%% *} 260301-002 ${words#"${words%% *}"} --json
		[ "${words%% *}" = messages ] || is "$(json '.data | .ticket_number // .number')" \
			260301-001 "$words"
	done
	ok --as caio@alfa.example ticket show 2 --json
	holds .data.number 260301-001
	is "$(sql "SELECT DISTINCT ticket_id FROM message ORDER BY 1" | paste -sd' ')" "1 3"
	ok ticket list --status any --format tsv --fields number,status,merged_into
	is "$(sed -n 2p out.txt)" $'260301-002\tcancelled\t260301-001'
	ok ticket list --status open --format ids
	is "$out" 3
}

@test "S7 merged tickets may be merged on" {
	with_two
	ok --as ana@alfa.example ticket open --subject Terceiro --body "de novo"
	ok ticket merge 2 --into 1
	untouched ok ticket merge 2 --into 1 --json
	holds '"\(.changed) \(.data.number)"' "false 260301-001"
	untouched refused 5 "merged into '260301-001' before" ticket merge 1 --into 2
	code conflict ticket merge 1 --into 2
	untouched refused 5 "into itself" ticket merge 1 --into 260301-001
	ok ticket merge 1 --into 4
	ok ticket show 2 --json
	holds .data.number 260301-004
	ok ticket show 1 --json
	holds .data.number 260301-004
	is "$(sql "SELECT id, merged_into_id FROM ticket WHERE merged_into_id IS NOT NULL" | paste -sd' ')" \
		"1|4 2|4"
	ok ticket messages 4 --format count
	is "$out" 9
}

@test "S7 S10 S11 the tasks and processes of a merged ticket are the other one's" {
	with_two
	ok task add Guia --ticket 1
	ok task add Balancete --ticket 2
	printf 'name: Filial\nsteps:\n  - title: Contrato\n' >filial.yaml
	ok process template-add filial.yaml
	ok process start Filial --ticket 2
	ok ticket merge 2 --into 1
	ok task list --ticket 260301-001 --json
	holds '[.items[] | "\(.title) \(.ticket_number)"] | join(", ")' \
		"Guia 260301-001, Balancete 260301-001, Contrato 260301-001"
	ok task list --ticket 2 --format ids
	is "$(paste -sd, out.txt)" 1,2,3 "the number of the one names the other"
	ok process list --ticket 1 --json
	holds '[.items[].ticket_number] | join(" ")' 260301-001
	is "$(sql "SELECT count(*) FROM task WHERE ticket_id = 2")" 0
}

@test "S7 S12 what a merged ticket discusses goes along, unless the other one discusses something" {
	with_two
	ok project add Reforma --company $ALFA
	ok task add Guia --company $ALFA
	ok --as dora@office.example ticket open --contact ana@alfa.example --subject P --project 1
	ok --as dora@office.example ticket open --contact ana@alfa.example --subject T --task 1
	ok ticket merge 5 --into 1 --json
	holds '.data | "\(.project_id) \(.task_id)"' "null 1"
	ok ticket show 1 --json
	holds '.data | "\(.project_id) \(.task_id)"' "null 1"
	ok --as ana@alfa.example ticket show 1 --json
	holds .data.task_id null "a task that is the office's alone"
	ok ticket merge 4 --into 1 --json
	holds '.data | "\(.project_id) \(.task_id)"' "null 1"
	ok --as ana@alfa.example ticket open --subject Q
	ok ticket merge 1 --into 6
	ok ticket list --task 1 --format ids
	is "$out" 6
	ok audit verify
}

@test "S7 tickets of two companies, and one and itself, are not merged" {
	with_two
	untouched refused 5 "is of another company" ticket merge 3 --into 1
	code conflict ticket merge 3 --into 1
	untouched refused 5 "can't be merged into itself" ticket merge 1 --into 1
	untouched fails 3 ticket merge 1 --into 9
	untouched fails 3 ticket merge 9 --into 1
	untouched fails 2 ticket merge 1
	ok ticket close 1
	untouched fails 5 ticket merge 2 --into 1
	code wrong_state ticket merge 2 --into 1
	ok ticket merge 1 --into 2 --json
	holds '.data | "\(.number) \(.status)"' "260301-002 new" "what is done may be merged"
}

@test "P8 the office alone merges, and a dry run leaves all as it was" {
	with_two
	rehearses ticket merge 2 --into 1
	denied --as ana@alfa.example ticket merge 2 --into 1
	refused 3 "there is no ticket '1'" --as bia@beta.example ticket merge 1 --into 3
	ok ticket merge 2 --into 1
	ok audit verify
	refused 3 "there is no ticket '2'" --as bia@beta.example ticket show 2
}

# tagged NAME: the tickets that a list with that tag has.
tagged() {
	ok ticket list --status any --tag "$1" --format ids
	paste -sd' ' out.txt
}

@test "S7 the tags of a merged ticket are the other one's, as far as there is room" {
	with_two
	ok ticket set 1 --tag Antigo
	for i in $(seq 18); do echo "--tag t$i"; done >tags
	# shellcheck disable=SC2046 # words are words
	ok ticket set 1 $(<tags)
	ok ticket set 2 --tag antigo --tag urgente --tag demais
	ok ticket merge 2 --into 1 --json
	holds '.data.tags | "\(length) \(.[0]) \(.[-1])"' "20 Antigo urgente"
	is "$(tagged urgente)" 1
	is "$(tagged antigo)" 1
	is "$(tagged demais)" ""
	is "$(sql "SELECT tags FROM ticket WHERE id = 2")" ""
	ok ticket messages 1 --json
	holds '[.items[] | select(.event == "tags")] | last | .internal' true
	ok ticket set 1 --untag urgente
	is "$(tagged urgente)" ""
}
