/* The portal as a manifest (O1): what companies, people, groups, connections and
 * settings there are, in the language that is also how a portal is told what it
 * should hold. Rows are written as they are read, in constant memory, in the order
 * of their ids; two exports of the same portal are the same, byte by byte. */
#ifndef PORTAL_EXPORT_H
#define PORTAL_EXPORT_H

#include <portal/portal.h>

struct portal_writer;

/* YAML that means the same to readers of YAML 1.1 and 1.2, with every text in double
 * quotes; or one JSON document. Both say the same. */
enum portal_export_form { PORTAL_EXPORT_YAML, PORTAL_EXPORT_JSON };

/* What to write.
 *
 * @company: tax id or id: this company with its people, and nothing else; NULL: all.
 * @set: the name that the manifest gives itself: at most 64 of a-z, 0-9, ".", "_" and
 *   "-"; NULL: none.
 * @form: how. */
struct portal_export_request {
	const char *company;
	const char *set;
	enum portal_export_form form;
};

/* Writes a manifest of what is there now, all of one moment: settings that were set;
 * companies that are registered or disabled, the office too; their contacts, of those
 * who are users only the ones with phones; users without their passwords; groups;
 * active connections. Of contacts that have no e-mail and share a name the first one
 * stands for all, as a manifest can't tell them apart.
 *
 * Failures before the first byte: PORTAL_DENIED, PORTAL_INVALID for the name of the
 * set, PORTAL_NOT_FOUND, PORTAL_WRONG_STATE for a company that is only known by name.
 * When @writer fails, writing ends and this returns 0; portal_writer_errno() tells. */
int portal_export(struct portal *portal, const struct portal_export_request *request,
	struct portal_writer *writer, struct portal_error *err);

#endif
