/* SPDX-License-Identifier: MIT */
/* Completion for bash. It needs nothing of the package bash-completion. */
#include <stdio.h>

#include "cli/completion.h"

/* Readline splits words at = and :. The script joins the parts again as they are in the line, and at the end cuts the
 * part of the word that readline does not replace off the answers. */
static const char head[] =
    "# Completion of iso4 for bash, made by `iso4 completion bash`. Put it where bash-completion looks for "
    "it\n"
    "# (share/bash-completion/completions/iso4), or source it.\n"
    "\n"
    "# These see what _iso4 knows: $value, the text to complete, and $lead, what stands before it in the "
    "word.\n"
    "__iso4_words() {\n"
    "    mapfile -t COMPREPLY < <(compgen -W \"$*\" -- \"$value\")\n"
    "}\n"
    "\n"
    "# Files that end in .$1, and directories; without $1 all files. Readline quotes them again.\n"
    "__iso4_files() {\n"
    "    compopt -o filenames 2>/dev/null\n"
    "    value=${value#[\\\"\\']} value=${value//\\\\/}\n"
    "    mapfile -t COMPREPLY < <(\n"
    "        [[ ${1-} ]] && compgen -d -- \"$value\"\n"
    "        compgen -f -X \"${1:+!*.$1}\" -- \"$value\"\n"
    "    )\n"
    "}\n"
    "\n"
    "# SPEC=FILE\n"
    "__iso4_named_files() {\n"
    "    [[ $value == *=* ]] || return 0\n"
    "    lead+=${value%=*}= value=${value##*=}\n"
    "    __iso4_files \"$@\"\n"
    "}\n"
    "\n"
    "# Of a command each: with the name of an option that takes a value it completes that, and fails for all "
    "others;\n"
    "# with `operand` it completes an operand, with `options` it offers its options.\n";

static const char tail[] =
    "\n"
    "_iso4() {\n"
    "    local line=${COMP_LINE:0:COMP_POINT} rest word i words=() current command value lead='' cut=''\n"
    "    COMPREPLY=()\n"
    "    for ((i = 0; i <= COMP_CWORD; i++)); do\n"
    "        rest=${line#\"${line%%[![:space:]]*}\"} word=${COMP_WORDS[i]}\n"
    "        ((i == COMP_CWORD)) && word=$rest\n"
    "        if ((i > 0)) && [[ $rest == \"$line\" ]]; then\n"
    "            words[${#words[@]} - 1]+=$word\n"
    "        else\n"
    "            words+=(\"$word\")\n"
    "        fi\n"
    "        line=${rest#\"$word\"}\n"
    "    done\n"
    "    i=$((${#words[@]} - 1))\n"
    "    ((i > 0)) || return 0\n"
    "    current=${words[i]} value=$current command=${words[1]}\n"
    "    if ((i == 1)); then\n"
    "        __iso4_commands\n"
    "    elif ! declare -F \"_iso4_$command\" >/dev/null; then\n"
    "        return 0\n"
    "    elif [[ \" ${words[*]:2:i - 2} \" == *' -- '* ]]; then\n"
    "        \"_iso4_$command\" operand\n"
    "    elif [[ $current == --*=* ]]; then\n"
    "        lead=${current%%=*}= value=${current#*=}\n"
    "        \"_iso4_$command\" \"${current%%=*}\"\n"
    "    elif ((i > 2)) && [[ ${words[i - 1]} == -?* ]] && \"_iso4_$command\" \"${words[i - 1]}\"; then\n"
    "        :\n"
    "    elif [[ $current == -* ]]; then\n"
    "        \"_iso4_$command\" options\n"
    "    else\n"
    "        \"_iso4_$command\" operand\n"
    "    fi\n"
    "    # Readline replaces what follows the last of its breaks only.\n"
    "    i=${COMP_WORDBREAKS//[!=:]/}\n"
    "    [[ $i && $current == *[\"$i\"]* ]] && cut=${current%\"${current##*[\"$i\"]}\"}\n"
    "    COMPREPLY=(\"${COMPREPLY[@]/#/$lead}\")\n"
    "    COMPREPLY=(\"${COMPREPLY[@]#\"$cut\"}\")\n"
    "}\n"
    "complete -F _iso4 iso4\n";

static void bash_value(const struct completion_value *v)
{
    if (v->files)
        printf("%s%s%s", v->named ? "__iso4_named_files" : "__iso4_files", *v->ending ? " " : "", v->ending);
    else if (*v->words)
        printf("__iso4_words %s", v->words);
    else
        putchar(':'); /* any text: no offers, and no file names either */
}

static void print_options(const struct completion_command *c)
{
    struct completion_option o;

    printf("    options) __iso4_words '");
    for (int i = 0; completion_option_at(c, i, &o) == 0; i++) {
        if (o.letter)
            printf("-%c ", o.letter);
        printf("--%s ", o.name);
    }
    printf("' ;;\n");
}

static void bash_command(const struct completion_command *c)
{
    struct completion_option o;

    printf("\n_iso4_%s() {\n    case $1 in\n    operand) ", c->name);
    bash_value(&c->operand);
    printf(" ;;\n");
    print_options(c);
    for (int i = 0; completion_option_at(c, i, &o) == 0; i++) {
        if (!o.value.name)
            continue;
        printf("    ");
        if (o.letter)
            printf("-%c | ", o.letter);
        printf("--%s) ", o.name);
        bash_value(&o.value);
        printf(" ;;\n");
    }
    printf("    *) return 1 ;;\n    esac\n}\n");
}

void completion_bash(void)
{
    struct completion_command c;

    fputs(head, stdout);
    for (int i = 0; completion_command_at(i, &c) == 0; i++)
        bash_command(&c);
    printf("\n__iso4_commands() {\n    __iso4_words '");
    for (int i = 0; completion_command_at(i, &c) == 0; i++)
        printf("%s ", c.name);
    printf("-h --help --version'\n}\n");
    fputs(tail, stdout);
}
