/* The types of the settings of a machine that nothing but sending uses. */
#include <portal/settings.h>

#include <stdlib.h>
#include <string.h>

#include <portal/arena.h>
#include <portal/record.h>

#include "base/i18n.h"
#include "base/url.h"
#include "base/utf8.h"

enum { DIGITS_MAX = 20, SECONDS_MAX = 3600, TEXT_MAX = 1000, TEMPLATE_CHARS_MAX = 512 };

/* @check judges a value; @words are the only ones, where there are any; @most is
 * the highest number; @offset: where it belongs in struct portal_senders. */
struct type {
	const char *key;
	int (*check)(struct arena *arena, const struct type *type, const char *value,
		struct portal_error *err);
	const struct portal_word *words;
	int64_t most;
	size_t offset;
};

static int check_text(
	struct arena *arena, const struct type *type, const char *value, struct portal_error *err)
{
	const char *text = text_field(arena, value, TEXT_MAX, type->key, err);

	if (!text)
		return -(int)err->code;
	return *text ? 0 : portal_fail(err, PORTAL_INVALID, _("'%s' is empty"), type->key);
}

/* In any case, or an address of IPv6. */
static int check_host(
	struct arena *arena, const struct type *type, const char *value, struct portal_error *err)
{
	char *lower = arena_strdup(arena, value);

	(void)type;
	for (char *c = lower; *c; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c - 'A' + 'a');
	if (host_name_is_valid(lower))
		return 0;
	if (strchr(lower, ':') != strrchr(lower, ':') &&
		strspn(lower, "0123456789abcdef:.") == strlen(lower))
		return 0;
	return portal_fail(err, PORTAL_INVALID, _("'%s' is not the name of a host"), value);
}

static bool is_digits(const char *value)
{
	const size_t len = strlen(value);

	return len > 0 && len <= DIGITS_MAX && strspn(value, "0123456789") == len;
}

static int check_number(
	struct arena *arena, const struct type *type, const char *value, struct portal_error *err)
{
	(void)arena;
	if (is_digits(value) && strlen(value) <= 9 && strtol(value, NULL, 10) >= 1 &&
		strtol(value, NULL, 10) <= type->most)
		return 0;
	return portal_fail(err, PORTAL_INVALID, _("'%s' is not a number from 1 to %lld"), value,
		(long long)type->most);
}

static int check_digits(
	struct arena *arena, const struct type *type, const char *value, struct portal_error *err)
{
	(void)arena, (void)type;
	return is_digits(value) ? 0
				: portal_fail(err, PORTAL_INVALID,
					  _("'%s' is not an id, which has digits alone"), value);
}

static int check_word(
	struct arena *arena, const struct type *type, const char *value, struct portal_error *err)
{
	if (portal_word_known(type->words, value))
		return 0;
	return portal_fail(err, PORTAL_INVALID, _("'%s' is not one of the choices of '%s': %s"),
		value, type->key, portal_words_joined(arena, type->words));
}

static int check_email(
	struct arena *arena, const struct type *type, const char *value, struct portal_error *err)
{
	(void)type;
	return email_parse(arena, value, err) ? 0 : -(int)err->code;
}

static int check_url(
	struct arena *arena, const struct type *type, const char *value, struct portal_error *err)
{
	(void)arena, (void)type;
	/* What goes there has the access token with it. */
	if (url_is_safe(value))
		return 0;
	return portal_fail(
		err, PORTAL_INVALID, _("'%s' is not an address that begins with https://"), value);
}

/* As Meta takes the names of templates. */
static int check_template(
	struct arena *arena, const struct type *type, const char *value, struct portal_error *err)
{
	const size_t len = strspn(value, "abcdefghijklmnopqrstuvwxyz0123456789_");

	(void)arena, (void)type;
	if (len > 0 && len <= TEMPLATE_CHARS_MAX && !value[len])
		return 0;
	return portal_fail(err, PORTAL_INVALID,
		_("'%s' is not the name of a template: small letters, digits and underscores"),
		value);
}

static const struct portal_word securities[] = { { "starttls", NULL }, { "tls", NULL },
	{ "none", NULL }, { NULL, NULL } };

static const struct type types[] = {
	{ "smtp.host", check_host, NULL, 0, offsetof(struct portal_senders, smtp.host) },
	{ "smtp.port", check_number, NULL, 65535, offsetof(struct portal_senders, smtp.port) },
	{ "smtp.security", check_word, securities, 0,
		offsetof(struct portal_senders, smtp.security) },
	{ "smtp.user", check_text, NULL, 0, offsetof(struct portal_senders, smtp.user) },
	{ "smtp.password_file", check_text, NULL, 0,
		offsetof(struct portal_senders, smtp.password_file) },
	{ "smtp.from", check_email, NULL, 0, offsetof(struct portal_senders, smtp.from) },
	{ "smtp.reply_to", check_email, NULL, 0, offsetof(struct portal_senders, smtp.reply_to) },
	{ "smtp.bounce_to", check_email, NULL, 0, offsetof(struct portal_senders, smtp.bounce_to) },
	{ "smtp.timeout_seconds", check_number, NULL, SECONDS_MAX,
		offsetof(struct portal_senders, smtp.timeout_seconds) },
	{ "smtp.ca_file", check_text, NULL, 0, offsetof(struct portal_senders, smtp.ca_file) },
	{ "whatsapp.phone_number_id", check_digits, NULL, 0,
		offsetof(struct portal_senders, whatsapp.phone_number_id) },
	{ "whatsapp.business_account_id", check_digits, NULL, 0,
		offsetof(struct portal_senders, whatsapp.business_account_id) },
	{ "whatsapp.token_file", check_text, NULL, 0,
		offsetof(struct portal_senders, whatsapp.token_file) },
	{ "whatsapp.app_secret_file", check_text, NULL, 0,
		offsetof(struct portal_senders, whatsapp.app_secret_file) },
	{ "whatsapp.verify_token_file", check_text, NULL, 0,
		offsetof(struct portal_senders, whatsapp.verify_token_file) },
	{ "whatsapp.api_url", check_url, NULL, 0,
		offsetof(struct portal_senders, whatsapp.api_url) },
	{ "whatsapp.timeout_seconds", check_number, NULL, SECONDS_MAX,
		offsetof(struct portal_senders, whatsapp.timeout_seconds) },
	{ "whatsapp.ca_file", check_text, NULL, 0,
		offsetof(struct portal_senders, whatsapp.ca_file) },
	{ "whatsapp.templates.start", check_template, NULL, 0,
		offsetof(struct portal_senders, whatsapp.templates.start) },
	{ "whatsapp.templates.closed", check_template, NULL, 0,
		offsetof(struct portal_senders, whatsapp.templates.closed) },
	{ "whatsapp.templates.document", check_template, NULL, 0,
		offsetof(struct portal_senders, whatsapp.templates.document) },
};

enum { TYPES = sizeof(types) / sizeof(*types) };

const char *portal_setting_key(size_t index)
{
	return index < TYPES ? types[index].key : NULL;
}

int portal_setting_check(
	struct arena *arena, const char *key, const char *value, struct portal_error *err)
{
	for (size_t i = 0; i < TYPES; i++) {
		if (strcmp(types[i].key, key) != 0)
			continue;
		if (types[i].check(arena, &types[i], value, err) >= 0)
			return 1;
		return portal_about_field(err, types[i].key);
	}
	return 0;
}

void portal_setting_take(
	struct arena *arena, const char *key, const char *value, struct portal_senders *senders)
{
	for (size_t i = 0; i < TYPES; i++) {
		char *const place = (char *)senders + types[i].offset;

		if (strcmp(types[i].key, key) != 0)
			continue;
		if (types[i].check == check_number)
			*(int64_t *)(void *)place = strtol(value, NULL, 10);
		else
			*(const char **)(void *)place = arena_strdup(arena, value);
	}
}
