#!/bin/sh
# SPDX-License-Identifier: MIT
# iso4 doctor: what it says here, and the truth where something is missing. Every lack is made for real: a filter under
# which iso4 is started (tests/helpers/underfilter.c), namespaces that are exhausted, users without a mapping.

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

ALL='descriptors environment death-with-parent rlimits no-new-privs not-dumpable namespaces empty-root not-root no-capabilities landlock seccomp'

# under RULES COMMAND...: runs the tool under a filter
under() {
    rules=$1
    shift
    command="underfilter $rules -- iso4 $*"
    timeout -k 1 $LONGEST "$B/helpers/underfilter" "$rules" -- "$ISO4" "$@" >out 2>err
    status=$?
    line=$(cat out)
}

# with WORD... : the words in front of the tool, for `here`
with=''

# 1 when this machine gives every layer, asked without iso4.
whole=''
unshare -Ur true 2>/dev/null && test "$("$ISO4" doctor --json | jq .landlockAbi)" != 0 && whole=1

# here COMMAND...: runs the tool as $with says
here() {
    case $with in
    filter:*) under "${with#filter:}" "$@" ;;
    exhausted)
        command="no user namespace left: iso4 $*"
        unshare -Ur sh -c 'echo 0 >/proc/sys/user/max_user_namespaces && exec timeout 40 "$@"' sh "$ISO4" "$@" >out 2>err
        status=$? line=$(cat out)
        ;;
    bare)
        command="a root directory without /tmp: iso4 $*"
        unshare -Urm sh "$work/bare.sh" "$@" >out 2>err
        status=$? line=$(cat out)
        ;;
    unmapped)
        command="a user without a mapping: iso4 $*"
        unshare -U "$ISO4" "$@" >out 2>err
        status=$? line=$(cat out)
        ;;
    *) iso "$@" ;;
    esac
}

# missing NAME...: doctor says that these layers are missing, with what would mend each, that all others held, and that
# agents can be run here if a run succeeds, with the same layers as doctor says
missing() {
    here doctor --json
    doctor=$line doctor_status=$status
    json '[.layers[].name] | join(" ")' "\"$ALL\""
    json '[.layers[] | select(.held | not).name]' "$(jq -cn '$ARGS.positional' --args "$@")"
    json '[.layers[] | select((.held | not) and ((.mend | length) < 20 or (.result | length) == 0))]' '[]'
    json '[.layers[] | select(.held and has("mend")).name]' '[]'
    here run -v -e 'console.log("ran"); export default 1'
    run=$line run_status=$status
    said=$(sed -n 's/^iso4: sandbox layers in force: //p' err | sed 's/, /\n/g' | jq -Rcn '[inputs]')
}

# usable: doctor and run agree that agents can be run
usable() {
    is 'status of doctor' "$doctor_status" 0
    is 'status of run' "$run_status" 0
    echo "$doctor" >out
    json '[.ok, .worker.ok, .wholeStack.permitted, .wholeStack.refused == .wholeStack.attempts]' '[true,true,"",true]'
    json '.worker.layers' "$said"
    json '[.layers[] | select(.held).name]' "$said"
}

# unusable TEXT...: doctor and run agree that no agent can be run, and no agent ran
unusable() {
    is 'status of doctor' "$doctor_status" 3
    is 'status of run' "$run_status" 3
    has 'result of run' "$run" '"ok":false' '"stdout":[]' "$@"
    echo "$doctor" >out
    json '[.ok, .worker.ok]' '[false,false]'
    has 'error of the worker' "$(jq -r .worker.error out)" "$@"
}

# strictly NAME...: --sandbox=strict runs nothing and names what is missing
strictly() {
    here run --sandbox=strict -e 'console.log("ran"); export default 1'
    fails ERR_SANDBOX_UNAVAILABLE 3
    json '.stdout' '[]'
    names=$(echo "$*" | sed 's/ /, /g')
    has 'message' "$line" "--sandbox=strict asks for every layer, this machine does not give: $names\""
}

# ---- as things are

test_that 'doctor finds every layer here'
if test -z "$whole"; then
    skip 'this machine does not give every layer'
else
    missing
    usable
fi

test_that 'doctor knows its surroundings'
iso doctor --json
exits 0
json '[.uid, .outerFilters, .iso4]' "[$(id -u),$(awk '/^Seccomp_filters:/ { print $2 }' /proc/self/status),\"$("$ISO4" --version | cut -d' ' -f2)\"]"
json '.kernel' "\"$(uname -sr)\""
json '.v8 | test("^1[4-9]\\.")' true
json '.worker.memory | [.rssKb > 1000, .rssKb < 100000, .dataKb > 1000, .addressSpaceKb > .dataKb]' '[true,true,true,true]'

test_that 'doctor is quick'
timed iso doctor
exits 0
within 'ms of CPU time' "$spent" 0 2000

test_that 'doctor prints a table for people'
iso doctor
exits 0
for layer in $ALL; do
    has "line of $layer" "$line" "held      $layer"
done
lacks 'table' "$line" MISSING mend
has 'table' "$line" 'agents can be run here' 'a worker ran with: descriptors, '

test_that 'doctor leaves nothing behind'
fresh
iso doctor --json
exits 0
files
is 'message queues' "$(tail -n +2 /proc/sysvipc/msg)" ''
is 'files in /tmp' "$(find /tmp -maxdepth 1 -name '*iso4-probe*')" ''

test_that 'doctor takes no operands'
iso doctor here
refused 'doctor takes no operands'

test_that 'doctor reports what it is told to write and cannot'
for format in --json --color=never; do
    timeout 20 "$ISO4" doctor $format >/dev/full 2>err
    is 'status' $? 3
    has 'stderr' "$(cat err)" 'cannot write to standard output'
done

# ---- what a machine may lack

# A root directory with what it takes to start a program, the installed files, /proc and /dev/null.
cat >"$work/bare.sh" <<SH
set -e
mount -t tmpfs bare /mnt
cd /mnt
mkdir -p usr lib lib64 proc dev bin tree/bin tree/lib/iso4 old
for one in usr lib lib64 proc; do mount --rbind /\$one \$one; done
touch dev/null tree/lib/iso4/v8-host
mount --bind /dev/null dev/null
cp '$ISO4' tree/bin/iso4
cp '$B/lib/iso4/worker.so' '$B/lib/iso4/base.snap' '$B/lib/iso4/probe' tree/lib/iso4
mount --bind "\$(readlink -f '$B/lib/iso4/v8-host')" tree/lib/iso4/v8-host
pivot_root . old
cd /
umount -l old
rmdir old
exec /tree/bin/iso4 "\$@"
SH
test_that 'a root directory without /tmp: doctor finds every layer'
if test -z "$whole" || ! unshare -Urm mount -t tmpfs bare /mnt; then
    skip 'no such root can be made here'
else
    with=bare
    missing
    usable
    with=''
fi

# lacks_optional TITLE WITH MEND NAME...: runs go on with the rest; strict runs do not
lacks_optional() {
    test_that "$1: doctor and runs agree, strict refuses"
    with=$2 mend=$3
    shift 3
    if test -z "$whole"; then
        skip 'this machine does not give every layer'
        return
    fi
    missing "$@"
    usable
    has 'what would mend it' "$(jq -r '.layers[] | select(.held | not).mend' out)" "$mend"
    strictly "$@"
    with=''
}

lacks_optional 'no user namespace left' exhausted 'sysctl user.max_user_namespaces' namespaces empty-root
lacks_optional 'a user without a mapping' unmapped 'user_namespaces(7)' namespaces empty-root not-root
lacks_optional 'namespaces that give no right to mount' filter:mount=EPERM 'mount, umount2 and pivot_root' empty-root
lacks_optional 'the same as some security modules say it' filter:mount=EACCES 'mount, umount2 and pivot_root' empty-root
lacks_optional 'a kernel without Landlock' filter:landlock_create_ruleset=ENOSYS 'from 5.13 on' landlock
lacks_optional 'Landlock that is not switched on' filter:landlock_create_ruleset=EOPNOTSUPP 'lsm=' landlock
lacks_optional 'no Landlock and no mounts' filter:landlock_create_ruleset=ENOSYS,mount=EPERM 'from 5.13 on' empty-root landlock

# lacks_required TITLE WITH TEXT NAME...: no agent runs, the error and doctor say why
lacks_required() {
    test_that "$1: doctor and runs agree that nothing runs"
    with=$2 text=$3
    shift 3
    if test -z "$whole"; then
        skip 'this machine does not give every layer'
        return
    fi
    missing "$@"
    unusable "$text"
    has 'what would mend it' "$(jq -r '.layers[] | select(.held | not).mend' out)" "the container's seccomp profile"
    with=''
}

lacks_required 'seccomp is refused' filter:seccomp=EPERM 'seccomp: Operation not permitted' seccomp
lacks_required 'seccomp is not there' filter:seccomp=ENOSYS 'seccomp: Function not implemented' seccomp
lacks_required 'seccomp without filters' filter:seccomp=EINVAL 'seccomp: Invalid argument' seccomp
lacks_required 'Landlock that cannot be put in force' filter:landlock_restrict_self=EPERM 'Landlock: Operation not permitted' landlock
lacks_required 'capabilities that cannot be dropped' filter:capset=EPERM 'dropping capabilities' not-dumpable no-capabilities
# shellcheck disable=SC2086
lacks_required 'sessions are refused' filter:setsid=EPERM 'setsid: Operation not permitted' $ALL
# shellcheck disable=SC2086
lacks_required 'descriptors cannot be closed' filter:close_range=ENOSYS 'close_range: Function not implemented' $ALL
# shellcheck disable=SC2086
lacks_required 'limits cannot be set' filter:prlimit64=EPERM 'setrlimit: Operation not permitted' $ALL

# An outer filter that lies: it says that a call went well, and nothing was done.
lies() {
    test_that "$1 is seen through"
    under "$2" doctor --json
    exits 3
    json '.ok' false
    json "[.layers[] | select(.held | not).name] | index(\"$3\") != null" true
}
lies 'a filter that was not loaded' seccomp=0 seccomp
lies 'privileges that were not given up' capset=0 no-capabilities
lies 'Landlock that was not put in force' landlock_restrict_self=0 landlock
lies 'limits that were not set' prlimit64=0 rlimits
lies 'descriptors that were not closed' close_range=0 descriptors
lies 'an empty root that is not there' mount=0,pivot_root=0,umount2=0 empty-root

# Container runtimes that cannot look into clone3's structure answer ENOSYS to it, so that clone is used. 0x10000000 is
# CLONE_NEWUSER.
test_that 'where clone3 is not to be had, clone gives every layer'
if test -z "$whole"; then
    skip 'this machine does not give every layer'
else
    with=filter:clone3=ENOSYS
    missing
    usable
    with=''
fi
lacks_optional 'neither clone3 nor user namespaces' 'filter:clone3=ENOSYS,clone&0x10000000=EPERM,unshare=EPERM' \
    'clone with CLONE_NEWUSER' namespaces empty-root

test_done
