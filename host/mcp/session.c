/* SPDX-License-Identifier: MIT */
#include "host/mcp/session_internal.h"

#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/file.h"
#include "core/terminal.h"
#include "core/version.h"
#include "host/io/line_breaks.h"
#include "host/io/split.h"

/* Bytes for a handshake, or for the parts of a message besides the result. */
#define LEAST_MESSAGE (1u << 20)

/* ---- the end */

static void unlink_request(struct mcp_request *r)
{
    struct mcp_session *s = r->session;

    *r->at = r->next;
    if (r->next)
        r->next->at = r->at;
    else if (s->waiting_end == &r->next)
        s->waiting_end = r->at;
    r->session = NULL;
}

void session_answer(struct mcp_request *r, const struct mcp_answer *a)
{
    unlink_request(r);
    r->answered(r, a);
}

static struct mcp_request *any_request(const struct mcp_session *s)
{
    if (s->waiting)
        return s->waiting;
    for (size_t i = 0; i < MCP_SESSION_BUCKETS; i++)
        if (s->sent[i])
            return s->sent[i];
    return NULL;
}

/* No line is read any more; on_end() follows, and answers what is open. */
void session_give_up(struct mcp_session *s, const char *fmt, ...)
{
    va_list ap;

    if (s->over)
        return;
    va_start(ap, fmt);
    vsnprintf(s->fault, sizeof s->fault, fmt, ap);
    va_end(ap);
    s->over = 1;
    s->state = SESSION_OVER;
    process_abandon(s->process);
}

static void explain_end(const struct mcp_session *s, char *to, size_t size, const struct process_end *end)
{
    if (end->failed)
        snprintf(to, size, "got no answer: its MCP server %s", end->failed);
    else if (*s->fault)
        snprintf(to, size, "got no answer: its MCP server %s", s->fault);
    else if (end->signal)
        snprintf(to, size, "got no answer: its MCP server was ended by signal SIG%s",
                 sigabbrev_np(end->signal));
    else
        snprintf(to, size, "got no answer: its MCP server ended with exit status %" PRId64, end->exit_status);
}

static void on_server_end(void *ctx, const struct process_end *end)
{
    struct mcp_session *s = ctx;
    struct mcp_answer a = {.failed = "", .shortage = end->shortage};
    struct mcp_request *r;
    char why[600], words[2048];

    s->state = SESSION_OVER;
    s->over = 1;
    explain_end(s, why, sizeof why, end);
    if (!end->failed && *s->words)
        snprintf(words, sizeof words, "%s", s->words);
    else
        process_last_words(words, sizeof words, end);
    a.failed = why;
    a.words = words;
    while ((r = any_request(s))) {
        session_answer(r, &a);
        a.words = "";
    }
    s->events.ended(s->events.ctx);
    buf_free(&s->line);
    buf_free(&s->http_session);
    buf_free(&s->hello.params);
    free(s);
}

struct mcp_request *session_find(const struct mcp_session *s, uint64_t id)
{
    struct mcp_request *r = s->sent[id % MCP_SESSION_BUCKETS];

    while (r && r->id != id)
        r = r->next;
    return r;
}

/* ---- sending */

static void put_client(struct buf *out)
{
    buf_str(out, "{\"name\":\"iso4\",\"version\":\"" ISO4_VERSION "\"}");
}

/* Appends the params. In the modern protocol each request also describes the client. */
static void put_params(const struct mcp_session *s, struct buf *out, const struct buf *members)
{
    buf_str(out, ",\"params\":{");
    buf_add(out, members->data, members->len);
    if (s->modern) {
        buf_str(out, members->len ? "," : "");
        buf_str(out, "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"" MCP_VERSION_MODERN
                     "\",\"io.modelcontextprotocol/clientCapabilities\":{},"
                     "\"io.modelcontextprotocol/clientInfo\":");
        put_client(out);
        buf_byte(out, '}');
    }
    buf_byte(out, '}');
}

/* Sends what is in *line, an object that lacks its end; `id` is that of a request, or 0. */
static void write_line(struct mcp_session *s, struct buf *line, uint64_t id)
{
    buf_byte(line, '}');
    line_breaks_escape(line);
    buf_byte(line, '\n');
    if (line->failed)
        session_give_up(s, "could not be asked: out of memory");
    else if (!s->over && s->server->url)
        http_post(s, (struct json){line->data, line->len - 1}, id);
    else if (!s->over)
        process_write(s->process, line->data, line->len);
    if (!s->over && process_backlog(s->process) > MCP_MOST_BACKLOG)
        session_give_up(s, "does not read its input");
}

static void write_request(struct mcp_session *s, struct mcp_request *r)
{
    AUTO_BUF struct buf line = {0};
    struct mcp_request **bucket;

    r->session = s;
    r->id = ++s->last_id;
    bucket = &s->sent[r->id % MCP_SESSION_BUCKETS];
    r->next = *bucket;
    r->at = bucket;
    if (r->next)
        r->next->at = &r->next;
    *bucket = r;
    buf_printf(&line, "{\"jsonrpc\":\"2.0\",\"id\":%" PRIu64 ",\"method\":\"%s\"", r->id, r->method);
    put_params(s, &line, &r->params);
    line.failed |= r->params.failed;
    write_line(s, &line, r->id);
}

void mcp_session_send(struct mcp_session *s, struct mcp_request *r)
{
    if (s->state == SESSION_READY) {
        write_request(s, r);
        return;
    }
    r->session = s;
    r->id = 0;
    r->next = NULL;
    r->at = s->waiting_end;
    *s->waiting_end = r;
    s->waiting_end = &r->next;
}

void mcp_session_cancel(struct mcp_request *r)
{
    struct mcp_session *s = r->session;
    AUTO_BUF struct buf line = {0}, members = {0};

    unlink_request(r);
    if (!r->id || s->over)
        return;
    if (s->server->url)
        http_cancel(s, r->id);
    if (s->server->url && s->modern)
        return; /* the end of the connection says it */
    buf_printf(&members, "\"requestId\":%" PRIu64 ",\"reason\":\"the answer is not wanted any more\"", r->id);
    buf_str(&line, "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\"");
    put_params(s, &line, &members);
    write_line(s, &line, 0);
}

size_t mcp_session_backlog(const struct mcp_session *s)
{
    return s->over ? 0 : process_backlog(s->process);
}

void mcp_session_allow(struct mcp_session *s, uint64_t bytes)
{
    if (s->longest < bytes + LEAST_MESSAGE)
        s->longest = bytes + LEAST_MESSAGE;
}

int mcp_session_is_over(const struct mcp_session *s)
{
    return s->over;
}

void mcp_session_close(struct mcp_session *s)
{
    session_give_up(s, "is not needed any more");
}

/* ---- the handshake */

static void greet(struct mcp_session *s, const char *method,
                  void (*answered)(struct mcp_request *r, const struct mcp_answer *a))
{
    s->hello.method = method;
    s->hello.answered = answered;
    write_request(s, &s->hello);
}

static void be_ready(struct mcp_session *s)
{
    struct mcp_request *r;

    s->state = SESSION_READY;
    while (s->state == SESSION_READY && (r = s->waiting)) {
        unlink_request(r);
        write_request(s, r);
    }
}

/* Appends the server's error message. */
static void put_message(struct buf *out, struct json error)
{
    struct json message = json_kind(error) == JSON_OBJECT ? json_member(error, "message") : error;
    AUTO_BUF struct buf text = {0};

    if (!message.at || json_kind(message) != JSON_STRING) {
        buf_str(out, "an error without a message");
    } else {
        json_decode(&text, message);
        terminal_line(out, text.data, text.len < 120 ? text.len : 120);
    }
    buf_byte(out, 0);
}

static void on_discovered(struct mcp_request *r, const struct mcp_answer *a)
{
    struct mcp_session *s = (struct mcp_session *)((char *)r - offsetof(struct mcp_session, hello));
    AUTO_BUF struct buf why = {0};
    struct json one;

    if (a->failed)
        return;
    if (a->error.at) {
        put_message(&why, a->error);
        session_give_up(s, "refuses initialize and server/discover: %s", why.failed ? "" : why.data);
        return;
    }
    for (struct json_walk w = json_walk(json_member(a->result, "supportedVersions"));
         json_next(&w, NULL, &one);)
        if (json_kind(one) == JSON_STRING && json_is(one, MCP_VERSION_MODERN)) {
            be_ready(s);
            return;
        }
    session_give_up(s, "does not speak version " MCP_VERSION_MODERN " of the protocol");
}

static void discover(struct mcp_session *s)
{
    s->state = SESSION_DISCOVERING;
    s->modern = 1;
    buf_reset(&s->hello.params);
    greet(s, "server/discover", on_discovered);
}

static void on_initialized(struct mcp_request *r, const struct mcp_answer *a)
{
    struct mcp_session *s = (struct mcp_session *)((char *)r - offsetof(struct mcp_session, hello));
    AUTO_BUF struct buf line = {0}, why = {0};
    const char *version;

    if (a->failed)
        return;
    if (a->error.at && !s->server->version) {
        discover(s);
        return;
    }
    version = a->error.at ? NULL : mcp_version_known(json_member(a->result, "protocolVersion"));
    if (a->error.at) {
        put_message(&why, a->error);
        session_give_up(s, "refuses initialize: %s", why.failed ? "" : why.data);
    } else if (!version || mcp_version_is_modern(version)) {
        session_give_up(s, "answers initialize with a version of the protocol that iso4 does not speak");
    } else {
        s->version = version;
        buf_str(&line, "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"");
        write_line(s, &line, 0);
        be_ready(s);
    }
}

static void initialize(struct mcp_session *s)
{
    const char *version = s->server->version ? s->server->version : MCP_VERSION_LEGACY;

    buf_printf(&s->hello.params, "\"protocolVersion\":\"%s\",\"capabilities\":{},\"clientInfo\":", version);
    put_client(&s->hello.params);
    greet(s, "initialize", on_initialized);
}

/* ---- what the server writes */

/* Answers a request of the server: iso4 supports only ping. */
static void take_request(struct mcp_session *s, struct json id, struct json method)
{
    AUTO_BUF struct buf line = {0};

    if (id.len > 1024 || (json_kind(id) != JSON_STRING && json_kind(id) != JSON_NUMBER))
        return;
    buf_str(&line, "{\"jsonrpc\":\"2.0\",\"id\":");
    buf_add(&line, id.at, id.len);
    if (json_kind(method) == JSON_STRING && json_is(method, "ping"))
        buf_str(&line, ",\"result\":{}");
    else
        buf_str(&line, ",\"error\":{\"code\":-32601,\"message\":\"iso4 offers no such method\"}");
    write_line(s, &line, 0);
}

/* 1 when the result is complete; in the modern protocol it may be a question to the user instead. */
static int is_complete(struct json result, struct buf *why)
{
    struct json type = json_member(result, "resultType"), requests = json_member(result, "inputRequests"),
                name, one;
    const char *between = " (";

    if (!type.at || (json_kind(type) == JSON_STRING && json_is(type, "complete")))
        return 1;
    if (json_kind(type) != JSON_STRING || !json_is(type, "input_required")) {
        buf_str(why, "was answered with a kind of result that iso4 does not know");
        return 0;
    }
    buf_str(why, "wants input that a run cannot give");
    for (struct json_walk w = json_walk(requests);
         w.members && why->len < 400 && json_next(&w, &name, &one);) {
        struct json message = json_member(json_member(one, "params"), "message"),
                    method = json_member(one, "method");
        AUTO_BUF struct buf text = {0};

        if (method.at && json_kind(method) == JSON_STRING)
            json_decode(&text, method);
        if (message.at && json_kind(message) == JSON_STRING) {
            buf_str(&text, text.len ? ": " : "");
            json_decode(&text, message);
        }
        buf_str(why, between);
        terminal_line(why, text.len ? text.data : "", text.len < 200 ? text.len : 200);
        between = "; ";
    }
    buf_str(why, *between == ';' ? ")" : "");
    return 0;
}

static void take_answer(struct mcp_session *s, struct mcp_request *r, struct json message)
{
    struct mcp_answer a = {.result = json_member(message, "result"), .error = json_member(message, "error")};
    AUTO_BUF struct buf why = {0};

    if (a.error.at && json_kind(a.error) != JSON_OBJECT)
        a.error.at = NULL;
    if (a.error.at)
        a.result.at = NULL;
    else if (!a.result.at || json_kind(a.result) != JSON_OBJECT)
        a = (struct mcp_answer){.failed = "was answered with neither a result nor an error", .words = ""};
    else if (s->modern && !is_complete(a.result, &why)) {
        buf_byte(&why, 0);
        a = (struct mcp_answer){.failed = why.failed ? "wants input" : why.data, .words = ""};
    }
    session_answer(r, &a);
}

/* Handles an error without id: a server sends one when it could not read a request. */
static void refuse_stray(struct mcp_session *s, struct json error)
{
    AUTO_BUF struct buf why = {0};

    if (!error.at) {
        session_give_up(s, "answered what it was never asked");
        return;
    }
    put_message(&why, error);
    session_give_up(s, "reports an error of no request: %s", why.failed ? "" : why.data);
}

void session_take_line(void *ctx, const char *line, size_t len)
{
    struct mcp_session *s = ctx;
    struct json message, id, method;
    struct mcp_request *r;
    enum json_kind kind;
    uint64_t number;

    /* Other lines are ignored, because many servers write log lines to standard output. */
    if (s->over || json_check(line, len, &kind, NULL) < 0 || kind != JSON_OBJECT)
        return;
    message = json_whole(line, len);
    id = json_member(message, "id");
    method = json_member(message, "method");
    if (method.at) {
        if (id.at)
            take_request(s, id, method);
        return;
    }
    if (!id.at || json_kind(id) != JSON_NUMBER || json_whole_number(id, UINT64_MAX >> 11, &number) < 0 ||
        number == 0 || number > s->last_id) {
        refuse_stray(s, json_member(message, "error"));
        return;
    }
    r = session_find(s, number);
    if (r) /* or it is late, or the second one */
        take_answer(s, r, message);
}

static void on_server_output(void *ctx, const char *data, size_t len)
{
    struct mcp_session *s = ctx;

    split_lines(&s->line, data, len, s->server->url ? http_take_line : session_take_line, s, &s->over);
    if (!s->over && (s->line.failed || s->line.len > s->longest))
        session_give_up(s, "wrote a message of more than %" PRIu64 " bytes", s->longest);
}

/* ---- the beginning */

static int start_server(uv_loop_t *loop, struct mcp_session *s, const char *helper, struct iso_err *err)
{
    struct process_events events = {on_server_output, on_server_end, s};

    return s->server->url ? http_start(loop, s, helper, &events, err)
                          : process_start_plan(loop, &s->server->plan, &events, &s->process, err);
}

int mcp_session_open(uv_loop_t *loop, const struct mcp_server *server, const char *helper,
                     const struct mcp_events *events, struct mcp_session **out, struct iso_err *err)
{
    struct mcp_session *s = calloc(1, sizeof *s);

    if (!s)
        return iso_fail(err, ISO_INTERNAL, "could not be started: out of memory");
    s->server = server;
    s->events = *events;
    s->waiting_end = &s->waiting;
    s->longest = server->url ? MCP_MOST_REPLY : LEAST_MESSAGE;
    if (start_server(loop, s, helper, err) < 0) {
        free(s);
        return -1;
    }
    *out = s;
    if (server->version && mcp_version_is_modern(server->version))
        discover(s);
    else
        initialize(s);
    return 0;
}
