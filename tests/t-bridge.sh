#!/bin/sh
# SPDX-License-Identifier: MIT
# Calls of host functions: canned answers, values and errors both ways, the list of calls, limits that an agent cannot
# catch. Definitions are t-globals.sh's, programs t-programs.sh's.
# shellcheck source-path=SCRIPTDIR source=lib.sh disable=SC2016 # the $ and ` in quotes are JavaScript's
. "$(dirname "$0")/lib.sh"

# with GLOBALS CODE [ARG...]: a run of CODE with these globals
with() {
    globals "$1"
    _code=$2
    shift 2
    agent "$_code" -g globals.json "$@"
    command="$command   # $(cat globals.json)"
}

# A program shows how arguments cross: what cat gives back has been JSON in between.
ECHO='{"echo": {"command": ["cat"]}}'

# ---- canned answers

test_that 'returns is the answer of every call'
with '{"f": {"returns": {"n": [1, null]}}}' 'export default [await f(), await f(1, 2)]'
gives '{"default":[{"n":[1,null]},{"n":[1,null]}]}'

test_that 'each call has a value of its own'
with '{"f": {"returns": {"n": 1}}}' 'const a = await f(); a.n = 2; export default [await f(), a === await f()]'
gives '{"default":[{"n":1},false]}'

test_that 'throws rejects with an error of its class'
with '{"f": {"throws": {"name": "RangeError", "message": "too far", "limit": 5}}}' \
    'export default await f().catch((e) => [e instanceof RangeError, e.name, e.message, e.limit, Object.keys(e)])'
gives '{"default":[true,"RangeError","too far",5,["limit"]]}'

test_that 'without a name it is an Error'
with '{"f": {"throws": {"message": "no"}}}' 'export default await f().catch((e) => [e.constructor === Error, e.name, String(e)])'
gives '{"default":[true,"Error","Error: no"]}'

test_that 'an error of a class that is no builtin is an Error of that name'
with '{"f": {"throws": {"name": "NotFound", "message": "no"}}}' \
    'export default await f().catch((e) => [e.constructor === Error, e instanceof Error, e.name, String(e), Object.keys(e)])'
gives '{"default":[true,true,"NotFound","NotFound: no",[]]}'

for class in EvalError RangeError ReferenceError SyntaxError TypeError URIError; do
    test_that "an error of the class $class is one"
    with "{\"f\": {\"throws\": {\"name\": \"$class\", \"message\": \"m\"}}}" \
        "export default await f().catch((e) => Object.getPrototypeOf(e) === $class.prototype && !Object.hasOwn(e, 'name'))"
    gives '{"default":true}'
done

test_that 'classes that an agent has replaced are the builtin ones still'
with '{"f": {"throws": {"name": "TypeError", "message": "m"}}}' \
    'const { prototype } = TypeError; globalThis.TypeError = class {}; export default await f().catch((e) => Object.getPrototypeOf(e) === prototype)'
gives '{"default":true}'

test_that 'a name that is no class of errors makes none of it'
with '{"f": {"throws": {"name": "Object", "message": "m"}}}' \
    'export default await f().catch((e) => [Error.prototype.isPrototypeOf(e), Object.getPrototypeOf(e) === Error.prototype, e.name])'
gives '{"default":[true,true,"Object"]}'

test_that 'own properties of an error keep their types'
with '{"f": {"throws": {"message": "m", "at": {"$type": "date", "value": "2020-01-01T00:00:00.000Z"}, "ids": {"$type": "set", "values": [1]}}}}' \
    'export default await f().catch((e) => [e.at instanceof Date, e.ids])'
gives '{"default":[true,{"$type":"set","values":[1]}]}'

test_that 'an error cannot have its stack or its prototype given'
with '{"f": {"throws": {"message": "m", "stack": "a host path", "__proto__": {"x": 1}}}}' \
    'export default await f().catch((e) => [e.stack.includes("host path"), e.x ?? null, ({}).x ?? null, Object.keys(e)])'
gives '{"default":[false,null,null,["__proto__"]]}'

test_that 'the stack of an error is that of the call'
with '{"f": {"throws": {"name": "TypeError", "message": "m"}}}' "function here() { return f(); }${NL}export default await here().catch((e) => e.stack)"
gives '{"default":"TypeError: m\n    at here (agent.js:1:26)\n    at agent.js:2:22"}'

test_that 'an agent that changes how stacks are made gets no other error'
with '{"f": {"throws": {"message": "m"}}}' \
    'Error.prepareStackTrace = () => { throw 1; }; Error.stackTraceLimit = 0;
    const stack = (e) => { try { return e.stack; } catch (thrown) { return `threw ${thrown}`; } };
    export default await f().catch((e) => [e.message, stack(e) === stack(new Error("m")), stack(e)])'
gives '{"default":["m",true,"threw 1"]}'

test_that 'the first case with the same arguments answers'
with '{"f": {"cases": [{"args": [1], "returns": "one"}, {"args": [1, 2], "returns": "two"}, {"args": [1], "returns": "never"}, {"args": [], "returns": "none"}]}}' \
    'export default [await f(1), await f(1, 2), await f()]'
gives '{"default":["one","two","none"]}'

test_that 'arguments are the same when their values are'
with '{"f": {"cases": [{"args": [{"a": 1.0, "b": "\u00e9"}, [1e2]], "returns": true}]}}' 'export default await f({ b: "é", a: 1 }, [100])'
gives '{"default":true}'

test_that 'a case may be for values beyond JSON'
with '{"f": {"cases": [{"args": [{"$type": "bigint", "value": "7"}], "returns": "seven"}]}}' 'export default await f(7n)'
gives '{"default":"seven"}'

test_that 'a case may throw'
with '{"f": {"cases": [{"args": ["x"], "throws": {"name": "TypeError", "message": "no x"}}]}}' \
    'export default await f("x").catch((e) => e.name + ": " + e.message)'
gives '{"default":"TypeError: no x"}'

test_that 'without a case the call is rejected and says for what'
with '{"f": {"cases": [{"args": [1], "returns": 1}]}}' 'export default await f(2, "b").catch((e) => e.message)'
gives "{\"default\":\"'f' has no answer for these arguments: [2,\\\"b\\\"]\"}"

test_that 'long arguments are cut there between characters'
with '{"f": {"cases": []}}' 'export default await f("€".repeat(500)).catch((e) => [e.message.length < 250, e.message.includes("\ufffd")])'
gives '{"default":[true,false]}'

test_that 'otherwise answers where no case does'
with '{"f": {"cases": [], "otherwise": {"returns": "else"}}, "g": {"cases": [], "otherwise": {"throws": {"message": "else"}}}}' \
    'export default [await f(1), await g(1).catch((e) => e.message)]'
gives '{"default":["else","else"]}'

test_that 'a sequence answers call by call'
with '{"f": {"sequence": [{"returns": 1}, {"throws": {"message": "two"}}, {"returns": 3}]}}' \
    'const said = []; for (let i = 0; i < 4; i++) said.push(await f().catch((e) => e.message)); export default said'
gives "{\"default\":[1,\"two\",3,\"'f' has no answer left: its sequence has 3\"]}"

test_that 'calls at the same time take the sequence in their order'
with '{"f": {"sequence": [{"returns": 1}, {"returns": 2}, {"returns": 3}]}}' 'export default await Promise.all([f(), f(), f()])'
gives '{"default":[1,2,3]}'

test_that 'each run begins the sequence anew'
globals '{"f": {"sequence": [{"returns": 1}, {"returns": 2}]}}'
echo 'export default await f()' >agent.js
iso run -g globals.json agent.js agent.js
json .exports.default "1${NL}1"

# ---- delays and limits of a stub

test_that 'delayMs delays the answer'
with '{"f": {"returns": 1, "delayMs": 60}}' 'const from = Date.now(); await f(); export default Date.now() - from'
exits 0
within 'ms' "$(jq .exports.default out)" 58 10000

test_that 'an error is delayed as well'
with '{"f": {"throws": {"message": "late"}, "delayMs": 60}}' \
    'const from = Date.now(); const m = await f().catch((e) => e.message); export default [m, Date.now() - from >= 58]'
gives '{"default":["late",true]}'

test_that 'delayed answers come in the order of their times'
with '{"a": {"returns": "a", "delayMs": 900}, "b": {"returns": "b", "delayMs": 1}, "c": {"returns": "c", "delayMs": 450}}' \
    'const order = []; await Promise.all([a, b, c].map((f) => f().then((v) => order.push(v)))); export default order'
gives '{"default":["b","c","a"]}'

test_that 'calls run at the same time'
with '{"f": {"returns": 1, "delayMs": 700}}' 'await Promise.all([f(), f(), f(), f(), f(), f(), f(), f(), f(), f()])'
exits 0
within 'ms together' "$(jq .durationMs out)" 690 6500

test_that 'an agent does other things while a call is under way'
with '{"f": {"returns": "f", "delayMs": 800}}' \
    'const order = []; await Promise.all([f().then((v) => order.push(v)), new Promise((r) => setTimeout(r, 5)).then(() => order.push("timer"))]); export default order'
gives '{"default":["timer","f"]}'

test_that 'timers that set the next one do not keep answers out'
with '{"f": {"returns": 1, "delayMs": 30}}' 'let stop = false; (function tick() { if (!stop) setTimeout(tick, 0); })(); export default await f(); stop = true'
gives '{"default":1}'

test_that 'an answer is there when an agent has been busy'
with '{"f": {"returns": 1}}' 'const p = f(); const until = Date.now() + 50; while (Date.now() < until); export default await p'
gives '{"default":1}'

test_that 'a run ends when its module has settled, whatever is under way'
with '{"f": {"returns": 1, "delayMs": 20000}}' 'f(); export default 1'
json '[.exports, .bridgeCalls[0].pending]' '[{"default":1},true]'
within 'ms' "$(jq .durationMs out)" 0 15000

test_that 'timeoutMs rejects with a TimeoutError'
with '{"f": {"returns": 1, "delayMs": 20000, "timeoutMs": 30}}' 'export default await f().catch((e) => [e instanceof Error, e.name, e.message])'
gives "{\"default\":[true,\"TimeoutError\",\"'f' did not answer within 30 ms (timeoutMs)\"]}"

test_that 'an answer within its time is no timeout'
with '{"f": {"returns": 1, "delayMs": 5, "timeoutMs": 10000}}' 'export default await f()'
gives '{"default":1}'

test_that 'maxCalls rejects what is more'
with '{"f": {"returns": 1, "maxCalls": 2}, "g": {"returns": 2, "maxCalls": 1}}' \
    'export default [await f(), await f(), await g(), await f().catch((e) => e.message)]'
gives "{\"default\":[1,1,2,\"'f' may be called 2 times (maxCalls)\"]}"

test_that 'maxCalls is counted for each run'
globals '{"f": {"returns": 1, "maxCalls": 1}}'
echo 'export default await f()' >agent.js
iso run -g globals.json agent.js agent.js
json .exports.default "1${NL}1"

# ---- shims

test_that 'a shim makes the result'
with '{"f": {"returns": {"n": 1}, "shim": "({ n }) => n + 1"}}' 'export default await f()'
gives '{"default":2}'

test_that 'a shim may make what could not have crossed'
with '{"f": {"returns": "2020-01-01", "shim": "(day) => ({ date: new Date(day), next: () => 1 })"}}' \
    'const { date, next } = await f(); export default [date.getTime(), next()]'
gives '{"default":[1577836800000,1]}'

test_that 'a shim may be async'
with '{"f": {"returns": 1, "shim": "async (n) => n + 1"}}' 'export default await f()'
gives '{"default":2}'

test_that 'a shim sees revived values'
with '{"f": {"returns": {"$type": "map", "entries": [["a", 1]]}, "shim": "(map) => map.get(\"a\")"}}' 'export default await f()'
gives '{"default":1}'

test_that 'a shim has no this'
with '{"f": {"returns": 1, "shim": "function () { return typeof this; }"}}' 'export default await f()'
is 'exit status' "$status" 0
has 'this' 'object undefined' "$(jq -r .exports.default out)"

test_that 'a shim that throws rejects the call'
with '{"f": {"returns": 1, "shim": "() => { throw new RangeError(\"shim\"); }"}}' 'export default await f().catch((e) => [e instanceof RangeError, e.message])'
gives '{"default":[true,"shim"]}'

test_that 'errors do not pass through shims'
with '{"f": {"throws": {"message": "raw"}, "shim": "() => 1"}}' 'export default await f().catch((e) => e.message)'
gives '{"default":"raw"}'

test_that 'a shim that is no function is refused before the agent runs'
with '{"f": {"returns": 1, "shim": "42"}}' 'console.log(1)'
refused "globals.json:1:19: the shim of 'f' cannot be used: TypeError: it is no function"

test_that 'a shim that does not end is the agent'"'"'s time'
with '{"f": {"returns": 1, "shim": "() => { for (;;); }"}}' 'await f()' --cpu-time-ms 100
fails ERR_CPU_TIMEOUT

test_that 'a shim of a member'
with '{"m": {"members": {"f": {"returns": 1, "shim": "(n) => -n"}}}}' 'export default await m.f()'
gives '{"default":-1}'

# ---- arguments out

# crosses VALUE [JSON]: as an argument and back again it is JSON, or what JSON says without it
crosses() {
    test_that "as an argument and back: $1"
    with "$ECHO" "export default (await echo($1))[0]"
    gives "{\"default\":$2}"
}
crosses '{ a: 1, b: [true, null, "x"] }' '{"a":1,"b":[true,null,"x"]}'
crosses '12345678901234567890n' '{"$type":"bigint","value":"12345678901234567890"}'
crosses '[NaN, -Infinity, -0]' '[{"$type":"number","value":"NaN"},{"$type":"number","value":"-Infinity"},-0]'
crosses 'new Map([[{ k: 1 }, new Set([1n])]])' '{"$type":"map","entries":[[{"k":1},{"$type":"set","values":[{"$type":"bigint","value":"1"}]}]]}'
crosses 'new Uint8Array([1, 2, 255])' '{"$type":"Uint8Array","base64":"AQL/"}'
crosses '/a\/b/gi' '{"$type":"regexp","source":"a\\/b","flags":"gi"}'
crosses 'new RangeError("r")' '{"$type":"error","name":"RangeError","message":"r"}'
crosses 'new Date(0)' '"1970-01-01T00:00:00.000Z"'
crosses '"a\u0000\ud800 €"' '{"$type":"string","utf16":"YQAAAADYIACsIA=="}'
crosses '{ $type: "mine", x: 1 }' '{"$type":"object","value":{"$type":"mine","x":1}}'
crosses '{ $type: "bigint", value: "no" }' '{"$type":"object","value":{"$type":"bigint","value":"no"}}'
crosses 'JSON.parse("{\"__proto__\":{\"x\":1}}")' '{"__proto__":{"x":1}}'
crosses '{ toJSON() { return "as JSON"; } }' '"as JSON"'
crosses '[undefined, 1]' '[{"$type":"undefined"},1]'
crosses '{ gone: undefined, here: 1 }' '{"here":1}'

test_that 'undefined arguments keep their places, and are none at the end'
with "$ECHO" 'export default [await echo(undefined, 1, undefined), await echo(undefined)]'
gives '{"default":[[{"$type":"undefined"},1],[]]}'

test_that 'no arguments are an empty array'
with "$ECHO" 'export default await echo()'
gives '{"default":[]}'

test_that 'a getter of an argument is called once'
with "$ECHO" 'let n = 0; await echo({ get a() { return ++n; } }); export default n'
gives '{"default":1}'

test_that 'a getter that throws rejects the call, and nothing is called'
with '{"f": {"returns": 1}}' 'const p = f({ get a() { throw new RangeError("mine"); } }); export default await p.catch((e) => [e instanceof RangeError, e.message])'
gives '{"default":[true,"mine"]}'
json .bridgeCalls '[]'

test_that 'an argument that is changed after the call has crossed as it was'
with "$ECHO" 'const a = [1]; const p = echo(a); a.push(2); export default await p'
gives '{"default":[[1]]}'

test_that 'nothing that an agent defines stands between it and the host'
with '{"f": {"returns": {"a": [1]}}, "echo": {"command": ["cat"]}}' \
    'JSON.stringify = JSON.parse = Promise.prototype.then = Array.prototype.push = () => "mine";
Object.defineProperty(Object.prototype, "a", { set() { throw 1; } }); Object.defineProperty(Array.prototype, 0, { set() { throw 2; } });
const got = await f(), back = await echo("x"); export default [Object.getOwnPropertyDescriptor(got, "a").value[0], back[0]]'
gives '{"default":[1,"x"]}'

# refused_argument VALUE PATH WHAT
refused_argument() {
    test_that "an argument cannot be $3: $2"
    with '{"f": {"command": ["touch", "called"]}}' "try { await f($1).catch(() => {}); } catch {} finally { console.log('on'); } export default 1"
    fails ERR_FUNCTION_ARGUMENT_NOT_SUPPORTED
    json .error.message "\"$2 of a call of 'f' cannot cross to the host: it is $3\""
    json .stdout '[]'
    json '.bridgeCalls | map([.name, .ok, .blocked])' '[["f",false,true]]'
    holds 'nothing called' test ! -e called
}
refused_argument '() => 1' 'args[0]' 'a function'
refused_argument '1, { a: [Symbol("s")] }' 'args[1].a[0]' 'a symbol'
refused_argument 'new WeakMap()' 'args[0]' 'a weak collection'
refused_argument 'Promise.resolve(1)' 'args[0]' 'a promise'
refused_argument '{ p: new Proxy({}, {}) }' 'args[0].p' 'a proxy'
refused_argument '(() => { const o = {}; o.o = o; return o; })()' 'args[0].o' 'a cycle'
refused_argument 'f' 'args[0]' 'a function'

# ---- results in

# arrives JSON CHECK: a canned result is v; CHECK is true of it
arrives() {
    test_that "a result: $1 makes $2"
    with "{\"f\": {\"returns\": $1}}" "const v = await f(); export default $2"
    gives '{"default":true}'
}
arrives '{"$type": "bigint", "value": "-5"}' 'v === -5n'
arrives '{"$type": "number", "value": "NaN"}' 'Number.isNaN(v)'
arrives '{"$type": "undefined"}' 'v === undefined'
arrives '[{"$type": "undefined"}]' 'v.length === 1 && v[0] === undefined && 0 in v'
arrives '{"$type": "map", "entries": [[{"$type": "bigint", "value": "1"}, {"$type": "set", "values": [2]}]]}' 'v.get(1n).has(2)'
arrives '{"$type": "Uint8Array", "base64": "AQL/"}' 'v instanceof Uint8Array && v.join() === "1,2,255"'
arrives '{"$type": "Float64Array", "base64": "AAAAAAAA8D8="}' 'v[0] === 1'
arrives '{"$type": "ArrayBuffer", "base64": ""}' 'v instanceof ArrayBuffer && v.byteLength === 0'
arrives '{"$type": "DataView", "base64": "AQ=="}' 'v.getUint8(0) === 1'
arrives '{"$type": "regexp", "source": "a+", "flags": "g"}' 'v instanceof RegExp && v.flags === "g" && v.test("aa")'
arrives '{"$type": "error", "name": "TypeError", "message": "m"}' 'v instanceof TypeError && v.message === "m"'
arrives '{"$type": "error", "name": "Error", "message": "m", "cause": {"$type": "error", "name": "RangeError", "message": "r"}}' \
    'v.cause instanceof RangeError && v.cause.message === "r" && Object.keys(v).length === 0'
arrives '{"$type": "date", "value": "1970-01-01T00:00:01.000Z"}' 'v instanceof Date && v.getTime() === 1000'
arrives '{"$type": "object", "value": {"$type": "map", "x": 1}}' 'v.$type === "map" && v.x === 1'
arrives '{"$type": "object", "value": {"$type": "bigint", "value": "1"}}' 'v.$type === "bigint" && v.value === "1"'
arrives '{"\u0024type": "bigint", "value": "1"}' 'v === 1n'
arrives '{"$type": "no such", "x": 1}' 'v.$type === "no such"'
arrives '{"$type": "bigint", "value": "one"}' 'v.$type === "bigint"'
arrives '{"$type": "Uint8Array", "base64": "A"}' 'v.base64 === "A"'
arrives '{"$type": "regexp", "source": "(", "flags": ""}' 'v.source === "("'
arrives '{"__proto__": {"x": 1}}' 'Object.keys(v).join() === "__proto__" && v.x === undefined && ({}).x === undefined'
arrives '{"a": {"__proto__": {"$type": "bigint", "value": "1"}}}' 'Object.getOwnPropertyDescriptor(v.a, "__proto__").value === 1n'
arrives '["\ud800", "\u0000", -0, 1e400]' 'v[0].length === 1 && v[1] === "\0" && Object.is(v[2], -0) && v[3] === Infinity'
arrives '{"then": 1, "constructor": 2}' 'v.then === 1'

test_that 'a result 9000 levels deep, with tags'
deep() {
    awk -v n="$1" 'BEGIN { for (i = 0; i < n; i++) printf "["; printf "{\"$type\": \"bigint\", \"value\": \"7\"}"; for (i = 0; i < n; i++) printf "]" }'
}
with "{\"f\": {\"returns\": $(deep 9000)}}" 'let v = await f(), n = 0; while (Array.isArray(v)) { v = v[0]; n++; } export default [n, v]'
gives '{"default":[9000,{"$type":"bigint","value":"7"}]}'

test_that 'a result of a few megabytes'
with "{\"f\": {\"returns\": \"$(head -c 3000000 /dev/zero | tr '\0' x)\"}}" 'export default [(await f()).length, (await f()).length]'
gives '{"default":[3000000,3000000]}'

test_that 'results that the memory budget does not hold'
with "{\"f\": {\"returns\": [\"$(head -c 6000000 /dev/zero | tr '\0' x)\"]}}" 'const all = []; for (let i = 0; i < 20; i++) all.push(await f()); export default 1' --memory-mb 32
fails ERR_MEMORY_LIMIT

# ---- uncaught errors

test_that 'an uncaught error is ERR_HOST_BRIDGE'
with '{"f": {"throws": {"name": "TypeError", "message": "no users", "status": 404}}}' "console.log('before');$NL await f(); console.log('after')"
fails ERR_HOST_BRIDGE
json '.error | [.name, .message, .fields, .line, .column]' '["TypeError","no users",{"status":404},2,8]'
json .stdout '["before"]'

test_that 'so it is when it is caught and thrown again'
with '{"f": {"throws": {"message": "m"}}}' 'try { await f(); } catch (e) { e.message += "!"; throw e; }'
fails ERR_HOST_BRIDGE
json .error.message '"m!"'

test_that 'and when it comes out of an export that is a promise'
with '{"f": {"throws": {"message": "m"}}}' 'export const users = f()'
fails ERR_HOST_BRIDGE

test_that 'one that is not awaited is told on stderr, like any other'
with '{"f": {"throws": {"message": "m"}}}' 'f(); await new Promise((r) => setTimeout(r, 200)); export default 1'
exits 0
json .stderr '["Uncaught in a promise that is not handled: Error: m\n    at agent.js:1:1\n  Hint: Await the promise where it is made, or handle its rejection with .catch()."]'

test_that 'another error that wraps it is the agent'"'"'s'
with '{"f": {"throws": {"message": "m"}}}' 'try { await f(); } catch (cause) { throw new Error("mine", { cause }); }'
fails ERR_USER_CODE

test_that 'an error of the agent'"'"'s that looks like it is the agent'"'"'s'
with '{"f": {"throws": {"message": "m"}}}' 'const e = await f().catch((e) => e); throw Object.assign(Object.create(e), { code: "ERR_HOST_BRIDGE" })'
fails ERR_USER_CODE

test_that 'what a shim throws is no error of the host'
with '{"f": {"returns": 1, "shim": "() => { throw new Error(1); }"}}' 'await f()'
fails ERR_USER_CODE

test_that 'an uncaught timeout'
with '{"f": {"returns": 1, "delayMs": 9000, "timeoutMs": 10}}' 'await f()'
fails ERR_HOST_BRIDGE
json .error.name '"TimeoutError"'

test_that 'a module that waits for a call is not stuck'
with '{"f": {"returns": 1, "delayMs": 50}}' 'await new Promise((done) => f().then(done)); export default 1'
gives '{"default":1}'

test_that 'a module that waits for nothing after its calls is'
with '{"f": {"returns": 1}}' 'await f(); await new Promise(() => {})'
fails ERR_DID_NOT_SETTLE

# ---- the list of calls

test_that 'the list has every call, in order, with its bytes'
with '{"f": {"returns": "äö"}, "m": {"members": {"g": {"throws": {"message": "m"}}}}}' 'await f(1, "é"); await m.g().catch(() => 1); await f()'
json '.bridgeCalls | map([.name, .argBytes, .resultBytes, .ok])' '[["f",8,6,true],["m.g",2,0,false],["f",2,6,true]]'
json '.bridgeCalls | map(keys_unsorted) | unique' '[["name","startMs","durationMs","argBytes","resultBytes","ok"]]'

test_that 'times in the list are those of the calls'
with '{"f": {"returns": 1, "delayMs": 80}}' 'await f(); await f()'
exits 0
json '.bridgeCalls | map(.durationMs >= 78 and .durationMs < 20000)' '[true,true]'
json '.bridgeCalls | .[1].startMs >= .[0].startMs + 78' true
json '.durationMs >= .bridgeCalls[1].startMs' true

test_that 'the list names odd stubs as they are'
with '{"my \"tool\"\u0000": {"returns": 1}}' 'await globalThis["my \"tool\"\0"]()'
has 'line' "$line" '{"name":"my \"tool\"\u0000","startMs":'

test_that 'calls under way when the run ends are in the list'
with '{"f": {"returns": 1, "delayMs": 20000}}' 'f(); f(); export default 1'
json '.bridgeCalls | map([.name, .ok, .resultBytes])' '[["f",false,0],["f",false,0]]'
json '.durationMs + 1000 >= (.bridgeCalls[0] | .startMs + .durationMs)' true

test_that 'calls under way when the wall limit strikes are in the list'
with '{"f": {"returns": 1, "delayMs": 20000}}' 'await f()' --wall-time-ms 100
fails ERR_WALL_TIMEOUT
json '.bridgeCalls | map([.name, .ok])' '[["f",false]]'
within 'ms of the call' "$(jq '.bridgeCalls[0].durationMs' out)" 20 10000

test_that 'calls before the CPU limit strikes are in the list'
with '{"f": {"returns": 1}, "g": {"returns": 1, "delayMs": 20000}}' 'await f(); g(); for (;;);' --cpu-time-ms 100
fails ERR_CPU_TIMEOUT
has 'the first call' "$(jq -c '.bridgeCalls | map([.name, .ok])' out)" '["f",true]'

test_that 'and those before the memory is spent'
with '{"f": {"returns": 1}}' 'await f(); const all = []; for (;;) all.push(new Array(1000).fill(all.length))' --memory-mb 24
fails ERR_MEMORY_LIMIT
json '.bridgeCalls | map([.name, .ok])' '[["f",true]]'

test_that 'a failed run has its list, too'
with '{"f": {"returns": 1}}' 'await f(); throw 1'
fails ERR_USER_CODE
json '.bridgeCalls | length' 1

test_that '--call-details lists arguments and answers'
with '{"f": {"returns": {"a": 1}}, "u": {"command": ["true"]}, "m": {"returns": 1, "maxCalls": 1},
    "bad": {"throws": {"name": "RangeError", "message": "no", "limit": 5}}, "w": {"command": ["sleep", "100"]}}' \
    'await f(1, "x"); await u(); await bad(new Map()).catch(() => 0); await m(1); await m(2).catch(() => 0); w(7); export default 1' \
    --call-details
json '.bridgeCalls | map([.name, .args, .result, .error.message, .error.limit, has("result"), .pending])' \
    '[["f",[1,"x"],{"a":1},null,null,true,null],["u",[],null,null,null,false,null],["bad",[{"$type":"map","entries":[]}],null,"no",5,false,null],["m",[1],1,null,null,true,null],["m",[2],null,"'"'m' may be called 1 times (maxCalls)"'",null,false,null],["w",[7],null,null,null,false,true]]'

test_that 'long details are cut, and of huge ones the size is told'
with "$ECHO" 'await echo("a".repeat(5000), 3); await echo("b".repeat(2e6)); export default 1' --call-details
json '.bridgeCalls[0] | [.args, .result] | map([length, (.[0] | test("^a{3000,4090}… \\[[0-9]+ more characters\\]$")), .[1]])' '[[2,true,3],[2,true,3]]'
json '.bridgeCalls[1] | [.args, .result]' '[{"$type":"cut","bytes":2000004},{"$type":"cut","bytes":2000004}]'

test_that 'the details of a run have a bound, and the list says where they are left out'
with '{"f": {"returns": 1}}' 'const a = "a".repeat(4000); for (let i = 0; i < 6000; i++) await f(a, i); export default 1' --call-details --max-bridge-calls 0
json '.bridgeCalls | [length, (map(select(.detailsLeftOut)) | length > 1000), (.[0] | has("detailsLeftOut")), (.[5999] | [.args, .detailsLeftOut])]' '[6000,true,false,[null,true]]'
within 'bytes of the result' "$(wc -c <out)" 16000000 19000000

test_that 'a lone surrogate that a program answers is mended in details'
with '{"f": {"command": ["printf", "\"\\\\ud800\""]}}' 'await f(); export default 1' --call-details
json '.bridgeCalls[0].result' '"�"'
lacks 'line' "$line" 'ud800'

test_that 'standard error of a command is in the details, escaped and cut, and the agent does not see it'
cat >loud <<'SH'
#!/bin/sh
case $1 in
fails) echo secret-words >&2; exit 3 ;;
long) head -c 300000 /dev/zero | tr '\0' x >&2; echo ' the end' >&2 ;;
bytes) printf 'a\033[31m\351\n"b"\n\n' >&2 ;;
*) echo secret-words of one >&2 ;;
esac
echo 1
SH
chmod +x loud
with '{"f": {"command": ["./loud"]}, "bad": {"command": ["./loud", "fails"]}, "long": {"command": ["./loud", "long"]},
    "bytes": {"command": ["./loud", "bytes"]}, "none": {"command": ["true"]}, "r": {"returns": 1}}' \
    'const all = [await f(), await bad().catch((e) => [e.message, e.stack, Object.entries(e)]), await long(), await bytes(), await none(), await r()];
    console.log(JSON.stringify(all)); export default all' --call-details
json '.bridgeCalls | map(.stderr // "none" | [length, .[0:12], .[-8:]])' \
    '[[19,"secret-words","s of one"],[12,"secret-words","et-words"],[2045,"xxxxxxxxxxxx"," the end"],[11,"a\u001b[31m�\n\"b\"","31m�\n\"b\""],[4,"none","none"],[4,"none","none"]]'
lacks 'what the agent has' "$(jq -c '[.exports, .stdout]' out)" secret
agent 'await f()' -g globals.json
json '.bridgeCalls[0] | has("stderr")' false
agent 'await bad()' -g globals.json --call-details
fails ERR_HOST_BRIDGE
lacks 'error' "$(jq -c .error out)" secret

test_that 'a replay has the same details'
globals '{"f": {"returns": 1}, "bad": {"throws": {"message": "no"}}}'
agent 'await f(1, "x"); await bad(2).catch(() => 0); export default 1' -g globals.json --call-details --record details.jsonl
jq -c '.bridgeCalls[] | del(.startMs, .durationMs)' out >recorded
agent 'await f(1, "x"); await bad(2).catch(() => 0); export default 1' -g globals.json --call-details --replay details.jsonl
is 'calls' "$(jq -c '.bridgeCalls[] | del(.startMs, .durationMs)' out)" "$(cat recorded)"

test_that 'each of several agents has its own list'
globals '{"f": {"returns": 1}}'
echo 'await f(); await f()' >agent.js
iso run -g globals.json agent.js agent.js
json '.bridgeCalls | length' "2${NL}2"

# ---- limits of the run: nothing that an agent does goes on after one

# Everything that could catch or go on: none of it does.
STUBBORN='const on = () => { console.log("on"); return 1; };
try { try { await Promise.race([LAST().catch(on), new Promise((r) => setTimeout(on, 1))]); } catch { on(); } finally { on(); } } finally { on(); }
on();'

# stubborn CALL: that program with CALL in its middle
stubborn() {
    printf '%s' "$STUBBORN" | sed "s/LAST()/$1/"
}

# ends_at CODE: it ended there, with nothing logged
ends_at() {
    fails "$1"
    json .stdout '[]'
}

test_that 'exactly maxBridgeCalls calls are made'
with '{"f": {"sequence": [{"returns": 1}, {"returns": 2}]}}' 'export default [await f(), await f()]' --max-bridge-calls 2
gives '{"default":[1,2]}'

test_that 'one more ends the run'
with '{"f": {"returns": 1}}' "await f(); await f(); $(stubborn 'f()')" --max-bridge-calls 2
ends_at ERR_BRIDGE_CALL_LIMIT_EXCEEDED
json .error.message '"more than 2 calls of host functions (maxBridgeCalls)"'
json '.bridgeCalls | map([.ok, .blocked])' '[[true,null],[true,null],[false,true]]'

test_that 'calls of all stubs count together'
with '{"f": {"returns": 1}, "m": {"members": {"g": {"returns": 1}}}}' 'await f(); await m.g(); await f()' --max-bridge-calls 2
fails ERR_BRIDGE_CALL_LIMIT_EXCEEDED

test_that 'the default is 100'
with '{"f": {"returns": 1}}' 'for (let i = 0; i < 100; i++) await f(); console.log("here"); await f()'
fails ERR_BRIDGE_CALL_LIMIT_EXCEEDED
json .stdout '["here"]'
json '.bridgeCalls | length' 101

test_that '0 is none'
with '{"f": {"returns": 1}}' 'for (let i = 0; i < 5000; i++) await f(); export default 1' --max-bridge-calls 0
gives '{"default":1}'
json '.bridgeCalls | length' 5000

test_that 'calls made all at once are counted, too'
with '{"f": {"returns": 1}}' 'await Promise.all(Array.from({ length: 50 }, () => f()))' --max-bridge-calls 49
fails ERR_BRIDGE_CALL_LIMIT_EXCEEDED
json '.bridgeCalls | map(.blocked // false) | [length, .[49]]' '[50,true]'

test_that 'calls that maxCalls rejects count'
with '{"f": {"returns": 1, "maxCalls": 1}}' 'await f(); await f().catch(() => 1); await f().catch(() => 1)' --max-bridge-calls 2
fails ERR_BRIDGE_CALL_LIMIT_EXCEEDED

test_that 'a call within the arguments of the last one is not made'
with '{"f": {"command": ["sh", "-c", "echo called >>called"]}}' "await f({ get a() { f(); return 1; } }); $(stubborn 'f()')" --max-bridge-calls 1
ends_at ERR_BRIDGE_CALL_LIMIT_EXCEEDED

test_that 'a call whose arguments have broken a limit is not made'
rm -f called
with '{"f": {"command": ["sh", "-c", "echo called >>called"]}}' "await f({ get a() { f('x'.repeat(1000)); return 1; } }); $(stubborn 'f()')" --max-bridge-payload-bytes 100
ends_at ERR_BRIDGE_PAYLOAD_TOO_LARGE
holds 'nothing called' test ! -e called
json '.bridgeCalls | map([.name, .blocked])' '[["f",true]]'

test_that 'the program is not started for a call over the limit'
rm -f called
with '{"f": {"returns": 1}, "g": {"command": ["touch", "called"]}}' 'await f(); await g()' --max-bridge-calls 1
fails ERR_BRIDGE_CALL_LIMIT_EXCEEDED
holds 'nothing called' test ! -e called

test_that 'arguments of exactly maxBridgePayloadBytes'
with '{"f": {"returns": 1}}' 'export default await f("x".repeat(96))' --max-bridge-payload-bytes 100
gives '{"default":1}'
json '.bridgeCalls[0].argBytes' 100

test_that 'one byte more ends the run'
with '{"f": {"returns": 1}}' "$(stubborn "f('x'.repeat(97))")" --max-bridge-payload-bytes 100
ends_at ERR_BRIDGE_PAYLOAD_TOO_LARGE
json .error.message "\"the arguments of 'f' take more than 100 bytes (maxBridgePayloadBytes)\""
json '.bridgeCalls | map([.ok, .blocked])' '[[false,true]]'

test_that 'no call lasts longer than its run, whether it was waited for or not'
for code in 'slow(); slow(); export default 1' 'await slow(); slow(); export default 1' 'slow(); for (let i = 0; i < 1e6; i++) i ** 2; throw new Error()' 'await Promise.all([slow(), slow()])'; do
    with '{"slow": {"command": ["sh", "-c", "sleep 0.1; echo 1"]}}' "$code"
    json '.durationMs as $all | [.bridgeCalls[] | select(.startMs + .durationMs > $all + 0.002)]' '[]'
    json '.bridgeCalls | length' "$(echo "$code" | grep -o 'slow()' | wc -l)"
done

test_that 'the hint has the paths of the largest parts of arguments that are too large'
while IFS='|' read -r want bytes code; do
    with '{"f": {"returns": 1}}' "await f($code);" --max-bridge-payload-bytes 1000
    fails ERR_BRIDGE_PAYLOAD_TOO_LARGE
    is "hint for $code" "$(jq -r .error.hint out)" "Send less with one call: only what the function needs, or in parts.$want"
    json '.bridgeCalls[0].argBytes' "$bytes"
done <<'END'
 Largest: args[0].rows (3894 bytes), args[0].a (106 bytes).|4011|{ a: "x".repeat(100), rows: Array(3000).fill("abcdefgh") }
 Largest: args[0] (5002 bytes).|5004|"x".repeat(5000)
 Largest: args[1] (702 bytes), args[0] (602 bytes).|1307|"x".repeat(600), "y".repeat(700)
 Largest: args[0][1].b (5006 bytes).|5018|[{ a: 1 }, { b: "x".repeat(5000) }]
 Largest: args[1].when (2507 bytes).|2522|0, { small: 1, when: { toJSON: () => "x".repeat(2500 - 3) } }
 Largest: args[0].b (5006 bytes).|5009|{ b: "x".repeat(5000), get late() { throw new Error("not asked"); } }
|4001|...Array(2000).fill(1)
END

test_that 'bytes are counted as UTF-8'
with '{"f": {"returns": 1}}' 'await f("€".repeat(33))' --max-bridge-payload-bytes 100
fails ERR_BRIDGE_PAYLOAD_TOO_LARGE

test_that 'a result of exactly maxBridgePayloadBytes'
with "{\"f\": {\"returns\": \"$(printf '%98s' x | tr ' ' x)\"}}" 'export default (await f()).length' --max-bridge-payload-bytes 100
gives '{"default":98}'

test_that 'a result of one byte more ends the run'
with "{\"f\": {\"returns\": \"$(printf '%99s' x | tr ' ' x)\"}}" 'const on = () => console.log("on"); try { await f().catch(on).finally(on); } catch { on(); } finally { on(); }' --max-bridge-payload-bytes 100
ends_at ERR_BRIDGE_PAYLOAD_TOO_LARGE
json .error.message "\"the result of 'f' takes more than 100 bytes (maxBridgePayloadBytes)\""

test_that 'arguments of more than 64 MiB end the run where there is no limit'
with '{"f": {"returns": 1}}' 'await f("x".repeat(1 << 26))' --memory-mb 512
fails ERR_BRIDGE_PAYLOAD_TOO_LARGE

test_that 'arguments that wait may take 256 MiB together'
with '{"f": {"command": ["sleep", "20"]}}' 'const big = "x".repeat(50 << 20); for (let i = 0; i < 6; i++) f(big); await f()' --memory-mb 900 --cpu-time-ms 20000
fails ERR_BRIDGE_PAYLOAD_TOO_LARGE
json .error.message '"arguments and results that wait take more than 256 MiB: make fewer calls at a time"'

test_that 'a function as an argument cannot be caught'
with '{"f": {"returns": 1}}' "$(stubborn 'f(() => 1)')"
ends_at ERR_FUNCTION_ARGUMENT_NOT_SUPPORTED

test_that 'logs of before a limit are kept'
with '{"f": {"returns": 1}}' 'console.log("a"); console.error("b"); await f(); await f()' --max-bridge-calls 1
fails ERR_BRIDGE_CALL_LIMIT_EXCEEDED
json '[.stdout, .stderr]' '[["a"],["b"]]'

test_that 'the place of the call over the limit is told'
with '{"f": {"returns": 1}}' "function again() { return f(); }${NL}await again();${NL}await again();" --max-bridge-calls 1
fails ERR_BRIDGE_CALL_LIMIT_EXCEEDED
json .error.stack '"    at again (agent.js:1:27)\n    at agent.js:3:7"'

test_that '20,000 calls at the same time'
with '{"f": {"returns": 1, "delayMs": 1}}' 'export default (await Promise.all(Array.from({ length: 20000 }, () => f()))).length' --max-bridge-calls 0
gives '{"default":20000}'

test_that 'the list ends after 100,000 calls and counts the rest'
with '{"f": {"returns": 1}}' 'for (let i = 0; i < 10; i++) await Promise.all(Array.from({ length: 10001 }, () => f()));' --max-bridge-calls 0 --cpu-time-ms 20000
exits 0
json '[(.bridgeCalls | length), .unlistedBridgeCalls]' '[100000,10]'

# A dozen agents at once are forks of one process, each with calls of its own.
DOZEN='agent.js agent.js agent.js agent.js agent.js agent.js agent.js agent.js agent.js agent.js agent.js agent.js'

test_that 'a dozen agents call at the same time, each for itself'
globals '{"f": {"sequence": [{"returns": 1}, {"returns": 2}], "delayMs": 5}, "v": {"value": [0]}}'
echo 'v.push(await f(), await f()); export default v' >agent.js
# shellcheck disable=SC2086 # words
iso run -g globals.json -j 4 $DOZEN
exits 0
is 'results' "$(jq -c '[.exports.default, (.bridgeCalls | map([.name, .ok]))]' out | sort | uniq -c | sed 's/^ *//')" \
    '12 [[0,1,2],[["f",true],["f",true]]]'

test_that 'also from a snapshot whose functions are rebound'
prefix 'const mine = f; globalThis.call = () => mine()' -g globals.json -q
echo '{"f": {"throws": {"message": "m"}}}' >run.json
echo 'export default await call().catch((e) => e.message)' >agent.js
# shellcheck disable=SC2086
iso run -s p.snap -g run.json -j 4 $DOZEN
is 'results' "$(jq -r .exports.default out | sort | uniq -c | sed 's/^ *//')" '12 m'

test_that 'one that breaks a limit ends alone'
echo 'export default 1; if (Math.random() < 2) for (;;) await call().catch(() => 1)' >endless.js
# shellcheck disable=SC2086
iso run -s p.snap -g run.json -j 4 endless.js $DOZEN
exits 1
is 'results' "$(jq -r '.error.code // .exports.default' out | sort | uniq -c | sed 's/^ *//')" "1 ERR_BRIDGE_CALL_LIMIT_EXCEEDED
12 m"

test_that 'without host functions nothing of the list changes'
agent 'export default 1'
json .bridgeCalls '[]'

# ---- work that agents make for iso4

test_that 'slow patterns are paid for by the agent that calls'
with '{"f": {"returns": 1, "parameters": {"type": "string", "pattern": "^(a+)+$"}}}' \
    'for (let i = 0; i < 100; i++) await f("a".repeat(40) + "b").catch(() => {})' --cpu-time-ms 1000
fails ERR_CPU_TIMEOUT

test_that 'so are slow patterns that are called all at once'
with '{"f": {"returns": 1, "parameters": {"type": "string", "pattern": "^(a+)+$"}}}' \
    'await Promise.allSettled(Array.from({ length: 100 }, () => f("a".repeat(40) + "b")))' --cpu-time-ms 1000
fails ERR_CPU_TIMEOUT

test_that 'the work is part of cpuTimeMs'
with '{"f": {"returns": 1, "parameters": {"type": "string", "pattern": "^(a+)+$"}}}' \
    'await f("a".repeat(40) + "b").catch((e) => console.log(e.message))'
json '.stdout[0]' "\"'f' was called with arguments that do not fit: args[0] takes too much work to be checked\""
within 'cpuTimeMs' "$(jq .cpuTimeMs out)" 15 20000

test_that 'a check that takes long keeps no other run from its limit'
jq -nc '{"f": {"returns": 1, "parameters": {"type": "string", "pattern": "^(a+)+$"}}} as $g |
    ({id: "slow", code: "await Promise.allSettled(Array.from({ length: 100 }, () => f(`a`.repeat(40) + `b`)))", globals: $g, limits: {cpuTimeMs: 20000}},
     {id: "endless", code: "await new Promise((r) => setTimeout(r, 1e6))", limits: {wallTimeMs: 300}})' >jobs.jsonl
iso batch -j 2 jobs.jsonl
exits 1
is 'the first answer' "$(head -n 1 out | jq -r '[.id, .error.code] | join(" ")')" 'endless ERR_WALL_TIMEOUT'
within 'its durationMs' "$(jq 'select(.id == "endless").durationMs' out)" 300 4000

test_that 'a call may be called off, or time out, while its arguments are checked'
with '{"f": {"returns": 1, "timeoutMs": 1, "parameters": {"type": "string", "pattern": "^(a+)+$"}}}' \
    'export default await Promise.all([40, 41, 3].map((n) => f("a".repeat(n) + (n > 3 ? "b" : "")).catch((e) => e.name)))'
gives '{"default":["TimeoutError","TimeoutError",1]}'

test_that 'a run may end while the arguments of a call are checked'
with '{"f": {"returns": 1, "parameters": {"type": "string", "pattern": "^(a+)+$"}}}' \
    'f("a".repeat(40) + "b"); f("a".repeat(41) + "b"); await f("a"); export default 1'
gives '{"default":1}'

test_that 'many cases and a large argument cost what reading it once does'
jq -nc '{f: {cases: [range(5000) | {args: [("x" * 3) + tostring], returns: .}], otherwise: {returns: "none"}}}' >globals.json
timed agent 'const s = "x".repeat(2 << 20);
for (let i = 0; i < 20; i++) if (await f(s) !== "none") throw i;
export default [await f("xxx17"), await f("xxx4999"), await f("xxx", "17")]' -g globals.json
gives '{"default":[17,4999,"none"]}'
within 'ms of CPU time' "$spent" 0 12000

test_that 'arguments of many megabytes are checked and sent like others'
with '{"f": {"command": ["wc", "-c"], "parameters": {"type": "string", "minLength": 5000000}}}' \
    'export default [await f("y".repeat(8e6)), (await f("y".repeat(4e6)).catch((e) => e)).message]'
gives "{\"default\":[8000004,\"'f' was called with arguments that do not fit: args[0] must have at least 5000000 characters, not 4000000\"]}"

test_that 'sequences that are long are read once'
jq -nc '{f: {sequence: [range(100000) | {returns: .}]}}' >globals.json
timed agent 'let last; for (let i = 0; i < 20000; i++) last = await f(); export default last' -g globals.json --max-bridge-calls 0
gives '{"default":19999}'
within 'ms of CPU time' "$spent" 0 15000

test_that 'keywords of other dialects of JSON Schema say nothing'
with '{"f": {"returns": 1, "parameters": {"type": "object", "properties": {"q": {"type": "string", "nullable": true, "errorMessage": "no"}}}}}' \
    'export default [await f({ q: "x" }), (await f({ q: null }).catch((e) => e)).name]'
gives '{"default":[1,"TypeError"]}'

test_that 'what no schema is for can be refused'
with '{"f": {"returns": 1, "parameters": {"type": "object", "allOf": [{"properties": {"q": {}}}], "unevaluatedProperties": false}}}' \
    'export default [await f({ q: 1 }), (await f({ r: 1 }).catch((e) => e)).message]'
gives "{\"default\":[1,\"'f' was called with arguments that do not fit: args[0] must not have the property \\\"r\\\"\"]}"

test_that 'a canned fetch whose answers have a status gives a Response, as in place of a real one'
body='{"status": 200, "headers": {"content-type": "application/json", "x-n": 1}, "body": "{\"a\":1}"}'
for kind in "\"returns\": $body" "\"cases\": [{\"args\": [], \"returns\": $body}], \"otherwise\": {\"returns\": $body}" "\"sequence\": [{\"returns\": $body}]"; do
    with "{\"fetch\": {$kind}}" 'const r = await fetch("https://a.example/x"); export default [r instanceof Response, r.ok, r.headers.get("x-n"), r.url, (await r.json()).a];'
    gives '{"default":[true,true,"1","https://a.example/x",1]}'
done
with '{"fetch": {"returns": {"status": 404, "headers": [["a", "b"]]}}}' 'const r = await fetch("https://a.example/"); export default [r.ok, r.status, r.headers.get("a"), await r.text()];'
gives '{"default":[false,404,"b",""]}'

test_that 'a function fetch with other answers stays one, and so do members and other names'
with '{"fetch": {"returns": "text"}, "get": {"returns": {"status": 1}}, "o": {"members": {"fetch": {"returns": {"status": 1}}}}}' \
    'export default [await fetch("a"), await get(), await o.fetch()];'
gives '{"default":["text",{"status":1},{"status":1}]}'

test_done
