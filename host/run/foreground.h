/* SPDX-License-Identifier: MIT */
/* host/run/foreground.h - runs requests one after the other; signals abort them. */
#ifndef ISO_HOST_RUN_FOREGROUND_H
#define ISO_HOST_RUN_FOREGROUND_H
#include "host/io/signals.h"
#include "host/run/supervisor.h"

struct foreground {
    uv_loop_t loop;
    struct signals signals;
    struct run *current;
    struct stripper *stripper; /* opened by the first run */
    int signal;                /* the signal that ended the session; 0: none */
};

int foreground_open(struct foreground *s, struct iso_err *err);
void foreground_close(struct foreground *s);

/* Runs the request to its end; request->on_done has been called when this returns 0. -1: it could not start.
 */
int foreground_run(struct foreground *s, const struct run_request *request, struct iso_err *err);

#endif
