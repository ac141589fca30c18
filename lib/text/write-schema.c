#include "text/writer.h"

#include <string.h>

static void put_words(struct buf *buf, const struct portal_word *words)
{
	buf_str(buf, "{\"enum\":[");
	for (; words->word; words++) {
		json_put_string(buf, words->word);
		buf_char(buf, ',');
	}
	buf_str(buf, "null]}");
}

static void put_type(struct buf *buf, const struct portal_field *field)
{
	static const char *const schemas[] = {
		[PORTAL_TEXT] = "{\"type\":[\"string\",\"null\"]}",
		[PORTAL_INT] = "{\"type\":\"integer\"}",
		[PORTAL_BOOL] = "{\"type\":\"boolean\"}",
		[PORTAL_TIME] = "{\"type\":[\"string\",\"null\"],\"format\":\"date-time\"}",
		[PORTAL_ID] = "{\"type\":[\"integer\",\"null\"]}",
		[PORTAL_LIST] = "{\"type\":\"array\",\"items\":{\"type\":\"string\"}}",
		[PORTAL_JSON] = "{}",
	};
	bool is_id = !strcmp(field->key, "id") && field->type == PORTAL_INT;
	bool is_closed = field->words && !(field->flags & PORTAL_FIELD_OPEN);

	if (is_closed && field->type == PORTAL_TEXT)
		put_words(buf, field->words);
	else
		buf_str(buf, schemas[is_id ? PORTAL_ID : field->type]);
}

void portal_put_record_schema(struct portal_writer *writer, const struct portal_record *record)
{
	struct buf *buf = &writer->buf;

	buf_str(buf, "{\"type\":\"object\",\"properties\":");
	for (const struct portal_field *f = record->fields; f->key; f++) {
		buf_char(buf, f == record->fields ? '{' : ',');
		json_put_string(buf, f->key);
		buf_char(buf, ':');
		put_type(buf, f);
	}
	buf_str(buf, "},\"required\":");
	for (const struct portal_field *f = record->fields; f->key; f++) {
		buf_char(buf, f == record->fields ? '[' : ',');
		json_put_string(buf, f->key);
	}
	buf_str(buf, "]}");
}
