#!/bin/sh
# SPDX-License-Identifier: MIT
# A machine in trouble: each system call of a worker's start failing once, descriptors and memory short, odd settings
# inherited, a hostile environment. The result is a run with every required layer in force, or an error; never an
# agent that runs without. What is in force is what the kernel says of the worker at the moment before the agent runs
# (tests/helpers/underfilter.c).

# As an ordinary user, in namespaces of our own.
# shellcheck source-path=SCRIPTDIR source=private.sh
. "$(dirname "$0")/private.sh"
if [ "$(id -u)" = 0 ] && [ -z "${IN_PRIVATE-}" ]; then
    readable_by_nobody
    IN_PRIVATE=1 "$inprivate" nobody sh "$tests/${0##*/}" "$@"
    exit
fi
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

# The run that all of this is done to. The agent leaves a mark when it runs.
run_marked() {
    # The option may be none.
    # shellcheck disable=SC2086
    timeout -k 1 $LONGEST "$B/helpers/underfilter" "$1" --report "$2.report" -- "$ISO4" run $3 -e "$MARK" >"$2" 2>"$2.err"
}
MARK='console.log("it ran"); export default 1'

# ---- one call of the worker's start fails

# in_force REPORT FILTERS: every required layer was in force, with this many filters, one of them ours
in_force() {
    awk -v filters="$2" '
        /^NoNewPrivs:\t1$/ { good++ }
        /^Seccomp_filters:/ && $2 == filters { good++ }
        /^Cap(Inh|Prm|Eff|Amb):\t0+$/ { good++ }
        /^Max (core file size|open files|processes|file size) +0 +0 / { good++ }
        END { exit good != 10 }' "$1"
}

# judge FILE STATUS FILTERS: prints what is wrong with a run, if anything is
judge() {
    result=$(cat "$1")
    case $2 in 124 | 137) echo 'it did not end' ;; esac
    case $result in
    *'"it ran"'* | *'"ok":true'*) in_force "$1.report" "$3" || echo "the agent ran without a layer: $(tr '\n' ' ' <"$1.report")" ;;
    esac
    case $2/$result$(head -n 1 "$1.err") in
    0/'{"ok":true,'*'"stdout":["it ran"]'* | [13]/'{"ok":false,"status":"failed","error":{"code":"ERR_'*) ;;
    '3/iso4: '*) ;; # before anything was started
    *) echo "status $2 with: $result $(cat "$1.err")" ;;
    esac
}

# sweep NAME ERROR FILTERS OPTION: the first, second, ... last call of the worker fails; a line for each that went wrong
sweep() {
    k=0 last=$calls
    while test $((k += 1)) -le "$last"; do
        run_marked "@child#$k=$2" "$1" "$4"
        wrong=$(judge "$1" $? "$3")
        test -z "$wrong" || echo "call $k ($(sed -n 's/^failed //p' "$1.report")): $wrong"
    done
    test "$last" -gt 200 || echo "only $last calls were tried"
}

# calls_of OPTION: how many system calls a worker makes; and that the judge sees the layers of a run without faults
calls_of() {
    run_marked @child#100000=EPERM once "$1"
    is 'status' $? 0
    calls=$(sed -n 's/^calls //p' once.report)
    within 'calls of a worker' "$calls" 200 2000
}

test_that 'the judge of these tests sees what is in force'
calls_of ''
is 'a run with a JIT' "$(judge once 0 3)" ''
has 'with one filter more' "$(judge once 0 4)" 'without a layer'
sed -i 's/^NoNewPrivs:.*/NoNewPrivs:\t0/' once.report
has 'without a layer' "$(judge once 0 3)" 'without a layer'
calls_of --jitless
is 'a run without a JIT' "$(judge once 0 2)" ''
has 'no end' "$(judge once 124 2)" 'did not end'
echo '{"ok":true}' >once
has 'no mark' "$(judge once 0 2)" 'status 0'

test_that 'every call of a worker fails once with EPERM: never an agent without the sandbox'
calls_of ''
sweep eperm EPERM 3 '' >eperm.wrong &
test_eperm=$!
(
    calls_of --jitless
    sweep enomem ENOMEM 2 --jitless
) >enomem.wrong
wait $test_eperm
is 'what went wrong' "$(cat eperm.wrong)" ''

test_that 'every call of a jitless worker fails once with ENOMEM: never an agent without the sandbox'
is 'what went wrong' "$(cat enomem.wrong)" ''

# stops RULE TEXT: the fault is an error that names it, and no agent ran
stops() {
    test_that "a fault is told: $1"
    run_marked "$1" one ''
    status=$? line=$(cat one) command="underfilter $1 -- iso4 run"
    cp one out
    fails ERR_SANDBOX_UNAVAILABLE 3
    has 'message' "$line" "$2" '"stdout":[]'
}
stops 'prctl@child#1=EPERM' 'PR_SET_PDEATHSIG: Operation not permitted'
stops 'prctl:38=EINVAL' 'no_new_privs: Invalid argument'
stops 'prctl:4=EINVAL' 'not dumpable: Invalid argument'
stops 'prctl:47=EINVAL' 'dropping capabilities: Invalid argument'
stops 'setsid@child#1=EPERM' 'setsid: Operation not permitted'
stops 'personality@child#1=EPERM' 'personality: Operation not permitted'
stops 'chdir@child#1=EACCES' 'changing to the folder of the installed files: Permission denied'
stops 'prlimit64@child#2=EPERM' 'setrlimit: Operation not permitted'
stops 'fcntl@child#1=EMFILE' 'duplicating descriptors: Too many open files'
stops 'dup2@child#2=EMFILE' 'duplicating descriptors: Too many open files'
stops 'dup3@child#1=EMFILE' 'duplicating descriptors: Too many open files'
stops 'close_range@child#1=EINVAL' 'close_range: Invalid argument'
stops 'execve@child#1=ENOEXEC' 'starting the worker: Exec format error'
stops 'mount@child#1=ENOMEM' 'making mounts private: Cannot allocate memory'
stops 'mount@child#2=ENODEV' 'mounting an empty root: No such device'
stops 'pivot_root@child#1=EBUSY' 'pivot_root: Device or resource busy'
stops 'pivot_root@child#1=EINVAL,chroot@child#1=EPERM' 'moving the empty root: Operation not permitted'
stops 'umount2@child#1=EBUSY' 'leaving the old root: Device or resource busy'
stops 'capset@child#1=EPERM' 'dropping capabilities: Operation not permitted'
stops 'prctl:24=EPERM' 'dropping capabilities: Operation not permitted'
stops 'landlock_create_ruleset@child#2=ENOMEM' 'Landlock: Cannot allocate memory'
stops 'landlock_restrict_self@child#1=E2BIG' 'Landlock: Argument list too long'
stops 'seccomp@child#1=ENOMEM' 'seccomp: Cannot allocate memory'
stops 'seccomp@child#2=ENOMEM' 'the next seccomp filter: Cannot allocate memory'

# An outer filter that says that a call went well and does nothing.
stops 'seccomp=0' 'the seccomp filter is not in force'
stops 'seccomp@child#2=0' 'the next seccomp filter is not in force'

test_that 'an endless number of capabilities is not dropped'
run_marked 'prctl:24=0' one ''
is 'status' $? 0
within 'calls of the worker' "$(sed -n 's/^calls //p' one.report)" 200 2000

# ends_by RULE TEXT TIMES: of the first 20 calls that the rule may fail, so many ended the run with this text
ends_by() {
    k=0 times=0 command="underfilter $1 -- iso4 run"
    while test $((k += 1)) -le 20; do
        run_marked "$(echo "$1" | sed "s/#/#$k/")" one ''
        case $(cat one) in *'"it ran"'*) ;; *"$2"*) times=$((times + 1)) ;; esac
    done
    is "runs that ended with $2" "$times" "$3"
}

# V8 asks five times for 8 bytes; what it would do without an answer is to look at the clock.
test_that 'a worker without random numbers ends'
ends_by 'getrandom@child#=ENOSYS' '"code":"ERR_WORKER_CRASHED","origin":"iso4","name":"Error","message":"the worker crashed: V8 gave up: getrandom: Function not implemented"' 5

test_that 'a snapshot that was given and cannot be looked at is an error'
ends_by 'newfstatat@child#=EIO' '"code":"ERR_SNAPSHOT_INVALID","origin":"iso4","name":"Error","message":"the snapshot cannot be read: Input/output error"' 1

# The object itself, which the dynamic linker would do without, and three libraries.
test_that 'where a part of the worker cannot be loaded, Node.js does not start in its place'
ends_by 'newfstatat@child#=EIO' 'the worker ended without a result, with exit status 127, before it was ready' 4

# The same in the parent, before there is a worker.
unstarted() {
    test_that "a parent that cannot start a worker says so: $1"
    run_marked "$1" one ''
    status=$? line=$(cat one)
    is 'status' "$status" 3
    has 'message' "$line$(cat one.err)" "$2"
    lacks 'result' "$line." 'it ran'
}
unstarted 'socketpair@host#1=EMFILE' "cannot make the worker's channel: all "
unstarted 'clone3=EAGAIN' 'cannot start a process: no further process is allowed'
unstarted 'access=EACCES' 'the installation is incomplete'
unstarted 'epoll_create1=EMFILE' 'cannot make an event loop'

# ---- what a caller may leave to us

# inherits WHAT SHELL-CODE: a run after this code goes well, with every layer, in the usual memory layout
inherits() {
    test_that "a run goes well with $1"
    odd "$2"
    is 'what went wrong' "$wrong" ''
    is 'personality' "$(sed -n 's/^Personality:\t//p' one.report)" 00000000
    completes '{"default":1}' '"it ran"'
}

# survives WHAT SHELL-CODE: it goes well or is refused with a reason
survives() {
    test_that "a run goes well or says why not with $1"
    odd "$2"
    is 'what went wrong' "$wrong" ''
}

odd() {
    command="$1; iso4 run"
    {
        timeout -k 1 $LONGEST "$B/helpers/underfilter" @child#100000=EPERM --report one.report -- /bin/sh -c \
            "$1; exec \"\$@\"" sh "$ISO4" run -e "$MARK" 2>one.err
        echo $? >one.status
    } | cat >one
    status=$(cat one.status) line=$(cat one)
    cp one out
    wrong=$(judge one "$status" 3)
}

for n in 4 5 6 7 8 9 10 11 12 13 14 16 18 20 40 47; do
    survives "$n descriptors" "ulimit -n $n"
done
inherits '48 descriptors' 'ulimit -n 48'
for kb in 20000 100000 300000 600000 800000; do
    survives "an address space of $kb KB" "ulimit -v $kb"
done
inherits 'an address space of 4 GB' 'ulimit -v 4000000'
for kb in 2000 4000 20000 60000 100000; do
    survives "$kb KB of data" "ulimit -d $kb"
done
survives 'no process to spare' 'ulimit -u 1'
survives '100 KB of stack' 'ulimit -s 100'
survives '16 MB of stack and no more' 'ulimit -s 16000'
inherits 'an unlimited stack' 'ulimit -s unlimited'
inherits 'files of no length' 'ulimit -f 0'
inherits 'unlimited core files' 'ulimit -c unlimited'
inherits 'no locked memory' 'ulimit -l 0'
inherits 'a minute of CPU time' 'ulimit -t 60'
inherits 'no pending signals' 'ulimit -i 0'
inherits 'every signal ignored' "trap '' HUP INT QUIT USR1 USR2 PIPE ALRM TERM CHLD TSTP TTIN TTOU XCPU XFSZ VTALRM SYS"
inherits 'every signal blocked' 'set -- env --block-signal "$@"'
inherits 'every signal ignored and blocked' 'set -- env --ignore-signal --block-signal "$@"'
inherits 'an odd umask' 'umask 777'
inherits 'a directory that is gone' 'mkdir gone && cd gone && rmdir ../gone'
inherits 'a low priority' 'set -- nice -n 19 "$@"'
inherits 'no address space randomization' 'set -- setarch -R "$@"'
inherits 'an odd personality' 'set -- setarch --read-implies-exec --mmap-page-zero --addr-compat-layout "$@"'
inherits 'no standard input' 'exec <&-'
inherits 'no standard error' 'exec 2>&-'
inherits 'neither standard input nor error' 'exec <&- 2>&-'
inherits 'every descriptor of a shell open' 'exec 3</etc/passwd 4</etc 5</proc/self/mem 6>&1 7<&0 8</ 9</dev/null'

test_that 'no standard output: the run is told to have failed, and nothing is written elsewhere'
timeout 20 "$ISO4" run -e "$MARK" >&- 2>err
is 'status' $? 3
has 'stderr' "$(cat err)" 'cannot write to standard output'

# ---- a hostile environment

cp "$B/helpers/intruder.so" "$work/" # LD_PRELOAD is a list, divided by spaces and colons
intruder=$work/intruder.so

# loaded_in: the programs that the intruder was loaded into
loaded_in() {
    test ! -e /tmp/iso4-intruder || tr '\n' ' ' </tmp/iso4-intruder
    rm -f /tmp/iso4-intruder
}

test_that 'control: LD_PRELOAD and LD_AUDIT get the intruder into a program and what it starts'
env LD_PRELOAD="$intruder" sh -c 'true; /bin/true; :'
is 'loaded in' "$(loaded_in)" 'sh true '
env LD_AUDIT="$intruder" sh -c '/bin/true; :'
is 'loaded in' "$(loaded_in)" 'sh true '

# kept_out WHAT LOADED ASSIGNMENT...: a run goes well, and the intruder was loaded in these only
kept_out() {
    test_that "$1 does not reach the worker"
    loaded=$2
    shift 2
    command="$* iso4 run"
    loaded_in >/dev/null
    env "$@" timeout 20 "$ISO4" run -e "$MARK" >out 2>err
    status=$? line=$(cat out)
    completes '{"default":1}' '"it ran"'
    is 'loaded in' "$(loaded_in)" "$loaded"
}
mkdir "$work/lib"
for name in libstdc++.so.6 libgcc_s.so.1 libm.so.6 libdl.so.2 libpthread.so.0; do
    cp "$intruder" "$work/lib/$name"
done
kept_out 'LD_PRELOAD' 'timeout iso4 ' LD_PRELOAD="$intruder"
kept_out 'LD_AUDIT' 'timeout iso4 ' LD_AUDIT="$intruder"
kept_out 'LD_LIBRARY_PATH' '' LD_LIBRARY_PATH="$work/lib"
kept_out 'LD_PRELOAD of what does not exist' '' LD_PRELOAD=/nonexistent/a.so
kept_out 'NODE_OPTIONS' '' NODE_OPTIONS='--require /nonexistent --max-old-space-size=1 --abort-on-uncaught-exception'
kept_out 'GLIBC_TUNABLES' '' GLIBC_TUNABLES=glibc.malloc.check=3:glibc.malloc.tcache_count=0:glibc.pthread.rseq=0
kept_out 'MALLOC_ARENA_MAX and its like' '' MALLOC_ARENA_MAX=1 MALLOC_PERTURB_=165 MALLOC_TOP_PAD_=999999999 MALLOC_MMAP_THRESHOLD_=1
kept_out 'ICU and locale settings' '' ICU_DATA=/nonexistent NODE_ICU_DATA=/nonexistent LOCPATH=/nonexistent LANG=xx LC_ALL=xx TZ=Nowhere/Land
kept_out 'a very large environment' '' "LARGE=$(head -c 100000 /dev/zero | tr '\0' x)"
kept_out 'UV settings' '' UV_USE_IO_URING=1 UV_THREADPOOL_SIZE=1024

test_that 'an empty environment is enough'
env -i "$ISO4" run -e "$MARK" >out 2>err
status=$? line=$(cat out)
completes '{"default":1}' '"it ran"'

test_done
