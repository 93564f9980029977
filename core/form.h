/* SPDX-License-Identifier: MIT */
/* core/form.h - the ways to read the text of an agent. */
#ifndef ISO_CORE_FORM_H
#define ISO_CORE_FORM_H

/* id, name on command lines and in jobs.
 * AUTO      a module; a text that does not parse as one, or exports nothing, is read in another form that fits
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

/* The form with this name; FORM_COUNT: there is none. */
enum source_form form_from_name(const char *name);

#endif
