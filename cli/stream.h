/* SPDX-License-Identifier: MIT */
/* cli/stream.h - --stream: lines on standard error about runs that are under way, as text or (--stream=jsonl) as events.
 *
 * An event is a JSON object on a line. Its member `job` is the label of the run, which is JSON. */
#ifndef ISO_CLI_STREAM_H
#define ISO_CLI_STREAM_H
#include "cli/options.h"
#include "core/json_walk.h"
#include "host/calls/bridge.h"

/* 1 with --stream=jsonl. */
int stream_has_events(const struct options *o);

/* Prints the text of a console entry, a JSON string. */
void stream_console(void *ctx, int stream, const char *literal, size_t len);

void stream_console_event(struct json label, int stream, const char *literal, size_t len);
void stream_call_event(struct json label, const struct bridge_call_event *event);

#endif
