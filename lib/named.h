/* Records of the office that people name: answers, filters, categories. Private to lib. */
#ifndef LIB_NAMED_H
#define LIB_NAMED_H

#include "work.h"

enum { NAMED_MAX_BYTES = 100 };

/* A name as somebody gave it becomes the one that is stored: one line, at most 100
 * bytes, and not of digits alone, which would be an id. PORTAL_INVALID* about "name". */
int named_check(struct work *w, const char **name);

/* What was typed to find a record: the folded name and 0, or "" and the id. */
struct named {
	const char *name_norm;
	int64_t id;
};
struct named named_parse(struct work *w, const char *typed);

/* What is different between these nouns where they are shown and removed.
 *
 * @record: of a row, whose first member is its id.
 * @show, @remove: the actions that the actor must be allowed.
 * @deletion: the statement that takes ?1 the id.
 * @find: the one somebody typed, whoever asks: 1, 0, negative.
 * @audit_removal: writes the audit row of one that is gone. */
struct named_noun {
	const struct portal_record *record;
	const char *show, *remove;
	enum store_query deletion;
	int (*find)(struct work *w, const char *typed, void *ret_row);
	int (*audit_removal)(struct work *w, const void *row);
};

/* Finds one and asks whether the actor may do @action. */
int named_need(struct work *w, const struct named_noun *noun, const char *action, const char *typed,
	void *ret_row);

/* Finds one for who may see it; takes one away, and gives it as it was. 1: removed; 0:
 * there was none and @missing lets it pass, with a zero row. */
int named_show(struct portal *portal, const struct named_noun *noun, const char *typed,
	void *ret_row, struct portal_error *err);
int named_remove(struct portal *portal, const struct named_noun *noun, const char *typed,
	enum portal_missing missing, void *ret_row, struct portal_error *err);

#endif
