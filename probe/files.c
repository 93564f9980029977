/* SPDX-License-Identifier: MIT */
/* Attempts on files and descriptors. */
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "probe/probe.h"
#include "protocol/worker.h"

static int open_it(const char *path, int flags)
{
    return answer(syscall(SYS_openat, AT_FDCWD, path, flags, 0));
}

int try_open_etc(const struct facts *f)
{
    (void)f;
    return open_it("/etc/passwd", O_RDONLY);
}

int try_open_root(const struct facts *f)
{
    (void)f;
    return open_it("/", O_RDONLY | O_DIRECTORY);
}

int try_open_proc_self(const struct facts *f)
{
    (void)f;
    return open_it("/proc/self/mem", O_RDWR);
}

int try_open_proc_parent(const struct facts *f)
{
    char path[64];

    snprintf(path, sizeof path, "/proc/%d/mem", f->parent);
    return open_it(path, O_RDONLY);
}

int try_openat2_etc(const struct facts *f)
{
    struct open_how how = {.flags = O_RDONLY};

    (void)f;
    return answer(syscall(SYS_openat2, AT_FDCWD, "/etc/passwd", &how, sizeof how));
}

int try_name_to_handle(const struct facts *f)
{
    struct {
        struct file_handle head;
        unsigned char bytes[128];
    } handle = {.head.handle_bytes = 128};
    int mount;

    (void)f;
    return answer(syscall(SYS_name_to_handle_at, AT_FDCWD, "/", &handle, &mount, 0));
}

int try_stat_etc(const struct facts *f)
{
    struct stat st;

    (void)f;
    return answer(syscall(SYS_newfstatat, AT_FDCWD, "/etc/passwd", &st, 0));
}

int try_statx_etc(const struct facts *f)
{
    struct statx st;

    (void)f;
    return answer(syscall(SYS_statx, AT_FDCWD, "/etc/passwd", 0, STATX_SIZE, &st));
}

int try_access_etc(const struct facts *f)
{
    (void)f;
    return answer(syscall(SYS_faccessat, AT_FDCWD, "/etc/passwd", R_OK));
}

int try_readlink_exe(const struct facts *f)
{
    char to[256];

    (void)f;
    return answer(syscall(SYS_readlinkat, AT_FDCWD, "/proc/self/exe", to, sizeof to));
}

int try_create_file(const struct facts *f)
{
    char path[64];
    long fd;

    snprintf(path, sizeof path, "/tmp/iso4-probe-%d-%d", f->parent, f->pid);
    fd = syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_EXCL, 0600);
    if (fd >= 0)
        unlink(path);
    return answer(fd);
}

/* The file has no name and is gone when it is closed. */
int try_write_root(const struct facts *f)
{
    (void)f;
    return answer(syscall(SYS_openat, AT_FDCWD, "/", O_TMPFILE | O_WRONLY, 0600));
}

int try_make_directory(const struct facts *f)
{
    char path[64];
    long rc;

    snprintf(path, sizeof path, "/tmp/iso4-probe-%d-%d.d", f->parent, f->pid);
    rc = syscall(SYS_mkdirat, AT_FDCWD, path, 0700);
    if (rc == 0)
        rmdir(path);
    return answer(rc);
}

int try_chdir_etc(const struct facts *f)
{
    (void)f;
    return answer(syscall(SYS_chdir, "/etc"));
}

int try_getcwd(const struct facts *f)
{
    char path[256];

    (void)f;
    return answer(syscall(SYS_getcwd, path, sizeof path));
}

int try_read_stdin(const struct facts *f)
{
    return answer(syscall(SYS_read, 0, f->scratch, 1));
}

int try_write_stdout(const struct facts *f)
{
    return answer(syscall(SYS_write, 1, f->scratch, 1));
}

int try_writev_stdout(const struct facts *f)
{
    struct iovec one = {f->scratch, 1};

    return answer(syscall(SYS_writev, 1, &one, 1));
}

int try_grow_file(const struct facts *f)
{
    return answer(syscall(SYS_write, f->memory_fd, f->scratch, 1));
}

int try_dup(const struct facts *f)
{
    (void)f;
    return answer(syscall(SYS_dup, WORKER_FD_PARENT));
}

int try_fcntl_setown(const struct facts *f)
{
    return answer(syscall(SYS_fcntl, WORKER_FD_PARENT, F_SETOWN, f->pid));
}

/* A worker's standard input is /dev/null, for which the kernel says ENOTTY: the call went through. */
int try_ioctl_tiocsti(const struct facts *f)
{
    (void)f;
    return answer_but(syscall(SYS_ioctl, 0, TIOCSTI, "x"), ENOTTY);
}

/* The kernel reads 32 bits of the request, a filter compares 64. */
int try_ioctl_tiocsti_hi(const struct facts *f)
{
    (void)f;
    return answer_but(syscall(SYS_ioctl, 0, TIOCSTI | 1ul << 32, "x"), ENOTTY);
}

/* No bytes: they would stand among our own. */
int try_send_channel(const struct facts *f)
{
    return answer(syscall(SYS_sendto, WORKER_FD_PARENT, f->scratch, 0, MSG_DONTWAIT, NULL, 0));
}

int try_receive_channel(const struct facts *f)
{
    struct iovec one = {f->scratch, 1};
    struct msghdr message = {
        .msg_iov = &one, .msg_iovlen = 1, .msg_control = f->scratch + 64, .msg_controllen = 256};

    return answer_but(syscall(SYS_recvmsg, WORKER_FD_PARENT, &message, MSG_DONTWAIT), EAGAIN);
}
