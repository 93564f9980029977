/* SPDX-License-Identifier: MIT */
/* host/calls/service.h - programs that answer many calls: JSON-RPC 2.0, one message a line.
 *
 * They are kept in a set, which belongs to one run, or to all runs of a batch for the definitions that say so
 * ("shared"). A program is started with the first call that needs it, and anew by the next call when it has
 * ended. services_close() at the end of what the set belongs to. */
#ifndef ISO_HOST_CALLS_SERVICE_H
#define ISO_HOST_CALLS_SERVICE_H
#include <stdint.h>
#include <uv.h>

struct services;
struct bridge;
struct call;

/* NULL without memory. */
struct services *services_open(uv_loop_t *loop, int shared);

void service_call(struct services *set, struct call *c);
/* The call is let go; an answer, should it still come, finds nobody, and a transfer of fetch ends. */
void service_cancel(struct call *c);
/* The call of fetch under way with the worker's number; NULL: there is none (any more). */
struct call *service_find_fetch(struct services *set, uint32_t number);
/* A run is over: its calls are freed. The programs stay. */
void services_drop(struct services *set, const struct bridge *run);

/* Kills the programs; all calls must have been dropped. The set frees itself: at once, and 1 is returned, or
 * when the last program has ended, and then `closed`, which may be NULL, is called. */
int services_close(struct services *set, void (*closed)(void *ctx), void *ctx);

#endif
