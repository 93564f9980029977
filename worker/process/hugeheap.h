/* SPDX-License-Identifier: MIT */
/* worker/process/hugeheap.h - V8's heap in huge pages, for a process that is forked again and again.
 *
 * fork(2) copies an entry of the page tables for each page that a process has touched, and exit(2) takes it
 * down again: with a prefix of 9 MB some 6,000 of each, half of what a run costs. A huge page has one entry.
 * A child that writes to one gets a copy of 4 KiB, no more (Linux 6.18, mm/huge_memory.c,
 * do_huge_pmd_wp_page).
 */
#ifndef ISO_WORKER_PROCESS_HUGEHEAP_H
#define ISO_WORKER_PROCESS_HUGEHEAP_H
#include <stddef.h>

/* Linux 6.13, include/uapi/asm-generic/mman-common.h */
#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102
#endif

/* Reserves addresses; before lockdown, which counts them. Without huge pages, or without room for as many
 * addresses, all stays as it is: slower. */
void hugeheap_open(void);

/* Memory for a part of the heap, all zero and aligned to 256 KiB; NULL when there is none to be had here. */
void *hugeheap_take(size_t size);

/* 1 when [p, p + size) was memory from here and is taken back. */
int hugeheap_give(void *p, size_t size);

/* 1 when nobody can use [p, p + size), which was memory from here, any more, in this process and its
 * children. V8 does this to a dozen places between its constants, so that a fault of its own cannot be used
 * to read there, and with mmap(2) each would be a mapping that a fork has to copy. 0: the kernel has no guard
 * regions. */
int hugeheap_guard(void *p, size_t size);

/* No more from here, for this process and its children, whose own memory is small: it would cost them a huge
 * page each time. What they have from here they may unmap as usual. */
void hugeheap_close(void);

#endif
