/* What a message says, type by type. */
#include <string.h>

#include <portal/arena.h>

#include "base/utf8.h"
#include "seal/seal.h"
#include "wa-event-private.h"

/* A text that is made of lines. */
struct line {
	const char *text;
	size_t len;
	struct line *next;
};
struct lines {
	struct arena *arena;
	struct line *first, **end;
	size_t len;
};

static struct lines lines_begin(struct arena *arena)
{
	return (struct lines){ .arena = arena };
}

static void add_line(struct lines *lines, const char *text)
{
	struct line *line;

	if (!text || !*text)
		return;
	line = arena_new(lines->arena, struct line);
	line->text = text;
	line->len = strlen(text);
	lines->len += line->len + 1;
	*(lines->first ? lines->end : &lines->first) = line;
	lines->end = &line->next;
}

/* NULL where there is no line. */
static const char *joined(const struct lines *lines)
{
	char *text = lines->first ? arena_alloc(lines->arena, lines->len) : NULL, *to = text;

	for (const struct line *line = lines->first; line; line = line->next) {
		memcpy(to, line->text, line->len);
		to += line->len;
		*to++ = line->next ? '\n' : '\0';
	}
	return text;
}

static const char *hex_of_hex(struct arena *scratch, const char *text)
{
	char *hex = arena_strdup(scratch, text);

	for (char *c = hex; *c; c++)
		if (*c >= 'A' && *c <= 'F')
			*c = (char)(*c - 'A' + 'a');
	return hex[strspn(hex, "0123456789abcdef")] ? NULL : hex;
}

/* Base64 in web hooks, hex elsewhere. */
static const char *sha256_of(struct arena *scratch, const char *text)
{
	unsigned char digest[SEAL_SIZE];
	size_t len = text ? strlen(text) : 0, got = 0;

	if (len == 2 * SEAL_SIZE)
		return hex_of_hex(scratch, text);
	len -= len && text[len - 1] == '=';
	if (len != SEAL_BASE64_LEN(SEAL_SIZE) ||
		!seal_base64_decode(SEAL_BASE64, text, len, digest, sizeof(digest), &got) ||
		got != SEAL_SIZE)
		return NULL;
	return seal_hex(digest, SEAL_SIZE, arena_alloc(scratch, 2 * SEAL_SIZE + 1));
}

static void take_media(struct arena *scratch, const struct json *media, struct wa_event *event)
{
	event->text = wa_get_text(media, "caption");
	event->media.id = wa_get_id(media, "id");
	event->media.mime_type = wa_get_text(media, "mime_type");
	event->media.sha256 = sha256_of(scratch, wa_get_text(media, "sha256"));
	event->media.file_name = wa_get_text(media, "filename");
	json_bool(json_get(media, "voice"), &event->media.voice);
}

static void take_voice(struct arena *scratch, const struct json *media, struct wa_event *event)
{
	take_media(scratch, media, event);
	event->media.voice = true;
}

static void take_text(struct arena *scratch, const struct json *text, struct wa_event *event)
{
	(void)scratch;
	event->text = wa_get_text(text, "body");
}

static void take_location(struct arena *scratch, const struct json *place, struct wa_event *event)
{
	struct lines lines = lines_begin(scratch);
	const char *latitude = json_number(json_get(place, "latitude"));
	const char *longitude = json_number(json_get(place, "longitude"));

	add_line(&lines, wa_get_text(place, "name"));
	add_line(&lines, wa_get_text(place, "address"));
	if (latitude && longitude)
		add_line(&lines, arena_printf(scratch, "%s, %s", latitude, longitude));
	add_line(&lines, wa_get_text(place, "url"));
	event->text = joined(&lines);
}

static void add_contact(struct lines *lines, const struct json *contact)
{
	const char *name = wa_get_text(json_get(contact, "name"), "formatted_name");
	const size_t before = lines->len;

	for (const struct json *p = json_first(json_get(contact, "phones")); p; p = json_next(p)) {
		const char *phone = wa_get_text(p, "phone");

		if (!phone)
			phone = wa_get_text(p, "wa_id");
		if (phone)
			add_line(lines,
				name ? arena_printf(lines->arena, "%s: %s", name, phone) : phone);
	}
	if (lines->len == before)
		add_line(lines, name);
	for (const struct json *e = json_first(json_get(contact, "emails")); e; e = json_next(e))
		add_line(lines, wa_get_text(e, "email"));
}

/* A client who hides the number and gives it when asked for it. */
static void take_own_number(const struct json *contact, struct wa_event *event)
{
	const char *origin = wa_get_text(contact, "origin");
	const struct json *phone = json_first(json_get(contact, "phones"));

	if (!origin || strcmp(origin, "contact_request") != 0 || event->who.wa_id)
		return;
	event->who.wa_id = wa_as_number(wa_get_text(phone, "wa_id"));
}

static void take_contacts(
	struct arena *scratch, const struct json *contacts, struct wa_event *event)
{
	struct lines lines = lines_begin(scratch);

	if (json_type(contacts) != JSON_ARRAY)
		return;
	for (const struct json *c = json_first(contacts); c; c = json_next(c)) {
		add_contact(&lines, c);
		take_own_number(c, event);
	}
	event->text = joined(&lines);
}

static void take_button(struct arena *scratch, const struct json *button, struct wa_event *event)
{
	(void)scratch;
	event->text = wa_get_text(button, "text");
	event->payload = wa_get_text(button, "payload");
}

/* The answers of a form; its token is of no use to people. */
static const char *form_text(struct arena *scratch, const char *answers)
{
	struct portal_error unread = { 0 };
	struct lines lines = lines_begin(scratch);
	struct json *tree;

	if (!answers || json_parse(scratch, answers, strlen(answers), &tree, &unread) < 0)
		return answers;
	for (const struct json *m = json_first(tree); m && json_key(m); m = json_next(m)) {
		const char *value = json_number(m) ? json_number(m) : json_text(m);

		if (value && strcmp(json_key(m), "flow_token") != 0)
			add_line(&lines, arena_printf(scratch, "%s: %s", json_key(m), value));
	}
	return joined(&lines);
}

static void take_interactive(
	struct arena *scratch, const struct json *interactive, struct wa_event *event)
{
	const char *type = wa_get_text(interactive, "type");
	const struct json *reply = type ? json_get(interactive, type) : NULL;
	struct lines lines = lines_begin(scratch);

	add_line(&lines, wa_get_text(reply, "title"));
	add_line(&lines, wa_get_text(reply, "description"));
	add_line(&lines, form_text(scratch, wa_get_text(reply, "response_json")));
	if (!lines.len)
		add_line(&lines, wa_get_text(reply, "body"));
	if (!lines.len)
		add_line(&lines, wa_get_text(reply, "response"));
	event->text = joined(&lines);
	event->payload = wa_get_text(reply, "id");
}

static void take_reaction(
	struct arena *scratch, const struct json *reaction, struct wa_event *event)
{
	(void)scratch;
	event->text = wa_get_text(reaction, "emoji");
	event->context_wamid = wa_get_id(reaction, "message_id");
}

static const char *number_or_text(const struct json *value)
{
	return json_number(value) ? json_number(value) : json_text(value);
}

static const char *item_line(struct arena *scratch, const struct json *item)
{
	const char *name = wa_get_text(item, "product_retailer_id");
	const char *quantity = number_or_text(json_get(item, "quantity"));
	const char *price = number_or_text(json_get(item, "item_price"));
	const char *currency = wa_get_text(item, "currency");

	return arena_printf(scratch, "%s x %s%s%s%s%s", quantity ? quantity : "?",
		name ? name : "?", price || currency ? ", " : "", price ? price : "",
		price && currency ? " " : "", currency ? currency : "");
}

static void take_order(struct arena *scratch, const struct json *order, struct wa_event *event)
{
	struct lines lines = lines_begin(scratch);
	const struct json *items = json_get(order, "product_items");

	add_line(&lines, wa_get_text(order, "text"));
	for (const struct json *i = json_first(items); i; i = json_next(i))
		if (json_type(i) == JSON_OBJECT)
			add_line(&lines, item_line(scratch, i));
	event->text = joined(&lines);
}

static void take_revoke(struct arena *scratch, const struct json *revoke, struct wa_event *event)
{
	(void)scratch;
	event->context_wamid = wa_get_id(revoke, "original_message_id");
}

/* Those that hold another message go no deeper. */
static void take_edit(struct arena *scratch, const struct json *edit, struct wa_event *event)
{
	const struct json *message = json_get(edit, "message");
	const char *type = wa_get_text(message, "type");

	if (type && strcmp(type, "edit") != 0)
		wa_take_content(scratch, message, type, event);
	event->context_wamid = wa_get_id(edit, "original_message_id");
}

static void take_unsupported(
	struct arena *scratch, const struct json *unsupported, struct wa_event *event)
{
	(void)scratch;
	event->text = wa_get_text(unsupported, "type");
}

/* What is not known yet says something under one of these, with luck. */
static void take_unknown(struct arena *scratch, const struct json *value, struct wa_event *event)
{
	static const char *const keys[] = { "body", "text", "caption", "title", "name" };

	if (wa_get_id(value, "id") && wa_get_text(value, "mime_type"))
		take_media(scratch, value, event);
	for (size_t i = 0; !event->text && i < sizeof(keys) / sizeof(*keys); i++)
		event->text = wa_get_text(value, keys[i]);
}

static const struct {
	const char *type;
	void (*take)(struct arena *scratch, const struct json *value, struct wa_event *event);
} contents[] = {
	{ "text", take_text },
	{ "image", take_media },
	{ "video", take_media },
	{ "audio", take_media },
	{ "voice", take_voice },
	{ "document", take_media },
	{ "sticker", take_media },
	{ "location", take_location },
	{ "contacts", take_contacts },
	{ "button", take_button },
	{ "interactive", take_interactive },
	{ "reaction", take_reaction },
	{ "order", take_order },
	{ "edit", take_edit },
	{ "revoke", take_revoke },
	{ "unsupported", take_unsupported },
	{ NULL, take_unknown },
};

static void take_referral(
	struct arena *scratch, const struct json *referral, struct wa_event *event)
{
	struct lines lines = lines_begin(scratch);

	add_line(&lines, wa_get_text(referral, "headline"));
	add_line(&lines, wa_get_text(referral, "body"));
	add_line(&lines, wa_get_text(referral, "source_url"));
	event->referral = joined(&lines);
}

void wa_take_content(
	struct arena *scratch, const struct json *message, const char *type, struct wa_event *event)
{
	size_t i = 0;

	while (contents[i].type && strcmp(contents[i].type, type) != 0)
		i++;
	contents[i].take(scratch, json_get(message, type), event);
	take_referral(scratch, json_get(message, "referral"), event);
}
