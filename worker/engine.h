/* SPDX-License-Identifier: MIT */
/* worker/engine.h - the only door to V8. No V8 type, handle or C++ exception passes it.
 *
 * Order of calls: engine_boot() once per process, on fixed input, before lockdown. Then engine_open(), one
 * engine_run() for each source in turn, and for a snapshot engine_save(). There is no engine_close(): a
 * worker serves one job and ends with _exit(). One thread; only engine_interrupt() may be called from a
 * signal handler.
 *
 * V8 comes from a Node.js executable into which the worker is preloaded (see start.c). Everything here was
 * written against V8 14.6. */
#ifndef ISO_WORKER_ENGINE_H
#define ISO_WORKER_ENGINE_H
#include <stddef.h>
#include <stdint.h>

#include "core/buf.h"
#include "core/error.h"
#include "core/form.h"
#include "core/language.h"
#include "core/limits.h"
#include "protocol/frame.h"
#include "protocol/phase.h"
#include "snapshots/snapshot.h"

#ifdef __cplusplus
extern "C" {
#endif

struct engine_answer;
struct engine_strip;

/* What the engine asks of the process around it. Texts are borrowed for the call. */
struct engine_host {
    /* One console entry, as a JSON string literal; stream 0 is stdout, 1 stderr. */
    void (*console)(int stream, const char *literal, size_t len);
    /* The stream's limit has dropped `count` entries so far. */
    void (*dropped)(int stream, uint64_t count);
    /* The next piece of the exports' JSON object. */
    void (*exports)(const char *piece, size_t len);
    /* A call of a host function: the call's number, the function's, the arguments as a JSON array. */
    void (*call)(uint32_t call, uint32_t function, const char *args, size_t len);
    /* A call that was refused here, with the bytes of arguments that were seen; the run ends. */
    void (*blocked)(uint32_t function, uint64_t arg_bytes);
    /* The answer of this call is not waited for any more. */
    void (*cancel)(uint32_t call);
    /* Waits until an answer has come, but `ms` milliseconds at most unless negative; returns early on a
     * signal. 1 and *answer, borrowed until the next call, or 0. */
    int (*receive)(double ms, struct engine_answer *answer);
    /* Waits for a source without its types. */
    void (*strip)(struct engine_strip *strip);
    /* A record of the profile that was asked for, see protocol/profile.h. */
    void (*profile)(const char *record, size_t len);
    /* A phase of the run begins. */
    void (*phase)(enum phase phase);
    /* The budget is spent. Must not allocate and must not return. */
    void (*out_of_memory)(void) __attribute__((noreturn));
    /* V8 met a state it cannot continue from. Must not return. */
    void (*fatal)(const char *where, const char *what) __attribute__((noreturn));
};

struct engine_answer {
    uint32_t call;
    int ok;
    const char *json; /* the value, an empty text for undefined; or an object with name and message */
    size_t len;
};

struct engine_strip {
    unsigned source;       /* as reports count them */
    int fenced;            /* only the code in its Markdown fence counts */
    unsigned line, column; /* what V8 refuses; 0: it was not asked */
    const char *said;      /* UTF-8, V8's words, borrowed for the call */
    size_t said_len;
    /* the answer; the text is borrowed until the next call */
    enum strip_status status;
    const char *text;
    size_t len;
    unsigned text_line, text_column;
};

struct engine_options {
    const struct engine_host *host; /* borrowed for the life of the process */
    int jitless;                    /* no compiler, no executable memory */
    int positions; /* keep the places in sources with the code, for stacks that are read in another process */
    uint64_t
        seed; /* not 0: reproducible heap (random and hash seeds, a clock that stands still), for snapshots */
};

/* Starts V8. Reads nothing but its arguments and the kernel's random numbers. */
void engine_boot(const struct engine_options *boot);

/* What snapshots made by this engine carry. After engine_boot(). */
void engine_identity(struct snapshot_identity *out);

/* Reserved but unused address space and data that an isolate takes besides its budget, for the kernel's
 * limits. */
#define ENGINE_CODE_RANGE (64u << 20)

enum engine_kind {
    ENGINE_RUN,        /* restore a snapshot and run agents */
    ENGINE_PRECOMPILE, /* restore a snapshot, run a prefix, save */
    ENGINE_BASE        /* start from nothing but the prelude, save */
};

struct engine_config {
    enum engine_kind kind;
    const void *blob; /* borrowed for good; NULL for ENGINE_BASE */
    size_t blob_len;
    const char *prelude; /* ENGINE_BASE: the bundled script, ASCII, borrowed for good */
    size_t prelude_len;
    struct limits limits;
    int allow_eval;
    int skip_unserializable;
};

struct engine;
struct engine_report;

/* For an engine that is to be forked: runs an agent that does nothing, so that what every run needs is there
 * before the fork. It runs in a context of its own, which no prefix has touched: nothing of a prefix runs, and
 * nothing of this agent can be seen in a run. */
void engine_warm(struct engine *e);
/* The same for an export of a prefix that iso4 brings: it is called without arguments. */
void engine_warm_prefix(struct engine *e, const char *way, size_t way_len);
/* In the child: other limits and ways than engine_open() was given, and random numbers of its own. */
void engine_forked(struct engine *e, const struct limits *limits, int allow_eval, int skip_unserializable);

/* Makes the isolate and its context. INTERNAL: V8 would not. A blob that V8 cannot read may kill the process:
 * that is what lockdown is for. */
int engine_open(const struct engine_config *cfg, struct engine **out, struct iso_err *err);

/* How a run can be made to go the same way again. */
struct engine_ways {
    int has_seed, has_now;
    uint64_t seed; /* of everything random */
    double now_ms; /* since 1970: the clock is set to it, and moves only when everything waits for a timer */
    const char *zone; /* IANA name of the time zone; NULL: UTC */
};
/* Before the first engine_run(). TIME_ZONE: nobody knows it. */
int engine_set_ways(struct engine *e, const struct engine_ways *ways, struct iso_err *err);

/* Makes the globals that `install` describes, or replaces what `replace` describes in those of the snapshot
 * (JSON arrays, see worker/prelude/globals.js; NULL for nothing). Before the first engine_run(); evaluates
 * JavaScript, so the clocks should be running. Returns and reports as engine_run() does. */
int engine_bind(struct engine *e, const char *install, size_t install_len, const char *replace,
                size_t replace_len, struct engine_report *report);

/* What an import specifier stands for: a source, or (text NULL) a host module, which is made from the
 * globals' entry `stub`. Before engine_bind(). A snapshot brings those that it was made with. */
struct engine_module {
    const char *specifier; /* UTF-8; borrowed for good, as all of it is */
    size_t specifier_len;
    const char *name; /* as in stack traces, NUL-terminated */
    const char *text; /* UTF-8 */
    size_t len;
    uint32_t stub;
    enum source_language language;
};
void engine_declare(struct engine *e, const struct engine_module *module);

/* Sources of imports are numbered in reports from here on, in the order of their declaration. */
#define ENGINE_FIRST_IMPORT FRAME_FIRST_IMPORT

struct engine_source {
    const char *name; /* as in stack traces; NUL-terminated */
    const char *text; /* UTF-8, borrowed for the call */
    size_t len;
    enum source_form form;
    enum source_language language;
    int called; /* engine_call() follows */
};

/* How one run ended. All texts are JSON (string literals, or the value the name says), empty when absent. */
struct engine_report {
    enum iso_code code;
    int interrupted; /* engine_interrupt() ended it; `stack` says where */
    struct buf name, message, stack, fields, skipped, nearest;
    struct buf file;               /* of the place, when its source is in the snapshot only */
    unsigned source, line, column; /* 0 when unknown; source counts the engine_run() calls from 1, see also
                                      ENGINE_FIRST_IMPORT */
    uint64_t heap_bytes;
    /* Of a run that completed: calls of host functions that had no answer when the code had run to its end, and
     * the function of the first, whose place `stack`, `source`, `line` and `column` tell. */
    uint64_t unawaited;
    uint32_t unawaited_function;
    int waited_for; /* nothing is exported, so that they were waited for */
};

/* Evaluates one source until it has settled, and, if it exports nothing, until no call and no timer is left, but
 * for FORM_MODULE. With want_exports its exports then go to host->exports. Returns 0 when it completed, else -1; *report says everything either way and is the caller's to free. */
int engine_run(struct engine *e, const struct engine_source *source, int want_exports,
               struct engine_report *report);
/* Compiles a source and links its imports, in place of engine_run(). */
int engine_check(struct engine *e, const struct engine_source *source, struct engine_report *report);
/* Calls an export, named by its way from the exports of the last engine_run() (without one, those of the
 * snapshot's prefix), with the arguments of a JSON array, and awaits it. What it returns goes to
 * host->exports, nothing for undefined. */
int engine_call(struct engine *e, const char *way, size_t way_len, const char *args, size_t args_len,
                struct engine_report *report);

void engine_report_free(struct engine_report *report);

/* From now on engine_sample() tells where agent code is: safe in a signal handler, and nothing without this.
 */
void engine_profile(struct engine *e);
void engine_sample(void);

/* Ends the run at the next chance: safe in a signal handler. Calls before engine_open() are ignored. */
void engine_interrupt(void);

/* Serialises the heap. The caller gets V8's memory and leaves it: the process ends soon. After this only
 * _exit() may follow. INTERNAL: V8 would not. PREFIX_NOT_SERIALIZABLE: a name is in V8's way. A heap that V8
 * cannot serialise ends in host->fatal instead. */
int engine_save(struct engine *e, const void **blob, size_t *len, struct iso_err *err);

#ifdef __cplusplus
}
#endif
#endif
