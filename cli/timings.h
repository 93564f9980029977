/* SPDX-License-Identifier: MIT */
/* cli/timings.h - how long runs took, in a histogram whose buckets are at most 1.6 % wide. */
#ifndef ISO_CLI_TIMINGS_H
#define ISO_CLI_TIMINGS_H
#include <stdint.h>

/* Each power of two of microseconds has 64 buckets; 40 of them are over 12 days. */
#define TIMINGS_FINE    64
#define TIMINGS_BUCKETS (41 * TIMINGS_FINE)

struct timings {
    uint64_t bucket[TIMINGS_BUCKETS], count, first_ns, last_ns, longest_ns;
};

void timings_add(struct timings *t, uint64_t begun_ns, uint64_t ended_ns);
/* Prints to stderr the number of runs, runs per second, p50, p90 and p99, and the longest turn of the event loop. */
void timings_print(const struct timings *t, uint64_t turn_ns);

#endif
