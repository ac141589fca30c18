/* Answers and internal comments (S4 to S7). */
#include <string.h>

#include "answer-private.h"
#include "audit.h"
#include "base/i18n.h"
#include "wa-private.h"
#include "idempotency.h"
#include "ticket-private.h"
#include "user-private.h"

static const struct portal_word ways[] = { { "app", NULL }, { "email", NULL }, { "office", NULL },
	{ "whatsapp", NULL }, { NULL, NULL } };

/* A message on its way through the rules. */
struct writing {
	const struct message_request *request;
	const char *action;
	const struct file *files;
	const char *body, *via;
	struct ticket_row row;
	struct conversation_row conversation; /* where @via is "whatsapp" */
	struct message *ret;
};

/* What people say is filled in now, and the same key may find it filled in. */
static int fill_in(struct work *w, const struct writing *g, const char **ret_body)
{
	const struct ticket *t = &g->row.ticket;
	struct user user = { .name = work_office_name(w) };
	const int r = w->actor->as ? user_by_id(w, w->actor->user_id, &user) : 0;
	const char *assignee = t->assignee_name ? t->assignee_name
			       : w->actor->as   ? user.name
						: NULL;

	if (r < 0)
		return r;
	return answer_render(w, g->request->answer,
		NAMED({ "contact_name", t->contact_name }, { "company_name", t->company_name },
			{ "ticket_number", t->number }, { "ticket_subject", t->subject },
			{ "assignee_name", assignee }, { "user_name", user.name },
			{ "office_name", work_office_name(w) }),
		ret_body);
}

static int check_text(struct work *w, struct writing *g, const char *body)
{
	if (g->request->file_count && (!body || !*body))
		return 0;
	g->body = ticket_body(w, body ? body : "", "body");
	return portal_faults_end(w->err);
}

/* A canned answer is looked up when it is written: it may be another by then. */
static int check_body(struct work *w, struct writing *g)
{
	if (!g->request->answer)
		return check_text(w, g, g->request->body);
	if (g->request->body)
		return portal_fail(
			w->err, PORTAL_USAGE, _("'--body' and '--answer' don't go together"));
	return 0;
}

static int check_answer(struct work *w, struct writing *g)
{
	const char *body = NULL;
	int r = 0;

	if (!g->request->answer)
		return 0;
	r = fill_in(w, g, &body);
	return r < 0 ? r : check_text(w, g, body);
}

static int not_live(struct work *w, const struct ticket *ticket)
{
	portal_fail(w->err, PORTAL_WRONG_STATE,
		_("no conversation over WhatsApp is live in ticket '%s'"), ticket->number);
	portal_about(w->err, "ticket", ticket->id);
	return conversation_suggest(w, ticket);
}

/* Over WhatsApp where the client is being spoken with there (S7). */
static int find_way(struct work *w, struct writing *g)
{
	const char *via = g->request->via;
	const bool whatsapp = via && !strcmp(via, "whatsapp");
	int r = 0;

	if (!via || whatsapp)
		r = conversation_of_ticket(w, g->row.ticket.id, &g->conversation);
	if (r == 0 && whatsapp)
		return not_live(w, &g->row.ticket);
	g->via = r > 0 ? "whatsapp" : via ? via : "office";
	return r < 0 ? r : 0;
}

static int check_via(struct work *w, struct writing *g)
{
	const char *via = g->request->via;

	if (via && !portal_word_known(ways, via))
		return work_no_choice(w, ways, via, "via");
	if (!ticket_by_client(w))
		return find_way(w, g);
	g->via = "app";
	if (!via || !strcmp(via, "app"))
		return 0;
	portal_fail(w->err, PORTAL_USAGE, _("an answer of the client goes via app"));
	return portal_about_field(w->err, "via");
}

/* What is quoted is of this very conversation. */
static int check_reply_to(struct work *w, const struct writing *g)
{
	const int64_t id = g->request->reply_to_id;
	int64_t ticket_id = 0;
	const int r = id ? store_get_int(w->tx, Q_MESSAGE_TICKET, ARGS(A(id)), &ticket_id) : 0;

	if (r < 0 || !id || ticket_id == g->row.ticket.id)
		return r < 0 ? r : 0;
	portal_fail(w->err, PORTAL_NOT_FOUND, _("ticket '%s' has no message '%lld'"),
		g->row.ticket.number, (long long)id);
	return portal_about_field(w->err, "reply-to");
}

/* Of a message that was written: what the actor sees of it. */
static int give(struct work *w, int64_t id, struct message *ret, int outcome)
{
	struct message message;
	const int r = message_by_id(w, id, &message);

	if (r < 0)
		return r;
	WORK_GIVE(w, ret, message);
	return outcome;
}

/* S4, S5: whoever answers first takes care of it. The operator is no person. */
static int take_over(struct work *w, struct ticket_row *row)
{
	struct user user;
	int r = 0;

	if (w->actor->as && !row->assignee_id.id) {
		r = user_by_id(w, w->actor->user_id, &user);
		if (r > 0)
			r = ticket_put_assignee(w, row, &user);
	}
	if (r >= 0 && !strcmp(row->ticket.status, "new"))
		r = ticket_put_status(w, row, "in_progress");
	return r;
}

/* A client's answer to what is done says that it is not; to what was cancelled it
 * would be lost. */
static int check_state(struct work *w, const struct ticket *ticket)
{
	const bool client_goes_on = ticket_by_client(w) && !strcmp(ticket->status, "done");

	return ticket_is_open(ticket) || client_goes_on ? 0 : ticket_has_ended(w, ticket);
}

static int tell(struct work *w, const struct writing *g, int64_t *ret_outbox_id)
{
	if (ticket_by_client(w))
		return ticket_tell_office(w, &g->row, "ticket_answered");
	if (!strcmp(g->via, "whatsapp"))
		return ticket_tell_company(w, &g->row, "ticket_reply");
	return ticket_tell_client(w, &g->row, "ticket_reply", ret_outbox_id);
}

static int add_message(
	struct work *w, struct writing *g, struct message_draft *draft, int64_t *ret_id)
{
	if (!strcmp(g->via, "whatsapp"))
		return conversation_write(w, &g->conversation, &g->row, draft, ret_id);
	return message_add(w, &g->row, draft, ret_id);
}

/* Whoever answers through the app is not written to over WhatsApp (W4). */
static int follow_client(struct work *w, struct ticket_row *row)
{
	const int r = conversation_finish_of(w, row, "app");

	return r < 0 ? r : ticket_resume(w, row);
}

/* The message comes first in the conversation, then what it has changed. */
static int write_reply(struct work *w, struct writing *g, int64_t *ret_id)
{
	struct ticket_row *row = &g->row;
	const bool client = ticket_by_client(w);
	const char *was = row->ticket.status;
	struct message_draft draft = { .direction = client ? "in" : "out",
		.via = g->via,
		.body = g->body,
		.files = g->files,
		.file_count = g->request->file_count,
		.reply_to = { g->request->reply_to_id } };
	int r = tell(w, g, &draft.outbox_id);

	if (r >= 0)
		r = add_message(w, g, &draft, ret_id);
	if (r >= 0)
		r = client ? follow_client(w, row) : take_over(w, row);
	if (r >= 0)
		r = ticket_save(w, row);
	if (r < 0)
		return r;
	return audit_add(w, g->action, "ticket", row->ticket.id,
		CHANGES({ "message_id", NULL, arena_printf(w->arena, "%lld", (long long)*ret_id) },
			{ "status", was, row->ticket.status }));
}

/* What the files are: a key stands for their content, under whatever path it lies. */
static const char *files_text(struct work *w, const struct writing *g)
{
	const char *text = NULL;

	for (int64_t i = 0; i < g->request->file_count; i++)
		text = arena_printf(w->arena, "%s%s %s\n", text ? text : "", g->files[i].sha256,
			g->files[i].name);
	return text;
}

/* The ticket that was named, also where another stands for it meanwhile. */
static int find_target(struct work *w, const struct writing *g, const char **ret)
{
	int64_t id = 0;
	const int r = ticket_find_id(w, g->request->ticket, &id);

	*ret = arena_printf(w->arena, "%lld", (long long)id);
	return r < 0 ? r : 0;
}

/* The key stands for what was typed, whatever has become of the ticket and the answer. */
static int reply_once(struct work *w, struct writing *g)
{
	const char *via = g->request->via;
	struct idempotency key = { .verb = g->action,
		.key = g->request->idempotency_key,
		.arguments = NAMED({ "via", via                   ? via
					    : ticket_by_client(w) ? "app"
								  : "office" },
			{ "answer", g->request->answer }, { "body", g->body },
			{ "files", files_text(w, g) }) };
	int64_t id = 0;
	int r = find_target(w, g, &key.target);

	if (r >= 0)
		r = idempotency_find(w, &key);
	if (r != 0)
		return r < 0 ? r : give(w, key.result_id, g->ret, 0);
	r = check_answer(w, g);
	if (r >= 0)
		r = check_state(w, &g->row.ticket);
	if (r >= 0)
		r = write_reply(w, g, &id);
	if (r >= 0)
		r = idempotency_keep(w, &key, id);
	return r < 0 ? r : give(w, id, g->ret, 1);
}

static int reply_body(struct work *w, void *arg)
{
	const struct writing *call = arg;
	struct writing g = *call;
	int r = ticket_need(w, g.action, g.request->ticket, &g.row);

	if (r >= 0)
		r = check_via(w, &g);
	if (r >= 0)
		r = check_reply_to(w, &g);
	if (r >= 0)
		r = check_body(w, &g);
	return r < 0 ? r : reply_once(w, &g);
}

static int write_comment(struct work *w, struct writing *g, int64_t *ret_id)
{
	const struct message_draft draft = { .direction = "internal",
		.body = g->body,
		.files = g->files,
		.file_count = g->request->file_count,
		.internal = true };
	int r = message_add(w, &g->row, &draft, ret_id);

	if (r >= 0)
		r = ticket_save_internal(w, &g->row);
	if (r < 0)
		return r;
	return audit_add(w, g->action, "ticket", g->row.ticket.id,
		CHANGES({ "message_id", NULL,
			arena_printf(w->arena, "%lld", (long long)*ret_id) }));
}

static int comment_body(struct work *w, void *arg)
{
	const struct writing *call = arg;
	struct writing g = *call;
	int64_t id = 0;
	int r = ticket_need(w, g.action, g.request->ticket, &g.row);

	if (r >= 0)
		r = check_body(w, &g);
	if (r >= 0)
		r = write_comment(w, &g, &id);
	return r < 0 ? r : give(w, id, g.ret, 1);
}

static int write_message(
	struct portal *portal, struct writing *call, work_body *body, struct portal_error *err)
{
	const struct message_request *q = call->request;
	const int r = message_keep_files(portal, q->files, q->file_count, &call->files, err);

	return r < 0 ? r : work_write(portal, body, call, err);
}

int message_reply(struct portal *portal, const struct message_request *request,
	struct message *ret_message, struct portal_error *err)
{
	struct writing call = { request, "ticket.reply", .ret = ret_message };

	return write_message(portal, &call, reply_body, err);
}

int conversation_send(struct portal *portal, const struct message_request *request,
	struct message *ret_message, struct portal_error *err)
{
	struct message_request over_whatsapp = *request;
	struct writing call = { &over_whatsapp, "wa.send", .ret = ret_message };

	over_whatsapp.via = "whatsapp";
	return write_message(portal, &call, reply_body, err);
}

int message_attach(struct portal *portal, const struct message_request *request,
	struct message *ret_message, struct portal_error *err)
{
	const struct message_request files = { .ticket = request->ticket,
		.files = request->files,
		.file_count = request->file_count };
	struct writing call = { &files, "ticket.attach", .ret = ret_message };

	return write_message(portal, &call, reply_body, err);
}

int message_comment(struct portal *portal, const struct message_request *request,
	struct message *ret_message, struct portal_error *err)
{
	struct writing call = { request, "ticket.comment", .ret = ret_message };

	return write_message(portal, &call, comment_body, err);
}
