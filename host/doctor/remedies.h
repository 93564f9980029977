/* SPDX-License-Identifier: MIT */
/* host/doctor/remedies.h - finds what this machine permits and refuses, without putting a layer in force, and the
 * remedy for a missing layer. Only iso4 doctor needs this: a run simply tries. */
#ifndef ISO_HOST_DOCTOR_REMEDIES_H
#define ISO_HOST_DOCTOR_REMEDIES_H
#include <stddef.h>

#include "sandbox/layers.h"

struct machine {
    char kernel[160], hardware[80]; /* as uname(2) says */
    unsigned uid;
    int landlock_abi;    /* 0: none */
    int filters;         /* seccomp filters that are in force already, of a container; -1: unknown */
    int user_namespaces; /* error of making one, 0: can be made */
    int contained;       /* error of starting a process as a worker is started, with all namespaces */
    int landlock;        /* error of asking for Landlock */
    int seccomp;         /* error of asking for the filter's action */
};

void remedies_look(struct machine *m);

/* Writes one sentence for a layer that is missing: what the administrator can change to get it. */
void remedies_for(const struct machine *m, enum layer_bit layer, char *text, size_t size);

#endif
