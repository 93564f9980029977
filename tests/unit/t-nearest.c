/* SPDX-License-Identifier: MIT */
/* core/nearest.h: how far words are apart, and which name is offered for a word. */
#include "core/nearest.h"
#include "tests/tap.h"

static void apart(const char *a, const char *b, long long want)
{
    char name[200];

    snprintf(name, sizeof name, "'%s' and '%s'", a, b);
    is_int((long long)edit_distance(a, strlen(a), b, strlen(b)), want, name);
    is_int((long long)edit_distance(b, strlen(b), a, strlen(a)), want, "and the other way round");
}

static void test_distances(void)
{
    apart("", "", 0);
    apart("", "abc", 3);
    apart("abc", "abc", 0);
    apart("abc", "abd", 1);
    apart("abc", "ab", 1);
    apart("abc", "xabc", 1);
    apart("abc", "bca", 2);
    apart("kitten", "sitting", 3);
    apart("ab", "ba", 1);
    apart("consloe", "console", 1);
    apart("xab", "bax", 2);
    apart("abcd", "badc", 2);
    apart("ca", "abc", 3); /* no letter is edited twice */
    apart("aaaa", "bbbb", 4);
}

static void test_words_of_any_length(void)
{
    char long_word[NEAREST_MOST + 2];

    memset(long_word, 'x', sizeof long_word);
    is_int((long long)edit_distance(long_word, NEAREST_MOST, long_word, NEAREST_MOST), 0,
           "the longest words");
    ok(edit_distance(long_word, NEAREST_MOST + 1, "x", 1) > NEAREST_MOST,
       "a longer one is far from everything");
    ok(edit_distance("x", 1, long_word, NEAREST_MOST + 1) > NEAREST_MOST, "also as the second");
    ok(edit_distance(long_word, NEAREST_MOST + 1, long_word, NEAREST_MOST + 1) > NEAREST_MOST,
       "also from itself");
}

/* The name that is left when all have been offered; "" for none. */
static const char *best(const char *word, const char *const *names)
{
    struct nearest n = nearest_start(word, strlen(word));
    const char *found = "";

    for (; *names; names++)
        if (nearest_offer(&n, *names, strlen(*names)))
            found = *names;
    return found;
}

static void offers(const char *word, const char *want)
{
    static const char *const names[] = {"returns", "throws", "value", "cases", "cwd",
                                        "env",     "users",  "user",  NULL};
    const char *got = best(word, names);
    char name[100];

    snprintf(name, sizeof name, "for '%s': '%s'", word, want);
    is_text(got, strlen(got), want, name);
}

static void test_offers(void)
{
    offers("retruns", "returns");
    offers("return", "returns");
    offers("Value", "value");
    offers("case", "cases");
    offers("cdw", "cwd");
    offers("xyzzy", "");
    offers("", "");
    offers("e", "");
    offers("en", "");
    offers("envs", "env");
    offers("userz", "users"); /* the first of two that are as near */
    offers("user", "user");
}

int main(void)
{
    test_distances();
    test_words_of_any_length();
    test_offers();
    return done_testing();
}
