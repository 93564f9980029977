/* SPDX-License-Identifier: MIT */
/* worker/process/zygote.h - a worker that runs nothing itself: a process with the snapshot restored, forked for every
 * run. See protocol/zygote.h for what the parent says to it. */
#ifndef ISO_WORKER_PROCESS_ZYGOTE_H
#define ISO_WORKER_PROCESS_ZYGOTE_H
#include <signal.h>

/* Before lockdown: ends of children are noticed while the zygote waits, and at no other time. */
void zygote_prepare(void);

/* Serves the parent. Returns only in children, whose channel is then the one that came with the request. */
void zygote_serve(void);

#endif
