/* SPDX-License-Identifier: MIT */
#include "host/io/descriptors.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

/* More descriptors than the start of a program needs, together with threads that open files at the same time. */
#define SPARE 64

static struct rlimit before, own;
static int raised;

void descriptors_raise(void)
{
    struct rlimit now = {RLIM_INFINITY,
                         RLIM_INFINITY}; /* an outer seccomp filter may return 0 without setting it */

    if (getrlimit(RLIMIT_NOFILE, &now) < 0)
        return;
    own = before = now;
    own.rlim_cur = now.rlim_max;
    raised = now.rlim_cur < now.rlim_max && setrlimit(RLIMIT_NOFILE, &own) == 0;
}

/* The lowest free descriptor, which the kernel gives to the next file. -1: there is none. */
static int lowest_free(void)
{
    int fd = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0);

    if (fd >= 0)
        close(fd);
    return fd;
}

int descriptors_lower(void)
{
    int next = raised ? lowest_free() : -1;

    return next >= 0 && (rlim_t)next + SPARE < before.rlim_cur && setrlimit(RLIMIT_NOFILE, &before) == 0;
}

void descriptors_lift(void)
{
    setrlimit(RLIMIT_NOFILE, &own);
}

void descriptors_lower_of(pid_t program)
{
    if (raised)
        prlimit(program, RLIMIT_NOFILE, &before, NULL);
}
