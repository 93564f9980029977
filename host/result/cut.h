/* SPDX-License-Identifier: MIT */
/* host/result/cut.h - shortens JSON: long strings, arrays and objects are cut, and tell how much is missing.
 *
 *     a string                  "the beginning… [N more characters]"
 *     an array                  [the first items, {"$type":"cut","items":N}]
 *     an array of lines         ["the first lines", "… [N more lines]"]
 *     a large member            {"$type":"cut","bytes":N}
 *     an object of many members {"$type":"cut","members":{the first ones},"keys":N}
 *
 * The members of an object share the room; the smallest are not cut. A value with a "$type" of its own is cut only if
 * its long part is an array (maps and sets), and is else replaced like a large member. */
#ifndef ISO_HOST_RESULT_CUT_H
#define ISO_HOST_RESULT_CUT_H
#include "core/json_walk.h"

/* The smallest room into which any value can be cut. */
#define CUT_LEAST 96

struct cut {
    struct buf *out; /* .failed: out of memory */
    int lines;       /* the value is an array of lines */
    /* Called for each value that is cut or replaced, but not for values inside an array that is cut. */
    void (*on_cut)(void *ctx, const struct buf *path, struct json whole);
    void *ctx;
    struct buf path; /* path of the value, such as `exports`; owned by the caller */
    int inside;      /* number of cut arrays around the value; start with 0 */
    int depth;       /* number of values around the value; start with 0 */
};

/* Appends v in at most `room` bytes. json_check() must have accepted v, and `room` must be at least CUT_LEAST. */
void cut_value(struct cut *c, struct json v, size_t room);

/* The largest length that `count` values may have so that they fit into `room` together: shorter values stay whole, and
 * longer ones are cut to this length. */
size_t cut_share(const size_t *lengths, size_t count, size_t room);

#endif
