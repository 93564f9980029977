# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# tests/lib.sh - the words that the shell tests are written in.
#
#   test_that 'NAME'      begins a test; the checks up to the next test_that belong to it
#   iso ARG...            runs the tool: $status, and the files out and err
#   agent CODE [ARG...]   the same for `iso4 run`, with CODE in agent.js
#   prefix CODE [ARG...]  the same for `iso4 precompile`, from prefix.js to p.snap
#   completes, fails ...  checks, see below
#   skip WHY              the test cannot be made here
#   test_done             ends the script
#
# A script runs in a fresh directory, which is removed at its end and which is also its TMPDIR.
set -u
umask 022

LC_ALL=C
export LC_ALL
unset NO_COLOR LD_PRELOAD NODE_OPTIONS
TESTS=$(cd "$(dirname "$0")" && pwd)
ROOT=$(dirname "$TESTS")
: "${ISO4:=$ROOT/build/bin/iso4}"
: "${NODE:=$ROOT/build/lib/iso4/v8-host}"

work=$(mktemp -d "${TMPDIR:-/tmp}/iso4-test.XXXXXX") || exit 1
mkdir "$work/here" "$work/tmp" || exit 1
TMPDIR=$work/tmp
export TMPDIR
cd "$work/here" || exit 1
trap 'cd / && rm -rf "$work"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
exec </dev/null

NL='
'
BOM=$(printf '\357\273\277')

# ---- tests

number=0 failures=0 name='' checks=0 notes='' skipped='' bad=''

end_test() {
    test -n "$name" || return 0
    test -n "$skipped$bad" || test $checks -gt 0 || fail 'the test makes no check'
    if test -n "$skipped"; then
        echo "ok $number - $name # SKIP $skipped"
    elif test -z "$bad"; then
        echo "ok $number - $name"
    else
        failures=$((failures + 1))
        echo "not ok $number - $name"
        printf '%s' "$notes" | sed 's/^/#   /'
    fi
}

test_that() {
    end_test
    cd "$work/here" || exit 1
    number=$((number + 1)) name=$1 checks=0 notes='' skipped='' bad='' command='' status='' line=''
    : >out
    : >err
}

test_done() {
    end_test
    name=''
    echo "1..$number"
    test $failures -eq 0
    exit
}

skip() {
    skipped=$1
}

# Texts that are too long to read are cut.
shorten() {
    printf '%s' "$1" | cut -c 1-600 | head -n 40
}

fail() {
    test -z "$bad" && test -n "$command" && notes="command: $(shorten "$command")$NL"
    bad=1
    notes="$notes$1$NL"
}

# ---- running the tool

# Nothing that a test runs takes long: what does not end is ended, with status 124, and fails the test.
LONGEST=25

iso() {
    command="iso4 $*"
    timeout -k 1 $LONGEST "$ISO4" "$@" >out 2>err
    status=$?
    line=$(cat out)
}

agent() {
    code=$1
    shift
    printf '%s\n' "$code" >agent.js
    iso run "$@" agent.js
    command="$command   # $code"
}

prefix() {
    code=$1
    shift
    printf '%s\n' "$code" >prefix.js
    iso precompile "$@" prefix.js -o p.snap
    command="$command   # $code"
}

now_ms() {
    date +%s%3N
}

# Like `iso`, with the milliseconds that it took in $took.
timed() {
    began=$(now_ms)
    "$@"
    took=$(($(now_ms) - began))
}

# ---- checks

# is WHAT GOT WANT
is() {
    checks=$((checks + 1))
    test "$2" = "$3" || fail "$1
got:  $(shorten "$2")
want: $(shorten "$3")"
}

# has WHAT TEXT PART...
has() {
    what=$1 text=$2
    shift 2
    for part; do
        checks=$((checks + 1))
        case $text in
        *"$part"*) ;;
        *) fail "$what
got:  $(shorten "$text")
want: a text with $part" ;;
        esac
    done
}

# lacks WHAT TEXT PART...: there is a text, and none of the parts is in it
lacks() {
    what=$1 text=$2
    shift 2
    test -n "$text" || fail "$what: nothing is there"
    for part; do
        checks=$((checks + 1))
        case $text in
        *"$part"*) fail "$what
got:  $(shorten "$text")
want: a text without $part" ;;
        esac
    done
}

# holds WHAT COMMAND...: the command succeeds
holds() {
    what=$1
    shift
    checks=$((checks + 1))
    said=$("$@" 2>&1) || fail "$what: $* says no $(shorten "$said")"
}

# within WHAT NUMBER LEAST MOST: a decimal number in a range
within() {
    checks=$((checks + 1))
    awk -v n="$2" -v least="$3" -v most="$4" 'BEGIN { exit !(n ~ /^[0-9.]+$/ && n + 0 >= least && n + 0 <= most) }' ||
        fail "$1
got:  $2
want: from $3 to $4"
}

# exits STATUS
exits() {
    is 'exit status' "$status" "$1"
    test "$status" = "$1" || notes="${notes}out: $(shorten "$line")${NL}err: $(shorten "$(cat err)")$NL"
}

# The document on standard output is exactly that of a run that went well: these exports, and console lines as they
# stand in JSON. What follows them is checked in t-run.sh, once.
# completes EXPORTS [STDOUT [STDERR]]
completes() {
    exits 0
    checks=$((checks + 1))
    case $line in
    '{"ok":true,"status":"completed","exports":'"$1"',"stdout":['"${2-}"'],"stderr":['"${3-}"'],"durationMs":'*',"bridgeCalls":[]}') ;;
    *) fail "result
got:  $(shorten "$line")
want: {\"ok\":true,\"status\":\"completed\",\"exports\":$(shorten "$1"),\"stdout\":[${2-}],\"stderr\":[${3-}],..." ;;
    esac
}

# The document is one of a run that failed.
# fails CODE [EXIT STATUS]
fails() {
    exits "${2-1}"
    checks=$((checks + 1))
    case $line in
    *"$NL"*) fail "more than one line on standard output: $(shorten "$line")" ;;
    '{"ok":false,"status":"failed","error":{"code":"'"$1"'",'*'"durationMs":'*'}') ;;
    *) fail "result
got:  $(shorten "$line")
want: {\"ok\":false,\"status\":\"failed\",\"error\":{\"code\":\"$1\",..." ;;
    esac
}

# json FILTER WANT: what jq makes of standard output, as compact JSON
json() {
    is "jq '$1'" "$(jq -c "$1" out 2>&1)" "$2"
}

# A bad command line or input: status 2, nothing on standard output, one line on stderr that holds these texts.
# refused TEXT...
refused() {
    exits 2
    is 'standard output' "$line" ''
    is 'lines on stderr' "$(wc -l <err)" 1
    has 'stderr' "$(cat err)" 'iso4: ' "$@"
}

# A result that cannot be written: status 3, nothing more on standard output.
# unwritable TEXT...
unwritable() {
    exits 3
    has 'stderr' "$(cat err)" 'iso4: cannot write' "$@"
}

# files NAME...: the directory holds these and what every test leaves, nothing else
files() {
    is 'files left' "$(find . -mindepth 1 ! -name out ! -name err | sed 's/^..//' | sort | tr '\n' ' ')" \
        "$(for one; do echo "$one"; done | sort | tr '\n' ' ')"
    is 'files in TMPDIR' "$(ls -A "$TMPDIR")" ''
}

# An empty directory, for this test only.
fresh() {
    rm -rf "$work/fresh"
    mkdir "$work/fresh" && cd "$work/fresh" || exit 1
}

# ---- processes

# Prints the ids of a process's children.
children() {
    grep -ls "^PPid:[[:space:]]*$1\$" /proc/[0-9]*/status | sed 's/[^0-9]//g'
}

# eventually COMMAND...: tries for five seconds
eventually() {
    tries=0
    until "$@" 2>/dev/null; do
        tries=$((tries + 1))
        test $tries -lt 100 || return 1
        sleep 0.05
    done
}

# The process is no more, not even as a zombie.
gone() {
    ! test -d "/proc/$1"
}

# It runs no more: whoever inherits it may still have to collect it.
dead() {
    gone "$1" || grep -qs '^State:.*Z' "/proc/$1/status"
}
