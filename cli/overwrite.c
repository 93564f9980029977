/* SPDX-License-Identifier: MIT */
#include "cli/overwrite.h"

#include <string.h>
#include <sys/stat.h>

static int is_file(const char *path, const struct stat *file)
{
    struct stat st;

    return path && stat(path, &st) == 0 && st.st_dev == file->st_dev && st.st_ino == file->st_ino;
}

static const char *among(const char *const *paths, int count, const struct stat *file)
{
    for (int i = 0; i < count; i++)
        if (is_file(paths[i], file))
            return paths[i];
    return NULL;
}

static const char *among_imports(const struct options *o, const struct stat *file)
{
    for (int i = 0; i < o->import_count; i++) {
        const char *equals = strrchr(o->import[i], '=');
        if (equals && is_file(equals + 1, file))
            return equals + 1;
    }
    return NULL;
}

int overwrite_check(const struct options *o, const char *output, struct iso_err *err)
{
    const char *const named[] = {o->value[OPTION_SNAPSHOT], o->value[OPTION_GLOBALS],
                                 o->value[OPTION_IMPORTS], o->value[OPTION_LIMITS]};
    struct stat file;
    const char *same;

    if (stat(output, &file) < 0 || !S_ISREG(file.st_mode))
        return 0;
    same = among((const char *const *)o->operands, o->operand_count, &file);
    same = same ? same : among(named, sizeof named / sizeof *named, &file);
    same = same ? same : among(o->warm, o->warm_count, &file);
    same = same ? same : among_imports(o, &file);
    return same ? iso_fail(err, ISO_USAGE,
                           "this would replace '%.200s', which is read: name another file for the output",
                           same)
                : 0;
}
