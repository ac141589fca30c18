/* portalctl outbox ... */
#include <portal/outbox.h>

#include "cli/cli.h"
#include "cli/text.h"

struct show_args {
	int64_t id;
	bool body;
};

static int show_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct show_args *args = raw;
	struct outbox outbox;
	const int r = outbox_show(portal, args->id,
		args->body ? OUTBOX_WITH_BODY : OUTBOX_WITHOUT_BODY, &outbox, err);

	if (r < 0)
		return r;
	reply_show(reply, &outbox_record, &outbox);
	return 0;
}

static int list_run(
	struct portal *portal, const void *raw, struct listing *listing, struct portal_error *err)
{
	struct portal_list_end end;
	const int r = outbox_list(portal, raw, listing_row, listing, &end, err);

	if (r >= 0)
		listing_end(listing, &end);
	return r;
}

static const struct command list = {
	.noun = "outbox",
	.verb = "list",
	.summary = N_("List the messages that went out or wait to"),
	.permission = "outbox.list",
	.needs = NEEDS_READ,
	.args_size = sizeof(struct outbox_filter),
	.options =
		(const struct arg[]){
			OPTION(struct outbox_filter, state, .name = "state", .metavar = "STATE",
				.words = outbox_list_states, .fallback = "any",
				.help = N_("in this state, or any")),
			OPTION(struct outbox_filter, channel, .name = "channel",
				.metavar = "CHANNEL", .words = outbox_channels,
				.help = N_("through this channel")),
			OPTION(struct outbox_filter, recipient, .name = "recipient",
				.metavar = "ADDRESS", .help = N_("to this e-mail or number")),
			OPTION(struct outbox_filter, cause, .name = "cause", .metavar = "KIND[:ID]",
				.help = N_("that tell of this record, or records of this kind")),
			LIST_OPTIONS(struct outbox_filter, page, outbox_sorts),
			END_OF_LIST,
		},
	.prints = &outbox_record,
	.examples =
		(const struct example[]){
			{ "portalctl outbox list --state queued --format count",
				N_("how many wait") },
			{ "portalctl outbox list --cause invite:1 --format ndjson",
				N_("what one invite sent") },
			{ NULL },
		},
	.list = list_run,
};

static const struct command show = {
	.noun = "outbox",
	.verb = "show",
	.summary = N_("Show a message"),
	.permission = "outbox.show",
	.needs = NEEDS_READ,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct show_args),
	.operands =
		(const struct arg[]){
			OPERAND(struct show_args, id, .name = "ID", .flags = ARG_EACH,
				.completes = COMPLETE_ID, .help = N_("the message's id")),
			END_OF_LIST,
		},
	.options =
		(const struct arg[]){
			OPTION(struct show_args, body, .name = "body",
				.help = N_("with its text; secret links are shown as …")),
			END_OF_LIST,
		},
	.prints = &outbox_record,
	.examples =
		(const struct example[]){
			{ "portalctl invite send 02919305000127 --email contato@modelo.example && "
			  "portalctl outbox show 1 --body",
				N_("what the recipient reads") },
			{ NULL },
		},
	.run = show_run,
};

struct decide_args {
	int64_t id;
};

static int decide(struct portal *portal, const struct decide_args *args,
	enum outbox_decision decision, struct outbox *ret, struct portal_error *err)
{
	return outbox_decide(portal, args->id, decision, ret, err);
}

#define DECIDE(verb, decision, sentence, already) \
	static int verb##_run(struct portal *portal, const void *raw, struct reply *reply, \
		struct portal_error *err) \
	{ \
		struct outbox outbox; \
		const int r = decide(portal, raw, decision, &outbox, err); \
\
		return reply_done(reply, &outbox_record, &outbox, r, sentence, already); \
	}

DECIDE(retry, OUTBOX_RETRY, _("message '%lld' goes out at once"),
	_("message '%lld' waits to go out already"))
DECIDE(hold, OUTBOX_HOLD, _("message '%lld' held back"), _("message '%lld' was held back already"))
DECIDE(release, OUTBOX_RELEASE, _("message '%lld' released"),
	_("message '%lld' waits to go out already"))
DECIDE(cancel, OUTBOX_CANCEL, _("message '%lld' cancelled"),
	_("message '%lld' was cancelled already"))

static const struct arg decide_operands[] = {
	OPERAND(struct decide_args, id, .name = "ID", .flags = ARG_EACH, .completes = COMPLETE_ID,
		.help = N_("the message's id")),
	END_OF_LIST,
};

#define DECISION(verb_, summary_, action_, ...) \
	static const struct command verb_ = { \
		.noun = "outbox", \
		.verb = #verb_, \
		.summary = summary_, \
		.action = action_, \
		.permission = "outbox." #verb_, \
		.needs = NEEDS_WRITE, \
		.flags = COMMAND_BATCH, \
		.args_size = sizeof(struct decide_args), \
		.operands = decide_operands, \
		.prints = &outbox_record, \
		.examples = (const struct example[]){ __VA_ARGS__, { NULL } }, \
		.run = verb_##_run, \
	}

/* The first message of a portal with one invite. */
#define SENT "portalctl invite send 02919305000127 --email contato@modelo.example && "

DECISION(retry, N_("Try a message again at once"), "queued",
	{ SENT "portalctl outbox retry 1", N_("before its time has come") });
DECISION(hold, N_("Keep a message back"), "held",
	{ SENT "portalctl outbox hold 1", N_("until it is released") });
DECISION(release, N_("Let a message go that was kept back"), "queued",
	{ SENT "portalctl outbox hold 1 && portalctl outbox release 1", N_("and it goes out") });
DECISION(cancel, N_("Never send a message"), "cancelled",
	{ SENT "portalctl outbox cancel 1", N_("and the invite stays") });

const struct noun noun_outbox = {
	.name = "outbox",
	.summary = N_("Messages on their way out: e-mail and WhatsApp"),
	.verbs = (const struct command *const[]){ &list, &show, &retry, &hold, &release, &cancel,
		NULL },
};
