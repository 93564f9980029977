/* SPDX-License-Identifier: MIT */
#include "core/language.h"

#include <string.h>

enum source_language language_from_name(const char *name)
{
#define X(id, text)              \
    if (strcmp(name, text) == 0) \
        return LANGUAGE_##id;
    ISO_LANGUAGES(X)
#undef X
    return LANGUAGE_COUNT;
}

enum source_language language_of_file(const char *name, enum source_language asked)
{
    static const struct {
        const char *ending;
        enum source_language language;
    } endings[] = {
        {".ts", LANGUAGE_TYPESCRIPT},
        {".mts", LANGUAGE_TYPESCRIPT},
        {".tsx", LANGUAGE_COUNT},
    };
    const char *dot = strrchr(name, '.');

    for (size_t i = 0; asked == LANGUAGE_AUTO && dot && i < sizeof endings / sizeof *endings; i++)
        if (strcmp(dot, endings[i].ending) == 0)
            return endings[i].language;
    return asked;
}
