/* Defaults of the command line from the settings file. */
#ifndef CLI_SETTINGS_H
#define CLI_SETTINGS_H

#include "parse.h"

/* The keys there may be; the last is NULL. */
extern const char *const settings_keys[];

/* Reads --config, or else the first that exists of $XDG_CONFIG_HOME (or
 * $HOME/.config)/portalctl/config.yaml and /etc/portalctl/config.yaml. Its db,
 * lang, tz, wait and color fill the global options whose bit is not in *@given,
 * and set the bit. The environment wins: LC_ALL, LC_MESSAGES and LANG over lang,
 * TZ over tz, NO_COLOR over color. A key that is not known is PORTAL_INVALID_INPUT with its line and
 * the nearest right one; a --config that is not there is PORTAL_FAILURE. */
int settings_apply(struct parsed *parsed, uint64_t *given, const char *(*env)(const char *name),
	struct portal_error *err);

#endif
