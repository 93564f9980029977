/* SPDX-License-Identifier: MIT */
/* core/digest.h - SHA-256, for naming content. Not on the way of a run: there XXH3 finds damage, see
 * snapshots/snapshot.h. */
#ifndef ISO_CORE_DIGEST_H
#define ISO_CORE_DIGEST_H
#include <stddef.h>

#define DIGEST_HEX 65

/* The parts one after the other; each ends with {NULL, 0}. Lower-case hex and a NUL. */
struct digest_part {
    const void *data;
    size_t len;
};
void digest_hex(const struct digest_part *parts, char out[DIGEST_HEX]);

#endif
