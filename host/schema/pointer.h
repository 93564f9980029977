/* SPDX-License-Identifier: MIT */
/* host/schema/pointer.h - follows JSON pointers in the form of fragments ("#/$defs/a") in one document. Objects and
 * arrays on the way are indexed once, so that many pointers take n log n steps. */
#ifndef ISO_HOST_SCHEMA_POINTER_H
#define ISO_HOST_SCHEMA_POINTER_H
#include "core/json_walk.h"

/* Start from `{.root = document}`. */
struct pointers {
    struct json root;
    void *containers; /* owned */
};

/* The value that a pointer, a string literal, leads to; .at of *out is NULL when there is none. -1: no memory. */
int pointer_follow(struct pointers *p, struct json ref, struct json *out);
void pointers_free(struct pointers *p);

#endif
