#!/bin/sh
# For tests/bench/run: pages of a portal with a million tickets, by each filter and by
# words (S2), against the query that the shell would answer best by the same indexes.

ticket_columns="t.id, t.day, t.n, t.subject, c.tax_id, c.name, k.name, k.email, k.phones, t.department,
	t.category, t.tags, t.due_at, t.origin, t.status, u.email, a.name, t.opened_at, t.updated_at,
	t.closed_at, t.rating, t.office_unread"
ticket_tables="ticket t LEFT JOIN company c ON c.id = t.company_id JOIN contact k ON k.id = t.contact_id
	LEFT JOIN user u ON u.id = t.assignee_id LEFT JOIN contact a ON a.id = u.contact_id"

# Of each ten tickets nine are done. A word of a thousand each, one that all have, two that
# half and a third have; the ends of words differ, so that a search is for their beginnings.
ticket_fixture() { # DB
	new_portal start.db
	mark=$1.$(sql start.db "PRAGMA user_version").$million
	[ -f "$mark" ] && return
	new_portal "$1"
	sqlite3 -batch "$1" >/dev/null <<-EOF
		PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-200000;
		BEGIN;
		WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
		INSERT INTO company (country, tax_id, name, name_norm, relation, role, status, document_login,
			sections, signup_serial, created_at, updated_at)
		SELECT 'BR', printf('%014d', i * 7919), 'Cliente ' || i, 'cliente ' || i, 'client', 'head_office',
			'registered', 'inherit', 'support', 1, 1700000000000, 1700000000000 FROM n;
		INSERT INTO contact (company_id, name, name_norm, email, phones, created_at, updated_at)
		SELECT id, 'Pessoa ' || id, 'pessoa ' || id, 'pessoa' || id || '@exemplo.example', '',
			1700000000000, 1700000000000
		FROM company WHERE id > 1;
		INSERT INTO project (id, company_id, name, name_norm, status, created_at, updated_at)
		SELECT id, id, 'Abertura', 'abertura', 'open', 1700000000000, 1700000000000
		FROM company WHERE id > 1;
		INSERT INTO task (id, company_id, project_id, title, title_norm, status, progress_percent,
			visible_to_client, reminded, created_at, updated_at)
		SELECT id, id, id, 'Alvará', 'alvara', 'todo', 0, 1, 0, 1700000000000, 1700000000000
		FROM company WHERE id > 1;
		WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $million)
		INSERT INTO ticket (day, n, company_id, contact_id, subject, department, category, tags, origin,
			status, assignee_id, office_unread, client_unread, opened_at, updated_at, closed_at, project_id,
			task_id)
		SELECT printf('%06d', i / 500), 1 + i % 500, k.company_id, k.id, 'Guia ' || i, 'd' || (i % 7),
			'c' || (i % 50), '', CASE WHEN i % $((million / 20)) = 7 THEN 'whatsapp' WHEN i % 3 = 0 THEN 'app' ELSE 'email' END,
			CASE WHEN i % 10 > 0 THEN 'done' WHEN i % 20 = 0 THEN 'new' ELSE 'pending' END,
			CASE i % 4 WHEN 0 THEN 1 END, 0, 0, 1700000000000 + i * 1000, 1700000000000 + i * 1000,
			CASE WHEN i % 10 > 0 THEN 1700000001000 + i * 1000 END,
			CASE WHEN i / 1000 % 2 = 0 THEN k.company_id END, CASE WHEN i / 1000 % 4 = 0 THEN k.company_id END
		FROM n JOIN contact k ON k.id = 2 + i % 1000;
		INSERT INTO ticket_word (ticket_id, word, internal) SELECT id, 'guia', 0 FROM ticket
		UNION ALL SELECT id, 'raro' || (id % ($million / 1000)), 0 FROM ticket
		UNION ALL SELECT id, 'metade' || (id % 4), 0 FROM ticket WHERE id % 2 = 0
		UNION ALL SELECT id, 'terco' || (id % 5), 0 FROM ticket WHERE id % 3 = 0
		UNION ALL SELECT id, 'par' || (id % 6), 0 FROM ticket WHERE id % 100 = 1
		UNION ALL SELECT id, 'impar' || (id % 6), 0 FROM ticket WHERE id % 100 = 2 OR id % 100000 = 1;
		INSERT INTO ticket_word (ticket_id, word, internal) SELECT id, '#urgente', 1 FROM ticket WHERE id % 50 = 9;
		COMMIT;
		PRAGMA journal_mode=WAL;
	EOF
	"$portalctl" --db "$1" user add cliente@exemplo.example --company 500 --name Cliente --active >/dev/null
	"$portalctl" --db "$1" filter add guias --category c7 --status any --shared >/dev/null
	: >"$mark"
}

# page NAME WHERE OPTION...: the first fifty, by $order
page() {
	name=$1 where=$2
	shift 2
	begin
	for _ in $(seq 15); do
		one ours /dev/null "$portalctl" --db tickets.db ticket list --limit 50 --format ndjson -q "$@"
		one theirs /dev/null sqlite3 -json tickets.db "SELECT $ticket_columns FROM $ticket_tables
			WHERE $where ORDER BY $order LIMIT 50"
	done
	against "tickets $name" 2.0 ours theirs
}

having() { # WORD: the tickets with a word that begins so
	echo "SELECT ticket_id FROM ticket_word WHERE word >= '$1' AND word < '$1~'"
}

tickets() {
	ticket_fixture tickets.db
	order=t.id
	page "that are open" "t.closed_at IS NULL"
	page "of one status" "t.status = 'pending'" --status pending
	page "of a company" "t.company_id = 500" --status any --company 500
	page "of a category" "t.category = 'c7'" --status any --category c7
	page "of a department" "t.department = 'd3'" --status any --department d3
	page "of an assignee" "t.assignee_id = 1" --status any --assignee admin@modelo.example
	page "since a day" "t.opened_at >= 1700000900000" --status any --since 2023-11-14T22:28:20Z
	page "since the last hundred" "t.id > $((million - 100)) AND t.opened_at >= $((1700000000000 + (million - 99) * 1000))" \
		--status any --since "$(date -u -d @$((1700000000 + million - 99)) +%Y-%m-%dT%H:%M:%SZ)"
	page "until a day" "t.opened_at < 1700000900000" --status any --until 2023-11-14T22:28:20Z
	page "of a contact" "t.contact_id = 500" --status any --contact 500
	page "of a project" "t.project_id = 500" --status any --project 500
	page "of a task" "t.task_id = 500" --status any --task 500
	page "with a tag" "t.id IN (SELECT ticket_id FROM ticket_word WHERE word = '#urgente')" \
		--status any --tag urgente
	page "of an origin" "t.origin = 'app'" --status any --origin app
	page "of a rare origin" "t.origin = 'whatsapp'" --status any --origin whatsapp
	page "by a saved filter" "t.category = 'c7'" --filter guias
	page "as a client sees them" "t.company_id = 500" --status any --as cliente@exemplo.example
	page "with a rare word" "t.id IN ($(having raro7))" --status any --search raro7
	page "with a word of all" "EXISTS ($(having guia) AND ticket_id = t.id)" --status any --search guia
	page "with two common words" "EXISTS ($(having metade) AND ticket_id = t.id)
		AND EXISTS ($(having terco) AND ticket_id = t.id)" --status any --search "metade terco"
	page "with words rarely together" "t.id IN ($(having par)) AND EXISTS ($(having impar) AND ticket_id = t.id)" \
		--status any --search "par impar"
	order="t.id DESC"
	page "newest first" 1 --status any --sort -id
	order="t.updated_at DESC, t.id DESC"
	page "changed last" 1 --status any --sort -updated_at
	order="t.day, t.n"
	page "by number" 1 --status any --sort number
	order="t.day DESC, t.n DESC"
	page "by number, newest first" 1 --status any --sort -number
}
