/* SPDX-License-Identifier: MIT */
#include "serve/peer.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "host/io/line_breaks.h"
#include "serve/handle.h"
#include "serve/reply.h"
#include "serve/run.h"
#include "serve/tools.h"

/* ---- sending */

/* Holds all runs of a client that does not read, or lets them go on. Held workers block when their channels are
 * full. */
static void block(struct peer *p, int blocked)
{
    if (p->blocked == blocked)
        return;
    p->blocked = blocked;
    for (struct run_op *op = p->runs; op; op = op_next(op))
        op_hold(op, blocked);
    if (!blocked)
        server_schedule(p->server);
}

static void on_drained(void *ctx)
{
    struct peer *p = ctx;

    if (p->queue.error) {
        peer_drop(p, strerrordesc_np(p->queue.error));
        return;
    }
    block(p, 0);
    peer_settle(p);
}

static void on_reader_gone(void *ctx)
{
    peer_drop(ctx, strerrordesc_np(EPIPE));
}

int peer_send(struct peer *p, struct buf *message)
{
    if (p->state == PEER_GONE || p->broken)
        return 1;
    if (!message->failed)
        json_mend(message->data, message->len); /* meta and definitions come back as the client wrote them */
    line_breaks_escape(message);
    buf_byte(message, '\n');
    if (!message->failed && message->len > p->longest)
        return 0;
    if (message->failed)
        p->broken = "out of memory";
    else
        fd_queue_write(&p->queue, message->data, message->len);
    if (p->queue.error)
        p->broken = strerrordesc_np(p->queue.error);
    else if (fd_queue_backlog(&p->queue) > SERVE_LAST_BACKLOG)
        p->broken = "it does not read";
    else if (fd_queue_backlog(&p->queue) > SERVE_MOST_BACKLOG)
        block(p, 1);
    if (p->broken)
        server_drop_soon(p->server);
    return 1;
}

void peer_drop_broken(struct peer *p)
{
    if (p->broken)
        peer_drop(p, p->broken);
}

/* ---- reading */

static void take_broken(struct peer *p, const struct message *m)
{
    char data[60];

    if (!m->not_json) {
        reply_invalid(p, m->id, m->reason);
        return;
    }
    snprintf(data, sizeof data, "{\"column\":%zu}", m->column);
    reply_error(p, (struct json){0}, SERVE_PARSE_ERROR, "the line is not JSON", data);
}

static void take_peer_line(struct peer *p, const char *line, size_t len)
{
    struct message m;

    if (!line) {
        reply_invalid(p, (struct json){0}, "the line is longer than limits.maxMessageBytes");
        return;
    }
    while (len > 0 && strchr(" \t\r", line[len - 1]))
        len--;
    if (len == 0)
        return;
    message_read(&m, line, len);
    switch (m.kind) {
    case MESSAGE_BROKEN:
        take_broken(p, &m);
        return;
    case MESSAGE_RESPONSE:
        p->server->cfg->protocol->answered(p, &m);
        return;
    case MESSAGE_REQUEST:
    case MESSAGE_NOTIFICATION:
        p->server->cfg->protocol->take(p, &m);
        return;
    }
}

static void on_lines(void *ctx)
{
    struct peer *p = ctx;
    const char *line;
    size_t len;
    int got = 0;

    p->reading = 1;
    while (p->state == PEER_OPEN && (got = lines_next(&p->lines, &line, &len)) > 0)
        take_peer_line(p, line, len);
    p->reading = 0;
    if (got < 0)
        peer_end(p);
    peer_settle(p);
}

/* ---- the end */

void peer_end(struct peer *p)
{
    if (p->state != PEER_OPEN)
        return;
    p->state = PEER_ENDED;
    lines_stop(&p->lines);
    tools_reject_all(p);
    if (p->server->cfg->protocol->ended)
        p->server->cfg->protocol->ended(p);
    peer_settle(p);
}

void peer_cancel_all(struct peer *p)
{
    p->server->cfg->protocol->cancel_all(p);
}

void peer_drop(struct peer *p, const char *why)
{
    char text[200];

    if (p->state == PEER_GONE)
        return;
    if (!p->owned && strcmp(why, strerrordesc_np(EPIPE)) == 0)
        iso_fail(&p->server->fault, ISO_OUTPUT, "%s", ""); /* a client that is gone needs no message */
    else if (!p->owned)
        iso_fail(&p->server->fault, ISO_OUTPUT, "cannot write to standard output: %s", why);
    snprintf(text, sizeof text, "connection %u is given up: %s", p->number, why);
    if (p->owned) {
        p->server->cfg->say(text);
        shutdown(p->in, SHUT_RDWR); /* also wakes the thread that may be blocked in a write */
    }
    lines_stop(&p->lines);
    tools_reject_all(p);
    p->state = PEER_GONE;
    peer_cancel_all(p);
    peer_settle(p);
}

static void free_peer(struct peer *p)
{
    struct server *s = p->server;
    struct peer **at = &s->peers;

    while (*at != p)
        at = &(*at)->next;
    *at = p->next;
    s->peer_count--;
    if (p->owned)
        close(p->in);
    free(p);
    server_peer_gone(s);
}

static void on_peer_closed(void *ctx)
{
    struct peer *p = ctx;

    if (--p->closing == 0)
        free_peer(p);
}

void peer_settle(struct peer *p)
{
    if (p->state == PEER_OPEN || p->open_requests || p->reading || p->closing ||
        (p->state != PEER_GONE && fd_queue_backlog(&p->queue) > 0))
        return;
    handles_release_all(p);
    p->closing = 3; /* one for this function, so that the peer is not freed meanwhile */
    fd_queue_close(&p->queue);
    hangup_close(&p->reader, on_peer_closed);
    lines_close(&p->lines, on_peer_closed);
    on_peer_closed(p);
}

/* ---- the beginning */

struct peer *peer_open(struct server *s, int in, int out, int owned, struct iso_err *err)
{
    struct peer *p = calloc(1, sizeof *p);

    if (!p) {
        iso_fail(err, ISO_INTERNAL, "out of memory");
        return NULL;
    }
    *p = (struct peer){.server = s,
                       .number = ++s->last_peer,
                       .in = in,
                       .out = out,
                       .owned = owned,
                       .longest = PEER_LONGEST_MESSAGE};
    if (lines_open_fd(&p->lines, &s->loop, in, SERVE_LONGEST_MESSAGE, on_lines, p, err) < 0) {
        free(p);
        return NULL;
    }
    fd_queue_open(&p->queue, &s->loop, out, on_drained, p);
    hangup_open(&p->reader, &s->loop, out, on_reader_gone, p);
    p->next = s->peers;
    s->peers = p;
    s->peer_count++;
    on_lines(p);
    return p;
}
