/* Mails: what the outbox holds, as a message, to a server or into a Maildir. */
#include "deliver-private.h"

#include <string.h>

#include <portal/arena.h>
#include <portal/settings.h>

#include "base/i18n.h"
#include "base/utf8.h"
#include "net/maildir.h"
#include "net/mime.h"
#include "net/smtp.h"
#include "portal-private.h"
#include "text/mail-html.h"

/* Where answers to a portal without an address go: a name that never is one (RFC 2606). */
#define NOBODY "nao-responda@portalctl.invalid"

struct mail_channel {
	const struct portal_senders *senders;
	const struct portal_secret *password;
	struct arena *arena;
	const char *folder; /* NULL: through @smtp */
	const char *from;
	struct smtp *smtp;
};

static const char *domain_of(const char *address)
{
	return strrchr(address, '@') + 1;
}

static bool is_local(const char *host)
{
	return !strcmp(host, "localhost") || !strcmp(host, "127.0.0.1") || !strcmp(host, "::1");
}

static struct smtp *open_smtp(struct mail_channel *mail, struct portal_error *err)
{
	const struct portal_senders *s = mail->senders;
	const struct smtp_options options = { .host = s->smtp.host,
		.port = (int)s->smtp.port,
		.security = s->smtp.security ? s->smtp.security : "starttls",
		.user = s->smtp.user,
		.password = mail->password,
		.ca_file = s->smtp.ca_file,
		.helo = domain_of(mail->from),
		.timeout_seconds = s->smtp.timeout_seconds };

	if (!strcmp(options.security, "none") && !is_local(options.host)) {
		portal_fail(err, PORTAL_INVALID,
			_("mails to '%s' would go out without TLS, which only this machine may "
			  "get"),
			options.host);
		portal_hint(err, _("set smtp.security to starttls or tls"));
		return NULL;
	}
	return smtp_open(mail->arena, &options, err);
}

struct mail_channel *mail_open(struct portal *portal, const struct portal_secret *password,
	struct arena *arena, struct portal_error *err)
{
	static const struct portal_senders nothing = { .smtp.host = NULL };
	struct mail_channel *mail = arena_new(arena, struct mail_channel);

	mail->senders = portal->options.senders ? portal->options.senders : &nothing;
	mail->password = password;
	mail->arena = arena;
	mail->from = email_parse(
		arena, mail->senders->smtp.from ? mail->senders->smtp.from : NOBODY, err);
	if (!mail->from)
		return NULL;
	if (mail->senders->smtp.host)
		mail->smtp = open_smtp(mail, err);
	else
		mail->folder = arena_printf(arena, "%s.mail", portal->options.db);
	return mail->folder || mail->smtp ? mail : NULL;
}

/* A text that would be too long as HTML goes out as it is. */
static const char *html_of(
	const struct outbox_claim *claim, struct arena *arena, struct portal_error *err)
{
	const struct mail_html mail = { .language = claim->language,
		.office = claim->office_name,
		.subject = claim->text.subject,
		.text = claim->text.body };
	const char *html = NULL;

	if (mail_html_make(arena, &mail, &html, err) < 0 || strlen(html) > MIME_TEXT_BYTES_MAX)
		return NULL;
	return html;
}

static int compose(struct mail_channel *mail, const struct outbox_claim *claim, struct arena *arena,
	struct mime **ret, struct portal_error *err)
{
	const char *domain = domain_of(mail->from), *html = html_of(claim, arena, err);
	const struct mime_message message = {
		.from = { claim->office_name, mail->from },
		.to = { NULL, claim->recipient },
		.reply_to = { NULL, mail->senders->smtp.reply_to },
		.subject = claim->text.subject,
		.date = claim->first_attempt_at,
		.zone_offset_minutes = claim->zone_offset_minutes,
		.message_id = arena_printf(
			arena, "%lld.%s@%s", (long long)claim->id, claim->portal_id, domain),
		.boundary_seed = (uint64_t)claim->id,
		.list_id = arena_printf(arena, "portal.%s", domain),
		.author = MIME_AUTO_GENERATED,
		.text = claim->text.body,
		.text_len = strlen(claim->text.body),
		.html = html,
		.html_len = html ? strlen(html) : 0,
	};

	return mime_compose(arena, &message, ret, err);
}

/* A message that can't be composed will never be. */
static void refuse(const struct portal_error *err, struct net_outcome *ret)
{
	*ret = (struct net_outcome){ .class = NET_FAILED };
	net_said(ret, err->message, strlen(err->message));
}

void mail_send(struct mail_channel *mail, const struct outbox_claim *claim, int64_t max_ms,
	struct net_outcome *ret)
{
	struct arena arena = { .out_of_memory = mail->arena->out_of_memory };
	struct portal_error why = { 0 };
	struct mime *message = NULL;

	if (compose(mail, claim, &arena, &message, &why) < 0)
		refuse(&why, ret);
	else if (mail->folder)
		maildir_put(&arena, mail->folder,
			arena_printf(&arena, "%lld.%s", (long long)claim->id, claim->portal_id),
			message, ret);
	else
		smtp_send(mail->smtp, mail->from, claim->recipient, message, max_ms, ret);
	arena_release(&arena);
}

void mail_close(struct mail_channel *mail)
{
	if (mail)
		smtp_close(mail->smtp);
}
