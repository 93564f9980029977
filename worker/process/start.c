/* SPDX-License-Identifier: MIT */
/* Takes over the executable that this shared object is preloaded into: what static initialisers
 * tools/mkhost.c has left run, then worker_main() in place of Node's main(). */
#include <dlfcn.h>

#include "worker/process/exports.h"
#include "worker/worker.h"

typedef __typeof__(__libc_start_main) start_fn;

void abort(void)
{
    worker_abort();
}

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
