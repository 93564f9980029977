/* SPDX-License-Identifier: MIT */
/* iso4 completion: prints completion scripts for shells, from the tables that the parser and help read. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/completion.h"

static const struct {
    enum command id;
    const char *name, *operands, *what;
} commands[] = {
#define X(id, name, operands, what) {COMMAND_##id, #name, operands, what},
    ISO_COMMANDS(X)
#undef X
};
#define COUNT ((int)(sizeof commands / sizeof *commands))

static const struct {
    const char *name;
    void (*print)(void);
} shells[] = {{"bash", completion_bash}, {"zsh", completion_zsh}, {"fish", completion_fish}};
#define SHELLS (sizeof shells / sizeof *shells)

/* ---- the tables */

static void add_word(struct completion_value *v, const char *word, size_t len)
{
    size_t at = strlen(v->words);

    snprintf(v->words + at, sizeof v->words - at, "%s%.*s", at ? " " : "", (int)len, word);
}

/* Reads the kind of an operand from its name: P.snap, AGENT.js..., bash|zsh|fish. */
static void read_operand(struct completion_value *v, const char *name, size_t len)
{
    const char *dot = memchr(name, '.', len);

    v->name = "operand";
    if (dot) {
        v->files = 1;
        snprintf(v->ending, sizeof v->ending, "%.*s", (int)strcspn(dot + 1, ". ]"), dot + 1);
    }
    for (const char *p = name; !dot && p < name + len; p += strcspn(p, "| ]"), p += *p == '|')
        add_word(v, p, strcspn(p, "| ]"));
}

/* Reads a synopsis such as "[OPTION]... PREFIX.js -o OUT.snap": a word after an option is its value, other words are
 * operands. */
static void read_operands(struct completion_command *c, const char *text)
{
    const char *option = NULL;
    struct completion_value output = {0};

    for (size_t len; *text; text += len) {
        text += strspn(text, " [].");
        len = strcspn(text, " ]");
        if (*text == '-')
            option = text;
        else if (option && option[1] == 'o')
            read_operand(&output, text, len);
        else if (len && !option && strncmp(text, "OPTION", len) != 0)
            read_operand(&c->operand, text, len);
        if (*text != '-')
            option = NULL;
    }
    memcpy(c->output, output.ending, sizeof c->output);
}

int completion_command_at(int i, struct completion_command *c)
{
    *c = (struct completion_command){0};
    if (i > COUNT)
        return -1;
    if (i == COUNT) {
        c->name = "help";
        c->what = "List the commands, or the options and limits of one.";
        c->operand.name = "command";
        for (int k = 0; k < COUNT; k++)
            add_word(&c->operand, commands[k].name, strlen(commands[k].name));
        return 0;
    }
    c->id = commands[i].id;
    c->name = commands[i].name;
    c->what = commands[i].what;
    read_operands(c, commands[i].operands);
    return 0;
}

static void take_row(const struct completion_command *c, enum option_id id, struct completion_option *o)
{
    const struct option_row *row = &option_rows[id];
    int words = (row->flags & OPT_WORDS) != 0;

    o->letter = row->letter;
    o->name = row->name;
    o->repeatable = (row->flags & OPT_REPEATS) != 0;
    option_help(id, o->help, sizeof o->help);
    o->value.name = row->flags & OPT_OPTIONAL ? NULL : row->argument; /* the next word is no value */
    o->value.files = (row->flags & (OPT_READS | OPT_WRITES)) != 0;
    o->value.named = (row->flags & OPT_NAMED) != 0;
    snprintf(o->value.words, sizeof o->value.words, "%s", words ? row->values : "");
    snprintf(o->value.ending, sizeof o->value.ending, "%s",
             id == OPTION_OUTPUT ? c->output
             : words             ? ""
                                 : row->values);
}

int completion_option_at(const struct completion_command *c, int i, struct completion_option *o)
{
    *o = (struct completion_option){0};
    for (int id = 0; id < OPTION_COUNT; id++)
        if ((option_rows[id].commands & (int)c->id) && i-- == 0) {
            take_row(c, (enum option_id)id, o);
            return 0;
        }
    if (!options_take_limits(c->id) || i >= LIMIT_COUNT)
        return -1;
    o->name = limit_rows[i].flag;
    o->value.name = "N";
    options_limit_help(c->id, i, o->help, sizeof o->help);
    return 0;
}

void completion_text(const char *text, const char *special, const char *quote)
{
    for (const char *p = text; *p; p++) {
        if (*p == '\'') {
            fputs(quote, stdout);
            continue;
        }
        if (strchr(special, *p))
            putchar('\\');
        putchar(*p);
    }
}

/* ---- the command */

static int complete(const struct options *o, struct iso_err *err)
{
    if (o->operand_count != 1)
        return iso_fail(err, ISO_USAGE, "completion takes the name of a shell: bash, zsh or fish");
    for (size_t i = 0; i < SHELLS; i++)
        if (strcmp(o->operands[0], shells[i].name) == 0) {
            shells[i].print();
            return fflush(stdout) == 0 ? 0 : stdout_fail(err, errno);
        }
    return iso_fail(err, ISO_USAGE, "completion knows bash, zsh and fish, not '%.100s'", o->operands[0]);
}

int command_completion(const struct options *o)
{
    struct iso_err err;

    return complete(o, &err) < 0 ? report(&err) : 0;
}
