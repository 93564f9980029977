/* SPDX-License-Identifier: MIT */
/* serve/tools.h - tool/call: calls of agents that the client answers. */
#ifndef ISO_SERVE_TOOLS_H
#define ISO_SERVE_TOOLS_H
#include "serve/message.h"

struct call;
struct peer;

/* Of a struct caller, whose ctx is a run_op. */
void tools_ask(void *op, struct call *c);
void tools_cancel(void *op, struct call *c);

/* A response of the client. One that answers no open call is ignored. */
void tools_answered(struct peer *p, const struct message *m);

/* The client answers nothing any more: open calls fail, and so do those to come. */
void tools_reject_all(struct peer *p);

#endif
