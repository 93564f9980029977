/* SPDX-License-Identifier: MIT */
/* host/calls/details.h - members that --call-details adds to a call in the list of calls, as pieces of JSON.
 *
 * A value of more than DETAILS_MOST_VALUE bytes is cut (host/result/cut.h). All values of a run together have no more
 * than DETAILS_MOST bytes; further ones are left out. */
#ifndef ISO_HOST_CALLS_DETAILS_H
#define ISO_HOST_CALLS_DETAILS_H
#include "core/json_walk.h"

#define DETAILS_MOST_VALUE (4u << 10)
#define DETAILS_MOST       (16u << 20)
/* Longer values are not read, because that would hold up the event loop: only their size is kept. */
#define DETAILS_MOST_READ (1u << 20)

/* Appends `,"key":value` to *to. `value` has passed json_check(). `used` counts the bytes of the run. -1: the value is
 * left out, because the run has used all its bytes or there is no memory; *to is as before. */
int details_add(struct buf *to, size_t *used, const char *key, struct json value);

#endif
