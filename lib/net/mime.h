/* Internet messages: header and body of one mail, as bytes for SMTP's DATA. Composing
 * knows no network; whoever sends pulls the bytes out, piece by piece.
 *
 * Format: RFC 5322 with CRLF at the end of every line. Lines have at most 76 characters
 * where there is a place to fold, and 998 in any case: only what has no such place is
 * longer than 76: an id, an address, a media type. Every byte is ASCII.
 *   multipart/mixed              with attachments
 *     multipart/alternative      with HTML
 *       text/plain, text/html
 *     the attachments
 * where one that would have a single part is left out. Texts are quoted-printable or
 * base64, whichever is shorter, attachments base64; so no line of a body is ".", begins
 * with "." or with "From ", and no boundary can occur in a part.
 *
 * The same message gives the same bytes, always: a second attempt repeats the first.
 *
 * What stands in a text can add no line to the header:
 *   subject and names     UTF-8 of any characters; every control character (C0 with CR, LF
 *                         and tab, DEL, C1) and every separator of lines or paragraphs
 *                         (U+2028, U+2029) becomes one space; what is not plain ASCII, and
 *                         what folding would change, is in encoded words (RFC 2047)
 *   names of files        the same, but each of these, of the marks of writing direction
 *                         and invisible characters (utf8_is_hazard()), "/" and "\" becomes
 *                         "_"; RFC 2231, with a name in ASCII for older readers beside it
 *   everything else       is refused where it is not what it should be
 * A string ends at its first NUL, so none can hold one. */
#ifndef NET_MIME_H
#define NET_MIME_H

#include <stddef.h>
#include <stdint.h>

#include <portal/error.h>
#include <portal/record.h>

struct arena;
struct mime;

/* Most bytes of a subject or name, of a text, and most attachments. */
enum {
	MIME_HEADER_BYTES_MAX = 4096,
	MIME_TEXT_BYTES_MAX = 1024 * 1024,
	MIME_ATTACHMENTS_MAX = 100,
};

/* Of more references the first is written, and the last that make up this number. */
enum { MIME_REFERENCES_MAX = 20 };

/* Somebody. @name is what people read, NULL or "" for none. @address is what
 * email_parse() takes and is written as that gives it back: ASCII, in lower case. */
struct mime_address {
	const char *name;
	const char *address;
};

/* A file that goes along. @fd is a regular file, read from its beginning whatever its
 * offset, which stays as it is; it stays open, and the file as it is, until the last byte
 * was pulled. @media_type is "application/pdf", in lower case and without parameters;
 * message/... and multipart/..., which may not be base64 (RFC 2045, 6.4), are sent as
 * application/octet-stream. @name is that of the file; "" gives "attachment". */
struct mime_attachment {
	int fd;
	const char *media_type;
	const char *name;
};

/* Who wrote it (RFC 3834): a person, and then nothing is said; the portal by itself; the
 * portal in answer to a message. */
enum mime_author { MIME_BY_PERSON, MIME_AUTO_GENERATED, MIME_AUTO_REPLIED };

/* What goes into a message. All of it must live until mime_compose() returns.
 *
 * @from, @to: who writes to whom.
 * @reply_to: where answers go; without an address to @from.
 * @subject: "" is allowed.
 * @date: when, and @zone_offset_minutes how far the writer's clock is east of UTC then
 *   (-180 in Sao Paulo).
 * @message_id: "id@host", without angle brackets, printable ASCII, at most 250 bytes;
 *   another one for every message, and the same one for every attempt.
 * @boundary_seed: any number; the lines between parts are made of it.
 * @list_id: a name as that of a host (RFC 2919), which mail programs sort by; NULL for none.
 * @author: see above.
 * @in_reply_to: the message this one answers, as @message_id; NULL for none.
 * @references: @reference_count ids of the conversation, the oldest first.
 * @text, @html: @text_len and @html_len bytes of UTF-8 without NUL; @html NULL for none.
 *   CRLF, CR and LF all end a line and become CRLF, and a last line that has no end gets
 *   one. All other characters arrive as they are.
 * @attachments: @attachment_count files. */
struct mime_message {
	struct mime_address from, to, reply_to;
	const char *subject;
	portal_time date;
	int zone_offset_minutes;
	const char *message_id;
	uint64_t boundary_seed;
	const char *list_id;
	enum mime_author author;
	const char *in_reply_to;
	const char *const *references;
	size_t reference_count;
	const char *text;
	size_t text_len;
	const char *html;
	size_t html_len;
	const struct mime_attachment *attachments;
	size_t attachment_count;
};

/* Composes @message, which lives in @arena with all it needs but the attachments: those
 * are read while the bytes are pulled, in constant memory. Returns 0, or and then leaves
 * *ret alone:
 *   -PORTAL_INVALID_TEXT   a text is not UTF-8, or the message's holds a NUL
 *   -PORTAL_INVALID_EMAIL  an address is missing, is none, or is not ASCII
 *   -PORTAL_INVALID_TIME   outside 1970-01-02 to the year 9999, or an offset of a day
 *   -PORTAL_INVALID        an id or media type is none, or a limit is passed
 *   -PORTAL_FAILURE        an attachment is no regular file
 *   -PORTAL_NO_MEMORY */
int mime_compose(struct arena *arena, const struct mime_message *message, struct mime **ret,
	struct portal_error *err);

/* How many bytes mime_read() gives, all in all. */
int64_t mime_size(const struct mime *mime);

/* What mime_read() returns when it failed: the number that libcurl takes for "end the
 * transfer, it is no message" (CURL_READFUNC_ABORT). */
enum { MIME_READ_ABORT = 0x10000000 };

/* The next @size bytes into @buffer, fewer only at the end; how many there are, 0 when
 * there are no more. MIME_READ_ABORT, now and in every later call, when an attachment can't
 * be read or has another size than when the message was composed; then what was pulled is
 * not a message and must not be sent as one. @size is below MIME_READ_ABORT. */
size_t mime_read(struct mime *mime, char *buffer, size_t size);

/* Why mime_read() failed: -PORTAL_FAILURE with a sentence; 0 when it did not. */
int mime_failure(const struct mime *mime, struct portal_error *err);

#endif
