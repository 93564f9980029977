/* SPDX-License-Identifier: MIT */
/* core/digest.h - SHA-256, to name content. It is too slow for every run: there XXH3 finds damage, see
 * snapshots/snapshot.h. */
#ifndef ISO_CORE_DIGEST_H
#define ISO_CORE_DIGEST_H
#include <stddef.h>

#define DIGEST_HEX 65

/* Hashes all parts as one text; the list ends with {NULL, 0}. Writes lower-case hex and a NUL. */
struct digest_part {
    const void *data;
    size_t len;
};
void digest_hex(const struct digest_part *parts, char out[DIGEST_HEX]);

#endif
