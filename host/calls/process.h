/* SPDX-License-Identifier: MIT */
/* host/calls/process.h - one program of the host's on the event loop: started, fed, read, ended.
 *
 * process_start(); then on_output as its standard output arrives, and on_end once, when it has ended and its
 * output is read, or when it turns out that there is no such program. It leads a process group of its own,
 * which is killed with it. The struct frees itself after on_end. */
#ifndef ISO_HOST_CALLS_PROCESS_H
#define ISO_HOST_CALLS_PROCESS_H
#include <uv.h>

#include "core/buf.h"
#include "core/error.h"
#include "host/declared/stubs.h"

/* The end of what it wrote to standard error. */
#define PROCESS_TAIL 4096

struct process;

struct process_end {
    const char *failed; /* why it could not be started; NULL: it was */
    int64_t exit_status;
    int signal; /* 0: it ended by itself */
    const char *tail;
    size_t tail_len;
};

struct process_events {
    void (*on_output)(void *ctx, const char *data, size_t len);
    void (*on_end)(void *ctx, const struct process_end *end);
    void *ctx;
};

/* Starts what the definition names. -1, and a message without the global's name, when there is no memory or
 * no descriptor for it. */
int process_start(uv_loop_t *loop, const struct stub *stub, const struct process_events *events,
                  struct process **out, struct iso_err *err);

/* The same for a program of iso4's own, a file, without arguments and with an empty environment. */
int process_start_own(uv_loop_t *loop, const char *file, const struct process_events *events,
                      struct process **out, struct iso_err *err);

/* Queues bytes for its standard input. A program that does not read is no fault. */
void process_write(struct process *p, const char *data, size_t len);
void process_end_input(struct process *p);
/* Bytes that it has not read yet. */
size_t process_backlog(const struct process *p);
/* SIGKILL for the group; on_end follows. */
void process_kill(struct process *p);

/* Nobody is interested any more: killed, and no event follows but on_end. */
void process_abandon(struct process *p);

/* The end of what it wrote to standard error, with ": " in front, or nothing. */
void process_last_words(char *to, size_t size, const struct process_end *end);

/* Whether two definitions start the same program in the same way. */
int process_same(const struct stub *a, const struct stub *b);

#endif
