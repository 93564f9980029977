/* SPDX-License-Identifier: MIT */
#include "cli/options.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "core/file.h"
#include "core/json.h"
#include "core/nearest.h"
#include "host/declared/globals.h"
#include "host/job/limits_json.h"
#include "host/job/repro.h"
#include "host/result/fit.h"

const struct option_row option_rows[OPTION_COUNT] = {
#define X(id, letter, name, argument, flags, values, commands, help) \
    [OPTION_##id] = {letter, name, argument, values, help, flags, commands},
    ISO_OPTIONS(X)
#undef X
};

/* The first value that getopt_long returns for long options, above all letters: options by id, limits after them. */
#define BY_ID 1000

struct tables {
    struct option longs[OPTION_COUNT + LIMIT_COUNT + 1];
    char shorts[3 * OPTION_COUNT + 2];
};

int options_take_limits(enum command command)
{
    return command == COMMAND_RUN || command == COMMAND_PRECOMPILE || command == COMMAND_BATCH ||
           command == COMMAND_SERVE || command == COMMAND_MCP;
}

static int takes_value(const struct option_row *row)
{
    return !row->argument ? no_argument : row->flags & OPT_OPTIONAL ? optional_argument : required_argument;
}

static void build_tables(struct tables *t, enum command command)
{
    int n = 0;
    char *s = t->shorts;

    *s++ = ':'; /* getopt then returns ':' for a missing argument and prints no message */
    for (int i = 0; i < OPTION_COUNT; i++) {
        if (!(option_rows[i].commands & (int)command))
            continue;
        t->longs[n++] = (struct option){option_rows[i].name, takes_value(&option_rows[i]), NULL, BY_ID + i};
        if (option_rows[i].letter) {
            *s++ = (char)option_rows[i].letter;
            if (option_rows[i].argument)
                *s++ = ':';
        }
    }
    *s = 0;
    for (int i = 0; options_take_limits(command) && i < LIMIT_COUNT; i++)
        t->longs[n++] =
            (struct option){limit_rows[i].flag, required_argument, NULL, BY_ID + OPTION_COUNT + i};
    t->longs[n] = (struct option){0};
}

static int by_letter(int letter, enum command command)
{
    for (int i = 0; i < OPTION_COUNT; i++)
        if (option_rows[i].letter == letter && (option_rows[i].commands & (int)command))
            return i;
    return -1;
}

static int check_args(const char *text, struct iso_err *err)
{
    enum json_kind kind;

    if (json_check(text, strlen(text), &kind, NULL) < 0 || kind != JSON_ARRAY)
        return iso_fail(err, ISO_USAGE, "--args takes a JSON array such as '[1, \"text\"]', not '%.100s'",
                        text);
    return 0;
}

static int check_word(int id, const char *argument, struct iso_err *err)
{
    char list[80];
    size_t at = 0;

    for (const char *word = option_rows[id].values; *word;) {
        size_t len = strcspn(word, " ");
        const char *after = word + len + (word[len] == ' ');

        if (strlen(argument) == len && memcmp(argument, word, len) == 0)
            return 0;
        at += (size_t)snprintf(list + at, sizeof list - at, "%s%.*s",
                               !at      ? ""
                               : *after ? ", "
                                        : " or ",
                               (int)len, word);
        word = after;
    }
    return iso_fail(err, ISO_USAGE, "--%s takes %s, not '%.100s'", option_rows[id].name, list, argument);
}

/* Adds a use to every[]. Uses of an option without a value are not listed: -vv has more of them than words. */
static int keep_use(struct options *o, int id, const char *argument, int most, struct iso_err *err)
{
    o->value[id] = argument ? argument : "";
    if (!argument)
        return 0;
    if (!o->every[id].value)
        o->every[id].value = calloc((size_t)most, sizeof *o->every[id].value);
    if (!o->every[id].value)
        return iso_fail(err, ISO_INTERNAL, "out of memory");
    o->every[id].value[o->every[id].count++] = argument;
    return 0;
}

/* Reads the limits from the JSON object in `argument`, or from the file that it names. */
static int take_limits(struct options *o, const char *argument, struct iso_err *err)
{
    AUTO_BUF struct buf text = {0};
    uint64_t given = 0;
    int is_inline = option_is_inline(argument);

    if (is_inline)
        buf_str(&text, argument);
    else if (file_read_text(argument, 1 << 20, &text, err) < 0)
        return -1;
    if (limits_from_json(&o->limits, is_inline ? "--limits" : argument, text.len ? text.data : "", text.len,
                         &given, err) < 0)
        return -1;
    for (int id = 0; id < LIMIT_COUNT; id++)
        if (given & 1ull << id)
            o->most.value[id] = o->limits.value[id];
    return 0;
}

static int check_value(struct options *o, int id, const char *argument, struct iso_err *err)
{
    if (id == OPTION_SEED)
        return repro_seed(&o->ways, "--seed", argument, err);
    if (id == OPTION_NOW)
        return repro_now(&o->ways, "--now", argument, err);
    if (id == OPTION_TZ)
        return repro_zone(&o->ways, "--tz", argument, err);
    if (id == OPTION_ARGS)
        return check_args(argument, err);
    if (id == OPTION_LIMITS)
        return take_limits(o, argument, err);
    if (argument && (option_rows[id].flags & OPT_WORDS))
        return check_word(id, argument, err);
    return 0;
}

static int take_option(struct options *o, int id, const char *argument, int most, struct iso_err *err)
{
    return keep_use(o, id, argument, most, err) < 0 ? -1 : check_value(o, id, argument, err);
}

static int take_limit(struct options *o, int id, const char *text, struct iso_err *err)
{
    char name[64];

    snprintf(name, sizeof name, "--%s", limit_rows[id].flag);
    if (limit_set_text(&o->limits, (enum limit_id)id, text, name, err) < 0)
        return -1;
    o->most.value[id] = o->limits.value[id];
    return 0;
}

/* Fails with the options that begin with the word, as many as fit into the message. 0: there is none. */
static int ambiguous(const struct tables *t, const char *word, size_t len, struct iso_err *err)
{
    char names[200] = "";
    size_t at = 0;

    for (const struct option *l = t->longs; l->name; l++) {
        int fits = at + strlen(l->name) + 12 < sizeof names;

        if (strncmp(word + 2, l->name, len - 2) != 0)
            continue;
        at += (size_t)snprintf(names + at, sizeof names - at, "%s%s%s", at ? ", " : "", fits ? "--" : "...",
                               fits ? l->name : "");
        if (!fits)
            break;
    }
    return at ? iso_fail(err, ISO_USAGE, "option '%.100s' is ambiguous: %s", word, names) : 0;
}

/* Names that other tools have for an option. */
static const struct {
    const char *theirs, *ours;
} elsewhere[] = {
    {"timeout", "wall-time-ms"},
    {"time-limit", "wall-time-ms"},
    {"cpu-limit", "cpu-time-ms"},
    {"memory", "memory-mb"},
    {"memory-limit", "memory-mb"},
    {"max-memory", "memory-mb"},
    {"tools", "globals"},
    {"code", "eval"},
    {"threads", "jobs"},
    {"workers", "jobs"},
    {"timezone", "tz"},
    {"out", "output"},
};

static const char *known_elsewhere(const struct tables *t, const char *name, size_t len)
{
    for (size_t i = 0; i < sizeof elsewhere / sizeof *elsewhere; i++)
        for (const struct option *l = t->longs; l->name; l++)
            if (strlen(elsewhere[i].theirs) == len && memcmp(elsewhere[i].theirs, name, len) == 0 &&
                strcmp(elsewhere[i].ours, l->name) == 0)
                return l->name;
    return NULL;
}

static int unknown_option(const struct tables *t, const char *word, size_t len, struct iso_err *err)
{
    struct nearest nearest = nearest_start(word + 2, len - 2);
    const char *known = known_elsewhere(t, word + 2, len - 2), *best = NULL;

    for (const struct option *l = t->longs; l->name; l++)
        if (nearest_offer(&nearest, l->name, strlen(l->name)))
            best = l->name;
    best = known ? known : best;
    return iso_fail(err, ISO_USAGE, "unknown option '%.100s'%s%s%s", word, best ? ": did you mean --" : "",
                    best ? best : "", best ? "?" : "");
}

static int refuse_option(int c, char **argv, const struct tables *t, struct iso_err *err)
{
    const char *word = argv[optind - 1];

    if (c == ':')
        return iso_fail(err, ISO_USAGE, "option '%.100s' needs a value", word);
    if (optopt >= BY_ID) /* the option takes no value, but was given one */
        return iso_fail(err, ISO_USAGE, "option '%.100s' takes no value", word);
    if (optopt)
        return iso_fail(err, ISO_USAGE, "unknown option '-%c'", optopt);
    if (strncmp(word, "--", 2) != 0)
        return iso_fail(err, ISO_USAGE, "unknown option '%.100s'", word);
    return ambiguous(t, word, strcspn(word, "="), err) < 0 ? -1
                                                           : unknown_option(t, word, strcspn(word, "="), err);
}

/* Refuses a long option with a single dash: getopt would read -snapshot as -s napshot. */
static int check_single_dashes(const struct tables *t, int argc, char **argv, struct iso_err *err)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
        for (const struct option *l = t->longs; l->name; l++)
            if (argv[i][0] == '-' && strlen(l->name) > 1 && strcmp(argv[i] + 1, l->name) == 0)
                return iso_fail(err, ISO_USAGE, "unknown option '%s': did you mean --%s?", argv[i], l->name);
    return 0;
}

int options_parse(struct options *o, enum command command, int argc, char **argv, struct iso_err *err)
{
    struct tables t;
    int c, rc = 0;

    *o = (struct options){0};
    limits_default(&o->limits, command == COMMAND_PRECOMPILE ? LIMITS_FOR_PRECOMPILE : LIMITS_FOR_RUN);
    build_tables(&t, command);
    rc = check_single_dashes(&t, argc, argv, err);
    opterr = 0;
    optind = 0; /* glibc: start anew */
    while (rc == 0 && (c = getopt_long(argc, argv, t.shorts, t.longs, NULL)) != -1) {
        if (c == '?' || c == ':')
            rc = refuse_option(c, argv, &t, err);
        else if (c >= BY_ID + OPTION_COUNT)
            rc = take_limit(o, c - BY_ID - OPTION_COUNT, optarg, err);
        else
            rc = take_option(o, c >= BY_ID ? c - BY_ID : by_letter(c, command), optarg, argc, err);
    }
    if (rc == 0 && o->value[OPTION_NO_HOST_COMMANDS] && o->value[OPTION_ALLOW_HOST_COMMANDS])
        rc = iso_fail(err, ISO_USAGE, "--no-host-commands and --allow-host-commands contradict each other");
    o->operands = argv + optind;
    o->operand_count = argc - optind;
    return rc;
}

void options_free(struct options *o)
{
    for (int id = 0; id < OPTION_COUNT; id++)
        free(o->every[id].value);
    memset(o->every, 0, sizeof o->every);
}

/* The width of help where there is no terminal, and the least; the column of the texts, of those in a terminal that is
 * too narrow for two columns, and the width from which it has two. */
#define HELP_WIDTH  80
#define HELP_LEAST  40
#define HELP_INDENT 36
#define HELP_NARROW 10
#define HELP_BESIDE 64

/* Lines of help are no longer than this: the width of the terminal, or of COLUMNS when it is set. */
static size_t help_width(FILE *to)
{
    const char *columns = getenv("COLUMNS");
    unsigned long asked = columns ? strtoul(columns, NULL, 10) : 0;
    struct winsize size;

    if (!asked && ioctl(fileno(to), TIOCGWINSZ, &size) == 0)
        asked = size.ws_col;
    if (!asked)
        asked = HELP_WIDTH;
    return asked < HELP_LEAST ? HELP_LEAST : asked;
}

void help_text(FILE *to, size_t column, size_t indent, const char *text)
{
    size_t width = help_width(to), len;

    for (text += strspn(text, " "); *text; text += strspn(text, " ")) {
        len = strcspn(text, " ");
        if (column > indent && column + len > width) {
            fprintf(to, "\n%*s", (int)indent, "");
            column = indent;
        }
        fprintf(to, "%.*s", (int)len, text);
        text += len;
        column += len + 1;
        if (*text && column + strcspn(text + 1, " ") <= width)
            fputc(' ', to);
    }
    fputc('\n', to);
}

/* The text stands beside the option where the terminal has room for both, else below it. */
static void help_row(int letter, const char *name, const char *argument, int optional, const char *help)
{
    char left[64], dash[8] = "    ";
    size_t indent = help_width(stdout) < HELP_BESIDE ? HELP_NARROW : HELP_INDENT;

    if (letter)
        snprintf(dash, sizeof dash, "-%c, ", letter);
    snprintf(left, sizeof left, "  %s--%s%s%s%s", dash, name,
             !argument  ? ""
             : optional ? "[="
                        : " ",
             argument ? argument : "", optional ? "]" : "");
    printf("%-*s", (int)indent, left);
    if (strlen(left) >= indent)
        printf("\n%*s", (int)indent, "");
    help_text(stdout, indent, indent, help);
}

void option_help(enum option_id id, char *text, size_t size)
{
    const struct option_row *row = &option_rows[id];

    snprintf(text, size, "%s%s", row->help, row->flags & OPT_REPEATS ? " (repeatable)" : "");
}

int option_is_inline(const char *value)
{
    return value[strspn(value, " \t\r\n")] == '{';
}

void options_limit_help(enum command command, int limit, char *text, size_t size)
{
    const struct limit_row *row = &limit_rows[limit];

    snprintf(text, size, "%s [%" PRIu64 "]", row->help,
             command == COMMAND_PRECOMPILE ? row->precompile : row->run);
}

void options_help(enum command command)
{
    char help[200];

    printf("\nOptions:\n");
    for (int i = 0; i < OPTION_COUNT; i++) {
        if (!(option_rows[i].commands & (int)command))
            continue;
        option_help((enum option_id)i, help, sizeof help);
        help_row(option_rows[i].letter, option_rows[i].name, option_rows[i].argument,
                 (option_rows[i].flags & OPT_OPTIONAL) != 0, help);
    }
    if (!options_take_limits(command))
        return;
    putchar('\n');
    help_text(stdout, 0, 0, "Limits (0: none, for bytes 64 MiB; default in brackets):");
    for (int i = 0; i < LIMIT_COUNT; i++) {
        options_limit_help(command, i, help, sizeof help);
        help_row(0, limit_rows[i].flag, "N", 0, help);
    }
}

int options_answered(const struct options *o)
{
    return (o->value[OPTION_NO_HOST_COMMANDS] ? 0 : BY_PROGRAMS) |
           (o->value[OPTION_ALLOW_HOST_COMMANDS] ? BY_SNAPSHOT : 0);
}

int options_strict(const struct options *o)
{
    return o->value[OPTION_SANDBOX] && strcmp(o->value[OPTION_SANDBOX], "strict") == 0;
}

int options_check_call(const struct options *o, struct iso_err *err)
{
    if (o->value[OPTION_CALL] && !*o->value[OPTION_CALL])
        return iso_fail(err, ISO_USAGE, "--call takes the name of an export, such as main or tools.find");
    if (o->value[OPTION_ARGS] && !o->value[OPTION_CALL])
        return iso_fail(err, ISO_USAGE, "--args needs --call, which says what to call with them");
    return 0;
}

int options_check_spill(const struct options *o, struct iso_err *err)
{
    return o->value[OPTION_SPILL] ? result_fit_folder(o->value[OPTION_SPILL], err) : 0;
}

enum source_form options_form(const struct options *o)
{
    return o->value[OPTION_FORM] ? form_from_name(o->value[OPTION_FORM]) : FORM_AUTO;
}

enum source_language options_language(const struct options *o)
{
    return o->value[OPTION_LANGUAGE] ? language_from_name(o->value[OPTION_LANGUAGE]) : LANGUAGE_AUTO;
}

int options_pretty(const struct options *o)
{
    if (o->value[OPTION_COMPACT])
        return 0;
    return o->value[OPTION_PRETTY] || isatty(STDOUT_FILENO);
}

int options_color(const struct options *o)
{
    const char *when = o->value[OPTION_COLOR], *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

    if (when && strcmp(when, "always") == 0)
        return 1;
    if ((when && strcmp(when, "never") == 0) || (no_color && *no_color) ||
        (term && strcmp(term, "dumb") == 0))
        return 0;
    return isatty(STDOUT_FILENO);
}
