/* The nouns, in the order that help shows them. Their verbs are declared at the
 * end of cmd/NOUN.c. */
#include "cli/builtin.h"
#include "cli/cli.h"

extern const struct noun noun_portal, noun_taxid, noun_phone, noun_company, noun_invite, noun_user,
	noun_notification, noun_outbox, noun_audit, noun_config, noun_db;

const struct noun *const nouns[] = {
	&noun_portal,
	&noun_taxid,
	&noun_phone,
	&noun_company,
	&noun_invite,
	&noun_user,
	&noun_notification,
	&noun_outbox,
	&noun_audit,
	&noun_config,
	&noun_db,
	&builtin_noun,
	NULL,
};
