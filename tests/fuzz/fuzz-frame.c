/* SPDX-License-Identifier: MIT */
/* libFuzzer target for protocol/frame.h and host/result/result.h: a worker that says anything, in pieces of any size.
 *
 * The first byte chooses the job and how to read the rest: as the bytes of the channel, or as a script from
 * which well-formed frames are made, so that the fuzzer finds its way past heads and lengths. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/json.h"
#include "host/result/result.h"

/* Below JSON_MAX_DEPTH: a printed result is deeper than what it holds, and json_check() is to judge it. */
#define MOST_INPUT 9000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(int holds)
{
    if (!holds)
        abort();
}

/* ---- the script */

struct script {
    const uint8_t *at, *end;
};

static unsigned next_byte(struct script *s)
{
    return s->at < s->end ? *s->at++ : 0;
}

static size_t next_piece(struct script *s, const char **piece)
{
    size_t len = next_byte(s), left = (size_t)(s->end - s->at);

    *piece = (const char *)s->at;
    len = len < left ? len : left;
    s->at += len;
    return len;
}

/* A value that is good somewhere, or nearly, or whatever the input says. */
static void put_text(struct script *s, struct buf *out)
{
    static const char *const texts[] = {"\"text\"", "{\"a\":1}",      "[\"b\"]", "\"x is not defined\"",
                                        "1.2.3",    "{\"a\":\n[{}]}", "\"c\"\n", "\"\\ud800\\u001b\\n\""};
    unsigned choice = next_byte(s) % 16;
    const char *piece;
    size_t len;

    if (choice < sizeof texts / sizeof *texts) {
        buf_str(out, texts[choice]);
    } else {
        len = next_piece(s, &piece);
        buf_add(out, piece, len);
    }
}

static void put_field(struct script *s, struct buf *out, enum field_tag tag)
{
    struct buf value = {0};

    put_text(s, &value);
    field_put(out, tag, value.data, value.len);
    buf_free(&value);
}

static void put_number(struct script *s, struct buf *out, enum field_tag tag)
{
    field_put_number(out, tag, next_byte(s));
}

/* The begin of all good results, as far as the input wants it; then any fields. */
static void put_fields(struct script *s, struct buf *out)
{
    unsigned good = next_byte(s);

    if (good & 1)
        field_put_number(out, FIELD_CODE, good & 2 ? ISO_OK : ISO_USER_CODE);
    if (good & 4)
        put_field(s, out, FIELD_NAME), put_field(s, out, FIELD_MESSAGE);
    if (good & 8)
        field_put(out, FIELD_V8, "14.1", 4), field_put(out, FIELD_ENGINE, "abc", 3);
    if (good & 16)
        field_put_number(out, FIELD_SOURCE, 1), put_number(s, out, FIELD_LINE),
            put_number(s, out, FIELD_COLUMN);
    for (unsigned count = next_byte(s) % 8; count > 0; count--) {
        enum field_tag tag = (enum field_tag)(next_byte(s) % (FIELD_TAG_COUNT + 1));

        if (next_byte(s) & 1)
            put_number(s, out, tag);
        else
            put_field(s, out, tag);
    }
}

static void put_start(struct script *s, struct buf *payload)
{
    static const size_t caps[FRAME_TYPE_COUNT] = {
#define X(id, worker, cap) [FRAME_##id] = cap,
        ISO_FRAMES(X)
#undef X
    };
    static const char zeros[64];

    buf_add(payload, zeros, next_byte(s) % 4 ? caps[FRAME_STARTED] : next_byte(s) % sizeof zeros);
}

static void put_frame(struct script *s, struct buf *out)
{
    enum frame_type type = (enum frame_type)(next_byte(s) % (FRAME_TYPE_COUNT + 1));
    unsigned char head[FRAME_HEAD];
    struct buf payload = {0};

    if (type == FRAME_DONE) {
        put_fields(s, &payload);
    } else if (type == FRAME_STARTED) {
        put_start(s, &payload);
    } else if (type == FRAME_CONSOLE) {
        buf_byte(&payload, (char)(next_byte(s) % 3));
        put_text(s, &payload);
    } else {
        put_text(s, &payload);
    }
    frame_head(head, type, payload.len);
    buf_add(out, head, sizeof head);
    buf_add(out, payload.data, payload.len);
    buf_free(&payload);
}

/* ---- what must hold */

static void must_be_json(const struct buf *b, enum json_kind want)
{
    enum json_kind kind;

    must(!b->failed && json_check(b->data, b->len, &kind, NULL) == 0 && kind == want);
}

static void try_print(const struct run_result *r)
{
    static char text[] = "first line\r\n\tsecond \xf0\x9f\x98\x80 line\xe2\x80\xa8third", name[] = "agent.js";
    struct source source = {.name = name, .text = {.data = text, .len = sizeof text - 1}};
    struct result_print how = {.file = "agent.js", .sources = &source, .count = 1};
    struct buf out = {0};

    must(result_print(r, &how, &out) == 0);
    must_be_json(&out, JSON_OBJECT);
    must(!memchr(out.data, '\n', out.len) && !memchr(out.data, '\r', out.len));
    buf_free(&out);
}

static void check_result(struct run_result *r, const struct limits *limits, enum job_mode mode, int good)
{
    must(r->kept[0] <= limit_bytes(limits, LIMIT_STDOUT) || !good);
    must(r->kept[1] <= limit_bytes(limits, LIMIT_STDERR) || !good);
    must(r->exports.len <= limit_bytes(limits, LIMIT_EXPORT));
    must(strlen(r->fatal) < sizeof r->fatal && strlen(r->v8) < sizeof r->v8 &&
         strlen(r->engine) < sizeof r->engine);
    if (good && r->last == FRAME_DONE) {
        must(r->code == ISO_OK || iso_code_from_worker(r->code));
        if (r->code == ISO_OK && mode == JOB_RUN)
            must_be_json(&r->exports, JSON_OBJECT);
        if (r->code == ISO_OK && mode != JOB_RUN)
            must(r->started && r->blob.len && *r->v8 && *r->engine && !r->exports.len);
        try_print(r);
    }
    result_fail(r, ISO_INTERNAL, "the parent's word");
    try_print(r);
}

/* Frames whole, however they arrive: `again` gets them as they were taken. */
static int take_frames(struct frame_reader *r, struct run_result *result, const struct limits *limits,
                       enum job_mode mode, struct buf *again)
{
    enum result_step step;
    struct iso_err err;
    struct frame f;
    int more;

    while ((more = frame_next(r, 1, &f, &err)) > 0) {
        unsigned char head[FRAME_HEAD];

        frame_head(head, f.type, f.len);
        buf_add(again, head, sizeof head);
        buf_add(again, f.data, f.len);
        if (result_frame(result, limits, mode, &f, &step, &err) < 0) {
            must(err.code == ISO_INTERNAL);
            return -1;
        }
        must((step == RESULT_LAST) == (result->last != 0));
    }
    must(more == 0 || err.code == ISO_INTERNAL);
    return more;
}

static void try_worker(const struct buf *bytes, enum job_mode mode, size_t step)
{
    struct frame_reader reader = {0};
    struct buf again = {0};
    struct limits limits;
    struct run_result result;
    size_t at = 0;
    int rc = 0;

    limits_default(&limits, LIMITS_FOR_RUN);
    limits.value[LIMIT_STDOUT] = limits.value[LIMIT_EXPORT] = 64;
    result_init(&result, &limits);
    while (rc == 0 && at < bytes->len) {
        size_t n = bytes->len - at < step ? bytes->len - at : step, room = 0;
        char *to = frame_room(&reader, n, &room);

        must(to && room >= n);
        memcpy(to, bytes->data + at, n);
        frame_received(&reader, n);
        at += n;
        rc = take_frames(&reader, &result, &limits, mode, &again);
    }
    must(again.len <= at && (!again.len || memcmp(again.data, bytes->data, again.len) == 0));
    check_result(&result, &limits, mode, rc == 0);
    result_free(&result);
    buf_free(&reader.in);
    buf_free(&again);
}

static int is_of_the_parent(enum frame_type type)
{
    static const int from_worker[FRAME_TYPE_COUNT] = {
#define X(id, worker, cap) [FRAME_##id] = worker,
        ISO_FRAMES(X)
#undef X
    };

    return type > FRAME_NONE && type < FRAME_TYPE_COUNT && !from_worker[type];
}

/* The worker's side of it: the parent's frames, and fields. */
static void try_job(const struct buf *bytes)
{
    struct frame_reader reader = {0};
    struct iso_err err;
    struct frame f;
    struct field field;
    size_t room, at = 0;
    char *to = bytes->len ? frame_room(&reader, bytes->len, &room) : NULL;

    if (to) {
        memcpy(to, bytes->data, bytes->len);
        frame_received(&reader, bytes->len);
        while (frame_next(&reader, 0, &f, &err) > 0)
            must(is_of_the_parent(f.type) && f.data + f.len <= reader.in.data + reader.in.len);
    }
    while (field_next(bytes->data, bytes->len, &at, &field) > 0) {
        must(field.tag > FIELD_NONE && field.tag < FIELD_TAG_COUNT &&
             field.data + field.len == bytes->data + at);
        if (field_form(field.tag) == FORM_OF_NUMBER)
            must(field.len == 8), field_number(&field);
        if (field_form(field.tag) == FORM_OF_TEXT)
            must(field.data[field.len - 1] == 0);
    }
    must(at <= bytes->len);
    buf_free(&reader.in);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const enum job_mode modes[] = {JOB_RUN, JOB_RUN, JOB_PRECOMPILE, JOB_BASE};
    struct script s = {data, data + size};
    struct buf bytes = {0};
    unsigned how = next_byte(&s);

    if (size > MOST_INPUT)
        return 0;
    if (how & 4)
        while (s.at < s.end)
            put_frame(&s, &bytes);
    else
        buf_add(&bytes, s.at, (size_t)(s.end - s.at));
    try_worker(&bytes, modes[how % 4], how & 8 ? 1 + how / 16u : SIZE_MAX);
    try_job(&bytes);
    buf_free(&bytes);
    return 0;
}
