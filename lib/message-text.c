/* Messages in words, the same wherever people read them (S5, S7). */
#include <string.h>

#include <portal/arena.h>
#include <portal/wa.h>
#include <portal/message.h>
#include <portal/ticket.h>

#include "base/i18n.h"

#define TICK "\xe2\x9c\x93"

const char *message_author_text(const struct message *message)
{
	return message->author_name ? message->author_name : _("the office");
}

const char *message_way_text(const struct message *message)
{
	static const struct portal_word ways[] = { { "whatsapp", N_("via WhatsApp") },
		{ "app", N_("via app") }, { "email", N_("via e-mail") },
		{ "office", N_("via the office") }, { NULL, NULL } };

	return message->via ? portal_word_text(ways, message->via) : NULL;
}

/* Ticks as people know them from WhatsApp, and the word for those who don't. */
const char *message_delivery_text(struct arena *arena, const struct message *message)
{
	static const struct portal_word ticks[] = { { "sent", TICK " " },
		{ "delivered", TICK TICK " " }, { "read", TICK TICK " " },
		{ "played", TICK TICK " " }, { NULL, NULL } };
	const char *delivery = message->delivery;

	if (!delivery)
		return NULL;
	return arena_printf(arena, "%s%s",
		portal_word_known(ticks, delivery) ? portal_word_label(ticks, delivery) : "",
		portal_word_text(message_deliveries, delivery));
}

static const char *conversation_event_text(
	struct arena *arena, const struct message *m, const char *by)
{
	if (!strcmp(m->event, "conversation_ended") && m->event_to)
		return arena_printf(arena, _("conversation over WhatsApp ended: %s"),
			portal_word_text(conversation_reasons, m->event_to));
	if (!strcmp(m->event, "conversation_answered"))
		return _("the client answered over WhatsApp");
	if (m->event_to && !strcmp(m->event_to, "awaiting_client"))
		return arena_printf(arena, _("client asked over WhatsApp whether to talk %s"), by);
	return arena_printf(arena, _("conversation over WhatsApp started %s"), by);
}

static const char *by_text(struct arena *arena, const struct message *m)
{
	if (m->author_name)
		return arena_printf(arena, _("by %s"), m->author_name);
	return m->automatic ? _("automatically") : _("by the office");
}

/* States have words of their own, all else people wrote. */
const char *message_event_text(struct arena *arena, const struct message *m)
{
	const char *by = by_text(arena, m);
	const char *to = m->event_to;

	if (!strcmp(m->event, "opened"))
		return arena_printf(arena, _("conversation opened %s"), by);
	if (!strcmp(m->event, "assigned"))
		return arena_printf(
			arena, _("assignee changed to %s %s"), to ? to : _("nobody"), by);
	if (!strcmp(m->event, "status") && to)
		return arena_printf(arena, _("status changed to %s %s"),
			portal_word_text(ticket_statuses, to), by);
	if (!strcmp(m->event, "merged") && m->event_from)
		return arena_printf(
			arena, _("ticket %s merged into this one %s"), m->event_from, by);
	if (!strcmp(m->event, "rated") && to)
		return arena_printf(
			arena, _("rated %s of 5 %s"), to, m->author_name ? by : _("by the client"));
	if (!strcmp(m->event, "number") && to)
		return arena_printf(arena, _("the client's number changed to %s"), to);
	if (!strncmp(m->event, "conversation_", strlen("conversation_")))
		return conversation_event_text(arena, m, by);
	return arena_printf(arena, _("%s to %s %s"), portal_word_text(message_events, m->event),
		to ? to : _("nothing"), by);
}
