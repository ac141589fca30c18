#include "store/sqlite.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"

static char column_letter(sqlite3_stmt *stmt, int column)
{
	const char *type = sqlite3_column_decltype(stmt, column);

	return !type ? '?' : type[0] == 'I' ? 'i' : 't';
}

static int explain(struct store *store, const char *sql, struct store_probed *ret_probed,
	struct portal_error *err)
{
	char query[16384];
	sqlite3_stmt *stmt = NULL;
	const size_t size = sizeof(ret_probed->plan);
	size_t used = 0;

	snprintf(query, sizeof(query), "EXPLAIN QUERY PLAN %s", sql);
	if (sqlite3_prepare_v2(store->db, query, -1, &stmt, NULL) != SQLITE_OK)
		return sqlite_fail(store, err, _("prepare a statement"));
	while (sqlite3_step(stmt) == SQLITE_ROW && used + 1 < size)
		used += (size_t)snprintf(ret_probed->plan + used, size - used, "%s\n",
			(const char *)sqlite3_column_text(stmt, 3));
	sqlite3_finalize(stmt);
	return 0;
}

int store_probe(struct store *store, enum store_query query, struct store_probed *ret_probed,
	struct portal_error *err)
{
	const char *sql = store_statement(query)->sql;
	sqlite3_stmt *stmt = NULL;
	size_t in, out;

	if (sqlite3_prepare_v2(store->db, sql, -1, &stmt, NULL) != SQLITE_OK)
		return sqlite_fail(store, err, _("prepare a statement"));
	in = (size_t)sqlite3_bind_parameter_count(stmt);
	out = (size_t)sqlite3_column_count(stmt);
	memset(ret_probed, 0, sizeof(*ret_probed));
	if (in >= sizeof(ret_probed->in) || out >= sizeof(ret_probed->out)) {
		sqlite3_finalize(stmt);
		return portal_fail(err, PORTAL_FAILURE, "'%s' is too wide", sql);
	}
	memset(ret_probed->in, '?', in);
	for (size_t c = 0; c < out; c++)
		ret_probed->out[c] = column_letter(stmt, (int)c);
	sqlite3_finalize(stmt);
	return explain(store, sql, ret_probed, err);
}
