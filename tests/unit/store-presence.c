/* Who is there shows, and who has gone, too. */
#include "store/store.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

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

static struct store *open_store(const struct store_options *options)
{
	struct portal_error err = { 0 };
	struct store *store = NULL;

	CHECK_INT(store_open(options, &store, &err), 0);
	/* Makes the lock file. */
	CHECK_INT(store_run(store, STORE_WRITE, STORE_COMMIT, nothing, NULL, &err), 0);
	return store;
}

static void check_shown(const struct store_options *options)
{
	struct store *one = open_store(options), *other = open_store(options);

	CHECK(store_is_absent(other, 7));
	CHECK(store_show_presence(one, 7));
	CHECK(!store_is_absent(other, 7));
	CHECK(store_is_absent(other, 8));
	CHECK(!store_show_presence(other, 7));
	store_end_presence(one, 7);
	CHECK(store_is_absent(other, 7));
	CHECK(store_show_presence(one, INT64_MAX));
	CHECK(!store_is_absent(other, INT64_MAX));
	store_close(one);
	CHECK(store_is_absent(other, INT64_MAX));
	store_close(other);
}

static void check_killed(const struct store_options *options)
{
	int ends[2], status;
	struct store *store;
	char byte;
	pid_t child;

	CHECK_INT(pipe(ends), 0);
	child = fork();
	if (child == 0) {
		store = open_store(options);
		CHECK_INT(write(ends[1], store_show_presence(store, 7) ? "y" : "n", 1), 1);
		pause();
		_exit(1);
	}
	CHECK_INT(read(ends[0], &byte, 1), 1);
	CHECK_INT(byte, 'y');
	store = open_store(options);
	CHECK(!store_is_absent(store, 7));
	kill(child, SIGKILL);
	CHECK_INT(waitpid(child, &status, 0), child);
	CHECK(store_is_absent(store, 7));
	store_close(store);
	close(ends[0]);
	close(ends[1]);
}

static void in_a_new_place(void (*check)(const struct store_options *options))
{
	static const char *const endings[] = { "", ".lock" };
	struct store_creation creation = { nothing, no_undo, NULL };
	char folder[] = "/tmp/store-XXXXXX", path[64], name[80];
	const struct store_options options = { .path = path, .wait_ms = 1000 };
	struct portal_error err = { 0 };

	CHECK(mkdtemp(folder) != NULL);
	snprintf(path, sizeof(path), "%s/portal.db", folder);
	CHECK_INT(store_create(&options, &creation, &err), 0);
	check(&options);
	for (size_t i = 0; i < sizeof(endings) / sizeof(*endings); i++) {
		snprintf(name, sizeof(name), "%s%s", path, endings[i]);
		unlink(name);
	}
	CHECK_INT(rmdir(folder), 0);
}

static void whoever_shows_itself_is_there_until_it_ends(void)
{
	in_a_new_place(check_shown);
}

static void whoever_is_killed_is_not_there_any_more(void)
{
	in_a_new_place(check_killed);
}

int main(void)
{
	RUN(whoever_shows_itself_is_there_until_it_ends);
	RUN(whoever_is_killed_is_not_there_any_more);
	CHECK_REPORT();
}
