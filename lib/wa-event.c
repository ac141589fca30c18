#include "wa-event.h"

#include <stdlib.h>
#include <string.h>

#include <portal/arena.h>

#include "wa-event-private.h"

/* As many digits as numbers have, with the code of their country (E.164). */
enum { ID_MAX = 512, NUMBER_MIN = 8, NUMBER_MAX = 15 };

/* A contact of a change under one of its ids. */
struct known {
	const char *id;
	const struct json *contact;
};

/* The walk through a body. @base: what all events of the change have in common. */
struct reading {
	struct arena *scratch;
	struct arena change;
	wa_event_visit *visit;
	void *arg;
	struct wa_event base;
	int position;
	const struct json *only_contact;
	struct known *known;
	size_t known_count;
};

const char *wa_get_text(const struct json *object, const char *key)
{
	const char *text = json_text(json_get(object, key));

	return text && *text ? text : NULL;
}

static bool is_id(const char *text)
{
	size_t len = 0;

	while (text[len] > ' ' && text[len] < 0x7f && len <= ID_MAX)
		len++;
	return len && len <= ID_MAX && !text[len];
}

/* Numbers come as JSON numbers, too. */
const char *wa_get_id(const struct json *object, const char *key)
{
	const struct json *member = json_get(object, key);
	const char *text = json_number(member) ? json_number(member) : json_text(member);

	return text && is_id(text) ? text : NULL;
}

const char *wa_as_number(const char *text)
{
	size_t len;

	if (!text)
		return NULL;
	text += *text == '+';
	len = strspn(text, "0123456789");
	return len >= NUMBER_MIN && len <= NUMBER_MAX && !text[len] ? text : NULL;
}

/* "BR.1502576394655843" so far; what may come has a letter in it at least. */
const char *wa_as_user_id(const char *text)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
	size_t len = 0;

	if (!text || !text[strcspn(text, letters)])
		return NULL;
	while (text[len] && (strchr(letters, text[len]) || strchr("0123456789._-", text[len])))
		len++;
	return text[len] || len > 150 ? NULL : text;
}

/* Of what stands where a number should, only what has the known form is an id. */
static const char *as_scoped_id(const char *text)
{
	const bool scoped = text && text[0] >= 'A' && text[0] <= 'Z' && text[1] >= 'A' &&
			    text[1] <= 'Z' && text[2] == '.' && text[3];

	return scoped ? wa_as_user_id(text) : NULL;
}

void wa_take_id(struct wa_person *person, const char *text)
{
	if (!person->wa_id)
		person->wa_id = wa_as_number(text);
	if (!person->user_id)
		person->user_id = as_scoped_id(text);
}

static const char *error_details(const struct json *error)
{
	const struct json *data = json_get(error, "error_data");
	const char *details = wa_get_text(data, "details");

	if (!details)
		details = json_text(data);
	if (!details)
		details = wa_get_text(error, "details");
	return details ? details : wa_get_text(error, "message");
}

void wa_take_error(const struct json *errors, struct wa_error *ret)
{
	const struct json *error = json_first(errors);

	if (json_type(errors) != JSON_ARRAY || json_type(error) != JSON_OBJECT)
		return;
	if (!json_int64(json_get(error, "code"), &ret->code))
		ret->code = -1;
	ret->title = wa_get_text(error, "title");
	if (!ret->title)
		ret->title = wa_get_text(error, "message");
	ret->details = error_details(error);
}

static int64_t seconds_of(const struct json *value)
{
	const char *text = json_number(value) ? json_number(value) : json_text(value);
	int64_t seconds;

	if (!text || !*text || text[strspn(text, "0123456789")] || strlen(text) > 11)
		return 0;
	seconds = strtoll(text, NULL, 10);
	return seconds < INT64_C(253402300800) ? seconds : 0;
}

static int compare_known(const void *a, const void *b)
{
	return strcmp(((const struct known *)a)->id, ((const struct known *)b)->id);
}

static void add_known(struct reading *r, const char *id, const struct json *contact)
{
	if (id)
		r->known[r->known_count++] = (struct known){ id, contact };
}

static void know_contacts(struct reading *r, const struct json *contacts)
{
	size_t count = 0;

	arena_reset(&r->change);
	r->known_count = 0;
	for (const struct json *c = json_first(contacts); c; c = json_next(c))
		count++;
	r->only_contact = count == 1 ? json_first(contacts) : NULL;
	r->known = arena_array(&r->change, 2 * count, sizeof(*r->known));
	for (const struct json *c = json_first(contacts); c; c = json_next(c)) {
		add_known(r, json_text(json_get(c, "wa_id")), c);
		add_known(r, json_text(json_get(c, "user_id")), c);
	}
	if (r->known_count)
		qsort(r->known, r->known_count, sizeof(*r->known), compare_known);
}

static const struct json *find_contact(const struct reading *r, const char *id)
{
	const struct known key = { id, NULL };
	const struct known *found = NULL;

	if (id && r->known_count)
		found = bsearch(&key, r->known, r->known_count, sizeof(key), compare_known);
	return found ? found->contact : NULL;
}

/* Who is named by @number and @user_id, with what the contacts beside know of them; a
 * message that names nobody is of the only contact there is. */
static void take_person(
	const struct reading *r, const char *number, const char *user_id, struct wa_person *ret)
{
	const struct json *contact = find_contact(r, number);

	if (!contact)
		contact = find_contact(r, user_id);
	if (!contact && !number && !user_id)
		contact = r->only_contact;
	wa_take_id(ret, number);
	if (!ret->user_id)
		ret->user_id = wa_as_user_id(user_id);
	wa_take_id(ret, wa_get_text(contact, "wa_id"));
	if (!ret->user_id)
		ret->user_id = wa_as_user_id(wa_get_text(contact, "user_id"));
	ret->name = wa_get_text(json_get(contact, "profile"), "name");
}

static struct wa_event begin(struct reading *r, enum wa_kind kind, const char *type)
{
	struct wa_event event = r->base;

	arena_reset(r->scratch);
	event.position = ++r->position;
	event.kind = kind;
	event.type = type;
	return event;
}

static void spoil(struct wa_event *event, const char *reason)
{
	event->kind = WA_BAD;
	event->reason = reason;
}

static int give(struct reading *r, struct wa_event *event)
{
	return r->visit(event, r->arg);
}

static int give_bad(struct reading *r, const char *reason)
{
	struct wa_event event = begin(r, WA_BAD, r->base.field);

	spoil(&event, reason);
	return give(r, &event);
}

static void take_context(const struct json *message, struct wa_event *event)
{
	const struct json *context = json_get(message, "context");
	bool often = false;

	if (!event->context_wamid)
		event->context_wamid = wa_get_id(context, "id");
	json_bool(json_get(context, "forwarded"), &event->forwarded);
	json_bool(json_get(context, "frequently_forwarded"), &often);
	event->forwarded |= often;
}

static enum wa_kind kind_of(const char *type)
{
	if (!strcmp(type, "reaction"))
		return WA_REACTION;
	if (!strcmp(type, "edit"))
		return WA_EDIT;
	return strcmp(type, "revoke") ? WA_MESSAGE : WA_REVOKE;
}

/* Digits, but too few or too many for a number. */
static bool is_no_number(const char *text)
{
	text += text && *text == '+';
	return text && *text && !text[strspn(text, "0123456789")] && !wa_as_number(text);
}

/* What an event of a person must have, whatever its kind. @number: as it stands there. */
static void check_message(struct wa_event *event, const char *number)
{
	if (!event->wamid)
		spoil(event, "no_id");
	else if (!event->who.wa_id && !event->who.user_id && event->kind != WA_NUMBER_CHANGED &&
		 event->kind != WA_USER_ID_CHANGED && event->kind != WA_OTHER)
		spoil(event, is_no_number(number) ? "bad_number" : "no_sender");
	else if ((event->kind == WA_REACTION || event->kind == WA_EDIT ||
			 event->kind == WA_REVOKE) &&
		 !event->context_wamid)
		spoil(event, "no_subject");
}

static void read_client_message(
	struct reading *r, const struct json *message, const char *type, struct wa_event *event)
{
	event->kind = kind_of(type);
	wa_take_content(r->scratch, message, type, event);
	if (json_get(message, "group_id")) {
		event->kind = WA_OTHER;
		event->type = "group";
	}
}

static int read_message(struct reading *r, const struct json *message)
{
	const char *type = wa_get_text(message, "type"), *from = wa_get_text(message, "from");
	struct wa_event event = begin(r, WA_MESSAGE, type ? type : "unknown");

	event.wamid = wa_get_id(message, "id");
	event.timestamp = seconds_of(json_get(message, "timestamp"));
	take_person(r, from, wa_get_text(message, "from_user_id"), &event.who);
	wa_take_error(json_get(message, "errors"), &event.error);
	if (!strcmp(event.type, "system"))
		wa_take_change(r->scratch, message, &event);
	else
		read_client_message(r, message, event.type, &event);
	take_context(message, &event);
	if (event.kind != WA_BAD)
		check_message(&event, from);
	return give(r, &event);
}

static int read_echo(struct reading *r, const struct json *message)
{
	const char *type = wa_get_text(message, "type"), *to = wa_get_text(message, "to");
	struct wa_event event = begin(r, WA_ECHO, type ? type : "unknown");

	event.wamid = wa_get_id(message, "id");
	event.timestamp = seconds_of(json_get(message, "timestamp"));
	take_person(r, to, wa_get_text(message, "to_user_id"), &event.who);
	wa_take_content(r->scratch, message, event.type, &event);
	take_context(message, &event);
	check_message(&event, to);
	return give(r, &event);
}

static int read_status(struct reading *r, const struct json *status)
{
	struct wa_event event = begin(r, WA_STATUS, "status");

	event.wamid = wa_get_id(status, "id");
	event.status = wa_get_id(status, "status");
	event.timestamp = seconds_of(json_get(status, "timestamp"));
	event.callback = wa_get_text(status, "biz_opaque_callback_data");
	take_person(r, wa_get_text(status, "recipient_id"),
		wa_get_text(status, "recipient_user_id"), &event.who);
	wa_take_error(json_get(status, "errors"), &event.error);
	if (!event.wamid)
		spoil(&event, "no_id");
	else if (!event.status)
		spoil(&event, "no_status");
	return give(r, &event);
}

static int read_error(struct reading *r, const struct json *error)
{
	struct wa_event event = begin(r, WA_OTHER, "error");

	event.error.code = -1;
	json_int64(json_get(error, "code"), &event.error.code);
	event.error.title = wa_get_text(error, "title");
	if (!event.error.title)
		event.error.title = wa_get_text(error, "message");
	event.error.details = error_details(error);
	return give(r, &event);
}

static int read_each(struct reading *r, const struct json *elements,
	int (*read)(struct reading *r, const struct json *element))
{
	int result = 0;

	if (json_type(elements) == JSON_ABSENT || json_type(elements) == JSON_NULL)
		return 0;
	if (json_type(elements) != JSON_ARRAY)
		return give_bad(r, "malformed");
	for (const struct json *e = json_first(elements); result >= 0 && e; e = json_next(e))
		result = read(r, e);
	return result;
}

static int read_notice(struct reading *r, const struct json *value)
{
	struct wa_event event = begin(r, WA_OTHER, r->base.field);

	wa_take_notice(value, &event);
	return give(r, &event);
}

static int read_value(struct reading *r, const struct json *value)
{
	const bool messages = !strcmp(r->base.field, "messages");
	const bool echoes = !strcmp(r->base.field, "smb_message_echoes");
	const int before = r->position;
	int result = 0;

	know_contacts(r, json_get(value, "contacts"));
	if (messages)
		result = read_each(r, json_get(value, "messages"), read_message);
	if (messages && result >= 0)
		result = read_each(r, json_get(value, "statuses"), read_status);
	if (echoes)
		result = read_each(r, json_get(value, "message_echoes"), read_echo);
	if (!messages && !echoes)
		result = read_notice(r, value);
	if (result >= 0)
		result = read_each(r, json_get(value, "errors"), read_error);
	if (result >= 0 && r->position == before)
		result = read_notice(r, value);
	return result;
}

static int read_change(struct reading *r, const struct json *change)
{
	const struct json *value = json_get(change, "value");

	r->base.phone_number_id = wa_get_id(json_get(value, "metadata"), "phone_number_id");
	r->base.field = wa_get_id(change, "field");
	if (!r->base.field)
		return give_bad(r, "malformed");
	if (json_type(value) != JSON_OBJECT)
		return give_bad(r, "malformed");
	return read_value(r, value);
}

static int read_entry(struct reading *r, const struct json *entry)
{
	r->base = (struct wa_event){ .account_id = wa_get_id(entry, "id") };
	if (json_type(json_get(entry, "changes")) != JSON_ARRAY)
		return give_bad(r, "malformed");
	return read_each(r, json_get(entry, "changes"), read_change);
}

int wa_body_visit(const struct json *tree, struct arena *scratch, wa_event_visit *visit, void *arg)
{
	struct reading reading = { .scratch = scratch,
		.change.out_of_memory = scratch->out_of_memory,
		.visit = visit,
		.arg = arg };
	const int result = read_each(&reading, json_get(tree, "entry"), read_entry);

	arena_release(&reading.change);
	return result < 0 ? result : 0;
}
