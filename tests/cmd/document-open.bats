load helpers
load network

PASSWORD="cavalo correto bateria"

# A guide for Beta, as document 1, with an attachment, and the token of its link.
published() {
	network
	printf '%%PDF-1.4 guia do Simples\n' >das.pdf
	echo nota >nota.txt
	HASH=$(sha256sum das.pdf | cut -d' ' -f1)
	ok document publish das.pdf --company $BETA --kind DAS --attach nota.txt
	new_link link
}

# new_link FILE ARGS...: writes the token of document 1 to the file.
new_link() {
	ok document link 1 --show-token --json "${@:2}"
	json .data.token >"$1"
}

# by_link ARGS...: opens by the link.
by_link() {
	portalctl document open --document-token-file link "$@"
}

# logged: way, user and result of each row of the log.
logged() {
	sql "SELECT a.via, coalesce(u.email, '-'), a.result FROM document_access a
		LEFT JOIN user u ON u.id = a.user_id ORDER BY a.id" | tr '|' ' ' | paste -sd,
}

register() {
	portalctl user register --document-token-file "${2:-link}" --email "$1" --name Nova \
		--password-stdin --json < <(printf '%s' "$PASSWORD")
}

# log_in E-MAIL PASSWORD ARGS...: opens by the link as that user.
log_in() {
	portalctl document open --document-token-file link --email "$1" --password-stdin "${@:3}" \
		< <(printf '%s' "$2")
}

@test "D4 a row of the log has every documented field" {
	published
	ok document open 1 --via email --ip 203.0.113.7 --port 50123 --user-agent "Mozilla/5.0 (X11)" --json
	holds '"\(.kind) \(.changed) \(.action)"' "access true opened"
	is "$(json '.data | keys_unsorted | join(" ")')" \
		"id document_id attachment at via ip port user_agent sha256 file_name company_tax_id user_email user_name logged_in result"
	holds '.data | [.document_id, .attachment, .at, .via, .ip, .port, .user_agent] | tostring' \
		'[1,null,"2026-03-01T12:00:00Z","email","203.0.113.7",50123,"Mozilla/5.0 (X11)"]'
	holds '.data | [.sha256, .file_name, .user_email, .user_name, .result] | tostring' \
		"[\"$HASH\",\"das.pdf\",null,null,\"opened\"]"
	ok document open 1 --as bia@beta.example --json
	holds '.data | "\(.via) \(.ip) \(.port) \(.user_email) \(.user_name)"' "cli null null bia@beta.example Bia"
	ok document show 1 --json
	holds '.data | "\(.opened_count) \(.last_opened_at)"' "2 2026-03-01T12:00:00Z"
}

@test "D4 the log answers who opened this document, and what this user opened" {
	published
	ok document publish das.pdf --company $ALFA --title "De Alfa"
	ok document open 1 --as bia@beta.example
	at 2026-03-05T12:00:00Z
	ok document open 1 --as dora@office.example
	ok document open 2 --as dora@office.example
	ok document log 1 --format tsv --fields user_email
	is "$(paste -sd, out.txt)" "bia@beta.example,dora@office.example"
	ok document log --user DORA@office.example --format tsv --fields document_id
	is "$(paste -sd, out.txt)" "1,2"
	ok document log --user dora@office.example --since 2026-03-01 --until 2026-03-05 --format count
	is "$out" 0
	ok document log 1 --since 2026-03-05 --format csv --fields id,user_name
	is "$(cat out.txt)" "id,user_name
2,Dora"
	ok document log --sort -at --limit 1 --json
	holds '.items[0].document_id' 2
	ok document log --user nobody@beta.example --json
	holds '.items | length' 0
	fails 6 document log --user torto
	fails 3 document log 77
	fails 3 document log x
}

@test "D4 an opening in a session is told from one under another's name" {
	published
	ok document open 1 --as bia@beta.example --json
	holds '.data | "\(.user_email) \(.logged_in)"' "bia@beta.example false"
	(umask 077 && printf '%s\n' "$PASSWORD" >password)
	ok user passwd bia@beta.example --password-file password
	ok session login --company $BETA --email bia@beta.example --password-file password
	(umask 077 && cp out.txt bia.token)
	ok --token-file bia.token document open 1 --json --ip 203.0.113.7
	holds '.data | "\(.via) \(.user_email) \(.logged_in)"' "area bia@beta.example true"
	log_in bia@beta.example "$PASSWORD" --json
	holds '.data | "\(.via) \(.user_email) \(.logged_in)"' "email bia@beta.example true"
	ok document open 1 --via email --json
	holds .data.logged_in false
	untouched fails 2 --token-file bia.token document open 1 --via email
	untouched fails 2 --token-file bia.token document open 1 --via whatsapp
	ok --token-file bia.token document open --document-token-file link --via whatsapp
}

@test "D4 opening an attachment is logged with its own hash" {
	published
	ok document open 1 --attachment 1 --output -
	is "$out" nota
	ok document log 1 --format ndjson
	holds '"\(.attachment) \(.file_name) \(.sha256)"' "1 nota.txt $(sha256sum nota.txt | cut -d' ' -f1)"
	fails 3 document open 1 --attachment 2
	fails 2 document open 1 --attachment -1
}

@test "D4 what counts as opened is the document itself, by the client's side" {
	published
	ok document open 1
	ok document open 1 --attachment 1
	ok document open 1 --as dora@office.example
	ok document open 1 --as bia@beta.example --attachment 1
	ok document show 1 --json
	holds '.data | "\(.opened_count) \(.last_opened_at)"' "0 null"
	ok document list --unopened --format count
	is "$out" 1
	by_link
	ok document open 1 --as bia@beta.example
	ok document open 1 --via area --as bia@beta.example
	ok document show 1 --json
	holds '.data | "\(.opened_count) \(.last_opened_at)"' "3 2026-03-01T12:00:00Z"
	ok document list --opened --format count
	is "$out" 1
	ok document log 1 --format count
	is "$out" 7
}

@test "D4 no row of the log can be changed or removed" {
	published
	ok document open 1
	for statement in "DELETE FROM document_access" "UPDATE document_access SET at = 1" \
		"UPDATE document_access SET user_id = 1 WHERE id = 1"; do
		! sqlite3 portal.db "$statement" 2>message || return 1
		has "$(cat message)" "only added to"
	done
	is "$(sql "SELECT count(*) FROM document_access")" 1
}

@test "D4 refused openings are logged with the reason" {
	published
	ok company set $BETA --document-login on
	fails 4 document open 1 --via whatsapp --ip 2001:db8::1
	ok document withdraw 1
	fails 5 document open 1 --as bia@beta.example
	ok document log 1 --format ndjson
	is "$(jq -r '"\(.via) \(.ip) \(.result)"' out.txt | paste -sd,)" \
		"whatsapp 2001:db8::1 login_required,cli null withdrawn"
	ok document show 1 --json
	holds .data.opened_count 0
}

@test "S8 what was published comes out byte for byte, to a file or a pipe" {
	published
	head -c 3000000 /dev/urandom >big.bin
	ok document publish big.bin --company $BETA
	"$PORTALCTL" document open 2 --output - >copy.bin
	cmp big.bin copy.bin
	umask 022
	ok document open 2 --output saved.bin
	cmp big.bin saved.bin
	is "$(stat -c %a saved.bin)" 600 mode
	fails 1 document open 2 --output absent/saved.bin
	has "$err" "the access log has this opening all the same"
	code usage document open 2 --output -
	is "$(find . -name 'saved.bin?*')" "" "what is left"
}

@test "S8 a stored file whose bytes changed is refused, and none of it is given out" {
	published
	file=portal.db.files/${HASH:0:2}/${HASH:2}
	sed -i 's/guia/guiA/' "$file"
	code damaged document open 1 --output saved.pdf
	[ ! -e saved.pdf ]
	fails 1 document open 1 --output -
	truncate -s 5 "$file"
	fails 1 document open 1 --output -
	rm "$file"
	fails 1 document open 1 --output -
	is "$(logged | tr , '\n' | sort | uniq -c | tr -s ' ')" " 4 cli - damaged"
	ok document open 1 --attachment 1 --output -
}

@test "D1 what is opened goes into devices and pipes, and replaces no link or folder" {
	published
	mkdir folder
	mkfifo pipe
	echo old >saved.pdf
	ln -s saved.pdf symlink
	fails 1 document open 1 --output folder
	cat pipe >read.pdf &
	ok document open 1 --output pipe
	wait
	ok document open 1 --output symlink
	[ -d folder ] && [ -p pipe ] && [ -L symlink ]
	cmp read.pdf das.pdf && cmp saved.pdf das.pdf
}

@test "D4 a dry run opens nothing" {
	published
	rehearses document open 1 --output saved.pdf
	[ ! -e saved.pdf ]
}

@test "D3 whoever has the link opens the document where no login is required" {
	published
	by_link --via whatsapp --output -
	is "$status $out" "0 $(cat das.pdf)"
	by_link --json
	holds '.data | "\(.via) \(.user_email)"' "email null"
	by_link --as gil@gama.example
	is "$status" 0
	is "$(logged)" "whatsapp - opened,email - opened,email gil@gama.example opened"
	fails 2 document open 1 --document-token-file link
	fails 2 document open
}

@test "D3 a link that was forged, rotated or of a disabled company opens nothing" {
	published
	sed 's/^d1\./d2./' link >forged
	denied document open --document-token-file forged
	echo d1.AAAA >forged
	denied document open --document-token-file forged
	new_link new --rotate
	fails 4 document open --document-token-file link
	ok document open --document-token-file new
	ok document link 1 --rotate --dry-run --show-token --json
	holds .data.token null
	ok company disable $BETA
	fails 4 document open --document-token-file new
}

@test "D2 a login is required by the office's default or by the company" {
	published
	required() {
		ok document show 1 --json
		holds .data.login_required "$1"
		by_link
		is "$status" "$2" "opening by the link alone"
	}
	required false 0
	ok config set document_login on
	required true 4
	ok company set $BETA --document-login off
	required false 0
	ok company set $BETA --document-login on
	ok config set document_login off
	required true 4
	fails 2 config set document_login maybe
}

@test "D3 with a login required the link opens for users who may see the document" {
	published
	ok config set document_login on
	by_link --as bruna@beta.example
	is "$status" 0
	by_link --as gil@gama.example
	is "$status" 4
	ok document open 1
	fails 4 document open 1 --via email
	fails 4 document open 1 --via area
	is "$(logged)" "email bruna@beta.example opened,email gil@gama.example not_allowed,cli - opened,email - login_required,area - login_required"
}

@test "D3 who makes an account by the link opens that document at once and nothing else" {
	published
	ok config set document_login on
	ok document publish nota.txt --company $BETA --title Outro
	register nova@beta.example
	is "$status" 0
	holds '.data | "\(.role) \(.status) \(.area_access) \(.created_via)"' "collaborator inactive false document"
	is "$(mailed user_registered)" "beto@beta.example bia@beta.example"
	log_in nova@beta.example "$PASSWORD" --output -
	is "$status $out" "0 $(cat das.pdf)"
	ok document link 2 --show-token --json
	json .data.token >link
	log_in nova@beta.example "$PASSWORD"
	is "$status" 4 "another document"
	printf '%s' "$PASSWORD" >password
	fails 4 session login --company $BETA --email nova@beta.example --password-file password
	fails 4 document list --as nova@beta.example
	ok user activate nova@beta.example
	fails 4 session login --company $BETA --email nova@beta.example --password-file password
	fails 4 document list --as nova@beta.example
	is "$(logged)" "email nova@beta.example opened,email - login_failed"
}

@test "D3 an account made by a link opens no other document until it has the area, whatever its status" {
	published
	ok config set document_login on
	ok document publish nota.txt --company $BETA --title Outro
	register nova@beta.example
	ok user activate nova@beta.example
	ok document link 2 --show-token --json
	json .data.token >link
	log_in nova@beta.example "$PASSWORD"
	is "$status" 4 "another document"
	ok user send-area-link nova@beta.example
	log_in nova@beta.example "$PASSWORD" --output -
	is "$status $out" "0 $(cat nota.txt)"
	is "$(logged)" "email - login_failed,email nova@beta.example opened"
}

@test "D3 an account made by the link opens its document though the section is off" {
	published
	ok config set document_login on
	register nova@beta.example
	ok company set $BETA --sections tasks
	log_in nova@beta.example "$PASSWORD" --output -
	is "$status $out" "0 $(cat das.pdf)"
	is "$(logged)" "email nova@beta.example opened"
}

@test "D3 U5 U10 a login by the link opens what the user's session would" {
	published
	ok config set document_login on
	printf '%s' "$PASSWORD" >password
	for user in ana@alfa.example bruna@beta.example dora@office.example gil@gama.example; do
		ok user passwd $user --password-file password
	done
	log_in ana@alfa.example "$PASSWORD"
	is "$status" 4 "another company"
	ok group create $ALFA --name "Grupo Alfa"
	ok group link $ALFA $BETA
	for user in ana@alfa.example bruna@beta.example dora@office.example; do
		log_in $user "$PASSWORD"
		is "$status" 0 $user
	done
	ok company set $BETA --sections tasks
	log_in bruna@beta.example "$PASSWORD"
	is "$status" 4 "whose section is off"
	log_in gil@gama.example "$PASSWORD"
	is "$status" 4 "a stranger"
	is "$(logged)" "email - login_failed,email ana@alfa.example opened,email bruna@beta.example opened,email dora@office.example opened,email bruna@beta.example not_allowed,email - login_failed"
}

@test "D3 the link to the client's area opens the area to such an account" {
	published
	register nova@beta.example
	ok user activate nova@beta.example
	ok user send-area-link nova@beta.example
	printf '%s' "$PASSWORD" >password
	ok session login --company $BETA --email nova@beta.example --password-file password --json
	json .data.token >session
	ok document list --token-file session --json
	holds '.items | length' 1
	ok document open 1 --token-file session --json
	holds '.data | "\(.via) \(.user_email)"' "area nova@beta.example"
}

@test "D3 U2 the first user of a company is its admin, though by a document's link" {
	published
	ok company add 60746948000112 --name Ceres
	ok document publish das.pdf --company 60746948000112
	ok document link 2 --show-token --json
	json .data.token >link
	register eva@ceres.example
	holds '.data | "\(.role) \(.status) \(.area_access)"' "admin active false"
	log_in eva@ceres.example "$PASSWORD"
	is "$status" 0
	fails 4 document show 2 --as eva@ceres.example
	ok user send-area-link eva@ceres.example
	ok document show 2 --as eva@ceres.example
}

@test "D3 registering needs a link that is good, and one of the two" {
	published
	echo d1.AAAA >forged
	register nova@beta.example forged
	is "$status" 4
	ok document withdraw 1
	register nova@beta.example
	is "$status" 5
	ok company signup-link $BETA --json
	json .data.token >signup
	portalctl user register --document-token-file link --signup-token-file signup \
		--email nova@beta.example --name N --password-stdin < <(printf '%s' "$PASSWORD")
	is "$status" 2
	is "$(sql "SELECT count(*) FROM user WHERE email LIKE 'nova%'")" 0
}

@test "D3 U8 a login by the link tells nothing of whom there is, and has growing waits" {
	published
	ok config set document_login on
	register nova@beta.example
	log_in nova@beta.example errada
	first="$status $err"
	log_in ninguem@beta.example errada
	is "$status $err" "$first" "whether there is such a user"
	is "$status" 4
	for _ in 1 2 3 4 5 6 7 8; do log_in nova@beta.example errada; done
	code login_wait document open --document-token-file link --email nova@beta.example --password-file link
	at 2026-03-02T12:00:00Z
	log_in nova@beta.example "$PASSWORD"
	is "$status" 0
	ok user block nova@beta.example
	log_in nova@beta.example "$PASSWORD"
	is "$status" 4
	fails 2 document open 1 --email nova@beta.example
	fails 2 document open --document-token-file link --email nova@beta.example
}

@test "D4 what a web server tells is checked" {
	published
	for ip in "1.2.3.4 x" 300.1.1.1 1.2.3 1.2.3.04 2001:db8::1::2; do
		fails 6 document open 1 --ip "$ip"
	done
	fails 6 document open 1 --port 70000
	fails 2 document open 1 --via pombo
	fails 6 document open 1 --user-agent "$(printf 'a\tb')"
	fails 2 document open x
	is "$(sql "SELECT count(*) FROM document_access")" 0
	ok document open 1 --user-agent "$(printf 'é%.0s' {1..251})"
	is "$(sql "SELECT length(user_agent) FROM document_access")" 250
}
