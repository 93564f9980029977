/* SPDX-License-Identifier: MIT */
/* worker/engine.h - the only interface to V8. It has no types or handles of V8, and no C++ exceptions leave it.
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
struct engine_turn;

/* The functions that the process provides for the engine. Texts are borrowed for the call. */
struct engine_host {
    /* One console entry, as a JSON string literal; stream 0 is stdout, 1 stderr. */
    void (*console)(int stream, const char *literal, size_t len);
    /* The stream's limit has dropped `count` entries so far. */
    void (*dropped)(int stream, uint64_t count);
    /* The next piece of the exports' JSON object. */
    void (*exports)(const char *piece, size_t len);
    /* A call of a host function: the call's number, the function's, the arguments as a JSON array. */
    void (*call)(uint32_t call, uint32_t function, const char *args, size_t len);
    /* A call that a limit refused, with the bytes of its arguments so far; the run ends. */
    void (*blocked)(uint32_t function, uint64_t arg_bytes);
    /* The agent does not wait for the answer of this call any more. */
    void (*cancel)(uint32_t call);
    /* Waits for an answer, at most `ms` milliseconds unless negative; returns early on a signal. 1 and *answer,
     * borrowed until the next call, or 0. */
    int (*receive)(double ms, struct engine_answer *answer);
    /* Waits for a source without its types. */
    void (*strip)(struct engine_strip *strip);
    /* Asks what comes next, when the next timer is due in `us` microseconds (WAIT_NO_TIMER: there is none), and waits
     * for it; returns early on a signal. 1 and *turn, borrowed until the next call, or 0. */
    int (*turn)(uint64_t us, struct engine_turn *turn);
    /* A record of the requested profile, see protocol/profile.h. */
    void (*profile)(const char *record, size_t len);
    /* Takes the changes to the store, as JSON. */
    void (*store)(const char *json, size_t len);
    /* A phase of the run begins. */
    void (*phase)(enum phase phase);
    /* The memory budget is used up. Must not allocate and must not return. */
    void (*out_of_memory)(void) __attribute__((noreturn));
    /* V8 met a state it cannot continue from. Must not return. */
    void (*fatal)(const char *where, const char *what) __attribute__((noreturn));
};

struct engine_answer {
    uint32_t call;
    int ok;
    int broken;       /* the program that answers has failed: the error is the caller's fault */
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

struct engine_turn {
    uint64_t clock_us; /* of a clock that turns move: where it is now, since the start */
    int answered;      /* `answer` is taken; then, and else, timers that are due run */
    struct engine_answer answer;
};

struct engine_options {
    const struct engine_host *host; /* borrowed for the life of the process */
    int jitless;                    /* no compiler, no executable memory */
    uint64_t
        memory_bytes; /* the budget of the heap and all buffers together; 0: all of the machine's memory */
    int positions;    /* keep positions in sources with the code, for stacks that another process reads */
    uint64_t
        seed; /* not 0: reproducible heap (random and hash seeds, a clock that stands still), for snapshots */
};

/* Starts V8. Reads nothing but its arguments and the kernel's random numbers. */
void engine_boot(const struct engine_options *boot);

/* The identity of snapshots that this engine makes. After engine_boot(). */
void engine_identity(struct snapshot_identity *out);

/* Address space that V8 reserves for machine code; the kernel's limits have to allow for it. */
#define ENGINE_CODE_RANGE (64u << 20)

enum engine_kind {
    ENGINE_RUN,        /* restore a snapshot and run agents */
    ENGINE_PRECOMPILE, /* restore a snapshot, run a prefix, save */
    ENGINE_BASE        /* start with the prelude only, save */
};

struct engine_config {
    enum engine_kind kind;
    const void *blob; /* borrowed for good; NULL for ENGINE_BASE */
    size_t blob_len;
    const char *prelude; /* ENGINE_BASE: the bundled script, ASCII, borrowed for good */
    size_t prelude_len;
    struct limits limits; /* but for the memory: see engine_options */
    int allow_eval;
    int skip_unserializable;
};

struct engine;
struct engine_report;

/* For an engine that will be forked: runs an empty agent, so that work which every run needs is done before the fork.
 * It runs in a separate context without the prefix: no code of a prefix runs, and runs cannot see this agent. */
void engine_warm(struct engine *e);
/* The same for an export of a prefix that iso4 brings: it is called without arguments. */
void engine_warm_prefix(struct engine *e, const char *way, size_t way_len);
/* In the child: sets limits and options that engine_open() was given otherwise, and starts new random numbers. */
void engine_forked(struct engine *e, const struct limits *limits, int allow_eval, int skip_unserializable);

/* Makes the isolate and its context. INTERNAL: V8 failed. A blob that V8 cannot read may crash the process or worse:
 * lockdown contains that. */
int engine_open(const struct engine_config *cfg, struct engine **out, struct iso_err *err);

/* Settings that make a run reproducible. */
struct engine_ways {
    int has_seed, has_now;
    uint64_t seed; /* of everything random */
    double
        now_ms; /* since 1970: the start of the clock, which moves only when everything waits for a timer */
    int turns;  /* host->turn() says what comes next */
    int moves;  /* with has_now: turns move the clock, and nothing else does */
    const char *zone; /* IANA name of the time zone; NULL: UTC */
};
/* Before the first engine_run(). TIME_ZONE: the zone is unknown. */
int engine_set_ways(struct engine *e, const struct engine_ways *ways, struct iso_err *err);

/* Makes the globals of `install`, or replaces parts of the snapshot's globals by those of `replace` (JSON arrays, see
 * worker/prelude/globals.js; NULL for none). Before the first engine_run(); evaluates JavaScript, so the clocks should
 * be running. Returns and reports like engine_run(). */
int engine_bind(struct engine *e, const char *install, size_t install_len, const char *replace,
                size_t replace_len, struct engine_report *report);

/* Makes the global `store` of this run from a JSON array of keys, each followed by its value as JSON text. Call it after
 * engine_bind(). Returns and reports like engine_run(). */
int engine_open_store(struct engine *e, const char *json, size_t len, struct engine_report *report);
/* Passes the changes to the store to host->store. Call it after the last source of a run that succeeded. 0, and *report
 * is not changed; or -1, and *report has the error. */
int engine_save_store(struct engine *e, struct engine_report *report);

/* The target of an import specifier: a source, or (text NULL) a host module, which is made from entry `stub` of the
 * globals. Before engine_bind(). A snapshot already has those that it was made with. */
struct engine_module {
    const char *specifier; /* UTF-8; borrowed forever, like all texts here */
    size_t specifier_len;
    const char *name; /* for stack traces, NUL-terminated */
    const char *text; /* UTF-8 */
    size_t len;
    uint32_t stub;
    enum source_language language;
};
void engine_declare(struct engine *e, const struct engine_module *module);
/* Forgets the modules of all calls of engine_declare(). Only before the first engine_bind(). */
void engine_undeclare(struct engine *e);

/* Sources of imports are numbered in reports from here on, in the order of their declaration. */
#define ENGINE_FIRST_IMPORT FRAME_FIRST_IMPORT

struct engine_source {
    const char *name; /* for stack traces; NUL-terminated */
    const char *text; /* UTF-8, borrowed for the call */
    size_t len;
    enum source_form form;
    enum source_language language;
    int called; /* engine_call() follows */
};

/* The result of one run. All texts are JSON (string literals, or other values as their names say), empty when
 * absent. */
struct engine_report {
    enum iso_code code;
    enum interrupted interrupted; /* engine_interrupt() ended it; `stack` has the place */
    struct buf name, message, stack, fields, skipped, nearest;
    struct buf file;               /* the name of the place's source, when only the snapshot has the source */
    int broken;                    /* HOST_BRIDGE: the error came with an answer that was `broken` */
    unsigned source, line, column; /* 0 when unknown; source counts the engine_run() calls from 1, see also
                                      ENGINE_FIRST_IMPORT */
    uint64_t heap_bytes;
    /* For a completed run: the number of calls of host functions that had no answer when the code had run to its end,
     * and the function of the first one; its place is in `stack`, `source`, `line` and `column`. */
    uint64_t unawaited;
    uint32_t unawaited_function;
    int waited_for; /* they were waited for, because nothing is exported */
};

/* Evaluates one source until it has settled; if it exports nothing and is not FORM_MODULE, until no call and no timer
 * is left. With want_exports its exports then go to host->exports. Returns 0 when it completed, else -1; *report is
 * filled in both cases, and the caller frees it. */
int engine_run(struct engine *e, const struct engine_source *source, int want_exports,
               struct engine_report *report);
/* Compiles a source and links its imports, in place of engine_run(). */
int engine_check(struct engine *e, const struct engine_source *source, struct engine_report *report);
/* Calls an export with the arguments of a JSON array, and awaits its result, which goes to host->exports; nothing for
 * undefined. `way` is the path from the exports of the last engine_run(), or, without one, from those of the snapshot's
 * prefix. */
int engine_call(struct engine *e, const char *way, size_t way_len, const char *args, size_t args_len,
                struct engine_report *report);

void engine_report_free(struct engine_report *report);

/* From now on engine_sample() takes samples of agent code; before, it does nothing. engine_sample() is safe in a signal
 * handler. */
void engine_profile(struct engine *e);
void engine_sample(void);

/* Ends the run as soon as possible; safe in a signal handler. Calls before engine_open() are ignored. */
void engine_interrupt(void);

/* Serialises the heap. The caller gets V8's memory and need not free it: after this only _exit() may follow. INTERNAL:
 * V8 failed. PREFIX_NOT_SERIALIZABLE: the prefix has defined a name that V8 needs. For a heap that V8 cannot serialise
 * it calls host->fatal instead. */
int engine_save(struct engine *e, const void **blob, size_t *len, struct iso_err *err);

/* To find out why a heap cannot be saved: engine_watch_unsaved() before engine_bind(), in an engine whose heap is never
 * saved, and engine_tell_unsaved() after the last engine_run(). The latter returns -1 and *report, with
 * PREFIX_NOT_SERIALIZABLE and the place, or 0 when it knows no reason; *report is not changed then. */
void engine_watch_unsaved(struct engine *e);
int engine_tell_unsaved(struct engine *e, struct engine_report *report);

#ifdef __cplusplus
}
#endif
#endif
