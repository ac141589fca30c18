/* Which keys came before, and on which line: a set in little memory. */
#ifndef BASE_SEEN_H
#define BASE_SEEN_H

#include <stddef.h>
#include <stdint.h>

/* A segment takes 1.5 MiB and is made when the ones before are full; when all
 * are, keys are no longer remembered. */
enum {
	SEEN_SEGMENTS = 16,
	SEEN_SLOTS = 128 * 1024,
	SEEN_SEGMENT_KEYS = SEEN_SLOTS / 8 * 7,
	SEEN_KEYS_MAX = SEEN_SEGMENTS * SEEN_SEGMENT_KEYS,
};

struct seen_segment;

/* Zero it, then fill @secret with random bytes: with it nobody can make up keys
 * that fall together. Keys are kept as 64-bit hashes (SipHash-2-4), so that two
 * of a million are taken for one with a chance of 1 in 30 million. */
struct seen {
	uint64_t secret[2];
	struct seen_segment *segments[SEEN_SEGMENTS];
	size_t count;
};

/* The line on which @key was first put: @line itself when it was not there
 * before, also where it can't be remembered for want of room or memory. @line is
 * at least 1 and below 2^32. */
int64_t seen_put(struct seen *seen, const void *key, size_t len, int64_t line);

/* The hash a key is kept as: SipHash-2-4 (Aumasson and Bernstein, 2012). */
uint64_t seen_hash(const struct seen *seen, const void *key, size_t len);

/* Frees what the set holds. */
void seen_release(struct seen *seen);

#endif
