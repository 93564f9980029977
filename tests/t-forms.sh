#!/bin/sh
# --form: the forms of agents, the waiting of runs without exports, --strict-await, hints of runs that are ok.
# forms/corpus.txt has code that models write.
# shellcheck source-path=SCRIPTDIR source=lib.sh disable=SC2016 # the $ and ` in quotes are JavaScript's
. "$(dirname "$0")/lib.sh"

globals '{"ask": {"returns": 42, "delayMs": 20}, "never": {"returns": 1, "delayMs": 20000}, "fail": {"throws": {"message": "no"}, "delayMs": 5}}'

# ---- the option

test_that '--form=module takes a module and nothing else'
agent 'return 1;' --form=module
fails ERR_COMPILE
json '[.error.message, .error.line, .error.column]' '["Illegal return statement",1,1]'
agent '{"a": 1}' --form=module
fails ERR_COMPILE
agent '```js
export default 1;
```' --form=module
fails ERR_USER_CODE
agent 'async () => { console.log("called"); }' --form=module
json '[.exports, .stdout]' '[{},[]]'
agent 'setTimeout(() => console.log("later"), 1); ask(); Promise.reject(new Error("left alone"));' --form=module -g globals.json
json '[.ok, .stdout, (.stderr | length)]' '[true,[],1]'

test_that '--form=function takes the body of an async function'
agent 'const a = await ask(); return a + 1;' --form=function -g globals.json
json '.exports' '{"default":43}'
agent '1 + 1' --form=function
json '[.exports, (.hint | contains("Nothing is exported"))]' '[{},true]'
agent 'export default 1;' --form=function
fails ERR_COMPILE
json '[.error.message, .error.line, .error.column]' '["Unexpected token '"'export'"'",1,1]'

test_that 'a form that there is not'
agent '1' --form=script
refused '--form takes auto, module or function' "'script'"

test_that 'a job has a form of its own'
printf '%s\n' '{"id": 1, "code": "return 1"}' '{"id": 2, "code": "return 2", "form": "module"}' '{"id": 3, "code": "3", "form": "function"}' \
    '{"id": 4, "code": "4", "form": "auto"}' '{"id": 5, "code": "5", "form": "Auto"}' '{"id": 6, "code": "6", "form": 6}' >jobs.jsonl
iso batch --ordered jobs.jsonl
is 'results' "$(jq -c '[.id, .exports.default, .error.code]' out | tr '\n' ' ')" \
    '[1,1,null] [2,null,"ERR_COMPILE"] [3,null,null] [4,4,null] [5,null,"ERR_BAD_JOB"] [6,null,"ERR_BAD_JOB"] '
iso batch --ordered --form=module jobs.jsonl
is 'results of --form=module' "$(jq -c '[.id, .exports.default, .error.code]' out | head -n 4 | tr '\n' ' ')" \
    '[1,null,"ERR_COMPILE"] [2,null,"ERR_COMPILE"] [3,null,null] [4,4,null] '

# ---- places

test_that 'the body of a function has the lines and columns of the text'
agent 'const a = 1; if (!a) return 0; throw new Error("first line");'
json '.error | [.line, .column, .stack]' '[1,38,"Error: first line\n    at agent.js:1:38"]'
json '.error.frame' '">    1 | const a = 1; if (!a) return 0; throw new Error(\"first line\");\n       |                                      ^"'
agent 'const f = () => { throw new Error("in f"); };

return f();'
json '.error | [.line, .column, .stack]' '[1,25,"Error: in f\n    at f (agent.js:1:25)\n    at agent.js:3:8"]'
agent 'await null; return await (async () => { await null; throw new Error("later"); })();'
json '.error | [.line, .column, .stack]' '[1,59,"Error: later\n    at agent.js:1:59\n    at async agent.js:1:20"]'

test_that 'an expression has them, too'
agent '(() => { throw new Error("thrown"); })()'
json '.error | [.line, .column, .stack]' '[1,16,"Error: thrown\n    at agent.js:1:16\n    at agent.js:1:39"]'
agent '// a comment with an é
async () => { throw new Error("thrown"); }'
json '.error | [.line, .column, .stack]' '[2,21,"Error: thrown\n    at agent.js:2:21"]'

test_that 'call sites that an agent reads have them'
agent 'Error.prepareStackTrace = (error, sites) => sites.map((s) => [s.getFileName(), s.getLineNumber(), s.getColumnNumber(), s.getFunctionName()]);
return new Error("x").stack;'
completes '{"default":[["agent.js",2,8,null]]}'

test_that 'a timeout says where the agent was in them'
agent 'const a = 1;
return (function spin() { for (;;); })();' --cpu-time-ms 100
fails ERR_CPU_TIMEOUT
json '.error | [.line, .column, .stack]' '[2,27,"    at spin (agent.js:2:27)\n    at agent.js:2:39"]'
agent 'async () => {
    await never();
}' --wall-time-ms 200 -g globals.json
fails ERR_WALL_TIMEOUT
json '.error | [.line, .column]' '[2,11]'
agent 'async function main() {
    await never();
}
main();' --wall-time-ms 200 -g globals.json
fails ERR_WALL_TIMEOUT
json '.error | [.line, .column, (.message | contains("'"'never'"'"))]' '[2,11,true]'

test_that 'a CPU profile has them'
agent 'const spin = () => { const end = performance.now() + 150; while (performance.now() < end); };
return (function work() {
    for (let i = 0; i < 2; i++) spin();
})();' --cpu-profile out.cpuprofile
exits 0
is 'where functions begin' "$(jq -c '[.nodes[].callFrame | select(.functionName == "work" or .functionName == "spin") | [.functionName, .lineNumber, .columnNumber]] | unique' out.cpuprofile)" \
    '[["spin",0,13],["work",1,8]]'
is 'the agent itself' "$(jq -c '[.nodes[].callFrame | select(.url == "agent.js" and .functionName == "") | [.lineNumber, .columnNumber]] | unique' out.cpuprofile)" '[[0,0]]'

test_that 'what does not parse is told at the place that counts'
agent 'return 1;
const a = [1, 2;'
json '.error | [.code, .line, .column]' '["ERR_COMPILE",2,16]'
agent 'import { a } from "lib";
return a
  .b(;' -I lib=/dev/null
json '.error | [.code, .line, .column]' '["ERR_COMPILE",3,6]'
agent 'import { a } from "lib";
if (a) {
  return 1;' -I lib=/dev/null
json '.error | [.code, .message, .line, .column]' '["ERR_COMPILE","Unexpected end of input",4,1]'
agent 'const s = `é`; return s + (`é`'
json '.error | [.code, .message, .line, .column]' '["ERR_COMPILE","Unexpected end of input",2,1]'

test_that 'imports keep their place and their errors'
echo 'export const a = 1, b = 2;' >lib.js
agent 'import { a } from "lib"; // one
import {
    b,
} from "lib";
import * as all from "lib"

const text = `
import { c } from "lib";
`;
if (text.length > 0) return [a, b, Object.keys(all).length, new Error("here").stack.split("\n")[1]];' -I lib=lib.js
completes '{"default":[1,2,2,"    at agent.js:10:61"]}'
agent 'import { nope } from "lib";
return nope;' -I lib=lib.js
json '.error | [.code, .line, .column]' '["ERR_COMPILE",1,10]'
agent 'import { a } from "other";
return a;' -I lib=lib.js
json '.error | [.code, .line, .column]' '["ERR_MODULE_NOT_FOUND",1,19]'

# ---- what is waited for

test_that 'a module without exports is over when no call and no timer is left'
agent 'ask().then((n) => { console.log(n); setTimeout(() => { console.log("timer"); ask().then(() => console.log("again")); }, 5); });
export {};' -g globals.json
json '[.exports, .stdout, (.bridgeCalls | map(.ok))]' '[{},["42","timer","again"],[true,true]]'

test_that 'it waits within the limits'
agent 'const timer = setInterval(() => {}, 1); export {};' --wall-time-ms 150
fails ERR_WALL_TIMEOUT
json '.error | [.line, .column]' '[1,15]'
agent 'const step = () => setTimeout(step, 0); step(); export {};' --cpu-time-ms 100
fails ERR_CPU_TIMEOUT
agent 'for (let i = 0; i < 3; i++) ask(); export {};' -g globals.json --max-bridge-calls 2
fails ERR_BRIDGE_CALL_LIMIT_EXCEEDED

test_that 'a clock that is set moves to its timers'
agent 'setTimeout(() => console.log(new Date().toISOString()), 3600_000); export {};' --now 2030-01-01
json '.stdout' '["2030-01-01T01:00:00.000Z"]'

test_that 'a promise that nothing can settle does not hold it'
agent 'async function main() { await new Promise(() => {}); }
main();'
json '[.ok, .exports]' '[true,{}]'

test_that 'an error that is not handled fails the run at once'
agent 'setTimeout(() => console.log("never"), 10000);
const pending = fail();
export {};' -g globals.json
fails ERR_HOST_BRIDGE
json '[.stdout, .error.message, .error.line, .error.column]' '[[],"no",2,17]'
agent 'const late = fail();
await ask();
late.catch((error) => console.log("caught", error.message));' -g globals.json
json '[.ok, .stdout]' '[true,["caught no"]]'
agent 'setTimeout(() => { throw new Error("in a timer"); }, 1);
await ask();
console.log("settled");' -g globals.json
fails ERR_USER_CODE
json '[.stdout, .error.line, .error.column]' '[["settled"],1,26]'

test_that 'a failure of the module comes first, and the rest is told'
agent 'setTimeout(() => { throw new Error("in a timer"); }, 1);
await ask();
throw new Error("in the module");' -g globals.json
fails ERR_USER_CODE
json '[.error.message, (.stderr | length), (.stderr[0] | contains("in a timer"))]' '["in the module",1,true]'

test_that 'a value ends the run that has it'
agent 'setTimeout(() => console.log("never"), 10000); return 1;'
completes '{"default":1}'
agent 'async () => { setTimeout(() => console.log("never"), 10000); return 1; }'
completes '{"default":1}'
agent '(async () => { setTimeout(() => console.log("never"), 10000); return 1; })()'
completes '{"default":1}'
agent 'async () => { setTimeout(() => console.log("later"), 1); }'
completes '{}' '"later"'

# ---- --call

test_that 'a function is not called before --call calls it'
agent '(n) => { console.log("called"); return n * 2; }' --call default --args '[21]'
json '[.value, .stdout]' '[42,["called"]]'
agent 'return { total: (...list) => list.reduce((a, b) => a + b) };' --call default.total --args '[1, 2, 3]'
json '.value' 6
agent 'const total = () => 1;' --call total
fails ERR_CALL_TARGET_NOT_FOUND
agent 'async function main() { return await ask(); }
export { main };' --call main -g globals.json
json .value 42

test_that 'calls that --call leaves behind are told'
agent 'export function go() { ask(); return 1; }' --call go -g globals.json
json '[.value, (.hint | contains("`ask` (agent.js:1:24)"))]' '[1,true]'
agent 'export function go() { ask(); return 1; }' --call go -g globals.json --strict-await
fails ERR_UNAWAITED_CALL

# ---- hints of runs that are ok

test_that 'the hint names the call that was not awaited, and its place'
echo 'export const late = () => { ask(); };' >late.js
agent 'import { late } from "lib";
late();
export default 1;' -I lib=late.js -g globals.json
json '[.ok, .exports, .hint]' '[true,{"default":1},"`ask` (agent.js:2:1) had not answered when the code had run to its end, and what it would have given is lost: put `await` before the call and before every function that makes it, as in `await Promise.all(list.map(async ...))`."]'
agent 'ask(); never(); ask();
export default 1;' -g globals.json
has 'hint' "$(jq -r .hint out)" '`ask` (agent.js:1:1) and 2 more calls'

test_that 'no hint where there is nothing to say'
for code in 'export default await ask();' 'export const a = 1;' 'export default undefined; console.log(1);' 'console.error("x");' 'await ask(); console.log(1);'; do
    agent "$code" -g globals.json
    exits 0
    json '.hint' null
done

test_that 'nothing exported and nothing printed'
agent 'export default undefined;'
has 'hint' "$(jq -r .hint out)" 'Nothing is exported and nothing was printed'
agent 'const a = await ask();' -g globals.json
has 'hint' "$(jq -r .hint out)" 'Nothing is exported and nothing was printed'

test_that 'a cancelled call does not count as one that was not awaited'
globals '{"get": {"fetch": {"allow": [{"host": "127.0.0.1"}]}}}'
agent 'const stop = new AbortController();
const pending = get("https://127.0.0.1:1/", { signal: stop.signal }).catch(() => {});
stop.abort();
await pending;
export default 1;' -g globals.json --strict-await
json '[.ok, .hint]' '[true,null]'
globals '{"ask": {"returns": 42, "delayMs": 20}, "never": {"returns": 1, "delayMs": 20000}, "fail": {"throws": {"message": "no"}, "delayMs": 5}}'

# ---- --strict-await

test_that '--strict-await fails a run that leaves calls behind'
agent 'const names = [];
["a", "b"].forEach(async (id) => { names.push(await ask(id)); });
export default names;' -g globals.json --strict-await
fails ERR_UNAWAITED_CALL
json '.error | [.message, .line, .column, (.hint | contains("`await`"))]' \
    '["the call of '"'ask'"' and 1 more had no answer when the code had run to its end",2,53,true]'
json '[.error.stack, has("exports")]' '["    at agent.js:2:53\n    at Array.forEach (<anonymous>)\n    at agent.js:2:12",false]'

test_that '--strict-await leaves others alone'
agent 'export default await ask();' -g globals.json --strict-await
json '.exports' '{"default":42}'
agent 'async function main() { console.log(await ask()); }
main();' -g globals.json --strict-await
json '[.ok, .stdout]' '[true,["42"]]'
printf '%s\n' '{"id": 1, "code": "ask(); export default 1"}' '{"id": 2, "code": "export default await ask()"}' >jobs.jsonl
iso batch --ordered --strict-await -g globals.json jobs.jsonl
is 'results' "$(jq -c '[.id, .exports.default, .error.code]' out | tr '\n' ' ')" '[1,null,"ERR_UNAWAITED_CALL"] [2,42,null] '

# ---- where else agents are run

test_that 'warm-up agents have forms'
echo 'globalThis.used = []; globalThis.use = (name) => { used.push(name); };' >prefix.js
echo 'use("return"); return 1;' >return.js
echo 'async () => { await null; use("function"); }' >function.js
printf '%s\n' 'async function main() { await null; use("main"); setTimeout(() => use("timer"), 1); }' 'main();' >main.js
printf '%s\n' '```js' 'use("fence");' '```' >fence.js
iso precompile prefix.js -w return.js -w function.js -w main.js -w fence.js -o p.snap
exits 0
agent 'export default used;' -s p.snap
completes '{"default":["return","function","main","timer","fence"]}'
iso precompile prefix.js -w return.js -o q.snap --form=module
exits 1
json '.error | [.code, .line]' '["ERR_COMPILE",1]'

test_that 'a prefix is a module'
prefix 'return 1;'
fails ERR_COMPILE
prefix 'async () => { globalThis.called = true; }'
exits 0
agent 'export default typeof called;' -s p.snap
completes '{"default":"undefined"}'
prefix 'setTimeout(() => { globalThis.late = true; }, 1);'
agent 'export default typeof late;' -s p.snap
completes '{"default":"undefined"}'

test_that 'the same bytes, whatever form warm-up agents have'
echo 'globalThis.used = []; globalThis.use = (name) => { used.push(name); };' >prefix.js
iso precompile prefix.js -w main.js -o a.snap
iso precompile prefix.js -w main.js -o b.snap
holds 'same bytes' cmp a.snap b.snap

test_done
