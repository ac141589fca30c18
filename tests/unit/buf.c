#include "base/buf.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

static void what_is_added_stands_there_in_order(void)
{
	_cleanup_buf_ struct buf buf;

	buf_init(&buf);
	CHECK_STR(buf_text(&buf), "");
	buf_str(&buf, "invite ");
	buf_int64(&buf, 42);
	buf_char(&buf, ' ');
	buf_add(&buf, "a\0b", 3);
	buf_printf(&buf, " %s %d", "x", 7);
	CHECK_INT(buf.len, 17);
	CHECK(memcmp(buf_text(&buf), "invite 42 a\0b x 7", 18) == 0);
	CHECK_INT(buf_flush(&buf), 0);
	CHECK_INT(buf.len, 17);
}

static void an_empty_buffer_takes_nothing_and_gives_it_back(void)
{
	_cleanup_buf_ struct buf buf;

	buf_init(&buf);
	buf_str(&buf, "");
	buf_printf(&buf, "%s", "");
	CHECK_INT(buf.len, 0);
	CHECK_INT(buf.error, 0);
	CHECK_STR(buf_text(&buf), "");
}

static void numbers_are_written_exactly(void)
{
	static const int64_t numbers[] = { 0, 1, -1, 9, 10, 99, 100, -100, 9007199254740993,
		INT64_MAX, INT64_MIN };

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		_cleanup_buf_ struct buf buf;
		char want[32];

		buf_init(&buf);
		buf_int64(&buf, numbers[i]);
		snprintf(want, sizeof(want), "%lld", (long long)numbers[i]);
		CHECK_STR(buf_text(&buf), want);
	}
}

static void it_grows_through_every_size(void)
{
	_cleanup_buf_ struct buf buf;

	buf_init(&buf);
	for (int i = 0; i < 100000; i++)
		buf_char(&buf, (char)('a' + i % 26));
	buf_printf(&buf, "%0300000d", 7);
	CHECK_INT(buf.len, 400000);
	CHECK_INT(buf.error, 0);
	CHECK(buf.data[0] == 'a' && buf.data[99999] == 'a' + 99999 % 26 && buf.data[399999] == '7');
}

static void a_format_that_just_fits_is_not_cut(void)
{
	for (int len = 240; len < 260; len++) {
		_cleanup_buf_ struct buf buf;

		buf_init(&buf);
		buf_str(&buf, "x");
		buf_printf(&buf, "%0*d", len, 7);
		CHECK_INT(buf.len, 1 + len);
		CHECK_INT(strlen(buf_text(&buf)), 1 + len);
		CHECK(buf.data[len] == '7');
	}
}

static void a_cleared_buffer_keeps_its_memory(void)
{
	_cleanup_buf_ struct buf buf;
	const char *data;

	buf_init(&buf);
	buf_str(&buf, "first");
	data = buf.data;
	buf_clear(&buf);
	buf_str(&buf, "second");
	CHECK(buf.data == data);
	CHECK_STR(buf_text(&buf), "second");
}

static void too_much_is_out_of_memory_once_and_for_all(void)
{
	_cleanup_buf_ struct buf buf;

	buf_init(&buf);
	buf_str(&buf, "kept");
	CHECK(!buf_make_room(&buf, SIZE_MAX / 2));
	CHECK_INT(buf.error, ENOMEM);
	buf_str(&buf, " lost");
	buf_char(&buf, 'x');
	buf_int64(&buf, 1);
	buf_printf(&buf, "%d", 12);
	CHECK_STR(buf_text(&buf), "kept");
	CHECK_INT(buf_flush(&buf), -1);
	buf_clear(&buf);
	buf_str(&buf, "lost");
	CHECK_STR(buf_text(&buf), "");
}

static void ignore_alarm(int signal)
{
	(void)signal;
}

/* Writes @rows numbers through a pipe from a child that the test reads. */
static void pump(int pipe_end, int rows)
{
	_cleanup_buf_ struct buf buf;

	buf_open_fd(&buf, pipe_end);
	for (int i = 0; i < rows; i++) {
		buf_int64(&buf, i);
		buf_char(&buf, '\n');
		if (buf.len > BUF_BYTES || buf.cap > BUF_BYTES)
			_exit(2);
	}
	_exit(buf_flush(&buf) == 0 && buf.len == 0 ? 0 : 3);
}

static bool numbers_come_through(FILE *in, int rows)
{
	char line[32];

	for (int i = 0; i < rows; i++)
		if (!fgets(line, sizeof(line), in) || strtol(line, NULL, 10) != i)
			return false;
	return fgetc(in) == EOF;
}

static int pump_through_pipe(int flags, int rows, int alarm_every_usec)
{
	int ends[2], status = -1;
	FILE *in;
	pid_t child;

	CHECK_INT(pipe2(ends, 0), 0);
	CHECK(fcntl(ends[1], F_SETPIPE_SZ, 4096) > 0);
	fflush(stdout);
	child = fork();
	if (child == 0) {
		struct sigaction action = { .sa_handler = ignore_alarm };

		sigaction(SIGALRM, &action, NULL);
		if (alarm_every_usec)
			ualarm((useconds_t)alarm_every_usec, (useconds_t)alarm_every_usec);
		fcntl(ends[1], F_SETFL, O_WRONLY | flags);
		pump(ends[1], rows);
	}
	close(ends[1]);
	/* Time for a full pipe to be met, and for signals to come while it is full. */
	usleep(5000);
	in = fdopen(ends[0], "r");
	CHECK(in && numbers_come_through(in, rows));
	if (in)
		fclose(in);
	waitpid(child, &status, 0);
	return status;
}

static void all_rows_reach_the_reader_of_a_pipe(void)
{
	CHECK_INT(pump_through_pipe(0, 300000, 0), 0);
}

static void a_pipe_that_may_not_block_is_waited_for(void)
{
	CHECK_INT(pump_through_pipe(O_NONBLOCK, 300000, 0), 0);
}

static void signals_in_the_middle_lose_nothing(void)
{
	CHECK_INT(pump_through_pipe(0, 300000, 300), 0);
	CHECK_INT(pump_through_pipe(O_NONBLOCK, 300000, 300), 0);
}

static void a_large_piece_is_written_without_being_kept(void)
{
	char path[] = "/tmp/buf-test-XXXXXX";
	int fd = mkstemp(path);
	char *large = malloc(3000000);
	struct buf buf;

	memset(large, 'x', 3000000);
	buf_open_fd(&buf, fd);
	buf_str(&buf, "head ");
	buf_add(&buf, large, 3000000);
	CHECK_INT(buf.len, 0);
	CHECK(buf.cap <= BUF_BYTES);
	buf_str(&buf, " tail");
	CHECK_INT(lseek(fd, 0, SEEK_END), 3000005);
	CHECK_INT(buf_flush(&buf), 0);
	CHECK_INT(lseek(fd, 0, SEEK_END), 3000010);
	buf_release(&buf);
	free(large);
	close(fd);
	unlink(path);
}

static int error_of_writing_to(int fd)
{
	_cleanup_buf_ struct buf buf;

	buf_open_fd(&buf, fd);
	for (int i = 0; i < 200000; i++)
		buf_str(&buf, "some text\n");
	buf_printf(&buf, "%d", 7);
	CHECK_INT(buf_flush(&buf), -1);
	CHECK_INT(buf_flush(&buf), -1);
	CHECK_INT(buf.len, 0);
	return buf.error;
}

static void the_first_failure_of_the_sink_is_kept(void)
{
	int full = open("/dev/full", O_WRONLY), ends[2];

	CHECK_INT(error_of_writing_to(full), ENOSPC);
	close(full);
	CHECK_INT(error_of_writing_to(full), EBADF);
	signal(SIGPIPE, SIG_IGN);
	CHECK_INT(pipe(ends), 0);
	close(ends[0]);
	CHECK_INT(error_of_writing_to(ends[1]), EPIPE);
	close(ends[1]);
}

static void a_short_last_row_fails_at_the_flush(void)
{
	int full = open("/dev/full", O_WRONLY);
	_cleanup_buf_ struct buf buf;

	buf_open_fd(&buf, full);
	buf_str(&buf, "x");
	CHECK_INT(buf.error, 0);
	CHECK_INT(buf_flush(&buf), -1);
	CHECK_INT(buf.error, ENOSPC);
	close(full);
}

int main(void)
{
	RUN(what_is_added_stands_there_in_order);
	RUN(an_empty_buffer_takes_nothing_and_gives_it_back);
	RUN(numbers_are_written_exactly);
	RUN(it_grows_through_every_size);
	RUN(a_format_that_just_fits_is_not_cut);
	RUN(a_cleared_buffer_keeps_its_memory);
	RUN(too_much_is_out_of_memory_once_and_for_all);
	RUN(all_rows_reach_the_reader_of_a_pipe);
	RUN(a_pipe_that_may_not_block_is_waited_for);
	RUN(signals_in_the_middle_lose_nothing);
	RUN(a_large_piece_is_written_without_being_kept);
	RUN(the_first_failure_of_the_sink_is_kept);
	RUN(a_short_last_row_fails_at_the_flush);
	CHECK_REPORT();
}
