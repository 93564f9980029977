#!/bin/sh
# The tables and the plot of bench/, from figures that are given: nothing is measured here.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

committed=$ROOT/bench/results.json

# bench ARG...: $status, and the files out and err
bench() {
    command="bench.mjs $*"
    timeout -k 1 $LONGEST "$NODE" "$ROOT/bench/bench.mjs" "$@" >out 2>err
    status=$?
    line=$(cat out)
}

# results FILTER: the committed ones, changed by jq, drawn into the folder drawn/
results() {
    jq "$1" "$committed" >results.json && bench --from results.json --output drawn
    exits 0
}

# Three digits, as the tables have them, of the last of the fields that tabs divide.
figures() {
    awk -F '\t' 'function figure(x, s) {
        x = sprintf("%.3g", x) + 0
        if (x >= 1000) return sprintf("%d,%03d", x / 1000, x % 1000)
        return sprintf(x >= 100 ? "%.0f" : x >= 10 ? "%.1f" : "%.2f", x)
    }
    { for (i = 2; i <= NF; i++) printf "%s%s", figure($i), i < NF ? " " : "\n" }'
}

# Cells of the rows of a part: column NUMBER... of the lines between its heading and the next, without what follows a space.
cells() {
    _part=$1
    shift
    sed -n "/^## $_part\$/,/^## /p" drawn/results.md | awk -F ' *[|] *' -v columns="$*" '
        /^\|/ && ++n > 2 { count = split(columns, c, " "); for (i = 1; i <= count; i++) { split($c[i], word, " "); printf "%s%s", word[1], i < count ? " " : "\n" } }'
}

test_that 'tables and plot that are committed are those of the committed figures'
bench --from "$committed" --output drawn
exits 0
for name in results.json results.md plot.svg; do
    holds "$name" cmp "$ROOT/bench/$name" "drawn/$name"
done
is 'standard output' "$line" "$(cat drawn/results.md)"

test_that 'every cold start stands in the table, and its ratio to node -e 0'
results '.cold.rows |= (to_entries | map(.value + {median: (3.456 * (.key + 1) * (.key + 1))} | del(.fails))) | .cold.reference.median = 10'
jq -r '.cold as $c | .rivals | keys_unsorted[] | . as $id | [$id] + [$c.prefixes[].key as $p | $c.rows[] | select(.rival == $id and .prefix == $p).median] | @tsv' results.json | figures >want
cells 'Cold start' 3 4 5 6 >got
holds 'milliseconds' cmp want got
within 'rows' "$(wc -l <got)" 9 9
has 'the first ratio' "$(cat drawn/results.md)" '| 3.46 (0.35) |'

test_that 'so do the rates, and targets that are met or not'
results '.many.rows |= (to_entries | map(.value + {median: (1234.5 / (.key + 1))} | del(.fails) | if .least then .least = 700 else . end))'
jq -r '.many as $m | $m.rows[] | select(.prefix == "small") | . as $row | [.rival, .median, ($m.rows[] | select(.prefix != "small" and .rival == $row.rival and .how == $row.how)).median] | @tsv' results.json | figures >want
cells 'Many small runs' 4 7 >got
holds 'a second' cmp want got
has 'targets' "$(grep 'iso4 batch`, ' drawn/results.md)" '≥ 700: ok' '≥ 700: **short**'

test_that 'so do the calls'
results '.calls.rows |= (to_entries | map(.value + {median: (0.987 * (.key + 1) * (.key + 1))} | del(.fails)))'
jq -r '.calls.rows[] | [.rival, .median] | @tsv' results.json | figures >want
cells 'Calls of the host' 4 >got
holds 'microseconds' cmp want got

test_that 'so do runs that were stopped, and those that were not'
results '.stop.rows |= map(.median = 212.4 | .held = true | del(.fails) | if .attack == "loop" or .attack == "search" then . else .peakMb = 99.9 end) | .stop.limitMs = 200 | .stop.calm |= map(.peakMb = 44.4)'
is 'rows' "$(cells 'Runs that have to be stopped' 3 4 5 6 7 8 9 | sort -u)" '12.4 12.4 44.4 99.9 212 99.9 212'
results '.stop.rows |= map(.held = false | .peakMb = 1030 | del(.fails))'
is 'not stopped' "$(cells 'Runs that have to be stopped' 3 4 6 8 | sort -u)" '**not **not **not **not'
has 'in how long' "$(cat drawn/results.md)" '**not stopped** in 10 s' '**not stopped** at 1,030'

test_that 'the plot has the same figures'
results '.cold.rows |= map(.median = 5 | del(.fails)) | (.cold.rows[] | select(.rival == "iso4" and .prefix == "typescript")).median = 87.654 | (.many.rows[0] | .median) = 4321 | (.calls.rows[0] | .median) = 65.43'
has 'labels' "$(cat drawn/plot.svg)" '>iso4 87.7<' '>4,320<' '>65.4<' '>iso4 batch<'

test_that 'a rival that is not there has its rows, with the reason, in tables and plot'
results '.rivals.deno.missing = "no package & <none>" | .cold.rows |= map(if .rival == "deno" then {rival, prefix, fails: "no package & <none>"} else . end) | .many.rows |= map(if .rival == "deno" then {rival, prefix, how, fails: "no package & <none>"} else . end) | .calls.rows |= map(if .rival == "deno" then {rival, way, fails: "no package & <none>"} else . end) | .stop.rows |= map(if .rival == "deno" then {rival, attack, fails: "no package & <none>"} else . end) | .stop.calm |= map(select(.rival != "deno"))'
is 'rows' "$(grep -c '^| deno |.*no package & <none>' drawn/results.md)" 5
within 'places in the plot' "$(grep -c 'no package &amp; &lt;none&gt;' drawn/plot.svg)" 1 99
holds 'XML' xmllint --noout drawn/plot.svg

test_that 'a part that was not measured is left out'
results 'del(.cold, .own, .stop)'
is 'parts' "$(grep '^## ' drawn/results.md | tr '\n' ';')" '## What is compared;## Many small runs;## Calls of the host;'
lacks 'plot' "$(cat drawn/plot.svg)" 'Cold start' NaN undefined

test_that 'the plot is well-formed XML, as wide as a README, for light and dark'
holds 'XML' xmllint --noout "$ROOT/bench/plot.svg"
is 'width' "$(xmllint --xpath 'string(/*/@width)' "$ROOT/bench/plot.svg")" 840
has 'style' "$(cat "$ROOT/bench/plot.svg")" 'prefers-color-scheme: dark' '<title'
lacks 'plot' "$(cat "$ROOT/bench/plot.svg")" NaN undefined Infinity

test_that 'a machine that was busy is said to have been'
results '.machine.busyPercent = 55'
has 'tables' "$(cat drawn/results.md)" '55 % busy' 'not to be trusted'
has 'plot' "$(cat drawn/plot.svg)" '55 % busy'

test_that 'bad options and files are one line, status 2 and nothing written'
fresh
echo '{"format":99}' >other.json
echo '{' >broken.json
set -- '--rounds|0' '--rounds|many' '--only|cold,warm' '--quick|--rounds|2' '--from|other.json' '--from|broken.json' '--from|absent.json' '--from|other.json|--quick' '--nonsense'
for words; do
    # shellcheck disable=SC2046 # words without spaces
    bench $(echo "$words" | tr '|' ' ') --output drawn
    exits 2
    is "lines of $words" "$(wc -l <err)" 1
    has 'stderr' "$(cat err)" 'bench: '
    is 'standard output' "$line" ''
done
files other.json broken.json

test_done
