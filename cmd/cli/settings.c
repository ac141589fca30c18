#include "settings.h"

#include <string.h>

#include <portal/arena.h>
#include <portal/settings.h>
#include <portal/text.h>

#include "suggest.h"
#include "text.h"

const char *const settings_keys[] = { "db", "lang", "tz", "wait", "color", "smtp.host", "smtp.port",
	"smtp.security", "smtp.user", "smtp.password_file", "smtp.from", "smtp.reply_to",
	"smtp.timeout_seconds", "smtp.ca_file", "whatsapp.phone_number_id",
	"whatsapp.business_account_id", "whatsapp.token_file", "whatsapp.app_secret_file",
	"whatsapp.verify_token_file", "whatsapp.api_url", "whatsapp.timeout_seconds", NULL };

struct applying {
	struct parsed *parsed;
	uint64_t *given;
	const char *(*env)(const char *name);
};

static bool is_known(const char *key)
{
	for (const char *const *k = settings_keys; *k; k++)
		if (!strcmp(*k, key))
			return true;
	return false;
}

static int unknown_setting(struct arena *arena, const char *key, struct portal_error *err)
{
	struct suggestion guess = suggest_begin(key);

	for (const char *const *k = settings_keys; *k; k++)
		suggest_try(&guess, *k);
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

static int apply_setting(void *arg, const char *key, const char *value, struct portal_error *err)
{
	const struct applying *applying = arg;
	struct parsed *parsed = applying->parsed;

	if (!is_known(key))
		return unknown_setting(parsed->reading.arena, key, err);
	for (int i = 0; global_options[i].name; i++) {
		const struct arg *option = &global_options[i];
		uint64_t bit = UINT64_C(1) << i;

		if (strcmp(option->name, key) || (*applying->given & bit) ||
			environment_wins(applying, key))
			continue;
		*applying->given |= bit;
		return value_read(&parsed->reading, option, &parsed->globals, value, err);
	}
	return 0;
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
