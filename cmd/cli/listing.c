#include "print.h"

#include "text.h"

static void json_begin(struct out *out)
{
	portal_put(out->writer, "{\"schema\":\"portalctl/1\",\"kind\":\"");
	portal_put(out->writer, out->command->prints->kind);
	portal_put(out->writer, ".list\",\"items\":[");
}

struct listing *out_list_begin(struct out *out)
{
	struct portal_error err = { 0 };

	out->listing = (struct listing){ .out = out };
	out_choose_shown(out, ROWS_OF_RECORDS);
	out->drawing.writer = NULL;
	if (out->format == FORMAT_TABLE && out->command->draw && !out->options.fields)
		out->drawing = out_drawing(out, out->writer);
	else if (out->format == FORMAT_JSON)
		json_begin(out);
	else if (out_rows_begin(out, NULL, &err) < 0)
		out->listing.failed = true;
	return &out->listing;
}

static void put_line(struct out *out, const void *row)
{
	arena_reset(&out->row);
	if (out->drawing.writer)
		out->command->draw(&out->drawing, row);
	else
		out_table_row(out, NULL, row, NULL);
}

static void put_row(struct out *out, const void *row)
{
	switch (out->format) {
	case FORMAT_TABLE:
		put_line(out, row);
		break;
	case FORMAT_JSON:
		if (out->listing.count)
			portal_put_bytes(out->writer, ",", 1);
		portal_put_record(out->writer, out->columns, row);
		break;
	case FORMAT_NDJSON:
		portal_put_record(out->writer, out->columns, row);
		portal_put_bytes(out->writer, "\n", 1);
		break;
	case FORMAT_CSV:
	case FORMAT_TSV:
		portal_put_cells_record(&out->cells, out->columns, row);
		portal_put_row_end(&out->cells);
		break;
	case FORMAT_IDS:
		portal_put_int(out->writer, out_row_id(out->command->prints, row));
		portal_put_bytes(out->writer, "\n", 1);
		break;
	case FORMAT_COUNT:
	case FORMAT_HTML:
		break;
	}
}

int listing_row(const void *row, void *arg)
{
	struct listing *listing = arg;

	if (!listing->failed)
		put_row(listing->out, row);
	listing->count++;
	return listing->failed || portal_writer_errno(listing->out->writer) ? -PORTAL_OUTPUT : 0;
}

void listing_end(struct listing *listing, const struct portal_list_end *end)
{
	listing->truncated = end->truncated;
	listing->next = arena_strdup(&listing->out->arena, end->next);
}

static void put_count_line(struct out *out)
{
	int64_t count = out->listing.count;
	const char *line;

	if (out->options.quiet || count == 0)
		return;
	line = P_("%lld record\n", "%lld records\n", count);
	portal_put(out->writer, arena_printf(&out->arena, line, (long long)count));
}

static void json_end(struct out *out)
{
	const struct listing *listing = &out->listing;

	portal_put(out->writer, "],\"count\":");
	portal_put_int(out->writer, listing->count);
	portal_put(
		out->writer, listing->truncated ? ",\"truncated\":true" : ",\"truncated\":false");
	portal_put(out->writer, ",\"next\":");
	portal_put_json(out->writer, listing->truncated ? listing->next : NULL);
	portal_put(out->writer, "}\n");
}

static void put_cut_note(const struct out *out, struct portal_writer *note)
{
	const struct listing *listing = &out->listing;

	if (out->format == FORMAT_NDJSON) {
		portal_put(note,
			"{\"schema\":\"portalctl/1\",\"kind\":\"note\",\"code\":\"truncated\","
			"\"next\":");
		portal_put_json(note, listing->next);
		portal_put(note, "}\n");
		return;
	}
	portal_put(note, "portalctl: ");
	portal_put(note, _("the list was cut; go on with: --after "));
	portal_put(note, listing->next ? listing->next : "");
	portal_put(note, "\n");
}

/* Formats without an envelope have no other place to say that there is more. */
static void note_that_it_was_cut(const struct out *out)
{
	struct portal_writer *note;
	struct portal_error ignored = { 0 };

	if (!out->listing.truncated || out->options.quiet || out->format == FORMAT_JSON)
		return;
	if (portal_writer_open(&note, 2, &ignored) < 0)
		return;
	put_cut_note(out, note);
	portal_writer_flush(note);
	portal_writer_close(note);
}

static int table_list_end(struct out *out, struct portal_error *err)
{
	int result = out->table ? table_end(out->table, err) : -PORTAL_NO_MEMORY;

	if (!out->table)
		portal_fail(err, PORTAL_NO_MEMORY, _("memory ran out"));
	if (result == 0)
		put_count_line(out);
	return result;
}

int out_list_end(struct out *out, struct portal_error *err)
{
	int result = 0;

	if (out->format == FORMAT_TABLE && !out->drawing.writer)
		result = table_list_end(out, err);
	if (out->format == FORMAT_JSON)
		json_end(out);
	if (out->format == FORMAT_COUNT) {
		portal_put_int(out->writer, out->listing.count);
		portal_put(out->writer, "\n");
	}
	if (result == 0)
		result = out_check(out, err);
	if (result == 0)
		note_that_it_was_cut(out);
	return result;
}
