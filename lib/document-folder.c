/* Publishing a folder of files, each to the company that its name says. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <portal/taxid.h>

#include "base/i18n.h"
#include "company-private.h"
#include "document-private.h"
#include "policy.h"
#include "portal-private.h"

enum { CNPJ_LEN = 14, CPF_LEN = 11, FOLDER_FILES_MAX = 100000 };

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* May punctuation stand before this character of the id? 12.345.678/0001-95 and
 * 123.456.789-09; a slash can't stand in the name of a file, so any mark may. */
static bool may_part(size_t len, size_t at)
{
	if (len == CPF_LEN)
		return at == 3 || at == 6 || at == 9;
	return at == 2 || at == 5 || at == 8 || at == 12;
}

/* Reads @len letters and digits, where the id ends with them. */
static bool read_id(const char *text, size_t len, char *id)
{
	for (size_t at = 0; at < len; at++, text++) {
		if (*text && strchr("._-", *text) && may_part(len, at))
			text++;
		if (!is_digit(*text) && !(len == CNPJ_LEN && is_letter(*text)))
			return false;
		id[at] = is_letter(*text) && *text >= 'a' ? (char)(*text - 'a' + 'A') : *text;
	}
	id[len] = '\0';
	return !is_digit(*text) && !is_letter(*text);
}

static bool may_begin(const char *name, const char *at)
{
	if (at == name)
		return true;
	return (!is_digit(at[-1]) && !is_letter(at[-1])) || (is_letter(at[-1]) && is_digit(*at));
}

/* What the ids in a name lead to. @valid: one that is right, of whatever company, known
 * or not: the file may be meant for a company that is yet to be added. */
struct match {
	int64_t company_id;
	const char *valid;
	bool ambiguous;
};

static int try_id(struct work *w, const char *id, struct match *match)
{
	struct portal_error unheard = { 0 };
	struct company company;
	struct taxid taxid;
	int r;

	if (taxid_parse(w->arena, id, "BR", &taxid, &unheard) < 0)
		return 0;
	match->ambiguous |= match->valid && strcmp(match->valid, taxid.tax_id_formatted) != 0;
	match->valid = taxid.tax_id_formatted;
	r = company_by_tax_id(w, taxid.tax_id, &company);
	if (r > 0)
		match->company_id = company.id;
	return r < 0 ? r : 0;
}

static int find_ids(struct work *w, const char *name, struct match *match)
{
	static const size_t lengths[] = { CNPJ_LEN, CPF_LEN };
	char id[CNPJ_LEN + 1];
	int r = 0;

	for (const char *at = name; r >= 0 && *at; at++)
		for (int i = 0; r >= 0 && i < 2 && may_begin(name, at); i++)
			if (read_id(at, lengths[i], id))
				r = try_id(w, id, match);
	return r;
}

static int judge(struct work *w, const char *name, const struct match *match)
{
	if (match->ambiguous)
		return portal_fail(w->err, PORTAL_CONFLICT,
			_("the name '%s' has the tax ids of several companies"), name);
	if (match->company_id)
		return 1;
	if (match->valid)
		return portal_fail(w->err, PORTAL_NOT_FOUND,
			_("there is no company '%s', which the name '%s' has"), match->valid, name);
	return portal_fail(
		w->err, PORTAL_INVALID, _("the name '%s' has no valid CNPJ or CPF"), name);
}

struct matching {
	const char *name;
	int64_t company_id;
};

static int match_body(struct work *w, void *arg)
{
	struct matching *matching = arg;
	struct match match = { 0 };
	int r = find_ids(w, matching->name, &match);

	if (r >= 0)
		r = judge(w, matching->name, &match);
	matching->company_id = match.company_id;
	return r;
}

static int may_body(struct work *w, void *arg)
{
	int64_t viewer;

	(void)arg;
	return policy_need_list(w, "document.publish", &viewer);
}

/* An entry of the folder, by its name. */
struct entry {
	struct portal *portal;
	const struct document_request *request;
	const char *name, *path;
	document_visit *visit;
	void *arg;
	struct dirent **names;
	int count;
	int64_t line;
	struct portal_error *err;
};

static int publish_entry(struct entry *entry, struct document *ret, struct portal_error *err)
{
	struct matching matching = { .name = entry->name };
	struct document_request request = *entry->request;
	struct stat st;
	int r;

	if (!file_name(portal_arena(entry->portal), entry->name, err))
		return -(int)err->code;
	if (lstat(entry->path, &st) == 0 && !S_ISREG(st.st_mode))
		return portal_fail(
			err, PORTAL_INVALID_INPUT, _("'%s' is not a regular file"), entry->name);
	r = work_read(entry->portal, match_body, &matching, err);
	if (r < 0)
		return r;
	request.file = entry->path;
	request.company =
		arena_printf(portal_arena(entry->portal), "%lld", (long long)matching.company_id);
	request.if_not_exists = true;
	return document_publish(entry->portal, &request, ret, err);
}

/* Not the file's fault: the next one would meet the same. */
static bool is_everybodys(const struct portal_error *err)
{
	return err->code == PORTAL_NO_SPACE || err->code == PORTAL_READ_ONLY ||
	       err->code == PORTAL_BUSY || err->code == PORTAL_CLOCK_DENIED ||
	       err->code == PORTAL_OUTPUT;
}

static int do_entry(struct entry *entry, struct portal_error *err)
{
	struct document document = { .file_name = entry->name, .attachments = { "[]" } };
	struct portal_error failure = { .arena = portal_arena(entry->portal) };
	const int r = publish_entry(entry, &document, &failure);
	const struct document_result result = { ++entry->line, &document, r > 0,
		r < 0 ? &failure : NULL };
	const int told = entry->visit(&result, entry->arg);

	if (told < 0 || (r < 0 && is_everybodys(&failure))) {
		*err = failure;
		return told < 0 ? told : r;
	}
	return 0;
}

static int is_shown(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static void free_names(struct dirent **names, int count)
{
	for (int i = 0; i < count; i++)
		free(names[i]);
	free(names);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int do_name(struct entry *entry, const char *name, struct portal_error *err)
{
	struct arena *arena = portal_arena(entry->portal);
	int r;

	entry->name = name;
	entry->path = arena_printf(arena, "%s/%s", entry->request->file, name);
	r = do_entry(entry, err);
	if (!entry->portal->joined)
		portal_forget(entry->portal);
	return r;
}

/* A rehearsal is one transaction, so that what comes twice is found. */
static int do_names(void *arg)
{
	struct entry *entry = arg;
	int r = 0;

	entry->line = 0;
	for (int i = 0; r >= 0 && i < entry->count; i++) {
		r = do_name(entry, entry->names[i]->d_name, entry->err);
		work_progress(entry->portal, i + 1, entry->count);
	}
	return r;
}

int document_publish_folder(struct portal *portal, const struct document_request *request,
	document_visit *visit, void *arg, struct portal_error *err)
{
	struct entry entry = { .portal = portal, .request = request, .visit = visit, .arg = arg };
	struct dirent **names = NULL;
	int count, r = work_read(portal, may_body, NULL, err);

	if (r < 0)
		return r;
	count = scandir(request->file, &names, is_shown, by_name);
	if (count < 0)
		return portal_fail(err, PORTAL_FAILURE, _("cannot read '%s': %s"), request->file,
			strerror(errno));
	if (count > FOLDER_FILES_MAX)
		r = portal_fail(err, PORTAL_INVALID_INPUT, _("'%s' has more than %d files"),
			request->file, FOLDER_FILES_MAX);
	entry.names = names;
	entry.count = count;
	entry.err = err;
	if (r >= 0)
		r = portal->options.dry_run ? portal_transact(portal, do_names, &entry, err)
					    : do_names(&entry);
	free_names(names, count);
	return r < 0 ? r : 0;
}
