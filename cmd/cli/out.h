/* Everything the binary writes. One struct out stands for standard output of one
 * command, in the format the user chose; nothing else writes there. Nothing
 * reaches the descriptor before 64 KiB have come together or the end is there,
 * so that a command that fails leaves it empty. SIGPIPE must be ignored. */
#ifndef CLI_OUT_H
#define CLI_OUT_H

#include <stdbool.h>
#include <stdint.h>

#include "cli.h"

#include <portal/portal.h>

struct out;
struct portal_zone;

/* What the user chose. Texts live as long as the struct out.
 *
 * @format: table json ndjson csv tsv ids count; NULL is table.
 * @csv_dialect: NULL or "excel-br", with csv alone.
 * @fields: "a,b" or NULL. @token: was the option that asks for a token given?
 * @color: auto always never; NULL is auto.
 * @lang: "pt_BR" or "en" (NULL), already resolved; decides how times look, while
 *   texts follow the program's locale. @tz: NULL is the office's zone, which
 *   out_use_zone() tells.
 * @fd: where it goes; a terminal there gets colour and its width. */
struct out_options {
	const char *format, *csv_dialect;
	const char *fields;
	bool token;
	bool dry_run, quiet;
	const char *color, *lang, *tz;
	int fd;
};

/* Checks the choices against the command: -PORTAL_USAGE with the valid ones in
 * the sentence and the option at fault ("format", "fields", "csv-dialect") in
 * err->field; -PORTAL_INVALID_TIME for a zone that is not known. */
int out_open(struct out **ret, const struct out_options *options, const struct command *command,
	struct portal_error *err);

/* Will times be shown in the office's zone? Then tell it before the command runs;
 * without, they are shown in UTC. The zone must live as long as @out. */
bool out_wants_zone(const struct out *out);
void out_use_zone(struct out *out, const struct portal_zone *zone);

/* A fresh answer for .run. In a batch, the answers begun since the last
 * out_result() live until the first out_reply_begin() after the results of the
 * chunk were given; @options is only kept. */
struct reply *out_reply_begin(struct out *out, const struct portal_options *options);

/* Is a page wanted, which .page writes in the place of .run? */
bool out_wants_page(const struct out *out);

/* The signal that a COMMAND_STREAM command was stopped by, or 0. */
int out_stopped_by(const struct reply *reply);

/* Prints the one record of a command with one operand. Call it after the commit. */
int out_reply_print(struct out *out, struct reply *reply, struct portal_error *err);

/* A list: give the listing to .list as listing_row()'s argument, then end it.
 * When the list ended because a row could not be written, out_list_end() says so
 * with -PORTAL_OUTPUT; when it failed otherwise, call out_abandon() instead. */
struct listing *out_list_begin(struct out *out);
int out_list_end(struct out *out, struct portal_error *err);

/* One result of a batch, in input order, after its chunk's commit. @line counts
 * from 1. @failure is NULL when it went well, @reply is NULL when it did not; a
 * check that failed may have both. */
int out_result(struct out *out, int64_t line, struct reply *reply,
	const struct portal_error *failure, struct portal_error *err);

/* Prints what closes the results: the summary. Call it for an empty batch too. */
int out_results_end(struct out *out, struct portal_error *err);

/* Was there a result already? Then a failure must end the results, not drop them. */
bool out_has_results(const struct out *out);

/* Ends the results of a COMMAND_RESULTS command with what it said in @reply. */
int out_reply_results_end(struct out *out, const struct reply *reply, struct portal_error *err);

/* The exit status of the batch: 0, 7, or the common one when all failed alike. */
int out_result_status(const struct out *out);

/* The failure that stands for those of the batch, which the results tell one by
 * one: how many there were, with the code that goes with @status (not 0). */
int out_result_failure(const struct out *out, int status, struct portal_error *err);

/* Writes what is left and frees @out. -PORTAL_OUTPUT when anything could not be
 * written; the sentence says so when a change had been made before. NULL is fine. */
int out_close(struct out *out, struct portal_error *err);

/* Instead of out_close(), after a failure: frees @out and drops what was not yet
 * written, but for the results of a batch, which were committed and are written.
 * NULL is fine. */
void out_abandon(struct out *out);

/* Tells a failure on standard error: "portalctl: sentence", a line for each of
 * several faults, "hint: …"; with @format json or ndjson one line of JSON. */
void out_error(const struct portal_error *err, const char *format, const char *color);

/* Prints the JSON Schema (draft 2020-12) of documents of @kind ("invite",
 * "invite.list", "error") on @fd, or with NULL the kinds there are, one a line or @as_json.
 * -PORTAL_USAGE, -PORTAL_OUTPUT. */
int out_schema(int fd, const char *kind, bool as_json, struct portal_error *err);

/* Gives those kinds to @each, with @arg. */
void out_each_kind(void (*each)(void *arg, const char *kind), void *arg);

#endif
