/* SPDX-License-Identifier: MIT */
/* host/schema/work.h - a budget of work, which is taken from before the work is done.
 *
 * Values, and the texts that patterns are matched with, come from agents. Each loop over them takes from the budget,
 * and stops when the budget is used up or when another thread sets `stop`. */
#ifndef ISO_HOST_SCHEMA_WORK_H
#define ISO_HOST_SCHEMA_WORK_H
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct work {
    uint64_t left;           /* about a nanosecond each */
    const atomic_bool *stop; /* true: stop; NULL: no other thread stops it */
};

/* Takes `amount` from the budget. 0, or -1 when not enough is left or the work was stopped; then the budget is
 * empty. */
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
