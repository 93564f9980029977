#!/bin/sh
# SPDX-License-Identifier: MIT
# harness.sh [-s SNAPSHOT] AGENT.js... - runs one agent after the other until one succeeds, and says what a harness
# would do about each that does not. Needs jq. The agents stand for the attempts of a language model.
set -u

snapshot=
if [ "${1:-}" = -s ]; then
    snapshot=${2:?-s needs a file}
    shift 2
fi

for agent in "$@"; do
    result=$(iso4 run --compact --cpu-time-ms 1000 --wall-time-ms 5000 ${snapshot:+--snapshot "$snapshot"} "$agent")
    status=$?

    case $status in
    0)
        printf '%s\n' "$result" | jq -c '.exports'
        exit 0
        ;;
    1)
        # The agent's fault: the code says which kind, the hint what to tell the model.
        printf '%s\n' "$result" | jq -r '"retry: \(.error.code): \(.error.message). \(.error.hint // "")"'
        ;;
    *)
        # 2: our own mistake (a message on stderr). 3: iso4 or its sandbox failed. 128+n: signal n stopped iso4.
        echo "giving up: iso4 ended with status $status" >&2
        exit "$status"
        ;;
    esac
done
echo 'giving up: no attempt succeeded' >&2
exit 1
