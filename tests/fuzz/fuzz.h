/* What the fuzz targets share. A target is one .c file with the function libFuzzer
 * calls; it hands the bytes to the library and checks what must hold for any input. */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <portal/arena.h>
#include <portal/error.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A broken promise is a finding: libFuzzer keeps the input of an abort. */
#define FUZZ_CHECK(expr) \
	do { \
		if (!(expr)) { \
			fprintf(stderr, "%s:%d: broken: %s\n", __FILE__, __LINE__, #expr); \
			abort(); \
		} \
	} while (0)

/* The input as a string, up to its first NUL, in memory of exactly its size. The
 * caller frees it. */
static inline char *fuzz_text(const uint8_t *data, size_t size)
{
	const uint8_t *nul = size ? memchr(data, 0, size) : NULL;
	const size_t len = nul ? (size_t)(nul - data) : size;
	char *text = malloc(len + 1);

	FUZZ_CHECK(text);
	if (len > 0)
		memcpy(text, data, len);
	text[len] = '\0';
	return text;
}

static inline void fuzz_free(char **text)
{
	free(*text);
}

#define _cleanup_text_ __attribute__((cleanup(fuzz_free)))

/* A file in memory that holds the input, read from its beginning. Lives as long as
 * the process: the next call with *@fd writes over it. *@fd begins as -1. */
static inline void fuzz_file(int *fd, const uint8_t *data, size_t size)
{
	if (*fd < 0)
		*fd = memfd_create("fuzz", MFD_CLOEXEC);
	FUZZ_CHECK(*fd >= 0 && ftruncate(*fd, 0) == 0);
	FUZZ_CHECK(pwrite(*fd, data, size, 0) == (ssize_t)size);
	FUZZ_CHECK(lseek(*fd, 0, SEEK_SET) == 0);
}

#endif
