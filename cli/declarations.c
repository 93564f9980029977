/* SPDX-License-Identifier: MIT */
#include "cli/declarations.h"

#include <string.h>

#include "cli/overwrite.h"
#include "cli/record.h"
#include "core/file.h"

struct read_check {
    const struct options *options;
    const struct stub *stub;
    struct iso_err *err;
};

/* Refuses to overwrite a file that a definition names: relative to the working directory, or to the definitions. */
static int check_file(void *ctx, struct json literal)
{
    const struct read_check *check = ctx;
    AUTO_BUF struct buf text = {0}, beside = {0};

    json_decode(&text, literal);
    buf_byte(&text, 0);
    if (text.failed || strcmp(text.data, "-") == 0)
        return 0;
    buf_printf(&beside, "%s/%s", check->stub->dir, text.data);
    buf_byte(&beside, 0);
    return overwrite_check_read(check->options, text.data, check->err) < 0 ||
                   (!beside.failed && overwrite_check_read(check->options, beside.data, check->err) < 0)
               ? -1
               : 0;
}

static int check_outputs(const struct declarations *d, const struct options *o, struct iso_err *err)
{
    for (size_t i = 0; i < d->imports.count; i++) {
        const char *path = d->imports.list[i].source.path;
        if (path && overwrite_check_read(o, path, err) < 0)
            return -1;
    }
    for (size_t i = 0; i < d->globals.count; i++) {
        const struct stub *s = &d->globals.stubs[i];
        struct read_check check = {o, s, err};

        if (s->kind->each_file && s->kind->each_file(s, check_file, &check) < 0)
            return -1;
    }
    return 0;
}

/* From a file, or from the JSON that the option itself holds. */
static int read_globals(struct globals *g, const char *value, struct iso_err *err)
{
    size_t len = strlen(value), at, line, column;

    if (!option_is_inline(value))
        return globals_read(g, value, err);
    if (json_check(value, len, NULL, &at) < 0) {
        json_place(value, value + at, &line, &column);
        return iso_fail(err, ISO_USAGE, "--globals:%zu:%zu: not JSON", line, column);
    }
    return globals_inline(g, "--globals", value, json_whole(value, len), err);
}

int declarations_read(struct declarations *d, const struct options *o, const struct mcp_option *m,
                      struct iso_err *err)
{
    if (o->value[OPTION_GLOBALS] && read_globals(&d->globals, o->value[OPTION_GLOBALS], err) < 0)
        return -1;
    if (m->definitions.len && mcp_option_declare(m, &d->globals, err) < 0)
        return -1;
    if (o->value[OPTION_IMPORTS] && imports_read(&d->imports, &d->globals, o->value[OPTION_IMPORTS], err) < 0)
        return -1;
    for (int i = 0; i < o->every[OPTION_IMPORT].count; i++)
        if (imports_add(&d->imports, o->every[OPTION_IMPORT].value[i], err) < 0)
            return -1;
    for (size_t i = 0; i < d->imports.count; i++)
        if (d->imports.list[i].source.name &&
            source_speaks(&d->imports.list[i].source, options_language(o), err) < 0)
            return -1;
    return check_outputs(d, o, err);
}

int declarations_given(struct declarations *d, const struct options *o, const struct mcp_option *m,
                       int of_snapshot, struct iso_err *err)
{
    struct recorded_how how;
    struct declarations given = {0};
    int rc = declarations_read(&given, o, m, err);

    if (rc == 0 && of_snapshot) {
        rc = declarations_rebind(d, &given, err);
    } else if (rc == 0) {
        *d = given;
        given = (struct declarations){0};
    }
    declarations_free(&given);
    if (rc == 0 && of_snapshot)
        rc = mcp_option_bind(m, &d->globals, err);
    if (rc < 0 || check_outputs(d, o, err) < 0)
        return -1;
    how = record_asked(o, NULL);
    if (recorded_is_apart(&how))
        return 0; /* the record answers */
    return globals_check_answered(&d->globals, options_answered(o), err);
}
