/* SPDX-License-Identifier: MIT */
/* core/base64.h - RFC 4648 with padding: how bytes cross the boundary. */
#ifndef ISO_CORE_BASE64_H
#define ISO_CORE_BASE64_H
#include "core/buf.h"

#ifdef __cplusplus
extern "C" {
#endif

void base64_write(struct buf *out, const char *bytes, size_t len);
/* Appends the decoded bytes. -1: the text is not base64 with correct padding. */
int base64_read(struct buf *out, const char *text, size_t len);

#ifdef __cplusplus
}
#endif

#endif
