/* SPDX-License-Identifier: MIT */
/* cli/messages.h - lines on standard error while runs are under way: console lines of --stream, notes of --verbose,
 * progress. A reader that does not read holds up no run: beyond a bound lines are left out, and counted.
 *
 * messages_end() once, when the runs are over and standard output is written. Before the first and after the last of
 * these lines standard error may be written to as usual. */
#ifndef ISO_CLI_MESSAGES_H
#define ISO_CLI_MESSAGES_H
#include <stddef.h>

/* Bytes that wait for the reader. */
#define MESSAGES_MOST (4u << 20)

/* Writes whole lines. */
void messages_write(const char *lines, size_t len);

/* The same for a line that the next one of its kind makes worthless: it is left out when others wait. */
void messages_write_progress(const char *line, size_t len);

/* Says how many lines were left out, and waits until all are written, unless `wait` is 0: after a signal. Standard
 * output is closed first if there is anything to wait for: a program that reads it to its end before it reads
 * standard error shall get there. */
void messages_end(int wait);

#endif
