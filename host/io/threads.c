/* SPDX-License-Identifier: MIT */
#include "host/io/threads.h"

#include <pthread.h>
#include <signal.h>

#include "host/io/shortage.h"

/* libuv's default for its pool, and the watchdog of the runs. */
#define MOST_THREADS (4 + 1)

static void *wait_for_all(void *gate)
{
    pthread_mutex_lock(gate);
    pthread_mutex_unlock(gate);
    return NULL;
}

int threads_check(struct iso_err *err)
{
    pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
    pthread_t threads[MOST_THREADS];
    int started = 0, error = 0;
    sigset_t all, before;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_mutex_lock(&gate); /* they exist at the same time, as they do later */
    while (!error && started < MOST_THREADS)
        if (!(error = pthread_create(&threads[started], NULL, wait_for_all, &gate)))
            started++;
    pthread_mutex_unlock(&gate);
    while (started > 0)
        pthread_join(threads[--started], NULL);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return error ? shortage_fail(err, "cannot start threads", error) : 0;
}
