/* SPDX-License-Identifier: MIT */
#include "core/json_names.h"

#include <stdlib.h>
#include <string.h>

int json_compare_strings(struct json a, struct json b)
{
    struct json_letters in_a = json_letters(a), in_b = json_letters(b);
    char bytes_a[4], bytes_b[4];
    size_t len_a, len_b;
    int order;

    /* The order of bytes of UTF-8 is that of its characters. */
    if (!memchr(a.at, '\\', a.len) && !memchr(b.at, '\\', b.len)) {
        order = memcmp(a.at + 1, b.at + 1, (a.len < b.len ? a.len : b.len) - 2);
        return order ? order : (a.len > b.len) - (a.len < b.len);
    }
    do {
        len_a = json_next_letter(&in_a, bytes_a);
        len_b = json_next_letter(&in_b, bytes_b);
        if (len_a == 0 || len_b == 0)
            return (len_a > 0) - (len_b > 0);
        /* Comparing the common length is enough: a shorter UTF-8 sequence always has a lower first byte. */
        order = memcmp(bytes_a, bytes_b, len_a < len_b ? len_a : len_b);
    } while (order == 0);
    return order;
}

static int by_name(const void *a, const void *b)
{
    const struct json_named *x = a, *y = b;
    int order = json_compare_strings(x->name, y->name);

    return order ? order : x->index < y->index ? -1 : x->index > y->index;
}

int json_names_sort(struct json_names *n, struct json object)
{
    struct json_walk w = json_walk(object);
    struct json_named one = {0}, *list = calloc(1, sizeof *list), *more;
    size_t count = 0;

    if (!list)
        return -1;
    for (; w.members && json_next(&w, &one.name, &one.value); one.index = ++count) {
        if ((count & (count - 1)) == 0) { /* at every power of two */
            more = realloc(list, (count ? 2 * count : 1) * sizeof *list);
            if (!more) {
                free(list);
                return -1;
            }
            list = more;
        }
        list[count] = one;
    }
    qsort(list, count, sizeof *list, by_name);
    *n = (struct json_names){list, count};
    return 0;
}

const struct json_named *json_names_find(const struct json_names *n, struct json name)
{
    size_t low = 0, high = n->count;

    /* Ends after the last member whose name is not above the wanted one. */
    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (json_compare_strings(n->list[middle].name, name) > 0)
            high = middle;
        else
            low = middle + 1;
    }
    return low > 0 && json_same_string(n->list[low - 1].name, name) ? &n->list[low - 1] : NULL;
}

struct json json_names_repeated(const struct json_names *n)
{
    const struct json_named *first = NULL;

    for (size_t i = 1; i < n->count; i++)
        if ((!first || n->list[i].index < first->index) &&
            json_same_string(n->list[i].name, n->list[i - 1].name))
            first = &n->list[i];
    return first ? first->name : (struct json){NULL, 0};
}

void json_names_free(struct json_names *n)
{
    free(n->list);
    *n = (struct json_names){0};
}
