/* A session alone gives no new password: whoever came by one proves the current
 * password to set their own (U7). */
#include <portal/user-access.h>

#include "check.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <portal/arena.h>

#include "portal-private.h"

#define OFFICE "65635571000148"
#define EMAIL "ana@office.example"

static char directory[] = "/tmp/portal-passwd-XXXXXX";

static struct portal_secret secret(const char *text)
{
	struct portal_secret made = { .len = strlen(text) };

	snprintf(made.text, sizeof(made.text), "%s", text);
	return made;
}

/* The user of the portal, and what is done in a session of theirs. */
struct session {
	struct portal *portal;
	int64_t user_id;
	const char *current;
	struct portal_secret *ret_token;
	struct portal_error err;
};

static struct actor actor_of(const struct session *session)
{
	return (struct actor){ .label = EMAIL,
		.as = EMAIL "/" OFFICE,
		.user_id = session->user_id,
		.company_id = 1,
		.admin = true,
		.staff = true,
		.by_session = true };
}

static int change_body(void *arg)
{
	struct session *session = arg;
	struct portal_secret password = secret("outra senha longa 28");
	struct portal_secret current = secret(session->current ? session->current : "");
	const struct user_new_password request = {
		.named = EMAIL, .password = &password, .current = session->current ? &current : NULL
	};
	struct user user;

	session->portal->actor = actor_of(session);
	return user_passwd(session->portal, &request, &user, &session->err);
}

static int link_body(void *arg)
{
	struct session *session = arg;
	struct user user;

	session->portal->actor = actor_of(session);
	return user_send_link(
		session->portal, EMAIL, NULL, &user, session->ret_token, &session->err);
}

/* What came of doing it in a session. */
static int try_in(struct session *session, int (*body)(void *arg))
{
	session->err = (struct portal_error){ .code = PORTAL_OK };
	return portal_transact(session->portal, body, session, &session->err);
}

static struct session make_session(const char *db, const struct portal_secret *password)
{
	const struct portal_options options = { .db = db, .wait_ms = 5000, .actor = "uid:1000" };
	const struct portal_init_request request = { .office_tax_id = OFFICE,
		.office_name = "Modelo" };
	const struct user_request user_request = {
		.email = EMAIL, .company = OFFICE, .name = "Ana", .password = password
	};
	_cleanup_arena_ struct arena arena = { 0 };
	struct session made = { .portal = NULL };
	struct portal_status status;
	struct user user = { 0 };

	CHECK_INT(portal_init(&options, &request, &arena, &status, &made.err), 1);
	CHECK_INT(portal_open(&options, &made.portal, &made.err), 0);
	CHECK_INT(user_add(made.portal, &user_request, &user, &made.err), 1);
	made.user_id = user.id;
	return made;
}

static void a_session_needs_the_current_password_to_set_another(void)
{
	const struct portal_secret password = secret("uma senha longa 27");
	char db[100];
	struct session session;

	snprintf(db, sizeof(db), "%s/p.db", directory);
	session = make_session(db, &password);
	CHECK_INT(try_in(&session, change_body), -PORTAL_USAGE);
	CHECK_STR(session.err.hint, "--current-password-file");
	session.current = "uma senha longa 28";
	CHECK_INT(try_in(&session, change_body), -PORTAL_DENIED);
	CHECK_STR(session.err.message, "the current password is not right");
	session.current = "uma senha longa 27";
	CHECK_INT(try_in(&session, change_body), 1);
	portal_close(session.portal);
}

static void a_session_mails_its_own_link_and_does_not_show_it(void)
{
	struct portal_secret token = { .len = 0 };
	char db[100];
	struct session session;

	snprintf(db, sizeof(db), "%s/q.db", directory);
	session = make_session(db, NULL);
	session.ret_token = &token;
	CHECK_INT(try_in(&session, link_body), -PORTAL_DENIED);
	CHECK_INT(token.len, 0);
	session.ret_token = NULL;
	CHECK_INT(try_in(&session, link_body), 1);
	portal_close(session.portal);
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
