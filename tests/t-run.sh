#!/bin/sh
# iso4 run: what an agent exports and logs, how agents are given, how results are printed.
# shellcheck source-path=SCRIPTDIR source=lib.sh disable=SC2016 # the $ and ` in quotes are JavaScript's
. "$(dirname "$0")/lib.sh"

# ---- exports

test_that 'an agent without exports gives an empty object'
agent 'console.log(1);'
completes '{}' '"1"'

test_that 'an empty agent is a run that went well'
: >empty.js
iso run empty.js
gives_nothing

test_that 'default is a key like the others'
agent 'export default { a: [1, "two", null, true] }; export const z = 1;'
json '.exports' '{"default":{"a":[1,"two",null,true]},"z":1}'

test_that 'several exports make one flat object'
agent 'export const b = 2, a = 1; export let c = [3]; export default "d";'
json '.exports' '{"a":1,"b":2,"c":[3],"default":"d"}'

test_that 'exports are live: the last value counts'
agent 'export let a = 1; a = 2; await null; a = 3;'
completes '{"a":3}'

test_that 'exports are read after microtasks have drained'
agent 'export let a = 1; Promise.resolve().then(() => {}).then(() => {}).then(() => { a = 2; });'
completes '{"a":2}'

test_that 'an export that is undefined is left out'
agent 'export let a; export const b = 1; export default undefined;'
completes '{"b":1}'

test_that 'an export may have any name'
agent 'const a = 1; export { a as "__proto__", a as "with space", a as "toJSON", a as "then", a as "\u00e9" };'
json '.exports | keys' '["__proto__","then","toJSON","with space","é"]'

test_that 'a promise export is awaited'
agent 'export default Promise.resolve([1]); export const later = new Promise((r) => setTimeout(r, 20, "x"));'
completes '{"default":[1],"later":"x"}'

test_that 'the promise of an async function is awaited as an export'
agent 'async function f() { await null; return { n: 1 }; } export const r = f();'
completes '{"r":{"n":1}}'

test_that 'a promise export that is rejected fails the run'
agent 'export const a = 1; export const b = new Promise((_, no) => setTimeout(no, 10, new TypeError("no luck")));'
fails ERR_USER_CODE
json '.error | [.name, .message]' '["TypeError","no luck"]'

test_that 'a promise export that nothing can settle is not serializable'
agent 'export const a = new Promise(() => {});'
fails ERR_EXPORT_NOT_SERIALIZABLE
has 'message' "$line" "'a'"

test_that 'a promise export waits within the limits'
agent 'export const a = new Promise(() => setInterval(() => {}, 10));' --wall-time-ms 200
fails ERR_WALL_TIMEOUT

# ---- the module

test_that 'top-level await waits for timers'
agent 'const t = await new Promise((r) => setTimeout(() => r("rang"), 20)); export default t;'
completes '{"default":"rang"}'

test_that 'agent code is strict'
agent 'export default (function () { return this === undefined; })(); try { nope = 1; } catch (e) { console.log(e.name); }'
completes '{"default":true}' '"ReferenceError"'

test_that 'agent code is a module: this is undefined at the top'
agent 'export default this === undefined;'
completes '{"default":true}'

test_that 'pending timers are dropped when the module has settled'
agent 'setInterval(() => console.log("tick"), 1); setTimeout(() => console.log("late"), 50); export default 1;' --wall-time-ms 5000
completes '{"default":1}'

test_that 'an agent that cannot settle fails at once and not at the limit'
timed agent 'console.log("before"); await new Promise(() => {});' --wall-time-ms 20000
fails ERR_DID_NOT_SETTLE
json '.stdout' '["before"]'
within 'ms' "$took" 0 10000

test_that 'an agent that cannot settle after its last timer fails at once'
timed agent 'setTimeout(() => console.log("rang"), 30); await new Promise(() => {});' --wall-time-ms 20000
fails ERR_DID_NOT_SETTLE
json '.stdout' '["rang"]'
within 'ms' "$took" 0 10000

test_that 'eval and new Function are refused, catchably'
agent 'const r = []; for (const f of [() => eval("1"), () => new Function("return 1")(), () => (async () => {}).constructor("1")])
    try { r.push(f()); } catch (e) { r.push(e instanceof EvalError); } export default r;'
completes '{"default":[true,true,true]}'

test_that '--allow-eval permits eval and new Function'
agent 'export default [eval("1 + 1"), new Function("return 3")()];' --allow-eval
completes '{"default":[2,3]}'

test_that '--jitless gives the same results'
agent 'let n = 0; for (let i = 0; i < 1e5; i++) n += i; export default [n, /a+(b)/.exec("xaab")[1]];' --jitless
completes '{"default":[4999950000,"b"]}'

test_that 'there is no way to files, processes, threads or machine code'
agent 'export default ["process", "require", "module", "Buffer", "global", "Deno", "WebAssembly", "SharedArrayBuffer", "Worker",
    "importScripts", "XMLHttpRequest", "gc", "d8", "print", "read", "load", "quit", "os"].filter((n) => n in globalThis);'
completes '{"default":[]}'

test_that 'two agents of one command share nothing'
echo 'globalThis.leak = 1; Array.prototype.leak = 1; export default 1;' >a.js
echo 'export default [typeof leak, typeof [].leak];' >b.js
iso run a.js b.js
exits 0
is 'exports' "$(jq -c .exports out | tr '\n' ' ')" '{"default":1} {"default":["undefined","undefined"]} '

# ---- console

test_that 'log, info, debug, table and dir make one entry each in stdout'
agent 'console.log("a", 1, [2]); console.info("b"); console.debug("c\nd"); console.dir({ e: 1 }); console.table([[1]]);'
exits 0
json '.stdout | length' 5
json '.stdout[:4]' '["a 1 [ 2 ]","b","c\nd","{ e: 1 }"]'
json '.stderr' '[]'

test_that 'warn, error, trace and assert make one entry each in stderr'
agent 'console.warn("a", 1); console.error("b"); console.trace("c"); console.assert(false, "d"); console.assert(true, "e");'
exits 0
json '.stderr | length' 4
json '.stderr[:2]' '["a 1","b"]'
json '.stderr[2] | startswith("Trace: c")' true
json '.stderr[3]' '"Assertion failed: d"'
json '.stdout' '[]'

test_that 'what was logged before a throw is there'
agent 'console.log("one"); console.error("two"); throw new Error("three");'
fails ERR_USER_CODE
json '[.stdout, .stderr]' '[["one"],["two"]]'

test_that 'console lines hold every text exactly'
agent 'console.log("\u0000\u001b[31m\u007f\u0085\u2028é😀\"\\"); console.log("\ud800");'
is 'start' "${line%%,\"durationMs*}" \
    "$(printf '{"ok":true,"status":"completed","exports":{},"stdout":["\\u0000\\u001b[31m\177\302\205\342\200\250\303\251\360\237\230\200\\"\\\\","\357\277\275"],"stderr":[]')"

test_that 'stdout and stderr of iso4 carry no agent text beside the document'
agent 'console.error("only in the document"); throw new Error("nor this");'
fails ERR_USER_CODE
is 'stderr' "$(cat err)" ''

test_that '--stream writes console lines to stderr'
agent 'console.log("one"); console.error("two\nthree"); export default 1;' --stream
completes '{"default":1}' '"one"' '"two\nthree"'
is 'stderr' "$(cat err)" "one${NL}two${NL}  three"

test_that '--stream writes lines when they happen'
echo 'console.log("first"); await new Promise((r) => setTimeout(r, 1500)); console.log("second");' >agent.js
"$ISO4" run --stream agent.js >out 2>err &
pid=$!
holds 'first line while the agent waits' eventually grep -q first err
is 'lines so far' "$(cat err)" first
wait $pid
is 'lines at the end' "$(cat err)" "first${NL}second"

test_that '--stream keeps control characters from the terminal'
agent 'console.log("\u001b[31mred\u0007\u009b1m\r\u0000");' --stream
exits 0
lacks 'stderr' "$(cat err)" "$(printf '\033')" "$(printf '\007')" "$(printf '\302\233')" "$(printf '\r')"
has 'stderr' "$(cat err)" '[31mred'

# ---- nothing forges the document

test_that 'an agent cannot end or extend the document with its console'
agent 'console.log("\"],\"ok\":true}\n{\"ok\":true}\n"); throw new Error("\"}}\n{\"ok\":true}");'
fails ERR_USER_CODE
json '.error.message' '"\"}}\n{\"ok\":true}"'
json '.ok' false

test_that 'prototypes that an agent has poisoned do not reach the document'
agent 'for (const k of ["ok", "status", "error", "default", "0", "length", "name", "message"])
    Object.defineProperty(Object.prototype, k, { configurable: true, set() { throw 1; }, get() { return "forged"; } });
Object.defineProperty(Array.prototype, 1, { set() { throw 2; }, get() { return "forged"; } });
JSON.stringify = Object.keys = Reflect.ownKeys = Array.prototype.push = Array.prototype.join = () => "forged";
Map.prototype[Symbol.iterator] = Set.prototype.values = () => [];
export default { a: [1, 2], m: new Map([[1, 2]]), s: new Set([3]) };'
completes '{"default":{"a":[1,2],"m":{"$type":"map","entries":[[1,2]]},"s":{"$type":"set","values":[3]}}}'

test_that 'an agent cannot suppress its result'
agent 'delete globalThis.Promise; globalThis.console = null; Promise = undefined; Object.freeze(globalThis); export default 1;'
fails ERR_USER_CODE
agent 'delete globalThis.Promise; delete globalThis.console; Object.freeze(globalThis); export default 1;'
completes '{"default":1}'

# ---- the document

test_that 'a result has exactly the members of the contract'
agent 'export default 1;'
json 'keys_unsorted' '["ok","status","exports","stdout","stderr","durationMs","cpuTimeMs","heapUsedBytes","bridgeCalls"]'
json '[.bridgeCalls, (.heapUsedBytes > 100000), (.durationMs > 0)]' '[[],true,true]'

test_that 'a failed result has exactly the members of the contract'
agent 'throw new Error("x");'
json 'keys_unsorted' '["ok","status","error","stdout","stderr","durationMs","cpuTimeMs","heapUsedBytes","bridgeCalls"]'
json '[.bridgeCalls, (.heapUsedBytes > 100000), (.durationMs > 0)]' '[[],true,true]'

test_that 'times are milliseconds with microseconds'
agent '1;'
holds 'form' grep -qE '"durationMs":[0-9]+\.[0-9]{3},"cpuTimeMs":[0-9]+\.[0-9]{3},' out

test_that 'durationMs counts waits and nothing before the agent'
agent 'await new Promise((r) => setTimeout(r, 300));'
within 'durationMs' "$(jq .durationMs out)" 300 5000
timed agent '1;'
within 'durationMs' "$(jq .durationMs out)" 0.001 "$took"

test_that 'cpuTimeMs leaves waits out'
agent 'await new Promise((r) => setTimeout(r, 1000));'
exits 0
within 'cpuTimeMs' "$(jq .cpuTimeMs out)" 0 300

test_that 'cpuTimeMs counts the CPU time of a loop'
agent 'let n = 0; for (let i = 0; i < 3e8; i++) n += i & 3; export default n;'
exits 0
within 'cpuTimeMs' "$(jq .cpuTimeMs out)" 60 "$(jq '.durationMs + 2' out)"

test_that 'cpuTimeMs is above zero and never more than durationMs'
for _ in 1 2 3 4 5 6; do
    agent 'let n = 0; for (let i = 0; i < 1e5; i++) n += i & 3;'
    within 'cpuTimeMs' "$(jq .cpuTimeMs out)" 0.001 "$(jq '.durationMs + 0.1' out)"
done

test_that 'heapUsedBytes counts array buffers'
agent 'globalThis.a = new Uint8Array(30e6);'
within 'heapUsedBytes' "$(jq .heapUsedBytes out)" 30000000 60000000

test_that 'the document ends with one newline'
agent '1;'
is 'last bytes' "$(tail -c 2 out | od -An -c | tr -d ' ')" '}\n'
is 'lines' "$(wc -l <out)" 1

test_that 'the document is compact when it does not go to a terminal'
agent 'export default { a: [1] };'
is 'lines' "$(wc -l <out)" 1

test_that '--pretty indents as JSON.stringify does'
agent 'export default { a: [1, [], {}, { "b c": "d\ne" }], n: null }; console.log("x");' --pretty
exits 0
cp out pretty
is 'text' "$(sed 's/\.[0-9]*/.5/' pretty)" "$("$NODE" -e '
    const text = fs.readFileSync("pretty", "utf8").replace(/\.[0-9]+/g, ".5");
    console.log(JSON.stringify(JSON.parse(text), null, 2))')"

test_that '--compact wins over --pretty'
agent 'export default 1;' --pretty --compact
completes '{"default":1}'

test_that 'on a terminal the document is indented and coloured, but for --compact, --color=never, NO_COLOR and TERM=dumb'
echo 'export default 1;' >agent.js
terminal() { ISO4=$ISO4 script -qec "$1" /dev/null | tr -d '\r' >out; }
esc=$(printf '\033')
if command -v script >/dev/null; then
    TERM=xterm terminal '"$ISO4" run agent.js'
    has 'coloured and indented' "$(cat out)" "${esc}[" "$NL  "
    terminal '"$ISO4" run --color=never agent.js'
    is 'first lines' "$(head -n 2 out)" "{$NL  \"ok\": true,"
    for variable in NO_COLOR=1 TERM=dumb; do
        terminal "$variable \"\$ISO4\" run agent.js"
        is 'first lines' "$(head -n 2 out)" "{$NL  \"ok\": true,"
    done
    terminal '"$ISO4" run --color=never --compact agent.js'
    is 'lines' "$(wc -l <out)" 1
else
    skip 'there is no script(1)'
fi

test_that '--color=always colours anywhere, and the text stays the same'
agent 'export default [1, "a", null];' --color=always --pretty
has 'output' "$line" "${esc}["
sed "s/${esc}\[[0-9;]*m//g" out >plain
is 'exports' "$(jq -c .exports plain)" '{"default":[1,"a",null]}'

test_that 'a very deep value is printed, also with --pretty'
agent 'let a = 1; for (let i = 0; i < 8000; i++) a = [a]; export default a;' --pretty
exits 0
is 'brackets' "$(tr -cd '[' <out | wc -c)" 8003

# ---- how agents are given

test_that '-e takes the agent from the command line'
iso run -e 'export default 1 + 1'
completes '{"default":2}'

test_that '--eval=CODE is -e CODE'
iso run '--eval=export default "e"'
completes '{"default":"e"}'

test_that 'the last line of -e may lack a newline and be a comment'
iso run -e 'export default 1 // one'
completes '{"default":1}'

test_that '-e may stand several times'
iso run -e 'export default 1' --eval 'export default 2'
exits 0
is 'exports' "$(jq -c .exports.default out | tr '\n' ' ')" '1 2 '

test_that '- takes the agent from standard input'
echo 'export default "in";' >in
iso run - <in
completes '{"default":"in"}'

test_that 'standard input can be a pipe'
echo 'export default "piped";' | "$ISO4" run - >out 2>err
status=$? line=$(cat out)
completes '{"default":"piped"}'

test_that 'standard input can be one agent only'
iso run - - <in
refused 'standard input'

test_that 'standard input is one thing only: an agent, a prefix, a sample agent or limits'
echo '{}' >both # limits and code alike
iso run --limits - - <both
refused 'standard input'
iso precompile - --warm - -o x.snap <both
refused 'standard input'
iso precompile --limits - - -o x.snap <both
refused 'standard input'
holds 'no snapshot' test ! -e x.snap

test_that 'limits can come from standard input'
echo '{"maxExportBytes":10}' >limits
iso run --limits - -e 'export default "more than ten"' <limits
fails ERR_EXPORT_TOO_LARGE

test_that 'without an agent the command line is bad'
iso run
refused 'no agent'

test_that 'an agent may be anywhere in the tree and the result says nothing of it'
mkdir -p 'deep/er dir'
echo 'export default new Error("x").stack;' >'deep/er dir/agent.js'
iso run 'deep/er dir/agent.js'
exits 0
lacks 'result' "$line" deep 'er dir' "$work"

test_that 'several agents give JSON Lines in the order of the operands, with their files'
echo 'await new Promise((r) => setTimeout(r, 200)); export default "slow";' >slow.js
echo 'export default "fast";' >fast.js
echo 'throw new Error("bad");' >bad.js
iso run slow.js ./bad.js fast.js
exits 1
is 'lines' "$(jq -c '[.file, .ok, .exports.default]' out | tr '\n' ' ')" \
    '["slow.js",true,"slow"] ["./bad.js",false,null] ["fast.js",true,"fast"] '
is 'number of lines' "$(wc -l <out)" 3

test_that 'several agents give JSON Lines also with --pretty'
iso run --pretty fast.js bad.js
is 'number of lines' "$(wc -l <out)" 2

test_that 'one agent has no file in its result'
iso run fast.js
json 'has("file")' false

test_that 'a file name is given as it stands in the document, whatever it holds'
weird=$(printf 'we"ird\\\n\001.js')
cp fast.js "$weird"
iso run fast.js "./$weird"
exits 0
is 'file' "$(sed -n '2s/.*"file":\("[^,]*\),.*/\1/p' out)" '"./we\"ird\\\n\u0001.js"'

test_that 'one agent that cannot be read: nothing is run'
iso run fast.js missing.js
refused missing.js

# ---- where results go

test_that '-o writes the document to a file and nothing to standard output'
agent 'export default "to file";' -o result.json
exits 0
is 'standard output' "$line" ''
is 'file' "$(jq -c .exports result.json)" '{"default":"to file"}'
is 'lines' "$(wc -l <result.json)" 1

test_that '-o writes a failed result, too, and the status says it failed'
agent 'throw new Error("x");' --output=result.json
exits 1
is 'code' "$(jq -c .error.code result.json)" '"ERR_USER_CODE"'

test_that '-o honours --pretty'
agent 'export default 1;' --pretty -o result.json
is 'first lines' "$(head -n 2 result.json)" "{$NL  \"ok\": true,"

test_that '-o takes all lines of several agents'
iso run -o result.json fast.js slow.js
exits 0
is 'files' "$(jq -c .file result.json | tr '\n' ' ')" '"fast.js" "slow.js" '

test_that '-o replaces a file whole, which keeps its permissions'
fresh
echo 'export default 1;' >agent.js
yes | head -c 100000 >result.json
chmod 600 result.json
iso run agent.js -o result.json
exits 0
is 'lines' "$(wc -l <result.json)" 1
is 'mode' "$(stat -c %a result.json)" 600
files agent.js result.json
rm result.json
iso run agent.js -o result.json
is 'mode of a new file' "$(stat -c %a result.json)" 644

test_that '-o can be a device'
agent 'export default 1;' -o /dev/null
exits 0
holds 'device' test -c /dev/null

# ---- exit statuses and notes

test_that 'exit status 0: every run is ok'
iso run -e '1' fast.js
exits 0

test_that 'exit status 1: one of several runs failed'
iso run fast.js bad.js fast.js
exits 1
is 'results' "$(jq -c .ok out | tr '\n' ' ')" 'true false true '

test_that 'exit status 2: bad command line'
iso run --no-such-option
refused --no-such-option

test_that 'exit status 2: the snapshot is none'
yes | head -c 100000 >no.snap
iso run -s no.snap fast.js
refused "'no.snap' is not a snapshot"

test_that 'exit status 3: the snapshot is damaged, and the document says so'
printf 'iso4snap' >no.snap
iso run -s no.snap fast.js
fails ERR_SNAPSHOT_INVALID 3

test_that 'exit status 3 with a document for each of several agents'
iso run -s no.snap fast.js bad.js
exits 3
is 'results' "$(jq -c '[.file, .error.code]' out | tr '\n' ' ')" \
    '["fast.js","ERR_SNAPSHOT_INVALID"] ["bad.js","ERR_SNAPSHOT_INVALID"] '

test_that '--verbose says on stderr which sandbox layers are in force'
agent 'export default 1;' --verbose
completes '{"default":1}'
has 'stderr' "$(cat err)" 'iso4: sandbox layers in force: ' seccomp no-new-privs rlimits environment descriptors

test_that 'without --verbose stderr is empty'
agent 'export default 1;'
completes '{"default":1}'
is 'stderr' "$(cat err)" ''

test_done
