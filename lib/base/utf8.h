/* Text from outside: is it UTF-8, may it be shown, is it an e-mail address. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <portal/error.h>

struct arena;

/* RFC 3629: no overlong form, no surrogate, nothing above U+10FFFF. */
bool utf8_valid(const char *text, size_t len);

/* Takes the first character of @text apart. Returns how many bytes it has, or
 * 0 where @len is 0 or the bytes are not UTF-8, and then leaves *ret alone. */
size_t utf8_next(const char *text, size_t len, uint32_t *ret);

/* The reverse; returns how many bytes were written, 0 for what is no character. */
size_t utf8_encode(uint32_t character, char buf[static 4]);

/* Tab and the spaces of Unicode (category Zs), the no-break space among them. */
bool utf8_is_blank(uint32_t character);

/* Could it deceive the reader of a terminal? True for controls (C0, DEL, C1),
 * marks of writing direction, U+200B, U+FEFF, line and paragraph separators, and
 * tags. The joiners U+200C and U+200D are letters' business and are no hazard. */
bool utf8_is_hazard(uint32_t character);

/* Is there nothing to be seen of it by itself? True for blanks, line ends and hazards,
 * and for joiners, soft hyphens, fillers, selectors of variants and what else Unicode
 * shows as nothing (Default_Ignorable_Code_Point, and the empty Braille pattern). */
bool utf8_is_invisible(uint32_t character);

/* How many bytes of @text, at most @most, end with a whole character. */
size_t utf8_cut(const char *text, size_t most);

/* UTF-8 without a control character (C0, DEL, C1): one line without a tab. */
bool text_is_clean(const char *text);

/* One line of text for a field of a record: @input without blanks at its ends,
 * in @arena; it may be "". Returns NULL and fills @err, whose field is then
 * @field, for what is not clean (-PORTAL_INVALID_TEXT) and for more than
 * @max_bytes (-PORTAL_INVALID). */
const char *text_field(struct arena *arena, const char *input, size_t max_bytes, const char *field,
	struct portal_error *err);

/* An e-mail address in lower case, without blanks at its ends, in @arena: a
 * local part of at most 64 bytes without quotes, and a domain name with a dot,
 * 254 bytes together (RFC 5321, 4.1.2 and 4.5.3). Returns NULL and fills @err
 * (-PORTAL_INVALID_EMAIL) for anything else, non-ASCII letters included. */
const char *email_parse(struct arena *arena, const char *input, struct portal_error *err);

/* Are the texts the same, byte by byte? NULL is the same as NULL alone. */
bool text_same(const char *a, const char *b);

/* Is it the name of a host, in lower case: labels of letters, digits and inner
 * hyphens, at most 63 bytes each and 253 together, with dots between (RFC 1123, 2.1)? */
bool host_name_is_valid(const char *text);

#endif
