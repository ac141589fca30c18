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
	struct portal *portal;
	const struct portal_senders *senders;
	const struct portal_secret *password;
	struct arena *arena;
	const char *folder; /* NULL: through @smtp */
	const char *from, *bounce_to;
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
	if (!s->smtp.from) {
		portal_fail(err, PORTAL_INVALID,
			_("mails to '%s' need an address that they come from"), options.host);
		portal_hint(err, _("set smtp.from"));
		return NULL;
	}
	return smtp_open(mail->arena, &options, err);
}

struct mail_channel *mail_open(struct portal *portal, const struct portal_secret *password,
	struct arena *arena, struct portal_error *err)
{
	static const struct portal_senders nothing = { .smtp.host = NULL };
	struct mail_channel *mail = arena_new(arena, struct mail_channel);

	mail->portal = portal;
	mail->senders = portal->options.senders ? portal->options.senders : &nothing;
	mail->password = password;
	mail->arena = arena;
	mail->from = email_parse(
		arena, mail->senders->smtp.from ? mail->senders->smtp.from : NOBODY, err);
	mail->bounce_to = mail->from;
	if (mail->from && mail->senders->smtp.bounce_to)
		mail->bounce_to = email_parse(arena, mail->senders->smtp.bounce_to, err);
	if (!mail->from || !mail->bounce_to)
		return NULL;
	if (mail->senders->smtp.host)
		mail->smtp = open_smtp(mail, err);
	else
		mail->folder = arena_printf(arena, "%s.mail", portal->options.db);
	return mail->folder || mail->smtp ? mail : NULL;
}

/* One message on its way out. */
struct letter {
	const struct outbox_claim *claim;
	struct mail_files files;
	struct arena arena;
};

/* A text that would be too long as HTML goes out as it is. */
static const char *html_of(struct letter *letter, struct portal_error *err)
{
	const struct mail_html mail = { .language = letter->claim->language,
		.office = letter->claim->office_name,
		.subject = letter->files.text.subject,
		.text = letter->files.text.body };
	const char *html = NULL;

	if (mail_html_make(&letter->arena, &mail, &html, err) < 0)
		return NULL;
	return strlen(html) > MIME_TEXT_BYTES_MAX ? NULL : html;
}

static int compose(struct mail_channel *mail, struct letter *letter, struct mime **ret,
	struct portal_error *err)
{
	const struct outbox_claim *claim = letter->claim;
	const char *domain = domain_of(mail->from), *html = html_of(letter, err);
	const char *text = letter->files.text.body;
	const struct mime_message message = {
		.from = { claim->office_name, mail->from },
		.to = { NULL, claim->recipient },
		.reply_to = { NULL, mail->senders->smtp.reply_to },
		.subject = letter->files.text.subject,
		.date = claim->first_attempt_at,
		.zone_offset_minutes = claim->zone_offset_minutes,
		.message_id = arena_printf(&letter->arena, "%lld.%s@%s", (long long)claim->id,
			claim->portal_id, domain),
		.boundary_seed = (uint64_t)claim->id,
		.list_id = arena_printf(&letter->arena, "portal.%s", domain),
		.author = MIME_AUTO_GENERATED,
		.text = text,
		.text_len = strlen(text),
		.html = html,
		.html_len = html ? strlen(html) : 0,
		.attachments = letter->files.attachments,
		.attachment_count = letter->files.count,
	};

	return mime_compose(&letter->arena, &message, ret, err);
}

static void end(enum net_class class, const struct portal_error *err, struct net_outcome *ret)
{
	*ret = (struct net_outcome){ .class = class, .ours = true };
	net_said(ret, err->message, strlen(err->message));
}

/* A machine that is out of something may have it later; a file that is not there, or not
 * for whom the mail is, is a matter for people. */
static bool open_files(struct mail_channel *mail, struct letter *letter, struct net_outcome *ret)
{
	struct portal_error why = { 0 };

	if (mail_files_open(mail->portal, letter->claim, &letter->arena, &letter->files, &why) >= 0)
		return true;
	end(why.code == PORTAL_DAMAGED || why.code == PORTAL_WRONG_STATE ? NET_FAILED : NET_RETRY,
		&why, ret);
	return false;
}

/* A message that can't be composed will never be. */
static void compose_and_send(
	struct mail_channel *mail, struct letter *letter, int64_t max_ms, struct net_outcome *ret)
{
	const struct outbox_claim *claim = letter->claim;
	struct portal_error why = { 0 };
	struct mime *message = NULL;

	if (compose(mail, letter, &message, &why) < 0)
		end(NET_FAILED, &why, ret);
	else if (mail->folder)
		maildir_put(&letter->arena, mail->folder,
			arena_printf(
				&letter->arena, "%lld.%s", (long long)claim->id, claim->portal_id),
			message, ret);
	else
		smtp_send(mail->smtp, mail->bounce_to, claim->recipient, message, max_ms, ret);
}

void mail_send(struct mail_channel *mail, const struct outbox_claim *claim, int64_t max_ms,
	struct net_outcome *ret)
{
	struct letter letter = { .claim = claim,
		.arena.out_of_memory = mail->arena->out_of_memory };

	if (open_files(mail, &letter, ret))
		compose_and_send(mail, &letter, max_ms, ret);
	mail_files_close(&letter.files);
	arena_release(&letter.arena);
}

void mail_close(struct mail_channel *mail)
{
	if (mail)
		smtp_close(mail->smtp);
}
