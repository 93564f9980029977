/* SPDX-License-Identifier: MIT */
/* arc4random(3) for std::random_device of the libstdc++ that is linked into the worker object. glibc has the function since
 * 2.36; with this one the worker also starts with glibc 2.34 (Ubuntu 22.04, RHEL 9, Amazon Linux 2023). */
#include <stdint.h>
#include <stdlib.h>
#include <sys/random.h>

uint32_t arc4random(void);

uint32_t arc4random(void)
{
    uint32_t value;

    if (getrandom(&value, sizeof value, 0) != sizeof value)
        abort(); /* a guessable number is worse than none */
    return value;
}
