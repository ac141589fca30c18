/* When the store waits, for the disk and for others, and what is there without. */
#include "store/sqlite.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

/* Stand in for the C library's: SQLite calls these. */
static int syncs;

int fsync(int fd)
{
	(void)fd;
	syncs++;
	return 0;
}

int fdatasync(int fd)
{
	(void)fd;
	syncs++;
	return 0;
}

/* Called by the writer who lets others in. */
static int naps;

int nanosleep(const struct timespec *time, struct timespec *ret_left)
{
	(void)ret_left;
	naps++;
	poll(NULL, 0, (int)(time->tv_nsec / 1000000) + 1);
	return 0;
}

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

static int add_message(struct store_tx *tx, void *arg)
{
	const portal_time now = { 1 };
	int64_t id = 0;

	(void)arg;
	return store_get_int(tx, Q_OUTBOX_INSERT,
		ARGS(A("a@b.example"), A("invite_sent"), A("en"), A("{}"), A("invite"),
			A((int64_t)1), A(now)),
		&id);
}

static int count_messages(struct store_tx *tx, void *arg)
{
	return store_get_int(tx, Q_OUTBOX_QUEUED, NO_ARGS, arg);
}

static int64_t messages(struct store *store)
{
	struct portal_error err = { 0 };
	int64_t count = 0;

	CHECK_INT(store_run(store, STORE_READ, STORE_COMMIT, count_messages, &count, &err), 1);
	return count;
}

/* How often the disk was waited for. */
static int syncs_of(struct store *store, enum store_end end)
{
	struct portal_error err = { 0 };
	const int before = syncs;

	CHECK_INT(store_run(store, STORE_WRITE, end, add_message, NULL, &err), 1);
	return syncs - before;
}

static int64_t synchronous(struct store *store)
{
	struct portal_error err = { 0 };
	int64_t level = -1;

	CHECK_INT(sqlite_number(store, "PRAGMA synchronous", &level, &err), 0);
	return level;
}

struct place {
	char folder[32], path[64];
};

static struct store *open_new(struct place *place)
{
	const struct store_options options = { .path = place->path, .wait_ms = 1000 };
	struct store_creation creation = { nothing, no_undo, NULL };
	struct portal_error err = { 0 };
	struct store *store = NULL;

	strncpy(place->folder, "/tmp/store-XXXXXX", sizeof(place->folder) - 1);
	CHECK(mkdtemp(place->folder) != NULL);
	snprintf(place->path, sizeof(place->path), "%s/portal.db", place->folder);
	CHECK_INT(store_create(&options, &creation, &err), 0);
	CHECK_INT(store_open(&options, &store, &err), 0);
	CHECK_INT(syncs_of(store, STORE_COMMIT) > 0, 1); /* the log begins */
	return store;
}

static void remove_place(struct place *place)
{
	CHECK_INT(unlink(place->path), 0);
	strncat(place->path, ".lock", sizeof(place->path) - strlen(place->path) - 1);
	CHECK_INT(unlink(place->path), 0);
	CHECK_INT(rmdir(place->folder), 0);
}

static void a_commit_waits_for_the_disk_and_an_asynchronous_one_does_not(void)
{
	struct place place = { .folder = "" };
	struct store *store = open_new(&place);

	CHECK_INT(syncs_of(store, STORE_COMMIT), 1);
	CHECK_INT(syncs_of(store, STORE_COMMIT_ASYNC), 0);
	CHECK_INT(syncs_of(store, STORE_COMMIT_ASYNC), 0);
	CHECK_INT(syncs_of(store, STORE_COMMIT), 1);
	CHECK_INT(synchronous(store), 2);
	CHECK_INT(syncs_of(store, STORE_COMMIT), 1);
	CHECK_INT(messages(store), 6);
	store_close(store);
	remove_place(&place);
}

static void a_commit_is_never_asynchronous_because_the_one_before_it_was(void)
{
	struct portal_error err = { 0 };
	struct place place = { .folder = "" };
	struct store *store = open_new(&place);

	CHECK_INT(syncs_of(store, STORE_COMMIT_ASYNC), 0);
	CHECK_INT(store_run(store, STORE_WRITE, STORE_REHEARSE, add_message, NULL, &err), 1);
	CHECK_INT(synchronous(store), 2);
	CHECK_INT(messages(store), 2);
	CHECK_INT(syncs_of(store, STORE_COMMIT_ASYNC), 0);
	CHECK_INT(messages(store), 3);
	CHECK_INT(syncs_of(store, STORE_COMMIT), 1);
	store_close(store);
	remove_place(&place);
}

static void what_was_committed_so_survives_the_process(void)
{
	struct place place = { .folder = "" };
	struct store *store = open_new(&place);
	const struct store_options options = { .path = place.path, .wait_ms = 1000 };
	struct portal_error err = { 0 };
	int status = 0;
	pid_t child;

	store_close(store);
	child = fork();
	if (child == 0 && store_open(&options, &store, &err) == 0) {
		syncs_of(store, STORE_COMMIT_ASYNC);
		raise(SIGKILL);
	}
	CHECK_INT(waitpid(child, &status, 0), child);
	CHECK_INT(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL, 1);
	CHECK_INT(store_open(&options, &store, &err), 0);
	CHECK_INT(messages(store), 2);
	store_close(store);
	remove_place(&place);
}

/* Another process, which begins to write when it reads a byte from its pipe. */
struct other {
	int pipe[2];
	pid_t pid;
};

static void start_other(struct other *other, const struct store_options *options)
{
	struct portal_error err = { 0 };
	struct store *store;
	char go;

	CHECK_INT(pipe(other->pipe), 0);
	other->pid = fork();
	if (other->pid != 0)
		return;
	if (read(other->pipe[0], &go, 1) != 1 || store_open(options, &store, &err) < 0 ||
		store_run(store, STORE_WRITE, STORE_COMMIT, add_message, NULL, &err) < 0)
		_exit(1);
	store_close(store);
	_exit(0);
}

/* Whoever waits for its turn shows it by a lock of its own. */
static bool other_waits(const struct store *store)
{
	struct flock mark = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 1 };

	return fcntl(store->lock_fd, F_OFD_GETLK, &mark) == 0 && mark.l_type != F_UNLCK;
}

/* While the other waits for its turn. */
static int let_other_wait(struct store_tx *tx, void *arg)
{
	const struct other *other = arg;
	int tries = 20000;

	CHECK_INT(write(other->pipe[1], "!", 1), 1);
	while (!other_waits(tx->store) && --tries > 0)
		poll(NULL, 0, 1);
	CHECK(tries > 0);
	return add_message(tx, NULL);
}

static void check_naps(struct store *store, struct other *other)
{
	struct portal_error err = { 0 };
	int status = 1;

	syncs_of(store, STORE_COMMIT);
	syncs_of(store, STORE_COMMIT);
	CHECK_INT(naps, 0);
	CHECK_INT(store_run(store, STORE_WRITE, STORE_COMMIT, let_other_wait, other, &err), 1);
	syncs_of(store, STORE_COMMIT);
	CHECK_INT(naps, 1);
	CHECK_INT(waitpid(other->pid, &status, 0), other->pid);
	CHECK_INT(WIFEXITED(status) ? WEXITSTATUS(status) : -1, 0);
	syncs_of(store, STORE_COMMIT);
	CHECK_INT(naps, 1);
	CHECK_INT(messages(store), 7);
}

static void who_writes_again_lets_others_in_where_there_are_any(void)
{
	struct place place = { .folder = "" };
	struct store *store = open_new(&place);
	const struct store_options options = { .path = place.path, .wait_ms = 60000 };
	struct portal_error err = { 0 };
	struct other other;

	/* No process may take an open database along. */
	store_close(store);
	start_other(&other, &options);
	CHECK_INT(store_open(&options, &store, &err), 0);
	naps = 0;
	check_naps(store, &other);
	close(other.pipe[0]);
	close(other.pipe[1]);
	store_close(store);
	remove_place(&place);
}

int main(void)
{
	RUN(a_commit_waits_for_the_disk_and_an_asynchronous_one_does_not);
	RUN(a_commit_is_never_asynchronous_because_the_one_before_it_was);
	RUN(what_was_committed_so_survives_the_process);
	RUN(who_writes_again_lets_others_in_where_there_are_any);
	CHECK_REPORT();
}
