/* SPDX-License-Identifier: MIT */
#include "serve/reply.h"
#include "core/file.h"

#include <stdio.h>
#include <string.h>

#include "host/result/result.h"

void reply_begin(struct buf *out, struct json id)
{
    buf_str(out, "{\"jsonrpc\":\"2.0\",\"id\":");
    buf_add(out, id.at ? id.at : "null", id.at ? id.len : 4);
    buf_str(out, ",\"result\":");
}

void reply_error(struct peer *p, struct json id, enum serve_error code, const char *message, const char *data)
{
    AUTO_BUF struct buf out = {0};

    buf_str(&out, "{\"jsonrpc\":\"2.0\",\"id\":");
    buf_add(&out, id.at ? id.at : "null", id.at ? id.len : 4);
    buf_printf(&out, ",\"error\":{\"code\":%d,\"message\":", (int)code);
    json_quote(&out, message, strlen(message));
    if (data)
        buf_printf(&out, ",\"data\":%s", data);
    buf_str(&out, "}}");
    (void)peer_send(p, &out); /* a few kilobytes at most: see PEER_LEAST_MESSAGE */
}

void reply_send(struct peer *p, struct json id, struct buf *message)
{
    if (message->failed)
        reply_error(p, id, SERVE_FAILED, "out of memory", "{\"code\":\"ERR_INTERNAL\",\"retryable\":true}");
    else if (!peer_send(p, message))
        reply_error(p, id, SERVE_FAILED,
                    "the result is longer than the client takes in one message (limits.maxMessageBytes)",
                    "{\"code\":\"ERR_EXPORT_TOO_LARGE\",\"retryable\":false}");
}

void reply_invalid(struct peer *p, struct json id, const char *reason)
{
    AUTO_BUF struct buf data = {0};

    buf_str(&data, "{\"reason\":");
    json_quote(&data, reason, strlen(reason));
    buf_str(&data, "}");
    buf_byte(&data, 0);
    reply_error(p, id, SERVE_INVALID_REQUEST, "not a request", data.failed ? NULL : data.data);
}

/* Adds the part of a message in parentheses, "(did you mean ...?)", as a hint. */
static void put_hint(struct buf *out, const char *message)
{
    const char *hint = strstr(message, "(did you mean ");
    size_t len = hint ? strlen(hint) : 0;

    if (len < 2 || hint[len - 1] != ')')
        return;
    buf_str(out, ",\"hint\":");
    json_quote(out, hint + 1, len - 2);
}

static void reply_bad_params(struct peer *p, struct json id, const char *path, const struct iso_err *err)
{
    AUTO_BUF struct buf data = {0};
    char whole[300];

    snprintf(whole, sizeof whole, "%s%s%s", path, *path && *err->path ? "." : "", err->path);
    buf_str(&data, "{\"path\":");
    json_quote(&data, whole, strlen(whole));
    if (err->line)
        buf_printf(&data, ",\"line\":%zu,\"column\":%zu", err->line, err->column);
    put_hint(&data, err->msg);
    if (err->code != ISO_USAGE)
        buf_printf(&data, ",\"code\":\"%s\"", iso_code_name(err->code));
    buf_str(&data, "}");
    buf_byte(&data, 0);
    reply_error(p, id, SERVE_INVALID_PARAMS, err->msg, data.failed ? NULL : data.data);
}

void reply_fault(struct peer *p, struct json id, const struct fault *f)
{
    reply_bad_params(p, id, f->path, &f->err);
}

void reply_failure(struct peer *p, struct json id, const char *path, const struct iso_err *err)
{
    char data[120];

    if (iso_code_exit(err->code) != 3) {
        reply_bad_params(p, id, path ? path : "", err);
        return;
    }
    snprintf(data, sizeof data, "{\"code\":\"%s\",\"retryable\":%s}", iso_code_name(err->code),
             err->code == ISO_WORKER_CRASHED || err->code == ISO_INTERNAL ? "true" : "false");
    reply_error(p, id, SERVE_FAILED, err->msg, data);
}

void reply_result_failure(struct peer *p, struct json id, const char *path, const struct run_result *result)
{
    AUTO_BUF struct buf text = {0};
    struct iso_err err;

    if (result->message.len)
        json_string_to_text(&text, result->message.data, result->message.len);
    iso_fail(&err, result->code, "%.*s", (int)text.len, text.len ? text.data : "");
    if (result->code == ISO_ABORTED)
        reply_error(p, id, SERVE_REQUEST_CANCELLED, "the request was cancelled", NULL);
    else
        reply_failure(p, id, path, &err);
}

void reply_queue_full(struct peer *p, struct json id, const char *what)
{
    reply_error(p, id, SERVE_FAILED, what, "{\"code\":\"ERR_QUEUE_FULL\",\"retryable\":true}");
}
