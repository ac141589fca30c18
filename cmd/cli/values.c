#include "values.h"

#include <string.h>

#include <portal/arena.h>
#include <portal/text.h>
#include <portal/time.h>

#include "text.h"

#define MEMBER(type, arg, base) ((type *)(void *)((char *)(base) + (arg)->offset))

bool number_read(const char *text, int64_t *ret)
{
	bool negative = *text == '-';
	int64_t number = 0;

	text += negative;
	if (!*text)
		return false;
	for (; *text; text++) {
		if (*text < '0' || *text > '9')
			return false;
		if (__builtin_mul_overflow(number, 10, &number) ||
			__builtin_sub_overflow(number, *text - '0', &number))
			return false;
	}
	if (!negative && number == INT64_MIN)
		return false;
	*ret = negative ? number : -number;
	return true;
}

void list_append(struct arena *arena, cli_list *list, const char *text)
{
	size_t count = (size_t)list->count;

	if ((count & (count - 1)) == 0) {
		const char **grown = arena_array(arena, count ? 2 * count : 1, sizeof(*grown));

		if (count)
			memcpy(grown, list->items, count * sizeof(*grown));
		list->items = grown;
	}
	((const char **)(uintptr_t)list->items)[list->count++] = text;
}

cli_list *value_list(const struct arg *arg, void *base)
{
	return MEMBER(cli_list, arg, base);
}

void value_flag(const struct arg *arg, void *base, bool on)
{
	*MEMBER(bool, arg, base) = on;
}

static int not_a_choice(
	struct reading *reading, const struct arg *arg, const char *text, struct portal_error *err)
{
	struct suggestion guess = suggest_begin(text);

	for (const struct portal_word *w = arg->words; w->word; w++)
		suggest_try(&guess, w->word);
	portal_fail(err, PORTAL_USAGE, _("'%s' is not one of the choices of '%s': %s"),
		portal_text_printable(reading->arena, text), arg->name,
		portal_words_joined(reading->arena, arg->words));
	return suggest_hint(&guess, err);
}

static int check_choice(
	struct reading *reading, const struct arg *arg, const char *text, struct portal_error *err)
{
	const char *word = (arg->flags & ARG_DESCENDS) && *text == '-' ? text + 1 : text;

	if (!arg->words || portal_word_known(arg->words, word))
		return 0;
	return not_a_choice(reading, arg, word, err);
}

static int read_text(struct reading *reading, const struct arg *arg, void *base, const char *text,
	struct portal_error *err)
{
	int rc = check_choice(reading, arg, text, err);

	if (rc < 0)
		return rc;
	*MEMBER(const char *, arg, base) = text;
	return 0;
}

static int read_int(struct reading *reading, const struct arg *arg, void *base, const char *text,
	struct portal_error *err)
{
	int64_t *number = MEMBER(int64_t, arg, base);

	if (number_read(text, number)) {
		if (*number == 0 && (arg->flags & ARG_POSITIVE))
			return portal_fail(err, PORTAL_USAGE, _("'--%s' counts from 1"), arg->name);
		if (*number < 0 && (arg->flags & ARG_NATURAL))
			return portal_fail(err, PORTAL_USAGE, _("'--%s' counts from 0"), arg->name);
		return 0;
	}
	return portal_fail(err, PORTAL_USAGE, _("'%s' of '%s' is not a number"),
		portal_text_printable(reading->arena, text), arg->name);
}

struct unsettled_date {
	const char *text;
	portal_time *time;
	struct unsettled_date *next;
};

/* What is no date is read or refused at once. */
static int read_unsettled(
	struct reading *reading, const char *text, portal_time *ret, struct portal_error *err)
{
	const struct portal_zone *utc = NULL;
	struct unsettled_date *date;
	struct portal_error is_date = { 0 };
	int rc = portal_zone_open(reading->arena, "UTC", &utc, err);

	if (rc == 0)
		rc = portal_time_read(utc, text, ret, err);
	if (rc < 0 || portal_time_read(NULL, text, ret, &is_date) == 0)
		return rc;
	date = arena_new(reading->arena, struct unsettled_date);
	*date = (struct unsettled_date){ text, ret, reading->unsettled };
	reading->unsettled = date;
	return 0;
}

void values_settle(struct reading *reading, const struct portal_zone *zone)
{
	struct portal_error none = { 0 };

	for (struct unsettled_date *d = reading->unsettled; d; d = d->next)
		portal_time_read(zone, d->text, d->time, &none);
	reading->unsettled = NULL;
	reading->zone = zone;
}

static int read_time(struct reading *reading, const struct arg *arg, void *base, const char *text,
	struct portal_error *err)
{
	const char *shown = portal_text_printable(reading->arena, text);
	portal_time *time = MEMBER(portal_time, arg, base);

	if (!reading->zone && !reading->tz)
		return read_unsettled(reading, shown, time, err);
	if (!reading->zone) {
		int rc = portal_zone_open(reading->arena, reading->tz, &reading->zone, err);

		if (rc < 0)
			return rc;
	}
	return portal_time_read(reading->zone, shown, time, err);
}

static int read_word_list(struct reading *reading, const struct arg *arg, void *base,
	const char *text, struct portal_error *err)
{
	for (;;) {
		size_t len = strcspn(text, ",");
		const char *word = arena_strndup(reading->arena, text, len);
		int rc = check_choice(reading, arg, word, err);

		if (rc < 0)
			return rc;
		list_append(reading->arena, value_list(arg, base), word);
		if (!text[len])
			return 0;
		text += len + 1;
	}
}

static int read_list(struct reading *reading, const struct arg *arg, void *base, const char *text,
	struct portal_error *err)
{
	if (arg->words)
		return read_word_list(reading, arg, base, text, err);
	list_append(reading->arena, value_list(arg, base), text);
	return 0;
}

static int read_flag(struct reading *reading, const struct arg *arg, void *base, const char *text,
	struct portal_error *err)
{
	bool on = !strcmp(text, "true");

	if (!on && strcmp(text, "false"))
		return portal_fail(err, PORTAL_USAGE,
			_("'%s' is neither true nor false, the choices of '%s'"),
			portal_text_printable(reading->arena, text), arg->name);
	value_flag(arg, base, on);
	return 0;
}

static int unsound(struct reading *reading, const char *text, struct portal_error *err)
{
	return portal_fail(err, PORTAL_INVALID_TEXT,
		_("'%s' is not UTF-8 or holds control characters"),
		portal_text_printable(reading->arena, text));
}

typedef int read_value(struct reading *reading, const struct arg *arg, void *base, const char *text,
	struct portal_error *err);

int value_read(struct reading *reading, const struct arg *arg, void *base, const char *text,
	struct portal_error *err)
{
	static read_value *const readers[] = {
		[ARG_FLAG] = read_flag,
		[ARG_TEXT] = read_text,
		[ARG_INT] = read_int,
		[ARG_TIME] = read_time,
		[ARG_LIST] = read_list,
	};
	int rc = portal_text_is_sound(text) ? readers[arg->type](reading, arg, base, text, err)
					    : unsound(reading, text, err);

	return rc < 0 ? portal_about_field(err, arg->name) : 0;
}
