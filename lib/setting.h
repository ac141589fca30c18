/* Reading the portal's own settings. Private to lib; listing and changing them
 * is <portal/config.h>. */
#ifndef LIB_SETTING_H
#define LIB_SETTING_H

#include <portal/config.h>

#include "seal/seal.h"
#include "work.h"

/* The value that the portal goes by: that of the setting, or its default; never NULL for
 * a known key. "base_url", where all links lead, is "https://" and the host_name where
 * that is set (U9). */
const char *setting_value(struct work *w, const char *key);

/* Its value where somebody has set it: 1, 0, negative. */
int setting_stored(struct work *w, const char *key, const char **ret_value);

/* The value of a setting that is a whole number. */
int64_t setting_int(struct work *w, const char *key);

/* How this portal hashes passwords (password_cost), within a transaction and before one. */
struct seal_kdf setting_kdf(struct work *w);
int setting_read_kdf(struct portal *portal, struct seal_kdf *ret_kdf, struct portal_error *err);

/* Writes a setting that was checked before. */
int setting_write(struct work *w, const char *key, const char *value);

/* Checks and sets one, with the audit row. 1: changed; 0: it was set to that. Fails as
 * config_set() does. */
int setting_change(struct work *w, const char *key, const char *value, struct config *ret_before,
	struct config *ret_after);

/* What a setting is when nobody has set it. */
const char *setting_default(const char *key);

#endif
