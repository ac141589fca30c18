/* The fields of a message's header. */
#include <stdbool.h>
#include <string.h>

#include <portal/arena.h>

#include "base/buf.h"
#include "base/calendar.h"
#include "base/i18n.h"
#include "base/time.h"
#include "base/utf8.h"
#include "net/mime-private.h"

enum { ID_CHARS_MAX = 250, ZONE_MINUTES_MAX = 1439 };

static void put_field(struct buf *out, const char *name, const char *word)
{
	struct mime_field field = mime_field_begin(out, name);

	mime_field_word(&field, word, strlen(word));
	mime_field_end(&field);
}

static bool is_control_or_break(uint32_t character)
{
	return character < 0x20 || (character >= 0x7f && character <= 0x9f) ||
	       character == 0x2028 || character == 0x2029;
}

static int put_subject(
	struct buf *out, struct arena *arena, const char *subject, struct portal_error *err)
{
	struct mime_field field = mime_field_begin(out, "Subject");
	const int r = mime_check_text(subject, "subject", err);

	if (r < 0)
		return r;
	subject = mime_replaced(arena, subject, is_control_or_break, ' ');
	if (mime_is_plain(subject))
		mime_field_words(&field, subject);
	else
		mime_field_encoded(&field, subject);
	mime_field_end(&field);
	return 0;
}

static void add_phrase(struct mime_field *field, struct arena *arena, const char *name)
{
	const char *quoted = arena_printf(arena, "\"%s\"", name);

	if (mime_is_quotable(name))
		mime_field_word(field, quoted, strlen(quoted));
	else
		mime_field_encoded(field, name);
}

static int put_address(struct buf *out, struct arena *arena, const char *title,
	const struct mime_address *who, struct portal_error *err)
{
	struct mime_field field = mime_field_begin(out, title);
	const char *name = who->name ? who->name : "", *address;
	const int r = mime_check_text(name, "name", err);

	if (r < 0)
		return r;
	address = email_parse(arena, who->address ? who->address : "", err);
	if (!address)
		return portal_about_field(err, "email");
	name = mime_replaced(arena, name, is_control_or_break, ' ');
	if (name[0]) {
		add_phrase(&field, arena, name);
		address = arena_printf(arena, "<%s>", address);
	}
	mime_field_word(&field, address, strlen(address));
	mime_field_end(&field);
	return 0;
}

/* RFC 5322, 3.6.4, without the obsolete forms. */
static bool is_message_id(const char *text)
{
	const char *const at = strchr(text, '@');

	return at && at > text && at[1] && !strchr(at + 1, '@') && strlen(text) <= ID_CHARS_MAX &&
	       text[strspn(text, MIME_LETTERS MIME_DIGITS "!#$%&'*+-/=?^_`{|}~.:[]@")] == '\0';
}

static int add_id(
	struct mime_field *field, struct arena *arena, const char *id, struct portal_error *err)
{
	const char *word;

	if (!is_message_id(id))
		return portal_fail(err, PORTAL_INVALID,
			_("'%s' is not a message id like name@example.com"), id);
	word = arena_printf(arena, "<%s>", id);
	mime_field_word(field, word, strlen(word));
	return 0;
}

static int put_ids(struct buf *out, struct arena *arena, const char *title, const char *const *ids,
	size_t count, struct portal_error *err)
{
	struct mime_field field = mime_field_begin(out, title);
	int r = 0;

	for (size_t i = 0; r >= 0 && i < count; i++)
		if (i == 0 || i + MIME_REFERENCES_MAX > count)
			r = add_id(&field, arena, ids[i], err);
	mime_field_end(&field);
	return r;
}

/* 0 and what the writer's calendar and clock show. */
static int find_wall_time(
	const struct mime_message *message, struct civil *ret, struct portal_error *err)
{
	const int64_t ms = message->date.ms;
	const int zone = message->zone_offset_minutes;

	if (ms >= TIME_MIN_MS && ms <= TIME_MAX_MS && zone >= -ZONE_MINUTES_MAX &&
		zone <= ZONE_MINUTES_MAX) {
		civil_from_seconds(ms / 1000 + (int64_t)zone * 60, ret);
		if (ret->year <= 9999)
			return 0;
	}
	portal_fail(err, PORTAL_INVALID_TIME, _("a message can't have this time and zone"));
	return portal_about_field(err, "date");
}

static int put_date(struct buf *out, const struct mime_message *message, struct portal_error *err)
{
	static const char days[][4] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
	static const char months[][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug",
		"Sep", "Oct", "Nov", "Dec" };
	const int zone = message->zone_offset_minutes, east = zone < 0 ? -zone : zone;
	struct civil wall;
	const int r = find_wall_time(message, &wall, err);

	if (r < 0)
		return r;
	buf_printf(out, "Date: %s, %02d %s %04d ", days[calendar_weekday(civil_to_days(&wall))],
		wall.day, months[wall.month - 1], wall.year);
	buf_printf(out, "%02d:%02d:%02d %c%02d%02d\r\n", wall.hour, wall.minute, wall.second,
		zone < 0 ? '-' : '+', east / 60, east % 60);
	return 0;
}

static int put_people(struct buf *out, struct arena *arena, const struct mime_message *message,
	struct portal_error *err)
{
	int r = put_address(out, arena, "From", &message->from, err);

	if (r >= 0 && message->reply_to.address)
		r = put_address(out, arena, "Reply-To", &message->reply_to, err);
	return r < 0 ? r : put_address(out, arena, "To", &message->to, err);
}

static int put_thread(struct buf *out, struct arena *arena, const struct mime_message *message,
	struct portal_error *err)
{
	int r = put_ids(out, arena, "Message-ID", &message->message_id, 1, err);

	if (r >= 0 && message->in_reply_to)
		r = put_ids(out, arena, "In-Reply-To", &message->in_reply_to, 1, err);
	if (r >= 0 && message->reference_count > 0)
		r = put_ids(out, arena, "References", message->references, message->reference_count,
			err);
	return r;
}

static int put_list_id(
	struct buf *out, struct arena *arena, const char *list_id, struct portal_error *err)
{
	if (!list_id)
		return 0;
	if (!host_name_is_valid(list_id))
		return portal_fail(err, PORTAL_INVALID,
			_("'%s' is not a list id like list.example.com"), list_id);
	put_field(out, "List-Id", arena_printf(arena, "<%s>", list_id));
	return 0;
}

int mime_put_header(struct buf *out, struct arena *arena, const struct mime_message *message,
	struct portal_error *err)
{
	int r = put_date(out, message, err);

	if (r >= 0)
		r = put_people(out, arena, message, err);
	if (r >= 0)
		r = put_subject(out, arena, message->subject, err);
	if (r >= 0)
		r = put_thread(out, arena, message, err);
	if (r >= 0)
		r = put_list_id(out, arena, message->list_id, err);
	if (r < 0)
		return r;
	if (message->author == MIME_AUTO_GENERATED)
		put_field(out, "Auto-Submitted", "auto-generated");
	else if (message->author == MIME_AUTO_REPLIED)
		put_field(out, "Auto-Submitted", "auto-replied");
	put_field(out, "MIME-Version", "1.0");
	return 0;
}
