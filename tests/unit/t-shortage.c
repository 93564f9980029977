/* SPDX-License-Identifier: MIT */
/* Each shortage by its own name. */
#include <errno.h>
#include <sys/resource.h>

#include "host/io/shortage.h"
#include "tests/tap.h"

static void names(int error, const char *part, int is_one)
{
    char text[150], what[80];
    struct iso_err err = {0};
    int rc = shortage_fail(&err, "cannot start a process", error);

    snprintf(what, sizeof what, "%s names '%s'", strerrorname_np(error), part);
    ok(strstr(shortage_name(error, text, sizeof text), part) != NULL, "%s", what);
    ok(strstr(err.msg, part) != NULL && err.code == ISO_INTERNAL, "also behind what was tried");
    is_int(rc, is_one ? SHORTAGE : -1, is_one ? "and is waited out" : "and is not waited out");
}

int main(void)
{
    struct rlimit limit = {123, 123};

    setrlimit(RLIMIT_NOFILE, &limit);
    names(EMFILE, "all 123 file descriptors of this process are in use (ulimit -n)", 1);
    names(ENFILE, "all file descriptors of the machine are in use (fs.file-max)", 1);
    names(EAGAIN, "no further process is allowed (ulimit -u, or pids.max of the cgroup)", 1);
    names(ENOMEM, "the machine is out of memory", 1);
    names(ENOSPC, "No space left on device", 0);
    names(EACCES, "Permission denied", 0);
    return done_testing();
}
