/* SPDX-License-Identifier: MIT */
/* core/language.h - which language a source is written in. */
#ifndef ISO_CORE_LANGUAGE_H
#define ISO_CORE_LANGUAGE_H

/* id, name on command lines and in jobs.
 * AUTO        JavaScript; what V8 refuses is tried as TypeScript
 * JAVASCRIPT  nothing else
 * TYPESCRIPT  its types are erased before V8 sees it */
#define ISO_LANGUAGES(X) \
    X(AUTO, "auto")      \
    X(JAVASCRIPT, "js")  \
    X(TYPESCRIPT, "ts")

enum source_language {
#define X(id, name) LANGUAGE_##id,
    ISO_LANGUAGES(X)
#undef X
        LANGUAGE_COUNT
};

/* LANGUAGE_COUNT: there is none of this name. */
enum source_language language_from_name(const char *name);

/* The language of a file by its name, if `asked` leaves it open. LANGUAGE_COUNT: one that iso4 does not take. */
enum source_language language_of_file(const char *name, enum source_language asked);

#endif
