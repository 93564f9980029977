#!/bin/sh
# SPDX-License-Identifier: MIT
# Stub definitions: how they are read and refused, what they become in the sandbox, what a snapshot keeps of them and
# what a run may give in their place. Calls are t-bridge.sh's, programs t-programs.sh's.
# shellcheck source-path=SCRIPTDIR source=lib.sh disable=SC2016 # the $ and ` in quotes are JavaScript's
. "$(dirname "$0")/lib.sh"

G='-g globals.json'

# with GLOBALS CODE: a run of CODE with these globals
with() {
    globals "$1"
    # shellcheck disable=SC2086 # two words
    agent "$2" $G
    command="$command   # $1"
}

# declare GLOBALS [PREFIX]: a snapshot with these globals
declare_globals() {
    globals "$1"
    # shellcheck disable=SC2086
    prefix "${2-}" $G
    is 'precompile' "$status" 0
}

# from_snapshot CODE [ARG...]: a run from what declare_globals made
from_snapshot() {
    agent "$@" -s p.snap
}

# rebinds GLOBALS CODE: the same, with other globals
rebinds() {
    printf '%s\n' "$1" >run.json
    agent "$2" -s p.snap -g run.json
    command="$command   # $1"
}

# ---- data

test_that 'a value is a global'
with '{"config": {"value": {"limit": 3, "names": ["a", "b"]}}}' 'export default config'
completes '{"default":{"limit":3,"names":["a","b"]}}'

test_that 'a value may be any JSON'
with '{"n": {"value": null}, "s": {"value": "t"}, "t": {"value": true}, "z": {"value": -0}, "e": {"value": 1e400}}' \
    'export default [n, s, t, Object.is(z, -0), e]'
completes '{"default":[null,"t",true,true,{"$type":"number","value":"Infinity"}]}'

test_that 'tags of values are revived'
with '{"v": {"value": {"m": {"$type": "map", "entries": [[1, {"$type": "bigint", "value": "5"}]]}, "d": {"$type": "date", "value": "2020-01-01T00:00:00.000Z"}}}}' \
    'export default [v.m instanceof Map, v.m.get(1), v.d instanceof Date, v.d.getTime()]'
completes '{"default":[true,{"$type":"bigint","value":"5"},true,1577836800000]}'

test_that 'a value can be changed by its run'
with '{"v": {"value": [1]}}' 'v.push(2); globalThis.v = [...v, 3]; export default v'
completes '{"default":[1,2,3]}'

test_that 'each of several agents finds the value as it was'
globals '{"v": {"value": [1]}}'
echo 'v.push(2); export default v' >agent.js
iso run -g globals.json agent.js agent.js
json .exports.default "[1,2]${NL}[1,2]"

test_that 'NUL, lone surrogates and large numbers of a value arrive'
with '{"v": {"value": ["a\u0000b", "\ud800", 12345678901234567890]}}' \
    'export default [v[0].length, v[1].charCodeAt(0), v[2]]'
completes '{"default":[3,55296,12345678901234567000]}'

test_that 'an own __proto__ of a value is data'
with '{"v": {"value": {"__proto__": {"polluted": 1}}}}' \
    'export default [Object.keys(v), v.polluted ?? null, ({}).polluted ?? null]'
completes '{"default":[["__proto__"],null,null]}'

test_that 'a value 9000 levels deep arrives'
deep() {
    awk -v n="$1" 'BEGIN { for (i = 0; i < n; i++) printf "["; for (i = 0; i < n; i++) printf "]" }'
}
with "{\"v\": {\"value\": $(deep 9000)}}" 'let n = 0, at = v; for (; at; at = at[0]) n++; export default n'
completes '{"default":9000}'

test_that 'an expression is evaluated in the sandbox'
with '{"now": {"expression": "new Date(0)"}, "add": {"expression": "(a, b) => a + b // the sum"}}' \
    'export default [now instanceof Date, add(1, 2)]'
completes '{"default":[true,3]}'

test_that 'expressions see the globals before them'
with '{"a": {"value": 2}, "b": {"expression": "a * 21"}}' 'export default b'
completes '{"default":42}'

test_that 'an expression that throws is refused'
with '{"x": {"expression": "null.f"}}' 'export default 1'
refused "globals.json:1:22: the expression of 'x' cannot be used: TypeError: Cannot read properties of null"

test_that 'an expression that does not parse is refused, with its place'
with '{"x": {"expression": "1 +"}}' 'export default 1'
refused "globals.json:1:22: the expression of 'x' cannot be used: SyntaxError: it ends too early"
with '{"x": {"expression": "{\n  a: 1,\n  b b\n}"}}' 'export default 1'
refused "the expression of 'x' cannot be used: SyntaxError: Unexpected identifier 'b' (line 3, column 5)"

test_that 'an expression that does not end is stopped'
globals '{"x": {"expression": "(() => { for (;;); })()"}}'
agent 'export default 1' -g globals.json --cpu-time-ms 100
fails ERR_CPU_TIMEOUT

# ---- members

test_that 'members are the properties of an object'
with '{"db": {"members": {"find": {"returns": 1}, "name": {"value": "test"}, "deep": {"members": {"er": {"returns": 2}}}}}}' \
    'export default [await db.find(), db.name, await db.deep.er(), Object.keys(db)]'
gives '{"default":[1,"test",2,["find","name","deep"]]}'

test_that 'members may have names that globals may not'
with '{"m": {"members": {"Object": {"value": 1}, "console": {"value": 2}}}}' 'export default [m.Object, m.console]'
completes '{"default":[1,2]}'

test_that 'a member called __proto__ is an own property'
with '{"m": {"members": {"__proto__": {"value": {"x": 1}}}}}' 'export default [Object.keys(m), m.x ?? null, ({}).x ?? null]'
completes '{"default":[["__proto__"],null,null]}'

test_that 'no members are an empty object'
with '{"m": {"members": {}}}' 'export default m'
completes '{"default":{}}'

test_that 'members nest 31 levels below a global'
nested() {
    awk -v n="$1" 'BEGIN { printf "{\"m\": "; for (i = 0; i < n; i++) printf "{\"members\": {\"m\": "
        printf "{\"value\": 7}"; for (i = 0; i < n; i++) printf "}}"; print "}" }'
}
with "$(nested 31)" 'let at = m; while (at.m) at = at.m; export default at'
completes '{"default":7}'

test_that 'members do not nest deeper'
with "$(nested 32)" 'export default 1'
refused globals.json:1: 'nested too deeply'

# ---- functions

test_that 'a stub is a function without a constructor, named as it is declared'
with '{"f": {"returns": 1}}' \
    'let made; try { new f(); } catch (e) { made = e.name; } export default [typeof f, f.name, f.length, made, f.prototype ?? null]'
completes '{"default":["function","f",0,"TypeError",null]}'

test_that 'a stub shows no source of the host'
with '{"f": {"returns": "secret"}}' 'export default String(f)'
completes '{"default":"function () { [native code] }"}'

test_that 'a stub returns a promise'
with '{"f": {"returns": 1}}' 'const p = f(); export default [p instanceof Promise, await p]'
gives '{"default":[true,1]}'

test_that 'a global can be replaced and deleted by its run'
with '{"f": {"returns": 1}, "g": {"returns": 2}}' 'globalThis.f = 3; delete globalThis.g; export default [f, typeof g]'
completes '{"default":[3,"undefined"]}'

test_that 'globals are enumerable'
with '{"f": {"returns": 1}, "v": {"value": 1}}' 'export default Object.keys(globalThis).filter((k) => k === "f" || k === "v")'
completes '{"default":["f","v"]}'

test_that 'enumerable: false hides them'
with '{"f": {"returns": 1, "enumerable": false}, "v": {"value": 1, "enumerable": false}, "m": {"enumerable": false, "members": {"x": {"value": 1, "enumerable": false}}}}' \
    'export default [Object.keys(globalThis).filter((k) => "fvm".includes(k)), typeof f, v, Object.keys(m), m.x]'
completes '{"default":[[],"function",1,[],1]}'

test_that 'description, parameters and result do not change what a function does'
with '{"f": {"returns": 1, "description": "one", "parameters": {"type": "array"}, "result": {"type": "number"}}}' \
    'export default await f()'
gives '{"default":1}'

# ---- names

# named NAME: a global of this name (in JSON) is reachable as globalThis[NAME], and nothing else happens
named() {
    test_that "a global may be called $1"
    with "{$1: {\"returns\": \"yes\"}}" "export default [await globalThis[$1](), globalThis[$1].name === $1, typeof thrown]"
    gives '{"default":["yes",true,"undefined"]}'
}
named '"my tool"'
named "\"x';throw 1//\""
named '"x\";globalThis.thrown=1//"'
named '"${thrown}`"'
named '"класс"'
named '""'
named '"a.b"'
named '"0"'
named '"\u0000"'
named '"\ud800"'
named '"await"'
named '"constructor2"'

test_that 'a global called __proto__ is refused and pollutes nothing'
with '{"__proto__": {"value": {"x": 1}}}' 'export default 1'
refused "globals.json:1:25: the global '__proto__' has a name that the language or the runtime owns: choose another"

for name in Object console setTimeout globalThis undefined NaN toString hasOwnProperty constructor \
    Intl Temporal WebAssembly SharedArrayBuffer eval; do
    test_that "a global may not be called $name"
    with "{\"$name\": {\"value\": 1}}" 'export default 1'
    refused globals.json:1: "the global '$name' has a name that"
done

test_that 'no code has run when a name is refused'
with '{"a": {"expression": "console.log(1)"}, "Math": {"value": 1}}' 'console.log(2)'
refused 'globals.json:1:59: ' "'Math'"

test_that 'precompile refuses reserved names, too'
globals '{"Map": {"returns": 1}}'
rm -f p.snap
prefix '1' -g globals.json
refused 'globals.json:1:21: ' "'Map'"
holds 'no file' test ! -e p.snap

test_that '300 globals'
globals "$(awk 'BEGIN { printf "{"; for (i = 0; i < 300; i++) printf "%s\"g%d\": {\"returns\": %d}", i ? "," : "", i, i; print "}" }')"
agent 'export default await g299()' -g globals.json
gives '{"default":299}'

# ---- documents that are refused

# bad DEFINITIONS TEXT...: a usage error, at the place of the @ in the definitions
bad() {
    _text=$1
    shift
    test_that "refused: $(printf '%s' "$_text" | tr '\n' ' ' | cut -c 1-90)"
    with "$(printf '%s' "$_text" | tr -d @)" 'export default 1'
    refused "globals.json:$(printf '%s\n' "$_text" | awk '{ at = index($0, "@") } at { print NR ":" at }'): " "$@"
}
bad '{"f":@}' 'not JSON from here on'
bad "{\"f\": {$NL\"returns\": 1$NL   ,@}}" 'not JSON from here on'
bad '{"f": {"returns": 1}} @{' 'not JSON from here on'
bad '@[]' 'globals are a JSON object: name to definition'
bad '@"f"' 'globals are a JSON object'
bad '{"f": @1}' "'f' is no definition"
bad '{"f": @null}' "'f' is no definition"
bad '{"f": @{}}' "'f' does not say what it is"
bad '{"f": @{"description": "x"}}' "'f' does not say what it is"
bad '{"f": {"returns": 1, @"value": 2}}' "'f' is both returns and value"
bad '{"f": {"returns": 1, @"returns": 2}}' "'f' has returns twice"
bad '{"f": {"returns": 1, "maxCalls": 1, @"maxCalls": 2}}' 'has maxCalls twice'
bad '{"f": {@"retruns": 1}}' 'unknown key "retruns" (did you mean "returns"?)'
bad '{"f": {"returns": 1, @"timeoutms": 2}}' 'unknown key "timeoutms" (did you mean "timeoutMs"?)'
bad '{"f": {@"xyzzy": 1}}' 'unknown key "xyzzy"'
bad '{"f": {@"__proto__": 1}}' 'unknown key "__proto__"'
bad "{\"f\": {\"returns\": 1},$NL@\"f\": {\"value\": 1}}" 'declares "f" twice'
bad '{"f": {"returns": 1}, @"\u0066": {"value": 1}}' 'declares "\u0066" twice'
bad '{"m": {"members": {"x": {"returns": 1}, @"x": {"returns": 2}}}}' "'m' declares \"x\" twice"
bad '{"m": {"members": {"x": {"members": {"y": {@"reurns": 1}}}}}}' "'m.x.y' unknown key"
bad '{"m": {"members": @[]}}' "'m' members is an object of definitions"
bad '{"x": {"expression": @1}}' 'expression is a text'
bad '{"f": {"caller": @false}}' 'caller is true'
bad '{"f": {"caller": true, "cwd": @"."}}' 'has cwd, which does not go with caller'
bad '{"f": {"throws": @"why"}}' 'throws is an object such as'
bad '{"f": {"throws": @{"name": "E"}}}' 'throws is an object such as'
bad '{"f": {"throws": @{"message": 1}}}' 'throws is an object such as'
bad '{"f": {"cases": @{}}}' 'cases is an array of answers'
bad '{"f": {"cases": [@1]}}' 'an answer is an object with returns or throws'
bad '{"f": {"cases": [@{"returns": 1}]}}' 'a case needs its args once'
bad '{"f": {"cases": [{"args": @1, "returns": 1}]}}' 'args is the array of arguments'
bad '{"f": {"cases": [@{"args": []}]}}' 'an answer takes one of returns and throws'
bad '{"f": {"cases": [@{"args": [], "returns": 1, "throws": {"message": ""}}]}}' 'an answer takes one of returns and throws'
bad '{"f": {"cases": [{"args": [], @"return": 1}]}}' 'unknown key "return"'
bad '{"f": {"sequence": [{"returns": 1, @"args": []}]}}' 'unknown key "args"'
bad '{"f": {"cases": [], "otherwise": @1}}' 'an answer is an object'
bad '{"f": {"returns": 1, "otherwise": @{"returns": 1}}}' 'otherwise, which does not go with returns'
bad '{"f": {"returns": 1, "method": @"m"}}' 'method, which does not go with returns'
bad '{"v": {"value": 1, "maxCalls": @1}}' 'maxCalls, which does not go with value'
bad '{"v": {"value": 1, "shim": @"x"}}' 'shim, which does not go with value'
bad '{"m": {"members": {}, "parameters": @{}}}' 'parameters, which does not go with members'
bad '{"f": {"command": ["true"], "delayMs": @1}}' 'delayMs, which does not go with command'
bad '{"f": {"command": ["true"], "method": @"m"}}' 'method, which does not go with command'
bad '{"f": {"returns": 1, "enumerable": @0}}' 'enumerable is true or false'
bad '{"f": {"returns": 1, "description": @0}}' 'description is a text'
bad '{"f": {"returns": 1, "parameters": @[]}}' 'parameters is a JSON Schema'
bad '{"f": {"returns": 1, "result": @"x"}}' 'result is a JSON Schema'
bad '{"f": {"returns": 1, "maxCalls": @0}}' 'maxCalls takes a whole number from 1 to 1000000000'
bad '{"f": {"returns": 1, "maxCalls": @1.5}}' 'maxCalls takes a whole number'
bad '{"f": {"returns": 1, "maxCalls": @"1"}}' 'maxCalls takes a whole number'
bad '{"f": {"returns": 1, "timeoutMs": @-1}}' 'timeoutMs takes a whole number from 1 to 86400000'
bad '{"f": {"returns": 1, "delayMs": @86400001}}' 'delayMs takes a whole number from 1 to 86400000'
bad '{"f": {"command": @"ls -l"}}' 'command is an array: the program and its arguments, no shell'
bad '{"f": {"command": @[]}}' 'command names no program'
bad '{"f": {"command": [@""]}}' 'command holds texts'
bad '{"f": {"service": ["true", @1]}}' 'service holds texts'
bad '{"f": {"command": [@"a\u0000b"]}}' 'command holds texts'
bad '{"f": {"command": ["true"], "cwd": @1}}' 'cwd is a text'
bad '{"f": {"command": ["true"], "env": @[]}}' 'env is an object'
bad '{"f": {"command": ["true"], "env": {"A": @1}}}' 'env takes a text or {"fromEnv": "NAME"}'
bad '{"f": {"command": ["true"], "env": {"A": @{"fromEnv": "B", "x": 1}}}}' 'env takes a text or'
bad '{"f": {"command": ["true"], "env": {@"": "x"}}}' 'env has a name that no variable can have'
bad '{"f": {"command": ["true"], "env": {@"A=B": "x"}}}' 'env has a name that no variable can have'
bad '{"f": {"command": ["true"], "env": {"A": "x", @"A": "y"}}}' 'env has "A" twice'

test_that 'an empty document'
: >globals.json
agent 'export default 1' -g globals.json
refused 'globals.json:1:1: not JSON'

test_that 'globals that are not there'
agent 'export default 1' -g no-such.json
refused no-such.json 'No such file'

test_that 'globals that are a directory'
agent 'export default 1' -g .
exits 2
is 'standard output' "$line" ''

test_that 'a document that is not UTF-8'
printf '{"f": {"returns": "\377"}}' >globals.json
agent 'export default 1' -g globals.json
refused globals.json:1:20

test_that 'a document nested too deeply for JSON'
globals "{\"v\": {\"value\": $(deep 10000)}}"
agent 'export default 1' -g globals.json
refused globals.json:1:

test_that 'globals from standard input'
echo '{"f": {"returns": 1}}' >in
echo 'export default await f()' >agent.js
iso run -g - agent.js <in
gives '{"default":1}'

test_that 'mistakes on standard input are named as such'
echo '{"f": 1}' >in
iso run -g - agent.js <in
refused 'standard input:1:7: '

test_that 'globals and agent cannot both come from standard input'
iso run -g - - <in
refused 'only one'

test_that 'precompile refuses the same documents'
globals '{"f": {"retruns": 1}}'
rm -f p.snap
prefix 1 -g globals.json
refused 'globals.json:1:8: ' 'did you mean "returns"'
holds 'no file' test ! -e p.snap

test_that 'names that would drive a terminal are shown without their controls'
with '{"\u001b[31m": 1}' 'export default 1'
refused "is no definition"
lacks 'stderr' "$(cat err)" "$(printf '\033')"

# ---- snapshots

test_that 'what precompile declares is there in a run of the snapshot'
declare_globals '{"f": {"returns": 1}, "v": {"value": [1]}, "m": {"members": {"g": {"returns": 2}}}, "e": {"expression": "40 + 2"}}'
from_snapshot 'export default [await f(), v, await m.g(), e]'
gives '{"default":[1,[1],2,42]}'

test_that 'a prefix finds values, members and expressions'
declare_globals '{"v": {"value": 20}, "e": {"expression": "v + 1"}, "m": {"members": {"n": {"value": 1}}}}' 'globalThis.sum = v + e + m.n'
from_snapshot 'export default sum'
completes '{"default":42}'

test_that 'an expression is evaluated once, by precompile'
declare_globals '{"id": {"expression": "Math.random()"}}'
from_snapshot 'export default id'
first=$(jq .exports.default out)
from_snapshot 'export default id'
is 'the second run' "$(jq .exports.default out)" "$first"

test_that 'what a prefix did to a value stays'
declare_globals '{"v": {"value": {"n": 1}}}' 'v.n++; v.more = true;'
from_snapshot 'export default v'
completes '{"default":{"n":2,"more":true}}'

test_that 'a stub that the prefix captured in a closure works'
declare_globals '{"f": {"returns": 1}}' 'const mine = f; delete globalThis.f; globalThis.call = async () => (await mine()) + 1'
from_snapshot 'export default await call()'
gives '{"default":2}'

test_that 'a stub bound, stored and wrapped by the prefix works'
declare_globals '{"f": {"returns": 1}}' \
    'globalThis.all = [f.bind(null), new Map([["f", f]]), new Proxy(f, {}), class { run = f }]'
from_snapshot 'export default [await all[0](), await all[1].get("f")(), await all[2](), await new all[3]().run()]'
gives '{"default":[1,1,1,1]}'

test_that 'a call of the prefix is refused by name'
globals '{"db": {"members": {"users": {"returns": 1}}}}'
rm -f p.snap
prefix 'await db.users()' -g globals.json
fails ERR_PREFIX_BRIDGE_CALL
json .error.message "\"the prefix called 'db.users' while it was evaluated: host functions answer only when an agent runs\""
holds 'no file' test ! -e p.snap

test_that 'the prefix cannot catch that'
prefix 'try { await db.users().catch(() => 1); } catch {} finally { console.log("on") }' -g globals.json
fails ERR_PREFIX_BRIDGE_CALL
json .stdout '[]'

test_that 'nor can a warm-up agent call'
echo 'await db.users()' >warm.js
prefix '1' -g globals.json --warm warm.js
fails ERR_PREFIX_BRIDGE_CALL

test_that 'an expression cannot call either'
globals '{"f": {"returns": 1}, "x": {"expression": "f()"}}'
prefix '1' -g globals.json
fails ERR_PREFIX_BRIDGE_CALL

test_that 'the same globals give the same snapshot, in another place too'
globals '{"f": {"command": ["ls"]}, "v": {"value": [1, {"$type": "map", "entries": []}]}}'
prefix 'globalThis.x = 1' -g globals.json
mkdir -p elsewhere
cp globals.json elsewhere/other.json
iso precompile prefix.js -g elsewhere/other.json -o q.snap -q
holds 'same bytes' cmp p.snap q.snap

test_that 'other globals give another snapshot'
globals '{"f": {"command": ["ls"]}, "v": {"value": 2}}'
iso precompile prefix.js -g globals.json -o q.snap -q
is 'cmp' "$(cmp -s p.snap q.snap; echo $?)" 1

test_that 'globals of odd names live on in a snapshot'
declare_globals "{\"my tool\": {\"returns\": 1}, \"\": {\"returns\": 2}, \"x';throw 1//\": {\"returns\": 3}, \"класс\": {\"returns\": 4}}"
from_snapshot "export default [await globalThis['my tool'](), await globalThis[''](), await globalThis[\"x';throw 1//\"](), await globalThis['класс']()]"
gives '{"default":[1,2,3,4]}'

# ---- rebinding

test_that 'a run may give another answer'
declare_globals '{"f": {"returns": 1}, "g": {"returns": 2}}'
rebinds '{"f": {"returns": "run"}}' 'export default [await f(), await g()]'
gives '{"default":["run",2]}'

test_that 'a function may be rebound with any callable kind'
for answer in '"throws": {"message": "no"}' '"cases": [], "otherwise": {"throws": {"message": "no"}}' \
    '"sequence": [{"throws": {"message": "no"}}]' '"command": ["sh", "-c", "echo no >&2; exit 1"]'; do
    rebinds "{\"f\": {$answer}}" 'export default await f().catch((e) => /no$|exit status 1$/.test(e.message))'
    gives '{"default":true}'
done

test_that 'a stub that the prefix captured follows the rebinding'
declare_globals '{"f": {"returns": 1}}' 'const mine = f; globalThis.call = () => mine()'
rebinds '{"f": {"returns": 2}}' 'export default [await call(), await f()]'
gives '{"default":[2,2]}'

test_that 'a value may be given anew'
declare_globals '{"v": {"value": 1}, "w": {"value": 1}}'
rebinds '{"v": {"value": {"$type": "set", "values": [1]}}}' 'export default [v, w]'
completes '{"default":[{"$type":"set","values":[1]},1]}'

test_that 'a value that the prefix deleted comes back'
declare_globals '{"v": {"value": 1}}' 'delete globalThis.v'
rebinds '{"v": {"value": 2}}' 'export default v'
completes '{"default":2}'

test_that 'a value that the prefix made read-only cannot be given anew'
declare_globals '{"v": {"value": 1}}' 'Object.defineProperty(globalThis, "v", { writable: false, configurable: false })'
rebinds '{"v": {"value": 2}}' 'export default v'
refused 'run.json:1:17: ' "'v'" 'read-only'

test_that 'members are rebound one by one'
declare_globals '{"db": {"members": {"a": {"returns": 1}, "b": {"returns": 2}, "c": {"value": 3}, "d": {"value": 4}}}}'
rebinds '{"db": {"members": {"b": {"returns": "run"}, "c": {"value": "run"}}}}' 'export default [await db.a(), await db.b(), db.c, db.d]'
gives '{"default":[1,"run","run",4]}'

test_that 'a shim that a run gives takes the place of the declared one'
declare_globals '{"f": {"returns": 1, "shim": "(n) => n + 1"}, "g": {"returns": 1, "shim": "(n) => n + 1"}}'
rebinds '{"f": {"returns": 10, "shim": "(n) => n * 2"}, "g": {"returns": 10}}' 'export default [await f(), await g()]'
gives '{"default":[20,11]}'

test_that 'maxCalls, timeoutMs and delayMs go with the answer, not with the declaration'
declare_globals '{"f": {"returns": 1, "maxCalls": 1}}'
rebinds '{"f": {"returns": 2}}' 'export default [await f(), await f()]'
gives '{"default":[2,2]}'

test_that 'the next run has the declared answer again'
from_snapshot 'export default await f()'
gives '{"default":1}'

# undeclared GLOBALS NAME [NEAR]
undeclared() {
    rebinds "$1" 'console.log("ran"); export default 1'
    refused run.json:1: "the global '$2' was not declared by precompile${3+ (did you mean '$3'?)}"
}

test_that 'a run cannot give a global that precompile did not declare'
declare_globals '{"users": {"returns": 1}, "db": {"members": {"find": {"returns": 1}}}}'
undeclared '{"orders": {"returns": 2}}' orders

test_that 'the nearest name is offered'
undeclared '{"user": {"returns": 2}}' user users

test_that 'nor a member that was not declared'
undeclared '{"db": {"members": {"fnd": {"returns": 2}}}}' db.fnd db.find

test_that 'nor a global named like a member'
undeclared '{"find": {"returns": 2}}' find

test_that 'nor anything where the snapshot declares nothing'
prefix 'globalThis.users = 1' -q
undeclared '{"users": {"returns": 1}}' users

# misbound GLOBALS MESSAGE
misbound() {
    rebinds "$1" 'console.log("ran"); export default 1'
    refused run.json:1: "the global $2"
}

test_that 'a function cannot be rebound as data'
declare_globals '{"f": {"returns": 1}, "v": {"value": 1}, "e": {"expression": "1"}, "m": {"members": {"x": {"value": 1}}}}'
misbound '{"f": {"value": 1}}' "'f' cannot be rebound: it was declared as a function and is given as a value"

test_that 'data cannot be rebound as a function'
misbound '{"v": {"returns": 1}}' "'v' cannot be rebound: it was declared as a value and is given as a function"

test_that 'an expression cannot be rebound'
misbound '{"e": {"expression": "2"}}' "'e' cannot be rebound: it was declared as an expression, which precompile has evaluated"

test_that 'a value cannot be rebound as an expression'
misbound '{"v": {"expression": "2"}}' "'v' cannot be rebound: it was declared as a value and is given as an expression"

test_that 'an object with members cannot be rebound as a value'
misbound '{"m": {"value": {}}}' "'m' cannot be rebound: it was declared as an object with members and is given as a value"

test_that 'a member has its path in the message'
misbound '{"m": {"members": {"x": {"returns": 1}}}}' "'m.x' cannot be rebound: it was declared as a value and is given as a function"

test_that 'with several agents it is said once'
printf '%s\n' '{"g": {"returns": 1}}' >run.json
echo 1 >agent.js
iso run -s p.snap -g run.json agent.js agent.js
refused 'run.json:1:19: ' "'g'"

test_that 'a document of mistakes is refused before it is compared'
printf '{"unused": {"retruns": 1}}\n' >run.json
iso run -s p.snap -g run.json agent.js
refused 'run.json:1:13: '

test_that 'a snapshot that declares programs is checked whole before one is started'
declare_globals '{"f": {"command": ["touch", "started"]}}'
cp p.snap damaged.snap
printf 'X' | dd of=damaged.snap bs=1 seek=$(($(wc -c <damaged.snap) - 100)) conv=notrunc status=none
agent 'await f()' -s damaged.snap --allow-host-commands
fails ERR_SNAPSHOT_INVALID 3
holds 'not started' test ! -e started

# ---- inspect

test_that 'inspect shows what is declared, and the programs that a run would start'
mkdir -p sub bin
printf '#!/bin/sh\n' >bin/find
chmod +x bin/find
declare_globals '{"users": {"returns": 1}, "db": {"members": {"find": {"command": ["bin/find", "a b"], "cwd": "sub"}, "n": {"value": 1}}}, "svc": {"service": ["cat", "s.py"]}}'
iso inspect p.snap
exits 0
is 'surface' "$(sed -n 's/^global *//p' out)" "users, returns
db, members
db.find, command 'bin/find' 'a b', cwd sub, relative to $(pwd -P)
db.n, value
svc, service 'cat' 's.py'"

test_that 'a snapshot that declares nothing shows nothing'
prefix '1' -q
iso inspect p.snap
is 'surface' "$(grep -c '^global' out)" 0
iso inspect --json p.snap
json .globals '{}'

test_that 'inspect --json has the definitions as they were written, on one line'
declare_globals "{\"f\": {$NL  \"returns\": [1e2,$NL \"a\\u0000 \\\" b\", 12345678901234567890]$NL}}"
iso inspect --json p.snap
has 'definitions' "$line" '"globals":{"f":{"returns":[1e2,"a\u0000 \" b",12345678901234567890]}},'
is 'lines' "$(wc -l <out)" 1

test_that 'nothing that is declared drives a terminal'
declare_globals '{"x\u001b[31m": {"command": ["cat", "\u001b]0;owned\u0007"]}}'
iso inspect p.snap
lacks 'table' "$line" "$(printf '\033')" "$(printf '\007')"
has 'table' "$line" "x\x1b[31m, command 'cat' '\x1b]0;owned\x07'"

test_that 'definitions can be given as JSON on the command line'
agent 'export default [await f(), v]' -g '{"f":{"returns":7},"v":{"value":8}}'
gives '{"default":[7,8]}'
agent 'export default await p()' -g ' {"p":{"command":["echo","9"]}}'
gives '{"default":9}'
agent '1' -g '{"f":{"retuns":7}}'
refused '--globals:1:' 'retuns'
agent '1' -g '{"f":'
refused '--globals:1:6: not JSON'
prefix '1' -q -g '{"f":{"returns":7}}'
agent 'export default await f()' -s p.snap
gives '{"default":7}'

test_that 'inspect --dts: names that TypeScript cannot declare keep their schemas, in comments'
names='get-weather files.read 2fast class await null with\u0020space qu\"ote back\\\\slash a*/b a//b new\nline x\u2028y \u202e'
for name in $names; do
    printf '{"%s": {"returns": 1, "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}}}' "$name" >odd.json
    iso inspect --dts odd.json
    exits 0
    is "$name: lines that are no comment" "$(grep -cv '^//' out)" 0
    holds "$name" grep -qx '//   city: string;' out
    holds "$name: no control character" awk '/[\001-\010\013-\037]/ { exit 1 }' out
done
for name in plain '$dollar' _under café ünïcode λ; do
    printf '{"%s": {"returns": 1}}' "$name" >odd.json
    iso inspect --dts odd.json
    is "$name" "$(cat out)" "declare function $name(...args: unknown[]): Promise<unknown>;"
done

test_that 'inspect --dts declares definitions without a snapshot'
globals '{"add":{"returns":1,"description":"Adds.","parameters":{"type":"array","prefixItems":[{"type":"number"}]},"result":{"type":"number"}}}'
iso inspect --dts globals.json
exits 0
has 'declarations' "$line" 'Adds.' 'declare function add(arg0?: number): Promise<number>'
dts=$line
prefix '1' -q -g globals.json
iso inspect --dts p.snap
is 'the same of the snapshot' "$line" "$dts"
iso inspect globals.json
refused 'is not a snapshot'
iso inspect --dts missing.json
refused "'missing.json'"

test_that 'the manual lists every keyword of JSON Schema that is known'
schemas=$(sed -n '/^\.Ss Schemas/,/^\.Ss Programs/p' "$ROOT/man/iso4-globals.5" | tr -s ' \n' '\n')
for keyword in $("$B/helpers/schema" keywords); do
    holds "$keyword is there" sh -c 'printf "%s\n" "$1" | grep -qxF -- "$2"' sh "$schemas" "$keyword"
done

test_done
