/* SPDX-License-Identifier: MIT */
/* host/schema/pattern.h - matches regular expressions with hostile text: every match uses a budget of work, and stops
 * when the budget is used up.
 *
 * A compiled pattern never changes: several threads may use it at the same time, each with its own matcher. */
#ifndef ISO_HOST_SCHEMA_PATTERN_H
#define ISO_HOST_SCHEMA_PATTERN_H
#include "core/json_walk.h"
#include "host/schema/es_pattern.h"
#include "host/schema/work.h"

struct pattern;

/* Compiles a string literal, a pattern of ECMAScript (host/schema/es_pattern.h). NULL: why[] has the fault. A
 * lookbehind must have a fixed length, and a quantifier must be at most 65535. */
struct pattern *pattern_compile(struct json literal, char why[ES_PATTERN_WHY]);
void pattern_free(struct pattern *p);

/* Memory that matches reuse; starts zeroed. */
struct matcher {
    void *data, *context;
};
void matcher_free(struct matcher *m);

/* 1 when the pattern matches some part of a string literal's text, 0 when not, -1 when work or memory is used up. A
 * lone surrogate counts as U+FFFD. */
int pattern_match(const struct pattern *p, struct matcher *m, struct json literal, struct work *work);

#endif
