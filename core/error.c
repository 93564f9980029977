/* SPDX-License-Identifier: MIT */
#include "core/error.h"

#include <stdarg.h>
#include <stdio.h>

static const struct {
    const char *name;
    int exit_status;
    int from_worker;
} codes[ISO_CODE_COUNT] = {[ISO_OK] = {"ok", 0, 0},
#define X(id, name, status, worker) [ISO_##id] = {name, status, worker},
                           ISO_CODES(X)
#undef X
};

int iso_fail(struct iso_err *err, enum iso_code code, const char *fmt, ...)
{
    va_list ap;

    err->code = code;
    va_start(ap, fmt);
    vsnprintf(err->msg, sizeof err->msg, fmt, ap);
    va_end(ap);
    return -1;
}

const char *iso_code_name(enum iso_code code)
{
    return codes[code].name;
}

int iso_code_exit(enum iso_code code)
{
    return codes[code].exit_status;
}

int iso_code_from_worker(unsigned code)
{
    return code < ISO_CODE_COUNT && codes[code].from_worker;
}
