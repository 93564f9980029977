/* SPDX-License-Identifier: MIT */
/* host/io/shortage.h - shortages of descriptors, processes or memory, which end by themselves.
 *
 * A run that cannot start because of a shortage has not failed: it waits until other runs have ended. */
#ifndef ISO_HOST_IO_SHORTAGE_H
#define ISO_HOST_IO_SHORTAGE_H
#include <stddef.h>

#include "core/error.h"

/* Returned in place of -1 for a shortage; *err is filled, too. */
#define SHORTAGE (-2)

/* 1 when `error`, an errno, is a shortage. */
int shortage_is(int error);

/* Describes the resource that is missing, with the limit that can be raised, when a request for a process, descriptors
 * or memory failed with `error`. The system's message for other errors. May use text[]. */
const char *shortage_name(int error, char *text, size_t size);

/* Fills *err with INTERNAL; `what` names the operation that failed. Returns SHORTAGE, or -1 when `error` is not a
 * shortage. */
int shortage_fail(struct iso_err *err, const char *what, int error);

#endif
