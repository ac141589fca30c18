/* Addresses of servers, as they are set. */
#ifndef BASE_URL_H
#define BASE_URL_H

#include <stdbool.h>

/* May a secret be sent there? https:// with a host, or http:// where the host is this very
 * machine (127.0.0.1, localhost, [::1]). Visible ASCII alone, and nothing that readers of
 * addresses disagree on: no user, query or fragment, no quotes, angles or backslash. */
bool url_is_safe(const char *url);

#endif
