/* SPDX-License-Identifier: MIT */
/* protocol/phase.h - phases of a run, one after the other, for --trace. */
#ifndef ISO_PROTOCOL_PHASE_H
#define ISO_PROTOCOL_PHASE_H

/* id, name, whether the worker tells when it begins (else the parent does), in the order in which they come;
 * a phase ends where the next begins. Forks of a zygote have no boot, lockdown and restore: their zygote had
 * them.
 * SPAWN: a process is made, and becomes the worker. BOOT: of V8. LOCKDOWN: the sandbox. JOB: the worker waits
 * for it, and reads it. RESTORE: of the snapshot. BIND: globals and imports are made; agent code's clocks run
 * from here on. EVALUATE: of the module, waits included. CALL: of an export. ENCODE: of what is exported.
 * REAP: the result is there, or a limit has struck; until nothing is left of the process. */
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
