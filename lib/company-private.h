/* Companies as the other nouns of lib need them. */
#ifndef LIB_COMPANY_PRIVATE_H
#define LIB_COMPANY_PRIVATE_H

#include <portal/company.h>
#include <portal/taxid.h>

#include "text/object.h"
#include "work.h"

/* A company about to be written: what was given, then what it means. @status
 * is one of company_statuses. */
struct company_draft {
	const char *tax_id, *country;
	const char *name, *trade_name, *email, *phone, *relation, *role;
	const char *document_login, *sections, *signup;
	const char *status;
	struct taxid parsed;
};

/* Checks a draft by the rules and replaces each text by its normal form. All
 * faults at once. A name is required unless it is "unregistered". */
int company_check(struct work *w, struct company_draft *draft);

/* The legal name alone, which is required; its fault, about @field, joins the list that
 * portal_faults_end() ends. */
void company_field_name(struct work *w, const char **name, const char *field);

/* Writes a checked draft as a new row. */
int company_insert(struct work *w, const struct company_draft *draft, struct company *ret);

/* Writes the audit row of a new company. */
int company_audit_added(struct work *w, const struct company *company);

/* Finds a company: 1, 0 (absent), negative. The tax id must be a valid one. */
int company_by_tax_id(struct work *w, const char *tax_id, struct company *ret);
int company_by_id(struct work *w, int64_t id, struct company *ret);

/* Finds the company a user named by tax id or id, whoever asks: 1, 0, negative. */
int company_named(struct work *w, const char *named, struct company *ret);

/* Is what a user named a company by its id, rather than its tax id? */
bool company_is_id(const char *named);

/* Is it neither the actor's own, nor the actor of the office or the operator? */
bool company_is_strange(const struct work *w, int64_t id);

/* Finds the company a user named by tax id or id, and asks whether the actor
 * may do @action with it. PORTAL_NOT_FOUND with the sentence of P8. */
int company_need(struct work *w, const char *action, const char *named, struct company *ret);

/* 0 for a registered company; else -PORTAL_WRONG_STATE, with what to do first. */
int company_check_registered(struct work *w, const struct company *company);
int company_check_registered_id(struct work *w, int64_t id);

/* Makes an unregistered company registered, with what @draft knows of it. */
int company_register(struct work *w, const struct company *company,
	const struct company_draft *draft, struct company *ret);

/* Gives a company what a checked @draft knows of it, and writes the audit row as
 * @action. 1: changed; 0: it was so, and nothing is written. */
int company_change(struct work *w, const char *action, const struct company *was,
	const struct company_draft *draft, struct company *ret);

/* Takes a company out of use ("disabled"), which ends the sessions of its users, or back
 * ("registered"). 1: changed; 0: it was so. Not the office, and not one that is
 * unregistered. */
int company_put_status(
	struct work *w, const struct company *was, const char *status, struct company *ret);

/* What is different between two of them, for the audit log; of one that is new @was is
 * zero. */
enum { COMPANY_CHANGES = 13 };
void company_changes(struct work *w, const struct company *was, const struct company *is,
	struct change ret[static COMPANY_CHANGES]);

/* How people name it in a sentence: its name, or its printed tax id. */
const char *company_title(const struct company *company);

/* A tax id as commands take it: with its country, unless that is Brazil. */
const char *company_typed_id(struct work *w, const char *country, const char *tax_id);

/* The printed tax id of the company with this id, as mails tell it; @tax_id where it
 * can't be read. */
const char *company_printed_id(struct work *w, int64_t id, const char *tax_id);

#endif
