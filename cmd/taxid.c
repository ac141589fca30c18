/* portalctl taxid ... */
#include <portal/taxid.h>

#include <portal/arena.h>

#include "cli/cli.h"
#include "cli/text.h"

struct check_args {
	const char *id;
	const char *country;
};

static int check_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct check_args *args = raw;
	struct taxid taxid;
	const int r = taxid_parse(reply_arena(reply), args->id, args->country, &taxid, err);

	(void)portal;
	reply_show(reply, &taxid_record, &taxid);
	return r < 0 && !err->field ? portal_about_field(err, "id") : r;
}

static const struct command check = {
	.noun = "taxid",
	.verb = "check",
	.summary = N_("Check tax ids and give their normal and printed forms"),
	.flags = COMMAND_BATCH | COMMAND_CHECKS | COMMAND_ANY,
	.args_size = sizeof(struct check_args),
	.operands =
		(const struct arg[]){
			OPERAND(struct check_args, id, .name = "ID", .flags = ARG_EACH,
				.help = N_("a CNPJ, CPF or foreign id, with its country before it "
					   "where needed")),
			END_OF_LIST,
		},
	.options =
		(const struct arg[]){
			OPTION(struct check_args, country, .name = "country", .metavar = "CC",
				.help = N_("the country of ids that name none (BR)")),
			END_OF_LIST,
		},
	.prints = &taxid_record,
	.examples =
		(const struct example[]){
			{ "portalctl taxid check 12.ABC.345/01DE-35", N_("an alphanumeric CNPJ") },
			{ "portalctl taxid check --json 'AR 30-94537838-3' 65635571000148",
				N_("several at once, one of them foreign") },
			{ NULL },
		},
	.run = check_run,
};

const struct noun noun_taxid = {
	.name = "taxid",
	.summary = N_("Tax ids: CNPJ, CPF and those of other countries"),
	.verbs = (const struct command *const[]){ &check, NULL },
};
