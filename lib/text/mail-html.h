/* Mails as HTML: the text of a template in the one layout, lib/text/templates/mail.html.
 * The document is XML as well as HTML, has no colours of its own, so that readers choose
 * light or dark, and nothing that is run or fetched. Its words are those of the text. */
#ifndef TEXT_MAIL_HTML_H
#define TEXT_MAIL_HTML_H

#include <portal/error.h>

struct arena;

/* @language: of the text ("pt_BR"). @office: who writes. @subject, @text: as the template
 * gave them, UTF-8. */
struct mail_html {
	const char *language;
	const char *office;
	const char *subject;
	const char *text;
};

/* In @text an empty line ends a paragraph, a line break stays one, and an address that
 * begins with https:// or http:// becomes a link; a stop or bracket behind it is not of it.
 * All else is text, as html_text() writes it (text/html.h): no markup comes in. @ret lives
 * in @arena. PORTAL_NO_MEMORY. */
int mail_html_make(struct arena *arena, const struct mail_html *mail, const char **ret,
	struct portal_error *err);

#endif
