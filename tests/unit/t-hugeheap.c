/* SPDX-License-Identifier: MIT */
/* worker/process/hugeheap.h: what V8 does with memory is done here with it; whether the pages are huge is the
 * machine's business and shows in make bench. */
#include "worker/process/hugeheap.h"

#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/tap.h"

#define PART ((size_t)256 << 10)

static int is_zero(const char *p, size_t size)
{
    return *p == 0 && memcmp(p, p + 1, size - 1) == 0;
}

static void test_closed_there_is_none(void)
{
    ok(!hugeheap_take(PART), "none before it is open");
    ok(!hugeheap_give(&tap_run, sizeof tap_run), "other memory is not taken back");
}

/* As V8 does it: more than is needed, and the rest given back. */
static char *take_part(void)
{
    char *p = hugeheap_take(2 * PART - 4096);

    if (!p || (uintptr_t)p % PART || !hugeheap_give(p + PART, PART - 4096))
        return NULL;
    return p;
}

static void test_parts_lie_side_by_side(void)
{
    char *first = take_part(), *second = take_part(), *third;

    if (!ok(first && second, "two parts, aligned to their size"))
        return;
    ok(second == first + PART, "side by side");
    ok(is_zero(first, PART) && is_zero(second, PART), "all zero");
    memset(first, 1, PART);
    memset(second, 2, PART);
    ok(hugeheap_give(second, PART), "the last one is taken back");
    third = take_part();
    ok(third == second && is_zero(third, PART), "and is zero when it is handed out again");
    ok(hugeheap_give(first, PART) && is_zero(first, PART), "one in the middle is emptied");
    ok(take_part() == third + PART, "and not handed out again");
}

/* A large object that shrinks: not memory that was never touched. */
static void test_a_part_that_shrinks_later(void)
{
    char *large = hugeheap_take(5 * PART - 4096), *next;

    hugeheap_give(large + 4 * PART, PART - 4096);
    memset(large, 3, 4 * PART);
    hugeheap_give(large + 2 * PART, 2 * PART);
    next = hugeheap_take(2 * PART);
    ok(next == large + 2 * PART && is_zero(next, 2 * PART), "what it gives back is zero");
}

static int faults(const volatile char *p)
{
    int status;
    pid_t child = fork();

    if (child == 0) {
        signal(SIGSEGV, SIG_DFL);
        _exit(*p);
    }
    waitpid(child, &status, 0);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV;
}

static void test_a_guard_cannot_be_read(void)
{
    char *part = take_part();

    memset(part, 5, PART);
    if (!hugeheap_guard(part + 65536, 65536)) {
        ok(part[65536] == 5, "no guards before Linux 6.13, and nothing lost by asking # SKIP");
        return;
    }
    ok(faults(part + 65536) && faults(part + 2 * 65536 - 1), "a guard cannot be read");
    ok(part[65535] == 5 && part[2 * 65536] == 5, "what is beside it can");
    mprotect(part, PART, PROT_READ | PROT_WRITE);
    ok(faults(part + 65536), "nor when it is made writable");
    ok(!hugeheap_guard(&tap_run, 4096), "other memory is not guarded");
}

static void test_parts_of_odd_size(void)
{
    char *odd = hugeheap_take(3 * PART - 4096), *next;

    hugeheap_give(odd + PART + 8192, 2 * PART - 12288);
    next = hugeheap_take(PART);
    ok(next == odd + 2 * PART, "after one of another size the next is aligned all the same");
}

static void test_too_much_too_little(void)
{
    ok(!hugeheap_take((size_t)512 << 20), "more than there is room for");
    ok(!hugeheap_take(4096), "less than a part");
}

int main(void)
{
    test_closed_there_is_none();
    hugeheap_open();
    test_parts_lie_side_by_side();
    test_a_part_that_shrinks_later();
    test_a_guard_cannot_be_read();
    test_parts_of_odd_size();
    test_too_much_too_little();
    hugeheap_close();
    test_closed_there_is_none();
    return done_testing();
}
