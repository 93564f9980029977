/* SPDX-License-Identifier: MIT */
#include "worker/process/memory.h"

#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "worker/process/exports.h"
#include "worker/process/hugeheap.h"

/* glibc's internal names for its allocator; free() takes memory from them as usual. */
extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

static void (*when_spent)(void);
static int for_children, together;

void memory_arm(void (*spent)(void))
{
    when_spent = spent;
}

void memory_for_children(void)
{
    for_children = 1;
    hugeheap_open();
}

void memory_together(void)
{
    together = 1;
}

/* More stack than V8 allows agent code (14.6: 984 KiB), with room for V8's own functions below. */
#define STACK_USED ((size_t)2 << 20)

void __attribute__((noinline)) memory_stack(void)
{
    char deep[STACK_USED];

    deep[0] = 0; /* the kernel grows the mapping to this place, and uses one page of memory */
    __asm__ volatile("" : : "r"(deep) : "memory");
}

static void *checked(void *p)
{
    if (!p && when_spent)
        when_spent();
    return p;
}

/* ---- for the whole process: see worker/process/exports.h */

void *malloc(size_t size)
{
    return checked(__libc_malloc(size));
}

void *calloc(size_t count, size_t size)
{
    return checked(__libc_calloc(count, size));
}

void *realloc(void *p, size_t size)
{
    void *q = __libc_realloc(p, size);

    return q || size == 0 ? q : checked(q); /* realloc(p, 0) frees and returns NULL */
}

int posix_memalign(void **out, size_t align, size_t size)
{
    void *p = checked(__libc_memalign(align, size));

    if (!p)
        return ENOMEM;
    *out = p;
    return 0;
}

void *aligned_alloc(size_t align, size_t size)
{
    return checked(__libc_memalign(align, size));
}

void *memalign(size_t align, size_t size)
{
    return checked(__libc_memalign(align, size));
}

/* Drops V8's wish for an address. V8 spreads the parts of its heap over the whole address space, so that each part has
 * three or four page tables, which a start has to make and a fork to copy. The kernel places the parts together, at an
 * address that differs in every process; V8 in Chrome keeps them together, too. */
void *mmap64(void *hint, size_t size, int protection, int flags, int fd, off_t offset)
{
    void *huge;

    if (protection == PROT_NONE && flags & MAP_FIXED && flags & MAP_ANONYMOUS && hugeheap_guard(hint, size))
        return hint;
    if (together && !(flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) && flags & MAP_ANONYMOUS) {
        huge = protection == (PROT_READ | PROT_WRITE) ? hugeheap_take(size) : NULL;
        if (huge)
            return huge;
        hint = NULL;
    }
    return (void *)syscall(SYS_mmap, hint, size, protection, flags, fd, offset);
}

int munmap(void *p, size_t size)
{
    return hugeheap_give(p, size) ? 0 : (int)syscall(SYS_munmap, p, size);
}

int madvise(void *p, size_t size, int advice)
{
    return for_children && advice == MADV_DONTFORK ? 0 : (int)syscall(SYS_madvise, p, size, advice);
}
