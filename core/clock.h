/* SPDX-License-Identifier: MIT */
/* core/clock.h - real time that no setting of the clock moves. */
#ifndef ISO_CORE_CLOCK_H
#define ISO_CORE_CLOCK_H
#include <stdint.h>
#include <time.h>

/* Nanoseconds of CLOCK_MONOTONIC. */
static inline uint64_t monotonic_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

#endif
