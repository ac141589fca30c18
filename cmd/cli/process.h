/* What a process inherits and should not rely on. */
#ifndef CLI_PROCESS_H
#define CLI_PROCESS_H

#include <stdbool.h>

#include <portal/secret.h>

/* The first thing main() does: files it makes are the user's alone (umask 077);
 * SIGPIPE and SIGXFSZ become write errors; descriptors 0 to 2 are open (closed
 * ones on /dev/null, so that no database file gets such a number; 1 and 2 for
 * reading, so that writing there fails as it should); no core dumps; variables
 * by which libraries would load or leak something are gone. */
void process_prepare(void);

/* Takes a secret out of the environment, so that neither children nor whoever looks at
 * this process finds it there. False where there is none. One that is longer than any
 * secret comes as an empty one. */
bool process_take_secret(const char *variable, struct portal_secret *ret);

/* "uid:1000", for the audit log. @buf is returned. */
char *process_actor(char buf[static 32]);

/* What is another after each start of this machine (portal_options.boot_id), in @buf; NULL
 * where the system does not tell. */
enum { PROCESS_BOOT_ID = 40 };
const char *process_boot_id(char buf[static PROCESS_BOOT_ID]);

/* Says that memory ran out, and ends the process with status 1. What was not
 * committed is rolled back by the database. */
void process_out_of_memory(void) __attribute__((noreturn));

/* The same once something was committed. */
void process_out_of_memory_after(void) __attribute__((noreturn));

#endif
