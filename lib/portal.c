#include <portal/portal.h>

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "policy.h"
#include "portal-private.h"
#include "seal/seal.h"

static const struct portal_field identity_fields[] = {
	PORTAL_FIELD(struct identity, portal_id, NULL),
	PORTAL_FIELD(struct identity, key_check, NULL),
	PORTAL_FIELD(struct identity, office_id, NULL),
	PORTAL_FIELD(struct identity, allow_clock_override, NULL),
	PORTAL_FIELD(struct identity, office_name, NULL),
	PORTAL_FIELDS_END,
};

static const struct portal_record identity_record = { "portal", sizeof(struct identity),
	identity_fields };

/* The office's name alone can change. It is kept until the close, once for each
 * name there was: a text handed out stays what it is. */
static void keep_identity(struct portal *portal, const struct identity *read)
{
	struct identity *kept = &portal->identity;

	if (portal->identified && !strcmp(kept->office_name, read->office_name))
		return;
	*kept = *read;
	kept->portal_id = arena_strdup(&portal->keep, read->portal_id);
	kept->key_check = arena_strdup(&portal->keep, read->key_check);
	kept->office_name = arena_strdup(&portal->keep, read->office_name);
	portal->identified = true;
}

int portal_identify(struct portal *portal, struct store_tx *tx)
{
	struct identity identity;
	const int r =
		store_get(tx, Q_PORTAL_GET, NO_ARGS, &portal->results, &identity_record, &identity);

	if (r == 0)
		return portal_fail(store_error(tx), PORTAL_DAMAGED,
			_("'%s' has lost the row that says whose portal it is"),
			portal->options.db);
	if (r > 0)
		keep_identity(portal, &identity);
	return r < 0 ? r : 0;
}

int portal_open(
	const struct portal_options *options, struct portal **ret_portal, struct portal_error *err)
{
	const struct store_options store_options = {
		.path = options->db, .wait_ms = options->wait_ms, .bulk = options->long_work
	};
	struct portal *portal = calloc(1, sizeof(*portal));
	int r;

	if (!portal)
		return portal_fail(err, PORTAL_NO_MEMORY, _("out of memory"));
	portal->options = *options;
	portal->keep.out_of_memory = options->out_of_memory;
	portal->results.out_of_memory = options->out_of_memory;
	r = store_open(&store_options, &portal->store, err);
	if (r < 0) {
		portal_close(portal);
		return r;
	}
	*ret_portal = portal;
	return 0;
}

void portal_close(struct portal *portal)
{
	if (!portal)
		return;
	store_close(portal->store);
	seal_close(portal->seal);
	arena_release(&portal->results);
	arena_release(&portal->keep);
	free(portal);
}

void portal_closep(struct portal **portal)
{
	portal_close(*portal);
	*portal = NULL;
}

static int ask_body(struct work *w, void *arg)
{
	const char *const *action = arg;
	int64_t viewer;

	return policy_need_list(w, *action, &viewer);
}

int portal_need_operator(
	const struct portal_options *options, const char *action, struct portal_error *err)
{
	__attribute__((cleanup(portal_closep))) struct portal *portal = NULL;
	struct portal_error unheard = { 0 };

	if (!options->acting_as && !options->session_token)
		return 0;
	if (portal_open(options, &portal, &unheard) >= 0)
		return work_read(portal, ask_body, &action, err);
	if (options->acting_as)
		return portal_fail(err, PORTAL_DENIED, _("'%s' may not do this (%s)"),
			options->acting_as, action);
	return portal_fail(
		err, PORTAL_DENIED, _("the user of a session may not do this (%s)"), action);
}

const char *portal_place(const struct portal *portal)
{
	return portal->store ? store_file(portal->store) : portal->options.db;
}

struct arena *portal_arena(struct portal *portal)
{
	return &portal->results;
}

void portal_forget(struct portal *portal)
{
	arena_reset(&portal->results);
}

void portal_note_denial(struct portal *portal, const char *action, const char *kind, int64_t id)
{
	const char *as = portal->actor_known ? portal->actor.as : portal->options.acting_as;
	struct denial *denial = arena_new(&portal->keep, struct denial);

	*denial = (struct denial){ arena_strdup(&portal->keep, as),
		arena_strdup(&portal->keep, action), arena_strdup(&portal->keep, kind), id, NULL };
	if (portal->last_denial)
		portal->last_denial->next = denial;
	else
		portal->denials = denial;
	portal->last_denial = denial;
}
