#!/bin/sh
# SPDX-License-Identifier: MIT
# --seed, --now and --tz: the same run again gives the same output; without them no two runs draw the same numbers.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

# The default export of the last run.
value() {
    jq -c '.exports.default' out
}

# Two runs of one agent with the same options: the value of the first is in $first, of the second in $second.
twice() {
    agent "$@"
    first=$(value)
    agent "$@"
    second=$(value)
}

random='export default [Math.random(), Math.random(), crypto.randomUUID(), ...crypto.getRandomValues(new Uint8Array(4))];'

test_that 'the same seed gives the same random numbers'
twice "$random" --seed 1
is 'second run' "$second" "$first"

test_that 'another seed gives others'
agent "$random" --seed 1
first=$(value)
agent "$random" --seed 2
test "$(value)" != "$first" || fail 'they are the same'
holds 'numbers' test -n "$first"

test_that 'without a seed no two runs draw the same'
twice "$random"
test "$second" != "$first" || fail 'they are the same'
holds 'numbers' test -n "$first"

test_that 'runs that are forked from one process draw different numbers'
for i in 1 2 3 4 5 6; do echo "{\"id\":$i,\"code\":\"export default Math.random()\"}"; done >jobs.jsonl
iso batch jobs.jsonl
exits 0
is 'different numbers' "$(jq -c .exports.default out | sort -u | grep -c .)" 6

test_that 'with a seed each run of a batch draws the same'
iso batch --seed 9 jobs.jsonl
exits 0
is 'different numbers' "$(jq -c .exports.default out | sort -u | grep -c .)" 1

test_that 'a seed does not repeat what the prefix drew'
prefix 'globalThis.drawn = Math.random();'
agent 'export default drawn === Math.random();' --snapshot p.snap --seed 1
completes '{"default":false}'

test_that 'the largest seed is taken'
agent 'export default 1;' --seed 18446744073709551615
completes '{"default":1}'

for bad in -1 1.5 abc '' 18446744073709551616 ' 1'; do
    test_that "--seed '$bad' is refused"
    agent 'export default 1;' --seed "$bad"
    exits 2
    is 'stdout' "$(cat out)" ''
done

test_that '--now sets the clock'
agent 'export default [Date.now(), new Date().toISOString(), performance.timeOrigin];' --now 1893456000000
completes '{"default":[1893456000000,"2030-01-01T00:00:00.000Z",1893456000000]}'

while read -r text want; do
    test_that "--now $text"
    agent 'export default Date.now();' --now "$text"
    completes "{\"default\":$want}"
done <<END
2030-01-01 1893456000000
2030-01-01T00:00Z 1893456000000
2030-01-01T12:30:15Z 1893501015000
2030-01-01T12:30:15.25Z 1893501015250
2030-01-01T12:30:15.123456Z 1893501015123
2030-01-01T12:30:15+02:00 1893493815000
2030-01-01T12:30:15-00:30 1893502815000
1969-12-31T23:59:59Z -1000
0 0
-86400000 -86400000
END

for bad in yesterday 2030-13-01 2030-01-01T25:00Z 2030-01-01Tx 2030-01-01T12:00:00+2 99999999999999999 ''; do
    test_that "--now '$bad' is refused"
    agent 'export default 1;' --now "$bad"
    exits 2
    is 'stdout' "$(cat out)" ''
done

test_that 'the clock that is set moves by timers, and at once'
began=$(now_ms)
agent 'const t = performance.now(); await new Promise((r) => setTimeout(r, 3600e3)); export default [Date.now(), performance.now() - t];' --now 0
completes '{"default":[3600000,3600000]}'
within 'real ms' $(($(now_ms) - began)) 0 20000

test_that 'timers run in their order'
agent 'const order = [];
await Promise.all([30, 10, 20, 10].map((ms, i) => new Promise((r) => setTimeout(() => { order.push(i); r(); }, ms))));
export default order;' --now 0
completes '{"default":[1,3,2,0]}'

test_that 'an interval ticks on the clock that is set'
agent 'let n = 0;
await new Promise((r) => { const id = setInterval(() => { if (++n === 5) { clearInterval(id); r(); } }, 1000); });
export default Date.now();' --now 0
completes '{"default":5000}'

test_that 'the clock that is set does not move by work'
agent 'const t = Date.now(); for (let i = 0; i < 1e7; i++); export default Date.now() - t;' --now 0
completes '{"default":0}'

test_that 'an answer comes before a timer, however long it takes'
echo '{"slow":{"returns":1,"delayMs":50}}' >globals.json
agent 'export default await Promise.race([slow(), new Promise((r) => setTimeout(() => r("timer"), 10))]);' --now 0 --globals globals.json
json .exports.default 1

test_that 'real time still limits a run whose clock is set'
echo '{"slow":{"returns":1,"delayMs":20000}}' >globals.json
agent 'await slow();' --now 0 --globals globals.json --wall-time-ms 200
fails ERR_WALL_TIMEOUT

test_that 'the same seed, time and zone: the same document but for the times that it took'
code='console.log(new Date().toString(), Math.random()); setTimeout(() => console.log("late"), 5); await new Promise((r) => setTimeout(r, 10)); export default [crypto.randomUUID(), new Date()];'
agent "$code" --seed 3 --now 2030-01-01 --tz Asia/Tokyo
first=$(jq -c 'del(.durationMs, .cpuTimeMs, .heapUsedBytes)' out)
agent "$code" --seed 3 --now 2030-01-01 --tz Asia/Tokyo
is 'document' "$(jq -c 'del(.durationMs, .cpuTimeMs, .heapUsedBytes)' out)" "$first"
holds 'time of the zone' grep -q 'GMT+0900' out

test_that 'without --tz it is UTC, whatever the zone of the caller'
TZ=Asia/Tokyo
export TZ
agent 'export default [new Date(0).getHours(), Intl.DateTimeFormat().resolvedOptions().timeZone];'
unset TZ
completes '{"default":[0,"UTC"]}'

test_that '--tz sets the zone of Date, Intl and Temporal'
agent 'export default [new Date(0).getHours(), Intl.DateTimeFormat().resolvedOptions().timeZone, Temporal.Now.timeZoneId()];' --tz America/New_York
completes '{"default":[19,"America/New_York","America/New_York"]}'

test_that 'a prefix that has used dates does not keep agents from their zone'
prefix 'globalThis.hours = () => new Date(0).getHours(); hours();'
agent 'export default hours();' --snapshot p.snap --tz Asia/Tokyo
completes '{"default":9}'

test_that 'an unknown zone'
agent 'export default 1;' --tz Mars/Olympus
refused "there is no time zone 'Mars/Olympus'"

for bad in '' 'a b' 'a;b' "a\$b"; do
    test_that "--tz '$bad' is refused"
    agent 'export default 1;' --tz "$bad"
    exits 2
    is 'stdout' "$(cat out)" ''
done
test_done
