/* SPDX-License-Identifier: MIT */
/* host/result/store.h - the store of a run: named values that the caller keeps for later runs.
 *
 * store_take() turns the caller's JSON object into the form that the worker reads. After a run that succeeded, the worker
 * sends its changes, `{"set": {...}, "delete": [...]}`. store_check_writes() checks them, and store_apply() makes them in
 * the object.
 *
 * Sizes are counted in UTF-16 units of JSON text, as the worker counts them (worker/prelude/store.js). */
#ifndef ISO_HOST_JOB_STORE_H
#define ISO_HOST_JOB_STORE_H
#include "core/error.h"
#include "core/json_walk.h"

/* Fills *list with a JSON array, each key followed by its value as a string of JSON text. USAGE: a key is there twice,
 * one value is too large, or all of them together are. INTERNAL: out of memory. */
int store_take(struct json object, struct buf *list, struct iso_err *err);

/* 0 when the text of a worker is correct, else -1: one JSON object of the right form, without white space, within the
 * limits, and with no key twice. */
int store_check_writes(const char *text, size_t len);

/* Appends the object with the changes in `writes`, one member on each line. Takes n log n steps. -1: the object would be
 * too large, or out of memory. */
int store_apply(struct json object, struct json writes, struct buf *out);

#endif
