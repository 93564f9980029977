/* SPDX-License-Identifier: MIT */
/* serve/session.h - initialize, $/cancelRequest and check: methods for the connection. */
#ifndef ISO_SERVE_SESSION_H
#define ISO_SERVE_SESSION_H
#include "serve/peer.h"

/* The version of the protocol. */
#define SERVE_PROTOCOL 1

void method_initialize(struct peer *p, const struct message *m);
void method_cancel(struct peer *p, const struct message *m);
void method_check(struct peer *p, const struct message *m);

#endif
