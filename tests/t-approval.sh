#!/bin/sh
# SPDX-License-Identifier: MIT
# Approval: calls that a person, or a program, decides on before anything is started; runs that pause for it and go on.
# shellcheck source-path=SCRIPTDIR source=lib.sh disable=SC2016 # the $ in quotes are jq's
. "$(dirname "$0")/lib.sh"

globals '{
  "pay": {"command": ["sh", "-c", "cat >>effects; echo 1"], "approval": "ask", "description": "Pays money.", "parameters": {"type": "number"}},
  "bank": {"approval": "ask", "members": {"send": {"command": ["sh", "-c", "cat >>effects; echo 2"]}, "deep": {"members": {"f": {"returns": 3}}}, "name": {"value": "B"}}},
  "free": {"returns": 4, "delayMs": 3}}'
echo 'const all = await Promise.allSettled([pay(1), bank.send("x"), bank.deep.f(), free()]);
export default all.map((r) => r.value ?? [r.reason.name, r.reason.message, r.reason.reason]);' >agent.js
clean() {
    rm -f effects run.jsonl asked
}
# effects WANT
effects() {
    is 'effects' "$(tr -d '\n' <effects)" "$1"
}

test_that 'without an approver calls are denied before anything is started, also in members of members'
clean
iso run -g globals.json agent.js
denied='was denied: there is no approver (--approve)'
gives "{\"default\":[[\"ApprovalDenied\",\"'pay' $denied\",\"there is no approver (--approve)\"],[\"ApprovalDenied\",\"'bank.send' $denied\",\"there is no approver (--approve)\"],[\"ApprovalDenied\",\"'bank.deep.f' $denied\",\"there is no approver (--approve)\"],4]}"
holds 'nothing is started' test ! -e effects

test_that '--approve=allow makes them, --approve=deny does not'
iso run -g globals.json --approve=allow agent.js
gives '{"default":[1,2,3,4]}'
is 'effects, in either order' "$(sed 's/]/]\n/g' effects | sort | tr -d '\n')" '["x"][1]'
clean
iso run -g globals.json --approve=deny agent.js
json '.exports.default[0]' "[\"ApprovalDenied\",\"'pay' was denied\",{\"\$type\":\"undefined\"}]"
holds 'nothing is started' test ! -e effects

test_that 'an uncaught denial is the failure of the run'
agent 'await pay(1)' -g globals.json
fails ERR_HOST_BRIDGE
json '[.error.name, .error.fields]' '["ApprovalDenied",{"reason":"there is no approver (--approve)"}]'
echo 'const all = await Promise.allSettled([pay(1), bank.send("x"), bank.deep.f(), free()]);
export default all.map((r) => r.value ?? [r.reason.name, r.reason.message, r.reason.reason]);' >agent.js

test_that 'arguments are checked before the approver is asked'
iso run -g globals.json --approve-command '["touch", "asked"]' -e 'export default await pay("all of it").catch((e) => e.name)'
gives '{"default":"TypeError"}'
holds 'the approver is not asked' test ! -e asked

test_that 'a program decides: it gets name, arguments and description, and may give a reason'
clean
cat >ask.sh <<'EOF'
#!/bin/sh
read -r question
echo "$question" >>asked
case $question in
*bank.send*) echo '{"decision": "deny", "reason": "not \"x\""}' ;;
*) echo '{"decision": "allow"}' ;;
esac
EOF
chmod +x ask.sh
iso run -g globals.json --approve-command ./ask.sh agent.js
json '.exports.default' '[1,["ApprovalDenied","'"'bank.send' was denied: not \\\"x\\\""'","not \"x\""],3,4]'
is 'asked' "$(cat asked)" '{"name":"pay","args":[1],"description":"Pays money."}
{"name":"bank.send","args":["x"]}
{"name":"bank.deep.f","args":[]}'
effects '[1]'

test_that 'a program that fails, or says something else, denies'
for answer in 'exit 3' 'echo' 'echo []' 'echo {}' 'echo {\"decision\":true}' 'echo {\"decision\":\"yes\"}' 'kill -9 $$' 'yes | head -c 100000'; do
    iso run -g globals.json --approve-command "[\"sh\", \"-c\", $(printf '%s' "$answer" | jq -Rs .)]" -e 'export default await bank.deep.f().catch((e) => e.name)'
    gives '{"default":"ApprovalDenied"}'
done
iso run -v -g globals.json --approve-command ./nowhere -e 'export default await bank.deep.f().catch((e) => e.reason)'
json '.exports.default' '"the approval command could not be started"'
has 'for the operator' "$(cat err)" 'the approval command could not be started' nowhere

test_that 'waiting for a decision counts neither for the limit on real time nor for timeoutMs'
echo '{"f": {"command": ["echo", "5"], "approval": "ask", "timeoutMs": 900}}' >timed.json
iso run -g timed.json --wall-time-ms 900 --approve-command '["sh", "-c", "sleep 1.2; echo {\\\"decision\\\":\\\"allow\\\"}"]' -e 'export default await f()'
gives '{"default":5}'

test_that 'the limit on real time goes on after the decision'
iso run -g timed.json --wall-time-ms 400 --approve-command '["sh", "-c", "echo {\\\"decision\\\":\\\"allow\\\"}"]' -e 'await f(); await new Promise(() => setTimeout(() => {}, 60000))'
fails ERR_WALL_TIMEOUT

test_that 'a call that is called off, and a run that ends, need no decision any more'
iso run -g globals.json --approve-command '["sleep", "60"]' --form module -e 'void pay(1); export default 1'
gives '{"default":1}'

test_that 'a run pauses when it waits for decisions only, with exit status 4'
clean
iso run -g globals.json --approve=pause --record run.jsonl agent.js
exits 4
json '[.ok, .status, .error.code, .pending]' '[false,"paused","ERR_APPROVAL_PENDING",[{"n":1,"name":"pay","args":[1]},{"n":2,"name":"bank.send","args":["x"]},{"n":3,"name":"bank.deep.f","args":[]}]]'
is 'end of the record' "$(tail -n 1 run.jsonl | jq -c '[.status, .code]')" '["paused","ERR_APPROVAL_PENDING"]'
holds 'nothing is started' test ! -e effects

test_that 'some are decided, it pauses again, the rest is decided, and it ends: nothing is done twice'
on='-g globals.json --replay run.jsonl --on-miss=live --record run.jsonl --approve=pause'
# shellcheck disable=SC2086 # words
{
    iso run $on --decide 1=allow agent.js
    exits 4
    json '.pending | map(.n)' '[2,3]'
    effects '[1]'
    iso run $on agent.js
    exits 4
    json '.pending | map(.n)' '[2,3]'
    iso run $on --decide '2=deny:too much' agent.js
    exits 4
    iso run $on --decide 3=allow agent.js
    json '.exports.default' '[1,["ApprovalDenied","'"'bank.send' was denied: too much"'","too much"],3,4]'
}
effects '[1]'

test_that 'the record of all that is replayed like any other'
iso run -g globals.json --replay run.jsonl agent.js
json '.exports.default' '[1,["ApprovalDenied","'"'bank.send' was denied: too much"'","too much"],3,4]'
effects '[1]'

test_that 'a timer does not run out while a run is paused'
clean
echo 'export default await Promise.race([pay(7), new Promise((go) => setTimeout(go, 200, "late"))])' >race.js
iso run -g globals.json --approve=pause --record run.jsonl race.js
exits 4
sleep 0.3
# shellcheck disable=SC2086 # words
iso run $on --decide 1=allow race.js
gives '{"default":1}'

test_that 'a decision on a call that is not there, or has its answer, is refused'
# shellcheck disable=SC2086 # words
{
    iso run $on --decide 1=allow race.js
    refused 'the decision on call 1: it has its answer in the record'
    iso run $on --decide 9=allow race.js
    refused 'the decision on call 9: it is not in the record'
    iso run $on --decide 1=maybe race.js
    refused '--decide takes the number of a call'
    iso run $on --decide 1=allow --decide 1=deny race.js
    refused 'decides on call 1 twice'
}

test_that 'a run cannot take away the approval that a snapshot asks for'
clean
prefix '1' -g globals.json
iso run --allow-host-commands -s p.snap -e 'export default await pay(1).catch((e) => e.name)'
gives '{"default":"ApprovalDenied"}'
echo '{"pay": {"returns": 8}, "bank": {"members": {"send": {"returns": 9}}}}' >given.json
iso run --allow-host-commands -s p.snap -g given.json -e 'export default [await pay(1).catch((e) => e.name), await bank.send(1).catch((e) => e.name)]'
gives '{"default":["ApprovalDenied","ApprovalDenied"]}'
echo '{"free": {"returns": 8, "approval": "ask"}}' >given.json
iso run --allow-host-commands -s p.snap -g given.json -e 'export default await free().catch((e) => e.name)'
gives '{"default":"ApprovalDenied"}'

test_that 'a job of a batch pauses, some is decided, it pauses again, and it ends'
clean
# job MORE: agent.js as a job with these members
job() {
    jq -cRs --argjson more "$1" '{id: 1, code: .} + $more' agent.js >jobs.jsonl
    iso batch -g globals.json --approve=pause jobs.jsonl
}
job '{"record": true}'
exits 4
json '[.id, .status, (.pending | map(.n)), (.record | length)]' '[1,"paused",[1,2,3],7]'
job "$(jq -c '{record: true, replay: .record, onMiss: "live", decide: {"1": "allow"}}' out)"
exits 4
json '.pending | map(.n)' '[2,3]'
effects '[1]'
job "$(jq -c '{record: true, replay: .record, onMiss: "live", decide: {"2": {decision: "deny", reason: "too much"}, "3": "allow"}}' out)"
json '.exports.default' '[1,["ApprovalDenied","'"'bank.send' was denied: too much"'","too much"],3,4]'
job "$(jq -c '{replay: .record}' out)"
exits 0
json '[.exports.default[0], has("record")]' '[1,false]'
effects '[1]'

test_that 'a paused job counts as answered for --resume: it would be done twice'
job '{"record": true}'
cp out earlier.jsonl
iso batch -g globals.json --approve=pause --resume earlier.jsonl jobs.jsonl
exits 0
is 'results' "$line" ''

test_that 'jobs that ask for what does not go together are refused'
# wrong MORE TEXT
wrong() {
    job "$1"
    json '.error | [.code, .message]' "[\"ERR_BAD_JOB\",\"job 1: $2\"]"
}
wrong '{}' 'approval that pauses a run needs record: true, which the run goes on from'
wrong '{"onMiss": "live"}' 'onMiss needs replay'
wrong '{"replay": [], "onMiss": "maybe"}' 'onMiss is \"fail\" or \"live\"'
wrong '{"replay": [], "onMiss": "live"}' 'onMiss live needs record: true, where the calls go that are made'
wrong '{"replay": [], "decide": {"1": "allow"}}' 'decide needs onMiss live: what is allowed is made'
wrong '{"replay": [], "record": true}' 'record with replay needs onMiss live: without it there is nothing to add'
wrong '{"replay": [], "seed": 1}' 'replay has seed, now, tz and store: leave them out'
wrong '{"replay": [], "store": {}}' 'replay has seed, now, tz and store: leave them out'
wrong '{"replay": []}' "the record 'replay', line 1: the record is empty"
wrong '{"replay": [1]}' "the record 'replay', line 1: a line is a JSON object"
wrong '{"record": 1}' 'record takes true or false'

test_that 'mistakes are refused'
globals '{"f": {"returns": 1, "approval": true}}'
iso run -g globals.json -e 1
refused "globals.json:1:34: 'f' approval is \"ask\""
globals '{"v": {"value": 1, "approval": "ask"}}'
iso run -g globals.json -e 1
refused "approval, which does not go with value"
iso run --approve=pause -e 1
refused '--approve=pause needs --record'
iso run --approve=allow --approve-command x -e 1
refused '--approve and --approve-command both decide'
iso run --approve-command '[1]' -e 1
refused 'takes an array of strings'
iso run --approve-command '[]' -e 1
refused '--approve-command takes a program'

test_done
