#include "text/json.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <portal/arena.h>

#include "base/i18n.h"
#include "text/cjson.h"
#include "text/json_check.h"

/* @text is that of a string or of a number. */
struct json {
	enum json_type type;
	bool truth;
	const char *key, *text;
	struct json *first, *next;
};

/* @at is the place in the text behind the last number copied, @end the text's end. */
struct copier {
	struct arena *arena;
	const char *at, *end;
};

static const char *skip_string(const char *at)
{
	for (at++; *at != '"'; at++) {
		if (*at == '\\')
			at++;
	}
	return at;
}

/* cJSON keeps a number only as a double. The tree is walked in the order of the
 * text, so the next number of the text is the one wanted; the gate has made sure
 * that it is there. */
static const char *copy_number(struct copier *copier)
{
	const char *at = copier->at;
	size_t len = 0;

	while (*at != '-' && (*at < '0' || *at > '9')) {
		if (*at == '"')
			at = skip_string(at);
		at++;
	}
	while (at + len < copier->end && memchr("+-.0123456789eE", at[len], 15))
		len++;
	copier->at = at + len;
	return arena_strndup(copier->arena, at, len);
}

static enum json_type type_of(const cJSON *item)
{
	switch (item->type & 0xff) {
	case cJSON_Object:
		return JSON_OBJECT;
	case cJSON_Array:
		return JSON_ARRAY;
	case cJSON_String:
		return JSON_STRING;
	case cJSON_Number:
		return JSON_NUMBER;
	case cJSON_True:
	case cJSON_False:
		return JSON_BOOL;
	default:
		return JSON_NULL;
	}
}

/* Recursion ends at JSON_MAX_DEPTH. */
static struct json *copy_tree(struct copier *copier, const cJSON *item)
{
	struct json *copy = arena_new(copier->arena, struct json);
	struct json **end = &copy->first;

	copy->type = type_of(item);
	copy->truth = (item->type & 0xff) == cJSON_True;
	copy->key = arena_strdup(copier->arena, item->string);
	if (copy->type == JSON_STRING)
		copy->text = arena_strdup(copier->arena, item->valuestring);
	if (copy->type == JSON_NUMBER)
		copy->text = copy_number(copier);
	for (const cJSON *child = item->child; child; child = child->next) {
		*end = copy_tree(copier, child);
		end = &(*end)->next;
	}
	return copy;
}

static int refuse(const struct json_fault *fault, struct portal_error *err)
{
	err->line = fault->line;
	err->column = fault->column;
	return portal_fail(err, PORTAL_INVALID_INPUT,
		fault->well_formed ? _("ambiguous JSON: %s") : _("not valid JSON: %s"),
		_(fault->reason));
}

int json_parse(struct arena *arena, const char *text, size_t len, struct json **ret,
	struct portal_error *err)
{
	struct copier copier = { .arena = arena, .at = text, .end = text + len };
	struct json_fault fault;
	struct cjson cjson;
	int rc = json_check(text, len, JSON_MAX_BYTES, &fault);
	cJSON *tree;

	if (rc == -PORTAL_INVALID_INPUT)
		return refuse(&fault, err);
	if (cjson_load(&cjson, err) < 0)
		return -PORTAL_FAILURE;
	tree = rc < 0 ? NULL : cjson.parse(text, len);
	if (!tree)
		return portal_fail(err, PORTAL_NO_MEMORY, _("there is not enough memory"));
	*ret = copy_tree(&copier, tree);
	cjson.free_tree(tree);
	return 0;
}

enum json_type json_type(const struct json *value)
{
	return value ? value->type : JSON_ABSENT;
}

const struct json *json_get(const struct json *object, const char *key)
{
	const struct json *member = json_type(object) == JSON_OBJECT ? object->first : NULL;

	while (member && strcmp(member->key, key) != 0)
		member = member->next;
	return member;
}

const char *json_text(const struct json *value)
{
	return json_type(value) == JSON_STRING ? value->text : NULL;
}

const char *json_number(const struct json *value)
{
	return json_type(value) == JSON_NUMBER ? value->text : NULL;
}

bool json_int64(const struct json *value, int64_t *ret)
{
	const char *text = json_number(value);
	long long number;

	if (!text || text[strspn(text, "-0123456789")] != '\0')
		return false;
	errno = 0;
	number = strtoll(text, NULL, 10);
	if (errno)
		return false;
	*ret = number;
	return true;
}

bool json_bool(const struct json *value, bool *ret)
{
	if (json_type(value) != JSON_BOOL)
		return false;
	*ret = value->truth;
	return true;
}

const struct json *json_first(const struct json *container)
{
	return container ? container->first : NULL;
}

const struct json *json_next(const struct json *member)
{
	return member->next;
}

const char *json_key(const struct json *member)
{
	return member->key;
}
