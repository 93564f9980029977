/* SPDX-License-Identifier: MIT */
/* worker/process/memory.h - malloc and its kin, wrapped: once armed, an allocation that the kernel's limit refuses
 * ends the run with one frame. Without this ICU, operator new and V8's zones would die of SIGSEGV, SIGABRT or
 * SIGTRAP. */
#ifndef ISO_WORKER_PROCESS_MEMORY_H
#define ISO_WORKER_PROCESS_MEMORY_H

/* From now on `spent`, which must neither allocate nor return, is called when there is no memory. */
void memory_arm(void (*spent)(void));

/* Takes the addresses of the stack while there are some: the kernel ends a process whose stack cannot grow. */
void memory_stack(void);

/* From now on children of this process get all of its memory: V8 marks its own as not for them
 * (MADV_DONTFORK), and it would be missing under their feet. */
void memory_for_children(void);

/* From now on the kernel chooses where memory is, not V8: together, and so with fewer page tables. */
void memory_together(void);

#endif
