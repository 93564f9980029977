/* SPDX-License-Identifier: MIT */
/* serve/tools.h - tool/call sends an agent's call to the client; tool/approve asks the client to allow a call. */
#ifndef ISO_SERVE_TOOLS_H
#define ISO_SERVE_TOOLS_H
#include "serve/message.h"

struct call;
struct peer;

/* The functions of a struct caller whose ctx is a run_op. */
void tools_ask(void *op, struct call *c);
void tools_cancel(void *op, struct call *c);

/* The functions of a struct approver whose ctx is a run_op. */
void approvals_ask(void *op, struct call *c);
void approvals_cancel(void *op, struct call *c);

/* Takes a response of the client. A response without an open call is ignored. */
void tools_answered(struct peer *p, const struct message *m);

/* Fails all open and later calls, because the client sends no more answers. */
void tools_reject_all(struct peer *p);

#endif
