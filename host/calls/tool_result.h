/* SPDX-License-Identifier: MIT */
/* host/calls/tool_result.h - turns a CallToolResult of the Model Context Protocol into a value or exception. */
#ifndef ISO_HOST_CALLS_TOOL_RESULT_H
#define ISO_HOST_CALLS_TOOL_RESULT_H
#include "core/json_walk.h"

/* 1 and the value: structuredContent if there is one; else, when all items are text, the joined text, parsed if it is
 * a JSON object or array; else the whole result. 0 when isError is set, and the exception: a ToolError with the joined
 * text, and the items in `content`. */
int tool_result_unwrap(struct json result, struct buf *out);

#endif
