#!/bin/sh
# SPDX-License-Identifier: MIT
# A zygote that lies to its parent in every way that we could think of: hostile/zygote.c stands in the place of V8's
# program. Whatever it does, each job has its right answer, from a process of its own where forks cannot be had; there is
# no hang, no process left, and a parent that stays small and keeps no descriptor.
# shellcheck source-path=SCRIPTDIR source=hostile/lib.sh
. "$(dirname "$0")/hostile/lib.sh"

liar=zygote
# shellcheck source=hostile/lying.sh
. "$HOSTILE/lying.sh"

# lie 'LIE [ARG]...' [iso4's argument]...: every job is answered, and well
lie() {
    told=$1
    shift 1
    job "$told${1+, $*}"
    set_to shape batch
    set_to status 0
    set_to peak $small
    set_to seconds 15
    set_to files 60
    set_to starts 12
    jobs_of 12 ok
    ln "$tree/lib/iso4/base.snap" "$job/$told.snap"
    args batch -q -j 2 --snapshot "$job/$told.snap" "$@" jobs.jsonl
}

# The same where namespaces are refused. Then children that die with the zygote are left to process 1, or to who stands in
# for it: of each zygote two that are ready, two that run, one that a lie has made.
plain_lie() {
    lie "$@"
    set_only name "$told (no namespaces)"
    : >"$job/plain"
    set_to left 20
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

# ---- slow ones first: these only wait

lie 'ends never-started sleeps'
patient 1
lie 'ends never-started deaf-sleeps'
patient 1
lie 'ends never-started hangs-up'
patient 1
lie 'ends never-started half-hangs-up'
patient 1
lie 'ends never-started spins'
patient 1
lie 'drip never-started'
patient 1
lie 'ends started sleeps'
patient 1
lie 'message 0 never'
patient 1
lie 'message 0 silent'
patient 1
plain_lie 'ends started stops'
patient 1

# ---- not lying at all: a test that cannot fail proves nothing

for told in truth 'forks 20' reversed; do
    lie "$told"
    jobs_of 300 ok
done
plain_lie truth
jobs_of 300 ok

# A child that is let go is killed, here by the number of another.
lie swapped
jobs_of 300 ok
set_only starts 100

# ---- in place of being ready

lie 'start memory'
lie 'start fatal'
lie 'start interrupted'
lie 'start garbage'
lie 'start short'
for type in JOB STARTED CONSOLE DROPPED CALL BLOCKED CANCEL ANSWER EXPORTS BLOB DONE MEMORY; do
    lie "start frame $(frame $type)"
done
for type in 0 $(($(frame FATAL) + 1)) 99 4294967295; do
    lie "start frame $type"
done
lie "start frame $(frame FATAL)"
for length in 4294967295 67108865; do
    lie "start length $(frame CONSOLE) $length"
done
lie "start length $(frame STARTED) 17"
for byte in 0 1 2 255; do
    lie "endless $byte never-started"
    lie "endless $byte started"
done
codes=$(awk '/^ *X\(/ { n++ } END { print n }' "$ROOT/core/error.h")
test "$codes" -gt 20 || bail 'the table of codes in core/error.h is not where it was'
for code in $(seq 0 $((codes + 1))) 255 4294967296; do
    lie "start code $code"
done

# ---- early, endless

for kind in 1 2 3 4; do
    lie "early $kind 1"
    lie "early $kind 1 5"
done
lie 'drip started'

# ---- ending

for how in 0 1 SEGV; do
    lie "ends never-started $how"
    jobs_of 300 ok
    lie "ends started $how"
    jobs_of 300 ok
    lie "ends serving $how" # each of them has given runs
    set_only starts 12
    lie "ends giving $how" # children that have not begun with anything
    jobs_of 300 ok
    plain_lie "ends never-started $how"
    plain_lie "ends started $how"
done
for how in hangs-up half-hangs-up; do
    lie "ends serving $how"
    set_only seconds 60
    set_only starts 12
done

# ---- who a child is, and what it says

for before in 0 3; do
    for what in itself grandchild dead forged 'descriptors 1' 'descriptors 2' 'descriptors 3' 'descriptors 200'; do
        lie "sender $before $what"
    done
    for kind in 0 1 3 4 5 4294967295; do
        lie "message $before kind $kind"
    done
    for number in 1 2 1000 4294967295; do # 1: it has been asked for, too
        lie "message $before number $number"
    done
    for bytes in 1 12 23; do
        lie "message $before half $bytes"
    done
    for bytes in 1 12 23 24; do # a good one first
        lie "message $before long $bytes"
    done
    lie "message $before twice"
    lie "message $before flood"
    lie "end $before before"
    for number in 0 999 4294967295; do
        lie "end $before unknown $number"
    done
    lie "end $before twice"
    lie "end $before descriptor"
    lie "end $before by-child"
done
plain_lie 'sender 0 parent'
plain_lie 'sender 3 parent'

# ---- refusals

lie 'refuses always'
lie 'refuses 5'
jobs_of 300 ok
lie 'refuses 5 twice'
lie 'refuses 5 unknown'

# ---- ends

for status in 0 9; do
    lie "end 0 early $status"
    set_only starts 12
done
for any in lie plain_lie; do # its run has ended, whatever the zygote makes of that
    $any 'end 0 survives'
    set_to absent survived
done
for status in 0 256 9 11 127 -1 65535 2147483647; do
    lie "end 0 status $status"
done
# The system call that a filter forbids is no fault of iso4's: such a run is not tried again.
lie 'end 0 status 31'
jobs_of 12 'ok|ERR_SANDBOX_VIOLATION'
set_only status 3
lie 'end 0 idle'
set_only starts 12

# ---- children that die without a word

for how in leaves starves takes; do
    lie "child $how 2"
done

# The end of none is told: each run has its answer when it has waited for long enough, and is the end of that zygote.
lie 'end 0 never'
set_only seconds 60
set_only starts 12

# Each byte that it writes for its child is a fault, and none of them gives it more time.
lie drips
set_only seconds 60
set_only starts 12

run_jobs 8
report
