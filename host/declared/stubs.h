/* SPDX-License-Identifier: MIT */
/* host/declared/stubs.h - one stub definition: describes a global, and how its calls are answered.
 *
 * A definition is a JSON object with the key of exactly one kind and options that this kind takes. A kind is described
 * by its row alone, a struct stub_kind: stub_parse() finds the row by its key, and the other parts of iso4 call its
 * functions. The rows are in host/kinds/, a file for each. Texts of a stub point into the document that it was read
 * from, which must live as long. */
#ifndef ISO_HOST_DECLARED_STUBS_H
#define ISO_HOST_DECLARED_STUBS_H
#include <stdint.h>

#include "core/buf.h"
#include "core/error.h"
#include "core/json_walk.h"

struct answers;
struct call;
struct globals;
struct schema;
struct stub;
struct stub_parts;
struct stub_place;
struct work;

/* An answer in a definition; value.at NULL: there is none. */
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
    X(APPROVAL, "approval", approval)   \
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
#define STUB_TAKES(id)  (1u << STUB_OPTION_##id)
#define STUB_TAKES_DATA (STUB_TAKES(DESCRIPTION) | STUB_TAKES(ENUMERABLE))
#define STUB_TAKES_CALLS \
    (STUB_TAKES_DATA | STUB_TAKES(MAX_CALLS) | STUB_TAKES(TIMEOUT) | STUB_TAKES(APPROVAL))
#define STUB_TAKES_FUNCTION \
    (STUB_TAKES_CALLS | STUB_TAKES(PARAMETERS) | STUB_TAKES(RESULT) | STUB_TAKES(SHIM))
#define STUB_TAKES_PROGRAM (STUB_TAKES_FUNCTION | STUB_TAKES(CWD) | STUB_TAKES(ENV))

/* The thing that agents see. A run may rebind a declared stub to a kind of the same nature, and a fetch to any
 * function. */
enum stub_nature { STUB_IS_VALUE, STUB_IS_EXPRESSION, STUB_IS_MEMBERS, STUB_IS_FUNCTION, STUB_IS_FETCH };

/* A row: one kind. A function may be NULL when it has nothing to do, unless its comment says otherwise. */
struct stub_kind {
    const char *key; /* in definitions */
    enum stub_nature nature;
    unsigned options;        /* the options that it takes: STUB_TAKES... */
    const char *error_class; /* of a call that gets no answer; NULL: "Error" */
    const char *message;     /* the start of messages about a call; NULL: the function's name */
    unsigned at_once;        /* calls of a run that may run at a time, others wait; 0: no limit */
    int by_command_line;     /* the command line says what acts for it, the definition only names that */
    int by_owner;            /* the owner of the run answers, if it has one, see host/calls/caller.h */

    /* Checks the value of the key; never NULL. USAGE. */
    int (*check)(struct json v, const char *key, const struct stub_place *place, struct iso_err *err);

    /* Prepares the index for find(), once for each definition. -1: no memory. */
    int (*compile)(const struct stub *s, struct stub_parts *parts);

    /* Finds the answer of a call before dispatch(), which gets it in call->answer: 0, or -1 when the work is used up or
     * there is no memory. It may be called in any thread, and must not change shared data. `ordinal` is the number of
     * the call among those of its function, from 1. */
    int (*find)(const struct stub *s, struct json args, uint64_t ordinal, struct work *work,
                struct stub_answer *out);

    /* Checks that the program that it starts exists. For precompile, which starts no programs; prepare() checks it,
     * too. NULL: it starts no program. USAGE. */
    int (*present)(const struct stub *s, struct iso_err *err);

    /* Checks, before a run, that the machine has all that the definition needs. Only kinds that act on the host have
     * this function, and --no-host-commands refuses those kinds. For jobs of a batch it is called in several threads.
     * USAGE; messages of this and of present() follow "the global 'f' ". */
    int (*prepare)(const struct stub *s, const struct globals *g, struct iso_err *err);

    /* 1 when the definition has a path that is relative to its document. */
    int (*depends_on_place)(const struct stub *s);

    /* Calls `visit` for each string of the definition that may name a file to read, until a call returns other than 0;
     * returns that value, or 0. */
    int (*each_file)(const struct stub *s, int (*visit)(void *ctx, struct json path), void *ctx);

    /* Appends text for `inspect` after the key: the program that it starts. */
    void (*describe)(const struct stub *s, struct buf *out);

    /* Appends the member `,"name":...` that tells the worker what to make; a plain function needs none. */
    void (*encode)(const struct stub *s, struct buf *out);

    /* 1 when declarations in TypeScript leave it out, since another member says the same. */
    int (*undeclared)(const struct stub *s);

    /* Appends the type in TypeScript; never NULL. `arrow` is the text between parameters and result of a function: ": "
     * or " => ". Lines after the first are indented by `indent` spaces. */
    void (*type)(const struct stub *s, const char *arrow, int indent, struct buf *out);

    /* Answers a call, now or later, with call_answer() or call_fail() (host/calls/call.h); NULL: data, never called.
     * `args` may be freed when it returns; call_keep() copies them. */
    void (*dispatch)(struct call *c, struct json args);

    /* Cancels a call whose `work` dispatch() has set. NULL: `work` is never set. */
    void (*cancel)(struct call *c);
};

/* Every kind there is, in the order of the manual; NULL after the last. In host/kinds/kinds.c. */
extern const struct stub_kind *const stub_kinds[];

/* The kind of an object with members, which host modules are, too. */
extern const struct stub_kind stub_members;

/* A schema that is compiled when it is read. If it was checked before, the first call that needs it compiles it. */
struct late_schema {
    struct json text;
    int apart; /* a text of a snapshot: may be any bytes */
    struct schema *_Atomic compiled;
};

struct stub {
    const struct stub_kind *kind;
    struct json name; /* literal; of the property */
    const char *path; /* JSON literal, owned by the document: the names from the global down, dots between */
    int parent;       /* index of the stub whose member it is; -1: a global */
    struct json main; /* the value of the kind's key */
    struct json options[STUB_OPTION_COUNT];   /* .at NULL: not given; see stub_option() */
    unsigned apart;                           /* the options that are texts of a snapshot: STUB_TAKES... */
    uint64_t max_calls, timeout_ms, delay_ms; /* 0: none */
    const struct late_schema *parameters;     /* NULL: none. The document owns this and the next three */
    const struct answers *answers;            /* of kinds with compile() */
    struct stub_parts *parts;                 /* holds the result of its kind's prepare() */
    const char *dir;                          /* paths of programs are relative to it */
    int asks;                                 /* calls of it, or of its members, need approval */
    int module;                               /* the object of exports of a host module, not a global */
    int of_snapshot;                          /* a snapshot's manifest has it */
    int rebound, new_shim; /* a run has replaced the answer or value, or the shim, of the snapshot */
};

/* 1 when agents can call it. */
static inline int stub_is_callable(const struct stub *s)
{
    return s->kind->dispatch != NULL;
}

/* The place of a definition, for messages. */
struct stub_place {
    const char *file;  /* its name in messages */
    const char *text;  /* the whole document */
    const char *path;  /* of the stub, a JSON literal; NULL: the document as a whole */
    int kept;          /* the document was checked when it was made: schemas are compiled later */
    struct json apart; /* the texts of the snapshot that the document is from; .at NULL: it is from none */
};

/* Compiled parts of a definition; its document owns them. */
struct stub_parts {
    struct stub_parts *next;
    char *path;
    struct late_schema parameters; /* .text.at NULL: none */
    _Atomic unsigned checked;      /* those options of stub.apart that are good */
    struct answers *answers;
    struct buf prepared; /* by its kind; may hold secrets */
};
void stub_parts_free(struct stub_parts *all);

/* Fills a stub from its definition, which may be any JSON; the caller sets path, parent and the like. *parts gets the
 * compiled parts, also on failure. USAGE names file, line, column and path. */
int stub_parse(struct stub *s, struct stub_parts *parts, struct json definition,
               const struct stub_place *place, struct iso_err *err);

/* The value of an option; .at NULL: not given. Descriptions and schemas of a snapshot's definitions are read with this
 * only: they are checked at the first use, and one that is damaged counts as not given. May be called from any thread. */
struct json stub_option(const struct stub *s, enum stub_option option);

/* The option with this key; -1: there is none. */
int stub_find_option(struct json key);

/* Refuses repeated names: other readers of JSON keep the last one only. The message is `verb`, the
 * name, "twice". */
int stub_refuse_repeats(const struct stub_place *place, struct json object, const char *verb,
                        struct iso_err *err);

/* Fails with USAGE; puts file, line and column in front of the message. */
int stub_fail(const struct stub_place *place, const char *at, struct iso_err *err, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* The compiled schema; NULL: it cannot be compiled, or out of memory. May be called from any thread. */
const struct schema *stub_schema(const struct late_schema *late);

#endif
