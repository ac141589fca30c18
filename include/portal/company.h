/* Companies (N1, N2): everybody in the portal belongs to one, and the office is
 * one too. A company is known by country and tax id. */
#ifndef PORTAL_COMPANY_H
#define PORTAL_COMPANY_H

#include <portal/portal.h>
#include <portal/secret.h>

/* One company. Texts that nobody gave are NULL. @tax_id is the normal form,
 * @tax_id_formatted the printed one, @kind what sort of number it is.
 * @main_tax_id: the main company of its group. @sections: what collaborators
 * see, one word a line. */
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
	portal_time created_at;
	portal_time updated_at;
};
extern const struct portal_record company_record;

/* client supplier both none; head_office branch unknown; unregistered
 * registered disabled; inherit on off; documents projects tasks sales support */
extern const struct portal_word company_relations[];
extern const struct portal_word company_roles[];
extern const struct portal_word company_statuses[];
extern const struct portal_word company_document_logins[];
extern const struct portal_word company_sections[];

/* What a company is made of, or what to change of it. NULL leaves a field as it
 * is (at its default in a new company), "" clears it. @tax_id may carry its
 * country ("AR 30-94537838-3"); @country is that of an id that names none
 * (NULL: BR). @phone takes Brazilian habits or +country; @sections are words
 * parted by commas. */
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

/* Finds one by tax id or id. */
int company_show(struct portal *portal, const char *named, struct company *ret_company,
	struct portal_error *err);

/* Takes a company out of use, and back. A disabled company's users can't act,
 * and nobody can invite it. The office can't be disabled (PORTAL_CONFLICT).
 * 1: changed; 0: it was so. */
int company_disable(struct portal *portal, const char *named, struct company *ret_company,
	struct portal_error *err);
int company_enable(struct portal *portal, const char *named, struct company *ret_company,
	struct portal_error *err);

/* The signup link of a company (U6): whoever opens it registers as a user of it.
 * @url is NULL until the portal has a base address. The link's token is a secret
 * and is given apart. */
struct company_signup_link {
	const char *company_tax_id;
	const char *company_name;
	const char *url;
};
extern const struct portal_record company_signup_link_record;

enum company_signup { COMPANY_SIGNUP_KEEP, COMPANY_SIGNUP_ROTATE };

/* Gives the link and its token; rotating makes the old one void. 1: rotated; 0:
 * it is the old one. Only a registered company has one (PORTAL_WRONG_STATE). */
int company_get_signup_link(struct portal *portal, const char *named, enum company_signup how,
	struct company_signup_link *ret_link, struct portal_secret *ret_token,
	struct portal_error *err);

/* Which companies a list gives (N2). NULL: any. @search is a part of the name or
 * trade name, case and accents ignored, or of the tax id; @tax_id a tax id or its
 * beginning. */
struct company_filter {
	const char *country;
	const char *search;
	const char *tax_id;
	const char *status;
	const char *relation;
	struct portal_page page;
};

/* Gives each company to @visit. Sorts: name tax_id created_at updated_at. */
int company_list(struct portal *portal, const struct company_filter *filter, portal_visit *visit,
	void *arg, struct portal_list_end *ret_end, struct portal_error *err);

#endif
