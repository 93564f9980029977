#!/bin/sh
# SPDX-License-Identifier: MIT
# Batches in a crowd: as root and as an ordinary user, alone, many at once, beside a neighbour that has descriptors in
# flight as the same user, beside a batch that is stopped. Whatever others do, every job is answered, and right.
# CROWD=full (t-hostile-crowd.sh): the whole table of --jobs, 200 jobs each. A line for each row is printed.
# shellcheck source-path=SCRIPTDIR source=lib.sh disable=SC2086 # $as is several words
. "$(dirname "$0")/lib.sh"
: "${B:=$ROOT/build}"

if test "${CROWD-}" = full; then
    count=200 many=12 table='1 4 16 64 200' users='root user'
else
    count=60 many=4 table='4 64' users='root user'
fi
# Workers of root run as the user "nobody"; other users can only run workers as themselves.
test "$(id -u)" = 0 || users=user
nobody='setpriv --reuid=65534 --regid=65534 --clear-groups'
seq "$count" | sed 's/.*/{"id":&,"code":"export default & * 3"}/' >"$work/jobs.jsonl"
chmod -R a+rX "$work"
# A tree that other users cannot reach, such as one below /root: they get a copy.
if test "$(id -u)" = 0 && ! setpriv --reuid=65534 --regid=65534 --clear-groups test -x "$ISO4"; then
    mkdir "$work/build"
    cp -R "$B/bin" "$B/lib" "$B/helpers" "$work/build/"
    chmod -R a+rX "$work"
    B=$work/build ISO4=$work/build/bin/iso4
fi

# crowd FILE J: a batch
crowd() {
    $as timeout -k 1 120 "$ISO4" batch -j "$2" <"$work/jobs.jsonl" >"$1" 2>"$1.err"
}

# right FILE: how many jobs have their own answer, once
right() {
    jq -r 'select(.ok and .exports.default == .id * 3) | .id' "$1" | sort -u | wc -l
}

# answered J FILE...: every job of each batch; the row of the table
answered() {
    _j=$1 _good=0 _all=0
    shift
    for _file; do
        _one=$(right "$_file")
        _good=$((_good + _one)) _all=$((_all + count))
        is "lines of $_file" "$(wc -l <"$_file")" "$count"
        is "answers of $_file" "$_one" "$count"
        is "what $_file says" "$(cat "$_file.err")" ''
    done
    echo "# $who, $scene, -j $_j: $_good of $_all right"
}

# begin FILE J: the batch goes on in the background, with some of its runs under way, until descriptor 8 is closed; $pid
begin() {
    : >"$1"
    $as "$ISO4" batch -j "$2" <"$work/pipe" >"$1" 2>"$1.err" &
    pid=$!
    exec 8>"$work/pipe"
    sed 's/"export default/"await new Promise((r) => setTimeout(r, 200)); export default/' "$work/jobs.jsonl" >&8
    eventually test -s "$1"
}
mkfifo "$work/pipe" "$work/life"

for who in $users; do
    as='' neighbour=''
    if test "$(id -u)" = 0; then
        test $who = root || as=$nobody
        neighbour=$nobody
    fi

    scene='alone'
    test_that "$who: a batch alone"
    for j in $table; do
        crowd a$j $j
        is 'status' $? 0
        answered $j a$j
    done

    scene="$many at once"
    test_that "$who: $many batches at once"
    for j in $table; do
        pids='' files=''
        for n in $(seq $many); do
            crowd b$j.$n $j &
            pids="$pids $!" files="$files b$j.$n"
        done
        for one in $pids; do
            wait $one
            is 'status' $? 0
        done
        answered $j $files
    done

    scene='beside 40 descriptors in flight'
    test_that "$who: a batch beside a neighbour that has 40 descriptors in flight"
    $neighbour "$B/helpers/inflight" 40 <"$work/life" >flying &
    exec 9>"$work/life"
    holds 'the neighbour' eventually grep -q '40 in flight' flying
    for j in $table; do
        crowd c$j $j
        is 'status' $? 0
        answered $j c$j
    done
    exec 9>&-
    wait

    scene='beside a stopped batch'
    test_that "$who: a batch beside one that is stopped"
    for j in $table; do
        begin stopped $j
        kill -STOP $pid
        crowd d$j $j
        is 'status' $? 0
        answered $j d$j
        kill -KILL $pid
        exec 8>&-
        wait $pid 2>/dev/null
    done
done

test_done
