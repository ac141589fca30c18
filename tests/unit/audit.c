/* The audit log against somebody who can write the database file, but has not
 * the portal's key (P10): whatever is changed, verifying finds it. */
#include "check.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <unistd.h>

#include <portal/arena.h>
#include <portal/audit.h>
#include <portal/company.h>
#include <portal/user.h>

#include "audit-private.h"
#include "audit.h"
#include "seal/seal.h"

enum { COMPANIES = 80, DENIALS = 20 };

/* A portal in a directory of its own, and another program's hold of its file. */
struct site {
	char directory[64], db[96];
	struct portal *portal;
	sqlite3 *other;
};

static char tmp[] = "/tmp/portal-audit-XXXXXX";

static void fatal(const char *what, const char *why)
{
	printf("# %s: %s\n", what, why);
	exit(EXIT_FAILURE);
}

static void must(int r, const struct portal_error *err)
{
	if (r < 0)
		fatal("portal", err->message);
}

/* 0, or the failure: the schema refuses some of what is tried. */
static int try_sql(struct site *site, const char *sql)
{
	return sqlite3_exec(site->other, sql, NULL, NULL, NULL);
}

static void run_sql(struct site *site, const char *sql)
{
	if (try_sql(site, sql) != SQLITE_OK)
		fatal(sql, sqlite3_errmsg(site->other));
}

static long long ask_sql(struct site *site, const char *sql)
{
	sqlite3_stmt *stmt;
	long long value = -1;

	if (sqlite3_prepare_v2(site->other, sql, -1, &stmt, NULL) != SQLITE_OK)
		fatal(sql, sqlite3_errmsg(site->other));
	if (sqlite3_step(stmt) == SQLITE_ROW)
		value = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return value;
}

static struct portal *open_portal(struct site *site, const char *as)
{
	const struct portal_options options = {
		.db = site->db, .wait_ms = 5000, .actor = "uid:1000", .acting_as = as
	};
	struct portal_error err = { .code = PORTAL_OK };
	struct portal *portal = NULL;

	must(portal_open(&options, &portal, &err), &err);
	return portal;
}

static int ignore_row(const void *row, void *arg)
{
	(void)row;
	(void)arg;
	return 0;
}

/* Rows with a user and without a record: what a stranger was denied. */
static void add_denials(struct site *site)
{
	const struct audit_filter filter = { .action = NULL };
	struct portal *portal = open_portal(site, "ana@alfa.example");
	struct portal_list_end end;

	for (int i = 0; i < DENIALS; i++) {
		struct portal_error err = { .code = PORTAL_OK };

		CHECK_INT(
			audit_list(portal, &filter, ignore_row, NULL, &end, &err), -PORTAL_DENIED);
	}
	portal_close(portal);
}

static int add_companies(void *arg)
{
	struct portal *portal = arg;
	struct portal_error err = { .code = PORTAL_OK };
	struct company company;
	char tax_id[32];

	for (int i = 0; i < COMPANIES; i++) {
		const struct company_request request = {
			.tax_id = tax_id, .country = "US", .name = "Alfa & Filhos"
		};

		snprintf(tax_id, sizeof(tax_id), "%d", 10000001 + i);
		must(company_add(portal, &request, &company, &err), &err);
	}
	return 0;
}

static void fill(struct site *site)
{
	const struct company_request alfa = { .tax_id = "11222333000181", .name = "Alfa" };
	const struct user_request ana = {
		.email = "ana@alfa.example", .company = "11222333000181", .name = "Ana"
	};
	struct portal_error err = { .code = PORTAL_OK };
	struct company company;
	struct user user;

	must(company_add(site->portal, &alfa, &company, &err), &err);
	must(user_add(site->portal, &ana, &user, &err), &err);
	must(portal_transact(site->portal, add_companies, site->portal, &err), &err);
	add_denials(site);
}

static void make_site(struct site *site, const char *name)
{
	const struct portal_init_request request = { .office_tax_id = "65635571000148",
		.office_name = "Escritório Modelo" };
	struct portal_options options = { .db = site->db, .actor = "uid:1000" };
	struct portal_error err = { .code = PORTAL_OK };
	struct portal_status status;
	_cleanup_arena_ struct arena arena = { .blocks = NULL };

	snprintf(site->directory, sizeof(site->directory), "%s/%s", tmp, name);
	snprintf(site->db, sizeof(site->db), "%s/portal.db", site->directory);
	must(portal_init(&options, &request, &arena, &status, &err), &err);
	site->portal = open_portal(site, NULL);
	fill(site);
	if (sqlite3_open(site->db, &site->other) != SQLITE_OK)
		fatal(site->db, "can't be opened");
	run_sql(site, "PRAGMA synchronous = OFF; PRAGMA temp_store = MEMORY");
	run_sql(site, "CREATE TEMP TABLE good AS SELECT * FROM audit");
}

static void close_site(struct site *site)
{
	static const char *const ends[] = { "", "-wal", "-shm", ".key", ".lock", ".kdf", NULL };
	char path[128];

	sqlite3_close(site->other);
	portal_close(site->portal);
	for (int i = 0; ends[i]; i++) {
		snprintf(path, sizeof(path), "%s%s", site->db, ends[i]);
		unlink(path);
	}
	rmdir(site->directory);
}

static int verify(struct site *site, const char *checkpoints, struct audit_verification *ret,
	const char *part)
{
	struct portal_error err = { .code = PORTAL_OK };
	const int r = audit_verify(site->portal, checkpoints, ret, &err);

	portal_forget(site->portal);
	if (part && !strstr(err.message, part))
		printf("# \"%s\" does not say \"%s\"\n", err.message, part);
	return part && !strstr(err.message, part) ? 0 : r;
}

static int verdict(struct site *site)
{
	struct audit_verification found;

	return verify(site, NULL, &found, NULL);
}

static void restore(struct site *site)
{
	run_sql(site, "BEGIN; DELETE FROM audit; INSERT INTO audit SELECT * FROM good; COMMIT");
}

/* What was tried, what of it the schema let through and changed something, and
 * what of that was found. */
struct campaign {
	struct site *site;
	int tried, altered, found;
};

static bool is_altered(struct site *site)
{
	return ask_sql(site, "SELECT EXISTS (SELECT * FROM audit EXCEPT SELECT * FROM good) OR "
			     "EXISTS (SELECT * FROM good EXCEPT SELECT * FROM audit)");
}

static void tamper(struct campaign *campaign, const char *sql)
{
	struct site *site = campaign->site;

	campaign->tried++;
	if (try_sql(site, sql) != SQLITE_OK) {
		try_sql(site, "ROLLBACK");
		return;
	}
	if (!is_altered(site))
		return;
	campaign->altered++;
	if (verdict(site) == -PORTAL_DAMAGED)
		campaign->found++;
	else
		printf("# not found: %s\n", sql);
	restore(site);
}

static void tamper_column(
	struct campaign *campaign, const char *column, const char *const *values, long long id)
{
	char value[128], sql[256];

	for (; *values; values++) {
		snprintf(value, sizeof(value), *values, column, column);
		snprintf(sql, sizeof(sql), "UPDATE audit SET %s = %s WHERE id = %lld", column,
			value, id);
		tamper(campaign, sql);
	}
}

static struct campaign begin(struct site *site)
{
	return (struct campaign){ .site = site };
}

static void report(const struct campaign *campaign, int at_least)
{
	printf("# %d tried, %d altered something, %d found\n", campaign->tried, campaign->altered,
		campaign->found);
	CHECK(campaign->altered >= at_least);
	CHECK_INT(campaign->found, campaign->altered);
	CHECK_INT(verdict(campaign->site), 0);
}

static struct site ours, theirs;

/* From one row to the next that is tampered with. */
static int stride(void)
{
	return CHECK_STRIDE(50);
}

static long long last_id(void)
{
	return ask_sql(&ours, "SELECT max(id) FROM good");
}

static void p10_any_other_value_in_any_column_of_any_row_is_found(void)
{
	static const char *const texts[] = { "actor", "acting_as", "action", "target_kind", "nonce",
		"changes", "digest", "hash", NULL };
	static const char *const numbers[] = { "id", "at", "target_id", NULL };
	static const char *const other_texts[] = { "coalesce(%s, '') || 'x'",
		"substr(%s, 1, length(%s) - 1)", "substr(%s, 2)", "upper(%s)", "''", "NULL",
		"' ' || coalesce(%s, '')", "coalesce(%s, '') || char(0) || 'x'", NULL };
	static const char *const other_numbers[] = { "coalesce(%s, 0) + 1", "%s - 1", "0", "NULL",
		"-1", "-%s", "%s * 1000 + 7", NULL };
	struct campaign campaign = begin(&ours);

	for (long long id = 1; id <= last_id(); id += stride()) {
		for (int c = 0; texts[c]; c++)
			tamper_column(&campaign, texts[c], other_texts, id);
		for (int c = 0; numbers[c]; c++)
			tamper_column(&campaign, numbers[c], other_numbers, id);
	}
	report(&campaign, 5000 / stride());
}

static void p10_bytes_moved_between_neighbouring_fields_are_found(void)
{
	static const char *const pairs[][2] = { { "actor", "acting_as" }, { "acting_as", "action" },
		{ "actor", "action" }, { "action", "target_kind" }, { "target_kind", "digest" },
		{ "nonce", "changes" }, { "changes", "digest" }, { "digest", "hash" } };
	struct campaign campaign = begin(&ours);
	char sql[256];

	for (long long id = 1; id <= last_id(); id += stride())
		for (size_t p = 0; p < sizeof(pairs) / sizeof(*pairs); p++) {
			const char *a = pairs[p][0], *b = pairs[p][1];

			snprintf(sql, sizeof(sql),
				"UPDATE audit SET %s = %s || substr(%s, 1, 1), %s = substr(%s, 2) "
				"WHERE id = %lld AND length(%s) > 0",
				a, a, b, b, b, id, b);
			tamper(&campaign, sql);
			snprintf(sql, sizeof(sql),
				"UPDATE audit SET %s = substr(%s, -1) || %s, "
				"%s = substr(%s, 1, length(%s) - 1) WHERE id = %lld AND length(%s) "
				"> 0",
				b, a, b, a, a, a, id, a);
			tamper(&campaign, sql);
		}
	report(&campaign, 1000 / stride());
}

/* Every row of the table takes part once, as the first and as the second. */
static void p10_rows_deleted_swapped_moved_and_doubled_are_found(void)
{
	static const char *const ways[] = {
		"DELETE FROM audit WHERE id = %lld AND id < (SELECT max(id) FROM audit)",
		"BEGIN; UPDATE audit SET id = -1 WHERE id = %lld; UPDATE audit SET id = id - 1 "
		"WHERE id = %lld + 1; UPDATE audit SET id = %lld + 1 WHERE id = -1; COMMIT",
		"BEGIN; DELETE FROM audit WHERE id = %lld; "
		"UPDATE audit SET id = id - 1 WHERE id > %lld; COMMIT",
		"INSERT INTO audit SELECT (SELECT max(id) FROM audit) + 1, at, actor, acting_as, "
		"action, target_kind, target_id, nonce, changes, digest, hash FROM audit "
		"WHERE id = %lld",
		"INSERT INTO audit SELECT 1 - id, at, actor, acting_as, action, target_kind, "
		"target_id, nonce, changes, digest, hash FROM audit WHERE id = %lld",
		"BEGIN; UPDATE audit SET id = -id WHERE id > %lld; UPDATE audit SET id = 1 - id "
		"WHERE id < 0; INSERT INTO audit SELECT id + 1, at, actor, acting_as, action, "
		"target_kind, target_id, nonce, changes, digest, hash FROM audit "
		"WHERE id = %lld; COMMIT",
	};
	struct campaign campaign = begin(&ours);
	const int last = (int)last_id();
	char sql[512];

	for (long long id = 1; id <= last; id += stride())
		for (size_t way = 0; way < sizeof(ways) / sizeof(*ways); way++) {
			/* Losing the last row is a cut tail: only a checkpoint tells. */
			if (way == 2 && id == last)
				continue;
			snprintf(sql, sizeof(sql), ways[way], id, id, id);
			tamper(&campaign, sql);
		}
	report(&campaign, (6 * last - 3) / stride());
}

/* The chain of all rows anew, as the program would, but with this key. */
static void recompute(struct site *site, const unsigned char key[static SEAL_SIZE])
{
	_cleanup_seal_ struct seal *seal = NULL;
	struct portal_error err = { .code = PORTAL_OK };
	char previous[AUDIT_HEX + 1] = AUDIT_ORIGIN, sql[256];
	unsigned char hash[SEAL_SIZE];
	sqlite3_stmt *stmt;

	must(seal_open(&seal, &err), &err);
	must(seal_set_key(seal, key, &err), &err);
	sqlite3_prepare_v2(site->other,
		"SELECT id, at, actor, acting_as, action, target_kind, coalesce(target_id, 0), "
		"digest FROM good ORDER BY id",
		-1, &stmt, NULL);
	while (sqlite3_step(stmt) == SQLITE_ROW) {
		struct seal_part parts[10] = { seal_text("audit"), seal_text(previous) };

		for (int c = 0; c < 8; c++)
			parts[c + 2] =
				c < 2 || c == 6
					? seal_int(sqlite3_column_int64(stmt, c))
					: seal_text((const char *)sqlite3_column_text(stmt, c));
		must(seal_hmac(seal, parts, 10, hash, &err), &err);
		seal_hex(hash, sizeof(hash), previous);
		snprintf(sql, sizeof(sql), "UPDATE audit SET hash = '%s' WHERE id = %lld", previous,
			(long long)sqlite3_column_int64(stmt, 0));
		run_sql(site, sql);
	}
	sqlite3_finalize(stmt);
}

static void read_key(struct site *site, unsigned char key[static SEAL_SIZE])
{
	struct portal_error err = { .code = PORTAL_OK };
	char path[128];

	snprintf(path, sizeof(path), "%s.key", site->db);
	must(seal_key_read(path, key, &err), &err);
}

static void p10_a_chain_computed_anew_without_the_key_is_found(void)
{
	unsigned char key[SEAL_SIZE] = { 0 };

	recompute(&ours, key);
	CHECK_INT(verdict(&ours), -PORTAL_DAMAGED);
	read_key(&theirs, key);
	recompute(&ours, key);
	CHECK_INT(verdict(&ours), -PORTAL_DAMAGED);
	/* With the key it is not: so the two above were found for the right reason. */
	read_key(&ours, key);
	recompute(&ours, key);
	CHECK_INT(verdict(&ours), 0);
	restore(&ours);
}

static void p10_rows_of_another_portal_are_found(void)
{
	const long long last = last_id();
	struct audit_verification found;
	char sql[256];

	snprintf(sql, sizeof(sql), "ATTACH '%s' AS theirs", theirs.db);
	run_sql(&ours, sql);
	for (long long id = 1; id <= last; id += stride()) {
		snprintf(sql, sizeof(sql),
			"REPLACE INTO audit SELECT * FROM theirs.audit WHERE id >= %lld", id);
		run_sql(&ours, sql);
		CHECK_INT(verdict(&ours), -PORTAL_DAMAGED);
		restore(&ours);
	}
	run_sql(&ours, "BEGIN; DELETE FROM audit; INSERT INTO audit SELECT * FROM theirs.audit; "
		       "COMMIT");
	CHECK_INT(verify(&ours, NULL, &found, "audit row '1' was altered"), -PORTAL_DAMAGED);
	restore(&ours);
	run_sql(&ours, "DETACH theirs");
}

static void p10_the_whole_chain_of_another_portal_with_its_key_is_found(void)
{
	char sql[256];
	struct audit_verification found;

	/* As if key and chain of theirs were put beside a portal of another id. */
	snprintf(sql, sizeof(sql), "UPDATE portal SET portal_id = 'f%031d'", 0);
	run_sql(&theirs, sql);
	portal_close(theirs.portal);
	theirs.portal = open_portal(&theirs, NULL);
	CHECK_INT(verify(&theirs, NULL, &found, "does not begin this portal's audit log"),
		-PORTAL_DAMAGED);
}

static void p10_an_empty_log_is_found(void)
{
	struct audit_verification found;

	run_sql(&ours, "DELETE FROM audit");
	CHECK_INT(verify(&ours, NULL, &found, "the audit log is empty"), -PORTAL_DAMAGED);
	restore(&ours);
}

static void p10_the_first_fault_is_named_with_its_row(void)
{
	struct audit_verification found;

	run_sql(&ours, "UPDATE audit SET action = 'x' WHERE id IN (40, 60)");
	CHECK_INT(verify(&ours, NULL, &found, "audit row '40' was altered"), -PORTAL_DAMAGED);
	restore(&ours);
	run_sql(&ours, "UPDATE audit SET changes = '{}' WHERE id = 41");
	CHECK_INT(verify(&ours, NULL, &found, "the changes of audit row '41' were altered"),
		-PORTAL_DAMAGED);
	restore(&ours);
	run_sql(&ours, "DELETE FROM audit WHERE id = 42");
	CHECK_INT(verify(&ours, NULL, &found, "audit row '42' is missing"), -PORTAL_DAMAGED);
	restore(&ours);
}

static void p10_a_cut_tail_is_found_with_a_checkpoint_and_not_without(void)
{
	struct portal_error err = { .code = PORTAL_OK };
	struct audit_checkpoint checkpoint;
	struct audit_verification found;
	char line[512];

	must(audit_checkpoint(ours.portal, &checkpoint, &err), &err);
	CHECK_INT(checkpoint.rows, last_id());
	snprintf(line, sizeof(line), "Nov 22 host backup: %s\r\n", checkpoint.checkpoint);
	CHECK_INT(verify(&ours, line, &found, NULL), 0);
	run_sql(&ours, "DELETE FROM audit WHERE id > 50");
	CHECK_INT(verify(&ours, NULL, &found, NULL), 0);
	CHECK_INT(found.rows, 50);
	CHECK_INT(verify(&ours, line, &found, "the end of the audit log is missing"),
		-PORTAL_DAMAGED);
	restore(&ours);
}

static void p10_a_log_cut_and_grown_again_is_found_with_a_checkpoint(void)
{
	struct portal_error err = { .code = PORTAL_OK };
	struct audit_checkpoint checkpoint;
	struct audit_verification found;
	char line[512];
	const long long last = last_id();

	must(audit_checkpoint(ours.portal, &checkpoint, &err), &err);
	snprintf(line, sizeof(line), "%s", checkpoint.checkpoint);
	run_sql(&ours, "DELETE FROM audit WHERE id > 90");
	add_denials(&ours);
	CHECK(ask_sql(&ours, "SELECT max(id) FROM audit") >= last);
	CHECK_INT(verify(&ours, NULL, &found, NULL), 0);
	CHECK_INT(verify(&ours, line, &found, "is not the one that the checkpoint tells of"),
		-PORTAL_DAMAGED);
	restore(&ours);
}

static void p10_of_many_checkpoints_every_one_is_proved(void)
{
	struct portal_error err = { .code = PORTAL_OK };
	struct audit_checkpoint checkpoint;
	struct audit_verification found;
	char lines[1024], hash[AUDIT_HEX + 1], *digit;

	must(audit_checkpoint(ours.portal, &checkpoint, &err), &err);
	snprintf(hash, sizeof(hash), "%s", checkpoint.hash);
	run_sql(&ours, "DELETE FROM audit WHERE id > 50");
	snprintf(lines, sizeof(lines), "%s\n", checkpoint.checkpoint);
	must(audit_checkpoint(ours.portal, &checkpoint, &err), &err);
	snprintf(lines + strlen(lines), sizeof(lines) - strlen(lines), "%s\n",
		checkpoint.checkpoint);
	restore(&ours);
	CHECK_INT(verify(&ours, lines, &found, NULL), 0);
	digit = strstr(lines, checkpoint.hash);
	*digit = *digit == '0' ? '1' : '0';
	CHECK_INT(verify(&ours, lines, &found, "audit row '50' is not the one"), -PORTAL_DAMAGED);
	*digit = checkpoint.hash[0];
	digit = strstr(lines, hash);
	*digit = *digit == '0' ? '1' : '0';
	CHECK_INT(verify(&ours, lines, &found, "is not the one that the checkpoint tells of"),
		-PORTAL_DAMAGED);
}

static void a_checkpoint_that_is_broken_or_of_another_portal_is_refused(void)
{
	struct portal_error err = { .code = PORTAL_OK };
	struct audit_checkpoint checkpoint;
	struct audit_verification found;
	char line[512];

	must(audit_checkpoint(ours.portal, &checkpoint, &err), &err);
	snprintf(line, sizeof(line), "%s", checkpoint.checkpoint);
	for (size_t len = 0; len < strlen(line) - 9; len++) {
		char cut[512];

		snprintf(cut, sizeof(cut), "%.*s", (int)len, line);
		if (verify(&ours, cut, &found, NULL) != -PORTAL_INVALID_INPUT)
			printf("# accepted: %s\n", cut);
		CHECK_INT(verify(&ours, cut, &found, NULL), -PORTAL_INVALID_INPUT);
	}
	line[strlen("portalctl-checkpoint ")] = '2';
	CHECK_INT(verify(&ours, line, &found, "unknown version"), -PORTAL_INVALID_INPUT);
	line[strlen("portalctl-checkpoint ")] = '1';
	line[strlen("portalctl-checkpoint 1 ")] = 'x';
	CHECK_INT(verify(&ours, line, &found, "of another portal"), -PORTAL_INVALID_INPUT);
	CHECK_INT(verify(&ours, "", &found, "there is no checkpoint"), -PORTAL_INVALID_INPUT);
}

static int erase_body(struct work *w, void *arg)
{
	return audit_add(w, "contact.erase", "contact", 1, CHANGES({ "audit_rows", NULL, arg }));
}

/* A row of the chain that says that others were erased. */
static void add_erasure(struct site *site, const char *rows)
{
	struct portal *portal = open_portal(site, NULL);
	struct portal_error err = { .code = PORTAL_OK };
	char list[64];

	snprintf(list, sizeof(list), "%s", rows);
	must(work_write(portal, erase_body, list, &err), &err);
	portal_close(portal);
}

#define BLANK "UPDATE audit SET nonce = NULL, changes = NULL WHERE id "

static void o4a_a_row_that_an_erasure_names_is_counted_and_half_of_it_is_a_fault(void)
{
	struct audit_verification found;

	run_sql(&ours, BLANK "IN (30, 31, 32, 90)");
	add_erasure(&ours, "7,30-32");
	add_erasure(&ours, "90");
	CHECK_INT(verify(&ours, NULL, &found, NULL), 0);
	CHECK_INT(found.erased, 4);
	CHECK_INT(found.rows, last_id() + 2);
	run_sql(&ours, "UPDATE audit SET nonce = 'x' WHERE id = 30");
	CHECK_INT(verify(&ours, NULL, &found, "the changes of audit row '30'"), -PORTAL_DAMAGED);
	restore(&ours);
	run_sql(&ours, BLANK "= 1");
	add_erasure(&ours, "1");
	CHECK_INT(verify(&ours, NULL, &found, "does not begin"), -PORTAL_DAMAGED);
	restore(&ours);
}

static void p10_a_row_that_was_blanked_and_that_no_erasure_names_is_found(void)
{
	static const char *const others[] = { "29", "31", "32-40", "1-29,31-90", "", "x", "-30",
		"30-29", "31,30", "30x", "30-", "30-99999999", "9223372036854775807", NULL };
	struct audit_verification found;

	run_sql(&ours, BLANK "= 30");
	CHECK_INT(verify(&ours, NULL, &found, "audit row '30' were removed"), -PORTAL_DAMAGED);
	restore(&ours);
	for (const char *const *rows = others; *rows; rows++) {
		run_sql(&ours, BLANK "= 30");
		add_erasure(&ours, *rows);
		CHECK_INT(verify(&ours, NULL, &found, "audit row '30' were removed"),
			-PORTAL_DAMAGED);
		restore(&ours);
	}
}

static void p10_an_erasure_that_came_before_was_forged_or_is_blank_itself_names_nothing(void)
{
	const long long erasure = last_id() + 1;
	struct audit_verification found;
	char sql[256];

	add_erasure(&ours, "30");
	add_erasure(&ours, "31");
	snprintf(sql, sizeof(sql), BLANK "IN (30, %lld)", erasure);
	run_sql(&ours, sql);
	CHECK_INT(verify(&ours, NULL, &found, "audit row '30' were removed"), -PORTAL_DAMAGED);
	restore(&ours);
	add_erasure(&ours, "31");
	run_sql(&ours, BLANK "= 30");
	run_sql(&ours, "UPDATE audit SET changes = replace(changes, '31', '30')");
	CHECK_INT(verify(&ours, NULL, &found, "were altered"), -PORTAL_DAMAGED);
	restore(&ours);
	run_sql(&ours, BLANK "= 30");
	run_sql(&ours, "UPDATE audit SET action = 'contact.erase', "
		       "changes = '{\"audit_rows\":[null,\"30\"]}' WHERE id = 40");
	CHECK_INT(verify(&ours, NULL, &found, "audit row '40'"), -PORTAL_DAMAGED);
	restore(&ours);
}

static int many_body(struct work *w, void *arg)
{
	int r = 0;

	(void)arg;
	for (int i = 0; r >= 0 && i < AUDIT_WINDOW_ROWS; i++)
		r = audit_add(w, "denied", NULL, 0, CHANGES({ NULL, NULL, NULL }));
	return r;
}

static void o4a_an_erasure_names_rows_of_any_part_of_a_long_log(void)
{
	struct portal *portal = open_portal(&ours, NULL);
	struct portal_error err = { .code = PORTAL_OK };
	struct audit_verification found;

	must(work_write(portal, many_body, NULL, &err), &err);
	portal_close(portal);
	run_sql(&ours,
		"INSERT INTO audit SELECT 4611686018427387904, at, actor, acting_as, action, "
		"target_kind, target_id, nonce, changes, digest, hash FROM audit WHERE id = 2");
	CHECK_INT(verify(&ours, NULL, &found, "' is missing"), -PORTAL_DAMAGED);
	run_sql(&ours, "DELETE FROM audit WHERE id = 4611686018427387904");
	add_erasure(&ours, "30,131070-131075");
	run_sql(&ours, BLANK "= 30 OR id BETWEEN 131070 AND 131075");
	CHECK_INT(verify(&ours, NULL, &found, NULL), 0);
	CHECK_INT(found.erased, 7);
	CHECK_INT(found.rows, last_id() + AUDIT_WINDOW_ROWS + 1);
	run_sql(&ours, BLANK "= 131076");
	CHECK_INT(verify(&ours, NULL, &found, "audit row '131076' were removed"), -PORTAL_DAMAGED);
	run_sql(&ours, "DELETE FROM audit WHERE id = 131073");
	CHECK_INT(verify(&ours, NULL, &found, "audit row '131073' is missing"), -PORTAL_DAMAGED);
	restore(&ours);
}

int main(void)
{
	if (!mkdtemp(tmp))
		fatal(tmp, "can't be made");
	make_site(&ours, "ours");
	make_site(&theirs, "theirs");
	RUN(p10_any_other_value_in_any_column_of_any_row_is_found);
	RUN(p10_bytes_moved_between_neighbouring_fields_are_found);
	RUN(p10_rows_deleted_swapped_moved_and_doubled_are_found);
	RUN(p10_a_chain_computed_anew_without_the_key_is_found);
	RUN(p10_rows_of_another_portal_are_found);
	RUN(p10_the_whole_chain_of_another_portal_with_its_key_is_found);
	RUN(p10_an_empty_log_is_found);
	RUN(p10_the_first_fault_is_named_with_its_row);
	RUN(p10_a_cut_tail_is_found_with_a_checkpoint_and_not_without);
	RUN(p10_a_log_cut_and_grown_again_is_found_with_a_checkpoint);
	RUN(p10_of_many_checkpoints_every_one_is_proved);
	RUN(a_checkpoint_that_is_broken_or_of_another_portal_is_refused);
	RUN(o4a_a_row_that_an_erasure_names_is_counted_and_half_of_it_is_a_fault);
	RUN(p10_a_row_that_was_blanked_and_that_no_erasure_names_is_found);
	RUN(p10_an_erasure_that_came_before_was_forged_or_is_blank_itself_names_nothing);
	RUN(o4a_an_erasure_names_rows_of_any_part_of_a_long_log);
	close_site(&ours);
	close_site(&theirs);
	rmdir(tmp);
	CHECK_REPORT();
}
