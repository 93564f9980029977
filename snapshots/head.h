/* SPDX-License-Identifier: MIT */
/* snapshots/head.h - the first 256 bytes of a snapshot file; only this folder includes it. */
#ifndef ISO_SNAPSHOTS_HEAD_H
#define ISO_SNAPSHOTS_HEAD_H
#include <assert.h>
#include <stdint.h>

/* Header-only XXH3: one hash family, no library to load at every start. */
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "snapshots/snapshot.h"

#define SNAPSHOT_DIGEST 16

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the format is little endian and read in place");

struct snapshot_head {
    char magic[8];
    uint32_t format;
    uint32_t unused; /* 0 */
    uint64_t bytes;  /* of the whole file */
    uint64_t manifest_len;
    uint64_t blob_at, blob_len;
    struct snapshot_identity identity;
    uint64_t texts_len;
    unsigned char front_digest[SNAPSHOT_DIGEST]; /* of manifest and texts */
    unsigned char zeros[24];                     /* for later formats */
    unsigned char digest[SNAPSHOT_DIGEST];
};
static_assert(sizeof(struct snapshot_head) == SNAPSHOT_HEAD, "the head is 256 bytes");

/* Checks the head of a file of `len` bytes, of which data[] need hold no more than the head. As snapshot_parse(). */
int snapshot_read_head(const char *name, const void *data, size_t len, struct snapshot_head *h,
                       struct iso_err *err);

/* The bytes between the head and the zeros before the blob. The head must have passed snapshot_read_head(). */
static inline size_t snapshot_front_len(const struct snapshot_head *h)
{
    return (size_t)(h->manifest_len + h->texts_len);
}

static inline void snapshot_front_digest(const struct snapshot_head *h, const void *front,
                                         unsigned char out[SNAPSHOT_DIGEST])
{
    XXH128_canonical_t canonical;

    XXH128_canonicalFromHash(&canonical, XXH3_128bits(front, snapshot_front_len(h)));
    memcpy(out, canonical.digest, SNAPSHOT_DIGEST);
}

/* The digest covers the head up to itself, then everything after the head, in pieces of any length. The head's
 * digest seeds the rest's, so one value covers both. */
static inline void snapshot_digest_begin(XXH3_state_t *state, const struct snapshot_head *h)
{
    XXH128_hash_t head = XXH3_128bits(h, offsetof(struct snapshot_head, digest));

    /* The reset compares the seeds, so a state on the stack needs one before (xxhash.h). */
    state->seed = 0;
    state->extSecret = NULL;
    XXH3_128bits_reset_withSeed(state, head.low64 ^ head.high64);
}

static inline void snapshot_digest_end(const XXH3_state_t *state, unsigned char out[SNAPSHOT_DIGEST])
{
    XXH128_canonical_t canonical;

    XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(state));
    memcpy(out, canonical.digest, SNAPSHOT_DIGEST);
}

/* The same for a rest that is in memory as a whole. */
static inline void snapshot_digest(const struct snapshot_head *h, const void *rest, size_t len,
                                   unsigned char out[SNAPSHOT_DIGEST])
{
    XXH128_hash_t head = XXH3_128bits(h, offsetof(struct snapshot_head, digest));
    XXH128_canonical_t canonical;

    XXH128_canonicalFromHash(&canonical, XXH3_128bits_withSeed(rest, len, head.low64 ^ head.high64));
    memcpy(out, canonical.digest, SNAPSHOT_DIGEST);
}
#endif
