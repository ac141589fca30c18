/* A Maildir: a folder with tmp, new and cur, a file a message, that any mail reader
 * opens. For a portal without a mail server. */
#ifndef NET_MAILDIR_H
#define NET_MAILDIR_H

#include <portal/error.h>

#include "net/outcome.h"

struct arena;
struct mime;

/* Puts @message, which was not read from yet, into the Maildir @folder, which is made
 * with mode 0700 where it is not there, in a directory that is. @name is that of the
 * message, another one for every message and the same for every attempt, without '/' and
 * ':' : what is there under it, read or not, is not put there again. NET_SENT means that
 * file and name will survive the power going; lines end with LF, as a Maildir's do. */
void maildir_put(struct arena *arena, const char *folder, const char *name, struct mime *message,
	struct net_outcome *ret);

#endif
