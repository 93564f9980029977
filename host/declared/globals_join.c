/* SPDX-License-Identifier: MIT */
/* Definitions of two documents as those of one. */
#include <stdlib.h>

#include "core/json_names.h"
#include "host/declared/globals_internal.h"

static int by_name(const void *a, const void *b)
{
    return json_compare_strings((*(const struct stub *const *)a)->name,
                                (*(const struct stub *const *)b)->name);
}

/* A global that two documents declare. */
static int refuse_repeated_global(const struct globals *g, const char *by, struct iso_err *err)
{
    const struct stub **list = calloc(g->count + 1, sizeof *list);
    size_t count = 0;
    char name[120];
    int rc = 0;

    if (!list)
        return iso_fail(err, ISO_INTERNAL, "out of memory");
    for (size_t i = 0; i < g->count; i++)
        if (g->stubs[i].parent < 0 && !g->stubs[i].module)
            list[count++] = &g->stubs[i];
    qsort(list, count, sizeof *list, by_name);
    for (size_t i = 1; i < count && rc == 0; i++) {
        if (by_name(&list[i - 1], &list[i]) != 0)
            continue;
        globals_name(name, sizeof name, list[i]);
        rc = iso_fail(err, ISO_USAGE, "the global %s is declared twice: by --globals and by %s", name, by);
    }
    free(list);
    return rc;
}

int globals_join(struct globals *g, const char *name, struct json whole, struct iso_err *err)
{
    return globals_inline_checked(g, name, whole, err) < 0 ? -1 : refuse_repeated_global(g, name, err);
}
