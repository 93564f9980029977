/* SPDX-License-Identifier: MIT */
#include "cli/declarations.h"

int declarations_read(struct declarations *d, const struct options *o, struct iso_err *err)
{
    if (o->value[OPTION_GLOBALS] && globals_read(&d->globals, o->value[OPTION_GLOBALS], err) < 0)
        return -1;
    if (o->value[OPTION_IMPORTS] && imports_read(&d->imports, &d->globals, o->value[OPTION_IMPORTS], err) < 0)
        return -1;
    for (int i = 0; i < o->import_count; i++)
        if (imports_add(&d->imports, o->import[i], err) < 0)
            return -1;
    return 0;
}

int declarations_from_manifest(struct declarations *d, const char *name, struct json manifest,
                               struct iso_err *err)
{
    return globals_from_manifest(&d->globals, name, manifest, err) < 0
               ? -1
               : imports_from_manifest(&d->imports, &d->globals, name, manifest, err);
}

int declarations_rebind(struct declarations *d, struct declarations *given, struct iso_err *err)
{
    return imports_check_rebind(&d->imports, &given->imports, err) < 0
               ? -1
               : globals_rebind(&d->globals, &given->globals, err);
}

void declarations_free(struct declarations *d)
{
    globals_free(&d->globals);
    imports_free(&d->imports);
}
