/* SPDX-License-Identifier: MIT */
/* serve/params.h - the params of a method by a table, and faults that name the member. */
#ifndef ISO_SERVE_PARAMS_H
#define ISO_SERVE_PARAMS_H
#include "core/error.h"
#include "core/json_walk.h"

/* The kinds of JSON that a member takes. */
enum param_type {
    PARAM_STRING = 1 << JSON_STRING,
    PARAM_NUMBER = 1 << JSON_NUMBER,
    PARAM_ARRAY = 1 << JSON_ARRAY,
    PARAM_OBJECT = 1 << JSON_OBJECT,
    PARAM_ANY = -1
};

struct param {
    const char *name;
    int types;    /* enum param_type, or-ed */
    int required; /* or it may be left out */
};

struct fault {
    char path[160]; /* of the member, dots between; empty: all of them */
    struct iso_err err;
};

/* USAGE. `path` may be NULL. */
int fault_set(struct fault *f, const char *path, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* Finds the members that the table names in params (.at NULL: none are given); others are ignored. found[] has a place
 * for each row, .at NULL for a member that is not given. -1: params is no object, or a member is missing, given twice or
 * of another type. */
int params_read(const struct param *rows, size_t count, struct json params, struct json *found,
                struct fault *f);

/* A string as a C string, to be freed; NULL when it holds U+0000 or a lone surrogate, or without memory. */
char *params_text(struct json literal);

#endif
