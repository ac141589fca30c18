#include "manifest-kinds.h"

#include <string.h>

#include <portal/company.h>
#include <portal/connection.h>
#include <portal/user.h>

#include "manifest-read.h"

static const struct portal_word versions[] = { { MANIFEST_VERSION, NULL }, { NULL, NULL } };
static const struct portal_word switches[] = { { "on", NULL }, { "off", NULL }, { NULL, NULL } };
static const struct portal_word accesses[] = { { "link", NULL }, { "none", NULL }, { NULL, NULL } };
/* A company that is only known by name is nothing that somebody would ask for. */
static const struct portal_word statuses[] = { { "registered", NULL }, { "disabled", NULL },
	{ NULL, NULL } };

static const struct manifest_child no_children[] = { { .key = NULL } };

static const struct portal_field contact_fields[] = {
	PORTAL_FIELD(struct manifest_contact, email, "the address it is known by",
		.flags = MANIFEST_EMAIL | MANIFEST_EITHER),
	PORTAL_FIELD(struct manifest_contact, name,
		"the person's name, by which a contact without address is known",
		.flags = MANIFEST_EITHER),
	PORTAL_FIELD(struct manifest_contact, phones, "phone numbers"),
	PORTAL_FIELDS_END,
};

static const struct manifest_kind contact_kind = {
	{ "contact", sizeof(struct manifest_contact), contact_fields },
	no_children,
	manifest_end_contact,
};

static const struct portal_field user_fields[] = {
	PORTAL_FIELD(struct manifest_user, email, "the login",
		.flags = MANIFEST_REQUIRED | MANIFEST_EMAIL),
	PORTAL_FIELD(struct manifest_user, name, "the person's name"),
	PORTAL_FIELD(struct manifest_user, role, "what the user may do", .words = user_roles),
	PORTAL_FIELD(struct manifest_user, status, "whether the user may log in",
		.words = user_statuses),
	PORTAL_FIELD(struct manifest_user, password_file,
		"a file with the password of a new user, from the manifest's folder"),
	PORTAL_FIELD(struct manifest_user, access, "whether a new user is mailed a link",
		.words = accesses),
	PORTAL_FIELDS_END,
};

static const struct manifest_kind user_kind = {
	{ "user", sizeof(struct manifest_user), user_fields },
	no_children,
	manifest_end_user,
};

static const struct portal_field company_fields[] = {
	PORTAL_FIELD(struct manifest_company, tax_id, "CNPJ, CPF or another country's tax id",
		.flags = MANIFEST_REQUIRED | MANIFEST_TAX_ID),
	PORTAL_FIELD(struct manifest_company, country, "two letters; BR where not given"),
	PORTAL_FIELD(struct manifest_company, name, "the legal name"),
	PORTAL_FIELD(struct manifest_company, trade_name, "the name on the door"),
	PORTAL_FIELD(
		struct manifest_company, email, "the company's address", .flags = MANIFEST_EMAIL),
	PORTAL_FIELD(struct manifest_company, phone, "the company's phone number"),
	PORTAL_FIELD(struct manifest_company, relation, "what it is to the office",
		.words = company_relations),
	PORTAL_FIELD(
		struct manifest_company, role, "head office or branch", .words = company_roles),
	PORTAL_FIELD(struct manifest_company, status, "whether it takes part", .words = statuses),
	PORTAL_FIELD(struct manifest_company, document_login,
		"whether documents open after login alone", .words = company_document_logins),
	PORTAL_FIELD(struct manifest_company, sections, "what collaborators see",
		.words = company_sections, .flags = MANIFEST_FULL),
	PORTAL_FIELD(struct manifest_company, signup, "whether there is a link to register",
		.words = switches),
	PORTAL_FIELDS_END,
};

static const struct manifest_child company_children[] = {
	{ "contacts", "its people", &contact_kind, offsetof(struct manifest_company, contacts),
		false },
	{ "users", "those of them who may log in", &user_kind,
		offsetof(struct manifest_company, users), false },
	{ .key = NULL },
};

static const struct manifest_kind company_kind = {
	{ "company", sizeof(struct manifest_company), company_fields },
	company_children,
	manifest_end_company,
};

static const struct portal_field group_fields[] = {
	PORTAL_FIELD(struct manifest_group, main, "the main company's tax id",
		.flags = MANIFEST_REQUIRED | MANIFEST_TAX_ID | MANIFEST_COMPANY),
	PORTAL_FIELD(struct manifest_group, name, "the group's name"),
	PORTAL_FIELD(struct manifest_group, members, "the other companies' tax ids",
		.flags = MANIFEST_TAX_ID | MANIFEST_COMPANY),
	PORTAL_FIELDS_END,
};

static const struct manifest_kind group_kind = {
	{ "group", sizeof(struct manifest_group), group_fields },
	no_children,
	manifest_end_group,
};

static const struct portal_field connection_fields[] = {
	PORTAL_FIELD(struct manifest_connection, from, "the tax id of the company that invited",
		.flags = MANIFEST_REQUIRED | MANIFEST_TAX_ID | MANIFEST_COMPANY),
	PORTAL_FIELD(struct manifest_connection, to, "the tax id of the company that accepted",
		.flags = MANIFEST_REQUIRED | MANIFEST_TAX_ID | MANIFEST_COMPANY),
	PORTAL_FIELD(struct manifest_connection, status, "whether it lasts",
		.words = connection_statuses),
	PORTAL_FIELDS_END,
};

static const struct manifest_kind connection_kind = {
	{ "connection", sizeof(struct manifest_connection), connection_fields },
	no_children,
	manifest_end_connection,
};

/* Its key is one that config_key() knows. */
static const struct portal_field setting_fields[] = {
	PORTAL_FIELD(
		struct manifest_setting, value, "the setting's value", .flags = MANIFEST_NUMBER),
	PORTAL_FIELDS_END,
};

const struct manifest_kind manifest_setting_kind = {
	{ "setting", sizeof(struct manifest_setting), setting_fields },
	no_children,
	NULL,
};

static const struct portal_field file_fields[] = {
	PORTAL_FIELD(struct manifest_file, portalctl, "the version of this language",
		.words = versions, .flags = MANIFEST_REQUIRED | MANIFEST_NUMBER),
	{ .key = "set",
		.title = "the name under which the portal remembers what this manifest made",
		.type = PORTAL_TEXT,
		.flags = MANIFEST_NAME,
		.offset = offsetof(struct manifest_file, manifest.set) },
	PORTAL_FIELDS_END,
};

#define FILE_CHILD(member, what, its_kind, mapping) \
	{ \
		.key = #member, .title = (what), .kind = (its_kind), \
		.offset = offsetof(struct manifest_file, manifest.member), .is_mapping = (mapping) \
	}

static const struct manifest_child file_children[] = {
	FILE_CHILD(settings, "the portal's settings", &manifest_setting_kind, true),
	FILE_CHILD(companies, "companies with their people", &company_kind, false),
	FILE_CHILD(groups, "companies that share one client area", &group_kind, false),
	FILE_CHILD(connections, "companies that work with each other", &connection_kind, false),
	{ .key = NULL },
};

const struct manifest_kind manifest_file_kind = {
	{ "manifest", sizeof(struct manifest_file), file_fields },
	file_children,
	manifest_end_file,
};

size_t manifest_field_count(const struct manifest_kind *kind)
{
	size_t count = 0;

	while (kind->record.fields[count].key)
		count++;
	return count;
}

size_t manifest_member_count(const struct manifest_kind *kind)
{
	size_t fields = manifest_field_count(kind), count = 0;

	while (kind->children[count].key)
		count++;
	return fields + count;
}

const char *manifest_member_key(const struct manifest_kind *kind, size_t number)
{
	size_t fields = manifest_field_count(kind);

	return number < fields ? kind->record.fields[number].key
			       : kind->children[number - fields].key;
}

size_t manifest_member_number(const struct manifest_kind *kind, const char *key)
{
	size_t fields = manifest_field_count(kind);

	for (size_t i = 0; i < fields; i++)
		if (!strcmp(kind->record.fields[i].key, key))
			return i;
	for (size_t i = 0; kind->children[i].key; i++)
		if (!strcmp(kind->children[i].key, key))
			return fields + i;
	return SIZE_MAX;
}

const struct manifest_kind *manifest_child_kind(const struct manifest_kind *kind, const char *key)
{
	const struct manifest_child *child = kind->children;

	while (strcmp(child->key, key) != 0)
		child++;
	return child->kind;
}
