/* A command is data: what it is called, what it takes, what it needs, what it
 * prints. Parsing, help, completion, man pages, batch keys and tests read this
 * one description; nothing about a command is written anywhere else. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <portal/error.h>
#include <portal/record.h>
#include <portal/secret.h>

struct portal;
struct reply;
struct listing;

/* A value that may be given several times, in the order given. */
typedef struct {
	const char *const *items;
	int64_t count;
} cli_list;

/* A secret read before the command runs: from the file named, or from
 * standard input. @given says whether the user asked for it. */
typedef struct {
	struct portal_secret *secret;
	bool given;
} cli_secret;

enum arg_type { ARG_FLAG, ARG_TEXT, ARG_INT, ARG_TIME, ARG_LIST, ARG_SECRET };

/* The type is read off the member that the value fills. */
#define ARG_TYPE_OF(lvalue) \
	_Generic((lvalue), \
		bool: ARG_FLAG, \
		const char *: ARG_TEXT, \
		int64_t: ARG_INT, \
		portal_time: ARG_TIME, \
		cli_list: ARG_LIST, \
		cli_secret: ARG_SECRET)

enum arg_flags {
	ARG_REQUIRED = 1 << 0,   /* an option that must be given (operands: unless ARG_OPTIONAL) */
	ARG_OPTIONAL = 1 << 1,   /* an operand that may be left out */
	ARG_EACH = 1 << 2,       /* an operand: each value is a record of its own */
	ARG_FROM_STDIN = 1 << 3, /* a secret: --NAME-stdin exists besides --NAME-file */
	ARG_FILTER = 1 << 4,     /* a bulk verb's filter: stands in for ids */
	ARG_ALONE = 1 << 7,      /* of a bulk verb: names the one record by itself (a token) */
	ARG_NOT_IN_BATCH = 1 << 5, /* not a key of a batch record */
	ARG_ASK_TWICE = 1 << 6,    /* a secret that is being set: the prompt asks again */
	ARG_DESCENDS = 1 << 9,     /* a word may have '-' before it: the other way round */
	ARG_SHOWS_TOKEN = 1 << 8,  /* asks a COMMAND_TOKEN command for its token */
	ARG_POSITIVE = 1 << 11,    /* a number that counts from 1: 0 is refused */
	ARG_NATURAL = 1 << 12,     /* a number that counts from 0 */
	ARG_ONE_RECORD = 1 << 13, /* an option: stands for one record, never for several operands */
	ARG_RESULTS = 1 << 10,    /* makes it a command of many records: reply_result() */
};

/* What completes a value, besides .words. */
enum arg_completes {
	COMPLETE_NOTHING,
	COMPLETE_FILE,
	COMPLETE_COMPANY, /* tax ids */
	COMPLETE_USER,    /* e-mails */
	COMPLETE_USER_NOT_ACTIVE,
	COMPLETE_ID,     /* ids of the command's own noun */
	COMPLETE_TICKET, /* numbers */
	COMPLETE_FIELD,  /* fields of the record the command prints */
	COMPLETE_SETTING,
	COMPLETE_SETTING_VALUE, /* of the setting named by the operand before */
	COMPLETE_COMMAND,       /* nouns, and verbs that have none */
	COMPLETE_VERB,          /* of the noun named by the operand before */
	COMPLETE_KIND,          /* kinds of output */
};

/* An option ("email" is --email) or an operand ("TO-TAX-ID"). A secret named
 * "password" is --password-file FILE, and with ARG_FROM_STDIN also
 * --password-stdin. @fallback is parsed like user input. @words are the only
 * values allowed. @unless names an option that stands in for one that would have to
 * be given. @needs names an option without which this one would mean nothing. @help is a
 * msgid. */
struct arg {
	const char *name;
	const char *metavar;
	const char *help;
	const char *fallback;
	const char *unless, *needs;
	const struct portal_word *words;
	enum arg_type type;
	unsigned flags;
	enum arg_completes completes;
	size_t offset;
};

#define OPTION(S, member, ...) \
	{ \
		.type = ARG_TYPE_OF(((S *)0)->member), .offset = offsetof(S, member), __VA_ARGS__ \
	}
#define OPERAND OPTION

/* --company, whatever the verb needs it for: the help and flags follow. */
#define COMPANY_OPTION(S, member, ...) \
	OPTION(S, member, .name = "company", .metavar = "TAX-ID", .completes = COMPLETE_COMPANY, \
		__VA_ARGS__)
#define END_OF_LIST \
	{ \
		0 \
	}

/* The options every list has; @member is a struct portal_page (portal/portal.h),
 * @sorts the fields it can be sorted by. */
#define LIST_OPTIONS(S, member, sorts) \
	OPTION(S, member.limit, .name = "limit", .metavar = "N", \
		.help = N_("at most so many; the answer then says whether it was cut")), \
		OPTION(S, member.after, .name = "after", .metavar = "CURSOR", \
			.help = N_("go on where a list that was cut ended")), \
		OPTION(S, member.sort, .name = "sort", .metavar = "FIELD", \
			.help = N_( \
				"order by this field instead of the id; -FIELD for descending"), \
			.words = sorts, .flags = ARG_DESCENDS)

enum command_needs { NEEDS_NOTHING, NEEDS_READ, NEEDS_WRITE };

enum command_flags {
	COMMAND_BATCH = 1 << 0,  /* takes --batch, --batch-format, --atomic */
	COMMAND_BULK = 1 << 1,   /* ids, or a filter (.select), or --all */
	COMMAND_CHECKS = 1 << 2, /* prints its record even when it fails (taxid check) */
	COMMAND_LONG = 1 << 3,   /* large cache; progress on a terminal */
	COMMAND_HIDDEN = 1 << 4, /* not in help */
	COMMAND_NO_DRY_RUN = 1 << 5,
	COMMAND_RESULTS = 1 << 6,    /* does the many records of one file itself: reply_result() */
	COMMAND_TOKEN = 1 << 7,      /* may answer with a token: reply_token() */
	COMMAND_OWN = 1 << 8,        /* a bulk verb: without ids and filter, what the token is of */
	COMMAND_NO_ACTOR = 1 << 9,   /* who acts is not asked: whoever knows a secret may */
	COMMAND_REHEARSES = 1 << 10, /* is always a dry run (diff) */
	COMMAND_DOCUMENT = 1 << 11,  /* prints a document of its own: reply_writer() */
	COMMAND_OPENS = 1 << 12,     /* opens the portal itself, if what is asked for needs it */
	COMMAND_ALONE = 1 << 13,     /* slow work comes before its transaction: one a record */
	COMMAND_STREAM = 1 << 14,    /* goes on until it is stopped: reply_stream() */
	COMMAND_USUAL = 1 << 15,     /* its verb may be left out */
	COMMAND_ANY = 1 << 17, /* of several, the first that fails gives the status (taxid check) */
	COMMAND_TOKEN_ONCE = 1 << 16, /* its token is never shown again: it must be now */
	COMMAND_SENDS = 1 << 18,      /* has to know since when this machine runs */
};

/* An example that a test runs in a fresh portal, and what it is good for. */
struct example {
	const char *line;
	const char *why; /* msgid */
};

/* Draws a row for people (draw.h). */
struct drawing;
typedef void draw_row(const struct drawing *drawing, const void *row);

/* One verb. Exactly one of .run and .list is set; a bulk verb has .run and
 * .select, which gives the ids its filters match. @permission is the action
 * in lib/policy.c; NULL only for commands that need no portal. @draw shows the rows of a
 * list to people, unless --fields asks for columns; NULL: a table does. @page stands in
 * for .run with --format html and writes a page (reply_writer()); NULL: there is none. */
struct command {
	const char *noun, *verb;
	const char *summary; /* msgid */
	const char *action;  /* what "action" says in JSON ("sent"); changing verbs only */
	const char *permission;
	enum command_needs needs;
	unsigned flags;
	size_t args_size;
	const struct arg *operands, *options;
	const struct portal_record *prints;
	const struct example *examples;
	draw_row *draw;
	int (*run)(struct portal *portal, const void *args, struct reply *reply,
		struct portal_error *err);
	int (*list)(struct portal *portal, const void *args, struct listing *listing,
		struct portal_error *err);
	int (*page)(struct portal *portal, const void *args, struct reply *reply,
		struct portal_error *err);
	int (*select)(struct portal *portal, const void *args, int (*each)(void *arg, int64_t id),
		void *arg, struct portal_error *err);
};

/* A noun and its verbs, declared at the end of cmd/NOUN.c and listed in
 * cmd/commands.c. Commands without a noun (init, status, due) stand in a noun
 * whose name is "". */
struct noun {
	const char *name;
	const char *summary;                /* msgid */
	const struct command *const *verbs; /* ends with NULL */
};

extern const struct noun *const nouns[]; /* ends with NULL */

/* Global options. Texts live as long as the arguments of the program. */
struct globals {
	const char *db, *config, *as;
	const char *token_file;
	const char *format, *csv_dialect;
	const char *fields;
	bool json;
	bool dry_run, quiet, verbose, no_input, yes;
	const char *color, *lang, *tz;
	int64_t wait_seconds;
	const char *now;
	const char *batch, *batch_format;
	bool atomic, all;
	bool help, version;
};

extern const struct arg global_options[]; /* rows fill a struct globals */
extern const struct arg batch_options[];  /* --batch --batch-format --atomic */
extern const struct arg bulk_options[];   /* --all */

/* What a command answers with: one record. All texts are copied. */

/* How the portal was asked for, for the few commands that open it themselves
 * (init, db migrate: NEEDS_NOTHING, .run gets no portal). */
const struct portal_options *reply_options(struct reply *reply);

/* Memory that lives as long as the answer. */
struct arena *reply_arena(struct reply *reply);

/* A record that was asked for (show, check). */
void reply_show(struct reply *reply, const struct portal_record *record, const void *row);

/* The record a changing verb leaves behind. @outcome says what happened; the
 * action word is the command's, and "unchanged" when nothing was. The id of what a
 * dry run made is null. */
enum reply_outcome { REPLY_UNCHANGED, REPLY_CHANGED, REPLY_CREATED };
void reply_changed(struct reply *reply, const struct portal_record *record, const void *row,
	enum reply_outcome outcome);

/* What most verbs answer that change a record with an id, the first member of @row:
 * reply_changed() and, with "%lld" for the id, @sentence, or @already where nothing was.
 * 0; or @changed where that is a failure, and no answer. */
int reply_done(struct reply *reply, const struct portal_record *record, const void *row,
	int changed, const char *sentence, const char *already);

/* The one sentence of table mode, in the user's language: "invite 42 sent to
 * ana@example.com". No capital, no full stop; left out with -q. */
void reply_say(struct reply *reply, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* The same for an answer that is one line itself (a checkpoint): -q keeps it. */
void reply_line(struct reply *reply, const char *line);

/* The language of texts for people, as HTML names it: "pt-BR" or "en". */
const char *reply_html_language(const struct reply *reply);

/* Where a command that prints a document or a file of its own writes it, as it goes; and
 * is it wanted as JSON? Of a command that fails nothing is seen that was not written out
 * yet. */
struct portal_writer;
struct portal_writer *reply_writer(struct reply *reply);
bool reply_is_json(const struct reply *reply);

/* Is nothing else wanted on standard output than what is asked for itself: the bytes of
 * a file? False with every format but the one for people. */
bool reply_takes_bytes(const struct reply *reply);

/* Writes what @fd has, and nothing else. 0, or negative when it can't be read. */
int reply_bytes(struct reply *reply, int fd, struct portal_error *err);

/* Of a COMMAND_STREAM command: gives one record, of the kind the command prints, to
 * whoever reads, at once. 0, or -PORTAL_OUTPUT. The second is it as a line of JSON with
 * all its fields, which lives until the next call. The last says which signal it was
 * stopped by: the exit status is 128 and its number. */
int reply_stream(struct reply *reply, const void *row, struct portal_error *err);
const char *reply_stream_json(struct reply *reply, const void *row);
void reply_stopped(struct reply *reply, int signal);

/* A token to be shown once, as "token" inside "data". A COMMAND_TOKEN command that
 * has an option with ARG_SHOWS_TOKEN gives one only when that was asked for; where
 * it has none, --fields may leave the token out, but not with COMMAND_TOKEN_ONCE. */
void reply_token(struct reply *reply, const struct portal_secret *token);

/* The same where the token is the answer: in table mode it stands alone on a line,
 * and nothing else is said; -q keeps it. */
void reply_token_line(struct reply *reply, const struct portal_secret *token);

/* Gives one row of a list to the writer, at once. 0, or negative when the
 * output can't be written. Pass it on as the domain function's visitor:
 * (row, listing). */
int listing_row(const void *row, void *listing);

/* Says how the list ended; its texts are copied. */
struct portal_list_end;
void listing_end(struct listing *listing, const struct portal_list_end *end);

/* What became of one of the many records a COMMAND_RESULTS command does, of the
 * kind the command prints: written at once, so call it after the commit. @line
 * is where the record stands in its file; @failure is NULL when it went well. 0,
 * or -PORTAL_OUTPUT when the output can't be written: end then. Tables and CSV
 * files show the records as in a list; what reply_say() said before goes with this one, and
 * what it says after the last ends the table. */
int reply_result(struct reply *reply, int64_t line, const void *row, enum reply_outcome outcome,
	const struct portal_error *failure);

/* Says that a commit changed something, before the results of all its records are
 * given: what is told if the output or the memory ends among the first of them,
 * which may be unchanged. Nothing in a dry run. */
void reply_note_change(struct reply *reply);

#endif
