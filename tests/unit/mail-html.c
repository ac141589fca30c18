#include "text/mail-html.h"

#include <portal/arena.h>

#include "check.h"

static const char *page_of(struct arena *arena, const char *subject, const char *text)
{
	const struct mail_html mail = { "pt_BR", "A & <b>Cia</b>", subject, text };
	struct portal_error err = { 0 };
	const char *html = "";

	CHECK_INT(mail_html_make(arena, &mail, &html, &err), 0);
	return html;
}

/* What stands below the office's name. */
static void becomes(const char *text, const char *want)
{
	static const char before[] = "&lt;/b&gt;</p>\n", after[] = "\n</main>";
	_cleanup_arena_ struct arena arena = { 0 };
	const char *page = page_of(&arena, "S", text), *from = strstr(page, before), *to;
	char got[2000] = "";

	CHECK(from);
	from = from ? from + strlen(before) : page;
	to = strstr(from, after);
	CHECK(to && (size_t)(to - from) < sizeof(got));
	if (to && (size_t)(to - from) < sizeof(got))
		memcpy(got, from, (size_t)(to - from));
	CHECK_STR(got, want);
}

static void paragraphs_and_lines_stay(void)
{
	becomes("A\n\nB\nC\n", "<p dir=\"auto\">A</p><p dir=\"auto\">B<br />\nC</p>");
	becomes("\n\n A\r\nB\rC\r\n \t\r\nD",
		"<p dir=\"auto\"> A<br />\nB<br />\nC</p><p dir=\"auto\">D</p>");
	becomes("", "");
	becomes("\n \n", "");
}

static void text_is_no_markup(void)
{
	becomes("<script>alert(\"1\")</script>&amp;{{office}}",
		"<p dir=\"auto\">&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;amp;"
		"{{office}}</p>");
	becomes("a\xe2\x80\xae"
		"b\x1b[1m",
		"<p dir=\"auto\">a\\u202eb\\x1b[1m</p>");
}

#define LINK(address) "<a href=\"" address "\">" address "</a>"

static void addresses_are_links(void)
{
	becomes("https://p.example/invite#i1.A-_b",
		"<p dir=\"auto\">" LINK("https://p.example/invite#i1.A-_b") "</p>");
	becomes("see (http://a.example/?b=1&c=2). And https://b.example, too",
		"<p dir=\"auto\">see (" LINK("http://a.example/?b=1&amp;c=2") "). And " LINK(
			"https://b.example") ", too</p>");
	becomes("https://a.example\"onclick=\"x",
		"<p dir=\"auto\">" LINK("https://a.example") "&quot;onclick=&quot;x</p>");
	becomes("https://a.example/it's",
		"<p dir=\"auto\">" LINK("https://a.example/it&#39;s") "</p>");
}

static void what_only_looks_like_an_address_is_text(void)
{
	becomes("javascript:alert(1) https:// http://. xhttps://a.example httphttp",
		"<p dir=\"auto\">javascript:alert(1) https:// http://. xhttps://a.example "
		"httphttp</p>");
	becomes("https://a.ex\xc3\xa4mple", "<p dir=\"auto\">https://a.ex\xc3\xa4mple</p>");
}

static void the_layout_has_language_office_and_subject(void)
{
	_cleanup_arena_ struct arena arena = { 0 };
	const char *page = page_of(&arena, "</title> https://a.example", "T");

	CHECK(strstr(page, "<html lang=\"pt-BR\">"));
	CHECK(strstr(page, "<title>&lt;/title&gt; https://a.example</title>"));
	CHECK(strstr(page, "<p class=\"office\" dir=\"auto\">A &amp; &lt;b&gt;Cia&lt;/b&gt;</p>"));
	CHECK(strstr(page, "<meta charset=\"utf-8\" />"));
	CHECK(!strstr(page, "{{"));
}

static void much_text_takes_no_longer(void)
{
	enum { TIMES = 50000 };
	static char text[TIMES * 4 + 1];
	_cleanup_arena_ struct arena arena = { 0 };

	for (size_t i = 0; i < TIMES; i++)
		memcpy(text + 4 * i, "http", 4);
	CHECK(strlen(page_of(&arena, "S", text)) > TIMES * 4);
}

int main(void)
{
	RUN(paragraphs_and_lines_stay);
	RUN(text_is_no_markup);
	RUN(addresses_are_links);
	RUN(what_only_looks_like_an_address_is_text);
	RUN(the_layout_has_language_office_and_subject);
	RUN(much_text_takes_no_longer);
	CHECK_REPORT();
}
