/* SPDX-License-Identifier: MIT */
/* Completion for zsh, with the functions of zsh's completion system. */
#include <stdio.h>
#include <string.h>

#include "cli/completion.h"

static const char head[] = "#compdef iso4\n"
                           "# Completion of iso4 for zsh, made by `iso4 completion zsh`. Put it as _iso4 "
                           "into a directory of $fpath, or\n"
                           "# source it after compinit.\n"
                           "\n"
                           "# SPEC=FILE\n"
                           "_iso4_named_files() {\n"
                           "    if compset -P '*='; then\n"
                           "        _files -g \"*.$1\"\n"
                           "    else\n"
                           "        _message 'SPEC=FILE'\n"
                           "    fi\n"
                           "}\n";

/* When zsh loads the script from $fpath, the script is the body of _iso4 and has to call it; when the user sources the
 * script, it has to register _iso4. */
static const char tail[] =
    "\n"
    "_iso4() {\n"
    "    local curcontext=$curcontext state ret=1\n"
    "    local -a line\n"
    "    local -A opt_args\n"
    "    _arguments -C '(- *)'{-h,--help}'[list the commands]' '(- *)--version[print the version]' \\\n"
    "        '1:command:_iso4_commands' '*::argument:->arguments' && ret=0\n"
    "    if [[ $state == arguments ]] && (( $+functions[_iso4_$words[1]] )); then\n"
    "        curcontext=${curcontext%:*}-$words[1]:\n"
    "        _iso4_$words[1] && ret=0\n"
    "    fi\n"
    "    return ret\n"
    "}\n"
    "\n"
    "if [[ $funcstack[1] == _iso4 ]]; then\n"
    "    _iso4 \"$@\"\n"
    "else\n"
    "    compdef _iso4 iso4\n"
    "fi\n";

static void print_quoted(const char *text, const char *special)
{
    completion_text(text, special, "'\\''");
}

/* Prints ":description:how to complete it", within quotes. */
static void zsh_value(const struct completion_value *v)
{
    if (!v->name)
        return;
    putchar(':');
    print_quoted(v->name, ":\\");
    if (v->named)
        printf(":_iso4_named_files %s", v->ending);
    else if (v->files && *v->ending)
        printf(":_files -g \"*.%s\"", v->ending);
    else if (v->files)
        printf(":_files");
    else if (*v->words)
        printf(":(%s)", v->words);
    else
        printf(": ");
}

static void print_option(const struct completion_option *o)
{
    const char *value = o->value.name ? "=" : "";

    printf(" \\\n        ");
    if (o->letter && !o->repeatable)
        printf("'(-%c --%s)'", o->letter, o->name);
    else if (o->letter)
        printf("'*'");
    if (o->letter)
        printf("{-%c%s,--%s%s}'[", o->letter, *value ? "+" : "", o->name, value);
    else
        printf("'%s--%s%s[", o->repeatable ? "*" : "", o->name, value);
    print_quoted(o->help, "[]:\\");
    printf("]");
    zsh_value(&o->value);
    putchar('\'');
}

static void zsh_command(const struct completion_command *c)
{
    struct completion_option o;

    printf("\n_iso4_%s() {\n    _arguments -s -S", c->name);
    for (int i = 0; completion_option_at(c, i, &o) == 0; i++)
        print_option(&o);
    if (c->operand.name) {
        printf(" \\\n        '*");
        zsh_value(&c->operand);
        putchar('\'');
    }
    printf("\n}\n");
}

void completion_zsh(void)
{
    struct completion_command c;

    fputs(head, stdout);
    for (int i = 0; completion_command_at(i, &c) == 0; i++)
        zsh_command(&c);
    printf("\n_iso4_commands() {\n    local -a commands=(\n");
    for (int i = 0; completion_command_at(i, &c) == 0; i++) {
        printf("        '%s:", c.name);
        print_quoted(c.what, "\\:");
        printf("'\n");
    }
    printf("    )\n    _describe command commands\n}\n");
    fputs(tail, stdout);
}
