/* SPDX-License-Identifier: MIT */
#include "host/run/watchdog.h"

#include <errno.h>
#include <linux/sockios.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/clock.h"

#define NS_PER_MS 1000000u

/* The shortest interval between two reads of a CPU clock, and so the most by which a limit can be exceeded. */
#define LOOK_NS (2 * NS_PER_MS)

/* The thread needs little stack. */
#define STACK_BYTES (256u << 10)

#define NEVER UINT64_MAX

static struct {
    pthread_mutex_t lock;
    int running;
    int epoll, wake; /* workers that boot; an eventfd */
    struct watched *first;
    uint64_t sleeps_until_ns; /* the thread */
    uint64_t last_id;
} dog = {.lock = PTHREAD_MUTEX_INITIALIZER, .epoll = -1, .wake = -1};

/* ---- the state of a process */

static int has_exited(const struct watched *w)
{
    struct pollfd p = {.fd = w->pidfd, .events = POLLIN};

    return poll(&p, 1, 0) == 1 && p.revents & (POLLIN | POLLHUP);
}

static void send_signal(const struct watched *w, int signal)
{
    syscall(SYS_pidfd_send_signal, w->pidfd, signal, NULL, 0);
}

/* CPU time of the worker since agent code began; 0 for a process that is gone, which has no clock. */
static uint64_t cpu_used(struct watched *w)
{
    uint64_t now;

    if (!w->has_cpu_clock)
        w->has_cpu_clock = clock_getcpuclockid(w->pid, &w->cpu_clock) == 0;
    now = w->has_cpu_clock ? clock_ns(w->cpu_clock) : 0;
    return now > w->cpu_start_ns ? now - w->cpu_start_ns : 0;
}

/* ---- deadlines; all functions here need the lock */

static void tell(const struct watched *w)
{
    if (w->tell)
        uv_async_send(w->tell);
}

static void enter(struct watched *w, enum watch_stage stage, uint64_t due_ns)
{
    w->stage = stage;
    w->due_ns = due_ns;
}

static uint64_t left(uint64_t used, uint64_t limit_ms)
{
    uint64_t limit = limit_ms * NS_PER_MS;

    return limit_ms == 0 ? NEVER : used < limit ? limit - used : 0;
}

/* The limit that has been reached; if none, *due is the time of the next check. CPU time of one thread cannot grow
 * faster than real time; watchdog_charge(), which adds CPU time, makes a new check. */
static enum watch_strike look_at_limits(struct watched *w, uint64_t now, uint64_t *due)
{
    uint64_t wall = left(now - w->facts.begun_ns - w->paused_ns, w->wall_ms), cpu = NEVER;

    /* At the start it is 0, which saves a system call for each run. */
    if (w->cpu_ms)
        cpu = left(now == w->facts.begun_ns ? w->charged_ns : cpu_used(w) + w->charged_ns, w->cpu_ms);
    if (w->paused_since_ns)
        wall = NEVER;
    *due = NEVER;
    if (cpu == 0)
        return STRIKE_CPU;
    if (wall == 0)
        return STRIKE_WALL;
    if (cpu != NEVER)
        *due = now + (cpu > LOOK_NS ? cpu : LOOK_NS);
    if (wall != NEVER && now + wall < *due)
        *due = now + wall;
    return STRIKE_NONE;
}

static void begin_watching(struct watched *w, uint64_t now)
{
    w->facts.begun_ns = now;
    w->cpu_start_ns = 0;
    if (w->cpu_ms && w->speaks_first) /* forks have used almost no CPU time until now */
        w->cpu_start_ns = cpu_used(w);
    w->stage = WATCH_LIMITS;
    (void)look_at_limits(w, now, &w->due_ns);
    if (w->ready_due_ns < w->due_ns)
        w->due_ns = w->ready_due_ns;
}

static void put_down(struct watched *w, uint64_t now)
{
    w->facts.killed = 1;
    w->facts.killed_in = w->stage;
    send_signal(w, SIGKILL);
    enter(w, WATCH_KILLED, now + (uint64_t)WATCHDOG_REAP_MS * NS_PER_MS);
}

/* Acts at a limit. Bytes that have arrived before count as in time, even when they are read later. The bytes that were
 * read are counted first, so that bytes which are read meanwhile are counted once or not at all, never twice. */
static void strike(struct watched *w, enum watch_strike limit, uint64_t now)
{
    int unread = 0;

    w->facts.arrived = atomic_load(&w->received);
    if (ioctl(w->socket, SIOCINQ, &unread) == 0)
        w->facts.arrived += (uint64_t)unread;
    w->facts.strike = limit;
    w->facts.struck_ns = now;
    atomic_store(&w->struck, (int)limit); /* before the worker can answer the signal */
    send_signal(w, SIGUSR1);
    w->last_due_ns = now + (uint64_t)WATCHDOG_GRACE_MS * NS_PER_MS;
    enter(w, WATCH_STRUCK, now + (uint64_t)WATCHDOG_NUDGE_MS * NS_PER_MS);
    tell(w);
}

static void on_limits_due(struct watched *w, uint64_t now)
{
    enum watch_strike limit = look_at_limits(w, now, &w->due_ns);

    if (limit) {
        strike(w, limit, now);
        return;
    }
    if (now >= w->ready_due_ns) {
        w->ready_due_ns = NEVER;
        w->facts.unready = 1;
        tell(w);
    }
    if (w->ready_due_ns < w->due_ns)
        w->due_ns = w->ready_due_ns;
}

static void on_struck_due(struct watched *w, uint64_t now)
{
    if (w->nudged) {
        put_down(w, now);
        return;
    }
    w->nudged = 1;
    send_signal(w, SIGUSR1);
    w->due_ns = w->last_due_ns;
}

/* Checks limits until the deadline, when the process is ending. */
static void on_ending_due(struct watched *w, uint64_t now)
{
    uint64_t due = NEVER;

    if (now >= w->last_due_ns || (w->facts.begun_ns && look_at_limits(w, now, &due)))
        put_down(w, now);
    else
        w->due_ns = due < w->last_due_ns ? due : w->last_due_ns;
}

static void act(struct watched *w, uint64_t now)
{
    /* A process that has ended by itself is not stopped, but it has to be reaped. */
    if (w->stage < WATCH_KILLED && has_exited(w)) {
        enter(w, WATCH_KILLED, now + (uint64_t)WATCHDOG_REAP_MS * NS_PER_MS);
        return;
    }
    switch (w->stage) {
    case WATCH_BOOT:
        put_down(w, now);
        break;
    case WATCH_LIMITS:
        on_limits_due(w, now);
        break;
    case WATCH_STRUCK:
        on_struck_due(w, now);
        break;
    case WATCH_ENDING:
        on_ending_due(w, now);
        break;
    case WATCH_KILLED:
        w->facts.overdue = 1;
        enter(w, WATCH_NOTHING, NEVER);
        tell(w);
        break;
    case WATCH_NOTHING:
        w->due_ns = NEVER;
        break;
    }
}

/* ---- the thread */

/* Acts on all deadlines that are due; returns the milliseconds until the next one, -1: there is none. */
static int act_on_all(void)
{
    uint64_t now = monotonic_ns(), next = NEVER;

    for (struct watched *w = dog.first; w; w = w->next) {
        while (w->due_ns <= now)
            act(w, now);
        next = w->due_ns < next ? w->due_ns : next;
    }
    dog.sleeps_until_ns = next;
    if (next == NEVER)
        return -1;
    next = (next - now + NS_PER_MS - 1) / NS_PER_MS;
    return next < 3600000u ? (int)next : 3600000;
}

static struct watched *find_watched(uint64_t id)
{
    for (struct watched *w = dog.first; w; w = w->next)
        if (w->id == id)
            return w;
    return NULL;
}

static void take_event(const struct epoll_event *e)
{
    struct watched *w;
    uint64_t count;

    if (e->data.u64 == 0) {
        (void)!read(dog.wake, &count, sizeof count);
        return;
    }
    w = find_watched(e->data.u64); /* it may have been removed since */
    if (w && w->stage == WATCH_BOOT)
        begin_watching(w, monotonic_ns());
}

static void *watchdog_thread(void *unused)
{
    struct epoll_event events[16];
    int count, timeout;

    for (;;) {
        pthread_mutex_lock(&dog.lock);
        timeout = act_on_all();
        pthread_mutex_unlock(&dog.lock);
        count = epoll_wait(dog.epoll, events, 16, timeout);
        pthread_mutex_lock(&dog.lock);
        for (int i = 0; i < count; i++)
            take_event(&events[i]);
        pthread_mutex_unlock(&dog.lock);
    }
    return unused;
}

/* Starts the thread with all signals blocked, because the event loop handles them. 0, or an errno. */
static int start_thread(void)
{
    sigset_t all, before;
    pthread_attr_t attributes;
    pthread_t thread;
    int error;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    error = pthread_create(&thread, &attributes, watchdog_thread, NULL);
    pthread_attr_destroy(&attributes);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return error;
}

static int start_watchdog(void)
{
    struct epoll_event readable = {.events = EPOLLIN, .data.u64 = 0};
    int error = 0;

    if (dog.epoll < 0)
        dog.epoll = epoll_create1(EPOLL_CLOEXEC);
    if (dog.epoll >= 0 && dog.wake < 0) {
        dog.wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
        if (dog.wake >= 0 && epoll_ctl(dog.epoll, EPOLL_CTL_ADD, dog.wake, &readable) < 0) {
            error = errno;
            close(dog.wake);
            dog.wake = -1;
        }
    }
    if (dog.epoll < 0 || dog.wake < 0)
        return error ? error : errno;
    error = start_thread();
    dog.running = error == 0;
    return error;
}

/* ---- calls of the event loop */

static void wake_for(const struct watched *w)
{
    uint64_t one = 1;

    if (w->due_ns >= dog.sleeps_until_ns)
        return;
    dog.sleeps_until_ns = w->due_ns;
    (void)!write(dog.wake, &one, sizeof one);
}

int watchdog_open(void)
{
    int error = 0;

    pthread_mutex_lock(&dog.lock);
    if (!dog.running)
        error = start_watchdog();
    pthread_mutex_unlock(&dog.lock);
    return error;
}

int watchdog_add(struct watched *w)
{
    struct epoll_event first = {.events = EPOLLIN | EPOLLONESHOT};
    int error = 0;

    pthread_mutex_lock(&dog.lock);
    if (!dog.running)
        error = start_watchdog();
    w->id = ++dog.last_id;
    first.data.u64 = w->id;
    if (!error && w->speaks_first && epoll_ctl(dog.epoll, EPOLL_CTL_ADD, w->socket, &first) < 0)
        error = errno;
    if (!error) {
        w->ready_due_ns = monotonic_ns() + (uint64_t)WATCHDOG_BOOT_MS * NS_PER_MS;
        enter(w, WATCH_BOOT, w->ready_due_ns);
        w->next = dog.first;
        w->at = &dog.first;
        if (w->next)
            w->next->at = &w->next;
        dog.first = w;
        wake_for(w);
    }
    pthread_mutex_unlock(&dog.lock);
    return error;
}

uint64_t watchdog_begin(struct watched *w)
{
    uint64_t begun;

    pthread_mutex_lock(&dog.lock);
    w->ready_due_ns = NEVER;
    if (w->stage == WATCH_BOOT && w->at) {
        begin_watching(w, monotonic_ns());
        wake_for(w);
    }
    begun = w->facts.begun_ns ? w->facts.begun_ns : monotonic_ns();
    pthread_mutex_unlock(&dog.lock);
    return begun;
}

void watchdog_pause(struct watched *w)
{
    pthread_mutex_lock(&dog.lock);
    if (w->pauses++ == 0)
        w->paused_since_ns = monotonic_ns();
    pthread_mutex_unlock(&dog.lock);
}

void watchdog_resume(struct watched *w)
{
    pthread_mutex_lock(&dog.lock);
    if (w->pauses > 0 && --w->pauses == 0) {
        w->paused_ns += monotonic_ns() - w->paused_since_ns;
        w->paused_since_ns = 0;
    }
    if (w->stage == WATCH_LIMITS && w->at) {
        w->due_ns = 0; /* check again now */
        wake_for(w);
    }
    pthread_mutex_unlock(&dog.lock);
}

void watchdog_charge(struct watched *w, uint64_t ns)
{
    pthread_mutex_lock(&dog.lock);
    w->charged_ns = ns;
    if (w->stage == WATCH_LIMITS && w->at) {
        w->due_ns = 0;
        wake_for(w);
    }
    pthread_mutex_unlock(&dog.lock);
}

void watchdog_ending(struct watched *w, uint64_t ms)
{
    uint64_t due = NEVER, now = monotonic_ns();

    pthread_mutex_lock(&dog.lock);
    if (w->stage < WATCH_STRUCK && w->at) {
        w->last_due_ns = now + ms * NS_PER_MS;
        if (w->facts.begun_ns && w->due_ns < w->last_due_ns)
            due = w->due_ns; /* the next check of the limits */
        enter(w, WATCH_ENDING, due < w->last_due_ns ? due : w->last_due_ns);
        wake_for(w);
    }
    pthread_mutex_unlock(&dog.lock);
}

void watchdog_killed(struct watched *w)
{
    pthread_mutex_lock(&dog.lock);
    if (w->stage < WATCH_KILLED && w->at) {
        enter(w, WATCH_KILLED, monotonic_ns() + (uint64_t)WATCHDOG_REAP_MS * NS_PER_MS);
        wake_for(w);
    }
    pthread_mutex_unlock(&dog.lock);
}

void watchdog_remove(struct watched *w)
{
    pthread_mutex_lock(&dog.lock);
    if (w->at) {
        *w->at = w->next;
        if (w->next)
            w->next->at = w->at;
        w->at = NULL;
    }
    pthread_mutex_unlock(&dog.lock);
}

void watchdog_facts(struct watched *w, struct watch_facts *facts)
{
    pthread_mutex_lock(&dog.lock);
    *facts = w->facts;
    pthread_mutex_unlock(&dog.lock);
}
