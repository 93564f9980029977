/* SPDX-License-Identifier: MIT */
#include "core/nearest.h"

static size_t least(size_t a, size_t b, size_t c)
{
    size_t m = a < b ? a : b;

    return m < c ? m : c;
}

size_t edit_distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
    size_t rows[3][NEAREST_MOST + 1], *before = rows[0], *above = rows[1], *row = rows[2];

    if (a_len > NEAREST_MOST || b_len > NEAREST_MOST)
        return NEAREST_MOST + 1;
    for (size_t j = 0; j <= b_len; j++)
        above[j] = before[j] = j;
    for (size_t i = 1; i <= a_len; i++) {
        size_t *free_row = before;

        row[0] = i;
        for (size_t j = 1; j <= b_len; j++) {
            row[j] = least(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && before[j - 2] < row[j])
                row[j] = before[j - 2] + 1;
        }
        before = above;
        above = row;
        row = free_row;
    }
    return above[b_len];
}

struct nearest nearest_start(const char *word, size_t len)
{
    /* A third of the letters may differ; in a short word only one letter, and never all of them. */
    size_t within = len / 3 + 1;

    within = within < len ? within : len;
    return (struct nearest){word, len, len <= NEAREST_MOST ? within : 0};
}

int nearest_offer(struct nearest *n, const char *name, size_t len)
{
    size_t d = edit_distance(n->word, n->len, name, len);

    if (d >= n->within)
        return 0;
    n->within = d;
    return 1;
}
