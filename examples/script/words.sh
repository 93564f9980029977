#!/bin/sh
# SPDX-License-Identifier: MIT
# words.sh - a tool in shell: the arguments of a call as a JSON array on standard input, the result on standard output.
set -eu

text=$(jq -r '.[0] | if type == "string" then . else error("words takes a text") end')
printf '%s\n' "$text" | tr -cs '[:alpha:]' '\n' | sort | uniq -c | sort -k 1,1nr -k 2 | head -n 3 |
    jq -Rn '[inputs | capture("(?<count>[0-9]+) (?<word>.+)") | .count |= tonumber]'
