#include "audit.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include <portal/policy.h>

#include "audit-private.h"
#include "portal-private.h"
#include "seal/seal.h"

/* Rows tell of what a rule permits (lib/policy.c), and of these besides. */
static const char *const other_actions[] = { "company.register", "connection.make", "contact.erase",
	"contact.identity", "denied", "group.rename", "init", "process.settle", "request.invited",
	"sale.expire", "task.remind", "task.resume", "task.set-until", NULL };

/* Is @action this one, or the noun of it? */
static bool names(const char *action, size_t len, const char *known)
{
	return len > 0 && *known == *action && !strncmp(known, action, len) &&
	       (!known[len] || known[len] == '.');
}

bool audit_knows(const char *action)
{
	const size_t len = strlen(action);

	for (const struct policy_rule *rule = policy_rules(); rule->action; rule++)
		if (names(action, len, rule->action))
			return true;
	for (const char *const *other = other_actions; *other; other++)
		if (names(action, len, *other))
			return true;
	return false;
}

static const struct portal_field row_fields[] = {
	PORTAL_FIELD(struct audit_row, id, NULL),
	PORTAL_FIELD(struct audit_row, at, NULL),
	PORTAL_FIELD(struct audit_row, actor, NULL),
	PORTAL_FIELD(struct audit_row, as, NULL),
	PORTAL_FIELD(struct audit_row, action, NULL),
	PORTAL_FIELD(struct audit_row, target_kind, NULL),
	PORTAL_FIELD(struct audit_row, target_id, NULL),
	PORTAL_FIELD(struct audit_row, nonce, NULL),
	PORTAL_FIELD(struct audit_row, changes, NULL),
	PORTAL_FIELD(struct audit_row, digest, NULL),
	PORTAL_FIELD(struct audit_row, hash, NULL),
	PORTAL_FIELDS_END,
};

const struct portal_record audit_row_record = { "audit", sizeof(struct audit_row), row_fields };

int audit_digest(struct work *w, const struct audit_row *row, char ret[static AUDIT_HEX + 1])
{
	const struct seal_part parts[] = { seal_text(row->nonce), seal_text(row->changes) };
	unsigned char digest[SEAL_SIZE];
	struct seal *seal = work_seal(w);
	int r;

	if (!seal)
		return -(int)w->err->code;
	r = seal_sha256(seal, parts, sizeof(parts) / sizeof(*parts), digest, w->err);
	if (r == 0)
		seal_hex(digest, sizeof(digest), ret);
	return r;
}

int audit_hash(struct work *w, const char *previous, const struct audit_row *row,
	char ret[static AUDIT_HEX + 1])
{
	const struct seal_part parts[] = { seal_text("audit"), seal_text(previous),
		seal_int(row->id), seal_int(row->at.ms), seal_text(row->actor), seal_text(row->as),
		seal_text(row->action), seal_text(row->target_kind), seal_int(row->target_id.id),
		seal_text(row->digest) };
	unsigned char hash[SEAL_SIZE];
	struct seal *seal = work_seal(w);
	int r;

	if (!seal)
		return -(int)w->err->code;
	r = seal_hmac(seal, parts, sizeof(parts) / sizeof(*parts), hash, w->err);
	if (r == 0)
		seal_hex(hash, sizeof(hash), ret);
	return r;
}

struct tail_row {
	int64_t id;
	const char *hash;
};

static const struct portal_field tail_fields[] = {
	PORTAL_FIELD(struct tail_row, id, NULL),
	PORTAL_FIELD(struct tail_row, hash, NULL),
	PORTAL_FIELDS_END,
};

static const struct portal_record tail_record = { "audit", sizeof(struct tail_row), tail_fields };

int audit_find_tail(struct work *w, struct audit_tail *ret)
{
	struct tail_row row = { 0, AUDIT_ORIGIN };
	const int r = store_get(w->tx, Q_AUDIT_LAST, NO_ARGS, w->arena, &tail_record, &row);

	if (r < 0)
		return r;
	ret->known = true;
	ret->id = row.id;
	snprintf(ret->hash, sizeof(ret->hash), "%s", row.hash);
	return 0;
}

static int insert_row(struct work *w, const struct audit_row *row)
{
	return store_put(w->tx, Q_AUDIT_INSERT,
		ARGS(A(row->id), A(row->at), A(row->actor), A(row->as), A(row->action),
			A(row->target_kind), A(row->target_id), A(row->nonce), A(row->changes),
			A(row->digest), A(row->hash)));
}

const char *audit_id(struct work *w, portal_id id)
{
	return id.id ? arena_printf(w->arena, "%lld", (long long)id.id) : NULL;
}

int audit_add(struct work *w, const char *action, const char *kind, int64_t id,
	const struct change *changes)
{
	struct audit_tail *tail = &w->portal->tail;
	char digest[AUDIT_HEX + 1], hash[AUDIT_HEX + 1];
	struct audit_row row = { .at = w->now,
		.actor = w->portal->options.actor,
		.as = w->actor->as,
		.action = action,
		.target_kind = kind,
		.target_id = { id },
		.digest = digest,
		.hash = hash };
	int r = tail->known ? 0 : audit_find_tail(w, tail);

	assert(audit_knows(action));
	row.id = tail->id + 1;
	row.nonce = work_random_hex(w, 16);
	row.changes = object_of_changes(w->arena, changes);
	if (r >= 0 && !row.nonce)
		r = -(int)w->err->code;
	if (r >= 0)
		r = audit_digest(w, &row, digest);
	if (r >= 0)
		r = audit_hash(w, tail->hash, &row, hash);
	if (r >= 0)
		r = insert_row(w, &row);
	if (r < 0)
		return r;
	tail->id = row.id;
	memcpy(tail->hash, hash, sizeof(hash));
	return 0;
}

/* One item a line is how a list is stored, not how it is read. */
const char *audit_list_text(struct work *w, portal_list list)
{
	char *text = list.lines ? arena_alloc(w->arena, 2 * strlen(list.lines) + 1) : NULL;
	char *end = text;

	for (const char *c = list.lines; c && *c; c++) {
		*end++ = *c == '\n' ? ',' : *c;
		if (*c == '\n')
			*end++ = ' ';
	}
	return text;
}

int audit_begin(struct work *w, const char *new_portal_id)
{
	return audit_add(w, "init", NULL, 0, AUDIT_FIRST(new_portal_id));
}
