#!/bin/sh
# SPDX-License-Identifier: MIT
# Every way to take memory that we know: the run ends with its exact code, what it had logged is there, and the worker
# was never larger than the budget and 64 MiB. hostile/memory has a file for each. FULL=1 does it with budgets of 32 and
# 512 MiB, too.
# shellcheck source-path=SCRIPTDIR source=hostile/lib.sh
. "$(dirname "$0")/hostile/lib.sh"

for budget in ${FULL:+32} 64 ${FULL:+512}; do
    for file in "$HOSTILE"/memory/*.js; do
        for mode in jit jitless; do
            agent_job "$file" $mode "$budget" --memory-mb "$budget" --cpu-time-ms 60000 --wall-time-ms 180000
            set_only name "$(cat "$job/name"), $budget MiB"
            set_to jq '.stdout == ["before"]'
            set_to peak $(((budget + 64) * 1024))
            set_to seconds 400
        done
    done
done

run_jobs 2
report
