#include "print.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "process.h"
#include "text.h"

static const char *const format_words[] = {
	[FORMAT_TABLE] = "table",
	[FORMAT_JSON] = "json",
	[FORMAT_NDJSON] = "ndjson",
	[FORMAT_CSV] = "csv",
	[FORMAT_TSV] = "tsv",
	[FORMAT_IDS] = "ids",
	[FORMAT_COUNT] = "count",
	[FORMAT_HTML] = "html",
};
enum { FORMATS = sizeof(format_words) / sizeof(format_words[0]) };

/* An answer of figures, of which there is always one, is not counted: 1 would be
 * taken for the figure. */
static bool is_figure(const struct command *command)
{
	return !command->list && !(command->flags & (COMMAND_BATCH | COMMAND_RESULTS)) &&
	       !portal_record_field(command->prints, "id");
}

static bool has_format(const struct command *command, size_t format)
{
	if (format == FORMAT_HTML)
		return command->page != NULL;
	if (command->flags & COMMAND_STREAM)
		return format == FORMAT_NDJSON || format == FORMAT_TSV || format == FORMAT_IDS;
	if (!command->prints)
		return format <= (command->flags & COMMAND_DOCUMENT ? FORMAT_JSON : FORMAT_NDJSON);
	if (format == FORMAT_COUNT)
		return !is_figure(command);
	return format != FORMAT_IDS || portal_record_field(command->prints, "id");
}

static int bad_format(struct out *out, struct portal_error *err)
{
	const char *list = "";

	for (size_t i = 0; i < FORMATS; i++)
		if (has_format(out->command, i))
			list = arena_printf(
				&out->arena, "%s%s%s", list, *list ? ", " : "", format_words[i]);
	portal_fail(err, PORTAL_USAGE, _("'%s' is not a format of this command, which has: %s"),
		out->options.format, list);
	return portal_about_field(err, "format");
}

static int choose_format(struct out *out, struct portal_error *err)
{
	const char *word = out->options.format;

	for (size_t i = 0; word && i < FORMATS; i++) {
		if (!has_format(out->command, i) || strcmp(word, format_words[i]) != 0)
			continue;
		out->format = (enum format)i;
		return 0;
	}
	return word ? bad_format(out, err) : 0;
}

static int choose_dialect(struct out *out, struct portal_error *err)
{
	const char *dialect = out->options.csv_dialect;

	out->cells.dialect = out->format == FORMAT_TSV ? PORTAL_TSV : PORTAL_CSV;
	if (!dialect)
		return 0;
	if (strcmp(dialect, "excel-br") != 0)
		portal_fail(err, PORTAL_USAGE, _("'%s' is not a CSV dialect; there is: excel-br"),
			dialect);
	else if (out->format != FORMAT_CSV)
		portal_fail(err, PORTAL_USAGE, _("'--csv-dialect' goes with '--format csv' alone"));
	else
		out->cells.dialect = PORTAL_CSV_EXCEL_BR;
	return err->code ? portal_about_field(err, "csv-dialect") : 0;
}

/* A zone that was asked for is checked even where no time will be shown. */
static int choose_human(struct out *out, struct portal_error *err)
{
	if (out->format != FORMAT_TABLE && !out->options.tz)
		return 0;
	return human_init(&out->human, &out->arena, out->options.lang, out->options.tz, err);
}

static bool has_times(const struct portal_columns *columns)
{
	for (size_t i = 0; columns && i < columns->count; i++)
		if (columns->columns[i].type == PORTAL_TIME)
			return true;
	return false;
}

bool out_wants_zone(const struct out *out)
{
	const bool is_drawn = out->command->draw && !out->options.fields;

	return out->format == FORMAT_TABLE && !out->options.tz &&
	       (is_drawn || has_times(out->columns));
}

void out_use_zone(struct out *out, const struct portal_zone *zone)
{
	out->human.zone = zone;
}

static int choose(struct out *out, struct portal_error *err)
{
	int result = choose_format(out, err);

	if (result == 0)
		result = choose_dialect(out, err);
	if (result == 0)
		result = out_choose_fields(out, err);
	if (result == 0)
		result = choose_human(out, err);
	if (result == 0)
		result = portal_writer_open(&out->writer, out->options.fd, err);
	out->cells.writer = out->writer;
	return result;
}

static void out_free(struct out *out)
{
	table_close(out->table);
	portal_writer_close(out->drawn);
	portal_writer_close(out->writer);
	arena_release(&out->row);
	arena_release(&out->answers);
	arena_release(&out->arena);
	free(out);
}

int out_open(struct out **ret, const struct out_options *options, const struct command *command,
	struct portal_error *err)
{
	struct out *out = calloc(1, sizeof(*out));
	int result;

	if (!out)
		return portal_fail(err, PORTAL_NO_MEMORY, _("memory ran out"));
	out->options = *options;
	out->command = command;
	out->tally.status = -1;
	out->arena.out_of_memory = process_out_of_memory;
	out->answers.out_of_memory = out->row.out_of_memory = process_out_of_memory;
	result = choose(out, err);
	if (result < 0)
		out_free(out);
	else
		*ret = out;
	return result;
}

void out_note_change(struct out *out)
{
	if (out->options.dry_run)
		return;
	out->change_made = true;
	out->answers.out_of_memory = out->row.out_of_memory = process_out_of_memory_after;
}

int out_check(struct out *out, struct portal_error *err)
{
	int error = portal_writer_errno(out->writer);

	if (!error)
		return 0;
	portal_fail(err, PORTAL_OUTPUT,
		out->change_made
			? _("the output could not be written: %s; the change was made all the same")
			: _("the output could not be written: %s"),
		strerror(error));
	return -PORTAL_OUTPUT;
}

int out_close(struct out *out, struct portal_error *err)
{
	int result;

	if (!out)
		return 0;
	portal_writer_flush(out->writer);
	result = out_check(out, err);
	out_free(out);
	return result;
}

void out_abandon(struct out *out)
{
	struct portal_error ignored = { 0 };

	if (!out)
		return;
	if (out->in_batch) {
		if (out->table)
			table_end(out->table, &ignored);
		portal_writer_flush(out->writer);
	}
	out_free(out);
}

bool out_wants_color(const char *color, int fd)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

	if (color && !strcmp(color, "always"))
		return true;
	if (color && !strcmp(color, "never"))
		return false;
	return isatty(fd) && !(no_color && *no_color) && !(term && !strcmp(term, "dumb"));
}

void out_put_dry_run(struct out *out)
{
	if (out->options.dry_run)
		portal_put(out->writer, ",\"dry_run\":true");
}

const struct portal_columns *out_columns(struct out *out, const struct portal_record *record)
{
	const struct portal_columns *columns = NULL;
	struct portal_error none = { 0 };

	if (record == out->command->prints)
		return out->columns;
	portal_columns_make(&out->answers, record, NULL, &columns, &none);
	return columns;
}

int64_t out_row_id(const struct portal_record *record, const void *row)
{
	const struct portal_field *field = portal_record_field(record, "id");
	struct portal_column column = { .field = field };

	return field ? portal_column_int(&column, row) : 0;
}
