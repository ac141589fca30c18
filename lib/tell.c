#include "tell.h"

#include <string.h>

#include "text/template.h"

struct email_row {
	const char *email;
};

static const struct portal_field email_fields[] = {
	PORTAL_FIELD(struct email_row, email, NULL),
	PORTAL_FIELDS_END,
};

static const struct portal_record email_record = { "user", sizeof(struct email_row), email_fields };

enum { TOLD_MAX = 50 };

/* The addresses to tell, each once. */
struct addresses {
	const char *emails[TOLD_MAX + 1];
	int count;
};

static void add_address(struct addresses *to, const char *email)
{
	for (int i = 0; i < to->count; i++)
		if (!strcmp(to->emails[i], email))
			return;
	if (to->count <= TOLD_MAX)
		to->emails[to->count++] = email;
}

static int add_admins(struct work *w, int64_t company_id, struct addresses *to)
{
	_cleanup_rows_ struct store_rows *rows = NULL;
	struct email_row row;
	int r = store_rows(
		w->tx, Q_USER_ADMIN_EMAILS, ARGS(A(company_id)), &email_record, &row, &rows);

	while (r >= 0 && to->count < TOLD_MAX && (r = store_next(rows)) > 0)
		add_address(to, arena_strdup(w->arena, row.email));
	return r < 0 ? r : 0;
}

/* An event in words, the same for all who are told of it. */
struct message {
	const struct event *event;
	const char *arguments, *subject;
};

static int queue(
	struct work *w, const struct message *message, const char *email, int64_t *ret_outbox_id)
{
	const struct event *event = message->event;
	const struct store_value *args = ARGS(A(email), A(event->name), A(work_language(w)),
		A(message->arguments), A(event->kind), A(event->id), A(w->now));
	int r;

	if (!ret_outbox_id)
		return store_put(w->tx, Q_OUTBOX_PUT, args);
	r = store_get_int(w->tx, Q_OUTBOX_INSERT, args, ret_outbox_id);
	return r < 0 ? r : 0;
}

int tell_address(
	struct work *w, const struct event *event, const char *email, int64_t *ret_outbox_id)
{
	const struct message message = { event, object_of_texts(w->arena, event->texts), NULL };

	return queue(w, &message, email, ret_outbox_id);
}

/* What the admins read is the subject of the mail. */
static int notify(struct work *w, const struct message *message, int64_t company_id)
{
	const struct event *event = message->event;

	return store_put(w->tx, Q_NOTIFICATION_INSERT,
		ARGS(A(company_id), A(event->name), A(event->kind), A(event->id),
			A(message->subject), A(w->now)));
}

static int tell_one(struct work *w, const struct message *message, const struct told *told,
	int64_t *ret_outbox_id)
{
	struct addresses to = { .count = 0 };
	int r;

	if (told->contact)
		add_address(&to, told->contact);
	r = add_admins(w, told->company_id, &to);
	if (to.count == 0 && told->company_email)
		add_address(&to, told->company_email);
	for (int i = 0; r >= 0 && i < to.count; i++)
		r = queue(w, message, to.emails[i], i == 0 ? ret_outbox_id : NULL);
	return r < 0 ? r : notify(w, message, told->company_id);
}

static int word(struct work *w, const struct event *event, struct message *ret)
{
	ret->event = event;
	ret->arguments = object_of_texts(w->arena, event->texts);
	return template_subject_of_texts(
		w->arena, event->name, work_language(w), event->texts, &ret->subject, w->err);
}

int tell_company(
	struct work *w, const struct event *event, const struct told *told, int64_t *ret_outbox_id)
{
	struct message message;
	const int r = word(w, event, &message);

	return r < 0 ? r : tell_one(w, &message, told, ret_outbox_id);
}

int tell_companies(struct work *w, const struct event *event, const struct told *told, size_t count)
{
	struct message message;
	int r = word(w, event, &message);

	for (size_t i = 0; r >= 0 && i < count; i++)
		r = tell_one(w, &message, &told[i], NULL);
	return r;
}
