/* portalctl company ... */
#include <portal/company.h>

#include "cli/cli.h"
#include "cli/text.h"

struct company_args {
	const char *tax_id;
	const char *country, *name, *trade_name, *email, *phone, *relation, *role;
	const char *document_login, *sections, *signup;
	bool if_not_exists;
};

static struct company_request request_of(const struct company_args *args)
{
	return (struct company_request){ .tax_id = args->tax_id,
		.country = args->country,
		.name = args->name,
		.trade_name = args->trade_name,
		.email = args->email,
		.phone = args->phone,
		.relation = args->relation,
		.role = args->role,
		.document_login = args->document_login,
		.sections = args->sections,
		.signup = args->signup,
		.if_not_exists = args->if_not_exists };
}

static int add_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct company_request request = request_of(raw);
	struct company company;
	const int r = company_add(portal, &request, &company, err);

	if (r < 0)
		return r;
	reply_changed(reply, &company_record, &company, r ? REPLY_CREATED : REPLY_UNCHANGED);
	reply_say(reply, r ? _("company '%s' added: %s") : _("company '%s' exists already: %s"),
		company.tax_id_formatted, company.name);
	return 0;
}

static int set_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct company_request request = request_of(raw);
	struct company company;
	const int r = company_set(portal, &request, &company, err);

	if (r < 0)
		return r;
	reply_changed(reply, &company_record, &company, r ? REPLY_CHANGED : REPLY_UNCHANGED);
	reply_say(reply, r ? _("company '%s' changed") : _("company '%s' is so already"),
		company.tax_id_formatted);
	return 0;
}

static int show_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct company_args *args = raw;
	struct company company;
	const int r = company_show(portal, args->tax_id, &company, err);

	if (r < 0)
		return r;
	reply_show(reply, &company_record, &company);
	return 0;
}

/* Out of use, or into use again. */
static int reply_use(struct reply *reply, const struct company *company, int changed,
	const char *sentence, const char *already)
{
	if (changed < 0)
		return changed;
	reply_changed(reply, &company_record, company, changed ? REPLY_CHANGED : REPLY_UNCHANGED);
	reply_say(reply, changed ? sentence : already, company->tax_id_formatted);
	return 0;
}

static int disable_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct company_args *args = raw;
	struct company company;
	const int r = company_disable(portal, args->tax_id, &company, err);

	return reply_use(reply, &company, r, _("company '%s' disabled"),
		_("company '%s' is disabled already"));
}

static int enable_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct company_args *args = raw;
	struct company company;
	const int r = company_enable(portal, args->tax_id, &company, err);

	return reply_use(reply, &company, r, _("company '%s' enabled"),
		_("company '%s' is enabled already"));
}

struct signup_args {
	const char *tax_id;
	bool rotate;
};

static int signup_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct signup_args *args = raw;
	_cleanup_secret_ struct portal_secret token = { .len = 0 };
	struct company_signup_link link;
	const int r = company_get_signup_link(portal, args->tax_id,
		args->rotate ? COMPANY_SIGNUP_ROTATE : COMPANY_SIGNUP_KEEP, &link, &token, err);

	if (r < 0)
		return r;
	reply_changed(
		reply, &company_signup_link_record, &link, r ? REPLY_CHANGED : REPLY_UNCHANGED);
	if (token.len)
		reply_token(reply, &token);
	return 0;
}

static int list_run(
	struct portal *portal, const void *raw, struct listing *listing, struct portal_error *err)
{
	const struct company_filter *filter = raw;
	struct portal_list_end end;
	const int r = company_list(portal, filter, listing_row, listing, &end, err);

	if (r >= 0)
		listing_end(listing, &end);
	return r;
}

#define OWN_TAX_ID \
	OPERAND(struct company_args, tax_id, .name = "TAX-ID", .flags = ARG_EACH, \
		.completes = COMPLETE_COMPANY, .help = N_("the company's tax id or id"))

/* What can be given to a new company and changed in an old one. */
#define DETAILS \
	OPTION(struct company_args, name, .name = "name", .metavar = "NAME", \
		.help = N_("legal name (razão social)")), \
		OPTION(struct company_args, trade_name, .name = "trade-name", .metavar = "NAME", \
			.help = N_("trade name (nome fantasia)")), \
		OPTION(struct company_args, email, .name = "email", .metavar = "E-MAIL", \
			.help = N_("the company's own e-mail")), \
		OPTION(struct company_args, phone, .name = "phone", .metavar = "PHONE", \
			.help = N_("phone, as Brazilians write it or +COUNTRY NUMBER")), \
		OPTION(struct company_args, relation, .name = "relation", .metavar = "RELATION", \
			.words = company_relations, \
			.help = N_("what the company is to the office")), \
		OPTION(struct company_args, role, .name = "role", .metavar = "ROLE", \
			.words = company_roles, \
			.help = N_("head office or branch; a CNPJ's order is taken as a hint")), \
		OPTION(struct company_args, document_login, .name = "document-login", \
			.metavar = "WHEN", .words = company_document_logins, \
			.help = N_("whether documents open only after login")), \
		OPTION(struct company_args, sections, .name = "sections", .metavar = "WORDS", \
			.help = N_("what collaborators see: " \
				   "documents,projects,tasks,sales,support")), \
		OPTION(struct company_args, signup, .name = "signup", .metavar = "WHETHER", \
			.words = company_signups, \
			.help = N_("whether people register by the signup link"))

static const struct command add = {
	.noun = "company",
	.verb = "add",
	.summary = N_("Add a company, or register one that is only known by name"),
	.action = "added",
	.permission = "company.add",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct company_args),
	.operands =
		(const struct arg[]){
			OPERAND(struct company_args, tax_id, .name = "TAX-ID", .flags = ARG_EACH,
				.help = N_("tax id, with its country before it where that isn't "
					   "Brazil")),
			END_OF_LIST,
		},
	.options =
		(const struct arg[]){
			DETAILS,
			OPTION(struct company_args, country, .name = "country", .metavar = "CC",
				.help = N_("country of a tax id that names none (BR)")),
			OPTION(struct company_args, if_not_exists, .name = "if-not-exists",
				.help = N_("be content with the one that exists")),
			END_OF_LIST,
		},
	.prints = &company_record,
	.examples =
		(const struct example[]){
			{ "portalctl company add 02919305000127 --name 'Modelo Ltda.' "
			  "--email contato@modelo.example",
				N_("a client or supplier") },
			{ "portalctl company add --country AR 30-94537838-3 --name 'Maderas S.A.' "
			  "--json",
				N_("a foreign one") },
			{ NULL },
		},
	.run = add_run,
};

static const struct command set = {
	.noun = "company",
	.verb = "set",
	.summary = N_("Change what is known of a company"),
	.action = "changed",
	.permission = "company.set",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct company_args),
	.operands = (const struct arg[]){ OWN_TAX_ID, END_OF_LIST },
	.options = (const struct arg[]){ DETAILS, END_OF_LIST },
	.prints = &company_record,
	.examples =
		(const struct example[]){
			{ "portalctl company set 65635571000148 --phone '(11) 3333-4444'",
				N_("one field; an empty value clears it") },
			{ NULL },
		},
	.run = set_run,
};

static const struct command show = {
	.noun = "company",
	.verb = "show",
	.summary = N_("Show a company"),
	.permission = "company.show",
	.needs = NEEDS_READ,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct company_args),
	.operands = (const struct arg[]){ OWN_TAX_ID, END_OF_LIST },
	.prints = &company_record,
	.examples =
		(const struct example[]){
			{ "portalctl company show 65.635.571/0001-48",
				N_("with or without punctuation") },
			{ NULL },
		},
	.run = show_run,
};

static const struct command list = {
	.noun = "company",
	.verb = "list",
	.summary = N_("List and search companies"),
	.permission = "company.list",
	.needs = NEEDS_READ,
	.args_size = sizeof(struct company_filter),
	.options =
		(const struct arg[]){
			OPTION(struct company_filter, country, .name = "country", .metavar = "CC",
				.help = N_("of this country")),
			OPTION(struct company_filter, search, .name = "search", .metavar = "TEXT",
				.help = N_("with this in the name, trade name or tax id; case and "
					   "accents "
					   "don't matter")),
			OPTION(struct company_filter, tax_id, .name = "tax-id", .metavar = "TAX-ID",
				.help = N_("with this tax id, or one that begins so")),
			OPTION(struct company_filter, status, .name = "status", .metavar = "STATUS",
				.words = company_statuses, .help = N_("in this state")),
			OPTION(struct company_filter, relation, .name = "relation",
				.metavar = "RELATION", .words = company_relations,
				.help = N_("that are this to the office")),
			LIST_OPTIONS(struct company_filter, page, company_sorts),
			END_OF_LIST,
		},
	.prints = &company_record,
	.examples =
		(const struct example[]){
			{ "portalctl company list --search joao", N_("finds João, too") },
			{ "portalctl company list --country BR --format csv --fields tax_id,name",
				N_("for a spreadsheet") },
			{ NULL },
		},
	.list = list_run,
};

static const struct command disable = {
	.noun = "company",
	.verb = "disable",
	.summary = N_("Take a company out of use"),
	.action = "disabled",
	.permission = "company.disable",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct company_args),
	.operands = (const struct arg[]){ OWN_TAX_ID, END_OF_LIST },
	.prints = &company_record,
	.examples =
		(const struct example[]){
			{ "portalctl company add 02919305000127 --name Modelo && "
			  "portalctl company disable 02919305000127",
				N_("its users can't act any more") },
			{ NULL },
		},
	.run = disable_run,
};

static const struct command enable = {
	.noun = "company",
	.verb = "enable",
	.summary = N_("Take a disabled company into use again"),
	.action = "enabled",
	.permission = "company.enable",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct company_args),
	.operands = (const struct arg[]){ OWN_TAX_ID, END_OF_LIST },
	.prints = &company_record,
	.examples =
		(const struct example[]){
			{ "portalctl company enable 65635571000148",
				N_("does nothing to one in use") },
			{ NULL },
		},
	.run = enable_run,
};

static const struct command signup_link = {
	.noun = "company",
	.verb = "signup-link",
	.summary = N_("Show the link by which people register as users of a company"),
	.action = "rotated",
	.permission = "company.signup-link",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH | COMMAND_TOKEN,
	.args_size = sizeof(struct signup_args),
	.operands =
		(const struct arg[]){
			OPERAND(struct signup_args, tax_id, .name = "TAX-ID", .flags = ARG_EACH,
				.completes = COMPLETE_COMPANY,
				.help = N_("the company's tax id or id")),
			END_OF_LIST,
		},
	.options =
		(const struct arg[]){
			OPTION(struct signup_args, rotate, .name = "rotate",
				.help = N_("make a new link; the old one is void")),
			END_OF_LIST,
		},
	.prints = &company_signup_link_record,
	.examples =
		(const struct example[]){
			{ "portalctl company signup-link 65635571000148 --json",
				N_("with the link's token") },
			{ NULL },
		},
	.run = signup_run,
};

extern const struct command cmd_company_import;

const struct noun noun_company = {
	.name = "company",
	.summary = N_("Companies: clients, suppliers, the office"),
	.verbs = (const struct command *const[]){ &add, &cmd_company_import, &list, &show, &set,
		&disable, &enable, &signup_link, NULL },
};
