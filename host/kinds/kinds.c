/* SPDX-License-Identifier: MIT */
#include "host/kinds/kinds.h"

#include <stddef.h>

const struct stub_kind *const stub_kinds[] = {
#define X(name) &stub_##name,
    ISO_STUB_KINDS(X)
#undef X
        NULL,
};
