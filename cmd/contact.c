/* portalctl contact ... */
#include <portal/contact.h>

#include "cli/cli.h"
#include "cli/text.h"

struct add_args {
	const char *company, *name, *email;
	cli_list phones;
	bool if_not_exists;
};

static int add_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct add_args *args = raw;
	const struct contact_request request = { .company = args->company,
		.name = args->name,
		.email = args->email,
		.phones = args->phones.items,
		.phone_count = args->phones.count,
		.if_not_exists = args->if_not_exists };
	struct contact contact;
	const int r = contact_add(portal, &request, &contact, err);

	if (r < 0)
		return r;
	reply_changed(reply, &contact_record, &contact, r ? REPLY_CREATED : REPLY_UNCHANGED);
	reply_say(reply, r ? _("contact '%s' added") : _("contact '%s' exists already"),
		contact_title(&contact));
	return 0;
}

struct set_args {
	const char *contact, *company, *name, *email;
	cli_list phones;
};

static int set_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct set_args *args = raw;
	const struct contact_change change = { .named = args->contact,
		.company = args->company,
		.name = args->name,
		.email = args->email,
		.phones = args->phones.items,
		.phone_count = args->phones.count };
	struct contact contact;
	const int r = contact_set(portal, &change, &contact, err);

	if (r < 0)
		return r;
	reply_changed(reply, &contact_record, &contact, r ? REPLY_CHANGED : REPLY_UNCHANGED);
	reply_say(reply, r ? _("contact '%s' changed") : _("contact '%s' is so already"),
		contact_title(&contact));
	return 0;
}

struct assign_args {
	const char *contact, *company;
};

static int assign_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct assign_args *args = raw;
	struct contact contact;
	const int r = contact_assign(portal, args->contact, args->company, &contact, err);

	if (r < 0)
		return r;
	reply_changed(reply, &contact_record, &contact, r ? REPLY_CHANGED : REPLY_UNCHANGED);
	reply_say(reply,
		r ? _("contact '%s' assigned to '%s'")
		  : _("contact '%s' is assigned to '%s' already"),
		contact_title(&contact),
		contact.company_name ? contact.company_name : contact.company_tax_id);
	return 0;
}

struct named_args {
	const char *contact, *company;
	bool ignore_missing;
};

static int show_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct named_args *args = raw;
	struct contact contact;
	const int r = contact_show(portal, args->contact, args->company, &contact, err);

	if (r >= 0)
		reply_show(reply, &contact_record, &contact);
	return r;
}

static int remove_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct named_args *args = raw;
	struct contact contact;
	const int r = contact_remove(portal, args->contact, args->company,
		args->ignore_missing ? CONTACT_MISSING_IGNORED : CONTACT_MISSING_FAILS, &contact,
		err);

	if (r < 0)
		return r;
	reply_changed(reply, &contact_record, &contact, r ? REPLY_CHANGED : REPLY_UNCHANGED);
	reply_say(reply, r ? _("contact '%s' removed") : _("there is no contact '%s'"),
		r ? contact_title(&contact) : args->contact);
	return 0;
}

struct allow_args {
	const char *contact, *company;
	cli_secret password;
	bool send_password, show_token;
};

static int allow_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct allow_args *args = raw;
	const struct contact_allowance allowance = { .named = args->contact,
		.company = args->company,
		.password = args->password.secret,
		.send_password = args->send_password };
	_cleanup_secret_ struct portal_secret token = { .len = 0 };
	struct contact contact;
	const int r =
		contact_allow(portal, &allowance, &contact, args->show_token ? &token : NULL, err);

	if (r < 0)
		return r;
	reply_changed(reply, &contact_record, &contact, r ? REPLY_CHANGED : REPLY_UNCHANGED);
	if (token.len)
		reply_token(reply, &token);
	reply_say(reply, r ? _("contact '%s' has access") : _("contact '%s' has had access before"),
		contact.email);
	return 0;
}

static int deny_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct named_args *args = raw;
	struct contact contact;
	const int r = contact_deny(portal, args->contact, args->company, &contact, err);

	if (r < 0)
		return r;
	reply_changed(reply, &contact_record, &contact, r ? REPLY_CHANGED : REPLY_UNCHANGED);
	reply_say(reply,
		r ? _("the access of contact '%s' has ended") : _("contact '%s' has no access"),
		contact_title(&contact));
	return 0;
}

static int list_run(
	struct portal *portal, const void *raw, struct listing *listing, struct portal_error *err)
{
	struct portal_list_end end;
	const int r = contact_list(portal, raw, listing_row, listing, &end, err);

	if (r >= 0)
		listing_end(listing, &end);
	return r;
}

#define NAMED(S) \
	OPERAND(S, contact, .name = "CONTACT", .flags = ARG_EACH, .completes = COMPLETE_ID, \
		.help = N_("the contact's e-mail or id"))
#define OF_COMPANY(S) \
	COMPANY_OPTION(S, company, \
		.help = N_("the contact's company, where the e-mail has contacts in several"))
#define NAME(S, ...) \
	OPTION(S, name, .name = "name", .metavar = "NAME", .help = N_("the person's name"), \
		__VA_ARGS__)
#define EMAIL(S) \
	OPTION(S, email, .name = "email", .metavar = "E-MAIL", .help = N_("the person's e-mail"))
#define PHONES(S) \
	OPTION(S, phones, .name = "phone", .metavar = "PHONE", \
		.help = N_("a phone, as Brazilians write it or +COUNTRY NUMBER; may be repeated"))

/* An example runs in a fresh portal: what it speaks of comes first. */
#define ANA \
	"portalctl contact add --company 65635571000148 --name 'Ana Lima' " \
	"--email ana@office.example && "

static const struct command add = {
	.noun = "contact",
	.verb = "add",
	.summary = N_("Add a person to a company"),
	.action = "added",
	.permission = "contact.add",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct add_args),
	.options =
		(const struct arg[]){
			COMPANY_OPTION(struct add_args, company, .flags = ARG_REQUIRED,
				.help = N_("the person's company")),
			NAME(struct add_args, .flags = ARG_REQUIRED),
			EMAIL(struct add_args),
			PHONES(struct add_args),
			OPTION(struct add_args, if_not_exists, .name = "if-not-exists",
				.help = N_("be content with the one that has this e-mail")),
			END_OF_LIST,
		},
	.prints = &contact_record,
	.examples =
		(const struct example[]){
			{ "portalctl contact add --company 65635571000148 --name 'Ana Lima' "
			  "--email ana@office.example --phone '(11) 98765-4321'",
				N_("a person, who has no access yet") },
			{ NULL },
		},
	.run = add_run,
};

static const struct command list = {
	.noun = "contact",
	.verb = "list",
	.summary = N_("List and search contacts"),
	.permission = "contact.list",
	.needs = NEEDS_READ,
	.args_size = sizeof(struct contact_filter),
	.options =
		(const struct arg[]){
			COMPANY_OPTION(
				struct contact_filter, company, .help = N_("of this company")),
			OPTION(struct contact_filter, access, .name = "access", .metavar = "ACCESS",
				.words = contact_accesses,
				.help = N_("whose access to the portal is this")),
			OPTION(struct contact_filter, search, .name = "search", .metavar = "TEXT",
				.help = N_("with this in the name, e-mail or phone")),
			LIST_OPTIONS(struct contact_filter, page, contact_sorts),
			END_OF_LIST,
		},
	.prints = &contact_record,
	.examples =
		(const struct example[]){
			{ "portalctl contact list --access none", N_("who has no access yet") },
			{ "portalctl contact list --search 98765-4321", N_("whose number is it?") },
			{ NULL },
		},
	.list = list_run,
};

static const struct command show = {
	.noun = "contact",
	.verb = "show",
	.summary = N_("Show a contact"),
	.permission = "contact.show",
	.needs = NEEDS_READ,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct named_args),
	.operands = (const struct arg[]){ NAMED(struct named_args), END_OF_LIST },
	.options = (const struct arg[]){ OF_COMPANY(struct named_args), END_OF_LIST },
	.prints = &contact_record,
	.examples =
		(const struct example[]){
			{ ANA "portalctl contact show ana@office.example", N_("by e-mail") },
			{ NULL },
		},
	.run = show_run,
};

static const struct command set = {
	.noun = "contact",
	.verb = "set",
	.summary = N_("Change what is known of a contact"),
	.action = "changed",
	.permission = "contact.set",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct set_args),
	.operands = (const struct arg[]){ NAMED(struct set_args), END_OF_LIST },
	.options =
		(const struct arg[]){
			NAME(struct set_args, .flags = 0),
			EMAIL(struct set_args),
			PHONES(struct set_args),
			OF_COMPANY(struct set_args),
			END_OF_LIST,
		},
	.prints = &contact_record,
	.examples =
		(const struct example[]){
			{ ANA "portalctl contact set ana@office.example --phone '(11) 3333-4444' "
			      "--phone '(11) 98765-4321'",
				N_("these phones, in the place of all there were") },
			{ NULL },
		},
	.run = set_run,
};

static const struct command remove_command = {
	.noun = "contact",
	.verb = "remove",
	.summary = N_("Remove a contact that has no access"),
	.action = "removed",
	.permission = "contact.remove",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct named_args),
	.operands = (const struct arg[]){ NAMED(struct named_args), END_OF_LIST },
	.options =
		(const struct arg[]){
			OF_COMPANY(struct named_args),
			OPTION(struct named_args, ignore_missing, .name = "ignore-missing",
				.help = N_("be content where there is none")),
			END_OF_LIST,
		},
	.prints = &contact_record,
	.examples =
		(const struct example[]){
			{ ANA "portalctl contact remove ana@office.example",
				N_("the e-mail is free again") },
			{ NULL },
		},
	.run = remove_run,
};

static const struct command assign = {
	.noun = "contact",
	.verb = "assign",
	.summary = N_("Tie a contact of no company to one, with its tickets"),
	.action = "assigned",
	.permission = "contact.assign",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct assign_args),
	.operands = (const struct arg[]){ NAMED(struct assign_args), END_OF_LIST },
	.options =
		(const struct arg[]){
			COMPANY_OPTION(struct assign_args, company, .flags = ARG_REQUIRED,
				.help = N_("the company it belongs to from now on")),
			END_OF_LIST,
		},
	.prints = &contact_record,
	.examples =
		(const struct example[]){
			{ ANA "portalctl contact assign ana@office.example "
			      "--company 65635571000148",
				N_("safe to run twice; who belongs to the company already stays") },
			{ NULL },
		},
	.run = assign_run,
};

static const struct command allow = {
	.noun = "contact",
	.verb = "allow",
	.summary = N_("Give a contact access to the portal, and mail the way in"),
	.action = "allowed",
	.permission = "contact.allow",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH | COMMAND_TOKEN,
	.args_size = sizeof(struct allow_args),
	.operands = (const struct arg[]){ NAMED(struct allow_args), END_OF_LIST },
	.options =
		(const struct arg[]){
			OF_COMPANY(struct allow_args),
			OPTION(struct allow_args, password, .name = "password",
				.flags = ARG_FROM_STDIN | ARG_ASK_TWICE,
				.help = N_("a password to set, instead of mailing a link")),
			OPTION(struct allow_args, send_password, .name = "send-password",
				.flags = ARG_NOT_IN_BATCH,
				.help = N_("mail a random password, to be changed at the first "
					   "login, instead of a link")),
			OPTION(struct allow_args, show_token, .name = "show-token",
				.flags = ARG_SHOWS_TOKEN | ARG_NOT_IN_BATCH,
				.help = N_("show what was mailed, once: the link's token, or the "
					   "random password")),
			END_OF_LIST,
		},
	.prints = &contact_record,
	.examples =
		(const struct example[]){
			{ ANA "portalctl contact allow ana@office.example",
				N_("mails a link to set a password, which works once") },
			{ ANA "portalctl contact allow ana@office.example --send-password",
				N_("mails a random password") },
			{ NULL },
		},
	.run = allow_run,
};

static const struct command deny = {
	.noun = "contact",
	.verb = "deny",
	.summary = N_("End a contact's access to the portal, and its sessions"),
	.action = "denied",
	.permission = "contact.deny",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct named_args),
	.operands = (const struct arg[]){ NAMED(struct named_args), END_OF_LIST },
	.options = (const struct arg[]){ OF_COMPANY(struct named_args), END_OF_LIST },
	.prints = &contact_record,
	.examples =
		(const struct example[]){
			{ ANA "portalctl contact deny ana@office.example",
				N_("one who has no access stays without") },
			{ NULL },
		},
	.run = deny_run,
};

const struct noun noun_contact = {
	.name = "contact",
	.summary = N_("Contacts: the people of a company"),
	.verbs = (const struct command *const[]){ &add, &list, &show, &set, &remove_command, &allow,
		&deny, &assign, NULL },
};
