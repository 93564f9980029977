/* SPDX-License-Identifier: MIT */
/* Attempts on the rest of the kernel: large parts, and those that change something for other processes. */
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/filter.h>
#include <linux/io_uring.h>
#include <linux/keyctl.h>
#include <linux/perf_event.h>
#include <linux/seccomp.h>
#include <mqueue.h>
#include <stdio.h>
#include <string.h>
#include <sys/fanotify.h>
#include <sys/inotify.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "probe/probe.h"

int try_io_uring(const struct facts *f)
{
    struct io_uring_params parameters = {0};

    (void)f;
    return answer(syscall(SYS_io_uring_setup, 1, &parameters));
}

int try_bpf(const struct facts *f)
{
    union bpf_attr map = {.map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 4, .max_entries = 1};

    (void)f;
    return answer(syscall(SYS_bpf, BPF_MAP_CREATE, &map, sizeof map));
}

int try_perf_event(const struct facts *f)
{
    struct perf_event_attr event = {.type = PERF_TYPE_SOFTWARE,
                                    .size = sizeof event,
                                    .config = PERF_COUNT_SW_TASK_CLOCK,
                                    .disabled = 1,
                                    .exclude_kernel = 1,
                                    .exclude_hv = 1};

    (void)f;
    return answer(syscall(SYS_perf_event_open, &event, 0, -1, -1, 0));
}

/* Keys: of the process only, so they end with it. */

int try_keyctl(const struct facts *f)
{
    (void)f;
    return answer(syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_PROCESS_KEYRING, 1));
}

int try_add_key(const struct facts *f)
{
    (void)f;
    return answer(syscall(SYS_add_key, "user", "iso4-probe", "x", 1, KEY_SPEC_PROCESS_KEYRING));
}

int try_request_key(const struct facts *f)
{
    (void)f;
    return answer_but(syscall(SYS_request_key, "user", "iso4-probe-none", NULL, 0), ENOKEY);
}

int try_inotify(const struct facts *f)
{
    (void)f;
    return answer(syscall(SYS_inotify_init1, 0));
}

int try_fanotify(const struct facts *f)
{
    (void)f;
    return answer(syscall(SYS_fanotify_init, FAN_CLASS_NOTIF, O_RDONLY));
}

/* ---- mounts and roots: a process with the rights gets the error that follows the check of rights */

int try_mount(const struct facts *f)
{
    (void)f;
    return answer_but(syscall(SYS_mount, "none", "/", "iso4-no-such-type", 0, NULL), ENODEV);
}

/* The new file system is not attached to a directory. */
int try_fsopen(const struct facts *f)
{
    (void)f;
    return answer(syscall(SYS_fsopen, "tmpfs", 0));
}

int try_chroot(const struct facts *f)
{
    (void)f;
    return answer(syscall(SYS_chroot, "/"));
}

/* Harmless: the kernel refuses the old root as the new one. */
int try_pivot_root(const struct facts *f)
{
    long rc = syscall(SYS_pivot_root, "/", "/");

    (void)f;
    return rc < 0 && errno == EINVAL ? 0 : answer_but(rc, EBUSY);
}

/* ---- settings of the whole machine */

/* The length is invalid: a process with the rights gets EINVAL. */
int try_sethostname(const struct facts *f)
{
    (void)f;
    return answer_but(syscall(SYS_sethostname, "", -1), EINVAL);
}

/* Without a time: the kernel checks the rights and sets no clock. */
int try_settimeofday(const struct facts *f)
{
    (void)f;
    return answer(syscall(SYS_settimeofday, NULL, NULL));
}

int try_load_module(const struct facts *f)
{
    (void)f;
    return answer_but(syscall(SYS_finit_module, -1, "", 0), EBADF);
}

int try_kernel_log(const struct facts *f)
{
    (void)f;
    return answer(syscall(SYS_syslog, 10 /* SYSLOG_ACTION_SIZE_BUFFER */, NULL, 0));
}

int try_msgget(const struct facts *f)
{
    long id = syscall(SYS_msgget, IPC_PRIVATE, IPC_CREAT | 0600);

    (void)f;
    if (id >= 0)
        syscall(SYS_msgctl, id, IPC_RMID, NULL);
    return answer(id);
}

int try_semget(const struct facts *f)
{
    long id = syscall(SYS_semget, IPC_PRIVATE, 1, IPC_CREAT | 0600);

    (void)f;
    if (id >= 0)
        syscall(SYS_semctl, id, 0, IPC_RMID);
    return answer(id);
}

int try_mq_open(const struct facts *f)
{
    struct mq_attr attributes = {.mq_maxmsg = 1, .mq_msgsize = 16};
    char name[64];
    long fd;

    snprintf(name, sizeof name, "iso4-probe-%d-%d", f->parent, f->pid);
    fd = syscall(SYS_mq_open, name, O_RDWR | O_CREAT | O_EXCL, 0600, &attributes);
    if (fd >= 0)
        syscall(SYS_mq_unlink, name);
    return answer(fd);
}

/* ---- the process itself */

int try_timer_create(const struct facts *f)
{
    struct sigevent none = {.sigev_notify = SIGEV_NONE};
    int id;

    (void)f;
    return answer(syscall(SYS_timer_create, CLOCK_MONOTONIC, &none, &id));
}

int try_personality(const struct facts *f)
{
    (void)f;
    return answer(syscall(SYS_personality, 0xffffffff));
}

int try_raise_nofile(const struct facts *f)
{
    struct rlimit limit;
    long rc = syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, NULL, &limit);

    (void)f;
    if (rc < 0)
        return answer(rc);
    limit.rlim_cur = ++limit.rlim_max;
    return answer(syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, &limit, NULL));
}

int try_prctl_name(const struct facts *f)
{
    (void)f;
    return answer(syscall(SYS_prctl, PR_SET_NAME, "iso4", 0, 0, 0));
}

int try_prctl_dumpable(const struct facts *f)
{
    (void)f;
    return answer(syscall(SYS_prctl, PR_SET_DUMPABLE, 1, 0, 0, 0));
}

/* A filter that allows everything. */
static struct sock_filter allow = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
static struct sock_fprog allow_all = {1, &allow};

int try_prctl_seccomp(const struct facts *f)
{
    (void)f;
    return answer(syscall(SYS_prctl, PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &allow_all, 0, 0));
}

int try_second_filter(const struct facts *f)
{
    (void)f;
    return answer(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &allow_all));
}

int try_catch_sigsys(const struct facts *f)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN};

    (void)f;
    return answer(sigaction(SIGSYS, &ignore, NULL));
}

int try_sigaltstack(const struct facts *f)
{
    stack_t stack = {.ss_sp = f->scratch, .ss_size = SCRATCH};

    return answer(syscall(SYS_sigaltstack, &stack, NULL));
}

int try_uname(const struct facts *f)
{
    struct utsname name;

    (void)f;
    return answer(syscall(SYS_uname, &name));
}

int try_sysinfo(const struct facts *f)
{
    struct sysinfo info;

    (void)f;
    return answer(syscall(SYS_sysinfo, &info));
}
