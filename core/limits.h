/* SPDX-License-Identifier: MIT */
/* core/limits.h - the limits of a run: one table for JSON names, flags, defaults, ranges and help texts. */
#ifndef ISO_CORE_LIMITS_H
#define ISO_CORE_LIMITS_H
#include <stdint.h>

#include "core/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The most bytes of a frame between parent and worker; a byte limit of 0 means this many. */
#define ISO_FRAME_CAP (64u << 20)

/* Calls of host functions that may be pending at a time: each takes a few hundred bytes on both sides. */
#define ISO_MOST_CALLS 262144

/* A day: longer than any run is meant to take, far from overflow in nanoseconds. */
#define ISO_MAX_MS 86400000

/* id, JSON name, flag, default of run, default of precompile, least (besides 0), most, help.
 * The least memory is 8 MiB: enough for the base snapshot and an empty agent, with room to spare. */
#define ISO_LIMITS(X)                                                                                      \
    X(CPU, "cpuTimeMs", "cpu-time-ms", 5000, 10000, 1, ISO_MAX_MS, "CPU time of agent code in ms")         \
    X(WALL, "wallTimeMs", "wall-time-ms", 30000, 10000, 1, ISO_MAX_MS,                                     \
      "real time of agent code in ms, waits included")                                                     \
    X(MEMORY, "memoryMb", "memory-mb", 128, 128, 8, 1 << 20, "V8 heap and array buffers together, in MiB") \
    X(BRIDGE_CALLS, "maxBridgeCalls", "max-bridge-calls", 100, 100, 1, 1000000000,                         \
      "calls of host functions")                                                                           \
    X(BRIDGE_PAYLOAD, "maxBridgePayloadBytes", "max-bridge-payload-bytes", 0, 0, 1, ISO_FRAME_CAP,         \
      "encoded bytes of one call's arguments, and of one result")                                          \
    X(EXPORT, "maxExportBytes", "max-export-bytes", 16 << 20, 16 << 20, 1, ISO_FRAME_CAP,                  \
      "encoded bytes of all exports together")                                                             \
    X(STDOUT, "maxStdoutBytes", "max-stdout-bytes", 1 << 20, 1 << 20, 1, ISO_FRAME_CAP,                    \
      "bytes kept of console output, one more per entry")                                                  \
    X(STDERR, "maxStderrBytes", "max-stderr-bytes", 1 << 20, 1 << 20, 1, ISO_FRAME_CAP,                    \
      "bytes kept of console errors, one more per entry")                                                  \
    X(TIMERS, "maxTimers", "max-timers", 10000, 10000, 1, 1000000, "pending timers")                       \
    X(OUTPUT, "maxOutputBytes", "max-output-bytes", 0, 0, 1024, ISO_FRAME_CAP,                             \
      "bytes of exports, console and error texts together; the rest is cut")                               \
    X(APPROVAL, "approvalTimeMs", "approval-time-ms", 600000, 600000, 1, ISO_MAX_MS,                       \
      "time in ms to decide about one call that asks for approval")

enum limit_id {
#define X(id, ...) LIMIT_##id,
    ISO_LIMITS(X)
#undef X
        LIMIT_COUNT
};

struct limits {
    uint64_t value[LIMIT_COUNT];
};

struct limit_row {
    const char *json, *flag, *help;
    uint64_t run, precompile, least, most;
};

extern const struct limit_row limit_rows[LIMIT_COUNT];

enum limits_for { LIMITS_FOR_RUN, LIMITS_FOR_PRECOMPILE };
void limits_default(struct limits *l, enum limits_for what);

/* Sets a limit from the text of an option: decimal digits only, within its range, 0 for none. `name` stands for the
 * limit in messages. USAGE for anything else; *l is then unchanged. */
int limit_set_text(struct limits *l, enum limit_id id, const char *text, const char *name,
                   struct iso_err *err);
/* Like limit_set_text(), from a JSON number. */
int limit_set_number(struct limits *l, enum limit_id id, double value, const char *name, struct iso_err *err);

/* The kernel's limit on CPU time in seconds, well above the parent's own: it counts only if the parent hangs. 0: none. */
uint64_t limits_cpu_seconds(const struct limits *l);

/* The memory budget in bytes; 0: none. */
uint64_t limits_memory_bytes(const struct limits *l);

/* The limit in bytes with 0 read as the frame cap. */
uint64_t limit_bytes(const struct limits *l, enum limit_id id);

#ifdef __cplusplus
}
#endif
#endif
