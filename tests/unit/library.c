/* What a program that uses the library may rely on, whatever its commands do. */
#include <portal/portal.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <portal/arena.h>
#include <portal/audit.h>
#include <portal/company.h>
#include <portal/config.h>
#include <portal/connection.h>
#include <portal/invite.h>
#include <portal/notification.h>
#include <portal/outbox.h>
#include <portal/user.h>

#include "check.h"

#define OFFICE "65635571000148"
#define BETA "02919305000127"

/* A portal in a folder of its own, open. */
struct place {
	char folder[40], db[60];
	struct portal_options options;
	struct portal_error err;
	struct portal *portal;
};

static void make(struct place *place, const char *language)
{
	const struct portal_init_request request = {
		.office_tax_id = OFFICE, .office_name = "Modelo", .language = language
	};
	_cleanup_arena_ struct arena arena = { 0 };
	struct portal_status status;

	*place = (struct place){ .folder = "/tmp/library-XXXXXX" };
	CHECK(mkdtemp(place->folder) != NULL);
	snprintf(place->db, sizeof(place->db), "%s/portal.db", place->folder);
	place->options = (struct portal_options){ .db = place->db, .wait_ms = 1000, .actor = "t" };
	CHECK_INT(portal_init(&place->options, &request, &arena, &status, &place->err), 1);
	CHECK_INT(portal_open(&place->options, &place->portal, &place->err), 0);
	CHECK_STR(place->err.message, "");
}

static void clear(struct place *place)
{
	char name[400];
	struct dirent *entry;
	DIR *folder = opendir(place->folder);

	portal_close(place->portal);
	while (folder && (entry = readdir(folder))) {
		snprintf(name, sizeof(name), "%s/%s", place->folder, entry->d_name);
		unlink(name);
	}
	closedir(folder);
	CHECK_INT(rmdir(place->folder), 0);
}

static int add_beta(struct place *place, struct company *ret)
{
	const struct company_request request = { .tax_id = BETA, .name = "Beta" };

	return company_add(place->portal, &request, ret, &place->err);
}

static int add_bia(struct place *place, struct user *ret)
{
	const struct user_request request = {
		.email = "bia@b.example", .company = BETA, .name = "Bia"
	};

	return user_add(place->portal, &request, ret, &place->err);
}

static int invite_beta(struct place *place, const char *email, struct invite *ret)
{
	const struct invite_request request = { .to = BETA, .email = email };

	return invite_send(place->portal, &request, ret, &place->err);
}

/* Calls what must fail with @code and leave what stands at @ret as it was. */
#define LEAVES(call, ret, code) \
	do { \
		unsigned char before_[sizeof(*(ret))]; \
		memset(ret, 0x5a, sizeof(*(ret))); \
		memset(before_, 0x5a, sizeof(before_)); \
		place.err = (struct portal_error){ 0 }; \
		CHECK_INT(call, -(code)); \
		CHECK(memcmp(ret, before_, sizeof(before_)) == 0); \
		place.err = (struct portal_error){ 0 }; \
	} while (0)

static void what_failed_gives_nothing(void)
{
	struct audit_checkpoint checkpoint;
	struct notification note;
	struct company company;
	struct invite invite;
	struct place place;
	struct user user;

	make(&place, NULL);
	CHECK_INT(add_beta(&place, &company), 1);
	CHECK_INT(add_bia(&place, &user), 1);
	CHECK_INT(invite_beta(&place, "novo@b.example", &invite), 1);
	CHECK_INT(invite_refuse(place.portal, invite.id, NULL, &invite, &place.err), 1);
	LEAVES(add_beta(&place, &company), &company, PORTAL_EXISTS);
	LEAVES(add_bia(&place, &user), &user, PORTAL_EXISTS);
	LEAVES(invite_accept(place.portal, 1, &invite, &place.err), &invite, PORTAL_WRONG_STATE);
	LEAVES(invite_cancel(place.portal, 1, NULL, &invite, &place.err), &invite,
		PORTAL_WRONG_STATE);
	LEAVES(notification_read(place.portal, 99, &note, &place.err), &note, PORTAL_NOT_FOUND);
	portal_close(place.portal);
	place.options.acting_as = "bia@b.example";
	CHECK_INT(portal_open(&place.options, &place.portal, &place.err), 0);
	LEAVES(audit_checkpoint(place.portal, &checkpoint, &place.err), &checkpoint, PORTAL_DENIED);
	LEAVES(company_show(place.portal, "1111111", &company, &place.err), &company,
		PORTAL_NOT_FOUND);
	LEAVES(company_disable(place.portal, BETA, &company, &place.err), &company, PORTAL_DENIED);
	clear(&place);
}

/* A body that does its work and then fails: what joined it gave was true inside. */
struct undone {
	struct place *place;
	struct company company;
};

static int add_and_fail(void *arg)
{
	struct undone *undone = arg;

	CHECK_INT(add_beta(undone->place, &undone->company), 1);
	CHECK_STR(undone->company.name, "Beta");
	return portal_fail(&undone->place->err, PORTAL_CONFLICT, "no");
}

static void what_joins_a_transaction_gives_its_result_inside(void)
{
	struct undone undone = { 0 };
	struct company company;
	struct place place;

	make(&place, NULL);
	undone.place = &place;
	CHECK_INT(
		portal_transact(place.portal, add_and_fail, &undone, &place.err), -PORTAL_CONFLICT);
	LEAVES(company_show(place.portal, BETA, &company, &place.err), &company, PORTAL_NOT_FOUND);
	clear(&place);
}

/* The library's flock(): what the system's does, but for an error to make believe
 * in where it would wait. */
static int flock_fails;

int flock(int fd, int operation)
{
	if (flock_fails && !(operation & (LOCK_NB | LOCK_UN))) {
		errno = flock_fails;
		return -1;
	}
	return (int)syscall(SYS_flock, fd, operation);
}

static int hold_lock(const struct place *place)
{
	char name[80];
	int fd;

	snprintf(name, sizeof(name), "%s.lock", place->db);
	fd = open(name, O_RDWR | O_CLOEXEC);
	CHECK(fd >= 0 && flock(fd, LOCK_EX) == 0);
	return fd;
}

static int64_t milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void waiting_for_a_lock_ends_in_time_and_can_be_tried_again(void)
{
	struct company company;
	struct place place;
	int64_t start;
	int holder;

	make(&place, NULL);
	place.portal = (portal_close(place.portal), NULL);
	place.options.wait_ms = 100;
	CHECK_INT(portal_open(&place.options, &place.portal, &place.err), 0);
	holder = hold_lock(&place);
	start = milliseconds();
	CHECK_INT(add_beta(&place, &company), -PORTAL_BUSY);
	CHECK_INT(add_beta(&place, &company), -PORTAL_BUSY);
	CHECK(milliseconds() - start >= 200 && milliseconds() - start < 5000);
	close(holder);
	CHECK_INT(add_beta(&place, &company), 1);
	clear(&place);
}

static void a_lock_that_fails_while_waited_for_is_told_as_it_is(void)
{
	struct company company;
	struct place place;
	int holder;

	make(&place, NULL);
	holder = hold_lock(&place);
	flock_fails = ENOLCK;
	CHECK_INT(add_beta(&place, &company), -PORTAL_FAILURE);
	CHECK(strstr(place.err.message, strerror(ENOLCK)) != NULL);
	flock_fails = 0;
	close(holder);
	clear(&place);
}

static volatile sig_atomic_t alarms;

static void count_alarm(int number)
{
	(void)number;
	alarms++;
}

static void the_alarm_of_the_program_is_left_alone(void)
{
	const struct sigaction counting = { .sa_handler = count_alarm };
	struct company company;
	struct place place;
	int holder;

	make(&place, NULL);
	holder = hold_lock(&place);
	sigaction(SIGALRM, &counting, NULL);
	alarms = 0;
	alarm(2);
	CHECK_INT(add_beta(&place, &company), -PORTAL_BUSY);
	CHECK_INT(alarms, 0);
	CHECK(alarm(0) > 0);
	close(holder);
	clear(&place);
}

struct last {
	char text[120];
};

static int keep_subject(const void *row, void *arg)
{
	const struct outbox *message = row;
	struct last *last = arg;

	snprintf(last->text, sizeof(last->text), "%s", message->subject);
	return 0;
}

/* The subject of the mail that a new invite makes. */
static void mails(struct place *place, const char *email, struct last *ret)
{
	const struct outbox_filter filter = { .recipient = email };
	struct portal_list_end end;
	struct invite invite;

	*ret = (struct last){ "" };
	CHECK_INT(invite_beta(place, email, &invite), 1);
	CHECK_INT(outbox_list(place->portal, &filter, keep_subject, ret, &end, &place->err), 0);
}

static void portals_side_by_side_keep_to_their_own(void)
{
	struct place one, two;
	struct last last;

	make(&one, "pt_BR");
	make(&two, "en");
	mails(&one, "a@b.example", &last);
	CHECK_STR(last.text, "Modelo convida 02.919.305/0001-27 para o portal de Modelo");
	mails(&two, "a@b.example", &last);
	CHECK_STR(last.text, "Modelo invites 02.919.305/0001-27 to the portal of Modelo");
	mails(&one, "b@b.example", &last);
	CHECK_STR(last.text, "Modelo convida 02.919.305/0001-27 para o portal de Modelo");
	clear(&one);
	clear(&two);
}

static void what_is_set_counts_at_once_in_every_open_portal(void)
{
	const struct company_request renamed = { .tax_id = OFFICE, .name = "Novo" };
	struct company company;
	struct config config;
	struct place one, two;
	struct last last;

	make(&one, "pt_BR");
	two = one;
	CHECK_INT(portal_open(&two.options, &two.portal, &two.err), 0);
	mails(&one, "a@b.example", &last);
	CHECK_INT(config_set(one.portal, "language", "en", &config, &one.err), 1);
	mails(&one, "b@b.example", &last);
	CHECK_STR(last.text, "Modelo invites 02.919.305/0001-27 to the portal of Modelo");
	CHECK_INT(company_set(two.portal, &renamed, &company, &two.err), 1);
	CHECK_INT(config_set(two.portal, "language", "pt_BR", &config, &two.err), 1);
	mails(&one, "c@b.example", &last);
	CHECK_STR(last.text, "Novo convida 02.919.305/0001-27 para o portal de Novo");
	portal_close(two.portal);
	clear(&one);
}

int main(void)
{
	RUN(what_failed_gives_nothing);
	RUN(what_joins_a_transaction_gives_its_result_inside);
	RUN(waiting_for_a_lock_ends_in_time_and_can_be_tried_again);
	RUN(a_lock_that_fails_while_waited_for_is_told_as_it_is);
	RUN(the_alarm_of_the_program_is_left_alone);
	RUN(portals_side_by_side_keep_to_their_own);
	RUN(what_is_set_counts_at_once_in_every_open_portal);
	CHECK_REPORT();
}
