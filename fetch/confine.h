/* SPDX-License-Identifier: MIT */
/* fetch/confine.h - what the helper program gives up before it reads its first byte: everything but its
 * pipes, sockets, certificates and the resolver's configuration. */
#ifndef ISO_FETCH_CONFINE_H
#define ISO_FETCH_CONFINE_H
#include "core/error.h"

/* Once, by the only thread, when the libraries are loaded. SANDBOX_UNAVAILABLE: a step that must not fail
 * has failed. */
int confine(struct iso_err *err);

#endif
