/* SPDX-License-Identifier: MIT */
#include "serve/message.h"

#include <string.h>

#define MOST_DIGITS 15

int message_is_id(struct json v)
{
    size_t digits;

    if (!v.at || v.len > MESSAGE_LONGEST_ID)
        return 0;
    if (json_kind(v) == JSON_STRING)
        return json_is_well_formed(v); /* the answer has it, and has to be readable */
    digits = v.len - (*v.at == '-');
    return json_kind(v) == JSON_NUMBER && digits <= MOST_DIGITS && !memchr(v.at, '.', v.len) &&
           !memchr(v.at, 'e', v.len) && !memchr(v.at, 'E', v.len);
}

int message_same_id(struct json a, struct json b)
{
    if (json_kind(a) != json_kind(b))
        return 0;
    if (json_kind(a) == JSON_STRING)
        return json_same_string(a, b);
    return a.len == b.len && memcmp(a.at, b.at, a.len) == 0;
}

static void broken_message(struct message *m, const char *reason)
{
    m->kind = MESSAGE_BROKEN;
    m->reason = reason;
}

/* Takes the members of JSON-RPC. -1: a member is repeated, so it is not a message; the first one is kept. */
static int take_members(struct message *m, struct json whole, struct json *version)
{
    const struct {
        const char *name;
        struct json *to;
    } members[] = {{"jsonrpc", version},   {"id", &m->id},         {"method", &m->method},
                   {"params", &m->params}, {"result", &m->result}, {"error", &m->error}};
    struct json key, value;

    for (struct json_walk w = json_walk(whole); json_next(&w, &key, &value);)
        for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
            if (!json_is(key, members[i].name))
                continue;
            if (members[i].to->at)
                return -1;
            *members[i].to = value;
        }
    return 0;
}

static void take_kind(struct message *m)
{
    if (!m->method.at)
        broken_message(m, "it is neither a request nor a response: there is no method, result or error");
    else if (json_kind(m->method) != JSON_STRING)
        broken_message(m, "method is a string");
    else if (m->result.at || m->error.at)
        broken_message(m, "it has a method, and a result or an error");
    else
        m->kind = m->id.at ? MESSAGE_REQUEST : MESSAGE_NOTIFICATION;
}

/* Takes a response. Even an invalid one is never answered: two sides that answer errors with errors would never
 * stop. */
static int take_response(struct message *m)
{
    if (m->method.at || (!m->result.at && !m->error.at))
        return 0;
    m->kind = MESSAGE_RESPONSE;
    if (m->result.at && m->error.at &&
        json_kind(m->error) == JSON_NULL) /* JSON-RPC 1.0 sends "error": null */
        m->error.at = NULL;
    if (!message_is_id(m->id))
        m->id.at = NULL;
    return 1;
}

void message_read(struct message *m, const char *line, size_t len)
{
    struct json whole, version = {0};
    size_t at;

    *m = (struct message){0};
    if (json_check(line, len, NULL, &at) < 0) {
        m->kind = MESSAGE_BROKEN;
        m->not_json = 1;
        m->column = at + 1;
        return;
    }
    whole = json_whole(line, len);
    if (json_kind(whole) == JSON_ARRAY) {
        broken_message(m, "batches are not supported: send one message a line");
        return;
    }
    if (json_kind(whole) != JSON_OBJECT) {
        broken_message(m, "a message is an object");
        return;
    }
    if (take_members(m, whole, &version) < 0) {
        m->id.at = NULL;
        broken_message(m, "a member is given twice");
        return;
    }
    if (take_response(m))
        return;
    if (m->id.at && !message_is_id(m->id)) {
        m->id.at = NULL;
        broken_message(m,
                       "an id is a string without lone surrogates, or a whole number of at most 15 digits");
        return;
    }
    if (!version.at || json_kind(version) != JSON_STRING || !json_is(version, "2.0")) {
        broken_message(m, "jsonrpc is \"2.0\"");
        return;
    }
    take_kind(m);
}
