/* SPDX-License-Identifier: MIT */
#include "host/declared/declarations.h"

#include "host/declared/kept.h"

int declarations_from_manifest(struct declarations *d, const char *name, struct json manifest,
                               struct json apart, struct iso_err *err)
{
    return globals_from_manifest(&d->globals, name, manifest, apart, err) < 0
               ? -1
               : imports_from_manifest(&d->imports, &d->globals, name, manifest, apart, err);
}

int declarations_copy(struct declarations *to, const struct declarations *from, struct iso_err *err)
{
    to->imports = imports_borrow(&from->imports);
    return globals_copy(&to->globals, &from->globals, err);
}

int declarations_rebind(struct declarations *d, struct declarations *given, struct iso_err *err)
{
    return imports_check_rebind(&d->imports, &given->imports, err) < 0
               ? -1
               : globals_rebind(&d->globals, &given->globals, err);
}

int declarations_of_snapshot(struct declarations *d, const struct snapshot_file *f, const char *name,
                             int whole, struct iso_err *err)
{
    const struct snapshot_view *view = &f->view;

    if (json_check(view->manifest, view->manifest_len, NULL, NULL) < 0)
        return iso_fail(err, ISO_SNAPSHOT_INVALID, "snapshot '%.200s' has no readable manifest", name);
    if (declarations_from_manifest(d, name, json_whole(view->manifest, view->manifest_len),
                                   (struct json){view->texts, view->texts_len}, err) < 0)
        return -1;
    for (size_t i = 0; i < d->globals.count; i++)
        d->globals.stubs[i].of_snapshot = 1;
    return whole && d->globals.count ? snapshot_file_verify(f, name, err) : 0;
}

static int put_imports(struct json imports, struct json apart, struct buf *out)
{
    const char *before = "";
    struct json name, import;

    for (struct json_walk w = json_walk(imports); json_next(&w, &name, &import); before = ",") {
        struct json exports = json_member(import, "exports");

        buf_str(out, before);
        buf_add(out, name.at, name.len);
        buf_byte(out, ':');
        if (!exports.at) {
            buf_add(out, import.at, import.len);
            continue;
        }
        buf_str(out, "{\"exports\":{");
        if (kept_put(exports, apart, out, NULL) < 0)
            return -1;
        buf_str(out, "}}");
    }
    return 0;
}

int declarations_in_full(const char *name, struct json manifest, struct json apart, struct buf *out,
                         struct iso_err *err)
{
    const char *before = "";
    struct json key, value;

    buf_byte(out, '{');
    for (struct json_walk w = json_walk(manifest); json_next(&w, &key, &value); before = ",") {
        int globals = json_is(key, "globals"), object = json_kind(value) == JSON_OBJECT;

        buf_str(out, before);
        buf_add(out, key.at, key.len);
        buf_byte(out, ':');
        if (!object || (!globals && !json_is(key, "imports"))) {
            buf_add(out, value.at, value.len);
            continue;
        }
        buf_byte(out, '{');
        if ((globals ? kept_put(value, apart, out, NULL) : put_imports(value, apart, out)) < 0)
            return iso_fail(err, ISO_SNAPSHOT_INVALID, "snapshot '%.200s' has a damaged definition", name);
        buf_byte(out, '}');
    }
    buf_byte(out, '}');
    return 0;
}

void declarations_free(struct declarations *d)
{
    globals_free(&d->globals);
    imports_free(&d->imports);
}
