/* SPDX-License-Identifier: MIT */
#include "host/calls/call_event.h"

#include <inttypes.h>

#include "host/result/result.h"

void call_event_print(struct buf *out, const struct bridge_call_event *event)
{
    buf_printf(out, ",\"callId\":%" PRIu64 ",\"name\":%s,\"phase\":\"%s\"", event->number, event->name,
               event->over ? "end" : "start");
    if (event->over) {
        buf_printf(out, ",\"ok\":%s", event->ok ? "true" : "false");
        result_print_ms(out, "durationMs", event->duration_ns);
    }
}
