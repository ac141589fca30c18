#include "table.h"

#include "../../cmd/cli/secret.c"
#include "../../cmd/cli/secret_args.c"
#include "../../cmd/cli/process.c"
#include "../../cmd/cli/language.c"

#include "check.h"

static int read_bytes(
	const char *bytes, size_t len, struct portal_secret *secret, struct portal_error *err)
{
	char path[64];
	FILE *file;
	int rc;

	snprintf(path, sizeof(path), "/tmp/portalctl-secret.%ld", (long)getpid());
	file = fopen(path, "w");
	if (!file)
		return -1;
	fwrite(bytes, 1, len, file);
	fclose(file);
	rc = secret_read("password", path, secret, err);
	unlink(path);
	return rc;
}

static void one_line_break_is_not_part_of_a_secret(void)
{
	_cleanup_secret_ struct portal_secret secret = { 0 };
	struct portal_error err = { 0 };

	CHECK_INT(read_bytes("s3cret\n", 7, &secret, &err), 0);
	CHECK_STR(secret.text, "s3cret");
	CHECK_INT(read_bytes(" a\n\n", 4, &secret, &err), 0);
	CHECK_STR(secret.text, " a\n");
	CHECK_INT(secret.len, 3);
}

static void empty_long_and_broken_secrets_are_refused_and_wiped(void)
{
	static char longest[SECRET_MAX_BYTES + 8];
	struct portal_secret secret = { 0 };
	struct portal_error err = { 0 };

	memset(longest, 'x', sizeof(longest));
	longest[SECRET_MAX_BYTES] = '\n';
	CHECK_INT(read_bytes(longest, SECRET_MAX_BYTES + 1, &secret, &err), 0);
	CHECK_INT(secret.len, SECRET_MAX_BYTES);
	CHECK_INT(read_bytes(longest, SECRET_MAX_BYTES + 2, &secret, &err), -PORTAL_INVALID);
	CHECK_INT(secret.len, 0);
	CHECK(secret.text[0] == '\0');
	CHECK_INT(read_bytes("\n", 1, &secret, &err), -PORTAL_USAGE);
	CHECK_INT(read_bytes("", 0, &secret, &err), -PORTAL_USAGE);
	CHECK_INT(read_bytes("abc\0def", 7, &secret, &err), -PORTAL_INVALID_TEXT);
	CHECK(!strstr(err.message, "abc"));
	CHECK_INT(secret_read("password", "/nonexistent", &secret, &err), -PORTAL_FAILURE);
}

static void a_command_gets_the_secret_it_was_given(void)
{
	const char *const missing_file[] = { "invite", "send", "T", "--email=x",
		"--password-file=/nonexistent", NULL };
	_cleanup_test_ struct test t;

	test_parse(&t, test_env_none, missing_file);
	CHECK_INT(t.rc, 0);
	CHECK_INT(secrets_read(&t.parsed, &t.err), -PORTAL_FAILURE);
	CHECK(strstr(t.err.message, "/nonexistent") != NULL);
	t.parsed.secrets->file = "/proc/version";
	CHECK_INT(secrets_read(&t.parsed, &t.err), 0);
	{
		const struct send_args *sent = t.parsed.args;

		CHECK(sent->password.given && sent->password.secret->len > 0);
		secrets_clear(&t.parsed);
		CHECK_INT(sent->password.secret->len, 0);
	}
}

static const char *portuguese(const char *name)
{
	return strcmp(name, "LANG") ? "" : "pt_PT.UTF-8";
}

static void the_language_is_one_of_two(void)
{
	CHECK_STR(language_choose(NULL, test_env_none), "en");
	CHECK_STR(language_choose(NULL, portuguese), "pt_BR");
	CHECK_STR(language_choose("en", portuguese), "en");
	CHECK_STR(language_choose("de_DE", test_env_none), "en");
}

static void numbers_keep_the_c_locale(void)
{
	char text[16];

	language_use("pt_BR");
	snprintf(text, sizeof(text), "%.2f", 1.5);
	CHECK_STR(text, "1.50");
	language_use("en");
}

static void a_prepared_process_has_open_descriptors_and_private_files(void)
{
	int saved = dup(STDERR_FILENO);

	close(STDERR_FILENO);
	setenv("OPENSSL_CONF", "/tmp/evil", 1);
	process_prepare();
	CHECK_INT(write(STDERR_FILENO, "x", 1), -1);
	CHECK_INT(umask(077), 077);
	CHECK_INT(prctl(PR_GET_DUMPABLE), 0);
	CHECK(getenv("OPENSSL_CONF") == NULL);
	dup2(saved, STDERR_FILENO);
	close(saved);
}

int main(void)
{
	RUN(one_line_break_is_not_part_of_a_secret);
	RUN(empty_long_and_broken_secrets_are_refused_and_wiped);
	RUN(a_command_gets_the_secret_it_was_given);
	RUN(the_language_is_one_of_two);
	RUN(numbers_keep_the_c_locale);
	RUN(a_prepared_process_has_open_descriptors_and_private_files);
	CHECK_REPORT();
}
