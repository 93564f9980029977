/* SPDX-License-Identifier: MIT */
/* host/run/paths.h - where the parts of an iso4 installation are: beside the running executable, in ../lib/iso4,
 * so that an installed tree works from any place and the build tree has the same shape. */
#ifndef ISO_HOST_RUN_PATHS_H
#define ISO_HOST_RUN_PATHS_H
#include "core/error.h"

struct paths {
    char *v8_host; /* owned; the Node.js executable that holds V8 */
    char *worker;  /* owned; the shared object preloaded into it */
    char *base;    /* owned; the base snapshot */
    char *fetch;   /* owned; the program that answers `fetch` */
};

/* INTERNAL: the executable's own place cannot be found. Whether the files exist is not looked at here. */
int paths_find(struct paths *p, struct iso_err *err);
void paths_free(struct paths *p);

#endif
