/* What signing accepts, the key it is sealed by, and the file that is given out (P3). */
#include <string.h>

#include "base/i18n.h"
#include "company-private.h"
#include "policy.h"
#include "sale-private.h"
#include "text/json.h"
#include "text/object.h"
#include "text/template.h"

/* Another wording is another id. */
#define TERMS_TEMPLATE "sale_terms"
#define TERMS_VERSION 1

#define TERMS_FIELD(member, title) PORTAL_FIELD(struct sale_terms, member, title)
static const struct portal_field terms_fields[] = {
	TERMS_FIELD(number, N_("NUMBER")),
	TERMS_FIELD(terms_id, N_("TERMS")),
	TERMS_FIELD(sha256, "SHA-256"),
	TERMS_FIELD(text, N_("TEXT")),
	PORTAL_FIELDS_END,
};

const struct portal_record sale_terms_record = { "sale.terms", sizeof(struct sale_terms),
	terms_fields };

#define KEY_FIELD(member, title) PORTAL_FIELD(struct sale_public_key, member, title)
static const struct portal_field key_fields[] = {
	KEY_FIELD(algorithm, N_("ALGORITHM")),
	KEY_FIELD(public_key, N_("PUBLIC KEY")),
	KEY_FIELD(sha256, "SHA-256"),
	KEY_FIELD(line, N_("LINE")),
	KEY_FIELD(pem, "PEM"),
	PORTAL_FIELDS_END,
};

const struct portal_record sale_public_key_record = { "sale.public_key",
	sizeof(struct sale_public_key), key_fields };

int sale_hash_hex(
	const char *bytes, size_t len, char ret[static SALE_HEX_SIZE], struct portal_error *err)
{
	unsigned char digest[SEAL_SIZE];
	const int r = seal_hash(bytes, len, digest, err);

	if (r >= 0)
		seal_hex(digest, sizeof(digest), ret);
	return r;
}

static int render_terms(struct work *w, const struct sale_row *row, struct template_text *ret)
{
	struct company company;
	struct json *args;
	const char *text;
	int r = company_by_id(w, row->company_id, &company);

	if (r < 0)
		return r;
	text = object_of_texts(w->arena, NAMED({ "office", work_office_name(w) },
						 { "company_name", company_title(&company) },
						 { "number", row->sale.number }));
	r = json_parse(w->arena, text, strlen(text), &args, w->err);
	return r < 0 ? r
		     : template_render(
			       w->arena, TERMS_TEMPLATE, work_language(w), args, ret, w->err);
}

int sale_terms_of(struct work *w, const struct sale_row *row, struct sale_terms *ret)
{
	struct template_text rendered;
	char sha256[SALE_HEX_SIZE];
	int r = render_terms(w, row, &rendered);

	if (r < 0)
		return r;
	ret->number = row->sale.number;
	ret->terms_id =
		arena_printf(w->arena, "%s/%d/%s", TERMS_TEMPLATE, TERMS_VERSION, work_language(w));
	ret->text = arena_printf(w->arena, "%s\n\n%s", rendered.subject, rendered.body);
	r = sale_hash_hex(ret->text, strlen(ret->text), sha256, w->err);
	ret->sha256 = arena_strdup(w->arena, sha256);
	return r;
}

struct terms_call {
	const char *named;
	struct sale_terms *ret;
};

static int terms_body(struct work *w, void *arg)
{
	const struct terms_call *call = arg;
	struct sale_terms terms;
	struct sale_row row;
	int r = sale_need(w, "sale.terms", call->named, &row);

	if (r >= 0)
		r = sale_terms_of(w, &row, &terms);
	if (r >= 0)
		WORK_GIVE(w, call->ret, terms);
	return r;
}

int sale_get_terms(struct portal *portal, const char *named, struct sale_terms *ret_terms,
	struct portal_error *err)
{
	struct terms_call call = { named, ret_terms };

	return work_read(portal, terms_body, &call, err);
}

/* RFC 8410: what stands before an Ed25519 key is always the same twelve bytes. */
int sale_key_forms(struct arena *arena, const unsigned char key[static SEAL_PUBLIC_SIZE],
	struct sale_public_key *ret, struct portal_error *err)
{
	char *text = arena_alloc(arena, SEAL_BASE64_LEN(SEAL_PUBLIC_SIZE) + 1);
	char sha256[SALE_HEX_SIZE];
	const int r = sale_hash_hex((const char *)key, SEAL_PUBLIC_SIZE, sha256, err);

	if (r < 0)
		return r;
	*ret = (struct sale_public_key){ .algorithm = "ed25519",
		.public_key = seal_base64_encode(SEAL_BASE64, key, SEAL_PUBLIC_SIZE, text),
		.sha256 = arena_strdup(arena, sha256),
		.line = arena_printf(arena, "key ed25519 %s", text),
		.pem = arena_printf(arena,
			"-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA%s=\n"
			"-----END PUBLIC KEY-----",
			text) };
	return 0;
}

int sale_own_key(struct work *w, struct sale_public_key *ret)
{
	unsigned char key[SEAL_PUBLIC_SIZE];
	struct seal *seal = work_seal(w);
	const int r = seal ? seal_sign_key(seal, key, w->err) : -(int)w->err->code;

	return r < 0 ? r : sale_key_forms(w->arena, key, ret, w->err);
}

static int key_body(struct work *w, void *arg)
{
	const struct policy_object all = { .kind = NULL, .public_record = true };
	struct sale_public_key key, *ret = arg;
	int r = policy_need(w, "sale.public-key", &all);

	if (r >= 0)
		r = sale_own_key(w, &key);
	if (r >= 0)
		WORK_GIVE(w, ret, key);
	return r;
}

int sale_get_public_key(
	struct portal *portal, struct sale_public_key *ret_key, struct portal_error *err)
{
	return work_read(portal, key_body, ret_key, err);
}

const char *sale_bundle(struct arena *arena, const struct sale_signature *signature)
{
	return arena_printf(arena,
		"portalctl-evidence 1\n%s\n%s\nseal ed25519 %s\nkey ed25519 %s\n",
		signature->content, signature->record, signature->seal, signature->public_key);
}

struct export_call {
	const char *named;
	const char **ret;
};

static int export_body(struct work *w, void *arg)
{
	const struct export_call *call = arg;
	struct sale_signature signature;
	struct sale_row row;
	const char *bytes;
	int r = sale_need(w, "sale.export", call->named, &row);

	if (r >= 0)
		r = store_get(w->tx, Q_SALE_SIGNATURE_OF, ARGS(A(row.sale.id)), w->arena,
			&sale_signature_record, &signature);
	if (r <= 0)
		return r < 0 ? r : sale_wrong_state(w, &row);
	bytes = sale_bundle(w->arena, &signature);
	WORK_GIVE(w, call->ret, bytes);
	return 0;
}

int sale_export(
	struct portal *portal, const char *named, const char **ret_bytes, struct portal_error *err)
{
	struct export_call call = { named, ret_bytes };

	return work_read(portal, export_body, &call, err);
}
