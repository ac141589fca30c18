#include "idempotency.h"

#include <string.h>

#include "base/i18n.h"
#include "base/utf8.h"

enum { KEY_MAX = 200 };

#define THIRTY_DAYS_MS (30 * INT64_C(86400000))

struct kept {
	const char *arguments;
	int64_t result_id;
};

static const struct portal_field kept_fields[] = {
	PORTAL_FIELD(struct kept, arguments, NULL),
	PORTAL_FIELD(struct kept, result_id, NULL),
	PORTAL_FIELDS_END,
};

static const struct portal_record kept_record = { "idempotency", sizeof(struct kept), kept_fields };

/* Whatever the target, a key has its arguments under the verb alone. */
static const char *result_verb(struct work *w, const struct idempotency *key)
{
	return key->target ? arena_printf(w->arena, "%s %s", key->verb, key->target) : key->verb;
}

static int find(
	struct work *w, const struct idempotency *key, const char *verb, struct kept *ret_kept)
{
	const portal_time since = { w->now.ms - THIRTY_DAYS_MS };

	return store_get(w->tx, Q_IDEMPOTENCY_GET,
		ARGS(A(w->actor->label), A(verb), A(key->key), A(since)), w->arena, &kept_record,
		ret_kept);
}

static int check_key(struct work *w, const struct idempotency *key)
{
	if (!*key->key) {
		portal_fail(w->err, PORTAL_USAGE, _("the idempotency key is empty"));
		return portal_about_field(w->err, "idempotency_key");
	}
	return text_field(w->arena, key->key, KEY_MAX, "idempotency_key", w->err)
		       ? 0
		       : -(int)w->err->code;
}

static int reused(struct work *w, const struct idempotency *key)
{
	portal_fail(w->err, PORTAL_KEY_REUSED, _("the key '%s' was used with other arguments"),
		key->key);
	return portal_hint(w->err, _("take a new key for a new %s"), key->verb);
}

int idempotency_find(struct work *w, struct idempotency *key)
{
	struct kept kept = { 0 };
	int r = key->key ? check_key(w, key) : 0;

	if (r < 0 || !key->key)
		return r;
	r = find(w, key, key->verb, &kept);
	if (r <= 0)
		return r;
	if (strcmp(kept.arguments, object_of_texts(w->arena, key->arguments)) != 0)
		return reused(w, key);
	if (key->target)
		r = find(w, key, result_verb(w, key), &kept);
	key->result_id = kept.result_id;
	return r;
}

static int put(struct work *w, const struct idempotency *key, const char *verb, int64_t result_id)
{
	return store_put(w->tx, Q_IDEMPOTENCY_PUT,
		ARGS(A(w->actor->label), A(verb), A(key->key),
			A(object_of_texts(w->arena, key->arguments)), A(result_id), A(w->now)));
}

int idempotency_keep(struct work *w, const struct idempotency *key, int64_t result_id)
{
	int r;

	if (!key->key)
		return 0;
	r = store_put(
		w->tx, Q_IDEMPOTENCY_PURGE, ARGS(A((portal_time){ w->now.ms - THIRTY_DAYS_MS })));
	if (r >= 0)
		r = put(w, key, key->verb, result_id);
	if (r >= 0 && key->target)
		r = put(w, key, result_verb(w, key), result_id);
	return r;
}
