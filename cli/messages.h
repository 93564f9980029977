/* SPDX-License-Identifier: MIT */
/* cli/messages.h - lines on standard error while runs are under way: console lines of --stream, notes of --verbose,
 * progress. A reader that does not read holds up no run: beyond a bound lines are left out, and counted.
 *
 * messages_end() once, when the runs are over and standard output is written. Before the first and after the last of
 * these lines standard error may be written to as usual. */
#ifndef ISO_CLI_MESSAGES_H
#define ISO_CLI_MESSAGES_H
#include <stddef.h>

/* The most bytes that wait for the reader. */
#define MESSAGES_MOST (4u << 20)

/* Writes whole lines. */
void messages_write(const char *lines, size_t len);

/* Writes a line of progress, which the next one replaces: it is left out when other lines wait. */
void messages_write_progress(const char *line, size_t len);

/* Prints how many lines were left out, and waits until all are written, unless `wait` is 0 (after a signal). Before
 * it waits it closes standard output, so that a program can read that to its end first and standard error after it. */
void messages_end(int wait);

#endif
