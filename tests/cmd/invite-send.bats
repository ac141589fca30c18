load helpers
load network

SENT="invite send $BETA --email nova@beta.example"

@test "N4 the office invites unless another company is named" {
	network
	ok $SENT --name Nova --json
	holds .kind invite
	holds .action sent
	holds .changed true
	holds '.data | "\(.from_tax_id) \(.to_tax_id) \(.email) \(.contact_name)"' \
		"$OFFICE $BETA nova@beta.example Nova"
	holds '.data | "\(.status) \(.reason) \(.ended_at) \(.ended_by)"' "pending null null null"
	ok invite send $BETA --email outra@beta.example --from $ALFA --json
	holds .data.from_tax_id $ALFA
}

@test "N4 every documented key of an invite is there" {
	network
	ok $SENT --json
	for key in id status reason reason_text last_sent_at delivery_state from_country from_tax_id \
		from_name to_country to_tax_id to_name email contact_name request_id created_at \
		updated_at expires_at ended_at ended_by; do
		holds ".data | has(\"$key\")" true
	done
	holds '.data | "\(.created_at) \(.last_sent_at) \(.delivery_state)"' \
		"2026-03-01T12:00:00Z 2026-03-01T12:00:00Z queued"
	holds '.data.id | type' number
	holds .data.request_id null
}

@test "N6 an invite to a stranger is pending and makes the company known by its tax id" {
	network
	ok invite send 11.444.777/0001-61 --email x@novo.example --json
	holds .data.status pending
	holds .data.to_name null
	ok company show 11444777000161 --json
	holds .data.status unregistered
	holds .data.name null
	is "$(sql "SELECT count(*) FROM audit WHERE action = 'company.add' AND target_id = 5")" 1
	ok company add 11444777000161 --name "Enfim Ltda." --json
	holds .data.status registered
	holds .data.id 5
}

@test "N6 to a connected company a new person's invite is forwarded" {
	network
	connect $OFFICE $BETA
	ok $SENT --json
	holds .data.status forwarded
	untouched fails 5 $SENT
	has "$err" "already holds invite '2'"
	untouched ok $SENT --if-not-exists --json
	holds .data.id 2
	ok invite send $OFFICE --from $BETA --email nova@office.example --json
	holds .data.status forwarded
	ok invite send $BETA --from $ALFA --email nova@beta.example --json
	holds .data.status pending
}

@test "N6 to a connected company's own user it is a conflict" {
	network
	connect $OFFICE $BETA
	untouched fails 5 invite send $BETA --email BIA@beta.example
	has "$err" "bia@beta.example"
	code conflict invite send $BETA --email bia@beta.example
	ok invite send $BETA --from $ALFA --email bia@beta.example
}

@test "N6 a second live invite for the same two companies and e-mail is a conflict" {
	network
	ok $SENT
	untouched fails 5 invite send 02.919.305/0001-27 --email NOVA@Beta.Example
	has "$err" "portalctl invite resend 1"
	code already_exists $SENT
	is "$(jq -c .target err.txt)" '{"kind":"invite","id":1}'
	ok $SENT --from $ALFA
	ok invite send $GAMA --email nova@beta.example
	ok invite cancel 1
	ok $SENT --json
	holds .data.id 4
}

@test "N6 with --if-not-exists the live invite is the answer" {
	network
	ok $SENT
	untouched ok $SENT --if-not-exists --json
	holds '"\(.changed) \(.action) \(.data.id)"' "false unchanged 1"
}

@test "N6 nobody invites himself" {
	network
	untouched fails 6 invite send $OFFICE --email x@y.example
	has "$err" "can't invite itself"
	untouched fails 6 invite send $ALFA --from 11.222.333/0001-81 --email x@y.example
}

# told: the last answer without what differs between any two invites.
told() {
	sed -E 's/[0-9.\/-]{14,18}/TAX-ID/g; s/"id":[0-9]+/"id":N/; s/invite [0-9]+/invite N/; s/ [0-9]+ / N /g' \
		out.txt err.txt
}

@test "P8 a stranger can't tell a disabled company from one that nobody knows" {
	network
	local verb
	ok company disable $GAMA
	refused 3 "there is no company" company show $GAMA --as ana@alfa.example
	refused 5 "is disabled" invite send $GAMA --email x@y.example
	refused 5 "is disabled" invite send $GAMA --email x@y.example --as dora@office.example
	ok invite send 60746948000112 --email x@y.example --as ana@alfa.example --json
	told >unknown.send
	ok invite send $GAMA --email x@y.example --as ana@alfa.example --json
	told >disabled.send
	diff unknown.send disabled.send
	for verb in show resend cancel; do
		ok invite $verb 1 --as ana@alfa.example --json
		told >unknown
		ok invite $verb 2 --as ana@alfa.example --json
		told >disabled
		diff unknown disabled
	done
	ok invite list --status any --as ana@alfa.example --fields to_name,status --format csv
	is "$(sed 1d out.txt | tr -d '\r' | paste -sd' ')" ",cancelled ,cancelled"
	ok invite list --status any --as ana@alfa.example --search gama --format count
	is "$out" 0
	ok invite list --status any --search gama --format count
	is "$out" 1
	is "$(sql "SELECT count(*) FROM outbox WHERE recipient = 'x@y.example' AND arguments LIKE '%Gama ME%'")" 0
}

@test "P8 whoever changes its invite, a disabled company's name is told to no stranger" {
	network
	ok company disable $GAMA
	ok invite send $GAMA --email x@y.example --as ana@alfa.example
	ok invite send $GAMA --email z@y.example --as ana@alfa.example
	ok invite resend 1 --as ana@alfa.example
	ok invite refuse 1
	at 2027-03-02T12:00:00Z
	ok invite expire
	is "$out" "1 invite expired"
	is "$(sql "SELECT count(*) FROM outbox WHERE arguments LIKE '%Gama ME%'")" 0
	ok notification list --as ana@alfa.example
	case $out in *Gama*) return 1 ;; esac
	has "$out" "33.000.167/0001-01"
}

@test "N7 an invite that a disabled company got waits until it is in use again" {
	network
	ok company disable $GAMA
	ok invite send $GAMA --email gil@gama.example --as ana@alfa.example
	refused 5 "is disabled" invite accept 1
	ok company enable $GAMA
	ok invite show 1 --as ana@alfa.example --json
	is "$(json .data.to_name)" "Gama ME"
	ok invite accept 1 --as gil@gama.example
	ok company disable $GAMA
	ok invite show 1 --as ana@alfa.example --json
	is "$(json .data.to_name)" "Gama ME"
}

@test "N6 disabled companies neither invite nor are invited, nor do unregistered ones invite" {
	network
	ok company disable $GAMA
	untouched fails 5 invite send $GAMA --email x@y.example
	untouched fails 5 invite send $BETA --from $GAMA --email x@y.example
	ok invite send 11444777000161 --email x@novo.example
	untouched fails 5 invite send $BETA --from 11444777000161 --email x@y.example
	untouched fails 3 invite send $BETA --from 34028316000103 --email x@y.example
}

@test "a rehearsed invite or request is told without the number it does not have" {
	network
	ok invite send $BETA --email x@y.example --dry-run
	is "$out" "invite to 'x@y.example' sent (dry run: nothing was changed)"
	ok request send --from $ALFA --to $BETA --email x@y.example --dry-run
	is "$out" "request to 'Beta S.A.' sent (dry run: nothing was changed)"
}

@test "N10 nothing is sent again to, or from, a company that was disabled meanwhile" {
	network
	ok invite send $GAMA --email x@y.example
	ok invite send $BETA --from $GAMA --email x@y.example
	ok company disable $GAMA
	untouched refused 5 "company '33.000.167/0001-01' is disabled" invite resend 1
	untouched refused 5 "is disabled" invite resend 1 --show-token --as dora@office.example
	untouched refused 5 "is disabled" invite resend 2
	ok company enable $GAMA
	ok invite resend 1
}

@test "N5 the year is fixed when the invite is sent, in the portal's time zone" {
	network
	at 2026-03-01T02:30:00.123Z
	ok $SENT --json
	holds .data.expires_at "2027-03-01T02:30:00Z"
	at 2028-02-29T15:00:00Z
	ok invite send $GAMA --email leap@gama.example --json
	holds .data.expires_at "2029-03-01T15:00:00Z"
}

@test "N5 the mail names the last day as the portal's zone counts it" {
	network
	at 2026-03-01T02:30:00Z
	ok invite send $GAMA --email late@gama.example
	ok config set time_zone UTC
	ok invite send $GAMA --email early@gama.example
	ok outbox show "$(sql "SELECT id FROM outbox WHERE recipient = 'late@gama.example'")" --body
	has "$out" "até 28/02/2027"
	ok outbox show "$(sql "SELECT id FROM outbox WHERE recipient = 'early@gama.example'")" --body
	has "$out" "até 01/03/2027"
}

@test "N10 resend mails again and leaves the year alone" {
	network
	ok $SENT
	at 2026-05-01T12:00:00Z
	ok invite resend 1 --json
	holds .action resent
	holds '.data | "\(.expires_at) \(.last_sent_at) \(.created_at)"' \
		"2027-03-01T12:00:00Z 2026-05-01T12:00:00Z 2026-03-01T12:00:00Z"
	is "$(sql "SELECT count(*) FROM outbox WHERE recipient = 'nova@beta.example'
		AND cause_kind = 'invite' AND cause_id = 1 AND template = 'invite_sent'")" 2
	is "$(mailed invite_sent)" \
		"beto@beta.example bia@beta.example nova@beta.example nova@beta.example"
	is "$(sql "SELECT count(*) FROM audit WHERE action = 'invite.resend' AND target_id = 1")" 1
}

@test "N10 the delivery an invite shows is that of the mail sent last" {
	network
	ok $SENT
	sql "UPDATE outbox SET state = 'failed' WHERE recipient = 'nova@beta.example'"
	ok invite show 1 --json
	holds .data.delivery_state failed
	ok invite resend 1 --json
	holds .data.delivery_state queued
	ok invite show 1 --json
	holds .data.delivery_state queued
}

@test "N10 resend keeps the token, and refuses what has ended or is overdue" {
	network
	ok $SENT --show-token --json
	token=$(json .data.token)
	ok invite resend 1 --show-token --json
	holds .data.token "$token"
	at 2027-03-01T12:00:00Z
	code invite_expired invite resend 1
	ok invite cancel 1
	untouched fails 5 invite resend 1
	fails 3 invite resend 99
}

@test "N5 an overdue invite makes way as its hint says, and --if-not-exists is not content with it" {
	network
	ok invite send $BETA --from $ALFA --email nova@beta.example
	at 2027-03-01T11:59:59.999Z
	untouched ok invite send $BETA --from $ALFA --email nova@beta.example --if-not-exists
	at 2027-03-01T12:00:00Z
	untouched fails 5 invite send $BETA --from $ALFA --email nova@beta.example --if-not-exists
	has "$err" "already holds invite '1'"
	has "$err" "portalctl invite expire && portalctl invite send $BETA --email nova@beta.example --from $ALFA"
	untouched fails 5 --as ana@alfa.example invite send $BETA --email nova@beta.example
	has "$err" "portalctl invite cancel 1 && portalctl invite send $BETA --email nova@beta.example"
	ok invite expire
	ok invite send $BETA --email nova@beta.example --from $ALFA
}

@test "N4 how an invite ended is said in the reader's words" {
	network
	ok $SENT --show-token --json
	json .data.token >token
	ok invite cancel 1
	for words in "invite accept 1" "invite refuse 1" "invite resend 1"; do
		# shellcheck disable=SC2086 # words are words
		refused 5 "o convite '1' já foi encerrado (Cancelado)" --lang pt_BR $words
		# shellcheck disable=SC2086 # words are words
		refused 5 "invite '1' has ended already (cancelled)" $words
	done
	ok invite send 11444777000161 --email novo@delta.example --show-token --json
	json .data.token >token
	ok invite refuse 2
	refused 5 "este convite já foi encerrado (Recusado)" --lang pt_BR \
		invite accept --invite-token-file token --company-name Delta --name Novo
}

@test "a token that was asked for is shown, and where --fields says" {
	network
	ok $SENT --show-token --format tsv --fields token,id
	token=$(cut -f1 out.txt)
	is "$(cut -f2 out.txt)" 1
	[ -n "$token" ]
	ok invite resend 1 --show-token --format tsv --fields id
	is "$out" "1	$token"
	ok invite resend 1 --show-token
	has "$out" "TOKEN: $token"
	ok invite resend 1 --show-token -q
	is "$out" "TOKEN: $token"
	ok invite resend 1 --json
	holds '.data | has("token")' false
	for format in ids count; do
		untouched fails 2 invite resend 1 --show-token --format $format
	done
	untouched refused 2 "'token' is shown with '--show-token' alone" invite resend 1 --fields token
}

@test "tokens of a batch are shown in every format that has a place for them" {
	network
	ok $SENT
	ok invite send $BETA --email b@beta.example
	for format in table json csv tsv; do
		ok invite resend 1 2 --show-token --format $format
		is "$(grep -oE '\bi[12]\.[A-Za-z0-9_.-]{20,}' out.txt | sort -u | wc -l)" 2 "$format"
	done
	untouched fails 2 invite resend 1 2 --show-token --format ids
	ok invite resend --batch - --show-token --json < <(echo '{"id":1}')
	has "$(json '.items[0].data.token')" i1.
	portalctl invite resend --batch - --json < <(echo '{"id":1,"show_token":true}')
	holds '.items[0] | "\(.ok) \(.error.code)"' "false invalid"
}

@test "N11 the contact and each active admin of the invited company are mailed once" {
	network
	ok user add parada@beta.example --company $BETA --name Parada --role admin
	ok invite send $BETA --email Bia@beta.example
	is "$(mailed invite_sent)" "beto@beta.example bia@beta.example"
	is "$(notified invite_sent)" $BETA
}

@test "N11 no admin is left out, however many there are" {
	network
	seq -f '{"email":"a%03.0f@beta.example","name":"A","role":"admin","active":true,"company":"'$BETA'"}' \
		60 >admins.ndjson
	ok user add --batch admins.ndjson --format count
	ok $SENT
	is "$(sql "SELECT count(*), count(DISTINCT recipient) FROM outbox")" "63|63"
}

@test "N11 mail and notification are in the portal's language" {
	network
	ok config set language en
	ok $SENT
	is "$(sql "SELECT DISTINCT language FROM outbox")" en
	is "$(sql "SELECT text LIKE '%invit%' FROM notification")" 1
}

@test "O2 O4 invite, mail, notification and audit row come together or not at all" {
	network
	before=$(sql "SELECT count(*) FROM audit")
	ok $SENT
	is "$(sql "SELECT count(*) FROM audit")" $((before + 1))
	is "$(sql "SELECT action || ' ' || target_kind || ' ' || target_id FROM audit
		ORDER BY id DESC LIMIT 1")" "invite.send invite 1"
	is "$(sql "SELECT DISTINCT cause_kind || cause_id || state FROM outbox")" invite1queued
	sql "CREATE TRIGGER no BEFORE INSERT ON notification BEGIN SELECT raise(ABORT, 'no'); END"
	untouched portalctl invite send $GAMA --email x@gama.example
	[ "$status" -ne 0 ]
	sql "DROP TRIGGER no"
	sql "CREATE TRIGGER no BEFORE INSERT ON audit BEGIN SELECT raise(ABORT, 'no'); END"
	untouched portalctl invite send $GAMA --email x@gama.example
	[ "$status" -ne 0 ]
	is "$out" ""
}

@test "an idempotency key gives the first result again" {
	network
	ok $SENT --idempotency-key k1 --json
	ok invite cancel 1
	untouched ok $SENT --idempotency-key k1 --json
	holds '"\(.changed) \(.data.id) \(.data.status)"' "false 1 cancelled"
	untouched ok invite send "BR:$BETA" --email NOVA@beta.example --idempotency-key k1 --json
	holds .data.id 1
	untouched fails 5 invite send $BETA --email outra@beta.example --idempotency-key k1
	code idempotency_key_reused invite send $GAMA --email nova@beta.example --idempotency-key k1
	ok $SENT --idempotency-key k2 --json
	holds .data.id 2
}

@test "an idempotency key stands for one invite" {
	network
	untouched fails 2 invite send $BETA $GAMA --email a@b.example --idempotency-key k
	has "$err" "one record"
}

@test "an idempotency key belongs to its actor and lives 30 days" {
	network
	ok invite send $GAMA --email a@gama.example --idempotency-key k1
	ok --as ana@alfa.example invite send $GAMA --email a@gama.example --idempotency-key k1 --json
	holds .data.id 2
	ok invite cancel 1
	at 2026-03-31T11:59:59Z
	ok invite send $GAMA --email a@gama.example --idempotency-key k1 --json
	holds .data.id 1
	at 2026-03-31T12:00:00Z
	ok invite send $GAMA --email a@gama.example --idempotency-key k1 --json
	holds '"\(.changed) \(.data.id)"' "true 3"
}

@test "a failed invite does not use up its key" {
	network
	fails 6 invite send $OFFICE --email a@b.example --idempotency-key k1
	ok $SENT --idempotency-key k1
}

@test "a rehearsed invite leaves nothing behind" {
	network
	rehearses $SENT --idempotency-key k --show-token
	holds '"\(.changed) \(.action) \(.data.id) \(.data.email)"' \
		"true sent null nova@beta.example"
	rehearses invite send 11444777000161 --email x@novo.example
	untouched ok $SENT --dry-run
	ok $SENT
	rehearses invite resend 1
	untouched fails 5 $SENT --dry-run
}

@test "all faults of an invite come at once" {
	network
	untouched portalctl invite send 02919305000128 --email nobody --name $'a\nb' --json
	is "$status" 6
	is "$(jq -r '[.errors[].code] | join(" ")' err.txt)" \
		"invalid_tax_id invalid_email invalid_text"
	is "$(jq -r '[.errors[].field] | join(" ")' err.txt)" "tax_id email name"
}

@test "N9 many are invited in one batch, each with its result" {
	network
	printf '%s\n' '{"to-tax-id":"'$BETA'","email":"x@beta.example"}' \
		'{"to-tax-id":"02919305000128","email":"x@beta.example"}' \
		'{"to-tax-id":"'$GAMA'","email":"x@gama.example"}' >in.ndjson
	portalctl invite send --batch in.ndjson --format ndjson
	is "$status" 7
	is "$(jq -r 'select(.kind == "result") | "\(.line) \(.ok) \(.data.id)"' out.txt | paste -sd,)" \
		"1 true 1,2 false null,3 true 2"
	sed 's/"x@/"y@/' in.ndjson >more.ndjson
	untouched portalctl invite send --batch more.ndjson --atomic
	is "$status" 6
	untouched portalctl invite send --batch more.ndjson --dry-run --json
	is "$status" 7
}

@test "who is invited may be named by id" {
	network
	ok invite send 3 --email novo@beta.example --json
	holds .data.to_tax_id $BETA
	fails 5 invite send $BETA --email novo@beta.example
	untouched refused 3 "there is no company '99'" invite send 99 --email novo@beta.example
}

# mail TEMPLATE RECIPIENT: the subject and text of that mail, in out.
mail() {
	ok outbox show "$(sql "SELECT max(id) FROM outbox WHERE template = '$1' AND recipient = '$2'")" \
		--body --json
	out=$(json '.data | .subject, .body')
}

# hasnt TEXT PART
hasnt() {
	[[ $1 != *"$2"* ]] || is "$1" "a text without '$2'"
}

@test "N6 N7 the mails of an access request ask for nothing but an admin's answer" {
	local lang
	network
	ok invite send $BETA --email nova@beta.example
	ok invite accept 1
	for lang in pt_BR en; do
		ok config set language $lang
		ok invite send $BETA --email um@${lang%_*}.example
		mail invite_sent um@${lang%_*}.example
		hasnt "$out" …
		hasnt "$out" "a se conectar"
		hasnt "$out" "to connect"
		ok invite accept "$(sql "SELECT max(id) FROM invite")"
		mail invite_accepted dora@office.example
		has "$out" um@${lang%_*}.example
		hasnt "$out" "empresas estão conectadas"
		hasnt "$out" "companies are connected"
	done
	mail invite_sent um@pt.example
	has "$out" "pede a Beta S.A. um acesso ao portal"
	has "$out" "dê a um@pt.example acesso ao portal."
	has "$out" "Quem aceita ou recusa é um administrador de Beta S.A., no portal."
	mail invite_sent um@en.example
	has "$out" "asks Beta S.A. for access to the portal"
	has "$out" "An admin of Beta S.A. accepts or refuses this in the portal."
	ok config set language pt_BR
	ok invite send $BETA --email tarde@beta.example
	at 2027-03-01T12:00:00Z
	ok invite expire
	mail invite_expired tarde@beta.example
	has "$out" "Para que tarde@beta.example tenha acesso"
	hasnt "$out" "se conectem"
}

@test "N7 the link is for the contact of a company that has no users yet" {
	network
	ok invite send $BETA --email nova@beta.example --message Oi
	mail invite_sent nova@beta.example
	has "$out" "a se conectar pelo portal"
	has "$out" "Quem aceita ou recusa é um administrador de Beta S.A., no portal."
	hasnt "$out" …
	ok invite send 11444777000161 --email novo@delta.example
	mail invite_sent novo@delta.example
	has "$out" "Para aceitar ou recusar o convite, acesse:

…"
	hasnt "$out" administrador
}

@test "mails print a tax id as people do" {
	network
	ok invite send $BETA --email nova@beta.example
	ok invite accept 1
	mail invite_accepted dora@office.example
	has "$out" "Beta S.A. (02.919.305/0001-27) aceitou"
	ok user passwd bia@beta.example --send-link
	mail access_link bia@beta.example
	has "$out" "(02.919.305/0001-27)"
	ok contact add --company $BETA --name Rui --email rui@beta.example
	ok contact allow rui@beta.example --company $BETA --send-password
	mail temporary_password rui@beta.example
	has "$out" "(02.919.305/0001-27)"
	ok connection end 1
	mail connection_ended bia@beta.example
	has "$out" "65.635.571/0001-48"
	has "$out" "02.919.305/0001-27"
	ok request send --from $GAMA --to $ALFA --email gil@gama.example
	mail request_sent ana@alfa.example
	has "$out" "(33.000.167/0001-01)"
}
