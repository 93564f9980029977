/* SPDX-License-Identifier: MIT */
/* host/hint/value_hint.h - tells what to export or send in place of a value that has no JSON. */
#ifndef ISO_HOST_HINT_VALUE_HINT_H
#define ISO_HOST_HINT_VALUE_HINT_H

/* A sentence, or NULL: then the hints for the error code are better. `message` ends with "it is WHAT", the worker's
 * reason why an export or an argument cannot be encoded (worker/encode.cc, worker/prelude/web/brand.js). */
const char *value_hint(const char *message);

#endif
