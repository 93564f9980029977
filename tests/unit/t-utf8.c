/* SPDX-License-Identifier: MIT */
/* UTF-8 of core/utf8.h, held to the definition by brute force. */
#include <stdlib.h>

#include "core/utf8.h"
#include "tests/tap.h"

#define TEXT(literal) literal, sizeof literal - 1

/* A decoder of another make: decode by the bit pattern, then refuse what is not the shortest form of a scalar
 * value. Returns the length of the whole sequence at p, or 0. */
static size_t slow_sequence(const unsigned char *p, size_t len)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t n = *p < 0x80 ? 1 : *p >> 5 == 6 ? 2 : *p >> 4 == 14 ? 3 : *p >> 3 == 30 ? 4 : 0, i;
    uint32_t cp;

    if (n <= 1 || n > len)
        return n == 1;
    cp = *p & (0x7fu >> n);
    for (i = 1; i < n; i++) {
        if (p[i] >> 6 != 2)
            return 0;
        cp = cp << 6 | (p[i] & 0x3fu);
    }
    return cp < least[n] || cp > 0x10ffff || (cp >= 0xd800 && cp <= 0xdfff) ? 0 : n;
}

static size_t slow_check(const unsigned char *p, size_t len)
{
    size_t at = 0, n;

    while (at < len && (n = slow_sequence(p + at, len - at)) > 0)
        at += n;
    return at;
}

static int agree(const unsigned char *p, size_t len)
{
    return utf8_check((const char *)p, len) == slow_check(p, len);
}

/* The offset that utf8_check() gives, from an exact copy, so that ASan sees any byte too far. */
static long long check(const char *text, size_t len)
{
    char *copy = malloc(len ? len : 1);
    size_t at;

    memcpy(copy, text, len);
    at = utf8_check(copy, len);
    free(copy);
    return (long long)at;
}

static void test_lead_bytes_tell_the_length(void)
{
    int c, wrong = 0;

    for (c = 0; c < 0x100; c++) {
        size_t want = c < 0x80 ? 1 : c < 0xc2 ? 0 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : c < 0xf5 ? 4 : 0;
        wrong += utf8_length((unsigned char)c) != want;
    }
    is_int(wrong, 0, "for all 256 bytes");
}

static void test_every_code_point_encodes_and_checks(void)
{
    uint32_t cp;
    int wrong = 0, taken = 0;
    char at[4];

    for (cp = 0; cp < 0x110000; cp++) {
        size_t n = utf8_encode(at, cp), want = cp < 0x80 ? 1 : cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
        int surrogate = cp >= 0xd800 && cp < 0xe000;

        wrong += n != want || utf8_check(at, n) != (surrogate ? 0 : n);
        wrong += utf8_length((unsigned char)at[0]) != n;
        taken += utf8_check(at, n) == n;
    }
    is_int(wrong, 0, "in the shortest form");
    is_int(taken, 0x110000 - 0x800, "and only surrogates are refused");
}

static void test_encode_writes_the_bytes_of_the_standard(void)
{
    static const struct {
        uint32_t cp;
        const char *bytes;
    } samples[] = {
        {0x41, "A"},
        {0x7f, "\x7f"},
        {0x80, "\xc2\x80"},
        {0x7ff, "\xdf\xbf"},
        {0x800, "\xe0\xa0\x80"},
        {0x20ac, "\xe2\x82\xac"},
        {0xd800, "\xed\xa0\x80"}, /* a surrogate as if it were a character */
        {0xffff, "\xef\xbf\xbf"},
        {0x10000, "\xf0\x90\x80\x80"},
        {0x1f600, "\xf0\x9f\x98\x80"},
        {0x10ffff, "\xf4\x8f\xbf\xbf"},
    };
    char at[4], name[16];
    size_t i;

    for (i = 0; i < sizeof samples / sizeof *samples; i++) {
        snprintf(name, sizeof name, "U+%04X", samples[i].cp);
        is_text(at, utf8_encode(at, samples[i].cp), samples[i].bytes, name);
    }
}

static void test_check_agrees_on_all_short_sequences(void)
{
    unsigned char p[4] = {0};
    unsigned a, b, c, wrong = 0;

    for (a = 0; a < 0x100; a++)
        for (b = 0; b < 0x100; b++)
            for (c = 0x70; c < 0xd0; c++) { /* around the ends of the continuation bytes */
                p[0] = (unsigned char)a, p[1] = (unsigned char)b, p[2] = (unsigned char)c;
                wrong += !agree(p, 1) + !agree(p, 2) + !agree(p, 3);
            }
    is_int(wrong, 0, "of one to three bytes");
}

static void test_check_agrees_on_four_bytes(void)
{
    static const unsigned char edges[] = {0x00, 0x7f, 0x80, 0x8f, 0x90, 0xbf, 0xc0, 0xff};
    unsigned char p[4];
    unsigned a, b, c, d, wrong = 0;

    for (a = 0xe0; a < 0x100; a++)
        for (b = 0; b < 0x100; b++)
            for (c = 0; c < sizeof edges; c++)
                for (d = 0; d < sizeof edges; d++) {
                    p[0] = (unsigned char)a, p[1] = (unsigned char)b, p[2] = edges[c], p[3] = edges[d];
                    wrong += !agree(p, 4);
                }
    is_int(wrong, 0, "whatever leads");
}

static void test_check_gives_the_offset_of_the_first_bad_byte(void)
{
    is_int(check(TEXT("")), 0, "an empty text is well-formed");
    is_int(check(TEXT("plain")), 5, "ASCII is");
    is_int(check(TEXT("a\0b")), 3, "NUL is");
    is_int(check(TEXT("ab\xff"
                      "cd")),
           2, "FF in the middle");
    is_int(check(TEXT("\xc3\xa9\x80")), 2, "a lone continuation byte behind a character");
    is_int(check(TEXT("a\xe2\x82")), 1, "a sequence cut by the end is bad from its start");
    is_int(check(TEXT("\xf0\x9f\x98\x80\xf0\x9f\x98")), 4, "also behind a whole one");
    is_int(check(TEXT("\xe2\x82"
                      "A")),
           0, "a sequence cut by a letter as well");
    is_int(check(TEXT("\xed\xa0\xbd\xed\xb8\x80")), 0, "CESU-8 is refused");
}

static void test_match_counts_the_bytes_that_fit(void)
{
    static const struct {
        const char *bytes;
        size_t len, want;
    } samples[] = {
        {TEXT("A"), 1},
        {TEXT("\x80"), 0},
        {TEXT("\xc0\x80"), 0},
        {TEXT("\xe2"), 1},
        {TEXT("\xe2\x82"), 2},
        {TEXT("\xe2\x82\xac"), 3},
        {TEXT("\xe2\x82\xac\x80"), 3},
        {TEXT("\xe2\x41"), 1},
        {TEXT("\xe2\x82\x41"), 2},
        {TEXT("\xe0\x9f\xbf"), 1},
        {TEXT("\xed\xa0\x80"), 1},
        {TEXT("\xf0\x8f\xbf\xbf"), 1},
        {TEXT("\xf0\x9f\x98\x41"), 3},
        {TEXT("\xf4\x90\x80\x80"), 1},
        {TEXT("\xf5\x80\x80\x80"), 0},
    };
    size_t i, wrong = 0;

    for (i = 0; i < sizeof samples / sizeof *samples; i++) {
        char *copy = malloc(samples[i].len);
        const unsigned char *p = memcpy(copy, samples[i].bytes, samples[i].len);

        wrong += utf8_match(p, p + samples[i].len) != samples[i].want;
        free(copy);
    }
    is_int((long long)wrong, 0, "whole, cut short, or broken");
}

static void test_check_takes_an_empty_buf(void)
{
    is_int((long long)utf8_check(NULL, 0), 0, "without memory behind it");
}

int main(void)
{
    test_lead_bytes_tell_the_length();
    test_every_code_point_encodes_and_checks();
    test_encode_writes_the_bytes_of_the_standard();
    test_check_agrees_on_all_short_sequences();
    test_check_agrees_on_four_bytes();
    test_check_gives_the_offset_of_the_first_bad_byte();
    test_match_counts_the_bytes_that_fit();
    test_check_takes_an_empty_buf();
    return done_testing();
}
