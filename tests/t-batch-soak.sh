#!/bin/sh
# SPDX-License-Identifier: MIT
# A soak of iso4 batch: mixed runs and small ones, each line answered once with its code, by processes that do not grow.
# SOAK and SOAK_SMALL in the environment say how many runs of each; `make soak`: 200,000 and 1,000,000.
# shellcheck source-path=SCRIPTDIR source=lib.sh disable=SC2016 # the $ and ` in quotes are JavaScript's
. "$(dirname "$0")/lib.sh"

mixed=${SOAK:-2000} small=${SOAK_SMALL:-1000}
test -z "${SANITIZE-}" || mixed=400 small=300

# Ends with SIGSEGV, from outside, the run that calls it: JavaScript alone has no way to crash. It is the child of the
# zygote that sleeps and holds 20 MiB more than it; those that take memory until the limit do not sleep.
cat >crash.mjs <<'N'
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
const children = (pid) => readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
const read = (pid, what) => { try { return what(pid); } catch { return undefined; } };
const status = (pid) => readFileSync(`/proc/${pid}/status`, 'utf8');
const memory = (text) => Number(/^RssAnon:\s+(\d+)/m.exec(text)[1]);
const victims = (zygote) => children(zygote).filter((pid) => read(pid, () => {
    const now = status(pid);
    return /^State:\s+S/m.test(now) && memory(now) > memory(status(zygote)) + (16 << 10);
}));
const find = () => {
    const found = children(process.ppid).flatMap((zygote) => read(zygote, victims) ?? []);
    if (found.length === 0) setTimeout(find, 1);
    for (const pid of found) process.kill(Number(pid), 'SIGSEGV');
};
createInterface({ input: process.stdin }).on('line', find);
N
cat >globals.json <<J
{"f": {"returns": [1, "two"], "delayMs": 1}, "g": {"throws": {"name": "RangeError", "message": "no"}},
 "crash": {"service": ["$NODE", "crash.mjs"], "shared": true}}
J

# The code that must come of each kind stands in its id.
mix() {
    awk -v count="$1" 'BEGIN {
        n = split("ok throw parse call fail never deep", kind)
        code["ok"] = "console.log(#); export default [#, typeof left]; globalThis.left = 1"
        code["throw"] = "throw new Error(`#`)"
        code["parse"] = "{"
        code["call"] = "export default (await f(#))[1]"
        code["fail"] = "await g(#)"
        code["loop"] = "for (;;);"
        code["wait"] = "await new Promise((r) => setTimeout(r, 60000))"
        code["bomb"] = "const a = []; for (;;) a.push(new Array(1e5).fill(1.5))"
        code["crash"] = "const held = new Uint8Array(20 << 20).fill(1); await crash(); export default held.length"
        code["never"] = "await new Promise(() => {})"
        code["deep"] = "(function f() { f(); })()"
        limits["loop"] = ",\"limits\":{\"cpuTimeMs\":20}"
        limits["wait"] = ",\"limits\":{\"wallTimeMs\":20}"
        for (i = 1; i <= count; i++) {
            # The dear ones are rare.
            k = i % 200 == 50 ? "crash" : i % 40 == 0 ? "bomb" : i % 20 == 0 ? "loop" : i % 20 == 10 ? "wait" : kind[i % n + 1]
            parts = split(code[k], part, "#") # gsub() of some awks gets slower with every call
            c = part[1]
            for (p = 2; p <= parts; p++) c = c i part[p]
            printf "{\"id\":\"%s %d\",\"code\":\"%s\"%s}\n", k, i, c, limits[k]
        }
    }'
}

want='bomb ERR_MEMORY_LIMIT
call ok
crash ERR_WORKER_CRASHED
deep ERR_USER_CODE
fail ERR_HOST_BRIDGE
loop ERR_CPU_TIMEOUT
never ERR_DID_NOT_SETTLE
ok ok
parse ERR_COMPILE
throw ERR_USER_CODE
wait ERR_WALL_TIMEOUT'

# ---- measuring

# KB of a process's own memory, without pages of files.
rss() {
    sed -n 's/^RssAnon:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$1/status"
}

offspring() {
    cat "/proc/$1/task/$1/children"
}

descriptors() {
    find "/proc/$1/fd" -mindepth 1 2>/dev/null | wc -l
}

# The one child of iso4 that runs jobs: not a program that answers calls, nor the worker with 256 MiB that erases types,
# which is asked about sources that do not compile.
zygote_of() {
    for _one in $(offspring "$1"); do
        case $(tr '\0' ' ' <"/proc/$_one/cmdline") in
        *'--iso4-worker jit 0 268435456 '*) ;;
        *--iso4-worker*) echo "$_one" ;;
        esac
    done
}

# sample PID ZYGOTE: answers, KB and descriptors of iso4, of the zygote, processes below it, dead ones below both
sample() {
    # shellcheck disable=SC2046 # numbers
    set -- "$1" "$2" $(offspring "$1") $(offspring "$2")
    _iso=$1 _zygote=$2
    shift 2
    _dead=0
    for _one; do
        if grep -qs '^State:.*Z' "/proc/$_one/status"; then
            _dead=$((_dead + 1))
        fi
    done
    echo "$(wc -l <out) $(rss "$_iso") $(descriptors "$_iso") $(rss "$_zygote") $(descriptors "$_zygote") $# $_dead"
}

# watched COUNT [ARG]...: runs the jobs in jobs.jsonl, and samples some twenty times or more until they are answered. $status
watched() {
    _count=$1
    shift
    _pause=$(awk -v n="$_count" 'BEGIN { s = n / 20000; printf "%s", (s < 0.1 ? 0.1 : (s > 10 ? 10 : s)) }')
    command="iso4 batch $*"
    timeout $((120 + _count / 20)) "$ISO4" batch "$@" jobs.jsonl >out 2>err &
    _timeout=$!
    eventually test -s out
    pid=$(offspring $_timeout | tr -d ' ')
    zygote=$(zygote_of "$pid")
    : >samples
    while kill -0 "$pid" 2>/dev/null; do
        _line=$(sample "$pid" "$zygote" 2>/dev/null)
        # Nothing of the last one is left while it is taken.
        if echo "$_line" | grep -Eqx '([0-9]+ ){6}[0-9]+'; then
            echo "$_line" >>samples
        fi
        _zygote=$(zygote_of "$pid" 2>/dev/null)
        test -z "$_zygote" || echo "$_zygote" >>zygotes
        sleep "$_pause"
    done
    wait $_timeout
    status=$?
    {
        echo 'answers KB descriptors zygote-KB zygote-descriptors processes dead'
        awk -v n="$(wc -l <samples)" '(NR - 1) % (int(n / 40) + 1) == 0 || NR == n' samples
    } | awk '{ printf "# %9s %8s %12s %10s %18s %10s %5s\n", $1, $2, $3, $4, $5, $6, $7 }'
}

# most COLUMN FROM TO: of the samples that were taken while so many of a hundred answers were there
most() {
    awk -v column="$1" -v from="$2" -v to="$3" -v all="$_count" '
        $1 * 100 >= from * all && $1 * 100 <= to * all && $column > most { most = $column } END { print most + 0 }' samples
}

# flat SLACK: the last half takes no more than what came before it. Memory of answers that wait for a reader, and of
# runs under way, comes and goes: a few hundred KB.
flat() {
    within 'samples' "$(wc -l <samples)" 4 1000000
    within 'KB of iso4' "$(most 2 50 100)" 1 $(($(most 2 0 50) + $1))
    within 'KB of the zygote' "$(most 4 50 100)" 1 $(($(most 4 0 50) + $1))
    within 'descriptors of iso4' "$(most 3 50 100)" 3 $(($(most 3 0 50) + 8))
    within 'descriptors of the zygote' "$(most 5 0 100)" 4 7 # Landlock's, and of a child that is just being made its channel and its pidfd
    within 'processes' "$(most 6 0 100)" 1 "$2"
    within 'dead ones, not reaped yet' "$(most 7 0 100)" 0 "$2"
    is 'zygotes' "$(sort -u zygotes | wc -l)" 1
    rm zygotes
}

# ---- soaking

test_that "$mixed mixed runs: every line is answered once, with its code, and nothing grows"
mix "$mixed" >jobs.jsonl
watched "$mixed" -j 4 --memory-mb 32 -g globals.json --timings
is 'status' "$status" 3 # some crash
is 'lines on stderr' "$(wc -l <err)" 1
turn=$(sed -n 's/.*longest turn \(.*\) ms$/\1/p' err)
echo "# longest turn of the event loop: $turn ms"
within 'longest turn in ms' "$turn" 0 2000 # real time, with what else the machine does
is 'answers' "$(jq -r '.id | split(" ")[1]' out | sort -n | uniq | wc -l) of $(wc -l <out)" "$mixed of $mixed"
is 'codes' "$(jq -r '[(.id | split(" ")[0]), .error.code // "ok"] | join(" ")' out | sort -u)" "$want"
is 'what was left of an earlier run' "$(jq -c 'select(.id | startswith("ok ")) | .exports.default[1]' out | sort -u)" '"undefined"'
is 'each has its own' "$(jq -c 'select(.ok and (.id | startswith("ok "))) | select((.exports.default[0] | tostring) != (.id | split(" ")[1]) or .stdout != [.exports.default[0] | tostring])' out | head -n 3)" ''
flat 1500 16

test_that "$small small runs: every line is answered once, and nothing grows"
seq "$small" | awk '{ printf "{\"id\":%d,\"code\":\"console.log(%d); export default %d\"}\n", $1, $1, $1 }' >jobs.jsonl
watched "$small" -j 2
is 'status' "$status $(cat err)" '0 '
is 'answers' "$(jq .id out | sort -n | uniq | wc -l) of $(wc -l <out)" "$small of $small"
is 'each has its own' "$(jq -c 'select(.exports.default != .id or .stdout != [.id | tostring])' out | head -n 3)" ''
flat 1500 12

test_done
