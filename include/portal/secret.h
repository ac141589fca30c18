/* A secret has a type of its own: no record can hold one (see record.h), no
 * option takes one as its value, and it is wiped when it ends. */
#ifndef PORTAL_SECRET_H
#define PORTAL_SECRET_H

#include <stddef.h>

/* A password or token.
 *
 * @text: the bytes, with a NUL behind them, in memory that portal_secret_clear()
 *   wipes; room for the longest password and a token.
 * @len: how many bytes, without the NUL; 0 where none was given. */
struct portal_secret {
	char text[1100];
	size_t len;
};

/* Overwrites the secret; the compiler can't drop the writes. */
void portal_secret_clear(struct portal_secret *secret);

/* Wipes the secret of a variable where its scope ends. */
#define _cleanup_secret_ __attribute__((cleanup(portal_secret_clear)))

#endif
