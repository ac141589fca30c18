#include "records.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <portal/text.h>

#include "text.h"

enum { IDS_IN_BLOCK = 4096 };

/* Ids in the order they were matched; @taken of them have been given out. */
struct id_block {
	struct id_block *next;
	int count, taken;
	int64_t ids[IDS_IN_BLOCK];
};

struct portal_error *failure_copy(struct arena *arena, const struct portal_error *err)
{
	struct portal_error *copy = arena_new(arena, struct portal_error);

	*copy = *err;
	return copy;
}

void failure_keep(struct arena *arena, struct portal_error *err)
{
	struct portal_fault **to = &err->faults;

	for (struct portal_fault *fault = err->faults; fault; fault = fault->next) {
		*to = arena_new(arena, struct portal_fault);
		**to = *fault;
		(*to)->message = arena_strdup(arena, fault->message);
		(*to)->field = arena_strdup(arena, fault->field);
		err->last_fault = *to;
		to = &(*to)->next;
	}
	err->field = arena_strdup(arena, err->field);
	err->arena = arena;
}

static int note_id(void *arg, int64_t id)
{
	struct records *records = arg;
	struct id_block *last = records->last_ids;

	if (!last || last->count == IDS_IN_BLOCK) {
		last = arena_new(&records->ids_arena, struct id_block);
		if (records->last_ids)
			records->last_ids->next = last;
		else
			records->ids = last;
		records->last_ids = last;
	}
	last->ids[last->count++] = id;
	return 0;
}

static enum portal_reader_format reader_format(const struct globals *globals)
{
	if (!globals->batch_format || !strcmp(globals->batch_format, "ndjson"))
		return PORTAL_READER_NDJSON;
	return strcmp(globals->batch_format, "csv") ? PORTAL_READER_IDS : PORTAL_READER_CSV;
}

static int open_batch(struct records *records, struct portal_error *err)
{
	const struct globals *globals = &records->parsed->globals;

	if (!strcmp(globals->batch, "-"))
		records->fd = STDIN_FILENO;
	else
		records->fd = open(globals->batch, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (records->fd < 0)
		return portal_fail(err, PORTAL_FAILURE, _("can't read '%s': %s"),
			portal_text_printable(records->parsed->reading.arena, globals->batch),
			strerror(errno));
	return portal_reader_open(&records->reader, records->fd, reader_format(globals), err);
}

int records_open(struct records *ret, const struct parsed *parsed, struct portal *portal,
	struct portal_error *err)
{
	const struct command *command = parsed->command;

	*ret = (struct records){ .parsed = parsed,
		.fd = -1,
		.ids_arena = { .out_of_memory = parsed->reading.arena->out_of_memory } };
	if (parsed->globals.batch)
		return open_batch(ret, err);
	if (parsed->each_values.count || !command->select)
		return 0;
	return command->select(portal, parsed->args, note_id, ret, err);
}

void records_close(struct records *records)
{
	portal_reader_close(&records->reader);
	if (records->fd > STDERR_FILENO)
		close(records->fd);
	arena_release(&records->ids_arena);
}

static bool same_key(const char *name, const char *key)
{
	for (; *name && *key; name++, key++) {
		char a = *name == '-' ? '_' : (char)tolower((unsigned char)*name);
		char b = *key == '-' ? '_' : *key;

		if (a != b)
			return false;
	}
	return *name == *key;
}

static bool can_be_key(const struct arg *arg)
{
	return arg->name && arg->type != ARG_SECRET && !(arg->flags & ARG_NOT_IN_BATCH);
}

/* A record without keys (ids) is the value of the operand that each record has:
 * the one marked so, or the first. */
static const struct arg *operand_of_id(const struct command *command, int *ret_index)
{
	const struct arg *operands = command->operands;

	*ret_index = 0;
	for (int i = 0; operands && operands[i].name; i++)
		if (operands[i].flags & ARG_EACH)
			*ret_index = i;
	return operands && operands->name ? &operands[*ret_index] : NULL;
}

static const struct arg *find_key(const struct command *command, const char *key, int *ret_index)
{
	const struct arg *arg;

	if (!key)
		return operand_of_id(command, ret_index);
	for (int i = 0; (arg = command_arg(command, i)); i++) {
		if (!can_be_key(arg) || !same_key(arg->name, key))
			continue;
		*ret_index = i;
		return arg;
	}
	return NULL;
}

static int unknown_key(const struct command *command, struct arena *arena, const char *key,
	struct portal_error *err)
{
	struct suggestion guess = suggest_begin(key ? key : "");
	const struct arg *arg;

	for (int i = 0; (arg = command_arg(command, i)); i++)
		if (can_be_key(arg) && i >= OPERANDS_MAX)
			suggest_try(&guess, arg->name);
	portal_fail(err, PORTAL_INVALID, _("'%s' is no key of a record for '%s'"),
		key ? portal_text_printable(arena, key) : "", command->verb);
	suggest_hint(&guess, err);
	return portal_about_field(err, key ? portal_text_printable(arena, key) : NULL);
}

struct filling {
	struct reading reading;
	const struct command *command;
	void *args;
	uint64_t given;
};

static int fill_items(struct filling *filling, const struct arg *arg,
	const struct portal_value *value, struct portal_error *err)
{
	if (arg->type != ARG_LIST) {
		portal_fail(err, PORTAL_INVALID, _("'%s' takes one value, not a list"), arg->name);
		return portal_about_field(err, arg->name);
	}
	for (int64_t i = 0; i < value->count; i++)
		if (value_read(&filling->reading, arg, filling->args, value->items[i], err) < 0)
			return -(int)err->code;
	return 0;
}

/* A list in one text, as CSV has it. */
static int fill_split(
	struct filling *filling, const struct arg *arg, const char *text, struct portal_error *err)
{
	for (;;) {
		size_t len = strcspn(text, "|");
		const char *item = arena_strndup(filling->reading.arena, text, len);

		if (value_read(&filling->reading, arg, filling->args, item, err) < 0)
			return -(int)err->code;
		if (!text[len])
			return 0;
		text += len + 1;
	}
}

static int fill_text(
	struct filling *filling, const struct arg *arg, const char *text, struct portal_error *err)
{
	if (arg->type == ARG_LIST)
		return fill_split(filling, arg, text, err);
	return value_read(&filling->reading, arg, filling->args, text, err);
}

static int fill_value(struct filling *filling, const struct arg *arg,
	const struct portal_value *value, struct portal_error *err)
{
	bool is_bool = value->type == PORTAL_VALUE_TRUE || value->type == PORTAL_VALUE_FALSE;

	if (arg->type == ARG_LIST)
		*value_list(arg, filling->args) = (cli_list){ 0 };
	if (value->type == PORTAL_VALUE_LIST)
		return fill_items(filling, arg, value, err);
	if (!is_bool)
		return fill_text(filling, arg, value->text, err);
	if (arg->type == ARG_FLAG) {
		value_flag(arg, filling->args, value->type == PORTAL_VALUE_TRUE);
		return 0;
	}
	portal_fail(err, PORTAL_INVALID, _("'%s' is no flag that is true or false"), arg->name);
	return portal_about_field(err, arg->name);
}

/* In a record an operand is called by its key. */
static int about_key(const struct filling *filling, struct portal_error *err)
{
	char *key = err->field ? arena_strdup(filling->reading.arena, err->field) : NULL;

	for (char *c = key; c && *c; c++)
		*c = (char)tolower((unsigned char)*c);
	return portal_about_field(err, key);
}

/* Two spellings of one key ("due-at", "due_at") in one record are one too many. */
static int fill_key(struct filling *filling, const struct portal_value *value, uint64_t *seen,
	struct portal_error *err)
{
	int index = 0;
	const struct arg *arg = find_key(filling->command, value->key, &index);
	uint64_t bit = UINT64_C(1) << index;

	if (!arg)
		return unknown_key(filling->command, filling->reading.arena, value->key, err);
	if (value->type == PORTAL_VALUE_NONE)
		return 0;
	if (*seen & bit)
		return portal_fail(err, PORTAL_INVALID, _("the record has '%s' twice"), arg->name);
	*seen |= bit;
	filling->given |= bit;
	return fill_value(filling, arg, value, err) < 0 ? about_key(filling, err) : 0;
}

static int fill_record(
	struct filling *filling, const struct portal_input *input, struct portal_error *err)
{
	uint64_t seen = 0;

	for (int i = 0; i < input->count; i++) {
		int rc = fill_key(filling, &input->values[i], &seen, err);

		if (rc < 0)
			return rc;
	}
	if (command_check_given(filling->command, filling->given, err) < 0)
		return about_key(filling, err);
	return 0;
}

static struct filling begin(const struct records *records, struct arena *arena)
{
	const struct parsed *parsed = records->parsed;
	struct filling filling = {
		.reading = parsed->reading, .command = parsed->command, .given = parsed->given
	};

	filling.reading.arena = arena;
	filling.args = arena_alloc(arena, parsed->command->args_size);
	memcpy(filling.args, parsed->args, parsed->command->args_size);
	return filling;
}

const char *records_source(const struct parsed *parsed)
{
	const char *batch = parsed->globals.batch;

	return batch && strcmp(batch, "-") ? batch : NULL;
}

/* What is wrong with a record is a fault of the data, not of the command line. */
static int fail_record(const struct records *records, struct arena *arena, struct record *ret,
	struct portal_error *err)
{
	if (err->code == PORTAL_USAGE)
		err->code = PORTAL_INVALID;
	err->line = ret->line;
	err->source = records_source(records->parsed);
	ret->failure = failure_copy(arena, err);
	return 1;
}

static int next_input(
	struct records *records, struct arena *arena, struct record *ret, struct portal_error *err)
{
	struct portal_error fault = { .arena = arena };
	struct portal_input input = { 0 };
	struct filling filling;
	int rc = portal_reader_next(records->reader, arena, &input, &fault);

	ret->line = rc < 0 ? fault.line : input.line;
	if (rc == -PORTAL_INVALID_INPUT)
		return fail_record(records, arena, ret, &fault);
	if (rc < 0)
		*err = fault;
	if (rc <= 0)
		return rc;
	filling = begin(records, arena);
	ret->args = filling.args;
	if (fill_record(&filling, &input, &fault) < 0)
		return fail_record(records, arena, ret, &fault);
	return 1;
}

static int next_operand(
	struct records *records, struct arena *arena, struct record *ret, struct portal_error *err)
{
	const struct parsed *parsed = records->parsed;
	struct filling filling;

	if (records->line == parsed->each_values.count)
		return 0;
	filling = begin(records, arena);
	ret->args = filling.args;
	ret->line = records->line + 1;
	if (value_read(&filling.reading, parsed->each, filling.args,
		    parsed->each_values.items[records->line++], err) < 0)
		return -(int)err->code;
	return 1;
}

static bool next_id(struct records *records, int64_t *ret)
{
	if (records->ids && records->ids->taken == records->ids->count)
		records->ids = records->ids->next;
	if (!records->ids)
		return false;
	*ret = records->ids->ids[records->ids->taken++];
	return true;
}

static int next_selected(struct records *records, struct arena *arena, struct record *ret)
{
	const struct command *command = records->parsed->command;
	struct filling filling;
	int64_t id;
	int index;

	if (!next_id(records, &id))
		return 0;
	filling = begin(records, arena);
	*(int64_t *)(void *)((char *)filling.args + operand_of_id(command, &index)->offset) = id;
	ret->args = filling.args;
	ret->line = ++records->line;
	return 1;
}

int records_next(
	struct records *records, struct arena *arena, struct record *ret, struct portal_error *err)
{
	*ret = (struct record){ 0 };
	if (records->reader)
		return next_input(records, arena, ret, err);
	if (records->parsed->each_values.count)
		return next_operand(records, arena, ret, err);
	return next_selected(records, arena, ret);
}
