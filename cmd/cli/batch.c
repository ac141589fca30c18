#include "batch.h"

#include <string.h>
#include <time.h>

#include <portal/arena.h>
#include <portal/portal.h>

#include "out.h"
#include "records.h"
#include "text.h"

/* A record on its way through its chunk. */
struct item {
	struct record record;
	struct portal_error *failure;
	struct reply *reply;
};

/* @items are the records read; those before @from are done and their results
 * given, those before @done were run in the transaction that is open. */
struct chunk {
	const struct batch *batch;
	struct arena arena;
	struct item *items;
	int64_t count, from, done;
	int first_failure_status;
	struct portal_error *err;
};

static void chunk_release(struct chunk *chunk)
{
	arena_release(&chunk->arena);
}

#define _cleanup_chunk_ __attribute__((cleanup(chunk_release)))

bool batch_is_wanted(const struct parsed *parsed)
{
	if (parsed->globals.batch || parsed->each_values.count > 1)
		return true;
	if ((parsed->command->flags & COMMAND_OWN) && !parsed->globals.all &&
		!option_given(parsed, ARG_FILTER))
		return false;
	return (parsed->command->flags & COMMAND_BULK) && !parsed->each_values.count &&
	       !option_given(parsed, ARG_ALONE);
}

static bool is_atomic(const struct chunk *chunk)
{
	return chunk->batch->parsed->globals.atomic;
}

/* Records that have files of their own. */
static bool has_files(const struct chunk *chunk)
{
	return !is_atomic(chunk) && (chunk->batch->parsed->command->flags & COMMAND_ALONE);
}

/* They commit one by one, each with slow work before its transaction. Rehearsed, they
 * are one transaction: what comes twice must find what came first. */
static bool is_alone(const struct chunk *chunk)
{
	return has_files(chunk) && !chunk->batch->parsed->globals.dry_run;
}

/* Not the record's fault: the next one would meet the same. Of records that stand alone
 * each has a file of its own, which may be unreadable. */
static bool is_everybodys(const struct chunk *chunk, enum portal_code code)
{
	int status = portal_code_exit(code);

	if (code == PORTAL_FAILURE && has_files(chunk))
		return false;
	return status == portal_code_exit(PORTAL_FAILURE) ||
	       status == portal_code_exit(PORTAL_BUSY) ||
	       status == portal_code_exit(PORTAL_NO_SPACE);
}

static int64_t clock_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static size_t bytes_used(const struct chunk *chunk, const struct item *item)
{
	size_t used = arena_used(&chunk->arena);

	if (chunk->batch->portal)
		used += arena_used(portal_arena(chunk->batch->portal));
	if (item->reply)
		used += arena_used(reply_arena(item->reply));
	return used;
}

static int run_item(struct chunk *chunk, struct item *item)
{
	const struct batch *batch = chunk->batch;
	const struct command *command = batch->parsed->command;
	struct portal_error failure = { .arena = &chunk->arena };

	item->failure = item->record.failure;
	item->reply = NULL;
	if (item->failure)
		return 0;
	item->reply = out_reply_begin(batch->out, batch->options);
	if (command->run(batch->portal, item->record.args, item->reply, &failure) >= 0)
		return 0;
	failure.line = item->record.line;
	failure.source = records_source(batch->parsed);
	item->failure = failure_copy(&chunk->arena, &failure);
	if (!is_atomic(chunk) && !is_everybodys(chunk, failure.code))
		return 0;
	*chunk->err = failure;
	return -(int)failure.code;
}

/* The transaction. It may be run again, so it begins where the chunk began. */
static int run_items(void *arg)
{
	struct chunk *chunk = arg;
	int64_t end_ms = clock_ms() + CHUNK_MS_MAX;
	size_t before = arena_used(&chunk->arena);

	for (chunk->done = chunk->from; chunk->done < chunk->count;) {
		struct item *item = &chunk->items[chunk->done++];
		int rc = run_item(chunk, item);

		if (rc < 0)
			return rc;
		if (is_alone(chunk))
			break;
		if (!is_atomic(chunk) && (clock_ms() >= end_ms || bytes_used(chunk, item) - before >
									  CHUNK_BYTES_MAX))
			break;
	}
	return 0;
}

static int transact(struct chunk *chunk)
{
	if (is_alone(chunk))
		return run_items(chunk);
	if (chunk->batch->parsed->command->needs == NEEDS_WRITE)
		return portal_transact(chunk->batch->portal, run_items, chunk, chunk->err);
	return run_items(chunk);
}

/* A check answers although it fails; any other failure has no record to show. */
static int give_result(struct chunk *chunk, struct item *item, struct portal_error *err)
{
	bool answers = !item->failure || (chunk->batch->parsed->command->flags & COMMAND_CHECKS);

	if (item->failure && !chunk->first_failure_status)
		chunk->first_failure_status = portal_code_exit(item->failure->code);
	return out_result(chunk->batch->out, item->record.line, answers ? item->reply : NULL,
		item->failure, err);
}

static int give_results(struct chunk *chunk, struct portal_error *err)
{
	for (; chunk->from < chunk->done; chunk->from++) {
		int rc = give_result(chunk, &chunk->items[chunk->from], err);

		if (rc < 0)
			return rc;
	}
	if (chunk->batch->portal)
		portal_forget(chunk->batch->portal);
	return 0;
}

/* The chunk was rolled back: that is what happened to each record of it. */
static int give_rollback(struct chunk *chunk, int rc)
{
	struct portal_error ignored = { 0 };

	if (is_atomic(chunk) || chunk->err->code == PORTAL_OUTPUT)
		return rc;
	for (int64_t i = chunk->from; i < chunk->count; i++) {
		struct item *item = &chunk->items[i];

		item->reply = NULL;
		item->failure = item->record.failure ? item->record.failure : chunk->err;
	}
	chunk->done = chunk->count;
	if (give_results(chunk, &ignored) == 0)
		out_results_end(chunk->batch->out, &ignored);
	return rc;
}

static int run_chunk(struct chunk *chunk)
{
	while (chunk->from < chunk->count) {
		int rc = transact(chunk);

		if (rc < 0)
			return give_rollback(chunk, rc);
		chunk->arena.out_of_memory = chunk->batch->options->out_of_memory_after;
		rc = give_results(chunk, chunk->err);
		if (rc < 0)
			return rc;
	}
	return 0;
}

static int too_many(struct portal_error *err)
{
	return portal_fail(err, PORTAL_USAGE,
		_("an atomic batch holds at most %d records and %d MiB; nothing was done"),
		ATOMIC_RECORDS_MAX, ATOMIC_BYTES_MAX / (1024 * 1024));
}

/* 1 when there is room for one more, 0 when the chunk is full. */
static int has_room(const struct chunk *chunk)
{
	size_t used = arena_used(&chunk->arena);

	if (!is_atomic(chunk))
		return chunk->count < CHUNK_RECORDS_MAX && used < CHUNK_BYTES_MAX;
	if (chunk->count > ATOMIC_RECORDS_MAX || used > ATOMIC_BYTES_MAX)
		return too_many(chunk->err);
	return 1;
}

static int add_item(struct chunk *chunk, const struct record *record)
{
	if ((chunk->count & (chunk->count - 1)) == 0) {
		size_t count = (size_t)chunk->count;
		struct item *grown =
			arena_array(&chunk->arena, count ? 2 * count : 1, sizeof(*grown));

		if (count)
			memcpy(grown, chunk->items, count * sizeof(*grown));
		chunk->items = grown;
	}
	chunk->items[chunk->count++].record = *record;
	if (!is_atomic(chunk) || !record->failure)
		return 1;
	*chunk->err = *record->failure;
	return -(int)chunk->err->code;
}

/* Reads the next records; 1 when there may be more behind them. */
static int fill_chunk(struct chunk *chunk, struct records *records)
{
	int rc = 1;

	arena_reset(&chunk->arena);
	chunk->items = NULL;
	chunk->count = chunk->from = 0;
	while (rc > 0) {
		struct record record;

		rc = records_next(records, &chunk->arena, &record, chunk->err);
		if (rc <= 0)
			return rc;
		if (add_item(chunk, &record) < 0)
			return -(int)chunk->err->code;
		rc = has_room(chunk);
	}
	return rc < 0 ? rc : 1;
}

static int run_all(struct chunk *chunk, struct records *records)
{
	int more;

	do {
		int rc;

		more = fill_chunk(chunk, records);
		if (more < 0)
			return more;
		rc = run_chunk(chunk);
		if (rc < 0)
			return rc;
	} while (more);
	return out_results_end(chunk->batch->out, chunk->err);
}

int batch_run(const struct batch *batch, int *ret_status, struct portal_error *err)
{
	_cleanup_records_ struct records records;
	_cleanup_chunk_ struct chunk chunk = { .batch = batch, .err = err };
	int rc = records_open(&records, batch->parsed, batch->portal, err);

	chunk.arena.out_of_memory = batch->parsed->reading.arena->out_of_memory;
	if (rc >= 0)
		rc = run_all(&chunk, &records);
	if (rc < 0) {
		failure_keep(batch->parsed->reading.arena, err);
		return rc;
	}
	*ret_status = out_result_status(batch->out);
	if (*ret_status && (batch->parsed->command->flags & COMMAND_ANY))
		*ret_status = chunk.first_failure_status;
	return 0;
}
