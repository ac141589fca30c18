/* Checkpoints: one line that says how far the chain went, and reading it back. */
#include <portal/audit.h>

#include <stdlib.h>
#include <string.h>

#include "audit-private.h"
#include "base/i18n.h"
#include "base/time.h"
#include "policy.h"
#include "portal-private.h"
#include "target.h"

#define HEAD "portalctl-checkpoint "
#define VERSION "1"

static const struct portal_field checkpoint_fields[] = {
	PORTAL_FIELD(struct audit_checkpoint, checkpoint, N_("CHECKPOINT")),
	PORTAL_FIELD(struct audit_checkpoint, portal_id, N_("PORTAL")),
	PORTAL_FIELD(struct audit_checkpoint, rows, N_("ROWS"), .flags = PORTAL_FIELD_RIGHT),
	PORTAL_FIELD(struct audit_checkpoint, hash, N_("HASH")),
	PORTAL_FIELD(struct audit_checkpoint, at, N_("AT")),
	PORTAL_FIELDS_END,
};

const struct portal_record audit_checkpoint_record = { "audit.checkpoint",
	sizeof(struct audit_checkpoint), checkpoint_fields };

static int rows_missing(struct work *w, int64_t rows, int64_t last_id)
{
	portal_fail(w->err, PORTAL_DAMAGED,
		_("the audit log has %lld rows, but the last of them is row '%lld'"),
		(long long)rows, (long long)last_id);
	return portal_hint(w->err, "portalctl audit verify");
}

static int checkpoint_body(struct work *w, void *arg)
{
	struct audit_checkpoint made = { 0 };
	struct audit_tail tail;
	char at[24];
	int64_t viewer;
	int r = policy_need_list(w, "audit.checkpoint", &viewer);

	if (r >= 0)
		r = audit_find_tail(w, &tail);
	if (r >= 0)
		r = store_get_int(w->tx, Q_AUDIT_COUNT, NO_ARGS, &made.rows);
	if (r < 0)
		return r;
	if (made.rows == 0 || made.rows != tail.id)
		return rows_missing(w, made.rows, tail.id);
	made.portal_id = w->portal->identity.portal_id;
	made.hash = arena_strdup(w->arena, tail.hash);
	made.at = w->now;
	made.checkpoint = arena_printf(w->arena, HEAD VERSION " %s %lld %s %s", made.portal_id,
		(long long)made.rows, made.hash, time_format_utc(made.at, at));
	WORK_GIVE(w, (struct audit_checkpoint *)arg, made);
	return 0;
}

int audit_checkpoint(
	struct portal *portal, struct audit_checkpoint *ret_checkpoint, struct portal_error *err)
{
	return work_read(portal, checkpoint_body, ret_checkpoint, err);
}

/* The next word of a line, in the arena; "" at its end. */
static const char *next_word(struct work *w, const char **at)
{
	const char *word = *at + strspn(*at, " \t");
	const size_t len = strcspn(word, " \t\r\n");

	*at = word + len;
	return arena_strndup(w->arena, word, len);
}

static int bad_checkpoint(struct work *w, int64_t line, const char *sentence)
{
	portal_fail(w->err, PORTAL_INVALID_INPUT, "%s", sentence);
	portal_about_field(w->err, "checkpoint");
	w->err->line = line;
	return portal_hint(w->err, _("give the line that 'portalctl audit checkpoint' printed"));
}

/* @at stands behind the head of the line. */
static int read_mark(struct work *w, const char *at, int64_t line, struct audit_mark *ret)
{
	const char *version = next_word(w, &at), *portal = next_word(w, &at);
	const char *rows = next_word(w, &at);
	portal_time time;

	ret->hash = next_word(w, &at);
	ret->at = next_word(w, &at);
	if (strcmp(version, VERSION) != 0)
		return bad_checkpoint(w, line, _("the checkpoint is of an unknown version"));
	if (!target_id(rows, &ret->rows) || strspn(ret->hash, "0123456789abcdef") != AUDIT_HEX ||
		ret->hash[AUDIT_HEX] || time_parse_rfc3339(ret->at, &time) < 0 ||
		*next_word(w, &at))
		return bad_checkpoint(w, line, _("the checkpoint is not whole"));
	if (strcmp(portal, w->portal->identity.portal_id) != 0)
		return bad_checkpoint(w, line, _("the checkpoint is of another portal"));
	return 0;
}

static size_t count_heads(const char *text)
{
	size_t count = 0;

	for (text = strstr(text, HEAD); text; text = strstr(text + 1, HEAD))
		count++;
	return count;
}

static int by_rows(const void *a, const void *b)
{
	const struct audit_mark *left = a, *right = b;

	return (left->rows > right->rows) - (left->rows < right->rows);
}

static int64_t count_lines(const char *from, const char *to)
{
	int64_t lines = 0;

	for (; from < to; from++)
		lines += *from == '\n';
	return lines;
}

int audit_marks_read(struct work *w, const char *text, struct audit_marks *ret)
{
	const char *head, *counted = text;
	int64_t line = 1;

	*ret = (struct audit_marks){ 0 };
	if (!text)
		return 0;
	ret->marks = arena_array(w->arena, count_heads(text) + 1, sizeof(*ret->marks));
	for (head = strstr(text, HEAD); head; head = strstr(head + 1, HEAD)) {
		const char *at = head + strlen(HEAD);
		int r;

		line += count_lines(counted, head);
		counted = head;
		r = read_mark(w, at, line, &ret->marks[ret->count++]);
		if (r < 0)
			return r;
	}
	if (ret->count == 0)
		return bad_checkpoint(w, 0, _("there is no checkpoint in what was given"));
	qsort(ret->marks, ret->count, sizeof(*ret->marks), by_rows);
	return 0;
}
