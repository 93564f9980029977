/* SPDX-License-Identifier: MIT */
#include "host/record/tape.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/file.h"

/* The largest number that every reader of JSON represents exactly. */
#define MOST_NUMBER ((1ull << 53) - 1)

struct reading {
    struct tape *tape;
    uint64_t line;
    size_t room, answer_room;
    uint64_t last_turn, last_clock; /* of the answers so far */
    struct iso_err *err;
};

static int wrong_record(const struct reading *r, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static int wrong_record(const struct reading *r, const char *fmt, ...)
{
    char what[200];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(what, sizeof what, fmt, ap);
    va_end(ap);
    iso_fail(r->err, ISO_USAGE, "the record '%.150s', line %" PRIu64 ": %s", r->tape->name, r->line, what);
    return -1;
}

static int no_memory(const struct reading *r)
{
    return iso_fail(r->err, ISO_INTERNAL, "out of memory");
}

/* The array with room for one more item; it doubles when it is full. NULL without memory. */
static void *grown(void *list, size_t count, size_t *room, size_t size)
{
    void *more;

    if (count < *room)
        return list;
    more = realloc(list, (*room ? 2 * *room : 16) * size);
    if (more)
        *room = *room ? 2 * *room : 16;
    return more;
}

static int by_number(const void *a, const void *b)
{
    const struct tape_call *x = a, *y = b;

    return x->n < y->n ? -1 : x->n > y->n;
}

struct tape_call *tape_find(const struct tape *t, uint64_t n)
{
    struct tape_call key = {.n = n};

    return t->count ? bsearch(&key, t->calls, t->count, sizeof key, by_number) : NULL;
}

static int is_string(struct json v)
{
    return v.at && json_kind(v) == JSON_STRING;
}

/* ---- lines, one kind each */

static int take_head(struct reading *r, struct json line)
{
    struct json format = json_member(line, "record");
    uint64_t version;

    if (!format.at || json_whole_number(format, MOST_NUMBER, &version) < 0)
        return wrong_record(r, "this is no record of iso4 run --record");
    if (version != TAPE_FORMAT)
        return wrong_record(r, "the record has format %" PRIu64 ", and this iso4 reads format %d", version,
                            TAPE_FORMAT);
    r->tape->head = line;
    return 0;
}

static int take_taped_call(struct reading *r, uint64_t n, struct json line)
{
    struct json name = json_member(line, "name"), args = json_member(line, "args"),
                approval = json_member(line, "approval");
    struct tape *t = r->tape;
    void *more;

    if (!is_string(name) || !args.at || (json_kind(args) != JSON_ARRAY && json_kind(args) != JSON_NULL))
        return wrong_record(r, "a call has a name, and args that are an array");
    more = grown(t->calls, t->count, &r->room, sizeof *t->calls);
    if (!more)
        return no_memory(r);
    t->calls = more;
    t->calls[t->count++] =
        (struct tape_call){.n = n, .name = name, .args = args, .asks = approval.at != NULL};
    return 0;
}

static int take_decision(struct reading *r, struct tape_call *c, struct json decision)
{
    if (c->decision != DECIDED_NOT || c->answered)
        return wrong_record(r, "a decision on call %" PRIu64 ", which has one or has its answer", c->n);
    if (!is_string(decision) || !(json_is(decision, "allow") || json_is(decision, "deny")))
        return wrong_record(r, "a decision is \"allow\" or \"deny\"");
    c->decision = json_is(decision, "allow") ? DECIDED_ALLOW : DECIDED_DENY;
    return 0;
}

static int take_answer(struct reading *r, struct tape_call *c, struct json line)
{
    struct json value = json_member(line, "value"), thrown = json_member(line, "throw"),
                turn = json_member(line, "turn"), clock = json_member(line, "clockUs");
    struct tape *t = r->tape;
    void *more;

    if (c->taken)
        return wrong_record(r, "a second answer of call %" PRIu64, c->n);
    if ((value.at && thrown.at) || (thrown.at && json_kind(thrown) != JSON_OBJECT))
        return wrong_record(r, "an answer has a value, or an object that it throws");
    c->answered = 1;
    c->ok = !thrown.at;
    c->answer = thrown.at ? thrown : value;
    c->blocked = json_member(line, "blocked").at != NULL;
    if (!turn.at && !clock.at)
        return 0;
    if (!turn.at || json_whole_number(turn, MOST_NUMBER, &c->turn) < 0 || !clock.at ||
        json_whole_number(clock, MOST_NUMBER, &c->clock_us) < 0)
        return wrong_record(r, "an answer that was taken has turn and clockUs, whole numbers");
    if (c->turn <= r->last_turn || c->clock_us < r->last_clock)
        return wrong_record(r, "an answer comes before the one above it");
    r->last_turn = c->turn;
    r->last_clock = c->clock_us;
    c->taken = 1;
    more = grown(t->order, t->answers, &r->answer_room, sizeof *t->order);
    if (!more)
        return no_memory(r);
    t->order = more;
    t->order[t->answers++] = (size_t)(c - t->calls);
    return 0;
}

/* A run that diverged goes on once the call that it diverged at is decided on. */
static int goes_on_after(enum iso_code code)
{
    return code == ISO_APPROVAL_PENDING || code == ISO_REPLAY_DIVERGED || !iso_code_final(code);
}

static int take_status(struct reading *r, struct json line)
{
    struct json status = json_member(line, "status"), code = json_member(line, "code"),
                message = json_member(line, "message");
    AUTO_BUF struct buf name = {0};
    int known = ISO_OK;

    if (!is_string(status) || (code.at && !is_string(code)) || (message.at && !is_string(message)))
        return wrong_record(r, "status, code and message are strings");
    r->tape->message = message;
    r->tape->end_at = (size_t)(line.at - r->tape->text.data);
    if (code.at) {
        json_decode(&name, code);
        buf_byte(&name, 0);
        known = name.failed ? -1 : iso_code_by_name(name.data);
    }
    if (known < 0)
        return wrong_record(r, "an unknown code");
    r->tape->code = (enum iso_code)known;
    r->tape->end = goes_on_after(r->tape->code) ? TAPE_PAUSED : TAPE_ENDED;
    return 0;
}

static int is_call(struct json line)
{
    return json_member(line, "name").at != NULL;
}

/* Reads a line. The first pass takes calls, which are then sorted; the second takes answers and decisions. */
static int take_line(struct reading *r, struct json line, int pass)
{
    struct json number = json_member(line, "n"), decision = json_member(line, "decision");
    struct tape_call *c;
    uint64_t n;

    if (json_kind(line) != JSON_OBJECT)
        return wrong_record(r, "a line is a JSON object");
    if (r->line == 1)
        return pass == 1 ? take_head(r, line) : 0;
    if (pass == 2 && r->tape->end == TAPE_ENDED)
        return wrong_record(r, "the run has ended in the line above");
    if (pass == 2)
        r->tape->end = TAPE_CUT; /* unless a later line ends the record */
    if (json_member(line, "status").at)
        return pass == 2 ? take_status(r, line) : 0;
    if (!number.at || json_whole_number(number, MOST_NUMBER, &n) < 0 || n == 0)
        return wrong_record(r, "neither a call, nor an answer, nor the end of the run");
    if (is_call(line))
        return pass == 1 ? take_taped_call(r, n, line) : 0;
    if (pass == 1)
        return 0;
    c = tape_find(r->tape, n);
    if (!c)
        return wrong_record(r, "an answer or decision of call %" PRIu64 ", which is not in the record", n);
    if (c->name.at > line.at)
        return wrong_record(r, "an answer or decision of call %" PRIu64 ", which comes only below it", n);
    return decision.at ? take_decision(r, c, decision) : take_answer(r, c, line);
}

/* ---- all of them */

static int sort_calls(struct reading *r)
{
    struct tape *t = r->tape;

    if (t->count)
        qsort(t->calls, t->count, sizeof *t->calls, by_number);
    for (size_t i = 1; i < t->count; i++)
        if (t->calls[i].n == t->calls[i - 1].n)
            return iso_fail(r->err, ISO_USAGE, "the record '%.150s': call %" PRIu64 " stands in it twice",
                            t->name, t->calls[i].n);
    return 0;
}

static int read_lines(struct reading *r, int pass)
{
    const struct tape *t = r->tape;
    const char *at = t->text.data, *end = at + t->whole;
    int rc = 0;

    r->line = 0;
    while (rc == 0 && at < end) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t len = (size_t)(stop - at);

        r->line++;
        if (pass == 1 && json_check(at, len, NULL, NULL) < 0)
            return wrong_record(r, "not JSON");
        rc = take_line(r, json_whole(at, len), pass);
        at = stop + 1;
    }
    return rc;
}

/* The number of bytes up to the end of the last complete line. */
static size_t whole_lines(const struct buf *text)
{
    const char *last = text->len ? memrchr(text->data, '\n', text->len) : NULL;

    return last ? (size_t)(last - text->data) + 1 : 0;
}

static int read_all(struct tape *t, struct iso_err *err)
{
    struct reading r = {.tape = t, .line = 1, .err = err};

    t->whole = whole_lines(&t->text);
    if (t->whole == 0)
        return wrong_record(&r, t->text.len
                                    ? "the record is cut off in its first line: nothing of the run is known"
                                    : "the record is empty");
    return read_lines(&r, 1) < 0 || sort_calls(&r) < 0 || read_lines(&r, 2) < 0 ? -1 : 0;
}

int tape_read(struct tape *t, const char *path, struct iso_err *err)
{
    *t = (struct tape){.name = path};
    return file_read_regular(path, TAPE_MOST_BYTES, &t->text, err) < 0 ? -1 : read_all(t, err);
}

int tape_parse(struct tape *t, const char *text, size_t len, const char *name, struct iso_err *err)
{
    *t = (struct tape){.name = name};
    return buf_add(&t->text, text, len) < 0 ? iso_fail(err, ISO_INTERNAL, "out of memory") : read_all(t, err);
}

int tape_from_items(struct tape *t, struct json items, const char *name, struct iso_err *err)
{
    struct json item;

    *t = (struct tape){.name = name};
    for (struct json_walk w = json_walk(items); json_next(&w, NULL, &item);) {
        size_t from = t->text.len;

        buf_add(&t->text, item.at, item.len);
        for (size_t i = from; !t->text.failed && i < t->text.len; i++) /* between tokens: a line each */
            if (t->text.data[i] == '\n' || t->text.data[i] == '\r')
                t->text.data[i] = ' ';
        buf_byte(&t->text, '\n');
    }
    return t->text.failed ? iso_fail(err, ISO_INTERNAL, "out of memory") : read_all(t, err);
}

void tape_free(struct tape *t)
{
    buf_free(&t->text);
    free(t->calls);
    free(t->order);
    *t = (struct tape){0};
}
