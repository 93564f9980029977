/* SPDX-License-Identifier: MIT */
/* tests/tap.h - the few words a C test needs to speak TAP: ok(), is_int(), is_text(), done_testing(). */
#ifndef ISO_TESTS_TAP_H
#define ISO_TESTS_TAP_H
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static int tap_run, tap_failed;

static int ok(int pass, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static inline int ok(int pass, const char *fmt, ...)
{
    va_list ap;

    tap_failed += !pass;
    printf("%sok %d - ", pass ? "" : "not ", ++tap_run);
    va_start(ap, fmt);
    vprintf(fmt, ap);
    va_end(ap);
    putchar('\n');
    fflush(stdout);
    return pass;
}

static inline int is_int(long long got, long long want, const char *name)
{
    if (got != want)
        printf("# got %lld, want %lld\n", got, want);
    return ok(got == want, "%s", name);
}

static inline int is_text(const char *got, size_t len, const char *want, const char *name)
{
    int same = len == strlen(want) && (len == 0 || memcmp(got, want, len) == 0);

    if (!same)
        printf("# got  '%.*s'\n# want '%s'\n", (int)len, got, want);
    return ok(same, "%s", name);
}

static inline int done_testing(void)
{
    printf("1..%d\n", tap_run);
    return tap_failed != 0;
}
#endif
