/* Manifests (O1): what a portal should hold, said in YAML or JSON, brought about in one
 * transaction. The language is described in portalctl-manifest(5).
 *
 * A member that is absent leaves what is there as it is, null clears it (a choice goes
 * back to what new records have). What a manifest does not name is left alone, unless
 * pruning is asked for. Applying a manifest again changes nothing. */
#ifndef PORTAL_APPLY_H
#define PORTAL_APPLY_H

#include <portal/portal.h>

struct portal_writer;

/* What became of one object.
 *
 * @target_kind: setting, company, contact, user, group or connection.
 * @target_id: of the record; none for a setting, and for what a dry run made.
 * @name: what the manifest knows it by: a tax id, with the country before it where that
 *   is not BR; of people the e-mail or else the name, "/" and the company's tax id; of
 *   a connection both tax ids; a setting's key.
 * @result: a word of apply_results.
 * @changes: {"field":[before,after],…}, texts or null; {} where nothing changed.
 * Not part of the record, for callers in C: @line, where the object stands in its file,
 * from 1; 0 for what was removed. */
struct apply_change {
	const char *target_kind;
	portal_id target_id;
	const char *name;
	const char *result;
	portal_json changes;
	int64_t line;
};
extern const struct portal_record apply_change_record;

/* created updated unchanged removed */
extern const struct portal_word apply_results[];

/* One file of the manifest.
 *
 * @path: for messages, and where its password files are looked for.
 * @bytes: @len bytes, at most 64 MiB, which need no NUL behind them. */
struct apply_file {
	const char *path;
	const char *bytes;
	size_t len;
};

struct portal_secret;

/* What to apply.
 *
 * @files: @file_count of them, which together are one manifest.
 * @prune: also take away what earlier runs made under the same "set" and no file names
 *   any more: companies are disabled, users deactivated, contacts removed, groups
 *   dissolved, connections ended. Users and contacts of companies that are not in use
 *   stay as they are, and so do contacts of users. What another set made, or
 *   somebody by hand, is never touched.
 * @max_prune: at most so many (PORTAL_CONFLICT).
 * @read_secret: reads the password file @path into @ret with @secret_arg; 0 or a
 *   failure. NULL: a manifest with password files is PORTAL_USAGE. */
struct apply_request {
	const struct apply_file *files;
	size_t file_count;
	bool prune;
	int64_t max_prune;
	int (*read_secret)(void *secret_arg, const char *path, struct portal_secret *ret,
		struct portal_error *err);
	void *secret_arg;
};

/* How many objects came to which result. */
struct apply_summary {
	int64_t created;
	int64_t updated;
	int64_t unchanged;
	int64_t removed;
};

/* Applies a manifest: all of it or nothing. After the commit every object is given to
 * @visit with @arg: settings, companies each with its contacts and users, groups,
 * connections, in the order of the files, then what was removed.
 *
 * Rules are those of the commands that do the same, and so are audit rows, mails and the
 * ends of sessions. A company that is named becomes registered. In a company without
 * users (U2) the first one that is said to be an active admin becomes the first user,
 * or else the first whose role is not said. Users are made active, and mailed a link to
 * set a password unless they have a password file or "access" is none. Changes that make
 * admins go before those that take them away, so that U4 is asked of the whole.
 *
 * All faults of all files come at once, with file, line and column: those of the language
 * first, then those of what the portal holds. PORTAL_DENIED but for the operator and
 * admins of the office. A negative result of @visit, which comes too late to undo
 * anything, is returned. */
int portal_apply(struct portal *portal, const struct apply_request *request, portal_visit *visit,
	void *arg, struct apply_summary *ret_summary, struct portal_error *err);

/* The same as a rehearsal, whatever the portal's options say: nothing is changed. Only
 * what differs is given to @visit. */
int portal_diff(struct portal *portal, const struct apply_request *request, portal_visit *visit,
	void *arg, struct apply_summary *ret_summary, struct portal_error *err);

/* Writes the JSON Schema (draft 2020-12) of a manifest, a document of its own. */
void portal_put_manifest_schema(struct portal_writer *writer);

#endif
