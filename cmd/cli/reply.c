#include "print.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <portal/text.h>

#include "text.h"

enum { BYTES_AT_ONCE = 64 * 1024 };

struct reply *out_reply_begin(struct out *out, const struct portal_options *options)
{
	struct reply *reply;

	if (out->answers_printed)
		arena_reset(&out->answers);
	out->answers_printed = false;
	reply = arena_new(&out->answers, struct reply);
	reply->out = out;
	reply->options = options;
	return reply;
}

const struct portal_options *reply_options(struct reply *reply)
{
	return reply->options;
}

struct arena *reply_arena(struct reply *reply)
{
	return &reply->out->answers;
}

struct portal_writer *reply_writer(struct reply *reply)
{
	return reply->out->writer;
}

const char *reply_html_language(const struct reply *reply)
{
	const char *lang = reply->out->options.lang;

	return lang && !strcmp(lang, "pt_BR") ? "pt-BR" : "en";
}

bool reply_is_json(const struct reply *reply)
{
	return reply->out->format == FORMAT_JSON;
}

bool reply_takes_bytes(const struct reply *reply)
{
	return reply->out->format == FORMAT_TABLE && !reply->out->options.fields;
}

int reply_bytes(struct reply *reply, int fd, struct portal_error *err)
{
	struct portal_writer *writer = reply_writer(reply);
	char bytes[BYTES_AT_ONCE];
	ssize_t got = 1;

	while (got != 0 && !portal_writer_errno(writer)) {
		got = read(fd, bytes, sizeof(bytes));
		if (got < 0 && errno != EINTR)
			return portal_fail(err, PORTAL_FAILURE, _("cannot read the file: %s"),
				strerror(errno));
		if (got > 0)
			portal_put_bytes(writer, bytes, (size_t)got);
	}
	return 0;
}

static void copy_text(struct arena *arena, const struct portal_field *field, void *row)
{
	bool is_text = field->type == PORTAL_TEXT || field->type == PORTAL_LIST ||
		       field->type == PORTAL_JSON;
	const char **text = (void *)((char *)row + field->offset);

	_Static_assert(sizeof(portal_list) == sizeof(char *), "a list is its text");
	_Static_assert(sizeof(portal_json) == sizeof(char *), "JSON is its text");
	if (is_text)
		*text = arena_strdup(arena, *text);
}

/* Where out->prints has the token. */
static void keep_token(struct reply *reply)
{
	const size_t size = reply->record->size;

	memcpy((char *)reply->row + size, &reply->token, sizeof(reply->token));
}

static void keep_record(struct reply *reply, const struct portal_record *record, const void *row)
{
	struct arena *arena = reply_arena(reply);

	reply->record = record;
	reply->row = arena_alloc(arena, record->size + sizeof(reply->token));
	memcpy(reply->row, row, record->size);
	for (const struct portal_field *f = record->fields; f->key; f++)
		copy_text(arena, f, reply->row);
	keep_token(reply);
}

void reply_show(struct reply *reply, const struct portal_record *record, const void *row)
{
	keep_record(reply, record, row);
	reply->changing = false;
}

bool reply_is_drawn(const struct reply *reply)
{
	return reply->out->format == FORMAT_TABLE && !reply->out->options.fields;
}

static int begin_drawing(struct reply *reply)
{
	struct portal_error ignored = { 0 };

	if (reply->is_drawn)
		return 0;
	portal_writer_close(reply->out->drawn);
	reply->out->drawn = NULL;
	reply->is_drawn = true;
	return portal_writer_open(&reply->out->drawn, -1, &ignored);
}

void reply_draw(struct reply *reply, draw_row *draw, const void *row)
{
	struct drawing drawing;

	if (begin_drawing(reply) < 0)
		return;
	drawing = out_drawing(reply->out, reply->out->drawn);
	arena_reset(drawing.arena);
	draw(&drawing, row);
}

static void put_drawn(const struct reply *reply)
{
	if (!reply->is_drawn || !reply->out->drawn)
		return;
	portal_put(reply->out->writer, "\n");
	portal_put(reply->out->writer, portal_writer_text(reply->out->drawn));
}

/* What a dry run made has no id that will be its own. */
static void forget_id(struct reply *reply)
{
	const struct portal_field *field = portal_record_field(reply->record, "id");

	if (field)
		memset((char *)reply->row + field->offset, 0, sizeof(int64_t));
}

void reply_set_outcome(struct reply *reply, enum reply_outcome outcome)
{
	reply->changing = true;
	reply->outcome = outcome;
	if (outcome == REPLY_CREATED && reply->out->options.dry_run)
		forget_id(reply);
}

void reply_changed(struct reply *reply, const struct portal_record *record, const void *row,
	enum reply_outcome outcome)
{
	keep_record(reply, record, row);
	reply_set_outcome(reply, outcome);
}

void reply_say(struct reply *reply, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	reply->sentence = arena_vprintf(reply_arena(reply), fmt, args);
	va_end(args);
}

int reply_done(struct reply *reply, const struct portal_record *record, const void *row,
	int changed, const char *sentence, const char *already)
{
	if (changed < 0)
		return changed;
	reply_changed(reply, record, row, changed ? REPLY_CHANGED : REPLY_UNCHANGED);
	reply_say(reply, changed ? sentence : already, (long long)*(const int64_t *)row);
	return 0;
}

void reply_line(struct reply *reply, const char *line)
{
	reply->sentence = arena_strdup(reply_arena(reply), line);
	reply->sentence_is_answer = true;
}

void reply_token(struct reply *reply, const struct portal_secret *token)
{
	reply->token = arena_strdup(reply_arena(reply), token->text);
	if (reply->row)
		keep_token(reply);
}

void reply_token_line(struct reply *reply, const struct portal_secret *token)
{
	reply_token(reply, token);
	reply->token_is_answer = true;
}

bool reply_is_change(const struct reply *reply)
{
	return reply->changing && reply->outcome != REPLY_UNCHANGED;
}

const char *reply_action(const struct reply *reply)
{
	if (!reply->changing)
		return NULL;
	return reply_is_change(reply) ? reply->out->command->action : "unchanged";
}

void reply_put_data(const struct reply *reply)
{
	struct out *out = reply->out;

	if (reply->record)
		portal_put_record(out->writer, out_columns(out, reply->record), reply->row);
	else
		portal_put(out->writer, "null");
}

void out_note_dry_run(const struct out *out)
{
	const bool says_so = out->format <= FORMAT_NDJSON;

	if (out->options.dry_run && !out->options.quiet && !says_so)
		dprintf(2, "portalctl: %s", _("dry run: nothing was changed\n"));
}

static void put_json(const struct reply *reply)
{
	struct portal_writer *writer = reply->out->writer;

	portal_put(writer, "{\"schema\":\"portalctl/1\",\"kind\":");
	portal_put_json(writer, reply->record->kind);
	if (reply->changing) {
		portal_put(writer,
			reply_is_change(reply) ? ",\"changed\":true" : ",\"changed\":false");
		portal_put(writer, ",\"action\":");
		portal_put_json(writer, reply_action(reply));
	}
	out_put_dry_run(reply->out);
	portal_put(writer, ",\"data\":");
	reply_put_data(reply);
	portal_put(writer, "}\n");
}

static void put_cells(const struct reply *reply)
{
	struct out *out = reply->out;
	const struct portal_columns *columns = out_columns(out, reply->record);

	portal_put_cells_begin(out->writer, out->cells.dialect);
	if (out->format == FORMAT_CSV) {
		portal_put_cells_keys(&out->cells, columns);
		portal_put_row_end(&out->cells);
	}
	portal_put_cells_record(&out->cells, columns, reply->row);
	portal_put_row_end(&out->cells);
}

static void put_spaces(struct portal_writer *writer, size_t count)
{
	for (; count > 0; count--)
		portal_put_bytes(writer, " ", 1);
}

/* The lines of a longer text stand one below the other. */
static void put_lines(struct out *out, const char *text, size_t indent)
{
	for (;;) {
		size_t len = strcspn(text, "\n");
		size_t shown = len > 0 && text[len - 1] == '\r' ? len - 1 : len;
		const char *line = arena_strndup(&out->answers, text, shown);

		portal_put(out->writer, portal_text_printable(&out->answers, line));
		portal_put(out->writer, "\n");
		if (text[len] == '\0' || text[len + 1] == '\0')
			return;
		put_spaces(out->writer, indent);
		text += len + 1;
	}
}

static void put_value(
	struct out *out, const struct portal_column *column, const void *row, size_t indent)
{
	bool is_text = column->type == PORTAL_TEXT && !column->field->words &&
		       !(column->field->flags & PORTAL_FIELD_DATE);
	const char *text = is_text ? portal_column_text(column, row) : NULL;

	if (text) {
		put_lines(out, text, indent);
		return;
	}
	portal_put(out->writer, human_value(&out->human, &out->answers, column, row));
	portal_put(out->writer, "\n");
}

static void put_form(const struct reply *reply)
{
	struct out *out = reply->out;
	const struct portal_columns *columns = out_columns(out, reply->record);
	size_t widest = 0;

	for (size_t i = 0; i < columns->count; i++) {
		size_t width = human_width(human_heading(&columns->columns[i]));

		widest = width > widest ? width : widest;
	}
	for (size_t i = 0; i < columns->count; i++) {
		const struct portal_column *column = &columns->columns[i];
		const char *heading = human_heading(column);

		if (reply->is_drawn && column->type == PORTAL_JSON)
			continue;
		portal_put(out->writer, heading);
		portal_put(out->writer, ":");
		put_spaces(out->writer, widest - human_width(heading) + 1);
		put_value(out, column, reply->row, widest + 2);
	}
}

static void put_sentence(const struct reply *reply)
{
	struct out *out = reply->out;

	if (out->options.quiet && !reply->sentence_is_answer)
		return;
	portal_put(out->writer, portal_text_printable(&out->answers, reply->sentence));
	portal_put(out->writer, out->options.dry_run ? _(" (dry run: nothing was changed)") : "");
	portal_put(out->writer, "\n");
}

/* Behind a sentence, or alone: who asked for it gets it with -q too. */
static void put_token_line(const struct reply *reply)
{
	struct out *out = reply->out;

	for (size_t i = 0; reply->token && i < out->columns->count; i++) {
		const struct portal_column *column = &out->columns->columns[i];

		if (!out_is_token(out, column->field))
			continue;
		if (!reply->token_is_answer) {
			portal_put(out->writer, human_heading(column));
			portal_put(out->writer, ": ");
		}
		put_value(out, column, reply->row, 0);
	}
}

static void put_for_people(const struct reply *reply)
{
	const struct out *out = reply->out;
	const bool is_brief = !out->options.fields;

	if (reply->token_is_answer && is_brief) {
		put_token_line(reply);
		return;
	}
	if (reply->sentence && is_brief)
		put_sentence(reply);
	else if (reply->record && !(out->options.quiet && reply->changing && is_brief))
		put_form(reply);
	if (reply->record && is_brief && (reply->sentence || out->options.quiet))
		put_token_line(reply);
}

static void put_for_programs(const struct reply *reply)
{
	struct out *out = reply->out;

	if (out->format == FORMAT_JSON)
		put_json(reply);
	if (out->format == FORMAT_CSV || out->format == FORMAT_TSV)
		put_cells(reply);
	if (out->format == FORMAT_COUNT)
		portal_put(out->writer, "1\n");
	if (out->format == FORMAT_IDS && out_row_id(reply->record, reply->row)) {
		portal_put_int(out->writer, out_row_id(reply->record, reply->row));
		portal_put(out->writer, "\n");
	}
	if (out->format == FORMAT_NDJSON) {
		portal_put_members(out->writer, out_columns(out, reply->record), reply->row);
		out_put_dry_run(out);
		portal_put(out->writer, "}\n");
	}
}

int out_reply_print(struct out *out, struct reply *reply, struct portal_error *err)
{
	if (reply_is_change(reply))
		out_note_change(out);
	if (out->format == FORMAT_TABLE)
		put_for_people(reply);
	else if (reply->record)
		put_for_programs(reply);
	put_drawn(reply);
	out_note_dry_run(out);
	out->answers_printed = true;
	return out_check(out, err);
}
