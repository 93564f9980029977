/* SPDX-License-Identifier: MIT */
/* fetch/transfer.h - pending requests: checks them, sends them hop by hop, answers them.
 *
 * Requests share nothing: each has its own connection and TLS session, and no cookies are kept. The rules are checked
 * again for every hop, and the address of every socket when it is made, so that no resolver can answer differently
 * after a check. */
#ifndef ISO_FETCH_TRANSFER_H
#define ISO_FETCH_TRANSFER_H
#include "core/json_walk.h"
#include "rules/rules.h"

/* Requests that run at a time; further ones wait. */
#define TRANSFERS_MOST 64
/* Bytes of bodies that all running requests hold together. */
#define TRANSFERS_MOST_HELD (256u << 20)

struct transfers;

/* answer: one message, a line. NULL without memory. */
struct transfers *transfers_open(const struct fetch_rules *rules, void (*answer)(const struct buf *message));

/* Starts a request of the agent under this id; an answer follows, at once or later. With `parts`, events of an answer
 * that is an event stream are sent as they arrive: {"id":N,"part":{status, headers, text}}; the answer has the rest. */
void transfers_add(struct transfers *all, uint64_t id, int parts, struct json params);
/* Cancels a request whose answer is not wanted any more. */
void transfers_cancel(struct transfers *all, uint64_t id);

/* Waits for the network or for `fd`, and goes on with what can go on. 1 when fd is readable or at its end. */
int transfers_wait(struct transfers *all, int fd);

#endif
