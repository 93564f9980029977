/* SPDX-License-Identifier: MIT */
/* host/declared/answers.h - the answers in a list, as `cases` and `sequence` have it, laid out once: a call costs what
 * reading its arguments once does, however many answers there are. */
#ifndef ISO_HOST_DECLARED_ANSWERS_H
#define ISO_HOST_DECLARED_ANSWERS_H
#include "host/declared/stubs.h"
#include "host/schema/work.h"

/* `list` is a checked array of objects with an answer and perhaps `args`; it must live as long. NULL without memory. */
struct answers *answers_compile(struct json list);
void answers_free(struct answers *a);

size_t answers_count(const struct answers *a);

/* The first one whose `args` are the same; without one *out is untouched. -1: the work is used up, or there is no
 * memory. */
int answers_find(const struct answers *a, struct json args, struct work *work, struct stub_answer *out);

/* The nth one, from 1. */
struct stub_answer answers_nth(const struct answers *a, uint64_t n);

#endif
