/* SPDX-License-Identifier: MIT */
#include "host/io/fd_queue.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* Memory that is kept when all is written. */
#define KEPT (4u << 20)

enum {
    KIND_FILE,   /* never blocks for a reader */
    KIND_OWN,    /* a pipe or terminal that could be opened again as non-blocking */
    KIND_SOCKET, /* has a flag for non-blocking writes */
    KIND_WAITS,  /* all others: a pipe of another user, for instance */
};

/* The state of the writing thread. The queue or the thread frees it, whichever ends last: a write may never return, so
 * the queue does not wait for it. */
struct fd_writer {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int fd;            /* owned */
    struct buf next;   /* bytes to write */
    size_t backlog;    /* bytes in `next`, and the rest of those being written */
    int error, closed; /* closed: the queue is gone */
    uv_async_t *async; /* owned by the loop; NULL: no loop, or closed */
};

/* ---- the thread */

static void free_writer(struct fd_writer *w)
{
    close(w->fd);
    buf_free(&w->next);
    pthread_cond_destroy(&w->changed);
    pthread_mutex_destroy(&w->lock);
    free(w);
}

/* Writes all bytes. Returns 0, or errno. Waits also when another program made the descriptor non-blocking. */
static int write_waiting(int fd, const char *data, size_t len)
{
    while (len > 0) {
        ssize_t n = write(fd, data, len);

        if (n < 0 && errno == EAGAIN)
            (void)poll(&(struct pollfd){.fd = fd, .events = POLLOUT}, 1, -1);
        else if (n < 0 && errno != EINTR)
            return errno;
        if (n > 0) {
            data += n;
            len -= (size_t)n;
        }
    }
    return 0;
}

/* Writes the waiting bytes. The caller holds the lock, which is released during the write. */
static void write_next(struct fd_writer *w)
{
    struct buf now = w->next;
    int error;

    w->next = (struct buf){0};
    pthread_mutex_unlock(&w->lock);
    error = write_waiting(w->fd, now.data, now.len);
    pthread_mutex_lock(&w->lock);
    w->backlog = error ? 0 : w->backlog - now.len;
    w->error = error;
    if (w->next.size == 0 && now.size <= KEPT) {
        buf_reset(&now);
        w->next = now;
    } else {
        buf_free(&now);
    }
    if (w->backlog > 0)
        return;
    pthread_cond_broadcast(&w->changed);
    if (w->async)
        uv_async_send(w->async);
}

static void *writer_main(void *of)
{
    struct fd_writer *w = of;

    pthread_mutex_lock(&w->lock);
    while (!w->closed && !w->error) {
        if (w->next.len)
            write_next(w);
        else
            pthread_cond_wait(&w->changed, &w->lock);
    }
    while (!w->closed)
        pthread_cond_wait(&w->changed, &w->lock);
    pthread_mutex_unlock(&w->lock);
    free_writer(w);
    return NULL;
}

/* ---- starting it */

static void on_async(uv_async_t *async)
{
    struct fd_queue *q = async->data;

    if (fd_queue_backlog(q) == 0)
        q->drained(q->ctx);
}

static int start_thread(struct fd_writer *w)
{
    sigset_t all, before;
    pthread_t thread;
    int rc;

    sigfillset(&all); /* signals are for the thread of the loop */
    pthread_sigmask(SIG_SETMASK, &all, &before);
    rc = pthread_create(&thread, NULL, writer_main, w);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (rc == 0)
        pthread_detach(thread);
    return rc;
}

static void watch_writer(struct fd_queue *q, struct fd_writer *w)
{
    uv_async_t *async = q->loop ? malloc(sizeof *async) : NULL;

    if (!async)
        return;
    uv_async_init(q->loop, async, on_async);
    uv_unref((uv_handle_t *)async); /* must not keep the loop alive */
    async->data = q;
    w->async = async;
}

static void free_handle(uv_handle_t *handle)
{
    free(handle);
}

/* Starts the thread. Returns 0, or errno. */
static int open_writer(struct fd_queue *q)
{
    struct fd_writer *w = calloc(1, sizeof *w);
    int rc;

    if (!w)
        return ENOMEM;
    w->fd = fcntl(q->fd, F_DUPFD_CLOEXEC, 3);
    rc = w->fd < 0 ? errno : 0;
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->changed, NULL);
    watch_writer(q, w);
    if (rc == 0)
        rc = start_thread(w);
    if (rc == 0) {
        q->writer = w;
        return 0;
    }
    if (w->async)
        uv_close((uv_handle_t *)w->async, free_handle);
    free_writer(w);
    return rc;
}

/* ---- the queue */

void fd_queue_open(struct fd_queue *q, uv_loop_t *loop, int fd, void (*drained)(void *ctx), void *ctx)
{
    char name[40];
    struct stat st;

    *q = (struct fd_queue){
        .fd = fd, .own = -1, .kind = KIND_WAITS, .loop = loop, .drained = drained, .ctx = ctx};
    if (fstat(fd, &st) < 0)
        return; /* the first write reports the error */
    if (S_ISREG(st.st_mode))
        q->kind = KIND_FILE;
    else if (S_ISSOCK(st.st_mode))
        q->kind = KIND_SOCKET;
    if (!S_ISFIFO(st.st_mode) && !S_ISCHR(st.st_mode))
        return;
    snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    q->own = open(name, O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
    if (q->own >= 0)
        q->kind = KIND_OWN;
}

static ssize_t write_some(const struct fd_queue *q, const char *data, size_t len)
{
    switch (q->kind) {
    case KIND_FILE:
        return write(q->fd, data, len);
    case KIND_OWN:
        return write(q->own, data, len);
    case KIND_SOCKET:
        return send(q->fd, data, len, MSG_NOSIGNAL | MSG_DONTWAIT);
    default:
        errno = EAGAIN;
        return -1;
    }
}

/* Writes without waiting; returns the number of bytes written. */
static size_t write_now(struct fd_queue *q, const char *data, size_t len)
{
    size_t sent = 0;

    while (sent < len && !q->error) {
        ssize_t n = write_some(q, data + sent, len - sent);

        if (n >= 0)
            sent += (size_t)n;
        else if (errno == EAGAIN)
            break;
        else if (errno != EINTR)
            q->error = errno;
    }
    return sent;
}

static void keep_unwritten(struct fd_queue *q, const char *data, size_t len)
{
    struct fd_writer *w;

    if (!q->writer && (q->error = open_writer(q)))
        return;
    w = q->writer;
    pthread_mutex_lock(&w->lock);
    if (!w->error && buf_add(&w->next, data, len) < 0)
        w->error = ENOMEM;
    q->error = w->error;
    if (!w->error)
        w->backlog += len;
    pthread_cond_broadcast(&w->changed);
    pthread_mutex_unlock(&w->lock);
}

void fd_queue_write(struct fd_queue *q, const void *data, size_t len)
{
    size_t sent = 0;

    /* Only when no bytes wait, so that all bytes keep their order. */
    if (fd_queue_backlog(q) == 0)
        sent = write_now(q, data, len);
    if (sent < len && !q->error)
        keep_unwritten(q, (const char *)data + sent, len - sent);
}

size_t fd_queue_backlog(struct fd_queue *q)
{
    struct fd_writer *w = q->writer;
    size_t backlog;

    if (!w)
        return 0;
    pthread_mutex_lock(&w->lock);
    backlog = w->error ? 0 : w->backlog;
    if (w->error)
        q->error = w->error;
    pthread_mutex_unlock(&w->lock);
    return backlog;
}

void fd_queue_flush(struct fd_queue *q)
{
    struct fd_writer *w = q->writer;

    if (!w)
        return;
    pthread_mutex_lock(&w->lock);
    while (w->backlog > 0 && !w->error)
        pthread_cond_wait(&w->changed, &w->lock);
    q->error = w->error ? w->error : q->error;
    pthread_mutex_unlock(&w->lock);
}

void fd_queue_close(struct fd_queue *q)
{
    struct fd_writer *w = q->writer;

    q->writer = NULL;
    if (w) {
        pthread_mutex_lock(&w->lock);
        w->closed = 1;
        if (w->async)
            uv_close((uv_handle_t *)w->async, free_handle);
        w->async = NULL;
        buf_free(&w->next);
        pthread_cond_broadcast(&w->changed);
        pthread_mutex_unlock(&w->lock);
    }
    if (q->own >= 0)
        close(q->own);
    q->own = -1;
}
