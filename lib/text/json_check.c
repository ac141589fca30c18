#include "text/json_check.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "text/json_scan.h"
#include "text/mark.h"

/* A key of an object that is still open, unescaped; @at is its place in the text. */
struct key {
	const char *name;
	size_t len, at;
};

/* @names are the keys of all open objects one after the other, @first_key where
 * those of each begin. */
struct gate {
	struct json_scan scan;
	struct json_fault doubt; /* the first of a text that is well formed so far */
	int values;
	size_t first_key[JSON_MAX_DEPTH];
	struct key *keys;
	size_t key_count;
	char *names;
	size_t names_len;
};

static struct json_fault place(const struct gate *gate, size_t at, const char *reason)
{
	struct text_mark mark = TEXT_MARK_START;

	text_mark_move(&mark, gate->scan.text, at);
	return (struct json_fault){ mark.line, mark.column, reason, false };
}

/* The text is refused in the end, unless its grammar is wrong as well. */
static void doubt_at(struct gate *gate, size_t at, const char *reason)
{
	if (gate->doubt.reason)
		return;
	gate->doubt = place(gate, at, reason);
	gate->doubt.well_formed = true;
}

static int compare_keys(const void *a, const void *b)
{
	const struct key *one = a, *two = b;
	size_t shorter = one->len < two->len ? one->len : two->len;
	int order = memcmp(one->name, two->name, shorter);

	if (order == 0)
		order = (one->len > two->len) - (one->len < two->len);
	return order ? order : (one->at > two->at) - (one->at < two->at);
}

/* Sorting, unlike hashing, can't be made slow by keys chosen for it. */
static void check_keys_differ(struct gate *gate, struct key *keys, size_t count)
{
	size_t again = SIZE_MAX;

	qsort(keys, count, sizeof(*keys), compare_keys);
	for (size_t i = 1; i < count; i++) {
		if (keys[i].len == keys[i - 1].len && keys[i].at < again &&
			memcmp(keys[i].name, keys[i - 1].name, keys[i].len) == 0)
			again = keys[i].at;
	}
	if (again != SIZE_MAX)
		doubt_at(gate, again, N_("the key is there twice"));
}

static void open_container(struct gate *gate)
{
	gate->first_key[gate->scan.depth - 1] = gate->key_count;
}

static void close_object(struct gate *gate)
{
	size_t first = gate->first_key[gate->scan.depth];
	size_t count = gate->key_count - first;

	if (!count)
		return;
	gate->names_len = (size_t)(gate->keys[first].name - gate->names);
	gate->key_count = first;
	check_keys_differ(gate, gate->keys + first, count);
}

static void keep_key(struct gate *gate)
{
	const struct json_scan *scan = &gate->scan;

	gate->keys[gate->key_count++] = (struct key){ scan->string, scan->string_len, scan->start };
	gate->names_len += scan->string_len;
}

static int check_count(struct gate *gate)
{
	if (++gate->values <= JSON_MAX_VALUES)
		return 0;
	gate->scan.fault_at = gate->scan.start;
	gate->scan.reason = N_("there are more than 100,000 values");
	return -PORTAL_INVALID_INPUT;
}

static int check_token(struct gate *gate, int token)
{
	if (gate->scan.has_nul)
		doubt_at(gate, gate->scan.nul_at, N_("'\\u0000' is not allowed"));
	if (token == JSON_TOKEN_KEY)
		keep_key(gate);
	if (token == JSON_TOKEN_OBJECT_END)
		close_object(gate);
	if (token == JSON_TOKEN_OBJECT || token == JSON_TOKEN_ARRAY)
		open_container(gate);
	if (token == JSON_TOKEN_KEY || token == JSON_TOKEN_OBJECT_END ||
		token == JSON_TOKEN_ARRAY_END)
		return 0;
	return check_count(gate);
}

static int check_text(struct gate *gate, struct json_fault *ret)
{
	int rc = 0;

	while (rc >= 0) {
		gate->scan.string = gate->names + gate->names_len;
		rc = json_scan_next(&gate->scan);
		if (rc == JSON_TOKEN_END)
			break;
		rc = rc < 0 ? rc : check_token(gate, rc);
	}
	if (rc < 0)
		*ret = place(gate, gate->scan.fault_at, gate->scan.reason);
	else if (gate->doubt.reason)
		*ret = gate->doubt;
	return rc < 0 || gate->doubt.reason ? -PORTAL_INVALID_INPUT : 0;
}

int json_check(const char *text, size_t len, size_t max_bytes, struct json_fault *ret)
{
	/* A key with its colon and value takes four bytes, and is one value. */
	size_t most_keys = len / 4 + 1 < JSON_MAX_VALUES ? len / 4 + 1 : JSON_MAX_VALUES;
	struct gate gate = { .scan = { .text = text, .len = len } };
	int rc;

	if (len > max_bytes) {
		*ret = place(&gate, 0, N_("the text is too long"));
		return -PORTAL_INVALID_INPUT;
	}
	gate.keys = malloc((most_keys + 1) * sizeof(*gate.keys) + len);
	if (!gate.keys)
		return -PORTAL_NO_MEMORY;
	gate.names = (char *)(gate.keys + most_keys + 1);
	rc = check_text(&gate, ret);
	free(gate.keys);
	return rc;
}
