/* Ed25519 (RFC 8032) and plain SHA-256: what others can check without us. */
#include "seal/seal.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include "base/i18n.h"

/* What one use of OpenSSL holds. A library context of its own, as in struct seal and
 * for the same reason. */
struct tools {
	OSSL_LIB_CTX *context;
	EVP_PKEY *key;
	EVP_MD *md;
	EVP_MD_CTX *work;
};

static void tools_release(struct tools *tools)
{
	EVP_MD_CTX_free(tools->work);
	EVP_MD_free(tools->md);
	EVP_PKEY_free(tools->key);
	OSSL_LIB_CTX_free(tools->context);
}
#define _cleanup_tools_ __attribute__((cleanup(tools_release)))

static bool tools_start(struct tools *tools)
{
	if (!OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_ATEXIT, NULL))
		return false;
	ERR_clear_error();
	tools->context = OSSL_LIB_CTX_new();
	if (tools->context)
		tools->work = EVP_MD_CTX_new();
	return tools->work != NULL;
}

static int no_memory(struct portal_error *err)
{
	return portal_fail(err, PORTAL_NO_MEMORY, _("memory ran out while signing"));
}

/* The seed of the signing key comes from the portal's key, so whoever keeps that
 * keeps this. */
static int load_private(struct seal *seal, struct tools *tools, struct portal_error *err)
{
	const struct seal_part parts[] = { seal_text("signing key"), seal_int(1) };
	unsigned char seed[SEAL_SIZE];
	const int r = seal_hmac(seal, parts, sizeof(parts) / sizeof(*parts), seed, err);

	if (r < 0)
		return r;
	if (tools_start(tools))
		tools->key = EVP_PKEY_new_raw_private_key_ex(
			tools->context, "ED25519", NULL, seed, sizeof(seed));
	OPENSSL_cleanse(seed, sizeof(seed));
	return tools->key ? 0 : no_memory(err);
}

int seal_sign_key(struct seal *seal, unsigned char ret_public[static SEAL_PUBLIC_SIZE],
	struct portal_error *err)
{
	_cleanup_tools_ struct tools tools = { .context = NULL };
	size_t len = SEAL_PUBLIC_SIZE;
	const int r = load_private(seal, &tools, err);

	if (r < 0)
		return r;
	return EVP_PKEY_get_raw_public_key(tools.key, ret_public, &len) == 1 ? 0 : no_memory(err);
}

int seal_sign(struct seal *seal, const void *data, size_t len,
	unsigned char ret[static SEAL_SIGNATURE_SIZE], struct portal_error *err)
{
	_cleanup_tools_ struct tools tools = { .context = NULL };
	size_t signed_len = SEAL_SIGNATURE_SIZE;
	const int r = load_private(seal, &tools, err);

	if (r < 0)
		return r;
	if (EVP_DigestSignInit_ex(tools.work, NULL, NULL, tools.context, NULL, tools.key, NULL) !=
			1 ||
		EVP_DigestSign(tools.work, ret, &signed_len, data, len) != 1)
		return no_memory(err);
	return 0;
}

int seal_sign_check(const struct seal_signed *given, bool *ret_ok, struct portal_error *err)
{
	_cleanup_tools_ struct tools tools = { .context = NULL };

	*ret_ok = false;
	if (tools_start(&tools))
		tools.key = EVP_PKEY_new_raw_public_key_ex(
			tools.context, "ED25519", NULL, given->public_key, SEAL_PUBLIC_SIZE);
	if (!tools.key || EVP_DigestVerifyInit_ex(tools.work, NULL, NULL, tools.context, NULL,
				  tools.key, NULL) != 1)
		return no_memory(err);
	*ret_ok = EVP_DigestVerify(tools.work, given->signature, SEAL_SIGNATURE_SIZE, given->data,
			  given->len) == 1;
	return 0;
}

int seal_hash(
	const void *data, size_t len, unsigned char ret[static SEAL_SIZE], struct portal_error *err)
{
	_cleanup_tools_ struct tools tools = { .context = NULL };

	if (tools_start(&tools))
		tools.md = EVP_MD_fetch(tools.context, "SHA2-256", NULL);
	if (!tools.md || EVP_DigestInit_ex2(tools.work, tools.md, NULL) != 1 ||
		EVP_DigestUpdate(tools.work, data, len) != 1 ||
		EVP_DigestFinal_ex(tools.work, ret, NULL) != 1)
		return no_memory(err);
	return 0;
}
