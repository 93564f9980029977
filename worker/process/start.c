/* SPDX-License-Identifier: MIT */
/* Takes over the executable into which this shared object is preloaded: the static initialisers that tools/mkhost.c has
 * kept run, then worker_main() in place of Node's main(). */
#include <dlfcn.h>

#include "worker/process/exports.h"
#include "worker/process/start.h"

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
    /* init is NULL, so that glibc (2.34) takes the initialisers from the dynamic section, where mkhost has kept only
     * the needed ones. The executable's own init, made for an older glibc, would run all of them. */
    return real(worker_main, argc, argv, NULL, fini, rtld_fini, stack_end);
}
