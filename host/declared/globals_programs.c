/* SPDX-License-Identifier: MIT */
/* Which definitions act on the host, and whether they may and can. */
#include <stdio.h>
#include <stdlib.h>

#include "core/file.h"
#include "host/declared/fetch_stub.h"
#include "host/declared/globals_internal.h"

static int check_environment(const struct globals *g, const struct stub *s, struct iso_err *err)
{
    struct json name, value;
    char global[120];

    for (struct json_walk w = json_walk(s->options[STUB_OPTION_ENV]); json_next(&w, &name, &value);) {
        struct json from = json_member(value, "fromEnv");
        AUTO_BUF struct buf variable = {0};

        if (!from.at)
            continue;
        json_decode(&variable, from);
        buf_byte(&variable, 0);
        if (variable.failed || getenv(variable.data))
            continue;
        globals_name(global, sizeof global, s);
        return iso_fail(err, ISO_USAGE, "the %s %s wants the environment variable %.100s, which is not set",
                        globals_sort(g, s), global, variable.data);
    }
    return 0;
}

/* What a snapshot that nobody has looked at must not bring along: fetch, too, has variables and a network. */
static int acts_on_host(const struct stub *s)
{
    return (stub_group(s->kind) & (STUB_PROGRAM | STUB_HTTP)) != 0;
}

int globals_refuse_programs(const struct globals *g, struct iso_err *err)
{
    char name[120];

    for (size_t i = 0; i < g->count; i++) {
        if (!acts_on_host(&g->stubs[i]))
            continue;
        globals_name(name, sizeof name, &g->stubs[i]);
        return iso_fail(
            err, ISO_USAGE,
            "the %s %s is answered by a program, which --no-host-commands refuses: rebind it with --%ss",
            globals_sort(g, &g->stubs[i]), name, globals_in_module(g, &g->stubs[i]) ? "import" : "global");
    }
    return 0;
}

static int check_program(const struct globals *g, const struct stub *s, struct iso_err *err)
{
    char name[120], whole[140];

    if (s->kind != STUB_FETCH)
        return check_environment(g, s, err);
    globals_name(name, sizeof name, s);
    snprintf(whole, sizeof whole, "%s %s", globals_sort(g, s), name);
    return fetch_check(s, whole, err);
}

int globals_check_programs(const struct globals *g, int programs, struct iso_err *err)
{
    if (!programs && globals_refuse_programs(g, err) < 0)
        return -1;
    for (size_t i = 0; i < g->count; i++)
        if (acts_on_host(&g->stubs[i]) && check_program(g, &g->stubs[i], err) < 0)
            return -1;
    return 0;
}
