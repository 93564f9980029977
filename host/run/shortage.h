/* SPDX-License-Identifier: MIT */
/* host/run/shortage.h - what the machine refuses now and may give later: descriptors, processes, memory.
 *
 * A run that cannot start for want of them is no answer about its agent: it waits until others have ended. */
#ifndef ISO_HOST_RUN_SHORTAGE_H
#define ISO_HOST_RUN_SHORTAGE_H
#include "core/error.h"

/* What a function returns in place of -1 for a shortage; *err is filled all the same. */
#define SHORTAGE (-2)

/* 1 when `error`, an errno, is a shortage. */
int shortage_is(int error);

/* Fills *err with INTERNAL: what could not be done, and for want of what. SHORTAGE, or -1 when `error` is none. */
int shortage_fail(struct iso_err *err, const char *what, int error);

#endif
