#include "base/utf8.h"
#include "fuzz.h"
#include "text/csv.h"
#include "text/lines.h"
#include "text/yaml.h"

static void check_row(const struct csv_row *row, const struct csv_row *before)
{
	FUZZ_CHECK(row->record > before->record && row->line > before->line);
	FUZZ_CHECK(row->count >= 1 && row->count <= CSV_MAX_FIELDS);
	for (int i = 0; i < row->count; i++)
		FUZZ_CHECK(utf8_valid(row->fields[i], strlen(row->fields[i])));
}

static void table(int fd, const struct csv_options *options)
{
	_cleanup_csv_ struct csv *csv = NULL;
	struct csv_row row = { 0 }, before = { 0 };
	struct portal_error err = { 0 };
	int rc = csv_open(&csv, fd, options, &err);

	FUZZ_CHECK(rc == 0 || rc == -PORTAL_INVALID_INPUT);
	if (rc < 0)
		return;
	while ((rc = csv_next(csv, &row, &err)) != 0) {
		FUZZ_CHECK(rc == 1 || (rc == -PORTAL_INVALID_INPUT && err.line >= 1));
		if (rc == 1) {
			check_row(&row, &before);
			before = row;
		}
	}
	FUZZ_CHECK(csv_next(csv, &row, &err) == 0);
}

static void text_lines(int fd)
{
	_cleanup_lines_ struct lines *lines = NULL;
	struct portal_error err = { 0 };
	struct line line;
	int64_t number = 0;
	int rc = lines_open(&lines, fd, &err);

	if (rc < 0)
		return;
	while ((rc = lines_next(lines, &line, &err)) != 0) {
		FUZZ_CHECK(rc == 1 || (rc == -PORTAL_INVALID_INPUT && err.line > number));
		number = rc == 1 ? line.number : err.line;
		FUZZ_CHECK(rc < 0 || (strlen(line.text) == line.len && line.len > 0));
		FUZZ_CHECK(rc < 0 || !memchr(line.text, '\n', line.len));
	}
}

static int visit(void *arg, const char *key, const char *value, int64_t line, int64_t column,
	struct portal_error *err)
{
	int *count = arg;

	(void)err;
	FUZZ_CHECK(line >= 1 && column >= 1);
	FUZZ_CHECK(strlen(key) <= YAML_MAX_KEY_BYTES && utf8_valid(key, strlen(key)));
	FUZZ_CHECK(utf8_valid(value, strlen(value)));
	(*count)++;
	return 0;
}

static void settings(const char *bytes, size_t len)
{
	const struct yaml_text text = { "settings", bytes, len };
	_cleanup_arena_ struct arena arena = { 0 };
	struct portal_error err = { 0 };
	int count = 0;
	int rc = yaml_read_settings(&arena, &text, visit, &count, &err);

	FUZZ_CHECK(rc == 0 || rc == -PORTAL_INVALID_INPUT);
	FUZZ_CHECK(count <= YAML_MAX_KEYS);
	FUZZ_CHECK(rc == 0 || (count == 0 && !strcmp(err.source, "settings") && err.line >= 1));
}

/* The first byte chooses how a table is read. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char delimiters[] = { '\0', ';', ',', '\t' };
	static int fd = -1;
	struct csv_options options;

	if (size == 0)
		return 0;
	options = (struct csv_options){ (enum encoding)(data[0] / 4 % 3), delimiters[data[0] % 4] };
	data++, size--;
	fuzz_file(&fd, data, size);
	table(fd, &options);
	FUZZ_CHECK(lseek(fd, 0, SEEK_SET) == 0);
	text_lines(fd);
	settings((const char *)data, size);
	return 0;
}
