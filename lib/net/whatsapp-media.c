/* Files: up in one call, down in two. */
#include "net/whatsapp-private.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <portal/arena.h>

#include "base/clock.h"
#include "base/i18n.h"

#define OFFICE "application/vnd.openxmlformats-officedocument."

enum { MB = 1024 * 1024 };

/* What Meta takes: a type, under which it is sent, the end of the name by which Meta knows
 * it, what it becomes, and how big it may be. */
static const struct media_type {
	const char *type, *sent_as, *suffix;
	enum whatsapp_kind kind;
	int64_t max_bytes;
} media_types[] = {
	{ "image/jpeg", "image/jpeg", "jpg", WHATSAPP_IMAGE, 5 * MB },
	{ "image/png", "image/png", "png", WHATSAPP_IMAGE, 5 * MB },
	{ "application/pdf", "application/pdf", "pdf", WHATSAPP_DOCUMENT, 100 * MB },
	{ "text/plain", "text/plain", "txt", WHATSAPP_DOCUMENT, 100 * MB },
	/* It is text, and keeps its name. */
	{ "application/xml", "text/plain", "txt", WHATSAPP_DOCUMENT, 100 * MB },
	{ "application/msword", "application/msword", "doc", WHATSAPP_DOCUMENT, 100 * MB },
	{ "application/vnd.ms-excel", "application/vnd.ms-excel", "xls", WHATSAPP_DOCUMENT,
		100 * MB },
	{ "application/vnd.ms-powerpoint", "application/vnd.ms-powerpoint", "ppt",
		WHATSAPP_DOCUMENT, 100 * MB },
	{ OFFICE "wordprocessingml.document", OFFICE "wordprocessingml.document", "docx",
		WHATSAPP_DOCUMENT, 100 * MB },
	{ OFFICE "spreadsheetml.sheet", OFFICE "spreadsheetml.sheet", "xlsx", WHATSAPP_DOCUMENT,
		100 * MB },
	{ OFFICE "presentationml.presentation", OFFICE "presentationml.presentation", "pptx",
		WHATSAPP_DOCUMENT, 100 * MB },
	{ "audio/ogg", "audio/ogg", "ogg", WHATSAPP_VOICE, 16 * MB },
	{ "audio/aac", "audio/aac", "aac", WHATSAPP_AUDIO, 16 * MB },
	{ "audio/amr", "audio/amr", "amr", WHATSAPP_AUDIO, 16 * MB },
	{ "audio/mpeg", "audio/mpeg", "mp3", WHATSAPP_AUDIO, 16 * MB },
	{ "audio/mp4", "audio/mp4", "m4a", WHATSAPP_AUDIO, 16 * MB },
	{ "video/mp4", "video/mp4", "mp4", WHATSAPP_VIDEO, 16 * MB },
	{ "video/3gpp", "video/3gpp", "3gp", WHATSAPP_VIDEO, 16 * MB },
};

/* The first page of an OGG file begins with 28 bytes of its own, and then OPUS with its
 * name, a version, and how many channels there are (RFC 7845, 5.1). */
enum { OGG_HEAD = 28, OPUS_CHANNELS = OGG_HEAD + 9, OPUS_HEAD = OPUS_CHANNELS + 1 };

static bool is_voice(int fd)
{
	char head[OPUS_HEAD];

	return pread(fd, head, sizeof(head), 0) == (ssize_t)sizeof(head) &&
	       !memcmp(head, "OggS", 4) && !memcmp(head + OGG_HEAD, "OpusHead", 8) &&
	       head[OPUS_CHANNELS] == 1;
}

static const struct media_type *find_type(const char *type)
{
	for (size_t i = 0; i < sizeof(media_types) / sizeof(*media_types); i++)
		if (!strcmp(media_types[i].type, type))
			return &media_types[i];
	return NULL;
}

/* What it is to WhatsApp; NULL, and why, where it would be refused. */
static const struct media_type *need_type(
	struct arena *arena, const struct whatsapp_file *file, struct net_outcome *ret)
{
	const struct media_type *type = find_type(file->media_type);

	if (!type)
		whatsapp_refuse(arena_printf(arena, _("WhatsApp takes no files of the type '%s'"),
					file->media_type),
			ret);
	else if (file->size_bytes > type->max_bytes)
		whatsapp_refuse(arena_printf(arena,
					_("WhatsApp takes %lld MB of '%s', and the file has more"),
					(long long)(type->max_bytes / MB), file->media_type),
			ret);
	else if (file->size_bytes < 1)
		whatsapp_refuse(_("WhatsApp takes no empty files"), ret);
	else if (type->kind == WHATSAPP_VOICE && !is_voice(file->fd))
		whatsapp_refuse(
			_("WhatsApp takes OGG with OPUS of one channel, and no other OGG"), ret);
	else
		return type;
	return NULL;
}

bool whatsapp_is_media_id(const char *text)
{
	const size_t len = strspn(text, "0123456789-_abcdefghijklmnopqrstuvwxyz"
					"ABCDEFGHIJKLMNOPQRSTUVWXYZ");

	return len > 0 && len < WHATSAPP_ID_MAX && !text[len];
}

static void upload(struct whatsapp *whatsapp, struct arena *arena,
	const struct http_request *request, char ret_id[WHATSAPP_ID_MAX], struct net_outcome *ret)
{
	const struct json *tree = NULL;
	const char *id;

	whatsapp_call(whatsapp, arena, request, WHATSAPP_REPEATABLE, &tree, ret);
	if (ret->class != NET_SENT)
		return;
	id = json_text(json_get(tree, "id"));
	if (id && whatsapp_is_media_id(id))
		memcpy(ret_id, id, strlen(id) + 1);
	else
		whatsapp_miss(WHATSAPP_REPEATABLE, ret);
}

void whatsapp_upload(struct whatsapp *whatsapp, const struct whatsapp_file *file, int64_t max_ms,
	struct whatsapp_upload *ret_upload, struct net_outcome *ret)
{
	struct arena arena = { .out_of_memory = whatsapp->arena->out_of_memory };
	const struct media_type *type = need_type(&arena, file, ret);

	*ret_upload = (struct whatsapp_upload){ .id = "" };
	if (type) {
		const struct http_field fields[] = { { "messaging_product", "whatsapp" },
			{ "type", type->sent_as }, { NULL, NULL } };
		const struct http_form form = { .fields = fields,
			.file_field = "file",
			.file_name = arena_printf(&arena, "file.%s", type->suffix),
			.media_type = type->sent_as,
			.fd = file->fd,
			.size_bytes = file->size_bytes };
		const struct http_request request = {
			.url = arena_printf(&arena, "%s/%s/media", whatsapp->base,
				whatsapp->options.phone_number_id),
			.form = &form,
			.max_ms = max_ms,
		};

		ret_upload->kind = type->kind;
		upload(whatsapp, &arena, &request, ret_upload->id, ret);
	}
	arena_release(&arena);
}

/* The value of a digit of hex, or of base64 (RFC 4648, 4); -1 for any other. */
static int digit(char c, const char *digits)
{
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

static bool read_hex(const char *text, char ret[65])
{
	static const char hex[] = "0123456789abcdef";

	for (int i = 0; i < 64; i++) {
		const char c = text[i] >= 'A' && text[i] <= 'F' ? (char)(text[i] + 32) : text[i];

		if (digit(c, hex) < 0)
			return false;
		ret[i] = c;
	}
	ret[64] = '\0';
	return text[64] == '\0';
}

/* 32 bytes are 43 digits of six bits, of which the last two count for nothing, and "=". */
static bool read_base64(const char *text, char ret[65])
{
	static const char base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				     "0123456789+/";
	static const char hex[] = "0123456789abcdef";
	uint32_t bits = 0;
	int have = 0, len = 0;

	for (int i = 0; i < 43; i++) {
		const int value = digit(text[i], base64);

		if (value < 0)
			return false;
		bits = bits << 6 | (uint32_t)value;
		for (have += 6; have >= 4 && len < 64; have -= 4)
			ret[len++] = hex[bits >> (have - 4) & 15];
	}
	ret[64] = '\0';
	return !strcmp(text + 43, "=") && (bits & 3) == 0;
}

bool whatsapp_read_hash(const char *text, char ret[65])
{
	const size_t len = strlen(text);

	if ((len == 64 && read_hex(text, ret)) || (len == 44 && read_base64(text, ret)))
		return true;
	ret[0] = '\0';
	return false;
}

/* A number, or its digits in a text. */
static int64_t size_of(const struct json *value)
{
	const char *text = json_text(value);
	int64_t size = -1;

	if (json_int64(value, &size))
		return size;
	if (text && *text && strspn(text, "0123456789") == strlen(text) && strlen(text) <= 15)
		return strtoll(text, NULL, 10);
	return -1;
}

static void describe(const struct json *tree, struct whatsapp_download *ret)
{
	const char *hash = json_text(json_get(tree, "sha256"));
	const char *type = json_text(json_get(tree, "mime_type"));

	*ret = (struct whatsapp_download){ .size_bytes = size_of(json_get(tree, "file_size")) };
	if (hash)
		whatsapp_read_hash(hash, ret->sha256);
	if (type && strlen(type) < sizeof(ret->media_type))
		memcpy(ret->media_type, type, strlen(type) + 1);
}

/* The first of two: where the file lies, for five minutes. NULL where that is not known. */
static const char *find_url(struct whatsapp *whatsapp, struct arena *arena, const char *media_id,
	int64_t max_ms, struct whatsapp_download *ret_download, struct net_outcome *ret)
{
	const struct http_request request = {
		.url = arena_printf(arena, "%s/%s?phone_number_id=%s", whatsapp->base, media_id,
			whatsapp->options.phone_number_id),
		.max_ms = whatsapp_call_ms(whatsapp, max_ms),
	};
	const struct json *tree = NULL;
	const char *url;

	whatsapp_call(whatsapp, arena, &request, WHATSAPP_REPEATABLE, &tree, ret);
	if (ret->class != NET_SENT)
		return NULL;
	describe(tree, ret_download);
	url = json_text(json_get(tree, "url"));
	if (!url)
		whatsapp_miss(WHATSAPP_REPEATABLE, ret);
	return url;
}

static void say_too_big(struct arena *arena, int64_t max_bytes, struct net_outcome *ret)
{
	whatsapp_refuse(
		arena_printf(arena, _("the file has more than %lld bytes"), (long long)max_bytes),
		ret);
}

/* The second of two, which is no call of the API: its answers are files. */
static void fetch(struct whatsapp *whatsapp, struct arena *arena, const char *url,
	const struct whatsapp_sink *sink, struct net_outcome *ret)
{
	const struct http_request request = { .url = url,
		.save = true,
		.save_fd = sink->fd,
		.save_max_bytes = sink->max_bytes,
		.max_ms = sink->max_ms };
	const struct json *unread = NULL;
	struct http_answer answer;

	whatsapp_ask(whatsapp, arena, &request, &answer);
	if (answer.end == HTTP_TOO_BIG) {
		say_too_big(arena, sink->max_bytes, ret);
		return;
	}
	whatsapp_judge(arena, &answer, whatsapp->options.phone_number_id, WHATSAPP_REPEATABLE,
		&unread, ret);
	if (answer.end != HTTP_ANSWERED)
		return;
	if (answer.status == 200)
		*ret = (struct net_outcome){ .class = NET_SENT, .code = 200 };
	else if (ret->class == NET_SENT)
		whatsapp_miss(WHATSAPP_REPEATABLE, ret);
	else if (answer.status == 404)
		ret->class = NET_FAILED;
}

static void empty(const struct whatsapp_sink *sink, struct net_outcome *ret)
{
	if (ftruncate(sink->fd, 0) == 0 && lseek(sink->fd, 0, SEEK_SET) == 0)
		return;
	whatsapp_refuse(strerror(errno), ret);
	ret->class = NET_RETRY;
}

static void download(struct whatsapp *whatsapp, struct arena *arena, const char *media_id,
	const struct whatsapp_sink *sink, struct whatsapp_download *ret_download,
	struct net_outcome *ret)
{
	const int64_t began = monotonic_ms();
	const char *url = find_url(whatsapp, arena, media_id, sink->max_ms, ret_download, ret);
	struct whatsapp_sink rest = *sink;

	if (!url)
		return;
	if (ret_download->size_bytes > sink->max_bytes) {
		say_too_big(arena, sink->max_bytes, ret);
		return;
	}
	if (!http_is_trusted(whatsapp->http, url)) {
		whatsapp_refuse(_("the file lies with a host that the token is not for"), ret);
		return;
	}
	rest.max_ms -= monotonic_ms() - began;
	empty(sink, ret);
	if (ret->class == NET_SENT)
		fetch(whatsapp, arena, url, &rest, ret);
}

void whatsapp_download(struct whatsapp *whatsapp, const char *media_id,
	const struct whatsapp_sink *sink, struct whatsapp_download *ret_download,
	struct net_outcome *ret)
{
	struct arena arena = { .out_of_memory = whatsapp->arena->out_of_memory };
	const int64_t end_ms = monotonic_ms() + sink->max_ms;
	struct whatsapp_sink rest = *sink;

	*ret_download = (struct whatsapp_download){ .size_bytes = -1 };
	if (!whatsapp_is_media_id(media_id)) {
		whatsapp_refuse(_("that can't be the id of a file"), ret);
		return;
	}
	download(whatsapp, &arena, media_id, &rest, ret_download, ret);
	rest.max_ms = end_ms - monotonic_ms();
	/* An address is good for five minutes alone: a new one may lead there. */
	if (ret->class == NET_FAILED && ret->code == 404 && rest.max_ms > 0)
		download(whatsapp, &arena, media_id, &rest, ret_download, ret);
	arena_release(&arena);
}
