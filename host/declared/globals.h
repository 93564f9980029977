/* SPDX-License-Identifier: MIT */
/* host/declared/globals.h - documents of stub definitions: read, checked, rebound, and told to a worker.
 *
 * globals_read() or globals_from_manifest(), then perhaps globals_rebind(); globals_free() at the end. A
 * stub's index is its number for the worker: the same document gives the same numbers, so that a stub kept in
 * a snapshot finds its definition again. */
#ifndef ISO_HOST_DECLARED_GLOBALS_H
#define ISO_HOST_DECLARED_GLOBALS_H
#include "core/buf.h"
#include "host/declared/stubs.h"

/* More than any host declares; keeps a hostile snapshot's manifest from taking the machine's memory. */
#define GLOBALS_MOST_BYTES (64u << 20)
#define GLOBALS_MOST_STUBS 100000
#define GLOBALS_MOST_DEPTH 32

struct globals_document;

struct globals {
    struct stub *stubs; /* in document order, members behind their object */
    size_t count;
    struct globals_document *documents; /* what the stubs' texts point into */
};

/* A file, "-" for standard input. USAGE: unreadable, or a definition is wrong (file, line, column, path). */
int globals_read(struct globals *g, const char *path, struct iso_err *err);

/* ---- for host/declared/imports.c: documents of another shape whose exports are definitions, too */
/* Reads and checks a JSON file, which then belongs to *g; NULL as globals_read() fails. */
struct globals_document *globals_document(struct globals *g, const char *path, struct iso_err *err);
/* The same for a part of a manifest, which is borrowed; only its directory is kept. */
struct globals_document *globals_kept_document(struct globals *g, struct json dir, struct iso_err *err);
/* One that stands in a larger text: borrowed, relative to the working directory. */
struct globals_document *globals_inline_document(struct globals *g, struct json whole, struct iso_err *err);
struct json globals_document_text(const struct globals_document *d);
/* A path as the document means it, NUL-terminated. */
void globals_place(const struct globals_document *d, struct json path, struct buf *out);
/* Adds a host module: a stub that stands for its exports, and the stubs of these. */
int globals_add_module(struct globals *g, struct globals_document *d, const char *file, const char *text,
                       struct json specifier, struct json exports, struct iso_err *err);
/* Whether some program of a stub with this directory is found by it. */
int globals_depend_on_place(const struct globals *g, const char *dir);

/* The definitions that precompile kept in a snapshot; none is fine. `name` is the snapshot's.
 * SNAPSHOT_INVALID when they are damaged. */
int globals_from_manifest(struct globals *g, const char *name, struct json manifest, struct iso_err *err);

/* The members of the manifest that keep these definitions: `"globals":{...}`, and what paths in them are
 * relative to when there are any. */
void globals_to_manifest(const struct globals *g, struct buf *out);

/* Definitions that stand in a larger text, such as a line of a batch: `whole` is borrowed as the stubs are.
 * Paths are relative to the working directory. */
int globals_inline(struct globals *g, const char *name, const char *text, struct json whole,
                   struct iso_err *err);

/* A copy to rebind some of; it points into *from, which has to live longer. INTERNAL. */
int globals_copy(struct globals *to, const struct globals *from, struct iso_err *err);

/* What a run gives in place of what was declared; takes everything out of *given.
 * UNDECLARED_BINDING, INVALID_REBIND: *declared is as it was. */
int globals_rebind(struct globals *declared, struct globals *given, struct iso_err *err);

/* USAGE when there is a program at all. */
int globals_refuse_programs(const struct globals *g, struct iso_err *err);
/* Who may answer calls of a run, beside iso4 itself. */
enum globals_answered { BY_PROGRAMS = 1, BY_CALLER = 2 };
/* For a run. USAGE when a definition is answered by someone else than these, or when a program wants a variable
 * that the environment does not have. */
int globals_check_answered(const struct globals *g, int by, struct iso_err *err);

/* For precompile, which starts no program. USAGE when one that runs would start is not there. */
int globals_check_present(const struct globals *g, struct iso_err *err);

/* What the worker has to install (a JSON array), or what it has to replace in the heap of a snapshot. Nothing
 * is appended when there is nothing to do. */
void globals_to_install(const struct globals *g, struct buf *out);
void globals_to_replace(const struct globals *g, struct buf *out);

/* A number that is the same for the same document. */
uint64_t globals_digest(const struct globals *g);

/* "file.json:3:5: ", where the stub is defined whose name in quotes comes first in a message; "": unknown. */
void globals_where_named(char *to, size_t size, const struct globals *g, const char *message);

void globals_free(struct globals *g);

#endif
