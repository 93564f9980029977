/* SPDX-License-Identifier: MIT */
/* core/error.h: which codes answer a job, and names. */
#include "core/error.h"
#include "tests/tap.h"

/* The results after which a job has to be run again. */
static const enum iso_code not_final[] = {
    ISO_USAGE,
    ISO_OUTPUT,
    ISO_SNAPSHOT_INVALID,
    ISO_SNAPSHOT_MISMATCH,
    ISO_SANDBOX_UNAVAILABLE,
    ISO_SANDBOX_VIOLATION,
    ISO_WORKER_CRASHED,
    ISO_ABORTED,
    ISO_INTERNAL,
};

static int is_listed(enum iso_code code)
{
    for (size_t i = 0; i < sizeof not_final / sizeof *not_final; i++)
        if (not_final[i] == code)
            return 1;
    return 0;
}

int main(void)
{
    for (int code = 0; code < ISO_CODE_COUNT; code++)
        is_int(iso_code_final((enum iso_code)code), !is_listed((enum iso_code)code),
               iso_code_name((enum iso_code)code));
    for (int code = 0; code < ISO_CODE_COUNT; code++)
        if (strncmp(iso_code_name((enum iso_code)code), "ERR_", 4) == 0)
            is_int(iso_code_by_name(iso_code_name((enum iso_code)code)), code, "found by its name");
    is_int(iso_code_by_name("usage"), -1, "what is never in a RunResult is not found");
    is_int(iso_code_by_name("ok"), -1, "nor is success");
    is_int(iso_code_by_name("ERR_COMPIL"), -1, "nor half a name");
    is_int(iso_code_by_name("ERR_"), -1, "nor the beginning of all");
    return done_testing();
}
