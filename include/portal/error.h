/* Failures as values: one code to branch on, one sentence to show. Scripts may
 * rely on words and exit statuses; sentences are for people, in their language,
 * and free to change.
 *
 * A function that can fail returns 0 (or 1/0 where a row may be absent) and
 * -enum portal_code otherwise. Its last parameter is the struct portal_error
 * that carries the sentence. Nothing in libportal prints or exits. */
#ifndef PORTAL_ERROR_H
#define PORTAL_ERROR_H

#include <stdbool.h>
#include <stdint.h>

struct arena;

/* The one table of failures: name, JSON word (frozen), exit status, what it
 * means (the manual prints it). Codes of one exit status stand together. */
#define PORTAL_CODES(X) \
	X(FAILURE, "failure", 1, "an input or output error, or a fault of the program") \
	X(NO_MEMORY, "no_memory", 1, "memory ran out; nothing was changed") \
	X(OUTPUT, "output_failed", 1, "the output could not be written") \
	X(NO_PORTAL, "no_portal", 1, "there is no portal at the path given") \
	X(NOT_A_PORTAL, "not_a_portal", 1, "the file is not a portal database") \
	X(DAMAGED, "damaged", 1, "the database is damaged") \
	X(SCHEMA_OLD, "schema_old", 1, "the portal is older than this program") \
	X(SCHEMA_NEW, "schema_new", 1, "the portal is newer than this program") \
	X(USAGE, "usage", 2, "an unknown, missing or repeated word, or not one of the choices") \
	X(NOT_FOUND, "not_found", 3, "no such record, or not yours to see") \
	X(DENIED, "denied", 4, "you may see it, but not do this") \
	X(CLOCK_DENIED, "clock_denied", 4, "this portal does not let the clock be set") \
	X(LOGIN_WAIT, "login_wait", 4, "too many logins failed; wait before the next") \
	X(CONFLICT, "conflict", 5, "the state of the records forbids it") \
	X(EXISTS, "already_exists", 5, "the record exists already") \
	X(WRONG_STATE, "wrong_state", 5, "the record is not in a state that allows this") \
	X(INVITE_EXPIRED, "invite_expired", 5, "the invite is a year old and can't be answered") \
	X(FIRST_USER, "first_user", 5, "the first user of a company is its admin") \
	X(LAST_ADMIN, "last_admin", 5, "a company keeps at least one active admin") \
	X(KEY_REUSED, "idempotency_key_reused", 5, "the key was used with other arguments") \
	X(INVALID, "invalid", 6, "a value breaks a rule of the domain") \
	X(INVALID_TAX_ID, "invalid_tax_id", 6, "not a valid tax id") \
	X(INVALID_EMAIL, "invalid_email", 6, "not an e-mail address") \
	X(INVALID_PHONE, "invalid_phone", 6, "not a phone number") \
	X(INVALID_TIME, "invalid_time", 6, "not a date, time or zone") \
	X(INVALID_TEXT, "invalid_text", 6, "not UTF-8, or a control character") \
	X(INVALID_INPUT, "invalid_input", 6, \
		"a file or stream that can't be read as what it should be") \
	X(PARTIAL, "partial", 7, "some records of a batch failed") \
	X(REMOTE, "remote", 8, "a server refused or could not be reached") \
	X(BUSY, "busy", 9, "other writers held the database for too long") \
	X(CHANGES, "changes", 10, "there are changes (--exit-code)") \
	X(TIMEOUT, "timeout", 11, "the wait timed out") \
	X(NO_SPACE, "no_space", 12, "no space left") \
	X(READ_ONLY, "read_only", 12, "the database or its disk can't be written")

/* PORTAL_OK is 0; the others are the table's rows, in its order. Functions return
 * them negative. */
enum portal_code {
	PORTAL_OK,
#define PORTAL_CODE_ENUM(name, word, status, meaning) PORTAL_##name,
	PORTAL_CODES(PORTAL_CODE_ENUM)
#undef PORTAL_CODE_ENUM
		PORTAL_CODE_COUNT
};

/* One fault of an input that has several.
 *
 * @code: what kind of failure it would be by itself.
 * @field: the option or record field at fault, or NULL.
 * @message: a sentence, as that of struct portal_error.
 * @source: the input where it is, or NULL where that of the whole failure says it.
 * @line, @column: where in the input, from 1; 0 when it has no lines.
 * @next: the fault that was found after it; NULL at the end. */
struct portal_fault {
	enum portal_code code;
	const char *field;
	const char *message;
	const char *source;
	int64_t line, column;
	struct portal_fault *next;
};

/* What went wrong. Zero it before use, but for @arena.
 *
 * @code: PORTAL_OK until something failed.
 * @message: one sentence: no capital, no full stop, the subject in quotes. Text
 *   from outside stands in it as it came: make it printable before a terminal
 *   sees it (portal/text.h).
 * @hint: a command or an advice, or "".
 * @target_kind, @target_id: the record concerned; NULL and 0 where there is none.
 * @field: the option or record field at fault, or NULL.
 * @source: the input where it is, or NULL; @line and @column from 1, or 0.
 * @arena: where @source and @faults live; without it faults are dropped.
 * @faults: the single faults in the order found, when there are several; of very many
 *   the first PORTAL_FAULTS_MAX.
 * @fault_count: how many there are, those included that found no room.
 * @last_fault: the last of @faults, for portal_fault_add(); of no use elsewhere. */
struct portal_error {
	enum portal_code code;
	char message[512];
	char hint[256];
	const char *target_kind;
	int64_t target_id;
	const char *field;
	const char *source;
	int64_t line, column;
	struct arena *arena;
	struct portal_fault *faults;
	int fault_count;
	struct portal_fault *last_fault;
};

/* Fills @err and returns -@code, so that callers write `return portal_fail(...)`.
 * A message too long for @err ends in "…". */
int portal_fail(struct portal_error *err, enum portal_code code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4), cold));

/* Adds to a failure what the user can do about it, and returns what @err holds
 * as a result: `return portal_hint(err, "portalctl invite send …")`. */
int portal_hint(struct portal_error *err, const char *fmt, ...)
	__attribute__((format(printf, 2, 3), cold));

/* Says which field a failure is about; returns -err->code. @field must be a
 * constant, or live as long as @err. */
int portal_about_field(struct portal_error *err, const char *field) __attribute__((cold));

/* Says which record a failure is about, by its kind ("invite") and id; returns
 * -err->code. @kind as @field above. */
int portal_about(struct portal_error *err, const char *kind, int64_t id) __attribute__((cold));

/* Most faults that are kept; more are counted. */
enum { PORTAL_FAULTS_MAX = 100000 };

/* Adds the failure in @err, with its place, to its list of faults and makes room for
 * the next. */
void portal_fault_add(struct portal_error *err);

/* Turns the list of faults into one failure: the fault itself when there is one, a
 * summary at the place of the first when there are more. Returns -err->code, or 0 when
 * there was none. */
int portal_faults_end(struct portal_error *err);

/* The JSON word of a code ("invite_expired"); frozen. */
const char *portal_code_word(enum portal_code code);

/* The exit status of a code, 0 to 12; that of PORTAL_OK is 0. */
int portal_code_exit(enum portal_code code);

/* What a code means, in English, as the manual prints it. */
const char *portal_code_meaning(enum portal_code code);

/* True for failures that may pass by themselves: busy, remote, timed out, a login
 * that has to wait. */
bool portal_code_retryable(enum portal_code code);

#endif
