/* SPDX-License-Identifier: MIT */
/* The fetch helper: iso4 starts it with the first call of a fetch global, and ends it with the run.
 *
 * JSON-RPC 2.0 over its standard streams, one message a line. The first is {"method":"rules","params":
 * DEFINITION} with the secrets filled in; then {"id":N,"method":"fetch","params":[REQUEST]}, or
 * "events", see transfers_add(), and {"method":"cancel","params":[N]}. The end of its input ends the helper and all transfers. */
#include <curl/curl.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/file.h"
#include "core/limits.h"
#include "fetch/confine.h"
#include "fetch/transfer.h"

/* The longest line: a request with the largest body, with room for its other members. */
#define LINE_MOST (2u * ISO_FRAME_CAP)

struct program {
    struct fetch_rules rules;
    struct transfers *transfers; /* NULL until the rules arrive */
    struct buf input;
    size_t looked_at; /* bytes of `input` that hold no line end */
};

static void __attribute__((noreturn)) give_up(const char *why)
{
    fprintf(stderr, "%s\n", why);
    _exit(1);
}

static void on_answer(const struct buf *message)
{
    if (message->failed || fd_write_all(STDOUT_FILENO, message->data, message->len) < 0)
        _exit(1); /* iso4 is gone, or the channel is broken */
}

static void take_rules(struct program *p, struct json params)
{
    struct fetch_fault fault;

    if (fetch_rules_read(&p->rules, params, 1, &fault) < 0)
        give_up(fault.what);
    p->transfers = transfers_open(&p->rules, on_answer);
    if (!p->transfers)
        give_up("out of memory");
}

static void take_message(struct program *p, const char *line, size_t len)
{
    struct json message, method, params, number, which;
    struct json_walk w;
    uint64_t id;

    if (json_check(line, len, NULL, NULL) < 0)
        give_up("a message that is no JSON");
    message = json_whole(line, len);
    method = json_member(message, "method");
    params = json_member(message, "params");
    which = json_member(message, "id");
    if (!method.at || !params.at)
        give_up("a message without method or params");
    if (!p->transfers) {
        take_rules(p, params);
    } else if (json_is(method, "fetch") || json_is(method, "events")) {
        if (which.at && json_whole_number(which, UINT32_MAX, &id) == 0)
            transfers_add(p->transfers, id, json_is(method, "events"), params);
    } else if (json_is(method, "cancel")) {
        w = json_walk(params);
        if (json_next(&w, NULL, &number) && json_whole_number(number, UINT32_MAX, &id) == 0)
            transfers_cancel(p->transfers, id);
    }
}

static void take_lines(struct program *p)
{
    char *end;
    size_t from = 0;

    while ((end = memchr(p->input.data + p->looked_at, '\n', p->input.len - p->looked_at))) {
        size_t at = (size_t)(end - p->input.data);

        take_message(p, p->input.data + from, at - from);
        from = p->looked_at = at + 1;
    }
    buf_consume(&p->input, from);
    p->looked_at = p->input.len;
}

/* 0 at the end of the input. */
static int read_input(struct program *p)
{
    ssize_t n;

    if (p->input.len > LINE_MOST || buf_reserve(&p->input, 64 << 10) < 0)
        give_up("a message that is too long");
    n = read(STDIN_FILENO, p->input.data + p->input.len, 64 << 10);
    if (n <= 0)
        return n < 0 && errno == EINTR;
    p->input.len += (size_t)n;
    take_lines(p);
    return 1;
}

int main(void)
{
    struct program p = {0};
    struct iso_err err;

    clearenv();
    setenv("LOCALDOMAIN", "", 1); /* the resolver must not append a search domain to names */
    signal(SIGPIPE, SIG_IGN);     /* OpenSSL writes to sockets that may be closed */
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        give_up("libcurl cannot be used");
    if (confine(&err) < 0)
        give_up(err.msg);
    while (!p.transfers)
        if (!read_input(&p))
            _exit(0);
    for (;;)
        if (transfers_wait(p.transfers, STDIN_FILENO) && !read_input(&p))
            _exit(0); /* drops pending transfers */
}
