/* Results of a batch, in the formats:
 *
 * json    one document: {"schema","kind":"result.list","items":[RESULT…],"summary":{…}}
 * ndjson  a RESULT a line, last {"kind":"summary","ok","changed","failed"}
 * csv     line,ok,changed,action,FIELDS,code,message where the verb changes something,
 *         line,ok,FIELDS,code,message where it does not; FIELDS are those of --fields, else
 *         the id, or for a verb that changes nothing all. tsv: the same without header
 * ids     the ids of what went well          count   how many went well
 * table   the same rows for people; with -q of changes only those that failed
 *
 * A COMMAND_RESULTS command has a record for what becomes of each line: tables and CSV files
 * then show its fields and nothing else.
 *
 * RESULT is {"kind":"result","line","ok","changed","action","data","error"}. */
#include "print.h"

#include <string.h>

#include <portal/text.h>

#include "text.h"

static bool is_changing(const struct out *out)
{
	return out->command->action != NULL;
}

static bool is_told_by_record(const struct out *out)
{
	return out->command->flags & COMMAND_RESULTS;
}

static int begin_rows(struct out *out, struct portal_error *err)
{
	static const struct out_heading table_leading[] = { { "line", N_("LINE"), TABLE_RIGHT },
		{ "ok", N_("RESULT"), TABLE_LEFT }, { NULL } };
	static const struct out_heading changes[] = { { "line" }, { "ok" }, { "changed" },
		{ "action" }, { NULL } };
	static const struct out_heading checks[] = { { "line" }, { "ok" }, { NULL } };
	static const struct out_heading table_trailing[] = {
		{ "message", N_("MESSAGE"), TABLE_LEFT }, { NULL }
	};
	static const struct out_heading trailing[] = { { "code" }, { "message" }, { NULL } };
	struct out_frame frame = { is_changing(out) ? changes : checks, trailing };

	if (is_told_by_record(out)) {
		out_choose_shown(out, ROWS_OF_RECORDS);
		return out_rows_begin(out, NULL, err);
	}
	if (out->format == FORMAT_TABLE)
		frame = (struct out_frame){ table_leading, table_trailing };
	out_choose_shown(out, is_changing(out) ? ROWS_OF_CHANGES : ROWS_OF_RECORDS);
	return out_rows_begin(out, &frame, err);
}

static int begin(struct out *out, struct portal_error *err)
{
	if (out->in_batch)
		return 0;
	out->in_batch = true;
	if (out->format == FORMAT_JSON)
		portal_put(out->writer,
			"{\"schema\":\"portalctl/1\",\"kind\":\"result.list\",\"items\":[");
	return begin_rows(out, err);
}

static int64_t results_so_far(const struct out *out)
{
	return out->tally.ok + out->tally.failed;
}

static void put_result_json(struct out *out, int64_t line, const struct reply *reply,
	const struct portal_error *failure)
{
	bool changed = reply && reply_is_change(reply);

	portal_put(out->writer, "{\"kind\":\"result\",\"line\":");
	portal_put_int(out->writer, line);
	portal_put(out->writer, failure ? ",\"ok\":false" : ",\"ok\":true");
	portal_put(out->writer, changed ? ",\"changed\":true" : ",\"changed\":false");
	portal_put(out->writer, ",\"action\":");
	portal_put_json(out->writer, reply ? reply_action(reply) : NULL);
	out_put_dry_run(out);
	portal_put(out->writer, ",\"data\":");
	if (reply)
		reply_put_data(reply);
	else
		portal_put(out->writer, "null");
	portal_put(out->writer, ",\"error\":");
	portal_put(out->writer, failure ? "{" : "null}");
	if (failure) {
		error_put_members(out->writer, failure);
		portal_put(out->writer, "}}");
	}
}

static void put_empty_cells(struct out *out)
{
	for (size_t i = 0; i < out->shown->count; i++)
		portal_put_cell(&out->cells, NULL);
}

static void put_result_cells(struct out *out, int64_t line, const struct reply *reply,
	const struct portal_error *failure)
{
	struct portal_cells *cells = &out->cells;

	if (is_told_by_record(out)) {
		portal_put_cells_record(cells, out->shown, reply->row);
		portal_put_row_end(cells);
		return;
	}
	portal_put_cell_int(cells, line);
	portal_put_cell(cells, failure ? "false" : "true");
	if (is_changing(out)) {
		portal_put_cell(cells, reply && reply_is_change(reply) ? "true" : "false");
		portal_put_cell(cells, reply ? reply_action(reply) : NULL);
	}
	if (reply && reply->record)
		portal_put_cells_record(cells, out->shown, reply->row);
	else
		put_empty_cells(out);
	portal_put_cell(cells, failure ? portal_code_word(failure->code) : NULL);
	portal_put_cell(cells, failure ? failure->message : NULL);
	portal_put_row_end(cells);
}

static const char *result_word(const struct reply *reply, const struct portal_error *failure)
{
	if (failure)
		return _("failed");
	return reply && reply->changing && !reply_is_change(reply) ? _("unchanged") : _("ok");
}

static const char *message_of(const struct reply *reply, const struct portal_error *failure)
{
	if (failure)
		return failure->message;
	return reply && reply->sentence ? reply->sentence : "";
}

static void put_result_row(struct out *out, int64_t line, const struct reply *reply,
	const struct portal_error *failure)
{
	const char *before[] = { NULL, result_word(reply, failure), NULL };
	const char *behind[] = { NULL, NULL };

	if (!failure && out->options.quiet && is_changing(out))
		return;
	if (is_told_by_record(out)) {
		out_table_row(out, NULL, reply->row, NULL);
		return;
	}
	before[0] = arena_printf(&out->row, "%lld", (long long)line);
	behind[0] = portal_text_printable(&out->row, message_of(reply, failure));
	out_table_row(out, before, reply ? reply->row : NULL, behind);
}

static void put_result_id(struct out *out, const struct reply *reply)
{
	int64_t id = reply && reply->record ? out_row_id(reply->record, reply->row) : 0;

	if (!id)
		return;
	portal_put_int(out->writer, id);
	portal_put(out->writer, "\n");
}

static void put_result(struct out *out, int64_t line, const struct reply *reply,
	const struct portal_error *failure)
{
	switch (out->format) {
	case FORMAT_TABLE:
		put_result_row(out, line, reply, failure);
		break;
	case FORMAT_JSON:
		portal_put(out->writer, results_so_far(out) ? "," : "");
		put_result_json(out, line, reply, failure);
		break;
	case FORMAT_NDJSON:
		put_result_json(out, line, reply, failure);
		portal_put(out->writer, "\n");
		break;
	case FORMAT_CSV:
	case FORMAT_TSV:
		put_result_cells(out, line, reply, failure);
		break;
	case FORMAT_IDS:
		put_result_id(out, failure ? NULL : reply);
		break;
	case FORMAT_COUNT:
	case FORMAT_HTML:
		break;
	}
}

static void count_failure(struct tally *tally, const struct portal_error *failure)
{
	int status = portal_code_exit(failure->code);

	if (tally->failed++ == 0) {
		tally->status = status;
		tally->first_code = failure->code;
	} else if (tally->status != status) {
		tally->status = -1;
	}
}

static void count_result(
	struct out *out, const struct reply *reply, const struct portal_error *failure)
{
	bool changed = reply && reply_is_change(reply);

	if (failure) {
		count_failure(&out->tally, failure);
		return;
	}
	out->tally.ok++;
	out->tally.changed += changed;
	if (changed)
		out_note_change(out);
}

int out_result(struct out *out, int64_t line, struct reply *reply,
	const struct portal_error *failure, struct portal_error *err)
{
	int result = begin(out, err);

	if (result < 0)
		return result;
	put_result(out, line, reply, failure);
	arena_reset(&out->row);
	count_result(out, reply, failure);
	out->answers_printed = true;
	return out_check(out, err);
}

int reply_result(struct reply *reply, int64_t line, const void *row, enum reply_outcome outcome,
	const struct portal_error *failure)
{
	struct reply result = { .out = reply->out,
		.record = reply->out->command->prints,
		.sentence = reply->sentence };
	struct portal_error unwritten = { 0 };

	if (!failure && outcome == REPLY_CHANGED)
		out_note_change(reply->out);
	reply->sentence = NULL;
	result.row = arena_alloc(&reply->out->row, result.record->size);
	memcpy(result.row, row, result.record->size);
	if (!failure)
		reply_set_outcome(&result, outcome);
	return out_result(reply->out, line, &result, failure, &unwritten);
}

void reply_note_change(struct reply *reply)
{
	out_note_change(reply->out);
}

bool out_has_results(const struct out *out)
{
	return out->in_batch;
}

static void put_tally(struct out *out)
{
	portal_put(out->writer, "\"ok\":");
	portal_put_int(out->writer, out->tally.ok);
	portal_put(out->writer, ",\"changed\":");
	portal_put_int(out->writer, out->tally.changed);
	portal_put(out->writer, ",\"failed\":");
	portal_put_int(out->writer, out->tally.failed);
	out_put_dry_run(out);
	portal_put(out->writer, "}");
}

static void put_sum_for_people(struct out *out)
{
	const struct tally *sum = &out->tally;

	if (out->options.quiet)
		return;
	portal_put(out->writer,
		is_changing(out)
			? arena_printf(&out->arena, _("%lld ok (%lld changed), %lld failed\n"),
				  (long long)sum->ok, (long long)sum->changed,
				  (long long)sum->failed)
			: arena_printf(&out->arena, _("%lld ok, %lld failed\n"), (long long)sum->ok,
				  (long long)sum->failed));
	portal_put(out->writer, out->options.dry_run ? _("dry run: nothing was changed\n") : "");
}

static void put_end(struct out *out)
{
	if (out->format == FORMAT_TABLE)
		put_sum_for_people(out);
	if (out->format == FORMAT_JSON) {
		portal_put(out->writer, "],\"summary\":{");
		put_tally(out);
		portal_put(out->writer, "}\n");
	}
	if (out->format == FORMAT_NDJSON) {
		portal_put(out->writer, "{\"kind\":\"summary\",");
		put_tally(out);
		portal_put(out->writer, "\n");
	}
	if (out->format == FORMAT_COUNT) {
		portal_put_int(out->writer, out->tally.ok);
		portal_put(out->writer, "\n");
	}
}

int out_results_end(struct out *out, struct portal_error *err)
{
	int result = begin(out, err);

	if (result == 0 && out->table)
		result = table_end(out->table, err);
	if (result < 0)
		return result;
	put_end(out);
	out_note_dry_run(out);
	return out_check(out, err);
}

int out_reply_results_end(struct out *out, const struct reply *reply, struct portal_error *err)
{
	const int result = out_results_end(out, err);

	if (result < 0 || out->format != FORMAT_TABLE || out->options.quiet || !reply->sentence)
		return result;
	portal_put(out->writer, portal_text_printable(&out->answers, reply->sentence));
	portal_put(out->writer, "\n");
	return out_check(out, err);
}

int out_result_status(const struct out *out)
{
	const struct tally *tally = &out->tally;

	if (tally->failed == 0)
		return 0;
	if (tally->ok == 0 && tally->status > 0)
		return tally->status;
	return portal_code_exit(PORTAL_PARTIAL);
}

int out_result_failure(const struct out *out, int status, struct portal_error *err)
{
	const struct tally *tally = &out->tally;
	const bool is_alike = portal_code_exit(tally->first_code) == status;

	return portal_fail(err, is_alike ? tally->first_code : PORTAL_PARTIAL,
		_("%lld of %lld records failed"), (long long)tally->failed,
		(long long)results_so_far(out));
}
