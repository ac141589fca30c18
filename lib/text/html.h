/* Pages for browsers: one self-contained document each, of which nothing is a program and
 * nothing is fetched from anywhere. All text that is given is text: there is no way to put
 * in markup of one's own.
 *
 * What could deceive the reader (controls, marks of writing direction, bytes that are not
 * UTF-8) is shown by its number, as portal_text_printable() shows it; line breaks and tabs
 * stay. Failures stick to the writer. */
#ifndef TEXT_HTML_H
#define TEXT_HTML_H

#include <portal/writer.h>

struct zone;

enum { HTML_DEPTH_MAX = 16 };

/* A page that is being written; for these functions alone. */
struct html {
	struct portal_writer *out;
	const char *open[HTML_DEPTH_MAX];
	int depth;
	bool day_first;
};

/* An attribute: its name is the program's own, and letters alone; a pair whose @value is
 * NULL is left out. */
struct html_attribute {
	const char *name, *value;
};

#define HTML(...) ((const struct html_attribute[]){ __VA_ARGS__, { NULL, NULL } })
#define HTML_PLAIN ((const struct html_attribute[]){ { NULL, NULL } })

/* Begins a page in the language @lang ("pt-BR"), up to the body; html_end() ends it, with
 * all that is open. Its policy (Content-Security-Policy) lets a browser load nothing, run
 * nothing and send nothing, and use html_style() alone. */
void html_begin(struct html *html, struct portal_writer *out, const char *lang, const char *title);
void html_end(struct html *html);

/* Opens an element, and closes the one that was opened last. @name is as constant as those
 * of attributes. */
void html_open(struct html *html, const char *name, const struct html_attribute *attributes);
void html_close(struct html *html);

/* Text within the element that is open; NULL is none. */
void html_text(struct html *html, const char *text);

/* An element with nothing but text in it. */
void html_element(struct html *html, const char *name, const struct html_attribute *attributes,
	const char *text);

/* A time, as it is in @zone, and as people write it in the page's language ("2026-03-01
 * 09:00", in Portuguese "01/03/2026 09:00"); nothing for none. */
void html_time(struct html *html, const struct zone *zone, portal_time time);

/* A day ("2026-03-01"), written in the same way; another text stays as it is. */
void html_date(struct html *html, const char *date);

/* The style of all pages, and how the policy names it (its SHA-256 in base64, as browsers
 * reckon it: a test compares). */
const char *html_style(void);
const char *html_style_hash(void);

#endif
