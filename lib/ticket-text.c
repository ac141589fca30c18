/* Texts that people put into tickets: fields, bodies, tags. */
#include <string.h>

#include <portal/text.h>

#include "audit.h"
#include "base/fold.h"
#include "base/i18n.h"
#include "base/utf8.h"
#include "ticket-private.h"

enum { BODY_MAX = 64 * 1024 };

const char *ticket_text(struct work *w, const char *text, size_t max_bytes, const char *field)
{
	const char *clean = text ? text_field(w->arena, text, max_bytes, field, w->err) : NULL;

	if (text && !clean)
		portal_fault_add(w->err);
	return clean && *clean ? clean : NULL;
}

const char *ticket_subject(struct work *w, const char *text)
{
	const char *clean = text_field(w->arena, text, TICKET_SUBJECT_MAX, "subject", w->err);

	if (clean && *clean)
		return clean;
	if (clean) {
		portal_fail(w->err, PORTAL_INVALID, _("a ticket needs a subject"));
		portal_about_field(w->err, "subject");
	}
	portal_fault_add(w->err);
	return NULL;
}

static const char *bad_body(
	struct work *w, const char *field, enum portal_code code, const char *sentence)
{
	portal_fail(w->err, code, "%s", sentence);
	portal_about_field(w->err, field);
	portal_fault_add(w->err);
	return NULL;
}

/* Files come with the line ends of their system; what mail adds at the end goes. */
static char *with_line_feeds(struct work *w, const char *text)
{
	char *clean, *end;

	clean = end = arena_alloc(w->arena, strlen(text) + 1);
	for (; *text; text++)
		if (text[0] != '\r' || text[1] != '\n')
			*end++ = *text;
	while (end > clean && strchr("\n\t ", end[-1]))
		end--;
	*end = '\0';
	return clean;
}

const char *ticket_body(struct work *w, const char *text, const char *field)
{
	const char *clean = with_line_feeds(w, text);

	if (!portal_text_is_sound(clean))
		return bad_body(w, field, PORTAL_INVALID_TEXT,
			_("the text is not UTF-8 or holds control characters"));
	if (!*clean)
		return bad_body(w, field, PORTAL_INVALID, _("the text is empty"));
	if (strlen(clean) > BODY_MAX)
		return bad_body(w, field, PORTAL_INVALID, _("the text is longer than 64 KiB"));
	return clean;
}

/* A line of a list as a text of its own; @at goes on to the next. NULL at the end. */
static const char *next_line(struct work *w, const char **at)
{
	const size_t len = *at ? strcspn(*at, "\n") : 0;
	const char *line;

	if (len == 0)
		return NULL;
	line = arena_strndup(w->arena, *at, len);
	*at += len + ((*at)[len] != '\0');
	return line;
}

static bool has_tag(struct work *w, portal_list tags, const char *tag)
{
	const char *folded = fold_text(w->arena, tag), *at = tags.lines, *line;

	while ((line = next_line(w, &at)))
		if (!strcmp(fold_text(w->arena, line), folded))
			return true;
	return false;
}

static int64_t count_of(portal_list tags)
{
	int64_t count = tags.lines && *tags.lines ? 1 : 0;

	for (const char *c = tags.lines; c && *c; c++)
		count += *c == '\n';
	return count;
}

static portal_list append(struct work *w, portal_list tags, const char *tag)
{
	const char *lines = tags.lines ? tags.lines : "";

	return (portal_list){ arena_printf(w->arena, "%s%s%s", lines, *lines ? "\n" : "", tag) };
}

static const char *check_tag(struct work *w, const char *text)
{
	const char *tag = text_field(w->arena, text, TICKET_TAG_MAX, "tag", w->err);

	if (tag && *tag)
		return tag;
	if (tag)
		portal_fail(w->err, PORTAL_INVALID, _("a tag needs a text"));
	portal_about_field(w->err, "tag");
	portal_fault_add(w->err);
	return NULL;
}

portal_list ticket_tags_with(
	struct work *w, portal_list tags, const char *const *added, int64_t count)
{
	for (int64_t i = 0; i < count; i++) {
		const char *tag = check_tag(w, added[i]);

		if (!tag || has_tag(w, tags, tag))
			continue;
		if (count_of(tags) == TICKET_TAGS) {
			portal_fail(w->err, PORTAL_INVALID, _("a ticket has at most %d tags"),
				TICKET_TAGS);
			portal_about_field(w->err, "tag");
			portal_fault_add(w->err);
			break;
		}
		tags = append(w, tags, tag);
	}
	return tags;
}

portal_list ticket_tags_without(
	struct work *w, portal_list tags, const char *const *dropped, int64_t count)
{
	portal_list gone = { "" }, left = { "" };
	const char *at = tags.lines, *line;

	for (int64_t i = 0; i < count; i++)
		gone = ticket_tags_with(w, gone, &dropped[i], count_of(gone) < TICKET_TAGS);
	while ((line = next_line(w, &at)))
		if (!has_tag(w, gone, line))
			left = append(w, left, line);
	return left;
}

portal_list ticket_tags_joined(struct work *w, portal_list tags, portal_list others)
{
	const char *at = others.lines, *line;

	while (count_of(tags) < TICKET_TAGS && (line = next_line(w, &at)))
		tags = ticket_tags_with(w, tags, &line, 1);
	return tags;
}

const char *ticket_tag_word(struct work *w, const char *tag)
{
	return arena_printf(w->arena, "#%s", fold_text(w->arena, tag));
}

/* Those of @tags that @others has not, as the words of tags. */
static int put_new_ones(struct work *w, int64_t ticket_id, portal_list tags, portal_list others)
{
	const char *at = tags.lines, *line;
	int r = 0;

	while (r >= 0 && (line = next_line(w, &at)))
		if (!has_tag(w, others, line))
			r = store_put(w->tx, Q_TICKET_WORD_PUT,
				ARGS(A(ticket_id), A(ticket_tag_word(w, line)), store_flag(true)));
	return r;
}

static int drop_old_ones(struct work *w, int64_t ticket_id, portal_list tags, portal_list others)
{
	const char *at = tags.lines, *line;
	int r = 0;

	while (r >= 0 && (line = next_line(w, &at)))
		if (!has_tag(w, others, line))
			r = store_put(w->tx, Q_TICKET_WORD_DROP,
				ARGS(A(ticket_id), A(ticket_tag_word(w, line))));
	return r;
}

int ticket_words_tags(struct work *w, int64_t ticket_id, portal_list before, portal_list after)
{
	const int r = put_new_ones(w, ticket_id, after, before);

	return r < 0 ? r : drop_old_ones(w, ticket_id, before, after);
}

static const char *tags_text(struct work *w, portal_list tags)
{
	return *tags.lines ? audit_list_text(w, tags) : NULL;
}

int ticket_put_tags(struct work *w, struct ticket_row *row, portal_list tags)
{
	const portal_list was = row->ticket.tags;
	int r;

	if (!strcmp(was.lines, tags.lines))
		return 0;
	row->ticket.tags = tags;
	r = ticket_event_internal(w, row, "tags", tags_text(w, was), tags_text(w, tags));
	if (r >= 0)
		r = ticket_words_tags(w, row->ticket.id, was, tags);
	return r < 0 ? r : 1;
}
