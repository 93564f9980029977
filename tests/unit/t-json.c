/* SPDX-License-Identifier: MIT */
/* The JSON checker, quoter and printer of core/json.h. */
#include <stdint.h>
#include <stdlib.h>

#include "core/json.h"
#include "tests/tap.h"

#define ACCEPTED      (-1)
#define COUNT(array)  (sizeof(array) / sizeof(array)[0])
#define TEXT(literal) literal, sizeof literal - 1

struct sample {
    const char *text;
    size_t len;
    long long want; /* offset of the offending byte, or the kind of an accepted text */
    const char *name;
};

/* The offset that json_check() complains about, or ACCEPTED. An exact copy lets ASan see any byte too far. */
static long long complaint(const char *text, size_t len, enum json_kind *kind)
{
    char *copy = malloc(len);
    size_t at = 0;
    int r;

    if (len)
        memcpy(copy, text, len);
    r = json_check(copy, len, kind, &at);
    free(copy);
    return r < 0 ? (long long)at : ACCEPTED;
}

static void all_refused(const struct sample *samples, size_t count)
{
    size_t i;

    for (i = 0; i < count; i++)
        is_int(complaint(samples[i].text, samples[i].len, NULL), samples[i].want, samples[i].name);
}

static void all_accepted(const struct sample *samples, size_t count)
{
    enum json_kind kind;
    size_t i;

    for (i = 0; i < count; i++)
        ok(complaint(samples[i].text, samples[i].len, &kind) == ACCEPTED && kind == samples[i].want, "%s",
           samples[i].name);
}

/* A depth of nested containers; with text in the innermost. */
static struct buf nested(const char *open, size_t depth, const char *text, const char *close)
{
    struct buf b = {0};
    size_t i;

    for (i = 0; i < depth; i++)
        buf_str(&b, open);
    buf_str(&b, text);
    for (i = 0; i < depth; i++)
        buf_str(&b, close);
    return b;
}

static void quotes_as(const char *text, size_t len, const char *want, const char *name)
{
    struct buf out = {0};

    json_quote(&out, text, len);
    is_text(out.data, out.len, want, name);
    buf_free(&out);
}

static void prints_as(const char *text, int color, const char *want, const char *name)
{
    struct buf out = {0};

    ok(json_check(text, strlen(text), NULL, NULL) == 0, "%s: the text is well-formed", name);
    json_pretty(&out, text, strlen(text), color);
    is_text(out.data, out.len, want, name);
    buf_free(&out);
}

static void reads_as(const char *literal, size_t len, const char *want, const char *name)
{
    struct buf out = {0};
    enum json_kind kind = JSON_NULL;

    ok(complaint(literal, len, &kind) == ACCEPTED && kind == JSON_STRING, "%s: a string literal", name);
    json_string_to_text(&out, literal, len);
    is_text(out.len ? out.data : "", out.len, want, name);
    buf_free(&out);
}

static uint32_t random_below(uint32_t bound)
{
    static uint32_t x = 2463534242; /* Marsaglia's xorshift: the same sequence in every run */

    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    return x % bound;
}

static void random_space(struct buf *b)
{
    while (random_below(4) == 0)
        buf_byte(b, " \t\n\r"[random_below(4)]);
}

/* Half of them from the bytes that matter to UTF-8 and to JSON, so that sequences do come about. */
static size_t random_bytes(char *bytes, size_t max)
{
    static const char likely[] = "\"\\/\x7f\x80\x8f\x90\x9f\xa0\xbf\xc0\xc2\xdf\xe0\xed\xef\xf0\xf4\xf5\xff";
    size_t i, len = random_below((uint32_t)max + 1);

    for (i = 0; i < len; i++)
        bytes[i] = random_below(2) ? likely[random_below(sizeof likely)] : (char)random_below(256);
    return len;
}

static void random_string(struct buf *b)
{
    char bytes[24];

    json_quote(b, bytes, random_bytes(bytes, sizeof bytes));
}

static void random_value(struct buf *b, int depth)
{
    static const char *const scalars[] = {"null", "true", "false", "0", "-0", "12.50", "1e400", "-3E-7"};
    uint32_t shape = random_below(depth ? 4 : 2), n;

    random_space(b);
    if (shape == 0) {
        buf_str(b, scalars[random_below(COUNT(scalars))]);
    } else if (shape == 1) {
        random_string(b);
    } else {
        buf_byte(b, shape == 2 ? '[' : '{');
        random_space(b);
        for (n = random_below(5); n; n--) {
            if (shape == 3) {
                random_string(b);
                random_space(b);
                buf_byte(b, ':');
            }
            random_value(b, depth - 1);
            if (n > 1) {
                buf_byte(b, ',');
                random_space(b);
            }
        }
        buf_byte(b, shape == 2 ? ']' : '}');
    }
    random_space(b);
}

static void test_kind_is_that_of_the_outermost_value(void)
{
    static const struct sample samples[] = {
        {TEXT("null"), JSON_NULL, "null"},
        {TEXT("true"), JSON_BOOL, "true"},
        {TEXT("false"), JSON_BOOL, "false"},
        {TEXT("7"), JSON_NUMBER, "a number"},
        {TEXT("-7"), JSON_NUMBER, "a negative number"},
        {TEXT("\"\""), JSON_STRING, "a string"},
        {TEXT("[{}]"), JSON_ARRAY, "an array"},
        {TEXT("{\"a\":[]}"), JSON_OBJECT, "an object"},
        {TEXT(" \t\r\n{} \t\r\n"), JSON_OBJECT, "white space around a value"},
    };

    all_accepted(samples, COUNT(samples));
}

static void test_results_are_optional(void)
{
    ok(json_check(TEXT("1"), NULL, NULL) == 0, "acceptance needs neither kind nor at");
    ok(json_check(TEXT("x"), NULL, NULL) == -1, "nor does refusal");
}

static void test_empty_text_ends_too_early(void)
{
    size_t at = 9;

    ok(json_check(NULL, 0, NULL, &at) == -1, "an empty buf is refused");
    is_int((long long)at, 0, "at 0");
    is_int(complaint(TEXT(" \n"), NULL), 2, "white space alone ends too early");
}

static void test_exactly_one_value(void)
{
    static const struct sample samples[] = {
        {TEXT("1 2"), 2, "two numbers"},
        {TEXT("{}{}"), 2, "two objects"},
        {TEXT("null,"), 4, "a comma after the value"},
        {TEXT("[]]"), 2, "a bracket after the value"},
        {TEXT("\"a\"\"b\""), 3, "two strings"},
        {TEXT("1 // one"), 2, "a line comment"},
        {TEXT("/**/1"), 0, "a block comment"},
    };

    all_refused(samples, COUNT(samples));
}

static void test_only_json_white_space(void)
{
    static const struct sample samples[] = {
        {TEXT("\v1"), 0, "a vertical tab"},
        {TEXT("1\f"), 1, "a form feed"},
        {TEXT("\xef\xbb\xbf{}"), 0, "a byte order mark"},
        {TEXT("[\xc2\xa0]"), 1, "a no-break space"},
        {TEXT("1\xe2\x80\xa8"), 1, "a line separator"},
        {TEXT("[1,\x7f"
              "2]"),
         3, "a DEL"},
    };

    all_refused(samples, COUNT(samples));
}

static void test_nul_bytes_are_refused_like_others(void)
{
    static const struct sample samples[] = {
        {TEXT("\0"), 0, "NUL alone"},
        {TEXT("\0001"), 0, "NUL before a value"},
        {TEXT("1\0"), 1, "NUL after a value"},
        {TEXT("tru\0"), 3, "NUL in a literal"},
        {TEXT("[1\0]"), 2, "NUL in an array"},
        {TEXT("{\0}"), 1, "NUL in an object"},
        {TEXT("\"a\0b\""), 2, "NUL in a string"},
        {TEXT("\"long enough\0for words\""), 12, "NUL in a long string"},
        {TEXT("\"\\\0\""), 2, "NUL after a backslash"},
        {TEXT("\"\\u00\0000\""), 5, "NUL among hex digits"},
    };

    all_refused(samples, COUNT(samples));
}

static void test_literals_are_spelled_exactly(void)
{
    static const struct sample samples[] = {
        {TEXT("nul"), 3, "nul"},     {TEXT("nulL"), 3, "nulL"},         {TEXT("True"), 0, "True"},
        {TEXT("truee"), 4, "truee"}, {TEXT("fals3"), 4, "fals3"},       {TEXT("undefined"), 0, "undefined"},
        {TEXT("NaN"), 0, "NaN"},     {TEXT("Infinity"), 0, "Infinity"}, {TEXT("-Infinity"), 1, "-Infinity"},
    };

    all_refused(samples, COUNT(samples));
}

static void test_numbers_of_the_grammar_are_accepted(void)
{
    static const struct sample samples[] = {
        {TEXT("0"), JSON_NUMBER, "0"},
        {TEXT("-0"), JSON_NUMBER, "-0"},
        {TEXT("1e400"), JSON_NUMBER, "1e400, beyond a double"},
        {TEXT("-0.0e-0"), JSON_NUMBER, "-0.0e-0"},
        {TEXT("10.25E+07"), JSON_NUMBER, "10.25E+07"},
        {TEXT("0e1"), JSON_NUMBER, "0e1"},
        {TEXT("123456789012345678901234567890"), JSON_NUMBER, "thirty digits"},
    };

    all_accepted(samples, COUNT(samples));
}

static void test_other_numbers_are_refused(void)
{
    static const struct sample samples[] = {
        {TEXT("01"), 1, "01"},       {TEXT("-01"), 2, "-01"},
        {TEXT("00"), 1, "00"},       {TEXT("+1"), 0, "+1"},
        {TEXT(".5"), 0, ".5"},       {TEXT("-.5"), 1, "-.5"},
        {TEXT("1."), 2, "1."},       {TEXT("[1.]"), 3, "1. in an array"},
        {TEXT("1.e2"), 2, "1.e2"},   {TEXT("1e"), 2, "1e"},
        {TEXT("1e+"), 3, "1e+"},     {TEXT("[1E-]"), 4, "1E- in an array"},
        {TEXT("1e1.5"), 3, "1e1.5"}, {TEXT("1.2.3"), 3, "1.2.3"},
        {TEXT("-"), 1, "-"},         {TEXT("--1"), 1, "--1"},
        {TEXT("- 1"), 1, "- 1"},     {TEXT("0x10"), 1, "0x10"},
        {TEXT("1_000"), 1, "1_000"}, {TEXT("1n"), 1, "1n"},
    };

    all_refused(samples, COUNT(samples));
}

static void test_arrays_need_their_commas(void)
{
    static const struct sample samples[] = {
        {TEXT("[1,]"), 3, "a trailing comma"}, {TEXT("[,1]"), 1, "a leading comma"},
        {TEXT("[1,,2]"), 3, "two commas"},     {TEXT("[1 2]"), 3, "no comma"},
        {TEXT("[1:2]"), 2, "a colon"},         {TEXT("[1}"), 2, "the wrong bracket"},
        {TEXT("]"), 0, "only the end"},        {TEXT("[,]"), 1, "only a comma"},
    };

    all_refused(samples, COUNT(samples));
}

static void test_objects_need_keys_and_colons(void)
{
    static const struct sample samples[] = {
        {TEXT("{\"a\":1,}"), 7, "a trailing comma"},
        {TEXT("{,}"), 1, "only a comma"},
        {TEXT("{\"a\"}"), 4, "no value"},
        {TEXT("{\"a\":}"), 5, "nothing behind the colon"},
        {TEXT("{\"a\" 1}"), 5, "no colon"},
        {TEXT("{\"a\"::1}"), 5, "two colons"},
        {TEXT("{a:1}"), 1, "a bare key"},
        {TEXT("{'a':1}"), 1, "a key in single quotes"},
        {TEXT("{1:1}"), 1, "a number as key"},
        {TEXT("{\"a\":1 \"b\":2}"), 7, "no comma"},
        {TEXT("{\"a\":1,2}"), 7, "a value without a key"},
        {TEXT("{\"a\":1]"), 6, "the wrong bracket"},
        {TEXT("{\"a\":[{}}"), 8, "the wrong bracket further in"},
        {TEXT("[{}}"), 3, "the wrong bracket further out"},
    };

    all_refused(samples, COUNT(samples));
}

static void test_brackets_are_matched_across_a_mixed_nest(void)
{
    static const char open[] = "[{\"a\":[[{\"b\":{\"c\":[";
    static const char close[] = "]}}]]}]";
    char text[sizeof open + sizeof close];
    size_t i, len = (size_t)snprintf(text, sizeof text, "%s%s", open, close);

    is_int(complaint(text, len, NULL), ACCEPTED, "each bracket closes its own");
    for (i = sizeof open - 1; i < len; i++) {
        text[i] = text[i] == ']' ? '}' : ']';
        ok(complaint(text, len, NULL) == (long long)i, "the wrong bracket at %zu is found", i);
        text[i] = close[i - (sizeof open - 1)];
    }
}

static void test_control_bytes_in_strings_are_refused(void)
{
    char text[] = "\"0123456789abcdef\"";
    int c, wrong = 0;
    size_t i;

    for (c = 0; c < 0x20; c++)
        for (i = 1; i < 17; i++) {
            char kept = text[i];

            text[i] = (char)c;
            wrong += complaint(text, sizeof text - 1, NULL) != (long long)i;
            text[i] = kept;
        }
    is_int(wrong, 0, "every control byte, wherever it stands");
}

static void test_other_ascii_in_strings_is_accepted(void)
{
    char text[] = "\"0123456789abcdef\"";
    int c, wrong = 0;

    for (c = 0x20; c < 0x80; c++) {
        memset(text + 1, c, 16);
        if (c != '"' && c != '\\')
            wrong += complaint(text, sizeof text - 1, NULL) != ACCEPTED;
    }
    is_int(wrong, 0, "every byte from space to DEL but quote and backslash");
}

static void test_quote_and_backslash_are_seen_wherever_they_stand(void)
{
    char text[40];
    int i, wrong = 0;

    for (i = 0; i < 20; i++) {
        snprintf(text, sizeof text, "\"%.*s\"bcdefghi\"", i, "01234567890123456789");
        wrong += complaint(text, strlen(text), NULL) != i + 2;
        snprintf(text, sizeof text, "\"%.*s\\qcdefghi\"", i, "01234567890123456789");
        wrong += complaint(text, strlen(text), NULL) != i + 2;
    }
    is_int(wrong, 0, "after up to 19 plain bytes");
}

static void test_escapes_of_the_grammar_are_accepted(void)
{
    static const struct sample samples[] = {
        {TEXT("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""), JSON_STRING, "the short escapes"},
        {TEXT("\"\\u0000\\u00e9\\uABCD\\uabcd\""), JSON_STRING, "hex digits of either case"},
        {TEXT("\"\\ud83d\\ude00\""), JSON_STRING, "an escaped surrogate pair"},
        {TEXT("\"\\ud800\""), JSON_STRING, "an escaped lone high surrogate"},
        {TEXT("\"\\udc00\\ud800\""), JSON_STRING, "escaped surrogates in the wrong order"},
    };

    all_accepted(samples, COUNT(samples));
}

static void test_other_escapes_are_refused(void)
{
    static const struct sample samples[] = {
        {TEXT("\"\\a\""), 2, "\\a"},
        {TEXT("\"\\v\""), 2, "\\v"},
        {TEXT("\"\\0\""), 2, "\\0"},
        {TEXT("\"\\x41\""), 2, "\\x41"},
        {TEXT("\"\\'\""), 2, "an escaped single quote"},
        {TEXT("\"\\N\""), 2, "\\N"},
        {TEXT("\"\\U0041\""), 2, "\\U0041"},
        {TEXT("\"\\u{41}\""), 3, "\\u{41}"},
        {TEXT("\"\\u12\""), 5, "two hex digits"},
        {TEXT("\"\\u123g\""), 6, "a g among hex digits"},
        {TEXT("\"\\u+123\""), 3, "a sign among hex digits"},
        {TEXT("\"\\\xc3\xa9\""), 2, "an escaped letter beyond ASCII"},
        {TEXT("\"\\\n\""), 2, "an escaped line break"},
        {TEXT("\"\\\""), 3, "a quote that is escaped"},
    };

    all_refused(samples, COUNT(samples));
}

static void test_well_formed_utf8_is_accepted(void)
{
    static const struct sample samples[] = {
        {TEXT("\"\xc2\x80\xdf\xbf\""), JSON_STRING, "two bytes: U+0080, U+07FF"},
        {TEXT("\"\xe0\xa0\x80\xef\xbf\xbf\""), JSON_STRING, "three bytes: U+0800, U+FFFF"},
        {TEXT("\"\xed\x9f\xbf\xee\x80\x80\""), JSON_STRING, "around the surrogates: U+D7FF, U+E000"},
        {TEXT("\"\xf0\x90\x80\x80\xf4\x8f\xbf\xbf\""), JSON_STRING, "four bytes: U+10000, U+10FFFF"},
        {TEXT("\"\xe2\x80\xa8\""), JSON_STRING, "a line separator in a string"},
        {TEXT("{\"\xf0\x9f\x98\x80\":1}"), JSON_OBJECT, "in a key"},
    };

    all_accepted(samples, COUNT(samples));
}

static void test_ill_formed_utf8_is_refused(void)
{
    static const struct sample samples[] = {
        {TEXT("\"\x80\""), 1, "a lone continuation byte, 80"},
        {TEXT("\"\xbf\""), 1, "a lone continuation byte, BF"},
        {TEXT("\"a\xc3\xa9\xa9\""), 4, "one continuation byte too many"},
        {TEXT("\"\xc0\x80\""), 1, "overlong NUL, C0 80"},
        {TEXT("\"\xc1\xbf\""), 1, "overlong in two bytes, C1 BF"},
        {TEXT("\"\xe0\x80\x80\""), 2, "overlong in three bytes, E0 80"},
        {TEXT("\"\xe0\x9f\xbf\""), 2, "overlong in three bytes, E0 9F"},
        {TEXT("\"\xf0\x80\x80\x80\""), 2, "overlong in four bytes, F0 80"},
        {TEXT("\"\xf0\x8f\xbf\xbf\""), 2, "overlong in four bytes, F0 8F"},
        {TEXT("\"\xed\xa0\x80\""), 2, "an encoded high surrogate"},
        {TEXT("\"\xed\xbf\xbf\""), 2, "an encoded low surrogate"},
        {TEXT("\"\xed\xa0\xbd\xed\xb8\x80\""), 2, "an encoded surrogate pair (CESU-8)"},
        {TEXT("\"\xf4\x90\x80\x80\""), 2, "U+110000"},
        {TEXT("\"\xf5\x80\x80\x80\""), 1, "a lead byte of F5"},
        {TEXT("\"\xf8\x88\x80\x80\x80\""), 1, "a sequence of five bytes"},
        {TEXT("\"\xfe\""), 1, "FE"},
        {TEXT("\"\xff\""), 1, "FF"},
        {TEXT("\"\xc3\""), 2, "a quote in place of the second byte"},
        {TEXT("\"\xe2\x82\""), 3, "a quote in place of the third byte"},
        {TEXT("\"\xf0\x9f\x98\""), 4, "a quote in place of the fourth byte"},
        {TEXT("\"\xc3\xc3\xa9\""), 2, "a lead byte in place of the second byte"},
        {TEXT("\"\xe9t\xe9\""), 2, "Latin-1"},
        {TEXT("{\"\xff\":1}"), 2, "in a key"},
    };

    all_refused(samples, COUNT(samples));
}

static void test_bytes_beyond_ascii_outside_strings_are_refused(void)
{
    static const struct sample samples[] = {
        {TEXT("\xc3\xa9"), 0, "a letter as value"},
        {TEXT("[\xff]"), 1, "a byte as element"},
        {TEXT("{\xe2\x80\x9c"
              "a\xe2\x80\x9d:1}"),
         1, "typographic quotes"},
        {TEXT("1\xd9\xa1"), 1, "an Arabic digit"},
        {TEXT("[1\xef\xbc\x8c"
              "2]"),
         2, "a full-width comma"},
    };

    all_refused(samples, COUNT(samples));
}

static void test_every_truncation_ends_too_early(void)
{
    static const char text[] = " {\"k\\u00e9y\": [null, true, false, -0.5e+10, \"\\ud83d\\ude00 \\n\xc3\xa9"
                               "\xe2\x82\xac\xf0\x9f\x98\x80 plain text here\"], \"o\" : { } , \"a\":[ ]}";
    size_t len;
    int wrong = 0;

    is_int(complaint(text, sizeof text - 1, NULL), ACCEPTED, "the whole document is accepted");
    for (len = 0; len < sizeof text - 1; len++)
        wrong += complaint(text, len, NULL) != (long long)len;
    is_int(wrong, 0, "every truncation of it is refused at its end");
}

static void test_depth_is_limited(void)
{
    static const struct {
        const char *open, *close, *name;
    } shapes[] = {{"[", "]", "arrays"}, {"{\"a\":", "}", "objects"}};
    struct buf b;
    size_t i;

    for (i = 0; i < COUNT(shapes); i++) {
        b = nested(shapes[i].open, JSON_MAX_DEPTH, "0", shapes[i].close);
        ok(complaint(b.data, b.len, NULL) == ACCEPTED, "%s as deep as the limit", shapes[i].name);
        buf_free(&b);
        b = nested(shapes[i].open, JSON_MAX_DEPTH + 1, "0", shapes[i].close);
        ok(complaint(b.data, b.len, NULL) == (long long)(JSON_MAX_DEPTH * strlen(shapes[i].open)),
           "%s one deeper are refused at the bracket that crosses", shapes[i].name);
        buf_free(&b);
    }
}

static void test_depth_counts_empty_containers(void)
{
    struct buf b = nested("[", JSON_MAX_DEPTH - 1, "[],{}", "]");

    is_int(complaint(b.data, b.len, NULL), ACCEPTED, "empty ones at the limit");
    buf_free(&b);
    b = nested("[", JSON_MAX_DEPTH, "1,{}", "]");
    is_int(complaint(b.data, b.len, NULL), JSON_MAX_DEPTH + 2, "an empty one beyond it");
    buf_free(&b);
}

static void test_siblings_do_not_add_to_the_depth(void)
{
    struct buf b = {0};
    int i;

    buf_str(&b, "[[]");
    for (i = 0; i < JSON_MAX_DEPTH + 10; i++)
        buf_str(&b, ",[{}]");
    buf_str(&b, "]");
    is_int(complaint(b.data, b.len, NULL), ACCEPTED, "more containers than the depth limit, side by side");
    buf_free(&b);
}

static void test_quote_escapes_what_must_be(void)
{
    quotes_as(TEXT(""), "\"\"", "nothing");
    quotes_as(NULL, 0, "\"\"", "an empty buf");
    quotes_as(TEXT("say \"hi\" \\ /"), "\"say \\\"hi\\\" \\\\ /\"", "quote and backslash, not slash");
    quotes_as(TEXT("\b\f\n\r\t"), "\"\\b\\f\\n\\r\\t\"", "controls with a short escape");
    quotes_as(TEXT("\0\001\v\033\037"), "\"\\u0000\\u0001\\u000b\\u001b\\u001f\"", "other controls");
    quotes_as(TEXT("\x7f"), "\"\x7f\"", "DEL is left as it is");
    quotes_as(TEXT("0123456\n01234567\n012345678\n"), "\"0123456\\n01234567\\n012345678\\n\"",
              "escapes between plain runs");
}

static void test_quote_keeps_well_formed_utf8(void)
{
    static const char text[] = "\xc2\x80 \xdf\xbf \xe0\xa0\x80 \xed\x9f\xbf \xee\x80\x80 \xf0\x90\x80\x80 "
                               "\xf4\x8f\xbf\xbf";
    char want[sizeof text + 2];

    snprintf(want, sizeof want, "\"%s\"", text);
    quotes_as(TEXT(text), want, "byte for byte");
}

#define FFFD "\xef\xbf\xbd"

static void test_quote_replaces_each_maximal_subpart(void)
{
    quotes_as(TEXT("a\x80z"), "\"a" FFFD "z\"", "a continuation byte");
    quotes_as(TEXT("\xff\xfe"), "\"" FFFD FFFD "\"", "bytes that start nothing, one each");
    quotes_as(TEXT("\xc0\xaf"), "\"" FFFD FFFD "\"", "an overlong pair, one each");
    quotes_as(TEXT("\xed\xa0\x80"), "\"" FFFD FFFD FFFD "\"", "an encoded surrogate, one each");
    quotes_as(TEXT("\xf4\x90\x80\x80"), "\"" FFFD FFFD FFFD FFFD "\"", "U+110000, one each");
    quotes_as(TEXT("\xe2\x82z"), "\"" FFFD "z\"", "a truncated sequence, one for all of it");
    quotes_as(TEXT("\xf0\x9f\x98"), "\"" FFFD "\"", "a sequence cut by the end, one for all of it");
    quotes_as(TEXT("\xf0\x9f\x98\""), "\"" FFFD "\\\"\"", "a quote behind a truncated sequence");
    /* The example of the Unicode standard, table 3-11. */
    quotes_as(TEXT("\xe1\x80\xe2\xf0\x91\x92\xf1\xbf"
                   "A"),
              "\"" FFFD FFFD FFFD FFFD "A\"", "truncated sequences in a row");
}

static void test_quote_of_random_bytes_is_a_string(void)
{
    enum json_kind kind;
    char bytes[200];
    struct buf out = {0};
    int round, wrong = 0;

    for (round = 0; round < 20000; round++) {
        buf_reset(&out);
        json_quote(&out, bytes, random_bytes(bytes, sizeof bytes));
        wrong += complaint(out.data, out.len, &kind) != ACCEPTED || kind != JSON_STRING;
    }
    is_int(wrong, 0, "json_check() accepts every one");
    buf_free(&out);
}

static void test_quote_respects_the_bound(void)
{
    struct buf out = {.cap = 8};

    json_quote(&out, TEXT("plain and too long"));
    ok(out.failed && out.len <= 8, "a buf that is too small fails");
    buf_free(&out);
}

static void test_pretty_prints_like_stringify(void)
{
    prints_as("{\"a\":1,\"b\":[true,null,{\"c\":\"d\"}],\"e\":{}}", 0,
              "{\n"
              "  \"a\": 1,\n"
              "  \"b\": [\n"
              "    true,\n"
              "    null,\n"
              "    {\n"
              "      \"c\": \"d\"\n"
              "    }\n"
              "  ],\n"
              "  \"e\": {}\n"
              "}",
              "nested containers");
    prints_as("[]", 0, "[]", "an empty array");
    prints_as(" { \n } ", 0, "{}", "an empty object with space in it");
    prints_as("[[],[\n]]", 0, "[\n  [],\n  []\n]", "empty arrays in an array");
    prints_as("\t-0 ", 0, "-0", "a scalar");
}

static void test_pretty_replaces_white_space(void)
{
    prints_as(" [ 1 ,\r\n\t2 , { \"a\"\t:\n3 } ]\n", 0, "[\n  1,\n  2,\n  {\n    \"a\": 3\n  }\n]",
              "white space between tokens");
}

static void test_pretty_keeps_tokens_byte_for_byte(void)
{
    prints_as("[1.50E+02,1e400,-0.0]", 0, "[\n  1.50E+02,\n  1e400,\n  -0.0\n]", "numbers");
    prints_as("[\"a  b\",\"\\u0041\\/\\\"\",\"[{,:}]\",\"\xc3\xa9\"]", 0,
              "[\n  \"a  b\",\n  \"\\u0041\\/\\\"\",\n  \"[{,:}]\",\n  \"\xc3\xa9\"\n]", "strings");
}

static void test_pretty_paints_each_kind(void)
{
    prints_as("{\"k\":[\"s\",-1,null,true,false,{}]}", 1,
              "{\n"
              "  \033[1;34m\"k\"\033[0m: [\n"
              "    \033[32m\"s\"\033[0m,\n"
              "    \033[36m-1\033[0m,\n"
              "    \033[35mnull\033[0m,\n"
              "    \033[35mtrue\033[0m,\n"
              "    \033[35mfalse\033[0m,\n"
              "    {}\n"
              "  ]\n"
              "}",
              "key, string, number, literals");
    prints_as("{\"k\" \n : \"s\" \n }", 1, "{\n  \033[1;34m\"k\"\033[0m: \033[32m\"s\"\033[0m\n}",
              "a key is a key even with space before its colon");
    prints_as("\"s\"", 1, "\033[32m\"s\"\033[0m", "a string alone");
}

static void test_pretty_goes_as_deep_as_check(void)
{
    struct buf in = nested("[", JSON_MAX_DEPTH, "", "]"), out = {0};

    json_pretty(&out, in.data, in.len, 0);
    is_int(complaint(out.data, out.len, NULL), ACCEPTED, "the deepest text is well-formed again");
    buf_free(&in);
    buf_free(&out);
}

/* 100 KB of arrays in each other once took 988 MB. */
static void test_pretty_of_deep_text_is_bounded(void)
{
    struct buf in = nested("[[1,", 4000, "[1,2]", "]]"), out = {0}, want = {0};

    json_pretty(&out, in.data, in.len, 0);
    is_int(complaint(out.data, out.len, NULL), ACCEPTED, "text of 8,000 levels is well-formed again");
    ok(out.len < in.len * (2 * JSON_PRETTY_LEVELS + 16), "in %zu bytes for %zu", out.len, in.len);
    buf_free(&in);
    buf_free(&out);
    in = nested("[", JSON_PRETTY_LEVELS + 2, "1,{\"a\":2}", "]");
    json_pretty(&out, in.data, in.len, 0);
    for (int i = 0; i < JSON_PRETTY_LEVELS; i++)
        buf_printf(&want, "[\n%*s", 2 * (i + 1), "");
    buf_str(&want, "[[1,{\"a\":2}]]");
    for (int i = JSON_PRETTY_LEVELS; i > 0; i--)
        buf_printf(&want, "\n%*s]", 2 * (i - 1), "");
    buf_byte(&want, 0);
    is_text(out.data, out.len, want.data, "levels beyond the bound stand on one line");
    buf_free(&in);
    buf_free(&out);
    buf_free(&want);
}

static int append(void *ctx, const char *bytes, size_t len)
{
    return buf_add(ctx, bytes, len);
}

static int refuse_write(void *ctx, const char *bytes, size_t len)
{
    (void)bytes;
    (void)len;
    ++*(int *)ctx;
    return -1;
}

static void test_pretty_in_pieces(void)
{
    struct buf in = {0}, whole = {0}, pieces = {0};
    int writes = 0;

    buf_str(&in, "[0");
    for (int i = 1; i < 50000; i++)
        buf_printf(&in, ",{\"n\":%d}", i);
    buf_str(&in, "]");
    json_pretty(&whole, in.data, in.len, 1);
    ok(json_pretty_write(in.data, in.len, 1, append, &pieces) == 0 && pieces.len == whole.len &&
           memcmp(pieces.data, whole.data, whole.len) == 0,
       "pieces are the whole");
    ok(json_pretty_write(in.data, in.len, 0, refuse_write, &writes) < 0 && writes == 1,
       "a failed write is the last one");
    buf_free(&in);
    buf_free(&whole);
    buf_free(&pieces);
}

static void test_pretty_respects_the_bound(void)
{
    struct buf out = {.cap = 12};

    json_pretty(&out, TEXT("[[[[[1,2,3]]]]]"), 0);
    ok(out.failed && out.len <= 12, "a buf that is too small fails");
    buf_free(&out);
}

static void test_pretty_keeps_random_values_well_formed(void)
{
    struct buf in = {0}, once = {0}, twice = {0};
    enum json_kind before = JSON_NULL, after = JSON_NULL;
    int round, accepted = 0, kept = 0, stable = 0;

    for (round = 0; round < 5000; round++) {
        buf_reset(&in);
        buf_reset(&once);
        buf_reset(&twice);
        random_value(&in, 6);
        accepted += complaint(in.data, in.len, &before) == ACCEPTED;
        json_pretty(&once, in.data, in.len, 0);
        kept += complaint(once.data, once.len, &after) == ACCEPTED && before == after;
        json_pretty(&twice, once.data, once.len, 0);
        stable += once.len == twice.len && memcmp(once.data, twice.data, once.len) == 0;
    }
    is_int(accepted, round, "random values are well-formed");
    is_int(kept, round, "and so is their print, with the same kind");
    is_int(stable, round, "and printing that changes nothing");
    buf_free(&in);
    buf_free(&once);
    buf_free(&twice);
}

static void test_text_resolves_escapes(void)
{
    reads_as(TEXT("\"\""), "", "an empty string");
    reads_as(TEXT("\"plain\""), "plain", "plain text");
    reads_as(TEXT(" \n\"in space\"\t "), "in space", "white space around the literal is not text");
    reads_as(TEXT("\"\\\"\\\\\\/\""), "\"\\/", "quote, backslash, slash");
    reads_as(TEXT("\"a\\nb\\tc\""), "a\nb\tc", "line break and tab stay");
    reads_as(TEXT("\"\\u0041\\u00e9\\u20AC\\uffff\""), "A\xc3\xa9\xe2\x82\xac\xef\xbf\xbf", "hex escapes");
    reads_as(TEXT("\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\""), "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80",
             "UTF-8 stays");
    reads_as(TEXT("\"\\u07ff\\u0800\""), "\xdf\xbf\xe0\xa0\x80", "hex escapes of two bytes and of three");
}

static void test_mends_surrogates(void)
{
    static const char *const texts[][2] = {
        {"[\"\\ud800\"]", "[\"\\ufffd\"]"},
        {"{\"\\uDFFF\\\\ud800\":1}", "{\"\\ufffd\\\\ud800\":1}"},
        {"\"\\ud83d\\ude00\\ud83d\"", "\"\\ud83d\\ude00\\ufffd\""},
        {"\"\\ud83d\\ud83d\\ude00\"", "\"\\ufffd\\ud83d\\ude00\""},
        {"\"\\ud83d\\u0041\\n\"", "\"\\ufffd\\u0041\\n\""},
        {"\"a\\\"\\/\"", "\"a\\\"\\/\""},
    };

    for (size_t i = 0; i < COUNT(texts); i++) {
        char text[64];
        snprintf(text, sizeof text, "%s", texts[i][0]);
        json_mend(text, strlen(text));
        is_text(text, strlen(text), texts[i][1], texts[i][0]);
        is_int(json_check_tight(texts[i][0], strlen(texts[i][0]), JSON_ANY),
               strcmp(texts[i][0], texts[i][1]) == 0 ? 0 : -1, "and is refused of a worker");
    }
}

static void test_text_joins_surrogates(void)
{
    reads_as(TEXT("\"\\ud83d\\ude00\\uD800\\uDC00\\udbff\\udfff\""),
             "\xf0\x9f\x98\x80\xf0\x90\x80\x80\xf4\x8f\xbf\xbf", "pairs become one character");
    reads_as(TEXT("\"\\ud83d\""), FFFD, "a high one at the end");
    reads_as(TEXT("\"\\ud83dx\""), FFFD "x", "a high one before a letter");
    reads_as(TEXT("\"\\ud83d\\n\""), FFFD "\n", "a high one before another escape");
    reads_as(TEXT("\"\\ud83d\\u0041\""), FFFD "A", "a high one before a hex escape");
    reads_as(TEXT("\"\\ude00\\ud83d\""), FFFD FFFD, "both in the wrong order");
    reads_as(TEXT("\"\\udc00\\udc00\""), FFFD FFFD, "two low ones");
    reads_as(TEXT("\"\\ud83d\\udbff\""), FFFD FFFD, "two high ones");
    reads_as(TEXT("\"\\ud83d\\ue000\""), FFFD "\xee\x80\x80", "a high one before U+E000");
    reads_as(TEXT("\"\\ud83d\\ud83d\\ude00\""), FFFD "\xf0\x9f\x98\x80", "a high one before a pair");
}

static void test_text_cannot_drive_a_terminal(void)
{
    reads_as(TEXT("\"\\u001b[31mred\\u001B]0;title\\u0007\""), "\\x1b[31mred\\x1b]0;title\\x07",
             "escape sequences");
    reads_as(TEXT("\"\\r\\b\\f\\u0000\\u001f\""), "\\x0d\\x08\\x0c\\x00\\x1f", "other controls");
    reads_as(TEXT("\"\x7f\\u007f\""), "\\x7f\\x7f", "DEL, as byte and as escape");
    reads_as(TEXT("\"\xc2\x9b"
                  "31m\\u009b31m\""),
             "\\x9b31m\\x9b31m", "C1 CSI, as UTF-8 and as escape");
    reads_as(TEXT("\"\xc2\x80\xc2\x9f\xc2\xa0\""), "\\x80\\x9f\xc2\xa0", "C1 ends before U+00A0");
}

static void test_numbers_in_lines_are_in_the_range_of_doubles(void)
{
    static const char *const good[] = {
        "1e308", "-1.7976931348623157e+308", "1e-999",
        "0e999", "123456789012345678901234", "0.0000000000000000000000000000000000000001"};
    static const char *const bad[] = {"1e309", "-1e999", "1.8e308", "[0,1e400]", "{\"a\":1E+400}"};
    char digits[401];

    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        is_int(json_check_tight(good[i], strlen(good[i]), JSON_ANY), 0, good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        is_int(json_check_tight(bad[i], strlen(bad[i]), JSON_ANY), -1, bad[i]);
        is_int(json_check(bad[i], strlen(bad[i]), NULL, NULL), 0, "which is JSON all the same");
    }
    memset(digits, '7', 400);
    digits[400] = 0;
    is_int(json_check_tight(digits, 400, JSON_ANY), -1, "a whole number of 400 digits");
    is_int(json_check_tight(digits, 308, JSON_ANY), 0, "one of 308");
}

int main(void)
{
    test_kind_is_that_of_the_outermost_value();
    test_results_are_optional();
    test_empty_text_ends_too_early();
    test_exactly_one_value();
    test_only_json_white_space();
    test_nul_bytes_are_refused_like_others();
    test_literals_are_spelled_exactly();
    test_numbers_of_the_grammar_are_accepted();
    test_other_numbers_are_refused();
    test_arrays_need_their_commas();
    test_objects_need_keys_and_colons();
    test_brackets_are_matched_across_a_mixed_nest();
    test_control_bytes_in_strings_are_refused();
    test_other_ascii_in_strings_is_accepted();
    test_quote_and_backslash_are_seen_wherever_they_stand();
    test_escapes_of_the_grammar_are_accepted();
    test_other_escapes_are_refused();
    test_well_formed_utf8_is_accepted();
    test_ill_formed_utf8_is_refused();
    test_bytes_beyond_ascii_outside_strings_are_refused();
    test_every_truncation_ends_too_early();
    test_depth_is_limited();
    test_depth_counts_empty_containers();
    test_siblings_do_not_add_to_the_depth();
    test_quote_escapes_what_must_be();
    test_quote_keeps_well_formed_utf8();
    test_quote_replaces_each_maximal_subpart();
    test_quote_of_random_bytes_is_a_string();
    test_quote_respects_the_bound();
    test_pretty_prints_like_stringify();
    test_pretty_replaces_white_space();
    test_pretty_keeps_tokens_byte_for_byte();
    test_pretty_paints_each_kind();
    test_pretty_goes_as_deep_as_check();
    test_pretty_of_deep_text_is_bounded();
    test_pretty_in_pieces();
    test_pretty_respects_the_bound();
    test_numbers_in_lines_are_in_the_range_of_doubles();
    test_pretty_keeps_random_values_well_formed();
    test_text_resolves_escapes();
    test_mends_surrogates();
    test_text_joins_surrogates();
    test_text_cannot_drive_a_terminal();
    return done_testing();
}
