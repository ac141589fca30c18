#include "tell.h"

#include <string.h>

#include "text/json.h"
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

static int queue(struct work *w, const struct event *event, const char *arguments,
	const char *email, int64_t *ret_outbox_id)
{
	int64_t id = 0;
	const int r = store_get_int(w->tx, Q_OUTBOX_INSERT,
		ARGS(A(email), A(event->name), A(work_language(w)), A(arguments), A(event->kind),
			A(event->id), A(w->now)),
		&id);

	if (r >= 0 && ret_outbox_id)
		*ret_outbox_id = id;
	return r < 0 ? r : 0;
}

int tell_address(
	struct work *w, const struct event *event, const char *email, int64_t *ret_outbox_id)
{
	return queue(w, event, object_of_texts(w->arena, event->texts), email, ret_outbox_id);
}

/* What the admins read is the subject of the mail. */
static int notify(
	struct work *w, const struct event *event, const char *arguments, int64_t company_id)
{
	const char *subject;
	struct json *tree;
	int r = json_parse(w->arena, arguments, strlen(arguments), &tree, w->err);

	if (r >= 0)
		r = template_subject(
			w->arena, event->name, work_language(w), tree, &subject, w->err);
	if (r < 0)
		return r;
	return store_put(w->tx, Q_NOTIFICATION_INSERT,
		ARGS(A(company_id), A(event->name), A(event->kind), A(event->id), A(subject),
			A(w->now)));
}

int tell_company(
	struct work *w, const struct event *event, const struct told *told, int64_t *ret_outbox_id)
{
	const char *arguments = object_of_texts(w->arena, event->texts);
	struct addresses to = { .count = 0 };
	int r;

	if (told->contact)
		add_address(&to, told->contact);
	r = add_admins(w, told->company_id, &to);
	if (to.count == 0 && told->company_email)
		add_address(&to, told->company_email);
	for (int i = 0; r >= 0 && i < to.count; i++)
		r = queue(w, event, arguments, to.emails[i], i == 0 ? ret_outbox_id : NULL);
	return r < 0 ? r : notify(w, event, arguments, told->company_id);
}
