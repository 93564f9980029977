# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# tests/hostile/lib.sh - what the hostile tests share: many runs, some at a time, each judged by case.sh.
#
#   compile NAME ARG...   makes $work/NAME with the C compiler
#   job NAME              a new test, in a directory of its own: $job
#   set_to KEY VALUE      what case.sh shall do and expect; its keys are listed there
#   set_only KEY VALUE    the same in place of what was set before
#   agent_job FILE MODE [ABOUT [ARG]...]
#                         the same from an agent file with a header (README.md here): MODE is jit or jitless
#   run_jobs N            runs the jobs that have not run yet, N at a time
#   report                prints what came of them all as TAP; its status is the script's
#
# FULL=1 in the environment asks a script for all that it can do, however long that takes.
set -u
umask 022
LC_ALL=C
export LC_ALL
unset NO_COLOR LD_PRELOAD NODE_OPTIONS

HOSTILE=$(cd "$(dirname "$0")/hostile" && pwd)
ROOT=$(dirname "$(dirname "$HOSTILE")")
: "${ISO4:=$ROOT/build/bin/iso4}"
: "${NODE:=$(echo "$ROOT"/build/modules/v8/node_modules/node-linux-*/bin/node)}"
: "${FULL:=}"
: "${CC:=cc}"
: "${SANITIZE:=}"

work=$(mktemp -d "${TMPDIR:-/tmp}/iso4-hostile.XXXXXX") || exit 1
mkdir "$work/jobs" "$work/tmp" || exit 1
TMPDIR=$work/tmp
export ISO4 HOSTILE NODE TMPDIR work
cd "$work" || exit 1
trap 'cd / && rm -rf "$work"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
exec </dev/null

bail() {
    echo "Bail out! $1"
    exit 1
}

compile() {
    program=$1
    shift
    # shellcheck disable=SC2086 # CC may have words, as in `ccache gcc`
    $CC -std=gnu17 -O1 -D_GNU_SOURCE -I"$ROOT" -o "$work/$program" "$@" || bail "cannot compile $program"
}

compile peak "$HOSTILE/peak.c"

# ---- jobs

jobs=0 job=''

job() {
    jobs=$((jobs + 1))
    job=$work/jobs/$(printf '%05d' $jobs)
    mkdir "$job" || exit 1
    set_to name "$1"
}

# A key may be set more than once: one line each.
set_to() {
    printf '%s\n' "$2" >>"$job/$1"
}

# One value, whatever was set before.
set_only() {
    printf '%s\n' "$2" >"$job/$1"
}

args() {
    for word; do
        set_to args "$word"
    done
}

# Reads `// KEY: VALUE` lines at the top of the file; nothing is started, because there are hundreds of files.
agent_job() {
    file=$1 mode=$2 about=${3:-none} prefix=''
    shift $(($# < 3 ? 2 : 3))
    job "$(basename "$(dirname "$file")")/$(basename "$file" .js), $mode"
    args run "$@"
    test "$mode" = jit || args --jitless
    while IFS= read -r header; do
        case $header in
        '// args: '*) for word in ${header#// args: }; do set_to args "$word"; done ;;
        '// prefix: '*) prefix=${header#// prefix: } ;;
        "// expect-$mode: "*) expect "${header#*-$mode: }" ;;
        "// expect-$about: "*) expect "${header#*-"$about": }" ;;
        '// expect: '*) test -e "$job/code" || expect "${header#// expect: }" ;;
        '// expect-jq: '*) set_to jq "${header#// expect-jq: }" ;;
        '// expect-text: '*) set_to text "${header#// expect-text: }" ;;
        '// needs: '*) need "${header#// needs: }" ;;
        '//'*) ;;
        *) break ;;
        esac
    done <"$file"
    test -e "$job/code" || bail "$file: no '// expect: CODE STATUS' at its top"
    if test -n "$prefix"; then
        args --snapshot "$(snapshot_of "$prefix")"
    fi
    args "$file"
}

# A global that this build may not have: asked for once.
need() {
    test -e "$work/type-of-$1" || "$ISO4" run -e "export default typeof $1" >"$work/type-of-$1"
    if grep -q '"default":"undefined"' "$work/type-of-$1"; then
        set_to skip "there is no $1"
    fi
}

# expect 'CODE STATUS'
expect() {
    set_only code "${1% *}"
    set_only status "${1##* }"
}

# The snapshot of a prefix file, made when it is first asked for.
snapshot_of() {
    if ! test -e "$work/$1.snap"; then
        "$ISO4" precompile -q "$HOSTILE/prefixes/$1.js" -o "$work/$1.snap" >"$work/prefix.out" 2>&1 || {
            cat "$work/prefix.out" >&2
            bail "cannot precompile $1"
        }
    fi
    echo "$work/$1.snap"
}

# run_jobs N: those that have not run yet.
run_jobs() {
    for one in "$work"/jobs/*; do
        test -e "$one/tap" || echo "$one"
    done | xargs -P "$1" -n 1 sh "$HOSTILE/case.sh"
}

report() {
    for one in "$work"/jobs/*; do
        cat "$one/tap"
    done 2>&1 | awk '/^(not )?ok - / { sub(/ok - /, "ok " ++n " - ") } { print } /^not ok/ { bad = 1 }
        END { print "1.." n; exit !(n == '"$jobs"' && !bad) }'
}
