/* SPDX-License-Identifier: MIT */
/* host/declared/stubs.h - one stub definition: what a global is, and who answers when it is called.
 *
 * A definition is a JSON object with exactly one of the kind keys and the options that fit the kind; the two
 * tables are the only place that knows which. Texts of a stub point into the document that it was read from,
 * which must live as long. */
#ifndef ISO_HOST_DECLARED_STUBS_H
#define ISO_HOST_DECLARED_STUBS_H
#include <stdint.h>

#include "core/error.h"
#include "core/json_walk.h"

/* id, key, group, JSON type of its value */
#define ISO_STUB_KINDS(X)                   \
    X(VALUE, "value", DATA, ANY)            \
    X(EXPRESSION, "expression", DATA, TEXT) \
    X(MEMBERS, "members", GROUP, OBJECT)    \
    X(RETURNS, "returns", CANNED, ANY)      \
    X(THROWS, "throws", CANNED, ERROR)      \
    X(CASES, "cases", CANNED, LIST)         \
    X(SEQUENCE, "sequence", CANNED, LIST)   \
    X(COMMAND, "command", PROGRAM, ARGV)    \
    X(SERVICE, "service", PROGRAM, ARGV)    \
    X(FETCH, "fetch", HTTP, RULES)

enum stub_kind {
#define X(id, ...) STUB_##id,
    ISO_STUB_KINDS(X)
#undef X
        STUB_KIND_COUNT
};

/* What a kind may be given with. CANNED, PROGRAM and HTTP are the callable ones; the arguments and the result
 * of HTTP are those of the web's fetch. */
enum stub_group { STUB_DATA = 1, STUB_GROUP = 2, STUB_CANNED = 4, STUB_PROGRAM = 8, STUB_HTTP = 16 };
#define STUB_CALLABLE (STUB_CANNED | STUB_PROGRAM | STUB_HTTP)
#define STUB_OF_HOST  (STUB_CANNED | STUB_PROGRAM)

/* id, key, groups it goes with, JSON type */
#define ISO_STUB_OPTIONS(X)                                                     \
    X(DESCRIPTION, "description", STUB_DATA | STUB_GROUP | STUB_CALLABLE, TEXT) \
    X(ENUMERABLE, "enumerable", STUB_DATA | STUB_GROUP | STUB_CALLABLE, BOOL)   \
    X(PARAMETERS, "parameters", STUB_OF_HOST, SCHEMA)                           \
    X(RESULT, "result", STUB_OF_HOST, SCHEMA)                                   \
    X(SHIM, "shim", STUB_OF_HOST, TEXT)                                         \
    X(MAX_CALLS, "maxCalls", STUB_CALLABLE, COUNT)                              \
    X(TIMEOUT, "timeoutMs", STUB_CALLABLE, MS)                                  \
    X(DELAY, "delayMs", STUB_CANNED, MS)                                        \
    X(OTHERWISE, "otherwise", STUB_CANNED, ANSWER)                              \
    X(METHOD, "method", STUB_PROGRAM, TEXT)                                     \
    X(SHARED, "shared", STUB_PROGRAM, BOOL)                                     \
    X(CWD, "cwd", STUB_PROGRAM, TEXT)                                           \
    X(ENV, "env", STUB_PROGRAM, ENVIRONMENT)

enum stub_option {
#define X(id, ...) STUB_OPTION_##id,
    ISO_STUB_OPTIONS(X)
#undef X
        STUB_OPTION_COUNT
};

struct stub {
    enum stub_kind kind;
    struct json name; /* literal; of the property */
    char *path;       /* owned JSON literal: the names from the global down, dots between */
    int parent;       /* index of the members object it is in; -1: a global */
    struct json main; /* what stands behind the kind's key */
    struct json options[STUB_OPTION_COUNT];   /* .at NULL: not given */
    uint64_t max_calls, timeout_ms, delay_ms; /* 0: none */
    const char *dir;       /* what paths of programs are relative to; borrowed from the document */
    int module;            /* stands for the exports of a host module, not for a global */
    int rebound, new_shim; /* a run has given another answer or value, another shim, than the snapshot has */
};

const char *stub_kind_key(enum stub_kind kind);
enum stub_group stub_group(enum stub_kind kind);

/* Where a definition stands, for messages. */
struct stub_place {
    const char *file; /* as messages name it */
    const char *text; /* the whole document */
    const char *path; /* of the stub, a JSON literal; NULL: the document as a whole */
};

/* Fills a stub from its definition, which may be any JSON. stub->path and the like are the caller's. USAGE
 * names file, line, column and path. */
int stub_parse(struct stub *s, struct json definition, const struct stub_place *place, struct iso_err *err);

/* USAGE with file, line and column in front. */
int stub_fail(const struct stub_place *place, const char *at, struct iso_err *err, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* The canned answer in an object with `returns` or `throws`. */
struct stub_answer {
    int throws;
    struct json value;
};
struct stub_answer stub_answer(struct json object);

#endif
