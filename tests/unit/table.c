/* The tables are part of the program, not of the library: they are built in here. */
#include "../../cmd/cli/human.c"
#include "../../cmd/cli/scols.c"
#include "../../cmd/cli/table.c"

#include <locale.h>
#include <string.h>

#include "check.h"

struct paper {
	struct portal_writer *writer;
	struct table *table;
};

static struct paper begin_table(struct table_style style)
{
	struct portal_error err = { 0 };
	struct paper paper = { 0 };

	CHECK_INT(portal_writer_open(&paper.writer, -1, &err), 0);
	CHECK_INT(table_open(&paper.table, paper.writer, &style, &err), 0);
	table_add_column(paper.table, "Id", TABLE_RIGHT);
	table_add_column(paper.table, "Name", TABLE_TEXT);
	table_add_column(paper.table, "State", TABLE_LEFT);
	return paper;
}

static void add(struct paper *paper, const char *id, const char *name)
{
	const char *cells[] = { id, name, "on" };

	table_add_row(paper->table, cells);
}

static const char *text_so_far(struct paper *paper)
{
	return portal_writer_text(paper->writer);
}

static const char *end_text(struct paper *paper)
{
	struct portal_error err = { 0 };

	CHECK_INT(table_end(paper->table, &err), 0);
	return text_so_far(paper);
}

static void end_table(struct paper *paper)
{
	table_close(paper->table);
	portal_writer_close(paper->writer);
}

static void columns_align_by_display_width(void)
{
	struct paper paper = begin_table((struct table_style){ 0 });

	add(&paper, "1", "João");
	add(&paper, "200", "漢字");
	add(&paper, "3", "a\\x1bb\\u202e");
	CHECK_STR(end_text(&paper), " Id  Name          State\n"
				    "  1  João          on\n"
				    "200  漢字          on\n"
				    "  3  a\\x1bb\\u202e  on\n");
	end_table(&paper);
}

static void a_table_without_rows_prints_nothing(void)
{
	struct paper paper = begin_table((struct table_style){ 0 });

	CHECK_STR(end_text(&paper), "");
	end_table(&paper);
}

static void widths_come_from_the_first_block_and_stay(void)
{
	struct paper paper = begin_table((struct table_style){ 0 });
	const char *text, *last;

	add(&paper, "1", "a rather long name");
	for (int i = 1; i < TABLE_BLOCK_ROWS; i++)
		add(&paper, "2", "b");
	CHECK_STR(text_so_far(&paper), "");
	add(&paper, "3", "c");
	CHECK(strlen(text_so_far(&paper)) > 0);
	text = end_text(&paper);
	last = strstr(text, " 3  c");
	CHECK_STR(last, " 3  c                   on\n");
	CHECK(text == strstr(text, "Id") && !strstr(text + 1, "Id"));
	end_table(&paper);
}

static void many_blocks_print_every_row_once(void)
{
	enum { ROWS = 3 * TABLE_BLOCK_ROWS };
	struct paper paper = begin_table((struct table_style){ 0 });
	size_t lines = 0;

	for (int i = 0; i < ROWS; i++)
		add(&paper, "1", "x");
	for (const char *at = end_text(&paper); (at = strchr(at, '\n')); at++)
		lines++;
	CHECK_INT(lines, ROWS + 1);
	end_table(&paper);
}

static void a_terminal_shortens_texts_and_says_so(void)
{
	struct paper paper = begin_table((struct table_style){ .terminal_width = 30 });

	add(&paper, "1", "a name that is much longer than that");
	add(&paper, "2", "João");
	add(&paper, "3", "漢字漢字漢字漢字漢字漢字漢字");
	CHECK_STR(end_text(&paper), "Id  Name                 State\n"
				    " 1  a name that is muc…  on\n"
				    " 2  João                 on\n"
				    " 3  漢字漢字漢字漢字漢…  on\n");
	end_table(&paper);
}

static void what_is_no_text_stays_whole_however_narrow_it_is(void)
{
	struct paper paper = begin_table((struct table_style){ .terminal_width = 10 });
	const char *cells[] = { "1", "a name that is much longer", "a very long state" };

	table_add_row(paper.table, cells);
	CHECK_STR(end_text(&paper), "Id  Name              State\n"
				    " 1  a name that is …  a very long state\n");
	end_table(&paper);
}

static void colour_is_for_headings_alone(void)
{
	struct paper paper = begin_table((struct table_style){ .color = true });
	const char *text;

	add(&paper, "1", "x");
	text = end_text(&paper);
	CHECK(strstr(text, "\033[1m"));
	CHECK(!strchr(strchr(text, '\n'), '\033'));
	end_table(&paper);
}

static void width_counts_columns_of_the_terminal(void)
{
	CHECK_INT(human_width(""), 0);
	CHECK_INT(human_width("João"), 4);
	CHECK_INT(human_width("漢字"), 4);
	CHECK_INT(human_width("e\xcc\x81"), 1);
	CHECK_INT(human_width("ab\xff"), 3);
}

static void letters_have_a_width_without_a_locale(void)
{
	_cleanup_arena_ struct arena arena = { 0 };
	struct human human = { 0 };
	struct portal_error err = { 0 };

	unsetenv("LANG");
	unsetenv("LC_ALL");
	unsetenv("LC_CTYPE");
	setlocale(LC_CTYPE, "C");
	CHECK_INT(human_init(&human, &arena, "pt_BR", "UTC", &err), 0);
	CHECK_INT(human_width("João"), 4);
}

int main(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	RUN(columns_align_by_display_width);
	RUN(a_table_without_rows_prints_nothing);
	RUN(widths_come_from_the_first_block_and_stay);
	RUN(many_blocks_print_every_row_once);
	RUN(a_terminal_shortens_texts_and_says_so);
	RUN(what_is_no_text_stays_whole_however_narrow_it_is);
	RUN(colour_is_for_headings_alone);
	RUN(width_counts_columns_of_the_terminal);
	RUN(letters_have_a_width_without_a_locale);
	CHECK_REPORT();
}
