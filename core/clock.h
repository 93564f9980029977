/* SPDX-License-Identifier: MIT */
/* core/clock.h - clocks in nanoseconds. */
#ifndef ISO_CORE_CLOCK_H
#define ISO_CORE_CLOCK_H
#include <stdint.h>
#include <time.h>

/* 0 for a clock that is not there, such as that of the CPU time of a process that is gone. */
static inline uint64_t clock_ns(clockid_t clock)
{
    struct timespec t = {0, 0};

    clock_gettime(clock, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* Real time that no setting of the clock moves. */
static inline uint64_t monotonic_ns(void)
{
    return clock_ns(CLOCK_MONOTONIC);
}

#endif
