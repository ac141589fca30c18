/* What has no rule is denied to everybody but the operator (P8). */
#include "policy.h"

#include "check.h"

#include <string.h>

#include "portal-private.h"

struct
try {
	struct portal portal;
	struct portal_error err;
	struct work w;
};

static int need(struct try *try, const struct actor *actor, const char *action)
{
	const struct policy_object object = { .kind = "company",
		.id = 7,
		.named = "7",
		.owner = 7,
		.peer = 7,
		.user = 7,
		.public_record = true };

	try->portal.actor = *actor;
	try->portal.actor_known = true;
	try->w = (struct work){ .portal = &try->portal,
		.arena = &try->portal.results,
		.actor = actor,
		.err = &try->err };
	return policy_need(&try->w, action, &object);
}

static void what_has_no_rule_is_the_operators_alone(void)
{
	static const struct actor operator= { .label = "operator" };
	static const struct actor all = { .as = "a@x.example/7",
		.label = "a@x.example/7",
		.user_id = 7,
		.company_id = 7,
		.admin = true,
		.staff = true };
	struct try *try = calloc(1, sizeof(*try));

	CHECK(need(try, &operator, "company.frobnicate") == 0);
	CHECK(need(try, &all, "company.set") == 0);
	CHECK(!try->portal.denials);
	CHECK(need(try, &all, "company.frobnicate") == -PORTAL_DENIED);
	CHECK(try->portal.denials && !strcmp(try->portal.denials->action, "company.frobnicate"));
	arena_release(&try->portal.keep);
	arena_release(&try->portal.results);
	free(try);
}

static void a_list_without_a_rule_is_the_operators_alone(void)
{
	static const struct actor operator= { .label = "operator" };
	static const struct actor all = {
		.as = "a@x.example/7", .label = "a", .company_id = 7, .admin = true, .staff = true
	};
	struct try *try = calloc(1, sizeof(*try));
	int64_t viewer = -1;

	CHECK(need(try, &operator, "company.set") == 0);
	CHECK(policy_need_list(&try->w, "company.frobnicate", &viewer) == 0 && viewer == 0);
	CHECK(need(try, &all, "company.set") == 0);
	CHECK(policy_need_list(&try->w, "company.list", &viewer) == 0 && viewer == 0);
	CHECK(policy_need_list(&try->w, "company.frobnicate", &viewer) == -PORTAL_DENIED);
	arena_release(&try->portal.keep);
	arena_release(&try->portal.results);
	free(try);
}

int main(void)
{
	RUN(what_has_no_rule_is_the_operators_alone);
	RUN(a_list_without_a_rule_is_the_operators_alone);
	CHECK_REPORT();
}
