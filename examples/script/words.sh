#!/bin/sh
# SPDX-License-Identifier: MIT
# words.sh - a tool in shell: the arguments of a call as a JSON array on standard input, the result on standard output.
set -eu

text=$(jq -er '.[0] | strings') || {
    echo '{ "name": "TypeError", "message": "words takes a text" }'
    exit 1
}
printf '%s\n' "$text" | tr -cs '[:alpha:]' '\n' | sort | uniq -c | sort -k 1,1nr -k 2 | head -n 3 |
    jq -Rn '[inputs | capture("(?<count>[0-9]+) (?<word>.+)") | .count |= tonumber]'
