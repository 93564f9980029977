/* SPDX-License-Identifier: MIT */
/* host/schema/value_hash.h - finding equal values among many: hashes, and comparisons that are paid for. */
#ifndef ISO_HOST_SCHEMA_VALUE_HASH_H
#define ISO_HOST_SCHEMA_VALUE_HASH_H
#include "core/json_walk.h"
#include "host/schema/work.h"

/* The work of hashing a value of so many bytes. */
#define VALUE_HASH_WORK(bytes) (100 + 4 * (uint64_t)(bytes))

/* The same for values that json_equal() holds to be equal, but for objects that repeat a name: they are told
 * apart by all of their values. One pass over the text; what is nested deeper than 32 levels counts by its kind. */
uint64_t value_hash(struct json v);

/* json_equal(), paid for: 1 or 0, -1 when the work is used up or there is no memory. */
int value_equal(struct json a, struct json b, struct work *work);

#endif
