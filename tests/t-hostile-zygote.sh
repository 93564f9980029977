#!/bin/sh
# SPDX-License-Identifier: MIT
# A zygote that lies to its parent in every way that we could think of: hostile/zygote.c stands in the place of V8's
# program. Whatever it does there is one line for each job with the right code, no hang, no process left, and a parent
# that stays small and keeps no descriptor.
# shellcheck source-path=SCRIPTDIR source=hostile/lib.sh
. "$(dirname "$0")/hostile/lib.sh"

liar=zygote
# shellcheck source=hostile/lying.sh
. "$HOSTILE/lying.sh"

# lie 'CODES' STATUS 'LIE [ARG]...' [iso4's argument]...: every job ends with one of the codes
lie() {
    expected=$1 want=$2 told=$3
    shift 3
    job "$told${1+, $*}"
    set_to shape batch
    set_to status "$want"
    set_to peak $small
    set_to seconds 15
    set_to files 60
    set_to starts 3
    jobs_of 12 "$expected"
    ln "$tree/lib/iso4/base.snap" "$job/$told.snap"
    args batch -j 2 --snapshot "$job/$told.snap" "$@" jobs.jsonl
}

# The same where namespaces are refused. Then children that die with the zygote are left to process 1, or to who stands in
# for it: two that are ready, two that run, one that a lie has made.
plain_lie() {
    lie "$@"
    set_only name "$told (no namespaces)"
    : >"$job/plain"
    set_to left 5
}

# jobs_of COUNT CODES
jobs_of() {
    rm -f "$job/answers"
    seq "$1" | sed "s/\$/ $2/" >"$job/answers"
    seq "$1" | sed 's/.*/{"id":&,"code":"export default 1"}/' >"$job/jobs.jsonl"
}

# One that waits as long as a zygote may take, so many times.
patient() {
    set_only seconds $((10 + 22 * $1))
    set_to wall $((4000 + 20500 * $1))
    set_to tries 2
}

# Three zygotes are tried, and one is not tried again that breaks the protocol. What ran while it did has died with it,
# or had ended before.
late='ok|ERR_INTERNAL|ERR_WORKER_CRASHED'

# ---- slow ones first: these only wait

lie ERR_INTERNAL 3 'ends never-started sleeps'
patient 1
lie ERR_INTERNAL 3 'ends never-started deaf-sleeps'
patient 1
lie ERR_INTERNAL 3 'ends never-started hangs-up'
patient 1
lie ERR_INTERNAL 3 'ends never-started half-hangs-up'
patient 1
lie ERR_INTERNAL 3 'ends never-started spins'
patient 1
lie ERR_INTERNAL 3 'drip never-started'
patient 1
lie ERR_WORKER_CRASHED 3 'ends started sleeps'
patient 3
lie ERR_WORKER_CRASHED 3 'message 0 never'
patient 3
plain_lie ERR_WORKER_CRASHED 3 'ends started stops'
patient 3

# ---- not lying at all: a test that cannot fail proves nothing

for told in truth 'forks 20' reversed; do
    lie ok 0 "$told"
    jobs_of 300 ok
done
plain_lie ok 0 truth
jobs_of 300 ok

# A child that is let go is killed, here by the descriptor of another.
lie 'ok|ERR_WORKER_CRASHED' '0|3' swapped
jobs_of 300 'ok|ERR_WORKER_CRASHED'

# ---- in place of being ready

lie ERR_MEMORY_LIMIT 1 'start memory'
lie ERR_WORKER_CRASHED 3 'start fatal'
lie ERR_INTERNAL 3 'start interrupted'
lie ERR_INTERNAL 3 'start garbage'
lie ERR_INTERNAL 3 'start short'
for type in JOB STARTED CONSOLE DROPPED CALL BLOCKED CANCEL ANSWER EXPORTS BLOB DONE MEMORY; do
    lie ERR_INTERNAL 3 "start frame $(frame $type)"
done
for type in 0 $(($(frame FATAL) + 1)) 99 4294967295; do
    lie ERR_INTERNAL 3 "start frame $type"
done
lie ERR_WORKER_CRASHED 3 "start frame $(frame FATAL)"
for length in 4294967295 67108865; do
    lie ERR_INTERNAL 3 "start length $(frame CONSOLE) $length"
done
lie ERR_INTERNAL 3 "start length $(frame STARTED) 17"
for byte in 0 1 2 255; do
    lie ERR_INTERNAL 3 "endless $byte never-started"
    lie ERR_INTERNAL 3 "endless $byte started"
done
claimable=$(awk '/^ *X\(/ { n++; if ($0 ~ /, 3, 1\) *\\?$/) print n }' "$ROOT/core/error.h")
test -n "$claimable" || bail 'the table of codes in core/error.h is not where it was'
codes=$(awk '/^ *X\(/ { n++ } END { print n }' "$ROOT/core/error.h")
for code in $(seq 0 $((codes + 1))) 255 4294967296; do
    name=ERR_INTERNAL
    for one in $claimable; do
        if test "$one" = "$code"; then
            name=$(awk '/^ *X\(/ { n++; if (n == '"$code"') { split($0, part, "\""); print part[2] } }' "$ROOT/core/error.h")
        fi
    done
    lie "$name" 3 "start code $code"
done

# ---- early, endless

for kind in 1 2 3; do
    lie ERR_INTERNAL 3 "early $kind 1"
    lie ERR_INTERNAL 3 "early $kind 1 5"
done
lie ERR_INTERNAL 3 'drip started'

# ---- ending

for how in 0 1 SEGV; do
    lie ERR_WORKER_CRASHED 3 "ends never-started $how"
    jobs_of 300 ERR_WORKER_CRASHED
    lie ERR_WORKER_CRASHED 3 "ends started $how"
    jobs_of 300 ERR_WORKER_CRASHED
    lie 'ok|ERR_WORKER_CRASHED' '0|3' "ends serving $how" # each of them has given runs
    set_only starts 12
    lie ERR_WORKER_CRASHED 3 "ends giving $how" # children that have not begun with anything
    jobs_of 300 ERR_WORKER_CRASHED
    plain_lie ERR_WORKER_CRASHED 3 "ends never-started $how"
    plain_lie ERR_WORKER_CRASHED 3 "ends started $how"
done
for how in hangs-up half-hangs-up; do
    lie "$late" 3 "ends serving $how"
    set_only seconds 60
    set_only starts 12
done

# ---- descriptors

for before in 0 3; do
    codes=ERR_INTERNAL
    test $before = 0 || codes=$late
    for what in none null file directory socket channel itself grandchild 'several 2' 'several 3' 'several 200'; do
        lie $codes 3 "descriptor $before $what"
    done
    for kind in 0 1 3 4 4294967295; do
        lie $codes 3 "message $before kind $kind"
    done
    lie "$late" 3 "message $before number 1" # which has been asked for, too
    for number in 2 1000 4294967295; do
        lie $codes 3 "message $before number $number"
    done
    for bytes in 1 12 23; do
        lie $codes 3 "message $before half $bytes"
    done
    for bytes in 1 12 23 24; do # a good one first
        lie "$late" 3 "message $before long $bytes"
    done
    lie "$late" 3 "message $before twice"
    lie "$late" 3 "message $before flood"
    lie $codes 3 "end $before before"
    for number in 0 999 4294967295; do
        lie $codes 3 "end $before unknown $number"
    done
    lie "$late" 3 "end $before twice"
    lie "$late" 3 "end $before descriptor"
done
plain_lie ERR_INTERNAL 3 'descriptor 0 parent'
plain_lie "$late" 3 'descriptor 3 parent'

# A child that has ended before it was told of is one: its run is never heard of, and tried again with the next one.
lie "$late" '0|3' 'descriptor 0 dead'
set_only seconds 90

# ---- ends

for status in 0 9; do
    lie "$late" '0|3' "end 0 early $status"
    set_only starts 12
done
for any in lie plain_lie; do # its run has ended, whatever the zygote makes of that
    $any 'ok' '0' 'end 0 survives'
    set_to absent survived
done
for status in 0 256 9 11 31 127 -1 65535 2147483647; do
    code='ok|ERR_WORKER_CRASHED|ERR_SANDBOX_VIOLATION'
    test $status != 0 || code=ok
    lie "$code" '0|3' "end 0 status $status"
done

# ---- children that die without a word: with them only what they had taken

for how in leaves starves; do
    lie ok 0 "child $how 2"
done
lie ok 3 'child takes 2'
sed -i 's/^\([12]\) ok$/\1 ERR_WORKER_CRASHED/' "$job/answers"

# The end of none is told: each run has its answer when it has waited for long enough, and is the end of that zygote.
lie "$late" 3 'end 0 never'
set_only seconds 60
set_only starts 12

run_jobs 8
report
