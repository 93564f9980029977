/* SPDX-License-Identifier: MIT */
/* Encodes definitions for a snapshot's manifest, and for a worker. */
#include <stdlib.h>
#include <string.h>

#include "core/digest.h"
#include "core/file.h"
#include "host/declared/globals_internal.h"
#include "host/declared/kept.h"

/* ---- for the manifest */

/* Only then the manifest has the directory: without it the same definitions in any folder give the same bytes. */
int globals_depend_on_place(const struct globals *g, const char *dir)
{
    for (size_t i = 0; i < g->count; i++) {
        const struct stub *s = &g->stubs[i];

        if (s->dir == dir && s->kind->depends_on_place && s->kind->depends_on_place(s))
            return 1;
    }
    return 0;
}

/* Members of the documents, in the order in which they were read: the latest stands first in the list. */
static void put_documents(const struct globals_document *d, const char **before, struct buf *out,
                          struct buf *apart)
{
    if (!d)
        return;
    put_documents(d->next, before, out, apart);
    if (d->imports || json_is_empty(d->whole))
        return;
    buf_str(out, *before);
    out->failed |= kept_put(d->whole, d->apart, out, apart) < 0;
    *before = ",";
}

void globals_to_manifest(const struct globals *g, struct buf *out, struct buf *apart)
{
    const char *before = "";

    buf_str(out, "\"globals\":{");
    put_documents(g->documents, &before, out, apart);
    buf_byte(out, '}');
    for (const struct globals_document *d = g->documents; d; d = d->next) {
        if (d->imports || !globals_depend_on_place(g, d->dir))
            continue;
        buf_str(out, ",\"directory\":");
        json_quote(out, d->dir, strlen(d->dir));
        return; /* only one of them is a file */
    }
}

uint64_t globals_digest(const struct globals *g)
{
    AUTO_BUF struct buf all = {0};
    char hex[DIGEST_HEX];

    globals_to_install(g, &all);
    digest_hex((struct digest_part[]){{all.len ? all.data : "", all.len}, {NULL, 0}}, hex);
    hex[16] = 0;
    return strtoull(hex, NULL, 16);
}

/* ---- for the worker */

static void put_entry(const struct globals *g, size_t *at, struct buf *out);

static void put_option(struct buf *out, const char *key, struct json value)
{
    if (value.at) {
        buf_printf(out, ",\"%s\":", key);
        buf_add(out, value.at, value.len);
    }
}

/* Appends the members of an object, which follow it in the table. */
static void put_entries(const struct globals *g, int self, size_t *at, struct buf *out)
{
    size_t first = *at;

    buf_str(out, ",\"members\":[");
    while (*at < g->count && g->stubs[*at].parent == self) {
        if (*at > first)
            buf_byte(out, ',');
        put_entry(g, at, out);
    }
    buf_byte(out, ']');
}

static void put_entry(const struct globals *g, size_t *at, struct buf *out)
{
    size_t self = (*at)++;
    const struct stub *s = &g->stubs[self];
    struct json hidden = s->options[STUB_OPTION_ENUMERABLE];

    buf_printf(out, "{\"id\":%zu,\"path\":%s", self, s->path);
    put_option(out, "name", s->name);
    if (s->module)
        buf_str(out, ",\"module\":true");
    if (hidden.at && *hidden.at == 'f')
        buf_str(out, ",\"hidden\":true");
    put_option(out, "shim", s->options[STUB_OPTION_SHIM]);
    if (s->kind == &stub_members)
        put_entries(g, (int)self, at, out);
    else if (s->kind->encode)
        s->kind->encode(s, out);
    buf_byte(out, '}');
}

void globals_to_install(const struct globals *g, struct buf *out)
{
    for (size_t at = 0; at < g->count;) {
        buf_byte(out, at ? ',' : '[');
        put_entry(g, &at, out);
    }
    if (g->count)
        buf_byte(out, ']');
}

void globals_to_replace(const struct globals *g, struct buf *out)
{
    const char *before = "[";

    for (size_t i = 0; i < g->count; i++) {
        const struct stub *s = &g->stubs[i];

        int new_value = s->rebound && s->kind->nature == STUB_IS_VALUE;

        if (!s->new_shim && !new_value)
            continue;
        buf_printf(out, "%s{\"id\":%zu,\"path\":%s", before, i, s->path);
        if (new_value)
            s->kind->encode(s, out);
        else
            put_option(out, "shim", s->options[STUB_OPTION_SHIM]);
        buf_byte(out, '}');
        before = ",";
    }
    if (*before == ',')
        buf_byte(out, ']');
}
