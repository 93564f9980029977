/* SPDX-License-Identifier: MIT */
/* Completion for fish. */
#include <stdio.h>

#include "cli/completion.h"

static const char head[] =
    "# Completion of iso4 for fish, made by `iso4 completion fish`. Put it into a directory of\n"
    "# $fish_complete_path as iso4.fish, or source it.\n"
    "\n"
    "# No command was given yet.\n"
    "function __iso4_bare\n"
    "    test (count (commandline -opc)) -eq 1\n"
    "end\n"
    "\n"
    "function __iso4_command -a name\n"
    "    set -l words (commandline -opc)\n"
    "    test (count $words) -gt 1; and test $words[2] = $name\n"
    "end\n"
    "\n"
    "# SPEC=FILE\n"
    "function __iso4_named_files -a ending\n"
    "    set -l value (commandline -ct | string replace -r -- '^--[a-z-]+=' '')\n"
    "    string match -q '*=*' -- $value; or return\n"
    "    set -l spec (string replace -r '=[^=]*$' '=' -- $value)\n"
    "    set -l file (string replace -r '.*=' '' -- $value)\n"
    "    for one in (__fish_complete_suffix $file $ending)\n"
    "        echo $spec$one\n"
    "    end\n"
    "end\n"
    "\n"
    "complete -c iso4 -f\n"
    "complete -c iso4 -n __iso4_bare -s h -l help -d 'list the commands'\n"
    "complete -c iso4 -n __iso4_bare -l version -d 'print the version'\n";

static void print_quoted(const char *text)
{
    putchar('\'');
    completion_text(text, "\\", "\\'");
    putchar('\'');
}

/* Prints the value of an option, which is required (-r), or an operand. Without -x fish offers files of any name. */
static void fish_value(const struct completion_value *v, int is_operand)
{
    const char *exclusive = is_operand ? "" : "x";

    if (v->named)
        printf(" -xa '(__iso4_named_files .%s)'", v->ending);
    else if (v->files && *v->ending)
        printf(" -k%sa '(__fish_complete_suffix .%s)'", exclusive, v->ending);
    else if (v->files)
        printf(" -rF");
    else if (*v->words)
        printf(" -%sa '%s'", exclusive, v->words);
    else if (v->name && !is_operand)
        printf(" -x");
}

static void fish_command(const struct completion_command *c)
{
    struct completion_option o;

    printf("\ncomplete -c iso4 -n __iso4_bare -a %s -d ", c->name);
    print_quoted(c->what);
    putchar('\n');
    if (c->operand.name) {
        printf("complete -c iso4 -n '__iso4_command %s'", c->name);
        fish_value(&c->operand, 1);
        putchar('\n');
    }
    for (int i = 0; completion_option_at(c, i, &o) == 0; i++) {
        printf("complete -c iso4 -n '__iso4_command %s'", c->name);
        if (o.letter)
            printf(" -s %c", o.letter);
        printf(" -l %s", o.name);
        fish_value(&o.value, 0);
        printf(" -d ");
        print_quoted(o.help);
        putchar('\n');
    }
}

void completion_fish(void)
{
    struct completion_command c;

    fputs(head, stdout);
    for (int i = 0; completion_command_at(i, &c) == 0; i++)
        fish_command(&c);
}
