# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2034 # names that only some scripts use
# tests/lib.sh - the words that the shell tests are written in.
#
#   test_that 'NAME'      begins a test; the checks up to the next test_that belong to it
#   iso ARG...            runs the tool: $status, and the files out and err; $line is what is in out
#   agent CODE [ARG...]   the same for `iso4 run`, with CODE in agent.js
#   prefix CODE [ARG...]  the same for `iso4 precompile`, from prefix.js to p.snap
#   globals JSON          writes globals.json, for `agent CODE -g globals.json`
#   option_table          the rows of ISO_OPTIONS, one a line
#   completes, fails ...  checks, see below
#   skip WHY              the test cannot be made here
#   test_done             ends the script
#
# A script runs in a fresh directory, which is removed at its end and holds its TMPDIR. Names that begin with _ or
# test_ belong to this file.
set -u
umask 022

LC_ALL=C
export LC_ALL
unset NO_COLOR LD_PRELOAD NODE_OPTIONS
TESTS=$(cd "$(dirname "$0")" && pwd)
ROOT=$(dirname "$TESTS")
: "${ISO4:=$ROOT/build/bin/iso4}"
: "${NODE:=$(echo "$ROOT"/build/modules/v8/node_modules/node-linux-*/bin/node)}"

work=$(mktemp -d "${TMPDIR:-/tmp}/iso4-test.XXXXXX") || exit 1
mkdir "$work/here" "$work/tmp" || exit 1
TMPDIR=$work/tmp
export TMPDIR
cd "$work/here" || exit 1
trap 'cd / && rm -rf "$work"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 141' PIPE
trap 'exit 143' TERM
exec </dev/null

NL='
'
BOM=$(printf '\357\273\277')

# ---- tests

test_number=0 test_failures=0 test_name='' test_checks=0 test_notes='' test_skipped='' test_bad=''

test_end() {
    test -n "$test_name" || return 0
    test -n "$test_skipped$test_bad" || test $test_checks -gt 0 || fail 'the test makes no check'
    if test -n "$test_bad"; then
        test_failures=$((test_failures + 1))
        echo "not ok $test_number - $test_name"
        printf '%s' "$test_notes" | sed 's/^/#   /'
    elif test -n "$test_skipped"; then
        echo "ok $test_number - $test_name # SKIP $test_skipped"
    else
        echo "ok $test_number - $test_name"
    fi
}

test_that() {
    test_end
    cd "$work/here" || exit 1
    test_number=$((test_number + 1)) test_name=$1 test_checks=0 test_notes='' test_skipped='' test_bad=''
    command='' status='' line=''
    : >out
    : >err
}

test_done() {
    test_end
    echo "1..$test_number"
    test $test_failures -eq 0
    exit
}

skip() {
    test_skipped=$1
}

# Texts that are too long to read are cut.
shorten() {
    printf '%s' "$1" | cut -c 1-600 | head -n 40
}

fail() {
    test -z "$test_bad" && test -n "$command" && test_notes="command: $(shorten "$command")$NL"
    test_bad=1
    test_notes="$test_notes$1$NL"
}

# ---- running the tool

# Nothing that a test runs takes long: what does not end is ended, with status 124 or 137, and fails the test.
LONGEST=25

iso() {
    command="iso4 $*"
    timeout -k 1 $LONGEST "$ISO4" "$@" >out 2>err
    status=$?
    line=$(cat out)
}

agent() {
    _code=$1
    shift
    printf '%s\n' "$_code" >agent.js
    iso run "$@" agent.js
    command="$command   # $_code"
}

prefix() {
    _code=$1
    shift
    printf '%s\n' "$_code" >prefix.js
    iso precompile "$@" prefix.js -o p.snap
    command="$command   # $_code"
}

globals() {
    printf '%s\n' "$1" >globals.json
}

# A line for each option: name, argument or NULL, flags, values and commands, with tabs between.
option_table() {
    sed '1,/define ISO_OPTIONS/d; /^enum option_id/,$d' "$ROOT/cli/options.h" | tr -d '\\\n' | sed "s/  *X(/\\$NL/g" |
        sed -nE 's/^[A-Z_]+, [^,]*, "([a-z-]+)", ("?)([A-Za-z:=|\/]+)"?, *([A-Z0-9_ |]+), *"([^"]*)", *([A-Z_ |]+), *".*/\1\t\3\t\4\t\5\t\6/p'
}

# options_of COMMAND [FLAG]: the names of its options, of those that have the flag
options_of() {
    option_table | awk -F '\t' -v command="COMMAND_$1" -v flag="${2-}" \
        '{ n = split($5, c, / *\| */); f = flag == ""; split($3, g, / *\| */); for (i in g) if (g[i] == flag) f = 1
           for (i = 1; i <= n; i++) if (f && c[i] == toupper(command)) print $1 }'
}

now_ms() {
    date +%s%3N
}

# timed COMMAND...: $took is how many milliseconds it took, $spent how many of CPU time. What iso4 and its workers
# spend does not depend on what else the machine has to do.
timed() {
    times >"$work/before"
    _began=$(now_ms)
    "$@"
    took=$(($(now_ms) - _began))
    times >"$work/after"
    spent=$(awk 'FNR == 2 { gsub("[ms]", " "); was = now; now = 60 * ($1 + $3) + $2 + $4 } END { printf "%d", (now - was) * 1000 }' "$work/before" "$work/after")
}

# ---- checks

# is WHAT GOT WANT
is() {
    test_checks=$((test_checks + 1))
    test "$2" = "$3" || fail "$1
got:  $(shorten "$2")
want: $(shorten "$3")"
}

# has WHAT TEXT PART...
has() {
    _what=$1 _text=$2
    shift 2
    for _part; do
        test_checks=$((test_checks + 1))
        case $_text in
        *"$_part"*) ;;
        *) fail "$_what
got:  $(shorten "$_text")
want: a text with $_part" ;;
        esac
    done
}

# lacks WHAT TEXT PART...: there is a text, and none of the parts is in it
lacks() {
    _what=$1 _text=$2
    shift 2
    test -n "$_text" || fail "$_what: nothing is there"
    for _part; do
        test_checks=$((test_checks + 1))
        case $_text in
        *"$_part"*) fail "$_what
got:  $(shorten "$_text")
want: a text without $_part" ;;
        esac
    done
}

# holds WHAT COMMAND...: the command succeeds
holds() {
    _what=$1
    shift
    test_checks=$((test_checks + 1))
    _said=$("$@" 2>&1) || fail "$_what: $* says no $(shorten "$_said")"
}

# within WHAT NUMBER LEAST MOST: a decimal number in a range
within() {
    test_checks=$((test_checks + 1))
    awk -v n="$2" -v least="$3" -v most="$4" 'BEGIN { exit !(n ~ /^[0-9.]+$/ && n + 0 >= least && n + 0 <= most) }' ||
        fail "$1
got:  $2
want: from $3 to $4"
}

# exits STATUS
exits() {
    is 'exit status' "$status" "$1"
    test "$status" = "$1" || test_notes="${test_notes}out: $(shorten "$line")${NL}err: $(shorten "$(cat err)")$NL"
}

# The document on standard output is exactly that of a run that went well: these exports, and console lines as they
# stand in JSON. What follows them is checked in t-run.sh, once.
# completes EXPORTS [STDOUT [STDERR]]
completes() {
    exits 0
    test_checks=$((test_checks + 1))
    case $line in
    '{"ok":true,"status":"completed","exports":'"$1"',"stdout":['"${2-}"'],"stderr":['"${3-}"'],"durationMs":'*',"bridgeCalls":[]}') ;;
    *) fail "result
got:  $(shorten "$line")
want: {\"ok\":true,\"status\":\"completed\",\"exports\":$(shorten "$1"),\"stdout\":[${2-}],\"stderr\":[${3-}],..." ;;
    esac
}

# The same for a run that may have logged and called what it likes, and has a hint if it left calls behind.
# gives EXPORTS
gives() {
    exits 0
    test_checks=$((test_checks + 1))
    case $line in
    '{"ok":true,"status":"completed","exports":'"$1"',"stdout":['*'}') ;;
    '{"ok":true,"status":"completed","exports":'"$1"',"hint":"'*'","stdout":['*'}') ;;
    *) fail "result
got:  $(shorten "$line")
want: {\"ok\":true,\"status\":\"completed\",\"exports\":$(shorten "$1"),\"stdout\":[..." ;;
    esac
}

# The same for a run that neither exports nor prints anything: it says so.
gives_nothing() {
    exits 0
    json '[.ok, .exports, .stdout, .stderr, (.hint | contains("Nothing is exported"))]' '[true,{},[],[],true]'
}

# The document is one of a run that failed.
# fails CODE [EXIT STATUS]
fails() {
    exits "${2-1}"
    test_checks=$((test_checks + 1))
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

# A result that cannot be written: status 3, and a message that says so.
# unwritable TEXT...
unwritable() {
    exits 3
    has 'stderr' "$(cat err)" 'iso4: cannot write' "$@"
}

# files NAME...: the directory holds these and what every test leaves, nothing else
files() {
    is 'files left' "$(find . -mindepth 1 ! -name out ! -name err | sed 's/^..//' | sort | tr '\n' ' ')" \
        "$(for _one; do echo "$_one"; done | sort | tr '\n' ' ')"
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

# eventually COMMAND...: tries for about five seconds
eventually() {
    _tries=0
    until "$@" 2>/dev/null; do
        _tries=$((_tries + 1))
        test $_tries -lt 100 || return 1
        sleep 0.05
    done
}

# The process is no more, not even as a zombie.
gone() {
    test -n "$1" && ! test -d "/proc/$1"
}

# It does not run any more; its new parent may still have to collect it.
dead() {
    gone "$1" || grep -qs '^State:.*Z' "/proc/$1/status"
}
