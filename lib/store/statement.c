#include "store/sqlite.h"

#include <assert.h>
#include <string.h>

#include <portal/arena.h>
#include "base/i18n.h"

/* A column that no record has: the key a sorted list goes on after. */
#define KEY_COLUMN "_key"

/* For what RETURNING gives, SQLite makes a table, which costs as much as the row;
 * the id of a new row it knows without. */
#define GIVES_NEW_ID " RETURNING id"

static const struct store_statement statements[STORE_QUERY_COUNT] = {
#include "statements.inc"
};

const struct store_statement *store_statement(enum store_query query)
{
	return &statements[query];
}

static int fail_run(struct store_tx *tx, const char *doing)
{
	tx->failed = sqlite_fail(tx->store, tx->err, doing);
	return tx->failed;
}

/* What of @sql SQLite gets. */
static size_t length_to_run(const char *sql, bool *ret_gives_new_id)
{
	const size_t len = strlen(sql), end = strlen(GIVES_NEW_ID);

	*ret_gives_new_id = len > end && !strcmp(sql + len - end, GIVES_NEW_ID);
	return *ret_gives_new_id ? len - end : len;
}

static int compile(struct store *store, const char *sql, struct store_rows *rows)
{
	const size_t len = length_to_run(sql, &rows->gives_new_id);

	return sqlite3_prepare_v3(
		store->db, sql, (int)len, SQLITE_PREPARE_PERSISTENT, &rows->stmt, NULL);
}

/* The statement ready to run, or NULL and tx->failed. */
static struct store_rows *prepare(struct store_tx *tx, enum store_query query)
{
	struct store_rows *rows = &tx->store->statements[query];

	if (tx->failed < 0)
		return NULL;
	assert(!rows->open);
	rows->tx = tx;
	if (rows->stmt || compile(tx->store, statements[query].sql, rows) == SQLITE_OK)
		return rows;
	fail_run(tx, _("prepare a statement"));
	return NULL;
}

static int bind_value(sqlite3_stmt *stmt, int i, const struct store_value *value)
{
	switch (value->kind) {
	case 'i':
		return sqlite3_bind_int64(stmt, i, value->number);
	case 't':
		return sqlite3_bind_text(stmt, i, value->text, -1, SQLITE_STATIC);
	default:
		return sqlite3_bind_null(stmt, i);
	}
}

static struct store_rows *start(
	struct store_tx *tx, enum store_query query, const struct store_value *args)
{
	struct store_rows *rows = prepare(tx, query);
	int i = 0;

	for (; rows && args[i].kind; i++)
		if (bind_value(rows->stmt, i + 1, &args[i]) != SQLITE_OK) {
			fail_run(tx, _("bind a value"));
			return NULL;
		}
	assert(!rows || i == sqlite3_bind_parameter_count(rows->stmt));
	assert(!rows || !tx->store->reading || sqlite3_stmt_readonly(rows->stmt));
	return rows;
}

static int field_index(const struct portal_record *record, const char *name)
{
	for (int i = 0; record->fields[i].key; i++)
		if (!strcmp(record->fields[i].key, name))
			return i;
	return -1;
}

/* Which field each column fills; kept for as long as the record stays. */
static void map_columns(struct store_rows *rows, const struct portal_record *record)
{
	const int count = sqlite3_column_count(rows->stmt);

	if (rows->record == record)
		return;
	assert(count <= STORE_COLUMNS_MAX);
	for (int c = 0; c < count; c++) {
		const char *name = sqlite3_column_name(rows->stmt, c);

		rows->column_field[c] = (short)field_index(record, name);
		assert(rows->column_field[c] >= 0 || !strcmp(name, KEY_COLUMN));
	}
	rows->record = record;
}

/* No text is written with a NUL in it: what stands behind one was put there by
 * somebody else, and nobody would see it. */
static const char *column_text(struct store_rows *rows, int column, struct arena *arena)
{
	const char *text = (const char *)sqlite3_column_text(rows->stmt, column);

	if (text && strlen(text) != (size_t)sqlite3_column_bytes(rows->stmt, column))
		rows->tx->failed = portal_fail(rows->tx->err, PORTAL_DAMAGED,
			_("a text in the database holds a NUL byte (column '%s')"),
			sqlite3_column_name(rows->stmt, column));
	return text && arena ? arena_strdup(arena, text) : text;
}

static void fill_member(struct store_rows *rows, int column, enum portal_type type, void *member,
	struct arena *arena)
{
	sqlite3_stmt *stmt = rows->stmt;

	switch (type) {
	case PORTAL_TEXT:
	case PORTAL_LIST:
	case PORTAL_JSON:
		*(const char **)member = column_text(rows, column, arena);
		break;
	case PORTAL_BOOL:
		*(bool *)member = sqlite3_column_int(stmt, column) != 0;
		break;
	case PORTAL_INT:
	case PORTAL_TIME:
	case PORTAL_ID:
		*(int64_t *)member = sqlite3_column_int64(stmt, column);
		break;
	}
}

static int fill_row(struct store_rows *rows, struct arena *arena)
{
	const int count = sqlite3_column_count(rows->stmt);

	for (int c = 0; c < count; c++) {
		const struct portal_field *f = &rows->record->fields[rows->column_field[c]];

		if (rows->column_field[c] >= 0)
			fill_member(rows, c, f->type, (char *)rows->row + f->offset, arena);
	}
	return rows->tx->failed < 0 ? rows->tx->failed : 1;
}

static int step(struct store_rows *rows)
{
	const int rc = sqlite3_step(rows->stmt);

	rows->open = true;
	if (rc == SQLITE_ROW)
		return 1;
	if (rc == SQLITE_DONE)
		return 0;
	return fail_run(rows->tx, _("use the database"));
}

static void stop(struct store_rows *rows)
{
	if (!sqlite3_stmt_readonly(rows->stmt))
		rows->tx->writes++;
	sqlite3_reset(rows->stmt);
	rows->open = false;
}

int store_get(struct store_tx *tx, enum store_query query, const struct store_value *args,
	struct arena *arena, const struct portal_record *record, void *ret_row)
{
	struct store_rows *rows = start(tx, query, args);
	int r;

	if (!rows)
		return tx->failed;
	r = step(rows);
	if (r > 0) {
		map_columns(rows, record);
		rows->row = ret_row;
		r = fill_row(rows, arena);
	}
	stop(rows);
	return r;
}

int store_get_int(
	struct store_tx *tx, enum store_query query, const struct store_value *args, int64_t *ret)
{
	struct store_rows *rows = start(tx, query, args);
	int r;

	if (!rows)
		return tx->failed;
	r = step(rows);
	if (r > 0)
		*ret = sqlite3_column_int64(rows->stmt, 0);
	if (r == 0 && rows->gives_new_id) {
		*ret = sqlite3_last_insert_rowid(tx->store->db);
		r = 1;
	}
	stop(rows);
	return r;
}

int store_put(struct store_tx *tx, enum store_query query, const struct store_value *args)
{
	struct store_rows *rows = start(tx, query, args);
	int r;

	if (!rows)
		return tx->failed;
	r = step(rows);
	stop(rows);
	return r < 0 ? r : sqlite3_changes(tx->store->db);
}

int store_rows(struct store_tx *tx, enum store_query query, const struct store_value *args,
	const struct portal_record *record, void *row, struct store_rows **ret_rows)
{
	struct store_rows *rows = start(tx, query, args);

	if (!rows)
		return tx->failed;
	map_columns(rows, record);
	rows->row = row;
	rows->open = true;
	*ret_rows = rows;
	return 0;
}

int store_next(struct store_rows *rows)
{
	const int r = step(rows);

	return r > 0 ? fill_row(rows, NULL) : r;
}

int64_t store_row_id(const struct store_rows *rows)
{
	return sqlite3_column_int64(rows->stmt, 0);
}

const char *store_row_key(const struct store_rows *rows)
{
	const int last = sqlite3_column_count(rows->stmt) - 1;

	assert(!strcmp(sqlite3_column_name(rows->stmt, last), KEY_COLUMN));
	return (const char *)sqlite3_column_text(rows->stmt, last);
}

void store_rows_close(struct store_rows **rows)
{
	if (*rows && (*rows)->open)
		stop(*rows);
	*rows = NULL;
}
