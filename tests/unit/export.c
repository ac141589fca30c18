/* What is exported is read back as what it was. */
#include <portal/export.h>

#include <dirent.h>
#include <unistd.h>

#include <portal/arena.h>
#include <portal/company.h>
#include <portal/config.h>
#include <portal/user.h>

#include "check.h"
#include "manifest-write.h"

#define OFFICE "65635571000148"
#define BETA "02919305000127"
#define ROSARIO "30945378383"

static const enum portal_export_form forms[] = { PORTAL_EXPORT_YAML, PORTAL_EXPORT_JSON };
enum { FORMS = sizeof(forms) / sizeof(*forms) };

/* Reads the text of @to as a manifest of the file "m". */
static void read_back(struct arena *arena, struct portal_writer *to, struct manifest *ret)
{
	const char *text = arena_strdup(arena, portal_writer_text(to));
	const struct manifest_source source = { "m", text, strlen(text) };
	struct portal_error err = { .arena = arena };

	*ret = (struct manifest){ .set = NULL };
	if (manifest_read(arena, &source, 1, ret, &err) < 0)
		printf("# %s\n%s\n", err.message, text);
	CHECK_INT(err.code, PORTAL_OK);
}

static const char *const odd_texts[] = { "no", "null", "~", "010", "1e3", "0x1f", "true", "1.0",
	"2026-03-01", "=", "<<", "- a", "a: b", "a #b", "#", "'", "\"", "\"a\"", "\\", "\\n", "[a]",
	"{a: b}", "*a", "&a", "!a", "|", ">", "%", "@", "`", "?", ":", ",", "a\tb", " a", "a  ",
	"Ação & Cia. Ltda.", "\xf0\x9f\xa6\x8a\xf0\x9f\x87\xa7\xf0\x9f\x87\xb7", "a\nb\n", "\x07",
	"\x7f", "\xc2\x85", "\xe2\x80\xa8", "\357\273\277a", "\xef\xbf\xbe\xef\xbf\xbf", "---",
	"...", "e\xcc\x81", "\xe2\x80\x8f" };

static void check_text(enum portal_export_form form, const char *text)
{
	const struct manifest_kind *kind = manifest_child_kind(&manifest_file_kind, "companies");
	const struct company company = { .country = "BR", .tax_id = BETA, .name = text };
	_cleanup_arena_ struct arena arena = { 0 }, scratch = { 0 };
	struct manifest_parts list = { .key = "companies" };
	struct portal_writer *to = NULL;
	struct portal_error err = { 0 };
	struct manifest manifest;

	CHECK_INT(portal_writer_open(&to, -1, &err), 0);
	struct manifest_writer writer = { .to = to, .form = form };

	manifest_put_begin(&writer);
	manifest_put_item(&writer, &list);
	manifest_put_fields(&writer, &scratch, kind, &company_record, &company);
	manifest_put_item_end(&writer);
	manifest_put_list_end(&writer, &list);
	manifest_put_end(&writer);
	read_back(&arena, to, &manifest);
	CHECK_INT(manifest.companies.count, 1);
	MANIFEST_EACH(struct manifest_company, read, &manifest.companies)
	CHECK_STR(read->name, text);
	portal_writer_close(to);
}

static void every_text_comes_back_as_it_was(void)
{
	for (size_t i = 0; i < sizeof(odd_texts) / sizeof(*odd_texts); i++)
		for (size_t form = 0; form < FORMS; form++)
			check_text(forms[form], odd_texts[i]);
}

/* A portal in a folder of its own, open. */
struct place {
	char folder[40], db[60];
	struct portal_options options;
	struct portal_error err;
	struct portal *portal;
};

static void fill(struct place *place)
{
	const struct company_request beta = { .tax_id = BETA,
		.name = "no",
		.trade_name = "\"Beta\": #1 'x' \\",
		.email = "Contato@Beta.example",
		.phone = "11 98765-4321",
		.relation = "client",
		.sections = "tasks,documents" };
	const struct company_request rosario = {
		.tax_id = ROSARIO, .country = "AR", .name = "010", .sections = "", .signup = "off"
	};
	const struct user_request bia = { .email = "bia@b.example", .company = BETA, .name = "~" };
	const struct user_request beto = {
		.email = "null@b.example", .company = BETA, .name = "\xf0\x9f\xa6\x8a Beto"
	};
	const char *const phones[] = { "11 98765-4321", "11 3333-4444" };
	const struct user_change change = {
		.named = "bia@b.example", .phones = phones, .phone_count = 2
	};
	struct company company;
	struct config config;
	struct user user;

	CHECK_INT(company_add(place->portal, &beta, &company, &place->err), 1);
	CHECK_INT(company_add(place->portal, &rosario, &company, &place->err), 1);
	CHECK_INT(company_disable(place->portal, "AR:" ROSARIO, &company, &place->err), 1);
	CHECK_INT(user_add(place->portal, &bia, &user, &place->err), 1);
	CHECK_INT(user_add(place->portal, &beto, &user, &place->err), 1);
	CHECK_INT(user_set(place->portal, &change, &user, &place->err), 1);
	CHECK_INT(config_set(place->portal, "session_days", "3", &config, &place->err), 1);
	CHECK_STR(place->err.message, "");
}

static void make(struct place *place)
{
	const struct portal_init_request request = { .office_tax_id = OFFICE,
		.office_name = " Escrit\xc3\xb3rio" };
	_cleanup_arena_ struct arena arena = { 0 };
	struct portal_status status;

	*place = (struct place){ .folder = "/tmp/export-XXXXXX" };
	CHECK(mkdtemp(place->folder) != NULL);
	snprintf(place->db, sizeof(place->db), "%s/portal.db", place->folder);
	place->options = (struct portal_options){ .db = place->db, .wait_ms = 1000, .actor = "t" };
	CHECK_INT(portal_init(&place->options, &request, &arena, &status, &place->err), 1);
	CHECK_INT(portal_open(&place->options, &place->portal, &place->err), 0);
	fill(place);
}

static void clear(struct place *place)
{
	char name[400];
	struct dirent *entry;
	DIR *folder = opendir(place->folder);

	portal_close(place->portal);
	while (folder && (entry = readdir(folder))) {
		snprintf(name, sizeof(name), "%s/%s", place->folder, entry->d_name);
		unlink(name);
	}
	closedir(folder);
	CHECK_INT(rmdir(place->folder), 0);
}

static void export_to(struct place *place, struct arena *arena, const char *company,
	enum portal_export_form form, struct manifest *ret)
{
	const struct portal_export_request request = { company, "office.1", form };
	struct portal_writer *to = NULL;

	CHECK_INT(portal_writer_open(&to, -1, &place->err), 0);
	CHECK_INT(portal_export(place->portal, &request, to, &place->err), 0);
	read_back(arena, to, ret);
	portal_writer_close(to);
}

static const struct manifest_company *company_of(const struct manifest *manifest, const char *key)
{
	static const struct manifest_company none;

	MANIFEST_EACH(struct manifest_company, company, &manifest->companies)
	if (!strcmp(company->object.key, key))
		return company;
	CHECK(!key);
	return &none;
}

static void check_beta(const struct manifest_company *beta)
{
	CHECK_STR(beta->name, "no");
	CHECK_STR(beta->trade_name, "\"Beta\": #1 'x' \\");
	CHECK_STR(beta->email, "contato@beta.example");
	CHECK_STR(beta->phone, "+5511987654321");
	CHECK_STR(beta->relation, "client");
	CHECK_STR(beta->status, "registered");
	CHECK_STR(beta->sections.lines, "documents\ntasks");
	CHECK_INT(beta->contacts.count, 1);
	MANIFEST_EACH(struct manifest_contact, contact, &beta->contacts)
	{
		CHECK_STR(contact->email, "bia@b.example");
		CHECK_STR(contact->phones.lines, "+5511987654321\n+551133334444");
	}
	CHECK_INT(beta->users.count, 2);
}

static void check_users(const struct manifest_company *beta)
{
	const struct manifest_user *bia = (const void *)beta->users.first;
	const struct manifest_user *beto = (const void *)beta->users.last;

	CHECK_STR(bia->email, "bia@b.example");
	CHECK_STR(bia->name, "~");
	CHECK_STR(bia->role, "admin");
	CHECK_STR(bia->status, "active");
	CHECK_STR(bia->password_file, NULL);
	CHECK_STR(bia->access, NULL);
	CHECK_STR(beto->email, "null@b.example");
	CHECK_STR(beto->name, "\xf0\x9f\xa6\x8a Beto");
	CHECK_STR(beto->role, "collaborator");
	CHECK_STR(beto->status, "inactive");
}

static void check_all(const struct manifest *manifest)
{
	const struct manifest_company *office = company_of(manifest, "BR:" OFFICE);
	const struct manifest_company *rosario = company_of(manifest, "AR:" ROSARIO);

	CHECK_INT(manifest->companies.count, 3);
	CHECK_STR(office->name, "Escrit\xc3\xb3rio");
	CHECK_STR(office->email, NULL);
	CHECK_INT(office->users.count, 0);
	CHECK_STR(rosario->name, "010");
	CHECK_STR(rosario->country, "AR");
	CHECK_STR(rosario->status, "disabled");
	CHECK_STR(rosario->sections.lines, "");
	CHECK_STR(rosario->signup, "off");
	CHECK_INT(manifest->settings.count, 1);
	MANIFEST_EACH(struct manifest_setting, setting, &manifest->settings)
	{
		CHECK_STR(setting->object.key, "session_days");
		CHECK_STR(setting->value, "3");
	}
}

static void a_portal_comes_back_in_both_forms(void)
{
	struct place place;

	make(&place);
	for (size_t form = 0; form < FORMS; form++) {
		_cleanup_arena_ struct arena arena = { 0 };
		struct manifest manifest;

		export_to(&place, &arena, NULL, forms[form], &manifest);
		CHECK_STR(manifest.set, "office.1");
		check_all(&manifest);
		check_beta(company_of(&manifest, "BR:" BETA));
		check_users(company_of(&manifest, "BR:" BETA));
	}
	clear(&place);
}

static void one_company_comes_with_its_people_alone(void)
{
	_cleanup_arena_ struct arena arena = { 0 };
	struct manifest manifest;
	struct place place;

	make(&place);
	export_to(&place, &arena, BETA, PORTAL_EXPORT_YAML, &manifest);
	CHECK_INT(manifest.companies.count, 1);
	CHECK_INT(manifest.settings.count, 0);
	check_beta(company_of(&manifest, "BR:" BETA));
	clear(&place);
}

int main(void)
{
	RUN(every_text_comes_back_as_it_was);
	RUN(a_portal_comes_back_in_both_forms);
	RUN(one_company_comes_with_its_people_alone);
	CHECK_REPORT();
}
