/* SPDX-License-Identifier: MIT */
#include "worker/hugetext.h"

#include <elf.h>
#include <link.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#define HUGE (2u << 20)

/* A copy of [start, start + len), huge pages as far as they can be had, in a place that is aligned as it is.
 */
static char *copy_of(const char *start, size_t len)
{
    char *room = mmap(NULL, len + HUGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), *copy;

    if (room == MAP_FAILED)
        return NULL;
    copy = (char *)(((uintptr_t)room + HUGE - 1) & ~(uintptr_t)(HUGE - 1));
    if (copy > room)
        munmap(room, (size_t)(copy - room));
    if (copy + len < room + len + HUGE)
        munmap(copy + len, (size_t)(room + HUGE - copy));
    if (madvise(copy, len, MADV_HUGEPAGE) < 0) {
        munmap(copy, len);
        return NULL;
    }
    memcpy(copy, start, len);
    return copy;
}

/* Nothing of the code is running: this is another object's, and there is one thread. */
static void move(char *start, size_t len)
{
    char *copy = copy_of(start, len);

    if (!copy)
        return;
    if (mprotect(copy, len, PROT_READ | PROT_EXEC) < 0 ||
        mremap(copy, len, len, MREMAP_MAYMOVE | MREMAP_FIXED, start) == MAP_FAILED)
        munmap(copy, len);
}

static int move_object(struct dl_phdr_info *info, size_t size, void *unused)
{
    (void)size;
    (void)unused;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *p = &info->dlpi_phdr[i];
        uintptr_t from = info->dlpi_addr + p->p_vaddr, to = from + p->p_filesz;

        if (p->p_type != PT_LOAD || !(p->p_flags & PF_X))
            continue;
        from = (from + HUGE - 1) & ~(uintptr_t)(HUGE - 1);
        to &= ~(uintptr_t)(HUGE - 1);
        if (to > from)
            move((char *)from, to - from);
    }
    return 1; /* the program itself comes first */
}

void hugetext_move(void)
{
    dl_iterate_phdr(move_object, NULL);
}
