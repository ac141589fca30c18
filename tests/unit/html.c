#include "text/html.h"

#include <stdlib.h>
#include <string.h>

#include "seal/seal.h"

#include "check.h"

struct paper {
	struct portal_writer *writer;
	struct html html;
};

static struct paper begin(void)
{
	struct portal_error err = { 0 };
	struct paper paper = { 0 };

	CHECK_INT(portal_writer_open(&paper.writer, -1, &err), 0);
	paper.html.out = paper.writer;
	return paper;
}

static void is_shown(const char *text, const char *want)
{
	struct paper paper = begin();

	html_text(&paper.html, text);
	CHECK_STR(portal_writer_text(paper.writer), want);
	portal_writer_close(paper.writer);
}

static void text_stays_text(void)
{
	is_shown("<script>alert('1')</script>", "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;");
	is_shown("a & b &amp; \"c\"", "a &amp; b &amp;amp; &quot;c&quot;");
	is_shown("ção 日本 👍🏽", "ção 日本 👍🏽");
	is_shown("a\n\tb", "a\n\tb");
	is_shown("", "");
	is_shown(NULL, "");
}

static void what_deceives_is_shown_by_its_number(void)
{
	is_shown("a\xe2\x80\xae"
		 "b",
		"a\\u202eb");
	is_shown("a\x1b[1m\r\x7f", "a\\x1b[1m\\x0d\\x7f");
	is_shown("\xff<\xc3", "\\xff&lt;\\xc3");
	is_shown("\xf3\xa0\x80\x81", "\\U000e0001");
	is_shown("\xc2\x85", "\\x85");
}

static void attributes_are_quoted_and_elements_closed(void)
{
	struct paper paper = begin();

	html_open(&paper.html, "p", HTML({ "class", "a\" onclick=\"x" }, { "lang", NULL }));
	html_element(&paper.html, "b", HTML_PLAIN, "</b>");
	html_close(&paper.html);
	CHECK_STR(portal_writer_text(paper.writer),
		"<p class=\"a&quot; onclick=&quot;x\"><b>&lt;/b&gt;</b></p>");
	portal_writer_close(paper.writer);
}

static void a_page_says_its_language_and_lets_nothing_in(void)
{
	struct paper paper = begin();
	const char *text;

	html_begin(&paper.html, paper.writer, "pt-BR", "</title><script>");
	html_open(&paper.html, "main", HTML_PLAIN);
	html_end(&paper.html);
	text = portal_writer_text(paper.writer);
	CHECK(!strncmp(text, "<!DOCTYPE html>\n<html lang=\"pt-BR\">", 34));
	CHECK(strstr(text, "<title>&lt;/title&gt;&lt;script&gt;</title>"));
	CHECK(strstr(text, "content=\"default-src 'none'; style-src 'sha256-"));
	CHECK(strstr(text, "</main></body></html>\n"));
	CHECK(!strstr(text, "<script"));
	portal_writer_close(paper.writer);
}

/* As a browser reckons it, or all pages are without style. Ours has no padding. */
static void the_policy_names_the_style(void)
{
	char hex[2 * SEAL_SIZE + 1] = "", text[SEAL_BASE64_LEN(SEAL_SIZE) + 1];
	unsigned char digest[SEAL_SIZE];
	struct portal_error err = { 0 };
	struct seal *seal = NULL;

	CHECK_INT(seal_open(&seal, &err), 0);
	CHECK_INT(seal_stream_begin(seal, &err), 0);
	CHECK_INT(seal_stream_add(seal, html_style(), strlen(html_style()), &err), 0);
	CHECK_INT(seal_stream_end(seal, hex, &err), 0);
	seal_close(seal);
	for (size_t i = 0; i < SEAL_SIZE; i++) {
		const char byte[] = { hex[2 * i], hex[2 * i + 1], '\0' };

		digest[i] = (unsigned char)strtoul(byte, NULL, 16);
	}
	seal_base64_encode(SEAL_BASE64, digest, sizeof(digest), text);
	CHECK_INT(strncmp(text, html_style_hash(), strlen(text)), 0);
	CHECK_STR(html_style_hash() + strlen(text), "=");
}

int main(void)
{
	RUN(text_stays_text);
	RUN(what_deceives_is_shown_by_its_number);
	RUN(attributes_are_quoted_and_elements_closed);
	RUN(a_page_says_its_language_and_lets_nothing_in);
	RUN(the_policy_names_the_style);
	CHECK_REPORT();
}
