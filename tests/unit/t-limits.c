/* SPDX-License-Identifier: MIT */
/* The table of limits of core/limits.h, and how values get into it. */
#include <float.h>
#include <inttypes.h>
#include <math.h>

#include "core/limits.h"
#include "tests/tap.h"

#define FOR_EACH(i) for (int i = 0; i < LIMIT_COUNT; i++)

static const struct limits start = {.value = {1, 2, 3, 4, 5, 6, 7, 8, 9}};

static int same(const struct limits *a, const struct limits *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

static int only(const struct limits *l, int id, uint64_t value)
{
    struct limits want = start;

    want.value[id] = value;
    return same(l, &want);
}

static int takes_text(int id, uint64_t value)
{
    struct limits l = start;
    struct iso_err err = {0};
    char text[32];

    snprintf(text, sizeof text, "%" PRIu64, value);
    return limit_set_text(&l, (enum limit_id)id, text, "--x", &err) == 0 && only(&l, id, value) &&
           err.code == ISO_OK;
}

static int refuses_text(int id, const char *text)
{
    struct limits l = start;
    struct iso_err err = {0};

    return limit_set_text(&l, (enum limit_id)id, text, "--the-flag", &err) == -1 && err.code == ISO_USAGE &&
           same(&l, &start) && strstr(err.msg, "--the-flag");
}

static int takes_number(int id, double value)
{
    struct limits l = start;
    struct iso_err err = {0};

    return limit_set_number(&l, (enum limit_id)id, value, "x", &err) == 0 && only(&l, id, (uint64_t)value) &&
           err.code == ISO_OK;
}

static int refuses_number(int id, double value)
{
    struct limits l = start;
    struct iso_err err = {0};

    return limit_set_number(&l, (enum limit_id)id, value, "limits.key", &err) == -1 &&
           err.code == ISO_USAGE && same(&l, &start) && strstr(err.msg, "limits.key");
}

static void as_text(char text[32], uint64_t value)
{
    snprintf(text, 32, "%" PRIu64, value);
}

static void test_rows_are_whole(void)
{
    FOR_EACH(i)
    {
        const struct limit_row *r = &limit_rows[i];

        ok(r->json && *r->json && r->flag && *r->flag && r->help && *r->help, "row %d has its texts", i);
        ok(r->least >= 1 && r->least <= r->most, "%s has a range above 0", r->json);
        ok((!r->run || (r->run >= r->least && r->run <= r->most)) &&
               (!r->precompile || (r->precompile >= r->least && r->precompile <= r->most)),
           "%s has defaults within it", r->json);
    }
}

/* maxStdoutBytes and --max-stdout-bytes are one name. */
static void test_flags_are_the_json_names_in_kebab_case(void)
{
    FOR_EACH(i)
    {
        char flag[64];
        size_t n = 0;

        for (const char *p = limit_rows[i].json; *p && n < sizeof flag - 2; p++) {
            if (*p >= 'A' && *p <= 'Z')
                flag[n++] = '-';
            flag[n++] = (char)(*p | 0x20);
        }
        is_text(flag, n, limit_rows[i].flag, limit_rows[i].json);
    }
}

static void test_names_are_unique(void)
{
    int twice = 0;

    FOR_EACH(i)
    for (int j = 0; j < i; j++)
        twice += strcmp(limit_rows[i].json, limit_rows[j].json) == 0 ||
                 strcmp(limit_rows[i].flag, limit_rows[j].flag) == 0;
    is_int(twice, 0, "as JSON name and as flag");
}

static void test_defaults_are_those_of_the_contract(void)
{
    static const uint64_t run[LIMIT_COUNT] = {
        [LIMIT_CPU] = 5000,         [LIMIT_WALL] = 30000,       [LIMIT_MEMORY] = 128,
        [LIMIT_BRIDGE_CALLS] = 100, [LIMIT_BRIDGE_PAYLOAD] = 0, [LIMIT_EXPORT] = 16 << 20,
        [LIMIT_STDOUT] = 1 << 20,   [LIMIT_STDERR] = 1 << 20,   [LIMIT_TIMERS] = 10000,
        [LIMIT_APPROVAL] = 600000,
    };
    struct limits l = start;

    limits_default(&l, LIMITS_FOR_RUN);
    FOR_EACH(i) is_int((long long)l.value[i], (long long)run[i], limit_rows[i].json);
    limits_default(&l, LIMITS_FOR_PRECOMPILE);
    FOR_EACH(i)
    is_int((long long)l.value[i], i == LIMIT_CPU || i == LIMIT_WALL ? 10000 : (long long)run[i],
           i == LIMIT_CPU || i == LIMIT_WALL ? "precompile has ten seconds" : "else the same");
}

static void test_the_ends_of_every_range_are_taken(void)
{
    FOR_EACH(i)
    {
        const struct limit_row *r = &limit_rows[i];

        ok(takes_text(i, r->least) && takes_text(i, r->most), "%s, as text", r->json);
        ok(takes_number(i, (double)r->least) && takes_number(i, (double)r->most), "%s, as a number", r->json);
    }
}

static void test_zero_is_taken_everywhere(void)
{
    FOR_EACH(i) ok(takes_text(i, 0) && takes_number(i, 0), "%s", limit_rows[i].json);
}

static void test_values_outside_the_range_are_refused(void)
{
    char text[32];

    FOR_EACH(i)
    {
        const struct limit_row *r = &limit_rows[i];

        as_text(text, r->most + 1);
        ok(refuses_text(i, text) && refuses_number(i, (double)(r->most + 1)), "%s above the most", r->json);
        as_text(text, r->least - 1);
        ok(r->least == 1 || (refuses_text(i, text) && refuses_number(i, (double)(r->least - 1))),
           "%s below the least", r->json);
    }
}

static void test_text_is_decimal_digits_only(void)
{
    static const char *const texts[] = {
        "",    " ",   "10x",      "x10",      "10 ",        " 10",          "10\n",  "\t10",
        "+10", "-10", "-0",       "--10",     "0x10",       "0X10",         "010x",  "0b1",
        "1e1", "1E1", "10.0",     "10.",      ".5",         "1,000",        "1_000", "10ms",
        "ten", "NaN", "Infinity", "\xd9\xa1", "10\xc2\xa0", "\xef\xbc\x91", "1 0",
    };

    FOR_EACH(i)
    for (size_t t = 0; t < sizeof texts / sizeof *texts; t++)
        if (!refuses_text(i, texts[t]))
            ok(0, "%s takes '%s'", limit_rows[i].json, texts[t]);
    ok(1, "no row takes anything else");
}

static void test_huge_numbers_do_not_wrap(void)
{
    static const char *const texts[] = {
        "999999999999999",      "9999999999999999",     "4294967297", /* 2^32 + 1 */
        "9223372036854775808",  "18446744073709551615", "18446744073709551616",
        "18446744073709551617", "18446744073709551716", "340282366920938463463374607431768211457",
    };

    FOR_EACH(i)
    for (size_t t = 0; t < sizeof texts / sizeof *texts; t++)
        if (!refuses_text(i, texts[t]))
            ok(0, "%s takes %s", limit_rows[i].json, texts[t]);
    ok(1, "in any row");
}

static void test_leading_zeros_are_digits(void)
{
    struct limits l = start;
    struct iso_err err;

    is_int(limit_set_text(&l, LIMIT_WALL, "007", "x", &err), 0, "007 is taken");
    is_int((long long)l.value[LIMIT_WALL], 7, "as 7");
}

static void test_numbers_are_whole_and_not_negative(void)
{
    static const double values[] = {
        0.5,         1.5,     1000.25,  -1,        -0.5, -1e300, 1e300,  1e16,
        DBL_MAX,     DBL_MIN, INFINITY, -INFINITY, NAN,  0x1p32, 0x1p63, 18446744073709551616.0,
        4294967297.0};

    FOR_EACH(i)
    for (size_t v = 0; v < sizeof values / sizeof *values; v++)
        if (!refuses_number(i, values[v]))
            ok(0, "%s takes %g", limit_rows[i].json, values[v]);
    ok(1, "in every row");
    ok(takes_number(LIMIT_CPU, -0.0), "-0 is 0");
}

static void test_a_long_text_does_not_fill_the_message(void)
{
    char text[2000];
    struct limits l = start;
    struct iso_err err = {0};

    memset(text, 'y', sizeof text - 1);
    text[sizeof text - 1] = 0;
    ok(limit_set_text(&l, LIMIT_CPU, text, "--cpu-time-ms", &err) < 0 && strlen(err.msg) < 300, "%s",
       err.msg);
    ok(strstr(err.msg, "--cpu-time-ms") && strstr(err.msg, "86400000"), "it names the flag and the range");
}

static void test_a_byte_limit_of_zero_is_the_frame_cap(void)
{
    struct limits l = {0};

    is_int((long long)limit_bytes(&l, LIMIT_EXPORT), ISO_FRAME_CAP, "0");
    l.value[LIMIT_EXPORT] = 1;
    is_int((long long)limit_bytes(&l, LIMIT_EXPORT), 1, "1");
    l.value[LIMIT_EXPORT] = ISO_FRAME_CAP;
    is_int((long long)limit_bytes(&l, LIMIT_EXPORT), ISO_FRAME_CAP, "the most");
}

int main(void)
{
    test_rows_are_whole();
    test_flags_are_the_json_names_in_kebab_case();
    test_names_are_unique();
    test_defaults_are_those_of_the_contract();
    test_the_ends_of_every_range_are_taken();
    test_zero_is_taken_everywhere();
    test_values_outside_the_range_are_refused();
    test_text_is_decimal_digits_only();
    test_huge_numbers_do_not_wrap();
    test_leading_zeros_are_digits();
    test_numbers_are_whole_and_not_negative();
    test_a_long_text_does_not_fill_the_message();
    test_a_byte_limit_of_zero_is_the_frame_cap();
    return done_testing();
}
