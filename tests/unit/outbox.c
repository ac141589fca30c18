/* What is claimed of the outbox, in which order, and what becomes of it: over WhatsApp, of
 * which no server is needed to say how it went. */
#include "check.h"

#include <sqlite3.h>
#include <unistd.h>

#include <portal/arena.h>

#include "file.h"
#include "outbox-private.h"
#include "portal-private.h"

static const int64_t now_ms = 1772366400000; /* 2026-03-01T12:00:00Z */

#define SHA "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

enum { MINUTE_MS = 60000, LEASE_MS = 600000 };

/* A portal in a directory of its own, and another program's hold of its file. */
struct site {
	char directory[64], db[96];
	struct portal *portal;
	sqlite3 *other;
};

static void run_sql(struct site *site, const char *sql)
{
	if (sqlite3_exec(site->other, sql, NULL, NULL, NULL) == SQLITE_OK)
		return;
	printf("# %s: %s\n", sql, sqlite3_errmsg(site->other));
	exit(EXIT_FAILURE);
}

/* The first column of all rows, with a blank between. */
static const char *ask(struct site *site, const char *sql)
{
	struct arena *arena = portal_arena(site->portal);
	const char *found = "";
	sqlite3_stmt *stmt = NULL;

	CHECK_INT(sqlite3_prepare_v2(site->other, sql, -1, &stmt, NULL), SQLITE_OK);
	while (sqlite3_step(stmt) == SQLITE_ROW) {
		const unsigned char *text = sqlite3_column_text(stmt, 0);

		found = arena_printf(
			arena, "%s%s%s", found, *found ? " " : "", text ? (const char *)text : "-");
	}
	sqlite3_finalize(stmt);
	return found;
}

static void at(struct site *site, int64_t ms)
{
	site->portal->options.now = (portal_time){ now_ms + ms };
}

static void open_site(struct site *site)
{
	const struct portal_init_request request = { .office_tax_id = "65635571000148",
		.office_name = "Modelo",
		.language = "en",
		.allow_clock_override = true };
	struct portal_options options = { .db = site->db,
		.wait_ms = 5000,
		.actor = "uid:1000",
		.boot_id = "here",
		.now = { now_ms } };
	struct portal_status status;
	struct portal_error err = { 0 };
	struct arena arena = { NULL };

	strncpy(site->directory, "/tmp/portal-outbox-XXXXXX", sizeof(site->directory) - 1);
	CHECK(mkdtemp(site->directory) != NULL);
	snprintf(site->db, sizeof(site->db), "%s/p.db", site->directory);
	CHECK_INT(portal_init(&options, &request, &arena, &status, &err), 1);
	CHECK_INT(portal_open(&options, &site->portal, &err), 0);
	CHECK_INT(sqlite3_open(site->db, &site->other), SQLITE_OK);
	sqlite3_busy_timeout(site->other, 5000);
	arena_release(&arena);
	run_sql(site, "INSERT INTO contact (id, company_id, name, name_norm, phones, created_at, "
		      "updated_at)"
		      " VALUES (1, 1, 'Ana', 'ana', '', 1, 1);"
		      "INSERT INTO ticket (id, day, n, contact_id, subject, tags, origin, status,"
		      " office_unread, client_unread, opened_at, updated_at)"
		      " VALUES (1, '260301', 1, 1, 'S', '', 'whatsapp', 'new', 0, 0, 1, 1)");
}

static void close_site(struct site *site)
{
	static const char *const endings[] = { "", "-wal", "-shm", ".lock", ".key" };
	char path[120];

	sqlite3_close(site->other);
	portal_close(site->portal);
	for (size_t i = 0; i < sizeof(endings) / sizeof(*endings); i++) {
		snprintf(path, sizeof(path), "%s%s", site->db, endings[i]);
		unlink(path);
	}
	CHECK_INT(rmdir(site->directory), 0);
}

/* A row for @recipient, which becomes the next id. */
static void queue(struct site *site, const char *recipient, const char *template,
	const char *arguments, int64_t cause_id)
{
	run_sql(site, arena_printf(portal_arena(site->portal),
			      "INSERT INTO contact_identity (identity, contact_id, client_at) "
			      "VALUES ('%s', 1, %lld) ON CONFLICT DO NOTHING",
			      recipient + 1, (long long)now_ms));
	run_sql(site,
		arena_printf(portal_arena(site->portal),
			"INSERT INTO outbox (channel, recipient, template, language, arguments,"
			" state, attempts, next_attempt_at, cause_kind, cause_id, created_at)"
			" VALUES ('whatsapp', '%s', '%s', 'pt_BR', '%s', 'queued', 0, %lld,"
			" 'message', %lld, 1)",
			recipient, template, arguments, (long long)now_ms, (long long)cause_id));
}

static void say(struct site *site, const char *body)
{
	run_sql(site,
		arena_printf(portal_arena(site->portal),
			"INSERT INTO message (ticket_id, at, direction, via, automatic, internal,"
			" body) VALUES (1, 1, 'out', 'whatsapp', 0, 0, '%s')",
			body));
}

/* A message of its own for each. */
static void queue_text(struct site *site, const char *recipient, const char *body)
{
	say(site, body);
	queue(site, recipient, "wa_message", "{}",
		strtoll(ask(site, "SELECT max(id) FROM message"), NULL, 10));
}

static int claim(struct site *site, struct outbox_batch *batch)
{
	const struct outbox_asking asking = {
		.channel = "whatsapp", .most = OUTBOX_BATCH_MAX, .lease_ms = LEASE_MS
	};
	struct portal_error err = { 0 };
	const int r = outbox_claim(site->portal, &asking, batch, &err);

	CHECK_STR(err.message, "");
	return r;
}

static int start(struct site *site, struct outbox_batch *batch, int64_t i, struct outbox_end *end)
{
	struct portal_error err = { 0 };
	const int r = outbox_start(site->portal, batch, end, &batch->claims[i], &err);

	CHECK_STR(err.message, "");
	end->claim = r > 0 ? &batch->claims[i] : NULL;
	return r;
}

static void finish(struct site *site, const struct outbox_batch *batch, struct outbox_end *end)
{
	struct portal_error err = { 0 };

	CHECK_INT(outbox_finish(site->portal, batch, end, &err), 1);
	CHECK_STR(err.message, "");
}

/* Claims what there is, and each comes to this end. How many there were. */
static int64_t send_all(struct site *site, const struct net_outcome *outcome)
{
	struct outbox_batch batch = { .count = 0 };
	struct outbox_end end = { .claim = NULL };

	if (claim(site, &batch) <= 0)
		return 0;
	for (int64_t i = 0; i < batch.count; i++) {
		CHECK_INT(start(site, &batch, i, &end), 1);
		end.outcome = *outcome;
		if (outcome->class == NET_SENT)
			snprintf(end.outcome.wamid, sizeof(end.outcome.wamid), "wamid.%lld",
				(long long)batch.claims[i].id);
	}
	finish(site, &batch, &end);
	return batch.count;
}

static int any(struct site *site)
{
	struct portal_error err = { 0 };

	return outbox_any(site->portal, "whatsapp", &err);
}

static int lost(struct site *site)
{
	struct portal_error err = { 0 };

	return outbox_find_lost(site->portal, &err);
}

#define STATES "SELECT state FROM outbox ORDER BY id"
#define DELIVERIES "SELECT delivery FROM message ORDER BY id"

static const struct net_outcome sent = { .class = NET_SENT, .code = 200 };

static void nobody_gets_the_second_message_before_the_first(void)
{
	const struct net_outcome later = { .class = NET_RETRY, .code = 500 };
	struct outbox_batch batch, more;
	struct outbox_end end = { .claim = NULL };
	struct site site = { .portal = NULL };

	open_site(&site);
	queue_text(&site, "+5511", "a");
	queue_text(&site, "+5511", "b");
	queue_text(&site, "+5522", "c");
	CHECK_INT(claim(&site, &batch), 1);
	CHECK_INT(batch.count, 2);
	CHECK_STR(batch.claims[0].whatsapp->text, "a");
	CHECK_STR(batch.claims[1].whatsapp->text, "c");
	CHECK_INT(any(&site), 0);
	CHECK_INT(claim(&site, &more), 0);
	CHECK_INT(start(&site, &batch, 0, &end), 1);
	end.outcome = later;
	CHECK_INT(start(&site, &batch, 1, &end), 1);
	end.outcome = sent;
	finish(&site, &batch, &end);
	CHECK_STR(ask(&site, STATES), "queued queued sent");
	CHECK_INT(claim(&site, &more), 0);
	at(&site, MINUTE_MS);
	CHECK_INT(send_all(&site, &sent), 1);
	CHECK_INT(send_all(&site, &sent), 1);
	CHECK_STR(ask(&site, STATES), "sent sent sent");
	close_site(&site);
}

static void what_ended_badly_holds_up_nobody(void)
{
	const struct net_outcome unknown = { .class = NET_UNKNOWN };
	const struct net_outcome failed = { .class = NET_FAILED, .code = 400 };
	struct site site = { .portal = NULL };

	open_site(&site);
	queue_text(&site, "+5511", "a");
	queue_text(&site, "+5511", "b");
	queue_text(&site, "+5511", "c");
	CHECK_INT(send_all(&site, &unknown), 1);
	CHECK_INT(send_all(&site, &failed), 1);
	CHECK_INT(send_all(&site, &sent), 1);
	CHECK_STR(ask(&site, STATES), "unknown failed sent");
	CHECK_STR(ask(&site, DELIVERIES), "unknown failed sent");
	CHECK_STR(ask(&site, "SELECT next_attempt_at FROM outbox ORDER BY id"), "- - -");
	at(&site, 1000 * MINUTE_MS);
	CHECK_INT(any(&site), 0);
	close_site(&site);
}

static void a_name_of_whatsapp_is_that_of_one_message(void)
{
	struct outbox_batch batch;
	struct outbox_end end = { .claim = NULL };
	struct site site = { .portal = NULL };

	open_site(&site);
	queue_text(&site, "+5511", "a");
	queue_text(&site, "+5522", "b");
	queue_text(&site, "+5533", "c");
	CHECK_INT(claim(&site, &batch), 1);
	CHECK_INT(start(&site, &batch, 0, &end), 1);
	end.outcome = sent;
	strncpy(end.outcome.wamid, "wamid.x", NET_WAMID_MAX - 1);
	CHECK_INT(start(&site, &batch, 1, &end), 1);
	CHECK_STR(end.state, "sent");
	CHECK_INT(start(&site, &batch, 2, &end), 1);
	CHECK_STR(end.state, "unknown");
	CHECK_STR(ask(&site, STATES), "sent unknown sending");
	finish(&site, &batch, &end);
	CHECK_STR(ask(&site, STATES), "sent unknown unknown");
	CHECK_STR(ask(&site, "SELECT wamid FROM outbox ORDER BY id"), "wamid.x - -");
	CHECK_STR(end.state, "unknown");
	close_site(&site);
}

/* Two that were accepted, and a third that was begun. */
static void accept_two(struct site *site)
{
	struct outbox_batch batch;
	struct outbox_end end = { .claim = NULL };

	queue_text(site, "+5511", "a");
	queue_text(site, "+5522", "b");
	queue_text(site, "+5533", "c");
	queue_text(site, "+5544", "d");
	CHECK_INT(claim(site, &batch), 1);
	CHECK_INT(start(site, &batch, 0, &end), 1);
	end.outcome = sent;
	strncpy(end.outcome.wamid, "wamid.x", NET_WAMID_MAX - 1);
	CHECK_INT(start(site, &batch, 1, &end), 1);
	strncpy(end.outcome.wamid, "wamid.y", NET_WAMID_MAX - 1);
	CHECK_INT(start(site, &batch, 2, &end), 1);
	CHECK_STR(ask(site, STATES), "sending sending sending sending");
	at(site, LEASE_MS);
}

static void what_was_accepted_is_sent_whoever_comes_to_write_it(void)
{
	struct site site = { .portal = NULL };

	open_site(&site);
	accept_two(&site);
	CHECK_INT(lost(&site), 4);
	CHECK_STR(ask(&site, STATES), "sent sent unknown queued");
	CHECK_STR(ask(&site, DELIVERIES), "sent sent unknown queued");
	CHECK_STR(ask(&site, "SELECT wamid FROM outbox ORDER BY id"), "wamid.x wamid.y - -");
	CHECK_STR(ask(&site, "SELECT count(*) FROM outbox WHERE accepted_as IS NOT NULL"), "0");
	CHECK_STR(ask(&site, "SELECT sent_at > 0 FROM outbox ORDER BY id"), "1 1 - -");
	close_site(&site);
}

static void what_was_accepted_under_the_name_of_another_is_not_known(void)
{
	struct site site = { .portal = NULL };

	open_site(&site);
	accept_two(&site);
	run_sql(&site,
		"UPDATE outbox SET wamid = 'wamid.x' WHERE id = (SELECT max(id) FROM outbox)");
	CHECK_INT(lost(&site), 4);
	CHECK_STR(ask(&site, STATES), "unknown sent unknown queued");
	close_site(&site);
}

static void some_failures_are_tried_three_times_and_all_for_a_day(void)
{
	const struct net_outcome limited = { .class = NET_RETRY, .code = 500, .limited = true };
	const struct net_outcome later = { .class = NET_RETRY, .code = 500 };
	struct site site = { .portal = NULL };

	open_site(&site);
	queue_text(&site, "+5511", "a");
	for (int i = 0; i < 3; i++) {
		at(&site, (i + 1) * 10 * MINUTE_MS);
		CHECK_STR(ask(&site, STATES), "queued");
		CHECK_INT(send_all(&site, &limited), 1);
	}
	CHECK_STR(ask(&site, STATES), "failed");
	CHECK_STR(ask(&site, "SELECT attempts FROM outbox"), "3");
	queue_text(&site, "+5522", "b");
	CHECK_INT(send_all(&site, &later), 1);
	at(&site, 1430 * MINUTE_MS);
	CHECK_INT(send_all(&site, &later), 1);
	CHECK_STR(ask(&site, STATES), "failed queued");
	at(&site, 1500 * MINUTE_MS);
	run_sql(&site, "UPDATE contact_identity SET client_at = client_at + 7200000");
	CHECK_INT(send_all(&site, &later), 1);
	CHECK_STR(ask(&site, STATES), "failed failed");
	close_site(&site);
}

static void waits_grow_fourfold_from_four_seconds_to_an_hour(void)
{
	static const int64_t seconds[] = { 4, 16, 64, 256, 1024, 3600, 3600 };
	const struct net_outcome later = { .class = NET_RETRY, .code = 500 };
	struct site site = { .portal = NULL };

	open_site(&site);
	queue_text(&site, "+5511", "a");
	for (size_t i = 0; i < sizeof(seconds) / sizeof(*seconds); i++) {
		int64_t waited_ms;

		CHECK_INT(send_all(&site, &later), 1);
		waited_ms = strtoll(ask(&site, "SELECT next_attempt_at FROM outbox"), NULL, 10) -
			    now_ms;
		CHECK(waited_ms >= seconds[i] * 800 && waited_ms <= seconds[i] * 1200);
		run_sql(&site, "UPDATE outbox SET next_attempt_at = 1");
	}
	close_site(&site);
}

static void what_a_server_asks_for_is_at_most_a_day(void)
{
	const struct net_outcome much = {
		.class = NET_RETRY, .code = 500, .retry_after_seconds = 864000
	};
	struct site site = { .portal = NULL };

	open_site(&site);
	queue_text(&site, "+5511", "a");
	CHECK_INT(send_all(&site, &much), 1);
	at(&site, 1439 * MINUTE_MS);
	CHECK_INT(any(&site), 0);
	at(&site, 1440 * MINUTE_MS);
	CHECK_INT(any(&site), 1);
	close_site(&site);
}

static void what_fails_at_once_does_not_come_back_at_once(void)
{
	const struct net_outcome later = { .class = NET_RETRY, .code = 500 };
	char phone[] = "+5510";
	struct site site = { .portal = NULL };

	open_site(&site);
	for (; phone[4] <= '9'; phone[4]++)
		queue_text(&site, phone, "a");
	CHECK_INT(send_all(&site, &later), 10);
	CHECK_STR(ask(&site, "SELECT count(DISTINCT next_attempt_at) > 1 FROM outbox"), "1");
	close_site(&site);
}

static void what_whatsapp_calls_a_number_is_a_name_of_its_contact(void)
{
	const struct net_outcome named = {
		.class = NET_SENT, .code = 200, .wa_id = "5531999990001"
	};
	struct site site = { .portal = NULL };

	open_site(&site);
	queue_text(&site, "+553199990001", "a");
	CHECK_INT(send_all(&site, &named), 1);
	CHECK_STR(ask(&site, "SELECT wa_ids FROM contact"), "5531999990001");
	close_site(&site);
}

static void what_was_begun_is_not_given_back(void)
{
	struct outbox_batch batch;
	struct outbox_end end = { .claim = NULL };
	struct site site = { .portal = NULL };

	open_site(&site);
	queue_text(&site, "+5511", "a");
	queue_text(&site, "+5522", "b");
	CHECK_INT(claim(&site, &batch), 1);
	CHECK_INT(start(&site, &batch, 0, &end), 1);
	end.claim = NULL;
	finish(&site, &batch, &end);
	CHECK_STR(ask(&site, STATES), "sending queued");
	close_site(&site);
}

static void a_channel_that_is_too_fast_waits_as_long_as_it_was_told(void)
{
	struct net_outcome slower = { .class = NET_RETRY,
		.code = 429,
		.retry_after_seconds = 600,
		.scope = NET_CHANNEL,
		.said = "too fast" };
	struct site site = { .portal = NULL };

	open_site(&site);
	queue_text(&site, "+5511", "a");
	CHECK_INT(send_all(&site, &slower), 1);
	queue_text(&site, "+5522", "b");
	CHECK_INT(any(&site), 0);
	CHECK_STR(ask(&site, "SELECT count(*) FROM notification"), "0");
	at(&site, 9 * MINUTE_MS);
	CHECK_INT(any(&site), 0);
	at(&site, 11 * MINUTE_MS);
	slower.class = NET_STOP;
	CHECK_INT(send_all(&site, &slower), 2);
	CHECK_STR(ask(&site, "SELECT count(*) FROM notification"), "1");
	CHECK_STR(ask(&site, "SELECT attempts FROM outbox ORDER BY id"), "1 0");
	at(&site, 30 * MINUTE_MS);
	CHECK_INT(send_all(&site, &sent), 2);
	CHECK_STR(ask(&site, "SELECT count(*) FROM channel_hold"), "0");
	close_site(&site);
}

static void templates_that_are_held_leave_texts_alone(void)
{
	const struct net_outcome held = { .class = NET_RETRY,
		.code = 400,
		.retry_after_seconds = 7200,
		.scope = NET_TEMPLATES,
		.said = "spam" };
	struct site site = { .portal = NULL };

	open_site(&site);
	queue(&site, "+5511", "wa_start", "{\"contact_name\":\"Ana\"}", 7);
	CHECK_INT(send_all(&site, &held), 1);
	CHECK_STR(ask(&site, "SELECT count(*) FROM notification"), "1");
	queue(&site, "+5522", "wa_start", "{\"contact_name\":\"Bia\"}", 8);
	queue_text(&site, "+5533", "c");
	CHECK_INT(send_all(&site, &sent), 1);
	CHECK_STR(ask(&site, STATES), "queued queued sent");
	CHECK_STR(ask(&site, "SELECT attempts FROM outbox ORDER BY id"), "1 0 1");
	CHECK_INT(any(&site), 0);
	at(&site, 121 * MINUTE_MS);
	CHECK_INT(send_all(&site, &sent), 2);
	CHECK_STR(ask(&site, "SELECT count(*) FROM channel_hold"), "0");
	close_site(&site);
}

static void a_closed_window_makes_the_message_wait_for_the_client(void)
{
	const struct net_outcome closed = {
		.class = NET_FAILED, .code = 400, .window_closed = true, .said = "re-engagement"
	};
	struct site site = { .portal = NULL };

	open_site(&site);
	queue_text(&site, "+5511", "a");
	CHECK_INT(send_all(&site, &closed), 1);
	CHECK_STR(ask(&site, STATES), "failed");
	CHECK_STR(ask(&site, "SELECT last_error FROM outbox"), "re-engagement");
	CHECK_STR(ask(&site, DELIVERIES), "awaiting_client");
	close_site(&site);
}

static void a_message_is_as_far_as_the_last_of_its_parts(void)
{
	const struct net_outcome failed = { .class = NET_FAILED, .code = 400 };
	struct site site = { .portal = NULL };

	open_site(&site);
	queue_text(&site, "+5511", "a");
	run_sql(&site, "INSERT INTO file (sha256, size_bytes, media_type, created_at)"
		       " VALUES ('" SHA "', 12, 'image/png', 1);"
		       "INSERT INTO attachment (target_kind, target_id, position, sha256, name, "
		       "created_at)"
		       " VALUES ('message', 1, 1, '" SHA "', 'a.png', 1), ('message', 2, 1, 'abc', "
		       "'b.png', 1)");
	queue(&site, "+5511", "wa_message", "{\"attachment\":\"1\"}", 1);
	CHECK_INT(send_all(&site, &sent), 1);
	CHECK_STR(ask(&site, DELIVERIES), "queued");
	CHECK_INT(send_all(&site, &failed), 1);
	CHECK_STR(ask(&site, DELIVERIES), "failed");
	queue(&site, "+5511", "wa_message", "{\"attachment\":\"1\"}", 1);
	CHECK_INT(send_all(&site, &sent), 1);
	CHECK_STR(ask(&site, DELIVERIES), "sent");
	/* The file of another message. */
	queue(&site, "+5511", "wa_message", "{\"attachment\":\"2\"}", 1);
	CHECK_INT(send_all(&site, &sent), 0);
	CHECK_STR(ask(&site, STATES), "sent failed sent cancelled");
	close_site(&site);
}

static void rows_say_what_they_stand_for(void)
{
	const struct whatsapp_content *content;
	struct outbox_batch batch;
	struct outbox_end end = { .claim = NULL };
	struct site site = { .portal = NULL };

	open_site(&site);
	say(&site, "cancelled");
	run_sql(&site, "UPDATE message SET delivery = 'cancelled';"
		       "INSERT INTO file (sha256, size_bytes, media_type, created_at)"
		       " VALUES ('" SHA "', 12, 'image/png', 1);"
		       "INSERT INTO attachment (target_kind, target_id, position, sha256, name, "
		       "created_at)"
		       " VALUES ('message', 2, 1, '" SHA "', 'a.png', 1)");
	say(&site, "");
	queue(&site, "+5501", "wa_message", "{}", 1);
	queue(&site, "+5502", "wa_message", "{\"attachment\":\"1\"}", 2);
	queue(&site, "+5503", "wa_start", "{\"contact_name\":\"Ana\\n \\t Sá\"}", 42);
	queue(&site, "+5504", "ticket_closed", "{\"number\":\"260301.1\"}", 2);
	queue(&site, "+5505", "nothing_like_it", "{}", 2);
	queue(&site, "+5506", "ticket_closed", "{\"number\":\"260301.1\"}", 1);
	CHECK_INT(claim(&site, &batch), 1);
	CHECK_INT(batch.count, 3);
	CHECK_INT(batch.failed, 1);
	CHECK(strstr(batch.reason, "nothing_like_it") != NULL);
	content = batch.claims[0].whatsapp;
	CHECK_STR(content->file->name, "a.png");
	CHECK_STR(content->file->sha256, SHA);
	CHECK_INT(content->file->size_bytes, 12);
	CHECK(!content->text && !content->template_name);
	content = batch.claims[1].whatsapp;
	CHECK_STR(content->template_name, "conversar_agora");
	CHECK_STR(content->template_language, "pt_BR");
	CHECK_INT(content->parameter_count, 1);
	CHECK_STR(content->parameters[0], "Ana Sá");
	CHECK_STR(content->payload, "portalctl:start:42");
	content = batch.claims[2].whatsapp;
	CHECK_STR(content->template_name, "atendimento_concluido");
	CHECK_INT(content->parameter_count, 2);
	CHECK_STR(content->parameters[0], "-");
	CHECK_STR(content->parameters[1], "260301.1");
	CHECK_STR(content->payload, NULL);
	finish(&site, &batch, &end);
	CHECK_STR(ask(&site, STATES), "cancelled queued queued queued failed cancelled");
	CHECK_STR(ask(&site, "SELECT max(attempts) FROM outbox"), "0");
	close_site(&site);
}

static void a_claim_that_is_over_sends_nothing(void)
{
	struct outbox_batch batch;
	struct outbox_end end = { .claim = NULL };
	struct site site = { .portal = NULL };

	open_site(&site);
	queue_text(&site, "+5511", "a");
	queue_text(&site, "+5522", "b");
	CHECK_INT(claim(&site, &batch), 1);
	CHECK_INT(start(&site, &batch, 0, &end), 1);
	CHECK_STR(ask(&site, DELIVERIES), "sending sending");
	at(&site, LEASE_MS);
	end.claim = NULL;
	CHECK_INT(start(&site, &batch, 1, &end), 0);
	CHECK_INT(lost(&site), 2);
	CHECK_STR(ask(&site, STATES), "unknown queued");
	CHECK_STR(ask(&site, DELIVERIES), "unknown queued");
	CHECK_INT(start(&site, &batch, 1, &end), 0);
	end.claim = &batch.claims[0];
	end.outcome = sent;
	finish(&site, &batch, &end);
	CHECK_STR(end.state, NULL);
	CHECK_STR(ask(&site, STATES), "unknown queued");
	close_site(&site);
}

/* Two, of which the first was begun: both were lost, and another has claimed them since. */
static void claim_and_lose(
	struct site *site, struct outbox_batch *ours, struct outbox_batch *theirs)
{
	struct outbox_end end = { .claim = NULL };

	queue_text(site, "+5511", "a");
	queue_text(site, "+5522", "b");
	CHECK_INT(claim(site, ours), 1);
	CHECK_INT(start(site, ours, 0, &end), 1);
	run_sql(site, "UPDATE outbox SET state = 'queued', next_attempt_at = 1, started_at = NULL,"
		      " lease = NULL, lease_until = NULL");
	CHECK_INT(claim(site, theirs), 1);
	CHECK_INT(theirs->count, 2);
}

static void what_another_has_claimed_since_is_left_to_it(void)
{
	const struct net_outcome later = { .class = NET_RETRY, .code = 500 };
	struct outbox_batch ours, theirs;
	struct outbox_end end = { .claim = NULL };
	struct site site = { .portal = NULL };

	open_site(&site);
	claim_and_lose(&site, &ours, &theirs);
	CHECK_INT(start(&site, &ours, 1, &end), 0);
	end.claim = &ours.claims[0];
	end.outcome = sent;
	CHECK_INT(start(&site, &ours, 1, &end), 0);
	CHECK_STR(end.state, NULL);
	CHECK_STR(ask(&site, "SELECT count(sent_at) FROM outbox"), "0");
	end.claim = &ours.claims[0];
	end.outcome = later;
	finish(&site, &ours, &end);
	CHECK_STR(end.state, NULL);
	CHECK_STR(ask(&site, STATES), "sending sending");
	end.claim = NULL;
	CHECK_INT(start(&site, &theirs, 0, &end), 1);
	end.outcome = sent;
	CHECK_INT(start(&site, &theirs, 1, &end), 1);
	end.outcome = sent;
	finish(&site, &theirs, &end);
	CHECK_STR(ask(&site, STATES), "sent sent");
	close_site(&site);
}

static void after_a_new_start_of_the_machine_nothing_is_taken_for_unsent(void)
{
	struct outbox_batch batch;
	struct site site = { .portal = NULL };

	open_site(&site);
	queue_text(&site, "+5511", "a");
	CHECK_INT(claim(&site, &batch), 1);
	at(&site, LEASE_MS);
	site.portal->options.boot_id = NULL;
	CHECK_INT(lost(&site), 1);
	CHECK_STR(ask(&site, STATES), "unknown");
	CHECK_STR(ask(&site, "SELECT next_attempt_at FROM outbox"), "-");
	run_sql(&site, "UPDATE outbox SET state = 'sending'");
	run_sql(&site, "UPDATE outbox SET lease = 'x', lease_until = 1");
	site.portal->options.boot_id = "anew";
	CHECK_INT(lost(&site), 1);
	CHECK_STR(ask(&site, STATES), "unknown");
	CHECK_STR(ask(&site, "SELECT next_attempt_at FROM outbox"), "-");
	close_site(&site);
}

int main(void)
{
	RUN(nobody_gets_the_second_message_before_the_first);
	RUN(what_ended_badly_holds_up_nobody);
	RUN(a_name_of_whatsapp_is_that_of_one_message);
	RUN(what_was_accepted_is_sent_whoever_comes_to_write_it);
	RUN(what_was_accepted_under_the_name_of_another_is_not_known);
	RUN(some_failures_are_tried_three_times_and_all_for_a_day);
	RUN(waits_grow_fourfold_from_four_seconds_to_an_hour);
	RUN(what_a_server_asks_for_is_at_most_a_day);
	RUN(what_fails_at_once_does_not_come_back_at_once);
	RUN(what_whatsapp_calls_a_number_is_a_name_of_its_contact);
	RUN(what_was_begun_is_not_given_back);
	RUN(a_channel_that_is_too_fast_waits_as_long_as_it_was_told);
	RUN(templates_that_are_held_leave_texts_alone);
	RUN(a_closed_window_makes_the_message_wait_for_the_client);
	RUN(a_message_is_as_far_as_the_last_of_its_parts);
	RUN(rows_say_what_they_stand_for);
	RUN(a_claim_that_is_over_sends_nothing);
	RUN(what_another_has_claimed_since_is_left_to_it);
	RUN(after_a_new_start_of_the_machine_nothing_is_taken_for_unsent);
	CHECK_REPORT();
}
