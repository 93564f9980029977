/* SPDX-License-Identifier: MIT */
/* Tests which attempts each layer stops by itself. The table (tests/probe/layers-*.txt) has a row for each attempt and a
 * column for each layer, with what that layer needs; a cell says what comes of the attempt:
 *
 *   OPEN, ERROR, SIGNAL   exactly that
 *   .                     the same as without any layer
 *   6:ERROR               that from Landlock ABI 6 on, the same as without before
 *
 * In the first column, of no layer at all, "?OPEN" is what this machine says to something that another may
 * refuse by itself (a setting, an older kernel, an outer filter). Where it does, nothing is learned of single
 * layers. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/probe/sandbox.h"

enum { NOTHING, SECCOMP = 10, COLUMNS };

static const struct column {
    const char *name;
    unsigned want;
    enum trial_start start;
} columns[COLUMNS] = {
    [NOTHING] = {"nothing", 0, TRIAL_PLAIN},
    {"namespaces", 0, TRIAL_CONTAINED},
    {"+root", LAYER_EMPTY_ROOT, TRIAL_CONTAINED},
    {"+root+nocaps", LAYER_EMPTY_ROOT | LAYER_NO_CAPABILITIES, TRIAL_CONTAINED},
    {"nocaps", LAYER_NO_CAPABILITIES, TRIAL_PLAIN},
    {"notroot", LAYER_NOT_ROOT, TRIAL_PLAIN},
    {"nonewprivs", LAYER_NO_NEW_PRIVS, TRIAL_PLAIN},
    {"notdumpable", LAYER_NOT_DUMPABLE, TRIAL_PLAIN},
    {"rlimits", LAYER_RLIMITS, TRIAL_PLAIN},
    {"landlock", LAYER_LANDLOCK | LAYER_NO_NEW_PRIVS, TRIAL_PLAIN},
    [SECCOMP] = {"seccomp", LAYER_SECCOMP | LAYER_NO_NEW_PRIVS, TRIAL_PLAIN},
};

static struct trial measured[COLUMNS][ATTEMPT_COUNT];

/* 1 when this machine gives the layers of the column. */
static int to_be_had(int c)
{
    unsigned want = columns[c].want | (columns[c].start == TRIAL_CONTAINED ? LAYER_NAMESPACES : 0u);

    return (measured[c][0].layers & want) == want;
}

static void measure(const struct trial_host *h)
{
    for (int c = 0; c < COLUMNS; c++) {
        for (int i = 0; i < ATTEMPT_COUNT; i++)
            measured[c][i] = (struct trial){
                .attempt = attempt_rows[i].name, .want = columns[c].want, .start = columns[c].start};
        trials_run(h, measured[c], ATTEMPT_COUNT);
    }
}

static const char *text_of(const struct trial *t)
{
    return !t->done ? "untried" : t->outcome == 0 ? "OPEN" : outcome_text(t->outcome);
}

void print_each_layer(const struct trial_host *h)
{
    measure(h);
    printf("%-18s", "#");
    for (int c = 0; c < COLUMNS; c++)
        printf(" %-13s", columns[c].name);
    for (int i = 0; i < ATTEMPT_COUNT; i++) {
        printf("\n%-18s", attempt_rows[i].name);
        for (int c = 0; c < COLUMNS; c++)
            printf(" %-13s", c != NOTHING && measured[c][i].outcome == measured[NOTHING][i].outcome
                                 ? "."
                                 : text_of(&measured[c][i]));
    }
    putchar('\n');
}

long landlock_abi(void)
{
    return syscall(444 /* landlock_create_ruleset */, NULL, 0, 1 /* which version */);
}

/* The outcome that the cell expects on this machine. */
static const char *wanted(const char *cell, const char *without)
{
    const char *colon = strchr(cell, ':');

    if (colon && landlock_abi() < atol(cell))
        return without;
    if (colon)
        return colon + 1;
    return strcmp(cell, ".") == 0 ? without : cell;
}

static int check_cell(int c, int attempt, const char *cell, const char *without)
{
    const char *got = text_of(&measured[c][attempt]), *want = wanted(cell, without);

    if (strcmp(got, want) == 0 || !to_be_had(c))
        return 1;
    printf("# %s: got %s, want %s%s%s\n", columns[c].name, got, want, measured[c][attempt].done ? "" : ": ",
           measured[c][attempt].done ? "" : measured[c][attempt].text);
    return 0;
}

/* The result of an attempt with the filter, also of one that this machine refuses without it. */
static const char *seccomp_cell(int attempt, char cells[COLUMNS][32])
{
    int never_asked = attempt_outcome(attempt) != attempt_rows[attempt].outcome;

    return never_asked ? outcome_text(attempt_outcome(attempt)) : cells[SECCOMP];
}

static void check_row(int attempt, char cells[COLUMNS][32])
{
    const char *usual = cells[NOTHING];
    int by_machine = *usual == '?', good = 1;
    char without[32]; /* a copy: the next texts take its place */

    snprintf(without, sizeof without, "%s", text_of(&measured[NOTHING][attempt]));
    usual += by_machine;
    if (by_machine && strcmp(without, usual) != 0) {
        printf("# this machine says %s to %s by itself\n", without, attempt_rows[attempt].name);
        good = check_cell(SECCOMP, attempt, seccomp_cell(attempt, cells), without);
    } else {
        good = check_cell(NOTHING, attempt, usual, without);
        for (int c = NOTHING + 1; c < COLUMNS; c++)
            good &= check_cell(c, attempt, cells[c], without);
    }
    check(good, "layer by layer: %s", attempt_rows[attempt].what);
}

static int find_attempt(const char *name)
{
    for (int i = 0; i < ATTEMPT_COUNT; i++)
        if (strcmp(attempt_rows[i].name, name) == 0)
            return i;
    return -1;
}

static void comment_head(void)
{
    for (int c = 0; c < COLUMNS; c++)
        if (!to_be_had(c))
            printf("# this machine does not give: %s\n", columns[c].name);
    printf("# %-18s", "");
    for (int c = 0; c < COLUMNS; c++)
        printf(" %-13s%s", columns[c].name, c == COLUMNS - 1 ? "\n" : "");
}

static void comment_row(int attempt)
{
    printf("# %-18s", attempt_rows[attempt].name);
    for (int c = 0; c < COLUMNS; c++)
        printf(" %-13s", text_of(&measured[c][attempt]));
    putchar('\n');
}

/* A row of the file; the attempt, or -1 for a comment and what cannot be read. */
static int read_row(const char *line, char cells[COLUMNS][32])
{
    char name[32];
    int at, length, n = 0;

    if (sscanf(line, "%31s%n", name, &at) != 1 || *name == '#')
        return -1;
    for (; n < COLUMNS && sscanf(line + at, "%31s%n", cells[n], &length) == 1; n++)
        at += length;
    return n == COLUMNS ? find_attempt(name) : -1;
}

void test_each_layer(const struct trial_host *h, const char *path)
{
    FILE *table = fopen(path, "re");
    char line[512], cells[COLUMNS][32];
    int seen[ATTEMPT_COUNT] = {0}, rows = 0;

    if (!check(table != NULL, "the table %s is there", path))
        return;
    measure(h);
    comment_head();
    while (fgets(line, sizeof line, table)) {
        int attempt = read_row(line, cells);
        if (attempt < 0)
            continue;
        comment_row(attempt);
        check_row(attempt, cells);
        rows += !seen[attempt]++;
    }
    fclose(table);
    check(rows == ATTEMPT_COUNT, "every attempt has its row in the table");
}
