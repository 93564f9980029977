/* SPDX-License-Identifier: MIT */
/* host/io/threads.h - checks that libuv's pool of threads can be started.
 *
 * libuv calls abort() when it cannot start its threads, and a limit on processes is a limit on threads, too. Call
 * threads_check() before the first work for the pool. */
#ifndef ISO_HOST_IO_THREADS_H
#define ISO_HOST_IO_THREADS_H
#include "core/error.h"

/* Starts as many threads as the pool and the watchdog will have, and ends them. INTERNAL, or SHORTAGE of host/io/shortage.h: they could
 * not be started. */
int threads_check(struct iso_err *err);

#endif
