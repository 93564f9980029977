/* SPDX-License-Identifier: MIT */
/* Streamable HTTP: each message is a POST by the fetch helper, a locked-down process (fetch/main.c). Its rules allow
 * the server's own address and nothing else. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/base64.h"
#include "core/file.h"
#include "host/mcp/session_internal.h"

/* Ids of the helper's: those of requests, and from here on those of other messages. */
#define FIRST_POST (1u << 31)
/* Bytes of a body that the helper takes, both ways. */
#define MOST_BODY (32u << 20)

/* ---- the beginning */

/* The rule for a URL, which begins with http:// or https://. -1: there is no host in it. */
static int put_rule(const struct mcp_server *server, struct buf *out)
{
    int https = strncmp(server->url, "https:", 6) == 0;
    const char *host = server->url + (https ? 8 : 7), *end = host + strcspn(host, "/?#"), *port = end;

    while (port > host && port[-1] != ':' && port[-1] != ']')
        port--;
    if (port == host || port[-1] == ']')
        port = end;
    else
        end = port - 1;
    if (end == host)
        return -1;
    buf_str(out, "{\"host\":");
    json_quote(out, host, (size_t)(end - host));
    if (port != end)
        buf_printf(out, ",\"ports\":[%lu]", strtoul(port, NULL, 10));
    buf_printf(out, ",\"schemes\":[\"%s\"],\"methods\":[\"POST\"],\"allowPrivate\":true,\"headers\":",
               https ? "https" : "http");
    buf_add(out, server->headers.data, server->headers.len);
    buf_byte(out, '}');
    return 0;
}

/* Only calls have a limit of time, and it is their own. */
static int put_rules(const struct mcp_server *server, struct buf *out)
{
    buf_str(out, "{\"jsonrpc\":\"2.0\",\"method\":\"rules\",\"params\":{\"allow\":[");
    if (put_rule(server, out) < 0)
        return -1;
    buf_printf(
        out, "],\"maxRedirects\":3,\"timeoutMs\":86400000,\"maxBodyBytes\":%u,\"maxRequestBodyBytes\":%u}}\n",
        MOST_BODY, MOST_BODY);
    return 0;
}

int http_start(uv_loop_t *loop, struct mcp_session *s, const char *helper,
               const struct process_events *events, struct iso_err *err)
{
    struct buf rules = {0};
    int rc;

    if (put_rules(s->server, &rules) < 0)
        return iso_fail(err, ISO_USAGE, "has a url without a host");
    rc = rules.failed ? iso_fail(err, ISO_HOST_BRIDGE, "could not be started: out of memory")
                      : process_start_own(loop, helper, events, &s->process, err);
    if (rc == 0)
        process_write(s->process, rules.data, rules.len);
    if (rules.data)
        explicit_bzero(rules.data, rules.size);
    buf_free(&rules);
    return rc;
}

/* ---- sending */

static void put_header(struct buf *out, const char *name, const char *value, size_t len)
{
    buf_printf(out, ",[\"%s\",", name);
    json_quote(out, value, len);
    buf_byte(out, ']');
}

/* A name as a header can hold it. */
static void put_name_header(struct buf *out, struct json name)
{
    AUTO_BUF struct buf text = {0}, coded = {0};
    int plain = 1;

    json_decode(&text, name);
    for (size_t i = 0; i < text.len; i++)
        plain &= text.data[i] > ' ' && text.data[i] <= '~';
    if (plain && text.len) {
        put_header(out, "mcp-name", text.data, text.len);
        return;
    }
    buf_str(&coded, "=?base64?");
    base64_write(&coded, text.len ? text.data : "", text.len);
    buf_str(&coded, "?=");
    out->failed |= coded.failed | text.failed;
    if (!coded.failed)
        put_header(out, "mcp-name", coded.data, coded.len);
}

static void put_headers(const struct mcp_session *s, struct json message, struct buf *out)
{
    struct json method = json_member(message, "method"),
                name = json_member(json_member(message, "params"), "name");
    const char *version = s->modern ? MCP_VERSION_MODERN : s->version;

    buf_str(out,
            "[[\"content-type\",\"application/json\"],[\"accept\",\"application/json, text/event-stream\"]");
    if (version)
        put_header(out, "mcp-protocol-version", version, strlen(version));
    if (s->http_session.len)
        put_header(out, "mcp-session-id", s->http_session.data, s->http_session.len);
    if (s->modern && method.at) {
        buf_str(out, ",[\"mcp-method\",");
        buf_add(out, method.at, method.len);
        buf_byte(out, ']');
    }
    if (s->modern && method.at && json_is(method, "tools/call") && name.at && json_kind(name) == JSON_STRING)
        put_name_header(out, name);
    buf_byte(out, ']');
}

void http_post(struct mcp_session *s, struct json message, uint64_t id)
{
    AUTO_BUF struct buf line = {0};

    buf_printf(&line, "{\"jsonrpc\":\"2.0\",\"id\":%" PRIu64 ",\"method\":\"events\",\"params\":[{\"url\":",
               id ? id : FIRST_POST + s->http_posts++ % FIRST_POST);
    json_quote(&line, s->server->url, strcspn(s->server->url, "#"));
    buf_str(&line, ",\"method\":\"POST\",\"redirect\":\"follow\",\"headers\":");
    put_headers(s, message, &line);
    buf_str(&line, ",\"body\":");
    json_quote(&line, message.at, message.len);
    buf_str(&line, "}]}\n");
    if (line.failed)
        session_give_up(s, "could not be asked: out of memory");
    else
        process_write(s->process, line.data, line.len);
}

void http_cancel(struct mcp_session *s, uint64_t id)
{
    char line[100];

    snprintf(line, sizeof line, "{\"jsonrpc\":\"2.0\",\"method\":\"cancel\",\"params\":[%" PRIu64 "]}\n", id);
    process_write(s->process, line, strlen(line));
}

/* ---- answers */

/* The value of a header, as the helper has sent it; .at NULL: there is none. */
static struct json header(struct json headers, const char *name)
{
    struct json pair, found = {0};

    for (struct json_walk w = json_walk(headers); !found.at && json_next(&w, NULL, &pair);) {
        struct json key, value;
        struct json_walk p = json_walk(pair);
        AUTO_BUF struct buf text = {0};

        if (!json_next(&p, NULL, &key) || !json_next(&p, NULL, &value) || json_kind(key) != JSON_STRING ||
            json_kind(value) != JSON_STRING)
            continue;
        json_decode(&text, key);
        if (!text.failed && text.len == strlen(name) && strncasecmp(text.data, name, text.len) == 0)
            found = value;
    }
    return found;
}

static void keep_session(struct mcp_session *s, struct json headers)
{
    struct json name = header(headers, "mcp-session-id");

    if (!name.at || s->http_session.len || name.len > MCP_SESSION_LONGEST_ID)
        return;
    json_decode(&s->http_session, name);
}

/* An event stream: the data of each event is a message. */
static void take_events(struct mcp_session *s, const char *at, const char *end)
{
    AUTO_BUF struct buf data = {0};

    while (at < end && !s->over) {
        const char *stop = at;

        while (stop < end && *stop != '\n' && *stop != '\r')
            stop++;
        if (stop == at && data.len) {
            if (!data.failed)
                session_take_line(s, data.data, data.len);
            buf_reset(&data);
        } else if (stop - at >= 5 && memcmp(at, "data:", 5) == 0) {
            buf_str(&data, data.len ? "\n" : "");
            buf_add(&data, at + 5, (size_t)(stop - at - 5));
        }
        at = stop < end ? stop + 1 + (*stop == '\r' && stop + 1 < end && stop[1] == '\n') : end;
    }
    if (data.len && !data.failed && !s->over)
        session_take_line(s, data.data, data.len);
}

/* A refusal that names no request is one of the request that was posted. */
static int take_nameless_error(struct mcp_session *s, uint64_t id, const struct buf *body)
{
    struct mcp_request *r = session_find(s, id);
    struct mcp_answer a = {.words = ""};
    struct json message, named;

    if (!r || json_check(body->data, body->len, NULL, NULL) < 0)
        return 0;
    message = json_whole(body->data, body->len);
    named = json_member(message, "id");
    a.error = json_member(message, "error");
    if (!a.error.at || json_kind(a.error) != JSON_OBJECT || (named.at && json_kind(named) != JSON_NULL))
        return 0;
    session_answer(r, &a);
    return 1;
}

static void take_body(struct mcp_session *s, uint64_t id, struct json result)
{
    struct json text = json_member(result, "text"),
                bytes = json_member(json_member(result, "body"), "base64"),
                type = header(json_member(result, "headers"), "content-type");
    AUTO_BUF struct buf body = {0}, coded = {0};

    if (text.at && json_kind(text) == JSON_STRING)
        json_decode(&body, text);
    else if (bytes.at && json_kind(bytes) == JSON_STRING) {
        json_decode(&coded, bytes);
        if (coded.len)
            (void)base64_read(&body, coded.data, coded.len);
    }
    if (!body.len || body.failed)
        return;
    if (type.at && type.len > 18 && strncasecmp(type.at + 1, "text/event-stream", 17) == 0)
        take_events(s, body.data, body.data + body.len);
    else if (!take_nameless_error(s, id, &body))
        session_take_line(s, body.data, body.len);
}

/* A request that its reply has not answered: of the first ones it is a refusal, so that the other era is tried. */
static void settle_request(struct mcp_session *s, uint64_t id, uint64_t status)
{
    struct mcp_request *r = session_find(s, id);
    struct mcp_answer a = {.words = ""};
    char why[100], error[150];

    if (!r)
        return;
    snprintf(why, sizeof why, "was answered with HTTP status %" PRIu64 " and no message", status);
    snprintf(error, sizeof error, "{\"code\":-32000,\"message\":\"HTTP status %" PRIu64 "\"}", status);
    if (r == &s->hello)
        a.error = json_whole(error, strlen(error));
    else
        a.failed = why;
    session_answer(r, &a);
}

/* Answers the call after a failure of the transport. The agent learns neither the address nor the reason: those are for the
 * operator. */
static void take_failure(struct mcp_session *s, uint64_t id, struct json error)
{
    struct json message = json_member(error, "message");
    struct mcp_request *r = session_find(s, id);
    struct mcp_answer a = {.failed = "got no answer: its MCP server cannot be reached", .words = s->words};
    AUTO_BUF struct buf text = {0};

    if (!r)
        return;
    if (message.at && json_kind(message) == JSON_STRING)
        json_string_to_text(&text, message.at, message.len);
    snprintf(s->words, sizeof s->words, ": %.*s", (int)(text.len < 250 ? text.len : 250),
             text.len ? text.data : "");
    if (r == &s->hello)
        session_give_up(s, "cannot be reached");
    else
        session_answer(r, &a);
}

/* Events of a reply that has not ended. When its request has its answer, the rest of the stream is not wanted. */
static void take_part(struct mcp_session *s, uint64_t id, struct json part)
{
    keep_session(s, json_member(part, "headers"));
    take_body(s, id, part);
    if (!s->over && id < FIRST_POST && !session_find(s, id))
        http_cancel(s, id);
}

void http_take_line(void *session, const char *line, size_t len)
{
    struct mcp_session *s = session;
    struct json message, result, part, id;
    uint64_t number, status = 0;

    if (s->over || json_check(line, len, NULL, NULL) < 0)
        return;
    message = json_whole(line, len);
    id = json_member(message, "id");
    result = json_member(message, "result");
    if (!id.at || json_whole_number(id, UINT32_MAX, &number) < 0)
        return;
    part = json_member(message, "part");
    if (part.at) {
        take_part(s, number, part);
        return;
    }
    if (!result.at) {
        take_failure(s, number, json_member(message, "error"));
        return;
    }
    (void)json_whole_number(json_member(result, "status"), 999, &status);
    keep_session(s, json_member(result, "headers"));
    if (status == 404 && s->http_session.len && s->state == SESSION_READY) {
        session_give_up(s, "has ended its session");
        return;
    }
    take_body(s, number, result);
    if (!s->over)
        settle_request(s, number, status);
}
