/* SPDX-License-Identifier: MIT */
/* host/hint/await_hint.h - hints for a value of another kind than the code expects: a promise, because an `await` is
 * missing, or an object in place of a list. The source tells which it is. */
#ifndef ISO_HOST_HINT_AWAIT_HINT_H
#define ISO_HOST_HINT_AWAIT_HINT_H
#include "host/hint/hint.h"

/* Appends the hint and returns 1; 0 when the message is about something else. */
int await_hint(struct buf *out, const struct hint_about *about);

#endif
