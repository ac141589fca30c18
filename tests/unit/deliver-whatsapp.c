/* From what the outbox holds to the calls of the API, which a child process plays. */
#include "deliver-private.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <portal/arena.h>
#include <portal/db.h>
#include <portal/secret.h>
#include <portal/settings.h>

#include "file.h"

#include "check.h"

enum { TEXT_MAX = 65536 };

/* A portal, and a child that answers. */
struct place {
	char folder[40], db[60], heard[60], url[60];
	struct arena arena;
	struct portal_secret token;
	struct portal_senders senders;
	struct portal_options options;
	struct portal_error err;
	struct portal *portal;
	struct whatsapp_channel *channel;
	pid_t server;
};

/* One request of at most TEXT_MAX bytes; false at the end of the connection. */
static int take_request(int fd, char text[TEXT_MAX])
{
	size_t len = 0, want = 0;

	for (;;) {
		const ssize_t got = read(fd, text + len, TEXT_MAX - 1 - len);
		const char *end;

		if (got <= 0)
			return 0;
		len += (size_t)got;
		text[len] = '\0';
		end = strstr(text, "\r\n\r\n");
		if (end && !want)
			want = (size_t)(end + 4 - text) +
			       strtoul(strstr(text, "Content-Length:") + 15, NULL, 10);
		if (want && len >= want)
			return 1;
	}
}

static void answer(int fd, const char *request)
{
	const char *body = strstr(request, "/media ") ? "{\"id\":\"77\"}"
						      : "{\"messages\":[{\"id\":\"wamid.A\"}]}";
	char text[500];
	const int len = snprintf(text, sizeof(text),
		"HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n%s", strlen(body), body);

	CHECK_INT(write(fd, text, (size_t)len), len);
}

static void serve(int listener, const char *heard)
{
	static char text[TEXT_MAX];
	FILE *log = fopen(heard, "w");

	for (;;) {
		const int fd = accept(listener, NULL, NULL);

		while (take_request(fd, text)) {
			fputs(text, log);
			fflush(log);
			answer(fd, text);
		}
		close(fd);
	}
}

static void start_server(struct place *place)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof(address);
	const int listener = socket(AF_INET, SOCK_STREAM, 0);

	CHECK_INT(bind(listener, (struct sockaddr *)&address, size), 0);
	CHECK_INT(listen(listener, 4), 0);
	CHECK_INT(getsockname(listener, (struct sockaddr *)&address, &size), 0);
	snprintf(place->url, sizeof(place->url), "http://127.0.0.1:%d/v25.0/",
		ntohs(address.sin_port));
	place->server = fork();
	if (!place->server)
		serve(listener, place->heard);
	close(listener);
}

static void make(struct place *place)
{
	const struct portal_init_request request = { .office_tax_id = "65635571000148",
		.office_name = "Modelo" };
	struct portal_status status;

	*place = (struct place){ .folder = "/tmp/deliver-XXXXXX", .token = { "EAAtoken", 8 } };
	CHECK(mkdtemp(place->folder) != NULL);
	snprintf(place->db, sizeof(place->db), "%s/portal.db", place->folder);
	snprintf(place->heard, sizeof(place->heard), "%s/heard", place->folder);
	start_server(place);
	place->senders.whatsapp.api_url = place->url;
	place->senders.whatsapp.phone_number_id = "106540352242922";
	place->options = (struct portal_options){
		.db = place->db, .wait_ms = 1000, .actor = "t", .senders = &place->senders
	};
	CHECK_INT(portal_init(&place->options, &request, &place->arena, &status, &place->err), 1);
	CHECK_INT(portal_open(&place->options, &place->portal, &place->err), 0);
	place->channel =
		whatsapp_channel_open(place->portal, &place->token, &place->arena, &place->err);
	CHECK_STR(place->err.message, "");
}

static void clear(struct place *place)
{
	char command[100];

	whatsapp_channel_close(place->channel);
	portal_close(place->portal);
	arena_release(&place->arena);
	CHECK_INT(kill(place->server, SIGKILL), 0);
	CHECK_INT(waitpid(place->server, NULL, 0), place->server);
	CHECK_INT(strncmp(place->folder, "/tmp/deliver-", 13), 0);
	snprintf(command, sizeof(command), "/bin/rm -r %s", place->folder);
	CHECK_INT(system(command), 0);
}

static struct net_outcome send_content(
	struct place *place, const struct whatsapp_content *content, int64_t max_ms)
{
	const struct outbox_claim claim = {
		.id = 42, .recipient = "+5531999990001", .whatsapp = content
	};
	struct net_outcome outcome;

	whatsapp_channel_send(place->channel, &claim, max_ms, &outcome);
	return outcome;
}

static int heard(const struct place *place, const char *what)
{
	static char text[TEXT_MAX];
	FILE *log = fopen(place->heard, "r");
	size_t len = fread(text, 1, sizeof(text) - 1, log);

	text[len] = '\0';
	fclose(log);
	return strstr(text, what) != NULL;
}

static void a_text_goes_out_as_one_message_of_the_row(void)
{
	const struct whatsapp_content content = { .text = "Bom dia", .reply_to_wamid = "wamid.X" };
	struct place place;
	struct net_outcome outcome;

	make(&place);
	outcome = send_content(&place, &content, 5000);
	CHECK_INT(outcome.class, NET_SENT);
	CHECK_STR(outcome.wamid, "wamid.A");
	CHECK(heard(&place, "POST /v25.0/106540352242922/messages "));
	CHECK(heard(&place, "\"body\":\"Bom dia\"},\"context\":{\"message_id\":\"wamid.X\"}"));
	CHECK(heard(&place, "\"biz_opaque_callback_data\":\"42\""));
	clear(&place);
}

static void a_template_goes_out_as_one(void)
{
	static const char *const parameters[] = { "Maria" };
	const struct whatsapp_content content = { .text = "unused",
		.template_name = "conversar_agora",
		.template_language = "pt_BR",
		.parameters = parameters,
		.parameter_count = 1,
		.payload = "portalctl:start:7" };
	struct place place;

	make(&place);
	CHECK_INT(send_content(&place, &content, 5000).class, NET_SENT);
	CHECK(heard(&place, "\"name\":\"conversar_agora\""));
	CHECK(heard(&place, "\"text\":\"Maria\""));
	CHECK(heard(&place, "\"payload\":\"portalctl:start:7\""));
	clear(&place);
}

static struct file keep(struct place *place, const char *bytes)
{
	const char *path = arena_printf(&place->arena, "%s/guia.pdf", place->folder);
	const struct file_source source = { .path = path, .fd = -1 };
	FILE *out = fopen(path, "w");
	struct file file = { 0 };

	fputs(bytes, out);
	fclose(out);
	CHECK_INT(file_keep(place->portal, &source, &file, &place->err), 0);
	return file;
}

static void a_file_is_uploaded_and_sent_by_its_name(void)
{
	struct place place;
	struct file file;

	make(&place);
	file = keep(&place, "%PDF-1.4 the bytes");
	CHECK_INT(send_content(&place,
			  &(struct whatsapp_content){ .file = &file, .caption = "veja" }, 5000)
			  .class,
		NET_SENT);
	CHECK(heard(&place, "POST /v25.0/106540352242922/media "));
	CHECK(heard(&place, "%PDF-1.4 the bytes"));
	CHECK(heard(&place, "\"document\":{\"id\":\"77\",\"caption\":\"veja\","
			    "\"filename\":\"guia.pdf\"}"));
	clear(&place);
}

static void a_file_whose_bytes_changed_is_never_sent(void)
{
	struct place place;
	struct file file;
	FILE *kept;

	make(&place);
	file = keep(&place, "%PDF-1.4 the bytes");
	kept = fopen(arena_printf(&place.arena, "%s.files/%.2s/%s", place.db, file.sha256,
			     file.sha256 + 2),
		"w");
	CHECK(kept != NULL);
	fputs("%PDF-1.4 the BYTES", kept);
	fclose(kept);
	CHECK_INT(send_content(&place, &(struct whatsapp_content){ .file = &file }, 5000).class,
		NET_FAILED);
	CHECK(!heard(&place, "POST"));
	clear(&place);
}

static void what_has_no_time_left_is_not_begun(void)
{
	const struct whatsapp_content content = { .text = "Bom dia" };
	struct place place;

	make(&place);
	CHECK_INT(send_content(&place, &content, 900).class, NET_RETRY);
	CHECK_INT(send_content(&place, &content, -5).class, NET_RETRY);
	CHECK_INT(access(place.heard, F_OK) ? 0 : heard(&place, "POST"), 0);
	clear(&place);
}

static void without_a_number_or_a_token_there_is_no_channel(void)
{
	const struct portal_secret none = { .len = 0 };
	struct place place;

	make(&place);
	CHECK(!whatsapp_channel_open(place.portal, NULL, &place.arena, &place.err));
	CHECK_INT(place.err.code, PORTAL_FAILURE);
	CHECK(!whatsapp_channel_open(place.portal, &none, &place.arena, &place.err));
	place.senders.whatsapp.phone_number_id = NULL;
	CHECK(!whatsapp_channel_open(place.portal, &place.token, &place.arena, &place.err));
	CHECK(strstr(place.err.hint, "whatsapp.token_file") != NULL);
	whatsapp_channel_close(NULL);
	clear(&place);
}

int main(void)
{
	RUN(a_text_goes_out_as_one_message_of_the_row);
	RUN(a_template_goes_out_as_one);
	RUN(a_file_is_uploaded_and_sent_by_its_name);
	RUN(a_file_whose_bytes_changed_is_never_sent);
	RUN(what_has_no_time_left_is_not_begun);
	RUN(without_a_number_or_a_token_there_is_no_channel);
	CHECK_REPORT();
}
