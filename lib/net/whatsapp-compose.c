/* The bodies of calls, as JSON. */
#include "net/whatsapp-private.h"

#include <string.h>

#include "text/writer.h"

enum { FILE_NAME_BYTES_MAX = 240 };

static const char *const types[] = {
	[WHATSAPP_TEXT] = "text",
	[WHATSAPP_TEMPLATE] = "template",
	[WHATSAPP_IMAGE] = "image",
	[WHATSAPP_VIDEO] = "video",
	[WHATSAPP_AUDIO] = "audio",
	[WHATSAPP_VOICE] = "audio",
	[WHATSAPP_DOCUMENT] = "document",
};

static void put_parameters(struct buf *buf, const struct whatsapp_message *message)
{
	buf_str(buf, "{\"type\":\"body\",\"parameters\":[");
	for (int64_t i = 0; i < message->parameter_count; i++) {
		if (i)
			buf_char(buf, ',');
		buf_str(buf, "{\"type\":\"text\"");
		json_put_member(buf, "text", message->parameters[i]);
		buf_char(buf, '}');
	}
	buf_str(buf, "]}");
}

static void put_button(struct buf *buf, const char *payload)
{
	buf_str(buf, "{\"type\":\"button\",\"sub_type\":\"quick_reply\",\"index\":\"0\","
		     "\"parameters\":[{\"type\":\"payload\"");
	json_put_member(buf, "payload", payload);
	buf_str(buf, "}]}");
}

static void put_template(struct buf *buf, const struct whatsapp_message *message)
{
	buf_str(buf, "{\"name\":");
	json_put_string(buf, message->template_name);
	buf_str(buf, ",\"language\":{\"code\":");
	json_put_string(buf, message->template_language);
	buf_str(buf, "},\"components\":[");
	if (message->parameter_count)
		put_parameters(buf, message);
	if (message->parameter_count && message->payload)
		buf_char(buf, ',');
	if (message->payload)
		put_button(buf, message->payload);
	buf_str(buf, "]}");
}

/* Of a long name the end, which has the suffix. */
static const char *name_end(const char *name)
{
	const size_t len = strlen(name);

	if (len <= FILE_NAME_BYTES_MAX)
		return name;
	for (name += len - FILE_NAME_BYTES_MAX; (*name & 0xc0) == 0x80;)
		name++;
	return name;
}

static void put_media(struct buf *buf, const struct whatsapp_message *message)
{
	const enum whatsapp_kind kind = message->kind;

	buf_str(buf, "{\"id\":");
	json_put_string(buf, message->media_id);
	if (message->caption && kind != WHATSAPP_AUDIO && kind != WHATSAPP_VOICE)
		json_put_member(buf, "caption", message->caption);
	if (message->file_name && kind == WHATSAPP_DOCUMENT)
		json_put_member(buf, "filename", name_end(message->file_name));
	if (kind == WHATSAPP_VOICE)
		buf_str(buf, ",\"voice\":true");
	buf_char(buf, '}');
}

static void put_content(struct buf *buf, const struct whatsapp_message *message)
{
	buf_printf(buf, ",\"%s\":", types[message->kind]);
	if (message->kind == WHATSAPP_TEXT) {
		/* A preview would open the links, and some open but once. */
		buf_str(buf, "{\"preview_url\":false");
		json_put_member(buf, "body", message->text);
		buf_char(buf, '}');
	} else if (message->kind == WHATSAPP_TEMPLATE) {
		put_template(buf, message);
	} else {
		put_media(buf, message);
	}
}

void whatsapp_put_message(struct buf *buf, const struct whatsapp_message *message)
{
	buf_str(buf, "{\"messaging_product\":\"whatsapp\",\"recipient_type\":\"individual\"");
	json_put_member(buf, *message->to == '+' ? "to" : "recipient", message->to);
	json_put_member(buf, "type", types[message->kind]);
	put_content(buf, message);
	if (message->reply_to_wamid) {
		buf_str(buf, ",\"context\":{\"message_id\":");
		json_put_string(buf, message->reply_to_wamid);
		buf_char(buf, '}');
	}
	buf_printf(buf, ",\"biz_opaque_callback_data\":\"%lld\"}", (long long)message->tracking_id);
}

void whatsapp_put_read_mark(struct buf *buf, const char *wamid)
{
	buf_str(buf, "{\"messaging_product\":\"whatsapp\",\"status\":\"read\"");
	json_put_member(buf, "message_id", wamid);
	buf_char(buf, '}');
}
