/* Keys that make a verb that reaches people safe to repeat (contract,
 * "--idempotency-key"): the same key and arguments give the first result again.
 * They belong to (actor, verb) and live 30 days. Private to lib. */
#ifndef LIB_IDEMPOTENCY_H
#define LIB_IDEMPOTENCY_H

#include "text/object.h"
#include "work.h"

/* A key as it was given. @key NULL: none. @arguments ends with a NULL name. @target: which
 * of several records that one command names, each of which has a result of its own; NULL
 * where the verb has none. @result_id is filled when the key was used before. */
struct idempotency {
	const char *verb;
	const char *key;
	const char *target;
	const struct named_text *arguments;
	int64_t result_id;
};

/* 1: used before, @result_id says what came of it; 0: new, or no key.
 * PORTAL_KEY_REUSED where the arguments were others. */
int idempotency_find(struct work *w, struct idempotency *key);

/* Remembers the result of a new key, and forgets keys past their time. */
int idempotency_keep(struct work *w, const struct idempotency *key, int64_t result_id);

#endif
