#include "wa-route.h"

#include <portal/settings.h>

#include "base/utf8.h"
#include "portal-private.h"

/* Is it about the number of this portal? Notices about templates and the account name
 * none. */
static bool is_ours(const struct work *w, const struct wa_event *event)
{
	const struct portal_senders *senders = w->portal->options.senders;
	const char *ours = senders ? senders->whatsapp.phone_number_id : NULL;
	const bool is_notice = event->kind == WA_TEMPLATE || event->kind == WA_ACCOUNT;

	return text_same(event->phone_number_id, ours) || (is_notice && !event->phone_number_id);
}

int wa_route(
	struct work *w, const struct wa_event *event, int64_t webhook_id, const char **ret_reason)
{
	(void)webhook_id;
	if (event->kind == WA_BAD) {
		*ret_reason = event->reason;
		return WA_SET_ASIDE;
	}
	if (!is_ours(w, event)) {
		*ret_reason = "other_number";
		return WA_SET_ASIDE;
	}
	return WA_USED;
}
