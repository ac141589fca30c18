/* What programs read from people and files before anything knows about it:
 * texts that may deceive a terminal, points in time that need a zone. */
#ifndef PORTAL_INPUT_H
#define PORTAL_INPUT_H

#include <stdbool.h>

#include <portal/error.h>
#include <portal/record.h>

struct arena;
struct zone;

/* Is @text UTF-8 (RFC 3629) without control characters (C0, DEL, C1)? Tab and
 * line feed are none here: bodies of messages have them. */
bool portal_text_is_sound(const char *text);

/* @text as it may be shown on a terminal and inside one line: controls, marks of
 * writing direction and bytes that are not UTF-8 become \xNN, and what is longer
 * than 80 characters ends in "…". The result lives in @arena. */
const char *portal_text_shown(struct arena *arena, const char *text);

/* Loads a time zone by its name ("America/Sao_Paulo") from @directory; NULL is
 * the system's. It lives in @arena. PORTAL_INVALID_TIME where there is none. */
int portal_input_zone(struct arena *arena, const char *directory, const char *name,
	struct zone **ret_zone, struct portal_error *err);

/* Reads RFC 3339, or a date, which is the first moment of that day in @zone.
 * PORTAL_INVALID_TIME for anything else; *ret_time is untouched then. */
int portal_time_read(
	const struct zone *zone, const char *text, portal_time *ret_time, struct portal_error *err);

#endif
