/* SPDX-License-Identifier: MIT */
/* host/doctor/doctor.h - tests every layer of the sandbox on this machine with real attempts, and reports the results.
 *
 * Each layer is tested alone: the attempts that it has to stop are made in separate processes with the layer
 * (host/doctor/trial.h), and again without it. Then all attempts are made with all layers; then one run of the worker.
 * A layer's own claim that it is in force is never trusted. */
#ifndef ISO_HOST_DOCTOR_DOCTOR_H
#define ISO_HOST_DOCTOR_DOCTOR_H
#include "core/buf.h"
#include "host/doctor/remedies.h"
#include "host/run/paths.h"

struct doctor_layer {
    int held, required;
    struct buf tried, result,
        control;    /* texts in the same order: the attempt, its result, its result without the layer */
    char mend[400]; /* the remedy; empty when the layer held */
};

struct doctor {
    struct machine machine;
    struct doctor_layer layers[LAYER_COUNT];
    int attempts, refused;  /* with all layers */
    struct buf permitted;   /* names of attempts that were permitted, with commas; or why none were made */
    int worker_ok;          /* a worker ran an agent */
    unsigned worker_layers; /* layers that the worker claims */
    char worker_error[600]; /* code and message */
    uint64_t worker_ns;     /* from start to end */
    char v8[64];            /* of the base snapshot */
    long rss_kb, data_kb, vm_kb; /* of that worker, before its agent did anything; 0: could not be read */
    unsigned missing,
        claimed; /* missing: required layers that did not hold; claimed: layers that did not hold although the worker
                  * claims them */
    int ok; /* none is missing or claimed, no attempt was permitted, and a worker runs */
};

/* INTERNAL: the tests cannot be made. Faults of the sandbox are reported in *d. */
int doctor_examine(struct doctor *d, const struct paths *paths, struct iso_err *err);
void doctor_free(struct doctor *d);

#endif
