/* SPDX-License-Identifier: MIT */
/* Calls under way, found by their numbers: host/calls/call_table.h. */
#include <unistd.h>

#include "host/calls/call_table.h"
#include "tests/tap.h"

#define MANY 262144

static void test_finding(void)
{
    struct call_table t = {.owner = QUEUE_OF_KIND};
    struct call one = {0}, other = {0}, twin = {0};

    ok(!call_table_find(&t, 1), "an empty table holds nothing");
    call_table_add(&t, &one, 1);
    call_table_add(&t, &other, UINT64_MAX);
    call_table_add(&t, &twin, 1);
    ok(call_table_find(&t, UINT64_MAX) == &other, "a call by its number");
    ok(call_table_find(&t, 1) == &one || call_table_find(&t, 1) == &twin, "one of two with the same number");
    call_table_remove(&t, call_table_find(&t, 1));
    ok(call_table_find(&t, 1) == &one || call_table_find(&t, 1) == &twin, "then the other one");
    call_table_remove(&t, call_table_find(&t, 1));
    ok(!call_table_find(&t, 1), "then none");
    call_table_remove(&t, &other);
    is_int((long long)t.count, 0, "and nothing is left");
    call_table_free(&t);
}

/* In steps of a large power of two: a table that takes their low bits would have one chain for all. */
static void test_numbers_that_look_alike(void)
{
    struct call_table t = {.owner = QUEUE_OF_BRIDGE};
    struct call *calls = calloc(MANY, sizeof *calls);
    long long found = 0;

    alarm(60);
    for (size_t i = 0; i < MANY; i++)
        call_table_add(&t, &calls[i], (uint64_t)i << 20);
    for (size_t i = MANY; i-- > 0;)
        found += call_table_find(&t, (uint64_t)i << 20) == &calls[i];
    is_int(found, MANY, "as many as may be under way are all found");
    for (size_t i = 0; i < MANY; i++)
        call_table_remove(&t, &calls[i]);
    alarm(0);
    is_int((long long)t.count, 0, "and removed");
    call_table_free(&t);
    free(calls);
}

static void test_one_number_for_all(void)
{
    struct call_table t = {.owner = QUEUE_OF_BRIDGE};
    struct call *calls = calloc(MANY, sizeof *calls);

    alarm(60);
    for (size_t i = 0; i < MANY; i++)
        call_table_add(&t, &calls[i], 3);
    for (size_t i = 0; i < MANY / 2; i++) { /* from both ends of their chain */
        call_table_remove(&t, &calls[i]);
        call_table_remove(&t, &calls[MANY - 1 - i]);
    }
    alarm(0);
    is_int((long long)t.count, 0, "calls of one number are removed one by one");
    ok(!call_table_find(&t, 3), "and are not found any more");
    call_table_free(&t);
    free(calls);
}

int main(void)
{
    test_finding();
    test_numbers_that_look_alike();
    test_one_number_for_all();
    return done_testing();
}
