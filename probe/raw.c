/* SPDX-License-Identifier: MIT */
/* Calls by number, to try a filter over all numbers and arguments. */
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "probe/probe.h"

#define ARGUMENTS 6

#ifdef __x86_64__
/* The kernel leaves r8 to r11 undefined. */
static long int80(const long *n)
{
    long rc;

    __asm__ volatile("int $0x80"
                     : "=a"(rc)
                     : "a"(n[0]), "b"(n[1]), "c"(n[2]), "d"(n[3]), "S"(n[4]), "D"(n[5])
                     : "r8", "r9", "r10", "r11", "memory");
    return (int)rc;
}

int try_int80(const struct facts *f)
{
    const long getpid_32[ARGUMENTS + 1] = {20};
    long rc = int80(getpid_32);

    (void)f;
    return rc < 0 ? (int)-rc : 0;
}

int try_x32(const struct facts *f)
{
    (void)f;
    return answer(syscall(0x40000000 | SYS_getpid));
}
#endif

int is_raw(const char *text)
{
    return strncmp(text, "raw:", 4) == 0 || strncmp(text, "x32:", 4) == 0 || strncmp(text, "int80:", 6) == 0;
}

static void read_numbers(const struct facts *f, const char *text, long *n)
{
    text = strchr(text, ':');
    for (int i = 0; i <= ARGUMENTS && text; i++) {
        text++;
        n[i] = *text == '@' ? (long)f->scratch : (long)strtoull(text, NULL, 0);
        text = strchr(text, ',');
    }
}

int try_raw(const struct facts *f, const char *text)
{
    long n[ARGUMENTS + 1] = {0};

    read_numbers(f, text, n);
#ifdef __x86_64__
    if (strncmp(text, "int80:", 6) == 0)
        return answer(int80(n) < 0 ? -1 : 0);
    if (strncmp(text, "x32:", 4) == 0)
        n[0] |= 0x40000000;
#endif
    return answer(syscall(n[0], n[1], n[2], n[3], n[4], n[5], n[6]));
}
