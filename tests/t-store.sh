#!/bin/sh
# The store: what agents find, keep and get back, its file, its limits, and stores of jobs.
# shellcheck source-path=SCRIPTDIR source=lib.sh disable=SC2016 # the $ and ` in quotes are JavaScript's
. "$(dirname "$0")/lib.sh"

# store CODE: runs it with the store in state.json
store() {
    agent "$1" --store state.json
}

# kept WANT: the file as compact JSON
kept() {
    is 'the file' "$(jq -c . state.json)" "$1"
}

test_that 'a file that does not exist is an empty store, and is made'
rm -f state.json
store 'export default [store.get("a"), store.keys(), store.delete("a")]; store.set("a", 1)'
gives '{"default":[{"$type":"undefined"},[],false]}'
json .storeWrites '{"set":{"a":1},"delete":[]}'
kept '{"a":1}'

test_that 'values come back with their types, as copies'
store 'const v = { m: new Map([["k", 5n]]), s: new Set([1]), n: NaN, b: new Uint8Array([7]) };
store.set("v", v); v.m.set("late", 1);
const one = store.get("v"); one.m.set("x", 1);
export default [store.get("v").m.size, store.get("v").b]'
gives '{"default":[1,{"$type":"Uint8Array","base64":"Bw=="}]}'
store 'const v = store.get("v"); export default [v.m.get("k") === 5n, v.s.has(1), Number.isNaN(v.n), v.b[0]]'
gives '{"default":[true,true,true,7]}'
json .storeWrites '{"set":{},"delete":[]}'

test_that 'deleting, setting again, and keys in their order'
echo '{"b":1,"a":2,"__proto__":3,"1":4}' >state.json
store 'store.delete("a"); store.set("new", 0); store.delete("new"); store.set("b", 9); store.set("toString", 5); export default [store.keys(), store.get("__proto__"), store.get("hasOwnProperty")]'
gives '{"default":[["b","__proto__","1","toString"],3,{"$type":"undefined"}]}'
json .storeWrites '{"set":{"b":9,"toString":5},"delete":["a"]}'
is 'the file' "$(cat state.json)" '{
"b":9,
"__proto__":3,
"1":4,
"toString":5
}'

test_that 'a run that fails writes nothing, whatever it fails of'
echo '{"a":1}' >state.json
store 'store.set("a", 2); throw new Error("no")'
fails ERR_USER_CODE
json .storeWrites null
store 'store.set("a", 3); export default () => {}'
fails ERR_EXPORT_NOT_SERIALIZABLE
agent 'store.set("a", 4); for (;;);' --store state.json --cpu-time-ms 50
fails ERR_CPU_TIMEOUT
globals '{"f":{"returns":1,"delayMs":1000}}'
agent 'export default 1; store.set("a", 5); f()' --store state.json -g globals.json --strict-await
fails ERR_UNAWAITED_CALL
is 'the file' "$(cat state.json)" '{"a":1}'

test_that 'a run that writes nothing leaves the file as it is'
printf '{ "a" : [ 1,\n2 ] }' >state.json
store 'export default store.get("a")'
gives '{"default":[1,2]}'
is 'the file' "$(cat state.json)" '{ "a" : [ 1,
2 ] }'

test_that 'errors can be caught, and say what is wrong'
rm -f state.json
store 'const says = (f) => { try { f(); return "nothing"; } catch (e) { return `${e.name}: ${e.message}`; } };
export default [says(() => store.set("f", { a: [() => 1] })), says(() => store.set("u", undefined)), says(() => store.set(1, 1)),
    says(() => store.get()), says(() => store.set("g", { get x() { throw new RangeError("mine"); } })), store.keys()]'
gives '{"default":["TypeError: store.set: value.a[0] cannot be kept: it is a function","TypeError: store.set: undefined cannot be kept: use store.delete","TypeError: store.set takes a string as key","TypeError: store.get takes a string as key","RangeError: mine",[]]}'

test_that 'a value has 256 Ki characters at most, all have 1 Mi, with their keys'
store 'const says = (f) => { try { f(); return "kept"; } catch (e) { return `${e.name}: ${e.message}`; } };
const most = 256 * 1024 - 2;
export default [says(() => store.set("a", "é".repeat(most))), says(() => store.set("a", "x".repeat(most + 1))),
    says(() => store.set("a", "\u{1f600}".repeat(most / 2))), says(() => store.set("b", "x".repeat(most))),
    says(() => store.set("c", "x".repeat(most))), says(() => store.set("d", "x".repeat(most - 12))), says(() => store.set("e", 1)), store.delete("d"), says(() => store.set("e", 1))]'
gives '{"default":["kept","RangeError: store.set: the value takes more than 262144 characters","kept","kept","kept","kept","RangeError: store.set: the store would take more than 1048576 characters: delete something",true,"kept"]}'
is 'keys' "$(jq -c keys state.json)" '["a","b","c","e"]'
store 'export default [...store.get("a")].length'
gives '{"default":131071}'
store 'export default (() => { try { for (let i = 0; ; i++) store.set("k" + i, 1); } catch (e) { return [e.message, store.keys().length]; } })()'
gives '{"default":["store.set: the store would have more than 16384 keys: delete some",16384]}'

test_that 'what agent code replaces changes nothing'
echo '{"a":{"x":1}}' >state.json
store 'Map.prototype.get = Map.prototype.set = JSON.stringify = JSON.parse = Array.prototype.push = () => { throw 1; };
Object.prototype.toJSON = String.prototype.toJSON = () => "forged";
Object.defineProperty(Array.prototype, 0, { configurable: true, set() { throw 2; } });
const a = store.get("a").x; store.set("b", "plain"); delete Object.prototype.toJSON; delete String.prototype.toJSON; delete Array.prototype[0];
globalThis.store = { set() {} }; export default a'
gives '{"default":1}'
is 'written' "$(jq -c .b state.json)" '"plain"'

test_that 'without a store there is no such global; with one it is not listed'
agent 'export default typeof store'
gives '{"default":"undefined"}'
store 'const listed = Object.keys(globalThis); { const store = 1; } export default listed'
gives '{"default":[]}'

test_that 'a prefix or definition that has the name: nothing runs'
globals '{"store":{"returns":1}}'
agent 'export default 1' --store state.json -g globals.json
refused "a global 'store'"
prefix 'globalThis.store = 1'
agent 'export default 1' --store state.json --snapshot p.snap
refused "a global 'store'"

test_that 'files that are no store are refused before anything runs'
printf '' >empty
echo '[1]' >list
echo '{"a":1,"\u0061":2}' >twice
printf '{"a":' >broken
for name in empty list twice broken; do
    agent 'export default 1' --store "$name"
    exits 2
    has "$name" "$(cat err)" "$name"
done
has 'twice' "$(iso run -e 1 --store twice; cat err)" "has a key twice, 'a'"
jq -nc '{a: ("x" * 262143)}' >large
iso run -e 1 --store large
refused "holds a value of more than 256 Ki characters, 'a'"
iso run -e 1 --store .
exits 2
iso run -e 1 --store -
refused 'takes a file'
iso run -e 1 -e 2 --store state.json
refused 'takes one agent'
echo 'export default 1' >own.js
iso run own.js --store own.js
refused '--store would replace'

test_that 'a store that has changed meanwhile is not written'
echo '{"a":1}' >state.json
globals "{\"slow\":{\"command\":[\"sh\",\"-c\",\"cp state.json other && mv other state.json; echo null\"]}}"
agent 'await slow(); store.set("a", 2)' --store state.json -g globals.json
exits 3
is 'standard output' "$(cat out)" ''
has 'standard error' "$(cat err)" 'has been changed while the run went on'
kept '{"a":1}'

test_that 'jobs of a batch have stores of their own, and their results what was written'
cat >jobs.jsonl <<'EOF'
{"id":1,"store":{"n":1},"code":"store.set('n', store.get('n') + 1); export default store.get('n')"}
{"id":2,"store":{},"code":"export default store.keys()"}
{"id":3,"code":"export default typeof store"}
{"id":4,"store":[],"code":""}
{"id":5,"store":{"a":1,"a":2},"code":""}
{"id":6,"store":{"a":1},"code":"store.delete('a'); throw 1"}
{"id":7,"store":{"a":[1,{"$type":"bigint","value":"3"}]},"code":"export const f = () => { store.set('b', store.get('a')[1] + 1n); }","call":"f"}
EOF
iso batch --ordered jobs.jsonl
is 'results' "$(jq -c '[.id, .exports.default // .error.message, .storeWrites]' out)" '[1,2,{"set":{"n":2},"delete":[]}]
[2,[],{"set":{},"delete":[]}]
[3,"undefined",null]
[4,"job 4: store takes an object",null]
[5,"job 5: the store has a key twice, '"'a'"'",null]
[6,"1",null]
[7,null,{"set":{"b":{"$type":"bigint","value":"4"}},"delete":[]}]'

# ---- records

test_that 'a record has the store that the run began with, and a replay writes none'
echo '{"n": 1, "old": [null]}' >state.json
globals '{"f": {"command": ["sh", "-c", "echo called >>calls; echo 5"]}}'
printf '%s\n' 'store.set("n", store.get("n") + await f()); store.delete("old"); export default store.get("n")' >agent.js
rm -f record.jsonl calls
iso run agent.js -g globals.json --store state.json --record record.jsonl
gives '{"default":6}'
is 'the head' "$(jq -c 'select(.record) | .store' record.jsonl)" '{"n":1,"old":[null]}'
is 'the store' "$(jq -c . state.json)" '{"n":6}'
cp state.json before
iso run agent.js -g globals.json --replay record.jsonl
json '[.exports.default, .storeWrites]' '[6,{"set":{"n":6},"delete":["old"]}]'
is 'the store' "$(cat state.json)" "$(cat before)"
is 'calls' "$(cat calls)" called

test_that 'a paused run goes on from the store of its record, and writes the store when it has succeeded'
echo '{"n":1}' >state.json
globals '{"f": {"command": ["sh", "-c", "echo called >>calls; echo 5"], "approval": "ask"}}'
rm -f record.jsonl calls
iso run agent.js -g globals.json --approve pause --store state.json --record record.jsonl
exits 4
kept '{"n":1}'
iso run agent.js -g globals.json --store state.json --replay record.jsonl --on-miss=live --record record.jsonl --decide 1=allow
exits 0
kept '{"n":6}'

test_that 'a store that was changed while a run was paused is not overwritten'
echo '{"n":1}' >state.json
rm -f record.jsonl calls
iso run agent.js -g globals.json --approve pause --store state.json --record record.jsonl
echo '{"n":100}' >state.json
iso run agent.js -g globals.json --store state.json --replay record.jsonl --on-miss=live --record record.jsonl --decide 1=allow
refused "the store has changed since the record 'record.jsonl' was begun"
is 'calls' "$(ls calls 2>/dev/null)" ''
iso run agent.js -g globals.json --replay record.jsonl --on-miss=live --record record.jsonl --decide 1=allow
json '[.exports.default, .storeWrites]' '[6,{"set":{"n":6},"delete":[]}]'
kept '{"n":100}'

test_that 'a record without a store gives none, and a store is no object where it was changed by hand'
rm -f record.jsonl
iso run -e 'export default typeof store' --record record.jsonl
iso run -e 'export default typeof store' --replay record.jsonl
gives '{"default":"undefined"}'
iso run -e 'export default typeof store' --store state.json --replay record.jsonl --on-miss=live --record record.jsonl
refused "the record 'record.jsonl' is of a run without a store"
jq -c 'if .record then .store = [] else . end' record.jsonl >changed.jsonl
iso run -e 'export default typeof store' --replay changed.jsonl
refused "'changed.jsonl', line 1: store is not what iso4 writes there"
jq -c 'if .record then .store = {a: ("x" * 300000)} else . end' record.jsonl >changed.jsonl
iso run -e 'export default typeof store' --replay changed.jsonl
refused 'holds a value of more than 256 Ki characters'

test_that 'a job of a batch is recorded with its store, and replayed from it'
echo '{"id":1,"record":true,"store":{"n":1},"code":"store.set(`n`, store.get(`n`) + 1); export default Math.random()"}' >jobs.jsonl
iso batch jobs.jsonl
jq -c '[.exports, .storeWrites]' out >first
jq -c '{id: 2, replay: .record, code: "store.set(`n`, store.get(`n`) + 1); export default Math.random()"}' out >jobs.jsonl
iso batch jobs.jsonl
is 'exports and writes' "$(jq -c '[.exports, .storeWrites]' out)" "$(cat first)"

test_done
