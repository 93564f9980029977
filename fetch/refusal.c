/* SPDX-License-Identifier: MIT */
#include "fetch/refusal.h"

#include <stdarg.h>
#include <stdio.h>

static const struct {
    const char *name;
    int blocked;
} reasons[] = {
#define X(id, name, blocked) [REASON_##id] = {name, blocked},
    FETCH_REASONS(X)
#undef X
};

int refusal_set(struct refusal *r, enum fetch_reason reason, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(r->what, sizeof r->what, fmt, ap);
    va_end(ap);
    r->reason = reason;
    return -1;
}

const char *refusal_name(enum fetch_reason reason)
{
    return reasons[reason].name;
}

int refusal_blocked(enum fetch_reason reason)
{
    return reasons[reason].blocked;
}
