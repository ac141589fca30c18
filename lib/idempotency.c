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

int idempotency_find(struct work *w, struct idempotency *key)
{
	const portal_time since = { w->now.ms - THIRTY_DAYS_MS };
	struct kept kept;
	int r;

	if (!key->key)
		return 0;
	if (!*key->key) {
		portal_fail(w->err, PORTAL_USAGE, _("the idempotency key is empty"));
		return portal_about_field(w->err, "idempotency_key");
	}
	if (!text_field(w->arena, key->key, KEY_MAX, "idempotency_key", w->err))
		return -(int)w->err->code;
	r = store_get(w->tx, Q_IDEMPOTENCY_GET,
		ARGS(A(w->actor->label), A(key->verb), A(key->key), A(since)), w->arena,
		&kept_record, &kept);
	if (r <= 0)
		return r;
	key->result_id = kept.result_id;
	if (!strcmp(kept.arguments, object_of_texts(w->arena, key->arguments)))
		return 1;
	portal_fail(w->err, PORTAL_KEY_REUSED, _("the key '%s' was used with other arguments"),
		key->key);
	return portal_hint(w->err, _("take a new key for a new %s"), key->verb);
}

int idempotency_keep(struct work *w, const struct idempotency *key, int64_t result_id)
{
	int r;

	if (!key->key)
		return 0;
	r = store_put(
		w->tx, Q_IDEMPOTENCY_PURGE, ARGS(A((portal_time){ w->now.ms - THIRTY_DAYS_MS })));
	if (r < 0)
		return r;
	return store_put(w->tx, Q_IDEMPOTENCY_PUT,
		ARGS(A(w->actor->label), A(key->verb), A(key->key),
			A(object_of_texts(w->arena, key->arguments)), A(result_id), A(w->now)));
}
