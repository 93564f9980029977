/* SPDX-License-Identifier: MIT */
/* There is no library for Landlock, and the C library's headers are often older than the kernel: the few
 * numbers that are needed stand here (include/uapi/linux/landlock.h, Linux 6.18). */
#include "worker/landlock.h"

#include <errno.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444 /* the same on all architectures */
#define SYS_landlock_restrict_self  446
#endif

#define CREATE_RULESET_VERSION 1u

struct ruleset {
    uint64_t access_fs;
    uint64_t access_net; /* since ABI 4 */
    uint64_t scoped;     /* since ABI 6 */
};

/* What each ABI can deny; a right that the kernel does not know is refused with EINVAL. */
static const struct {
    int abi;
    struct ruleset ruleset;
    size_t size;
} versions[] = {
    {6, {0xffff, 3, 3}, 24}, /* scopes: abstract unix sockets, signals */
    {5, {0xffff, 3, 0}, 16}, /* ioctl on devices */
    {4, {0x7fff, 3, 0}, 16}, /* TCP bind and connect */
    {3, {0x7fff, 0, 0}, 8},  /* truncate */
    {2, {0x3fff, 0, 0}, 8},  /* rename and link across directories */
    {1, {0x1fff, 0, 0}, 8},
};

int landlock_deny_all(void)
{
    long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, CREATE_RULESET_VERSION);
    size_t i = 0;
    long fd, rc;

    if (abi < 1)
        return errno == ENOSYS || errno == EOPNOTSUPP ? 0 : -1;
    while (versions[i].abi > abi)
        i++;
    fd = syscall(SYS_landlock_create_ruleset, &versions[i].ruleset, versions[i].size, 0);
    if (fd < 0)
        return -1;
    rc = syscall(SYS_landlock_restrict_self, (int)fd, 0);
    close((int)fd);
    return rc < 0 ? -1 : 1;
}
