#include <portal/webhook.h>

#include <string.h>

#include <portal/secret.h>
#include <portal/settings.h>

#include "base/i18n.h"
#include "base/utf8.h"
#include "list.h"
#include "policy.h"
#include "portal-private.h"
#include "seal/seal.h"
#include "webhook-private.h"

/* clang-format off */
#define STATES \
	{ "received", NC_("web hook", "received") }, \
	{ "done", NC_("web hook", "done") }, \
	{ "failed", NC_("web hook", "failed") }
/* clang-format on */

const struct portal_word webhook_states[] = { STATES, { NULL, NULL } };
const struct portal_word webhook_list_states[] = { STATES, { "any", N_("any") }, { NULL, NULL } };

const struct portal_word webhook_reasons[] = {
	{ "unreadable", N_("can't be read") },
	{ "crashed", N_("reading it broke off") },
	{ "failed", N_("broke a rule") },
	{ "other_number", N_("of another number") },
	{ "no_id", N_("without an id") },
	{ "no_sender", N_("without a sender") },
	{ "bad_number", N_("of what is no number") },
	{ "no_subject", N_("of no known message") },
	{ "no_status", N_("without a status") },
	{ "no_contact", N_("of nobody known") },
	{ "no_change", N_("without old and new number") },
	{ "malformed", N_("incomplete") },
	{ NULL, NULL },
};

const struct portal_word webhook_sorts[] = { { "id", NULL }, { "received_at", NULL },
	{ NULL, NULL } };

#define RIGHT .flags = PORTAL_FIELD_RIGHT
#define WIDE .flags = PORTAL_FIELD_WIDE

static const struct portal_field webhook_fields[] = {
	PORTAL_FIELD(struct webhook, id, N_("ID"), RIGHT),
	PORTAL_FIELD(struct webhook, received_at, N_("RECEIVED")),
	PORTAL_FIELD(struct webhook, state, N_("STATE"), .words = webhook_states),
	PORTAL_FIELD(struct webhook, reason, N_("REASON"), .words = webhook_reasons),
	PORTAL_FIELD(struct webhook, messages, N_("MESSAGES"), RIGHT),
	PORTAL_FIELD(struct webhook, statuses, N_("STATUSES"), RIGHT),
	PORTAL_FIELD(struct webhook, other, N_("OTHER"), RIGHT),
	PORTAL_FIELD(struct webhook, set_aside, N_("SET ASIDE"), RIGHT),
	PORTAL_FIELD(struct webhook, duplicates, N_("DUPLICATES"), RIGHT),
	PORTAL_FIELD(struct webhook, detail, N_("DETAIL"), WIDE),
	PORTAL_FIELD(struct webhook, verified, N_("SIGNED"), WIDE),
	PORTAL_FIELD(struct webhook, processed_at, N_("READ"), WIDE),
	PORTAL_FIELD(struct webhook, sha256, "SHA-256", WIDE),
	PORTAL_FIELD(struct webhook, body, N_("BODY"), WIDE),
	PORTAL_FIELDS_END,
};

const struct portal_record webhook_record = { "webhook", sizeof(struct webhook), webhook_fields };

int webhook_by_id(struct work *w, int64_t id, struct webhook *ret)
{
	return store_get(w->tx, Q_WEBHOOK_BY_ID, ARGS(A(id)), w->arena, &webhook_record, ret);
}

int webhook_count_waiting(struct work *w, int64_t *ret)
{
	return store_get_int(w->tx, Q_WEBHOOK_COUNT_WAITING, NO_ARGS, ret);
}

enum proof { PROOF_NONE, PROOF_NO_SECRET, PROOF_WRONG, PROOF_GOOD };

/* A body on its way in. */
struct receiving {
	const struct webhook_request *request;
	enum proof proof;
	char sha256[2 * SEAL_SIZE + 1];
	struct webhook *ret;
};

static int hex_digit(char c)
{
	static const char digits[] = "0123456789abcdefABCDEF";
	const char *found = c ? strchr(digits, c) : NULL;

	if (!found)
		return -1;
	return (int)(found - digits < 16 ? found - digits : found - digits - 6);
}

/* "sha256=" and the digest in hex. */
static bool read_signature(const char *text, unsigned char ret[static SEAL_SIZE])
{
	if (strncmp(text, "sha256=", 7) != 0 || strlen(text) != 7 + 2 * SEAL_SIZE)
		return false;
	text += 7;
	for (int i = 0; i < SEAL_SIZE; i++) {
		const int high = hex_digit(text[2 * i]), low = hex_digit(text[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		ret[i] = (unsigned char)(high << 4 | low);
	}
	return true;
}

static int no_secret(struct portal_error *err)
{
	portal_fail(err, PORTAL_FAILURE,
		_("there is no app secret to check the signature with; nothing was received"));
	return portal_hint(err, _("set whatsapp.app_secret_file in the settings file"));
}

/* Nobody could say then whether it is about this portal; it is to come again. */
static int no_number(struct portal_error *err)
{
	portal_fail(err, PORTAL_FAILURE,
		_("there is no number that web hooks could be about; nothing was received"));
	return portal_hint(err, _("set whatsapp.phone_number_id in the settings file"));
}

/* Over the bytes as they came, before anything is read of them. */
static int check_signature(struct receiving *receiving, struct seal *seal, struct portal_error *err)
{
	const struct webhook_request *request = receiving->request;
	const struct portal_secret *secret = request->app_secret;
	const struct seal_part data = seal_bytes(request->body, request->len);
	unsigned char given[SEAL_SIZE], right[SEAL_SIZE];
	struct seal_part key;
	int r;

	receiving->proof = !request->signature       ? PROOF_NONE
			   : !secret || !secret->len ? PROOF_NO_SECRET
						     : PROOF_WRONG;
	if (receiving->proof != PROOF_WRONG || !read_signature(request->signature, given))
		return 0;
	key = seal_bytes(secret->text, secret->len);
	r = seal_hmac_plain(seal, &key, &data, right, err);
	if (r >= 0 && seal_equal(given, right, SEAL_SIZE))
		receiving->proof = PROOF_GOOD;
	seal_wipe(right, sizeof(right));
	return r;
}

static int digest(struct receiving *receiving, struct portal_error *err)
{
	const struct webhook_request *request = receiving->request;
	_cleanup_seal_ struct seal *seal = NULL;
	int r = seal_open(&seal, err);

	if (r >= 0)
		r = check_signature(receiving, seal, err);
	if (r >= 0)
		r = seal_stream_begin(seal, err);
	if (r >= 0)
		r = seal_stream_add(seal, request->body, request->len, err);
	return r < 0 ? r : seal_stream_end(seal, receiving->sha256, err);
}

static int check_body(const struct webhook_request *request, struct portal_error *err)
{
	if (request->len > WEBHOOK_MAX_BYTES)
		return portal_fail(err, PORTAL_INVALID_INPUT, _("the body has more than %d MiB"),
			WEBHOOK_MAX_BYTES / (1024 * 1024));
	if (memchr(request->body, '\0', request->len))
		return portal_fail(err, PORTAL_INVALID_TEXT, _("the body holds a NUL byte"));
	if (!utf8_valid(request->body, request->len))
		return portal_fail(err, PORTAL_INVALID_TEXT, _("the body is not UTF-8"));
	return 0;
}

/* Who comes without a good signature learns that, and nothing more. */
static int check_proof(struct work *w, const struct receiving *receiving)
{
	const bool served = receiving->request->source == WEBHOOK_FROM_SERVER;
	const char *action = served ? "wa.cgi" : "wa.receive";
	int64_t viewer;
	int r = policy_need_list(w, action, &viewer);

	if (r < 0 || receiving->proof == PROOF_GOOD)
		return r;
	if (receiving->proof == PROOF_NO_SECRET)
		return no_secret(w->err);
	if (receiving->proof == PROOF_NONE && !served)
		return policy_need_list(w, "wa.receive-unsigned", &viewer);
	portal_note_denial(w->portal, action, NULL, 0);
	return portal_fail(w->err, PORTAL_DENIED,
		receiving->proof == PROOF_NONE ? _("the body is not signed")
					       : _("the signature is not that of the body"));
}

static int may_receive(struct work *w, void *arg)
{
	const struct portal_senders *senders = w->portal->options.senders;
	const int r = check_proof(w, arg);

	return r < 0 || (senders && senders->whatsapp.phone_number_id) ? r : no_number(w->err);
}

static int may_serve(struct work *w, void *arg)
{
	int64_t viewer;

	(void)arg;
	return policy_need_list(w, "wa.cgi", &viewer);
}

int webhook_may_serve(struct portal *portal, struct portal_error *err)
{
	return work_read(portal, may_serve, NULL, err);
}

static int insert(struct work *w, const struct receiving *receiving, int64_t *ret_id)
{
	const struct webhook_request *request = receiving->request;
	const char *body = arena_strndup(w->arena, request->body, request->len);
	const bool verified = receiving->proof == PROOF_GOOD;

	return store_get_int(w->tx, Q_WEBHOOK_INSERT,
		ARGS(A(w->now), A(receiving->sha256), A(verified), A(body)), ret_id);
}

/* A person who feeds once more what failed wants it read again. */
static int read_again(struct work *w, const struct receiving *receiving, int64_t id)
{
	return receiving->request->source == WEBHOOK_FROM_PERSON
		       ? store_put(w->tx, Q_WEBHOOK_AGAIN, ARGS(A(id)))
		       : 0;
}

static int store_body_once(struct work *w, void *arg)
{
	const struct receiving *receiving = arg;
	struct webhook webhook = { 0 };
	int64_t id = 0;
	int r = store_get_int(w->tx, Q_WEBHOOK_OF, ARGS(A(receiving->sha256)), &id);
	int waits = 0;

	if (r >= 0)
		r = waits = id ? read_again(w, receiving, id) : insert(w, receiving, &id);
	if (r >= 0)
		r = webhook_by_id(w, id, &webhook);
	if (r >= 0)
		WORK_GIVE(w, receiving->ret, webhook);
	return r < 0 ? r : waits;
}

int webhook_store(struct portal *portal, const struct webhook_request *request,
	struct webhook *ret_webhook, struct portal_error *err)
{
	struct receiving receiving = { .request = request, .ret = ret_webhook };
	int r = digest(&receiving, err);

	if (r >= 0)
		r = work_read(portal, may_receive, &receiving, err);
	if (r >= 0)
		r = check_body(request, err);
	return r < 0 ? r : work_write(portal, store_body_once, &receiving, err);
}

bool webhook_token_fits(const struct portal_secret *token, const char *given)
{
	unsigned char wanted[SEAL_SIZE], found[SEAL_SIZE];
	struct portal_error unheard = { 0 };

	return token->len && given && seal_hash(token->text, token->len, wanted, &unheard) == 0 &&
	       seal_hash(given, strlen(given), found, &unheard) == 0 &&
	       seal_equal(wanted, found, SEAL_SIZE);
}

struct both {
	struct portal *portal;
	const struct webhook_request *request;
	struct webhook *ret;
	struct portal_error *err;
};

static int do_both(void *arg)
{
	const struct both *both = arg;
	struct webhook webhook;
	int r = webhook_store(both->portal, both->request, &webhook, both->err);

	if (r < 0)
		return r;
	if (webhook_process(both->portal, webhook.id, both->ret, both->err) < 0)
		return -(int)both->err->code;
	return r;
}

int webhook_receive(struct portal *portal, const struct webhook_request *request,
	struct webhook *ret_webhook, struct portal_error *err)
{
	struct both both = { portal, request, ret_webhook, err };

	/* What a rehearsal kept is gone with its transaction. */
	return portal->options.dry_run ? portal_transact(portal, do_both, &both, err)
				       : do_both(&both);
}

struct listing {
	const struct webhook_filter *filter;
	portal_visit *visit;
	void *arg;
	struct portal_list_end *ret_end;
};

static int list_body(struct work *w, void *arg)
{
	const struct listing *listing = arg;
	const char *state = listing->filter->state;
	struct webhook row = { 0 };
	struct list list = { .w = w,
		.page = &listing->filter->page,
		.sorts = webhook_sorts,
		.statements = { Q_WEBHOOK_LIST, Q_WEBHOOK_LIST_UP, Q_WEBHOOK_LIST_DOWN },
		.record = &webhook_record,
		.row = &row,
		.visit = listing->visit,
		.visit_arg = listing->arg,
		.ret_end = listing->ret_end };
	int64_t viewer;
	const int r = policy_need_list(w, "wa.log", &viewer);

	if (r < 0)
		return r;
	return list_read(&list, LIST_ARGS(A(state && strcmp(state, "any") ? state : "")));
}

int webhook_list(struct portal *portal, const struct webhook_filter *filter, portal_visit *visit,
	void *arg, struct portal_list_end *ret_end, struct portal_error *err)
{
	struct listing listing = { filter, visit, arg, ret_end };

	return work_read(portal, list_body, &listing, err);
}
