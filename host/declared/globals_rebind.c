/* SPDX-License-Identifier: MIT */
/* Rebinds: a run gives other definitions for globals that precompile declared. */
#include <stdlib.h>
#include <string.h>

#include "core/json_names.h"
#include "core/nearest.h"
#include "host/declared/globals_internal.h"

static int undeclared(const struct globals *declared, const struct globals *all, const struct stub *given,
                      struct iso_err *err)
{
    struct nearest n = nearest_start(given->path + 1, strlen(given->path) - 2);
    const struct stub *best = NULL;
    char name[120], near[120] = "", where[200];

    for (size_t i = 0; i < declared->count; i++)
        if (nearest_offer(&n, declared->stubs[i].path + 1, strlen(declared->stubs[i].path) - 2))
            best = &declared->stubs[i];
    globals_name(name, sizeof name, given);
    if (best)
        globals_name(near, sizeof near, best);
    globals_where(where, sizeof where, all, given);
    return iso_fail(err, ISO_UNDECLARED_BINDING, "%sthe %s %s was not declared by precompile%s%s%s", where,
                    globals_sort(all, given), name, best ? " (did you mean " : "", near, best ? "?)" : "");
}

static const char *const natures[] = {
    [STUB_IS_VALUE] = "a value",
    [STUB_IS_EXPRESSION] = "an expression",
    [STUB_IS_MEMBERS] = "an object with members",
    [STUB_IS_FUNCTION] = "a function",
    [STUB_IS_FETCH] = "a fetch function",
};

static int may_rebind(const struct globals *g, const struct stub *declared, const struct globals *all,
                      const struct stub *given, struct iso_err *err)
{
    enum stub_nature was = declared->kind->nature, is = given->kind->nature;
    char name[120], where[200];

    if (was == STUB_IS_VALUE && globals_in_module(g, declared)) {
        globals_where(where, sizeof where, all, given);
        globals_name(name, sizeof name, declared);
        return iso_fail(
            err, ISO_INVALID_REBIND,
            "%sthe export %s cannot be rebound: it is data that the modules of the snapshot have imported",
            where, name);
    }
    if (was != STUB_IS_EXPRESSION && was == is)
        return 0;
    /* A rebound fetch may have any function as its host side; agents still see a fetch: worker/prelude/fetch.js. */
    if (was == STUB_IS_FETCH && stub_is_callable(given))
        return 0;
    /* Only on failure: lines are counted from the start of the text, which is too slow to do for every stub. */
    globals_where(where, sizeof where, all, given);
    globals_name(name, sizeof name, given);
    return iso_fail(err, ISO_INVALID_REBIND, "%sthe %s %s cannot be rebound: it was declared as %s%s%s",
                    where, globals_sort(g, declared), name, natures[was],
                    was == STUB_IS_EXPRESSION ? ", which precompile has evaluated" : " and is given as ",
                    was == STUB_IS_EXPRESSION ? "" : natures[is]);
}

/* ---- declared stubs, sorted by their object and name */

static int by_place(const struct stub *a, const struct stub *b)
{
    if (a->parent != b->parent)
        return a->parent < b->parent ? -1 : 1;
    if (a->module != b->module)
        return a->module < b->module ? -1 : 1;
    return json_compare_strings(a->name, b->name);
}

static int by_place_of_pointers(const void *a, const void *b)
{
    return by_place(*(const struct stub *const *)a, *(const struct stub *const *)b);
}

/* The sorted list, owned by the caller; NULL without memory. */
static const struct stub **sorted(const struct globals *g)
{
    const struct stub **list = calloc(g->count + 1, sizeof *list);

    for (size_t i = 0; list && i < g->count; i++)
        list[i] = &g->stubs[i];
    if (list)
        qsort(list, g->count, sizeof *list, by_place_of_pointers);
    return list;
}

/* The index of the declared stub with this name in this object; -1: there is none. */
static int find_declared(const struct globals *declared, const struct stub **list, int parent,
                         const struct stub *given)
{
    struct stub key = {.parent = parent, .module = given->module, .name = given->name};
    const struct stub *at = &key, **found;

    found = bsearch(&at, list, declared->count, sizeof *list, by_place_of_pointers);
    return found ? (int)(*found - declared->stubs) : -1;
}

/* Replaces the answer of a stub by the run's. Declared options that agents see stay unless the run gives them, too. */
static void replace(struct stub *to, const struct stub *from)
{
    static const enum stub_option declaration[] = {STUB_OPTION_DESCRIPTION, STUB_OPTION_ENUMERABLE,
                                                   STUB_OPTION_PARAMETERS, STUB_OPTION_RESULT,
                                                   STUB_OPTION_SHIM};
    struct stub old = *to;

    *to = *from;
    to->name = old.name;
    to->path = old.path;
    to->parent = old.parent;
    to->rebound = 1;
    to->new_shim = from->options[STUB_OPTION_SHIM].at != NULL;
    for (size_t i = 0; i < sizeof declaration / sizeof *declaration; i++)
        if (!from->options[declaration[i]].at) {
            to->options[declaration[i]] = old.options[declaration[i]];
            to->apart |= old.apart & 1u << declaration[i];
        }
    to->asks |= old.asks; /* a rebind cannot remove the need for approval */
    if (!from->options[STUB_OPTION_PARAMETERS].at)
        to->parameters = old.parameters;
}

int globals_copy(struct globals *to, const struct globals *from, struct iso_err *err)
{
    struct stub *stubs = malloc((from->count + 1) * sizeof *stubs);

    if (!stubs)
        return iso_fail(err, ISO_INTERNAL, "out of memory");
    if (from->count)
        memcpy(stubs, from->stubs, from->count * sizeof *stubs);
    *to = (struct globals){.stubs = stubs, .count = from->count, .mcp = from->mcp};
    return 0;
}

static void adopt_documents(struct globals *g, struct globals *from)
{
    struct globals_document **end = &g->documents;

    while (*end)
        end = &(*end)->next;
    *end = from->documents;
    from->documents = NULL;
    globals_free(from);
}

/* Fills at[] with the declared stub that each given one rebinds. */
static int match_all(const struct globals *declared, const struct globals *given, int *at,
                     struct iso_err *err)
{
    const struct stub **list = sorted(declared);
    int rc = 0;

    if (!list)
        return iso_fail(err, ISO_INTERNAL, "out of memory");
    for (size_t i = 0; i < given->count && rc == 0; i++) {
        const struct stub *s = &given->stubs[i];

        at[i] = find_declared(declared, list, s->parent < 0 ? -1 : at[s->parent], s);
        rc = at[i] < 0 ? undeclared(declared, given, s, err)
                       : may_rebind(declared, &declared->stubs[at[i]], given, s, err);
    }
    free(list);
    return rc;
}

int globals_rebind(struct globals *declared, struct globals *given, struct iso_err *err)
{
    int *at, rc;

    if (given->count == 0 && !given->documents)
        return 0;
    at = calloc(given->count + 1, sizeof *at);
    if (!at)
        return iso_fail(err, ISO_INTERNAL, "out of memory");
    rc = match_all(declared, given, at, err);
    for (size_t i = 0; i < given->count && rc == 0; i++)
        if (given->stubs[i].kind != &stub_members)
            replace(&declared->stubs[at[i]], &given->stubs[i]);
    if (rc == 0)
        adopt_documents(declared, given);
    free(at);
    return rc;
}
