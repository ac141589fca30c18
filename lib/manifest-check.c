#include "manifest-read.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <portal/taxid.h>

#include "base/utf8.h"
#include "base/word.h"

void manifest_tell(
	struct manifest_reader *reader, const struct manifest_place *place, const char *field)
{
	struct portal_error *err = reader->err;

	err->source = reader->source->path;
	err->line = place->line;
	err->column = place->column;
	err->field = field;
	portal_fault_add(err);
}

/* Choices are those of a command's options elsewhere, and wrong ones a fault of it. */
static const char *check_word(
	struct manifest_reader *reader, const struct portal_field *field, const char *text)
{
	for (const struct portal_word *w = field->words; w->word; w++)
		if (!strcmp(w->word, text))
			return w->word;
	word_no_choice(&reader->scratch, field->words, text, field->key, reader->err);
	reader->err->code = PORTAL_INVALID;
	return NULL;
}

static const char *company_key(struct arena *arena, const struct taxid *taxid)
{
	return arena_printf(arena, "%s:%s", taxid->country, taxid->tax_id);
}

static const char *check_company(
	struct manifest_reader *reader, struct arena *arena, const char *text)
{
	struct taxid taxid;

	if (taxid_parse(&reader->scratch, text, NULL, &taxid, reader->err) < 0)
		return NULL;
	return company_key(arena, &taxid);
}

int manifest_check_set(const char *name, struct portal_error *err)
{
	const size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789._-");

	if (!name[len] && len > 0 && len <= 64)
		return 0;
	portal_fail(err, PORTAL_INVALID,
		_("'%s' is not the name of a set: up to 64 of a-z, 0-9, '.', '_' and '-'"), name);
	return portal_about_field(err, "set");
}

static const char *check_name(struct manifest_reader *reader, struct arena *arena, const char *text)
{
	return manifest_check_set(text, reader->err) < 0 ? NULL : arena_strdup(arena, text);
}

const char *manifest_check_text(struct manifest_reader *reader, struct arena *arena,
	const struct portal_field *field, const struct manifest_place *place, const char *text)
{
	const char *normal;

	if (field->words)
		normal = check_word(reader, field, text);
	else if (field->flags & MANIFEST_COMPANY)
		normal = check_company(reader, arena, text);
	else if (field->flags & MANIFEST_EMAIL)
		normal = email_parse(arena, text, reader->err);
	else if (field->flags & MANIFEST_NAME)
		normal = check_name(reader, arena, text);
	else
		normal = arena_strdup(arena, text);
	if (!normal)
		manifest_tell(reader, place, field->key);
	return normal;
}

static bool is_given(const char *text)
{
	return text && *text;
}

static const struct manifest_place *place_of(const struct manifest_object *object, const char *key)
{
	size_t number = manifest_member_number(object->kind, key);

	if (number == SIZE_MAX || !object->fields[number].line)
		return &object->place;
	return &object->fields[number];
}

int manifest_about(const struct manifest_object *object, const char *key, struct portal_error *err)
{
	const struct manifest_place *place = place_of(object, key);

	err->source = object->source->path;
	err->line = place->line;
	err->column = place->column;
	return portal_about_field(err, key);
}

/* Was a member given that is wrong, and told of? */
static bool is_wrong(const struct manifest_object *object, const char *key, const char *text)
{
	return !text && place_of(object, key) != &object->place;
}

void manifest_end_contact(struct manifest_reader *reader, struct manifest_object *object)
{
	const struct manifest_contact *contact = (const void *)object;

	if (is_wrong(object, "email", contact->email) || is_wrong(object, "name", contact->name))
		return;
	object->key = is_given(contact->email) ? contact->email : contact->name;
	if (!is_given(object->key))
		MANIFEST_FAULT(reader, &object->place, NULL,
			_("a contact needs 'email', or 'name' where there is none"));
}

static void not_empty(struct manifest_reader *reader, const struct manifest_object *object,
	const char *key, const char *text)
{
	if (text && !*text)
		MANIFEST_FAULT(reader, place_of(object, key), key, _("'%s' can't be empty"), key);
}

void manifest_end_user(struct manifest_reader *reader, struct manifest_object *object)
{
	const struct manifest_user *user = (const void *)object;

	object->key = user->email;
	not_empty(reader, object, "role", user->role);
	not_empty(reader, object, "status", user->status);
	not_empty(reader, object, "access", user->access);
}

/* The country that the id names, or else the one beside it. */
static void take_tax_id(struct manifest_reader *reader, struct manifest_company *company)
{
	const struct manifest_object *object = &company->object;
	const char *country = is_given(company->country) ? company->country : NULL;
	struct taxid taxid;

	if (taxid_parse(&reader->scratch, company->tax_id, country, &taxid, reader->err) < 0) {
		manifest_tell(reader, place_of(object, "tax_id"), "tax_id");
		return;
	}
	if (country && strcasecmp(country, taxid.country) != 0)
		MANIFEST_FAULT(reader, place_of(object, "country"), "country",
			_("the country is '%s', but the tax id is one of '%s'"), country,
			taxid.country);
	company->country = arena_strdup(reader->arena, taxid.country);
	company->tax_id = arena_strdup(reader->arena, taxid.tax_id);
	company->object.key = company_key(reader->arena, &taxid);
}

void manifest_end_company(struct manifest_reader *reader, struct manifest_object *object)
{
	struct manifest_company *company = (void *)object;

	if (is_given(company->tax_id))
		take_tax_id(reader, company);
	arena_reset(&reader->scratch);
	manifest_check_differ(reader, &company->contacts);
	manifest_check_differ(reader, &company->users);
}

/* Two companies have one connection, whichever of them invited. */
void manifest_end_connection(struct manifest_reader *reader, struct manifest_object *object)
{
	const struct manifest_connection *connection = (const void *)object;
	const char *from = connection->from, *to = connection->to;
	int order;

	if (!is_given(from) || !is_given(to))
		return;
	order = strcmp(from, to);
	if (order == 0)
		MANIFEST_FAULT(reader, place_of(object, "to"), "to",
			_("a company can't be connected to itself"));
	else
		object->key = arena_printf(
			reader->arena, "%s %s", order < 0 ? from : to, order < 0 ? to : from);
}

static void append(struct manifest_list *list, const struct manifest_list *more)
{
	if (!more->first)
		return;
	if (list->last)
		list->last->next = more->first;
	else
		list->first = more->first;
	list->last = more->last;
	list->count += more->count;
}

void manifest_end_file(struct manifest_reader *reader, struct manifest_object *object)
{
	const struct manifest *more =
		&((const struct manifest_file *)(const void *)object)->manifest;
	struct manifest *all = reader->manifest;

	if (is_given(all->set) && is_given(more->set) && strcmp(all->set, more->set) != 0)
		MANIFEST_FAULT(reader, place_of(object, "set"), "set",
			_("the set is '%s' here and '%s' in another file"), more->set, all->set);
	else if (is_given(more->set))
		all->set = more->set;
	append(&all->settings, &more->settings);
	append(&all->companies, &more->companies);
	append(&all->groups, &more->groups);
	append(&all->connections, &more->connections);
}

/* By key, and by where they stand; the sources of a run are one array. */
static int compare_objects(const void *a, const void *b)
{
	const struct manifest_object *one = *(const struct manifest_object *const *)a;
	const struct manifest_object *two = *(const struct manifest_object *const *)b;
	int order = strcmp(one->key, two->key);

	if (order == 0)
		order = (one->source > two->source) - (one->source < two->source);
	if (order == 0)
		order = (one->place.line > two->place.line) - (one->place.line < two->place.line);
	if (order == 0)
		order = (one->place.column > two->place.column) -
			(one->place.column < two->place.column);
	return order;
}

static void tell_twice(struct manifest_reader *reader, const struct manifest_object *first,
	const struct manifest_object *again)
{
	reader->source = again->source;
	MANIFEST_FAULT(reader, &again->place, NULL, _("'%s' is there twice, first at %s:%u:%u"),
		again->key, first->source->path, first->place.line, first->place.column);
}

/* Sorting, unlike hashing, can't be made slow by keys chosen for it. */
void manifest_check_differ(struct manifest_reader *reader, const struct manifest_list *list)
{
	const struct manifest_object **sorted;
	size_t count = 0;

	if (list->count < 2)
		return;
	sorted = arena_array(&reader->scratch, list->count, sizeof(*sorted));
	for (const struct manifest_object *object = list->first; object; object = object->next)
		if (is_given(object->key))
			sorted[count++] = object;
	qsort(sorted, count, sizeof(*sorted), compare_objects);
	for (size_t i = 1, first = 0; i < count; i++) {
		if (strcmp(sorted[i]->key, sorted[first]->key) == 0)
			tell_twice(reader, sorted[first], sorted[i]);
		else
			first = i;
	}
	arena_reset(&reader->scratch);
}

/* The members as objects, which have keys and places. */
static struct manifest_list members_of(
	struct manifest_reader *reader, const struct manifest_group *group)
{
	char *text = arena_strdup(&reader->scratch, group->members.lines), *save = NULL;
	struct manifest_list list = { 0 };
	struct manifest_object **end = &list.first;

	for (char *key = strtok_r(text, "\n", &save); key; key = strtok_r(NULL, "\n", &save)) {
		struct manifest_object *member =
			arena_new(&reader->scratch, struct manifest_object);

		member->key = key;
		member->source = group->object.source;
		member->place = group->object.items[list.count++];
		*end = member;
		end = &member->next;
	}
	return list;
}

void manifest_end_group(struct manifest_reader *reader, struct manifest_object *object)
{
	const struct manifest_group *group = (const void *)object;
	struct manifest_list members;

	object->key = group->main;
	if (!object->items)
		return;
	members = members_of(reader, group);
	for (const struct manifest_object *m = members.first; is_given(group->main) && m;
		m = m->next)
		if (!strcmp(m->key, group->main))
			MANIFEST_FAULT(reader, &m->place, "members",
				_("'%s' is the main company, and no member besides"), m->key);
	manifest_check_differ(reader, &members);
	arena_reset(&reader->scratch);
}
