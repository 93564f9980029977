/* SPDX-License-Identifier: MIT */
/* Asks servers for their tools, all at the same time, on a loop of its own. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/file.h"
#include "core/terminal.h"
#include "host/io/signals.h"
#include "host/mcp/session.h"
#include "host/mcp/tools.h"

struct asking;

/* One server. */
struct asked {
    struct mcp_request request; /* the first member */
    struct asking *all;
    const struct mcp_server *server;
    struct mcp_session *session; /* NULL: not started, or it has ended */
    uv_timer_t timer;
    struct buf tools; /* the Tools so far, with commas between */
    size_t count, pages;
    int done;
};

struct asking {
    uv_loop_t loop;
    struct mcp_asking *given;
    struct asked *list;
    size_t count, open; /* open: have not listed all */
    struct signals signals;
    struct iso_err err; /* .code set: asking has failed */
};

/* ---- the end */

static void close_server(struct asked *a)
{
    if (!uv_is_closing((uv_handle_t *)&a->timer))
        uv_close((uv_handle_t *)&a->timer, NULL);
    if (a->session)
        mcp_session_close(a->session);
}

static void close_asking(struct asking *all)
{
    for (size_t i = 0; i < all->count; i++)
        close_server(&all->list[i]);
    signals_close(&all->signals);
}

/* Handles a failure; the first one ends all servers. */
static void fail_asking(struct asked *a, enum iso_code code, const char *what, const char *words)
{
    struct asking *all = a->all;
    AUTO_BUF struct buf text = {0};

    if (all->err.code)
        return;
    terminal_line(&text, words, strlen(words));
    iso_fail(&all->err, code, "the MCP server '%.100s' %.200s%.*s", a->server->name, what,
             (int)(text.len < 180 ? text.len : 180), text.len ? text.data : "");
    close_asking(all);
}

static void settle_asked(struct asked *a)
{
    a->done = 1;
    close_server(a);
    if (--a->all->open == 0)
        close_asking(a->all);
}

static void on_ended(void *ctx)
{
    ((struct asked *)ctx)->session = NULL;
}

static void on_timer(uv_timer_t *timer)
{
    struct asked *a = timer->data;
    char what[80];

    snprintf(what, sizeof what, "has not listed its tools within %" PRIu64 " ms",
             a->server->timeout_ms ? a->server->timeout_ms : MCP_LIST_MS);
    fail_asking(a, ISO_USAGE, what, "");
}

static void on_asking_signal(void *ctx, int signal)
{
    struct asking *all = ctx;

    all->given->signal = signal;
    if (!all->err.code)
        iso_fail(&all->err, ISO_ABORTED, "aborted");
    close_asking(all);
}

/* ---- pages */

static void ask_page(struct asked *a, struct json cursor)
{
    buf_reset(&a->request.params);
    if (cursor.at) {
        buf_str(&a->request.params, "\"cursor\":");
        buf_add(&a->request.params, cursor.at, cursor.len);
    }
    mcp_session_send(a->session, &a->request);
}

static int take_page(struct asked *a, struct json page)
{
    struct json one;

    if (!page.at || json_kind(page) != JSON_ARRAY) {
        fail_asking(a, ISO_USAGE, "answers tools/list without a list of tools", "");
        return -1;
    }
    for (struct json_walk w = json_walk(page); json_next(&w, NULL, &one); a->count++) {
        buf_str(&a->tools, a->count ? "," : "[");
        buf_add(&a->tools, one.at, one.len);
    }
    if (a->count > MCP_MOST_TOOLS || a->tools.failed || a->tools.len > MCP_MOST_LIST_BYTES) {
        fail_asking(a, ISO_USAGE, "lists more tools than iso4 takes: 10000, in 32 MiB", "");
        return -1;
    }
    return 0;
}

/* Fails with the reason why there is no answer. */
static void fail_answer(struct asked *a, const struct mcp_answer *answer)
{
    static const char said[] = "got no answer: its MCP server ";
    const char *why = answer->failed;

    if (strncmp(why, said, strlen(said)) == 0)
        why += strlen(said);
    fail_asking(a, answer->shortage ? ISO_INTERNAL : ISO_USAGE, why, answer->words);
}

static void on_page(struct mcp_request *request, const struct mcp_answer *answer)
{
    struct asked *a = (struct asked *)request;
    struct json cursor = json_member(answer->result, "nextCursor"), code = json_member(answer->error, "code"),
                message = json_member(answer->error, "message");
    AUTO_BUF struct buf text = {0};

    if (answer->failed) {
        fail_answer(a, answer);
    } else if (answer->error.at && code.at && code.len == 6 && memcmp(code.at, "-32601", 6) == 0) {
        settle_asked(a); /* the server has no tools */
    } else if (answer->error.at) {
        buf_str(&text, ": ");
        if (message.at && json_kind(message) == JSON_STRING)
            json_decode(&text, message);
        buf_byte(&text, 0);
        fail_asking(a, ISO_USAGE, "answers tools/list with an error", text.failed ? "" : text.data);
    } else if (take_page(a, json_member(answer->result, "tools")) == 0) {
        if (!cursor.at || json_kind(cursor) != JSON_STRING)
            settle_asked(a);
        else if (++a->pages >= MCP_MOST_PAGES)
            fail_asking(a, ISO_USAGE, "lists its tools on more than 100 pages", "");
        else
            ask_page(a, cursor);
    }
}

/* ---- the beginning */

static void start_asking(struct asked *a)
{
    struct mcp_events events = {on_ended, a};
    struct iso_err err;

    a->request.method = "tools/list";
    a->request.answered = on_page;
    if (*a->server->fault) {
        fail_asking(a, ISO_USAGE, a->server->fault, "");
        return;
    }
    if (mcp_session_open(&a->all->loop, a->server, a->all->given->helper, &events, &a->session, &err) < 0) {
        a->session = NULL;
        fail_asking(a, ISO_USAGE, err.msg, "");
        return;
    }
    uv_timer_start(&a->timer, on_timer, a->server->timeout_ms ? a->server->timeout_ms : MCP_LIST_MS, 0);
    mcp_session_allow(a->session, MCP_MOST_LIST_BYTES);
    ask_page(a, (struct json){0});
}

static int choose(struct asking *all)
{
    const struct mcp_servers *servers = all->given->servers;

    all->list = calloc(servers->count + 1, sizeof *all->list);
    if (!all->list)
        return -1;
    for (size_t i = 0; i < servers->count; i++) {
        AUTO_BUF struct buf global = {0};

        mcp_global_name(&servers->list[i], &global);
        buf_byte(&global, 0);
        if (global.failed)
            return -1;
        if (!all->given->wanted || all->given->wanted(all->given->ctx, global.data))
            all->list[all->count++] = (struct asked){.all = all, .server = &servers->list[i]};
    }
    all->open = all->count;
    return 0;
}

static int refuse_same_global(const struct asking *all, size_t n, const struct buf *global,
                              struct iso_err *err)
{
    for (size_t i = 0; i < n; i++) {
        AUTO_BUF struct buf other = {0};

        mcp_global_name(all->list[i].server, &other);
        if (other.len == global->len && memcmp(other.data, global->data, other.len) == 0)
            return iso_fail(err, ISO_USAGE,
                            "the MCP servers '%.100s' and '%.100s' would both be the global %.*s",
                            all->list[i].server->name, all->list[n].server->name,
                            (int)(global->len < 100 ? global->len : 100), global->data);
    }
    return 0;
}

static int define_all(struct asking *all, struct iso_err *err)
{
    struct buf *out = all->given->definitions;

    buf_byte(out, '{');
    for (size_t i = 0; i < all->count; i++) {
        struct asked *a = &all->list[i];
        AUTO_BUF struct buf global = {0};
        struct iso_err why;

        mcp_global_name(a->server, &global);
        if (refuse_same_global(all, i, &global, err) < 0)
            return -1;
        buf_str(out, i ? "," : "");
        json_quote(out, global.data, global.len);
        buf_str(out, ":{\"members\":{");
        buf_str(&a->tools, a->count ? "]" : "[]");
        if (a->tools.failed)
            return iso_fail(err, ISO_INTERNAL, "out of memory");
        if (mcp_define(a->server, json_whole(a->tools.data, a->tools.len), out, all->given->notes, &why) < 0)
            return iso_fail(err, why.code, "the MCP server '%.100s' %s", a->server->name, why.msg);
        buf_str(out, "}}");
    }
    buf_byte(out, '}');
    return out->failed ? iso_fail(err, ISO_INTERNAL, "out of memory") : 0;
}

static void run_asking(struct asking *all)
{
    uv_loop_init(&all->loop);
    signals_open(&all->signals, &all->loop, 0, on_asking_signal, all);
    for (size_t i = 0; i < all->count; i++) {
        uv_timer_init(&all->loop, &all->list[i].timer);
        all->list[i].timer.data = &all->list[i];
    }
    for (size_t i = 0; i < all->count && !all->err.code; i++)
        start_asking(&all->list[i]);
    uv_run(&all->loop, UV_RUN_DEFAULT);
    uv_loop_close(&all->loop);
}

int mcp_ask(struct mcp_asking *given, struct iso_err *err)
{
    struct asking all = {.given = given};
    int rc = choose(&all) < 0 ? iso_fail(err, ISO_INTERNAL, "out of memory") : 0;

    if (rc == 0 && all.count)
        run_asking(&all);
    if (rc == 0 && all.err.code) {
        *err = all.err;
        rc = -1;
    }
    if (rc == 0)
        rc = define_all(&all, err);
    for (size_t i = 0; i < all.count; i++) {
        buf_free(&all.list[i].request.params);
        buf_free(&all.list[i].tools);
    }
    free(all.list);
    return rc;
}
