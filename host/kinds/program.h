/* SPDX-License-Identifier: MIT */
/* host/kinds/program.h - functions for kinds whose definition names a program. */
#ifndef ISO_HOST_KINDS_PROGRAM_H
#define ISO_HOST_KINDS_PROGRAM_H
#include "host/declared/stubs.h"

/* See struct stub_kind. USAGE when the program or `cwd` does not exist. */
int program_present(const struct stub *s, struct iso_err *err);
/* USAGE also when a variable that `env` takes from the environment is not set. */
int program_prepare(const struct stub *s, const struct globals *g, struct iso_err *err);
int program_depends_on_place(const struct stub *s);
int program_each_file(const struct stub *s, int (*visit)(void *ctx, struct json path), void *ctx);
void program_describe(const struct stub *s, struct buf *out);

#endif
