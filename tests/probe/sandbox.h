/* SPDX-License-Identifier: MIT */
/* tests/probe/sandbox.h - the parts of the test of the sandbox. Every attempt of probe/attempts.h is made for
 * real. */
#ifndef ISO_TESTS_PROBE_SANDBOX_H
#define ISO_TESTS_PROBE_SANDBOX_H
#include "host/doctor/trial.h"

/* Whole stack, each attempt, each filter, with and without namespaces: the exact outcome of the table. */
void test_whole_stack(const struct trial_host *h);

/* Tests which attempts each layer stops by itself, against the table in `path`; prints the table as measured. */
void test_each_layer(const struct trial_host *h, const char *path);
void print_each_layer(const struct trial_host *h);

/* The filters over all numbers of system calls, and over the arguments of those that are allowed. */
void test_filters(const struct trial_host *h);

/* All of it once more behind the filter of a zygote, and in children that it forks; and what those could do
 * to one another. */
void test_zygote(const struct trial_host *h);
void test_forked(const struct trial_host *h);

/* Attempts of other processes on a locked-down process, and its end when its parent dies. */
void test_from_outside(const struct trial_host *h);

long landlock_abi(void); /* less than 1: none */

/* The outcome that every call by int 0x80 has behind a filter. Where the kernel has no calls of the 32-bit ABI
 * (ia32_emulation=off, some hypervisors) the instruction is SIGSEGV, and no filter is asked. */
int refused_int80(void);

/* The outcome of an attempt behind all layers, by the last filter. */
int attempt_outcome(int attempt);

/* One test of TAP; the counters of tests/tap.h belong to one file. */
int check(int pass, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

extern const char *const mode_titles[PROBE_MODES]; /* by enum probe_mode */

#endif
