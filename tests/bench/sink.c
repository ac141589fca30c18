/* sink smtp|http PORTFILE [FOLDER]   Takes every mail, or every message to the WhatsApp Cloud
 * API, that it is offered on a port of 127.0.0.1, which it writes to PORTFILE, one connection
 * after the other, as fast as a server can that keeps nothing; with FOLDER it keeps them there
 * as 1, 2 … Ends with its parent. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MESSAGE_MAX = 1 << 20 };

struct sink {
	const char *folder;
	int taken;
	char bytes[MESSAGE_MAX];
	size_t len; /* of what came and was not answered yet */
};

static int fail(const char *what)
{
	perror(what);
	return EXIT_FAILURE;
}

static int listen_somewhere(const char *port_file)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof(address);
	const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	FILE *file;

	if (fd < 0 || bind(fd, (struct sockaddr *)&address, size) < 0 || listen(fd, 16) < 0 ||
		getsockname(fd, (struct sockaddr *)&address, &size) < 0)
		return -1;
	file = fopen(port_file, "w");
	if (!file)
		return -1;
	fprintf(file, "%d\n", ntohs(address.sin_port));
	fclose(file);
	return fd;
}

static void keep(struct sink *sink, size_t len)
{
	char path[4096];
	FILE *file;

	sink->taken++;
	if (!sink->folder)
		return;
	snprintf(path, sizeof(path), "%s/%d", sink->folder, sink->taken);
	file = fopen(path, "w");
	if (file && fwrite(sink->bytes, 1, len, file) == len && fclose(file) == 0)
		return;
	exit(fail(path));
}

/* The bytes up to and with @end, or 0 where it has not come. */
static size_t until(struct sink *sink, int fd, const char *end)
{
	for (;;) {
		const char *found = memmem(sink->bytes, sink->len, end, strlen(end));
		ssize_t got;

		if (found)
			return (size_t)(found - sink->bytes) + strlen(end);
		got = read(fd, sink->bytes + sink->len, sizeof(sink->bytes) - sink->len);
		if (got <= 0)
			return 0;
		sink->len += (size_t)got;
	}
}

static void drop(struct sink *sink, size_t len)
{
	memmove(sink->bytes, sink->bytes + len, sink->len - len);
	sink->len -= len;
}

static bool say(int fd, const char *line)
{
	return write(fd, line, strlen(line)) == (ssize_t)strlen(line);
}

/* The answer to what begins with a command. */
static const char *answer(const char *line)
{
	if (!strncasecmp(line, "EHLO", 4))
		return "250-sink\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n";
	if (!strncasecmp(line, "DATA", 4))
		return "354 go ahead\r\n";
	return "250 ok\r\n";
}

static void serve_smtp(struct sink *sink, int fd)
{
	size_t len;

	sink->len = 0;
	say(fd, "220 sink\r\n");
	while ((len = until(sink, fd, "\r\n"))) {
		const bool data = !strncasecmp(sink->bytes, "DATA", 4);
		const bool quit = !strncasecmp(sink->bytes, "QUIT", 4);

		if (!say(fd, answer(sink->bytes)) || quit)
			return;
		drop(sink, len);
		if (!data)
			continue;
		len = until(sink, fd, "\r\n.\r\n");
		if (!len)
			return;
		keep(sink, len - 3);
		drop(sink, len);
		say(fd, "250 kept\r\n");
	}
}

static size_t body_length(const struct sink *sink, size_t head)
{
	static const char name[] = "\r\nContent-Length:";
	const char *at = sink->bytes;

	for (; at + sizeof(name) < sink->bytes + head; at++)
		if (!strncasecmp(at, name, sizeof(name) - 1))
			return strtoul(at + sizeof(name) - 1, NULL, 10);
	return 0;
}

static bool read_whole(struct sink *sink, int fd, size_t len)
{
	while (sink->len < len) {
		const ssize_t got =
			read(fd, sink->bytes + sink->len, sizeof(sink->bytes) - sink->len);

		if (got <= 0)
			return false;
		sink->len += (size_t)got;
	}
	return true;
}

static void serve_http(struct sink *sink, int fd)
{
	char body[200], head[400];
	size_t len;

	sink->len = 0;
	while ((len = until(sink, fd, "\r\n\r\n"))) {
		const size_t whole = len + body_length(sink, len);

		if (!read_whole(sink, fd, whole))
			return;
		drop(sink, len);
		keep(sink, whole - len);
		drop(sink, whole - len);
		snprintf(body, sizeof(body),
			"{\"messaging_product\":\"whatsapp\",\"contacts\":[],\"messages\":"
			"[{\"id\":\"wamid.%d.%d\"}]}",
			(int)getpid(), sink->taken);
		snprintf(head, sizeof(head),
			"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
			"Content-Length: %zu\r\n\r\n%s",
			strlen(body), body);
		if (!say(fd, head))
			return;
	}
}

int main(int argc, char **argv)
{
	static struct sink sink;
	const int one = 1;
	int listening;

	if (argc < 3)
		return fail("usage: sink smtp|http PORTFILE [FOLDER]");
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGPIPE, SIG_IGN);
	sink.folder = argv[3];
	listening = listen_somewhere(argv[2]);
	if (listening < 0)
		return fail(argv[2]);
	for (;;) {
		const int fd = accept(listening, NULL, NULL);

		if (fd < 0)
			return fail("accept");
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
		if (!strcmp(argv[1], "http"))
			serve_http(&sink, fd);
		else
			serve_smtp(&sink, fd);
		close(fd);
	}
}
