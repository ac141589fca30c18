#include "seal/seal.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include "base/i18n.h"

enum { BLOCK = 64, HEADER = 9 };

struct seal {
	OSSL_LIB_CTX *context;
	EVP_MD *sha256;
	EVP_MD_CTX *work, *inner, *outer, *stream;
	bool has_key, has_states;
	unsigned char key[SEAL_SIZE];
};

static int no_memory(struct portal_error *err)
{
	return portal_fail(err, PORTAL_NO_MEMORY, _("memory ran out while computing a digest"));
}

int seal_open(struct seal **ret, struct portal_error *err)
{
	*ret = calloc(1, sizeof(**ret));
	return *ret ? 0 : no_memory(err);
}

void seal_close(struct seal *seal)
{
	if (!seal)
		return;
	EVP_MD_CTX_free(seal->work);
	EVP_MD_CTX_free(seal->inner);
	EVP_MD_CTX_free(seal->outer);
	EVP_MD_CTX_free(seal->stream);
	EVP_MD_free(seal->sha256);
	OSSL_LIB_CTX_free(seal->context);
	OPENSSL_cleanse(seal, sizeof(*seal));
	free(seal);
}

void seal_closep(struct seal **seal)
{
	seal_close(*seal);
	*seal = NULL;
}

/* Each step may be taken up again after memory ran out in it. */
static bool start(struct seal *seal)
{
	const uint64_t options = OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_ATEXIT |
				 OPENSSL_INIT_NO_LOAD_CRYPTO_STRINGS |
				 OPENSSL_INIT_NO_ADD_ALL_CIPHERS | OPENSSL_INIT_NO_ADD_ALL_DIGESTS;

	if (seal->work)
		return true;
	if (!OPENSSL_init_crypto(options, NULL))
		return false;
	/* OpenSSL 3.0 waits for itself for ever when memory runs out while it makes
	 * its list of threads, unless its error state was there before. */
	ERR_clear_error();
	if (!seal->context)
		seal->context = OSSL_LIB_CTX_new();
	if (seal->context && !seal->sha256)
		seal->sha256 = EVP_MD_fetch(seal->context, "SHA2-256", NULL);
	if (seal->sha256)
		seal->work = EVP_MD_CTX_new();
	return seal->work;
}

static void put_big_endian(unsigned char *out, uint64_t value)
{
	for (int i = 7; i >= 0; i--, value >>= 8)
		out[i] = (unsigned char)value;
}

static bool add_part(EVP_MD_CTX *digest, const struct seal_part *part)
{
	unsigned char header[HEADER + sizeof(int64_t)] = { (unsigned char)part->tag };

	put_big_endian(header + 1, part->len);
	if (part->tag == 'i') {
		put_big_endian(header + HEADER, (uint64_t)part->number);
		return EVP_DigestUpdate(digest, header, sizeof(header));
	}
	return EVP_DigestUpdate(digest, header, HEADER) &&
	       (!part->len || EVP_DigestUpdate(digest, part->data, part->len));
}

static bool add_parts(EVP_MD_CTX *digest, const struct seal_part *parts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!add_part(digest, &parts[i]))
			return false;
	return true;
}

int seal_sha256(struct seal *seal, const struct seal_part *parts, size_t count,
	unsigned char ret[static SEAL_SIZE], struct portal_error *err)
{
	if (!start(seal) || !EVP_DigestInit_ex2(seal->work, seal->sha256, NULL) ||
		!add_parts(seal->work, parts, count) || !EVP_DigestFinal_ex(seal->work, ret, NULL))
		return no_memory(err);
	return 0;
}

int seal_stream_begin(struct seal *seal, struct portal_error *err)
{
	if (!start(seal))
		return no_memory(err);
	if (!seal->stream)
		seal->stream = EVP_MD_CTX_new();
	if (!seal->stream || !EVP_DigestInit_ex2(seal->stream, seal->sha256, NULL))
		return no_memory(err);
	return 0;
}

int seal_stream_add(struct seal *seal, const void *data, size_t len, struct portal_error *err)
{
	return EVP_DigestUpdate(seal->stream, data, len) ? 0 : no_memory(err);
}

int seal_stream_end(
	struct seal *seal, char ret_hex[static 2 * SEAL_SIZE + 1], struct portal_error *err)
{
	unsigned char digest[SEAL_SIZE];

	if (!EVP_DigestFinal_ex(seal->stream, digest, NULL))
		return no_memory(err);
	seal_hex(digest, sizeof(digest), ret_hex);
	return 0;
}

int seal_set_key(
	struct seal *seal, const unsigned char key[static SEAL_SIZE], struct portal_error *err)
{
	(void)err;
	memcpy(seal->key, key, SEAL_SIZE);
	seal->has_key = true;
	seal->has_states = false;
	return 0;
}

static bool prepare_state(struct seal *seal, EVP_MD_CTX **state, unsigned char filler)
{
	unsigned char pad[BLOCK];
	bool done;

	if (!*state)
		*state = EVP_MD_CTX_new();
	if (!*state)
		return false;
	memset(pad, filler, sizeof(pad));
	for (int i = 0; i < SEAL_SIZE; i++)
		pad[i] ^= seal->key[i];
	done = EVP_DigestInit_ex2(*state, seal->sha256, NULL) &&
	       EVP_DigestUpdate(*state, pad, sizeof(pad));
	OPENSSL_cleanse(pad, sizeof(pad));
	return done;
}

static bool prepare_key(struct seal *seal)
{
	if (seal->has_states)
		return true;
	if (!start(seal) || !prepare_state(seal, &seal->inner, 0x36) ||
		!prepare_state(seal, &seal->outer, 0x5c))
		return false;
	OPENSSL_cleanse(seal->key, sizeof(seal->key));
	seal->has_states = true;
	return true;
}

int seal_hmac(struct seal *seal, const struct seal_part *parts, size_t count,
	unsigned char ret[static SEAL_SIZE], struct portal_error *err)
{
	unsigned char inner[SEAL_SIZE];

	if (!seal->has_key)
		return portal_fail(err, PORTAL_FAILURE, _("the portal's key was not loaded"));
	if (!prepare_key(seal) || !EVP_MD_CTX_copy_ex(seal->work, seal->inner) ||
		!add_parts(seal->work, parts, count) ||
		!EVP_DigestFinal_ex(seal->work, inner, NULL) ||
		!EVP_MD_CTX_copy_ex(seal->work, seal->outer) ||
		!EVP_DigestUpdate(seal->work, inner, SEAL_SIZE) ||
		!EVP_DigestFinal_ex(seal->work, ret, NULL))
		return no_memory(err);
	return 0;
}

/* SHA-256 of a block and what comes behind it. */
static bool hash_behind(struct seal *seal, const unsigned char block[static BLOCK],
	const struct seal_part *data, unsigned char ret[static SEAL_SIZE])
{
	return EVP_DigestInit_ex2(seal->work, seal->sha256, NULL) &&
	       EVP_DigestUpdate(seal->work, block, BLOCK) &&
	       EVP_DigestUpdate(seal->work, data->data, data->len) &&
	       EVP_DigestFinal_ex(seal->work, ret, NULL);
}

/* A key that is longer than a block stands as its digest. */
static bool fill_block(
	struct seal *seal, const struct seal_part *key, unsigned char block[static BLOCK])
{
	memset(block, 0, BLOCK);
	if (key->len <= BLOCK) {
		memcpy(block, key->data, key->len);
		return true;
	}
	return EVP_DigestInit_ex2(seal->work, seal->sha256, NULL) &&
	       EVP_DigestUpdate(seal->work, key->data, key->len) &&
	       EVP_DigestFinal_ex(seal->work, block, NULL);
}

int seal_hmac_plain(struct seal *seal, const struct seal_part *key, const struct seal_part *data,
	unsigned char ret[static SEAL_SIZE], struct portal_error *err)
{
	unsigned char inner[BLOCK], outer[BLOCK], digest[SEAL_SIZE];
	const struct seal_part first = seal_bytes(digest, sizeof(digest));
	bool done = start(seal) && fill_block(seal, key, inner);

	for (int i = 0; i < BLOCK; i++) {
		outer[i] = inner[i] ^ 0x5c;
		inner[i] ^= 0x36;
	}
	done = done && hash_behind(seal, inner, data, digest) &&
	       hash_behind(seal, outer, &first, ret);
	OPENSSL_cleanse(inner, sizeof(inner));
	OPENSSL_cleanse(outer, sizeof(outer));
	return done ? 0 : no_memory(err);
}

bool seal_equal(const void *a, const void *b, size_t len)
{
	return CRYPTO_memcmp(a, b, len) == 0;
}

void seal_wipe(void *data, size_t len)
{
	OPENSSL_cleanse(data, len);
}

int seal_random(void *buf, size_t len, struct portal_error *err)
{
	unsigned char *to = buf;

	while (len > 0) {
		ssize_t got = getrandom(to, len, 0);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return portal_fail(err, PORTAL_FAILURE,
				_("the system gives no random bytes: %s"), strerror(errno));
		to += got;
		len -= (size_t)got;
	}
	return 0;
}

char *seal_hex(const unsigned char *data, size_t len, char *out)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < len; i++) {
		out[2 * i] = digits[data[i] >> 4];
		out[2 * i + 1] = digits[data[i] & 15];
	}
	out[2 * len] = '\0';
	return out;
}

static const char *alphabet(enum seal_base64 kind)
{
	if (kind == SEAL_BASE64_URL)
		return "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	return "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
}

char *seal_base64_encode(enum seal_base64 kind, const void *data, size_t len, char *out)
{
	const unsigned char *bytes = data;
	const char *letters = alphabet(kind);
	uint32_t bits = 0;
	int held = 0;
	char *to = out;

	for (size_t i = 0; i < len; i++) {
		bits = bits << 8 | bytes[i];
		for (held += 8; held >= 6; held -= 6)
			*to++ = letters[bits >> (held - 6) & 63];
	}
	if (held > 0)
		*to++ = letters[bits << (6 - held) & 63];
	*to = '\0';
	return out;
}

bool seal_base64_decode(enum seal_base64 kind, const char *text, size_t len, unsigned char *out,
	size_t size, size_t *ret_len)
{
	const char *letters = alphabet(kind);
	uint32_t bits = 0;
	size_t count = 0;
	int held = 0;

	for (size_t i = 0; i < len; i++) {
		const char *letter = memchr(letters, text[i], 64);

		if (!letter)
			return false;
		bits = bits << 6 | (uint32_t)(letter - letters);
		held += 6;
		if (held < 8)
			continue;
		if (count == size)
			return false;
		held -= 8;
		out[count++] = (unsigned char)(bits >> held);
	}
	*ret_len = count;
	return held < 6 && (bits & ((1U << held) - 1)) == 0;
}
