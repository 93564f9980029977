/* SPDX-License-Identifier: MIT */
/* fetch/transfer.h - requests under way: checked, sent hop by hop, answered.
 *
 * Everything about one request is its own: connection, TLS session, cookies (none). The rules are asked again
 * for every hop, and the address of every socket is looked at when it is made, so that no resolver can answer
 * differently after a check. */
#ifndef ISO_FETCH_TRANSFER_H
#define ISO_FETCH_TRANSFER_H
#include "core/json_walk.h"
#include "rules/rules.h"

/* At a time; further requests wait. */
#define TRANSFERS_MOST 64
/* Bytes of bodies that requests under way hold together. */
#define TRANSFERS_MOST_HELD (256u << 20)

struct transfers;

/* answer: one message, a line. NULL without memory. */
struct transfers *transfers_open(const struct fetch_rules *rules, void (*answer)(const struct buf *message));

/* A request of the sandbox's under this id; an answer follows, at once or later. */
void transfers_add(struct transfers *all, uint64_t id, struct json params);
/* The answer is not wanted any more. */
void transfers_cancel(struct transfers *all, uint64_t id);

/* Waits for the network or for `fd`, and goes on with what can go on. 1 when fd is readable or at its end. */
int transfers_wait(struct transfers *all, int fd);

#endif
