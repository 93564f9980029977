/* SPDX-License-Identifier: MIT */
/* The growable buffer of core/buf.h. */
#include <stdint.h>
#include <stdlib.h>

#include "core/buf.h"
#include "tests/tap.h"

/* AddressSanitizer ends a program that asks for too much memory, unless told to say no like malloc() does. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "allocator_may_return_null=1";
}

static void holds(const struct buf *b, const char *want, const char *name)
{
    is_text(b->len ? b->data : "", b->len, want, name);
}

static void test_appends_follow_each_other(void)
{
    struct buf b = {0};

    is_int(buf_add(&b, "one\0", 4), 0, "bytes are appended");
    is_int(buf_str(&b, "two"), 0, "text is appended");
    is_int(buf_byte(&b, '!'), 0, "a byte is appended");
    is_int(buf_printf(&b, "%d-%s", 42, "x"), 0, "formatted text is appended");
    ok(b.len == 12 && memcmp(b.data, "one\0two!42-x", 12) == 0,
       "one after the other, without a NUL of their own");
    is_int(b.failed, 0, "nothing has failed");
    buf_free(&b);
}

static void test_nothing_can_be_appended(void)
{
    struct buf b = {0};

    is_int(buf_add(&b, NULL, 0), 0, "no bytes from nowhere");
    is_int(buf_str(&b, ""), 0, "an empty text");
    is_int(buf_printf(&b, "%s", ""), 0, "an empty format");
    is_int((long long)b.len, 0, "leave the buffer empty");
    buf_free(&b);
}

static void test_grows_without_a_bound(void)
{
    struct buf b = {0};
    size_t i, wrong = 0;

    for (i = 0; i < 100000; i++)
        buf_byte(&b, (char)(i * 7));
    ok(b.len == i && b.size >= i && !b.failed, "100,000 bytes fit");
    for (i = 0; i < b.len; i++)
        wrong += b.data[i] != (char)(i * 7);
    is_int((long long)wrong, 0, "and keep their values while it grows");
    buf_free(&b);
}

static void test_printf_takes_any_length(void)
{
    struct buf b = {0};
    int n;

    for (n = 1; n <= 4096; n *= 2) {
        buf_reset(&b);
        buf_printf(&b, "%*d", n, 7);
        ok(b.len == (size_t)n && b.data[n - 1] == '7', "a text of %d bytes", n);
    }
    buf_free(&b);
}

static void test_the_bound_itself_is_reached(void)
{
    struct buf b = {.cap = 4};

    is_int(buf_add(&b, "abcd", 4), 0, "as many bytes as the bound allows");
    is_int(buf_add(&b, NULL, 0), 0, "and none more");
    holds(&b, "abcd", "are kept");
    ok(b.size <= 4, "in no more memory than the bound");
    buf_free(&b);
    is_int(buf_printf(&b, "%s", "abcd"), 0, "formatted text may fill it as well");
    holds(&b, "abcd", "to the last byte");
    buf_free(&b);
}

static void test_crossing_the_bound_fails_for_good(void)
{
    struct buf b = {.cap = 4};

    buf_str(&b, "abc");
    is_int(buf_str(&b, "de"), -1, "an append over the bound is refused");
    ok(b.failed != 0, "and remembered");
    holds(&b, "abc", "the content is as it was");
    is_int(buf_byte(&b, 'd'), -1, "one that would fit fails, too");
    is_int(buf_printf(&b, "d"), -1, "a formatted one as well");
    is_int(buf_reserve(&b, 1), -1, "and so does asking for room");
    holds(&b, "abc", "and nothing of them is kept");
    buf_free(&b);
}

static void test_printf_over_the_bound_leaves_the_content(void)
{
    struct buf b = {.cap = 8};

    buf_str(&b, "abc");
    is_int(buf_printf(&b, "%s", "much too long"), -1, "formatted text over the bound is refused");
    ok(b.failed && b.len == 3 && memcmp(b.data, "abc", 3) == 0, "and the content is as it was");
    buf_free(&b);
}

static void test_reserve_makes_room_only(void)
{
    struct buf b = {.cap = 1000};

    buf_str(&b, "x");
    is_int(buf_reserve(&b, 999), 0, "room up to the bound");
    ok(b.size == 1000 && b.len == 1, "is there, and the content is as it was");
    is_int(buf_reserve(&b, 1000), -1, "room past it is not to be had");
    buf_free(&b);
}

static void test_lengths_that_overflow_fail(void)
{
    struct buf b = {0};

    buf_str(&b, "abc");
    is_int(buf_reserve(&b, SIZE_MAX), -1, "a sum over SIZE_MAX is refused");
    ok(b.failed != 0, "and remembered");
    buf_reset(&b);
    buf_str(&b, "abc");
    is_int(buf_reserve(&b, SIZE_MAX - 3), -1, "and so is SIZE_MAX itself, which no doubling reaches");
    ok(b.failed && b.len == 3, "and remembered, and the content is as it was");
    buf_free(&b);
}

static void test_no_memory_fails_and_keeps_the_content(void)
{
    struct buf b = {0};

    buf_str(&b, "abc");
    is_int(buf_reserve(&b, SIZE_MAX / 4), -1, "more than any machine has");
    ok(b.failed != 0, "is a failure");
    holds(&b, "abc", "the content is as it was");
    is_int(buf_byte(&b, 'd'), -1, "later appends fail");
    buf_free(&b);
}

static void test_consume_drops_from_the_front(void)
{
    struct buf b = {0};

    buf_consume(&b, 0);
    is_int((long long)b.len, 0, "nothing from an empty buffer");
    buf_str(&b, "abcdef");
    buf_consume(&b, 0);
    holds(&b, "abcdef", "nothing from a full one");
    buf_consume(&b, 2);
    holds(&b, "cdef", "the first two bytes");
    buf_consume(&b, 4);
    is_int((long long)b.len, 0, "all of it");
    buf_str(&b, "next");
    holds(&b, "next", "and appending goes on");
    buf_free(&b);
}

static void test_reset_keeps_the_memory(void)
{
    struct buf b = {.cap = 8};
    const char *memory;

    buf_str(&b, "abcdefgh");
    memory = b.data;
    buf_byte(&b, 'i');
    buf_reset(&b);
    ok(b.len == 0 && !b.failed, "it is empty and no longer failed");
    ok(b.data == memory && b.size == 8, "its memory stays");
    is_int(buf_str(&b, "again"), 0, "it takes appends again");
    holds(&b, "again", "from the start");
    buf_str(&b, "12345");
    ok(b.failed != 0, "under the same bound");
    buf_free(&b);
}

static void test_free_is_harmless_when_there_is_nothing(void)
{
    struct buf b = {0};

    buf_free(&b);
    ok(!b.data && !b.len && !b.size, "a zeroed buffer stays zeroed");
    buf_str(&b, "x");
    buf_free(&b);
    ok(!b.data && !b.len && !b.size && !b.failed, "a used one gives its memory back");
    buf_free(&b);
    ok(!b.data, "once");
}

int main(void)
{
    test_appends_follow_each_other();
    test_nothing_can_be_appended();
    test_grows_without_a_bound();
    test_printf_takes_any_length();
    test_the_bound_itself_is_reached();
    test_crossing_the_bound_fails_for_good();
    test_printf_over_the_bound_leaves_the_content();
    test_reserve_makes_room_only();
    test_lengths_that_overflow_fail();
    test_no_memory_fails_and_keeps_the_content();
    test_consume_drops_from_the_front();
    test_reset_keeps_the_memory();
    test_free_is_harmless_when_there_is_nothing();
    return done_testing();
}
