#!/bin/sh
# SPDX-License-Identifier: MIT
# Agents that attack their own result: every file of hostile/results is one behaviour, with the code that the run must
# end with in its header. With a JIT and without. hostile/README.md says how to add one.
# shellcheck source-path=SCRIPTDIR source=hostile/lib.sh
. "$(dirname "$0")/hostile/lib.sh"

for file in "$HOSTILE"/results/*.js; do
    for mode in jit jitless; do
        agent_job "$file" $mode
    done
done

# Too long to be written out.
awk 'BEGIN { for (i = 1; i <= 5000; i++) print "export const name" i " = " i ";" }' >"$work/many.js"
{
    printf 'const a = 1; export { a as "'
    head -c 500000 /dev/zero | tr '\0' x
    printf '" };\n'
} >"$work/long.js"
for mode in '' --jitless; do
    job "5,000 exports${mode:+, jitless}"
    expect 'ok 0'
    args run ${mode:+"$mode"} "$work/many.js"
    set_to jq '(.exports | length == 5000) and .exports.name4999 == 4999'
    job "an export whose name has 500,000 characters${mode:+, jitless}"
    expect 'ok 0'
    args run ${mode:+"$mode"} "$work/long.js"
    set_to jq '.exports | keys[0] | length == 500000'
done

# Standard output whose reader is slow: a pipe holds 64 KiB, the rest waits in iso4, and nothing is lost.
slow='sleep 0.3; head -c 1000; sleep 0.3; cat'
for mode in '' --jitless; do
    job "a slow reader of a large result${mode:+, jitless}"
    expect 'ok 0'
    args run ${mode:+"$mode"} -e 'export default "x".repeat(8e6)'
    set_to reader "$slow"
    set_to jq '.exports.default | length == 8000000'
    job "a slow reader of a flood of lines${mode:+, jitless}"
    expect 'ERR_USER_CODE 1'
    args run ${mode:+"$mode"} -e 'for (let i = 0; i < 1e5; i++) console.log("line " + i); throw new Error("after");'
    set_to reader "$slow"
    set_to jq '(.stdout | length > 50000) and .error.message == "after"'
done

run_jobs 3
report
