#!/bin/sh
# SPDX-License-Identifier: MIT
# A run of a batch is a run: every agent of same/ on every prefix of same/, and the agents of hostile/results, give the
# same document in a process of their own and in a fork of a warm one. same/README.md says how to add one.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

# Prefixes may be heavy, and may make a run endless: some batches take long.
LONGEST=120
LIMITS='{"memoryMb": 64, "cpuTimeMs": 500}'

# twice NAME ARG...: each file of `agents` alone and in one batch, with these arguments; `same` says what differs
twice() {
    about=$1
    shift
    : >runs
    while IFS= read -r file; do
        iso run --limits "$LIMITS" "$@" "$file"
        cat out >>runs
    done <agents
    awk '{ printf "{\"id\":%d,\"file\":\"%s\"}\n", NR, $0 }' agents >jobs.jsonl
    iso batch --ordered -j 2 --limits "$LIMITS" "$@" jobs.jsonl
    holds "$about" "$NODE" "$TESTS/helpers/same.mjs" runs out agents
}

is_random() {
    test "$(head -n 1 "$1")" = '// random'
}

# The agents of same/; those that draw random numbers only for a seed.
agents_of() {
    for file in "$TESTS"/same/agents/*.js; do
        test "$1" != seeded && is_random "$file" || echo "$file"
    done >agents
}

for file in "$TESTS"/same/prefixes/*.js; do
    name=$(basename "$file" .js)
    test_that "$name: each agent does the same in a batch"
    iso precompile -q "$file" -g "$TESTS/same/globals.json" -o "$name.snap"
    exits 0
    if ! is_random "$file"; then
        agents_of all
        twice "$name" -s "$name.snap"
    fi
    agents_of seeded
    twice "$name, with ways" -s "$name.snap" --seed 7 --now 2026-02-03T04:05:06Z --tz America/New_York
done

test_that 'without a prefix each agent does the same in a batch'
agents_of seeded
twice 'base snapshot' -g "$TESTS/same/globals.json" --seed 7
twice 'base snapshot, jitless' -g "$TESTS/same/globals.json" --seed 7 --jitless --tz Asia/Tokyo

test_that 'what a prefix draws at its first use is drawn in each run of a batch'
iso precompile -q "$TESTS/same/prefixes/log-with-id.js" -o id.snap
exits 0
for n in 1 2 3 4 5 6 7 8; do echo "{\"id\":$n,\"code\":\"console.log(Math.random())\"}"; done >jobs.jsonl
iso batch -s id.snap jobs.jsonl
exits 0
is 'ids' "$(jq -r '.stdout[0] | split(" ")[0]' out | sort -u | wc -l)" 8
is 'first random numbers' "$(jq -r '.stdout[0] | split(" ")[1]' out | sort -u | wc -l)" 8
is 'second random numbers' "$(jq -r '.stdout[0] | split(" ")[2]' out | sort -u | wc -l)" 8

test_that 'hostile agents do the same in a batch'
for file in "$TESTS"/hostile/results/*.js; do
    case $file in
    */stack-overflow-in-console.js) ;; # shows how much of the stack is left: as good as a random number
    *) grep -q '^// \(args\|prefix\|needs\):' "$file" || echo "$file" ;;
    esac
done >agents
holds 'agents' test "$(wc -l <agents)" -gt 200
LIMITS='{"memoryMb": 64, "cpuTimeMs": 3000}'
twice 'hostile agents' --seed 7 --now 2026-02-03T04:05:06Z

test_done
