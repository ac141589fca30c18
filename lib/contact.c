#include "contact-private.h"

#include "base/fold.h"
#include "base/i18n.h"
#include "base/utf8.h"

enum { NAME_MAX_BYTES = 200 };

static const struct portal_field row_fields[] = {
	PORTAL_FIELD(struct contact_row, id, NULL),
	PORTAL_FIELD(struct contact_row, name, NULL),
	PORTAL_FIELDS_END,
};

static const struct portal_record row_record = { "contact", sizeof(struct contact_row),
	row_fields };

int contact_of_company(
	struct work *w, int64_t company_id, const char *email, struct contact_row *ret)
{
	return store_get(w->tx, Q_CONTACT_BY_EMAIL, ARGS(A(company_id), A(email)), w->arena,
		&row_record, ret);
}

int contact_insert(struct work *w, const struct contact_draft *d, int64_t *ret_id)
{
	return store_get_int(w->tx, Q_CONTACT_INSERT,
		ARGS(A(d->company_id), A(d->name), A(fold_text(w->arena, d->name)), A(d->email),
			A(d->phones), A(w->now)),
		ret_id);
}

int contact_check_name(struct work *w, const char **name)
{
	const char *clean =
		*name ? text_field(w->arena, *name, NAME_MAX_BYTES, "name", w->err) : "";

	if (!clean)
		return -(int)w->err->code;
	*name = clean;
	if (*clean)
		return 0;
	portal_fail(w->err, PORTAL_INVALID, _("a person needs a name"));
	return portal_about_field(w->err, "name");
}
