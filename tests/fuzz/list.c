#include <portal/company.h>
#include <portal/taxid.h>

#include "fuzz.h"
#include "seal/seal.h"

static struct portal *make_portal(void)
{
	static const char *const suppliers[] = { "02919305000127", "AR 30-94537838-3" };
	const struct portal_options options = { .db = "list.db", .actor = "fuzz" };
	const struct portal_init_request request = { .office_tax_id = "65635571000148",
		.office_name = "Escritório",
		.if_not_exists = true };
	_cleanup_arena_ struct arena arena = { 0 };
	struct portal_error err = { 0 };
	struct portal_status status;
	struct portal *portal = NULL;

	FUZZ_CHECK(portal_init(&options, &request, &arena, &status, &err) >= 0);
	FUZZ_CHECK(portal_open(&options, &portal, &err) == 0);
	for (size_t i = 0; i < 2; i++) {
		const struct company_request company = {
			.tax_id = suppliers[i], .name = "São João", .if_not_exists = true
		};
		struct company ret;

		FUZZ_CHECK(company_add(portal, &company, &ret, &err) >= 0);
	}
	return portal;
}

static int count(const void *row, void *arg)
{
	const struct company *company = row;

	FUZZ_CHECK(company->id > 0 && company->name);
	++*(int *)arg;
	return 0;
}

/* A list answers, or calls the cursor none of its own or the tax id too long. */
static bool is_refusal(const struct company_filter *filter, const struct portal_error *err)
{
	if (err->code == PORTAL_INVALID_TAX_ID)
		return strlen(filter->tax_id) > TAXID_INPUT_MAX && !strcmp(err->field, "tax_id");
	return err->code == PORTAL_USAGE && filter->page.after;
}

/* Where a list was cut, its own cursor is good. */
static void read_list(struct portal *portal, struct company_filter *filter)
{
	struct portal_error err = { 0 };
	struct portal_list_end end = { 0 };
	int rows = 0;
	int rc = company_list(portal, filter, count, &rows, &end, &err);

	FUZZ_CHECK(rc == 0 || (rc == -(int)err.code && is_refusal(filter, &err)));
	FUZZ_CHECK(rows <= 1 && end.truncated == (end.next != NULL));
	if (rc < 0 || !end.next)
		return;
	filter->page.after = end.next;
	rows = 0;
	FUZZ_CHECK(company_list(portal, filter, count, &rows, &end, &err) == 0 && rows == 1);
}

/* A cursor made of @text behind the line that makes it one of this list. */
static char *cursor_of(struct portal *portal, const char *sort, const char *text)
{
	struct arena *arena = portal_arena(portal);
	const char *raw = arena_printf(arena, "%s\n%s", sort ? sort : "", text);
	const size_t len = strlen(raw);

	return seal_base64_encode(
		SEAL_BASE64_URL, raw, len, arena_alloc(arena, SEAL_BASE64_LEN(len) + 1));
}

/* The first byte chooses the order and whether the rest is a cursor, what a cursor
 * is made of, a search or a tax id. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const sorts[] = { NULL, "name", "-name", "tax_id", "-created_at" };
	static struct portal *portal;
	struct company_filter filter = { .page = { .limit = 1 } };
	_cleanup_text_ char *text = NULL;

	if (!portal)
		portal = make_portal();
	if (size == 0)
		return 0;
	text = fuzz_text(data + 1, size - 1);
	filter.page.sort = sorts[data[0] / 4 % 5];
	if (data[0] % 4 == 0)
		filter.page.after = text;
	else if (data[0] % 4 == 1)
		filter.page.after = cursor_of(portal, filter.page.sort, text);
	else if (data[0] % 4 == 2)
		filter.search = text;
	else
		filter.tax_id = text;
	read_list(portal, &filter);
	portal_forget(portal);
	return 0;
}
