#include "text/csv.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "text/lines.h"

static FILE *file_of(const char *text, size_t len)
{
	FILE *file = tmpfile();

	fwrite(text, 1, len, file);
	fflush(file);
	lseek(fileno(file), 0, SEEK_SET);
	return file;
}

/* What is read from @text, as "line:a|b;" a record and "line!sentence;" a fault. */
static const char *read_as(const char *text, size_t len, const struct csv_options *options)
{
	static char out[4000];
	_cleanup_csv_ struct csv *csv = NULL;
	struct portal_error err = { 0 };
	struct csv_row row;
	FILE *file = file_of(text, len);
	size_t at = 0;
	int rc;

	out[0] = '\0';
	CHECK_INT(csv_open(&csv, fileno(file), options, &err), 0);
	while ((rc = csv_next(csv, &row, &err)) != 0) {
		at += (size_t)snprintf(out + at, 1000, "%lld%s",
			(long long)(rc < 0 ? err.line : row.line), rc < 0 ? err.message : ":");
		for (int i = 0; rc > 0 && i < row.count; i++)
			at += (size_t)snprintf(out + at, 1000, "%s%s", i ? "|" : "", row.fields[i]);
		at += (size_t)snprintf(out + at, 10, ";");
	}
	fclose(file);
	return out;
}

static const char *read_text(const char *text)
{
	return read_as(text, strlen(text), NULL);
}

static void records_are_those_of_rfc_4180(void)
{
	CHECK_STR(read_text("a,b\r\n1,2\r\n"), "1:a|b;2:1|2;");
	CHECK_STR(read_text("a,b\n\"x,\"\"y\"\"\",\n,\n"), "1:a|b;2:x,\"y\"|;3:|;");
	CHECK_STR(read_text("a,b\n\"1\r\n2\",3\n4,5"), "1:a|b;2:1\r\n2|3;4:4|5;");
	CHECK_STR(read_text("a\n\"\"\n"), "1:a;2:;");
	CHECK_STR(read_text(""), "");
}

static void lines_end_in_any_of_three_ways(void)
{
	CHECK_STR(read_text("a,b\r1,2\r\r3,4"), "1:a|b;2:1|2;4:3|4;");
	CHECK_STR(read_text("a\r\n\r\n\r\nb\n\n\nc"), "1:a;4:b;7:c;");
}

static void blanks_are_kept_for_the_caller(void)
{
	CHECK_STR(read_text("a;b\n 1 ;\"2\" \n"), "1:a|b;2: 1 |2 ;");
	CHECK_STR(read_text("a,b\nBar \"do Zé\", \"x\"\n"), "1:a|b;2:Bar \"do Zé\"| \"x\";");
}

static void the_delimiter_is_found_outside_quotes(void)
{
	CHECK_STR(read_text("\"a,b,c\";d\n1;2\n"), "1:a,b,c|d;2:1|2;");
	CHECK_STR(read_text("a\tb\n1\t2,3\n"), "1:a|b;2:1|2,3;");
	CHECK_STR(read_text("a\n1,2\n"), "1:a;2:1|2;");
	CHECK_STR(read_as("a;b,c", 5, &(struct csv_options){ .delimiter = ',' }), "1:a;b|c;");
}

static void a_fault_costs_one_record(void)
{
	CHECK_STR(read_text("a\n\"x\"y\nb\n"),
		"1:a;2record 2: there is text after a closing quote;3:b;");
	CHECK_STR(read_text("a\n\"x\" \"y\"\nb\n"),
		"1:a;2record 2: there is text after a closing quote;3:b;");
	CHECK_STR(read_as("a\nx\0y\nb\n", 8, NULL), "1:a;2record 2: there is a NUL byte;3:b;");
	CHECK_STR(read_text("a\n1\n\"x\n\ny"),
		"1:a;2:1;3record 3: a quote is opened and never closed;");
}

static void bytes_of_another_encoding_cost_one_record(void)
{
	static const struct csv_options utf8 = { .encoding = ENCODING_UTF8 };
	static const struct csv_options cp1252 = { .encoding = ENCODING_CP1252 };

	CHECK_STR(read_as("é\nx\xe9\nb\n", 8, &utf8),
		"1:é;2record 2: the text is not UTF-8; if the file is older, try cp1252;3:b;");
	CHECK_STR(read_as("\xe9\x80\nx\x81\nb\n", 8, &cp1252),
		"1:é€;2record 2: there is a byte that Windows-1252 does not know;3:b;");
	CHECK_STR(read_text("\xef\xbb\xbf\xc3\xa9\n"), "1:é;");
	CHECK_STR(read_text("\xe9\n"), "1:é;");
}

static void utf16_is_refused(void)
{
	struct csv *csv = NULL;
	struct portal_error err = { 0 };
	FILE *file = file_of("\xff\xfe"
			     "a\0",
		4);

	CHECK_INT(csv_open(&csv, fileno(file), NULL, &err), -PORTAL_INVALID_INPUT);
	CHECK_STR(err.message, "the input is UTF-16; save it as UTF-8");
	CHECK(csv == NULL);
	fclose(file);
}

static void fields_are_limited(void)
{
	char text[CSV_MAX_FIELDS * 2 + 10];

	for (int i = 0; i < CSV_MAX_FIELDS; i++)
		memcpy(text + i * 2, "a,", 2);
	memcpy(text + CSV_MAX_FIELDS * 2 - 1, "\nb", 3);
	CHECK(strncmp(read_text(text), "1:a|a|", 6) == 0);
	memcpy(text + CSV_MAX_FIELDS * 2 - 1, ",\nb", 4);
	CHECK_STR(read_text(text), "1record 1: there are more than 256 fields;2:b;");
}

/* Reads a record of @len bytes: how many rows came, and the sentence in @err. */
static int read_long(const char *begin, size_t len, struct portal_error *err)
{
	_cleanup_csv_ struct csv *csv = NULL;
	struct csv_row row;
	FILE *file = tmpfile();
	int rows = 0, rc;

	fputs(begin, file);
	for (size_t i = 0; i < len; i++)
		putc('x', file);
	fputs("\nafter\n", file);
	fflush(file);
	lseek(fileno(file), 0, SEEK_SET);
	CHECK_INT(csv_open(&csv, fileno(file), NULL, err), 0);
	while ((rc = csv_next(csv, &row, err)) > 0)
		rows++;
	if (rc < 0) {
		CHECK(csv_stopped_early(csv));
		CHECK_INT(csv_next(csv, &row, err), 0);
	}
	fclose(file);
	return rows;
}

static void a_record_is_limited(void)
{
	struct portal_error err = { 0 };

	CHECK_INT(read_long("head\n", CSV_MAX_BYTES, &err), 3);
	CHECK_STR(err.message, "");
	CHECK_INT(read_long("head\n", CSV_MAX_BYTES + 1, &err), 1);
	CHECK_STR(err.message, "record 2: it is longer than 1 MiB; nothing after it was read");
	CHECK_INT(read_long("head\nx\n\"", CSV_MAX_BYTES, &err), 2);
	CHECK_STR(err.message,
		"record 3: a quote is not closed within 1 MiB; nothing after it was read");
	CHECK_INT(err.line, 3);
}

static void endless_input_is_refused_at_once(void)
{
	_cleanup_csv_ struct csv *csv = NULL;
	_cleanup_lines_ struct lines *lines = NULL;
	struct portal_error err = { 0 };
	struct csv_row row;
	struct line line;
	int fd = open("/dev/zero", O_RDONLY | O_CLOEXEC);

	CHECK_INT(csv_open(&csv, fd, NULL, &err), 0);
	CHECK_INT(csv_next(csv, &row, &err), -PORTAL_INVALID_INPUT);
	CHECK_INT(csv_next(csv, &row, &err), 0);
	CHECK_INT(lines_open(&lines, fd, &err), 0);
	CHECK_INT(lines_next(lines, &line, &err), -PORTAL_INVALID_INPUT);
	CHECK_STR(err.message, "line 1 is longer than 1 MiB; nothing after it was read");
	CHECK_INT(lines_next(lines, &line, &err), 0);
	close(fd);
}

/* The records of a file joined; the same of both encodings. */
static void read_file(const char *path, char *out, size_t size)
{
	_cleanup_csv_ struct csv *csv = NULL;
	struct portal_error err = { 0 };
	struct csv_row row;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t at = 0;

	CHECK_INT(csv_open(&csv, fd, NULL, &err), 0);
	while (csv_next(csv, &row, &err) > 0) {
		CHECK_INT(row.count, 7);
		for (int i = 0; i < row.count; i++)
			at += (size_t)snprintf(out + at, size - at, "%s|", row.fields[i]);
	}
	CHECK_STR(err.message, "");
	CHECK(at > 1000);
	close(fd);
}

static void the_same_table_in_two_encodings_is_the_same(void)
{
	static char utf8[100000], cp1252[100000];

	read_file("tests/data/fornecedores-import.csv", utf8, sizeof(utf8));
	read_file("tests/data/fornecedores-import-cp1252.csv", cp1252, sizeof(cp1252));
	CHECK_STR(utf8, cp1252);
}

static void a_slow_pipe_is_read_like_a_file(void)
{
	static const char text[] = "a;ç\n1;\xe2\x82\xac\n";
	_cleanup_csv_ struct csv *csv = NULL;
	struct portal_error err = { 0 };
	struct csv_row row = { 0 };
	int ends[2] = { -1, -1 };
	pid_t child;

	CHECK_INT(pipe(ends), 0);
	child = fork();
	if (child == 0) {
		for (size_t i = 0; i < sizeof(text) - 1; i++)
			if (write(ends[1], text + i, 1) != 1)
				_exit(1);
		_exit(0);
	}
	close(ends[1]);
	CHECK_INT(csv_open(&csv, ends[0], NULL, &err), 0);
	CHECK_INT(csv_next(csv, &row, &err), 1);
	CHECK_INT(csv_next(csv, &row, &err), 1);
	CHECK_STR(row.fields[1], "€");
	CHECK_INT(csv_next(csv, &row, &err), 0);
	CHECK_INT(csv_found(csv).encoding, ENCODING_UTF8);
	CHECK_INT(csv_found(csv).delimiter, ';');
	waitpid(child, NULL, 0);
	close(ends[0]);
}

static void lines_are_numbered_and_nul_is_refused(void)
{
	_cleanup_lines_ struct lines *lines = NULL;
	struct portal_error err = { 0 };
	struct line line = { 0 };
	FILE *file = file_of("\xef\xbb\xbf{}\r\n\n1\0\r\n\r\nlast", 18);

	CHECK_INT(lines_open(&lines, fileno(file), &err), 0);
	CHECK_INT(lines_next(lines, &line, &err), 1);
	CHECK_STR(line.text, "{}");
	CHECK_INT(line.len, 2);
	CHECK_INT(lines_next(lines, &line, &err), -PORTAL_INVALID_INPUT);
	CHECK_STR(err.message, "line 3 holds a NUL byte");
	CHECK_INT(err.line, 3);
	CHECK_INT(lines_next(lines, &line, &err), 1);
	CHECK_STR(line.text, "last");
	CHECK_INT(line.number, 5);
	CHECK_INT(lines_next(lines, &line, &err), 0);
	CHECK_INT(lines_next(lines, &line, &err), 0);
	fclose(file);
}

static void a_line_has_a_longest_length(void)
{
	_cleanup_lines_ struct lines *lines = NULL;
	struct portal_error err = { 0 };
	struct line line = { 0 };
	char *text = malloc(LINES_MAX_BYTES * 2 + 2);
	FILE *file;

	memset(text, 'x', LINES_MAX_BYTES * 2 + 2);
	text[LINES_MAX_BYTES] = '\n';
	file = file_of(text, LINES_MAX_BYTES * 2 + 2);
	CHECK_INT(lines_open(&lines, fileno(file), &err), 0);
	CHECK_INT(lines_next(lines, &line, &err), 1);
	CHECK_INT(line.len, LINES_MAX_BYTES);
	CHECK_INT(lines_next(lines, &line, &err), -PORTAL_INVALID_INPUT);
	CHECK_INT(err.line, 2);
	fclose(file);
	free(text);
}

int main(void)
{
	RUN(records_are_those_of_rfc_4180);
	RUN(lines_end_in_any_of_three_ways);
	RUN(blanks_are_kept_for_the_caller);
	RUN(the_delimiter_is_found_outside_quotes);
	RUN(a_fault_costs_one_record);
	RUN(bytes_of_another_encoding_cost_one_record);
	RUN(utf16_is_refused);
	RUN(fields_are_limited);
	RUN(a_record_is_limited);
	RUN(endless_input_is_refused_at_once);
	RUN(the_same_table_in_two_encodings_is_the_same);
	RUN(a_slow_pipe_is_read_like_a_file);
	RUN(lines_are_numbered_and_nul_is_refused);
	RUN(a_line_has_a_longest_length);
	CHECK_REPORT();
}
