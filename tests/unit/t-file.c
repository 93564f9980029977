/* SPDX-License-Identifier: MIT */
/* Reading inputs and replacing outputs, core/file.h. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>

#include "core/file.h"
#include "tests/tap.h"

static char scratch[] = "/tmp/t-file.XXXXXX";

/* ---- a directory of our own */

/* Names in the current directory; removes them all when told to. */
static int entries(int remove_them)
{
    DIR *d = opendir(".");
    struct dirent *e;
    int n = 0;

    while ((e = readdir(d)) != NULL) {
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
            continue;
        n++;
        if (remove_them)
            remove(e->d_name);
    }
    closedir(d);
    return n;
}

static void enter_scratch(void)
{
    if (!mkdtemp(scratch) || chmod(scratch, 0755) < 0 || chdir(scratch) < 0)
        abort();
}

static void leave_scratch(void)
{
    entries(1);
    if (chdir("/") < 0 || rmdir(scratch) < 0)
        abort();
}

static void make(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);

    if (fd < 0 || fd_write_all(fd, text, strlen(text)) < 0)
        abort();
    close(fd);
}

static void contains(const char *path, const char *want, const char *name)
{
    struct buf b = {0};
    struct iso_err err = {0};

    if (file_read(path, 1 << 20, &b, &err) < 0)
        printf("# %s\n", err.msg);
    is_text(b.len ? b.data : "", b.len, want, name);
    buf_free(&b);
}

/* ---- processes of our own */

static int wait_for(pid_t pid)
{
    int status = 0;

    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* Runs a check where it can do no harm and cannot hang; 0: it held. */
static pid_t start(int (*check)(void))
{
    pid_t pid = fork();

    if (pid == 0) {
        alarm(5);
        _exit(check());
    }
    return pid;
}

static int apart(int (*check)(void))
{
    return wait_for(start(check));
}

/* Root may write anywhere: permissions are tested as somebody else. */
static void become_nobody(void)
{
    if (geteuid() == 0 && (setgroups(0, NULL) < 0 || setgid(65534) < 0 || setuid(65534) < 0))
        _exit(99);
}

/* ---- reading */

static void test_read_appends_the_whole_file(void)
{
    struct buf b = {0};
    struct iso_err err = {0};

    make("in", "content");
    buf_str(&b, "before ");
    is_int(file_read("in", 100, &b, &err), 0, "a file is read");
    is_text(b.data, b.len, "before content", "behind what was there");
    is_int(file_read("in", 7, &b, &err), 0, "and once more");
    is_text(b.data, b.len, "before contentcontent", "the cap counts each by itself");
    is_int(err.code, ISO_OK, "no failure is reported");
    buf_free(&b);
    entries(1);
}

static void test_read_takes_large_files(void)
{
    struct buf in = {0}, out = {0};
    struct iso_err err;

    for (int i = 0; i < 50000; i++)
        buf_printf(&in, "%d ", i);
    buf_byte(&in, 0);
    make("in", in.data);
    is_int(file_read("in", 1 << 20, &out, &err), 0, "of several reads");
    ok(out.len == in.len - 1 && memcmp(out.data, in.data, out.len) == 0, "whole and in order");
    buf_free(&in);
    buf_free(&out);
    entries(1);
}

static void test_read_of_an_empty_file(void)
{
    struct buf b = {0};
    struct iso_err err;

    make("in", "");
    is_int(file_read("in", 0, &b, &err), 0, "is no failure, also with a cap of 0");
    is_int((long long)b.len, 0, "and gives nothing");
    buf_free(&b);
    entries(1);
}

static void test_read_stops_over_the_cap(void)
{
    struct buf b = {0};
    struct iso_err err = {0};

    make("in", "12345678");
    is_int(file_read("in", 8, &b, &err), 0, "as many bytes as the cap are read");
    buf_reset(&b);
    is_int(file_read("in", 7, &b, &err), -1, "one more is refused");
    ok(err.code == ISO_USAGE && strstr(err.msg, "'in'"), "as a usage error that names the file: %s", err.msg);
    buf_free(&b);
    entries(1);
}

static void test_read_of_an_endless_file_ends(void)
{
    struct buf b = {0};
    struct iso_err err = {0};

    is_int(file_read("/dev/zero", 1 << 20, &b, &err), -1, "/dev/zero is refused");
    is_int(err.code, ISO_USAGE, "as a usage error");
    ok(b.size <= 4 << 20, "soon after the cap");
    buf_free(&b);
}

static void test_read_failures_name_the_file(void)
{
    struct buf b = {0};
    struct iso_err err = {0};

    is_int(file_read("missing", 100, &b, &err), -1, "a missing file");
    ok(err.code == ISO_USAGE && strstr(err.msg, "'missing'") && strstr(err.msg, "No such file"), "%s",
       err.msg);
    is_int(file_read(".", 100, &b, &err), -1, "a directory");
    ok(err.code == ISO_USAGE && strstr(err.msg, "'.'"), "%s", err.msg);
    is_int(file_read("", 100, &b, &err), -1, "an empty name");
    is_int(err.code, ISO_USAGE, "is a usage error");
    buf_free(&b);
}

static int read_forbidden(void)
{
    struct buf b = {0};
    struct iso_err err = {0};

    become_nobody();
    return !(file_read("secret", 100, &b, &err) == -1 && err.code == ISO_USAGE && strstr(err.msg, "denied"));
}

static void test_read_without_permission_is_refused(void)
{
    make("secret", "x");
    chmod("secret", 0);
    is_int(apart(read_forbidden), 0, "as a usage error that says so");
    entries(1);
}

static void test_a_buffer_that_is_full_is_no_crash(void)
{
    struct buf b = {.cap = 10};
    struct iso_err err = {0};

    make("in", "12345678901234567890");
    is_int(file_read("in", 100, &b, &err), -1, "reading into it is refused");
    is_int(err.code, ISO_USAGE, "as a usage error");
    buf_free(&b);
    entries(1);
}

static int read_stdin(void)
{
    struct buf b = {0};
    struct iso_err err = {0};
    int fd = open("in", O_RDONLY);

    dup2(fd, STDIN_FILENO);
    if (file_read("-", 100, &b, &err) < 0 || b.len != 8 || memcmp(b.data, "from in\n", 8) != 0)
        return 1;
    lseek(STDIN_FILENO, 0, SEEK_SET);
    if (file_read("-", 7, &b, &err) == 0 || err.code != ISO_USAGE || !strstr(err.msg, "standard input"))
        return 2;
    close(STDIN_FILENO);
    return file_read("-", 100, &b, &err) == 0 || err.code != ISO_USAGE ? 3 : 0;
}

static void test_a_dash_is_standard_input(void)
{
    make("in", "from in\n");
    make("-", "from a file of that name");
    is_int(apart(read_stdin), 0, "read whole, under the same cap, and refused when it is closed");
    entries(1);
}

static void on_alarm(int signal)
{
    (void)signal;
}

/* Signals every millisecond, without SA_RESTART. */
static void be_interrupted(void)
{
    struct sigaction act = {.sa_handler = on_alarm};
    struct itimerval often = {{0, 1000}, {0, 1000}};

    alarm(0); /* the same timer */
    sigaction(SIGALRM, &act, NULL);
    setitimer(ITIMER_REAL, &often, NULL);
}

static int read_interrupted(void)
{
    struct buf b = {0};
    struct iso_err err = {0};
    int p[2];

    if (pipe(p) < 0)
        return 1;
    if (fork() == 0) {
        close(p[0]);
        usleep(30000);
        _exit(fd_write_all(p[1], "late", 4) < 0);
    }
    close(p[1]);
    dup2(p[0], STDIN_FILENO);
    be_interrupted();
    return file_read("-", 100, &b, &err) < 0 || b.len != 4;
}

static void test_a_signal_does_not_end_reading(void)
{
    is_int(apart(read_interrupted), 0, "the rest is waited for");
}

/* ---- writing to a descriptor */

/* A slow reader that says whether the bytes were those that write_interrupted() sends. */
static void read_slowly(int fd)
{
    unsigned char bytes[4096];
    size_t at = 0;
    ssize_t n;

    while ((n = read(fd, bytes, sizeof bytes)) > 0) {
        for (ssize_t i = 0; i < n; i++, at++)
            if (bytes[i] != (unsigned char)(at / 3))
                _exit(1);
        usleep(200);
    }
    _exit(at != 1 << 20);
}

static int nonblocking;

static int write_interrupted(void)
{
    static unsigned char bytes[1 << 20];
    int p[2];
    pid_t reader;

    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)(i / 3);
    if (pipe(p) < 0)
        return 1;
    reader = fork();
    if (reader == 0) {
        close(p[1]);
        read_slowly(p[0]);
    }
    close(p[0]);
    if (nonblocking)
        fcntl(p[1], F_SETFL, O_NONBLOCK);
    be_interrupted();
    if (fd_write_all(p[1], bytes, sizeof bytes) < 0)
        return 2;
    close(p[1]);
    return wait_for(reader);
}

static void test_write_all_goes_on_after_short_writes(void)
{
    is_int(apart(write_interrupted), 0, "every byte arrives once, in order");
    nonblocking = 1;
    is_int(apart(write_interrupted), 0, "also when the descriptor was made non-blocking");
}

static void test_write_all_reports_what_failed(void)
{
    int fd = open("/dev/full", O_WRONLY);

    errno = 0;
    ok(fd_write_all(fd, "x", 1) == -1 && errno == ENOSPC, "a full device");
    is_int(fd_write_all(fd, "", 0), 0, "nothing always fits");
    close(fd);
    errno = 0;
    ok(fd_write_all(-1, "x", 1) == -1 && errno == EBADF, "no file at all");
}

/* ---- replacing a file */

static void test_commit_makes_the_file(void)
{
    struct file_new f;
    struct iso_err err = {0};

    is_int(file_new_open(&f, "out", &err), 0, "opened");
    ok(access("out", F_OK) < 0 && entries(0) == 1, "the name is not taken yet");
    is_int(file_new_write(&f, "one ", 4, &err), 0, "written");
    is_int(file_new_write(&f, "two", 3, &err), 0, "and written");
    is_int(file_new_commit(&f, &err), 0, "committed");
    contains("out", "one two", "holds all of it");
    is_int(entries(0), 1, "and no temporary file is left");
    is_int(err.code, ISO_OK, "no failure is reported");
    entries(1);
}

static void test_commit_replaces_the_file_whole(void)
{
    struct file_new f;
    struct iso_err err;
    int old;

    make("out", "what was there before, and is longer");
    old = open("out", O_RDONLY);
    file_new_open(&f, "out", &err);
    file_new_write(&f, "new", 3, &err);
    contains("out", "what was there before, and is longer", "until the commit the old file is there");
    is_int(file_new_commit(&f, &err), 0, "committed");
    contains("out", "new", "then only the new one");
    is_int(lseek(old, 0, SEEK_END), 36, "who has the old one open keeps it");
    close(old);
    is_int(entries(1), 1, "no temporary file is left");
}

static void test_abort_leaves_things_as_they_were(void)
{
    struct file_new f;
    struct iso_err err;

    make("out", "old");
    file_new_open(&f, "out", &err);
    file_new_write(&f, "new", 3, &err);
    file_new_abort(&f);
    contains("out", "old", "the file");
    is_int(entries(0), 1, "and the directory");
    file_new_abort(&f);
    is_int(entries(1), 1, "a second abort does nothing");
}

static void test_a_new_file_has_the_usual_mode(void)
{
    static const mode_t masks[] = {0, 022, 027, 077};
    mode_t before = umask(0);
    struct file_new f;
    struct iso_err err;
    struct stat st;

    for (size_t i = 0; i < sizeof masks / sizeof *masks; i++) {
        umask(masks[i]);
        file_new_open(&f, "out", &err);
        file_new_commit(&f, &err);
        stat("out", &st);
        is_int(st.st_mode & 07777, 0666 & ~masks[i], "what the umask leaves of 0666");
        ok(umask(masks[i]) == masks[i], "and the umask stays");
    }
    umask(before);
    entries(1);
}

static void test_descriptors_are_not_inherited(void)
{
    struct file_new f;
    struct iso_err err;

    file_new_open(&f, "out", &err);
    ok(fcntl(f.fd, F_GETFD) & FD_CLOEXEC, "a file's");
    file_new_abort(&f);
    file_new_open(&f, "/dev/null", &err);
    ok(fcntl(f.fd, F_GETFD) & FD_CLOEXEC, "a device's");
    file_new_abort(&f);
}

/* Opening must fail with OUTPUT, name the path, and leave `stay` entries. */
static void cannot_open(const char *path, int stay, const char *name)
{
    struct file_new f;
    struct iso_err err = {0};

    ok(file_new_possible(path, &err) == -1 && err.code == ISO_OUTPUT, "%s: asked before", name);
    err = (struct iso_err){0};
    if (ok(file_new_open(&f, path, &err) == -1 && err.code == ISO_OUTPUT, "%s: opened", name))
        ok(strstr(err.msg, "cannot write '") != NULL, "%s: %.60s", name, err.msg);
    else
        file_new_abort(&f);
    is_int(entries(0), stay, "nothing is left behind");
}

static void test_places_that_cannot_be_written_are_refused(void)
{
    char longest[PATH_MAX + 100];

    memset(longest, 'x', sizeof longest - 1);
    longest[sizeof longest - 1] = 0;
    cannot_open("missing/out", 0, "a directory that is not there");
    cannot_open(longest, 0, "a path that is too long");
    mkdir("dir", 0755);
    cannot_open("dir", 1, "a directory");
    cannot_open("dir/", 1, "a directory, with a slash");
    rmdir("dir");
    make("file", "");
    cannot_open("file/out", 1, "a file as directory");
    entries(1);
    cannot_open("", 0, "an empty path");
}

static int write_in_locked(void)
{
    struct file_new f;
    struct iso_err err = {0};

    become_nobody();
    if (file_new_possible("locked/out", &err) == 0 || err.code != ISO_OUTPUT)
        return 1;
    return file_new_open(&f, "locked/out", &err) == 0 || err.code != ISO_OUTPUT || !strstr(err.msg, "denied");
}

static void test_a_directory_without_permission_is_refused(void)
{
    mkdir("locked", 0755);
    make("locked/out", "old");
    chmod("locked", 0555);
    is_int(apart(write_in_locked), 0, "as an output error that says so");
    chmod("locked", 0755);
    contains("locked/out", "old", "and the file there is untouched");
    unlink("locked/out");
    is_int(rmdir("locked"), 0, "and alone");
}

/* The file system takes 1,000 bytes and no more. */
static int write_too_much(void)
{
    static const char data[5000];
    struct rlimit most = {1000, 1000};
    struct file_new f;
    struct iso_err err = {0};

    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &most);
    if (file_new_open(&f, "out", &err) < 0)
        return 1;
    if (file_new_write(&f, data, sizeof data, &err) == 0 || err.code != ISO_OUTPUT ||
        !strstr(err.msg, "'out'"))
        return 2;
    file_new_abort(&f);
    return entries(0) != 1;
}

static void test_a_write_that_fails_leaves_the_old_file(void)
{
    make("out", "old");
    is_int(apart(write_too_much), 0, "and no temporary one");
    contains("out", "old", "with its content");
    entries(1);
}

static void test_a_commit_that_fails_cleans_up(void)
{
    struct file_new f;
    struct iso_err err = {0};

    file_new_open(&f, "out", &err);
    file_new_write(&f, "x", 1, &err);
    mkdir("out", 0755); /* somebody was faster */
    ok(file_new_commit(&f, &err) == -1 && err.code == ISO_OUTPUT, "it is an output error: %s", err.msg);
    is_int(entries(0), 1, "only what was there is left");
    ok(f.fd == -1 && f.tmp == NULL, "and nothing is open");
    entries(1);
}

static void test_a_commit_without_its_temporary_file_leaves_the_old_one(void)
{
    struct file_new f;
    struct iso_err err = {0};

    make("out", "old");
    file_new_open(&f, "out", &err);
    file_new_write(&f, "new", 3, &err);
    unlink(f.tmp); /* somebody tidied up */
    ok(file_new_commit(&f, &err) == -1 && err.code == ISO_OUTPUT, "it is an output error: %s", err.msg);
    contains("out", "old", "the old file is there at every moment");
    entries(1);
}

static void test_possible_changes_nothing(void)
{
    struct iso_err err = {0};

    is_int(file_new_possible("out", &err), 0, "a new file is possible");
    is_int(entries(0), 0, "and not made");
    make("out", "old");
    is_int(file_new_possible("out", &err), 0, "an old one can be replaced");
    contains("out", "old", "and is not");
    is_int(entries(1), 1, "and nothing stands beside it");
    is_int(err.code, ISO_OK, "no failure is reported");
}

static void test_devices_are_written_in_place(void)
{
    struct file_new f;
    struct iso_err err = {0};
    struct stat st;

    is_int(file_new_possible("/dev/null", &err), 0, "/dev/null is possible");
    is_int(file_new_open(&f, "/dev/null", &err), 0, "opened");
    ok(f.tmp == NULL, "without a file beside it");
    is_int(file_new_write(&f, "x", 1, &err), 0, "written");
    is_int(file_new_commit(&f, &err), 0, "committed");
    ok(stat("/dev/null", &st) == 0 && S_ISCHR(st.st_mode), "and it still is what it was");
}

static void test_a_full_device_is_an_output_error(void)
{
    struct file_new f;
    struct iso_err err = {0};

    file_new_open(&f, "/dev/full", &err);
    is_int(file_new_write(&f, "x", 1, &err), -1, "when written");
    ok(err.code == ISO_OUTPUT && strstr(err.msg, "'/dev/full'") && strstr(err.msg, "No space"), "%s",
       err.msg);
    file_new_abort(&f);
    ok(access("/dev/full", F_OK) == 0, "and it still is there");
}

/* ---- pipes: one process reads what another writes, neither for ever */

static int read_fifo(void)
{
    struct buf b = {0};
    struct iso_err err;

    return file_read("fifo", 100, &b, &err) < 0 || b.len != 9 || memcmp(b.data, "into pipe", 9) != 0;
}

static const char *target;
static int ask_first;

static int write_fifo(void)
{
    struct file_new f;
    struct iso_err err;

    signal(SIGPIPE, SIG_IGN);
    if (ask_first && file_new_possible(target, &err) < 0)
        return 1;
    usleep(ask_first ? 100000 : 0); /* the long work */
    if (file_new_open(&f, target, &err) < 0 || file_new_write(&f, "into pipe", 9, &err) < 0)
        return 2;
    return file_new_commit(&f, &err) < 0;
}

static void through_a_pipe(const char *path, int ask, const char *name)
{
    struct stat st;
    pid_t reader, writer;

    target = path;
    ask_first = ask;
    if (mkfifo("fifo", 0600) < 0)
        abort();
    reader = start(read_fifo);
    writer = start(write_fifo);
    is_int(wait_for(writer), 0, name);
    is_int(wait_for(reader), 0, "its reader gets all of it");
    ok(stat("fifo", &st) == 0 && S_ISFIFO(st.st_mode), "and it still is a pipe");
}

static void test_a_pipe_is_written_in_place(void)
{
    through_a_pipe("fifo", 0, "a pipe is written");
    is_int(entries(1), 1, "and nothing stands beside it");
}

static void test_a_link_to_a_pipe_is_written_in_place(void)
{
    struct stat st;

    if (symlink("fifo", "link") < 0) /* as /dev/stdout is one */
        abort();
    through_a_pipe("link", 0, "a link to a pipe is written");
    ok(lstat("link", &st) == 0 && S_ISLNK(st.st_mode), "and it still is a link");
    is_int(entries(1), 2, "and nothing stands beside them");
}

static void test_asking_does_not_use_a_pipe_up(void)
{
    through_a_pipe("fifo", 1, "a pipe is written after file_new_possible()");
    entries(1);
}

int main(void)
{
    enter_scratch();
    test_read_appends_the_whole_file();
    test_read_takes_large_files();
    test_read_of_an_empty_file();
    test_read_stops_over_the_cap();
    test_read_of_an_endless_file_ends();
    test_read_failures_name_the_file();
    test_read_without_permission_is_refused();
    test_a_buffer_that_is_full_is_no_crash();
    test_a_dash_is_standard_input();
    test_a_signal_does_not_end_reading();
    test_write_all_goes_on_after_short_writes();
    test_write_all_reports_what_failed();
    test_commit_makes_the_file();
    test_commit_replaces_the_file_whole();
    test_abort_leaves_things_as_they_were();
    test_a_new_file_has_the_usual_mode();
    test_descriptors_are_not_inherited();
    test_places_that_cannot_be_written_are_refused();
    test_a_directory_without_permission_is_refused();
    test_a_write_that_fails_leaves_the_old_file();
    test_a_commit_that_fails_cleans_up();
    test_a_commit_without_its_temporary_file_leaves_the_old_one();
    test_possible_changes_nothing();
    test_devices_are_written_in_place();
    test_a_full_device_is_an_output_error();
    test_a_pipe_is_written_in_place();
    test_a_link_to_a_pipe_is_written_in_place();
    test_asking_does_not_use_a_pipe_up();
    leave_scratch();
    return done_testing();
}
