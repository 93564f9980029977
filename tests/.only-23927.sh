#!/bin/sh
# Processes: signals, what is left of them, what a worker inherits, and odd surroundings of iso4 itself.
# shellcheck source-path=SCRIPTDIR source=lib.sh disable=SC2016 # the $ and ` in quotes are JavaScript's
. "$(dirname "$0")/lib.sh"

echo 'console.log("started"); await new Promise((r) => setTimeout(r, 60000));' >waiting.js
echo 'console.log("started"); for (;;);' >busy.js

# start FILE [ARG...]: iso4 in the background, as $pid, when its agent runs; its worker is $worker
start() {
    command="iso4 run --stream $*"
    : >err # what an earlier agent said
    "$ISO4" run --stream "$@" >out 2>err &
    pid=$!
    eventually grep -q started err || fail "$command: the agent does not start"
    worker=$(children $pid)
    is 'workers' "$(echo "$worker" | wc -w)" 1
}

# finish: the end of what `start` began
finish() {
    wait $pid 2>/dev/null
    status=$? line=$(cat out)
}

# ---- readers that do not read

# More than a pipe holds, without end.
echo 'for (;;) { console.log("x".repeat(1000)); await new Promise((r) => setTimeout(r)); }' >chatty.js

# unread ARG...: iso4 run in the background, as $pid; its stderr is a pipe that is open and not read. Descriptor 7 can
# read it.
unread() {
    command="iso4 run $*"
    rm -f unread
    mkfifo unread
    exec 7<>unread
    "$ISO4" run "$@" >out 2>unread &
    pid=$!
}

test_that 'limits hold when nobody reads what --stream writes'
unread --stream --wall-time-ms 400 chatty.js
holds 'the result' eventually grep -q ERR_WALL_TIMEOUT out
within 'durationMs' "$(jq .durationMs out)" 400 5000
cat <&7 >/dev/null &
finish
kill $! 2>/dev/null
exits 1

test_that 'so does the limit of CPU time, and a loop that floods has its lines counted'
echo 'const line = "x".repeat(60000); for (;;) console.log(line);' >flood.js
unread --stream --cpu-time-ms 400 --max-stdout-bytes 20000000 flood.js
holds 'the result' eventually grep -q ERR_CPU_TIMEOUT out
cat <&7 >seen 2>/dev/null &
finish
sleep 0.3
kill $! 2>/dev/null
exits 1
has 'the last line' "$(tail -n 1 seen)" 'lines were left out: standard error was not read in time'

test_that 'and every other agent of the same iso4 has its own'
echo 'await new Promise((r) => setTimeout(r, 1e6))' >sleeping.js
unread --stream -j 2 --wall-time-ms 400 chatty.js sleeping.js
holds 'both results' eventually sh -c 'test "$(grep -c ERR_WALL_TIMEOUT out)" = 2'
within 'the longest durationMs' "$(jq -s 'map(.durationMs) | max' out)" 400 5000
cat <&7 >/dev/null &
finish
kill $! 2>/dev/null
exits 1

test_that 'standard output ends before standard error is waited for'
rm -f unread result
mkfifo unread result
exec 7<>unread
command='iso4 run --stream'
"$ISO4" run --stream --wall-time-ms 300 chatty.js >result 2>unread &
pid=$!
holds 'the end of standard output' timeout 20 sh -c 'cat result >out'
is 'the result' "$(jq -r .error.code out)" ERR_WALL_TIMEOUT
cat <&7 >/dev/null &
finish
kill $! 2>/dev/null
exits 1

test_that 'SIGINT ends a run whose result nobody reads'
rm -f unread
mkfifo unread
exec 7<>unread
command='iso4 run with an unread stdout'
"$ISO4" run -e 'export default "x".repeat(1e6)' >unread 2>err &
pid=$!
sleep 1
kill -INT $pid
wait $pid
is 'status' $? 130
exec 7>&-

# another_user: iso4 batch in the background, as $pid, of a user who may not open its standard output again, a pipe that
# is open and not read
another_user() {
    rm -f unread
    mkfifo -m 600 unread
    exec 7<>unread
    setpriv --reuid 65534 --clear-groups "$ISO4" batch -j 2 --quiet <jobs.jsonl >unread 2>err &
    pid=$!
    command='iso4 batch of another user'
}

test_that 'limits hold when standard output is a pipe of another user that is not read'
if test "$(id -u)" = 0 && command -v setpriv >/dev/null; then
    yes '{"id":0,"code":"console.log(`x`.repeat(1e5))"}' | head -n 20 >jobs.jsonl
    echo '{"id":1,"code":"await new Promise((r) => setTimeout(r, 1e6))","limits":{"wallTimeMs":2000}}' >>jobs.jsonl
    another_user
    sleep 4
    cat <&7 >out 2>/dev/null &
    finish
    sleep 0.3
    kill $! 2>/dev/null
    exits 1
    is 'codes' "$(jq -r '.error.code // "ok"' out | sort | uniq -c | tr '\n' ' ' | tr -s ' ')" ' 1 ERR_WALL_TIMEOUT 20 ok '
    within 'durationMs of the one that waits' "$(jq 'select(.id == 1).durationMs' out)" 1990 3500
else
    skip 'needs root and setpriv'
fi

test_that 'SIGINT twice ends a batch whose standard output is such a pipe'
if test "$(id -u)" = 0 && command -v setpriv >/dev/null; then
    yes '{"id":0,"code":"console.log(`x`.repeat(1e5))"}' | head -n 400 >jobs.jsonl
    another_user
    sleep 2
    kill -INT $pid
    sleep 0.3
    kill -INT $pid
    holds 'end' eventually dead $pid
    wait $pid 2>/dev/null
    is 'status' $? 130
    exec 7>&-
else
    skip 'needs root and setpriv'
fi

# ---- signals

for row in 'INT 130 waiting.js' 'TERM 143 waiting.js' 'INT 130 busy.js' 'TERM 143 busy.js'; do
    # shellcheck disable=SC2086 # columns
    set -- $row
    test_that "SIG$1 ends a run of $3: ERR_ABORTED, status $2, no process left"
    start "$3"
    began=$(now_ms)
    kill "-$1" $pid
    finish
    within 'ms' $(($(now_ms) - began)) 0 3000
    exits "$2"
    json '[.ok, .status, .error.code, .error.name, .stdout]' '[false,"aborted","ERR_ABORTED","Error",["started"]]'
    json '[(.durationMs > 0), (.cpuTimeMs >= 0), .bridgeCalls]' '[true,true,[]]'
    is 'lines' "$(wc -l <out)" 1
    holds 'worker gone' gone "$worker"
done

test_done
