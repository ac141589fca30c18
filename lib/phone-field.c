#include "phone-private.h"

#include <string.h>

#include "base/i18n.h"
#include "setting.h"

/* Most numbers have their area code, so that the setting is seldom read. */
static int parse(struct work *w, const char *input, struct phone *ret)
{
	const char *area;

	if (phone_parse(w->arena, input, NULL, ret, w->err) >= 0)
		return 0;
	area = setting_value(w, "default_area_code");
	return *area ? phone_parse(w->arena, input, area, ret, w->err) : -(int)w->err->code;
}

int phone_field(struct work *w, const char *input, struct phone *ret)
{
	return parse(w, input, ret) < 0 ? portal_about_field(w->err, "phone") : 0;
}

/* Each number begins with its only '+', so it is found at the start of a line alone. */
static bool is_listed(const char *list, const char *number)
{
	const size_t len = strlen(number);

	for (const char *at = list; (at = strstr(at, number)); at += len)
		if (!at[len] || at[len] == '\n')
			return true;
	return false;
}

static void add_fault(struct work *w, const struct phone_inputs *inputs)
{
	portal_about_field(w->err, inputs->field ? inputs->field : "phone");
	portal_fault_add(w->err);
}

void phone_list(struct work *w, const struct phone_inputs *inputs, const char **ret)
{
	const char *list = "";

	if (inputs->count > PHONE_LIST_MAX) {
		portal_fail(w->err, PORTAL_INVALID, _("a person has at most %d phones"),
			PHONE_LIST_MAX);
		add_fault(w, inputs);
		return;
	}
	for (int64_t i = 0; i < inputs->count; i++) {
		struct phone phone;

		if (!*inputs->items[i])
			continue;
		if (phone_field(w, inputs->items[i], &phone) < 0)
			add_fault(w, inputs);
		else if (!is_listed(list, phone.e164))
			list = arena_printf(
				w->arena, "%s%s%s", list, *list ? "\n" : "", phone.e164);
	}
	*ret = list;
}
