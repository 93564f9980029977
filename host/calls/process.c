/* SPDX-License-Identifier: MIT */
#include "host/calls/process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/file.h"
#include "core/utf8.h"
#include "host/calls/process_plan.h"
#include "host/calls/same_cpu.h"
#include "host/io/descriptors.h"
#include "host/io/shortage.h"

enum { IN, OUT, ERR, PIPES };

/* When descriptors, processes or memory are short, a start is tried every RETRY_MS. It fails when no program of iso4 has
 * ended for SHORTAGE_MS. */
#define SHORTAGE_MS 5000
#define RETRY_MS    20

struct process {
    struct process_events events;
    uv_timer_t retry;
    uv_process_t process; /* a handle of the loop when has_process */
    uv_pipe_t pipes[PIPES];
    struct process_plan own;
    const struct process_plan *plan; /* `own`, or the caller's; NULL after the start or its failure */
    uint64_t asked_ns;
    struct buf pending; /* input that was written before the program has started */
    int input_ended;
    int open_handles, has_process, started, exited, told, abandoned, attached;
    size_t backlog;
    struct process_end end;
    char tail[PROCESS_TAIL];
    size_t tail_len;
};

static uint64_t last_end_ns; /* when the last of all programs ended */

int process_same(const struct stub *a, const struct stub *b)
{
    static const enum stub_option what[] = {STUB_OPTION_CWD, STUB_OPTION_ENV};

    if (a->kind != b->kind || !json_equal(a->main, b->main) || strcmp(a->dir, b->dir) != 0)
        return 0;
    for (size_t i = 0; i < sizeof what / sizeof *what; i++) {
        struct json x = a->options[what[i]], y = b->options[what[i]];
        if (!x.at != !y.at || (x.at && !json_equal(x, y)))
            return 0;
    }
    return 1;
}

/* ---- what it writes */

/* One buffer for all programs: bytes are handled before the next read. */
static char room[64 << 10];

static void give_room(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
    (void)handle;
    (void)suggested;
    *buf = uv_buf_init(room, sizeof room);
}

static void keep_tail(struct process *p, const char *data, size_t len)
{
    size_t keep;

    if (len > sizeof p->tail) {
        data += len - sizeof p->tail;
        len = sizeof p->tail;
    }
    keep = p->tail_len < sizeof p->tail - len ? p->tail_len : sizeof p->tail - len;
    memmove(p->tail, p->tail + p->tail_len - keep, keep);
    memcpy(p->tail + keep, data, len);
    p->tail_len = keep + len;
}

static void take_output(struct process *p, int which, const char *data, size_t len)
{
    if (which == ERR)
        keep_tail(p, data, len);
    else if (len > 0 && !p->abandoned)
        p->events.on_output(p->events.ctx, data, len);
}

/* Reads the bytes that are in the pipe when the program has ended. Another process may still hold the pipe open and
 * write more; that is ignored. */
static void read_rest(struct process *p, int which)
{
    int fd = -1, left = 0;

    uv_read_stop((uv_stream_t *)&p->pipes[which]);
    if (uv_fileno((uv_handle_t *)&p->pipes[which], &fd) < 0 || ioctl(fd, FIONREAD, &left) < 0)
        return;
    while (left > 0) {
        ssize_t n = read(fd, room, (size_t)left < sizeof room ? (size_t)left : sizeof room);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return;
        take_output(p, which, room, (size_t)n);
        left -= (int)n;
    }
}

/* ---- the end */

static void on_process_closed(uv_handle_t *handle)
{
    struct process *p = handle->data;

    if (--p->open_handles > 0)
        return;
    if (p->started)
        last_end_ns = monotonic_ns();
    p->events.on_end(p->events.ctx, &p->end);
    free(p);
}

static void close_handle(uv_handle_t *handle)
{
    if (!uv_is_closing(handle))
        uv_close(handle, on_process_closed);
}

static void close_process_handles(struct process *p)
{
    close_handle((uv_handle_t *)&p->retry);
    if (p->has_process)
        close_handle((uv_handle_t *)&p->process);
    for (int i = 0; i < PIPES && p->started; i++)
        close_handle((uv_handle_t *)&p->pipes[i]);
}

static void drop_plan(struct process *p)
{
    process_plan_free(&p->own);
    buf_free(&p->pending);
    p->own = (struct process_plan){0};
    p->plan = NULL;
}

static void finish_process(struct process *p)
{
    if (p->told)
        return;
    p->told = 1;
    p->end.tail = p->tail;
    p->end.tail_len = p->tail_len;
    drop_plan(p);
    close_process_handles(p);
}

/* Ends a process that cannot be started. The event loop reports it, so that many calls of a missing program cannot block
 * the loop. */
static void fail_process(struct process *p, const char *why)
{
    if (p->told)
        return;
    char reason[340];

    keep_tail(p, reason, (size_t)snprintf(reason, sizeof reason, "%.160s: %.120s", p->plan->file, why));
    p->end.failed = "could not be started";
    p->exited = 1;
    finish_process(p);
}

static void on_exit_(uv_process_t *process, int64_t status, int signal)
{
    struct process *p = process->data;

    p->exited = 1;
    p->end.exit_status = status;
    p->end.signal = signal;
    /* Kills processes that the program has left behind in its group. It must happen now: the kernel does not give the
     * group's number to other processes while it has members, and without members this kill has no target. */
    if (!p->attached)
        kill(-process->pid, SIGKILL);
    read_rest(p, OUT);
    read_rest(p, ERR);
    finish_process(p);
}

void process_kill(struct process *p)
{
    if (!p->started)
        fail_process(p, "it was not wanted any more");
    else if (!p->exited)
        kill(p->attached ? p->process.pid : -p->process.pid, SIGKILL);
}

void process_abandon(struct process *p)
{
    p->abandoned = 1;
    process_kill(p);
}

/* ---- reading and writing */

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
    struct process *p = stream->data;

    if (n < 0)
        uv_read_stop(stream);
    else
        take_output(p, (uv_pipe_t *)stream == &p->pipes[OUT] ? OUT : ERR, buf->base, (size_t)n);
}

struct writing {
    uv_write_t request;
    struct process *process;
    size_t len;
    char data[];
};

static void on_written(uv_write_t *request, int status)
{
    struct writing *w = (struct writing *)request;

    (void)status;
    w->process->backlog -= w->len;
    free(w);
}

static void write_started(struct process *p, const char *data, size_t len)
{
    uv_buf_t all = uv_buf_init((char *)data, (unsigned)len);
    int done = p->backlog || uv_is_closing((uv_handle_t *)&p->pipes[IN])
                   ? 0
                   : uv_try_write((uv_stream_t *)&p->pipes[IN], &all, 1);
    struct writing *w;

    if (done < 0 && done != UV_EAGAIN)
        return; /* it has closed its input */
    data += done > 0 ? done : 0;
    len -= done > 0 ? (size_t)done : 0;
    w = len && !uv_is_closing((uv_handle_t *)&p->pipes[IN]) ? malloc(sizeof *w + len) : NULL;
    if (!w)
        return;
    memcpy(w->data, data, len);
    w->process = p;
    w->len = len;
    all = uv_buf_init(w->data, (unsigned)len);
    p->backlog += len;
    if (uv_write(&w->request, (uv_stream_t *)&p->pipes[IN], &all, 1, on_written) < 0)
        on_written(&w->request, 0);
}

void process_write(struct process *p, const char *data, size_t len)
{
    if (p->started) {
        write_started(p, data, len);
    } else if (!p->told) {
        buf_add(&p->pending, data, len);
        p->backlog = p->pending.len;
    }
}

static void on_shut(uv_shutdown_t *request, int status)
{
    (void)status;
    close_handle((uv_handle_t *)request->handle);
    free(request);
}

size_t process_backlog(const struct process *p)
{
    return p->backlog;
}

void process_end_input(struct process *p)
{
    uv_shutdown_t *request;

    p->input_ended = 1;
    if (!p->started)
        return;
    request = p->backlog ? malloc(sizeof *request) : NULL;
    /* Closing the pipe ends the program's input, once all is written. */
    if (!request || uv_shutdown(request, (uv_stream_t *)&p->pipes[IN], on_shut) < 0) {
        free(request);
        close_handle((uv_handle_t *)&p->pipes[IN]);
    }
}

void process_last_words(char *to, size_t size, const struct process_end *end)
{
    size_t len = end->tail_len, skip;

    while (len > 0 && memchr(" \t\r\n", end->tail[len - 1], 4))
        len--;
    skip = len > size - 3 ? len - (size - 3) : 0;
    while (skip < len && ((unsigned char)end->tail[skip] & 0xc0) == 0x80)
        skip++; /* does not start in the middle of a character */
    snprintf(to, size, "%s%.*s", len ? ": " : "", (int)(len - skip), end->tail + skip);
}

void text_wrong(const char *text, size_t len, char says[TEXT_WRONG])
{
    size_t good = utf8_check(text, len);
    const unsigned char *bad = (const unsigned char *)text + good;

    *says = 0;
    if (len >= 2 && (memcmp(text, "\xff\xfe", 2) == 0 || memcmp(text, "\xfe\xff", 2) == 0))
        snprintf(says, TEXT_WRONG, "UTF-16: have it print UTF-8");
    else if (good < len && utf8_match(bad, bad + (len - good)) == len - good)
        snprintf(says, TEXT_WRONG, "what is not UTF-8: it ends within a character, after %zu bytes", len);
    else if (good < len)
        snprintf(says, TEXT_WRONG,
                 "what is not UTF-8: byte 0x%02x at offset %zu; have it print UTF-8, not Latin-1 or the like",
                 *bad, good);
    else if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
        snprintf(says, TEXT_WRONG,
                 "a byte order mark (U+FEFF) before its JSON: have it print UTF-8 without one");
    else if (len >= 4 && memchr(text, 0, len) && memchr(text, 0, len) < (void *)(text + 4))
        snprintf(says, TEXT_WRONG, "NUL among its first bytes, as in UTF-16: have it print UTF-8");
}

/* ---- starting */

/* Keeps programs from inheriting descriptors that the caller of iso4 left open. */
static void keep_descriptors(void)
{
    static int done;

    if (!done)
        syscall(SYS_close_range, 3, ~0u, 4 /* CLOSE_RANGE_CLOEXEC, Linux 5.11 */);
    done = 1;
}

/* Makes pipes. libuv would make socket pairs, with which a program cannot open /dev/stdin. */
static int make_pipes(int ours[PIPES], int theirs[PIPES])
{
    for (int i = 0; i < PIPES; i++) {
        int ends[2];

        if (pipe2(ends, O_CLOEXEC) < 0)
            return -1;
        ours[i] = ends[i == IN];
        theirs[i] = ends[i != IN];
    }
    return 0;
}

static void close_pipes(int fds[PIPES])
{
    for (int i = 0; i < PIPES; i++)
        if (fds[i] >= 0)
            close(fds[i]);
}

static int spawn_process(uv_loop_t *loop, struct process *p, const int theirs[PIPES])
{
    uv_stdio_container_t stdio[PIPES];
    uv_process_options_t options = {
        .exit_cb = on_exit_,
        .file = p->plan->file,
        .args = p->plan->argv,
        .env = p->plan->env,
        .cwd = p->plan->cwd,
        .flags = p->attached ? 0 : UV_PROCESS_DETACHED, /* a new session, and so a new group */
        .stdio_count = PIPES,
        .stdio = stdio,
    };
    int rc, lowered;

    for (int i = 0; i < PIPES; i++) {
        stdio[i].flags = UV_INHERIT_FD;
        stdio[i].data.fd = theirs[i];
    }
    keep_descriptors();
    same_cpu_let_go(); /* the program would inherit that it may use one processor only */
    lowered = descriptors_lower();
    rc = uv_spawn(loop, &p->process, &options);
    if (lowered)
        descriptors_lift();
    else if (rc == 0)
        descriptors_lower_of(p->process.pid);
    p->process.data = p;
    p->has_process = 1; /* libuv requires that the handle is closed even after a failure */
    p->open_handles++;
    return -rc;
}

/* The program runs: sends it the pending input, and starts to read its output. */
static void begin_process(uv_loop_t *loop, struct process *p, const int ours[PIPES])
{
    struct buf pending = p->pending;

    p->pending = (struct buf){0};
    p->started = 1;
    p->backlog = 0;
    drop_plan(p);
    for (int i = 0; i < PIPES; i++) {
        uv_pipe_init(loop, &p->pipes[i], 0);
        p->pipes[i].data = p;
        p->open_handles++;
        if (uv_pipe_open(&p->pipes[i], ours[i]) < 0)
            close(ours[i]);
    }
    uv_read_start((uv_stream_t *)&p->pipes[OUT], give_room, on_read);
    uv_read_start((uv_stream_t *)&p->pipes[ERR], give_room, on_read);
    if (pending.len)
        write_started(p, pending.data, pending.len);
    buf_free(&pending);
    if (p->input_ended)
        process_end_input(p);
}

static void attempt_start(struct process *p);

static void on_retry(uv_timer_t *timer)
{
    attempt_start(timer->data);
}

static void retry_later(struct process *p)
{
    if (!p->told)
        uv_timer_start(&p->retry, on_retry, RETRY_MS, 0);
}

/* Called when the handle of a failed uv_spawn() is closed; only then can the handle be used again. */
static void on_spawn_closed(uv_handle_t *handle)
{
    struct process *p = handle->data;

    p->has_process = 0;
    if (p->told) {
        on_process_closed(handle);
        return;
    }
    p->open_handles--;
    retry_later(p);
}

/* Handles a start that failed: tries again later if there is a shortage that may end, else fails the process. */
static void not_started(struct process *p, int error)
{
    uint64_t since = p->asked_ns > last_end_ns ? p->asked_ns : last_end_ns;
    char text[150];

    if (shortage_is(error) && monotonic_ns() - since < SHORTAGE_MS * 1000000ull) {
        if (p->has_process)
            uv_close((uv_handle_t *)&p->process, on_spawn_closed);
        else
            retry_later(p);
        return;
    }
    p->end.shortage = shortage_is(error);
    fail_process(p, p->end.shortage ? shortage_name(error, text, sizeof text) : uv_strerror(-error));
}

static void attempt_start(struct process *p)
{
    int ours[PIPES] = {-1, -1, -1}, theirs[PIPES] = {-1, -1, -1}, error = 0;
    uv_loop_t *loop = p->retry.loop;

    if (p->pending.failed)
        error = ENOMEM;
    else if (make_pipes(ours, theirs) < 0)
        error = errno;
    else
        error = spawn_process(loop, p, theirs);
    close_pipes(theirs);
    if (error == 0) {
        begin_process(loop, p, ours);
        return;
    }
    close_pipes(ours);
    not_started(p, error);
}

static struct process *new_process(uv_loop_t *loop, const struct process_events *events)
{
    struct process *p = calloc(1, sizeof *p);

    if (!p)
        return NULL;
    p->events = *events;
    p->asked_ns = monotonic_ns();
    uv_timer_init(loop, &p->retry);
    p->retry.data = p;
    p->open_handles = 1;
    return p;
}

int process_start_plan(uv_loop_t *loop, const struct process_plan *plan, const struct process_events *events,
                       struct process **out, struct iso_err *err)
{
    *out = new_process(loop, events);
    if (!*out)
        return iso_fail(err, ISO_HOST_BRIDGE, "could not be started: out of memory");
    (*out)->plan = plan;
    (*out)->attached = plan->attached;
    attempt_start(*out);
    return 0;
}

/* A plan that was made for this one start, or could not be made. */
static int start_once(uv_loop_t *loop, struct process_plan *plan, int made,
                      const struct process_events *events, struct process **out, struct iso_err *err)
{
    struct process *p = made < 0 ? NULL : new_process(loop, events);

    *out = p;
    if (!p) {
        process_plan_free(plan);
        return iso_fail(err, ISO_HOST_BRIDGE, "could not be started: out of memory");
    }
    p->own = *plan;
    p->plan = &p->own;
    p->attached = plan->attached;
    attempt_start(p);
    return 0;
}

int process_start(uv_loop_t *loop, const struct stub *stub, const struct process_events *events,
                  struct process **out, struct iso_err *err)
{
    struct process_plan plan = {0};
    int made = process_plan_make(&plan, stub);

    return start_once(loop, &plan, made, events, out, err);
}

int process_start_own(uv_loop_t *loop, const char *file, const struct process_events *events,
                      struct process **out, struct iso_err *err)
{
    struct process_plan plan = {
        .argv = calloc(2, sizeof(char *)), .env = calloc(1, sizeof(char *)), .file = strdup(file)};
    int made = plan.argv && plan.env && plan.file && (plan.argv[0] = strdup(file)) ? 0 : -1;

    return start_once(loop, &plan, made, events, out, err);
}

static char **copied(char *const *list)
{
    size_t count = 0;
    char **copy;

    while (list[count])
        count++;
    copy = calloc(count + 1, sizeof *copy);
    for (size_t i = 0; copy && i < count; i++)
        if (!(copy[i] = strdup(list[i])))
            break; /* it ends there, and is found to be too short */
    return copy;
}

int process_start_attached(uv_loop_t *loop, char *const *argv, const struct process_events *events,
                           struct process **out, struct iso_err *err)
{
    struct process_plan plan = {
        .argv = copied(argv), .env = copied(environ), .file = strdup(*argv), .attached = 1};
    size_t i = 0;

    while (plan.argv && plan.argv[i])
        i++;
    return start_once(loop, &plan, plan.argv && plan.env && plan.file && !argv[i] ? 0 : -1, events, out, err);
}
