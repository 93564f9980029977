/* SPDX-License-Identifier: MIT */
/* Attempts on memory. */
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <stddef.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "probe/probe.h"

#ifndef SYS_memfd_secret
#define SYS_memfd_secret 447
#endif

static long map(size_t size, int protection, int flags, int fd)
{
    return syscall(SYS_mmap, NULL, size, protection, flags, fd, 0);
}

int try_mmap_rwx(const struct facts *f)
{
    (void)f;
    return answer(map(4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1));
}

int try_mmap_shared(const struct facts *f)
{
    (void)f;
    return answer(map(4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1));
}

int try_mmap_file(const struct facts *f)
{
    return answer(map(4096, PROT_READ, MAP_PRIVATE, f->program_fd));
}

int try_mprotect_exec(const struct facts *f)
{
    return answer(syscall(SYS_mprotect, f->scratch, 4096, PROT_READ | PROT_EXEC));
}

/* With the key -1 pkey_mprotect(2) does the same as mprotect(2). */
int try_pkey_mprotect(const struct facts *f)
{
    return answer(syscall(SYS_pkey_mprotect, f->scratch, 4096, PROT_READ | PROT_EXEC, -1));
}

int try_mremap_fixed(const struct facts *f)
{
    return answer(
        syscall(SYS_mremap, f->scratch, 4096, 4096, MREMAP_MAYMOVE | MREMAP_FIXED, f->scratch + SCRATCH / 2));
}

int try_mremap_dontunmap(const struct facts *f)
{
    return answer(syscall(SYS_mremap, f->scratch, 4096, 4096, MREMAP_MAYMOVE | MREMAP_DONTUNMAP, 0));
}

int try_madvise_willneed(const struct facts *f)
{
    return answer(syscall(SYS_madvise, f->scratch, 4096, MADV_WILLNEED));
}

int try_memfd(const struct facts *f)
{
    (void)f;
    return answer(syscall(SYS_memfd_create, "iso4-probe", 0));
}

int try_memfd_secret(const struct facts *f)
{
    (void)f;
    return answer(syscall(SYS_memfd_secret, 0));
}

int try_shmget(const struct facts *f)
{
    long id = syscall(SYS_shmget, IPC_PRIVATE, 4096, IPC_CREAT | 0600);

    (void)f;
    if (id >= 0)
        syscall(SYS_shmctl, id, IPC_RMID, NULL);
    return answer(id);
}

/* More than the budget and every allowance that lockdown.c makes on top of it. */
int try_over_budget(const struct facts *f)
{
    (void)f;
    return answer(map(PROBE_BUDGET + (256u << 20), PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1));
}

/* brk(2) answers with the break as it is then. */
int try_over_budget_brk(const struct facts *f)
{
    long now = syscall(SYS_brk, 0), want = now + PROBE_BUDGET + (256 << 20);

    (void)f;
    return syscall(SYS_brk, want) == want ? 0 : ENOMEM;
}

/* Maps address space that cannot be written. */
int try_over_address_space(const struct facts *f)
{
    (void)f;
    return answer(map((size_t)64 << 30, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1));
}

int try_userfaultfd(const struct facts *f)
{
    (void)f;
    return answer(syscall(SYS_userfaultfd, O_CLOEXEC | UFFD_USER_MODE_ONLY));
}
