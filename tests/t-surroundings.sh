#!/bin/sh
# SPDX-License-Identifier: MIT
# The table of surroundings in iso4-doctor(1): in each, `run` and `batch` work or say in one line what is missing, and
# doctor names the layers that the table names. The table is read out of the manual; how a row is made stands here.
# For root, in namespaces of its own; iso4 runs as an ordinary user of whom nothing else runs.

# shellcheck source-path=SCRIPTDIR source=private.sh
. "$(dirname "$0")/private.sh"
if [ "$(id -u)" = 0 ] && [ -z "${IN_PRIVATE-}" ]; then
    readable_by_nobody
    MANUAL=$(cat "$(dirname "$0")/../man/iso4-doctor.1") IN_PRIVATE=1 "$inprivate" root sh "$tests/${0##*/}" "$@"
    exit
fi
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

USER=61234
AS_USER="setpriv --reuid=$USER --regid=$USER --clear-groups"
under=$B/helpers/underfilter
cgroup=

# pids_cgroup: makes a cgroup that may have 8 processes, with version 1 or 2 as the machine has it
pids_cgroup() {
    for folder in /sys/fs/cgroup/pids /sys/fs/cgroup /sys/fs/cgroup/unified; do
        cgroup=$folder/iso4-test-$$
        mkdir "$cgroup" 2>/dev/null || continue
        trap 'rmdir "$cgroup" 2>/dev/null' EXIT
        if echo 8 2>/dev/null >"$cgroup/pids.max"; then
            return
        fi
        rmdir "$cgroup"
    done
    return 1
}

# made SURROUNDINGS: $before is a line for the shell as root, $as what starts the tool; fails for an unknown row
made() {
    before=: as=$AS_USER
    case $1 in
    'nothing special') ;;
    'clone3 answers ENOSYS'*) as="$as $under clone3=ENOSYS --" ;;
    'clone3 answers EPERM'*) as="$as $under clone3=EPERM --" ;;
    'no user namespaces'*) as="$as $under clone3=ENOSYS,clone&0x10000000=EPERM,unshare=EPERM,mount=EPERM --" ;;
    'mount answers EPERM'*) as="$as $under mount=EPERM --" ;;
    'Landlock is not in the kernel') as="$as $under landlock_create_ruleset=ENOSYS --" ;;
    'Landlock answers EPERM'*) as="$as $under landlock_create_ruleset=EPERM --" ;;
    'the root is an initramfs'*) as="$as $under pivot_root=EINVAL --" ;;
    'the root is read-only') before='mount -o remount,bind,ro /' ;;
    'no /tmp to write to') before='mount --bind /tmp /tmp && mount -o remount,bind,ro /tmp' ;;
    'no /proc') before='while umount -l /proc 2>/dev/null; do :; done' ;;
    '/proc is read-only') before='mount -o remount,bind,ro /proc' ;;
    'no /dev') before='mount -t tmpfs none /dev' ;;
    '/dev is mounted with nodev') before='mount -t tmpfs -o nodev none /dev && mknod -m 666 /dev/null c 1 3' ;;
    'transparent huge pages are off') as="$as $under thp=off --" ;;
    'as root, /proc is read-only') before='mount -o remount,bind,ro /proc' as='' ;;
    'ulimit -n 64') before='ulimit -n 64' ;;
    'ulimit -n 16') before='ulimit -n 16' ;;
    'ulimit -u 8') before='prlimit --nproc=8:8 --pid $$' ;;
    'ulimit -s 64') before='ulimit -s 64' ;;
    'ulimit -v 300000') before='ulimit -v 300000' ;;
    'pids.max of 8') before="echo \$\$ >$cgroup/cgroup.procs" ;;
    'as process 1') as="unshare --pid --fork --mount-proc $AS_USER" ;;
    'signals are ignored or blocked') as="$as env --ignore-signal=CHLD,PIPE,TERM,HUP --block-signal=CHLD,INT,ALRM" ;;
    'standard input is closed') before='exec <&-' ;;
    'in two user namespaces') as="$as unshare -Ur unshare -Ur" ;;
    'as root') as='' ;;
    *) return 1 ;;
    esac
}

# there COMMAND...: runs the tool in the surroundings; status, and files out and err
there() {
    command="$row: iso4 $*"
    # shellcheck disable=SC2016 # the inner shell's
    timeout -k 1 120 unshare --mount sh -c 'eval "$1" || exit 99; as=$2; shift 2; exec $as "$@"' \
        sh "$before" "$as" "$ISO4" "$@" >out 2>err
    status=$? line=$(cat out)
    is 'the surroundings could be made' "$([ $status = 99 ] && cat err)" ''
}

rows=$(printf '%s\n' "$MANUAL" | sed -n '/^\.Ss Surroundings/,/^\.El/s/^\.It \(.*\) Ta \(.*\)$/\1|\2/p' | grep -v '^Sy ' | sed 's/\\-/-/g')

test_that 'the manual has a table'
if [ "$(id -u)" != 0 ]; then
    skip 'only root can make the surroundings'
    rows=
else
    is 'there are many rows' "$([ "$(printf '%s\n' "$rows" | wc -l)" -gt 20 ] && echo yes)" yes
fi

chmod 755 "$work"
printf '%s\n' "$rows" >"$work/rows"
while [ -n "$rows" ] && IFS='|' read -r row want <&3; do
    test_that "in the surroundings '$row': $want"
    cd "$work" || exit
    if ! made "$row"; then
        is 'the test makes these surroundings' "$row" ''
        continue
    fi
    case $row in
    *pids.max*)
        if ! pids_cgroup; then
            skip 'no cgroup of processes can be made here'
            continue
        fi
        made "$row"
        ;;
    esac
    there run -v -e 'export default 7'
    case $want in
    'refused:'*)
        text=${want#refused: }
        is 'status' "$status" 3
        has 'run' "$line$(grep -v 'layers in force' err)" "$text"
        printf '{"code":"1"}\n{"code":"2"}\n' >"$work/jobs"
        there batch -j 2 --quiet jobs
        is 'status of batch' "$status" 3
        has 'batch' "$line$(cat err)" "$text"
        is 'runs of batch' "$(grep -c '"ok":true' out)" 0
        there doctor --json
        is 'status of doctor' "$status" 3
        has 'doctor' "$line$(cat err)" "$text"
        ;;
    *)
        exits 0
        json .exports.default 7
        there doctor --json
        exits 0
        names=$(jq -r '[.layers[] | select(.held | not).name] | join(", ")' out)
        is 'missing layers' "${names:-every layer holds}" "$want"
        json '[.ok, .worker.ok, .wholeStack.permitted]' '[true,true,""]'
        seq 6 | sed 's/.*/{"id":"&","code":"export default &"}/' >"$work/jobs"
        there batch -j 2 --quiet jobs
        exits 0
        is 'answers of batch' "$(jq -c .exports.default out | sort -n | tr '\n' ' ')" '1 2 3 4 5 6 '
        ;;
    esac
done 3<"$work/rows"
test_that 'a batch with few processes allowed: all jobs are answered, or it stops with status 3 and says why'
if test "$(id -u)" = 0 && command -v setpriv >/dev/null && command -v prlimit >/dev/null; then
    seq 20 | sed 's/.*/{"id":&,"code":"export default & * 3"}/' >jobs.jsonl
    for n in 1 2 3 4 5 6 7 8 12 40; do
        command="iso4 batch with $n processes"
        # A user of its own, who has no other processes.
        timeout 60 setpriv --reuid=64125 --regid=64125 --clear-groups prlimit --nproc=$n "$ISO4" batch -j 4 <jobs.jsonl >out 2>err
        status=$?
        right=$(jq -r 'select(.ok and .exports.default == .id * 3) | .id' out | sort -u | wc -l)
        if test $status = 0; then
            is 'answers' "$right" 20
        else
            is 'status' $status 3
            holds 'the reason' grep -q 'no further process is allowed (ulimit -u' err
            test "$right" = 20 || is 'codes of the others' "$(jq -r 'select(.ok | not) | .error.code' out | sort -u)" "$(test ! -s out || echo ERR_INTERNAL)"
        fi
    done
    is 'with 40 all are answered' "$status" 0
else
    skip 'needs root, setpriv and prlimit'
fi

test_done
