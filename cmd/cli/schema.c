#include "print.h"

#include <errno.h>
#include <string.h>

#include <portal/apply.h>

#include "process.h"
#include "text.h"

static const char dialect[] = "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\","
			      "\"title\":";
static const char envelope[] = ",\"type\":\"object\",\"properties\":{"
			       "\"schema\":{\"const\":\"portalctl/1\"},\"kind\":{\"const\":";

/* Parts that the schemas of errors and results share. */
#define WORD_OR_NULL "{\"type\":[\"string\",\"null\"]}"
#define NUMBER "{\"type\":\"integer\"}"
#define SOURCE \
	"{\"type\":[\"object\",\"null\"],\"properties\":{\"file\":" WORD_OR_NULL \
	",\"line\":{\"type\":[\"integer\",\"null\"]},\"column\":{\"type\":[\"integer\"," \
	"\"null\"]}},\"required\":[\"file\",\"line\",\"column\"]}"
#define ERROR_PROPERTIES \
	"\"code\":{\"type\":\"string\"},\"exit\":" NUMBER ",\"message\":{\"type\":\"string\"}," \
	"\"hint\":" WORD_OR_NULL ",\"retryable\":{\"type\":\"boolean\"},\"target\":{\"type\":[" \
	"\"object\",\"null\"]},\"field\":" WORD_OR_NULL ",\"source\":" SOURCE \
	",\"errors\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{" \
	"\"code\":{\"type\":\"string\"},\"field\":" WORD_OR_NULL \
	",\"message\":{\"type\":\"string\"},\"source\":" SOURCE \
	"},\"required\":[\"code\",\"field\",\"message\",\"source\"]}}"
#define ERROR_KEYS \
	"\"code\",\"exit\",\"message\",\"hint\",\"retryable\",\"target\",\"field\",\"source\"," \
	"\"errors\""
#define SUMMARY_PROPERTIES "\"ok\":" NUMBER ",\"changed\":" NUMBER ",\"failed\":" NUMBER
#define SUMMARY_KEYS "\"ok\",\"changed\",\"failed\""
#define RESULT \
	"{\"type\":\"object\",\"properties\":{\"kind\":{\"const\":\"result\"},\"line\":" NUMBER \
	",\"ok\":{\"type\":\"boolean\"},\"changed\":{\"type\":\"boolean\"}," \
	"\"action\":" WORD_OR_NULL \
	",\"dry_run\":{\"const\":true},\"data\":{\"type\":[\"object\",\"null\"]},\"error\":{" \
	"\"type\":[\"object\",\"null\"],\"properties\":{" ERROR_PROPERTIES \
	"},\"required\":[" ERROR_KEYS "]}},\"required\":[\"kind\",\"line\",\"ok\",\"changed\"," \
	"\"action\",\"data\",\"error\"]}"
#define SUMMARY(more, keys) \
	"{\"type\":\"object\",\"properties\":{" more SUMMARY_PROPERTIES \
	"},\"required\":[" keys SUMMARY_KEYS "]}"

#define CONSTANT(kind, properties, keys) \
	"{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"title\":\"" kind \
	"\",\"type\":\"object\",\"properties\":{\"schema\":{\"const\":\"portalctl/1\"}," \
	"\"kind\":{\"const\":\"" kind "\"}," properties \
	"},\"required\":[\"schema\",\"kind\"," keys "]}\n"

/* What has no record: kind and schema. */
static const struct {
	const char *kind, *schema;
} fixed[] = {
	{ "error",
		"{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"title\":\"error\","
		"\"type\":\"object\",\"properties\":{\"schema\":{\"const\":\"portalctl/1\"},"
		"\"kind\":{\"const\":\"error\"}," ERROR_PROPERTIES
		"},\"required\":[\"schema\",\"kind\"," ERROR_KEYS "]}\n" },
	{ "result", RESULT "\n" },
	{ "result.list",
		"{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"title\":"
		"\"result.list\",\"type\":\"object\",\"properties\":{\"schema\":{\"const\":"
		"\"portalctl/1\"},\"kind\":{\"const\":\"result.list\"},\"items\":{\"type\":"
		"\"array\",\"items\":" RESULT "},\"summary\":" SUMMARY(
			"", "") "},\"required\":[\"schema\",\"kind\",\"items\",\"summary\"]}\n" },
	{ "note", CONSTANT("note", "\"code\":{\"const\":\"truncated\"},\"next\":" WORD_OR_NULL,
			  "\"code\",\"next\"") },
	{ "help",
		CONSTANT("help",
			"\"commands\":{\"type\":\"array\"},\"global_options\":{\"type\":\"array\"}",
			"\"commands\",\"global_options\"") },
	{ "version", CONSTANT("version", "\"version\":{\"type\":\"string\"}", "\"version\"") },
	{ "schema.list", CONSTANT("schema.list",
				 "\"items\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}},"
				 "\"count\":" NUMBER ",\"truncated\":{\"const\":false},"
				 "\"next\":{\"type\":\"null\"}",
				 "\"items\",\"count\",\"truncated\",\"next\"") },
	{ "summary", SUMMARY("\"kind\":{\"const\":\"summary\"},", "\"kind\",") "\n" },
};
/* What is read, not written: the language of manifests. */
static const char manifest_kind[] = "manifest";
enum { FIXED = sizeof(fixed) / sizeof(fixed[0]) };

/* The verbs one after the other; NULL at the end. */
struct walk {
	size_t noun, verb;
};

static const struct command *next_verb(struct walk *walk)
{
	while (nouns[walk->noun]) {
		const struct command *command = nouns[walk->noun]->verbs[walk->verb++];

		if (command)
			return command;
		walk->noun++;
		walk->verb = 0;
	}
	return NULL;
}

static const char *kind_of(struct arena *arena, const struct command *command)
{
	if (!command->prints)
		return NULL;
	return arena_printf(arena, "%s%s", command->prints->kind, command->list ? ".list" : "");
}

/* The first verb that prints that kind and has all these flags. */
static const struct command *find_kind(struct arena *arena, const char *kind, unsigned flags)
{
	struct walk walk = { 0 };
	const struct command *command;

	while ((command = next_verb(&walk))) {
		const char *own = kind_of(arena, command);

		if (own && !strcmp(own, kind) && (command->flags & flags) == flags)
			return command;
	}
	return NULL;
}

void out_each_kind(void (*each)(void *arg, const char *kind), void *arg)
{
	_cleanup_arena_ struct arena arena = { .out_of_memory = process_out_of_memory };
	struct walk walk = { 0 };
	const struct command *command;

	while ((command = next_verb(&walk))) {
		const char *kind = kind_of(&arena, command);

		if (kind && find_kind(&arena, kind, 0) == command)
			each(arg, kind);
	}
	for (size_t i = 0; i < FIXED; i++)
		each(arg, fixed[i].kind);
	each(arg, manifest_kind);
}

/* How the names of the kinds stand: before, between, behind. */
struct naming {
	struct portal_writer *writer;
	const char *before, *between, *behind;
	int64_t count;
};

static void put_kind(void *arg, const char *kind)
{
	struct naming *how = arg;

	portal_put(how->writer, how->count++ ? how->between : how->before);
	portal_put(how->writer, kind);
}

static void put_kinds(struct portal_writer *writer, bool as_json)
{
	struct naming lines = { writer, "", "\n", "\n", 0 };
	struct naming items = { writer,
		"{\"schema\":\"portalctl/1\",\"kind\":\"schema.list\",\"items\":[\"", "\",\"",
		"\"]", 0 };
	struct naming *how = as_json ? &items : &lines;

	out_each_kind(put_kind, how);
	portal_put(writer, how->behind);
	if (!as_json)
		return;
	portal_put(writer, ",\"count\":");
	portal_put_int(writer, how->count);
	portal_put(writer, ",\"truncated\":false,\"next\":null}\n");
}

static void put_document(struct portal_writer *writer, struct arena *arena,
	const struct command *command, const char *kind)
{
	bool is_list = command->list != NULL;

	portal_put(writer, dialect);
	portal_put_json(writer, kind);
	portal_put(writer, envelope);
	portal_put_json(writer, kind);
	portal_put(writer,
		is_list ? "},\"count\":" NUMBER
			  ",\"truncated\":{\"type\":\"boolean\"},\"next\":" WORD_OR_NULL
			  ",\"items\":{\"type\":\"array\",\"items\":"
			: "},\"changed\":{\"type\":\"boolean\"},\"action\":{\"type\":\"string\"},"
			  "\"dry_run\":{\"const\":true},\"data\":");
	portal_put(writer, "{\"$ref\":\"#/$defs/record\"");
	if (find_kind(arena, kind, COMMAND_TOKEN))
		portal_put(writer, ",\"properties\":{\"token\":" WORD_OR_NULL "}");
	portal_put(writer, "}");
	portal_put(writer, is_list ? "}},\"required\":[\"schema\",\"kind\",\"items\",\"count\","
				     "\"truncated\",\"next\"]"
				   : "},\"required\":[\"schema\",\"kind\",\"data\"]");
	portal_put(writer, ",\"$defs\":{\"record\":");
	portal_put_record_schema(writer, command->prints);
	portal_put(writer, "}}\n");
}

static const char *fixed_schema(const char *kind)
{
	for (size_t i = 0; i < FIXED; i++)
		if (!strcmp(fixed[i].kind, kind))
			return fixed[i].schema;
	return NULL;
}

static int put_schema(struct portal_writer *writer, struct arena *arena, const char *kind,
	struct portal_error *err)
{
	const char *schema = fixed_schema(kind);
	const struct command *command = !schema ? find_kind(arena, kind, 0) : NULL;

	if (schema)
		portal_put(writer, schema);
	else if (!strcmp(kind, manifest_kind))
		portal_put_manifest_schema(writer);
	else if (command)
		put_document(writer, arena, command, kind);
	else
		return portal_fail(err, PORTAL_USAGE,
			_("'%s' is not a kind of output; 'portalctl schema' lists them"), kind);
	return 0;
}

int out_schema(int fd, const char *kind, bool as_json, struct portal_error *err)
{
	_cleanup_arena_ struct arena arena = { .out_of_memory = process_out_of_memory };
	struct portal_writer *writer = NULL;
	int result = portal_writer_open(&writer, fd, err);

	if (result == 0 && kind)
		result = put_schema(writer, &arena, kind, err);
	else if (result == 0)
		put_kinds(writer, as_json);
	if (result == 0 && portal_writer_flush(writer))
		result = portal_fail(err, PORTAL_OUTPUT, _("the output could not be written: %s"),
			strerror(portal_writer_errno(writer)));
	portal_writer_close(writer);
	return result;
}
