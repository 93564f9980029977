/* SPDX-License-Identifier: MIT */
/* Messages to iso4 about a request. */
#include <inttypes.h>
#include <string.h>

#include "core/clock.h"
#include "core/file.h"
#include "fetch/transfer_internal.h"

/* The line for the host's log: without query, headers and body, which may hold secrets. */
static void print_log(const struct transfer *t, struct buf *out)
{
    AUTO_BUF struct buf line = {0};

    buf_printf(&line, "%s ", *t->request.method ? t->request.method : "?");
    if (t->target.host)
        target_print_short(&t->target, &line);
    else
        buf_str(&line, "(no URL)");
    if (t->why.reason)
        buf_printf(&line, " %s (%s): %s", refusal_blocked(t->why.reason) ? "refused" : "failed",
                   refusal_name(t->why.reason), t->why.what);
    else
        buf_printf(&line, " %d", t->response.status);
    if (t->hops)
        buf_printf(&line, ", redirect %u", t->hops);
    buf_printf(&line, ", %.1f ms", (double)(monotonic_ns() - t->start_ns) / 1e6);
    buf_str(out, ",\"log\":");
    json_quote(out, line.data, line.len);
}

static void print_error(const struct transfer *t, struct buf *out)
{
    AUTO_BUF struct buf message = {0};

    buf_printf(&message, "fetch: %s", t->why.what);
    buf_str(out, ",\"error\":{\"message\":");
    json_quote(out, message.data, message.len);
    buf_printf(out, ",\"data\":{\"name\":\"%s\",\"reason\":\"%s\"%s}}",
               t->why.reason == REASON_TIMEOUT ? "TimeoutError" : "TypeError", refusal_name(t->why.reason),
               refusal_blocked(t->why.reason) ? ",\"blocked\":true" : "");
}

static int has_body(const struct transfer *t)
{
    return strcmp(t->request.method, "HEAD") != 0 && t->response.status != 204 && t->response.status != 205 &&
           t->response.status != 304;
}

static void print_result(const struct transfer *t, struct buf *out)
{
    AUTO_BUF struct buf url = {0};

    target_print(&t->target, &url);
    buf_str(out, ",\"result\":{\"url\":");
    json_quote(out, url.len ? url.data : "", url.len);
    buf_printf(out, ",\"redirected\":%s,", t->hops ? "true" : "false");
    response_print(&t->response, has_body(t), out);
    buf_byte(out, '}');
}

void answer_print_part(const struct transfer *t, size_t len, struct buf *out)
{
    struct response part = t->response;

    part.body.len = len; /* borrowed */
    buf_printf(out, "{\"jsonrpc\":\"2.0\",\"id\":%" PRIu64 ",\"part\":{", t->id);
    response_print(&part, 1, out);
    buf_str(out, "}}\n");
}

void answer_print(const struct transfer *t, struct buf *out)
{
    buf_printf(out, "{\"jsonrpc\":\"2.0\",\"id\":%" PRIu64, t->id);
    print_log(t, out);
    if (t->why.reason)
        print_error(t, out);
    else
        print_result(t, out);
    buf_str(out, "}\n");
}
