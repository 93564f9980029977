/* SPDX-License-Identifier: MIT */
#include "cli/overwrite.h"

#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* 1 and *st when the path is a regular file, which an output would destroy; pipes and devices are written in place.
 * Standard input counts as the file that it comes from. */
static int find_file(const char *path, struct stat *st)
{
    int rc = strcmp(path, "-") == 0 ? fstat(STDIN_FILENO, st) : stat(path, st);

    return rc == 0 && S_ISREG(st->st_mode);
}

/* 1, the directory, and the name in it, of a file that may not exist yet. */
static int find_place(const char *path, struct stat *dir, char name[NAME_MAX + 1])
{
    char copy[PATH_MAX];
    const char *slash = strrchr(path, '/');

    if ((size_t)snprintf(copy, sizeof copy, "%s", path) >= sizeof copy)
        return 0;
    snprintf(name, NAME_MAX + 1, "%s", slash ? slash + 1 : path);
    return stat(dirname(copy), dir) == 0;
}

static int is_same(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* 1 when two outputs are the same file, or would become the same. */
static int same_output(const char *a, const char *b)
{
    struct stat x, y;
    char a_name[NAME_MAX + 1], b_name[NAME_MAX + 1];

    if (find_file(a, &x) && find_file(b, &y))
        return is_same(&x, &y);
    return access(a, F_OK) < 0 && access(b, F_OK) < 0 && find_place(a, &x, a_name) &&
           find_place(b, &y, b_name) && is_same(&x, &y) && strcmp(a_name, b_name) == 0;
}

/* The file that an option writes; NULL: none, or standard output. */
static const char *output_of(const struct options *o, int id)
{
    const char *path = option_rows[id].flags & OPT_WRITES ? o->value[id] : NULL;

    return path && strcmp(path, "-") != 0 ? path : NULL;
}

/* The file name in a value of an option that reads a file; NULL: the value has none. */
static const char *input_in(int id, const char *value)
{
    const char *equals;

    if (!(option_rows[id].flags & OPT_READS) ||
        ((option_rows[id].flags & OPT_INLINE) && option_is_inline(value)))
        return NULL;
    if (!(option_rows[id].flags & OPT_NAMED))
        return value;
    equals = strrchr(value, '=');
    return equals ? equals + 1 : NULL;
}

/* USAGE when an output would overwrite `path`. `flags` are those of the option that reads the file. */
static int check_read(const struct options *o, const char *path, unsigned flags, struct iso_err *err)
{
    struct stat read, written;

    for (int id = 0; id < OPTION_COUNT; id++) {
        const char *output = output_of(o, id);
        if ((id == OPTION_APPEND || id == OPTION_RECORD) && (flags & OPT_EARLIER))
            continue;
        if (output && find_file(path, &read) && find_file(output, &written) && is_same(&read, &written))
            return iso_fail(err, ISO_USAGE,
                            "--%s would replace '%.200s', which is read: name another file for the output",
                            option_rows[id].name, path);
    }
    return 0;
}

int overwrite_check_read(const struct options *o, const char *path, struct iso_err *err)
{
    return check_read(o, path, 0, err);
}

static int check_outputs(const struct options *o, struct iso_err *err)
{
    for (int a = 0; a < OPTION_COUNT; a++)
        for (int b = a + 1; b < OPTION_COUNT; b++)
            if (output_of(o, a) && output_of(o, b) && same_output(output_of(o, a), output_of(o, b)))
                return iso_fail(err, ISO_USAGE, "--%s and --%s both write '%.200s': give two files",
                                option_rows[a].name, option_rows[b].name, output_of(o, b));
    return 0;
}

int overwrite_check(const struct options *o, struct iso_err *err)
{
    for (int i = 0; i < o->operand_count; i++)
        if (overwrite_check_read(o, o->operands[i], err) < 0)
            return -1;
    for (int id = 0; id < OPTION_COUNT; id++)
        for (int i = 0; i < o->every[id].count; i++) {
            const char *input = input_in(id, o->every[id].value[i]);
            if (input && check_read(o, input, option_rows[id].flags, err) < 0)
                return -1;
        }
    return check_outputs(o, err);
}
