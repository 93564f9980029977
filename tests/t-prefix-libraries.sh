#!/bin/sh
# Real libraries as prefixes: bundled at test time (tests/libraries), precompiled, used by agents.
# shellcheck source-path=SCRIPTDIR source=lib.sh disable=SC2016 # the $ and ` in quotes are JavaScript's
. "$(dirname "$0")/lib.sh"

# library NAME: precompiles $LIBRARIES/NAME.js to NAME.snap; false, and a skipped test, when there are no bundles
library() {
    if test -z "${LIBRARIES:-}"; then
        skip 'LIBRARIES names no directory with bundles'
        return 1
    fi
    test -e "$1.snap" || iso precompile "$LIBRARIES/$1.js" -o "$1.snap" || return
    holds "snapshot of $1" test -s "$1.snap"
}

# ---- lodash

test_that 'lodash: an agent chunks, groups and sorts'
if library lodash; then
    agent 'export const chunks = _.chunk(["a", "b", "c", "d"], 3); export const groups = _.groupBy([1.2, 1.8, 2.1], Math.floor);
    export const sorted = _.orderBy([{ n: 2 }, { n: 1 }], "n").map((o) => o.n); export const words = _.camelCase("Foo bar-baz");' -s lodash.snap
    completes '{"chunks":[["a","b","c"],["d"]],"groups":{"1":[1.2,1.8],"2":[2.1]},"sorted":[1,2],"words":"fooBarBaz"}'
fi

test_that 'lodash: chains, templates of data, deep clones'
if library lodash; then
    agent 'const o = { a: [{ b: 1 }] }, c = _.cloneDeep(o); c.a[0].b = 2;
    export default [o.a[0].b, _.isEqual(o, c), _.get(c, "a[0].b"), _([1, 2, 3, 4]).filter((n) => n % 2).map((n) => n * n).value(), _.merge({ x: { y: 1 } }, { x: { z: 2 } })];' -s lodash.snap
    completes '{"default":[1,false,2,[1,9],{"x":{"y":1,"z":2}}]}'
fi

test_that 'lodash: an error in a callback names the line of the agent and the frames of lodash'
if library lodash; then
    agent 'const list = [1];
_.map(list, () => { throw new TypeError("in a callback"); });' -s lodash.snap
    fails ERR_USER_CODE
    json '.error | [.name, .line, .column]' '["TypeError",2,27]'
    has 'stack' "$(jq -r .error.stack out)" 'at agent.js:2:27' '(lodash.js:' 'at agent.js:2:3'
    lacks 'stack' "$(jq -r .error.stack out)" "$LIBRARIES" iso4:
fi

test_that 'lodash: debounce uses timers of the run'
if library lodash; then
    agent 'let n = 0; const f = _.debounce(() => n++, 20); f(); f(); f(); await new Promise((r) => setTimeout(r, 200)); export default n;' -s lodash.snap
    completes '{"default":1}'
fi

# ---- zod

test_that 'zod: an agent parses an object'
if library zod; then
    agent 'const User = z.object({ name: z.string().min(1), age: z.number().int().optional(), tags: z.array(z.string()).default([]) });
    export default User.parse({ name: "Ada", age: 36, more: true });' -s zod.snap
    completes '{"default":{"name":"Ada","age":36,"tags":[]}}'
fi

test_that 'zod: what does not fit is an error with its issues'
if library zod; then
    agent 'const r = z.object({ name: z.string(), age: z.number() }).safeParse({ name: 1 }); export const ok = r.success;
    export const issues = r.error.issues.map((i) => [i.code, i.path]);' -s zod.snap
    completes '{"issues":[["invalid_type",["name"]],["invalid_type",["age"]]],"ok":false}'
fi

test_that 'zod: an uncaught error is the error of the run'
if library zod; then
    agent 'const schema = z.object({ n: z.number() });
schema.parse({ n: "no" });' -s zod.snap
    fails ERR_USER_CODE
    json '.error | [.name, .line, (.message | contains("expected number") or contains("Expected number"))]' '["ZodError",2,true]'
fi

test_that 'zod: unions, transforms, refinements and asynchronous parsing'
if library zod; then
    agent 'const s = z.union([z.literal("a"), z.coerce.number()]).transform((v) => [v]); const even = z.number().refine(async (n) => n % 2 === 0, "odd");
    export default [s.parse("a"), s.parse("5"), (await even.safeParseAsync(4)).success, (await even.safeParseAsync(3)).error.issues[0].message];' -s zod.snap
    completes '{"default":[["a"],[5],true,"odd"]}'
fi

# ---- the TypeScript compiler, 9 MB

test_that 'typescript: an agent transpiles a module'
if library typescript; then
    agent 'export const { outputText } = ts.transpileModule("const a: number = 1; enum E { A = 2 }; export const b = <T,>(x: T): T => x;", { compilerOptions: { target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext } });
    export const version = typeof ts.version;' -s typescript.snap
    exits 0
    json '.exports.outputText' '"const a = 1;\nvar E;\n(function (E) {\n    E[E[\"A\"] = 2] = \"A\";\n})(E || (E = {}));\n;\nexport const b = (x) => x;\n"'
fi

test_that 'typescript: an agent reads a syntax tree and its errors'
if library typescript; then
    agent 'const f = ts.createSourceFile("a.ts", "function f(a: string) { return a.length }\nlet x = ;", ts.ScriptTarget.Latest, true);
    const names = []; (function walk(n) { if (ts.isIdentifier(n)) names.push(n.text); ts.forEachChild(n, walk); })(f);
    export default [names, f.parseDiagnostics.map((d) => [d.code, d.start])];' -s typescript.snap
    completes '{"default":[["f","a","a","length","x",""],[[1109,50]]]}'
fi

test_that 'typescript: --warm keeps the compiler compiled, and results are the same'
if library typescript; then
    echo 'ts.transpileModule("let a: number = 1;", {});' >warm.js
    iso precompile "$LIBRARIES/typescript.js" --warm warm.js -o warm.snap
    exits 0
    agent 'export default ts.transpileModule("let b: string = `x`;", { compilerOptions: { target: ts.ScriptTarget.ES5 } }).outputText;' -s warm.snap
    warm=$line
    exits 0
    agent 'export default ts.transpileModule("let b: string = `x`;", { compilerOptions: { target: ts.ScriptTarget.ES5 } }).outputText;' -s typescript.snap
    is 'exports' "$(printf '%s' "$warm" | jq -c .exports)" "$(jq -c .exports out)"
    has 'exports' "$(jq -r .exports.default out)" 'var b = "x";'
    within 'growth' "$(($(stat -c %s warm.snap) - $(stat -c %s typescript.snap)))" 100000 1000000000
fi

# ---- the same bytes

for name in lodash zod typescript; do
    test_that "$name: the same bundle gives the same snapshot"
    if library "$name"; then
        iso precompile "$LIBRARIES/$name.js" -o again.snap
        exits 0
        holds 'same bytes' cmp "$name.snap" again.snap
    fi
done

test_done
