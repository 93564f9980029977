/* SPDX-License-Identifier: MIT */
#include "fetch/request.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/base64.h"
#include "core/file.h"
#include "core/value_tags.h"
#include "rules/headers.h"

static int wrong_type(struct refusal *why, const char *what)
{
    return refusal_set(why, REASON_ARGUMENT, "%s", what);
}

/* ---- types */

static int read_method(struct request *r, struct json v, struct refusal *why)
{
    AUTO_BUF struct buf text = {0};

    if (!v.at || json_kind(v) != JSON_STRING)
        return wrong_type(why, "the method is no text");
    json_decode(&text, v);
    if (text.failed || text.len > REQUEST_MOST_METHOD || !header_is_token(text.data, text.len))
        return wrong_type(why, "the method is no HTTP method");
    memcpy(r->method, text.data, text.len);
    r->method[text.len] = 0;
    if (strcasecmp(r->method, "CONNECT") == 0 || strcasecmp(r->method, "TRACE") == 0 ||
        strcasecmp(r->method, "TRACK") == 0)
        return refusal_set(why, REASON_ARGUMENT, "the method %s is never allowed", r->method);
    return 0;
}

static int read_redirect(struct request *r, struct json v, struct refusal *why)
{
    static const char *const names[] = {"follow", "error", "manual"};

    for (int i = 0; v.at && i < 3; i++) {
        if (!json_is(v, names[i]))
            continue;
        r->redirect = (enum request_redirect)i;
        return 0;
    }
    return v.at ? wrong_type(why, "redirect is none of follow, error and manual") : 0;
}

static int read_body(struct request *r, struct json v, uint64_t most, struct refusal *why)
{
    AUTO_BUF struct buf text = {0};
    struct json bytes = json_member(v, "base64");

    if (!v.at || json_kind(v) == JSON_NULL)
        return 0;
    if (json_kind(v) == JSON_STRING) {
        json_decode(&r->body, v);
    } else {
        if (value_tag_of(v) != TAG_Uint8Array || !bytes.at || json_kind(bytes) != JSON_STRING)
            return wrong_type(why, "the body is neither text nor bytes");
        json_decode(&text, bytes);
        if (text.failed || base64_read(&r->body, text.len ? text.data : "", text.len) < 0)
            return wrong_type(why, "the body is not base64");
    }
    r->has_body = 1;
    if (r->body.failed)
        return refusal_set(why, REASON_SIZE, "out of memory");
    if (r->body.len > most)
        return refusal_set(why, REASON_SIZE,
                           "the body is longer than %" PRIu64 " bytes (maxRequestBodyBytes)", most);
    if (strcasecmp(r->method, "GET") == 0 || strcasecmp(r->method, "HEAD") == 0)
        return refusal_set(why, REASON_ARGUMENT, "a %s has no body", r->method);
    return 0;
}

/* ---- headers */

static char *owned(struct buf *text)
{
    buf_byte(text, 0);
    if (text->failed)
        buf_free(text);
    return text->data;
}

static int read_header(struct request_header *to, struct json name, struct json value, struct refusal *why)
{
    struct buf text = {0};
    const char *reserved;

    json_decode(&text, name);
    if (text.failed || !header_is_token(text.data, text.len)) {
        buf_free(&text);
        return refusal_set(why, REASON_HEADER, "a header has a name that is none");
    }
    to->name = owned(&text);
    reserved = to->name ? header_reserved(to->name) : NULL;
    if (reserved)
        return refusal_set(why, REASON_HEADER, "the header %.64s cannot be set: %s", to->name, reserved);
    text = (struct buf){0};
    if (header_value(&text, value) < 0) {
        buf_free(&text);
        return refusal_set(why, REASON_HEADER,
                           "the header %.64s has a value with a line break, a control character or one that "
                           "is no byte",
                           to->name ? to->name : "");
    }
    to->value = owned(&text);
    return to->name && to->value ? 0 : refusal_set(why, REASON_SIZE, "out of memory");
}

static int is_pair(struct json v, struct json *name, struct json *value)
{
    struct json_walk w = json_walk(v);

    return json_kind(v) == JSON_ARRAY && json_count(v) == 2 && json_next(&w, NULL, name) &&
           json_next(&w, NULL, value) && json_kind(*name) == JSON_STRING && json_kind(*value) == JSON_STRING;
}

static int read_headers(struct request *r, struct json v, struct refusal *why)
{
    size_t count = v.at ? json_count(v) : 0;
    struct json one, name, value;

    if (v.at && json_kind(v) != JSON_ARRAY)
        return wrong_type(why, "the headers are no list");
    if (count > REQUEST_MOST_HEADERS || v.len > REQUEST_MOST_HEADER_BYTES)
        return refusal_set(why, REASON_HEADER,
                           "there are more than %d headers, or they take more than %u bytes",
                           REQUEST_MOST_HEADERS, REQUEST_MOST_HEADER_BYTES);
    r->headers = calloc(count + 1, sizeof *r->headers);
    if (!r->headers)
        return refusal_set(why, REASON_SIZE, "out of memory");
    for (struct json_walk w = json_walk(v); v.at && json_next(&w, NULL, &one);) {
        if (!is_pair(one, &name, &value))
            return wrong_type(why, "a header is no pair of texts");
        if (read_header(&r->headers[r->header_count++], name, value, why) < 0)
            return -1;
    }
    return 0;
}

int request_read(struct request *r, struct json params, uint64_t most_body, struct refusal *why)
{
    struct json_walk w = json_walk(params);
    struct json asked, url;

    *r = (struct request){0};
    if (!json_next(&w, NULL, &asked) || json_kind(asked) != JSON_OBJECT)
        return wrong_type(why, "the request is no object");
    url = json_member(asked, "url");
    if (!url.at || json_kind(url) != JSON_STRING)
        return wrong_type(why, "the URL is no text");
    json_decode(&r->url, url);
    if (r->url.failed)
        return refusal_set(why, REASON_SIZE, "out of memory");
    if (read_method(r, json_member(asked, "method"), why) < 0 ||
        read_redirect(r, json_member(asked, "redirect"), why) < 0 ||
        read_body(r, json_member(asked, "body"), most_body, why) < 0)
        return -1;
    return read_headers(r, json_member(asked, "headers"), why);
}

void request_to_get(struct request *r)
{
    size_t kept = 0;

    strcpy(r->method, "GET");
    buf_free(&r->body);
    r->has_body = 0;
    for (size_t i = 0; i < r->header_count; i++) {
        if (!header_describes_body(r->headers[i].name)) {
            r->headers[kept++] = r->headers[i];
            continue;
        }
        free(r->headers[i].name);
        free(r->headers[i].value);
    }
    r->header_count = kept;
}

void request_free(struct request *r)
{
    for (size_t i = 0; i < r->header_count; i++) {
        free(r->headers[i].name);
        free(r->headers[i].value);
    }
    free(r->headers);
    buf_free(&r->url);
    buf_free(&r->body);
    *r = (struct request){0};
}
