/* SPDX-License-Identifier: MIT */
/* serve/params.h - reads the params of a method by a table; faults name the member. */
#ifndef ISO_SERVE_PARAMS_H
#define ISO_SERVE_PARAMS_H
#include "core/error.h"
#include "core/json_walk.h"

/* The types of JSON that a member may have. */
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
    int required; /* 0: it may be left out */
};

struct fault {
    char path[160]; /* of the invalid member, with dots between names; empty: the params as a whole */
    struct iso_err err;
};

/* Sets a fault with USAGE; returns -1. `path` may be NULL. */
int fault_set(struct fault *f, const char *path, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* Finds the members of the table in params (.at NULL: not given); others are ignored. found[] has an element for each
 * row, .at NULL for a member that is not given. -1: params is not an object, or a member is missing, repeated or of
 * another type. */
int params_read(const struct param *rows, size_t count, struct json params, struct json *found,
                struct fault *f);

#endif
