/* The chain of all signatures (P3): none is missing between two, nor behind the last. */
#include <string.h>

#include "base/utf8.h"
#include "sale-private.h"
#include "text/json.h"

/* Where the walk along the chain is, and what the next record must say. */
struct chain {
	struct arena scratch;
	char prev[SALE_HEX_SIZE];
	int64_t last_id;
	bool holds;
};

static void check_link(
	struct chain *chain, const struct sale_signature *link, struct portal_error *err)
{
	const size_t len = strlen(link->record);
	struct portal_error unheard = { 0 };
	struct json *record = NULL;
	int64_t seq = 0;

	arena_reset(&chain->scratch);
	if (json_parse(&chain->scratch, link->record, len, &record, &unheard) < 0)
		record = NULL;
	if (!json_int64(json_get(record, "seq"), &seq) || seq != chain->last_id + 1 ||
		link->id != seq)
		chain->holds = false;
	if (!text_same(json_text(json_get(record, "prev")), chain->last_id ? chain->prev : NULL))
		chain->holds = false;
	chain->last_id = link->id;
	sale_hash_hex(link->record, len, chain->prev, err);
}

/* @has_evidence: the sale has a signature. @changes: NULL where a person's data were erased. */
struct audited {
	bool has_evidence;
	const char *changes;
};

static const struct portal_field audited_fields[] = {
	PORTAL_FIELD(struct audited, has_evidence, NULL),
	PORTAL_FIELD(struct audited, changes, NULL),
	PORTAL_FIELDS_END,
};

static const struct portal_record audited_record = { "audit", sizeof(struct audited),
	audited_fields };

/* Nothing follows the newest record, so the chain alone does not tell that it is gone. */
static int check_newest(struct work *w, struct chain *chain)
{
	struct audited audited;
	const int r = store_get(
		w->tx, Q_SALE_SIGNATURE_AUDITED, NO_ARGS, w->arena, &audited_record, &audited);

	if (r <= 0)
		return r;
	if (!audited.has_evidence || (audited.changes && !strstr(audited.changes, chain->prev)))
		chain->holds = false;
	return 0;
}

int sale_chain_holds(struct work *w, bool *ret_holds)
{
	_cleanup_rows_ struct store_rows *rows = NULL;
	struct chain chain = { .scratch = { .out_of_memory = w->arena->out_of_memory },
		.holds = true };
	struct sale_signature link;
	int r = store_rows(
		w->tx, Q_SALE_SIGNATURE_CHAIN, NO_ARGS, &sale_signature_record, &link, &rows);

	while (r >= 0 && (r = store_next(rows)) > 0)
		check_link(&chain, &link, w->err);
	if (r >= 0)
		r = check_newest(w, &chain);
	arena_release(&chain.scratch);
	*ret_holds = chain.holds;
	return r;
}
