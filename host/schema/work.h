/* SPDX-License-Identifier: MIT */
/* host/schema/work.h - work that is paid for before it is done.
 *
 * Values, and the texts that patterns are matched with, come from agents. Each loop over them pays from a
 * budget, and ends when the budget is used up or when another thread says that the answer is not wanted any
 * more. */
#ifndef ISO_HOST_SCHEMA_WORK_H
#define ISO_HOST_SCHEMA_WORK_H
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct work {
    uint64_t left;           /* about a nanosecond each */
    const atomic_bool *stop; /* true: do no more; NULL: nobody stops it */
};

/* 0, or -1 when the budget does not reach, or the work is stopped: then nothing is left. */
static inline int work_spend(struct work *w, uint64_t amount)
{
    if (amount >= w->left || (w->stop && atomic_load_explicit(w->stop, memory_order_relaxed))) {
        w->left = 0;
        return -1;
    }
    w->left -= amount;
    return 0;
}

#endif
