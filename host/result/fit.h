/* SPDX-License-Identifier: MIT */
/* host/result/fit.h - cuts the texts of a result down to a budget of bytes, so that what is left is JSON of the same
 * shape, and keeps the whole of what was cut in files.
 *
 * result_fit() comes after the run is over, and before result_print(). The texts are exports or the value, the list
 * of skipped exports, console entries, and message, stack and fields of an error. The smallest of them stay whole, the
 * largest share the rest; the same goes for the members of an object. */
#ifndef ISO_HOST_RESULT_FIT_H
#define ISO_HOST_RESULT_FIT_H
#include "host/result/result.h"

/* `most` counts bytes of JSON; 0: no budget. When something is cut, r->truncated lists it. `folder` gets the whole
 * values, one file for each, named by its SHA-256; NULL: they are not kept. A result whose files cannot be written, or
 * for which there is no memory, becomes a failure, INTERNAL. */
void result_fit(struct run_result *r, uint64_t most, const char *folder);

/* A check to make before the first run. USAGE: it is no folder, or not a writable one. */
int result_fit_folder(const char *folder, struct iso_err *err);

#endif
