/* SPDX-License-Identifier: MIT */
/* cli/completion.h - the tables of commands, options and limits as what shells offer. */
#ifndef ISO_CLI_COMPLETION_H
#define ISO_CLI_COMPLETION_H
#include "cli/options.h"

/* What stands in the place of a value or an operand. */
struct completion_value {
    const char *name; /* as help has it, SPEC=FILE; NULL: there is none */
    int files;        /* whether it names a file */
    int named;        /* NAME=FILE, the name is any text */
    char ending[12];  /* what such files end in, without the dot; "": anything */
    char words[128];  /* or the words to choose from, with a blank between; "": any text */
};

struct completion_command {
    enum command id; /* 0: help, which is no row of the table */
    const char *name, *what;
    struct completion_value operand;
    char output[12]; /* what the files of --output end in */
};

struct completion_option {
    int letter; /* or 0 */
    const char *name;
    char help[192]; /* the text of --help */
    int repeatable;
    struct completion_value value;
};

/* The commands in their order, help at last; the options and limits of one in the order of its help.
 * 0, or -1 where there are no more. */
int completion_command_at(int i, struct completion_command *c);
int completion_option_at(const struct completion_command *c, int i, struct completion_option *o);

/* Prints a text for use within single quotes: a ' becomes `quote`, a backslash goes before each of `special`.
 */
void completion_text(const char *text, const char *special, const char *quote);

/* Each prints its script. */
void completion_bash(void);
void completion_zsh(void);
void completion_fish(void);

#endif
