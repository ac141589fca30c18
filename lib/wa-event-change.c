/* Who became whom, and what concerns the account as a whole. */
#include <string.h>

#include <portal/arena.h>

#include "base/utf8.h"
#include "wa-event-private.h"

/* Without blanks and marks of writing direction. */
static const char *bare(struct arena *scratch, const char *text, size_t len)
{
	char *kept = arena_alloc(scratch, len + 1), *to = kept;
	uint32_t character;
	size_t n;

	for (; (n = utf8_next(text, len, &character)) > 0; text += n, len -= n)
		if (!utf8_is_blank(character) && !utf8_is_hazard(character)) {
			memcpy(to, text, n);
			to += n;
		}
	return kept;
}

static const char *last_of(const char *text, const char *part)
{
	const char *found = NULL;

	for (; (text = strstr(text, part)); text++)
		found = text;
	return found;
}

/* "User X changed from OLD to NEW": the only place where some tell the old id. X is
 * whatever a client calls himself. */
static void take_sentence(struct arena *scratch, const char *body, struct wa_event *event)
{
	static const char from[] = " changed from ", to[] = " to ";
	const char *old = body ? last_of(body, from) : NULL, *new;

	if (!old)
		return;
	old += sizeof(from) - 1;
	new = strstr(old, to);
	if (!new)
		return;
	wa_take_id(&event->before, bare(scratch, old, (size_t)(new - old)));
	new += sizeof(to) - 1;
	wa_take_id(&event->after, bare(scratch, new, strlen(new)));
}

static bool has_id(const struct wa_person *person)
{
	return person->wa_id || person->user_id;
}

static enum wa_kind change_kind(const char *type)
{
	if (!strcmp(type, "user_changed_number") || !strcmp(type, "customer_changed_number"))
		return WA_NUMBER_CHANGED;
	return strcmp(type, "user_changed_user_id") ? WA_OTHER : WA_USER_ID_CHANGED;
}

void wa_take_change(struct arena *scratch, const struct json *message, struct wa_event *event)
{
	const struct json *system = json_get(message, "system");
	const char *type = wa_get_text(system, "type");

	event->type = type ? type : "system";
	event->text = wa_get_text(system, "body");
	event->kind = change_kind(event->type);
	if (event->kind == WA_OTHER)
		return;
	event->before.wa_id = event->who.wa_id;
	wa_take_id(&event->before, wa_get_text(system, "customer"));
	wa_take_id(&event->after, wa_get_text(system, "wa_id"));
	wa_take_id(&event->after, wa_get_text(system, "new_wa_id"));
	event->after.user_id = wa_as_user_id(wa_get_text(system, "user_id"));
	take_sentence(scratch, event->text, event);
	if (!event->before.user_id)
		event->before.user_id = event->who.user_id;
	if (!has_id(&event->before) || !has_id(&event->after)) {
		event->kind = WA_BAD;
		event->reason = "no_change";
	}
}

static const char *first_text(const struct json *object, const char *const *keys)
{
	const char *text = NULL;

	for (; !text && *keys; keys++)
		text = wa_get_text(object, *keys);
	return text;
}

static void take_template(const struct json *value, struct wa_event *event)
{
	static const char *const words[] = { "event", "new_quality_score", "new_category", NULL };
	static const char *const reasons[] = { "reason", "previous_quality_score",
		"previous_category", NULL };

	event->kind = WA_TEMPLATE;
	event->notice.name = wa_get_text(value, "message_template_name");
	event->notice.language = wa_get_text(value, "message_template_language");
	event->notice.word = first_text(value, words);
	event->notice.reason = wa_get_text(json_get(value, "rejection_info"), "reason");
	if (!event->notice.reason)
		event->notice.reason = first_text(value, reasons);
}

static void take_account(const struct json *value, struct wa_event *event)
{
	static const char *const words[] = { "event", "decision", "alert_type", "status", NULL };
	static const struct {
		const char *object, *key;
	} reasons[] = { { "violation_info", "violation_type" }, { "ban_info", "waba_ban_state" },
		{ "disconnection_info", "reason" }, { "alert_info", "alert_description" } };
	const struct json *restriction = json_first(json_get(value, "restriction_info"));

	event->kind = WA_ACCOUNT;
	event->notice.word = first_text(value, words);
	if (!event->notice.word)
		event->notice.word = wa_get_text(json_get(value, "alert_info"), "alert_type");
	event->notice.reason = wa_get_text(restriction, "restriction_type");
	for (size_t i = 0; !event->notice.reason && i < sizeof(reasons) / sizeof(*reasons); i++)
		event->notice.reason =
			wa_get_text(json_get(value, reasons[i].object), reasons[i].key);
	if (!event->notice.reason)
		event->notice.reason = wa_get_text(value, "current_limit");
}

static bool is_among(const char *field, const char *const *fields)
{
	while (*fields && strcmp(*fields, field) != 0)
		fields++;
	return *fields;
}

void wa_take_notice(const struct json *value, struct wa_event *event)
{
	static const char *const of_templates[] = { "message_template_status_update",
		"message_template_quality_update", "message_template_components_update",
		"template_category_update", NULL };
	static const char *const of_account[] = { "account_update", "account_alerts",
		"account_review_update", "business_capability_update",
		"phone_number_quality_update", "phone_number_name_update", "security", NULL };

	if (is_among(event->field, of_templates))
		take_template(value, event);
	else if (is_among(event->field, of_account))
		take_account(value, event);
}
