/* SPDX-License-Identifier: MIT */
/* libFuzzer target for host/declared/declarations.h: the manifest of a snapshot, which may be anybody's. What is taken
 * can be told to a worker and copied; what is refused is a damaged snapshot. */
#include <stdlib.h>
#include <string.h>

#include "core/json.h"
#include "host/declared/declarations.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(int holds)
{
    if (!holds)
        abort();
}

static void try_copy(const struct declarations *d)
{
    struct declarations copy = {0};
    struct iso_err err = {0};
    struct buf out = {0};

    must(declarations_copy(&copy, d, &err) == 0);
    must(copy.globals.count == d->globals.count && copy.imports.count == d->imports.count);
    globals_to_install(&copy.globals, &out);
    must(!out.failed && (out.len == 0 || json_check(out.data, out.len, NULL, NULL) == 0));
    buf_free(&out);
    declarations_free(&copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct declarations d = {0};
    struct iso_err err = {0};
    struct json apart = {(const char *)data, size}, manifest; /* texts: any bytes of the input */
    struct buf full = {0};
    enum json_kind kind;

    if (json_check((const char *)data, size, &kind, NULL) < 0 || kind != JSON_OBJECT)
        return 0;
    manifest = json_whole((const char *)data, size);
    if (declarations_from_manifest(&d, "fuzz.snap", manifest, apart, &err) == 0) {
        try_copy(&d);
        if (declarations_in_full("fuzz.snap", manifest, apart, &full, &err) == 0)
            must(!full.failed && json_check(full.data, full.len, NULL, NULL) == 0);
        else
            must(err.code == ISO_SNAPSHOT_INVALID && *err.msg);
    } else {
        must(err.code == ISO_SNAPSHOT_INVALID && *err.msg);
    }
    buf_free(&full);
    declarations_free(&d);
    return 0;
}
