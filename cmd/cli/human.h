/* Values as people read them, in the user's language and time zone. */
#ifndef CLI_HUMAN_H
#define CLI_HUMAN_H

#include <stdbool.h>
#include <stddef.h>

#include <portal/record.h>
#include <portal/writer.h>

struct arena;
struct portal_zone;

/* @day_first: "01/03/2026 09:00" instead of "2026-03-01 09:00". */
struct human {
	const struct portal_zone *zone;
	bool day_first;
};

/* The zone is @tz, or UTC where that is NULL until the office's is known and put into
 * @human->zone. It lives in @arena. -PORTAL_INVALID_TIME for one that is not known. */
int human_init(struct human *human, struct arena *arena, const char *lang, const char *tz,
	struct portal_error *err);

/* The value of a column in one line that is safe to show, in @arena or constant:
 * "" for none, the translated label of an enumeration's word, lists joined. */
const char *human_value(const struct human *human, struct arena *arena,
	const struct portal_column *column, const void *row);

/* The heading of a column, translated; the key where it has no title. */
const char *human_heading(const struct portal_column *column);

/* Columns of a terminal that @text takes; bytes of its longest beginning that takes at
 * most @width. */
size_t human_width(const char *text);
size_t human_fitting(const char *text, size_t width);

#endif
