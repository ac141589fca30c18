/* portalctl phone ... */
#include <portal/phone.h>

#include <portal/arena.h>

#include "cli/cli.h"
#include "cli/text.h"

struct check_args {
	const char *number;
	const char *area_code;
};

static int check_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct check_args *args = raw;
	struct phone phone;

	(void)portal;
	phone_check(reply_arena(reply), args->number, args->area_code, &phone);
	reply_show(reply, &phone_record, &phone);
	if (phone.valid)
		return 0;
	portal_fail(err, PORTAL_INVALID_PHONE, "%s", phone.reason);
	return portal_about_field(err, "number");
}

static const struct command check = {
	.noun = "phone",
	.verb = "check",
	.summary = N_("Check phone numbers and give their normal and printed forms"),
	.flags = COMMAND_BATCH | COMMAND_CHECKS | COMMAND_ANY,
	.args_size = sizeof(struct check_args),
	.operands =
		(const struct arg[]){
			OPERAND(struct check_args, number, .name = "NUMBER", .flags = ARG_EACH,
				.help = N_("a Brazilian number as people write it, or +COUNTRY "
					   "NUMBER")),
			END_OF_LIST,
		},
	.options =
		(const struct arg[]){
			OPTION(struct check_args, area_code, .name = "area-code", .metavar = "DDD",
				.help = N_("the area code of numbers that have none")),
			END_OF_LIST,
		},
	.prints = &phone_record,
	.examples =
		(const struct example[]){
			{ "portalctl phone check '(21) 98765-4321'", N_("a mobile number") },
			{ "portalctl phone check --json --area-code 11 3333-4444 +5491156121008",
				N_("a number without its area code, and a foreign one") },
			{ NULL },
		},
	.run = check_run,
};

const struct noun noun_phone = {
	.name = "phone",
	.summary = N_("Phone numbers, with the Brazilian rules"),
	.verbs = (const struct command *const[]){ &check, NULL },
};
