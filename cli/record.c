/* SPDX-License-Identifier: MIT */
#include "cli/record.h"

#include <string.h>

static int goes_live(const struct options *o)
{
    return o->value[OPTION_ON_MISS] && strcmp(o->value[OPTION_ON_MISS], "live") == 0;
}

int record_check_options(const struct options *o, struct iso_err *err)
{
    static const int of_replay[] = {OPTION_REPLAY_CHANGED, OPTION_ON_MISS, OPTION_DECIDE};
    static const int fixed[] = {OPTION_SEED, OPTION_NOW, OPTION_TZ};
    const char *how = o->value[OPTION_APPROVE];

    if (o->value[OPTION_RECORD] && strcmp(o->value[OPTION_RECORD], "-") == 0)
        return iso_fail(err, ISO_USAGE, "--record takes a file: standard output has the result");
    for (size_t i = 0; i < sizeof of_replay / sizeof *of_replay; i++)
        if (o->value[of_replay[i]] && !o->value[OPTION_REPLAY])
            return iso_fail(err, ISO_USAGE, "--%s needs --replay, which names the record",
                            option_rows[of_replay[i]].name);
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        if (o->value[fixed[i]] && o->value[OPTION_REPLAY])
            return iso_fail(err, ISO_USAGE, "--%s stands in the record that --replay names: leave it out",
                            option_rows[fixed[i]].name);
    if (o->value[OPTION_STORE] && o->value[OPTION_REPLAY] && !goes_live(o))
        return iso_fail(err, ISO_USAGE,
                        "--store is not written by a replay, and is read from the record: leave it out");
    if (goes_live(o) && !o->value[OPTION_RECORD])
        return iso_fail(
            err, ISO_USAGE,
            "--on-miss=live needs --record, where the calls go that are made: it may be the file of "
            "--replay");
    if (o->value[OPTION_DECIDE] && !goes_live(o))
        return iso_fail(err, ISO_USAGE, "--decide needs --on-miss=live: what is allowed is made");
    if (o->value[OPTION_REPLAY] && o->value[OPTION_RECORD] && !goes_live(o))
        return iso_fail(err, ISO_USAGE,
                        "--record with --replay needs --on-miss=live: without it there is nothing to add");
    if (how && strcmp(how, "pause") == 0 && !o->value[OPTION_RECORD])
        return iso_fail(err, ISO_USAGE, "--approve=pause needs --record, which the run goes on from");
    return 0;
}

struct recorded_how record_asked(const struct options *o, const struct approver *approver)
{
    return (struct recorded_how){
        .record = o->value[OPTION_RECORD],
        .replay = o->value[OPTION_REPLAY],
        .changed = o->value[OPTION_REPLAY_CHANGED] != NULL,
        .live = goes_live(o),
        .ways = &o->ways,
        .limits = o->limits,
        .approver = approver,
    };
}
