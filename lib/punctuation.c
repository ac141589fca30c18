#include "punctuation.h"

#include <string.h>

size_t punctuation_blank(const char *text)
{
	if (*text == ' ' || *text == '\t')
		return 1;
	if (!strncmp(text, "\xc2\xa0", 2))
		return 2;
	if (strncmp(text, "\xe2\x80", 2) != 0)
		return 0;
	return text[2] == '\x87' || text[2] == '\x89' || text[2] == '\xaf' ? 3 : 0;
}

const char *punctuation_skip_blanks(const char *text)
{
	for (size_t len; (len = punctuation_blank(text)) > 0;)
		text += len;
	return text;
}

size_t punctuation_any(const char *text)
{
	if (*text == '.' || *text == '-' || *text == '/')
		return 1;
	if (!strncmp(text, "\xe2\x88\x92", 3))
		return 3;
	if (!strncmp(text, "\xe2\x80", 2) && text[2] >= '\x90' && text[2] <= '\x95')
		return 3;
	return punctuation_blank(text);
}
