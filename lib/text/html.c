#include "text/html.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/time.h"
#include "base/utf8.h"
#include "base/zone.h"

/* Dark on light, all pairs at 7:1 or more (WCAG 2.1, 1.4.6); what colours say, words say
 * besides. */
static const char style[] =
	"body{margin:0;background:#eceff1;color:#1a1a1a;font:1rem/1.5 sans-serif}"
	"main{max-width:48rem;margin:0 auto;padding:1rem}"
	"h1{font-size:1.4rem;line-height:1.3}h2{font-size:1.2rem}"
	"dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem}"
	"dt{font-weight:bold}dd{margin:0}"
	"ol.talk,ul.files{list-style:none;margin:0;padding:0}"
	"ol.talk>li{margin:.8rem 0;padding:.6rem .8rem;border:1px solid "
	"#78909c;border-radius:.5rem;"
	"max-width:85%}"
	"li.in{background:#fff;margin-right:auto}"
	"li.out{background:#bbdefb;margin-left:auto}"
	"li.whatsapp{background:#c8e6c9}"
	"li.internal{background:#fff59d;margin-left:auto;border-style:dashed}"
	"li.event{background:none;border:0;text-align:center;max-width:none}"
	"li h3{font-size:1rem;margin:0}li p{margin:0}.way{font-size:.9rem}"
	"table{border-collapse:collapse;width:100%;background:#fff}"
	"th,td{border:1px solid #78909c;padding:.4rem .6rem;text-align:left;vertical-align:top}"
	"td.number{text-align:right}td,th{overflow-wrap:anywhere}"
	"th h3{font-size:.9rem;margin:.4rem 0 0}th ul{margin:0;font-weight:normal}"
	".body{white-space:pre-wrap;overflow-wrap:anywhere}";

#define STYLE_HASH "tSGqTRUKWcCTazhiH6+uzE0TmJLA6RIMPJ0lR4K8gok="

const char *html_style(void)
{
	return style;
}

const char *html_style_hash(void)
{
	return STYLE_HASH;
}

static void put_number(struct portal_writer *out, uint32_t character)
{
	const char *fmt = character < 0x100     ? "\\x%02x"
			  : character < 0x10000 ? "\\u%04x"
						: "\\U%08x";
	char number[16];

	snprintf(number, sizeof(number), fmt, (unsigned)character);
	portal_put(out, number);
}

static const char *entity(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

static void put_text(struct portal_writer *out, const char *text)
{
	size_t len = strlen(text), n;

	for (; len > 0; text += n, len -= n) {
		uint32_t character = 0;
		const char *name = entity(*text);

		n = utf8_next(text, len, &character);
		if (n == 0)
			put_number(out, (unsigned char)*text);
		else if (name)
			portal_put(out, name);
		else if (utf8_is_hazard(character) && character != '\n' && character != '\t')
			put_number(out, character);
		else
			portal_put_bytes(out, text, n);
		n = n ? n : 1;
	}
}

static void put_tag(struct html *html, const char *name, const struct html_attribute *attributes)
{
	portal_put(html->out, "<");
	portal_put(html->out, name);
	for (; attributes->name; attributes++) {
		if (!attributes->value)
			continue;
		portal_put(html->out, " ");
		portal_put(html->out, attributes->name);
		portal_put(html->out, "=\"");
		put_text(html->out, attributes->value);
		portal_put(html->out, "\"");
	}
	portal_put(html->out, ">");
}

static void put_end(struct html *html, const char *name)
{
	portal_put(html->out, "</");
	portal_put(html->out, name);
	portal_put(html->out, ">");
}

void html_begin(struct html *html, struct portal_writer *out, const char *lang, const char *title)
{
	*html = (struct html){ .out = out, .day_first = !strncmp(lang, "pt", 2) };
	portal_put(out, "<!DOCTYPE html>\n");
	html_open(html, "html", HTML({ "lang", lang }));
	portal_put(out,
		"<head><meta charset=\"utf-8\">"
		"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
		"style-src 'sha256-" STYLE_HASH "'; base-uri 'none'; form-action 'none'\">"
		"<meta name=\"referrer\" content=\"no-referrer\">"
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
		"<title>");
	put_text(out, title);
	portal_put(out, "</title><style>");
	portal_put(out, style);
	portal_put(out, "</style></head>\n");
	html_open(html, "body", HTML_PLAIN);
}

void html_end(struct html *html)
{
	while (html->depth > 0)
		html_close(html);
	portal_put(html->out, "\n");
}

void html_open(struct html *html, const char *name, const struct html_attribute *attributes)
{
	assert(html->depth < HTML_DEPTH_MAX);
	put_tag(html, name, attributes);
	html->open[html->depth++] = name;
}

void html_close(struct html *html)
{
	assert(html->depth > 0);
	put_end(html, html->open[--html->depth]);
}

void html_text(struct html *html, const char *text)
{
	if (text)
		put_text(html->out, text);
}

void html_element(struct html *html, const char *name, const struct html_attribute *attributes,
	const char *text)
{
	put_tag(html, name, attributes);
	html_text(html, text);
	put_end(html, name);
}

static void put_date(const struct html *html, const struct civil *day, char *ret, size_t size)
{
	if (html->day_first)
		snprintf(ret, size, "%02d/%02d/%04d", day->day, day->month, day->year % 10000);
	else
		snprintf(ret, size, "%04d-%02d-%02d", day->year % 10000, day->month, day->day);
}

void html_date(struct html *html, const char *date)
{
	char shown[24];
	struct civil civil;

	if (!date || date_parse(date, &civil) < 0) {
		html_text(html, date);
		return;
	}
	put_date(html, &civil, shown, sizeof(shown));
	html_element(html, "time", HTML({ "datetime", date }), shown);
}

void html_time(struct html *html, const struct zone *zone, portal_time time)
{
	char exact[24], shown[40];
	struct civil civil;
	size_t len;

	if (!time.ms)
		return;
	zone_to_civil(zone, time, &civil);
	put_date(html, &civil, shown, sizeof(shown));
	len = strlen(shown);
	snprintf(shown + len, sizeof(shown) - len, " %02d:%02d", civil.hour, civil.minute);
	html_element(html, "time", HTML({ "datetime", time_format_utc(time, exact) }), shown);
}
