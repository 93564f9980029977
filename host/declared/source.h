/* SPDX-License-Identifier: MIT */
/* host/declared/source.h - reads JavaScript sources: a prefix, agents, warm-up agents. */
#ifndef ISO_HOST_DECLARED_SOURCE_H
#define ISO_HOST_DECLARED_SOURCE_H
#include <stddef.h>

#include "core/buf.h"
#include "core/digest.h"
#include "core/error.h"
#include "core/form.h"
#include "core/language.h"

/* Longer than any program a model writes; V8 itself stops at 512 MiB. */
#define SOURCE_MOST (64u << 20)

struct source {
    char *name;            /* owned; the base name, for stack traces */
    struct buf text;       /* UTF-8, without a byte order mark */
    char *path;            /* owned; the file that it was read from, "-" for standard input; NULL: none */
    enum source_form form; /* of an agent; FORM_AUTO when it was read */
    enum source_language language; /* LANGUAGE_AUTO when it was read; see source_speaks() */
};

/* Reads a file ("-": standard input) or takes `code` when it is not NULL; both are called `unnamed` then.
 * USAGE: unreadable, too large, or not UTF-8 (says where). */
int source_read(struct source *s, const char *path, const char *code, const char *unnamed,
                struct iso_err *err);
/* Reads a regular file whose name is not the caller's own: see file_read_regular(). */
int source_read_regular(struct source *s, const char *path, struct iso_err *err);
/* Sets the language: the one that was asked for, else by the name. USAGE: a file that iso4 does not take. */
int source_speaks(struct source *s, enum source_language asked, struct iso_err *err);
/* SHA-256 of the text. */
void source_digest(const struct source *s, char out[DIGEST_HEX]);
void source_free(struct source *s);

#endif
