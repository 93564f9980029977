/* SPDX-License-Identifier: MIT */
/* host/record/writer.h - where a record is written: a file, or memory for a record that comes back in a result.
 *
 * writer_open() or writer_to_memory(); writer_line() for each line, whole; writer_end() with the last one. Lines of a
 * file are written by a thread, in their order, so that a slow disk keeps nobody waiting but the run; moved() says that
 * writer->written has grown, or that writer->error is set. */
#ifndef ISO_HOST_RECORD_WRITER_H
#define ISO_HOST_RECORD_WRITER_H
#include <uv.h>

#include "host/record/tape.h"

struct record_writer {
    int fd;                  /* -1: memory */
    const char *path;        /* borrowed */
    struct buf head, kept;   /* of memory: how it begins; all of it */
    struct buf waiting;      /* not given to the thread */
    struct buf flying;       /* the thread's */
    uint64_t added, written; /* bytes */
    int error;               /* an errno: nothing more is written */
    int busy;
    int ended;                /* the record has its last line */
    uv_loop_t *loop;          /* of the run */
    void (*moved)(void *ctx); /* NULL: nobody waits */
    void *ctx;
    uv_work_t work;
};

/* A new file, which nothing stands in yet, or the file that `*tape` is read from, which is then added to: what a cut has
 * left of a line is removed. Only one process at a time adds to it. The file is 0600. `replay`, a path or NULL, is read
 * into *tape here, under the lock. USAGE, OUTPUT. */
int writer_open(struct record_writer *w, const char *path, const char *replay, struct tape *tape,
                struct iso_err *err);
void writer_to_memory(struct record_writer *w);

/* The first lines: the head (without the line break), and all else that the tape holds; NULL: there is none. */
int writer_begin(struct record_writer *w, const struct buf *head, const struct tape *tape,
                 struct iso_err *err);
/* Of memory: back to the first lines, because the run starts anew. */
void writer_restart(struct record_writer *w);

/* Adds a line, to which the line break is added. */
void writer_line(struct record_writer *w, const struct buf *line);
/* What is waiting is given to the thread, when it has nothing to do. */
void writer_push(struct record_writer *w);

/* When no run uses it any more: the rest, and the last line. `message` is a JSON string, or empty. OUTPUT. */
int writer_end(struct record_writer *w, enum iso_code code, const struct buf *message, struct iso_err *err);
/* The lines in memory as a JSON array. */
void writer_print(const struct record_writer *w, struct buf *out);
void writer_close(struct record_writer *w);

#endif
