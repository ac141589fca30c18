/* Opening a document (D3), and the row of the access log that says so (D4). */
#include <string.h>
#include <unistd.h>

#include "attachment.h"
#include "base/i18n.h"
#include "base/utf8.h"
#include "document-private.h"
#include "field.h"
#include "login-tries.h"
#include "policy.h"
#include "portal-private.h"

enum { AGENT_MAX = 500, PORT_MAX = 65535 };

const struct portal_word document_ways[] = {
	{ "email", N_("link in e-mail") },
	{ "whatsapp", N_("link in WhatsApp") },
	{ "area", N_("client area") },
	{ "cli", N_("command line") },
	{ NULL, NULL },
};

const struct portal_word document_results[] = {
	{ "opened", N_("opened") },
	{ "login_required", N_("login required") },
	{ "login_failed", N_("login failed") },
	{ "not_allowed", N_("not allowed") },
	{ "withdrawn", N_("withdrawn") },
	{ "damaged", N_("damaged") },
	{ NULL, NULL },
};

/* @login: where somebody logs in. @user_id: who opens; 0: nobody who is known.
 * @file: what is opened. @result: a word of document_results. */
struct opening {
	const struct document_opening *request;
	struct document_login *login;
	const char *via, *ip, *user_agent;
	int64_t user_id;
	struct document_row row;
	struct file file;
	const char *result;
	bool is_damaged;
	struct document_access *ret;
};

/* A client's own session can't say that it came by a link which it does not show. */
static int check_way(struct work *w, const struct opening *o)
{
	const bool by_link = !strcmp(o->via, "email") || !strcmp(o->via, "whatsapp");

	if (!by_link || o->request->token || !w->actor->by_session || w->actor->staff)
		return 0;
	portal_fail(w->err, PORTAL_USAGE,
		_("a session comes by the client's area; '--via %s' needs the link's token"),
		o->via);
	return portal_about_field(w->err, "via");
}

/* What the web server tells of who opens it. */
static int check_request(struct work *w, struct opening *o)
{
	const struct document_opening *q = o->request;
	int r = field_ip(w, q->ip, &o->ip);

	if (r >= 0 && (q->port < 0 || q->port > PORT_MAX)) {
		portal_fail(w->err, PORTAL_INVALID, _("'%lld' is not a port"), (long long)q->port);
		r = portal_about_field(w->err, "port");
	}
	if (r >= 0)
		r = field_user_agent(w, q->user_agent, AGENT_MAX, &o->user_agent);
	o->via = q->via;
	if (!o->via)
		o->via = q->token ? "email" : w->actor->by_session ? "area" : "cli";
	return r < 0 ? r : check_way(w, o);
}

static int find_document(struct work *w, struct opening *o)
{
	const struct document_opening *q = o->request;

	return q->token ? document_of_token(w, "document.open", q->token->text, &o->row)
			: document_need(w, "document.open", q->id, &o->row);
}

static int find_file(struct work *w, struct opening *o)
{
	const struct document *d = &o->row.document;
	const int64_t position = o->request->attachment;
	struct attachment attachment;
	int r;

	o->file = (struct file){ d->sha256, d->size_bytes, d->media_type, d->file_name };
	if (!position)
		return 0;
	r = attachment_get(w, "document", d->id, position, &attachment);
	if (r == 0)
		return portal_fail(w->err, PORTAL_NOT_FOUND,
			_("document '%lld' has no attachment '%lld'"), (long long)d->id,
			(long long)position);
	o->file = (struct file){ attachment.sha256, attachment.size_bytes, attachment.media_type,
		attachment.name };
	return r;
}

struct login_row {
	int64_t company_id;
	portal_id main_id;
	const char *role, *email;
	portal_list sections;
	bool reader;
};

static const struct portal_field login_fields[] = {
	PORTAL_FIELD(struct login_row, company_id, NULL),
	PORTAL_FIELD(struct login_row, main_id, NULL),
	PORTAL_FIELD(struct login_row, role, NULL),
	PORTAL_FIELD(struct login_row, reader, NULL),
	PORTAL_FIELD(struct login_row, email, NULL),
	PORTAL_FIELD(struct login_row, sections, NULL),
	PORTAL_FIELDS_END,
};

static const struct portal_record login_record = { "user", sizeof(struct login_row), login_fields };

/* By a link somebody may come whose rights are yet to be looked at. */
static bool actor_may_see(struct work *w, const struct opening *o)
{
	const struct policy_object object = { .kind = "document",
		.id = o->row.document.id,
		.named = "",
		.owner = o->row.company_id };
	struct portal_error unheard = { 0 }, *outer = w->err;
	struct denial *denials = w->portal->denials, *last = w->portal->last_denial;
	int r;

	w->err = &unheard;
	r = policy_need(w, "document.open", &object);
	w->err = outer;
	w->portal->denials = denials;
	w->portal->last_denial = last;
	if (last)
		last->next = NULL;
	return r >= 0;
}

/* Who made the account by the document's link opens it, whatever the account's rights. */
static bool may_see(struct work *w, const struct opening *o)
{
	struct login_row row;
	struct work as = *w;
	struct actor actor;

	if (!o->login)
		return actor_may_see(w, o);
	if (store_get(w->tx, Q_DOCUMENT_LOGIN, ARGS(A(o->row.document.id), A(o->login->user_id)),
		    w->arena, &login_record, &row) <= 0)
		return false;
	actor = (struct actor){ .label = row.email,
		.as = row.email,
		.sections = row.sections,
		.user_id = o->login->user_id,
		.company_id = row.company_id,
		.main_id = row.main_id.id,
		.admin = !strcmp(row.role, "admin"),
		.staff = row.company_id == work_office_id(w) };
	as.actor = &actor;
	return row.reader || actor_may_see(&as, o);
}

/* The operator at the command line has logged in to the machine; who came by a link or
 * through the client's area, and no user is named, has not. */
static bool is_nobody(const struct work *w, const struct opening *o)
{
	return !w->actor->as && !o->login && (o->request->token || strcmp(o->via, "cli") != 0);
}

static const char *judge(struct work *w, const struct opening *o)
{
	if (strcmp(o->row.document.status, "published") != 0)
		return "withdrawn";
	if (o->login && !o->login->user_id)
		return "login_failed";
	if (is_nobody(w, o) && (o->row.document.login_required || !strcmp(o->via, "area")))
		return "login_required";
	if (o->row.document.login_required && o->request->token && !may_see(w, o))
		return "not_allowed";
	return "opened";
}

static int look(struct work *w, struct opening *o)
{
	int r = check_request(w, o);

	if (r >= 0)
		r = find_document(w, o);
	if (r >= 0)
		r = find_file(w, o);
	if (r < 0)
		return r;
	o->user_id = o->login ? o->login->user_id : w->actor->user_id;
	o->result = judge(w, o);
	return 0;
}

static int look_body(struct work *w, void *arg)
{
	return look(w, arg);
}

static const struct portal_field access_fields[] = {
	PORTAL_FIELD(struct document_access, id, N_("ID"), .flags = PORTAL_FIELD_RIGHT),
	PORTAL_FIELD(
		struct document_access, document_id, N_("DOCUMENT"), .flags = PORTAL_FIELD_RIGHT),
	PORTAL_FIELD(
		struct document_access, attachment, N_("ATTACHMENT"), .flags = PORTAL_FIELD_WIDE),
	PORTAL_FIELD(struct document_access, at, N_("TIME")),
	PORTAL_FIELD(struct document_access, via, N_("WAY"), .words = document_ways),
	PORTAL_FIELD(struct document_access, ip, N_("IP")),
	PORTAL_FIELD(struct document_access, port, N_("PORT")),
	PORTAL_FIELD(struct document_access, user_agent, N_("PROGRAM"), .flags = PORTAL_FIELD_WIDE),
	PORTAL_FIELD(struct document_access, sha256, N_("SHA-256"), .flags = PORTAL_FIELD_WIDE),
	PORTAL_FIELD(struct document_access, file_name, N_("FILE")),
	PORTAL_FIELD(
		struct document_access, company_tax_id, N_("TAX ID"), .flags = PORTAL_FIELD_WIDE),
	PORTAL_FIELD(struct document_access, user_email, N_("USER")),
	PORTAL_FIELD(struct document_access, user_name, N_("NAME")),
	PORTAL_FIELD(struct document_access, logged_in, N_("LOGGED IN")),
	PORTAL_FIELD(struct document_access, result, N_("RESULT"), .words = document_results),
	PORTAL_FIELDS_END,
};

const struct portal_record document_access_record = { "access", sizeof(struct document_access),
	access_fields };

static int write_access(struct work *w, const struct opening *o)
{
	const struct document_opening *q = o->request;
	const portal_id user = { o->user_id }, port = { q->port };
	const bool logged_in = o->login ? o->login->user_id != 0 : w->actor->by_session;
	const bool unnamed_client = strcmp(o->via, "cli") != 0;
	struct document_access access;
	int64_t id = 0;
	int r = store_get_int(w->tx, Q_ACCESS_INSERT,
		ARGS(A(o->row.document.id), A(q->attachment), A(w->now), A(o->via), A(o->ip),
			A(port), A(o->user_agent), A(o->file.sha256), A(o->file.name), A(user),
			A(o->result), A(logged_in), A(work_office_id(w)), A(unnamed_client)),
		&id);

	if (r >= 0)
		r = store_get(w->tx, Q_ACCESS_BY_ID, ARGS(A(id)), w->arena, &document_access_record,
			&access);
	if (r < 0)
		return r;
	WORK_GIVE(w, o->ret, access);
	return 1;
}

static bool is_denied(const struct opening *o)
{
	return !strcmp(o->result, "login_required") || !strcmp(o->result, "not_allowed");
}

/* Looked at again: meanwhile it may have been withdrawn. */
static int log_body(struct work *w, void *arg)
{
	struct opening *o = arg;
	struct login_tries tries = { .action = "document.open" };
	int r = look(w, o);

	if (r >= 0 && o->is_damaged && !strcmp(o->result, "opened"))
		o->result = "damaged";
	if (r >= 0 && o->login && o->login->user_id) {
		memcpy(tries.key, o->login->tries_key, sizeof(tries.key));
		r = login_forget_tries(w, &tries);
	}
	if (r >= 0 && is_denied(o))
		portal_note_denial(w->portal, "document.open", "document", o->row.document.id);
	return r < 0 ? r : write_access(w, o);
}

static int refuse(const struct opening *o, struct portal_error *err)
{
	const int64_t id = o->row.document.id;

	if (!strcmp(o->result, "withdrawn"))
		portal_fail(
			err, PORTAL_WRONG_STATE, _("document '%lld' was withdrawn"), (long long)id);
	else if (!strcmp(o->result, "login_failed"))
		return portal_fail(err, PORTAL_DENIED,
			_("e-mail or password is wrong, or the access is not active"));
	else if (!strcmp(o->result, "login_required"))
		portal_fail(err, PORTAL_DENIED, _("document '%lld' opens after login alone"),
			(long long)id);
	else
		portal_fail(err, PORTAL_DENIED, _("this user may not open document '%lld'"),
			(long long)id);
	return portal_about(err, "document", id);
}

/* Damaged bytes are told after they were logged. */
static int open_file(struct portal *portal, struct opening *o, int *ret_fd,
	struct portal_error *damage, struct portal_error *err)
{
	int r;

	if (strcmp(o->result, "opened") != 0)
		return 0;
	r = file_open(portal, &o->file, ret_fd, damage);
	o->is_damaged = r == -PORTAL_DAMAGED;
	if (r >= 0 || o->is_damaged)
		return 0;
	*err = *damage;
	return r;
}

static int open_and_log(struct portal *portal, struct opening *o, int *fd, struct portal_error *err)
{
	struct portal_error damage = { .arena = err->arena };
	int r = work_read(portal, look_body, o, err);

	if (r >= 0)
		r = open_file(portal, o, fd, &damage, err);
	if (r >= 0)
		r = work_write(portal, log_body, o, err);
	if (r < 0 || !strcmp(o->result, "opened"))
		return r;
	if (strcmp(o->result, "damaged") != 0)
		return refuse(o, err);
	*err = damage;
	return -PORTAL_DAMAGED;
}

int document_open_file(struct portal *portal, const struct document_opening *opening,
	struct document_access *ret_access, int *ret_fd, struct portal_error *err)
{
	struct document_login login = { .user_id = 0 };
	struct document_access access;
	struct opening o = { .request = opening, .ret = &access };
	int fd = -1, r = 0;

	if (opening->email) {
		r = document_log_in(portal, opening, &login, err);
		o.login = &login;
	}
	if (r >= 0)
		r = open_and_log(portal, &o, &fd, err);
	if (r < 0) {
		file_closep(&fd);
		return r;
	}
	*ret_access = access;
	*ret_fd = fd;
	return r;
}

int document_save(int fd, const char *path, struct portal_error *err)
{
	return file_save(fd, path, err);
}
