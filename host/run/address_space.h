/* SPDX-License-Identifier: MIT */
/* host/run/address_space.h - whether a worker has room under the address space limit that iso4 was given. */
#ifndef ISO_HOST_RUN_ADDRESS_SPACE_H
#define ISO_HOST_RUN_ADDRESS_SPACE_H
#include <stdint.h>

#include "core/error.h"

enum address_space_for { ROOM_FOR_RUN, ROOM_FOR_ZYGOTE, ROOM_FOR_PRECOMPILE };

/* SANDBOX_UNAVAILABLE, and a message that names `ulimit -v`, when there is none: V8 would end in the middle, and the
 * agent be blamed for its memory. memory_mb is the limit of the run, 0: none. */
int address_space_check(enum address_space_for what, uint64_t memory_mb, struct iso_err *err);

#endif
