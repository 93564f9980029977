#!/bin/sh
# SPDX-License-Identifier: MIT
# The mistakes of callers, tests/mistakes/table: each is exit status 2 before anything runs, with what is wrong and
# where. What is wrong with the machine is 3.
# shellcheck source-path=SCRIPTDIR source=lib.sh disable=SC2016 # the $ and ` in quotes are JavaScript's
. "$(dirname "$0")/lib.sh"

# The files that the rows use.
echo 'console.log("ran"); export default 1' >ok.js
echo '{"id": 1, "code": "console.log(`ran`)"}' >ok.jsonl
printf 'not\nended' >ok.txt
echo '{}' >ok.json
: >empty
printf 'let a = "\n\351"\n' | tr -d '\n' >latin.js
printf '\377\376e\000' >wide.js
echo 'globalThis.a = 1' >prefix.js
echo '{"users": {"returns": 1}}' >declared.json
iso precompile prefix.js -g declared.json -o p.snap -q
find . -type f ! -name out ! -name err | sort >"$work/files"

number=0
sed '/^#/d; /^ *$/d' "$TESTS/mistakes/table" >"$work/table"
while IFS= read -r row <&9; do
    number=$((number + 1))
    printf '%s\n' "$row" >"$work/row"
    arguments=$(sed 's/ *|.*//' "$work/row")
    message=$(sed 's/^[^|]*| *//; s/ *|.*//' "$work/row")
    place=$(sed 's/^[^|]*|[^|]*| *//; s/ *|.*//; s/ *$//' "$work/row" | sed "s/^@/m$number/")
    text=$(sed -n 's/^[^|]*|[^|]*|[^|]*| *//p' "$work/row")
    test_that "$arguments${text:+   with $text}"
    test -z "$text" || printf '%s\n' "$text" >"m$number.json"
    eval "iso $(printf '%s\n' "$arguments" | sed "s/@/m$number/")"
    refused "$message"
    case $(cat err) in
    "iso4: $place"*) ;;
    *) fail "the place is not in front: $(cat err), want $place" ;;
    esac
    rm -f "m$number.json"
    is 'files' "$(find . -type f ! -name out ! -name err | sort)" "$(cat "$work/files")"
done 9<"$work/table"

# ---- jobs

# Lines of a batch: text of the message, then the job. Its result says what is wrong, and the others are run.
while IFS= read -r row <&9; do
    number=$((number + 1))
    test_that "the job ${row#*| }"
    { printf '%s\n' "${row#*| }" && cat ok.jsonl; } >jobs.jsonl
    iso batch --ordered jobs.jsonl
    exits 1
    is 'answers' "$(jq -rs '[.[0].ok, .[0].error.code, .[0].error.origin, .[1].stdout] | tostring' out)" '[false,"ERR_BAD_JOB","caller",["ran"]]'
    has 'message' "$(jq -rs '.[0].error.message' out)" 'job 1' "${row%% |*}"
    rm jobs.jsonl
done 9<<'EOF'
the line is not JSON | {"code": "1"
the line is not JSON | export default 1
a job is an object such as {"id": 1, "code": "export default 1"} | [1]
a job is an object such as {"id": 1, "code": "export default 1"} | "x"
there is neither code nor file | {"id": 1}
code takes a string | {"code": 1}
unknown key "cod" (did you mean "code"?) | {"id": 1, "cod": "1"}
give code or file, not both | {"code": "1", "file": "ok.js"}
cannot open 'missing.js': No such file or directory | {"file": "missing.js"}
limits: unknown limit 'cpu': there are cpuTimeMs, wallTimeMs, | {"code": "1", "limits": {"cpu": 1}}
limits: unknown limit 'cpu-time-ms' (did you mean 'cpuTimeMs'?) | {"code": "1", "limits": {"cpu-time-ms": 1}}
limits: wallTimeMs takes a whole number from 0 to 86400000, not -1 | {"code": "1", "limits": {"wallTimeMs": -1}}
1:29: 'f' unknown key "retuns" (did you mean "returns"?) | {"code":"1","globals":{"f":{"retuns":1}}}
seed takes a whole number from 0 to 2^64 - 1, not '-1' | {"code": "1", "seed": -1}
EOF

# ---- snapshots that are damaged: 3, and what to do

test_that 'a snapshot that is cut short or has more than it should is damaged'
head -c 5000 p.snap >bad.snap
for which in short long; do
    test $which = short || { cat p.snap && echo; } >bad.snap
    for arguments in 'inspect bad.snap' 'run -s bad.snap ok.js' 'batch -s bad.snap ok.jsonl'; do
        # shellcheck disable=SC2086 # words
        iso $arguments
        exits 3
        has "$which: $arguments" "$line$(cat err)" "snapshot 'bad.snap' is damaged or cut short: precompile it again"
        lacks "$which: $arguments" "$line$(cat err)" '"ran"'
    done
done
rm bad.snap

test_that 'the table has at least sixty rows'
within 'rows' $number 60 1000

# ---- the machine

# cramped KIB MEMORY: under `ulimit -v` it is said before anything runs, with status 3
cramped() {
    for arguments in 'run ok.js' 'run ok.js ok.js' 'batch ok.jsonl' 'precompile prefix.js -o x.snap'; do
        command="ulimit -v $1; iso4 $arguments --memory-mb $2"
        # shellcheck disable=SC2086,SC3045 # words; dash has it
        (ulimit -v "$1" && exec "$ISO4" $arguments --memory-mb "$2") >out 2>err
        status=$? line=$(cat out)
        exits 3
        is 'standard output' "$line" ''
        has 'stderr' "$(cat err)" 'iso4: the address space is limited to' '(ulimit -v)'
    done
}

test_that 'an address space that is too small is said, and no agent is blamed'
if test -n "${SANITIZE-}"; then
    skip 'a sanitizer needs terabytes'
else
    cramped 100000 128
    cramped 300000 128
    cramped 500000 8
    cramped 700000 128
    cramped 1500000 1000
    # shellcheck disable=SC3045
    (ulimit -v 1200000 && exec "$ISO4" run ok.js) >out 2>err
    status=$? line=$(cat out)
    completes '{"default":1}' '"ran"'
    # shellcheck disable=SC3045
    (ulimit -v 1200000 && exec "$ISO4" run -e 'const all = []; for (;;) all.push(new Array(1000).fill(1.5))') >out 2>err
    status=$? line=$(cat out)
    fails ERR_MEMORY_LIMIT
    echo '{"id":1,"code":"1"}
{"id":2,"code":"1","limits":{"memoryMb":1000}}' >jobs.jsonl
    # shellcheck disable=SC3045
    (ulimit -v 1200000 && exec "$ISO4" batch --ordered jobs.jsonl) >out 2>err
    status=$? line=$(cat out)
    exits 3
    is 'answers' "$(jq -c '[.id, .error.code]' out | tr '\n' ' ')" '[1,null] [2,"ERR_SANDBOX_UNAVAILABLE"] '
fi

test_done
