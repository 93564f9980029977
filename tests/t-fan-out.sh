#!/bin/sh
# SPDX-License-Identifier: MIT
# examples/fan-out: a batch over several machines, which are network namespaces with an sshd in each; a Slurm array and
# a Kubernetes Job as far as they can be tried without a cluster.
# shellcheck source-path=SCRIPTDIR source=lib.sh disable=SC2086,SC2317 # ssh's options are words; called by holds and trap
. "$(dirname "$0")/lib.sh"

fan_out=$ROOT/examples/fan-out
HOME=$PWD # GNU parallel writes there
export HOME
seq 1 60 | awk '{ printf "{\"id\":%d,\"call\":\"square\",\"args\":[%d]}\n", $1, $1 }' >jobs.jsonl
echo 'export const square = (n) => n * n; console.log(1);' >prefix.js
"$ISO4" precompile prefix.js -o p.snap -q

# squares FILE...: each id once, with its square
squares() {
    is 'answers' "$(cat "$@" | jq -c '[.id, .value]' | sort -t '[' -k 2 -n | tr '\n' ' ')" "$(seq 1 60 | awk '{ printf "[%d,%d] ", $1, $1 * $1 }')"
}

# ---- machines

sshd=$(command -v sshd || echo /usr/sbin/sshd)
why=''
for program in parallel ssh ssh-keygen "$sshd" ip; do
    command -v "$program" >/dev/null || why="there is no ${program##*/}"
done
test "$(id -u)" = 0 || why="${why:-only root can make network namespaces that reach one another}"

# host NUMBER: a network namespace 10.213.N.2 with an sshd, and a home of its own
host() {
    _name=iso4t$$n$1
    ip netns add $_name && names="$names $_name" || return 1
    ip link add iso4t$1a$$ type veth peer name eth0 netns $_name && ip addr add 10.213.$1.1/24 dev iso4t$1a$$ &&
        ip link set iso4t$1a$$ up && ip -n $_name addr add 10.213.$1.2/24 dev eth0 && ip -n $_name link set eth0 up || return 1
    mkdir -p home$1
    cat >sshd$1.conf <<C
ListenAddress 10.213.$1.2
Port 2222
HostKey $PWD/host_key
AuthorizedKeysFile $PWD/key.pub
StrictModes no
UsePAM no
PidFile none
ForceCommand cd $PWD/home$1 && echo $1 >>../commands && eval "\$SSH_ORIGINAL_COMMAND"
C
    ip netns exec $_name "$sshd" -D -e -f "$PWD/sshd$1.conf" 2>sshd$1.err &
    daemons="$daemons $!"
}

names='' daemons=''
put_away() {
    for _one in $daemons; do
        kill "$_one" 2>/dev/null
    done
    for _one in $names; do
        ip netns del "$_one"
    done
    cd / && rm -rf "$work"
}
trap put_away EXIT

reachable() {
    ssh $options 10.213.$1.2 true
}

if test -z "$why"; then
    ssh-keygen -q -t ed25519 -N '' -f key && ssh-keygen -q -t ed25519 -N '' -f host_key
    mkdir -p /run/sshd
    options="-F none -p 2222 -i $PWD/key -o StrictHostKeyChecking=no -o UserKnownHostsFile=$PWD/known -o LogLevel=ERROR -o BatchMode=yes -o ConnectTimeout=5"
    for n in 1 2; do
        host $n 2>net.err || why="network namespaces cannot be made: $(tail -n 1 net.err)"
    done
fi
if test -z "$why"; then
    for n in 1 2; do
        eventually reachable $n || why="no sshd in a network namespace: $(tail -n 1 sshd$n.err)"
    done
fi

fan() {
    command="fan-out.sh $*"
    ISO4=$ISO4 SSH="ssh $options" BLOCK=10 timeout 60 "$fan_out/fan-out.sh" "$@" >out 2>err
    status=$?
}

test_that 'two hosts share a batch; each job is answered once, and both have a part'
if test -z "$why"; then
    fan p.snap jobs.jsonl 10.213.1.2 10.213.2.2
    is 'status' "$status $(cat err)" '0 '
    squares out
    is 'hosts' "$(sort -u commands | tr '\n' ' ')" '1 2 '
else
    skip "$why"
fi

test_that 'the snapshot is on each host, under its digest, and is sent once'
if test -z "$why"; then
    digest=$(sha256sum <p.snap | cut -c 1-64)
    for n in 1 2; do
        is "on host $n" "$(ls home$n/.cache/iso4)" "$digest.snap"
        holds 'the same' cmp p.snap "home$n/.cache/iso4/$digest.snap"
        touch -d '2001-01-01' "home$n/.cache/iso4/$digest.snap"
    done
    fan p.snap jobs.jsonl 10.213.1.2 10.213.2.2
    squares out
    is 'not sent again' "$(date -r "home1/.cache/iso4/$digest.snap" +%Y)" 2001
else
    skip "$why"
fi

test_that 'a run that fails is a result, and no failure of the whole'
if test -z "$why"; then
    echo '{"id":"bad","code":"throw 1"}' >one.jsonl
    fan p.snap one.jsonl 10.213.1.2
    is 'status' "$status $(cat err)" '0 '
    is 'answer' "$(jq -c '[.id, .error.code]' out)" '["bad","ERR_USER_CODE"]'
else
    skip "$why"
fi

# ---- Slurm

# task NUMBER OF: as Slurm starts it
task() {
    SLURM_ARRAY_TASK_ID=$1 SLURM_ARRAY_TASK_COUNT=$2 SLURM_CPUS_PER_TASK=2 ISO4=$ISO4 sh "$fan_out/slurm.sh" p.snap jobs.jsonl
}

test_that 'Slurm: the tasks of an array answer each job once'
rm -f results-*
for n in 1 2 3 4; do
    holds "task $n" task $n 4
done
squares results-*.jsonl

test_that 'Slurm: a task that is started again does what was cut off or aborted, and nothing else'
head -n 5 results-2.jsonl >part
sed -n 6p results-2.jsonl | sed 's/"ok":true.*/"ok":false,"status":"aborted","error":{"code":"ERR_ABORTED"}}/' >>part
sed -n 7p results-2.jsonl | head -c 20 >>part
cp part results-2.jsonl
holds 'task 2' task 2 4
is 'what was there stays' "$(head -n 6 results-2.jsonl)" "$(head -n 6 part)"
grep -v ERR_ABORTED results-2.jsonl >answers
mv answers results-2.jsonl
squares results-*.jsonl

# ---- stopped and started again

# In jobs.jsonl, sixty runs that wait; slow FILE says that some of their results are there
seq 1 60 | awk '{ printf "{\"id\":%d,\"code\":\"await new Promise((r) => setTimeout(r, 200)); export default %d\"}\n", $1, $1 }' >slow.jsonl
some_in() {
    test -e "$1" && test "$(wc -l <"$1")" -ge 4
}

# stopped_and_started FILE COMMAND...: ends the command by SIGTERM when it has some results in FILE; what it leaves is whole,
# and the same command answers the rest. LEADER finds the process to end by the number of the one that was started.
stopped_and_started() {
    _file=$1
    shift
    rm -f "$_file"
    "$@" 2>err &
    _started=$!
    holds 'it has results' eventually some_in "$_file"
    kill -TERM "$(leader $_started)"
    wait $_started
    is 'status of the one that was ended' $? 143
    _some=$(wc -l <"$_file")
    is 'it was ended before it was done' "$(test "$_some" -lt 60 && echo yes)" yes
    is 'each line is a result' "$(jq -r .status "$_file" | grep -c -E '^(completed|aborted)$')" "$_some"
    cp "$_file" part
    "$@" 2>err
    is 'status of the next' $? 0
    is 'what was there stays' "$(head -n "$_some" "$_file" | cmp - part && echo yes)" yes
    is 'answers' "$(jq -c 'select(.ok) | [.id, .exports.default]' "$_file" | sort -t '[' -k 2 -n | tr '\n' ' ')" \
        "$(seq 1 60 | awk '{ printf "[%d,%d] ", $1, $1 }')"
}

leader() {
    echo "$1"
}

# Not in a function: $! is then the script's shell.
cat >task.sh <<SH
SLURM_ARRAY_TASK_ID=1 SLURM_ARRAY_TASK_COUNT=1 SLURM_CPUS_PER_TASK=2 ISO4='$ISO4'
export SLURM_ARRAY_TASK_ID SLURM_ARRAY_TASK_COUNT SLURM_CPUS_PER_TASK ISO4
exec sh "$fan_out/slurm.sh" p.snap slow.jsonl
SH
test_that "Slurm: the signal before the end of the time, which reaches the script's shell only, ends the batch"
stopped_and_started results-1.jsonl sh task.sh

test_that 'systemd: the unit is valid, and its command is ended and goes on'
unit=$fan_out/iso4-batch@.service
sed -n 's/^ExecStart=//p' "$unit" | sed "s|^/usr/bin/iso4|exec '$ISO4'|; s|jobs.jsonl|slow.jsonl|" >service.sh
stopped_and_started results.jsonl sh service.sh
if command -v systemd-analyze >/dev/null; then
    printf '#!/bin/sh\n' >iso4
    chmod +x iso4
    sed "s|/usr/bin/iso4|$PWD/iso4|" "$unit" >iso4-batch@x.service
    systemd-analyze verify "$PWD/iso4-batch@x.service" >out 2>err
    is 'what systemd-analyze says' "$? $(cat out err)" '0 '
fi

# ---- Kubernetes

test_that 'Kubernetes: the Job is YAML, its command a shell script that answers its part'
if python3 -c 'import yaml' 2>/dev/null; then
    python3 -c 'import json, sys, yaml; json.dump(yaml.safe_load(open(sys.argv[1])), sys.stdout)' "$fan_out/kubernetes.yaml" >out
    json '[.apiVersion, .kind, .spec.completionMode, .spec.completions == .spec.parallelism, .spec.template.spec.restartPolicy]' \
        '["batch/v1","Job","Indexed",true,"OnFailure"]'
    json '[.spec.template.spec.containers[0].volumeMounts[].name] == [.spec.template.spec.volumes[].name]' true
    jq -r '.spec.template.spec.containers[0].args[0]' out | sed "s|/batch/|$PWD/|g; s|iso4 batch|\"$ISO4\" batch|" >pod.sh
    rm -f results-*
    for n in 0 1 2 3; do
        JOB_COMPLETION_INDEX=$n sh pod.sh
        is "status of pod $n" $? 0
    done
    squares results-*.jsonl
    if test "$(id -u)" = 0; then
        # As process 1, to which the kernel delivers only signals that it handles.
        sed 's/1))\/4"/1))\/1"/; s/jobs.jsonl/slow.jsonl/' pod.sh >slow.sh
        leader() {
            cat "/proc/$1/task/$1/children"
        }
        rm -f results-*
        stopped_and_started results-0.jsonl env JOB_COMPLETION_INDEX=0 unshare --pid --fork --mount-proc sh slow.sh
    fi
    echo '{"id":"bad","code":"throw 1"}' >jobs.jsonl
    rm -f results-*
    JOB_COMPLETION_INDEX=0 sh pod.sh
    is 'a run failed' $? 1
    JOB_COMPLETION_INDEX=0 sh pod.sh
    is 'and all is answered' "$? $(wc -l <results-0.jsonl)" '0 1'
else
    skip 'python3 cannot read YAML'
fi

test_done
