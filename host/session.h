/* SPDX-License-Identifier: MIT */
/* host/session.h - runs one after the other in the foreground, ended by SIGINT and SIGTERM. */
#ifndef ISO_HOST_SESSION_H
#define ISO_HOST_SESSION_H
#include "host/supervisor.h"

struct session {
    uv_loop_t loop;
    uv_signal_t interrupt, terminate;
    struct run *current;
    int signal; /* that ended the session; 0: none */
};

int session_open(struct session *s, struct iso_err *err);
void session_close(struct session *s);

/* Runs the request to its end; request->on_done has been called when this returns 0. -1: it could not start.
 */
int session_run(struct session *s, const struct run_request *request, struct iso_err *err);

#endif
