/* SPDX-License-Identifier: MIT */
#include "core/form.h"

#include <string.h>

enum source_form form_from_name(const char *name)
{
#define X(id, text)              \
    if (strcmp(name, text) == 0) \
        return FORM_##id;
    ISO_FORMS(X)
#undef X
    return FORM_COUNT;
}
