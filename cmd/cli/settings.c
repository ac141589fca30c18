#include "settings.h"

#include <string.h>

#include <portal/arena.h>
#include <portal/settings.h>
#include <portal/text.h>
#include <portal/time.h>

#include "text.h"

/* The global options that the file may hold. */
static const char *const global_keys[] = { "db", "lang", "tz", "wait", "color", NULL };

struct applying {
	struct parsed *parsed;
	uint64_t *given;
	const char *(*env)(const char *name);
};

static int unknown_setting(struct arena *arena, const char *key, struct portal_error *err)
{
	struct suggestion guess = suggest_begin(key);
	const char *known;

	for (const char *const *k = global_keys; *k; k++)
		suggest_try(&guess, *k);
	for (size_t i = 0; (known = portal_setting_key(i)); i++)
		suggest_try(&guess, known);
	portal_fail(err, PORTAL_INVALID_INPUT, _("'%s' is no setting"),
		portal_text_printable(arena, key));
	return suggest_hint(&guess, err);
}

static bool any_set(const char *(*env)(const char *name), const char *const *wanted)
{
	for (; *wanted; wanted++) {
		const char *value = env(*wanted);

		if (value && *value)
			return true;
	}
	return false;
}

static bool environment_wins(const struct applying *applying, const char *key)
{
	static const char *const of_lang[] = { "LC_ALL", "LC_MESSAGES", "LANG", NULL };
	static const char *const of_tz[] = { "TZ", NULL };
	static const char *const of_color[] = { "NO_COLOR", NULL };

	if (!strcmp(key, "lang"))
		return any_set(applying->env, of_lang);
	if (!strcmp(key, "color"))
		return any_set(applying->env, of_color);
	return !strcmp(key, "tz") && any_set(applying->env, of_tz);
}

/* -1 for a key that is no global option's. */
static int global_index(const char *key)
{
	for (const char *const *k = global_keys; *k; k++)
		for (int i = 0; !strcmp(*k, key) && global_options[i].name; i++)
			if (!strcmp(global_options[i].name, key))
				return i;
	return -1;
}

/* What the options would be found wrong for later, where no line is known. */
static int check_global(struct reading *reading, const struct globals *read, const char *key,
	struct portal_error *err)
{
	const struct portal_zone *zone;

	if (!strcmp(key, "wait"))
		return globals_check_wait(read->wait_seconds, err);
	if (!strcmp(key, "tz"))
		return portal_zone_open(reading->arena, read->tz, &zone, err);
	return 0;
}

static int apply_global(
	const struct applying *applying, int index, const char *value, struct portal_error *err)
{
	struct parsed *parsed = applying->parsed;
	const struct arg *option = &global_options[index];
	const uint64_t bit = UINT64_C(1) << index;
	struct globals read = parsed->globals;
	int rc = value_read(&parsed->reading, option, &read, value, err);

	if (rc == 0)
		rc = check_global(&parsed->reading, &read, option->name, err);
	if (rc < 0 || (*applying->given & bit) || environment_wins(applying, option->name))
		return rc;
	*applying->given |= bit;
	parsed->globals = read;
	return 0;
}

static int apply_setting(void *arg, const char *key, const char *value, struct portal_error *err)
{
	struct applying *applying = arg;
	struct arena *arena = applying->parsed->reading.arena;
	const int index = global_index(key);
	int rc;

	if (index >= 0)
		return apply_global(applying, index, value, err);
	rc = portal_setting_check(arena, key, value, err);
	if (rc > 0)
		portal_setting_take(arena, key, value, &applying->parsed->senders);
	return rc ? rc : unknown_setting(arena, key, err);
}

static int read_named(struct applying *applying, const char *path, struct portal_error *err)
{
	struct arena *arena = applying->parsed->reading.arena;
	int rc = portal_settings_read(arena, path, apply_setting, applying, err);

	if (rc == 0)
		return portal_fail(err, PORTAL_FAILURE, _("there is no settings file '%s'"),
			portal_text_printable(arena, path));
	return rc < 0 ? rc : 0;
}

static const char *users_file(struct arena *arena, const char *(*env)(const char *name))
{
	const char *xdg = env("XDG_CONFIG_HOME"), *home = env("HOME");

	if (xdg && *xdg)
		return arena_printf(arena, "%s/portalctl/config.yaml", xdg);
	if (home && *home)
		return arena_printf(arena, "%s/.config/portalctl/config.yaml", home);
	return NULL;
}

int settings_apply(struct parsed *parsed, uint64_t *given, const char *(*env)(const char *name),
	struct portal_error *err)
{
	struct applying applying = { parsed, given, env };
	struct arena *arena = parsed->reading.arena;
	const char *path = users_file(arena, env);
	int rc = 0;

	if (parsed->globals.config)
		return read_named(&applying, parsed->globals.config, err);
	if (path)
		rc = portal_settings_read(arena, path, apply_setting, &applying, err);
	if (rc == 0)
		rc = portal_settings_read(
			arena, "/etc/portalctl/config.yaml", apply_setting, &applying, err);
	return rc < 0 ? rc : 0;
}
