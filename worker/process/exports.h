/* SPDX-License-Identifier: MIT */
/* worker/process/exports.h - functions of the C library that the preloaded worker object replaces in the whole process.
 * All its other symbols are hidden. A file that defines one of these functions includes this header after the one that
 * declares the function; tools/mkhost.c tells the linker. */
#ifndef ISO_WORKER_PROCESS_EXPORTS_H
#define ISO_WORKER_PROCESS_EXPORTS_H
#include <malloc.h>
#include <stdlib.h>
#include <sys/mman.h>

typedef int main_fn(int, char **, char **);

/* glibc's entry point, called by the executable's _start; the signature is that of the LSB. */
int __libc_start_main(main_fn *, int, char **, void (*)(void), void (*)(void), void (*)(void), void *);

#define WORKER_EXPORTS(X) \
    X(__libc_start_main)  \
    X(abort)              \
    X(aligned_alloc)      \
    X(calloc)             \
    X(madvise)            \
    X(malloc)             \
    X(memalign)           \
    X(mmap64)             \
    X(munmap)             \
    X(posix_memalign)     \
    X(realloc)

#define X(name) extern __typeof__(name) name __attribute__((visibility("default")));
WORKER_EXPORTS(X)
#undef X

#endif
