#include "net/outcome.h"

#include <string.h>

#include "base/utf8.h"

void net_said(struct net_outcome *outcome, const char *text, size_t len)
{
	size_t at = 0, to = 0;

	while (at < len && to + 5 < sizeof(outcome->said)) {
		uint32_t character = '?';
		size_t size = utf8_next(text + at, len - at, &character);

		if (!size || character < 0x20 || utf8_is_hazard(character)) {
			outcome->said[to++] = size && character < 0x20 ? ' ' : '?';
			at += size ? size : 1;
			continue;
		}
		memcpy(outcome->said + to, text + at, size);
		to += size;
		at += size;
	}
	while (to && outcome->said[to - 1] == ' ')
		to--;
	outcome->said[to] = '\0';
}
