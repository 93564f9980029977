/* SPDX-License-Identifier: MIT */
/* host/calls/call_event.h - prints the start or the end of a call, as --stream=jsonl and iso4-serve(7) tell it. */
#ifndef ISO_HOST_CALLS_CALL_EVENT_H
#define ISO_HOST_CALLS_CALL_EVENT_H
#include "core/buf.h"
#include "host/calls/bridge.h"

/* Appends the members of an object, each after a comma. */
void call_event_print(struct buf *out, const struct bridge_call_event *event);

#endif
