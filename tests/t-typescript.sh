#!/bin/sh
# TypeScript: which sources lose their types and which keep their meaning, places, what is more than types, where else
# than in agents, limits, and what the parser's own worker may do. What it makes of real code: typescript/t-oracle.mjs.
# shellcheck source-path=SCRIPTDIR source=lib.sh disable=SC2016 # the $ and ` in quotes are JavaScript's
. "$(dirname "$0")/lib.sh"

# ---- the option

test_that 'JavaScript first: code that V8 takes keeps its meaning, and pays nothing'
agent 'const a = 1, b = 2, c = 3; export default [a < b, c > (b), a < b > (c)];'
completes '{"default":[true,true,false]}'
json 'has("stripMs")' false
agent 'export const a: number = 1;'
json '[.exports, (.stripMs > 0)]' '[{"a":1},true]'

test_that '--language=js takes nothing else'
agent 'export const a: number = 1;' --language=js
fails ERR_COMPILE
json '[has("stripMs"), .error.line, .error.column]' '[false,1,14]'

test_that '--language=ts says it of every source'
agent 'const f = <T>(x: T) => x, a = 1, b = 2, c = 3; export default [f(1), a < b, f<number>(2)];' --language=ts
json '.exports' '{"default":[1,true,2]}'
agent 'export default [1, 2].includes(1);' --language=ts
json '.exports' '{"default":true}'
agent 'const set = new Set<string>(["a"]); export default set.size;' --language=ts
json '.exports' '{"default":1}'
agent 'const set = new Set<string>(["a"]); export default set.size;'
fails ERR_USER_CODE

test_that 'names of files say it'
for name in a.ts a.mts; do
    echo 'const set = new Set<string>(["a"]); export default set.size;' >$name
    iso run $name
    json '[.exports, (.stripMs > 0)]' '[{"default":1},true]'
done
iso run --language=js a.ts
fails ERR_USER_CODE
mkdir -p b.ts
echo 'export default 1;' >b.ts/a.js
iso run b.ts/a.js
json '[.exports, has("stripMs")]' '[{"default":1},false]'

test_that 'JSX has no place in the name either'
echo 'export default 1;' >a.tsx
iso run a.tsx
refused "'a.tsx'" JSX .ts
iso precompile a.tsx -o p.snap
refused "'a.tsx'" JSX
iso run -e 1 -I lib=a.tsx
refused "'a.tsx'" JSX
iso run --language=ts a.tsx
json '.exports' '{"default":1}'

test_that 'a language that there is not'
agent '1' --language=typescript
refused '--language takes auto, js or ts' "'typescript'"

test_that 'a job has a language and a name of its own'
printf '%s\n' '{"id": 1, "code": "export default 1 as number"}' '{"id": 2, "code": "export default 2 as number", "language": "js"}' \
    '{"id": 3, "code": "export default new Set<string>().size", "language": "ts"}' '{"id": 4, "code": "export default new Set<string>().size", "filename": "a.ts"}' \
    '{"id": 5, "code": "1", "language": "TS"}' '{"id": 6, "code": "1", "filename": "a.tsx"}' '{"id": 7, "code": "1", "language": 1}' >jobs.jsonl
iso batch --ordered jobs.jsonl
is 'results' "$(jq -c '[.id, .exports.default, .error.code]' out | tr '\n' ' ')" \
    '[1,1,null] [2,null,"ERR_COMPILE"] [3,0,null] [4,0,null] [5,null,"ERR_BAD_JOB"] [6,null,"ERR_BAD_JOB"] [7,null,"ERR_BAD_JOB"] '

# ---- places

test_that 'lines and columns are those of the source as written'
agent 'interface Wide<T extends { é: "😀" }> { name: T }
type Long = {
  a: string; b: "two
  lines" };'
fails ERR_COMPILE
agent 'type Text = "é→😀"; function at<T extends "é→😀">(x: T, y?: "é"): string { return new Error(x).stack!.split("\n")[1]!; }
export default [at("é→😀" as Text), at<"é→😀">("é→😀")];'
json '.exports.default' '["    at at (agent.js:1:83)","    at at (agent.js:1:83)"]'
agent 'function f(
  a: string,
): never {
  throw new TypeError(a as string) as unknown;
}
f<>("x");'
json '.error | [.line, .column]' '[4,9]'
agent 'const f = (a: string): never => { throw new TypeError(a as string); };
export default f("x") as unknown;'
json '.error | [.line, .column, .stack]' '[1,41,"TypeError: x\n    at f (agent.js:1:41)\n    at agent.js:2:16"]'
json '.error.frame' '">    1 | const f = (a: string): never => { throw new TypeError(a as string); };\n       |                                         ^"'

test_that 'a timeout has them'
agent 'type T = number;
const spin = (n: T): never => { for (;;) n++; };
spin(1 as T);' --cpu-time-ms 100
fails ERR_CPU_TIMEOUT
json '.error | [.line, .stack]' '[2,"    at spin (agent.js:2:33)\n    at agent.js:3:1"]'

test_that 'what does not parse is told by the one that got further'
agent 'const a: number = 1;
const b = [1, 2;'
json '.error | [.code, .line, .column]' '["ERR_COMPILE",2,16]'
agent 'const a: number = 1;
let a: string;'
json '.error | [.code, .message, .line, .column]' '["ERR_COMPILE","Identifier '"'a'"' has already been declared",2,5]'
agent 'const a = 1;
const a = 2;
const b: number = 3;'
json '.error | [.code, .message, .line, .column]' '["ERR_COMPILE","Identifier '"'a'"' has already been declared",2,7]'
agent 'const a = [1, 2;'
json '.error | [.code, .message, .line, .column]' '["ERR_COMPILE","Unexpected token '"';'"'",1,16]'

test_that 'what is no TypeScript has the hints that it always had'
agent 'def f(x):
    return x'
json '.error | [.message, .hint]' '["Unexpected identifier '"'f'"'","This looks like Python: write it in JavaScript."]'
json 'has("stripMs")' false

# ---- what is left

test_that 'semicolons stand where a type has ended a statement'
agent 'const list: unknown[] = []
let a = 1 as number
;[2].forEach((x) => list.push(x))
let b: number
[3].forEach((x) => list.push(x))
const c = a!
type T = 1
(4, list.push(4))
class A {
  x: number
  ["y"] = 5
  get: number
  z() { return 6 }
  static private_ = 7
  readonly [Symbol.iterator] = null
}
export default [list, Object.keys(new A()), new A().z(), b];'
json '.exports.default' '[[2,3,4],["x","y","get"],6,{"$type":"undefined"}]'

test_that 'arrow functions keep their parentheses'
agent 'const f = async <
  T,
>(x: T): Promise<
  T
> => x;
const g = (y: number):
  number => y;
function h() {
  return <
    T
  >(x: T) => x;
}
export default [await f(1), g(2), h()(3)];'
json '.exports.default' '[1,2,3]'

test_that 'declarations without code are gone'
agent 'declare const a: string; declare function b(): void; declare class C {} declare namespace D { const x: number; }
namespace E { export type F = string; export interface G {} }
import type { H } from "nowhere"; import { type I } from "lib"; export type { J } from "nowhere"; export type K = L;
function m(this: void, n: string): void; function m(n: string, o?: number) { return n; }
type L = import("nowhere").M;
export default [m("x", 1), typeof a];' -I lib=/dev/null
json '.exports' '{"default":["x","undefined"]}'

# ---- where else

test_that 'sources of imports'
echo 'export type T = string; export const a: number = 1;' >a.ts
echo 'import { a, type T } from "a"; export const b: number = a + 1;' >b.js
agent 'import { b } from "b"; const { a } = await import("a"); export default [a, b];' -I a=a.ts -I b=b.js
json '.exports.default' '[1,2]'
printf '%s\n' 'export type T = 1;' 'export const a: number = ;' >bad.ts
agent 'import { a } from "bad";' -I bad=bad.ts
json '.error | [.code, .line, .column, .stack]' '["ERR_COMPILE",2,26,"SyntaxError: Unexpected token '"';'"'\n    at bad.ts:2:26"]'
printf '%s\n' 'export enum A { B }' >bad.ts
agent 'const { A } = await import("bad");' -I bad=bad.ts
json '.error | [.code, .line, .column, (.hint | contains("const Color"))]' '["ERR_COMPILE",1,8,true]'
agent 'export default await import("bad").catch((e) => [e.name, e.message.includes("enum")]);' -I bad=bad.ts
json '.exports.default' '["SyntaxError",true]'

test_that 'calls that are answered meanwhile are not lost'
globals '{"ask": {"returns": 42, "delayMs": 1}}'
agent 'const calls = [ask(), ask(), ask()]; const { a } = await import("a"); export default [a, ...await Promise.all(calls), await ask()];' \
    -I a=a.ts -g globals.json
json '.exports.default' '[1,42,42,42,42]'

test_that 'prefixes and warm-up agents'
echo 'type Greet = (name: string) => string; globalThis.greet = ((name: string) => `Hello, ${name}!`) as Greet; export const n: number = 1;' >prefix.ts
echo 'const s: string = greet("warm"); return s;' >warm.js
iso precompile prefix.ts -w warm.js -o p.snap
exits 0
agent 'const s: string = greet("agent"); export default s;' -s p.snap
json '.exports' '{"default":"Hello, agent!"}'
iso run -s p.snap --call n
fails ERR_CALL_TARGET_NOT_FOUND
iso precompile prefix.ts -w warm.js -o q.snap
holds 'same bytes' cmp p.snap q.snap
iso precompile prefix.ts -o q.snap --language=js
fails ERR_COMPILE
printf '%s\n' 'enum A { B }' >prefix.ts
iso precompile prefix.ts -o q.snap
json '.error | [.code, .line, .hint]' '["ERR_COMPILE",1,"Write an object in its place: `const Color = { Red: 0, Green: 1 };` for `enum Color { Red, Green }`."]'

test_that 'sources of imports in a snapshot'
echo 'import "a";' >prefix.js
iso precompile prefix.js -I a=a.ts -o r.snap
exits 0
agent 'import { a } from "a"; export default a as number;' -s r.snap
json '.exports' '{"default":1}'

test_that '--call'
agent 'export const total = (...list: number[]): number => list.reduce((a: number, b: number) => a + b, 0);' --call total --args '[1, 2, 3]'
json .value 6

test_that 'many agents at a time'
for i in 1 2 3 4 5 6 7 8 9 10 11 12; do echo "const n: number = $i; export default n as number;" >m$i.js; done
iso run m1.js m2.js m3.js
is 'values' "$(jq -c .exports.default out | tr '\n' ' ')" '1 2 3 '
iso run m1.js m2.js m3.js m4.js m5.js m6.js m7.js m8.js m9.js m10.js m11.js m12.js -j 4
is 'values in forks' "$(jq -c .exports.default out | tr '\n' ' ')" '1 2 3 4 5 6 7 8 9 10 11 12 '

# ---- time, and the trace

test_that 'the time that it takes is not the time of the agent'
agent 'export const a: number = 1;' --cpu-time-ms 2000 --wall-time-ms 20000 --trace trace.json
json '[.exports, (.stripMs > .cpuTimeMs)]' '[{"a":1},true]'
is 'slices' "$(jq -c '[.traceEvents[] | select(.cat == "strip") | [.ph, .name, (.dur > 0)]]' trace.json)" '[["X","strip",true]]'

test_that 'the limits of time hold for it, too'
{ printf 'const a: number = '; head -c 3000000 /dev/zero | tr '\0' '['; echo ';'; } >deep.js
iso run --cpu-time-ms 300 deep.js
fails ERR_COMPILE
head -c 4000000 /dev/zero | tr '\0' 'x' | sed 's/xxxxxxxx/x:y=1;\n /g; s/^/let /' >long.ts
iso run --cpu-time-ms 40 long.ts
fails ERR_COMPILE
json '.error | [.line, .column, (.message | startswith("the types cannot be erased: the agent used more than 40 ms"))]' '[1,1,true]'

test_that 'deep nesting ends in an error'
{ printf 'type A = '; head -c 100000 /dev/zero | tr '\0' '['; echo ';'; } >deep.ts
iso run deep.ts
fails ERR_COMPILE

# ---- an installation that lacks it

test_that 'without ts.snap JavaScript runs, and TypeScript is a fault of iso4'
mkdir -p tree/bin tree/lib/iso4
ln -sf "$ISO4" tree/bin/linked
cp "$ISO4" tree/bin/iso4
for part in v8-host worker.so base.snap; do ln -sf "$(dirname "$ISO4")/../lib/iso4/$part" tree/lib/iso4; done
command='iso4 run in tree'
timeout 25 tree/bin/iso4 run -e 'export default 1' >out 2>err
status=$?
line=$(cat out)
completes '{"default":1}'
timeout 25 tree/bin/iso4 run -e 'export default 1 as number' >out 2>err
status=$?
line=$(cat out)
fails ERR_INTERNAL 3
json '.error.message | contains("ts.snap")' true

test_done
