#include "wa-route.h"

#include <portal/settings.h>

#include "base/i18n.h"
#include "base/utf8.h"
#include "portal-private.h"
#include "wa-route-private.h"

static const char *our_number(const struct work *w)
{
	const struct portal_senders *senders = w->portal->options.senders;

	return senders ? senders->whatsapp.phone_number_id : NULL;
}

/* Is it about the number of this portal? Notices about templates and the account name
 * none. */
static bool is_ours(const struct work *w, const struct wa_event *event)
{
	const bool is_notice = event->kind == WA_TEMPLATE || event->kind == WA_ACCOUNT;

	return text_same(event->phone_number_id, our_number(w)) ||
	       (is_notice && !event->phone_number_id);
}

static int set_aside(const char *reason, const char **ret_reason)
{
	*ret_reason = reason;
	return WA_SET_ASIDE;
}

int wa_route(
	struct work *w, const struct wa_event *event, int64_t webhook_id, const char **ret_reason)
{
	if (event->kind == WA_BAD)
		return set_aside(event->reason, ret_reason);
	if (!our_number(w))
		return portal_fail(
			w->err, PORTAL_FAILURE, _("whatsapp.phone_number_id is not set"));
	if (!is_ours(w, event))
		return set_aside("other_number", ret_reason);
	switch (event->kind) {
	case WA_MESSAGE:
		return wa_route_message(w, event, ret_reason);
	case WA_REACTION:
	case WA_EDIT:
	case WA_REVOKE:
		return wa_route_about(w, event, ret_reason);
	case WA_ECHO:
		return wa_route_echo(w, event, ret_reason);
	case WA_STATUS:
		return wa_route_status(w, event, ret_reason);
	case WA_NUMBER_CHANGED:
	case WA_USER_ID_CHANGED:
		return wa_route_change(w, event, ret_reason);
	case WA_TEMPLATE:
	case WA_ACCOUNT:
		return wa_route_notice(w, event, webhook_id);
	case WA_OTHER:
	case WA_BAD:
		break;
	}
	return WA_USED;
}
