/* SPDX-License-Identifier: MIT */
/* host/declared/stub_values.h - checks of the values in a stub definition.
 *
 * Each takes the value, its key and its place; 0, or -1 and USAGE. Kinds use them for the value of their key,
 * ISO_STUB_OPTIONS for the options. */
#ifndef ISO_HOST_DECLARED_STUB_VALUES_H
#define ISO_HOST_DECLARED_STUB_VALUES_H
#include "host/declared/stubs.h"

#define STUB_CHECK(type) \
    int stub_check_##type(struct json v, const char *key, const struct stub_place *place, struct iso_err *err)

STUB_CHECK(any);
STUB_CHECK(text);
STUB_CHECK(bool);
STUB_CHECK(count);
STUB_CHECK(ms);
STUB_CHECK(approval);
STUB_CHECK(schema);      /* `parameters` are not only checked: stub_compile_schema() */
STUB_CHECK(argv);        /* a program and its arguments */
STUB_CHECK(environment); /* of a program */
STUB_CHECK(error);       /* an error that a function throws */
STUB_CHECK(answer);      /* {"returns": ...} or {"throws": ...} */
STUB_CHECK(answers);     /* an array of these */
STUB_CHECK(cases);       /* an array of these, each with its arguments */

/* The canned answer in an object with `returns` or `throws`. */
struct stub_answer stub_answer(struct json object);

/* The caller owns *out. */
int stub_compile_schema(struct json v, const char *key, const struct stub_place *place, struct schema **out,
                        struct iso_err *err);

#endif
