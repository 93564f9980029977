/* SPDX-License-Identifier: MIT */
/* Takes over a Node.js executable that this shared object is preloaded into: the executable's static
 * initialisers run, then worker_main() runs in place of Node's main(). All of V8's C++ API is exported by the
 * executable. */
#include <dlfcn.h>
#include <stdlib.h>

#include "worker/worker.h"

typedef int main_fn(int, char **, char **);
typedef int start_fn(main_fn *, int, char **, void (*)(void), void (*)(void), void (*)(void), void *);

/* glibc's entry point, called by the executable's _start; the signature is that of the LSB. */
__attribute__((visibility("default"), noreturn)) void abort(void);

void abort(void)
{
    worker_abort();
}

__attribute__((visibility("default"))) start_fn __libc_start_main;

int __libc_start_main(main_fn *node_main, int argc, char **argv, void (*init)(void), void (*fini)(void),
                      void (*rtld_fini)(void), void *stack_end)
{
    start_fn *real = (start_fn *)dlsym(RTLD_NEXT, "__libc_start_main");

    (void)node_main;
    (void)init;
    if (!real)
        abort();
    /* Without an init of the program's own, glibc (2.34) goes by the dynamic section, where mkhost has left
     * only what is needed; the program's own, of an older glibc, knows its initialisers by their place. */
    return real(worker_main, argc, argv, NULL, fini, rtld_fini, stack_end);
}
