/* SPDX-License-Identifier: MIT */
/* The lines around a position, host/hint/codeframe.h. */
#include <stdlib.h>

#include "core/utf8.h"
#include "host/hint/codeframe.h"
#include "tests/tap.h"

#define SMILE "\xf0\x9f\x98\x80" /* two UTF-16 units */
#define DOTS  "\xe2\x80\xa6"

/* The frame of a text, from an exact copy, so that ASan sees any byte too far. The caller frees it. */
static struct buf frame(const char *text, size_t len, size_t line, size_t column)
{
    struct source s = {.text = {.data = malloc(len ? len : 1), .len = len, .size = len}};
    struct buf out = {0};

    memcpy(s.text.data, text, len);
    codeframe(&out, &s, line, column);
    free(s.text.data);
    return out;
}

static void shows(const char *text, size_t line, size_t column, const char *want, const char *name)
{
    struct buf out = frame(text, strlen(text), line, column);

    is_text(out.len ? out.data : "", out.len, want, name);
    buf_free(&out);
}

static void test_two_lines_before_the_line_and_a_caret(void)
{
    shows("one\ntwo\nthree\nfour\nfive\n", 4, 2,
          "     2 | two\n"
          "     3 | three\n"
          ">    4 | four\n"
          "       |  ^",
          "and nothing behind it");
}

static void test_fewer_lines_before_at_the_start(void)
{
    shows("one\ntwo\nthree\n", 1, 1,
          ">    1 | one\n"
          "       | ^",
          "none before the first");
    shows("one\ntwo\nthree\n", 2, 3,
          "     1 | one\n"
          ">    2 | two\n"
          "       |   ^",
          "one before the second");
}

static void test_the_last_line_needs_no_end(void)
{
    shows("one\ntwo", 2, 1,
          "     1 | one\n"
          ">    2 | two\n"
          "       | ^",
          "it ends with the text");
    shows("one\n", 2, 1,
          "     1 | one\n"
          ">    2 | \n"
          "       | ^",
          "behind the last line break is a line: an end too early is reported there");
}

static void test_lines_that_are_not_there_show_nothing(void)
{
    shows("one\ntwo", 3, 1, "", "behind the last");
    shows("one\ntwo", 0, 1, "", "line 0");
    shows("one\ntwo", (size_t)-1, 1, "", "far behind the last");
}

static void test_all_line_ends_count(void)
{
    shows("one\r\ntwo\r\nthree", 3, 1,
          "     1 | one\n"
          "     2 | two\n"
          ">    3 | three\n"
          "       | ^",
          "CRLF, once each");
    shows("one\rtwo\rthree", 3, 1,
          "     1 | one\n"
          "     2 | two\n"
          ">    3 | three\n"
          "       | ^",
          "CR");
    shows("one\n\rtwo", 3, 1,
          "     1 | one\n"
          "     2 | \n"
          ">    3 | two\n"
          "       | ^",
          "LF and CR are two");
    shows("one\r", 2, 1,
          "     1 | one\n"
          ">    2 | \n"
          "       | ^",
          "CR at the very end");
}

/* V8 counts them, so the line it names is another one otherwise. */
static void test_line_and_paragraph_separators_end_lines(void)
{
    shows("one\xe2\x80\xa8two\xe2\x80\xa9three", 3, 1,
          "     1 | one\n"
          "     2 | two\n"
          ">    3 | three\n"
          "       | ^",
          "U+2028 and U+2029");
    shows("\xe2\x80\xa7\xe2\x80\xaa", 1, 2,
          ">    1 | \xe2\x80\xa7\xe2\x80\xaa\n"
          "       |  ^",
          "but not their neighbours");
}

static void test_empty_lines_are_shown(void)
{
    shows("\n\n\nx", 3, 1,
          "     1 | \n"
          "     2 | \n"
          ">    3 | \n"
          "       | ^",
          "as such");
}

static void test_an_empty_source_is_one_thing(void)
{
    struct source none = {0};
    struct buf out = {0}, empty = frame("", 0, 1, 1);

    codeframe(&out, &none, 1, 1);
    ok(out.len == empty.len && (!out.len || memcmp(out.data, empty.data, out.len) == 0),
       "with memory behind it and without");
    buf_free(&out);
    codeframe(&out, &none, 2, 1);
    is_int((long long)out.len, 0, "it has no line 2");
    buf_free(&out);
    buf_free(&empty);
}

static void test_control_characters_take_one_place(void)
{
    shows("\tif (x)\t{\vy\x1b[31m", 1, 11,
          ">    1 |  if (x) { y [31m\n"
          "       |           ^",
          "tabs and escapes are spaces, so the caret fits");
}

static void test_columns_count_utf16_units(void)
{
    shows("a\xc3\xa9\xe2\x82\xacX", 1, 4,
          ">    1 | a\xc3\xa9\xe2\x82\xacX\n"
          "       |    ^",
          "characters of two and three bytes are one");
    shows(SMILE SMILE "X", 1, 5,
          ">    1 | " SMILE SMILE "X\n"
          "       |   ^",
          "astral ones are two, under one place");
    shows(SMILE "X", 1, 1,
          ">    1 | " SMILE "X\n"
          "       | ^",
          "before one");
}

static void test_a_column_past_the_end_is_the_end(void)
{
    const char *want = ">    1 | abc\n"
                       "       |    ^";

    shows("abc", 1, 4, want, "one past it");
    shows("abc", 1, 5, want, "two past it");
    shows("abc", 1, (size_t)-1, want, "far past it");
    shows("abc\ndef", 1, 100, want, "and never in the next line");
}

static void test_column_0_is_the_first(void)
{
    shows("abc", 1, 0,
          ">    1 | abc\n"
          "       | ^",
          "for positions that are not known");
}

/* A line that says at each place, in tens, where that is. */
static struct buf long_line(size_t places)
{
    struct buf b = {0};

    while (b.len < places)
        buf_printf(&b, "%-10zu", b.len + 1);
    return b;
}

static void cut(const struct buf *text, size_t column, size_t from, size_t to, const char *name)
{
    struct buf out = frame(text->data, text->len, 1, column), want = {0};

    buf_printf(&want, ">    1 | %s%.*s%s\n       | %*s^", from ? DOTS : "", (int)(to - from),
               text->data + from, to < text->len ? DOTS : "", (int)(column - 1 - from + (from > 0)), "");
    buf_byte(&want, 0);
    is_text(out.data, out.len, want.data, name);
    buf_free(&out);
    buf_free(&want);
}

static void test_long_lines_are_cut_around_the_column(void)
{
    struct buf line = long_line(500), fits = long_line(100);

    cut(&fits, 1, 0, 100, "100 characters are shown whole");
    cut(&fits, 100, 0, 100, "wherever the column is");
    cut(&line, 1, 0, 100, "at the start");
    cut(&line, 61, 0, 100, "as long as 60 characters precede the column");
    cut(&line, 62, 1, 101, "then with 60 of them");
    cut(&line, 300, 239, 339, "in the middle");
    cut(&line, 500, 439, 500, "at the end");
    buf_free(&line);
    buf_free(&fits);
}

static void test_lines_before_a_cut_line_are_cut_alike(void)
{
    struct buf text = {0}, line = long_line(300), out, want = {0};

    buf_str(&text, "short\n");
    buf_add(&text, line.data, line.len);
    buf_byte(&text, '\n');
    buf_add(&text, line.data, line.len);
    out = frame(text.data, text.len, 3, 161);
    buf_printf(&want,
               "     1 | " DOTS "\n"
               "     2 | " DOTS "%.*s" DOTS "\n"
               ">    3 | " DOTS "%.*s" DOTS "\n"
               "       | %61s^",
               100, line.data + 100, 100, line.data + 100, "");
    buf_byte(&want, 0);
    is_text(out.data, out.len, want.data, "places stay under each other");
    buf_free(&text);
    buf_free(&line);
    buf_free(&out);
    buf_free(&want);
}

static void test_cuts_fall_between_characters(void)
{
    static const char *const characters[] = {"\xc3\xa9", "\xe2\x82\xac", SMILE};
    struct buf line = {0};
    size_t column, broken = 0, missing = 0;

    for (int i = 0; i < 400; i++)
        buf_str(&line, characters[i % 3]);
    for (column = 1; column < 600; column++) {
        struct buf out = frame(line.data, line.len, 1, column);

        broken += utf8_check(out.data, out.len) != out.len;
        missing += out.len == 0 || out.data[out.len - 1] != '^';
        buf_free(&out);
    }
    is_int((long long)broken, 0, "of every length, for every column");
    is_int((long long)missing, 0, "with a caret");
    buf_free(&line);
}

static void test_every_byte_string_is_survived(void)
{
    unsigned x = 2463534242; /* Marsaglia's xorshift */
    static const char likely[] = "\n\r\t\x80\xc3\xe2\x80\xa8\xf0\x9f\xff abc";
    size_t round, wrong = 0;

    for (round = 0; round < 20000; round++) {
        char bytes[48];
        struct buf out;
        size_t len, i;

        x ^= x << 13, x ^= x >> 17, x ^= x << 5;
        len = x % sizeof bytes;
        for (i = 0; i < len; i++) {
            x ^= x << 13, x ^= x >> 17, x ^= x << 5;
            bytes[i] = likely[x % (sizeof likely - 1)];
        }
        out = frame(bytes, len, 1 + x % 5, x % 50);
        wrong += out.len && out.data[out.len - 1] != '^';
        buf_free(&out);
    }
    is_int((long long)wrong, 0, "though sources are UTF-8");
}

static void test_the_frame_is_appended(void)
{
    struct source s = {.text = {.data = (char[]){"x"}, .len = 1}};
    struct buf out = {0};

    buf_str(&out, "before\n");
    codeframe(&out, &s, 1, 1);
    is_text(out.data, out.len, "before\n>    1 | x\n       | ^", "behind what was there");
    buf_free(&out);
}

static void test_line_numbers_stay_aligned(void)
{
    struct buf text = {0}, out;

    for (int i = 0; i < 9999; i++)
        buf_str(&text, "x\n");
    out = frame(text.data, text.len, 9999, 1);
    is_text(out.data, out.len, "  9997 | x\n  9998 | x\n> 9999 | x\n       | ^", "up to four digits");
    buf_free(&text);
    buf_free(&out);
}

int main(void)
{
    test_two_lines_before_the_line_and_a_caret();
    test_fewer_lines_before_at_the_start();
    test_the_last_line_needs_no_end();
    test_lines_that_are_not_there_show_nothing();
    test_all_line_ends_count();
    test_line_and_paragraph_separators_end_lines();
    test_empty_lines_are_shown();
    test_an_empty_source_is_one_thing();
    test_control_characters_take_one_place();
    test_columns_count_utf16_units();
    test_a_column_past_the_end_is_the_end();
    test_column_0_is_the_first();
    test_long_lines_are_cut_around_the_column();
    test_lines_before_a_cut_line_are_cut_alike();
    test_cuts_fall_between_characters();
    test_every_byte_string_is_survived();
    test_the_frame_is_appended();
    test_line_numbers_stay_aligned();
    return done_testing();
}
