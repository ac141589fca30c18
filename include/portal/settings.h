/* The settings file of a machine: YAML, of which only the part is read that
 * can't be misread (no anchors, tags, or second documents; every value a text). */
#ifndef PORTAL_SETTINGS_H
#define PORTAL_SETTINGS_H

#include <stddef.h>
#include <stdint.h>

#include <portal/error.h>

struct arena;

/* Gets one setting; nested keys are joined by dots ("smtp.host"). A list is its
 * items, a line each. A failure gets the file, line and column of the key. */
typedef int portal_setting_visit(
	void *arg, const char *key, const char *value, struct portal_error *err);

/* Visits the settings of the file @path in its order; texts live in @arena. 1 when
 * it was read, 0 when there is no such file. PORTAL_FAILURE when it can't be read
 * (or has more than 1 MiB), PORTAL_INVALID_INPUT with line and column when it is
 * no such YAML. All settings are visited, also behind one that @visit fails for:
 * its failures are told together (portal_faults_end), with the hint of the first. */
int portal_settings_read(struct arena *arena, const char *path, portal_setting_visit *visit,
	void *arg, struct portal_error *err);

/* What sends: the settings of a machine under smtp and whatsapp, as they stand in the
 * file; NULL and 0 for what is not there. Files are paths: what is secret is in them.
 *
 * @smtp.host: of the mail server; NULL: there is none.
 * @smtp.port: 0: the usual one of @smtp.security, which is "starttls" (NULL), "tls" or
 *   "none".
 * @smtp.user: NULL: no login.
 * @smtp.from, @smtp.reply_to: addresses. @smtp.bounce_to: that of the envelope, where
 *   servers send back what they can't deliver; NULL: @smtp.from.
 * @smtp.ca_file: certificates to trust; NULL: those of the system.
 * @whatsapp.phone_number_id: the number that sends, as the Cloud API names it; NULL:
 *   there is none. @whatsapp.business_account_id: whose it is.
 * @whatsapp.token_file: what every call shows. @whatsapp.app_secret_file: what web hooks
 *   are signed with. @whatsapp.verify_token_file: what their handshake asks for.
 * @whatsapp.api_url: NULL: Meta's, of version 25.0. @whatsapp.ca_file: as that of smtp.
 * @whatsapp.templates: what the approved templates are called, in each language that the
 *   office's clients are written to in.
 *   @start: that which opens a conversation; NULL: conversar_agora.
 *   @closed: that which tells that a ticket is closed; NULL: atendimento_concluido.
 *   @document: that which brings a document; NULL: documento.
 * @timeout_seconds: how long the server may be silent, over WhatsApp how long a call may
 *   take; 0: 60. */
struct portal_senders {
	struct {
		const char *host;
		int64_t port;
		const char *security;
		const char *user;
		const char *password_file;
		const char *from;
		const char *reply_to;
		const char *bounce_to;
		int64_t timeout_seconds;
		const char *ca_file;
	} smtp;
	struct {
		const char *phone_number_id;
		const char *business_account_id;
		const char *token_file;
		const char *app_secret_file;
		const char *verify_token_file;
		const char *api_url;
		int64_t timeout_seconds;
		const char *ca_file;
		struct {
			const char *start;
			const char *closed;
			const char *document;
		} templates;
	} whatsapp;
};

/* The keys of what sends mails and messages ("smtp.host"), by index from 0; NULL
 * after the last. */
const char *portal_setting_key(size_t index);

/* Checks the value of such a key against its type: a name of a host, a number
 * within limits, a word, an e-mail address, the path of a file, an id of digits, the name
 * of a template, an address that begins with https:// (on this machine also http://). 1 when it
 * is right, 0 for any other key, PORTAL_INVALID or PORTAL_INVALID_EMAIL with the
 * key as field when it is wrong. */
int portal_setting_check(
	struct arena *arena, const char *key, const char *value, struct portal_error *err);

/* Puts such a value, which was found right, where it belongs; other keys change nothing.
 * Texts are copied into @arena. */
void portal_setting_take(
	struct arena *arena, const char *key, const char *value, struct portal_senders *senders);

#endif
