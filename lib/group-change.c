/* What changes a group: making and ending it, linking and unlinking (U10). */
#include <string.h>

#include "audit.h"
#include "base/fold.h"
#include "base/i18n.h"
#include "base/utf8.h"
#include "company-private.h"
#include "group-private.h"
#include "policy.h"

enum { NAME_MAX_BYTES = 300 };

static int conflict(struct work *w, const char *sentence, const struct company *company)
{
	portal_fail(w->err, PORTAL_CONFLICT, sentence, company->tax_id_formatted);
	return portal_about(w->err, "company", company->id);
}

/* May the company join a group whose main company is @main_id? 1: it may; 0: it is
 * in that one. */
static int check_company(struct work *w, const struct company *company, int64_t main_id)
{
	struct company other;
	int64_t there;
	int r = group_main_of(w, company->id, &there);

	if (r < 0)
		return r;
	if (there == main_id && there)
		return 0;
	if (company->id == work_office_id(w))
		return conflict(w, _("'%s' is the office, which is in no group"), company);
	r = company_check_registered(w, company);
	if (r < 0 || !there)
		return r < 0 ? r : 1;
	r = company_by_id(w, there, &other);
	if (r < 0)
		return r;
	portal_fail(w->err, PORTAL_CONFLICT, _("company '%s' is in the group of '%s' already"),
		company->tax_id_formatted, other.tax_id_formatted);
	return portal_about(w->err, "company", company->id);
}

/* Writes which group the company is in (0: none), with the audit row. */
static int write_member(struct work *w, const char *action, const struct company *main,
	const struct company *member)
{
	const bool joins = strcmp(action, "group.unlink") != 0;
	const portal_id main_id = { joins ? main->id : 0 };
	int r = store_put(w->tx, Q_GROUP_SET_MEMBER, ARGS(A(member->id), A(main_id), A(w->now)));

	if (r >= 0)
		r = store_put(w->tx, Q_GROUP_TOUCH, ARGS(A(main->id), A(w->now)));
	if (r >= 0)
		r = audit_add(w, action, "company", member->id,
			CHANGES({ "main_tax_id", joins ? NULL : main->tax_id,
				joins ? main->tax_id : NULL }));
	return r < 0 ? r : 1;
}

int group_make(struct work *w, const struct company *main, const char *name, struct group *ret)
{
	int64_t id = 0;
	int r = check_company(w, main, 0);

	if (r > 0)
		r = store_get_int(w->tx, Q_GROUP_INSERT,
			ARGS(A(main->id), A(name), A(fold_text(w->arena, name)), A(w->now)), &id);
	if (r >= 0)
		r = audit_add(w, "group.create", "group", id,
			CHANGES({ "main_tax_id", NULL, main->tax_id }, { "name", NULL, name }));
	if (r >= 0)
		r = write_member(w, "group.link", main, main);
	return r < 0 ? r : group_of_main(w, main->id, ret);
}

int group_rename(
	struct work *w, const struct company *main, const struct group *group, const char *name)
{
	int r;

	if (!strcmp(group->name, name))
		return 0;
	r = store_put(w->tx, Q_GROUP_RENAME,
		ARGS(A(main->id), A(name), A(fold_text(w->arena, name)), A(w->now)));
	if (r >= 0)
		r = audit_add(w, "group.rename", "group", group->id,
			CHANGES({ "name", group->name, name }));
	return r < 0 ? r : 1;
}

int group_add_member(struct work *w, const struct company *main, const struct company *member)
{
	const int r = check_company(w, member, main->id);

	return r > 0 ? write_member(w, "group.link", main, member) : r;
}

int group_drop_member(struct work *w, const struct company *main, const struct company *member)
{
	int64_t there;
	const int r = group_main_of(w, member->id, &there);

	if (r < 0 || there != main->id)
		return r < 0 ? r : 0;
	if (member->id != main->id)
		return write_member(w, "group.unlink", main, member);
	conflict(w, _("'%s' is the main company, which stays as long as its group"), main);
	return portal_hint(w->err, "portalctl group dissolve %s", main->tax_id);
}

int group_end(struct work *w, const struct company *main, const struct group *group)
{
	int r = store_put(w->tx, Q_GROUP_FREE_MEMBERS, ARGS(A(main->id), A(w->now)));

	if (r >= 0)
		r = store_put(w->tx, Q_GROUP_DELETE, ARGS(A(main->id)));
	if (r >= 0)
		r = audit_add(w, "group.dissolve", "group", group->id,
			CHANGES({ "main_tax_id", main->tax_id, NULL },
				{ "name", group->name, NULL },
				{ "members", group->members.lines, NULL }));
	return r < 0 ? r : 1;
}

struct call {
	const struct group_request *request;
	const char *main, *member;
	int (*change)(struct work *w, const struct company *main, const struct company *member);
	const char *permission;
	enum group_missing missing;
	struct group *ret;
};

int group_check_name(struct work *w, const char **name, const struct company *main)
{
	const char *clean = *name ? text_field(w->arena, *name, NAME_MAX_BYTES, "name", w->err)
				  : company_title(main);

	if (!clean)
		return -(int)w->err->code;
	*name = *clean ? clean : company_title(main);
	return 0;
}

static int exists_already(struct work *w, const struct call *call, const struct company *main,
	const struct group *group)
{
	work_give(w, call->ret, group, sizeof(*group));
	if (call->request->if_not_exists)
		return 0;
	portal_fail(w->err, PORTAL_EXISTS, _("'%s' has a group already"), main->tax_id_formatted);
	return portal_about(w->err, "group", group->id);
}

static int create_body(struct work *w, void *arg)
{
	const struct call *call = arg;
	const char *name = call->request->name;
	struct company main;
	struct group group;
	int r = company_need(w, "group.create", call->request->main, &main);

	if (r >= 0)
		r = group_check_name(w, &name, &main);
	if (r >= 0)
		r = group_of_main(w, main.id, &group);
	if (r != 0)
		return r < 0 ? r : exists_already(w, call, &main, &group);
	r = group_make(w, &main, name, &group);
	if (r < 0)
		return r;
	WORK_GIVE(w, call->ret, group);
	return 1;
}

int group_create(struct portal *portal, const struct group_request *request,
	struct group *ret_group, struct portal_error *err)
{
	struct call call = { .request = request, .ret = ret_group };

	return work_write(portal, create_body, &call, err);
}

static int member_body(struct work *w, void *arg)
{
	const struct call *call = arg;
	struct company main, member;
	struct group group;
	int changed = 0, r = company_need(w, call->permission, call->main, &main);

	if (r >= 0)
		r = company_need(w, call->permission, call->member, &member);
	if (r >= 0)
		r = group_of_main(w, main.id, &group);
	if (r == 0)
		return work_not_found(w, "group", call->main);
	if (r > 0)
		r = changed = call->change(w, &main, &member);
	if (r > 0)
		r = group_of_main(w, main.id, &group);
	if (r < 0)
		return r;
	WORK_GIVE(w, call->ret, group);
	return changed;
}

int group_link(struct portal *portal, const char *main, const char *member, struct group *ret_group,
	struct portal_error *err)
{
	struct call call = { .main = main,
		.member = member,
		.change = group_add_member,
		.permission = "group.link",
		.ret = ret_group };

	return work_write(portal, member_body, &call, err);
}

int group_unlink(struct portal *portal, const char *main, const char *member,
	struct group *ret_group, struct portal_error *err)
{
	struct call call = { .main = main,
		.member = member,
		.change = group_drop_member,
		.permission = "group.unlink",
		.ret = ret_group };

	return work_write(portal, member_body, &call, err);
}

static int dissolve_body(struct work *w, void *arg)
{
	const struct call *call = arg;
	struct group group = { 0 };
	struct company main;
	int r = company_need(w, "group.dissolve", call->main, &main);

	if (r >= 0)
		r = group_of_main(w, main.id, &group);
	if (r == 0 && call->missing == GROUP_MISSING_FAILS)
		return work_not_found(w, "group", call->main);
	if (r > 0)
		r = group_end(w, &main, &group);
	if (r >= 0)
		WORK_GIVE(w, call->ret, group);
	return r;
}

int group_dissolve(struct portal *portal, const char *main, enum group_missing missing,
	struct group *ret_group, struct portal_error *err)
{
	struct call call = { .main = main, .missing = missing, .ret = ret_group };

	return work_write(portal, dissolve_body, &call, err);
}
