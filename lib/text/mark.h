/* Where a byte of a text stands for people: line and column. */
#ifndef TEXT_MARK_H
#define TEXT_MARK_H

#include <stddef.h>
#include <stdint.h>

/* The place of byte @at. Lines and columns count from 1, columns in characters;
 * LF, CR LF and CR end a line. */
struct text_mark {
	size_t at;
	int64_t line, column;
};

#define TEXT_MARK_START ((struct text_mark){ 0, 1, 1 })

/* Moves the mark to byte @to of @text, not before where it is: all places of a
 * text in their order cost one walk through it. */
static inline void text_mark_move(struct text_mark *mark, const char *text, size_t to)
{
	for (; mark->at < to; mark->at++) {
		const unsigned char c = (unsigned char)text[mark->at];

		if (c == '\n' && mark->at > 0 && text[mark->at - 1] == '\r')
			continue;
		if (c == '\n' || c == '\r') {
			mark->line++;
			mark->column = 1;
		} else if ((c & 0xc0) != 0x80) {
			mark->column++;
		}
	}
}

#endif
