#include "net/mime.h"

#include <stdbool.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <portal/arena.h>

#include "base/buf.h"

#include "check.h"

/* Where messages are kept, with what went into them, for tests/unit/mime.py; "" where
 * there is no python3. */
static char folder[4096];
static int kept;

/* Sun, 1 Mar 2026 12:00:00 UTC. */
enum { ZONE_SAO_PAULO = -180 };
#define SOME_DATE ((portal_time){ INT64_C(1772366400000) })

static struct mime_message letter(const char *text)
{
	return (struct mime_message){
		.from = { "Contabilidade Boa Vista", "portal@boavista.example.com" },
		.to = { "Maria Silva", "maria@example.com" },
		.subject = "Your access",
		.date = SOME_DATE,
		.zone_offset_minutes = ZONE_SAO_PAULO,
		.message_id = "outbox-42@boavista.example.com",
		.boundary_seed = 42,
		.text = text,
		.text_len = strlen(text),
	};
}

static int file_with(const void *data, size_t len)
{
	const int fd = memfd_create("mime", MFD_CLOEXEC);

	CHECK(fd >= 0 && write(fd, data, len) == (ssize_t)len);
	return fd;
}

/* All of a message, @chunk bytes at a time, in @ret. */
static void pull(struct mime *mime, size_t chunk, struct buf *ret)
{
	static char bytes[16384];
	size_t n;

	buf_init(ret);
	while ((n = mime_read(mime, bytes, chunk)) > 0 && n != MIME_READ_ABORT) {
		CHECK(n <= chunk);
		buf_add(ret, bytes, n);
	}
	CHECK_INT(n, 0);
	CHECK_INT(mime_read(mime, bytes, chunk), 0);
}

static void compose_and_pull(const struct mime_message *message, size_t chunk, struct buf *ret)
{
	_cleanup_arena_ struct arena arena = { 0 };
	struct portal_error err = { 0 };
	struct mime *mime = NULL;

	buf_init(ret);
	CHECK_INT(mime_compose(&arena, message, &mime, &err), 0);
	CHECK_STR(err.message, "");
	if (!mime)
		return;
	pull(mime, chunk, ret);
	CHECK_INT(ret->len, mime_size(mime));
	CHECK_INT(mime_failure(mime, &err), 0);
}

static bool has_bytes(const struct buf *bytes, const char *what)
{
	return memmem(bytes->data, bytes->len, what, strlen(what)) != NULL;
}

/* What every server and every reader relies on, whatever the message says. */
static void check_lines(const struct buf *all)
{
	size_t column = 0;

	CHECK(all->len > 2 && !memcmp(all->data + all->len - 2, "\r\n", 2));
	for (size_t i = 0; i < all->len; i++) {
		const char c = all->data[i];

		if (c == '\r')
			CHECK(i + 1 < all->len && all->data[i + 1] == '\n');
		else if (c == '\n')
			CHECK(i > 0 && all->data[i - 1] == '\r');
		else
			CHECK(c == '\t' || (c >= ' ' && c <= '~'));
		column = c == '\n' ? 0 : column + 1;
		if (column == 1)
			CHECK(c != '.');
		CHECK(column <= 998 + 1);
	}
	CHECK(!has_bytes(all, "\nFrom "));
	CHECK(!has_bytes(all, " \r\n") && !has_bytes(all, "\t\r\n"));
}

static size_t longest_line(const struct buf *all)
{
	size_t column = 0, longest = 0;

	for (size_t i = 0; i < all->len; i++) {
		column = all->data[i] == '\n' ? 0 : column + 1;
		if (column > longest)
			longest = column;
	}
	return longest - 1;
}

static void keep_bytes(const char *what, const void *data, size_t len)
{
	char path[sizeof(folder) + 64];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%03d.%s", folder, kept, what);
	file = fopen(path, "w");
	CHECK(file && fwrite(data, 1, len, file) == len);
	CHECK(file && fclose(file) == 0);
}

static void keep_text(const char *what, const char *text)
{
	keep_bytes(what, text, strlen(text));
}

static void keep_attachment(const struct mime_attachment *attachment, size_t number)
{
	static char bytes[1 << 20];
	const ssize_t len = pread(attachment->fd, bytes, sizeof(bytes), 0);
	char what[32];

	snprintf(what, sizeof(what), "file.%zu", number);
	keep_bytes(what, bytes, (size_t)len);
	snprintf(what, sizeof(what), "name.%zu", number);
	keep_text(what, attachment->name);
	snprintf(what, sizeof(what), "type.%zu", number);
	keep_text(what, attachment->media_type);
}

static void keep(const struct mime_message *message, const struct buf *all)
{
	if (!folder[0])
		return;
	kept++;
	keep_bytes("eml", all->data, all->len);
	keep_text("subject", message->subject);
	keep_text("from", message->from.name ? message->from.name : "");
	keep_text("to", message->to.name ? message->to.name : "");
	keep_bytes("text", message->text, message->text_len);
	if (message->html)
		keep_bytes("html", message->html, message->html_len);
	for (size_t i = 0; i < message->attachment_count; i++)
		keep_attachment(&message->attachments[i], i);
}

/* The message is sound, the same in pieces of any size, and kept for the other reader.
 * The caller releases @ret. */
static void check_message(const struct mime_message *message, struct buf *ret)
{
	static const size_t chunks[] = { 1, 2, 3, 57 };

	compose_and_pull(message, 16384, ret);
	check_lines(ret);
	for (size_t i = 0; i < sizeof(chunks) / sizeof(chunks[0]); i++) {
		struct buf other;

		compose_and_pull(message, chunks[i], &other);
		CHECK_INT(other.len, ret->len);
		CHECK(other.len == ret->len && !memcmp(other.data, ret->data, ret->len));
		buf_release(&other);
	}
	keep(message, ret);
}

static void is_written_as(const struct mime_message *message, const char *want)
{
	struct buf all;

	check_message(message, &all);
	CHECK_STR(buf_text(&all), want);
	buf_release(&all);
}

static void is_sound(const struct mime_message *message)
{
	struct buf all;

	check_message(message, &all);
	CHECK(longest_line(&all) <= 76);
	buf_release(&all);
}

/* Has a field of that name and value, as it was folded. */
static void has_line(const struct mime_message *message, const char *want)
{
	struct buf all;

	check_message(message, &all);
	if (!has_bytes(&all, want))
		printf("# %s is not in\n%s", want, buf_text(&all));
	CHECK(has_bytes(&all, want));
	buf_release(&all);
}

static void is_refused(const struct mime_message *message, enum portal_code code, const char *why)
{
	_cleanup_arena_ struct arena arena = { 0 };
	struct portal_error err = { 0 };
	struct mime *mime = NULL;

	CHECK_INT(mime_compose(&arena, message, &mime, &err), -(int)code);
	CHECK(mime == NULL);
	if (!strstr(err.message, why))
		CHECK_STR(err.message, why);
}

#define HEAD \
	"Date: Sun, 01 Mar 2026 09:00:00 -0300\r\n" \
	"From: \"Contabilidade Boa Vista\" <portal@boavista.example.com>\r\n" \
	"To: \"Maria Silva\" <maria@example.com>\r\n"
#define SUBJECT_AND_ID \
	"Subject: Your access\r\n" \
	"Message-ID: <outbox-42@boavista.example.com>\r\n"

static void a_text_alone_is_a_message_of_one_part(void)
{
	const struct mime_message message = letter("Hello Maria,\n\nit is time.\n");

	is_written_as(&message,
		HEAD SUBJECT_AND_ID "MIME-Version: 1.0\r\n"
				    "Content-Type: text/plain; charset=utf-8\r\n"
				    "Content-Transfer-Encoding: quoted-printable\r\n"
				    "\r\n"
				    "Hello Maria,\r\n"
				    "\r\n"
				    "it is time.\r\n");
}

static void what_is_mostly_not_ascii_is_in_base64(void)
{
	struct mime_message message = letter("日本語のテキスト、日本語のテキスト");

	message.subject = "日本語";
	is_written_as(&message, HEAD
		"Subject: =?UTF-8?B?5pel5pys6Kqe?=\r\n"
		"Message-ID: <outbox-42@boavista.example.com>\r\n"
		"MIME-Version: 1.0\r\n"
		"Content-Type: text/plain; charset=utf-8\r\n"
		"Content-Transfer-Encoding: base64\r\n"
		"\r\n"
		"5pel5pys6Kqe44Gu44OG44Kt44K544OI44CB5pel5pys6Kqe44Gu44OG44Kt44K544OIDQo=\r\n");
}

static void texts_and_attachments_are_parts_within_parts(void)
{
	const int one = file_with("%PDF-1.7\n", 9), two = file_with("", 0);
	const struct mime_attachment files[] = {
		{ one, "application/pdf", "Guia de março.pdf" },
		{ two, "text/csv", "empty.csv" },
	};
	const char *const references[] = { "first@example.com", "second@example.com" };
	struct mime_message message = letter("Olá!\r\n");

	message.from.name = "João & Irmãos Ltda.";
	message.reply_to = (struct mime_address){ NULL, "answers@boavista.example.com" };
	message.subject = "Guia de março";
	message.list_id = "tickets.boavista.example.com";
	message.author = MIME_AUTO_GENERATED;
	message.in_reply_to = references[1];
	message.references = references;
	message.reference_count = 2;
	message.html = "<p>Olá!</p>";
	message.html_len = strlen(message.html);
	message.attachments = files;
	message.attachment_count = 2;
	is_written_as(&message,
		"Date: Sun, 01 Mar 2026 09:00:00 -0300\r\n"
		"From: =?UTF-8?B?Sm/Do28gJiBJcm3Do29zIEx0ZGEu?= <portal@boavista.example.com>\r\n"
		"Reply-To: answers@boavista.example.com\r\n"
		"To: \"Maria Silva\" <maria@example.com>\r\n"
		"Subject: =?UTF-8?Q?Guia_de_mar=C3=A7o?=\r\n"
		"Message-ID: <outbox-42@boavista.example.com>\r\n"
		"In-Reply-To: <second@example.com>\r\n"
		"References: <first@example.com> <second@example.com>\r\n"
		"List-Id: <tickets.boavista.example.com>\r\n"
		"Auto-Submitted: auto-generated\r\n"
		"MIME-Version: 1.0\r\n"
		"Content-Type: multipart/mixed; boundary=\"=_m_000000000000002a\"\r\n"
		"\r\n"
		"--=_m_000000000000002a\r\n"
		"Content-Type: multipart/alternative; boundary=\"=_a_000000000000002a\"\r\n"
		"\r\n"
		"--=_a_000000000000002a\r\n"
		"Content-Type: text/plain; charset=utf-8\r\n"
		"Content-Transfer-Encoding: quoted-printable\r\n"
		"\r\n"
		"Ol=C3=A1!\r\n"
		"\r\n"
		"--=_a_000000000000002a\r\n"
		"Content-Type: text/html; charset=utf-8\r\n"
		"Content-Transfer-Encoding: quoted-printable\r\n"
		"\r\n"
		"<p>Ol=C3=A1!</p>\r\n"
		"\r\n"
		"--=_a_000000000000002a--\r\n"
		"\r\n"
		"--=_m_000000000000002a\r\n"
		"Content-Type: application/pdf; name=\"Guia_de_mar_o.pdf\"\r\n"
		"Content-Transfer-Encoding: base64\r\n"
		"Content-Disposition: attachment; filename*=UTF-8''Guia%20de%20mar%C3%A7o.pdf\r\n"
		"\r\n"
		"JVBERi0xLjcK\r\n"
		"\r\n"
		"--=_m_000000000000002a\r\n"
		"Content-Type: text/csv; name=\"empty.csv\"\r\n"
		"Content-Transfer-Encoding: base64\r\n"
		"Content-Disposition: attachment; filename=\"empty.csv\"\r\n"
		"\r\n"
		"\r\n"
		"--=_m_000000000000002a--\r\n");
	close(one);
	close(two);
}

static void a_message_may_have_html_or_attachments_alone(void)
{
	const struct mime_attachment file = { file_with("a", 1), "image/png", "a.png" };
	struct mime_message message = letter("x");

	message.html = "";
	has_line(&message, "1.0\r\nContent-Type: multipart/alternative; boundary=");
	message.html = NULL;
	message.attachments = &file;
	message.attachment_count = 1;
	has_line(&message, "\r\n\r\n--=_m_000000000000002a\r\nContent-Type: text/plain;");
	close(file.fd);
}

static void has_date(int64_t ms, int zone_offset_minutes, const char *want)
{
	struct mime_message message = letter("");

	message.date.ms = ms;
	message.zone_offset_minutes = zone_offset_minutes;
	has_line(&message, want);
}

static void the_date_is_that_of_the_writers_clock(void)
{
	struct mime_message message = letter("");

	has_date(INT64_C(1709251199999), 0, "Date: Thu, 29 Feb 2024 23:59:59 +0000\r\n");
	has_date(INT64_C(1709251199999), 345, "Date: Fri, 01 Mar 2024 05:44:59 +0545\r\n");
	has_date(INT64_C(86400000), -1439, "Date: Thu, 01 Jan 1970 00:01:00 -2359\r\n");
	has_date(INT64_C(253402300799999), -1, "Date: Fri, 31 Dec 9999 23:58:59 -0001\r\n");
	message.date.ms = INT64_C(253402300799999);
	message.zone_offset_minutes = 1;
	is_refused(&message, PORTAL_INVALID_TIME, "can't have this time");
	message.zone_offset_minutes = -1440;
	is_refused(&message, PORTAL_INVALID_TIME, "can't have this time");
	message.zone_offset_minutes = INT32_MAX;
	is_refused(&message, PORTAL_INVALID_TIME, "can't have this time");
	message = letter("");
	message.date.ms = 0;
	is_refused(&message, PORTAL_INVALID_TIME, "can't have this time");
	message.date.ms = INT64_MIN;
	is_refused(&message, PORTAL_INVALID_TIME, "can't have this time");
}

static void has_subject(const char *subject, const char *want)
{
	struct mime_message message = letter("");

	message.subject = subject;
	has_line(&message, want);
	is_sound(&message);
}

static void subjects_are_plain_where_they_can_be(void)
{
	has_subject("", "\r\nSubject:\r\nMessage-ID:");
	has_subject("a = b? c", "\r\nSubject: a = b? c\r\n");
	has_subject("one two three four five six seven eight nine ten eleven twelve thirteen "
		    "fourteen",
		"\r\nSubject: one two three four five six seven eight nine ten eleven twelve\r\n"
		" thirteen fourteen\r\n");
	has_subject(" a", "\r\nSubject: =?UTF-8?Q?_a?=\r\n");
	has_subject("a ", "\r\nSubject: =?UTF-8?Q?a_?=\r\n");
	has_subject("a  b", "\r\nSubject: =?UTF-8?Q?a__b?=\r\n");
	has_subject("=?UTF-8?Q?a?=", "\r\nSubject: =?UTF-8?B?PT9VVEYtOD9RP2E/PQ==?=\r\n");
	has_subject("a_b=c\xc2\xa0", "\r\nSubject: =?UTF-8?B?YV9iPWPCoA==?=\r\n");
}

static void encoded_words_end_between_characters(void)
{
	has_subject("\xf0\x9f\x8e\x89\xf0\x9f\x8e\x89\xf0\x9f\x8e\x89\xf0\x9f\x8e\x89\xf0\x9f\x8e"
		    "\x89\xf0\x9f\x8e\x89\xf0\x9f\x8e\x89\xf0\x9f\x8e\x89\xf0\x9f\x8e\x89\xf0\x9f"
		    "\x8e\x89\xf0\x9f\x8e\x89",
		"\r\nSubject: =?UTF-8?B?8J+OifCfjonwn46J8J+OifCfjonwn46J8J+OifCfjonwn46J?=\r\n"
		" =?UTF-8?B?8J+OifCfjok=?=\r\n");
}

static void nobody_adds_a_field_by_a_text(void)
{
	struct mime_message message = letter("");

	has_subject("a\r\nBcc: b@example.com", "\r\nSubject: =?UTF-8?Q?a__Bcc=3A_b");
	has_subject("a\nb\tc", "\r\nSubject: a b c\r\n");
	has_subject("a\x1b[1m\x7f\xc2\x85z", "\r\nSubject: =?UTF-8?Q?a_=5B1m__z?=\r\n");
	has_subject("a\xe2\x80\xa8"
		    "b",
		"\r\nSubject: a b\r\n");
	message.to.name = "a\r\n\r\nb";
	has_line(&message, "\r\nTo: =?UTF-8?Q?a____b?= <maria@example.com>\r\n");
	message.to.name = "Evil\" <x@example.com>, \"";
	has_line(&message,
		"\r\nTo: =?UTF-8?B?RXZpbCIgPHhAZXhhbXBsZS5jb20+LCAi?= <maria@example.com>\r\n");
}

/* Texts that were trouble to somebody, for every place that takes one. */
static const char *const hostile[] = { "a\rb", "a\nb", "a\r\nX: y", "\x1b[31mred", "a\tb", " ",
	"    ", "\xc2\xa0", "\xe2\x80\xaexslx.pdf", "\xe2\x80\x8f\xd7\x90\xd7\x91\xe2\x80\x8e",
	"\xc2\x85\xc2\x9b", "\xe2\x80\xa8\xe2\x80\xa9", "\xef\xbb\xbf mark", "e\xcc\x81",
	"\xf3\xa0\x80\x81tag", "=?UTF-8?B?YQ==?=", "a=?x", "\"", "\\", "a\\\"b", "()<>[]:;@,.",
	"a/b\\c", "../../etc/passwd", "%41%0d%0a", "é%41", "'", "*", "a;b=c", "filename*=UTF-8''x",
	"?=", "=", "_", "trailing ", " leading", "two  blanks", ".", "From x", "\xf4\x8f\xbf\xbf",
	"\x7f" };

/* The text in every place that takes one. */
static void takes(const char *text)
{
	const struct mime_attachment file = { file_with(text, strlen(text)), "text/plain", text };
	struct mime_message message = letter(text);

	message.subject = message.from.name = message.to.name = message.reply_to.name = text;
	message.reply_to.address = "answers@example.com";
	message.html = text;
	message.html_len = strlen(text);
	message.attachments = &file;
	message.attachment_count = 1;
	is_sound(&message);
	close(file.fd);
}

static void hostile_texts_arrive_as_text(void)
{
	for (size_t i = 0; i < sizeof(hostile) / sizeof(hostile[0]); i++)
		takes(hostile[i]);
}

/* @count times @unit, which the caller frees. */
static char *times(const char *unit, size_t count)
{
	const size_t len = strlen(unit);
	char *text = malloc(len * count + 1);

	for (size_t i = 0; text && i < count; i++)
		memcpy(text + i * len, unit, len);
	CHECK(text != NULL);
	if (text)
		text[len * count] = '\0';
	return text;
}

static void takes_many(const char *unit, size_t count)
{
	char *text = times(unit, count);

	takes(text);
	free(text);
}

static void long_words_are_folded_whatever_they_are_of(void)
{
	for (size_t n = 55; n <= 75; n++)
		takes_many("x", n);
	takes_many("x", 500);
	takes_many("\xf0\x9f\x8e\x89", 500);
	takes_many("ç", 500);
	takes_many("日", 500);
	takes_many("aé\xf0\x9f\x8e\x89", 300);
	takes_many(" ", 500);
	takes_many("\r\n", 500);
	takes_many("word ", 800);
	takes_many("\"\\", 100);
	takes_many("x", MIME_HEADER_BYTES_MAX);
}

static void texts_of_headers_have_bounds(void)
{
	char *text = times("x", MIME_HEADER_BYTES_MAX + 1);
	struct mime_attachment file = { file_with("", 0), "text/plain", text };
	struct mime_message message = letter("");

	message.subject = text;
	is_refused(&message, PORTAL_INVALID, "'subject' is longer than 4096 bytes");
	message.subject = "a\xc3";
	is_refused(&message, PORTAL_INVALID_TEXT, "'subject' is not UTF-8");
	message = letter("");
	message.from.name = text;
	is_refused(&message, PORTAL_INVALID, "'name' is longer");
	message.from.name = "\xed\xa0\x80";
	is_refused(&message, PORTAL_INVALID_TEXT, "'name' is not UTF-8");
	message = letter("");
	message.attachments = &file;
	message.attachment_count = 1;
	is_refused(&message, PORTAL_INVALID, "'name' is longer");
	file.name = "\xff.pdf";
	is_refused(&message, PORTAL_INVALID_TEXT, "'name' is not UTF-8");
	close(file.fd);
	free(text);
}

static void addresses_are_addresses(void)
{
	static const char *const bad[] = { "", "maria", "a@b", "ma ria@example.com",
		"a@example.com\r\nRCPT TO:<b@example.com>", "a@example.com\nBcc: b@example.com",
		"a\x1b@example.com", "<a@example.com>", "a@example.com>",
		"a@example.com, b@example.com", "jo\xc3\xa3o@example.com", "a@ex\xc3\xa1mple.com",
		"\"a b\"@example.com", "\xff@example.com", "a(b)@example.com" };
	struct mime_message message = letter("");

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		message = letter("");
		message.from.address = bad[i];
		is_refused(&message, PORTAL_INVALID_EMAIL, "");
		message = letter("");
		message.to.address = bad[i];
		is_refused(&message, PORTAL_INVALID_EMAIL, "");
		message = letter("");
		message.reply_to.address = bad[i];
		is_refused(&message, PORTAL_INVALID_EMAIL, "");
	}
	message = letter("");
	message.to.address = NULL;
	is_refused(&message, PORTAL_INVALID_EMAIL, "");
	message.to = (struct mime_address){ "", " Maria@Example.COM" };
	has_line(&message, "\r\nTo: maria@example.com\r\n");
}

static void long_addresses_stay_within_the_limit_of_lines(void)
{
	char *local = times("x", 64), *label = times("y.", 90), address[300];
	struct mime_message message = letter("");
	struct buf all;

	snprintf(address, sizeof(address), "%s@%sexample", local, label);
	message.to = (struct mime_address){ "Maria Silva", address };
	check_message(&message, &all);
	CHECK(has_bytes(&all, "\r\nTo: \"Maria Silva\"\r\n <xxx"));
	CHECK_INT(longest_line(&all), strlen(address) + 3);
	buf_release(&all);
	free(local);
	free(label);
}

static void ids_are_ids(void)
{
	static const char *const bad[] = { "", "@", "a@", "@b", "a", "a@b@c", "a b@c", "<a@b>",
		"a@b\r\nX: y", "a@b\n", "a@b>", "a@\x1b", "\xc3\xa1@b", "a@b\xff", "\"a\"@b",
		"a@b,c@d" };
	struct mime_message message;
	const char *references[2] = { "a@b" };
	char *text = times("x", 249);

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		message = letter("");
		message.message_id = bad[i];
		is_refused(&message, PORTAL_INVALID, "is not a message id");
		message = letter("");
		message.in_reply_to = bad[i];
		is_refused(&message, PORTAL_INVALID, "is not a message id");
		message = letter("");
		references[1] = bad[i];
		message.references = references;
		message.reference_count = 2;
		is_refused(&message, PORTAL_INVALID, "is not a message id");
	}
	message = letter("");
	memcpy(text + 100, "@", 1);
	message.message_id = text;
	has_line(&message, text);
	message.message_id = "x!#$%&'*+-/=?^_`{|}~.1@[127.0.0.1:25]";
	has_line(&message, "\r\nMessage-ID: <x!#$%&'*+-/=?^_`{|}~.1@[127.0.0.1:25]>\r\n");
	free(text);
}

static void too_long_an_id_is_refused(void)
{
	struct mime_message message = letter("");
	char *text = times("x", 251);

	text[1] = '@';
	message.message_id = text;
	is_refused(&message, PORTAL_INVALID, "is not a message id");
	free(text);
}

static void of_many_references_the_first_and_the_last_stay(void)
{
	char ids[25][24];
	const char *references[25];
	struct mime_message message = letter("");
	struct buf all;

	for (int i = 0; i < 25; i++) {
		snprintf(ids[i], sizeof(ids[i]), "id-%d@example.com", i);
		references[i] = ids[i];
	}
	message.references = references;
	message.reference_count = 20;
	check_message(&message, &all);
	CHECK(has_bytes(&all, "References: <id-0@example.com> <id-1@example.com>"));
	CHECK(longest_line(&all) <= 76);
	buf_release(&all);
	message.reference_count = 25;
	check_message(&message, &all);
	CHECK(has_bytes(&all, "References: <id-0@example.com> <id-6@example.com>"));
	CHECK(has_bytes(&all, "<id-24@example.com>\r\n"));
	CHECK(longest_line(&all) <= 76);
	buf_release(&all);
}

static void a_list_has_a_name_as_hosts_have(void)
{
	static const char *const bad[] = { "", "a b", "a\r\nX: y", "<a.b>", "a.b>", "\xc3\xa1.b",
		"A.b" };
	struct mime_message message = letter("");

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		message.list_id = bad[i];
		is_refused(&message, PORTAL_INVALID, "is not a list id");
	}
	message.list_id = "tickets.example.com";
	message.author = MIME_AUTO_REPLIED;
	has_line(
		&message, "\r\nList-Id: <tickets.example.com>\r\nAuto-Submitted: auto-replied\r\n");
}

static struct mime_message with_file(const struct mime_attachment *file)
{
	struct mime_message message = letter("see the file");

	message.attachments = file;
	message.attachment_count = 1;
	return message;
}

static void has_type(const char *media_type, const char *want)
{
	const struct mime_attachment file = { file_with("", 0), media_type, "a" };
	const struct mime_message message = with_file(&file);
	struct buf all;

	compose_and_pull(&message, 100, &all);
	CHECK(has_bytes(&all, want));
	check_lines(&all);
	buf_release(&all);
	close(file.fd);
}

static void a_media_type_is_two_names(void)
{
	static const char *const bad[] = { "", "/", "a/", "/b", "a", "a/b/c", "a/b; c=d",
		"a/b\r\nX: y", "a/b\n", "a/\"b\"", "a/b ", " a/b", "\xc3\xa1/b", "a/*", "A/b",
		"a/B" };
	struct mime_attachment file = { file_with("", 0), NULL, "a" };
	const struct mime_message message = with_file(&file);
	char *name = times("x", 127), text[300];

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		file.media_type = bad[i];
		is_refused(&message, PORTAL_INVALID, "is not a media type");
	}
	snprintf(text, sizeof(text), "a/%sx", name);
	file.media_type = text;
	is_refused(&message, PORTAL_INVALID, "is not a media type");
	close(file.fd);
	snprintf(text, sizeof(text), "%s/%s", name, name);
	has_type(text, text);
	free(name);
	has_type("application/vnd.a+json", "Content-Type: application/vnd.a+json; name=\"a\"\r\n");
	has_type("message/rfc822", "Content-Type: application/octet-stream; name=\"a\"\r\n");
	has_type("multipart/mixed", "Content-Type: application/octet-stream; name=\"a\"\r\n");
}

static void is_called(const char *name, const char *want)
{
	const struct mime_attachment file = { file_with("", 0), "text/plain", name };
	const struct mime_message message = with_file(&file);

	has_line(&message, want);
	is_sound(&message);
	close(file.fd);
}

static void names_of_files_have_one_for_old_readers(void)
{
	is_called("", "name=\"attachment\"\r\n");
	is_called("minha nota.pdf", "name=\"minha nota.pdf\"\r\n");
	is_called("a/b\\c\r\nd", "attachment; filename=\"a_b_c__d\"\r\n");
	is_called("fatura\xe2\x80\xae"
		  "fdp.exe",
		"attachment; filename=\"fatura_fdp.exe\"\r\n");
	is_called("\"a\" é?", "name=\"_a____\"\r\n");
	is_called("\"a\" é?", "attachment; filename*=UTF-8''%22a%22%20%C3%A9%3F\r\n");
	is_called("Declaração de Imposto de Renda Pessoa Física.pdf",
		"Content-Disposition: attachment;\r\n"
		" filename*0*=UTF-8''Declara%C3%A7%C3%A3o%20de%20Imposto%20de%20Renda%20Pess;\r\n"
		" filename*1*=oa%20F%C3%ADsica.pdf\r\n");
	is_called("Comprovante-de-pagamento-do-tributo-de-2026-em-nome-da-empresa.pdf",
		"Content-Type: text/plain;\r\n"
		" name=\"vante-de-pagamento-do-tributo-de-2026-em-nome-da-empresa.pdf\"\r\n");
}

static void has_body(const char *text, const char *want)
{
	const struct mime_message message = letter(text);
	struct buf all;
	const char *body;

	check_message(&message, &all);
	body = strstr(buf_text(&all), "\r\n\r\n");
	CHECK(body != NULL);
	if (body)
		CHECK_STR(body + 4, want);
	CHECK(longest_line(&all) <= 76);
	buf_release(&all);
}

static void lines_end_in_crlf_however_they_came(void)
{
	has_body("", "");
	has_body("a", "a\r\n");
	has_body("a\nb\n", "a\r\nb\r\n");
	has_body("a\rb\r", "a\r\nb\r\n");
	has_body("a\r\nb\r\n", "a\r\nb\r\n");
	has_body("a\n\r\n\rb", "a\r\n\r\n\r\nb\r\n");
	has_body("\r\r\n\n", "\r\n\r\n\r\n");
	has_body("a\n\n", "a\r\n\r\n");
}

static void texts_are_in_the_shorter_encoding(void)
{
	has_body("éa", "=C3=A9a\r\n");
	has_body("éé", "w6nDqQ0K\r\n");
}

static void no_line_is_what_a_server_takes_for_its_own(void)
{
	has_body(".", "=2E\r\n");
	has_body("..", "=2E.\r\n");
	has_body("text\n.\nQUIT\n", "text\r\n=2E\r\nQUIT\r\n");
	has_body("From me", "=46rom me\r\n");
	has_body("From", "From\r\n");
	has_body("From ", "=46rom=20\r\n");
	has_body(">From me", ">From me\r\n");
	has_body("a =b", "a =3Db\r\n");
	has_body("blank \ntab\t\n \n", "blank=20\r\ntab=09\r\n=20\r\n");
	has_body("an escape: \x1b[1m, that is all", "an escape: =1B[1m, that is all\r\n");
}

static void a_line_that_goes_on_begins_as_harmlessly_as_any(void)
{
	struct mime_message message;
	char text[160], want[200];

	for (int width = 70; width <= 80; width++) {
		snprintf(text, sizeof(text), "%.*s.From me . From you", width,
			"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
			"xxxxxx");
		message = letter(text);
		is_sound(&message);
	}
	snprintf(text, sizeof(text), "%.75s.From me",
		"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
	snprintf(want, sizeof(want), "%.75s=\r\n=2EFrom me\r\n", text);
	has_body(text, want);
	snprintf(text, sizeof(text), "%.75sFrom me",
		"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
	snprintf(want, sizeof(want), "%.75s=\r\n=46rom me\r\n", text);
	has_body(text, want);
	snprintf(text, sizeof(text), "%.76s",
		"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
	snprintf(want, sizeof(want), "%.76s\r\n", text);
	has_body(text, want);
}

static void has_sound_body(const char *unit, size_t count)
{
	char *text = times(unit, count);
	struct mime_message message = letter(text);

	message.html = text;
	message.html_len = message.text_len;
	is_sound(&message);
	free(text);
}

static void bodies_may_have_lines_of_any_length(void)
{
	has_sound_body("x", 100000);
	has_sound_body(".", 100000);
	has_sound_body("From ", 20000);
	has_sound_body("é", 50000);
	has_sound_body("a longer text, não só ASCII; ", 3000);
	has_sound_body(" ", 100000);
	has_sound_body("=", 100000);
	has_sound_body("\r", 100000);
	has_sound_body("\n.\r.\r\n.\r", 1000);
	has_sound_body("--=_m_000000000000002a--\n--=_a_000000000000002a\n", 3);
}

static void texts_are_checked(void)
{
	struct mime_message message = letter("a");
	char *text = times("x", MIME_TEXT_BYTES_MAX + 1);

	message.text = "a\0b";
	message.text_len = 3;
	is_refused(&message, PORTAL_INVALID_TEXT, "'text' holds a NUL byte");
	message.text = "\xc3(";
	message.text_len = 2;
	is_refused(&message, PORTAL_INVALID_TEXT, "'text' is not UTF-8");
	message.text = text;
	message.text_len = MIME_TEXT_BYTES_MAX + 1;
	is_refused(&message, PORTAL_INVALID, "'text' is longer than 1048576 bytes");
	message = letter("a");
	message.html = "a\0b";
	message.html_len = 3;
	is_refused(&message, PORTAL_INVALID_TEXT, "'html' holds a NUL byte");
	message.html = "\x80";
	message.html_len = 1;
	is_refused(&message, PORTAL_INVALID_TEXT, "'html' is not UTF-8");
	free(text);
}

static void attachments_of_all_sizes_arrive_whole(void)
{
	static unsigned char bytes[60000];
	static const size_t sizes[] = { 0, 1, 2, 3, 56, 57, 58, 113, 114, 115, 14591, 14592, 14593,
		29184, 60000 };
	struct mime_attachment files[sizeof(sizes) / sizeof(sizes[0])];
	struct mime_message message = letter("see the files");

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (unsigned char)(i * 2654435761u >> 13);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		files[i] = (struct mime_attachment){ file_with(bytes, sizes[i]),
			"application/octet-stream", "data.bin" };
	message.attachments = files;
	message.attachment_count = sizeof(sizes) / sizeof(sizes[0]);
	is_sound(&message);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		CHECK_INT(lseek(files[i].fd, 0, SEEK_CUR), sizes[i]);
		close(files[i].fd);
	}
}

static void a_big_attachment_needs_no_memory(void)
{
	_cleanup_arena_ struct arena arena = { 0 };
	const int64_t bytes = INT64_C(100000000) / CHECK_STRIDE(10);
	const struct mime_attachment file = { file_with("", 0), "video/mp4", "big.mp4" };
	const struct mime_message message = with_file(&file);
	struct portal_error err = { 0 };
	struct mime *mime = NULL;
	static char buffer[65536];
	int64_t got = 0;
	size_t n;

	CHECK_INT(ftruncate(file.fd, bytes), 0);
	CHECK_INT(mime_compose(&arena, &message, &mime, &err), 0);
	while (mime && (n = mime_read(mime, buffer, sizeof(buffer))) > 0 && n != MIME_READ_ABORT)
		got += (int64_t)n;
	CHECK_INT(mime ? mime_size(mime) : 0, got);
	CHECK(got > bytes / 3 * 4);
	CHECK(arena_used(&arena) < 64 * 1024);
	close(file.fd);
}

static void ends_with(int fd, void (*change)(int fd), const char *why)
{
	_cleanup_arena_ struct arena arena = { 0 };
	const struct mime_attachment file = { fd, "text/plain", "notes.txt" };
	const struct mime_message message = with_file(&file);
	struct portal_error err = { 0 };
	struct mime *mime = NULL;
	char buffer[100];
	size_t n = 1;

	CHECK_INT(mime_compose(&arena, &message, &mime, &err), 0);
	change(fd);
	while (n > 0 && n != MIME_READ_ABORT)
		n = mime_read(mime, buffer, sizeof(buffer));
	CHECK_INT(n, MIME_READ_ABORT);
	CHECK_INT(mime_read(mime, buffer, sizeof(buffer)), MIME_READ_ABORT);
	CHECK_INT(mime_failure(mime, &err), -PORTAL_FAILURE);
	CHECK_STR(err.message, why);
}

static void shorten(int fd)
{
	CHECK_INT(ftruncate(fd, 2), 0);
}

static void lengthen(int fd)
{
	CHECK_INT(ftruncate(fd, 20), 0);
}

static void shut(int fd)
{
	close(fd);
}

static void a_file_that_changes_ends_the_message(void)
{
	const int fd = file_with("something", 9), empty = file_with("", 0);

	ends_with(fd, shorten, "the attachment 'notes.txt' changed while it was sent");
	ends_with(fd, lengthen, "the attachment 'notes.txt' changed while it was sent");
	ends_with(empty, lengthen, "the attachment 'notes.txt' changed while it was sent");
	ends_with(fd, shut, "the attachment 'notes.txt' can't be read: Bad file descriptor");
	close(empty);
}

static void an_attachment_is_a_regular_file(void)
{
	struct mime_attachment file = { -1, "text/plain", "notes.txt" };
	const struct mime_message message = with_file(&file);
	int ends[2];

	is_refused(&message, PORTAL_FAILURE, "the attachment 'notes.txt' can't be read");
	CHECK_INT(pipe(ends), 0);
	file.fd = ends[0];
	is_refused(&message, PORTAL_FAILURE, "the attachment 'notes.txt' is not a regular file");
	close(ends[0]);
	close(ends[1]);
}

static void attachments_are_counted(void)
{
	static struct mime_attachment files[MIME_ATTACHMENTS_MAX + 1];
	struct mime_message message = letter("");
	const int fd = file_with("x", 1);
	struct buf all;

	for (size_t i = 0; i <= MIME_ATTACHMENTS_MAX; i++)
		files[i] = (struct mime_attachment){ fd, "text/plain", "x" };
	message.attachments = files;
	message.attachment_count = MIME_ATTACHMENTS_MAX + 1;
	is_refused(&message, PORTAL_INVALID, "a message has at most 100 attachments");
	message.attachment_count = MIME_ATTACHMENTS_MAX;
	check_message(&message, &all);
	buf_release(&all);
	close(fd);
}

static void another_reader_finds_what_was_meant(void)
{
	char command[sizeof(folder) + 64];

	CHECK(kept > 50);
	snprintf(command, sizeof(command), "python3 tests/unit/mime.py %s", folder);
	fflush(stdout);
	CHECK_INT(system(command), 0);
}

static void make_folder(void)
{
	const char *tmp = getenv("TMPDIR");

	if (system("python3 -c 'import email.policy' 2>/dev/null") != 0)
		return;
	snprintf(folder, sizeof(folder), "%s/portal-mime-XXXXXX", tmp ? tmp : "/tmp");
	if (!mkdtemp(folder))
		folder[0] = '\0';
}

static void remove_folder(void)
{
	char command[sizeof(folder) + 64];

	snprintf(command, sizeof(command), "rm -rf %s", folder);
	if (system(command) != 0)
		printf("# %s is left\n", folder);
}

int main(void)
{
	make_folder();
	RUN(a_text_alone_is_a_message_of_one_part);
	RUN(what_is_mostly_not_ascii_is_in_base64);
	RUN(texts_and_attachments_are_parts_within_parts);
	RUN(a_message_may_have_html_or_attachments_alone);
	RUN(the_date_is_that_of_the_writers_clock);
	RUN(subjects_are_plain_where_they_can_be);
	RUN(encoded_words_end_between_characters);
	RUN(nobody_adds_a_field_by_a_text);
	RUN(hostile_texts_arrive_as_text);
	RUN(long_words_are_folded_whatever_they_are_of);
	RUN(texts_of_headers_have_bounds);
	RUN(addresses_are_addresses);
	RUN(long_addresses_stay_within_the_limit_of_lines);
	RUN(ids_are_ids);
	RUN(too_long_an_id_is_refused);
	RUN(of_many_references_the_first_and_the_last_stay);
	RUN(a_list_has_a_name_as_hosts_have);
	RUN(a_media_type_is_two_names);
	RUN(names_of_files_have_one_for_old_readers);
	RUN(lines_end_in_crlf_however_they_came);
	RUN(texts_are_in_the_shorter_encoding);
	RUN(no_line_is_what_a_server_takes_for_its_own);
	RUN(a_line_that_goes_on_begins_as_harmlessly_as_any);
	RUN(bodies_may_have_lines_of_any_length);
	RUN(texts_are_checked);
	RUN(attachments_of_all_sizes_arrive_whole);
	RUN(a_big_attachment_needs_no_memory);
	RUN(a_file_that_changes_ends_the_message);
	RUN(an_attachment_is_a_regular_file);
	RUN(attachments_are_counted);
	if (folder[0]) {
		RUN(another_reader_finds_what_was_meant);
		remove_folder();
	} else {
		SKIP(another_reader_finds_what_was_meant, "there is no python3");
	}
	CHECK_REPORT();
}
