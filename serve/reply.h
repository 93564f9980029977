/* SPDX-License-Identifier: MIT */
/* serve/reply.h - sends answers: results, and the errors of iso4-serve(7). */
#ifndef ISO_SERVE_REPLY_H
#define ISO_SERVE_REPLY_H
#include "serve/params.h"
#include "serve/peer.h"

/* id, code */
#define SERVE_ERRORS(X)          \
    X(PARSE_ERROR, -32700)       \
    X(INVALID_REQUEST, -32600)   \
    X(NOT_INITIALIZED, -32002)   \
    X(METHOD_NOT_FOUND, -32601)  \
    X(INVALID_PARAMS, -32602)    \
    X(REQUEST_CANCELLED, -32800) \
    X(FAILED, 3)

enum serve_error {
#define X(id, code) SERVE_##id = (code),
    SERVE_ERRORS(X)
#undef X
};

/* Writes `{"jsonrpc":"2.0","id":ID,"result":`; the caller adds the result and "}". */
void reply_begin(struct buf *out, struct json id);
/* Sends that message, or an error when it is longer than the client accepts. */
void reply_send(struct peer *p, struct json id, struct buf *message);

/* Sends an error. `data` is a JSON object or NULL; id.at NULL: null. */
void reply_error(struct peer *p, struct json id, enum serve_error code, const char *message,
                 const char *data);
/* Sends INVALID_REQUEST with its reason. */
void reply_invalid(struct peer *p, struct json id, const char *reason);
/* Sends INVALID_PARAMS for a fault. */
void reply_fault(struct peer *p, struct json id, const struct fault *f);
/* Sends an error by the exit status of the code: INVALID_PARAMS for 1 and 2, FAILED for 3; `path` names the member, or
 * is NULL. */
void reply_failure(struct peer *p, struct json id, const char *path, const struct iso_err *err);
/* Like reply_failure(), for a failed trial run; REQUEST_CANCELLED when it was cancelled. */
struct run_result;
void reply_result_failure(struct peer *p, struct json id, const char *path, const struct run_result *result);
/* Sends FAILED, with the mark that the client may try again. */
void reply_queue_full(struct peer *p, struct json id, const char *what);

#endif
