/* The nouns, in the order that help shows them: a line each. Their verbs are
 * declared at the end of cmd/NOUN.c. */
#include "cli/builtin.h"
#include "cli/cli.h"

/* clang-format off */
#define NOUNS(X) \
	X(portal) \
	X(taxid) \
	X(phone) \
	X(company) \
	X(request) \
	X(invite) \
	X(connection) \
	X(contact) \
	X(user) \
	X(group) \
	X(project) \
	X(task) \
	X(process) \
	X(session) \
	X(sale) \
	X(document) \
	X(ticket) \
	X(wa) \
	X(panel) \
	X(answer) \
	X(category) \
	X(filter) \
	X(notification) \
	X(outbox) \
	X(audit) \
	X(config) \
	X(db)
/* clang-format on */

#define DECLARE(name) extern const struct noun noun_##name;
NOUNS(DECLARE)

#define ADDRESS(name) &noun_##name,
const struct noun *const nouns[] = { NOUNS(ADDRESS) & builtin_noun, NULL };
