/* SPDX-License-Identifier: MIT */
/* host/doctor/trial.h - attempts of probe/attempts.h made behind chosen layers of the sandbox, each in a process of
 * its own, and what came of them.
 *
 * trial_host_open() makes what the probes try to reach: a TCP port, a socket, a message queue, a secret in
 * memory, a descriptor and an environment variable that must not be inherited. Then trials_run(), any number
 * of times, and trial_host_close(). iso4 doctor and the tests of the sandbox both stand on this. */
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

/* How the probe is started. */
enum trial_start {
    TRIAL_CONTAINED, /* as a worker */
    TRIAL_PLAIN,     /* as a worker where no namespaces are to be had */
    TRIAL_BARE,      /* fork and exec, nothing else: the control run for what spawn.h does */
};

struct trial {
    const char *attempt;  /* borrowed; a name of the table, or a raw call */
    unsigned want;        /* layers to put in force */
    enum probe_mode mode; /* before PROBE_FORKED */
    enum trial_start start;
    /* what came of it */
    int done;        /* 0: the attempt was not made, text says why */
    int outcome;     /* see probe/attempts.h */
    unsigned layers; /* in force, as the code that set them up says */
    char text[512];
};

/* INTERNAL: one of the things cannot be made. SANDBOX_UNAVAILABLE: the probe is not installed. */
int trial_host_open(struct trial_host *h, const struct paths *paths, struct iso_err *err);
void trial_host_close(struct trial_host *h);

/* Makes the attempts, several at a time, none for longer than five seconds. What goes wrong is said in each
 * trial. */
void trials_run(const struct trial_host *h, struct trial *trials, size_t count);

/* Whether a probe dies when the process that started it dies. 1: yes; 0: no; -1: it could not be tried. */
int trial_orphan(const struct trial_host *h, unsigned want, enum trial_start start);

/* "permitted", "EACCES", "SIGSYS"; borrowed until the next call but seven. */
const char *outcome_text(int outcome);

#endif
