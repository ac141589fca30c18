/* The store itself: reading a file that is said not to change. */
#include "store/sqlite.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"

/* A name in which everything that means something in a URI stands. */
#define ODD_NAME "a b%41?mode=rwc#c.db"

static int nothing(struct store_tx *tx, void *arg)
{
	(void)tx;
	(void)arg;
	return 0;
}

static void no_undo(void *arg)
{
	(void)arg;
}

static struct store *frozen(const struct store_options *options, struct portal_error *err)
{
	struct store_creation creation = { nothing, no_undo, NULL };
	struct store *store = NULL;

	CHECK_INT(store_create(options, &creation, err), 0);
	portal_fail(err, PORTAL_READ_ONLY, "before");
	CHECK_INT(sqlite_connect_frozen(options, &store, err), 0);
	CHECK_STR(err->message, "");
	return store;
}

static int count_rows(struct store_tx *tx, void *arg)
{
	int64_t count = 7;
	const int r = store_get_int(tx, Q_AUDIT_COUNT, NO_ARGS, &count);

	(void)arg;
	CHECK_INT(count, 0);
	return r;
}

static int change_meanwhile(struct store_tx *tx, void *arg)
{
	const int fd = open(arg, O_WRONLY);

	CHECK(futimens(fd, (const struct timespec[]){ { 1, 0 }, { 1, 0 } }) == 0);
	close(fd);
	return count_rows(tx, NULL);
}

static void a_file_that_changes_while_it_is_read_is_noticed(void)
{
	char folder[] = "/tmp/store-XXXXXX", path[100];
	struct store_options options = { .path = path, .wait_ms = 1000 };
	struct portal_error err = { 0 };
	struct store *store;

	CHECK(mkdtemp(folder) != NULL);
	snprintf(path, sizeof(path), "%s/%s", folder, ODD_NAME);
	store = frozen(&options, &err);
	CHECK_INT(store_run(store, STORE_READ, STORE_COMMIT, count_rows, NULL, &err), 1);
	CHECK_INT(store_run(store, STORE_READ, STORE_COMMIT, change_meanwhile, path, &err),
		-PORTAL_BUSY);
	CHECK_INT(store_run(store, STORE_READ, STORE_COMMIT, count_rows, NULL, &err), -PORTAL_BUSY);
	CHECK(strstr(err.message, "was changed while it was read") != NULL);
	store_close(store);
	CHECK_INT(unlink(path), 0);
	strncat(path, ".lock", sizeof(path) - strlen(path) - 1);
	CHECK_INT(unlink(path), 0);
	CHECK_INT(rmdir(folder), 0);
}

static void a_log_with_something_in_it_is_not_passed_over(void)
{
	char folder[] = "/tmp/store-XXXXXX", path[100], log[110];
	struct store_options options = { .path = path, .wait_ms = 1000 };
	struct portal_error err = { 0 };
	struct store *store;
	int fd;

	CHECK(mkdtemp(folder) != NULL);
	snprintf(path, sizeof(path), "%s/portal.db", folder);
	snprintf(log, sizeof(log), "%s-wal", path);
	store_close(frozen(&options, &err));
	fd = open(log, O_WRONLY | O_CREAT, 0600);
	CHECK(write(fd, "x", 1) == 1);
	close(fd);
	portal_fail(&err, PORTAL_READ_ONLY, "before");
	CHECK_INT(sqlite_connect_frozen(&options, &store, &err), -PORTAL_READ_ONLY);
	CHECK_STR(err.message, "before");
	unlink(log);
	unlink(path);
	strncat(path, ".lock", sizeof(path) - strlen(path) - 1);
	unlink(path);
	CHECK_INT(rmdir(folder), 0);
}

int main(void)
{
	RUN(a_file_that_changes_while_it_is_read_is_noticed);
	RUN(a_log_with_something_in_it_is_not_passed_over);
	CHECK_REPORT();
}
