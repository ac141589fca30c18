#include "print.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <portal/text.h>

#include "process.h"
#include "text.h"

/* More than an error takes to print, but for one of very many faults. */
enum { ERROR_MEMORY = 64 * 1024 };

static void put_number_or_null(struct portal_writer *writer, int64_t number)
{
	if (number > 0)
		portal_put_int(writer, number);
	else
		portal_put(writer, "null");
}

static void put_source(struct portal_writer *writer, const char *file, int64_t line, int64_t column)
{
	portal_put(writer, ",\"source\":");
	if (!file && line <= 0) {
		portal_put(writer, "null");
		return;
	}
	portal_put(writer, "{\"file\":");
	portal_put_json(writer, file);
	portal_put(writer, ",\"line\":");
	put_number_or_null(writer, line);
	portal_put(writer, ",\"column\":");
	put_number_or_null(writer, column);
	portal_put(writer, "}");
}

static void put_target(struct portal_writer *writer, const struct portal_error *err)
{
	portal_put(writer, ",\"target\":");
	if (!err->target_kind) {
		portal_put(writer, "null");
		return;
	}
	portal_put(writer, "{\"kind\":");
	portal_put_json(writer, err->target_kind);
	portal_put(writer, ",\"id\":");
	put_number_or_null(writer, err->target_id);
	portal_put(writer, "}");
}

/* A fault that does not say where it stands stands where the failure does. */
static void put_fault_source(struct portal_writer *writer, const struct portal_fault *fault,
	const struct portal_error *err)
{
	const bool has_line = fault->line > 0 || fault->source;

	put_source(writer, fault->source ? fault->source : err->source,
		has_line ? fault->line : err->line, has_line ? fault->column : err->column);
}

static void put_faults(struct portal_writer *writer, const struct portal_error *err)
{
	portal_put(writer, ",\"errors\":[");
	for (const struct portal_fault *f = err->faults; f; f = f->next) {
		portal_put(writer, "{\"code\":");
		portal_put_json(writer, portal_code_word(f->code));
		portal_put(writer, ",\"field\":");
		portal_put_json(writer, f->field);
		portal_put(writer, ",\"message\":");
		portal_put_json(writer, f->message);
		put_fault_source(writer, f, err);
		portal_put(writer, f->next ? "}," : "}");
	}
	portal_put(writer, "]");
}

void error_put_members(struct portal_writer *writer, const struct portal_error *err)
{
	portal_put(writer, "\"code\":");
	portal_put_json(writer, portal_code_word(err->code));
	portal_put(writer, ",\"exit\":");
	portal_put_int(writer, portal_code_exit(err->code));
	portal_put(writer, ",\"message\":");
	portal_put_json(writer, err->message);
	portal_put(writer, ",\"hint\":");
	portal_put_json(writer, err->hint[0] ? err->hint : NULL);
	portal_put(writer,
		portal_code_retryable(err->code) ? ",\"retryable\":true" : ",\"retryable\":false");
	put_target(writer, err);
	portal_put(writer, ",\"field\":");
	portal_put_json(writer, err->field);
	put_source(writer, err->source, err->line, err->column);
	put_faults(writer, err);
}

static void put_json_line(struct portal_writer *writer, const struct portal_error *err)
{
	portal_put(writer, "{\"schema\":\"portalctl/1\",\"kind\":\"error\",");
	error_put_members(writer, err);
	portal_put(writer, "}\n");
}

/* "clients.yaml:17:4: ", as compilers say it; editors jump there. */
static const char *place(struct arena *arena, const char *file, int64_t line, int64_t column)
{
	const char *text = "";

	if (file)
		text = arena_printf(arena, "%s:", portal_text_printable(arena, file));
	if (line > 0)
		text = arena_printf(arena, "%s%lld:", text, (long long)line);
	if (line > 0 && column > 0)
		text = arena_printf(arena, "%s%lld:", text, (long long)column);
	return *text ? arena_printf(arena, "%s ", text) : text;
}

static void put_styled(
	struct portal_writer *writer, const char *style, const char *text, bool color)
{
	portal_put(writer, color ? style : "");
	portal_put(writer, text);
	portal_put(writer, color ? "\033[0m" : "");
}

static void put_fault(struct portal_writer *writer, struct arena *arena,
	const struct portal_fault *fault, const char *source)
{
	const char *file = fault->line > 0 ? source : NULL;

	portal_put(writer, "  ");
	portal_put(writer,
		place(arena, fault->source ? fault->source : file, fault->line, fault->column));
	portal_put(writer, portal_text_printable(arena, fault->message));
	portal_put(writer, "\n");
}

static void put_sentence_lines(
	struct portal_writer *writer, const struct portal_error *err, bool color)
{
	_cleanup_arena_ struct arena arena = { .out_of_memory = process_out_of_memory };

	put_styled(writer, "\033[1;31m", "portalctl:", color);
	portal_put(writer, " ");
	portal_put(writer, place(&arena, err->source, err->line, err->column));
	portal_put(writer, portal_text_printable(&arena, err->message));
	portal_put(writer, "\n");
	/* A single fault is the sentence itself. */
	for (const struct portal_fault *f = err->fault_count > 1 ? err->faults : NULL; f;
		f = f->next)
		put_fault(writer, &arena, f, err->source);
	if (!err->hint[0])
		return;
	put_styled(writer, "\033[1m", _("hint:"), color);
	portal_put(writer, " ");
	portal_put(writer, portal_text_printable(&arena, err->hint));
	portal_put(writer, "\n");
}

/* When memory is gone nothing can be escaped, so what would have to be is left
 * out. */
static void say_without_memory(const struct portal_error *err, bool as_json)
{
	static const char json[] =
		"{\"schema\":\"portalctl/1\",\"kind\":\"error\",\"code\":\"%s\",\"exit\":%d,"
		"\"message\":\"%s\",\"hint\":null,\"retryable\":false,\"target\":null,"
		"\"field\":null,\"source\":null,\"errors\":[]}\n";
	char message[sizeof(err->message)];
	size_t i = 0;

	for (; err->message[i]; i++) {
		const unsigned char c = (unsigned char)err->message[i];

		message[i] = c < ' ' || c == 0x7f || c == '"' || c == '\\' ? '?' : (char)c;
	}
	message[i] = '\0';
	if (as_json)
		dprintf(2, json, portal_code_word(err->code), portal_code_exit(err->code), message);
	else
		dprintf(2, "portalctl: %s\n", message);
}

static bool memory_is_left(void)
{
	void *some = malloc(ERROR_MEMORY);

	free(some);
	return some;
}

void out_error(const struct portal_error *err, const char *format, const char *color)
{
	bool as_json = format && (!strcmp(format, "json") || !strcmp(format, "ndjson"));
	struct portal_error ignored = { 0 };
	struct portal_writer *writer;

	if (!memory_is_left() || portal_writer_open(&writer, 2, &ignored) < 0) {
		say_without_memory(err, as_json);
		return;
	}
	if (as_json)
		put_json_line(writer, err);
	else
		put_sentence_lines(writer, err, out_wants_color(color, 2));
	if (portal_writer_flush(writer) == ENOMEM)
		say_without_memory(err, as_json);
	portal_writer_close(writer);
}
