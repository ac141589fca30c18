load helpers
load network

# Office: dora (admin). Alfa: ana (admin), caio. Beta: bia, beto (admins), bruna.
# Gama: gil (admin), a stranger to Alfa and Beta. Invite 1 goes from Alfa to Beta.
cast() {
	network
	ok user add caco@office.example --company $OFFICE --name Caco --active
	ok invite send $BETA --from $ALFA --email novo@beta.example
}

# denials: how many were written down.
denials() {
	sql "SELECT count(*) FROM audit WHERE action = 'denied'"
}

# hidden NOUN VERB ARGS... --as WHO with ID: as if it were not there.
same_as_absent() {
	local who=$1 noun=$2 verb=$3 id=$4 absent=$5
	fails 3 --as "$who" "$noun" "$verb" "$id"
	sed "s/'$id'/'ID'/g; s/:$id}/:ID}/g" err.txt >hidden.txt
	fails 3 --as "$who" "$noun" "$verb" "$absent"
	sed "s/'$absent'/'ID'/g; s/:$absent}/:ID}/g" err.txt >absent.txt
	cmp hidden.txt absent.txt
	code not_found --as "$who" "$noun" "$verb" "$id"
	sed "s/'$id'/'ID'/g; s/:$id}/:ID}/g" err.txt >hidden.txt
	code not_found --as "$who" "$noun" "$verb" "$absent"
	sed "s/'$absent'/'ID'/g; s/:$absent}/:ID}/g" err.txt >absent.txt
	cmp hidden.txt absent.txt
}

@test "N7 only an admin of the invited company accepts or refuses" {
	cast
	for who in caio ana; do
		forbidden invite 1 --as $who@alfa.example invite accept 1
		forbidden invite 1 --as $who@alfa.example invite refuse 1
	done
	forbidden invite 1 --as bruna@beta.example invite accept 1
	forbidden invite 1 --as bruna@beta.example invite refuse 1
	forbidden invite 1 --as dora@office.example invite accept 1
	forbidden invite 1 --as caco@office.example invite refuse 1
	ok invite show 1 --json
	holds .data.status pending
	ok --as beto@beta.example invite accept 1
}

@test "N7 only an admin of the issuer cancels and sends again" {
	cast
	for who in bia@beta.example bruna@beta.example caio@alfa.example dora@office.example; do
		forbidden invite 1 --as $who invite cancel 1
		forbidden invite 1 --as $who invite resend 1
	done
	ok --as ana@alfa.example invite resend 1
	ok --as ana@alfa.example invite cancel 1
}

@test "N4 one invites in the name of one's own company only" {
	cast
	ok --as ana@alfa.example invite send $GAMA --email x@gama.example --json
	holds .data.from_tax_id $ALFA
	forbidden company 2 --as caio@alfa.example invite send $GAMA --email y@gama.example
	forbidden company 3 --as ana@alfa.example invite send $GAMA --from $BETA --email y@gama.example
	forbidden company 2 --as dora@office.example invite send $GAMA --from $ALFA --email y@gama.example
	is "$(sql "SELECT acting_as FROM audit WHERE action = 'invite.send' ORDER BY id DESC LIMIT 1")" \
		"ana@alfa.example/$ALFA"
}

@test "what is another's looks as if it were not there" {
	cast
	for verb in show accept refuse cancel resend; do
		same_as_absent gil@gama.example invite $verb 1 7
	done
	same_as_absent gil@gama.example user show ana@alfa.example xyz@alfa.example
	same_as_absent gil@gama.example user activate caio@alfa.example xyzw@alfa.example
	ok invite send 34028316000103 --email x@delta.example
	same_as_absent gil@gama.example company show 34028316000103 33683111000107
}

@test "lists show what is one's own, and staff see all" {
	cast
	ok invite send $GAMA --email x@gama.example
	for pair in "ana@alfa.example:1" "bruna@beta.example:1" "gil@gama.example:2" \
		"dora@office.example:1 2" "caco@office.example:1 2"; do
		ok --as "${pair%%:*}" invite list --format ids
		is "$(paste -sd' ' out.txt)" "${pair#*:}" "seen by $pair"
	done
	ok --as gil@gama.example invite list --search alfa --format count
	is "$out" 0
	ok --as ana@alfa.example user list --format tsv --fields email
	is "$(paste -sd' ' out.txt)" "ana@alfa.example caio@alfa.example"
	ok --as caco@office.example user list --format count
	is "$out" 8
}

@test "a filter accepts only what the actor may accept" {
	cast
	ok invite send $GAMA --email x@gama.example
	ok --as gil@gama.example invite accept --all --json
	holds '[.items[].data.id] | join(" ")' 2
	portalctl --as bruna@beta.example invite accept --all --json
	is "$status" 4
	ok invite show 1 --json
	holds .data.status pending
}

@test "the office's settings, states and jobs are the office's" {
	cast
	for words in "status" "due" "config list" "config get language" "config set language en" \
		"invite expire" "company add 34028316000103 --name D" "company disable $GAMA" \
		"company enable $GAMA" "db check"; do
		before=$(denials)
		# shellcheck disable=SC2086 # words are words
		fails 4 --as ana@alfa.example $words
		is "$(denials)" $((before + 1)) "denials of $words"
	done
	ok --as caco@office.example status
	fails 4 --as caco@office.example invite expire
	ok --as dora@office.example invite expire
	ok --as dora@office.example company add 34028316000103 --name D
	fails 4 --as dora@office.example db check
}

@test "U5 admins of the company or the office add and activate its users" {
	cast
	ok user add lia@alfa.example --company $ALFA --name Lia
	fails 4 --as caio@alfa.example user activate lia@alfa.example
	fails 3 --as bia@beta.example user activate lia@alfa.example
	fails 4 --as caco@office.example user activate lia@alfa.example
	ok --as ana@alfa.example user activate lia@alfa.example
	ok --as dora@office.example user add leo@alfa.example --company $ALFA --name Leo --active
	fails 4 --as caio@alfa.example user add x@alfa.example --company $ALFA --name X
	fails 4 --as bia@beta.example user add x@alfa.example --company $ALFA --name X
	fails 4 --as ana@alfa.example company set $BETA --name Roubada
	ok --as ana@alfa.example company set $ALFA --trade-name Alfinha
	fails 4 --as caio@alfa.example company set $ALFA --trade-name Alfona
}

@test "a denial is written down even though nothing else is" {
	cast
	rows=$(sql "SELECT count(*) FROM audit")
	fails 4 --as caio@alfa.example invite cancel 1
	is "$(sql "SELECT count(*) FROM audit")" $((rows + 1))
	is "$(sql "SELECT acting_as, action, target_kind, target_id, changes FROM audit
		ORDER BY id DESC LIMIT 1")" \
		"caio@alfa.example/$ALFA|denied|invite|1|{\"action\":[null,\"invite.cancel\"]}"
	code denied --as caio@alfa.example invite cancel 1
	is "$(jq -c .target err.txt)" '{"kind":"invite","id":1}'
}

@test "nobody acts who is unknown, inactive, blocked or of a disabled company" {
	cast
	ok user add lia@alfa.example --company $ALFA --name Lia
	sql "UPDATE \"user\" SET status = 'blocked' WHERE email = 'caio@alfa.example'"
	ok company disable $GAMA
	for who in nobody@alfa.example lia@alfa.example caio@alfa.example gil@gama.example \
		"ana@alfa.example/$BETA" nonsense "ana@alfa.example/" "ana@alfa.example/123"; do
		denied --as "$who" invite list
		is "$err" "portalctl: '$who' is not an active user of this portal" "answer to $who"
	done
	untouched fails 2 --as "" invite list
}

@test "an actor is named in any way a company and an e-mail are" {
	cast
	for who in "Ana@Alfa.example" "ana@alfa.example/$ALFA" "ANA@alfa.example/11.222.333/0001-81" \
		"ana@alfa.example/BR $ALFA"; do
		ok --as "$who" invite list --format ids
		is "$out" 1 "seen by $who"
	done
	PORTALCTL_AS=ana@alfa.example ok invite list --format ids
	is "$out" 1
}

@test "P8 a denial is written at the true time, whatever clock was asked for" {
	unset PORTALCTL_NOW
	export PORTALCTL_DB=portal.db
	ok init --office 65635571000148 --name X
	ok user add ana@x.example --company 65635571000148 --name Ana
	ok company add 02919305000127 --name M
	ok user add bia@m.example --company 02919305000127 --name Bia
	fails 4 --as bia@m.example --now 2035-01-01T00:00:00Z audit list
	is "$(sql "SELECT action, at < 2000000000000 FROM audit ORDER BY id DESC LIMIT 1")" "denied|1"
}

@test "what others may know of a company is how to name it" {
	cast
	ok company set $BETA --email contato@beta.example --relation supplier
	ok --as ana@alfa.example company show $BETA --json
	holds '.data | [.name != null, .email, .relation, .document_login, .sections] | tostring' \
		"[true,null,null,null,[]]"
	ok --as ana@alfa.example company list --json
	holds '[.items[] | select(.email != null) | .tax_id] | tostring' "[\"$ALFA\"]"
	ok --as ana@alfa.example company list --relation supplier --format count
	is "$out" 0
	fails 4 --as ana@alfa.example company set $ALFA --relation supplier
	fails 4 --as ana@alfa.example company set $ALFA --document-login off
	ok --as ana@alfa.example company set $ALFA --phone "(11) 3333-4444"
}

@test "N9 all means all that one may answer" {
	cast
	ok invite send $ALFA --email novo@alfa.example
	ok invite send 11444777000161 --from $ALFA --email x@outro.example
	ok --as ana@alfa.example invite list --to 11444777000161 --format count
	is "$out" 1
	ok --as ana@alfa.example invite refuse --all --json
	holds '.summary | "\(.ok) \(.failed)"' "1 0"
	ok --as ana@alfa.example invite cancel --all --json
	holds '.summary.failed' 0
}
