#!/bin/sh
# SPDX-License-Identifier: MIT
# iso4 batch: jobs in, results out. What a line may hold, what comes back and when, signals, and what a run cannot
# leave behind for the next.
# shellcheck source-path=SCRIPTDIR source=lib.sh disable=SC2016,SC2086,SC2094,SC2238,SC2317 # $ and ` in quotes are JavaScript's; numbers; `jobs` is a file; called by holds
. "$(dirname "$0")/lib.sh"

# batch LINES [ARG]...: the lines are jobs; $line is what came, in the order of the jobs unless a test says otherwise
batch() {
    printf '%s\n' "$1" >jobs.jsonl
    shift
    iso batch "$@" jobs.jsonl
}

# answers WANT...: jq's [id, code or exports] of each line, in order
answers() {
    is 'answers' "$(jq -c '[.id, (.error.code // .exports // .value)]' out 2>&1)" "$(for _one; do echo "$_one"; done)"
}

# numbered COUNT [CODE]: jobs 1 to COUNT; # in CODE is the number
numbered() {
    seq 1 "$1" | awk -v code="${2-export default #}" '{ c = code; gsub("#", $1, c); printf "{\"id\":%d,\"code\":\"%s\"}\n", $1, c }'
}

# every COUNT: each id from 1 to COUNT has exactly one result
every() {
    is 'ids' "$(jq .id out | sort -n | tr '\n' ' ')" "$(seq 1 "$1" | tr '\n' ' ')"
}

# the codes in out, with how often each is there
codes() {
    jq -r '.error.code // "ok"' out | sort | uniq -c | awk '{ printf "%s%s=%d", (NR > 1 ? " " : ""), $2, $1 }'
}

# in_background [ARG]...: iso4 batch reads the FIFO `jobs`, descriptor 8 writes to it; $pid
in_background() {
    rm -f jobs
    mkfifo jobs
    command="iso4 batch $*"
    perl -e '$SIG{HUP} = $SIG{QUIT} = "DEFAULT"; exec @ARGV' "$ISO4" batch "$@" <jobs >out 2>err &
    pid=$!
    exec 8>jobs
}

finish() {
    exec 8>&-
    wait "$pid" 2>/dev/null
    status=$? line=$(cat out)
}

lines_are() {
    test "$(wc -l <out)" = "$1"
}

# the zygote of $pid, and how many runs of it there are
zygote() {
    children "$pid" | head -n 1
}

has_zygote() {
    test -n "$(zygote)"
}

# ---- lines and answers

test_that 'a job is answered with its id and a RunResult'
batch '{"id":"a","code":"export default 1"}'
exits 0
json 'keys_unsorted' '["id","ok","status","exports","stdout","stderr","durationMs","cpuTimeMs","heapUsedBytes","bridgeCalls"]'
answers '["a",{"default":1}]'
is 'stderr' "$(cat err)" ''

test_that '--ordered answers in the order of the jobs'
batch "$(numbered 40 'let i = 0; while (i < 1e5 * (# % 4)) i++; export default #')" --ordered -j 4
exits 0
is 'ids' "$(jq .id out | tr '\n' ' ')" "$(seq 1 40 | tr '\n' ' ')"
is 'values' "$(jq -c 'select(.exports.default != .id)' out)" ''

test_that 'without --ordered a result comes when its run ends'
batch '{"id":"slow","code":"await new Promise((r) => setTimeout(r, 1500))"}
{"id":"fast","code":""}' -j 2
answers '["fast",{}]' '["slow",{}]'

test_that 'every line is answered exactly once'
batch "$(numbered 300)" -j 4
exits 0
every 300
is 'values' "$(jq -c 'select(.exports.default != .id)' out)" ''

test_that 'ids are texts and numbers, and come back as they were written'
batch '{"id":1.50,"code":""}
{"id":12345678901234567890,"code":""}
{"id":"\u00e9\u0000\ud83d\ude00","code":""}
{"id":"","code":""}
{"code":""}' --ordered
exits 0
is 'ids' "$(sed 's/,"ok".*//' out)" '{"id":1.50
{"id":12345678901234567890
{"id":"\u00e9\u0000\ud83d\ude00"
{"id":""
{"id":null'

test_that 'meta comes back as it was written, at the end, also with a failure'
batch '{"id":1,"meta":{"try": [1.50]},"code":""}
{"id":2,"meta":null,"code":"throw 1"}
{"id":3,"meta":"x","code":7}' --ordered
exits 1
is 'meta' "$(grep -o ',"meta":.*' out)" ',"meta":{"try": [1.50]}}
,"meta":null}
,"meta":"x"}'

test_that 'seed, now and tz of a job are its own, before those of the batch'
echo 'export default [Date.now() > 0, new Date(0).getHours()]' >clock.js
batch '{"id":1,"seed":7,"code":"export default Math.random()"}
{"id":2,"seed":7,"code":"export default Math.random()"}
{"id":3,"code":"export default Math.random()"}
{"id":4,"now":0,"tz":"Asia/Tokyo","code":"export default [Date.now(), new Date().getHours()]"}
{"id":5,"now":"1970-01-02","code":"export default [Date.now(), new Date().getHours()]"}
{"id":6,"seed":18446744073709551615,"file":"clock.js"}' --ordered --seed 8 --tz Europe/Paris
exits 0
is 'random numbers' "$(jq -s '[.[0].exports == .[1].exports, .[0].exports == .[2].exports]' -c out)" '[true,false]'
is 'clocks' "$(jq -c 'select(.id > 3).exports.default' out | tr '\n' ' ')" '[0,9] [86400000,1] [true,1] '

test_that 'blank lines are skipped, and lines may end with CR LF'
printf '\n  \t\r\n{"id":1,"code":""}\r\n\n' >jobs.jsonl
iso batch jobs.jsonl
answers '[1,{}]'

test_that 'the last line needs no line break'
printf '{"id":1,"code":""}\n{"id":2,"code":""}' >jobs.jsonl
iso batch --ordered jobs.jsonl
answers '[1,{}]' '[2,{}]'

test_that 'no jobs: no results, status 0'
: >jobs.jsonl
iso batch jobs.jsonl
exits 0
is 'standard output' "$line" ''
iso batch /dev/null
exits 0

# bad WHAT LINE: the line between two good ones is answered with ERR_BAD_JOB, and a text that holds WHAT
bad() {
    printf '{"id":"before","code":""}\n%s\n{"id":"after","code":""}\n' "$2" >jobs.jsonl
    iso batch --ordered jobs.jsonl
    exits 1
    is "answers to $2" "$(jq -c '[.id, (.error.code // "ok")]' out | tr '\n' ' ')" "[\"before\",\"ok\"] [${3-null},\"ERR_BAD_JOB\"] [\"after\",\"ok\"] "
    has 'message' "$(sed -n 2p out | jq -r .error.message)" "${4-job 2: }" "$1"
}

test_that 'a line that is no job is answered with ERR_BAD_JOB, and the rest goes on'
bad 'not JSON' '{'
bad 'not JSON' '{"id":1,"code":""} {}'
bad 'a job is an object' '[1]'
bad 'a job is an object' '"code"'
bad 'neither code nor file' '{}'
bad 'neither code nor file' '{"id":1}' 1

test_that 'a job with members that do not fit is answered with ERR_BAD_JOB under its id'
bad 'id is a text or a number' '{"id":null,"code":""}'
bad 'id is a text or a number' '{"id":{},"code":""}'
bad 'unknown key "cod" (did you mean "code"?)' '{"id":1,"cod":""}' 1
bad 'code is given twice' '{"id":1,"code":"","code":""}' 1
bad 'id is given twice' '{"id":1,"id":2,"code":""}' 2
bad 'code or file, not both' '{"id":1,"code":"","file":"x"}' 1
bad 'code takes a string' '{"id":1,"code":1}' 1
bad 'filename takes a string' '{"id":1,"code":"","filename":[]}' 1
bad 'globals takes an object' '{"id":1,"code":"","globals":[]}' 1
bad 'limits takes an object' '{"id":1,"code":"","limits":1}' 1
bad 'args takes an array' '{"id":1,"code":"","call":"f","args":{}}' 1
bad 'args needs call' '{"id":1,"code":"","args":[]}' 1
bad 'memoryMb' '{"id":1,"code":"","limits":{"memoryMb":1}}' 1
bad 'lone surrogate' '{"id":1,"code":"\ud800"}' 1
bad 'lone surrogate' '{"id":"\ud800","code":"1"}'
bad 'seed takes a number' '{"id":1,"code":"","seed":"1"}' 1
bad 'seed takes a whole number' '{"id":1,"code":"","seed":1.5}' 1
bad 'now takes milliseconds' '{"id":1,"code":"","now":"noon"}' 1
bad 'tz takes the name' '{"id":1,"code":"","tz":"a b"}' 1
bad 'did you mean "meta"' '{"id":1,"code":"","mete":1}' 1
bad 'U+0000' '{"id":1,"code":"","call":"a\u0000b"}' 1
bad 'U+0000' '{"id":1,"file":"jobs.jsonl\u0000"}' 1
bad 'U+0000' '{"id":1,"code":"","filename":"\udfff.js"}' 1

test_that 'a job with a file that cannot be read is answered with ERR_BAD_JOB'
bad "'missing.js'" '{"id":1,"file":"missing.js"}' 1
bad 'not standard input' '{"id":1,"file":"-"}' 1

test_that 'bytes that are no UTF-8 are no JSON'
bad 'not JSON' "$(printf '{"id":1,"code":"\377"}')"

test_that 'a line of more than 128 MiB is refused, and the rest goes on'
{
    printf '{"id":"long","code":"'
    head -c 140000000 /dev/zero | tr '\0' ' '
    printf '"}\n{"id":2,"code":""}\n'
} | timeout 60 "$ISO4" batch --ordered >out 2>err
is 'answers' "$(jq -c '[.id, .error.code, .error.message]' out | tr '\n' ' ')" '[null,"ERR_BAD_JOB","job 1: the line is too long"] [2,null,null] '

test_that 'a line of 20 MB is a job like others'
{
    printf '{"id":1,"code":"export default \\"'
    head -c 20000000 /dev/zero | tr '\0' x
    printf '\\".length"}\n{"id":2,"code":""}\n'
} >jobs.jsonl
iso batch --ordered jobs.jsonl
answers '[1,{"default":20000000}]' '[2,{}]'

test_that 'results of megabytes come whole'
batch "$(numbered 8 'export default `x`.repeat(10e6); console.log(#)')" -j 2
exits 0
every 8
is 'lengths' "$(jq -c '[(.exports.default | length), (.stdout | length)]' out | sort -u)" '[10000000,1]'

# ---- what a job may say

test_that 'filename names the agent in its stack'
batch '{"id":1,"code":"throw new Error(`x`)","filename":"lib/mine.js"}'
has 'stack' "$(jq -r .error.stack out)" 'mine.js:1:7'

test_that 'a file is read when its turn comes, and named as it is called'
mkdir -p dir
echo 'export default 5; throw new Error("x")' >dir/own.js
batch '{"id":1,"file":"dir/own.js"}'
has 'stack' "$(jq -r .error.stack out)" 'own.js:1:'

test_that 'limits of a job are its own'
batch '{"id":1,"code":"for (;;);","limits":{"cpuTimeMs":100}}
{"id":2,"code":"await new Promise((r) => setTimeout(r, 60000))","limits":{"wallTimeMs":100}}
{"id":3,"code":"console.log(`12345`)","limits":{"maxStdoutBytes":3}}
{"id":4,"code":"console.log(`12345`)"}
{"id":5,"code":"export default 1234567","limits":{"maxExportBytes":5}}' --ordered
exits 1
answers '[1,"ERR_CPU_TIMEOUT"]' '[2,"ERR_WALL_TIMEOUT"]' '[3,{}]' '[4,{}]' '[5,"ERR_EXPORT_TOO_LARGE"]'
is 'console' "$(jq -c .stdout out | tr '\n' ' ')" '[] [] [] ["12345"] [] '

test_that 'what stands in limits costs what its line does'
rm -f jobs && mkfifo jobs
"$ISO4" batch <jobs >out 2>err &
batch=$!
exec 9>jobs
{
    printf '{"id":1,"code":"","limits":{"a":['
    yes 1 | head -n 5000000 | tr '\n' ','
    echo '1]}}'
} >&9
holds 'an answer' eventually grep -q ERR_BAD_JOB out
peak=$(sed -n 's/^VmHWM:[[:space:]]*\([0-9]*\) kB$/\1/p' /proc/$batch/status)
exec 9>&-
wait $batch
within 'KiB at most, for a line of 10 MB' "$peak" 1000 150000

test_that 'more memory or CPU time than the batch has is given by a process of its own'
batch '{"id":1,"code":"try { new ArrayBuffer(150e6) } catch (e) { throw e.name }"}
{"id":2,"code":"new ArrayBuffer(150e6)","limits":{"memoryMb":250}}
{"id":3,"code":"const end = Date.now() + 400; while (Date.now() < end);","limits":{"cpuTimeMs":0}}
{"id":4,"code":"for (;;);","limits":{"cpuTimeMs":200}}' --ordered
answers '[1,"ERR_USER_CODE"]' '[2,{}]' '[3,{}]' '[4,"ERR_CPU_TIMEOUT"]'

test_that 'eval is there when the batch allows it, in every run'
batch "$(numbered 4 'export default eval(`6*7`)')" --allow-eval
exits 0
is 'values' "$(jq -c '.exports.default' out | sort -u)" 42
batch "$(numbered 4 'export default eval(`6*7`)')"
is 'errors' "$(jq -r '.error.name' out | sort -u)" EvalError

test_that 'the limits of the command line are those of every job'
batch '{"id":1,"code":"console.log(`12345`)"}' --max-stdout-bytes 3
json '[.stdout, .droppedStdout]' '[[],1]'

test_that 'call and args: an export of the job, or of the prefix'
prefix 'export const add = (a, b) => a + b; export const two = () => 2;'
batch '{"id":1,"call":"add","args":[2,3]}
{"id":2,"call":"two"}
{"id":3,"code":"export const f = (x) => [x]","call":"f","args":["y"]}
{"id":4,"call":"none"}
{"id":5,"code":""}' --ordered --snapshot p.snap
is 'answers' "$(jq -c '[.id, (.error.code // .value // .exports)]' out | tr '\n' ' ')" '[1,5] [2,2] [3,["y"]] [4,"ERR_CALL_TARGET_NOT_FOUND"] [5,{}] '

test_that '--call and --args are for jobs that say nothing else'
batch '{"id":1}
{"id":2,"args":[5,6]}
{"id":3,"call":"two","args":[]}' --ordered --snapshot p.snap --call add --args '[1,2]'
is 'answers' "$(jq -c '[.id, .value, .error.message]' out | tr '\n' ' ')" '[1,3,null] [2,11,null] [3,2,null] '

test_that 'globals of a job: canned answers, data, a command, a service'
cat >double.sh <<'S'
#!/bin/sh
read -r args
echo $((2 * $(echo "$args" | tr -d '[]')))
S
cat >serve.sh <<'S'
#!/bin/sh
n=0
while read -r request; do
    n=$((n + 1))
    echo "{\"jsonrpc\":\"2.0\",\"id\":$(echo "$request" | sed 's/.*"id":\([0-9]*\).*/\1/'),\"result\":[$$,$n]}"
done
S
chmod +x double.sh serve.sh
batch '{"id":1,"code":"export default [await f(), data]","globals":{"f":{"returns":7},"data":{"value":[1]}}}
{"id":2,"code":"export default await f(21)","globals":{"f":{"command":["./double.sh"]}}}
{"id":3,"code":"await f(); export default (await f())[1]","globals":{"f":{"service":["./serve.sh"]}}}
{"id":4,"code":"export default typeof f"}' --ordered
exits 0
answers '[1,{"default":[7,[1]]}]' '[2,{"default":42}]' '[3,{"default":2}]' '[4,{"default":"undefined"}]'

test_that 'globals that are wrong are ERR_BAD_JOB'
bad 'retuns' '{"id":1,"code":"","globals":{"f":{"retuns":1}}}' 1 'job 2:1:'
bad 'retuns' '{"id":1,"code":"","globals":{"f":{"members":{"g":{"retuns":1}}}}}' 1 'job 2:1:'

test_that 'a job rebinds what a snapshot declares, and only for itself'
echo '{"f":{"returns":"default"},"v":{"value":1}}' >globals.json
prefix 'globalThis.g = () => f();' -g globals.json
batch '{"id":1,"code":"export default [await f(), await g(), v]"}
{"id":2,"code":"export default [await f(), await g(), v]","globals":{"f":{"returns":"other"},"v":{"value":2}}}
{"id":3,"code":"export default [await f(), await g(), v]"}
{"id":4,"code":"","globals":{"h":{"returns":1}}}
{"id":5,"code":"","globals":{"f":{"value":1}}}' --ordered --snapshot p.snap
answers '[1,{"default":["default","default",1]}]' '[2,{"default":["other","other",2]}]' '[3,{"default":["default","default",1]}]' \
    '[4,"ERR_UNDECLARED_BINDING"]' '[5,"ERR_INVALID_REBIND"]'

test_that '--no-host-commands refuses the programs of a job'
batch '{"id":1,"code":"","globals":{"f":{"command":["./double.sh"]}}}
{"id":2,"code":""}' --ordered --no-host-commands
is 'answers' "$(jq -c '[.id, .ok]' out | tr '\n' ' ')" '[1,false] [2,true] '

test_that '--globals and --import are for all jobs'
echo 'export const one = 1;' >lib.js
batch "$(numbered 4 'import { one } from `lib`; export default [one, await f()]' | tr '\140' "'")" -g globals.json -I lib=lib.js
exits 0
is 'values' "$(jq -c .exports.default out | sort -u)" '[1,"default"]'

# ---- one run and the next

test_that 'what a run leaves on the global object, in prototypes and in modules the next does not see'
echo 'export const state = { n: 0 };' >state.js
prefix 'import { state } from "state"; globalThis.held = state;' -I state=state.js
batch "$(numbered 12 'import { state } from `state`; state.n++; held.n += 10; globalThis.left = 1; Array.prototype.left = 2; export default [state.n, held.n, Object.hasOwn(globalThis, `before`)]; globalThis.before = 1' | sed "s/import { state } from \`state\`/import { state } from 'state'/")" \
    -j 2 --snapshot p.snap
exits 0
is 'values' "$(jq -c .exports.default out | sort -u)" '[11,11,false]'

test_that 'a timer, a call and a promise of one run end with it'
batch '{"id":1,"code":"setInterval(() => console.log(`late`), 1); setTimeout(() => console.log(`later`), 50); new Promise(() => {}); f(); export default 1","globals":{"f":{"returns":1,"delayMs":50}}}
{"id":2,"code":"await new Promise((r) => setTimeout(r, 200)); export default 2"}' --ordered -j 1
is 'console' "$(jq -c '.stdout' out | tr '\n' ' ')" '[] [] '
is 'calls' "$(jq -c '[.bridgeCalls[] | .ok]' out | tr '\n' ' ')" '[false] [] '

test_that 'what is answered late reaches no other run'
batch "$(numbered 30 'f(#); export default await f(-#)' | sed 's/}$/,"globals":{"f":{"command":[".\/double.sh"]}}}/')" -j 4
exits 0
every 30
is 'values' "$(jq -c 'select(.exports.default != -2 * .id)' out)" ''

for numbers in 'Math.random()' 'crypto.randomUUID()'; do
    test_that "random numbers differ from run to run: $numbers"
    iso run -e 'export default typeof crypto'
    case $line in *undefined*) skip 'random numbers are V8'"'"'s own yet' && continue ;; esac
    batch "$(numbered 20 "export default $numbers")" -j 2
    is 'different ones' "$(jq -r .exports.default out | sort -u | wc -l)" 20
done

test_that 'the clocks of a run begin with it'
batch '{"id":1,"code":"await new Promise((r) => setTimeout(r, 300))"}
{"id":2,"code":"export default 1"}' -j 1 --ordered
within 'its duration' "$(sed -n 2p out | jq .durationMs)" 0 250

test_that 'a run that is under way has its channel and nothing else open'
in_background -j 3
for i in 1 2 3; do
    echo "{\"id\":$i,\"code\":\"console.log(1); await new Promise((r) => setTimeout(r, 60000))\"}" >&8
done
sleep 1
z=$(zygote)
for worker in $(children "$z"); do
    is "descriptors of $worker" "$(find "/proc/$worker/fd" -mindepth 1 -printf '%f:%l\n' | sed 's/socket.*/socket/' | sort | tr '\n' ' ')" \
        '0:/dev/null 1:/dev/null 2:/dev/null 3:socket '
done
is 'of the zygote' "$(find "/proc/$z/fd" -mindepth 1 -printf '%l\n' | grep -vc landlock)" 4
within 'children' "$(children "$z" | wc -l)" 3 6
kill -TERM "$pid"
kill -TERM "$pid" 2>/dev/null
finish

# ---- mixed

test_that 'runs that throw, loop, bomb, crash and are stopped disturb no other'
for i in $(seq 1 10); do
    cat <<J
{"id":"ok$i","code":"export default $i"}
{"id":"throw$i","code":"throw new Error('x')"}
{"id":"parse$i","code":"{"}
{"id":"loop$i","code":"for (;;);","limits":{"cpuTimeMs":50}}
{"id":"wait$i","code":"await new Promise((r) => setTimeout(r, 60000))","limits":{"wallTimeMs":50}}
{"id":"never$i","code":"await new Promise(() => {})"}
{"id":"bomb$i","code":"const a = []; for (;;) a.push(new Array(1e5).fill(1.5))"}
{"id":"call$i","code":"export default await f()"}
{"id":"ok_$i","code":"export default $i"}
J
done >jobs.jsonl
echo '{"f":{"returns":1}}' >globals.json
iso batch -j 4 --memory-mb 32 -g globals.json jobs.jsonl
exits 1
is 'codes' "$(codes)" 'ERR_COMPILE=10 ERR_CPU_TIMEOUT=10 ERR_DID_NOT_SETTLE=10 ERR_MEMORY_LIMIT=10 ERR_USER_CODE=10 ERR_WALL_TIMEOUT=10 ok=30'
is 'each under its id' "$(jq -r '[(.id | gsub("[0-9_]"; "")), (.error.code // "ok")] | join(" ")' out | sort -u | tr '\n' ';')" \
    'bomb ERR_MEMORY_LIMIT;call ok;loop ERR_CPU_TIMEOUT;never ERR_DID_NOT_SETTLE;ok ok;parse ERR_COMPILE;throw ERR_USER_CODE;wait ERR_WALL_TIMEOUT;'
is 'ids' "$(jq -r .id out | sort | uniq -d)" ''

test_that 'a run that is killed from outside is run again, in a process of its own'
in_background -j 2
echo '{"id":1,"code":"await new Promise((r) => setTimeout(r, 1500)); export default 1"}' >&8
sleep 0.8
z=$(zygote)
for worker in $(children "$z"); do
    kill -KILL "$worker"
done
echo '{"id":2,"code":""}' >&8
echo '{"id":3,"code":""}' >&8
holds 'answers' eventually lines_are 3
finish
exits 0
is 'codes' "$(jq -s -c 'sort_by(.id)[] | [.id, (.error.code // "ok")]' out | tr '\n' ' ')" '[1,"ok"] [2,"ok"] [3,"ok"] '

test_that 'but not when a program has been called for it: then it is ERR_WORKER_CRASHED, and the program was called once'
cat >once.sh <<'S'
#!/bin/sh
echo called >>calls
echo 1
S
chmod +x once.sh
rm -f calls
in_background -j 2
echo '{"id":1,"code":"await f(); await new Promise((r) => setTimeout(r, 60000))","globals":{"f":{"command":["./once.sh"]}}}' >&8
holds 'the call' eventually test -s calls
sleep 0.3
z=$(zygote)
for worker in $(children "$z"); do
    kill -KILL "$worker"
done
holds 'its answer' eventually lines_are 1
echo '{"id":2,"code":""}' >&8
holds 'answers' eventually lines_are 2
finish
exits 3
is 'codes' "$(jq -s -c 'sort_by(.id)[] | [.id, (.error.code // "ok")]' out | tr '\n' ' ')" '[1,"ERR_WORKER_CRASHED"] [2,"ok"] '
is 'calls' "$(cat calls)" called

# ---- endless input, backpressure

test_that 'a line in is a line out, before the next is written'
in_background -j 2
for i in 1 2 3 4 5; do
    echo "{\"id\":$i,\"code\":\"export default $i\"}" >&8
    holds "answer $i" eventually lines_are $i
done
finish
exits 0
is 'ids' "$(jq .id out | tr '\n' ' ')" '1 2 3 4 5 '

test_that 'half a line is no job yet'
in_background
printf '{"id":1,' >&8
sleep 0.5
is 'lines' "$(wc -l <out)" 0
echo '"code":""}' >&8
holds 'answer' eventually lines_are 1
finish
exits 0

# KB that iso4 may take, whatever waits; a sanitizer takes more.
flat=64000
test -z "${SANITIZE-}" || flat=400000

# rss PID: in KB
rss() {
    sed -n 's/^VmRSS:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$1/status"
}

test_that 'a reader that does not read: no more jobs are taken, memory stays, and limits hold'
mkfifo results
numbered 4000 'console.log(`x`.repeat(1e5))' >many.jsonl
"$ISO4" batch -j 2 many.jsonl >results 2>err &
pid=$!
exec 9<results
sleep 3
within 'KB of iso4' "$(rss $pid)" 1000 $flat
is 'runs under way' "$(for z in $(children $pid); do for w in $(children "$z"); do grep -l '^State:.R' "/proc/$w/status"; done; done 2>/dev/null | wc -l)" 0
timeout 60 cat <&9 >out &
reader=$!
exec 9<&-
wait $pid
is 'status' $? 0
wait $reader
every 4000

test_that 'a reader on a socket that does not read is no different'
cat >slow.mjs <<'N'
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
const child = spawn(process.argv[2], ['batch', '-j', '2', 'many.jsonl'], { stdio: ['ignore', 'pipe', 'inherit'] });
let bytes = '';
child.stdout.pause();
setTimeout(() => {
    const rss = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))[1]);
    console.log(rss < Number(process.argv[3]));
    child.stdout.on('data', (d) => { bytes += d; }).resume();
}, 3000);
child.on('close', (status) => console.log(status, new Set(bytes.trim().split('\n').map((l) => JSON.parse(l).id)).size));
N
is 'what is seen' "$(timeout 60 "$NODE" slow.mjs "$ISO4" "$flat" 2>&1 | tr '\n' ' ')" 'true 0 4000 '

test_that 'a run of a batch whose reader does not read is still ended at its limit'
rm -f results
mkfifo results
{
    echo '{"id":1,"code":"for (;;);","limits":{"cpuTimeMs":1500}}'
    numbered 2000 'console.log(`x`.repeat(1e5))'
} >jobs.jsonl
"$ISO4" batch -j 2 jobs.jsonl >results 2>err &
pid=$!
exec 9<results
sleep 2
none_runs() {
    test "$(for z in $(children $pid); do for w in $(children "$z"); do grep -l '^State:.R' "/proc/$w/status"; done; done 2>/dev/null | wc -l)" = 0
}
holds 'no run is under way' eventually none_runs
timeout 60 cat <&9 >out &
reader=$!
exec 9<&-
wait $pid
wait $reader
is 'the first' "$(jq -r 'select(.id == 1) | .error.code // empty' out)" ERR_CPU_TIMEOUT

test_that 'a reader that is gone ends the batch with status 3'
{
    numbered 2000 | timeout 30 "$ISO4" batch 2>err
    echo $? >"$work/status"
} | head -n 1 >out
is 'lines' "$(wc -l <out)" 1
is 'status' "$(cat "$work/status")" 3
is 'stderr' "$(cat err)" ''

test_that 'no more than --jobs runs at a time'
for n in 1 3; do
    in_background -j $n
    for i in 1 2 3 4 5 6 7 8; do
        echo "{\"id\":$i,\"code\":\"const end = Date.now() + 700; while (Date.now() < end);\"}" >&8
    done
    most=0
    for i in $(seq 1 20); do
        busy=$(for w in $(children "$(zygote)"); do awk '$3 == "R" && $14 + $15 > 2' "/proc/$w/stat"; done 2>/dev/null | wc -l)
        test "$busy" -le $most || most=$busy
        sleep 0.05
    done
    within "busy with -j $n" $most 1 $n
    kill -TERM "$pid"
    kill -TERM "$pid" 2>/dev/null
    finish
done

# ---- lines that cancel

test_that 'a line cancels a job that runs, one that waits, and one that has not been taken'
in_background -j 1
printf '%s\n' '{"id":1,"code":"console.log(`in`); for (;;);","limits":{"cpuTimeMs":20000}}' '{"id":"1","code":"export default 2"}' \
    '{"id":3,"code":"export default 3"}' '{"id":4,"code":"export default 4"}' '{"id":4.0,"cancel":true}' '{"id":"1","cancel":true}' >&8
holds 'the job that waited is answered' eventually lines_are 1
sleep 1 # until the first has printed
echo '{"id":1,"cancel":true}' >&8
finish
exits 1
is 'answers' "$(jq -c '[.id, (.error.code // .exports)]' out | sort | tr '\n' ' ')" '["1","ERR_ABORTED"] [1,"ERR_ABORTED"] [3,{"default":3}] [4,"ERR_ABORTED"] '
json 'select(.id == 1) | [.status, .stdout]' '["aborted",["in"]]'
json 'select(.id == 4) | .error.message' '"the run was cancelled before it began"'

test_that 'lines that cancel no job are ignored, and are counted by no shard'
batch '{"id":7,"cancel":true}
{"id":1,"code":"export default 1"}
{"cancel":true,"id":"x"}
{"id":2,"code":"export default 2"}
{"id":2.5,"cancel":true}' --shard 2/2
exits 0
answers '[2,{"default":2}]'

test_that 'a job that is being read is cancelled when its id is known'
printf '{"id":1,"code":"export default 1; /* %070000d */"}\n{"id":1,"cancel":true}\n{"id":2,"code":"export default 2"}\n' 0 >jobs.jsonl
iso batch --ordered jobs.jsonl
exits 1
answers '[1,"ERR_ABORTED"]' '[2,{"default":2}]'

test_that 'a file that is being read is cancelled'
echo 'export default 1' >agent.js
batch '{"id":1,"file":"agent.js"}
{"id":1,"cancel":true}' --ordered
answers '[1,"ERR_ABORTED"]'

test_that 'all jobs that share the id are cancelled, and --ordered keeps their places'
batch '{"id":1,"code":"for (;;);"}
{"id":2,"code":"export default 2"}
{"id":1,"code":"for (;;);"}
{"id":1,"cancel":true}' --ordered
answers '[1,"ERR_ABORTED"]' '[2,{"default":2}]' '[1,"ERR_ABORTED"]'

test_that 'a line that would cancel and is of another form is refused'
batch '{"id":1,"cancel":false}
{"cancel":true}
{"id":1,"cancel":true,"code":"export default 1"}
{"id":[1],"cancel":true}' --ordered
exits 1
answers '[1,"ERR_BAD_JOB"]' '[null,"ERR_BAD_JOB"]' '[1,"ERR_BAD_JOB"]' '[null,"ERR_BAD_JOB"]'
is 'messages' "$(jq -r .error.message out | sed -n 1,3p | sed 's/job [0-9]: //' | sort -u)" 'cancel takes true, and stands beside the id of a job and nothing else'

test_that 'lines that are read ahead wait in memory up to a bound, and none is lost'
{ echo '{"id":0,"code":"await new Promise((wake) => setTimeout(wake, 1500)); export default 0"}' && numbered 3000 && echo '{"id":2999,"cancel":true}'; } >jobs.jsonl
iso batch --ordered -j 1 jobs.jsonl
is 'ids' "$(jq .id out | tr '\n' ' ')" "$(seq 0 3000 | tr '\n' ' ')"
is 'results' "$(codes)" 'ERR_ABORTED=1 ok=3000'

# ---- programs that runs share

# Answers [its number, its calls so far, the parameters], but for some words.
cat >shared-serve.sh <<'S'
#!/bin/sh
n=0
while read -r request; do
    n=$((n + 1))
    case $request in *'"die"'*) exit 1 ;; *'"hush"'*) continue ;; *'"long"'*) head -c 70000000 /dev/zero | tr '\0' x ;; esac
    id=${request#*'"id":'} params=${request#*'"params":'}
    echo "{\"jsonrpc\":\"2.0\",\"id\":${id%%,*},\"result\":[$$,$n,${params%'}'}]}"
done
S
chmod +x shared-serve.sh
echo '{"f":{"service":["./shared-serve.sh"],"shared":true},"g":{"service":["./shared-serve.sh"]}}' >globals.json

test_that 'a service that is shared is one process for all runs of a batch'
batch "$(numbered 40 'export default [await f(#), await f(#)]')" -j 4 -g globals.json
exits 0
every 40
is 'processes' "$(jq -c '.exports.default[][0]' out | sort -u | wc -l)" 1
is 'calls' "$(jq -c '.exports.default[][1]' out | sort -n | tr '\n' ' ')" "$(seq 1 80 | tr '\n' ' ')"
is 'answers to others' "$(jq -c 'select(.exports.default[0][2] != [.id] or .exports.default[1][2] != [.id])' out)" ''

# Answers its requests.
cat >show-serve.sh <<'S'
while read -r request; do
    id=${request#*'"id":'}
    printf '{"jsonrpc":"2.0","id":%s,"result":%s}\n' "${id%%,*}" "$request"
done
S

test_that 'a shared service is told which job asks, others are not'
globals '{"f":{"service":["sh","show-serve.sh"],"shared":true},"g":{"service":["sh","show-serve.sh"]}}'
batch '{"id":"a\"b","code":"export default await f(1)"}
{"id":2.50,"code":"export default await f()"}
{"code":"export default await f()"}
{"id":4,"code":"export default await g()"}' --ordered -j 1 -g globals.json
exits 0
is 'jobs' "$(jq -c '.exports.default | [has("job"), .job, .params]' out)" '[true,"a\"b",[1]]
[true,2.5,[]]
[true,null,[]]
[false,null,[]]'
for name in one two; do echo 'export default (await f()).job' >$name.js; done
iso run -g globals.json one.js two.js
is 'agents' "$(jq -r .exports.default out | tr '\n' ' ')" 'one.js two.js '
echo '{"f":{"service":["./shared-serve.sh"],"shared":true},"g":{"service":["./shared-serve.sh"]}}' >globals.json

test_that 'a service that is not shared is a process for each run'
batch "$(numbered 6 'export default await g(#)')" -j 2 -g globals.json
exits 0
is 'processes' "$(jq -c '.exports.default[0]' out | sort -u | wc -l)" 6

test_that 'jobs that give the same shared service share it, others do not'
batch '{"id":1,"code":"export default await f()","globals":{"f":{"service":["./shared-serve.sh"],"shared":true}}}
{"id":2,"code":"export default await h()","globals":{"h":{"shared":true,"service":["./shared-serve.sh"]}}}
{"id":3,"code":"export default await f()","globals":{"f":{"service":["./shared-serve.sh"],"shared":true,"env":{"A":"1"}}}}
{"id":4,"code":"export default await f()","globals":{"f":{"service":["./shared-serve.sh"],"shared":false}}}' --ordered -j 1
exits 0
is 'processes' "$(jq -c '.exports.default[0]' out | sort -u | wc -l)" 3
is 'calls' "$(jq -c '.exports.default[1]' out | tr '\n' ' ')" '1 2 1 1 '

test_that 'a shared service that has ended is started again by the next call'
batch '{"id":1,"code":"export default await f()"}
{"id":2,"code":"await f(`die`)"}
{"id":3,"code":"export default await f()"}' --ordered -j 1 -g globals.json
exits 1
is 'answers' "$(jq -c '[.id, (.error.code // .exports.default[1])]' out | tr '\n' ' ')" '[1,1] [2,"ERR_HOST_BRIDGE"] [3,1] '
has 'message' "$(sed -n 2p out | jq -r .error.message)" "'f' got no answer: its program ended with exit status 1"
is 'processes' "$(jq -c '.exports.default[0] // empty' out | sort -u | wc -l)" 2

test_that 'the end of a run drops its calls of a shared service, and no others'
batch "$(numbered 20 'f(`hush`); f(-#); export default (await f(#))[2]')" -j 4 -g globals.json
exits 0
is 'answers' "$(jq -c 'select(.exports.default != [.id])' out)" ''
is 'calls' "$(jq -c '[.bridgeCalls[] | .ok] | .[0], .[2]' out | sort | uniq -c | tr -s ' ' | tr '\n' ';')" ' 20 false; 20 true;'

test_that 'a timeout of one call leaves a shared service to the others'
batch '{"id":1,"code":"await f(`hush`)","globals":{"f":{"service":["./shared-serve.sh"],"shared":true,"timeoutMs":100}}}
{"id":2,"code":"export default await f()","globals":{"f":{"service":["./shared-serve.sh"],"shared":true}}}' --ordered -j 1
is 'answers' "$(jq -c '[.id, (.error.name // .exports.default[1])]' out | tr '\n' ' ')" '[1,"TimeoutError"] [2,2] '

test_that 'an endless line of a shared service fails its calls, and the next starts it again'
batch '{"id":1,"code":"await f(`long`)"}
{"id":2,"code":"export default await f()"}' --ordered -j 1 -g globals.json
is 'answers' "$(jq -c '[.id, (.error.code // .exports.default[1])]' out | tr '\n' ' ')" '[1,"ERR_HOST_BRIDGE"] [2,1] '
has 'message' "$(sed -n 1p out | jq -r .error.message)" "'f' got no answer: its program wrote a line of more bytes than a result may have"

test_that 'a shared service ends with the batch'
in_background -j 2 -g globals.json
echo '{"id":1,"code":"export default await f()"}' >&8
holds 'answer' eventually lines_are 1
program=$(jq '.exports.default[0]' out)
holds 'it runs on between runs' test -d "/proc/$program"
finish
exits 0
holds 'it is gone' eventually gone "$program"

test_that 'for a single run shared means nothing'
agent 'export default (await f())[1]' -g globals.json
exits 0
json .exports '{"default":1}'

test_that 'only a service can be shared, by true or false'
bad 'shared' '{"id":1,"code":"","globals":{"f":{"command":["true"],"shared":true}}}' 1 'job 2:1:'
bad 'shared' '{"id":1,"code":"","globals":{"f":{"service":["true"],"shared":1}}}' 1 'job 2:1:'

test_that 'a hole in the file of jobs keeps no limit, and SIGINT ends the batch'
echo '{"id":1,"code":"await new Promise((r) => setTimeout(r, 1e6))","limits":{"wallTimeMs":400}}' >jobs.jsonl
truncate -s 4T jobs.jsonl
"$ISO4" batch jobs.jsonl >out 2>err &
pid=$!
holds 'the answer' eventually grep -q ERR_WALL_TIMEOUT out
within 'durationMs' "$(jq .durationMs out)" 400 5000
kill -INT $pid
holds 'end' eventually dead $pid
wait $pid
is 'status' $? 130

test_that 'a file of a job, or of its definitions, that is no regular file is refused, and holds up no other job'
rm -f pipe.js pipe.pem
mkfifo pipe.js pipe.pem
batch '{"id":1,"file":"pipe.js"}
{"id":2,"file":"."}
{"id":3,"file":"/dev/zero"}
{"id":4,"code":"","globals":{"fetch":{"fetch":{"allow":[{"host":"a.example","caFile":"pipe.pem"}]}}}}
{"id":5,"code":"export default 5"}' --ordered -j 1
exits 1
is 'codes' "$(codes)" 'ERR_BAD_JOB=4 ok=1'
is 'messages' "$(jq -r '.error.message // empty' out)" "job 1: cannot read 'pipe.js': it is not a regular file
job 2: cannot read '.': it is not a regular file
job 3: cannot read '/dev/zero': it is not a regular file
job 4:1:47: the global 'fetch' wants a caFile: cannot read '$PWD/pipe.pem': it is not a regular file"

test_that 'long lines, files and definitions keep the order of jobs, and what is answered already'
echo 'export default 2' >two.js
long=$(head -c 100000 /dev/zero | tr '\0' x)
{
    echo "{\"id\":1,\"code\":\"export default 1; // $long\"}"
    echo '{"id":2,"file":"two.js"}'
    echo '{"id":3,"code":"export default await f()","globals":{"f":{"returns":3}}}'
    echo '{"id":4,"code":"export default 4"}'
    echo "{\"id\":5,\"code\":\"export default 5; // $long\"}"
    echo "{\"id\":6,\"cod\":\"$long\"}"
} >jobs.jsonl
iso batch --ordered -j 4 jobs.jsonl
is 'answers' "$(jq -c '[.id, .exports.default // .error.code]' out | tr '\n' ' ')" '[1,1] [2,2] [3,3] [4,4] [5,5] [6,"ERR_BAD_JOB"] '
sed -n '1p;4p' out >earlier.jsonl
iso batch --ordered -j 4 --resume earlier.jsonl jobs.jsonl
is 'the rest' "$(jq -c .id out | tr '\n' ' ')" '2 3 5 6 '

test_that 'definitions of jobs go on top of those of the snapshot, job by job'
globals '{"f":{"returns":"declared"},"g":{"returns":"kept"},"v":{"value":1}}'
prefix '' -g globals.json
yes '{"code":"export default [await f(), await g()]","globals":{"f":{"returns":"own"}}}
{"code":"export default [await f(), await g()]"}
{"code":"export default v","globals":{"v":{"value":2}}}
{"code":"","globals":{"h":{"returns":1}}}' | head -n 40 | jq -c '. + {id: input_line_number}' >jobs.jsonl
iso batch --ordered --snapshot p.snap jobs.jsonl
is 'answers' "$(jq -c '.exports.default // .error.code' out | sort | uniq -c | tr -s ' ' | tr '\n' ';')" \
    ' 10 "ERR_UNDECLARED_BINDING"; 10 2; 10 ["declared","kept"]; 10 ["own","kept"];'

# ---- signals

for signal in 'TERM 143' 'INT 130' 'HUP 129' 'QUIT 131'; do
    # shellcheck disable=SC2086 # columns
    set -- $signal
    test_that "SIG$1 lets what runs end, takes nothing more, and ends with status $2"
    in_background -j 1
    echo '{"id":1,"code":"await new Promise((r) => setTimeout(r, 1500)); export default 1"}' >&8
    sleep 0.7
    kill "-$1" "$pid"
    sleep 0.1
    echo '{"id":2,"code":"export default 2"}' >&8
    finish
    exits "$2"
    answers '[1,{"default":1}]'
done 2>/dev/null

test_that 'what has not ended five seconds after SIGTERM is aborted'
in_background -j 1
echo '{"id":1,"code":"await new Promise((r) => setTimeout(r, 25000))"}' >&8
sleep 0.7
began=$(now_ms)
kill -TERM "$pid"
finish
within 'ms' $(($(now_ms) - began)) 4000 10000
exits 143
answers '[1,"ERR_ABORTED"]'

test_that 'SIGINT twice stops at once, with a line for each run under way'
in_background -j 2
for i in 1 2; do
    echo "{\"id\":$i,\"code\":\"await new Promise((r) => setTimeout(r, 25000))\"}" >&8
done
sleep 1
began=$(now_ms)
kill -INT "$pid"
sleep 0.2
kill -INT "$pid"
finish
within 'ms' $(($(now_ms) - began)) 0 3000
exits 130
is 'codes' "$(codes)" 'ERR_ABORTED=2'
is 'children' "$(children "$pid")" ''

test_that 'SIGINT twice stops at once also when the output is not read'
rm -f results
mkfifo results
"$ISO4" batch -j 2 many.jsonl >results 2>err &
pid=$!
exec 9<results
sleep 1.5
kill -INT $pid
sleep 0.3
kill -INT $pid
holds 'end' eventually dead $pid
exec 9<&-
wait $pid
is 'status' $? 130

test_that 'SIGKILL of iso4 leaves no process behind'
in_background -j 2
echo '{"id":1,"code":"for (;;);"}' >&8
echo '{"id":2,"code":"await new Promise((r) => setTimeout(r, 60000))"}' >&8
sleep 1
z=$(zygote)
workers=$(children "$z")
within 'workers' "$(echo "$workers" | wc -w)" 2 4
kill -KILL "$pid"
finish
exits 137
for worker in $z $workers; do
    holds "$worker is dead" eventually dead "$worker"
done

# ---- the zygote

test_that 'a zygote that is killed while nothing runs is started again by the next job'
in_background -j 2
for i in 1 2 3; do
    echo "{\"id\":$i,\"code\":\"export default $i\"}" >&8
    holds "answer $i" eventually lines_are $i
    holds 'a zygote' eventually has_zygote
    z=$(zygote)
    kill -KILL "$z"
    holds 'end of the zygote' eventually gone "$z"
done
finish
exits 0
is 'codes' "$(codes)" 'ok=3'

test_that 'a zygote that is killed again and again: every job is answered once, and well'
numbered 400 'await new Promise((r) => setTimeout(r, 20))' >many400.jsonl
"$ISO4" batch -j 2 many400.jsonl >out 2>err &
pid=$!
kills=0
while kill -0 $pid 2>/dev/null && test $kills -lt 8; do
    sleep 0.4
    z=$(zygote)
    test -z "$z" || kill -KILL "$z" 2>/dev/null && kills=$((kills + 1))
done
wait $pid
status=$?
every 400
within 'kills' $kills 4 8
exits 0
is 'codes' "$(codes)" 'ok=400'

test_that 'a zygote that is stopped holds nothing up for ever'
in_background -j 1
echo '{"id":1,"code":"await new Promise((r) => setTimeout(r, 60000))","limits":{"wallTimeMs":1500}}' >&8
sleep 0.8
kill -STOP "$(zygote)"
began=$(now_ms)
holds 'answer' eventually lines_are 1
within 'ms' $(($(now_ms) - began)) 0 6000
echo '{"id":2,"code":""}' >&8
holds 'the next' eventually lines_are 2
finish
is 'codes' "$(jq -r '.error.code // "ok"' out | tr '\n' ' ')" 'ERR_WALL_TIMEOUT ok '

test_that 'when no run can be started any more the batch stops, with the reason, status 3 and how to go on'
prefix 'globalThis.x = 1'
cp p.snap bad.snap
size=$(wc -c <bad.snap)
printf '\377\376\375' | dd of=bad.snap bs=1 seek=$((size - 1000)) conv=notrunc 2>/dev/null
for order in '' --ordered; do
    batch "$(numbered 50)" -q -j 2 --snapshot bad.snap $order
    exits 3
    within 'lines' "$(wc -l <out)" 3 6 # two more may be under way
    is 'codes' "$(jq -r .error.code out | sort -u)" ERR_SNAPSHOT_INVALID
    is 'lines on stderr' "$(wc -l <err)" 1
    has 'stderr' "$(cat err)" 'iso4: stopped after ' 'bad.snap' '--resume'
done

test_that 'why no fork can be had is said once, and not with --quiet'
batch "$(numbered 2)" -j 2 --snapshot bad.snap
is 'lines on stderr' "$(grep -c 'a process cannot be forked' err)" 1
batch "$(numbered 2)" -j 2 -q --snapshot bad.snap
is 'with --quiet' "$(cat err)" ''

test_that 'a snapshot that the memory budget has no room for: every job is answered with the code'
prefix 'globalThis.held = []; for (let i = 0; i < 3e5; i++) held.push({ i, s: `x${i}` })'
batch "$(numbered 3)" --snapshot p.snap --memory-mb 8 --ordered
exits 1
answers '[1,"ERR_MEMORY_LIMIT"]' '[2,"ERR_MEMORY_LIMIT"]' '[3,"ERR_MEMORY_LIMIT"]'

test_that 'a file that is no snapshot is refused'
echo nonsense >none.snap
batch "$(numbered 2)" --snapshot none.snap
refused "'none.snap' is not a snapshot"

test_that 'the layers of the sandbox are those of a run'
batch '{"id":1,"code":""}' -v
layers=$(cat err)
iso run -v -e ''
is 'layers' "$layers" "$(cat err)"

# ---- exit statuses

test_that 'exit status 1: a job failed; 3: iso4 failed for one of them; 2: bad command line'
batch '{"id":1,"code":"throw 1"}'
exits 1
iso batch missing.jsonl
refused missing.jsonl
iso batch .
refused directory
iso batch a b
refused 'one file of jobs'
for n in 0 -1 x 513 1.5 ''; do
    iso batch "--jobs=$n" /dev/null
    refused '--jobs takes a whole number from 1 to 512'
done
iso batch --args '[]' /dev/null
refused '--args needs --call'

# ---- parts of a batch

test_that '--shard: the parts are disjoint, and together all'
numbered 50 >fifty.jsonl
echo >>fifty.jsonl
for i in 1 2 3; do
    iso batch --shard $i/3 fifty.jsonl
    exits 0
    cp out part$i
    within "lines of part $i" "$(wc -l <out)" 16 17
done
cat part1 part2 part3 >out
every 50
is 'the first part' "$(jq .id part1 | sort -n | tr '\n' ' ')" "$(seq 1 3 50 | tr '\n' ' ')"

test_that '--shard takes I/N'
for shard in 0/3 4/3 1 /3 1/ 1/0 -1/2 1/2/3 ' 1/2'; do
    iso batch "--shard=$shard" /dev/null
    refused '--shard takes I/N'
done

test_that '--resume skips what is answered, and takes a last line that is cut off for none'
numbered 20 >twenty.jsonl
iso batch --ordered twenty.jsonl
head -n 7 out >results.jsonl
sed -n 8p out | head -c 30 >>results.jsonl
iso batch --resume results.jsonl twenty.jsonl
exits 0
is 'ids' "$(jq .id out | sort -n | tr '\n' ' ')" "$(seq 8 20 | tr '\n' ' ')"
iso batch --resume missing.jsonl twenty.jsonl
every 20
cp out results.jsonl
iso batch --resume results.jsonl twenty.jsonl
exits 0
is 'answers' "$line" ''

test_that '--resume tells texts from numbers, knows texts by what they say, and answers lines without id again'
echo '{"id":"1","ok":true}
{"id":"\u0061b","ok":true}
{"id":null,"ok":true}' >results.jsonl
batch '{"id":1,"code":""}
{"id":"1","code":""}
{"id":"a\u0062","code":""}
{"code":""}' --ordered --resume results.jsonl
answers '[1,{}]' '[null,{}]'

# The codes of core/error.h that are final, and those that are not.
codes_final() {
    sed -nE 's/^ *X\([A-Z_]+, "(ERR_[A-Z_]+)", [0-9], [01], '"$1"'[,)].*/\1/p' "$ROOT/core/error.h"
}

test_that '--resume runs again what iso4 or the machine failed at, and nothing that has its answer'
holds 'codes of both kinds' test "$(codes_final 0 | wc -l)" -gt 5 -a "$(codes_final 1 | wc -l)" -gt 20
{
    codes_final 0 | awk '{ printf "{\"id\":\"%s\",\"ok\":false,\"status\":\"failed\",\"error\":{\"code\":\"%s\"}}\n", $1, $1 }'
    codes_final 1 | awk '{ printf "{\"id\":\"%s\",\"ok\":false,\"status\":\"failed\",\"error\":{\"code\":\"%s\"}}\n", $1, $1 }'
    echo '{"id":"of another version","ok":false,"error":{"code":"ERR_NEVER_HEARD_OF"}}'
    echo '{"id":"without a code","ok":false}'
    echo '{"id":"ERR_INTERNAL","ok":false,"error":{"code":"ERR_WORKER_CRASHED"}}'
    echo '{"id":"at last","ok":false,"error":{"code":"ERR_WORKER_CRASHED"}}'
    echo '{"id":"at last","ok":true,"exports":{}}'
    echo '{"id":"first","ok":true,"exports":{}}'
    echo '{"id":"first","ok":false,"error":{"code":"ERR_ABORTED"}}'
} >results.jsonl
jq -c '{id, code: "export default 1"}' results.jsonl | sort -u >jobs.jsonl
iso batch --resume results.jsonl jobs.jsonl
exits 0
is 'run again' "$(jq -r .id out | sort)" "$({
    codes_final 0
    echo 'of another version'
    echo 'without a code'
} | sort)"

test_that '--resume takes results, not jobs'
numbered 3 >jobs.jsonl
for earlier in jobs.jsonl ./jobs.jsonl "$PWD/jobs.jsonl"; do
    iso batch --resume "$earlier" jobs.jsonl
    refused '--resume names the jobs' 'an earlier output'
done
iso batch --resume jobs.jsonl <jobs.jsonl
refused '--resume names the jobs'
cp jobs.jsonl same.jsonl
iso batch --resume same.jsonl jobs.jsonl
refused "line 1 of 'same.jsonl' is no result of iso4 batch"
{
    iso batch jobs.jsonl
    cat out
    echo '[1]'
} >mixed.jsonl
iso batch --resume mixed.jsonl jobs.jsonl
refused "line 4 of 'mixed.jsonl' is no result"

# ---- a file of results

test_that '-o appends to a file, and makes one that is not there'
fresh
numbered 3 >jobs.jsonl
iso batch --ordered -o out.jsonl jobs.jsonl
exits 0
is 'standard output' "$line" ''
is 'file' "$(jq -c '[.id, .exports.default]' out.jsonl)" "[1,1]${NL}[2,2]${NL}[3,3]"
is 'mode' "$(stat -c %a out.jsonl)" 644
chmod 600 out.jsonl
iso batch --ordered -o out.jsonl jobs.jsonl
is 'both' "$(jq .id out.jsonl | tr '\n' ' ')" '1 2 3 1 2 3 '
is 'mode' "$(stat -c %a out.jsonl)" 600
iso batch -o - jobs.jsonl
every 3
files jobs.jsonl out.jsonl

test_that 'the same command line again and again: jobs that have an answer stay out, however the last batch ended'
fresh
numbered 20 >jobs.jsonl
iso batch --ordered -o all.jsonl jobs.jsonl
lines=$(wc -c <all.jsonl)
at=$(head -n 7 all.jsonl | wc -c)
for cut in 0 1 5 6 7 $((at - 1)) $at $((at + 1)) $((at + 5)) $((at + 6)) $((at + 7)) $((at + 40)) $((lines - 2)) $((lines - 1)) "$lines"; do
    head -c "$cut" all.jsonl >some.jsonl
    iso batch -o some.jsonl --resume some.jsonl jobs.jsonl
    exits 0
    is "ids, cut at $cut" "$(jq .id some.jsonl | sort -n | tr '\n' ' ')" "$(seq 1 20 | tr '\n' ' ')"
    is "what was there, cut at $cut" "$(head -c "$cut" some.jsonl | cmp - some.jsonl 2>&1 | grep -v EOF)" ''
    is "last byte, cut at $cut" "$(tail -c 1 some.jsonl | od -An -tx1)" ' 0a'
done

test_that 'a full disk: the batch says how to go on, and goes on'
fresh
numbered 200 >jobs.jsonl
(ulimit -f 20 && exec timeout 20 "$ISO4" batch -o out.jsonl jobs.jsonl) >out 2>err
status=$? line=$(cat out)
exits 3
has 'stderr' "$(cat err)" "iso4: cannot write 'out.jsonl': File too large" "--resume 'out.jsonl'"
holds 'the last line is cut' test "$(tail -c 1 out.jsonl)" != ''
iso batch -o out.jsonl --resume out.jsonl jobs.jsonl
exits 0
is 'ids' "$(jq .id out.jsonl | sort -n | tr '\n' ' ')" "$(seq 1 200 | tr '\n' ' ')"

test_that 'a batch that is killed goes on where it was'
fresh
numbered 400 'const end = Date.now() + 3; while (Date.now() < end); export default #' >jobs.jsonl
"$ISO4" batch -j 2 -o out.jsonl --resume out.jsonl jobs.jsonl &
pid=$!
eventually grep -q '"id":' out.jsonl
kill -KILL $pid
wait $pid 2>/dev/null
had=$(grep -c '}$' out.jsonl)
within 'results' "$had" 1 399
iso batch -o out.jsonl --resume out.jsonl jobs.jsonl
exits 0
is 'ids' "$(jq .id out.jsonl | sort -n | tr '\n' ' ')" "$(seq 1 400 | tr '\n' ' ')"

test_that 'a file whose last line is no result is not written to'
fresh
numbered 1 >jobs.jsonl
for text in 'a note' '{"name": "x"' '{"id"; ' '[1,' 'x'; do
    printf 'first\n%s' "$text" >notes
    iso batch -o notes jobs.jsonl
    refused "the last line of 'notes'" 'name another file'
    is 'notes' "$(cat notes)" "first$NL$text"
done
printf 'whole\n' >notes
iso batch -o notes jobs.jsonl
exits 0
is 'notes' "$(head -n 1 notes)" whole

test_that 'two batches write to one file, each whole lines'
fresh
numbered 300 >jobs.jsonl
"$ISO4" batch --shard 1/2 -o out.jsonl jobs.jsonl &
pid=$!
iso batch --shard 2/2 -o out.jsonl jobs.jsonl
exits 0
wait $pid
is 'ids' "$(jq .id out.jsonl | sort -n | tr '\n' ' ')" "$(seq 1 300 | tr '\n' ' ')"

test_that 'two batches that make the file at the same time both write to it'
fresh
numbered 2 >jobs.jsonl
for _ in $(seq 30); do
    rm -f out.jsonl
    "$ISO4" batch --shard 1/2 -o out.jsonl jobs.jsonl 2>other &
    pid=$!
    iso batch --shard 2/2 -o out.jsonl jobs.jsonl
    exits 0
    wait $pid
    is 'the other status' $? 0
    is 'ids' "$(jq .id out.jsonl | sort -n | tr '\n' ' ')" '1 2 '
done

test_that 'results do not become jobs'
fresh
numbered 2 >jobs.jsonl
jobs=$(cat jobs.jsonl)
iso batch -o jobs.jsonl jobs.jsonl
refused 'would replace' "'jobs.jsonl'"
command='iso4 batch jobs.jsonl >>jobs.jsonl'
timeout 10 "$ISO4" batch jobs.jsonl >>jobs.jsonl 2>err
status=$?
is 'status' $status 2
has 'stderr' "$(cat err)" 'appended to the file that the jobs come from'
is 'jobs' "$(cat jobs.jsonl)" "$jobs"

test_that '-o can be a pipe or a device, and is refused where nothing can be written'
fresh
numbered 3 >jobs.jsonl
iso batch -o /dev/null jobs.jsonl
exits 0
mkfifo pipe
timeout 10 cat pipe >read &
pid=$!
iso batch -o pipe jobs.jsonl
exits 0
wait $pid
is 'through the pipe' "$(wc -l <read)" 3
mkdir folder
iso batch -o folder jobs.jsonl
unwritable "'folder'" 'Is a directory'
iso batch -o no/such/file jobs.jsonl
unwritable "'no/such/file'"

# ---- what is said of it

test_that '--timings: one line on stderr'
batch "$(numbered 10)" --timings
exits 0
holds 'line' grep -Eqx 'iso4: 10 runs in [0-9.]+ s, [0-9]+ a second; p50 [0-9.]+ ms, p90 [0-9.]+ ms, p99 [0-9.]+ ms, max [0-9.]+ ms; longest turn [0-9.]+ ms' err

test_that '--timings: no percentile is above the maximum'
for n in 1 2 3 10; do
    batch "$(numbered $n)" --timings
    holds "$n" awk '{ for (i = 1; i < NF; i++) { if ($i ~ /^p[0-9]+$/) p = $(i + 1); if ($i == "max") m = $(i + 1); if ($i ~ /^p99$/) last = $(i + 1) } exit !(last + 0 <= m + 0 && m > 0) }' err
done

test_that 'progress is shown on a terminal, and nowhere else'
if command -v script >/dev/null; then
    numbered 200 'const end = Date.now() + 5; while (Date.now() < end);' >jobs.jsonl
    ISO4=$ISO4 script -qec '"$ISO4" batch jobs.jsonl >out' typescript >/dev/null 2>&1
    has 'terminal' "$(cat typescript)" 'iso4: 200 done, 0 failed'
    ISO4=$ISO4 script -qec '"$ISO4" batch -q jobs.jsonl >out' typescript >/dev/null 2>&1
    is 'with -q' "$(grep -c ' done, ' typescript)" 0
    iso batch jobs.jsonl
    is 'stderr' "$(cat err)" ''
else
    skip 'there is no script(1)'
fi

test_that '--stream: console lines on stderr'
batch '{"id":1,"code":"console.log(`seen`)"}' --stream
is 'stderr' "$(cat err)" seen

test_that '--stream=text says the same'
batch '{"id":1,"code":"console.log(`seen`)"}' --stream=text
is 'stderr' "$(cat err)" seen

test_that '--stream=jsonl: console lines and calls, with the id of the job'
globals '{"f": {"returns": 1}, "g": {"members": {"h": {"throws": {"message": "no"}}}}}'
batch '{"id":"a","code":"console.log(`one`, 1); await f(); console.error(`two`)"}
{"code":"await g.h().catch(() => 0)"}' --stream=jsonl -g globals.json -j 1
exits 0
is 'events' "$(jq -c 'del(.durationMs)' err)" '{"job":"a","event":"console","stream":"stdout","text":"one 1"}
{"job":"a","event":"call","callId":1,"name":"f","phase":"start"}
{"job":"a","event":"call","callId":1,"name":"f","phase":"end","ok":true}
{"job":"a","event":"console","stream":"stderr","text":"two"}
{"job":null,"event":"call","callId":1,"name":"g.h","phase":"start"}
{"job":null,"event":"call","callId":1,"name":"g.h","phase":"end","ok":false}'
is 'ends' "$(jq -c 'select(.phase == "end") | .durationMs >= 0' err | uniq -c | tr -s ' ')" ' 2 true'
is 'lines' "$(wc -l <err)" 6

test_that '--stream=jsonl of run: events have the name of the agent'
echo 'console.log(await f())' >one.js
iso run one.js -g globals.json --stream=jsonl
is 'events of one' "$(jq -c '[.job, .event, .text, .phase]' err | tr '\n' ' ')" \
    '["one.js","call",null,"start"] ["one.js","call",null,"end"] ["one.js","console","1",null] '
iso run one.js -e 'console.log(2)' -g globals.json --stream=jsonl -j 1
is 'events of two' "$(jq -c '[.job, .event, .text, .phase]' err | tr '\n' ' ')" \
    '["one.js","call",null,"start"] ["one.js","call",null,"end"] ["one.js","console","1",null] ["-e","console","2",null] '

test_that 'a text cannot be an event, and a separator of lines is no end of one'
batch '{"id":1,"code":"console.log(JSON.stringify({job:2,event:`call`}) + String.fromCharCode(0x2028, 0x85, 27) + `x`)"}' --stream=jsonl
is 'event' "$(cat err)" '{"job":1,"event":"console","stream":"stdout","text":"{\"job\":2,\"event\":\"call\"}\u2028\u0085\u001bx"}'

test_that 'as many jobs run at a time as the affinity of iso4 allows'
for id in 1 2; do
    printf '{"id":%d,"code":"console.log(%d); await new Promise((r) => setTimeout(r, 300)); console.log(%d)"}\n' $id $id $id
done >jobs.jsonl
command='taskset -c 0 iso4 batch'
taskset -c "$(taskset -cp $$ | sed 's/.*: //; s/[-,].*//')" "$ISO4" batch --stream jobs.jsonl >out 2>err
is 'status' $? 0
is 'lines of one after the other' "$(uniq err | wc -l)" 2
taskset -c "$(taskset -cp $$ | sed 's/.*: //; s/[-,].*//')" "$ISO4" batch --stream -j 2 jobs.jsonl >out 2>err
has 'both begin, with --jobs, before one ends' "$(head -n 2 err)" 1 2

# ---- several agents of run

test_that 'run with many agents: the same results, in order, from a zygote'
for i in $(seq 1 12); do
    echo "export default $i" >"many$i.js"
done
# shellcheck disable=SC2046 # names
iso run -j 3 $(seq -f 'many%g.js' 1 12)
exits 0
is 'results' "$(jq -c '[.file, .exports.default]' out | tr '\n' ' ')" "$(for i in $(seq 1 12); do printf '["many%d.js",%d] ' "$i" "$i"; done)"

test_done
