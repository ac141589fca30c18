/* Values as people write them, put into the member that a struct arg names. */
#ifndef CLI_VALUES_H
#define CLI_VALUES_H

#include "cli.h"

struct arena;
struct portal_zone;
struct unsettled_date;

/* What values are read with. @tz is the name of the zone dates are read in; the
 * zone is loaded into @zone when the first date asks for it. Without a name it is the
 * office's, which only the portal knows: dates that were read before it was opened are
 * those in @unsettled, found good but still to be read by values_settle(). */
struct reading {
	struct arena *arena;
	const char *tz;
	const struct portal_zone *zone;
	struct unsettled_date *unsettled;
};

/* Reads @text as the type of @arg and fills the member in @base; a list is
 * appended to, and one with .words is split at commas. ARG_SECRET is not for
 * here. PORTAL_USAGE for what is no number or not one of the choices,
 * PORTAL_INVALID_TIME, PORTAL_INVALID_TEXT (not UTF-8, control characters).
 * @err->field is the argument's name. */
int value_read(struct reading *reading, const struct arg *arg, void *base, const char *text,
	struct portal_error *err);

/* Reads the dates that wait for the office's zone, in it; others will be, too. */
void values_settle(struct reading *reading, const struct portal_zone *zone);

/* Turns a flag on or off. */
void value_flag(const struct arg *arg, void *base, bool on);

/* The list member of @arg in @base; appending copies no text. */
cli_list *value_list(const struct arg *arg, void *base);
void list_append(struct arena *arena, cli_list *list, const char *text);

/* A decimal number of 64 bits, nothing around it; false for anything else. */
bool number_read(const char *text, int64_t *ret);

#endif
