/* SPDX-License-Identifier: MIT */
#include "host/record/writer.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/file.h"
#include "core/place.h"

/* ---- opening */

static int cannot(const struct record_writer *w, struct iso_err *err)
{
    return iso_fail(err, ISO_OUTPUT, "cannot write the record '%.200s': %m", w->path);
}

static int open_file(struct record_writer *w, struct iso_err *err)
{
    struct place place;
    mode_t before;

    if (place_find(&place, w->path, err) < 0)
        return -1;
    if (place.special) {
        place_close(&place);
        return iso_fail(err, ISO_USAGE, "the record '%.200s' is no regular file", w->path);
    }
    before = umask(077); /* so that other users cannot open it before its mode is set */
    w->fd = place_open(&place, O_RDWR | O_APPEND);
    umask(before);
    place_close(&place);
    if (w->fd < 0)
        return cannot(w, err);
    if (flock(w->fd, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK)
        return iso_fail(err, ISO_USAGE, "another iso4 writes the record '%.200s': wait for its end", w->path);
    return 0;
}

static int is_same(const struct record_writer *w, const char *replay)
{
    struct stat ours, theirs;

    return replay && fstat(w->fd, &ours) == 0 && stat(replay, &theirs) == 0 && ours.st_dev == theirs.st_dev &&
           ours.st_ino == theirs.st_ino;
}

int writer_open(struct record_writer *w, const char *path, const char *replay, struct tape *tape,
                struct iso_err *err)
{
    struct stat st;
    int same;

    *w = (struct record_writer){.fd = -1, .path = path};
    if (open_file(w, err) < 0)
        return -1;
    same = is_same(w, replay);
    if (replay && tape_read(tape, replay, err) < 0)
        return -1;
    if (same) {
        w->written = w->added = tape->whole;
        return ftruncate(w->fd, (off_t)tape->whole) < 0 || fchmod(w->fd, 0600) < 0 ? cannot(w, err) : 0;
    }
    if (fstat(w->fd, &st) < 0)
        return cannot(w, err);
    if (st.st_size > 0)
        return iso_fail(err, ISO_USAGE,
                        "'%.200s' is there already: go on from it by --replay, or remove it, or name another "
                        "file for the record",
                        path);
    return fchmod(w->fd, 0600) < 0 ? cannot(w, err) : 0;
}

void writer_to_memory(struct record_writer *w)
{
    *w = (struct record_writer){.fd = -1};
}

int writer_begin(struct record_writer *w, const struct buf *head, const struct tape *tape,
                 struct iso_err *err)
{
    w->ended = tape && tape->end == TAPE_ENDED;
    if (w->added)
        return 0; /* the writer appends to the file that was read, which has its head */
    buf_add(&w->head, head->data, head->len);
    buf_byte(&w->head, '\n');
    if (tape) {
        size_t first = (size_t)((char *)memchr(tape->text.data, '\n', tape->whole) - tape->text.data) + 1;
        buf_add(&w->head, tape->text.data + first, tape->whole - first);
    }
    if (w->head.failed)
        return iso_fail(err, ISO_INTERNAL, "out of memory");
    if (w->fd < 0) {
        writer_restart(w);
        return 0;
    }
    w->added = w->written = w->head.len;
    return fd_write_all(w->fd, w->head.data, w->head.len) < 0 ? cannot(w, err) : 0;
}

void writer_restart(struct record_writer *w)
{
    if (w->fd >= 0)
        return;
    buf_reset(&w->kept);
    buf_add(&w->kept, w->head.data, w->head.len);
    w->added = w->written = w->kept.len;
}

/* ---- lines */

static void on_work(uv_work_t *work)
{
    struct record_writer *w = work->data;

    if (fd_write_all(w->fd, w->flying.data, w->flying.len) < 0)
        w->error = errno ? errno : EIO;
}

static void on_written(uv_work_t *work, int status)
{
    struct record_writer *w = work->data;

    (void)status; /* nothing cancels it */
    w->busy = 0;
    if (!w->error)
        w->written += w->flying.len;
    buf_reset(&w->flying);
    writer_push(w);
    if (w->moved)
        w->moved(w->ctx);
}

void writer_push(struct record_writer *w)
{
    struct buf empty = w->flying;

    if (w->busy || w->error || w->fd < 0 || w->waiting.len == 0)
        return;
    w->flying = w->waiting;
    w->waiting = empty;
    w->busy = 1;
    w->work.data = w;
    uv_queue_work(w->loop, &w->work, on_work, on_written);
}

void writer_line(struct record_writer *w, const struct buf *line)
{
    struct buf *to = w->fd < 0 ? &w->kept : &w->waiting;

    if (w->error)
        return;
    buf_add(to, line->len ? line->data : "", line->len);
    buf_byte(to, '\n');
    if (line->failed || to->failed) {
        w->error = ENOMEM;
        return;
    }
    w->added += line->len + 1;
    if (w->fd < 0)
        w->written = w->added;
}

/* ---- the end */

int writer_end(struct record_writer *w, enum iso_code code, const struct buf *message, struct iso_err *err)
{
    AUTO_BUF struct buf line = {0};

    if (!w->ended) {
        buf_printf(&line, "{\"status\":\"%s\"",
                   code == ISO_OK                 ? "completed"
                   : code == ISO_APPROVAL_PENDING ? "paused"
                   : code == ISO_ABORTED          ? "aborted"
                                                  : "failed");
        if (code != ISO_OK)
            buf_printf(&line, ",\"code\":\"%s\"", iso_code_name(code));
        if (code != ISO_OK && message->len) {
            buf_str(&line, ",\"message\":");
            buf_add(&line, message->data, message->len);
        }
        buf_byte(&line, '}');
        writer_line(w, &line);
        w->ended = 1;
    }
    if (w->fd < 0 || w->error || w->waiting.len == 0) {
        errno = w->error;
        return w->error ? cannot(w, err) : 0;
    }
    return fd_write_all(w->fd, w->waiting.data, w->waiting.len) < 0 ? cannot(w, err) : 0;
}

void writer_print(const struct record_writer *w, struct buf *out)
{
    size_t from = out->len + 1;

    buf_byte(out, '[');
    if (w->kept.len)
        buf_add(out, w->kept.data, w->kept.len - 1);
    for (size_t i = from; !out->failed && i < out->len; i++)
        if (out->data[i] == '\n')
            out->data[i] = ',';
    buf_byte(out, ']');
}

void writer_close(struct record_writer *w)
{
    if (w->fd >= 0)
        close(w->fd);
    buf_free(&w->head);
    buf_free(&w->kept);
    buf_free(&w->waiting);
    buf_free(&w->flying);
    *w = (struct record_writer){.fd = -1};
}
