/* What a list makes for a row lasts as long as the row. */
#include "list.h"

#include <stdlib.h>
#include <unistd.h>

#include <portal/answer.h>

#include "check.h"

enum { ROWS = 50, TEXT_LEN = 100000 };

static const struct portal_field fields[] = {
	PORTAL_FIELD(struct answer, id, NULL),
	PORTAL_FIELD(struct answer, name, NULL),
	PORTAL_FIELD(struct answer, body, NULL),
	PORTAL_FIELD(struct answer, created_at, NULL),
	PORTAL_FIELDS_END,
};

static const struct portal_record record = { "answer", sizeof(struct answer), fields };

/* @fails_at: the id of the row that can't be finished. */
struct reading {
	int64_t fails_at;
	int64_t visited;
};

/* Its bytes say which row it was made for. */
static int make_text(struct work *w, void *row, void *arg)
{
	const struct reading *reading = arg;
	struct answer *answer = row;
	char *text;

	CHECK_INT(arena_used(w->arena), 0);
	text = arena_alloc(w->arena, TEXT_LEN + 1);
	memset(text, '0' + (int)answer->id, TEXT_LEN);
	answer->placeholders.lines = text;
	return answer->id == reading->fails_at ? portal_fail(w->err, PORTAL_INVALID, "row") : 0;
}

static int visit(const void *row, void *arg)
{
	const struct answer *answer = row;
	struct reading *reading = arg;

	CHECK_INT(answer->placeholders.lines[0], '0' + answer->id);
	CHECK_INT(strlen(answer->placeholders.lines), TEXT_LEN);
	reading->visited++;
	return 0;
}

static int read_answers(struct work *w, struct reading *reading)
{
	const struct portal_page page = { .limit = 0 };
	struct portal_list_end end;
	struct answer row = { 0 };
	struct list list = { .w = w,
		.page = &page,
		.sorts = answer_sorts,
		.statements = { Q_ANSWER_LIST, Q_ANSWER_LIST_UP, Q_ANSWER_LIST_DOWN },
		.record = &record,
		.row = &row,
		.finish = make_text,
		.finish_arg = reading,
		.visit = visit,
		.visit_arg = reading,
		.ret_end = &end };

	return list_read(&list, LIST_ARGS(A((const char *)"")));
}

static int fill(struct store_tx *tx)
{
	const portal_time now = { 1 };
	int64_t id;
	int r = 0;

	for (int i = 0; r >= 0 && i < ROWS; i++) {
		const char name[] = { (char)('0' + i), '\0' };

		r = store_get_int(tx, Q_ANSWER_INSERT,
			ARGS(A(&name[0]), A(&name[0]), A(&name[0]), A(now)), &id);
	}
	return r;
}

static int read_twice(struct store_tx *tx, void *arg)
{
	_cleanup_arena_ struct arena arena = { 0 };
	struct work w = { .tx = tx, .arena = &arena, .err = store_error(tx) };
	struct reading whole = { .fails_at = 0 }, part = { .fails_at = 3 };
	const int filled = fill(tx);

	(void)arg;
	CHECK_INT(filled, 1);
	CHECK_INT(read_answers(&w, &whole), 0);
	CHECK_INT(whole.visited, ROWS);
	CHECK(arena_used(&arena) < TEXT_LEN);
	CHECK_INT(read_answers(&w, &part), -PORTAL_INVALID);
	CHECK_INT(part.visited, 2);
	return 0;
}

static void no_undo(void *arg)
{
	(void)arg;
}

static void a_row_has_memory_of_its_own_and_what_fails_for_it_ends_the_list(void)
{
	char folder[] = "/tmp/list-XXXXXX", path[100], lock[110];
	const struct store_options options = { .path = path, .wait_ms = 1000 };
	struct store_creation creation = { read_twice, no_undo, NULL };
	struct portal_error err = { 0 };

	CHECK(mkdtemp(folder) != NULL);
	snprintf(path, sizeof(path), "%s/portal.db", folder);
	snprintf(lock, sizeof(lock), "%s.lock", path);
	CHECK_INT(store_create(&options, &creation, &err), 0);
	CHECK_INT(unlink(path), 0);
	CHECK_INT(unlink(lock), 0);
	CHECK_INT(rmdir(folder), 0);
}

int main(void)
{
	RUN(a_row_has_memory_of_its_own_and_what_fails_for_it_ends_the_list);
	CHECK_REPORT();
}
