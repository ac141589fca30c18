/* Passwords and tokens, which never come as words of a command line. */
#ifndef CLI_SECRET_H
#define CLI_SECRET_H

#include <stdbool.h>

#include <portal/error.h>
#include <portal/secret.h>

enum { SECRET_MAX_BYTES = 1024 };

/* Begins the name of a file that systemd gives to a unit (LoadCredential=). */
#define SECRET_CREDENTIALS "$CREDENTIALS_DIRECTORY/"

/* Reads the secret called @name from @file ("-": standard input). One line break
 * at its end does not belong to it. PORTAL_USAGE for a secret that is empty,
 * PORTAL_INVALID_TEXT for one that holds a NUL byte, PORTAL_INVALID for one that has
 * more than SECRET_MAX_BYTES, PORTAL_FAILURE when the file can't be read. No message
 * shows any of it. */
int secret_read(
	const char *name, const char *file, struct portal_secret *ret, struct portal_error *err);

/* Is @file a file that others than its owner may read? */
bool secret_is_exposed(const char *file);

/* Asks for it on the terminal, without echo; twice with @again, and PORTAL_USAGE
 * when the two differ. PORTAL_USAGE where there is no terminal. Signals during
 * the question put the echo back before they act. */
enum secret_ask { SECRET_ASK_ONCE, SECRET_ASK_TWICE };
int secret_ask(const char *name, enum secret_ask times, struct portal_secret *ret,
	struct portal_error *err);

struct parsed;

/* Reads the secrets that were given, and asks for those that must be there and
 * were not, into the members of the command's arguments. */
int secrets_read(struct parsed *parsed, struct portal_error *err);

/* Wipes them; before the memory of the arguments goes. */
void secrets_clear(struct parsed *parsed);

#endif
