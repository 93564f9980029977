/* SPDX-License-Identifier: MIT */
/* The methods of the modern and the legacy protocol. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/file.h"
#include "core/version.h"
#include "host/mcp/servers.h"
#include "mcp/mcp.h"

#define META "io.modelcontextprotocol/"

enum {
    ERROR_UNSUPPORTED_VERSION = -32022,
    ERROR_PARAMS = -32602,
    ERROR_METHOD = -32601,
    ERROR_REQUEST = -32600
};

static void put_server(struct buf *out)
{
    buf_str(out, "{\"name\":\"iso4\",\"title\":\"iso4\",\"version\":\"" ISO4_VERSION "\"}");
}

/* ---- answers */

void answer_begin(struct buf *out, const struct asked *a)
{
    reply_begin(out, a->id);
    buf_byte(out, '{');
}

void answer_send(struct buf *out, const struct asked *a, int lasts)
{
    const char *before = out->len && out->data[out->len - 1] == '{' ? "" : ",";

    if (a->modern) {
        buf_printf(out, "%s\"resultType\":\"complete\",\"_meta\":{\"" META "serverInfo\":", before);
        put_server(out);
        buf_byte(out, '}');
        if (lasts)
            buf_str(out, ",\"ttlMs\":3600000,\"cacheScope\":\"private\"");
    }
    buf_str(out, "}}");
    reply_send(a->peer, a->id, out);
}

void answer_text(const struct asked *a, const struct buf *text, int is_error)
{
    AUTO_BUF struct buf out = {0};

    answer_begin(&out, a);
    buf_str(&out, "\"content\":[{\"type\":\"text\",\"text\":");
    json_quote(&out, text->len ? text->data : "", text->len);
    buf_printf(&out, "}],\"isError\":%s", is_error ? "true" : "false");
    out.failed |= text->failed;
    answer_send(&out, a, 0);
}

void answer_fault(const struct asked *a, const char *fmt, ...)
{
    AUTO_BUF struct buf text = {0};
    char message[400];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(message, sizeof message, fmt, ap);
    va_end(ap);
    buf_str(&text, message);
    answer_text(a, &text, 1);
}

void clamp_text(struct buf *text, size_t most)
{
    size_t keep = most, line;

    if (text->len <= most)
        return;
    while (keep > 0 && ((unsigned char)text->data[keep] & 0xc0) == 0x80)
        keep--;
    for (line = keep; line > 0 && line + 400 > keep && text->data[line - 1] != '\n'; line--)
        ;
    if (line > 0 && line + 400 > keep)
        keep = line;
    most = 0;
    for (size_t i = keep; i < text->len; i++)
        most += ((unsigned char)text->data[i] & 0xc0) != 0x80;
    text->len = keep;
    buf_printf(text, "\xe2\x80\xa6 [%zu more characters]", most);
}

static void refuse_request(const struct asked *a, int code, const char *message, const char *data)
{
    reply_error(a->peer, a->id, (enum serve_error)code, message, data);
}

/* ---- initialize, server/discover */

static void method_initialize(const struct asked *a, struct json params)
{
    const char *version = mcp_version_known(json_member(params, "protocolVersion"));
    AUTO_BUF struct buf out = {0};

    if (a->modern) {
        refuse_request(a, ERROR_METHOD, "initialize is not a method of version " MCP_VERSION_MODERN, NULL);
        return;
    }
    if (!version || mcp_version_is_modern(version))
        version = MCP_VERSION_LEGACY;
    a->toolbox->version = version;
    answer_begin(&out, a);
    buf_printf(&out, "\"protocolVersion\":\"%s\",\"capabilities\":{\"tools\":{}},\"serverInfo\":", version);
    put_server(&out);
    answer_send(&out, a, 0);
}

static void method_discover(const struct asked *a, struct json params)
{
    AUTO_BUF struct buf out = {0};

    (void)params;
    answer_begin(&out, a);
    buf_str(&out, "\"supportedVersions\":[\"" MCP_VERSION_MODERN "\"],\"capabilities\":{\"tools\":{}}");
    answer_send(&out, a, 1);
}

static void method_ping(const struct asked *a, struct json params)
{
    AUTO_BUF struct buf out = {0};

    (void)params;
    answer_begin(&out, a);
    answer_send(&out, a, 0);
}

/* ---- tools */

static void method_list(const struct asked *a, struct json params)
{
    AUTO_BUF struct buf out = {0};

    if (json_member(params, "cursor").at) {
        refuse_request(a, ERROR_PARAMS, "iso4 gives no cursors: all tools are on one page", NULL);
        return;
    }
    answer_begin(&out, a);
    buf_str(&out, "\"tools\":");
    put_tools(a->toolbox, &out);
    answer_send(&out, a, 1);
}

static void method_call(const struct asked *a, struct json params)
{
    struct json name = json_member(params, "name"), arguments = json_member(params, "arguments");
    int is_text = name.at && json_kind(name) == JSON_STRING;

    if (arguments.at && json_kind(arguments) != JSON_OBJECT)
        refuse_request(a, ERROR_PARAMS, "arguments is an object", NULL);
    else if (is_text && json_is(name, "run_code"))
        tool_run_code(a, arguments, json_member(params, "_meta"));
    else if (is_text && a->toolbox->searched && json_is(name, "search_tools"))
        tool_search(a, arguments);
    else if (is_text && a->toolbox->searched && json_is(name, "describe_tools"))
        tool_describe(a, arguments);
    else
        refuse_request(a, ERROR_PARAMS, is_text ? "there is no such tool" : "name is the name of a tool",
                       NULL);
}

/* ---- which era, which method */

enum { LEGACY = 1, MODERN = 2 };
static const struct {
    const char *name;
    int eras;
    void (*call)(const struct asked *a, struct json params);
} methods[] = {
    {"initialize", LEGACY | MODERN, method_initialize},
    {"server/discover", MODERN, method_discover},
    {"ping", LEGACY, method_ping},
    {"tools/list", LEGACY | MODERN, method_list},
    {"tools/call", LEGACY | MODERN, method_call},
};

/* Checks that a modern request has all required members. */
static int check_envelope(const struct asked *a, struct json version, struct json capabilities)
{
    AUTO_BUF struct buf data = {0};

    if (json_kind(version) != JSON_STRING) {
        refuse_request(a, ERROR_PARAMS, "_meta: " META "protocolVersion is a string", NULL);
        return -1;
    }
    if (!json_is(version, MCP_VERSION_MODERN)) {
        buf_str(&data, "{\"supported\":[\"" MCP_VERSION_MODERN "\"],\"requested\":");
        buf_add(&data, version.at, version.len < 200 ? version.len : 0);
        buf_str(&data, version.len < 200 ? "}" : "\"\"}");
        buf_byte(&data, 0);
        refuse_request(a, ERROR_UNSUPPORTED_VERSION, "unsupported protocol version",
                       data.failed ? NULL : data.data);
        return -1;
    }
    if (!capabilities.at || json_kind(capabilities) != JSON_OBJECT) {
        refuse_request(a, ERROR_PARAMS, "_meta: " META "clientCapabilities is missing", NULL);
        return -1;
    }
    return 0;
}

static void take_request(struct peer *p, const struct message *m)
{
    struct asked a = {.peer = p, .toolbox = p->server->cfg->ctx, .id = m->id};
    struct json meta = json_member(m->params, "_meta"), version = json_member(meta, META "protocolVersion");
    int is_initialize = json_is(m->method, "initialize");

    a.modern = version.at != NULL;
    if (m->params.at && json_kind(m->params) != JSON_OBJECT) {
        refuse_request(&a, ERROR_PARAMS, "params is an object", NULL);
        return;
    }
    if (a.modern && check_envelope(&a, version, json_member(meta, META "clientCapabilities")) < 0)
        return;
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        if (!json_is(m->method, methods[i].name))
            continue;
        if (!a.modern && !a.toolbox->version && !is_initialize && !json_is(m->method, "ping")) {
            refuse_request(&a, ERROR_PARAMS,
                           "say initialize first, or give _meta with " META "protocolVersion and " META
                           "clientCapabilities",
                           NULL);
            return;
        }
        if (methods[i].eras & (a.modern ? MODERN : LEGACY)) {
            methods[i].call(&a, m->params);
            return;
        }
    }
    refuse_request(&a, ERROR_METHOD, "there is no such method", NULL);
}

/* Takes a notification, which is never answered. */
static void take_notification(struct peer *p, const struct message *m)
{
    struct json id = json_member(m->params, "requestId");
    struct request *r =
        json_is(m->method, "notifications/cancelled") && message_is_id(id) ? request_find(p, id) : NULL;

    if (r && r->cancel)
        r->cancel(r);
}

static void take(struct peer *p, const struct message *m)
{
    if (m->kind == MESSAGE_REQUEST)
        take_request(p, m);
    else
        take_notification(p, m);
}

/* Ignores responses, because iso4 sends no requests to clients. */
static void ignore(struct peer *p, const struct message *m)
{
    (void)p, (void)m;
}

const struct serve_protocol mcp_protocol = {
    .take = take,
    .answered = ignore,
    .ended = runs_cancel_all,
    .cancel_all = runs_cancel_all,
};
