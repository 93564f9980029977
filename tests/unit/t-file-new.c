/* SPDX-License-Identifier: MIT */
/* Outputs that are written whole or not at all, core/file_new.h, and where they go, core/place.h. */
#undef _FORTIFY_SOURCE /* which has an openat() of its own */
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include "core/file_new.h"
#include "tests/scratch.h"

/* As on file systems that cannot hold a file without a name. In place of libc's. */
static int names_only;

int openat(int dir, const char *path, int flags, ...)
{
    mode_t mode = 0;
    va_list ap;

    if (names_only && (flags & O_TMPFILE) == O_TMPFILE) {
        errno = EOPNOTSUPP;
        return -1;
    }
    if (flags & (O_CREAT | (O_TMPFILE & ~O_DIRECTORY))) {
        va_start(ap, flags);
        mode = va_arg(ap, mode_t);
        va_end(ap);
    }
    return (int)syscall(SYS_openat, dir, path, flags, mode);
}

/* ---- replacing a file */

static void test_until_the_commit_a_file_has_no_name(void)
{
    struct file_new f;
    struct iso_err err;

    file_new_open(&f, "out", &err);
    file_new_write(&f, "x", 1, &err);
    is_int(entries(0), names_only, "nothing is there that a process which is killed could leave");
    file_new_remove_all();
    is_int(entries(0), 0, "and after file_new_remove_all() nothing at all");
    file_new_abort(&f);
    is_int(entries(1), 0, "nor after an abort");
}

static void test_a_file_that_is_replaced_keeps_its_mode(void)
{
    static const mode_t modes[] = {0600, 0640, 0755, 0666, 0400};
    mode_t before = umask(022);
    struct file_new f;
    struct iso_err err;
    struct stat st;

    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        make("out", "old");
        chmod("out", modes[i] | S_ISUID);
        file_new_open(&f, "out", &err);
        file_new_write(&f, "new", 3, &err);
        is_int(file_new_commit(&f, &err), 0, "committed");
        stat("out", &st);
        is_int(st.st_mode & 07777, modes[i], "the permissions, and nothing but them");
        entries(1);
    }
    umask(before);
}

static void test_what_replaces_a_file_is_never_more_open_than_it(void)
{
    mode_t before = umask(0);
    struct file_new f;
    struct iso_err err;
    struct stat st;

    make("out", "old");
    chmod("out", 0600);
    file_new_open(&f, "out", &err);
    is_int(fstat(f.fd, &st) == 0 ? st.st_mode & 0777 : 0, 0600, "while it is written");
    file_new_abort(&f);
    umask(before);
    entries(1);
}

static void test_a_file_that_is_replaced_keeps_its_owner(void)
{
    struct file_new f;
    struct iso_err err;
    struct stat st;

    if (geteuid() != 0) {
        ok(1, "only root can give files away # SKIP");
        return;
    }
    make("out", "old");
    chmod("out", 0640);
    ok(chown("out", 65534, 65534) == 0, "a file of another user");
    file_new_open(&f, "out", &err);
    is_int(file_new_commit(&f, &err), 0, "committed");
    ok(stat("out", &st) == 0 && st.st_uid == 65534 && st.st_gid == 65534, "is that user's still");
    is_int(st.st_mode & 0777, 0640, "with its mode");
    entries(1);
}

static int replace_in_shared(void)
{
    struct file_new f;
    struct iso_err err;
    struct stat st;

    become_nobody();
    if (file_new_open(&f, "shared/out", &err) < 0 || file_new_commit(&f, &err) < 0 ||
        stat("shared/out", &st) < 0)
        return 1;
    return st.st_uid == 65534 && (st.st_mode & 0777) == 0604 ? 0 : 2;
}

static void test_rights_of_a_group_that_cannot_be_kept_go_to_no_other(void)
{
    if (geteuid() != 0) {
        ok(1, "only root can give files away # SKIP");
        return;
    }
    mkdir("shared", 0777);
    chmod("shared", 0777);
    make("shared/out", "old");
    chmod("shared/out", 0664 & ~020);
    is_int(apart(replace_in_shared), 0, "another user's file, in a folder where it may be replaced");
    unlink("shared/out");
    is_int(rmdir("shared"), 0, "and nothing is left beside it");
}

/* ---- links */

static void replaces(const char *path, const char *real, const char *name)
{
    struct file_new f;
    struct iso_err err = {0};

    if (file_new_open(&f, path, &err) == 0) {
        file_new_write(&f, "new", 3, &err);
        file_new_commit(&f, &err);
    }
    is_text(err.msg, strlen(err.msg), "", name);
    contains(real, "new", "the file that it leads to is the new one");
}

static void link_to(const char *target_path, const char *path)
{
    if (symlink(target_path, path) < 0)
        abort();
}

static void test_links_lead_to_the_file_that_is_replaced(void)
{
    struct stat st;
    char whole[PATH_MAX];

    mkdir("dir", 0755);
    make("dir/out", "old");
    link_to("dir/out", "link");
    link_to("link", "again");
    link_to("dir", "folder");
    link_to("../folder/../dir/./out", "dir/round");
    replaces("link", "dir/out", "a link");
    replaces("again", "dir/out", "a link to a link");
    replaces("folder/out", "dir/out", "a link as folder");
    replaces("folder//round", "dir/out", "both");
    snprintf(whole, sizeof whole, "%s/folder/out", getcwd((char[PATH_MAX]){0}, PATH_MAX));
    replaces(whole, "dir/out", "an absolute path");
    ok(lstat("link", &st) == 0 && S_ISLNK(st.st_mode), "and the link is one still");
    link_to("dir/fresh", "early");
    replaces("early", "dir/fresh", "a link to a file that is not there yet");
    link_to("circle", "circle");
    unlink("dir/out");
    unlink("dir/fresh");
    unlink("dir/round");
    entries(1);
}

static void refuses(const char *path, const char *why)
{
    struct file_new f;
    struct iso_err err = {0};

    if (ok(file_new_open(&f, path, &err) < 0 && err.code == ISO_OUTPUT, "%s is not written", path))
        ok(strstr(err.msg, why) != NULL, "%s", err.msg);
    else
        file_new_abort(&f);
}

static void test_links_without_end_are_refused(void)
{
    link_to("circle", "circle");
    refuses("circle", "Too many levels");
    refuses("circle/out", "Too many levels");
    link_to("nowhere/out", "lost");
    refuses("lost", "No such file");
    entries(1);
}

static const char *const strange = "belongs to another user, in a folder that all may write to";

static void test_strangers_in_a_shared_folder_lead_nowhere(void)
{
    struct stat st;

    if (geteuid() != 0) {
        ok(1, "only root can give files away # SKIP");
        return;
    }
    mkdir("sticky", 0777);
    chmod("sticky", 01777);
    mkdir("mine", 0755);
    make("mine/out", "precious");
    link_to("../mine/out", "sticky/link");
    link_to("../mine", "sticky/folder");
    make("sticky/file", "theirs");
    mkfifo("sticky/fifo", 0666);
    ok(lchown("sticky/link", 65534, 65534) == 0 && lchown("sticky/folder", 65534, 65534) == 0 &&
           chown("sticky/file", 65534, 65534) == 0 && chown("sticky/fifo", 65534, 65534) == 0,
       "of another user in a folder like /tmp: a link, a link to a folder, a file, a pipe");
    refuses("sticky/link", strange);
    refuses("sticky/folder/out", strange);
    refuses("sticky/file", strange);
    refuses("sticky/fifo", strange);
    contains("mine/out", "precious", "what the link leads to is as it was");
    chmod("sticky", 0777);
    replaces("sticky/link", "mine/out", "in another folder the same link is followed");
    chmod("sticky", 01777);
    lchown("sticky/link", 0, 0);
    replaces("sticky/link", "mine/out", "and so is a link of one's own");
    ok(stat("sticky/fifo", &st) == 0, "the pipe is there");
    for (const char *const *name = (const char *const[]){"link", "folder", "file", "fifo", NULL}; *name;
         name++)
        unlinkat(open("sticky", O_RDONLY), *name, 0);
    unlink("mine/out");
    rmdir("sticky");
    rmdir("mine");
    is_int(entries(1), 0, "nothing else was made");
}

static void test_links_of_proc_are_descriptors(void)
{
    int saved = dup(1), file = open("kept", O_RDWR | O_CREAT, 0644);
    struct file_new f;
    struct iso_err err = {0};
    int rc;

    fflush(stdout);
    dup2(file, 1);
    rc = file_new_open(&f, "/proc/self/fd/1", &err);
    if (rc == 0 && (file_new_write(&f, "through", 7, &err) < 0 || file_new_commit(&f, &err) < 0))
        rc = -1;
    dup2(saved, 1);
    is_int(rc, 0, "standard output by its name");
    contains("kept", "through", "is what it is open on");
    close(file);
    close(saved);
    entries(1);
}

static void test_commit_makes_the_file(void)
{
    struct file_new f;
    struct iso_err err = {0};

    is_int(file_new_open(&f, "out", &err), 0, "opened");
    ok(access("out", F_OK) < 0, "the name is not taken yet");
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
        entries(1);
    }
    umask(before);
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
    mkdir("out", 0755); /* another process was faster */
    ok(file_new_commit(&f, &err) == -1 && err.code == ISO_OUTPUT, "it is an output error: %s", err.msg);
    is_int(entries(0), 1, "only what was there is left");
    ok(f.fd == -1 && f.place.dir == -1, "and nothing is open");
    entries(1);
}

static void test_a_commit_without_its_temporary_file_leaves_the_old_one(void)
{
    struct file_new f;
    struct iso_err err = {0};

    make("out", "old");
    file_new_open(&f, "out", &err);
    file_new_write(&f, "new", 3, &err);
    unlink(f.tmp); /* by a program that tidies up */
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
    ok(f.in_place, "without a file beside it");
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

static void test_all(void)
{
    test_commit_makes_the_file();
    test_commit_replaces_the_file_whole();
    test_abort_leaves_things_as_they_were();
    test_a_new_file_has_the_usual_mode();
    test_descriptors_are_not_inherited();
    test_places_that_cannot_be_written_are_refused();
    test_a_directory_without_permission_is_refused();
    test_a_write_that_fails_leaves_the_old_file();
    test_a_commit_that_fails_cleans_up();
    test_possible_changes_nothing();
    test_devices_are_written_in_place();
    test_a_full_device_is_an_output_error();
    test_a_pipe_is_written_in_place();
    test_a_link_to_a_pipe_is_written_in_place();
    test_asking_does_not_use_a_pipe_up();
    test_until_the_commit_a_file_has_no_name();
    test_a_file_that_is_replaced_keeps_its_mode();
    test_what_replaces_a_file_is_never_more_open_than_it();
    test_a_file_that_is_replaced_keeps_its_owner();
    test_rights_of_a_group_that_cannot_be_kept_go_to_no_other();
    test_links_lead_to_the_file_that_is_replaced();
    test_links_without_end_are_refused();
    test_strangers_in_a_shared_folder_lead_nowhere();
    test_links_of_proc_are_descriptors();
}

int main(void)
{
    enter_scratch();
    test_all();
    names_only = 1;
    test_all();
    test_a_commit_without_its_temporary_file_leaves_the_old_one();
    leave_scratch();
    return done_testing();
}
