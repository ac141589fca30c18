#include "seal/seal.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <portal/arena.h>

#include "check.h"

/* RFC 7914 section 12, third and second vector, as PHC strings (64 bytes of hash). */
#define RFC7914_SODIUM \
	"$scrypt$ln=14,r=8,p=1$U29kaXVtQ2hsb3JpZGU$" \
	"cCO9yzr9c0hGHAbNgf046/2o+7qQT44+qbVD9lRdofLVQylVYT8Pz2LUlwUkKpr55h6F3A1lHkDfzwF7RVdYhw"
#define RFC7914_NACL \
	"$scrypt$ln=10,r=8,p=16$TmFDbA$" \
	"/bq+HJ00cgB4VucZDQHp/nxq18vII3gw53N2Y0s3MWIurzDZLiKjiG/xCSedmDDaxyevuUqD7m2DYMvfoswGQA"

struct scratch {
	char dir[64], path[96];
};

static struct scratch scratch_make(void)
{
	struct scratch scratch = { .dir = "/tmp/seal.XXXXXX" };

	CHECK(mkdtemp(scratch.dir) != NULL);
	snprintf(scratch.path, sizeof(scratch.path), "%s/key", scratch.dir);
	return scratch;
}

static void scratch_clear(struct scratch *scratch)
{
	char lock[128];

	snprintf(lock, sizeof(lock), "%s.kdf", scratch->path);
	unlink(lock);
	unlink(scratch->path);
	CHECK_INT(rmdir(scratch->dir), 0);
}
#define _cleanup_scratch_ __attribute__((cleanup(scratch_clear)))

static struct seal *seal_with_counting_key(void)
{
	struct portal_error err = { 0 };
	unsigned char key[SEAL_SIZE];
	struct seal *seal = NULL;

	for (int i = 0; i < SEAL_SIZE; i++)
		key[i] = (unsigned char)i;
	CHECK_INT(seal_open(&seal, &err), 0);
	CHECK_INT(seal_set_key(seal, key, &err), 0);
	return seal;
}

/* The constants are python3's hashlib and hmac over the framed bytes. */
static void digests_are_sha256_of_the_framed_parts(void)
{
	_cleanup_seal_ struct seal *seal = seal_with_counting_key();
	const struct seal_part parts[] = { seal_text("ab"), seal_text(""), seal_text(NULL),
		seal_int(-1), seal_bytes("\0\xff", 2) };
	struct portal_error err = { 0 };
	unsigned char out[SEAL_SIZE];
	char hex[2 * SEAL_SIZE + 1];

	CHECK_INT(seal_sha256(seal, NULL, 0, out, &err), 0);
	CHECK_STR(seal_hex(out, SEAL_SIZE, hex),
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	CHECK_INT(seal_sha256(seal, parts, 5, out, &err), 0);
	CHECK_STR(seal_hex(out, SEAL_SIZE, hex),
		"bae221bdf1c04e497b40168d65dc85309d3739061f3447034f28173e931f7451");
	for (int twice = 0; twice < 2; twice++) {
		CHECK_INT(seal_hmac(seal, parts, 5, out, &err), 0);
		CHECK_STR(seal_hex(out, SEAL_SIZE, hex),
			"e34290d470e2918d42f658ee2d3a5232c39cfb781e95e7b88734f96c401b0e04");
	}
}

/* The key of RFC 4231 case 1 filled up with zeros, which HMAC does anyway. */
static void a_new_key_replaces_the_old_one(void)
{
	_cleanup_seal_ struct seal *seal = seal_with_counting_key();
	const struct seal_part part = seal_text("Hi There");
	unsigned char out[SEAL_SIZE], key[SEAL_SIZE] = { 0 };
	struct portal_error err = { 0 };
	char hex[2 * SEAL_SIZE + 1];

	memset(key, 0x0b, 20);
	CHECK_INT(seal_hmac(seal, &part, 1, out, &err), 0);
	CHECK_INT(seal_set_key(seal, key, &err), 0);
	CHECK_INT(seal_hmac(seal, NULL, 0, out, &err), 0);
	CHECK_STR(seal_hex(out, SEAL_SIZE, hex),
		"999a901219f032cd497cadb5e6051e97b6a29ab297bd6ae722bd6062a2f59542");
	CHECK_INT(seal_hmac(seal, &part, 1, out, &err), 0);
	CHECK_STR(seal_hex(out, SEAL_SIZE, hex),
		"abe7357b8d0f21dc2e03d58e2dddd26254e17ab1a52323a2c4d1f0f9ba91af76");
}

/* RFC 4231, cases 2 and 6; a key of one block over nothing is python3's. */
static void an_hmac_over_plain_bytes_is_what_others_compute(void)
{
	static const struct {
		const char *key, *data, *hmac;
	} cases[] = {
		{ "Jefe", "what do ya want for nothing?",
			"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843" },
		{ NULL, "Test Using Larger Than Block-Size Key - Hash Key First",
			"60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54" },
		{ "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk", "",
			"83026a325aaee70e36cfe607536aa1054104ad1077c36134810d4ccded1ccd3b" },
	};
	_cleanup_seal_ struct seal *seal = NULL;
	struct portal_error err = { 0 };
	unsigned char out[SEAL_SIZE], long_key[131];
	char hex[2 * SEAL_SIZE + 1];

	memset(long_key, 0xaa, sizeof(long_key));
	CHECK_INT(seal_open(&seal, &err), 0);
	for (size_t i = 0; i < 3; i++) {
		const struct seal_part data = seal_bytes(cases[i].data, strlen(cases[i].data));
		const struct seal_part key =
			cases[i].key ? seal_bytes(cases[i].key, strlen(cases[i].key))
				     : seal_bytes(long_key, sizeof(long_key));

		CHECK_INT(seal_hmac_plain(seal, &key, &data, out, &err), 0);
		CHECK_STR(seal_hex(out, SEAL_SIZE, hex), cases[i].hmac);
	}
}

static void an_hmac_without_a_key_is_a_failure(void)
{
	_cleanup_seal_ struct seal *seal = NULL;
	struct portal_error err = { 0 };
	unsigned char out[SEAL_SIZE];

	CHECK_INT(seal_open(&seal, &err), 0);
	CHECK_INT(seal_hmac(seal, NULL, 0, out, &err), -PORTAL_FAILURE);
}

static void no_two_lists_of_parts_have_one_digest(void)
{
	_cleanup_seal_ struct seal *seal = seal_with_counting_key();
	const struct seal_part lists[][2] = { { seal_text("ab"), seal_text("c") },
		{ seal_text("a"), seal_text("bc") }, { seal_text("abc"), seal_text("") },
		{ seal_text("abc"), seal_text(NULL) }, { seal_text(""), seal_text("abc") },
		{ seal_int(1), seal_text("abc") }, { seal_text("1"), seal_text("abc") },
		{ seal_bytes("1", 1), seal_text("abc") }, { seal_int(0), seal_int(1) },
		{ seal_int(1), seal_int(0) } };
	enum { COUNT = sizeof(lists) / sizeof(*lists) };
	unsigned char out[COUNT][SEAL_SIZE];
	struct portal_error err = { 0 };

	for (int i = 0; i < COUNT; i++)
		CHECK_INT(seal_sha256(seal, lists[i], 2, out[i], &err), 0);
	for (int i = 0; i < COUNT; i++)
		for (int j = 0; j < i; j++)
			CHECK(!seal_equal(out[i], out[j], SEAL_SIZE));
}

static bool passes(const char *kind, int64_t id, int64_t serial, const char *token)
{
	_cleanup_seal_ struct seal *seal = seal_with_counting_key();
	struct portal_error err = { 0 };
	bool ok = true;
	const struct seal_link link = { 'i', kind, id, serial };

	CHECK_INT(seal_token_check(seal, &link, token, &ok, &err), 0);
	return ok;
}

#define TOKEN "i42.5eLNtDmHG5Od7cSetQP2bpQf_yg_zOW5MRIjfYR6Fg8"

static void a_token_is_the_hmac_of_what_it_is_for(void)
{
	const struct seal_link link = { 'i', "invite", 42, 7 };
	_cleanup_seal_ struct seal *seal = seal_with_counting_key();
	_cleanup_seal_secret_ struct seal_secret token;
	struct portal_error err = { 0 };

	CHECK_INT(seal_token(seal, &link, &token, &err), 0);
	CHECK_STR(token.text, TOKEN);
	CHECK(passes("invite", 42, 7, TOKEN));
	CHECK(!passes("verify", 42, 7, TOKEN));
	CHECK(!passes("invite", 43, 7, TOKEN));
	CHECK(!passes("invite", 42, 8, TOKEN));
}

static void a_token_with_any_letter_changed_is_refused(void)
{
	char token[] = TOKEN;

	for (size_t i = 0; i < sizeof(token) - 1; i++) {
		char kept = token[i];

		token[i] = kept == 'A' ? 'B' : 'A';
		CHECK(!passes("invite", 42, 7, token));
		token[i] = kept;
	}
	CHECK(!passes("invite", 42, 7, TOKEN "A"));
	CHECK(!passes("invite", 42, 7, "i42."));
	CHECK(!passes("invite", 42, 7, ""));
}

static void a_token_tells_its_id_only_in_its_one_shape(void)
{
	static const char *const wrong[] = { "", "i", "i42", "42.", "i42.", TOKEN "A", "j42.",
		"i042.5eLNtDmHG5Od7cSetQP2bpQf_yg_zOW5MRIjfYR6Fg8",
		"i0.5eLNtDmHG5Od7cSetQP2bpQf_yg_zOW5MRIjfYR6Fg8",
		"i-1.5eLNtDmHG5Od7cSetQP2bpQf_yg_zOW5MRIjfYR6Fg8",
		"i9223372036854775808.5eLNtDmHG5Od7cSetQP2bpQf_yg_zOW5MRIjfYR6Fg8",
		"i42.5eLNtDmHG5Od7cSetQP2bpQf+yg_zOW5MRIjfYR6Fg8",
		"i42.5eLNtDmHG5Od7cSetQP2bpQf_yg_zOW5MRIjfYR6Fg9" };
	int64_t id = 0;

	CHECK_INT(seal_token_id(TOKEN, 'i', &id), 0);
	CHECK_INT(id, 42);
	CHECK_INT(seal_token_id(TOKEN, 'v', &id), -1);
	CHECK_INT(seal_token_id(NULL, 'i', &id), -1);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		CHECK_INT(seal_token_id(wrong[i], 'i', &id), -1);
}

/* RFC 4648 section 10, without padding. */
static void a_generated_password_comes_from_key_and_nonce_alone(void)
{
	_cleanup_seal_ struct seal *seal = seal_with_counting_key();
	_cleanup_seal_secret_ struct seal_secret first, second, other;
	const unsigned char key[SEAL_SIZE] = { 1 };
	struct portal_error err = { 0 };
	const char *nonce = "00112233445566778899aabbccddeeff";

	CHECK_INT(seal_generate_password(seal, nonce, &first, &err), 0);
	CHECK_STR(first.text, "8xm7-k7d3-pr4d-7img");
	CHECK_INT(seal_generate_password(seal, nonce, &second, &err), 0);
	CHECK_STR(second.text, first.text);
	CHECK_INT(seal_generate_password(seal, "00", &other, &err), 0);
	CHECK(strcmp(other.text, first.text) != 0);
	CHECK_INT(seal_set_key(seal, key, &err), 0);
	CHECK_INT(seal_generate_password(seal, nonce, &other, &err), 0);
	CHECK(strcmp(other.text, first.text) != 0);
}

static void a_generated_password_may_be_used_and_has_nothing_that_looks_alike(void)
{
	_cleanup_seal_ struct seal *seal = seal_with_counting_key();
	struct portal_error err = { 0 };
	char nonce[16];

	for (int i = 0; i < 200; i++) {
		_cleanup_seal_secret_ struct seal_secret secret;

		snprintf(nonce, sizeof(nonce), "%d", i);
		CHECK_INT(seal_generate_password(seal, nonce, &secret, &err), 0);
		CHECK_INT(strlen(secret.text), SEAL_GENERATED_LEN);
		CHECK(strpbrk(secret.text, "01lo") == NULL);
		CHECK_INT(seal_password_check(secret.text, strlen(secret.text), &err), 0);
	}
}

static void base64_has_one_way_to_write_a_thing(void)
{
	unsigned char out[8];
	char text[16];
	size_t len;

	CHECK_STR(seal_base64_encode(SEAL_BASE64, "", 0, text), "");
	CHECK_STR(seal_base64_encode(SEAL_BASE64, "foob", 4, text), "Zm9vYg");
	CHECK_STR(seal_base64_encode(SEAL_BASE64, "fooba", 5, text), "Zm9vYmE");
	CHECK_STR(seal_base64_encode(SEAL_BASE64, "foobar", 6, text), "Zm9vYmFy");
	CHECK_STR(seal_base64_encode(SEAL_BASE64, "\xff\xfe", 2, text), "//4");
	CHECK_STR(seal_base64_encode(SEAL_BASE64_URL, "\xff\xfe", 2, text), "__4");
	CHECK(seal_base64_decode(SEAL_BASE64, "Zm9vYg", 6, out, sizeof(out), &len));
	CHECK(len == 4 && memcmp(out, "foob", 4) == 0);
	CHECK(!seal_base64_decode(SEAL_BASE64, "Zm9vYh", 6, out, sizeof(out), &len));
	CHECK(!seal_base64_decode(SEAL_BASE64, "Zm9vY", 5, out, sizeof(out), &len));
	CHECK(!seal_base64_decode(SEAL_BASE64, "Zg==", 4, out, sizeof(out), &len));
	CHECK(!seal_base64_decode(SEAL_BASE64, "__4", 3, out, sizeof(out), &len));
	CHECK(!seal_base64_decode(SEAL_BASE64, "Zm9vYmFy", 8, out, 5, &len));
}

static int judged(const char *password)
{
	struct portal_error err = { 0 };

	return seal_password_check(password, strlen(password), &err);
}

static void weak_and_broken_passwords_are_refused(void)
{
	static char longest[SEAL_PASSWORD_MAX + 2];
	struct portal_error err = { 0 };

	CHECK_INT(judged("k7#mQz2"), -PORTAL_INVALID);
	CHECK_INT(judged("k7#mQz2!"), 0);
	CHECK_INT(judged("paçoca com café"), 0);
	CHECK_INT(judged("SunShine1"), -PORTAL_INVALID);
	CHECK_INT(judged("0.0.0.000"), -PORTAL_INVALID);
	CHECK_INT(judged("zxcvbnm123"), -PORTAL_INVALID);
	CHECK_INT(judged("\xc3(aaaaaaaa"), -PORTAL_INVALID);
	CHECK_INT(judged("\xed\xa0\x80"
			 "aaaaaaaa"),
		-PORTAL_INVALID);
	CHECK_INT(judged("aaaaaaaa\xc0\xaf"), -PORTAL_INVALID);
	CHECK_INT(judged("aaaaaaab\xe2\x82"), -PORTAL_INVALID);
	CHECK_INT(seal_password_check("k7#m\0Qz2!", 9, &err), -PORTAL_INVALID);
	CHECK_STR(err.field, "password");
	memset(longest, 'x', SEAL_PASSWORD_MAX + 1);
	CHECK_INT(judged(longest), -PORTAL_INVALID);
	CHECK_INT(judged(longest + 1), 0);
}

static int verified(const char *password, const char *phc)
{
	_cleanup_scratch_ struct scratch scratch = scratch_make();
	const struct seal_kdf kdf = { scratch.path, SEAL_COST_TEST };
	struct portal_error err = { 0 };
	bool ok = false;
	int r = seal_password_verify(&kdf, password, strlen(password), phc, &ok, &err);

	return r < 0 ? r : ok;
}

static void stored_parameters_decide_how_a_password_is_verified(void)
{
	CHECK_INT(verified("pleaseletmein", RFC7914_SODIUM), 1);
	CHECK_INT(verified("pleaseletmeiN", RFC7914_SODIUM), 0);
	CHECK_INT(verified("password", RFC7914_NACL), 1);
	CHECK_INT(verified("", RFC7914_NACL), 0);
}

static void a_hash_of_another_cost_than_new_ones_get_is_outdated(void)
{
	_cleanup_arena_ struct arena arena = { 0 };
	const struct seal_kdf kdf = { "", 17 }, dearer = { "", 18 };

	CHECK(seal_password_outdated(&kdf, RFC7914_NACL));
	CHECK(!seal_password_outdated(&kdf, seal_password_decoy(&kdf, &arena)));
	CHECK(seal_password_outdated(&dearer, seal_password_decoy(&kdf, &arena)));
	CHECK(strstr(seal_password_decoy(&dearer, &arena), "$ln=18,") != NULL);
}

static void a_stored_password_that_is_none_of_ours_is_damage(void)
{
	static const char *const wrong[] = { "", "$", "$scrypt$", RFC7914_NACL "=",
		RFC7914_NACL "$", "$scrypt$ln=10,r=8,p=1$TmFDbA$AAAA",
		"$scrypt$ln=10,r=8,p=1$$AAAAAAAAAAAAAAAAAAAAAA",
		"$scrypt$ln=22,r=8,p=1$TmFDbA$AAAAAAAAAAAAAAAAAAAAAA",
		"$scrypt$ln=99,r=8,p=1$TmFDbA$AAAAAAAAAAAAAAAAAAAAAA",
		"$scrypt$ln=10,r=8,p=17$TmFDbA$AAAAAAAAAAAAAAAAAAAAAA",
		"$scrypt$ln=10,r=8,p=0$TmFDbA$AAAAAAAAAAAAAAAAAAAAAA" };

	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		CHECK_INT(verified("password", wrong[i]), -PORTAL_DAMAGED);
}

static void a_password_hash_carries_todays_parameters_and_its_own_salt(void)
{
	_cleanup_scratch_ struct scratch scratch = scratch_make();
	_cleanup_arena_ struct arena arena = { 0 };
	const struct seal_kdf kdf = { scratch.path, SEAL_COST_MIN };
	struct portal_error err = { 0 };
	const char *first = NULL, *second = NULL;

	CHECK_INT(seal_password_hash(&kdf, &arena, "k7#mQz2!", 8, &first, &err), 0);
	CHECK_INT(seal_password_hash(&kdf, &arena, "k7#mQz2!", 8, &second, &err), 0);
	CHECK(strncmp(first, "$scrypt$ln=17,r=8,p=1$", 22) == 0);
	CHECK(strcmp(first, second) != 0);
	CHECK(!seal_password_outdated(&kdf, first));
	CHECK_INT(verified("k7#mQz2!", first), 1);
	CHECK_INT(verified("k7#mQz2?", first), 0);
}

/* Takes the two slots' bytes as two other processes would. */
static void a_third_password_waits_until_one_of_two_is_done(void)
{
	_cleanup_scratch_ struct scratch scratch = scratch_make();
	struct flock both = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 2 };
	char lock[128];
	int fd, status;
	pid_t child;

	snprintf(lock, sizeof(lock), "%s.kdf", scratch.path);
	fd = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	CHECK_INT(fcntl(fd, F_OFD_SETLK, &both), 0);
	child = fork();
	if (child == 0) {
		const struct seal_kdf kdf = { scratch.path, SEAL_COST_TEST };
		struct portal_error err = { 0 };
		bool ok = false;

		close(fd);
		_exit(seal_password_verify(&kdf, "password", 8, RFC7914_NACL, &ok, &err) || !ok);
	}
	usleep(300 * 1000);
	CHECK_INT(waitpid(child, &status, WNOHANG), 0);
	both.l_type = F_UNLCK;
	both.l_len = 1;
	CHECK_INT(fcntl(fd, F_OFD_SETLK, &both), 0);
	CHECK_INT(waitpid(child, &status, 0), child);
	CHECK_INT(status, 0);
	close(fd);
}

static int read_code(const char *path)
{
	struct portal_error err = { 0 };
	unsigned char key[SEAL_SIZE];

	return seal_key_read(path, key, &err);
}

static void a_key_is_made_once_and_read_back(void)
{
	_cleanup_scratch_ struct scratch scratch = scratch_make();
	unsigned char made[SEAL_SIZE] = { 0 }, read[SEAL_SIZE] = { 0 };
	const unsigned char zeros[SEAL_SIZE] = { 0 };
	struct portal_error err = { 0 };
	struct stat st;
	mode_t mask = umask(0);

	CHECK_INT(read_code(scratch.path), -PORTAL_DAMAGED);
	CHECK_INT(seal_key_create(scratch.path, made, &err), 0);
	umask(mask);
	CHECK_INT(stat(scratch.path, &st), 0);
	CHECK_INT(st.st_mode & 07777, 0600);
	CHECK(!seal_equal(made, zeros, SEAL_SIZE));
	CHECK_INT(seal_key_read(scratch.path, read, &err), 0);
	CHECK(seal_equal(made, read, SEAL_SIZE));
	CHECK_INT(seal_key_create(scratch.path, made, &err), -PORTAL_EXISTS);
	CHECK_INT(seal_key_read(scratch.path, made, &err), 0);
	CHECK(seal_equal(made, read, SEAL_SIZE));
}

static void a_key_that_others_may_open_is_refused_with_the_command_to_run(void)
{
	_cleanup_scratch_ struct scratch scratch = scratch_make();
	static const mode_t modes[] = { 0640, 0604, 0620, 0602, 0610, 0601 };
	unsigned char key[SEAL_SIZE];
	struct portal_error err = { 0 };
	char hint[128];

	CHECK_INT(seal_key_create(scratch.path, key, &err), 0);
	for (size_t i = 0; i < sizeof(modes) / sizeof(*modes); i++) {
		CHECK_INT(chmod(scratch.path, modes[i]), 0);
		CHECK_INT(seal_key_read(scratch.path, key, &err), -PORTAL_DENIED);
	}
	snprintf(hint, sizeof(hint), "chmod 600 '%s'", scratch.path);
	CHECK_STR(err.hint, hint);
	CHECK_INT(chmod(scratch.path, 0400), 0);
	CHECK_INT(read_code(scratch.path), 0);
	if (geteuid() != 0)
		return;
	CHECK_INT(chown(scratch.path, 1, (gid_t)-1), 0);
	CHECK_INT(read_code(scratch.path), -PORTAL_DENIED);
}

static void links_pipes_and_wrong_sizes_are_no_keys(void)
{
	_cleanup_scratch_ struct scratch scratch = scratch_make();
	unsigned char key[SEAL_SIZE];
	struct portal_error err = { 0 };

	CHECK_INT(symlink("/dev/zero", scratch.path), 0);
	CHECK_INT(read_code(scratch.path), -PORTAL_DENIED);
	CHECK_INT(seal_key_create(scratch.path, key, &err), -PORTAL_EXISTS);
	CHECK_INT(unlink(scratch.path), 0);
	CHECK_INT(mkfifo(scratch.path, 0600), 0);
	CHECK_INT(read_code(scratch.path), -PORTAL_DAMAGED);
	CHECK_INT(unlink(scratch.path), 0);
	CHECK_INT(seal_key_create(scratch.path, key, &err), 0);
	CHECK_INT(truncate(scratch.path, SEAL_SIZE - 1), 0);
	CHECK_INT(read_code(scratch.path), -PORTAL_DAMAGED);
	CHECK_INT(truncate(scratch.path, SEAL_SIZE + 1), 0);
	CHECK_INT(read_code(scratch.path), -PORTAL_DAMAGED);
}

int main(void)
{
	RUN(digests_are_sha256_of_the_framed_parts);
	RUN(a_new_key_replaces_the_old_one);
	RUN(an_hmac_over_plain_bytes_is_what_others_compute);
	RUN(an_hmac_without_a_key_is_a_failure);
	RUN(no_two_lists_of_parts_have_one_digest);
	RUN(a_token_is_the_hmac_of_what_it_is_for);
	RUN(a_token_with_any_letter_changed_is_refused);
	RUN(a_token_tells_its_id_only_in_its_one_shape);
	RUN(a_generated_password_comes_from_key_and_nonce_alone);
	RUN(a_generated_password_may_be_used_and_has_nothing_that_looks_alike);
	RUN(base64_has_one_way_to_write_a_thing);
	RUN(weak_and_broken_passwords_are_refused);
	RUN(stored_parameters_decide_how_a_password_is_verified);
	RUN(a_hash_of_another_cost_than_new_ones_get_is_outdated);
	RUN(a_stored_password_that_is_none_of_ours_is_damage);
	RUN(a_password_hash_carries_todays_parameters_and_its_own_salt);
	RUN(a_third_password_waits_until_one_of_two_is_done);
	RUN(a_key_is_made_once_and_read_back);
	RUN(a_key_that_others_may_open_is_refused_with_the_command_to_run);
	RUN(links_pipes_and_wrong_sizes_are_no_keys);
	CHECK_REPORT();
}
