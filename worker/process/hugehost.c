/* SPDX-License-Identifier: MIT */
#include "worker/process/hugehost.h"

#include <elf.h>
#include <link.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#include "host.h" /* made by tools/mkhost.c */

/* A copy of [start, start + len) with the same alignment, in huge pages where the kernel has them. */
static char *copy_of(const char *start, size_t len)
{
    char *room = mmap(NULL, len + HUGE_PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
         *copy;

    if (room == MAP_FAILED)
        return NULL;
    copy = (char *)(((uintptr_t)room + HUGE_PAGE - 1) & ~(uintptr_t)(HUGE_PAGE - 1));
    if (copy > room)
        munmap(room, (size_t)(copy - room));
    if (copy + len < room + len + HUGE_PAGE)
        munmap(copy + len, (size_t)(room + HUGE_PAGE - copy));
    if (madvise(copy, len, MADV_HUGEPAGE) < 0) {
        munmap(copy, len);
        return NULL;
    }
    memcpy(copy, start, len);
    return copy;
}

/* Replaces a range by its copy. No code in the range is running: this function is in another object, and there is only
 * one thread. */
static void move(uintptr_t from, size_t len, int protection)
{
    char *start = (char *)from, *copy = copy_of(start, len);

    if (!copy)
        return;
    if (mprotect(copy, len, protection) < 0 ||
        mremap(copy, len, len, MREMAP_MAYMOVE | MREMAP_FIXED, start) == MAP_FAILED)
        munmap(copy, len);
}

/* The huge pages that tools/mkhost.c has chosen; they are only moved when the executable is at its fixed address. */
static const uintptr_t chosen[] = {HOST_OFTEN_USED 0};

static void move_chosen(uintptr_t first, uintptr_t end, int protection)
{
    size_t pages;

    for (const uintptr_t *at = chosen; *at; at += pages) {
        for (pages = 1; at[pages] == *at + pages * HUGE_PAGE;)
            pages++;
        if (*at >= first && *at + pages * HUGE_PAGE <= end)
            move(*at, pages * HUGE_PAGE, protection);
    }
}

static int move_object(struct dl_phdr_info *info, size_t size, void *unused)
{
    (void)size;
    (void)unused;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *p = &info->dlpi_phdr[i];
        uintptr_t from = info->dlpi_addr + p->p_vaddr;

        if (p->p_type == PT_LOAD && !(p->p_flags & PF_W))
            move_chosen(from, from + p->p_filesz, p->p_flags & PF_X ? PROT_READ | PROT_EXEC : PROT_READ);
    }
    return 1; /* only the first entry, which is the executable */
}

void hugehost_move(void)
{
    dl_iterate_phdr(move_object, NULL);
}
