/* SPDX-License-Identifier: MIT */
/* host/result/store.h - the store of a run: values by name that a caller keeps from run to run.
 *
 * store_take() turns the caller's JSON object into what the worker gets. After a run that succeeded the worker tells
 * what it has set and deleted, `{"set": {...}, "delete": [...]}`, which store_check_writes() proves and store_apply()
 * adds to the object.
 *
 * Sizes are counted in UTF-16 units of JSON text, as the worker counts them (worker/prelude/store.js). */
#ifndef ISO_HOST_JOB_STORE_H
#define ISO_HOST_JOB_STORE_H
#include "core/error.h"
#include "core/json_walk.h"

/* Fills *list with a JSON array, each key followed by its value as a string of JSON text. USAGE: a key stands twice,
 * or a value or all of them are too large. INTERNAL without memory. */
int store_take(struct json object, struct buf *list, struct iso_err *err);

/* 0 when text that a worker sent is one JSON object without white space, of the right form, with keys that differ and
 * within the limits; else -1. */
int store_check_writes(const char *text, size_t len);

/* Appends the object with what was written, a member a line. Takes n log n steps. -1: the whole would be too large, or
 * there is no memory. */
int store_apply(struct json object, struct json writes, struct buf *out);

#endif
