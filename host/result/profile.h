/* SPDX-License-Identifier: MIT */
/* host/result/profile.h - the CPU profile of one run: collects samples of the worker, which is not trusted, and prints
 * them in the .cpuprofile format of V8's inspector (Profiler.Profile), which DevTools and speedscope read.
 *
 * profile_open(); profile_begin() when agent code starts; a signal to the worker every profile_interval_ms(),
 * with profile_asked() for each; profile_record() for its frames; profile_end(); profile_print();
 * profile_free(). */
#ifndef ISO_HOST_RESULT_PROFILE_H
#define ISO_HOST_RESULT_PROFILE_H
#include <stdint.h>

#include "core/buf.h"
#include "core/error.h"

/* The interval doubles after each this many samples, so that a profile of a day stays small. */
#define PROFILE_SAMPLES_A_STEP 16384
/* Most different stacks; samples of further stacks count for their callers. */
#define PROFILE_MOST_NODES 262144

struct profile;

/* NULL without memory. */
struct profile *profile_open(void);
void profile_begin(struct profile *p, uint64_t ns);
uint64_t profile_interval_ms(const struct profile *p);
void profile_asked(struct profile *p);

/* Takes the payload of a PROFILE frame (protocol/profile.h). INTERNAL: it is malformed, refers to an unknown place, or
 * is more than was requested. */
int profile_record(struct profile *p, const char *data, size_t len, uint64_t now_ns, struct iso_err *err);

void profile_end(struct profile *p, uint64_t ns);
/* Appends the profile as one line of JSON with its newline, also for a run that never began. */
void profile_print(struct profile *p, struct buf *out);
void profile_free(struct profile *p);

#endif
