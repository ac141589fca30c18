#include "table.h"

#include "check.h"

#include <unistd.h>

#define SENT ((const struct send_args *)t.parsed.args)

static void options_may_stand_anywhere_after_their_verb(void)
{
	PARSE("--json", "invite", "-n", "send", "--email", "a@b.c", "T1", "--loud", "--tz=UTC");
	CHECK_INT(t.rc, 0);
	CHECK_STR(SENT->to, "T1");
	CHECK_STR(SENT->email, "a@b.c");
	CHECK(SENT->loud && t.parsed.globals.dry_run);
	CHECK_STR(t.parsed.globals.format, "json");
	CHECK_STR(t.parsed.globals.tz, "UTC");
	CHECK_INT(t.parsed.globals.wait_seconds, 30);
	CHECK_INT(SENT->limit, 7);
}

static void two_dashes_end_the_options(void)
{
	PARSE("invite", "send", "--email=x", "--", "--loud");
	CHECK_INT(t.rc, 0);
	CHECK_STR(SENT->to, "--loud");
	CHECK(!SENT->loud);
}

static void values_may_follow_an_equals_sign_and_be_empty(void)
{
	PARSE("invite", "send", "T", "--email=", "--phone=a=b", "--phone", "-5", "--limit", "-3");
	CHECK_INT(t.rc, 0);
	CHECK_STR(SENT->email, "");
	CHECK_INT(SENT->phones.count, 2);
	CHECK_STR(SENT->phones.items[0], "a=b");
	CHECK_STR(SENT->phones.items[1], "-5");
	CHECK_INT(SENT->limit, -3);
}

static void a_list_of_words_is_split_at_commas_and_checked(void)
{
	PARSE("invite", "send", "T", "--email=x", "--status", "open,closed");
	CHECK_INT(t.rc, 0);
	CHECK_INT(SENT->statuses.count, 2);
	CHECK_STR(SENT->statuses.items[1], "closed");
	AGAIN("invite", "send", "T", "--email=x", "--status", "open,close");
	CHECK_INT(t.rc, -PORTAL_USAGE);
	CHECK(strstr(t.err.message, "open, closed") != NULL);
	CHECK_STR(t.err.hint, "did you mean 'closed'?");
	CHECK_STR(t.err.field, "status");
}

#define REFUSED(want, part, ...) \
	do { \
		PARSE(__VA_ARGS__); \
		CHECK_INT(t.rc, -(want)); \
		if (!strstr(t.err.message, part)) \
			CHECK_STR(t.err.message, part); \
	} while (0)

static void what_is_unknown_repeated_or_missing_is_refused(void)
{
	REFUSED(PORTAL_USAGE, "no option '--emial'", "invite", "send", "T", "--emial=x");
	REFUSED(PORTAL_USAGE, "no option '--em'", "invite", "send", "T", "--em=x");
	REFUSED(PORTAL_USAGE, "twice", "invite", "send", "T", "--email=x", "--email", "y");
	REFUSED(PORTAL_USAGE, "needs a value", "invite", "send", "T", "--email");
	REFUSED(PORTAL_USAGE, "needs a value", "invite", "send", "T", "--email", "--loud");
	REFUSED(PORTAL_USAGE, "takes no value", "invite", "send", "T", "--email=x", "--loud=yes");
	REFUSED(PORTAL_USAGE, "'--email' is missing", "invite", "send", "T");
	REFUSED(PORTAL_USAGE, "TO-TAX-ID is missing", "invite", "send", "--email=x");
	REFUSED(PORTAL_USAGE, "no place", "invite", "show", "1", "2", "3");
	REFUSED(PORTAL_USAGE, "no verb", "invite", "sned");
	REFUSED(PORTAL_USAGE, "not a command", "invit");
	REFUSED(PORTAL_USAGE, "needs a verb", "invite");
	REFUSED(PORTAL_USAGE, "no option '--email'", "--email=x", "invite", "send", "T");
	REFUSED(PORTAL_USAGE, "no option '-x'", "invite", "-x");
	REFUSED(PORTAL_USAGE, "contradict", "status", "--json", "--format", "csv");
	REFUSED(PORTAL_USAGE, "'--csv-dialect'", "status", "--csv-dialect", "excel-br");
	REFUSED(PORTAL_USAGE, "changes nothing", "status", "--dry-run");
	REFUSED(PORTAL_USAGE, "no option '--batch'", "status", "--batch", "-");
	REFUSED(PORTAL_USAGE, "not a number", "invite", "accept", "1", "2x");
	REFUSED(PORTAL_USAGE, "not a number", "invite", "accept", "9223372036854775808");
	REFUSED(PORTAL_USAGE, "not a number", "status", "--wait", "");
	REFUSED(PORTAL_USAGE, "0 to 86400", "status", "--wait=-1");
	REFUSED(PORTAL_INVALID_TIME, "no time", "status", "--now", "2026-01-01");
	REFUSED(PORTAL_INVALID_TIME, "", "status", "--tz", "Mars/Olympus");
}

static void the_nearest_right_word_is_the_hint(void)
{
	PARSE("invite", "send", "T", "--emial=x");
	CHECK_STR(t.err.hint, "did you mean '--email'?");
	AGAIN("invite", "sned");
	CHECK_STR(t.err.hint, "did you mean 'send'?");
	AGAIN("invite", "send", "--dr");
	CHECK_STR(t.err.hint, "did you mean '--dry-run'?");
	AGAIN("invite", "send", "--password=x");
	CHECK_STR(t.err.hint, "did you mean '--password-file'?");
	AGAIN("stauts");
	CHECK_STR(t.err.hint, "did you mean 'status'?");
	AGAIN("zzzzzz");
	CHECK_STR(t.err.hint, "portalctl help");
}

static void control_characters_never_come_back_raw(void)
{
	REFUSED(PORTAL_INVALID_TEXT, "'\\x1b[31m'", "invite", "send", "\033[31m");
	REFUSED(PORTAL_INVALID_TEXT, "'\\xff'", "\xff");
	REFUSED(PORTAL_USAGE, "'\\u202ex'", "\u202ex");
	PARSE("invite", "send", "T", "--email", "two\nlines\tand a tab");
	CHECK_INT(t.rc, 0);
}

static void dates_are_read_in_the_zone_given_last(void)
{
	PARSE("invite", "send", "T", "--email=x", "--due-since=2026-03-01", "--tz", "UTC");
	CHECK_INT(t.rc, 0);
	CHECK_INT(SENT->since.ms, 1772323200000);
}

static void without_a_zone_dates_wait_for_that_of_the_office(void)
{
	const struct portal_zone *manaus = NULL;
	PARSE("invite", "send", "T", "--email=x", "--due-since=2026-03-01");

	CHECK_INT(t.rc, 0);
	CHECK(t.parsed.reading.unsettled);
	CHECK_INT(portal_zone_open(&t.arena, "America/Manaus", &manaus, &t.err), 0);
	values_settle(&t.parsed.reading, manaus);
	CHECK_INT(SENT->since.ms, 1772323200000 + 4 * 3600 * 1000);
	CHECK(!t.parsed.reading.unsettled);
	AGAIN("invite", "send", "T", "--email=x", "--due-since=2026-03-01T00:00:00Z");
	CHECK(!t.parsed.reading.unsettled);
	CHECK_INT(SENT->since.ms, 1772323200000);
	AGAIN("invite", "send", "T", "--email=x", "--due-since=2026-02-30");
	CHECK_INT(t.rc, -PORTAL_INVALID_TIME);
}

static void a_bulk_verb_wants_ids_a_filter_or_all(void)
{
	REFUSED(PORTAL_USAGE, "which ones?", "invite", "accept");
	REFUSED(PORTAL_USAGE, "not several", "invite", "accept", "1", "--from=T");
	REFUSED(PORTAL_USAGE, "not several", "invite", "accept", "1", "--all");
	PARSE("invite", "accept", "--from", "T");
	CHECK_INT(t.rc, 0);
	AGAIN("invite", "accept", "--all");
	CHECK_INT(t.rc, 0);
	CHECK(t.parsed.globals.all);
	AGAIN("invite", "accept", "4", "5");
	CHECK_INT(t.rc, 0);
	CHECK_INT(t.parsed.each_values.count, 2);
	CHECK_INT(((const struct accept_args *)t.parsed.args)->id, 4);
}

static void standard_input_is_read_for_one_thing(void)
{
	REFUSED(PORTAL_USAGE, "goes with one record", "invite", "send", "--batch", "-",
		"--password-stdin");
	REFUSED(PORTAL_USAGE, "one too many", "invite", "send", "--batch=-", "T");
	REFUSED(PORTAL_USAGE, "twice", "invite", "send", "T", "--email=x", "--password-stdin",
		"--password-file=-");
	REFUSED(PORTAL_USAGE, "'--batch-format' needs", "invite", "send", "T", "--email=x",
		"--batch-format=ids");
	REFUSED(PORTAL_USAGE, "'--atomic' needs", "invite", "send", "T", "--email=x", "--atomic");
	REFUSED(PORTAL_USAGE, "goes with one record", "invite", "send", "--batch", "-",
		"--password-file", "p");
	PARSE("invite", "send", "T", "--email=x", "--password-file", "p");
	CHECK_INT(t.rc, 0);
	CHECK_STR(t.parsed.secrets->file, "p");
}

static const char *some_environment(const char *name)
{
	static const char *const pairs[] = { "PORTALCTL_DB", "/e/portal.db", "PORTALCTL_LANG", "en",
		"TZ", ":Etc/GMT+5", "NO_COLOR", "1", "CI", "true", "HOME", "/h", NULL };

	for (int i = 0; pairs[i]; i += 2)
		if (!strcmp(pairs[i], name))
			return pairs[i + 1];
	return NULL;
}

static void the_environment_fills_what_was_not_given(void)
{
	const char *db = NULL;
	PARSE_IN(some_environment, "status", "--lang=pt_BR");

	CHECK_INT(t.rc, 0);
	CHECK_INT(globals_db(&t.parsed, some_environment, &db, &t.err), 0);
	CHECK_STR(db, "/e/portal.db");
	CHECK_STR(t.parsed.globals.lang, "pt_BR");
	CHECK_STR(t.parsed.globals.tz, "Etc/GMT+5");
	CHECK_STR(t.parsed.globals.color, "never");
	CHECK(t.parsed.globals.no_input);
}

static void a_database_is_a_path_and_no_address(void)
{
	const char *db = NULL;
	PARSE_IN(some_environment, "status", "--db", "postgresql://h/d");

	CHECK_INT(globals_db(&t.parsed, some_environment, &db, &t.err), -PORTAL_USAGE);
	t.parsed.globals.db = "file:x";
	CHECK_INT(globals_db(&t.parsed, some_environment, &db, &t.err), -PORTAL_USAGE);
	t.parsed.globals.db = NULL;
	CHECK_INT(globals_db(&t.parsed, some_environment, &db, &t.err), 0);
	CHECK_STR(db, "/h/.local/share/portalctl/portal.db");
	CHECK_INT(globals_db(&t.parsed, test_env_none, &db, &t.err), -PORTAL_USAGE);
}

static int apply_file(struct test *test, const char *text, const char *(*env)(const char *name))
{
	char path[64];
	uint64_t given = 0;
	FILE *file;
	int rc;

	snprintf(path, sizeof(path), "/tmp/portalctl-settings.%ld", (long)getpid());
	file = fopen(path, "w");
	if (!file)
		return -1;
	fputs(text, file);
	fclose(file);
	test->parsed.globals.config = path;
	test->err = (struct portal_error){ 0 };
	rc = settings_apply(&test->parsed, &given, env, &test->err);
	unlink(path);
	return rc;
}

static void settings_fill_what_nobody_gave(void)
{
	PARSE("status");
	CHECK_INT(apply_file(&t, "db: /s/p.db\nlang: pt_BR\nwait: 5\nsmtp:\n  host: m\n",
			  test_env_none),
		0);
	CHECK_STR(t.parsed.globals.db, "/s/p.db");
	CHECK_STR(t.parsed.globals.lang, "pt_BR");
	CHECK_INT(t.parsed.globals.wait_seconds, 5);
	t.parsed.globals.tz = NULL;
	CHECK_INT(apply_file(&t, "tz: UTC\n", some_environment), 0);
	CHECK(t.parsed.globals.tz == NULL);
}

static void a_setting_that_is_unknown_or_wrong_has_a_line(void)
{
	PARSE("status");
	CHECK_INT(
		apply_file(&t, "db: x\nsmtp:\n  hots: m\n", test_env_none), -PORTAL_INVALID_INPUT);
	CHECK_INT(t.err.line, 3);
	CHECK_STR(t.err.hint, "did you mean 'smtp.host'?");
	CHECK_INT(apply_file(&t, "\nwait: soon\n", test_env_none), -PORTAL_USAGE);
	CHECK_INT(t.err.line, 2);
	t.parsed.globals.config = "/nonexistent/config.yaml";
	{
		uint64_t given = 0;

		CHECK_INT(
			settings_apply(&t.parsed, &given, test_env_none, &t.err), -PORTAL_FAILURE);
	}
}

struct role_args {
	const char *email, *role;
	bool later;
};

static const struct command role_command = { .noun = "user",
	.verb = "role",
	.action = "changed",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct role_args),
	.operands =
		(const struct arg[]){
			OPERAND(struct role_args, email, .name = "EMAIL", .flags = ARG_EACH),
			OPERAND(struct role_args, role, .name = "ROLE", .unless = "later"),
			END_OF_LIST,
		},
	.options = (const struct arg[]){
		OPTION(struct role_args, later, .name = "later"),
		END_OF_LIST,
	} };

static void parse_role(struct test *t, const char *const *words)
{
	static const struct command *const verbs[] = { &role_command, NULL };
	static const struct noun noun = { "user", "users", verbs };
	static const struct noun *const table[] = { &noun, NULL };

	*t = (struct test){ 0 };
	t->rc = cli_parse(&t->arena, table, words, test_env_none, &t->parsed, &t->err);
}

static void operands_of_many_values_leave_the_last_to_what_is_behind(void)
{
	_cleanup_test_ struct test many, one, few;

	parse_role(&many, (const char *const[]){ "user", "role", "a", "b", "admin", NULL });
	CHECK_INT(many.rc, 0);
	CHECK_INT(many.parsed.each_values.count, 2);
	CHECK_STR(many.parsed.each_values.items[1], "b");
	CHECK_STR(((const struct role_args *)many.parsed.args)->role, "admin");
	parse_role(&one, (const char *const[]){ "user", "role", "a", "admin", NULL });
	CHECK_INT(one.rc, 0);
	CHECK_INT(one.parsed.each_values.count, 1);
	parse_role(&few, (const char *const[]){ "user", "role", "a", NULL });
	CHECK_INT(few.rc, -PORTAL_USAGE);
	CHECK_STR(few.err.message, "the operand ROLE is missing");
}

static void an_option_may_stand_in_for_what_must_be_given(void)
{
	_cleanup_test_ struct test t;

	parse_role(&t, (const char *const[]){ "user", "role", "a", "--later", NULL });
	CHECK_INT(t.rc, 0);
	CHECK(((const struct role_args *)t.parsed.args)->later);
}

static void help_needs_nothing_else(void)
{
	PARSE("invite", "send", "-h");
	CHECK_INT(t.rc, 0);
	CHECK(t.parsed.globals.help && t.parsed.command == &send_command);
}

static void a_glimpse_sees_the_format_before_the_words_are_good(void)
{
	const char *const words[] = { "portalctl", "nonsense", "--lang=en", "--format", "ndjson",
		NULL };
	const char *const behind[] = { "portalctl", "--", "--json", NULL };

	CHECK_STR(cli_glimpse(5, words).format, "ndjson");
	CHECK_STR(cli_glimpse(5, words).lang, "en");
	CHECK(cli_glimpse(3, behind).format == NULL);
}

int main(void)
{
	RUN(options_may_stand_anywhere_after_their_verb);
	RUN(two_dashes_end_the_options);
	RUN(values_may_follow_an_equals_sign_and_be_empty);
	RUN(a_list_of_words_is_split_at_commas_and_checked);
	RUN(what_is_unknown_repeated_or_missing_is_refused);
	RUN(the_nearest_right_word_is_the_hint);
	RUN(control_characters_never_come_back_raw);
	RUN(dates_are_read_in_the_zone_given_last);
	RUN(without_a_zone_dates_wait_for_that_of_the_office);
	RUN(a_bulk_verb_wants_ids_a_filter_or_all);
	RUN(standard_input_is_read_for_one_thing);
	RUN(the_environment_fills_what_was_not_given);
	RUN(a_database_is_a_path_and_no_address);
	RUN(settings_fill_what_nobody_gave);
	RUN(a_setting_that_is_unknown_or_wrong_has_a_line);
	RUN(operands_of_many_values_leave_the_last_to_what_is_behind);
	RUN(an_option_may_stand_in_for_what_must_be_given);
	RUN(help_needs_nothing_else);
	RUN(a_glimpse_sees_the_format_before_the_words_are_good);
	CHECK_REPORT();
}
