/* SPDX-License-Identifier: MIT */
/* worker/process/zygote.h - a zygote: a process with a restored snapshot, which runs no agents itself but is forked for
 * every run. See protocol/zygote.h for its messages. */
#ifndef ISO_WORKER_PROCESS_ZYGOTE_H
#define ISO_WORKER_PROCESS_ZYGOTE_H
#include <signal.h>

/* Before lockdown: blocks SIGCHLD, so that ends of children are handled only while the zygote waits. */
void zygote_prepare(void);

/* Serves the parent. Returns only in children, whose channel is the one that came with the request. */
void zygote_serve(void);

#endif
