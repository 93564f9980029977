/* SPDX-License-Identifier: MIT */
#include "host/job/repro.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* The largest time of a Date in JavaScript. */
#define MOST_MS 8640000000000000ll

int repro_seed(struct repro *w, const char *name, const char *text, struct iso_err *err)
{
    char *end;

    errno = 0;
    w->seed = strtoull(text, &end, 10);
    if (*text < '0' || *text > '9' || *end || errno)
        return iso_fail(err, ISO_USAGE, "%s takes a whole number from 0 to 2^64 - 1, not '%.100s'", name,
                        text);
    w->has_seed = 1;
    return 0;
}

static int bad_time(const char *name, const char *text, struct iso_err *err)
{
    return iso_fail(err, ISO_USAGE,
                    "%s takes milliseconds since 1970 or a time such as 2030-01-31T12:00:00Z, not '%.100s'",
                    name, text);
}

/* ".123" and more digits: milliseconds, the rest cut. */
static const char *take_fraction(const char *p, int64_t *ms)
{
    int64_t unit = 100;

    if (*p != '.' || p[1] < '0' || p[1] > '9')
        return p;
    for (p++; *p >= '0' && *p <= '9'; p++, unit /= 10)
        *ms += (*p - '0') * unit;
    return p;
}

/* "Z", nothing, or "+01:00": minutes east of Greenwich. NULL: something else. */
static const char *take_zone(const char *p, int *minutes)
{
    int sign = *p == '-' ? -1 : 1;

    *minutes = 0;
    if (*p == 'Z')
        return p + 1;
    if (*p != '+' && *p != '-')
        return p;
    for (int i = 1; i < 6; i++)
        if (i == 3 ? p[i] != ':' : p[i] < '0' || p[i] > '9')
            return NULL;
    *minutes = sign * (((p[1] - '0') * 10 + p[2] - '0') * 60 + (p[4] - '0') * 10 + p[5] - '0');
    return p + 6;
}

static int from_iso(const char *text, int64_t *ms)
{
    struct tm tm = {0};
    const char *p = strptime(text, "%Y-%m-%d", &tm);
    int minutes = 0;

    *ms = 0;
    if (p && (*p == 'T' || *p == ' ')) {
        const char *with_seconds = strptime(p + 1, "%H:%M:%S", &tm);
        p = with_seconds ? take_fraction(with_seconds, ms) : strptime(p + 1, "%H:%M", &tm);
        p = p ? take_zone(p, &minutes) : NULL;
    }
    if (!p || *p)
        return -1;
    *ms += ((int64_t)timegm(&tm) - minutes * 60) * 1000;
    return 0;
}

int repro_now(struct repro *w, const char *name, const char *text, struct iso_err *err)
{
    char *end;
    long long ms;

    errno = 0;
    ms = strtoll(text, &end, 10);
    if (*text && !*end && !errno && strchr("-0123456789", *text))
        w->now_ms = ms;
    else if (from_iso(text, &w->now_ms) < 0)
        return bad_time(name, text, err);
    if (w->now_ms > MOST_MS || w->now_ms < -MOST_MS)
        return bad_time(name, text, err);
    w->has_now = 1;
    return 0;
}

int repro_zone(struct repro *w, const char *name, const char *text, struct iso_err *err)
{
    size_t len = strlen(text);

    if (len == 0 || len > 64 ||
        strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/:") != len)
        return iso_fail(err, ISO_USAGE, "%s takes the name of a time zone such as Europe/Paris, not '%.100s'",
                        name, text);
    w->zone = text;
    return 0;
}
