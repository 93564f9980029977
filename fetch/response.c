/* SPDX-License-Identifier: MIT */
#include "fetch/response.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "core/base64.h"
#include "core/json.h"
#include "core/utf8.h"
#include "rules/headers.h"

static size_t without_end(const char *line, size_t len)
{
    while (len &&
           (line[len - 1] == '\r' || line[len - 1] == '\n' || line[len - 1] == ' ' || line[len - 1] == '\t'))
        len--;
    return len;
}

/* Reads "HTTP/1.1 404 Not Found". A new head means that the head before, if any, was an interim one. */
static void start_head(struct response *r, const char *line, size_t len)
{
    const char *code = memchr(line, ' ', len), *end = line + len;

    buf_reset(&r->status_text);
    buf_reset(&r->headers);
    buf_reset(&r->location);
    r->locations = 0;
    r->complete = 0;
    r->events = 0;
    r->status = 0;
    while (code && code < end && *code == ' ')
        code++;
    for (; code && code < end && isdigit((unsigned char)*code) && r->status < 1000; code++)
        r->status = r->status * 10 + (*code - '0');
    if (code && code < end)
        header_quote(&r->status_text, code + 1, (size_t)(end - code - 1));
}

static int has_control(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (((unsigned char)text[i] < 0x20 && text[i] != '\t') || text[i] == 0x7f)
            return 1;
    return 0;
}

static void take_header(struct response *r, const char *line, size_t len)
{
    const char *colon = memchr(line, ':', len), *value;
    size_t name = colon ? (size_t)(colon - line) : 0, rest;

    if (!colon || !header_is_token(line, name))
        return;
    for (value = colon + 1; value < line + len && (*value == ' ' || *value == '\t'); value++)
        ;
    rest = (size_t)(line + len - value);
    if (has_control(value, rest))
        return;
    buf_str(&r->headers, r->headers.len ? ",[" : "[");
    header_quote(&r->headers, line, name);
    buf_byte(&r->headers, ',');
    header_quote(&r->headers, value, rest);
    buf_byte(&r->headers, ']');
    if (name == 12 && strncasecmp(line, "content-type", 12) == 0)
        r->events = rest >= 17 && strncasecmp(value, "text/event-stream", 17) == 0;
    if (name == 8 && strncasecmp(line, "location", 8) == 0 && r->locations++ == 0)
        buf_add(&r->location, value, rest);
}

int response_line(struct response *r, const char *line, size_t len, struct refusal *why)
{
    r->head_bytes += len;
    if (r->head_bytes > RESPONSE_MOST_HEADER_BYTES || ++r->lines > RESPONSE_MOST_LINES)
        return refusal_set(why, REASON_SIZE, "the headers of the answer take more than %u bytes or %d lines",
                           RESPONSE_MOST_HEADER_BYTES, RESPONSE_MOST_LINES);
    len = without_end(line, len);
    if (len >= 5 && strncasecmp(line, "HTTP/", 5) == 0)
        start_head(r, line, len);
    else if (len == 0)
        r->complete = 1;
    else if (!r->complete) /* lines after the head are trailers */
        take_header(r, line, len);
    return r->headers.failed || r->location.failed || r->status_text.failed
               ? refusal_set(why, REASON_SIZE, "out of memory")
               : 0;
}

int response_body(struct response *r, const char *piece, size_t len, struct refusal *why)
{
    if (len > r->most_body - r->body.len)
        return refusal_set(why, REASON_SIZE,
                           "the body of the answer is longer than %" PRIu64 " bytes (maxBodyBytes)",
                           r->most_body);
    return buf_add(&r->body, piece, len) < 0 ? refusal_set(why, REASON_SIZE, "out of memory") : 0;
}

static int breaks_line(char c)
{
    return c == '\n' || c == '\r';
}

/* An event ends with an empty line: two line breaks, each of which is CR, LF or both. */
size_t response_events_end(const struct response *r, size_t from)
{
    const char *text = r->body.data;

    for (size_t end = r->body.len; end > from && end > 1; end--) {
        size_t last = end - 1;

        if (!breaks_line(text[last]))
            continue;
        last -= text[last] == '\n' && text[last - 1] == '\r';
        if (last > 0 && breaks_line(text[last - 1]))
            return end;
    }
    return 0;
}

int response_redirects(const struct response *r)
{
    return (r->status == 301 || r->status == 302 || r->status == 303 || r->status == 307 ||
            r->status == 308) &&
           r->locations > 0;
}

void response_reset(struct response *r)
{
    buf_reset(&r->status_text);
    buf_reset(&r->headers);
    buf_reset(&r->location);
    buf_free(&r->body);
    r->status = r->complete = r->events = 0;
    r->head_bytes = r->lines = r->locations = 0;
}

void response_free(struct response *r)
{
    buf_free(&r->status_text);
    buf_free(&r->headers);
    buf_free(&r->location);
    buf_free(&r->body);
}

/* 1 for text that takes at most as many bytes as a JSON string as in base64. */
static int is_text(const char *data, size_t len)
{
    size_t extra = 0;

    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)data[i];

        if (c == '"' || c == '\\' || c == '\n' || c == '\r' || c == '\t')
            extra++;
        else if (c < 0x20)
            extra += 5;
    }
    return extra <= len / 3 && utf8_check(data, len) == len;
}

/* Appends the body as text where possible: the worker reads that several times faster than base64. */
static void print_body(const struct response *r, struct buf *out)
{
    const char *data = r->body.len ? r->body.data : "";

    if (is_text(data, r->body.len)) {
        buf_str(out, ",\"text\":");
        json_quote(out, data, r->body.len);
        return;
    }
    buf_str(out, ",\"body\":{\"$type\":\"Uint8Array\",\"base64\":\"");
    base64_write(out, data, r->body.len);
    buf_str(out, "\"}");
}

void response_print(const struct response *r, int has_body, struct buf *out)
{
    buf_printf(out, "\"status\":%d,\"statusText\":", r->status);
    if (r->status_text.len)
        buf_add(out, r->status_text.data, r->status_text.len);
    else
        buf_str(out, "\"\"");
    buf_str(out, ",\"headers\":[");
    buf_add(out, r->headers.len ? r->headers.data : "", r->headers.len);
    buf_byte(out, ']');
    if (has_body)
        print_body(r, out);
}
