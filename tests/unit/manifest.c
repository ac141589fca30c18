#include "manifest-private.h"

#include <time.h>

#include "check.h"
#include "manifest-kinds.h"
#include "text/json.h"
#include "text/lines.h"

static const char *const *text_at(const struct manifest_object *object, size_t offset)
{
	return (const char *const *)(const void *)((const char *)object + offset);
}

static const struct manifest_list *list_at(const struct manifest_object *object, size_t offset)
{
	return (const void *)((const char *)object + offset);
}

static void show_list(
	struct portal_writer *writer, const char *key, const struct manifest_list *list);

/* "key=value;" for each member given, "key=~;" for one that is cleared. */
static void show_object(struct portal_writer *writer, const struct manifest_object *object)
{
	const struct manifest_kind *kind = object->kind;

	portal_put(writer, "(");
	portal_put(writer, object->key);
	portal_put(writer, "|");
	for (const struct portal_field *f = kind->record.fields; f->key; f++) {
		const char *text = *text_at(object, f->offset);

		if (!text)
			continue;
		portal_put(writer, f->key);
		portal_put(writer, "=");
		for (const char *c = *text ? text : "~"; *c; c++)
			portal_put_bytes(writer, *c == '\n' ? "," : c, 1);
		portal_put(writer, ";");
	}
	for (const struct manifest_child *c = kind->children; c->key; c++)
		show_list(writer, c->key, list_at(object, c->offset));
	portal_put(writer, ")");
}

static void show_list(
	struct portal_writer *writer, const char *key, const struct manifest_list *list)
{
	size_t count = 0;

	if (!list->first)
		return;
	portal_put(writer, key);
	for (const struct manifest_object *o = list->first; o; o = o->next, count++)
		show_object(writer, o);
	CHECK_INT(count, list->count);
}

static void show(struct portal_writer *writer, const struct manifest *manifest)
{
	if (manifest->set) {
		portal_put(writer, "set=");
		portal_put(writer, manifest->set);
		portal_put(writer, ";");
	}
	show_list(writer, "settings", &manifest->settings);
	show_list(writer, "companies", &manifest->companies);
	show_list(writer, "groups", &manifest->groups);
	show_list(writer, "connections", &manifest->connections);
}

static void show_fault(struct portal_writer *writer, const struct portal_fault *fault)
{
	CHECK(fault->source != NULL);
	portal_put(writer, fault->source);
	portal_put(writer, ":");
	portal_put_int(writer, fault->line);
	portal_put(writer, ":");
	portal_put_int(writer, fault->column);
	portal_put(writer, " ");
	portal_put(writer, fault->message);
	portal_put(writer, "\n");
}

/* What @count files called a, b, … say, or their faults, a line each. */
static const char *read_files(const char *const *texts, size_t count)
{
	static const char *const names[] = { "a", "b", "c" };
	static char out[20000];
	_cleanup_arena_ struct arena arena = { 0 };
	struct manifest_source sources[3];
	struct portal_error err = { 0 };
	struct portal_writer *writer;
	struct manifest manifest;
	int rc;

	for (size_t i = 0; i < count; i++)
		sources[i] = (struct manifest_source){ names[i], texts[i], strlen(texts[i]) };
	rc = manifest_read(&arena, sources, count, &manifest, &err);
	CHECK_INT(portal_writer_open(&writer, -1, &err), 0);
	if (rc == 0)
		show(writer, &manifest);
	CHECK(rc == 0 || err.faults);
	for (const struct portal_fault *f = err.faults; f; f = f->next)
		show_fault(writer, f);
	snprintf(out, sizeof(out), "%s", portal_writer_text(writer));
	portal_writer_close(writer);
	return out;
}

static const char *read_text(const char *text)
{
	return read_files(&text, 1);
}

/* What @rest says behind the version, which has the first line. */
static const char *read_rest(const char *rest)
{
	char text[4000];

	snprintf(text, sizeof(text), "portalctl: 1\n%s", rest);
	return read_text(text);
}

#define WHOLE \
	"(BR:65635571000148|tax_id=65635571000148;country=BR;name=Escritório;trade_name=~;" \
	"email=contato@modelo.example;phone=+55 11 98765-4321;relation=both;role=head_office;" \
	"status=registered;document_login=inherit;sections=documents,tasks;signup=on;" \
	"contacts(ana@modelo.example|email=ana@modelo.example;name=Ana;phones=11 3333-4444," \
	"11 98765-4321;)(Bia|name=Bia;phones=~;)" \
	"users(ana@modelo.example|email=ana@modelo.example;name=Ana;role=admin;status=active;" \
	"password_file=ana.txt;access=link;))" \
	"(AR:30945378383|tax_id=30945378383;country=AR;name=Modelo S.A.;sections=~;)" \
	"groups(BR:65635571000148|main=BR:65635571000148;name=Grupo;members=BR:02919305000127," \
	"AR:30945378383;)" \
	"connections(AR:30945378383 BR:65635571000148|from=BR:65635571000148;" \
	"to=AR:30945378383;status=active;)"

static void all_that_can_be_said_is_read(void)
{
	CHECK_STR(
		read_text(
			"portalctl: 1\n"
			"set: office.2026_a-b\n"
			"settings:\n"
			"  language: en\n"
			"  access_link_days: 7\n"
			"  host_name:\n"
			"companies:\n"
			"- tax_id: 65.635.571/0001-48\n"
			"  name: Escritório\n"
			"  trade_name: null\n"
			"  email: Contato@Modelo.example\n"
			"  phone: +55 11 98765-4321\n"
			"  relation: both\n"
			"  role: head_office\n"
			"  status: registered\n"
			"  document_login: inherit\n"
			"  sections: [documents, tasks]\n"
			"  signup: on\n"
			"  contacts:\n"
			"  - name: Ana\n"
			"    email: ANA@modelo.example\n"
			"    phones: [11 3333-4444, \"11 98765-4321\"]\n"
			"  - {name: Bia, phones: []}\n"
			"  users:\n"
			"  - email: ana@modelo.example\n"
			"    name: Ana\n"
			"    role: admin\n"
			"    status: active\n"
			"    password_file: ana.txt\n"
			"    access: link\n"
			"- {country: ar, tax_id: 30-94537838-3, name: 'Modelo S.A.', sections: ~}\n"
			"groups:\n"
			"- main: 65635571000148\n"
			"  name: Grupo\n"
			"  members: [02919305000127, 'AR:30-94537838-3']\n"
			"connections:\n"
			"- {from: 65635571000148, to: AR 30-94537838-3, status: active}\n"),
		"set=office.2026_a-b;settings(language|value=en;)(access_link_days|value=7;)"
		"(host_name|value=~;)companies" WHOLE);
}

static void json_says_the_same(void)
{
	CHECK_STR(
		read_text("{\"portalctl\": 1, \"set\": \"office.2026_a-b\",\n"
			  "\"settings\": {\"language\": \"en\", \"access_link_days\": 7,"
			  " \"host_name\": null},\n"
			  "\"companies\": [{\"tax_id\": \"65635571000148\",\n"
			  "\"name\": \"Escrit\\u00f3rio\", \"trade_name\": null,\n"
			  "\"email\": \"contato@modelo.example\",\n"
			  "\"phone\": \"+55 11 98765-4321\", \"relation\": \"both\",\n"
			  "\"role\": \"head_office\", \"status\": \"registered\",\n"
			  "\"document_login\": \"inherit\",\n"
			  "\"sections\": [\"documents\", \"tasks\"], \"signup\": \"on\",\n"
			  "\"users\": [{\"email\": \"ana@modelo.example\", \"name\": \"Ana\",\n"
			  "\"role\": \"admin\", \"status\": \"active\",\n"
			  "\"password_file\": \"ana.txt\", \"access\": \"link\"}],\n"
			  "\"contacts\": [{\"email\": \"ana@modelo.example\", \"name\": \"Ana\",\n"
			  "\"phones\": [\"11 3333-4444\", \"11 98765-4321\"]},\n"
			  "{\"name\": \"Bia\", \"phones\": []}]},\n"
			  "{\"tax_id\": \"AR 30-94537838-3\", \"name\": \"Modelo S.A.\","
			  " \"sections\": null}],\n"
			  "\"groups\": [{\"main\": \"65635571000148\", \"name\": \"Grupo\",\n"
			  "\"members\": [\"02.919.305/0001-27\", \"AR:30945378383\"]}],\n"
			  "\"connections\": [{\"from\": \"65635571000148\",\n"
			  "\"to\": \"AR:30945378383\", \"status\": \"active\"}]}"),
		"set=office.2026_a-b;settings(language|value=en;)(access_link_days|value=7;)"
		"(host_name|value=~;)companies" WHOLE);
}

static void several_files_are_one_manifest(void)
{
	const char *const files[] = {
		"portalctl: 1\nset: x\ncompanies: [{tax_id: 65635571000148}]\n",
		"{\"portalctl\": \"1\", \"companies\": [{\"tax_id\": \"02919305000127\"}]}",
		"portalctl: '1'\nset: x\ngroups: [{main: 65635571000148}]\ncompanies:\n"
	};

	CHECK_STR(read_files(files, 3),
		"set=x;companies(BR:65635571000148|tax_id=65635571000148;country=BR;)"
		"(BR:02919305000127|tax_id=02919305000127;country=BR;)"
		"groups(BR:65635571000148|main=BR:65635571000148;)");
	CHECK_STR(read_text("portalctl: 1"), "");
}

static void plain_words_and_numbers_stay_texts(void)
{
	CHECK_STR(read_rest("companies:\n"
			    "- {tax_id: 02919305000127, name: no, trade_name: 010, phone: 1e3}\n"
			    "- {tax_id: 65635571000148, name: 2026-03-01, trade_name: 0x1F,"
			    " signup: off, document_login: off}\n"),
		"companies(BR:02919305000127|tax_id=02919305000127;country=BR;name=no;"
		"trade_name=010;phone=1e3;)(BR:65635571000148|tax_id=65635571000148;country=BR;"
		"name=2026-03-01;trade_name=0x1F;document_login=off;signup=off;)");
	CHECK_STR(read_rest("companies: [{tax_id: 02919305000127, name: 'null', phone: 'yes'}]"),
		"companies(BR:02919305000127|tax_id=02919305000127;country=BR;name=null;"
		"phone=yes;)");
}

static void json_numbers_are_no_texts(void)
{
	CHECK_STR(read_text("{\"portalctl\":1,\"companies\":[{\"tax_id\":2919305000127,\n"
			    "\"name\":1, \"phone\":true}],\n"
			    "\"groups\":[{\"main\":65635571000148,\"members\":[1]}]}"),
		"a:1:39 put the tax id in quotes: numbers lose their leading zeros\n"
		"a:2:8 'name' must be a text: put it in quotes\n"
		"a:2:19 'phone' must be a text: put it in quotes\n"
		"a:3:19 put the tax id in quotes: numbers lose their leading zeros\n"
		"a:3:45 put the tax id in quotes: numbers lose their leading zeros\n");
}

static void a_manifest_says_its_version(void)
{
	CHECK_STR(read_text(""), "a:1:1 a manifest begins with 'portalctl: 1'\n");
	CHECK_STR(read_text("# x\n"), "a:1:1 a manifest begins with 'portalctl: 1'\n");
	CHECK_STR(read_text("~\n"), "a:1:1 a manifest begins with 'portalctl: 1'\n");
	CHECK_STR(read_text("{}"), "a:1:1 'portalctl' is missing\n");
	CHECK_STR(read_text("portalctl:\n"), "a:1:11 'portalctl' can't be empty\n");
	CHECK_STR(read_text("companies: []\n"), "a:1:1 'portalctl' is missing\n");
	CHECK_STR(read_text("portalctl: 2\n"),
		"a:1:12 '2' is not one of the choices of 'portalctl': 1\n");
	CHECK_STR(read_text("[]"), "a:1:1 'key: value' was expected\n");
	CHECK_STR(read_text("x"), "a:1:1 'key: value' was expected\n");
	CHECK_STR(read_rest("set: Ä"),
		"a:2:6 'Ä' is not the name of a set: up to 64 of a-z, 0-9, '.', '_' and '-'\n");
}

static void unknown_keys_are_told_with_what_was_meant(void)
{
	CHECK_STR(read_rest("compnies: []\nfoo: {bar: [{baz: 1}]}\n"
			    "companies:\n- tax_id: 02919305000127\n  nmae: x\n"
			    "  users: [{e-mail: a@b.example, email: a@b.example}]\n"
			    "settings: {languge: en, x: [1]}\n"),
		"a:2:1 there is no key 'compnies' here; did you mean 'companies'?\n"
		"a:3:1 there is no key 'foo' here\n"
		"a:6:3 there is no key 'nmae' here; did you mean 'name'?\n"
		"a:7:12 there is no key 'e-mail' here; did you mean 'email'?\n"
		"a:8:12 there is no key 'languge' here; did you mean 'language'?\n"
		"a:8:25 there is no key 'x' here\n");
}

static void a_key_is_there_once(void)
{
	CHECK_STR(read_rest("companies: []\ncompanies: [{}]\n"),
		"a:3:1 'companies' is there twice\n");
	CHECK_STR(read_rest("companies:\n- tax_id: 02919305000127\n  name: a\n  name: [b]\n"
			    "  \"name\": c\n"),
		"a:5:3 'name' is there twice\na:6:3 'name' is there twice\n");
	CHECK_STR(read_rest("settings:\n  language: en\n  language: pt_BR\n"),
		"a:4:3 'language' is there twice, first at a:3:3\n");
}

static void what_is_of_the_wrong_type_is_told(void)
{
	CHECK_STR(read_rest("companies: {}\ngroups: x\nconnections: [1, [], ~]\nsettings: []\n"
			    "set: [a]\n"),
		"a:2:12 'companies' must be a list\na:3:9 'groups' must be a list\n"
		"a:4:15 an item of 'connections' must be a mapping\n"
		"a:4:18 an item of 'connections' must be a mapping\n"
		"a:4:22 an item of 'connections' must be a mapping\n"
		"a:5:11 'settings' must be a mapping\na:6:6 'set' must be a text\n");
	CHECK_STR(read_rest("companies:\n- tax_id: [1, [2]]\n  sections: documents\n"
			    "  name: {a: 1}\n  contacts: a@b.example\n"
			    "settings: {language: [en]}\n"),
		"a:3:11 'tax_id' must be a text\na:4:13 'sections' must be a list\n"
		"a:5:9 'name' must be a text\na:6:13 'contacts' must be a list\n"
		"a:7:22 'language' must be a text\n");
	CHECK_STR(read_rest("groups: [{main: 02919305000127, members: [[], '', ~, \"a\\nb\"]}]"),
		"a:2:43 'members' must be a text\n"
		"a:2:47 an item of a list can't be empty or hold a line break\n"
		"a:2:51 an item of a list can't be empty or hold a line break\n"
		"a:2:54 an item of a list can't be empty or hold a line break\n");
}

static void values_are_checked_where_they_stand(void)
{
	CHECK_STR(read_rest("companies:\n"
			    "- tax_id: 02919305000127\n"
			    "  role: brunch\n"
			    "  status: unregistered\n"
			    "  signup: yes\n"
			    "  email: none\n"
			    "  sections: [documents, docs]\n"
			    "  users: [{email: b, role: root, access: on}]\n"),
		"a:4:9 'brunch' is not one of the choices of 'role': head_office, branch, unknown\n"
		"a:5:11 'unregistered' is not one of the choices of 'status': registered, "
		"disabled\n"
		"a:6:11 'yes' is not one of the choices of 'signup': on, off\n"
		"a:7:10 'none' is not an e-mail address like name@example.com\n"
		"a:8:25 'docs' is not one of the choices of 'sections': documents, projects, "
		"tasks, sales, support\n"
		"a:9:19 'b' is not an e-mail address like name@example.com\n"
		"a:9:28 'root' is not one of the choices of 'role': admin, collaborator\n"
		"a:9:42 'on' is not one of the choices of 'access': link, none\n");
}

static void tax_ids_are_checked_where_they_stand(void)
{
	const char *got = read_rest("companies:\n"
				    "- tax_id: 02919305000128\n"
				    "- {tax_id: 'BR:02919305000127', country: AR}\n"
				    "- {tax_id: 65635571000148, country: Brazil}\n"
				    "groups:\n"
				    "- main: 65635571000148\n"
				    "  members:\n"
				    "  - 02919305000127\n"
				    "  - 1\n"
				    "connections: [{from: x, to: 65635571000148}]\n");

	CHECK(strstr(got, "a:3:11 '02919305000128' "));
	CHECK(strstr(got, "a:4:42 the country is 'AR', but the tax id is one of 'BR'\n"));
	CHECK(strstr(got, "a:5:12 "));
	CHECK(strstr(got, "a:10:5 '1' "));
	CHECK(strstr(got, "a:11:22 'x' "));
}

static void what_an_object_is_known_by_must_be_there(void)
{
	CHECK_STR(read_rest("companies:\n- name: x\n- tax_id:\n- tax_id: 02919305000127\n"
			    "  contacts: [{}, {name: ''}, {email: ~, name: Ana}, {phones: []}]\n"
			    "  users: [{name: x}, {email: ''}]\n"
			    "groups: [{}]\n"
			    "connections: [{from: 02919305000127}, {to: 02919305000127,"
			    " from: 02919305000127}]\n"),
		"a:3:3 'tax_id' is missing\n"
		"a:4:10 'tax_id' can't be empty\n"
		"a:6:14 a contact needs 'email', or 'name' where there is none\n"
		"a:6:18 a contact needs 'email', or 'name' where there is none\n"
		"a:6:53 a contact needs 'email', or 'name' where there is none\n"
		"a:7:11 'email' is missing\na:7:30 'email' can't be empty\n"
		"a:8:10 'main' is missing\n"
		"a:9:15 'to' is missing\n"
		"a:9:44 a company can't be connected to itself\n");
}

static void nothing_is_there_twice_in_a_file(void)
{
	CHECK_STR(read_rest("companies:\n"
			    "- tax_id: 02919305000127\n"
			    "  contacts: [{email: a@b.example}, {name: Ana}, {email: A@b.example},"
			    " {name: Ana}]\n"
			    "  users: [{email: a@b.example}, {email: A@B.example}]\n"
			    "- tax_id: 65635571000148\n"
			    "  users: [{email: a@b.example}]\n"
			    "- {tax_id: 02.919.305/0001-27}\n"
			    "- {tax_id: 'BR 02919305000127'}\n"
			    "groups: [{main: 65635571000148}, {main: 65.635.571/0001-48}]\n"
			    "connections:\n"
			    "- {from: 02919305000127, to: 65635571000148}\n"
			    "- {from: 65635571000148, to: 02919305000127}\n"),
		"a:4:71 'Ana' is there twice, first at a:4:36\n"
		"a:4:49 'a@b.example' is there twice, first at a:4:14\n"
		"a:5:33 'a@b.example' is there twice, first at a:5:11\n"
		"a:8:3 'BR:02919305000127' is there twice, first at a:3:3\n"
		"a:9:3 'BR:02919305000127' is there twice, first at a:3:3\n"
		"a:10:34 'BR:65635571000148' is there twice, first at a:10:10\n"
		"a:13:3 'BR:02919305000127 BR:65635571000148' is there twice, first at a:12:3\n");
}

static void nothing_is_there_twice_in_a_run(void)
{
	const char *const files[] = {
		"portalctl: 1\nset: x\nsettings: {language: en}\n"
		"companies:\n- tax_id: 02919305000127\n",
		"portalctl: 1\nset: y\ncompanies:\n- {tax_id: 02919305000127, users: [{}]}\n"
		"settings: {language: en}\n",
	};

	CHECK_STR(read_files(files, 2),
		"b:4:36 'email' is missing\n"
		"b:2:6 the set is 'y' here and 'x' in another file\n"
		"b:5:12 'language' is there twice, first at a:3:12\n"
		"b:4:3 'BR:02919305000127' is there twice, first at a:5:3\n");
}

static void a_file_that_is_no_yaml_ends_alone(void)
{
	const char *const files[] = { "portalctl: 1\nx: 1\ncompanies: [{}\n",
		"{\"portalctl\": 1, \"y\": 1, }", "portalctl: 1\nz: &a 1\n" };

	CHECK_STR(read_files(files, 3), "a:2:1 there is no key 'x' here\n"
					"a:3:13 'tax_id' is missing\n"
					"a:4:1 not valid YAML: did not find expected ',' or ']'\n"
					"b:1:18 there is no key 'y' here\n"
					"b:1:26 not valid JSON: a key in quotes was expected\n"
					"c:2:1 there is no key 'z' here\n"
					"c:2:4 anchors are not allowed\n");
	CHECK_STR(read_rest("a: b\n---\nc: d\n"),
		"a:2:1 there is no key 'a' here\na:3:1 a second document is not allowed\n");
}

static void the_failure_is_the_first_fault(void)
{
	const struct manifest_source sources[] = { { "x.yaml", "portalctl: 1\nset: A\n", 20 },
		{ "y.yaml", "portalctl: 1\nset: B\nfoo: 1\n", 27 } };
	_cleanup_arena_ struct arena arena = { 0 };
	struct portal_error one = { 0 }, several = { 0 };
	struct manifest manifest = { .set = "untouched" };

	CHECK_INT(manifest_read(&arena, sources, 1, &manifest, &one), -PORTAL_INVALID);
	CHECK_STR(one.source, "x.yaml");
	CHECK_STR(one.field, "set");
	CHECK_INT(one.line * 100 + one.column, 206);
	CHECK_INT(manifest_read(&arena, sources, 2, &manifest, &several), -PORTAL_INVALID);
	CHECK_STR(several.source, "x.yaml");
	CHECK_INT(several.line * 100 + several.column, 206);
	CHECK_INT(several.fault_count, 3);
	CHECK_STR(several.faults->next->source, "y.yaml");
	CHECK_STR(manifest.set, "untouched");
}

static void later_faults_find_their_place(void)
{
	const char text[] = "portalctl: 1\ncompanies:\n- tax_id: 02919305000127\n  name: x\n"
			    "  users:\n  - email: a@b.example\n";
	const struct manifest_source source = { "x", text, sizeof(text) - 1 };
	_cleanup_arena_ struct arena arena = { 0 };
	struct portal_error err = { 0 };
	struct manifest manifest;
	const struct manifest_object *object;

	CHECK_INT(manifest_read(&arena, &source, 1, &manifest, &err), 0);
	object = manifest.companies.first;
	CHECK_INT(object->place.line * 100 + object->place.column, 303);
	portal_fail(&err, PORTAL_INVALID, "x");
	CHECK_INT(manifest_about(object, "name", &err), -PORTAL_INVALID);
	CHECK_STR(err.source, "x");
	CHECK_STR(err.field, "name");
	CHECK_INT(err.line * 100 + err.column, 409);
	manifest_about(object, "users", &err);
	CHECK_INT(err.line * 100 + err.column, 603);
	manifest_about(object, "email", &err);
	CHECK_INT(err.line * 100 + err.column, 303);
	MANIFEST_EACH(const struct manifest_company, company, &manifest.companies)
	MANIFEST_EACH(const struct manifest_user, user, &company->users)
	CHECK_STR(user->email, "a@b.example");
}

/* @head, then @unit up to @most bytes: the first fault. Within four seconds, which a
 * sanitizer needs, and 64 MB beside the text. */
static const char *read_much(const char *head, const char *unit, size_t most, int *ret_count)
{
	static char message[600];
	_cleanup_arena_ struct arena arena = { 0 };
	struct portal_error err = { 0 };
	struct manifest manifest;
	const size_t head_len = strlen(head), unit_len = strlen(unit);
	const size_t len = most - (most - head_len) % unit_len;
	struct manifest_source source = { "a", NULL, len };
	char *text = malloc(len);
	clock_t start = clock();
	int count = 0;

	memcpy(text, head, head_len);
	for (size_t i = head_len; i < len; i++)
		text[i] = unit[(i - head_len) % unit_len];
	source.bytes = text;
	manifest_read(&arena, &source, 1, &manifest, &err);
	CHECK((double)(clock() - start) / CLOCKS_PER_SEC < 4 * CHECK_STRIDE(20));
	CHECK(arena_used(&arena) < 64 << 20);
	for (const struct portal_fault *f = err.faults; f; f = f->next)
		count += f->line >= 1 || len > MANIFEST_MAX_BYTES;
	CHECK_INT(count, err.fault_count < PORTAL_FAULTS_MAX ? err.fault_count : PORTAL_FAULTS_MAX);
	*ret_count = err.fault_count;
	snprintf(message, sizeof(message), "%s", err.faults ? err.faults->message : "");
	free(text);
	return message;
}

static void hostile_files_are_refused_quickly(void)
{
	const size_t much = 1 << 21;
	int count;

	CHECK_STR(read_much("", "[", 200000, &count), "'key: value' was expected");
	CHECK_STR(read_much("companies: ", "[", 200000, &count),
		"an item of 'companies' must be a mapping");
	CHECK_STR(read_much("{\"x\":", "[", 200000, &count), "there is no key 'x' here");
	CHECK_INT(count, 2);
	CHECK_STR(read_much("a: &a [x]\n", "b: &b [*a,*a]\n", much, &count),
		"there is no key 'a' here");
	CHECK_INT(count, 2);
	CHECK_STR(read_much("portalctl: 1\n", "#", MANIFEST_MAX_BYTES + 1, &count),
		"a manifest can't be longer than 64 MiB");
	CHECK_STR(read_much("portalctl: 1\n", "set: x\n", much, &count), "'set' is there twice");
	CHECK(count > 100000);
	CHECK_STR(read_much("{", "\"set\":1,", much, &count),
		"'set' must be a text: put it in quotes");
	CHECK(count > 100000);
	CHECK_STR(read_much("portalctl: 1\n", "companion: x\n", much, &count),
		"there is no key 'companion' here; did you mean 'companies'?");
	CHECK(count > 100000);
	CHECK_STR(read_much("portalctl: 1\ncompanies:\n", "-\n", much, &count),
		"an item of 'companies' must be a mapping");
	CHECK_STR(read_much("portalctl: 1\ncompanies:\n", "- {}\n", much, &count),
		"'tax_id' is missing");
	CHECK_STR(
		read_much("portalctl: 1\nset: ", "a", much, &count)[0] ? "refused" : "", "refused");
	CHECK_STR(read_much("{\"portalctl\":1,\"", "a", much, &count),
		"not valid JSON: a string is not closed");
}

static void many_companies_alike_are_found_quickly(void)
{
	int count;

	CHECK_STR(read_much("portalctl: 1\ncompanies:\n", "- tax_id: 02919305000127\n", 1 << 20,
			  &count),
		"'BR:02919305000127' is there twice, first at a:3:3");
	CHECK(count > 40000);
	CHECK_STR(read_much("portalctl: 1\ngroups:\n- main: 33000167000101\n  members:\n",
			  "  - 02919305000127\n", 1 << 20, &count),
		"'BR:02919305000127' is there twice, first at a:5:5");
	CHECK(count > 40000);
	CHECK_STR(read_much("portalctl: 1\ngroups:\n- main: 02919305000127\n  members:\n",
			  "  - 02919305000127\n", 1 << 20, &count),
		"'BR:02919305000127' is the main company, and no member besides");
	CHECK(count > 80000);
}

static void objects_have_their_limit(void)
{
	int count;

	CHECK_STR(read_much("{\"portalctl\":1,\"companies\":[{\"tax_id\":\"02919305000127\","
			    "\"users\":[",
			  "{},", 1 << 20, &count),
		"'email' is missing");
	CHECK(count > 140000 && count < 150010);
}

static FILE *open_suite(void)
{
	char path[500];

	snprintf(path, sizeof(path), "%s/data/yaml-test-suite/cases.ndjson", check_shared());
	return fopen(path, "r");
}

static void yaml_test_suite_has_a_place_for_each_fault(void)
{
	_cleanup_lines_ struct lines *lines = NULL;
	struct portal_error err = { 0 };
	struct line line;
	FILE *file = open_suite();
	int cases = 0;

	CHECK_INT(lines_open(&lines, fileno(file), &err), 0);
	while (lines_next(lines, &line, &err) > 0) {
		_cleanup_arena_ struct arena arena = { 0 };
		struct json *one = NULL;
		const char *text;

		CHECK_INT(json_parse(&arena, line.text, line.len, &one, &err), 0);
		text = json_text(json_get(one, "yaml"));
		CHECK(text && strncmp(read_text(text), "a:", 2) == 0 &&
			!strstr(read_text(text), ":0 "));
		cases++;
	}
	CHECK(cases > 200);
	printf("# %d cases\n", cases);
	fclose(file);
}

static void the_schema_has_the_whole_language(void)
{
	_cleanup_arena_ struct arena arena = { 0 };
	struct portal_error err = { 0 };
	struct portal_writer *writer;
	struct json *schema = NULL;
	const struct json *company;
	const char *text;

	CHECK_INT(portal_writer_open(&writer, -1, &err), 0);
	manifest_put_schema(writer);
	text = portal_writer_text(writer);
	CHECK_INT(json_parse(&arena, text, strlen(text), &schema, &err), 0);
	CHECK_STR(json_text(json_get(schema, "$schema")),
		"https://json-schema.org/draft/2020-12/schema");
	CHECK_STR(json_text(json_first(json_get(schema, "required"))), "portalctl");
	company = json_get(json_get(json_get(schema, "properties"), "companies"), "items");
	CHECK(json_get(json_get(company, "properties"), "document_login") != NULL);
	CHECK_INT(json_type(json_get(company, "additionalProperties")), JSON_BOOL);
	CHECK(strstr(text, "\"enum\":[\"admin\",\"collaborator\",\"\",null]"));
	CHECK(strstr(text, "\"enum\":[\"1\",1]"));
	CHECK(strstr(text, "\"time_zone\":{"));
	CHECK(strstr(text, "\"anyOf\":[{\"required\":[\"email\"]},{\"required\":[\"name\"]}]"));
	CHECK(strstr(text, "\"required\":[\"from\",\"to\"]"));
	portal_writer_close(writer);
}

int main(void)
{
	FILE *suite = open_suite();

	RUN(all_that_can_be_said_is_read);
	RUN(json_says_the_same);
	RUN(several_files_are_one_manifest);
	RUN(plain_words_and_numbers_stay_texts);
	RUN(json_numbers_are_no_texts);
	RUN(a_manifest_says_its_version);
	RUN(unknown_keys_are_told_with_what_was_meant);
	RUN(a_key_is_there_once);
	RUN(what_is_of_the_wrong_type_is_told);
	RUN(values_are_checked_where_they_stand);
	RUN(tax_ids_are_checked_where_they_stand);
	RUN(what_an_object_is_known_by_must_be_there);
	RUN(nothing_is_there_twice_in_a_file);
	RUN(nothing_is_there_twice_in_a_run);
	RUN(a_file_that_is_no_yaml_ends_alone);
	RUN(the_failure_is_the_first_fault);
	RUN(later_faults_find_their_place);
	RUN(hostile_files_are_refused_quickly);
	RUN(many_companies_alike_are_found_quickly);
	RUN(objects_have_their_limit);
	RUN(the_schema_has_the_whole_language);
	if (suite) {
		fclose(suite);
		RUN(yaml_test_suite_has_a_place_for_each_fault);
	} else {
		SKIP(yaml_test_suite_has_a_place_for_each_fault, "the suite is not here");
	}
	CHECK_REPORT();
}
