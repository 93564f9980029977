/* SPDX-License-Identifier: MIT */
/* worker/process/hugeheap.h - V8's heap in huge pages, for a process that is forked again and again.
 *
 * fork(2) copies a page table entry for each page that a process has touched, and exit(2) removes it again: about 6,000
 * entries with a prefix of 9 MB, which takes half of the time of a run. A huge page has one entry. A child that writes
 * to a huge page gets a copy of 4 KiB only (Linux 6.18, mm/huge_memory.c, do_huge_pmd_wp_page). */
#ifndef ISO_WORKER_PROCESS_HUGEHEAP_H
#define ISO_WORKER_PROCESS_HUGEHEAP_H
#include <stddef.h>

/* Linux 6.13, include/uapi/asm-generic/mman-common.h */
#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102
#endif

/* Reserves addresses; before lockdown, which counts them. Without huge pages, or without room for the addresses, V8's
 * heap stays in small pages, which is slower. */
void hugeheap_open(void);

/* Memory for a part of the heap, all zero and aligned to 256 KiB; NULL when the reservation is used up. */
void *hugeheap_take(size_t size);

/* Takes back [p, p + size). 1: it was memory from here; 0: not. */
int hugeheap_give(void *p, size_t size);

/* Makes [p, p + size), memory from here, inaccessible in this process and its children. V8 does this to a dozen ranges
 * between its constants, so that a bug of V8 cannot be used to read there; with mmap(2) each range would be a mapping
 * that a fork has to copy. 0: the kernel has no guard regions. */
int hugeheap_guard(void *p, size_t size);

/* From now on this process and its children get small pages: children need little memory, and each would have to copy a
 * huge page. Memory that was taken from here may be unmapped as usual. */
void hugeheap_close(void);

#endif
