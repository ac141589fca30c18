#include "text/template.h"

#include <stdbool.h>
#include <string.h>

#include <portal/arena.h>

#include "base/i18n.h"
#include "text/json.h"
#include "text/object.h"

struct template
{
	const char *name, *language, *subject, *body;
};

#include "templates.inc"

enum { MAX_NAME_BYTES = 63 };

/* The text is gone through twice: first @out is NULL and @len is counted, then
 * @out has that many bytes. @section is the one that is open, or "". Values come
 * from @texts, or from @args where they are not there; either may be NULL. */
struct expansion {
	const struct json *args;
	const struct named_text *texts;
	struct portal_error *err;
	const char *at;
	char *out;
	size_t len;
	char section[MAX_NAME_BYTES + 1];
	bool hidden;
};

static void put(struct expansion *expansion, const char *text, size_t len)
{
	if (expansion->hidden)
		return;
	if (expansion->out)
		memcpy(expansion->out + expansion->len, text, len);
	expansion->len += len;
}

static const char *value_of(const struct expansion *expansion, const char *name)
{
	for (const struct named_text *t = expansion->texts; t && t->name; t++)
		if (!strcmp(t->name, name))
			return t->text;
	return expansion->args ? json_text(json_get(expansion->args, name)) : NULL;
}

static int malformed(struct expansion *expansion)
{
	return portal_fail(expansion->err, PORTAL_FAILURE,
		_("the template is not well formed at '%.20s'"), expansion->at);
}

/* "#name" stays where there is such a value, "^name" where there is none. */
static void open_section(struct expansion *expansion, const char *mark)
{
	const char *value = value_of(expansion, mark + 1);
	const bool there = value && *value;

	strncpy(expansion->section, mark + 1, MAX_NAME_BYTES);
	expansion->hidden = there != (*mark == '#');
}

static void close_section(struct expansion *expansion)
{
	expansion->section[0] = '\0';
	expansion->hidden = false;
}

static int check_closed(struct expansion *expansion)
{
	if (!expansion->section[0])
		return 0;
	return portal_fail(expansion->err, PORTAL_FAILURE,
		_("the section '%s' of the template is not closed"), expansion->section);
}

static int put_value(struct expansion *expansion, const char *name)
{
	const char *value = value_of(expansion, name);

	if (expansion->hidden)
		return 0;
	if (!value)
		return portal_fail(expansion->err, PORTAL_FAILURE,
			_("the template asks for '%s', which is not given"), name);
	put(expansion, value, strlen(value));
	return 0;
}

/* @name is what stands between the braces. */
static int expand_mark(struct expansion *expansion, const char *name)
{
	const bool inside = expansion->section[0] != '\0', opens = *name == '#' || *name == '^';

	if (!opens && *name != '/')
		return put_value(expansion, name);
	if (!name[1])
		return malformed(expansion);
	if (opens ? inside : strcmp(name + 1, expansion->section) != 0)
		return malformed(expansion);
	if (opens)
		open_section(expansion, name);
	else
		close_section(expansion);
	return 0;
}

/* At "{{": expands the mark and steps over it. */
static int take_mark(struct expansion *expansion)
{
	char name[MAX_NAME_BYTES + 1] = "";
	const char *start = expansion->at + 2, *end = strstr(start, "}}");
	int rc;

	if (!end || end == start || end - start > MAX_NAME_BYTES)
		return malformed(expansion);
	memcpy(name, start, (size_t)(end - start));
	rc = expand_mark(expansion, name);
	expansion->at = end + 2;
	if (strchr("#^/", *name) && *expansion->at == '\n')
		expansion->at++;
	return rc;
}

static int expand(struct expansion *expansion, const char *text)
{
	expansion->at = text;
	expansion->len = 0;
	for (;;) {
		const char *mark = strstr(expansion->at, "{{");
		size_t plain = mark ? (size_t)(mark - expansion->at) : strlen(expansion->at);
		int rc;

		put(expansion, expansion->at, plain);
		expansion->at += plain;
		if (!mark)
			return check_closed(expansion);
		rc = take_mark(expansion);
		if (rc < 0)
			return rc;
	}
}

static int expand_both(
	struct arena *arena, struct expansion *expansion, const char *text, const char **ret)
{
	int rc;

	expansion->out = NULL;
	rc = expand(expansion, text);
	if (rc < 0)
		return rc;
	expansion->out = arena_alloc(arena, expansion->len + 1);
	rc = expand(expansion, text);
	if (rc == 0)
		*ret = expansion->out;
	return rc;
}

int template_expand(struct arena *arena, const char *text, const struct json *args,
	const char **ret, struct portal_error *err)
{
	struct expansion expansion = { .args = args, .err = err };

	return expand_both(arena, &expansion, text, ret);
}

/* How well a template's language suits; 0 is not at all. */
static int suits(const struct template *template, const char *language)
{
	if (strcmp(template->language, language) == 0)
		return 4;
	if (strncmp(template->language, language, 2) == 0)
		return 3;
	if (strcmp(template->language, "pt_BR") == 0)
		return 2;
	return strcmp(template->language, "en") == 0;
}

static const struct template *find_template(const char *name, const char *language)
{
	const struct template *best = NULL;
	int best_suits = 0;

	for (size_t i = 0; i < sizeof(templates) / sizeof(*templates); i++) {
		int how_well;

		if (strcmp(templates[i].name, name) != 0)
			continue;
		how_well = suits(&templates[i], language);
		if (how_well > best_suits) {
			best = &templates[i];
			best_suits = how_well;
		}
	}
	return best;
}

bool template_exists(const char *name)
{
	return find_template(name, "") != NULL;
}

static int no_template(const char *name, struct portal_error *err)
{
	return portal_fail(err, PORTAL_FAILURE, _("there is no template '%s'"), name);
}

static int expand_subject(struct arena *arena, struct expansion *expansion,
	const struct template *template, const char **ret)
{
	const char *subject = "";
	const int rc = expand_both(arena, expansion, template->subject, &subject);

	if (rc < 0)
		return rc;
	if (strpbrk(subject, "\r\n"))
		return portal_fail(expansion->err, PORTAL_INVALID_TEXT,
			_("the subject of a mail is a single line"));
	*ret = subject;
	return 0;
}

int template_subject(struct arena *arena, const char *name, const char *language,
	const struct json *args, const char **ret, struct portal_error *err)
{
	const struct template *template = find_template(name, language);
	struct expansion expansion = { .args = args, .err = err };

	return template ? expand_subject(arena, &expansion, template, ret) : no_template(name, err);
}

int template_subject_of_texts(struct arena *arena, const char *name, const char *language,
	const struct named_text *texts, const char **ret, struct portal_error *err)
{
	const struct template *template = find_template(name, language);
	struct expansion expansion = { .texts = texts, .err = err };

	return template ? expand_subject(arena, &expansion, template, ret) : no_template(name, err);
}

int template_fill(struct arena *arena, const struct template_call *call, struct template_text *ret,
	struct portal_error *err)
{
	const struct template *template = find_template(call->name, call->language);
	struct expansion expansion = { .args = call->args, .texts = call->texts, .err = err };
	struct template_text text;
	int rc = template ? expand_subject(arena, &expansion, template, &text.subject)
			  : no_template(call->name, err);

	if (rc == 0)
		rc = expand_both(arena, &expansion, template->body, &text.body);
	if (rc == 0)
		*ret = text;
	return rc;
}

int template_render(struct arena *arena, const char *name, const char *language,
	const struct json *args, struct template_text *ret, struct portal_error *err)
{
	const struct template_call call = { .name = name, .language = language, .args = args };

	return template_fill(arena, &call, ret, err);
}

int template_layout(struct arena *arena, const struct named_text *texts, const char **ret,
	struct portal_error *err)
{
	struct expansion expansion = { .texts = texts, .err = err };

	return expand_both(arena, &expansion, layout, ret);
}
