#!/bin/sh
# --trace: timelines of runs, as Chrome's trace events. Two programs in this house cannot be asked whether they can
# read them: what their format demands is checked here, by validate() below.
# shellcheck source-path=SCRIPTDIR source=lib.sh disable=SC2016 # the $ in quotes are jq's
. "$(dirname "$0")/lib.sh"

globals '{"f": {"returns": 1}, "slow": {"returns": 2, "delayMs": 60000}, "bad": {"throws": {"message": "no"}}, "m": {"members": {"g": {"returns": 3}}}}'

# The "Trace Event Format": an object with traceEvents; complete events of one row are nested or apart, asynchronous
# ones have one beginning and one end each, by category and id.
cat >"$work/valid.jq" <<'EOF'
def kinds(p): [.traceEvents[] | select(.ph == p)];
def nested: reduce (sort_by(.ts, -.dur)[]) as $e ({ends: [], ok: true};
    .ends |= map(select(. > $e.ts + 0.0005)) |
    if all(.ends[]; . + 0.0011 >= $e.ts + $e.dur) then .ends += [$e.ts + $e.dur] else .ok = false end) | .ok;
.displayTimeUnit == "ms"
and (.traceEvents | all(has("ph") and has("pid") and has("tid") and has("name") and .ts >= 0))
and (.traceEvents | map(.ph) | unique - ["M", "X", "b", "e"] == [])
and (kinds("X") | all(.dur >= 0))
and (kinds("X") | group_by([.pid, .tid]) | all(nested))
and (kinds("b") | map(.id) | length == (unique | length))
and ((kinds("b") | map([.cat, .id, .name, .pid]) | sort) == (kinds("e") | map([.cat, .id, .name, .pid]) | sort))
and ((kinds("e") | map({key: "\(.id)", value: .ts}) | from_entries) as $over | kinds("b") | all(.ts <= $over["\(.id)"]))
EOF

# valid FILE: it is such a file, and begun events end after they begin
valid() {
    holds 'JSON' jq -e . "$1" >/dev/null
    is 'the format' "$(jq -f "$work/valid.jq" "$1")" true
}

# of FILE FILTER: over the list of its events
of() {
    jq -c ".traceEvents | $2" "$1"
}

phases='map(select(.cat == "phase") | .name)'

# ---- one run

test_that '--trace of a run: each phase, one after the other, within the run'
agent 'export default await f()' -g globals.json --trace t.json
json .exports '{"default":1}'
valid t.json
is 'phases' "$(of t.json "$phases")" '["spawn","boot","lockdown","job","restore","bind","compile","evaluate","encode","reap"]'
is 'one after the other' "$(of t.json 'map(select(.cat == "phase")) | [., .[1:]] | transpose[:-1] | all((.[0].ts + .[0].dur - .[1].ts | fabs) < 0.0015)')" true
is 'names' "$(of t.json 'map(select(.ph == "M") | .args.name)')" '["agent.js","run"]'
is 'the run' "$(of t.json 'map(select(.cat == "run") | [.name, .args])')" '[["run",{"id":"agent.js","outcome":"ok"}]]'

test_that 'a run with --call has a phase for the call'
agent 'export const f = (n) => n + 1' --call f --args '[1]' --trace t.json
json .value 2
valid t.json
is 'phases' "$(of t.json "$phases | .[-4:]")" '["evaluate","call","encode","reap"]'

test_that 'calls: names, kinds and outcomes, also those that overlap'
agent 'slow(); await Promise.all([f("ä"), m.g(), bad().catch(() => 0)]); export default 1' -g globals.json --trace t.json
json .exports '{"default":1}'
valid t.json
is 'calls' "$(of t.json 'map(select(.ph == "b") | [.name, .args.kind, .args.outcome, .args.argBytes])')" \
    '[["slow","returns","pending",2],["f","returns","returned",6],["m.g","returns","returned",2],["bad","throws","failed",2]]'
is 'within the run' "$(of t.json '(map(select(.cat == "run"))[0] | [.ts, .ts + .dur]) as [$from, $to] | map(select(.cat == "call")) | all(.ts >= $from and .ts <= $to)')" true
is 'the pending one lasts' "$(of t.json '(map(select(.name == "evaluate"))[0].ts) as $at | map(select(.name == "slow" and .ph == "e"))[0].ts > $at')" true

test_that 'a call that a limit refuses'
agent 'await f(); await f()' -g globals.json --max-bridge-calls 1 --trace t.json
fails ERR_BRIDGE_CALL_LIMIT_EXCEEDED
valid t.json
is 'calls' "$(of t.json 'map(select(.ph == "b") | .args.outcome)')" '["returned","blocked"]'

test_that 'runs that fail have a trace as far as they got'
agent 'const' --trace t.json
fails ERR_COMPILE
valid t.json
is 'phases' "$(of t.json "$phases | .[-3:]")" '["bind","compile","reap"]'
is 'outcome' "$(of t.json 'map(select(.cat == "run").args.outcome)')" '["ERR_COMPILE"]'
agent 'for (;;);' --cpu-time-ms 100 --trace t.json
fails ERR_CPU_TIMEOUT
valid t.json
is 'phases' "$(of t.json "$phases | .[-3:]")" '["compile","evaluate","reap"]'
is 'duration' "$(of t.json 'map(select(.name == "evaluate"))[0].dur > 90000')" true

test_that 'a run whose worker does not come into being has a trace'
mkdir -p tree/bin tree/lib/iso4
cp "$ISO4" tree/bin
cp "$(dirname "$ISO4")/../lib/iso4/base.snap" tree/lib/iso4
command='iso4 run, without a worker'
echo 'export default 1' >agent.js
tree/bin/iso4 run --trace t.json agent.js >out
valid t.json
has 'outcome' "$(of t.json 'map(select(.cat == "run").args.outcome)')" 'ERR_'

test_that 'the result is the same with --trace, but for times'
echo 'console.log(1); export default await f()' >agent.js
iso run -g globals.json agent.js
jq -S 'del(.durationMs, .cpuTimeMs, .heapUsedBytes) | del(.bridgeCalls[].startMs, .bridgeCalls[].durationMs)' out >plain
iso run -g globals.json --trace t.json agent.js
jq -S 'del(.durationMs, .cpuTimeMs, .heapUsedBytes) | del(.bridgeCalls[].startMs, .bridgeCalls[].durationMs)' out >traced
holds 'the same' diff plain traced

# ---- several

test_that 'several agents: each has a row of its own, with its name'
echo 'export default 1' >a.js
echo 'throw 1' >b.js
iso run --trace t.json -j 2 a.js b.js -e 'export default "c"'
exits 1
valid t.json
is 'rows' "$(of t.json 'map(select(.name == "process_name") | [.pid, .args.name]) | sort_by(.[1]) | map(.[1])')" '["-e","a.js","b.js"]'
is 'outcomes' "$(of t.json 'map(select(.cat == "run").args | [.id, .outcome]) | sort')" '[["-e","ok"],["a.js","ok"],["b.js","ERR_USER_CODE"]]'

test_that 'a batch: rows have the names of ids, forks have no boot, waiting is a phase'
printf '%s\n' '{"id": "a \"b\"", "code": "export default await f()"}' '{"id": 7, "code": "throw 1"}' \
    '{"id": "7", "code": "export default 1"}' '{"code": "export default 1"}' '{"id": "broken"' >jobs.jsonl
iso batch -j 2 -g globals.json --trace t.json jobs.jsonl
exits 1
valid t.json
is 'rows' "$(of t.json 'map(select(.name == "process_name").args.name) | sort')" '["4","5","7","7","a \"b\""]'
is 'ids' "$(of t.json 'map(select(.cat == "run").args | [.id, .outcome]) | sort')" \
    '[[4,"ok"],[5,"ERR_BAD_JOB"],[7,"ERR_USER_CODE"],["7","ok"],["a \"b\"","ok"]]'
is 'phases of a fork' "$(of t.json '(map(select(.args.id == "a \"b\""))[0].pid) as $pid | map(select(.pid == $pid and .cat == "phase") | .name)')" \
    '["queue","spawn","job","bind","compile","evaluate","encode","reap"]'
is 'calls' "$(of t.json 'map(select(.ph == "b").name)')" '["f"]'

test_that 'a batch of thousands: every run is there'
seq 1 4000 | jq -c '{id: ., code: "await f(); await f(); export default 1"}' >jobs.jsonl
command='iso4 batch, 4000 jobs'
"$ISO4" batch -g globals.json --trace t.json jobs.jsonl >out
is 'runs' "$(of t.json 'map(select(.cat == "run").args.id) | sort == [range(1; 4001)]')" true
is 'calls' "$(of t.json 'map(select(.ph == "b")) | length')" 8000

test_that 'SIGTERM to a batch: what was run is in a whole file'
mkfifo jobs
"$ISO4" batch -g globals.json --trace t.json jobs >out &
pid=$!
exec 9>./jobs
echo '{"id": 1, "code": "export default 1"}' >&9
echo '{"id": 2, "code": "export default await new Promise((done) => setTimeout(done, 500))"}' >&9
until grep -q '"id":1' out; do sleep 0.05; done
kill -TERM $pid
wait $pid
is status $? 143
exec 9>&-
valid t.json
is 'runs' "$(of t.json 'map(select(.cat == "run").args.id) | sort')" '[1,2]'

test_that 'SIGINT to a run: its trace is whole'
echo 'await slow()' >agent.js
mkfifo started
"$ISO4" run -g globals.json --stream --trace t.json -e 'console.log("up"); await slow()' >out 2>started &
pid=$!
read -r _ <started
kill -INT $pid
wait $pid
is status $? 130
valid t.json
is 'outcome' "$(of t.json 'map(select(.cat == "run").args.outcome)')" '["ERR_ABORTED"]'

# ---- the file

# refuses TEXT ARG...: iso4 does not run anything, and says why; nothing is left
refuses() {
    _text=$1
    shift
    iso "$@" -e 'export default 1'
    test "$status" = 3 || test "$status" = 2 || fail "status $status"
    is stdout "$line" ''
    has stderr "$(cat err)" "$_text"
    is 'files' "$(ls -A .)" "$files"
}
mkdir "$work/here/folder" "$work/here/locked"
: >"$work/here/old.json"

test_that 'a file that cannot be written is said before anything runs'
files=$(ls -A .)
refuses "cannot write 'folder': Is a directory" run --trace folder
refuses "cannot write 'no/such/t.json': No such file or directory" run --trace no/such/t.json
refuses "cannot write ''" run --trace ''
refuses 'standard output has the results' run --trace -
iso batch --trace folder jobs.jsonl
exits 3
has stderr "$(cat err)" "cannot write 'folder': Is a directory"

test_that 'a trace and a result are not written to the same file'
files=$(ls -A .)
ln -sf old.json link.json
files=$(ls -A .)
refuses 'give two files' run --trace old.json -o old.json
refuses 'give two files' run --trace ./old.json -o "$PWD/link.json"
is 'the file' "$(cat old.json)" ''

test_that 'a trace does not replace what is read'
echo 'export default 1' >agent.js
iso run --trace ./agent.js agent.js
exits 2
has stderr "$(cat err)" "would replace 'agent.js', which is read"
echo '{"code": "export default 1"}' >jobs.jsonl
iso batch --trace jobs.jsonl jobs.jsonl
exits 2
has stderr "$(cat err)" "would replace 'jobs.jsonl', which is read"
is 'the agent' "$(cat agent.js)" 'export default 1'

test_that 'a full disk is said, and an old trace stays'
if test -w /dev/full; then
    iso run --trace /dev/full -e 'export default 1'
    exits 3
    has stderr "$(cat err)" "cannot write '/dev/full': No space left on device"
    completes_anyway=$(jq -c .exports out)
    is 'result' "$completes_anyway" '{"default":1}'
else
    skip 'no /dev/full'
fi

test_that 'a run that is refused leaves the old trace as it was'
echo old >old.json
iso run --trace old.json no-such-agent.js
exits 2
is 'the file' "$(cat old.json)" old
is 'no other' "$(find . -name '*iso4-*')" ''

test_that '--trace to a pipe'
mkfifo pipe
cat pipe >t.json &
iso run --trace pipe -e 'export default 1'
wait $!
exits 0
valid t.json

test_done
