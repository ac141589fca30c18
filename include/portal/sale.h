/* Sales (P2) and the evidence of their signatures (P3): what the office offers a
 * company, which signs it with its access to the portal.
 *
 * All amounts are exact integers in cents. What was sent says the same for ever, and
 * what was signed is changed by nobody: the database itself refuses.
 *
 * Where a function takes @named, it is a sale's number ("2026-0001") or its id as
 * digits. A sale that the actor may not see is PORTAL_NOT_FOUND, as if not there; one
 * that was never sent is the office's alone. Texts of results live in the portal's
 * arena. */
#ifndef PORTAL_SALE_H
#define PORTAL_SALE_H

#include <portal/portal.h>

/* One sale. Texts that nobody gave are NULL.
 *
 * @number: given by the portal, "YYYY-NNNN": the local year and 0001, 0002 … within it
 *   without a gap (10000 follows 9999); or the office's own.
 * @company_tax_id, @company_name: to whom; the tax id in normal form.
 * @items: an array of {"description","quantity","unit_price_cents","total_cents"}, the
 *   quantity a decimal in a string ("1.5"), amounts integers.
 * @total_cents: the sum of the items' totals.
 * @status: a word of sale_statuses.
 * @valid_until: the last day on which it can be signed, as "YYYY-MM-DD" in the portal's
 *   time zone.
 * @sent_at: when it was sent for signature. @signed_at, @signed_by: when, and the
 *   e-mail of the user who did.
 * @reason: why it was refused or cancelled.
 * @ended_at, @ended_by: when it was signed, refused, cancelled or expired, by whom:
 *   "EMAIL/TAX-ID", "operator" or "expiry". */
struct sale {
	int64_t id;
	const char *number;
	const char *company_tax_id;
	const char *company_name;
	portal_json items;
	int64_t total_cents;
	const char *status;
	const char *valid_until;
	portal_time sent_at;
	portal_time signed_at;
	const char *signed_by;
	const char *reason;
	portal_time created_at;
	portal_time updated_at;
	portal_time ended_at;
	const char *ended_by;
};
extern const struct portal_record sale_record;

/* draft: not yet sent; sent: waits for the signature; signed, refused, cancelled,
 * expired: the ends */
extern const struct portal_word sale_statuses[];

/* One line of a sale as people write it: a description of at most 300 bytes, a quantity
 * over 0 with at most six decimals ("1.5" or "1,5"), a price of one with at most two
 * ("123.45" or "123,45"). A line's total is rounded to the cent, half a cent up. */
struct sale_line {
	const char *description;
	const char *quantity;
	const char *unit_price;
};

/* Reads "DESCRIPTION;QUANTITY;UNIT-PRICE"; a description may have semicolons of its own,
 * for the last two separate. PORTAL_INVALID about "item". Texts live in @arena. */
int sale_line_read(struct arena *arena, const char *text, struct sale_line *ret_line,
	struct portal_error *err);

/* Puts what a table has under @heading into the line, whose texts are NULL before:
 * "description", "quantity", "unit_price", or what spreadsheets in Portuguese and English
 * have for them ("Descrição", "Qtde.", "Valor Unitário"); case, accents and signs do not
 * count. PORTAL_INVALID_INPUT for another heading, and for one that means the same as one
 * before it. */
int sale_line_put(struct sale_line *line, struct arena *arena, const char *heading,
	const char *text, struct portal_error *err);

/* A new sale.
 *
 * @company: tax id or id, required.
 * @number: NULL: the portal gives the next one of the year. Else ASCII letters, digits,
 *   '-' and '_', at most 40, not digits alone and not of the form the portal gives.
 * @lines: @line_count of them, 1 to 200.
 * @valid_until: "YYYY-MM-DD", not before today; NULL: it does not expire. */
struct sale_request {
	const char *company;
	const char *number;
	const struct sale_line *lines;
	int64_t line_count;
	const char *valid_until;
};

/* Adds a draft, which the operator and the office's staff do. PORTAL_EXISTS where the
 * number is taken; PORTAL_WRONG_STATE for a company that is not registered;
 * PORTAL_INVALID for amounts over 2^53 - 1 cents; all faults of the lines at once. */
int sale_add(struct portal *portal, const struct sale_request *request, struct sale *ret_sale,
	struct portal_error *err);

/* What to change of a draft. NULL and 0 leave as it is.
 *
 * @lines: @line_count of them in the place of all there were.
 * @valid_until: "" takes the term away. */
struct sale_change {
	const char *named;
	const struct sale_line *lines;
	int64_t line_count;
	const char *valid_until;
};

/* 1: changed; 0: it was so. PORTAL_WRONG_STATE for what is no draft. */
int sale_set(struct portal *portal, const struct sale_change *change, struct sale *ret_sale,
	struct portal_error *err);

/* Finds one, with its items. PORTAL_NOT_FOUND also where the collaborators of the actor's
 * company don't see sales (U5). */
int sale_show(
	struct portal *portal, const char *named, struct sale *ret_sale, struct portal_error *err);

/* Which sales a list gives. NULL and 0: any. What is given must all hold. What was never
 * sent is listed for the office alone, a draft that was cancelled too.
 *
 * @company: tax id or id. @status: a word of sale_statuses, or "any".
 * @since, @until: made at or after, before.
 * @search: part of the number, a description or the company's name.
 * @page: where to begin, how many, in which order. */
struct sale_filter {
	const char *company;
	const char *status;
	portal_time since;
	portal_time until;
	const char *search;
	struct portal_page page;
};

/* The fields that page.sort takes: id number total_cents created_at. Numbers sort as
 * texts. */
extern const struct portal_word sale_sorts[];

/* Gives each sale to @visit with @arg, by id unless the page says otherwise. Who is no
 * user of the office sees those that were sent to the own company and its group (U10).
 * PORTAL_DENIED for collaborators whose company has the section switched off (U5). */
int sale_list(struct portal *portal, const struct sale_filter *filter, portal_visit *visit,
	void *arg, struct portal_list_end *ret_end, struct portal_error *err);

/* How a draft is sent.
 *
 * @to: e-mail of a contact of the company who is mailed besides its admins, or NULL.
 * @valid_until: as of a new sale; NULL leaves what the draft has. */
struct sale_sending {
	const char *named;
	const char *to;
	const char *valid_until;
};

/* Sends a draft for signature, as the operator and the office's staff do: mails and a
 * notification for the company's admins. From then on it says the same for ever. 1: sent;
 * 0: was sent already, and nothing is mailed. PORTAL_WRONG_STATE after its end;
 * PORTAL_NOT_FOUND: no such contact. */
int sale_send(struct portal *portal, const struct sale_sending *sending, struct sale *ret_sale,
	struct portal_error *err);

/* The company says no (a user of it, or of its group), or the office's staff takes it back,
 * a draft too; @reason, at most 2,000 bytes, may be
 * NULL. The other side is told. 1: done; 0: had been. PORTAL_WRONG_STATE where it has
 * ended otherwise or, to refuse, is over. */
int sale_refuse(struct portal *portal, const char *named, const char *reason, struct sale *ret_sale,
	struct portal_error *err);
int sale_cancel(struct portal *portal, const char *named, const char *reason, struct sale *ret_sale,
	struct portal_error *err);

/* Ends what was sent and not signed through its last day, as part of portal_do_due():
 * @ret_expired of them, in short transactions. Safe to run twice. */
int sale_expire(struct portal *portal, int64_t *ret_expired, struct portal_error *err);

/* The terms that signing a sale accepts: @id of their wording, the text itself in the
 * portal's language, lower-case hex of its SHA-256. */
struct sale_terms {
	const char *number;
	const char *terms_id;
	const char *sha256;
	const char *text;
};
extern const struct portal_record sale_terms_record;

/* What has to be read before it is accepted. For whoever may see the sale; of one that
 * was signed the terms as they would be now, those of then are in its evidence. */
int sale_get_terms(struct portal *portal, const char *named, struct sale_terms *ret_terms,
	struct portal_error *err);

/* A signature.
 *
 * @accept_terms: must be true (PORTAL_USAGE).
 * @role: what the signer is in the company ("sócio-administrador"), and @capacity by what
 *   power they represent it ("procuração de 2026-01-10"), each at most 100 bytes.
 * @cpf: the signer's CPF, of which the check digits alone are checked.
 * @ip, @port, @user_agent: where the signer came from, as the server saw it: an IPv4 or
 *   IPv6 address, 1 to 65535, the first 300 bytes. @opened_at: when the signer opened the
 *   sale, not before it was sent nor after now. NULL and 0: not known. */
struct sale_signing {
	const char *named;
	bool accept_terms;
	const char *role;
	const char *capacity;
	const char *cpf;
	const char *ip;
	int64_t port;
	const char *user_agent;
	portal_time opened_at;
};

/* Signs a sale for its company. Only a user of it, or of its group, and only in a session
 * of their own that a password began: under options.acting_as it is the operator who
 * acts, whose word proves nothing about somebody else's will, and that is PORTAL_USAGE.
 * Keeps the evidence (P3) under the portal's seal, and tells both sides. 1: signed; 0:
 * the same user had. PORTAL_WRONG_STATE for what is not sent, has ended, or is over. */
int sale_sign(struct portal *portal, const struct sale_signing *signing, struct sale *ret_sale,
	struct portal_error *err);

/* The evidence of a signed sale, as a file to be kept by anybody: five lines, of which
 * the second is what was signed and the third the record of the signature, both as they
 * were written then, the fourth the seal over the third and the fifth the public key.
 * PORTAL_WRONG_STATE for what is not signed. */
int sale_export(
	struct portal *portal, const char *named, const char **ret_bytes, struct portal_error *err);

/* The portal's signing key, to be published and pinned: who has it from elsewhere than
 * the evidence itself knows whose seal it is.
 *
 * @algorithm: "ed25519". @public_key: base64 of its 32 bytes. @sha256: of those bytes.
 * @line: "key ed25519 BASE64", as it stands in evidence. @pem: for other programs. */
struct sale_public_key {
	const char *algorithm;
	const char *public_key;
	const char *sha256;
	const char *line;
	const char *pem;
};
extern const struct portal_record sale_public_key_record;

/* For every user: the key is no secret. PORTAL_DAMAGED where the portal's own key, from
 * which it comes, is missing or another portal's. */
int sale_get_public_key(
	struct portal *portal, struct sale_public_key *ret_key, struct portal_error *err);

/* What evidence was found to be worth.
 *
 * @number, @signed_by, @signed_at, @company_tax_id: what the record says; NULL and none
 *   where it can't be read.
 * @holds: nothing failed.
 * @level: "simple" where it holds by the pinned key: the seal is the office's alone, no
 *   signature of the signer's own, so it never reaches "advanced" or "qualified";
 *   "unpinned" where it holds but no key was pinned, so that anybody may have made it;
 *   "none" else. As Lei 14.063/2020, art. 4, has the words.
 * @checks: an object, each check by its name "ok", "failed" or "absent": format, content,
 *   record, terms, seal, key, pinned_key, level, chain, sale, signer_signature,
 *   timestamp.
 * @failed: those that failed.
 * @key_sha256: of the key that is in the evidence. */
struct sale_verification {
	const char *number;
	const char *company_tax_id;
	const char *signed_by;
	portal_time signed_at;
	bool holds;
	const char *level;
	portal_json checks;
	portal_list failed;
	const char *key_sha256;
};
extern const struct portal_record sale_verification_record;

/* Evidence as it was exported: @len bytes. @public_key: the text of a file with the key
 * that it must be sealed by, as @line or @pem of struct sale_public_key; NULL: any key
 * is taken, and nothing shows whose it is. */
struct sale_evidence {
	const char *bytes;
	size_t len;
	const char *public_key;
};

/* Checks evidence without any portal. 0: it holds; PORTAL_INVALID: something failed, and
 * @ret_verification tells what. PORTAL_INVALID_INPUT: @public_key is none. Texts live in
 * @arena. */
int sale_verify_evidence(struct arena *arena, const struct sale_evidence *evidence,
	struct sale_verification *ret_verification, struct portal_error *err);

/* The same of a sale in a portal, whose key is the pinned one; besides, that the chain of
 * all signatures has no gap, and that the sale still is what was signed. */
int sale_verify(struct portal *portal, const char *named,
	struct sale_verification *ret_verification, struct portal_error *err);

#endif
