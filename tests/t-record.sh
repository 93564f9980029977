#!/bin/sh
# SPDX-License-Identifier: MIT
# Records of runs, and replays of them: what stands in the file, when, and what is refused. That a replay is exact is
# tested in tests/record.
# shellcheck source-path=SCRIPTDIR source=lib.sh disable=SC2016 # the $ in quotes are jq's
. "$(dirname "$0")/lib.sh"

# line FILTER WANT: what jq makes of the lines of run.jsonl as an array
lines() {
    is "jq '$1' run.jsonl" "$(jq -sc "$1" run.jsonl 2>&1)" "$2"
}

globals '{"f": {"returns": {"a": 1}}, "bad": {"throws": {"name": "TypeError", "message": "no"}}, "act": {"command": ["sh", "-c", "cat >>effects; echo 1"]}}'
clean() {
    rm -f run.jsonl other.jsonl effects
}

test_that 'a record has a head, a line for each call and each answer, and the end'
clean
agent 'await f(1, [undefined, 2n]); await bad().catch(String); await act(); export default 1' -g globals.json --record run.jsonl
gives '{"default":1}'
lines '.[0] | keys_unsorted' '["iso4","record","v8","source","snapshot","definitions","options","seed","now","clock","tz","limits"]'
lines '.[0] | [.record, .snapshot, .clock, .tz, .limits.maxBridgeCalls]' '[1,null,"moves",null,100]'
is 'source' "$(jq -r 'select(.source).source' run.jsonl)" "$(sha256sum <agent.js | cut -c1-64)"
lines '.[1:] | map(del(.startMs, .clockUs))' '[{"n":1,"name":"f","args":[1,[{"$type":"undefined"},{"$type":"bigint","value":"2"}]]},{"n":1,"value":{"a":1},"turn":1},{"n":2,"name":"bad","args":[]},{"n":2,"throw":{"name":"TypeError","message":"no"},"turn":2},{"n":3,"name":"act","args":[]},{"n":3,"value":1,"turn":3},{"status":"completed"}]'
is 'mode' "$(stat -c %a run.jsonl)" 600

test_that 'a run that fails says so in its record'
clean
agent 'await f(); throw new RangeError("x")' -g globals.json --record run.jsonl
fails ERR_USER_CODE
lines '.[-1]' '{"status":"failed","code":"ERR_USER_CODE","message":"x"}'

test_that 'seed, clock, time zone and limits of a replay are the recorded ones'
clean
agent 'export default [Math.random(), new Date().toString()]' --record run.jsonl --seed 18446744073709551615 --now 5 --tz Asia/Tokyo
first=$line
lines '.[0] | [.now, .clock, .tz]' '[5,"set","Asia/Tokyo"]'
iso run --replay run.jsonl agent.js
is 'exports' "$(jq -c .exports out)" "$(echo "$first" | jq -c .exports)"
clean
agent 'for (;;) await f()' -g globals.json --record run.jsonl --max-bridge-calls 7
fails ERR_BRIDGE_CALL_LIMIT_EXCEEDED
iso run -g globals.json --replay run.jsonl agent.js
fails ERR_BRIDGE_CALL_LIMIT_EXCEEDED
json '.bridgeCalls | length' 8

test_that 'a call stands in the record before anything is started for it'
clean
echo '{"look": {"command": ["sh", "-c", "tail -n 1 run.jsonl | jq -c [.n,.name,.args]"]}}' >look.json
agent 'export default await look("before")' -g look.json --record run.jsonl
gives '{"default":[1,"look",["before"]]}'

test_that 'a run that is killed leaves whole lines, and its calls are not made again'
clean
echo '{"f": {"returns": 1}, "act": {"command": ["sh", "-c", "cat >>effects; sleep 60"]}}' >slow.json
echo 'await f(); await act(1); export default 2' >agent.js
"$ISO4" run -g slow.json --record run.jsonl agent.js >out 2>err &
pid=$!
holds 'the program has begun' eventually test -s effects
kill -KILL $pid
wait $pid 2>/dev/null
lines 'map(.n)' '[null,1,1,2]'
iso run -g slow.json --replay run.jsonl agent.js
fails ERR_REPLAY_DIVERGED
json '.error.message' "\"call 2, of 'act', has no answer in the record, which ends here\""
iso run -g slow.json --replay run.jsonl --on-miss=live --record run.jsonl agent.js
fails ERR_REPLAY_DIVERGED
has 'message' "$(jq -r .error.message out)" "call 2, of 'act', was begun in the recorded run" 'it may have had its effect'
is 'effects' "$(cat effects)" '[1]'

test_that 'the user decides on such a call'
clean
cp globals.json now.json
agent 'await f(); export default await act(1).catch((e) => e.reason)' -g now.json --record run.jsonl
grep -v '"n":2,"value"\|"status"' run.jsonl >other.jsonl
rm effects
iso run -g now.json --replay other.jsonl --on-miss=live --record other.jsonl --decide '2=deny:it was done' agent.js
gives '{"default":"it was done"}'
holds 'nothing is started' test ! -e effects
grep -v '"n":2,"value"\|"status"' run.jsonl >third.jsonl
iso run -g now.json --replay third.jsonl --on-miss=live --record third.jsonl --decide 2=allow agent.js
gives '{"default":1}'
is 'effects' "$(cat effects)" '[1]'

test_that 'also when a run has diverged at it in the same record'
grep -v '"n":2,"value"\|"status"' run.jsonl >other.jsonl
rm effects
iso run -g now.json --replay other.jsonl --on-miss=live --record other.jsonl agent.js
fails ERR_REPLAY_DIVERGED
iso run -g now.json --replay other.jsonl --on-miss=live --record other.jsonl --decide '2=deny:it was done' agent.js
gives '{"default":"it was done"}'
iso run -g now.json --replay other.jsonl agent.js
gives '{"default":"it was done"}'
holds 'nothing is started' test ! -e effects

test_that 'a full disk ends the run, and no effect is repeated when it goes on'
clean
mkdir -p disk
cat >full.sh <<'SH'
mount -t tmpfs -o size=64k none disk || exit 99
run() {
    timeout 20 "$ISO4" run -g full.json "$@" agent.js >out 2>err
}
for length in 1000 1500 2048 2900 3700 4100; do
    rm -f disk/* effects
    mount -o remount,size=64k disk
    jq -n --argjson length "$length" '{length: {value: $length}, act: {command: ["sh", "-c",
        "read -r args; args=${args#[}; echo ${args%%,*} >>effects; printf 1%0" + ($length * 7 % 900 + 1 | tostring) + "d 0"]}}' >full.json
    run --record disk/run.jsonl
    echo "$? $(cat out err)" >>ends
    test "$(wc -l <effects)" -le "$(jq -Rr 'fromjson? | select(.name) | .n' disk/run.jsonl | wc -l)" || echo "$length: an effect without a line" >>gaps
    mount -o remount,size=8m disk
    run --replay disk/run.jsonl --on-miss=live --record disk/run.jsonl
    if test $? != 0; then # the answer of the last call is lost: only a decision goes on
        jq -r .error.code out >>doubts
        run --replay disk/run.jsonl --on-miss=live --record disk/run.jsonl --decide "$(wc -l <effects)=deny"
    fi
    jq -c .exports out >>whole
    test "$(tr '\n' ' ' <effects)" = "$(seq 40 | tr '\n' ' ')" || echo "$length: $(cat effects)" >>gaps
done
SH
cat >agent.js <<'EOF'
const text = 'x'.repeat(length);
for (let n = 1; n <= 40; n++) await act(n, text).catch((error) => { if (error.name !== 'ApprovalDenied') throw error; });
export default 'done';
EOF
rm -f ends gaps whole doubts
if unshare -Urm mount -t tmpfs bare /mnt 2>/dev/null; then
    ISO4=$ISO4 timeout 120 unshare -Urm sh full.sh 2>mounts
    is 'ends' "$(sort ends | uniq -c | sed 's/^ *//')" "6 3 iso4: cannot write the record 'disk/run.jsonl': No space left on device"
    is 'gaps' "$(cat gaps 2>/dev/null)" ''
    is 'in the end' "$(sort whole | uniq -c | sed 's/^ *//')" '6 {"default":"done"}'
    is 'answers that were lost' "$(sort -u doubts 2>/dev/null)" ERR_REPLAY_DIVERGED
else
    skip 'unshare cannot make a file system here'
fi

test_that 'a run that was interrupted goes on'
clean
echo '{"act": {"command": ["sh", "-c", "cat >>effects; echo 1"]}, "wait": {"returns": 1, "delayMs": 60000}}' >slow.json
echo 'await act(1); await wait(); export default await act(2)' >agent.js
"$ISO4" run -g slow.json --record run.jsonl agent.js >out 2>err &
pid=$!
holds 'it waits' eventually grep -q wait run.jsonl
kill -INT $pid
wait $pid 2>/dev/null
lines '.[-1].code' '"ERR_ABORTED"'
sed -i 's/60000/1/' slow.json # another definition
iso run -g slow.json --replay run.jsonl --on-miss=live --record run.jsonl agent.js
refused 'is of a run with other definitions (globals or imports)'
sed -i 's/"delayMs": 1/"delayMs": 60000/' slow.json
iso run -g slow.json --replay run.jsonl --on-miss=live --record run.jsonl --decide '2=deny:no' agent.js
fails ERR_HOST_BRIDGE
json '.error.name' '"ApprovalDenied"'
is 'effects' "$(cat effects)" '[1]'

test_that 'secrets that definitions take from the environment are not in the record'
clean
echo '{"f": {"command": ["sh", "-c", "test \"$KEY\" = s3cret && echo 1"], "env": {"KEY": {"fromEnv": "TOKEN"}}}}' >secret.json
TOKEN=s3cret
export TOKEN
agent 'export default await f()' -g secret.json --record run.jsonl
unset TOKEN
gives '{"default":1}'
lacks 'record' "$(cat run.jsonl)" s3cret
iso run -g secret.json --replay run.jsonl agent.js # without the variable
gives '{"default":1}'

test_that 'a replay asks nothing of the host: neither programs nor clients need be there'
clean
echo '{"gone": {"command": ["./gone"]}}' >gone.json
printf '#!/bin/sh\necho 7\n' >gone
chmod +x gone
agent 'export default await gone()' -g gone.json --record run.jsonl
rm gone
iso run -g gone.json --replay run.jsonl agent.js
gives '{"default":7}'

test_that 'another agent, snapshot, definition or option is refused'
clean
agent 'export default await f()' -g globals.json --record run.jsonl
iso run -g globals.json --replay run.jsonl -e 'await f(); 1'
refused 'is of another agent' --replay-changed
iso run --replay run.jsonl agent.js
refused 'is of a run with other definitions'
iso run -g globals.json --replay run.jsonl --allow-eval agent.js
refused 'is of a run with another --call'
prefix 'globalThis.x = 1' -g globals.json
iso run --allow-host-commands -s p.snap --replay run.jsonl agent.js
refused 'is of a run with another snapshot'

test_that 'with --replay-changed another agent gets the same answers, up to the first call that differs'
iso run -g globals.json --replay run.jsonl --replay-changed -e 'export default [await f(), 2]'
gives '{"default":[{"a":1},2]}'
iso run -g globals.json --replay run.jsonl --replay-changed -e 'await f(3)'
fails ERR_REPLAY_DIVERGED
json '.error.message' '"call 1 is f(3), and in the record it is f()"'
iso run -g globals.json --replay run.jsonl --replay-changed -e 'await f(); await act("x")'
fails ERR_REPLAY_DIVERGED
has 'message' "$(jq -r .error.message out)" "call 2, of 'act', is not in the record" '--on-miss=live'
holds 'nothing is started' test ! -e effects

test_that 'a run that failed goes on with a better agent'
clean
agent 'const r = await act(1); export default r.x.y' -g globals.json --record run.jsonl
fails ERR_USER_CODE
iso run -g globals.json --replay run.jsonl --replay-changed --on-miss=live --record run.jsonl -e 'export default [await act(1), await act(2)]'
refused '--replay-changed needs another file for --record'
iso run -g globals.json --replay run.jsonl --replay-changed --on-miss=live --record other.jsonl -e 'export default [await act(1), await act(2)]'
gives '{"default":[1,1]}'
is 'effects' "$(cat effects)" '[1][2]'
iso run -g globals.json --replay other.jsonl -e 'export default [await act(1), await act(2)]'
gives '{"default":[1,1]}'

test_that 'a snapshot, --call, imports and several forms are recorded and replayed'
clean
prefix 'export const twice = async (x) => [await f(x), await f(x), Math.random()]' -g globals.json
iso run --allow-host-commands -s p.snap --call twice --args '[3]' --record run.jsonl
first=$(jq -c .value out)
exits 0
iso run --allow-host-commands -s p.snap --call twice --args '[3]' --replay run.jsonl
is 'value' "$(jq -c .value out)" "$first"
iso run --allow-host-commands -s p.snap --call twice --args '[4]' --replay run.jsonl
refused 'another --call, --args'

test_that 'a file that is there is not replaced'
echo mine >run.jsonl
chmod 644 run.jsonl
agent '1' --record run.jsonl
refused "'run.jsonl' is there already"
is 'content' "$(cat run.jsonl) $(stat -c %a run.jsonl)" 'mine 644'
mkfifo pipe
iso run --record pipe agent.js
refused "the record 'pipe' is no regular file"

test_that 'two runs do not go on from one record at a time'
clean
echo '{"act": {"command": ["sh", "-c", "cat >>effects; sleep 2; echo 1"]}}' >slow.json
echo 'export default await act(1)' >agent.js
"$ISO4" run -g slow.json --record run.jsonl agent.js >first 2>/dev/null &
pid=$!
holds 'the program has begun' eventually test -s effects
iso run -g slow.json --replay run.jsonl --on-miss=live --record run.jsonl agent.js
refused 'another iso4 writes the record'
wait $pid

test_that 'what is no record is refused, with the line'
head='{"record":1}'
wrong() {
    printf '%b' "$1" >bad.jsonl
    iso run --replay bad.jsonl agent.js
    refused "the record 'bad.jsonl', line $2: $3"
}
wrong '' 1 'the record is empty'
wrong '{"record":1' 1 'the record is cut off in its first line'
wrong '{"id":1}\n' 1 'this is no record'
wrong '{"record":2}\n' 1 'the record has format 2'
wrong "$head\n{\n" 2 'not JSON'
wrong "$head\n[]\n" 2 'a line is a JSON object'
wrong "$head\n{\"n\":0}\n" 2 'neither a call'
wrong "$head\n{\"n\":1,\"value\":1}\n" 2 'an answer or decision of call 1, which is not in the record'
wrong "$head\n{\"n\":1,\"name\":\"f\"}\n" 2 'a call has a name'
wrong "$head\n{\"n\":1,\"name\":\"f\",\"args\":[]}\n{\"n\":1,\"throw\":1}\n" 3 'an answer has a value, or an object'
wrong "$head\n{\"n\":1,\"name\":\"f\",\"args\":[]}\n{\"n\":1,\"turn\":1}\n" 3 'an answer that was taken has turn and clockUs'
wrong "$head\n{\"n\":1,\"name\":\"f\",\"args\":[]}\n{\"n\":1,\"decision\":\"maybe\"}\n" 3 'a decision is'
wrong "$head\n{\"status\":\"x\",\"code\":\"ERR_NEW\"}\n" 2 'an unknown code'
wrong "$head\n{\"status\":\"completed\"}\n{\"n\":1}\n" 3 'the run has ended'
printf '%s\n' "$head" '{"n":1,"name":"f","args":[]}' '{"n":1,"name":"f","args":[]}' >bad.jsonl
iso run --replay bad.jsonl agent.js
refused "call 1 stands in it twice"
mkdir -p folder
iso run --replay folder agent.js
refused "'folder'"

test_that 'options that do not go together are refused'
clean
for options in '--replay-changed' '--on-miss=live' '--decide 1=allow'; do
    # shellcheck disable=SC2086 # words
    iso run $options agent.js
    refused 'needs --replay'
done
iso run --replay run.jsonl --on-miss=live agent.js
refused '--on-miss=live needs --record'
iso run --replay run.jsonl --seed 1 agent.js
refused '--seed stands in the record'
iso run --store s.json --replay run.jsonl agent.js
refused '--store is not written by a replay'
iso run --record - agent.js
refused '--record takes a file'
iso run --record run.jsonl agent.js agent.js
refused 'a record is of one run'
iso run --replay x --on-miss=maybe agent.js
refused '--on-miss takes fail or live'

test_done
