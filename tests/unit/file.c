/* Files kept by content, from inside: what no command can be made to do. */
#include "file.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <portal/arena.h>
#include <portal/db.h>

#include "attachment.h"
#include "portal-private.h"

#include "check.h"

#define HELLO "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"

/* A portal in a folder of its own, open. */
struct place {
	char folder[40], db[60], kept[160], outside[60];
	struct portal_options options;
	struct portal_error err;
	struct portal *portal;
};

static void write_file(const char *path, const char *bytes)
{
	FILE *file = fopen(path, "w");

	CHECK(file != NULL);
	fputs(bytes, file);
	fclose(file);
}

static void make(struct place *place)
{
	const struct portal_init_request request = { .office_tax_id = "65635571000148",
		.office_name = "Modelo" };
	_cleanup_arena_ struct arena arena = { 0 };
	struct portal_status status;

	*place = (struct place){ .folder = "/tmp/file-XXXXXX" };
	CHECK(mkdtemp(place->folder) != NULL);
	snprintf(place->db, sizeof(place->db), "%s/portal.db", place->folder);
	snprintf(place->outside, sizeof(place->outside), "%s/hello.txt", place->folder);
	snprintf(place->kept, sizeof(place->kept), "%s.files/%.2s/%s", place->db, HELLO, HELLO + 2);
	write_file(place->outside, "hello");
	place->options = (struct portal_options){ .db = place->db, .wait_ms = 1000, .actor = "t" };
	CHECK_INT(portal_init(&place->options, &request, &arena, &status, &place->err), 1);
	CHECK_INT(portal_open(&place->options, &place->portal, &place->err), 0);
}

static void clear(struct place *place)
{
	char command[100];

	portal_close(place->portal);
	snprintf(command, sizeof(command), "/bin/rm -r %s", place->folder);
	CHECK_INT(strncmp(place->folder, "/tmp/file-", 10), 0);
	CHECK_INT(system(command), 0);
}

static int keep_hello(struct place *place, struct file *ret)
{
	const struct file_source source = { .path = place->outside, .fd = -1 };

	return file_keep(place->portal, &source, ret, &place->err);
}

static int note_body(struct work *w, void *arg)
{
	return attachment_add(w, "ticket", 7, arg, 1);
}

static void make_old(const char *path, int64_t seconds)
{
	const struct timespec then = { portal_clock().ms / 1000 - seconds, 0 };

	CHECK_INT(utimensat(AT_FDCWD, path, (struct timespec[]){ then, then }, 0), 0);
}

static int64_t sweep(struct place *place)
{
	int64_t removed = -1;

	CHECK_INT(file_sweep(place->portal, &removed, &place->err), 0);
	return removed;
}

static int no_visit(const void *row, void *arg)
{
	(void)row;
	*(int *)arg += 1;
	return 0;
}

static int faults_found(struct place *place, bool full)
{
	int seen = 0;
	const int r = db_check(place->portal, full, no_visit, &seen, &place->err);

	place->err = (struct portal_error){ 0 };
	return r < 0 ? seen : 0;
}

static void what_is_kept_is_named_by_its_hash_and_private(void)
{
	struct place place;
	struct file file;
	struct stat st;

	make(&place);
	CHECK_INT(keep_hello(&place, &file), 0);
	CHECK_STR(file.sha256, HELLO);
	CHECK_INT(file.size_bytes, 5);
	CHECK_STR(file.name, "hello.txt");
	CHECK_STR(file.media_type, "text/plain");
	CHECK_INT(stat(place.kept, &st), 0);
	CHECK_INT(st.st_mode & 07777, 0600);
	clear(&place);
}

static void what_was_kept_and_not_committed_is_swept_after_a_day_and_not_before(void)
{
	struct place place;
	struct file file;

	make(&place);
	keep_hello(&place, &file);
	make_old(place.kept, 23 * 3600);
	CHECK_INT(sweep(&place), 0);
	make_old(place.kept, 25 * 3600);
	CHECK_INT(sweep(&place), 1);
	CHECK(access(place.kept, F_OK) < 0);
	clear(&place);
}

static void what_a_record_has_is_never_swept(void)
{
	struct place place;
	struct file file;

	make(&place);
	keep_hello(&place, &file);
	CHECK_INT(work_write(place.portal, note_body, &file, &place.err), 0);
	make_old(place.kept, 1000 * 3600);
	CHECK_INT(sweep(&place), 0);
	CHECK_INT(access(place.kept, F_OK), 0);
	clear(&place);
}

/* Between keeping and committing the sweep may run: the file counts as new. */
static void keeping_what_lies_there_makes_it_new(void)
{
	struct place place;
	struct file file;

	make(&place);
	keep_hello(&place, &file);
	make_old(place.kept, 1000 * 3600);
	keep_hello(&place, &file);
	CHECK_INT(sweep(&place), 0);
	CHECK_INT(work_write(place.portal, note_body, &file, &place.err), 0);
	CHECK_INT(faults_found(&place, true), 0);
	clear(&place);
}

static void a_stale_copy_is_swept_and_what_is_not_ours_stays(void)
{
	struct place place;
	struct file file;
	char stale[100], foreign[100];

	make(&place);
	keep_hello(&place, &file);
	snprintf(stale, sizeof(stale), "%s.files/new-0123", place.db);
	snprintf(foreign, sizeof(foreign), "%s.files/%.2s/README", place.db, HELLO);
	write_file(stale, "half");
	write_file(foreign, "mine");
	make_old(stale, 1000 * 3600);
	make_old(foreign, 1000 * 3600);
	CHECK_INT(sweep(&place), 1);
	CHECK(access(stale, F_OK) < 0);
	CHECK_INT(access(foreign, F_OK), 0);
	clear(&place);
}

static void bytes_that_changed_are_not_given_out(void)
{
	struct place place;
	struct file file;
	int fd = -1;

	make(&place);
	keep_hello(&place, &file);
	work_write(place.portal, note_body, &file, &place.err);
	CHECK_INT(file_open(place.portal, &file, &fd, &place.err), 0);
	close(fd);
	fd = -1;
	write_file(place.kept, "hellO");
	CHECK_INT(file_open(place.portal, &file, &fd, &place.err), -PORTAL_DAMAGED);
	CHECK_INT(fd, -1);
	CHECK_INT(faults_found(&place, true) > faults_found(&place, false), 1);
	write_file(place.kept, "hell");
	CHECK_INT(file_open(place.portal, &file, &fd, &place.err), -PORTAL_DAMAGED);
	CHECK_INT(faults_found(&place, false) > 0, 1);
	keep_hello(&place, &file);
	CHECK_INT(file_open(place.portal, &file, &fd, &place.err), 0);
	close(fd);
	clear(&place);
}

static void bytes_that_changed_are_replaced_when_the_same_file_comes_again(void)
{
	struct place place;
	struct file file;
	int fd = -1;

	make(&place);
	keep_hello(&place, &file);
	write_file(place.kept, "hellO");
	keep_hello(&place, &file);
	CHECK_INT(file_open(place.portal, &file, &fd, &place.err), 0);
	close(fd);
	work_write(place.portal, note_body, &file, &place.err);
	write_file(place.kept, "hELLO");
	CHECK_INT(keep_hello(&place, &file), 0);
	CHECK_INT(file_open(place.portal, &file, &fd, &place.err), 0);
	close(fd);
	CHECK_INT(faults_found(&place, true), 0);
	CHECK_INT(sweep(&place), 0);
	clear(&place);
}

static void a_dry_run_leaves_nothing_on_disk(void)
{
	struct place place;
	struct file file;

	make(&place);
	portal_close(place.portal);
	place.options.dry_run = true;
	CHECK_INT(portal_open(&place.options, &place.portal, &place.err), 0);
	CHECK_INT(keep_hello(&place, &file), 0);
	CHECK_STR(file.sha256, HELLO);
	CHECK(access(place.kept, F_OK) < 0);
	clear(&place);
}

static const char *type_of(const char *bytes, size_t len)
{
	return file_type((const unsigned char *)bytes, len);
}

#define TYPE(bytes) type_of(bytes, sizeof(bytes) - 1)

static void the_content_says_the_type(void)
{
	CHECK_STR(TYPE("%PDF-1.7\n"), "application/pdf");
	CHECK_STR(TYPE("\x89PNG\r\n\x1a\nxxxx"), "image/png");
	CHECK_STR(TYPE("\xff\xd8\xff\xe0"), "image/jpeg");
	CHECK_STR(TYPE("RIFF\x10\0\0\0WEBPVP8 "), "image/webp");
	CHECK_STR(TYPE("RIFF\x10\0\0\0WAVEfmt "), "audio/wav");
	CHECK_STR(TYPE("OggS\0\2\0\0\0\0\0\0\0\0abcdefghijkl\1\x13OpusHead"), "audio/ogg");
	CHECK_STR(TYPE("\0\0\0\x18"
		       "ftypM4A "),
		"audio/mp4");
	CHECK_STR(TYPE("\0\0\0\x18"
		       "ftypisom"),
		"video/mp4");
	CHECK_STR(TYPE("ID3\4"), "audio/mpeg");
	CHECK_STR(TYPE("PK\3\4xxxxxxxxxxxxxxxxxxxxxxxxxxfile.txt"), "application/zip");
	CHECK_STR(TYPE("PK\3\4xxxxxxxxxxxxxxxxxxxxxxxxxx[Content_Types].xml..PK\3\4"
		       "xxxxxxxxxxxxxxxxxxxxxxxxxxxl/workbook.xml"),
		"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
	CHECK_STR(TYPE("PK\3\4xxxxxxxxxxxxxxxxxxxxxxxxxxmimetypeapplication/"
		       "vnd.oasis.opendocument.textPK"),
		"application/vnd.oasis.opendocument.text");
	CHECK_STR(TYPE("\xef\xbb\xbf<?xml version='1.0'?>"), "application/xml");
	CHECK_STR(TYPE("caf\xc3\xa9;1\r\n"), "text/plain");
	CHECK_STR(TYPE("caf\xe9\n"), "application/octet-stream");
	CHECK_STR(TYPE("a\0b"), "application/octet-stream");
	CHECK_STR(TYPE(""), "application/octet-stream");
}

static void the_brand_of_a_container_says_what_is_in_it(void)
{
	static const struct {
		const char *brand, *type;
	} cases[] = { { "heic", "image/heic" }, { "heix", "image/heic" }, { "mif1", "image/heic" },
		{ "msf1", "image/heic" }, { "avif", "image/avif" }, { "M4A ", "audio/mp4" },
		{ "qt  ", "video/quicktime" }, { "3gp5", "video/3gpp" }, { "isom", "video/mp4" },
		{ "mp42", "video/mp4" }, { "crx ", "application/octet-stream" } };
	char head[13] = "\0\0\0\x18"
			"ftyp";

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		memcpy(head + 8, cases[i].brand, 4);
		CHECK_STR(type_of(head, 12), cases[i].type);
	}
	CHECK_STR(type_of(head, 8), "application/octet-stream");
	CHECK_STR(TYPE("\xff\xf1\x50\x80"), "audio/aac");
	CHECK_STR(TYPE("\xff\xf9\x50\x80"), "audio/aac");
	CHECK_STR(TYPE("\xff\xfb\x90\x44"), "audio/mpeg");
}

static void a_character_that_the_head_cuts_is_text_all_the_same(void)
{
	static char head[FILE_HEAD_BYTES];

	memset(head, 'a', sizeof(head));
	head[sizeof(head) - 1] = (char)0xc3;
	CHECK_STR(type_of(head, sizeof(head)), "text/plain");
	head[sizeof(head) - 2] = (char)0xc3;
	CHECK_STR(type_of(head, sizeof(head)), "application/octet-stream");
}

static void names_are_labels(void)
{
	_cleanup_arena_ struct arena arena = { 0 };
	struct portal_error err = { 0 };
	char longest[600];

	CHECK_STR(file_name(&arena, "../../etc/guia.pdf", &err), "guia.pdf");
	CHECK_STR(file_name(&arena,
			  "guia\xe2\x80\xae"
			  "fdp.exe",
			  &err),
		NULL);
	CHECK_INT(err.code, PORTAL_INVALID_TEXT);
	CHECK_STR(file_name(&arena, "a\nb", &err), NULL);
	CHECK_STR(file_name(&arena,
			  "a\xff"
			  "b",
			  &err),
		NULL);
	CHECK_STR(file_name(&arena, "folder/", &err), NULL);
	CHECK_STR(file_name(&arena, "..", &err), NULL);
	memset(longest, 'a', sizeof(longest));
	memcpy(longest + 254, "\xc3\xa9", 3);
	CHECK_INT((int64_t)strlen(file_name(&arena, longest, &err)), 254);
}

int main(void)
{
	RUN(what_is_kept_is_named_by_its_hash_and_private);
	RUN(what_was_kept_and_not_committed_is_swept_after_a_day_and_not_before);
	RUN(what_a_record_has_is_never_swept);
	RUN(keeping_what_lies_there_makes_it_new);
	RUN(a_stale_copy_is_swept_and_what_is_not_ours_stays);
	RUN(bytes_that_changed_are_not_given_out);
	RUN(bytes_that_changed_are_replaced_when_the_same_file_comes_again);
	RUN(a_dry_run_leaves_nothing_on_disk);
	RUN(the_content_says_the_type);
	RUN(the_brand_of_a_container_says_what_is_in_it);
	RUN(a_character_that_the_head_cuts_is_text_all_the_same);
	RUN(names_are_labels);
	CHECK_REPORT();
}
