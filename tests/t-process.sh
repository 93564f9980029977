#!/bin/sh
# Processes: signals, what is left of them, what a worker inherits, and odd surroundings of iso4 itself.
# shellcheck source-path=SCRIPTDIR source=lib.sh disable=SC2016 # the $ and ` in quotes are JavaScript's
. "$(dirname "$0")/lib.sh"

echo 'console.log("started"); await new Promise((r) => setTimeout(r, 60000));' >waiting.js
echo 'console.log("started"); for (;;);' >busy.js

# A shell without job control has programs in the background ignore SIGQUIT.
printf '%s\n' '$SIG{HUP} = $SIG{QUIT} = "DEFAULT"; exec @ARGV' >"$work/heeding"

# start FILE [ARG...]: iso4 in the background, as $pid, when its agent runs; its worker is $worker
start() {
    command="iso4 run --stream $*"
    : >err # what an earlier agent said
    perl "$work/heeding" "$ISO4" run --stream "$@" >out 2>err &
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

test_that 'limits hold when the output of --stream is not read'
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
holds 'the lines left out are counted' grep -q 'lines were left out: standard error was not read in time' seen

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

test_that 'SIGINT ends a run whose result is not read'
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

# in_pipe STATUS COMMAND [ARG]...: its output pipe `unread` is full long before the end of the runs, and nothing reads it.
in_pipe() {
    _status=$1
    shift
    rm -f unread calls
    mkfifo unread
    exec 7<>unread
    command="iso4 $*"
    "$ISO4" "$@" >out 2>err &
    pid=$!
    holds 'calls, while the pipe is full' eventually test -s calls
    kill -INT $pid
    sleep 0.3
    kill -INT $pid
    holds 'the end after SIGINT' eventually dead $pid
    kill -KILL $pid 2>/dev/null
    wait $pid
    is 'status' $? "$_status"
    exec 7>&-
}

test_that 'runs go on, and SIGINT ends them, when the pipe of -o or --trace is not read'
echo 'export default "x".repeat(1e6)' >long.js
echo 'await new Promise((r) => setTimeout(r, 1500)); await late(); await new Promise(() => setTimeout(() => {}, 1e6))' >late.js
echo '{"late": {"command": ["sh", "-c", "echo >calls; echo 1"]}, "f": {"returns": 1}}' >late.json
in_pipe 130 run -j 2 -g late.json -o unread long.js late.js
echo 'for (let i = 0; i < 1000; i++) await f()' >calling.js
in_pipe 130 run -j 2 -g late.json --max-bridge-calls 1000 --trace unread calling.js late.js
jq -R '{id: 1, code: .}' -c long.js late.js >jobs.jsonl
in_pipe 130 batch -j 2 -g late.json -o unread jobs.jsonl

test_that 'a trace whose pipe is read late is whole'
rm -f unread
mkfifo unread
exec 7<>unread
command='iso4 run --trace'
for i in 1 2 3 4 5 6 7 8; do
    jq -R '{id: 1, code: .}' -c calling.js
done >jobs.jsonl
"$ISO4" batch -j 2 -g late.json --max-bridge-calls 1000 --trace unread jobs.jsonl >out 2>err &
pid=$!
holds 'all results' eventually sh -c 'test "$(wc -l <out)" = 8'
cat <&7 >trace.json &
finish
exits 0
sleep 0.3
kill $! 2>/dev/null
is 'events of calls' "$(jq '[.traceEvents[] | select(.ph == "b")] | length' trace.json)" 8000

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

for row in 'INT 130 waiting.js' 'TERM 143 waiting.js' 'HUP 129 waiting.js' 'QUIT 131 waiting.js' \
    'INT 130 busy.js' 'TERM 143 busy.js' 'HUP 129 busy.js' 'QUIT 131 busy.js'; do
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

test_that 'SIGHUP and SIGQUIT end the programs of a run, too'
for row in 'HUP 129' 'QUIT 131'; do
    # shellcheck disable=SC2086 # columns
    set -- $row
    rm -f command.pid service.pid
    jq -n --arg here "$PWD" '{f: {command: ["sh", "-c", "echo $$ >\($here)/command.pid; exec sleep 60"]},
        s: {service: ["sh", "-c", "echo $$ >\($here)/service.pid; exec sleep 60"]}}' >globals.json
    echo 'console.log("started"); await Promise.all([f(), s()])' >calls.js
    perl "$work/heeding" "$ISO4" run --stream -g globals.json calls.js >out 2>err &
    pid=$!
    holds 'programs' eventually test -s command.pid -a -s service.pid
    kill "-$1" $pid
    finish
    exits "$2"
    json '[.status, .error.code, (.bridgeCalls | length)]' '["aborted","ERR_ABORTED",2]'
    for program in command service; do
        holds "$program ended" gone "$(cat $program.pid)"
    done
done

test_that 'SIGHUP that the caller ignores is ignored'
nohup "$ISO4" run --stream -e 'console.log("started"); await new Promise((r) => setTimeout(r, 700)); export default 1' >out 2>err &
pid=$!
holds 'agent' eventually grep -q started err
kill -HUP $pid
finish
exits 0
json .exports.default 1

test_that 'SIGINT among several agents: what has not ended is aborted, and has its document'
echo 'export default 1;' >quick.js
"$ISO4" run -j 1 --stream quick.js waiting.js quick.js >out 2>err &
pid=$!
holds 'second agent' eventually grep -q started err
kill -INT $pid
finish
exits 130
is 'results' "$(jq -c '[.file, .status]' out | tr '\n' ' ')" '["quick.js","completed"] ["waiting.js","aborted"] ["quick.js","aborted"] '

test_that 'SIGINT to the whole process group, as a terminal sends it, ends the run in the same way'
if command -v setsid >/dev/null; then
    setsid "$ISO4" run --stream waiting.js >out 2>err &
    pid=$!
    holds 'agent' eventually grep -q started err
    worker=$(children $pid)
    kill -INT -$pid
    finish
    exits 130
    json '[.status, .error.code]' '["aborted","ERR_ABORTED"]'
    holds 'worker gone' gone "$worker"
else
    skip 'there is no setsid'
fi

for row in 'TERM 143' 'HUP 129' 'QUIT 131'; do
    # shellcheck disable=SC2086 # columns
    set -- $row
    test_that "SIG$1 while a prefix is precompiled: no file, status $2"
    fresh
    cp "$work/here/busy.js" prefix.js
    perl "$work/heeding" "$ISO4" precompile prefix.js -o p.snap >out 2>err &
    pid=$!
    holds 'worker' eventually sh -c "grep -qs '^PPid:[[:space:]]*$pid\$' /proc/[0-9]*/status"
    sleep 0.3
    worker=$(children $pid)
    kill "-$1" $pid
    finish
    exits "$2"
    json '[.ok, .status, .error.code]' '[false,"aborted","ERR_ABORTED"]'
    holds 'worker gone' gone "$worker"
    files prefix.js
done

test_that 'SIGINT while a result file is written by -o: the document is in the file'
start waiting.js -o aborted.json
kill -INT $pid
finish
exits 130
is 'file' "$(jq -c .error.code aborted.json)" '"ERR_ABORTED"'

test_that 'SIGKILL of iso4 takes the worker along'
for agent in waiting.js busy.js; do
    start $agent
    kill -KILL $pid
    finish
    exits 137
    holds "worker of $agent dead" eventually dead "$worker"
done

test_that 'a worker that is killed from outside is ERR_WORKER_CRASHED, with what it had logged'
start waiting.js
kill -KILL "$worker"
finish
fails ERR_WORKER_CRASHED 3
json '.stdout' '["started"]'
has 'message' "$(jq -r .error.message out)" SIGKILL

test_that 'a worker that is stopped does not outlive real time'
start waiting.js --wall-time-ms 1000
kill -STOP "$worker"
began=$(now_ms)
finish
fails ERR_WALL_TIMEOUT
within 'ms' $(($(now_ms) - began)) 0 3000
holds 'worker gone' gone "$worker"

test_that 'the signals that stop an agent from inside cannot be sent early by others'
start waiting.js
kill -USR1 "$worker"
finish
fails ERR_INTERNAL 3

test_that 'no process is left after runs of every kind'
for code in '1;' 'throw 1;' 'for (;;);' 'await new Promise((r) => setTimeout(r, 60000));' 'const a = []; for (;;) a.push(new Array(1000).fill(1.5));' \
    'Array.prototype.indexOf.call({ length: 2 ** 53 - 1 }, 1);'; do
    echo "$code" >agent.js
    "$ISO4" run --cpu-time-ms 200 --wall-time-ms 300 --memory-mb 32 agent.js >out 2>err &
    pid=$!
    workers=''
    while kill -0 $pid 2>/dev/null && [ -z "$workers" ]; do
        workers=$(children $pid)
    done
    finish
    for worker in $workers; do
        holds "worker of $code gone" gone "$worker"
    done
done

test_that 'one agent has one worker of one thread'
start busy.js
is 'threads' "$(find "/proc/$worker/task" -mindepth 1 -maxdepth 1 | wc -l)" 1
is 'children of the worker' "$(children "$worker")" ''
kill -TERM $pid
finish

# ---- what a worker inherits

test_that 'a worker has an empty environment'
SECRET=hunter2
export SECRET
start waiting.js
if [ -r "/proc/$worker/environ" ] && cat "/proc/$worker/environ" >environ 2>/dev/null; then
    is 'environment' "$(tr '\0' ' ' <environ)" ''
else
    skip 'the environment of a worker cannot be looked at'
fi
kill -TERM $pid
finish

test_that 'the memory of a worker holds nothing of the environment'
start waiting.js
if command -v perl >/dev/null && [ -r "/proc/$worker/maps" ] && grep -q stack "/proc/$worker/maps" 2>/dev/null; then
    is 'finds' "$(perl -e '
        my ($pid) = @ARGV; my $found = 0;
        open my $maps, "<", "/proc/$pid/maps" or die; open my $mem, "<", "/proc/$pid/mem" or do { print "unreadable"; exit };
        while (<$maps>) {
            next unless /^([0-9a-f]+)-([0-9a-f]+) rw.*(\[stack\]|\[heap\])/;
            sysseek $mem, hex $1, 0; my $text = "";
            sysread $mem, $text, hex($2) - hex($1);
            $found++ if $text =~ /hunter2|SECRET/;
        }
        print $found;' "$worker" 2>&1)" 0
else
    skip 'the memory of a worker cannot be looked at'
fi
kill -TERM $pid
finish
unset SECRET

test_that 'a worker has only its descriptors: three that lead nowhere and its socket'
exec 7<"$TESTS/lib.sh" 8>extra
start waiting.js
exec 7<&- 8>&-
if ls "/proc/$worker/fd" >fds 2>/dev/null; then
    is 'descriptors' "$(sort -n fds | while read -r fd; do
        target=$(readlink "/proc/$worker/fd/$fd")
        echo "$fd ${target%%:*}"
    done)" "0 /dev/null${NL}1 /dev/null${NL}2 /dev/null${NL}3 socket"
else
    skip 'the descriptors of a worker cannot be looked at'
fi
kill -TERM $pid
finish

test_that 'a worker does not keep the caller'"'"'s directory, group, session or mask'
sh -c 'umask 000; exec "$@"' sh "$ISO4" run --stream waiting.js >out 2>err &
pid=$!
holds 'agent' eventually grep -q started err
worker=$(children $pid)
if [ -L "/proc/$worker/cwd" ] && readlink "/proc/$worker/cwd" >cwd 2>/dev/null; then
    is 'directory' "$(cat cwd)" /
fi
# pid (comm) state ppid pgrp session
is 'group and session' "$(sed 's/.*) //' "/proc/$worker/stat" | cut -d ' ' -f 3,4)" "$worker $worker"
is 'no new privileges' "$(sed -n 's/^NoNewPrivs:[[:space:]]*//p' "/proc/$worker/status")" 1
is 'mask' "$(sed -n 's/^Umask:[[:space:]]*//p' "/proc/$worker/status")" 0077
kill -TERM $pid
finish

# executable: how many mappings of the worker are executable and come from no file
executable() {
    awk '$2 ~ /x/ && $5 == 0 && $6 !~ /^\[v/ { n++ } END { print n + 0 }' maps
}

test_that 'with --jitless a worker has no executable memory but that of files, else it has'
start busy.js
if cat "/proc/$worker/maps" >maps 2>/dev/null && [ -s maps ]; then
    within 'mappings' "$(executable)" 1 1000
    kill -TERM $pid
    finish
    start busy.js --jitless
    cat "/proc/$worker/maps" >maps
    holds 'maps' test -s maps
    is 'mappings with --jitless' "$(executable)" 0
else
    skip 'the memory of a worker cannot be looked at'
fi
kill -TERM $pid
finish

# ---- odd surroundings

# from PERL ARG...: perl code that ends in exec
from() {
    code=$1
    shift
    command="perl -e '$code' iso4 $*"
    timeout -k 1 $LONGEST perl -MPOSIX -e "$code; exec @ARGV or die" "$ISO4" "$@" >out 2>err
    status=$?
    line=$(cat out)
}
echo 'console.log("log"); export default 1;' >agent.js

test_that 'SIGCHLD ignored by the caller'
from '$SIG{CHLD} = "IGNORE"' run agent.js
completes '{"default":1}' '"log"'
from '$SIG{CHLD} = "IGNORE"' run --cpu-time-ms 200 busy.js
fails ERR_CPU_TIMEOUT

test_that 'every signal ignored by the caller'
from '$SIG{$_} = "IGNORE" for qw(HUP INT QUIT PIPE ALRM TERM USR1 USR2 CHLD XCPU XFSZ SYS TTOU)' run --cpu-time-ms 200 busy.js
fails ERR_CPU_TIMEOUT

test_that 'every signal blocked by the caller'
from 'my $all = POSIX::SigSet->new; $all->fillset; sigprocmask(SIG_BLOCK, $all)' run agent.js
completes '{"default":1}' '"log"'
from 'my $all = POSIX::SigSet->new; $all->fillset; sigprocmask(SIG_BLOCK, $all)' run --cpu-time-ms 200 busy.js
fails ERR_CPU_TIMEOUT

test_that 'hundreds of descriptors open in the caller do not reach the worker'
perl -e '$^F = 10000; for (1 .. 300) { open $keep[$_], "<", "/etc/passwd" or die } exec @ARGV' \
    "$ISO4" run --stream waiting.js >out 2>err &
pid=$!
holds 'agent' eventually grep -q started err
is 'descriptors of iso4' "$(find /proc/$pid/fd -lname /etc/passwd | wc -l)" 300
worker=$(children $pid)
if ls "/proc/$worker/fd" >fds 2>/dev/null; then
    is 'descriptors' "$(wc -l <fds)" 4
fi
kill -TERM $pid
finish

test_that 'few descriptors allowed: it works, or says what is wrong'
for n in 4 5 6 8 12 16 24 40; do
    sh -c "ulimit -n $n; exec "'"$@"' sh "$ISO4" run agent.js >out 2>err
    status=$? line=$(cat out) command="ulimit -n $n"
    case $status in
    0) completes '{"default":1}' '"log"' ;;
    *)
        exits 3
        has 'reason' "$line$(cat err)" 'file descriptors'
        ;;
    esac
done
sh -c 'ulimit -n 48; exec "$@"' sh "$ISO4" run agent.js >out 2>err
status=$? line=$(cat out)
completes '{"default":1}' '"log"'

test_that 'limits that the caller set on processes, memory lock, core files and stack'
sh -c 'ulimit -c 0 && ulimit -s 4096 && ulimit -l 0 && exec "$@"' sh "$ISO4" run agent.js >out 2>err
status=$? line=$(cat out)
completes '{"default":1}' '"log"'

test_that 'a small address space: it works, or says what is wrong'
test -z "${SANITIZE:-}" || skip 'a sanitizer needs all of the address space'
for kb in 20000 200000 1000000; do
    test -z "$test_skipped" || break
    sh -c "ulimit -v $kb && exec "'"$@"' sh timeout 20 "$ISO4" run agent.js >out 2>err
    status=$? line=$(cat out) command="ulimit -v $kb"
    case $status in
    0) completes '{"default":1}' '"log"' ;;
    *)
        exits 3
        holds 'reason' test -n "$line$(cat err)"
        ;;
    esac
done

test_that 'a huge environment'
(
    i=0
    while [ $i -lt 12 ]; do
        eval "export HUGE$i=$(head -c 100000 /dev/zero | tr '\0' e)"
        i=$((i + 1))
    done
    "$ISO4" run agent.js >out 2>err
    echo $? >status
)
status=$(cat status) line=$(cat out)
completes '{"default":1}' '"log"'

test_that 'an empty environment'
env -i "$ISO4" run agent.js >out 2>err
status=$? line=$(cat out)
completes '{"default":1}' '"log"'

test_that 'NODE_OPTIONS and its kind change nothing'
NODE_OPTIONS='--bogus --max-old-space-size=1' NODE_DEBUG=fs NODE_PATH=/tmp NODE_V8_COVERAGE=$work/coverage V8_FLAGS=--bogus \
    NODE_EXTRA_CA_CERTS=/none UV_THREADPOOL_SIZE=1 "$ISO4" run agent.js >out 2>err
status=$? line=$(cat out)
completes '{"default":1}' '"log"'
is 'stderr' "$(cat err)" ''
holds 'no file' test ! -e "$work/coverage"

test_that 'LD_PRELOAD of the caller does not reach the worker'
library=$(find /lib /usr/lib -name 'libm.so.6' 2>/dev/null | head -n 1)
# the worker has libm of its own: a copy tells the two apart
if [ -n "${SANITIZE:-}" ]; then
    skip 'a sanitizer wants to be preloaded first'
elif [ "$library" ] && cp "$library" "$work/preloaded.so"; then
    LD_PRELOAD=$work/preloaded.so "$ISO4" run --stream waiting.js >out 2>err &
    pid=$!
    holds 'agent' eventually grep -q started err
    holds 'preloaded into iso4' grep -q preloaded.so /proc/$pid/maps
    worker=$(children $pid)
    if cat "/proc/$worker/maps" >maps 2>/dev/null && [ -s maps ]; then
        lacks 'maps of the worker' "$(cat maps)" preloaded.so
    fi
    kill -TERM $pid
    finish
else
    skip 'there is no library to preload'
fi

test_that 'other variables of the loader and of glibc change nothing'
LD_BIND_NOW=1 LD_DEBUG=bogus LD_LIBRARY_PATH=/nowhere MALLOC_PERTURB_=165 MALLOC_ARENA_MAX=1 GLIBC_TUNABLES=glibc.malloc.check=3 \
    TZ=Asia/Tokyo LANG=de_DE.UTF-8 LC_ALL=tr_TR.UTF-8 "$ISO4" run agent.js >out 2>/dev/null
status=$? line=$(cat out)
completes '{"default":1}' '"log"'

test_that 'the number format of the locale does not reach the document'
LC_ALL=de_DE.UTF-8 LC_NUMERIC=de_DE.UTF-8 "$ISO4" run -e 'export default 1.5' >out 2>err
status=$? line=$(cat out)
completes '{"default":1.5}'
holds 'JSON' jq -e .durationMs out >/dev/null

test_that 'a directory that was removed under iso4'
fresh
mkdir gone
echo 'export default 1;' >agent.js
(cd gone && rmdir ../gone && "$ISO4" run "$work/fresh/agent.js" >"$work/fresh/out" 2>"$work/fresh/err")
status=$? line=$(cat out)
completes '{"default":1}'

test_that 'iso4 is found through links and through PATH'
fresh
ln -s "$ISO4" link
./link run -e 'export default 1' >out 2>err
status=$? line=$(cat out)
completes '{"default":1}'
(PATH=$(dirname "$ISO4"):$PATH && exec "${ISO4##*/}" run -e 'export default 1') >out 2>err
status=$? line=$(cat out)
completes '{"default":1}'

test_that 'an installation that is incomplete is named'
fresh
mkdir -p bin
cp "$ISO4" bin/iso4
bin/iso4 run -e 1 >out 2>err
status=$? line=$(cat out)
exits 3
has 'message' "$line$(cat err)" lib/iso4

test_that 'iso4 that is stopped and goes on takes the result as it was'
echo 'console.log("started"); await new Promise((r) => setTimeout(r, 300)); export default 1;' >short.js
start short.js
kill -STOP $pid
sleep 0.6
kill -CONT $pid
finish
completes '{"default":1}' '"started"'

test_that 'iso4 that comes late to a worker that has ended takes the result as it was'
echo 'await new Promise((r) => setTimeout(r, 20)); export default 1;' >short.js
# delays it between the start of the worker and its first look at it
if strace -o trace -e trace=epoll_ctl -e inject=epoll_ctl:delay_enter=100 true 2>/dev/null; then
    timeout 20 strace -o trace -e trace=epoll_ctl -e inject=epoll_ctl:delay_enter=100000 "$ISO4" run short.js >out 2>err
    status=$? line=$(cat out) command='strace iso4 run short.js'
    completes '{"default":1}'
    within 'durationMs' "$(jq .durationMs out)" 20 5000
    has 'trace' "$(cat trace)" DELAYED
else
    skip 'there is no strace, or it may not trace'
fi

test_that 'ten runs at the same time do not disturb one another'
i=0
while [ $i -lt 10 ]; do
    "$ISO4" run -e "console.log($i); export default $i" >"many.$i" 2>&1 &
    i=$((i + 1))
done
wait
is 'results' "$(cat many.* | jq -c '[.exports.default, .stdout]' | sort | tr '\n' ' ')" \
    "$(i=0 && while [ $i -lt 10 ]; do echo "[$i,[\"$i\"]]" && i=$((i + 1)); done | tr '\n' ' ')"

# ---- iso4 itself is late

# stopped_during MS ARG...: iso4 is stopped for so long, its worker not, shortly after the worker has begun
stopped_during() {
    _ms=$1
    shift
    command="iso4 $*"
    rm -f begun
    "$ISO4" "$@" >out 2>err &
    pid=$!
    eventually test -s err
    kill -STOP $pid
    sleep "$_ms"
    kill -CONT $pid
    wait $pid
    status=$?
    line=$(cat out)
}

test_that 'a result that was there in time counts, however late iso4 reads it'
stopped_during 3 run --stream --wall-time-ms 1500 -e 'console.log(1); await new Promise((r) => setTimeout(r, 300)); export default 5'
exits 0
json .exports '{"default":5}'

test_that 'a run that goes on meanwhile is ended when iso4 can do it, and has its own code'
stopped_during 3 run --stream --wall-time-ms 1000 -e 'console.log(1); await new Promise((r) => setTimeout(r, 60000))'
fails ERR_WALL_TIMEOUT

test_done
