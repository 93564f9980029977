/* SPDX-License-Identifier: MIT */
/* cli/commands.h - the commands, and functions that they share. Each command returns the exit status. */
#ifndef ISO_CLI_COMMANDS_H
#define ISO_CLI_COMMANDS_H
#include "cli/options.h"
#include "core/buf.h"
#include "host/run/supervisor.h"

/* id, name, operands, what it does */
#define ISO_COMMANDS(X)                                                                           \
    X(RUN, run, "[OPTION]... [--snapshot P.snap] AGENT.js...",                                    \
      "Run agent code in a fresh, locked-down worker process and print one RunResult as JSON.")   \
    X(BATCH, batch, "[OPTION]... [--snapshot P.snap] [JOBS.jsonl]",                               \
      "Run jobs given as JSON Lines, each in a fresh process, and print a RunResult a line.")     \
    X(SERVE, serve, "[OPTION]...",                                                                \
      "Run code for clients that speak JSON-RPC, and let them answer its calls.")                 \
    X(MCP, mcp, "[OPTION]... [--snapshot P.snap]",                                                \
      "Run code for MCP clients, which get the tools run_code, search_tools and describe_tools.") \
    X(PRECOMPILE, precompile, "[OPTION]... PREFIX.js -o OUT.snap",                                \
      "Evaluate PREFIX.js once and keep the heap as a snapshot file.")                            \
    X(INSPECT, inspect, "[OPTION]... P.snap", "Show the sources and versions of a snapshot.")     \
    X(DOCTOR, doctor, "[OPTION]...", "Test every layer of the sandbox on this machine.")          \
    X(COMPLETION, completion, "bash|zsh|fish",                                                    \
      "Print the script that completes iso4 command lines in a shell.")

#define X(id, name, ...) int command_##name(const struct options *o);
ISO_COMMANDS(X)
#undef X

/* --verbose: prints to stderr which layers of the sandbox the worker had, and which not. */
void say_layers(const struct run_result *r);

/* A request with the limits and other options of the command line. The caller adds the source, snapshot and
 * declarations. */
struct run_request run_as_asked(const struct options *o);

/* --verbose: prints the log line of a fetch to stderr. */
void say_note(void *ctx, const char *literal, size_t len);

/* Prints `iso4: ...` to stderr while runs may be printing, too. */
void say(const struct iso_err *err);

/* Prints `iso4: ...` to stderr when nothing runs; returns the exit status of the code. */
int report(const struct iso_err *err);

/* Fills *err for an error of standard output, and returns -1. When its reader is gone, as in `iso4 ... | head`, the text
 * is empty: the status says it, and report() prints nothing. */
int stdout_fail(struct iso_err *err, int error);

/* Prints a checked JSON document and a newline to stdout, in the format of the options. 0, or -1 and OUTPUT. */
int print_json(const struct options *o, const struct buf *json, struct iso_err *err);

#endif
