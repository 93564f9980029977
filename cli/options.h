/* SPDX-License-Identifier: MIT */
/* cli/options.h - every option of every command in one table: the parser, --help, shells and tests read it.
 */
#ifndef ISO_CLI_OPTIONS_H
#define ISO_CLI_OPTIONS_H
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "core/error.h"
#include "core/form.h"
#include "core/language.h"
#include "core/limits.h"
#include "host/run/supervisor.h"

enum command {
    COMMAND_RUN = 1,
    COMMAND_PRECOMPILE = 2,
    COMMAND_INSPECT = 4,
    COMMAND_DOCTOR = 8,
    COMMAND_BATCH = 16,
    COMMAND_COMPLETION = 32,
    COMMAND_SERVE = 64,
    COMMAND_MCP = 128
};

/* The kind of an option's value, and how often the option may be given. */
enum option_flag {
    OPT_READS = 1,     /* names a file that is read; "-" is standard input */
    OPT_WRITES = 2,    /* names a file that is written */
    OPT_NAMED = 4,     /* NAME=FILE; the last = divides the two */
    OPT_INLINE = 8,    /* may be JSON in place of a file: see option_is_inline() */
    OPT_WORDS = 16,    /* one of a few words, which the parser checks */
    OPT_REPEATS = 32,  /* every use counts; of other options only the last one */
    OPT_EARLIER = 64,  /* the file that is read may be the one to which results, or a record, are added */
    OPT_OPTIONAL = 128 /* the value may be missing, and else stands after a = */
};

/* id, short name or 0, long name, argument or NULL, flags, values, commands, help
 *
 * `values` of an option that takes a file: the usual ending of the file's name; completion offers such files, the
 * parser accepts any. With OPT_WORDS: the words, divided by blanks. */
#define ISO_OPTIONS(X)                                                                                       \
    X(SNAPSHOT, 's', "snapshot", "FILE", OPT_READS, "snap", COMMAND_RUN | COMMAND_BATCH | COMMAND_MCP,       \
      "start from this snapshot, not from the built-in one")                                                 \
    X(GLOBALS, 'g', "globals", "FILE|JSON", OPT_READS | OPT_INLINE, "json",                                  \
      COMMAND_RUN | COMMAND_BATCH | COMMAND_PRECOMPILE | COMMAND_MCP,                                        \
      "stub definitions: globals that the host declares, as a JSON object")                                  \
    X(MCP, 0, "mcp", "FILE", OPT_READS, "json",                                                              \
      COMMAND_RUN | COMMAND_BATCH | COMMAND_SERVE | COMMAND_PRECOMPILE | COMMAND_MCP,                        \
      "give code the tools of the MCP servers in this file")                                                 \
    X(TOOLS, 0, "tools", "WORD", OPT_WORDS, "auto inline search", COMMAND_MCP,                               \
      "show declarations in run_code's description, by a search, or by size (auto)")                         \
    X(IMPORT, 'I', "import", "SPEC=FILE", OPT_READS | OPT_NAMED | OPT_REPEATS, "js",                         \
      COMMAND_RUN | COMMAND_BATCH | COMMAND_PRECOMPILE | COMMAND_MCP,                                        \
      "let code import FILE, an ES module, as SPEC")                                                         \
    X(IMPORTS, 0, "imports", "FILE", OPT_READS, "json",                                                      \
      COMMAND_RUN | COMMAND_BATCH | COMMAND_PRECOMPILE | COMMAND_MCP,                                        \
      "the modules that code may import, as a JSON object")                                                  \
    X(CALL, 0, "call", "EXPORT", 0, "", COMMAND_RUN | COMMAND_BATCH,                                         \
      "call this export, of the agent or else of the prefix, and give its value")                            \
    X(ARGS, 0, "args", "JSON", 0, "", COMMAND_RUN | COMMAND_BATCH,                                           \
      "call it with the items of this JSON array")                                                           \
    X(FORM, 0, "form", "FORM", OPT_WORDS, "auto module function",                                            \
      COMMAND_RUN | COMMAND_BATCH | COMMAND_PRECOMPILE,                                                      \
      "read agents as a module, as the body of a function, or detect it (auto)")                             \
    X(LANGUAGE, 0, "language", "LANG", OPT_WORDS, "auto js ts",                                              \
      COMMAND_RUN | COMMAND_BATCH | COMMAND_PRECOMPILE,                                                      \
      "read code as JavaScript, as TypeScript, or detect it (auto)")                                         \
    X(STRICT_AWAIT, 0, "strict-await", NULL, 0, "",                                                          \
      COMMAND_RUN | COMMAND_BATCH | COMMAND_SERVE | COMMAND_MCP,                                             \
      "fail a run that ends while calls of host functions are under way")                                    \
    X(CALL_DETAILS, 0, "call-details", NULL, 0, "", COMMAND_RUN | COMMAND_BATCH | COMMAND_SERVE,             \
      "list calls with their arguments and answers, cut when they are long")                                 \
    X(SEED, 0, "seed", "N", 0, "", COMMAND_RUN | COMMAND_BATCH, "take every random number from this seed")   \
    X(NOW, 0, "now", "TIME", 0, "", COMMAND_RUN | COMMAND_BATCH,                                             \
      "set the clock to TIME (ISO 8601, or ms since 1970); it moves by timers only")                         \
    X(TZ, 0, "tz", "ZONE", 0, "", COMMAND_RUN | COMMAND_BATCH, "local time zone of the code (default: UTC)") \
    X(RECORD, 0, "record", "FILE", OPT_WRITES, "jsonl", COMMAND_RUN,                                         \
      "write a record of the run's calls and answers to FILE, as it goes")                                   \
    X(REPLAY, 0, "replay", "FILE", OPT_READS | OPT_EARLIER, "jsonl", COMMAND_RUN,                            \
      "answer calls from a record: nothing of the host is asked")                                            \
    X(REPLAY_CHANGED, 0, "replay-changed", NULL, 0, "", COMMAND_RUN,                                         \
      "replay the record of another agent, or with another --call")                                          \
    X(ON_MISS, 0, "on-miss", "WHAT", OPT_WORDS, "fail live", COMMAND_RUN,                                    \
      "calls past the end of a record: fail, or go to the host (live, with --record)")                       \
    X(APPROVE, 0, "approve", "HOW", OPT_WORDS, "deny allow pause", COMMAND_RUN | COMMAND_BATCH,              \
      "calls that ask for approval: deny (default), allow, or pause the run")                                \
    X(APPROVE_COMMAND, 0, "approve-command", "PROGRAM", 0, "", COMMAND_RUN | COMMAND_BATCH,                  \
      "ask PROGRAM, or a JSON array of program and arguments, about each of them")                           \
    X(DECIDE, 0, "decide", "N=DECISION", OPT_REPEATS, "", COMMAND_RUN,                                       \
      "decide on call N of the record: allow, deny, or deny:REASON")                                         \
    X(STORE, 0, "store", "FILE", OPT_WRITES, "json", COMMAND_RUN,                                            \
      "keep the store of the agent in FILE, which is written when the run succeeds")                         \
    X(NO_HOST_COMMANDS, 0, "no-host-commands", NULL, 0, "",                                                  \
      COMMAND_RUN | COMMAND_BATCH | COMMAND_SERVE | COMMAND_PRECOMPILE | COMMAND_MCP,                        \
      "refuse globals that are answered by programs")                                                        \
    X(ALLOW_HOST_COMMANDS, 0, "allow-host-commands", NULL, 0, "",                                            \
      COMMAND_RUN | COMMAND_BATCH | COMMAND_SERVE | COMMAND_MCP,                                             \
      "let a snapshot start the programs and make the requests that it declares")                            \
    X(NO_FILES, 0, "no-files", NULL, 0, "", COMMAND_BATCH | COMMAND_SERVE,                                   \
      "refuse files that jobs or requests name")                                                             \
    X(EVAL, 'e', "eval", "CODE", OPT_REPEATS, "", COMMAND_RUN, "take CODE as an agent")                      \
    X(OUTPUT, 'o', "output", "FILE", OPT_WRITES, "", COMMAND_RUN | COMMAND_PRECOMPILE,                       \
      "write to FILE, whole or not at all")                                                                  \
    X(APPEND, 'o', "output", "FILE", OPT_WRITES, "jsonl", COMMAND_BATCH,                                     \
      "append results to FILE, as whole lines; mend a last line that was cut off")                           \
    X(WARM, 'w', "warm", "FILE", OPT_READS | OPT_REPEATS, "js", COMMAND_PRECOMPILE,                          \
      "run FILE after the prefix, so that what it uses is kept compiled")                                    \
    X(LIMITS, 0, "limits", "FILE|JSON", OPT_READS | OPT_INLINE | OPT_REPEATS, "json",                        \
      COMMAND_RUN | COMMAND_BATCH | COMMAND_SERVE | COMMAND_PRECOMPILE | COMMAND_MCP,                        \
      "limits as a JSON object, or a file with one")                                                         \
    X(SPILL, 0, "spill", "DIR", 0, "", COMMAND_RUN | COMMAND_BATCH,                                          \
      "write whole values that --max-output-bytes cuts to DIR, a file for each")                             \
    X(SKIP, 0, "skip-unserializable", NULL, 0, "",                                                           \
      COMMAND_RUN | COMMAND_BATCH | COMMAND_SERVE | COMMAND_MCP,                                             \
      "leave exports out that cannot be serialized, and list them")                                          \
    X(ALLOW_EVAL, 0, "allow-eval", NULL, 0, "", COMMAND_RUN | COMMAND_BATCH | COMMAND_SERVE | COMMAND_MCP,   \
      "allow eval and new Function")                                                                         \
    X(NO_EVAL, 0, "no-eval", NULL, 0, "", COMMAND_PRECOMPILE,                                                \
      "let the prefix make no functions from texts, as agents may not")                                      \
    X(SANDBOX, 0, "sandbox", "MODE", OPT_WORDS, "default strict",                                            \
      COMMAND_RUN | COMMAND_BATCH | COMMAND_SERVE | COMMAND_PRECOMPILE | COMMAND_MCP,                        \
      "default: use every layer that the machine supports; strict: require all")                             \
    X(JITLESS, 0, "jitless", NULL, 0, "", COMMAND_RUN | COMMAND_BATCH | COMMAND_SERVE | COMMAND_MCP,         \
      "run without a compiler and without executable memory")                                                \
    X(STREAM, 0, "stream", "FORMAT", OPT_WORDS | OPT_OPTIONAL, "text jsonl", COMMAND_RUN | COMMAND_BATCH,    \
      "also write console lines to stderr as they happen: text (default), or jsonl, with calls")             \
    X(JOBS, 'j', "jobs", "N", 0, "", COMMAND_RUN | COMMAND_BATCH | COMMAND_SERVE | COMMAND_MCP,              \
      "run N at a time (default: as many as there are processors for)")                                      \
    X(LISTEN, 0, "listen", "unix:PATH", 0, "", COMMAND_SERVE,                                                \
      "serve connections to a Unix socket, not standard input and output")                                   \
    X(GRACE, 0, "grace", "MS", 0, "", COMMAND_SERVE,                                                         \
      "after a signal, let runs go on for so long (default: 5000)")                                          \
    X(ORDERED, 0, "ordered", NULL, 0, "", COMMAND_BATCH,                                                     \
      "print results in the order of the jobs, not as they end")                                             \
    X(SHARD, 0, "shard", "I/N", 0, "", COMMAND_BATCH, "take only every Nth job, the Ith of each N")          \
    X(RESUME, 0, "resume", "FILE", OPT_READS | OPT_EARLIER, "jsonl", COMMAND_BATCH,                          \
      "leave out jobs whose id FILE, an earlier output, has a final result for")                             \
    X(TIMINGS, 0, "timings", NULL, 0, "", COMMAND_RUN | COMMAND_BATCH,                                       \
      "say on stderr how long runs took: p50, p90, p99, runs a second")                                      \
    X(TRACE, 0, "trace", "FILE", OPT_WRITES, "json", COMMAND_RUN | COMMAND_BATCH,                            \
      "write a timeline of the runs to FILE, for Perfetto and chrome://tracing")                             \
    X(CPU_PROFILE, 0, "cpu-profile", "FILE", OPT_WRITES, "cpuprofile", COMMAND_RUN,                          \
      "write a CPU profile of the agent to FILE, for DevTools and speedscope")                               \
    X(JSON, 0, "json", NULL, 0, "", COMMAND_INSPECT | COMMAND_DOCTOR, "print JSON, not a table")             \
    X(DTS, 0, "dts", NULL, 0, "", COMMAND_INSPECT, "print TypeScript declarations of what agents may use")   \
    X(PRETTY, 0, "pretty", NULL, 0, "", COMMAND_RUN | COMMAND_PRECOMPILE | COMMAND_INSPECT | COMMAND_DOCTOR, \
      "indent the JSON (default on a terminal)")                                                             \
    X(COMPACT, 0, "compact", NULL, 0, "",                                                                    \
      COMMAND_RUN | COMMAND_PRECOMPILE | COMMAND_INSPECT | COMMAND_DOCTOR, "print JSON on one line")         \
    X(COLOR, 0, "color", "WHEN", OPT_WORDS, "auto always never",                                             \
      COMMAND_RUN | COMMAND_PRECOMPILE | COMMAND_INSPECT | COMMAND_DOCTOR,                                   \
      "colour the JSON: auto (default), always or never; NO_COLOR is honoured")                              \
    X(QUIET, 'q', "quiet", NULL, 0, "", COMMAND_RUN | COMMAND_BATCH | COMMAND_PRECOMPILE,                    \
      "print less: precompile prints nothing on success")                                                    \
    X(VERBOSE, 'v', "verbose", NULL, 0, "", COMMAND_RUN | COMMAND_BATCH | COMMAND_PRECOMPILE | COMMAND_MCP,  \
      "say on stderr which layers of the sandbox are in force")                                              \
    X(HELP, 'h', "help", NULL, 0, "",                                                                        \
      COMMAND_RUN | COMMAND_BATCH | COMMAND_PRECOMPILE | COMMAND_INSPECT | COMMAND_DOCTOR |                  \
          COMMAND_COMPLETION | COMMAND_SERVE | COMMAND_MCP,                                                  \
      "show this help")

enum option_id {
#define X(id, ...) OPTION_##id,
    ISO_OPTIONS(X)
#undef X
        OPTION_COUNT
};

struct option_row {
    int letter; /* or 0 */
    const char *name, *argument, *values, *help;
    unsigned flags; /* enum option_flag */
    int commands;
};
extern const struct option_row option_rows[OPTION_COUNT];

/* Writes the text of an option for help and completion. */
void option_help(enum option_id id, char *text, size_t size);
/* 1 when the value of an option with OPT_INLINE is JSON and not a file name: it begins with a brace. */
int option_is_inline(const char *value);

/* The parsed command line of one command. Texts point into argv. */
struct options {
    struct limits limits;
    struct limits most; /* limits that the command line sets, upper bounds for jobs and requests; 0: none */
    struct repro ways;
    const char
        *value[OPTION_COUNT]; /* of the last use; "" for an option without an argument; NULL: not given */
    struct {
        const char **value; /* owned array; NULL: not given */
        int count;
    } every[OPTION_COUNT]; /* the values of all uses, in order */
    char **operands;
    int operand_count;
};

/* Parses argv[1..] for one command. USAGE: an unknown option, a missing or bad value, with what to do. */
int options_parse(struct options *o, enum command command, int argc, char **argv, struct iso_err *err);
void options_free(struct options *o);

/* Prints the rows of the table that a command takes, then its limits. */
void options_help(enum command command);

/* Prints a text and a newline in lines that fit the terminal (without one 80 columns, or COLUMNS). `column` characters
 * of the first line are printed already; the next ones are indented. */
void help_text(FILE *to, size_t column, size_t indent, const char *text);

/* 1 when limits are options of the command. options_limit_help() writes the text of a limit, with its default. */
int options_take_limits(enum command command);
void options_limit_help(enum command command, int limit, char *text, size_t size);

/* --no-host-commands and --allow-host-commands as enum globals_answered. */
int options_answered(const struct options *o);

/* 1 with --sandbox=strict. */
int options_strict(const struct options *o);

/* -1 when --call and --args do not fit together. */
int options_check_call(const struct options *o, struct iso_err *err);

/* Checks --spill. USAGE: it names no folder that can be written to. */
int options_check_spill(const struct options *o, struct iso_err *err);

/* The values of --form and --language, or their defaults. */
enum source_form options_form(const struct options *o);
enum source_language options_language(const struct options *o);

/* 1 when JSON on this stdout is printed with indents, and with colours. */
int options_pretty(const struct options *o);
int options_color(const struct options *o);

#endif
