/* SPDX-License-Identifier: MIT */
/* Erases types: the worker asks for sources without types when V8 refuses them or when they are declared as TypeScript.
 *
 * It asks once for each source and waits for the answer; that time does not count for the agent. */
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "core/fence.h"
#include "core/utf8.h"
#include "host/hint/syntax_hint.h"
#include "host/run/supervisor_internal.h"

static int broken_strip(struct iso_err *err, const char *what)
{
    return iso_fail(err, ISO_INTERNAL, "the worker broke the protocol: %s", what);
}

static const struct source *find_source(const struct run *r, uint32_t number)
{
    const struct run_request *q = &r->request;
    size_t import = number - FRAME_FIRST_IMPORT;

    if (number >= 1 && number <= q->count)
        return &q->sources[number - 1];
    if (number >= FRAME_FIRST_IMPORT && q->imports && !q->globals_in_snapshot && import < q->imports->count &&
        q->imports->list[import].source.name)
        return &q->imports->list[import].source;
    return NULL;
}

/* ---- the answer */

static void answer_strip(struct run *r, enum strip_status status, uint32_t line, uint32_t column,
                         const char *text, size_t len)
{
    unsigned char head[FRAME_HEAD + FRAME_STRIPPED_HEAD];
    uint64_t waited_ns = monotonic_ns() - r->strip.since_ns;

    r->strip.asked = 0;
    if (r->strip.number == 1) /* nothing of the agent has run yet: it starts now */
        r->started_ns += waited_ns;
    else
        r->strip.waited_ns += waited_ns;
    watchdog_resume(&r->watched);
    if (r->channel != CHANNEL_OPEN || r->verdict != NO_VERDICT)
        return;
    frame_head(head, FRAME_STRIPPED, FRAME_STRIPPED_HEAD + len);
    frame_put_u32(head + FRAME_HEAD, status);
    frame_put_u32(head + FRAME_HEAD + 4, line);
    frame_put_u32(head + FRAME_HEAD + 8, column);
    run_say(r, head, sizeof head, text, len);
}

/* 1 when the error of the stripper is to be reported. TypeScript that is more than types always is: V8 has stopped
 * there or before. A syntax error counts only if it comes after the place where V8 stopped: mostly it is the same
 * one. */
static int counts(const struct run *r, const struct strip_result *result)
{
    uint32_t line = r->strip.line, column = r->strip.column;

    return !line || result->refused ||
           (!r->strip.understood &&
            (line < result->line || (line == result->line && column < result->column)));
}

static void give(struct run *r)
{
    struct strip_result *result = &r->strip.result;

    if (result->fault.code)
        run_fault(r, &result->fault);
    else if (result->status == STRIP_ERROR && !counts(r, result))
        answer_strip(r, STRIP_NOTHING, 0, 0, NULL, 0);
    else
        answer_strip(r, result->status, result->line, result->column, result->text.data, result->text.len);
    buf_free(&result->text);
    r->strip.ready = 0;
}

static void on_stripped(void *ctx, struct strip_result *result)
{
    struct run *r = ctx;

    r->strip.under_way = NULL;
    r->result.strip_ns += result->ended_ns - result->begun_ns;
    if (r->result.traced)
        result_add_strip(&r->result, result->begun_ns, result->ended_ns);
    r->strip.result = *result;
    result->text = (struct buf){0}; /* ours now */
    r->strip.ready = 1;
    if (r->strip.asked)
        give(r);
}

/* ---- requests of the worker */

static int begin_strip(struct run *r, const struct source *s, int fenced, struct iso_err *err)
{
    const char *text = s->text.len ? s->text.data : "";
    struct buf code = {0};
    struct fence f;
    int rc;

    if (fenced) {
        if (!fence_find(text, s->text.len, &f))
            return broken_strip(err, "a fence where there is none");
        buf_add(&code, text, s->text.len);
        if (!code.failed)
            fence_blank(code.data, code.len, &f);
        text = code.data;
    }
    rc = code.failed ? -1
                     : stripper_start(r->request.stripper, text, s->text.len, &r->request.limits, on_stripped,
                                      r, &r->strip.under_way);
    buf_free(&code);
    return rc < 0 ? iso_fail(err, ISO_INTERNAL, "out of memory") : 0;
}

void run_strip_early(struct run *r)
{
    const struct run_request *q = &r->request;
    struct iso_err err;

    if (q->stripper && q->count > 0 && q->sources[0].language == LANGUAGE_TYPESCRIPT)
        (void)begin_strip(r, &q->sources[0], 0, &err); /* else it is tried when the worker asks */
}

/* 1 for text that is not JavaScript for another reason; it is not sent to the parser. */
static int is_foreign(struct run *r, const struct source *s, const struct frame *f)
{
    char message[FRAME_STRIP_MOST + 1];
    size_t len = f->len - FRAME_STRIP_HEAD;

    memcpy(message, f->data + FRAME_STRIP_HEAD, len);
    message[len] = 0;
    r->strip.understood = syntax_hint(s, r->strip.line, r->strip.column, message) != NULL;
    return r->strip.line && syntax_hint_foreign_text(s, r->strip.line, r->strip.column, message);
}

static int has_been_asked(struct run *r, uint32_t number)
{
    const struct run_request *q = &r->request;
    size_t imports = q->imports ? q->imports->count : 0;
    size_t at = number < FRAME_FIRST_IMPORT ? number : q->count + 1 + (number - FRAME_FIRST_IMPORT);

    if (!r->strip.seen)
        r->strip.seen = calloc(q->count + 1 + imports, 1);
    return !r->strip.seen || r->strip.seen[at]++;
}

/* Cancels work that was started early on the whole text, when only the code of a fence is needed. */
static void forget_early(struct run *r)
{
    if (r->strip.under_way)
        stripper_cancel(r->strip.under_way);
    buf_free(&r->strip.result.text);
    r->strip.under_way = NULL;
    r->strip.ready = 0;
}

static int strip(struct run *r, const struct source *s, const struct frame *f, struct iso_err *err)
{
    int fenced = frame_u32(f->data + 4) == 1;

    if (is_foreign(r, s, f)) {
        answer_strip(r, STRIP_NOTHING, 0, 0, NULL, 0);
        return 0;
    }
    if (fenced)
        forget_early(r);
    if (r->strip.ready)
        give(r);
    else if (!r->strip.under_way)
        return begin_strip(r, s, fenced, err);
    return 0;
}

int run_take_strip(struct run *r, const struct frame *f, struct iso_err *err)
{
    size_t head = FRAME_STRIP_HEAD;
    uint32_t number = f->len >= head ? frame_u32(f->data) : 0;
    const struct source *s = find_source(r, number);

    if (!s || !r->request.stripper || s->language == LANGUAGE_JAVASCRIPT)
        return broken_strip(err, "types to erase where there are none");
    if (r->strip.asked || has_been_asked(r, number))
        return broken_strip(err, "types to erase that were erased before");
    if (number != 1 && (r->strip.under_way || r->strip.ready))
        return broken_strip(err, "types to erase in the wrong order");
    if (utf8_check(f->data + head, f->len - head) != f->len - head)
        return broken_strip(err, "a message that is no UTF-8");
    if (r->verdict != NO_VERDICT || run_is_late(r))
        return 0;
    watchdog_pause(&r->watched);
    r->strip.asked = 1;
    r->strip.number = number;
    r->strip.since_ns = monotonic_ns();
    r->strip.line = frame_u32(f->data + 8);
    r->strip.column = frame_u32(f->data + 12);
    return strip(r, s, f, err);
}

void run_strip_end(struct run *r)
{
    forget_early(r);
    free(r->strip.seen);
    r->strip.seen = NULL;
}

uint64_t run_wall_used(const struct run *r, uint64_t now_ns)
{
    uint64_t from = r->started_ns + r->strip.waited_ns + (r->strip.asked ? now_ns - r->strip.since_ns : 0);

    return r->started_ns && now_ns > from ? now_ns - from : 0;
}
