/* Everything secret: digests, link tokens, passwords, the portal's key. The only
 * folder that knows OpenSSL. Nothing happens when the program is loaded: the first
 * digest of a process pays a quarter of a millisecond, and whoever makes none, nothing.
 * Memory that OpenSSL can't get always ends in -PORTAL_NO_MEMORY. */
#ifndef SEAL_SEAL_H
#define SEAL_SEAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <portal/error.h>

/* Bytes of a digest, of an HMAC and of the portal's key. */
enum { SEAL_SIZE = 32 };

/* A workshop for digests: an OpenSSL library context of its own (the default one
 * crashes in OpenSSL 3.0 when memory runs out while it starts) and the states of the
 * key. Made and used by one thread; reads no OpenSSL configuration file. */
struct seal;

int seal_open(struct seal **ret, struct portal_error *err);

/* Wipes the key and frees; NULL is allowed. seal_closep is for _cleanup_seal_. */
void seal_close(struct seal *seal);
void seal_closep(struct seal **seal);
#define _cleanup_seal_ __attribute__((cleanup(seal_closep)))

/* One value of several that are digested together. It enters as a tag byte, its
 * length (8 bytes, big-endian) and its bytes, so no two lists of parts look alike:
 * ("ab","c") is not ("a","bc"), NULL is not "", the number 1 not the text "1". */
struct seal_part {
	char tag; /* 't' text, 'b' bytes, 'i' number, 'n' null */
	const void *data;
	size_t len;
	int64_t number;
};

/* Parts that borrow what they point to. NULL becomes the null part; a number enters
 * as 8 bytes of two's complement, big-endian. */
static inline struct seal_part seal_text(const char *text)
{
	return (struct seal_part){ text ? 't' : 'n', text, text ? strlen(text) : 0, 0 };
}
static inline struct seal_part seal_bytes(const void *data, size_t len)
{
	return (struct seal_part){ data ? 'b' : 'n', data, data ? len : 0, 0 };
}
static inline struct seal_part seal_int(int64_t number)
{
	return (struct seal_part){ 'i', NULL, sizeof(number), number };
}

/* SHA-256 of @count parts. For session tokens and batch keys, which are random. */
int seal_sha256(struct seal *seal, const struct seal_part *parts, size_t count,
	unsigned char ret[static SEAL_SIZE], struct portal_error *err);

/* SHA-256 of bytes as they come, without parts around them: what sha256sum(1) tells
 * of a file. One at a time for each seal; beginning anew drops what was begun. */
int seal_stream_begin(struct seal *seal, struct portal_error *err);
int seal_stream_add(struct seal *seal, const void *data, size_t len, struct portal_error *err);
int seal_stream_end(
	struct seal *seal, char ret_hex[static 2 * SEAL_SIZE + 1], struct portal_error *err);

/* Sets the key of seal_hmac() and of the tokens; it is copied. Costs nothing until the
 * first of them, which prepares the key's states once for all that follow. */
int seal_set_key(
	struct seal *seal, const unsigned char key[static SEAL_SIZE], struct portal_error *err);

/* HMAC-SHA256 (RFC 2104) of @count parts; -PORTAL_FAILURE without a key. The first part
 * should be a text that names the use: one key serves tokens and the audit log. */
int seal_hmac(struct seal *seal, const struct seal_part *parts, size_t count,
	unsigned char ret[static SEAL_SIZE], struct portal_error *err);

/* HMAC-SHA256 of bytes as they are, without parts around them, under any key: what others
 * sign with a secret that both know. Leaves the portal's key alone. */
int seal_hmac_plain(struct seal *seal, const struct seal_part *key, const struct seal_part *data,
	unsigned char ret[static SEAL_SIZE], struct portal_error *err);

/* Whether @len bytes are equal, in a time that doesn't depend on them. */
bool seal_equal(const void *a, const void *b, size_t len);

/* Random bytes of the system; never a weaker source. */
int seal_random(void *buf, size_t len, struct portal_error *err);

/* @len bytes as lower-case hex, NUL-terminated; @out holds 2 * @len + 1. Returns @out. */
char *seal_hex(const unsigned char *data, size_t len, char *out);

/* RFC 4648 without padding: the plain alphabet or the one for links. */
enum seal_base64 { SEAL_BASE64, SEAL_BASE64_URL };

/* Chars of @len bytes encoded, without the NUL. */
#define SEAL_BASE64_LEN(len) (((len)*4 + 2) / 3)

/* Encodes and NUL-terminates; @out holds SEAL_BASE64_LEN(@len) + 1. Returns @out. */
char *seal_base64_encode(enum seal_base64 kind, const void *data, size_t len, char *out);

/* The bytes of @len chars, at most @size; false where they are too many or @text is
 * not the one way to write them (padding, another alphabet, bits left over). */
bool seal_base64_decode(enum seal_base64 kind, const char *text, size_t len, unsigned char *out,
	size_t size, size_t *ret_len);

/* A secret for people's eyes. A type of its own, so that no record can hold it and no
 * printer of records shows it. */
struct seal_secret {
	char text[128];
};

void seal_secret_clear(struct seal_secret *secret);
#define _cleanup_seal_secret_ __attribute__((cleanup(seal_secret_clear)))

/* Wipes memory in a way that the compiler keeps. */
void seal_wipe(void *data, size_t len);

/* What a link is for. @letter is an ASCII letter, @kind a lower-case word ("invite"),
 * @id positive; who raises @serial makes the tokens before it void. */
struct seal_link {
	char letter;
	const char *kind;
	int64_t id;
	int64_t serial;
};

/* The token of a link: letter, id, ".", base64url of HMAC(key, kind, id, serial), as in
 * "i42.AbC…". Nothing of it is stored. */
int seal_token(struct seal *seal, const struct seal_link *link, struct seal_secret *ret,
	struct portal_error *err);

/* The id that a token claims, to find its record by; 0, or -1 where @token (NULL too)
 * doesn't even look like one. Believe nothing before seal_token_check(). */
int seal_token_id(const char *token, char letter, int64_t *ret_id);

/* Whether @token is the token of @link; compared in constant time. */
int seal_token_check(struct seal *seal, const struct seal_link *link, const char *token,
	bool *ret_ok, struct portal_error *err);

/* The rule for new passwords: 8 to 1,024 bytes, UTF-8 without NUL, and not among the
 * 3,000 most used in any case of letters (NIST SP 800-63B 5.1.1.2). Else -PORTAL_INVALID
 * about the field "password"; the sentence never repeats the password. */
enum { SEAL_PASSWORD_MIN = 8, SEAL_PASSWORD_MAX = 1024 };
int seal_password_check(const char *password, size_t len, struct portal_error *err);

/* A password that is made at random and given to somebody: 80 bits of HMAC(key,
 * "password", @nonce) as 16 characters of lower case in groups of four, as in
 * "k7fa-22me-hpq9-3wxz", without those that look alike (0 and o, 1 and l). Who keeps
 * the nonce can make it again with the key, and nobody without. */
enum { SEAL_GENERATED_LEN = 19 };
int seal_generate_password(
	struct seal *seal, const char *nonce, struct seal_secret *ret, struct portal_error *err);

/* How passwords are hashed. One scrypt of the least cost that a portal of real people
 * may have takes 0.4 s and 136 MB, so at most two run at once for one portal. Two bytes
 * of the file @prefix.kdf are locked for it, a third keeps the order in which processes
 * came; locks go with their process. A minute in vain is -PORTAL_BUSY. */
enum { SEAL_COST_TEST = 10, SEAL_COST_MIN = 17, SEAL_COST_MAX = 18 };
struct seal_kdf {
	const char *prefix; /* the database's path */
	unsigned cost;      /* of new hashes: scrypt's N is 2 to the power of it */
};

/* The PHC string "$scrypt$ln=17,r=8,p=1$salt$hash" of a password that has passed
 * seal_password_check(); a new salt each time. Lives in @arena. */
int seal_password_hash(const struct seal_kdf *kdf, struct arena *arena, const char *password,
	size_t len, const char **ret_phc, struct portal_error *err);

/* Whether @password belongs to @phc, with the parameters stored in it. The work done is
 * that of a new hash also where @phc was cheaper. A string that is no PHC of ours, or
 * asks for over 256 MiB, is -PORTAL_DAMAGED. A password over the limit is wrong without
 * being hashed. */
int seal_password_verify(const struct seal_kdf *kdf, const char *password, size_t len,
	const char *phc, bool *ret_ok, struct portal_error *err);

/* Whether @phc has other parameters than new ones get: hash again at the next login. */
bool seal_password_outdated(const struct seal_kdf *kdf, const char *phc);

/* A PHC of today's cost that no password fits, to verify against where there is no
 * account: a stranger then sees the same work done. Lives in @arena. */
const char *seal_password_decoy(const struct seal_kdf *kdf, struct arena *arena);

/* Makes the file of the portal's key: 32 random bytes, mode 0600, on disk when this
 * returns (the caller syncs the directory). Never overwrites: -PORTAL_EXISTS. */
int seal_key_create(
	const char *path, unsigned char ret_key[static SEAL_SIZE], struct portal_error *err);

/* Reads it. No file, a wrong size or no regular file is -PORTAL_DAMAGED; one that others
 * may read, or of another owner, -PORTAL_DENIED with the command to run as the hint. */
int seal_key_read(
	const char *path, unsigned char ret_key[static SEAL_SIZE], struct portal_error *err);

/* The portal's signing key: Ed25519 (RFC 8032), its seed HMAC(portal's key, "signing
 * key", 1). There is nothing more to keep than the portal's key, and with another one
 * of those the signing key is another too. Gives the public half. */
enum { SEAL_PUBLIC_SIZE = 32, SEAL_SIGNATURE_SIZE = 64 };
int seal_sign_key(struct seal *seal, unsigned char ret_public[static SEAL_PUBLIC_SIZE],
	struct portal_error *err);

/* The signature of @len bytes as they are: what `openssl pkeyutl -verify -rawin` checks. */
int seal_sign(struct seal *seal, const void *data, size_t len,
	unsigned char ret[static SEAL_SIGNATURE_SIZE], struct portal_error *err);

/* Bytes that somebody says are signed: by the key with the SEAL_PUBLIC_SIZE bytes at
 * @public_key, as the SEAL_SIGNATURE_SIZE bytes at @signature tell. */
struct seal_signed {
	const void *data;
	size_t len;
	const unsigned char *public_key, *signature;
};

/* Is it so? Bytes that are no key or no signature are an answer, not a failure. */
int seal_sign_check(const struct seal_signed *given, bool *ret_ok, struct portal_error *err);

/* SHA-256 of @len bytes as they are, which sha256sum gives too. Needs no workshop. */
int seal_hash(const void *data, size_t len, unsigned char ret[static SEAL_SIZE],
	struct portal_error *err);

#endif
