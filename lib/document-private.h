/* Documents as their files and the other nouns of lib need them. */
#ifndef LIB_DOCUMENT_PRIVATE_H
#define LIB_DOCUMENT_PRIVATE_H

#include <portal/document.h>

#include "file.h"
#include "seal/seal.h"
#include "work.h"

/* A document as it was found, and what no record shows. */
struct document_row {
	struct document document;
	int64_t company_id;
	int64_t link_serial;
	const char *company_status;
};

/* The document with this id, attachments included: 1, 0, negative. */
int document_read(struct work *w, int64_t id, struct document_row *ret);

/* The same, and may the actor do @action? */
int document_need(struct work *w, const char *action, int64_t id, struct document_row *ret);

/* The document whose link has this token, and whose company is registered; else
 * -PORTAL_DENIED, in one sentence for all that gives no rights, noted as a denial of
 * @action. */
int document_of_token(
	struct work *w, const char *action, const char *token, struct document_row *ret);

/* The link that a token of the document is made of. */
struct seal_link document_seal_link(const struct document_row *row);

/* Notes that the user made an account by the link of the document (D3). */
int document_add_reader(struct work *w, int64_t id, int64_t user_id);

/* -PORTAL_WRONG_STATE for a document that was withdrawn. */
int document_check_published(struct work *w, const struct document *document);

/* A login to one document (D3): counted and proven before the transaction that opens
 * it, in transactions and with work that do not tell whether there is such a user. */
struct document_login {
	char tries_key[2 * SEAL_SIZE + 1];
	int64_t user_id; /* who it is; 0: nobody who may */
};
int document_log_in(struct portal *portal, const struct document_opening *opening,
	struct document_login *ret_login, struct portal_error *err);

#endif
