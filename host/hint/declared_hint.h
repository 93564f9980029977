/* SPDX-License-Identifier: MIT */
/* host/hint/declared_hint.h - hints that name the functions of the host: for one that is not there, and for arguments
 * that do not fit. */
#ifndef ISO_HOST_HINT_DECLARED_HINT_H
#define ISO_HOST_HINT_DECLARED_HINT_H
#include "host/hint/hint.h"

/* Appends the hint and returns 1; 0 when the message is about something else, or when nothing is declared. */
int declared_hint(struct buf *out, const struct hint_about *about);

#endif
