/* SPDX-License-Identifier: MIT */
/* rules/path.h - matches paths of URLs against the globs of rules.
 *
 * A server may decode, merge and shorten a path before it acts on it. Where a rule names paths, only paths that every
 * server reads the same way are allowed: the canonical form is compared, and a path that has none is refused. */
#ifndef ISO_RULES_PATH_H
#define ISO_RULES_PATH_H
#include "core/buf.h"

#define PATH_MOST 8192
#define GLOB_MOST 1024

/* Appends the canonical form: unreserved characters plain, other escapes in capitals. NULL, or the fault of the path
 * ("an encoded slash"). */
const char *path_canonical(const char *path, size_t len, struct buf *out);

/* 1 when the whole path matches: * matches anything but a slash, ** anything, any other character itself. Takes time
 * in proportion to the product of the lengths. -1 without memory. */
int path_matches(const char *path, size_t len, const char *glob);

/* NULL, or why no path could ever match this glob. */
const char *path_glob_wrong(const char *glob, size_t len);

#endif
