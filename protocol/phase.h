/* SPDX-License-Identifier: MIT */
/* protocol/phase.h - phases of a run, one after the other, for --trace. */
#ifndef ISO_PROTOCOL_PHASE_H
#define ISO_PROTOCOL_PHASE_H

/* id, name, 1 when the worker says when it begins (0: the parent does), in order; a phase ends where the next
 * begins. Forks of a zygote have no boot, lockdown and restore: those happened in their zygote.
 * SPAWN: a process is made, and becomes the worker. BOOT: of V8. LOCKDOWN: the sandbox. JOB: the worker waits
 * for it, and reads it. RESTORE: of the snapshot. BIND: globals and imports are made; agent code's clocks run
 * from here on. EVALUATE: of the module, waits included. CALL: of an export. ENCODE: of the exports.
 * REAP: from the result, or from the limit that ended the run, until the process is gone. */
#define ISO_PHASES(X)          \
    X(SPAWN, "spawn", 0)       \
    X(BOOT, "boot", 1)         \
    X(LOCKDOWN, "lockdown", 1) \
    X(JOB, "job", 1)           \
    X(RESTORE, "restore", 1)   \
    X(BIND, "bind", 1)         \
    X(COMPILE, "compile", 1)   \
    X(EVALUATE, "evaluate", 1) \
    X(CALL, "call", 1)         \
    X(ENCODE, "encode", 1)     \
    X(REAP, "reap", 0)

enum phase {
#define X(id, ...) PHASE_##id,
    ISO_PHASES(X)
#undef X
        PHASE_COUNT
};

#endif
