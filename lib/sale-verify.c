/* What evidence is worth (P3): its bytes alone, then what the portal knows besides. */
#include <string.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "base/time.h"
#include "base/utf8.h"
#include "policy.h"
#include "sale-private.h"
#include "text/json.h"

#define HEADER "portalctl-evidence 1"
#define SEAL_PREFIX "seal ed25519 "
#define KEY_PREFIX "key ed25519 "
#define PEM_PREFIX "-----BEGIN PUBLIC KEY-----"

static const struct portal_word levels[] = {
	{ "simple", N_("simple: a seal by the office alone (simples, Lei 14.063/2020)") },
	{ "unpinned", N_("not shown: anybody may have sealed it, as no key was pinned "
			 "('--public-key')") },
	{ "none", N_("none") },
	{ NULL, NULL },
};

#define FIELD(member, title, ...) PORTAL_FIELD(struct sale_verification, member, title, __VA_ARGS__)
static const struct portal_field verification_fields[] = {
	FIELD(number, N_("NUMBER")),
	FIELD(company_tax_id, N_("TAX ID")),
	FIELD(signed_by, N_("SIGNED BY")),
	FIELD(signed_at, N_("SIGNED")),
	FIELD(holds, N_("HOLDS")),
	FIELD(level, N_("LEVEL"), .words = levels),
	FIELD(checks, N_("CHECKS")),
	FIELD(failed, N_("FAILED")),
	FIELD(key_sha256, N_("KEY")),
	PORTAL_FIELDS_END,
};

const struct portal_record sale_verification_record = { "sale.verification",
	sizeof(struct sale_verification), verification_fields };

static const char *check_name(enum sale_check check)
{
	static const char *const names[SALE_CHECKS] = { "format", "content", "record", "terms",
		"seal", "key", "pinned_key", "level", "chain", "sale", "signer_signature",
		"timestamp" };

	return names[check];
}

static const char *result_word(enum sale_result result)
{
	static const char *const words[] = { "absent", "ok", "failed" };

	return words[result];
}

static enum sale_result result_of(bool holds)
{
	return holds ? SALE_OK : SALE_FAILED;
}

/* The five lines of evidence; what could not be read stays zero. */
enum { HEAD_LINE, CONTENT_LINE, RECORD_LINE, SEAL_LINE, KEY_LINE, LINES };
struct parts {
	const char *lines[LINES];
	size_t lens[LINES];
	unsigned char seal[SEAL_SIGNATURE_SIZE], key[SEAL_PUBLIC_SIZE];
	bool has_seal, has_key;
	struct json *content, *record;
};

/* True for exactly five lines, each with its end, and nothing behind them. */
static bool split(const char *bytes, size_t len, struct parts *parts)
{
	for (int i = 0; i < LINES; i++) {
		const char *end = len ? memchr(bytes, '\n', len) : NULL;

		if (!end)
			return false;
		parts->lines[i] = bytes;
		parts->lens[i] = (size_t)(end - bytes);
		len -= parts->lens[i] + 1;
		bytes = end + 1;
	}
	return len == 0;
}

static bool line_is(const struct parts *parts, int line, const char *text)
{
	return parts->lens[line] == strlen(text) &&
	       !memcmp(parts->lines[line], text, parts->lens[line]);
}

/* @size bytes in base64 behind @prefix. */
static bool decode(
	const struct parts *parts, int line, const char *prefix, unsigned char *ret, size_t size)
{
	const size_t skip = strlen(prefix), len = parts->lens[line];
	size_t got = 0;

	return len > skip && !memcmp(parts->lines[line], prefix, skip) &&
	       seal_base64_decode(
		       SEAL_BASE64, parts->lines[line] + skip, len - skip, ret, size, &got) &&
	       got == size;
}

/* NULL for what is no JSON, or no object. */
static struct json *parse(struct sale_exam *exam, const struct parts *parts, int line)
{
	struct portal_error unheard = { 0 };
	struct json *value;

	if (!parts->lines[line] || json_parse(exam->arena, parts->lines[line], parts->lens[line],
					   &value, &unheard) < 0)
		return NULL;
	return json_type(value) == JSON_OBJECT ? value : NULL;
}

static void read_parts(struct sale_exam *exam, const struct sale_evidence *e, struct parts *parts)
{
	bool holds = split(e->bytes, e->len, parts);

	if (parts->lines[KEY_LINE]) {
		parts->has_seal =
			decode(parts, SEAL_LINE, SEAL_PREFIX, parts->seal, sizeof(parts->seal));
		parts->has_key =
			decode(parts, KEY_LINE, KEY_PREFIX, parts->key, sizeof(parts->key));
		holds = holds && line_is(parts, HEAD_LINE, HEADER) && parts->has_seal &&
			parts->has_key;
	}
	parts->content = parse(exam, parts, CONTENT_LINE);
	parts->record = parse(exam, parts, RECORD_LINE);
	exam->results[SALE_FORMAT] = result_of(holds);
}

static const char *text_at(const struct json *object, const char *key)
{
	return json_text(json_get(object, key));
}

/* Both are there, and the same. */
static bool same_text(const char *a, const char *b)
{
	return a && b && !strcmp(a, b);
}

static bool same_number(const struct json *a, const struct json *b, const char *key)
{
	int64_t left, right;

	return json_int64(json_get(a, key), &left) && json_int64(json_get(b, key), &right) &&
	       left == right;
}

static bool hash_is(const char *bytes, size_t len, const char *want, struct portal_error *err)
{
	char sha256[SALE_HEX_SIZE];

	return bytes && want && sale_hash_hex(bytes, len, sha256, err) >= 0 &&
	       !strcmp(sha256, want);
}

static bool is_record(const struct json *record)
{
	int64_t version = 0;

	return json_int64(json_get(record, "v"), &version) && version == 1 &&
	       same_text(text_at(record, "kind"), "portalctl.sale.signature");
}

static void check_content(struct sale_exam *exam, const struct parts *p, struct portal_error *err)
{
	const struct json *sale = json_get(p->record, "sale");
	const bool holds = hash_is(p->lines[CONTENT_LINE], p->lens[CONTENT_LINE],
				   text_at(sale, "content_sha256"), err) &&
			   same_text(text_at(p->content, "kind"), "portalctl.sale") &&
			   same_text(text_at(p->content, "number"), text_at(sale, "number")) &&
			   same_text(text_at(p->content, "company"), text_at(sale, "company")) &&
			   same_number(p->content, sale, "total_cents");

	exam->results[SALE_CONTENT] = result_of(holds);
}

static void check_terms(struct sale_exam *exam, const struct parts *p, struct portal_error *err)
{
	const struct json *terms = json_get(p->record, "terms");
	const char *text = text_at(terms, "text");
	bool accepted = false;
	const bool holds = text && json_bool(json_get(terms, "accepted"), &accepted) && accepted &&
			   hash_is(text, strlen(text), text_at(terms, "sha256"), err);

	exam->results[SALE_TERMS] = result_of(holds);
}

static void check_seal(struct sale_exam *exam, const struct parts *p, struct portal_error *err)
{
	const struct seal_signed given = { p->lines[RECORD_LINE], p->lens[RECORD_LINE], p->key,
		p->seal };
	bool holds = false;

	if (p->has_seal && p->has_key && seal_sign_check(&given, &holds, err) < 0)
		return;
	exam->results[SALE_SEAL] = result_of(holds);
}

/* A pinned key is told by its text: there is one way to write each form of it. */
static int check_pinned(struct sale_exam *exam, const struct sale_public_key *key,
	const char *pinned, struct portal_error *err)
{
	size_t len = pinned ? strlen(pinned) : 0;
	const char *given;

	if (!pinned)
		return 0;
	while (len > 0 && strchr(" \t\r\n", pinned[len - 1]))
		len--;
	given = arena_strndup(exam->arena, pinned, len);
	if (strncmp(pinned, KEY_PREFIX, strlen(KEY_PREFIX)) != 0 &&
		strncmp(pinned, PEM_PREFIX, strlen(PEM_PREFIX)) != 0)
		return portal_fail(err, PORTAL_INVALID_INPUT,
			_("the public key is neither a line 'key ed25519 …' nor a PEM file"));
	exam->results[SALE_PINNED_KEY] =
		result_of(key && (!strcmp(given, key->line) || !strcmp(given, key->pem)));
	return 0;
}

static int check_key(
	struct sale_exam *exam, const struct parts *p, const char *pinned, struct portal_error *err)
{
	struct sale_public_key key;

	if (!p->has_key) {
		exam->results[SALE_KEY] = SALE_FAILED;
		return check_pinned(exam, NULL, pinned, err);
	}
	if (sale_key_forms(exam->arena, p->key, &key, err) < 0)
		return -(int)err->code;
	exam->found.key_sha256 = key.sha256;
	exam->results[SALE_KEY] =
		result_of(same_text(text_at(p->record, "seal_algorithm"), key.algorithm) &&
			  same_text(text_at(p->record, "seal_key_sha256"), key.sha256));
	return check_pinned(exam, &key, pinned, err);
}

/* "BR 02919305000127" without the country where it is the usual one. */
static const char *tax_id_of(const char *company)
{
	return company && !strncmp(company, "BR ", 3) ? company + 3 : company;
}

static void read_record(struct sale_exam *exam, const struct json *record)
{
	const struct json *sale = json_get(record, "sale");
	const char *accepted_at = text_at(record, "accepted_at");

	exam->found.number = text_at(sale, "number");
	exam->found.company_tax_id = tax_id_of(text_at(sale, "company"));
	exam->found.signed_by = text_at(json_get(record, "signer"), "email");
	if (!accepted_at || time_parse_rfc3339(accepted_at, &exam->found.signed_at) < 0)
		exam->found.signed_at = (portal_time){ 0 };
	exam->results[SALE_RECORD] = result_of(is_record(record));
	exam->results[SALE_LEVEL] = result_of(same_text(text_at(record, "level"), "simple"));
}

int sale_exam_bytes(
	struct sale_exam *exam, const struct sale_evidence *evidence, struct portal_error *err)
{
	struct parts parts = { .content = NULL };
	int r;

	err->code = PORTAL_OK;
	read_parts(exam, evidence, &parts);
	read_record(exam, parts.record);
	check_content(exam, &parts, err);
	check_terms(exam, &parts, err);
	check_seal(exam, &parts, err);
	r = check_key(exam, &parts, evidence->public_key, err);
	return r < 0 ? r : -(int)err->code;
}

/* Whoever made the file may have made the key: then it is nobody's seal yet. */
static const char *level_reached(const struct sale_exam *exam)
{
	if (!exam->found.holds)
		return "none";
	return exam->results[SALE_PINNED_KEY] == SALE_OK ? "simple" : "unpinned";
}

static void put_check(struct buf *buf, const struct sale_exam *exam, enum sale_check check)
{
	buf_printf(buf, "%s\"%s\":\"%s\"", check ? "," : "{", check_name(check),
		result_word(exam->results[check]));
}

int sale_exam_end(struct sale_exam *exam, struct portal_error *err)
{
	_cleanup_buf_ struct buf checks, failed;

	buf_init(&checks);
	buf_init(&failed);
	for (enum sale_check check = 0; check < SALE_CHECKS; check++) {
		put_check(&checks, exam, check);
		if (exam->results[check] == SALE_FAILED)
			buf_printf(&failed, "%s%s", failed.len ? "\n" : "", check_name(check));
	}
	buf_char(&checks, '}');
	exam->found.checks.text = arena_strdup(exam->arena, buf_text(&checks));
	exam->found.failed.lines = arena_strdup(exam->arena, buf_text(&failed));
	exam->found.holds = failed.len == 0;
	exam->found.level = level_reached(exam);
	if (checks.error || failed.error)
		return portal_fail(err, PORTAL_NO_MEMORY, _("out of memory"));
	return 0;
}

/* "seal, content": what did not hold, in one line. */
static int verdict(
	struct arena *arena, const struct sale_verification *found, struct portal_error *err)
{
	char *names = arena_strdup(arena, found->failed.lines);

	if (found->holds)
		return 0;
	for (char *c = names; *c; c++)
		*c = (char)(*c == '\n' ? ' ' : *c);
	portal_fail(err, PORTAL_INVALID, _("the evidence does not hold; what failed: '%s'"), names);
	return portal_hint(
		err, _("compare with another copy; a whole one is written by 'sale export'"));
}

int sale_verify_evidence(struct arena *arena, const struct sale_evidence *evidence,
	struct sale_verification *ret_verification, struct portal_error *err)
{
	struct sale_exam exam = { .arena = arena };
	int r = sale_exam_bytes(&exam, evidence, err);

	if (r >= 0)
		r = sale_exam_end(&exam, err);
	if (r < 0)
		return r;
	*ret_verification = exam.found;
	return verdict(arena, &exam.found, err);
}

static int check_chain(struct work *w, struct sale_exam *exam)
{
	bool holds = false;
	const int r = sale_chain_holds(w, &holds);

	exam->results[SALE_CHAIN] = result_of(holds);
	return r;
}

static int no_evidence(struct work *w, const struct sale_row *row)
{
	if (strcmp(row->sale.status, "signed") != 0)
		return sale_wrong_state(w, row);
	portal_fail(
		w->err, PORTAL_DAMAGED, _("the evidence of sale '%s' is gone"), row->sale.number);
	return portal_about(w->err, "sale", row->sale.id);
}

/* The sale must still say what was signed, and by whom. */
static int check_same(struct work *w, struct sale_exam *exam, const struct sale_row *row,
	const struct sale_signature *signature)
{
	const struct sale *sale = &row->sale;
	char signed_at[24], accepted_at[24];
	const char *content;
	const int r = sale_content(w, row, &content);

	if (r < 0)
		return r;
	time_format_utc(sale->signed_at, signed_at);
	time_format_utc(exam->found.signed_at, accepted_at);
	exam->results[SALE_SAME] =
		result_of(!strcmp(sale->status, "signed") && !strcmp(content, signature->content) &&
			  same_text(exam->found.number, sale->number) &&
			  same_text(exam->found.signed_by, sale->signed_by) &&
			  same_text(accepted_at, signed_at));
	return 0;
}

struct verifying {
	const char *named;
	struct sale_verification *ret;
};

static int examine(struct work *w, const struct sale_row *row, struct sale_exam *exam)
{
	struct sale_signature signature;
	struct sale_evidence evidence = { NULL, 0, NULL };
	struct sale_public_key key;
	int r = store_get(w->tx, Q_SALE_SIGNATURE_OF, ARGS(A(row->sale.id)), w->arena,
		&sale_signature_record, &signature);

	if (r <= 0)
		return r < 0 ? r : no_evidence(w, row);
	r = sale_own_key(w, &key);
	if (r < 0)
		return r;
	evidence.bytes = sale_bundle(w->arena, &signature);
	evidence.len = strlen(evidence.bytes);
	evidence.public_key = key.line;
	r = sale_exam_bytes(exam, &evidence, w->err);
	if (r >= 0)
		r = check_chain(w, exam);
	if (r >= 0)
		r = check_same(w, exam, row, &signature);
	return r < 0 ? r : sale_exam_end(exam, w->err);
}

static int verify_body(struct work *w, void *arg)
{
	const struct verifying *verifying = arg;
	struct sale_exam exam = { .arena = w->arena };
	struct sale_row row;
	int r = sale_need(w, "sale.verify", verifying->named, &row);

	if (r >= 0)
		r = examine(w, &row, &exam);
	if (r >= 0)
		WORK_GIVE(w, verifying->ret, exam.found);
	return r;
}

int sale_verify(struct portal *portal, const char *named,
	struct sale_verification *ret_verification, struct portal_error *err)
{
	struct verifying verifying = { named, ret_verification };
	const int r = work_read(portal, verify_body, &verifying, err);

	return r < 0 ? r : verdict(portal_arena(portal), ret_verification, err);
}
