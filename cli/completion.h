/* SPDX-License-Identifier: MIT */
/* cli/completion.h - the tables of commands, options and limits in the form that completion scripts need. */
#ifndef ISO_CLI_COMPLETION_H
#define ISO_CLI_COMPLETION_H
#include "cli/options.h"

/* The possible values of an option or an operand. */
struct completion_value {
    const char *name; /* as in help, SPEC=FILE; NULL: there is no value */
    int files;        /* 1 when it names a file */
    int named;        /* NAME=FILE, where NAME is any text */
    char ending[12];  /* the ending of such files, without the dot; "": any */
    char words[128];  /* the words to choose from, with a blank between; "": any text */
};

struct completion_command {
    enum command id; /* 0: help, which is no row of the table */
    const char *name, *what;
    struct completion_value operand;
    char output[12]; /* the ending of files of --output */
};

struct completion_option {
    int letter; /* or 0 */
    const char *name;
    char help[192]; /* the text of --help */
    int repeatable;
    struct completion_value value;
};

/* Fills *c with command i, `help` last; then *option with option i of a command, limits included, in the order of its
 * help. 0, or -1 when there are no more. */
int completion_command_at(int i, struct completion_command *c);
int completion_option_at(const struct completion_command *c, int i, struct completion_option *o);

/* Prints a text for use within single quotes: a ' becomes `quote`, a backslash goes before each of `special`.
 */
void completion_text(const char *text, const char *special, const char *quote);

/* Each prints the script for its shell. */
void completion_bash(void);
void completion_zsh(void);
void completion_fish(void);

#endif
