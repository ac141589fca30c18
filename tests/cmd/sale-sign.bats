load helpers
load network

# A sale that was sent to Beta, and tokens of Bia, Bruna (Beta), Gil (Gama), Dora.
signable() {
	local who
	network
	echo "cavalo correto bateria" >given
	echo "bateria cavalo correto" >password
	ok sale add --company $BETA --item "Folha;12;89.90" --item "Balanço;1;1500"
	ok sale send 1
	for who in "$@"; do
		own_password "$who" password
		login "$who"
	done
}

# own_password WHO FILE: set with a link as it is mailed, which nobody was shown.
own_password() {
	link_of "$1"
	sql 'UPDATE "user" SET access_shown = 0'
	ok user passwd --access-token-file link --password-file "$2"
}

# link_of WHO: the token of a new link, which is shown.
link_of() {
	ok user passwd "$1" --send-link --show-token --json
	json .data.token >link
}

# login WHO [PASSWORD-FILE]
login() {
	local company=$BETA
	case $1 in
	*@gama*) company=$GAMA ;;
	*@office*) company=$OFFICE ;;
	*@alfa*) company=$ALFA ;;
	*@delta*) company=34028316000103 ;;
	*@novo*) company=11444777000161 ;;
	*@outra*) company=45997418000153 ;;
	esac
	ok session login --company $company --email "$1" --password-file "${2:-password}"
	(umask 077 && cp out.txt "${1%%@*}.token")
}

# sign WHO ARGS...
sign() {
	portalctl --token-file "$1.token" sale sign 1 --accept-terms "${@:2}"
}

signed() {
	signable bia@beta.example
	sign bia --ip 203.0.113.7 --port 40112 --user-agent "Mozilla/5.0" --role sócio-administrador \
		--cpf 123.456.789-09 --capacity "contrato social, cláusula 5ª"
	is "$status" 0 "$err"
}

record() {
	sed -n 3p evidence.txt | jq -r "$1"
}

@test "P3 a signature needs a session of the signer's own and the terms" {
	signable bia@beta.example gil@gama.example dora@office.example
	untouched fails 2 --as bia@beta.example sale sign 1 --accept-terms
	has "$err" "session of their own"
	untouched fails 2 sale sign 1 --accept-terms
	untouched fails 2 --token-file bia.token sale sign 1
	has "$err" "--accept-terms"
	fails 3 --token-file gil.token sale sign 1 --accept-terms
	fails 4 --token-file dora.token sale sign 1 --accept-terms
	for words in "--cpf 12345678900" "--cpf $BETA" "--cpf AR:20123456786" "--ip 1.2.3" "--ip 1.2.3.4.5" "--port 65536" "--port -1" \
		"--opened-at 2026-02-28T00:00:00Z" "--opened-at 2026-03-01T12:00:01Z"; do
		# shellcheck disable=SC2086 # words are words
		untouched fails 6 --token-file bia.token sale sign 1 --accept-terms $words
	done
	rehearses --token-file bia.token sale sign 1 --accept-terms
}

@test "P3 with a password that somebody else set nobody signs" {
	signable bia@beta.example
	ok user passwd bruna@beta.example --password-file given
	login bruna@beta.example given
	denied --token-file bruna.token sale sign 1 --accept-terms
	has "$err" "ask for a link by mail"
	has "$err" "portalctl user passwd bruna@beta.example --send-link"
	denied --token-file bruna.token sale sign 1 --accept-terms --dry-run
	ok --as bruna@beta.example user passwd bruna@beta.example --password-file password
	login bruna@beta.example
	denied --token-file bruna.token sale sign 1 --accept-terms
	ok user passwd bia@beta.example --password-file given
	login bia@beta.example given
	denied --token-file bia.token sale sign 1 --accept-terms
	ok user add lia@beta.example --company $BETA --name Lia --active --password-file given
	login lia@beta.example given
	denied --token-file lia.token sale sign 1 --accept-terms
	ok contact add --company $BETA --name Rui --email rui@beta.example
	ok contact allow rui@beta.example --company $BETA --password-file given
	login rui@beta.example given
	denied --token-file rui.token sale sign 1 --accept-terms
}

@test "P3 with a password that somebody else could have set nobody signs" {
	signable bia@beta.example
	ok user passwd bruna@beta.example --password-file given
	login bruna@beta.example given
	ok --token-file bruna.token user passwd bruna@beta.example --password-file password \
		--current-password-file given
	login bruna@beta.example
	denied --token-file bruna.token sale sign 1 --accept-terms
	link_of bia@beta.example
	login bia@beta.example
	ok user passwd --access-token-file link --password-file given
	login bia@beta.example given
	denied --token-file bia.token sale sign 1 --accept-terms
	ok audit list --action user.passwd --json
	has "$out" '"access_link":[null,"shown"]'
	ok contact add --company $BETA --name Rui --email rui@beta.example
	ok contact allow rui@beta.example --company $BETA --show-token --json
	json .data.token >link
	ok user passwd --access-token-file link --password-file password
	login rui@beta.example
	denied --token-file rui.token sale sign 1 --accept-terms
	link_of bruna@beta.example
	ok --token-file bruna.token user passwd bruna@beta.example --send-link
	fails 4 user passwd --access-token-file link --password-file password
	is "$(sql "SELECT access_shown FROM \"user\" WHERE email = 'bruna@beta.example'")" 0
}

@test "P3 with a password set by a link that was mailed alone, or changed from it, one signs" {
	signable bruna@beta.example
	ok --token-file bruna.token user passwd bruna@beta.example --password-file given \
		--current-password-file password
	login bruna@beta.example given
	sign bruna
	is "$status" 0 "$err"
}

@test "P3 who registered, or came by an invite, signs with the password of then" {
	network
	echo "bateria cavalo correto" >password
	ok company add 34028316000103 --name Delta
	ok company signup-link 34028316000103 --json
	json .data.token >link
	ok user register --signup-token-file link --email dani@delta.example --name Dani \
		--password-file password
	ok sale add --company 34028316000103 --item "Folha;1;1"
	ok sale send 1
	login dani@delta.example
	sign dani
	is "$status" 0 "$err"
	ok invite send 11444777000161 --email eva@novo.example --show-token --json
	json .data.token >link
	ok invite accept --invite-token-file link --company-name Novo --name Eva \
		--password-file password
	ok sale add --company 11444777000161 --item "Folha;1;1"
	ok sale send 2
	login eva@novo.example
	denied --token-file eva.token sale sign 2 --accept-terms
	ok audit list --action invite.token --json
	has "$out" '"token":[null,"shown"]'
	ok invite send 45997418000153 --email ivo@outra.example --show-token --json
	json .data.token >link
	sql "UPDATE invite SET token_shown = 0"
	ok invite accept --invite-token-file link --company-name Outra --name Ivo \
		--password-file password
	ok sale add --company 45997418000153 --item "Folha;1;1"
	ok sale send 3
	login ivo@outra.example
	ok --token-file ivo.token sale sign 3 --accept-terms
}

@test "P3 of a long user agent whole characters are kept" {
	signable bia@beta.example
	sign bia --user-agent "x$(printf 'é%.0s' {1..200})"
	is "$status" 0 "$err"
	ok sale export 1
	cp out.txt evidence.txt
	is "$(record .user_agent)" "x$(printf 'é%.0s' {1..149})"
	is "$(record '[.signer.cpf, .signer.capacity] | tostring')" "[null,null]"
}

@test "P2 a signature that can't tell the time zone fails with a sentence" {
	command -v strace >/dev/null || skip "there is no strace"
	signable bia@beta.example
	run strace -qqq -o /dev/null -P /usr/share/zoneinfo/America/Sao_Paulo \
		-e inject=openat:error=EACCES "$PORTALCTL" --token-file bia.token \
		sale sign 1 --accept-terms
	is "$status" 1 "$output"
	ok sale show 1 --json
	holds .data.status sent
}

@test "P3 the record says who, what exactly, when, from where, under which terms" {
	local hash
	signed
	ok sale show 1 --json
	holds '.data | "\(.status) \(.signed_at) \(.signed_by) \(.ended_by)"' \
		"signed 2026-03-01T12:00:00Z bia@beta.example bia@beta.example/$BETA"
	ok sale export 2026-0001
	cp out.txt evidence.txt
	is "$(wc -l <evidence.txt)" 5
	is "$(record '[.level, .portal, .seq, .prev] | tostring')" \
		"[\"simple\",\"$(sql "SELECT portal_id FROM portal")\",1,null]"
	is "$(record '[.signer.name, .signer.email, .signer.role, .signer.company] | join("|")')" \
		"Bia|bia@beta.example|sócio-administrador|BR $BETA"
	is "$(record '[.signer.cpf, .signer.capacity, .utc_offset] | join("|")')" \
		"12345678909|contrato social, cláusula 5ª|-03:00"
	is "$(record '[.ip, .port, .user_agent, .opened_at, .accepted_at, .time_zone] | tostring')" \
		'["203.0.113.7",40112,"Mozilla/5.0",null,"2026-03-01T12:00:00Z","America/Sao_Paulo"]'
	is "$(record '[.auth.method, .auth.login_at, .auth.session_id, .auth.remember] | tostring')" \
		'["password","2026-03-01T12:00:00Z",1,false]'
	hash=$(sed -n 2p evidence.txt | tr -d '\n' | sha256sum | cut -d' ' -f1)
	is "$(record .sale.content_sha256)" "$hash"
	is "$(sed -n 2p evidence.txt | jq -c '[.number, .total_cents, .items[0].quantity]')" \
		'["2026-0001",257880,"12"]'
	is "$(record .terms.text | head -c -1 | sha256sum | cut -d' ' -f1)" "$(record .terms.sha256)"
	has "$(record .terms.text | tr '\n' ' ')" "art. 10, § 2º, da Medida Provisória nº 2.200-2"
	ok sale terms 1 --json
	holds .data.sha256 "$(record .terms.sha256)"
	is "$(sql "SELECT count(*) FROM audit WHERE action = 'sale.sign' AND changes LIKE '%' ||
		'$(sed -n 3p evidence.txt | tr -d '\n' | sha256sum | cut -d' ' -f1)' || '%'")" 1
	is "$(sql "SELECT count(*) FROM outbox WHERE template = 'sale_signed'")" 3
	ok audit verify
}

@test "P3 the seal is plain Ed25519 that other programs check" {
	command -v openssl >/dev/null || skip "there is no openssl"
	signed
	ok sale export 1
	cp out.txt evidence.txt
	ok sale public-key --json
	json .data.pem >key.pem
	sed -n 3p evidence.txt | tr -d '\n' >record
	echo "$(sed -n '4s/seal ed25519 //p' evidence.txt)==" | base64 -d >seal
	openssl pkeyutl -verify -pubin -inkey key.pem -rawin -in record -sigfile seal
	ok sale verify ./evidence.txt --public-key key.pem --json
	holds '.data.checks.pinned_key' ok
}

@test "P3 verify checks a file without any portal, and names level and checks" {
	signed
	ok sale export 1 --output a.evidence
	is "$(stat -c %a a.evidence)" 600
	fails 5 sale export 1 --output a.evidence
	ok sale public-key
	cp out.txt office.key
	rm -f portal.db*
	unset PORTALCTL_NOW
	ok sale verify a.evidence --public-key office.key --json
	holds '.data | "\(.holds) \(.level) \(.number) \(.signed_by) \(.company_tax_id)"' \
		"true simple 2026-0001 bia@beta.example $BETA"
	holds '.data.checks | to_entries | map("\(.key)=\(.value)") | join(" ")' \
		"format=ok content=ok record=ok terms=ok seal=ok key=ok pinned_key=ok level=ok chain=absent sale=absent signer_signature=absent timestamp=absent"
	PORTALCTL_LANG=en ok sale verify a.evidence --public-key office.key
	has "$out" "office alone (simples"
	portalctl sale verify - --json < <(cat a.evidence)
	is "$status" 0
	has "$err" "--public-key"
	holds '.data | "\(.holds) \(.level) \(.checks.pinned_key)"' "true unpinned absent"
	PORTALCTL_LANG=en portalctl sale verify a.evidence
	is "$status" 0
	has "$err" "no key is pinned, so anybody may have made 'a.evidence'"
	has "$out" "not shown: anybody may have sealed it"
	is "$(grep -c "office alone" out.txt)" 0
	sed 's/Folha/Falha/' a.evidence >b.evidence
	portalctl sale verify b.evidence --json
	is "$status" 6
	holds '.data | "\(.holds) \(.level) \(.failed | join(" "))"' "false none content"
	sed '3s/sócio/socio/; s/Folha/Falha/' a.evidence >b.evidence
	portalctl sale verify b.evidence --json
	holds '.data.failed | join(" ")' "content seal"
	printf 'key ed25519 vPPAzYvlUjoIJcowJD5vQnShRfNLqBMX1siNFoGzuPk\n' >other.key
	portalctl sale verify a.evidence --public-key other.key --json
	is "$status" 6
	holds '.data.failed | join(" ")' "pinned_key"
	fails 6 sale verify a.evidence --public-key a.evidence
	fails 1 sale verify ./nothing
}

@test "P3 several are verified, and the terms of several shown, at once" {
	signed
	ok sale add --company $BETA --item "b;1;1"
	ok sale send 2
	ok --token-file bia.token sale sign 2 --accept-terms
	ok sale verify 1 2026-0002 --json
	holds '[.items[].data | "\(.number) \(.holds)"] | join(",")' "2026-0001 true,2026-0002 true"
	ok sale public-key
	cp out.txt office.key
	ok sale export 1 --output a.evidence
	ok sale export 2
	sed 's/"b"/"c"/' out.txt >b.evidence
	ok sale verify 1 --lang pt_BR --tz America/Sao_Paulo
	has "$out" "01/03/2026 09:00"
	portalctl sale verify a.evidence b.evidence ./nothing --public-key office.key --json
	is "$status" 7
	holds '[.items[] | "\(.ok) \(.data.level)"] | join(",")' "true simple,false none,false null"
	portalctl sale verify b.evidence b.evidence --public-key office.key --json
	is "$status" 6
	ok sale terms 1 2 --json
	holds '[.items[].data.number] | join(",")' "2026-0001,2026-0002"
	ok sale terms 1 --json
	holds .kind sale.terms
}

@test "P3 what another hand changed in the database is found" {
	signed
	ok sale add --company $BETA --item "b;1;1"
	ok sale send 2
	ok --token-file bia.token sale sign 2 --accept-terms
	ok sale verify 1 --json
	holds '.data | "\(.holds) \(.checks.chain) \(.checks.sale) \(.checks.pinned_key)"' "true ok ok ok"
	ok sale verify 2026-0002
	tampered "UPDATE sale SET signed_by = 'x@y.example' WHERE id = 1" "sale"
	tampered "UPDATE sale_item SET description = 'x' WHERE sale_id = 1" "sale"
	tampered "DELETE FROM sale_item WHERE sale_id = 1 AND place = 2" "sale"
	tampered "UPDATE sale_signature SET record = replace(record, '203.0.113.7', '203.0.113.8') WHERE id = 1" "seal chain"
	tampered "UPDATE sale_signature SET content = replace(content, 'Folha', 'Falha') WHERE id = 1" "content sale"
	tampered "UPDATE sale_signature SET id = 7 WHERE id = 2" "chain"
	tampered "DELETE FROM sale_signature WHERE id = 2" "chain"
	tampered "DELETE FROM sale_signature WHERE id = 2; UPDATE audit SET changes = NULL
		WHERE action = 'sale.sign'" "chain"
	sqlite3 portal.db "DROP TRIGGER sale_signature_removed; DELETE FROM sale_signature WHERE id = 2"
	code damaged sale verify 2
}

# tampered SQL FAILED: the database without its triggers is changed; verify says what failed.
tampered() {
	cp portal.db kept.db
	sqlite3 portal.db "SELECT 'DROP TRIGGER ' || name || ';' FROM sqlite_schema
		WHERE type = 'trigger' AND name LIKE 'sale%'" | sqlite3 portal.db
	sqlite3 portal.db "$1"
	portalctl sale verify 1 --json
	is "$status" 6 "status after $1"
	holds '.data.failed | join(" ")' "$2"
	rm -f portal.db-wal portal.db-shm
	cp kept.db portal.db
}

# A signed sale stays as it is, whoever asks and by whatever way.
never_changes() {
	local words
	for words in "sale set 1 --item a;1;1" "sale cancel 1" "sale send 1" "sale refuse 1"; do
		# shellcheck disable=SC2086 # words are words
		untouched fails 5 $words
	done
	for words in "UPDATE sale SET status = 'sent', signed_at = NULL, ended_at = NULL" \
		"UPDATE sale SET reason = 'x'" "DELETE FROM sale" "DELETE FROM sale_item" \
		"UPDATE sale_item SET quantity_micro = 1" "DELETE FROM sale_signature" \
		"UPDATE sale_signature SET record = ''" \
		"INSERT INTO sale_signature VALUES (9, 1, '', '', '', '', 1)"; do
		! sqlite3 portal.db "$words" 2>/dev/null || { echo "done: $words"; return 1; }
	done
}

@test "P2 a signed sale is never changed" {
	signed
	never_changes
	ok sale verify 1
}

@test "P3 signing twice is one signature; others come too late" {
	signable bia@beta.example bruna@beta.example
	sign bia
	is "$status" 0
	untouched ok --token-file bia.token sale sign 1 --accept-terms --json
	holds .changed false
	code wrong_state --token-file bruna.token sale sign 1 --accept-terms
	is "$(sql "SELECT count(*) FROM sale_signature")" 1
}

@test "P3 of many at a time one signs" {
	signable bia@beta.example bruna@beta.example
	for i in 1 2 3; do
		for who in bia bruna; do
			"$PORTALCTL" --token-file $who.token sale sign 1 --accept-terms >/dev/null 2>&1 &
		done
	done
	wait
	is "$(sql "SELECT count(*) FROM sale_signature")" 1
	ok sale verify 1
}

@test "P3 what is over, refused or not sent is not signed" {
	signable bia@beta.example
	ok sale add --company $BETA --item "b;1;1" --valid-until 2026-03-01
	ok sale send 2
	ok sale add --company $BETA --item "c;1;1"
	ok sale send 3
	ok sale refuse 3
	ok sale add --company $BETA --item "d;1;1"
	at 2026-03-02T03:00:00Z
	login bia@beta.example
	code wrong_state --token-file bia.token sale sign 2 --accept-terms
	has "$(jq -r .message err.txt)" "2026-03-01"
	code wrong_state --token-file bia.token sale sign 3 --accept-terms
	code not_found --token-file bia.token sale sign 4 --accept-terms
}

@test "U5 U10 a collaborator signs while the section is on, a user of the group too" {
	signable bruna@beta.example caio@alfa.example
	ok company set $BETA --sections documents
	code not_found --token-file bruna.token sale sign 1 --accept-terms
	ok company set $BETA --sections sales
	ok group create $ALFA
	code not_found --token-file caio.token sale sign 1 --accept-terms
	ok group link $ALFA $BETA
	ok --token-file caio.token sale sign 1 --accept-terms
	ok sale export 1
	is "$(sed -n 3p out.txt | jq -r '.signer.company + " for " + .sale.company')" "BR $ALFA for BR $BETA"
}

@test "P3 only what is signed has evidence" {
	signable bia@beta.example
	code wrong_state sale export 1
	code wrong_state sale verify 1
	code wrong_state --as bia@beta.example sale export 1
	fails 2 sale verify 1 --public-key x
	ok --as bruna@beta.example sale public-key
}
