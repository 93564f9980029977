/* SPDX-License-Identifier: MIT */
/* TypeScript of schemas and values, as text; that it is TypeScript is for tests/schema/t-dts.mjs to find. */
#include <stdlib.h>

#include "host/dts/dts.h"
#include "tests/tap.h"
#include "tests/unit/dts_cases.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static struct json parsed(const char *text, size_t len)
{
    if (json_check(text, len, NULL, NULL) < 0) {
        printf("Bail out! not JSON: %.200s\n", text);
        exit(1);
    }
    return json_whole(text, len);
}

/* A copy with ' as ". */
static char *with_quotes(const char *text)
{
    char *copy = strdup(text);

    for (char *p = copy; *p; p++)
        *p = (char)(*p == '\'' ? '"' : *p);
    return copy;
}

static void put(struct buf *out, enum what what, struct json v)
{
    switch (what) {
    case TYPE:
        dts_type(out, v, 0);
        break;
    case VALUE:
        dts_type_of_value(out, v, 0);
        break;
    case PARAMETERS:
        dts_parameters(out, v, 0);
        break;
    case NAME:
        dts_property_name(out, v);
        break;
    case COMMENT:
        dts_comment(out, v, 0);
    }
}

static void test_texts(void)
{
    for (size_t i = 0; i < COUNT(cases); i++) {
        char *json = with_quotes(cases[i].json), *want = with_quotes(cases[i].text);
        struct buf out = {0};

        put(&out, cases[i].what, parsed(json, strlen(json)));
        is_text(out.len ? out.data : "", out.len, want, cases[i].json);
        buf_free(&out);
        free(json);
        free(want);
    }
}

static void is_made(const struct buf *out, const char *want, const char *name)
{
    is_text(out->len ? out->data : "", out->len, want, name);
}

static void test_indentation(void)
{
    static const char schema[] =
        "{\"properties\":{\"a\":{\"properties\":{\"b\":{}},\"description\":\"x\\ny\"}}}";
    struct json v = parsed(schema, sizeof schema - 1), value = parsed("{\"a\":1}", 7);
    struct buf out = {0};

    dts_type(&out, v, 4);
    is_made(
        &out,
        "{\n      /**\n       * x\n       * y\n       */\n      a?: {\n        b?: unknown;\n      };\n    }",
        "the lines behind the first are indented");
    buf_reset(&out);
    dts_parameters(&out, v, 2);
    is_made(&out,
            "args?: {\n    /**\n     * x\n     * y\n     */\n    a?: {\n      b?: unknown;\n    };\n  }",
            "those of parameters too");
    buf_reset(&out);
    dts_type_of_value(&out, value, 2);
    is_made(&out, "{\n    a: number;\n  }", "and those of values");
    buf_reset(&out);
    dts_comment(&out, parsed("\"a\"", 3), 2);
    is_made(&out, "  /** a */\n", "a comment begins with its indentation");
    buf_free(&out);
}

static void test_nothing_is_given(void)
{
    struct json none = {NULL, 0};
    struct buf out = {0};

    dts_parameters(&out, none, 0);
    is_made(&out, "...args: unknown[]", "no schema, any arguments");
    buf_reset(&out);
    dts_comment(&out, none, 0);
    is_made(&out, "", "no description, no comment");
    buf_free(&out);
}

static void test_identifiers(void)
{
    static const struct {
        const char *literal;
        int is;
    } names[] = {
        {"\"a\"", 1},         {"\"$\"", 1},
        {"\"_9\"", 1},        {"\"\"", 0},
        {"\"9\"", 0},         {"\"a b\"", 0},
        {"\"a.b\"", 0},       {"\"of\"", 0},
        {"\"new\"", 0},       {"\"News\"", 1},
        {"\"let\"", 0},       {"\"NaN\"", 0},
        {"\"arguments\"", 0}, {"\"\\u0061\"", 1},
        {"\"\\u00fc\"", 1},   {"\"\xc3\xbc\"", 1},
        {"\"\\u0663\"", 0},   {"\"a\\u0663\"", 1},
        {"\"\\u200d\"", 0},   {"\"a\\n\"", 0},
        {"\"\\ud83d\"", 0},   {"\"\\ud835\\udc9c\"", 1},
        {"\"a-\"", 0},        {"\"a\\u0000\"", 0},
        {"\"async\"", 0},
    };

    for (size_t i = 0; i < COUNT(names); i++)
        is_int(dts_is_identifier(parsed(names[i].literal, strlen(names[i].literal))), names[i].is,
               names[i].literal);
}

/* ---- bounds */

static struct buf nested(const char *open, size_t depth, const char *inside, const char *close)
{
    struct buf b = {0};

    for (size_t i = 0; i < depth; i++)
        buf_str(&b, open);
    buf_str(&b, inside);
    for (size_t i = 0; i < depth; i++)
        buf_str(&b, close);
    return b;
}

static void test_deep_schemas_and_values(void)
{
    struct buf schema = nested("{\"items\":", 3000, "true", "}"),
               value = nested("[", JSON_MAX_DEPTH, "", "]"), constant = nested("[", 3000, "", "]"), out = {0};

    dts_type(&out, parsed(schema.data, schema.len), 0);
    ok(out.len < 1000 && strncmp(out.data, "unknown /* nested too deep */[][]", 33) == 0, "a schema is cut");
    buf_reset(&out);
    dts_type_of_value(&out, parsed(value.data, value.len), 0);
    ok(out.len < 1000 && strncmp(out.data, "unknown[][]", 11) == 0, "a value is cut");
    buf_reset(&schema);
    buf_printf(&schema, "{\"const\":%.*s}", (int)constant.len, constant.data);
    dts_type(&out, parsed(schema.data, schema.len), 0);
    ok(out.len < 1000, "a constant is cut");
    buf_free(&schema);
    buf_free(&value);
    buf_free(&constant);
    buf_free(&out);
}

static void test_references_that_multiply(void)
{
    struct buf schema = {0}, out = {0};

    buf_str(&schema, "{\"$ref\":\"#/$defs/d40\",\"$defs\":{\"d0\":{\"type\":\"null\"}");
    for (int i = 1; i <= 40; i++)
        buf_printf(
            &schema,
            ",\"d%d\":{\"properties\":{\"a\":{\"$ref\":\"#/$defs/d%d\"},\"b\":{\"$ref\":\"#/$defs/d%d\"}}}",
            i, i - 1, i - 1);
    buf_str(&schema, "}}");
    dts_type(&out, parsed(schema.data, schema.len), 0);
    ok(out.len < 1000000, "2^40 copies are not made (%zu bytes)", out.len);
    buf_byte(&out, 0);
    ok(strstr(out.data, "unknown /* too long */") != NULL, "which is said");
    buf_free(&schema);
    buf_free(&out);
}

static void test_large_values(void)
{
    struct buf value = {0}, out = {0};

    buf_byte(&value, '{');
    for (int i = 0; i < 5000; i++)
        buf_printf(&value, "\"k%d\":%s,", i, i % 2 ? "1" : "\"a\"");
    buf_str(&value, "\"end\":null}");
    dts_type_of_value(&out, parsed(value.data, value.len), 0);
    is_made(&out, "{ [key: string]: string | number | null }", "many members have one type");
    buf_free(&value);
    buf_free(&out);
}

int main(void)
{
    test_texts();
    test_indentation();
    test_nothing_is_given();
    test_identifiers();
    test_deep_schemas_and_values();
    test_references_that_multiply();
    test_large_values();
    return done_testing();
}
