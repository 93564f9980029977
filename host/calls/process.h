/* SPDX-License-Identifier: MIT */
/* host/calls/process.h - runs a program of the host on the event loop.
 *
 * process_start(); then on_output as its standard output arrives, and on_end once, when it has ended and its output is
 * read, or when it could not be started. It leads a process group, which is killed when it ends. The struct frees
 * itself after on_end. */
#ifndef ISO_HOST_CALLS_PROCESS_H
#define ISO_HOST_CALLS_PROCESS_H
#include <uv.h>

#include "core/buf.h"
#include "core/error.h"
#include "host/declared/stubs.h"

/* Bytes that are kept of the end of its standard error. */
#define PROCESS_TAIL 4096

struct process;

struct process_end {
    const char *failed; /* "could not be started", and the reason is in `tail`; NULL: it was started */
    int shortage;       /* it could not be started because of a shortage: host/io/shortage.h */
    int64_t exit_status;
    int signal; /* that ended it; 0: it exited */
    const char *tail;
    size_t tail_len;
};

struct process_events {
    void (*on_output)(void *ctx, const char *data, size_t len);
    void (*on_end)(void *ctx, const struct process_end *end);
    void *ctx;
};

/* Starts the program of a definition. When descriptors, processes or memory are short, it tries again until it succeeds,
 * or until no program of iso4 has ended for 5 seconds. -1, and a message without the global's name, when there is no
 * memory for the struct. */
int process_start(uv_loop_t *loop, const struct stub *stub, const struct process_events *events,
                  struct process **out, struct iso_err *err);

/* Starts a program as a plan says. The plan must live until on_end. */
struct process_plan;
int process_start_plan(uv_loop_t *loop, const struct process_plan *plan, const struct process_events *events,
                       struct process **out, struct iso_err *err);

/* Like process_start() for a program of iso4, without arguments and with an empty environment. */
int process_start_own(uv_loop_t *loop, const char *file, const struct process_events *events,
                      struct process **out, struct iso_err *err);

/* The same for a program of the operator, argv up to NULL, with iso4's environment and terminal. It leads no group. */
int process_start_attached(uv_loop_t *loop, char *const *argv, const struct process_events *events,
                           struct process **out, struct iso_err *err);

/* Queues bytes for its standard input. A program that does not read them is not an error. */
void process_write(struct process *p, const char *data, size_t len);
void process_end_input(struct process *p);
/* Bytes of its standard input that it has not read yet. */
size_t process_backlog(const struct process *p);
/* Kills the group with SIGKILL; on_end follows. */
void process_kill(struct process *p);

/* Kills the group when its output is not wanted any more; only on_end follows. */
void process_abandon(struct process *p);

/* Copies the end of its standard error, after ": ", or nothing. It is for the operator: agents never see it. */
void process_last_words(char *to, size_t size, const struct process_end *end);

/* Says why a text is no UTF-8 that JSON could be in: UTF-16, a byte order mark, another encoding; "" when it is. */
#define TEXT_WRONG 160
void text_wrong(const char *text, size_t len, char says[TEXT_WRONG]);

/* 1 when two definitions start the same program in the same way. */
int process_same(const struct stub *a, const struct stub *b);

#endif
