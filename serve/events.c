/* SPDX-License-Identifier: MIT */
/* Notifications of a run: run/started, run/output, run/call. */
#include <inttypes.h>
#include <string.h>

#include "core/file.h"
#include "host/calls/call_event.h"
#include "serve/run.h"

/* Writes `{"jsonrpc":"2.0","method":METHOD,"params":{"runId":ID`; the caller adds members and "}}". */
static void begin_notification(struct buf *out, const struct run_op *op, const char *method)
{
    buf_printf(out, "{\"jsonrpc\":\"2.0\",\"method\":\"%s\",\"params\":{\"runId\":", method);
    buf_add(out, op->request.id.data, op->request.id.len);
}

static void end(struct buf *out, struct run_op *op)
{
    buf_str(out, "}}");
    (void)peer_send(op->request.peer, out);
}

void events_started(struct run_op *op)
{
    AUTO_BUF struct buf out = {0};

    begin_notification(&out, op, "run/started");
    result_print_ms(&out, "queueMs", op->started_ns - op->asked_ns);
    end(&out, op);
}

/* The most bytes of an item, so that the message is not too long for the client. The RunResult has items uncut. */
static size_t most_text(const struct run_op *op)
{
    size_t most = op->request.peer->longest /
                  2; /* leaves more than enough for the other members and for escapes of line breaks */

    return most < SERVE_FLUSH_BYTES ? most : most > 4 * SERVE_FLUSH_BYTES ? most : SERVE_FLUSH_BYTES;
}

void events_flush(struct run_op *op)
{
    struct server *s = op->handle->server;
    AUTO_BUF struct buf out = {0};

    if (op->to_flush) {
        struct run_op **at = &s->flushed;

        while (*at != op)
            at = &(*at)->flush_next;
        *at = op->flush_next;
        op->to_flush = 0;
    }
    if (op->items.len == 0)
        return;
    op->task.observed = 1;
    begin_notification(&out, op, "run/output");
    buf_printf(&out, ",\"seq\":%" PRIu64 ",\"items\":[", ++op->seq);
    buf_add(&out, op->items.data, op->items.len);
    out.failed |= op->items.failed;
    buf_byte(&out, ']');
    buf_reset(&op->items);
    end(&out, op);
}

/* The first part of a string literal, at most `most` bytes, that does not cut an escape or a character. */
static struct json cut(const char *literal, size_t len, size_t most)
{
    struct json_letters l = json_letters((struct json){literal, len});
    const char *whole = l.at;
    char bytes[4];

    while (l.at < literal + most - 1 && json_next_letter(&l, bytes) > 0)
        if (l.at < literal + most)
            whole = l.at;
    return (struct json){literal, (size_t)(whole - literal)};
}

static void put_item(struct run_op *op, int stream, const char *literal, size_t len)
{
    size_t most = most_text(op);

    buf_printf(&op->items, "%s{\"stream\":\"%s\",\"text\":", op->items.len ? "," : "",
               stream ? "stderr" : "stdout");
    if (len <= most) {
        buf_add(&op->items, literal, len);
    } else {
        struct json part = cut(literal, len, most);

        buf_add(&op->items, part.at, part.len);
        buf_str(&op->items, "\",\"cut\":true");
    }
    buf_byte(&op->items, '}');
}

void events_console(void *ctx, int stream, const char *literal, size_t len)
{
    struct run_op *op = ctx;
    struct server *s = op->handle->server;

    if (op->items.len && op->items.len + len > SERVE_FLUSH_BYTES)
        events_flush(op);
    put_item(op, stream, literal, len);
    if (op->items.len > SERVE_FLUSH_BYTES) {
        events_flush(op);
    } else if (!op->to_flush) {
        op->to_flush = 1;
        op->flush_next = s->flushed;
        s->flushed = op;
        server_flush_soon(s);
    }
}

void events_call(void *ctx, const struct bridge_call_event *event)
{
    struct run_op *op = ctx;
    AUTO_BUF struct buf out = {0};

    events_flush(op);
    op->task.observed = 1;
    begin_notification(&out, op, "run/call");
    call_event_print(&out, event);
    end(&out, op);
}
