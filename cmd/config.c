/* portalctl config ... */
#include <portal/config.h>

#include "cli/cli.h"
#include "cli/text.h"

struct config_args {
	const char *key, *value;
};

static int list_run(
	struct portal *portal, const void *raw, struct listing *listing, struct portal_error *err)
{
	(void)raw;
	return config_list(portal, listing_row, listing, err);
}

static int get_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct config_args *args = raw;
	struct config config;
	const int r = config_get(portal, args->key, &config, err);

	if (r < 0)
		return r;
	reply_show(reply, &config_record, &config);
	return 0;
}

static int set_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct config_args *args = raw;
	struct config config;
	const int r = config_set(portal, args->key, args->value, &config, err);

	if (r < 0)
		return r;
	reply_changed(reply, &config_record, &config, r ? REPLY_CHANGED : REPLY_UNCHANGED);
	reply_say(reply, r ? _("'%s' set to '%s'") : _("'%s' was '%s' already"), config.key,
		config.value);
	return 0;
}

/* The settings file was read, and found good, before this began. */
static int check_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	struct config_check check;
	const int r = config_check(portal, &check, err);

	(void)raw;
	if (r < 0)
		return r;
	reply_show(reply, &config_check_record, &check);
	return 0;
}

#define KEY(...) \
	OPERAND(struct config_args, key, .name = "KEY", .completes = COMPLETE_SETTING, \
		.help = N_("the setting's name"), __VA_ARGS__)

static const struct command list = {
	.noun = "config",
	.verb = "list",
	.summary = N_("List the portal's settings"),
	.permission = "config.list",
	.needs = NEEDS_READ,
	.prints = &config_record,
	.examples =
		(const struct example[]){
			{ "portalctl config list", N_("with where each value comes from") },
			{ NULL },
		},
	.list = list_run,
};

static const struct command get = {
	.noun = "config",
	.verb = "get",
	.summary = N_("Show one setting"),
	.permission = "config.get",
	.needs = NEEDS_READ,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct config_args),
	.operands = (const struct arg[]){ KEY(.flags = ARG_EACH), END_OF_LIST },
	.prints = &config_record,
	.examples =
		(const struct example[]){
			{ "portalctl config get time_zone --format tsv --fields value",
				N_("the bare value") },
			{ NULL },
		},
	.run = get_run,
};

static const struct command set = {
	.noun = "config",
	.verb = "set",
	.summary = N_("Change a setting of the portal"),
	.action = "set",
	.permission = "config.set",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct config_args),
	.operands =
		(const struct arg[]){
			KEY(.flags = 0),
			OPERAND(struct config_args, value, .name = "VALUE",
				.completes = COMPLETE_SETTING_VALUE, .help = N_("its new value")),
			END_OF_LIST,
		},
	.prints = &config_record,
	.examples =
		(const struct example[]){
			{ "portalctl config set base_url https://portal.escritorio.example",
				N_("where links in mails lead") },
			{ NULL },
		},
	.run = set_run,
};

static const struct command check = {
	.noun = "config",
	.verb = "check",
	.summary = N_("Check the settings file and the portal's settings"),
	.permission = "config.check",
	.needs = NEEDS_READ,
	.prints = &config_check_record,
	.examples =
		(const struct example[]){
			{ "portalctl config check", N_("after the settings file was edited") },
			{ NULL },
		},
	.run = check_run,
};

const struct noun noun_config = {
	.name = "config",
	.summary = N_("The portal's settings"),
	.verbs = (const struct command *const[]){ &list, &get, &set, &check, NULL },
};
