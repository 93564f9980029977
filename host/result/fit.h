/* SPDX-License-Identifier: MIT */
/* host/result/fit.h - cuts the texts of a result so that they fit into a budget of bytes. The result stays JSON of the
 * same shape. The whole values can be written to files.
 *
 * Call result_fit() after the run is over, and before result_print(). The texts are exports or the value, the list
 * of skipped exports, console entries, and message, stack and fields of an error. The smallest texts are not cut, and
 * the largest share the remaining bytes; the same rule applies to the members of an object. */
#ifndef ISO_HOST_RESULT_FIT_H
#define ISO_HOST_RESULT_FIT_H
#include "host/result/result.h"

/* `most` is the budget in bytes of JSON; 0: no limit. r->truncated lists all values that are cut. Each of them is
 * written whole to a file in `folder`, which is named after its SHA-256; NULL: no files are written. If a file cannot be
 * written, or memory runs out, the result becomes a failure, INTERNAL. */
void result_fit(struct run_result *r, uint64_t most, const char *folder);

/* Checks `folder`; call it before the first run. USAGE: it is not a folder, or cannot be written to. */
int result_fit_folder(const char *folder, struct iso_err *err);

#endif
