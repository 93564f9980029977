/* SPDX-License-Identifier: MIT */
/* host/declared/stubs.h - one stub definition: what a global is, and who answers when it is called.
 *
 * A definition is a JSON object with the key of exactly one kind and the options that this kind takes. All that
 * iso4 knows of a kind is its row, a struct stub_kind: stub_parse() finds it by its key, and the other parts
 * of iso4 call its functions. The rows are in host/kinds/, a file for each. Texts of a stub point into the
 * document that it was read from, which must live as long. */
#ifndef ISO_HOST_DECLARED_STUBS_H
#define ISO_HOST_DECLARED_STUBS_H
#include <stdint.h>

#include "core/buf.h"
#include "core/error.h"
#include "core/json_walk.h"

struct answers;
struct call;
struct schema;
struct stub;
struct stub_parts;
struct stub_place;
struct work;

/* An answer that stands in a definition; value.at NULL: there is none. */
struct stub_answer {
    int throws;
    struct json value;
};

/* id, key, JSON type of its value (a stub_check_TYPE() of host/declared/stub_values.h) */
#define ISO_STUB_OPTIONS(X)             \
    X(DESCRIPTION, "description", text) \
    X(ENUMERABLE, "enumerable", bool)   \
    X(PARAMETERS, "parameters", schema) \
    X(RESULT, "result", schema)         \
    X(SHIM, "shim", text)               \
    X(MAX_CALLS, "maxCalls", count)     \
    X(TIMEOUT, "timeoutMs", ms)         \
    X(DELAY, "delayMs", ms)             \
    X(OTHERWISE, "otherwise", answer)   \
    X(METHOD, "method", text)           \
    X(SHARED, "shared", bool)           \
    X(CWD, "cwd", text)                 \
    X(ENV, "env", environment)

enum stub_option {
#define X(id, ...) STUB_OPTION_##id,
    ISO_STUB_OPTIONS(X)
#undef X
        STUB_OPTION_COUNT
};

/* The options that a kind takes: STUB_TAKES(DELAY) | STUB_TAKES_FUNCTION. */
#define STUB_TAKES(id)   (1u << STUB_OPTION_##id)
#define STUB_TAKES_DATA  (STUB_TAKES(DESCRIPTION) | STUB_TAKES(ENUMERABLE))
#define STUB_TAKES_CALLS (STUB_TAKES_DATA | STUB_TAKES(MAX_CALLS) | STUB_TAKES(TIMEOUT))
#define STUB_TAKES_FUNCTION \
    (STUB_TAKES_CALLS | STUB_TAKES(PARAMETERS) | STUB_TAKES(RESULT) | STUB_TAKES(SHIM))
#define STUB_TAKES_PROGRAM (STUB_TAKES_FUNCTION | STUB_TAKES(CWD) | STUB_TAKES(ENV))

/* What agents see. A run may answer a declared stub by a kind of the same nature, and a fetch by any function. */
enum stub_nature { STUB_IS_VALUE, STUB_IS_EXPRESSION, STUB_IS_MEMBERS, STUB_IS_FUNCTION, STUB_IS_FETCH };

/* A row: one kind. A function that is NULL has nothing to do, unless its comment says otherwise. */
struct stub_kind {
    const char *key; /* in definitions */
    enum stub_nature nature;
    unsigned options;        /* that it takes: STUB_TAKES... */
    const char *error_class; /* of a call that gets no answer; NULL: "Error" */
    const char *message;     /* how messages about a call begin; NULL: with the function's name */
    unsigned at_once;        /* calls of a run that may be under way at a time, others wait; 0: all */
    int by_owner; /* the owner of the run answers: only where there is one, see host/calls/caller.h */

    /* What stands behind the key; never NULL. USAGE. */
    int (*check)(struct json v, const char *key, const struct stub_place *place, struct iso_err *err);

    /* Lays out, once a definition, what find() looks up. -1: no memory. */
    int (*compile)(const struct stub *s, struct stub_parts *parts);

    /* Looks up the answer of a call before dispatch(), which finds it in call->answer: 0, or -1 when the work is
     * used up or there is no memory. It may be called in another thread, and reads only. `ordinal` is that of the
     * call among those of its function, from 1. */
    int (*find)(const struct stub *s, struct json args, uint64_t ordinal, struct work *work,
                struct stub_answer *out);

    /* Whether what it starts is there. For precompile, which starts nothing; prepare() looks, too. NULL: it starts
     * nothing that could be missing. USAGE. */
    int (*present)(const struct stub *s, const char *name, struct iso_err *err);

    /* Whether the machine has what the definition asks of it, before a run. Only kinds that act on the host
     * have it, and --no-host-commands refuses these. Jobs of a batch have it called in several threads. `name` is
     * "global 'f'". USAGE. */
    int (*prepare)(const struct stub *s, const char *name, struct iso_err *err);

    /* Whether it names something by a path that is relative to its document. */
    int (*depends_on_place)(const struct stub *s);

    /* Calls `visit` for each text of the definition that may name a file which is read, until one returns not 0;
     * returns that, or 0. */
    int (*each_file)(const struct stub *s, int (*visit)(void *ctx, struct json path), void *ctx);

    /* Appends what `inspect` says beside the key: which program it starts. */
    void (*describe)(const struct stub *s, struct buf *out);

    /* Appends the member, `,"name":...`, that tells the worker what to make of it; for a plain function there
     * is none. */
    void (*encode)(const struct stub *s, struct buf *out);

    /* Appends the type in TypeScript; never NULL. Between parameters and result of a function stands `arrow`,
     * ": " or " => ". Lines after the first are indented by `indent` spaces. */
    void (*type)(const struct stub *s, const char *arrow, int indent, struct buf *out);

    /* Answers a call, now or later, by call_answer() or call_fail() (host/calls/call.h); NULL: data, it is
     * never called. `args` live until it returns: call_keep() copies them. */
    void (*dispatch)(struct call *c, struct json args);

    /* A call of which dispatch() has set `work` needs no answer any more: forget it. NULL: `work` is never
     * set. */
    void (*cancel)(struct call *c);
};

/* Every kind there is, in the order of the manual; NULL after the last. In host/kinds/kinds.c. */
extern const struct stub_kind *const stub_kinds[];

/* The kind of an object with members, which host modules are, too. */
extern const struct stub_kind stub_members;

struct stub {
    const struct stub_kind *kind;
    struct json name; /* literal; of the property */
    const char *path; /* JSON literal, of the document: the names from the global down, dots between */
    int parent;       /* index of the members object it is in; -1: a global */
    struct json main; /* what stands behind the kind's key */
    struct json options[STUB_OPTION_COUNT];   /* .at NULL: not given */
    uint64_t max_calls, timeout_ms, delay_ms; /* 0: none */
    const struct schema *parameters; /* compiled; NULL: none. Of the document, as are the next three */
    const struct answers *answers;   /* of kinds that compile() them */
    struct stub_parts *parts;        /* what its kind's prepare() keeps */
    const char *dir;                 /* what paths of programs are relative to */
    int module;                      /* stands for the exports of a host module, not for a global */
    int rebound, new_shim; /* a run has given another answer or value, another shim, than the snapshot has */
};

/* Whether agents can call it. */
static inline int stub_is_callable(const struct stub *s)
{
    return s->kind->dispatch != NULL;
}

/* Where a definition stands, for messages. */
struct stub_place {
    const char *file; /* as messages name it */
    const char *text; /* the whole document */
    const char *path; /* of the stub, a JSON literal; NULL: the document as a whole */
};

/* Compiled parts of a definition, which the document that it stands in owns. */
struct stub_parts {
    struct stub_parts *next;
    char *path;
    struct schema *parameters;
    struct answers *answers;
    struct buf prepared; /* by its kind; may hold secrets */
};
void stub_parts_free(struct stub_parts *all);

/* Fills a stub from its definition, which may be any JSON; stub->path and the like are the caller's. What is compiled
 * goes to *parts, also on failure. USAGE names file, line, column and path. */
int stub_parse(struct stub *s, struct stub_parts *parts, struct json definition,
               const struct stub_place *place, struct iso_err *err);

/* USAGE with file, line and column in front. */
int stub_fail(const struct stub_place *place, const char *at, struct iso_err *err, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

#endif
