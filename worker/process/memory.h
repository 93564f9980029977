/* SPDX-License-Identifier: MIT */
/* worker/process/memory.h - wraps malloc and the like: after memory_arm(), an allocation that the kernel's limit
 * refuses ends the run with one frame. Without this, ICU, operator new and V8's zones would crash with SIGSEGV,
 * SIGABRT or SIGTRAP. */
#ifndef ISO_WORKER_PROCESS_MEMORY_H
#define ISO_WORKER_PROCESS_MEMORY_H

/* From now on `spent`, which must neither allocate nor return, is called when there is no memory. */
void memory_arm(void (*spent)(void));

/* Grows the stack in advance: later the limit could refuse it, and the kernel ends a process whose stack cannot
 * grow. */
void memory_stack(void);

/* From now on forked children get all memory of this process: V8 marks some of its memory with MADV_DONTFORK, which
 * would be missing in the children. */
void memory_for_children(void);

/* From now on the kernel chooses addresses, not V8: close together, and so with fewer page tables. */
void memory_together(void);

#endif
