/* SPDX-License-Identifier: MIT */
/* JSON Schemas of host tools: what is one, which values fit, what is said of those that do not, and that no
 * value takes more than its share of time, memory or stack. */
#include <stdlib.h>
#include <time.h>

#include "host/schema/schema.h"
#include "tests/tap.h"
#include "tests/unit/schema_cases.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static struct json parsed(const char *text, size_t len)
{
    if (json_check(text, len, NULL, NULL) < 0) {
        printf("Bail out! not JSON: %.200s\n", text);
        exit(1);
    }
    return json_whole(text, len);
}

/* An exact copy, so that ASan sees any byte too far, with ' as ". */
static char *with_quotes(const char *text, size_t *len)
{
    char *copy;

    *len = strlen(text);
    copy = malloc(*len + 1);
    for (size_t i = 0; i < *len; i++)
        copy[i] = (char)(text[i] == '\'' ? '"' : text[i]);
    return realloc(copy, *len);
}

/* Compiles, checks within the work that is given to a call, and frees again: 0, -1, or 1 for no schema. */
static int check(struct json text, struct json value, const char *name, struct buf *said)
{
    struct work work = {.left = schema_work_for(value.len)};
    struct schema *schema;
    struct iso_err err;
    enum schema_answer answer;

    if (schema_compile(text, "schema", &schema, &err) < 0) {
        printf("# %s\n", err.msg);
        return 1;
    }
    answer = schema_check(schema, value, name, &work, said);
    schema_free(schema);
    return answer == SCHEMA_FITS ? 0 : -1;
}

static int is_schema(struct json text, struct iso_err *err)
{
    struct schema *schema;
    int rc = schema_compile(text, "schema", &schema, err);

    schema_free(schema);
    return rc == 0;
}

static void fits(const char *schema_text, const char *value_text, const char *why)
{
    size_t schema_len, value_len, why_len;
    char *schema_copy = with_quotes(schema_text, &schema_len),
         *value_copy = with_quotes(value_text, &value_len);
    struct json schema = parsed(schema_copy, schema_len), value = parsed(value_copy, value_len);
    struct buf said = {0};
    char *want = why ? with_quotes(why, &why_len) : NULL;
    int rc = check(schema, value, "value", &said);

    if (!ok(rc == (why ? -1 : 0) &&
                (why ? said.len == why_len && memcmp(said.data, want, why_len) == 0 : !said.len),
            "%.300s %s %.100s", schema_text, why ? "refuses" : "takes", value_text))
        printf("# said %.*s\n", (int)said.len, said.len ? said.data : "");
    buf_free(&said);
    free(schema_copy);
    free(value_copy);
    free(want);
}

static void test_values(void)
{
    const char *schema = NULL;

    for (size_t i = 0; i < COUNT(cases); i++) {
        schema = cases[i].schema ? cases[i].schema : schema;
        fits(schema, cases[i].value, cases[i].why);
    }
}

static void is_refused(const char *text, const char *why)
{
    size_t len, why_len;
    char *copy = with_quotes(text, &len), *want = with_quotes(why, &why_len);
    struct iso_err err = {.code = ISO_OK};
    int rc = is_schema(parsed(copy, len), &err) ? 0 : -1;

    ok(rc < 0 && err.code == ISO_USAGE, "no schema: %.200s", text);
    if (rc < 0)
        ok(strlen(err.msg) == why_len && memcmp(err.msg, want, why_len) == 0, "which is said: %s", why);
    free(copy);
    free(want);
}

static void test_refused_schemas(void)
{
    for (size_t i = 0; i < COUNT(refused); i++)
        is_refused(refused[i].schema, refused[i].why);
}

/* ---- bounds */

static struct buf repeated(const char *before, const char *each, size_t count, const char *after)
{
    struct buf b = {0};

    buf_str(&b, before);
    for (size_t i = 0; i < count; i++)
        buf_str(&b, each);
    buf_str(&b, after);
    return b;
}

static struct buf nested(const char *open, size_t depth, const char *inside, const char *close)
{
    struct buf b = repeated("", open, depth, inside), end = repeated("", close, depth, "");

    buf_add(&b, end.data, end.len);
    buf_free(&end);
    return b;
}

/* Takes the value. */
static void ends_with(const char *schema, struct buf value, const char *why, const char *name)
{
    struct json s = parsed(schema, strlen(schema)), v = parsed(value.data, value.len);
    struct buf said = {0};
    clock_t start = clock();
    int rc = check(s, v, "value", &said);

    is_text(said.len ? said.data : "", said.len, why, name);
    is_int(rc, *why ? -1 : 0, name);
    ok(clock() - start < 20 * CLOCKS_PER_SEC, "%s, in %ld ms", name,
       (long)((clock() - start) * 1000 / CLOCKS_PER_SEC));
    buf_free(&said);
    buf_free(&value);
}

static void test_deep_values(void)
{
    ends_with("{\"type\":\"array\"}", nested("[", JSON_MAX_DEPTH, "", "]"), "",
              "deeper than the schema asks");
    ends_with("{\"items\":{\"$ref\":\"#\"}}", nested("[", JSON_MAX_DEPTH, "", "]"),
              "value is nested too deep to be checked", "as deep as may be, in a recursive schema");
    ends_with("{\"items\":{\"$ref\":\"#\"}}", nested("[", 100, "", "]"), "", "a hundred levels");
    ends_with("{\"additionalProperties\":{\"$ref\":\"#\"}}", nested("{\"a\":", JSON_MAX_DEPTH, "1", "}"),
              "value is nested too deep to be checked", "the same with objects");
    ends_with("{\"enum\":[[[[1]]],{\"a\":{}}]}", nested("[", JSON_MAX_DEPTH, "", "]"),
              "value must be one of [[[1]]], {\"a\":{}}", "compared with something small");
}

static void test_large_values(void)
{
    ends_with("{\"items\":{\"type\":\"integer\"}}", repeated("[", "1,", 2000000, "1]"), "",
              "two million items");
    ends_with("{\"items\":{\"properties\":{\"a\":{\"type\":\"string\"}},\"required\":[\"a\"],"
              "\"additionalProperties\":false}}",
              repeated("[", "{\"a\":\"b\"},", 200000, "{\"a\":1}]"),
              "value[200000].a must be a string, not a number", "the last of many objects");
    ends_with("{\"additionalProperties\":{\"type\":\"null\"}}",
              repeated("{", "\"a\":null,", 500000, "\"b\":null}"), "", "an object of half a million members");
    ends_with("{\"maxLength\":5}", repeated("\"", "0123456789", 1000000, "\""),
              "value must have at most 5 characters, not 10000000", "a string of 10 MB");
    ends_with("{\"multipleOf\":7}", repeated("", "7", 3000000, ""), "", "a number of three million digits");
    ends_with("{\"minimum\":8}", repeated("0.", "7", 3000000, ""),
              "value must be at least 8, not 0.7777777777777777777777777777777777777777777777\xe2\x80\xa6",
              "a fraction of as many");
    ends_with(
        "{\"additionalProperties\":false}", repeated("{\"", "long", 100000, "\":1}"),
        "value must not have the property \"longlonglonglonglonglonglonglonglonglonglonglon\xe2\x80\xa6\"",
        "a long name");
}

static struct buf numbers(size_t count)
{
    struct buf b = {0};

    buf_str(&b, "[0");
    for (size_t i = 1; i < count; i++)
        buf_printf(&b, ",%zu", i);
    buf_byte(&b, ']');
    return b;
}

/* Items that differ only so deep that their hashes do not. */
static struct buf lookalikes(size_t count)
{
    struct buf b = {0};

    for (size_t i = 0; i < count; i++) {
        struct buf item = nested("[", 40, "", "]");
        buf_byte(&b, i ? ',' : '[');
        buf_add(&b, item.data, 40);
        buf_printf(&b, "%zu", i);
        buf_add(&b, item.data + 40, 40);
        buf_free(&item);
    }
    buf_byte(&b, ']');
    return b;
}

static void test_unique_items(void)
{
    static const char schema[] = "{\"uniqueItems\":true}";

    ends_with(schema, numbers(1000000), "", "a million different items");
    ends_with(schema, numbers(1000001),
              "value must have at most 1000000 items, as they have to be different, not 1000001",
              "more than a million");
    ends_with(schema, repeated("[", "[1],", 100000, "[1]]"),
              "value must have different items, but [0] and [1] are equal", "many that are equal");
    ends_with(schema, lookalikes(20000), "value takes too much work to be checked", "many that look alike");
    ends_with(schema, nested("[", JSON_MAX_DEPTH, "", "]"), "", "deep ones");
}

/* All the ways to be wrong are not said: there are 2^15. */
static void test_explanations_that_multiply(void)
{
    struct buf schema = {0}, why = {0};

    buf_str(&schema, "{\"$ref\":\"#/$defs/d15\",\"$defs\":{\"d0\":{\"required\":[\"a\"]}");
    for (int i = 1; i <= 15; i++)
        buf_printf(&schema,
                   ",\"d%d\":{\"anyOf\":[{\"$ref\":\"#/$defs/d%d\"},{\"$ref\":\"#/$defs/"
                   "d%d\",\"minProperties\":1}]}",
                   i, i - 1, i - 1);
    buf_str(&schema, "}}");
    is_int(check(parsed(schema.data, schema.len), parsed("{}", 2), "value", &why), -1,
           "none of 2^15 alternatives");
    ok(why.size < 4096, "nothing is written to be cut (%zu bytes)", why.size);
    buf_free(&schema);
    buf_free(&why);
}

static void test_numbers_of_many_digits(void)
{
    struct buf schema = {0};

    buf_str(&schema, "{\"enum\":[0");
    for (int i = 1; i < 3000; i++)
        buf_printf(&schema, ",%d", i);
    buf_str(&schema, "]}");
    buf_byte(&schema, 0);
    ends_with(schema.data, repeated("1.", "7", 3000000, ""), "value takes too much work to be checked",
              "three million digits compared with 3000 numbers");
    buf_free(&schema);
}

/* Each definition uses the one before twice. */
static struct buf doubling(int times)
{
    struct buf b = {0};

    buf_printf(&b, "{\"$ref\":\"#/$defs/d%d\",\"$defs\":{\"d0\":{\"type\":\"null\"}", times);
    for (int i = 1; i <= times; i++)
        buf_printf(&b, ",\"d%d\":{\"anyOf\":[{\"$ref\":\"#/$defs/d%d\"},{\"$ref\":\"#/$defs/d%d\"}]}", i,
                   i - 1, i - 1);
    buf_str(&b, "}}");
    buf_byte(&b, 0);
    return b;
}

static void test_schemas_that_multiply(void)
{
    struct buf schema = doubling(60), one = {0}, null = {0};

    buf_str(&one, "1");
    buf_str(&null, "null");
    ends_with(schema.data, null, "", "the first of 2^60 alternatives");
    ends_with(schema.data, one, "value takes too much work to be checked", "none of 2^60 alternatives");
    buf_free(&schema);
}

static void test_patterns_that_take_long(void)
{
    static const char why[] = "value takes too much work to be checked";

    ends_with("{\"pattern\":\"^(a+)+$\"}", repeated("\"", "a", 40, "b\""), why, "nested repeats");
    ends_with("{\"pattern\":\"\\\\s+$\"}", repeated("\"", " ", 1000000, "b\""), why,
              "every start runs to the end");
    ends_with("{\"pattern\":\"(.*)(.*)(.*)(.*)x$\"}", repeated("\"", "y", 5000, "xz\""), why,
              "four ways to divide");
    ends_with("{\"pattern\":\"(a*)\\\\1b\\\\1c$\"}", repeated("\"", "a", 200000, "bcd\""), why,
              "references back");
    ends_with("{\"pattern\":\"^(a|b)*$\"}", repeated("\"", "ab", 5000, "\""), "",
              "a plain repeat of a group");
    ends_with("{\"pattern\":\"^[a-z]+$\"}", repeated("\"", "ab", 2000000, "\""), "",
              "a plain repeat of a class");
    ends_with("{\"items\":{\"pattern\":\"^(a+)+$\"}}",
              repeated("[", "\"aaaaaaaaaaaaaaaa\",", 50000, "\"b\"]"),
              "value[50000] must match the pattern \"^(a+)+$\"", "many that match at once");
    ends_with("{\"patternProperties\":{\"^(a+)+$\":{}}}", repeated("{\"", "a", 40, "b\":1}"), why,
              "in a name");
}

static void test_long_messages_are_cut(void)
{
    struct buf schema = repeated("{\"anyOf\":[", "{\"required\":[\"\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\"]},",
                                 9, "{\"required\":[\"x\"]}]}");
    struct buf why = {0}, name = repeated("", "name", 100, "");

    buf_byte(&name, 0);
    buf_str(&why, "before ");
    check(parsed(schema.data, schema.len), parsed("{}", 2), name.data, &why);
    ok(why.len > 290 && why.len < 320, "to some 300 bytes (%zu)", why.len);
    ok(memcmp(why.data, "before ", 7) == 0, "behind what was there");
    ok(memcmp(why.data + why.len - 3, "\xe2\x80\xa6", 3) == 0, "with an ellipsis");
    buf_free(&why);
    buf_free(&name);
    buf_free(&schema);
}

static void test_deep_schemas(void)
{
    struct buf deep = nested("{\"items\":", 250, "true", "}"), deeper = nested("{\"not\":", 300, "{}", "}"),
               constant = nested("[", 600, "", "]"), text = {0};
    struct iso_err err;

    ok(is_schema(parsed(deep.data, deep.len), &err), "250 levels are a schema");
    ok(!is_schema(parsed(deeper.data, deeper.len), &err) && strstr(err.msg, "nested too deep"),
       "300 levels are too many");
    buf_printf(&text, "{\"const\":%.*s}", (int)constant.len, constant.data);
    ok(!is_schema(parsed(text.data, text.len), &err) && strstr(err.msg, "nested too deep"),
       "so are 600 levels of a constant");
    buf_free(&deep);
    buf_free(&deeper);
    buf_free(&constant);
    buf_free(&text);
}

int main(void)
{
    test_values();
    test_refused_schemas();
    test_deep_values();
    test_large_values();
    test_unique_items();
    test_schemas_that_multiply();
    test_explanations_that_multiply();
    test_numbers_of_many_digits();
    test_patterns_that_take_long();
    test_long_messages_are_cut();
    test_deep_schemas();
    return done_testing();
}
