/* SPDX-License-Identifier: MIT */
/* core/nearest.h - "did you mean": the name that is closest to a word that is none. */
#ifndef ISO_CORE_NEAREST_H
#define ISO_CORE_NEAREST_H
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Longer words are not compared. */
#define NEAREST_MOST 64

/* Edits of one letter, or of two neighbours that change places, between two words of at most NEAREST_MOST
 * bytes; a larger number for longer ones. */
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
