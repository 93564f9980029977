/* SPDX-License-Identifier: MIT */
/* host/calls/tool_result.h - what a CallToolResult of the Model Context Protocol is for an agent. */
#ifndef ISO_HOST_CALLS_TOOL_RESULT_H
#define ISO_HOST_CALLS_TOOL_RESULT_H
#include "core/json_walk.h"

/* Appends the value: structuredContent where there is one; else, when all items are text, that text, as JSON if it is an
 * object or an array; else the whole result. With isError 0 is returned and an exception is appended: a ToolError of the
 * joined text, with the items in `content`. */
int tool_result_unwrap(struct json result, struct buf *out);

#endif
