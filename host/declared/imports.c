/* SPDX-License-Identifier: MIT */
#include "host/declared/imports.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/digest.h"
#include "core/file.h"
#include "core/nearest.h"
#include "core/terminal.h"
#include "host/declared/kept.h"

static int out_of_memory(struct iso_err *err)
{
    return iso_fail(err, ISO_INTERNAL, "out of memory");
}

/* Writes the specifier for messages; a long one is cut. */
static void show(const struct import *one, char to[120])
{
    AUTO_BUF struct buf text = {0};

    terminal_line(&text, one->specifier.data, one->specifier.len < 100 ? one->specifier.len : 100);
    snprintf(to, 120, "'%.*s'", (int)(text.len < 110 ? text.len : 110), text.len ? text.data : "");
}

static int same_specifier(const struct import *one, const struct buf *specifier)
{
    return one->specifier.len == specifier->len &&
           (specifier->len == 0 || memcmp(one->specifier.data, specifier->data, specifier->len) == 0);
}

static int is_declared(const struct imports *i, const struct buf *specifier)
{
    for (size_t n = 0; n < i->count; n++)
        if (same_specifier(&i->list[n], specifier))
            return 1;
    return 0;
}

/* Adds an import and takes over its specifier, which must be new. NULL: there are too many, or there is no memory. */
static struct import *add_import(struct imports *i, struct buf *specifier, const char *where,
                                 struct iso_err *err)
{
    struct import one = {.specifier = *specifier, .stub = -1}, *more;

    if ((specifier->failed && out_of_memory(err)) ||
        (i->count == IMPORTS_MOST &&
         iso_fail(err, ISO_USAGE, "%.150s: at most %d imports are taken", where, IMPORTS_MOST)))
        return NULL;
    if ((i->count & (i->count - 1)) == 0) {
        more = realloc(i->list, (i->count ? 2 * i->count : 1) * sizeof *more);
        if (!more) {
            out_of_memory(err);
            return NULL;
        }
        i->list = more;
    }
    i->list[i->count] = one;
    *specifier = (struct buf){0};
    return &i->list[i->count++];
}

/* ---- reading */

struct reader {
    struct imports *imports;
    struct globals *globals;
    struct globals_document *document;
    struct stub_place place;
    int of_snapshot;
};

static int read_source(struct reader *r, struct import *one, struct json file, struct iso_err *err)
{
    AUTO_BUF struct buf path = {0};

    if (r->of_snapshot) {
        one->description = file;
        return 0;
    }
    if (json_kind(file) != JSON_STRING || file.len == 2)
        return stub_fail(&r->place, file.at, err, "source is the path of a file");
    globals_place(r->document, file, &path);
    if (path.failed)
        return out_of_memory(err);
    if (strlen(path.data) + 1 < path.len)
        return stub_fail(&r->place, file.at, err, "source is a path that holds a NUL character");
    return source_read(&one->source, path.data, NULL, "module.js", err);
}

static int read_one(struct reader *r, struct json specifier, struct json definition, struct iso_err *err)
{
    struct json source = json_member(definition, "source"), exports = json_member(definition, "exports");
    struct buf text = {0};
    struct import *one;

    r->place.path = NULL;
    if (json_kind(definition) != JSON_OBJECT || !source.at == !exports.at || json_count(definition) != 1)
        return stub_fail(&r->place, definition.at, err,
                         "an import is {\"source\": FILE} or {\"exports\": {NAME: definition}}");
    json_decode(&text, specifier);
    one = add_import(r->imports, &text, r->place.file, err);
    if (!one) {
        buf_free(&text);
        return -1;
    }
    if (source.at)
        return read_source(r, one, source, err);
    one->stub = (int)r->globals->count;
    return globals_add_module(r->globals, r->document, r->place.file, r->place.text, specifier, exports, err);
}

static int read_all(struct reader *r, struct json whole, struct iso_err *err)
{
    struct json specifier, definition;

    if (json_kind(whole) != JSON_OBJECT)
        return stub_fail(&r->place, whole.at, err,
                         "imports are a JSON object: specifier to {\"source\": FILE} or "
                         "{\"exports\": {...}}");
    if (stub_refuse_repeats(&r->place, whole, "declares", err) < 0)
        return -1;
    for (struct json_walk w = json_walk(whole); json_next(&w, &specifier, &definition);)
        if (read_one(r, specifier, definition, err) < 0)
            return -1;
    return 0;
}

int imports_read(struct imports *i, struct globals *g, const char *path, struct iso_err *err)
{
    struct globals_document *d = globals_document(g, path, err);
    struct reader r = {i, g, d, {.file = strcmp(path, "-") == 0 ? "standard input" : path}, 0};

    if (!d)
        return -1;
    r.place.text = globals_document_text(d).at;
    return read_all(&r, globals_document_text(d), err);
}

int imports_inline(struct imports *i, struct globals *g, const char *name, const char *text,
                   struct json whole, struct iso_err *err)
{
    struct globals_document *d = globals_inline_document(g, whole, err);
    struct reader r = {i, g, d, {.file = name, .text = text}, 0};

    return d ? read_all(&r, whole, err) : -1;
}

int imports_add(struct imports *i, const char *declaration, struct iso_err *err)
{
    const char *equals = strrchr(declaration, '=');
    struct buf specifier = {0};
    struct import *one;
    char name[120];

    if (!equals || !equals[1])
        return iso_fail(err, ISO_USAGE, "--import takes SPECIFIER=FILE, not '%.100s'", declaration);
    buf_add(&specifier, declaration, (size_t)(equals - declaration));
    if (!specifier.failed && is_declared(i, &specifier)) {
        struct import twice = {.specifier = specifier};

        show(&twice, name);
        buf_free(&specifier);
        return iso_fail(err, ISO_USAGE, "--import: %s is declared twice", name);
    }
    one = add_import(i, &specifier, "--import", err);
    buf_free(&specifier);
    return one ? source_read(&one->source, equals + 1, NULL, "module.js", err) : -1;
}

int imports_from_manifest(struct imports *i, struct globals *g, const char *name, struct json manifest,
                          struct json apart, struct iso_err *err)
{
    struct json whole = json_member(manifest, "imports");
    struct reader r = {i, g, NULL, {.file = name, .text = manifest.at}, 1};

    if (!whole.at || json_is_empty(whole))
        return 0;
    r.document = globals_kept_document(g, json_member(manifest, "importsDirectory"), apart, err);
    if (!r.document)
        return -1;
    if (read_all(&r, whole, err) < 0) {
        err->code = err->code == ISO_USAGE ? ISO_SNAPSHOT_INVALID : err->code;
        return -1;
    }
    return 0;
}

struct imports imports_borrow(const struct imports *from)
{
    return (struct imports){.list = from->list, .count = from->count, .borrowed = 1};
}

void imports_free(struct imports *i)
{
    for (size_t n = 0; n < i->count && !i->borrowed; n++) {
        buf_free(&i->list[n].specifier);
        source_free(&i->list[n].source);
    }
    if (!i->borrowed)
        free(i->list);
    *i = (struct imports){0};
}

/* ---- keeping */

static void put_source(struct buf *out, const struct import *one)
{
    char hex[DIGEST_HEX];

    source_digest(&one->source, hex);
    buf_str(out, "{\"source\":{\"name\":");
    json_quote(out, one->source.name, strlen(one->source.name));
    buf_printf(out, ",\"bytes\":%zu,\"sha256\":\"%s\"}}", one->source.text.len, hex);
}

void imports_to_manifest(const struct imports *i, const struct globals *g, struct buf *out, struct buf *apart)
{
    const struct stub *placed = NULL;

    buf_str(out, "\"imports\":{");
    for (size_t n = 0; n < i->count; n++) {
        const struct import *one = &i->list[n];

        buf_str(out, n ? "," : "");
        json_quote(out, one->specifier.data, one->specifier.len);
        buf_byte(out, ':');
        if (one->stub < 0) {
            put_source(out, one);
            continue;
        }
        placed = &g->stubs[one->stub];
        buf_str(out, "{\"exports\":{");
        out->failed |= kept_put(placed->main, (struct json){0}, out, apart) < 0;
        buf_str(out, "}}");
    }
    buf_byte(out, '}');
    if (placed && globals_depend_on_place(g, placed->dir)) {
        buf_str(out, ",\"importsDirectory\":");
        json_quote(out, placed->dir, strlen(placed->dir));
    }
}

/* ---- rebinding */

static int undeclared(const struct imports *declared, const struct import *given, struct iso_err *err)
{
    struct nearest n = nearest_start(given->specifier.len ? given->specifier.data : "", given->specifier.len);
    const struct import *best = NULL;
    char name[120], near[120] = "";

    for (size_t i = 0; i < declared->count; i++)
        if (declared->list[i].specifier.len &&
            nearest_offer(&n, declared->list[i].specifier.data, declared->list[i].specifier.len))
            best = &declared->list[i];
    show(given, name);
    if (best)
        show(best, near);
    return iso_fail(err, ISO_UNDECLARED_BINDING, "the import %s was not declared by precompile%s%s%s", name,
                    best ? " (did you mean " : "", near, best ? "?)" : "");
}

static int by_specifier(const void *a, const void *b)
{
    const struct import *x = *(const struct import *const *)a, *y = *(const struct import *const *)b;
    size_t len = x->specifier.len < y->specifier.len ? x->specifier.len : y->specifier.len;
    int order = len ? memcmp(x->specifier.data, y->specifier.data, len) : 0;

    return order ? order : (x->specifier.len > y->specifier.len) - (x->specifier.len < y->specifier.len);
}

static int may_rebind(const struct import *there, const struct import *given, struct iso_err *err)
{
    char name[120];

    if (there->stub >= 0 && given->stub >= 0)
        return 0;
    show(there, name);
    return iso_fail(err, ISO_INVALID_REBIND,
                    there->stub < 0 ? "the import %s cannot be rebound: its source is part of the snapshot"
                                    : "the import %s cannot be rebound by a source: it is a host module",
                    name);
}

int imports_check_rebind(const struct imports *declared, const struct imports *given, struct iso_err *err)
{
    const struct import **list = calloc(declared->count + 1, sizeof *list);
    int rc = 0;

    if (!list)
        return out_of_memory(err);
    for (size_t n = 0; n < declared->count; n++)
        list[n] = &declared->list[n];
    qsort(list, declared->count, sizeof *list, by_specifier);
    for (size_t n = 0; n < given->count && rc == 0; n++) {
        const struct import *one = &given->list[n], **found;

        found = bsearch(&one, list, declared->count, sizeof *list, by_specifier);
        rc = found ? may_rebind(*found, one, err) : undeclared(declared, one, err);
    }
    free(list);
    return rc;
}
