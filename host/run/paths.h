/* SPDX-License-Identifier: MIT */
/* host/run/paths.h - finds the parts of an iso4 installation in ../lib/iso4, relative to the running executable, so
 * that an installed tree works in any folder. The build tree has the same layout. */
#ifndef ISO_HOST_RUN_PATHS_H
#define ISO_HOST_RUN_PATHS_H
#include "core/error.h"

struct paths {
    char *v8_host; /* owned; the Node.js executable that holds V8 */
    char *worker;  /* owned; the shared object preloaded into it */
    char *base;    /* owned; the base snapshot */
    char *ts;      /* owned; the snapshot that erases types */
    char *fetch;   /* owned; the fetch helper */
};

/* INTERNAL: the path of the executable cannot be found. Does not check that the files exist. */
int paths_find(struct paths *p, struct iso_err *err);
void paths_free(struct paths *p);

#endif
