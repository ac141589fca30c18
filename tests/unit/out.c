/* The output is part of the program, not of the library: it is built in here. */
#include "../../cmd/cli/errors.c"
#include "../../cmd/cli/fields.c"
#include "../../cmd/cli/human.c"
#include "../../cmd/cli/listing.c"
#include "../../cmd/cli/reply.c"
#include "../../cmd/cli/process.c"
#include "../../cmd/cli/out.c"
#include "../../cmd/cli/results.c"
#include "../../cmd/cli/rows.c"
#include "../../cmd/cli/schema.c"
#include "../../cmd/cli/scols.c"
#include "../../cmd/cli/table.c"

#include <fcntl.h>
#include <locale.h>
#include <sys/mman.h>

#include "check.h"

struct guest {
	int64_t id;
	const char *status, *email;
	portal_time sent_at;
	const char *note;
	int64_t tries;
};

static const struct portal_word states[] = { { "sent", "sent out" }, { NULL } };
static const struct portal_field guest_fields[] = {
	PORTAL_FIELD(struct guest, id, "Id"),
	PORTAL_FIELD(struct guest, status, "Status", .words = states),
	PORTAL_FIELD(struct guest, email, "E-mail"),
	PORTAL_FIELD(struct guest, sent_at, "Sent"),
	PORTAL_FIELD(struct guest, note, "Note", .flags = PORTAL_FIELD_WIDE),
	PORTAL_FIELD(struct guest, tries, "Tries"),
	PORTAL_FIELDS_END,
};
static const struct portal_record guest_record = { "guest", sizeof(struct guest), guest_fields };
static const struct portal_field word_fields[] = {
	{ .key = "status", .offset = offsetof(struct guest, status) }, PORTAL_FIELDS_END
};
static const struct portal_record word_record = { "word", sizeof(struct guest), word_fields };

static int list_nothing(
	struct portal *portal, const void *args, struct listing *listing, struct portal_error *err)
{
	(void)portal, (void)args, (void)listing, (void)err;
	return 0;
}

static const struct command send_command = {
	.noun = "guest", .verb = "send", .action = "sent", .prints = &guest_record
};
static const struct command token_command = { .noun = "guest",
	.verb = "link",
	.action = "sent",
	.prints = &guest_record,
	.flags = COMMAND_TOKEN };
static const struct command show_command = {
	.noun = "guest", .verb = "show", .prints = &guest_record
};
static const struct command list_command = {
	.noun = "guest", .verb = "list", .prints = &guest_record, .list = list_nothing
};
static const struct command word_command = { .prints = &word_record };
static const struct command silent_command = { .verb = "exists" };
static const struct command *const guest_verbs[] = { &send_command, &show_command, &list_command,
	NULL };
static const struct noun guest_noun = { "guest", "", guest_verbs };
const struct noun *const nouns[] = { &guest_noun, NULL };

static const struct guest ana = { 42, "sent", "ana@x.example", { 1772366400000 }, "line 1\nline 2",
	3 };

/* What went to a descriptor, as text that the next call overwrites. */
static const char *text_of(int fd)
{
	static char text[512 * 1024];
	ssize_t n = pread(fd, text, sizeof(text) - 1, 0);

	text[n > 0 ? n : 0] = '\0';
	return text;
}

struct trial {
	struct out *out;
	struct portal_error err;
	int fd;
};

static struct trial open_trial(const struct command *command, struct out_options options)
{
	struct trial trial = { .fd = memfd_create("out", MFD_CLOEXEC) };

	options.fd = trial.fd;
	options.tz = options.tz ? options.tz : "America/Sao_Paulo";
	CHECK_INT(out_open(&trial.out, &options, command, &trial.err), 0);
	return trial;
}

static const char *end_trial(struct trial *trial)
{
	const char *text;

	CHECK_INT(out_close(trial->out, &trial->err), 0);
	text = text_of(trial->fd);
	close(trial->fd);
	return text;
}

static const char *shown(struct out_options options, const struct command *command)
{
	struct trial trial = open_trial(command, options);
	struct reply *reply = out_reply_begin(trial.out, NULL);

	reply_show(reply, &guest_record, &ana);
	CHECK_INT(out_reply_print(trial.out, reply, &trial.err), 0);
	return end_trial(&trial);
}

static const char *changed(struct out_options options, enum reply_outcome outcome)
{
	struct trial trial = open_trial(options.color ? &token_command : &send_command, options);
	struct reply *reply = out_reply_begin(trial.out, NULL);
	struct portal_secret secret = { .text = "tok\"en", .len = 6 };

	reply_changed(reply, &guest_record, &ana, outcome);
	reply_say(reply, "guest %d sent to %s", 42, "a\x1b[1m@x");
	if (options.color)
		reply_token(reply, &secret);
	CHECK_INT(out_reply_print(trial.out, reply, &trial.err), 0);
	return end_trial(&trial);
}

static const char *listed(struct out_options options, int rows, const char *next)
{
	struct trial trial = open_trial(&list_command, options);
	struct listing *listing = out_list_begin(trial.out);
	struct portal_list_end end = { next != NULL, next };

	for (int i = 0; i < rows; i++)
		CHECK_INT(listing_row(&ana, listing), 0);
	listing_end(listing, &end);
	CHECK_INT(out_list_end(trial.out, &trial.err), 0);
	return end_trial(&trial);
}

#define ANA_JSON \
	"{\"id\":42,\"status\":\"sent\",\"email\":\"ana@x.example\"," \
	"\"sent_at\":\"2026-03-01T12:00:00Z\",\"note\":\"line 1\\nline 2\",\"tries\":3}"

static void a_record_shown_has_no_changed_and_no_action(void)
{
	CHECK_STR(shown((struct out_options){ .format = "json" }, &show_command),
		"{\"schema\":\"portalctl/1\",\"kind\":\"guest\",\"data\":" ANA_JSON "}\n");
	CHECK_STR(shown((struct out_options){ .format = "ndjson" }, &show_command), ANA_JSON "\n");
	CHECK_STR(
		shown((struct out_options){ .format = "csv", .fields = "tries,id" }, &show_command),
		"tries,id\n3,42\n");
	CHECK_STR(shown((struct out_options){ .format = "tsv", .fields = "note" }, &show_command),
		"line 1\\nline 2\n");
	CHECK_STR(shown((struct out_options){ .format = "ids" }, &show_command), "42\n");
	CHECK_STR(shown((struct out_options){ .format = "count" }, &show_command), "1\n");
}

static void a_form_is_aligned_and_speaks_the_language_and_zone(void)
{
	CHECK_STR(shown((struct out_options){ .lang = "pt_BR" }, &show_command),
		"Id:     42\nStatus: sent out\nE-mail: ana@x.example\nSent:   01/03/2026 09:00\n"
		"Note:   line 1\n        line 2\nTries:  3\n");
	CHECK_STR(shown((struct out_options){ .fields = "sent_at", .tz = "UTC" }, &show_command),
		"Sent: 2026-03-01 12:00\n");
}

static void a_change_says_what_it_did(void)
{
	CHECK_STR(changed((struct out_options){ .format = "json" }, REPLY_CHANGED),
		"{\"schema\":\"portalctl/1\",\"kind\":\"guest\",\"changed\":true,"
		"\"action\":\"sent\",\"data\":" ANA_JSON "}\n");
	CHECK(strstr(changed((struct out_options){ .format = "json" }, REPLY_UNCHANGED),
		"\"changed\":false,\"action\":\"unchanged\",\"data\""));
	CHECK_STR(changed((struct out_options){ 0 }, REPLY_CHANGED),
		"guest 42 sent to a\\x1b[1m@x\n");
	CHECK_STR(changed((struct out_options){ .quiet = true }, REPLY_CHANGED), "");
}

static void a_dry_run_says_so_and_makes_no_ids(void)
{
	CHECK_STR(changed((struct out_options){ .format = "json", .dry_run = true, .fields = "id" },
			  REPLY_CREATED),
		"{\"schema\":\"portalctl/1\",\"kind\":\"guest\",\"changed\":true,"
		"\"action\":\"sent\",\"dry_run\":true,\"data\":{\"id\":null}}\n");
	CHECK(strstr(
		changed((struct out_options){ .format = "json", .dry_run = true }, REPLY_CHANGED),
		"\"id\":42"));
}

static const char *linked(const char *format, const char *fields)
{
	return changed(
		(struct out_options){
			.format = format, .color = "never", .quiet = true, .fields = fields },
		REPLY_CHANGED);
}

static void a_token_is_a_field_that_fields_may_leave_out(void)
{
	CHECK(strstr(linked("json", "token,id"), "\"data\":{\"token\":\"tok\\\"en\",\"id\":42}}"));
	CHECK(strstr(linked("json", "id"), "\"data\":{\"id\":42}}"));
	CHECK(strstr(linked("json", NULL), "\"tries\":3,\"token\":\"tok\\\"en\"}}"));
	CHECK_STR(linked("tsv", "token"), "tok\"en\n");
	CHECK_STR(linked("csv", "id,token"), "id,token\n42,\"tok\"\"en\"\n");
	CHECK_STR(linked("table", NULL), "TOKEN: tok\"en\n");
	CHECK_STR(linked("table", "id"), "Id: 42\n");
	CHECK_STR(linked("table", "id,token"), "Id:    42\nTOKEN: tok\"en\n");
}

static void a_list_is_one_document_that_says_where_it_was_cut(void)
{
	CHECK_STR(listed((struct out_options){ .format = "json" }, 0, NULL),
		"{\"schema\":\"portalctl/1\",\"kind\":\"guest.list\",\"items\":[],\"count\":0,"
		"\"truncated\":false,\"next\":null}\n");
	CHECK_STR(listed((struct out_options){ .format = "json", .fields = "id" }, 2, "abc"),
		"{\"schema\":\"portalctl/1\",\"kind\":\"guest.list\",\"items\":[{\"id\":42},"
		"{\"id\":42}],\"count\":2,\"truncated\":true,\"next\":\"abc\"}\n");
	CHECK_STR(listed((struct out_options){ .format = "ndjson", .fields = "id" }, 2, NULL),
		"{\"id\":42}\n{\"id\":42}\n");
	CHECK_STR(listed((struct out_options){ .format = "ids" }, 2, NULL), "42\n42\n");
	CHECK_STR(listed((struct out_options){ .format = "count" }, 3, NULL), "3\n");
	CHECK_STR(listed((struct out_options){ .format = "csv",
				 .fields = "id,tries",
				 .csv_dialect = "excel-br" },
			  1, NULL),
		"\xef\xbb\xbfid;tries\r\n42;3\r\n");
	CHECK_STR(listed((struct out_options){ .format = "csv", .fields = "id" }, 0, NULL), "id\n");
}

static void a_table_of_nothing_is_nothing(void)
{
	CHECK_STR(listed((struct out_options){ 0 }, 0, NULL), "");
	CHECK_STR(listed((struct out_options){ .quiet = true }, 1, NULL),
		"Id  Status    E-mail         Sent              Tries\n"
		"42  sent out  ana@x.example  2026-03-01 09:00      3\n");
	CHECK(strstr(listed((struct out_options){ 0 }, 2, NULL), "\n2 records\n"));
	CHECK(strstr(listed((struct out_options){ .fields = "note" }, 1, NULL),
		"Note\nline 1\\x0aline 2\n"));
}

static void batch(struct trial *trial)
{
	struct portal_error failure = { 0 };
	struct reply *first = out_reply_begin(trial->out, NULL);
	struct reply *second = out_reply_begin(trial->out, NULL);

	reply_changed(first, &guest_record, &ana, REPLY_CHANGED);
	reply_say(first, "sent it");
	reply_changed(second, &guest_record, &ana, REPLY_UNCHANGED);
	portal_fail(&failure, PORTAL_NOT_FOUND, "there is no '%s'", "x");
	CHECK_INT(out_result(trial->out, 1, first, NULL, &trial->err), 0);
	CHECK_INT(out_result(trial->out, 2, NULL, &failure, &trial->err), 0);
	CHECK_INT(out_result(trial->out, 3, second, NULL, &trial->err), 0);
	CHECK_INT(out_result_status(trial->out), 7);
	CHECK_INT(out_results_end(trial->out, &trial->err), 0);
}

static const char *batched(struct out_options options)
{
	struct trial trial = open_trial(&send_command, options);

	batch(&trial);
	return end_trial(&trial);
}

#define RESULTS(sep) \
	"{\"kind\":\"result\",\"line\":1,\"ok\":true,\"changed\":true,\"action\":\"sent\"," \
	"\"data\":{\"id\":42},\"error\":null}" sep \
	"{\"kind\":\"result\",\"line\":2,\"ok\":false,\"changed\":false,\"action\":null," \
	"\"data\":null,\"error\":{\"code\":\"not_found\",\"exit\":3,\"message\":" \
	"\"there is no 'x'\",\"hint\":null,\"retryable\":false,\"target\":null,\"field\":null," \
	"\"source\":null,\"errors\":[]}}" sep \
	"{\"kind\":\"result\",\"line\":3,\"ok\":true,\"changed\":false,\"action\":\"unchanged\"," \
	"\"data\":{\"id\":42},\"error\":null}"

static void results_of_a_batch_come_in_every_format(void)
{
	CHECK_STR(batched((struct out_options){ .format = "json", .fields = "id" }),
		"{\"schema\":\"portalctl/1\",\"kind\":\"result.list\",\"items\":[" RESULTS(
			",") "],\"summary\":{\"ok\":2,\"changed\":1,\"failed\":1}}\n");
	CHECK_STR(batched((struct out_options){ .format = "ndjson", .fields = "id" }),
		RESULTS("\n") "\n{\"kind\":\"summary\",\"ok\":2,\"changed\":1,\"failed\":1}\n");
	CHECK_STR(batched((struct out_options){ .format = "csv" }),
		"line,ok,changed,action,id,code,message\n1,true,true,sent,42,,\n"
		"2,false,false,,,not_found,there is no 'x'\n3,true,false,unchanged,42,,\n");
	CHECK_STR(batched((struct out_options){ .format = "ids" }), "42\n42\n");
	CHECK_STR(batched((struct out_options){ .format = "count" }), "2\n");
	CHECK_STR(batched((struct out_options){ 0 }),
		"LINE  RESULT     MESSAGE\n   1  ok         sent it\n"
		"   2  failed     there is no 'x'\n   3  unchanged  \n"
		"2 ok (1 changed), 1 failed\n");
}

static void an_empty_batch_is_a_document_too(void)
{
	struct trial trial = open_trial(&send_command, (struct out_options){ .format = "json" });

	CHECK_INT(out_results_end(trial.out, &trial.err), 0);
	CHECK_INT(out_result_status(trial.out), 0);
	CHECK_STR(end_trial(&trial),
		"{\"schema\":\"portalctl/1\",\"kind\":\"result.list\",\"items\":[],"
		"\"summary\":{\"ok\":0,\"changed\":0,\"failed\":0}}\n");
}

static void failures_that_are_alike_give_their_own_status(void)
{
	struct trial trial = open_trial(&send_command, (struct out_options){ .format = "count" });
	struct portal_error one = { .code = PORTAL_NOT_FOUND }, other = { .code = PORTAL_EXISTS };

	out_result(trial.out, 1, NULL, &one, &trial.err);
	out_result(trial.out, 2, NULL, &one, &trial.err);
	CHECK_INT(out_result_status(trial.out), 3);
	out_result(trial.out, 3, NULL, &other, &trial.err);
	CHECK_INT(out_result_status(trial.out), 7);
	out_result(trial.out, 4, NULL, &other, &trial.err);
	CHECK_INT(out_result_status(trial.out), 7);
	CHECK_STR(end_trial(&trial), "");
}

static void usage(const struct command *command, struct out_options options, const char *field)
{
	struct portal_error err = { 0 };
	struct out *out = NULL;

	options.fd = 1;
	CHECK_INT(out_open(&out, &options, command, &err), -PORTAL_USAGE);
	CHECK_STR(err.field, field);
	CHECK(out == NULL);
}

static void choices_a_command_does_not_have_are_usage_errors(void)
{
	struct portal_error err = { 0 };
	struct out *out = NULL;

	usage(&show_command, (struct out_options){ .format = "xml" }, "format");
	usage(&word_command, (struct out_options){ .format = "ids" }, "format");
	usage(&silent_command, (struct out_options){ .format = "csv" }, "format");
	usage(&silent_command, (struct out_options){ .fields = "id" }, "fields");
	usage(&show_command, (struct out_options){ .fields = "idd" }, "fields");
	usage(&show_command, (struct out_options){ .csv_dialect = "excel-br" }, "csv-dialect");
	usage(&show_command, (struct out_options){ .format = "csv", .csv_dialect = "x" },
		"csv-dialect");
	CHECK_INT(out_open(&out, &(struct out_options){ .format = "json", .tz = "No/Where" },
			  &show_command, &err),
		-PORTAL_INVALID_TIME);
}

static void nothing_is_written_when_a_list_fails_early(void)
{
	struct trial trial = open_trial(&list_command, (struct out_options){ .format = "json" });

	listing_row(&ana, out_list_begin(trial.out));
	out_abandon(trial.out);
	CHECK_STR(text_of(trial.fd), "");
	close(trial.fd);
}

static void committed_results_are_written_when_a_batch_fails_later(void)
{
	struct trial trial = open_trial(&send_command, (struct out_options){ .format = "ids" });
	struct reply *reply = out_reply_begin(trial.out, NULL);

	reply_changed(reply, &guest_record, &ana, REPLY_CHANGED);
	out_result(trial.out, 1, reply, NULL, &trial.err);
	out_abandon(trial.out);
	CHECK_STR(text_of(trial.fd), "42\n");
	close(trial.fd);
}

static void a_lost_answer_says_that_the_change_was_made(void)
{
	struct out_options options = { .format = "json",
		.fd = open("/dev/full", O_WRONLY | O_CLOEXEC) };
	struct portal_error err = { 0 };
	struct out *out = NULL;
	struct reply *reply;

	CHECK_INT(out_open(&out, &options, &send_command, &err), 0);
	reply = out_reply_begin(out, NULL);
	reply_changed(reply, &guest_record, &ana, REPLY_CHANGED);
	CHECK_INT(out_reply_print(out, reply, &err), 0);
	CHECK_INT(out_close(out, &err), -PORTAL_OUTPUT);
	CHECK(strstr(err.message, "the change was made"));
	close(options.fd);
}

static void rows_that_cannot_be_written_end_the_list(void)
{
	struct out_options options = { .format = "ndjson",
		.fd = open("/dev/full", O_WRONLY | O_CLOEXEC) };
	struct portal_error err = { 0 };
	struct out *out = NULL;
	struct listing *listing;
	int rows = 0;

	CHECK_INT(out_open(&out, &options, &list_command, &err), 0);
	listing = out_list_begin(out);
	while (rows < 10000 && listing_row(&ana, listing) == 0)
		rows++;
	CHECK(rows > 0 && rows < 10000);
	CHECK_INT(out_list_end(out, &err), -PORTAL_OUTPUT);
	CHECK(!strstr(err.message, "change"));
	out_abandon(out);
	close(options.fd);
}

static const char *told(const struct portal_error *err, const char *format)
{
	int own = dup(2), fd = memfd_create("err", MFD_CLOEXEC);
	const char *text;

	dup2(fd, 2);
	out_error(err, format, "never");
	dup2(own, 2);
	text = text_of(fd);
	close(own);
	close(fd);
	return text;
}

static void failures_are_told_in_lines_or_as_json(void)
{
	struct portal_fault third = { PORTAL_INVALID, NULL, "'z' is bad", "d.yaml", 3, 1, NULL };
	struct portal_fault second = { PORTAL_INVALID_EMAIL, "email", "'y' is bad", NULL, 9, 2,
		&third };
	struct portal_fault first = { PORTAL_INVALID, NULL, "'x' is bad", NULL, 0, 0, &second };
	struct portal_error err = { 0 }, several = { 0 };

	portal_fail(&err, PORTAL_INVITE_EXPIRED, "invite '%s' is old", "\x1b[2J");
	portal_hint(&err, "portalctl invite send");
	portal_about(&err, "invite", 42);
	CHECK_STR(told(&err, "table"),
		"portalctl: invite '\\x1b[2J' is old\nhint: portalctl invite send\n");
	CHECK_STR(told(&err, "ndjson"),
		"{\"schema\":\"portalctl/1\",\"kind\":\"error\",\"code\":\"invite_expired\","
		"\"exit\":5,\"message\":\"invite '\\u001b[2J' is old\",\"hint\":\"portalctl invite "
		"send\",\"retryable\":false,\"target\":{\"kind\":\"invite\",\"id\":42},"
		"\"field\":null,\"source\":null,\"errors\":[]}\n");
	portal_fail(&several, PORTAL_INVALID, "3 faults");
	several.source = "c.yaml";
	several.faults = &first;
	several.fault_count = 3;
	CHECK_STR(told(&several, NULL),
		"portalctl: c.yaml: 3 faults\n  'x' is bad\n  c.yaml:9:2: 'y' is bad\n"
		"  d.yaml:3:1: 'z' is bad\n");
	CHECK(strstr(told(&several, "json"),
		"\"source\":{\"file\":\"c.yaml\",\"line\":null,\"column\":null},\"errors\":["
		"{\"code\":\"invalid\",\"field\":null,\"message\":\"'x' is bad\",\"source\":"
		"{\"file\":\"c.yaml\",\"line\":null,\"column\":null}},{\"code\":\"invalid_email\","
		"\"field\":\"email\",\"message\":\"'y' is bad\",\"source\":{\"file\":\"c.yaml\","
		"\"line\":9,\"column\":2}},{\"code\":\"invalid\",\"field\":null,\"message\":"
		"\"'z' is bad\",\"source\":{\"file\":\"d.yaml\",\"line\":3,\"column\":1}}]}\n"));
}

static const char *schema_of(const char *kind, int want)
{
	struct portal_error err = { 0 };
	int fd = memfd_create("schema", MFD_CLOEXEC);
	const char *text;

	CHECK_INT(out_schema(fd, kind, false, &err), want);
	text = text_of(fd);
	close(fd);
	return text;
}

static void kinds_and_their_schemas_come_from_the_commands(void)
{
	CHECK_STR(schema_of(NULL, 0), "guest\nguest.list\nerror\nresult\nresult."
				      "list\nnote\nhelp\nversion\nschema.list\nsummary\n"
				      "manifest\n");
	CHECK(strstr(schema_of("guest", 0), "\"data\":{\"$ref\":\"#/$defs/record\"}}"));
	CHECK(strstr(schema_of("guest.list", 0), "\"tries\":{\"type\":\"integer\"}"));
	CHECK_STR(schema_of("ghost", -PORTAL_USAGE), "");
}

static void a_long_list_takes_memory_in_proportion(void)
{
	enum { ITEMS = 5000 };
	static const struct portal_field field = { .type = PORTAL_LIST };
	const struct portal_column column = { .field = &field };
	_cleanup_arena_ struct arena arena = { 0 };
	static char lines[2 * ITEMS];
	const char *joined;

	for (int i = 0; i < ITEMS; i++)
		memcpy(lines + 2 * i, i + 1 < ITEMS ? "a\n" : "b", 2);
	joined = list_value(&arena, &column, lines);
	CHECK_INT(strlen(joined), 3 * ITEMS - 2);
	CHECK_STR(joined + strlen(joined) - 7, "a, a, b");
	CHECK(arena_used(&arena) < 100 * ITEMS);
	CHECK_STR(list_value(&arena, &column, NULL), "");
}

int main(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	RUN(a_record_shown_has_no_changed_and_no_action);
	RUN(a_form_is_aligned_and_speaks_the_language_and_zone);
	RUN(a_change_says_what_it_did);
	RUN(a_dry_run_says_so_and_makes_no_ids);
	RUN(a_token_is_a_field_that_fields_may_leave_out);
	RUN(a_list_is_one_document_that_says_where_it_was_cut);
	RUN(a_table_of_nothing_is_nothing);
	RUN(results_of_a_batch_come_in_every_format);
	RUN(an_empty_batch_is_a_document_too);
	RUN(failures_that_are_alike_give_their_own_status);
	RUN(choices_a_command_does_not_have_are_usage_errors);
	RUN(nothing_is_written_when_a_list_fails_early);
	RUN(committed_results_are_written_when_a_batch_fails_later);
	RUN(a_lost_answer_says_that_the_change_was_made);
	RUN(rows_that_cannot_be_written_end_the_list);
	RUN(failures_are_told_in_lines_or_as_json);
	RUN(kinds_and_their_schemas_come_from_the_commands);
	RUN(a_long_list_takes_memory_in_proportion);
	CHECK_REPORT();
}
