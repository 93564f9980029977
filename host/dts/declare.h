/* SPDX-License-Identifier: MIT */
/* host/dts/declare.h - TypeScript declarations of the globals and imports that agent code may use. */
#ifndef ISO_HOST_DTS_DECLARE_H
#define ISO_HOST_DTS_DECLARE_H
#include "host/declared/imports.h"

/* Appends an ambient declaration file for globals and importable modules. */
void declare_all(struct buf *out, const struct globals *g, const struct imports *i);

/* Appends the type of a function, made from its `parameters` and `result`; see struct stub_kind. */
void declare_function(const struct stub *s, const char *arrow, int indent, struct buf *out);

#endif
