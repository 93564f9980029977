/* SPDX-License-Identifier: MIT */
/* host/result/cut.h - JSON in fewer bytes: long strings, arrays and objects end early, and say so.
 *
 *     a string                  "the beginning… [N more characters]"
 *     an array                  [the first items, {"$type":"cut","items":N}]
 *     an array of lines         ["the first lines", "… [N more lines]"]
 *     a large member            {"$type":"cut","bytes":N}
 *     an object of many members {"$type":"cut","members":{the first ones},"keys":N}
 *
 * The members of an object share the room: the smallest stay whole. Values with a "$type" of their own are cut only
 * where they hold an array (maps and sets), else they are replaced like a large member. */
#ifndef ISO_HOST_RESULT_CUT_H
#define ISO_HOST_RESULT_CUT_H
#include "core/json_walk.h"

/* The least room in which a value can be cut. */
#define CUT_LEAST 96

struct cut {
    struct buf *out; /* .failed: there was no memory */
    int lines;       /* the value is an array of lines */
    /* Called for each value that does not stand whole in the output, but not for parts of an array that is cut. */
    void (*on_cut)(void *ctx, const struct buf *path, struct json whole);
    void *ctx;
    struct buf path; /* of the value, such as `exports`; owned by the caller */
    int inside;      /* of an array that is cut; from 0 */
    int depth;       /* from 0 */
};

/* Appends v, which json_check() has accepted, in at most `room` bytes, which is CUT_LEAST or more. */
void cut_value(struct cut *c, struct json v, size_t room);

/* The most room that each of `count` values can have, when those that need less have what they need. */
size_t cut_share(const size_t *lengths, size_t count, size_t room);

#endif
