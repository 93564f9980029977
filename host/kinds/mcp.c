/* SPDX-License-Identifier: MIT */
/* A tool of an MCP server: the server is started by the first call, and kept as a service is. */
#include <stdlib.h>
#include <string.h>

#include "core/file.h"
#include "host/calls/call.h"
#include "host/calls/rpc_error.h"
#include "host/calls/service.h"
#include "host/calls/tool_result.h"
#include "host/declared/stub_values.h"
#include "host/dts/declare.h"
#include "host/dts/signature.h"
#include "host/kinds/kinds.h"
#include "host/mcp/search.h"
#include "host/mcp/session.h"

/* ---- the definition */

static int is_true(struct json v)
{
    return v.at && *v.at == 't';
}

/* {"search": true}: no tool, but a search among all of them. */
static int is_search(struct json main)
{
    return json_count(main) == 1 && is_true(json_member(main, "search"));
}

static STUB_CHECK(tool)
{
    struct json name, value;
    unsigned found = 0;

    if (json_kind(v) != JSON_OBJECT)
        return stub_fail(place, v.at, err, "%s is an object: {\"server\": NAME, \"tool\": NAME}", key);
    if (is_search(v))
        return 0;
    for (struct json_walk w = json_walk(v); json_next(&w, &name, &value);) {
        unsigned bit = json_is(name, "server")  ? 1
                       : json_is(name, "tool")  ? 2
                       : json_is(name, "alias") ? 4
                                                : 0;

        if (!bit || found & bit)
            return stub_fail(place, name.at, err, "%s takes server and tool, once each", key);
        if (bit == 4 ? stub_check_bool(value, "alias", place, err) < 0
                     : json_kind(value) != JSON_STRING || value.len == 2)
            return bit == 4 ? -1 : stub_fail(place, value.at, err, "%s names a server and a tool", key);
        found |= bit;
    }
    return (found & 3) == 3 ? 0 : stub_fail(place, v.at, err, "%s names a server and a tool", key);
}

/* NULL: the file of servers does not name it, or *s is the search. */
static const struct mcp_server *server_of(const struct stub *s, const struct globals *g)
{
    struct json name = json_member(s->main, "server");

    return name.at ? mcp_servers_find(g->mcp, name) : NULL;
}

static void server_name(const struct stub *s, char *to, size_t size)
{
    AUTO_BUF struct buf text = {0};
    struct json name = json_member(s->main, "server");

    json_string_to_text(&text, name.at, name.len);
    snprintf(to, size, "%.*s", (int)(text.len < 100 ? text.len : 100), text.len ? text.data : "");
}

static int prepare_tool(const struct stub *s, const struct globals *g, struct iso_err *err)
{
    const struct mcp_server *server = server_of(s, g);
    char shown[104];

    if ((server && !*server->fault) || is_search(s->main))
        return 0;
    server_name(s, shown, sizeof shown);
    if (!server)
        return iso_fail(err, ISO_USAGE, "is a tool of the MCP server '%s', which %s: %s", shown,
                        g->mcp ? "the file of --mcp does not name" : "is not known",
                        g->mcp ? "add it there" : "name the file of servers with --mcp");
    return iso_fail(err, ISO_USAGE, "is a tool of the MCP server '%s' of %s, which %s", shown, g->mcp->file,
                    server->fault);
}

static void describe(const struct stub *s, struct buf *out)
{
    struct json server = json_member(s->main, "server"), tool = json_member(s->main, "tool");

    if (is_search(s->main)) {
        buf_str(out, " search");
        return;
    }
    buf_str(out, " server '");
    json_string_to_text(out, server.at, server.len);
    buf_str(out, "' tool '");
    json_string_to_text(out, tool.at, tool.len);
    buf_byte(out, '\'');
}

/* 1 for the entry with the exact name of a tool that also has an identifier as its name. */
static int is_alias(const struct stub *s)
{
    return is_true(json_member(s->main, "alias"));
}

/* ---- servers */

/* A server that has been started, in the set of a run or of all runs. */
struct resident {
    struct services_guest guest; /* the first member */
    struct services *set;
    struct mcp_session *session;
};

static void close_resident(struct services_guest *g)
{
    mcp_session_close(((struct resident *)g)->session);
}

static void on_ended(void *ctx)
{
    struct resident *r = ctx;

    services_leave(r->set, &r->guest);
    free(r);
}

static struct mcp_session *session_of(struct call *c, const struct mcp_server *server, struct iso_err *err)
{
    struct services *set = bridge_services(c->bridge, server->shared);
    struct services_guest *there = set ? services_find(set, server) : NULL;
    struct mcp_events events = {.ended = on_ended};
    struct resident *r;

    if (there && !mcp_session_is_over(((struct resident *)there)->session))
        return ((struct resident *)there)->session;
    events.ctx = r = set ? calloc(1, sizeof *r) : NULL;
    if (!r) {
        iso_fail(err, ISO_INTERNAL, "could not be called: out of memory");
        return NULL;
    }
    if (mcp_session_open(bridge_loop(c->bridge), server, bridge_fetch_program(c->bridge), &events,
                         &r->session, err) < 0) {
        free(r);
        return NULL;
    }
    r->guest = (struct services_guest){.key = server, .close = close_resident};
    r->set = set;
    services_admit(set, &r->guest);
    return r->session;
}

/* ---- calls */

struct tool_call {
    struct mcp_request request; /* the first member */
    struct call *call;
    const struct mcp_server *server;
};

static void free_call(struct tool_call *t)
{
    t->call->work = NULL;
    buf_free(&t->request.params);
    free(t);
}

/* Sends a line for the operator of iso4, which the agent does not see. */
static void note_end(const struct tool_call *t, const struct mcp_answer *a)
{
    AUTO_BUF struct buf text = {0}, note = {0};

    if (!*a->words)
        return;
    buf_printf(&text, "MCP server '%s'", t->server->name);
    buf_str(&text, a->words);
    json_quote(&note, text.data, text.len);
    if (!text.failed && !note.failed)
        bridge_note(t->call->bridge, (struct json){note.data, note.len});
}

static void on_answer(struct mcp_request *request, const struct mcp_answer *a)
{
    struct tool_call *t = (struct tool_call *)request;
    struct call *c = t->call;
    int ok = 0;

    if (a->failed) {
        note_end(t, a);
        if (a->shortage)
            bridge_machine_failed(c->bridge, c->stub, a->failed, a->words);
        free_call(t);
        call_fail_program(c, "Error", "", "%s", a->failed);
        return;
    }
    if (a->error.at)
        rpc_error_thrown(&c->output, a->error);
    else if (t->server->raw && (ok = 1))
        buf_add(&c->output, a->result.at, a->result.len);
    else
        ok = tool_result_unwrap(a->result, &c->output);
    free_call(t);
    call_answer_output(c, ok);
}

/* The only argument of a tool; -1: there are several, or it is not an object. */
static int take_argument(struct json args, struct json *out)
{
    struct json_walk w = json_walk(args);

    *out = (struct json){"{}", 2};
    if (!json_next(&w, NULL, out))
        return 0;
    return json_kind(*out) == JSON_OBJECT && !json_next(&w, NULL, &(struct json){0}) ? 0 : -1;
}

#define MOST_FOUND 20

static void answer_search(struct call *c, struct json args)
{
    const struct globals *g = bridge_globals(c->bridge);
    struct search_hit hits[MOST_FOUND];
    struct json_walk w = json_walk(args);
    AUTO_BUF struct buf query = {0};
    struct json first;
    long count;

    if (!json_next(&w, NULL, &first) || json_kind(first) != JSON_STRING) {
        call_fail(c, "TypeError", NULL, "takes the text to look for");
        return;
    }
    json_decode(&query, first);
    count = search_functions(g, query.len ? query.data : "", query.len, NULL, hits, MOST_FOUND);
    buf_byte(&c->output, '[');
    for (long i = 0; i < count && i < MOST_FOUND; i++) {
        struct json description = stub_option(hits[i].stub, STUB_OPTION_DESCRIPTION);
        AUTO_BUF struct buf signature = {0};

        declare_signature(&signature, hits[i].stub);
        buf_printf(&c->output, "%s{\"name\":%s,\"signature\":", i ? "," : "", hits[i].stub->path);
        json_quote(&c->output, signature.len ? signature.data : "", signature.len);
        if (description.at) {
            buf_str(&c->output, ",\"description\":");
            buf_add(&c->output, description.at, description.len);
        }
        buf_byte(&c->output, '}');
    }
    buf_byte(&c->output, ']');
    c->output.failed |= count < 0;
    call_answer_output(c, 1);
}

static void dispatch_mcp(struct call *c, struct json args)
{
    const struct mcp_server *server = server_of(c->stub, bridge_globals(c->bridge));
    struct json argument, tool = json_member(c->stub->main, "tool");
    struct mcp_session *session;
    struct tool_call *t;
    struct iso_err err;

    if (is_search(c->stub->main)) {
        answer_search(c, args);
        return;
    }
    if (take_argument(args, &argument) < 0) {
        call_fail(c, "TypeError", NULL, "takes one argument, an object, as tools of MCP servers do");
        return;
    }
    if (!c->timeout_ms)
        c->timeout_ms = server->timeout_ms;
    if (call_keep(c, args) < 0)
        return;
    t = calloc(1, sizeof *t);
    session = t ? session_of(c, server, &err) : NULL;
    if (!session) {
        free(t);
        call_fail(c, "Error", NULL, "%s", t ? err.msg : "could not be called: out of memory");
        return;
    }
    *t = (struct tool_call){
        .request = {.method = "tools/call", .answered = on_answer}, .call = c, .server = server};
    buf_str(&t->request.params, "\"name\":");
    buf_add(&t->request.params, tool.at, tool.len);
    buf_str(&t->request.params, ",\"arguments\":");
    buf_add(&t->request.params, argument.at, argument.len);
    c->work = t;
    mcp_session_allow(session, bridge_result_limit(c->bridge));
    mcp_session_send(session, &t->request);
    if (!server->shared)
        (void)bridge_room(c->bridge, mcp_session_backlog(session));
}

static void cancel_mcp(struct call *c)
{
    struct tool_call *t = c->work;

    mcp_session_cancel(&t->request);
    free_call(t);
}

const struct stub_kind stub_mcp = {
    .key = "mcp",
    .nature = STUB_IS_FUNCTION,
    .options = STUB_TAKES_FUNCTION,
    .check = stub_check_tool,
    .by_command_line = 1,
    .prepare = prepare_tool,
    .describe = describe,
    .undeclared = is_alias,
    .type = declare_function,
    .dispatch = dispatch_mcp,
    .cancel = cancel_mcp,
};
