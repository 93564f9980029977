/* SPDX-License-Identifier: MIT */
/* host/declared/globals.h - documents of stub definitions: reads, checks and rebinds them, and encodes them for a
 * worker.
 *
 * globals_read() or globals_from_manifest(), then perhaps globals_rebind(); globals_free() at the end. A
 * stub's index is its number for the worker: the same document gives the same numbers, so that a stub kept in
 * a snapshot finds its definition again. */
#ifndef ISO_HOST_DECLARED_GLOBALS_H
#define ISO_HOST_DECLARED_GLOBALS_H
#include "core/buf.h"
#include "host/declared/stubs.h"

/* More than any host declares. The limit keeps a hostile snapshot's manifest from using up all memory. */
#define GLOBALS_MOST_BYTES (64u << 20)
#define GLOBALS_MOST_STUBS 100000
#define GLOBALS_MOST_DEPTH 32

struct globals_document;
struct mcp_servers;

struct globals {
    struct stub *stubs; /* in document order, members behind their object */
    size_t count;
    struct globals_document *documents; /* the texts that the stubs point into */
    const struct mcp_servers *mcp;      /* borrowed; that answer stubs of kind `mcp`; NULL: none are known */
};

/* Reads a file, "-" for standard input. USAGE: unreadable, or an invalid definition (file, line, column, path). */
int globals_read(struct globals *g, const char *path, struct iso_err *err);

/* ---- for host/declared/imports.c: documents of another format, whose exports are definitions, too */
/* Reads and checks a JSON file, which then belongs to *g; NULL as globals_read() fails. */
struct globals_document *globals_document(struct globals *g, const char *path, struct iso_err *err);
/* Makes a document for a part of a manifest, which is borrowed, as are the texts that stand apart from it; only its
 * directory is kept. */
struct globals_document *globals_kept_document(struct globals *g, struct json dir, struct json apart,
                                               struct iso_err *err);
/* Makes a document for a part of a larger text, which is borrowed; its paths are relative to the working directory. */
struct globals_document *globals_inline_document(struct globals *g, struct json whole, struct iso_err *err);
struct json globals_document_text(const struct globals_document *d);
/* Appends a path of the document, relative to the document's directory, NUL-terminated. */
void globals_place(const struct globals_document *d, struct json path, struct buf *out);
/* Adds a host module: a stub that stands for its exports, and the stubs of these. */
int globals_add_module(struct globals *g, struct globals_document *d, const char *file, const char *text,
                       struct json specifier, struct json exports, struct iso_err *err);
/* 1 when a stub with this directory names a program or file relative to it. */
int globals_depend_on_place(const struct globals *g, const char *dir);

/* Reads the definitions that precompile kept in a snapshot; there may be none. `name` is the snapshot's, `apart` its
 * texts, see host/declared/kept.h. Both must live as long as *g. SNAPSHOT_INVALID when they are damaged. */
int globals_from_manifest(struct globals *g, const char *name, struct json manifest, struct json apart,
                          struct iso_err *err);

/* Appends the members of the manifest that keep these definitions: `"globals":{...}`, and the directory of their
 * relative paths, if there are any; and to *apart their texts. */
void globals_to_manifest(const struct globals *g, struct buf *out, struct buf *apart);

/* Reads definitions in a larger text, such as a line of a batch; `whole` must live as long as the stubs. Paths are
 * relative to the working directory. */
int globals_inline(struct globals *g, const char *name, const char *text, struct json whole,
                   struct iso_err *err);

/* Adds definitions that iso4 itself makes to those in *g. Their schemas are known to compile. USAGE also when a global
 * is declared twice; the message then has `name` as one of the two places. */
int globals_join(struct globals *g, const char *name, struct json whole, struct iso_err *err);

/* Makes a copy that can be rebound; it points into *from, which must live longer. INTERNAL. */
int globals_copy(struct globals *to, const struct globals *from, struct iso_err *err);

/* Replaces declared stubs by those that a run gives; moves everything out of *given. UNDECLARED_BINDING,
 * INVALID_REBIND: *declared is unchanged. */
int globals_rebind(struct globals *declared, struct globals *given, struct iso_err *err);

/* USAGE when a definition starts a program or makes requests. */
int globals_refuse_programs(const struct globals *g, struct iso_err *err);
/* The parties that may answer calls of a run, besides iso4 itself. */
enum globals_answered {
    BY_PROGRAMS = 1,
    BY_CALLER = 2,
    BY_SNAPSHOT = 4 /* programs and requests that a snapshot names, too */
};
/* For a run. USAGE when another party would have to answer a definition, or when a program needs an environment
 * variable that is not set. */
int globals_check_answered(const struct globals *g, int by, struct iso_err *err);

/* USAGE when a definition names a file that iso4 would read for it: certificates of a fetch. */
int globals_refuse_files(const struct globals *g, struct iso_err *err);

/* For precompile, which starts no programs. USAGE when a program that runs would start does not exist. */
int globals_check_present(const struct globals *g, struct iso_err *err);

/* Append a JSON array for the worker: the globals to install, or those to replace in the heap of a snapshot. Nothing is
 * appended when there are none. */
void globals_to_install(const struct globals *g, struct buf *out);
void globals_to_replace(const struct globals *g, struct buf *out);

/* A digest of the documents: the same documents give the same number. */
uint64_t globals_digest(const struct globals *g);

/* Writes "file.json:3:5: ", the place of the stub whose quoted name comes first in the message; "": unknown. */
void globals_where_named(char *to, size_t size, const struct globals *g, const char *message);

void globals_free(struct globals *g);

#endif
