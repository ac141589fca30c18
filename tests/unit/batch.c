#include <portal/arena.h>
#include <portal/portal.h>

#include "../../cmd/cli/cli.h"

static int run_record(
	struct portal *portal, const void *args, struct reply *reply, struct portal_error *err);
static int select_three(struct portal *portal, const void *args, int (*each)(void *arg, int64_t id),
	void *arg, struct portal_error *err);

#define SEND_RUN run_record
#define ACCEPT_SELECT select_three
#include "table.h"

#include "../../cmd/cli/records.c"
#include "../../cmd/cli/batch.c"

#include "check.h"

/* Stands in for a portal and for the output: both write down what happened. */
struct portal {
	struct arena arena;
	int transactions, runs;
	int reruns; /* how often the next transaction is to be run again */
};

struct reply {
	int unused;
};

struct out {
	struct reply reply;
	char log[4096];
	size_t len;
	int failed, done;
};

static struct arena replies;

struct arena *reply_arena(struct reply *reply)
{
	(void)reply;
	return &replies;
}

struct arena *portal_arena(struct portal *portal)
{
	return &portal->arena;
}

void portal_forget(struct portal *portal)
{
	arena_reset(&portal->arena);
}

int portal_transact(
	struct portal *portal, int (*body)(void *arg), void *arg, struct portal_error *err)
{
	(void)err;
	for (portal->transactions++; portal->reruns > 0; portal->reruns--)
		body(arg);
	return body(arg);
}

struct reply *out_reply_begin(struct out *out, const struct portal_options *options)
{
	(void)options;
	return &out->reply;
}

static void note(struct out *out, const char *text, int64_t line)
{
	int len = snprintf(
		out->log + out->len, sizeof(out->log) - out->len, "%s%lld ", text, (long long)line);

	out->len += out->len + (size_t)len < sizeof(out->log) ? (size_t)len : 0;
}

int out_result(struct out *out, int64_t line, struct reply *reply,
	const struct portal_error *failure, struct portal_error *err)
{
	(void)reply;
	(void)err;
	note(out, failure ? portal_code_word(failure->code) : "ok", line);
	out->failed += failure != NULL;
	out->done++;
	return 0;
}

int out_results_end(struct out *out, struct portal_error *err)
{
	(void)err;
	note(out, "end", out->done);
	return 0;
}

int out_result_status(const struct out *out)
{
	return out->failed ? portal_code_exit(PORTAL_PARTIAL) : 0;
}

static int run_record(
	struct portal *portal, const void *args, struct reply *reply, struct portal_error *err)
{
	const struct send_args *sent = args;

	portal->runs++;
	(void)reply;
	if (!strcmp(sent->to, "bad"))
		return portal_fail(err, PORTAL_INVALID_TAX_ID, "'bad' is no tax id");
	if (!strcmp(sent->to, "busy"))
		return portal_fail(err, PORTAL_BUSY, "others are writing");
	return 0;
}

static int run_id(
	struct portal *portal, const void *args, struct reply *reply, struct portal_error *err)
{
	const struct accept_args *accepted = args;

	(void)portal;
	(void)reply;
	if (accepted->id == 12)
		return portal_fail(err, PORTAL_WRONG_STATE, "12 is not pending");
	return 0;
}

static int select_three(struct portal *portal, const void *args, int (*each)(void *arg, int64_t id),
	void *arg, struct portal_error *err)
{
	(void)portal;
	(void)args;
	(void)err;
	for (int64_t id = 11; id <= 13; id++)
		each(arg, id);
	return 0;
}

/* A batch of @text, and what came of it. */
struct outcome {
	struct test test;
	struct portal portal;
	struct out out;
	int rc, status;
};

static void outcome_end(struct outcome *outcome)
{
	test_end(&outcome->test);
	arena_release(&outcome->portal.arena);
}

#define _cleanup_outcome_ __attribute__((cleanup(outcome_end)))

static const char *batch_file(const char *text)
{
	static char path[64];
	FILE *file;

	snprintf(path, sizeof(path), "/tmp/portalctl-batch.%ld", (long)getpid());
	file = fopen(path, "w");
	if (file) {
		fputs(text, file);
		fclose(file);
	}
	return path;
}

static void do_batch(struct outcome *o, const char *text, const char *const *words)
{
	const struct portal_options options = { .wait_ms = 0 };
	struct batch batch = {
		.parsed = &o->test.parsed, .portal = &o->portal, .options = &options, .out = &o->out
	};
	const char *path = batch_file(text);

	test_parse(&o->test, test_env_none, words);
	if (o->test.parsed.globals.batch)
		o->test.parsed.globals.batch = path;
	o->rc = o->test.rc;
	if (o->rc == 0)
		o->rc = batch_run(&batch, &o->status, &o->test.err);
	unlink(path);
}

#define BATCH(text, ...) \
	_cleanup_outcome_ struct outcome o = { 0 }; \
	do_batch(&o, text, (const char *const[]){ "invite", __VA_ARGS__, NULL })

static void a_failed_record_stops_none_of_the_others(void)
{
	BATCH("{\"to_tax_id\":\"a\",\"email\":\"x\"}\n{\"to_tax_id\":\"bad\",\"email\":\"x\"}\n"
	      "{\"to-tax-id\":7,\"email\":\"x\",\"phone\":[\"1\",\"2\"],\"loud\":true}\n",
		"send", "--batch=f");
	CHECK_INT(o.rc, 0);
	CHECK_STR(o.out.log, "ok1 invalid_tax_id2 ok3 end3 ");
	CHECK_INT(o.status, 7);
	CHECK_INT(o.portal.transactions, 1);
}

static void a_record_with_a_fault_is_found_before_it_is_done(void)
{
	BATCH("{\"to_tax_id\":\"a\",\"email\":\"x\",\"emial\":1}\n{\"to_tax_id\":\"a\"}\nnonsense\n"
	      "{\"to_tax_id\":\"a\",\"email\":[\"x\"]}\n{\"to_tax_id\":\"a\",\"email\":true}\n"
	      "{\"to_tax_id\":\"a\",\"email\":\"x\",\"limit\":\"1x\"}\n"
	      "{\"to_tax_id\":\"a\",\"to-tax-id\":\"b\",\"email\":\"x\"}\n"
	      "{\"to_tax_id\":\"a\",\"email\":\"\\u001b\"}\n\n"
	      "{\"to_tax_id\":\"a\",\"email\":\"x\",\"limit\":null}",
		"send", "--batch=f");
	CHECK_INT(o.rc, 0);
	CHECK_STR(o.out.log, "invalid1 invalid2 invalid_input3 invalid4 invalid5 invalid6 "
			     "invalid7 invalid_text8 ok10 end9 ");
}

static void an_atomic_batch_gives_no_results_when_one_fails(void)
{
	BATCH("{\"to_tax_id\":\"a\",\"email\":\"x\"}\n{\"to_tax_id\":\"bad\",\"email\":\"x\"}\n",
		"send", "--batch=f", "--atomic");
	CHECK_INT(o.rc, -PORTAL_INVALID_TAX_ID);
	CHECK_INT(o.test.err.line, 2);
	CHECK_STR(o.out.log, "");
}

static void an_atomic_batch_finds_faults_before_it_begins(void)
{
	BATCH("{\"to_tax_id\":\"a\",\"email\":\"x\"}\n{\"x\":1}\n", "send", "--batch=f",
		"--atomic");
	CHECK_INT(o.rc, -PORTAL_INVALID);
	CHECK_INT(o.test.err.line, 2);
	CHECK_STR(o.test.err.field, "x");
	CHECK_INT(o.portal.transactions, 0);
}

static void a_busy_database_fails_the_whole_chunk(void)
{
	BATCH("{\"to_tax_id\":\"a\",\"email\":\"x\"}\n{\"to_tax_id\":\"busy\",\"email\":\"x\"}\n",
		"send", "--batch=f");
	CHECK_INT(o.rc, -PORTAL_BUSY);
	CHECK_STR(o.out.log, "busy1 busy2 end2 ");
}

static void a_transaction_that_is_run_again_gives_each_result_once(void)
{
	_cleanup_outcome_ struct outcome o = { .portal = { .reruns = 2 } };

	do_batch(&o, "",
		(const char *const[]){ "invite", "send", "a", "bad", "c", "--email=x", NULL });
	CHECK_INT(o.rc, 0);
	CHECK_STR(o.out.log, "ok1 invalid_tax_id2 ok3 end3 ");
	CHECK_INT(o.portal.runs, 3 * 3);
}

static void csv_names_its_keys_in_the_first_line(void)
{
	BATCH("TO_TAX_ID;email\na;x\n", "send", "--batch=f", "--batch-format=csv");
	CHECK_STR(o.out.log, "invalid2 end1 ");
}

static void csv_cells_are_values(void)
{
	BATCH("to_tax_id;email;phone\na;x;1|2\nbad;x;\nb;;\n;y\n", "send", "--batch=f",
		"--batch-format=csv");
	CHECK_STR(o.out.log, "ok2 invalid_tax_id3 invalid4 invalid_input5 end4 ");
}

static void ids_take_the_options_of_the_command_line(void)
{
	BATCH("a\n\nbad\r\n", "send", "--batch=f", "--batch-format=ids", "--email=x");
	CHECK_STR(o.out.log, "ok1 invalid_tax_id3 end2 ");
}

static void an_empty_batch_is_no_failure(void)
{
	BATCH("", "send", "--batch=f");
	CHECK_INT(o.rc, 0);
	CHECK_INT(o.status, 0);
	CHECK_STR(o.out.log, "end0 ");
}

static void a_filter_stands_for_the_ids_it_matches(void)
{
	struct command by_id = accept_command;
	_cleanup_outcome_ struct outcome o = { 0 };
	const char *const words[] = { "invite", "accept", "--all", NULL };
	const struct portal_options options = { .wait_ms = 0 };
	const struct batch job = {
		.parsed = &o.test.parsed, .portal = &o.portal, .options = &options, .out = &o.out
	};

	by_id.run = run_id;
	test_parse(&o.test, test_env_none, words);
	CHECK_INT(o.test.rc, 0);
	CHECK(batch_is_wanted(&o.test.parsed));
	o.test.parsed.command = &by_id;
	CHECK_INT(batch_run(&job, &o.status, &o.test.err), 0);
	CHECK_STR(o.out.log, "ok1 wrong_state2 ok3 end3 ");
}

static void a_long_batch_goes_in_several_transactions(void)
{
	enum { RECORDS = 2 * CHUNK_RECORDS_MAX + 1, BYTES = RECORDS * 2 + 1 };
	char *text = malloc(BYTES);

	for (int i = 0; text && i < RECORDS; i++)
		memcpy(text + 2 * i, "a\n", 3);
	BATCH(text ? text : "", "send", "--batch=f", "--batch-format=ids", "--email=x");
	free(text);
	CHECK_INT(o.out.done, RECORDS);
	CHECK_INT(o.portal.runs, RECORDS);
	CHECK(o.portal.transactions >= 3);
}

int main(void)
{
	RUN(a_failed_record_stops_none_of_the_others);
	RUN(a_record_with_a_fault_is_found_before_it_is_done);
	RUN(an_atomic_batch_gives_no_results_when_one_fails);
	RUN(an_atomic_batch_finds_faults_before_it_begins);
	RUN(a_busy_database_fails_the_whole_chunk);
	RUN(a_transaction_that_is_run_again_gives_each_result_once);
	RUN(csv_names_its_keys_in_the_first_line);
	RUN(csv_cells_are_values);
	RUN(ids_take_the_options_of_the_command_line);
	RUN(an_empty_batch_is_no_failure);
	RUN(a_filter_stands_for_the_ids_it_matches);
	RUN(a_long_batch_goes_in_several_transactions);
	arena_release(&replies);
	CHECK_REPORT();
}
