#include "base/seen.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* A line of 0 is an empty slot. */
struct seen_segment {
	uint64_t hashes[SEEN_SLOTS];
	uint32_t lines[SEEN_SLOTS];
};

static uint64_t rotate(uint64_t x, int bits)
{
	return x << bits | x >> (64 - bits);
}

static void sip_round(uint64_t v[static 4])
{
	v[0] += v[1];
	v[2] += v[3];
	v[1] = rotate(v[1], 13) ^ v[0];
	v[3] = rotate(v[3], 16) ^ v[2];
	v[0] = rotate(v[0], 32);
	v[2] += v[1];
	v[0] += v[3];
	v[1] = rotate(v[1], 17) ^ v[2];
	v[3] = rotate(v[3], 21) ^ v[0];
	v[2] = rotate(v[2], 32);
}

static void sip_word(uint64_t v[static 4], uint64_t word)
{
	v[3] ^= word;
	sip_round(v);
	sip_round(v);
	v[0] ^= word;
}

uint64_t seen_hash(const struct seen *seen, const void *key, size_t len)
{
	const uint64_t *secret = seen->secret;
	const unsigned char *data = key;
	uint64_t v[4] = { secret[0] ^ 0x736f6d6570736575, secret[1] ^ 0x646f72616e646f6d,
		secret[0] ^ 0x6c7967656e657261, secret[1] ^ 0x7465646279746573 };
	uint64_t last = (uint64_t)len << 56;

	for (size_t whole = len / 8; whole > 0; whole--, data += 8) {
		uint64_t word = 0;

		for (int i = 0; i < 8; i++)
			word |= (uint64_t)data[i] << (8 * i);
		sip_word(v, word);
	}
	for (size_t i = 0; i < len % 8; i++)
		last |= (uint64_t)data[i] << (8 * i);
	sip_word(v, last);
	v[2] ^= 0xff;
	for (int i = 0; i < 4; i++)
		sip_round(v);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

/* The slot of @hash, or the empty one where it would stand. */
static size_t find_slot(const struct seen_segment *segment, uint64_t hash)
{
	size_t slot = hash % SEEN_SLOTS;

	while (segment->lines[slot] && segment->hashes[slot] != hash)
		slot = (slot + 1) % SEEN_SLOTS;
	return slot;
}

/* Where the next key may be written, or NULL. */
static struct seen_segment *open_segment(struct seen *seen)
{
	struct seen_segment **segment = &seen->segments[seen->count / SEEN_SEGMENT_KEYS];

	if (!*segment)
		*segment = calloc(1, sizeof(**segment));
	return *segment;
}

int64_t seen_put(struct seen *seen, const void *key, size_t len, int64_t line)
{
	const uint64_t hash = seen_hash(seen, key, len);
	struct seen_segment *segment;
	size_t slot;

	for (size_t i = 0; i < SEEN_SEGMENTS && seen->segments[i]; i++) {
		segment = seen->segments[i];
		slot = find_slot(segment, hash);
		if (segment->lines[slot])
			return segment->lines[slot];
	}
	segment = seen->count < SEEN_KEYS_MAX ? open_segment(seen) : NULL;
	if (!segment)
		return line;
	slot = find_slot(segment, hash);
	segment->hashes[slot] = hash;
	segment->lines[slot] = (uint32_t)line;
	seen->count++;
	return line;
}

void seen_release(struct seen *seen)
{
	for (size_t i = 0; i < SEEN_SEGMENTS; i++) {
		free(seen->segments[i]);
		seen->segments[i] = NULL;
	}
	seen->count = 0;
}
