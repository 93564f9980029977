/* SPDX-License-Identifier: MIT */
/* launch.c - starts commands in turn and times each from outside: launch ROUNDS WARMUP -- CMD.. -- CMD..
 *
 * One line for each sample that counts, after the last round: "COMMAND ROUND MICROSECONDS STATUS MAXRSS_KIB FAULTS
 * SWITCHES", numbers only, COMMAND counted from 0, STATUS as wait4(2) gives it. MAXRSS is that of the largest process
 * among the command and the children it waited for; FAULTS (page faults without a read) and SWITCHES (of context) are
 * the sums over all of them.
 *
 * A program of its own because of what a large one would add to the figures: fork has to copy its page
 * tables, and Linux carries the peak memory of the process that called execve(2) over to the new program. */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MOST_COMMANDS 64

extern char **environ;

struct sample {
    long us, maxrss, faults, switches;
    int status;
};

static void __attribute__((noreturn)) die(const char *what)
{
    fprintf(stderr, "launch: %s: %s\n", what, strerror(errno));
    exit(2);
}

static long now_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* glibc's posix_spawn(3) is clone(CLONE_VM | CLONE_VFORK): nothing is copied. */
static struct sample run_once(char **argv)
{
    struct sample s;
    struct rusage usage;
    long start = now_us();
    pid_t pid;

    errno = posix_spawn(&pid, argv[0], NULL, NULL, argv, environ);
    if (errno)
        die(argv[0]);
    while (wait4(pid, &s.status, 0, &usage) < 0)
        if (errno != EINTR)
            die("wait4");
    s.us = now_us() - start;
    s.maxrss = usage.ru_maxrss;
    s.faults = usage.ru_minflt;
    s.switches = usage.ru_nvcsw + usage.ru_nivcsw;
    return s;
}

/* Cuts argv at each "--". */
static int split(char **argv, char **commands[])
{
    int count = 0;

    for (; *argv; argv++) {
        if (strcmp(*argv, "--") != 0)
            continue;
        *argv = NULL;
        if (count == MOST_COMMANDS || !argv[1])
            return -1;
        commands[count++] = argv + 1;
    }
    return count;
}

/* The commands read and write nothing; our own results go where standard output was. */
static FILE *set_standard_files(void)
{
    int out = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3), null = open("/dev/null", O_RDWR | O_CLOEXEC);

    if (out < 0 || null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(null, STDOUT_FILENO) < 0)
        die("standard input and output");
    return fdopen(out, "w");
}

static void print(FILE *out, const struct sample *samples, int rounds, int count)
{
    for (int i = 0; i < rounds * count; i++)
        fprintf(out, "%d %d %ld %d %ld %ld %ld\n", i % count, i / count, samples[i].us, samples[i].status,
                samples[i].maxrss, samples[i].faults, samples[i].switches);
    if (fclose(out) != 0)
        die("writing the samples");
}

int main(int argc, char **argv)
{
    char **commands[MOST_COMMANDS];
    int rounds = argc > 4 ? atoi(argv[1]) : 0, warmup = argc > 4 ? atoi(argv[2]) : 0;
    int count = argc > 4 ? split(argv + 3, commands) : 0;
    struct sample *samples;
    FILE *out;

    if (rounds < 1 || warmup < 0 || count < 1) {
        fprintf(stderr, "usage: launch ROUNDS WARMUP -- CMD.. [-- CMD..]\n");
        return 2;
    }
    samples = calloc((size_t)rounds * (size_t)count, sizeof *samples);
    out = set_standard_files();
    if (!samples || !out)
        die("starting");
    for (int round = -warmup; round < rounds; round++)
        for (int i = 0; i < count; i++) {
            struct sample s = run_once(commands[i]);
            if (round >= 0)
                samples[round * count + i] = s;
        }
    print(out, samples, rounds, count);
    free(samples);
    return 0;
}
