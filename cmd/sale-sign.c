/* portalctl sale terms, sign, export, verify, public-key */
#include <portal/sale.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <portal/text.h>
#include <portal/writer.h>

#include "cli/cli.h"
#include "cli/input.h"
#include "cli/text.h"

enum { EVIDENCE_MAX = 1024 * 1024, KEY_FILE_MAX = 4096 };

struct named_args {
	const char *sale, *output;
};

static int terms_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct named_args *args = raw;
	struct sale_terms terms;
	const int r = sale_get_terms(portal, args->sale, &terms, err);

	if (r >= 0)
		reply_show(reply, &sale_terms_record, &terms);
	return r;
}

static int sign_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	struct sale sale;
	const int r = sale_sign(portal, raw, &sale, err);

	if (r < 0)
		return r;
	reply_changed(reply, &sale_record, &sale, r ? REPLY_CHANGED : REPLY_UNCHANGED);
	reply_say(reply,
		r ? _("sale '%s' signed by '%s'") : _("sale '%s' was signed by '%s' before"),
		sale.number, sale.signed_by);
	return 0;
}

static int close_written(int fd, struct portal_writer *writer)
{
	int number = portal_writer_flush(writer);

	if (!number && fsync(fd) < 0)
		number = errno;
	if (close(fd) < 0 && !number)
		number = errno;
	return number;
}

/* A new file, whole or not at all; one that is there is never overwritten. */
static int write_file(const char *name, const char *bytes, struct portal_error *err)
{
	const int fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOCTTY, 0600);
	struct portal_writer *writer = NULL;
	int number;

	if (fd < 0)
		return portal_fail(err, errno == EEXIST ? PORTAL_EXISTS : PORTAL_OUTPUT,
			_("can't write '%s': %s"), name, strerror(errno));
	if (portal_writer_open(&writer, fd, err) < 0) {
		close(fd);
		unlink(name);
		return -(int)err->code;
	}
	portal_put(writer, bytes);
	number = close_written(fd, writer);
	portal_writer_close(writer);
	if (!number)
		return 0;
	unlink(name);
	return portal_fail(err, PORTAL_OUTPUT, _("can't write '%s': %s"), name, strerror(number));
}

/* Evidence is no JSON: there it is a text within a document. */
static void put_evidence(struct reply *reply, const struct named_args *args, const char *bytes)
{
	struct portal_writer *writer = reply_writer(reply);

	if (!reply_is_json(reply)) {
		portal_put(writer, args->output ? "" : bytes);
		return;
	}
	portal_put(writer, "{\"schema\":\"portalctl/1\",\"kind\":\"sale.evidence\",\"data\":"
			   "{\"output\":");
	portal_put_json(writer, args->output);
	portal_put(writer, ",\"evidence\":");
	portal_put_json(writer, bytes);
	portal_put(writer, "}}\n");
}

static int export_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	struct named_args args = *(const struct named_args *)raw;
	const char *bytes;
	int r = sale_export(portal, args.sale, &bytes, err);

	if (args.output && !strcmp(args.output, "-"))
		args.output = NULL;
	if (r >= 0 && args.output)
		r = write_file(args.output, bytes, err);
	if (r < 0)
		return r;
	put_evidence(reply, &args, bytes);
	if (args.output)
		reply_say(reply, _("the evidence of sale '%s' was written to '%s'"), args.sale,
			args.output);
	return 0;
}

struct verify_args {
	const char *evidence, *public_key;
};

/* No number has a point or a slash, so that a file is always told from one. */
static bool is_file(const char *name)
{
	return !strcmp(name, "-") || strpbrk(name, "./");
}

static int verify_file(const struct verify_args *args, struct reply *reply,
	struct sale_verification *ret, struct portal_error *err)
{
	struct sale_evidence evidence = { .public_key = NULL };
	struct input file, key = { NULL, 0 };
	int r = input_read(reply_arena(reply), args->evidence, EVIDENCE_MAX, &file, err);

	if (r >= 0 && args->public_key)
		r = input_read(reply_arena(reply), args->public_key, KEY_FILE_MAX, &key, err);
	if (r < 0)
		return r;
	evidence.bytes = file.bytes;
	evidence.len = file.len;
	evidence.public_key = key.bytes;
	return sale_verify_evidence(reply_arena(reply), &evidence, ret, err);
}

static int verify_number(const struct verify_args *args, struct reply *reply,
	struct sale_verification *ret, struct portal_error *err)
{
	__attribute__((cleanup(portal_closep))) struct portal *portal = NULL;
	int r = 0;

	if (args->public_key)
		return portal_fail(err, PORTAL_USAGE,
			_("the sale of a portal is checked with the portal's own key; "
			  "'--public-key' goes with a file"));
	if (!reply_options(reply)->db)
		return portal_fail(err, PORTAL_NO_PORTAL, _("which portal? say it with '--db'"));
	r = portal_open(reply_options(reply), &portal, err);
	if (r >= 0)
		r = sale_verify(portal, args->evidence, ret, err);
	if (ret->checks.text)
		reply_show(reply, &sale_verification_record, ret);
	return r;
}

/* What holds may yet be a forgery, all of it made by one hand. */
static void warn_of_unpinned(const struct verify_args *args, const struct sale_verification *found)
{
	if (found->holds && !args->public_key)
		dprintf(STDERR_FILENO,
			_("portalctl: no key is pinned, so anybody may have made '%s': give the "
			  "office's key with '--public-key'\n"),
			args->evidence);
}

static int verify_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct verify_args *args = raw;
	struct sale_verification found = { .checks = { NULL } };
	int r;

	(void)portal;
	if (!is_file(args->evidence))
		return verify_number(args, reply, &found, err);
	r = verify_file(args, reply, &found, err);
	if (found.checks.text)
		reply_show(reply, &sale_verification_record, &found);
	warn_of_unpinned(args, &found);
	return r;
}

static int public_key_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	struct sale_public_key key;
	const int r = sale_get_public_key(portal, &key, err);

	(void)raw;
	if (r < 0)
		return r;
	reply_show(reply, &sale_public_key_record, &key);
	reply_line(reply, key.line);
	return 0;
}

#define SALE(S, member) \
	OPERAND(S, member, .name = "NUMBER", .flags = ARG_EACH, .completes = COMPLETE_ID, \
		.help = N_("the sale's number or id"))

/* An example runs in a fresh portal: a sale that its company has signed. */
#define SENT \
	"portalctl sale add --company 65635571000148 --item 'Payroll;12;89.90' --number A-1 " \
	"&& portalctl sale send A-1 && "
#define SESSION \
	"echo 'cavalo correto bateria' >password && portalctl company signup-link 65635571000148 " \
	"--json | jq -r .data.token >link && portalctl user register " \
	"--signup-token-file link --email ana@office.example --name Ana --password-file password " \
	"&& portalctl session login --company 65635571000148 --email ana@office.example " \
	"--password-file password >token && "
#define SIGN \
	"portalctl --token-file token sale sign A-1 --accept-terms --role " \
	"'sócio-administrador' --ip 203.0.113.7 --port 40112"

extern const struct command cmd_sale_terms, cmd_sale_sign, cmd_sale_export, cmd_sale_verify,
	cmd_sale_public_key;

const struct command cmd_sale_terms = {
	.noun = "sale",
	.verb = "terms",
	.summary = N_("Show the terms that signing a sale accepts"),
	.permission = "sale.terms",
	.needs = NEEDS_READ,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct named_args),
	.operands = (const struct arg[]){ SALE(struct named_args, sale), END_OF_LIST },
	.prints = &sale_terms_record,
	.examples =
		(const struct example[]){
			{ SENT "portalctl sale terms A-1", N_("to be read before signing") },
			{ NULL },
		},
	.run = terms_run,
};

const struct command cmd_sale_sign = {
	.noun = "sale",
	.verb = "sign",
	.summary = N_("Sign a sale in one's own session, as its company"),
	.action = "signed",
	.permission = "sale.sign",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct sale_signing),
	.operands = (const struct arg[]){ SALE(struct sale_signing, named), END_OF_LIST },
	.options =
		(const struct arg[]){
			OPTION(struct sale_signing, accept_terms, .name = "accept-terms",
				.help = N_("the signer has read and accepts what 'sale terms' "
					   "shows; required")),
			OPTION(struct sale_signing, role, .name = "role", .metavar = "TEXT",
				.help = N_("what the signer is in the company")),
			OPTION(struct sale_signing, capacity, .name = "capacity", .metavar = "TEXT",
				.help = N_("by what power the signer represents the company")),
			OPTION(struct sale_signing, cpf, .name = "cpf", .metavar = "CPF",
				.help = N_("the signer's CPF")),
			OPTION(struct sale_signing, ip, .name = "ip", .metavar = "ADDRESS",
				.help = N_("the signer's IP address, as the server saw it")),
			OPTION(struct sale_signing, port, .name = "port", .metavar = "N",
				.flags = ARG_POSITIVE, .help = N_("and the port behind it")),
			OPTION(struct sale_signing, user_agent, .name = "user-agent",
				.metavar = "TEXT", .help = N_("the program the signer used")),
			OPTION(struct sale_signing, opened_at, .name = "opened-at",
				.metavar = "TIME", .help = N_("when the signer opened the sale")),
			END_OF_LIST,
		},
	.prints = &sale_record,
	.examples =
		(const struct example[]){
			{ SENT SESSION SIGN, N_("with what a web server knows of the signer") },
			{ NULL },
		},
	.run = sign_run,
};

const struct command cmd_sale_export = {
	.noun = "sale",
	.verb = "export",
	.summary = N_("Write the evidence of a signed sale, for anybody to keep and check"),
	.permission = "sale.export",
	.needs = NEEDS_READ,
	.flags = COMMAND_DOCUMENT,
	.args_size = sizeof(struct named_args),
	.operands = (const struct arg[]){ OPERAND(struct named_args, sale, .name = "NUMBER",
						  .completes = COMPLETE_ID,
						  .help = N_("the sale's number or id")),
		END_OF_LIST },
	.options =
		(const struct arg[]){
			OPTION(struct named_args, output, .name = "output", .metavar = "FILE",
				.completes = COMPLETE_FILE,
				.help = N_("into this new file instead of standard output")),
			END_OF_LIST,
		},
	.examples =
		(const struct example[]){
			{ SENT SESSION SIGN " && portalctl sale export A-1 --output a-1.evidence",
				N_("one file with all that proves the signature") },
			{ NULL },
		},
	.run = export_run,
};

const struct command cmd_sale_verify = {
	.noun = "sale",
	.verb = "verify",
	.summary = N_("Check the evidence of a signature: a file needs no portal"),
	.permission = "sale.verify",
	.flags = COMMAND_BATCH | COMMAND_CHECKS | COMMAND_OPENS | COMMAND_ALONE,
	.args_size = sizeof(struct verify_args),
	.operands =
		(const struct arg[]){
			OPERAND(struct verify_args, evidence, .name = "FILE|NUMBER",
				.flags = ARG_EACH, .completes = COMPLETE_FILE,
				.help = N_("a file of evidence, whose name has a point or slash "
					   "('-' is standard input), or a sale of the portal")),
			END_OF_LIST,
		},
	.options =
		(const struct arg[]){
			OPTION(struct verify_args, public_key, .name = "public-key",
				.metavar = "FILE", .completes = COMPLETE_FILE,
				.help = N_("the key it must be sealed by, as 'sale public-key' "
					   "printed it, or as PEM")),
			END_OF_LIST,
		},
	.prints = &sale_verification_record,
	.examples =
		(const struct example[]){
			{ SENT SESSION SIGN
				" && portalctl sale public-key >office.key && portalctl sale "
				"export A-1 >a-1.evidence && portalctl sale verify a-1.evidence "
				"--public-key office.key",
				N_("by the other side, without the portal") },
			{ SENT SESSION SIGN " && portalctl sale verify A-1",
				N_("in the portal, with the chain of all signatures") },
			{ NULL },
		},
	.run = verify_run,
};

const struct command cmd_sale_public_key = {
	.noun = "sale",
	.verb = "public-key",
	.summary = N_("Print the key that seals evidence, to be published"),
	.permission = "sale.public-key",
	.needs = NEEDS_READ,
	.prints = &sale_public_key_record,
	.examples =
		(const struct example[]){
			{ "portalctl sale public-key >office.key", N_("to give to clients") },
			{ "portalctl sale public-key --json | jq -r .data.pem >office.pem",
				N_("for other programs") },
			{ NULL },
		},
	.run = public_key_run,
};
