/* The portal's own settings, kept in its database. (The machine's settings, in
 * a YAML file, are <portal/settings.h>.) Texts of results live in the portal's
 * arena. The operator and the office's admins may read and set; others get
 * PORTAL_DENIED. */
#ifndef PORTAL_CONFIG_H
#define PORTAL_CONFIG_H

#include <portal/portal.h>

/* One setting.
 *
 * @key: its name, in English ("time_zone").
 * @value: as text, whatever it means; "" where there is none.
 * @origin: "portal" where it was set, "default" elsewhere. */
struct config {
	const char *key;
	const char *value;
	const char *origin;
};
extern const struct portal_record config_record;

/* The languages a portal can have: "pt_BR" and "en". */
extern const struct portal_word portal_languages[];

/* The known keys, by index from 0; NULL after the last. */
const char *config_key(size_t index);

/* The words that the setting @key takes; NULL where any text may do, and for a key
 * that does not exist. */
const struct portal_word *config_words(const char *key);

/* Gives every setting to @visit with @arg, in the order of the keys, those too
 * that were never set. */
int config_list(struct portal *portal, portal_visit *visit, void *arg, struct portal_error *err);

/* What `config check` looked at: how many settings. */
struct config_check {
	int64_t checked;
};
extern const struct portal_record config_check_record;

/* Checks every setting against its rule, as if it were set now. All faults at
 * once, with the key in .field. */
int config_check(struct portal *portal, struct config_check *ret_check, struct portal_error *err);

/* Reads one setting. PORTAL_NOT_FOUND for a key that does not exist. */
int config_get(struct portal *portal, const char *key, struct config *ret_config,
	struct portal_error *err);

/* Sets one. 1: changed; 0: it was so already. PORTAL_NOT_FOUND,
 * PORTAL_INVALID* where the value breaks the setting's rule. */
int config_set(struct portal *portal, const char *key, const char *value, struct config *ret_config,
	struct portal_error *err);

#endif
