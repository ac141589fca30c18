load helpers
load network

# The verbs that make something, each with what it needs; those of a portal or of a
# whole manifest have their own tests.
makers() {
	cat <<-EOF
		company add 34028316000103 --name Delta
		request send --from $ALFA --to $BETA --email q@q.example
		invite send $ALFA --email q@q.example
		contact add --company $BETA --name Xis --email x@x.example
		contact allow lia@beta.example
		user add z@z.example --company $BETA --name Ze
		user send-area-link bruna@beta.example
		group create $ALFA
		project add Novo --company $BETA
		project comment 1 --body Feito
		task add Nova --company $BETA --project 1 --ticket 1 --check-item a --due 2026-03-10
		task add Folha --company $BETA --every month --day 20
		task set 1 --check-item z
		task start 1
		task comment 1 --body Feito
		task attach 1 das.pdf extra.txt
		process template-add outra.yaml
		process start Abertura --company $BETA
		process start Abertura --ticket 1
		sale add --company $BETA --item a;1;1
		sale send 1
		document publish das.pdf --company $BETA --attach extra.txt
		document publish --folder guias
		document send 1 --to bia@beta.example
		document open 1
		ticket open --company $BETA --contact bia@beta.example --subject Oi --body Oi --file das.pdf
		ticket open --contact bia@beta.example --subject Oi --task 1
		ticket reply 1 --body Oi --file das.pdf
		ticket comment 1 --body Oi --file das.pdf
		ticket attach 1 das.pdf
		ticket merge 2 --into 1
		wa start 1 --again
		wa send 1 --body Oi --file das.pdf
		ticket assign 1 --to dora@office.example
		ticket close 1
		answer add nova --body Oi
		category add nova --word x
		filter add nova --status open
		invite accept 1
		due
	EOF
}

# much: a portal that has one of each.
much() {
	network
	printf DAS >das.pdf
	printf extra >extra.txt
	mkdir guias
	printf um >"guias/das $BETA.txt"
	printf dois >"guias/das $ALFA.txt"
	printf 'name: Abertura\nsteps:\n  - title: Um\n    checklist: [a]\n  - title: Dois\n    after: Um\n' >t.yaml
	sed s/Abertura/Outra/ t.yaml >outra.yaml
	ok process template-add t.yaml
	ok contact add --company $BETA --name Lia --email lia@beta.example
	ok ticket open --contact bia@beta.example --subject S
	ok ticket open --contact bia@beta.example --subject S --body Oi --file extra.txt
	ok project add Reforma --company $BETA
	ok task add Uma --company $BETA --check-item a
	ok task attach 1 extra.txt
	ok task comment 1 --body Oi
	ok document publish extra.txt --company $BETA
	ok sale add --company $BETA --item "a;1;1"
	ok invite send $BETA --from $ALFA --email n@n.example
	ok contact set bia@beta.example --phone 31999990001
	ok wa start 1
}

@test "a dry run answers with no number that will not be" {
	much
	# What is made from here on has a number that can be told from all others.
	sql "UPDATE sqlite_sequence SET seq = 7000000;
		INSERT INTO sqlite_sequence (name, seq) SELECT name, 7000000 FROM sqlite_master
			WHERE type = 'table' AND sql LIKE '%AUTOINCREMENT%'
			AND name NOT IN (SELECT name FROM sqlite_sequence)"
	while read -ra words; do
		rehearses "${words[@]}"
		holds '[.. | numbers | select(. >= 7000000)] | tostring' "[]" || is "${words[*]}" ""
		ok "${words[@]}" --dry-run
		case $out in *70000*) is "$out" "" "${words[*]}" ;; esac
	done < <(makers)
	ok task comment 1 --body Feito --json
	holds '[.data.comments[].id] | tostring' "[1,7000001]"
}

@test "what a dry run answers with is null where its number would be" {
	much
	rehearses task attach 1 das.pdf
	holds '[.data.attachments[] | .id, .position] | tostring' "[2,1,null,2]"
	rehearses task comment 1 --body Feito
	holds '[.data.comments[].id] | tostring' "[1,null]"
	rehearses process start Abertura --company $BETA
	holds '[.data.steps[] | .task_id, .waits_for] | tostring' "[null,[],null,[null]]"
	rehearses task add Folha --company $BETA --every month --day 20
	holds '"\(.data.id) \(.data.recurrence_id) \(.data.due_on)"' "null null 2026-04-20"
	rehearses document publish --folder guias
	holds '[.items[].data.id] | tostring' "[null,null]"
	rehearses ticket open --contact bia@beta.example --subject Oi
	holds .data.number null
	rehearses sale add --company $BETA --item "a;1;1"
	holds .data.number null
	rehearses sale add --company $BETA --item "a;1;1" --number A-1
	holds .data.number A-1
}

@test "each verb that makes something is rehearsed" {
	ok help --json
	json '.. | objects | select(.dry_run? == true and (.action | IN("added", "opened", "sent",
		"published", "started", "created", "commented", "replied", "attached")))
		| "\(.noun) \(.verb)"' | sort -u >made
	makers | cut -d' ' -f1,2 | sort -u >rehearsed
	is "$(comm -23 made rehearsed)" ""
	is "$(grep -c . made)" 29
}
