/* SPDX-License-Identifier: MIT */
/* host/declared/answers.h - the list of answers of `cases` and `sequence`, indexed once, so that a call takes the time
 * to read its arguments once, with any number of answers. */
#ifndef ISO_HOST_DECLARED_ANSWERS_H
#define ISO_HOST_DECLARED_ANSWERS_H
#include "host/declared/stubs.h"
#include "host/schema/work.h"

/* `list` is a checked array of objects with an answer and perhaps `args`; it must live as long. NULL without memory. */
struct answers *answers_compile(struct json list);
void answers_free(struct answers *a);

size_t answers_count(const struct answers *a);

/* Finds the first answer with the same `args`; without one *out is unchanged. -1: the work is used up, or there is no
 * memory. */
int answers_find(const struct answers *a, struct json args, struct work *work, struct stub_answer *out);

/* The nth answer, from 1. */
struct stub_answer answers_nth(const struct answers *a, uint64_t n);

#endif
