#include "base/seen.h"

#include "check.h"

static int64_t put(struct seen *seen, const char *key, int64_t line)
{
	return seen_put(seen, key, strlen(key), line);
}

static void a_key_keeps_the_line_it_came_on_first(void)
{
	struct seen seen = { .secret = { 1, 2 } };

	CHECK_INT(put(&seen, "BR 65635571000148", 2), 2);
	CHECK_INT(put(&seen, "BR 02919305000127", 3), 3);
	CHECK_INT(put(&seen, "BR 65635571000148", 9), 2);
	CHECK_INT(put(&seen, "AR 65635571000148", 10), 10);
	CHECK_INT(put(&seen, "", 11), 11);
	CHECK_INT(put(&seen, "", 12), 11);
	seen_release(&seen);
}

static void the_hash_is_siphash_2_4(void)
{
	/* The example of the paper's appendix A: key 00..0f, 15 bytes 00..0e. */
	struct seen seen = { .secret = { 0x0706050403020100, 0x0f0e0d0c0b0a0908 } };
	unsigned char bytes[15];

	for (int i = 0; i < 15; i++)
		bytes[i] = (unsigned char)i;
	CHECK(seen_hash(&seen, bytes, sizeof(bytes)) == 0xa129ca6149be45e5);
}

static void many_keys_are_all_known_again(void)
{
	struct seen seen = { .secret = { 3, 4 } };
	const int64_t count = 2 * SEEN_SEGMENT_KEYS + 5;
	int64_t wrong = 0;
	char key[32];

	for (int pass = 0; pass < 2; pass++)
		for (int64_t i = 1; i <= count; i++) {
			snprintf(key, sizeof(key), "%lld", (long long)i);
			wrong += put(&seen, key, i + pass * count) != i;
		}
	CHECK(wrong == 0);
	CHECK(seen.count == (size_t)count);
	CHECK(seen.segments[2] && !seen.segments[3]);
	seen_release(&seen);
}

static void a_full_set_forgets_what_is_new_and_keeps_what_is_old(void)
{
	struct seen seen = { .secret = { 5, 6 } };

	CHECK_INT(put(&seen, "old", 1), 1);
	seen.count = SEEN_KEYS_MAX;
	CHECK_INT(put(&seen, "new", 2), 2);
	CHECK_INT(put(&seen, "new", 3), 3);
	CHECK_INT(put(&seen, "old", 4), 1);
	seen_release(&seen);
}

int main(void)
{
	RUN(a_key_keeps_the_line_it_came_on_first);
	RUN(the_hash_is_siphash_2_4);
	RUN(many_keys_are_all_known_again);
	RUN(a_full_set_forgets_what_is_new_and_keeps_what_is_old);
	CHECK_REPORT();
}
