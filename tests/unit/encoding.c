#include "text/encoding.h"

#include <unistd.h>

#include "check.h"

static int sound(const char *text)
{
	return encoding_utf8_sound(text, strlen(text)) == strlen(text);
}

static void utf8_is_what_rfc_3629_says(void)
{
	CHECK(sound("plain"));
	CHECK(sound(
		"\xc2\x80 \xdf\xbf \xe0\xa0\x80 \xef\xbf\xbf \xf0\x90\x80\x80 \xf4\x8f\xbf\xbf"));
	CHECK(!sound("\x80"));
	CHECK(!sound("\xc0\x80"));
	CHECK(!sound("\xc1\xbf"));
	CHECK(!sound("\xe0\x9f\xbf"));
	CHECK(!sound("\xed\xa0\x80"));
	CHECK(!sound("\xf0\x8f\xbf\xbf"));
	CHECK(!sound("\xf4\x90\x80\x80"));
	CHECK(!sound("\xf5\x80\x80\x80"));
	CHECK(!sound("\xe2\x82"));
	CHECK(!sound("\xe2\x82z"));
	CHECK_INT(encoding_utf8_sound("ab\xffz", 4), 2);
	CHECK_INT(encoding_utf8_length("\xe2\x82", 2), -1);
	CHECK_INT(encoding_utf8_length("\xe2(", 2), 0);
}

static void every_character_is_written_as_it_is_read(void)
{
	char text[4];

	for (uint32_t c = 1; c <= 0x10ffff; c++) {
		size_t len;

		if (c >= 0xd800 && c <= 0xdfff)
			continue;
		len = encoding_put_utf8(c, text);
		if (encoding_utf8_length(text, len) != (int)len) {
			CHECK_INT(c, -1);
			return;
		}
	}
	CHECK_INT(encoding_put_utf8(0x20ac, text), 3);
	CHECK(memcmp(text, "€", 3) == 0);
}

static void cp1252_has_five_bytes_without_meaning(void)
{
	int unknown = 0;

	for (int byte = 1; byte < 256; byte++)
		unknown += encoding_from_cp1252((unsigned char)byte) == 0;
	CHECK_INT(unknown, 5);
	CHECK_INT(encoding_from_cp1252(0x80), 0x20ac);
	CHECK_INT(encoding_from_cp1252(0x81), 0);
	CHECK_INT(encoding_from_cp1252(0x9f), 0x178);
	CHECK_INT(encoding_from_cp1252(0xe7), 0xe7);
	CHECK_INT(encoding_from_cp1252('a'), 'a');
}

static void encodings_have_names(void)
{
	enum encoding encoding = ENCODING_AUTO;
	struct portal_error err = { 0 };

	CHECK_INT(encoding_parse("cp1252", &encoding, &err), 0);
	CHECK_INT(encoding, ENCODING_CP1252);
	CHECK_INT(encoding_parse("latin1", &encoding, &err), -PORTAL_USAGE);
	CHECK_STR(err.message, "'latin1' is not an encoding: auto, utf-8 or cp1252");
}

/* The encoding found for a file of @blanks spaces and then @tail, read to its end. */
static enum encoding found(size_t blanks, const char *tail, size_t *ret_bytes)
{
	static struct source source;
	struct portal_error err = { 0 };
	FILE *file = tmpfile();

	for (size_t i = 0; i < blanks; i++)
		fputc(' ', file);
	fputs(tail, file);
	fflush(file);
	lseek(fileno(file), 0, SEEK_SET);
	CHECK_INT(source_open(&source, fileno(file), ENCODING_AUTO, &err), 0);
	for (*ret_bytes = 0; source_byte(&source) >= 0; (*ret_bytes)++)
		;
	fclose(file);
	return source.encoding;
}

static void the_encoding_is_decided_where_it_first_shows(void)
{
	size_t bytes;

	CHECK_INT(found(10, "a", &bytes), ENCODING_AUTO);
	CHECK_INT(found(10, "ação", &bytes), ENCODING_UTF8);
	CHECK_INT(found(10, "a\xe7\xe3o", &bytes), ENCODING_CP1252);
	CHECK_INT(found(200000, "a\xe7\xe3o", &bytes), ENCODING_CP1252);
	CHECK_INT(bytes, 200004);
	CHECK_INT(found(200000, "ação", &bytes), ENCODING_UTF8);
}

static void a_character_across_two_blocks_is_one(void)
{
	size_t bytes;

	for (size_t before = 1; before < 4; before++) {
		CHECK_INT(found(SOURCE_BLOCK_BYTES - before, "€", &bytes), ENCODING_UTF8);
		CHECK_INT(bytes, SOURCE_BLOCK_BYTES - before + 3);
	}
	CHECK_INT(found(SOURCE_BLOCK_BYTES - 1, "\xe7\xe3o", &bytes), ENCODING_CP1252);
	CHECK_INT(found(SOURCE_BLOCK_BYTES - 1, "\xe7", &bytes), ENCODING_CP1252);
	CHECK_INT(bytes, SOURCE_BLOCK_BYTES);
}

static void a_closed_file_can_not_be_read(void)
{
	static struct source source;
	struct portal_error err = { 0 };

	CHECK_INT(source_open(&source, -1, ENCODING_AUTO, &err), -PORTAL_FAILURE);
	CHECK_STR(err.message, "the input could not be read: Bad file descriptor");
}

int main(void)
{
	RUN(utf8_is_what_rfc_3629_says);
	RUN(every_character_is_written_as_it_is_read);
	RUN(cp1252_has_five_bytes_without_meaning);
	RUN(encodings_have_names);
	RUN(the_encoding_is_decided_where_it_first_shows);
	RUN(a_character_across_two_blocks_is_one);
	RUN(a_closed_file_can_not_be_read);
	CHECK_REPORT();
}
