/* Documents that the office publishes to companies (D1 to D4): kept once by content,
 * opened by a link or in the client's area, and every opening is written down. Who
 * may see a company's documents are its users, those of its group (U10) and the
 * office; collaborators where the section "documents" is switched on (U5).
 *
 * Publishing, sending, links, the log and withdrawing are the office's. A document that
 * the actor may see, but not do this with, is PORTAL_DENIED; one that may not be
 * seen PORTAL_NOT_FOUND. */
#ifndef PORTAL_DOCUMENT_H
#define PORTAL_DOCUMENT_H

#include <portal/portal.h>
#include <portal/secret.h>

/* A document. Its texts live in the portal's arena, in lists until the next row.
 *
 * @id: counted from 1, never used again.
 * @company_tax_id, @company_name: to whom it was published.
 * @title: what people call it. @kind: the office's own word ("DAS"); NULL: none.
 * @competence: the month it is about, "2026-10"; NULL: none.
 * @due_on: "2026-11-20"; NULL: none. @amount_cents: an integer; null: none.
 * @file_name: a label, never a path. @media_type: by the content.
 * @sha256: of the bytes, lower-case hex.
 * @attachments: a JSON array of objects: position (from 1), name, media_type,
 *   size_bytes, sha256.
 * @login_required: by the company's document_login, else by the office's.
 * @status: a word of document_statuses.
 * @published_at: when; it does not change any more.
 * @opened_count, @last_opened_at: by the access log, of the document itself and by the
 *   client's side alone.
 * @withdrawn_at, @withdrawn_reason: none (0, NULL) while it is published. */
struct document {
	int64_t id;
	const char *company_tax_id;
	const char *company_name;
	const char *title;
	const char *kind;
	const char *competence;
	const char *due_on;
	portal_json amount_cents;
	const char *file_name;
	const char *media_type;
	int64_t size_bytes;
	const char *sha256;
	portal_json attachments;
	bool login_required;
	const char *status;
	portal_time published_at;
	int64_t opened_count;
	portal_time last_opened_at;
	portal_time withdrawn_at;
	const char *withdrawn_reason;
};
extern const struct portal_record document_record;

/* published: it can be opened, and is known by its company, content, kind and
 *   competence, of which there is one.
 * withdrawn: it opens no more; for good. */
extern const struct portal_word document_statuses[];

/* What is published. All faults of the texts are told at once.
 *
 * @file: the path of a regular file; "-": standard input.
 * @company: tax id or id. @title: NULL: the file's name without its ending.
 * @kind: at most 60 bytes. @competence, @due_on as above. @amount: "123.45", "123,4" or
 *   "123". NULL: none.
 * @attachments: paths of @attachment_count further files; at most 50.
 * @if_not_exists: be content with the one that is there. */
struct document_request {
	const char *file;
	const char *company;
	const char *title;
	const char *kind;
	const char *competence;
	const char *due_on;
	const char *amount;
	const char *const *attachments;
	int64_t attachment_count;
	bool if_not_exists;
};

/* Publishes a document. 1; 0: it was there (@if_not_exists). PORTAL_EXISTS where the
 * company has a published document of this content, kind and competence; what
 * reading, keeping and checking refuse. The bytes are on disk before the transaction
 * begins: call it outside of portal_transact(). A rehearsal takes those it has rehearsed
 * before for published. */
int document_publish(struct portal *portal, const struct document_request *request,
	struct document *ret_document, struct portal_error *err);

/* What became of one file of a folder; gone after the call.
 *
 * @line: counts the files from 1.
 * @document: has at least @file_name.
 * @changed: it was published now; false: it was there already, or failed.
 * @failure: why it was not published; else NULL. */
struct document_result {
	int64_t line;
	const struct document *document;
	bool changed;
	const struct portal_error *failure;
};

/* Told of each file after its commit, with the caller's @arg. 0 to go on; a negative
 * result ends the work and is what it returns. It must not call back into the portal. */
typedef int document_visit(const struct document_result *result, void *arg);

/* Publishes each file of the folder @request->file, in the order of their names, to the
 * company whose tax id (CNPJ or CPF, printed or bare) its name has; names that begin with
 * a dot are passed over. What can't be published, as a symbolic link or a folder can't
 * (PORTAL_INVALID_INPUT), is told and stops no other. Each is a transaction of its own;
 * what is there already is no failure, so it may run again. @request names no company and
 * no attachments. Returns 0. */
int document_publish_folder(struct portal *portal, const struct document_request *request,
	document_visit *visit, void *arg, struct portal_error *err);

/* Who gets the link of a document.
 *
 * @channel: a word of document_channels; NULL: "email". By WhatsApp it goes to the
 *   contact's first number.
 * @to: @count (1 to 100) people: contacts of the company or its group, by e-mail or
 *   id, or the company's own e-mail. An address that comes twice gets one message. */
struct document_sending {
	int64_t id;
	const char *channel;
	const char *const *to;
	int64_t count;
};

/* email: a mail to the contact's address.
 * whatsapp: a message to the contact's number. */
extern const struct portal_word document_channels[];

/* Puts a message with the link into the outbox for each of them, or for none. 1.
 * PORTAL_NOT_FOUND for who is neither; PORTAL_CONFLICT for a contact without the
 * address that is needed; PORTAL_WRONG_STATE for a document that was withdrawn. The
 * token is made when a message goes; the outbox holds none. */
int document_send(struct portal *portal, const struct document_sending *request,
	struct document *ret_document, struct portal_error *err);

/* The link of a document. Its token is made of the portal's key, and stored nowhere.
 *
 * @id, @title: the document's.
 * @url: where it leads, without the token; NULL where the portal has no base_url.
 * @login_required: what whoever has it must do besides. */
struct document_link {
	int64_t id;
	const char *title;
	const char *url;
	bool login_required;
};
extern const struct portal_record document_link_record;

/* Gives the link and its token; with DOCUMENT_LINK_ROTATE those of before are void.
 * 1: rotated; 0. In a rehearsal of a rotation @ret_token stays empty. */
enum document_link_how { DOCUMENT_LINK_KEEP, DOCUMENT_LINK_ROTATE };
int document_get_link(struct portal *portal, int64_t id, enum document_link_how how,
	struct document_link *ret_link, struct portal_secret *ret_token, struct portal_error *err);

/* Takes a document back: its link and its file open no more; the row and its log stay.
 * @reason: NULL: none. 1; 0: it was withdrawn. */
int document_withdraw(struct portal *portal, int64_t id, const char *reason,
	struct document *ret_document, struct portal_error *err);

/* The document with this id, withdrawn or not. PORTAL_NOT_FOUND for what the actor may
 * not see, in the sentence for what is not there (P8). */
int document_show(
	struct portal *portal, int64_t id, struct document *ret_document, struct portal_error *err);

/* Which documents. NULL, 0 and false: any.
 *
 * @company: tax id or id; one that may not be known is PORTAL_NOT_FOUND.
 * @kind, @competence: letter by letter.
 * @status: a word of document_statuses, or "any".
 * @since is inside the range of @published_at, @until is not.
 * @opened, @unopened: by anybody; not both (PORTAL_USAGE).
 * @search: in title, file name and the company's name, without case and accents. */
struct document_filter {
	const char *company;
	const char *kind;
	const char *competence;
	const char *status;
	portal_time since;
	portal_time until;
	bool opened;
	bool unopened;
	const char *search;
	struct portal_page page;
};

/* id title competence due_on published_at */
extern const struct portal_word document_sorts[];

/* Calls @visit with a struct document for each that the actor may see, in the order of
 * the page and in constant memory; @ret_end says whether there is more. PORTAL_DENIED for
 * a collaborator whose company has switched the section off. */
int document_list(struct portal *portal, const struct document_filter *filter, portal_visit *visit,
	void *arg, struct portal_list_end *ret_end, struct portal_error *err);

/* A row of the access log (D4). Rows are only added: the database refuses all else.
 *
 * @document_id, @company_tax_id: which document, and whose.
 * @at: when, by the portal's clock.
 * @attachment: the position of the attachment; none (0): the document itself.
 * @via: a word of document_ways. @ip, @user_agent: NULL where unknown. @port: an
 *   integer or null.
 * @sha256, @file_name: of what was opened, or would have been.
 * @user_email, @user_name: of who was logged in, or was acted for; NULL: nobody.
 * @logged_in: it was in a session of that user's own, or by a login at the link; false
 *   for an operator who acts under the name.
 * @result: a word of document_results. */
struct document_access {
	int64_t id;
	int64_t document_id;
	portal_id attachment;
	portal_time at;
	const char *via;
	const char *ip;
	portal_json port;
	const char *user_agent;
	const char *sha256;
	const char *file_name;
	const char *company_tax_id;
	const char *user_email;
	const char *user_name;
	bool logged_in;
	const char *result;
};
extern const struct portal_record document_access_record;

/* email, whatsapp: by the link that was sent so.
 * area: in the client area, with a session.
 * cli: on the command line. */
extern const struct portal_word document_ways[];
/* opened: the bytes were given out after this row was on disk.
 * login_required: nobody was logged in, and somebody had to be.
 * login_failed: by e-mail and password; @user_email is then NULL.
 * not_allowed: a user of neither the company nor its group nor the office.
 * withdrawn: it was taken back before.
 * damaged: the bytes are not those that were published; none was given out. */
extern const struct portal_word document_results[];

/* An opening.
 *
 * @id, or @token: the one of its link.
 * @attachment: 0: the document itself.
 * @via: NULL: "email" by the link, "area" by a session, else "cli".
 * @ip, @port (0: unknown), @user_agent: of who opens it, as a web server tells.
 * @email, @password: with @token, of a user of the company who logs in to this
 *   document alone (D3); NULL: not. */
struct document_opening {
	int64_t id;
	const struct portal_secret *token;
	int64_t attachment;
	const char *via;
	const char *ip;
	int64_t port;
	const char *user_agent;
	const char *email;
	const struct portal_secret *password;
};

/* Opens a document for reading: @ret_fd is at the beginning of its bytes, all of which
 * were checked; the caller closes it. The log says so before this returns. Refusals
 * of what may be known are logged too: PORTAL_DENIED (a login is required, is wrong,
 * or is not of those who may), PORTAL_WRONG_STATE (withdrawn), PORTAL_DAMAGED.
 * PORTAL_DENIED for a token that is none. The operator who says that it was by e-mail,
 * WhatsApp or the area stands for somebody who did not log in. Returns 1. */
int document_open_file(struct portal *portal, const struct document_opening *opening,
	struct document_access *ret_access, int *ret_fd, struct portal_error *err);

/* Writes what @fd has to the file at @path, whole or not at all: mode 0600, on disk
 * when this returns; what was there before is replaced. PORTAL_NO_SPACE,
 * PORTAL_READ_ONLY, PORTAL_FAILURE. */
int document_save(int fd, const char *path, struct portal_error *err);

/* Which rows of the log. 0 and NULL: any.
 *
 * @document: an id as it was typed.
 * @user: an e-mail, of a user of whatever company; PORTAL_INVALID_EMAIL.
 * @since is inside the range of @at, @until is not. */
struct document_log_filter {
	const char *document;
	const char *user;
	portal_time since;
	portal_time until;
	struct portal_page page;
};

/* id at */
extern const struct portal_word document_log_sorts[];

/* The access log, for the office. PORTAL_NOT_FOUND for a document that is not there. */
int document_log(struct portal *portal, const struct document_log_filter *filter,
	portal_visit *visit, void *arg, struct portal_list_end *ret_end, struct portal_error *err);

#endif
