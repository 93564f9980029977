/* SPDX-License-Identifier: MIT */
/* host/calls/rpc_error.h - turns the error of a JSON-RPC response into the exception that an agent catches. */
#ifndef ISO_HOST_CALLS_RPC_ERROR_H
#define ISO_HOST_CALLS_RPC_ERROR_H
#include "core/json_walk.h"

/* Appends an object with name, message, code and the members of `data`: the properties of the exception. */
void rpc_error_thrown(struct buf *out, struct json error);

#endif
