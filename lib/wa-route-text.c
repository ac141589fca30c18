/* What people read of what comes over WhatsApp, in the language of the portal. */
#include <string.h>

#include "base/utf8.h"
#include "wa-route-private.h"

enum { BODY_MAX = 60000, SUBJECT_MAX = 80, NAME_MAX_BYTES = 100 };

/* The words for what has no text of its own; @above: they stand above the text, too. */
struct label {
	const char *type, *portuguese, *english;
	bool above;
};

static const struct label labels[] = {
	{ "image", "Imagem", "Image", false },
	{ "video", "Vídeo", "Video", false },
	{ "audio", "Áudio", "Audio", false },
	{ "document", "Documento", "Document", false },
	{ "sticker", "Figurinha", "Sticker", false },
	{ "location", "Localização", "Location", true },
	{ "contacts", "Contato", "Contact", true },
	{ "order", "Pedido", "Order", true },
	{ "text", "Mensagem sem texto", "Message without text", false },
	{ "button", "Botão", "Button", false },
	{ "interactive", "Resposta sem texto", "Answer without text", false },
	{ NULL, "Mensagem de um tipo que só o WhatsApp mostra",
		"Message of a kind that only WhatsApp shows", true },
};

static const struct label voice = { NULL, "Mensagem de voz", "Voice message", false };
static const struct label no_reaction = { NULL, "Reação retirada", "Reaction taken back", false };
static const struct label edited = { NULL, "Mensagem editada", "Message edited", true };
static const struct label revoked = { NULL, "Mensagem apagada", "Message deleted", false };

static const struct label *label_of(const struct wa_event *event)
{
	const struct label *label = labels;

	if (event->kind == WA_REACTION)
		return &no_reaction;
	if (event->kind == WA_EDIT || !strcmp(event->type, "edit"))
		return &edited;
	if (event->kind == WA_REVOKE || !strcmp(event->type, "revoke"))
		return &revoked;
	if (event->media.voice)
		return &voice;
	while (label->type && strcmp(label->type, event->type) != 0)
		label++;
	return label;
}

/* How many of these @len bytes come before the first character that shows something. */
static size_t invisible(const char *text, size_t len)
{
	uint32_t character;
	size_t at = 0, n;

	while ((n = utf8_next(text + at, len - at, &character)) > 0 && utf8_is_invisible(character))
		at += n;
	return at;
}

/* Without what messages may not hold: controls go, but for the ends of lines. */
static const char *clean(struct work *w, const char *text, size_t most)
{
	const size_t len = text ? utf8_cut(text, most) : 0;
	char *kept = arena_alloc(w->arena, len + 1), *to = kept;
	uint32_t character;

	for (size_t i = 0, n; i < len; i += n) {
		n = utf8_next(text + i, len - i, &character);
		if (!n)
			break;
		if (character == '\t')
			*to++ = ' ';
		else if (character == '\n' ||
			 (character >= ' ' && (character < 0x7f || character > 0x9f))) {
			memcpy(to, text + i, n);
			to += n;
		}
	}
	while (to > kept && (to[-1] == ' ' || to[-1] == '\n'))
		*--to = '\0';
	return kept[invisible(kept, strlen(kept))] ? kept : "";
}

const char *wa_line(struct work *w, const char *text, size_t most)
{
	char *line = arena_strdup(w->arena, clean(w, text, most));

	for (char *c = line; *c; c++)
		if (*c == '\n')
			*c = ' ';
	while (*line == ' ')
		line++;
	return line;
}

static const char *labelled(
	struct work *w, const struct label *label, const char *text, const char *file_name)
{
	const char *words = work_language(w)[0] == 'p' ? label->portuguese : label->english;

	if (*text && !label->above)
		return text;
	if (*text)
		return arena_printf(w->arena, "%s:\n%s", words, text);
	return file_name ? arena_printf(w->arena, "%s: %s", words, wa_line(w, file_name, 200))
			 : words;
}

const char *wa_body(struct work *w, const struct wa_event *event)
{
	const char *text = clean(w, event->text, BODY_MAX);
	const char *body = labelled(w, label_of(event), text, event->media.file_name);

	if (!event->error.code || !event->error.details)
		return body;
	return arena_printf(w->arena, "%s\n(%s)", body, wa_line(w, event->error.details, 500));
}

const char *wa_subject(struct work *w, const char *body)
{
	const char *shown = body + invisible(body, strlen(body));
	const size_t line = strcspn(shown, "\n"), len = utf8_cut(shown, SUBJECT_MAX);
	const char *subject = line <= len ? arena_strndup(w->arena, shown, line)
					  : arena_printf(w->arena, "%.*s…", (int)len, shown);

	return ticket_tagged_subject(w, subject, "whatsapp");
}
