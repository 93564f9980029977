/* SPDX-License-Identifier: MIT */
#include "host/run/address_space.h"

#include <inttypes.h>
#include <sys/resource.h>

/* MiB that a worker maps before the agent begins, most of it reserved and never used (V8 14.6: 571 for a run, 825 for a
 * zygote, with any limit on memory), with some room for its use besides the heap. */
#define RUN_MIB    580
#define ZYGOTE_MIB 840
#define SLACK_MIB  24

int address_space_check(enum address_space_for what, uint64_t memory_mb, struct iso_err *err)
{
    uint64_t need = (what == ROOM_FOR_ZYGOTE ? ZYGOTE_MIB : RUN_MIB) + SLACK_MIB, have;
    struct rlimit limit;

    need +=
        what == ROOM_FOR_PRECOMPILE ? 2 * memory_mb : memory_mb; /* the heap, and the blob written from it */
    if (getrlimit(RLIMIT_AS, &limit) < 0 || limit.rlim_cur == RLIM_INFINITY)
        return 0;
    have = limit.rlim_cur >> 20;
    if (have >= need)
        return 0;
    return iso_fail(err, ISO_SANDBOX_UNAVAILABLE,
                    "the address space is limited to %" PRIu64 " MiB here (ulimit -v), and a worker with "
                    "%" PRIu64 " MiB of memory needs %" PRIu64 " MiB",
                    have, memory_mb, need);
}
