#include <portal/company-import.h>

#include <string.h>

#include <portal/company.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/utf8.h"
#include "company-import-private.h"
#include "policy.h"
#include "portal-private.h"
#include "seal/seal.h"

/* A chunk ends with the first of these, so that other writers wait little and
 * memory stays small; an atomic import is one chunk, and so has limits. */
enum {
	CHUNK_LINES_MAX = 10000,
	CHUNK_MS_MAX = 200,
	CHUNK_BYTES_MAX = 6 * 1024 * 1024,
	ATOMIC_LINES_MAX = 100000,
	ATOMIC_BYTES_MAX = 32 * 1024 * 1024,
};

const struct portal_word company_import_results[] = {
	{ "ok", N_("ok") },
	{ "warning", N_("warning") },
	{ "duplicate", N_("duplicate") },
	{ "error", N_("error") },
	{ NULL, NULL },
};

static const struct portal_field import_fields[] = {
	PORTAL_FIELD(struct company_import, line, N_("LINE"), .flags = PORTAL_FIELD_RIGHT),
	PORTAL_FIELD(struct company_import, result, N_("RESULT"), .words = company_import_results),
	PORTAL_FIELD(struct company_import, country, N_("COUNTRY")),
	PORTAL_FIELD(struct company_import, tax_id, N_("TAX ID")),
	PORTAL_FIELD(struct company_import, name, N_("NAME")),
	PORTAL_FIELD(struct company_import, phone, N_("PHONE"), .flags = PORTAL_FIELD_WIDE),
	PORTAL_FIELD(struct company_import, company_id, N_("COMPANY"), .flags = PORTAL_FIELD_WIDE),
	PORTAL_FIELD(struct company_import, message, N_("MESSAGE")),
	PORTAL_FIELD(struct company_import, faults, N_("REMARKS"), .flags = PORTAL_FIELD_WIDE),
	PORTAL_FIELDS_END,
};

const struct portal_record company_import_record = { "company.import",
	sizeof(struct company_import), import_fields };

/* Step over, or cut off, what stands at the ends of cells and means nothing. */
static const char *trimmed(struct arena *arena, const char *text)
{
	size_t len = strlen(text), kept = 0, n;
	uint32_t character;

	while ((n = utf8_next(text, len, &character)) > 0 && utf8_is_blank(character)) {
		text += n;
		len -= n;
	}
	for (size_t i = 0; i < len; i += n) {
		n = utf8_next(text + i, len - i, &character);
		if (!utf8_is_blank(character))
			kept = i + n;
	}
	return kept ? arena_strndup(arena, text, kept) : NULL;
}

static struct import_line *add_line(struct import *import, int64_t number)
{
	struct import_line *line = arena_new(&import->lines, struct import_line);

	line->result.line = number;
	if (import->last)
		import->last->next = line;
	else
		import->first = line;
	import->last = line;
	import->count++;
	return line;
}

static void add_fault(
	struct import *import, int64_t number, enum portal_code code, const char *message)
{
	struct import_line *line = add_line(import, number);
	struct company_import *result = &line->result;

	line->unreadable = true;
	result->result = "error";
	result->code = code;
	result->first_fault = arena_new(&import->lines, struct portal_fault);
	result->first_fault->code = code;
	result->first_fault->message = arena_strdup(&import->lines, message);
	result->first_fault->line = number;
	import_line_tell(&import->lines, result);
}

/* Spreadsheets leave empty cells behind the last column; a value there means
 * that a delimiter stands unquoted in some cell before. */
static bool overflows(const struct import *import, const struct csv_row *row)
{
	for (int f = import->header.count; f < row->count; f++)
		if (row->fields[f][strspn(row->fields[f], " \t")])
			return true;
	return false;
}

static bool is_blank(const struct csv_row *row)
{
	for (int f = 0; f < row->count; f++)
		if (row->fields[f][strspn(row->fields[f], " \t")])
			return false;
	return true;
}

static void take_row(struct import *import, const struct csv_row *row)
{
	struct import_line *line;

	if (is_blank(row))
		return;
	if (overflows(import, row)) {
		add_fault(import, row->line, PORTAL_INVALID_INPUT,
			arena_printf(&import->scratch,
				_("the line has %d values and the heading %d columns; put a value "
				  "with a delimiter in it into quotes"),
				row->count, import->header.count));
		return;
	}
	line = add_line(import, row->line);
	for (int c = 0; c < IMPORT_COLUMNS; c++) {
		const int f = import->header.field[c];

		if (f >= 0 && f < row->count)
			line->values[c] = trimmed(&import->lines, row->fields[f]);
	}
}

/* 1: one more record was taken; 0: the end. */
static int read_one(struct import *import)
{
	struct portal_error fault = { 0 };
	struct csv_row row;
	const int r = csv_next(import->csv, &row, &fault);

	if (r > 0)
		take_row(import, &row);
	else if (r == -PORTAL_INVALID_INPUT)
		add_fault(import, fault.line, fault.code, fault.message);
	else if (r < 0)
		*import->err = fault;
	return r == -PORTAL_INVALID_INPUT ? 1 : r;
}

static int check_atomic_size(const struct import *import)
{
	if (import->count <= ATOMIC_LINES_MAX && arena_used(&import->lines) <= ATOMIC_BYTES_MAX)
		return 1;
	return portal_fail(import->err, PORTAL_USAGE,
		_("an atomic import holds at most %d lines and %d MiB; nothing was done"),
		ATOMIC_LINES_MAX, ATOMIC_BYTES_MAX / (1024 * 1024));
}

/* 1: there is room for one more. */
static int has_room(const struct import *import)
{
	if (import->request->atomic)
		return check_atomic_size(import);
	return import->count < CHUNK_LINES_MAX && arena_used(&import->lines) < CHUNK_BYTES_MAX;
}

/* Reads before the transaction begins: others may write while a pipe is slow. */
static int fill_chunk(struct import *import)
{
	int r;

	arena_reset(&import->lines);
	import->first = import->last = NULL;
	import->count = 0;
	do {
		r = read_one(import);
		import->ended = r <= 0;
		if (r > 0)
			r = has_room(import);
	} while (r > 0);
	import->from = import->first;
	return r;
}

static int is_error(const struct import_line *line)
{
	return line->result.code != PORTAL_OK;
}

static void add_line_faults(const struct import_line *line, struct portal_error *err)
{
	for (const struct portal_fault *f = line->result.first_fault; f; f = f->next) {
		portal_fail(err, f->code, "%s", f->message);
		portal_about_field(err, f->field);
		err->line = f->line;
		portal_fault_add(err);
	}
}

/* What an atomic import fails with: the faults of all lines that have an error. */
static int lines_failure(const struct import *import, struct portal_error *err)
{
	for (const struct import_line *line = import->first; line; line = line->next)
		if (is_error(line))
			add_line_faults(line, err);
	return portal_faults_end(err);
}

/* The transaction. It may be run again, so it begins where the chunk began. */
static int run_lines(struct work *w, void *arg)
{
	struct import *import = arg;
	const int64_t end_ms = monotonic_ms() + CHUNK_MS_MAX;
	int64_t viewer;
	int r = policy_need_list(w, "company.import", &viewer);

	for (import->done = import->from; r >= 0 && import->done;) {
		struct import_line *line = import->done;

		r = import_line_run(w, import, line);
		import->done = line->next;
		if (!import->request->atomic && monotonic_ms() >= end_ms)
			break;
	}
	return r >= 0 && import->request->atomic ? lines_failure(import, w->err) : r;
}

static void count(struct company_import_summary *summary, const struct company_import *result)
{
	summary->lines++;
	summary->changed += result->changed;
	switch (result->result[0]) {
	case 'o':
		summary->ok++;
		break;
	case 'w':
		summary->warnings++;
		break;
	case 'd':
		summary->duplicates++;
		break;
	default:
		summary->errors++;
	}
}

static int give_results(struct import *import)
{
	for (struct import_line *line = import->from; line != import->done; line = line->next)
		count(import->summary, &line->result);
	for (; import->from != import->done; import->from = import->from->next) {
		int r = import->visit ? import->visit(&import->from->result, import->arg) : 0;

		if (r < 0)
			return r;
	}
	work_progress(import->portal, import->summary->lines, 0);
	return 0;
}

static int run_chunk(struct import *import)
{
	int r = 0;

	while (r >= 0 && import->from) {
		r = work_write(import->portal, run_lines, import, import->err);
		if (r >= 0)
			r = give_results(import);
	}
	return r;
}

static int run_chunks(struct import *import)
{
	int r = 0;

	while (r >= 0 && !import->ended) {
		int read = fill_chunk(import);

		if (read < 0 && import->request->atomic)
			return read;
		r = run_chunk(import);
		r = r < 0 ? r : read;
	}
	return r;
}

static int read_header(struct import *import)
{
	struct csv_row row;
	const int r = csv_next(import->csv, &row, import->err);

	if (r < 0)
		return r;
	if (r == 0)
		return portal_fail(import->err, PORTAL_INVALID_INPUT,
			_("the table is empty; its first line must name the columns"));
	return import_header_read(portal_arena(import->portal), &row, &import->header, import->err);
}

static int open_table(struct import *import)
{
	const struct company_import_request *request = import->request;
	struct csv_options options = { 0 };
	int r = 0;

	if (request->encoding)
		r = encoding_parse(request->encoding, &options.encoding, import->err);
	if (r >= 0)
		r = seal_random(import->seen.secret, sizeof(import->seen.secret), import->err);
	if (r >= 0)
		r = csv_open(&import->csv, request->fd, &options, import->err);
	return r < 0 ? r : read_header(import);
}

/* Before the table is read: an answer that would be no anyway comes at once. */
static int may_import(struct work *w, void *arg)
{
	const struct company_import_request *request = arg;
	int64_t viewer;

	if (request->relation && !portal_word_known(company_relations, request->relation))
		return portal_fail(w->err, PORTAL_USAGE, _("'%s' is not a value of '%s'"),
			request->relation, "relation");
	return policy_need_list(w, "company.import", &viewer);
}

int company_import(struct portal *portal, const struct company_import_request *request,
	portal_visit *visit, void *arg, struct company_import_summary *ret_summary,
	struct portal_error *err)
{
	struct company_import_request reading = *request;
	struct import import = { .portal = portal,
		.request = &reading,
		.lines.out_of_memory = portal->options.out_of_memory,
		.scratch.out_of_memory = portal->options.out_of_memory,
		.dry_run = portal->options.dry_run,
		.visit = visit,
		.arg = arg,
		.summary = ret_summary,
		.err = err };
	int r;

	*ret_summary = (struct company_import_summary){ 0 };
	r = work_read(portal, may_import, &reading, err);
	if (r >= 0)
		r = open_table(&import);
	if (r >= 0) {
		ret_summary->ignored.lines = import.header.ignored;
		r = run_chunks(&import);
		ret_summary->stopped_early = csv_stopped_early(import.csv);
	}
	csv_close(&import.csv);
	seen_release(&import.seen);
	arena_release(&import.lines);
	arena_release(&import.scratch);
	return r < 0 ? r : 0;
}
