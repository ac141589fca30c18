#include "seal/seal.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include "base/i18n.h"
#include <portal/arena.h>

enum { SALT_SIZE = 16, HASH_SIZE = 32, FIELD_MAX = 64, COMMON_MAX = 20 };
enum { BLOCKS_R = 8, LANES_P = 1 };
enum { SLOTS = 2, QUEUE_BYTE = 2, POLL_US = 10 * 1000, POLLS_MAX = 6000 };
#define MEMORY_MAX ((uint64_t)256 << 20)

struct phc {
	unsigned log_n, r, p;
	unsigned char salt[FIELD_MAX], hash[FIELD_MAX];
	size_t salt_len, hash_len;
};

/* An array of arrays: pointers would each be relocated at every start of the program. */
static const char common_passwords[][COMMON_MAX] = {
#include "seal/common-passwords.inc"
};

static int compare_words(const void *a, const void *b)
{
	return strcmp(a, b);
}

static bool is_common(const char *password, size_t len)
{
	char word[COMMON_MAX] = "";
	bool found;

	if (len >= sizeof(word))
		return false;
	for (size_t i = 0; i < len; i++)
		word[i] = (char)(password[i] >= 'A' && password[i] <= 'Z' ? password[i] | 32
									  : password[i]);
	found = bsearch(word, common_passwords, sizeof(common_passwords) / COMMON_MAX, COMMON_MAX,
		compare_words);
	seal_wipe(word, sizeof(word));
	return found;
}

/* Bytes of the character at @text, or 0 where there is none (RFC 3629, without NUL). */
static size_t utf8_len(const unsigned char *text, size_t len)
{
	static const uint32_t least[] = { 1, 1, 0x80, 0x800, 0x10000 };
	size_t need = *text < 0x80 ? 1 : *text >= 0xf0 ? 4 : *text >= 0xe0 ? 3 : 2;
	uint32_t point = need == 1 ? *text : *text & (0x7fU >> need);

	if (need > len || (*text >= 0x80 && *text < 0xc0) || *text >= 0xf8)
		return 0;
	for (size_t i = 1; i < need; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0;
		point = point << 6 | (text[i] & 0x3f);
	}
	if (point < least[need] || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff))
		return 0;
	return need;
}

static bool is_text(const char *text, size_t len)
{
	for (size_t i = 0, step; i < len; i += step) {
		step = utf8_len((const unsigned char *)text + i, len - i);
		if (!step)
			return false;
	}
	return true;
}

int seal_password_check(const char *password, size_t len, struct portal_error *err)
{
	if (len < SEAL_PASSWORD_MIN)
		portal_fail(err, PORTAL_INVALID, _("the password is shorter than %d characters"),
			SEAL_PASSWORD_MIN);
	else if (len > SEAL_PASSWORD_MAX)
		portal_fail(err, PORTAL_INVALID, _("the password is longer than %d bytes"),
			SEAL_PASSWORD_MAX);
	else if (!is_text(password, len))
		portal_fail(err, PORTAL_INVALID, _("the password is not UTF-8 text"));
	else if (is_common(password, len))
		portal_fail(err, PORTAL_INVALID,
			_("the password is one of the 3,000 most used; choose another"));
	else
		return 0;
	return portal_about_field(err, "password");
}

/* Locks one byte: F_OFD_SETLKW waits, F_OFD_SETLK doesn't. Returns 0 or an errno. */
static int lock_byte(int fd, int how, short type, off_t at)
{
	struct flock lock = { .l_type = type, .l_whence = SEEK_SET, .l_start = at, .l_len = 1 };

	while (fcntl(fd, how, &lock) < 0)
		if (errno != EINTR)
			return errno;
	return 0;
}

static int lock_any_slot(int fd)
{
	int number = EAGAIN;

	for (int polls = 0; polls < POLLS_MAX; polls++) {
		for (int slot = 0; slot < SLOTS; slot++) {
			number = lock_byte(fd, F_OFD_SETLK, F_WRLCK, slot);
			if (number != EAGAIN && number != EACCES)
				return number;
		}
		usleep(POLL_US);
	}
	return EAGAIN;
}

/* Only the head of the queue looks for a free slot. Closing @ret_fd gives it back. */
static int take_slot(const struct seal_kdf *kdf, int *ret_fd, struct portal_error *err)
{
	char path[PATH_MAX];
	int len = snprintf(path, sizeof(path), "%s.kdf", kdf->prefix);
	int fd, number;

	fd = (size_t)len >= sizeof(path)
		     ? -1
		     : open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	number = fd < 0 ? errno : lock_byte(fd, F_OFD_SETLKW, F_WRLCK, QUEUE_BYTE);
	if (!number)
		number = lock_any_slot(fd);
	if (!number)
		number = lock_byte(fd, F_OFD_SETLK, F_UNLCK, QUEUE_BYTE);
	*ret_fd = fd;
	if (!number)
		return 0;
	if (fd >= 0)
		close(fd);
	if (number == EAGAIN)
		return portal_fail(err, PORTAL_BUSY, _("too many passwords are being checked"));
	return portal_fail(err, PORTAL_FAILURE, _("the lock file '%s.kdf' can't be used: %s"),
		kdf->prefix, strerror(number));
}

/* A library context of its own, as in struct seal and for the same reason. */
static bool scrypt(const struct phc *phc, const char *password, size_t len, unsigned char *ret)
{
	union {
		const char *text;
		char *writable;
	} secret = { .text = len ? password : "" };
	unsigned char salt[FIELD_MAX];
	uint64_t n = (uint64_t)1 << phc->log_n, r = phc->r, p = phc->p, most = 2 * MEMORY_MAX;
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_PASSWORD, secret.writable, len),
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, salt, phc->salt_len),
		OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_N, &n),
		OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_R, &r),
		OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_P, &p),
		OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_MAXMEM, &most),
		OSSL_PARAM_construct_end(),
	};
	OSSL_LIB_CTX *context = NULL;
	EVP_KDF *kdf = NULL;
	EVP_KDF_CTX *run = NULL;
	bool done;

	memcpy(salt, phc->salt, sizeof(salt));
	if (OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_ATEXIT, NULL))
		context = OSSL_LIB_CTX_new();
	if (context)
		kdf = EVP_KDF_fetch(context, "SCRYPT", NULL);
	if (kdf)
		run = EVP_KDF_CTX_new(kdf);
	done = run && EVP_KDF_derive(run, ret, phc->hash_len, params) == 1;
	EVP_KDF_CTX_free(run);
	EVP_KDF_free(kdf);
	OSSL_LIB_CTX_free(context);
	return done;
}

static int derive(const struct seal_kdf *kdf, const struct phc *phc, const char *password,
	size_t len, unsigned char *ret, struct portal_error *err)
{
	int fd, r = take_slot(kdf, &fd, err);
	bool done;

	if (r < 0)
		return r;
	done = scrypt(phc, password, len, ret);
	close(fd);
	if (done)
		return 0;
	return portal_fail(err, PORTAL_NO_MEMORY,
		_("memory ran out while hashing a password; it takes %d MB"),
		(int)(((uint64_t)128 * phc->r << phc->log_n) / 1000000));
}

int seal_password_hash(const struct seal_kdf *kdf, struct arena *arena, const char *password,
	size_t len, const char **ret_phc, struct portal_error *err)
{
	struct phc phc = { .log_n = kdf->cost,
		.r = BLOCKS_R,
		.p = LANES_P,
		.salt_len = SALT_SIZE,
		.hash_len = HASH_SIZE };
	char salt[SEAL_BASE64_LEN(SALT_SIZE) + 1], hash[SEAL_BASE64_LEN(HASH_SIZE) + 1];
	int r = seal_random(phc.salt, SALT_SIZE, err);

	if (r < 0)
		return r;
	r = derive(kdf, &phc, password, len, phc.hash, err);
	if (r < 0)
		return r;
	*ret_phc = arena_printf(arena, "$scrypt$ln=%u,r=%u,p=%u$%s$%s", phc.log_n, phc.r, phc.p,
		seal_base64_encode(SEAL_BASE64, phc.salt, SALT_SIZE, salt),
		seal_base64_encode(SEAL_BASE64, phc.hash, HASH_SIZE, hash));
	return 0;
}

/* After the literal @lead a number of one to two digits; NULL passes through. */
static const char *read_number(const char *text, const char *lead, unsigned *ret)
{
	size_t len = strlen(lead);

	if (!text || strncmp(text, lead, len) != 0)
		return NULL;
	text += len;
	if (*text < '1' || *text > '9')
		return NULL;
	*ret = (unsigned)(*text++ - '0');
	if (*text >= '0' && *text <= '9')
		*ret = *ret * 10 + (unsigned)(*text++ - '0');
	return text;
}

/* After a '$' base64 up to the next '$' or the end; NULL passes through. */
static const char *read_field(const char *text, unsigned char *ret, size_t *ret_len)
{
	size_t len;

	if (!text || *text != '$')
		return NULL;
	len = strcspn(++text, "$");
	if (!seal_base64_decode(SEAL_BASE64, text, len, ret, FIELD_MAX, ret_len) || !*ret_len)
		return NULL;
	return text + len;
}

static bool parse_phc(const char *text, struct phc *ret)
{
	memset(ret, 0, sizeof(*ret));
	text = read_number(text, "$scrypt$ln=", &ret->log_n);
	text = read_number(text, ",r=", &ret->r);
	text = read_number(text, ",p=", &ret->p);
	text = read_field(text, ret->salt, &ret->salt_len);
	text = read_field(text, ret->hash, &ret->hash_len);
	return text && *text == '\0' && ret->hash_len >= SALT_SIZE && ret->log_n <= 24 &&
	       ret->p <= 16 && ((uint64_t)128 * ret->r << ret->log_n) <= MEMORY_MAX;
}

/* Brings the work of a hash of a lower cost up to that of a new one, which a stranger's
 * name is verified at: each step of the cost doubles it. */
static int make_up(const struct seal_kdf *kdf, struct phc phc, const char *password, size_t len,
	struct portal_error *err)
{
	unsigned char unused[FIELD_MAX];
	int r = 0;

	for (; r >= 0 && phc.log_n < kdf->cost; phc.log_n++)
		r = derive(kdf, &phc, password, len, unused, err);
	return r;
}

int seal_password_verify(const struct seal_kdf *kdf, const char *password, size_t len,
	const char *phc, bool *ret_ok, struct portal_error *err)
{
	unsigned char hash[FIELD_MAX];
	struct phc stored;
	int r;

	*ret_ok = false;
	if (!parse_phc(phc, &stored))
		return portal_fail(err, PORTAL_DAMAGED, _("the stored password can't be read"));
	if (len > SEAL_PASSWORD_MAX)
		return 0;
	r = derive(kdf, &stored, password, len, hash, err);
	if (r < 0)
		return r;
	*ret_ok = seal_equal(hash, stored.hash, stored.hash_len);
	seal_wipe(hash, sizeof(hash));
	return make_up(kdf, stored, password, len, err);
}

bool seal_password_outdated(const struct seal_kdf *kdf, const char *phc)
{
	struct phc stored;

	return !parse_phc(phc, &stored) || stored.log_n != kdf->cost || stored.r != BLOCKS_R ||
	       stored.p != LANES_P || stored.hash_len != HASH_SIZE || stored.salt_len < SALT_SIZE;
}

const char *seal_password_decoy(const struct seal_kdf *kdf, struct arena *arena)
{
	return arena_printf(arena,
		"$scrypt$ln=%u,r=%d,p=%d$AAAAAAAAAAAAAAAAAAAAAA$"
		"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
		kdf->cost, BLOCKS_R, LANES_P);
}
