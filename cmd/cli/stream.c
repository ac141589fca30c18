/* Answers that have no end: each record is written at once. */
#include "print.h"

#include "text.h"

static void put_row(struct out *out, const void *row)
{
	if (out->format == FORMAT_TSV) {
		portal_put_cells_record(&out->cells, out->columns, row);
		portal_put_row_end(&out->cells);
		return;
	}
	if (out->format == FORMAT_IDS)
		portal_put_int(out->writer, out_row_id(out->command->prints, row));
	else
		portal_put_record(out->writer, out->columns, row);
	portal_put(out->writer, "\n");
}

int reply_stream(struct reply *reply, const void *row, struct portal_error *err)
{
	put_row(reply->out, row);
	portal_writer_flush(reply->out->writer);
	return out_check(reply->out, err);
}

const char *reply_stream_json(struct reply *reply, const void *row)
{
	const struct portal_columns *all;
	struct portal_error err = { 0 };
	struct portal_writer *line;
	const char *text = "";

	arena_reset(&reply->out->row);
	if (portal_columns_make(&reply->out->row, reply->out->command->prints, NULL, &all, &err) <
			0 ||
		portal_writer_open(&line, -1, &err) < 0)
		return text;
	portal_put_record(line, all, row);
	portal_put(line, "\n");
	text = arena_strdup(&reply->out->row, portal_writer_text(line));
	portal_writer_close(line);
	return text;
}

bool out_wants_page(const struct out *out)
{
	return out->format == FORMAT_HTML;
}

void reply_stopped(struct reply *reply, int signal)
{
	reply->stopped_by = signal;
}

int out_stopped_by(const struct reply *reply)
{
	return reply->stopped_by;
}
