/* Making a portal: directory, lock file, key, database, the office. */
#include <portal/portal.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "audit.h"
#include "base/durable.h"
#include "base/i18n.h"
#include "base/utf8.h"
#include "base/zone.h"
#include "company-private.h"
#include <portal/config.h>
#include "portal-private.h"
#include "seal/seal.h"
#include "setting.h"

static const struct portal_field status_fields[] = {
	PORTAL_FIELD(struct portal_status, office_tax_id, N_("OFFICE")),
	PORTAL_FIELD(struct portal_status, office_name, N_("NAME")),
	PORTAL_FIELD(struct portal_status, schema_version, N_("SCHEMA")),
	PORTAL_FIELD(struct portal_status, engine, N_("ENGINE")),
	PORTAL_FIELD(struct portal_status, due_count, N_("DUE")),
	PORTAL_FIELD(struct portal_status, outbox_queued, N_("QUEUED MESSAGES")),
	PORTAL_FIELD(struct portal_status, pending_invites, N_("PENDING INVITES")),
	PORTAL_FIELD(struct portal_status, new_tickets, N_("NEW TICKETS")),
	PORTAL_FIELDS_END,
};

const struct portal_record portal_status_record = { "status", sizeof(struct portal_status),
	status_fields };

/* @made_directory: the first that was not there, or NULL. @made_key: neither was
 * the key. */
struct making {
	struct portal *portal;
	const struct portal_init_request *request;
	struct company_draft office;
	const char *made_directory;
	bool made_key;
};

/* Whether it is there or not, such a name can be that of no file. */
static bool names_directory(const char *path)
{
	const char *slash = strrchr(path, '/'), *last = slash ? slash + 1 : path;

	return !*last || !strcmp(last, ".") || !strcmp(last, "..");
}

static int check_place(const char *path, struct portal_error *err)
{
	char *file;
	int r;

	if (names_directory(path))
		return portal_fail(err, PORTAL_NOT_A_PORTAL,
			_("'%s' is a directory, not a portal database"), path);
	r = store_file_of(path, &file, err);
	if (r == 0)
		free(file);
	return r;
}

/* The rules come first, so that bad input leaves no directory behind. */
static int check_request(struct making *making, struct work *w)
{
	const struct portal_init_request *request = making->request;
	struct zone *zone;
	int r = check_place(making->portal->options.db, w->err);

	if (r < 0)
		return r;
	making->office = (struct company_draft){ .tax_id = request->office_tax_id,
		.name = request->office_name,
		.relation = "none",
		.status = "registered" };
	r = company_check(w, &making->office);
	if (r >= 0 && request->time_zone)
		r = zone_load(w->arena, making->portal->options.zone_directory, request->time_zone,
			&zone, w->err);
	if (r >= 0 && request->language && !portal_word_known(portal_languages, request->language))
		r = portal_fail(w->err, PORTAL_USAGE, _("'%s' is not a language; take pt_BR or en"),
			request->language);
	return r;
}

static int directory_failed(struct work *w, const char *path, int number)
{
	return portal_fail(w->err,
		number == ENOSPC  ? PORTAL_NO_SPACE
		: number == EROFS ? PORTAL_READ_ONLY
				  : PORTAL_FAILURE,
		_("cannot make the directory '%s': %s"), path, strerror(number));
}

/* The first one made lies around all the others. Returns an errno. */
static int note_directory(struct making *making, struct work *w, const char *path)
{
	if (!making->made_directory)
		making->made_directory = arena_strdup(w->arena, path);
	return durable_name(path);
}

/* Those that are not empty have found another use meanwhile, and stay. */
static void remove_directories(const struct making *making, struct work *w)
{
	const char *first = making->made_directory;
	char *path = arena_strdup(w->arena, making->portal->options.db), *slash;

	while (first && (slash = strrchr(path, '/')) && (size_t)(slash - path) >= strlen(first)) {
		*slash = '\0';
		rmdir(path);
	}
}

static int make_directory(struct making *making, struct work *w, const char *db)
{
	char *path = arena_strdup(w->arena, db);

	for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		int number = 0;

		*slash = '\0';
		if (mkdir(path, 0700) < 0)
			number = errno == EEXIST ? 0 : errno;
		else
			number = note_directory(making, w, path);
		if (number)
			return directory_failed(w, path, number);
		*slash = '/';
	}
	return 0;
}

static const char *key_path(const struct making *making)
{
	struct portal *portal = making->portal;

	return arena_printf(&portal->results, "%s.key", portal->options.db);
}

/* A key that a killed init left behind is as good as a new one. */
static int make_key(struct making *making, struct work *w)
{
	const char *path = key_path(making);
	unsigned char key[SEAL_SIZE];
	int r;

	if (faccessat(AT_FDCWD, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
		r = seal_key_read(path, key, w->err);
	else {
		r = seal_key_create(path, key, w->err);
		making->made_key = r >= 0;
	}
	seal_wipe(key, sizeof(key));
	return r;
}

static int write_settings(struct work *w, const struct portal_init_request *request)
{
	int r = 0;

	if (request->time_zone)
		r = setting_write(w, "time_zone", request->time_zone);
	if (r >= 0 && request->language)
		r = setting_write(w, "language", request->language);
	return r;
}

static int fill_tables(struct work *w, const struct making *making)
{
	const char *name = work_random_hex(w, 16);
	const char *key_check = name ? work_key_check(w) : NULL;
	struct company office;
	int r = key_check ? company_insert(w, &making->office, &office) : -(int)w->err->code;

	if (r >= 0)
		r = store_put(w->tx, Q_PORTAL_INSERT,
			ARGS(A(name), A(key_check), A(office.id),
				A(making->request->allow_clock_override), A(w->now)));
	if (r >= 0)
		r = audit_begin(w, name);
	if (r >= 0)
		r = company_audit_added(w, &office);
	return r < 0 ? r : write_settings(w, making->request);
}

/* The key is made here, where no other 'init' of the same place is at work. */
static int fill_portal(struct store_tx *tx, void *arg)
{
	struct making *making = arg;
	struct portal *portal = making->portal;
	struct work w = { .portal = portal,
		.tx = tx,
		.arena = &portal->results,
		.now = portal->options.now,
		.actor = &portal->actor,
		.err = store_error(tx) };
	const int r = make_key(making, &w);

	return r < 0 ? r : fill_tables(&w, making);
}

static void remove_key(void *arg)
{
	const struct making *making = arg;

	if (making->made_key)
		unlink(key_path(making));
}

static int make(struct making *making, struct work *w)
{
	const struct portal_options *options = &making->portal->options;
	const struct store_options store = { .path = options->db, .wait_ms = options->wait_ms };
	struct store_creation creation = { fill_portal, remove_key, making };
	int r = make_directory(making, w, options->db);

	if (r >= 0)
		r = store_create(&store, &creation, w->err);
	if (r < 0)
		remove_directories(making, w);
	return r;
}

/* The clock of a portal is its own from the first day. */
static int check_clock(const struct portal_options *options,
	const struct portal_init_request *request, struct portal_error *err)
{
	if (!options->now.ms || options->dry_run || request->allow_clock_override)
		return 0;
	portal_fail(err, PORTAL_CLOCK_DENIED,
		_("a portal whose clock can't be set is made at the true time"));
	return portal_hint(
		err, _("leave out --now and PORTALCTL_NOW, or say --allow-clock-override"));
}

static int was_there(const struct portal_options *options,
	const struct portal_init_request *request, struct arena *arena,
	struct portal_status *ret_status, struct portal_error *err)
{
	struct portal_options reading = *options;
	__attribute__((cleanup(portal_closep))) struct portal *portal = NULL;
	int r;

	if (!request->if_not_exists) {
		portal_fail(
			err, PORTAL_EXISTS, _("there is something at '%s' already"), options->db);
		return portal_hint(err, _("name another place with --db, or say --if-not-exists"));
	}
	reading.dry_run = false;
	r = portal_open(&reading, &portal, err);
	if (r >= 0)
		r = portal_get_status(portal, ret_status, err);
	if (r < 0)
		return r;
	ret_status->office_tax_id = arena_strdup(arena, ret_status->office_tax_id);
	ret_status->office_name = arena_strdup(arena, ret_status->office_name);
	return 0;
}

static struct portal *blank_portal(const struct portal_options *options)
{
	struct portal *portal = calloc(1, sizeof(*portal));

	if (!portal)
		return NULL;
	portal->options = *options;
	if (!portal->options.now.ms)
		portal->options.now = portal_clock();
	portal->keep.out_of_memory = portal->results.out_of_memory = options->out_of_memory;
	portal->actor = (struct actor){ .label = "operator" };
	return portal;
}

static int make_checked(struct making *making, struct arena *arena,
	struct portal_status *ret_status, struct portal_error *err)
{
	struct portal *portal = making->portal;
	struct work w = { .portal = portal,
		.arena = &portal->results,
		.now = portal->options.now,
		.actor = &portal->actor,
		.err = err };
	int r = check_request(making, &w);

	if (r >= 0 && !portal->options.dry_run)
		r = make(making, &w);
	if (r < 0)
		return r;
	*ret_status = (struct portal_status){ .office_tax_id = arena_strdup(
						      arena, making->office.parsed.tax_id),
		.office_name = arena_strdup(arena, making->office.name),
		.schema_version = store_schema_version(),
		.engine = "sqlite" };
	return 1;
}

int portal_init(const struct portal_options *options, const struct portal_init_request *request,
	struct arena *arena, struct portal_status *ret_status, struct portal_error *err)
{
	__attribute__((cleanup(portal_closep))) struct portal *portal = NULL;
	struct making making = { .request = request };
	int r;

	r = portal_need_operator(options, "portal.init", err);
	if (r < 0)
		return r;
	if (access(options->db, F_OK) == 0)
		return was_there(options, request, arena, ret_status, err);
	r = check_clock(options, request, err);
	if (r < 0)
		return r;
	making.portal = portal = blank_portal(options);
	if (!portal)
		return portal_fail(err, PORTAL_NO_MEMORY, _("out of memory"));
	r = make_checked(&making, arena, ret_status, err);
	return r == -PORTAL_EXISTS ? was_there(options, request, arena, ret_status, err) : r;
}
