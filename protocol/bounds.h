/* SPDX-License-Identifier: MIT */
/* protocol/bounds.h - how much a worker tells of one run, besides what its limits say.
 *
 * The worker keeps these, so that a run which comes to one ends with its own code; the parent, which believes no
 * worker, has room for more: in core/json.h for levels, in protocol/frame.h for the frame that the texts are in. */
#ifndef ISO_PROTOCOL_BOUNDS_H
#define ISO_PROTOCOL_BOUNDS_H
#include "core/json.h"

/* Levels of arrays and objects in exports, arguments and fields, with the object or array that holds them all. */
#define BOUND_DEPTH 9990
/* In the fields of an error; each may be two levels of JSON, of which jq 1.6 reads 256. */
#define BOUND_FIELD_DEPTH 100

/* Bytes of UTF-8, before they are escaped. What is longer is cut between two characters. */
#define BOUND_NAME    256
#define BOUND_PATH    1024
#define BOUND_MESSAGE (64u << 10)
#define BOUND_STACK   (64u << 10)

/* Bytes of JSON. */
#define BOUND_FIELDS  (256u << 10)
#define BOUND_SKIPPED (2u << 20)

/* An escape takes six bytes for one. */
#define BOUND_DONE \
    (6 * (BOUND_NAME + BOUND_MESSAGE + BOUND_STACK) + BOUND_FIELDS + BOUND_SKIPPED + (64u << 10))

#ifndef __cplusplus
_Static_assert(BOUND_DEPTH < JSON_MAX_DEPTH, "the parent allows more levels than the worker tells");
#endif

#endif
