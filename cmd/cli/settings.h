/* Defaults of the command line from the settings file. */
#ifndef CLI_SETTINGS_H
#define CLI_SETTINGS_H

#include "parse.h"

/* Reads --config, or else the first that exists of $XDG_CONFIG_HOME (or
 * $HOME/.config)/portalctl/config.yaml and /etc/portalctl/config.yaml. Its db,
 * lang, tz, wait and color fill the global options whose bit is not in *@given,
 * and set the bit; its smtp and whatsapp fill @parsed->senders. The environment
 * wins: LC_ALL, LC_MESSAGES and LANG over lang, TZ over tz, NO_COLOR over color.
 * Every fault of the file is told, with its line and column: keys that are not
 * known (PORTAL_INVALID_INPUT, with the nearest right one) and values that are none
 * of their setting, those too that something else wins over. A --config that is not
 * there is PORTAL_FAILURE. */
int settings_apply(struct parsed *parsed, uint64_t *given, const char *(*env)(const char *name),
	struct portal_error *err);

#endif
