/* SPDX-License-Identifier: MIT */
/* host/result/profile.h: what a worker may tell, and the document that comes of it. */
#include <stdlib.h>
#include <string.h>

#include "core/json.h"
#include "host/result/profile.h"
#include "protocol/frame.h"
#include "protocol/profile.h"
#include "tests/tap.h"

static void put_u32(struct buf *b, uint32_t v)
{
    unsigned char bytes[4];

    frame_put_u32(bytes, v);
    buf_add(b, bytes, sizeof bytes);
}

/* One record, from an exact copy, so that ASan sees any byte too far. */
static int tell(struct profile *p, const struct buf *record)
{
    char *copy = malloc(record->len ? record->len : 1);
    struct iso_err err = {0};
    int rc;

    if (record->len)
        memcpy(copy, record->data, record->len);
    rc = profile_record(p, copy, record->len, 1000000, &err);
    free(copy);
    return rc < 0 && err.code == ISO_INTERNAL ? -1 : rc;
}

static int tell_place(struct profile *p, uint32_t line, const char *name, const char *script,
                      uint32_t name_len)
{
    struct buf b = {0};
    int rc;

    buf_byte(&b, PROFILE_PLACE);
    put_u32(&b, line);
    put_u32(&b, 1);
    put_u32(&b, name_len);
    buf_str(&b, name);
    buf_str(&b, script);
    rc = tell(p, &b);
    buf_free(&b);
    return rc;
}

static int tell_start(struct profile *p, uint32_t place, uint32_t line, uint32_t column)
{
    struct buf b = {0};
    int rc;

    buf_byte(&b, PROFILE_START);
    put_u32(&b, place);
    put_u32(&b, line);
    put_u32(&b, column);
    rc = tell(p, &b);
    buf_free(&b);
    return rc;
}

static int tell_sample(struct profile *p, enum profile_record kind, uint64_t ns, const uint32_t *places,
                       size_t count)
{
    struct buf b = {0};
    int rc;

    buf_byte(&b, (char)kind);
    buf_add(&b, &ns, sizeof ns);
    for (size_t i = 0; i < count; i++)
        put_u32(&b, places[i]);
    rc = tell(p, &b);
    buf_free(&b);
    return rc;
}

static struct profile *begun(unsigned asked)
{
    struct profile *p = profile_open();

    profile_begin(p, 100000);
    for (unsigned i = 0; i < asked; i++)
        profile_asked(p);
    return p;
}

static void prints(struct profile *p, const char *want, const char *name)
{
    struct buf text = {0};

    profile_print(p, &text);
    ok(!text.failed && json_check(text.data, text.len, NULL, NULL) == 0, "%s: JSON", name);
    buf_byte(&text, 0);
    ok(strstr(text.data, want) != NULL, "%s", name);
    if (!strstr(text.data, want))
        fprintf(stderr, "# got %s# want %s\n", text.data, want);
    buf_free(&text);
    profile_free(p);
}

static void test_stacks_become_a_tree_of_functions(void)
{
    struct profile *p = begun(3);

    tell_place(p, 3, "\"f\"", "\"a.js\"", 3);
    tell_place(p, 4, "\"f\"", "\"a.js\"", 3);
    tell_place(p, 9, "\"\"", "\"a.js\"", 2);
    ok(tell_sample(p, PROFILE_SAMPLE, 200000, (uint32_t[]){0, 2}, 2) == 0, "a sample");
    ok(tell_sample(p, PROFILE_SAMPLE, 300000, (uint32_t[]){1, 2}, 2) == 0, "another");
    ok(tell_sample(p, PROFILE_IDLE, 400000, NULL, 0) == 0, "a wait");
    tell_start(p, 0, 2, 5);
    tell_start(p, 1, 2, 5);
    tell_start(p, 2, 1, 1);
    profile_end(p, 500000);
    prints(
        p,
        "\"url\":\"a.js\",\"lineNumber\":1,\"columnNumber\":4},\"hitCount\":2,\"positionTicks\":[{\"line\":3,"
        "\"ticks\":1},{\"line\":4,\"ticks\":1}]}],\"startTime\":100,\"endTime\":500,\"samples\":[2,6,6,3],"
        "\"timeDeltas\":[0,100,100,100]}",
        "two places of one function are one node");
}

static void test_times_are_believed_as_far_as_they_can_be(void)
{
    struct profile *p = begun(3);

    tell_sample(p, PROFILE_SAMPLE, 5, NULL, 0);
    tell_sample(p, PROFILE_SAMPLE, UINT64_MAX, NULL, 0);
    tell_sample(p, PROFILE_SAMPLE, 300000, NULL, 0);
    profile_end(p, 900000);
    prints(p, "\"startTime\":100,\"endTime\":1000,\"samples\":[2,2,2,2],\"timeDeltas\":[0,0,900,0]}",
           "none lies before the start, in the future or before another");
}

static void test_what_makes_no_sense_is_refused(void)
{
    static const unsigned char kinds[] = {0, 5, 127, 255};
    struct profile *p = begun(10);
    struct buf b = {0};
    uint32_t deep[PROFILE_MOST_DEPTH + 2] = {0};
    char name[PROFILE_MOST_NAME + 4];

    ok(tell(p, &b) < 0, "nothing");
    for (size_t i = 0; i < sizeof kinds; i++) {
        buf_reset(&b);
        buf_byte(&b, (char)kinds[i]);
        buf_str(&b, "0123456789abcdef");
        ok(tell(p, &b) < 0, "a record of kind %d", kinds[i]);
    }
    for (unsigned kind = PROFILE_PLACE; kind <= PROFILE_IDLE; kind++)
        for (size_t len = 0; len < 8; len++) {
            buf_reset(&b);
            buf_byte(&b, (char)kind);
            buf_add(&b, "\0\0\0\0\0\0\0\0", len);
            ok(tell(p, &b) < 0, "a record of kind %u, cut after %zu bytes", kind, len);
        }
    buf_free(&b);
    ok(tell_place(p, 1, "\"f\"", "\"a.js\"", 4) < 0, "a name that is longer than its literal");
    ok(tell_place(p, 1, "\"f\"", "\"a.js\"", UINT32_MAX) < 0, "a name longer than the frame");
    ok(tell_place(p, 1, "f()", "\"a.js\"", 3) < 0, "a name that is no literal");
    ok(tell_place(p, 1, "\"f\"", "\"a.js\"}", 3) < 0, "more behind the literals");
    ok(tell_place(p, 1, "\"f\"", "\"a\xff\"", 3) < 0, "a name that is not UTF-8");
    memset(name, 'x', sizeof name);
    memcpy(name + sizeof name - 2, "\"", 2);
    *name = '"';
    ok(tell_place(p, 1, name, "\"a.js\"", sizeof name - 1) < 0, "a name that is too long");
    ok(tell_place(p, 1, "\"f\"", name, 3) < 0, "a script whose name is too long");
    ok(tell_start(p, 0, 1, 1) < 0, "the start of a place that was not told");
    ok(tell_sample(p, PROFILE_SAMPLE, 200000, (uint32_t[]){0}, 1) < 0, "a sample of one");
    tell_place(p, 1, "\"f\"", "\"a.js\"", 3);
    ok(tell_sample(p, PROFILE_SAMPLE, 200000, (uint32_t[]){0, 1}, 2) < 0, "a sample of one, further out");
    ok(tell_sample(p, PROFILE_SAMPLE, 200000, (uint32_t[]){PROFILE_CUT, 0}, 2) < 0, "a stack cut at its top");
    ok(tell_sample(p, PROFILE_SAMPLE, 200000, deep, PROFILE_MOST_DEPTH + 2) < 0, "a stack that is too deep");
    ok(tell_sample(p, PROFILE_IDLE, 200000, (uint32_t[]){0}, 1) < 0, "a wait with a stack");
    ok(tell_sample(p, PROFILE_SAMPLE, 200000, (uint32_t[]){0, PROFILE_CUT}, 2) == 0, "a stack cut below");
    profile_free(p);
}

static void test_no_more_samples_than_were_asked_for(void)
{
    struct profile *p = begun(2);

    ok(tell_sample(p, PROFILE_SAMPLE, 200000, NULL, 0) == 0, "the first");
    ok(tell_sample(p, PROFILE_IDLE, 200000, NULL, 0) == 0, "the second");
    ok(tell_sample(p, PROFILE_SAMPLE, 200000, NULL, 0) < 0, "the third");
    profile_free(p);
}

static void test_places_and_stacks_have_bounds(void)
{
    struct profile *p = begun(PROFILE_MOST_NODES);
    int all = 1;

    for (unsigned i = 0; i < PROFILE_MOST_PLACES; i++)
        all &= tell_place(p, i + 1, "\"f\"", "\"a.js\"", 3) == 0;
    ok(all, "as many places as there may be");
    ok(tell_place(p, 1, "\"f\"", "\"a.js\"", 3) < 0, "and no more");
    for (uint32_t i = 0; i < PROFILE_MOST_NODES / PROFILE_MOST_DEPTH + 10; i++) {
        uint32_t stack[PROFILE_MOST_DEPTH];
        for (uint32_t at = 0; at < PROFILE_MOST_DEPTH; at++)
            stack[at] = at ? (i * PROFILE_MOST_DEPTH + at) % PROFILE_MOST_PLACES : i;
        all &= tell_sample(p, PROFILE_SAMPLE, 200000 + i, stack, PROFILE_MOST_DEPTH) == 0;
    }
    ok(all, "more different stacks than are kept");
    profile_end(p, 900000);
    prints(p, "\"functionName\":\"f\"", "the document of all that");
}

static void test_the_interval_grows(void)
{
    struct profile *p = begun(0);

    ok(profile_interval_ms(p) == 1, "a millisecond at first");
    for (unsigned i = 0; i < 3 * PROFILE_SAMPLES_A_STEP; i++)
        profile_asked(p);
    ok(profile_interval_ms(p) == 8, "eight after three steps");
    profile_free(p);
}

static void test_a_run_that_never_began(void)
{
    prints(profile_open(), "\"startTime\":0,\"endTime\":0,\"samples\":[],\"timeDeltas\":[]}", "is empty");
}

int main(void)
{
    test_stacks_become_a_tree_of_functions();
    test_times_are_believed_as_far_as_they_can_be();
    test_what_makes_no_sense_is_refused();
    test_no_more_samples_than_were_asked_for();
    test_places_and_stacks_have_bounds();
    test_the_interval_grows();
    test_a_run_that_never_began();
    return done_testing();
}
