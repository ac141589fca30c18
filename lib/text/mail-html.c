#include "text/mail-html.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include <portal/arena.h>

#include "base/i18n.h"
#include "text/html.h"
#include "text/object.h"
#include "text/template.h"

/* What addresses are written in (RFC 3986), and what at their end is of the sentence. */
#define ADDRESS_CHARS \
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~:/?#[]@!$&'()*+,;=%"
#define SENTENCE_CHARS ".,;:!?'()[]*"

struct page {
	struct html html;
	struct arena *arena;
};

static void put_piece(struct page *page, const char *text, size_t len)
{
	html_text(&page->html, arena_strndup(page->arena, text, len));
}

/* An address with other characters in it would be linked to half of itself. */
static size_t address_length(const char *text)
{
	const size_t scheme = !strncmp(text, "https://", 8)  ? 8
			      : !strncmp(text, "http://", 7) ? 7
							     : 0;
	size_t len = scheme ? strspn(text, ADDRESS_CHARS) : 0;

	if (len == 0 || (unsigned char)text[len] >= 0x80 || !isalnum((unsigned char)text[scheme]))
		return 0;
	while (strchr(SENTENCE_CHARS, text[len - 1]))
		len--;
	return len;
}

/* The first address in @line, or its end; how long it is in @ret_len. */
static const char *find_address(const char *line, size_t *ret_len)
{
	const char *at = line;

	while ((at = strstr(at, "http"))) {
		*ret_len = at > line && isalnum((unsigned char)at[-1]) ? 0 : address_length(at);
		if (*ret_len)
			return at;
		at += 4;
	}
	*ret_len = 0;
	return line + strlen(line);
}

static void put_line(struct page *page, const char *line)
{
	while (*line) {
		size_t len = 0;
		const char *address = find_address(line, &len);
		const char *target = arena_strndup(page->arena, address, len);

		put_piece(page, line, (size_t)(address - line));
		if (len)
			html_element(&page->html, "a", HTML({ "href", target }), target);
		line = address + len;
	}
}

static void put_words(struct page *page, const char *text)
{
	html_text(&page->html, text);
}

static void put_paragraphs(struct page *page, const char *text)
{
	struct html *html = &page->html;

	while (*text) {
		const size_t len = strcspn(text, "\r\n");
		const bool is_empty = strspn(text, " \t") >= len;

		if (is_empty && html->depth)
			html_close(html);
		else if (!is_empty && html->depth)
			portal_put(html->out, "<br />\n");
		else if (!is_empty)
			html_open(html, "p", HTML({ "dir", "auto" }));
		if (!is_empty)
			put_line(page, arena_strndup(page->arena, text, len));
		text += len;
		text += !strncmp(text, "\r\n", 2) ? 2 : *text != '\0';
	}
	if (html->depth)
		html_close(html);
}

static int begin(struct page *page, struct portal_error *err)
{
	return portal_writer_open(&page->html.out, -1, err);
}

static const char *end(struct page *page)
{
	const char *text = portal_writer_errno(page->html.out)
				   ? NULL
				   : arena_strdup(page->arena, portal_writer_text(page->html.out));

	portal_writer_close(page->html.out);
	return text;
}

static int escape(struct arena *arena, const char *text, void (*put)(struct page *, const char *),
	const char **ret, struct portal_error *err)
{
	struct page page = { .arena = arena };
	int r = begin(&page, err);

	if (r < 0)
		return r;
	put(&page, text);
	*ret = end(&page);
	return *ret ? 0 : portal_fail(err, PORTAL_NO_MEMORY, _("there is not enough memory"));
}

/* "pt_BR" as documents name it (BCP 47). */
static const char *language_tag(struct arena *arena, const char *language)
{
	char *tag = arena_strdup(arena, language);
	char *between = strchr(tag, '_');

	if (between)
		*between = '-';
	return tag;
}

int mail_html_make(struct arena *arena, const struct mail_html *mail, const char **ret,
	struct portal_error *err)
{
	const char *lang = NULL, *office = NULL, *title = NULL, *paragraphs = NULL;
	int r = escape(arena, language_tag(arena, mail->language), put_words, &lang, err);

	if (r >= 0)
		r = escape(arena, mail->office, put_words, &office, err);
	if (r >= 0)
		r = escape(arena, mail->subject, put_words, &title, err);
	if (r >= 0)
		r = escape(arena, mail->text, put_paragraphs, &paragraphs, err);
	if (r < 0)
		return r;
	return template_layout(arena,
		NAMED({ "lang", lang }, { "office", office }, { "title", title },
			{ "paragraphs", paragraphs }),
		ret, err);
}
