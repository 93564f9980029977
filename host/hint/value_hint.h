/* SPDX-License-Identifier: MIT */
/* host/hint/value_hint.h - what to export or send in place of a value that has no JSON. */
#ifndef ISO_HOST_HINT_VALUE_HINT_H
#define ISO_HOST_HINT_VALUE_HINT_H

/* `message` ends with "it is WHAT", as the worker says why an export or an argument cannot be encoded
 * (worker/encode.cc, worker/prelude/web/brand.js). A sentence, or NULL: the code's own hints are better. */
const char *value_hint(const char *message);

#endif
