#include "list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fold.h"
#include "base/i18n.h"
#include "punctuation.h"
#include "seal/seal.h"

/* Sorts after every text: the last code point there is. */
#define LAST_KEY "\xf4\x8f\xbf\xbf"

/* No text has a control character, so this pattern finds nothing. */
#define NO_TEXT "\x7f"

/* PATTERN_MAX: what the store takes, and more than any text that is searched. */
enum { CURSOR_MAX = 1500, PATTERN_MAX = 1024, PAGE_ARGS = 4 };

struct place {
	const char *sort;
	bool descending;
	const char *key;
	int64_t id;
};

static int bad_cursor(struct work *w, const char *cursor)
{
	portal_fail(w->err, PORTAL_USAGE, _("'%s' is not a cursor of this list"), cursor);
	return portal_hint(
		w->err, _("give --after what \"next\" said, with the same filters and --sort"));
}

/* FNV-1a: enough for what is a mistake and no attack. */
static void mix(uint64_t *hash, const void *data, size_t len)
{
	for (const unsigned char *at = data; len > 0; at++, len--)
		*hash = (*hash ^ *at) * UINT64_C(1099511628211);
}

/* What a cursor belongs to: the list, its order and its filters. */
static char *list_name(const struct list *list)
{
	const char *sort = list->page->sort ? list->page->sort : "";
	uint64_t hash = UINT64_C(14695981039346656037);

	mix(&hash, list->record->kind, strlen(list->record->kind) + 1);
	mix(&hash, sort, strlen(sort) + 1);
	for (const struct store_value *arg = list->args + PAGE_ARGS; arg->kind; arg++) {
		if (arg - list->args + 1 == list->clock_arg)
			continue;
		mix(&hash, &arg->kind, 1);
		if (arg->kind == 't')
			mix(&hash, arg->text, strlen(arg->text) + 1);
		if (arg->kind == 'i')
			mix(&hash, &arg->number, sizeof(arg->number));
	}
	return arena_printf(list->w->arena, "%016llx", (unsigned long long)hash);
}

/* A cursor is the place of the last row: "LIST\nID\nKEY", made unreadable so that
 * nobody builds one. */
static int read_cursor(struct list *list, struct place *place)
{
	unsigned char raw[CURSOR_MAX + 1];
	const char *cursor = list->page->after;
	char *id, *key;
	size_t len;

	if (!seal_base64_decode(SEAL_BASE64_URL, cursor, strlen(cursor), raw, CURSOR_MAX, &len))
		return bad_cursor(list->w, cursor);
	raw[len] = '\0';
	id = strchr((char *)raw, '\n');
	key = id ? strchr(id + 1, '\n') : NULL;
	if (!key)
		return bad_cursor(list->w, cursor);
	*id++ = *key++ = '\0';
	if (strcmp((char *)raw, list_name(list)) != 0)
		return bad_cursor(list->w, cursor);
	place->id = strtoll(id, NULL, 10);
	place->key = arena_strdup(list->w->arena, key);
	return 0;
}

static const char *write_cursor(struct list *list, const struct place *place)
{
	const char *raw = arena_printf(
		list->w->arena, "%s\n%lld\n%s", list_name(list), (long long)place->id, place->key);
	const size_t len = strlen(raw);
	char *cursor = arena_alloc(list->w->arena, SEAL_BASE64_LEN(len) + 1);

	return seal_base64_encode(SEAL_BASE64_URL, raw, len, cursor);
}

static int find_place(struct list *list, struct place *place)
{
	const char *sort = list->page->sort;
	int r = 0;

	*place = (struct place){ .sort = "", .key = "" };
	if (sort) {
		place->descending = *sort == '-';
		place->sort = sort + place->descending;
		if (!portal_word_known(list->sorts, place->sort))
			r = work_no_choice(list->w, list->sorts, place->sort, "sort");
		if (!place->descending && !strcmp(place->sort, "id"))
			place->sort = "";
	}
	if (place->descending) {
		place->key = LAST_KEY;
		place->id = INT64_MAX;
	}
	if (r >= 0 && list->page->after)
		r = read_cursor(list, place);
	return r;
}

static enum store_query statement_for(const struct list *list, const struct place *place)
{
	if (!*place->sort)
		return list->statements.by_id;
	return place->descending ? list->statements.descending : list->statements.ascending;
}

/* The limit has been reached and there is a row more: say where to go on. */
static void cut(struct list *list, struct place *place)
{
	list->ret_end->truncated = true;
	list->ret_end->next = write_cursor(list, place);
}

/* One row, in memory that the one before it has left. */
static int give(struct list *list, struct work *of_row)
{
	int r = 0;

	arena_reset(of_row->arena);
	if (list->finish)
		r = list->finish(of_row, list->row, list->finish_arg);
	return r < 0 ? r : list->visit(list->row, list->visit_arg);
}

static int walk(struct list *list, struct store_rows *rows, struct place *place)
{
	_cleanup_arena_ struct arena arena = { .out_of_memory = list->w->arena->out_of_memory };
	const int64_t limit = list->page->limit;
	struct work of_row = *list->w;
	int r;

	of_row.arena = &arena;
	for (int64_t count = 0; (r = store_next(rows)) > 0; count++) {
		if (limit && count == limit) {
			cut(list, place);
			return 0;
		}
		r = give(list, &of_row);
		if (r < 0)
			return r;
		place->id = store_row_id(rows);
		if (limit && count + 1 == limit && *place->sort)
			place->key = arena_strdup(list->w->arena, store_row_key(rows));
	}
	return r;
}

int list_read(struct list *list, struct store_value *args)
{
	_cleanup_rows_ struct store_rows *rows = NULL;
	const int64_t limit = list->page->limit;
	struct place place;
	int r;

	list->args = args;
	r = find_place(list, &place);
	if (r >= 0 && limit < 0)
		r = portal_fail(list->w->err, PORTAL_USAGE, _("--limit can't be negative"));
	if (r < 0)
		return r;
	args[0] = store_int(place.id);
	args[1] = store_int(limit && limit < INT64_MAX ? limit + 1 : INT64_MAX);
	args[2] = store_text(place.sort);
	args[3] = store_text(place.key);
	*list->ret_end = (struct portal_list_end){ false, NULL };
	r = store_rows(
		list->w->tx, statement_for(list, &place), args, list->record, list->row, &rows);
	return r < 0 ? r : walk(list, rows, &place);
}

static const char *contains(struct work *w, const char *text)
{
	char *pattern, *end;

	pattern = end = arena_alloc(w->arena, 2 * strlen(text) + 3);
	*end++ = '%';
	for (; *text; text++) {
		if (*text == '%' || *text == '_' || *text == '!')
			*end++ = '!';
		*end++ = *text;
	}
	*end = '%';
	return end - pattern < PATTERN_MAX ? pattern : NO_TEXT;
}

const char *list_pattern(struct work *w, const char *search)
{
	return search && *search ? contains(w, fold_text(w->arena, search)) : "";
}

const char *list_tax_id_pattern(struct work *w, const char *search)
{
	char *bare, *end;

	if (!search || !strpbrk(search, "0123456789"))
		return "";
	bare = end = arena_alloc(w->arena, strlen(search) + 1);
	while (*search) {
		const size_t skip = punctuation_blank(search) ? 0 : punctuation_any(search);

		if (!skip)
			*end++ = (char)(*search >= 'a' && *search <= 'z' ? *search - 32 : *search);
		search += skip ? skip : 1;
	}
	return contains(w, bare);
}
