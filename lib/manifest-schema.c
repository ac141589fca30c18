#include "manifest-private.h"

#include <portal/config.h>

#include "manifest-kinds.h"

/* What a text may be, as far as a schema can say it. Empty texts clear a member, but
 * nothing is cleared that is required, and items of lists aren't empty. */
static void put_pattern(struct portal_writer *writer, const struct portal_field *field)
{
	const bool may_be_empty = !(field->flags & MANIFEST_REQUIRED) && field->type != PORTAL_LIST;

	portal_put(writer, may_be_empty ? "" : ",\"minLength\":1");
	if (field->flags & MANIFEST_TAX_ID)
		portal_put(writer, ",\"maxLength\":64,\"pattern\":\"[0-9]\"");
	else if (field->flags & MANIFEST_EMAIL)
		portal_put(writer, may_be_empty ? ",\"pattern\":\"@|^$\"" : ",\"pattern\":\"@\"");
	else if (field->flags & MANIFEST_NAME)
		portal_put(writer, ",\"pattern\":\"^[a-z0-9._-]{0,64}$\"");
	else if (field->type == PORTAL_LIST)
		portal_put(writer, ",\"pattern\":\"^[^\\\\r\\\\n]*$\"");
}

static void put_words(struct portal_writer *writer, const struct portal_field *field)
{
	const char *separator = "";

	portal_put(writer, "\"enum\":[");
	for (const struct portal_word *w = field->words; w->word; w++, separator = ",") {
		portal_put(writer, separator);
		portal_put_json(writer, w->word);
		if (!(field->flags & MANIFEST_NUMBER))
			continue;
		portal_put(writer, ",");
		portal_put(writer, w->word);
	}
	if (!(field->flags & MANIFEST_REQUIRED) && field->type == PORTAL_TEXT)
		portal_put(writer, ",\"\",null");
	portal_put(writer, "]");
}

static void put_text(struct portal_writer *writer, const struct portal_field *field)
{
	if (field->words) {
		put_words(writer, field);
		return;
	}
	if (field->flags & MANIFEST_NUMBER)
		portal_put(writer, "\"type\":[\"string\",\"number\",\"null\"]");
	else if (field->flags & MANIFEST_REQUIRED || field->type == PORTAL_LIST)
		portal_put(writer, "\"type\":\"string\"");
	else
		portal_put(writer, "\"type\":[\"string\",\"null\"]");
	put_pattern(writer, field);
}

static void put_title(struct portal_writer *writer, const char *title)
{
	portal_put(writer, "{\"description\":");
	portal_put_json(writer, title);
	portal_put(writer, ",");
}

static void put_key(struct portal_writer *writer, const char *key, bool is_first)
{
	portal_put(writer, is_first ? "" : ",");
	portal_put_json(writer, key);
	portal_put(writer, ":");
}

static void put_field(struct portal_writer *writer, const struct portal_field *field)
{
	put_title(writer, field->title);
	if (field->type == PORTAL_LIST)
		portal_put(writer, "\"type\":[\"array\",\"null\"],\"items\":{");
	put_text(writer, field);
	portal_put(writer, field->type == PORTAL_LIST ? "}}" : "}");
}

static void put_settings(struct portal_writer *writer, const struct manifest_child *child)
{
	put_title(writer, child->title);
	portal_put(writer, "\"type\":[\"object\",\"null\"],\"additionalProperties\":false,"
			   "\"properties\":{");
	for (size_t i = 0; config_key(i); i++) {
		put_key(writer, config_key(i), i == 0);
		put_field(writer, &child->kind->record.fields[0]);
	}
	portal_put(writer, "}}");
}

/* A keyword whose value is a list of the keys that have @flag; each between @before and
 * @behind. */
struct keyword {
	const char *name, *before, *behind;
	unsigned flag;
};

static void put_keyword(struct portal_writer *writer, const struct keyword *keyword,
	const struct portal_field *fields)
{
	size_t count = 0;

	for (const struct portal_field *f = fields; f->key; f++) {
		if (!(f->flags & keyword->flag))
			continue;
		portal_put(writer, count++ ? "," : keyword->name);
		portal_put(writer, keyword->before);
		portal_put_json(writer, f->key);
		portal_put(writer, keyword->behind);
	}
	portal_put(writer, count ? "]" : "");
}

static void put_members(struct portal_writer *writer, const struct manifest_kind *kind);

static void put_child(struct portal_writer *writer, const struct manifest_child *child)
{
	put_title(writer, child->title);
	portal_put(writer, "\"type\":[\"array\",\"null\"],\"items\":{");
	put_members(writer, child->kind);
	portal_put(writer, "}}");
}

/* Recursion ends with the tables: companies, their users. */
static void put_members(struct portal_writer *writer, const struct manifest_kind *kind)
{
	static const struct keyword required = { ",\"required\":[", "", "", MANIFEST_REQUIRED };
	static const struct keyword either = { ",\"anyOf\":[", "{\"required\":[", "]}",
		MANIFEST_EITHER };
	const struct portal_field *fields = kind->record.fields;

	portal_put(writer, "\"type\":\"object\",\"additionalProperties\":false,\"properties\":{");
	for (const struct portal_field *f = fields; f->key; f++) {
		put_key(writer, f->key, f == fields);
		put_field(writer, f);
	}
	for (const struct manifest_child *c = kind->children; c->key; c++) {
		put_key(writer, c->key, false);
		if (c->is_mapping)
			put_settings(writer, c);
		else
			put_child(writer, c);
	}
	portal_put(writer, "}");
	put_keyword(writer, &required, fields);
	put_keyword(writer, &either, fields);
}

void manifest_put_schema(struct portal_writer *writer)
{
	portal_put(writer, "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\","
			   "\"title\":\"manifest\",");
	put_members(writer, &manifest_file_kind);
	portal_put(writer, "}\n");
}
