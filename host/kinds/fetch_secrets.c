/* SPDX-License-Identifier: MIT */
#include "host/kinds/fetch_secrets.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "core/file.h"
#include "rules/headers.h"

/* Most bytes of a certificate file. */
#define CA_MOST (1u << 20)

/* The state of filling secrets and certificates into a definition. */
struct filler {
    const struct stub *stub;
    struct iso_err *err;
};

static char *secret_text(struct json literal, struct buf *room)
{
    json_decode(room, literal);
    buf_byte(room, 0);
    return room->failed ? NULL : room->data;
}

static int out_of_memory(const struct filler *f)
{
    return iso_fail(f->err, ISO_INTERNAL, "out of memory");
}

static int put_variable(const struct filler *f, struct json from, struct buf *out)
{
    AUTO_BUF struct buf room = {0}, literal = {0}, ignored = {0};
    const char *variable = secret_text(from, &room), *value = variable ? getenv(variable) : NULL;

    if (!variable)
        return out_of_memory(f);
    if (!value)
        return iso_fail(f->err, ISO_USAGE, "wants the environment variable %.100s, which is not set",
                        variable);
    json_quote(&literal, value, strlen(value));
    if (literal.failed)
        return out_of_memory(f);
    if (header_value(&ignored, (struct json){literal.data, literal.len}) < 0)
        return iso_fail(f->err, ISO_USAGE,
                        "wants the environment variable %.100s in a header, which cannot hold its "
                        "value: it has a line break, another control character or one beyond U+00FF",
                        variable);
    buf_add(out, literal.data, literal.len);
    return 0;
}

static int put_certificate(const struct filler *f, struct json file, struct buf *out)
{
    AUTO_BUF struct buf given = {0}, path = {0}, pem = {0};
    const char *text = secret_text(file, &given);
    struct iso_err why;

    if (text && *text != '/') {
        buf_str(&path, f->stub->dir);
        buf_byte(&path, '/');
    }
    buf_str(&path, text ? text : "");
    buf_byte(&path, 0);
    if (!text || path.failed)
        return out_of_memory(f);
    if (file_read_regular(path.data, CA_MOST, &pem, &why) < 0)
        return iso_fail(f->err, ISO_USAGE, "wants a caFile: %.300s", why.msg);
    if (!pem.len || !memmem(pem.data, pem.len, "-----BEGIN CERTIFICATE-----", 27))
        return iso_fail(f->err, ISO_USAGE, "wants a caFile: %.300s holds no certificate (PEM)", path.data);
    json_quote(out, pem.data, pem.len);
    return 0;
}

/* ---- copying the definition with secrets filled in */

static void put_key(struct buf *out, struct json key)
{
    if (out->len && out->data[out->len - 1] != '{')
        buf_byte(out, ',');
    buf_add(out, key.at, key.len);
    buf_byte(out, ':');
}

static int put_headers(const struct filler *f, struct json headers, struct buf *out)
{
    struct json key, value;

    buf_byte(out, '{');
    for (struct json_walk w = json_walk(headers); json_next(&w, &key, &value);) {
        struct json from = json_member(value, "fromEnv");

        put_key(out, key);
        if (!from.at)
            buf_add(out, value.at, value.len);
        else if (put_variable(f, from, out) < 0)
            return -1;
    }
    buf_byte(out, '}');
    return 0;
}

static int put_rule(const struct filler *f, struct json rule, struct buf *out)
{
    struct json key, value;
    int rc = 0;

    if (json_kind(rule) != JSON_OBJECT) {
        buf_add(out, rule.at, rule.len);
        return 0;
    }
    buf_byte(out, '{');
    for (struct json_walk w = json_walk(rule); rc == 0 && json_next(&w, &key, &value);) {
        put_key(out, key);
        if (json_is(key, "headers"))
            rc = put_headers(f, value, out);
        else if (json_is(key, "caFile"))
            rc = put_certificate(f, value, out);
        else
            buf_add(out, value.at, value.len);
    }
    buf_byte(out, '}');
    return rc;
}

static int put_definition(const struct filler *f, struct buf *out)
{
    struct json key, value, rule;

    buf_byte(out, '{');
    for (struct json_walk w = json_walk(f->stub->main); json_next(&w, &key, &value);) {
        const char *between = "[";

        put_key(out, key);
        if (!json_is(key, "allow")) {
            buf_add(out, value.at, value.len);
            continue;
        }
        for (struct json_walk r = json_walk(value); json_next(&r, NULL, &rule); between = ",") {
            buf_str(out, between);
            if (put_rule(f, rule, out) < 0)
                return -1;
        }
        buf_str(out, *between == '[' ? "[]" : "]");
    }
    buf_byte(out, '}');
    return out->failed ? out_of_memory(f) : 0;
}

/* Clears and frees memory that has held a secret. */
static void free_secret(struct buf *b)
{
    if (b->data)
        explicit_bzero(b->data, b->size);
    buf_free(b);
}

/* Appends the definition as one line; line breaks in JSON can only stand between tokens, so they are dropped. */
static void add_line(struct buf *out, const struct buf *json)
{
    for (size_t i = 0; i < json->len; i++)
        buf_byte(out, json->data[i] == '\n' || json->data[i] == '\r' ? ' ' : json->data[i]);
}

static int make_message(const struct stub *s, struct buf *out, struct iso_err *err)
{
    struct filler f = {s, err};
    struct buf definition = {0};
    int rc = put_definition(&f, &definition);

    if (rc == 0) {
        buf_str(out, "{\"jsonrpc\":\"2.0\",\"method\":\"rules\",\"params\":");
        add_line(out, &definition);
        buf_str(out, "}\n");
    }
    free_secret(&definition);
    return rc == 0 && out->failed ? out_of_memory(&f) : rc;
}

int fetch_prepare(const struct stub *s, const struct globals *g, struct iso_err *err)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    struct buf message = {0};
    int rc = 0;

    (void)g;
    /* Jobs of a batch share the stubs of its snapshot. */
    pthread_mutex_lock(&lock);
    if (!s->parts->prepared.len) {
        rc = make_message(s, &message, err);
        if (rc == 0)
            s->parts->prepared = message;
        else
            free_secret(&message);
    }
    pthread_mutex_unlock(&lock);
    return rc;
}

struct json fetch_rules_message(const struct stub *s)
{
    return (struct json){s->parts->prepared.data, s->parts->prepared.len};
}

int fetch_each_file(const struct stub *s, int (*visit)(void *ctx, struct json path), void *ctx)
{
    struct json rule;
    int rc = 0;

    for (struct json_walk w = json_walk(json_member(s->main, "allow"));
         rc == 0 && json_next(&w, NULL, &rule);) {
        struct json file = json_member(rule, "caFile");

        if (file.at)
            rc = visit(ctx, file);
    }
    return rc;
}

static int is_relative(void *ctx, struct json file)
{
    (void)ctx;
    return file.len < 3 || file.at[1] != '/';
}

int fetch_depends_on_place(const struct stub *s)
{
    return fetch_each_file(s, is_relative, NULL);
}
