/* SPDX-License-Identifier: MIT */
/* host/doctor/doctor.h - tries every layer of the sandbox on this machine, for real, and says what held.
 *
 * Each layer is judged by itself: attempts that it has to stop are made behind it, in processes of their own
 * (host/doctor/trial.h), and once more without it. Then all attempts there are, behind the whole stack; then one run
 * of the worker. Nothing is believed that a layer says about itself. */
#ifndef ISO_HOST_DOCTOR_DOCTOR_H
#define ISO_HOST_DOCTOR_DOCTOR_H
#include "core/buf.h"
#include "host/doctor/remedies.h"
#include "host/run/paths.h"

struct doctor_layer {
    int held, required;
    struct buf tried, result,
        control;    /* texts in the same order: what, what came of it, the same without the layer */
    char mend[400]; /* empty when it held */
};

struct doctor {
    struct machine machine;
    struct doctor_layer layers[LAYER_COUNT];
    int attempts, refused;  /* behind the whole stack */
    struct buf permitted;   /* names of those that were not refused, with commas; or why they were not made */
    int worker_ok;          /* a worker ran an agent */
    unsigned worker_layers; /* as it says itself */
    char worker_error[600]; /* code and message */
    uint64_t worker_ns;     /* from start to end */
    char v8[64];            /* of the base snapshot */
    long rss_kb, data_kb, vm_kb; /* of that worker, before its agent did anything; 0: could not be read */
    unsigned missing,
        claimed; /* required layers that did not hold; those that did not and that the worker says it has */
    int ok;      /* neither of these, nothing was permitted, and a worker runs */
};

/* INTERNAL: the doctor itself cannot work; what is wrong with the sandbox is in *d. */
int doctor_examine(struct doctor *d, const struct paths *paths, struct iso_err *err);
void doctor_free(struct doctor *d);

#endif
