/* SPDX-License-Identifier: MIT */
/* cli/options.h - every option of every command in one table: the parser, --help, shells and tests read it.
 */
#ifndef ISO_CLI_OPTIONS_H
#define ISO_CLI_OPTIONS_H
#include <stddef.h>
#include <stdint.h>

#include "core/error.h"
#include "core/limits.h"
#include "host/run/supervisor.h"

enum command {
    COMMAND_RUN = 1,
    COMMAND_PRECOMPILE = 2,
    COMMAND_INSPECT = 4,
    COMMAND_DOCTOR = 8,
    COMMAND_BATCH = 16,
    COMMAND_COMPLETION = 32
};

/* id, short name or 0, long name, argument or NULL, commands, help */
#define ISO_OPTIONS(X)                                                                                       \
    X(SNAPSHOT, 's', "snapshot", "FILE", COMMAND_RUN | COMMAND_BATCH,                                        \
      "start from this snapshot, not from the built-in one")                                                 \
    X(GLOBALS, 'g', "globals", "FILE", COMMAND_RUN | COMMAND_BATCH | COMMAND_PRECOMPILE,                     \
      "stub definitions: what the host gives to the code, as a JSON object")                                 \
    X(IMPORT, 'I', "import", "SPEC=FILE", COMMAND_RUN | COMMAND_BATCH | COMMAND_PRECOMPILE,                  \
      "let code import FILE, an ES module, as SPEC (repeatable)")                                            \
    X(IMPORTS, 0, "imports", "FILE", COMMAND_RUN | COMMAND_BATCH | COMMAND_PRECOMPILE,                       \
      "what code may import: sources and host modules, as a JSON object")                                    \
    X(CALL, 0, "call", "EXPORT", COMMAND_RUN | COMMAND_BATCH,                                                \
      "call this export, of the agent or else of the prefix, and give its value")                            \
    X(ARGS, 0, "args", "JSON", COMMAND_RUN | COMMAND_BATCH, "call it with the items of this JSON array")     \
    X(SEED, 0, "seed", "N", COMMAND_RUN | COMMAND_BATCH, "take every random number from this seed")          \
    X(NOW, 0, "now", "TIME", COMMAND_RUN | COMMAND_BATCH,                                                    \
      "set the clock to TIME (ISO 8601, or ms since 1970); it moves by timers only")                         \
    X(TZ, 0, "tz", "ZONE", COMMAND_RUN | COMMAND_BATCH, "local time zone of the code (default: UTC)")        \
    X(NO_HOST_COMMANDS, 0, "no-host-commands", NULL, COMMAND_RUN | COMMAND_BATCH | COMMAND_PRECOMPILE,       \
      "refuse globals that are answered by programs")                                                        \
    X(EVAL, 'e', "eval", "CODE", COMMAND_RUN, "take CODE as an agent (repeatable)")                          \
    X(OUTPUT, 'o', "output", "FILE", COMMAND_RUN | COMMAND_PRECOMPILE, "write to FILE, whole or not at all") \
    X(WARM, 'w', "warm", "FILE", COMMAND_PRECOMPILE,                                                         \
      "run FILE after the prefix, so that what it uses is kept compiled (repeatable)")                       \
    X(LIMITS, 0, "limits", "FILE|JSON", COMMAND_RUN | COMMAND_BATCH | COMMAND_PRECOMPILE,                    \
      "limits as a JSON object, or a file with one")                                                         \
    X(SKIP, 0, "skip-unserializable", NULL, COMMAND_RUN | COMMAND_BATCH,                                     \
      "leave exports out that cannot be serialized, and list them")                                          \
    X(ALLOW_EVAL, 0, "allow-eval", NULL, COMMAND_RUN | COMMAND_BATCH, "allow eval and new Function")         \
    X(SANDBOX, 0, "sandbox", "MODE", COMMAND_RUN | COMMAND_BATCH | COMMAND_PRECOMPILE,                       \
      "default: every layer this machine gives; strict: all of them or no run")                              \
    X(JITLESS, 0, "jitless", NULL, COMMAND_RUN | COMMAND_BATCH,                                              \
      "run without a compiler and without executable memory")                                                \
    X(STREAM, 0, "stream", NULL, COMMAND_RUN | COMMAND_BATCH,                                                \
      "also write console lines to stderr as they happen")                                                   \
    X(JOBS, 'j', "jobs", "N", COMMAND_RUN | COMMAND_BATCH,                                                   \
      "run N at a time (default: the number of processors)")                                                 \
    X(ORDERED, 0, "ordered", NULL, COMMAND_BATCH, "print results in the order of the jobs, not as they end") \
    X(SHARD, 0, "shard", "I/N", COMMAND_BATCH, "take only every Nth job, the Ith of each N")                 \
    X(RESUME, 0, "resume", "FILE", COMMAND_BATCH,                                                            \
      "leave out jobs whose id FILE, an earlier output, has answered")                                       \
    X(TIMINGS, 0, "timings", NULL, COMMAND_RUN | COMMAND_BATCH,                                              \
      "say on stderr how long runs took: p50, p90, p99, runs a second")                                      \
    X(TRACE, 0, "trace", "FILE", COMMAND_RUN | COMMAND_BATCH,                                                \
      "write a timeline of the runs to FILE, for Perfetto and chrome://tracing")                             \
    X(CPU_PROFILE, 0, "cpu-profile", "FILE", COMMAND_RUN,                                                    \
      "write a CPU profile of the agent to FILE, for DevTools and speedscope")                               \
    X(JSON, 0, "json", NULL, COMMAND_INSPECT | COMMAND_DOCTOR, "print JSON, not a table")                    \
    X(DTS, 0, "dts", NULL, COMMAND_INSPECT, "print TypeScript declarations of what agents may use")          \
    X(PRETTY, 0, "pretty", NULL, COMMAND_RUN | COMMAND_PRECOMPILE | COMMAND_INSPECT | COMMAND_DOCTOR,        \
      "indent the JSON (default on a terminal)")                                                             \
    X(COMPACT, 0, "compact", NULL, COMMAND_RUN | COMMAND_PRECOMPILE | COMMAND_INSPECT | COMMAND_DOCTOR,      \
      "print JSON on one line")                                                                              \
    X(COLOR, 0, "color", "WHEN", COMMAND_RUN | COMMAND_PRECOMPILE | COMMAND_INSPECT | COMMAND_DOCTOR,        \
      "colour the JSON: auto (default), always or never; NO_COLOR is honoured")                              \
    X(QUIET, 'q', "quiet", NULL, COMMAND_RUN | COMMAND_BATCH | COMMAND_PRECOMPILE,                           \
      "print less: precompile says nothing on success")                                                      \
    X(VERBOSE, 'v', "verbose", NULL, COMMAND_RUN | COMMAND_BATCH | COMMAND_PRECOMPILE,                       \
      "say on stderr which layers of the sandbox are in force")                                              \
    X(HELP, 'h', "help", NULL,                                                                               \
      COMMAND_RUN | COMMAND_BATCH | COMMAND_PRECOMPILE | COMMAND_INSPECT | COMMAND_DOCTOR |                  \
          COMMAND_COMPLETION,                                                                                \
      "show this help")

/* Options whose value is one of a few words: id, the words. The parser knows no others. */
#define ISO_OPTION_WORDS(X)         \
    X(SANDBOX, "default", "strict") \
    X(COLOR, "auto", "always", "never")

/* Options that take a file: id, how its name ends by custom. Completion offers those, the parser takes any.
 */
#define ISO_OPTION_ENDINGS(X) \
    X(SNAPSHOT, "snap")       \
    X(GLOBALS, "json")        \
    X(IMPORT, "js")           \
    X(IMPORTS, "json")        \
    X(WARM, "js")             \
    X(LIMITS, "json")         \
    X(RESUME, "jsonl")        \
    X(TRACE, "json")          \
    X(CPU_PROFILE, "cpuprofile")

enum option_id {
#define X(id, ...) OPTION_##id,
    ISO_OPTIONS(X)
#undef X
        OPTION_COUNT
};

struct option_row {
    int letter; /* or 0 */
    const char *name, *argument, *help;
    int commands;
};
extern const struct option_row option_rows[OPTION_COUNT];

/* Those of an option up to NULL, and its ending or NULL. */
#define OPTION_MOST_WORDS 3
extern const char *const option_words[OPTION_COUNT][OPTION_MOST_WORDS + 1];
extern const char *const option_endings[OPTION_COUNT];

/* What the command line of one command says. Texts point into argv. */
struct options {
    struct limits limits;
    struct repro ways;
    const char
        *value[OPTION_COUNT]; /* of the last use; "" for an option without an argument; NULL: not given */
    const char **warm, **code, **import; /* owned arrays: every --warm, every -e, every --import */
    int warm_count, code_count, import_count;
    char **operands;
    int operand_count;
};

/* Parses argv[1..] for one command. USAGE: an unknown option, a missing or bad value, with what to do. */
int options_parse(struct options *o, enum command command, int argc, char **argv, struct iso_err *err);
void options_free(struct options *o);

/* Prints the rows of the table that a command takes, then its limits. */
void options_help(enum command command);

/* Whether limits are options of the command; the text that help shows of one, with its default. */
int options_take_limits(enum command command);
void options_limit_help(enum command command, int limit, char *text, size_t size);

/* --sandbox=strict */
int options_strict(const struct options *o);

/* Whether JSON is to be indented, and coloured, on this stdout. */
int options_pretty(const struct options *o);
int options_color(const struct options *o);

#endif
