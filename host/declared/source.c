/* SPDX-License-Identifier: MIT */
#include "host/declared/source.h"

#include <stdlib.h>
#include <string.h>

#include "core/file.h"
#include "core/utf8.h"
#include "snapshots/snapshot.h"

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash && slash[1] ? slash + 1 : path;
}

/* The real kind of a file that is not UTF-8, for the message; "": unknown. */
static const char *nature(const struct buf *text)
{
    if (text->len >= 2 && (memcmp(text->data, "\xff\xfe", 2) == 0 || memcmp(text->data, "\xfe\xff", 2) == 0))
        return " but UTF-16 (save it as UTF-8)";
    if (text->len >= 8 && memcmp(text->data, SNAPSHOT_MAGIC, 8) == 0)
        return " but a snapshot (which --snapshot takes)";
    return "";
}

static int check_utf8(const char *name, const struct buf *text, struct iso_err *err)
{
    size_t at = utf8_check(text->data, text->len), line = 1;

    if (at == text->len)
        return 0;
    for (size_t i = 0; i < at; i++)
        line += text->data[i] == '\n';
    return iso_fail(err, ISO_USAGE, "'%.200s' is not UTF-8%s: byte %zu, on line %zu", name, nature(text),
                    at + 1, line);
}

/* Names and checks a text that has been read; frees it on failure. `path` is NULL when it does not come from a file;
 * `called` stands for it in messages. */
static int finish_source(struct source *s, const char *name, const char *path, const char *called,
                         struct iso_err *err)
{
    int rc;

    s->name = strdup(name);
    s->path = path ? strdup(path) : NULL;
    text_drop_mark(&s->text); /* so that columns on line 1 are the same as in an editor */
    rc = s->name && !path == !s->path && !s->text.failed ? check_utf8(called, &s->text, err)
                                                         : iso_fail(err, ISO_INTERNAL, "out of memory");
    if (rc < 0)
        source_free(s);
    return rc;
}

int source_read(struct source *s, const char *path, const char *code, const char *unnamed,
                struct iso_err *err)
{
    *s = (struct source){0};
    if (code) {
        buf_str(&s->text, code);
        return finish_source(s, unnamed, NULL, "-e", err);
    }
    if (file_read(path, SOURCE_MOST, &s->text, err) < 0) {
        source_free(s);
        return -1;
    }
    return finish_source(s, strcmp(path, "-") == 0 ? unnamed : base_name(path), path, path, err);
}

int source_read_regular(struct source *s, const char *path, struct iso_err *err)
{
    *s = (struct source){0};
    if (file_read_regular(path, SOURCE_MOST, &s->text, err) < 0) {
        source_free(s);
        return -1;
    }
    return finish_source(s, base_name(path), path, path, err);
}

int source_speaks(struct source *s, enum source_language asked, struct iso_err *err)
{
    s->language = language_of_file(s->name, asked);
    if (s->language < LANGUAGE_COUNT)
        return 0;
    s->language = LANGUAGE_AUTO;
    return iso_fail(
        err, ISO_USAGE,
        "'%.200s' is TypeScript with JSX, which is not taken: write it without JSX, in a .ts file", s->name);
}

void source_digest(const struct source *s, char out[DIGEST_HEX])
{
    digest_hex((struct digest_part[]){{s->text.len ? s->text.data : "", s->text.len}, {NULL, 0}}, out);
}

void source_free(struct source *s)
{
    free(s->name);
    free(s->path);
    buf_free(&s->text);
    s->name = s->path = NULL;
}
