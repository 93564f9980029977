/* SPDX-License-Identifier: MIT */
#include "worker/lockdown.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "worker/engine.h"

static int fail(struct iso_err *err, const char *step)
{
    return iso_fail(err, ISO_SANDBOX_UNAVAILABLE, "the worker could not be locked down: %s: %m", step);
}

/* Set-uid programs and file capabilities give nothing any more, whoever calls execve(2); also what allows an
 * unprivileged process to load a seccomp filter. */
static int no_new_privileges(struct iso_err *err)
{
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ? fail(err, "no_new_privs") : 0;
}

/* No core file with the agent's data in it, and no ptrace(2) by processes of the same user. */
static int not_dumpable(struct iso_err *err)
{
    return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0 ? fail(err, "not dumpable") : 0;
}

static int set_limit(int what, rlim_t value)
{
    struct rlimit limit = {value, value}, now;

    if (getrlimit(what, &now) == 0 && now.rlim_max < value)
        limit.rlim_cur = limit.rlim_max = now.rlim_max; /* a stricter limit was inherited */
    return setrlimit(what, &limit);
}

/* Pages of this process from /proc/self/statm: all of the address space, and data (sixth field). */
static int measure(uint64_t *size, uint64_t *data)
{
    char text[128];
    int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
    uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);

    if (fd >= 0)
        close(fd);
    if (n <= 0)
        return -1;
    text[n] = 0;
    if (sscanf(text, "%lu %*u %*u %*u %*u %lu", size, data) != 2)
        return -1;
    *size *= page;
    *data *= page;
    return 0;
}

/* What an isolate takes besides its heap: tables, zones of the parser, ICU, the frames under way. */
#define SLACK (24u << 20)

/* The kernel keeps the budget, because V8's own limits do not hold for large objects, zones, ICU and resizable
 * buffers. RLIMIT_DATA counts private writable pages. The limits are set against what the process uses now, so no
 * table of constants for each V8 build is needed. */
static int limit_memory(const struct lockdown *l, struct iso_err *err)
{
    uint64_t size, data, room;

    if (l->budget_bytes == 0)
        return 0;
    if (measure(&size, &data) < 0)
        return fail(err, "reading /proc/self/statm");
    room = l->budget_bytes + SLACK + (l->jit ? ENGINE_CODE_RANGE : 0);
    if (l->saving) /* V8 writes the blob beside the heap it serialises */
        room += l->budget_bytes;
    if (set_limit(RLIMIT_DATA, data + room) < 0)
        return fail(err, "RLIMIT_DATA");
    return 0;
}

/* Nothing new can be opened, written to a file or started. */
static int limit_resources(struct iso_err *err)
{
    if (set_limit(RLIMIT_CORE, 0) < 0 || set_limit(RLIMIT_FSIZE, 0) < 0 || set_limit(RLIMIT_NPROC, 0) < 0 ||
        set_limit(RLIMIT_MEMLOCK, 0) < 0 || set_limit(RLIMIT_MSGQUEUE, 0) < 0 || set_limit(RLIMIT_NOFILE, 0) < 0)
        return fail(err, "resource limits");
    return 0;
}

int lockdown(const struct lockdown *l, struct iso_err *err)
{
    if (no_new_privileges(err) < 0 || not_dumpable(err) < 0 || limit_memory(l, err) < 0 || limit_resources(err) < 0)
        return -1;
    return 0;
}
