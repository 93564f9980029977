/* SPDX-License-Identifier: MIT */
/* core/error.h - the error codes that the manual lists, and how a function reports one.
 *
 * A function that can fail returns 0 or -1 and takes a `struct iso_err *` as its last argument. It fills the
 * struct only on failure. Nothing here allocates, so failing works without memory and after lockdown.
 * Only the command line prints; libraries never do. */
#ifndef ISO_CORE_ERROR_H
#define ISO_CORE_ERROR_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One row per code: id, name as printed, exit status, whether a worker may claim it in its result frame, whether
 * it is final, who is at fault (`error.origin`). A code that only the parent can know (a clock ran out, a process died) is not accepted from a worker.
 * A final code is an answer about the job: the same job ends the same way when it is run again. The other codes
 * say that the run was interrupted, or that iso4 or the machine failed; the job is still without an answer.
 * USAGE and OUTPUT are never part of a RunResult: they end iso4 with a message on stderr. So do other codes of exit
 * status 2, faults of the caller, where the command line is at fault; a job of a batch is answered with them. */
#define ISO_CODES(X)                                                          \
    X(USAGE, "usage", 2, 0, 0, CALLER)                                        \
    X(OUTPUT, "output", 3, 0, 0, ISO4)                                        \
    X(BAD_JOB, "ERR_BAD_JOB", 2, 0, 1, CALLER)                                \
    X(COMPILE, "ERR_COMPILE", 1, 1, 1, AGENT)                                 \
    X(USER_CODE, "ERR_USER_CODE", 1, 1, 1, AGENT)                             \
    X(DID_NOT_SETTLE, "ERR_DID_NOT_SETTLE", 1, 1, 1, AGENT)                   \
    X(MODULE_NOT_FOUND, "ERR_MODULE_NOT_FOUND", 1, 1, 1, AGENT)               \
    X(EXPORT_NOT_SERIALIZABLE, "ERR_EXPORT_NOT_SERIALIZABLE", 1, 1, 1, AGENT) \
    X(EXPORT_TOO_LARGE, "ERR_EXPORT_TOO_LARGE", 1, 1, 1, AGENT)               \
    X(HOST_BRIDGE, "ERR_HOST_BRIDGE", 1, 1, 1, AGENT)                         \
    X(BRIDGE_CALL_LIMIT, "ERR_BRIDGE_CALL_LIMIT_EXCEEDED", 1, 1, 1, AGENT)    \
    X(BRIDGE_PAYLOAD, "ERR_BRIDGE_PAYLOAD_TOO_LARGE", 1, 1, 1, AGENT)         \
    X(ARGUMENT, "ERR_FUNCTION_ARGUMENT_NOT_SUPPORTED", 1, 1, 1, AGENT)        \
    X(UNAWAITED_CALL, "ERR_UNAWAITED_CALL", 1, 0, 1, AGENT)                   \
    X(REPLAY_DIVERGED, "ERR_REPLAY_DIVERGED", 1, 0, 1, AGENT)                 \
    X(APPROVAL_PENDING, "ERR_APPROVAL_PENDING", 4, 0, 1, CALLER)              \
    X(UNDECLARED_BINDING, "ERR_UNDECLARED_BINDING", 2, 0, 1, CALLER)          \
    X(INVALID_REBIND, "ERR_INVALID_REBIND", 2, 1, 1, CALLER)                  \
    X(BAD_DEFINITION, "ERR_BAD_DEFINITION", 2, 1, 1, CALLER)                  \
    X(RESERVED_NAME, "ERR_RESERVED_NAME", 2, 1, 1, CALLER)                    \
    X(PREFIX_BRIDGE_CALL, "ERR_PREFIX_BRIDGE_CALL", 1, 1, 1, AGENT)           \
    X(CALL_TARGET, "ERR_CALL_TARGET_NOT_FOUND", 1, 1, 1, AGENT)               \
    X(TIME_ZONE, "ERR_UNKNOWN_TIME_ZONE", 2, 1, 1, CALLER)                    \
    X(MEMORY_LIMIT, "ERR_MEMORY_LIMIT", 1, 1, 1, AGENT)                       \
    X(CPU_TIMEOUT, "ERR_CPU_TIMEOUT", 1, 0, 1, AGENT)                         \
    X(WALL_TIMEOUT, "ERR_WALL_TIMEOUT", 1, 0, 1, AGENT)                       \
    X(PREFIX_DID_NOT_SETTLE, "ERR_PREFIX_DID_NOT_SETTLE", 1, 1, 1, AGENT)     \
    X(PREFIX_NOT_SERIALIZABLE, "ERR_PREFIX_NOT_SERIALIZABLE", 1, 1, 1, AGENT) \
    X(WARMUP_LIMIT, "ERR_WARMUP_LIMIT", 1, 0, 1, AGENT)                       \
    X(SNAPSHOT_INVALID, "ERR_SNAPSHOT_INVALID", 3, 1, 0, ISO4)                \
    X(SNAPSHOT_MISMATCH, "ERR_SNAPSHOT_MISMATCH", 3, 1, 0, ISO4)              \
    X(SANDBOX_UNAVAILABLE, "ERR_SANDBOX_UNAVAILABLE", 3, 1, 0, ISO4)          \
    X(SANDBOX_VIOLATION, "ERR_SANDBOX_VIOLATION", 3, 0, 0, ISO4)              \
    X(WORKER_CRASHED, "ERR_WORKER_CRASHED", 3, 0, 0, ISO4)                    \
    X(ABORTED, "ERR_ABORTED", 1, 0, 0, ISO4)                                  \
    X(INTERNAL, "ERR_INTERNAL", 3, 1, 0, ISO4)

/* The party at fault: the code that ran, the caller of iso4, or iso4 and the machine. */
#define ISO_ORIGINS(X)  \
    X(AGENT, "agent")   \
    X(CALLER, "caller") \
    X(ISO4, "iso4")

enum iso_origin {
#define X(id, ...) ISO_ORIGIN_##id,
    ISO_ORIGINS(X)
#undef X
};

enum iso_code {
    ISO_OK = 0,
#define X(id, ...) ISO_##id,
    ISO_CODES(X)
#undef X
        ISO_CODE_COUNT
};

struct iso_err {
    enum iso_code code;
    char msg[512]; /* lower case, names the subject, no full stop */
    /* The place of the mistake in a document. */
    size_t line, column; /* from 1; 0: not known */
    char path[104];      /* the member, with dots between names; "": not known */
};

/* Fills *err and returns -1, so that callers can write `return iso_fail(...)`. %m works (glibc). */
int iso_fail(struct iso_err *err, enum iso_code code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* The printed name ("ERR_COMPILE"); "ok" for ISO_OK. */
const char *iso_code_name(enum iso_code code);

/* 0 for ISO_OK, else the exit status of the code. */
int iso_code_exit(enum iso_code code);

/* The exit status of several runs, of which one gives `a` and others `b`: a fault of iso4 outranks one of the caller,
 * that a paused run, and that a failed one. */
int iso_worse_exit(int a, int b);

/* 1 when a worker may name this code in its result; 0 for every other number. */
int iso_code_from_worker(unsigned code);

/* 1 when a result with this code answers its job (ISO_OK does); 0 when the job should be run again. */
int iso_code_final(enum iso_code code);

/* Names the party at fault: "agent", "caller" or "iso4". `broken`: with HOST_BRIDGE the program that answers has failed, which
 * the caller wrote. */
const char *iso_code_origin(enum iso_code code, int broken);

/* The code with this name in a RunResult ("ERR_COMPILE"); -1 when there is none. */
int iso_code_by_name(const char *name);

#ifdef __cplusplus
}
#endif
#endif
