/* SPDX-License-Identifier: MIT */
/* host/doctor/remedies.h - what this machine gives and refuses, as far as it can be asked without any layer in force,
 * and what would mend it. Only iso4 doctor wants to know: a run finds out by doing. */
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

/* One sentence: what the administrator can change so that the layer is to be had. Asked for a layer that is
 * not. */
void remedies_for(const struct machine *m, enum layer_bit layer, char *text, size_t size);

#endif
