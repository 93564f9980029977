#!/bin/sh
# SPDX-License-Identifier: MIT
# A soak of iso4 batch: mixed runs, each line answered once with its code, and processes that do not grow. FULL=1 (`make
# soak`): 200,000 mixed runs and 100,000 small ones; else a hundredth of it.
# shellcheck source-path=SCRIPTDIR source=lib.sh disable=SC2016 # the $ and ` in quotes are JavaScript's
. "$(dirname "$0")/lib.sh"

part=${FULL:+100}
mixed=$((2000 * ${part:-1})) small=$((1000 * ${part:-1}))
test -z "${SANITIZE-}" || mixed=400 small=300

echo '{"f":{"returns":[1,"two"],"delayMs":1},"g":{"throws":{"name":"RangeError","message":"no"}}}' >globals.json

# The code that must come of each kind stands in its id.
mix() {
    awk -v count="$1" 'BEGIN {
        n = split("ok throw parse call fail loop wait bomb never deep", kind)
        code["ok"] = "console.log(#); export default [#, typeof left]; globalThis.left = 1"
        code["throw"] = "throw new Error(`#`)"
        code["parse"] = "{"
        code["call"] = "export default (await f(#))[1]"
        code["fail"] = "await g(#)"
        code["loop"] = "for (;;);"
        code["wait"] = "await new Promise((r) => setTimeout(r, 60000))"
        code["bomb"] = "const a = []; for (;;) a.push(new Array(1e5).fill(1.5))"
        code["never"] = "await new Promise(() => {})"
        code["deep"] = "(function f() { f(); })()"
        limits["loop"] = ",\"limits\":{\"cpuTimeMs\":20}"
        limits["wait"] = ",\"limits\":{\"wallTimeMs\":20}"
        for (i = 1; i <= count; i++) {
            # The dear ones are rare.
            k = i % 40 == 0 ? "bomb" : i % 20 == 0 ? "loop" : i % 20 == 10 ? "wait" : kind[i % n + 1]
            if (k == "bomb" && i % 40 || (k == "loop" || k == "wait") && i % 10) k = "ok"
            c = code[k]
            gsub("#", i, c)
            printf "{\"id\":\"%s %d\",\"code\":\"%s\"%s}\n", k, i, c, limits[k]
        }
    }'
}

want='bomb ERR_MEMORY_LIMIT
call ok
deep ERR_USER_CODE
fail ERR_HOST_BRIDGE
loop ERR_CPU_TIMEOUT
never ERR_DID_NOT_SETTLE
ok ok
parse ERR_COMPILE
throw ERR_USER_CODE
wait ERR_WALL_TIMEOUT'

test_that "$mixed mixed runs: every line is answered once, with its code"
mix "$mixed" >jobs.jsonl
timeout 3000 "$ISO4" batch -j 4 --memory-mb 32 -g globals.json jobs.jsonl >out 2>err
is 'status' "$? $(cat err)" '1 '
is 'answers' "$(jq -r '.id | split(" ")[1]' out | sort -n | uniq | wc -l) of $(wc -l <out)" "$mixed of $mixed"
is 'codes' "$(jq -r '[(.id | split(" ")[0]), .error.code // "ok"] | join(" ")' out | sort -u)" "$want"
is 'what was left of an earlier run' "$(jq -c 'select(.id | startswith("ok ")) | .exports.default[1]' out | sort -u)" '"undefined"'
is 'each has its own' "$(jq -c 'select(.ok and (.id | startswith("ok "))) | select((.exports.default[0] | tostring) != (.id | split(" ")[1]) or .stdout != [.exports.default[0] | tostring])' out | head -n 3)" ''

# rss PID: in KB, without pages of files
rss() {
    sed -n 's/^RssAnon:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$1/status"
}

answered() {
    test "$(wc -l <out)" -ge "$1"
}

test_that "$small runs: iso4 and its zygote have as much memory and as many descriptors as before"
mkfifo input
"$ISO4" batch -j 2 <input >out 2>err &
pid=$!
exec 8>input
feed() {
    seq "$1" "$2" | awk '{ printf "{\"id\":%d,\"code\":\"console.log(%d); export default %d\"}\n", $1, $1, $1 }' >&8
    until answered "$2" || ! kill -0 $pid; do
        sleep 0.1
    done
}
state() {
    _zygote=$(children $pid | head -n 1)
    echo "$(rss $pid) $(rss "$_zygote") $(find /proc/$pid/fd | wc -l) $(find "/proc/$_zygote/fd" | wc -l)"
}
feed 1 200
# shellcheck disable=SC2046 # words
set -- $(state)
feed 201 "$small"
sleep 0.5
before="$*"
# shellcheck disable=SC2046,SC2086
set -- $before $(state)
exec 8>&-
wait $pid
is 'status' $? 0
within 'KB of iso4' "$5" 1 $(($1 + 1500))
within 'KB of the zygote' "$6" 1 $(($2 + 1500))
within 'descriptors of iso4' "$7" 3 $(($3 + 4))
is 'descriptors of the zygote' "$8" "$4"
is 'answers' "$(jq .id out | sort -n | uniq | wc -l)" "$small"

test_done
