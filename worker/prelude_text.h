/* SPDX-License-Identifier: MIT */
/* worker/prelude_text.h - the text of the bundled prelude, in the worker object.
 *
 * Functions of the prelude that are not compiled in the base snapshot are compiled from the text later, so every heap
 * needs it. As a string it would add 160 KB to each heap; in the object it is part of a mapped file, of which the
 * kernel reads only pages that are used. */
#ifndef ISO_WORKER_PRELUDE_TEXT_H
#define ISO_WORKER_PRELUDE_TEXT_H
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The text, ASCII, valid for the life of the process. */
const char *prelude_text(size_t *len);

#ifdef __cplusplus
}
#endif
#endif
