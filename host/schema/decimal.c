/* SPDX-License-Identifier: MIT */
#include "host/schema/decimal.h"

/* Larger exponents count as this one: no text is long enough to have so many digits. */
#define MOST_EXPONENT 1000000000000

/* digits[first..end), of which the last is not 0, times ten to the exponent. A point among them is skipped.
 */
struct decimal {
    const char *first, *end; /* the same: zero */
    long long exponent;
    size_t count; /* digits from the first that is not 0 */
    int negative;
};

static long long exponent_of(const char *p, const char *end)
{
    long long e = 0;
    int negative = p < end && *p == '-';

    if (p < end && (*p == '-' || *p == '+'))
        p++;
    for (; p < end; p++)
        if (e < MOST_EXPONENT)
            e = e * 10 + (*p - '0');
    return negative ? -e : e;
}

static struct decimal decimal_of(struct json number)
{
    const char *p = number.at, *end = p + number.len;
    struct decimal d = {.negative = *p == '-'};
    int fraction = 0;

    p += d.negative;
    while (p < end && (*p == '0' || *p == '.')) {
        fraction |= *p == '.';
        d.exponent -= fraction && *p == '0';
        p++;
    }
    for (d.first = p; p < end && *p != 'e' && *p != 'E'; p++) {
        d.exponent -= fraction && *p != '.';
        d.count += *p != '.';
        fraction |= *p == '.';
    }
    for (d.end = p; d.end > d.first && (d.end[-1] == '0' || d.end[-1] == '.'); d.end--) {
        d.exponent += d.end[-1] == '0';
        d.count -= d.end[-1] == '0';
    }
    if (p < end)
        d.exponent += exponent_of(p + 1, end);
    return d;
}

static uint64_t remainder_of(struct decimal d, uint64_t by)
{
    uint64_t r = 0;

    for (const char *p = d.first; p < d.end; p++)
        if (*p != '.')
            r = (r * 10 + (uint64_t)(*p - '0')) % by;
    return r;
}

static uint64_t power_of_ten(uint64_t exponent, uint64_t modulus)
{
    unsigned __int128 base = 10 % modulus, power = 1 % modulus;

    for (; exponent > 0; exponent >>= 1) {
        if (exponent & 1)
            power = power * base % modulus;
        base = base * base % modulus;
    }
    return (uint64_t)power;
}

int decimal_is_whole(struct json number)
{
    struct decimal d = decimal_of(number);

    return d.first == d.end || d.exponent >= 0;
}

int decimal_is_divisor(struct json number)
{
    struct decimal d = decimal_of(number);

    return !d.negative && d.count > 0 && d.count <= 18;
}

/* The last digit of both is not 0, so a number with a lower exponent than the divisor's cannot be a multiple. */
int decimal_is_multiple(struct json number, struct json divisor)
{
    struct decimal d = decimal_of(number), by = decimal_of(divisor);
    uint64_t m;

    if (d.first == d.end)
        return 1;
    if (d.exponent < by.exponent)
        return 0;
    m = remainder_of(by, UINT64_MAX);
    return (unsigned __int128)remainder_of(d, m) * power_of_ten((uint64_t)(d.exponent - by.exponent), m) %
               m ==
           0;
}
