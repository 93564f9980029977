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

/* What else it may be that somebody takes for JavaScript. */
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

int source_read(struct source *s, const char *path, const char *code, const char *unnamed,
                struct iso_err *err)
{
    const char *name = code || strcmp(path, "-") == 0 ? unnamed : base_name(path);

    *s = (struct source){0};
    if (code)
        buf_str(&s->text, code);
    else if (file_read(path, SOURCE_MOST, &s->text, err) < 0)
        goto fail;
    s->name = strdup(name);
    s->path = code ? NULL : strdup(path);
    if (!s->name || (!code && !s->path) || s->text.failed) {
        iso_fail(err, ISO_INTERNAL, "out of memory");
        goto fail;
    }
    text_drop_mark(&s->text); /* so that columns on line 1 are the ones an editor shows */
    if (check_utf8(code ? "-e" : path, &s->text, err) < 0)
        goto fail;
    return 0;
fail:
    source_free(s);
    return -1;
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
