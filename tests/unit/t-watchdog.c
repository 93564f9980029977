/* SPDX-License-Identifier: MIT */
/* host/run/watchdog.h: deadlines of real processes are kept while no event loop runs. */
#include "host/run/watchdog.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/clock.h"
#include "tests/tap.h"

static void nap(long ms)
{
    struct timespec t = {ms / 1000, ms % 1000 * 1000000};

    nanosleep(&t, NULL);
}

static void __attribute__((noreturn)) spin(void)
{
    for (volatile unsigned n = 0;; n++)
        ;
}

static volatile sig_atomic_t asked;

static void count(int signal)
{
    (void)signal;
    asked++;
}

/* Ends when it is asked to. */
static void obedient(int channel)
{
    signal(SIGUSR1, count);
    (void)!write(channel, "started", 7);
    while (!asked)
        nap(1000);
    (void)!write(channel, "report", 6);
    _exit(7);
}

/* Ends when it is asked for the second time. */
static void slow(int channel)
{
    signal(SIGUSR1, count);
    (void)!write(channel, "started", 7);
    while (asked < 2)
        nap(1000);
    _exit(8);
}

static void deaf_sleeper(int channel)
{
    signal(SIGUSR1, SIG_IGN);
    (void)!write(channel, "started", 7);
    for (;;)
        nap(1000);
}

static void deaf_spinner(int channel)
{
    signal(SIGUSR1, SIG_IGN);
    (void)!write(channel, "started", 7);
    spin();
}

static void leaver(int channel)
{
    (void)!write(channel, "done", 4);
    _exit(0);
}

static void silent(int channel)
{
    (void)channel;
    for (;;)
        nap(1000);
}

static struct watched w;
static int parent_end;

/* A child that does this, under watch with these limits. */
static void begin(void (*be)(int channel), uint64_t cpu_ms, uint64_t wall_ms)
{
    int ends[2];
    pid_t pid;

    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0)
        exit(1);
    pid = fork();
    if (pid == 0) {
        close(ends[0]);
        be(ends[1]);
    }
    close(ends[1]);
    parent_end = ends[0];
    memset(&w, 0, sizeof w);
    w.pid = pid;
    w.pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
    w.socket = parent_end;
    w.speaks_first = 1;
    w.cpu_ms = cpu_ms;
    w.wall_ms = wall_ms;
    is_int(watchdog_add(&w), 0, "a worker is watched");
}

/* The status of the process, as wait4(2) gives it, without any event loop. */
static int end(struct watch_facts *facts)
{
    int status = -1;

    waitpid(w.pid, &status, 0);
    watchdog_remove(&w);
    watchdog_facts(&w, facts);
    close(parent_end);
    close(w.pidfd);
    return status;
}

static int killed(int status)
{
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

static void test_limits(void)
{
    struct watch_facts f;
    int status;

    begin(obedient, 0, 100);
    status = end(&f);
    ok(WIFEXITED(status) && WEXITSTATUS(status) == 7, "real time is up: it is asked to stop");
    ok(f.strike == STRIKE_WALL && !f.killed, "and not killed when it does");
    ok(f.struck_ns - f.begun_ns >= 100000000u, "not before the limit");
    is_int((long long)f.arrived, 7, "what it had said by then is counted, though it was not read");

    begin(slow, 0, 50);
    status = end(&f);
    ok(WIFEXITED(status) && WEXITSTATUS(status) == 8, "it is asked a second time");

    begin(deaf_sleeper, 0, 50);
    status = end(&f);
    ok(killed(status) && f.killed && f.killed_in == WATCH_STRUCK, "one that does not stop is killed");

    begin(deaf_spinner, 50, 0);
    status = end(&f);
    ok(killed(status) && f.strike == STRIKE_CPU, "CPU time is up, whatever real time is");

    begin(deaf_sleeper, 50, 400);
    status = end(&f);
    ok(killed(status) && f.strike == STRIKE_WALL, "to sleep takes no CPU time");
}

static void test_charge(void)
{
    struct watch_facts f;

    begin(deaf_sleeper, 1000, 60000);
    nap(50);
    watchdog_charge(&w, 999000000u + 1000000u);
    ok(killed(end(&f)) && f.strike == STRIKE_CPU, "work of others on its account counts as its CPU time");
}

static void test_own_end(void)
{
    struct watch_facts f;

    begin(leaver, 0, 1);
    nap(50);
    watchdog_facts(&w, &f);
    is_int(f.strike, STRIKE_NONE, "one that has ended by itself is not struck, though it was not reaped");
    is_int(end(&f), 0, "and not killed");
}

static void test_ending(void)
{
    struct watch_facts f;

    begin(deaf_sleeper, 0, 0);
    nap(20);
    (void)watchdog_begin(&w);
    watchdog_ending(&w, 50);
    ok(killed(end(&f)) && f.killed_in == WATCH_ENDING, "one that has to end is killed");
    is_int(f.strike, STRIKE_NONE, "and no limit struck");

    begin(deaf_spinner, 100, 0);
    nap(20);
    (void)watchdog_begin(&w);
    watchdog_ending(&w, 60000);
    ok(killed(end(&f)) && f.strike == STRIKE_NONE, "limits hold for one that has to end");
}

static void test_unreaped(void)
{
    struct watch_facts f;

    begin(silent, 0, 0);
    kill(w.pid, SIGKILL);
    watchdog_killed(&w);
    for (int tries = 0; tries < 100; tries++) {
        watchdog_facts(&w, &f);
        if (f.overdue)
            break;
        nap(100);
    }
    ok(f.overdue, "one that is killed and not reaped is overdue");
    ok(killed(end(&f)) && !f.killed, "and was killed by the caller");
}

static void test_pause(void)
{
    struct watch_facts f;
    int status;
    uint64_t resumed;

    begin(obedient, 0, 100);
    (void)watchdog_begin(&w);
    watchdog_pause(&w);
    nap(400);
    ok(!watchdog_has_struck(&w), "real time stands still in a pause");
    resumed = monotonic_ns();
    watchdog_resume(&w);
    status = end(&f);
    ok(WIFEXITED(status) && f.strike == STRIKE_WALL, "and goes on behind it");
    ok(f.struck_ns > resumed, "so that the limit is reached then");

    begin(deaf_spinner, 100, 0);
    (void)watchdog_begin(&w);
    watchdog_pause(&w);
    status = end(&f);
    ok(killed(status) && f.strike == STRIKE_CPU, "CPU time is counted in a pause, too");
}

int main(void)
{
    test_limits();
    test_charge();
    test_pause();
    test_own_end();
    test_ending();
    test_unreaped();
    return done_testing();
}
