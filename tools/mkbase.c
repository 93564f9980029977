/* SPDX-License-Identifier: MIT */
/* tools/mkbase.c - makes the base snapshot from the bundled prelude; a step of the build, not installed.
 *
 * mkbase V8-HOST WORKER.so PRELUDE.js OUT.snap */
#include <stdio.h>

#include "core/json.h"
#include "host/run/precompile.h"

static int make(struct precompile *p, struct source *prelude, const char *path)
{
    struct iso_err err;

    if (source_read(prelude, path, NULL, "prelude.js", &err) < 0 || precompile(p, &err) < 0) {
        fprintf(stderr, "mkbase: %s\n", err.msg);
        return 1;
    }
    if (p->result.code != ISO_OK) {
        fprintf(stderr, "mkbase: %s: %.*s\n", iso_code_name(p->result.code), (int)p->result.message.len,
                p->result.message.data);
        return 1;
    }
    return 0;
}

int main(int argc, char **argv)
{
    struct source prelude = {0};
    struct paths paths;
    struct precompile p = {.mode = JOB_BASE, .sources = &prelude, .count = 1, .paths = &paths, .base_fd = -1};
    int status;

    if (argc != 5) {
        fprintf(stderr, "usage: mkbase V8-HOST WORKER.so PRELUDE.js OUT.snap\n");
        return 2;
    }
    paths = (struct paths){.v8_host = argv[1], .worker = argv[2]};
    p.output = argv[4];
    limits_default(&p.limits, LIMITS_FOR_PRECOMPILE);
    status = make(&p, &prelude, argv[3]);
    result_free(&p.result);
    source_free(&prelude);
    return status;
}
