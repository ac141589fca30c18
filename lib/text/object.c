#include "text/object.h"

#include <stdio.h>
#include <string.h>

static size_t quoted_size(const char *text)
{
	size_t size = sizeof("null");

	if (!text)
		return size;
	for (size = 2; *text; text++)
		size += (unsigned char)*text < 0x20 ? 6
						    : 1u + (size_t)(*text == '"' || *text == '\\');
	return size;
}

static char *add_text(char *end, const char *text)
{
	const size_t len = strlen(text);

	memcpy(end, text, len);
	return end + len;
}

static char *add_quoted(char *end, const char *text)
{
	static const char digits[] = "0123456789abcdef";

	if (!text)
		return add_text(end, "null");
	*end++ = '"';
	for (; *text; text++) {
		const unsigned char c = (unsigned char)*text;

		if (c < 0x20) {
			end = add_text(end, "\\u00");
			*end++ = digits[c >> 4];
			*end++ = digits[c & 15];
			continue;
		}
		if (c == '"' || c == '\\')
			*end++ = '\\';
		*end++ = (char)c;
	}
	*end++ = '"';
	return end;
}

static bool differs(const struct change *change)
{
	if (!change->before || !change->after)
		return change->before != change->after;
	return strcmp(change->before, change->after) != 0;
}

const char *object_of_changes(struct arena *arena, const struct change *changes)
{
	size_t size = 3;
	char *text, *end;

	for (const struct change *c = changes; c->field; c++)
		size += quoted_size(c->field) + quoted_size(c->before) + quoted_size(c->after) + 5;
	text = end = arena_alloc(arena, size);
	*end++ = '{';
	for (const struct change *c = changes; c->field; c++) {
		if (!differs(c))
			continue;
		if (end > text + 1)
			*end++ = ',';
		end = add_text(add_quoted(end, c->field), ":[");
		*(end = add_quoted(end, c->before)) = ',';
		*(end = add_quoted(end + 1, c->after)) = ']';
		end++;
	}
	*end = '}';
	return text;
}

const char *object_of_texts(struct arena *arena, const struct named_text *texts)
{
	size_t size = 3;
	char *text, *end;

	for (const struct named_text *t = texts; t->name; t++)
		size += quoted_size(t->name) + quoted_size(t->text) + 2;
	text = end = arena_alloc(arena, size);
	*end++ = '{';
	for (const struct named_text *t = texts; t->name; t++) {
		if (!t->text)
			continue;
		if (end > text + 1)
			*end++ = ',';
		end = add_text(add_quoted(end, t->name), ":");
		end = add_quoted(end, t->text);
	}
	*end = '}';
	return text;
}
