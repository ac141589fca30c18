#include <portal/policy.h>

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "policy.h"
#include "portal-private.h"

enum {
	BOTH_USERS = POLICY_OWN_USER | POLICY_PEER_USER,
	SEEN_BY_PARTIES = POLICY_OFFICE_STAFF | BOTH_USERS,
};

/* The one table of permissions (P8). What is not here is denied. */
static const struct policy_rule rules[] = {
	{ "company.add", POLICY_OFFICE_ADMIN },
	{ "company.import", POLICY_OFFICE_ADMIN },
	{ "company.list", POLICY_OFFICE_STAFF | POLICY_OWN_USER },
	{ "company.show", POLICY_OFFICE_STAFF | POLICY_OWN_USER | POLICY_ANY_USER },
	{ "company.set", POLICY_OFFICE_ADMIN | POLICY_OWN_ADMIN },
	{ "company.set-by-office", POLICY_OFFICE_ADMIN },
	{ "company.disable", POLICY_OFFICE_ADMIN },
	{ "company.enable", POLICY_OFFICE_ADMIN },
	{ "company.signup-link", POLICY_OFFICE_ADMIN | POLICY_OWN_ADMIN },
	{ "request.send", POLICY_OWN_ADMIN },
	{ "request.dismiss", POLICY_PEER_ADMIN },
	{ "request.list", SEEN_BY_PARTIES },
	{ "request.show", SEEN_BY_PARTIES },
	{ "invite.send", POLICY_OWN_ADMIN },
	{ "invite.resend", POLICY_OWN_ADMIN },
	{ "invite.token", POLICY_OWN_ADMIN },
	{ "invite.cancel", POLICY_OWN_ADMIN },
	{ "invite.accept", POLICY_PEER_ADMIN },
	{ "invite.refuse", POLICY_PEER_ADMIN },
	{ "invite.list", SEEN_BY_PARTIES },
	{ "invite.show", SEEN_BY_PARTIES },
	{ "invite.expire", POLICY_OFFICE_ADMIN },
	{ "connection.end", POLICY_OWN_ADMIN | POLICY_PEER_ADMIN },
	{ "connection.list", SEEN_BY_PARTIES },
	{ "connection.show", SEEN_BY_PARTIES },
	{ "user.add", POLICY_OFFICE_ADMIN | POLICY_OWN_ADMIN },
	{ "user.list", POLICY_OFFICE_STAFF | POLICY_OWN_USER },
	{ "user.show", POLICY_OFFICE_STAFF | POLICY_OWN_USER },
	{ "user.activate", POLICY_OFFICE_ADMIN | POLICY_OWN_ADMIN },
	{ "config.list", POLICY_OFFICE_ADMIN },
	{ "config.get", POLICY_OFFICE_ADMIN },
	{ "config.check", POLICY_OFFICE_ADMIN },
	{ "config.set", POLICY_OFFICE_ADMIN },
	{ "db.check", POLICY_OPERATOR_ONLY },
	{ "notification.list", POLICY_OWN_ADMIN },
	{ "notification.count", POLICY_OWN_ADMIN },
	{ "notification.read", POLICY_OWN_ADMIN },
	{ "outbox.list", POLICY_OFFICE_ADMIN },
	{ "outbox.show", POLICY_OFFICE_ADMIN },
	{ "audit.list", POLICY_OFFICE_ADMIN },
	{ "audit.verify", POLICY_OFFICE_ADMIN },
	{ "audit.checkpoint", POLICY_OFFICE_ADMIN },
	{ "portal.status", POLICY_OFFICE_STAFF },
	{ "portal.due", POLICY_OFFICE_ADMIN },
	{ NULL, 0 },
};

const struct policy_rule *policy_rules(void)
{
	return rules;
}

static const struct policy_rule *find_rule(const char *action)
{
	for (const struct policy_rule *rule = rules; rule->action; rule++)
		if (!strcmp(rule->action, action))
			return rule;
	return NULL;
}

bool policy_knows(const char *action)
{
	return find_rule(action) != NULL;
}

/* What the actor is to the record, as bits of enum policy_who. */
static unsigned standing(const struct actor *actor, const struct policy_object *object)
{
	const bool own = object->owner && actor->company_id == object->owner;
	const bool peer = object->peer && actor->company_id == object->peer;
	unsigned who = 0;

	if (actor->staff)
		who |= POLICY_OFFICE_STAFF | (actor->admin ? POLICY_OFFICE_ADMIN : 0);
	if (own)
		who |= POLICY_OWN_USER | (actor->admin ? POLICY_OWN_ADMIN : 0);
	if (peer)
		who |= POLICY_PEER_USER | (actor->admin ? POLICY_PEER_ADMIN : 0);
	if (object->public_record)
		who |= POLICY_ANY_USER;
	return who;
}

static bool allowed(const char *action, unsigned who)
{
	const struct policy_rule *rule = find_rule(action);

	return rule && (rule->who & who) != 0;
}

static bool visible(const struct policy_object *object, unsigned who)
{
	char show[64];

	snprintf(show, sizeof(show), "%s.show", object->kind);
	return allowed(show, who);
}

static int deny(struct work *w, const char *action, const struct policy_object *object)
{
	portal_note_denial(w->portal, action, object->kind, object->id);
	portal_fail(w->err, PORTAL_DENIED, _("'%s' may not do this (%s)"), w->actor->as, action);
	return object->kind ? portal_about(w->err, object->kind, object->id) : -PORTAL_DENIED;
}

int policy_need(struct work *w, const char *action, const struct policy_object *object)
{
	unsigned who;

	if (!w->actor->as)
		return 0;
	who = standing(w->actor, object);
	if (allowed(action, who))
		return 0;
	if (object->id == 0 || visible(object, who))
		return deny(w, action, object);
	portal_note_denial(w->portal, action, object->kind, object->id);
	return work_not_found(w, object->kind, object->named);
}

int policy_need_found(struct work *w, const char *action, struct policy_object object, int found)
{
	if (found < 0)
		return found;
	object.named = arena_printf(w->arena, "%lld", (long long)object.id);
	return found ? policy_need(w, action, &object)
		     : work_not_found(w, object.kind, object.named);
}

int policy_need_list(struct work *w, const char *action, int64_t *ret_viewer)
{
	const struct policy_object none = { .kind = NULL };
	const struct policy_rule *rule = find_rule(action);

	*ret_viewer = 0;
	if (!w->actor->as)
		return 0;
	if (rule && (rule->who & standing(w->actor, &none)) != 0)
		return 0;
	if (!rule || !(rule->who & (BOTH_USERS | POLICY_OWN_ADMIN)))
		return deny(w, action, &none);
	if (!(rule->who & BOTH_USERS) && !w->actor->admin)
		return deny(w, action, &none);
	*ret_viewer = w->actor->company_id;
	return 0;
}

int64_t policy_own_company(const struct work *w)
{
	return w->actor->as ? w->actor->company_id : work_office_id(w);
}
