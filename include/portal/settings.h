/* The settings file of a machine: YAML, of which only the part is read that
 * can't be misread (no anchors, tags, or second documents; every value a text). */
#ifndef PORTAL_SETTINGS_H
#define PORTAL_SETTINGS_H

#include <portal/error.h>

struct arena;

/* Gets one setting; nested keys are joined by dots ("smtp.host"). A list is its
 * items, a line each. A failure gets the file, line and column of the key. */
typedef int portal_setting_visit(
	void *arg, const char *key, const char *value, struct portal_error *err);

/* Visits the settings of the file @path in its order; texts live in @arena. 1 when
 * it was read, 0 when there is no such file. PORTAL_FAILURE when it can't be read
 * (or has more than 1 MiB), PORTAL_INVALID_INPUT with line and column when it is
 * no such YAML, and what @visit fails with. */
int portal_settings_read(struct arena *arena, const char *path, portal_setting_visit *visit,
	void *arg, struct portal_error *err);

#endif
