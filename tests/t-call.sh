#!/bin/sh
# iso4 run --call: what is found and called, with which receiver and arguments, and what becomes of the result.
# shellcheck source-path=SCRIPTDIR source=lib.sh disable=SC2016 # the $ and ` in quotes are JavaScript's
. "$(dirname "$0")/lib.sh"

# error FILTER WANT: of .error
error() {
    json ".error | $1" "$2"
}

# gives VALUE [STDOUT]: the whole document of a call that went well
gives() {
    exits 0
    test_checks=$((test_checks + 1))
    case $line in
    '{"ok":true,"status":"completed","value":'"$1"',"stdout":['"${2-}"'],"stderr":[],"durationMs":'*',"bridgeCalls":[]}') ;;
    *) fail "result
got:  $(shorten "$line")
want: {\"ok\":true,\"status\":\"completed\",\"value\":$(shorten "$1"),\"stdout\":[${2-}],..." ;;
    esac
}

# gives_nothing: the call gave undefined
gives_nothing() {
    exits 0
    json 'keys_unsorted' '["ok","status","stdout","stderr","durationMs","cpuTimeMs","heapUsedBytes","bridgeCalls"]'
}

# not_found WHY [HINT]
not_found() {
    fails ERR_CALL_TARGET_NOT_FOUND
    error .message "\"$1\""
    test -z "${2-}" || error .hint "\"$2\""
}

SERVICE='class Base { greet(name) { return `${this.hello}, ${name}`; } get getter() { return (x) => x * 2; } static make() { return "made"; } }
class Service extends Base { #secret = 7; hello = "Hi"; async fetch(request) { await null; return { url: request.url, secret: this.#secret }; } }
export default new Service();
export const tools = { deep: { er: { self() { return this === tools.deep.er; } } }, list: [(x) => x + 1], text: "abc", count: 5, nothing: null };
export function receiver() { return this === undefined; }
export const echo = (...args) => args;
export const types = (...args) => args.map((arg) => Object.prototype.toString.call(arg));'

# ---- what is called

test_that 'an export is called, its value given in place of exports'
agent 'export const add = (a, b) => a + b; export const other = () => {};' --call add --args '[2, 3]'
gives 5

test_that 'the result comes as JSON with tags'
agent 'export const f = () => [1n, NaN, undefined, new Map([[1, new Set("a")]]), -0, "\ud800"];' --call f
gives '[{"$type":"bigint","value":"1"},{"$type":"number","value":"NaN"},{"$type":"undefined"},{"$type":"map","entries":[[1,{"$type":"set","values":["a"]}]]},-0,{"$type":"string","utf16":"ANg="}]'

test_that 'false, null, zero and the empty text are values'
for value in false null 0 '""' '[]' '{}'; do
    agent "export const f = () => ($value);" --call f
    gives "$value"
done

test_that 'undefined is left out'
agent 'export const f = () => {};' --call f
gives_nothing

test_that 'a promise of undefined is left out'
agent 'export const f = async () => {};' --call f
gives_nothing

test_that 'default'
agent 'export default () => "by default";' --call default
gives '"by default"'

test_that 'a method of an instance, with private fields: default.fetch'
agent "$SERVICE" --call default.fetch --args '[{ "url": "https://x/" }]'
gives '{"url":"https://x/","secret":7}'

test_that 'a method of a prototype further up has the instance for a receiver'
agent "$SERVICE" --call default.greet --args '["you"]'
gives '"Hi, you"'

test_that 'a getter gives what is called'
agent "$SERVICE" --call default.getter --args '[21]'
gives 42

test_that 'a static method, through the constructor'
agent "$SERVICE" --call default.constructor.make
gives '"made"'

test_that 'the receiver is the last object of the way'
agent "$SERVICE" --call tools.deep.er.self
gives true

test_that 'an export has no receiver'
agent "$SERVICE" --call receiver
gives true

test_that 'an item of an array'
agent "$SERVICE" --call tools.list.0 --args '[1]'
gives 2

test_that 'methods of texts and numbers, as in plain code'
agent "$SERVICE" --call tools.text.toUpperCase
gives '"ABC"'
agent "$SERVICE" --call tools.count.toFixed --args '[1]'
gives '"5.0"'

test_that 'an arrow function, a bound one, a proxy of one, a generator'
agent 'export const f = function () { return this.x; }.bind({ x: 1 });' --call f
gives 1
agent 'export const f = new Proxy(() => 2, {});' --call f
gives 2
agent 'export function* f() { yield 1; }' --call f
fails ERR_EXPORT_NOT_SERIALIZABLE

test_that 'export names that are no identifiers'
agent 'const f = () => 1; export { f as "odd name", f as then, f as __proto__, f as "" };' --call 'odd name'
gives 1
for name in 'then' __proto__; do # an empty one is refused: an unset variable of a shell
    iso run agent.js --call "$name"
    gives 1
done

test_that 'an export of an import is called'
echo 'export const f = (x) => x + 1;' >lib.js
agent 'export { f } from "lib"; export * as lib from "lib";' -I lib=lib.js --call f --args '[1]'
gives 2
iso run agent.js -I lib=lib.js --call lib.f --args '[2]'
gives 3

test_that 'a function of a host module is called'
echo '{ "host": { "exports": { "get": { "returns": { "rows": 2 } } } } }' >imports.json
agent 'export { get } from "host";' --imports imports.json --call get
exits 0
json '[.value, .bridgeCalls[0].name]' '[{"rows":2},"host.get"]'

test_that 'exports that are called as they are at the end of the module'
agent 'export let f = () => 1; await null; f = () => 2;' --call f
gives 2

test_that 'the other exports are not looked at'
agent 'export const f = () => 1; export const g = () => {}; export const never = new Promise(() => {});' --call f
gives 1

# ---- what cannot be called

test_that 'an export that is not there: the nearest is the hint'
agent 'export const handler = () => 1;' --call handle
not_found "cannot call 'handle': there is no export 'handle'" 'Did you mean `handler`?'

test_that 'an export that is not there and near to none'
agent 'export const handler = () => 1;' --call f
not_found "cannot call 'f': there is no export 'f'" 'Export the function under the name by which it is called.'

test_that 'a method that is not there: the nearest is the hint, also one of a prototype'
agent "$SERVICE" --call default.fetc
not_found "cannot call 'default.fetc': 'default' has no 'fetc'" 'Did you mean `default.fetch`?'
agent "$SERVICE" --call tools.deep.err.self
not_found "cannot call 'tools.deep.err.self': 'tools.deep' has no 'err'" 'Did you mean `tools.deep.er`?'

test_that 'what is no function'
agent "$SERVICE" --call tools.count
not_found "cannot call 'tools.count': it is no function" 'Export a function under this name.'

test_that 'a step beyond null and undefined'
agent "$SERVICE" --call tools.nothing.more
not_found "cannot call 'tools.nothing.more': 'tools.nothing' is null"
agent 'export let empty;' --call empty.more
not_found "cannot call 'empty.more': 'empty' is undefined"

test_that 'the first step is an own export: nothing is inherited, no global is reached'
for name in constructor toString hasOwnProperty globalThis console Object; do
    agent 'export const f = 1;' --call "$name"
    not_found "cannot call '$name': there is no export '$name'"
done

test_that 'empty steps'
agent 'export const f = { "": { g: () => 1 } };' --call f..g
gives 1
agent 'export const f = () => 1;' --call f.
not_found "cannot call 'f.': 'f' has no ''"
iso run agent.js --call .f
not_found "cannot call '.f': there is no export ''"

test_that 'a way that is very long'
agent 'export const f = {};' --call "$(printf 'f.%.0s' $(seq 3000))"
fails ERR_CALL_TARGET_NOT_FOUND

test_that 'a way that is no UTF-8 leaves the result UTF-8'
agent 'export const f = 1;' --call "$(printf 'f\377')"
fails ERR_CALL_TARGET_NOT_FOUND
holds 'UTF-8' iconv -f utf-8 -t utf-8 out

test_that 'a class is not called'
agent 'export class A {}' --call A
fails ERR_USER_CODE
error '[.name, .message]' "[\"TypeError\",\"Class constructor A cannot be invoked without 'new'\"]"

test_that 'a getter on the way that throws is the error of the agent'
agent 'export const o = {
    get f() { throw new RangeError("getter"); } };' --call o.f
fails ERR_USER_CODE
error '[.message, .line]' '["getter",2]'

test_that 'a module that fails is not called'
agent 'export const f = () => console.log("called"); throw new Error("first");' --call f
fails ERR_USER_CODE
json '[.error.message, .stdout]' '["first",[]]'
agent 'export const f = () => console.log("called"); await new Promise(() => {});' --call f
fails ERR_DID_NOT_SETTLE

# ---- arguments

test_that 'without --args there are none'
agent "$SERVICE" --call echo
gives '[]'

test_that 'arguments are the items of the array'
agent "$SERVICE" --call echo --args '[1, "two", [3], {"four": 4}, null, true]'
gives '[1,"two",[3],{"four":4},null,true]'

test_that 'tags in arguments are revived'
agent "$SERVICE" --call types --args '[{"$type":"bigint","value":"12"},{"$type":"date","value":"2020-01-01T00:00:00Z"},{"$type":"map","entries":[]},{"$type":"set","values":[]},{"$type":"undefined"},{"$type":"Uint8Array","base64":"AQ=="},{"$type":"regexp","source":"a","flags":"g"},{"$type":"error","name":"TypeError","message":"m"}]'
gives '["[object BigInt]","[object Date]","[object Map]","[object Set]","[object Undefined]","[object Uint8Array]","[object RegExp]","[object Error]"]'

test_that 'data with a $type of its own, __proto__ and NUL arrive as data'
agent 'export const f = (a, b, c) => [a.$type, Object.keys(b), Object.getPrototypeOf(b) === Object.prototype, c.length];' --call f \
    --args '[{"$type":"object","value":{"$type":"mine"}},{"__proto__":1},"a\u0000b"]'
gives '["mine",["__proto__"],true,3]'

test_that 'arguments are of this run: builtins that the agent changed do not see them'
agent 'const seen = []; for (const o of [Object.prototype, Array.prototype]) Object.defineProperty(o, "0", { set(v) { seen.push(v); }, configurable: true });
JSON.parse = () => seen.push("parse"); export const f = (...a) => [a.length, seen];' --call f --args '[{"a":[1]}, 2]'
gives '[2,[]]'

test_that 'wrong --args'
for args in '[1' '{}' '1' '"x"' '' 'null' '[1]x' '[undefined]'; do
    agent 'export const f = () => 1;' --call f --args "$args"
    refused "--args takes a JSON array such as '[1, \"text\"]', not '$args'"
done

test_that '--args without --call'
agent 'export const f = () => 1;' --args '[]'
refused '--args needs --call'

test_that '--call without an agent needs a snapshot'
iso run --call f
refused 'no agent given'

test_that 'precompile has no --call'
iso precompile --call f agent.js -o p.snap
refused "unknown option '--call'"

# ---- results

test_that 'a promise is awaited, timers included'
agent 'export const f = (ms) => new Promise((done) => setTimeout(done, ms, "late"));' --call f --args '[20]'
gives '"late"'

test_that 'a call of a host function is awaited'
echo '{ "get": { "returns": 5, "delayMs": 20 } }' >globals.json
agent 'export const f = async () => (await get()) + 1;' -g globals.json --call f
exits 0
json '[.value, .bridgeCalls[0].name]' '[6,"get"]'

test_that 'what throws: place, frame and fields'
agent 'export const f = () => {
    throw Object.assign(new TypeError("no"), { detail: 1 });
};' --call f
fails ERR_USER_CODE
error '[.name, .message, .line, .column, .fields]' '["TypeError","no",2,25,{"detail":1}]'
has 'frame' "$(jq -r .error.frame out)" '>    2 |     throw'

test_that 'what rejects'
agent 'export const f = async () => { await null; throw new RangeError("late"); };' --call f
fails ERR_USER_CODE
error '[.name, .message, .line]' '["RangeError","late",1]'

test_that 'a primitive that is thrown'
agent 'export const f = () => { throw "text"; };' --call f
fails ERR_USER_CODE
error '[.name, .message]' '["Error","text"]'

test_that 'a failure of a host function that the call passes on'
echo '{ "get": { "throws": { "message": "down" } } }' >globals.json
agent 'export const f = () => get();' -g globals.json --call f
fails ERR_HOST_BRIDGE

test_that 'a promise that nothing settles'
agent 'export const f = () => new Promise(() => {});' --call f
fails ERR_DID_NOT_SETTLE
error .message "\"the call of 'f' awaits a promise that nothing can settle\""

test_that 'a result that cannot be serialized: where in it'
agent 'export const f = () => ({ a: [() => 1] });' --call f
fails ERR_EXPORT_NOT_SERIALIZABLE
error '[.message, .hint]' "[\"the result of the call cannot be serialized, at 'value.a[0]': it is a function\",\"Return plain data: call functions, await promises and collect iterators first.\"]"

test_that 'a thenable that is no promise is data'
agent 'export const f = () => ({ then: 1 });' --call f
gives '{"then":1}'

test_that 'a result that is too large'
agent 'export const f = () => "x".repeat(100);' --call f --max-export-bytes 50
fails ERR_EXPORT_TOO_LARGE
error .message '"the result of the call takes more than 50 bytes (maxExportBytes)"'

test_that 'a large result'
agent 'export const f = () => "x".repeat(3e6);' --call f
exits 0
json '.value | length' 3000000

test_that 'console lines of module and call are there, in order'
agent 'console.log("module"); export const f = () => { console.log("call"); return 1; };' --call f
gives 1 '"module","call"'

test_that 'microtasks of the call run before the result is read'
agent 'export const f = () => { const o = { n: 0 }; Promise.resolve().then(() => o.n++); return o; };' --call f
gives '{"n":1}'

test_that 'a rejection that the call leaves behind is told on stderr'
agent 'export const f = () => { Promise.reject(new Error("lost")); return 1; };' --call f
exits 0
has 'stderr' "$(jq -r '.stderr[]' out)" 'Uncaught in a promise that is not handled: Error: lost'

# ---- limits

test_that 'a call that does not end'
agent 'export const f = () => {
    for (;;); };' --call f --cpu-time-ms 100
fails ERR_CPU_TIMEOUT
error .line 2

test_that 'a getter on the way that does not end'
agent 'export const o = { get f() { for (;;); } };' --call o.f --cpu-time-ms 100
fails ERR_CPU_TIMEOUT

test_that 'a call that waits too long'
agent 'export const f = () => new Promise((done) => setTimeout(done, 1e6));' --call f --wall-time-ms 100
fails ERR_WALL_TIMEOUT

test_that 'a call that takes all memory'
agent 'export const f = () => { const all = []; for (;;) all.push(new Array(1000).fill(0)); };' --call f --memory-mb 32
fails ERR_MEMORY_LIMIT

test_that 'a call that recurses without end'
agent 'export const f = () => f() + 1;' --call f
fails ERR_USER_CODE
error .name '"RangeError"'

# ---- the prefix's exports

test_that 'without an agent the exports of the prefix are called'
prefix "$SERVICE"
exits 0
iso run -s p.snap --call default.fetch --args '[{ "url": "u" }]'
gives '{"url":"u","secret":7}'

test_that 'each call starts from the snapshot'
prefix 'let n = 40; export const next = () => ++n;'
iso run -s p.snap --call next
gives 41
iso run -s p.snap --call next
gives 41

test_that 'an export of the prefix that is not there: hint'
iso run -s p.snap --call nxt
not_found "cannot call 'nxt': there is no export 'nxt'" 'Did you mean `next`?'

test_that 'a prefix without exports'
prefix 'globalThis.f = () => 1;'
iso run -s p.snap --call f
not_found "cannot call 'f': there is no export 'f'"

test_that 'with an agent it is the exports of the agent'
prefix 'export const f = () => "prefix";'
agent 'export const f = () => "agent";' -s p.snap --call f
gives '"agent"'
agent 'export const g = 1;' -s p.snap --call f
not_found "cannot call 'f': there is no export 'f'"

test_that 'what the prefix throws when it is called'
prefix 'export function f() {
    throw new TypeError("in the prefix");
}'
iso run -s p.snap --call f
fails ERR_USER_CODE
error '[.name, .message, (.stack | contains("at f (prefix.js:2:11)"))]' '["TypeError","in the prefix",true]'

test_that 'a prefix passes on what it imports, with its state'
echo 'let n = 1; export const next = () => ++n;' >lib.js
prefix 'import { next } from "lib"; next(); export { next };' -I lib=lib.js
iso run -s p.snap --call next
gives 3

test_that 'a prefix calls host functions only when it is called, rebound ones too'
echo '{ "host": { "exports": { "get": { "returns": "default" } } } }' >imports.json
echo '{ "host": { "exports": { "get": { "returns": "rebound" } } } }' >rebind.json
prefix 'import { get } from "host"; export const f = async () => `got ${await get()}`;' --imports imports.json
iso run -s p.snap --call f
exits 0
json .value '"got default"'
iso run -s p.snap --imports rebind.json --call f
exits 0
json .value '"got rebound"'

test_that 'warm-up agents do not change what is called'
echo 'export const f = () => "warm";' >warm.js
prefix 'export const f = () => "prefix";' --warm warm.js
iso run -s p.snap --call f
gives '"prefix"'

test_that 'limits hold for a call of the prefix'
prefix 'export const f = () => { for (;;); };'
iso run -s p.snap --call f --cpu-time-ms 100
fails ERR_CPU_TIMEOUT
has 'stack' "$(jq -r .error.stack out)" 'prefix.js:1:'

# ---- several agents, and other options

test_that 'several agents: one line each, in their order'
echo 'export const f = (x) => x + 1;' >one.js
echo 'export const f = (x) => x * 10;' >two.js
echo 'export const g = 1;' >three.js
iso run one.js two.js three.js --call f --args '[5]'
exits 1
is 'lines' "$(jq -c '[.file, .value, .error.code]' out)" '["one.js",6,null]
["two.js",50,null]
["three.js",null,"ERR_CALL_TARGET_NOT_FOUND"]'

test_that 'the last --call counts'
agent 'export const f = () => 1, g = () => 2;' --call f --call g
gives 2

test_that '--skip-unserializable leaves nothing out of a result'
agent 'export const f = () => ({ a: 1, b() {} });' --call f --skip-unserializable
fails ERR_EXPORT_NOT_SERIALIZABLE

test_that '--pretty and -o hold for calls'
agent 'export const f = () => [1];' --call f --pretty -o result.json
exits 0
is 'value' "$(sed -n 4,6p result.json)" '  "value": [
    1
  ],'

test_that 'eval in a call is as forbidden as in the agent'
agent 'export const f = () => eval("1 + 1");' --call f
fails ERR_USER_CODE
error .name '"EvalError"'
agent 'export const f = () => eval("1 + 1");' --call f --allow-eval
gives 2

# ---- hostile code

test_that 'builtins that the agent changed do not change the call'
agent 'Function.prototype.call = Function.prototype.apply = () => "stolen"; Object.prototype.hasOwnProperty = () => true; Array.prototype[Symbol.iterator] = null;
export const f = (...a) => a.length;' --call f --args '[1, 2]'
gives 2

test_that 'a proxy on the way: its traps run, nothing else'
agent 'export const p = new Proxy({}, { has: () => true, get: (target, key) => (key === "f" ? () => "trapped" : undefined) });' --call p.f
gives '"trapped"'
agent 'export const p = new Proxy({}, { has() { throw new RangeError("has"); } });' --call p.f
fails ERR_USER_CODE
error .message '"has"'

test_that 'a revoked proxy'
agent 'const r = Proxy.revocable({}, {}); r.revoke(); export const p = r.proxy;' --call p.f
fails ERR_USER_CODE
error .name '"TypeError"'

test_that 'a result with a toJSON that throws, and one that forges'
agent 'export const f = () => ({ toJSON() { throw new Error("toJSON"); } });' --call f
fails ERR_USER_CODE
agent 'export const f = () => ({ toJSON: () => "\"},\"ok\":false" });' --call f
gives '"\"},\"ok\":false"'

test_that 'a promise whose then and constructor were changed is awaited all the same'
agent 'Promise.prototype.then = () => { throw 1; }; Promise.prototype.constructor = null; export const f = () => new Promise((done) => setTimeout(done, 5, "real"));' --call f
gives '"real"'

test_done
