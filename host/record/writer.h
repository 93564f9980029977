/* SPDX-License-Identifier: MIT */
/* host/record/writer.h - writes a record to a file, or to memory for a record that is part of a result.
 *
 * writer_open() or writer_to_memory(); writer_line() for each complete line; writer_end() with the last one. A thread
 * writes the lines of a file in order, so that a slow disk delays only the run. moved() is called when writer->written
 * has grown, or writer->error is set. */
#ifndef ISO_HOST_RECORD_WRITER_H
#define ISO_HOST_RECORD_WRITER_H
#include <uv.h>

#include "host/record/tape.h"

struct record_writer {
    int fd;                  /* -1: memory */
    const char *path;        /* borrowed */
    struct buf head, kept;   /* in memory: the first lines; all lines */
    struct buf waiting;      /* bytes that the thread has not got yet */
    struct buf flying;       /* bytes that the thread is writing */
    uint64_t added, written; /* bytes */
    int error;               /* an errno: no more lines are written */
    int busy;
    int ended;                /* the record has its last line */
    uv_loop_t *loop;          /* of the run */
    void (*moved)(void *ctx); /* or NULL */
    void *ctx;
    uv_work_t work;
};

/* Opens a new file, which must be empty, or the file from which `*tape` is read, to append to it: an unfinished last
 * line is removed. Only one process at a time can append. The file has mode 0600. `replay`, a path or NULL, is read
 * into *tape here, under the lock. USAGE, OUTPUT. */
int writer_open(struct record_writer *w, const char *path, const char *replay, struct tape *tape,
                struct iso_err *err);
void writer_to_memory(struct record_writer *w);

/* Writes the first lines: the head (without the line break), and all lines of the tape; NULL: there is none. */
int writer_begin(struct record_writer *w, const struct buf *head, const struct tape *tape,
                 struct iso_err *err);
/* Drops all but the first lines in memory, because the run starts again. */
void writer_restart(struct record_writer *w);

/* Adds a line, to which the line break is added. */
void writer_line(struct record_writer *w, const struct buf *line);
/* Gives the waiting bytes to the thread, if it is idle. */
void writer_push(struct record_writer *w);

/* Writes the rest and the last line, when no run uses the writer any more. `message` is a JSON string, or empty.
 * OUTPUT. */
int writer_end(struct record_writer *w, enum iso_code code, const struct buf *message, struct iso_err *err);
/* Appends the lines in memory as a JSON array. */
void writer_print(const struct record_writer *w, struct buf *out);
void writer_close(struct record_writer *w);

#endif
