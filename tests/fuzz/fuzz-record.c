/* SPDX-License-Identifier: MIT */
/* libFuzzer target for host/record: a record as a file, or as the array of a job. Behind a
 * head, bytes also stand for pieces of lines. Every cut of a record that is read is read, too, and
 * knows a part of it; what is refused says so in one line. */
#include <stdlib.h>
#include <string.h>

#include "core/json.h"
#include "host/record/head.h"
#include "host/record/tape.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char head[] = "{\"record\":1,\"source\":\"a\",\"seed\":1,\"now\":2,\"limits\":{}}\n";

/* Pieces of lines: a byte below their number stands for one, so that the fuzzer soon finds whole lines. */
static const char *const pieces[] = {
    "\n",
    "{\"n\":",
    "1",
    "2",
    "3",
    "18446744073709551615",
    ",\"name\":\"f\",\"args\":[1]}\n",
    ",\"value\":1",
    ",\"throw\":{}",
    ",\"turn\":",
    ",\"clockUs\":",
    "}\n",
    ",\"approval\":\"ask\"",
    ",\"decision\":\"allow\"}\n",
    ",\"decision\":\"deny\"}\n",
    "{\"status\":\"completed\"}\n",
    "{\"status\":\"paused\",\"code\":\"ERR_APPROVAL_PENDING\"}\n",
    "{\"status\":\"failed\",\"code\":\"ERR_USER_CODE\"}\n",
    ",\"blocked\":true",
    "{\"n\":1,\"name\":\"f\",\"args\":null}\n",
};
#define PIECES (sizeof pieces / sizeof *pieces)

static void must(int holds)
{
    if (!holds)
        abort();
}

static void check_error(const struct iso_err *err)
{
    must(err->code == ISO_USAGE && *err->msg && !strchr(err->msg, '\n'));
}

static void check_tape(const struct tape *t)
{
    uint64_t turn = 0, clock = 0;

    must(t->whole <= t->text.len && t->head.at);
    for (size_t i = 0; i < t->count; i++) {
        const struct tape_call *c = &t->calls[i];

        must(i == 0 || t->calls[i - 1].n < c->n);
        must(tape_find(t, c->n) == c && json_kind(c->name) == JSON_STRING);
        must(!c->taken || c->answered);
        must(c->ok || !c->answered || json_kind(c->answer) == JSON_OBJECT);
    }
    for (size_t i = 0; i < t->answers; i++) {
        const struct tape_call *c = &t->calls[t->order[i]];

        must(t->order[i] < t->count && c->taken && c->turn > turn && c->clock_us >= clock);
        turn = c->turn;
        clock = c->clock_us;
    }
}

static void check_head(const struct tape *t)
{
    struct record_names names = {.source = "a", .definitions = "b", .options = "c"};
    struct repro ways = {0};
    struct limits limits;
    struct iso_err err = {0};
    char *zone = NULL;

    limits_default(&limits, LIMITS_FOR_RUN);
    if (record_check(t, &names, 1, &err) < 0)
        check_error(&err);
    if (record_ways(t, &ways, &zone, &limits, &err) < 0)
        check_error(&err);
    free(zone);
}

/* A part of what the whole record knows. */
static void check_cut(const struct tape *whole, const char *text, size_t len)
{
    struct iso_err err = {0};
    struct tape t;

    if (tape_parse(&t, text, len, "cut.jsonl", &err) < 0) {
        check_error(&err);
        must(!memchr(text, '\n', len)); /* not even the first line is whole */
    } else {
        check_tape(&t);
        must(t.count <= whole->count && t.answers <= whole->answers);
        for (size_t i = 0; i < t.count; i++)
            must(tape_find(whole, t.calls[i].n) != NULL);
    }
    tape_free(&t);
}

static void try_text(const char *text, size_t len)
{
    struct iso_err err = {0};
    struct tape t;

    if (tape_parse(&t, text, len, "run.jsonl", &err) < 0) {
        check_error(&err);
    } else {
        check_tape(&t);
        check_head(&t);
        for (size_t cut = 0; cut < len; cut += 1 + len / 16)
            check_cut(&t, text, cut);
    }
    tape_free(&t);
}

static void try_items(const char *text, size_t len)
{
    struct iso_err err = {0};
    enum json_kind kind;
    struct tape t;

    if (json_check(text, len, &kind, NULL) < 0 || kind != JSON_ARRAY)
        return;
    if (tape_from_items(&t, json_whole(text, len), "replay", &err) < 0)
        check_error(&err);
    else
        check_tape(&t);
    tape_free(&t);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buf text = {0};

    try_text((const char *)data, size);
    try_items((const char *)data, size);
    buf_str(&text, head);
    for (size_t i = 0; i < size; i++)
        if (data[i] < PIECES)
            buf_str(&text, pieces[data[i]]);
        else
            buf_byte(&text, (char)data[i]);
    must(!text.failed);
    try_text(text.data, text.len);
    buf_free(&text);
    return 0;
}
