/* Rows that people see drawn, as a conversation, instead of as lines of a table. */
#ifndef CLI_DRAW_H
#define CLI_DRAW_H

#include <portal/arena.h>
#include <portal/writer.h>

#include "cli.h"
#include "human.h"

/* Where and how: @width columns, in colour where @color; times and words by @human.
 * @arena is reset behind each row. */
struct drawing {
	struct portal_writer *writer;
	struct arena *arena;
	const struct human *human;
	size_t width;
	bool color;
};

/* Of an answer: is it for people, all of it? Then what is drawn stands below the record. */
bool reply_is_drawn(const struct reply *reply);
void reply_draw(struct reply *reply, draw_row *draw, const void *row);

#endif
