#!/bin/sh
# SPDX-License-Identifier: MIT
# The number of pages that a run touches, and of its system calls on memory: on machines with slow page faults, as in
# nested virtual machines, they are what a run costs. Measured: 1,130 page faults of a cold run, 97 of a forked one, which
# makes no system call on memory. The limits leave room for other kernels.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

LAUNCH=${B:-$ROOT/build}/helpers/launch
COLD=1500
FORKED=150

measurable() {
    if test -n "${SANITIZE:-}"; then
        skip 'a sanitizer has pages of its own'
    elif test "$(getconf PAGESIZE)" -ne 4096; then
        skip 'the pages of this machine have another size'
    fi
    test -z "$test_skipped"
}

# counted COLUMN COMMAND...: the smallest of five
counted() {
    _column=$1
    shift
    "$LAUNCH" 5 1 -- "$@" 2>err | awk -v c="$_column" '$4 == 0 && (!n++ || $c < least) { least = $c } END { print n == 5 ? least : "failed" }'
}

jobs_of() {
    seq "$1" | sed 's/.*/{"code":"export default &"}/' >"jobs$1"
}

test_that 'a cold run touches few pages'
if measurable; then
    echo 'export default 1' >agent.js
    within 'page faults' "$(counted 6 "$ISO4" run agent.js)" 100 $COLD
fi

test_that 'a forked run touches far fewer'
if measurable; then
    jobs_of 10
    jobs_of 60
    few=$(counted 6 "$ISO4" batch -j 1 --quiet jobs10)
    many=$(counted 6 "$ISO4" batch -j 1 --quiet jobs60)
    within 'page faults of a run' $(((many - few) / 50)) 1 $FORKED
fi

test_that 'a forked run makes no system call on memory'
memory='mmap,munmap,mprotect,madvise,brk'
if ! command -v strace >/dev/null || ! strace -f -o trace -e trace=$memory true 2>/dev/null; then
    skip 'there is no strace, or it may not trace'
elif measurable; then
    jobs_of 10
    jobs_of 60
    for n in 10 60; do
        strace -f -o "trace$n" -e trace=$memory "$ISO4" batch -j 1 --quiet jobs$n >out 2>err
        is "status of $n" $? 0
    done
    more=$(($(grep -c '(' trace60) - $(grep -c '(' trace10)))
    within 'system calls of 50 runs' $((more > 0 ? more : 0)) 0 50
fi

test_done
