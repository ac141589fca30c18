/* Templates of processes, read from YAML or JSON as a stream of events. Functions here
 * return 0 also after a fault, which is kept with its place; below 0 is what ends the
 * document. */
#include <string.h>

#include <portal/task.h>
#include <portal/text.h>

#include "base/i18n.h"
#include "base/utf8.h"
#include "process-private.h"
#include "target.h"
#include "text/document.h"

enum { TEXT_MAX_BYTES = 300, OFFSET_MAX_DAYS = 3660 };

struct reader {
	struct arena *arena;
	struct document *document;
	struct document_event event;
	struct portal_error *err;
	const char *path;
	struct process_plan *plan;
	unsigned given; /* keys of the step being read */
};

typedef int read_value(struct reader *reader, const char *key, struct process_step *step);

static int next(struct reader *reader)
{
	return document_next(reader->document, &reader->event, reader->err);
}

static void fault_at(struct reader *reader, const struct document_event *at, enum portal_code code,
	const char *field)
{
	reader->err->code = code;
	reader->err->field = field;
	reader->err->source = reader->path;
	reader->err->line = at->line;
	reader->err->column = at->column;
	portal_fault_add(reader->err);
}

#define FAULT(reader, at, code, field, ...) \
	do { \
		portal_fail((reader)->err, code, __VA_ARGS__); \
		fault_at(reader, at, code, field); \
	} while (0)

/* Steps over the value that the reader is at the beginning of. */
static int skip(struct reader *reader)
{
	int depth = 0;

	for (;;) {
		const enum document_type type = reader->event.type;
		int r;

		depth += type == DOCUMENT_MAPPING || type == DOCUMENT_LIST;
		depth -= type == DOCUMENT_MAPPING_END || type == DOCUMENT_LIST_END;
		if (depth == 0)
			return 0;
		r = next(reader);
		if (r <= 0)
			return r;
	}
}

/* The text of a scalar, in the arena; NULL and a fault for anything else. */
static const char *text_here(struct reader *reader, const char *key)
{
	const struct document_event *event = &reader->event;
	const char *text;

	if (event->type != DOCUMENT_SCALAR || event->is_null) {
		FAULT(reader, event, PORTAL_INVALID_INPUT, key, _("'%s' must be a text"), key);
		return NULL;
	}
	text = text_field(reader->arena, event->text, TEXT_MAX_BYTES, key, reader->err);
	if (text && *text)
		return text;
	if (text)
		portal_fail(reader->err, PORTAL_INVALID, _("'%s' can't be empty"), key);
	fault_at(reader, event, reader->err->code, key);
	return NULL;
}

static int read_title(struct reader *reader, const char *key, struct process_step *step)
{
	const struct document_event at = reader->event;

	step->title = text_here(reader, key);
	for (size_t i = 0; step->title && i < reader->plan->count; i++)
		if (text_same(reader->plan->steps[i].title, step->title))
			FAULT(reader, &at, PORTAL_INVALID, key, _("there are two steps '%s'"),
				step->title);
	return skip(reader);
}

static int read_offset(struct reader *reader, const char *key, struct process_step *step)
{
	const char *text = text_here(reader, key);

	step->has_due = true;
	if (text && strcmp(text, "0") != 0 &&
		(!target_id(text, &step->offset_days) || step->offset_days > OFFSET_MAX_DAYS))
		FAULT(reader, &reader->event, PORTAL_INVALID, key,
			_("'%s' is not a number of days from 0 to %d"), text, OFFSET_MAX_DAYS);
	return skip(reader);
}

/* One of the words; NULL and a fault otherwise. */
static const char *read_word(
	struct reader *reader, const char *key, const struct portal_word *words)
{
	const char *text = text_here(reader, key);

	if (!text || portal_word_known(words, text))
		return text;
	FAULT(reader, &reader->event, PORTAL_INVALID, key,
		_("'%s' is not one of the choices of '%s': %s"), text, key,
		portal_words_joined(reader->arena, words));
	return NULL;
}

static int read_days(struct reader *reader, const char *key, struct process_step *step)
{
	static const struct portal_word kinds[] = { { "calendar", NULL }, { "working", NULL },
		{ NULL, NULL } };
	const char *word = read_word(reader, key, kinds);

	step->working = word && !strcmp(word, "working");
	return skip(reader);
}

static int read_calendar(struct reader *reader, const char *key, struct process_step *step)
{
	step->calendar = read_word(reader, key, task_calendars);
	return skip(reader);
}

static int read_roll(struct reader *reader, const char *key, struct process_step *step)
{
	step->roll = read_word(reader, key, task_rolls);
	return skip(reader);
}

static int read_visible(struct reader *reader, const char *key, struct process_step *step)
{
	static const struct portal_word words[] = { { "yes", NULL }, { "no", NULL },
		{ "true", NULL }, { "false", NULL }, { NULL, NULL } };
	const char *word = read_word(reader, key, words);

	step->visible = word && (!strcmp(word, "yes") || !strcmp(word, "true"));
	return skip(reader);
}

static int read_assignee(struct reader *reader, const char *key, struct process_step *step)
{
	const char *text = text_here(reader, key);

	if (text) {
		step->assignee = email_parse(reader->arena, text, reader->err);
		if (!step->assignee)
			fault_at(reader, &reader->event, reader->err->code, key);
	}
	return skip(reader);
}

typedef void take_text(
	struct reader *reader, const char *key, struct process_step *step, const char *text);

static void add_line(struct reader *reader, portal_list *list, const char *text)
{
	const char *was = list->lines;

	list->lines = was && *was ? arena_printf(reader->arena, "%s\n%s", was, text) : text;
}

static void take_item(
	struct reader *reader, const char *key, struct process_step *step, const char *text)
{
	(void)key;
	add_line(reader, &step->checklist, text);
}

/* Steps are in order: what must end first stands before it. */
static void take_need(
	struct reader *reader, const char *key, struct process_step *step, const char *text)
{
	size_t i = 0;

	while (i < reader->plan->count && !text_same(reader->plan->steps[i].title, text))
		i++;
	if (i == reader->plan->count) {
		FAULT(reader, &reader->event, PORTAL_INVALID, key,
			_("there is no step '%s' before this one"), text);
		return;
	}
	if (portal_list_has(step->after, text))
		return;
	if (!step->needs)
		step->needs = arena_array(reader->arena, PROCESS_STEPS_MAX, sizeof(*step->needs));
	step->needs[step->need_count++] = i;
	add_line(reader, &step->after, text);
}

/* A text, or a list of them. */
static int read_texts(
	struct reader *reader, const char *key, struct process_step *step, take_text *take)
{
	const bool is_list = reader->event.type == DOCUMENT_LIST;
	int r = is_list ? next(reader) : 1;

	for (int count = 0; r > 0 && reader->event.type != DOCUMENT_LIST_END; count++) {
		const char *text = text_here(reader, key);

		if (text && count >= TASK_ITEMS_MAX)
			FAULT(reader, &reader->event, PORTAL_INVALID, key,
				_("'%s' has more than %d items"), key, TASK_ITEMS_MAX);
		else if (text)
			take(reader, key, step, text);
		r = skip(reader);
		if (r < 0 || !is_list)
			return r;
		r = next(reader);
	}
	return r < 0 ? r : 0;
}

static int read_checklist(struct reader *reader, const char *key, struct process_step *step)
{
	return read_texts(reader, key, step, take_item);
}

static int read_after(struct reader *reader, const char *key, struct process_step *step)
{
	return read_texts(reader, key, step, take_need);
}

static const struct key {
	const char *name;
	read_value *read;
} step_keys[] = { { "title", read_title }, { "offset_days", read_offset }, { "days", read_days },
	{ "calendar", read_calendar }, { "roll", read_roll }, { "assignee", read_assignee },
	{ "visible", read_visible }, { "checklist", read_checklist }, { "after", read_after } };

static int read_steps(struct reader *reader, const char *key, struct process_step *none);

static int read_name(struct reader *reader, const char *key, struct process_step *none)
{
	(void)none;
	reader->plan->name = text_here(reader, key);
	return skip(reader);
}

static const struct key top_keys[] = { { "name", read_name }, { "steps", read_steps } };

static int skip_unknown(struct reader *reader, const struct key *keys, size_t count)
{
	struct suggestion guess = suggest_begin(arena_strdup(reader->arena, reader->event.text));

	for (size_t i = 0; i < count; i++)
		suggest_try(&guess, keys[i].name);
	if (guess.best)
		FAULT(reader, &reader->event, PORTAL_INVALID_INPUT, NULL,
			_("there is no key '%s' here; did you mean '%s'?"), guess.word, guess.best);
	else
		FAULT(reader, &reader->event, PORTAL_INVALID_INPUT, NULL,
			_("there is no key '%s' here"), guess.word);
	return next(reader) < 0 ? -(int)reader->err->code : skip(reader);
}

/* One key and its value. */
static int read_member(
	struct reader *reader, const struct key *keys, size_t count, struct process_step *step)
{
	size_t i = 0;

	while (i < count && strcmp(keys[i].name, reader->event.text) != 0)
		i++;
	if (i == count)
		return skip_unknown(reader, keys, count);
	if (reader->given >> i & 1)
		FAULT(reader, &reader->event, PORTAL_INVALID_INPUT, keys[i].name,
			_("'%s' is there twice"), keys[i].name);
	reader->given |= 1u << i;
	return next(reader) < 0 ? -(int)reader->err->code
				: keys[i].read(reader, keys[i].name, step);
}

static int read_mapping(
	struct reader *reader, const struct key *keys, size_t count, struct process_step *step)
{
	int r;

	while ((r = next(reader)) > 0 && reader->event.type != DOCUMENT_MAPPING_END) {
		r = read_member(reader, keys, count, step);
		if (r < 0)
			return r;
	}
	return r < 0 ? r : 0;
}

/* Whether a key of the mapping at @at was given is looked at when it ends. */
static void need_key(
	struct reader *reader, const struct document_event *at, const struct key *keys, size_t i)
{
	if (!(reader->given >> i & 1))
		FAULT(reader, at, PORTAL_INVALID, keys[i].name, _("'%s' is missing"), keys[i].name);
}

static int read_step(struct reader *reader)
{
	const struct document_event at = reader->event;
	struct process_step step = { .roll = "none", .calendar = "national" };
	int r;

	if (at.type != DOCUMENT_MAPPING) {
		FAULT(reader, &at, PORTAL_INVALID_INPUT, "steps", _("a step must be a mapping"));
		return skip(reader);
	}
	if (reader->plan->count == PROCESS_STEPS_MAX)
		return portal_fail(reader->err, PORTAL_INVALID_INPUT,
			_("there are more than %d steps"), PROCESS_STEPS_MAX);
	reader->given = 0;
	r = read_mapping(reader, step_keys, sizeof(step_keys) / sizeof(*step_keys), &step);
	need_key(reader, &at, step_keys, 0);
	reader->plan->steps[reader->plan->count++] = step;
	return r;
}

static int read_steps(struct reader *reader, const char *key, struct process_step *none)
{
	const struct document_event at = reader->event;
	const unsigned given = reader->given;
	int r = 0;

	(void)none;
	if (at.type != DOCUMENT_LIST) {
		FAULT(reader, &at, PORTAL_INVALID_INPUT, key, _("'%s' must be a list"), key);
		return skip(reader);
	}
	while (r >= 0 && (r = next(reader)) > 0 && reader->event.type != DOCUMENT_LIST_END)
		r = read_step(reader);
	if (r >= 0 && reader->plan->count == 0)
		FAULT(reader, &at, PORTAL_INVALID, key, _("a process needs a step"));
	reader->given = given;
	return r < 0 ? r : 0;
}

static int read_document(struct reader *reader)
{
	struct document_event at;
	int r = next(reader);

	at = reader->event;
	if (r < 0)
		return r;
	if (at.type != DOCUMENT_MAPPING) {
		at.line = at.column = 1;
		FAULT(reader, &at, PORTAL_INVALID_INPUT, NULL,
			_("a template has a 'name' and 'steps'"));
		return 0;
	}
	r = read_mapping(reader, top_keys, sizeof(top_keys) / sizeof(*top_keys), NULL);
	need_key(reader, &at, top_keys, 0);
	need_key(reader, &at, top_keys, 1);
	return r < 0 ? r : next(reader);
}

int process_plan_read(struct arena *arena, const struct process_document *document,
	struct process_plan *ret, struct portal_error *err)
{
	const struct document_text text = { document->path, document->bytes, document->len,
		DOCUMENT_AUTO };
	struct reader reader = { .arena = arena, .err = err, .path = document->path, .plan = ret };
	int r;

	*ret = (struct process_plan){ .steps = arena_array(
					      arena, PROCESS_STEPS_MAX, sizeof(*ret->steps)) };
	if (!err->arena)
		err->arena = arena;
	if (document->len > PROCESS_TEMPLATE_MAX_BYTES)
		return portal_fail(err, PORTAL_INVALID_INPUT,
			_("'%s' is longer than a template may be (256 KiB)"), document->path);
	r = document_open(&reader.document, &text, err);
	if (r >= 0)
		r = read_document(&reader);
	document_close(&reader.document);
	if (r < 0)
		portal_fault_add(err);
	return portal_faults_end(err);
}
