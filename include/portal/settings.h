/* The settings file of a machine: YAML, of which only the part is read that
 * can't be misread (no anchors, tags, or second documents; every value a text). */
#ifndef PORTAL_SETTINGS_H
#define PORTAL_SETTINGS_H

#include <stddef.h>

#include <portal/error.h>

struct arena;

/* Gets one setting; nested keys are joined by dots ("smtp.host"). A list is its
 * items, a line each. A failure gets the file, line and column of the key. */
typedef int portal_setting_visit(
	void *arg, const char *key, const char *value, struct portal_error *err);

/* Visits the settings of the file @path in its order; texts live in @arena. 1 when
 * it was read, 0 when there is no such file. PORTAL_FAILURE when it can't be read
 * (or has more than 1 MiB), PORTAL_INVALID_INPUT with line and column when it is
 * no such YAML. All settings are visited, also behind one that @visit fails for:
 * its failures are told together (portal_faults_end), with the hint of the first. */
int portal_settings_read(struct arena *arena, const char *path, portal_setting_visit *visit,
	void *arg, struct portal_error *err);

/* The keys of what sends mails and messages ("smtp.host"), by index from 0; NULL
 * after the last. */
const char *portal_setting_key(size_t index);

/* Checks the value of such a key against its type: a name of a host, a number
 * within limits, a word, an e-mail address, the path of a file, an id of digits,
 * an address that begins with https:// (on this machine also http://). 1 when it
 * is right, 0 for any other key, PORTAL_INVALID or PORTAL_INVALID_EMAIL with the
 * key as field when it is wrong. */
int portal_setting_check(
	struct arena *arena, const char *key, const char *value, struct portal_error *err);

#endif
