#include <portal/request.h>

#include <string.h>

#include "audit.h"
#include "base/i18n.h"
#include "base/utf8.h"
#include "company-private.h"
#include "connection-private.h"
#include "field.h"
#include "list.h"
#include "policy.h"
#include "tell.h"

enum { CONTACT_NAME_MAX = 200 };

const struct portal_word request_statuses[] = {
	{ "open", N_("open") },
	{ "invited", N_("answered with an invite") },
	{ "dismissed", N_("dismissed") },
	{ NULL, NULL },
};

/* A request with what telling of it and answering it need. */
struct request_row {
	struct request request;
	int64_t from_id, to_id;
	const char *to_email;
};

/* The request is the first member of the row, so both records begin alike. */
#define REQUEST_FIELDS \
	PORTAL_FIELD(struct request, id, N_("ID"), .flags = PORTAL_FIELD_RIGHT), \
		PORTAL_FIELD(struct request, status, N_("STATUS"), .words = request_statuses), \
		PORTAL_FIELD(struct request, from_tax_id, N_("TAX ID")), \
		PORTAL_FIELD(struct request, from_name, N_("COMPANY")), \
		PORTAL_FIELD(struct request, to_tax_id, N_("ASKED COMPANY")), \
		PORTAL_FIELD( \
			struct request, to_name, N_("ASKED NAME"), .flags = PORTAL_FIELD_WIDE), \
		PORTAL_FIELD(struct request, email, N_("CONTACT E-MAIL")), \
		PORTAL_FIELD( \
			struct request, contact_name, N_("CONTACT"), .flags = PORTAL_FIELD_WIDE), \
		PORTAL_FIELD(struct request, invite_id, N_("INVITE"), .flags = PORTAL_FIELD_WIDE), \
		PORTAL_FIELD(struct request, created_at, N_("CREATED")), \
		PORTAL_FIELD(struct request, updated_at, N_("UPDATED"))

static const struct portal_field request_fields[] = { REQUEST_FIELDS, PORTAL_FIELDS_END };

const struct portal_record request_record = { "request", sizeof(struct request), request_fields };

static const struct portal_field row_fields[] = {
	REQUEST_FIELDS,
	PORTAL_FIELD(struct request_row, from_id, NULL),
	PORTAL_FIELD(struct request_row, to_id, NULL),
	PORTAL_FIELD(struct request_row, to_email, NULL),
	PORTAL_FIELDS_END,
};

static const struct portal_record row_record = { "request", sizeof(struct request_row),
	row_fields };

static int read_row(struct work *w, int64_t id, struct request_row *ret)
{
	return store_get(w->tx, Q_REQUEST_BY_ID, ARGS(A(id)), w->arena, &row_record, ret);
}

/* A request on its way through the rules. */
struct sending {
	const struct request_input *input;
	struct company from, to;
	const char *email, *contact_name;
	struct request *ret;
};

static int check_input(struct work *w, struct sending *s)
{
	const char *name = s->input->contact_name;

	s->email = s->input->email;
	field_email(w, &s->email);
	s->contact_name =
		name ? text_field(w->arena, name, CONTACT_NAME_MAX, "name", w->err) : NULL;
	if (name && !s->contact_name)
		portal_fault_add(w->err);
	if (s->contact_name && !*s->contact_name)
		s->contact_name = NULL;
	return portal_faults_end(w->err);
}

static int check_registered(struct work *w, const struct company *company, const char *field)
{
	const int r = company_check_registered(w, company);

	return r < 0 ? portal_about_field(w->err, field) : 0;
}

static int find_asking(struct work *w, struct sending *s)
{
	const char *own = arena_printf(w->arena, "%lld", (long long)policy_own_company(w));
	const char *named = s->input->from ? s->input->from : own;
	struct policy_object object = { .kind = "company", .named = named, .public_record = true };
	int r = company_need(w, "company.show", named, &s->from);

	object.id = object.owner = s->from.id;
	if (r >= 0)
		r = policy_need(w, "request.send", &object);
	return r < 0 ? r : check_registered(w, &s->from, "from");
}

static int find_asked(struct work *w, struct sending *s)
{
	const int r = company_need(w, "company.show", s->input->to, &s->to);

	if (r < 0)
		return r;
	if (s->to.id != s->from.id)
		return check_registered(w, &s->to, "to");
	portal_fail(w->err, PORTAL_INVALID, _("a company can't ask itself"));
	return portal_about_field(w->err, "to");
}

static int open_already(struct work *w, const struct sending *s, int64_t id)
{
	portal_fail(w->err, PORTAL_EXISTS, _("'%s' has asked '%s' already, in request '%lld'"),
		company_title(&s->from), company_title(&s->to), (long long)id);
	portal_about(w->err, "request", id);
	return portal_hint(w->err, "portalctl request show %lld", (long long)id);
}

static int connected_already(struct work *w, const struct sending *s)
{
	portal_fail(w->err, PORTAL_CONFLICT, _("'%s' and '%s' are connected already"),
		company_title(&s->from), company_title(&s->to));
	return portal_about(w->err, "company", s->to.id);
}

/* 1: go on; 0: there is an open one and that is fine (@open_id). */
static int check_new(struct work *w, const struct sending *s, int64_t *open_id)
{
	int r = store_get_int(w->tx, Q_REQUEST_OPEN, ARGS(A(s->from.id), A(s->to.id)), open_id);

	if (r > 0)
		return s->input->if_not_exists ? 0 : open_already(w, s, *open_id);
	if (r == 0)
		r = connection_exists(w, s->from.id, s->to.id);
	if (r > 0)
		return connected_already(w, s);
	return r < 0 ? r : 1;
}

static int tell_asked(struct work *w, const struct request_row *row)
{
	const struct request *q = &row->request;
	const struct event event = { "request_sent", "request", q->id,
		NAMED({ "office", work_office_name(w) },
			{ "request_id", arena_printf(w->arena, "%lld", (long long)q->id) },
			{ "from_name", q->from_name },
			{ "from_tax_id", company_printed_id(w, row->from_id, q->from_tax_id) },
			{ "to_name", q->to_name },
			{ "to_tax_id", company_printed_id(w, row->to_id, q->to_tax_id) },
			{ "email", q->email }, { "contact_name", q->contact_name }) };
	const struct told told = { .company_id = row->to_id, .company_email = row->to_email };

	return tell_company(w, &event, &told, NULL);
}

static int write_request(struct work *w, const struct sending *s, struct request_row *row)
{
	int64_t id = 0;
	int r = store_get_int(w->tx, Q_REQUEST_INSERT,
		ARGS(A(s->from.id), A(s->to.id), A(s->email), A(s->contact_name), A(w->now)), &id);

	if (r >= 0)
		r = read_row(w, id, row);
	if (r >= 0)
		r = tell_asked(w, row);
	if (r >= 0)
		r = audit_add(w, "request.send", "request", id,
			CHANGES({ "from", NULL, s->from.tax_id }, { "to", NULL, s->to.tax_id },
				{ "email", NULL, s->email },
				{ "contact_name", NULL, s->contact_name },
				{ "status", NULL, "open" }));
	return r < 0 ? r : 1;
}

static int send_body(struct work *w, void *arg)
{
	const struct sending *call = arg;
	struct sending s = { .input = call->input };
	struct request_row row = { 0 };
	int64_t open_id = 0;
	int r = check_input(w, &s);

	if (r >= 0)
		r = find_asking(w, &s);
	if (r >= 0)
		r = find_asked(w, &s);
	if (r >= 0)
		r = check_new(w, &s, &open_id);
	if (r < 0)
		return r;
	if (r > 0)
		r = write_request(w, &s, &row);
	else
		r = read_row(w, open_id, &row) < 0 ? -(int)w->err->code : 0;
	if (r >= 0)
		WORK_GIVE(w, call->ret, row.request);
	return r;
}

int request_send(struct portal *portal, const struct request_input *input,
	struct request *ret_request, struct portal_error *err)
{
	struct sending call = { .input = input, .ret = ret_request };

	return work_write(portal, send_body, &call, err);
}

/* Finds the request and asks whether the actor may do @action. */
static int need(struct work *w, const char *action, int64_t id, struct request_row *ret)
{
	const int found = read_row(w, id, ret);
	const struct policy_object object = { .kind = "request",
		.id = id,
		.owner = found > 0 ? ret->from_id : 0,
		.peer = found > 0 ? ret->to_id : 0 };

	return policy_need_found(w, action, object, found);
}

struct call {
	int64_t id;
	struct request *ret;
};

static int show_body(struct work *w, void *arg)
{
	const struct call *call = arg;
	struct request_row row;
	const int r = need(w, "request.show", call->id, &row);

	if (r >= 0)
		WORK_GIVE(w, call->ret, row.request);
	return r;
}

int request_show(
	struct portal *portal, int64_t id, struct request *ret_request, struct portal_error *err)
{
	struct call call = { id, ret_request };

	return work_read(portal, show_body, &call, err);
}

static int answered_already(struct work *w, const struct request *request)
{
	portal_fail(w->err, PORTAL_WRONG_STATE, _("request '%lld' was answered with an invite"),
		(long long)request->id);
	portal_about(w->err, "request", request->id);
	return portal_hint(w->err, "portalctl invite show %lld", (long long)request->invite_id.id);
}

static int dismiss_row(struct work *w, struct request *request)
{
	int r;

	if (!strcmp(request->status, "dismissed"))
		return 0;
	if (strcmp(request->status, "open") != 0)
		return answered_already(w, request);
	r = store_put(w->tx, Q_REQUEST_DISMISSED, ARGS(A(request->id), A(w->now)));
	if (r >= 0)
		r = audit_add(w, "request.dismiss", "request", request->id,
			CHANGES({ "status", "open", "dismissed" }));
	request->status = "dismissed";
	request->updated_at = w->now;
	return r < 0 ? r : 1;
}

static int dismiss_body(struct work *w, void *arg)
{
	const struct call *call = arg;
	struct request_row row;
	int r = need(w, "request.dismiss", call->id, &row);

	if (r >= 0)
		r = dismiss_row(w, &row.request);
	if (r >= 0)
		WORK_GIVE(w, call->ret, row.request);
	return r;
}

int request_dismiss(
	struct portal *portal, int64_t id, struct request *ret_request, struct portal_error *err)
{
	struct call call = { id, ret_request };

	return work_write(portal, dismiss_body, &call, err);
}

struct listing {
	const struct request_filter *filter;
	portal_visit *visit;
	void *arg;
	struct portal_list_end *ret_end;
};

/* A client sees its own requests only: the list is always that of one company,
 * which the indexes know. */
static enum store_query by_id(int64_t from, int64_t to, int64_t viewer)
{
	if (to)
		return Q_REQUEST_LIST_TO;
	if (from)
		return Q_REQUEST_LIST_FROM;
	return viewer ? Q_REQUEST_LIST_OF : Q_REQUEST_LIST;
}

const struct portal_word request_sorts[] = { { "id", NULL }, { "created_at", NULL },
	{ "updated_at", NULL }, { "email", NULL }, { NULL, NULL } };

static int list_body(struct work *w, void *arg)
{
	const struct listing *listing = arg;
	const struct request_filter *f = listing->filter;
	struct company from = { 0 }, to = { 0 };
	struct request row = { 0 };
	struct list list = { w, &f->page, request_sorts, .record = &request_record, .row = &row,
		.visit = listing->visit, .visit_arg = listing->arg, .ret_end = listing->ret_end };
	int64_t viewer;
	int r = policy_need_list(w, "request.list", &viewer);

	if (r >= 0 && f->from)
		r = company_need(w, "company.show", f->from, &from);
	if (r >= 0 && f->to)
		r = company_need(w, "company.show", f->to, &to);
	if (r < 0)
		return r;
	list.statements = (struct list_statements){ by_id(from.id, to.id, viewer),
		Q_REQUEST_LIST_UP, Q_REQUEST_LIST_DOWN };
	return list_read(&list, LIST_ARGS(A(f->status ? f->status : "open"), A(from.id), A(to.id),
					A(list_pattern(w, f->search)), A(viewer),
					A(list_tax_id_pattern(w, f->search))));
}

int request_list(struct portal *portal, const struct request_filter *filter, portal_visit *visit,
	void *arg, struct portal_list_end *ret_end, struct portal_error *err)
{
	struct listing listing = { filter, visit, arg, ret_end };

	return work_read(portal, list_body, &listing, err);
}
