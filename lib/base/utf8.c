#include "base/utf8.h"

#include <string.h>

#include <portal/arena.h>

#include "base/i18n.h"

enum { EMAIL_BYTES_MAX = 254, LOCAL_BYTES_MAX = 64, LABEL_BYTES_MAX = 63, HOST_BYTES_MAX = 253 };

/* 0 for bytes that can't begin a character. */
static size_t sequence_bytes(unsigned char first)
{
	if (first < 0x80)
		return 1;
	if (first < 0xc2)
		return 0;
	if (first < 0xe0)
		return 2;
	if (first < 0xf0)
		return 3;
	return first < 0xf5 ? 4 : 0;
}

static bool is_character(uint32_t value)
{
	return value <= 0x10ffff && (value < 0xd800 || value > 0xdfff);
}

size_t utf8_next(const char *text, size_t len, uint32_t *ret)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const unsigned char *bytes = (const unsigned char *)text;
	size_t count = len > 0 ? sequence_bytes(bytes[0]) : 0;
	uint32_t value;

	if (count == 0 || count > len)
		return 0;
	value = count == 1 ? bytes[0] : bytes[0] & (0x7fu >> count);
	for (size_t i = 1; i < count; i++) {
		if ((bytes[i] & 0xc0) != 0x80)
			return 0;
		value = value << 6 | (bytes[i] & 0x3f);
	}
	if (value < least[count] || !is_character(value))
		return 0;
	*ret = value;
	return count;
}

static size_t ascii_words(const char *text, size_t len)
{
	size_t done = 0;
	uint64_t word;

	for (; len - done >= sizeof(word); done += sizeof(word)) {
		memcpy(&word, text + done, sizeof(word));
		if (word & UINT64_C(0x8080808080808080))
			break;
	}
	return done;
}

bool utf8_valid(const char *text, size_t len)
{
	uint32_t character;

	while (len > 0) {
		size_t n = ascii_words(text, len);

		if (n == 0)
			n = utf8_next(text, len, &character);
		if (n == 0)
			return false;
		text += n;
		len -= n;
	}
	return true;
}

static size_t encoded_bytes(uint32_t character)
{
	if (!is_character(character))
		return 0;
	if (character < 0x80)
		return 1;
	if (character < 0x800)
		return 2;
	return character < 0x10000 ? 3 : 4;
}

size_t utf8_encode(uint32_t character, char buf[static 4])
{
	static const unsigned char marks[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
	size_t count = encoded_bytes(character);

	if (count == 0)
		return 0;
	for (size_t i = count - 1; i > 0; i--) {
		buf[i] = (char)(0x80 | (character & 0x3f));
		character >>= 6;
	}
	buf[0] = (char)(marks[count] | character);
	return count;
}

bool utf8_is_blank(uint32_t character)
{
	if (character < 0x80)
		return character == ' ' || character == '\t';
	return character == 0xa0 || character == 0x1680 ||
	       (character >= 0x2000 && character <= 0x200a) || character == 0x202f ||
	       character == 0x205f || character == 0x3000;
}

static bool is_control(uint32_t character)
{
	return character < 0x20 || (character >= 0x7f && character <= 0x9f);
}

bool utf8_is_hazard(uint32_t character)
{
	static const struct {
		uint32_t first, last;
	} hazards[] = { { 0x61c, 0x61c }, { 0x200b, 0x200b }, { 0x200e, 0x200f },
		{ 0x2028, 0x202e }, { 0x2066, 0x2069 }, { 0xfeff, 0xfeff }, { 0xe0000, 0xe007f } };

	if (character < 0x61c)
		return is_control(character);
	for (size_t i = 0; i < sizeof(hazards) / sizeof(hazards[0]); i++)
		if (character >= hazards[i].first && character <= hazards[i].last)
			return true;
	return false;
}

bool utf8_is_invisible(uint32_t character)
{
	static const struct {
		uint32_t first, last;
	} ignorable[] = { { 0xad, 0xad }, { 0x34f, 0x34f }, { 0x115f, 0x1160 }, { 0x17b4, 0x17b5 },
		{ 0x180b, 0x180f }, { 0x200b, 0x200f }, { 0x2060, 0x206f }, { 0x2800, 0x2800 },
		{ 0x3164, 0x3164 }, { 0xfe00, 0xfe0f }, { 0xffa0, 0xffa0 }, { 0xfff0, 0xfffb },
		{ 0x1bca0, 0x1bca3 }, { 0x1d173, 0x1d17a }, { 0xe0000, 0xe0fff } };

	if (utf8_is_blank(character) || utf8_is_hazard(character))
		return true;
	for (size_t i = 0; i < sizeof(ignorable) / sizeof(ignorable[0]); i++)
		if (character >= ignorable[i].first && character <= ignorable[i].last)
			return true;
	return false;
}

/* @text is UTF-8, where U+0080 to U+009F begin with a byte of their own. */
static bool has_control(const char *text, size_t len)
{
	const unsigned char *bytes = (const unsigned char *)text;

	for (size_t i = 0; i < len; i++) {
		if (bytes[i] < 0x20 || bytes[i] == 0x7f)
			return true;
		if (bytes[i] == 0xc2 && bytes[i + 1] < 0xa0)
			return true;
	}
	return false;
}

size_t utf8_cut(const char *text, size_t most)
{
	size_t len = strlen(text);

	if (len <= most)
		return len;
	for (len = most; len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80;)
		len--;
	return len;
}

bool text_is_clean(const char *text)
{
	size_t len = strlen(text);

	return utf8_valid(text, len) && !has_control(text, len);
}

static size_t leading_blanks(const char *text, size_t len)
{
	size_t done = 0, n;
	uint32_t character;

	while ((n = utf8_next(text + done, len - done, &character)) > 0 && utf8_is_blank(character))
		done += n;
	return done;
}

/* The last character's length, or 0 where it is not UTF-8. */
static size_t last_character(const char *text, size_t len, uint32_t *ret)
{
	size_t n = 1;

	while (n < len && n < 4 && ((unsigned char)text[len - n] & 0xc0) == 0x80)
		n++;
	return len > 0 && utf8_next(text + len - n, n, ret) == n ? n : 0;
}

static const char *trim(const char *text, size_t *ret_len)
{
	size_t len = strlen(text);
	size_t start = leading_blanks(text, len), n;
	uint32_t character;

	text += start;
	len -= start;
	while ((n = last_character(text, len, &character)) > 0 && utf8_is_blank(character))
		len -= n;
	*ret_len = len;
	return text;
}

static int check_text(
	const char *text, size_t len, size_t max_bytes, const char *field, struct portal_error *err)
{
	if (len > max_bytes)
		return portal_fail(
			err, PORTAL_INVALID, _("'%s' is longer than %zu bytes"), field, max_bytes);
	if (!utf8_valid(text, len))
		return portal_fail(err, PORTAL_INVALID_TEXT, _("'%s' is not UTF-8"), field);
	if (has_control(text, len))
		return portal_fail(err, PORTAL_INVALID_TEXT,
			_("'%s' holds a control character, a tab or a line break"), field);
	return 0;
}

const char *text_field(struct arena *arena, const char *input, size_t max_bytes, const char *field,
	struct portal_error *err)
{
	size_t len;
	const char *text = trim(input, &len);

	if (check_text(text, len, max_bytes, field, err) < 0) {
		portal_about_field(err, field);
		return NULL;
	}
	return arena_strndup(arena, text, len);
}

static size_t label_bytes(const char *text)
{
	return strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-");
}

static bool local_part_is_valid(const char *text, size_t len)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-/=?^_`{|}~.";
	bool may_be_dot = false;

	for (size_t i = 0; i < len; i++) {
		if (!strchr(allowed, text[i]) || (text[i] == '.' && !may_be_dot))
			return false;
		may_be_dot = text[i] != '.';
	}
	return may_be_dot && len <= LOCAL_BYTES_MAX;
}

/* How many labels the name has, and which is the last; 0 for no name of a host. */
static size_t host_labels(const char *text, const char **ret_last)
{
	size_t labels = 0, len;

	for (;; text += len + 1) {
		len = label_bytes(text);
		if (len == 0 || len > LABEL_BYTES_MAX || text[0] == '-' || text[len - 1] == '-')
			return 0;
		labels++;
		if (text[len] != '.')
			break;
	}
	*ret_last = text;
	return text[len] == '\0' ? labels : 0;
}

bool host_name_is_valid(const char *text)
{
	const char *last;

	return strlen(text) <= HOST_BYTES_MAX && host_labels(text, &last) > 0;
}

/* A last label of digits alone would be a piece of an IP address. */
static bool domain_is_valid(const char *text)
{
	const char *last;

	return host_labels(text, &last) >= 2 && last[strspn(last, "0123456789")] != '\0';
}

static bool has_non_ascii(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text >= 0x80)
			return true;
	return false;
}

static void lower_ascii(char *text)
{
	for (; *text; text++)
		if (*text >= 'A' && *text <= 'Z')
			*text = (char)(*text - 'A' + 'a');
}

static int check_email(const char *email, struct portal_error *err)
{
	const char *at = strchr(email, '@');

	if (has_non_ascii(email))
		return portal_fail(err, PORTAL_INVALID_EMAIL,
			_("'%s' has letters that an e-mail address can't have here; write it "
			  "without accents"),
			email);
	if (!at || !local_part_is_valid(email, (size_t)(at - email)) || !domain_is_valid(at + 1))
		return portal_fail(err, PORTAL_INVALID_EMAIL,
			_("'%s' is not an e-mail address like name@example.com"), email);
	return 0;
}

bool text_same(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

const char *email_parse(struct arena *arena, const char *input, struct portal_error *err)
{
	size_t len;
	const char *text = trim(input, &len);
	char *email;

	if (check_text(text, len, EMAIL_BYTES_MAX, "email", err) < 0) {
		err->code = PORTAL_INVALID_EMAIL;
		return NULL;
	}
	email = arena_strndup(arena, text, len);
	lower_ascii(email);
	return check_email(email, err) < 0 ? NULL : email;
}
