/* portalctl apply, portalctl diff */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <portal/apply.h>
#include <portal/arena.h>

#include "cli/cli.h"
#include "cli/secret.h"
#include "cli/text.h"

enum { FILE_MAX_BYTES = 64 * 1024 * 1024, FILES_MAX = 10000, BLOCK_BYTES = 64 * 1024 };

struct apply_args {
	cli_list files;
	bool exit_code, prune;
	int64_t max_prune;
};

/* The files to read, in order. */
struct files {
	struct arena *arena;
	struct apply_file *items;
	size_t count, room;
};

static int cannot_read(const char *path, struct portal_error *err)
{
	return portal_fail(err, PORTAL_FAILURE, _("cannot read '%s': %s"), path, strerror(errno));
}

/* Grows by doubling; what is left behind is as much again at most. */
static void make_room(struct arena *arena, char **bytes, size_t len, size_t *room)
{
	char *grown;

	if (len < *room)
		return;
	*room = *room ? 2 * *room : BLOCK_BYTES;
	grown = arena_alloc(arena, *room);
	if (len)
		memcpy(grown, *bytes, len);
	*bytes = grown;
}

static int read_all(struct arena *arena, int fd, struct apply_file *file, struct portal_error *err)
{
	struct stat found;
	size_t room = 0;
	char *bytes = NULL;

	if (fstat(fd, &found) == 0 && S_ISREG(found.st_mode) && found.st_size <= FILE_MAX_BYTES) {
		room = (size_t)found.st_size + 1;
		bytes = arena_alloc(arena, room);
	}
	while (file->len <= FILE_MAX_BYTES) {
		ssize_t got;

		make_room(arena, &bytes, file->len, &room);
		got = read(fd, bytes + file->len, room - file->len);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return cannot_read(file->path, err);
		if (got == 0)
			break;
		file->len += (size_t)got;
	}
	file->bytes = bytes;
	return 0;
}

static int add_file(struct files *files, const char *path, struct portal_error *err)
{
	const bool is_stdin = !strcmp(path, "-");
	struct apply_file file = { .path = arena_strdup(files->arena, path) };
	int r, fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	if (fd < 0)
		return cannot_read(path, err);
	r = read_all(files->arena, fd, &file, err);
	if (!is_stdin)
		close(fd);
	if (r < 0)
		return r;
	if (files->count == FILES_MAX)
		return portal_fail(
			err, PORTAL_USAGE, _("a manifest has at most %d files"), FILES_MAX);
	if (files->count == files->room) {
		const size_t grown = files->room ? 2 * files->room : 16;
		struct apply_file *items = arena_array(files->arena, grown, sizeof(*items));

		if (files->count)
			memcpy(items, files->items, files->count * sizeof(*items));
		files->items = items;
		files->room = grown;
	}
	files->items[files->count++] = file;
	return 0;
}

static int is_manifest(const struct dirent *entry)
{
	const char *dot = strrchr(entry->d_name, '.');

	return entry->d_name[0] != '.' && dot &&
	       (!strcmp(dot, ".yaml") || !strcmp(dot, ".yml") || !strcmp(dot, ".json"));
}

/* By bytes: the same order in every language. */
static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int add_folder(struct files *files, const char *path, struct portal_error *err)
{
	struct dirent **entries = NULL;
	const int count = scandir(path, &entries, is_manifest, by_name);
	int r = 0;

	if (count < 0)
		return cannot_read(path, err);
	if (count == 0)
		r = portal_fail(err, PORTAL_USAGE,
			_("'%s' holds no manifest (*.yaml, *.yml, *.json)"), path);
	for (int i = 0; i < count; i++) {
		if (r >= 0)
			r = add_file(files,
				arena_printf(files->arena, "%s/%s", path, entries[i]->d_name), err);
		free(entries[i]);
	}
	free(entries);
	return r;
}

static int read_files(struct files *files, const cli_list *paths, struct portal_error *err)
{
	struct stat found;
	int r = 0;

	for (int64_t i = 0; r >= 0 && i < paths->count; i++) {
		const char *path = paths->items[i];

		r = strcmp(path, "-") && stat(path, &found) == 0 && S_ISDIR(found.st_mode)
			    ? add_folder(files, path, err)
			    : add_file(files, path, err);
	}
	return r;
}

static int read_password(
	void *arg, const char *path, struct portal_secret *ret, struct portal_error *err)
{
	(void)arg;
	return secret_read("password", path, ret, err);
}

/* Where the results go, and what they came to. */
struct giving {
	struct reply *reply;
	struct apply_summary summary;
};

static int64_t changes(const struct apply_summary *summary)
{
	return summary->created + summary->updated + summary->removed;
}

static int give(const void *row, void *arg)
{
	const struct giving *giving = arg;
	const struct apply_change *change = row;
	const bool is_same = !strcmp(change->result, "unchanged");
	const bool is_new = !strcmp(change->result, "created");

	if (changes(&giving->summary) > 0)
		reply_note_change(giving->reply);
	return reply_result(giving->reply, change->line, change,
		is_same  ? REPLY_UNCHANGED
		: is_new ? REPLY_CREATED
			 : REPLY_CHANGED,
		NULL);
}

typedef int apply_function(struct portal *portal, const struct apply_request *request,
	portal_visit *visit, void *arg, struct apply_summary *ret_summary,
	struct portal_error *err);

/* What the two commands do differently. */
struct way {
	apply_function *function;
	int (*tell)(int64_t count, struct portal_error *err);
};

static void say(struct reply *reply, const struct apply_summary *summary)
{
	reply_say(reply, _("%lld created, %lld updated, %lld unchanged, %lld removed"),
		(long long)summary->created, (long long)summary->updated,
		(long long)summary->unchanged, (long long)summary->removed);
}

static int run(struct portal *portal, const struct apply_args *args, const struct way *way,
	struct reply *reply, struct portal_error *err)
{
	struct files files = { .arena = reply_arena(reply) };
	struct apply_request request = {
		.prune = args->prune, .max_prune = args->max_prune, .read_secret = read_password
	};
	struct giving giving = { .reply = reply };
	int r = read_files(&files, &args->files, err);

	request.files = files.items;
	request.file_count = files.count;
	if (r >= 0)
		r = way->function(portal, &request, give, &giving, &giving.summary, err);
	if (r < 0)
		return r;
	say(reply, &giving.summary);
	if (r > 0 && args->exit_code)
		return way->tell(changes(&giving.summary), err);
	return 0;
}

static int tell_changed(int64_t count, struct portal_error *err)
{
	return portal_fail(err, PORTAL_CHANGES,
		P_("%lld object was changed", "%lld objects were changed", count),
		(long long)count);
}

static int tell_different(int64_t count, struct portal_error *err)
{
	return portal_fail(err, PORTAL_CHANGES,
		P_("%lld object differs", "%lld objects differ", count), (long long)count);
}

static int apply_run(
	struct portal *portal, const void *args, struct reply *reply, struct portal_error *err)
{
	static const struct way way = { portal_apply, tell_changed };

	return run(portal, args, &way, reply, err);
}

static int diff_run(
	struct portal *portal, const void *args, struct reply *reply, struct portal_error *err)
{
	static const struct way way = { portal_diff, tell_different };

	return run(portal, args, &way, reply, err);
}

#define FILES \
	OPTION(struct apply_args, files, .name = "file", .metavar = "FILE", .flags = ARG_REQUIRED, \
		.completes = COMPLETE_FILE, \
		.help = N_("a manifest, a folder of them, or '-' for standard input; may be " \
			   "given several times"))
#define PRUNING \
	OPTION(struct apply_args, prune, .name = "prune", \
		.help = N_("also take away what the same set made and no file names any more")), \
		OPTION(struct apply_args, max_prune, .name = "max-prune", .metavar = "N", \
			.fallback = "10", .flags = ARG_NATURAL, .needs = "prune", \
			.help = N_("fail where more than so many would be taken away"))
#define EXIT_CODE \
	OPTION(struct apply_args, exit_code, .name = "exit-code", \
		.help = N_("exit with 10 where there is a difference"))

extern const struct command cmd_apply, cmd_diff;

const struct command cmd_apply = {
	.verb = "apply",
	.summary = N_("Bring the portal to what a manifest says, all of it or nothing"),
	.action = "applied",
	.permission = "portal.apply",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_LONG | COMMAND_RESULTS,
	.args_size = sizeof(struct apply_args),
	.options = (const struct arg[]){ FILES, EXIT_CODE, PRUNING, END_OF_LIST },
	.prints = &apply_change_record,
	.examples =
		(const struct example[]){
			{ "printf 'portalctl: 1\\ncompanies:\\n- tax_id: 02919305000127\\n  name: "
			  "Modelo Ltda.\\n' | portalctl apply --file -",
				N_("a company, from a pipe") },
			{ NULL },
		},
	.run = apply_run,
};

const struct command cmd_diff = {
	.verb = "diff",
	.summary = N_("Show what applying a manifest would change"),
	.action = "applied",
	.permission = "portal.diff",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_LONG | COMMAND_RESULTS | COMMAND_REHEARSES,
	.args_size = sizeof(struct apply_args),
	.options = (const struct arg[]){ FILES, EXIT_CODE, PRUNING, END_OF_LIST },
	.prints = &apply_change_record,
	.examples =
		(const struct example[]){
			{ "printf 'portalctl: 1\\nsettings:\\n  access_link_days: 3\\n' | "
			  "portalctl diff --file -",
				N_("before it is applied") },
			{ NULL },
		},
	.run = diff_run,
};
