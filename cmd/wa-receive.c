/* portalctl wa receive, cgi, log */
#include <string.h>

#include <portal/arena.h>
#include <portal/portal.h>
#include <portal/settings.h>
#include <portal/webhook.h>

#include "cli/cgi.h"
#include "cli/cli.h"
#include "cli/input.h"
#include "cli/secret.h"
#include "cli/text.h"

struct receive_args {
	const char *signature;
};

static int read_app_secret(
	const struct portal_options *options, struct portal_secret *ret, struct portal_error *err)
{
	const char *file = options->senders->whatsapp.app_secret_file;

	return file ? secret_read("whatsapp.app_secret", file, ret, err) : 0;
}

static void say(struct reply *reply, const struct webhook *webhook, int stored)
{
	const long long id = webhook->id;

	if (!stored)
		reply_say(reply, _("web hook '%lld' had come before"), id);
	else if (!strcmp(webhook->state, "done"))
		reply_say(reply,
			_("web hook '%lld' received: messages: %lld, statuses: %lld, other: %lld, "
			  "set aside: %lld"),
			id, (long long)webhook->messages, (long long)webhook->statuses,
			(long long)webhook->other, (long long)webhook->set_aside);
	else if (!strcmp(webhook->state, "failed"))
		reply_say(reply, _("web hook '%lld' kept, but can't be read: %s"), id,
			webhook->detail);
	else
		reply_say(reply, _("web hook '%lld' kept, to be read later: %s"), id,
			webhook->detail ? webhook->detail : "-");
}

static int receive_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct receive_args *args = raw;
	_cleanup_secret_ struct portal_secret secret = { .len = 0 };
	struct webhook webhook = { 0 };
	struct webhook_request request = {
		.source = WEBHOOK_FROM_PERSON, .signature = args->signature, .app_secret = &secret
	};
	struct input body;
	int r = input_read(reply_arena(reply), "-", WEBHOOK_MAX_BYTES, &body, err);

	if (r >= 0 && args->signature)
		r = read_app_secret(reply_options(reply), &secret, err);
	if (r < 0)
		return r;
	request.body = body.bytes;
	request.len = body.len;
	r = webhook_receive(portal, &request, &webhook, err);
	if (r < 0)
		return r;
	reply_changed(reply, &webhook_record, &webhook, r ? REPLY_CREATED : REPLY_UNCHANGED);
	say(reply, &webhook, r);
	return 0;
}

/* What is said to strangers; the log of the server gets the sentence. */
static int refuse(int status, const char *text, struct portal_error *err)
{
	cgi_answer(status, text);
	return -(int)err->code;
}

static int refuse_as(int status, enum portal_code code, const char *sentence, const char *text,
	struct portal_error *err)
{
	portal_fail(err, code, "%s", sentence);
	return refuse(status, text, err);
}

static int unavailable(struct portal_error *err)
{
	return refuse(503, "try again later\n", err);
}

/* It is sent back as it came, so that it must be nothing but visible characters. */
static bool is_challenge(const char *text)
{
	size_t len = 0;

	while (text && text[len] > ' ' && text[len] < 0x7f)
		len++;
	return text && len > 0 && len <= 1000 && !text[len];
}

static int read_verify_token(
	const struct portal_options *options, struct portal_secret *ret, struct portal_error *err)
{
	const char *file = options->senders->whatsapp.verify_token_file;

	if (file)
		return secret_read("whatsapp.verify_token", file, ret, err);
	portal_fail(err, PORTAL_FAILURE, _("there is no verify token to compare with"));
	return portal_hint(err, _("set whatsapp.verify_token_file in the settings file"));
}

/* Who set up the web hook at WhatsApp knows the token. */
static int shake_hands(const struct cgi *cgi, struct reply *reply, struct portal_error *err)
{
	struct arena *arena = reply_arena(reply);
	const char *mode = cgi_parameter(arena, cgi, "hub.mode");
	const char *given = cgi_parameter(arena, cgi, "hub.verify_token");
	const char *challenge = cgi_parameter(arena, cgi, "hub.challenge");
	_cleanup_secret_ struct portal_secret token = { .len = 0 };

	if (read_verify_token(reply_options(reply), &token, err) < 0)
		return unavailable(err);
	if (!mode || strcmp(mode, "subscribe") != 0 || !is_challenge(challenge) ||
		!webhook_token_fits(&token, given))
		return refuse_as(403, PORTAL_DENIED,
			_("the handshake does not show the verify token"), "no\n", err);
	cgi_answer(200, challenge);
	return 0;
}

static int answer_failure(struct portal_error *err)
{
	switch ((int)err->code) {
	case PORTAL_DENIED:
		return refuse(401, "the signature is missing or wrong\n", err);
	case PORTAL_INVALID_TEXT:
		return refuse(400, "the body is not UTF-8\n", err);
	default:
		return unavailable(err);
	}
}

static int open_portal(struct reply *reply, struct portal **ret, struct portal_error *err)
{
	if (!reply_options(reply)->db)
		return portal_fail(err, PORTAL_NO_PORTAL, _("which portal? say it with '--db'"));
	return portal_open(reply_options(reply), ret, err);
}

/* On disk first, then the answer, then what the body tells. */
static int take(
	struct reply *reply, const struct webhook_request *request, struct portal_error *err)
{
	__attribute__((cleanup(portal_closep))) struct portal *portal = NULL;
	struct webhook webhook = { 0 };

	if (open_portal(reply, &portal, err) < 0)
		return unavailable(err);
	if (webhook_store(portal, request, &webhook, err) < 0)
		return answer_failure(err);
	cgi_answer(200, "ok\n");
	return webhook_process(portal, webhook.id, &webhook, err) < 0 ? -(int)err->code : 0;
}

static int take_post(const struct cgi *cgi, struct reply *reply, struct portal_error *err)
{
	_cleanup_secret_ struct portal_secret secret = { .len = 0 };
	struct webhook_request request = {
		.source = WEBHOOK_FROM_SERVER, .signature = cgi->signature, .app_secret = &secret
	};
	struct input body;
	size_t len;

	if (!cgi_content_length(cgi, WEBHOOK_MAX_BYTES, &len))
		return refuse_as(411, PORTAL_USAGE, _("the request does not say how long it is"),
			"say how long the body is\n", err);
	if (len > WEBHOOK_MAX_BYTES)
		return refuse_as(413, PORTAL_INVALID_INPUT, _("the request is too long"),
			"the body is too long\n", err);
	if (!input_read_exactly(reply_arena(reply), len, &body))
		return refuse_as(400, PORTAL_INVALID_INPUT,
			_("the request is shorter than it says"), "the body ends too early\n", err);
	if (read_app_secret(reply_options(reply), &secret, err) < 0)
		return unavailable(err);
	request.body = body.bytes;
	request.len = body.len;
	return take(reply, &request, err);
}

/* Who acts is set up with the server: no answer to a request. */
static int check_actor(struct reply *reply, struct portal_error *err)
{
	__attribute__((cleanup(portal_closep))) struct portal *portal = NULL;
	const struct portal_options *options = reply_options(reply);
	int r;

	if (!options->acting_as && !options->session_token)
		return 0;
	r = open_portal(reply, &portal, err);
	return r < 0 ? r : webhook_may_serve(portal, err);
}

static int cgi_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct cgi cgi = cgi_request();

	(void)portal, (void)raw;
	if (check_actor(reply, err) < 0)
		return -(int)err->code;
	if (!cgi.method)
		return portal_fail(err, PORTAL_USAGE,
			_("a web server runs this; to feed a body by hand there is 'wa receive'"));
	if (!strcmp(cgi.method, "GET"))
		return shake_hands(&cgi, reply, err);
	if (!strcmp(cgi.method, "POST"))
		return take_post(&cgi, reply, err);
	return refuse_as(405, PORTAL_USAGE, _("web hooks come by GET and POST alone"),
		"GET and POST alone\n", err);
}

static int log_run(
	struct portal *portal, const void *raw, struct listing *listing, struct portal_error *err)
{
	struct portal_list_end end;
	const int r = webhook_list(portal, raw, listing_row, listing, &end, err);

	if (r >= 0)
		listing_end(listing, &end);
	return r;
}

extern const struct command cmd_wa_receive, cmd_wa_cgi, cmd_wa_log;

/* An example runs in a fresh portal. */
#define BODY \
	"printf 'whatsapp: {phone_number_id: 4242}\\n' >config.yaml && " \
	"printf '{\"object\":\"whatsapp_business_account\",\"entry\":[]}' | portalctl --config " \
	"config.yaml wa receive"

const struct command cmd_wa_receive = {
	.noun = "wa",
	.verb = "receive",
	.summary = N_("Take the body of a web hook from standard input"),
	.action = "received",
	.permission = "wa.receive",
	.needs = NEEDS_WRITE,
	.args_size = sizeof(struct receive_args),
	.options =
		(const struct arg[]){
			OPTION(struct receive_args, signature, .name = "signature",
				.metavar = "SHA256=HEX",
				.help = N_("the header X-Hub-Signature-256; the operator may do "
					   "without")),
			END_OF_LIST,
		},
	.prints = &webhook_record,
	.examples =
		(const struct example[]){
			{ BODY, N_("a body that was kept elsewhere") },
			{ NULL },
		},
	.run = receive_run,
};

const struct command cmd_wa_cgi = {
	.noun = "wa",
	.verb = "cgi",
	.summary = N_("Answer a request of WhatsApp as a CGI program of a web server"),
	.permission = "wa.cgi",
	.flags = COMMAND_OPENS | COMMAND_DOCUMENT,
	.examples =
		(const struct example[]){
			{ "echo segredo >token && printf 'whatsapp:\\n  verify_token_file: "
			  "token\\n' "
			  ">config.yaml && REQUEST_METHOD=GET QUERY_STRING='hub.mode=subscribe&"
			  "hub.verify_token=segredo&hub.challenge=42' portalctl --config "
			  "config.yaml wa cgi",
				N_("the handshake, as a web server would ask for it") },
			{ NULL },
		},
	.run = cgi_run,
};

const struct command cmd_wa_log = {
	.noun = "wa",
	.verb = "log",
	.summary = N_("List the web hooks that came, and what they told"),
	.permission = "wa.log",
	.needs = NEEDS_READ,
	.args_size = sizeof(struct webhook_filter),
	.options =
		(const struct arg[]){
			OPTION(struct webhook_filter, state, .name = "state", .metavar = "STATE",
				.words = webhook_list_states, .fallback = "any",
				.help = N_("in this state, or any")),
			LIST_OPTIONS(struct webhook_filter, page, webhook_sorts),
			END_OF_LIST,
		},
	.prints = &webhook_record,
	.examples =
		(const struct example[]){
			{ "portalctl wa log --state failed --fields id,reason,detail",
				N_("what could not be read") },
			{ BODY " && portalctl wa log --format ndjson --fields body",
				N_("the bodies as they came, to be fed again elsewhere") },
			{ NULL },
		},
	.list = log_run,
};
