/* SPDX-License-Identifier: MIT */
/* A shared object that says where it was loaded: a line with the program's name at the end of
 * /tmp/iso4-intruder. It is given to iso4 by every way that the dynamic linker knows, and must not get any
 * further. */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

unsigned la_version(unsigned version);

/* The function that LD_AUDIT calls. */
unsigned la_version(unsigned version)
{
    return version;
}

static void __attribute__((constructor)) say(void)
{
    char name[64] = "?\n";
    int from = open("/proc/self/comm", O_RDONLY),
        to = open("/tmp/iso4-intruder", O_WRONLY | O_CREAT | O_APPEND, 0600);
    ssize_t n = read(from, name, sizeof name);

    (void)!write(to, name, n > 0 ? (size_t)n : 2);
    close(from);
    close(to);
}
