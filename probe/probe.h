/* SPDX-License-Identifier: MIT */
/* probe/probe.h - the facts that attempts use, and their answer: 0 when permitted, else the error. */
#ifndef ISO_PROBE_PROBE_H
#define ISO_PROBE_PROBE_H
#include <sys/types.h>
#include <time.h>

#include "probe/attempts.h"

/* Gathered before lockdown, which refuses even the calls that ask for these. */
struct facts {
    char *program; /* own path */
    char **envp;
    int root;          /* outside of its namespaces, before lockdown */
    pid_t pid, parent; /* parent: as its own namespace numbers it */
    pid_t zygote, sibling;
    const char *setuid_program;
    unsigned port;
    uint64_t secret_at;
    unsigned long namespaces[PROBE_NAMESPACE_COUNT]; /* of the parent */
    unsigned char *scratch;                          /* SCRATCH bytes, mapped read and write */
    int program_fd,
        memory_fd; /* the own program, an empty file in memory; -1 but for the attempts that need them */
};

#define SCRATCH (64u << 10)

#define X(name, ...) int try_##name(const struct facts *f);
ISO_ATTEMPTS(X)
ISO_SIBLING_ATTEMPTS(X)
#undef X

/* errno when rc says so, else 0. */
int answer(long rc);
/* Like answer(), but the error `passed` counts as permitted, too: it comes after all checks of rights. */
int answer_but(long rc, int passed);

/* The clock of the processor time of a process. */
clockid_t processor_clock(pid_t pid);

/* One call by number, of the ABI that `text` names: "raw:NUMBER,ARGUMENT,..." (also x32, int80); an argument
 * @ is the address of the scratch memory. Only behind the filter: see probe_main(). */
int is_raw(const char *text);
int try_raw(const struct facts *f, const char *text);

void report_result(int outcome);

/* As many children as may be had, which end with this process's namespace; see probe/attempts.h. */
int fork_endlessly(void);

#endif
