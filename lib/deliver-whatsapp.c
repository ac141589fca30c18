/* Messages over WhatsApp: what the outbox holds, as one call of the Cloud API. A file is
 * uploaded first, which reaches nobody yet and is done again where it fails. */
#include "deliver-private.h"

#include <string.h>

#include <portal/arena.h>
#include <portal/secret.h>
#include <portal/settings.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "file.h"
#include "net/whatsapp.h"
#include "portal-private.h"

/* With less time left a message is not begun: what is cut off is not known. */
enum { MESSAGE_MS_MIN = 1000 };

struct whatsapp_channel {
	struct portal *portal;
	struct whatsapp *client;
};

struct whatsapp_channel *whatsapp_channel_open(struct portal *portal,
	const struct portal_secret *token, struct arena *arena, struct portal_error *err)
{
	static const struct portal_senders nothing = { .smtp.host = NULL };
	const struct portal_senders *s =
		portal->options.senders ? portal->options.senders : &nothing;
	struct whatsapp_channel *channel = arena_new(arena, struct whatsapp_channel);
	const struct whatsapp_options options = { .api_url = s->whatsapp.api_url,
		.phone_number_id = s->whatsapp.phone_number_id,
		.token = token,
		.ca_file = s->whatsapp.ca_file,
		.timeout_seconds = s->whatsapp.timeout_seconds };

	if (!options.phone_number_id || !token || !token->len) {
		portal_fail(
			err, PORTAL_FAILURE, _("messages over WhatsApp need a number and a token"));
		portal_hint(err, _("set whatsapp.phone_number_id and whatsapp.token_file in the "
				   "settings file"));
		return NULL;
	}
	channel->portal = portal;
	channel->client = whatsapp_open(arena, &options, err);
	return channel->client ? channel : NULL;
}

static enum whatsapp_kind kind_of(const struct whatsapp_content *content)
{
	return content->template_name ? WHATSAPP_TEMPLATE : WHATSAPP_TEXT;
}

static void end(enum net_class class, const char *why, struct net_outcome *ret)
{
	*ret = (struct net_outcome){ .class = class, .ours = true };
	net_said(ret, why, strlen(why));
}

static void upload(struct whatsapp_channel *channel, const struct file *file, int64_t max_ms,
	struct whatsapp_upload *ret_upload, struct net_outcome *ret)
{
	_cleanup_fd_ int fd = -1;
	struct portal_error why = { 0 };

	if (file_open(channel->portal, file, &fd, &why) < 0) {
		/* Bytes that are gone or have changed will not come back. */
		end(why.code == PORTAL_DAMAGED ? NET_FAILED : NET_RETRY, why.message, ret);
		return;
	}
	whatsapp_upload(channel->client,
		&(struct whatsapp_file){ fd, file->size_bytes, file->media_type }, max_ms,
		ret_upload, ret);
}

/* The file of the message, where it has one: false where it has not arrived. */
static bool add_file(struct whatsapp_channel *channel, const struct file *file, int64_t max_ms,
	struct whatsapp_message *message, struct net_outcome *ret)
{
	struct whatsapp_upload *uploaded;

	if (!file)
		return true;
	uploaded = arena_new(portal_arena(channel->portal), struct whatsapp_upload);
	upload(channel, file, max_ms, uploaded, ret);
	message->kind = uploaded->kind;
	message->media_id = uploaded->id;
	message->file_name = file->name;
	return ret->class == NET_SENT;
}

void whatsapp_channel_send(struct whatsapp_channel *channel, const struct outbox_claim *claim,
	int64_t max_ms, struct net_outcome *ret)
{
	const int64_t end_ms = monotonic_ms() + max_ms;
	const struct whatsapp_content *content = claim->whatsapp;
	struct whatsapp_message message = { .kind = kind_of(content),
		.to = claim->recipient,
		.text = content->text,
		.template_name = content->template_name,
		.template_language = content->template_language,
		.parameters = content->parameters,
		.parameter_count = content->parameter_count,
		.payload = content->payload,
		.caption = content->caption,
		.reply_to_wamid = content->reply_to_wamid,
		.tracking_id = claim->id };

	if (!add_file(channel, content->file, max_ms, &message, ret))
		return;
	if (end_ms - monotonic_ms() < MESSAGE_MS_MIN)
		end(NET_RETRY, _("the time was over before it was sent"), ret);
	else
		whatsapp_send(channel->client, &message, end_ms - monotonic_ms(), ret);
}

void whatsapp_channel_close(struct whatsapp_channel *channel)
{
	if (channel)
		whatsapp_close(channel->client);
}
