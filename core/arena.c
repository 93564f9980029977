/* SPDX-License-Identifier: MIT */
#include "core/arena.h"

#include <stdalign.h>
#include <stdlib.h>

#define FIRST_BLOCK 1024
#define MOST_BLOCK  (64u << 10)

struct arena_block {
    struct arena_block *next;
    alignas(max_align_t) char bytes[];
};

/* Adds a block. Each is twice as large as the last, up to a bound: few small things take little memory. */
static int add_block(struct arena *a, size_t least)
{
    size_t size = a->blocks ? 2 * a->size : FIRST_BLOCK;
    struct arena_block *b;

    size = size > MOST_BLOCK ? MOST_BLOCK : size;
    size = size < least ? least : size;
    b = calloc(1, sizeof *b + size);
    if (!b)
        return -1;
    b->next = a->blocks;
    *a = (struct arena){b, 0, size};
    return 0;
}

void *arena_new(struct arena *a, size_t bytes)
{
    size_t whole = (bytes + alignof(max_align_t) - 1) / alignof(max_align_t) * alignof(max_align_t);
    void *at;

    if (whole < bytes || (a->size - a->used < whole && add_block(a, whole) < 0))
        return NULL;
    at = a->blocks->bytes + a->used;
    a->used += whole;
    return at;
}

void arena_free(struct arena *a)
{
    for (struct arena_block *b = a->blocks, *next; b; b = next) {
        next = b->next;
        free(b);
    }
    *a = (struct arena){0};
}
