/* SPDX-License-Identifier: MIT */
/* host/calls/call_table.h - finds pending calls by a number. There may be many, and workers and programs choose the
 * numbers that are looked up.
 *
 * Start from a zeroed struct and an owner (host/calls/call.h); call_table_free() at the end. A call is in one table of
 * each owner at most. Numbers may repeat; then one of the calls is found. */
#ifndef ISO_HOST_CALLS_CALL_TABLE_H
#define ISO_HOST_CALLS_CALL_TABLE_H
#include <stdlib.h>
#include <sys/random.h>

#include "host/calls/call.h"

struct call_table {
    enum queue_owner owner;
    struct call **slots; /* owned; chains */
    size_t mask, count;
    uint64_t factor; /* random for each table, so that an agent cannot choose numbers that share a chain */
};

static inline size_t call_table_slot(const struct call_table *t, uint64_t number)
{
    return (size_t)((number + 1) * t->factor >> 32) & t->mask;
}

static inline void call_table_link(struct call_table *t, struct call *c)
{
    struct call **slot = &t->slots[call_table_slot(t, c->numbers[t->owner])];

    c->chained[t->owner] = *slot;
    c->chained_at[t->owner] = slot;
    if (*slot)
        (*slot)->chained_at[t->owner] = &c->chained[t->owner];
    *slot = c;
}

static inline int call_table_grow(struct call_table *t)
{
    size_t old = t->slots ? t->mask + 1 : 0;
    struct call **before = t->slots, **slots = calloc(old ? 2 * old : 16, sizeof(struct call *));

    if (!slots)
        return -1;
    if (!t->factor && getrandom(&t->factor, sizeof t->factor, GRND_NONBLOCK) != sizeof t->factor)
        t->factor = (uintptr_t)slots;
    t->factor |= 1;
    t->slots = slots;
    t->mask = (old ? 2 * old : 16) - 1;
    for (size_t i = 0; i < old; i++)
        for (struct call *c = before[i], *next; c; c = next) {
            next = c->chained[t->owner];
            call_table_link(t, c);
        }
    free(before);
    return 0;
}

/* -1: no memory. */
static inline int call_table_add(struct call_table *t, struct call *c, uint64_t number)
{
    if ((!t->slots || t->count > t->mask) && call_table_grow(t) < 0)
        return -1;
    c->numbers[t->owner] = number;
    call_table_link(t, c);
    t->count++;
    return 0;
}

static inline struct call *call_table_find(const struct call_table *t, uint64_t number)
{
    struct call *c = t->slots ? t->slots[call_table_slot(t, number)] : NULL;

    while (c && c->numbers[t->owner] != number)
        c = c->chained[t->owner];
    return c;
}

/* One step, also where all calls have one number. */
static inline void call_table_remove(struct call_table *t, struct call *c)
{
    struct call *next = c->chained[t->owner];

    *c->chained_at[t->owner] = next;
    if (next)
        next->chained_at[t->owner] = c->chained_at[t->owner];
    t->count--;
}

static inline void call_table_free(struct call_table *t)
{
    free(t->slots);
    t->slots = NULL;
    t->mask = t->count = 0;
}

#endif
