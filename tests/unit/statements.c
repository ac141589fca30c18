/* Every statement of lib/store/queries against a fresh schema: it can be
 * prepared, takes and gives what its head declares, and reads whole tables or
 * sorts only where the head says that it is meant. */
#include "store/store.h"

#include <stdlib.h>
#include <unistd.h>

#include "check.h"

static int nothing(struct store_tx *tx, void *arg)
{
	(void)tx;
	(void)arg;
	return 0;
}

static void no_undo(void *arg)
{
	(void)arg;
}

static void remove_portal(const char *path)
{
	static const char *const endings[] = { "", "-wal", "-shm", ".lock" };
	char name[200];

	for (size_t i = 0; i < sizeof(endings) / sizeof(*endings); i++) {
		snprintf(name, sizeof(name), "%s%s", path, endings[i]);
		unlink(name);
	}
}

static struct store *fresh(char *folder, char *path, size_t size)
{
	const struct store_options options = { .path = path, .wait_ms = 1000 };
	struct portal_error err = { 0 };
	struct store *store = NULL;

	CHECK(mkdtemp(folder) != NULL);
	snprintf(path, size, "%s/portal.db", folder);
	CHECK_INT(store_create(&options, &(struct store_creation){ nothing, no_undo, NULL }, &err),
		0);
	CHECK_INT(store_open(&options, &store, &err), 0);
	CHECK_STR(err.message, "");
	return store;
}

/* The letters the engine gives must be those declared; of '?' it knows none. */
static bool agrees(const char *declared, const char *found)
{
	if (strlen(declared) != strlen(found))
		return false;
	for (; *found; declared++, found++)
		if (*found != '?' && *found != *declared)
			return false;
	return true;
}

/* An INSERT of values would look through other tables only to settle deferred
 * foreign keys, and there are none. */
static bool settles_keys(const char *sql)
{
	return strncmp(sql, "INSERT ", 7) == 0 && !strstr(sql, "SELECT");
}

/* What a statement lists for itself, row after row, is no table. */
static bool is_own(const char *sql, const char *name)
{
	static const char with[] = "WITH RECURSIVE ";
	const size_t len = strcspn(name, " ");

	return strncmp(sql, with, sizeof(with) - 1) == 0 &&
	       strncmp(sql + sizeof(with) - 1, name, len) == 0 &&
	       sql[sizeof(with) - 1 + len] == ' ';
}

/* One step reads all rows of something: a table or the whole of an index. */
static bool scans(const char *sql, const char *step)
{
	return strncmp(step, "SCAN ", 5) == 0 && strncmp(step, "SCAN CONSTANT ROW", 17) != 0 &&
	       !settles_keys(sql) && !is_own(sql, step + 5);
}

/* One step walks a table by id and looks at each row for something else: an index
 * would go to the rows that are wanted. */
static bool walks(const char *sql, const char *step)
{
	return strstr(step, "USING INTEGER PRIMARY KEY (rowid>?)") && strstr(sql, " AND ");
}

static bool reads_all(const char *sql, const char *step)
{
	return scans(sql, step) || walks(sql, step);
}

static void complain(const struct store_statement *statement, const char *fault, const char *what)
{
	printf("# %s: %s: %s\n", statement->name, fault, what);
	check_failed_here = 1;
}

static void check_plan(const struct store_statement *statement, char *plan)
{
	bool found_scan = false, found_sort = false;
	char *rest = NULL;

	for (char *step = strtok_r(plan, "\n", &rest); step; step = strtok_r(NULL, "\n", &rest)) {
		if (strstr(step, "AUTOMATIC"))
			complain(statement, "the engine makes an index", step);
		if (reads_all(statement->sql, step) && !statement->scans)
			complain(statement, "reads everything", step);
		if (strstr(step, "TEMP B-TREE") && !statement->sorts)
			complain(statement, "sorts", step);
		found_scan |= reads_all(statement->sql, step);
		found_sort |= strstr(step, "TEMP B-TREE") != NULL;
	}
	if (statement->scans && !found_scan)
		complain(statement, "has the mark and needs none", "scan");
	if (statement->sorts && !found_sort)
		complain(statement, "has the mark and needs none", "sort");
}

static void check_statement(struct store *store, enum store_query query)
{
	const struct store_statement *statement = store_statement(query);
	struct portal_error err = { 0 };
	struct store_probed probed;

	if (store_probe(store, query, &probed, &err) < 0) {
		complain(statement, "can't be prepared", err.message);
		return;
	}
	if (strlen(statement->in) != strlen(probed.in))
		complain(statement, "takes other arguments", probed.in);
	if (!agrees(statement->out, probed.out))
		complain(statement, "gives other columns", probed.out);
	check_plan(statement, probed.plan);
}

static void statements_are_what_their_heads_say(void)
{
	char folder[] = "/tmp/statements-XXXXXX", path[100];
	struct store *store = fresh(folder, path, sizeof(path));

	for (int query = 0; store && query < STORE_QUERY_COUNT; query++)
		check_statement(store, (enum store_query)query);
	store_close(store);
	remove_portal(path);
	CHECK_INT(rmdir(folder), 0);
}

static void an_unfit_declaration_is_noticed(void)
{
	CHECK(agrees("iit", "i?t") && !agrees("ii", "it") && !agrees("i", "ii"));
	CHECK(scans("SELECT", "SCAN invite USING COVERING INDEX x"));
	CHECK(!scans("SELECT", "SEARCH invite USING INDEX x (id=?)"));
	CHECK(!scans("SELECT", "SCAN CONSTANT ROW"));
	CHECK(!scans("WITH RECURSIVE each (x) AS (SELECT 1) SELECT x FROM each", "SCAN each"));
	CHECK(scans("WITH RECURSIVE each (x) AS (SELECT 1) SELECT x FROM a", "SCAN a"));
	CHECK(walks("SELECT 1 FROM a WHERE id > ?1 AND b = ?2",
		"SEARCH a USING INTEGER PRIMARY KEY (rowid>?)"));
	CHECK(!walks(
		"SELECT 1 FROM a WHERE id > ?1", "SEARCH a USING INTEGER PRIMARY KEY (rowid>?)"));
	CHECK(!walks("SELECT 1 FROM a WHERE b = ?2 AND id > ?1",
		"SEARCH a USING INDEX a_b (b=? AND rowid>?)"));
	CHECK(scans("INSERT INTO a SELECT 1 FROM b", "SCAN b"));
	CHECK(!scans("INSERT INTO a VALUES (1)", "SCAN child"));
}

int main(void)
{
	RUN(statements_are_what_their_heads_say);
	RUN(an_unfit_declaration_is_noticed);
	CHECK_REPORT();
}
