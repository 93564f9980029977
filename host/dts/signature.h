/* SPDX-License-Identifier: MIT */
/* host/dts/signature.h - parts of the declared surface in TypeScript, for those who cannot read all of it. */
#ifndef ISO_HOST_DTS_SIGNATURE_H
#define ISO_HOST_DTS_SIGNATURE_H
#include "host/declared/imports.h"

/* Appends "docs.search(args: { query: string }): Promise<unknown>", on one line, without comments. */
void declare_signature(struct buf *out, const struct stub *s);

/* As declare_all() does for globals, but only functions whose place in g->stubs is set in chosen[]. */
void declare_chosen(struct buf *out, const struct globals *g, const unsigned char *chosen);

#endif
