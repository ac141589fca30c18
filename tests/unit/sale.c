/* P3: evidence of a signature that somebody touched is found, whichever byte it was. */
#include <portal/sale.h>

#include "check.h"

#include <stdlib.h>
#include <string.h>

#include <portal/arena.h>

enum { FILE_MAX_BYTES = 16 * 1024 };

struct file {
	char bytes[FILE_MAX_BYTES + 1];
	size_t len;
};

static struct file read_file(const char *name)
{
	struct file file = { .len = 0 };
	FILE *from = fopen(name, "rb");

	CHECK(from != NULL);
	if (from) {
		file.len = fread(file.bytes, 1, FILE_MAX_BYTES, from);
		fclose(from);
	}
	CHECK(file.len > 0);
	return file;
}

static struct file evidence_file(void)
{
	return read_file("tests/data/sale-evidence.txt");
}

/* What came of a verification, as text that outlives it. */
struct verdict {
	int result;
	bool holds;
	char level[16], failed[128], checks[512], number[32];
	struct portal_error err;
};

static struct verdict verify(const char *bytes, size_t len, const char *key)
{
	_cleanup_arena_ struct arena arena = { .blocks = NULL };
	const struct sale_evidence evidence = { bytes, len, key };
	struct sale_verification found = { .level = "" };
	struct verdict v = { .result = 0 };

	v.result = sale_verify_evidence(&arena, &evidence, &found, &v.err);
	v.holds = found.holds;
	snprintf(v.level, sizeof(v.level), "%s", found.level);
	snprintf(v.failed, sizeof(v.failed), "%s", found.failed.lines ? found.failed.lines : "");
	snprintf(v.checks, sizeof(v.checks), "%s", found.checks.text ? found.checks.text : "");
	snprintf(v.number, sizeof(v.number), "%s", found.number ? found.number : "");
	return v;
}

static void P3_whole_evidence_holds_without_any_portal(void)
{
	const struct file key = read_file("tests/data/sale-evidence-key.txt");
	const struct file file = evidence_file();
	struct verdict v = verify(file.bytes, file.len, NULL);

	CHECK_INT(v.result, 0);
	CHECK(v.holds);
	CHECK_STR(v.level, "unpinned");
	CHECK_STR(v.failed, "");
	CHECK_STR(v.number, "2026-0001");
	CHECK_STR(v.checks,
		"{\"format\":\"ok\",\"content\":\"ok\",\"record\":\"ok\",\"terms\":\"ok\","
		"\"seal\":\"ok\",\"key\":\"ok\",\"pinned_key\":\"absent\",\"level\":\"ok\","
		"\"chain\":\"absent\",\"sale\":\"absent\",\"signer_signature\":\"absent\","
		"\"timestamp\":\"absent\"}");
	v = verify(file.bytes, file.len, key.bytes);
	CHECK_INT(v.result, 0);
	CHECK(strstr(v.checks, "\"pinned_key\":\"ok\""));
	CHECK_STR(v.level, "simple");
}

static void P3_every_byte_that_is_changed_is_found(void)
{
	struct file file = evidence_file();
	int missed = 0;

	for (size_t i = 0; i < file.len; i += (size_t)CHECK_STRIDE(37)) {
		const char kept = file.bytes[i];
		struct verdict v;

		file.bytes[i] = (char)(kept ^ (1 << (i % 7)));
		v = verify(file.bytes, file.len, NULL);
		if (v.result != -PORTAL_INVALID || v.holds || strcmp(v.level, "none") != 0 ||
			!*v.failed) {
			printf("# byte %zu of %zu is not missed when it is changed\n", i, file.len);
			missed++;
		}
		file.bytes[i] = kept;
	}
	CHECK_INT(missed, 0);
	CHECK_INT(verify(file.bytes, file.len, NULL).result, 0);
}

static void P3_evidence_that_was_cut_or_lengthened_is_found(void)
{
	struct file file = evidence_file();

	for (size_t len = 0; len < file.len; len += 13 * (size_t)CHECK_STRIDE(37))
		CHECK_INT(verify(file.bytes, len, NULL).result, -PORTAL_INVALID);
	file.bytes[file.len] = '\n';
	CHECK_STR(verify(file.bytes, file.len + 1, NULL).failed, "format");
	file.bytes[file.len] = '\0';
	CHECK_STR(verify(file.bytes, file.len + 1, NULL).failed, "format");
}

/* Replaces a text by one as long. */
static struct file with(const char *text, const char *instead)
{
	struct file file = evidence_file();
	char *at = strstr(file.bytes, text);

	CHECK(at != NULL);
	CHECK_INT(strlen(text), strlen(instead));
	if (at)
		memcpy(at, instead, strlen(instead));
	return file;
}

static void P3_all_that_does_not_hold_is_told(void)
{
	static const struct {
		const char *text, *instead, *failed;
	} cases[] = {
		{ "Folha de pagamento", "Folha de pagamenta", "content" },
		{ "bia@modelo.example", "bio@modelo.example", "seal" },
		{ "partes admitem", "partes negam a", "terms\nseal" },
		{ "\"level\":\"simple\"", "\"level\":\"SIMPLE\"", "seal\nlevel" },
		{ "seal ed25519 ", "seal ed25518 ", "format\nseal" },
		{ "portalctl-evidence 1", "portalctl-evidence 2", "format" },
		{ "\"accepted\":true", "\"accepted\":null", "terms\nseal" },
		{ "{\"v\":1,\"kind\":\"portalctl.sale.signature\"",
			"{\"v\":2,\"kind\":\"portalctl.sale.signature\"", "record\nseal" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct file file = with(cases[i].text, cases[i].instead);

		CHECK_STR(verify(file.bytes, file.len, NULL).failed, cases[i].failed);
	}
}

static void P3_another_key_than_the_pinned_one_is_found(void)
{
	static const char other[] = "key ed25519 vPPAzYvlUjoIJcowJD5vQnShRfNLqBMX1siNFoGzuPk\n";
	const struct file file = evidence_file();
	struct verdict v = verify(file.bytes, file.len, other);

	CHECK_INT(v.result, -PORTAL_INVALID);
	CHECK_STR(v.failed, "pinned_key");
	v = verify(file.bytes, file.len, "no key at all");
	CHECK_INT(v.result, -PORTAL_INVALID_INPUT);
	CHECK_STR(verify(file.bytes, file.len, "key ed25519 ").failed, "pinned_key");
}

static void what_is_no_evidence_at_all_is_refused_and_harms_nothing(void)
{
	static const char *const texts[] = { "", "\n", "\n\n\n\n\n", "{}", "x\n{}\n{}\nx\nx\n",
		"portalctl-evidence 1\n[]\n[]\nseal ed25519 \nkey ed25519 \n",
		"portalctl-evidence 1\n{}\n{\"sale\":[],\"terms\":1}\nseal ed25519 AA\nkey ed25519 "
		"A\n" };

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		CHECK_INT(verify(texts[i], strlen(texts[i]), NULL).result, -PORTAL_INVALID);
}

static void P2_a_line_is_read_from_its_end(void)
{
	_cleanup_arena_ struct arena arena = { .blocks = NULL };
	struct portal_error err = { .code = PORTAL_OK };
	struct sale_line line;

	CHECK_INT(sale_line_read(&arena, "Folha; extra ; 1.5;10,00", &line, &err), 0);
	CHECK_STR(line.description, "Folha; extra");
	CHECK_STR(line.quantity, "1.5");
	CHECK_STR(line.unit_price, "10,00");
	CHECK_INT(sale_line_read(&arena, "Folha;1", &line, &err), -PORTAL_INVALID);
	CHECK_INT(sale_line_read(&arena, "", &line, &err), -PORTAL_INVALID);
	CHECK_INT(sale_line_read(&arena, ";;", &line, &err), 0);
	CHECK_STR(line.description, "");
}

int main(void)
{
	RUN(P3_whole_evidence_holds_without_any_portal);
	RUN(P3_every_byte_that_is_changed_is_found);
	RUN(P3_evidence_that_was_cut_or_lengthened_is_found);
	RUN(P3_all_that_does_not_hold_is_told);
	RUN(P3_another_key_than_the_pinned_one_is_found);
	RUN(what_is_no_evidence_at_all_is_refused_and_harms_nothing);
	RUN(P2_a_line_is_read_from_its_end);
	CHECK_REPORT();
}
