/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/guide.h"
#include "cli/messages.h"
#include "cli/overwrite.h"
#include "cli/stream.h"
#include "core/file.h"
#include "core/file_new.h"
#include "core/json.h"
#include "core/nearest.h"
#include "core/terminal.h"
#include "core/version.h"
#include "host/io/descriptors.h"
#include "host/io/signals.h"
#include "host/run/address_space.h"
#include "sandbox/layers.h"

static const struct {
    enum command id;
    const char *name, *operands, *what;
    int (*run)(const struct options *o);
} commands[] = {
#define X(id, name, operands, what) {COMMAND_##id, #name, operands, what, command_##name},
    ISO_COMMANDS(X)
#undef X
};
#define COUNT (sizeof commands / sizeof *commands)

/* Messages quote file names, option values and definitions. */
static void print_message(const char *text)
{
    AUTO_BUF struct buf line = {0};

    terminal_line(&line, text, strlen(text));
    fprintf(stderr, "iso4: %.*s", line.failed ? 0 : (int)line.len, line.len ? line.data : "");
}

void say(const struct iso_err *err)
{
    AUTO_BUF struct buf line = {0};

    buf_str(&line, "iso4: ");
    terminal_line(&line, err->msg, strlen(err->msg));
    buf_byte(&line, '\n');
    if (!line.failed)
        messages_write(line.data, line.len);
}

int stdout_fail(struct iso_err *err, int error)
{
    if (error == EPIPE)
        return iso_fail(err, ISO_OUTPUT, "%s", "");
    return iso_fail(err, ISO_OUTPUT, "cannot write to standard output: %s", strerror(error));
}

int report(const struct iso_err *err)
{
    if (*err->msg) {
        print_message(err->msg);
        fputc('\n', stderr);
    }
    return iso_code_exit(err->code);
}

void say_layers(const struct run_result *r)
{
    AUTO_BUF struct buf text = {0};
    char names[256];

    layers_names((unsigned)r->layers & LAYERS_ALL, names);
    buf_printf(&text, "iso4: sandbox layers in force: %s\n",
               r->started ? names : "the worker did not get that far");
    layers_names(LAYERS_ALL & ~(unsigned)r->layers, names);
    if (r->started && *names)
        buf_printf(&text, "iso4: sandbox layers that this machine does not give: %s\n", names);
    if (!text.failed)
        messages_write(text.data, text.len);
}

struct run_request run_as_asked(const struct options *o)
{
    const char *snapshot = o->value[OPTION_SNAPSHOT];

    return (struct run_request){
        .mode = JOB_RUN,
        .flags = (o->value[OPTION_ALLOW_EVAL] ? JOB_ALLOW_EVAL : 0u) |
                 (o->value[OPTION_SKIP] ? JOB_SKIP_UNSERIALIZABLE : 0u) |
                 (o->value[OPTION_TRACE] ? JOB_TRACE : 0u),
        .limits = o->limits,
        .snapshot_name = snapshot ? snapshot : "base.snap",
        .globals_in_snapshot = snapshot != NULL,
        .ways = &o->ways,
        .jitless = o->value[OPTION_JITLESS] != NULL,
        .strict = options_strict(o),
        .strict_await = o->value[OPTION_STRICT_AWAIT] != NULL,
        .call_details = o->value[OPTION_CALL_DETAILS] != NULL,
        .on_console = o->value[OPTION_STREAM] ? stream_console : NULL,
        .on_note = o->value[OPTION_VERBOSE] ? say_note : NULL,
    };
}

void say_note(void *ctx, const char *literal, size_t len)
{
    AUTO_BUF struct buf note = {0}, text = {0};

    (void)ctx;
    buf_str(&text, "iso4: ");
    json_decode(&note, (struct json){literal, len});
    terminal_line(&text, note.data, note.len);
    buf_byte(&text, '\n');
    if (!text.failed)
        messages_write(text.data, text.len);
}

static int write_stdout(void *ctx, const char *bytes, size_t len)
{
    (void)ctx;
    return fd_write_all(STDOUT_FILENO, bytes, len);
}

/* Writes the document and its line end with one call if possible: other processes may write to the same pipe. */
static int write_line(const struct buf *json)
{
    struct iovec parts[] = {{json->data, json->len}, {(char *)"\n", 1}};
    ssize_t n = writev(STDOUT_FILENO, parts, 2);
    size_t sent = n > 0 ? (size_t)n : 0;

    if (n < 0 && errno != EINTR && errno != EAGAIN)
        return -1;
    if (sent < json->len && write_stdout(NULL, json->data + sent, json->len - sent) < 0)
        return -1;
    return sent <= json->len ? write_stdout(NULL, "\n", 1) : 0;
}

int print_json(const struct options *o, const struct buf *json, struct iso_err *err)
{
    AUTO_BUF struct buf safe = {0};
    int rc;

    if (isatty(STDOUT_FILENO)) {
        terminal_source(&safe, json->data, json->len);
        json = &safe;
    }
    if (safe.failed)
        return iso_fail(err, ISO_OUTPUT, "cannot write the result: out of memory");
    if (!options_pretty(o))
        rc = write_line(json);
    else if ((rc = json_pretty_write(json->data, json->len, options_color(o), write_stdout, NULL)) == 0)
        rc = write_stdout(NULL, "\n", 1);
    return rc < 0 ? stdout_fail(err, errno) : 0;
}

static void help_all(FILE *to)
{
    help_text(to, 0, 0, "iso4 " ISO4_VERSION ": runs untrusted JavaScript in a locked-down process");
    fputc('\n', to);
    for (size_t i = 0; i < COUNT; i++) {
        int column = fprintf(to, "  iso4 %-11s ", commands[i].name);

        help_text(to, (size_t)column, (size_t)column, commands[i].what);
    }
    fprintf(to, "  iso4 help COMMAND\n  iso4 help --agent\n  iso4 --version\n\n");
    help_text(
        to, 0, 0,
        "Exit status: 0 ok, 1 the run failed, 2 bad usage or input, 3 iso4 or its sandbox failed, 4 paused, "
        "128+n signal n.");
}

static void help_command(size_t i)
{
    int column = printf("Usage: iso4 %s ", commands[i].name);

    help_text(stdout, (size_t)column, 7, commands[i].operands);
    putchar('\n');
    help_text(stdout, 0, 0, commands[i].what);
    options_help(commands[i].id);
}

static int find_command(const char *name)
{
    for (size_t i = 0; i < COUNT; i++)
        if (strcmp(commands[i].name, name) == 0)
            return (int)i;
    return -1;
}

static const char *nearest_command(const char *name)
{
    struct nearest nearest = nearest_start(name, strlen(name));
    const char *best = NULL;

    for (size_t i = 0; i < COUNT; i++)
        if (nearest_offer(&nearest, commands[i].name, strlen(commands[i].name)))
            best = commands[i].name;
    return best;
}

static int unknown_command(const char *name)
{
    const char *best = nearest_command(name);
    struct iso_err err;

    if (best)
        iso_fail(&err, ISO_USAGE, "unknown command '%.100s': did you mean iso4 %s?", name, best);
    else if (*name == '-')
        iso_fail(&err, ISO_USAGE, "unknown option '%.100s': options stand behind a command, see iso4 help",
                 name);
    else if (access(name, F_OK) == 0)
        iso_fail(&err, ISO_USAGE, "unknown command '%.100s': to run a file use iso4 run %.100s", name, name);
    else
        iso_fail(&err, ISO_USAGE, "unknown command '%.100s': see iso4 help", name);
    return report(&err);
}

static int finish_stdout(int status)
{
    struct iso_err err;

    if (fflush(stdout) == 0)
        return status;
    stdout_fail(&err, errno);
    return report(&err);
}

/* Checks that this process may reserve the address space which the runs of the command line need. A job of a batch may
 * ask for more, which is checked later. */
static int check_room(const struct options *o, enum command command, struct iso_err *err)
{
    uint64_t memory_mb = o->limits.value[LIMIT_MEMORY];

    if (command == COMMAND_RUN || command == COMMAND_BATCH)
        return address_space_check(command == COMMAND_RUN ? ROOM_FOR_RUN : ROOM_FOR_ZYGOTE, memory_mb, err);
    return command == COMMAND_PRECOMPILE ? address_space_check(ROOM_FOR_PRECOMPILE, memory_mb, err) : 0;
}

static int run_command(int which, int argc, char **argv)
{
    struct options o;
    struct iso_err err;
    int status;

    if (options_parse(&o, commands[which].id, argc, argv, &err) < 0) {
        print_message(err.msg);
        fprintf(stderr, " (see iso4 help %s)\n", commands[which].name);
        status = iso_code_exit(err.code);
    } else if (o.value[OPTION_HELP]) {
        help_command((size_t)which);
        status = finish_stdout(0);
    } else if (overwrite_check(&o, &err) < 0 || check_room(&o, commands[which].id, &err) < 0) {
        status = report(&err);
    } else {
        status = commands[which].run(&o);
    }
    options_free(&o);
    return status;
}

/* Fills standard descriptors that the caller closed: otherwise the next opened file would get the number, and a result
 * be written into it. They are opened on /dev/null in the wrong direction, so that using them fails; without a /dev, on an
 * eventfd, to which no text can be written. */
static void hold_standard_descriptors(void)
{
    for (int fd = 0; fd < 3; fd++)
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", (fd == 0 ? O_WRONLY : O_RDONLY) | O_NOCTTY) < 0)
            (void)!eventfd(0, EFD_NONBLOCK);
}

/* Resets signals that the caller ignored or blocked: inherited, they would hide the end of our workers. */
static void reset_signals(void)
{
    sigset_t none;

    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGCHLD, SIG_DFL);
    signal(SIGPIPE, SIG_IGN); /* a write to a closed pipe gives a status, not a death that leaves workers */
    signal(SIGXFSZ, SIG_IGN); /* the same for a file at its size limit */
}

static pid_t our_process;

/* Removes temporary files and dies. Event loops install other handlers while they run. A forked child that has not
 * executed its program yet must not remove them. */
static void on_deadly_signal(int signal_number)
{
    if (getpid() == our_process)
        file_new_remove_all();
    signal(signal_number, SIG_DFL);
    raise(signal_number);
}

/* A caller that ignores one of them (nohup) wants it ignored. */
static void watch_deadly_signals(void)
{
    static const int deadly[] = {
#define X(name, always) name,
        ISO_ENDING_SIGNALS(X)
#undef X
    };
    struct sigaction action = {.sa_handler = on_deadly_signal}, before;

    our_process = getpid();
    for (size_t i = 0; i < sizeof deadly / sizeof *deadly; i++)
        if (sigaction(deadly[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
            sigaction(deadly[i], &action, NULL);
}

/* Limits of the caller below which nothing goes: descriptors for the event loop, a worker's channel and files (libuv
 * aborts when it gets none), and a stack for V8, which uses up to 2 MiB of it (14.6). */
static const struct need {
    int limit;
    rlim_t least;
    unsigned unit;
    const char *text;
} needs[] = {
    {RLIMIT_NOFILE, 48, 1, "%llu file descriptors are allowed here, and iso4 needs %llu (ulimit -n)"},
    {RLIMIT_STACK, 4u << 20, 1024,
     "the stack is limited to %llu KiB here, and iso4 needs %llu KiB (ulimit -s)"},
};

/* Raises a limit that is too low, as far as it may be raised. */
static int need(const struct need *n, struct iso_err *err)
{
    struct rlimit limit = {RLIM_INFINITY,
                           RLIM_INFINITY}; /* an outer seccomp filter may return 0 without filling it in */

    if (getrlimit(n->limit, &limit) < 0 || limit.rlim_cur >= n->least)
        return 0;
    limit.rlim_cur = limit.rlim_max < n->least ? limit.rlim_max : n->least;
    if (limit.rlim_cur == n->least && setrlimit(n->limit, &limit) == 0)
        return 0;
    return iso_fail(err, ISO_INTERNAL, n->text, (unsigned long long)limit.rlim_cur / n->unit,
                    (unsigned long long)n->least / n->unit);
}

/* glibc starts threads with clone3(2), and tries clone(2) on ENOSYS only (2.34). Asked with a structure of no bytes, for
 * which the kernel says EINVAL. */
static int need_threads(struct iso_err *err)
{
    if (syscall(SYS_clone3, NULL, 0) == 0 || errno != EPERM)
        return 0;
    return iso_fail(
        err, ISO_SANDBOX_UNAVAILABLE,
        "this container's seccomp profile answers clone3 with EPERM, so no thread can be started: "
        "Docker 20.10.10 and newer answer ENOSYS, as glibc needs it");
}

static int need_all(struct iso_err *err)
{
    if (need_threads(err) < 0)
        return -1;
    for (size_t i = 0; i < sizeof needs / sizeof *needs; i++)
        if (need(&needs[i], err) < 0)
            return -1;
    return 0;
}

int main(int argc, char **argv)
{
    int which;
    struct iso_err err;

    hold_standard_descriptors();
    reset_signals();
    watch_deadly_signals();
    if (need_all(&err) < 0)
        return report(&err);
    descriptors_raise();
    if (argc < 2) {
        help_all(stderr);
        return iso_code_exit(ISO_USAGE);
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("iso4 " ISO4_VERSION "\n");
        return finish_stdout(0);
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
        (strcmp(argv[1], "help") == 0 && (argc == 2 || strcmp(argv[2], "help") == 0))) {
        help_all(stdout);
        return finish_stdout(0);
    }
    if (strcmp(argv[1], "help") == 0 && argc == 3 && strcmp(argv[2], "--agent") == 0) {
        guide_print(stdout);
        return finish_stdout(0);
    }
    if (strcmp(argv[1], "help") == 0) {
        which = argc == 3 ? find_command(argv[2]) : -1;
        if (which < 0)
            return unknown_command(argv[argc - 1]);
        help_command((size_t)which);
        return finish_stdout(0);
    }
    which = find_command(argv[1]);
    if (which < 0)
        return unknown_command(argv[1]);
    return run_command(which, argc - 1, argv + 1);
}
