/* portalctl audit ... */
#include <portal/audit.h>

#include <string.h>

#include <portal/arena.h>
#include <portal/text.h>

#include "cli/cli.h"
#include "cli/input.h"
#include "cli/text.h"

/* A checkpoint has some 150 bytes: one a day for twenty years. */
enum { CHECKPOINTS_MAX_BYTES = 1024 * 1024 };

static int list_run(
	struct portal *portal, const void *raw, struct listing *listing, struct portal_error *err)
{
	struct portal_list_end end;
	const int r = audit_list(portal, raw, listing_row, listing, &end, err);

	if (r >= 0)
		listing_end(listing, &end);
	return r;
}

static int checkpoint_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	struct audit_checkpoint checkpoint;
	const int r = audit_checkpoint(portal, &checkpoint, err);

	(void)raw;
	if (r < 0)
		return r;
	reply_show(reply, &audit_checkpoint_record, &checkpoint);
	reply_line(reply, checkpoint.checkpoint);
	return 0;
}

struct verify_args {
	const char *checkpoint;
};

/* What the file named holds, in @arena. */
static int read_checkpoints(
	struct arena *arena, const char *file, const char **ret_text, struct portal_error *err)
{
	struct input input;
	const int r = input_read(arena, file, CHECKPOINTS_MAX_BYTES, &input, err);

	if (r < 0)
		return r;
	if (strlen(input.bytes) != input.len)
		return portal_fail(err, PORTAL_INVALID_INPUT,
			_("'%s' is no text: it has a zero byte"),
			portal_text_printable(arena, file));
	*ret_text = input.bytes;
	return 0;
}

static void say_verified(struct reply *reply, const struct audit_verification *found)
{
	if (found->erased)
		reply_say(reply, _("the audit log is whole: %lld rows, %lld of them erased"),
			(long long)found->rows, (long long)found->erased);
	else
		reply_say(reply,
			P_("the audit log is whole: %lld row", "the audit log is whole: %lld rows",
				found->rows),
			(long long)found->rows);
}

static int verify_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct verify_args *args = raw;
	const char *checkpoints = NULL;
	struct audit_verification found;
	int r = 0;

	if (args->checkpoint)
		r = read_checkpoints(reply_arena(reply), args->checkpoint, &checkpoints, err);
	if (r >= 0)
		r = audit_verify(portal, checkpoints, &found, err);
	if (r == -PORTAL_INVALID_INPUT)
		err->source = args->checkpoint;
	if (r < 0)
		return r;
	reply_show(reply, &audit_verification_record, &found);
	say_verified(reply, &found);
	return 0;
}

static const struct command list = {
	.noun = "audit",
	.verb = "list",
	.summary = N_("List what was changed, when and by whom"),
	.permission = "audit.list",
	.needs = NEEDS_READ,
	.args_size = sizeof(struct audit_filter),
	.options =
		(const struct arg[]){
			OPTION(struct audit_filter, since, .name = "since", .metavar = "TIME",
				.help = N_("from this time on")),
			OPTION(struct audit_filter, until, .name = "until", .metavar = "TIME",
				.help = N_("before this time")),
			OPTION(struct audit_filter, action, .name = "action", .metavar = "ACTION",
				.help = N_("this action (invite.accept), or all of a noun "
					   "(invite)")),
			OPTION(struct audit_filter, actor, .name = "actor", .metavar = "ACTOR",
				.help = N_("by this account of the system (uid:1000) or user "
					   "(E-MAIL)")),
			OPTION(struct audit_filter, target, .name = "target",
				.metavar = "KIND[:ID]",
				.help = N_("about this record, or records of this kind")),
			LIST_OPTIONS(struct audit_filter, page, audit_sorts),
			END_OF_LIST,
		},
	.prints = &audit_record,
	.examples =
		(const struct example[]){
			{ "portalctl audit list --target company:1 --json",
				N_("the history of one record") },
			{ "portalctl audit list --since 2026-03-01 --until 2026-04-01 --format csv",
				N_("a month, for a spreadsheet") },
			{ NULL },
		},
	.list = list_run,
};

static const struct command verify = {
	.noun = "audit",
	.verb = "verify",
	.summary = N_("Prove that nobody altered the audit log"),
	.permission = "audit.verify",
	.needs = NEEDS_READ,
	.flags = COMMAND_LONG,
	.args_size = sizeof(struct verify_args),
	.options =
		(const struct arg[]){
			OPTION(struct verify_args, checkpoint, .name = "checkpoint",
				.metavar = "FILE", .completes = COMPLETE_FILE,
				.help = N_("also prove what the lines of 'audit checkpoint' in "
					   "this file (-: standard input) tell; without them, rows "
					   "cut off the end are not missed")),
			END_OF_LIST,
		},
	.prints = &audit_verification_record,
	.examples =
		(const struct example[]){
			{ "portalctl -q audit verify", N_("from cron: silent when all is well") },
			{ "portalctl audit checkpoint >kept.txt && "
			  "portalctl audit verify --checkpoint kept.txt",
				N_("with a checkpoint, best kept on another machine") },
			{ NULL },
		},
	.run = verify_run,
};

static const struct command checkpoint = {
	.noun = "audit",
	.verb = "checkpoint",
	.summary = N_("Print how far the audit log went, to be kept elsewhere"),
	.permission = "audit.checkpoint",
	.needs = NEEDS_READ,
	.prints = &audit_checkpoint_record,
	.examples =
		(const struct example[]){
			{ "portalctl audit checkpoint >>kept.txt", N_("one line more each day") },
			{ NULL },
		},
	.run = checkpoint_run,
};

const struct noun noun_audit = {
	.name = "audit",
	.summary = N_("The log of every change, chained so that no change of it is missed"),
	.verbs = (const struct command *const[]){ &list, &verify, &checkpoint, NULL },
};
