/* The link of a document: sending it, showing it, and taking the document back. */
#include <stdlib.h>
#include <string.h>

#include "audit.h"
#include "base/i18n.h"
#include "base/utf8.h"
#include "company-private.h"
#include "document-private.h"
#include "portal-private.h"
#include "setting.h"
#include "task-date.h"
#include "target.h"
#include "tell.h"

enum { REASON_MAX = 1000, RECIPIENTS_MAX = 100 };

const struct portal_word document_channels[] = {
	{ "email", N_("e-mail") },
	{ "whatsapp", N_("WhatsApp") },
	{ NULL, NULL },
};

struct sending {
	const struct document_sending *request;
	bool by_whatsapp;
	struct document *ret;
};

struct person {
	const char *email;
	const char *phones, *wa_ids;
};

static const struct portal_field person_fields[] = {
	PORTAL_FIELD(struct person, email, NULL),
	PORTAL_FIELD(struct person, phones, NULL),
	PORTAL_FIELD(struct person, wa_ids, NULL),
	PORTAL_FIELDS_END,
};

static const struct portal_record person_record = { "contact", sizeof(struct person),
	person_fields };

static const char *first_line(struct work *w, const char *lines)
{
	return lines && *lines ? arena_strndup(w->arena, lines, strcspn(lines, "\n")) : NULL;
}

static int find_person(
	struct work *w, const struct document_row *row, const char *to, struct person *ret)
{
	const char *email = arena_strdup(w->arena, to);
	struct company company;
	int64_t id = 0;
	int r;

	if (!target_id(to, &id))
		email = email_parse(w->arena, to, w->err);
	if (!email)
		return portal_about_field(w->err, "to");
	*ret = (struct person){ .email = NULL };
	r = store_get(w->tx, Q_DOCUMENT_CONTACT, ARGS(A(row->company_id), A(email), A(id)),
		w->arena, &person_record, ret);
	if (r == 0)
		r = company_by_id(w, row->company_id, &company);
	else
		return r;
	if (r > 0 && company.email && !strcmp(company.email, email)) {
		ret->email = email;
		return 1;
	}
	work_not_found(w, "contact", to);
	return portal_hint(w->err, "portalctl contact add --company %s --email %s --name …",
		row->document.company_tax_id, to);
}

/* Where the link goes; NULL where the person has no such address. */
static const char *address_of(struct work *w, const struct sending *s, const struct person *person)
{
	if (!s->by_whatsapp)
		return person->email;
	return person->wa_ids && *person->wa_ids
		       ? arena_printf(w->arena, "+%s", first_line(w, person->wa_ids))
		       : first_line(w, person->phones);
}

static int find_address(struct work *w, const struct sending *s, const struct document_row *row,
	const char *to, const char **ret)
{
	struct person person;
	int r = find_person(w, row, to, &person);

	if (r < 0)
		return r;
	*ret = address_of(w, s, &person);
	if (*ret)
		return 0;
	portal_fail(w->err, PORTAL_CONFLICT,
		s->by_whatsapp ? _("'%s' has no phone to send to")
			       : _("'%s' has no e-mail to send to"),
		to);
	return portal_about_field(w->err, "to");
}

/* All are found before the first is written to. */
static int find_addresses(
	struct work *w, const struct sending *s, const struct document_row *row, const char **ret)
{
	int64_t kept = 0;

	for (int64_t i = 0; i < s->request->count; i++) {
		bool again = false;

		if (find_address(w, s, row, s->request->to[i], &ret[kept]) < 0)
			return -(int)w->err->code;
		for (int64_t k = 0; k < kept; k++)
			again |= !strcmp(ret[k], ret[kept]);
		kept += !again;
	}
	return (int)kept;
}

static const struct named_text *texts_of(struct work *w, const struct document *document)
{
	const struct named_text *texts =
		NAMED({ "office", work_office_name(w) }, { "company_name", document->company_name },
			{ "title", document->title }, { "competence", document->competence },
			{ "due_on", task_date_for_people(w, document->due_on) },
			{ "open_to_all", document->login_required ? NULL : "1" });
	struct named_text *kept = arena_array(w->arena, 7, sizeof(*kept));

	memcpy(kept, texts, 7 * sizeof(*kept));
	return kept;
}

/* The token is made when the message goes: the row holds none. */
static int queue(struct work *w, const struct sending *s, const struct document *document,
	const char *address)
{
	const struct event event = { "document_link", "document", document->id,
		texts_of(w, document) };
	int64_t id;

	if (!s->by_whatsapp)
		return tell_address(w, &event, address, NULL);
	return store_get_int(w->tx, Q_OUTBOX_INSERT_WHATSAPP,
		ARGS(A(address), A(event.name), A(work_language(w)),
			A(object_of_texts(w->arena, event.texts)), A(event.kind), A(event.id),
			A(w->now)),
		&id);
}

static int send_all(struct work *w, const struct sending *s, const struct document_row *row)
{
	const char **addresses =
		arena_array(w->arena, (size_t)s->request->count + 1, sizeof(*addresses));
	const int count = find_addresses(w, s, row, addresses);
	const char *joined = "";
	int r = count;

	for (int i = 0; r >= 0 && i < count; i++) {
		r = queue(w, s, &row->document, addresses[i]);
		joined = arena_printf(w->arena, "%s%s%s", joined, i ? ", " : "", addresses[i]);
	}
	if (r < 0)
		return r;
	return audit_add(w, "document.send", "document", s->request->id,
		CHANGES({ "channel", NULL, s->by_whatsapp ? "whatsapp" : "email" },
			{ "to", NULL, joined }));
}

static int send_body(struct work *w, void *arg)
{
	const struct sending *s = arg;
	struct document_row row;
	int r = document_need(w, "document.send", s->request->id, &row);

	if (r >= 0)
		r = document_check_published(w, &row.document);
	if (r >= 0)
		r = company_check_registered_id(w, row.company_id);
	if (r >= 0)
		r = send_all(w, s, &row);
	if (r < 0)
		return r;
	WORK_GIVE(w, s->ret, row.document);
	return 1;
}

int document_send(struct portal *portal, const struct document_sending *request,
	struct document *ret_document, struct portal_error *err)
{
	struct sending sending = { .request = request,
		.by_whatsapp = request->channel && !strcmp(request->channel, "whatsapp"),
		.ret = ret_document };

	if (request->count < 1 || request->count > RECIPIENTS_MAX)
		return portal_fail(
			err, PORTAL_USAGE, _("'--to' names 1 to %d people"), RECIPIENTS_MAX);
	return work_write(portal, send_body, &sending, err);
}

static const struct portal_field link_fields[] = {
	PORTAL_FIELD(struct document_link, id, N_("ID"), .flags = PORTAL_FIELD_RIGHT),
	PORTAL_FIELD(struct document_link, title, N_("TITLE")),
	PORTAL_FIELD(struct document_link, url, N_("ADDRESS")),
	PORTAL_FIELD(struct document_link, login_required, N_("LOGIN REQUIRED")),
	PORTAL_FIELDS_END,
};

const struct portal_record document_link_record = { "document.link", sizeof(struct document_link),
	link_fields };

struct linking {
	int64_t id;
	enum document_link_how how;
	struct document_link *ret_link;
	struct portal_secret *ret_token;
};

static int rotate(struct work *w, struct document_row *row)
{
	const int64_t id = row->document.id;
	int r = store_put(w->tx, Q_DOCUMENT_ROTATE, ARGS(A(id)));

	row->link_serial++;
	if (r >= 0)
		r = audit_add(
			w, "document.link", "document", id, CHANGES({ "link", NULL, "rotated" }));
	return r;
}

static int make_token(struct work *w, const struct document_row *row, struct portal_secret *ret)
{
	_cleanup_seal_secret_ struct seal_secret secret = { { 0 } };
	const struct seal_link link = document_seal_link(row);
	struct seal *seal = work_seal(w);
	const int r = seal ? seal_token(seal, &link, &secret, w->err) : -(int)w->err->code;

	if (r < 0)
		return r;
	ret->len = strlen(secret.text);
	memcpy(ret->text, secret.text, ret->len + 1);
	return 0;
}

static int link_body(struct work *w, void *arg)
{
	const struct linking *linking = arg;
	const bool rotates = linking->how == DOCUMENT_LINK_ROTATE;
	const char *base = setting_value(w, "base_url");
	struct document_link link;
	struct document_row row;
	int r = document_need(w, "document.link", linking->id, &row);

	if (r >= 0)
		r = document_check_published(w, &row.document);
	if (r >= 0 && rotates)
		r = rotate(w, &row);
	/* The token it would show is the very one that the rotation will make. */
	if (r >= 0 && !(rotates && w->portal->options.dry_run))
		r = make_token(w, &row, linking->ret_token);
	if (r < 0)
		return r;
	link = (struct document_link){ row.document.id, row.document.title,
		*base ? arena_printf(w->arena, "%s/document", base) : NULL,
		row.document.login_required };
	WORK_GIVE(w, linking->ret_link, link);
	return rotates;
}

int document_get_link(struct portal *portal, int64_t id, enum document_link_how how,
	struct document_link *ret_link, struct portal_secret *ret_token, struct portal_error *err)
{
	struct linking linking = { id, how, ret_link, ret_token };

	return work_write(portal, link_body, &linking, err);
}

struct withdrawing {
	int64_t id;
	const char *reason;
	struct document *ret;
};

static int withdraw(struct work *w, const struct withdrawing *withdrawing)
{
	const char *reason = withdrawing->reason;
	int r;

	if (reason)
		reason = text_field(w->arena, reason, REASON_MAX, "reason", w->err);
	if (withdrawing->reason && !reason)
		return -(int)w->err->code;
	r = store_put(w->tx, Q_DOCUMENT_WITHDRAW, ARGS(A(withdrawing->id), A(w->now), A(reason)));
	if (r >= 0)
		r = audit_add(w, "document.withdraw", "document", withdrawing->id,
			CHANGES({ "status", "published", "withdrawn" }));
	return r;
}

static int withdraw_body(struct work *w, void *arg)
{
	const struct withdrawing *withdrawing = arg;
	struct document_row row;
	int r = document_need(w, "document.withdraw", withdrawing->id, &row);
	const bool published = r >= 0 && !strcmp(row.document.status, "published");

	if (published)
		r = withdraw(w, withdrawing);
	if (r >= 0)
		r = document_read(w, withdrawing->id, &row);
	if (r < 0)
		return r;
	WORK_GIVE(w, withdrawing->ret, row.document);
	return published;
}

int document_withdraw(struct portal *portal, int64_t id, const char *reason,
	struct document *ret_document, struct portal_error *err)
{
	struct withdrawing withdrawing = { id, reason, ret_document };

	return work_write(portal, withdraw_body, &withdrawing, err);
}
