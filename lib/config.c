#include "setting.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <portal/config.h>
#include <portal/phone.h>

#include "audit.h"
#include "base/i18n.h"
#include "base/utf8.h"
#include "base/zone.h"
#include "business-hours.h"
#include "policy.h"
#include "portal-private.h"

enum { VALUE_MAX = 1000, FILE_MEGABYTES_MAX = 2000 };

/* A setting of the portal: what it is when nobody has set it, which words it
 * takes, or what checks it. */
struct known {
	const char *key, *fallback;
	const struct portal_word *words;
	int (*check)(struct work *w, const char *value);
};

const struct portal_word portal_languages[] = {
	{ "pt_BR", N_("Portuguese (Brazil)") },
	{ "en", N_("English") },
	{ NULL, NULL },
};

static int check_zone(struct work *w, const char *value)
{
	struct zone *zone;

	return zone_load(w->arena, w->portal->options.zone_directory, value, &zone, w->err);
}

static int check_base_url(struct work *w, const char *value)
{
	if (!*value || (!strncmp(value, "https://", 8) && value[8] > ' ' && value[8] != '/' &&
			       !strpbrk(value, " \"<>\\?#")))
		return 0;
	return portal_fail(w->err, PORTAL_INVALID,
		_("'%s' is not a base address; it begins with https:// and has no blanks, "
		  "query or fragment"),
		value);
}

static int check_host_name(struct work *w, const char *value)
{
	if (!*value || host_name_is_valid(value))
		return 0;
	return portal_fail(
		w->err, PORTAL_INVALID, _("'%s' is not a host name in lower case"), value);
}

static int check_email(struct work *w, const char *value)
{
	return !*value || email_parse(w->arena, value, w->err) ? 0 : -(int)w->err->code;
}

static int check_area_code(struct work *w, const char *value)
{
	struct phone phone;

	if (!*value)
		return 0;
	phone_check(w->arena, "3333-4444", value, &phone);
	if (phone.valid)
		return 0;
	return portal_fail(
		w->err, PORTAL_INVALID, _("'%s' is not a Brazilian area code (DDD)"), value);
}

static int check_count(struct work *w, const char *value)
{
	const size_t digits = strspn(value, "0123456789");

	if (digits > 0 && digits < 6 && !value[digits] && *value != '0')
		return 0;
	return portal_fail(
		w->err, PORTAL_INVALID, _("'%s' is not a whole number from 1 to 99999"), value);
}

static int check_megabytes(struct work *w, const char *value)
{
	const size_t digits = strspn(value, "0123456789");

	if (digits > 0 && digits < 5 && !value[digits] && *value != '0' &&
		strtol(value, NULL, 10) <= FILE_MEGABYTES_MAX)
		return 0;
	return portal_fail(w->err, PORTAL_INVALID, _("'%s' is not a whole number from 1 to %d"),
		value, FILE_MEGABYTES_MAX);
}

/* Cheap hashes are for portals that are made to be tested. Elsewhere the cost only
 * rises: those who have a dearer hash than a stranger's name costs could be told. */
static int check_cost(struct work *w, const char *value)
{
	const bool test = w->portal->identity.allow_clock_override;
	const int least = test ? SEAL_COST_TEST : (int)setting_int(w, "password_cost");
	const long cost = strtol(value, NULL, 10);

	if (strlen(value) == 2 && strspn(value, "0123456789") == 2 && cost >= least &&
		cost <= SEAL_COST_MAX)
		return 0;
	return portal_fail(w->err, PORTAL_INVALID, _("'%s' is not a number from %d to %d"), value,
		least, SEAL_COST_MAX);
}

static const struct portal_word switches[] = { { "on", N_("on") }, { "off", N_("off") },
	{ NULL, NULL } };

static int check_business_hours(struct work *w, const char *value)
{
	struct business_hours hours = { .zone = NULL };

	return business_hours_parse(value, &hours, w->err);
}

static int check_holidays(struct work *w, const char *value)
{
	struct calendar calendar = { .extra_count = 0 };

	return business_holidays_parse(w->arena, value, &calendar, w->err);
}

/* How long before the window closes; 0: nobody is warned. */
static int check_warning(struct work *w, const char *value)
{
	enum { MINUTES_MAX = 24 * 60 - 1 };
	const bool is_number = *value && strlen(value) <= 4 && !value[strspn(value, "0123456789")];

	if (is_number && strtol(value, NULL, 10) <= MINUTES_MAX)
		return 0;
	return portal_fail(
		w->err, PORTAL_INVALID, _("'%s' is not a number from 0 to %d"), value, MINUTES_MAX);
}

/* Sorted by key: lists go in this order. */
static const struct known known_settings[] = {
	{ "access_link_days", "7", NULL, check_count },
	{ "attachment_max_mb", "100", NULL, check_megabytes },
	{ "base_url", "", NULL, check_base_url },
	{ "business_hours", "mon-fri 09:00-18:00", NULL, check_business_hours },
	{ "default_area_code", "", NULL, check_area_code },
	{ "document_login", "off", switches, NULL },
	{ "holidays", "", NULL, check_holidays },
	{ "host_name", "", NULL, check_host_name },
	{ "language", "pt_BR", portal_languages, NULL },
	{ "mail_from", "", NULL, check_email },
	{ "password_cost", "17", NULL, check_cost },
	{ "session_days", "1", NULL, check_count },
	{ "session_idle_minutes", "30", NULL, check_count },
	{ "session_remember_days", "30", NULL, check_count },
	{ "time_zone", "America/Sao_Paulo", NULL, check_zone },
	{ "wa_menu", "off", switches, NULL },
	{ "wa_warn_minutes", "60", NULL, check_warning },
};

enum { SETTINGS = sizeof(known_settings) / sizeof(*known_settings) };

static const struct portal_word origins[] = {
	{ "default", N_("default") },
	{ "portal", N_("portal") },
	{ NULL, NULL },
};

static const struct portal_field config_fields[] = {
	PORTAL_FIELD(struct config, key, N_("SETTING")),
	PORTAL_FIELD(struct config, value, N_("VALUE")),
	PORTAL_FIELD(struct config, origin, N_("ORIGIN"), .words = origins),
	PORTAL_FIELDS_END,
};

const struct portal_record config_record = { "config", sizeof(struct config), config_fields };

struct value_row {
	const char *value;
};

static const struct portal_field value_fields[] = {
	PORTAL_FIELD(struct value_row, value, NULL),
	PORTAL_FIELDS_END,
};

static const struct portal_record value_record = { "setting", sizeof(struct value_row),
	value_fields };

const char *config_key(size_t index)
{
	return index < SETTINGS ? known_settings[index].key : NULL;
}

static const struct known *find_known(const char *key)
{
	for (size_t i = 0; i < SETTINGS; i++)
		if (!strcmp(known_settings[i].key, key))
			return &known_settings[i];
	return NULL;
}

const struct portal_word *config_words(const char *key)
{
	const struct known *known = find_known(key);

	return known ? known->words : NULL;
}

int setting_stored(struct work *w, const char *key, const char **ret_value)
{
	struct value_row row = { NULL };
	const int r = store_get(w->tx, Q_SETTING_GET, ARGS(A(key)), w->arena, &value_record, &row);

	if (r > 0)
		*ret_value = row.value;
	return r;
}

static int read_setting(struct work *w, const struct known *known, struct config *ret)
{
	const char *value = known->fallback;
	const int r = setting_stored(w, known->key, &value);

	if (r < 0)
		return r;
	*ret = (struct config){ known->key, value, r > 0 ? "portal" : "default" };
	return 0;
}

/* The office's own host name stands in for the address (U9). */
static const char *own_address(struct work *w, const char *base_url)
{
	const char *host = setting_value(w, "host_name");

	return *host ? arena_printf(w->arena, "https://%s", host) : base_url;
}

const char *setting_value(struct work *w, const char *key)
{
	const struct known *known = find_known(key);
	struct config config = { .value = "" };

	assert(known);
	config.value = known->fallback;
	read_setting(w, known, &config);
	return known->check == check_base_url ? own_address(w, config.value) : config.value;
}

int64_t setting_int(struct work *w, const char *key)
{
	return strtoll(setting_value(w, key), NULL, 10);
}

struct seal_kdf setting_kdf(struct work *w)
{
	return (struct seal_kdf){ .prefix = portal_place(w->portal),
		.cost = (unsigned)setting_int(w, "password_cost") };
}

static int kdf_body(struct work *w, void *arg)
{
	struct seal_kdf kdf = setting_kdf(w);

	WORK_GIVE(w, (struct seal_kdf *)arg, kdf);
	return 0;
}

int setting_read_kdf(struct portal *portal, struct seal_kdf *ret_kdf, struct portal_error *err)
{
	return work_read(portal, kdf_body, ret_kdf, err);
}

int setting_write(struct work *w, const char *key, const char *value)
{
	return store_put(w->tx, Q_SETTING_PUT, ARGS(A(key), A(value), A(w->now)));
}

static const struct known *find_setting(struct work *w, const char *key)
{
	const struct known *known = find_known(key);

	if (known)
		return known;
	portal_fail(w->err, PORTAL_NOT_FOUND, _("there is no setting '%s'"), key);
	portal_hint(w->err, _("'portalctl config list' shows them all"));
	return NULL;
}

static int check_value(struct work *w, const struct known *known, const char *value)
{
	const char *clean = text_field(w->arena, value, VALUE_MAX, known->key, w->err);

	if (!clean)
		return -(int)w->err->code;
	if (known->words && !portal_word_known(known->words, value))
		return work_no_choice(w, known->words, value, known->key);
	return known->check ? known->check(w, value) : 0;
}

/* What follows an address begins with a slash of its own. */
static const char *normal_value(struct work *w, const struct known *known, const char *value)
{
	size_t len = strlen(value);

	while (known->check == check_base_url && len > 0 && value[len - 1] == '/')
		len--;
	return arena_strndup(w->arena, value, len);
}

struct setting_call {
	const char *key, *value;
	struct config *ret;
	portal_visit *visit;
	void *arg;
};

static int list_body(struct work *w, void *arg)
{
	const struct setting_call *call = arg;
	int64_t viewer;
	int r = policy_need_list(w, "config.list", &viewer);

	for (size_t i = 0; r >= 0 && i < SETTINGS; i++) {
		struct config config;

		r = read_setting(w, &known_settings[i], &config);
		if (r >= 0)
			r = call->visit(&config, call->arg);
	}
	return r < 0 ? r : 0;
}

int config_list(struct portal *portal, portal_visit *visit, void *arg, struct portal_error *err)
{
	struct setting_call call = { .visit = visit, .arg = arg };

	return work_read(portal, list_body, &call, err);
}

static const struct portal_field check_fields[] = {
	PORTAL_FIELD(struct config_check, checked, N_("CHECKED")),
	PORTAL_FIELDS_END,
};

const struct portal_record config_check_record = { "config.check", sizeof(struct config_check),
	check_fields };

/* A value that was right when it was set may be so no more: a zone that the
 * system has lost. */
static int check_body(struct work *w, void *arg)
{
	struct config_check check = { 0 };
	int64_t viewer;
	int r = policy_need_list(w, "config.check", &viewer);

	for (size_t i = 0; r >= 0 && i < SETTINGS; i++, check.checked++) {
		struct config config;

		r = read_setting(w, &known_settings[i], &config);
		if (r >= 0 && check_value(w, &known_settings[i], config.value) < 0)
			portal_fault_add(w->err);
	}
	if (r >= 0)
		r = portal_faults_end(w->err);
	if (r >= 0)
		WORK_GIVE(w, (struct config_check *)arg, check);
	return r;
}

int config_check(struct portal *portal, struct config_check *ret_check, struct portal_error *err)
{
	return work_read(portal, check_body, ret_check, err);
}

static int get_body(struct work *w, void *arg)
{
	const struct setting_call *call = arg;
	const struct known *known;
	struct config config;
	int64_t viewer;
	int r = policy_need_list(w, "config.get", &viewer);

	if (r < 0)
		return r;
	known = find_setting(w, call->key);
	r = known ? read_setting(w, known, &config) : -(int)w->err->code;
	if (r >= 0)
		WORK_GIVE(w, call->ret, config);
	return r;
}

int config_get(
	struct portal *portal, const char *key, struct config *ret_config, struct portal_error *err)
{
	struct setting_call call = { .key = key, .ret = ret_config };

	return work_read(portal, get_body, &call, err);
}

int setting_change(struct work *w, const char *key, const char *value, struct config *ret_before,
	struct config *ret_after)
{
	const struct known *known = find_setting(w, key);
	int r = known ? check_value(w, known, value) : -(int)w->err->code;

	if (r >= 0)
		r = read_setting(w, known, ret_before);
	if (r < 0)
		return r;
	*ret_after = (struct config){ known->key, normal_value(w, known, value), "portal" };
	if (!strcmp(ret_before->value, ret_after->value) && !strcmp(ret_before->origin, "portal"))
		return 0;
	r = setting_write(w, known->key, ret_after->value);
	work_forget_settings(w);
	if (r >= 0)
		r = audit_add(w, "config.set", NULL, 0,
			CHANGES({ known->key, ret_before->value, ret_after->value }));
	return r < 0 ? r : 1;
}

const char *setting_default(const char *key)
{
	const struct known *known = find_known(key);

	return known ? known->fallback : "";
}

static int set_body(struct work *w, void *arg)
{
	const struct setting_call *call = arg;
	struct config before, after;
	int64_t viewer;
	int r = policy_need_list(w, "config.set", &viewer);

	if (r >= 0)
		r = setting_change(w, call->key, call->value, &before, &after);
	if (r >= 0)
		WORK_GIVE(w, call->ret, after);
	return r;
}

int config_set(struct portal *portal, const char *key, const char *value, struct config *ret_config,
	struct portal_error *err)
{
	struct setting_call call = { .key = key, .value = value, .ret = ret_config };

	return work_write(portal, set_body, &call, err);
}
