/* Signing a sale, and the record that is kept of it (P3). */
#include <stdlib.h>
#include <string.h>

#include <portal/taxid.h>

#include "audit.h"
#include "base/buf.h"
#include "base/i18n.h"
#include "base/time.h"
#include "base/utf8.h"
#include "base/zone.h"
#include "company-private.h"
#include "field.h"
#include "policy.h"
#include "portal-private.h"
#include "sale-private.h"
#include "session-private.h"
#include "text/json.h"
#include "text/template.h"
#include "text/writer.h"
#include "user-private.h"

enum { ROLE_MAX = 100, AGENT_MAX = 300, PORT_MAX = 65535 };

static const struct portal_field signature_fields[] = {
	PORTAL_FIELD(struct sale_signature, id, NULL),
	PORTAL_FIELD(struct sale_signature, content, NULL),
	PORTAL_FIELD(struct sale_signature, record, NULL),
	PORTAL_FIELD(struct sale_signature, seal, NULL),
	PORTAL_FIELD(struct sale_signature, public_key, NULL),
	PORTAL_FIELDS_END,
};

const struct portal_record sale_signature_record = { "sale", sizeof(struct sale_signature),
	signature_fields };

/* A signature in the making: who signs what, by which session, under which terms. */
struct signing {
	const struct sale_signing *request;
	struct sale_row row;
	struct sale_terms terms;
	struct company company, office, signers;
	struct user user;
	struct user_access access;
	struct session_row session;
	struct sale_public_key key;
	struct sale_signature last, made;
	const char *role, *capacity, *cpf, *ip, *user_agent;
	struct sale *ret;
};

static int refuse_input(struct work *w, const char *field, const char *sentence, const char *text)
{
	portal_fail(w->err, PORTAL_INVALID, sentence, text);
	return portal_about_field(w->err, field);
}

static int check_text(
	struct work *w, const char *text, size_t max, const char *field, const char **ret)
{
	*ret = text && *text ? text_field(w->arena, text, max, field, w->err) : NULL;
	return text && *text && !*ret ? -(int)w->err->code : 0;
}

static int check_opened(struct work *w, const struct signing *s)
{
	const portal_time opened = s->request->opened_at;

	if (!opened.ms || (opened.ms >= s->row.sale.sent_at.ms && opened.ms <= w->now.ms))
		return 0;
	return refuse_input(w, "opened_at", _("sale '%s' can't have been opened at that time"),
		s->row.sale.number);
}

static int check_cpf(struct work *w, const char *text, const char **ret)
{
	struct portal_error unheard = { 0 };
	struct taxid taxid;

	*ret = NULL;
	if (!text || !*text)
		return 0;
	if (taxid_parse(w->arena, text, "BR", &taxid, &unheard) < 0 ||
		strcmp(taxid.country, "BR") || strcmp(taxid.kind, "cpf") != 0)
		return refuse_input(w, "cpf", _("'%s' is not a CPF"), text);
	*ret = taxid.tax_id;
	return 0;
}

static int check_request(struct work *w, struct signing *s)
{
	const struct sale_signing *q = s->request;
	int r = field_ip(w, q->ip, &s->ip);

	if (r >= 0 && (q->port < 0 || q->port > PORT_MAX))
		r = refuse_input(w, "port", _("'%s' is not a port: they go from 1 to 65535"),
			arena_printf(w->arena, "%lld", (long long)q->port));
	if (r >= 0)
		r = field_user_agent(w, q->user_agent, AGENT_MAX, &s->user_agent);
	if (r >= 0)
		r = check_text(w, q->role, ROLE_MAX, "role", &s->role);
	if (r >= 0)
		r = check_text(w, q->capacity, ROLE_MAX, "capacity", &s->capacity);
	if (r >= 0)
		r = check_cpf(w, q->cpf, &s->cpf);
	return r < 0 ? r : check_opened(w, s);
}

/* The operator may act under anybody's name, and so proves nothing of that person's
 * will: a password must have begun the session that signs. */
static int check_signer(struct work *w, const struct signing *s)
{
	if (!w->actor->by_session) {
		portal_fail(w->err, PORTAL_USAGE,
			_("who signs does so in a session of their own, not by '--as' and not as "
			  "the operator"));
		return portal_hint(w->err, "portalctl session login");
	}
	if (s->request->accept_terms)
		return 0;
	portal_fail(
		w->err, PORTAL_USAGE, _("to sign is to accept the terms: give '--accept-terms'"));
	return portal_hint(w->err, "portalctl sale terms %s", s->row.sale.number);
}

/* Whoever set somebody else's password, or could have, can log in as that person. */
static int check_own_password(struct work *w, const struct signing *s)
{
	if (s->access.own_password)
		return 0;
	portal_note_denial(w->portal, "sale.sign", "sale", s->row.sale.id);
	portal_fail(w->err, PORTAL_DENIED,
		_("'%s' has a password that somebody else set or could have set, and signs nothing "
		  "with it; ask for a link by mail, and set one with that"),
		s->user.email);
	portal_hint(w->err, "portalctl user passwd %s --send-link", s->user.email);
	return portal_about(w->err, "sale", s->row.sale.id);
}

static int read_people(struct work *w, struct signing *s)
{
	int r = company_by_id(w, s->row.company_id, &s->company);

	if (r >= 0)
		r = company_by_id(w, work_office_id(w), &s->office);
	if (r >= 0)
		r = company_by_id(w, w->actor->company_id, &s->signers);
	if (r >= 0)
		r = user_by_id(w, w->actor->user_id, &s->user);
	if (r >= 0)
		r = user_read_access(w, w->actor->user_id, &s->access);
	if (r >= 0)
		r = session_read(w, w->actor->session_id, &s->session);
	if (r >= 0)
		r = store_get(w->tx, Q_SALE_SIGNATURE_LAST, NO_ARGS, w->arena,
			&sale_signature_record, &s->last);
	return r;
}

static void put_int(struct buf *buf, const char *key, int64_t value)
{
	buf_printf(buf, ",\"%s\":%lld", key, (long long)value);
}

static void put_time(struct buf *buf, const char *key, portal_time time)
{
	char text[24];

	json_put_member(buf, key, time.ms ? time_format_utc(time, text) : NULL);
}

static void put_company(struct buf *buf, const char *key, const struct company *company)
{
	buf_printf(buf, ",\"%s\":\"%s %s\"", key, company->country, company->tax_id);
}

int sale_content(struct work *w, const struct sale_row *row, const char **ret)
{
	_cleanup_buf_ struct buf buf;
	const struct sale *sale = &row->sale;
	struct company office, company;
	int r = company_by_id(w, work_office_id(w), &office);

	buf_init(&buf);
	if (r >= 0)
		r = company_by_id(w, row->company_id, &company);
	if (r < 0)
		return r;
	buf_str(&buf, "{\"v\":1,\"kind\":\"portalctl.sale\"");
	json_put_member(&buf, "number", sale->number);
	put_company(&buf, "office", &office);
	put_company(&buf, "company", &company);
	put_time(&buf, "sent_at", sale->sent_at);
	json_put_member(&buf, "valid_until", sale->valid_until);
	json_put_member(&buf, "currency", "BRL");
	buf_printf(&buf, ",\"items\":%s", sale->items.text);
	put_int(&buf, "total_cents", sale->total_cents);
	buf_char(&buf, '}');
	*ret = arena_strdup(w->arena, buf_text(&buf));
	return buf.error ? portal_fail(w->err, PORTAL_NO_MEMORY, _("out of memory")) : 0;
}

static const char *first_phone(struct work *w, const char *phones)
{
	const size_t len = strcspn(phones, "\n");

	return len ? arena_strndup(w->arena, phones, len) : NULL;
}

static void put_signer(struct work *w, struct buf *buf, const struct signing *s)
{
	buf_printf(buf, ",\"signer\":{\"user_id\":%lld", (long long)s->user.id);
	json_put_member(buf, "name", s->user.name);
	json_put_member(buf, "email", s->user.email);
	json_put_member(buf, "phone", first_phone(w, s->access.phones));
	json_put_member(buf, "cpf", s->cpf);
	json_put_member(buf, "role", s->role);
	json_put_member(buf, "capacity", s->capacity);
	put_company(buf, "company", &s->signers);
	json_put_member(buf, "company_name", s->signers.name);
	buf_char(buf, '}');
}

/* "-03:00", as in RFC 3339: what a zone's name means may change later. */
static const char *utc_offset(struct work *w)
{
	const int minutes = zone_offset_seconds(work_zone(w), w->now.ms / 1000) / 60;

	return arena_printf(w->arena, "%c%02d:%02d", minutes < 0 ? '-' : '+', abs(minutes) / 60,
		abs(minutes) % 60);
}

static void put_origin(struct work *w, struct buf *buf, const struct signing *s)
{
	const struct session *session = &s->session.session;

	buf_str(buf, ",\"auth\":{\"method\":\"password\"");
	put_int(buf, "session_id", session->id);
	put_time(buf, "login_at", session->created_at);
	buf_printf(buf, ",\"remember\":%s}", session->remember ? "true" : "false");
	json_put_member(buf, "ip", s->ip);
	if (s->request->port)
		put_int(buf, "port", s->request->port);
	else
		json_put_member(buf, "port", NULL);
	json_put_member(buf, "user_agent", s->user_agent);
	put_time(buf, "opened_at", s->request->opened_at);
	put_time(buf, "accepted_at", w->now);
	json_put_member(buf, "time_zone", zone_name(work_zone(w)));
	json_put_member(buf, "utc_offset", utc_offset(w));
}

static void put_subject(struct buf *buf, const struct signing *s, const char *content_sha256)
{
	buf_str(buf, ",\"sale\":{\"id\":");
	buf_int64(buf, s->row.sale.id);
	json_put_member(buf, "number", s->row.sale.number);
	put_company(buf, "company", &s->company);
	json_put_member(buf, "company_name", s->company.name);
	put_int(buf, "total_cents", s->row.sale.total_cents);
	json_put_member(buf, "content_sha256", content_sha256);
	put_int(buf, "content_bytes", (int64_t)strlen(s->made.content));
	buf_str(buf, "},\"terms\":{\"accepted\":true");
	json_put_member(buf, "id", s->terms.terms_id);
	json_put_member(buf, "sha256", s->terms.sha256);
	json_put_member(buf, "text", s->terms.text);
	buf_char(buf, '}');
}

/* Written once; from here on it is bytes. */
static int write_record(struct work *w, struct signing *s)
{
	_cleanup_buf_ struct buf buf;
	char prev[SALE_HEX_SIZE] = "", content[SALE_HEX_SIZE];
	int r = sale_hash_hex(s->made.content, strlen(s->made.content), content, w->err);

	buf_init(&buf);
	if (r >= 0 && s->last.id)
		r = sale_hash_hex(s->last.record, strlen(s->last.record), prev, w->err);
	if (r < 0 || !work_zone(w))
		return -(int)w->err->code;
	buf_str(&buf, "{\"v\":1,\"kind\":\"portalctl.sale.signature\",\"level\":\"simple\"");
	json_put_member(&buf, "portal", w->portal->identity.portal_id);
	put_company(&buf, "office", &s->office);
	json_put_member(&buf, "office_name", s->office.name);
	put_int(&buf, "seq", s->made.id);
	json_put_member(&buf, "prev", s->last.id ? prev : NULL);
	put_subject(&buf, s, content);
	put_signer(w, &buf, s);
	put_origin(w, &buf, s);
	json_put_member(&buf, "seal_algorithm", s->key.algorithm);
	json_put_member(&buf, "seal_key_sha256", s->key.sha256);
	buf_char(&buf, '}');
	s->made.record = arena_strdup(w->arena, buf_text(&buf));
	return buf.error ? portal_fail(w->err, PORTAL_NO_MEMORY, _("out of memory")) : 0;
}

static int seal_record(struct work *w, struct signing *s)
{
	unsigned char raw[SEAL_SIGNATURE_SIZE];
	char *text = arena_alloc(w->arena, SEAL_BASE64_LEN(sizeof(raw)) + 1);
	const int r =
		seal_sign(w->portal->seal, s->made.record, strlen(s->made.record), raw, w->err);

	s->made.seal = seal_base64_encode(SEAL_BASE64, raw, sizeof(raw), text);
	return r;
}

static int make_evidence(struct work *w, struct signing *s)
{
	int r = sale_own_key(w, &s->key);

	s->made.id = s->last.id + 1;
	if (r >= 0)
		r = sale_content(w, &s->row, &s->made.content);
	if (r >= 0)
		r = write_record(w, s);
	if (r >= 0)
		r = seal_record(w, s);
	if (r < 0)
		return r;
	s->made.public_key = s->key.public_key;
	return store_put(w->tx, Q_SALE_SIGNATURE_INSERT,
		ARGS(A(s->made.id), A(s->row.sale.id), A(s->made.content), A(s->made.record),
			A(s->made.seal), A(s->made.public_key), A(w->now)));
}

static int write_signature(struct work *w, struct signing *s)
{
	const struct sale_ending ending = {
		.verb = "sign", .status = "signed", .signed_by = s->user.email
	};
	char sha256[SALE_HEX_SIZE];
	int r = make_evidence(w, s);

	if (r >= 0)
		r = sale_hash_hex(s->made.record, strlen(s->made.record), sha256, w->err);
	if (r >= 0)
		r = sale_end(w, &s->row, &ending, sha256);
	if (r >= 0)
		r = sale_tell(w, s->row.sale.id, "sale_signed", SALE_TELL_BOTH, NULL);
	return r < 0 ? r : sale_give(w, s->row.sale.id, s->ret, 1);
}

static int sign_body(struct work *w, void *arg)
{
	struct signing s = *(const struct signing *)arg;
	int r = sale_need(w, "sale.sign", s.request->named, &s.row);

	if (r >= 0)
		r = check_signer(w, &s);
	if (r >= 0)
		r = read_people(w, &s);
	if (r >= 0)
		r = check_own_password(w, &s);
	if (r < 0)
		return r;
	if (!strcmp(s.row.sale.status, "signed") && text_same(s.row.sale.signed_by, s.user.email))
		return sale_give(w, s.row.sale.id, s.ret, 0);
	r = sale_check_waits(w, &s.row);
	if (r >= 0)
		r = check_request(w, &s);
	if (r >= 0)
		r = sale_terms_of(w, &s.row, &s.terms);
	return r < 0 ? r : write_signature(w, &s);
}

int sale_sign(struct portal *portal, const struct sale_signing *signing, struct sale *ret_sale,
	struct portal_error *err)
{
	struct signing s = { .request = signing, .ret = ret_sale };

	return work_write(portal, sign_body, &s, err);
}
