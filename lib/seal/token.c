#include "seal/seal.h"

#include <inttypes.h>
#include <stdio.h>

void seal_secret_clear(struct seal_secret *secret)
{
	seal_wipe(secret, sizeof(*secret));
}

int seal_token(struct seal *seal, const struct seal_link *link, struct seal_secret *ret,
	struct portal_error *err)
{
	const struct seal_part parts[] = { seal_text("link token"), seal_text(link->kind),
		seal_int(link->id), seal_int(link->serial) };
	unsigned char mac[SEAL_SIZE];
	int r = seal_hmac(seal, parts, sizeof(parts) / sizeof(*parts), mac, err);
	int len;

	memset(ret, 0, sizeof(*ret));
	if (r < 0)
		return r;
	len = snprintf(ret->text, sizeof(ret->text), "%c%" PRId64 ".", link->letter, link->id);
	seal_base64_encode(SEAL_BASE64_URL, mac, sizeof(mac), ret->text + len);
	seal_wipe(mac, sizeof(mac));
	return 0;
}

/* Digits without a leading zero that fit; returns what follows them, or NULL. */
static const char *read_id(const char *text, int64_t *ret_id)
{
	int64_t id = 0;

	if (*text < '1' || *text > '9')
		return NULL;
	for (; *text >= '0' && *text <= '9'; text++)
		if (__builtin_mul_overflow(id, 10, &id) ||
			__builtin_add_overflow(id, *text - '0', &id))
			return NULL;
	*ret_id = id;
	return text;
}

int seal_token_id(const char *token, char letter, int64_t *ret_id)
{
	unsigned char mac[SEAL_SIZE];
	const char *rest;
	size_t len;

	if (!token || token[0] != letter)
		return -1;
	rest = read_id(token + 1, ret_id);
	if (!rest || *rest != '.' || strnlen(rest, 64) != 1 + SEAL_BASE64_LEN(SEAL_SIZE))
		return -1;
	if (!seal_base64_decode(
		    SEAL_BASE64_URL, rest + 1, SEAL_BASE64_LEN(SEAL_SIZE), mac, sizeof(mac), &len))
		return -1;
	return 0;
}

int seal_token_check(struct seal *seal, const struct seal_link *link, const char *token,
	bool *ret_ok, struct portal_error *err)
{
	_cleanup_seal_secret_ struct seal_secret want;
	int r = seal_token(seal, link, &want, err);
	size_t len = strlen(want.text);

	*ret_ok = false;
	if (r < 0)
		return r;
	*ret_ok = strnlen(token, sizeof(want.text)) == len && seal_equal(token, want.text, len);
	return 0;
}

int seal_generate_password(
	struct seal *seal, const char *nonce, struct seal_secret *ret, struct portal_error *err)
{
	static const char alphabet[] = "abcdefghijkmnpqrstuvwxyz23456789";
	const struct seal_part parts[] = { seal_text("password"), seal_text(nonce) };
	unsigned char mac[SEAL_SIZE];
	const int r = seal_hmac(seal, parts, sizeof(parts) / sizeof(*parts), mac, err);

	memset(ret, 0, sizeof(*ret));
	if (r < 0)
		return r;
	for (int i = 0; i < SEAL_GENERATED_LEN; i++)
		ret->text[i] = (char)(i % 5 == 4 ? '-' : alphabet[mac[i] % 32]);
	seal_wipe(mac, sizeof(mac));
	return 0;
}
