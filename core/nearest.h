/* SPDX-License-Identifier: MIT */
/* core/nearest.h - "did you mean": finds the known name that is closest to an unknown word. */
#ifndef ISO_CORE_NEAREST_H
#define ISO_CORE_NEAREST_H
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Longer words are not compared. */
#define NEAREST_MOST 64

/* The number of edits between two words: a letter added, dropped or replaced, or two neighbours swapped. Words
 * longer than NEAREST_MOST bytes count as far apart. */
size_t edit_distance(const char *a, size_t a_len, const char *b, size_t b_len);

/* The best name so far. Start from nearest_start(); offer every name. */
struct nearest {
    const char *word;
    size_t len, within; /* only names that are nearer than this count */
};
struct nearest nearest_start(const char *word, size_t len);
/* 1 when this name is nearer than all names offered before. */
int nearest_offer(struct nearest *n, const char *name, size_t len);

#ifdef __cplusplus
}
#endif
#endif
