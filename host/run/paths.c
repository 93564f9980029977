/* SPDX-License-Identifier: MIT */
#include "host/run/paths.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *below(const char *root, const char *name)
{
    char *path;

    return asprintf(&path, "%s/lib/iso4/%s", root, name) < 0 ? NULL : path;
}

int paths_find(struct paths *p, struct iso_err *err)
{
    char root[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", root, sizeof root - 1);

    if (n < 0)
        return iso_fail(err, ISO_INTERNAL,
                        "cannot find the installation: /proc/self/exe: %m (iso4 needs /proc)");
    root[n] = 0;
    for (int up = 0; up < 2; up++) { /* ROOT/bin/iso4 */
        char *slash = strrchr(root, '/');
        if (slash)
            *slash = 0;
    }
    *p = (struct paths){below(root, "v8-host"), below(root, "worker.so"), below(root, "base.snap"),
                        below(root, "ts.snap"), below(root, "fetch")};
    if (!p->v8_host || !p->worker || !p->base || !p->ts || !p->fetch) {
        paths_free(p);
        return iso_fail(err, ISO_INTERNAL, "out of memory");
    }
    return 0;
}

void paths_free(struct paths *p)
{
    free(p->v8_host);
    free(p->worker);
    free(p->base);
    free(p->ts);
    free(p->fetch);
    *p = (struct paths){0};
}
