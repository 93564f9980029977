/* SPDX-License-Identifier: MIT */
#include "sandbox/layers.h"

#include <stdio.h>
#include <string.h>

static const char *const names[LAYER_COUNT] = {
#define X(id, name, always) [LAYER_BIT_##id] = name,
    ISO_LAYERS(X)
#undef X
};

void layers_names(unsigned layers, char text[256])
{
    *text = 0;
    for (int bit = 0; bit < LAYER_COUNT; bit++)
        if (layers & 1u << bit)
            snprintf(text + strlen(text), 256 - strlen(text), "%s%s", *text ? ", " : "", names[bit]);
}
