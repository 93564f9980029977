#!/bin/sh
# SPDX-License-Identifier: MIT
# iso4 batch: jobs in, results out. What a line may hold, what comes back and when, signals, and what a run cannot
# leave behind for the next.
# shellcheck source-path=SCRIPTDIR source=lib.sh disable=SC2016,SC2086,SC2094,SC2238,SC2317 # $ and ` in quotes are JavaScript's; numbers; `jobs` is a file; called by holds
. "$(dirname "$0")/lib.sh"

# batch LINES [ARG]...: the lines are jobs; $line is what came, in the order of the jobs unless a test says otherwise
batch() {
    printf '%s\n' "$1" >jobs.jsonl
    shift
    iso batch "$@" jobs.jsonl
}

# answers WANT...: jq's [id, code or exports] of each line, in order
answers() {
    is 'answers' "$(jq -c '[.id, (.error.code // .exports // .value)]' out 2>&1)" "$(for _one; do echo "$_one"; done)"
}

# numbered COUNT [CODE]: jobs 1 to COUNT; # in CODE is the number
numbered() {
    seq 1 "$1" | awk -v code="${2-export default #}" '{ c = code; gsub("#", $1, c); printf "{\"id\":%d,\"code\":\"%s\"}\n", $1, c }'
}

# every COUNT: each id from 1 to COUNT has exactly one result
every() {
    is 'ids' "$(jq .id out | sort -n | tr '\n' ' ')" "$(seq 1 "$1" | tr '\n' ' ')"
}

# the codes in out, with how often each is there
codes() {
    jq -r '.error.code // "ok"' out | sort | uniq -c | awk '{ printf "%s%s=%d", (NR > 1 ? " " : ""), $2, $1 }'
}

# in_background [ARG]...: iso4 batch reads the FIFO `jobs`, descriptor 8 writes to it; $pid
in_background() {
    rm -f jobs
    mkfifo jobs
    command="iso4 batch $*"
    "$ISO4" batch "$@" <jobs >out 2>err &
    pid=$!
    exec 8>jobs
}

finish() {
    exec 8>&-
    wait "$pid" 2>/dev/null
    status=$? line=$(cat out)
}

lines_are() {
    test "$(wc -l <out)" = "$1"
}

# the zygote of $pid, and how many runs of it there are
zygote() {
    children "$pid" | head -n 1
}

has_zygote() {
    test -n "$(zygote)"
}

# ---- lines and answers

test_that 'a hole in the file of jobs keeps no limit, and SIGINT ends the batch'
echo '{"id":1,"code":"await new Promise((r) => setTimeout(r, 1e6))","limits":{"wallTimeMs":400}}' >jobs.jsonl
truncate -s 4T jobs.jsonl
"$ISO4" batch jobs.jsonl >out 2>err &
pid=$!
holds 'the answer' eventually grep -q ERR_WALL_TIMEOUT out
within 'durationMs' "$(jq .durationMs out)" 400 5000
kill -INT $pid
holds 'end' eventually dead $pid
wait $pid
is 'status' $? 130

# ---- signals

for signal in 'TERM 143' 'INT 130'; do
    # shellcheck disable=SC2086 # columns
    set -- $signal
    test_that "SIG$1 lets what runs end, takes nothing more, and ends with status $2"
    in_background -j 1
    echo '{"id":1,"code":"await new Promise((r) => setTimeout(r, 1500)); export default 1"}' >&8
    sleep 0.7
    kill "-$1" "$pid"
    sleep 0.1
    echo '{"id":2,"code":"export default 2"}' >&8
    finish
    exits "$2"
    answers '[1,{"default":1}]'
done 2>/dev/null

test_done
