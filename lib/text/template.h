/* Texts of mails. Each is a file lib/text/templates/NAME.LANGUAGE.txt that is
 * built into the program: a line "Subject: …", an empty line, the body. */
#ifndef TEXT_TEMPLATE_H
#define TEXT_TEMPLATE_H

#include <stdbool.h>

#include <portal/error.h>

struct arena;
struct json;
struct named_text;

/* A mail's subject (one line) and body (LF ends its lines), both in UTF-8. */
struct template_text {
	const char *subject;
	const char *body;
};

/* Fills template @name in @language ("pt_BR") with the members of @args, an
 * object of strings. Where the language is not there, the first of these is
 * taken: one whose first two letters are the same, pt_BR, en. @ret lives in
 * @arena. No template of that name, and all that template_expand() refuses, is
 * PORTAL_FAILURE; a line break in a value of the subject is PORTAL_INVALID_TEXT. */
int template_render(struct arena *arena, const char *name, const char *language,
	const struct json *args, struct template_text *ret, struct portal_error *err);

/* The same with values of two kinds: those of @texts (ends with a NULL name; NULL: none)
 * come before those of @args. */
struct template_call {
	const char *name, *language;
	const struct json *args;
	const struct named_text *texts;
};
int template_fill(struct arena *arena, const struct template_call *call, struct template_text *ret,
	struct portal_error *err);

/* Is there a template of that name, in any language? */
bool template_exists(const char *name);

/* The subject alone: for what does not send the mail but names it. The second
 * takes its values from @texts (ends with a NULL name). */
int template_subject(struct arena *arena, const char *name, const char *language,
	const struct json *args, const char **ret, struct portal_error *err);
int template_subject_of_texts(struct arena *arena, const char *name, const char *language,
	const struct named_text *texts, const char **ret, struct portal_error *err);

/* The layout of mails in HTML, lib/text/templates/mail.html, with these values as they
 * are: whoever gives them has escaped them. */
int template_layout(struct arena *arena, const struct named_text *texts, const char **ret,
	struct portal_error *err);

/* Replaces in @text "{{name}}" by the string @args has under that name, as it
 * is: no escaping, and what it contains is not expanded again.
 * "{{#name}}…{{/name}}" stays when there is such a string and it is not empty,
 * "{{^name}}…{{/name}}" when not; a line break behind any of these marks goes with
 * the mark. Sections do not nest.
 * PORTAL_FAILURE: a value that is not there or no string, a mark or section that
 * is not closed. */
int template_expand(struct arena *arena, const char *text, const struct json *args,
	const char **ret, struct portal_error *err);

#endif
