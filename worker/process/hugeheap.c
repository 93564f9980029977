/* SPDX-License-Identifier: MIT */
#include "worker/process/hugeheap.h"

#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "worker/process/hugehost.h"

/* Reserved addresses. The part of a heap beyond this size is in small pages. */
#define ROOM ((size_t)256 << 20)
/* V8 (14.6) allocates its heap in parts of at least this size, aligned to it. */
#define PART ((size_t)256 << 10)

static struct {
    char *start, *end;
    char *top;   /* the end of the memory that is taken */
    char *fresh; /* the last memory taken, if no part of it was given back since */
    char *
        writable; /* the end of writable memory, at a huge page: the kernel makes no huge page for a part of one */
} heap;

static char *up(char *p, size_t to)
{
    return (char *)(((uintptr_t)p + to - 1) & ~(uintptr_t)(to - 1));
}

void hugeheap_open(void)
{
    char *room = mmap(NULL, ROOM + HUGE_PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    if (room == MAP_FAILED)
        return;
    if (madvise(up(room, HUGE_PAGE), ROOM, MADV_HUGEPAGE) < 0) {
        munmap(room, ROOM + HUGE_PAGE);
        return;
    }
    heap.start = heap.top = heap.writable = up(room, HUGE_PAGE);
    heap.end = heap.start + ROOM;
}

void *hugeheap_take(size_t size)
{
    char *p = up(heap.top, PART), *to;

    if (size < PART || size > (size_t)(heap.end - p))
        return NULL;
    to = up(p + size, HUGE_PAGE);
    if (to > heap.writable) {
        if (mprotect(heap.writable, (size_t)(to - heap.writable), PROT_READ | PROT_WRITE) < 0)
            return NULL;
        heap.writable = to;
    }
    heap.top = p + size;
    heap.fresh = p;
    return p;
}

/* Takes memory back. To get aligned memory V8 asks for more than it needs and gives the rest back at once (14.6,
 * base/platform/platform-posix.cc, OS::Allocate). Such memory was not written to; it is not cleared, because that would
 * split the huge page in which it begins. */
int hugeheap_give(void *p, size_t size)
{
    char *at = p;
    int untouched = heap.fresh && at > heap.fresh && at + size == heap.top;

    if (at < heap.start || at >= heap.end)
        return 0;
    if (!untouched && madvise(at, size, MADV_DONTNEED) < 0)
        return 0;
    heap.fresh = NULL;
    if (at + size == heap.top)
        heap.top = at;
    return 1;
}

int hugeheap_guard(void *p, size_t size)
{
    char *at = p;

    return at >= heap.start && at < heap.end && madvise(at, size, MADV_GUARD_INSTALL) == 0;
}

void hugeheap_close(void)
{
    heap.start = heap.end = heap.top = heap.fresh = NULL;
}
