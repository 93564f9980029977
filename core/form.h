/* SPDX-License-Identifier: MIT */
/* core/form.h - how the text of an agent is read. */
#ifndef ISO_CORE_FORM_H
#define ISO_CORE_FORM_H

/* id, name on command lines and in jobs.
 * AUTO      a module; a text that is none, or exports nothing, in the first of the other forms that it has
 * MODULE    an ES module and nothing else
 * FUNCTION  the body of an async function, which is called; what it returns is exports.default */
#define ISO_FORMS(X)    \
    X(AUTO, "auto")     \
    X(MODULE, "module") \
    X(FUNCTION, "function")

enum source_form {
#define X(id, name) FORM_##id,
    ISO_FORMS(X)
#undef X
        FORM_COUNT
};

/* FORM_COUNT: there is none of this name. */
enum source_form form_from_name(const char *name);

#endif
