/* SPDX-License-Identifier: MIT */
/* libFuzzer target for host/declared/globals.h: a document of stub definitions, as a snapshot keeps it. What is taken
 * can be told to a worker, kept again and rebound by itself; what is refused says why. */
#include <stdlib.h>
#include <string.h>

#include "host/declared/globals.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(int holds)
{
    if (!holds)
        abort();
}

static struct buf manifest_of(const struct globals *g, struct buf *apart)
{
    struct buf out = {0};

    buf_byte(&out, '{');
    globals_to_manifest(g, &out, apart);
    if (out.failed) { /* a text that is no JSON: precompile has none */
        buf_free(&out);
        return out;
    }
    buf_byte(&out, '}');
    must(!out.failed && json_check(out.data, out.len, NULL, NULL) == 0);
    return out;
}

static int read_manifest(struct globals *g, const char *text, size_t len, struct json apart)
{
    struct iso_err err = {.code = ISO_OK};
    int rc = globals_from_manifest(g, "fuzz.snap", json_whole(text, len), apart, &err);

    must(rc == 0 ? err.code == ISO_OK : err.code == ISO_SNAPSHOT_INVALID && *err.msg);
    return rc;
}

static struct buf install_of(const struct globals *g)
{
    struct buf out = {0};
    enum json_kind kind;

    globals_to_install(g, &out);
    must(!out.failed);
    must(g->count ? json_check(out.data, out.len, &kind, NULL) == 0 && kind == JSON_ARRAY : out.len == 0);
    return out;
}

/* Each text may be asked for. */
static void read_texts(const struct globals *g)
{
    for (size_t i = 0; i < g->count; i++) {
        for (int option = 0; option < STUB_OPTION_COUNT; option++) {
            struct json v = stub_option(&g->stubs[i], (enum stub_option)option);

            must(!v.at || json_check(v.at, v.len, NULL, NULL) == 0);
        }
        if (g->stubs[i].parameters)
            (void)stub_schema(g->stubs[i].parameters);
    }
}

static int has_expression(const struct globals *g)
{
    for (size_t i = 0; i < g->count; i++)
        if (g->stubs[i].kind->nature == STUB_IS_EXPRESSION)
            return 1;
    return 0;
}

static void try_again(struct globals *g)
{
    struct buf apart = {0}, manifest = manifest_of(g, &apart), before = install_of(g), after = {0},
               replace = {0};
    struct iso_err err = {.code = ISO_OK};
    struct globals again = {0};
    int expression = has_expression(g);

    read_texts(g);
    if (!manifest.len) {
        globals_free(g);
        buf_free(&before);
        buf_free(&apart);
        return;
    }
    must(read_manifest(&again, manifest.data, manifest.len,
                       (struct json){apart.len ? apart.data : "", apart.len}) == 0 &&
         again.count == g->count);
    read_texts(&again);
    after = install_of(&again);
    must(before.len == after.len && (before.len == 0 || memcmp(before.data, after.data, before.len) == 0));
    must((globals_rebind(g, &again, &err) == 0) == !expression);
    must(err.code == (expression ? ISO_INVALID_REBIND : ISO_OK));
    globals_to_replace(g, &replace);
    must(replace.len == 0 || json_check(replace.data, replace.len, NULL, NULL) == 0);
    globals_free(&again);
    buf_free(&before);
    buf_free(&after);
    buf_free(&replace);
    globals_free(g);
    buf_free(&manifest);
    buf_free(&apart);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buf text = {0};
    struct globals g = {0};

    if (json_check((const char *)data, size, NULL, NULL) < 0)
        return 0;
    buf_str(&text, "{\"globals\":");
    buf_add(&text, data, size);
    buf_str(&text, ",\"directory\":\"/fuzz\"}");
    /* The texts are the bytes of the input itself, where definitions may find anything. */
    if (read_manifest(&g, text.data, text.len, (struct json){(const char *)data, size}) == 0)
        try_again(&g);
    else
        globals_free(&g);
    buf_free(&text);
    return 0;
}
