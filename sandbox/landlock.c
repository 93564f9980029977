/* SPDX-License-Identifier: MIT */
/* Landlock without a library: none exists, and the C library's headers are often older than the kernel: the few
 * numbers that are needed stand here (include/uapi/linux/landlock.h, Linux 6.18). */
#include "sandbox/landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444 /* the same on all architectures */
#define SYS_landlock_add_rule       445
#define SYS_landlock_restrict_self  446
#endif

#define CREATE_RULESET_VERSION 1u
#define RULE_PATH_BENEATH      1
#define READ_FILE              (1ull << 2)
#define READ_DIR               (1ull << 3)
#define CONNECT_TCP            (1ull << 1)

struct ruleset {
    uint64_t access_fs;
    uint64_t access_net; /* since ABI 4 */
    uint64_t scoped;     /* since ABI 6 */
};

struct path_beneath {
    uint64_t allowed;
    int32_t parent;
} __attribute__((packed));

/* Rights that each ABI can deny; the kernel refuses unknown ones with EINVAL. */
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

/* All that this kernel can deny; -1 and errno when it has no Landlock. */
static int newest(struct ruleset *ruleset, size_t *size)
{
    long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, CREATE_RULESET_VERSION);
    size_t i = 0;

    if (abi < 1)
        return -1;
    while (versions[i].abi > abi)
        i++;
    *ruleset = versions[i].ruleset;
    *size = versions[i].size;
    return 0;
}

/* 0 when errno says that there is no Landlock: not in this kernel, not switched on, or refused by a container's seccomp
 * profile (EPERM). */
static int absent(void)
{
    return errno == ENOSYS || errno == EOPNOTSUPP || errno == EPERM ? 0 : -1;
}

int landlock_enforce(int ruleset)
{
    return syscall(SYS_landlock_restrict_self, ruleset, 0) < 0 ? -1 : 0;
}

static int enforce_and_close(int fd)
{
    int rc = landlock_enforce(fd);

    close(fd);
    return rc < 0 ? -1 : 1;
}

int landlock_open(int *fd)
{
    struct ruleset ruleset;
    size_t size;

    if (newest(&ruleset, &size) < 0)
        return absent();
    *fd = (int)syscall(SYS_landlock_create_ruleset, &ruleset, size, 0);
    return *fd < 0 ? -1 : 1;
}

int landlock_deny_all(void)
{
    int fd, rc = landlock_open(&fd);

    return rc > 0 ? enforce_and_close(fd) : rc;
}

/* A directory may be listed, too; for a file that right is refused. */
static int allow_reading(int ruleset, const char *path)
{
    struct stat st;
    struct path_beneath rule = {READ_FILE, open(path, O_PATH | O_CLOEXEC)};
    long rc;

    if (rule.parent < 0)
        return 0;
    if (fstat(rule.parent, &st) == 0 && S_ISDIR(st.st_mode))
        rule.allowed |= READ_DIR;
    rc = syscall(SYS_landlock_add_rule, ruleset, RULE_PATH_BENEATH, &rule, 0);
    close(rule.parent);
    return rc < 0 ? -1 : 0;
}

int landlock_read_only(const char *const *paths)
{
    struct ruleset ruleset;
    size_t size;
    long fd;

    if (newest(&ruleset, &size) < 0)
        return absent();
    ruleset.access_net &= ~CONNECT_TCP;
    fd = syscall(SYS_landlock_create_ruleset, &ruleset, size, 0);
    if (fd < 0)
        return -1;
    for (; *paths; paths++) {
        if (allow_reading((int)fd, *paths) == 0)
            continue;
        close((int)fd);
        return -1;
    }
    return enforce_and_close((int)fd);
}
