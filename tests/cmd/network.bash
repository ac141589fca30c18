# For the tests of what happens between companies: a portal of an office with
# three companies. Alfa has an admin and a collaborator, Beta two admins and a
# collaborator, Gama one admin, who is a stranger to what Alfa and Beta do.

OFFICE=65635571000148 ALFA=11222333000181 BETA=02919305000127 GAMA=33000167000101

network() {
	local made=$BATS_RUN_TMPDIR/network file

	export PORTALCTL_DB=$BATS_TEST_TMPDIR/portal.db PORTALCTL_NOW=2026-03-01T12:00:00Z
	(
		flock 8
		[ -d "$made" ] && exit
		mkdir "$made.new"
		PORTALCTL_DB=$made.new/portal.db make_network
		mv "$made.new" "$made"
	) 8>"$made.lock"
	for file in "$made"/portal.db*; do cp -p "$file" .; done
}

# Made once in a run of the tests; each test has a copy.
make_network() {
	ok init --office $OFFICE --name "Escritório Modelo" --allow-clock-override
	ok config set password_cost 10
	ok company add $ALFA --name "Alfa Ltda." --email contato@alfa.example
	ok company add $BETA --name "Beta S.A." --email contato@beta.example
	ok company add $GAMA --name "Gama ME"
	ok user add dora@office.example --company $OFFICE --name Dora
	ok user add ana@alfa.example --company $ALFA --name Ana
	ok user add caio@alfa.example --company $ALFA --name Caio --active
	ok user add bia@beta.example --company $BETA --name Bia
	ok user add beto@beta.example --company $BETA --name Beto --role admin --active
	ok user add bruna@beta.example --company $BETA --name Bruna --active
	ok user add gil@gama.example --company $GAMA --name Gil
}

# no_settings: the portal has those it was made with, and passwords cost what they do.
no_settings() {
	sql "DELETE FROM setting"
}

# sql STATEMENT: what the database holds, "|" between columns.
sql() {
	sqlite3 "$PORTALCTL_DB" "$1"
}

# fingerprint: changes when anything in the database does.
fingerprint() {
	sqlite3 "$PORTALCTL_DB" .dump | sha256sum
}

# mailed TEMPLATE: who got that mail, in one line.
mailed() {
	sql "SELECT recipient FROM outbox WHERE template = '$1' ORDER BY recipient" | paste -sd' '
}

# notified KIND: the companies whose admins were notified, in one line.
notified() {
	sql "SELECT c.tax_id FROM notification n JOIN company c ON c.id = n.company_id
		WHERE n.kind = '$1' ORDER BY c.tax_id" | paste -sd' '
}

# forbidden KIND ID WORDS... --as USER: exit 4, and one audit row about that record.
forbidden() {
	local kind=$1 id=$2 before
	shift 2
	before=$(sql "SELECT count(*) FROM audit WHERE action = 'denied'")
	refused 4 "may not do this" "$@" &&
		is "$(sql "SELECT count(*) FROM audit WHERE action = 'denied'")" $((before + 1)) \
			"denials" &&
		is "$(sql "SELECT target_kind || ' ' || target_id FROM audit ORDER BY id DESC LIMIT 1")" \
			"$kind $id" "audited record"
}

# connect FROM TO: connects two companies by an invite.
connect() {
	ok invite send "$2" --from "$1" --email novo@contato.example --json
	ok invite accept "$(json .data.id)"
}
