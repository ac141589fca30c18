#include <portal/writer.h>

#include <fcntl.h>
#include <time.h>

#include <portal/arena.h>
#include <portal/text.h>
#include <portal/time.h>

#include "check.h"

struct thing {
	int64_t id;
	const char *name, *status;
	bool active;
	portal_time made_at;
	portal_id other_id;
	portal_list phones;
	portal_json extra;
	int64_t total_cents;
};

static const struct portal_word states[] = { { "open", "open" }, { "closed", "closed" }, { NULL } };
static const struct portal_field thing_fields[] = {
	PORTAL_FIELD(struct thing, id, "Id"),
	PORTAL_FIELD(struct thing, name, "Name"),
	PORTAL_FIELD(struct thing, status, "Status", .words = states),
	PORTAL_FIELD(struct thing, active, "Active"),
	PORTAL_FIELD(struct thing, made_at, "Made"),
	PORTAL_FIELD(struct thing, other_id, "Other"),
	PORTAL_FIELD(struct thing, phones, "Phones"),
	PORTAL_FIELD(struct thing, extra, "Extra"),
	PORTAL_FIELD(struct thing, total_cents, "Total"),
	PORTAL_FIELDS_END,
};
static const struct portal_record thing_record = { "thing", sizeof(struct thing), thing_fields };

static const struct thing full = {
	.id = 42,
	.name = "Ana \"A\" Sá",
	.status = "open",
	.active = true,
	.made_at = { 1772366400123 },
	.other_id = { 7 },
	.phones = { "+551199\n+552188" },
	.extra = { "{\"a\":\n1}" },
	.total_cents = INT64_MAX,
};

static struct portal_writer *in_memory(void)
{
	struct portal_writer *writer = NULL;
	struct portal_error err = { 0 };

	portal_writer_open(&writer, -1, &err);
	return writer;
}

static const struct portal_columns *columns_of(struct arena *arena, const char *fields)
{
	const struct portal_columns *columns = NULL;
	struct portal_error err = { 0 };

	CHECK_INT(portal_columns_make(arena, &thing_record, fields, &columns, &err), 0);
	return columns;
}

static void a_record_is_one_line_of_json_with_exact_integers(void)
{
	_cleanup_arena_ struct arena arena = { 0 };
	struct portal_writer *writer = in_memory();

	portal_put_record(writer, columns_of(&arena, NULL), &full);
	CHECK_STR(portal_writer_text(writer),
		"{\"id\":42,\"name\":\"Ana \\\"A\\\" Sá\",\"status\":\"open\",\"active\":true,"
		"\"made_at\":\"2026-03-01T12:00:00Z\",\"other_id\":7,"
		"\"phones\":[\"+551199\",\"+552188\"],\"extra\":{\"a\": 1},"
		"\"total_cents\":9223372036854775807}");
	portal_writer_close(writer);
}

static void what_is_not_there_is_null_and_every_key_stays(void)
{
	_cleanup_arena_ struct arena arena = { 0 };
	struct portal_writer *writer = in_memory();
	struct thing none = { .total_cents = INT64_MIN };

	portal_put_record(writer, columns_of(&arena, NULL), &none);
	CHECK_STR(portal_writer_text(writer),
		"{\"id\":null,\"name\":null,\"status\":null,\"active\":false,\"made_at\":null,"
		"\"other_id\":null,\"phones\":[],\"extra\":null,"
		"\"total_cents\":-9223372036854775808}");
	portal_writer_close(writer);
}

static void fields_choose_columns_and_their_order(void)
{
	_cleanup_arena_ struct arena arena = { 0 };
	struct portal_writer *writer = in_memory();

	portal_put_record(writer, columns_of(&arena, "status,id"), &full);
	CHECK_STR(portal_writer_text(writer), "{\"status\":\"open\",\"id\":42}");
	portal_writer_close(writer);
}

static void bad_fields_are_usage_errors_that_list_the_good_ones(void)
{
	static const char *const bad[] = { "", "id,", "nme", "id,name,id", "id name", " id" };
	_cleanup_arena_ struct arena arena = { 0 };
	const struct portal_columns *columns;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct portal_error err = { 0 };

		CHECK_INT(portal_columns_make(&arena, &thing_record, bad[i], &columns, &err),
			-PORTAL_USAGE);
		CHECK_STR(err.field, "fields");
		if (i == 2)
			CHECK(strstr(err.message, "id, name, status, active"));
	}
}

static void check_json(const char *text, const char *want)
{
	struct portal_writer *writer = in_memory();

	portal_put_json(writer, text);
	CHECK_STR(portal_writer_text(writer), want);
	portal_writer_close(writer);
}

static void strings_are_escaped_at_every_position(void)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "\x01", "\\u0001" },
		{ "\x1f", "\\u001f" },
		{ "\x7f", "\\u007f" },
		{ "\n", "\\n" },
		{ "\t", "\\t" },
		{ "\r", "\\r" },
		{ "\b", "\\b" },
		{ "\f", "\\f" },
		{ "\"", "\\\"" },
		{ "\\", "\\\\" },
		{ "\xc2\x85", "\\u0085" },
		{ "\xc2\x9f", "\\u009f" },
		{ "\xc2\xa0", "\xc2\xa0" },
		{ "\xe2\x80\xa8", "\\u2028" },
		{ "\xe2\x80\xa9", "\\u2029" },
		{ "é", "é" },
		{ "😀", "😀" },
		{ "\xff", "\xef\xbf\xbd" },
		{ "\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd" },
		{ "\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
		{ "~ !", "~ !" },
	};
	_cleanup_arena_ struct arena arena = { 0 };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (int before = 0; before < 10; before++)
			check_json(arena_printf(&arena, "%.*s%sabcdefghij", before, "ABCDEFGHIJ",
					   cases[i].text),
				arena_printf(&arena, "\"%.*s%sabcdefghij\"", before, "ABCDEFGHIJ",
					cases[i].want));
	check_json("cut \xe2\x82", "\"cut \xef\xbf\xbd\xef\xbf\xbd\"");
	check_json("", "\"\"");
	check_json(NULL, "null");
}

static void check_row(enum portal_dialect dialect, const char *const *cells, const char *want)
{
	struct portal_writer *writer = in_memory();
	struct portal_cells row = { .writer = writer, .dialect = dialect };

	for (; *cells; cells++)
		portal_put_cell(&row, *cells);
	portal_put_cell_int(&row, -5);
	portal_put_row_end(&row);
	CHECK_STR(portal_writer_text(writer), want);
	portal_writer_close(writer);
}

static void csv_quotes_what_needs_it(void)
{
	static const char *const cells[] = { "a", "b,c", "d\"e", "f\ng", "", "=1+1", "h;i", NULL };

	check_row(PORTAL_CSV, cells, "a,\"b,c\",\"d\"\"e\",\"f\ng\",,=1+1,h;i,-5\n");
}

static void excel_gets_semicolons_and_no_formula(void)
{
	static const char *const cells[] = { "b,c", "h;i", "=1+1", "+55", "-x", "@a", "\tz",
		"=\"a\"", "\rq", NULL };

	check_row(PORTAL_CSV_EXCEL_BR, cells,
		"b,c;\"h;i\";'=1+1;'+55;'-x;'@a;'\tz;\"'=\"\"a\"\"\";\"'\rq\";-5\r\n");
}

static void tsv_escapes_tabs_lines_and_backslashes(void)
{
	static const char *const cells[] = { "a\tb", "c\nd", "e\\f", "g\rh", "", "\"", NULL };

	check_row(PORTAL_TSV, cells, "a\\tb\tc\\nd\te\\\\f\tg\\rh\t\t\"\t-5\n");
}

static void a_record_is_a_row_under_its_keys(void)
{
	_cleanup_arena_ struct arena arena = { 0 };
	struct portal_writer *writer = in_memory();
	struct portal_cells cells = { .writer = writer };
	const struct portal_columns *columns =
		columns_of(&arena, "id,active,made_at,other_id,phones,extra");
	struct thing none = { 0 };

	portal_put_cells_keys(&cells, columns);
	portal_put_row_end(&cells);
	portal_put_cells_record(&cells, columns, &full);
	portal_put_row_end(&cells);
	portal_put_cells_record(&cells, columns, &none);
	portal_put_row_end(&cells);
	CHECK_STR(portal_writer_text(writer),
		"id,active,made_at,other_id,phones,extra\n"
		"42,true,2026-03-01T12:00:00Z,7,\"+551199,+552188\",\"{\"\"a\"\":\n1}\"\n"
		",false,,,,\n");
	portal_writer_close(writer);
}

static void a_row_of_one_empty_cell_is_no_empty_line(void)
{
	struct portal_writer *writer = in_memory();
	struct portal_cells cells = { .writer = writer };

	portal_put_cell(&cells, NULL);
	portal_put_row_end(&cells);
	portal_put_cell(&cells, "x");
	portal_put_row_end(&cells);
	portal_put_cell(&cells, "");
	portal_put_cell(&cells, NULL);
	portal_put_row_end(&cells);
	CHECK_STR(portal_writer_text(writer), "\"\"\nx\n,\n");
	portal_writer_close(writer);
}

static void a_schema_names_every_field_and_its_type(void)
{
	struct portal_writer *writer = in_memory();
	const char *text;

	portal_put_record_schema(writer, &thing_record);
	text = portal_writer_text(writer);
	CHECK(strstr(text, "\"id\":{\"type\":[\"integer\",\"null\"]}"));
	CHECK(strstr(text, "\"status\":{\"enum\":[\"open\",\"closed\",null]}"));
	CHECK(strstr(text, "\"total_cents\":{\"type\":\"integer\"}"));
	CHECK(strstr(text, "\"required\":[\"id\",\"name\",\"status\",\"active\",\"made_at\","
			   "\"other_id\",\"phones\",\"extra\",\"total_cents\"]}"));
	portal_writer_close(writer);
}

static void a_full_device_is_told_at_the_end(void)
{
	struct portal_writer *writer = NULL;
	struct portal_error err = { 0 };
	int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);

	CHECK_INT(portal_writer_open(&writer, fd, &err), 0);
	portal_put(writer, "x");
	CHECK_INT(portal_writer_errno(writer), 0);
	CHECK(portal_writer_flush(writer) != 0);
	portal_writer_close(writer);
}

static void what_deceives_a_reader_is_shown_by_number(void)
{
	_cleanup_arena_ struct arena arena = { 0 };
	const char *sound = "João 漢字 — 😀";

	CHECK(portal_text_printable(&arena, sound) == sound);
	CHECK(portal_text_printable(&arena, NULL) == NULL);
	CHECK_STR(portal_text_printable(&arena, "a\x1b[31mb\n"), "a\\x1b[31mb\\x0a");
	CHECK_STR(portal_text_printable(&arena, "x\xe2\x80\xaey"), "x\\u202ey");
	CHECK_STR(portal_text_printable(&arena, "x\xe2\x80\x8by\xc2\x9b"), "x\\u200by\\x9b");
	CHECK_STR(portal_text_printable(&arena, "\xf3\xa0\x80\x81\xff"), "\\U000e0001\\xff");
}

static void walls_show_the_time_of_their_zone(void)
{
	_cleanup_arena_ struct arena arena = { 0 };
	const struct portal_zone *zone = NULL;
	struct portal_error err = { 0 };
	struct portal_wall wall = { 0 };
	char text[24];

	CHECK_INT(portal_zone_open(&arena, "Nowhere/None", &zone, &err), -PORTAL_INVALID_TIME);
	CHECK_INT(portal_zone_open(&arena, "America/Sao_Paulo", &zone, &err), 0);
	portal_zone_wall(zone, full.made_at, &wall);
	CHECK_INT(wall.hour, 9);
	CHECK_STR(portal_time_utc(full.made_at, text), "2026-03-01T12:00:00Z");
}

struct wide {
	int64_t id, n1, n2, n3;
	const char *t1, *t2, *t3, *t4, *t5, *t6, *t7, *t8, *t9, *t10;
	portal_time a, b, c, d;
	portal_id x;
	bool y;
};
#define W(m) PORTAL_FIELD(struct wide, m, "H")
static const struct portal_field wide_fields[] = { W(id), W(n1), W(n2), W(n3), W(t1), W(t2), W(t3),
	W(t4), W(t5), W(t6), W(t7), W(t8), W(t9), W(t10), W(a), W(b), W(c), W(d), W(x), W(y),
	PORTAL_FIELDS_END };
static const struct portal_record wide_record = { "wide", sizeof(struct wide), wide_fields };

static const struct wide wide = { 123456, 1, 1234567890123, 99, "02919305000127", "pending",
	"Escritório Modelo", "Padaria e Confeitaria São João Ltda.", "contato@modelo.example",
	"65635571000148", NULL, "BR", "João da Silva", "delivered", { 1772366400123 },
	{ 1772466400123 }, { 1772566400123 }, { 0 }, { 77 }, true };

/* A figure, not a test: set PORTAL_BENCH=1 to see rows a second of 20 fields. */
static void bench_rows(void)
{
	enum { ROWS = 1000000 };
	_cleanup_arena_ struct arena arena = { 0 };
	const struct portal_columns *columns = NULL;
	struct portal_error err = { 0 };
	struct portal_writer *writer = NULL;
	struct timespec from, to;
	double seconds;

	portal_columns_make(&arena, &wide_record, NULL, &columns, &err);
	portal_writer_open(&writer, open("/dev/null", O_WRONLY | O_CLOEXEC), &err);
	clock_gettime(CLOCK_MONOTONIC, &from);
	for (int i = 0; i < ROWS; i++) {
		portal_put_record(writer, columns, &wide);
		portal_put_bytes(writer, "\n", 1);
	}
	clock_gettime(CLOCK_MONOTONIC, &to);
	seconds = (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9;
	printf("# %d rows of 20 fields in %.3f s: %.0f rows/s\n", ROWS, seconds, ROWS / seconds);
	portal_writer_close(writer);
}

int main(void)
{
	RUN(a_record_is_one_line_of_json_with_exact_integers);
	RUN(what_is_not_there_is_null_and_every_key_stays);
	RUN(fields_choose_columns_and_their_order);
	RUN(bad_fields_are_usage_errors_that_list_the_good_ones);
	RUN(strings_are_escaped_at_every_position);
	RUN(csv_quotes_what_needs_it);
	RUN(excel_gets_semicolons_and_no_formula);
	RUN(tsv_escapes_tabs_lines_and_backslashes);
	RUN(a_record_is_a_row_under_its_keys);
	RUN(a_row_of_one_empty_cell_is_no_empty_line);
	RUN(a_schema_names_every_field_and_its_type);
	RUN(a_full_device_is_told_at_the_end);
	RUN(what_deceives_a_reader_is_shown_by_number);
	RUN(walls_show_the_time_of_their_zone);
	if (getenv("PORTAL_BENCH"))
		bench_rows();
	CHECK_REPORT();
}
