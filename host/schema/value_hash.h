/* SPDX-License-Identifier: MIT */
/* host/schema/value_hash.h - finds equal values among many: hashes, and comparisons with a budget of work. */
#ifndef ISO_HOST_SCHEMA_VALUE_HASH_H
#define ISO_HOST_SCHEMA_VALUE_HASH_H
#include "core/json_walk.h"
#include "host/schema/work.h"

/* The work of hashing a value of this size. */
#define VALUE_HASH_WORK(bytes) (100 + 4 * (uint64_t)(bytes))

/* A hash that is the same for values that are equal for json_equal(). Objects that repeat a name are an exception: all
 * their values count. Reads the text once; values nested deeper than 32 levels count by their kind only. */
uint64_t value_hash(struct json v);

/* json_equal() with a budget: 1 or 0, -1 when the work is used up or there is no memory. */
int value_equal(struct json a, struct json b, struct work *work);

#endif
