/* SPDX-License-Identifier: MIT */
/* host/job/spec.h - what to run, read from the members of a JSON object: a job of batch, the params of serve's `run`.
 *
 * spec_take() for each member of the object, then spec_read(); spec_free() at the end. The object's text has to live
 * as long as the spec. */
#ifndef ISO_HOST_JOB_SPEC_H
#define ISO_HOST_JOB_SPEC_H
#include "core/limits.h"
#include "host/declared/declarations.h"
#include "host/run/supervisor.h"

/* name, the kind of JSON that it takes */
#define ISO_SPEC_MEMBERS(X) \
    X(code, STRING)         \
    X(file, STRING)         \
    X(filename, STRING)     \
    X(call, STRING)         \
    X(args, ARRAY)          \
    X(globals, OBJECT)      \
    X(limits, OBJECT)       \
    X(form, STRING)

struct spec_members { /* .at NULL: not given */
#define X(name, kind) struct json name;
    ISO_SPEC_MEMBERS(X)
#undef X
};

/* What a spec changes. */
struct spec_base {
    struct limits limits;
    int has_prefix;          /* its exports can be called without a source */
    const char *call, *args; /* NULL: none */
    enum source_form form;
    int answered; /* enum globals_answered */
    /* Another copy of them, for globals of a spec to be bound in. NULL: they take the place of all. */
    int (*declare)(void *ctx, struct declarations *d, struct iso_err *err);
    /* USAGE when a file is not to be read; NULL: any is. */
    int (*may_read)(void *ctx, const char *path, struct iso_err *err);
    void *ctx;
};

struct run_spec {
    struct source source; /* owned */
    int no_source;        /* an export of the prefix is called */
    struct limits limits;
    char *call, *args;            /* owned, or NULL */
    int own_globals;              /* `declared` counts, not what is shared */
    struct declarations declared; /* owned */
};

struct spec_fault {
    const char *member; /* that is wrong; NULL: the whole */
    struct iso_err err; /* USAGE; or as globals are refused: UNDECLARED_BINDING, INVALID_REBIND; INTERNAL */
};

/* 1: it is a member of a spec. 0: it is none. -1: it is given twice, or is of the wrong kind. */
int spec_take(struct spec_members *m, struct json key, struct json value, struct spec_fault *fault);

/* `name` is what messages call `text`, the document that the members stand in. Files are read. -1: *s has to be freed
 * all the same. */
int spec_read(struct run_spec *s, const struct spec_members *m, const struct spec_base *base,
              const char *name, const char *text, struct spec_fault *fault);
void spec_free(struct run_spec *s);

/* Sets in *q what the spec says: sources, limits, what is declared, what is called. */
void spec_request(const struct run_spec *s, const struct declarations *shared, struct run_request *q);

/* The name of the member that is nearest to a key that is none; NULL: no name is near. */
const char *spec_nearest(struct json key);

#endif
