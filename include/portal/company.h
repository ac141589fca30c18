/* Companies (N1, N2): everybody in the portal belongs to one, and the office is
 * one too. A company is known by country and tax id.
 *
 * Where a function takes @named, it is a tax id in any form that is read
 * ("65.635.571/0001-48", "AR 30-94537838-3") or an id as digits. A company that
 * the actor may not see is PORTAL_NOT_FOUND, as if it were not there; one that
 * may be seen and not changed is PORTAL_DENIED. Texts of results live in the
 * portal's arena. */
#ifndef PORTAL_COMPANY_H
#define PORTAL_COMPANY_H

#include <portal/portal.h>
#include <portal/secret.h>

/* One company. Texts that nobody gave are NULL.
 *
 * @country: two capital letters, ISO 3166-1.
 * @tax_id: the normal form, without punctuation and country.
 * @tax_id_formatted: as people print it.
 * @kind: what sort of number it is, a word of taxid_kinds.
 * @name: the legal name; @trade_name: the one on the door.
 * @email: in lower case. @phone: E.164 ("+5511987654321").
 * @relation: a word of company_relations, from the office's point of view.
 * @role: a word of company_roles; of a CNPJ it follows from the number.
 * @status: a word of company_statuses.
 * @main_tax_id: the main company of its group.
 * @document_login: a word of company_document_logins: must a reader log in?
 * @sections: what collaborators see, words of company_sections, one a line.
 * @signup: a word of company_signups: may people register by the signup link (U6)?
 * @created_at, @updated_at: when it was added, and last changed. */
struct company {
	int64_t id;
	const char *country;
	const char *tax_id;
	const char *tax_id_formatted;
	const char *kind;
	const char *name;
	const char *trade_name;
	const char *email;
	const char *phone;
	const char *relation;
	const char *role;
	const char *status;
	const char *main_tax_id;
	const char *document_login;
	portal_list sections;
	const char *signup;
	portal_time created_at;
	portal_time updated_at;
};
extern const struct portal_record company_record;

/* client, supplier, both, none */
extern const struct portal_word company_relations[];
/* head_office, branch, unknown */
extern const struct portal_word company_roles[];
/* unregistered: only known by name, from an invite; registered: it takes part;
 * disabled: out of use */
extern const struct portal_word company_statuses[];
/* inherit: as the portal has it; on, off */
extern const struct portal_word company_document_logins[];
/* documents, projects, tasks, sales, support */
extern const struct portal_word company_sections[];
/* on, off */
extern const struct portal_word company_signups[];

/* What a company is made of, or what to change of it. NULL leaves a field as it
 * is (at its default in a new company), "" clears it.
 *
 * @tax_id: required; may carry its country ("AR 30-94537838-3").
 * @country: that of an id that names none; NULL: BR.
 * @name: required for a new one; at most 300 bytes, as @trade_name.
 * @email: an address; kept in lower case.
 * @phone: with Brazilian habits, or with + and the country.
 * @relation, @role, @document_login, @signup: a word of the lists above.
 * @sections: words parted by commas.
 * @if_not_exists: that it is there already is no failure. */
struct company_request {
	const char *tax_id;
	const char *country;
	const char *name;
	const char *trade_name;
	const char *email;
	const char *phone;
	const char *relation;
	const char *role;
	const char *document_login;
	const char *sections;
	const char *signup;
	bool if_not_exists;
};

/* Adds a registered company (N1), or registers one that is only known by name.
 * 1: added or registered; 0: it exists and @if_not_exists. PORTAL_EXISTS; all
 * faults of the request at once. Result texts live in the portal's arena. */
int company_add(struct portal *portal, const struct company_request *request,
	struct company *ret_company, struct portal_error *err);

/* Changes what @request gives. 1: changed; 0: it was so. PORTAL_NOT_FOUND. */
int company_set(struct portal *portal, const struct company_request *request,
	struct company *ret_company, struct portal_error *err);

/* Finds one. PORTAL_NOT_FOUND; PORTAL_INVALID_TAX_ID where @named is neither a
 * tax id nor an id. */
int company_show(struct portal *portal, const char *named, struct company *ret_company,
	struct portal_error *err);

/* Takes a company out of use. A disabled company's users can't act, and nobody
 * can invite it. The office can't be disabled (PORTAL_CONFLICT). 1: changed; 0:
 * it was so. */
int company_disable(struct portal *portal, const char *named, struct company *ret_company,
	struct portal_error *err);

/* Takes it back into use. 1: changed; 0: it was so. */
int company_enable(struct portal *portal, const char *named, struct company *ret_company,
	struct portal_error *err);

/* The signup link of a company (U6): whoever opens it registers as a user of it.
 * The link's token is a secret and is given apart.
 *
 * @company_tax_id, @company_name: whose it is; the tax id in normal form.
 * @url: where it leads, without the token; NULL until the portal has a base
 *   address.
 * @signup: a word of company_signups; while "off" nobody registers by the link. */
struct company_signup_link {
	const char *company_tax_id;
	const char *company_name;
	const char *url;
	const char *signup;
};
extern const struct portal_record company_signup_link_record;

/* Does the link stay as it is, or is there a new one? */
enum company_signup { COMPANY_SIGNUP_KEEP, COMPANY_SIGNUP_ROTATE };

/* Gives the link and its token; rotating makes the old one void. 1: rotated; 0:
 * it is the old one. A rehearsed rotation leaves the token empty. Only a registered
 * company has one (PORTAL_WRONG_STATE). */
int company_get_signup_link(struct portal *portal, const char *named, enum company_signup how,
	struct company_signup_link *ret_link, struct portal_secret *ret_token,
	struct portal_error *err);

/* Which companies a list gives (N2). NULL: any. What is given must all hold.
 *
 * @country: two letters.
 * @search: a part of the name or trade name, case and accents ignored, or of the
 *   tax id.
 * @tax_id: a tax id or its beginning.
 * @status, @relation: a word of the lists above.
 * @page: where to begin, how many, in which order. */
struct company_filter {
	const char *country;
	const char *search;
	const char *tax_id;
	const char *status;
	const char *relation;
	struct portal_page page;
};

/* The fields that page.sort takes: id name tax_id created_at updated_at. */
extern const struct portal_word company_sorts[];

/* Gives each company to @visit with @arg, by id unless the page says otherwise.
 * Whoever is no user of the office
 * sees their own company alone. */
int company_list(struct portal *portal, const struct company_filter *filter, portal_visit *visit,
	void *arg, struct portal_list_end *ret_end, struct portal_error *err);

#endif
