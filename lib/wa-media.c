/* W8: files that clients sent over WhatsApp are fetched after their message was kept, and
 * once more later where that fails. What reaches the ticket has the hash that the
 * provider told. */
#include <portal/wa.h>

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <portal/deliver.h>
#include <portal/secret.h>
#include <portal/settings.h>

#include "attachment.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "list.h"
#include "net/whatsapp.h"
#include "policy.h"
#include "portal-private.h"
#include "setting.h"

/* The provider keeps them for seven days. */
enum { FILE_SECONDS_MAX = 120, RUN_SECONDS = 300, FIRST_SECONDS = 60, MOST_SECONDS = 6 * 3600 };
#define KEPT_MS (INT64_C(7) * 24 * 3600 * 1000)

const struct portal_word wa_media_states[] = {
	{ "missing", N_("not fetched yet") },
	{ "fetched", N_("fetched") },
	{ "failed", N_("can't be fetched") },
	{ NULL, NULL },
};

const struct portal_word wa_media_list_states[] = {
	{ "missing", N_("not fetched yet") },
	{ "fetched", N_("fetched") },
	{ "failed", N_("can't be fetched") },
	{ "any", N_("any") },
	{ NULL, NULL },
};

#define WIDE .flags = PORTAL_FIELD_WIDE

static const struct portal_field media_fields[] = {
	PORTAL_FIELD(struct wa_media_file, id, N_("ID"), .flags = PORTAL_FIELD_RIGHT),
	PORTAL_FIELD(struct wa_media_file, ticket_number, N_("TICKET")),
	PORTAL_FIELD(struct wa_media_file, message_id, N_("MESSAGE"), .flags = PORTAL_FIELD_RIGHT),
	PORTAL_FIELD(struct wa_media_file, file_name, N_("FILE NAME")),
	PORTAL_FIELD(struct wa_media_file, media_type, N_("MEDIA TYPE")),
	PORTAL_FIELD(struct wa_media_file, media_id, N_("WHATSAPP ID"), WIDE),
	PORTAL_FIELD(struct wa_media_file, state, N_("STATE"), .words = wa_media_states),
	PORTAL_FIELD(struct wa_media_file, attempts, N_("ATTEMPTS"), .flags = PORTAL_FIELD_RIGHT),
	PORTAL_FIELD(struct wa_media_file, next_attempt_at, N_("NEXT ATTEMPT")),
	PORTAL_FIELD(struct wa_media_file, last_error, N_("LAST ERROR")),
	PORTAL_FIELDS_END,
};

const struct portal_record wa_media_record = { "wa.media", sizeof(struct wa_media_file),
	media_fields };

struct media {
	int64_t id, message_id;
	const char *media_id, *media_type, *sha256, *file_name;
	int64_t attempts;
};

static const struct portal_field row_fields[] = {
	PORTAL_FIELD(struct media, id, NULL),
	PORTAL_FIELD(struct media, message_id, NULL),
	PORTAL_FIELD(struct media, media_id, NULL),
	PORTAL_FIELD(struct media, media_type, NULL),
	PORTAL_FIELD(struct media, sha256, NULL),
	PORTAL_FIELD(struct media, file_name, NULL),
	PORTAL_FIELD(struct media, attempts, NULL),
	PORTAL_FIELDS_END,
};

static const struct portal_record row_record = { "wa.media", sizeof(struct media), row_fields };

/* One fetch, from the row to the row. @file: what came, where it did. */
struct fetching {
	struct portal *portal;
	struct media media;
	int64_t max_bytes;
	bool came;
	struct file file;
	struct net_outcome outcome;
};

static int next_body(struct work *w, void *arg)
{
	struct fetching *f = arg;

	f->max_bytes = setting_int(w, "attachment_max_mb") * 1000000;
	return store_get(w->tx, Q_WA_MEDIA_NEXT, ARGS(A(w->now)), w->arena, &row_record, &f->media);
}

/* "image.jpeg", where the client gave no name, or one that could deceive. */
static const char *name_of(struct arena *arena, const struct media *media)
{
	const char *type = media->media_type ? media->media_type : "file/bin";
	const char *kind = type + strcspn(type, "/");
	struct portal_error unheard = { 0 };
	const char *name = media->file_name ? file_name(arena, media->file_name, &unheard) : NULL;

	if (name && *name)
		return name;
	kind += *kind == '/';
	return arena_printf(arena, "%.*s.%.*s", (int)strcspn(type, "/"), type,
		(int)strspn(kind, "abcdefghijklmnopqrstuvwxyz0123456789"), kind);
}

/* A place that has no name and is gone with the process. */
static int open_sink(struct portal *portal)
{
	const char *db = portal->options.db, *slash = strrchr(db, '/');
	const char *folder = slash ? arena_strndup(portal_arena(portal), db,
					     (size_t)(slash - db) + (slash == db))
				   : ".";

	return open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
}

static void refuse(struct net_outcome *outcome, enum net_class class, const char *why)
{
	*outcome = (struct net_outcome){ .class = class };
	net_said(outcome, why, strlen(why));
}

/* The bytes go to the kept files, whose hash decides. */
static void keep(struct fetching *f, int fd)
{
	const struct file_source source = { .fd = fd,
		.name = name_of(portal_arena(f->portal), &f->media) };
	struct portal_error why = { 0 };

	if (lseek(fd, 0, SEEK_SET) < 0 || file_keep(f->portal, &source, &f->file, &why) < 0) {
		refuse(&f->outcome, why.code == PORTAL_INVALID_INPUT ? NET_FAILED : NET_RETRY,
			why.message);
		return;
	}
	f->came = !f->media.sha256 || !strcmp(f->media.sha256, f->file.sha256);
	if (!f->came)
		refuse(&f->outcome, NET_RETRY, "the file is not the one that was sent");
}

static void fetch(struct fetching *f, struct whatsapp *whatsapp, int64_t max_ms)
{
	_cleanup_fd_ int fd = open_sink(f->portal);
	struct whatsapp_download download = { .size_bytes = 0 };
	const struct whatsapp_sink sink = { fd, f->max_bytes, max_ms };

	f->came = false;
	if (fd < 0) {
		refuse(&f->outcome, NET_RETRY, "there is no place for the file");
		return;
	}
	whatsapp_download(whatsapp, f->media.media_id, &sink, &download, &f->outcome);
	if (f->outcome.class == NET_SENT)
		keep(f, fd);
}

static int put_off(struct work *w, const struct fetching *f)
{
	int64_t seconds = FIRST_SECONDS, sent_at = 0;
	const char *state = "missing";
	portal_time next;
	int r = store_get_int(w->tx, Q_WA_MEDIA_MESSAGE_AT, ARGS(A(f->media.message_id)), &sent_at);

	for (int64_t i = 0; i < f->media.attempts && seconds < MOST_SECONDS; i++)
		seconds *= 2;
	next = (portal_time){ w->now.ms + seconds * 1000 };
	if (f->outcome.class == NET_FAILED || next.ms > sent_at + KEPT_MS) {
		state = "failed";
		next = (portal_time){ 0 };
	}
	return r < 0 ? r
		     : store_put(w->tx, Q_WA_MEDIA_SETTLE,
			       ARGS(A(f->media.id), A(state), A(f->outcome.said), A(next)));
}

/* Somebody else may have fetched it meanwhile. */
static int settle_body(struct work *w, void *arg)
{
	const struct fetching *f = arg;
	int64_t message_id = 0;
	int r = store_get_int(w->tx, Q_WA_MEDIA_STILL, ARGS(A(f->media.id)), &message_id);

	if (r <= 0)
		return r;
	if (!f->came)
		return put_off(w, f);
	r = attachment_add(w, "message", message_id, &f->file, 1);
	return r < 0 ? r
		     : store_put(w->tx, Q_WA_MEDIA_SETTLE,
			       ARGS(A(f->media.id), A("fetched"), A((const char *)NULL),
				       A((portal_time){ 0 })));
}

struct run {
	struct portal *portal;
	const struct deliver_request *request;
	struct wa_media_summary *summary;
	int64_t end_ms;
	struct portal_error *err;
};

static void count(struct wa_media_summary *summary, const struct fetching *f)
{
	summary->fetched += f->came;
	summary->failed += !f->came;
}

static bool is_over(const struct run *run)
{
	return monotonic_ms() >= run->end_ms ||
	       (run->request->stop && run->request->stop(run->request->stop_arg));
}

/* Where the way itself is wrong nothing is counted. */
static int fetch_all(struct run *run, struct whatsapp *whatsapp, struct fetching *f)
{
	int r = 1;

	while (r > 0 && !is_over(run)) {
		const int64_t left_ms = run->end_ms - monotonic_ms();

		fetch(f, whatsapp,
			left_ms < FILE_SECONDS_MAX * 1000 ? left_ms : FILE_SECONDS_MAX * 1000);
		if (f->outcome.class == NET_STOP) {
			portal_fail(&run->summary->unopened, PORTAL_REMOTE,
				_("what clients sent can't be fetched: %s"), f->outcome.said);
			return 0;
		}
		r = work_write(run->portal, settle_body, f, run->err);
		if (r > 0)
			count(run->summary, f);
		if (r >= 0)
			r = work_read(run->portal, next_body, f, run->err);
	}
	return r;
}

static struct whatsapp *open_client(const struct run *run, struct arena *arena)
{
	const struct portal_senders *s = run->portal->options.senders;
	const struct whatsapp_options options = { .api_url = s->whatsapp.api_url,
		.phone_number_id = s->whatsapp.phone_number_id,
		.token = run->request->whatsapp_token,
		.ca_file = s->whatsapp.ca_file,
		.timeout_seconds = s->whatsapp.timeout_seconds };

	return whatsapp_open(arena, &options, run->err);
}

static int may(struct work *w, void *arg)
{
	int64_t viewer;
	int r = policy_need_list(w, "portal.deliver", &viewer);

	(void)arg;
	return r < 0 ? r : work_will_write(w);
}

static int run_all(struct run *run, struct arena *arena)
{
	struct fetching f = { .portal = run->portal };
	struct whatsapp *whatsapp;
	int r = work_read(run->portal, may, NULL, run->err);

	if (r >= 0)
		r = work_read(run->portal, next_body, &f, run->err);
	if (r <= 0 || run->portal->options.dry_run)
		return r < 0 ? r : 0;
	if (run->request->whatsapp_unread) {
		run->summary->unopened = *run->request->whatsapp_unread;
		return 0;
	}
	whatsapp = open_client(run, arena);
	if (!whatsapp)
		return -(int)run->err->code;
	r = fetch_all(run, whatsapp, &f);
	whatsapp_close(whatsapp);
	return r < 0 ? r : 0;
}

int wa_media_fetch(struct portal *portal, const struct deliver_request *request,
	struct wa_media_summary *ret_summary, struct portal_error *err)
{
	const int64_t seconds = request->max_seconds ? request->max_seconds : RUN_SECONDS;
	struct arena arena = { .out_of_memory = portal->options.out_of_memory };
	struct wa_media_summary summary = { .fetched = 0 };
	struct run run = { portal, request, &summary, monotonic_ms() + seconds * 1000, err };
	const bool by_whatsapp = !request->channel || !strcmp(request->channel, "whatsapp");
	const bool is_shown = request->whatsapp_token || request->whatsapp_unread;
	int r = 0;

	if (by_whatsapp && is_shown && portal->options.senders)
		r = run_all(&run, &arena);
	arena_release(&arena);
	if (r < 0)
		return r;
	*ret_summary = summary;
	return summary.fetched + summary.failed > 0;
}

const struct portal_word wa_media_sorts[] = { { "id", NULL }, { "next_attempt_at", NULL },
	{ NULL, NULL } };

struct listing {
	const struct wa_media_filter *filter;
	portal_visit *visit;
	void *arg;
	struct portal_list_end *ret_end;
};

static int list_body(struct work *w, void *arg)
{
	const struct listing *listing = arg;
	const struct wa_media_filter *f = listing->filter;
	struct wa_media_file row = { 0 };
	struct list list = { .w = w,
		.page = &f->page,
		.sorts = wa_media_sorts,
		.statements = { Q_WA_MEDIA_LIST, Q_WA_MEDIA_LIST_UP, Q_WA_MEDIA_LIST_DOWN },
		.record = &wa_media_record,
		.row = &row,
		.visit = listing->visit,
		.visit_arg = listing->arg,
		.ret_end = listing->ret_end };
	int64_t viewer;
	const int r = policy_need_list(w, "wa.media", &viewer);

	return r < 0 ? r : list_read(&list, LIST_ARGS(A(f->state ? f->state : "missing")));
}

int wa_media_list(struct portal *portal, const struct wa_media_filter *filter, portal_visit *visit,
	void *arg, struct portal_list_end *ret_end, struct portal_error *err)
{
	struct listing listing = { filter, visit, arg, ret_end };

	return work_read(portal, list_body, &listing, err);
}
