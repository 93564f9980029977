/* SPDX-License-Identifier: MIT */
/* host/schema/pattern.h - regular expressions that are matched with hostile text: every match is paid for from a
 * budget of work and ends when it is used up. */
#ifndef ISO_HOST_SCHEMA_PATTERN_H
#define ISO_HOST_SCHEMA_PATTERN_H
#include "core/json_walk.h"

struct pattern;

/* Compiles what a string literal stands for. NULL: why[] says what is wrong with it. */
struct pattern *pattern_compile(struct json literal, char why[160]);
void pattern_free(struct pattern *p);

/* Whether the text of a string literal matches somewhere: 1, 0, or -1 when it would take more work or memory.
 * A lone surrogate is matched as U+FFFD. *work is about a nanosecond each. */
int pattern_match(const struct pattern *p, struct json literal, uint64_t *work);

#endif
