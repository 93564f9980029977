/* SPDX-License-Identifier: MIT */
/* sandbox/layers.h - the layers of the sandbox, as bits, with the names that people see. */
#ifndef ISO_SANDBOX_LAYERS_H
#define ISO_SANDBOX_LAYERS_H

/* id, name, 1 when every run must have it (0: only where the machine can) */
#define ISO_LAYERS(X)                            \
    X(DESCRIPTORS, "descriptors", 1)             \
    X(ENVIRONMENT, "environment", 1)             \
    X(DEATH_WITH_PARENT, "death-with-parent", 1) \
    X(RLIMITS, "rlimits", 1)                     \
    X(NO_NEW_PRIVS, "no-new-privs", 1)           \
    X(NOT_DUMPABLE, "not-dumpable", 1)           \
    X(NAMESPACES, "namespaces", 0)               \
    X(EMPTY_ROOT, "empty-root", 0)               \
    X(NOT_ROOT, "not-root", 0)                   \
    X(NO_CAPABILITIES, "no-capabilities", 1)     \
    X(LANDLOCK, "landlock", 0)                   \
    X(SECCOMP, "seccomp", 1)

enum layer_bit {
#define X(id, ...) LAYER_BIT_##id,
    ISO_LAYERS(X)
#undef X
        LAYER_COUNT
};

enum layer {
#define X(id, ...) LAYER_##id = 1 << LAYER_BIT_##id,
    ISO_LAYERS(X)
#undef X
};

#define LAYERS_ALL ((1u << LAYER_COUNT) - 1)

/* Writes the names of the layers, with commas between. */
void layers_names(unsigned layers, char text[256]);

/* Layers that the parent sets up before exec. */
#define LAYERS_OF_PARENT (LAYER_DESCRIPTORS | LAYER_ENVIRONMENT | LAYER_DEATH_WITH_PARENT)

#endif
