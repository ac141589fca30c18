#include <portal/policy.h>

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "policy.h"
#include "portal-private.h"

enum {
	BOTH_USERS = POLICY_OWN_USER | POLICY_PEER_USER,
	MANAGERS = POLICY_OFFICE_ADMIN | POLICY_OWN_ADMIN | POLICY_GROUP_ADMIN,
	CLIENTS = POLICY_OWN_USER | POLICY_GROUP_USER,
	CLIENT_SIDE = POLICY_OFFICE_STAFF | CLIENTS,
	SEEN_BY_PARTIES = POLICY_OFFICE_STAFF | BOTH_USERS,
};

/* The one table of permissions (P8). What is not here is denied. */
static const struct policy_rule rules[] = {
	{ "company.add", POLICY_OFFICE_ADMIN },
	{ "company.import", POLICY_OFFICE_ADMIN },
	{ "company.list", POLICY_OFFICE_STAFF | POLICY_OWN_USER | POLICY_GROUP_ADMIN },
	{ "company.show",
		POLICY_OFFICE_STAFF | POLICY_OWN_USER | POLICY_GROUP_ADMIN | POLICY_ANY_USER },
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
	{ "group.create", POLICY_OFFICE_ADMIN },
	{ "group.link", POLICY_OFFICE_ADMIN },
	{ "group.unlink", POLICY_OFFICE_ADMIN },
	{ "group.dissolve", POLICY_OFFICE_ADMIN },
	{ "group.list", CLIENT_SIDE },
	{ "group.show", CLIENT_SIDE },
	{ "contact.add", POLICY_OFFICE_STAFF | MANAGERS },
	{ "contact.list", POLICY_OFFICE_STAFF | POLICY_OWN_USER | POLICY_GROUP_ADMIN },
	{ "contact.show", POLICY_OFFICE_STAFF | POLICY_OWN_USER | POLICY_GROUP_ADMIN },
	{ "contact.set", POLICY_OFFICE_STAFF | MANAGERS },
	{ "contact.assign", POLICY_OFFICE_STAFF },
	{ "contact.remove", MANAGERS },
	{ "contact.allow", MANAGERS },
	{ "contact.deny", MANAGERS },
	{ "user.add", MANAGERS },
	{ "user.list", POLICY_OFFICE_STAFF | POLICY_OWN_USER | POLICY_GROUP_ADMIN },
	{ "user.show", POLICY_OFFICE_STAFF | POLICY_OWN_USER | POLICY_GROUP_ADMIN },
	{ "user.register", POLICY_ANY_USER }, /* the token of the signup link decides */
	{ "user.set", MANAGERS | POLICY_SELF },
	{ "user.set-email", MANAGERS },
	{ "user.activate", MANAGERS },
	{ "user.deactivate", MANAGERS },
	{ "user.block", MANAGERS },
	{ "user.set-role", MANAGERS },
	{ "user.passwd", MANAGERS | POLICY_SELF | POLICY_UNSETTLED },
	{ "user.passwd-of-others", MANAGERS },
	{ "user.remove", MANAGERS },
	{ "user.send-area-link", MANAGERS },
	{ "session.login", POLICY_ANY_USER | POLICY_UNSETTLED },
	{ "session.check", POLICY_SELF | POLICY_UNSETTLED },
	{ "session.logout", MANAGERS | POLICY_SELF | POLICY_UNSETTLED },
	{ "session.list", MANAGERS | POLICY_SELF },
	{ "document.publish", POLICY_OFFICE_STAFF },
	{ "document.send", POLICY_OFFICE_STAFF },
	{ "document.link", POLICY_OFFICE_STAFF },
	{ "document.log", POLICY_OFFICE_STAFF },
	{ "document.withdraw", POLICY_OFFICE_STAFF },
	{ "document.list", CLIENT_SIDE, "documents" },
	{ "document.show", CLIENT_SIDE, "documents" },
	{ "document.open", CLIENT_SIDE, "documents" },
	{ "ticket.open", POLICY_OFFICE_STAFF | POLICY_OWN_USER, "support" },
	{ "ticket.open-for-client", POLICY_OFFICE_STAFF },
	{ "ticket.list", CLIENT_SIDE, "support" },
	{ "ticket.show", CLIENT_SIDE, "support" },
	{ "ticket.messages", CLIENT_SIDE, "support" },
	{ "ticket.count", CLIENT_SIDE, "support" },
	{ "ticket.read", CLIENT_SIDE, "support" },
	{ "ticket.reply", CLIENT_SIDE, "support" },
	{ "ticket.reopen", CLIENT_SIDE, "support" },
	{ "ticket.attach", CLIENT_SIDE, "support" },
	{ "ticket.fetch", CLIENT_SIDE, "support" },
	{ "ticket.rate", POLICY_OWN_USER | POLICY_GROUP_USER, "support" },
	{ "ticket.merge", POLICY_OFFICE_STAFF },
	{ "ticket.watch", CLIENT_SIDE, "support" },
	{ "ticket.comment", POLICY_OFFICE_STAFF },
	{ "ticket.assign", POLICY_OFFICE_STAFF },
	{ "ticket.transfer", POLICY_OFFICE_STAFF },
	{ "ticket.set", POLICY_OFFICE_STAFF },
	{ "ticket.close", POLICY_OFFICE_STAFF },
	{ "ticket.cancel", POLICY_OFFICE_STAFF },
	{ "wa.start", POLICY_OFFICE_STAFF },
	{ "wa.send", POLICY_OFFICE_STAFF },
	{ "wa.end", POLICY_OFFICE_STAFF },
	{ "wa.list", POLICY_OFFICE_STAFF },
	{ "wa.show", POLICY_OFFICE_STAFF },
	{ "wa.can-reply", POLICY_OFFICE_STAFF },
	{ "wa.media", POLICY_OFFICE_STAFF },
	{ "wa.expire", POLICY_OFFICE_ADMIN },
	{ "answer.add", POLICY_OFFICE_STAFF },
	{ "answer.list", POLICY_OFFICE_STAFF },
	{ "answer.show", POLICY_OFFICE_STAFF },
	{ "answer.remove", POLICY_OFFICE_STAFF },
	{ "category.add", POLICY_OFFICE_STAFF },
	{ "category.list", POLICY_OFFICE_STAFF },
	{ "category.show", POLICY_OFFICE_STAFF },
	{ "category.set", POLICY_OFFICE_STAFF },
	{ "category.remove", POLICY_OFFICE_STAFF },
	{ "filter.add", POLICY_OFFICE_STAFF },
	{ "filter.list", POLICY_OFFICE_STAFF },
	{ "filter.show", POLICY_OFFICE_STAFF },
	{ "filter.remove", POLICY_OFFICE_STAFF },
	{ "config.list", POLICY_OFFICE_ADMIN },
	{ "config.get", POLICY_OFFICE_ADMIN },
	{ "config.check", POLICY_OFFICE_ADMIN },
	{ "config.set", POLICY_OFFICE_ADMIN },
	{ "db.check", POLICY_OPERATOR_ONLY },
	{ "db.migrate", POLICY_OPERATOR_ONLY },
	{ "portal.init", POLICY_OPERATOR_ONLY },
	{ "task.add", POLICY_OFFICE_STAFF },
	{ "task.list", CLIENT_SIDE, "tasks" },
	{ "task.show", CLIENT_SIDE, "tasks" },
	{ "task.set", POLICY_OFFICE_STAFF },
	{ "task.start", POLICY_OFFICE_STAFF },
	{ "task.done", POLICY_OFFICE_STAFF },
	{ "task.cancel", POLICY_OFFICE_STAFF },
	{ "task.check", POLICY_OFFICE_STAFF },
	{ "task.uncheck", POLICY_OFFICE_STAFF },
	{ "task.comment", CLIENT_SIDE, "tasks" },
	{ "task.attach", CLIENT_SIDE, "tasks" },
	{ "task.fetch", CLIENT_SIDE, "tasks" },
	{ "task.comment-internal", POLICY_OFFICE_STAFF },
	{ "project.add", POLICY_OFFICE_STAFF },
	{ "project.list", CLIENT_SIDE, "projects" },
	{ "project.show", CLIENT_SIDE, "projects" },
	{ "project.set", POLICY_OFFICE_STAFF },
	{ "project.close", POLICY_OFFICE_STAFF },
	{ "project.comment", CLIENT_SIDE, "projects" },
	{ "project.comment-internal", POLICY_OFFICE_STAFF },
	{ "process.template-add", POLICY_OFFICE_STAFF },
	{ "process.template-list", POLICY_OFFICE_STAFF },
	{ "process.template-show", POLICY_OFFICE_STAFF },
	{ "process.template-remove", POLICY_OFFICE_STAFF },
	{ "process.start", POLICY_OFFICE_STAFF },
	{ "process.list", CLIENT_SIDE, "tasks" },
	{ "process.show", CLIENT_SIDE, "tasks" },
	{ "process.cancel", POLICY_OFFICE_STAFF },
	{ "notification.list", POLICY_OWN_ADMIN },
	{ "notification.count", POLICY_OWN_ADMIN },
	{ "notification.read", POLICY_OWN_ADMIN },
	{ "panel.show", CLIENT_SIDE },
	{ "sale.add", POLICY_OFFICE_STAFF },
	{ "sale.list", CLIENT_SIDE, "sales" },
	{ "sale.show", CLIENT_SIDE, "sales" },
	{ "sale.set", POLICY_OFFICE_STAFF },
	{ "sale.send", POLICY_OFFICE_STAFF },
	{ "sale.terms", CLIENT_SIDE, "sales" },
	{ "sale.sign", CLIENTS, "sales" },
	{ "sale.refuse", CLIENTS, "sales" },
	{ "sale.cancel", POLICY_OFFICE_STAFF },
	{ "sale.export", CLIENT_SIDE, "sales" },
	{ "sale.verify", CLIENT_SIDE, "sales" },
	{ "sale.public-key", POLICY_ANY_USER },
	{ "outbox.list", POLICY_OFFICE_ADMIN },
	{ "outbox.show", POLICY_OFFICE_ADMIN },
	{ "outbox.retry", POLICY_OFFICE_ADMIN },
	{ "outbox.hold", POLICY_OFFICE_ADMIN },
	{ "outbox.release", POLICY_OFFICE_ADMIN },
	{ "outbox.cancel", POLICY_OFFICE_ADMIN },
	{ "wa.receive", POLICY_OFFICE_ADMIN },
	{ "wa.receive-unsigned", POLICY_OPERATOR_ONLY },
	{ "wa.cgi", POLICY_OPERATOR_ONLY },
	{ "wa.log", POLICY_OFFICE_ADMIN },
	{ "audit.list", POLICY_OFFICE_ADMIN },
	{ "audit.verify", POLICY_OFFICE_ADMIN },
	{ "audit.checkpoint", POLICY_OFFICE_ADMIN },
	{ "portal.status", POLICY_OFFICE_STAFF },
	{ "portal.due", POLICY_OFFICE_ADMIN },
	{ "portal.deliver", POLICY_OFFICE_ADMIN },
	{ "portal.apply", POLICY_OFFICE_ADMIN },
	{ "portal.diff", POLICY_OFFICE_ADMIN },
	{ "portal.export", POLICY_OFFICE_ADMIN },
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

/* Does the company belong to the actor's group? What fails to be read fails again
 * when the transaction goes on. */
static bool of_actors_group(struct work *w, int64_t company_id)
{
	int64_t main_id = 0;

	if (!w->actor->main_id || !company_id)
		return false;
	store_get_int(w->tx, Q_COMPANY_MAIN, ARGS(A(company_id)), &main_id);
	return main_id == w->actor->main_id;
}

static bool is_group_admin(const struct actor *actor)
{
	return actor->admin && actor->company_id == actor->main_id;
}

bool policy_administers(struct work *w, int64_t company_id)
{
	return is_group_admin(w->actor) && of_actors_group(w, company_id);
}

static unsigned group_standing(struct work *w, const struct policy_object *object)
{
	if (!of_actors_group(w, object->owner))
		return 0;
	return POLICY_GROUP_USER | (is_group_admin(w->actor) ? POLICY_GROUP_ADMIN : 0);
}

/* What the actor is to the record, as bits of enum policy_who. */
static unsigned standing(struct work *w, const struct policy_object *object)
{
	const struct actor *actor = w->actor;
	const bool own = object->owner && actor->company_id == object->owner;
	const bool peer = object->peer && actor->company_id == object->peer;
	unsigned who = group_standing(w, object);

	if (actor->staff)
		who |= POLICY_OFFICE_STAFF | (actor->admin ? POLICY_OFFICE_ADMIN : 0);
	if (own)
		who |= POLICY_OWN_USER | (actor->admin ? POLICY_OWN_ADMIN : 0);
	if (peer)
		who |= POLICY_PEER_USER | (actor->admin ? POLICY_PEER_ADMIN : 0);
	if (object->public_record)
		who |= POLICY_ANY_USER;
	if (object->user && object->user == actor->user_id)
		who |= POLICY_SELF;
	return who;
}

/* U5: has the actor's company switched off what the rule is about? */
static bool shut_out(const struct work *w, const struct policy_rule *rule)
{
	const struct actor *actor = w->actor;

	return rule->section && !actor->staff && !actor->admin &&
	       !portal_list_has(actor->sections, rule->section);
}

/* Who has to change a password first does so, and what belongs to it, for themselves
 * alone, whatever their role. */
static bool allowed(const struct work *w, const char *action, unsigned who)
{
	const struct policy_rule *rule = find_rule(action);

	if (!rule || shut_out(w, rule) || (w->actor->unsettled && !(rule->who & POLICY_UNSETTLED)))
		return false;
	if (w->actor->unsettled)
		who &= POLICY_SELF | POLICY_ANY_USER;
	return (rule->who & who) != 0;
}

/* As for those who need not change their password: what one of them must not know
 * of stays as absent for the others. */
static bool visible(const struct work *w, const struct policy_object *object, unsigned who)
{
	const struct policy_rule *rule;
	char show[64];

	snprintf(show, sizeof(show), "%s.show", object->kind);
	rule = find_rule(show);
	return rule && !shut_out(w, rule) && (rule->who & who) != 0;
}

static int deny(struct work *w, const char *action, const struct policy_object *object)
{
	portal_note_denial(w->portal, action, object->kind, object->id);
	portal_fail(w->err, PORTAL_DENIED, _("'%s' may not do this (%s)"), w->actor->as, action);
	if (w->actor->unsettled)
		portal_hint(
			w->err, _("change the temporary password first: portalctl user passwd"));
	return object->kind ? portal_about(w->err, object->kind, object->id) : -PORTAL_DENIED;
}

int policy_need(struct work *w, const char *action, const struct policy_object *object)
{
	unsigned who;

	if (!w->actor->as)
		return 0;
	who = standing(w, object);
	if (allowed(w, action, who))
		return 0;
	if (object->id == 0 || visible(w, object, who))
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

int policy_deny_link(struct work *w, char letter, int64_t id)
{
	static const struct {
		char letter;
		const char *action, *kind, *sentence;
	} links[] = {
		{ 'a', "user.passwd", "user", N_("this access link is not valid") },
		{ 'i', "invite.token", "invite", N_("this invite token is not valid") },
		{ 's', "user.register", "company", N_("this signup link is not valid") },
	};
	size_t i = 0;

	while (links[i].letter != letter)
		i++;
	portal_note_denial(w->portal, links[i].action, links[i].kind, id);
	return portal_fail(w->err, PORTAL_DENIED, "%s", _(links[i].sentence));
}

static bool sees_list(struct work *w, const char *action, int64_t *ret_viewer)
{
	const struct policy_object none = { .kind = NULL };
	const struct policy_rule *rule = find_rule(action);

	*ret_viewer = 0;
	if (!w->actor->as || allowed(w, action, standing(w, &none)))
		return true;
	if (!rule || w->actor->unsettled || shut_out(w, rule) ||
		!(rule->who & (BOTH_USERS | POLICY_OWN_ADMIN)))
		return false;
	if (!(rule->who & BOTH_USERS) && !w->actor->admin)
		return false;
	*ret_viewer = w->actor->company_id;
	return true;
}

int policy_need_list(struct work *w, const char *action, int64_t *ret_viewer)
{
	const struct policy_object none = { .kind = NULL };

	return sees_list(w, action, ret_viewer) ? 0 : deny(w, action, &none);
}

bool policy_may_list(struct work *w, const char *action)
{
	int64_t viewer;

	return sees_list(w, action, &viewer);
}

int64_t policy_list_group(const struct work *w, const char *action)
{
	const struct policy_rule *rule = find_rule(action);
	const struct actor *actor = w->actor;
	const unsigned who = POLICY_GROUP_USER | (is_group_admin(actor) ? POLICY_GROUP_ADMIN : 0);

	return actor->as && !actor->staff && rule && (rule->who & who) != 0 ? actor->main_id : 0;
}

int64_t policy_own_company(const struct work *w)
{
	return w->actor->as ? w->actor->company_id : work_office_id(w);
}
