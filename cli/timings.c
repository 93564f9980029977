/* SPDX-License-Identifier: MIT */
#include "cli/timings.h"

#include <inttypes.h>
#include <stdio.h>

/* The bucket of a time: below TIMINGS_FINE one for each microsecond, above that by the first seven bits. */
static unsigned bucket_of(uint64_t us)
{
    unsigned power;

    if (us < TIMINGS_FINE)
        return (unsigned)us;
    power = 63 - (unsigned)__builtin_clzll(us) - 6;
    return power < 40 ? (power + 1) * TIMINGS_FINE + ((unsigned)(us >> power) - TIMINGS_FINE)
                      : TIMINGS_BUCKETS - 1;
}

/* The first microsecond after a bucket. */
static uint64_t end_of(unsigned bucket)
{
    unsigned power = bucket / TIMINGS_FINE;

    return power == 0 ? bucket + 1 : (uint64_t)(TIMINGS_FINE + bucket % TIMINGS_FINE + 1) << (power - 1);
}

void timings_add(struct timings *t, uint64_t begun_ns, uint64_t ended_ns)
{
    uint64_t ns = ended_ns > begun_ns ? ended_ns - begun_ns : 0;

    t->bucket[bucket_of(ns / 1000)]++;
    if (t->count++ == 0 || begun_ns < t->first_ns)
        t->first_ns = begun_ns;
    if (ended_ns > t->last_ns)
        t->last_ns = ended_ns;
    if (ns > t->longest_ns)
        t->longest_ns = ns;
}

/* The time in milliseconds within which this percentage of runs ended. */
static double percentile(const struct timings *t, unsigned percent)
{
    uint64_t wanted = (t->count * percent + 99) / 100, seen = 0;

    for (unsigned i = 0; i < TIMINGS_BUCKETS; i++) {
        seen += t->bucket[i];
        if (seen >= wanted && end_of(i) * 1000 < t->longest_ns)
            return (double)end_of(i) / 1000;
        if (seen >= wanted)
            break; /* the end of a bucket is above all times in it */
    }
    return (double)t->longest_ns / 1e6;
}

void timings_print(const struct timings *t, uint64_t turn_ns)
{
    double seconds = (double)(t->last_ns - t->first_ns) / 1e9;

    fprintf(stderr,
            "iso4: %" PRIu64 " runs in %.3f s, %.0f a second; p50 %.2f ms, p90 %.2f ms, p99 %.2f ms, max "
            "%.2f ms; longest turn %.2f ms\n",
            t->count, seconds, seconds > 0 ? (double)t->count / seconds : 0, percentile(t, 50),
            percentile(t, 90), percentile(t, 99), (double)t->longest_ns / 1e6, (double)turn_ns / 1e6);
}
