/* The seal of evidence (P3): Ed25519 as RFC 8032 has it, under a key that comes from the
 * portal's. */
#include "seal/seal.h"

#include "check.h"

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

static void from_hex(const char *hex, unsigned char *out)
{
	for (unsigned value; sscanf(hex, "%2x", &value) == 1; hex += 2)
		*out++ = (unsigned char)value;
}

static bool holds(const struct seal_signed *given)
{
	struct portal_error err = { 0 };
	bool ok = true;

	CHECK_INT(seal_sign_check(given, &ok, &err), 0);
	return ok;
}

/* RFC 8032, 7.1, TEST 2. */
static void a_signature_of_the_standard_holds(void)
{
	unsigned char key[SEAL_PUBLIC_SIZE], signature[SEAL_SIGNATURE_SIZE], text = 0x72;
	const struct seal_signed given = { &text, 1, key, signature };

	from_hex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", key);
	from_hex("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
		 "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
		signature);
	CHECK(holds(&given));
	text = 0x73;
	CHECK(!holds(&given));
}

/* The constant is openssl's, for a seed that python3's hmac made. */
static void the_signing_key_comes_from_the_portals_key(void)
{
	_cleanup_seal_ struct seal *seal = seal_with_counting_key();
	struct portal_error err = { 0 };
	unsigned char key[SEAL_PUBLIC_SIZE];
	char hex[2 * SEAL_PUBLIC_SIZE + 1];

	CHECK_INT(seal_sign_key(seal, key, &err), 0);
	CHECK_STR(seal_hex(key, sizeof(key), hex),
		"6a450ae8da17c2040a2f365ea8d26c59897fc78cd4d95024c28d6e95ede50254");
}

static void what_is_signed_holds_until_a_bit_of_it_changes(void)
{
	_cleanup_seal_ struct seal *seal = seal_with_counting_key();
	unsigned char key[SEAL_PUBLIC_SIZE], signature[SEAL_SIGNATURE_SIZE], text[] = "record";
	const struct seal_signed given = { text, 6, key, signature };
	struct portal_error err = { 0 };

	CHECK_INT(seal_sign_key(seal, key, &err), 0);
	CHECK_INT(seal_sign(seal, text, 6, signature, &err), 0);
	CHECK(holds(&given));
	for (int bit = 0; bit < 8 * SEAL_SIGNATURE_SIZE; bit += CHECK_STRIDE(31)) {
		signature[bit / 8] ^= (unsigned char)(1 << bit % 8);
		CHECK(!holds(&given));
		signature[bit / 8] ^= (unsigned char)(1 << bit % 8);
	}
	text[0] ^= 1;
	CHECK(!holds(&given));
}

static void bytes_that_are_no_key_are_no_failure(void)
{
	unsigned char key[SEAL_PUBLIC_SIZE], signature[SEAL_SIGNATURE_SIZE] = { 0 };
	const struct seal_signed given = { "x", 1, key, signature };

	memset(key, 0xff, sizeof(key));
	CHECK(!holds(&given));
}

static void a_hash_is_that_of_the_bytes_alone(void)
{
	struct portal_error err = { 0 };
	unsigned char digest[SEAL_SIZE];
	char hex[2 * SEAL_SIZE + 1];

	CHECK_INT(seal_hash("abc", 3, digest, &err), 0);
	CHECK_STR(seal_hex(digest, sizeof(digest), hex),
		"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

int main(void)
{
	RUN(a_signature_of_the_standard_holds);
	RUN(the_signing_key_comes_from_the_portals_key);
	RUN(what_is_signed_holds_until_a_bit_of_it_changes);
	RUN(bytes_that_are_no_key_are_no_failure);
	RUN(a_hash_is_that_of_the_bytes_alone);
	CHECK_REPORT();
}
