#include <portal/outbox.h>

#include <string.h>

#include "base/i18n.h"
#include "list.h"
#include "outbox-private.h"
#include "policy.h"
#include "target.h"
#include "text/json.h"

/* What stands where a secret goes when the message is sent. */
#define SECRET_SHOWN "…"

const struct portal_word outbox_channels[] = {
	{ "email", N_("e-mail") },
	{ "whatsapp", N_("WhatsApp") },
	{ NULL, NULL },
};

/* clang-format off */
#define STATES \
	{ "queued", NC_("message", "queued") }, \
	{ "sending", NC_("message", "being sent") }, \
	{ "sent", NC_("message", "sent") }, \
	{ "unknown", NC_("message", "unknown") }, \
	{ "failed", NC_("message", "failed") }, \
	{ "held", NC_("message", "held") }, \
	{ "cancelled", NC_("message", "cancelled") }
/* clang-format on */

const struct portal_word outbox_states[] = { STATES, { NULL, NULL } };
const struct portal_word outbox_list_states[] = { STATES, { "any", N_("any") }, { NULL, NULL } };

#define WIDE .flags = PORTAL_FIELD_WIDE

/* The fields of a message, for the record that is shown and the wider one that is
 * read: the message is the first member of both. */
#define OUTBOX_FIELDS \
	PORTAL_FIELD(struct outbox, id, N_("ID"), .flags = PORTAL_FIELD_RIGHT), \
		PORTAL_FIELD(struct outbox, channel, N_("CHANNEL"), .words = outbox_channels), \
		PORTAL_FIELD(struct outbox, recipient, N_("TO")), \
		PORTAL_FIELD(struct outbox, subject, N_("SUBJECT")), \
		PORTAL_FIELD(struct outbox, state, N_("STATE"), .words = outbox_states), \
		PORTAL_FIELD(struct outbox, attempts, N_("ATTEMPTS"), WIDE), \
		PORTAL_FIELD(struct outbox, next_attempt_at, N_("NEXT ATTEMPT"), WIDE), \
		PORTAL_FIELD(struct outbox, last_error, N_("LAST ERROR"), WIDE), \
		PORTAL_FIELD(struct outbox, cause, N_("CAUSE")), \
		PORTAL_FIELD(struct outbox, created_at, N_("CREATED")), \
		PORTAL_FIELD(struct outbox, sent_at, N_("SENT"), WIDE), \
		PORTAL_FIELD(struct outbox, body, N_("TEXT"), WIDE)

static const struct portal_field outbox_fields[] = { OUTBOX_FIELDS, PORTAL_FIELDS_END };

const struct portal_record outbox_record = { "outbox", sizeof(struct outbox), outbox_fields };

struct outbox_row {
	struct outbox outbox;
	const char *template;
	const char *language;
	const char *arguments;
};

static const struct portal_field row_fields[] = {
	OUTBOX_FIELDS,
	PORTAL_FIELD(struct outbox_row, template, NULL),
	PORTAL_FIELD(struct outbox_row, language, NULL),
	PORTAL_FIELD(struct outbox_row, arguments, NULL),
	PORTAL_FIELDS_END,
};

static const struct portal_record row_record = { "outbox", sizeof(struct outbox_row), row_fields };

/* NULL where it can't be: a list goes on, and the row still tells the rest. */
static const char *render_subject(struct arena *arena, const struct outbox_row *row)
{
	struct portal_error unheard = { 0 };
	const char *subject = NULL;
	struct json *arguments;
	int r = json_parse(arena, row->arguments, strlen(row->arguments), &arguments, &unheard);

	if (r >= 0)
		template_subject(
			arena, row->template, row->language, arguments, &subject, &unheard);
	return subject;
}

/* Secrets are not among what is stored: something is shown in their place. */
static int render_body(struct work *w, const struct outbox_row *row, const char **ret)
{
	static const struct named_text shown[] = { { "link", SECRET_SHOWN },
		{ "password", SECRET_SHOWN }, { NULL, NULL } };
	struct template_call call = {
		.name = row->template, .language = row->language, .texts = shown
	};
	struct template_text rendered;
	struct json *arguments;
	int r = json_parse(w->arena, row->arguments, strlen(row->arguments), &arguments, w->err);

	call.args = arguments;
	if (r >= 0)
		r = template_fill(w->arena, &call, &rendered, w->err);
	if (r < 0)
		return portal_about(w->err, "outbox", row->outbox.id);
	*ret = rendered.body;
	return 0;
}

static int need_row(struct work *w, const char *action, int64_t id, struct outbox_row *ret)
{
	const char *named = arena_printf(w->arena, "%lld", (long long)id);
	const struct policy_object object = { .kind = "outbox", .id = id, .named = named };
	int r = store_get(w->tx, Q_OUTBOX_BY_ID, ARGS(A(id)), w->arena, &row_record, ret);

	if (r == 0)
		return work_not_found(w, object.kind, named);
	if (r > 0)
		r = policy_need(w, action, &object);
	if (r >= 0)
		ret->outbox.subject = render_subject(w->arena, ret);
	return r;
}

int outbox_need(struct work *w, const char *action, int64_t id, struct outbox *ret)
{
	struct outbox_row row = { .outbox = { .body = NULL } };
	const int r = need_row(w, action, id, &row);

	*ret = row.outbox;
	return r;
}

struct show {
	int64_t id;
	enum outbox_text text;
	struct outbox *ret;
};

static int show_body(struct work *w, void *arg)
{
	const struct show *show = arg;
	struct outbox_row row = { .outbox = { .body = NULL } };
	int r = need_row(w, "outbox.show", show->id, &row);

	if (r >= 0 && show->text == OUTBOX_WITH_BODY)
		r = render_body(w, &row, &row.outbox.body);
	if (r >= 0)
		WORK_GIVE(w, show->ret, row.outbox);
	return r;
}

int outbox_show(struct portal *portal, int64_t id, enum outbox_text text, struct outbox *ret_outbox,
	struct portal_error *err)
{
	struct show show = { id, text, ret_outbox };

	return work_read(portal, show_body, &show, err);
}

struct listing {
	const struct outbox_filter *filter;
	portal_visit *visit;
	void *arg;
	struct portal_list_end *ret_end;
};

static int finish_row(struct work *w, void *row, void *arg)
{
	struct outbox_row *read = row;

	(void)arg;
	read->outbox.subject = render_subject(w->arena, read);
	return 0;
}

static enum store_query by_id(const struct outbox_filter *f, const struct target *cause)
{
	if (cause->id)
		return Q_OUTBOX_LIST_CAUSE;
	return f->state && strcmp(f->state, "any") != 0 && strcmp(f->state, "sent") != 0
		       ? Q_OUTBOX_LIST_STATE
		       : Q_OUTBOX_LIST;
}

static int read_list(struct work *w, const struct listing *listing, const struct target *cause)
{
	const struct outbox_filter *f = listing->filter;
	struct outbox_row row = { 0 };
	struct list list = { .w = w,
		.page = &f->page,
		.sorts = outbox_sorts,
		.statements = { by_id(f, cause), Q_OUTBOX_LIST_UP, Q_OUTBOX_LIST_DOWN },
		.record = &row_record,
		.row = &row,
		.finish = finish_row,
		.visit = listing->visit,
		.visit_arg = listing->arg,
		.ret_end = listing->ret_end };

	return list_read(
		&list, LIST_ARGS(A(f->state ? f->state : "any"), A(f->channel ? f->channel : ""),
			       A(f->recipient ? f->recipient : ""), A(cause->kind), A(cause->id)));
}

const struct portal_word outbox_sorts[] = { { "id", NULL }, { "created_at", NULL },
	{ "recipient", NULL }, { NULL, NULL } };

static int list_body(struct work *w, void *arg)
{
	const struct listing *listing = arg;
	struct target cause;
	int64_t viewer;
	int r = policy_need_list(w, "outbox.list", &viewer);

	if (r >= 0)
		r = target_parse(w, listing->filter->cause, "cause", &cause);
	return r < 0 ? r : read_list(w, listing, &cause);
}

int outbox_list(struct portal *portal, const struct outbox_filter *filter, portal_visit *visit,
	void *arg, struct portal_list_end *ret_end, struct portal_error *err)
{
	struct listing listing = { filter, visit, arg, ret_end };

	return work_read(portal, list_body, &listing, err);
}
