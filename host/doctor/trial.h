/* SPDX-License-Identifier: MIT */
/* host/doctor/trial.h - makes attempts of probe/attempts.h with chosen layers of the sandbox, each in a new process,
 * and reports their results.
 *
 * trial_host_open() makes the targets of the probes: a TCP port, a socket, a message queue, a secret in memory, a
 * descriptor and an environment variable that must not be inherited. Then trials_run(), any number of times, and
 * trial_host_close(). iso4 doctor and the tests of the sandbox use this. */
#ifndef ISO_HOST_DOCTOR_TRIAL_H
#define ISO_HOST_DOCTOR_TRIAL_H
#include <stddef.h>

#include "core/error.h"
#include "host/run/paths.h"
#include "probe/attempts.h"
#include "sandbox/layers.h"

struct attempt_row {
    const char *name, *group, *what;
    int outcome; /* with every layer in force */
};
extern const struct attempt_row attempt_rows[ATTEMPT_COUNT];
extern const char *const probe_mode_names[PROBE_MODES];

struct trial_host {
    char *probe; /* owned; path of the program */
    char parent[16], targets[256];
    int port, socket, leak, queue;
};

/* The way to start the probe. */
enum trial_start {
    TRIAL_CONTAINED, /* as a worker */
    TRIAL_PLAIN,     /* as a worker without namespaces */
    TRIAL_BARE,      /* fork and exec, nothing else: the control run for what spawn.h does */
};

struct trial {
    const char *attempt;  /* borrowed; a name of the table, or a raw call */
    unsigned want;        /* layers to put in force */
    enum probe_mode mode; /* before PROBE_FORKED */
    enum trial_start start;
    /* the result */
    int done;        /* 0: the attempt was not made, `text` has the reason */
    int outcome;     /* see probe/attempts.h */
    unsigned layers; /* in force, according to the code that set them up */
    char text[512];
};

/* INTERNAL: one of the things cannot be made. SANDBOX_UNAVAILABLE: the probe is not installed. */
int trial_host_open(struct trial_host *h, const struct paths *paths, struct iso_err *err);
void trial_host_close(struct trial_host *h);

/* Makes the attempts, several at a time, each for at most five seconds. Each trial gets its result or its error. */
void trials_run(const struct trial_host *h, struct trial *trials, size_t count);

/* 1 when a probe dies with the process that started it; 0 when not; -1: it could not be tried. */
int trial_orphan(const struct trial_host *h, unsigned want, enum trial_start start);

/* "permitted", "EACCES", "SIGSYS"; in one of eight static buffers, which are used in turn. */
const char *outcome_text(int outcome);

#endif
