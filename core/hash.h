/* SPDX-License-Identifier: MIT */
/* core/hash.h - FNV-1a, 64 bits: for tables and fingerprints of our own, not against malice. */
#ifndef ISO_CORE_HASH_H
#define ISO_CORE_HASH_H
#include <stddef.h>
#include <stdint.h>

#define HASH_START 14695981039346656037u

/* Goes on from `hash`, which begins as HASH_START. */
static inline uint64_t hash_more(uint64_t hash, const char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (unsigned char)bytes[i]) * 1099511628211u;
    return hash;
}

#endif
