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

/* The addresses to tell, each once. */
struct addresses {
	const char **emails;
	int64_t count, room;
};

static void add_address(struct work *w, struct addresses *to, const char *email)
{
	if (to->count == to->room) {
		const int64_t room = to->room ? 2 * to->room : 8;
		const char **grown = arena_array(w->arena, (size_t)room, sizeof(*grown));

		for (int64_t i = 0; i < to->count; i++)
			grown[i] = to->emails[i];
		to->emails = grown;
		to->room = room;
	}
	to->emails[to->count++] = arena_strdup(w->arena, email);
}

/* No two users of a company have one address: only the contact's may come twice. */
static int add_admins(struct work *w, const struct told *told, struct addresses *to)
{
	_cleanup_rows_ struct store_rows *rows = NULL;
	struct email_row row;
	int r = store_rows(
		w->tx, Q_USER_ADMIN_EMAILS, ARGS(A(told->company_id)), &email_record, &row, &rows);

	while (r >= 0 && (r = store_next(rows)) > 0)
		if (!told->contact || strcmp(told->contact, row.email) != 0)
			add_address(w, to, row.email);
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
	int64_t id;
	const int r =
		store_get_int(w->tx, Q_OUTBOX_INSERT, args, ret_outbox_id ? ret_outbox_id : &id);

	return r < 0 ? r : 0;
}

int tell_address(
	struct work *w, const struct event *event, const char *email, int64_t *ret_outbox_id)
{
	const struct message message = { event, object_of_texts(w->arena, event->texts), NULL };

	return queue(w, &message, email, ret_outbox_id);
}

int tell_contact(
	struct work *w, const struct event *event, int64_t contact_id, int64_t *ret_outbox_id)
{
	struct email_row row;
	int r = store_get(
		w->tx, Q_CONTACT_REACHED_AT, ARGS(A(contact_id)), w->arena, &email_record, &row);

	if (r <= 0)
		return r;
	r = tell_address(w, event, row.email, ret_outbox_id);
	return r < 0 ? r : 1;
}

int tell_staff(struct work *w, const struct event *event, int64_t user_id)
{
	struct email_row row;
	int r = store_get(w->tx, Q_USER_ACTIVE_EMAIL, ARGS(A(user_id), A(work_office_id(w))),
		w->arena, &email_record, &row);

	if (r <= 0)
		return r;
	r = tell_address(w, event, row.email, NULL);
	return r < 0 ? r : 1;
}

/* What the admins read is the subject of the mail. */
static int notify(struct work *w, const struct message *message, int64_t company_id)
{
	const struct event *event = message->event;

	return store_put(w->tx, Q_NOTIFICATION_INSERT,
		ARGS(A(company_id), A(event->name), A(event->kind), A(event->id),
			A(message->subject), A(w->now)));
}

/* Nobody of a company that is disabled, but for whom an invite names: that no mail went
 * would tell its issuer what no stranger may know. */
static int gather(
	struct work *w, const struct event *event, const struct told *told, struct addresses *to)
{
	const bool is_invite = !strcmp(event->kind, "invite");
	int64_t is_reached = 0;
	int r = store_get_int(w->tx, Q_COMPANY_IS_REACHED, ARGS(A(told->company_id)), &is_reached);

	if (r >= 0 && told->contact && (is_reached || is_invite))
		add_address(w, to, told->contact);
	if (r < 0 || !is_reached)
		return r;
	r = add_admins(w, told, to);
	if (to->count == 0 && told->company_email)
		add_address(w, to, told->company_email);
	return r;
}

static int tell_one(struct work *w, const struct message *message, const struct told *told,
	int64_t *ret_outbox_id)
{
	struct addresses to = { .count = 0 };
	int r = gather(w, message->event, told, &to);

	for (int64_t i = 0; r >= 0 && i < to.count; i++)
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

int tell_notice(struct work *w, const struct event *event, int64_t company_id)
{
	struct message message;
	const int r = word(w, event, &message);

	return r < 0 ? r : notify(w, &message, company_id);
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
