#include "store/sqlite.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"

static char column_letter(sqlite3_stmt *stmt, int column)
{
	const char *type = sqlite3_column_decltype(stmt, column);

	return !type ? '?' : type[0] == 'I' ? 'i' : 't';
}

static int explain(
	struct store *store, const char *sql, char *ret_plan, size_t size, struct portal_error *err)
{
	char query[16384];
	sqlite3_stmt *stmt = NULL;
	size_t used = 0;

	snprintf(query, sizeof(query), "EXPLAIN QUERY PLAN %s", sql);
	if (sqlite3_prepare_v2(store->db, query, -1, &stmt, NULL) != SQLITE_OK)
		return sqlite_fail(store, err, _("prepare a statement"));
	ret_plan[0] = '\0';
	while (sqlite3_step(stmt) == SQLITE_ROW && used + 2 < size)
		used += (size_t)snprintf(ret_plan + used, size - used, "%s\n",
			(const char *)sqlite3_column_text(stmt, 3));
	sqlite3_finalize(stmt);
	return 0;
}

int store_probe(struct store *store, enum store_query query, char *ret_in, char *ret_out,
	size_t size, char *ret_plan, size_t plan_size, struct portal_error *err)
{
	const char *sql = store_statement(query)->sql;
	sqlite3_stmt *stmt = NULL;
	size_t in, out;

	if (sqlite3_prepare_v2(store->db, sql, -1, &stmt, NULL) != SQLITE_OK)
		return sqlite_fail(store, err, _("prepare a statement"));
	in = (size_t)sqlite3_bind_parameter_count(stmt);
	out = (size_t)sqlite3_column_count(stmt);
	if (in >= size || out >= size) {
		sqlite3_finalize(stmt);
		return portal_fail(err, PORTAL_FAILURE, "'%s' is too wide", sql);
	}
	memset(ret_in, '?', in);
	ret_in[in] = '\0';
	for (size_t c = 0; c < out; c++)
		ret_out[c] = column_letter(stmt, (int)c);
	ret_out[out] = '\0';
	sqlite3_finalize(stmt);
	return explain(store, sql, ret_plan, plan_size, err);
}
