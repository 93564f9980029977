#!/bin/sh
# SPDX-License-Identifier: MIT
# Every way to take time that we know, builtins that nothing interrupts included: with a limit of 200 ms of CPU time the
# run ends within 300 ms more, with the right code and all that it had logged. hostile/cpu has a file for each.
#
# The CPU time that a run took is always held against the bound. Real time is, too, but a busy machine makes single runs
# late: late is what is late three times in a row, and on a machine with more processes ready to run than half as many
# again as processors such a test is skipped. FULL=1 does all of it again with two busy loops beside it: there the CPU
# limit is judged by CPU time, and a limit of real time by real time.
# shellcheck source-path=SCRIPTDIR source=hostile/lib.sh
. "$(dirname "$0")/hostile/lib.sh"

LIMIT=200
LATE=300
START=150 # of iso4, before and after the agent: 10 ms on an idle machine

# each CODE_OF_A_TIMEOUT ABOUT FIGURE FLAG...: a job for every file; a program that ends by itself, or for want of
# memory, may do so when it likes.
each() {
    timeout=$1 where=$2 figure=$3
    shift 3
    for file in "$HOSTILE"/cpu/*.js; do
        for mode in jit jitless; do
            agent_job "$file" $mode none --memory-mb 256 "$@"
            set_only name "$(cat "$job/name")$where"
            set_to jq '.stdout == ["before"]'
            set_to tries 3
            set_to busy yes
            read -r code <"$job/code"
            case $code in
            ERR_CPU_TIMEOUT*) ;;
            *) continue ;;
            esac
            set_only code "$timeout${code#ERR_CPU_TIMEOUT}"
            set_to cpu $((LIMIT + LATE))
            test "$figure" = cpu || set_to "$figure" $((LIMIT + LATE))
        done
    done
}

each ERR_CPU_TIMEOUT '' duration --cpu-time-ms $LIMIT
for job in "$work"/jobs/*; do
    test ! -e "$job/duration" || set_to wall $((LIMIT + LATE + START))
done
run_jobs 2

if test -n "$FULL"; then
    sh -c 'while :; do :; done' &
    one=$!
    sh -c 'while :; do :; done' &
    two=$!
    each ERR_CPU_TIMEOUT ', CPU limit on a loaded machine' cpu --cpu-time-ms $LIMIT
    each ERR_WALL_TIMEOUT ', limit of real time on a loaded machine' duration --cpu-time-ms 0 --wall-time-ms $LIMIT
    run_jobs 2
    kill $one $two
fi
report
