/* SPDX-License-Identifier: MIT */
/* worker/prelude_text.h - the bundled prelude, in the worker object.
 *
 * Functions of the prelude that were not compiled when the base snapshot was made are compiled from their
 * text, so every heap has to have it. A string of 160 KB would be copied into each heap; in the object it is
 * a part of a file that is mapped anyway, of which a page is read when somebody needs it. */
#ifndef ISO_WORKER_PRELUDE_TEXT_H
#define ISO_WORKER_PRELUDE_TEXT_H
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ASCII, for the life of the process. */
const char *prelude_text(size_t *len);

#ifdef __cplusplus
}
#endif
#endif
