/* SPDX-License-Identifier: MIT */
/* serve/methods.h - the methods that clients call: one table. */
#ifndef ISO_SERVE_METHODS_H
#define ISO_SERVE_METHODS_H
#include "serve/peer.h"

/* name, function, 1 for a notification */
#define SERVE_METHODS(X)                  \
    X("initialize", method_initialize, 0) \
    X("prepare", method_prepare, 0)       \
    X("release", method_release, 0)       \
    X("run", method_run, 0)               \
    X("check", method_check, 0)           \
    X("$/cancelRequest", method_cancel, 1)

#endif
