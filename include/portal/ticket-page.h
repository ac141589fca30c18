/* The conversation of a ticket as one page for a browser: to print, to send, to keep. It
 * has all it needs in itself, runs nothing and fetches nothing, and reads well aloud. */
#ifndef PORTAL_TICKET_PAGE_H
#define PORTAL_TICKET_PAGE_H

#include <portal/portal.h>
#include <portal/writer.h>

/* Writes the page of the ticket @named with all that the actor may see of it: a client
 * gets no internal comment. Texts are in the program's language, which @lang names as
 * HTML does ("pt-BR"); times are those of the portal's zone. PORTAL_NOT_FOUND; then
 * nothing was written. Whether all could be written the writer knows. */
int ticket_page_write(struct portal *portal, const char *named, const char *lang,
	struct portal_writer *writer, struct portal_error *err);

#endif
