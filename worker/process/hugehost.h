/* SPDX-License-Identifier: MIT */
/* worker/process/hugehost.h - what most runs use of V8's code and tables in huge pages, for a process that is forked
 * again and again.
 *
 * Pages of a file are not copied to a child's page tables by fork(2) but faulted in again, here some 90 times
 * a run; anonymous huge pages are copied, a dozen for all of it (Linux 6.18, mm/memory.c, vma_needs_copy).
 * Each costs a fork and an exit 3 us together, though, for the page table that it may once need: not all of
 * V8 is worth it.
 */
#ifndef ISO_WORKER_PROCESS_HUGEHOST_H
#define ISO_WORKER_PROCESS_HUGEHOST_H
#include <stddef.h>

/* Of x86-64, and of arm64 with pages of 4 KiB. */
#define HUGE_PAGE ((size_t)2 << 20)

/* Before lockdown, and before anything runs beside this thread. Where the kernel has no huge pages to give,
 * or does not let code be moved, all stays as it is: slower, and no less safe. */
void hugehost_move(void);

#endif
