/* SPDX-License-Identifier: MIT */
/* tests/scratch.h - for C tests of files: enter_scratch() and leave_scratch(), files made and compared there, and
 * checks in processes of their own. */
#ifndef ISO_TESTS_SCRATCH_H
#define ISO_TESTS_SCRATCH_H
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "core/file.h"
#include "tests/tap.h"

static char scratch[] = "/tmp/iso4-unit.XXXXXX";

/* ---- a directory of our own */

/* Names in the current directory; removes them all when told to. */
static inline int entries(int remove_them)
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

static inline void enter_scratch(void)
{
    if (!mkdtemp(scratch) || chmod(scratch, 0755) < 0 || chdir(scratch) < 0)
        abort();
}

static inline void leave_scratch(void)
{
    entries(1);
    if (chdir("/") < 0 || rmdir(scratch) < 0)
        abort();
}

static inline void make(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);

    if (fd < 0 || fd_write_all(fd, text, strlen(text)) < 0)
        abort();
    close(fd);
}

static inline void contains(const char *path, const char *want, const char *name)
{
    struct buf b = {0};
    struct iso_err err = {0};

    if (file_read(path, 1 << 20, &b, &err) < 0)
        printf("# %s\n", err.msg);
    is_text(b.len ? b.data : "", b.len, want, name);
    buf_free(&b);
}

/* ---- processes of our own */

static inline int wait_for(pid_t pid)
{
    int status = 0;

    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* Runs a check where it can do no harm and cannot hang; 0: it held. */
static inline pid_t start(int (*check)(void))
{
    pid_t pid = fork();

    if (pid == 0) {
        alarm(5);
        _exit(check());
    }
    return pid;
}

static inline int apart(int (*check)(void))
{
    return wait_for(start(check));
}

/* Root may write anywhere: permissions are tested as another user. */
static inline void become_nobody(void)
{
    if (geteuid() == 0 && (setgroups(0, NULL) < 0 || setgid(65534) < 0 || setuid(65534) < 0))
        _exit(99);
}

#endif
