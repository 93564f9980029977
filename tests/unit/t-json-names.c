/* SPDX-License-Identifier: MIT */
/* The members of an object sorted by name: core/json_names.h. */
#include <stdlib.h>

#include "core/json_names.h"
#include "tests/tap.h"

static struct json json_of(const char *text)
{
    return json_whole(text, strlen(text));
}

static void orders(const char *a, const char *b, int want)
{
    int there = json_compare_strings(json_of(a), json_of(b)),
        back = json_compare_strings(json_of(b), json_of(a));

    ok((there > 0) - (there < 0) == want && (back > 0) - (back < 0) == -want, "%s %s %s", a,
       want < 0   ? "stands before"
       : want > 0 ? "stands behind"
                  : "is the same as",
       b);
}

static void test_order(void)
{
    orders("\"\"", "\"\"", 0);
    orders("\"\"", "\"a\"", -1);
    orders("\"a\"", "\"ab\"", -1);
    orders("\"b\"", "\"ab\"", 1);
    orders("\"\\u0061\"", "\"a\"", 0);
    orders("\"\\u0000\"", "\"\"", 1);
    orders("\"\\u0000\"", "\"\\u0001\"", -1);
    orders("\"z\"", "\"\xc3\xa9\"", -1);
    orders("\"\xc3\xa9\"", "\"\\u00e9\"", 0);
    orders("\"\\ud83d\\ude00\"", "\"\xf0\x9f\x98\x80\"", 0);
    orders("\"\\uffff\"", "\"\\ud83d\\ude00\"", -1);
    orders("\"\\ud83d\"", "\"\\ud83e\"", -1);
}

static void finds(const struct json_names *n, const char *name, const char *want)
{
    const struct json_named *found = json_names_find(n, json_of(name));

    if (want)
        ok(found && found->value.len == strlen(want) && memcmp(found->value.at, want, strlen(want)) == 0,
           "%s is %s", name, want);
    else
        ok(!found, "%s is not there", name);
}

static void test_looking_up(void)
{
    struct json_names n = {0};

    ok(json_names_sort(&n, json_of("{\"b\": 1, \"a\": [2], \"\": 3, \"\\u0062\": 4, \"c\" : {}}")) == 0,
       "sorted");
    is_int((long long)n.count, 5, "all of its members");
    finds(&n, "\"a\"", "[2]");
    finds(&n, "\"b\"", "4");
    finds(&n, "\"\"", "3");
    finds(&n, "\"\\u0063\"", "{}");
    finds(&n, "\"d\"", NULL);
    finds(&n, "\"0\"", NULL);
    json_names_free(&n);
    ok(json_names_sort(&n, json_of("{}")) == 0 && n.count == 0, "an empty object");
    finds(&n, "\"a\"", NULL);
    json_names_free(&n);
    ok(json_names_sort(&n, json_of("[1, 2]")) == 0 && n.count == 0, "an array has no names");
    json_names_free(&n);
}

static void repeats(const char *text, long long at)
{
    struct json object = json_of(text), again;
    struct json_names n = {0};

    json_names_sort(&n, object);
    again = json_names_repeated(&n);
    is_int(again.at ? again.at - text : -1, at, text);
    json_names_free(&n);
}

static void test_repeated_names(void)
{
    repeats("{}", -1);
    repeats("{\"a\":1,\"b\":1}", -1);
    repeats("{\"a\":1,\"a\":1}", 7);
    repeats("{\"a\":1,\"b\":1,\"b\":1,\"a\":1}", 13);
    repeats("{\"z\":1,\"a\":1,\"\\u007a\":1,\"a\":1,\"z\":2}", 13);
}

int main(void)
{
    test_order();
    test_looking_up();
    test_repeated_names();
    return done_testing();
}
