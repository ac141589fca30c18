/* What stands in braces in a canned answer. */
#include <string.h>

#include <portal/text.h>

#include "answer-private.h"
#include "base/buf.h"
#include "base/i18n.h"
#include "text/object.h"

const struct portal_word answer_placeholders[] = {
	{ "contact_name", N_("who asks") },
	{ "company_name", N_("whose ticket it is") },
	{ "ticket_number", N_("the ticket's number") },
	{ "ticket_subject", N_("its subject") },
	{ "assignee_name", N_("who takes care of it") },
	{ "user_name", N_("who answers") },
	{ "office_name", N_("the office") },
	{ NULL, NULL },
};

enum { WORD_MAX = 40 };

/* The word in the braces that @text begins with, and how many bytes both have; 0 where
 * it begins with none. */
static size_t read_placeholder(const char *text, char word[static WORD_MAX + 1])
{
	size_t len;

	if (*text != '{')
		return 0;
	len = strspn(text + 1, "abcdefghijklmnopqrstuvwxyz_");
	if (len == 0 || len > WORD_MAX || text[1 + len] != '}')
		return 0;
	memcpy(word, text + 1, len);
	word[len] = '\0';
	return len + 2;
}

static int unknown(struct work *w, const char *word)
{
	struct suggestion guess = suggest_begin(arena_strdup(w->arena, word));

	for (const struct portal_word *p = answer_placeholders; p->word; p++)
		suggest_try(&guess, p->word);
	portal_fail(w->err, PORTAL_INVALID, _("'{%s}' is not a placeholder; there are: %s"), word,
		portal_words_joined(w->arena, answer_placeholders));
	return suggest_hint(&guess, w->err);
}

int answer_find_placeholders(struct work *w, const char *body, portal_list *ret)
{
	char word[WORD_MAX + 1];

	*ret = (portal_list){ NULL };
	for (const char *at = strchr(body, '{'); at; at = strchr(at + 1, '{')) {
		if (!read_placeholder(at, word) || portal_list_has(*ret, word))
			continue;
		if (!portal_word_known(answer_placeholders, word))
			return unknown(w, word);
		ret->lines = arena_printf(w->arena, "%s%s%s", ret->lines ? ret->lines : "",
			ret->lines ? "\n" : "", word);
	}
	return 0;
}
static int missing(struct work *w, const char *word)
{
	portal_fail(w->err, PORTAL_CONFLICT, _("there is nothing to put for '{%s}'"), word);
	return portal_about_field(w->err, "answer");
}

static const char *value_of(const struct named_text *values, const char *word)
{
	while (values->name && strcmp(values->name, word) != 0)
		values++;
	return values->text;
}

static int fill(struct work *w, const char *body, const struct named_text *values, struct buf *ret)
{
	char word[WORD_MAX + 1];

	while (*body) {
		const size_t plain = strcspn(body, "{");
		size_t len;
		const char *value;

		buf_add(ret, body, plain);
		body += plain;
		len = read_placeholder(body, word);
		if (len == 0 && *body)
			buf_char(ret, *body++);
		if (len == 0)
			continue;
		value = value_of(values, word);
		if (!value || !*value)
			return missing(w, word);
		buf_str(ret, value);
		body += len;
	}
	return 0;
}

int answer_render(
	struct work *w, const char *named, const struct named_text *values, const char **ret_body)
{
	_cleanup_buf_ struct buf text;
	struct answer answer;
	int r = answer_need(w, "answer.show", named, &answer);

	buf_init(&text);
	if (r >= 0)
		r = fill(w, answer.body, values, &text);
	if (r >= 0 && text.error)
		r = portal_fail(w->err, PORTAL_NO_MEMORY, _("memory ran out"));
	if (r >= 0)
		*ret_body = arena_strdup(w->arena, buf_text(&text));
	return r;
}
