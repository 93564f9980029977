#!/bin/sh
# SPDX-License-Identifier: MIT
# tests/hostile/case.sh JOB - runs iso4 once and judges it. JOB is a directory that lib.sh has filled:
#
#   name     of the test
#   args     of iso4, one a line
#   code     what the result must be: ok, or an error code; several with | between them
#   status   the exit status, or several with | between them
#   jq       one filter a line: each must say true of the result
#   text     one text a line: each must stand in the result as it is. Then Node.js reads the JSON in place of jq, which
#            has trouble with lone surrogates and deep nesting, and its shape is not looked at
#   skip     why the test cannot be made
#   shape    'run' (the default) or 'precompile': what document is expected on standard output; 'batch': a line for each
#            of the answers
#   answers  for batch: the id of a job and the code of its result, or several with | between them, one job a line
#   left     most processes that may be left (default 0)
#   starts   for batch: most times that the program in the place of V8's may have been started (a byte each in the file
#            started)
#   files    most descriptors that iso4 may have at a time
#   seconds  after which iso4 is ended and the test has failed (default 40)
#   peak     most KiB that iso4 or its worker may ever have in memory
#   wall     most milliseconds from start to end
#   duration most milliseconds that the result may tell as durationMs
#   cpu      the same for cpuTimeMs
#   tries    how often to try when nothing but real time is exceeded: a busy machine makes a run slow now and then
#            (default 1)
#   busy     when there: if all tries were late on a machine with more to do than processors, the test is skipped
#   plain    when there: without namespaces
#   absent   a file that must not be there afterwards
#   reader   a shell command that standard output goes through
#
# In every case: one JSON document on one line and nothing after it, of the shape that contract.md gives it; nothing on
# stderr; no process left; no core file; nothing that the agent forged.
set -u
job=$1
cd "$job" || exit 1

read_key() {
    value=$2
    test -e "$1" && IFS= read -r value <"$1"
    return 0
}
read_key name ''
title=$value
read_key shape run
shape=$value
read_key code ''
code=$value
read_key status ''
want_status=$value
read_key seconds 40
seconds=$value
read_key peak 0
most_peak=$value
read_key wall 0
most_wall=$value
read_key duration 0
most_duration=$value
read_key cpu 0
most_cpu=$value
read_key tries 1
tries=$value
read_key absent ''
absent=$value
read_key left 0
most_left=$value
read_key starts 0
most_starts=$value
read_key files ''
files=$value
read_key reader ''
reader=$value
flags=''
test -e plain && flags=-p

complain() {
    printf '# %s\n' "$*" | cut -c 1-800 >>complaints
}

# one_of VALUE 'A|B|C'
one_of() {
    case "|$2|" in
    *"|$1|"*) return 0 ;;
    *) return 1 ;;
    esac
}

check_text() {
    case $(wc -l <out | tr -d ' ') in
    1) ;;
    *) complain "$(wc -l <out) lines on standard output: $(head -c 300 out | tr '\n' '~')" ;;
    esac
    begin=$(head -c 120 out | tr '\0' '~')
    case $shape:$code:$begin in
    run:ok:'{"ok":true,"status":"completed","exports":'*) ;;
    run:ok:*) complain "got:  $begin" "want: a completed run" ;;
    precompile:ok:'{"ok":true,"snapshot":'*) ;;
    precompile:ok:*) complain "got:  $begin" "want: a snapshot" ;;
    *:'{"ok":false,"status":"failed","error":{"code":"'*)
        got=${begin#*'"code":"'}
        one_of "${got%%\"*}" "$code" || complain "got:  $(head -c 300 out)"
        ;;
    *:'{"ok":false,"status":"aborted","error":{"code":"ERR_ABORTED"'*)
        one_of ERR_ABORTED "$code" || complain "got:  $begin"
        ;;
    *:'{"ok":true,'*) one_of ok "$code" || complain "got:  $begin" ;;
    *) complain "got:  $begin" ;;
    esac
}

# All filters in one program: what it prints are complaints.
check_json() {
    n=0
    {
        cat "$HOSTILE/shape.jq"
        printf '[inputs] | if length != 1 then "\\(length) documents" else .[0] | %s_shape' "$shape"
        test -e jq && while IFS= read -r filter; do
            # shellcheck disable=SC2016 # jq's variables
            printf ', (if (try (%s) catch false) == true then empty else $filter%d end)' "$filter" "$((n += 1))"
        done <jq
        printf ' end\n'
    } >check.jq
    n=0
    set -- -n -r
    test -e jq && while IFS= read -r filter; do
        n=$((n + 1))
        set -- "$@" --arg "filter$n" "not true: $filter"
    done <jq
    if ! jq "$@" -f check.jq out >said 2>jq.err; then
        complain "jq: $(head -n 1 jq.err)"
    elif test -s said; then
        while IFS= read -r line; do complain "$line"; done <said
        complain "got:  $(head -c 600 out)"
    fi
}

# Each job has one line with its code, and there are no others.
check_answers() {
    is_one=$(wc -l <answers)
    test "$(wc -l <out)" -eq "$is_one" || complain "$(wc -l <out) lines on standard output for $is_one jobs"
    jq -r '[.id, .error.code // "ok"] | map(tostring) | join(" ")' out >got 2>jq.err || complain "jq: $(head -n 1 jq.err)"
    while read -r id codes; do
        got=$(sed -n "s/^$id //p" got | tr '\n' '+')
        one_of "${got%+}" "$codes" || complain "job $id: got $got, want $codes"
    done <answers
    test "$(wc -c <started)" -le "$most_starts" || complain "started $(wc -c <started) times, at most $most_starts are allowed"
    grep -q FORGED out && complain "forged: $(grep -m 1 FORGED out | cut -c 1-300)"
    test -s complaints && complain "first line: $(head -n 1 out | cut -c 1-400)"
}

check_raw() {
    while IFS= read -r want; do
        grep -qF -- "$want" out || complain "not in the result: $want" "got:  $(head -c 600 out)"
    done <text
    "$NODE" -e 'JSON.parse(fs.readFileSync("out", "utf8"))' 2>json.err || complain "no JSON: $(grep -m 1 Error json.err)"
}

# A time that the result tells, in whole milliseconds.
told() {
    sed -n 's/.*"'"$1"'":\([0-9]*\)\.[0-9]*[,}].*/\1/p' out
}

# check_time WHAT MILLISECONDS MOST
check_time() {
    test "$3" -eq 0 || test "${2:-999999}" -le "$3" || echo "# time: $1 of ${2:-no} ms, at most $3 are allowed" >>complaints
}

judge() {
    : >complaints
    if ! one_of "$status" "$want_status"; then
        complain "exit status $status, want $want_status"
        complain "got:  $(head -c 300 out)"
    fi
    if test "$shape" = batch; then
        check_answers
    else
        check_text
    fi
    if test "$shape" = batch; then
        :
    elif test -e text; then
        check_raw
    else
        check_json
    fi
    test -s err && complain "on stderr: $(head -c 300 err | tr '\n' '~')"
    read -r peak wall left <record || complain 'no record'
    test "$left" -le "$most_left" || complain "$left processes left"
    test "$most_peak" -eq 0 || test "$peak" -le "$most_peak" || complain "$peak KiB resident, at most $most_peak are allowed"
    check_time 'real time' "$wall" "$most_wall"
    test "$most_duration" -eq 0 || check_time durationMs "$(told durationMs)" "$most_duration"
    if test "$most_cpu" -ne 0; then
        told=$(told cpuTimeMs)
        test "${told:-999999}" -le "$most_cpu" || complain "cpuTimeMs of ${told:-no} ms, at most $most_cpu are allowed"
    fi
    for core in core core.*; do
        test ! -e "$core" || complain "a core file: $core"
    done
    test -z "$absent" || test ! -e "$absent" || complain "$absent is there"
}

go() {
    set --
    test -z "$files" || ulimit -n "$files"
    while IFS= read -r word; do
        set -- "$@" "$word"
    done <args
    if test -n "$reader"; then
        { # shellcheck disable=SC2086,SC2154 # $flags may be none; $work comes from lib.sh
            "$work/peak" $flags record "$seconds" "$ISO4" "$@" 2>err </dev/null
            echo $? >"$job/exit"
        } | sh -c "$reader" >out
        read -r status <"$job/exit"
    else # shellcheck disable=SC2086
        "$work/peak" $flags record "$seconds" "$ISO4" "$@" >out 2>err </dev/null
        status=$?
    fi
}

if test -e skip; then
    read -r why <skip
    echo "ok - $title # SKIP $why" >tap
    exit 0
fi
# Nothing to complain about but real time, and more processes ready to run than processors.
only_late() {
    test -s complaints && ! grep -qv '^# time:' complaints
}
too_busy() {
    awk -v processors="$(nproc)" '{ exit !($1 > processors * 1.5) }' /proc/loadavg
}

while :; do
    go
    judge
    tries=$((tries - 1))
    if test "$tries" -le 0 || ! only_late; then
        break
    fi
    sleep 1 # until the machine may be less busy
done
{
    if test -e busy && only_late && too_busy; then
        echo "ok - $title # SKIP the machine is too busy to tell: load $(cut -d ' ' -f 1 /proc/loadavg)"
        cat complaints
    elif test -s complaints; then
        echo "not ok - $title"
        echo "# command: iso4 $(tr '\n' ' ' <args)"
        cat complaints
    else
        echo "ok - $title"
    fi
} >tap
rm -f out
exit 0
