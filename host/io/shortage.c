/* SPDX-License-Identifier: MIT */
#include "host/io/shortage.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

int shortage_is(int error)
{
    return error == EMFILE || error == ENFILE || error == ETOOMANYREFS || error == ENOMEM ||
           error == ENOBUFS || error == EAGAIN;
}

const char *shortage_name(int error, char *text, size_t size)
{
    struct rlimit limit = {0, 0};

    switch (error) {
    case EMFILE:
        getrlimit(RLIMIT_NOFILE, &limit);
        snprintf(text, size, "all %llu file descriptors of this process are in use (ulimit -n)",
                 (unsigned long long)limit.rlim_cur);
        return text;
    case ENFILE:
        return "all file descriptors of the machine are in use (fs.file-max)";
    case ETOOMANYREFS:
        return "this user has too many file descriptors in flight between processes";
    case EAGAIN:
        return "no further process is allowed (ulimit -u, or pids.max of the cgroup)";
    case ENOMEM:
    case ENOBUFS:
        return "the machine is out of memory";
    default:
        return strerrordesc_np(error) ? strerrordesc_np(error) : "unknown error";
    }
}

int shortage_fail(struct iso_err *err, const char *what, int error)
{
    char text[120];

    iso_fail(err, ISO_INTERNAL, "%s: %s", what, shortage_name(error, text, sizeof text));
    return shortage_is(error) ? SHORTAGE : -1;
}
