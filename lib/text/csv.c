#include "text/csv.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"

enum place { AT_START, IN_PLAIN, IN_QUOTES, AFTER_QUOTE, AFTER_FIELD };

enum fault {
	SOUND,
	NUL_BYTE,
	NOT_CP1252,
	NOT_UTF8,
	TOO_MANY,
	AFTER_CLOSED,
	UNCLOSED,
	QUOTE_TOO_LONG,
	TOO_LONG
};

struct csv {
	struct source source;
	char delimiter;
	enum place place;
	enum fault fault;
	bool ended, stopped_early, after_cr;
	int64_t line, record;                       /* where the reading is */
	int64_t first_line, quote_line, fault_line; /* of this record */
	int count;
	const char *fields[CSV_MAX_FIELDS];
	size_t len;
	char text[CSV_MAX_BYTES + 8];
};

/* Looks no further than the first block, which is the header in all but hostile files. */
static char find_delimiter(const struct source *source)
{
	static const char candidates[] = { ';', ',', '\t' };
	int counts[sizeof(candidates)] = { 0 };
	size_t best = 0;
	bool quoted = false;

	for (size_t i = source->at; i < source->end; i++) {
		const char c = source->block[i];
		const char *found = memchr(candidates, c, sizeof(candidates));

		if (!quoted && (c == '\n' || c == '\r'))
			break;
		if (c == '"')
			quoted = !quoted;
		if (!quoted && found)
			counts[found - candidates]++;
	}
	for (size_t i = 1; i < sizeof(candidates); i++)
		best = counts[i] > counts[best] ? i : best;
	return counts[best] ? candidates[best] : ',';
}

int csv_open(struct csv **ret, int fd, const struct csv_options *options, struct portal_error *err)
{
	struct csv *csv = malloc(sizeof(*csv));
	int rc;

	if (!csv)
		return portal_fail(err, PORTAL_NO_MEMORY, _("there is not enough memory"));
	csv->line = 1;
	csv->record = 0;
	csv->ended = csv->stopped_early = csv->after_cr = false;
	rc = source_open(&csv->source, fd, options ? options->encoding : ENCODING_AUTO, err);
	if (rc < 0) {
		csv_close(&csv);
		return rc;
	}
	csv->delimiter = options ? options->delimiter : '\0';
	if (!csv->delimiter)
		csv->delimiter = find_delimiter(&csv->source);
	*ret = csv;
	return 0;
}

void csv_close(struct csv **csv)
{
	free(*csv);
	*csv = NULL;
}

bool csv_stopped_early(const struct csv *csv)
{
	return csv->stopped_early;
}

struct csv_options csv_found(const struct csv *csv)
{
	return (struct csv_options){ csv->source.encoding, csv->delimiter };
}

/* The first fault of a record counts; what follows may come from it. */
static void set_fault(struct csv *csv, enum fault fault, int64_t line)
{
	if (csv->fault != SOUND)
		return;
	csv->fault = fault;
	csv->fault_line = line;
}

static void begin_record(struct csv *csv)
{
	csv->place = AT_START;
	csv->fault = SOUND;
	csv->first_line = csv->line;
	csv->count = 0;
	csv->len = 0;
}

static void keep(struct csv *csv, int byte)
{
	uint32_t character = (uint32_t)byte;

	if (byte == '\0')
		set_fault(csv, NUL_BYTE, csv->line);
	if (byte < 0x80 || csv->source.encoding != ENCODING_CP1252) {
		csv->text[csv->len++] = (char)byte;
		return;
	}
	character = encoding_from_cp1252((unsigned char)byte);
	if (!character)
		set_fault(csv, NOT_CP1252, csv->line);
	csv->len += encoding_put_utf8(character, csv->text + csv->len);
}

/* A field is [its beginning, NUL); the next one begins behind that. */
static void end_field(struct csv *csv)
{
	csv->text[csv->len++] = '\0';
	csv->place = AT_START;
	if (csv->count == CSV_MAX_FIELDS)
		set_fault(csv, TOO_MANY, csv->line);
	else
		csv->count++;
}

static void begin_field(struct csv *csv)
{
	if (csv->count < CSV_MAX_FIELDS)
		csv->fields[csv->count] = csv->text + csv->len;
}

static bool is_empty(const struct csv *csv)
{
	return csv->place == AT_START && csv->count == 0;
}

static bool ends_line(int byte)
{
	return byte == '\n' || byte == '\r';
}

static void open_quote(struct csv *csv)
{
	csv->place = IN_QUOTES;
	csv->quote_line = csv->line;
}

/* A byte outside quotes; true when the record ends with it. */
static bool take_plain(struct csv *csv, int byte)
{
	bool closed = csv->place == AFTER_QUOTE || csv->place == AFTER_FIELD;

	if (ends_line(byte) && is_empty(csv))
		return false;
	if (byte == csv->delimiter || ends_line(byte)) {
		end_field(csv);
		begin_field(csv);
		return ends_line(byte);
	}
	if (closed && byte != ' ' && byte != '\t')
		set_fault(csv, AFTER_CLOSED, csv->line);
	csv->place = closed ? AFTER_FIELD : IN_PLAIN;
	keep(csv, byte);
	return false;
}

/* True when the record ends with this byte. */
static bool take(struct csv *csv, int byte)
{
	if (byte == '"' && csv->place == AT_START) {
		open_quote(csv);
	} else if (byte == '"' && csv->place == IN_QUOTES) {
		csv->place = AFTER_QUOTE;
	} else if (csv->place == IN_QUOTES || (byte == '"' && csv->place == AFTER_QUOTE)) {
		csv->place = IN_QUOTES;
		keep(csv, byte);
	} else {
		return take_plain(csv, byte);
	}
	return false;
}

static void count_line(struct csv *csv, int byte)
{
	if (byte == '\r' || (byte == '\n' && !csv->after_cr))
		csv->line++;
	csv->after_cr = byte == '\r';
}

/* What is left when the file ends without a line break. */
static bool take_end(struct csv *csv)
{
	csv->ended = true;
	if (is_empty(csv))
		return false;
	if (csv->place == IN_QUOTES)
		set_fault(csv, UNCLOSED, csv->quote_line);
	end_field(csv);
	return true;
}

static bool stop_too_long(struct csv *csv)
{
	bool quoted = csv->place == IN_QUOTES;

	csv->ended = csv->stopped_early = true;
	csv->fault = quoted ? QUOTE_TOO_LONG : TOO_LONG;
	csv->fault_line = quoted ? csv->quote_line : csv->first_line;
	return true;
}

/* 1 with a record in @csv, 0 at the end, or SOURCE_FAILED. */
static int read_record(struct csv *csv)
{
	bool done = false;

	begin_record(csv);
	begin_field(csv);
	while (!done) {
		int byte = source_byte(&csv->source);

		if (byte == SOURCE_FAILED)
			return SOURCE_FAILED;
		if (byte == SOURCE_END)
			return take_end(csv);
		done = csv->len > CSV_MAX_BYTES ? stop_too_long(csv) : take(csv, byte);
		count_line(csv, byte);
		if (!done && is_empty(csv))
			csv->first_line = csv->line;
	}
	return 1;
}

/* Windows-1252 was converted; there the text is UTF-8 by construction. */
static void check_utf8(struct csv *csv)
{
	size_t sound = encoding_utf8_sound(csv->text, csv->len);
	int64_t line = csv->first_line;

	if (sound == csv->len)
		return;
	for (size_t i = 0; i < sound; i++)
		line += csv->text[i] == '\n';
	set_fault(csv, NOT_UTF8, line);
}

static int fail(struct csv *csv, struct portal_error *err)
{
	static const char *const reasons[] = {
		[NUL_BYTE] = N_("there is a NUL byte"),
		[NOT_CP1252] = N_("there is a byte that Windows-1252 does not know"),
		[NOT_UTF8] = N_("the text is not UTF-8; if the file is older, try cp1252"),
		[TOO_MANY] = N_("there are more than 256 fields"),
		[AFTER_CLOSED] = N_("there is text after a closing quote"),
		[UNCLOSED] = N_("a quote is opened and never closed"),
		[QUOTE_TOO_LONG] =
			N_("a quote is not closed within 1 MiB; nothing after it was read"),
		[TOO_LONG] = N_("it is longer than 1 MiB; nothing after it was read"),
	};

	err->line = csv->fault_line;
	err->column = 0;
	return portal_fail(err, PORTAL_INVALID_INPUT, _("record %lld: %s"), (long long)csv->record,
		_(reasons[csv->fault]));
}

int csv_next(struct csv *csv, struct csv_row *ret, struct portal_error *err)
{
	int rc = csv->ended ? 0 : read_record(csv);

	if (rc == 0)
		return 0;
	if (rc < 0) {
		csv->ended = csv->stopped_early = true;
		return source_failed(err);
	}
	csv->record++;
	if (csv->fault == SOUND)
		check_utf8(csv);
	if (csv->fault != SOUND)
		return fail(csv, err);
	*ret = (struct csv_row){ csv->record, csv->first_line, csv->count, csv->fields };
	return 1;
}
