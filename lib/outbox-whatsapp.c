/* W1, W2, O2: what a row of the outbox says over WhatsApp. A row is one call: the text of a
 * message of a ticket, one of its files, an approved template, or, while the client's
 * window is open, the text of one of ours. */
#include "outbox-private.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <portal/settings.h>

#include "base/i18n.h"
#include "file.h"
#include "portal-private.h"
#include "text/json.h"
#include "wa-private.h"

enum { PARAMETERS = 3 };

/* @setting: where portal_senders has its name at WhatsApp; @name: where nothing is set.
 * @parameters: of them the arguments, the first of a group that there
 * is ("a|b"). @payload: how the answer to its button begins; the cause's id follows. */
struct approved {
	const char *template, *name;
	size_t setting;
	const char *parameters[PARAMETERS + 1];
	const char *payload;
};

#define NAME_OF(which) offsetof(struct portal_senders, whatsapp.templates.which)

static const struct approved approved[] = {
	{ "wa_start", "conversar_agora", NAME_OF(start), { "contact_name", NULL },
		"portalctl:start:" },
	{ "ticket_closed", "atendimento_concluido", NAME_OF(closed),
		{ "contact_name", "number", NULL }, NULL },
	{ "document_link", "documento", NAME_OF(document),
		{ "contact_name|company_name", "title", "link", NULL }, NULL },
	{ NULL, NULL, 0, { NULL }, NULL },
};

struct said {
	const char *body, *delivery, *quoted;
};

static const struct portal_field said_fields[] = {
	PORTAL_FIELD(struct said, body, NULL),
	PORTAL_FIELD(struct said, delivery, NULL),
	PORTAL_FIELD(struct said, quoted, NULL),
	PORTAL_FIELDS_END,
};

static const struct portal_record said_record = { "message", sizeof(struct said), said_fields };

static const struct portal_field file_fields[] = {
	PORTAL_FIELD(struct file, sha256, NULL),
	PORTAL_FIELD(struct file, size_bytes, NULL),
	PORTAL_FIELD(struct file, media_type, NULL),
	PORTAL_FIELD(struct file, name, NULL),
	PORTAL_FIELDS_END,
};

static const struct portal_record file_record = { "file", sizeof(struct file), file_fields };

/* Which of the message's files the row is for; 0: its text. */
static int attachment_of(struct work *w, const struct outbox_claim *claim, int64_t *ret)
{
	struct json *arguments;
	const char *text;
	int r = json_parse(
		w->arena, claim->arguments, strlen(claim->arguments), &arguments, w->err);

	if (r < 0)
		return r;
	text = json_text(json_get(arguments, "attachment"));
	*ret = text ? strtoll(text, NULL, 10) : 0;
	return 0;
}

static int add_file(struct work *w, const struct outbox_claim *claim, int64_t attachment_id,
	struct whatsapp_content *content)
{
	struct file *file = arena_new(w->arena, struct file);
	const int r = store_get(w->tx, Q_OUTBOX_FILE, ARGS(A(attachment_id), A(claim->cause_id)),
		w->arena, &file_record, file);

	content->file = file;
	return r;
}

/* The window closed while the message waited its turn (W3): nobody asks the provider. */
static int check_window(struct work *w, struct outbox_claim *claim)
{
	const int r = conversation_window_open(w, claim->recipient);

	claim->window_closed = r == 0;
	return r;
}

/* The message that the row is of: 1; 0 where there is none. */
static int find_said(struct work *w, const struct outbox_claim *claim, struct said *ret)
{
	return store_get(
		w->tx, Q_OUTBOX_MESSAGE, ARGS(A(claim->cause_id)), w->arena, &said_record, ret);
}

static bool is_cancelled(const struct said *message)
{
	return message->delivery && !strcmp(message->delivery, "cancelled");
}

static int of_message(struct work *w, struct outbox_claim *claim, struct whatsapp_content *content)
{
	struct said message;
	int64_t attachment_id = 0;
	int r = find_said(w, claim, &message);

	if (r <= 0 || is_cancelled(&message))
		return r < 0 ? r : 0;
	r = check_window(w, claim);
	if (r <= 0)
		return r;
	content->reply_to_wamid = message.quoted;
	r = attachment_of(w, claim, &attachment_id);
	if (r < 0)
		return r;
	if (attachment_id)
		return add_file(w, claim, attachment_id, content);
	content->text = message.body;
	return message.body && *message.body;
}

/* WhatsApp refuses line breaks, tabs and many blanks in a row, and what is empty. */
static const char *one_line(struct arena *arena, const char *text)
{
	char *to, *line = arena_strdup(arena, text ? text : "");

	to = line;
	for (const char *c = line; *c; c++) {
		const bool blank = (unsigned char)*c <= ' ';

		if (!blank)
			*to++ = *c;
		else if (to > line && to[-1] != ' ')
			*to++ = ' ';
	}
	if (to > line && to[-1] == ' ')
		to--;
	*to = '\0';
	return *line ? line : "-";
}

static const char *word(const struct outbox_words *words, const char *name)
{
	for (const struct named_text *t = words->secrets; t->name; t++)
		if (!strcmp(t->name, name))
			return t->text;
	return json_text(json_get(words->arguments, name));
}

static const char *parameter(
	struct arena *arena, const struct outbox_words *words, const char *names)
{
	const char *text = NULL;

	for (const char *name = names; !text && *name; name += strspn(name, "|")) {
		const size_t len = strcspn(name, "|");

		text = word(words, arena_strndup(arena, name, len));
		name += len;
	}
	return one_line(arena, text);
}

static const char *name_of(const struct work *w, const struct approved *as)
{
	const char *senders = (const char *)w->portal->options.senders;
	const char *set =
		senders ? *(const char *const *)(const void *)(senders + as->setting) : NULL;

	return set ? set : as->name;
}

static void fill(struct work *w, const struct outbox_claim *claim, const struct approved *as,
	const struct outbox_words *words, struct whatsapp_content *content)
{
	const char **parameters = arena_array(w->arena, PARAMETERS, sizeof(*parameters));

	for (int i = 0; as->parameters[i]; i++)
		parameters[content->parameter_count++] =
			parameter(w->arena, words, as->parameters[i]);
	content->parameters = parameters;
	content->template_name = name_of(w, as);
	content->template_language = claim->language;
	if (as->payload)
		content->payload =
			arena_printf(w->arena, "%s%lld", as->payload, (long long)claim->cause_id);
}

static int as_text(struct work *w, const struct outbox_claim *claim,
	const struct outbox_words *words, struct whatsapp_content *content)
{
	struct template_text text;
	const int r = outbox_fill(w, claim, words, &text);

	if (r >= 0)
		content->text = text.body;
	return r;
}

/* What belongs to a conversation goes as was decided there: its message says so. */
static bool is_answer(const struct outbox_claim *claim)
{
	return !strcmp(claim->cause_kind, "message");
}

static int of_template(
	struct work *w, const struct outbox_claim *claim, struct whatsapp_content *content)
{
	const struct approved *as = approved;
	struct outbox_words words;
	struct said message = { .delivery = NULL };
	int r = is_answer(claim) ? find_said(w, claim, &message) : 0;

	if (r < 0 || is_cancelled(&message))
		return r < 0 ? r : 0;
	r = outbox_words(w, claim, &words);
	if (r <= 0)
		return r;
	while (as->template && strcmp(as->template, claim->template) != 0)
		as++;
	r = is_answer(claim) || !template_exists(claim->template)
		    ? 0
		    : conversation_window_open(w, claim->recipient);
	if (r != 0)
		return r < 0 ? r : as_text(w, claim, &words, content);
	if (!as->template)
		return portal_fail(w->err, PORTAL_FAILURE,
			_("no approved template of WhatsApp says '%s'"), claim->template);
	fill(w, claim, as, &words, content);
	return 1;
}

int outbox_whatsapp(struct work *w, struct outbox_claim *claim, const struct whatsapp_content **ret)
{
	struct whatsapp_content *content = arena_new(w->arena, struct whatsapp_content);

	*ret = content;
	return strcmp(claim->template, "wa_message") != 0 ? of_template(w, claim, content)
							  : of_message(w, claim, content);
}
