/* SPDX-License-Identifier: MIT */
#include "core/limits.h"

#include <inttypes.h>
#include <string.h>

const struct limit_row limit_rows[LIMIT_COUNT] = {
#define X(id, json, flag, run, precompile, least, most, help) \
    [LIMIT_##id] = {json, flag, help, run, precompile, least, most},
    ISO_LIMITS(X)
#undef X
};

void limits_default(struct limits *l, enum limits_for what)
{
    for (int i = 0; i < LIMIT_COUNT; i++)
        l->value[i] = what == LIMITS_FOR_RUN ? limit_rows[i].run : limit_rows[i].precompile;
}

static int limit_set(struct limits *l, enum limit_id id, uint64_t value, const char *name,
                     struct iso_err *err)
{
    const struct limit_row *row = &limit_rows[id];

    if (value != 0 && (value < row->least || value > row->most))
        return iso_fail(err, ISO_USAGE,
                        "%s must be 0 (none) or from %" PRIu64 " to %" PRIu64 ", not %" PRIu64, name,
                        row->least, row->most, value);
    l->value[id] = value;
    return 0;
}

int limit_set_text(struct limits *l, enum limit_id id, const char *text, const char *name,
                   struct iso_err *err)
{
    uint64_t value = 0;
    const char *p = text;

    /* 15 digits are more than any limit's range and cannot overflow. */
    for (; *p >= '0' && *p <= '9' && p - text < 15; p++)
        value = value * 10 + (uint64_t)(*p - '0');
    if (p == text || *p)
        return iso_fail(err, ISO_USAGE, "%s takes a whole number from 0 to %" PRIu64 ", not '%.100s'", name,
                        limit_rows[id].most, text);
    return limit_set(l, id, value, name, err);
}

int limit_set_number(struct limits *l, enum limit_id id, double value, const char *name, struct iso_err *err)
{
    if (!(value >= 0 && value <= 1e15) || value != (double)(uint64_t)value)
        return iso_fail(err, ISO_USAGE, "%s takes a whole number from 0 to %" PRIu64 ", not %.17g", name,
                        limit_rows[id].most, value);
    return limit_set(l, id, (uint64_t)value, name, err);
}

uint64_t limit_bytes(const struct limits *l, enum limit_id id)
{
    return l->value[id] ? l->value[id] : ISO_FRAME_CAP;
}

uint64_t limits_cpu_seconds(const struct limits *l)
{
    uint64_t ms = l->value[LIMIT_CPU];

    return ms ? ms / 1000 + 22 : 0; /* 20 s for a very slow boot, and rounding up on both sides */
}

uint64_t limits_memory_bytes(const struct limits *l)
{
    return l->value[LIMIT_MEMORY] << 20;
}
