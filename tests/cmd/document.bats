load helpers
load network

# A portal with a guide, das.pdf.
with_guide() {
	network
	printf '%%PDF-1.4 guia do Simples\n' >das.pdf
	HASH=$(sha256sum das.pdf | cut -d' ' -f1)
}

# published ARGS...: the guide for Beta, as document 1 of a fresh portal.
published() {
	with_guide
	ok document publish das.pdf --company $BETA --kind DAS --competence 2026-02 "$@"
}

# kept: how many files lie beside the database.
kept() {
	find portal.db.files -type f 2>/dev/null | wc -l
}

# lists WANT ARGS...: the list gives the documents with these titles.
lists() {
	ok document list "${@:2}" --format tsv --fields title
	is "$(paste -sd, out.txt)" "$1" "documents of ${*:2}"
}

@test "D1 a document has every documented field" {
	with_guide
	ok document publish das.pdf --company 02.919.305/0001-27 --title " Simples de fevereiro " \
		--kind DAS --competence 2026-02 --due 2026-03-20 --amount 1234,56 --json
	holds '"\(.kind) \(.changed) \(.action)"' "document true published"
	is "$(json '.data | keys_unsorted | join(" ")')" "id company_tax_id company_name title kind \
competence due_on amount_cents file_name media_type size_bytes sha256 attachments login_required status \
published_at opened_count last_opened_at withdrawn_at withdrawn_reason"
	holds '.data | "\(.id) \(.company_tax_id) \(.title) \(.kind) \(.competence) \(.due_on)"' \
		"1 $BETA Simples de fevereiro DAS 2026-02 2026-03-20"
	holds '.data | [.amount_cents, .file_name, .media_type, .size_bytes, .sha256, .attachments] | tostring' \
		"[123456,\"das.pdf\",\"application/pdf\",25,\"$HASH\",[]]"
	holds '.data | [.login_required, .status, .published_at, .opened_count, .last_opened_at] | tostring' \
		'[false,"published","2026-03-01T12:00:00Z",0,null]'
	is "$(sql "SELECT action, target_kind, target_id FROM audit ORDER BY id DESC LIMIT 1")" \
		"document.publish|document|1"
	ok document publish das.pdf --company $GAMA --json
	holds '.data | [.title, .kind, .competence, .due_on, .amount_cents] | tostring' '["das",null,null,null,null]'
}

@test "D1 the same bytes are stored once, by their SHA-256, for their owner alone" {
	published --attach das.pdf
	ok document publish das.pdf --company $GAMA
	is "$(kept)" 1 "files"
	is "$(sha256sum <"portal.db.files/${HASH:0:2}/${HASH:2}" | cut -d' ' -f1)" "$HASH" "bytes"
	is "$(find portal.db.files -printf '%m\n' | sort -u | paste -sd' ')" "600 700" "modes"
	is "$(sql "SELECT count(*) FROM file")" 1 "rows"
}

@test "D1 what is wrong with a document is told at once, and leaves no row" {
	with_guide
	fails 6 document publish das.pdf --company $BETA --competence 2026-13 --due 2026-02-30 --amount 1.234,5
	has "$err" "'2026-13' is not a month"
	has "$err" "'2026-02-30' is not a date"
	has "$err" "'1.234,5' is not an amount"
	for amount in -1 "1," 1.234 123456789012345 1e3 "" "1 "; do
		fails 6 document publish das.pdf --company $BETA --amount "$amount"
		[ "$amount" = "1 " ] || fails 6 sale add --company $BETA --item "a;1;$amount"
	done
	: >empty.pdf
	refused 6 "'empty.pdf' is empty" document publish empty.pdf --company $BETA
	is "$(sql "SELECT count(*) FROM document") $(sql "SELECT count(*) FROM file")" "0 0" "rows"
}

@test "D1 P2 an amount is read alike wherever one is given" {
	with_guide
	for amount in 1234,5 1234.5 1234,50; do
		ok document publish das.pdf --company $BETA --kind "$amount" --amount "$amount" --json
		holds .data.amount_cents 123450
		ok sale add --company $BETA --item "a;1;$amount" --json
		holds .data.total_cents 123450
	done
}

@test "D1 a company has a document once; another month is another one" {
	published
	fails 5 document publish das.pdf --company $BETA --kind DAS --competence 2026-02 --title Outro
	code already_exists document publish das.pdf --company $BETA --kind DAS --competence 2026-02
	ok document publish das.pdf --company $BETA --kind DAS --competence 2026-02 --if-not-exists --json
	holds '"\(.changed) \(.data.id)"' "false 1"
	ok document publish das.pdf --company $BETA --kind DAS --competence 2026-03
	ok document publish das.pdf --company $ALFA --kind DAS --competence 2026-02
	is "$(sql "SELECT count(*) FROM document")" 3
}

@test "D1 attachments belong to their document, and are told with it" {
	with_guide
	echo nota >nota.txt
	ok document publish das.pdf --company $BETA --attach nota.txt --attach das.pdf --json
	holds '.data.attachments | map("\(.position) \(.name) \(.media_type) \(.size_bytes)") | join(",")' \
		"1 nota.txt text/plain 5,2 das.pdf application/pdf 25"
	ok document list --format ndjson
	holds '.attachments | length' 2
}

@test "S8 only regular files are published, and none over the limit" {
	with_guide
	mkfifo pipe
	refused 6 "not a regular file" document publish pipe --company $BETA
	mkdir folder
	refused 6 "not a regular file" document publish folder --company $BETA
	refused 1 "cannot read 'absent.pdf'" document publish absent.pdf --company $BETA
	ok config set attachment_max_mb 1
	head -c 1000000 /dev/zero >most.bin
	head -c 1000001 /dev/zero >more.bin
	ok document publish most.bin --company $BETA
	refused 6 "more than 1 MB" document publish more.bin --company $BETA
	refused 6 "more than 1 MB" document publish - --company $BETA < <(cat more.bin)
	is "$(kept)" 1 "files"
	for limit in 0 2001 1x ""; do fails 6 config set attachment_max_mb "$limit"; done
}

@test "S8 standard input is a file like others, and a name is a label, never a path" {
	with_guide
	ok document publish - --company $BETA --title Guia --json < <(cat das.pdf)
	holds '.data | "\(.file_name) \(.sha256)"' "stdin $HASH"
	name=$(printf 'a\342\200\256fdp.exe')
	cp das.pdf "$name"
	fails 6 document publish "$name" --company $BETA
	code invalid_text document publish "$name" --company $BETA
	mkdir deep
	cp das.pdf deep/..guia..pdf
	ok document publish deep/../deep/..guia..pdf --company $GAMA --json
	holds '.data | "\(.file_name) \(.title)"' "..guia..pdf ..guia."
}

@test "S8 a dry run leaves nothing on disk" {
	with_guide
	rehearses document publish das.pdf --company $BETA --attach das.pdf
	holds .data.sha256 "$HASH"
	[ ! -e portal.db.files ]
}

@test "S8 what a killed command kept is an orphan, never a row without its file" {
	command -v strace >/dev/null || skip "there is no strace"
	with_guide
	killed=0
	# Each call that publishing makes of these may be its last one.
	for call in rename fsync flock pwrite64 fdatasync; do
		for nth in 1 2 3 4 5; do
			strace -f -o /dev/null -e trace=$call -e inject=$call:signal=KILL:when=$nth \
				"$PORTALCTL" document publish das.pdf --company $BETA --kind $call$nth \
				>/dev/null 2>&1 && break
			killed=$((killed + 1))
			[ -z "$(sql "SELECT sha256 FROM file" | while read -r hash; do
				[ -e "portal.db.files/${hash:0:2}/${hash:2}" ] || echo "$hash"
			done)" ] || return 1
			ok db check --full
		done
	done
	[ "$killed" -gt 8 ]
	sqlite3 portal.db "DELETE FROM document; DELETE FROM file"
	find portal.db.files -type f -exec touch -d '2 days ago' {} +
	ok due --json
	[ "$(json .data.files_removed)" -gt 0 ]
	is "$(kept)" 0 "files"
}

@test "S8 the sweep of due leaves what records have and what is new" {
	published
	find portal.db.files -type f -exec touch -d '2 days ago' {} +
	echo neu >"portal.db.files/${HASH:0:2}/$(printf '%062d' 7)"
	ok due --json
	holds '"\(.changed) \(.data.files_removed)"' "false 0"
	touch -d '2 days ago' "portal.db.files/${HASH:0:2}/$(printf '%062d' 7)"
	ok due --dry-run --json
	is "$(kept)" 2 "files"
	ok due --json
	holds '"\(.changed) \(.data.files_removed)"' "true 1"
	ok document open 1 --output -
}

@test "S8 db check knows of files that are missing or have changed" {
	published
	ok db check --full
	file=portal.db.files/${HASH:0:2}/${HASH:2}
	sed -i 's/guia/guiA/' "$file"
	ok db check
	portalctl db check --full --format ndjson
	is "$status $(json 'select(.finding == "file_changed") | .severity')" "1 error"
	rm "$file"
	portalctl db check --format ndjson
	is "$status $(json 'select(.finding == "file_missing") | .severity')" "1 error"
}

@test "S8 a full disk is told as such, and nothing half stays" {
	[ "$(id -u)" = 0 ] || skip "only root may mount"
	with_guide
	mkdir small portal.db.files
	mount -t tmpfs -o size=256k tmpfs portal.db.files 2>/dev/null || skip "can't mount"
	head -c 400000 /dev/urandom >big.bin
	portalctl document publish big.bin --company $BETA
	got="$status $(kept) $(sql "SELECT count(*) FROM document")"
	portalctl document publish das.pdf --company $BETA
	got="$got $status"
	umount portal.db.files
	is "$got" "12 0 0 0" "status, files, rows; then what fits"
}

@test "D1 a folder is published by the tax ids in its names" {
	with_guide
	ok company add 2Q.F7J.H6C/0001-85 --name Açaí
	ok company add 123.456.789-09 --name José
	mkdir guias guias/.pasta
	for name in "DAS 02.919.305_0001-27.pdf" 11222333000181-das.pdf guia_2qf7jh6c000185.pdf \
		"das 123.456.789-09 2026-02.pdf" cnpj33000167000101.pdf; do
		echo "$name" >"guias/$name"
	done
	ok document publish --folder guias --kind DAS --competence 2026-02 --due 2026-03-20 --json
	holds '.summary | "\(.ok) \(.changed) \(.failed)"' "5 5 0"
	holds '[.items[].data | "\(.file_name) \(.company_name)"] | join(",")' \
		"11222333000181-das.pdf Alfa Ltda.,DAS 02.919.305_0001-27.pdf Beta S.A.,cnpj33000167000101.pdf Gama ME,das 123.456.789-09 2026-02.pdf José,guia_2qf7jh6c000185.pdf Açaí"
	holds '[.items[].data | "\(.kind) \(.competence) \(.due_on)"] | unique | join(",")' "DAS 2026-02 2026-03-20"
}

@test "D1 a folder that is published twice publishes nothing twice" {
	with_guide
	mkdir guias
	cp das.pdf "guias/$BETA.pdf"
	cp das.pdf "guias/$ALFA.pdf"
	cp das.pdf "guias/$BETA-copia.pdf"
	rehearses document publish --folder guias --kind DAS
	holds '[.items[].action] | join(" ")' "published unchanged published"
	ok document publish --folder guias --kind DAS --json
	holds '[.items[].action] | join(" ")' "published unchanged published"
	rm "guias/$BETA-copia.pdf"
	rows=$(sql "SELECT count(*) FROM document")
	mv "guias/$BETA.pdf" "guias/$BETA-renomeado.pdf"
	ok document publish --folder guias --kind DAS --json
	holds '.summary | "\(.ok) \(.changed) \(.failed)"' "2 0 0"
	holds '[.items[].action] | unique | join(",")' unchanged
	is "$(sql "SELECT count(*) FROM document")" "$rows" documents
}

# alike CASE: the two answers are the same, but for the numbers that a rehearsal has none of,
# and sentences that name them.
alike() {
	local mask='walk(if type == "object" then del(.dry_run, .id, .message, .hint, .target) else . end)'
	is "$(jq -cS "$mask" rehearsed.json)" "$(jq -cS "$mask" out.txt)" "a rehearsal of $1"
}

@test "D1 a rehearsal of several finds what comes twice, as the real run does" {
	with_guide
	local i case rehearsed
	cp das.pdf copia.pdf
	echo dois >dois.txt
	echo tres >tres.txt
	mkdir guias
	cp tres.txt "guias/a $BETA.txt"
	cp tres.txt "guias/b $BETA.txt"
	for i in das.pdf dois.txt copia.pdf dois.txt; do
		printf '{"file":"%s","company":"%s","kind":" ZZ","if-not-exists":%s}\n' "$i" $BETA \
			"$([ "$i" = copia.pdf ] && echo true || echo false)"
	done >batch
	for case in "das.pdf copia.pdf dois.txt --company $BETA --kind K" \
		"das.pdf dois.txt das.pdf --company $BETA --kind L --if-not-exists --attach tres.txt" \
		"--batch batch" "--folder guias --kind DAS"; do
		untouched portalctl document publish $case --json --dry-run
		rehearsed=$status
		cp out.txt rehearsed.json
		portalctl document publish $case --json
		is "$rehearsed" "$status" "status of a rehearsal of $case"
		alike "$case"
	done
	holds '[.items[] | "\(.action) \(.data.file_name)"] | join(",")' \
		"published a $BETA.txt,unchanged a $BETA.txt"
	rehearses document publish dois.txt --company $BETA --kind M
	rehearses document publish dois.txt --company $BETA --kind M
}

@test "D1 a file of a folder that fits no company is told and stops no other" {
	with_guide
	mkdir guias
	cp das.pdf "guias/$BETA.pdf"
	cp das.pdf "guias/$BETA $ALFA.pdf"
	cp das.pdf "guias/60746948000112.pdf"
	cp das.pdf "guias/60746948000112 $BETA.pdf"
	cp das.pdf "guias/02919305000128.pdf"
	cp das.pdf "guias/202602.pdf"
	: >"guias/$ALFA.pdf"
	cp das.pdf "guias/.$ALFA.pdf"
	ln -s ../das.pdf "guias/link-$ALFA.pdf"
	mkdir "guias/pasta $BETA"
	portalctl document publish --folder guias --json
	is "$status" 7 status
	holds '.summary | "\(.ok) \(.changed) \(.failed)"' "1 1 8"
	holds '[.items[] | select(.ok | not) | "\(.data.file_name):\(.error.code)"] | sort | join(" ")' \
		"02919305000127 11222333000181.pdf:conflict 02919305000128.pdf:invalid 11222333000181.pdf:invalid_input 202602.pdf:invalid 60746948000112 02919305000127.pdf:conflict 60746948000112.pdf:not_found link-11222333000181.pdf:invalid_input pasta 02919305000127:invalid_input"
	is "$(sql "SELECT count(*) FROM document")" 1 documents
}

@test "D1 a folder does not go with what each file has of its own" {
	with_guide
	mkdir guias
	fails 2 document publish das.pdf --folder guias
	fails 2 document publish --folder guias --company $BETA
	fails 2 document publish --folder guias --attach das.pdf
	fails 2 document publish das.pdf
	fails 2 document publish
	fails 1 document publish --folder absent
	ok document publish --folder guias --json
	holds '.items | length' 0
	rehearses document publish --folder guias
}

@test "D1 what became of the files of a folder is shown with the fields asked for" {
	with_guide
	mkdir guias
	printf um >"guias/um $BETA.txt"
	printf dois >"guias/dois $BETA.txt"
	: >"guias/zero $BETA.txt"
	ln -s ../das.pdf "guias/link $BETA.txt"
	portalctl document publish --folder guias --fields id,file_name,title
	is "$status" 7
	is "$(sed 1d out.txt | tr -s ' ')" " 1 ok 1 dois $BETA.txt dois $BETA document '1' published to 'Beta S.A.': dois $BETA
 2 failed link $BETA.txt 'link $BETA.txt' is not a regular file
 3 ok 2 um $BETA.txt um $BETA document '2' published to 'Beta S.A.': um $BETA
 4 failed zero $BETA.txt the file 'zero $BETA.txt' is empty
2 ok (2 changed), 2 failed"
	portalctl document publish --folder guias --fields id,file_name --format tsv
	is "$(cut -f1,3,5,6 out.txt | head -1)" "1	false	1	dois $BETA.txt"
}

@test "D1 of each file of a folder people read a sentence, as of several files" {
	with_guide
	mkdir guias
	printf um >"guias/um $BETA.txt"
	printf dois >"guias/dois $BETA.txt"
	ok document publish --folder guias -n
	has "$out" "document published to 'Beta S.A.': dois $BETA"
	ok document publish --folder guias
	has "$out" "document '1' published to 'Beta S.A.': dois $BETA"
	has "$out" "document '2' published to 'Beta S.A.': um $BETA"
	ok document publish --folder guias
	has "$out" "document '1' of 'Beta S.A.' is there already: dois $BETA"
}

@test "D1 several files are several documents, each whole or not at all" {
	with_guide
	echo dois >dois.txt
	portalctl document publish das.pdf absent.txt dois.txt --company $BETA --json
	is "$status" 7 status
	holds '[.items[].ok] | tostring' "[true,false,true]"
	echo '{"file":"das.pdf","company":"'$BETA'","kind":"A"}
{"file":"das.pdf","company":"60746948000112"}
{"file":"dois.txt","company":"'$GAMA'","amount":"10"}' >batch
	portalctl document publish --batch batch --format ndjson
	is "$status" 7 status
	is "$(jq -r 'select(.kind == "result") | "\(.line) \(.ok) \(.error.code)"' out.txt | paste -sd,)" \
		"1 true null,2 false not_found,3 true null"
	sed -i '1s/"A"/"B"/' batch
	fails 3 document publish --batch batch --atomic
	is "$(sql "SELECT count(*) FROM document WHERE kind = 'B'")" 0
}

@test "D1 a link goes to contacts of the company through the outbox, once each" {
	published
	ok contact add --company $BETA --name Lia --email lia@beta.example --phone "(11) 98765-4321"
	ok document send 1 --to lia@beta.example --to LIA@beta.example --to contato@beta.example --json
	holds '"\(.changed) \(.action) \(.data.id)"' "true sent 1"
	is "$(mailed document_link)" "contato@beta.example lia@beta.example"
	is "$(sql "SELECT count(*) FROM outbox WHERE arguments LIKE '%d1.%'")" 0 "tokens in the outbox"
	is "$(sql "SELECT DISTINCT channel, cause_kind, cause_id, state FROM outbox WHERE template = 'document_link'")" \
		"email|document|1|queued"
	ok document send 1 --to lia@beta.example --channel whatsapp
	is "$(sql "SELECT recipient FROM outbox WHERE channel = 'whatsapp'")" "+5511987654321"
	is "$(sql "SELECT changes FROM audit WHERE action = 'document.send' ORDER BY id DESC LIMIT 1")" \
		'{"channel":[null,"whatsapp"],"to":[null,"+5511987654321"]}'
}

@test "D1 the mail of a link says the day as its reader does, and who may open it" {
	published --due 2026-03-20
	ok company set $BETA --document-login off
	ok document send 1 --to bia@beta.example
	ok company set $BETA --document-login on
	ok document send 1 --to bia@beta.example
	ok outbox show 1 --body
	has "$out" "Vencimento: 20/03/2026"
	has "$out" "Quem tem este link pode abrir"
	ok outbox show 2 --body
	has "$out" "Vencimento: 20/03/2026"
	is "$(grep -c "Quem tem este link" out.txt)" 0
	ok document list --lang pt_BR
	has "$out" 20/03/2026
	ok document list
	has "$out" 2026-03-20
}

@test "D1 a link goes to nobody who has nothing to do with the company" {
	published
	fails 3 document send 1 --to gil@gama.example
	fails 6 document send 1 --to torto
	fails 2 document send 1
	ok contact add --company $BETA --name Zé
	id=$(sql "SELECT id FROM contact WHERE name = 'Zé'")
	fails 5 document send 1 --to "$id"
	fails 5 document send 1 --to bia@beta.example --channel whatsapp
	fails 3 document send 1 --to bia@beta.example --to gil@gama.example
	is "$(mailed document_link)" "" mails
	ok document withdraw 1
	fails 5 document send 1 --to bia@beta.example
}

@test "U10 a contact of the group's other companies is one of those it goes to" {
	published
	ok group create $BETA
	ok group link $BETA $ALFA
	ok document send 1 --to ana@alfa.example
	ok group unlink $BETA $ALFA
	fails 3 document send 1 --to ana@alfa.example
}

@test "D1 the list has its filters, orders and pages" {
	published --title Guia --due 2026-03-20
	echo folha >folha.txt
	at 2026-03-02T12:00:00Z
	ok document publish folha.txt --company $GAMA --kind folha --competence 2026-03 --title "Folha março" --due 2026-03-05
	ok document publish folha.txt --company $BETA --title Avulso
	ok document withdraw 3
	ok document open 1 --via email
	lists Guia,Avulso --company $BETA
	lists Guia --kind DAS
	lists "Folha março" --competence 2026-03
	lists Guia,Folha\ março --status published
	lists Avulso --status withdrawn
	lists Guia --opened
	lists "Folha março,Avulso" --unopened
	lists "Folha março" --search MARCO
	lists "Folha março,Avulso" --search folha.txt
	lists "Folha março,Avulso" --since 2026-03-02
	lists Guia --until 2026-03-02
	lists Avulso,Folha\ março,Guia --sort due_on
	lists Guia,Folha\ março,Avulso --sort -title
	fails 2 document list --opened --unopened
	fails 2 document list --status lost
	ok document list --limit 2 --json
	holds '"\(.count) \(.truncated)"' "2 true"
	ok document list --limit 2 --after "$(json .next)" --json
	holds '[.items[].title] | join(",")' Avulso
}

@test "D1 a document that was withdrawn opens no more, and may be published again" {
	published
	ok document withdraw 1 --reason "valor errado" --json
	holds '"\(.changed) \(.data.status) \(.data.withdrawn_reason) \(.data.withdrawn_at)"' \
		"true withdrawn valor errado 2026-03-01T12:00:00Z"
	ok document withdraw 1 --reason outra --json
	holds '"\(.changed) \(.data.withdrawn_reason)"' "false valor errado"
	code wrong_state document open 1
	fails 5 document link 1
	ok document publish das.pdf --company $BETA --kind DAS --competence 2026-02 --json
	holds .data.id 2
}

@test "P1 U10 a client sees the documents of its company and group, and a stranger none" {
	published
	ok document publish das.pdf --company $GAMA --title "De Gama"
	lists das --as bruna@beta.example
	lists "De Gama" --as gil@gama.example
	lists "" --as ana@alfa.example
	fails 3 document show 1 --as ana@alfa.example
	has "$err" "there is no document '1'"
	ok group create $BETA
	ok group link $BETA $ALFA
	lists das --as ana@alfa.example
	lists das --as caio@alfa.example
	ok document open 1 --as caio@alfa.example --output -
	is "$out" "$(cat das.pdf)" bytes
	ok group unlink $BETA $ALFA
	fails 3 document open 1 --as caio@alfa.example
	lists "" --as caio@alfa.example
}

@test "U5 the section documents shuts collaborators out when it is off, and admins not" {
	published
	ok document show 1 --as bruna@beta.example
	ok company set $BETA --sections tasks
	fails 3 document show 1 --as bruna@beta.example
	fails 3 document open 1 --as bruna@beta.example
	fails 4 document list --as bruna@beta.example
	ok document show 1 --as bia@beta.example
	ok document open 1 --as bia@beta.example
	ok company set $BETA --sections tasks,documents
	ok document show 1 --as bruna@beta.example
}

@test "D1 the client side publishes, sends and withdraws nothing" {
	published
	denied document withdraw 1 --as bia@beta.example
	denied document send 1 --to bia@beta.example --as bia@beta.example
	denied document publish das.pdf --company $BETA --as bia@beta.example
	denied document log --as bia@beta.example
	is "$(kept)" 1 files
	ok document publish das.pdf --company $ALFA --as dora@office.example
}
