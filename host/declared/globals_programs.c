/* SPDX-License-Identifier: MIT */
/* Finds definitions that act on the host, and checks that they are permitted and possible. */
#include <stdio.h>

#include "core/file.h"
#include "core/terminal.h"
#include "host/declared/globals_internal.h"

/* Bytes of a list in a message. */
#define MOST_SHOWN 250u

/* 1 for a stub that must not come from an unchecked snapshot: it starts a program, or, as fetch does, uses environment
 * variables and the network. */
static int acts_on_host(const struct stub *s)
{
    return s->kind->prepare != NULL;
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

/* Calls present() or prepare(), and puts place and name of the definition in front of its message. */
static int ask_kind(int preparing, const struct globals *g, const struct stub *s, struct iso_err *err)
{
    char name[120], where[200];
    struct iso_err why;

    if ((preparing ? s->kind->prepare(s, g, &why) : s->kind->present(s, &why)) == 0)
        return 0;
    if (why.code != ISO_USAGE)
        return iso_fail(err, why.code, "%s", why.msg);
    globals_name(name, sizeof name, s);
    globals_where(where, sizeof where, g, s);
    return iso_fail(err, why.code, "%sthe %s %s %s", where, globals_sort(g, s), name, why.msg);
}

int globals_check_present(const struct globals *g, struct iso_err *err)
{
    for (size_t i = 0; i < g->count; i++)
        if (g->stubs[i].kind->present && ask_kind(0, g, &g->stubs[i], err) < 0)
            return -1;
    return 0;
}

static int refuse_owner(const struct globals *g, struct iso_err *err)
{
    char name[120];

    for (size_t i = 0; i < g->count; i++) {
        if (!g->stubs[i].kind->by_owner)
            continue;
        globals_name(name, sizeof name, &g->stubs[i]);
        return iso_fail(err, ISO_USAGE,
                        "the %s %s is answered by the caller, which only iso4 serve has: rebind it with "
                        "--%ss, or use serve",
                        globals_sort(g, &g->stubs[i]), name,
                        globals_in_module(g, &g->stubs[i]) ? "import" : "global");
    }
    return 0;
}

/* 1 for a stub with which a snapshot, of which nothing is known, would act on the host. */
static int snapshot_acts(const struct stub *s)
{
    return s->of_snapshot && !s->rebound && acts_on_host(s) && !s->kind->by_command_line;
}

/* The message lists them, so that the caller sees what it would allow. */
static int refuse_snapshot(const struct globals *g, struct iso_err *err)
{
    AUTO_BUF struct buf list = {0};
    AUTO_BUF struct buf shown = {0};
    size_t count = 0;
    char name[120];

    for (size_t i = 0; i < g->count; i++) {
        if (!snapshot_acts(&g->stubs[i]))
            continue;
        globals_name(name, sizeof name, &g->stubs[i]);
        buf_printf(&list, "%s%s (%s", count++ ? ", " : "", name, g->stubs[i].kind->key);
        if (g->stubs[i].kind->describe)
            g->stubs[i].kind->describe(&g->stubs[i], &list);
        buf_byte(&list, ')');
    }
    if (count == 0)
        return 0;
    if (!list.failed)
        terminal_line(&shown, list.data, list.len);
    return iso_fail(
        err, ISO_USAGE,
        "the snapshot starts programs or makes requests on this machine, which only --allow-host-commands "
        "allows: %.*s%s; or rebind them",
        (int)(shown.len < MOST_SHOWN ? shown.len : MOST_SHOWN), shown.len ? shown.data : "",
        shown.len > MOST_SHOWN ? " ..., see iso4 inspect" : "");
}

static int is_a_file(void *ctx, struct json path)
{
    (void)ctx;
    (void)path;
    return 1;
}

int globals_refuse_files(const struct globals *g, struct iso_err *err)
{
    char name[120];

    for (size_t i = 0; i < g->count; i++) {
        const struct stub *s = &g->stubs[i];

        if (s->kind->nature != STUB_IS_FETCH || !s->kind->each_file ||
            !s->kind->each_file(s, is_a_file, NULL))
            continue;
        globals_name(name, sizeof name, s);
        return iso_fail(err, ISO_USAGE, "the %s %s names a file, which --no-files refuses",
                        globals_sort(g, s), name);
    }
    return 0;
}

int globals_check_answered(const struct globals *g, int by, struct iso_err *err)
{
    if ((!(by & BY_PROGRAMS) && globals_refuse_programs(g, err) < 0) ||
        (!(by & BY_CALLER) && refuse_owner(g, err) < 0) ||
        (!(by & BY_SNAPSHOT) && refuse_snapshot(g, err) < 0))
        return -1;
    for (size_t i = 0; i < g->count; i++)
        if (acts_on_host(&g->stubs[i]) && ask_kind(1, g, &g->stubs[i], err) < 0)
            return -1;
    return 0;
}
