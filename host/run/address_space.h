/* SPDX-License-Identifier: MIT */
/* host/run/address_space.h - checks that the limit on address space (RLIMIT_AS) of iso4 leaves room for a worker. */
#ifndef ISO_HOST_RUN_ADDRESS_SPACE_H
#define ISO_HOST_RUN_ADDRESS_SPACE_H
#include <stdint.h>

#include "core/error.h"

enum address_space_for { ROOM_FOR_RUN, ROOM_FOR_ZYGOTE, ROOM_FOR_PRECOMPILE };

/* SANDBOX_UNAVAILABLE, and a message that names `ulimit -v`, when there is no room: V8 would crash later, and the agent
 * would be blamed for using too much memory. memory_mb is the limit of the run, 0: none. */
int address_space_check(enum address_space_for what, uint64_t memory_mb, struct iso_err *err);

#endif
