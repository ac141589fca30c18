/* Opening a ticket (S1, S2, S12). */
#include <string.h>

#include "audit.h"
#include "base/i18n.h"
#include "company-private.h"
#include "contact-private.h"
#include "policy.h"
#include "ticket-private.h"

/* A ticket on its way through the rules. @subject_shown: with the tag of S2. */
struct opening {
	const struct ticket_request *request;
	struct company company;
	portal_id company_id;
	int64_t contact_id;
	const char *subject, *department, *category, *body, *origin;
	portal_list tags;
	struct ticket_about about;
	const struct file *files;
	struct ticket *ret;
};

static int check_texts(struct work *w, struct opening *o)
{
	const struct ticket_request *q = o->request;

	o->subject = ticket_subject(w, q->subject ? q->subject : "");
	o->department = ticket_text(w, q->department, TICKET_FIELD_MAX, "department");
	o->category = ticket_text(w, q->category, TICKET_FIELD_MAX, "category");
	o->body = q->body ? ticket_body(w, q->body, "body") : NULL;
	o->tags = ticket_tags_with(w, (portal_list){ "" }, q->tags, q->tag_count);
	return portal_faults_end(w->err);
}

static int check_origin(struct work *w, struct opening *o)
{
	const char *origin = o->request->origin;

	o->origin = origin ? origin : ticket_by_client(w) ? "app" : "office";
	if (!portal_word_known(ticket_origins, o->origin))
		return work_no_choice(w, ticket_origins, origin, "origin");
	o->subject = ticket_tagged_subject(w, o->subject, o->origin);
	return 0;
}

static int find_company(struct work *w, struct opening *o)
{
	const char *named = o->request->company;
	const char *own = arena_printf(w->arena, "%lld", (long long)policy_own_company(w));
	struct policy_object object = { .kind = "company", .named = named, .public_record = true };
	int r = 0;

	if (named || ticket_by_client(w))
		r = company_need(w, "company.show", named ? named : own, &o->company);
	object.id = object.owner = o->company_id.id = o->company.id;
	return r < 0 ? r : policy_need(w, "ticket.open", &object);
}

/* Only the office speaks for others, and only it says how a ticket came in. */
static int need_office(struct work *w, const struct opening *o)
{
	const struct policy_object object = { .kind = "company",
		.id = o->company.id,
		.owner = o->company.id,
		.public_record = true };

	return policy_need(w, "ticket.open-for-client", &object);
}

static int find_contact(struct work *w, struct opening *o)
{
	const char *of = o->about.company_id
				 ? arena_printf(w->arena, "%lld", (long long)o->about.company_id)
				 : NULL;
	const struct contact_named named = { o->request->contact,
		o->request->company ? o->request->company : of };
	struct contact_found found;
	int r = contact_need(w, "contact.show", &named, &found);

	if (r < 0)
		return r;
	o->contact_id = found.contact.id;
	o->company_id = found.company_id;
	return 0;
}

static int find_client(struct work *w, struct opening *o)
{
	const struct ticket_request *q = o->request;
	int64_t self = 0;
	int r = store_get_int(w->tx, Q_TICKET_AUTHOR, ARGS(A(w->actor->user_id)), &self);

	if (r >= 0 && q->contact)
		r = find_contact(w, o);
	if (r >= 0 && ((q->contact && o->contact_id != self) || q->origin || q->tag_count))
		r = need_office(w, o);
	o->contact_id = self;
	return r;
}

static int find_parties(struct work *w, struct opening *o)
{
	int r = find_company(w, o);

	if (r >= 0)
		r = ticket_find_about(w, o->request->project, o->request->task, &o->about);
	if (r >= 0 && o->company_id.id)
		r = ticket_check_about(w, &o->about, o->company_id.id);
	if (r < 0)
		return r;
	if (ticket_by_client(w))
		return find_client(w, o);
	if (o->request->contact)
		return find_contact(w, o);
	portal_fail(w->err, PORTAL_USAGE, _("a ticket needs a contact"));
	return portal_about_field(w->err, "contact");
}

/* The one that was named, or the contact's. */
static int check_company(struct work *w, struct opening *o)
{
	const int r = o->company_id.id ? company_by_id(w, o->company_id.id, &o->company) : 0;

	return r > 0 ? company_check_registered(w, &o->company) : r;
}

static int insert(struct work *w, const struct ticket_draft *d, int64_t *ret_id)
{
	struct ticket_number number = { .n = 0 };
	const int r = ticket_number_take(w, &number);

	if (r < 0)
		return r;
	return store_get_int(w->tx, Q_TICKET_INSERT,
		ARGS(A(number.day), A(number.n), A(d->company_id), A(d->contact_id), A(d->subject),
			A(d->department), A(d->category), A(d->tags.lines), A(d->origin), A(w->now),
			A(d->project_id), A(d->task_id)),
		ret_id);
}

static int add_words(struct work *w, const struct ticket_draft *d, const struct ticket_row *row)
{
	const int64_t id = row->ticket.id;
	int r = ticket_words_add(w, id, row->ticket.number, TICKET_FOR_ALL);

	if (r >= 0)
		r = ticket_words_add(w, id, d->subject, TICKET_FOR_ALL);
	return r < 0 ? r : ticket_words_tags(w, id, (portal_list){ "" }, d->tags);
}

/* What is told first: the office hears of a client's ticket, the client of the office's. */
static int tell(struct work *w, const struct ticket_row *row, int64_t *ret_outbox_id)
{
	if (ticket_by_client(w))
		return ticket_tell_office(w, row, "ticket_opened");
	return ticket_tell_client(w, row, "ticket_started", ret_outbox_id);
}

static int add_first_message(struct work *w, const struct opening *o, struct ticket_row *row)
{
	struct message_draft draft = {
		.body = o->body, .files = o->files, .file_count = o->request->file_count
	};
	int64_t id;
	int r = tell(w, row, &draft.outbox_id);

	if (r < 0 || (!o->body && !draft.file_count))
		return r;
	draft.direction = ticket_by_client(w) ? "in" : "out";
	draft.via = ticket_by_client(w) ? "app" : "office";
	r = message_add(w, row, &draft, &id);
	return r < 0 ? r : ticket_save(w, row);
}

static int audit(struct work *w, const struct ticket_row *row)
{
	const struct ticket *t = &row->ticket;

	return audit_add(w, "ticket.open", "ticket", t->id,
		CHANGES({ "number", NULL, t->number },
			{ "company_tax_id", NULL, t->company_tax_id },
			{ "origin", NULL, t->origin }, { "status", NULL, t->status },
			{ "assignee_email", NULL, t->assignee_email },
			{ "project_id", NULL, audit_id(w, t->project_id) },
			{ "task_id", NULL, audit_id(w, t->task_id) }));
}

int ticket_make(struct work *w, const struct ticket_draft *draft, struct ticket_row *ret)
{
	int64_t id = 0;
	int r = insert(w, draft, &id);

	if (r >= 0)
		r = ticket_by_id(w, id, ret);
	if (r >= 0)
		r = add_words(w, draft, ret);
	if (r >= 0)
		r = ticket_event(w, ret, "opened", NULL, NULL);
	if (r >= 0)
		r = ticket_apply_rule(w, ret, draft->body);
	return r < 0 ? r : audit(w, ret);
}

static int make(struct work *w, const struct opening *o, struct ticket_row *ret)
{
	const struct ticket_draft draft = { .company_id = o->company_id,
		.contact_id = o->contact_id,
		.subject = o->subject,
		.department = o->department,
		.category = o->category,
		.origin = o->origin,
		.body = o->body,
		.tags = o->tags,
		.project_id = o->about.project_id,
		.task_id = o->about.task_id };

	return ticket_make(w, &draft, ret);
}

static int open_body(struct work *w, void *arg)
{
	const struct opening *call = arg;
	struct opening o = *call;
	struct ticket_row row = { 0 };
	int r = check_texts(w, &o);

	if (r >= 0)
		r = check_origin(w, &o);
	if (r >= 0)
		r = find_parties(w, &o);
	if (r >= 0)
		r = check_company(w, &o);
	if (r >= 0)
		r = make(w, &o, &row);
	if (r >= 0)
		r = add_first_message(w, &o, &row);
	return r < 0 ? r : ticket_give(w, &row, call->ret, 1);
}

int ticket_open(struct portal *portal, const struct ticket_request *request,
	struct ticket *ret_ticket, struct portal_error *err)
{
	struct opening call = { .request = request, .ret = ret_ticket };
	const int r =
		message_keep_files(portal, request->files, request->file_count, &call.files, err);

	return r < 0 ? r : work_write(portal, open_body, &call, err);
}
