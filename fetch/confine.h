/* SPDX-License-Identifier: MIT */
/* fetch/confine.h - the sandbox of the fetch helper: before its first input it gives up everything but its pipes,
 * sockets, certificates and the resolver's configuration. */
#ifndef ISO_FETCH_CONFINE_H
#define ISO_FETCH_CONFINE_H
#include "core/error.h"

/* To be called once, by the only thread, after the libraries are loaded. SANDBOX_UNAVAILABLE: a required step has
 * failed. */
int confine(struct iso_err *err);

#endif
