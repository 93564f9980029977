/* SPDX-License-Identifier: MIT */
#include "core/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/utf8.h"

static const struct {
    const char *name;
    int exit_status;
    int from_worker;
    int final;
    enum iso_origin origin;
} codes[ISO_CODE_COUNT] = {[ISO_OK] = {"ok", 0, 0, 1, ISO_ORIGIN_AGENT},
#define X(id, name, status, worker, final, origin) \
    [ISO_##id] = {name, status, worker, final, ISO_ORIGIN_##origin},
                           ISO_CODES(X)
#undef X
};

/* Messages are put into JSON, but text that they quote may be invalid UTF-8, or cut within a character. */
static void make_utf8(char *text)
{
    size_t len = strlen(text), at;

    while ((at = utf8_check(text, len)) < len) {
        text[at] = '?';
        text += at + 1;
        len -= at + 1;
    }
}

int iso_fail(struct iso_err *err, enum iso_code code, const char *fmt, ...)
{
    va_list ap;

    err->code = code;
    err->line = err->column = 0;
    *err->path = 0;
    va_start(ap, fmt);
    vsnprintf(err->msg, sizeof err->msg, fmt, ap);
    va_end(ap);
    make_utf8(err->msg);
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

static int rank(int exit_status)
{
    return exit_status == 4 ? 1 : exit_status < 2 ? exit_status - 1 : exit_status;
}

int iso_worse_exit(int a, int b)
{
    return rank(b) > rank(a) ? b : a;
}

int iso_code_from_worker(unsigned code)
{
    return code < ISO_CODE_COUNT && codes[code].from_worker;
}

int iso_code_final(enum iso_code code)
{
    return codes[code].final;
}

const char *iso_code_origin(enum iso_code code, int broken)
{
    static const char *const names[] = {
#define X(id, name) [ISO_ORIGIN_##id] = name,
        ISO_ORIGINS(X)
#undef X
    };

    return names[code == ISO_HOST_BRIDGE && broken ? ISO_ORIGIN_CALLER : codes[code].origin];
}

int iso_code_by_name(const char *name)
{
    for (int code = 0; code < ISO_CODE_COUNT; code++)
        if (strncmp(name, "ERR_", 4) == 0 && strcmp(codes[code].name, name) == 0)
            return code;
    return -1;
}
