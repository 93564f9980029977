/* SPDX-License-Identifier: MIT */
/* Reading checked JSON in place: core/json_walk.h. */
#include <math.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/json_walk.h"
#include "tests/tap.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* The value of a text that is well-formed; an exact copy, so that ASan sees any byte too far. */
static struct json parsed(char **copy, const char *text)
{
    size_t len = strlen(text);

    *copy = malloc(len ? len : 1);
    memcpy(*copy, text, len);
    if (json_check(*copy, len, NULL, NULL) < 0) {
        printf("Bail out! not JSON: %s\n", text);
        exit(1);
    }
    return json_whole(*copy, len);
}

static void is_value(struct json v, const char *want, const char *name)
{
    is_text(v.at ? v.at : "(none)", v.at ? v.len : 6, want, name);
}

/* ---- values and their parts */

static void test_the_whole_is_the_value_without_space(void)
{
    static const char *const texts[][2] = {
        {"1", "1"}, {" \n\t\r1 \n\t\r", "1"}, {" [ 1 ] ", "[ 1 ]"}, {"\" a \"", "\" a \""}, {"null ", "null"},
    };
    char *copy;

    for (size_t i = 0; i < COUNT(texts); i++) {
        is_value(parsed(&copy, texts[i][0]), texts[i][1], texts[i][1]);
        free(copy);
    }
}

static void test_kinds(void)
{
    static const struct {
        const char *text;
        enum json_kind kind;
    } kinds[] = {
        {"null", JSON_NULL}, {"true", JSON_BOOL},  {"false", JSON_BOOL},  {"0", JSON_NUMBER},
        {"-1", JSON_NUMBER}, {"9e9", JSON_NUMBER}, {"\"\"", JSON_STRING}, {"\"{\"", JSON_STRING},
        {"[]", JSON_ARRAY},  {"[{}]", JSON_ARRAY}, {"{}", JSON_OBJECT},   {"{\"a\":[]}", JSON_OBJECT},
    };
    char *copy;

    for (size_t i = 0; i < COUNT(kinds); i++) {
        is_int(json_kind(parsed(&copy, kinds[i].text)), kinds[i].kind, kinds[i].text);
        free(copy);
    }
}

/* "key=value;" of each part, or "value;" of items. */
static void walks_as(const char *text, const char *want)
{
    struct buf got = {0};
    struct json key, value;
    size_t n = 0;
    char *copy;
    struct json v = parsed(&copy, text);

    for (struct json_walk w = json_walk(v); json_next(&w, &key, &value); n++) {
        if (key.at) {
            buf_add(&got, key.at, key.len);
            buf_byte(&got, '=');
        }
        buf_add(&got, value.at, value.len);
        buf_byte(&got, ';');
    }
    is_text(got.len ? got.data : "", got.len, want, text);
    is_int((long long)json_count(v), (long long)n, "counted as walked");
    buf_free(&got);
    free(copy);
}

static void test_parts_come_in_their_order(void)
{
    walks_as("[]", "");
    walks_as("[ \t ]", "");
    walks_as("{}", "");
    walks_as("{ \t }", "");
    walks_as("[1]", "1;");
    walks_as("[1,2,3]", "1;2;3;");
    walks_as("[ 1 , 2 ,\t3 ]", "1;2;3;");
    walks_as("[[],[[]],{}]", "[];[[]];{};");
    walks_as("[[1,[2,3]],{\"a\":[4]},5]", "[1,[2,3]];{\"a\":[4]};5;");
    walks_as("[true,false,null]", "true;false;null;");
    walks_as("[-0,1.5e-7,1E+2]", "-0;1.5e-7;1E+2;");
    walks_as("[\"a,b\",\"]\",\"\\\"]\",\"\\\\\"]", "\"a,b\";\"]\";\"\\\"]\";\"\\\\\";");
    walks_as("{\"a\":1}", "\"a\"=1;");
    walks_as("{\"a\":1,\"b\":{\"c\":2}}", "\"a\"=1;\"b\"={\"c\":2};");
    walks_as(" { \"a\" : 1 , \"b\" : [ 2 , 3 ] } ", "\"a\"=1;\"b\"=[ 2 , 3 ];");
    walks_as("{\"\":\"}\",\"{\":\":\"}", "\"\"=\"}\";\"{\"=\":\";");
    walks_as("{\"a\":1,\"a\":2}", "\"a\"=1;\"a\"=2;");
    walks_as("{\"\\u0000\":\"\\\\\"}", "\"\\u0000\"=\"\\\\\";");
}

static void test_other_kinds_have_no_parts(void)
{
    struct json none = {NULL, 0}, value;
    struct json_walk w = json_walk(none);

    walks_as("1", "");
    walks_as("\"[1,2]\"", "");
    walks_as("null", "");
    is_int(json_next(&w, NULL, &value), 0, "no value has no parts");
    is_int((long long)json_count(none), 0, "and none to count");
}

static void test_walking_deep_text_takes_no_stack(void)
{
    struct buf text = {0};
    struct json v, item;
    int depth = 0;

    for (int i = 0; i < JSON_MAX_DEPTH; i++)
        buf_str(&text, "[");
    for (int i = 0; i < JSON_MAX_DEPTH; i++)
        buf_str(&text, "]");
    v = json_whole(text.data, text.len);
    for (struct json_walk w = json_walk(v); json_next(&w, NULL, &item); w = json_walk(item))
        depth++;
    is_int(depth, JSON_MAX_DEPTH - 1, "level by level to the innermost");
    buf_free(&text);
}

static void has_member(const char *text, const char *name, const char *want)
{
    char *copy;

    is_value(json_member(parsed(&copy, text), name), want, name);
    free(copy);
}

static void test_members_are_found_by_name(void)
{
    has_member("{\"a\":1,\"b\":2}", "b", "2");
    has_member("{\"a\":1,\"b\":2}", "c", "(none)");
    has_member("{\"a\":1,\"a\":2}", "a", "2");
    has_member("{\"\\u0061\":1}", "a", "1");
    has_member("{\"a\\u0000\":1}", "a", "(none)");
    has_member("{\"ab\":1}", "a", "(none)");
    has_member("{\"a\":1}", "ab", "(none)");
    has_member("{\"\":1}", "", "1");
    has_member("{\"x\":{\"a\":1}}", "a", "(none)");
    has_member("[\"a\",1]", "a", "(none)");
    has_member("\"a\"", "a", "(none)");
    is_value(json_member((struct json){NULL, 0}, "a"), "(none)", "of no value");
}

/* ---- strings */

static void test_literals_are_compared_with_text(void)
{
    static const struct {
        const char *literal, *text;
        int same;
    } cases[] = {
        {"\"\"", "", 1},
        {"\"a\"", "a", 1},
        {"\"a\"", "", 0},
        {"\"\"", "a", 0},
        {"\"abc\"", "ab", 0},
        {"\"ab\"", "abc", 0},
        {"\"\\n\"", "\n", 1},
        {"\"\\/\"", "/", 1},
        {"\"\\u00e9\"", "\xc3\xa9", 1},
        {"\"\xc3\xa9\"", "\xc3", 0},
        {"\"\\u0000\"", "", 0},
        {"\"\\u0000a\"", "", 0},
        {"\"a\\u0000\"", "a", 0},
        {"\"\\u0041\"", "A", 1},
        {"1", "1", 0},
        {"1", "", 0},
        {"123", "2", 0},
        {"[]", "", 0},
    };
    char *copy;

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct json v = parsed(&copy, cases[i].literal);
        ok(json_is(v, cases[i].text) == cases[i].same, "%s is %sthe text", cases[i].literal,
           cases[i].same ? "" : "not ");
        free(copy);
    }
}

static void decodes_as(const char *literal, const char *want, size_t len)
{
    struct buf out = {0};
    char *copy;

    json_decode(&out, parsed(&copy, literal));
    ok(out.len == len && (len == 0 || memcmp(out.data, want, len) == 0), "decoded: %s", literal);
    buf_free(&out);
    free(copy);
}

static void test_decoding(void)
{
    decodes_as("\"\"", "", 0);
    decodes_as("\"plain\"", "plain", 5);
    decodes_as("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t", 8);
    decodes_as("\"a\\u0000b\"", "a\0b", 3);
    decodes_as("\"\\u00e9\\u20AC\\u20ac\"", "\xc3\xa9\xe2\x82\xac\xe2\x82\xac", 8);
    decodes_as("\"\xc3\xa9\"", "\xc3\xa9", 2);
    decodes_as("\"\\ud83d\\ude00\"", "\xf0\x9f\x98\x80", 4);
    decodes_as("\"\\uD83D\\uDE00x\"", "\xf0\x9f\x98\x80x", 5);
    decodes_as("\"\\ud83d\"", "\xed\xa0\xbd", 3);
    decodes_as("\"\\ude00\"", "\xed\xb8\x80", 3);
    decodes_as("\"\\ude00\\ud83d\"", "\xed\xb8\x80\xed\xa0\xbd", 6);
    decodes_as("\"\\ud83dx\"", "\xed\xa0\xbdx", 4);
    decodes_as("\"\\ud83d\\n\"", "\xed\xa0\xbd\n", 4);
    decodes_as("\"\\ud83d\\u0041\"", "\xed\xa0\xbd\x41", 4);
    decodes_as("\"\\ud83d\\ud83d\\ude00\"", "\xed\xa0\xbd\xf0\x9f\x98\x80", 7);
    decodes_as("\"\\\\ud83d\"", "\\ud83d", 6);
}

static void test_letters_are_characters(void)
{
    char *copy, bytes[4];
    struct json_letters l = json_letters(parsed(&copy, "\"a\xc3\xa9\\ud83d\\ude00\\ud83d\xf0\x9f\x98\x80\""));
    size_t n, count = 0, lengths = 0;

    while ((n = json_next_letter(&l, bytes)) > 0) {
        count++;
        lengths = lengths * 10 + n;
    }
    is_int((long long)count, 5, "escaped or not, a pair is one");
    is_int((long long)lengths, 12434, "of so many bytes each");
    free(copy);
}

/* ---- numbers */

static void test_numbers(void)
{
    static const struct {
        const char *text;
        double want;
    } cases[] = {
        {"0", 0},
        {"-0", 0},
        {"1", 1},
        {"-12.5", -12.5},
        {"1e3", 1000},
        {"1E-2", 0.01},
        {"0.1", 0.1},
        {"9007199254740993", 9007199254740992},
        {"1e400", INFINITY},
        {"-1e400", -INFINITY},
        {"1e-400", 0},
        {"123456789012345678901234567890", 123456789012345678901234567890.},
    };
    char *copy;

    for (size_t i = 0; i < COUNT(cases); i++) {
        ok(json_number(parsed(&copy, cases[i].text)) == cases[i].want, "%s", cases[i].text);
        free(copy);
    }
    ok(signbit(json_number(parsed(&copy, "-0"))), "-0 keeps its sign");
    free(copy);
}

static void test_numbers_of_any_length(void)
{
    static const size_t lengths[] = {510, 511, 512, 513, 100000};
    char *copy;

    for (size_t i = 0; i < COUNT(lengths); i++) {
        char *text = malloc(lengths[i] + 1);

        memset(text, '0', lengths[i]);
        text[0] = '1';
        text[1] = '.';
        text[lengths[i]] = 0;
        ok(json_number(parsed(&copy, text)) == 1, "of %zu characters", lengths[i]);
        free(copy);
        free(text);
    }
}

static void test_whole_numbers(void)
{
    static const struct {
        const char *text;
        uint64_t most;
        long long want;
    } cases[] = {
        {"0", 10, 0},
        {"10", 10, 10},
        {"11", 10, -1},
        {"-1", 10, -1},
        {"-0", 10, 0},
        {"1.0", 10, 1},
        {"1e1", 10, 10},
        {"1.5", 10, -1},
        {"0.1", 10, -1},
        {"1e400", UINT64_MAX, -1},
        {"-1e400", UINT64_MAX, -1},
        {"18446744073709551616", UINT64_MAX, -1},
        {"18446744073709551615", UINT64_MAX, -1},
        {"\"1\"", 10, -1},
        {"null", 10, -1},
        {"[1]", 10, -1},
        {"true", 10, -1},
        {"9007199254740991", UINT64_MAX, 9007199254740991},
        {"0", 0, 0},
        {"1", 0, -1},
    };
    char *copy;

    for (size_t i = 0; i < COUNT(cases); i++) {
        uint64_t n = 0;
        struct json v = parsed(&copy, cases[i].text);
        long long got = json_whole_number(v, cases[i].most, &n) < 0 ? -1 : (long long)n;
        is_int(got, cases[i].want, cases[i].text);
        free(copy);
    }
}

/* ---- comparing */

static void compares(const char *a, const char *b, int want)
{
    char *copy_a, *copy_b;
    struct json va = parsed(&copy_a, a), vb = parsed(&copy_b, b);

    ok(json_equal(va, vb) == want && json_equal(vb, va) == want, "%s %s %s", a, want ? "is" : "is not", b);
    free(copy_a);
    free(copy_b);
}

static void test_equal_values(void)
{
    compares("1", "1.0", 1);
    compares("100", "1e2", 1);
    compares("0", "-0", 1);
    compares("null", "null", 1);
    compares("\"a\"", "\"\\u0061\"", 1);
    compares("\"\\ud83d\\ude00\"", "\"\xf0\x9f\x98\x80\"", 1);
    compares("\"\\u0000\"", "\"\\u0000\"", 1);
    compares("[1,[2]]", "[ 1, [ 2.0 ] ]", 1);
    compares("{}", "{ }", 1);
    compares("[]", "[ ]", 1);
    compares("{\"a\":1,\"b\":2}", "{\"b\":2,\"a\":1}", 1);
    compares("{\"a\":{\"b\":[1]}}", "{ \"\\u0061\" : {\"b\": [1.0]}}", 1);
}

static void test_different_values(void)
{
    compares("1", "2", 0);
    compares("1", "\"1\"", 0);
    compares("true", "false", 0);
    compares("null", "false", 0);
    compares("0", "false", 0);
    compares("\"\"", "null", 0);
    compares("\"a\"", "\"b\"", 0);
    compares("\"a\"", "\"ab\"", 0);
    compares("\"\\u0000\"", "\"\"", 0);
    compares("\"\\ud83d\"", "\"\\ud83e\"", 0);
    compares("\"\\ud83d\"", "\"\xef\xbf\xbd\"", 0);
    compares("[]", "{}", 0);
    compares("[1,2]", "[2,1]", 0);
    compares("[1]", "[1,1]", 0);
    compares("[[]]", "[]", 0);
    compares("{\"a\":1}", "{\"a\":2}", 0);
    compares("{\"a\":1}", "{\"b\":1}", 0);
    compares("{\"a\":1}", "{\"a\":1,\"b\":1}", 0);
}

static void test_of_members_with_one_name_the_last_counts(void)
{
    compares("{\"a\":1,\"a\":2}", "{\"a\":3,\"a\": 2}", 1);
    compares("{\"a\":1,\"a\":2}", "{\"a\":2,\"a\":1}", 0);
    compares("{\"a\":1,\"a\":1}", "{\"a\":1,\"b\":2}", 0);
    compares("{\"a\":1,\"a\":1}", "{\"a\":1}", 0);
}

/* A level of nesting around 1, written with or without a space. */
static char *nest(int depth, const char *space)
{
    struct buf b = {0};

    for (int i = 0; i < depth; i++)
        buf_str(&b, "[");
    buf_printf(&b, "1%s", space);
    for (int i = 0; i < depth; i++)
        buf_str(&b, "]");
    buf_byte(&b, 0);
    return b.data;
}

static void test_deep_values(void)
{
    char *a = nest(500, ""), *b = nest(500, " "), *c = nest(600, ""), *d = nest(600, " "), *e = nest(600, "");
    char *copy[5];

    ok(json_equal(parsed(&copy[0], a), parsed(&copy[1], b)), "500 levels are compared");
    ok(!json_equal(parsed(&copy[2], c), parsed(&copy[3], d)), "600 levels are not");
    ok(json_equal(parsed(&copy[4], e), json_whole(copy[2], strlen(c))), "but for the same text");
    for (int i = 0; i < 5; i++)
        free(copy[i]);
    free(a), free(b), free(c), free(d), free(e);
}

/* Each level has the name twice: comparing both would take 2^40 steps. */
static void test_repeated_names_do_not_double_the_work(void)
{
    struct buf a = {0}, b = {0};

    for (int i = 0; i < 12; i++) {
        struct buf na = {0}, nb = {0};

        buf_printf(&na, "{\"a\":%.*s,\"a\":%.*s}", a.len ? (int)a.len : 1, a.len ? a.data : "1",
                   a.len ? (int)a.len : 1, a.len ? a.data : "1");
        buf_printf(&nb, "{\"a\": %.*s,\"a\":%.*s}", b.len ? (int)b.len : 1, b.len ? b.data : "1",
                   b.len ? (int)b.len : 1, b.len ? b.data : "1");
        buf_free(&a);
        buf_free(&b);
        a = na;
        b = nb;
    }
    ok(json_equal(json_whole(a.data, a.len), json_whole(b.data, b.len)), "twelve levels of names twice");
    buf_free(&a);
    buf_free(&b);
}

/* Objects of 100,000 members, in opposite orders: comparing each name with each would take an hour. */
static void test_many_members_take_no_square(void)
{
    struct buf a = {0}, b = {0};

    for (int i = 0; i < 100000; i++) {
        buf_printf(&a, "%c\"n%d\":%d", i ? ',' : '{', i, i);
        buf_printf(&b, "%c\"n%d\":%d", i ? ',' : '{', 99999 - i, 99999 - i);
    }
    buf_str(&a, "}");
    buf_str(&b, ",\"n5\":5}");
    ok(!json_equal(json_whole(a.data, a.len), json_whole(b.data, b.len)),
       "one member more makes another object");
    b.len -= strlen(",\"n5\":5}");
    buf_str(&b, "}");
    alarm(60);
    ok(json_equal(json_whole(a.data, a.len), json_whole(b.data, b.len)) == 1,
       "100,000 members in another order");
    alarm(0);
    buf_free(&a);
    buf_free(&b);
}

/* ---- places */

static void is_at(size_t offset, size_t want_line, size_t want_column)
{
    static const char text[] = "{\n  \"a\": 1\n\n}";
    size_t line, column;

    json_place(text, text + offset, &line, &column);
    ok(line == want_line && column == want_column, "offset %zu is %zu:%zu", offset, line, column);
}

static void test_places(void)
{
    is_at(0, 1, 1);
    is_at(1, 1, 2);
    is_at(2, 2, 1);
    is_at(4, 2, 3);
    is_at(11, 3, 1);
    is_at(12, 4, 1);
}

int main(void)
{
    test_the_whole_is_the_value_without_space();
    test_kinds();
    test_parts_come_in_their_order();
    test_other_kinds_have_no_parts();
    test_walking_deep_text_takes_no_stack();
    test_members_are_found_by_name();
    test_literals_are_compared_with_text();
    test_decoding();
    test_letters_are_characters();
    test_numbers();
    test_numbers_of_any_length();
    test_whole_numbers();
    test_equal_values();
    test_different_values();
    test_of_members_with_one_name_the_last_counts();
    test_deep_values();
    test_repeated_names_do_not_double_the_work();
    test_many_members_take_no_square();
    test_places();
    return done_testing();
}
