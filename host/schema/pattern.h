/* SPDX-License-Identifier: MIT */
/* host/schema/pattern.h - regular expressions that are matched with hostile text: every match is paid for from a
 * budget of work and ends when it is used up.
 *
 * A pattern is read only once it is compiled: several threads may match with one, each with its own matcher. */
#ifndef ISO_HOST_SCHEMA_PATTERN_H
#define ISO_HOST_SCHEMA_PATTERN_H
#include "core/json_walk.h"
#include "host/schema/es_pattern.h"
#include "host/schema/work.h"

struct pattern;

/* Compiles a string literal, a pattern of ECMAScript (host/schema/es_pattern.h). NULL: why[] says what is wrong.
 * Besides, a lookbehind has to be of fixed length, and a repeat at most 65535 times. */
struct pattern *pattern_compile(struct json literal, char why[ES_PATTERN_WHY]);
void pattern_free(struct pattern *p);

/* Memory that matches use one after the other; starts zeroed. */
struct matcher {
    void *data, *context;
};
void matcher_free(struct matcher *m);

/* Whether the text of a string literal matches somewhere: 1, 0, or -1 when it would take more work or memory.
 * A lone surrogate is matched as U+FFFD. */
int pattern_match(const struct pattern *p, struct matcher *m, struct json literal, struct work *work);

#endif
