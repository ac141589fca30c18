/* whatsapp URL PHONE_NUMBER_ID CA_FILE TIMEOUT_SECONDS MAX_MS: one client of the Cloud API,
 * whose calls are lines of standard input, words with tabs between:
 *
 *   text TO BODY [REPLY_TO]
 *   template TO NAME LANGUAGE PAYLOAD [PARAMETER...]
 *   file TO MEDIA_TYPE PATH [CAPTION [NAME]]      upload, and where that works send
 *   read WAMID
 *   download ID PATH MAX_BYTES
 *
 * Each gets a line of JSON: what became of it. A word "-" is nothing. The token is that of
 * tests/cloud, or WHATSAPP_TOKEN. */
#include "net/whatsapp.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <portal/arena.h>
#include <portal/secret.h>

#include "base/clock.h"
#include "text/writer.h"

enum { WORDS_MAX = 16 };

struct words {
	const char *word[WORDS_MAX + 1];
	int count;
};

struct driver {
	struct whatsapp *client;
	int64_t max_ms;
	int64_t calls;
	struct net_outcome outcome;
	struct whatsapp_download download;
};

static const char *const classes[] = { "sent", "retry", "unknown", "failed", "stop" };
static const char *const scopes[] = { "this", "templates", "channel" };

static struct words split(char *line)
{
	struct words words = { .count = 0 };

	line[strcspn(line, "\n")] = '\0';
	while (words.count < WORDS_MAX) {
		char *tab = strchr(line, '\t');

		if (tab)
			*tab = '\0';
		words.word[words.count++] = strcmp(line, "-") ? line : NULL;
		if (!tab)
			break;
		line = tab + 1;
	}
	return words;
}

static void send_file(struct driver *d, const struct words *w, struct whatsapp_message *message)
{
	const int fd = open(w->word[3], O_RDONLY | O_CLOEXEC);
	const struct whatsapp_file file = { fd, lseek(fd, 0, SEEK_END), w->word[2] };
	struct whatsapp_upload upload;

	whatsapp_upload(d->client, &file, d->max_ms, &upload, &d->outcome);
	message->kind = upload.kind;
	message->media_id = upload.id;
	message->caption = w->word[4];
	message->file_name = w->word[5];
	if (d->outcome.class == NET_SENT)
		whatsapp_send(d->client, message, d->max_ms, &d->outcome);
	close(fd);
}

static void fetch(struct driver *d, const struct words *w)
{
	const struct whatsapp_sink sink = { open(w->word[2], O_RDWR | O_CREAT | O_CLOEXEC, 0600),
		atoll(w->word[3]), d->max_ms };

	whatsapp_download(d->client, w->word[1], &sink, &d->download, &d->outcome);
	close(sink.fd);
}

static void call(struct driver *d, const struct words *w)
{
	struct whatsapp_message message = { .to = w->word[1], .tracking_id = d->calls };

	if (!strcmp(w->word[0], "text")) {
		message.kind = WHATSAPP_TEXT;
		message.text = w->word[2];
		message.reply_to_wamid = w->word[3];
		whatsapp_send(d->client, &message, d->max_ms, &d->outcome);
	} else if (!strcmp(w->word[0], "template")) {
		message.kind = WHATSAPP_TEMPLATE;
		message.template_name = w->word[2];
		message.template_language = w->word[3];
		message.payload = w->word[4];
		message.parameters = w->word + 5;
		message.parameter_count = w->count > 5 ? w->count - 5 : 0;
		whatsapp_send(d->client, &message, d->max_ms, &d->outcome);
	} else if (!strcmp(w->word[0], "file")) {
		send_file(d, w, &message);
	} else if (!strcmp(w->word[0], "read")) {
		whatsapp_mark_read(d->client, w->word[1], d->max_ms, &d->outcome);
	} else {
		fetch(d, w);
	}
}

static void report(const struct driver *d, int64_t ms)
{
	const struct net_outcome *o = &d->outcome;
	struct buf out;

	buf_open_fd(&out, STDOUT_FILENO);
	buf_printf(&out, "{\"code\":%ld,\"retry_after\":%lld,\"limited\":%d,\"window_closed\":%d",
		o->code, (long long)o->retry_after_seconds, o->limited, o->window_closed);
	json_put_member(&out, "class", classes[o->class]);
	json_put_member(&out, "scope", scopes[o->scope]);
	json_put_member(&out, "said", o->said);
	json_put_member(&out, "wamid", o->wamid);
	json_put_member(&out, "wa_id", o->wa_id);
	json_put_member(&out, "sha256", d->download.sha256);
	json_put_member(&out, "media_type", d->download.media_type);
	buf_printf(&out, ",\"size\":%lld,\"ms\":%lld}\n", (long long)d->download.size_bytes,
		(long long)ms);
	buf_flush(&out);
	buf_release(&out);
}

static void run(struct driver *d)
{
	char *line = NULL;
	size_t size = 0;

	while (getline(&line, &size, stdin) > 0) {
		const struct words words = split(line);
		const int64_t began = monotonic_ms();

		d->calls++;
		call(d, &words);
		report(d, monotonic_ms() - began);
	}
	free(line);
}

int main(int argc, char **argv)
{
	_cleanup_arena_ struct arena arena = { 0 };
	_cleanup_secret_ struct portal_secret token = { .len = 0 };
	const char *said = getenv("WHATSAPP_TOKEN");
	struct portal_error err = { 0 };
	struct driver driver = { .max_ms = argc > 5 ? atoll(argv[5]) : 0 };

	if (argc != 6)
		return 2;
	token.len =
		(size_t)snprintf(token.text, sizeof(token.text), "%s", said ? said : "EAAstandin");
	driver.client = whatsapp_open(&arena,
		&(struct whatsapp_options){ .api_url = argv[1],
			.phone_number_id = argv[2],
			.token = &token,
			.ca_file = *argv[3] ? argv[3] : NULL,
			.timeout_seconds = atoll(argv[4]) },
		&err);
	if (driver.client)
		run(&driver);
	else
		fprintf(stderr, "%s\n", err.message);
	whatsapp_close(driver.client);
	return driver.client ? 0 : 1;
}
