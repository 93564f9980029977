/* SPDX-License-Identifier: MIT */
/* arc4random(3) for std::random_device of libstdc++, which is linked into the worker object. glibc has the function
 * since 2.36; with this one the worker also starts with glibc 2.34 (Ubuntu 22.04, RHEL 9, Amazon Linux 2023). */
#include <stdint.h>
#include <stdlib.h>
#include <sys/random.h>

uint32_t arc4random(void);

uint32_t arc4random(void)
{
    uint32_t value;

    if (getrandom(&value, sizeof value, 0) != sizeof value)
        abort(); /* a guessable number would be worse */
    return value;
}
