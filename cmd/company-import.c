/* portalctl company import */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <portal/arena.h>
#include <portal/company-import.h>
#include <portal/company.h>

#include "cli/cli.h"
#include "cli/text.h"

struct import_args {
	const char *file, *encoding, *relation;
	bool update, atomic;
};

/* Where the results go, and what they came to. */
struct giving {
	struct reply *reply;
	struct company_import_summary summary;
};

static int give(const void *row, void *arg)
{
	const struct giving *giving = arg;
	const struct company_import *line = row;
	struct portal_error failure = {
		.code = line->code, .line = line->line, .faults = line->first_fault
	};

	if (giving->summary.changed > 0)
		reply_note_change(giving->reply);
	if (!line->code)
		return reply_result(giving->reply, line->line, line,
			line->changed ? REPLY_CHANGED : REPLY_UNCHANGED, NULL);
	for (const struct portal_fault *f = line->first_fault; f; f = f->next)
		failure.fault_count++;
	if (failure.fault_count < 2)
		failure.faults = NULL;
	portal_fail(&failure, line->code, "%s", line->first_fault->message);
	portal_about_field(&failure, line->first_fault->field);
	return reply_result(giving->reply, line->line, line, REPLY_UNCHANGED, &failure);
}

static const char *joined(struct arena *arena, const char *lines)
{
	char *text = arena_alloc(arena, 2 * strlen(lines) + 1), *to = text;

	for (; *lines; lines++)
		if (*lines == '\n') {
			*to++ = ',';
			*to++ = ' ';
		} else {
			*to++ = *lines;
		}
	return text;
}

static void say(struct reply *reply, const struct company_import_summary *summary)
{
	const char *ignored = summary->ignored.lines;

	if (ignored)
		reply_say(reply, _("remarks: %lld, duplicates: %lld, columns ignored: %s"),
			(long long)summary->warnings, (long long)summary->duplicates,
			joined(reply_arena(reply), ignored));
	else if (summary->warnings || summary->duplicates)
		reply_say(reply, _("remarks: %lld, duplicates: %lld"), (long long)summary->warnings,
			(long long)summary->duplicates);
}

static int open_file(const char *name, struct portal_error *err)
{
	int fd;

	if (!strcmp(name, "-"))
		return STDIN_FILENO;
	fd = open(name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return portal_fail(
			err, PORTAL_FAILURE, _("cannot read '%s': %s"), name, strerror(errno));
	return fd;
}

static int run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct import_args *args = raw;
	struct company_import_request request = { .encoding = args->encoding,
		.relation = args->relation,
		.update = args->update,
		.atomic = args->atomic };
	struct giving giving = { .reply = reply };
	int r = open_file(args->file, err);

	if (r < 0)
		return r;
	request.fd = r;
	r = company_import(portal, &request, give, &giving, &giving.summary, err);
	if (request.fd != STDIN_FILENO)
		close(request.fd);
	err->source = r < 0 && err->line ? args->file : err->source;
	if (r >= 0)
		say(reply, &giving.summary);
	return r;
}

static const struct portal_word encodings[] = {
	{ "auto", N_("found out") },
	{ "utf-8", "UTF-8" },
	{ "cp1252", "Windows-1252" },
	{ NULL, NULL },
};

extern const struct command cmd_company_import;

const struct command cmd_company_import = {
	.noun = "company",
	.verb = "import",
	.summary = N_(
		"Add the companies of a table: CSV with ';', ',' or tab; a result for each line"),
	.action = "imported",
	.permission = "company.import",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_LONG | COMMAND_RESULTS,
	.args_size = sizeof(struct import_args),
	.operands =
		(const struct arg[]){
			OPERAND(struct import_args, file, .name = "FILE",
				.help = N_(
					"the table, '-' for standard input; its first line names "
					"the columns, in Portuguese or English"),
				.completes = COMPLETE_FILE),
			END_OF_LIST,
		},
	.options =
		(const struct arg[]){
			OPTION(struct import_args, encoding, .name = "encoding",
				.metavar = "ENCODING", .fallback = "auto", .words = encodings,
				.help = N_("how the file spells letters")),
			OPTION(struct import_args, relation, .name = "relation",
				.metavar = "RELATION", .words = company_relations,
				.help = N_("of new companies whose line names none")),
			OPTION(struct import_args, update, .name = "update",
				.help = N_("change companies that exist to what their line says")),
			OPTION(struct import_args, atomic, .name = "atomic",
				.help = N_("all or nothing; at most 100,000 lines")),
			END_OF_LIST,
		},
	.prints = &company_import_record,
	.examples =
		(const struct example[]){
			{ "printf 'CNPJ;Nome\\n02919305000127;Modelo Ltda.\\n' | portalctl company "
			  "import -",
				N_("what a spreadsheet saves as CSV") },
			{ NULL },
		},
	.run = run,
};
