/* The rules of the countries whose tax ids are checked (N1): one row a kind. */
#ifndef TAXID_COUNTRIES_H
#define TAXID_COUNTRIES_H

#include <stddef.h>

struct arena;

/* In an id under check every character is one byte of [0-9A-Z&]; Mexico's N with
 * tilde is this one. */
enum {
	TAXID_ENYE = 0xd1,
};

/* @mask shows a '#' for each character of the longest id; shorter ones fill it from
 * the right. @min_len and @max_len are characters. @refuse gives the translated reason
 * against an id of such a length, or NULL; @remark what to say of one that passed. */
struct taxid_rule {
	char country[3];
	const char *kind;
	const char *name;
	const char *mask;
	size_t min_len, max_len;
	const char *(*refuse)(const unsigned char *id, size_t len);
	const char *(*remark)(const unsigned char *id, size_t len);
};

/* The rule for ids of @len characters, or NULL. */
const struct taxid_rule *taxid_rule_for(const char *country, size_t len);

/* The country's first rule, or NULL where ids are taken as given. */
const struct taxid_rule *taxid_rule_of(const char *country);

/* Where a refused Brazilian id looks like a right one that was damaged (a spreadsheet
 * dropped its zeros, letters stand for digits): the reason that names that one. NULL
 * where nothing is found. */
const char *taxid_suggestion(struct arena *arena, const unsigned char *id, size_t len);

#endif
