/* SPDX-License-Identifier: MIT */
/* host/schema/pointer.h - JSON pointers as fragments ("#/$defs/a") into one document. Objects and arrays that they
 * lead through are taken apart once: many pointers cost n log n. */
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
