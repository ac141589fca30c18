#include <portal/error.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <portal/arena.h>
#include "base/i18n.h"

static const struct {
	const char *word;
	int status;
	const char *meaning;
} codes[PORTAL_CODE_COUNT] = { [PORTAL_OK] = { "ok", 0, "done, or nothing to do" },
#define PORTAL_CODE_ROW(name, word, status, meaning) [PORTAL_##name] = { word, status, meaning },
	PORTAL_CODES(PORTAL_CODE_ROW)
#undef PORTAL_CODE_ROW
};

/* Cuts at a character, not inside one, and shows that something is missing. */
static void end_with_ellipsis(char *text, size_t size)
{
	size_t end = size - sizeof("…");

	while (end > 0 && ((unsigned char)text[end] & 0xc0) == 0x80)
		end--;
	memcpy(text + end, "…", sizeof("…"));
}

static void print_sentence(char *text, size_t size, const char *fmt, va_list args)
{
	int len = vsnprintf(text, size, fmt, args);

	if (len >= 0 && (size_t)len >= size)
		end_with_ellipsis(text, size);
}

int portal_fail(struct portal_error *err, enum portal_code code, const char *fmt, ...)
{
	va_list args;

	err->code = code;
	err->hint[0] = '\0';
	err->field = NULL;
	err->target_kind = NULL;
	err->target_id = 0;
	va_start(args, fmt);
	print_sentence(err->message, sizeof(err->message), fmt, args);
	va_end(args);
	return -(int)code;
}

int portal_hint(struct portal_error *err, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	print_sentence(err->hint, sizeof(err->hint), fmt, args);
	va_end(args);
	return -(int)err->code;
}

int portal_about_field(struct portal_error *err, const char *field)
{
	err->field = field;
	return -(int)err->code;
}

int portal_about(struct portal_error *err, const char *kind, int64_t id)
{
	err->target_kind = kind;
	err->target_id = id;
	return -(int)err->code;
}

void portal_fault_add(struct portal_error *err)
{
	struct portal_fault *fault;

	if (err->fault_count++ >= PORTAL_FAULTS_MAX || !err->arena)
		return;
	fault = arena_new(err->arena, struct portal_fault);
	fault->code = err->code;
	fault->field = err->field;
	fault->message = arena_strdup(err->arena, err->message);
	fault->source = err->source;
	fault->line = err->line;
	fault->column = err->column;
	if (err->faults)
		err->last_fault->next = fault;
	else
		err->faults = fault;
	err->last_fault = fault;
}

int portal_faults_end(struct portal_error *err)
{
	const struct portal_fault *first = err->faults;

	if (err->fault_count == 0)
		return 0;
	if (err->fault_count == 1)
		return -(int)err->code;
	if (first) {
		err->source = first->source;
		err->line = first->line;
		err->column = first->column;
	}
	return portal_fail(err, first ? first->code : err->code, _("%d faults, the first: %s"),
		err->fault_count, first ? first->message : "");
}

const char *portal_code_word(enum portal_code code)
{
	return codes[code].word;
}

int portal_code_exit(enum portal_code code)
{
	return codes[code].status;
}

const char *portal_code_meaning(enum portal_code code)
{
	return codes[code].meaning;
}

bool portal_code_retryable(enum portal_code code)
{
	return code == PORTAL_BUSY || code == PORTAL_REMOTE || code == PORTAL_TIMEOUT ||
	       code == PORTAL_LOGIN_WAIT;
}
