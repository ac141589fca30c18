/* A session alone gives no new password: whoever came by one proves the current
 * password to set their own (U7). */
#include <portal/user-access.h>

#include "check.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <portal/arena.h>
#include <portal/session.h>

#define OFFICE "65635571000148"
#define EMAIL "ana@office.example"

static char directory[] = "/tmp/portal-passwd-XXXXXX";

static struct portal_secret secret(const char *text)
{
	struct portal_secret made = { .len = strlen(text) };

	snprintf(made.text, sizeof(made.text), "%s", text);
	return made;
}

/* A portal that the user came to by a session, and what is done there. */
struct visit {
	struct portal *portal;
	const char *current;
	struct portal_secret token; /* of the session; the portal looks at it again */
	struct portal_secret *ret_token;
	struct portal_error err;
};

static int change_password(struct visit *visit)
{
	struct portal_secret password = secret("outra senha longa 28");
	struct portal_secret current = secret(visit->current ? visit->current : "");
	const struct user_new_password request = {
		.named = EMAIL, .password = &password, .current = visit->current ? &current : NULL
	};
	struct user user;

	return user_passwd(visit->portal, &request, &user, &visit->err);
}

static int send_link(struct visit *visit)
{
	struct user user;

	return user_send_link(visit->portal, EMAIL, NULL, &user, visit->ret_token, &visit->err);
}

static void begin_visit(struct visit *visit, const char *db, const struct portal_secret *password)
{
	struct portal_options options = { .db = db, .wait_ms = 5000, .actor = "uid:1000" };
	const struct portal_init_request request = { .office_tax_id = OFFICE,
		.office_name = "Modelo" };
	const struct user_request user_request = {
		.email = EMAIL, .company = OFFICE, .name = "Ana", .password = password
	};
	const struct session_request login = {
		.company = OFFICE, .email = EMAIL, .password = password
	};
	_cleanup_arena_ struct arena arena = { 0 };
	struct portal_status status;
	struct session session;
	struct user user = { 0 };

	*visit = (struct visit){ .portal = NULL };
	CHECK_INT(portal_init(&options, &request, &arena, &status, &visit->err), 1);
	CHECK_INT(portal_open(&options, &visit->portal, &visit->err), 0);
	CHECK_INT(user_add(visit->portal, &user_request, &user, &visit->err), 1);
	CHECK_INT(session_login(visit->portal, &login, &session, &visit->token, &visit->err), 1);
	portal_close(visit->portal);
	options.session_token = &visit->token;
	CHECK_INT(portal_open(&options, &visit->portal, &visit->err), 0);
}

static void a_session_needs_the_current_password_to_set_another(void)
{
	const struct portal_secret password = secret("uma senha longa 27");
	char db[100];
	struct visit visit;

	snprintf(db, sizeof(db), "%s/p.db", directory);
	begin_visit(&visit, db, &password);
	CHECK_INT(change_password(&visit), -PORTAL_USAGE);
	CHECK_STR(visit.err.hint, "--current-password-file");
	visit.current = "uma senha longa 28";
	CHECK_INT(change_password(&visit), -PORTAL_DENIED);
	CHECK_STR(visit.err.message, "the current password is not right");
	visit.current = "uma senha longa 27";
	CHECK_INT(change_password(&visit), 1);
	portal_close(visit.portal);
}

static void a_session_mails_its_own_link_and_does_not_show_it(void)
{
	const struct portal_secret password = secret("uma senha longa 27");
	struct portal_secret token = { .len = 0 };
	char db[100];
	struct visit visit;

	snprintf(db, sizeof(db), "%s/q.db", directory);
	begin_visit(&visit, db, &password);
	visit.ret_token = &token;
	CHECK_INT(send_link(&visit), -PORTAL_DENIED);
	CHECK_INT(token.len, 0);
	visit.ret_token = NULL;
	CHECK_INT(send_link(&visit), 1);
	portal_close(visit.portal);
}

int main(void)
{
	char command[100];

	if (!mkdtemp(directory))
		return EXIT_FAILURE;
	RUN(a_session_needs_the_current_password_to_set_another);
	RUN(a_session_mails_its_own_link_and_does_not_show_it);
	snprintf(command, sizeof(command), "rm -r %s", directory);
	CHECK_INT(system(command), 0);
	CHECK_REPORT();
}
