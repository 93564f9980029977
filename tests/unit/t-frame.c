/* SPDX-License-Identifier: MIT */
/* Frames and fields of protocol/frame.h, as a hostile partner would send them. */
#include <stdlib.h>

#include "protocol/frame.h"
#include "tests/tap.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const struct {
    const char *name;
    int from_worker;
    size_t cap;
} types[FRAME_TYPE_COUNT] = {
#define X(id, worker, cap) [FRAME_##id] = {#id, worker, cap},
    ISO_FRAMES(X)
#undef X
};

static void feed(struct frame_reader *r, const void *data, size_t len)
{
    size_t room = 0;
    char *to = len ? frame_room(r, len, &room) : NULL;

    if (len == 0)
        return;
    if (!to || room < len)
        abort();
    memcpy(to, data, len);
    frame_received(r, len);
}

static void put(struct buf *out, unsigned type, size_t claimed, const char *payload, size_t len)
{
    unsigned char head[FRAME_HEAD];

    frame_head(head, (enum frame_type)type, claimed);
    buf_add(out, head, sizeof head);
    buf_add(out, payload, len);
}

/* The answer of frame_next() to a head alone. */
static int verdict(unsigned type, size_t claimed, int from_worker, struct iso_err *err)
{
    struct frame_reader r = {0};
    struct buf head = {0};
    struct frame f;
    int rc;

    put(&head, type, claimed, NULL, 0);
    feed(&r, head.data, head.len);
    rc = frame_next(&r, from_worker, &f, err);
    buf_free(&head);
    buf_free(&r.in);
    return rc;
}

/* A conversation: console entries of many lengths between empty frames, and the results. */
static struct buf conversation(void)
{
    struct buf b = {0};
    size_t len;

    put(&b, FRAME_STARTED, 0, NULL, 0);
    for (len = 0; len < 20; len++)
        put(&b, FRAME_CONSOLE, len, "\001\"payload of a log\"", len);
    put(&b, FRAME_DROPPED, 9, "\000\001\000\000\000\000\000\000", 9);
    put(&b, FRAME_EXPORTS, 2, "{}", 2);
    put(&b, FRAME_DONE, 0, NULL, 0);
    return b;
}

/* Takes the frames that are there, and writes them again: what was sent must come out. */
static int drain(struct frame_reader *r, struct buf *again)
{
    struct iso_err err;
    struct frame f;
    int more;

    while ((more = frame_next(r, 1, &f, &err)) > 0)
        put(again, f.type, f.len, f.data, f.len);
    return more;
}

static int same(const struct buf *a, const struct buf *b)
{
    return a->len == b->len && memcmp(a->data, b->data, a->len) == 0;
}

static void test_head_is_little_endian(void)
{
    unsigned char head[FRAME_HEAD];

    frame_head(head, FRAME_CONSOLE, 0x01020304);
    ok(memcmp(head, "\x04\x03\x02\x01\x03\x00\x00\x00", FRAME_HEAD) == 0, "length, then type");
}

static void test_nothing_received_is_no_frame(void)
{
    struct frame_reader r = {0};
    struct iso_err err = {0};
    struct frame f;

    is_int(frame_next(&r, 1, &f, &err), 0, "more bytes are needed");
    is_int(err.code, ISO_OK, "and that is no failure");
    buf_free(&r.in);
}

static void test_each_type_arrives_as_it_was_sent(void)
{
    for (unsigned t = 1; t < FRAME_TYPE_COUNT; t++) {
        struct frame_reader r = {0};
        struct buf b = {0};
        struct frame f = {0};
        struct iso_err err;
        size_t len = types[t].cap < 5 ? types[t].cap : 5;

        put(&b, t, len, "12345", len);
        feed(&r, b.data, b.len);
        ok(frame_next(&r, types[t].from_worker, &f, &err) == 1 && f.type == t && f.len == len &&
               memcmp(f.data, "12345", len) == 0,
           "%s", types[t].name);
        is_int(frame_next(&r, types[t].from_worker, &f, &err), 0, "and nothing after it");
        buf_free(&b);
        buf_free(&r.in);
    }
}

static void test_many_frames_in_one_read(void)
{
    struct frame_reader r = {0};
    struct buf sent = conversation(), got = {0};

    feed(&r, sent.data, sent.len);
    is_int(drain(&r, &got), 0, "all are whole");
    ok(same(&sent, &got), "and come in order");
    buf_free(&sent);
    buf_free(&got);
    buf_free(&r.in);
}

static void test_frames_split_at_every_byte(void)
{
    struct buf sent = conversation();
    size_t cut, wrong = 0;

    for (cut = 0; cut <= sent.len; cut++) {
        struct frame_reader r = {0};
        struct buf got = {0};

        feed(&r, sent.data, cut);
        wrong += drain(&r, &got) != 0;
        feed(&r, sent.data + cut, sent.len - cut);
        wrong += drain(&r, &got) != 0 || !same(&sent, &got);
        buf_free(&got);
        buf_free(&r.in);
    }
    is_int((long long)wrong, 0, "arrive whole");
    buf_free(&sent);
}

static void test_frames_byte_by_byte(void)
{
    struct frame_reader r = {0};
    struct buf sent = conversation(), got = {0};
    size_t i, wrong = 0;

    for (i = 0; i < sent.len; i++) {
        feed(&r, sent.data + i, 1);
        wrong += drain(&r, &got) != 0;
    }
    ok(wrong == 0 && same(&sent, &got), "arrive whole");
    buf_free(&sent);
    buf_free(&got);
    buf_free(&r.in);
}

static void test_a_frame_is_given_only_when_whole(void)
{
    struct buf b = {0};
    struct iso_err err;
    struct frame f;
    size_t len, early = 0;

    put(&b, FRAME_EXPORTS, 30, "{\"a\":\"thirty bytes of JSON ..\"}", 30);
    for (len = 0; len < b.len; len++) {
        struct frame_reader r = {0};

        feed(&r, b.data, len);
        early += frame_next(&r, 1, &f, &err) != 0;
        early += frame_next(&r, 1, &f, &err) != 0; /* asking twice changes nothing */
        buf_free(&r.in);
    }
    is_int((long long)early, 0, "never before");
    buf_free(&b);
}

static void test_unknown_types_are_refused(void)
{
    static const unsigned unknown[] = {FRAME_NONE, FRAME_TYPE_COUNT, FRAME_TYPE_COUNT + 1,
                                       0x100,      0x01000000,       0x7fffffff,
                                       0x80000000, 0x80000002,       0xffffffff};

    for (size_t i = 0; i < COUNT(unknown); i++) {
        struct iso_err err = {0};

        ok(verdict(unknown[i], 0, 1, &err) == -1 && err.code == ISO_INTERNAL, "%#x from the worker",
           unknown[i]);
        ok(verdict(unknown[i], 0, 0, &err) == -1 && err.code == ISO_INTERNAL, "%#x from the parent",
           unknown[i]);
    }
}

static void test_types_of_the_other_side_are_refused(void)
{
    for (unsigned t = 1; t < FRAME_TYPE_COUNT; t++) {
        struct iso_err err = {0};

        ok(verdict(t, 0, !types[t].from_worker, &err) == -1 && err.code == ISO_INTERNAL, "%s", types[t].name);
    }
}

static void test_a_length_over_the_cap_is_refused_at_the_head(void)
{
    for (unsigned t = 1; t < FRAME_TYPE_COUNT; t++) {
        struct iso_err err = {0};
        int side = types[t].from_worker;

        ok(verdict(t, types[t].cap, side, &err) == (types[t].cap == 0), "%s of the cap is awaited",
           types[t].name);
        ok(verdict(t, types[t].cap + 1, side, &err) == -1 && err.code == ISO_INTERNAL,
           "one byte more is refused");
        ok(verdict(t, 0xffffffff, side, &err) == -1 && err.code == ISO_INTERNAL, "and so is 4 GiB");
    }
}

static void test_a_bad_head_behind_good_frames_is_refused(void)
{
    struct frame_reader r = {0};
    struct buf b = conversation(), got = {0};
    size_t good = b.len;

    put(&b, FRAME_JOB, 0, NULL, 0);
    feed(&r, b.data, b.len);
    is_int(drain(&r, &got), -1, "after them");
    is_int((long long)got.len, (long long)good, "which come first");
    buf_free(&b);
    buf_free(&got);
    buf_free(&r.in);
}

static void test_a_claimed_length_takes_no_memory(void)
{
    struct frame_reader r = {0};
    struct buf b = {0};
    struct iso_err err;
    struct frame f;

    put(&b, FRAME_CONSOLE, ISO_FRAME_CAP, "\001\"", 2);
    feed(&r, b.data, b.len);
    is_int(frame_next(&r, 1, &f, &err), 0, "64 MiB are awaited");
    ok(r.in.size < 65536, "but only what came is held");
    buf_free(&b);
    buf_free(&r.in);
}

static void test_frames_read_make_way(void)
{
    struct frame_reader r = {0};
    struct buf b = {0}, got = {0};
    int round, wrong = 0;

    put(&b, FRAME_CONSOLE, 100,
        "a long payload, of which only a part is of interest to this test, so that frames"
        " straddle reads....",
        100);
    for (round = 0; round < 5000; round++) { /* always with a part of the next frame left over */
        feed(&r, b.data + 40, round ? b.len - 40 : 0);
        feed(&r, b.data, 40);
        wrong += drain(&r, &got) != 0;
    }
    ok(wrong == 0 && got.len == b.len * 4999, "thousands of frames pass");
    ok(r.in.size <= 4096, "through a small buffer");
    buf_free(&b);
    buf_free(&got);
    buf_free(&r.in);
}

static void test_room_is_at_least_what_was_asked(void)
{
    struct frame_reader r = {0};
    size_t want, room, wrong = 0;

    for (want = 1; want < 100000; want = want * 3 + 1) {
        char *to = frame_room(&r, want, &room);

        wrong += !to || room < want || to != r.in.data + r.in.len;
        memset(to, 0, room);
        frame_received(&r, want);
    }
    is_int((long long)wrong, 0, "and behind what has arrived");
    buf_free(&r.in);
}

static void test_no_memory_is_no_room(void)
{
    struct frame_reader r = {.in = {.cap = 100}};
    size_t room;

    ok(frame_room(&r, 100, &room) != NULL, "up to the bound there is room");
    ok(frame_room(&r, 101, &room) == NULL, "past it there is none");
    buf_free(&r.in);
}

/* ---- fields */

static struct buf some_fields(void)
{
    struct buf b = {0};

    field_put_number(&b, FIELD_CODE, ISO_USER_CODE);
    field_put(&b, FIELD_NAME, "\"Error\"", 7);
    field_put(&b, FIELD_STACK, NULL, 0);
    field_put(&b, FIELD_MESSAGE, "\"a\0b\"", 5);
    field_put_number(&b, FIELD_HEAP_BYTES, UINT64_MAX);
    return b;
}

/* Counts the fields in an exact copy, so that ASan sees any byte too far; -1 when one is malformed. */
static int count_fields(const char *data, size_t len)
{
    char *copy = malloc(len ? len : 1);
    struct field f;
    size_t at = 0;
    int more, n = 0;

    memcpy(copy, data, len);
    while ((more = field_next(copy, len, &at, &f)) > 0)
        n++;
    free(copy);
    return more < 0 ? -1 : n;
}

static void test_fields_are_little_endian(void)
{
    struct buf b = {0};

    field_put_number(&b, FIELD_LINE, 0x0102030405060708);
    ok(b.len == 16 && b.data[0] == FIELD_LINE &&
           memcmp(b.data + 1, "\0\0\0\x08\0\0\0\x08\x07\x06\x05\x04\x03\x02\x01", 15) == 0,
       "tag, length, number");
    buf_free(&b);
}

static void test_fields_come_back_as_they_were_put(void)
{
    struct buf b = some_fields(), again = {0};
    struct field f;
    size_t at = 0;

    while (field_next(b.data, b.len, &at, &f) > 0)
        field_put(&again, f.tag, f.data, f.len);
    ok(same(&b, &again), "in order, with all their bytes");
    is_int(field_next(b.data, b.len, &at, &f), 0, "and the end stays the end");
    buf_free(&b);
    buf_free(&again);
}

static void test_an_empty_payload_has_no_fields(void)
{
    struct field f;
    size_t at = 0;

    is_int(field_next(NULL, 0, &at, &f), 0, "and is well-formed");
}

static void test_fields_cut_at_every_byte(void)
{
    struct buf b = some_fields();
    size_t ends[8] = {0}, n = 1, at = 0, cut, wrong = 0;
    struct field f;

    while (field_next(b.data, b.len, &at, &f) > 0)
        ends[n++] = at;
    for (cut = 0; cut <= b.len; cut++) {
        int want = -1;

        for (size_t i = 0; i < n; i++)
            if (ends[i] == cut)
                want = (int)i;
        wrong += count_fields(b.data, cut) != want;
    }
    is_int((long long)wrong, 0, "are refused, unless the cut is between two");
    buf_free(&b);
}

static void test_unknown_tags_are_refused(void)
{
    static const unsigned unknown[] = {FIELD_NONE, FIELD_TAG_COUNT, FIELD_TAG_COUNT + 1,
                                       0x100,      0x80000000,      0xffffffff};

    for (size_t i = 0; i < COUNT(unknown); i++) {
        struct buf b = some_fields();

        field_put(&b, (enum field_tag)unknown[i], "x", 1);
        ok(count_fields(b.data, b.len) == -1, "%#x", unknown[i]);
        buf_free(&b);
    }
}

static void test_every_field_has_its_form(void)
{
    static const char zeros[sizeof((struct limits *)0)->value + 1];
    static const struct {
        enum field_form form;
        size_t len; /* 0: any */
    } exact[] = {{FORM_OF_NUMBER, 8}, {FORM_OF_NUMBERS_3, 24}, {FORM_OF_LIMITS, sizeof zeros - 1}};

    for (int tag = FIELD_NONE + 1; tag < FIELD_TAG_COUNT; tag++) {
        size_t wrong = 0;

        for (size_t len = 0; len <= sizeof zeros; len++) {
            int want = field_form((enum field_tag)tag) == FORM_OF_TEXT && len == 0 ? -1 : 1;
            struct buf b = {0};

            for (size_t i = 0; i < COUNT(exact); i++)
                if (exact[i].form == field_form((enum field_tag)tag))
                    want = len == exact[i].len ? 1 : -1;
            field_put(&b, (enum field_tag)tag, zeros, len);
            wrong += count_fields(b.data, b.len) != want;
            buf_free(&b);
        }
        ok(wrong == 0, "field %d: no more bytes and no fewer", tag);
    }
}

static void test_texts_end_with_a_nul(void)
{
    struct buf b = {0};

    field_put(&b, FIELD_ZONE, "UTC", 3);
    is_int(count_fields(b.data, b.len), -1, "one without is refused");
    b.len = 0;
    field_put(&b, FIELD_ZONE, "UTC", 4);
    is_int(count_fields(b.data, b.len), 1, "one with it is taken");
    buf_free(&b);
}

static void test_field_lengths_past_the_end_are_refused(void)
{
    static const unsigned char lengths[][4] = {
        {9, 0, 0, 0},             /* one too many */
        {0xf8, 0xff, 0xff, 0xff}, /* with the head: 2^32 */
        {0xff, 0xff, 0xff, 0xff}, /* with the head: over 2^32 */
        {0, 0, 0, 0x80},          /* negative as an int */
    };

    for (size_t i = 0; i < COUNT(lengths); i++) {
        struct buf b = {0};

        field_put(&b, FIELD_NAME, "12345678", 8);
        memcpy(b.data + 4, lengths[i], 4);
        ok(count_fields(b.data, b.len) == -1, "length %02x%02x%02x%02x", lengths[i][3], lengths[i][2],
           lengths[i][1], lengths[i][0]);
        buf_free(&b);
    }
}

static void test_numbers_come_back(void)
{
    static const uint64_t values[] = {0,           1,         0x7f,       0x80,      0xffffffff,
                                      0x100000000, INT64_MAX, 1ull << 63, UINT64_MAX};

    for (size_t i = 0; i < COUNT(values); i++) {
        struct buf b = {0};
        struct field f;
        size_t at = 0;

        field_put_number(&b, FIELD_CPU_NS, values[i]);
        ok(field_next(b.data, b.len, &at, &f) == 1 && f.tag == FIELD_CPU_NS && field_number(&f) == values[i],
           "%#llx", (unsigned long long)values[i]);
        buf_free(&b);
    }
}

static void test_fields_respect_the_bound(void)
{
    struct buf b = {.cap = 20};

    field_put(&b, FIELD_NAME, "12345678901234567890", 20);
    ok(b.failed && b.len <= 20, "of the buffer they are put into");
    buf_free(&b);
}

int main(void)
{
    test_head_is_little_endian();
    test_each_type_arrives_as_it_was_sent();
    test_many_frames_in_one_read();
    test_frames_split_at_every_byte();
    test_frames_byte_by_byte();
    test_a_frame_is_given_only_when_whole();
    test_unknown_types_are_refused();
    test_types_of_the_other_side_are_refused();
    test_a_length_over_the_cap_is_refused_at_the_head();
    test_a_bad_head_behind_good_frames_is_refused();
    test_a_claimed_length_takes_no_memory();
    test_frames_read_make_way();
    test_room_is_at_least_what_was_asked();
    test_no_memory_is_no_room();
    test_fields_are_little_endian();
    test_fields_come_back_as_they_were_put();
    test_an_empty_payload_has_no_fields();
    test_fields_cut_at_every_byte();
    test_unknown_tags_are_refused();
    test_every_field_has_its_form();
    test_texts_end_with_a_nul();
    test_field_lengths_past_the_end_are_refused();
    test_numbers_come_back();
    test_fields_respect_the_bound();
    test_nothing_received_is_no_frame();
    return done_testing();
}
