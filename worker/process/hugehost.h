/* SPDX-License-Identifier: MIT */
/* worker/process/hugehost.h - puts the code and tables of V8 that most runs use into huge pages, for a process that is
 * forked again and again.
 *
 * fork(2) does not copy page table entries for pages of a file: a child faults them in again, here about 90 times a
 * run. It does copy the entries of anonymous huge pages, about a dozen in all (Linux 6.18, mm/memory.c,
 * vma_needs_copy). But each huge page adds 3 us to fork and exit, for the page table that it may need later, so only
 * parts of V8 are moved.
 */
#ifndef ISO_WORKER_PROCESS_HUGEHOST_H
#define ISO_WORKER_PROCESS_HUGEHOST_H
#include <stddef.h>

/* The size of a huge page on x86-64, and on arm64 with pages of 4 KiB. */
#define HUGE_PAGE ((size_t)2 << 20)

/* Before lockdown, and while there is only one thread. When the kernel has no huge pages, or does not allow to move
 * code, nothing changes: forks are slower, but just as safe. */
void hugehost_move(void);

#endif
