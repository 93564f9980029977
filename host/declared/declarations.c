/* SPDX-License-Identifier: MIT */
#include "host/declared/declarations.h"

int declarations_from_manifest(struct declarations *d, const char *name, struct json manifest,
                               struct iso_err *err)
{
    return globals_from_manifest(&d->globals, name, manifest, err) < 0
               ? -1
               : imports_from_manifest(&d->imports, &d->globals, name, manifest, err);
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

int declarations_of_snapshot(struct declarations *d, struct json *manifest, const struct snapshot_file *f,
                             const char *name, struct iso_err *err)
{
    const struct snapshot_view *view = &f->view;

    if (json_check(view->manifest, view->manifest_len, NULL, NULL) < 0)
        return iso_fail(err, ISO_SNAPSHOT_INVALID, "snapshot '%.200s' has no readable manifest", name);
    *manifest = json_whole(view->manifest, view->manifest_len);
    if (declarations_from_manifest(d, name, *manifest, err) < 0)
        return -1;
    for (size_t i = 0; i < d->globals.count; i++)
        d->globals.stubs[i].of_snapshot = 1;
    return d->globals.count ? snapshot_file_verify(f, name, err) : 0;
}

void declarations_free(struct declarations *d)
{
    globals_free(&d->globals);
    imports_free(&d->imports);
}
