/* SPDX-License-Identifier: MIT */
/* core/arena.h - memory for many small things that live and end together.
 *
 * Start from a zeroed struct, arena_new() as often as needed, arena_free() for all of it. */
#ifndef ISO_CORE_ARENA_H
#define ISO_CORE_ARENA_H
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

struct arena_block;

struct arena {
    struct arena_block *blocks; /* owned; the last one first */
    size_t used, size;          /* of the last one */
};

/* Zeroed bytes, aligned for any type; NULL without memory. */
void *arena_new(struct arena *a, size_t bytes);
void arena_free(struct arena *a);

#ifdef __cplusplus
}
#endif
#endif
